//! The tables of a run as the page shows them: peaks, targets, projects, key categories, ranges, published figures.

use super::Results;
use super::table::PageTable;
use crate::analysis::project_register::{Progress, Subtotal};
use crate::analysis::{Assessment, CrosscheckRow, Interval, KeyCategory, Total, influence};
use crate::projection::{PeakRow, ScenarioRun};
use crate::schema::HISTORY;
use crate::target::Boundary;
use crate::verdict_text::why;
use serde_json::Value;

pub(super) fn peaks(contents: &Results<'_>) -> Option<Value> {
    let of_run = |run| ScenarioRun::peak_rows(run).into_iter().map(move |row| (run, row));
    let rows: Vec<(&ScenarioRun<'_>, PeakRow<'_>)> = contents.runs().iter().flat_map(of_run).collect();
    let rows = &rows;
    PageTable::new(rows.len())
        .words(("scenario", "scenario"), rows, |(run, _)| run.plan.code.clone())
        .words(("metric", "metric"), rows, |(_, row)| row.key().0.to_string())
        .words(("boundary", "boundary"), rows, |(_, row)| row.key().1.word().to_string())
        .words(("verdict", "word"), rows, |(_, row)| row.verdict().to_string())
        .years("peak_year", rows, |(_, row)| Some(row.peak()?.years()?.0))
        .years("last_peak_year", rows, |(_, row)| Some(row.peak()?.years()?.1))
        .numbers(("peak_value", "number"), rows, |(_, row)| Some(row.peak()?.value))
        .words(("unit", "unit"), rows, |(_, row)| row.key().2.to_string())
        .years("plateau_from", rows, |(_, row)| Some(row.peak()?.plateau()?.0))
        .years("plateau_to", rows, |(_, row)| Some(row.peak()?.plateau()?.1))
        .texts("reasons", rows, |(_, row)| why(*row))
        .value()
}

/// Targets of history and of every scenario; those of later years are judged in scenarios where there are some.
pub(super) fn targets(contents: &Results<'_>) -> Option<Value> {
    let (study, runs) = (contents.inventory.study, contents.runs());
    let own = |row: &&Assessment| runs.is_empty() || study.settings.years.contains(&row.year);
    let history = contents.analysis.assessments.iter().filter(own).map(|row| (HISTORY, row));
    let of_run = |run| {
        let ScenarioRun { plan, outlook, .. }: &ScenarioRun<'_> = run;
        outlook.assessments.iter().map(move |row| (plan.code.as_str(), row))
    };
    let ahead = runs.iter().flat_map(of_run).filter(|(_, row)| row.year > study.anchor());
    let rows: Vec<(&str, &Assessment)> = history.chain(ahead).collect();
    let rows = &rows;
    let of = |row: &(&str, &Assessment)| study.targets.iter().find(|target| target.code == row.1.target);
    PageTable::new(rows.len())
        .words(("scenario", "scenario"), rows, |row| row.0.to_string())
        .words(("target", "target"), rows, |row| row.1.target.clone())
        .words(("metric", "metric"), rows, |row| row.1.metric.clone())
        .words(("boundary", "boundary"), rows, |row| of(row).map_or("", |t| t.boundary.word()).to_string())
        .years("year", rows, |row| Some(row.1.year))
        .numbers(("required", "number"), rows, |row| row.1.required)
        .numbers(("reached", "number"), rows, |row| row.1.reached)
        .numbers(("margin", "number"), rows, |row| row.1.margin)
        .words(("unit", "unit"), rows, |row| row.1.unit.clone())
        .words(("verdict", "word"), rows, |row| row.1.verdict.word().to_string())
        .numbers(("proxy_share", "percent"), rows, |row| row.1.proxy_share)
        .words(("source", "text"), rows, |row| of(row).map_or(String::new(), |target| target.source.clone()))
        .texts("reason", rows, |row| row.1.reason.clone().unwrap_or_default())
        .value()
}

