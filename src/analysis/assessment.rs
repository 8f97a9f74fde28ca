//! Targets against what was reached, and published figures beside the result.

use super::intensity::{self, Indicator};
use super::total::{Grouping, Totals};
use crate::inventory::Inventory;
use crate::target::{Boundary, Crosscheck, Goal, Target};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Met,
    Missed,
    NotAssessable,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::NotAssessable => "not_assessable",
        }
    }
}

/// A row of `targets.csv`. Margin is positive where the target is met with room to spare.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    pub target: String,
    pub metric: String,
    pub year: i32,
    pub required: Option<f64>,
    pub reached: Option<f64>,
    pub margin: Option<f64>,
    pub unit: String,
    pub verdict: Verdict,
}

/// A published figure and the result beside it, in the figure's unit.
#[derive(Debug, Clone)]
pub struct Comparison {
    pub crosscheck: Crosscheck,
    pub result: Option<f64>,
}

/// Where a metric's yearly values are looked up.
struct Metrics<'a> {
    inventory: &'a Inventory<'a>,
    totals: &'a Totals,
    indicators: &'a [Indicator],
}

impl Metrics<'_> {
    /// The value of a pollutant, `GHG`, an indicator or an indicator of the economy, in t or its own unit.
    fn value(&self, metric: &str, boundary: Boundary, year: i32) -> Option<f64> {
        let name = intensity::in_boundary(metric, boundary);
        let wanted = |i: &&Indicator| i.year == year && (i.name == name || i.name == metric);
        let economy = || self.inventory.study.economy.series(metric)?.ok()?.values.get(&year).copied();
        let found = self.totals.total_t(year, boundary, metric);
        let best = self.indicators.iter().filter(wanted).max_by_key(|indicator| indicator.name == name);
        found.or_else(|| best.map(|indicator| indicator.value)).or_else(economy)
    }
}

pub(super) fn targets(inventory: &Inventory<'_>, totals: &Totals, indicators: &[Indicator]) -> Vec<Assessment> {
    let metrics = Metrics { inventory, totals, indicators };
    inventory.study.targets.iter().map(|target| assess(target, &metrics)).collect()
}

fn assess(target: &Target, metrics: &Metrics<'_>) -> Assessment {
    let at = |year| metrics.value(&target.metric, target.boundary, year);
    let (required, reached, margin, unit) = match &target.goal {
        Goal::Cut { base, share } => {
            let reached = at(*base).filter(|base| *base > 0.0).zip(at(target.year)).map(|(base, now)| 1.0 - now / base);
            (Some(*share), reached, reached.map(|reached| reached - share), "1")
        }
        Goal::Cap { value, .. } => {
            let reached = at(target.year);
            (Some(*value), reached, reached.map(|reached| value - reached), "t")
        }
        Goal::Floor { value, .. } => {
            let reached = at(target.year);
            (Some(*value), reached, reached.map(|reached| reached - value), "1")
        }
        // A peak is judged on history and projection together; history alone cannot say that no higher year follows.
        Goal::PeakBy { year } => (Some(f64::from(*year)), None, None, "a"),
        Goal::Allotted { .. } => (None, None, None, "1"),
    };
    let verdict = match margin {
        Some(margin) if margin >= 0.0 => Verdict::Met,
        Some(_) => Verdict::Missed,
        None => Verdict::NotAssessable,
    };
    let (target, metric, year) = (target.code.clone(), target.metric.clone(), target.year);
    Assessment { target, metric, year, required, reached, margin, unit: unit.to_string(), verdict }
}

pub(super) fn crosschecks(inventory: &Inventory<'_>, totals: &Totals, indicators: &[Indicator]) -> Vec<Comparison> {
    let metrics = Metrics { inventory, totals, indicators };
    let groupings = [Grouping::Total, Grouping::Category, Grouping::Sector, Grouping::Area, Grouping::Item];
    let compare = |check: &Crosscheck| {
        let grouping = groupings.into_iter().find(|grouping| grouping.word() == check.grouping);
        let sum = grouping.and_then(|grouping| {
            totals.find(check.year, check.boundary, (grouping, &check.group), &check.metric).map(|sum| sum.value_t)
        });
        let whole = check.grouping == Grouping::Total.word();
        let other = || metrics.value(&check.metric, check.boundary, check.year).filter(|_| whole);
        // Published value and result differ by the unit's factor to t.
        let factor = if check.value == 0.0 { 1.0 } else { check.canonical / check.value };
        Comparison { crosscheck: check.clone(), result: sum.or_else(other).map(|result| result / factor) }
    };
    inventory.study.crosschecks.iter().map(compare).collect()
}
