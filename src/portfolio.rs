//! Which measures, how far and from when on, meet targets at the least cost: a linear (with starts to choose from: mixed-integer)
//! program over the measures, its savings linearised at an operating point: first with nothing in use (first-in), then with the last
//! answer in use (in-package). Totals are linear in each single level, so that the second and later rounds are Newton steps. A peak
//! may lie in any year until the required one: there is a program for each, and the cheapest of their answers is taken. Every answer
//! is simulated, and the gap between program and simulation is told.

use crate::cost::{self, CostSeries};
use crate::error::Result;
use crate::plan::{Kernel, KernelInputs, Plan, ScenarioContext, Series};
use crate::seek::{TargetFunction, TargetReading, smallest};
use ndarray::Array2;

mod peak_year_search;
mod linear_program;

use peak_year_search::Objective;

/// What is asked for.
#[derive(Debug)]
pub struct Request<'a> {
    /// All of them have to be met; the first is the one that is told of.
    pub gauges: Vec<TargetFunction<'a>>,
    /// The most that may be invested, in yuan.
    pub budget: Option<f64>,
    /// Years in which a measure may begin, beside the one that is written.
    pub starts: Vec<i32>,
}

/// One way to use a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureChoice {
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
    pub choices: Vec<MeasureChoice>,
    /// How far each choice is used, 0 to 1.
    pub used: Vec<f64>,
    pub levels: Vec<Series>,
    pub bills: Vec<Option<CostSeries>>,
    /// By gauge: what the program promised and what the simulation reaches.
    pub promised: Vec<TargetReading>,
    pub simulated: Vec<TargetReading>,
    /// The greatest relative distance between program and simulation in a total that a condition names.
    pub gap: f64,
    pub rounds: usize,
    /// What each choice saves of the first target's totals beside the others, metric × year.
    pub savings: Vec<Array2<f64>>,
    /// Whether the simulation meets every target within the budget.
    pub met: bool,
    /// Whether it invests no more than the budget.
    pub affordable: bool,
    /// By how much the target that is missed most is missed, relative.
    pub shortfall: f64,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct PortfolioSolution {
    /// The least-cost portfolio; where none meets the targets within the budget, the one within it that comes nearest.
    pub chosen: Portfolio,
    /// Where the budget is what prevents it: the portfolio that meets the targets with the least investment.
    pub beyond: Option<Portfolio>,
}

/// A program over the choices of a plan.
pub struct PortfolioProblem<'a> {
    pub ground: ScenarioContext<'a>,
    pub plan: &'a Plan,
    pub kernel: &'a Kernel<'a>,
    pub request: &'a Request<'a>,
    choices: Vec<MeasureChoice>,
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

impl<'a> PortfolioProblem<'a> {
    /// # Errors
    /// Levels that do not fit; costs in units that do not.
    pub fn new(
        ground: ScenarioContext<'a>,
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
                    && choices.iter().all(|c: &MeasureChoice| c.level != level || c.path != path)
                {
                    choices.push(MeasureChoice { level, start, path });
                }
            };
            put(None, &planned.values);
            for &start in &request.starts {
                put(Some(start), &measure.levels(None, Some(start), plan.anchor, plan.horizon)?);
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

    fn levers(&self, levels: Vec<Series>) -> KernelInputs {
        KernelInputs { levels, ..KernelInputs::of(self.plan) }
    }

    fn run(&self, levels: Vec<Series>) -> Array2<f64> {
        self.kernel.run(&self.levers(levels))
    }

    /// The present value of all costs, and the bills.
    fn bills(&self, levels: Vec<Series>) -> Result<(f64, Vec<Option<CostSeries>>)> {
        let bills = cost::bills(self.ground, self.plan, &self.levers(levels))?;
        Ok((-bills.iter().flatten().map(CostSeries::net_present_value).sum::<f64>(), bills))
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
            investments.push(bills[choice.level].as_ref().map_or(0.0, CostSeries::investment));
        }
        Ok(Tangent { at: at.to_vec(), totals, changes, costs, investments })
    }

    /// The portfolio of least cost; where no portfolio meets the targets within the budget, the one that comes nearest, and the one of
    /// least investment that does meet them.
    ///
    /// # Errors
    /// Costs in units that do not fit; failures of the solver.
    pub fn solve(&self) -> Result<PortfolioSolution> {
        let (nothing, everything) = (vec![0.0; self.choices.len()], self.everything());
        let points = [self.tangent(&nothing)?, self.tangent(&everything)?];
        let budget = self.request.budget;
        let cheapest = self.pursue((Objective::Cost, budget), &points)?;
        let cheapest = match cheapest {
            Some(found) if !found.met => Some(self.mended(found, budget)?),
            found => found,
        };
        if let Some(chosen) = cheapest.clone().filter(|found| found.met) {
            return Ok(PortfolioSolution { chosen, beyond: None });
        }
        let beyond = match budget {
            None => None,
            Some(_) => match self.pursue((Objective::Investment, None), &points)? {
                Some(found) if !found.met => Some(self.mended(found, None)?),
                found => found,
            },
        };
        let nearest = self.pursue((Objective::Shortfall, budget), &points)?;
        let chosen = [nearest, cheapest].into_iter().flatten().reduce(|a, b| better(Objective::Shortfall, a, b));
        let chosen = match chosen {
            Some(chosen) => chosen,
            None => self.simulate(nothing, &points[0], (budget, 0))?,
        };
        Ok(PortfolioSolution { chosen: self.affordable(chosen)?, beyond: beyond.filter(|found| found.met) })
    }

