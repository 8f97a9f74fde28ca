//! Provenance of an emission: its uncertainty range, its inputs and the candidates that were not selected, for the command `explain`
//! and the page.

use crate::analysis::Uncertainty;
use crate::analysis::uncertainty::{RangeSource, setting};
use crate::error::{Place, Text, rounded};
use crate::expression::{self, Use};
use crate::inventory::{Emission, Inventory};
use crate::matching::{self, Binding, RejectedMethod, ResolvedMethod};
use crate::parameter::{LookupKey, Parameter};
use crate::pollutant::{CO2, CO2_BIOGENIC};
use crate::say;

/// The amount and unit of a row as the file gives them.
pub fn amount(inventory: &Inventory<'_>, row: usize) -> String {
    let activity = &inventory.study.activity;
    format!("{} {}", rounded(activity.written_amount(row)), activity.unit_of(row).0)
}

/// A parameter's value and unit; a pure number has none.
pub fn value(parameter: &Parameter) -> String {
    let unit = if parameter.unit_text == "1" { String::new() } else { format!(" {}", parameter.unit_text) };
    format!("{}{unit}", parameter.value)
}

/// How far an emission may be from its value, and the input that most of that comes from.
pub struct Range<'a> {
    pub low: f64,
    pub high: f64,
    /// Its name, and its part of the variance.
    pub most: Option<(&'a str, f64)>,
}

/// The range of an emission; none where an input has no range.
pub fn range<'a>(uncertainty: &Uncertainty<'a>, emission: &Emission) -> Option<Range<'a>> {
    let study = uncertainty.inventory.study;
    let (low, high) = uncertainty.range(emission)?;
    let sources = uncertainty.sources(emission)?;
    let all: f64 = sources.iter().map(|(_, sides)| sides.squared().whole()).sum();
    let largest = sources.iter().max_by(|a, b| a.1.squared().whole().total_cmp(&b.1.squared().whole()));
    let most = largest.filter(|_| all > 0.0).map(|(source, sides)| {
        let name = match source {
            RangeSource::Parameter(index) => study.ladder.parameters[*index].name.as_str(),
            RangeSource::Activity(_) => expression::AMOUNT,
        };
        (name, sides.squared().whole() / all)
    });
    Some(Range { low, high, most })
}

/// How far an amount may be below and above, as shares of it.
pub fn amount_range(uncertainty: &Uncertainty<'_>, row: usize) -> Option<(f64, f64)> {
    let activity = &uncertainty.inventory.study.activity;
    let written = activity.written_amount(row).abs() * activity.unit_of(row).1.factor;
    let margin = uncertainty.amount(row as u32).filter(|_| written > 0.0)?;
    Some((margin.down / written, margin.up / written))
}

/// The range of a parameter in its own unit, and the row that it is from where the parameter states none.
pub fn parameter_range<'a>(
    inventory: &'a Inventory<'_>,
    bound: &Binding,
    index: usize,
) -> Option<(f64, f64, Option<&'a Place>)> {
    let study = inventory.study;
    let parameter = &study.ladder.parameters[index];
    let setting = setting(inventory, bound.class, Some(bound));
    let margin = study.ranges.of_parameter(parameter, setting)?;
    let factor = parameter.unit.factor;
    let (low, high) = (parameter.value - margin.down / factor, parameter.value + margin.up / factor);
    let from = study.ranges.stand_in(parameter, setting).map(|row| &row.place);
    Some((rounded(low), rounded(high), from))
}

/// The ladder as the rows of a binding see it.
pub struct Rungs<'a> {
    inventory: &'a Inventory<'a>,
    seeker: LookupKey<'a>,
    pollutant: Option<usize>,
}

impl<'a> Rungs<'a> {
    /// Prepares the lookup of the candidates for the parameters of a binding.
    pub fn new(inventory: &'a Inventory<'a>, bound: &Binding) -> Self {
        let study = inventory.study;
        let class = &inventory.matches.classes[bound.class as usize];
        let booked = study.words.pollutants.code(bound.pollutant);
        let pollutant = if booked == CO2_BIOGENIC { study.words.pollutants.index(CO2) } else { Some(bound.pollutant) };
        Self { inventory, seeker: matching::seeker(study, class), pollutant }
    }

    /// The candidates that were not selected for an emission of `year`, each with the reason.
    pub fn rejected(&self, used: &Use, index: usize, year: i32) -> Vec<(usize, Text)> {
        let ladder = &self.inventory.study.ladder;
        let year = if used.now { year } else { self.seeker.year };
        let holding = ladder.matching_rows(&used.name, &self.seeker);
        ladder.rejected(index, &holding, &self.seeker, year, self.pollutant)
    }
}

/// The year that a parameter is carried on from, for an emission of a year.
pub fn carried_from(inventory: &Inventory<'_>, bound: &Binding, used: &Use, index: usize, year: i32) -> Option<i32> {
    let own = inventory.matches.classes[bound.class as usize].year;
    inventory.study.ladder.parameters[index].carried_from(if used.now {
        bound.emission_year.unwrap_or(year)
    } else {
        own
    })
}

/// Why a method that fits was not used.
pub fn not_used(passed: &RejectedMethod) -> Text {
    let missing = passed.missing.join(", ");
    if missing.is_empty() {
        say!("前面的方法已可用", "a better rank resolved")
    } else {
        say!("缺少 {missing}", "lacks {missing}")
    }
}

/// Whether an emission's formula already shows the mass before removal.
pub fn uses_generated(resolved: &ResolvedMethod) -> bool {
    resolved.inputs.iter().any(|(used, _)| used.name == expression::GENERATED)
}
