//! Sums by category, sector, area and item, in both boundaries, gas mass first and CO2-equivalents last.
//!
//! Sums run in the order of the emissions, which is the order of the activity rows: the bytes do not depend on threads.

use super::known_years::{UnknownReason, UnknownSums, known};
use crate::activity::PROXY;
use crate::category::SECTORS;
use crate::error::Text;
use crate::inventory::{Emission, Inventory};
use crate::parameter::Confidence;
use crate::pollutant::CO2;
use crate::say;
use crate::target::{Boundary, ENERGY, ENERGY_CO2, GHG, Metric};
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What totals are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grouping {
    Total,
    Category,
    Sector,
    Area,
    Item,
}

impl Grouping {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Category => "category",
            Self::Sector => "sector",
            Self::Area => "area",
            Self::Item => "item",
        }
    }
}

/// A sum and what it rests on. Shares are of the absolute amounts, so that a sink cannot hide a proxy.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TotalSum {
    pub value_t: f64,
    absolute: f64,
    proxy: f64,
    unverified: f64,
}

impl TotalSum {
    fn add(&mut self, value: f64, proxy: bool, unverified: bool) {
        self.value_t += value;
        self.absolute += value.abs();
        self.proxy += if proxy { value.abs() } else { 0.0 };
        self.unverified += if unverified { value.abs() } else { 0.0 };
    }

    fn add_weighted(&mut self, other: &Self, weight: f64) {
        self.value_t += other.value_t * weight;
        self.absolute += other.absolute * weight;
        self.proxy += other.proxy * weight;
        self.unverified += other.unverified * weight;
    }

    /// The share that rests on rows of quality `proxy`; `None` of nothing.
    pub fn proxy_share(&self) -> Option<f64> {
        (self.absolute > 0.0).then(|| self.proxy / self.absolute)
    }

    /// The share that rests on at least one parameter that is unverified.
    pub fn unverified_share(&self) -> Option<f64> {
        (self.absolute > 0.0).then(|| self.unverified / self.absolute)
    }
}

/// A row of `totals.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    pub year: i32,
    pub boundary: Boundary,
    pub grouping: Grouping,
    pub group: String,
    /// A pollutant's code, or `GHG (AR5 GWP100)`.
    pub pollutant: String,
    pub sum: TotalSum,
}

/// All totals, in the order of year, boundary, grouping, group and pollutant.
#[derive(Debug, Default)]
pub struct Totals {
    pub rows: Vec<Total>,
    /// The name of the CO2-equivalent, where the study names a GWP set.
    pub ghg: Option<String>,
    /// Which sums have no row in some years, and why.
    pub known: UnknownSums,
    index: HashMap<(i32, Boundary, Grouping, String, String), usize>,
}

impl Totals {
    /// The sum of a group, if there is one. `GHG` stands for the CO2-equivalent of the study's set.
    pub fn find(
        &self,
        year: i32,
        boundary: Boundary,
        (grouping, group): (Grouping, &str),
        metric: &str,
    ) -> Option<&TotalSum> {
        let metric = if metric == GHG { self.ghg.as_deref()? } else { metric };
        let key = (year, boundary, grouping, group.to_string(), metric.to_string());
        self.index.get(&key).map(|&index| &self.rows[index].sum)
    }

    /// The whole district's mass of a pollutant in t, or t CO2e, where it is known.
    pub fn whole_t(&self, year: i32, boundary: Boundary, metric: &str) -> Option<f64> {
        self.find(year, boundary, (Grouping::Total, TOTAL), metric).map(|sum| sum.value_t)
    }

    /// Why a sum that scenarios are judged by has no value in some year: a pollutant, `GHG`, `energy`, `energy CO2`, `CO2 industry`.
    pub fn unknown(&self, boundary: Boundary, metric: &str) -> Option<&UnknownReason> {
        let (group, metric) = self.group_of(metric);
        self.known.unknown(boundary, group, metric)
    }

