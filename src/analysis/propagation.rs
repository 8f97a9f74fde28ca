//! Ranges of totals by IPCC approach 1, with correlation: what a parameter does to all emissions of a group is added before
//! it is squared, as is what one activity row does; different parameters and different rows are independent.
//!
//! Rows of a class are summed first, so that the cost does not grow with rows × parameters.

use super::total::{Grouping, TOTAL, Totals};
use super::uncertainty::{Dependence, RangeBounds, Uncertainty};
use crate::category::LAND;
use crate::inventory::Inventory;
use crate::range::RangeLimits;
use crate::target::Boundary;
use std::collections::BTreeMap;

/// What a group is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupMember {
    Total,
    /// Index into the sectors of the study, by name.
    Sector(u32),
    /// A category at the level of the key category analysis, and the kind of fuel where it is split.
    Category(usize, Option<usize>),
}

/// A gas, or all gases by their warming potential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Substance {
    Pollutant(usize),
    Equivalent,
}

/// What is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupKey {
    pub year: i32,
    pub boundary: Boundary,
    pub place: GroupMember,
    pub substance: Substance,
}

/// Influence of one parameter row on a group.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Influence {
    /// The emissions with a range that are proportional to the parameter.
    pub carried: f64,
    pub down: f64,
    pub up: f64,
}

/// Exposure to one parameter row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stake {
    /// Absolute amounts, with a range or without one.
    pub amount: f64,
    /// The row's own range as a share of its value, where it has one.
    pub share: Option<RangeLimits>,
}

/// What rests on the activity of a category and item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// Absolute amounts, with a range or without one.
    pub amount: f64,
    /// Squares of the sides of its rows.
    pub variance: RangeBounds,
    pub first_row: u32,
}

/// Of a sum of which less than this share has ranges nothing is said.
const LEAST_COVERED: f64 = 0.5;

/// A group's sum and what can move it.
#[derive(Debug, Clone, Default)]
pub struct PropagatedSum {
    pub value: f64,
    absolute: f64,
    covered: f64,
    /// Some of it is land, where what is emitted may turn out to be removed.
    land: bool,
    pub influences: BTreeMap<usize, Influence>,
    /// Squares of the sides of all activity rows.
    pub activity: RangeBounds,
    /// For the whole district: exposure to each parameter row, and to activity by class.
    pub on_parameter: BTreeMap<usize, Stake>,
    pub on_activity: BTreeMap<(u32, u32), Exposure>,
}

impl PropagatedSum {
    /// Squares of the sides of everything.
    pub fn variance(&self) -> RangeBounds {
        let mut variance = self.activity;
        self.influences.values().for_each(|of| variance.add(RangeBounds::of(of.down, of.up).squared()));
        variance
    }

    /// The share of the absolute amounts that has ranges; `None` of nothing.
    pub fn covered_share(&self) -> Option<f64> {
        (self.absolute > 0.0).then(|| self.covered / self.absolute)
    }

    /// A part of the absolute amounts as a share of them.
    pub fn share(&self, amount: f64) -> Option<f64> {
        (self.absolute > 0.0).then(|| amount / self.absolute)
    }

    /// How far the sum may lie below and above its value, by what has ranges; `None` where less than half of it has.
    pub fn sides(&self) -> Option<RangeBounds> {
        self.covered_share().filter(|share| *share >= LEAST_COVERED).map(|_| self.variance().root())
    }

    /// The ends of the 95 % range, if it is known.
    pub fn range(&self) -> Option<(f64, f64)> {
        let one_sign = !self.land && (self.absolute - self.value.abs()).abs() <= 1e-9 * self.absolute;
        self.sides().map(|sides| super::uncertainty::bounds(self.value, sides, one_sign))
    }

    /// The half-width of the 95 % interval as a share of the value; of an asymmetric one the larger side.
    pub fn relative(&self) -> Option<f64> {
        let sides = self.sides()?;
        (self.value != 0.0).then(|| sides.larger() / self.value.abs())
    }
}

/// Sums over rows of one class: of the amounts, and of the squares of their ranges.
#[derive(Debug, Clone, Copy, Default)]
struct Amounts {
    rows: usize,
    sum: f64,
    absolute: f64,
    covered: f64,
    covered_absolute: f64,
    down: f64,
    up: f64,
}

impl Amounts {
    fn add(&mut self, amount: f64, margin: Option<RangeLimits>) {
        self.rows += 1;
        self.sum += amount;
        self.absolute += amount.abs();
        if let Some(RangeLimits { down, up }) = margin {
            self.covered += amount;
            self.covered_absolute += amount.abs();
            self.down += down * down;
            self.up += up * up;
        }
    }

