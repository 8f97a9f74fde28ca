//! Flows through the years: an origin, and what measures leave or take of it.

use super::{AmountPath, Group, MeasureFactor, Origin, Plan, Series};

/// What the drivers make of the growths and groups of a plan, before any measure.
#[derive(Debug, Clone)]
pub(super) struct Paths<'a> {
    plan: &'a Plan,
    growths: Vec<Series>,
    /// The energy of each group before its shares, of all and by item.
    groups: Vec<(Series, Vec<Series>)>,
}

impl<'a> Paths<'a> {
    /// growth(t) = (driver(t)/driver(anchor))^elasticity · intensity(t).
    pub fn new(plan: &'a Plan, drivers: &[Series]) -> Self {
        let ratio = |growth: &super::GrowthPath, index: usize| match growth.driver {
            None => 1.0,
            Some(driver) => {
                let ratio = drivers[driver][index] / drivers[driver][0];
                if growth.elasticity == 1.0 { ratio } else { ratio.powf(growth.elasticity) }
            }
        };
        let of = |growth: &super::GrowthPath| -> Series {
            growth.intensity.iter().enumerate().map(|(index, intensity)| ratio(growth, index) * intensity).collect()
        };
        let growths: Vec<Series> = plan.growths.iter().map(of).collect();
        let groups = plan.groups.iter().map(|group| totals(plan, group, &growths)).collect();
        Self { plan, growths, groups }
    }

    /// The value of a flow in each year.
    pub fn flow(&self, flow: &AmountPath, levels: &[Series]) -> Series {
        let value = |index: usize| {
            let start = self.start(flow.origin, index);
            flow.factors.iter().fold(start, |value, factor| value * of(factor, |level| levels[level][index]))
        };
        (0..self.plan.length()).map(value).collect()
    }

    /// What the flow starts from in a year, and what each of its factors is.
    pub fn steps(&self, flow: &AmountPath, level: impl Fn(usize) -> f64, index: usize) -> (f64, Vec<f64>) {
        (self.start(flow.origin, index), flow.factors.iter().map(|factor| of(factor, &level)).collect())
    }

    pub fn flows(&self, levels: &[Series]) -> Vec<Series> {
        self.plan.flows.iter().map(|flow| self.flow(flow, levels)).collect()
    }

    /// An origin before any measure.
    pub fn origin(&self, origin: Origin) -> Series {
        (0..self.plan.length()).map(|index| self.start(origin, index)).collect()
    }

    fn start(&self, origin: Origin, index: usize) -> f64 {
        let share = |group: usize, item: usize| self.plan.groups[group].shares[item].1[index];
        match origin {
            Origin::One => 1.0,
            Origin::Growth(growth) => self.growths[growth][index],
            Origin::Value(value) => self.plan.values[value].0[index],
            Origin::Share(growth, group, item) => {
                let (total, items) = &self.groups[group];
                self.growths[growth][index] * (share(group, item) * total[index] / items[item][index])
            }
            Origin::Whole(group, item) => share(group, item) * self.groups[group].0[index],
        }
    }
}

fn of(factor: &MeasureFactor, level: impl Fn(usize) -> f64) -> f64 {
    match factor {
        MeasureFactor::Less(at, part) => 1.0 - level(*at) * part,
        MeasureFactor::Moved(at) => level(*at),
        MeasureFactor::LessAll(parts) => 1.0 - parts.iter().map(|(at, part)| level(*at) * part).sum::<f64>(),
    }
}

impl AmountPath {
    /// The levels that move the flow, each once, in order.
    pub fn levels(&self) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for factor in &self.factors {
            match factor {
                MeasureFactor::Less(at, _) | MeasureFactor::Moved(at) => found.push(*at),
                MeasureFactor::LessAll(parts) => found.extend(parts.iter().map(|(at, _)| *at)),
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn totals(plan: &Plan, group: &Group, growths: &[Series]) -> (Series, Vec<Series>) {
    let zero = vec![0.0; plan.length()];
    let mut items = vec![zero.clone(); group.shares.len()];
    for (growth, energy, item) in &group.members {
        items[*item].iter_mut().zip(&growths[*growth]).for_each(|(sum, growth)| *sum += energy * growth);
    }
    let mut total = zero;
    for item in &items {
        total.iter_mut().zip(item).for_each(|(sum, value)| *sum += value);
    }
    (total, items)
}
