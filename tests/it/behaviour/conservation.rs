//! No row disappears: what each activity row owes is reckoned here from the tables alone and looked for in emissions and gaps.

use crate::behaviour::folder::repository;
use qingdan::inventory::{self, Emission, Inventory, Reason};
use qingdan::method::{MethodResult, MethodScope};
use qingdan::pollutant::{CO2, CO2_BIOGENIC};
use qingdan::study::{self, Study};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where each row ended up.
#[derive(Default)]
struct Ends {
    /// Pollutant and category of each emission of a row.
    emissions: BTreeMap<u32, BTreeSet<(usize, usize)>>,
    /// Pollutant of each gap of a row; `None` is all of them.
    gaps: BTreeMap<u32, BTreeSet<Option<usize>>>,
}

fn ends(inventory: &Inventory<'_>) -> Ends {
    let mut ends = Ends::default();
    for emission in &inventory.emissions {
        let booked = &inventory.matches.bindings[emission.binding as usize];
        for (row, _) in inventory.parts(emission) {
            ends.emissions.entry(row).or_default().insert((booked.pollutant, booked.category));
        }
    }
    for gap in &inventory.gaps {
        ends.gaps.entry(gap.row).or_default().insert(gap.pollutant);
    }
    ends
}

/// What a row has to yield: the pollutants that its category expects, and those that a method fitting it names, with the
/// category they are booked under where a method says so.
fn owed(study: &Study, row: usize) -> BTreeSet<(usize, Option<usize>)> {
    let (words, activity) = (&study.words, &study.activity);
    let category = activity.category[row] as usize;
    let wanted = &study.settings.pollutants;
    let expected = words.categories.expects(category).iter().filter_map(|name| words.pollutants.find(name).ok());
    let mut owed: BTreeSet<_> = expected.map(|pollutant| (pollutant, None)).collect();
    let case = MethodScope {
        category: words.categories.code(category),
        item: activity.item[row] as usize,
        technology: activity.word(activity.technology[row]),
        amount: activity.unit_of(row).1.in_expression(),
    };
    for method in study.methods.iter().filter(|method| method.outcome == MethodResult::Emitted) {
        let prefix = method.category.map_or("", |index| words.categories.code(index));
        if let Some(pollutant) = method.pollutant.filter(|_| method.fits(prefix, case)) {
            owed.insert((pollutant, Some(method.emits_as.unwrap_or(category))));
        }
    }
    owed.retain(|(pollutant, _)| wanted.contains(pollutant));
    owed
}

/// What is owed by a row and stands neither in its emissions nor in its gaps.
fn lost(study: &Study, ends: &Ends, row: usize) -> Vec<String> {
    let words = &study.words;
    let (none, nothing) = (BTreeSet::new(), BTreeSet::new());
    let emissions = ends.emissions.get(&(row as u32)).unwrap_or(&none);
    let gaps = ends.gaps.get(&(row as u32)).unwrap_or(&nothing);
    let place = study.activity.reference_of(row);
    let mut lost = Vec::new();
    if emissions.is_empty() && gaps.is_empty() {
        lost.push(format!("{place}: the row is nowhere"));
    }
    let biogenic = words.items.get(study.activity.item[row] as usize).biogenic;
    for (pollutant, category) in owed(study, row) {
        let code = words.pollutants.code(pollutant);
        let booked = if biogenic && code == CO2 { CO2_BIOGENIC } else { code };
        let is_it = |(found, under): &(usize, usize)| {
            words.pollutants.code(*found) == booked && category.is_none_or(|category| category == *under)
        };
        if !emissions.iter().any(is_it) && !gaps.contains(&Some(pollutant)) && !gaps.contains(&None) {
            let under = category.map_or("", |category| words.categories.code(category));
            lost.push(format!("{place}: {code} {under} is neither emission nor gap"));
        }
    }
    lost
}

