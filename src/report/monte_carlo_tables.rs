//! Tables of draws: fans, peaks, probabilities; and which inputs matter.

use super::OutputFile;
use super::run_record::{self, RunDescription};
use super::tables::{constant, csv, number, text, year};
use crate::analysis::Analysis;
use crate::error::{Result, failure};
use crate::monte_carlo::sobol_morris::Index;
use crate::monte_carlo::{Drawn, Draws, FanRow, PeakDraws, Probability, Sensitivity, SensitivityOutput};
use crate::projection::Projections;
use polars::prelude::*;

/// `draws.csv`, `peak_draws.csv` and `probabilities.csv`.
pub(super) fn tables(projections: &Projections<'_>, draws: &Draws) -> PolarsResult<Vec<OutputFile>> {
    Ok(vec![
        csv("draws.csv", fans(projections, draws)?)?,
        csv("peak_draws.csv", peaks(projections, draws)?)?,
        csv("probabilities.csv", probabilities(projections, draws)?)?,
    ])
}

/// The files of `qingdan draws`.
///
/// # Errors
/// Failures of the frame engine.
pub fn draws(projections: &Projections<'_>, analysis: &Analysis<'_>, draws: &Draws) -> Result<Vec<OutputFile>> {
    let mut outputs = tables(projections, draws).map_err(|cause| failure("out", cause))?;
    let seed = Some(draws.order.seed);
    let written = RunDescription { kind: "draws", outputs: &outputs, notices: &analysis.notices, seed };
    outputs.push(run_record::output(projections.ground.inventory, Some(projections), written));
    Ok(outputs)
}

/// The files of `qingdan sensitivity`.
///
/// # Errors
/// Failures of the frame engine.
pub fn sensitivity(
    projections: &Projections<'_>,
    analysis: &Analysis<'_>,
    (scenario, rows): (&str, &[Sensitivity]),
    seed: u64,
) -> Result<Vec<OutputFile>> {
    let frame = sensitivities(projections, scenario, rows).and_then(|frame| csv("sensitivity.csv", frame));
    let mut outputs = vec![frame.map_err(|cause| failure("out", cause))?];
    let written =
        RunDescription { kind: "sensitivity", outputs: &outputs, notices: &analysis.notices, seed: Some(seed) };
    outputs.push(run_record::output(projections.ground.inventory, Some(projections), written));
    Ok(outputs)
}

/// Rows of all scenarios with the scenario of each.
fn rows<'d, T>(draws: &'d Draws, of: impl Fn(&'d Drawn) -> &'d [T]) -> Vec<(&'d str, &'d T)> {
    draws.scenarios.iter().flat_map(|drawn| of(drawn).iter().map(|row| (drawn.scenario.as_str(), row))).collect()
}

fn fans(projections: &Projections<'_>, draws: &Draws) -> PolarsResult<DataFrame> {
    let all = &projections.metrics.all;
    let rows: &[(&str, &FanRow)] = &rows(draws, |drawn| &drawn.fans);
    let quantile = |name: &str, at: usize| number(name, rows, |(_, fan)| Some(fan.quantiles[at]));
    DataFrame::new(
        rows.len(),
        vec![
            text("scenario", rows, |(scenario, _)| scenario.to_string()),
            text("metric", rows, |(_, fan)| all[fan.metric].name.clone()),
            text("boundary", rows, |(_, fan)| all[fan.metric].boundary.word().to_string()),
            year(rows, |(_, fan)| fan.year),
            quantile("p05", 0),
            quantile("p25", 1),
            quantile("p50", 2),
            quantile("p75", 3),
            quantile("p95", 4),
            number("mean", rows, |(_, fan)| Some(fan.mean)),
            text("unit", rows, |(_, fan)| all[fan.metric].unit.to_string()),
        ],
    )
}

