//! What is mutated: sound studies, and sound files of each kind.

use polars::prelude::*;
use qingdan::study::{self, File};
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Cases that between them use every table and every key of the scenario files.
const CASES: [&str; 24] = [
    "aviation-and-urea",
    "bamboo-expansion",
    "kaya",
    "memo-reference-approach",
    "notation-keys",
    "register-own-rules",
    "register-targets",
    "target-units",
    "uncertainty-approach1",
    "wood-products",
    "scenario-blend",
    "scenario-combine",
    "scenario-fleet",
    "scenario-growth",
    "scenario-inheritance",
    "scenario-land",
    "scenario-landfill",
    "scenario-measures",
    "scenario-parameter",
    "scenario-paths",
    "scenario-shapley",
    "scenario-shares",
    "scenario-shift",
    "scenario-targets",
];

pub fn studies() -> Vec<Vec<File>> {
    let read = |folder: &Path| study::files(folder).expect("a sound study");
    let mut base = read(&root().join("tests/damaged/base"));
    let mut studies = vec![base.clone()];
    for name in ["scenarios.toml", "measures.toml"] {
        let bytes = std::fs::read(root().join("tests/damaged").join(name)).expect("a file of the base");
        base.push(File { name: name.into(), bytes });
    }
    studies.push(base);
    studies.extend(CASES.iter().map(|name| read(&root().join("tests/cases").join(name))));
    for files in &mut studies {
        files.retain(|file| !file.name.starts_with("expected_"));
    }
    studies
}

const HEAD: [&str; 8] = ["year", "area", "category", "item", "amount", "unit", "source", "note"];

fn cells() -> Vec<[String; 8]> {
    let row = |at: usize| {
        let (year, amount) = ((2015 + at % 6).to_string(), (at as f64 * 12.5).to_string());
        let text = |word: &str| word.to_string();
        [year, text("home"), text("Q.1"), text("ore"), amount, text("t"), format!("plant {at}"), text("备注")]
    };
    (0..60).map(row).collect()
}

/// A sound file of each kind, with its name.
pub fn files() -> Vec<(&'static str, Vec<u8>)> {
    let rows = cells();
    let mut text = HEAD.join(",") + "\r\n";
    rows.iter().for_each(|row| text.push_str(&(row.join(",") + "\r\n")));
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let (gb18030, _, _) = encoding_rs::GB18030.encode(&text);
    let mut files = vec![
        ("a.csv", text.clone().into_bytes()),
        ("a.csv", utf16),
        ("a.csv", gb18030.into_owned()),
        ("a.xlsx", workbook(&rows)),
    ];
    for compression in [ParquetCompression::Uncompressed, ParquetCompression::Snappy, ParquetCompression::Zstd(None)] {
        files.extend([false, true].map(|typed| ("a.parquet", parquet(&rows, typed, compression))));
    }
    files
}

fn workbook(rows: &[[String; 8]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in HEAD.iter().enumerate() {
        sheet.write(0, column as u16, *name).expect("a cell");
    }
    for (line, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let at = (line as u32 + 1, column as u16);
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(at.0, at.1, number).expect("a cell"),
                Err(_) => sheet.write(at.0, at.1, cell.as_str()).expect("a cell"),
            };
        }
    }
    book.save_to_buffer().expect("a workbook")
}

/// With numbers as numbers, or with every cell as text.
fn parquet(rows: &[[String; 8]], typed: bool, compression: ParquetCompression) -> Vec<u8> {
    let column = |at: usize| {
        let cells: Vec<&str> = rows.iter().map(|row| row[at].as_str()).collect();
        let numbers: Option<Vec<f64>> = cells.iter().map(|cell| cell.parse().ok()).collect();
        match numbers.filter(|_| typed) {
            Some(numbers) if HEAD[at] == "year" => {
                Column::new(HEAD[at].into(), numbers.iter().map(|number| *number as i32).collect::<Vec<i32>>())
            }
            Some(numbers) => Column::new(HEAD[at].into(), numbers),
            None => Column::new(HEAD[at].into(), cells),
        }
    };
    let mut frame = DataFrame::new(rows.len(), (0..HEAD.len()).map(column).collect()).expect("a frame");
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).with_compression(compression).finish(&mut frame).expect("a file");
    bytes
}
