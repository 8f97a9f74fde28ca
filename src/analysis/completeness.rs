//! What is there and what is not: a status for every category and pollutant, never blank.

use crate::activity::Notation;
use crate::category;
use crate::error::Text;
use crate::inventory::{Inventory, Reason};
use crate::matching::MissingReason;
use crate::say;
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
            Reason::Missing(MissingReason::IncludedElsewhere(_)) => "IE",
            Reason::Missing(_) => "NE",
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

/// Categories that expect pollutants and have no row in a year, neither themselves nor those above or below.
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
        let line = words.categories.ancestors(category);
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

/// Pollutants that are said to be included elsewhere, where no row of that year has a number: they are counted nowhere.
pub(super) fn carried_by_none(inventory: &Inventory<'_>) -> Vec<Text> {
    let study = inventory.study;
    let (activity, categories) = (&study.activity, &study.words.categories);
    let mut named: BTreeMap<(usize, i32), usize> = BTreeMap::new();
    for gap in &inventory.gaps {
        if let Reason::Notation(Notation::Ie(category)) | Reason::Missing(MissingReason::IncludedElsewhere(category)) =
            gap.reason
        {
            *named.entry((category, gap.year)).or_default() += 1;
        }
    }
    let numbers = (0..activity.own).filter(|row| !activity.notations.contains_key(&(*row as u32)));
    let there: BTreeSet<(usize, i32)> =
        numbers.map(|row| (activity.category[row] as usize, activity.year[row])).collect();
    let carries = |category: usize, year: i32| {
        let code = categories.code(category);
        there.iter().any(|&(other, of)| of == year.min(study.anchor()) && category::holds(code, categories.code(other)))
    };
    let lost = named.into_iter().filter(|((category, year), _)| !carries(*category, *year));
    let say = |((category, year), count): ((usize, i32), usize)| {
        let code = categories.code(category);
        say!(
            "{year} 年有 {count} 项写明计入 {code}，而 {code} 没有带数值的行：它们未计入任何地方",
            "{year}: {count} gaps are included in {code}, which has no row with a number: they are counted nowhere"
        )
    };
    lost.map(say).collect()
}
