//! The output tables as CSV, and the emissions as Parquet too: codes and full digits.

use super::inventory_tables::{self, ResultSpan};
use super::water_table::water;
use super::{OutputFile, decomposition_tables, scenario_tables, uncertainty_tables};
use crate::analysis::project_register::{Progress, Subtotal};
use crate::analysis::{Analysis, CrosswalkShare};
use crate::error::{Result, failure};
use crate::inventory::Inventory;
use crate::model::Results;
use crate::reduction_project::{Month, Project};
use crate::schema::HISTORY;
use crate::table;
use polars::prelude::*;
use std::borrow::Cow;

pub(super) fn outputs(results: Results<'_>) -> Result<Vec<OutputFile>> {
    let Results { inventory, analysis, language, .. } = results;
    let build = || -> PolarsResult<Vec<OutputFile>> {
        let runs = results.runs();
        let parts: Vec<ResultSpan<'_>> = std::iter::once(ResultSpan::history(inventory, analysis, runs))
            .chain(runs.iter().map(ResultSpan::scenario))
            .collect();
        let mut emissions = joined(&parts, inventory_tables::emissions)?;
        let mut parquet = Vec::new();
        ParquetWriter::new(&mut parquet).finish(&mut emissions)?;
        let mut outputs = vec![
            csv("emissions.csv", emissions)?,
            OutputFile::new("emissions.parquet", parquet),
            csv("totals.csv", joined(&parts, inventory_tables::totals)?)?,
            csv("crosswalk.csv", crosswalk(inventory, analysis)?)?,
            csv("gaps.csv", joined(&parts, inventory_tables::gaps)?)?,
            csv("completeness.csv", joined(&parts, inventory_tables::completeness)?)?,
            csv("indicators.csv", joined(&parts, inventory_tables::indicators)?)?,
            csv("targets.csv", joined(&parts, |part| inventory_tables::targets(part, language))?)?,
            csv("crosschecks.csv", crosschecks(analysis)?)?,
            csv("uncertainty.csv", uncertainty_tables::uncertainty(analysis)?)?,
            csv("influences.csv", uncertainty_tables::influences(analysis)?)?,
            csv("key_categories.csv", uncertainty_tables::key_categories(analysis)?)?,
        ];
        if !analysis.water_loads.is_empty() {
            outputs.push(csv("water.csv", water(inventory, analysis)?)?);
        }
        if !analysis.reductions.progress.is_empty() {
            outputs.push(csv("projects.csv", projects(inventory, analysis)?)?);
            outputs.push(csv("project_totals.csv", project_totals(inventory, analysis)?)?);
        }
        outputs.extend(decomposition_tables::outputs(results.changes, language)?);
        if let Some(projections) = results.projections {
            outputs.extend(scenario_tables::outputs(projections, language)?);
        }
        Ok(outputs)
    };
    build().map_err(|cause| failure("out", cause))
}

/// The rows of history and of every scenario, one below the other.
fn joined<'p>(
    parts: &[ResultSpan<'p>],
    table: impl Fn(&ResultSpan<'p>) -> PolarsResult<DataFrame>,
) -> PolarsResult<DataFrame> {
    let mut frames = parts.iter().map(table);
    let mut all = frames.next().unwrap_or_else(|| Ok(DataFrame::empty()))?;
    for frame in frames {
        all.vstack_mut(&frame?)?;
    }
    Ok(all)
}

/// The one way in which a table becomes a CSV.
pub(super) fn csv(name: &str, mut frame: DataFrame) -> PolarsResult<OutputFile> {
    let mut bytes = MARK.to_vec();
    inert(&mut frame)?;
    CsvWriter::new(&mut bytes).finish(&mut frame)?;
    Ok(OutputFile::new(name, bytes))
}

/// The byte order mark: without it a Chinese Excel reads UTF-8 as GB18030.
pub(super) const MARK: [u8; 3] = *b"\xef\xbb\xbf";

/// Texts that a spreadsheet would run become texts that it shows.
fn inert(frame: &mut DataFrame) -> PolarsResult<()> {
    for at in 0..frame.width() {
        let Some(column) = frame.select_at_idx(at).filter(|column| column.dtype() == &DataType::String) else {
            continue;
        };
        let texts = column.str()?;
        let cells = || texts.iter().map(|cell| cell.map(table::inert));
        if cells().flatten().any(|cell| matches!(cell, Cow::Owned(_))) {
            let cells = cells().collect::<Vec<Option<Cow<'_, str>>>>();
            let column = Column::new(column.name().clone(), cells.iter().map(Option::as_deref).collect::<Vec<_>>());
            frame.replace_column(at, column)?;
        }
    }
    Ok(())
}

/// Texts; an empty one is an empty cell.
pub(super) fn text<T>(name: &str, rows: &[T], cell: impl Fn(&T) -> String) -> Column {
    let cells = rows.iter().map(|row| Some(cell(row)).filter(|text| !text.is_empty()));
    Column::new(name.into(), cells.collect::<Vec<Option<String>>>())
}

/// Numbers; what is not finite is no number, and zero has no sign.
pub(super) fn number<T>(name: &str, rows: &[T], cell: impl Fn(&T) -> Option<f64>) -> Column {
    let cells = rows.iter().map(|row| cell(row).filter(|value| value.is_finite()).map(|value| value + 0.0));
    Column::new(name.into(), cells.collect::<Vec<Option<f64>>>())
}

pub(super) fn year<T>(rows: &[T], cell: impl Fn(&T) -> i32) -> Column {
    Column::new("year".into(), rows.iter().map(cell).collect::<Vec<i32>>())
}

/// The same word in every row.
pub(super) fn constant(name: &str, word: &str, rows: usize) -> Column {
    Column::new_scalar(name.into(), Scalar::new(DataType::String, AnyValue::StringOwned(word.into())), rows)
}

/// Each emission once in each scheme.
fn crosswalk(inventory: &Inventory<'_>, analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.shares;
    let words = &inventory.study.words;
    let home = words.areas.code(inventory.study.settings.area);
    let ghg = analysis.totals.ghg.as_deref();
    let class = |share: &CrosswalkShare| &words.schemes[share.scheme].classes[share.class];
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
