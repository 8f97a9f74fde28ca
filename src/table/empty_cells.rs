//! Why a cell of a workbook is empty although a person sees something in it: a formula without a result, or merged cells.

use super::sheet_xml::Marks;
use super::{Table, letters};
use crate::error::{Diagnostic, Place, Text};
use crate::say;

/// Columns whose loss changes no number.
const BESIDE: [&str; 3] = ["note", "reference", "locator"];

/// Records the reason for each empty cell of the row at `line`, which the table keeps at index `kept`, or would keep if its formulas
/// had results; returns the errors among them.
pub(super) fn explain<'a>(
    table: &mut Table,
    line: usize,
    kept: Option<usize>,
    cell: impl Fn(usize) -> &'a str,
    marks: &Marks,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let row = line as u32 - 1;
    for (index, column) in table.schema.columns.iter().enumerate() {
        let Some(position) = table.positions[index].filter(|&position| cell(position).trim().is_empty()) else {
            continue;
        };
        let at = position as u32;
        let unsaved = marks.unsaved.get(&row).is_some_and(|columns| columns.contains(&at));
        let merged = marks.merged(row, at).filter(|_| kept.is_some());
        let (text, hint) = match merged {
            _ if unsaved => unsaved_formula(),
            Some((_, range)) => merged_cells(range),
            None => continue,
        };
        if unsaved || merged.is_some_and(|(top, _)| top < row && !BESIDE.contains(&column.name)) {
            let name = format!("{} ({}{line})", column.name, letters(position));
            found.push(Diagnostic::new(Place::line(&table.file, line, &name), text.clone()).hint(hint.clone()));
        }
        if let Some(kept) = kept {
            table.reasons.insert((kept, index), (text, hint));
        }
    }
    found
}

fn unsaved_formula() -> (Text, Text) {
    (
        say!("此格是公式，文件里没有它的计算结果", "this cell is a formula, and the file does not hold its result"),
        say!(
            "用 Excel 或 WPS 打开并保存一次，或粘贴为数值",
            "open the file in Excel or WPS and save it, or paste the values in place of the formulas"
        ),
    )
}

fn merged_cells(range: &str) -> (Text, Text) {
    (
        say!(
            "此格属于合并单元格 {range}，内容只在其左上角",
            "this cell is one of the merged cells {range}, which hold something only at their top left"
        ),
        say!("取消合并单元格，每一行都填写", "undo the merging and fill in every row"),
    )
}
