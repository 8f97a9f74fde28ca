//! The kernel for many draws: [`LANES`] of them side by side, of the metrics that are asked for, with the parameters and
//! amounts that draws move. What no draw moves is summed once; every other chain is evaluated once a batch.
//!
//! A lane's value does not depend on its neighbours, nor on how draws are cut into batches.

use super::added_rows::Keys;
use super::batch::RunYears;
use super::compiled_formula::{CompiledFormula, Dictionary};
use super::drawn_weights::DrawnWeights;
use super::history::History;
use super::kernel::{Kernel, Varying, proportional};
use super::matrix_product::Product;
use super::parameter_paths::CellChange;
use super::stack_program::{Program, ProgramInputs};
use super::{Origin, Plan};
use crate::study::Study;
use foldhash::HashMap;
use std::collections::{BTreeMap, BTreeSet};

pub use super::batch::BatchScratch;
pub use super::lane::{LANES, Lane};

/// What runs are asked for, and what draws may move.
#[derive(Debug, Clone, Default)]
pub struct RunRequest {
    /// Indices of [`super::PlanMetrics::all`].
    pub metrics: Vec<usize>,
    /// Parameters of the ladder that have a factor.
    pub parameters: Vec<usize>,
    /// Activities that have a factor, by any of their rows.
    pub rows: Vec<u32>,
}

impl RunRequest {
    /// The metrics among the asked ones, by their place there.
    pub(super) fn local(&self, metrics: &[(usize, f64)]) -> Vec<(usize, f64)> {
        let place = |(metric, weight): &(usize, f64)| {
            self.metrics.iter().position(|asked| asked == metric).map(|place| (place, *weight))
        };
        metrics.iter().filter_map(place).collect()
    }
}

/// The places of factors.
pub(super) struct Slots {
    pub parameters: BTreeMap<usize, usize>,
    pub rows: Vec<(Keys, usize)>,
}

impl Slots {
    fn new(study: &Study, asked: &RunRequest) -> Self {
        let parameters = asked.parameters.iter().enumerate().map(|(slot, index)| (*index, slot)).collect();
        let rows = asked.rows.iter().enumerate().map(|(slot, row)| (Keys::of(&study.activity, *row), slot)).collect();
        Self { parameters, rows }
    }

    /// One activity has one factor in all years.
    pub fn of_row(&self, study: &Study, row: u32) -> Option<usize> {
        if self.rows.is_empty() {
            return None;
        }
        let keys = Keys::of(&study.activity, row);
        self.rows.iter().find(|(known, _)| *known == keys).map(|(_, slot)| *slot)
    }
}

/// A part of a line's amount: flow, base, and the place of its factor.
pub(super) type Portion = (usize, f64, Option<usize>);

/// Lines of one chain, as they are written.
pub(super) struct ChainLines {
    pub formula: CompiledFormula,
    pub metrics: Vec<(usize, f64)>,
    pub portions: Vec<Portion>,
}

/// Lines of one chain that is evaluated year by year.
pub(super) struct YearlyChain {
    pub program: Program,
    pub metrics: Vec<(usize, f64)>,
    pub portions: Vec<Portion>,
    /// Proportional to its amount, and with no parameter that changes by year: what one unit gives follows from its age alone.
    pub by_age: bool,
}

/// Activity of before the anchor that goes on emitting.
pub(super) struct PreAnchorStock {
    pub program: Program,
    pub metrics: Vec<(usize, f64)>,
    pub amount: f64,
    pub age: f64,
    /// The place of the activity's factor.
    pub slot: Option<usize>,
}

/// What moves in a batch of draws.
#[derive(Debug, Clone)]
pub struct LaneLevers {
    /// Driver × year.
    pub drivers: Vec<Vec<Lane>>,
    /// Level × year.
    pub levels: Vec<Vec<Lane>>,
    /// Factors on the asked parameters and activities.
    pub factors: Vec<Lane>,
    pub rows: Vec<Lane>,
}

