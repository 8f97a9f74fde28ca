//! Ranges of whole studies: sums over classes are those over single emissions, nothing is covered that lacks a range, shares add up.

use crate::behaviour::folder::repository;
use qingdan::analysis::uncertainty::{RangeBounds, Uncertainty};
use qingdan::analysis::{Analysis, analyse};
use qingdan::category::Scope;
use qingdan::inventory::{self, Inventory};
use qingdan::study;
use qingdan::target::Boundary;
use std::collections::BTreeMap;
use std::path::Path;

const STUDIES: [&str; 3] = ["scenarios/dazu", "scenarios/chongqing", "tests/cases/uncertainty-approach1"];

/// Runs a check over each study.
fn check(work: impl Fn(&Inventory<'_>, &Analysis<'_>)) {
    for folder in STUDIES {
        let study = study::read(Path::new(&repository(folder))).expect("a study without fault");
        let inventory = inventory::compile(&study).expect("an inventory");
        work(&inventory, &analyse(&inventory));
    }
}

fn is_near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9 * expected.abs().max(1e-12)
}

/// What moves one sum, emission by emission.
#[derive(Default)]
struct Moved {
    value: f64,
    covered: f64,
    absolute: f64,
    /// Down and up, by parameter (true) or activity row.
    by_input: BTreeMap<(bool, usize), (f64, f64)>,
}

/// The whole district's sums, directly from the emissions.
fn detailed(inventory: &Inventory<'_>, uncertainty: &Uncertainty<'_>) -> BTreeMap<(i32, String), Moved> {
    let words = &inventory.study.words;
    let mut sums: BTreeMap<(i32, String), Moved> = BTreeMap::new();
    for emission in &inventory.emissions {
        let binding = &inventory.matches.bindings[emission.binding as usize];
        if words.categories.get(binding.category).scope != Scope::Direct {
            continue;
        }
        let sum = sums.entry((emission.year, words.pollutants.code(binding.pollutant).to_string())).or_default();
        sum.value += emission.emitted_t;
        for (row, binding) in inventory.parts(emission) {
            let (found, factor) = uncertainty.of(binding, row).expect("a reported year");
            sum.absolute += (found.value * factor).abs();
            let Some(margin) = uncertainty.amount(row).filter(|_| found.lacking.is_empty()) else { continue };
            sum.covered += (found.value * factor).abs();
            let mut add = |key, down, up| {
                let moved = sum.by_input.entry(key).or_default();
                *moved = (moved.0 + down, moved.1 + up);
            };
            add((false, row as usize), -found.by_amount * margin.down, found.by_amount * margin.up);
            for effect in &found.effects {
                add((true, effect.parameter), effect.down * factor, effect.up * factor);
            }
        }
    }
    sums
}

#[test]
fn ranges_of_sums_are_those_of_their_emissions() {
    check(|inventory, analysis| {
        for ((year, pollutant), moved) in detailed(inventory, &analysis.uncertainty) {
            let is_it = |row: &&qingdan::analysis::Interval| {
                (row.year, row.boundary, row.grouping) == (year, Boundary::Direct, "total")
                    && row.pollutant == pollutant
            };
            if !analysis.totals.is_known(year, Boundary::Direct, &pollutant) {
                assert!(analysis.intervals.iter().find(is_it).is_none(), "{year} {pollutant} is not known");
                continue;
            }
            let row = analysis.intervals.iter().find(is_it).expect("a row of the total");
            let mut variance = RangeBounds::default();
            moved.by_input.values().for_each(|(down, up)| variance.add(RangeBounds::of(*down, *up).squared()));
            let expected = variance.root().larger() / moved.value.abs() * 100.0;
            assert!(is_near(row.value, moved.value), "{year} {pollutant}: {} and {}", row.value, moved.value);
            let share = moved.covered / moved.absolute;
            assert!((row.covered_share.unwrap_or(0.0) - share).abs() < 1e-9, "{year} {pollutant}: {share} is covered");
            match row.uncertainty_pct {
                Some(found) => assert!(is_near(found, expected), "{year} {pollutant}: {found} and {expected} %"),
                None => assert!(share < 0.5, "{year} {pollutant} has no range though {share} is covered"),
            }
        }
    });
}

#[test]
fn an_emission_lies_in_its_range_or_lacks_something() {
    check(|inventory, analysis| {
        let mut without = 0;
        for emission in &inventory.emissions {
            let lacking = analysis.uncertainty.lacking(emission);
            let Some((low, high)) = analysis.uncertainty.range(emission) else {
                assert!(!lacking.is_empty(), "{emission:?} has no range and lacks none");
                without += 1;
                continue;
            };
            assert!(lacking.is_empty() && low <= emission.emitted_t && emission.emitted_t <= high, "{emission:?}");
            let mut variance = RangeBounds::default();
            let sources = analysis.uncertainty.sources(emission).expect("its sources");
            sources.iter().for_each(|(_, sides)| variance.add(sides.squared()));
            let sides = analysis.uncertainty.sides(emission).expect("its sides");
            assert!(is_near(sides.whole(), variance.root().whole()), "{emission:?}");
        }
        let said = analysis.notices.iter().any(|text| text.en.starts_with(&format!("{without} of ")));
        assert!(said || without == 0, "nobody says that {without} emissions have no range");
    });
}

#[test]
fn shares_of_influences_and_key_categories_add_up() {
    check(|_, analysis| {
        let mut variance: BTreeMap<(i32, &str, &str), f64> = BTreeMap::new();
        for share in &analysis.influences {
            let key = (share.year, share.boundary.word(), share.pollutant.as_str());
            *variance.entry(key).or_default() += share.variance_share.unwrap_or(0.0);
        }
        for (key, sum) in variance {
            assert!(sum == 0.0 || (sum - 1.0).abs() < 1e-9, "{key:?}: the shares of the variance make {sum}");
        }
        let mut last: BTreeMap<(i32, &str, &str, u8, &str), f64> = BTreeMap::new();
        for row in &analysis.key_categories {
            let key = (row.year, row.boundary.word(), row.metric.as_str(), row.approach, row.method.word());
            let before = last.insert(key, row.cumulative).unwrap_or(0.0);
            assert!(row.cumulative >= before && (row.cumulative - before - row.share).abs() < 1e-9, "{row:?}");
        }
        for (key, sum) in last {
            assert!((sum - 1.0).abs() < 1e-9, "{key:?}: the shares make {sum}");
        }
    });
}
