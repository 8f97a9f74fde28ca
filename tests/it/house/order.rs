//! Where modules stand, what they are called and what they may use.

use crate::house::source::{Source, without_tests};
use std::collections::BTreeMap;

/// Every use of a module that stands below the user in `src/lib.rs`.
pub fn violations(sources: &[Source]) -> Vec<String> {
    let order = order(sources);
    let macros = macros(sources);
    let place = |name: &str| order.iter().position(|module| module == name);
    let mut violations = Vec::new();
    for source in without_tests(sources).filter(|source| !is_root(source)) {
        let own = source.module();
        let Some(own_place) = place(own) else {
            violations.push(source.at(1, &format!("src/lib.rs does not name the module '{own}'")));
            continue;
        };
        for (name, line) in used(source) {
            let module = macros.get(name).map_or(name, |owner| owner.as_str());
            match place(module) {
                Some(other) if other <= own_place => {}
                Some(_) => violations.push(source.at(line, &format!("'{own}' uses '{name}', which stands below it"))),
                None => violations.push(source.at(line, &format!("'{name}' is no module of src/lib.rs"))),
            }
        }
    }
    violations
}

fn is_root(source: &Source) -> bool {
    source.path == "src/lib.rs" || source.path == "src/main.rs"
}

/// The modules of `src/lib.rs` in their order.
fn order(sources: &[Source]) -> Vec<String> {
    let root = sources.iter().find(|source| source.path == "src/lib.rs").expect("src/lib.rs");
    let named = (0..root.pieces.len()).filter(|&index| root.word(index) == "mod" && root.word(index + 2) == ";");
    named.map(|index| root.word(index + 1).to_string()).collect()
}

/// Macros that stand at the root of the crate wherever they are written, with the module they are written in.
fn macros(sources: &[Source]) -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for source in sources {
        for index in (0..source.pieces.len()).filter(|&index| source.word(index) == "macro_rules") {
            owners.insert(source.word(index + 2).to_string(), source.module().to_string());
        }
    }
    owners
}

/// The names at the root of the crate that a file uses, by `crate::house::` or by as many `super::` as lead there.
fn used(source: &Source) -> Vec<(&str, usize)> {
    let depth = source.path.split('/').count() - 1;
    let mut found = Vec::new();
    let mut index = 0;
    while index < source.pieces.len() {
        let mut end = index + 1;
        let at_root = match source.word(index) {
            "crate" => true,
            "super" => {
                let mut climbed = 1;
                while (source.word(end), source.word(end + 1), source.word(end + 2)) == (":", ":", "super") {
                    (climbed, end) = (climbed + 1, end + 3);
                }
                climbed == depth + source.pieces[index].nesting
            }
            _ => false,
        };
        if at_root {
            found.extend(source.heads(end).into_iter().map(|piece| (piece.text.as_str(), piece.line)));
        }
        index = end;
    }
    found
}

/// Files more than two deep, and `mod.rs`.
pub fn misplaced(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources {
        if source.path.split('/').count() > 3 {
            violations.push(source.at(1, "deeper than two below src"));
        }
        if source.path.ends_with("/mod.rs") {
            violations.push(source.at(1, "mod.rs; the module is foo.rs beside foo/"));
        }
    }
    violations
}

/// Files, folders and modules whose name says nothing.
pub fn misnamed(sources: &[Source]) -> Vec<String> {
    const EMPTY: [&str; 8] = ["util", "utils", "utilities", "helper", "helpers", "common", "misc", "tools"];
    let mut violations = Vec::new();
    for source in sources {
        let parts = source.path.trim_end_matches(".rs").split('/');
        let of_path = parts.filter(|part| EMPTY.contains(part)).map(|part| (part, 1));
        let modules = (0..source.pieces.len()).filter(|&index| source.word(index) == "mod");
        let of_text = modules.map(|index| (source.word(index + 1), source.pieces[index].line));
        let named = of_path.chain(of_text.filter(|(name, _)| EMPTY.contains(name)));
        violations
            .extend(named.map(|(name, line)| source.at(line, &format!("'{name}' says nothing; name what it is"))));
    }
    violations.sort();
    violations
}
