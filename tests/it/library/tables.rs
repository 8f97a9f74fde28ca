//! The library's tables as they are written, row by row with their line.

use qingdan::study::library;
use std::collections::BTreeMap;

/// A row by column name.
pub struct Line {
    pub place: String,
    cells: BTreeMap<String, String>,
}

impl Line {
    /// A cell; empty where the column is not in the table.
    pub fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    pub fn number(&self, column: &str) -> Option<f64> {
        self.get(column).parse().ok()
    }

    pub fn at(&self, text: &str) -> String {
        format!("{}: {text}", self.place)
    }
}

/// The rows of `factors/<table>.csv`.
pub fn read(table: &str) -> Vec<Line> {
    let name = format!("factors/{table}.csv");
    rows(|file| file == name)
}

/// The rows of all of `factors/parameters`.
pub fn parameters() -> Vec<Line> {
    rows(|file| file.starts_with("factors/parameters/"))
}

fn rows(wanted: impl Fn(&str) -> bool) -> Vec<Line> {
    let files = library().into_iter().filter(|file| wanted(&file.name));
    let rows: Vec<Line> = files.flat_map(|file| of(&file.name, &file.bytes)).collect();
    assert!(!rows.is_empty(), "the table has no rows");
    rows
}

/// The rows of a table in UTF-8.
pub fn of(file: &str, bytes: &[u8]) -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().expect("a header").clone();
    let name = |cell: &str| cell.trim_start_matches('\u{feff}').to_string();
    let row = |record: csv::StringRecord| Line {
        place: format!("{file}:{}", record.position().map_or(0, csv::Position::line)),
        cells: header.iter().map(name).zip(record.iter().map(str::to_string)).collect(),
    };
    reader.records().map(|record| row(record.unwrap_or_else(|cause| panic!("{file}: {cause}")))).collect()
}
