//! `targets.toml`.

use super::folder::File;
use super::vocabulary::Vocabulary;
use crate::code::Coded;
use crate::economy::{Economy, IndicatorSeries, Prices};
use crate::error::{Diagnostic, Diagnostics, Place, Text, nearest};
use crate::say;
use crate::target::{
    Boundary, ENERGY, ENERGY_CO2, GHG, Goal, Metric, NON_FOSSIL_SHARE, PROJECTS, RequiredValue, Target,
};
use crate::toml_document::{self, Quantity, Section, ShareKind};
use crate::unit::Dimension;

/// Keys of a target.
pub const KEYS: [&str; 14] = [
    "title",
    "metric",
    "boundary",
    "base",
    "year",
    "cut",
    "cap",
    "floor",
    "allotted",
    "source",
    "peak_by",
    "plateau",
    "probability",
    "note",
];

pub(super) fn read(file: &File, words: &Vocabulary, economy: &Economy, faults: &mut Diagnostics) -> Vec<Target> {
    let (file, bytes) = (file.name.as_str(), &file.bytes);
    let Some(root) = faults.record(toml_document::parse(file, bytes)) else { return Vec::new() };
    let Some(top) = root.section(file, "") else { return Vec::new() };
    let mut targets = Vec::new();
    for (code, entry) in top.iter() {
        match entry.section(file, code) {
            Some(section) => targets.extend(target(code, section, words, economy, faults)),
            None => faults.push(top.fault(code, say!("这里应为一个目标 [名称]", "expected a target, [name]"))),
        }
    }
    targets
}

/// Notices of target levels per unit of money without a price base: with other prices the level would be another.
pub(super) fn unpriced(targets: &[Target], words: &Vocabulary, economy: &Economy) -> Vec<Text> {
    let notice = |target: &Target| {
        let (Goal::Cap(level) | Goal::Floor(level)) = &target.goal else { return None };
        let (Metric::Per(_, name) | Metric::Economy(name)) = &target.metric else { return None };
        let dimension = words.units.parse(&level.unit).ok()?.in_expression();
        let Some(Ok(IndicatorSeries { prices: Prices::Constant(base), .. })) = economy.series(name) else {
            return None;
        };
        if dimension.money == 0 || dimension.price_base.is_some() {
            return None;
        }
        let (code, unit) = (&target.code, &level.unit);
        Some(say!(
            "targets.toml，{code}：'{unit}' 没有写价格基期，按 {name} 的 {base} 年价理解；写成 '{unit}@{base}' 即可",
            "targets.toml, {code}: '{unit}' says no price base and is taken at the prices of {base}, those of {name}; write '{unit}@{base}'"
        ))
    };
    targets.iter().filter_map(notice).collect()
}

/// A metric by its name, or a fault with the nearest name.
pub(super) fn metric(
    name: &str,
    place: Place,
    words: &Vocabulary,
    economy: &Economy,
    faults: &mut Diagnostics,
) -> Option<Metric> {
    let found = Metric::parse(name, &words.pollutants, economy);
    if found.is_none() {
        let indicators = economy.indicators();
        let plain = [GHG, ENERGY, ENERGY_CO2, NON_FOSSIL_SHARE, "CO2"];
        let per = plain[..3]
            .iter()
            .chain(&plain[4..])
            .flat_map(|over| indicators.iter().map(move |per| format!("{over} per {per}")));
        let codes = words.pollutants.iter().map(|(_, pollutant)| pollutant.code().to_string());
        let projects = words.counted.iter().map(|&index| format!("{PROJECTS}{}", words.pollutants.code(index)));
        let single = plain.iter().chain(&indicators).map(|name| name.to_string());
        let known: Vec<String> = per.chain(single).chain(codes).chain(projects).collect();
        let text = say!("没有指标 '{name}'", "there is no metric '{name}'");
        faults.push(Diagnostic::new(place, text).nearest(nearest(name, known.iter().map(String::as_str))));
    }
    found
}

fn target(
    code: &str,
    section: Section<'_>,
    words: &Vocabulary,
    economy: &Economy,
    faults: &mut Diagnostics,
) -> Option<Target> {
    section.only(&KEYS, faults);
    let metric = section
        .required_text("metric", faults)
        .and_then(|name| metric(name, section.place("metric"), words, economy, faults));
    let boundary = boundary(section, faults);
    let mut share = |key, kind| {
        let found = quantity(section, key, words, faults)?.share(kind);
        found.map_err(|text| faults.push(section.fault(key, text))).ok()
    };
    let (plateau, probability) = (share("plateau", ShareKind::Change), share("probability", ShareKind::Part));
    let dimension = metric.as_ref().and_then(|metric| metric.dimension(economy));
    let goal = goal(section, words, dimension, faults);
    if let (Some(Metric::Projects(code)), Some(goal)) = (&metric, &goal) {
        check_register(section, code, goal, words, faults);
    }
    let year = match &goal {
        Some(Goal::PeakBy { year }) => Some(*year),
        _ => {
            if section.get("year").is_none() {
                faults.push(section.fault("year", say!("缺少此键", "this key is missing")));
            }
            section.year("year", faults)
        }
    };
    let text = |key: &str, faults: &mut Diagnostics| section.text(key, faults).unwrap_or("").to_string();
    Some(Target {
        code: code.to_string(),
        title: text("title", faults),
        metric: metric?,
        boundary: boundary?,
        year: year?,
        goal: goal?,
        plateau,
        probability,
        source: text("source", faults),
    })
}

