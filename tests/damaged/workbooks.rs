//! Workbooks, written part by part so that each may be broken in its own way.

use crate::case::Case;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub const FILE: &str = "activity/book.xlsx";
pub const HEADER: [&str; 6] = ["year", "area", "category", "item", "amount", "unit"];
pub const ROW: [&str; 6] = ["2020", "yunxi", "Q.1", "test_ore", "10", "t"];

pub fn cases() -> Vec<Case> {
    let whole = book(&sheet(&[&HEADER, &ROW], ""));
    let with = |name: &str, content: Vec<u8>| Case::new(name).content(FILE, content);
    let text = r#"t="inlineStr"><is><t>10</t></is>"#;
    let error = sheet(&[&HEADER, &ROW], "").replace(text, r#"t="e"><f>1/0</f><v>#DIV/0!</v>"#);
    vec![
        with("no workbook at all", b"no workbook at all".to_vec()),
        with("cut off", whole[..whole.len() / 2].to_vec()),
        with("a zip of something else", packed(&[("readme.txt", "nothing".to_string())])),
        with("more than 256 MiB unpacked", bomb()),
        with("a sheet that is no xml", book("<worksheet><sheetData><row r=\"1\"><c r=")),
        with("a sheet without header", book(&sheet(&[&ROW, &ROW], ""))),
        with("an empty sheet", book(&sheet(&[], ""))),
        with("a header alone, misspelt", book(&sheet(&[&["year", "area", "category", "item", "amont", "unit"]], ""))),
        with("an error in a cell", book(&error)),
        with(
            "a cell beyond the header",
            book(&sheet(&[&HEADER, &["2020", "yunxi", "Q.1", "test_ore", "10", "t", "more"]], "")),
        ),
        with(
            "two faults in cells",
            book(&sheet(&[&HEADER, &ROW, &["2020", "yunxi", "Q.1", "test_oer", "1,000", "t"]], "")),
        ),
    ]
}

/// A sheet of texts, with more rows as they are.
pub fn sheet(rows: &[&[&str]], more: &str) -> String {
    let cell = |row: usize, (column, text): (usize, &&str)| {
        let letter = char::from(b'A' + column as u8);
        format!(r#"<c r="{letter}{row}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    };
    let row = |(index, cells): (usize, &&[&str])| {
        let number = index + 1;
        let cells: String = cells.iter().enumerate().map(|part| cell(number, part)).collect();
        format!(r#"<row r="{number}">{cells}</row>"#)
    };
    let rows: String = rows.iter().enumerate().map(row).collect();
    let space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    format!(r#"<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}{more}</sheetData></worksheet>"#)
}

/// A workbook with one sheet, 'data'.
pub fn book(sheet: &str) -> Vec<u8> {
    packed(&parts(sheet))
}

fn parts(sheet: &str) -> [(&'static str, String); 5] {
    const SPACE: &str = "http://schemas.openxmlformats.org";
    let relation = |kind: &str, target: &str| {
        let kind = format!("{SPACE}/officeDocument/2006/relationships/{kind}");
        let relation = format!(r#"<Relationship Id="rId1" Type="{kind}" Target="{target}"/>"#);
        format!(
            r#"<?xml version="1.0"?><Relationships xmlns="{SPACE}/package/2006/relationships">{relation}</Relationships>"#
        )
    };
    let types = format!(
        r#"<?xml version="1.0"?><Types xmlns="{SPACE}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>"#
    );
    let workbook = format!(
        r#"<?xml version="1.0"?><workbook xmlns="{SPACE}/spreadsheetml/2006/main" xmlns:r="{SPACE}/officeDocument/2006/relationships"><sheets><sheet name="data" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    [
        ("[Content_Types].xml", types),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", sheet.to_string()),
    ]
}

fn packed(parts: &[(&str, String)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).expect("a part");
        archive.write_all(content.as_bytes()).expect("a part");
    }
    archive.finish().expect("an archive").into_inner()
}

/// A workbook of 260 sheets of a mebibyte of blanks: packed once and copied as it is, so that writing it takes no time.
fn bomb() -> Vec<u8> {
    let blanks = packed(&[("blanks", " ".repeat(1 << 20))]);
    let mut blanks = ZipArchive::new(Cursor::new(blanks)).expect("an archive");
    let mut archive = ZipWriter::new_append(Cursor::new(book(&sheet(&[&HEADER, &ROW], "")))).expect("an archive");
    for number in 2..262 {
        let part = blanks.by_index_raw(0).expect("a part");
        archive.raw_copy_file_rename(part, format!("xl/worksheets/sheet{number}.xml")).expect("a part");
    }
    archive.finish().expect("an archive").into_inner()
}
