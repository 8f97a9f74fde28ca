//! Ranges of 95 % of single emissions by IPCC approach 1: linear propagation along the partial derivatives.
//!
//! Each side is propagated by itself: what can lower an emission makes its low end, what can raise it its high end. A row of
//! the ladder that is used in several places moves all of them together; activity rows are independent of each other.

use crate::error::Text;
use crate::expression::AMOUNT;
use crate::inventory::{Emission, EmissionSlope, Inventory, Slopes};
use crate::matching::Binding;
use crate::range::{RangeContext, RangeLimits};
use crate::say;
use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Distances from an emission down to its low end and up to its high end.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RangeBounds {
    pub low: f64,
    pub high: f64,
}

impl RangeBounds {
    /// Of an input that changes the result by `down` where it is at its low end and by `up` where it is at its high end.
    pub fn of(down: f64, up: f64) -> Self {
        Self { low: (-down).max(-up).max(0.0), high: down.max(up).max(0.0) }
    }

    /// Both sides squared.
    pub fn squared(self) -> Self {
        Self { low: self.low * self.low, high: self.high * self.high }
    }

    /// Adds each side.
    pub fn add(&mut self, other: Self) {
        self.low += other.low;
        self.high += other.high;
    }

    /// The square root of both sides.
    pub fn root(self) -> Self {
        Self { low: self.low.sqrt(), high: self.high.sqrt() }
    }

    /// Both sides together, as a weight.
    pub fn whole(self) -> f64 {
        self.low + self.high
    }

    /// The larger side.
    pub fn larger(self) -> f64 {
        self.low.max(self.high)
    }
}

/// Influence of one parameter row on an emission.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParameterEffect {
    pub parameter: usize,
    /// The emission that is proportional to the parameter: derivative times value.
    pub carried: f64,
    /// The change of the emission where the parameter is at its low end, and at its high end.
    pub down: f64,
    pub up: f64,
}

/// What an emission depends on, of the amount 1 where it is proportional to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Dependence {
    pub value: f64,
    pub by_amount: f64,
    pub effects: Vec<ParameterEffect>,
    /// Squares of the sides of all parameters together.
    variance: RangeBounds,
    /// Parameter rows without a range: with one of them the uncertainty is unknown.
    pub lacking: Vec<usize>,
}

/// The inputs that a range comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RangeSource {
    Activity(u32),
    Parameter(usize),
}

/// Ranges of the amounts and parameters of an inventory, and through them of its emissions.
pub struct Uncertainty<'a> {
    pub inventory: &'a Inventory<'a>,
    slopes: Slopes,
    /// Of bindings that are proportional to the amount; the others are looked at row by row.
    dependences: Vec<Option<Dependence>>,
    /// Shares of amounts by class and quality.
    by_quality: HashMap<(u32, u32), Option<RangeLimits>>,
}

impl<'a> Uncertainty<'a> {
    /// Prepares the propagation: the derivative of every binding's method by its parameters.
    pub fn new(inventory: &'a Inventory<'a>) -> Self {
        let (study, matches) = (inventory.study, &inventory.matches);
        let slopes = Slopes::new(study, matches);
        let mut this = Self { inventory, slopes, dependences: Vec::new(), by_quality: HashMap::new() };
        for index in 0..matches.bindings.len() as u32 {
            let slope = this.slopes.is_proportional(index).filter(|proportional| *proportional);
            let slope = slope.and_then(|_| this.slopes.at(index, 1.0));
            this.dependences.push(slope.map(|slope| this.dependence(index, slope)));
        }
        for row in 0..study.activity.len() {
            let key = (matches.class_of[row], study.activity.quality[row]);
            this.by_quality.entry(key).or_insert_with(|| {
                let quality = study.activity.word(key.1);
                study.ranges.of_amount(quality, setting(inventory, key.0, None))
            });
        }
        this
    }

    /// Whether a binding is of a reported year, and whether its emissions are proportional to their amount.
    pub fn is_proportional(&self, binding: u32) -> Option<bool> {
        self.slopes.is_proportional(binding)
    }

