//! The catalogue: the page under docs/ is what the library says today, and what it rests on holds.

use crate::library::none;
use qingdan::catalogue::{Cover, catalogue, misfits};
use qingdan::error::Language;
use qingdan::method::Method;
use qingdan::parameter::Parameter;
use qingdan::report;
use qingdan::study::{Library, read_library};
use std::path::Path;

/// Sets whose documents say no year, and why.
const UNDATED: &[(&str, &str)] = &[
    ("EFDB-CN", "entries of a database that is updated; each is named by its id"),
    ("MEP-STAT", "the copy of the statistical rules that was read has no date"),
    ("NDRC-GRID-PROVINCE", "factors of nine yearly notices, remembered"),
    ("CENSUS2-PLANTING", "the copy of the census tables that was read has no date"),
    ("DOCZJ-FLUE", "a page without a date"),
    ("definition", "arithmetic, stated in the row"),
];

fn library() -> Library {
    read_library().unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// Written anew with `INSTA_UPDATE=always`, as the snapshots are.
#[test]
fn the_page_is_current() {
    let library = library();
    let page = report::catalogue(&catalogue(&library), Language::En);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/catalogue.md");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&file, &page).expect("docs/catalogue.md");
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let differing = known.lines().zip(page.lines()).position(|(known, now)| known != now);
    let hint = "write it anew: INSTA_UPDATE=always cargo test --test it the_page_is_current";
    assert!(known == page, "docs/catalogue.md is not what the library says, from line {differing:?} on; {hint}");
    assert!(page.len() < 400_000, "the page is no page any more: {} bytes", page.len());
}

#[test]
fn every_set_has_a_document_with_title_and_year() {
    let library = library();
    let mut violations = Vec::new();
    for set in catalogue(&library).sets {
        let (title, year) = set.title(&library);
        let undated = UNDATED.iter().any(|(name, _)| *name == set.name);
        if title.is_empty() || year.is_empty() && !undated {
            violations.push(format!("{}: title '{title}', year '{year}' of {:?}", set.name, set.documents));
        }
        if undated && !year.is_empty() {
            violations.push(format!("{} has a year now: {year}", set.name));
        }
    }
    none("sets", &violations);
}

/// Whatever row takes a method with whatever values: some combination of their units comes out as a mass.
#[test]
fn units_fit_the_methods_that_take_them() {
    let library = library();
    let say = |(method, parameter): &(&Method, &Parameter)| {
        let (code, formula, place) = (&method.code, &method.text, &parameter.place);
        format!("{place}: {} in {} does not fit {code}: {formula}", parameter.name, parameter.unit_text)
    };
    none("units", &misfits(&library).iter().map(say).collect::<Vec<_>>());
}

#[test]
fn the_catalogue_sees_what_is_there_and_what_is_not() {
    let library = library();
    let catalogue = catalogue(&library);
    let words = &library.words;
    let cover = |category: &str, pollutant: &str| {
        let found = catalogue.cells.iter().find(|cell| {
            words.categories.code(cell.category) == category && words.pollutants.code(cell.pollutant) == pollutant
        });
        found.map(|cell| (cell.expected, cell.cover()))
    };
    let cases = [
        ("1.A.2.m", "CO2", Some((true, Cover::Covered))),
        ("2.A.1", "CO2", Some((true, Cover::Covered))),
        ("3.A.1.h", "CH4", Some((true, Cover::Covered))),
        ("2.A.1", "CH4", None),
        ("P.1", "CO2", Some((true, Cover::Covered))),
    ];
    for (category, pollutant, expected) in cases {
        assert_eq!(cover(category, pollutant), expected, "{category} {pollutant}");
    }
    assert!(catalogue.local.contains("cultivation_days") && !catalogue.local.contains("carbon_content"));
    for apart in &catalogue.apart {
        let value = |index: usize| library.parameters[index].canonical();
        let (low, high) = (value(apart.values[0]), value(apart.values[apart.values.len() - 1]));
        assert!(low <= high && (apart.ratio > 3.0 || apart.ratio < 0.0), "{apart:?}");
    }
}
