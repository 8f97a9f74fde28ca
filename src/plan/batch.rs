//! One batch of draws on its way: memory that runs share, and what is computed in it. Everything here is inlined into the run, so
//! that it is compiled for the vectors that the run has found.

use super::lane::{LANES, Lane};
use super::lanes::{LaneKernel, LaneLevers, Line, Moved, Per, Standing};
use super::program::Given;
use super::{Factor, Group, Growth, Origin, Plan};

/// Memory of a run; each thread has its own.
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// Growth × year.
    growths: Vec<Lane>,
    /// By group: its items and then its total, × year.
    groups: Vec<Vec<Lane>>,
    /// Flow × year.
    pub(super) flows: Vec<Lane>,
    /// Metric × flow, of the flows whose weights draws move.
    pub(super) weights: Vec<Lane>,
    /// Cell × year.
    cells: Vec<Lane>,
    pub(super) stack: Vec<Lane>,
    amounts: Vec<Lane>,
    by_age: Vec<Lane>,
    /// Metric × year.
    pub(super) out: Vec<Lane>,
}

/// Where the years of a run lie in its totals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// Projected years and the anchor.
    pub years: usize,
    pub anchor: usize,
    /// Years of a metric in all.
    pub stride: usize,
}

impl Room {
    /// Growths, groups, flows and cells from the levers. A growth that is not shared is made in its flow.
    #[inline(always)]
    pub(super) fn carry(&mut self, (plan, lanes): (&Plan, &LaneKernel<'_>), levers: &LaneLevers) {
        let shared = &lanes.shared;
        let years = plan.length();
        self.growths.resize(plan.growths.len() * years, Lane::default());
        let growths = plan.growths.iter().zip(self.growths.chunks_exact_mut(years)).zip(shared);
        growths.filter(|(_, shared)| **shared).for_each(|((growth, room), _)| grow(growth, levers, room));
        self.groups.resize(plan.groups.len(), Vec::new());
        for (group, room) in plan.groups.iter().zip(&mut self.groups) {
            gather(group, &self.growths, years, room);
        }
        self.flows.resize(plan.flows.len() * years, Lane::default());
        let (growths, groups) = (&self.growths, &self.groups);
        for (flow, room) in lanes.order.iter().zip(self.flows.chunks_exact_mut(years)) {
            let flow = &plan.flows[*flow];
            match flow.origin {
                Origin::Growth(at) if !shared[at] => grow(&plan.growths[at], levers, room),
                origin => start((plan, growths, groups), origin, room),
            }
            for factor in &flow.factors {
                act(factor, &levers.levels, room);
            }
        }
        self.cells.clear();
        for cell in &plan.cells {
            for year in 0..years {
                let value = |lane: usize| cell.value(year, &|at| levers.levels[at][year][lane]);
                self.cells.push(Lane::from_fn(value));
            }
        }
    }

    /// Weights of the flows that draws move: their fixed part, and the chains whose value per amount is drawn.
    #[inline(always)]
    pub(super) fn weigh(&mut self, moved: &[Moved], begun: &[f64], levers: &LaneLevers) {
        let one = Lane::all(1.0);
        self.weights.clear();
        self.weights.extend(begun.iter().map(|weight| Lane::all(*weight)));
        for line in moved {
            let per = match &line.per {
                Per::Factors(slots) => {
                    let factor = |product: Lane, slot: &usize| product.zip(&levers.factors[*slot], |a, b| a * b);
                    match slots.split_first() {
                        Some((first, others)) => others.iter().fold(levers.factors[*first], factor),
                        None => one,
                    }
                }
                Per::Chain(program) => program.evaluate(&Given::per(&one, &levers.factors), &mut self.stack),
            };
            for (at, each) in &line.weights {
                self.weights[*at].add(|lane| each * per[lane]);
            }
            for (at, each, slot) in &line.weights_of_rows {
                let factor = &levers.rows[*slot];
                self.weights[*at].add(|lane| each * per[lane] * factor[lane]);
            }
        }
    }

    #[inline(always)]
    fn add(&mut self, metrics: &[(usize, f64)], (year, frame): (usize, Frame), values: &Lane) {
        for (metric, weight) in metrics {
            let sum = &mut self.out[metric * frame.stride + frame.anchor + year];
            sum.add(|lane| values[lane] * weight);
        }
    }

    #[inline(always)]
    fn amount(&self, line: &Line, levers: &LaneLevers, (year, years): (usize, usize)) -> Lane {
        let mut sum = Lane::default();
        for (flow, base, slot) in &line.portions {
            let flow = &self.flows[flow * years + year];
            match slot {
                None => {
                    for lane in 0..LANES {
                        sum[lane] += base * flow[lane];
                    }
                }
                Some(slot) => {
                    let factor = &levers.rows[*slot];
                    for lane in 0..LANES {
                        sum[lane] += base * flow[lane] * factor[lane];
                    }
                }
            }
        }
        sum
    }

    #[inline(always)]
    pub(super) fn yearly(&mut self, line: &Line, levers: &LaneLevers, frame: Frame) {
        for year in 0..frame.years {
            let amount = self.amount(line, levers, (year, frame.years));
            let cells = (&self.cells[..], frame.years);
            let given = Given { amount: &amount, age: 0.0, at: year, now: year, factors: &levers.factors, cells };
            let values = line.program.evaluate(&given, &mut self.stack);
            self.add(&line.metrics, (year, frame), &values);
        }
    }

    /// What activity of the anchor and later gives in each later year.
    #[inline(always)]
    pub(super) fn stock(&mut self, line: &Line, levers: &LaneLevers, frame: Frame) {
        let years = frame.years;
        let mut amounts = std::mem::take(&mut self.amounts);
        amounts.clear();
        amounts.extend((0..years).map(|year| self.amount(line, levers, (year, years))));
        self.by_age.clear();
        if line.by_age {
            let one = Lane::all(1.0);
            for age in 0..years {
                let given = Given { age: age as f64, ..Given::per(&one, &levers.factors) };
                let unit = line.program.evaluate(&given, &mut self.stack);
                self.by_age.push(unit);
            }
        }
        for now in 1..years {
            let mut sum = Lane::default();
            for (at, amount) in amounts.iter().enumerate().take(now + 1) {
                if let Some(unit) = self.by_age.get(now - at) {
                    for lane in 0..LANES {
                        sum[lane] += amount[lane] * unit[lane];
                    }
                    continue;
                }
                let cells = (&self.cells[..], years);
                let given = Given { amount, age: (now - at) as f64, at, now, factors: &levers.factors, cells };
                let values = line.program.evaluate(&given, &mut self.stack);
                for lane in 0..LANES {
                    sum[lane] += values[lane];
                }
            }
            self.add(&line.metrics, (now, frame), &sum);
        }
        self.amounts = amounts;
    }

    #[inline(always)]
    pub(super) fn standing(&mut self, old: &Standing, levers: &LaneLevers, frame: Frame) {
        for year in 1..frame.years {
            let cells = (&self.cells[..], frame.years);
            let (amount, age) = (Lane::all(old.amount), old.age + year as f64);
            let given = Given { amount: &amount, age, at: 0, now: year, factors: &levers.factors, cells };
            let values = old.program.evaluate(&given, &mut self.stack);
            self.add(&old.metrics, (year, frame), &values);
        }
    }
}

/// growth(t) = (driver(t)/driver(anchor))^elasticity · intensity(t).
#[inline(always)]
fn grow(growth: &Growth, levers: &LaneLevers, room: &mut [Lane]) {
    let Some(driver) = growth.driver else {
        room.iter_mut().zip(&growth.intensity).for_each(|(year, intensity)| *year = Lane::all(*intensity));
        return;
    };
    let driver = &levers.drivers[driver];
    let inverse = driver[0].map(|value| 1.0 / value);
    for ((room, year), intensity) in room.iter_mut().zip(driver).zip(&growth.intensity) {
        *room = year.zip(&inverse, |value, inverse| value * inverse * intensity);
    }
    if growth.elasticity != 1.0 {
        for ((room, year), intensity) in room.iter_mut().zip(driver).zip(&growth.intensity) {
            let ratio = year.zip(&inverse, |value, inverse| value * inverse);
            *room = raised(&ratio, growth.elasticity).map(|ratio| ratio * intensity);
        }
    }
}

/// A driver that no draw moves has one ratio in all lanes.
#[inline(always)]
fn raised(ratio: &Lane, elasticity: f64) -> Lane {
    match ratio.iter().all(|other| *other == ratio[0]) {
        true => Lane::all(ratio[0].powf(elasticity)),
        false => ratio.map(|ratio| ratio.powf(elasticity)),
    }
}

/// A group's items before shares, and their total.
#[inline(always)]
fn gather(group: &Group, growths: &[Lane], years: usize, room: &mut Vec<Lane>) {
    let items = group.shares.len();
    room.clear();
    room.resize((items + 1) * years, Lane::default());
    for (growth, energy, item) in &group.members {
        for year in 0..years {
            let growth = &growths[growth * years + year];
            room[item * years + year].add(|lane| energy * growth[lane]);
        }
    }
    let (items, total) = room.split_at_mut(items * years);
    for item in items.chunks_exact(years) {
        for (sum, value) in total.iter_mut().zip(item) {
            sum.add(|lane| value[lane]);
        }
    }
}

/// A flow before any measure, year by year.
#[inline(always)]
fn start((plan, growths, groups): (&Plan, &[Lane], &[Vec<Lane>]), origin: Origin, room: &mut [Lane]) {
    let years = room.len();
    let growth = |growth: usize| &growths[growth * years..(growth + 1) * years];
    let item = |group: usize, item: usize| &groups[group][item * years..(item + 1) * years];
    let total = |group: usize| item(group, plan.groups[group].shares.len());
    match origin {
        Origin::One => room.fill(Lane::all(1.0)),
        Origin::Growth(at) => room.copy_from_slice(growth(at)),
        Origin::Value(value) => {
            for (year, value) in room.iter_mut().zip(&plan.values[value].0) {
                *year = Lane::all(*value);
            }
        }
        Origin::Share(at, group, member) => {
            let shares = &plan.groups[group].shares[member].1;
            let parts = growth(at).iter().zip(total(group)).zip(item(group, member)).zip(shares);
            for (year, (((growth, total), item), share)) in room.iter_mut().zip(parts) {
                year.set(|lane| growth[lane] * (share * total[lane] / item[lane]));
            }
        }
        Origin::Whole(group, member) => {
            let shares = &plan.groups[group].shares[member].1;
            for ((year, total), share) in room.iter_mut().zip(total(group)).zip(shares) {
                year.set(|lane| share * total[lane]);
            }
        }
    }
}

/// What a measure leaves or takes, in every year.
#[inline(always)]
fn act(factor: &Factor, levels: &[Vec<Lane>], room: &mut [Lane]) {
    match factor {
        Factor::Less(at, part) => {
            for (value, level) in room.iter_mut().zip(&levels[*at]) {
                let before = *value;
                value.set(|lane| before[lane] * (1.0 - level[lane] * part));
            }
        }
        Factor::Moved(at) => {
            for (value, level) in room.iter_mut().zip(&levels[*at]) {
                let before = *value;
                value.set(|lane| before[lane] * level[lane]);
            }
        }
        Factor::LessAll(parts) => {
            for (year, value) in room.iter_mut().enumerate() {
                let mut less = Lane::default();
                for (at, part) in parts {
                    let level = &levels[*at][year];
                    for lane in 0..LANES {
                        less[lane] += level[lane] * part;
                    }
                }
                let before = *value;
                value.set(|lane| before[lane] * (1.0 - less[lane]));
            }
        }
    }
}
