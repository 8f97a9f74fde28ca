//! `measures.toml`: what a measure acts on, one change, how far by when, at what cost, and the plan's own words.

use super::keys;
use super::path_values::{course, number, share};
use super::scenario_file::{by, no_pollutant};
use super::{Conserved, PathForm, PathSpec, Select};
use crate::error::{Diagnostic, Diagnostics, Place, Text};
use crate::say;
use crate::study::{File, Vocabulary};
use crate::toml_document::{self, Quantity, Section, ShareKind};
use std::collections::BTreeMap;

/// A measure as it is written.
#[derive(Debug, Clone)]
pub struct Measure {
    pub code: String,
    pub title: String,
    /// The plan's own words, or where they stand.
    pub plan: String,
    /// Whether level, ratio and years are the plan's (`plan`) or assumed (`assumed`); empty where nothing is said.
    pub basis: String,
    pub note: String,
    pub owner: String,
    pub place: Place,
    /// Nothing for `add`.
    pub select: Option<Select>,
    pub change: Change,
    pub level: PathSpec,
    /// The first year of a level that is a bare number.
    pub start: Option<i32>,
    pub combine: Option<Combine>,
    pub cost: Option<Cost>,
}

impl Measure {
    /// Its title, or its code where it has none.
    pub fn name(&self) -> &str {
        if self.title.is_empty() { &self.code } else { &self.title }
    }
}

/// How two measures on one cell go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// Each acts on what the earlier ones left.
    Chain,
    /// Their parts of the original add up.
    Sum,
}

/// What a measure changes at level 1.
#[derive(Debug, Clone)]
pub enum Change {
    /// a·(1 − level·(1 − s))
    Scale(f64),
    Shift(Shift),
    /// p + level·(to − p)
    Parameter {
        name: String,
        to: Quantity,
    },
    Add(Addition),
}

impl Change {
    /// Keys of which a measure has exactly one.
    pub const KEYS: [&str; 4] = ["scale", "shift", "parameter", "add"];

    /// The key in `measures.toml`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Scale(_) => "scale",
            Self::Shift(_) => "shift",
            Self::Parameter { .. } => "parameter",
            Self::Add(_) => "add",
        }
    }
}

/// `shift = { to, ratio, … }`: a·(1−level) stays, a·level·ratio moves.
#[derive(Debug, Clone)]
pub struct Shift {
    pub place: Place,
    pub to: usize,
    /// Energy (or amount) of the new item per energy (or amount) of the old.
    pub ratio: f64,
    pub by: Conserved,
    /// What changes beside the item.
    pub area: Option<usize>,
    pub category: Option<usize>,
    pub technology: Option<String>,
    pub source: Option<String>,
}

/// `add = { … }`: a new activity × level.
#[derive(Debug, Clone)]
pub struct Addition {
    pub area: usize,
    pub category: usize,
    pub item: usize,
    pub technology: String,
    pub source: String,
    pub amount: Quantity,
}

/// What a measure costs, in money of the study's prices; investment and running cost per unit of activity changed, or per counted unit.
#[derive(Debug, Clone)]
pub struct Cost {
    pub place: Place,
    pub invest: Option<Quantity>,
    pub running: Option<Quantity>,
    /// Years of life.
    pub life: f64,
    pub discount: f64,
    /// How many units are built at level 1, where cost is not per unit of activity.
    pub count: Option<Quantity>,
}

/// The measures of a file, and the names of all that it declares: one that cannot be read is a fault once and not wherever it is used.
pub(super) fn read(file: &File, words: &Vocabulary, faults: &mut Diagnostics) -> (Vec<Measure>, Vec<String>) {
    let nothing = (Vec::new(), Vec::new());
    let Some(root) = faults.record(toml_document::parse(&file.name, &file.bytes)) else { return nothing };
    let Some(top) = root.section(&file.name, "") else { return nothing };
    let (mut measures, mut declared) = nothing;
    for (code, entry) in top.iter() {
        declared.push(code.to_string());
        match entry.section(&file.name, code) {
            Some(section) => measures.extend(measure(code, section, words, faults)),
            None => faults.push(top.fault(code, say!("这里应为一项措施 [名称]", "expected a measure, [name]"))),
        }
    }
    (measures, declared)
}

