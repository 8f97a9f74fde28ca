//! Workbooks, written part by part so that each may be broken in its own way.

use crate::damaged::case::Case;
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
            book(&sheet(&[&HEADER, &ROW, &["2020", "yunxi", "Q.1", "test_oer", "1,00", "t"]], "")),
        ),
    ]
    .into_iter()
    .chain(untidy())
    .collect()
}

/// Sheets as offices send them, and cells that hold other than they show.
fn untidy() -> Vec<Case> {
    let with = |name: &str, content: Vec<u8>| Case::new(name).content(FILE, content);
    vec![
        with("a title over the heading", book(&sheet(&[&["清江区2023年能源消费"], &["单位：吨"], &HEADER, &ROW], ""))),
        with(
            "a title over a heading of other words",
            book(&sheet(
                &[&["清江区2023年能源消费"], &["行业", "企业", "消费"], &["", "", "原煤"], &["采矿", "甲", "10"]],
                "",
            )),
        ),
        with(
            "years across",
            book(&sheet(&[&["area", "item", "unit", "2019年", "2020年"], &["yunxi", "test_ore", "t", "1", "2"]], "")),
        ),
        with("a formula without a result", book(&whole_row(r#"<c r="E2"><f>2*5</f><v></v></c>"#))),
        with("a cell with an impossible address", book(&whole_row(r#"<c r="A4294967296"><v>10</v></c>"#))),
        with(
            "merged cells",
            book(
                &sheet(&[&HEADER, &ROW, &["2020", "yunxi", "", "test_ore", "10", "t"]], "").replace(
                    "</sheetData>",
                    r#"</sheetData><mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>"#,
                ),
            ),
        ),
        with("per cent beside tonnes", styled(&whole_row(r#"<c r="E2" s="1"><v>0.925</v></c>"#))),
        with("only hidden sheets", sheets(&[("data", "hidden", &sheet(&[&HEADER, &ROW], ""))])),
        with(
            "faults of two sheets",
            sheets(&[
                ("heads", "visible", &sheet(&[&["year", "area", "category", "item", "amont", "unit"], &ROW], "")),
                ("cells", "visible", &sheet(&[&HEADER, &["2020", "yunxi", "Q.1", "test_oer", "581,7", "t"]], "")),
                ("away", "hidden", &sheet(&[&HEADER, &["20x0", "nowhere", "", "", "", ""]], "")),
            ]),
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

/// A sheet of the header and a row whose amount is the cell as it is written.
pub fn whole_row(amount: &str) -> String {
    let text = r#"<c r="E2" t="inlineStr"><is><t>10</t></is></c>"#;
    let sheet = sheet(&[&HEADER, &ROW], "");
    assert!(sheet.contains(text), "{sheet}");
    sheet.replace(text, amount)
}

/// A workbook whose style 1 shows per cent, with one sheet.
pub fn styled(sheet: &str) -> Vec<u8> {
    let mut parts = parts(sheet).to_vec();
    let space = "http://schemas.openxmlformats.org";
    let styles = format!(
        r#"<?xml version="1.0"?><styleSheet xmlns="{space}/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>"#
    );
    parts[3].1 = parts[3].1.replace(
        "</Relationships>",
        &format!(r#"<Relationship Id="rId9" Type="{space}/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#),
    );
    parts.push(("xl/styles.xml", styles));
    packed(&parts)
}

/// A workbook of several sheets: name, state and content of each.
pub fn sheets(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    const NAMES: [&str; 3] = ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"];
    let mut parts = parts(sheets[0].2).to_vec();
    let numbered = || sheets.iter().enumerate().map(|(index, sheet)| (index + 1, sheet));
    let entry = |(number, (name, state, _)): (usize, &(&str, &str, &str))| {
        format!(r#"<sheet name="{name}" sheetId="{number}" state="{state}" r:id="rId{number}"/>"#)
    };
    let entries: String = numbered().map(entry).collect();
    let (head, rest) = parts[2].1.split_once("<sheets>").expect("sheets");
    let (_, tail) = rest.split_once("</sheets>").expect("sheets");
    parts[2].1 = format!("{head}<sheets>{entries}</sheets>{tail}");
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
    let link = |(number, _)| {
        format!(r#"<Relationship Id="rId{number}" Type="{kind}" Target="worksheets/sheet{number}.xml"/>"#)
    };
    let links: String = numbered().skip(1).map(link).collect();
    parts[3].1 = parts[3].1.replace("</Relationships>", &format!("{links}</Relationships>"));
    for (index, (_, _, content)) in sheets.iter().enumerate().skip(1) {
        parts.push((NAMES[index], content.to_string()));
    }
    packed(&parts)
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
