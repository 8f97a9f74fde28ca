//! The same emissions by two approaches: what a memo category makes of them beside the category that it checks.

use super::intensity::Indicator;
use super::total::{Grouping, Totals};
use crate::category::Approach;
use crate::code::Coded;
use crate::error::Text;
use crate::inventory::Inventory;
use crate::say;
use crate::target::Boundary;

/// Both values, their difference, and the difference as a share of the category that is checked, year by year.
pub(super) fn differences(inventory: &Inventory<'_>, totals: &Totals, notices: &mut Vec<Text>) -> Vec<Indicator> {
    let study = inventory.study;
    let mut found = Vec::new();
    for approach in &study.approaches {
        for &year in &inventory.years {
            let Some((own, other)) = values(inventory, totals, approach, year) else { continue };
            let difference = own - other;
            let share = difference / other.abs();
            let (name, beside) = names(inventory, approach);
            let mut add = |name: String, value: f64, unit: &str| {
                found.push(Indicator { year, name, value, unit: unit.to_string() });
            };
            add(name.clone(), own, "t");
            add(beside.clone(), other, "t");
            add(format!("{name} difference"), difference, "t");
            if share.is_finite() {
                add(format!("{name} relative difference"), share * 100.0, "%");
            }
            if let Some(largest) = approach.largest_share.filter(|largest| share.abs() > *largest) {
                let (pct, limit) = (share * 100.0, largest * 100.0);
                let name_zh = study.words.categories.get(approach.category).name_zh();
                let name_en = &name;
                let code = study.words.categories.code(approach.beside);
                notices.push(say!(
                    "{year} 年{name_zh}与 {code} 相差 {pct:+.2}%，超过 {limit}%，应说明原因",
                    "{year}: the {name_en} differs from {code} by {pct:+.2} %, more than {limit} %: say why"
                ));
            }
        }
    }
    found
}

/// The sums of the memo category and of the category beside it, where both have one.
fn values(inventory: &Inventory<'_>, totals: &Totals, approach: &Approach, year: i32) -> Option<(f64, f64)> {
    let words = &inventory.study.words;
    let pollutant = words.pollutants.code(approach.pollutant);
    let of = |boundary, category: usize| {
        let group = (Grouping::Category, words.categories.code(category));
        totals.find(year, boundary, group, pollutant).map(|sum| sum.value_t)
    };
    of(Boundary::Memo, approach.category).zip(of(Boundary::Direct, approach.beside))
}

/// `reference approach` and `sectoral approach (1.A)`; with the pollutant where the category is compared for several.
fn names(inventory: &Inventory<'_>, approach: &Approach) -> (String, String) {
    let study = inventory.study;
    let categories = &study.words.categories;
    let own = categories.get(approach.category);
    let name = if own.name_en.is_empty() { own.code.clone() } else { own.name_en.to_lowercase() };
    let several = study.approaches.iter().filter(|other| other.category == approach.category).count() > 1;
    let of = if several { format!("{} ", study.words.pollutants.code(approach.pollutant)) } else { String::new() };
    (format!("{of}{name}"), format!("{of}sectoral approach ({})", categories.code(approach.beside)))
}
