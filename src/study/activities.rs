//! Activity tables into columns: every cell looked up once per distinct text, every fault with its place.

use super::folder::File;
use super::row_order;
use super::vocabulary::Vocabulary;
use crate::activity::{Activity, Notation, QUALITIES, qualities, quality};
use crate::category::{LAND, Scope};
use crate::code::{Codebook, Coded};
use crate::error::{Diagnostic, Diagnostics, Text, nearest};
use crate::say;
use crate::schema;
use crate::table::{self, Cells, Row, Table};
use crate::unit::Unit;
use foldhash::HashMap;

/// `area` is the study's, where it is known: every row has to lie in it.
pub(super) fn read(files: &[File], words: &Vocabulary, area: Option<usize>, faults: &mut Diagnostics) -> Activity {
    let mut activity = Activity::default();
    for file in files.iter().filter(|file| file.name.starts_with("activity/")) {
        for table in table::read(&file.name, &file.bytes, &schema::ACTIVITY, faults) {
            Reader::new(&table, words, area).rows(&mut activity, faults);
        }
    }
    activity.own = activity.len();
    let order = row_order::canonical(&activity, words);
    activity.arrange(&order);
    activity
}

/// What a distinct text of a column turned out to be, kept for the rows that repeat it.
type Seen<'a, T> = HashMap<&'a str, Result<T, (Text, Option<Text>)>>;

/// The columns of the table, looked up by name once and not for every row.
struct Columns<'a> {
    year: &'a Cells,
    /// Area, category, item, unit.
    keys: [&'a Cells; 4],
    amount: &'a Cells,
    uncertainty: &'a Cells,
    /// Technology, source, quality, reference, note.
    words: [&'a Cells; 5],
}

impl<'a> Columns<'a> {
    fn of(table: &'a Table) -> Self {
        Self {
            year: table.cells("year"),
            keys: ["area", "category", "item", "unit"].map(|column| table.cells(column)),
            amount: table.cells("amount"),
            uncertainty: table.cells("uncertainty_pct"),
            words: ["technology", "source", "quality", "reference", "note"].map(|column| table.cells(column)),
        }
    }
}

struct Reader<'a> {
    table: &'a Table,
    columns: Columns<'a>,
    words: &'a Vocabulary,
    area: Option<usize>,
    areas: Seen<'a, u32>,
    categories: Seen<'a, u32>,
    items: Seen<'a, u32>,
    units: Seen<'a, u32>,
}

fn hint_nearest(near: Option<&str>) -> Option<Text> {
    near.map(|name| say!("最接近的已知名称：'{name}'", "the nearest known name is '{name}'"))
}

/// The index of a code or name. The nearest name is looked for as long as there are few faults: suggestions stop when there are many.
fn code<T: Coded>(book: &Codebook<T>, text: &str, seen: usize) -> Result<u32, (Text, Option<Text>)> {
    let near = || if seen < ASKED { hint_nearest(book.nearest(text)) } else { None };
    book.find(text).map(|index| index as u32).map_err(|cause| (cause, near()))
}

/// After so many faults no nearest name is looked for.
pub(super) const ASKED: usize = 1000;

impl<'a> Reader<'a> {
    fn new(table: &'a Table, words: &'a Vocabulary, area: Option<usize>) -> Self {
        let (areas, categories, items, units) = Default::default();
        Self { table, columns: Columns::of(table), words, area, areas, categories, items, units }
    }

    fn rows(mut self, activity: &mut Activity, faults: &mut Diagnostics) {
        let file = activity.files.len() as u32;
        activity.files.push(self.table.file.clone());
        for row in self.table.rows() {
            let before = faults.0.len();
            let year = row.as_year(self.columns.year.get(row.row), "year", faults);
            if year.is_none() && faults.0.len() == before {
                faults.push(row.empty("year"));
            }
            let keys = self.keys(row, activity, faults);
            let amount = self.amount(row, keys.map(|keys| keys[1]), faults);
            self.check_words(row, faults);
            let (Some(year), Some([area, category, item, unit]), Some((amount, notation))) = (year, keys, amount)
            else {
                continue;
            };
            let measure = activity.units[unit as usize].1;
            if let Some(notation) = notation {
                activity.notations.insert(activity.len() as u32, notation);
            }
            activity.amount.push(amount * measure.factor);
            activity.year.push(year);
            activity.area.push(area);
            activity.category.push(category);
            activity.item.push(item);
            activity.unit.push(unit);
            activity.file.push(file);
            activity.line.push(row.line() as u32);
            self.words(row, category, activity);
        }
    }

