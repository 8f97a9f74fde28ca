//! Table input: parses CSV, Excel or Parquet bytes into schema-checked text columns and records the source position of every cell.

use crate::error::{Diagnostic, Diagnostics, Place, Result, Text, nearest};
use crate::say;
use crate::schema::Schema;
use foldhash::HashMap;

mod empty_cells;
mod panic_guard;
mod delimited;
mod number_text;
mod parquet_footer;
mod header_row;
mod formula_injection;
mod number_limits;
mod parquet;
mod percent_cells;
mod sheet_xml;
mod workbook;

pub use delimited::decoded;
pub use formula_injection::{inert, restored};
pub use number_limits::{LARGEST, readable};
pub use number_text::{not_a_number, number_of, year_of};

/// The text of one column: cells one after another in one buffer.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    text: String,
    ends: Vec<u32>,
}

impl Cells {
    /// Appends a cell; `None` when the column outgrows 4 GiB of text.
    fn push(&mut self, cell: &str) -> Option<()> {
        self.text.push_str(cell.trim());
        self.ends.push(u32::try_from(self.text.len()).ok()?);
        Some(())
    }

    /// The cell of a row; empty where the column is not in the file.
    pub fn get(&self, row: usize) -> &str {
        let end = self.ends.get(row).copied().unwrap_or(0) as usize;
        let start = if row == 0 { 0 } else { self.ends.get(row - 1).copied().unwrap_or(0) as usize };
        self.text.get(start..end).unwrap_or("")
    }
}

/// A table whose columns are those of its schema, each cell with its place.
#[derive(Debug)]
pub struct Table {
    /// The file as the study names it, with the sheet where there is one: `activity/a.xlsx!Sheet1`.
    pub file: String,
    schema: &'static Schema,
    lines: Vec<u32>,
    columns: Vec<Cells>,
    /// Position in the file of each column of the schema.
    positions: Vec<Option<usize>>,
    is_workbook: bool,
    /// Bytes of text so far, and the most that there may be: a packed file can repeat a long text without end.
    size: usize,
    most_text: usize,
    /// Why a cell is empty although a person sees something in it, by row and column: text and hint.
    reasons: HashMap<(usize, usize), (Text, Text)>,
    /// Rows with more cells than the heading, the others empty: the number of cells.
    wide: HashMap<usize, usize>,
}

/// The most columns of a heading that are looked at.
const WIDEST: usize = 1000;

/// The most text of one table out of a packed file.
const MOST_TEXT: usize = 1 << 29;

/// A row of a table, by column name.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub table: &'a Table,
    pub row: usize,
}

/// Endings of pictures and papers that lie beside tables and hold none.
pub const DOCUMENTS: [&str; 14] =
    ["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "pdf", "doc", "docx", "ppt", "pptx", "wps"];

/// Reads every table of a file by its ending: .csv, .xlsx or .parquet. What is sound in a file is read beside its faults.
pub fn read(file: &str, bytes: &[u8], schema: &'static Schema, faults: &mut Diagnostics) -> Vec<Table> {
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "csv" | "tsv" => delimited::read(file, bytes, schema, faults).into_iter().collect(),
        "xlsx" => workbook::read(file, bytes, schema, faults),
        "parquet" => faults.record(parquet::read(file, bytes, schema)).into_iter().collect(),
        // Said where the files of the folder are looked at.
        ending if DOCUMENTS.contains(&ending) => Vec::new(),
        _ => {
            let text = say!("不支持的文件类型", "this type of file is not read");
            let hint = say!("请另存为 .csv、.xlsx 或 .parquet", "save it as .csv, .xlsx or .parquet");
            faults.push(Diagnostic::new(Place::file(file), text).hint(hint));
            Vec::new()
        }
    }
}

/// What a file holds that a person does not see: the hidden sheets, rows and columns of a workbook.
pub fn hidden(file: &str, bytes: &[u8]) -> Vec<Text> {
    if file.to_lowercase().ends_with(".xlsx") { workbook::hidden(file, bytes) } else { Vec::new() }
}