fn peaks(projections: &Projections<'_>, draws: &Draws) -> PolarsResult<DataFrame> {
    let all = &projections.metrics.all;
    let rows: &[(&str, &PeakDraws)] = &rows(draws, |drawn| &drawn.peaks);
    let last = |name: &str, at: usize| number(name, rows, |(_, peak)| peak.year.map(|year| f64::from(year[at])));
    let value = |name: &str, at: usize| number(name, rows, |(_, peak)| peak.value.map(|value| value[at]));
    DataFrame::new(
        rows.len(),
        vec![
            text("scenario", rows, |(scenario, _)| scenario.to_string()),
            text("metric", rows, |(_, peak)| all[peak.metric].name.clone()),
            text("boundary", rows, |(_, peak)| all[peak.metric].boundary.word().to_string()),
            number("within_horizon", rows, |(_, peak)| Some(peak.within_horizon.value)),
            last("year_p05", 0),
            last("year_p50", 1),
            last("year_p95", 2),
            value("value_p05", 0),
            value("value_p50", 1),
            value("value_p95", 2),
            text("unit", rows, |(_, peak)| all[peak.metric].unit.to_string()),
        ],
    )
}

fn probabilities(projections: &Projections<'_>, draws: &Draws) -> PolarsResult<DataFrame> {
    let targets = &projections.ground.inventory.study.targets;
    let rows: &[(&str, &Probability)] = &rows(draws, |drawn| &drawn.probabilities);
    let target = |row: &Probability| row.target.map(|index| &targets[index]);
    let failing = |row: &Probability, zh: bool| {
        row.failing.as_ref().map(|found| if zh { found.zh.clone() } else { found.en.clone() })
    };
    DataFrame::new(
        rows.len(),
        vec![
            text("scenario", rows, |(scenario, _)| scenario.to_string()),
            text("target", rows, |(_, row)| target(row).map_or("", |target| &target.code).to_string()),
            text("metric", rows, |(_, row)| row.metric.0.clone()),
            text("boundary", rows, |(_, row)| row.metric.1.word().to_string()),
            text("event", rows, |(_, row)| if row.target.is_none() { "peaks by" } else { "meets" }.to_string()),
            year(rows, |(_, row)| row.year),
            number("probability", rows, |(_, row)| Some(row.share.value)),
            number("standard_error", rows, |(_, row)| Some(row.share.standard_error)),
            number("wanted", rows, |(_, row)| target(row)?.probability),
            text("verdict", rows, |(_, row)| {
                let is_sure = target(row).and_then(|target| target.is_sure(row.share.value));
                is_sure.map_or("", |is_sure| if is_sure { "met" } else { "missed" }).to_string()
            }),
            number("draws", rows, |_| Some(draws.order.draws as f64)),
            constant("seed", &draws.order.seed.to_string(), rows.len()),
            text("failing_zh", rows, |(_, row)| failing(row, true).unwrap_or_default()),
            text("failing_en", rows, |(_, row)| failing(row, false).unwrap_or_default()),
        ],
    )
}

fn sensitivities(projections: &Projections<'_>, scenario: &str, rows: &[Sensitivity]) -> PolarsResult<DataFrame> {
    let all = &projections.metrics.all;
    let of = |index: Option<Index>, part: fn(Index) -> f64| index.map(part);
    let column = |name: &str, total: bool, part: fn(Index) -> f64| {
        number(name, rows, |row| of(if total { row.sobol.total } else { row.sobol.first }, part))
    };
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", scenario, rows.len()),
            text("metric", rows, |row| all[row.metric].name.clone()),
            text("boundary", rows, |row| all[row.metric].boundary.word().to_string()),
            text("output", rows, |row| match row.output {
                SensitivityOutput::Value(year) => year.to_string(),
                SensitivityOutput::PeakYear => "peak year".to_string(),
            }),
            text("input", rows, |row| row.input.clone()),
            column("first", false, |index| index.value),
            column("first_low", false, |index| index.low),
            column("first_high", false, |index| index.high),
            column("total", true, |index| index.value),
            column("total_low", true, |index| index.low),
            column("total_high", true, |index| index.high),
            number("morris_mean", rows, |row| row.morris.map(|morris| morris.mean_absolute)),
            number("morris_deviation", rows, |row| row.morris.map(|morris| morris.deviation)),
            text("effect", rows, |row| row.effect().to_string()),
        ],
    )
}