    /// Area, category, item and unit of a row, each looked up once per distinct text.
    fn keys(&mut self, row: Row<'a>, activity: &mut Activity, faults: &mut Diagnostics) -> Option<[u32; 4]> {
        let [area, category, item, unit] = self.columns.keys.map(|cells| cells.get(row.row));
        let words = self.words;
        let within = self.area;
        let seen = faults.0.len();
        let cell = |column, text| Cell { row, column, text };
        let area = look_up(&mut self.areas, cell("area", area), faults, |text| inside(words, within, text, seen));
        let category = look_up(&mut self.categories, cell("category", category), faults, |text| {
            code(&words.categories, text, seen)
        });
        let item = look_up(&mut self.items, cell("item", item), faults, |text| code(&words.items, text, seen));
        let unit = look_up(&mut self.units, cell("unit", unit), faults, |text| {
            if text != "1" && text.parse::<f64>().is_ok() {
                let hint = say!("检查这一行的列是否错位", "see whether the row's cells have moved");
                return Err((say!("'{text}' 是数字，不是单位", "'{text}' is a number and no unit"), Some(hint)));
            }
            let unit: Unit = words.units.parse(text).map_err(|cause| (cause, None))?;
            activity.units.push((text.to_string(), unit));
            Ok(activity.units.len() as u32 - 1)
        });
        Some([area?, category?, item?, unit?])
    }

    /// A number or a notation key. Negative amounts are for land, purchased energy and memo items.
    fn amount(&self, row: Row<'_>, category: Option<u32>, faults: &mut Diagnostics) -> Option<(f64, Option<Notation>)> {
        let text = self.columns.amount.get(row.row);
        let number = table::readable(text);
        if let Err(Some(cause)) = number {
            faults.push(row.fault("amount", cause));
            return None;
        }
        if let Ok(amount) = number {
            let category = category.map(|index| self.words.categories.get(index as usize));
            let signed = category.is_none_or(|category| category.sector == LAND || category.scope != Scope::Direct);
            if amount < 0.0 && !signed {
                let text = say!(
                    "数量不能为负（只有土地利用、调入能源和备忘项可以）",
                    "the amount is negative; only land, purchased energy and memo items may be"
                );
                faults.push(row.fault("amount", text));
                return None;
            }
            return Some((amount, None));
        }
        self.notation(row, text, faults).map(|notation| (f64::NAN, Some(notation)))
    }

    fn notation(&self, row: Row<'_>, text: &str, faults: &mut Diagnostics) -> Option<Notation> {
        let simple = [Notation::No, Notation::Ne, Notation::Na, Notation::C];
        if let Some(notation) = simple.into_iter().find(|notation| notation.word() == text) {
            return Some(notation);
        }
        if let Some(target) = elsewhere(text) {
            return included(self.words, row, "amount", target, faults).map(Notation::Ie);
        }
        let fault = match text {
            "" => row.empty("amount"),
            _ => table::not_a_number(row.place("amount"), text),
        };
        let hint = say!(
            "没有数据时写 NE、NO、NA、C 或 IE:<类别>",
            "where there is no figure write NE, NO, NA, C or IE:<category>"
        );
        faults.push(if fault.hint.is_none() { fault.hint(hint) } else { fault });
        None
    }