/// A cell of a heading as it is compared: without blanks around it, in small letters.
fn heading_of(cell: &str) -> String {
    cell.trim().trim_start_matches('\u{feff}').to_lowercase()
}

impl Table {
    /// Matches the header cells to the schema: every unknown, doubled or missing column is a fault.
    fn open(file: &str, line: usize, header: &[String], schema: &'static Schema) -> Result<Table> {
        let mut positions = vec![None; schema.columns.len()];
        let mut faults = Diagnostics::default();
        if header.len() > WIDEST {
            let (count, known) = (header.len(), schema.columns.len());
            let text = say!(
                "表头有 {count} 列，此表最多 {known} 列",
                "the header has {count} columns; this table has at most {known}"
            );
            return Err(Diagnostic::new(Place::line(file, line, ""), text).into());
        }
        for (position, cell) in header.iter().enumerate() {
            let name = heading_of(cell);
            let found = schema.find(&name);
            let place = Place::line(file, line, &shorten(cell));
            match found {
                None if name.is_empty() && position + 1 == header.len() => {}
                None => faults.push(unknown_column(place, &name, schema)),
                Some(index) if positions[index].is_some() => {
                    faults.push(Diagnostic::new(place, say!("这一列出现了两次", "this column is there twice")));
                }
                Some(index) => positions[index] = Some(position),
            }
        }
        for (column, _) in schema.columns.iter().zip(&positions).filter(|(c, p)| c.required && p.is_none()) {
            let (name, zh) = (column.name, column.zh);
            let text = say!("缺少列 '{name}'（{zh}）", "the column '{name}' is missing");
            faults.push(Diagnostic::new(Place::line(file, line, name), text));
        }
        let columns = vec![Cells::default(); schema.columns.len()];
        let (file, lines) = (file.to_string(), Vec::new());
        faults.into_result(Table {
            file,
            schema,
            lines,
            columns,
            positions,
            is_workbook: false,
            size: 0,
            most_text: usize::MAX,
            reasons: HashMap::default(),
            wide: HashMap::default(),
        })
    }

    /// Takes a row of cells in the file's order; a blank row is no row.
    fn push<'a>(&mut self, line: usize, cells: impl Fn(usize) -> &'a str) -> std::result::Result<(), Text> {
        let blank = self.positions.iter().flatten().all(|&position| cells(position).trim().is_empty());
        if blank {
            return Ok(());
        }
        let full = || say!("此列超过 4 GiB，请拆分文件", "a column holds more than 4 GiB; split the file");
        self.lines.push(u32::try_from(line).map_err(|_| full())?);
        for (column, position) in self.columns.iter_mut().zip(&self.positions) {
            if let Some(position) = position {
                self.size += cells(*position).len();
                column.push(cells(*position)).ok_or_else(full)?;
            }
        }
        if self.size > self.most_text {
            return Err(say!(
                "到此行已有超过 512 MiB 的文字，请拆分文件",
                "up to this row there are more than 512 MiB of text; split the file"
            ));
        }
        Ok(())
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// All rows, in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|row| Row { table: self, row })
    }

    /// Line of a row in its file, from 1.
    pub fn line(&self, row: usize) -> usize {
        self.lines[row] as usize
    }

    fn index(&self, column: &str) -> Option<usize> {
        self.schema.columns.iter().position(|c| c.name == column)
    }

    /// The cells of a column of the schema.
    pub fn cells(&self, column: &str) -> &Cells {
        static NONE: Cells = Cells { text: String::new(), ends: Vec::new() };
        self.index(column).map_or(&NONE, |index| &self.columns[index])
    }

    /// The place of a cell; in a workbook with its letter and number.
    pub fn place(&self, row: usize, column: &str) -> Place {
        let line = self.line(row);
        let position = self.index(column).and_then(|index| self.positions[index]).filter(|_| self.is_workbook);
        let name = match position {
            Some(position) => format!("{column} ({}{line})", letters(position)),
            None => column.to_string(),
        };
        Place { file: self.file.clone(), line: Some(line), column: name }
    }
}

