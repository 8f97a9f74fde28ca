//! The output tables as CSV, and the emissions as Parquet too: codes and full digits.

use super::{Output, ranges};
use crate::analysis::register::{Progress, Subtotal};
use crate::analysis::{Analysis, Share};
use crate::error::{Result, failure};
use crate::inventory::{Emission, Gap, Inventory};
use crate::project::{Month, Project};
use crate::schema::{EMISSIONS, HISTORY};
use polars::prelude::*;

pub(super) fn outputs(inventory: &Inventory<'_>, analysis: &Analysis<'_>) -> Result<Vec<Output>> {
    let build = || -> PolarsResult<Vec<Output>> {
        let mut emissions = emissions(inventory, analysis)?;
        let mut parquet = Vec::new();
        ParquetWriter::new(&mut parquet).finish(&mut emissions)?;
        let mut outputs = vec![
            csv("emissions.csv", emissions)?,
            Output::new("emissions.parquet", parquet),
            csv("totals.csv", totals(inventory, analysis)?)?,
            csv("crosswalk.csv", crosswalk(inventory, analysis)?)?,
            csv("gaps.csv", gaps(inventory)?)?,
            csv("completeness.csv", completeness(inventory, analysis)?)?,
            csv("indicators.csv", indicators(analysis)?)?,
            csv("targets.csv", targets(inventory, analysis)?)?,
            csv("crosschecks.csv", crosschecks(analysis)?)?,
            csv("uncertainty.csv", ranges::uncertainty(analysis)?)?,
            csv("influences.csv", ranges::influences(analysis)?)?,
            csv("key_categories.csv", ranges::key_categories(analysis)?)?,
        ];
        if !analysis.reductions.progress.is_empty() {
            outputs.push(csv("projects.csv", projects(inventory, analysis)?)?);
            outputs.push(csv("project_totals.csv", project_totals(inventory, analysis)?)?);
        }
        Ok(outputs)
    };
    build().map_err(|cause| failure("out", cause))
}

fn csv(name: &str, mut frame: DataFrame) -> PolarsResult<Output> {
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).finish(&mut frame)?;
    Ok(Output::new(name, bytes))
}

/// Texts; an empty one is an empty cell.
pub(super) fn text<T>(name: &str, rows: &[T], cell: impl Fn(&T) -> String) -> Column {
    let cells = rows.iter().map(|row| Some(cell(row)).filter(|text| !text.is_empty()));
    Column::new(name.into(), cells.collect::<Vec<Option<String>>>())
}

pub(super) fn number<T>(name: &str, rows: &[T], cell: impl Fn(&T) -> Option<f64>) -> Column {
    Column::new(name.into(), rows.iter().map(cell).collect::<Vec<Option<f64>>>())
}

pub(super) fn year<T>(rows: &[T], cell: impl Fn(&T) -> i32) -> Column {
    Column::new("year".into(), rows.iter().map(cell).collect::<Vec<i32>>())
}

/// The same word in every row.
pub(super) fn constant(name: &str, word: &str, rows: usize) -> Column {
    Column::new_scalar(name.into(), Scalar::new(DataType::String, AnyValue::StringOwned(word.into())), rows)
}

fn emissions(inventory: &Inventory<'_>, analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let (study, matches) = (inventory.study, &inventory.matches);
    let (activity, words) = (&study.activity, &study.words);
    let rows = &inventory.emissions;
    let binding = |e: &Emission| &matches.bindings[e.binding as usize];
    let at = |e: &Emission| e.row as usize;
    let columns = vec![
        constant("scenario", HISTORY, rows.len()),
        year(rows, |e| e.year),
        text("area", rows, |e| words.areas.code(activity.area[at(e)] as usize).to_string()),
        text("category", rows, |e| words.categories.code(binding(e).category).to_string()),
        text("item", rows, |e| words.items.code(activity.item[at(e)] as usize).to_string()),
        text("technology", rows, |e| activity.word(activity.technology[at(e)]).to_string()),
        text("source", rows, |e| activity.word(activity.source[at(e)]).to_string()),
        text("pollutant", rows, |e| words.pollutants.code(binding(e).pollutant).to_string()),
        number("generated_t", rows, |e| e.generated_t),
        number("emitted_t", rows, |e| Some(e.emitted_t)),
        number("low_t", rows, |e| analysis.uncertainty.range(e).map(|(low, _)| low)),
        number("high_t", rows, |e| analysis.uncertainty.range(e).map(|(_, high)| high)),
        text("method", rows, |e| study.methods[binding(e).emitted.method].code.clone()),
        text("quality", rows, |e| inventory.quality(e).to_string()),
        text("confidence", rows, |e| inventory.confidence(e).map_or("", |confidence| confidence.word()).to_string()),
        text("activity_ref", rows, |e| activity_refs(inventory, e)),
        text("parameter_refs", rows, |e| parameter_refs(inventory, e)),
    ];
    DataFrame::new(rows.len(), columns)?.select(EMISSIONS)
}

