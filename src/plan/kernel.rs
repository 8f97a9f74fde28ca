//! The plan collapsed: lines that share a path are summed once, a run is one product of matrices.
//!
//! totals(metric, year) = Σ over flows of weight(metric, flow) · flow(year), and beside it what is not so simple: lines whose parameters
//! change, stocks, and expressions that are not proportional to the amount. Sums run in the order of flows and lines.

use super::amount_path::Paths;
use super::energy::evaluate;
use super::metric::PlanMetrics;
use super::parameter_paths::{CellChange, bindings};
use super::shapley::ShapleyTerm;
use super::{Plan, ScenarioContext, Series};
use crate::expression::{AMOUNT, Expression};
use crate::matching::{ResolvedMethod, ValueSource};
use foldhash::HashMap;
use ndarray::Array2;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a run may move: drivers and levels by year, and every parameter of the ladder by a factor.
#[derive(Debug, Clone)]
pub struct KernelInputs {
    pub drivers: Vec<Series>,
    pub levels: Vec<Series>,
    /// Factor on a parameter of the ladder, by its index; 1 where none is named.
    pub factors: BTreeMap<usize, f64>,
}

impl KernelInputs {
    /// As the plan has it.
    pub fn of(plan: &Plan) -> Self {
        Self {
            drivers: plan.drivers.iter().map(|driver| driver.values.clone()).collect(),
            levels: plan.levels.iter().map(|level| level.values.clone()).collect(),
            factors: BTreeMap::new(),
        }
    }
}

/// A value per amount (or of an amount) by a chain of methods.
#[derive(Debug, Clone)]
pub(super) struct FormulaChain<'a> {
    pub resolved: &'a ResolvedMethod,
    pub changes: &'a [CellChange],
    /// The metrics that it counts in, with their weights.
    pub metrics: Vec<(usize, f64)>,
}

/// Lines of one chain on flows: base amount by flow.
#[derive(Debug, Clone)]
pub(super) struct Varying<'a> {
    pub chain: FormulaChain<'a>,
    pub amounts: Vec<(usize, f64)>,
    /// The row of each amount.
    pub rows: Vec<u32>,
}

/// What activity of before the anchor still gives, where a scenario changes a parameter of the emission's year.
#[derive(Debug, Clone)]
pub(super) struct Old<'a> {
    pub chain: FormulaChain<'a>,
    pub row: u32,
    pub amount: f64,
    /// Its age in the anchor year.
    pub age: f64,
}

/// What many runs of one set of parameters share.
#[derive(Debug, Clone)]
struct RunWeights {
    /// Metric × flow, of all lines whose value per amount does not change.
    fixed: Array2<f64>,
    /// For each stock what one unit of activity gives by age, where no parameter changes.
    by_age: Vec<Option<Series>>,
    /// Metric × year, of activity of before the anchor.
    standing: Array2<f64>,
}

/// A plan compiled for many runs.
#[derive(Debug, Clone)]
pub struct Kernel<'a> {
    pub(super) ground: ScenarioContext<'a>,
    pub(super) plan: &'a Plan,
    pub metrics: Arc<PlanMetrics>,
    pub(super) fixed: Vec<Varying<'a>>,
    pub(super) varying: Vec<Varying<'a>>,
    pub(super) curved: Vec<Varying<'a>>,
    pub(super) stocks: Vec<Varying<'a>>,
    pub(super) old: Vec<Old<'a>>,
    /// With the parameters as the ladder has them.
    nominal: RunWeights,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowKind {
    Fixed,
    Varying,
    Curved,
    Stock,
}

/// A canonical amount and its age in years, in the year of the activity and in that of the emission, both as indices from the anchor.
#[derive(Clone, Copy)]
struct AgedActivity {
    amount: f64,
    age: f64,
    at: usize,
    now: usize,
}

impl<'a> Kernel<'a> {
    pub fn new(ground: ScenarioContext<'a>, plan: &'a Plan, metrics: &Arc<PlanMetrics>) -> Self {
        let nothing = Array2::zeros((0, 0));
        let mut kernel = Self {
            ground,
            plan,
            metrics: Arc::clone(metrics),
            fixed: Vec::new(),
            varying: Vec::new(),
            curved: Vec::new(),
            stocks: Vec::new(),
            old: Vec::new(),
            nominal: RunWeights { fixed: nothing.clone(), by_age: Vec::new(), standing: nothing },
        };
        kernel.collect();
        kernel.collect_old();
        kernel.nominal = kernel.weigh(&BTreeMap::new());
        kernel
    }