fn unknown_column(place: Place, name: &str, schema: &Schema) -> Diagnostic {
    let table = schema.table;
    let short = shorten(name);
    let known = schema.columns.iter().flat_map(|column| [column.name, column.zh]);
    let near = nearest(&short, known);
    let fault =
        Diagnostic::new(place, say!("{table} 表没有 '{short}' 这一列", "the table '{table}' has no column '{short}'"));
    if near.is_some() {
        return fault.nearest(near);
    }
    let names: Vec<&str> = schema.columns.iter().map(|column| column.name).collect();
    let names = names.join(", ");
    fault.hint(say!("可用的列：{names}", "columns: {names}"))
}

/// A cell as it may be quoted in a message: never longer than a line.
pub fn shorten(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if clean.chars().count() <= 40 { clean } else { clean.chars().take(39).chain(['…']).collect() }
}

/// Excel's name of a column: A, B, …, AA.
fn letters(mut position: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(b'A' + (position % 26) as u8);
        if position < 26 {
            break;
        }
        position = position / 26 - 1;
    }
    name.iter().rev().map(|&byte| byte as char).collect()
}

impl<'a> Row<'a> {
    /// Text of a cell; empty where the column or the cell is missing.
    pub fn text(&self, column: &str) -> &'a str {
        self.table.cells(column).get(self.row)
    }

    /// Source position of a cell.
    pub fn place(&self, column: &str) -> Place {
        self.table.place(self.row, column)
    }

    /// Line of the row in its file, from 1.
    pub fn line(&self) -> usize {
        self.table.line(self.row)
    }

    /// An error at a cell of the row.
    pub fn fault(&self, column: &str, text: Text) -> Diagnostic {
        let fault = Diagnostic::new(self.place(column), text);
        match self.table.wide.get(&self.row) {
            None => fault,
            Some(cells) => fault.hint(say!(
                "这一行有 {cells} 格，比表头多；含逗号的内容要加引号",
                "this row has {cells} cells, more than the heading; quote a cell that holds a comma"
            )),
        }
    }

    /// A cell that has to hold something.
    pub fn required(&self, column: &str, faults: &mut Diagnostics) -> Option<&'a str> {
        let text = self.text(column);
        if text.is_empty() {
            faults.push(self.empty(column));
            return None;
        }
        Some(text)
    }

    /// The fault of a cell that has to hold something and does not.
    pub fn empty(&self, column: &str) -> Diagnostic {
        let index = self.table.index(column).unwrap_or_default();
        match self.table.reasons.get(&(self.row, index)) {
            Some((text, hint)) => self.fault(column, text.clone()).hint(hint.clone()),
            None => self.fault(column, say!("不能为空", "must not be empty")),
        }
    }

    /// A finite number, or a fault; an empty cell is none.
    pub fn number(&self, column: &str, faults: &mut Diagnostics) -> Option<f64> {
        self.as_number(self.text(column), column, faults)
    }

    /// The same of a cell that is already at hand.
    pub fn as_number(&self, text: &str, column: &str, faults: &mut Diagnostics) -> Option<f64> {
        if text.is_empty() {
            return None;
        }
        let value = readable(text);
        if let Err(cause) = &value {
            faults.push(match cause {
                Some(cause) => self.fault(column, cause.clone()),
                None => not_a_number(self.place(column), text),
            });
        }
        value.ok()
    }

    /// A year, or a fault; an empty cell is none.
    pub fn year(&self, column: &str, faults: &mut Diagnostics) -> Option<i32> {
        self.as_year(self.text(column), column, faults)
    }

    /// The same of a cell that is already at hand.
    pub fn as_year(&self, text: &str, column: &str, faults: &mut Diagnostics) -> Option<i32> {
        if text.is_empty() {
            return None;
        }
        let year = year_of(text);
        if year.is_none() {
            let short = shorten(text);
            faults.push(
                self.fault(
                    column,
                    say!("'{short}' 不是年份", "'{short}' is no year; expected four digits such as 2020"),
                ),
            );
        }
        year
    }
}