pub(super) fn projects(contents: &Results<'_>) -> Option<Value> {
    let study = contents.inventory.study;
    let (words, register) = (&study.words, &study.register);
    let rows = &contents.analysis.reductions.progress;
    let of = |row: &Progress| &register.projects[row.project];
    PageTable::new(rows.len())
        .words(("project", "text"), rows, |row| of(row).name.clone())
        .words(("kind", "project_kind"), rows, |row| words.kinds.code(of(row).kind).to_string())
        .words(("pollutant", "metric"), rows, |row| words.pollutants.code(of(row).pollutant).to_string())
        .years("year", rows, |row| Some(row.year))
        .numbers(("whole_year", "number"), rows, |row| of(row).tonnes())
        .numbers(("tonnes", "number"), rows, |row| Some(row.sum?.tonnes))
        .numbers(("net", "number"), rows, |row| Some(row.sum?.net_t()))
        .words(("status", "word"), rows, |row| of(row).status().0.to_string())
        .words(("missing", "text"), rows, |row| of(row).status().1)
        .words(("reference", "text"), rows, |row| of(row).reference.clone())
        .words(("ref", "text"), rows, |row| of(row).place.to_string())
        .value()
}

/// The register's sums beside what was allotted and beside the inventory's change.
pub(super) fn register(contents: &Results<'_>) -> Option<Value> {
    let analysis = contents.analysis;
    let rows: Vec<&Subtotal> = analysis.reductions.subtotals.iter().filter(|row| row.kind.is_none()).collect();
    let rows = &rows;
    PageTable::new(rows.len())
        .words(("pollutant", "metric"), rows, |row| row.pollutant.clone())
        .years("year", rows, |row| Some(row.year))
        .numbers(("net", "number"), rows, |row| Some(row.sum?.net_t()))
        .numbers(("gaps", "number"), rows, |row| Some(row.gaps as f64))
        .numbers(("required", "number"), rows, |row| analysis.judged(row)?.required)
        .words(("verdict", "word"), rows, |row| analysis.judged(row).map_or("", |j| j.verdict.word()).to_string())
        .numbers(("inventory_change", "number"), rows, |row| row.inventory_change_t)
        .value()
}

/// Key categories of the inventory's last year.
pub(super) fn key_categories(contents: &Results<'_>) -> Option<Value> {
    let last = contents.inventory.study.anchor();
    let rows = contents.analysis.key_categories.iter().filter(|row| row.year == last && row.key);
    let rows: Vec<&KeyCategory> = rows.collect();
    let rows = &rows;
    PageTable::new(rows.len())
        .words(("boundary", "boundary"), rows, |row| row.boundary.word().to_string())
        .words(("metric", "metric"), rows, |row| row.metric.clone())
        .numbers(("approach", "number"), rows, |row| Some(f64::from(row.approach)))
        .words(("method", "word"), rows, |row| row.method.word().to_string())
        .words(("category", "category"), rows, |row| row.category.clone())
        .words(("fuel", "word"), rows, |row| row.fuel.clone())
        .words(("gas", "metric"), rows, |row| row.gas.clone())
        .numbers(("value", "number"), rows, |row| Some(row.value))
        .numbers(("share", "percent"), rows, |row| Some(row.share))
        .numbers(("cumulative", "percent"), rows, |row| Some(row.cumulative))
        .value()
}

/// Ranges of the totals, of all years.
pub(super) fn ranges(contents: &Results<'_>) -> Option<Value> {
    let rows: Vec<&Interval> =
        contents.analysis.intervals.iter().filter(|row| row.grouping == "total" && row.value != 0.0).collect();
    let rows = &rows;
    PageTable::new(rows.len())
        .years("year", rows, |row| Some(row.year))
        .words(("boundary", "boundary"), rows, |row| row.boundary.word().to_string())
        .words(("pollutant", "metric"), rows, |row| row.pollutant.clone())
        .numbers(("value", "number"), rows, |row| Some(row.value))
        .numbers(("low", "number"), rows, |row| row.range.map(|range| range.0))
        .numbers(("high", "number"), rows, |row| row.range.map(|range| range.1))
        .numbers(("uncertainty_pct", "number"), rows, |row| row.uncertainty_pct)
        .numbers(("covered_share", "percent"), rows, |row| row.covered_share)
        .numbers(("trend_pct", "number"), rows, |row| row.trend.map(|trend| trend.change_pct))
        .value()
}

