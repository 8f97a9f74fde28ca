//! The least-cost portfolio: which measures, how far and from when, so that targets are met at the least present value of cost.
//!
//! A linear (with starts to choose from: mixed-integer) program over the measures, its savings linearised at an operating point: first
//! with nothing in use (first-in), then with the last answer in use (in-package). Totals are linear in each single level, so that the
//! second and later rounds are Newton steps. Every answer is simulated, and the gap between program and simulation is told.

use crate::cost::{self, Bill};
use crate::error::Result;
use crate::plan::{Ground, Kernel, Levers, Plan, Series};
use crate::seek::{Gauge, Reading, smallest};
use ndarray::Array2;

mod program;

/// What is asked for.
#[derive(Debug)]
pub struct Request<'a> {
    /// All of them have to be met; the first is the one that is told of.
    pub gauges: Vec<Gauge<'a>>,
    /// The most that may be invested, in yuan.
    pub budget: Option<f64>,
    /// Years in which a measure may begin, beside the one that is written.
    pub starts: Vec<i32>,
}

/// One way to use a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Index into [`Plan::levels`].
    pub level: usize,
    /// None: as the scenario has it.
    pub start: Option<i32>,
    /// The level of each year when it is used in full.
    pub path: Series,
}

/// The best portfolio that was found.
#[derive(Debug, Clone)]
pub struct Portfolio {
    pub choices: Vec<Choice>,
    /// How far each choice is used, 0 to 1.
    pub used: Vec<f64>,
    pub levels: Vec<Series>,
    pub bills: Vec<Option<Bill>>,
    /// By gauge: what the program promised and what the simulation reaches.
    pub promised: Vec<Reading>,
    pub simulated: Vec<Reading>,
    /// The greatest relative distance between program and simulation in a total that a condition names.
    pub gap: f64,
    pub rounds: usize,
    /// What each choice saves of the first target's totals beside the others, metric × year.
    pub savings: Vec<Array2<f64>>,
    /// Whether the simulation meets every target within the budget.
    pub met: bool,
}

/// More rounds than this do not help.
const ROUNDS: usize = 5;
/// Above this gap the savings are linearised again.
const GAP: f64 = 0.01;

/// A program over the choices of a plan.
pub struct Desk<'a> {
    pub ground: Ground<'a>,
    pub plan: &'a Plan,
    pub kernel: &'a Kernel<'a>,
    pub request: &'a Request<'a>,
    choices: Vec<Choice>,
}

/// Everything linear at an operating point.
struct Tangent {
    at: Vec<f64>,
    totals: Array2<f64>,
    /// By choice, used in full against not at all.
    changes: Vec<Array2<f64>>,
    costs: Vec<f64>,
    investments: Vec<f64>,
}

