//! What the documents show is what the program prints: the tutorials from their first file to their last command, and the page of Dazu.
//! `[…]` stands for what is left out, of a line or of lines.

use crate::program::Scratch;
use std::path::Path;
use std::process::Command;

const LEFT_OUT: &str = "[…]";

#[derive(Debug, PartialEq)]
enum Step {
    /// A file, and whether it goes on one that is there.
    Write {
        path: String,
        text: String,
        adds: bool,
    },
    Run {
        command: String,
        shown: Vec<String>,
    },
}

/// Files are fences below a line that begins with their path in backticks (`added`: with words after it); commands stand in `console`
/// fences.
fn steps(document: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = document.lines();
    let mut before = "";
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            before = line;
            continue;
        };
        let fence: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let file =
            before.strip_prefix('`').and_then(|rest| rest.split_once('`')).filter(|(path, _)| path.contains('/'));
        match (language, file) {
            ("console", _) => steps.extend(commands(&fence)),
            (_, Some((path, after))) => {
                let (path, text) = (path.to_string(), fence.join("\n") + "\n");
                steps.push(Step::Write { path, text, adds: !after.trim().is_empty() });
            }
            _ => {}
        }
    }
    steps
}

fn commands(fence: &[&str]) -> Vec<Step> {
    let mut found: Vec<Step> = Vec::new();
    for line in fence {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => found.push(Step::Run { command: command.to_string(), shown: Vec::new() }),
            (None, Some(Step::Run { shown, .. })) => shown.push(line.to_string()),
            (None, _) => panic!("a console block begins with '$ ', not with '{line}'"),
        }
    }
    found
}

/// Runs the steps of a document in a folder.
fn follow(document: &str, folder: &Path) {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(document)).expect(document);
    let steps = steps(&text);
    assert!(steps.iter().any(|step| matches!(step, Step::Run { .. })), "{document} shows no command");
    for step in steps {
        match step {
            Step::Write { path, text, adds } => {
                let path = folder.join(path);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                let known =
                    if adds { std::fs::read_to_string(&path).expect("a file to add to") } else { String::new() };
                std::fs::write(path, known + &text).expect("a file");
            }
            Step::Run { command, shown } => {
                let said = said(&command, folder);
                let lines: Vec<&str> = said.lines().map(str::trim_end).collect();
                let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
                assert!(
                    holds(&shown, &lines),
                    "{document}: $ {command}\nshown:\n{}\nprinted:\n{said}",
                    shown.join("\n")
                );
            }
        }
    }
}

fn said(command: &str, folder: &Path) -> String {
    let mut words = command.split(' ');
    assert_eq!(words.next(), Some("qingdan"), "{command}");
    let mut program = Command::new(env!("CARGO_BIN_EXE_qingdan"));
    let output = program.args(words).current_dir(folder).env("NO_COLOR", "1").output().expect("the binary starts");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Whether lines are as they are shown.
fn holds(shown: &[&str], lines: &[&str]) -> bool {
    match (shown, lines) {
        ([], rest) => rest.iter().all(|line| line.is_empty()),
        ([first, rest @ ..], _) if *first == LEFT_OUT => (0..=lines.len()).any(|from| holds(rest, &lines[from..])),
        ([first, rest @ ..], [line, others @ ..]) => is_shown(first, line) && holds(rest, others),
        _ => false,
    }
}

/// Whether a line is as it is shown, with what is left out of it.
fn is_shown(shown: &str, line: &str) -> bool {
    let mut parts = shown.trim_end().split(LEFT_OUT);
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else { return false };
    let others: Vec<&str> = parts.collect();
    let Some((last, middle)) = others.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[test]
fn the_tutorials_print_what_they_show() {
    for document in ["docs/tutorial.md", "docs/tutorial.zh.md", "docs/first-steps.zh.md"] {
        follow(document, Scratch::new("tutorial").path());
    }
}

#[test]
fn the_study_of_dazu_prints_what_its_page_shows() {
    follow("scenarios/dazu/README.md", Path::new(env!("CARGO_MANIFEST_DIR")));
}

#[test]
fn what_is_left_out_may_be_anything_and_nothing_else() {
    let lines = ["a 1 b 2 c", "second", "third"];
    for shown in [
        &["a 1 b 2 c", "second", "third"][..],
        &["[…]"],
        &["a […] c", "[…]"],
        &["[…]", "third"],
        &["a […] b […] c", "second", "[…]", "third"],
    ] {
        assert!(holds(shown, &lines), "{shown:?}");
    }
    for shown in [&["a 1 b 2 c", "second"][..], &["a […] d", "[…]"], &["second", "[…]"], &["[…]", "second"]] {
        assert!(!holds(shown, &lines), "{shown:?}");
    }
}
