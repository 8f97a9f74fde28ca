//! CSV in UTF-8 (with or without BOM), UTF-16 and GB18030, as Excel and WPS write it.

use super::{Table, WIDEST, header_row};
use crate::error::{Diagnostic, Diagnostics, Place, Result};
use crate::say;
use crate::schema::Schema;
use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The table of a file; rows that cannot be read are faults and hide nothing of the others.
pub(super) fn read(file: &str, bytes: &[u8], schema: &'static Schema, faults: &mut Diagnostics) -> Option<Table> {
    let text = faults.record(decode(file, bytes))?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut records = Records { file, lines: Lines::new(&text), record: csv::StringRecord::new() };
    let Some(line) = faults.record(records.next(&mut reader))? else {
        faults.push(Diagnostic::new(Place::file(file), say!("文件是空的", "the file is empty")));
        return None;
    };
    let header: Vec<String> = records.record.iter().map(str::to_string).collect();
    let width = header.len();
    if !header_row::is_known(&header, schema) && width <= WIDEST {
        let mut first = vec![(line, header)];
        while first.len() < header_row::LOOKED_AT
            && let Some(line) = faults.record(records.next(&mut reader))?
        {
            first.push((line, records.record.iter().take(WIDEST).map(str::to_string).collect()));
        }
        faults.push(header_row::untidy(file, &first, schema));
        return None;
    }
    let mut table = faults.record(Table::open(file, line, &header, schema))?;
    while let Some(line) = faults.record(records.next(&mut reader))? {
        let record = &records.record;
        if let Err(fault) = fits(record, width) {
            faults.push(Diagnostic { place: Place::line(file, line, ""), ..*fault });
        } else if let Err(text) = table.push(line, |position| record.get(position).unwrap_or("")) {
            faults.push(Diagnostic::new(Place::line(file, line, ""), text));
            break;
        } else if record.len() > width && !table.is_empty() {
            table.wide.insert(table.len() - 1, record.len());
        }
    }
    if table.wide.len() == table.len() {
        // All rows end in the same commas too many: that is how the file was written.
        table.wide.clear();
    }
    Some(table)
}

/// The records of a file, one after another, with their lines.
struct Records<'a> {
    file: &'a str,
    lines: Lines<'a>,
    record: csv::StringRecord,
}

impl Records<'_> {
    /// Reads the next record; its line, or `None` after the last.
    fn next(&mut self, reader: &mut csv::Reader<&[u8]>) -> Result<Option<usize>> {
        match reader.read_record(&mut self.record) {
            Ok(true) => Ok(Some(self.lines.of(&self.record))),
            Ok(false) => Ok(None),
            Err(cause) => {
                let text = say!("CSV 读取失败：{cause}", "the CSV cannot be read: {cause}");
                Err(Diagnostic::new(Place::file(self.file), text).into())
            }
        }
    }
}

/// Whether a row has as many cells as the header; cells that are empty do not matter.
fn fits(record: &csv::StringRecord, width: usize) -> std::result::Result<(), Box<Diagnostic>> {
    let cells = record.len();
    let filled = |from: usize| record.iter().skip(from).any(|cell| !cell.trim().is_empty());
    if !filled(width) && (cells >= width || !filled(0)) {
        return Ok(());
    }
    let text = say!("这一行有 {cells} 格，表头有 {width} 格", "this row has {cells} cells, the header {width}");
    Err(Box::new(
        Diagnostic::new(Place::default(), text).hint(say!("含逗号的内容要加引号", "quote a cell that holds a comma")),
    ))
}

/// Line numbers as an editor shows them: LF, CRLF and CR each end a line.
///
/// The reader's own count stands before the line ends that precede a record, and knows no CR.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line on which a record begins; records come in the order of the file.
    fn of(&mut self, record: &csv::StringRecord) -> usize {
        let start = record.position().map_or(0, |position| position.byte() as usize);
        while self.at < start.min(self.bytes.len()) {
            self.step();
        }
        while matches!(self.bytes.get(self.at), Some(b'\r' | b'\n')) {
            self.step();
        }
        self.line
    }

    fn step(&mut self) {
        let ends = match self.bytes[self.at] {
            b'\n' => true,
            b'\r' => self.bytes.get(self.at + 1) != Some(&b'\n'),
            _ => false,
        };
        self.line += usize::from(ends);
        self.at += 1;
    }
}