    /// Whether such a sum has a value in some year, in either boundary.
    pub fn has_any(&self, metric: &str) -> bool {
        let (group, metric) = self.group_of(metric);
        let is_of =
            |row: &&Total| (row.grouping, row.group.as_str(), row.pollutant.as_str()) == (group.0, group.1, metric);
        metric == ENERGY || self.rows.iter().any(|row| is_of(&row))
    }

    /// The group and pollutant of a sum that scenarios are judged by.
    fn group_of<'m>(&'m self, metric: &'m str) -> ((Grouping, &'m str), &'m str) {
        let sector = metric.strip_prefix(CO2).map(str::trim_start).filter(|sector| SECTORS.contains(sector));
        match (sector, metric) {
            (Some(sector), _) => ((Grouping::Sector, sector), CO2),
            (None, ENERGY_CO2) => ((Grouping::Total, TOTAL), CO2),
            (None, GHG) => ((Grouping::Total, TOTAL), self.ghg.as_deref().unwrap_or(GHG)),
            (None, metric) => ((Grouping::Total, TOTAL), metric),
        }
    }

    /// The same of what a target is about: of a ratio, what is above it.
    pub fn unknown_metric(&self, boundary: Boundary, metric: &Metric) -> Option<&UnknownReason> {
        match metric {
            Metric::Per(over, _) => self.unknown_metric(boundary, over),
            Metric::Energy | Metric::NonFossilShare => self.unknown(Boundary::Direct, ENERGY),
            Metric::Projects(_) | Metric::Economy(_) => None,
            metric => self.unknown(boundary, &metric.name()),
        }
    }

    /// Whether such a sum has a value in a year.
    pub fn is_known(&self, year: i32, boundary: Boundary, metric: &str) -> bool {
        self.unknown(boundary, metric).is_none_or(|unknown| unknown.has(year))
    }
}

/// The group of the grouping `total`.
pub const TOTAL: &str = "total";

type Key = (i32, Boundary, Grouping, u32, usize);

