//! The energy of an amount: what shifts and shares are counted in.

use crate::expression::Use;
use crate::inventory::Inventory;
use crate::matching::{self, ResolvedMethod, ValueSource};
use crate::parameter::LookupResult;
use crate::study::Study;
use crate::unit::Dimension;

pub const CALORIFIC_VALUE: &str = "net_calorific_value";

/// The value of a resolved method for an amount, with the parameters of the ladder as they are.
pub(super) fn value(study: &Study, resolved: &ResolvedMethod, amount: f64, age: f64) -> f64 {
    evaluate(study, resolved, (amount, age), &|_, index| study.ladder.parameters[index].canonical())
}

/// The value of a resolved method, every parameter as `parameter` gives it.
pub(super) fn evaluate(
    study: &Study,
    resolved: &ResolvedMethod,
    (amount, age): (f64, f64),
    parameter: &impl Fn(&Use, usize) -> f64,
) -> f64 {
    study.methods[resolved.method].expression.evaluate(&|used: &Use| match resolved.input(used) {
        Some(ValueSource::Amount) => amount,
        Some(ValueSource::Age) => age,
        Some(ValueSource::Parameter(index)) => parameter(used, *index),
        Some(ValueSource::Method(inner)) => evaluate(study, inner, (amount, age), parameter),
        None => f64::NAN,
    })
}

/// Energy in TJ per canonical unit of a row's amount; `None` where its calorific value is not known.
pub fn per_amount(inventory: &Inventory<'_>, row: u32) -> Option<f64> {
    let matches = &inventory.matches;
    let class = matches.class_of[row as usize];
    let mut known = matches.energy.iter().chain(&matches.convertible);
    let (_, resolved) = known.find(|(known, _)| *known == class)?;
    let energy = value(inventory.study, resolved, 1.0, 0.0);
    (energy.is_finite() && energy > 0.0).then_some(energy)
}

/// Energy in TJ per canonical unit of an item, counted in `dimension`, by the calorific value that the ladder has for a row.
pub fn calorific_value(inventory: &Inventory<'_>, row: u32, dimension: Dimension) -> Option<f64> {
    let (study, matches) = (inventory.study, &inventory.matches);
    let class = &matches.classes[matches.class_of[row as usize] as usize];
    let seeker = matching::seeker(study, class);
    let holding = study.ladder.matching_rows(CALORIFIC_VALUE, &seeker);
    let LookupResult::One(index) = study.ladder.find(&holding, &seeker, class.year, None) else { return None };
    let parameter = &study.ladder.parameters[index];
    let wanted = Dimension::ENERGY.per(dimension)?;
    (parameter.unit.in_expression() == wanted && parameter.canonical() > 0.0).then(|| parameter.canonical())
}
