//! Names of chart files: one for each figure whatever a scenario's code holds, on every file system.

use crate::study::hash;
use std::collections::BTreeSet;

/// A figure, and the scenario that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub figure: String,
    pub scenario: Option<String>,
}

/// Bytes of a name without its ending; file systems end at 255.
const LONGEST: usize = 120;

/// The names of the files, each once, also where capitals and small letters are the same.
///
/// Figures of the whole study come first, then those of scenarios in their order. What no file name may hold becomes a
/// stroke. A name that is taken or too long ends in the beginning of the hash of the scenario's code.
pub(super) fn files(names: &[&Name]) -> Vec<String> {
    let mut found = vec![String::new(); names.len()];
    let mut taken = BTreeSet::new();
    for of_scenarios in [false, true] {
        for (at, name) in names.iter().enumerate().filter(|(_, name)| name.scenario.is_some() == of_scenarios) {
            let candidates = std::iter::once(plain(name)).chain((0..).map(|turn| hashed(name, turn)));
            let free = candidates.into_iter().find(|text| text.len() <= LONGEST && taken.insert(text.to_lowercase()));
            found[at] = free.unwrap_or_default();
        }
    }
    found
}

fn plain(Name { figure, scenario }: &Name) -> String {
    let allowed = |c: char| if c.is_alphanumeric() || c == '-' { c } else { '_' };
    match scenario {
        None => figure.clone(),
        Some(code) => format!("{figure}_{}", code.chars().map(allowed).collect::<String>()),
    }
}

fn hashed(name: &Name, turn: usize) -> String {
    const DIGITS: usize = 10;
    let text = format!("{}{}", name.scenario.as_deref().unwrap_or(&name.figure), "+".repeat(turn));
    let hash = hash(text.as_bytes());
    let mut begin = plain(name);
    let mut end = begin.len().min(LONGEST - DIGITS - 1);
    while !begin.is_char_boundary(end) {
        end -= 1;
    }
    begin.truncate(end);
    format!("{begin}_{}", &hash[..DIGITS])
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Name, files};
    use std::collections::BTreeSet;

    #[test]
    fn every_figure_has_a_file_name_of_its_own() {
        let long = "长".repeat(100);
        let names = [
            ("drivers", Some("scenarios")),
            ("drivers_scenarios", None),
            ("drivers", Some("a_b")),
            ("drivers", Some("a b")),
            ("drivers", Some("A_B")),
            ("drivers", Some("a/b")),
            ("drivers", Some("../../x")),
            ("drivers", Some(long.as_str())),
            ("drivers", Some(&long[..297])),
            ("drivers", Some("low")),
        ];
        let names: Vec<Name> = names
            .iter()
            .map(|(figure, code)| Name { figure: figure.to_string(), scenario: code.map(str::to_string) })
            .collect();
        let found = files(&names.iter().collect::<Vec<_>>());
        assert_eq!(found, files(&names.iter().collect::<Vec<_>>()));
        let apart: BTreeSet<String> = found.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(apart.len(), names.len(), "{found:?}");
        assert!(found.iter().all(|name| name.len() <= LONGEST && !name.contains(['/', ' ', '.'])), "{found:?}");
        assert_eq!(
            (found[1].as_str(), found[2].as_str(), found[9].as_str()),
            ("drivers_scenarios", "drivers_a_b", "drivers_low")
        );
    }
}
