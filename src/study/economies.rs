//! `economy.csv` and `crosschecks.csv`.

use super::folder::File;
use super::targets::metric;
use super::vocabulary::{Vocabulary, tables};
use crate::economy::{Economy, IndicatorValue, Prices};
use crate::error::{Diagnostic, Diagnostics, Place, Text};
use crate::say;
use crate::schema;
use crate::table::Row;
use crate::target::{Boundary, Crosscheck};
use crate::unit::Dimension;
use std::collections::BTreeMap;

/// Figures of the study's area; those of other areas are read, checked and left aside.
pub(super) fn read(files: &[File], words: &Vocabulary, area: Option<usize>, faults: &mut Diagnostics) -> Economy {
    let mut seen = BTreeMap::new();
    let mut figures = Vec::new();
    for table in tables(files, "economy", &schema::ECONOMY, faults) {
        for row in table.rows() {
            let own = Vocabulary::find(&words.areas, row, "area", faults).is_none_or(|found| Some(found) == area);
            let Some(figure) = figure(row, words, faults).filter(|_| own) else { continue };
            let key = (figure.indicator.clone(), figure.year, figure.prices);
            if let Some(first) = seen.insert(key, figure.place.clone()) {
                let text = say!("该指标该年已在 {first} 给出", "this indicator and year are already given at {first}");
                faults.push(row.fault("indicator", text));
            }
            check_dimension(&figures, &figure, faults);
            figures.push(figure);
        }
    }
    let economy = Economy { figures };
    for name in economy.indicators() {
        let first = economy.figures.iter().find(|figure| figure.indicator == name);
        if let (Some(Err(year)), Some(figure)) = (economy.series(name), first) {
            let text = say!(
                "'{name}' {year} 年前后的价格基期没有共同年份，不能链接",
                "the price bases of '{name}' share no year around {year} and cannot be chained"
            );
            faults.push(Diagnostic::new(Place { column: "price_base".into(), ..figure.place.clone() }, text));
        }
    }
    economy
}

/// One indicator is of one dimension, whatever the units of its rows.
fn check_dimension(before: &[IndicatorValue], figure: &IndicatorValue, faults: &mut Diagnostics) {
    let plain = |figure: &IndicatorValue| Dimension { price_base: None, ..figure.unit.in_expression() };
    let first = before.iter().find(|other| other.indicator == figure.indicator);
    if let Some(first) = first.filter(|first| plain(first) != plain(figure)) {
        let (Text { zh, en }, Text { zh: first_zh, en: first_en }) = (plain(figure).words(), plain(first).words());
        let place = &first.place;
        let text = say!("这里是{zh}，而 {place} 是{first_zh}", "this is {en}, but {place} gives {first_en}");
        faults.push(Diagnostic::new(Place { column: "unit".into(), ..figure.place.clone() }, text));
    }
}

fn figure(row: Row<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<IndicatorValue> {
    let before = faults.0.len();
    row.required("year", faults);
    row.required("value", faults);
    let year = row.year("year", faults);
    let indicator = row.required("indicator", faults);
    let value = row.number("value", faults);
    let unit_text = row.required("unit", faults);
    let unit =
        unit_text.and_then(|text| words.units.parse(text).map_err(|cause| faults.push(row.fault("unit", cause))).ok());
    let written = unit.and_then(|unit| unit.dimension.price_base).map(i32::from);
    let base = row.text("price_base").trim_end_matches(['年', '价']);
    let prices = match (base, base.parse::<i32>()) {
        ("current" | "现" | "现价" | "当", _) => Prices::Current,
        ("", _) => written.map_or(Prices::None, Prices::Constant),
        (_, Ok(year)) if (1800..=2200).contains(&year) => Prices::Constant(year),
        _ => {
            let hint = say!("写基期年份，或 current（现价）", "give a year, or current");
            faults.push(row.fault("price_base", say!("'{base}' 不是价格基期", "'{base}' is no price base")).hint(hint));
            Prices::None
        }
    };
    if unit.is_some_and(|unit| unit.dimension.money != 0) && prices == Prices::None && faults.0.len() == before {
        let text = say!("金额须注明价格基期", "money needs its price base");
        faults.push(
            row.fault("price_base", text).hint(say!("写基期年份，或 current（现价）", "give a year, or current")),
        );
    }
    if faults.0.len() > before {
        return None;
    }
    Some(IndicatorValue {
        year: year?,
        indicator: indicator?.to_string(),
        value: value?,
        unit: unit?,
        prices,
        place: row.place(""),
    })
}

pub(super) fn crosschecks(
    files: &[File],
    words: &Vocabulary,
    economy: &Economy,
    faults: &mut Diagnostics,
) -> Vec<Crosscheck> {
    let tables = tables(files, "crosschecks", &schema::CROSSCHECKS, faults);
    let mut found = Vec::new();
    for row in tables.iter().flat_map(|table| table.rows()) {
        found.extend(crosscheck(row, words, economy, faults));
    }
    found
}

fn crosscheck(row: Row<'_>, words: &Vocabulary, economy: &Economy, faults: &mut Diagnostics) -> Option<Crosscheck> {
    let title = row.required("title", faults);
    let metric =
        row.required("metric", faults).and_then(|name| metric(name, row.place("metric"), words, economy, faults))?;
    row.required("value", faults);
    let (year, value) = (row.year("year", faults), row.number("value", faults));
    let unit_text = row.required("unit", faults)?;
    let unit = words.units.parse(unit_text).map_err(|cause| faults.push(row.fault("unit", cause))).ok()?;
    words.check_citation(row, faults);
    let found = Dimension { price_base: None, ..unit.in_expression() };
    if metric.dimension(economy).is_some_and(|wanted| wanted != found) {
        let (Text { zh, en }, name) = (found.words(), metric.name());
        faults.push(row.fault(
            "unit",
            say!("'{unit_text}' 是{zh}，与 '{name}' 不符", "'{unit_text}' is {en} and does not fit '{name}'"),
        ));
        return None;
    }
    let or = |text: &str, default: &str| if text.is_empty() { default.to_string() } else { text.to_string() };
    let boundary = or(row.text("boundary"), "direct");
    let Some(boundary) = Boundary::parse(&boundary) else {
        faults.push(row.fault(
            "boundary",
            say!("应为 direct、direct+purchased 或 memo", "expected direct, direct+purchased or memo"),
        ));
        return None;
    };
    Some(Crosscheck {
        title: title?.to_string(),
        metric,
        boundary,
        grouping: or(row.text("grouping"), "total"),
        group: or(row.text("group"), "total"),
        year: year?,
        value: value?,
        unit: unit_text.to_string(),
        shown_per_canonical: 1.0 / unit.factor,
        citation: row.required("citation", faults)?.to_string(),
        note: row.text("note").to_string(),
    })
}