fn activity_refs(inventory: &Inventory<'_>, emission: &Emission) -> String {
    let parts = inventory.parts(emission);
    let mut rows: Vec<u32> = parts.into_iter().map(|(row, _)| row).collect();
    rows.dedup();
    rows.iter().map(|&row| inventory.study.activity.reference_of(row as usize)).collect::<Vec<_>>().join("; ")
}

/// `name=file:line` of every parameter used, each once.
fn parameter_refs(inventory: &Inventory<'_>, emission: &Emission) -> String {
    let mut refs: Vec<String> = Vec::new();
    for (_, binding) in inventory.parts(emission) {
        for (name, index) in inventory.matches.bindings[binding as usize].emitted.parameters() {
            let entry = format!("{name}={}", inventory.study.ladder.parameters[index].place);
            if !refs.contains(&entry) {
                refs.push(entry);
            }
        }
    }
    refs.join("; ")
}

fn gaps(inventory: &Inventory<'_>) -> PolarsResult<DataFrame> {
    let study = inventory.study;
    let (activity, words) = (&study.activity, &study.words);
    let rows = &inventory.gaps;
    let at = |gap: &Gap| gap.row as usize;
    let pollutant = |gap: &Gap| gap.pollutant.map_or("", |index| words.pollutants.code(index)).to_string();
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", HISTORY, rows.len()),
            year(rows, |gap| gap.year),
            text("area", rows, |gap| words.areas.code(activity.area[at(gap)] as usize).to_string()),
            text("category", rows, |gap| words.categories.code(activity.category[at(gap)] as usize).to_string()),
            text("item", rows, |gap| words.items.code(activity.item[at(gap)] as usize).to_string()),
            text("source", rows, |gap| activity.word(activity.source[at(gap)]).to_string()),
            text("pollutant", rows, pollutant),
            text("reason", rows, |gap| gap.reason.word(&words.categories)),
            text("missing", rows, |gap| gap.reason.missing().0),
            text("nearest", rows, |gap| gap.reason.missing().1.to_string()),
            text("activity_ref", rows, |gap| activity.reference_of(at(gap))),
        ],
    )
}

fn totals(inventory: &Inventory<'_>, analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.totals.rows;
    let home = inventory.study.words.areas.code(inventory.study.settings.area);
    let ghg = analysis.totals.ghg.as_deref();
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", HISTORY, rows.len()),
            year(rows, |t| t.year),
            text("area", rows, |t| if t.grouping.word() == "area" { t.group.clone() } else { home.to_string() }),
            text("boundary", rows, |t| t.boundary.word().to_string()),
            text("grouping", rows, |t| t.grouping.word().to_string()),
            text("group", rows, |t| t.group.clone()),
            text("pollutant", rows, |t| t.pollutant.clone()),
            number("value", rows, |t| Some(t.sum.value_t)),
            text("unit", rows, |t| if Some(t.pollutant.as_str()) == ghg { "t CO2e" } else { "t" }.to_string()),
            number("proxy_share", rows, |t| t.sum.proxy_share()),
            number("unverified_share", rows, |t| t.sum.unverified_share()),
        ],
    )
}

/// Each emission once in each scheme.
fn crosswalk(inventory: &Inventory<'_>, analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.shares;
    let words = &inventory.study.words;
    let home = words.areas.code(inventory.study.settings.area);
    let ghg = analysis.totals.ghg.as_deref();
    let class = |share: &Share| &words.schemes[share.scheme].classes[share.class];
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", HISTORY, rows.len()),
            year(rows, |share| share.year),
            constant("area", home, rows.len()),
            text("scheme", rows, |share| words.schemes[share.scheme].name.clone()),
            text("code", rows, |share| class(share).code.clone()),
            text("name", rows, |share| class(share).name().to_string()),
            text("pollutant", rows, |share| share.pollutant.clone()),
            number("value", rows, |share| Some(share.value_t)),
            text("unit", rows, |share| if Some(share.pollutant.as_str()) == ghg { "t CO2e" } else { "t" }.to_string()),
        ],
    )
}

fn completeness(inventory: &Inventory<'_>, analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.completeness;
    let categories = &inventory.study.words.categories;
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", HISTORY, rows.len()),
            year(rows, |status| status.year),
            text("category", rows, |status| categories.code(status.category).to_string()),
            text("pollutant", rows, |status| status.pollutant.clone()),
            text("status", rows, |status| status.status.clone()),
        ],
    )
}

fn indicators(analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.indicators;
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", HISTORY, rows.len()),
            year(rows, |indicator| indicator.year),
            text("indicator", rows, |indicator| indicator.name.clone()),
            number("value", rows, |indicator| Some(indicator.value)),
            text("unit", rows, |indicator| indicator.unit.clone()),
        ],
    )
}

fn targets(inventory: &Inventory<'_>, analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.assessments;
    let targets = &inventory.study.targets;
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", HISTORY, rows.len()),
            text("target", rows, |a| a.target.clone()),
            text("metric", rows, |a| a.metric.clone()),
            year(rows, |a| a.year),
            number("required", rows, |a| a.required),
            number("reached", rows, |a| a.reached),
            number("margin", rows, |a| a.margin),
            text("unit", rows, |a| a.unit.clone()),
            text("verdict", rows, |a| a.verdict.word().to_string()),
            number("proxy_share", rows, |a| a.proxy_share),
            text("title", targets, |target| target.title.clone()),
            text("source", targets, |target| target.source.clone()),
        ],
    )
}