    /// Sorts every line of the plan into what is fixed, what varies, what is curved and what is a stock.
    fn collect(&mut self) {
        let (inventory, plan) = (self.ground.inventory, self.plan);
        let matches = &inventory.matches;
        let of_class = bindings(self.ground);
        let energy: HashMap<u32, &ResolvedMethod> =
            matches.energy.iter().map(|(class, chain)| (*class, &**chain)).collect();
        let mut known: HashMap<(bool, u32, Vec<usize>), (RowKind, usize)> = HashMap::default();
        for amounts in plan.amounts.chunk_by(|a, b| a.row == b.row) {
            let row = amounts[0].row;
            let parts: Vec<(usize, f64)> = amounts.iter().map(|amount| (amount.flow, amount.base)).collect();
            let class = matches.class_of[row as usize];
            let bound = of_class[class as usize].iter().map(|&index| (Some(index), index));
            for (binding, number) in bound.chain(energy.contains_key(&class).then_some((None, class))) {
                let changes = plan.changed.get(&(row, binding)).map_or(&[][..], Vec::as_slice);
                let key = (binding.is_some(), number, changes.iter().map(|change| change.cell).collect());
                let rows = vec![row; parts.len()];
                if let Some(&(kind, at)) = known.get(&key) {
                    let line = &mut self.list(kind)[at];
                    line.amounts.extend(&parts);
                    line.rows.extend(&rows);
                    continue;
                }
                let chain = self.chain(binding, energy.get(&class).copied(), changes);
                let stock = binding.is_some_and(|index| matches.bindings[index as usize].emission_year.is_some());
                let kind = match proportional(inventory.study, chain.resolved) {
                    _ if stock => RowKind::Stock,
                    false => RowKind::Curved,
                    true if changes.is_empty() => RowKind::Fixed,
                    true => RowKind::Varying,
                };
                let list = self.list(kind);
                list.push(Varying { chain, amounts: parts.clone(), rows });
                // What is not proportional to its amount is a line of its own.
                if kind != RowKind::Curved {
                    known.insert(key, (kind, list.len() - 1));
                }
            }
        }
    }

