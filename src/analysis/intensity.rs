//! Indicators: mass and energy per GDP at constant prices, per head, their cumulative cuts, and the non-fossil share.
//!
//! The cumulative cut compounds the yearly ones, `D(t) = 1 − (1 − D(t−1))·(1 − d(t))`, NDRC 2015.

use super::non_fossil;
use super::total::{Grouping, Totals};
use crate::activity::PROXY;
use crate::economy::{IndicatorSeries, Prices, spoken};
use crate::error::Text;
use crate::inventory::{Energy, Inventory};
use crate::say;
use crate::target::{Boundary, ENERGY, ENERGY_CO2, GHG, NON_FOSSIL_SHARE};
use crate::unit::Dimension;
use std::collections::BTreeMap;

/// A row of `indicators.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    pub year: i32,
    /// `CO2 per gdp`; beyond the direct boundary `CO2 per gdp (direct+purchased)`.
    pub name: String,
    pub value: f64,
    pub unit: String,
}

const TCE_PER_TJ: f64 = 1e6 / 29_307.6;
/// Fuel combustion in the IPCC tree.
const COMBUSTION: &str = "1.A";

/// The indicator's name in a boundary.
pub fn in_boundary(name: &str, boundary: Boundary) -> String {
    match boundary {
        Boundary::Direct => name.to_string(),
        Boundary::DirectPurchased | Boundary::Memo => format!("{name} ({})", boundary.word()),
    }
}

/// A yearly quantity that can be divided by an indicator of the economy.
struct IntensityMetric {
    name: String,
    boundary: Boundary,
    unit: &'static str,
    values: BTreeMap<i32, f64>,
}

pub(super) fn indicators(inventory: &Inventory<'_>, totals: &Totals, notices: &mut Vec<Text>) -> Vec<Indicator> {
    let economy = &inventory.economy;
    let metrics = metrics(inventory, totals, notices);
    let mut found = Vec::new();
    for metric in &metrics {
        if metric.name == ENERGY {
            let named = metric.values.iter().map(|(&year, &value)| indicator(year, ENERGY.into(), value, "tce".into()));
            found.extend(named);
        }
        for per in economy.indicators().into_iter().filter(|name| *name != ENERGY) {
            if let Some(Ok(series)) = economy.series(per)
                && let Some((scale, unit)) = denominator(&series)
            {
                found.extend(per_indicator(
                    inventory,
                    metric,
                    &Denominator { name: per, values: &series.values, scale, unit },
                ));
            }
        }
    }
    notices.extend(economy.indicators().into_iter().filter(|name| economy.is_current(name)).map(|name| {
        let Text { zh, en } = spoken(name);
        say!(
            "economy.csv 的{zh}只有现价，不能计算强度和驱动因素；请补充不变价数据（price_base 写基期年份）",
            "{en} of economy.csv is at current prices only: no intensity and no drivers of change; give it at constant prices (price_base is the year of the base)"
        )
    }));
    let known =
        non_fossil::shares(inventory).into_iter().filter(|(year, _)| totals.is_known(*year, Boundary::Direct, ENERGY));
    let share = |(year, share): (i32, Result<f64, Text>)| {
        Some(indicator(year, NON_FOSSIL_SHARE.into(), share.ok()?, "1".into()))
    };
    found.extend(known.filter_map(share));
    found
}

fn indicator(year: i32, name: String, value: f64, unit: String) -> Indicator {
    Indicator { year, name, value, unit }
}

/// CO2, CO2 of energy and CO2-equivalents in both boundaries, and energy.
fn metrics(inventory: &Inventory<'_>, totals: &Totals, notices: &mut Vec<Text>) -> Vec<IntensityMetric> {
    let years = &inventory.years;
    let mut metrics = Vec::new();
    for boundary in Boundary::ALL {
        for name in ["CO2", GHG, ENERGY_CO2] {
            let value = |year: i32| match name {
                ENERGY_CO2 => energy_co2(totals, year, boundary),
                _ => totals.whole_t(year, boundary, name),
            };
            let values: BTreeMap<i32, f64> = years.iter().filter_map(|&year| value(year).map(|v| (year, v))).collect();
            let unit = if name == GHG { "t CO2e" } else { "t" };
            metrics.push(IntensityMetric { name: name.to_string(), boundary, unit, values });
        }
    }
    metrics.push(IntensityMetric {
        name: ENERGY.into(),
        boundary: Boundary::Direct,
        unit: "tce",
        values: energy_tce(inventory, notices)
            .into_iter()
            .filter(|(year, _)| totals.is_known(*year, Boundary::Direct, ENERGY))
            .collect(),
    });
    metrics
}

