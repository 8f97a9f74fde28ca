//! `[uncertain]` of `scenarios.toml`: what is drawn, and how it is spread.

use super::distribution::{Distribution, KINDS};
use crate::error::{Diagnostic, Diagnostics, Place, Result, Text, nearest};
use crate::say;
use crate::scenario::{ScenarioSet, Select, UNCERTAIN};
use crate::study::Study;
use crate::toml_document::{self, Quantity, Section, ShareKind, TomlEntry, TomlValue};

/// What a draw acts on.
#[derive(Debug, Clone)]
pub enum DrawSubject {
    /// Added to the yearly growth rates of a driver.
    Rate(DrawnDriver),
    /// Factor on the change of a driver.
    Change(DrawnDriver),
    /// Factor on the level of a measure; index into [`ScenarioSet::measures`].
    Level(usize),
    /// Factor on the parameters of a name that the selected rows use.
    Parameter { select: Box<Select>, name: String },
}

/// A driver, and the first year that is drawn: those before are known. All after the anchor where it is not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnDriver {
    pub driver: String,
    pub from: Option<i32>,
}

/// One line of the table.
#[derive(Debug, Clone)]
pub struct UncertainEntry {
    /// What streams are keyed by; it does not change with its place in the file.
    pub name: String,
    pub place: Place,
    pub subject: DrawSubject,
    pub spread: Distribution,
}

/// The whole table.
#[derive(Debug, Clone, Default)]
pub struct Uncertain {
    pub entries: Vec<UncertainEntry>,
    /// Whether the ranges of the factor library are drawn too; `None` where the file does not say.
    pub parameters: Option<bool>,
    /// Whether the ranges of activity are.
    pub activity: Option<bool>,
}

const PARAMETER: &str = "parameter";

/// Reads the table; `None` where the study has none.
///
/// # Errors
/// All of its faults.
pub fn read(study: &Study, plans: &ScenarioSet) -> Result<Option<Uncertain>> {
    let Some(file) = study.files.iter().find(|file| file.name == "scenarios.toml") else { return Ok(None) };
    let root = toml_document::parse(&file.name, &file.bytes)?;
    let top = root.section(&file.name, "");
    let Some(section) = top.and_then(|top| top.get(UNCERTAIN)).and_then(|entry| entry.section(&file.name, UNCERTAIN))
    else {
        return Ok(None);
    };
    let mut reader = Reader { study, plans, faults: Diagnostics::default(), found: Uncertain::default() };
    reader.read(section);
    let Reader { faults, found, .. } = reader;
    faults.into_result(Some(found))
}

struct Reader<'a> {
    study: &'a Study,
    plans: &'a ScenarioSet,
    faults: Diagnostics,
    found: Uncertain,
}

