//! A scenario between others: their resolved paths, shares and levels, weighed. Whatever both have in one form is interpolated in that
//! form; a row that they carry on in different ways is interpolated as an amount.

use super::amount_path::Paths;
use super::baseline_activity::{self, InitialAmounts, from};
use super::{Driver, Group, GrowthPath, MeasureUse, Origin, Plan, ScenarioContext, Series};
use crate::error::Diagnostics;
use crate::scenario::ScenarioSet;
use std::collections::{BTreeMap, BTreeSet};

/// What a scenario is made of, with weights that add up to 1: itself, or those that it blends, down to scenarios that blend nothing.
pub(super) fn leaves(plans: &ScenarioSet, (index, weight): (usize, f64)) -> Vec<(usize, f64)> {
    let Some(blend) = &plans.scenarios[index].blend else { return vec![(index, weight)] };
    let mut found: Vec<(usize, f64)> = Vec::new();
    for (code, part) in [(&blend.from, 1.0 - blend.at), (&blend.to, blend.at)] {
        let Some(relative) = plans.scenarios.iter().position(|scenario| scenario.code == *code) else { continue };
        if part == 0.0 {
            continue;
        }
        for (leaf, weight) in leaves(plans, (relative, weight * part)) {
            match found.iter_mut().find(|(known, _)| *known == leaf) {
                Some((_, sum)) => *sum += weight,
                None => found.push((leaf, weight)),
            }
        }
    }
    found
}

/// A scenario that is blended, resolved up to its measures.
struct BlendedScenario {
    plan: Plan,
    begun: InitialAmounts,
    weight: f64,
}

/// What the scenarios together make of every row before any measure, and the drivers and levels of the plan.
pub(super) fn begin(
    ground: ScenarioContext<'_>,
    leaves: &[(usize, f64)],
    plan: &mut Plan,
    faults: &mut Diagnostics,
) -> InitialAmounts {
    let mut parts = Vec::new();
    for &(index, weight) in leaves {
        let mut part = Plan { anchor: plan.anchor, horizon: plan.horizon, ..Plan::default() };
        let begun = baseline_activity::begin(ground, (index, &ground.plans.scenarios[index]), &mut part, faults);
        parts.push(BlendedScenario { plan: part, begun, weight });
    }
    let place = ground.plans.scenarios.iter().find(|scenario| scenario.code == plan.code).map(|own| &own.place);
    let place = place.map_or_else(String::new, from);
    if !faults.is_empty() {
        return InitialAmounts::new();
    }
    drivers(&parts, plan);
    levels(&parts, plan);
    let mut blend = BlendBuilder { parts: &parts, plan, place, growths: BTreeMap::new(), groups: BTreeMap::new() };
    blend.growth(&vec![0; parts.len()]);
    blend.rows()
}

/// A driver that not all have is as those have it.
fn drivers(parts: &[BlendedScenario], plan: &mut Plan) {
    let all = parts.iter().flat_map(|part| &part.plan.drivers);
    for driver in all {
        if plan.drivers.iter().any(|known| known.name == driver.name) {
            continue;
        }
        let own = parts.iter().filter_map(|part| {
            part.plan.drivers.iter().find(|other| other.name == driver.name).map(|driver| (part.weight, driver))
        });
        let own: Vec<(f64, &Driver)> = own.collect();
        let whole: f64 = own.iter().map(|(weight, _)| weight).sum();
        let series = own.iter().map(|(weight, driver)| (weight / whole, &driver.values));
        let values = mean(series, plan.length());
        let from = own.iter().map(|(_, driver)| driver.from.as_str()).collect::<Vec<_>>().join("; ");
        plan.drivers.push(Driver { name: driver.name.clone(), values, from });
    }
}

