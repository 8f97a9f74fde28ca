//! Scenarios side by side, year by year, and the verdicts on their peaks.

use super::inputs::columns;
use super::sheet::{CellStyle, CellValue, SheetColumn, SheetResult};
use super::sheet_names::Tab;
use super::{Book, totals};
use crate::peak::PeakVerdict;
use crate::projection::{PeakRow, Projections, ScenarioRun};
use crate::say;
use crate::target::{Boundary, ENERGY};
use crate::verdict_text::why;
use rust_xlsxwriter::Worksheet;
use std::collections::{BTreeMap, BTreeSet};

/// The rows of one metric.
pub(super) struct MetricBlock {
    pub metric: String,
    pub boundary: Boundary,
    pub unit: &'static str,
    pub rows: (u32, u32),
}

pub(super) const YEAR: u16 = 3;
/// The column of the first scenario.
pub(super) const FIRST_SCENARIO: u16 = 5;
pub(super) const HEADINGS: u32 = 3;

/// The sheet, and where its metrics stand; none without scenarios.
pub(super) fn sheet(book: &Book<'_>) -> SheetResult<Option<(Worksheet, Vec<MetricBlock>)>> {
    let Some(projections) = book.source.projections.filter(|projections| !projections.runs.is_empty()) else {
        return Ok(None);
    };
    let mut page = book.page(&Tab::Scenarios)?;
    let note = book.pick(
        "各情景逐年结果，历史年份相同。情景由程序计算，此处为数值；活动水平或参数在本工作簿中的修改不影响情景，须重新运行。",
        "Each scenario year by year; history is common to all. Scenarios are computed by the program: these are values, and what is changed in this workbook does not reach them.",
    );
    page.head(&book.pick("情景结果", "Scenarios"), &[note])?;
    let mut columns = columns(
        book,
        &[
            ("指标", "Metric", 20.0, CellStyle::Text),
            ("核算边界", "Boundary", 17.0, CellStyle::Text),
            ("单位", "Unit", 10.0, CellStyle::Unit),
            ("年份", "Year", 8.0, CellStyle::Year),
            ("类型", "Kind", 11.0, CellStyle::Text),
        ],
    );
    let scenario =
        |run: &ScenarioRun<'_>| SheetColumn { heading: run.plan.title.clone(), width: 18.0, kind: CellStyle::Amount };
    columns.extend(projections.runs.iter().map(scenario));
    let mut rows = Vec::new();
    let mut blocks = Vec::new();
    for (metric, boundary, unit) in metrics(book, projections) {
        let series: Vec<BTreeMap<i32, f64>> =
            projections.runs.iter().map(|run| series(run, &metric, boundary)).collect();
        let years: BTreeSet<i32> = series.iter().flat_map(|series| series.keys().copied()).collect();
        let first = HEADINGS + 1 + rows.len() as u32;
        let mut block = MetricBlock { metric, boundary, unit, rows: (first, first) };
        rows.extend(years.iter().map(|year| row(book, &block, *year, &series)));
        block.rows.1 = HEADINGS + rows.len() as u32;
        blocks.push(block);
    }
    page.table(HEADINGS, &columns, &rows)?;
    Ok(Some((page.sheet, blocks)))
}

/// What is shown: every pollutant, with purchased energy where that makes a difference, and energy.
fn metrics(book: &Book<'_>, projections: &Projections<'_>) -> Vec<(String, Boundary, &'static str)> {
    let study = book.source.inventory.study;
    let codes = study.settings.pollutants.iter().map(|index| (study.words.pollutants.code(*index), "t"));
    let mut found = Vec::new();
    for (code, unit) in projections.ghg().map(|ghg| (ghg, "t CO2e")).into_iter().chain(codes) {
        let of = |boundary| projections.runs.iter().map(|run| run.series(code, boundary)).collect::<Vec<_>>();
        let (direct, all) = (of(Boundary::Direct), of(Boundary::DirectPurchased));
        if all != direct {
            found.push((code.to_string(), Boundary::DirectPurchased, unit));
        }
        if direct.iter().any(|series| !series.is_empty()) {
            found.push((code.to_string(), Boundary::Direct, unit));
        }
    }
    if projections.runs.iter().any(|run| !series(run, ENERGY, Boundary::Direct).is_empty()) {
        found.push((ENERGY.to_string(), Boundary::Direct, "tce"));
    }
    found
}

