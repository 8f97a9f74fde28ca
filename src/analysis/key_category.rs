//! Key categories: those that together make 95 % of the level or of the trend, IPCC 2006 V1 chapter 4.

use super::propagation::{GroupKey, GroupMember, PropagatedSum, PropagationGroups, Substance};
use super::total::{Grouping, TOTAL, Totals};
use crate::category::TrendEdition;
use crate::inventory::Inventory;
use crate::target::Boundary;
use std::collections::BTreeMap;

/// Cumulative shares up to which categories are key: IPCC 2006 V1 sections 4.3.1 and 4.3.2 (approach 1 and 2), and the
/// EMEP/EEA guidebook 2023, part A chapter 2, for air pollutants.
const APPROACH_1: f64 = 0.95;
const APPROACH_2: f64 = 0.90;
const AIR: f64 = 0.80;

/// Level or trend assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCategoryMethod {
    Level,
    Trend,
}

impl KeyCategoryMethod {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Trend => "trend",
        }
    }
}

/// A row of `key_categories.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyCategory {
    pub year: i32,
    pub boundary: Boundary,
    /// What the analysis is about: `GHG (AR5 GWP100)`, or an air pollutant by itself.
    pub metric: String,
    pub approach: u8,
    pub method: KeyCategoryMethod,
    pub edition: TrendEdition,
    pub category: String,
    /// The kind of fuel, where the category is split by it.
    pub fuel: String,
    pub gas: String,
    /// In t, or t CO2e.
    pub value: f64,
    pub base_value: Option<f64>,
    pub assessment: f64,
    pub share: f64,
    pub cumulative: f64,
    pub key: bool,
}

/// A category and gas in the year under analysis and in the base year, in t or t CO2e.
#[derive(Clone, Copy)]
struct KeyCategoryEntry {
    category: usize,
    kind: Option<usize>,
    pollutant: usize,
    now: f64,
    base: f64,
    /// As shares of the value.
    uncertainty: Option<f64>,
}

/// One assessment of key categories: level or trend, the IPCC's approach 1 or 2, and the cumulative share that is key.
#[derive(Clone, Copy)]
struct Criterion {
    method: KeyCategoryMethod,
    approach: u8,
    threshold: f64,
}

impl Criterion {
    fn new(method: KeyCategoryMethod, approach: u8, threshold: f64) -> Self {
        Self { method, approach, threshold }
    }
}

/// One analysis: a year, a boundary, and all gases together or one pollutant.
struct KeyCategoryScope<'a> {
    inventory: &'a Inventory<'a>,
    groups: &'a PropagationGroups,
    year: i32,
    boundary: Boundary,
    metric: String,
    /// Weights of the pollutants that count.
    weights: BTreeMap<usize, f64>,
    threshold: f64,
    /// Whether there is another year, the base, to compare with.
    with_trend: bool,
}

pub(super) fn key_categories(
    inventory: &Inventory<'_>,
    totals: &Totals,
    groups: &PropagationGroups,
) -> Vec<KeyCategory> {
    let settings = &inventory.study.settings;
    let mut found = Vec::new();
    for &year in &settings.years {
        for boundary in Boundary::ALL {
            for (metric, weights, threshold) in metrics(inventory, totals) {
                let is_known = |year| totals.known.has(year, boundary, (Grouping::Total, TOTAL), &metric);
                if !is_known(year) {
                    continue;
                }
                let with_trend = year != settings.base_year && is_known(settings.base_year);
                let subject =
                    KeyCategoryScope { inventory, groups, year, boundary, metric, weights, threshold, with_trend };
                subject.analyse(settings.base_year, &mut found);
            }
        }
    }
    found
}

/// All gases by their warming potential, and each air pollutant by itself: never one with another.
fn metrics(inventory: &Inventory<'_>, totals: &Totals) -> Vec<(String, BTreeMap<usize, f64>, f64)> {
    let (words, settings) = (&inventory.study.words, &inventory.study.settings);
    let mut metrics = Vec::new();
    if let Some((gwp, label)) = settings.gwp.as_ref().zip(totals.ghg.clone()) {
        let weight = |&index: &usize| Some((index, *gwp.values.get(words.pollutants.code(index))?));
        metrics.push((label, (0..words.pollutants.len()).filter_map(|index| weight(&index)).collect(), APPROACH_1));
    }
    let air = settings.pollutants.iter().filter(|&&index| words.pollutants.get(index).kind == "air");
    metrics.extend(air.map(|&index| (words.pollutants.code(index).to_string(), BTreeMap::from([(index, 1.0)]), AIR)));
    metrics
}

