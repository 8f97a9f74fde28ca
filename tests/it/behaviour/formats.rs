//! One activity table in every form that offices send gives one inventory.

use crate::behaviour::folder::{Folder, HEADER, ROWS, csv};
use polars::prelude::{Column, DataFrame, ParquetWriter};
use qingdan::schema::ACTIVITY;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

type Table = (Vec<&'static str>, Vec<Vec<String>>);

fn table() -> Table {
    (HEADER.to_vec(), ROWS.map(|row| row.map(str::to_string).to_vec()).to_vec())
}

fn text() -> String {
    let (header, rows) = table();
    csv(&header, &rows)
}

/// The emissions of the table in a file, without the place that differs with the file.
fn emissions(file: &str, bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let folder = Folder::without_activity(&format!("formats-{}", file.replace('/', "-")));
    folder.write(file, bytes);
    folder.run();
    let mut rows = folder.table("emissions.csv");
    for row in &mut rows {
        let place = row.remove("activity_ref").unwrap_or_default();
        assert!(place.starts_with(file), "{place} does not name {file}");
    }
    rows
}

fn check(file: &str, bytes: &[u8]) {
    let expected = emissions("activity/plain.csv", text().as_bytes());
    assert!(expected.len() >= 12, "only {} emissions: {expected:#?}", expected.len());
    assert_eq!(emissions(file, bytes), expected, "{file}");
}

#[test]
fn encodings_do_not_matter() {
    let text = text();
    let wide =
        |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect() };
    let cases = [
        ("activity/bom.csv", format!("\u{feff}{text}").into_bytes()),
        ("activity/gb18030.csv", encoding_rs::GB18030.encode(&text).0.into_owned()),
        ("activity/little.csv", wide(u16::to_le_bytes)),
        ("activity/big.csv", wide(u16::to_be_bytes)),
        ("activity/crlf.csv", text.replace('\n', "\r\n").into_bytes()),
        ("activity/crlf-bom.csv", format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes()),
        ("activity/no-last-newline.csv", text.trim_end().as_bytes().to_vec()),
    ];
    for (file, bytes) in cases {
        check(file, &bytes);
    }
}

#[test]
fn separators_do_not_matter() {
    let (header, rows) = table();
    for (file, separator) in [("activity/tabs.csv", b'\t'), ("activity/semicolons.csv", b';')] {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        writer.write_record(&header).expect("a header");
        rows.iter().for_each(|row| writer.write_record(row).expect("a row"));
        check(file, &writer.into_inner().expect("a table"));
    }
}

#[test]
fn a_workbook_is_a_table() {
    let (header, rows) = table();
    let header = header.iter().map(|cell| cell.to_string()).collect();
    check("activity/book.xlsx", &workbook(&[vec![header], rows].concat()));
}

