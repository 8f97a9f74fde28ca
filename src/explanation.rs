//! Explanation of an emission as data: its formula, the values in it with their sources, and the candidates that were not used.
//! `qingdan explain` prints it as text or as JSON.

use crate::analysis::Uncertainty;
use crate::code::{Codebook, Coded};
use crate::error::Text;
use crate::expression::{self, Expression, Use};
use crate::inventory::{Emission, Inventory};
use crate::matching::{self, Binding, ResolvedMethod, ValueSource};
use crate::provenance::{self, Rungs};
use crate::study::name;
use serde::Serialize;

/// A code of the study's vocabulary with its names.
#[derive(Debug, Clone, Serialize)]
pub struct NamedCode {
    pub code: String,
    pub name: Text,
}

impl NamedCode {
    fn new<T: Coded>(book: &Codebook<T>, index: usize) -> Self {
        let names = Text { zh: name(book, index, true).to_string(), en: name(book, index, false).to_string() };
        Self { code: book.code(index).to_string(), name: names }
    }
}

/// How an emission comes about.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    pub year: i32,
    pub area: NamedCode,
    pub category: NamedCode,
    pub item: NamedCode,
    pub pollutant: String,
    pub emitted_t: f64,
    pub range: EmissionRange,
    /// One formula for each activity row and, where it is not part of that, one for the mass before removal.
    pub formulas: Vec<FormulaExplanation>,
    pub rejected_methods: Vec<RejectedMethodRow>,
}

/// The 95 % range of an emission in t, and the input that contributes most of its variance.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EmissionRange {
    Known {
        low_t: f64,
        high_t: f64,
        largest_input: Option<(String, f64)>,
    },
    /// The names of the inputs that have no range.
    Lacking(Vec<String>),
}

/// A method's expression with names and with values, and every input of it.
#[derive(Debug, Clone, Serialize)]
pub struct FormulaExplanation {
    /// What it gives: a pollutant, `generated`, or the name of a derived parameter.
    pub name: String,
    pub text: String,
    pub substituted: String,
    pub method: String,
    pub place: String,
    pub title: String,
    pub locator: String,
    pub inputs: Vec<InputExplanation>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputExplanation {
    Amount(AmountExplanation),
    Parameter(ParameterUsed),
    Formula(FormulaExplanation),
}

/// The amount of an activity row as its file gives it.
#[derive(Debug, Clone, Serialize)]
pub struct AmountExplanation {
    pub amount: String,
    pub place: String,
    pub quality: String,
    pub reference: String,
    pub note: String,
    /// How far it may be below and above, as shares of it.
    pub range: Option<(f64, f64)>,
}

/// A row of a parameter table.
#[derive(Debug, Clone, Serialize)]
pub struct ParameterRow {
    pub value: f64,
    /// As the file gives it; `1` for a pure number.
    pub unit: String,
    pub place: String,
    pub set: String,
    pub title: String,
    pub locator: String,
    pub confidence: &'static str,
    pub note: String,
}

/// A parameter in a formula.
#[derive(Debug, Clone, Serialize)]
pub struct ParameterUsed {
    pub name: String,
    pub row: ParameterRow,
    /// The 95 % range in the unit of the row, and the row of default ranges that it is from where the parameter states none.
    pub range: Option<(f64, f64, Option<String>)>,
    /// The year whose value is carried on.
    pub carried_from: Option<i32>,
    /// Candidates that are less specific, with the criterion that decided.
    pub rejected: Vec<(Text, ParameterRow)>,
}

/// A method that fits the row and is not used.
#[derive(Debug, Clone, Serialize)]
pub struct RejectedMethodRow {
    pub method: String,
    pub rank: i32,
    pub reason: Text,
}

impl ParameterRow {
    pub fn new(inventory: &Inventory<'_>, index: usize) -> Self {
        let study = inventory.study;
        let parameter = &study.ladder.parameters[index];
        let title = study.words.sources.get(&parameter.citation).map_or("", |source| &source.title);
        Self {
            value: parameter.value,
            unit: parameter.unit_text.clone(),
            place: parameter.place.to_string(),
            set: parameter.set.clone(),
            title: title.to_string(),
            locator: parameter.locator.clone(),
            confidence: parameter.confidence.word(),
            note: parameter.note.clone(),
        }
    }
}

/// Explains an emission of the inventory.
pub fn explain(uncertainty: &Uncertainty<'_>, emission: &Emission) -> Explanation {
    let inventory = uncertainty.inventory;
    let (activity, words) = (&inventory.study.activity, &inventory.study.words);
    let binding = &inventory.matches.bindings[emission.binding as usize];
    let row = emission.row as usize;
    let (area, item) = (activity.area[row] as usize, activity.item[row] as usize);
    let pollutant = words.pollutants.code(binding.pollutant);
    let mut formulas = Vec::new();
    for (row, bound) in inventory.parts(emission) {
        let bound = &inventory.matches.bindings[bound as usize];
        let part = Contribution { uncertainty, bound, row: row as usize, year: emission.year };
        formulas.push(part.formula(pollutant, &bound.emitted));
        if let Some(generated) = bound.generated.as_ref().filter(|_| !provenance::uses_generated(&bound.emitted)) {
            formulas.push(part.formula("generated", generated));
        }
    }
    Explanation {
        year: emission.year,
        area: NamedCode::new(&words.areas, area),
        category: NamedCode::new(&words.categories, binding.category),
        item: NamedCode::new(&words.items, item),
        pollutant: pollutant.to_string(),
        emitted_t: emission.emitted_t,
        range: range(uncertainty, emission),
        formulas,
        rejected_methods: binding.rejected.iter().map(|passed| rejected(inventory, passed)).collect(),
    }
}

fn range(uncertainty: &Uncertainty<'_>, emission: &Emission) -> EmissionRange {
    match provenance::range(uncertainty, emission) {
        None => EmissionRange::Lacking(uncertainty.lacking(emission).into_iter().map(str::to_string).collect()),
        Some(range) => EmissionRange::Known {
            low_t: range.low,
            high_t: range.high,
            largest_input: range.most.map(|(name, share)| (name.to_string(), share)),
        },
    }
}

fn rejected(inventory: &Inventory<'_>, passed: &matching::RejectedMethod) -> RejectedMethodRow {
    let method = &inventory.study.methods[passed.method];
    RejectedMethodRow { method: method.code.clone(), rank: method.rank, reason: provenance::not_used(passed) }
}

/// What one activity row contributes to an emission of a year.
struct Contribution<'a> {
    uncertainty: &'a Uncertainty<'a>,
    bound: &'a Binding,
    row: usize,
    year: i32,
}

