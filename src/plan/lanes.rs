//! The kernel for many draws: [`LANES`] of them side by side, of the metrics that are asked for, with the parameters and
//! amounts that draws move. What no draw moves is summed once; every other chain is evaluated once a batch.
//!
//! A lane's value does not depend on its neighbours, nor on how draws are cut into batches.

use super::cells::CellChange;
use super::formula::{Dictionary, Formula, Given};
use super::kernel::{Kernel, Varying, proportional};
use super::past::Past;
use super::rows::Keys;
use super::{Factor, Origin};
use crate::study::Study;
use foldhash::HashMap;
use std::collections::BTreeMap;

pub use super::formula::{LANES, Lane};

/// What runs are asked for, and what draws may move.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Indices of [`super::Metrics::all`].
    pub metrics: Vec<usize>,
    /// Parameters of the ladder that have a factor.
    pub parameters: Vec<usize>,
    /// Activities that have a factor, by any of their rows.
    pub rows: Vec<u32>,
}

impl Asked {
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
    fn new(study: &Study, asked: &Asked) -> Self {
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
type Portion = (usize, f64, Option<usize>);

/// Lines of one chain.
struct Line {
    formula: Formula,
    metrics: Vec<(usize, f64)>,
    portions: Vec<Portion>,
    /// Proportional to its amount, and with no parameter that changes by year: what one unit gives follows from its age alone.
    by_age: bool,
}

/// Activity of before the anchor that goes on emitting.
struct Standing {
    formula: Formula,
    metrics: Vec<(usize, f64)>,
    amount: f64,
    age: f64,
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

/// A plan compiled for draws.
pub struct LaneKernel<'k> {
    kernel: &'k Kernel<'k>,
    past: Past,
    /// Asked metric × flow, of what no draw moves.
    fixed: Vec<f64>,
    /// Chains whose value per amount is the same in all years.
    moved: Vec<Line>,
    /// Chains that are evaluated year by year.
    yearly: Vec<Line>,
    stocks: Vec<Line>,
    standing: Vec<Standing>,
    /// Asked metric × projected year, of older activity that no draw moves.
    constant: Vec<f64>,
    metrics: usize,
}

impl<'k> LaneKernel<'k> {
    pub fn new(kernel: &'k Kernel<'k>, asked: &Asked) -> Self {
        let study = kernel.ground.inventory.study;
        let slots = Slots::new(study, asked);
        let (metrics, flows) = (asked.metrics.len(), kernel.plan.flows.len());
        let mut this = Self {
            kernel,
            past: Past::new(kernel, asked, &slots),
            fixed: vec![0.0; metrics * flows],
            moved: Vec::new(),
            yearly: Vec::new(),
            stocks: Vec::new(),
            standing: Vec::new(),
            constant: vec![0.0; metrics * kernel.plan.length()],
            metrics,
        };
        let fixed = kernel.fixed.iter().filter_map(|line| translated(kernel, (asked, &slots), line));
        for line in merged(fixed.collect()) {
            let per = match line.formula.evaluate_once() {
                Some(per) if line.portions.iter().all(|(_, _, slot)| slot.is_none()) => per,
                _ => {
                    this.moved.push(line);
                    continue;
                }
            };
            for (flow, base, _) in &line.portions {
                line.metrics
                    .iter()
                    .for_each(|(metric, weight)| this.fixed[metric * flows + flow] += base * per * weight);
            }
        }
        let lines = kernel.varying.iter().chain(&kernel.curved);
        this.yearly = lines.filter_map(|line| translated(kernel, (asked, &slots), line)).collect();
        let stocks = kernel.stocks.iter();
        this.stocks = stocks.filter_map(|line| translated(kernel, (asked, &slots), line)).collect();
        this.collect_old(asked, &slots);
        this
    }

    fn collect_old(&mut self, asked: &Asked, slots: &Slots) {
        let study = self.kernel.ground.inventory.study;
        for old in &self.kernel.old {
            // Parameters of an old activity are those of its own year; only what is asked of the emission's year changes.
            let now: Vec<CellChange> = old.chain.changes.iter().filter(|change| change.used.now).cloned().collect();
            let dictionary = Dictionary { study, changes: &now, slots: &slots.parameters };
            let metrics = asked.local(&old.chain.metrics);
            if !metrics.is_empty() {
                let formula = Formula::of(&dictionary, old.chain.resolved);
                self.stand(Standing { formula, metrics, amount: old.amount, age: old.age });
            }
        }
    }

    /// Older activity that no draw moves is summed once.
    fn stand(&mut self, old: Standing) {
        if old.formula.is_drawn() {
            self.standing.push(old);
            return;
        }
        let years = self.kernel.plan.length();
        for year in 1..years {
            let (amount, age) = ([old.amount; LANES], old.age + year as f64);
            let given = Given { amount: &amount, age, at: 0, now: year, factors: &[], cells: &[] };
            let value = old.formula.evaluate(&given)[0];
            old.metrics.iter().for_each(|(metric, weight)| self.constant[metric * years + year] += value * weight);
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
    pub fn levers(&self, asked: &Asked) -> LaneLevers {
        let plan = self.kernel.plan;
        let spread = |values: &Vec<f64>| values.iter().map(|value| [*value; LANES]).collect();
        LaneLevers {
            drivers: plan.drivers.iter().map(|driver| spread(&driver.values)).collect(),
            levels: plan.levels.iter().map(|level| spread(&level.values)).collect(),
            factors: vec![[1.0; LANES]; asked.parameters.len()],
            rows: vec![[1.0; LANES]; asked.rows.len()],
        }
    }

    /// Runs a batch: asked metric × year of [`LaneKernel::years`].
    pub fn run(&self, levers: &LaneLevers) -> Vec<Lane> {
        let (years, anchor) = (self.kernel.plan.length(), self.anchor());
        let stride = anchor + years;
        let mut out = vec![[0.0; LANES]; self.metrics * stride];
        self.past.run((&levers.factors, &levers.rows), stride, &mut out);
        let flows = self.flows(levers);
        let cells = self.cells(levers);
        self.products(&flows, levers, (stride, &mut out));
        let mut batch = Batch { years, anchor, stride, flows: &flows, cells: &cells, levers, out: &mut out };
        self.yearly.iter().for_each(|line| batch.yearly(line));
        self.stocks.iter().for_each(|line| batch.stock(line));
        self.standing.iter().for_each(|old| batch.standing(old));
        for (at, value) in self.constant.iter().enumerate() {
            let sum = &mut out[at / years * stride + anchor + at % years];
            sum.iter_mut().for_each(|sum| *sum += value);
        }
        out
    }

    /// Weights × flows, the bulk of a run, on the widest vectors that the machine has.
    fn products(&self, flows: &[Lane], levers: &LaneLevers, (stride, out): (usize, &mut [Lane])) {
        let (count, years, anchor) = (self.kernel.plan.flows.len(), self.kernel.plan.length(), self.anchor());
        let mut weights: Vec<Lane> = self.fixed.iter().map(|weight| [*weight; LANES]).collect();
        let one = [1.0; LANES];
        let given = Given { amount: &one, age: 0.0, at: 0, now: 0, factors: &levers.factors, cells: &[] };
        for line in &self.moved {
            let per = line.formula.evaluate(&given);
            for (flow, base, slot) in &line.portions {
                let factor = slot.map_or(&one, |slot| &levers.rows[slot]);
                for (metric, weight) in &line.metrics {
                    let sum = &mut weights[metric * count + flow];
                    (0..LANES).for_each(|lane| sum[lane] += base * weight * per[lane] * factor[lane]);
                }
            }
        }
        let of = |metric: usize| metric * stride + anchor..metric * stride + anchor + years;
        for metric in 0..self.metrics {
            multiply(&weights[metric * count..(metric + 1) * count], flows, &mut out[of(metric)]);
        }
    }

    /// Flow × year.
    fn flows(&self, levers: &LaneLevers) -> Vec<Lane> {
        let plan = self.kernel.plan;
        let years = plan.length();
        let growths = self.growths(levers);
        let groups: Vec<Vec<Vec<Lane>>> = plan.groups.iter().map(|group| members(group, &growths, years)).collect();
        let mut flows = Vec::with_capacity(plan.flows.len() * years);
        for flow in &plan.flows {
            for year in 0..years {
                let share = |group: usize, item: usize| plan.groups[group].shares[item].1[year];
                let total = |group: usize, lane: usize| groups[group].iter().map(|item| item[year][lane]).sum::<f64>();
                let start = |lane: usize| match flow.origin {
                    Origin::One => 1.0,
                    Origin::Growth(growth) => growths[growth][year][lane],
                    Origin::Value(value) => plan.values[value].0[year],
                    Origin::Share(growth, group, item) => {
                        let part = share(group, item) * total(group, lane) / groups[group][item][year][lane];
                        growths[growth][year][lane] * part
                    }
                    Origin::Whole(group, item) => share(group, item) * total(group, lane),
                };
                let mut value: Lane = std::array::from_fn(start);
                flow.factors.iter().for_each(|factor| act(factor, &levers.levels, year, &mut value));
                flows.push(value);
            }
        }
        flows
    }

    /// growth(t) = (driver(t)/driver(anchor))^elasticity · intensity(t).
    fn growths(&self, levers: &LaneLevers) -> Vec<Vec<Lane>> {
        let of = |growth: &super::Growth| -> Vec<Lane> {
            let year = |(year, intensity): (usize, &f64)| match growth.driver {
                None => [*intensity; LANES],
                Some(driver) => {
                    let driver = &levers.drivers[driver];
                    let ratio: Lane = std::array::from_fn(|lane| driver[year][lane] / driver[0][lane]);
                    match growth.elasticity {
                        1.0 => ratio.map(|ratio| ratio * intensity),
                        _ if ratio.iter().all(|other| *other == ratio[0]) => {
                            [ratio[0].powf(growth.elasticity) * intensity; LANES]
                        }
                        elasticity => ratio.map(|ratio| ratio.powf(elasticity) * intensity),
                    }
                }
            };
            growth.intensity.iter().enumerate().map(year).collect()
        };
        self.kernel.plan.growths.iter().map(of).collect()
    }

    /// Cell × year.
    fn cells(&self, levers: &LaneLevers) -> Vec<Vec<Lane>> {
        let years = self.kernel.plan.length();
        let of = |cell: &super::Cell| {
            let value = |year: usize| std::array::from_fn(|lane| cell.value(year, &|at| levers.levels[at][year][lane]));
            (0..years).map(value).collect()
        };
        self.kernel.plan.cells.iter().map(of).collect()
    }
}

fn translated(kernel: &Kernel<'_>, (asked, slots): (&Asked, &Slots), line: &Varying<'_>) -> Option<Line> {
    let metrics = asked.local(&line.chain.metrics);
    if metrics.is_empty() {
        return None;
    }
    let study = kernel.ground.inventory.study;
    let dictionary = Dictionary { study, changes: line.chain.changes, slots: &slots.parameters };
    let formula = Formula::of(&dictionary, line.chain.resolved);
    let mut portions: Vec<Portion> = Vec::new();
    for ((flow, base), row) in line.amounts.iter().zip(&line.rows) {
        add_portion(&mut portions, (*flow, *base, slots.of_row(study, *row)));
    }
    let by_age = line.chain.changes.is_empty() && proportional(study, line.chain.resolved);
    Some(Line { formula, metrics, portions, by_age })
}

/// Lines whose chains are one and the same are one line: each distinct chain is evaluated once.
fn merged(lines: Vec<Line>) -> Vec<Line> {
    let mut places: HashMap<String, usize> = HashMap::default();
    let mut found: Vec<Line> = Vec::new();
    for line in lines {
        let key = format!("{:?} {:?}", line.formula, line.metrics);
        match places.get(&key) {
            None => {
                places.insert(key, found.len());
                found.push(line);
            }
            Some(&place) => {
                line.portions.into_iter().for_each(|portion| add_portion(&mut found[place].portions, portion))
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

/// Group's items × year, before shares.
fn members(group: &super::Group, growths: &[Vec<Lane>], years: usize) -> Vec<Vec<Lane>> {
    let mut items = vec![vec![[0.0; LANES]; years]; group.shares.len()];
    for (growth, energy, item) in &group.members {
        for (sum, growth) in items[*item].iter_mut().zip(&growths[*growth]) {
            (0..LANES).for_each(|lane| sum[lane] += energy * growth[lane]);
        }
    }
    items
}

fn act(factor: &Factor, levels: &[Vec<Lane>], year: usize, value: &mut Lane) {
    match factor {
        Factor::Less(at, part) => (0..LANES).for_each(|lane| value[lane] *= 1.0 - levels[*at][year][lane] * part),
        Factor::Moved(at) => (0..LANES).for_each(|lane| value[lane] *= levels[*at][year][lane]),
        Factor::LessAll(parts) => (0..LANES).for_each(|lane| {
            value[lane] *= 1.0 - parts.iter().map(|(at, part)| levels[*at][year][lane] * part).sum::<f64>();
        }),
    }
}

/// Vectors of each of two years that are kept in registers.
const KEPT: usize = 4;

/// out(year) += Σ over flows of weight(flow) · flow(year), two years at a time for one reading of the weights.
pub fn multiply(weights: &[Lane], flows: &[Lane], out: &mut [Lane]) {
    pulp::Arch::new().dispatch(Product { weights, flows, out });
}

struct Product<'b> {
    weights: &'b [Lane],
    flows: &'b [Lane],
    out: &'b mut [Lane],
}

impl pulp::WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        let Self { weights, flows, out } = self;
        let years = out.len();
        let vectors = S::as_simd_f64s(&[0.0; LANES]).0.len();
        for from in (0..vectors).step_by(KEPT) {
            for year in (0..years).step_by(2) {
                let next = (year + 1).min(years - 1);
                let (mut first, mut second) = ([simd.splat_f64s(0.0); KEPT], [simd.splat_f64s(0.0); KEPT]);
                for (weight, flow) in weights.iter().zip(flows.chunks_exact(years)) {
                    let [weight, a, b] =
                        [weight, &flow[year], &flow[next]].map(|lane| &S::as_simd_f64s(lane).0[from..][..KEPT]);
                    for at in 0..KEPT {
                        first[at] = simd.mul_add_f64s(weight[at], a[at], first[at]);
                        second[at] = simd.mul_add_f64s(weight[at], b[at], second[at]);
                    }
                }
                for (year, sums) in [(year, first), (next, second)].into_iter().take(1 + usize::from(next != year)) {
                    let sum = &mut S::as_mut_simd_f64s(&mut out[year]).0[from..][..KEPT];
                    (0..KEPT).for_each(|at| sum[at] = simd.add_f64s(sum[at], sums[at]));
                }
            }
        }
    }
}

/// One batch on its way.
struct Batch<'b> {
    years: usize,
    anchor: usize,
    stride: usize,
    flows: &'b [Lane],
    cells: &'b [Vec<Lane>],
    levers: &'b LaneLevers,
    out: &'b mut [Lane],
}

impl Batch<'_> {
    fn add(&mut self, metrics: &[(usize, f64)], year: usize, values: &Lane) {
        for (metric, weight) in metrics {
            let sum = &mut self.out[metric * self.stride + self.anchor + year];
            (0..LANES).for_each(|lane| sum[lane] += values[lane] * weight);
        }
    }

    fn amount(&self, line: &Line, year: usize) -> Lane {
        let mut sum = [0.0; LANES];
        for (flow, base, slot) in &line.portions {
            let flow = &self.flows[flow * self.years + year];
            match slot {
                None => (0..LANES).for_each(|lane| sum[lane] += base * flow[lane]),
                Some(slot) => {
                    (0..LANES).for_each(|lane| sum[lane] += base * flow[lane] * self.levers.rows[*slot][lane])
                }
            }
        }
        sum
    }

    fn value(&self, formula: &Formula, (amount, age): (&Lane, f64), (at, now): (usize, usize)) -> Lane {
        formula.evaluate(&Given { amount, age, at, now, factors: &self.levers.factors, cells: self.cells })
    }

    fn yearly(&mut self, line: &Line) {
        for year in 0..self.years {
            let amount = self.amount(line, year);
            let values = self.value(&line.formula, (&amount, 0.0), (year, year));
            self.add(&line.metrics, year, &values);
        }
    }

    /// What activity of the anchor and later gives in each later year.
    fn stock(&mut self, line: &Line) {
        let amounts: Vec<Lane> = (0..self.years).map(|year| self.amount(line, year)).collect();
        let unit = |age: usize| self.value(&line.formula, (&[1.0; LANES], age as f64), (0, 0));
        let by_age: Vec<Lane> = if line.by_age { (0..self.years).map(unit).collect() } else { Vec::new() };
        for now in 1..self.years {
            let mut sum = [0.0; LANES];
            for (at, amount) in amounts.iter().enumerate().take(now + 1) {
                match by_age.get(now - at) {
                    Some(unit) => (0..LANES).for_each(|lane| sum[lane] += amount[lane] * unit[lane]),
                    None => {
                        let values = self.value(&line.formula, (amount, (now - at) as f64), (at, now));
                        (0..LANES).for_each(|lane| sum[lane] += values[lane]);
                    }
                }
            }
            self.add(&line.metrics, now, &sum);
        }
    }

    fn standing(&mut self, old: &Standing) {
        for year in 1..self.years {
            let values = self.value(&old.formula, (&[old.amount; LANES], old.age + year as f64), (0, year));
            self.add(&old.metrics, year, &values);
        }
    }
}