/// A workbook of one sheet.
fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    const SPACE: &str = "http://schemas.openxmlformats.org";
    let relation = |kind: &str, target: &str| {
        let kind = format!("{SPACE}/officeDocument/2006/relationships/{kind}");
        let relation = format!(r#"<Relationship Id="rId1" Type="{kind}" Target="{target}"/>"#);
        format!(r#"<Relationships xmlns="{SPACE}/package/2006/relationships">{relation}</Relationships>"#)
    };
    let types = [("xml", "application/xml"), ("rels", "application/vnd.openxmlformats-package.relationships+xml")];
    let types = types.map(|(ending, kind)| format!(r#"<Default Extension="{ending}" ContentType="{kind}"/>"#)).concat();
    let (main, office) =
        (format!("{SPACE}/spreadsheetml/2006/main"), format!("{SPACE}/officeDocument/2006/relationships"));
    let sheets = r#"<sheets><sheet name="能源" sheetId="1" r:id="rId1"/></sheets>"#;
    let data: String = rows.iter().enumerate().map(|(index, cells)| sheet_row(index + 1, cells)).collect();
    let parts = [
        ("[Content_Types].xml", format!(r#"<Types xmlns="{SPACE}/package/2006/content-types">{types}</Types>"#)),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", format!(r#"<workbook xmlns="{main}" xmlns:r="{office}">{sheets}</workbook>"#)),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>"#)),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in &parts {
        archive.start_file(*name, SimpleFileOptions::default()).expect("a part");
        let text = format!(r#"<?xml version="1.0" encoding="UTF-8"?>{content}"#);
        archive.write_all(text.as_bytes()).expect("a part");
    }
    archive.finish().expect("an archive").into_inner()
}

/// A row of a sheet: what is a number is a cell of the type number, as Excel writes it.
fn sheet_row(row: usize, cells: &[String]) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let cell = |(column, text): (usize, &String)| {
        let place = format!("{}{row}", char::from(b'A' + column as u8));
        match text.parse::<f64>() {
            _ if text.is_empty() => String::new(),
            Ok(number) => format!(r#"<c r="{place}"><v>{number}</v></c>"#),
            Err(_) => format!(r#"<c r="{place}" t="inlineStr"><is><t>{}</t></is></c>"#, escaped(text)),
        }
    };
    let cells: String = cells.iter().enumerate().map(cell).collect();
    format!(r#"<row r="{row}">{cells}</row>"#)
}

#[test]
fn a_parquet_file_is_a_table() {
    check("activity/texts.parquet", &parquet(false));
    check("activity/numbers.parquet", &parquet(true));
}

/// The table with every cell a text, or with numbers where they are numbers.
fn parquet(typed: bool) -> Vec<u8> {
    let (header, rows) = table();
    let column = |(index, name): (usize, &&str)| {
        let cells: Vec<Option<&str>> =
            rows.iter().map(|row| Some(row[index].as_str()).filter(|text| !text.is_empty())).collect();
        let number = |cell: &Option<&str>| cell.map(|text| text.parse::<f64>().expect("a number"));
        match (typed, *name) {
            (true, "year") => Column::new(
                "year".into(),
                cells.iter().map(|cell| number(cell).map(|year| year as i64)).collect::<Vec<_>>(),
            ),
            (true, "amount" | "uncertainty_pct") => {
                Column::new((*name).into(), cells.iter().map(number).collect::<Vec<_>>())
            }
            _ => Column::new((*name).into(), cells),
        }
    };
    let mut frame = DataFrame::new(rows.len(), header.iter().enumerate().map(column).collect()).expect("a frame");
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).expect("a parquet file");
    bytes
}

#[test]
fn columns_may_stand_in_any_order_and_be_left_out() {
    let (header, rows) = table();
    let reversed = |cells: Vec<String>| cells.into_iter().rev().collect::<Vec<_>>();
    let backwards: Vec<&str> = header.iter().rev().copied().collect();
    check(
        "activity/backwards.csv",
        csv(&backwards, &rows.iter().cloned().map(reversed).collect::<Vec<_>>()).as_bytes(),
    );
    let kept: Vec<usize> =
        (0..header.len()).filter(|&index| !["technology", "note", "reference"].contains(&header[index])).collect();
    let names: Vec<&str> = kept.iter().map(|&index| header[index]).collect();
    let some = rows.iter().map(|row| kept.iter().map(|&index| row[index].clone()).collect()).collect::<Vec<_>>();
    check("activity/fewer.csv", csv(&names, &some).as_bytes());
}

#[test]
fn headers_and_names_may_be_chinese() {
    let (header, rows) = table();
    let chinese =
        |name: &&str| ACTIVITY.columns.iter().find(|column| column.name == *name).map_or("", |column| column.zh);
    let headings: Vec<&str> = header.iter().map(chinese).collect();
    check("activity/headings.csv", csv(&headings, &rows).as_bytes());
    let names = [
        ("dazu", "大足区"),
        ("raw_coal", "原煤"),
        ("natural_gas", "天然气"),
        ("diesel_oil", "柴油"),
        ("firewood", "薪柴"),
    ];
    let name =
        |cell: &String| names.iter().find(|(code, _)| code == cell).map_or(cell.clone(), |(_, name)| name.to_string());
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(name).collect()).collect();
    check("activity/names.csv", csv(&headings, &rows).as_bytes());
    check(
        "activity/names.xlsx",
        &workbook(&[vec![headings.iter().map(|cell| cell.to_string()).collect()], rows].concat()),
    );
}

#[test]
fn amounts_may_be_in_any_unit_of_their_dimension() {
    let expected = emissions("activity/plain.csv", text().as_bytes());
    let other = text()
        .replace("1.25,万吨", "12500,吨")
        .replace("350.5,万m3", "3505000,立方米")
        .replace("0.123456789012345,万吨", "1234567.89012345,kg");
    for (row, expected) in emissions("activity/units.csv", other.as_bytes()).iter().zip(&expected) {
        let value = |row: &BTreeMap<String, String>| row["emitted_t"].parse::<f64>().expect("a number");
        assert!((value(row) / value(expected) - 1.0).abs() < 1e-12, "{row:?} and {expected:?}");
    }
}
