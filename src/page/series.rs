//! Yearly series: totals by sector of history and every scenario, energy by kind, indicators, and the fans of draws.

use super::Results;
use crate::analysis::{Grouping, Indicator, Totals};
use crate::inventory::{Energy, Inventory};
use crate::monte_carlo::SHARES;
use crate::plan::metric::TCE_PER_TJ;
use crate::projection::ScenarioRun;
use crate::schema::HISTORY;
use crate::target::{Boundary, ENERGY};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A key and its values by year; beside them the shares of proxies and of unverified parameters, where they are told.
type PageSeries<K> = BTreeMap<K, BTreeMap<i32, f64>>;

pub(super) fn series(contents: &Results<'_>) -> Value {
    let analysis = contents.analysis;
    let mut totals = of_totals(HISTORY, &analysis.totals, i32::MIN);
    let mut energy = of_energy(HISTORY, (contents.inventory, &analysis.totals), i32::MIN);
    let mut indicators = of_indicators(HISTORY, &analysis.indicators, i32::MIN);
    for run in contents.runs() {
        let (code, after) = (run.plan.code.as_str(), run.plan.anchor);
        totals.extend(of_totals(code, &run.outlook.totals, after));
        energy.extend(of_energy(code, (&run.inventory, &run.outlook.totals), after));
        indicators.extend(of_indicators(code, &run.outlook.indicators, after));
    }
    json!({ "totals": totals, "energy": energy, "indicators": indicators, "rests": rests(&analysis.totals) })
}

/// The first year and the values from there on, with nulls where a year has none.
fn packed(values: &BTreeMap<i32, f64>) -> (i32, Vec<Option<f64>>) {
    let (Some(first), Some(last)) = (values.keys().next(), values.keys().next_back()) else { return (0, Vec::new()) };
    (*first, (*first..=*last).map(|year| values.get(&year).map(|value| value + 0.0)).collect())
}

/// Scenario, boundary, group, pollutant, first year, values.
fn of_totals(scenario: &str, totals: &Totals, after: i32) -> Vec<Value> {
    let mut series: PageSeries<(&str, &str, &str)> = BTreeMap::new();
    let wanted = |grouping: Grouping| matches!(grouping, Grouping::Total | Grouping::Sector);
    for row in totals.rows.iter().filter(|row| row.year > after && wanted(row.grouping)) {
        let group = if row.grouping == Grouping::Total { "" } else { row.group.as_str() };
        series.entry((row.boundary.word(), group, &row.pollutant)).or_default().insert(row.year, row.sum.value_t);
    }
    let all = series.iter().map(|((boundary, group, pollutant), values)| {
        let (first, values) = packed(values);
        json!([scenario, boundary, group, pollutant, first, values])
    });
    all.collect()
}

/// Shares of the inventory's totals and sectors that rest on proxies and on unverified parameters.
fn rests(totals: &Totals) -> Vec<Value> {
    let short = |share: Option<f64>| share.map(|share| (share * 1e6).round() / 1e6);
    let wanted = |grouping: Grouping| matches!(grouping, Grouping::Total | Grouping::Sector);
    let rows = totals.rows.iter().filter(|row| wanted(row.grouping));
    let all = rows.map(|row| {
        let group = if row.grouping == Grouping::Total { "" } else { row.group.as_str() };
        let (proxy, unverified) = (short(row.sum.proxy_share()), short(row.sum.unverified_share()));
        json!([row.year, row.boundary.word(), group, row.pollutant, proxy, unverified])
    });
    all.collect()
}

/// Scenario, kind of item, first year, tce.
fn of_energy(scenario: &str, (inventory, totals): (&Inventory<'_>, &Totals), after: i32) -> Vec<Value> {
    let known = |energy: &&Energy| energy.year > after && totals.is_known(energy.year, Boundary::Direct, ENERGY);
    let study = inventory.study;
    let mut series: PageSeries<&str> = BTreeMap::new();
    for &Energy { row, year, energy_tj } in inventory.energy.iter().filter(known) {
        let kind = study.words.items.get(study.activity.item[row as usize] as usize).kind.as_str();
        *series.entry(kind).or_default().entry(year).or_insert(0.0) += energy_tj * TCE_PER_TJ;
    }
    let all = series.iter().map(|(kind, values)| {
        let (first, values) = packed(values);
        json!([scenario, kind, first, values])
    });
    all.collect()
}

/// Scenario, indicator, unit, first year, values.
fn of_indicators(scenario: &str, indicators: &[Indicator], after: i32) -> Vec<Value> {
    let mut series: BTreeMap<(&str, &str), BTreeMap<i32, f64>> = BTreeMap::new();
    for row in indicators.iter().filter(|row| row.year > after) {
        series.entry((&row.name, &row.unit)).or_default().insert(row.year, row.value);
    }
    let all = series.iter().map(|((name, unit), values)| {
        let (first, values) = packed(values);
        json!([scenario, name, unit, first, values])
    });
    all.collect()
}

/// Scenario, metric, boundary, unit, first year, and one list of values for each quantile.
pub(super) fn fans(contents: &Results<'_>) -> Value {
    let Some((projections, draws)) = contents.projections.zip(contents.draws) else { return Value::Null };
    let mut series: BTreeMap<(&str, usize), BTreeMap<i32, [f64; SHARES.len()]>> = BTreeMap::new();
    for drawn in &draws.scenarios {
        for fan in &drawn.fans {
            series.entry((&drawn.scenario, fan.metric)).or_default().insert(fan.year, fan.quantiles);
        }
    }
    let all: Vec<Value> = series
        .iter()
        .map(|((scenario, metric), years)| {
            let metric = &projections.metrics.all[*metric];
            let quantile = |at: usize| years.values().map(|values| values[at]).collect::<Vec<f64>>();
            let quantiles: Vec<Vec<f64>> = (0..SHARES.len()).map(quantile).collect();
            let years: Vec<&i32> = years.keys().collect();
            json!([scenario, metric.name, metric.boundary.word(), metric.unit, years, quantiles])
        })
        .collect();
    json!({ "shares": SHARES, "series": all, "draws": draws.order.draws, "seed": draws.order.seed.to_string() })
}

/// The years for which measures are shown: every fifth and the horizon.
pub(super) fn marks(run: &ScenarioRun<'_>) -> Vec<i32> {
    let horizon = run.plan.horizon;
    run.plan.years().filter(|year| year % 5 == 0 || *year == horizon).collect()
}
