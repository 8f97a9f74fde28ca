//! Parameter tables, the library's and the study's, into checked parameters.

use super::folder::File;
use super::order;
use super::vocabulary::{Vocabulary, is_library};
use crate::error::Faults;
use crate::parameter::{Confidence, Parameter};
use crate::say;
use crate::schema;
use crate::table::{self, Row};

pub(super) fn read(files: &[File], words: &Vocabulary, faults: &mut Faults) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let wanted = |name: &str| name.strip_prefix("factors/").unwrap_or(name).starts_with("parameters/");
    for file in files.iter().filter(|file| wanted(&file.name)) {
        for table in table::read(&file.name, &file.bytes, &schema::PARAMETERS, faults) {
            let local = !is_library(&table);
            parameters.extend(table.rows().filter_map(|row| parameter(row, words, local, faults)));
        }
    }
    order::parameters(&mut parameters);
    parameters
}

fn parameter(row: Row<'_>, words: &Vocabulary, local: bool, faults: &mut Faults) -> Option<Parameter> {
    let before = faults.0.len();
    let name = row.required("parameter", faults);
    let value = row.required("value", faults).and_then(|_| row.number("value", faults));
    let (low, high) = (row.number("low", faults), row.number("high", faults));
    let (year_from, year_to) = (row.year("year_from", faults), row.year("year_to", faults));
    let unit_text = if row.text("unit").is_empty() { "1" } else { row.text("unit") };
    let unit = words.units.parse(unit_text).map_err(|cause| faults.push(row.fault("unit", cause)));
    let category = Vocabulary::find(&words.categories, row, "category", faults);
    let item = Vocabulary::find(&words.items, row, "item", faults);
    let pollutant = Vocabulary::find(&words.pollutants, row, "pollutant", faults);
    let area = Vocabulary::find(&words.areas, row, "area", faults);
    let confidence = confidence(row, faults);
    let correlated = correlated(row, faults);
    words.check_citation(row, faults);
    check_order(row, (low, value, high), (year_from, year_to), faults);
    if faults.0.len() > before {
        return None;
    }
    let text = |column| row.text(column).to_string();
    Some(Parameter {
        name: name?.to_string(),
        category,
        item,
        technology: text("technology"),
        pollutant,
        area,
        source: text("source"),
        year_from,
        year_to,
        value: value?,
        unit: unit.ok()?,
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

/// A value without a stated confidence counts as unverified.
pub(super) fn confidence(row: Row<'_>, faults: &mut Faults) -> Confidence {
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
fn correlated(row: Row<'_>, faults: &mut Faults) -> bool {
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

fn check_order(
    row: Row<'_>,
    (low, value, high): (Option<f64>, Option<f64>, Option<f64>),
    (from, to): (Option<i32>, Option<i32>),
    faults: &mut Faults,
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
