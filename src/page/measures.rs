//! What measures do: their parts of the cut, costs, co-control, and what moved the totals.

use super::Results;
use super::series::marks;
use super::table::{PageTable, pair};
use crate::cocontrol::{self, CocontrolSubject};
use crate::decomposition::breakeven::{BreakevenRow, sentence};
use crate::decomposition::{DecompositionKind, DecompositionRow, TOTAL};
use crate::plan::PlanMetric;
use crate::projection::ScenarioRun;
use crate::projection::attribution::{AttributedPart, Cause};
use crate::projection::cost_curve;
use crate::target::ENERGY;
use serde_json::{Value, json};

/// What other growth cuts is shown as a measure of this name.
pub(super) const GROWTH: &str = "(growth)";

/// Metrics that measures are shown for: pollutants, CO2-equivalents and energy.
fn is_shown(metric: &PlanMetric) -> bool {
    !metric.name.starts_with("CO2 ") && (metric.name == ENERGY || !metric.name.contains("energy"))
}

/// A part of what lies between a scenario and its base, of one metric in one year.
struct Cut<'a> {
    scenario: &'a str,
    measure: &'a str,
    year: i32,
    metric: &'a PlanMetric,
    part: AttributedPart,
}

fn cuts<'a>(contents: &'a Results<'_>, run: &'a ScenarioRun<'_>) -> Vec<Cut<'a>> {
    let Some(projections) = contents.projections else { return Vec::new() };
    let scenario = run.plan.code.as_str();
    let mut cuts = Vec::new();
    for (index, metric) in projections.metrics.all.iter().enumerate().filter(|(_, metric)| is_shown(metric)) {
        for year in marks(run) {
            let parts = projections.attribution(run, index, year).map_or(Vec::new(), |found| found.parts);
            cuts.extend(parts.into_iter().filter(|part| part.is_something()).map(|part| {
                let measure = match part.cause {
                    Cause::Measure(measure) => projections.ground.plans.measures[measure].code.as_str(),
                    Cause::Growth => GROWTH,
                };
                Cut { scenario, measure, year, metric, part }
            }));
        }
    }
    cuts
}

pub(super) fn contributions(contents: &Results<'_>) -> Option<Value> {
    let rows: Vec<Cut<'_>> = contents.runs().iter().flat_map(|run| cuts(contents, run)).collect();
    let rows = &rows;
    PageTable::new(rows.len())
        .words(("scenario", "scenario"), rows, |cut| cut.scenario.to_string())
        .words(("measure", "measure"), rows, |cut| cut.measure.to_string())
        .years("year", rows, |cut| Some(cut.year))
        .words(("metric", "metric"), rows, |cut| cut.metric.name.clone())
        .words(("boundary", "boundary"), rows, |cut| cut.metric.boundary.word().to_string())
        .numbers(("shapley", "number"), rows, |cut| Some(cut.part.cut))
        .numbers(("first_in", "number"), rows, |cut| cut.part.first_in)
        .numbers(("last_in", "number"), rows, |cut| cut.part.last_in)
        .words(("unit", "unit"), rows, |cut| cut.metric.unit.to_string())
        .value()
}

/// The marginal cost curve in the years that are shown.
pub(super) fn costs(contents: &Results<'_>) -> Option<Value> {
    let projections = contents.projections?;
    let of_run = |run| {
        let years = marks(run);
        cost_curve::steps(projections, run).into_iter().filter(move |step| years.contains(&step.year))
    };
    let rows: Vec<cost_curve::CostCurveStep<'_>> = projections.runs.iter().flat_map(of_run).collect();
    let rows = &rows;
    PageTable::new(rows.len())
        .words(("scenario", "scenario"), rows, |step| step.scenario.to_string())
        .words(("measure", "measure"), rows, |step| step.measure.to_string())
        .years("year", rows, |step| Some(step.year))
        .numbers(("rank", "number"), rows, |step| Some(step.rank as f64))
        .numbers(("cost", "number"), rows, |step| Some(step.standing.cost))
        .numbers(("invest", "number"), rows, |step| Some(step.invest))
        .numbers(("npv", "number"), rows, |step| Some(step.standing.npv))
        .numbers(("tonnes", "number"), rows, |step| Some(step.standing.tonnes))
        .numbers(("cost_per_t", "number"), rows, |step| step.standing.per_tonne())
        .numbers(("from_t", "number"), rows, |step| Some(step.from_t))
        .numbers(("to_t", "number"), rows, |step| Some(step.to_t()))
        .value()
}

