//! The table of water pollutants: what is generated, collected, removed and discharged.

use super::tables::{constant, number, text, year};
use crate::analysis::Analysis;
use crate::code::Coded;
use crate::inventory::Inventory;
use crate::schema::HISTORY;
use polars::prelude::*;

pub(super) fn water(inventory: &Inventory<'_>, analysis: &Analysis<'_>) -> PolarsResult<DataFrame> {
    let rows = &analysis.water_loads;
    let words = &inventory.study.words;
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", HISTORY, rows.len()),
            year(rows, |r| r.year),
            text("area", rows, |r| words.areas.code(r.area).to_string()),
            text("category", rows, |r| words.categories.code(r.category).to_string()),
            text("name", rows, |r| words.categories.get(r.category).name_zh().to_string()),
            text("item", rows, |r| words.items.code(r.item).to_string()),
            text("pollutant", rows, |r| words.pollutants.code(r.pollutant).to_string()),
            number("generated_t", rows, |r| r.generated_t),
            number("collected_t", rows, |r| r.collected_t),
            number("removed_t", rows, |r| r.removed_t),
            number("discharged_t", rows, |r| Some(r.discharged_t)),
            text("quality", rows, |r| r.quality.clone()),
            text("confidence", rows, |r| r.confidence.map_or("", |confidence| confidence.word()).to_string()),
        ],
    )
}