    fn chain(
        &self,
        binding: Option<u32>,
        energy: Option<&'a ResolvedMethod>,
        changes: &'a [CellChange],
    ) -> FormulaChain<'a> {
        let inventory = self.ground.inventory;
        match (binding, energy) {
            (None, Some(resolved)) => FormulaChain { resolved, changes, metrics: self.metrics.of_energy() },
            (index, _) => {
                let binding = &inventory.matches.bindings[index.unwrap_or(0) as usize];
                let metrics = self.metrics.of_emission(inventory, binding.category, binding.pollutant);
                FormulaChain { resolved: &binding.emitted, changes, metrics }
            }
        }
    }

    fn list(&mut self, kind: RowKind) -> &mut Vec<Varying<'a>> {
        match kind {
            RowKind::Fixed => &mut self.fixed,
            RowKind::Varying => &mut self.varying,
            RowKind::Curved => &mut self.curved,
            RowKind::Stock => &mut self.stocks,
        }
    }

    /// Activity of before the anchor that goes on emitting.
    fn collect_old(&mut self) {
        let inventory = self.ground.inventory;
        let of_class = bindings(self.ground);
        for row in old_rows(inventory) {
            let class = inventory.matches.class_of[row as usize];
            for &index in &of_class[class as usize] {
                if inventory.matches.bindings[index as usize].emission_year.is_none() {
                    continue;
                }
                let changes = self.plan.changed.get(&(row, Some(index))).map_or(&[][..], Vec::as_slice);
                let chain = self.chain(Some(index), None, changes);
                let amount = inventory.study.activity.amount[row as usize];
                let age = f64::from(self.plan.anchor - inventory.study.activity.year[row as usize]);
                self.old.push(Old { chain, row, amount, age });
            }
        }
    }

    /// The value of a chain, parameters changed by the plan in the years of activity and emission, and by factors.
    fn value(
        &self,
        chain: &FormulaChain<'_>,
        activity: AgedActivity,
        levels: &[Series],
        factors: &BTreeMap<usize, f64>,
    ) -> f64 {
        let AgedActivity { amount, age, at, now } = activity;
        let ladder = &self.ground.inventory.study.ladder;
        evaluate(self.ground.inventory.study, chain.resolved, (amount, age), &|used, parameter| {
            let factor = factors.get(&parameter).copied().unwrap_or(1.0);
            let change = chain.changes.iter().find(|change| change.used == *used && change.parameter == parameter);
            match change {
                None => ladder.parameters[parameter].canonical() * factor,
                Some(change) => {
                    let index = if used.now { now } else { at };
                    self.plan.cells[change.cell].value(index, &|level| levels[level][index]) * factor
                }
            }
        })
    }

    /// What all runs with these factors on parameters share.
    fn weigh(&self, factors: &BTreeMap<usize, f64>) -> RunWeights {
        let (metrics, years) = (self.metrics.len(), self.plan.length());
        let mut fixed = Array2::zeros((metrics, self.plan.flows.len()));
        for line in &self.fixed {
            let per = self.value(&line.chain, AgedActivity { amount: 1.0, age: 0.0, at: 0, now: 0 }, &[], factors);
            for &(flow, base) in &line.amounts {
                line.chain.metrics.iter().for_each(|&(metric, weight)| fixed[[metric, flow]] += base * per * weight);
            }
        }
        let by_age = |stock: &Varying<'_>| {
            let simple =
                stock.chain.changes.is_empty() && proportional(self.ground.inventory.study, stock.chain.resolved);
            simple.then(|| {
                let of = |age: usize| {
                    self.value(&stock.chain, AgedActivity { amount: 1.0, age: age as f64, at: 0, now: 0 }, &[], factors)
                };
                (0..years).map(of).collect()
            })
        };
        let mut standing = Array2::zeros((metrics, years));
        for old in self.old.iter().filter(|old| old.chain.changes.is_empty()) {
            for year in 1..years {
                let activity = AgedActivity { amount: old.amount, age: old.age + year as f64, at: 0, now: year };
                let value = self.value(&old.chain, activity, &[], factors);
                old.chain.metrics.iter().for_each(|&(metric, weight)| standing[[metric, year]] += value * weight);
            }
        }
        RunWeights { fixed, by_age: self.stocks.iter().map(by_age).collect(), standing }
    }

    /// One run: metric × year from the anchor (index 0, stocks left out there) to the horizon.
    pub fn run(&self, levers: &KernelInputs) -> Array2<f64> {
        let own;
        let weights = if levers.factors.is_empty() {
            &self.nominal
        } else {
            own = self.weigh(&levers.factors);
            &own
        };
        let flows = Paths::new(self.plan, &levers.drivers).flows(&levers.levels);
        let matrix = Array2::from_shape_fn((flows.len(), self.years()), |(flow, year)| flows[flow][year]);
        let mut totals = weights.fixed.dot(&matrix) + &weights.standing;
        let lines = self.varying.iter().chain(&self.curved).map(|line| (line, None));
        let stocks = self.stocks.iter().zip(&weights.by_age).map(|(line, by_age)| (line, Some(by_age.as_ref())));
        for (line, stock) in lines.chain(stocks) {
            let amounts = summed(line.amounts.iter().map(|(flow, base)| (&flows[*flow], *base)), self.years());
            add(&mut totals, &line.chain, &self.values_with(line, (&amounts, levers), stock));
        }
        for old in self.old.iter().filter(|old| !old.chain.changes.is_empty()) {
            let values: Series =
                (0..self.years()).map(|year| self.value_of_old(old, year, (&levers.levels, &levers.factors))).collect();
            add(&mut totals, &old.chain, &values);
        }
        totals
    }

    /// The values of a line by year; `stock` is what one unit gives by age, where that does not change.
    fn values_with(
        &self,
        line: &Varying<'_>,
        (amounts, levers): (&[f64], &KernelInputs),
        stock: Option<Option<&Series>>,
    ) -> Series {
        let value = |amount: f64, at: usize, now: usize| {
            let activity = AgedActivity { amount, age: (now - at) as f64, at, now };
            self.value(&line.chain, activity, &levers.levels, &levers.factors)
        };
        let of = |now: usize| match stock {
            None => value(amounts[now], now, now),
            Some(_) if now == 0 => 0.0,
            Some(Some(by_age)) => (0..=now).map(|at| amounts[at] * by_age[now - at]).sum(),
            Some(None) => (0..=now).map(|at| value(amounts[at], at, now)).sum(),
        };
        (0..self.years()).map(of).collect()
    }

    fn values(
        &self,
        line: &Varying<'_>,
        (amounts, levels): (&[f64], &[Series]),
        stock: Option<Option<&Series>>,
    ) -> Series {
        let levers = KernelInputs { drivers: Vec::new(), levels: levels.to_vec(), factors: BTreeMap::new() };
        self.values_with(line, (amounts, &levers), stock)
    }

    /// Years from the anchor to the horizon, both counted.
    pub fn years(&self) -> usize {
        self.plan.length()
    }

    /// The parts of the totals that measures move, each with the measures that move it.
    pub(super) fn terms<'k>(&'k self, levers: &'k KernelInputs) -> Vec<ShapleyTerm<'k>> {
        let paths = Arc::new(Paths::new(self.plan, &levers.drivers));
        let mut terms = Vec::new();
        for (flow, found) in self.plan.flows.iter().enumerate() {
            let weights = self.nominal.fixed.column(flow);
            let metrics: Vec<(usize, f64)> = weights.iter().copied().enumerate().filter(|(_, w)| *w != 0.0).collect();
            let paths = Arc::clone(&paths);
            terms.push(ShapleyTerm {
                players: found.levels(),
                metrics,
                value: Box::new(move |levels| paths.flow(found, levels)),
            });
        }
        let lines = self.varying.iter().map(|line| (line, None)).chain(self.curved.iter().map(|line| (line, None)));
        let stocks = self.stocks.iter().enumerate().map(|(at, line)| (line, Some(at)));
        for (line, stock) in lines.chain(stocks) {
            let (paths, metrics) = (Arc::clone(&paths), line.chain.metrics.clone());
            let value = move |levels: &[Series]| {
                let flow = |(flow, base): &(usize, f64)| (paths.flow(&self.plan.flows[*flow], levels), *base);
                let amounts = summed(line.amounts.iter().map(flow), self.plan.length());
                self.values(line, (&amounts, levels), stock.map(|at| self.nominal.by_age[at].as_ref()))
            };
            terms.push(ShapleyTerm { players: self.players(line), metrics, value: Box::new(value) });
        }
        for old in self.old.iter().filter(|old| !old.chain.changes.is_empty()) {
            let players = self.cell_levels(&old.chain);
            let value = move |levels: &[Series]| {
                (0..self.years()).map(|year| self.value_of_old(old, year, (levels, &levers.factors))).collect()
            };
            terms.push(ShapleyTerm { players, metrics: old.chain.metrics.clone(), value: Box::new(value) });
        }
        terms.retain(|term| !term.players.is_empty());
        terms
    }

    fn players(&self, line: &Varying<'_>) -> Vec<usize> {
        let flows = line.amounts.iter().flat_map(|(flow, _)| self.plan.flows[*flow].levels());
        let mut found: Vec<usize> = flows.chain(self.cell_levels(&line.chain)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn cell_levels(&self, chain: &FormulaChain<'_>) -> Vec<usize> {
        let cells = chain.changes.iter().map(|change| &self.plan.cells[change.cell]);
        let mut found: Vec<usize> = cells.flat_map(|cell| cell.changes.iter().map(|(at, _)| *at)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Parameters of an old activity are those of its own year; only what is asked of the emission's year changes.
    fn value_of_old(&self, old: &Old<'_>, year: usize, (levels, factors): (&[Series], &BTreeMap<usize, f64>)) -> f64 {
        if year == 0 {
            return 0.0;
        }
        let changes: Vec<CellChange> = old.chain.changes.iter().filter(|change| change.used.now).cloned().collect();
        let chain = FormulaChain { changes: &changes, metrics: Vec::new(), resolved: old.chain.resolved };
        let activity = AgedActivity { amount: old.amount, age: old.age + year as f64, at: 0, now: year };
        self.value(&chain, activity, levels, factors)
    }
}

/// Rows of before the anchor that have an amount.
pub(super) fn old_rows(inventory: &crate::inventory::Inventory<'_>) -> impl Iterator<Item = u32> {
    let (activity, anchor) = (&inventory.study.activity, inventory.study.anchor());
    let own = 0..activity.own as u32;
    own.filter(move |row| activity.year[*row as usize] < anchor && !activity.notations.contains_key(row))
}

fn summed<S: std::borrow::Borrow<Series>>(flows: impl Iterator<Item = (S, f64)>, years: usize) -> Series {
    let mut sum = vec![0.0; years];
    for (flow, base) in flows {
        sum.iter_mut().zip(flow.borrow()).for_each(|(sum, flow)| *sum += base * flow);
    }
    sum
}

fn add(totals: &mut Array2<f64>, chain: &FormulaChain<'_>, values: &[f64]) {
    for &(metric, weight) in &chain.metrics {
        totals.row_mut(metric).iter_mut().zip(values).for_each(|(sum, value)| *sum += value * weight);
    }
}

/// Whether a chain of methods is proportional to the amount, so that lines may be added up before it is applied.
pub(super) fn proportional(study: &crate::study::Study, resolved: &ResolvedMethod) -> bool {
    composed(study, resolved).is_proportional(AMOUNT)
}

/// The chain as one tree; parameters keep their names, which is all that matters here.
fn composed(study: &crate::study::Study, resolved: &ResolvedMethod) -> Expression {
    study.methods[resolved.method].expression.replace(&|used| match resolved.input(used) {
        Some(ValueSource::Method(inner)) => Some(composed(study, inner)),
        _ => None,
    })
}