pub(super) fn cocontrol(contents: &Results<'_>) -> Option<Value> {
    let projections = contents.projections?;
    let inventory = projections.ground.inventory;
    let mut rows: Vec<(&str, &str, cocontrol::CocontrolRow)> = Vec::new();
    for run in &projections.runs {
        let years = marks(run);
        let found =
            cocontrol::rows(inventory, (&run.plan, &projections.metrics), (&run.contributions, &run.outlook.totals));
        let moves =
            |row: &cocontrol::CocontrolRow| row.co2_cut_t != 0.0 || row.cut_t.or(row.equivalents).unwrap_or(0.0) != 0.0;
        let found = found.into_iter().filter(|row| years.contains(&row.year) && moves(row));
        let measure = |level: usize| &projections.ground.plans.measures[run.plan.levels[level].measure].code;
        rows.extend(found.map(|row| (run.plan.code.as_str(), measure(row.level).as_str(), row)));
    }
    let rows = &rows;
    PageTable::new(rows.len())
        .words(("scenario", "scenario"), rows, |row| row.0.to_string())
        .words(("measure", "measure"), rows, |row| row.1.to_string())
        .years("year", rows, |row| Some(row.2.year))
        .words(("boundary", "boundary"), rows, |row| row.2.boundary.word().to_string())
        .words(("medium", "word"), rows, |row| row.2.medium.to_string())
        .words(("pollutant", "metric"), rows, |row| match &row.2.subject {
            CocontrolSubject::Pollutant(code) => code.clone(),
            CocontrolSubject::Medium(_) => "(all)".to_string(),
        })
        .numbers(("cut_t", "number"), rows, |row| row.2.cut_t)
        .numbers(("equivalents", "number"), rows, |row| row.2.equivalents)
        .numbers(("cut_share", "percent"), rows, |row| row.2.share)
        .numbers(("co2_cut_t", "number"), rows, |row| Some(row.2.co2_cut_t))
        .numbers(("co2_cut_share", "percent"), rows, |row| row.2.co2_share)
        .numbers(("elasticity", "number"), rows, |row| row.2.elasticity)
        .words(("quadrant", "word"), rows, |row| row.2.quadrant.word().to_string())
        .value()
}

/// The factors of an identity by plan period, and the growth at which the total stays flat.
pub(super) fn changes(contents: &Results<'_>) -> (Option<Value>, Option<Value>) {
    let is_shown = |row: &&DecompositionRow| row.group == TOTAL && row.kind != DecompositionKind::Scenario;
    let rows: Vec<&DecompositionRow> = contents.changes.rows.iter().filter(is_shown).collect();
    (factors(&rows), lines(&contents.changes.lines))
}

fn factors(rows: &[&DecompositionRow]) -> Option<Value> {
    PageTable::new(rows.len())
        .words(("scenario", "scenario"), rows, |row| row.scenario.clone())
        .years("from", rows, |row| Some(row.from))
        .years("to", rows, |row| Some(row.to))
        .words(("boundary", "boundary"), rows, |row| row.boundary.word().to_string())
        .words(("identity", "text"), rows, |row| row.identity.clone())
        .words(("factor", "factor"), rows, |row| row.factor.clone())
        .numbers(("additive", "number"), rows, |row| Some(row.additive))
        .numbers(("multiplicative", "number"), rows, |row| row.multiplicative)
        .words(("unit", "unit"), rows, |row| row.unit.to_string())
        .numbers(("tapio", "number"), rows, |row| row.tapio)
        .words(("decoupling", "word"), rows, |row| row.state.to_string())
        .value()
}

fn lines(rows: &[BreakevenRow]) -> Option<Value> {
    PageTable::new(rows.len())
        .words(("scenario", "scenario"), rows, |line| line.scenario.clone())
        .words(("boundary", "boundary"), rows, |line| line.boundary.word().to_string())
        .words(("period", "text"), rows, |line| line.period.clone())
        .numbers(("intensity_change", "percent"), rows, |line| Some(line.intensity_change))
        .numbers(("breakeven_growth", "percent"), rows, |line| Some(line.breakeven_growth))
        .numbers(("actual_growth", "percent"), rows, |line| Some(line.actual_growth))
        .texts("sentence", rows, sentence)
        .value()
}

/// In which box of uncertain inputs a target fails, and how probable it is that it is met.
pub(super) fn probabilities(contents: &Results<'_>) -> Vec<Value> {
    let Some(draws) = contents.draws else { return Vec::new() };
    let targets = &contents.inventory.study.targets;
    let all = draws.scenarios.iter().flat_map(|drawn| {
        drawn.probabilities.iter().map(|row| {
            json!({
                "scenario": drawn.scenario, "metric": row.metric.0, "boundary": row.metric.1.word(), "year": row.year,
                "target": row.target.map(|index| targets[index].code.as_str()),
                "wanted": row.target.and_then(|index| targets[index].probability),
                "sure": row.target.and_then(|index| targets[index].is_sure(row.share.value)),
                "value": row.share.value, "error": row.share.standard_error, "shown": row.share.to_string(),
                "failing": row.failing.as_ref().map(pair),
            })
        })
    });
    all.collect()
}
