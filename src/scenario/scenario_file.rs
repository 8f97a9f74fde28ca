//! `scenarios.toml`: every scenario as it is written, all faults at once; then what it inherits.

use super::inheritance::{self, Listed};
use super::keys;
use super::path_values::{course, each, number};
use super::{Blend, Conserved, Expectation, GrowthSpec, HISTORY, ParameterSpec, ScenarioSet, ShareSpec, measure_file};
use super::{PathForm, PathSpec, selector::Select};
use crate::economy::Economy;
use crate::error::{Diagnostic, Diagnostics, Place, Result, nearest};
use crate::say;
use crate::study::{File, Study, Vocabulary};
use crate::toml_document::{self, Quantity, Section, TomlEntry, TomlValue};

/// Names at the top of the file that are no scenarios.
pub(super) const CHECK: &str = "check";
/// Section of the inputs that are sampled.
pub const UNCERTAIN: &str = "uncertain";

/// A scenario as it is written, before it inherits.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub code: String,
    pub place: Place,
    pub title: Option<String>,
    pub note: Option<String>,
    pub extends: Option<(String, Place)>,
    pub horizon: Option<i32>,
    /// The key stands there and is no year, which is a fault already.
    pub horizon_unread: bool,
    pub drivers: Vec<(String, PathSpec)>,
    pub growth: Vec<GrowthSpec>,
    pub parameters: Vec<ParameterSpec>,
    pub shares: Vec<ShareSpec>,
    pub uses: Vec<(Listed, Place)>,
    pub blend: Option<Blend>,
}

/// Reads the scenarios and measures of a study; none where it has no `scenarios.toml`.
///
/// # Errors
/// All faults of both files.
pub fn read(study: &Study) -> Result<ScenarioSet> {
    of_files(&study.files, &study.words, &study.economy)
}

/// The same of a study's files, whether or not the rest of it is sound.
///
/// # Errors
/// All faults of both files.
pub fn of_files(files: &[File], words: &Vocabulary, economy: &Economy) -> Result<ScenarioSet> {
    let file = |name: &str| files.iter().find(|file| file.name == name);
    let mut faults = Diagnostics::default();
    let (measures, declared) = match file("measures.toml") {
        Some(file) => measure_file::read(file, words, &mut faults),
        None => (Vec::new(), Vec::new()),
    };
    let Some(scenarios) = file("scenarios.toml") else {
        return faults.into_result(ScenarioSet { measures, ..ScenarioSet::default() });
    };
    let Some(root) = faults.record(toml_document::parse(&scenarios.name, &scenarios.bytes)) else {
        return Err(faults.into_result(()).err().unwrap_or_default());
    };
    let mut drafts = Vec::new();
    let mut expectations = Vec::new();
    if let Some(top) = root.section(&scenarios.name, "") {
        for (code, entry) in top.iter().filter(|(code, _)| *code != UNCERTAIN) {
            let Some(section) = entry.section(&scenarios.name, code) else {
                faults.push(top.fault(code, say!("这里应为一个情景 [名称]", "expected a scenario, [name]")));
                continue;
            };
            match code {
                CHECK => expectations.extend(expectations_of(section, None, &mut faults)),
                HISTORY => {
                    let text =
                        say!("'{code}' 是清单自身年份的名称", "'{code}' is the name of the inventory's own years");
                    faults.push(top.fault(code, text));
                }
                _ => {
                    drafts.push(draft(code, section, words, economy, &mut faults));
                    expectations.extend(scenario_expectations(code, section, &mut faults));
                }
            }
        }
    }
    let scenarios = inheritance::all(&drafts, &measures, &declared, &mut faults);
    faults.into_result(ScenarioSet { scenarios, measures, expectations })
}

fn expectations_of(section: Section<'_>, scenario: Option<&str>, faults: &mut Diagnostics) -> Vec<Expectation> {
    let mut found = Vec::new();
    for (title, entry) in section.iter() {
        match entry.text() {
            Some(text) => found.push(Expectation {
                scenario: scenario.map(str::to_string),
                title: title.to_string(),
                text: text.to_string(),
                place: section.place(title),
            }),
            None => {
                faults.push(section.fault(title, say!("这里应为带引号的表达式", "expected an expression in quotes")))
            }
        }
    }
    found
}

/// Reads one scenario as written, before inheritance.
fn draft(code: &str, section: Section<'_>, words: &Vocabulary, economy: &Economy, faults: &mut Diagnostics) -> Draft {
    section.only(&keys::SCENARIO, faults);
    let mut draft = Draft {
        code: code.to_string(),
        place: Place::line(section.file, section.line, code),
        title: section.text("title", faults).map(str::to_string),
        note: section.text("note", faults).map(str::to_string),
        extends: section.text("extends", faults).map(|parent| (parent.to_string(), section.place("extends"))),
        horizon: section.year("horizon", faults),
        ..Draft::default()
    };
    draft.horizon_unread = draft.horizon.is_none() && section.get("horizon").is_some();
    drivers(section, words, economy, &mut draft, faults);
    each(section, "growth", faults, |entry, faults| {
        draft.growth.extend(growth(entry, words, economy, faults));
    });
    each(section, "parameter", faults, |entry, faults| draft.parameters.extend(parameter(entry, words, faults)));
    each(section, "share", faults, |entry, faults| draft.shares.extend(share(entry, words, faults)));
    uses(section, words, &mut draft, faults);
    blend(section, words, &mut draft, faults);
    draft
}