    /// Squares of the sides of something that moves by `slope` per unit of amount.
    fn variance(&self, slope: f64) -> RangeBounds {
        let square = slope * slope;
        let (low, high) = if slope >= 0.0 { (self.down, self.up) } else { (self.up, self.down) };
        RangeBounds { low: low * square, high: high * square }
    }
}

/// All groups of an inventory.
pub struct PropagationGroups {
    pub sectors: Vec<String>,
    /// Kinds of items, for fuels.
    pub kinds: Vec<String>,
    pub sums: BTreeMap<GroupKey, PropagatedSum>,
}

/// One class, or one row of a class that is not proportional, on its way into the groups.
struct PropagatedShare<'a> {
    class: u32,
    row: u32,
    amounts: Amounts,
    parts: Vec<(u32, &'a Dependence)>,
}

pub(super) fn groups(inventory: &Inventory<'_>, uncertainty: &Uncertainty<'_>) -> PropagationGroups {
    let mut groups = PropagationGroups::new(inventory);
    let (activity, matches) = (&inventory.study.activity, &inventory.matches);
    let mut of_class: Vec<Vec<u32>> = vec![Vec::new(); matches.classes.len()];
    for (index, binding) in matches.bindings.iter().enumerate() {
        if uncertainty.is_proportional(index as u32).is_some() {
            of_class[binding.class as usize].push(index as u32);
        }
    }
    let curved = |bindings: &Vec<u32>| bindings.iter().any(|&b| uncertainty.is_proportional(b) == Some(false));
    let by_row: Vec<bool> = of_class.iter().map(curved).collect();
    let mut amounts = vec![Amounts::default(); matches.classes.len()];
    for row in (0..activity.len() as u32).filter(|row| !activity.notations.contains_key(row)) {
        let class = matches.class_of[row as usize];
        let (amount, margin) = (activity.amount[row as usize], uncertainty.amount(row));
        if !by_row[class as usize] {
            amounts[class as usize].add(amount, margin);
            continue;
        }
        // The dependence is taken at the row's amount: the row stands for 1 of it, its range for itself.
        let found: Vec<_> =
            of_class[class as usize].iter().filter_map(|&b| Some((b, uncertainty.at(b, row)?))).collect();
        let mut one = Amounts::default();
        one.add(1.0, margin);
        let parts = found.iter().map(|(b, dependence)| (*b, dependence)).collect();
        groups.add(inventory, &PropagatedShare { class, row, amounts: one, parts });
    }
    for (class, amounts) in amounts.into_iter().enumerate().filter(|(_, amounts)| amounts.rows > 0) {
        let parts = of_class[class].iter().filter_map(|&b| Some((b, uncertainty.of_class(b)?))).collect();
        let (row, class) = (matches.first_row[class], class as u32);
        groups.add(inventory, &PropagatedShare { class, row, amounts, parts });
    }
    groups
}

impl PropagationGroups {
    fn new(inventory: &Inventory<'_>) -> Self {
        let words = &inventory.study.words;
        let sorted = |names: Vec<&str>| {
            let mut names: Vec<String> = names.into_iter().map(str::to_string).collect();
            names.sort();
            names.dedup();
            names
        };
        let sectors = sorted(words.categories.iter().map(|(_, category)| category.sector.as_str()).collect());
        let kinds = sorted(words.items.iter().map(|(_, item)| item.kind.as_str()).collect());
        Self { sectors, kinds, sums: BTreeMap::new() }
    }

    /// Whether totals have the sum of a key.
    pub fn is_known(&self, inventory: &Inventory<'_>, totals: &Totals, key: &GroupKey) -> bool {
        let words = &inventory.study.words;
        let group = match key.place {
            GroupMember::Total => (Grouping::Total, TOTAL),
            GroupMember::Sector(index) => (Grouping::Sector, self.sectors[index as usize].as_str()),
            GroupMember::Category(index, _) => (Grouping::Category, words.categories.code(index)),
        };
        let metric = match key.substance {
            Substance::Pollutant(index) => words.pollutants.code(index),
            Substance::Equivalent => totals.ghg.as_deref().unwrap_or_default(),
        };
        totals.known.has(key.year, key.boundary, group, metric)
    }