    /// Every measure in full: of several starts the one that is written.
    fn everything(&self) -> Vec<f64> {
        let first = |at: usize| self.choices[..at].iter().all(|choice| choice.level != self.choices[at].level);
        (0..self.choices.len()).map(|at| if first(at) { 1.0 } else { 0.0 }).collect()
    }

    /// An answer that the simulation finds a little short goes as far towards everything as it has to.
    fn mended(&self, found: Portfolio, budget: Option<f64>) -> Result<Portfolio> {
        let everything = self.everything();
        let between = |t: f64| blended(&found.used, &everything, t);
        let margin = |t: f64| {
            let totals = self.run(self.levels(&between(t)));
            self.request.gauges.iter().map(|gauge| gauge.read(&totals).margin).fold(f64::INFINITY, f64::min)
        };
        let used = between(smallest(margin, 1.0).x);
        let tangent = self.tangent(&used)?;
        self.simulate(used, &tangent, (budget, found.rounds))
    }

    /// An answer that the simulation finds a little above the budget goes as far back as it has to.
    fn affordable(&self, found: Portfolio) -> Result<Portfolio> {
        let Some(budget) = self.request.budget.filter(|_| !found.affordable) else { return Ok(found) };
        let nothing = vec![0.0; found.used.len()];
        let mut failure = None;
        let room = |t: f64| match self.bills(self.levels(&blended(&found.used, &nothing, t))) {
            Ok((_, bills)) => budget - invested(&bills),
            Err(cause) => {
                failure = Some(cause);
                f64::INFINITY
            }
        };
        let used = blended(&found.used, &nothing, smallest(room, 1.0).x);
        if let Some(cause) = failure {
            return Err(cause);
        }
        let tangent = self.tangent(&used)?;
        self.simulate(used, &tangent, (Some(budget), found.rounds))
    }

    fn simulate(&self, used: Vec<f64>, tangent: &Tangent, (budget, rounds): (Option<f64>, usize)) -> Result<Portfolio> {
        let levels = self.levels(&used);
        let totals = self.run(levels.clone());
        let mut promised = tangent.totals.clone();
        for ((used, at), change) in used.iter().zip(&tangent.at).zip(&tangent.changes) {
            promised.scaled_add(used - at, change);
        }
        let gauges = &self.request.gauges;
        let named = gauges.iter().flat_map(TargetFunction::named);
        let distance = |at: [usize; 2]| (promised[at] - totals[at]).abs() / totals[at].abs().max(f64::MIN_POSITIVE);
        let gap = named.map(distance).fold(0.0, f64::max);
        let read = |totals: &Array2<f64>| gauges.iter().map(|gauge| gauge.read(totals)).collect::<Vec<TargetReading>>();
        let simulated = read(&totals);
        let (_, bills) = self.bills(levels.clone())?;
        let affordable = budget.is_none_or(|budget| invested(&bills) <= budget * (1.0 + 1e-6));
        Ok(Portfolio {
            choices: self.choices.clone(),
            met: affordable && simulated.iter().all(TargetReading::is_met),
            affordable,
            shortfall: simulated.iter().map(TargetReading::shortfall).fold(0.0, f64::max),
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

/// A part of the way from one use of the choices to another.
fn blended(from: &[f64], to: &[f64], t: f64) -> Vec<f64> {
    from.iter().zip(to).map(|(a, b)| a + t * (b - a)).collect()
}

fn invested(bills: &[Option<CostSeries>]) -> f64 {
    bills.iter().flatten().map(CostSeries::investment).sum()
}

impl Portfolio {
    /// The present value of all costs in yuan.
    pub fn cost(&self) -> f64 {
        -self.bills.iter().flatten().map(CostSeries::net_present_value).sum::<f64>()
    }

    pub fn investment(&self) -> f64 {
        invested(&self.bills)
    }
}

/// What meets the targets with less of what is made least; else the one that comes nearer. Of equals the earlier.
fn better(aim: Objective, known: Portfolio, found: Portfolio) -> Portfolio {
    let rank = |portfolio: &Portfolio| match aim {
        Objective::Shortfall => (!portfolio.affordable, portfolio.shortfall, portfolio.cost()),
        Objective::Cost if portfolio.met => (false, portfolio.cost(), 0.0),
        Objective::Investment if portfolio.met => (false, portfolio.investment(), portfolio.cost()),
        Objective::Cost | Objective::Investment => (true, portfolio.shortfall, portfolio.cost()),
    };
    let (a, b) = (rank(&known), rank(&found));
    let order = a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2));
    if order.is_le() { known } else { found }
}
