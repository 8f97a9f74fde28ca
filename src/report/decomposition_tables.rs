//! What moved the totals: decomposition.csv and breakeven.csv.

use super::OutputFile;
use super::tables::{csv, number, text};
use crate::decomposition::breakeven::{BreakevenRow, sentence};
use crate::decomposition::{Decomposition, DecompositionRow};
use crate::error::Language;
use polars::prelude::*;

/// Nothing where the study has no two years, no identity and no GDP.
pub(super) fn outputs(
    Decomposition { rows, lines }: &Decomposition,
    language: Language,
) -> PolarsResult<Vec<OutputFile>> {
    let mut outputs = Vec::new();
    if !rows.is_empty() {
        outputs.push(csv("decomposition.csv", decomposition(rows)?)?);
    }
    if !lines.is_empty() {
        outputs.push(csv("breakeven.csv", breakeven(lines, language)?)?);
    }
    Ok(outputs)
}

fn whole<T>(name: &str, rows: &[T], cell: impl Fn(&T) -> i32) -> Column {
    Column::new(name.into(), rows.iter().map(cell).collect::<Vec<i32>>())
}

fn decomposition(rows: &[DecompositionRow]) -> PolarsResult<DataFrame> {
    DataFrame::new(
        rows.len(),
        vec![
            text("scenario", rows, |row| row.scenario.clone()),
            whole("from", rows, |row| row.from),
            whole("to", rows, |row| row.to),
            text("kind", rows, |row| row.kind.word().to_string()),
            text("against", rows, |row| row.against.clone()),
            text("boundary", rows, |row| row.boundary.word().to_string()),
            text("identity", rows, |row| row.identity.clone()),
            text("sector", rows, |row| row.group.clone()),
            text("factor", rows, |row| row.factor.clone()),
            number("additive", rows, |row| Some(row.additive)),
            number("multiplicative", rows, |row| row.multiplicative),
            text("unit", rows, |row| row.unit.to_string()),
            number("residual", rows, |row| Some(row.residual)),
            number("tapio", rows, |row| row.tapio),
            text("decoupling", rows, |row| row.state.to_string()),
        ],
    )
}

fn breakeven(lines: &[BreakevenRow], language: Language) -> PolarsResult<DataFrame> {
    DataFrame::new(
        lines.len(),
        vec![
            text("scenario", lines, |line| line.scenario.clone()),
            text("boundary", lines, |line| line.boundary.word().to_string()),
            text("period", lines, |line| line.period.clone()),
            whole("from", lines, |line| line.from),
            whole("to", lines, |line| line.to),
            number("intensity_change", lines, |line| Some(line.intensity_change)),
            number("breakeven_growth", lines, |line| Some(line.breakeven_growth)),
            number("actual_growth", lines, |line| Some(line.actual_growth)),
            number("flat_change", lines, |line| Some(line.flat_change)),
            text("sentence", lines, |line| sentence(line).get(language).to_string()),
        ],
    )
}
