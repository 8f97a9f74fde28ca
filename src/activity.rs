//! Activity: what a district burned, made, raised, drained and threw away, row by row.

use crate::error::Place;
use crate::unit::Unit;
use foldhash::{HashMap, HashMapExt};
use std::collections::hash_map::Entry;

/// Why a row has no number: the notation keys of the reporting guidelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notation {
    /// Not occurring.
    No,
    /// Not estimated.
    Ne,
    /// Not applicable.
    Na,
    /// Confidential.
    C,
    /// Included elsewhere: in this category.
    Ie(usize),
}

impl Notation {
    /// The notation key as reported.
    pub fn word(self) -> &'static str {
        match self {
            Self::No => "NO",
            Self::Ne => "NE",
            Self::Na => "NA",
            Self::C => "C",
            Self::Ie(_) => "IE",
        }
    }
}

/// String interner for the free-text columns (technology, source, note): each distinct string gets one `u32` id.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    words: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Interner {
    /// The id of a string, new if it has none yet.
    pub fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = self.words.len() as u32;
        self.words.push(word.to_string());
        self.numbers.insert(word.to_string(), number);
        number
    }

    /// The string of an id.
    pub fn get(&self, number: u32) -> &str {
        &self.words[number as usize]
    }

    /// The id of a string, if it has one.
    pub fn find(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// All rows, column by column; codes are indices into the study's codebooks, words into [`Activity::words`].
#[derive(Debug, Default)]
pub struct Activity {
    pub year: Vec<i32>,
    pub area: Vec<u32>,
    pub category: Vec<u32>,
    pub item: Vec<u32>,
    pub technology: Vec<u32>,
    pub source: Vec<u32>,
    /// In canonical units; not a number where a notation key stands.
    pub amount: Vec<f64>,
    /// Index into [`Activity::units`].
    pub unit: Vec<u32>,
    pub quality: Vec<u32>,
    pub reference: Vec<u32>,
    pub note: Vec<u32>,
    /// Half-width of the 95 % interval in per cent, where given.
    pub uncertainty_pct: Vec<f64>,
    /// Index into [`Activity::files`].
    pub file: Vec<u32>,
    pub line: Vec<u32>,
    /// Rows without a number.
    pub notations: HashMap<u32, Notation>,
    pub words: Interner,
    pub units: Vec<(String, Unit)>,
    pub files: Vec<String>,
    /// How many rows are of the study's own tables; those after them are made by its scenarios and hold no amount.
    pub own: usize,
}

impl Activity {
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.year.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.year.is_empty()
    }

    /// Source position of a cell.
    pub fn place(&self, row: usize, column: &str) -> Place {
        Place::line(&self.files[self.file[row] as usize], self.line[row] as usize, column)
    }

    /// `activity/industry.csv:7`
    pub fn reference_of(&self, row: usize) -> String {
        format!("{}:{}", self.files[self.file[row] as usize], self.line[row])
    }

    /// The unit of a row, as written and parsed.
    pub fn unit_of(&self, row: usize) -> &(String, Unit) {
        &self.units[self.unit[row] as usize]
    }

    /// Puts the rows into another order: first the one that `order` names first.
    pub fn arrange(&mut self, order: &[u32]) {
        fn by<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
            *column = order.iter().map(|&row| column[row as usize]).collect();
        }
        by(&mut self.year, order);
        by(&mut self.amount, order);
        by(&mut self.uncertainty_pct, order);
        let columns = [&mut self.area, &mut self.category, &mut self.item, &mut self.technology, &mut self.source];
        columns.into_iter().for_each(|column| by(column, order));
        let columns = [&mut self.unit, &mut self.quality, &mut self.reference, &mut self.note];
        columns.into_iter().for_each(|column| by(column, order));
        [&mut self.file, &mut self.line].into_iter().for_each(|column| by(column, order));
        let numbered = order.iter().enumerate();
        let kept = numbered.filter_map(|(row, old)| Some((row as u32, *self.notations.get(old)?)));
        self.notations = kept.collect();
        self.number_words();
    }

    /// Renumbers the strings in the order of their first row.
    fn number_words(&mut self) {
        let old = std::mem::take(&mut self.words);
        let mut numbers: Vec<Option<u32>> = vec![None; old.len()];
        for row in 0..self.year.len() {
            let columns =
                [&mut self.technology, &mut self.source, &mut self.quality, &mut self.reference, &mut self.note];
            for column in columns {
                let word = column[row];
                let number = numbers[word as usize].get_or_insert_with(|| self.words.number(old.get(word)));
                column[row] = *number;
            }
        }
    }

    /// The amount as the file gives it, in the file's unit.
    pub fn written_amount(&self, row: usize) -> f64 {
        self.amount[row] / self.unit_of(row).1.factor
    }

    /// The amount as the file gives it, with its unit, or its notation key.
    pub fn written(&self, row: usize) -> String {
        let unit = &self.unit_of(row).0;
        match self.notations.get(&(row as u32)) {
            Some(notation) => notation.word().to_string(),
            None => format!("{} {unit}", self.written_amount(row)),
        }
    }

    /// Whether a row of the key of another says the same amount of the same reference.
    pub fn is_copy(&self, first: usize, second: usize) -> bool {
        let alike = self.amount[first] == self.amount[second] && self.unit_of(first).1 == self.unit_of(second).1;
        alike && self.reference[first] == self.reference[second]
    }

    /// The string of an id in the free-text columns.
    pub fn word(&self, number: u32) -> &str {
        self.words.get(number)
    }

    /// Pairs of rows with one key (year, area, category, item, technology, source): both count, and most likely one is a copy.
    pub fn repeated(&self) -> Vec<(usize, usize)> {
        let key = |row: usize| {
            (self.year[row], self.area[row], self.category[row], self.item[row], self.technology[row], self.source[row])
        };
        let mut first: HashMap<_, usize> = HashMap::with_capacity(self.len());
        let before = |row: usize| match first.entry(key(row)) {
            Entry::Occupied(entry) => Some((*entry.get(), row)),
            Entry::Vacant(entry) => {
                entry.insert(row);
                None
            }
        };
        (0..self.own).filter_map(before).collect()
    }
}

/// Words of the column `quality`, from best to worst.
pub const QUALITIES: [&str; 5] = ["measured", "statistics", "reported", "estimated", "proxy"];

/// The same words in Chinese, each with those that mean it too.
const QUALITIES_ZH: [&[&str]; 5] =
    [&["实测", "监测"], &["统计", "统计数据"], &["上报", "报告", "填报"], &["估算", "估计"], &["替代", "代用"]];

/// The quality of a cell, in either language.
pub fn quality(text: &str) -> Option<&'static str> {
    QUALITIES.iter().zip(QUALITIES_ZH).find(|(word, zh)| **word == text || zh.contains(&text)).map(|(word, _)| *word)
}

/// All words of quality, in Chinese and English, for messages.
pub fn qualities() -> String {
    let both = QUALITIES.iter().zip(QUALITIES_ZH).map(|(word, zh)| format!("{}（{word}）", zh[0]));
    both.collect::<Vec<_>>().join("、")
}

/// Quality code of a proxy value, used where no measured figure exists.
pub const PROXY: &str = "proxy";