/// The inputs that the ranges of the last year's totals come from, ten of each.
pub(super) fn influences(contents: &Results<'_>) -> Option<Value> {
    const EACH: usize = 10;
    let last = contents.inventory.study.anchor();
    let mut rows: Vec<&influence::InfluenceShare> = Vec::new();
    for row in contents.analysis.influences.iter().filter(|row| row.year == last) {
        let same =
            |known: &&&influence::InfluenceShare| known.pollutant == row.pollutant && known.boundary == row.boundary;
        if rows.iter().filter(same).count() < EACH {
            rows.push(row);
        }
    }
    let rows = &rows;
    PageTable::new(rows.len())
        .words(("boundary", "boundary"), rows, |row| row.boundary.word().to_string())
        .words(("pollutant", "metric"), rows, |row| row.pollutant.clone())
        .words(("input", "word"), rows, |row| row.input.to_string())
        .texts("said", rows, |row| row.said.clone())
        .words(("name", "text"), rows, |row| row.name.clone())
        .words(("set", "text"), rows, |row| row.set.clone())
        .words(("confidence", "word"), rows, |row| row.confidence.clone())
        .numbers(("result_share", "percent"), rows, |row| row.result_share)
        .numbers(("variance_share", "percent"), rows, |row| row.variance_share)
        .words(("ref", "text"), rows, |row| row.reference.clone())
        .value()
}

pub(super) fn crosschecks(contents: &Results<'_>) -> Option<Value> {
    let rows: &[CrosscheckRow] = &contents.analysis.comparisons;
    let ratio =
        |row: &CrosscheckRow| row.result.filter(|_| row.crosscheck.value != 0.0).map(|r| r / row.crosscheck.value);
    PageTable::new(rows.len())
        .words(("title", "text"), rows, |row| row.crosscheck.title.clone())
        .words(("metric", "metric"), rows, |row| row.crosscheck.metric.name())
        .words(("boundary", "boundary"), rows, |row| row.crosscheck.boundary.word().to_string())
        .years("year", rows, |row| Some(row.crosscheck.year))
        .numbers(("published", "number"), rows, |row| Some(row.crosscheck.value))
        .numbers(("result", "number"), rows, |row| row.result)
        .numbers(("ratio", "number"), rows, ratio)
        .words(("unit", "unit"), rows, |row| row.crosscheck.unit.clone())
        .words(("note", "text"), rows, |row| row.crosscheck.note.clone())
        .value()
}

/// Totals of the inventory's own years, by all groups; those of scenarios stand in the series by sector.
pub(super) fn totals(contents: &Results<'_>) -> Option<Value> {
    let totals = &contents.analysis.totals;
    let rows: Vec<&Total> = totals.rows.iter().filter(|row| row.boundary != Boundary::Memo).collect();
    let rows = &rows;
    let unit = |row: &&Total| if Some(row.pollutant.as_str()) == totals.ghg.as_deref() { "t CO2e" } else { "t" };
    PageTable::new(rows.len())
        .years("year", rows, |row| Some(row.year))
        .words(("boundary", "boundary"), rows, |row| row.boundary.word().to_string())
        .words(("grouping", "word"), rows, |row| row.grouping.word().to_string())
        .words(("group", "group"), rows, |row| row.group.clone())
        .words(("pollutant", "metric"), rows, |row| row.pollutant.clone())
        .numbers(("value", "number"), rows, |row| Some(row.sum.value_t))
        .words(("unit", "unit"), rows, |row| unit(row).to_string())
        .numbers(("proxy_share", "percent"), rows, |row| row.sum.proxy_share())
        .numbers(("unverified_share", "percent"), rows, |row| row.sum.unverified_share())
        .value()
}
