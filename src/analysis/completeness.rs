//! What is there and what is not: a status for every category and pollutant, never blank.

use crate::inventory::{Inventory, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// A row of `completeness.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub year: i32,
    pub category: usize,
    /// A pollutant's code; empty where a row yields nothing at all.
    pub pollutant: String,
    /// `number`, or a notation key; a mixture lists its parts.
    pub status: String,
}

/// The words of a status, in the order in which a mixture lists them.
const ORDER: [&str; 6] = ["number", "NO", "NE", "NA", "C", "IE"];

pub(super) fn completeness(inventory: &Inventory<'_>) -> Vec<Status> {
    let study = inventory.study;
    let mut found: BTreeMap<(i32, usize, String), BTreeSet<usize>> = BTreeMap::new();
    let mut note = |year, category, pollutant: &str, word: &str| {
        let rank = ORDER.iter().position(|known| *known == word).unwrap_or(ORDER.len() - 1);
        found.entry((year, category, pollutant.to_string())).or_default().insert(rank);
    };
    for emission in &inventory.emissions {
        let binding = &inventory.matches.bindings[emission.binding as usize];
        note(emission.year, binding.category, study.words.pollutants.code(binding.pollutant), "number");
    }
    for gap in &inventory.gaps {
        let word = match &gap.reason {
            Reason::Notation(notation) => notation.word(),
            Reason::Lack(_) => "NE",
        };
        let category = study.activity.category[gap.row as usize] as usize;
        let pollutant = gap.pollutant.map_or("", |index| study.words.pollutants.code(index));
        note(gap.year, category, pollutant, word);
    }
    for (year, category, pollutant) in silent(inventory) {
        note(year, category, pollutant, "NE");
    }
    let spell = |words: BTreeSet<usize>| words.into_iter().map(|rank| ORDER[rank]).collect::<Vec<_>>().join(",");
    found
        .into_iter()
        .map(|((year, category, pollutant), words)| Status { year, category, pollutant, status: spell(words) })
        .collect()
}

/// Categories that expect pollutants and of which nobody says anything in a year: neither they, nor those above or below.
fn silent<'a>(inventory: &'a Inventory<'_>) -> Vec<(i32, usize, &'a str)> {
    let study = inventory.study;
    let words = &study.words;
    let mut spoken: BTreeSet<(i32, usize)> = BTreeSet::new();
    for row in 0..study.activity.own {
        spoken.insert((study.activity.year[row], study.activity.category[row] as usize));
    }
    for emission in &inventory.emissions {
        spoken.insert((emission.year, inventory.matches.bindings[emission.binding as usize].category));
    }
    let mut missing = Vec::new();
    for category in words.categories.leaves() {
        let line = words.categories.lineage(category);
        let expects = words.categories.expects(category);
        for &year in &inventory.years {
            // A scenario carries on the rows of the anchor year.
            let of_rows = year.min(study.anchor());
            if expects.is_empty() || line.iter().any(|&above| spoken.contains(&(of_rows, above))) {
                continue;
            }
            for name in expects {
                if words.pollutants.find(name).is_ok_and(|index| study.settings.pollutants.contains(&index)) {
                    missing.push((year, category, name.as_str()));
                }
            }
        }
    }
    missing
}