/// Rows with a notation key have their reason and no number, rows with a number no notation key.
fn confused(inventory: &Inventory<'_>, ends: &Ends) -> Vec<String> {
    let activity = &inventory.study.activity;
    let mut wrong = Vec::new();
    for row in activity.notations.keys().filter(|row| ends.emissions.contains_key(row)) {
        wrong.push(format!("{}: a number where a notation key stands", activity.reference_of(*row as usize)));
    }
    for gap in &inventory.gaps {
        let notation = activity.notations.get(&gap.row).copied();
        let said = match &gap.reason {
            Reason::Notation(notation) => Some(*notation),
            Reason::Missing(_) => None,
        };
        if said != notation {
            wrong.push(format!("{}: {said:?} is not {notation:?}", activity.reference_of(gap.row as usize)));
        }
    }
    wrong
}

/// Emissions that stand twice, and pollutants that the study did not ask for.
fn surplus(inventory: &Inventory<'_>) -> Vec<String> {
    let study = inventory.study;
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for emission in &inventory.emissions {
        let booked = &inventory.matches.bindings[emission.binding as usize];
        let (row, code) = (emission.row as usize, study.words.pollutants.code(booked.pollutant));
        let place = study.activity.reference_of(row);
        if !seen.insert((emission.row, emission.year, Some(booked.pollutant), Some(booked.category))) {
            wrong.push(format!("{place}: {code} stands twice"));
        }
        if code != CO2_BIOGENIC && !study.settings.pollutants.contains(&booked.pollutant) {
            wrong.push(format!("{place}: nobody asked for {code}"));
        }
        let years = &study.settings.years;
        if !years.contains(&emission.year)
            || !is_stock(inventory, emission) && study.activity.year[row] != emission.year
        {
            wrong.push(format!("{place}: an emission of {}", emission.year));
        }
    }
    wrong
}

/// Whether the rows of all earlier years contribute to an emission.
fn is_stock(inventory: &Inventory<'_>, emission: &Emission) -> bool {
    inventory.matches.bindings[emission.binding as usize].emission_year.is_some()
}

fn check(folder: &str) {
    let study = study::read(Path::new(&repository(folder))).unwrap_or_else(|faults| panic!("{folder}: {faults:#?}"));
    let inventory = inventory::compile(&study).unwrap_or_else(|faults| panic!("{folder}: {faults}"));
    let ends = ends(&inventory);
    let reported: Vec<usize> =
        (0..study.activity.len()).filter(|&row| study.settings.years.contains(&study.activity.year[row])).collect();
    let mut wrong: Vec<String> = reported.iter().flat_map(|&row| lost(&study, &ends, row)).collect();
    wrong.extend(confused(&inventory, &ends));
    wrong.extend(surplus(&inventory));
    assert!(wrong.is_empty(), "{folder}: {} of {} rows\n{}", wrong.len(), reported.len(), wrong.join("\n"));
    let ended = reported
        .iter()
        .filter(|&&row| ends.emissions.contains_key(&(row as u32)) || ends.gaps.contains_key(&(row as u32)));
    assert_eq!(
        ended.count(),
        reported.len(),
        "{folder}: the rows that ended somewhere are those of the reported years"
    );
    let (stocks, single): (Vec<_>, Vec<_>) =
        inventory.emissions.iter().partition(|emission| is_stock(&inventory, emission));
    let of_rows: usize = ends.emissions.values().map(BTreeSet::len).sum();
    let counted = !stocks.is_empty() || of_rows == single.len();
    assert!(counted, "{folder}: {of_rows} emissions of rows, {} in the table", single.len());
}

#[test]
fn every_row_of_dazu_ends_somewhere() {
    check("scenarios/dazu");
}

#[test]
fn every_row_of_chongqing_ends_somewhere() {
    check("scenarios/chongqing");
}

#[test]
fn every_row_of_the_cases_ends_somewhere() {
    for case in ["notation-keys", "ladder-order", "method-ranks", "one-herd", "wood-memo", "ipcc-fod-food", "us-units"]
    {
        check(&format!("tests/cases/{case}"));
    }
}
