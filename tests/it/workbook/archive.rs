//! The parts of a workbook as text: stored results overwritten, one cell changed.

use std::io::{Cursor, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// What every stored result is overwritten with: no formula of a test gives it.
const WRONG: &str = "-98765.4321";

/// The workbook with each part as `change` makes it.
fn rewritten(from: &Path, to: &Path, change: impl Fn(&str, String) -> String) {
    let bytes = std::fs::read(from).expect("a workbook");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let name = part.name().expect("a name").to_string();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        written.start_file(&name, SimpleFileOptions::default()).expect("a part");
        written.write_all(change(&name, text).as_bytes()).expect("a part");
    }
    let bytes = written.finish().expect("an archive").into_inner();
    std::fs::write(to, bytes).expect("a workbook");
}

/// A part of a workbook.
pub fn part(file: &Path, name: &str) -> String {
    let bytes = std::fs::read(file).expect("a workbook");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
    text
}

/// A copy in which every formula has a wrong result.
pub fn poison(from: &Path, to: &Path) {
    rewritten(from, to, |_, text| wrong(&text));
}

fn wrong(text: &str) -> String {
    let mut parts = text.split("</f><v>");
    let mut changed = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (_, rest) = part.split_once("</v>").expect("a result ends");
        changed.push_str(&format!("</f><v>{WRONG}</v>{rest}"));
    }
    changed
}

/// A copy with wrong results in which one number of one sheet, by its place among the sheets, is another.
pub fn change(from: &Path, to: &Path, (sheet, cell): (usize, &str), value: f64) {
    let wanted = format!("xl/worksheets/sheet{}.xml", sheet + 1);
    let start = format!("<c r=\"{cell}\"");
    rewritten(from, to, |name, text| {
        if name != wanted {
            return wrong(&text);
        }
        let at = text.find(&start).expect("the cell");
        let value_at = at + text[at..].find("<v>").expect("its number") + 3;
        let end = value_at + text[value_at..].find("</v>").expect("its end");
        assert!(!text[at..value_at].contains("<f>"), "{cell} is a formula");
        wrong(&format!("{}{value}{}", &text[..value_at], &text[end..]))
    });
}
