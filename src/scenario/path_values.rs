//! The values of scenario files: paths, rates per period, years.

use super::{ParentAdjustment, PathForm, PathSpec, keys};
use crate::error::{Diagnostic, Diagnostics, Text};
use crate::path::{After, Interpolation, leap_expression};
use crate::say;
use crate::toml_document::{Quantity, Section, ShareKind, TomlEntry, TomlValue};
use crate::unit::{Dimension, Units};
use std::collections::BTreeMap;

/// A path: a number, an expression of LEAP, or a table of rates, points or a change to the parent's.
pub(super) fn course(section: Section<'_>, key: &str, units: &Units, faults: &mut Diagnostics) -> Option<PathSpec> {
    let entry = section.get(key)?;
    let place = section.place(key);
    let dotted = if section.path.is_empty() { key.to_string() } else { format!("{}.{key}", section.path) };
    let mut course =
        PathSpec { place, form: PathForm::Parent, interpolation: None, after: None, relations: Vec::new() };
    let Some(inner) = entry.section(section.file, &dotted) else {
        return plain(entry, course, units).map_err(|text| faults.push(section.fault(key, text))).ok();
    };
    inner.only(&keys::PATH, faults);
    course.interpolation = word(inner, "interp", Interpolation::parse, &Interpolation::WORDS, faults);
    course.after = word(inner, "after", After::parse, &["hold", "error"], faults);
    match (inner.get("rate"), inner.get("points")) {
        (Some(_), Some(_)) => {
            let text = say!("rate 与 points 只能写一种", "it has both rate and points; write one of them");
            faults.push(inner.fault("points", text));
            return None;
        }
        (Some(entry), None) => {
            let written = rates(inner, entry, units, faults)?;
            if course.interpolation == Some(Interpolation::Exponential) {
                let text = say!(
                    "增长率可为零或负，不能用 exponential；应为 linear、smooth 或 step",
                    "rates may be zero or negative, so not exponential; expected linear, smooth or step"
                );
                faults.push(inner.fault("interp", text));
                return None;
            }
            course.form = PathForm::Rates(course.interpolation.map_or(written.clone(), |by| by.filled(&written)));
        }
        (None, Some(entry)) => course.form = PathForm::Points(points(inner, entry, units, faults)?),
        (None, None) => {}
    }
    relations(inner, &mut course, units, faults);
    if matches!(course.form, PathForm::Parent) && inner.get("shift").or(inner.get("scale")).is_none() {
        let text = say!("应有 rate、points、shift 或 scale", "expected rate, points, shift or scale");
        faults.push(section.fault(key, text));
        return None;
    }
    Some(course)
}

/// Reads `shift` and `scale`, which adjust the path inherited from the parent; they exclude a path of one's own.
fn relations(section: Section<'_>, course: &mut PathSpec, units: &Units, faults: &mut Diagnostics) {
    for key in ["shift", "scale"].into_iter().filter(|key| section.get(key).is_some()) {
        if !matches!(course.form, PathForm::Parent) {
            let text = say!(
                "{key} 改变上级情景的路径，不能与 rate 或 points 同写",
                "{key} changes the parent's path; it cannot stand beside rate or points"
            );
            faults.push(section.fault(key, text));
        } else if key == "scale" {
            course.relations.extend(share(section, key, ShareKind::Factor, units, faults).map(ParentAdjustment::Scale));
        } else if let Some(entry) = section.get(key) {
            let shift = entry.quantity(units).map_err(|text| faults.push(section.fault(key, text)));
            course.relations.extend(shift.ok().map(ParentAdjustment::Shift));
        }
    }
}

/// A bare number, or a text that is a number with its unit or one of LEAP's functions.
fn plain(entry: &TomlEntry, course: PathSpec, units: &Units) -> Result<PathSpec, Text> {
    match entry.text().and_then(leap_expression::read) {
        None => Ok(PathSpec { form: PathForm::Constant(entry.quantity(units)?), ..course }),
        Some(Err(text)) => Err(text),
        Some(Ok(leap_expression::LeapExpression::Growth(rate))) => {
            let every = (1800..=2200).map(|year| (year, rate)).collect();
            Ok(PathSpec { form: PathForm::Rates(every), ..course })
        }
        Some(Ok(leap_expression::LeapExpression::Points(points, interpolation))) => {
            let quantity = |text: &str| TomlEntry { line: 0, value: TomlValue::Text(text.to_string()) }.quantity(units);
            let points = points.into_iter().map(|(year, text)| Ok((year, quantity(&text)?)));
            let form = PathForm::Points(points.collect::<Result<_, Text>>()?);
            Ok(PathSpec { form, interpolation: Some(interpolation), after: Some(After::Hold), ..course })
        }
    }
}

fn word<T>(
    section: Section<'_>,
    key: &str,
    parse: impl Fn(&str) -> Option<T>,
    words: &[&str],
    faults: &mut Diagnostics,
) -> Option<T> {
    let text = section.text(key, faults)?;
    let found = parse(text);
    if found.is_none() {
        let names = words.join(", ");
        let fault = section.fault(key, say!("不认识 '{text}'", "'{text}' is not known"));
        faults.push(fault.hint(say!("应为 {names}", "expected one of {names}")));
    }
    found
}