/// The expectations under `[CODE.check]` of a scenario.
fn scenario_expectations(code: &str, section: Section<'_>, faults: &mut Diagnostics) -> Vec<Expectation> {
    let path = format!("{code}.check");
    let inner = section.get(CHECK).and_then(|entry| entry.section(section.file, &path));
    inner.map(|inner| expectations_of(inner, Some(code), faults)).unwrap_or_default()
}

/// A driver has to be an indicator of `economy.csv`.
fn known_driver(name: &str, place: Place, economy: &Economy, faults: &mut Diagnostics) -> bool {
    let indicators = economy.indicators();
    if indicators.contains(&name) {
        return true;
    }
    let text = say!("economy.csv 中没有指标 '{name}'", "economy.csv has no indicator '{name}'");
    faults.push(Diagnostic::new(place, text).nearest(nearest(name, indicators)));
    false
}

fn drivers(section: Section<'_>, words: &Vocabulary, economy: &Economy, draft: &mut Draft, faults: &mut Diagnostics) {
    let Some(entry) = section.get("driver") else { return };
    let path = format!("{}.driver", section.path);
    let Some(inner) = entry.section(section.file, &path) else {
        let text = say!("应写作 [{path}]", "write it as [{path}]");
        faults.push(section.fault("driver", text));
        return;
    };
    for (name, _) in inner.iter() {
        if known_driver(name, inner.place(name), economy, faults) {
            draft.drivers.extend(course(inner, name, &words.units, faults).map(|course| (name.to_string(), course)));
        }
    }
}

fn growth(section: Section<'_>, words: &Vocabulary, economy: &Economy, faults: &mut Diagnostics) -> Option<GrowthSpec> {
    section.only(&keys::GROWTH, faults);
    let select = Select::read(section, words, faults);
    let driver = section.text("driver", faults).map(|name| (name.to_string(), section.place("driver")));
    let driver = driver.filter(|(name, place)| known_driver(name, place.clone(), economy, faults));
    let elasticity = number(section, "elasticity", &words.units, faults).unwrap_or(1.0);
    let intensity = course(section, "intensity", &words.units, faults);
    let value = course(section, "value", &words.units, faults);
    for key in ["driver", "elasticity", "intensity"] {
        if section.get("value").is_some() && section.get(key).is_some() {
            let text = say!(
                "value 取代整个增长，不能再写 {key}",
                "value replaces the whole growth; {key} cannot stand beside it"
            );
            faults.push(section.fault(key, text));
        }
    }
    no_pollutant(&select, faults);
    let place = Place::line(section.file, section.line, section.path);
    Some(GrowthSpec { select: select?, place, driver, elasticity, intensity, value })
}

/// Activities have no pollutant; only parameters do.
pub(super) fn no_pollutant(select: &Option<Select>, faults: &mut Diagnostics) {
    if let Some(select) = select.as_ref().filter(|select| select.pollutant.is_some()) {
        let text =
            say!("活动水平没有污染物，select 不能含 pollutant", "an activity has no pollutant; leave it out of select");
        let column = format!("{}.pollutant", select.place.column);
        faults.push(Diagnostic::new(Place { column, ..select.place.clone() }, text));
    }
}