impl KeyCategoryScope<'_> {
    fn analyse(&self, base_year: i32, found: &mut Vec<KeyCategory>) {
        let entries = self.entries(base_year);
        if entries.is_empty() {
            return;
        }
        let level: Vec<f64> = levels(&entries);
        found.extend(self.rank(Criterion::new(KeyCategoryMethod::Level, 1, self.threshold), &entries, &level));
        found.extend(self.rank(
            Criterion::new(KeyCategoryMethod::Level, 2, APPROACH_2),
            &entries,
            &weighted(&entries, &level),
        ));
        if self.with_trend {
            let trend = trends(&entries, self.inventory.study.settings.key_categories);
            found.extend(self.rank(Criterion::new(KeyCategoryMethod::Trend, 1, self.threshold), &entries, &trend));
            found.extend(self.rank(
                Criterion::new(KeyCategoryMethod::Trend, 2, APPROACH_2),
                &entries,
                &weighted(&entries, &trend),
            ));
        }
    }

    /// Every category and gas that has a value in the year or in the base year.
    fn entries(&self, base_year: i32) -> Vec<KeyCategoryEntry> {
        let mut entries: BTreeMap<(usize, Option<usize>, usize), KeyCategoryEntry> = BTreeMap::new();
        let years = [base_year, self.year];
        let counts = |key: &GroupKey| key.boundary == self.boundary && years.contains(&key.year);
        for (key, sum) in self.groups.sums.iter().filter(|(key, _)| counts(key)) {
            let (GroupMember::Category(category, kind), Substance::Pollutant(pollutant)) = (key.place, key.substance)
            else {
                continue;
            };
            let Some(weight) = self.weights.get(&pollutant) else { continue };
            let none = KeyCategoryEntry { category, kind, pollutant, now: 0.0, base: 0.0, uncertainty: None };
            let entry = entries.entry((category, kind, pollutant)).or_insert(none);
            if key.year == base_year {
                entry.base = sum.value * weight;
            }
            if key.year == self.year {
                (entry.now, entry.uncertainty) = (sum.value * weight, relative(sum));
            }
        }
        entries.into_values().collect()
    }

    /// Orders entries by their assessment, greatest first, and marks those that make up the threshold.
    fn rank(&self, criterion: Criterion, entries: &[KeyCategoryEntry], assessments: &[f64]) -> Vec<KeyCategory> {
        let Criterion { method, approach, threshold } = criterion;
        let words = &self.inventory.study.words;
        let total: f64 = assessments.iter().filter(|value| value.is_finite()).sum();
        let mut order: Vec<usize> = (0..entries.len()).filter(|&index| assessments[index].is_finite()).collect();
        order.sort_by(|&a, &b| assessments[b].total_cmp(&assessments[a]).then(a.cmp(&b)));
        let mut found = Vec::new();
        if total <= 0.0 {
            return found;
        }
        let mut cumulative = 0.0;
        for index in order {
            let (entry, assessment) = (&entries[index], assessments[index]);
            // The one that reaches the threshold is key itself.
            let key = cumulative < threshold && assessment > 0.0;
            cumulative += assessment / total;
            let kind = entry.kind.map_or("", |kind| self.groups.kinds[kind].as_str());
            found.push(KeyCategory {
                year: self.year,
                boundary: self.boundary,
                metric: self.metric.clone(),
                approach,
                method,
                edition: self.inventory.study.settings.key_categories,
                category: words.categories.code(entry.category).to_string(),
                fuel: kind.to_string(),
                gas: words.pollutants.code(entry.pollutant).to_string(),
                value: entry.now,
                base_value: (method == KeyCategoryMethod::Trend).then_some(entry.base),
                assessment,
                share: assessment / total,
                cumulative,
                key,
            });
        }
        found
    }
}

/// A range that covers a part of the value only says nothing of the rest: then the category is left out of approach 2.
fn relative(sum: &PropagatedSum) -> Option<f64> {
    sum.relative().filter(|_| sum.covered_share().is_some_and(|share| share > 0.999_999))
}

/// IPCC 2006 V1 equation 4.1: |E_x| / Σ|E|, removals by their size.
fn levels(entries: &[KeyCategoryEntry]) -> Vec<f64> {
    let sum: f64 = entries.iter().map(|entry| entry.now.abs()).sum();
    entries.iter().map(|entry| entry.now.abs() / sum).collect()
}

/// IPCC 2006 V1 equation 4.2, and 4.3 for a category that did not exist in the base year; or equation 4.2 of the 2019 Refinement,
/// |E_x,t − E_x,0| / |ΣE_t − ΣE_0|, of which nothing comes where the total has not changed.
fn trends(entries: &[KeyCategoryEntry], edition: TrendEdition) -> Vec<f64> {
    let absolute: f64 = entries.iter().map(|entry| entry.base.abs()).sum();
    let (base, now) = entries.iter().fold((0.0, 0.0), |(base, now), entry| (base + entry.base, now + entry.now));
    if edition == TrendEdition::Ipcc2019 {
        return entries.iter().map(|entry| (entry.now - entry.base).abs() / (now - base).abs()).collect();
    }
    let change = (now - base) / base.abs();
    let trend = |entry: &KeyCategoryEntry| {
        if entry.base == 0.0 {
            return entry.now.abs() / absolute;
        }
        let own = (entry.now - entry.base) / entry.base.abs();
        entry.base.abs() / absolute * (own - change).abs()
    };
    entries.iter().map(trend).collect()
}

/// Approach 2, equations 4.4 and 4.5: the assessment times the relative uncertainty; not a number where that is not known.
fn weighted(entries: &[KeyCategoryEntry], assessments: &[f64]) -> Vec<f64> {
    let uncertainty = |entry: &KeyCategoryEntry| if entry.now == 0.0 { Some(0.0) } else { entry.uncertainty };
    entries.iter().zip(assessments).map(|(entry, value)| value * uncertainty(entry).unwrap_or(f64::NAN)).collect()
}
