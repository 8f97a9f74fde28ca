//! Default ranges (`uncertainty.csv`) and the levels of the key category analysis (`key_categories.csv`), the library's and
//! the study's.

use super::folder::File;
use super::parameters::confidence;
use super::vocabulary::{Vocabulary, is_library, tables};
use crate::activity::QUALITIES;
use crate::category::Levels;
use crate::error::{Diagnostics, Place};
use crate::parameter::Parameter;
use crate::range::{DefaultRange, RangeLimits, RangeSubject, Ranges};
use crate::say;
use crate::schema;
use crate::table::Row;
use std::collections::BTreeMap;

/// The columns that tell rows apart.
const KEYS: [&str; 8] = ["parameter", "grade", "quality", "category", "item", "kind", "pollutant", "set"];

pub(super) fn read(files: &[File], words: &Vocabulary, parameters: &[Parameter], faults: &mut Diagnostics) -> Ranges {
    let mut ranges = Vec::new();
    let mut seen: BTreeMap<(bool, Vec<String>), Place> = BTreeMap::new();
    for table in tables(files, "uncertainty", &schema::UNCERTAINTY, faults) {
        let local = !is_library(&table);
        for row in table.rows() {
            let key = (local, KEYS.map(|column| row.text(column).to_string()).to_vec());
            if let Some(first) = seen.get(&key) {
                faults.push(row.fault("what", say!("与 {first} 的键相同", "has the key of {first}")));
                continue;
            }
            seen.insert(key, row.place(""));
            ranges.extend(default_range(row, words, local, faults));
        }
    }
    check_grades(parameters, &ranges, faults);
    Ranges(ranges)
}

fn default_range(row: Row<'_>, words: &Vocabulary, local: bool, faults: &mut Diagnostics) -> Option<DefaultRange> {
    let before = faults.0.len();
    let what = row.required("what", faults)?;
    let Some(subject) = RangeSubject::parse(what) else {
        let names = RangeSubject::ALL.map(RangeSubject::word).join(", ");
        let fault = row.fault("what", say!("没有这种对象 '{what}'", "there is no such subject '{what}'"));
        faults.push(fault.hint(say!("应为 {names}", "expected one of {names}")));
        return None;
    };
    let name = row.required(subject.keys().0, faults);
    check_keys(row, subject, faults);
    let category = Vocabulary::find(&words.categories, row, "category", faults);
    let item = Vocabulary::find(&words.items, row, "item", faults);
    let pollutant = Vocabulary::find(&words.pollutants, row, "pollutant", faults);
    let (down, up) = (share(row, "low_pct", faults), share(row, "high_pct", faults));
    words.check_citation(row, faults);
    confidence(row, faults);
    if faults.0.len() > before {
        return None;
    }
    Some(DefaultRange {
        subject,
        name: name?.to_string(),
        category: category.map_or("", |index| words.categories.code(index)).to_string(),
        item,
        kind: row.text("kind").to_string(),
        pollutant,
        set: row.text("set").to_string(),
        share: RangeLimits { down: down?, up: up? },
        place: row.place(""),
        local,
    })
}

/// A key that the subject does not look at would narrow nothing down.
fn check_keys(row: Row<'_>, subject: RangeSubject, faults: &mut Diagnostics) {
    let (own, others) = subject.keys();
    let what = subject.word();
    let idle = KEYS.into_iter().filter(|key| *key != own && !others.contains(key) && !row.text(key).is_empty());
    for key in idle {
        faults.push(row.fault(key, say!("'{what}' 行不用此列", "a row of '{what}' has no use for this column")));
    }
    let quality = row.text("quality");
    if subject == RangeSubject::Activity && !quality.is_empty() && !QUALITIES.contains(&quality) {
        let names = QUALITIES.join(", ");
        let fault = row.fault("quality", say!("没有数据质量 '{quality}'", "there is no quality '{quality}'"));
        faults.push(fault.hint(say!("应为 {names}", "expected one of {names}")));
    }
}

/// A percentage that is not negative, as a share.
fn share(row: Row<'_>, column: &str, faults: &mut Diagnostics) -> Option<f64> {
    row.required(column, faults)?;
    let value = row.number(column, faults)?;
    if value < 0.0 {
        faults.push(row.fault(column, say!("不确定度不能为负", "the uncertainty is negative")));
        return None;
    }
    Some(value / 100.0)
}

/// A grade means something only if some row says how wide it is.
fn check_grades(parameters: &[Parameter], ranges: &[DefaultRange], faults: &mut Diagnostics) {
    let known = |grade: &str| ranges.iter().any(|row| row.subject == RangeSubject::Grade && row.name == grade);
    for parameter in parameters.iter().filter(|parameter| !parameter.grade.is_empty() && !known(&parameter.grade)) {
        let grade = &parameter.grade;
        let place = Place { column: "grade".into(), ..parameter.place.clone() };
        let text =
            say!("uncertainty.csv 中没有质量等级 '{grade}'", "uncertainty.csv has no row of the grade '{grade}'");
        faults.push(crate::error::Diagnostic::new(place, text));
    }
}

/// The categories at which key categories are looked for; a study's row comes before the library's.
pub(super) fn levels(files: &[File], words: &Vocabulary, faults: &mut Diagnostics) -> Levels {
    let mut levels = Levels::default();
    for table in tables(files, "key_categories", &schema::KEY_CATEGORIES, faults) {
        for row in table.rows() {
            row.required("category", faults);
            let category = Vocabulary::find(&words.categories, row, "category", faults);
            let by_fuel = match row.text("by_fuel").to_lowercase().as_str() {
                "" | "no" | "否" => false,
                "yes" | "是" => true,
                other => {
                    let text = say!("'{other}' 应为 yes 或空", "'{other}' should be yes or empty");
                    faults.push(row.fault("by_fuel", text));
                    false
                }
            };
            words.check_citation(row, faults);
            levels.0.extend(category.map(|index| (index, by_fuel)));
        }
    }
    levels
}
