//! How much of each total rests on proxies and unverified factors, how wide it is, what it hangs on, and published figures beside it.

use super::inputs::columns;
use super::sheet::{CellStyle, CellValue, SheetResult};
use super::sheet_names::Tab;
use super::targets::digits;
use super::{Book, totals};
use crate::analysis::influence::InfluenceShare;
use crate::analysis::{CrosscheckRow, Grouping, Interval, Total};
use rust_xlsxwriter::Worksheet;
use std::collections::HashMap;

pub(super) fn sheet(book: &Book<'_>) -> SheetResult<Worksheet> {
    let analysis = book.source.analysis;
    let mut page = book.page(&Tab::Quality)?;
    let note = book.pick(
        "占比按绝对量计算，碳汇不会掩盖替代数据。不确定性为 95% 区间，只包括有范围的部分；“有范围占比”低于 1 时，实际区间更宽。",
        "Shares are of absolute amounts, so that a sink hides no proxy. Ranges are 95 % and cover what has a range: with a covered share below 1 the true range is wider.",
    );
    let row = page.head(&book.pick("数据质量", "Data quality"), &[note])?;
    let columns = columns(
        book,
        &[
            ("年份", "Year", 8.0, CellStyle::Year),
            ("核算边界", "Boundary", 18.0, CellStyle::Text),
            ("污染物", "Pollutant", 22.0, CellStyle::Text),
            ("合计", "Total", 18.0, CellStyle::Amount),
            ("单位", "Unit", 10.0, CellStyle::Unit),
            ("替代数据占比", "Proxy share", 13.0, CellStyle::Percent),
            ("未核实因子占比", "Unverified share", 14.0, CellStyle::Percent),
            ("95% 下限", "Low (95 %)", 17.0, CellStyle::Amount),
            ("95% 上限", "High (95 %)", 17.0, CellStyle::Amount),
            ("不确定性（±）", "Uncertainty (±)", 13.0, CellStyle::Percent),
            ("有范围占比", "Covered share", 13.0, CellStyle::Percent),
        ],
    );
    let ranges: HashMap<_, &Interval> = analysis
        .intervals
        .iter()
        .filter(|interval| interval.grouping == Grouping::Total.word())
        .map(|interval| ((interval.year, interval.boundary, interval.pollutant.as_str()), interval))
        .collect();
    let whole = analysis.totals.rows.iter().filter(|total| total.grouping == Grouping::Total);
    let range = |total: &Total| ranges.get(&(total.year, total.boundary, total.pollutant.as_str())).copied();
    let rows: Vec<Vec<CellValue>> = whole.map(|total| quality(book, total, range(total))).collect();
    page.table(row + 1, &columns, &rows)?;
    Ok(page.sheet)
}

fn quality(book: &Book<'_>, total: &Total, interval: Option<&Interval>) -> Vec<CellValue> {
    let ghg = book.source.analysis.totals.ghg.as_deref() == Some(total.pollutant.as_str());
    let range = interval.and_then(|interval| interval.range);
    vec![
        CellValue::Number(f64::from(total.year)),
        CellValue::text(totals::boundary(book, total.boundary)),
        CellValue::text(&total.pollutant),
        CellValue::Number(total.sum.value_t),
        CellValue::text(if ghg { "t CO2e" } else { "t" }),
        CellValue::number(total.sum.proxy_share()),
        CellValue::number(total.sum.unverified_share()),
        CellValue::number(range.map(|(low, _)| low)),
        CellValue::number(range.map(|(_, high)| high)),
        CellValue::number(interval.and_then(|interval| interval.uncertainty_pct).map(|pct| pct / 100.0)),
        CellValue::number(interval.and_then(|interval| interval.covered_share)),
    ]
}

