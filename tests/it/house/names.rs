//! Names: a public type is called differently from every other type, and each file's name is a term of the glossary.

use crate::house::source::{Source, without_tests};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};

/// Every definition of a type whose name another one has, where one of them is public.
pub fn homonyms(sources: &[Source]) -> Vec<String> {
    let mut types: BTreeMap<String, Vec<(&Source, Definition)>> = BTreeMap::new();
    for source in without_tests(sources) {
        let file = syn::parse_file(&source.text).unwrap_or_else(|cause| panic!("{}: {cause}", source.path));
        let mut definitions = Definitions::default();
        definitions.visit_file(&file);
        for definition in definitions.0 {
            types.entry(definition.name.clone()).or_default().push((source, definition));
        }
    }
    let shared = types.into_values().filter(|same| same.len() > 1 && same.iter().any(|(_, one)| one.public));
    let text = |(source, one): (&Source, Definition)| {
        source.at(one.line, &format!("another type is called '{}' too", one.name))
    };
    let mut violations: Vec<String> = shared.flatten().map(text).collect();
    violations.sort();
    violations
}

/// A definition of a type, and whether other files may use it.
struct Definition {
    name: String,
    line: usize,
    public: bool,
}

#[derive(Default)]
struct Definitions(Vec<Definition>);

impl Definitions {
    fn add(&mut self, name: &syn::Ident, visibility: &syn::Visibility) {
        let public = !matches!(visibility, syn::Visibility::Inherited);
        self.0.push(Definition { name: name.to_string(), line: name.span().start().line, public });
    }
}

impl<'ast> Visit<'ast> for Definitions {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.add(&item.ident, &item.vis);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.add(&item.ident, &item.vis);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.add(&item.ident, &item.vis);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.add(&item.ident, &item.vis);
    }

    /// Modules of tests have names of their own.
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.ident != "tests" {
            visit::visit_item_mod(self, item);
        }
    }
}

/// The stems of the files of `src`, and the rows of the glossary, where one is without the other.
pub fn without_term(sources: &[Source], glossary: &str) -> Vec<String> {
    let stem = |source: &Source| {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        name.trim_end_matches(".rs").to_string()
    };
    let files: BTreeSet<String> =
        sources.iter().map(stem).filter(|stem| !["lib", "main"].contains(&stem.as_str())).collect();
    let row =
        |line: &str| line.strip_prefix("| `").and_then(|rest| rest.split_once('`')).map(|(stem, _)| stem.to_string());
    let rows: Vec<String> = glossary.lines().filter_map(row).collect();
    let distinct: BTreeSet<String> = rows.iter().cloned().collect();
    let missing = files.difference(&distinct).map(|stem| format!("docs/glossary.md has no row for '{stem}'"));
    let surplus = distinct.difference(&files).map(|stem| format!("docs/glossary.md: no file is called '{stem}'"));
    let mut violations: Vec<String> = missing.chain(surplus).collect();
    if distinct.len() < rows.len() {
        violations.push("docs/glossary.md has a row twice".to_string());
    }
    violations
}
