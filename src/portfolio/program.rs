//! The program of one round: min Σ cost·x over x in 0..=1, of several starts of a measure one at most.

use super::{Desk, Tangent};
use crate::error::{Result, failure};
use crate::plan::additive;
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, constraint, microlp, variable,
};

/// Σ weight·x ≤ at_most
struct Row {
    weights: Vec<f64>,
    at_most: f64,
}

/// How far each choice is used; `None` where no portfolio fits.
pub(super) fn solve(desk: &Desk<'_>, tangent: &Tangent) -> Result<Option<Vec<f64>>> {
    let mut variables = ProblemVariables::new();
    let used: Vec<Variable> = desk.choices.iter().map(|_| variables.add(variable().min(0.0).max(1.0))).collect();
    let begun: Vec<Option<Variable>> =
        (0..used.len()).map(|at| has_rivals(desk, at).then(|| variables.add(variable().binary()))).collect();
    let largest = tangent.costs.iter().map(|cost| cost.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let weighted = |weights: &[f64], scale: f64| -> Expression {
        used.iter().zip(weights).map(|(used, weight)| *used * (weight / scale)).sum()
    };
    let mut model = variables.minimise(weighted(&tangent.costs, largest)).using(microlp);
    for (used, begun) in used.iter().zip(&begun) {
        if let Some(begun) = begun {
            model = model.with(constraint!(*used <= *begun));
        }
    }
    for level in 0..desk.plan.levels.len() {
        let rivals = desk.choices.iter().zip(&begun).filter(|(choice, _)| choice.level == level);
        let rivals: Vec<Variable> = rivals.filter_map(|(_, begun)| *begun).collect();
        if !rivals.is_empty() {
            model = model.with(constraint!(rivals.into_iter().sum::<Expression>() <= 1.0));
        }
    }
    for row in rows(desk, tangent) {
        let scale = row.weights.iter().map(|weight| weight.abs()).fold(0.0, f64::max);
        if scale == 0.0 {
            // No measure moves it: it holds or it does not.
            if row.at_most < -1e-9 * row.at_most.abs().max(1.0) {
                return Ok(None);
            }
            continue;
        }
        model = model.with(constraint!(weighted(&row.weights, scale) <= row.at_most / scale));
    }
    match model.solve() {
        Ok(solution) => Ok(Some(used.iter().map(|used| solution.value(*used).clamp(0.0, 1.0)).collect())),
        Err(ResolutionError::Infeasible) => Ok(None),
        Err(cause) => Err(failure("portfolio", cause)),
    }
}

/// Whether another choice uses the same measure.
fn has_rivals(desk: &Desk<'_>, at: usize) -> bool {
    let own = desk.choices[at].level;
    desk.choices.iter().filter(|choice| choice.level == own).count() > 1
}

fn rows(desk: &Desk<'_>, tangent: &Tangent) -> Vec<Row> {
    let mut rows = Vec::new();
    for limit in desk.request.gauges.iter().flat_map(|gauge| gauge.limits(&tangent.totals)) {
        let sum = |totals: &ndarray::Array2<f64>| -> f64 {
            limit.terms.iter().map(|&(metric, year, weight)| weight * totals[[metric, year]]).sum()
        };
        let weights: Vec<f64> = tangent.changes.iter().map(&sum).collect();
        let here: f64 = weights.iter().zip(&tangent.at).map(|(weight, at)| weight * at).sum();
        rows.push(Row { at_most: limit.at_most - sum(&tangent.totals) + here, weights });
    }
    if let Some(budget) = desk.request.budget {
        rows.push(Row { weights: tangent.investments.clone(), at_most: budget });
    }
    for parts in additive(desk.plan) {
        rows.extend((1..desk.plan.length()).map(|year| adding_up(desk, &parts, year)));
    }
    rows
}

/// The parts of one amount in a year, what stays as the scenario has it taken off.
fn adding_up(desk: &Desk<'_>, parts: &[(usize, f64)], year: usize) -> Row {
    let part = |level: usize| parts.iter().filter(|(own, _)| *own == level).map(|(_, part)| part).sum::<f64>();
    let weights: Vec<f64> = desk.choices.iter().map(|choice| part(choice.level) * choice.path[year]).collect();
    let fixed = desk.fixed().into_iter().map(|level| part(level) * desk.plan.levels[level].values[year]);
    Row { weights, at_most: 1.0 - fixed.sum::<f64>() }
}
