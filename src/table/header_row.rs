//! Whether the first row of a sheet is a heading, and one sentence about the sheet where it is not.

use super::number_text::year_of;
use super::shorten;
use crate::error::{Diagnostic, Place, Text};
use crate::say;
use crate::schema::Schema;

/// A row: its line and its cells.
pub(super) type SheetRow = (usize, Vec<String>);

/// How many rows from the top are looked at for a heading.
pub(super) const LOOKED_AT: usize = 12;

/// Whether a row is meant as the heading of the table, with whatever faults.
pub(super) fn is_known(cells: &[String], schema: &Schema) -> bool {
    let (named, alike) = matches(cells, schema);
    years(cells).len() < 2
        && (named >= 2
            || named >= 1 && (alike >= 2 || schema.columns.iter().filter(|column| column.required).count() <= 2))
}

/// How many cells are columns of the table, and how many look like one.
fn matches(cells: &[String], schema: &Schema) -> (usize, usize) {
    let names: Vec<String> = cells.iter().map(|cell| super::heading_of(cell)).filter(|cell| !cell.is_empty()).collect();
    let named = names.iter().filter(|name| schema.find(name).is_some()).count();
    let alike = |name: &&String| {
        schema.find(name).is_none()
            && schema
                .columns
                .iter()
                .any(|column| strsim::normalized_damerau_levenshtein(&shorten(name), column.name) >= 0.6)
    };
    (named, names.iter().filter(alike).count())
}

fn years(cells: &[String]) -> Vec<&str> {
    cells.iter().map(|cell| cell.trim()).filter(|cell| year_of(cell).is_some()).collect()
}

/// What is said once about a sheet that begins with no heading of the table.
pub(super) fn untidy(place: &str, lines: &[SheetRow], schema: &Schema) -> Diagnostic {
    let first = lines.first().map_or(1, |(line, _)| *line);
    let needed: Vec<String> = schema
        .columns
        .iter()
        .filter(|column| column.required)
        .map(|column| format!("{}（{}）", column.zh, column.name))
        .collect();
    let names: Vec<&str> = schema.columns.iter().filter(|column| column.required).map(|column| column.name).collect();
    let (needed_zh, names_en) = (needed.join("、"), names.join(", "));
    if let Some((line, cells)) = lines.iter().find(|(_, cells)| years(cells).len() >= 2) {
        let text = say!(
            "这是宽表：年份在列上（第 {line} 行）",
            "this is a wide table: its years stand across the columns (row {line})"
        );
        let shown = years(cells).into_iter().take(2).collect::<Vec<_>>();
        let (zh, en) = (shown.join("、"), shown.join(", "));
        let hint = say!(
            "改成长表，每年一行（{zh}……），列为 {needed_zh}",
            "make it long, one row for each year ({en}, …), with the columns {names_en}"
        );
        return Diagnostic::new(Place::line(place, *line, ""), text).hint(hint);
    }
    let rest = lines.get(1..).unwrap_or_default();
    if let Some((line, _)) = rest.iter().find(|(_, cells)| is_known(cells, schema)) {
        let text = say!(
            "本表第 {first} 行不是表头，第 {line} 行才是",
            "row {first} is no heading of the table; row {line} is"
        );
        let hint = say!("删去第 {line} 行以上的标题和说明", "leave out the titles and remarks above row {line}");
        return Diagnostic::new(Place::line(place, first, ""), text).hint(hint);
    }
    let hint = say!("表头须有 {needed_zh}", "the heading has to have {names_en}");
    Diagnostic::new(Place::line(place, first, ""), without_columns(lines, schema)).hint(hint)
}

/// A sheet none of whose first rows has columns of the table: its title, and the rows that look like a heading.
fn without_columns(lines: &[SheetRow], schema: &Schema) -> Text {
    let (first, table) = (lines.first().map_or(1, |(line, _)| *line), schema.table);
    let rest = lines.get(1..).unwrap_or_default();
    let title = lines.first().is_some_and(|(_, cells)| filled(cells).count() == 1);
    match (title, heads(rest)) {
        (true, Some((from, to))) if from == to => say!(
            "本表第 {first} 行是标题，第 {from} 行像表头，但其中没有 {table} 表的列",
            "row {first} is a title and row {from} looks like a heading, but has no column of the table '{table}'"
        ),
        (true, Some((from, to))) => say!(
            "本表第 {first} 行是标题，第 {from}–{to} 行像表头，但其中没有 {table} 表的列",
            "row {first} is a title and rows {from} to {to} look like a heading, but have no column of the table '{table}'"
        ),
        _ => say!("第 {first} 行不是 {table} 表的表头", "row {first} is no heading of the table '{table}'"),
    }
}

fn filled(cells: &[String]) -> impl Iterator<Item = &str> {
    cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
}

/// The first rows that look like a heading: several words and no number.
fn heads(lines: &[SheetRow]) -> Option<(usize, usize)> {
    let numeric = |cells: &[String]| filled(cells).any(|cell| cell.parse::<f64>().is_ok());
    let from = lines.iter().position(|(_, cells)| filled(cells).count() >= 3 && !numeric(cells))?;
    let head = lines[from..].iter().take_while(|(_, cells)| filled(cells).count() >= 2 && !numeric(cells)).take(3);
    let to = head.last().map_or(lines[from].0, |(line, _)| *line);
    Some((lines[from].0, to))
}