/// CO2 of fuels burnt in the district, t, and of purchased energy where the boundary says so.
pub fn energy_co2(totals: &Totals, year: i32, boundary: Boundary) -> Option<f64> {
    let of = |boundary, group: (Grouping, &str)| totals.find(year, boundary, group, "CO2").map(|sum| sum.value_t);
    let burnt = of(Boundary::Direct, (Grouping::Category, COMBUSTION))?;
    let all = (Grouping::Total, super::total::TOTAL);
    match boundary {
        Boundary::Direct => Some(burnt),
        Boundary::Memo => None,
        Boundary::DirectPurchased => Some(burnt + totals.whole_t(year, boundary, "CO2")? - of(Boundary::Direct, all)?),
    }
}

/// Energy by year in tce: of the inventory's fuels, electricity and heat; the study's own total where it has none of them.
fn energy_tce(inventory: &Inventory<'_>, notices: &mut Vec<Text>) -> BTreeMap<i32, f64> {
    let study = inventory.study;
    let mut values = BTreeMap::new();
    for &Energy { year, energy_tj, .. } in &inventory.energy {
        *values.entry(year).or_insert(0.0) += energy_tj * TCE_PER_TJ;
    }
    let has_number = |class: &&u32| {
        let first = inventory.matches.first_row[**class as usize];
        !study.activity.notations.contains_key(&first)
    };
    let unknown = inventory.matches.without_energy.iter().filter(has_number).count();
    if unknown > 0 {
        notices.push(say!(
            "有 {unknown} 类能源数据缺少（单位相符的）热值，未计入能源消费量",
            "{unknown} classes of energy rows have no calorific value that fits and are not in the energy total"
        ));
    }
    if !values.is_empty() {
        return values;
    }
    match inventory.economy.series(ENERGY) {
        Some(Ok(series)) => series.values.into_iter().map(|(year, energy_tj)| (year, energy_tj * TCE_PER_TJ)).collect(),
        _ => values,
    }
}

/// The share of a year's energy that rests on proxy rows.
pub fn energy_proxy_share(inventory: &Inventory<'_>, year: i32) -> Option<f64> {
    let activity = &inventory.study.activity;
    let of_year = inventory.energy.iter().filter(|energy| energy.year == year);
    let (mut proxy, mut all) = (0.0, 0.0);
    for &Energy { row, energy_tj, .. } in of_year {
        all += energy_tj.abs();
        if activity.word(activity.quality[row as usize]) == PROXY {
            proxy += energy_tj.abs();
        }
    }
    (all > 0.0).then(|| proxy / all)
}

/// The indicator of the economy that an intensity is given per.
struct Denominator<'a> {
    name: &'a str,
    /// By year, in canonical units.
    values: &'a BTreeMap<i32, f64>,
    /// Canonical units in one of `unit`, for example 10⁴ yuan.
    scale: f64,
    unit: String,
}

/// The intensity of a metric by year, its reduction since the base year and its annual reduction, both as shares of 1:
/// 1 − I(t)/I(base) and 1 − I(t)/I(t−1).
fn per_indicator(inventory: &Inventory<'_>, metric: &IntensityMetric, denominator: &Denominator<'_>) -> Vec<Indicator> {
    let &Denominator { name: per, values, scale, ref unit } = denominator;
    let base_year = inventory.study.settings.base_year;
    let name = format!("{} per {per}", metric.name);
    let named = |suffix: &str| in_boundary(&format!("{name}{suffix}"), metric.boundary);
    let ratios: BTreeMap<i32, f64> = metric
        .values
        .iter()
        .filter_map(|(year, value)| values.get(year).filter(|per| **per > 0.0).map(|per| (*year, value / per * scale)))
        .collect();
    let unit = format!("{}/{unit}", metric.unit);
    let mut found: Vec<Indicator> =
        ratios.iter().map(|(&year, &value)| indicator(year, named(""), value, unit.clone())).collect();
    // Of nothing there is no cut: what is compounded over such a year is not known.
    let mut kept = Some(1.0);
    let mut before: Option<(i32, f64)> = None;
    for (&year, &ratio) in ratios.range(base_year..) {
        if let Some((last, previous)) = before {
            let cut = (previous != 0.0).then(|| 1.0 - ratio / previous);
            kept = kept.zip(cut).map(|(kept, cut)| kept * (1.0 - cut));
            if let Some(cut) = cut.filter(|_| year == last + 1) {
                found.push(indicator(year, named(" annual cut"), cut, "1".into()));
            }
            if let Some(kept) = kept.filter(|_| ratios.contains_key(&base_year)) {
                found.push(indicator(year, named(&format!(" cut since {base_year}")), 1.0 - kept, "1".into()));
            }
        }
        before = Some((year, ratio));
    }
    found
}

/// The unit that intensities are given per: 10⁴ yuan with its price base, a head, an area, a tonne. Nothing is divided by a
/// share or by another quantity.
fn denominator(series: &IndicatorSeries) -> Option<(f64, String)> {
    let per = |name| Dimension::named(name) == Some(series.dimension);
    Some(match series.prices {
        Prices::Constant(base) if per("money") => (1e4, format!("万元@{base}")),
        _ if per("count") => (1.0, "cap".into()),
        _ if per("area") => (1.0, "m2".into()),
        _ if per("mass") => (1.0, "t".into()),
        _ => return None,
    })
}
