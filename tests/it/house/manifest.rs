//! The root of the repository and the manifest.

use std::path::Path;

const FOLDERS: [&str; 6] = ["src", "factors", "scenarios", "benches", "tests", "docs"];
/// The usual files of a root, by the beginning of their name.
const FILES: [&str; 11] = [
    "Cargo.toml",
    "Cargo.lock",
    "README",
    "CHANGELOG",
    "CONTRIBUTING",
    "LICENSE",
    "NOTICE",
    "rustfmt.toml",
    "clippy.toml",
    "deny.toml",
    "rust-toolchain",
];

/// What lies at the root and is not of the design. Hidden entries belong to git and to CI, `target` to cargo.
pub fn top_level(root: &Path) -> Vec<String> {
    let mut violations = Vec::new();
    for entry in std::fs::read_dir(root).expect("the root").map(|entry| entry.expect("an entry")) {
        let name = entry.file_name().to_string_lossy().to_string();
        let folder = entry.path().is_dir();
        let known = match folder {
            true => FOLDERS.contains(&name.as_str()) || name == "target",
            false => FILES.iter().any(|file| name.starts_with(file)),
        };
        if !known && !name.starts_with('.') {
            violations
                .push(format!("{name}:1: a {} that the design does not have", if folder { "folder" } else { "file" }));
        }
    }
    violations.extend(not_data(&root.join("factors"), "factors"));
    violations.sort();
    violations
}

/// `factors/` is data only.
fn not_data(folder: &Path, name: &str) -> Vec<String> {
    let mut violations = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of the library").map(|entry| entry.expect("an entry")) {
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            violations.extend(not_data(&entry.path(), &path));
        } else if !path.ends_with(".csv") && !path.ends_with(".md") {
            violations.push(format!("{path}:1: the library is data only"));
        }
    }
    violations
}

/// Dependencies without a comment on their own line or on the one above.
pub fn unreasoned(text: &str) -> Vec<String> {
    let mut violations = Vec::new();
    let (mut listing, mut open, mut above) = (false, 0, "");
    for (index, line) in text.lines().enumerate() {
        let (code, comment) = split(line);
        let reason = has_words(comment) || above.trim_start().starts_with('#') && has_words(above);
        if open == 0 && code.starts_with('[') {
            let section = code.trim_matches(['[', ']']);
            listing = section.ends_with("dependencies");
            let single = section.rsplit_once("dependencies.").map(|(_, name)| name);
            violations.extend(single.filter(|_| !reason).map(|name| unreasoned_at(index, name)));
        } else if open == 0 && listing && !code.is_empty() && !reason {
            let name = code.split(['=', '.']).next().unwrap_or(code).trim();
            violations.push(unreasoned_at(index, name));
        }
        if !code.starts_with('[') || open > 0 {
            let count = |signs: [char; 2]| code.chars().filter(|c| signs.contains(c)).count();
            open = (open + count(['[', '{'])).saturating_sub(count([']', '}']));
        }
        above = line;
    }
    violations
}

fn unreasoned_at(index: usize, name: &str) -> String {
    format!("Cargo.toml:{}: '{name}' has no reason in a comment", index + 1)
}

/// A line before and after the first `#` that stands in no string.
fn split(line: &str) -> (&str, &str) {
    let mut quoted = false;
    let start = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '#' && !quoted
    });
    let (code, comment) = line.split_at(start.map_or(line.len(), |(at, _)| at));
    (code.trim(), comment)
}

/// Two words or more are a reason.
fn has_words(comment: &str) -> bool {
    comment.trim_start_matches('#').split_whitespace().count() >= 2
}