/// The measures of all; the level is 0 where one does not use it.
fn levels(parts: &[BlendedScenario], plan: &mut Plan) {
    let mut measures: Vec<usize> = Vec::new();
    for level in parts.iter().flat_map(|part| &part.plan.levels) {
        if !measures.contains(&level.measure) {
            measures.push(level.measure);
        }
    }
    for measure in measures {
        let of = |part: &BlendedScenario| part.plan.levels.iter().position(|level| level.measure == measure);
        let own = parts.iter().filter_map(|part| Some((part.weight, &part.plan.levels[of(part)?].values)));
        plan.levels.push(MeasureUse { measure, values: mean(own, plan.length()) });
    }
}

struct BlendBuilder<'a> {
    parts: &'a [BlendedScenario],
    plan: &'a mut Plan,
    /// Where the blend is written.
    place: String,
    /// The growth of each part to the plan's.
    growths: BTreeMap<Vec<usize>, usize>,
    groups: BTreeMap<Vec<usize>, Option<usize>>,
}

impl BlendBuilder<'_> {
    fn rows(&mut self) -> InitialAmounts {
        let parts = self.parts;
        let rows: BTreeSet<u32> = parts.iter().flat_map(|part| part.begun.keys().copied()).collect();
        let drivers =
            |part: &BlendedScenario| -> Vec<Series> { part.plan.drivers.iter().map(|d| d.values.clone()).collect() };
        let paths: Vec<Paths<'_>> = parts.iter().map(|part| Paths::new(&part.plan, &drivers(part))).collect();
        let mut begun = InitialAmounts::new();
        for row in rows {
            let own: Vec<Option<(Origin, f64)>> = parts.iter().map(|part| part.begun.get(&row).copied()).collect();
            let alike = own.iter().copied().collect::<Option<Vec<_>>>().and_then(|own| self.alike(&own));
            let origin = alike.unwrap_or_else(|| {
                let amounts = own.iter().zip(&paths).map(|(own, paths)| match own {
                    None => vec![0.0; self.plan.length()],
                    Some((origin, base)) => paths.origin(*origin).iter().map(|value| base * value).collect(),
                });
                let amounts: Vec<Series> = amounts.collect();
                let weights = parts.iter().map(|part| part.weight);
                let values = mean(weights.zip(&amounts), self.plan.length());
                self.plan.values.push((values, self.place.clone()));
                (Origin::Value(self.plan.values.len() - 1), 1.0)
            });
            begun.insert(row, origin);
        }
        begun
    }

    /// The origin of a row that all parts carry on in one way.
    fn alike(&mut self, own: &[(Origin, f64)]) -> Option<(Origin, f64)> {
        let base = own.first()?.1;
        let growths: Option<Vec<usize>> = own.iter().map(|(origin, _)| growth_of(*origin)).collect();
        let groups: Option<Vec<usize>> = own.iter().map(|(origin, _)| group_of(*origin)).collect();
        let place = place_of(own.first()?.0);
        if groups.is_some() && own.iter().any(|(origin, _)| place_of(*origin) != place) {
            return None;
        }
        let origin = match (growths, groups) {
            (Some(growths), None) if own.iter().all(|(origin, _)| group_of(*origin).is_none()) => {
                Origin::Growth(self.growth(&growths))
            }
            (Some(growths), Some(groups)) => {
                let group = self.group(&groups)?;
                Origin::Share(self.growth(&growths), group, place?)
            }
            (None, Some(groups)) if own.iter().all(|(origin, _)| growth_of(*origin).is_none()) => {
                Origin::Whole(self.group(&groups)?, place?)
            }
            _ => return None,
        };
        Some((origin, base))
    }

    /// One driver and elasticity: intensities are interpolated; else the growths themselves.
    fn growth(&mut self, growths: &[usize]) -> usize {
        if let Some(known) = self.growths.get(growths) {
            return *known;
        }
        let own: Vec<(&BlendedScenario, &GrowthPath)> =
            self.parts.iter().zip(growths).map(|(part, growth)| (part, &part.plan.growths[*growth])).collect();
        let name = |(part, growth): &(&BlendedScenario, &GrowthPath)| {
            growth.driver.map(|driver| part.plan.drivers[driver].name.clone())
        };
        let first = own.first().and_then(name);
        let one = own.iter().all(|other| name(other) == first && other.1.elasticity == own[0].1.elasticity);
        let length = self.plan.length();
        let places = own.iter().map(|(_, growth)| growth.from.as_str()).filter(|from| !from.is_empty());
        let from = places.collect::<Vec<_>>().join("; ");
        let growth = if one {
            let driver = first.and_then(|name| self.plan.drivers.iter().position(|driver| driver.name == name));
            let intensity = mean(own.iter().map(|(part, growth)| (part.weight, &growth.intensity)), length);
            GrowthPath { driver, elasticity: own[0].1.elasticity, intensity, from }
        } else {
            let resolved: Vec<Series> = self.parts.iter().zip(growths).map(|(part, at)| path(part, *at)).collect();
            let intensity = mean(self.parts.iter().map(|part| part.weight).zip(&resolved), length);
            GrowthPath { driver: None, elasticity: 1.0, intensity, from }
        };
        self.plan.growths.push(growth);
        self.growths.insert(growths.to_vec(), self.plan.growths.len() - 1);
        self.plan.growths.len() - 1
    }

    /// Groups of the same members and items: their shares are interpolated.
    fn group(&mut self, groups: &[usize]) -> Option<usize> {
        if let Some(known) = self.groups.get(groups) {
            return *known;
        }
        let own: Vec<(f64, &Group)> =
            self.parts.iter().zip(groups).map(|(part, at)| (part.weight, &part.plan.groups[*at])).collect();
        let first = own.first()?.1;
        let items = |group: &Group| group.shares.iter().map(|(item, _)| *item).collect::<Vec<_>>();
        let members =
            |group: &Group| group.members.iter().map(|(_, energy, item)| (*energy, *item)).collect::<Vec<_>>();
        let same = own.iter().all(|(_, group)| items(group) == items(first) && members(group) == members(first));
        let found = same.then(|| {
            let length = self.plan.length();
            let shares = first.shares.iter().enumerate().map(|(at, (item, _))| {
                (*item, mean(own.iter().map(|(weight, group)| (*weight, &group.shares[at].1)), length))
            });
            let shares: Vec<(usize, Series)> = shares.collect();
            let members = first.members.iter().enumerate().map(|(at, (_, energy, item))| {
                let growths: Vec<usize> = own.iter().map(|(_, group)| group.members[at].0).collect();
                (self.growth(&growths), *energy, *item)
            });
            let members = members.collect();
            self.plan.groups.push(Group { members, shares, from: self.place.clone() });
            self.plan.groups.len() - 1
        });
        self.groups.insert(groups.to_vec(), found);
        found
    }
}

fn growth_of(origin: Origin) -> Option<usize> {
    match origin {
        Origin::Growth(growth) | Origin::Share(growth, ..) => Some(growth),
        _ => None,
    }
}

fn group_of(origin: Origin) -> Option<usize> {
    match origin {
        Origin::Share(_, group, _) | Origin::Whole(group, _) => Some(group),
        _ => None,
    }
}

fn place_of(origin: Origin) -> Option<usize> {
    match origin {
        Origin::Share(.., place) | Origin::Whole(_, place) => Some(place),
        _ => None,
    }
}

/// A part's growth with its own drivers.
fn path(part: &BlendedScenario, growth: usize) -> Series {
    let drivers: Vec<Series> = part.plan.drivers.iter().map(|driver| driver.values.clone()).collect();
    Paths::new(&part.plan, &drivers).origin(Origin::Growth(growth))
}

/// The weighted sum of series; what is left out counts as 0.
fn mean<'s>(series: impl Iterator<Item = (f64, &'s Series)>, length: usize) -> Series {
    let mut sum = vec![0.0; length];
    for (weight, values) in series {
        sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
    }
    sum
}
