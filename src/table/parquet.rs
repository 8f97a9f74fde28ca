//! Parquet files, as other programs write them, read by polars.

use super::{Table, shorten};
use crate::error::{Fault, Faults, Place, Result, failure};
use crate::say;
use crate::schema::Schema;
use polars::prelude::*;
use std::io::Cursor;

pub(super) fn read(file: &str, bytes: &[u8], schema: &'static Schema) -> Result<Table> {
    if !(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1")) {
        return Err(
            Fault::new(Place::file(file), say!("不是有效的 Parquet 文件", "this is no valid Parquet file")).into()
        );
    }
    let frame = ParquetReader::new(Cursor::new(bytes)).finish().map_err(|cause| failure(file, cause))?;
    let header: Vec<String> = frame.get_column_names().iter().map(|name| name.to_string()).collect();
    let mut table = Table::open(file, 1, &header, schema)?;
    let mut columns = Vec::with_capacity(header.len());
    let mut faults = Faults::default();
    for column in frame.columns() {
        match column.cast(&DataType::String) {
            Ok(text) => columns.push(text.str().map_err(|cause| failure(file, cause))?.clone()),
            Err(_) => {
                let name = shorten(column.name());
                faults.push(Fault::new(
                    Place::line(file, 1, &name),
                    say!("此列不是文本或数字", "this column holds neither text nor numbers"),
                ));
            }
        }
    }
    faults.or(())?;
    for row in 0..frame.height() {
        // Line 1 is the header, as in the CSV of the same table.
        if let Err(text) = table.push(row + 2, |position| columns[position].get(row).unwrap_or("")) {
            return Err(Fault::new(Place::line(file, row + 2, ""), text).into());
        }
    }
    Ok(table)
}
