//! Excel workbooks (.xlsx), cell by cell, so that neither a sparse sheet nor a packed bomb takes the memory.

use super::empty_cells;
use super::header_row;
use super::panic_guard::caught;
use super::sheet_xml::{self, Marks, SheetPart};
use super::{MOST_TEXT, Table, letters, percent_cells};
use crate::error::{Diagnostic, Diagnostics, Place, Result, Text};
use crate::say;
use crate::schema::Schema;
use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use std::io::{Cursor, Read};

/// Bounds on what a workbook may hold unpacked, in bytes, and on the columns that are looked at.
const LARGEST: u64 = 1 << 28;
const WIDEST: u32 = 200;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The tables of the visible sheets. Faults of one sheet hide none of another's.
pub(super) fn read(file: &str, bytes: &[u8], schema: &'static Schema, faults: &mut Diagnostics) -> Vec<Table> {
    let tables = check_unpacked_size(file, bytes).and_then(|()| {
        caught(|| sheets(file, bytes, schema, faults)).unwrap_or_else(|| {
            let text = say!("此 Excel 文件已损坏", "this Excel file is damaged");
            let hint = say!("用 Excel 或 WPS 打开后另存一份", "open it in Excel or WPS and save it anew");
            Err(Diagnostic::new(Place::file(file), text).hint(hint).into())
        })
    });
    faults.record(tables).unwrap_or_default()
}

fn sheets(file: &str, bytes: &[u8], schema: &'static Schema, faults: &mut Diagnostics) -> Result<Vec<Table>> {
    let broken = |cause: calamine::XlsxError| {
        let text = say!("无法打开此 Excel 文件：{cause}", "this Excel file cannot be opened: {cause}");
        Diagnostics::from(Diagnostic::new(Place::file(file), text))
    };
    let parts = sheet_xml::parts(bytes);
    let marks: Vec<Marks> = parts.iter().map(|part| sheet_xml::marks(bytes, &part.path)).collect();
    possible(file, &parts, &marks)?;
    let mut book: Book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let before = faults.0.len();
    let mut tables = Vec::new();
    let named = book.sheets_metadata().iter().filter(|sheet| !is_aside(&sheet.name));
    let (shown, hidden): (Vec<_>, Vec<_>) = named.cloned().partition(|sheet| sheet.visible == SheetVisible::Visible);
    for sheet in &shown {
        let place = format!("{file}!{}", sheet.name);
        let none = Marks::default();
        let own = parts.iter().position(|part| part.name == sheet.name).map_or(&none, |index| &marks[index]);
        let reading =
            SheetReading { place: &place, schema, marks: own, table: None, first: Vec::new(), width: 0, faults };
        tables.extend(reading.rows(&mut book, &sheet.name).map_err(broken)?);
    }
    if tables.is_empty() && faults.0.len() == before {
        let text = match hidden.len() {
            0 => say!("工作簿里没有数据表", "the workbook holds no table"),
            _ => say!(
                "工作簿里的数据表都是隐藏的，隐藏的表不读取",
                "all sheets of the workbook are hidden, and those are not read"
            ),
        };
        faults.push(Diagnostic::new(Place::file(file), text));
    }
    Ok(tables)
}

fn is_aside(sheet: &str) -> bool {
    sheet.starts_with(['#', '＃'])
}

/// Addresses that no sheet can have are refused before the cells are read.
fn possible(file: &str, parts: &[SheetPart], marks: &[Marks]) -> Result<()> {
    let mut faults = Diagnostics::default();
    for (part, marks) in parts.iter().zip(marks) {
        if let Some(address) = &marks.impossible {
            let (place, address) = (Place::file(&format!("{file}!{}", part.name)), super::shorten(address));
            faults.push(Diagnostic::new(
                place,
                say!("没有 '{address}' 这样的单元格：文件已损坏", "there is no cell '{address}': the file is damaged"),
            ));
        }
    }
    faults.into_result(())
}

