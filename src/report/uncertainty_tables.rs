//! Tables of what is uncertain: ranges of totals, the inputs that they come from, and key categories.

use super::tables::{constant, number, text, year};
use crate::analysis::Analysis;
use crate::schema::HISTORY;
use polars::prelude::*;

pub(super) fn uncertainty(analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.intervals;
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", HISTORY, rows.len()),
            year(rows, |r| r.year),
            text("boundary", rows, |r| r.boundary.word().to_string()),
            text("grouping", rows, |r| r.grouping.to_string()),
            text("group", rows, |r| r.group.clone()),
            text("pollutant", rows, |r| r.pollutant.clone()),
            number("value", rows, |r| Some(r.value)),
            number("low", rows, |r| r.range.map(|(low, _)| low)),
            number("high", rows, |r| r.range.map(|(_, high)| high)),
            text("unit", rows, |r| unit(analysis, &r.pollutant)),
            number("uncertainty_pct", rows, |r| r.uncertainty_pct),
            number("covered_share", rows, |r| r.covered_share),
            number("trend_pct", rows, |r| r.trend.map(|trend| trend.change_pct)),
            number("trend_uncertainty_points", rows, |r| r.trend.and_then(|trend| trend.uncertainty_points)),
            number("trend_linear_points", rows, |r| r.trend.and_then(|trend| trend.linear_points)),
        ],
    )
}

fn unit(analysis: &Analysis<'_>, pollutant: &str) -> String {
    if analysis.totals.ghg.as_deref() == Some(pollutant) { "t CO2e" } else { "t" }.to_string()
}

pub(super) fn influences(analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.influences;
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", HISTORY, rows.len()),
            year(rows, |r| r.year),
            text("boundary", rows, |r| r.boundary.word().to_string()),
            text("pollutant", rows, |r| r.pollutant.clone()),
            text("input", rows, |r| r.input.to_string()),
            text("name", rows, |r| r.name.clone()),
            text("set", rows, |r| r.set.clone()),
            text("confidence", rows, |r| r.confidence.clone()),
            number("low_pct", rows, |r| r.low_pct),
            number("high_pct", rows, |r| r.high_pct),
            number("result_share", rows, |r| r.result_share),
            number("variance_share", rows, |r| r.variance_share),
            text("ref", rows, |r| r.reference.clone()),
        ],
    )
}

pub(super) fn key_categories(analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.key_categories;
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", HISTORY, rows.len()),
            year(rows, |r| r.year),
            text("boundary", rows, |r| r.boundary.word().to_string()),
            text("metric", rows, |r| r.metric.clone()),
            text("approach", rows, |r| r.approach.to_string()),
            text("method", rows, |r| r.method.word().to_string()),
            text("category", rows, |r| r.category.clone()),
            text("fuel", rows, |r| r.fuel.clone()),
            text("gas", rows, |r| r.gas.clone()),
            number("value", rows, |r| Some(r.value)),
            number("base_value", rows, |r| r.base_value),
            text("unit", rows, |r| unit(analysis, &r.metric)),
            number("assessment", rows, |r| Some(r.assessment)),
            number("share", rows, |r| Some(r.share)),
            number("cumulative", rows, |r| Some(r.cumulative)),
            text("key", rows, |r| if r.key { "yes" } else { "no" }.to_string()),
            text("edition", rows, |r| r.edition.word().to_string()),
        ],
    )
}