impl LaneLevers {
    /// Takes over all values of levers of the same plan.
    pub fn set(&mut self, other: &Self) {
        let all = |to: &mut [Vec<Lane>], from: &[Vec<Lane>]| {
            to.iter_mut().zip(from).for_each(|(to, from)| to.copy_from_slice(from));
        };
        all(&mut self.drivers, &other.drivers);
        all(&mut self.levels, &other.levels);
        self.factors.copy_from_slice(&other.factors);
        self.rows.copy_from_slice(&other.rows);
    }
}

/// A plan compiled for draws.
pub struct LaneKernel<'k> {
    kernel: &'k Kernel<'k>,
    past: History,
    /// The flows in the order of their places: first those whose weights no draw moves, then the others.
    pub(super) order: Vec<usize>,
    untouched: usize,
    /// Asked metric × untouched flow.
    fixed: Vec<f64>,
    /// Asked metric × the other flows.
    weights: DrawnWeights,
    /// Growths that more than one flow, or a group, goes by.
    pub(super) shared: Vec<bool>,
    /// Chains that are evaluated year by year.
    yearly: Vec<YearlyChain>,
    stocks: Vec<YearlyChain>,
    standing: Vec<PreAnchorStock>,
    /// Asked metric × projected year, of older activity that no draw moves; no years where there is none.
    constant: Vec<Vec<f64>>,
    metrics: usize,
}

impl<'k> LaneKernel<'k> {
    pub fn new(kernel: &'k Kernel<'k>, asked: &RunRequest) -> Self {
        let study = kernel.ground.inventory.study;
        let slots = Slots::new(study, asked);
        let (metrics, flows) = (asked.metrics.len(), kernel.plan.flows.len());
        let mut this = Self {
            kernel,
            past: History::new(kernel, asked, &slots),
            order: Vec::new(),
            untouched: 0,
            fixed: vec![0.0; metrics * flows],
            weights: DrawnWeights::default(),
            shared: shared(kernel.plan),
            yearly: Vec::new(),
            stocks: Vec::new(),
            standing: Vec::new(),
            constant: vec![Vec::new(); metrics],
            metrics,
        };
        this.weigh((asked, &slots), flows);
        let lines = kernel.varying.iter().chain(&kernel.curved);
        let line = |line| timed(kernel, (asked, &slots), line);
        this.yearly = lines.filter_map(line).collect();
        this.stocks = kernel.stocks.iter().filter_map(line).collect();
        let mut places = vec![0; flows];
        this.order.iter().enumerate().for_each(|(place, flow)| places[*flow] = place);
        let of_years = this.yearly.iter_mut().chain(&mut this.stocks);
        of_years.flat_map(|line| &mut line.portions).for_each(|(flow, ..)| *flow = places[*flow]);
        this.collect_old(asked, &slots);
        this
    }

    /// The weights of chains that are the same in all years: once where no draw moves them.
    fn weigh(&mut self, (asked, slots): (&RunRequest, &Slots), flows: usize) {
        let mut moved = Vec::new();
        let fixed = self.kernel.fixed.iter().filter_map(|line| translated(self.kernel, (asked, slots), line));
        for mut terms in merged(fixed.collect()) {
            terms.formula = terms.formula.per_unit();
            let per = match terms.formula.evaluate_once() {
                Some(per) if terms.portions.iter().all(|(_, _, slot)| slot.is_none()) => per,
                _ => {
                    moved.push(terms);
                    continue;
                }
            };
            for (flow, base, _) in &terms.portions {
                terms
                    .metrics
                    .iter()
                    .for_each(|(metric, weight)| self.fixed[metric * flows + flow] += base * per * weight);
            }
        }
        self.part(flows, moved);
    }

    /// Parts the flows into those whose weights draws move, and the others.
    fn part(&mut self, flows: usize, moved: Vec<ChainLines>) {
        let by_moved: BTreeSet<usize> =
            moved.iter().flat_map(|terms| terms.portions.iter().map(|part| part.0)).collect();
        let (touched, untouched): (Vec<usize>, Vec<usize>) = (0..flows).partition(|flow| by_moved.contains(flow));
        let of = |named: &[usize]| {
            let rows = self.fixed.chunks_exact(flows.max(1));
            rows.flat_map(|row| named.iter().map(|flow| row[*flow])).collect::<Vec<f64>>()
        };
        let place = |flow: usize| touched.binary_search(&flow).unwrap_or(0);
        self.weights = DrawnWeights::of(&of(&touched), moved, (place, touched.len()));
        self.fixed = of(&untouched);
        self.untouched = untouched.len();
        self.order = [untouched, touched].concat();
    }