/// What a person does not see in Excel, and whether it counts.
pub(super) fn hidden(file: &str, bytes: &[u8]) -> Vec<Text> {
    let mut said = Vec::new();
    if check_unpacked_size(file, bytes).is_err() {
        return said;
    }
    for part in sheet_xml::parts(bytes).into_iter().filter(|part| !is_aside(&part.name)) {
        let name = super::shorten(&part.name);
        if !part.visible {
            said.push(say!("{file}!{name}：隐藏的工作表，未读取", "{file}!{name}: a hidden sheet, not read"));
            continue;
        }
        let marks = sheet_xml::marks(bytes, &part.path);
        if !marks.hidden_rows.is_empty() {
            let lines = some(marks.hidden_rows.iter().map(|row| (row + 1).to_string()));
            said.push(say!(
                "{file}!{name}：隐藏的行也计入（第 {lines} 行）",
                "{file}!{name}: hidden rows count too (row {lines})"
            ));
        }
        if !marks.hidden_columns.is_empty() {
            let names = some(marks.hidden_columns.iter().map(|&(from, to)| sheet_xml::span(from, to)));
            said.push(say!(
                "{file}!{name}：隐藏的列也读取（{names} 列）",
                "{file}!{name}: hidden columns are read too ({names})"
            ));
        }
    }
    said
}

/// The first of many, and that there are more.
fn some(names: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 10;
    let mut names: Vec<String> = names.take(SHOWN + 1).collect();
    if names.len() > SHOWN {
        names[SHOWN] = "…".to_string();
    }
    names.join(", ")
}

/// Unpacks every part into nothing and counts, so that a packed bomb is refused before it is read.
fn check_unpacked_size(file: &str, bytes: &[u8]) -> Result<()> {
    let refuse = |text| Diagnostics::from(Diagnostic::new(Place::file(file), text));
    let broken = |cause: zip::result::ZipError| {
        refuse(say!("不是有效的 .xlsx 文件：{cause}", "this is no valid .xlsx file: {cause}"))
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let unpacked = std::io::copy(&mut part.take(LARGEST + 1 - total), &mut std::io::sink());
        total += unpacked
            .map_err(|cause| refuse(say!(".xlsx 文件已损坏：{cause}", "the .xlsx file is damaged: {cause}")))?;
        if total > LARGEST {
            return Err(refuse(say!(
                "解压后超过 256 MiB，拒绝读取",
                "it unpacks to more than 256 MiB and is not read"
            )));
        }
    }
    Ok(())
}

/// A cell that holds something: its column, its text, and whether it is shown in per cent.
type SheetCell = (u32, String, bool);

/// The table of a sheet, row by row: its first row that holds anything is the header.
struct SheetReading<'a> {
    /// The sheet as messages name it.
    place: &'a str,
    schema: &'static Schema,
    marks: &'a Marks,
    table: Option<Table>,
    /// The first rows, as long as none of them is taken for the header.
    first: Vec<header_row::SheetRow>,
    width: usize,
    faults: &'a mut Diagnostics,
}