fn parameter(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<ParameterSpec> {
    section.only(&keys::PARAMETER, faults);
    let select = Select::read(section, words, faults);
    let name = section.required_text("parameter", faults);
    if section.get("value").is_none() {
        faults.push(section.fault("value", say!("缺少此键", "this key is missing")));
    }
    let value = course(section, "value", &words.units, faults);
    let outside = |quantity: &Quantity| words.out_of_bounds(name?, quantity.value, quantity.unit, &quantity.unit_text);
    match value.as_ref().map(|course| &course.form) {
        Some(PathForm::Constant(quantity)) => {
            faults.0.extend(outside(quantity).map(|text| section.fault("value", text)))
        }
        Some(PathForm::Points(points)) => {
            let found = points.values().filter_map(outside);
            faults.0.extend(found.map(|text| section.fault("value", text)));
        }
        _ => {}
    }
    let place = Place::line(section.file, section.line, section.path);
    Some(ParameterSpec { select: select?, place, name: name?.to_string(), value: value? })
}

fn share(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<ShareSpec> {
    section.only(&keys::SHARE, faults);
    let select = Select::read(section, words, faults);
    no_pollutant(&select, faults);
    let item = |section: Section<'_>, key: &str, text: &str, faults: &mut Diagnostics| match words.items.find(text) {
        Ok(index) => Some(index),
        Err(cause) => {
            faults.push(section.fault(key, cause).nearest(words.items.nearest(text)));
            None
        }
    };
    let mut remainder = section
        .text("remainder", faults)
        .and_then(|text| Some((item(section, "remainder", text, faults)?, section.place("remainder"))));
    let mut shares = Vec::new();
    let path = format!("{}.share", section.path);
    match section.get("share").and_then(|entry| entry.section(section.file, &path)) {
        None => {
            let text = say!("应为 share = {{ 项目 = 路径 }}", "expected share = {{ item = path }}");
            faults.push(section.fault("share", text));
        }
        Some(inner) => {
            for (key, entry) in inner.iter() {
                let index = item(inner, key, key, faults);
                if entry.text().is_some_and(|text| text.to_lowercase().starts_with("remainder")) {
                    remainder = index.map(|index| (index, inner.place(key)));
                } else if let Some(course) = course(inner, key, &words.units, faults) {
                    shares.extend(index.map(|index| (index, course)));
                }
            }
        }
    }
    let twice =
        shares.iter().find(|(index, _): &&(usize, PathSpec)| remainder.as_ref().is_some_and(|(rest, _)| rest == index));
    if let Some((index, _)) = twice {
        let name = words.items.code(*index);
        let text = say!("'{name}' 既有份额又是余项", "'{name}' has a share and is the remainder too");
        faults.push(section.fault("remainder", text));
    }
    let by = by(section, faults);
    let place = Place::line(section.file, section.line, section.path);
    Some(ShareSpec { select: select?, place, shares, remainder, by })
}

pub(super) fn by(section: Section<'_>, faults: &mut Diagnostics) -> Conserved {
    match section.text("by", faults) {
        None | Some("energy") => Conserved::Energy,
        Some("amount") => Conserved::Amount,
        Some(other) => {
            let text = say!("'{other}' 应为 energy 或 amount", "'{other}' should be energy or amount");
            faults.push(section.fault("by", text));
            Conserved::Energy
        }
    }
}

/// `use = ["a", "+b", "-c", { measure = "d", level = 1.0, start = 2024 }]`, in order.
fn uses(section: Section<'_>, words: &Vocabulary, draft: &mut Draft, faults: &mut Diagnostics) {
    let Some(entry) = section.get("use") else { return };
    let TomlValue::List(list) = &entry.value else {
        let text = say!("应为列表，如 [\"+a\", \"-b\"]", "expected a list such as [\"+a\", \"-b\"]");
        faults.push(section.fault("use", text));
        return;
    };
    for item in list {
        let place = Place { line: Some(item.line), ..section.place("use") };
        draft.uses.extend(listed(section, item, words, faults).map(|listed| (listed, place)));
    }
}

fn listed(section: Section<'_>, item: &TomlEntry, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Listed> {
    if let Some(text) = item.text() {
        return Some(match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(name), _) => Listed::Add(name.to_string()),
            (_, Some(name)) => Listed::Remove(name.to_string()),
            _ => Listed::Add(text.to_string()),
        });
    }
    let path = format!("{}.use", section.path);
    let Some(inner) = item.section(section.file, &path) else {
        let text = say!("应为措施名或 {{ measure = … }}", "expected a measure's name or {{ measure = … }}");
        faults.push(section.fault("use", text));
        return None;
    };
    inner.only(&keys::USE, faults);
    let name = inner.required_text("measure", faults)?.to_string();
    let level = number(inner, "level", &words.units, faults);
    if level.is_some_and(|level| !(0.0..=1.0).contains(&level)) {
        faults.push(inner.fault("level", say!("力度应在 0 与 1 之间", "a level lies between 0 and 1")));
    }
    Some(Listed::Change { name, level, start: inner.year("start", faults) })
}

fn blend(section: Section<'_>, words: &Vocabulary, draft: &mut Draft, faults: &mut Diagnostics) {
    let path = format!("{}.blend", section.path);
    let Some(entry) = section.get("blend") else { return };
    let Some(inner) = entry.section(section.file, &path) else {
        let text = say!("应为 {{ from, to, at }}", "expected {{ from, to, at }}");
        faults.push(section.fault("blend", text));
        return;
    };
    inner.only(&keys::BLEND, faults);
    let (from, to) = (inner.required_text("from", faults), inner.required_text("to", faults));
    let at = number(inner, "at", &words.units, faults);
    if at.is_none_or(|at| !(0.0..=1.0).contains(&at)) {
        faults.push(inner.fault("at", say!("应在 0 与 1 之间", "it should lie between 0 and 1")));
    }
    for key in ["extends", "driver", "growth", "parameter", "share", "use"] {
        if section.get(key).is_some() {
            let text = say!("blend 单独成立，不能再写 {key}", "a blend stands alone; {key} cannot stand beside it");
            faults.push(section.fault(key, text));
        }
    }
    if let (Some(from), Some(to), Some(at)) = (from, to, at) {
        draft.blend = Some(Blend { from: from.into(), to: to.into(), at, place: section.place("blend") });
    }
}
