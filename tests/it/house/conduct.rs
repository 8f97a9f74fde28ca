//! What the program does not do: print or write below the command line, and stop on purpose.

use crate::house::source::{Source, without_tests};

const LOUD: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];
const STREAMS: [&str; 2] = ["stdout", "stderr"];
/// What of `std::fs` only looks.
const LOOKING: [&str; 11] = [
    "read",
    "read_dir",
    "read_to_string",
    "metadata",
    "symlink_metadata",
    "exists",
    "canonicalize",
    "File",
    "self",
    "Metadata",
    "DirEntry",
];
const CREATING: [&str; 3] = ["create", "create_new", "options"];
const WRITERS: [&str; 2] = ["OpenOptions", "DirBuilder"];

/// Printing and writing outside `cli` and `main`.
pub fn loud(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in without_tests(sources).filter(|source| !["cli", "main"].contains(&source.module())) {
        for (index, piece) in source.pieces.iter().enumerate() {
            let word = piece.text.as_str();
            let says = |text: String| source.at(piece.line, &text);
            if LOUD.contains(&word) && source.word(index + 1) == "!" {
                violations.push(says(format!("{word}! below cli")));
            }
            if STREAMS.contains(&word) && index > 0 && source.word(index - 1) == ":" {
                violations.push(says(format!("{word} below cli")));
            }
            if WRITERS.contains(&word) {
                violations.push(says(format!("{word} below cli")));
            }
            let heads = source.heads(index + 1).into_iter().map(|head| (head.line, head.text.as_str()));
            let writes = |head: &str| match word {
                "fs" => !LOOKING.contains(&head),
                "File" => CREATING.contains(&head),
                _ => false,
            };
            let written = heads.filter(|(_, head)| writes(head));
            violations.extend(written.map(|(line, head)| source.at(line, &format!("{word}::{head} below cli"))));
        }
    }
    violations
}

/// `unwrap()`, `expect(…)` and the macros that stop the program, outside tests.
pub fn brittle(sources: &[Source]) -> Vec<String> {
    const METHODS: [&str; 4] = ["unwrap", "expect", "unwrap_err", "expect_err"];
    const MACROS: [&str; 4] = ["panic", "todo", "unimplemented", "unreachable"];
    let mut violations = Vec::new();
    for source in without_tests(sources) {
        for (index, piece) in source.pieces.iter().enumerate() {
            let word = piece.text.as_str();
            let called = index > 0 && source.word(index - 1) == "." && source.word(index + 1) == "(";
            if METHODS.contains(&word) && called {
                violations.push(source.at(piece.line, &format!(".{word}() outside tests")));
            }
            if MACROS.contains(&word) && source.word(index + 1) == "!" {
                violations.push(source.at(piece.line, &format!("{word}! outside tests")));
            }
        }
    }
    violations
}