    fn dependence(&self, index: u32, slope: EmissionSlope) -> Dependence {
        let study = self.inventory.study;
        let binding = &self.inventory.matches.bindings[index as usize];
        let setting = setting(self.inventory, binding.class, Some(binding));
        let EmissionSlope { value, by_amount, by_parameter } = slope;
        let mut found =
            Dependence { value, by_amount, effects: Vec::new(), variance: RangeBounds::default(), lacking: Vec::new() };
        for (parameter, derivative) in by_parameter {
            let row = &study.ladder.parameters[parameter];
            let (carried, margin) = (derivative * row.canonical(), study.ranges.of_parameter(row, setting));
            let Some(RangeLimits { down, up }) = margin.filter(|_| derivative.is_finite()) else {
                found.lacking.push(parameter);
                found.effects.push(ParameterEffect { parameter, carried, down: f64::NAN, up: f64::NAN });
                continue;
            };
            let (down, up) = (-derivative * down, derivative * up);
            found.variance.add(RangeBounds::of(down, up).squared());
            found.effects.push(ParameterEffect { parameter, carried, down, up });
        }
        found
    }

    /// What an emission of a row depends on, and by what its value and effects are to be multiplied.
    pub fn of(&self, binding: u32, row: u32) -> Option<(Cow<'_, Dependence>, f64)> {
        let amount = self.inventory.study.activity.amount[row as usize];
        if let Some(found) = &self.dependences[binding as usize] {
            return Some((Cow::Borrowed(found), amount));
        }
        self.at(binding, row).map(|found| (Cow::Owned(found), 1.0))
    }

    /// What an emission of the amount 1 depends on; `None` where emissions are not proportional to the amount.
    pub fn of_class(&self, binding: u32) -> Option<&Dependence> {
        self.dependences[binding as usize].as_ref()
    }

    /// What the emission of a row depends on, at the row's own amount: what it is, not what one unit would be.
    pub fn at(&self, binding: u32, row: u32) -> Option<Dependence> {
        let slope = self.slopes.at(binding, self.inventory.study.activity.amount[row as usize])?;
        Some(self.dependence(binding, slope))
    }

    /// The range of an amount, in its canonical unit: as the row says, else by its quality.
    pub fn amount(&self, row: u32) -> Option<RangeLimits> {
        let activity = &self.inventory.study.activity;
        let stated = activity.uncertainty_pct[row as usize] / 100.0;
        let share = if stated.is_nan() {
            let key = (self.inventory.matches.class_of[row as usize], activity.quality[row as usize]);
            self.by_quality.get(&key).copied().flatten()?
        } else {
            RangeLimits { down: stated, up: stated }
        };
        // The low end of a negative amount lies where its size is greatest.
        let amount = activity.amount[row as usize];
        let share = if amount < 0.0 { RangeLimits { down: share.up, up: share.down } } else { share };
        Some(share.times(amount))
    }

    /// How far an emission may lie below and above its value; `None` where an input has no range.
    pub fn sides(&self, emission: &Emission) -> Option<RangeBounds> {
        let (row, binding) = (emission.row, emission.binding);
        match (emission.stock, &self.dependences[binding as usize]) {
            (None, Some(found)) if found.lacking.is_empty() => {
                let amount = self.inventory.study.activity.amount[row as usize];
                let RangeLimits { down, up } = self.amount(row)?;
                let mut variance = RangeBounds::of(-found.by_amount * down, found.by_amount * up).squared();
                let (low, high) = (found.variance.low, found.variance.high);
                let (low, high) = if amount < 0.0 { (high, low) } else { (low, high) };
                variance.add(RangeBounds { low: low * amount * amount, high: high * amount * amount });
                Some(variance.root())
            }
            (None, Some(_)) => None,
            _ => {
                let mut variance = RangeBounds::default();
                self.sources(emission)?.into_iter().for_each(|(_, sides)| variance.add(sides.squared()));
                Some(variance.root())
            }
        }
    }