/// The text of a file whose encoding is found out: byte-order marks, zero bytes, valid UTF-8, and GB18030 last.
fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>> {
    let refuse = |zh: &str, en: &str| {
        let hint = say!("请另存为 UTF-8 编码的 CSV", "save it as CSV in UTF-8");
        Err(Diagnostic::new(Place::file(file), say!("{zh}", "{en}")).hint(hint).into())
    };
    if bytes.starts_with(b"PK\x03\x04") {
        return refuse("这是 Excel 或 zip 文件，不是 CSV", "this is an Excel or zip file, not CSV");
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return refuse("这是旧版 Excel（.xls）文件，不是 CSV", "this is an old Excel (.xls) file, not CSV");
    }
    let Some(text) = decoded(bytes) else {
        return refuse(
            "无法识别文件编码（不是 UTF-8、GB18030 或 UTF-16 文本）",
            "this is no text in UTF-8, GB18030 or UTF-16",
        );
    };
    if text
        .trim_start()
        .get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case("<html") || start.eq_ignore_ascii_case("<!doc"))
    {
        return refuse("这是网页文件，不是 CSV", "this is a web page, not CSV");
    }
    Ok(text)
}

/// A text in UTF-8, UTF-16 or GB18030, as it is found out; `None` where it is none of them.
pub fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let wide = bytes.len() >= 4 && bytes.len().is_multiple_of(2);
    let encoding = if bytes.starts_with(b"\xff\xfe") || (wide && bytes[1] == 0 && bytes[3] == 0) {
        UTF_16LE
    } else if bytes.starts_with(b"\xfe\xff") || (wide && bytes[0] == 0 && bytes[2] == 0) {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        GB18030
    };
    let (text, _, damaged) = encoding.decode(bytes);
    (!damaged && !text.contains('\0')).then_some(text)
}

/// Comma, tab or semicolon: the one that the header has most of.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let count = |wanted: u8| header.bytes().filter(|&byte| byte == wanted).count();
    [b',', b'\t', b';'].into_iter().max_by_key(|&byte| (count(byte), byte == b',')).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::Encoding;

    /// A table with a blank line before the header, one between rows, and a quoted line break; the lines of its rows.
    fn table(end: &str) -> (String, Vec<usize>) {
        let lines = [
            "",
            "year,area,category,item,amount,unit,note",
            "2020,云溪,1.A,a,1,t,",
            "",
            "2021,云溪,1.A,a,1,t,\"two",
            "lines\"",
            "2022,云溪,1.A,a,1,t,",
        ];
        (lines.join(end) + end, vec![3, 5, 7])
    }

    fn encoded(text: &str, encoding: &str) -> Vec<u8> {
        match encoding {
            "utf-16le" => [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
            "utf-8 with mark" => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            name => {
                Encoding::for_label(name.as_bytes()).map_or_else(Vec::new, |known| known.encode(text).0.into_owned())
            }
        }
    }

    #[test]
    fn lines_are_those_of_an_editor() {
        for end in ["\n", "\r\n", "\r"] {
            for encoding in ["utf-8", "utf-8 with mark", "gb18030", "utf-16le", "utf-16be"] {
                let (text, expected) = table(end);
                let mut faults = Diagnostics::default();
                let read = read("a.csv", &encoded(&text, encoding), &crate::schema::ACTIVITY, &mut faults);
                let read = read.expect("a table");
                let lines: Vec<usize> = read.rows().map(|row| row.line()).collect();
                assert_eq!(lines, expected, "{end:?} {encoding}");
            }
        }
    }
}
