//! How an amount of a plan comes about, step by step, for who asks.

use super::amount_path::Paths;
use super::{Amount, AmountPath, Plan, Series};

/// A part of a row's amount in one year: base × start × factors.
#[derive(Debug, Clone)]
pub struct TraceStep<'p> {
    pub amount: Amount,
    pub flow: &'p AmountPath,
    /// What growth, a path or a share makes of the base.
    pub start: f64,
    /// What each factor of the flow is, in its order.
    pub factors: Vec<f64>,
}

impl TraceStep<'_> {
    /// The part's amount in canonical units.
    pub fn value(&self) -> f64 {
        self.factors.iter().fold(self.start, |value, factor| value * factor) * self.amount.base
    }
}

/// The parts of a row's amount in a year.
pub fn steps(plan: &Plan, row: u32, year: i32) -> Vec<TraceStep<'_>> {
    let Some(index) = usize::try_from(year - plan.anchor).ok().filter(|index| *index < plan.length()) else {
        return Vec::new();
    };
    let drivers: Vec<Series> = plan.drivers.iter().map(|driver| driver.values.clone()).collect();
    let paths = Paths::new(plan, &drivers);
    let of = |amount: &Amount| {
        let flow = &plan.flows[amount.flow];
        let (start, factors) = paths.steps(flow, |level| plan.levels[level].values[index], index);
        TraceStep { amount: *amount, flow, start, factors }
    };
    plan.amounts.iter().filter(|amount| amount.row == row).map(of).collect()
}