fn measure(code: &str, section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Measure> {
    section.only(&keys::MEASURE, faults);
    let text = |key: &str, faults: &mut Diagnostics| section.text(key, faults).unwrap_or("").to_string();
    let change = change(section, words, faults);
    let select = match &change {
        Some(Change::Add(_)) => None,
        _ => Select::read(section, words, faults),
    };
    if matches!(change, Some(Change::Add(_))) && section.get("select").is_some() {
        faults.push(section.fault("select", say!("add 不选择已有的行", "add selects no row")));
    }
    if matches!(change, Some(Change::Scale(_) | Change::Shift(_))) {
        no_pollutant(&select, faults);
    }
    let (level, start) = level(section, words, faults);
    let basis = text("basis", faults);
    if !["", "plan", "assumed"].contains(&basis.as_str()) {
        faults.push(section.fault("basis", say!("应为 plan 或 assumed", "expected plan or assumed")));
    }
    Some(Measure {
        code: code.to_string(),
        title: section.text("title", faults).map_or_else(|| code.to_string(), str::to_string),
        plan: text("plan", faults),
        basis,
        note: text("note", faults),
        owner: text("owner", faults),
        place: Place::line(section.file, section.line, code),
        select,
        change: change?,
        level: level?,
        start,
        combine: combine(section, faults),
        cost: cost(section, words, faults),
    })
}

/// How far by when, and the first year of a level that is a bare number.
fn level(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> (Option<PathSpec>, Option<i32>) {
    if section.get("level").is_none() {
        faults.push(section.fault("level", say!("缺少此键", "this key is missing")));
    }
    let level = course(section, "level", &words.units, faults);
    if level.as_ref().is_some_and(|level| matches!(level.form, PathForm::Rates(_) | PathForm::Parent)) {
        let text = say!("力度须为数字或 points", "a level is a number or points");
        faults.push(section.fault("level", text));
    }
    let start = section.year("start", faults);
    if let (Some(start), Some(PathForm::Points(points))) = (start, level.as_ref().map(|level| &level.form))
        && let Some(first) = points.keys().next().filter(|first| **first != start)
    {
        let text = say!(
            "start 为 {start}，而 level 的第一个点在 {first} 年",
            "start is {start}, but the first point of level is in {first}"
        );
        let hint = say!("points 已说明起始年，去掉 start", "the points say when it starts; leave start out");
        faults.push(section.fault("start", text).hint(hint));
    }
    (level, start)
}

fn combine(section: Section<'_>, faults: &mut Diagnostics) -> Option<Combine> {
    match section.text("combine", faults)? {
        "chain" => Some(Combine::Chain),
        "sum" => Some(Combine::Sum),
        other => {
            let text = say!("'{other}' 应为 chain 或 sum", "'{other}' should be chain or sum");
            faults.push(section.fault("combine", text));
            None
        }
    }
}

/// Exactly one change.
fn change(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Change> {
    let kinds: Vec<&str> = Change::KEYS.into_iter().filter(|key| section.get(key).is_some()).collect();
    let kind = match kinds.as_slice() {
        [kind] => *kind,
        [] => {
            let text = say!("缺少 scale、shift、parameter 或 add", "it has none of scale, shift, parameter, add");
            faults.push(Diagnostic::new(Place::line(section.file, section.line, section.path), text));
            return None;
        }
        [_, second, ..] => {
            faults.push(section.fault(second, say!("一项措施只能有一种改变", "a measure makes one change only")));
            return None;
        }
    };
    if kind == "scale" {
        let scale = share(section, "scale", ShareKind::Factor, &words.units, faults)?;
        if scale < 0.0 {
            faults.push(section.fault("scale", say!("不能为负", "it must not be negative")));
        }
        return Some(Change::Scale(scale));
    }
    let path = format!("{}.{kind}", section.path);
    let Some(inner) = section.get(kind).and_then(|entry| entry.section(section.file, &path)) else {
        faults.push(section.fault(kind, say!("应写作 {kind} = {{ … }}", "write it as {kind} = {{ … }}")));
        return None;
    };
    match kind {
        "shift" => shift(inner, words, faults).map(Change::Shift),
        "parameter" => {
            inner.only(&keys::PARAMETER_CHANGE, faults);
            let name = inner.required_text("name", faults)?.to_string();
            let to = required_quantity(inner, "to", words, faults)?;
            let outside = words.out_of_bounds(&name, to.value, to.unit, &to.unit_text);
            outside.into_iter().for_each(|text| faults.push(inner.fault("to", text)));
            Some(Change::Parameter { name, to })
        }
        _ => addition(inner, words, faults).map(Change::Add),
    }
}

fn required_quantity(
    section: Section<'_>,
    key: &str,
    words: &Vocabulary,
    faults: &mut Diagnostics,
) -> Option<Quantity> {
    let Some(entry) = section.get(key) else {
        faults.push(section.fault(key, say!("缺少此键", "this key is missing")));
        return None;
    };
    entry.quantity(&words.units).map_err(|text| faults.push(section.fault(key, text))).ok()
}

/// The index of a code that has to be known, where the key is given.
fn code<T: crate::code::Coded>(
    section: Section<'_>,
    key: &str,
    book: &crate::code::Codebook<T>,
    faults: &mut Diagnostics,
) -> Option<usize> {
    let text = section.text(key, faults)?;
    let found = book.find(text);
    found.map_err(|cause| faults.push(section.fault(key, cause).nearest(book.nearest(text)))).ok()
}

fn shift(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Shift> {
    section.only(&keys::SHIFT, faults);
    if section.get("to").is_none() {
        faults.push(section.fault("to", say!("缺少此键", "this key is missing")));
    }
    let to = code(section, "to", &words.items, faults);
    let ratio = number(section, "ratio", &words.units, faults).unwrap_or(1.0);
    if ratio < 0.0 {
        faults.push(section.fault("ratio", say!("不能为负", "it must not be negative")));
    }
    let area = code(section, "area", &words.areas, faults);
    let category = code(section, "category", &words.categories, faults);
    let technology = section.text("technology", faults).map(|word| words.technologies.code_of(word, "").to_string());
    let source = section.text("source", faults).map(str::to_string);
    let place = Place::line(section.file, section.line, section.path);
    Some(Shift { place, to: to?, ratio, by: by(section, faults), area, category, technology, source })
}

fn addition(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Addition> {
    section.only(&keys::ADD, faults);
    for key in ["area", "category", "item", "amount"] {
        if section.get(key).is_none() {
            faults.push(section.fault(key, say!("缺少此键", "this key is missing")));
        }
    }
    let area = code(section, "area", &words.areas, faults);
    let category = code(section, "category", &words.categories, faults);
    let item = code(section, "item", &words.items, faults);
    let amount = section.get("amount").and_then(|_| required_quantity(section, "amount", words, faults));
    let amount = match (amount, section.text("unit", faults)) {
        (Some(amount), Some(unit)) if amount.unit_text == "1" => match words.units.parse(unit) {
            Ok(parsed) => Some(Quantity { value: amount.value, unit_text: unit.to_string(), unit: parsed }),
            Err(text) => {
                faults.push(section.fault("unit", text));
                None
            }
        },
        (amount, Some(_)) => {
            faults.push(section.fault("unit", say!("单位已写在 amount 中", "the unit is in amount already")));
            amount
        }
        (amount, None) => amount,
    };
    let technology = words.technologies.code_of(section.text("technology", faults).unwrap_or(""), "").to_string();
    let source = section.text("source", faults).unwrap_or("").to_string();
    Some(Addition { area: area?, category: category?, item: item?, technology, source, amount: amount? })
}

fn cost(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Cost> {
    let path = format!("{}.cost", section.path);
    let entry = section.get("cost")?;
    let Some(inner) = entry.section(section.file, &path) else {
        faults.push(section.fault("cost", say!("应写作 cost = {{ … }}", "write it as cost = {{ … }}")));
        return None;
    };
    inner.only(&keys::COST, faults);
    let money = |key: &str, faults: &mut Diagnostics| {
        let entry = inner.get(key)?;
        let quantity = entry.quantity(&words.units).map_err(|text| faults.push(inner.fault(key, text))).ok()?;
        if quantity.unit.dimension.money != 1 {
            let unit = &quantity.unit_text;
            faults.push(inner.fault(key, say!("'{unit}' 不是金额", "'{unit}' is no money")));
        }
        Some(quantity)
    };
    let (invest, running) = (money("invest", faults), money("running", faults));
    let plain = |key: &str, faults: &mut Diagnostics| -> Option<f64> {
        let entry = inner.get(key)?;
        let found: Result<Quantity, Text> = entry.quantity(&words.units);
        found.map(|quantity| quantity.canonical()).map_err(|text| faults.push(inner.fault(key, text))).ok()
    };
    let life = plain("life", faults).unwrap_or(1.0);
    if life <= 0.0 {
        faults.push(inner.fault("life", say!("寿命须为正数", "the life has to be positive")));
    }
    let discount = share(inner, "discount", ShareKind::Change, &words.units, faults).unwrap_or(0.0);
    if discount < 0.0 {
        faults.push(inner.fault("discount", say!("贴现率不能为负", "the discount rate must not be negative")));
    }
    let count = inner.get("count").and_then(|_| required_quantity(inner, "count", words, faults));
    Some(Cost { place: section.place("cost"), invest, running, life, discount, count })
}

impl Measure {
    /// The first year for which the path of the level has a value.
    pub fn first_year(&self) -> Option<i32> {
        match &self.level.form {
            PathForm::Points(points) => points.keys().next().copied(),
            _ => self.start,
        }
    }

    /// The level (0 to 1) of each year from `anchor` to `horizon`: `start` shifts the points, `level` scales them to that last value.
    ///
    /// # Errors
    /// Levels outside 0 to 1, years that the path leaves open, a scaling of a path that ends at 0.
    pub fn levels(
        &self,
        level: Option<f64>,
        start: Option<i32>,
        anchor: i32,
        horizon: i32,
    ) -> crate::error::Result<Vec<f64>> {
        let fault = |text| Diagnostic::new(self.level.place.clone(), text);
        let path = self.level.path(crate::unit::Dimension::PURE, anchor)?;
        let mut points = match path.shape {
            crate::path::PathShape::Points(points, _) => points,
            crate::path::PathShape::Constant(value) => BTreeMap::from([(self.start.unwrap_or(anchor + 1), value)]),
            crate::path::PathShape::Rates(_) => BTreeMap::new(),
        };
        let constant = matches!(self.level.form, PathForm::Constant(_));
        if let (Some(start), Some(&first)) = (start, points.keys().next()) {
            points = points.into_iter().map(|(year, value)| (year + start - first, value)).collect();
        }
        if let (Some(level), Some(&last)) = (level, points.values().next_back()) {
            if last == 0.0 {
                let text = say!(
                    "路径以 0 结束，无法按末值缩放",
                    "the path ends at 0 and cannot be scaled to another last level"
                );
                return Err(fault(text).into());
            }
            points.values_mut().for_each(|value| *value *= level / last);
        }
        if let Some((year, value)) = points.iter().find(|(_, value)| !(0.0..=1.0 + 1e-12).contains(*value)) {
            let text = say!(
                "{year} 年的力度为 {value}，应在 0 与 1 之间",
                "the level of {year} is {value}; it lies between 0 and 1"
            );
            return Err(fault(text).into());
        }
        let interpolation = self.level.interpolation.unwrap_or(crate::path::Interpolation::Linear);
        let after = if constant { crate::path::After::Hold } else { path.after };
        let path = crate::path::YearPath { shape: crate::path::PathShape::Points(points, interpolation), after };
        let values = path.values(crate::path::Start { year: anchor, value: None }, horizon);
        let mut values = values.map_err(fault)?;
        // The inventory of the anchor year already contains the effect of everything done by then.
        values[0] = 0.0;
        Ok(values)
    }
}
