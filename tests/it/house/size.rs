//! How long files are, and how many values functions take. How long functions are is for clippy to see.

use crate::house::source::Source;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

const FILE: usize = 500;
const VALUES: usize = 5;

pub fn long_files(sources: &[Source]) -> Vec<String> {
    let lines = sources.iter().map(|source| (source, source.text.lines().count()));
    let long = lines.filter(|(_, lines)| *lines >= FILE);
    long.map(|(source, lines)| source.at(lines, &format!("{lines} lines, and {FILE} are too many"))).collect()
}

/// Functions that take more than five values: the elements of a tuple count, `self` does not.
pub fn crowded_functions(sources: &[Source]) -> Vec<String> {
    let say = |function: &Function| {
        let (name, values) = (&function.name, function.values);
        (values > VALUES).then(|| format!("{name} takes {values} values; more than {VALUES} lack a struct"))
    };
    let mut violations = Vec::new();
    for source in sources {
        let file = syn::parse_file(&source.text).unwrap_or_else(|cause| panic!("{}: {cause}", source.path));
        let mut functions = Functions::default();
        functions.visit_file(&file);
        let found = functions.0.iter().filter_map(|function| Some((function.line, say(function)?)));
        violations.extend(found.map(|(line, text)| source.at(line, &text)));
    }
    violations
}

struct Function {
    name: String,
    line: usize,
    values: usize,
}

#[derive(Default)]
struct Functions(Vec<Function>);

impl Functions {
    fn add(&mut self, signature: &syn::Signature) {
        let line = signature.fn_token.span().start().line;
        let values = signature.inputs.iter().map(|argument| match argument {
            syn::FnArg::Typed(typed) => leaves(&typed.ty),
            syn::FnArg::Receiver(_) => 0,
        });
        self.0.push(Function { name: signature.ident.to_string(), line, values: values.sum() });
    }
}

/// How many values a type holds: of a tuple those of its elements, behind a reference too.
fn leaves(kind: &syn::Type) -> usize {
    match kind {
        syn::Type::Reference(reference) => leaves(&reference.elem),
        syn::Type::Paren(inner) => leaves(&inner.elem),
        syn::Type::Tuple(tuple) => tuple.elems.iter().map(leaves).sum(),
        _ => 1,
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        self.add(&function.sig);
        visit::visit_trait_item_fn(self, function);
    }
}
