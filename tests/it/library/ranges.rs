//! Default ranges: what they are said of is in the library, and a share that is derived is the one its note shows.

use crate::library::{library, none, tables};
use std::collections::BTreeSet;

#[test]
fn defaults_are_of_what_the_library_has() {
    let (words, parameters) = library();
    let names: BTreeSet<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let kinds: BTreeSet<&str> = words.items.iter().map(|(_, item)| item.kind.as_str()).collect();
    let sets: BTreeSet<&str> = parameters.iter().map(|parameter| parameter.set.as_str()).collect();
    let mut violations = Vec::new();
    for row in tables::read("uncertainty") {
        for (column, known) in [("parameter", &names), ("kind", &kinds), ("set", &sets)] {
            let word = row.get(column);
            if !word.is_empty() && !known.contains(word) {
                violations.push(row.at(&format!("there is no {column} '{word}'")));
            }
        }
    }
    none("defaults", &violations);
}

/// "19.9 to 30.5 around 25.8": the shares below and above, in per cent.
fn shown(note: &str) -> Option<(f64, f64)> {
    let (low, rest) = note.split_once(" to ")?;
    let (high, rest) = rest.split_once(" around ")?;
    let value = rest.split([' ', ',', ';']).next()?;
    let (low, high, value): (f64, f64, f64) = (low.parse().ok()?, high.parse().ok()?, value.parse().ok()?);
    Some(((value - low) / value * 100.0, (high - value) / value * 100.0))
}

#[test]
fn shares_are_those_of_the_ranges_in_their_notes() {
    let mut violations = Vec::new();
    let mut seen = 0;
    for row in tables::read("uncertainty") {
        let Some((low, high)) = shown(row.get("note")) else { continue };
        seen += 1;
        let near = |column, expected: f64| row.number(column).is_some_and(|found| (found - expected).abs() <= 0.0051);
        if !near("low_pct", low) || !near("high_pct", high) {
            violations.push(row.at(&format!("the note makes −{low:.2} % and +{high:.2} %")));
        }
    }
    none("shares", &violations);
    assert!(seen > 50, "only {seen} notes show a range");
}

/// No positive quantity lies more than all of itself below its value.
#[test]
fn no_range_goes_below_nothing() {
    let below =
        tables::read("uncertainty").into_iter().filter(|row| row.number("low_pct").is_none_or(|low| low > 100.0));
    none("low ends", &below.map(|row| row.at("more than 100 % below")).collect::<Vec<_>>());
}
