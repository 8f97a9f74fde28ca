//! Rust source as flat tokens with their lines, without its tests.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::path::Path;

/// One token: a word, a sign, a literal, or one side of a bracket.
pub struct Piece {
    pub text: String,
    pub line: usize,
    /// How many inline modules stand around it.
    pub nesting: usize,
}

pub struct Source {
    /// From the root of the repository, with `/`.
    pub path: String,
    pub text: String,
    pub pieces: Vec<Piece>,
    /// Files whose `mod` stands under `#[cfg(test)]`.
    tests: Vec<String>,
}

/// All Rust files under a folder, in order of path.
pub fn read(root: &Path, folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&root.join(folder), folder, &mut paths);
    paths.sort();
    let text = |path: &str| std::fs::read_to_string(root.join(path)).expect("a source file");
    paths.iter().map(|path| parse(path, &text(path))).collect()
}

fn collect(folder: &Path, name: &str, paths: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.map(|entry| entry.expect("an entry")) {
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &path, paths);
        } else if path.ends_with(".rs") {
            paths.push(path);
        }
    }
}

pub fn parse(path: &str, text: &str) -> Source {
    let stream: TokenStream = text.parse().unwrap_or_else(|cause| panic!("{path}: {cause}"));
    let mut source = Source { path: path.to_string(), text: text.to_string(), pieces: Vec::new(), tests: Vec::new() };
    flatten(stream, 0, &mut source);
    source
}

fn flatten(stream: TokenStream, nesting: usize, source: &mut Source) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut index = 0;
    while index < tokens.len() {
        if is_test(&tokens[index..]) {
            let end = end_of_item(&tokens[index..]);
            source.tests.extend(module_file(&source.path, &tokens[index..index + end]));
            index += end;
            continue;
        }
        let token = &tokens[index];
        let line = token.span().start().line;
        match token {
            TokenTree::Group(group) => {
                let module =
                    index >= 2 && tokens[index - 2].to_string() == "mod" && group.delimiter() == Delimiter::Brace;
                let inside = nesting + usize::from(module);
                let (open, close) = sides(group.delimiter());
                source.pieces.push(Piece { text: open.to_string(), line, nesting });
                flatten(group.stream(), inside, source);
                source.pieces.push(Piece { text: close.to_string(), line: group.span_close().end().line, nesting });
            }
            other => source.pieces.push(Piece { text: other.to_string(), line, nesting }),
        }
        index += 1;
    }
}

fn sides(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Whether `#[cfg(test)]` or `#[test]` begins here.
fn is_test(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(sign), TokenTree::Group(group), ..] = tokens else { return false };
    let text = group.stream().to_string().replace(' ', "");
    sign.as_char() == '#' && (text == "cfg(test)" || text == "test")
}

/// The number of tokens up to the end of an item: its body in braces, or its semicolon.
fn end_of_item(tokens: &[TokenTree]) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(sign) => sign.as_char() == ';',
        _ => false,
    };
    tokens.iter().position(ends).map_or(tokens.len(), |end| end + 1)
}

/// `mod name;` in `src/a.rs` is `src/a/name.rs`.
fn module_file(path: &str, item: &[TokenTree]) -> Option<String> {
    let at = item.iter().position(|token| token.to_string() == "mod")?;
    let (name, end) = (item.get(at + 1)?, item.get(at + 2)?);
    (end.to_string() == ";").then(|| format!("{}/{name}.rs", path.trim_end_matches(".rs")))
}

/// The files without those that hold only tests.
pub fn without_tests(sources: &[Source]) -> impl Iterator<Item = &Source> {
    let tests: Vec<&String> = sources.iter().flat_map(|source| &source.tests).collect();
    sources.iter().filter(move |source| !tests.contains(&&source.path))
}

impl Source {
    /// `src/a.rs` and `src/a/b.rs` are of the module `a`.
    pub fn module(&self) -> &str {
        let below = self.path.split_once('/').map_or(self.path.as_str(), |(_, below)| below);
        below.split_once('/').map_or(below.trim_end_matches(".rs"), |(top, _)| top)
    }

    pub fn word(&self, index: usize) -> &str {
        self.pieces.get(index).map_or("", |piece| piece.text.as_str())
    }

    /// The first names of a path that goes on at `index` with `::`: one, or those of a group in braces.
    pub fn heads(&self, index: usize) -> Vec<&Piece> {
        if (self.word(index), self.word(index + 1)) != (":", ":") {
            return Vec::new();
        }
        if self.word(index + 2) != "{" {
            return self.pieces.get(index + 2).into_iter().collect();
        }
        let mut heads = Vec::new();
        let mut depth = 0;
        for at in index + 2..self.pieces.len() {
            match self.word(at) {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ if depth == 1 && matches!(self.word(at - 1), "{" | ",") => heads.push(&self.pieces[at]),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        heads
    }

    pub fn at(&self, line: usize, text: &str) -> String {
        format!("{}:{line}: {text}", self.path)
    }
}