    /// Adds a share to all groups that it counts in.
    fn add(&mut self, inventory: &Inventory<'_>, share: &PropagatedShare<'_>) {
        let mut slopes: BTreeMap<GroupKey, f64> = BTreeMap::new();
        let origin = &inventory.matches.classes[share.class as usize];
        for (index, dependence) in &share.parts {
            for (key, weight) in self.keys(inventory, *index) {
                let sum = self.sums.entry(key).or_default();
                sum.land |= is_land(inventory, *index);
                sum.take(&share.amounts, dependence, weight, key.place == GroupMember::Total);
                if dependence.lacking.is_empty() {
                    *slopes.entry(key).or_default() += dependence.by_amount * weight;
                }
                if key.place == GroupMember::Total {
                    let none = Exposure { amount: 0.0, variance: RangeBounds::default(), first_row: share.row };
                    let line = sum.on_activity.entry((origin.category, origin.item)).or_insert(none);
                    line.amount += (dependence.value * weight).abs() * share.amounts.absolute;
                }
            }
        }
        for (key, slope) in slopes {
            let variance = share.amounts.variance(slope);
            let sum = self.sums.entry(key).or_default();
            sum.activity.add(variance);
            if let Some(line) = sum.on_activity.get_mut(&(origin.category, origin.item)) {
                line.variance.add(variance);
            }
        }
    }

    /// The groups that a binding counts in, and with what weight.
    fn keys(&self, inventory: &Inventory<'_>, index: u32) -> Vec<(GroupKey, f64)> {
        let study = inventory.study;
        let binding = &inventory.matches.bindings[index as usize];
        let class = &inventory.matches.classes[binding.class as usize];
        let category = study.words.categories.get(binding.category);
        let at = |names: &[String], name: &str| names.iter().position(|known| known == name).unwrap_or(0);
        let (level, by_fuel) = study.levels.of(&study.words.categories, binding.category);
        let kind = at(&self.kinds, &study.words.items.get(class.item as usize).kind);
        let sector = at(&self.sectors, &category.sector) as u32;
        let places =
            [GroupMember::Total, GroupMember::Sector(sector), GroupMember::Category(level, by_fuel.then_some(kind))];
        let boundaries = Boundary::counted(category.scope);
        let code = study.words.pollutants.code(binding.pollutant);
        let weight = study.settings.gwp.as_ref().and_then(|gwp| gwp.values.get(code)).copied();
        let own = (Substance::Pollutant(binding.pollutant), 1.0);
        let substances: Vec<(Substance, f64)> =
            [Some(own), weight.map(|weight| (Substance::Equivalent, weight))].into_iter().flatten().collect();
        let year = binding.emission_year.unwrap_or(class.year);
        let mut keys = Vec::with_capacity(places.len() * boundaries.len() * substances.len());
        for &boundary in boundaries {
            for place in places {
                keys.extend(
                    substances.iter().map(|&(substance, w)| (GroupKey { year, boundary, place, substance }, w)),
                );
            }
        }
        keys
    }

    /// The name of a group, as `uncertainty.csv` writes it.
    pub fn name(&self, inventory: &Inventory<'_>, place: GroupMember) -> (&'static str, String) {
        match place {
            GroupMember::Total => ("total", TOTAL.to_string()),
            GroupMember::Sector(index) => ("sector", self.sectors[index as usize].clone()),
            GroupMember::Category(index, kind) => {
                let code = inventory.study.words.categories.code(index);
                let kind = kind.map_or("", |kind| self.kinds[kind].as_str());
                ("category", if kind.is_empty() { code.to_string() } else { format!("{code}/{kind}") })
            }
        }
    }
}

impl PropagatedSum {
    fn take(&mut self, amounts: &Amounts, dependence: &Dependence, weight: f64, whole: bool) {
        let value = dependence.value * weight;
        self.value += value * amounts.sum;
        self.absolute += value.abs() * amounts.absolute;
        if dependence.lacking.is_empty() {
            self.covered += value.abs() * amounts.covered_absolute;
            for effect in &dependence.effects {
                let influence = self.influences.entry(effect.parameter).or_default();
                let factor = weight * amounts.covered;
                influence.carried += effect.carried * factor;
                influence.down += effect.down * factor;
                influence.up += effect.up * factor;
            }
        }
        if whole {
            for effect in &dependence.effects {
                let stake = self.on_parameter.entry(effect.parameter).or_default();
                stake.amount += value.abs() * amounts.absolute;
                let share = RangeLimits { down: effect.down, up: effect.up }.times(1.0 / effect.carried);
                let share = RangeLimits { down: share.down.abs(), up: share.up.abs() };
                stake.share =
                    stake.share.or(Some(share).filter(|share| share.down.is_finite() && share.up.is_finite()));
            }
        }
    }
}

fn is_land(inventory: &Inventory<'_>, index: u32) -> bool {
    let category = inventory.matches.bindings[index as usize].category;
    inventory.study.words.categories.get(category).sector == LAND
}