    fn collect_old(&mut self, asked: &RunRequest, slots: &Slots) {
        let study = self.kernel.ground.inventory.study;
        for old in &self.kernel.old {
            // Parameters of an old activity are those of its own year; only what is asked of the emission's year changes.
            let now: Vec<CellChange> = old.chain.changes.iter().filter(|change| change.used.now).cloned().collect();
            let dictionary = Dictionary { study, changes: &now, slots: &slots.parameters };
            let metrics = asked.local(&old.chain.metrics);
            if !metrics.is_empty() {
                let formula = CompiledFormula::of(&dictionary, old.chain.resolved);
                let (program, slot) = (Program::of(&formula), slots.of_row(study, old.row));
                let is_drawn = formula.is_drawn() || slot.is_some();
                self.stand(PreAnchorStock { program, metrics, amount: old.amount, age: old.age, slot }, is_drawn);
            }
        }
    }

    /// Older activity that no draw moves is summed once.
    fn stand(&mut self, old: PreAnchorStock, is_drawn: bool) {
        if is_drawn {
            self.standing.push(old);
            return;
        }
        let years = self.kernel.plan.length();
        for year in 1..years {
            let (amount, age) = (Lane::all(old.amount), old.age + year as f64);
            let given = ProgramInputs { age, now: year, ..ProgramInputs::per(&amount, &[]) };
            let value = old.program.evaluate(&given, &mut Vec::new())[0];
            for (metric, weight) in &old.metrics {
                let constant = &mut self.constant[*metric];
                constant.resize(years, 0.0);
                constant[year] += value * weight;
            }
        }
    }

    /// The years of the totals: the inventory's, then the projected ones.
    pub fn years(&self) -> Vec<i32> {
        self.past.years.iter().copied().chain(self.kernel.plan.years()).collect()
    }

    /// The place of the anchor among the years.
    pub fn anchor(&self) -> usize {
        self.past.years.len().saturating_sub(1)
    }

    /// Levers as the plan has them, in all lanes.
    pub fn levers(&self, asked: &RunRequest) -> LaneLevers {
        let plan = self.kernel.plan;
        let spread = |values: &Vec<f64>| values.iter().map(|value| Lane::all(*value)).collect();
        LaneLevers {
            drivers: plan.drivers.iter().map(|driver| spread(&driver.values)).collect(),
            levels: plan.levels.iter().map(|level| spread(&level.values)).collect(),
            factors: vec![Lane::all(1.0); asked.parameters.len()],
            rows: vec![Lane::all(1.0); asked.rows.len()],
        }
    }

    /// Runs a batch on the widest vectors that the machine has: asked metric × year of [`LaneKernel::years`]. `room` is memory that
    /// one run leaves to the next.
    pub fn run<'r>(&self, levers: &LaneLevers, room: &'r mut BatchScratch) -> &'r [Lane] {
        pulp::Arch::new().dispatch(QueuedRun { lanes: self, levers, room: &mut *room });
        &room.out
    }

    /// Metrics × years of a run.
    pub fn size(&self) -> usize {
        self.metrics * (self.anchor() + self.kernel.plan.length())
    }
}

/// A run that waits for the machine's vectors.
struct QueuedRun<'b, 'k> {
    lanes: &'b LaneKernel<'k>,
    levers: &'b LaneLevers,
    room: &'b mut BatchScratch,
}