/// Published figures beside the result: never fitted, the difference explained by the study's own note.
fn crosschecks(analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.comparisons;
    DataFrame::new(
        rows.len(),
        vec![
            text("title", rows, |c| c.crosscheck.title.clone()),
            text("metric", rows, |c| c.crosscheck.metric.name()),
            text("boundary", rows, |c| c.crosscheck.boundary.word().to_string()),
            text("grouping", rows, |c| c.crosscheck.grouping.clone()),
            text("group", rows, |c| c.crosscheck.group.clone()),
            year(rows, |c| c.crosscheck.year),
            number("published", rows, |c| Some(c.crosscheck.value)),
            number("result", rows, |c| c.result),
            number("ratio", rows, |c| {
                c.result.filter(|_| c.crosscheck.value != 0.0).map(|result| result / c.crosscheck.value)
            }),
            text("unit", rows, |c| c.crosscheck.unit.clone()),
            text("citation", rows, |c| c.crosscheck.citation.clone()),
            text("note", rows, |c| c.crosscheck.note.clone()),
        ],
    )
}

/// The register, project by project and year by year.
fn projects(inventory: &Inventory<'_>, analysis: &Analysis) -> PolarsResult<DataFrame> {
    let (words, register) = (&inventory.study.words, &inventory.study.register);
    let rows = &analysis.reductions.progress;
    let of = |row: &Progress| -> &Project { &register.projects[row.project] };
    let rule = |row: &Progress| register.rule_of(of(row));
    DataFrame::new(
        rows.len(),
        vec![
            text("project", rows, |row| of(row).name.clone()),
            text("area", rows, |row| of(row).area.map_or("", |area| words.areas.code(area)).to_string()),
            text("source", rows, |row| of(row).source.clone()),
            text("kind", rows, |row| words.kinds.code(of(row).kind).to_string()),
            text("pollutant", rows, |row| words.pollutants.code(of(row).pollutant).to_string()),
            text("counted", rows, |row| yes(words.counted.contains(&of(row).pollutant))),
            text("start", rows, |row| of(row).start.as_ref().map(Month::to_string).unwrap_or_default()),
            year(rows, |row| row.year),
            number("whole_year", rows, |row| of(row).tonnes()),
            number("share", rows, |row| row.share),
            number("tonnes", rows, |row| row.sum.map(|sum| sum.tonnes)),
            number("cumulative", rows, |row| row.sum.map(|sum| sum.cumulative_t)),
            number("offsets", rows, |row| row.sum.map(|sum| sum.offset_t)),
            number("net", rows, |row| row.sum.map(|sum| sum.net_t())),
            constant("unit", "t", rows.len()),
            text("status", rows, |row| of(row).status().0.to_string()),
            text("missing", rows, |row| of(row).status().1),
            text("rule", rows, |row| rule(row).map_or("", |rule| &rule.code).to_string()),
            text("confidence", rows, |row| rule(row).map_or("", |rule| rule.confidence.word()).to_string()),
            text("quality", rows, |row| of(row).quality.clone()),
            text("reference", rows, |row| of(row).reference.clone()),
            text("project_ref", rows, |row| of(row).place.to_string()),
        ],
    )
}

/// The register's sums beside what was allotted and beside the inventory's change, which is no part of them.
fn project_totals(inventory: &Inventory<'_>, analysis: &Analysis) -> PolarsResult<DataFrame> {
    let words = &inventory.study.words;
    let rows = &analysis.reductions.subtotals;
    let judged = |row: &Subtotal| analysis.judged(row);
    DataFrame::new(
        rows.len(),
        vec![
            text("pollutant", rows, |row| row.pollutant.clone()),
            text("counted", rows, |row| yes(row.counted)),
            year(rows, |row| row.year),
            text("kind", rows, |row| row.kind.map_or("all", |kind| words.kinds.code(kind)).to_string()),
            number("tonnes", rows, |row| row.sum.map(|sum| sum.tonnes)),
            number("cumulative", rows, |row| row.sum.map(|sum| sum.cumulative_t)),
            number("offsets", rows, |row| row.sum.map(|sum| sum.offset_t)),
            number("net", rows, |row| row.sum.map(|sum| sum.net_t())),
            constant("unit", "t", rows.len()),
            Column::new("gaps".into(), rows.iter().map(|row| row.gaps as u32).collect::<Vec<u32>>()),
            number("allotted", rows, |row| judged(row)?.required),
            number("margin", rows, |row| judged(row)?.margin),
            text("verdict", rows, |row| judged(row).map_or("", |judged| judged.verdict.word()).to_string()),
            number("proxy_share", rows, |row| row.sum?.proxy_share()),
            number("inventory_change", rows, |row| row.inventory_change_t),
        ],
    )
}

fn yes(counted: bool) -> String {
    if counted { "yes" } else { "no" }.to_string()
}
