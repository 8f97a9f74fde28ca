//! What the XML of a workbook says beside the values of its cells: what is hidden or merged, and which formulas have no result.

use super::letters;
use foldhash::HashMap;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::io::{Cursor, Read};

/// Excel's own bounds: a cell beyond them is a damaged one.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;
/// Merged ranges are looked at in the columns that a table may have.
const MERGED: u32 = 64;

/// A sheet of a workbook and the part that holds it.
pub(super) struct SheetPart {
    pub name: String,
    pub path: String,
    pub visible: bool,
}

/// Rows and columns count from 0.
#[derive(Default)]
pub(super) struct Marks {
    /// Rows that are hidden and hold something.
    pub hidden_rows: Vec<u32>,
    /// First and last column of what is hidden.
    pub hidden_columns: Vec<(u32, u32)>,
    /// By column: top, bottom and the range's name, from the top down.
    merged: HashMap<u32, Vec<(u32, u32, String)>>,
    /// By row: columns of formulas that the file has no result of.
    pub unsaved: HashMap<u32, Vec<u32>>,
    /// An address that no sheet has.
    pub impossible: Option<String>,
}

impl Marks {
    /// The merged range that a cell lies in, with its first row.
    pub fn merged(&self, row: u32, column: u32) -> Option<(u32, &str)> {
        let ranges = self.merged.get(&column)?;
        let (top, bottom, name) = ranges[..ranges.partition_point(|(top, ..)| *top <= row)].last()?;
        (row <= *bottom).then_some((*top, name.as_str()))
    }
}

/// The sheets of a workbook in their order; none where it is not laid out as usual.
pub(super) fn parts(bytes: &[u8]) -> Vec<SheetPart> {
    let (Some(relations), Some(book)) = (text(bytes, "xl/_rels/workbook.xml.rels"), text(bytes, "xl/workbook.xml"))
    else {
        return Vec::new();
    };
    let mut targets = HashMap::default();
    elements(&relations, |element| {
        if let ("Relationship", Some(id), Some(target)) =
            (element.local_name().as_ref(), attribute(element, "Id"), attribute(element, "Target"))
        {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_string);
            targets.insert(id, path);
        }
    });
    let mut parts = Vec::new();
    elements(&book, |element| {
        if element.local_name().as_ref() != "sheet" {
            return;
        }
        let mut keys = element.attributes().flatten().filter(|own| own.key.local_name().as_ref() == "id");
        let path = keys.next().and_then(|id| targets.get(id.value.as_ref()).cloned());
        if let (Some(name), Some(path)) = (attribute(element, "name"), path) {
            let visible = attribute(element, "state").is_none_or(|state| state == "visible");
            parts.push(SheetPart { name, path, visible });
        }
    });
    parts
}

/// The marks of one sheet.
pub(super) fn marks(bytes: &[u8], path: &str) -> Marks {
    let mut marks = Marks::default();
    let Some(text) = text(bytes, path) else { return marks };
    let mut reader = Reader::from_str(&text);
    reader.config_mut().expand_empty_elements = true;
    let mut at = At::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => at.open(&element, &mut marks),
            Ok(Event::Text(text)) => at.filled |= at.inside && !text.trim().is_empty(),
            Ok(Event::CData(_) | Event::GeneralRef(_)) => at.filled |= at.inside,
            Ok(Event::End(element)) => at.close(element.local_name().as_ref(), &mut marks),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    for ranges in marks.merged.values_mut() {
        ranges.sort_unstable();
    }
    marks
}

/// Where a reading of a sheet is.
#[derive(Default)]
struct At {
    row: u32,
    column: u32,
    /// The row is hidden, and nothing of it has been seen yet.
    hidden: bool,
    formula: bool,
    /// Inside of an element that holds a value; it holds something.
    inside: bool,
    filled: bool,
    /// The cell holds a text, which may be an empty one.
    text: bool,
}

impl At {
    fn open(&mut self, element: &BytesStart<'_>, marks: &mut Marks) {
        match element.local_name().as_ref() {
            "row" => {
                let row = attribute(element, "r").and_then(|row| row.parse::<u32>().ok());
                self.row = row.map_or(self.row, |row| row.saturating_sub(1));
                self.column = 0;
                self.hidden = flag(element, "hidden");
            }
            "c" => {
                (self.formula, self.filled, self.inside) = Default::default();
                self.text = attribute(element, "t").is_some_and(|kind| kind == "str");
                let Some(address) = attribute(element, "r") else { return };
                match position(&address) {
                    Some(place) => (self.row, self.column) = place,
                    None => marks.impossible = marks.impossible.take().or(Some(address)),
                }
            }
            "f" => self.formula = true,
            "v" | "t" => self.inside = true,
            "col" if flag(element, "hidden") => {
                let bound = |name: &str| attribute(element, name)?.parse::<u32>().ok()?.checked_sub(1);
                marks.hidden_columns.extend(bound("min").zip(bound("max")));
            }
            "mergeCell" => {
                let range = attribute(element, "ref").unwrap_or_default();
                let ends = range.split_once(':').map(|(from, to)| (position(from), position(to)));
                if let Some((Some((top, left)), Some((bottom, right)))) = ends {
                    for column in left..=right.min(MERGED) {
                        marks.merged.entry(column).or_default().push((top, bottom, range.clone()));
                    }
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, marks: &mut Marks) {
        match name {
            "row" => self.row = self.row.saturating_add(1),
            "v" | "t" => self.inside = false,
            "c" => {
                if self.formula && !self.filled && !self.text {
                    marks.unsaved.entry(self.row).or_default().push(self.column);
                }
                if self.hidden && (self.filled || self.formula) {
                    self.hidden = false;
                    marks.hidden_rows.push(self.row);
                }
                self.column = self.column.saturating_add(1);
            }
            _ => {}
        }
    }
}

/// `B12` as row and column; `None` beyond what a sheet can have.
fn position(address: &str) -> Option<(u32, u32)> {
    let digits = address.find(|c: char| c.is_ascii_digit())?;
    let (name, row) = address.split_at(digits);
    let letter = |column: u32, c: char| {
        let place = c.is_ascii_alphabetic().then(|| c.to_ascii_uppercase() as u32 - u32::from(b'A') + 1)?;
        Some(column * 26 + place).filter(|column| *column <= COLUMNS)
    };
    let column = name.chars().try_fold(0, letter)?.checked_sub(1)?;
    let row = row.parse::<u32>().ok()?.checked_sub(1).filter(|row| *row < ROWS)?;
    Some((row, column))
}

/// The name of columns that are hidden: `C` or `C:E`.
pub(super) fn span(from: u32, to: u32) -> String {
    let (from, to) = (letters(from as usize), letters(to as usize));
    if from == to { from } else { format!("{from}:{to}") }
}

fn flag(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| value == "1" || value == "true")
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok()??;
    Some(unescape(&attribute.value).map_or_else(|_| attribute.value.to_string(), |value| value.to_string()))
}

fn elements(text: &str, mut visit: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => visit(&element),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
}

/// A part of the file as text. The file has been weighed: no part of it is too large.
fn text(bytes: &[u8], path: &str) -> Option<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut text = Vec::new();
    archive.by_name(path).ok()?.read_to_end(&mut text).ok()?;
    String::from_utf8(text).ok().map(|text| text.trim_start_matches('\u{feff}').to_string())
}
