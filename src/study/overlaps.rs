//! `overlaps.csv`: activities whose emissions are easily counted by two kinds of rows at once, the library's and the study's own.

use super::folder::File;
use super::vocabulary::{Vocabulary, tables};
use crate::category::Overlap;
use crate::code::aliases;
use crate::error::{Diagnostics, Text};
use crate::schema;
use crate::table::{Row, Table};

pub(super) fn read(files: &[File], words: &Vocabulary, faults: &mut Diagnostics) -> Vec<Overlap> {
    let tables = tables(files, "overlaps", &schema::OVERLAPS, faults);
    tables.iter().flat_map(Table::rows).filter_map(|row| overlap(row, words, faults)).collect()
}

fn overlap(row: Row<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Overlap> {
    let before = faults.0.len();
    for column in ["category", "beside", "pollutants"] {
        row.required(column, faults);
    }
    let category = Vocabulary::find(&words.categories, row, "category", faults);
    let beside = Vocabulary::find(&words.categories, row, "beside", faults);
    let item = Vocabulary::find(&words.items, row, "item", faults);
    let mut pollutants = Vec::new();
    for name in aliases(row.text("pollutants")) {
        match words.pollutants.find(&name) {
            Ok(index) => pollutants.push(index),
            Err(cause) => faults.push(row.fault("pollutants", cause).nearest(words.pollutants.nearest(&name))),
        }
    }
    words.check_citation(row, faults);
    let (category, beside) = (category?, beside?);
    (faults.0.len() == before).then(|| Overlap {
        category,
        item,
        technologies: aliases(row.text("technology")),
        beside,
        beside_items: aliases(row.text("beside_items")),
        pollutants,
        remedy: Text { zh: row.text("text_zh").to_string(), en: row.text("text_en").to_string() },
    })
}
