//! How long files and functions are, and how many arguments they take.

use crate::house::source::Source;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

const FILE: usize = 500;
const FUNCTION: usize = 45;
const ARGUMENTS: usize = 5;

pub fn long_files(sources: &[Source]) -> Vec<String> {
    let lines = sources.iter().map(|source| (source, source.text.lines().count()));
    let long = lines.filter(|(_, lines)| *lines >= FILE);
    long.map(|(source, lines)| source.at(lines, &format!("{lines} lines, and {FILE} are too many"))).collect()
}

pub fn long_functions(sources: &[Source]) -> Vec<String> {
    let say = |function: &Function| {
        let (name, lines) = (&function.name, function.lines);
        (lines >= FUNCTION).then(|| format!("{name} has {lines} lines, and {FUNCTION} are too many"))
    };
    over(sources, say)
}

/// `self` does not count.
pub fn crowded_functions(sources: &[Source]) -> Vec<String> {
    let say = |function: &Function| {
        let (name, arguments) = (&function.name, function.arguments);
        (arguments > ARGUMENTS)
            .then(|| format!("{name} takes {arguments} arguments; more than {ARGUMENTS} lack a word"))
    };
    over(sources, say)
}

fn over(sources: &[Source], say: impl Fn(&Function) -> Option<String>) -> Vec<String> {
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
    lines: usize,
    arguments: usize,
}

#[derive(Default)]
struct Functions(Vec<Function>);

impl Functions {
    /// From the line of `fn` to that of the closing brace: neither comments nor attributes count.
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let line = signature.fn_token.span().start().line;
        let end = block.brace_token.span.close().end().line;
        let arguments = signature.inputs.iter().filter(|argument| matches!(argument, syn::FnArg::Typed(_))).count();
        self.0.push(Function { name: signature.ident.to_string(), line, lines: end + 1 - line, arguments });
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}