fn rates(
    section: Section<'_>,
    entry: &TomlEntry,
    units: &Units,
    faults: &mut Diagnostics,
) -> Option<BTreeMap<i32, f64>> {
    let path = format!("{}.rate", section.path);
    let Some(inner) = entry.section(section.file, &path) else {
        let text = say!("应为 {{ \"2026-2030\" = \"5%\" }}", "expected {{ \"2026-2030\" = \"5%\" }}");
        faults.push(section.fault("rate", text));
        return None;
    };
    let mut rates: BTreeMap<i32, f64> = BTreeMap::new();
    let mut periods: BTreeMap<i32, &str> = BTreeMap::new();
    for (key, entry) in inner.iter() {
        let Some((from, to)) = period(key) else {
            let text =
                say!("应为规划期，如 \"2026-2030\" 或 \"2026\"", "expected a period such as \"2026-2030\" or \"2026\"");
            faults.push(inner.fault(key, text));
            continue;
        };
        let found = match entry.quantity(units) {
            Ok(quantity) => rate(&quantity).map_err(|text| faults.push(inner.fault(key, text))).ok(),
            Err(text) => {
                faults.push(inner.fault(key, text));
                None
            }
        };
        let overlap = (from..=to).find_map(|year| periods.get(&year).map(|other| (year, *other)));
        if let Some((year, other)) = overlap {
            let text = say!(
                "{year} 年同时属于 '{other}' 与 '{key}'",
                "{year} is in the periods '{other}' and '{key}'; a year belongs to one period only"
            );
            faults.push(inner.fault(key, text));
            continue;
        }
        periods.extend((from..=to).map(|year| (year, key)));
        rates.extend(found.into_iter().flat_map(|rate| (from..=to).map(move |year| (year, rate))));
    }
    Some(rates)
}

fn pure(quantity: &Quantity) -> Result<f64, Text> {
    let unit = &quantity.unit_text;
    match quantity.unit.in_expression() {
        Dimension::PURE => Ok(quantity.canonical()),
        _ => Err(say!("增长率须为无量纲数，而不是 '{unit}'", "a rate is a pure number such as 5%, not in '{unit}'")),
    }
}

fn rate(quantity: &Quantity) -> Result<f64, Text> {
    pure(quantity).and_then(|_| quantity.share(ShareKind::Change))
}

/// `2026-2030` or a single year; both ends belong to it.
pub(super) fn period(text: &str) -> Option<(i32, i32)> {
    let (from, to) = text.split_once(['-', '–', '—', '~', '～']).unwrap_or((text, text));
    let year = |text: &str| text.trim().parse::<i32>().ok().filter(|year| (1800..=2200).contains(year));
    let (from, to) = (year(from)?, year(to)?);
    (from <= to).then_some((from, to))
}

fn points(
    section: Section<'_>,
    entry: &TomlEntry,
    units: &Units,
    faults: &mut Diagnostics,
) -> Option<BTreeMap<i32, Quantity>> {
    let path = format!("{}.points", section.path);
    let Some(inner) = entry.section(section.file, &path) else {
        let text = say!("应为 {{ 2030 = \"0.42 t/MWh\" }}", "expected {{ 2030 = \"0.42 t/MWh\" }}");
        faults.push(section.fault("points", text));
        return None;
    };
    let mut points = BTreeMap::new();
    for (key, entry) in inner.iter() {
        let year = period(key).filter(|(from, to)| from == to).map(|(year, _)| year);
        match (year, entry.quantity(units)) {
            (Some(year), Ok(quantity)) => _ = points.insert(year, quantity),
            (None, _) => faults.push(inner.fault(key, say!("这里应为年份，如 2030", "expected a year such as 2030"))),
            (_, Err(text)) => faults.push(inner.fault(key, text)),
        }
    }
    if points.is_empty() && inner.iter().next().is_none() {
        faults.push(section.fault("points", say!("没有任何点", "it has no point")));
    }
    Some(points)
}

/// A bare number or a text with `%`, as a pure number.
pub(super) fn number(section: Section<'_>, key: &str, units: &Units, faults: &mut Diagnostics) -> Option<f64> {
    let entry = section.get(key)?;
    let found = match entry.value {
        TomlValue::Table(_) => Err(say!(
            "这里应为一个纯数，如 0.9，不能写路径",
            "a pure number such as 0.9 is expected here; a path is not read"
        )),
        _ => entry.quantity(units).and_then(|quantity| pure(&quantity)),
    };
    found.map_err(|text: Text| faults.push(section.fault(key, text))).ok()
}

/// The same of a share; a number that lacks its per cent sign is a fault.
pub(super) fn share(
    section: Section<'_>,
    key: &str,
    kind: ShareKind,
    units: &Units,
    faults: &mut Diagnostics,
) -> Option<f64> {
    let entry = section.get(key)?;
    let found = entry.quantity(units).and_then(|quantity| pure(&quantity).and_then(|_| quantity.share(kind)));
    found.map_err(|text: Text| faults.push(section.fault(key, text))).ok()
}

/// The tables of an array of tables, `[[base.growth]]`.
pub(super) fn each<'a>(
    section: Section<'a>,
    key: &str,
    faults: &mut Diagnostics,
    mut take: impl FnMut(Section<'_>, &mut Diagnostics),
) {
    let Some(entry) = section.get(key) else { return };
    let path = format!("{}.{key}", section.path);
    let TomlValue::List(list) = &entry.value else {
        let text = say!("应写作 [[{path}]]", "write it as [[{path}]]");
        faults.push(section.fault(key, text));
        return;
    };
    for item in list {
        match item.section(section.file, &path) {
            Some(inner) => take(inner, faults),
            None => {
                faults.push(Diagnostic::new(section.place(key), say!("应写作 [[{path}]]", "write it as [[{path}]]")))
            }
        }
    }
}
