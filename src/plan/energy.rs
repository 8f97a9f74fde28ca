//! The energy of an amount: what shifts and shares are counted in.

use crate::expression::Use;
use crate::inventory::Inventory;
use crate::matching::{Input, Resolved};
use crate::study::Study;

/// The value of a resolved method for an amount, with the parameters of the ladder as they are.
pub(super) fn value(study: &Study, resolved: &Resolved, amount: f64, age: f64) -> f64 {
    evaluate(study, resolved, (amount, age), &|_, index| study.ladder.parameters[index].canonical())
}

/// The value of a resolved method, every parameter as `parameter` gives it.
pub(super) fn evaluate(
    study: &Study,
    resolved: &Resolved,
    (amount, age): (f64, f64),
    parameter: &impl Fn(&Use, usize) -> f64,
) -> f64 {
    study.methods[resolved.method].expression.evaluate(&|used: &Use| match resolved.input(used) {
        Some(Input::Amount) => amount,
        Some(Input::Age) => age,
        Some(Input::Parameter(index)) => parameter(used, *index),
        Some(Input::Method(inner)) => evaluate(study, inner, (amount, age), parameter),
        None => f64::NAN,
    })
}

/// Energy in TJ per canonical unit of a row's amount; `None` where its calorific value is not known.
pub(super) fn per_amount(inventory: &Inventory<'_>, row: u32) -> Option<f64> {
    let matches = &inventory.matches;
    let class = matches.class_of[row as usize];
    let mut known = matches.energy.iter().chain(&matches.convertible);
    let (_, resolved) = known.find(|(known, _)| *known == class)?;
    let energy = value(inventory.study, resolved, 1.0, 0.0);
    (energy.is_finite() && energy > 0.0).then_some(energy)
}