impl<'a> Desk<'a> {
    /// # Errors
    /// Levels that do not fit; costs in units that do not.
    pub fn new(
        ground: Ground<'a>,
        (plan, kernel): (&'a Plan, &'a Kernel<'a>),
        request: &'a Request<'a>,
    ) -> Result<Self> {
        let mut choices = Vec::new();
        for (level, planned) in plan.levels.iter().enumerate() {
            let measure = &ground.plans.measures[planned.measure];
            let most = planned.values.iter().copied().fold(0.0, f64::max);
            if measure.cost.is_none() || most == 0.0 {
                continue;
            }
            let mut put = |start: Option<i32>, values: &[f64]| {
                let path: Series = values.iter().map(|value| (value / most).min(1.0)).collect();
                if path.iter().any(|value| *value > 0.0)
                    && choices.iter().all(|c: &Choice| c.level != level || c.path != path)
                {
                    choices.push(Choice { level, start, path });
                }
            };
            put(None, &planned.values);
            for &start in &request.starts {
                put(Some(start), &measure.levels((None, Some(start)), (plan.anchor, plan.horizon))?);
            }
        }
        Ok(Self { ground, plan, kernel, request, choices })
    }

    /// Measures in use whose cost is not known: they stay as the scenario has them.
    pub fn fixed(&self) -> Vec<usize> {
        let free = |level: &usize| self.choices.iter().any(|choice| choice.level == *level);
        (0..self.plan.levels.len()).filter(|level| !free(level)).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    fn levels(&self, used: &[f64]) -> Vec<Series> {
        let mut levels: Vec<Series> = self.plan.levels.iter().map(|level| level.values.clone()).collect();
        self.choices.iter().for_each(|choice| levels[choice.level].fill(0.0));
        for (choice, used) in self.choices.iter().zip(used) {
            levels[choice.level].iter_mut().zip(&choice.path).for_each(|(sum, path)| *sum += used * path);
        }
        levels
    }

    fn levers(&self, levels: Vec<Series>) -> Levers {
        Levers { levels, ..Levers::of(self.plan) }
    }

    fn run(&self, levels: Vec<Series>) -> Array2<f64> {
        self.kernel.run(&self.levers(levels))
    }

    /// The present value of all costs, and the bills.
    fn bills(&self, levels: Vec<Series>) -> Result<(f64, Vec<Option<Bill>>)> {
        let bills = cost::bills(self.ground, self.plan, &self.levers(levels))?;
        Ok((-bills.iter().flatten().map(Bill::net_present_value).sum::<f64>(), bills))
    }

    fn tangent(&self, at: &[f64]) -> Result<Tangent> {
        let levels = self.levels(at);
        let totals = self.run(levels.clone());
        let (mut changes, mut costs, mut investments) = (Vec::new(), Vec::new(), Vec::new());
        for choice in &self.choices {
            let with = |path: Series| {
                let mut turned = levels.clone();
                turned[choice.level] = path;
                turned
            };
            let (off, on) = (with(vec![0.0; self.plan.length()]), with(choice.path.clone()));
            changes.push(self.run(on.clone()) - self.run(off.clone()));
            let ((before, _), (after, bills)) = (self.bills(off)?, self.bills(on)?);
            costs.push(after - before);
            investments.push(bills[choice.level].as_ref().map_or(0.0, Bill::investment));
        }
        Ok(Tangent { at: at.to_vec(), totals, changes, costs, investments })
    }

    /// The portfolio of least cost; where no portfolio meets the targets, the one that uses everything in full.
    ///
    /// # Errors
    /// Costs in units that do not fit; failures of the solver.
    pub fn solve(&self) -> Result<Portfolio> {
        let nothing = vec![0.0; self.choices.len()];
        let everything = self.everything();
        let mut best: Option<Portfolio> = None;
        let mut at = nothing.clone();
        for round in 1..=ROUNDS {
            let tangent = self.tangent(&at)?;
            let solved = program::solve(self, &tangent)?;
            let Some(used) = solved else {
                if round > 1 || at == everything {
                    break;
                }
                // What overlaps little alone may still be enough together, and the other way round.
                at.clone_from(&everything);
                continue;
            };
            let found = self.simulate(used, (&tangent, round))?;
            let (gap, met) = (found.gap, found.met);
            at.clone_from(&found.used);
            best = Some(better(best, found));
            if gap <= GAP && met {
                break;
            }
        }
        match best {
            Some(best) if best.met => Ok(best),
            _ => self.mended(best, &everything),
        }
    }

    /// Every measure in full: of several starts the one that is written.
    fn everything(&self) -> Vec<f64> {
        let first = |at: usize| self.choices[..at].iter().all(|choice| choice.level != self.choices[at].level);
        (0..self.choices.len()).map(|at| if first(at) { 1.0 } else { 0.0 }).collect()
    }

    /// An answer that the simulation finds a little short goes as far towards everything as it has to.
    fn mended(&self, best: Option<Portfolio>, everything: &[f64]) -> Result<Portfolio> {
        let (from, rounds) = best.map_or((vec![0.0; everything.len()], 0), |best| (best.used, best.rounds));
        let between = |t: f64| -> Vec<f64> { from.iter().zip(everything).map(|(a, b)| a + t * (b - a)).collect() };
        let margin = |t: f64| {
            let totals = self.run(self.levels(&between(t)));
            self.request.gauges.iter().map(|gauge| gauge.read(&totals).margin).fold(f64::INFINITY, f64::min)
        };
        let used = between(smallest(margin, 1.0).x);
        let tangent = self.tangent(&used)?;
        self.simulate(used, (&tangent, rounds))
    }

    fn simulate(&self, used: Vec<f64>, (tangent, rounds): (&Tangent, usize)) -> Result<Portfolio> {
        let levels = self.levels(&used);
        let totals = self.run(levels.clone());
        let mut promised = tangent.totals.clone();
        for ((used, at), change) in used.iter().zip(&tangent.at).zip(&tangent.changes) {
            promised.scaled_add(used - at, change);
        }
        let gauges = &self.request.gauges;
        let limits = gauges.iter().flat_map(|gauge| gauge.limits(&totals));
        let named = limits.flat_map(|limit| limit.terms.into_iter().map(|(metric, year, _)| [metric, year]));
        let distance = |at: [usize; 2]| (promised[at] - totals[at]).abs() / totals[at].abs().max(f64::MIN_POSITIVE);
        let gap = named.map(distance).fold(0.0, f64::max);
        let read = |totals: &Array2<f64>| gauges.iter().map(|gauge| gauge.read(totals)).collect::<Vec<Reading>>();
        let simulated = read(&totals);
        let (_, bills) = self.bills(levels.clone())?;
        let invested: f64 = bills.iter().flatten().map(Bill::investment).sum();
        let affordable = self.request.budget.is_none_or(|budget| invested <= budget * (1.0 + 1e-6));
        Ok(Portfolio {
            choices: self.choices.clone(),
            met: affordable && simulated.iter().all(Reading::is_met),
            promised: read(&promised),
            savings: tangent.changes.iter().map(|change| -change).collect(),
            used,
            levels,
            bills,
            simulated,
            gap,
            rounds,
        })
    }
}

impl Portfolio {
    /// The present value of all costs in yuan.
    pub fn cost(&self) -> f64 {
        -self.bills.iter().flatten().map(Bill::net_present_value).sum::<f64>()
    }

    pub fn investment(&self) -> f64 {
        self.bills.iter().flatten().map(Bill::investment).sum()
    }
}

/// What meets the targets at less cost; else the later.
fn better(known: Option<Portfolio>, found: Portfolio) -> Portfolio {
    match known {
        Some(known) if known.met && (!found.met || known.cost() <= found.cost()) => known,
        _ => found,
    }
}