impl Contribution<'_> {
    fn formula(&self, name: &str, resolved: &ResolvedMethod) -> FormulaExplanation {
        let study = self.uncertainty.inventory.study;
        let method = &study.methods[resolved.method];
        let title = study.words.sources.get(&method.citation).map_or("", |source| &source.title);
        FormulaExplanation {
            name: name.to_string(),
            text: expression::spell(&method.expression, &|used: &Use| used.name.clone()),
            substituted: self.substituted(resolved),
            method: method.code.clone(),
            place: method.place.to_string(),
            title: title.to_string(),
            locator: method.locator.clone(),
            inputs: resolved.inputs.iter().filter_map(|(used, input)| self.input(used, input)).collect(),
        }
    }

    fn input(&self, used: &Use, input: &ValueSource) -> Option<InputExplanation> {
        match input {
            ValueSource::Amount => Some(InputExplanation::Amount(self.amount())),
            ValueSource::Parameter(index) => Some(InputExplanation::Parameter(self.parameter(used, *index))),
            ValueSource::Method(inner) => Some(InputExplanation::Formula(self.formula(&used.name, inner))),
            ValueSource::Age => None,
        }
    }

    /// The formula with values and units, derived parameters written out in parentheses.
    fn substituted(&self, resolved: &ResolvedMethod) -> String {
        let inventory = self.uncertainty.inventory;
        let study = inventory.study;
        let value = |used: &Use| match resolved.input(used) {
            Some(ValueSource::Amount) => provenance::amount(inventory, self.row),
            Some(ValueSource::Age) => (self.year - study.activity.year[self.row]).to_string(),
            Some(ValueSource::Parameter(index)) => provenance::value(&study.ladder.parameters[*index]),
            Some(ValueSource::Method(inner))
                if matches!(study.methods[inner.method].expression, Expression::Name(_)) =>
            {
                self.substituted(inner)
            }
            Some(ValueSource::Method(inner)) => format!("({})", self.substituted(inner)),
            None => used.name.clone(),
        };
        expression::spell(&study.methods[resolved.method].expression, &value)
    }

    fn amount(&self) -> AmountExplanation {
        let activity = &self.uncertainty.inventory.study.activity;
        let word = |column: &[u32]| activity.word(column[self.row]).to_string();
        AmountExplanation {
            amount: provenance::amount(self.uncertainty.inventory, self.row),
            place: activity.reference_of(self.row),
            quality: word(&activity.quality),
            reference: word(&activity.reference),
            note: word(&activity.note),
            range: provenance::amount_range(self.uncertainty, self.row),
        }
    }

    fn parameter(&self, used: &Use, index: usize) -> ParameterUsed {
        let inventory = self.uncertainty.inventory;
        let range = provenance::parameter_range(inventory, self.bound, index);
        let others = Rungs::new(inventory, self.bound).rejected(used, index, self.year);
        ParameterUsed {
            name: used.name.clone(),
            row: ParameterRow::new(inventory, index),
            range: range.map(|(low, high, from)| (low, high, from.map(|place| place.to_string()))),
            carried_from: provenance::carried_from(inventory, self.bound, used, index, self.year),
            rejected: others.into_iter().map(|(other, why)| (why, ParameterRow::new(inventory, other))).collect(),
        }
    }
}