fn series(run: &ScenarioRun<'_>, metric: &str, boundary: Boundary) -> BTreeMap<i32, f64> {
    if metric == ENERGY {
        let energy = run.outlook.indicators.iter().filter(|indicator| indicator.name == ENERGY);
        return energy.map(|indicator| (indicator.year, indicator.value)).collect();
    }
    run.series(metric, boundary)
}

fn row(book: &Book<'_>, block: &MetricBlock, year: i32, series: &[BTreeMap<i32, f64>]) -> Vec<CellValue> {
    let past = year <= book.source.inventory.study.anchor();
    let kind = if past { book.pick("历史", "history") } else { book.pick("预测", "projection") };
    let (name, shown) = match block.metric.as_str() {
        ENERGY => (book.pick("能源消费总量", "energy"), "–".to_string()),
        metric => (metric.to_string(), totals::boundary(book, block.boundary)),
    };
    let mut cells = vec![
        CellValue::text(name),
        CellValue::text(shown),
        CellValue::text(block.unit),
        CellValue::Number(f64::from(year)),
        CellValue::text(kind),
    ];
    cells.extend(series.iter().map(|series| CellValue::number(series.get(&year).copied())));
    cells
}

/// A verdict in few words: `2028 年达峰`.
pub(super) fn short(book: &Book<'_>, row: PeakRow<'_>) -> String {
    let Some(judged) = row.judged() else { return book.pick("未知，不作判断", "not known, not judged") };
    let last = judged.peak.last;
    book.tell(&match judged.peak.verdict {
        PeakVerdict::Peaked => say!("已于 {last} 年达峰", "peaked in {last}"),
        PeakVerdict::Peaks => say!("{last} 年达峰", "peaks in {last}"),
        PeakVerdict::NotWithinHorizon => say!("规划期内未达峰", "no peak within the horizon"),
    })
}

/// The sheet of peaks; none without scenarios.
pub(super) fn peaks(book: &Book<'_>) -> SheetResult<Option<Worksheet>> {
    let runs = book.source.projections.map_or(&[][..], |projections| &projections.runs);
    if runs.iter().all(|run| run.peak_rows().is_empty()) {
        return Ok(None);
    }
    let mut page = book.page(&Tab::Peaks)?;
    let note = book.pick(
        "历史与预测连成一列后判断。C40 标准与 Sen 斜率只看历史年份。",
        "History and projection are judged as one series. The C40 criteria and Sen's slope look at history only.",
    );
    let row = page.head(&book.pick("达峰判断", "Peaks"), &[note])?;
    let columns = columns(
        book,
        &[
            ("情景", "Scenario", 20.0, CellStyle::Text),
            ("指标", "Metric", 20.0, CellStyle::Text),
            ("核算边界", "Boundary", 17.0, CellStyle::Text),
            ("判断", "Verdict", 20.0, CellStyle::Text),
            ("峰值", "Maximum", 16.0, CellStyle::Amount),
            ("单位", "Unit", 9.0, CellStyle::Unit),
            ("平台期", "Plateau", 13.0, CellStyle::Text),
            ("理由", "Reasons", 90.0, CellStyle::Wrap),
        ],
    );
    let of = |run: &ScenarioRun<'_>| run.peak_rows().into_iter().map(|row| peak(book, run, row)).collect::<Vec<_>>();
    let rows: Vec<Vec<CellValue>> = runs.iter().flat_map(of).collect();
    page.table(row + 1, &columns, &rows)?;
    Ok(Some(page.sheet))
}

fn peak(book: &Book<'_>, run: &ScenarioRun<'_>, row: PeakRow<'_>) -> Vec<CellValue> {
    let (metric, boundary, unit) = row.key();
    let peak = row.peak();
    let plateaus = peak.map_or(&[][..], |peak| &peak.plateaus);
    let plateau = plateaus.iter().map(|(from, to)| format!("{from}–{to}")).collect::<Vec<_>>().join("; ");
    vec![
        CellValue::text(&run.plan.title),
        CellValue::text(metric),
        CellValue::text(totals::boundary(book, boundary)),
        CellValue::text(short(book, row)),
        CellValue::number(peak.map(|peak| peak.value)),
        CellValue::text(unit),
        CellValue::text(plateau),
        CellValue::text(book.tell(&why(row))),
    ]
}