impl pulp::WithSimd for QueuedRun<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        let Self { lanes, levers, room } = self;
        let (plan, years, anchor) = (lanes.kernel.plan, lanes.kernel.plan.length(), lanes.anchor());
        let stride = anchor + years;
        room.out.resize(lanes.size(), Lane::default());
        room.carry(simd, (plan, lanes), levers);
        lanes.weights.write(simd, levers, (&mut room.sources, &mut room.stack), &mut room.weights);
        let (flows, out) = (room.flows.split_at(lanes.untouched * years), &mut room.out[anchor..]);
        let fixed = Product { weights: &lanes.fixed[..], flows: flows.0, years };
        let moved = Product { weights: &room.weights[..], flows: flows.1, years };
        if lanes.untouched == 0 {
            moved.write::<S, false>(simd, stride, out);
        } else {
            fixed.write::<S, false>(simd, stride, out);
            moved.write::<S, true>(simd, stride, out);
        }
        lanes.past.run((&levers.factors, &levers.rows), (stride, anchor), room);
        let frame = RunYears { years, anchor, stride };
        lanes.yearly.iter().for_each(|line| room.yearly(line, levers, frame));
        lanes.stocks.iter().for_each(|line| room.stock(line, levers, frame));
        lanes.standing.iter().for_each(|old| room.standing(old, levers, frame));
        for (metric, constant) in lanes.constant.iter().enumerate() {
            for (sum, value) in room.out[metric * stride + anchor..].iter_mut().zip(constant) {
                sum.add(|_| *value);
            }
        }
    }
}

/// By growth, whether more than one flow, or a group, goes by it.
fn shared(plan: &Plan) -> Vec<bool> {
    let mut uses = vec![0_usize; plan.growths.len()];
    for flow in &plan.flows {
        match flow.origin {
            Origin::Growth(at) => uses[at] += 1,
            // With the group's own, more than one.
            Origin::Share(at, ..) => uses[at] += 2,
            Origin::One | Origin::Value(_) | Origin::Whole(..) => {}
        }
    }
    plan.groups.iter().flat_map(|group| &group.members).for_each(|(growth, ..)| uses[*growth] += 2);
    uses.iter().map(|uses| *uses > 1).collect()
}

fn translated(kernel: &Kernel<'_>, (asked, slots): (&RunRequest, &Slots), line: &Varying<'_>) -> Option<ChainLines> {
    let metrics = asked.local(&line.chain.metrics);
    if metrics.is_empty() {
        return None;
    }
    let study = kernel.ground.inventory.study;
    let dictionary = Dictionary { study, changes: line.chain.changes, slots: &slots.parameters };
    let formula = CompiledFormula::of(&dictionary, line.chain.resolved);
    let mut portions: Vec<Portion> = Vec::new();
    for ((flow, base), row) in line.amounts.iter().zip(&line.rows) {
        add_portion(&mut portions, (*flow, *base, slots.of_row(study, *row)));
    }
    Some(ChainLines { formula, metrics, portions })
}

fn timed(kernel: &Kernel<'_>, (asked, slots): (&RunRequest, &Slots), line: &Varying<'_>) -> Option<YearlyChain> {
    let ChainLines { formula, metrics, portions } = translated(kernel, (asked, slots), line)?;
    let study = kernel.ground.inventory.study;
    let by_age = line.chain.changes.is_empty() && proportional(study, line.chain.resolved);
    Some(YearlyChain { program: Program::of(&formula), metrics, portions, by_age })
}

/// Lines whose chains are one and the same are one line: each distinct chain is evaluated once.
fn merged(lines: Vec<ChainLines>) -> Vec<ChainLines> {
    let mut places: HashMap<String, usize> = HashMap::default();
    let mut found: Vec<ChainLines> = Vec::new();
    for terms in lines {
        let key = format!("{:?} {:?}", terms.formula, terms.metrics);
        match places.get(&key) {
            None => {
                places.insert(key, found.len());
                found.push(terms);
            }
            Some(&place) => {
                terms.portions.into_iter().for_each(|portion| add_portion(&mut found[place].portions, portion))
            }
        }
    }
    found
}

fn add_portion(portions: &mut Vec<Portion>, (flow, base, slot): Portion) {
    match portions.iter_mut().find(|(known, _, by)| *known == flow && *by == slot) {
        Some((_, sum, _)) => *sum += base,
        None => portions.push((flow, base, slot)),
    }
}
