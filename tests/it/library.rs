//! The factor library as data: every value has its origin, every name its meaning, every unit its size.

mod tables;

mod font;

mod units;

mod methods;

mod ranges;

mod crosswalk;

mod catalogue;

use qingdan::code::{Codebook, Coded, Tree};
use qingdan::parameter::Parameter;
use qingdan::study::{Vocabulary, read_library};
use std::collections::{BTreeMap, BTreeSet};
use tables::Line;

fn library() -> (Vocabulary, Vec<Parameter>) {
    let library = read_library().unwrap_or_else(|faults| panic!("{faults:#?}"));
    (library.words, library.parameters)
}

fn none(rule: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{rule}: {} violations\n{}", violations.len(), violations.join("\n"));
}

#[test]
fn every_parameter_says_where_it_comes_from() {
    let titles = titles();
    let mut violations = Vec::new();
    for row in tables::parameters() {
        for column in ["parameter", "value", "unit", "set", "citation", "locator", "confidence"] {
            if row.get(column).is_empty() {
                violations.push(row.at(&format!("no {column}")));
            }
        }
        let citation = row.get("citation");
        if titles.get(citation).is_none_or(String::is_empty) {
            violations.push(row.at(&format!("the source '{citation}' of the set '{}' has no title", row.get("set"))));
        }
        if !["verified", "transcribed", "unverified", "derived"].contains(&row.get("confidence")) {
            violations.push(row.at(&format!("there is no confidence '{}'", row.get("confidence"))));
        }
    }
    none("provenance", &violations);
}

#[test]
fn every_parameter_has_a_meaning_and_lies_within_its_bounds() {
    let (words, parameters) = library();
    let mut violations = Vec::new();
    for parameter in &parameters {
        let (name, place) = (&parameter.name, &parameter.place);
        match words.parameters.get(name) {
            None => violations.push(format!("{place}: factors/parameters.csv has no row of '{name}'")),
            Some(meaning) if !meaning.holds(parameter.value, parameter.unit) => {
                violations.push(format!("{place}: {} {} of '{name}'", parameter.value, parameter.unit_text));
            }
            Some(_) => {}
        }
    }
    none("meanings of parameters", &violations);
}

fn titles() -> BTreeMap<String, String> {
    tables::read("sources").into_iter().map(|row| (row.get("citation").into(), row.get("title").into())).collect()
}

#[test]
fn no_key_stands_twice() {
    let keys: [(&str, &[&str]); 14] = [
        ("sources", &["citation"]),
        ("gwp", &["set", "pollutant"]),
        ("equivalents", &["pollutant"]),
        ("methods", &["method"]),
        ("units", &["unit"]),
        ("crosswalk", &["scheme", "category", "item", "kind", "technology", "pollutant"]),
        ("uncertainty", &["parameter", "grade", "quality", "category", "item", "kind", "pollutant", "set"]),
        ("key_categories", &["category"]),
        ("approaches", &["category", "pollutant"]),
        ("overlaps", &["category", "item", "technology", "beside"]),
        ("technologies", &["technology"]),
        ("project_kinds", &["kind"]),
        ("project_rules", &["rule"]),
        ("project_pollutants", &["pollutant"]),
    ];
    let mut violations: Vec<String> =
        keys.iter().flat_map(|(table, columns)| doubled(&tables::read(table), columns)).collect();
    const KEY: [&str; 10] =
        ["parameter", "category", "item", "technology", "pollutant", "area", "source", "year_from", "year_to", "set"];
    violations.extend(doubled(&tables::parameters(), &KEY));
    none("unique keys", &violations);
}

fn doubled(rows: &[Line], columns: &[&str]) -> Vec<String> {
    let mut seen: BTreeMap<Vec<&str>, &Line> = BTreeMap::new();
    let mut violations = Vec::new();
    for row in rows {
        let key: Vec<&str> = columns.iter().map(|column| row.get(column)).collect();
        match seen.get(&key) {
            Some(first) => violations.push(row.at(&format!("{key:?} stands at {} already", first.at("")))),
            None => _ = seen.insert(key, row),
        }
    }
    violations
}

