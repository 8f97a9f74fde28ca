//! The sheet of gaps: every row and pollutant without a number, and what would close it.

use super::Book;
use super::inputs::columns;
use super::sheet::{CellStyle, CellValue, SheetResult};
use super::sheet_names::Tab;
use crate::inventory::Gap;
use crate::say;
use crate::study::name;
use rust_xlsxwriter::Worksheet;

/// More rows than this nobody reads in a spreadsheet.
const SHOWN: usize = 20_000;

pub(super) fn sheet(book: &Book<'_>) -> SheetResult<Option<Worksheet>> {
    let gaps = &book.source.inventory.gaps;
    if gaps.is_empty() {
        return Ok(None);
    }
    let mut page = book.page(&Tab::Gaps)?;
    let (count, shown) = (gaps.len(), gaps.len().min(SHOWN));
    let note = if shown < count {
        say!(
            "共 {count} 项，此处列出前 {shown} 项，其余见 gaps.csv。",
            "{count} gaps; here are the first {shown}, all stand in gaps.csv."
        )
    } else {
        say!(
            "共 {count} 项。缺口不按零计；“缺少”为补齐所需的参数。",
            "{count} gaps. A gap is never counted as zero; what is missing would close it."
        )
    };
    let row = page.head(&book.pick("数据缺口", "Gaps"), &[book.tell(&note)])?;
    let columns = columns(
        book,
        &[
            ("年份", "Year", 7.0, CellStyle::Year),
            ("地区", "Area", 12.0, CellStyle::Text),
            ("类别", "Category", 34.0, CellStyle::Text),
            ("项目", "Item", 18.0, CellStyle::Text),
            ("排放源", "Source", 24.0, CellStyle::Text),
            ("污染物", "Pollutant", 12.0, CellStyle::Text),
            ("原因", "Reason", 18.0, CellStyle::Text),
            ("缺少", "Missing", 34.0, CellStyle::Text),
            ("最接近的参数", "Nearest", 44.0, CellStyle::Text),
            ("活动数据出处", "Activity data from", 26.0, CellStyle::Text),
        ],
    );
    let rows: Vec<Vec<CellValue>> = gaps.iter().take(shown).map(|gap| cells(book, gap)).collect();
    page.table(row + 1, &columns, &rows)?;
    Ok(Some(page.sheet))
}

fn cells(book: &Book<'_>, gap: &Gap) -> Vec<CellValue> {
    let study = book.source.inventory.study;
    let (activity, row) = (&study.activity, gap.row as usize);
    let word = gap.reason.word(&study.words.categories);
    let reason = match word.as_str() {
        "missing parameter" => book.pick("缺少参数", "missing parameter"),
        "no method" => book.pick("没有方法", "no method"),
        _ => word,
    };
    let (missing, nearest) = gap.reason.missing();
    vec![
        CellValue::Number(f64::from(gap.year)),
        CellValue::text(name(&study.words.areas, activity.area[row] as usize, book.is_zh())),
        CellValue::text(&book.labels.categories[activity.category[row] as usize]),
        CellValue::text(&book.labels.items[activity.item[row] as usize]),
        CellValue::text(activity.word(activity.source[row])),
        CellValue::text(gap.pollutant.map_or("", |pollutant| book.labels.pollutants[pollutant].as_str())),
        CellValue::text(reason),
        CellValue::text(missing),
        CellValue::text(nearest),
        CellValue::text(activity.reference_of(row)),
    ]
}