impl SheetReading<'_> {
    fn rows(mut self, book: &mut Book, sheet: &str) -> std::result::Result<Option<Table>, calamine::XlsxError> {
        let mut reader = book.worksheet_cells_reader(sheet)?;
        let shares: Vec<bool> = reader.styles().iter().map(in_per_cent).collect();
        let (mut line, mut cells) = (0, Vec::new());
        let (mut stray, mut open) = (None, true);
        while open && let Some((cell, style)) = reader.next_cell_with_style_id()? {
            let (row, column) = cell.get_position();
            if row + 1 != line {
                open = self.row(line, &mut cells).is_some();
                line = row + 1;
            }
            let text = spell(cell.get_value());
            match text.trim().is_empty() {
                true => {}
                false if column >= WIDEST => stray = stray.or(Some((line, column))),
                false => cells.push((column, text, shares.get(style) == Some(&true) && is_number(cell.get_value()))),
            }
        }
        if open {
            _ = self.row(line, &mut cells);
        }
        if let Some((line, column)) = stray {
            let place = Place::line(self.place, line as usize, &format!("{}{line}", letters(column as usize)));
            let text = say!("此处有一格内容，远在表格之外", "there is a cell far outside any table");
            self.faults.push(Diagnostic::new(place, text));
        }
        if self.table.is_none() && !self.first.is_empty() {
            self.faults.push(header_row::untidy(self.place, &self.first, self.schema));
        }
        Ok(self.table)
    }

    /// Takes a whole row; `None` where the sheet need not be read on.
    fn row(&mut self, line: u32, cells: &mut Vec<SheetCell>) -> Option<()> {
        let formulas = self.table.is_some() && line > 0 && self.marks.unsaved.contains_key(&(line - 1));
        if cells.is_empty() && !formulas {
            return Some(());
        }
        cells.sort_by_key(|(column, ..)| *column);
        if self.table.is_none() {
            let width = cells.last().map_or(0, |(column, ..)| *column as usize + 1);
            let mut texts = vec![String::new(); width];
            cells.drain(..).for_each(|(column, text, _)| texts[column as usize] = text);
            return self.header(line as usize, texts);
        }
        let taken = self.data(line, cells);
        cells.clear();
        taken
    }

    fn header(&mut self, line: usize, texts: Vec<String>) -> Option<()> {
        if !self.first.is_empty() || !header_row::is_known(&texts, self.schema) {
            self.first.push((line, texts));
            return (self.first.len() < header_row::LOOKED_AT).then_some(());
        }
        self.width = texts.len();
        let mut table = self.faults.record(Table::open(self.place, line, &texts, self.schema))?;
        table.is_workbook = true;
        table.most_text = MOST_TEXT;
        self.table = Some(table);
        Some(())
    }

    fn data(&mut self, line: u32, cells: &mut [SheetCell]) -> Option<()> {
        let table = self.table.as_mut()?;
        percent_cells::convert(table, line as usize, cells, self.faults);
        let cell = |position: usize| {
            let found = cells.iter().find(|(column, ..)| *column as usize == position);
            found.map_or("", |(_, text, _)| text.as_str())
        };
        let before = table.len();
        if let Err(text) = table.push(line as usize, cell) {
            self.faults.push(Diagnostic::new(Place::line(self.place, line as usize, ""), text));
            return None;
        }
        let kept = (table.len() > before).then_some(before);
        let unexplained = empty_cells::explain(table, line as usize, kept, cell, self.marks);
        unexplained.into_iter().for_each(|fault| self.faults.push(fault));
        if cells.iter().any(|(column, ..)| *column as usize >= self.width) {
            let width = self.width;
            let text =
                say!("表头之外还有内容（表头只有 {width} 列）", "there are cells beyond the header's {width} columns");
            self.faults.push(Diagnostic::new(Place::line(self.place, line as usize, ""), text));
        }
        Some(())
    }
}

/// Whether a number is shown in per cent: its format multiplies it by a hundred. A sign in quotes or behind a backslash does not.
fn in_per_cent(style: &calamine::Style) -> bool {
    let Some(format) = &style.number_format else { return false };
    let (mut quoted, mut escaped) = (false, false);
    format.format_code.chars().any(|c| {
        let literal = quoted || escaped;
        quoted ^= c == '"' && !escaped;
        escaped = matches!(c, '\\' | '_' | '*') && !literal;
        c == '%' && !literal
    })
}

fn is_number(value: &DataRef<'_>) -> bool {
    matches!(value, DataRef::Float(_) | DataRef::Int(_))
}

/// A cell as text; numbers with all their digits.
fn spell(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(date) => date.as_f64().to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}
