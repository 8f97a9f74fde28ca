//! Parameter tables, the library's and the study's, into checked parameters.

use super::folder::File;
use super::row_order;
use super::vocabulary::{Vocabulary, is_library};
use crate::code::aliases;
use crate::error::{Diagnostic, Diagnostics, Place, Text};
use crate::method::Method;
use crate::parameter::{Confidence, Meaning, Parameter};
use crate::say;
use crate::schema;
use crate::table::{self, Row, Table};
use crate::unit::{Unit, Units};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn read(files: &[File], words: &Vocabulary, faults: &mut Diagnostics) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let wanted = |name: &str| name.strip_prefix("factors/").unwrap_or(name).starts_with("parameters/");
    for file in files.iter().filter(|file| wanted(&file.name)) {
        for table in table::read(&file.name, &file.bytes, &schema::PARAMETERS, faults) {
            let local = !is_library(&table);
            parameters.extend(table.rows().filter_map(|row| parameter(row, words, local, faults)));
        }
    }
    row_order::parameters(&mut parameters);
    parameters
}

fn parameter(row: Row<'_>, words: &Vocabulary, local: bool, faults: &mut Diagnostics) -> Option<Parameter> {
    let before = faults.0.len();
    let name = row.required("parameter", faults);
    let value = row.required("value", faults).and_then(|_| row.number("value", faults));
    let [low, high] = ["low", "high"].map(|column| row.number(column, faults));
    let [year_from, year_to] = ["year_from", "year_to"].map(|column| row.year(column, faults));
    let unit_text = if row.text("unit").is_empty() { "1" } else { row.text("unit") };
    let unit = words.units.parse(unit_text).map_err(|cause| faults.push(row.fault("unit", cause))).ok();
    let [category, item, pollutant, area] = key(row, words, faults);
    let (confidence, correlated) = (confidence(row, faults), correlated(row, faults));
    words.check_citation(row, faults);
    check_order(row, [low, value, high], [year_from, year_to], faults);
    let outside = outside(row, words, name.filter(|_| local), value, unit);
    faults.0.extend(outside.map(|text| row.fault("value", text)));
    if faults.0.len() > before {
        return None;
    }
    let text = |column| row.text(column).to_string();
    Some(Parameter {
        name: name?.to_string(),
        category,
        item,
        technology: words.technology(row, category),
        pollutant,
        area,
        source: text("source"),
        year_from,
        year_to,
        value: value?,
        unit: unit?,
        unit_text: unit_text.to_string(),
        low,
        high,
        set: text("set"),
        citation: text("citation"),
        locator: text("locator"),
        confidence,
        grade: text("grade"),
        correlated,
        note: text("note"),
        place: row.place(""),
        local,
    })
}

