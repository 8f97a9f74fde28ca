//! Excel workbooks (.xlsx), cell by cell, so that neither a sparse sheet nor a packed bomb takes the memory.

use super::{Table, letters};
use crate::error::{Fault, Faults, Place, Result};
use crate::say;
use crate::schema::Schema;
use calamine::{DataRef, Reader, Xlsx};
use std::io::{Cursor, Read};

/// Bounds on what a workbook may hold unpacked, in bytes, and on the columns that are looked at.
const LARGEST: u64 = 1 << 28;
const WIDEST: u32 = 200;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// One row of a sheet: its number in Excel, and the cells by position.
type SheetRow = (usize, Vec<String>);

/// What a sheet holds, and the place of a cell that lies beyond any table, if there is one.
#[derive(Default)]
struct Sheet {
    rows: Vec<SheetRow>,
    stray: Option<(usize, usize)>,
}

pub(super) fn read(file: &str, bytes: &[u8], schema: &'static Schema) -> Result<Vec<Table>> {
    weigh(file, bytes)?;
    let broken = |cause: calamine::XlsxError| {
        let text = say!("无法打开此 Excel 文件：{cause}", "this Excel file cannot be opened: {cause}");
        Faults::from(Fault::new(Place::file(file), text))
    };
    let mut book: Book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let mut faults = Faults::default();
    let mut tables = Vec::new();
    for sheet in book.sheet_names().into_iter().filter(|sheet| !sheet.starts_with(['#', '＃'])) {
        let name = format!("{file}!{sheet}");
        let sheet = sheet_rows(&mut book, &sheet).map_err(broken)?;
        tables.extend(table(&name, sheet, schema, &mut faults));
    }
    if tables.is_empty() && faults.is_empty() {
        faults.push(Fault::new(Place::file(file), say!("工作簿里没有数据表", "the workbook holds no table")));
    }
    faults.or(tables)
}

/// The table of a sheet: its first row that holds anything is the header.
fn table(name: &str, sheet: Sheet, schema: &'static Schema, faults: &mut Faults) -> Option<Table> {
    if let Some((line, column)) = sheet.stray {
        let cell = format!("{}{line}", letters(column));
        let text = say!("此处有一格内容，远在表格之外", "there is a cell far outside any table");
        faults.push(Fault::new(Place::line(name, line, &cell), text));
    }
    let ((line, header), rows) = sheet.rows.split_first()?;
    let mut table = faults.take(Table::open(name, *line, header, schema))?;
    table.lettered = true;
    let width = header.len();
    for (line, cells) in rows {
        if let Err(text) = table.push(*line, |position| cells.get(position).map_or("", String::as_str)) {
            faults.push(Fault::new(Place::line(name, *line, ""), text));
        }
        if cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
            let text =
                say!("表头之外还有内容（表头只有 {width} 列）", "there are cells beyond the header's {width} columns");
            faults.push(Fault::new(Place::line(name, *line, ""), text));
        }
    }
    Some(table)
}

/// Unpacks every part into nothing and counts, so that a packed bomb is refused before it is read.
fn weigh(file: &str, bytes: &[u8]) -> Result<()> {
    let refuse = |text| Faults::from(Fault::new(Place::file(file), text));
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

/// The rows of a sheet that hold anything, with Excel's row numbers.
fn sheet_rows(book: &mut Book, sheet: &str) -> std::result::Result<Sheet, calamine::XlsxError> {
    let Sheet { mut rows, mut stray } = Sheet::default();
    let mut reader = book.worksheet_cells_reader(sheet)?;
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        let text = spell(cell.get_value());
        let line = row as usize + 1;
        if text.trim().is_empty() {
            continue;
        }
        if column >= WIDEST {
            stray = stray.or(Some((line, column as usize)));
            continue;
        }
        if rows.last().is_none_or(|(last, _)| *last != line) {
            rows.push((line, Vec::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            cells.resize((column as usize + 1).max(cells.len()), String::new());
            cells[column as usize] = text;
        }
    }
    Ok(Sheet { rows, stray })
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
