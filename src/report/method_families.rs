//! Methods with one formula, such as those of each animal, are named once.

use crate::method::Method;
use crate::study::Library;
use std::collections::BTreeMap;

/// The label of each method: its own code, or that of its family.
pub(super) struct Families(Vec<String>);

impl Families {
    pub fn new(library: &Library) -> Self {
        let mut members: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (index, method) in library.methods.iter().enumerate() {
            let Method { category, rank, outcome, text, technology, .. } = method;
            members.entry((category, rank, outcome, text, technology)).or_default().push(index);
        }
        let mut labels = vec![String::new(); library.methods.len()];
        for members in members.into_values() {
            let codes: Vec<&str> = members.iter().map(|&index| library.methods[index].code.as_str()).collect();
            let mut label = label(&codes);
            if labels.contains(&label) {
                // Another family is called so: this one by its first member.
                label = format!("{} …", codes[0]);
            }
            members.into_iter().for_each(|index| labels[index].clone_from(&label));
        }
        Self(labels)
    }

    pub fn label(&self, method: usize) -> &str {
        &self.0[method]
    }

    /// The families of some methods, in the order of the table.
    pub fn of(&self, library: &Library, wanted: impl Fn(&Method) -> bool) -> Vec<(&str, Vec<usize>)> {
        let mut found: Vec<(&str, Vec<usize>)> = Vec::new();
        for (index, _) in library.methods.iter().enumerate().filter(|(_, method)| wanted(method)) {
            let label = self.label(index);
            match found.iter_mut().find(|(known, _)| *known == label) {
                Some((_, members)) => members.push(index),
                None => found.push((label, vec![index])),
            }
        }
        found
    }
}

/// What the codes have in common at both ends, in whole words, with a star between.
fn label(codes: &[&str]) -> String {
    let [first, rest @ ..] = codes else { return String::new() };
    if rest.is_empty() {
        return (*first).to_string();
    }
    let words = |code: &&str| code.split('_').map(str::to_string).collect::<Vec<String>>();
    let all: Vec<Vec<String>> = codes.iter().map(words).collect();
    let shortest = all.iter().map(Vec::len).min().unwrap_or(0);
    let alike = |at: &dyn Fn(&Vec<String>) -> String| all.iter().all(|words| at(words) == at(&all[0]));
    let start = (0..shortest).take_while(|&step| alike(&|words| words[step].clone())).count();
    let end = (0..shortest - start).take_while(|&step| alike(&|words| words[words.len() - 1 - step].clone())).count();
    let (head, tail) = (&all[0][..start], &all[0][all[0].len() - end..]);
    let parts: Vec<&str> =
        head.iter().map(String::as_str).chain(["*"]).chain(tail.iter().map(String::as_str)).collect();
    parts.join("_")
}
