//! Growth against intensity: total = GDP × intensity, so the total stays flat where GDP grows by 1/(1 + i) − 1 while intensity changes by i.

use super::{View, period, periods};
use crate::error::Text;
use crate::pollutant::CO2;
use crate::say;
use crate::target::Boundary;
use std::collections::BTreeMap;

/// The indicator of the economy that intensities are taken of.
pub const GDP: &str = "gdp";

/// The yearly rate that makes a change over `years`: −0.18 over five years is −0.0389 a year.
pub fn yearly(change: f64, years: i32) -> f64 {
    (1.0 + change).powf(1.0 / f64::from(years)) - 1.0
}

/// The growth at which the total stays flat while intensity changes by `rate` a year: 0.0405 for −0.0389.
pub fn flat_growth(rate: f64) -> f64 {
    1.0 / (1.0 + rate) - 1.0
}

/// The change of intensity over `years` that keeps the total flat under a growth: −0.2349 for five years of 0.055.
pub fn flat_change(growth: f64, years: i32) -> f64 {
    (1.0 + growth).powi(-years) - 1.0
}

/// A row of `breakeven.csv`: one plan period of history or of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakevenRow {
    pub scenario: String,
    pub boundary: Boundary,
    pub period: String,
    pub from: i32,
    pub to: i32,
    /// Change of CO2 per GDP a year.
    pub intensity_change: f64,
    pub breakeven_growth: f64,
    pub actual_growth: f64,
    /// The change of intensity over the period that would keep the total flat under the actual growth.
    pub flat_change: f64,
}

/// The lines of one view, for every plan period that ends after `after`.
pub(super) fn lines(view: &View<'_>, after: i32) -> Vec<BreakevenRow> {
    let Some(Ok(gdp)) = view.inventory.economy.series(GDP) else { return Vec::new() };
    let mut found = Vec::new();
    for boundary in Boundary::ALL {
        let both = |year: &i32| {
            let (total, gdp) = (view.totals.whole_t(*year, boundary, CO2)?, *gdp.values.get(year)?);
            (total > 0.0 && gdp > 0.0).then_some((*year, (total, gdp)))
        };
        let values: BTreeMap<i32, (f64, f64)> = view.inventory.years.iter().filter_map(both).collect();
        let years: Vec<i32> = values.keys().copied().collect();
        for span in periods(&years).into_iter().filter(|span| span[span.len() - 1] > after) {
            let (from, to) = (span[0], span[span.len() - 1]);
            let ((total_0, gdp_0), (total_t, gdp_t)) = (values[&from], values[&to]);
            let length = to - from;
            let rate = yearly(total_t / gdp_t / (total_0 / gdp_0) - 1.0, length);
            let growth = yearly(gdp_t / gdp_0 - 1.0, length);
            found.push(BreakevenRow {
                scenario: view.scenario.to_string(),
                boundary,
                period: period(to),
                from,
                to,
                intensity_change: rate,
                breakeven_growth: flat_growth(rate),
                actual_growth: growth,
                flat_change: flat_change(growth, length),
            });
        }
    }
    found
}

/// The line as a sentence for the plan.
pub fn sentence(line: &BreakevenRow) -> Text {
    let per_cent = |share: f64| format!("{:.2}%", share * 100.0).replace('-', "−");
    let (rate, flat) = (per_cent(line.intensity_change), per_cent(line.breakeven_growth));
    let (growth, needed) = (per_cent(line.actual_growth), per_cent(line.flat_change));
    let (from, to, word) = (line.from + 1, line.to, line.boundary.word());
    let rises = line.actual_growth > line.breakeven_growth;
    let (zh, en) = if rises { ("上升", "rises") } else { ("不增长", "does not rise") };
    say!(
        "{from}–{to} 年单位GDP二氧化碳（{word}）年均变化 {rate}：GDP 年均增速低于 {flat} 时总量才不增长；此间增速 {growth}，总量{zh}（在此增速下持平须累计变化 {needed}）",
        "{from}–{to}: CO2 per GDP ({word}) changes by {rate} a year; the total stays flat only if GDP grows less than {flat} a year. It grows {growth}: the total {en} (to stay flat at that growth intensity has to change by {needed} in all)"
    )
}