/// What the last year's totals hang on most; none where nothing has a range.
pub(super) fn influences(book: &Book<'_>) -> SheetResult<Option<Worksheet>> {
    const SHOWN: usize = 10;
    let year = book.source.inventory.study.anchor();
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    let mut shown: Vec<&InfluenceShare> = Vec::new();
    for share in book.source.analysis.influences.iter().filter(|share| share.year == year) {
        let count = counts.entry((share.boundary.word(), share.pollutant.as_str())).or_default();
        *count += 1;
        if *count <= SHOWN {
            shown.push(share);
        }
    }
    if shown.is_empty() {
        return Ok(None);
    }
    let mut page = book.page(&Tab::Influences)?;
    let note = book.pick(
        "最后一个清单年份各总量最依赖的参数与活动数据，每个总量列出前十项，按对方差的贡献排序；其余年份见 influences.csv。先改进排在前面的数据。",
        "The ten inputs that each total of the last year hangs on most, by their part of its variance; all years stand in influences.csv. Better data for the first ones helps most.",
    );
    let row = page.head(&book.pick("影响因素", "Influences"), &[note])?;
    let columns = columns(
        book,
        &[
            ("核算边界", "Boundary", 18.0, CellStyle::Text),
            ("污染物", "Pollutant", 20.0, CellStyle::Text),
            ("输入", "Input", 13.0, CellStyle::Text),
            ("名称", "Name", 44.0, CellStyle::Text),
            ("因子集", "Set", 20.0, CellStyle::Text),
            ("可信度或质量", "Confidence or quality", 14.0, CellStyle::Text),
            ("下限偏差（%）", "Low (%)", 11.0, CellStyle::Exact),
            ("上限偏差（%）", "High (%)", 11.0, CellStyle::Exact),
            ("涉及排放占比", "Share of result", 12.0, CellStyle::Percent),
            ("方差占比", "Share of variance", 12.0, CellStyle::Percent),
            ("出处", "From", 40.0, CellStyle::Text),
        ],
    );
    let rows: Vec<Vec<CellValue>> = shown.iter().map(|share| influence(book, share)).collect();
    page.table(row + 1, &columns, &rows)?;
    Ok(Some(page.sheet))
}

fn influence(book: &Book<'_>, share: &InfluenceShare) -> Vec<CellValue> {
    let input = match share.input {
        "parameter" => book.pick("参数", "parameter"),
        _ => book.pick("活动水平", "activity"),
    };
    vec![
        CellValue::text(totals::boundary(book, share.boundary)),
        CellValue::text(&share.pollutant),
        CellValue::text(input),
        CellValue::text(book.tell(&share.said)),
        CellValue::text(&share.set),
        CellValue::text(book.grade(&share.confidence)),
        CellValue::number(share.low_pct.map(digits)),
        CellValue::number(share.high_pct.map(digits)),
        CellValue::number(share.result_share),
        CellValue::number(share.variance_share),
        CellValue::text(&share.reference),
    ]
}

/// Published figures beside the results; none where the study has none.
pub(super) fn crosschecks(book: &Book<'_>) -> SheetResult<Option<Worksheet>> {
    let comparisons = &book.source.analysis.comparisons;
    if comparisons.is_empty() {
        return Ok(None);
    }
    let mut page = book.page(&Tab::Crosschecks)?;
    let note = book.pick(
        "公布数只用来对照，从不用来拟合；差异的原因见说明。",
        "Published figures are compared and never fitted to; the note says where a difference comes from.",
    );
    let row = page.head(&book.pick("公布数对照", "Published figures"), &[note])?;
    let columns = columns(
        book,
        &[
            ("公布数", "Figure", 44.0, CellStyle::Text),
            ("指标", "Metric", 18.0, CellStyle::Text),
            ("核算边界", "Boundary", 18.0, CellStyle::Text),
            ("分组", "Group", 18.0, CellStyle::Text),
            ("年份", "Year", 8.0, CellStyle::Year),
            ("公布值", "Published", 16.0, CellStyle::Exact),
            ("核算结果", "Result", 16.0, CellStyle::Exact),
            ("结果/公布", "Ratio", 10.0, CellStyle::Percent),
            ("单位", "Unit", 10.0, CellStyle::Unit),
            ("说明", "Note", 70.0, CellStyle::Wrap),
        ],
    );
    let rows: Vec<Vec<CellValue>> = comparisons.iter().map(|comparison| crosscheck(book, comparison)).collect();
    page.table(row + 1, &columns, &rows)?;
    Ok(Some(page.sheet))
}

fn crosscheck(book: &Book<'_>, comparison: &CrosscheckRow) -> Vec<CellValue> {
    let check = &comparison.crosscheck;
    vec![
        CellValue::text(&check.title),
        CellValue::text(check.metric.name()),
        CellValue::text(totals::boundary(book, check.boundary)),
        CellValue::text(&check.group),
        CellValue::Number(f64::from(check.year)),
        CellValue::number(Some(digits(check.value))),
        CellValue::number(comparison.result.map(digits)),
        CellValue::number(comparison.result.filter(|_| check.value != 0.0).map(|result| result / check.value)),
        CellValue::text(&check.unit),
        CellValue::text(&check.note),
    ]
}
