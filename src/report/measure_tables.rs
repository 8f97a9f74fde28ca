//! What measures cost and what else they cut: `costs.csv`, which is the marginal cost curve too, and `cocontrol.csv`.

use super::OutputFile;
use super::tables::{csv, number, text, year};
use crate::cocontrol::{self, CocontrolSubject};
use crate::error::{Result, failure};
use crate::plan::Plan;
use crate::portfolio::{MeasureChoice, Portfolio, PortfolioProblem};
use crate::projection::cost_curve::{self, CostCurveStep};
use crate::projection::{Projections, ScenarioRun};
use crate::target::Boundary;
use polars::prelude::*;

/// Measures whose cost is known, year by year in the order of the curve.
pub(super) fn costs(projections: &Projections<'_>) -> PolarsResult<DataFrame> {
    let rows: Vec<CostCurveStep<'_>> =
        projections.runs.iter().flat_map(|run| cost_curve::steps(projections, run)).collect();
    let rows = &rows;
    DataFrame::new(
        rows.len(),
        vec![
            text("scenario", rows, |step| step.scenario.to_string()),
            text("measure", rows, |step| step.measure.to_string()),
            year(rows, |step| step.year),
            number("cost", rows, |step| Some(step.standing.cost)),
            text("unit", rows, |_| "元".to_string()),
            number("invest", rows, |step| Some(step.invest)),
            number("npv", rows, |step| Some(step.standing.npv)),
            number("tonnes", rows, |step| Some(step.standing.tonnes)),
            number("cost_per_t", rows, |step| step.standing.per_tonne()),
            Column::new("rank".into(), rows.iter().map(|step| step.rank as u32).collect::<Vec<u32>>()),
            number("from_t", rows, |step| Some(step.from_t)),
            number("to_t", rows, |step| Some(step.to_t())),
            text("boundary", rows, |_| Boundary::DirectPurchased.word().to_string()),
        ],
    )
}

/// What each measure cuts of CO2 and of every pollutant; `(all)` is a medium's equivalents together.
pub(super) fn cocontrol(projections: &Projections<'_>) -> PolarsResult<DataFrame> {
    let inventory = projections.ground.inventory;
    let of = |run: &'_ ScenarioRun<'_>| {
        let measure = |level: usize| projections.ground.plans.measures[run.plan.levels[level].measure].code.clone();
        let rows =
            cocontrol::rows(inventory, (&run.plan, &projections.metrics), (&run.contributions, &run.outlook.totals));
        rows.into_iter().map(|row| (run.plan.code.clone(), measure(row.level), row)).collect::<Vec<_>>()
    };
    let rows: Vec<(String, String, cocontrol::CocontrolRow)> = projections.runs.iter().flat_map(of).collect();
    let rows = &rows;
    DataFrame::new(
        rows.len(),
        vec![
            text("scenario", rows, |(scenario, ..)| scenario.clone()),
            text("measure", rows, |(_, measure, _)| measure.clone()),
            year(rows, |(.., row)| row.year),
            text("boundary", rows, |(.., row)| row.boundary.word().to_string()),
            text("medium", rows, |(.., row)| row.medium.to_string()),
            text("pollutant", rows, |(.., row)| match &row.subject {
                CocontrolSubject::Pollutant(code) => code.clone(),
                CocontrolSubject::Medium(_) => "(all)".to_string(),
            }),
            number("cut_t", rows, |(.., row)| row.cut_t),
            number("equivalents", rows, |(.., row)| row.equivalents),
            number("cut_share", rows, |(.., row)| row.share),
            number("co2_cut_t", rows, |(.., row)| Some(row.co2_cut_t)),
            number("co2_cut_share", rows, |(.., row)| row.co2_share),
            number("elasticity", rows, |(.., row)| row.elasticity),
            text("quadrant", rows, |(.., row)| row.quadrant.word().to_string()),
        ],
    )
}

/// `portfolio.csv`: every choice that the program had, how far it is used, and what it costs and saves beside the others.
///
/// # Errors
/// Failures of the frame engine.
pub fn portfolio((desk, plan): (&PortfolioProblem<'_>, &Plan), found: &Portfolio) -> Result<OutputFile> {
    chosen((desk, plan), found)
        .and_then(|frame| csv("portfolio.csv", frame))
        .map_err(|cause| failure("portfolio.csv", cause))
}

fn chosen((desk, plan): (&PortfolioProblem<'_>, &Plan), found: &Portfolio) -> PolarsResult<DataFrame> {
    let rows: Vec<(usize, &MeasureChoice)> = found.choices.iter().enumerate().collect();
    let rows = &rows;
    let gauge = &desk.request.gauges[0];
    let used = |at: &usize| found.used[*at];
    let bill = |at: &usize, choice: &MeasureChoice| found.bills[choice.level].as_ref().filter(|_| used(at) > 0.0);
    let planned = |level: usize| plan.levels[level].values.iter().copied().fold(0.0, f64::max);
    let starts = rows.iter().map(|(_, choice)| choice.start).collect::<Vec<Option<i32>>>();
    DataFrame::new(
        rows.len(),
        vec![
            text("scenario", rows, |_| plan.code.clone()),
            text("target", rows, |_| gauge.target.code.clone()),
            text("measure", rows, |(_, choice)| {
                desk.ground.plans.measures[plan.levels[choice.level].measure].code.clone()
            }),
            Column::new("start".into(), starts),
            number("level", rows, |(at, _)| Some(used(at))),
            number("planned", rows, |(_, choice)| Some(planned(choice.level))),
            number("present_value", rows, |(at, choice)| {
                Some(bill(at, choice).map_or(0.0, |bill| -bill.net_present_value()))
            }),
            number("invest", rows, |(at, choice)| Some(bill(at, choice).map_or(0.0, |bill| bill.investment()))),
            text("unit", rows, |_| "元".to_string()),
            year(rows, |_| gauge.target.year),
            number("cut", rows, |(at, _)| Some(used(at) * gauge.total(&found.savings[*at]))),
            text("metric", rows, |_| gauge.metric().to_string()),
            text("cut_unit", rows, |_| gauge.metric_unit().to_string()),
        ],
    )
}