/// Whoever writes an activity row finds each word by its Chinese name.
#[test]
fn every_technology_is_listed_with_its_names() {
    let listed = tables::read("technologies");
    let known: BTreeSet<&str> = listed.iter().map(|row| row.get("technology")).collect();
    let mut violations: Vec<String> = Vec::new();
    for row in &listed {
        let empty = ["name_zh", "name_en"].into_iter().filter(|column| row.get(column).is_empty());
        violations.extend(empty.map(|column| row.at(&format!("no {column}"))));
    }
    let rows = ["methods", "crosswalk"].into_iter().flat_map(tables::read).chain(tables::parameters());
    let unlisted = rows.filter(|row| !row.get("technology").is_empty() && !known.contains(row.get("technology")));
    violations.extend(unlisted.map(|row| row.at(&format!("'{}' is not in technologies.csv", row.get("technology")))));
    none("technologies", &violations);
}

#[test]
fn ranges_hold_their_value() {
    let mut violations = Vec::new();
    for row in tables::parameters() {
        let (low, value, high) = (row.number("low"), row.number("value"), row.number("high"));
        if value.is_none() || low > value && low.is_some() || high.is_some() && high < value {
            violations.push(row.at(&format!("{low:?} ≤ {value:?} ≤ {high:?} does not hold")));
        }
        if row.number("year_from").zip(row.number("year_to")).is_some_and(|(from, to)| from > to) {
            violations.push(row.at("the years run backwards"));
        }
    }
    none("low ≤ value ≤ high", &violations);
}

#[test]
fn sources_and_citations_match() {
    let titles = titles();
    let mut cited = BTreeSet::new();
    let mut violations = Vec::new();
    let tables = [
        "methods",
        "gwp",
        "equivalents",
        "units",
        "crosswalk",
        "uncertainty",
        "key_categories",
        "approaches",
        "overlaps",
        "project_rules",
        "project_pollutants",
    ];
    let tables = tables.into_iter().flat_map(tables::read).chain(tables::parameters());
    for row in tables.filter(|row| !row.get("citation").is_empty()) {
        if !titles.contains_key(row.get("citation")) {
            violations.push(row.at(&format!("sources.csv lacks '{}'", row.get("citation"))));
        }
        cited.insert(row.get("citation").to_string());
    }
    let orphans = tables::read("sources").into_iter().filter(|row| !cited.contains(row.get("citation")));
    violations.extend(orphans.map(|row| row.at(&format!("no row cites '{}'", row.get("citation")))));
    none("sources", &violations);
}

#[test]
fn methods_potentials_and_crosswalks_are_cited() {
    let mut violations = Vec::new();
    for (table, columns) in [
        ("methods", ["citation", "locator"]),
        ("gwp", ["citation", "confidence"]),
        ("equivalents", ["citation", "locator"]),
        ("equivalents", ["confidence", "medium"]),
        ("crosswalk", ["citation", "confidence"]),
        ("uncertainty", ["citation", "confidence"]),
        ("uncertainty", ["locator", "note"]),
        ("key_categories", ["citation", "locator"]),
        ("approaches", ["citation", "locator"]),
        ("overlaps", ["citation", "locator"]),
        ("overlaps", ["text_zh", "text_en"]),
        ("project_rules", ["citation", "confidence"]),
        ("project_pollutants", ["citation", "locator"]),
    ] {
        for row in tables::read(table) {
            let empty = columns.into_iter().filter(|column| row.get(column).is_empty());
            violations.extend(empty.map(|column| row.at(&format!("no {column}"))));
        }
    }
    none("citations", &violations);
}

#[test]
fn every_category_says_what_it_expects() {
    let (words, _) = library();
    let silent = words.categories.iter().filter(|(index, _)| {
        let line = words.categories.ancestors(*index);
        line.iter().all(|&above| words.categories.get(above).expects.is_none())
    });
    let violations: Vec<String> = silent.map(|(_, category)| category.code.clone()).collect();
    none("expects", &violations);
}

#[test]
fn trees_have_one_root_for_each_code_and_codes_follow_them() {
    let (words, _) = library();
    let mut violations = orphans(&words.areas);
    violations.extend(orphans(&words.categories));
    for (_, category) in words.categories.iter() {
        let above = category.code.rsplit_once('.').map_or("", |(above, _)| above);
        if category.parent != above {
            violations.push(format!("{}: the parent is '{}', the code says '{above}'", category.code, category.parent));
        }
    }
    none("trees", &violations);
}