pub(super) fn totals(inventory: &Inventory<'_>, notices: &mut Vec<Text>) -> Totals {
    let words = &inventory.study.words;
    let sectors: Vec<&str> =
        words.categories.iter().map(|(_, c)| c.sector.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let mut sums: HashMap<Key, TotalSum, FixedState> = HashMap::default();
    let mut groups = Groups::new(inventory, &sectors);
    for emission in &inventory.emissions {
        let binding = &inventory.matches.bindings[emission.binding as usize];
        let (proxy, unverified) = rests_on(inventory, emission);
        let boundaries = Boundary::of(words.categories.get(binding.category).scope);
        for &(grouping, group) in groups.of(emission.row as usize, binding.category) {
            for &boundary in boundaries {
                let key = (emission.year, boundary, grouping, group, binding.pollutant);
                sums.entry(key).or_default().add(emission.emitted_t, proxy, unverified);
            }
        }
    }
    let name = |grouping, group: u32| match grouping {
        Grouping::Total => TOTAL.to_string(),
        Grouping::Category => words.categories.code(group as usize).to_string(),
        Grouping::Sector => sectors[group as usize].to_string(),
        Grouping::Area => words.areas.code(group as usize).to_string(),
        Grouping::Item => words.items.code(group as usize).to_string(),
    };
    let ghg = inventory.study.settings.gwp.as_ref().map(|gwp| gwp.label());
    let mut named_groups = |row: u32, category| {
        let found = groups.of(row as usize, category).iter();
        found.map(|&(grouping, group)| (grouping, name(grouping, group))).collect()
    };
    let known = known(inventory, &mut named_groups, ghg.as_deref());
    let named = sums.into_iter().map(|((year, boundary, grouping, group, pollutant), sum)| {
        ((year, boundary, grouping, name(grouping, group)), (words.pollutants.code(pollutant).to_string(), sum))
    });
    let mut tree = SumsByGroup::new();
    for (group, (pollutant, sum)) in named {
        tree.entry(group).or_default().insert(pollutant, sum);
    }
    finish(inventory, tree, known, notices)
}

/// By group the sums of its pollutants.
type SumsByGroup = BTreeMap<(i32, Boundary, Grouping, String), BTreeMap<String, TotalSum>>;

/// Adds the CO2-equivalents, each gas by its warming potential, and makes the rows.
fn finish(inventory: &Inventory<'_>, tree: SumsByGroup, known: UnknownSums, notices: &mut Vec<Text>) -> Totals {
    let gwp = inventory.study.settings.gwp.as_ref();
    let mut totals = Totals { ghg: gwp.map(|gwp| gwp.label()), known, ..Totals::default() };
    let mut without = BTreeSet::new();
    for ((year, boundary, grouping, group), gases) in tree {
        let mut equivalent: Option<TotalSum> = None;
        for (code, sum) in &gases {
            match gwp.and_then(|gwp| gwp.values.get(code)) {
                Some(&weight) => equivalent.get_or_insert_default().add_weighted(sum, weight),
                None if gwp.is_some() && is_gas(inventory, code) => _ = without.insert(code.clone()),
                None => {}
            }
        }
        let ghg = totals.ghg.clone().zip(equivalent);
        let has = |pollutant: &str| totals.known.has(year, boundary, (grouping, &group), pollutant);
        let known: Vec<(String, TotalSum)> = gases.into_iter().chain(ghg).filter(|(code, _)| has(code)).collect();
        for (pollutant, sum) in known {
            let key = (year, boundary, grouping, group.clone(), pollutant.clone());
            totals.index.insert(key, totals.rows.len());
            totals.rows.push(Total { year, boundary, grouping, group: group.clone(), pollutant, sum });
        }
    }
    for code in without {
        let set = gwp.map_or("", |gwp| &gwp.set);
        notices.push(say!(
            "{code} 在 GWP 集 {set} 中没有数值，未计入 CO2 当量",
            "{code} has no value in the GWP set {set} and is not in the CO2-equivalent"
        ));
    }
    totals
}

fn is_gas(inventory: &Inventory<'_>, code: &str) -> bool {
    let pollutants = &inventory.study.words.pollutants;
    pollutants.index(code).is_some_and(|index| pollutants.get(index).kind == "ghg")
}

/// Whether an emission rests on a proxy row, and whether on an unverified parameter.
fn rests_on(inventory: &Inventory<'_>, emission: &Emission) -> (bool, bool) {
    (inventory.quality(emission) == PROXY, inventory.confidence(emission) == Some(Confidence::Unverified))
}

/// The groups that an emission counts in, walked once for each category, area and item.
struct Groups<'a> {
    inventory: &'a Inventory<'a>,
    sectors: &'a [&'a str],
    known: HashMap<(u32, u32, u32), Vec<(Grouping, u32)>>,
}

impl<'a> Groups<'a> {
    fn new(inventory: &'a Inventory<'a>, sectors: &'a [&'a str]) -> Self {
        Self { inventory, sectors, known: HashMap::new() }
    }

    fn of(&mut self, row: usize, category: usize) -> &[(Grouping, u32)] {
        let study = self.inventory.study;
        let (area, item) = (study.activity.area[row], study.activity.item[row]);
        self.known.entry((category as u32, area, item)).or_insert_with(|| {
            let words = &study.words;
            let sector = &words.categories.get(category).sector;
            let sector = self.sectors.iter().position(|name| name == sector).unwrap_or(0);
            let categories =
                words.categories.ancestors(category).into_iter().map(|index| (Grouping::Category, index as u32));
            let line = words.areas.ancestors(area as usize);
            let end = line.iter().position(|&index| index == study.settings.area).map_or(line.len(), |at| at + 1);
            let areas = line[..end].iter().map(|&index| (Grouping::Area, index as u32));
            let single = [(Grouping::Total, 0), (Grouping::Sector, sector as u32), (Grouping::Item, item)];
            let all = single.into_iter().chain(categories).chain(areas);
            // Memo items are of different kinds: they add up within a category and not by place, sector or fuel.
            let memo = words.categories.is_memo(category);
            all.filter(|(grouping, _)| !memo || matches!(grouping, Grouping::Total | Grouping::Category)).collect()
        })
    }
}
