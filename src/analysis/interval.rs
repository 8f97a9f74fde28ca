//! Ranges of groups and of their trends: the rows of `uncertainty.csv`.

use super::propagation::{GroupKey, GroupMember, Influence, PropagatedSum, PropagationGroups, Substance};
use super::total::{Grouping, Totals};
use crate::inventory::Inventory;
use crate::target::Boundary;
use std::collections::BTreeSet;

/// A row of `uncertainty.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    pub year: i32,
    pub boundary: Boundary,
    pub grouping: &'static str,
    pub group: String,
    /// A pollutant's code, or `GHG (AR5 GWP100)`.
    pub pollutant: String,
    pub value: f64,
    pub range: Option<(f64, f64)>,
    /// Half-width of the 95 % interval, of an asymmetric one the larger side.
    pub uncertainty_pct: Option<f64>,
    pub covered_share: Option<f64>,
    pub trend: Option<Trend>,
}

/// The change since the base year, and its uncertainty in percentage points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    pub change_pct: f64,
    /// By the columns of IPCC 2006 V1 table 3.2; `None` where a year has no ranges.
    pub uncertainty_points: Option<f64>,
    /// By exact linear propagation of the change.
    pub linear_points: Option<f64>,
}

pub(super) fn intervals(inventory: &Inventory<'_>, totals: &Totals, groups: &PropagationGroups) -> Vec<Interval> {
    let (base_year, ladder) = (inventory.study.settings.base_year, &inventory.study.ladder);
    let row = |(key, sum): (&GroupKey, &PropagatedSum)| {
        let (grouping, group) = groups.name(inventory, key.place);
        let pollutant = match key.substance {
            Substance::Pollutant(index) => inventory.study.words.pollutants.code(index).to_string(),
            Substance::Equivalent => totals.ghg.clone().unwrap_or_default(),
        };
        let base_key = GroupKey { year: base_year, ..*key };
        let base = groups.sums.get(&base_key).filter(|_| key.year != base_year);
        let base = base.filter(|_| groups.is_known(inventory, totals, &base_key));
        // Sums in another order end in other digits: totals.csv and this table say the same.
        let same = match key.place {
            GroupMember::Total => totals.find(key.year, key.boundary, (Grouping::Total, &group), &pollutant),
            GroupMember::Sector(_) => totals.find(key.year, key.boundary, (Grouping::Sector, &group), &pollutant),
            GroupMember::Category(..) => None,
        };
        Interval {
            year: key.year,
            boundary: key.boundary,
            grouping,
            group,
            pollutant,
            value: same.map_or(sum.value, |total| total.value_t),
            range: sum.range(),
            uncertainty_pct: sum.relative().map(|share| share * 100.0),
            covered_share: sum.covered_share(),
            trend: base.and_then(|base| trend(base, sum, |index| ladder.parameters[index].correlated)),
        }
    };
    let known = |(key, _): &(&GroupKey, &PropagatedSum)| groups.is_known(inventory, totals, key);
    groups.sums.iter().filter(known).map(row).collect()
}

/// A correlated parameter has the same error in both years; one that is not, and an activity row, has another each year.
fn trend(base: &PropagatedSum, now: &PropagatedSum, is_correlated: impl Fn(usize) -> bool) -> Option<Trend> {
    if base.value == 0.0 {
        return None;
    }
    let ratio = now.value / base.value;
    let known = base.sides().is_some() && now.sides().is_some();
    let parameters: BTreeSet<usize> = base.influences.keys().chain(now.influences.keys()).copied().collect();
    let of = |sum: &PropagatedSum, parameter: usize| sum.influences.get(&parameter).copied().unwrap_or_default();
    let pair = |parameter: usize| (of(base, parameter), of(now, parameter));
    let (same, other): (Vec<usize>, Vec<usize>) =
        parameters.into_iter().partition(|parameter| is_correlated(*parameter));
    let (same, other): (Vec<_>, Vec<_>) = (same.into_iter().map(pair).collect(), other.into_iter().map(pair).collect());
    // Table 3.2, columns I, K and M: type A, J times the factor's uncertainty times √2 where it is not correlated, and the same of activity.
    let type_a = same.iter().map(|(before, after)| type_a(*before, *after, base.value, now.value).powi(2)).sum::<f64>();
    let type_b = other.iter().map(|(_, now)| 2.0 * (wide(*now) / base.value).powi(2)).sum::<f64>();
    let by_table = type_a + type_b;
    let activity = 2.0 * now.activity.low.max(now.activity.high) / base.value.powi(2);
    let apart = |(before, after): &(Influence, Influence)| wide(*after).powi(2) + (ratio * wide(*before)).powi(2);
    let linear = same.iter().map(|(before, after)| linear(*before, *after, base.value, ratio).powi(2)).sum::<f64>()
        + other.iter().map(apart).sum::<f64>() / base.value.powi(2);
    let moved = now.activity.larger() + ratio * ratio * base.activity.larger();
    Some(Trend {
        change_pct: (ratio - 1.0) * 100.0,
        uncertainty_points: known.then(|| (by_table + activity).sqrt() * 100.0),
        linear_points: known.then(|| (linear + moved / base.value.powi(2)).sqrt() * 100.0),
    })
}

/// The larger of what a parameter does to a sum at the ends of its range.
fn wide(of: Influence) -> f64 {
    of.down.abs().max(of.up.abs())
}

/// IPCC 2006 V1 table 3.2, type A sensitivity times the parameter's uncertainty: the change of the trend if what the parameter
/// carries is 1 % greater in both years, times its range in per cent.
fn type_a(before: Influence, after: Influence, base: f64, now: f64) -> f64 {
    const STEP: f64 = 0.01;
    let widest = if before.carried.abs() > after.carried.abs() { before } else { after };
    let range = wide(widest) / widest.carried.abs();
    if !range.is_finite() {
        return linear(before, after, base, now / base);
    }
    let moved = (now + STEP * after.carried) / (base + STEP * before.carried);
    (moved - now / base) / STEP * range
}

/// The change of the ratio to the base year where the parameter is at the end of its range, the farther one.
fn linear(before: Influence, after: Influence, base: f64, ratio: f64) -> f64 {
    let change = |before: f64, after: f64| ((after - ratio * before) / base).abs();
    change(before.down, after.down).max(change(before.up, after.up))
}