fn orphans<T: Tree>(book: &Codebook<T>) -> Vec<String> {
    let lost = book.iter().filter(|(_, entry)| !entry.parent().is_empty() && book.index(entry.parent()).is_none());
    lost.map(|(_, entry)| format!("{}: no parent '{}'", entry.code(), entry.parent())).collect()
}

/// What an officer may write in a cell means one thing.
#[test]
fn names_and_aliases_mean_one_thing() {
    let (words, _) = library();
    let violations =
        [ambiguous(&words.items), ambiguous(&words.pollutants), ambiguous(&words.areas), ambiguous(&words.kinds)]
            .concat();
    none("names", &violations);
}

fn ambiguous<T: Coded>(book: &Codebook<T>) -> Vec<String> {
    let mut violations = Vec::new();
    for (index, entry) in book.iter() {
        for name in std::iter::once(entry.code()).chain(entry.names()).filter(|name| !name.is_empty()) {
            if book.find(name) != Ok(index) {
                violations.push(format!("{}: '{name}' is {:?}", entry.code(), book.find(name)));
            }
        }
        if entry.name_zh().is_empty() || entry.name_en().is_empty() {
            violations.push(format!("{}: a name is missing", entry.code()));
        }
    }
    violations
}

/// Tables that print a part above its whole, with the reason why: (set, locator of both rows).
const PRINTED_SO: &[(&str, &str, &str)] =
    &[("EMEP2023", "1.A.4.a.i table 3-9", "each size is an average over studies of its own: PM10 21 and TSP 20 g/GJ")];

/// Of one document, one source and one parameter the coarser dust holds the finer, and total nitrogen holds ammonia's.
#[test]
fn the_whole_is_no_less_than_its_part() {
    const MASSES: [&str; 5] =
        ["emission_factor", "fuel_emission_factor", "generation_factor", "particulate_per_ash", "sewage_concentration"];
    let (words, parameters) = library();
    let code = |index: Option<usize>| index.map_or("", |index| words.pollutants.code(index));
    let mut of_key: BTreeMap<_, BTreeMap<&str, &Parameter>> = BTreeMap::new();
    for parameter in parameters.iter().filter(|parameter| MASSES.contains(&parameter.name.as_str())) {
        let Parameter { name, category, item, technology, area, source, year_from, year_to, set, .. } = parameter;
        let key = (name, category, item, technology, area, source, (year_from, year_to, set));
        of_key.entry(key).or_default().insert(code(parameter.pollutant), parameter);
    }
    let mut violations = Vec::new();
    for (part, whole) in [("PM2.5", "PM10"), ("PM10", "TSP"), ("PM2.5", "TSP"), ("NH3N", "TN")] {
        let pairs = of_key.values().filter_map(|values| Some((*values.get(part)?, *values.get(whole)?)));
        let printed = |parameter: &Parameter| {
            PRINTED_SO.iter().any(|(set, locator, _)| parameter.set == *set && parameter.locator == *locator)
        };
        let wrong =
            pairs.filter(|(small, great)| small.canonical() > great.canonical() && !(printed(small) && printed(great)));
        violations
            .extend(wrong.map(|(small, great)| format!("{} {part} is above {} {whole}", small.place, great.place)));
    }
    none("parts", &violations);
    assert!(of_key.len() > 100, "only {} keys were looked at", of_key.len());
}

#[test]
fn efficiencies_and_shares_lie_between_0_and_1() {
    const SHARES: &[&str] = &[
        "capture",
        "removal",
        "operating",
        "oxidation_factor",
        "sulphur_content",
        "sulphur_retention",
        "ash_retention",
        "carbon_fraction",
        "recovery",
        "oxidation",
    ];
    let (_, parameters) = library();
    let outside =
        parameters.iter().filter(|p| SHARES.contains(&p.name.as_str()) && !(0.0..=1.0).contains(&p.canonical()));
    let violations: Vec<String> =
        outside.map(|p| format!("{}: {} is {} {}", p.place, p.name, p.value, p.unit_text)).collect();
    none("shares", &violations);
}
