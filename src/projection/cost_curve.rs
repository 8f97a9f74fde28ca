//! The marginal cost curve of a run: its measures in the order in which they are worth doing.

use super::{Projections, ScenarioRun};
use crate::cost::{CostEffectiveness, ranks};
use crate::pollutant::CO2;
use crate::target::Boundary;

/// A measure in a year of a scenario, at its place in the cost curve.
pub struct CostCurveStep<'a> {
    pub scenario: &'a str,
    pub measure: &'a str,
    pub year: i32,
    pub standing: CostEffectiveness,
    pub invest: f64,
    pub rank: usize,
    /// Tonnes of the measures before it in the curve.
    pub from_t: f64,
}

impl CostCurveStep<'_> {
    /// Tonnes up to and with this measure.
    pub fn to_t(&self) -> f64 {
        self.from_t + self.standing.tonnes.max(0.0)
    }
}

/// Measures whose cost is known, year by year in the order of the curve: CO2 with purchased energy.
pub fn steps<'a>(projections: &'a Projections<'_>, run: &'a ScenarioRun<'_>) -> Vec<CostCurveStep<'a>> {
    let co2 = projections.metrics.find(CO2, Boundary::DirectPurchased);
    let mut rows = Vec::new();
    let is_known = |year: i32| run.outlook.totals.is_known(year, Boundary::DirectPurchased, CO2);
    let years = run.plan.years().enumerate().map(|(at, year)| (at + 1, year));
    for (at, year) in years.filter(|(_, year)| is_known(*year)) {
        let bills = run.bills.iter().enumerate().filter_map(|(level, bill)| Some((level, bill.as_ref()?)));
        let mut steps: Vec<CostCurveStep<'a>> = bills
            .map(|(level, bill)| CostCurveStep {
                scenario: &run.plan.code,
                measure: &projections.ground.plans.measures[run.plan.levels[level].measure].code,
                year,
                standing: CostEffectiveness {
                    cost: bill.annual[at],
                    npv: bill.net_present_value(),
                    tonnes: co2.map_or(0.0, |co2| run.contributions.shapley[[level, co2, at]]),
                },
                invest: bill.invest[at],
                rank: 0,
                from_t: 0.0,
            })
            .collect();
        let standings: Vec<CostEffectiveness> = steps.iter().map(|step| step.standing).collect();
        steps.iter_mut().zip(ranks(&standings)).for_each(|(step, rank)| step.rank = rank);
        steps.sort_by_key(|step| step.rank);
        let mut from_t = 0.0;
        for step in &mut steps {
            step.from_t = from_t;
            from_t += step.standing.tonnes.max(0.0);
        }
        rows.extend(steps);
    }
    rows
}