    /// The two columns beside the key that are not free words: quality and uncertainty.
    fn check_words(&self, row: Row<'_>, faults: &mut Diagnostics) {
        check_quality(row, self.columns.words[2].get(row.row), faults);
        let uncertainty = row.as_number(self.columns.uncertainty.get(row.row), "uncertainty_pct", faults);
        if uncertainty.is_some_and(|value| value < 0.0) {
            faults.push(row.fault("uncertainty_pct", say!("不确定度不能为负", "the uncertainty is negative")));
        }
    }

    fn words(&self, row: Row<'_>, category: u32, activity: &mut Activity) {
        activity.uncertainty_pct.push(table::number_of(self.columns.uncertainty.get(row.row)).unwrap_or(f64::NAN));
        let mut texts = self.columns.words.map(|cells| cells.get(row.row));
        texts[0] = self.words.technologies.code_of(texts[0], self.words.categories.code(category as usize));
        texts[2] = quality(texts[2]).unwrap_or("");
        let [technology, source, quality, reference, note] = texts.map(|text| activity.words.number(text));
        activity.technology.push(technology);
        activity.source.push(source);
        activity.quality.push(quality);
        activity.reference.push(reference);
        activity.note.push(note);
    }
}

/// What stands behind `IE:`; `None` where the text is no such notation.
pub(super) fn elsewhere(text: &str) -> Option<&str> {
    text.strip_prefix("IE:").or_else(|| text.strip_prefix("IE：")).map(str::trim)
}

/// The category that something is included in.
pub(super) fn included(
    words: &Vocabulary,
    row: Row<'_>,
    column: &str,
    target: &str,
    faults: &mut Diagnostics,
) -> Option<usize> {
    let book = &words.categories;
    book.find(target).map_err(|cause| faults.push(row.fault(column, cause).nearest(book.nearest(target)))).ok()
}

/// The quality is one of five words in either language, or left open; the word that outputs use.
pub(super) fn check_quality(row: Row<'_>, text: &str, faults: &mut Diagnostics) -> &'static str {
    let known = quality(text);
    if !text.is_empty() && known.is_none() {
        let (shown, zh, en) = (table::shorten(text), qualities(), QUALITIES.join(", "));
        let fault = row.fault("quality", say!("没有数据质量 '{shown}'", "there is no quality '{shown}'"));
        faults.push(fault.hint(say!("应为 {zh}", "expected one of {en}")));
    }
    known.unwrap_or("")
}

/// An area of the study, or why it is none.
pub(super) fn inside(
    words: &Vocabulary,
    study: Option<usize>,
    text: &str,
    seen: usize,
) -> Result<u32, (Text, Option<Text>)> {
    let area = code(&words.areas, text, seen)?;
    let Some(study) = study.filter(|study| !words.areas.ancestors(area as usize).contains(study)) else {
        return Ok(area);
    };
    let home = words.areas.code(study);
    Err((say!("'{text}' 不在研究地区 '{home}' 之内", "'{text}' does not lie in the study's area '{home}'"), None))
}

/// A cell of a key column.
#[derive(Clone, Copy)]
struct Cell<'a> {
    row: Row<'a>,
    column: &'static str,
    text: &'a str,
}

/// Looks up the text of a cell, once for all rows with the same text; an error is still reported for each of them.
fn look_up<'a>(
    seen: &mut Seen<'a, u32>,
    cell: Cell<'a>,
    faults: &mut Diagnostics,
    find: impl FnOnce(&'a str) -> Result<u32, (Text, Option<Text>)>,
) -> Option<u32> {
    let Cell { row, column, text } = cell;
    if text.is_empty() {
        faults.push(row.empty(column));
        return None;
    }
    match seen.entry(text).or_insert_with(|| find(text)) {
        Ok(index) => Some(*index),
        Err((text, hint)) => {
            let fault = Diagnostic::new(row.place(column), text.clone());
            faults.push(Diagnostic { hint: hint.clone(), ..fault });
            None
        }
    }
}

/// The nearest of a list of words, as a hint.
pub(super) fn nearest_word(word: &str, known: &[&str]) -> Option<Text> {
    hint_nearest(nearest(word, known.iter().copied()))
}