fn boundary(section: Section<'_>, faults: &mut Diagnostics) -> Option<Boundary> {
    match section.text("boundary", faults) {
        None => Some(Boundary::Direct),
        // Memo items are in no total and cannot be a target.
        Some(word) => Boundary::parse(word).filter(|boundary| *boundary != Boundary::Memo).or_else(|| {
            faults.push(
                section
                    .fault("boundary", say!("应为 direct 或 direct+purchased", "expected direct or direct+purchased")),
            );
            None
        }),
    }
}

/// A target for reduction projects is a mass to be reached, and only for the pollutants that count.
fn check_register(section: Section<'_>, code: &str, goal: &Goal, words: &Vocabulary, faults: &mut Diagnostics) {
    let counted: Vec<&str> = words.counted.iter().map(|&index| words.pollutants.code(index)).collect();
    if !counted.contains(&code) {
        let text = say!("{code} 的项目减排量不纳入考核", "projects that cut {code} do not count for targets");
        let names = counted.join(", ");
        faults.push(section.fault("metric", text).hint(say!("纳入考核的：{names}", "what counts: {names}")));
    }
    let unfit = match goal {
        Goal::Floor(_) | Goal::Allotted { .. } => return,
        Goal::Cut { .. } => "cut",
        Goal::Cap(_) => "cap",
        Goal::PeakBy { .. } => "peak_by",
    };
    let text = say!("项目减排量的目标是下达的吨数", "projects are judged by the tonnes that were allotted");
    let hint = say!(
        "写 floor = \"245 t\"；没有数值时写 allotted",
        "write floor = \"245 t\", or allotted where there is no number"
    );
    faults.push(section.fault(unfit, text).hint(hint));
}

/// Exactly one of cut, cap, floor, peak_by; or allotted without any of them.
fn goal(
    section: Section<'_>,
    words: &Vocabulary,
    dimension: Option<Dimension>,
    faults: &mut Diagnostics,
) -> Option<Goal> {
    let kinds = ["cut", "cap", "floor", "peak_by"].into_iter().filter(|key| section.get(key).is_some());
    let kinds: Vec<&str> = kinds.collect();
    match kinds.as_slice() {
        [] => match section.text("allotted", faults) {
            Some(by) => Some(Goal::Allotted { by: by.to_string() }),
            None => {
                let text = say!(
                    "目标缺少 cut、cap、floor、peak_by 或 allotted",
                    "the target has none of cut, cap, floor, peak_by, allotted"
                );
                faults.push(section.fault("cut", text));
                None
            }
        },
        ["cut"] => {
            let base = section.year("base", faults);
            if section.get("base").is_none() {
                faults.push(section.fault("base", say!("缺少基年", "the base year is missing")));
            }
            let level = level(section, "cut", words, Some(Dimension::PURE), faults)?;
            Some(Goal::Cut { base: base?, share: level.canonical })
        }
        ["cap"] => level(section, "cap", words, dimension, faults).map(Goal::Cap),
        ["floor"] => level(section, "floor", words, dimension, faults).map(Goal::Floor),
        ["peak_by"] => section.year("peak_by", faults).map(|year| Goal::PeakBy { year }),
        [_, second, ..] => {
            faults.push(section.fault(second, say!("一个目标只能有一种要求", "a target has one requirement only")));
            None
        }
        [_] => None,
    }
}

/// A required value of the metric's dimension.
fn level(
    section: Section<'_>,
    key: &str,
    words: &Vocabulary,
    dimension: Option<Dimension>,
    faults: &mut Diagnostics,
) -> Option<RequiredValue> {
    let quantity = quantity(section, key, words, faults)?;
    let (text, unit) = (quantity.unit_text.clone(), quantity.unit);
    let found = Dimension { price_base: None, ..unit.in_expression() };
    if let Some(wanted) = dimension.filter(|wanted| *wanted != found) {
        let (Text { zh: wanted_zh, en: wanted_en }, Text { zh, en }) = (wanted.words(), found.words());
        let text = say!("'{text}' 是{zh}，而此指标是{wanted_zh}", "'{text}' is {en}, but the metric is {wanted_en}");
        faults.push(section.fault(key, text));
        return None;
    }
    let canonical = match (found, key) {
        (Dimension::PURE, "cut") => quantity.share(ShareKind::Change),
        (Dimension::PURE, _) => quantity.share(ShareKind::Part),
        _ => Ok(quantity.canonical()),
    };
    let canonical = canonical.map_err(|text| faults.push(section.fault(key, text))).ok()?;
    Some(match found {
        Dimension::MASS => RequiredValue { canonical, unit: "t".into(), shown_per_canonical: 1.0 },
        Dimension::PURE => RequiredValue { canonical, unit: "1".into(), shown_per_canonical: 1.0 },
        // As in indicators.csv.
        Dimension::ENERGY => {
            let tce = words.units.parse("tce").map_err(|cause| faults.push(section.fault(key, cause))).ok()?;
            RequiredValue { canonical, unit: "tce".into(), shown_per_canonical: 1.0 / tce.factor }
        }
        _ => RequiredValue { canonical, unit: text, shown_per_canonical: 1.0 / unit.factor },
    })
}

/// `"18%"`, `"12 万t"` or a bare number.
fn quantity(section: Section<'_>, key: &str, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Quantity> {
    let found = section.get(key)?.quantity(&words.units);
    found.map_err(|cause| faults.push(section.fault(key, cause))).ok()
}
