//! The register of reduction projects: each with its tonnes in effect year by year, and their sums by pollutant.

use super::Book;
use super::inputs::columns;
use super::sheet::{CellStyle, CellValue, SheetColumn, SheetResult, Shown};
use super::sheet_names::Tab;
use crate::reduction_project::{Month, Project};
use crate::say;
use crate::study::name;
use crate::verdict_text::assessed;
use rust_xlsxwriter::{
    Worksheet,
    utility::{row_col_to_cell, row_col_to_cell_absolute},
};
use std::collections::BTreeSet;

const HEADINGS: u32 = 4;
const POLLUTANT: u16 = 4;
/// The column of the first year.
const FIRST_YEAR: u16 = 8;

pub(super) fn sheet(book: &Book<'_>) -> SheetResult<Option<Worksheet>> {
    let register = &book.source.inventory.study.register;
    let reductions = &book.source.analysis.reductions;
    if register.projects.is_empty() {
        return Ok(None);
    }
    let mut page = book.page(&Tab::Register)?;
    let (base, gaps, count) = (reductions.base_year, register.gaps(), register.projects.len());
    let note = say!(
        "各年数字为项目与 {base} 年相比当年有效的减排量（t），未扣除区域削减。共 {count} 项，其中 {gaps} 项减排量未知，未计入合计。",
        "Tonnes in effect in each year against {base}, offsets not deducted. {count} entries, {gaps} of them without tonnes and in no sum."
    );
    let apart = book.pick(
        "减排项目是另一本账，与排放清单的变化不可比、不可相加。",
        "The register is another account: it does not compare with changes of the inventory and is never added to them.",
    );
    page.head(&book.pick("减排项目登记", "Register of reduction projects"), &[book.tell(&note), apart])?;
    let rows: Vec<Vec<CellValue>> = register.projects.iter().enumerate().map(|project| row(book, project)).collect();
    let end = page.table(HEADINGS, &headings(book), &rows)?;
    let emitted: BTreeSet<usize> = register.projects.iter().map(|project| project.pollutant).collect();
    for (pollutant, at) in emitted.into_iter().zip(end + 1..) {
        sum(book, (&mut page, pollutant), (at, end))?;
    }
    Ok(Some(page.sheet))
}

fn headings(book: &Book<'_>) -> Vec<SheetColumn> {
    let mut all = columns(
        book,
        &[
            ("项目", "Project", 34.0, CellStyle::Text),
            ("排放源", "Source", 24.0, CellStyle::Text),
            ("地区", "Area", 11.0, CellStyle::Text),
            ("类型", "Kind", 16.0, CellStyle::Text),
            ("污染物", "Pollutant", 11.0, CellStyle::Text),
            ("投运", "Start", 10.0, CellStyle::Text),
            ("全年减排量（t）", "Whole year (t)", 13.0, CellStyle::Amount),
            ("区域削减（t）", "Offsets (t)", 12.0, CellStyle::Amount),
        ],
    );
    let year = |year: &i32| SheetColumn { heading: year.to_string(), width: 12.0, kind: CellStyle::Amount };
    all.extend(book.source.analysis.reductions.years.iter().map(year));
    all.extend(columns(
        book,
        &[
            ("状态", "Status", 16.0, CellStyle::Text),
            ("缺少", "Missing", 22.0, CellStyle::Text),
            ("数据质量", "Quality", 11.0, CellStyle::Text),
            ("出处", "Reference", 34.0, CellStyle::Text),
            ("备注", "Note", 34.0, CellStyle::Text),
            ("文件与行号", "File and line", 20.0, CellStyle::Text),
        ],
    ));
    all
}

fn row(book: &Book<'_>, (index, project): (usize, &Project)) -> Vec<CellValue> {
    let words = &book.source.inventory.study.words;
    let area = project.area.map_or("", |area| name(&words.areas, area, book.is_zh()));
    let mut cells = vec![
        CellValue::text(&project.name),
        CellValue::text(&project.source),
        CellValue::text(area),
        CellValue::text(name(&words.kinds, project.kind, book.is_zh())),
        CellValue::text(&book.labels.pollutants[project.pollutant]),
        CellValue::text(project.start.as_ref().map(Month::to_string).unwrap_or_default()),
        CellValue::number(project.tonnes()),
        CellValue::number(Some(project.offset_t).filter(|offset| *offset != 0.0)),
    ];
    let progress = book.source.analysis.reductions.progress.iter().filter(|progress| progress.project == index);
    cells.extend(progress.map(|progress| CellValue::number(progress.sum.map(|sum| sum.cumulative_t))));
    let (status, missing) = project.status();
    let status = match status {
        "number" => book.pick("有数字", "number"),
        status => status.to_string(),
    };
    cells.extend([
        CellValue::text(status),
        CellValue::text(missing),
        CellValue::text(book.grade(&project.quality)),
        CellValue::text(&project.reference),
        CellValue::text(&project.note),
        CellValue::text(project.place.to_string()),
    ]);
    cells
}

/// The sum of a pollutant's projects, as a formula over the rows above.
fn sum(
    book: &Book<'_>,
    (page, pollutant): (&mut super::sheet::SheetWriter, usize),
    (at, end): (u32, u32),
) -> SheetResult<()> {
    let reductions = &book.source.analysis.reductions;
    let label = &book.labels.pollutants[pollutant];
    let title = say!("合计：{label}", "Total: {label}");
    for column in 0..FIRST_YEAR {
        page.put((at, column), &CellValue::Empty, CellStyle::Label)?;
    }
    page.put((at, 0), &CellValue::text(book.tell(&title)), CellStyle::Label)?;
    page.put((at, POLLUTANT), &CellValue::text(label), CellStyle::Label)?;
    let range = |column| {
        format!("{}:{}", row_col_to_cell_absolute(HEADINGS + 1, column), row_col_to_cell_absolute(end - 1, column))
    };
    let code = book.source.inventory.study.words.pollutants.code(pollutant);
    for (year, column) in reductions.years.iter().zip(FIRST_YEAR..) {
        let known = reductions.all(code, *year).and_then(|subtotal| subtotal.sum).map(|sum| sum.cumulative_t);
        let formula = format!("SUMIFS({},{},{})", range(column), range(POLLUTANT), row_col_to_cell(at, POLLUTANT));
        let cell = match known {
            Some(tonnes) => CellValue::Formula(formula, Shown::Number(tonnes)),
            None => CellValue::text("–"),
        };
        page.put((at, column), &cell, CellStyle::Sum)?;
    }
    verdicts(book, (page, code), at)
}

/// What the pollutant's projects are judged by, beside their sum.
fn verdicts(book: &Book<'_>, (page, code): (&mut super::sheet::SheetWriter, &str), at: u32) -> SheetResult<()> {
    let analysis = book.source.analysis;
    let column = FIRST_YEAR + analysis.reductions.years.len() as u16;
    let rows = analysis.reductions.subtotals.iter().filter(|row| row.pollutant == code);
    let judged: Vec<String> = rows
        .filter_map(|row| analysis.judged(row))
        .map(|judged| {
            let (year, verdict) = (judged.year, book.tell(&assessed(judged.verdict, None)));
            match judged.required {
                Some(required) => book
                    .tell(&say!("{year} 年下达 {required} t：{verdict}", "{year}, allotted {required} t: {verdict}")),
                None => book.tell(&say!("{year} 年：没有公布下达数", "{year}: allotment not published")),
            }
        })
        .collect();
    page.put((at, column), &CellValue::text(judged.join("；")), CellStyle::Label)
}