    /// What each input does to an emission; `None` where one has no range.
    pub fn sources(&self, emission: &Emission) -> Option<Vec<(RangeSource, RangeBounds)>> {
        let mut changes: BTreeMap<RangeSource, (f64, f64)> = BTreeMap::new();
        let mut add = |source, down, up| {
            let change = changes.entry(source).or_default();
            (change.0, change.1) = (change.0 + down, change.1 + up);
        };
        for (row, binding) in self.inventory.parts(emission) {
            let (found, factor) = self.of(binding, row)?;
            if !found.lacking.is_empty() {
                return None;
            }
            let RangeLimits { down, up } = self.amount(row)?;
            add(RangeSource::Activity(row), -found.by_amount * down, found.by_amount * up);
            for effect in &found.effects {
                add(RangeSource::Parameter(effect.parameter), effect.down * factor, effect.up * factor);
            }
        }
        Some(changes.into_iter().map(|(source, (down, up))| (source, RangeBounds::of(down, up))).collect())
    }

    /// The 2.5 and 97.5 percentiles of an emission, t.
    pub fn range(&self, emission: &Emission) -> Option<(f64, f64)> {
        let RangeBounds { low, high } = self.sides(emission)?;
        let category = self.inventory.matches.bindings[emission.binding as usize].category;
        let land = self.inventory.study.words.categories.get(category).sector == crate::category::LAND;
        Some(bounds(emission.emitted_t, RangeBounds { low, high }, !land))
    }

    /// How many emissions have no range, and what they lack.
    pub(super) fn notice(&self) -> Option<Text> {
        const SHOWN: usize = 6;
        // Emissions of one binding lack the same: they are counted before they are looked at.
        let mut alike: HashMap<(u32, bool), (usize, &Emission)> = HashMap::new();
        for emission in self.inventory.emissions.iter().filter(|emission| self.sides(emission).is_none()) {
            let key = (emission.binding, self.amount(emission.row).is_none());
            alike.entry(key).or_insert((0, emission)).0 += 1;
        }
        let mut lacking: BTreeMap<&str, usize> = BTreeMap::new();
        for (count, emission) in alike.values() {
            self.lacking(emission).into_iter().for_each(|name| *lacking.entry(name).or_default() += count);
        }
        let (all, without) = (self.inventory.emissions.len(), alike.values().map(|(count, _)| count).sum::<usize>());
        (without > 0).then(|| {
            let mut lacking: Vec<(&str, usize)> = lacking.into_iter().collect();
            lacking.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            let named = lacking.iter().take(SHOWN).map(|(name, count)| format!("{name} ({count})"));
            let names = named.collect::<Vec<_>>().join(", ");
            say!(
                "{all} 项排放中有 {without} 项没有不确定度范围，缺少范围的输入：{names}",
                "{without} of {all} emissions have no uncertainty range, for want of one of {names}"
            )
        })
    }

    /// The inputs of an emission that have no range, each name once.
    pub fn lacking(&self, emission: &Emission) -> Vec<&'a str> {
        let study = self.inventory.study;
        let mut names: Vec<&str> = Vec::new();
        for (row, binding) in self.inventory.parts(emission) {
            if let Some((found, _)) = self.of(binding, row) {
                names.extend(found.lacking.iter().map(|&index| study.ladder.parameters[index].name.as_str()));
            }
            names.extend(self.amount(row).is_none().then_some(AMOUNT));
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// The ends of a range. What leaves cannot be less than nothing: where all parts have one sign the range ends at 0.
pub(super) fn bounds(value: f64, sides: RangeBounds, one_sign: bool) -> (f64, f64) {
    let (low, high) = (value - sides.low, value + sides.high);
    match one_sign {
        true if value >= 0.0 => (low.max(0.0), high),
        true => (low, high.min(0.0)),
        false => (low, high),
    }
}

/// What defaults are chosen by, for a class and what is made of it.
pub fn setting<'a>(inventory: &'a Inventory<'_>, class: u32, binding: Option<&Binding>) -> RangeContext<'a> {
    let words = &inventory.study.words;
    let class = &inventory.matches.classes[class as usize];
    RangeContext {
        category: words.categories.code(class.category as usize),
        item: class.item as usize,
        kind: &words.items.get(class.item as usize).kind,
        pollutant: binding.map(|binding| binding.pollutant),
    }
}