/// Category, item, pollutant and area that a row holds for.
fn key(row: Row<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> [Option<usize>; 4] {
    [
        Vocabulary::find(&words.categories, row, "category", faults),
        Vocabulary::find(&words.items, row, "item", faults),
        Vocabulary::find(&words.pollutants, row, "pollutant", faults),
        Vocabulary::find(&words.areas, row, "area", faults),
    ]
}

/// The error of a value outside the bounds of its name, for a share or a rate.
fn outside(
    row: Row<'_>,
    words: &Vocabulary,
    name: Option<&str>,
    value: Option<f64>,
    unit: Option<Unit>,
) -> Option<Text> {
    words.out_of_bounds(name?, value?, unit?, row.text("unit"))
}

/// What the names of parameters mean, from `factors/parameters.csv`.
pub(super) fn meanings(files: &[File], units: &Units, faults: &mut Diagnostics) -> BTreeMap<String, Meaning> {
    let mut meanings = BTreeMap::new();
    let files = files.iter().filter(|file| file.name == "factors/parameters.csv");
    for file in files {
        let tables = table::read(&file.name, &file.bytes, &schema::PARAMETER_NAMES, faults);
        for row in tables.iter().flat_map(Table::rows) {
            let Some(name) = row.required("parameter", faults) else { continue };
            let unit = |text: String| match units.parse(&text) {
                Ok(unit) => Some((text, unit)),
                Err(cause) => {
                    faults.push(row.fault("unit", cause));
                    None
                }
            };
            let units = aliases(row.text("unit")).into_iter().filter_map(unit).collect();
            let (name_zh, name_en) = (row.text("name_zh").to_string(), row.text("name_en").to_string());
            let (low, high) = (row.number("low", faults), row.number("high", faults));
            meanings.insert(name.to_string(), Meaning { name_zh, name_en, units, low, high });
        }
    }
    meanings
}

/// A local value of another dimension than its name has is said once, at its own row, and not wherever it is used. A name
/// that the study's own methods use has the dimension that they give it.
pub(super) fn check_dimensions(
    parameters: &[Parameter],
    methods: &[Method],
    words: &Vocabulary,
    faults: &mut Diagnostics,
) {
    let own: BTreeSet<&str> = methods
        .iter()
        .filter(|method| method.local)
        .flat_map(|method| &method.uses)
        .map(|used| used.name.as_str())
        .collect();
    for parameter in parameters.iter().filter(|parameter| parameter.local && !own.contains(parameter.name.as_str())) {
        let Some(meaning) = words.parameters.get(&parameter.name) else { continue };
        let have = parameter.unit.in_expression();
        let fits = |(_, unit): &(String, Unit)| unit.in_expression() == have;
        if meaning.units.is_empty() || meaning.units.iter().any(fits) {
            continue;
        }
        let wanted: Vec<Text> = meaning.units.iter().map(|(_, unit)| unit.in_expression().words()).collect();
        let zh: Vec<&str> = wanted.iter().map(|text| text.zh.as_str()).collect();
        let en: Vec<&str> = wanted.iter().map(|text| text.en.as_str()).collect();
        let (zh, en) = (zh.join("，或"), en.join(", or "));
        let (name, name_zh, unit, have) = (&parameter.name, &meaning.name_zh, &parameter.unit_text, have.words());
        let (have_zh, have_en) = (have.zh, have.en);
        let examples: Vec<&str> = meaning.units.iter().map(|(text, _)| text.as_str()).collect();
        let examples = examples.join(", ");
        let text = say!(
            "参数 '{name}'（{name_zh}）的量纲应为{zh}，而 '{unit}' 是{have_zh}",
            "the parameter '{name}' is {en}, but '{unit}' is {have_en}"
        );
        let place = Place { column: "unit".to_string(), ..parameter.place.clone() };
        faults.push(Diagnostic::new(place, text).hint(say!("单位例如 {examples}", "a unit of it is {examples}")));
    }
}

/// A value without a stated confidence counts as unverified.
pub(super) fn confidence(row: Row<'_>, faults: &mut Diagnostics) -> Confidence {
    let word = row.text("confidence");
    if word.is_empty() {
        return Confidence::Unverified;
    }
    Confidence::parse(word).unwrap_or_else(|| {
        let names = Confidence::ALL.map(Confidence::word).join(", ");
        let fault = row.fault("confidence", say!("没有可信度 '{word}'", "there is no confidence '{word}'"));
        faults.push(fault.hint(say!("应为 {names}", "expected one of {names}")));
        Confidence::Unverified
    })
}

/// Errors of factors are correlated between years unless the row says otherwise, those of activity never: IPCC 2006 V1 table 3.2.
fn correlated(row: Row<'_>, faults: &mut Diagnostics) -> bool {
    match row.text("correlated").to_lowercase().as_str() {
        "" | "yes" | "是" => true,
        "no" | "否" => false,
        other => {
            let text = say!("'{other}' 应为 yes、no 或空", "'{other}' should be yes, no or empty");
            faults.push(row.fault("correlated", text));
            true
        }
    }
}

/// Checks low ≤ value ≤ high and year_from ≤ year_to.
fn check_order(
    row: Row<'_>,
    [low, value, high]: [Option<f64>; 3],
    [from, to]: [Option<i32>; 2],
    faults: &mut Diagnostics,
) {
    let above = |a: Option<f64>, b: Option<f64>| a.zip(b).is_some_and(|(a, b)| a > b);
    if above(low, value) {
        faults.push(row.fault("low", say!("下限大于数值", "low is above the value")));
    }
    if above(value, high) {
        faults.push(row.fault("high", say!("上限小于数值", "high is below the value")));
    }
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        faults.push(row.fault("year_to", say!("终止年早于起始年", "year_to is before year_from")));
    }
}
