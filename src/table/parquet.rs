//! Parquet files, as other programs write them, read by polars.

use super::panic_guard::caught;
use super::{MOST_TEXT, Table, parquet_footer};
use crate::error::{Diagnostic, Diagnostics, Place, Result, Text};
use crate::say;
use crate::schema::Schema;
use polars::prelude::*;
use std::io::Cursor;

pub(super) fn read(file: &str, bytes: &[u8], schema: &'static Schema) -> Result<Table> {
    let refuse = |text: Text| {
        let hint =
            say!("请从原程序重新导出，或另存为 CSV", "export it anew from where it comes from, or save it as CSV");
        Diagnostics::from(Diagnostic::new(Place::file(file), text).hint(hint))
    };
    if !(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1")) {
        return Err(refuse(say!("不是有效的 Parquet 文件", "this is no valid Parquet file")));
    }
    let odd = parquet_footer::check_unpacked_size(bytes).map_err(refuse)?;
    let faults = odd.into_iter().map(|(name, text)| Diagnostic::new(Place::line(file, 1, &name), text));
    Diagnostics(faults.collect()).into_result(())?;
    let frame = caught(|| frame(bytes)).ok_or_else(parquet_footer::damaged).and_then(|frame| frame).map_err(refuse)?;
    let header: Vec<String> = frame.get_column_names().iter().map(|name| name.to_string()).collect();
    let mut table = Table::open(file, 1, &header, schema)?;
    table.most_text = MOST_TEXT;
    let columns: Vec<&StringChunked> = frame.columns().iter().filter_map(|column| column.str().ok()).collect();
    for row in 0..frame.height() {
        // Line 1 is the header, as in the CSV of the same table.
        let cell = |position: usize| columns.get(position).and_then(|column| column.get(row)).unwrap_or("");
        if let Err(text) = table.push(row + 2, cell) {
            return Err(Diagnostic::new(Place::line(file, row + 2, ""), text).into());
        }
    }
    Ok(table)
}

/// The file as a frame of texts.
fn frame(bytes: &[u8]) -> std::result::Result<DataFrame, Text> {
    let unread = |cause: PolarsError| {
        let cause = cause.to_string();
        Text { zh: parquet_footer::damaged().zh, en: format!("{} ({cause})", parquet_footer::damaged().en) }
    };
    let reader = ParquetReader::new(Cursor::new(bytes)).read_parallel(ParallelStrategy::None);
    let frame = reader.finish().map_err(unread)?;
    let text = |column: &Column| column.cast(&DataType::String);
    let columns = frame.columns().iter().map(text).collect::<PolarsResult<Vec<Column>>>().map_err(unread)?;
    DataFrame::new(frame.height(), columns).map_err(unread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_and_small_integers_are_numbers() {
        let cases: [(&[u8], &str); 2] = [
            (include_bytes!("../../tests/damaged/files/decimal.parquet"), "amount"),
            (include_bytes!("../../tests/damaged/files/int16.parquet"), "year"),
        ];
        for (bytes, column) in cases {
            let table = read("a.parquet", bytes, &crate::schema::ACTIVITY).expect("a table");
            let text = table.cells(column).get(0);
            assert!(text.parse::<f64>().is_ok(), "{column}: {text}");
        }
    }

    #[test]
    fn a_page_that_claims_more_than_there_is_is_a_fault() {
        let bytes = include_bytes!("../../tests/damaged/files/claims-2-61-bytes.parquet");
        assert!(read("a.parquet", bytes, &crate::schema::ACTIVITY).is_err());
    }
}
