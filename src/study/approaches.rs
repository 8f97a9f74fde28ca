//! `approaches.csv`: memo categories that estimate another way what a category holds, the library's and the study's own.

use super::folder::File;
use super::vocabulary::{Vocabulary, tables};
use crate::category::Approach;
use crate::error::Diagnostics;
use crate::say;
use crate::schema;
use crate::table::Row;

/// A study's row comes in the place of the library's of the same category and pollutant.
pub(super) fn read(files: &[File], words: &Vocabulary, faults: &mut Diagnostics) -> Vec<Approach> {
    let mut found: Vec<Approach> = Vec::new();
    for table in tables(files, "approaches", &schema::APPROACHES, faults) {
        for row in table.rows() {
            let Some(approach) = approach(row, words, faults) else { continue };
            let same =
                |known: &&mut Approach| (known.category, known.pollutant) == (approach.category, approach.pollutant);
            match found.iter_mut().find(same) {
                Some(known) => *known = approach,
                None => found.push(approach),
            }
        }
    }
    found
}

fn approach(row: Row<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Approach> {
    let before = faults.0.len();
    for column in ["category", "beside", "pollutant"] {
        row.required(column, faults);
    }
    let category = Vocabulary::find(&words.categories, row, "category", faults);
    let beside = Vocabulary::find(&words.categories, row, "beside", faults);
    let pollutant = Vocabulary::find(&words.pollutants, row, "pollutant", faults);
    let largest_share = if row.text("largest_share").is_empty() { None } else { row.number("largest_share", faults) };
    words.check_citation(row, faults);
    for (column, index, wanted) in [("category", category, true), ("beside", beside, false)] {
        if index.is_some_and(|index| words.categories.is_memo(index) != wanted) {
            let text = if wanted {
                say!("这里应为 memo 范围的类别", "this has to be a category of scope memo")
            } else {
                say!("这里不能是 memo 范围的类别", "this may not be a category of scope memo")
            };
            faults.push(row.fault(column, text));
        }
    }
    if largest_share.is_some_and(|share| share < 0.0) {
        faults.push(row.fault("largest_share", say!("不能为负", "must not be negative")));
    }
    let (category, beside, pollutant) = (category?, beside?, pollutant?);
    (faults.0.len() == before).then_some(Approach { category, beside, pollutant, largest_share })
}
