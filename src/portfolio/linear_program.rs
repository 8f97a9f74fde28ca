//! The program of one round over x in 0..=1, of several starts of a measure one at most: least cost or investment under the targets,
//! or the least shortfall of the targets.

use super::peak_year_search::{Objective, ProgramRequest};
use super::{PortfolioProblem, Tangent};
use crate::error::{Result, failure};
use crate::plan::additive;
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, constraint, microlp, variable,
};

/// Σ weight·x ≤ at_most + size·shortfall
#[derive(Debug, Clone)]
struct LinearConstraint {
    weights: Vec<f64>,
    at_most: f64,
    /// What the shortfall of a target is relative to; 0 of what has to hold in any case.
    size: f64,
}

impl LinearConstraint {
    /// The greatest of the weights; none where no measure moves it, so that it holds or it does not.
    fn scale(&self) -> Option<f64> {
        let scale = self.weights.iter().map(|weight| weight.abs()).fold(0.0, f64::max);
        (scale > 0.0).then_some(scale)
    }

    /// Whether what no measure moves does not hold, though it has to.
    fn fails(&self, at_most: f64, leeway: Leeway) -> bool {
        let is_required = self.size == 0.0 || matches!(leeway, Leeway::Fixed(0.0));
        is_required && at_most < -1e-9 * at_most.abs().max(1.0)
    }
}

/// How far each choice is used, and what is made least.
#[derive(Debug, Clone)]
pub(super) struct Solved {
    pub used: Vec<f64>,
    pub value: f64,
}

/// How much of a least value may be given up, relative, so that the solver's rounding leaves room for the cheapest of equals.
const TIE: f64 = 1e-12;

/// How targets may be missed.
#[derive(Debug, Clone, Copy)]
enum Leeway {
    /// By no more than this.
    Fixed(f64),
    /// It is what is made least.
    Sought,
}

/// The best use of the choices; `None` where no portfolio fits.
pub(super) fn solve(desk: &PortfolioProblem<'_>, tangent: &Tangent, course: &ProgramRequest) -> Result<Option<Solved>> {
    let rows = rows(desk, tangent, course);
    let of = |weights: &[f64], leeway| least(desk, (weights, leeway), &rows);
    match course.aim {
        Objective::Cost => of(&tangent.costs, Leeway::Fixed(0.0)),
        Objective::Investment => {
            let Some(least) = of(&tangent.investments, Leeway::Fixed(0.0))? else { return Ok(None) };
            // Among those that invest as little, the cheapest.
            let at_most = least.value + TIE * least.value.abs();
            let budget = LinearConstraint { weights: tangent.investments.clone(), at_most, size: 0.0 };
            let cheapest = self::least(desk, (&tangent.costs, Leeway::Fixed(0.0)), &[rows, vec![budget]].concat())?;
            Ok(Some(Solved { used: cheapest.map_or(least.used, |found| found.used), value: least.value }))
        }
        Objective::Shortfall => {
            let nothing = vec![0.0; desk.choices.len()];
            let Some(nearest) = of(&nothing, Leeway::Sought)? else { return Ok(None) };
            // Among those that come as near, the cheapest.
            let leeway = nearest.value * (1.0 + TIE);
            let cheapest = of(&tangent.costs, Leeway::Fixed(leeway))?;
            Ok(Some(Solved { used: cheapest.map_or(nearest.used, |found| found.used), value: nearest.value }))
        }
    }
}