impl Reader<'_> {
    fn read(&mut self, section: Section<'_>) {
        for (key, entry) in section.iter() {
            match (key, &entry.value) {
                ("parameters", TomlValue::Flag(flag)) => self.found.parameters = Some(*flag),
                ("activity", TomlValue::Flag(flag)) => self.found.activity = Some(*flag),
                (PARAMETER, TomlValue::List(list)) => list.iter().for_each(|item| self.parameter(section, item)),
                _ => self.named(section, key, entry),
            }
        }
    }

    /// A driver or a measure by its name.
    fn named(&mut self, section: Section<'_>, name: &str, entry: &TomlEntry) {
        let mut drivers: Vec<&str> =
            self.plans.scenarios.iter().flat_map(|scenario| &scenario.drivers).map(|(name, _)| name.as_str()).collect();
        drivers.sort_unstable();
        drivers.dedup();
        let measure = self.plans.measures.iter().position(|measure| measure.code == name);
        if !drivers.contains(&name) && measure.is_none() {
            let text = say!("没有名为 '{name}' 的驱动因素或措施", "there is no driver or measure '{name}'");
            let known = drivers.iter().copied().chain(self.plans.measures.iter().map(|measure| measure.code.as_str()));
            let known: Vec<&str> = known.chain(["parameters", "activity", PARAMETER]).collect();
            self.faults.push(section.fault(name, text).nearest(nearest(name, known)));
            return;
        }
        let path = format!("{}.{name}", section.path);
        let Some(inner) = entry.section(section.file, &path) else {
            let text = say!(
                "应写作 {{ add = {{ tri = [低, 中, 高] }} }}",
                "write it as {{ add = {{ tri = [low, middle, high] }} }}"
            );
            self.faults.push(section.fault(name, text));
            return;
        };
        let keys: &[&str] = if measure.is_some() { &["level"] } else { &["add", "mul"] };
        let beside: &[&str] = if measure.is_some() { &["note"] } else { &["from", "note"] };
        inner.only(&[keys, beside].concat(), &mut self.faults);
        if inner.iter().all(|(key, _)| beside.contains(&key)) {
            let keys = keys.join(", ");
            self.faults.push(section.fault(name, say!("没有写分布：应有 {keys}", "no distribution: expected {keys}")));
        }
        let path = DrawnDriver { driver: name.to_string(), from: inner.year("from", &mut self.faults) };
        for (key, _) in inner.iter().filter(|(key, _)| keys.contains(key)) {
            let subject = match (key, measure) {
                (_, Some(measure)) => DrawSubject::Level(measure),
                ("add", None) => DrawSubject::Rate(path.clone()),
                _ => DrawSubject::Change(path.clone()),
            };
            self.push(inner, key, format!("{name} {key}"), subject);
        }
    }

    fn parameter(&mut self, section: Section<'_>, item: &TomlEntry) {
        let path = format!("{}.{PARAMETER}", section.path);
        let Some(inner) = item.section(section.file, &path) else {
            let text = say!("应写作 [[{path}]]", "write it as [[{path}]]");
            self.faults.push(section.fault(PARAMETER, text));
            return;
        };
        inner.only(&["select", PARAMETER, "mul", "note"], &mut self.faults);
        let select = Select::read(inner, &self.study.words, &mut self.faults);
        let name = inner.required_text(PARAMETER, &mut self.faults);
        if inner.get("mul").is_none() {
            self.faults.push(inner.fault("mul", say!("缺少此键", "this key is missing")));
        }
        let (Some(select), Some(name), Some(_)) = (select, name, inner.get("mul")) else { return };
        let keys = inner.get("select").map(|entry| spelled(&entry.value)).unwrap_or_default();
        let subject = DrawSubject::Parameter { select: Box::new(select), name: name.to_string() };
        self.push(inner, "mul", format!("{name} {{{keys}}}"), subject);
    }

    fn push(&mut self, section: Section<'_>, key: &str, name: String, subject: DrawSubject) {
        let place = section.place(key);
        if let Some(other) = self.found.entries.iter().find(|other| other.name == name) {
            let other = other.place.clone();
            self.faults.push(section.fault(key, say!("与 {other} 重复", "it is said at {other} already")));
            return;
        }
        let Some(spread) = self.spread(section, key) else { return };
        self.found.entries.push(UncertainEntry { name, place, subject, spread });
    }

    /// `{ tri = ["-0.8%", "0%", "0.8%"] }`
    fn spread(&mut self, section: Section<'_>, key: &str) -> Option<Distribution> {
        let path = format!("{}.{key}", section.path);
        let inner = section.get(key)?.section(section.file, &path);
        let only = inner.and_then(|inner| Some((inner, inner.iter().next()?)).filter(|_| inner.iter().count() == 1));
        let Some((inner, (kind, entry))) = only else {
            let kinds = KINDS.join(", ");
            let text = say!("应有且只有一种分布：{kinds}", "expected one distribution: {kinds}");
            self.faults.push(section.fault(key, text));
            return None;
        };
        inner.only(&KINDS, &mut self.faults);
        if !KINDS.contains(&kind) {
            return None;
        }
        let TomlValue::List(list) = &entry.value else {
            let text = say!("应为数的列表", "expected a list of numbers");
            self.faults.push(inner.fault(kind, text));
            return None;
        };
        let units = &self.study.words.units;
        let numbers: std::result::Result<Vec<f64>, _> =
            list.iter().map(|item| item.quantity(units).and_then(|quantity| number(&quantity, key))).collect();
        let spread = numbers.and_then(|numbers| Distribution::new(kind, &numbers));
        spread.map_err(|text| self.faults.push(inner.fault(kind, text))).ok()
    }
}

/// A number of a distribution; what is added to growth rates is a share.
fn number(quantity: &Quantity, key: &str) -> std::result::Result<f64, Text> {
    if key == "add" { quantity.share(ShareKind::Change) } else { Ok(quantity.canonical()) }
}

/// A selector as text, its keys in order of name.
fn spelled(value: &TomlValue) -> String {
    match value {
        TomlValue::Text(text) => text.clone(),
        TomlValue::Table(entries) => {
            let mut parts: Vec<String> =
                entries.iter().map(|(key, entry)| format!("{key}={}", spelled(&entry.value))).collect();
            parts.sort();
            parts.join(", ")
        }
        _ => String::new(),
    }
}

/// A parameter that nothing of the plan uses.
pub(super) fn unused(written: &UncertainEntry, name: &str, known: &[&str]) -> Diagnostic {
    let text = say!("选中的行不用参数 '{name}'", "the selected rows use no parameter '{name}'");
    Diagnostic::new(written.place.clone(), text).nearest(nearest(name, known.iter().copied()))
}

/// A driver whose first year that is drawn lies after every horizon.
pub(super) fn nothing_left(written: &UncertainEntry) -> Diagnostic {
    let text = say!(
        "from 晚于所有情景的终止年，没有可抽取的年份",
        "`from` is after every scenario's horizon: no year is left to draw"
    );
    Diagnostic::new(written.place.clone(), text)
}
