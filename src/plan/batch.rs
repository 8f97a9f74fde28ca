//! One batch of draws on its way: memory that runs share, and what is computed in it. Everything here is inlined into the run, so
//! that it is compiled for the vectors that the run has found.

use super::lane::{LANES, Lane};
use super::lane_kernel::{LaneKernel, LaneLevers, PreAnchorStock, YearlyChain};
use super::stack_program::ProgramInputs;
use super::{Group, GrowthPath, MeasureFactor, Origin, Plan};
use pulp::Simd;

/// Memory of a run; each thread has its own.
#[derive(Debug, Clone, Default)]
pub struct BatchScratch {
    /// Growth × year.
    growths: Vec<Lane>,
    /// By group: its items and then its total, × year.
    groups: Vec<Vec<Lane>>,
    /// Flow × year.
    pub(super) flows: Vec<Lane>,
    /// What the chains behind moved weights give per unit.
    pub(super) sources: Vec<Lane>,
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
pub(super) struct RunYears {
    /// Projected years and the anchor.
    pub years: usize,
    pub anchor: usize,
    /// Years of a metric in all.
    pub stride: usize,
}

impl BatchScratch {
    /// Growths, groups, flows and cells from the levers. A growth that is not shared is made in its flow.
    #[inline(always)]
    pub(super) fn carry<S: Simd>(&mut self, simd: S, (plan, lanes): (&Plan, &LaneKernel<'_>), levers: &LaneLevers) {
        let (years, shared) = (plan.length(), &lanes.shared);
        self.growths.resize(plan.growths.len() * years, Lane::default());
        for ((growth, room), shared) in plan.growths.iter().zip(self.growths.chunks_exact_mut(years)).zip(shared) {
            if *shared {
                grow(simd, growth, levers, room);
            }
        }
        self.groups.resize(plan.groups.len(), Vec::new());
        for (group, room) in plan.groups.iter().zip(&mut self.groups) {
            gather(simd, group, (&self.growths, years), room);
        }
        self.flows.resize(plan.flows.len() * years, Lane::default());
        let series = BaselineSeries { plan, growths: &self.growths, groups: &self.groups };
        for (flow, room) in lanes.order.iter().zip(self.flows.chunks_exact_mut(years)) {
            let flow = &plan.flows[*flow];
            match flow.origin {
                Origin::Growth(at) if !shared[at] => grow(simd, &plan.growths[at], levers, room),
                origin => start(simd, &series, origin, room),
            }
            for factor in &flow.factors {
                act(simd, factor, &levers.levels, room);
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

    #[inline(always)]
    fn add(&mut self, metrics: &[(usize, f64)], (year, frame): (usize, RunYears), values: &Lane) {
        for (metric, weight) in metrics {
            let sum = &mut self.out[metric * frame.stride + frame.anchor + year];
            sum.add(|lane| values[lane] * weight);
        }
    }

    #[inline(always)]
    fn amount(&self, line: &YearlyChain, levers: &LaneLevers, (year, years): (usize, usize)) -> Lane {
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
    pub(super) fn yearly(&mut self, line: &YearlyChain, levers: &LaneLevers, frame: RunYears) {
        for year in 0..frame.years {
            let amount = self.amount(line, levers, (year, frame.years));
            let cells = (&self.cells[..], frame.years);
            let given =
                ProgramInputs { amount: &amount, age: 0.0, at: year, now: year, factors: &levers.factors, cells };
            let values = line.program.evaluate(&given, &mut self.stack);
            self.add(&line.metrics, (year, frame), &values);
        }
    }

    /// What activity of the anchor and later gives in each later year.
    #[inline(always)]
    pub(super) fn stock(&mut self, line: &YearlyChain, levers: &LaneLevers, frame: RunYears) {
        let years = frame.years;
        let mut amounts = std::mem::take(&mut self.amounts);
        amounts.clear();
        amounts.extend((0..years).map(|year| self.amount(line, levers, (year, years))));
        self.by_age.clear();
        if line.by_age {
            let one = Lane::all(1.0);
            for age in 0..years {
                let given = ProgramInputs { age: age as f64, ..ProgramInputs::per(&one, &levers.factors) };
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
                let given = ProgramInputs { amount, age: (now - at) as f64, at, now, factors: &levers.factors, cells };
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
    pub(super) fn standing(&mut self, old: &PreAnchorStock, levers: &LaneLevers, frame: RunYears) {
        let one = Lane::all(1.0);
        let amount = old.slot.map_or(&one, |slot| &levers.rows[slot]).map(|factor| factor * old.amount);
        for year in 1..frame.years {
            let cells = (&self.cells[..], frame.years);
            let age = old.age + year as f64;
            let given = ProgramInputs { amount: &amount, age, at: 0, now: year, factors: &levers.factors, cells };
            let values = old.program.evaluate(&given, &mut self.stack);
            self.add(&old.metrics, (year, frame), &values);
        }
    }
}

/// growth(t) = (driver(t)/driver(anchor))^elasticity · intensity(t).
#[inline(always)]
fn grow<S: Simd>(simd: S, growth: &GrowthPath, levers: &LaneLevers, room: &mut [Lane]) {
    let Some(driver) = growth.driver else {
        for (year, intensity) in room.iter_mut().zip(&growth.intensity) {
            *year = Lane::all(*intensity);
        }
        return;
    };
    let driver = &levers.drivers[driver];
    let inverse = driver[0].map(|value| 1.0 / value);
    if growth.elasticity != 1.0 {
        for ((room, year), intensity) in room.iter_mut().zip(driver).zip(&growth.intensity) {
            let ratio = year.zip(&inverse, |value, inverse| value * inverse);
            *room = raised(&ratio, growth.elasticity).map(|ratio| ratio * intensity);
        }
        return;
    }
    for (part, inverse) in inverse.vectors(simd).iter().enumerate() {
        for ((room, year), intensity) in room.iter_mut().zip(driver).zip(&growth.intensity) {
            let ratio = simd.mul_f64s(year.vectors(simd)[part], *inverse);
            room.vectors_mut(simd)[part] = simd.mul_f64s(ratio, simd.splat_f64s(*intensity));
        }
    }
}

/// A driver that no draw moves has one ratio in all lanes.
fn raised(ratio: &Lane, elasticity: f64) -> Lane {
    match ratio.iter().all(|other| *other == ratio[0]) {
        true => Lane::all(ratio[0].powf(elasticity)),
        false => ratio.map(|ratio| ratio.powf(elasticity)),
    }
}

/// A group's items before shares, and their total.
#[inline(always)]
fn gather<S: Simd>(simd: S, group: &Group, (growths, years): (&[Lane], usize), room: &mut Vec<Lane>) {
    let items = group.shares.len();
    room.clear();
    room.resize((items + 1) * years, Lane::default());
    for (growth, energy, item) in &group.members {
        let energy = simd.splat_f64s(*energy);
        let growths = &growths[growth * years..(growth + 1) * years];
        for (sum, growth) in room[item * years..(item + 1) * years].iter_mut().zip(growths) {
            sum.change(
                simd,
                [growth],
                #[inline(always)]
                |sum, [growth]| simd.mul_add_f64s(energy, growth, sum),
            );
        }
    }
    let (items, total) = room.split_at_mut(items * years);
    for item in items.chunks_exact(years) {
        for (sum, value) in total.iter_mut().zip(item) {
            sum.change(
                simd,
                [value],
                #[inline(always)]
                |sum, [value]| simd.add_f64s(sum, value),
            );
        }
    }
}

/// What flows begin with: growths, and the items of share groups, year by year.
struct BaselineSeries<'a> {
    plan: &'a Plan,
    growths: &'a [Lane],
    groups: &'a [Vec<Lane>],
}

/// A flow before any measure, year by year.
#[inline(always)]
fn start<S: Simd>(simd: S, series: &BaselineSeries<'_>, origin: Origin, room: &mut [Lane]) {
    let BaselineSeries { plan, growths, groups } = *series;
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
                let share = simd.splat_f64s(*share);
                year.put(
                    simd,
                    [growth, total, item],
                    #[inline(always)]
                    |[growth, total, item]: [S::f64s; 3]| {
                        simd.mul_f64s(growth, simd.div_f64s(simd.mul_f64s(share, total), item))
                    },
                );
            }
        }
        Origin::Whole(group, member) => {
            let shares = &plan.groups[group].shares[member].1;
            for ((year, total), share) in room.iter_mut().zip(total(group)).zip(shares) {
                let share = simd.splat_f64s(*share);
                year.put(
                    simd,
                    [total],
                    #[inline(always)]
                    |[total]| simd.mul_f64s(share, total),
                );
            }
        }
    }
}

/// What a measure leaves or takes, in every year.
#[inline(always)]
fn act<S: Simd>(simd: S, factor: &MeasureFactor, levels: &[Vec<Lane>], room: &mut [Lane]) {
    let one = simd.splat_f64s(1.0);
    match factor {
        MeasureFactor::Less(at, part) => {
            let part = simd.splat_f64s(*part);
            for (value, level) in room.iter_mut().zip(&levels[*at]) {
                value.change(
                    simd,
                    [level],
                    #[inline(always)]
                    |value, [level]| simd.mul_f64s(value, simd.sub_f64s(one, simd.mul_f64s(level, part))),
                );
            }
        }
        MeasureFactor::Moved(at) => {
            for (value, level) in room.iter_mut().zip(&levels[*at]) {
                value.change(
                    simd,
                    [level],
                    #[inline(always)]
                    |value, [level]| simd.mul_f64s(value, level),
                );
            }
        }
        MeasureFactor::LessAll(parts) => {
            for (year, value) in room.iter_mut().enumerate() {
                let less = together(simd, parts, (levels, year));
                value.change(
                    simd,
                    [&less],
                    #[inline(always)]
                    |value, [less]: [S::f64s; 1]| simd.mul_f64s(value, simd.sub_f64s(one, less)),
                );
            }
        }
    }
}

/// What several measures take in a year, together.
#[inline(always)]
fn together<S: Simd>(simd: S, parts: &[(usize, f64)], (levels, year): (&[Vec<Lane>], usize)) -> Lane {
    let mut sum = Lane::default();
    for (at, part) in parts {
        let part = simd.splat_f64s(*part);
        sum.change(
            simd,
            [&levels[*at][year]],
            #[inline(always)]
            |sum, [level]| simd.mul_add_f64s(level, part, sum),
        );
    }
    sum
}