fn least(
    desk: &PortfolioProblem<'_>,
    (weights, leeway): (&[f64], Leeway),
    rows: &[LinearConstraint],
) -> Result<Option<Solved>> {
    let mut variables = ProblemVariables::new();
    let used: Vec<Variable> = desk.choices.iter().map(|_| variables.add(variable().min(0.0).max(1.0))).collect();
    let begun: Vec<Option<Variable>> =
        (0..used.len()).map(|at| has_rivals(desk, at).then(|| variables.add(variable().binary()))).collect();
    let shortfall = matches!(leeway, Leeway::Sought).then(|| variables.add(variable().min(0.0)));
    let largest = weights.iter().map(|weight| weight.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let weighted = |weights: &[f64], scale: f64| -> Expression {
        used.iter().zip(weights).map(|(used, weight)| *used * (weight / scale)).sum()
    };
    let objective = shortfall.map_or_else(|| weighted(weights, largest), Expression::from);
    let mut model = variables.minimise(objective).using(microlp);
    for (used, begun) in used.iter().zip(&begun).filter_map(|(used, begun)| begun.map(|begun| (used, begun))) {
        model = model.with(constraint!(*used <= begun));
    }
    for rivals in rivals(desk, &begun) {
        model = model.with(constraint!(rivals.into_iter().sum::<Expression>() <= 1.0));
    }
    for row in rows {
        let at_most = match leeway {
            Leeway::Fixed(leeway) => row.at_most + leeway * row.size,
            Leeway::Sought => row.at_most,
        };
        let Some(scale) = row.scale() else {
            if row.fails(at_most, leeway) {
                return Ok(None);
            }
            continue;
        };
        let missed = shortfall.map_or_else(Expression::default, |shortfall| shortfall * (row.size / scale));
        model = model.with(constraint!(weighted(&row.weights, scale) - missed <= at_most / scale));
    }
    let of = |solution: &dyn Fn(Variable) -> f64| {
        let used: Vec<f64> = used.iter().map(|used| rounded(solution(*used))).collect();
        let cost = used.iter().zip(weights).map(|(used, weight)| used * weight).sum();
        Solved { value: shortfall.map_or(cost, solution), used }
    };
    match model.solve() {
        Ok(solution) => Ok(Some(of(&|variable| solution.value(variable)))),
        Err(ResolutionError::Infeasible) => Ok(None),
        Err(cause) => Err(failure("portfolio", cause)),
    }
}

/// What differs from 0 or 1 by the solver's rounding alone is 0 or 1.
fn rounded(used: f64) -> f64 {
    const ROUNDING: f64 = 1e-10;
    if used < ROUNDING {
        0.0
    } else if used > 1.0 - ROUNDING {
        1.0
    } else {
        used
    }
}

/// The starts of each measure that has several.
fn rivals(desk: &PortfolioProblem<'_>, begun: &[Option<Variable>]) -> Vec<Vec<Variable>> {
    let of = |level: usize| -> Vec<Variable> {
        let own = desk.choices.iter().zip(begun).filter(|(choice, _)| choice.level == level);
        own.filter_map(|(_, begun)| *begun).collect()
    };
    (0..desk.plan.levels.len()).map(of).filter(|rivals| !rivals.is_empty()).collect()
}

/// Whether another choice uses the same measure.
fn has_rivals(desk: &PortfolioProblem<'_>, at: usize) -> bool {
    let own = desk.choices[at].level;
    desk.choices.iter().filter(|choice| choice.level == own).count() > 1
}

fn rows(desk: &PortfolioProblem<'_>, tangent: &Tangent, course: &ProgramRequest) -> Vec<LinearConstraint> {
    let mut rows = Vec::new();
    let gauges = desk.request.gauges.iter().zip(&course.tops);
    for limit in gauges.flat_map(|(gauge, top)| gauge.limits(*top)) {
        let sum = |totals: &ndarray::Array2<f64>| -> f64 {
            limit.terms.iter().map(|&(metric, year, weight)| weight * totals[[metric, year]]).sum()
        };
        let weights: Vec<f64> = tangent.changes.iter().map(&sum).collect();
        let here: f64 = weights.iter().zip(&tangent.at).map(|(weight, at)| weight * at).sum();
        let size = |&(metric, year, weight): &(usize, usize, f64)| (weight * tangent.totals[[metric, year]]).abs();
        let size = limit.terms.iter().map(size).fold(limit.at_most.abs(), f64::max).max(f64::MIN_POSITIVE);
        rows.push(LinearConstraint { at_most: limit.at_most - sum(&tangent.totals) + here, weights, size });
    }
    if let Some(budget) = course.budget {
        rows.push(LinearConstraint { weights: tangent.investments.clone(), at_most: budget, size: 0.0 });
    }
    for parts in additive(desk.plan) {
        rows.extend((1..desk.plan.length()).map(|year| adding_up(desk, &parts, year)));
    }
    rows
}

/// The parts of one amount in a year, what stays as the scenario has it taken off.
fn adding_up(desk: &PortfolioProblem<'_>, parts: &[(usize, f64)], year: usize) -> LinearConstraint {
    let part = |level: usize| parts.iter().filter(|(own, _)| *own == level).map(|(_, part)| part).sum::<f64>();
    let weights: Vec<f64> = desk.choices.iter().map(|choice| part(choice.level) * choice.path[year]).collect();
    let fixed = desk.fixed().into_iter().map(|level| part(level) * desk.plan.levels[level].values[year]);
    LinearConstraint { weights, at_most: 1.0 - fixed.sum::<f64>(), size: 0.0 }
}
