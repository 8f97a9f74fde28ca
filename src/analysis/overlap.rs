//! Rows that may count the same thing twice: a category beside a part of it, and the pairs of `overlaps.csv`. Both count; who reads
//! the result should know.

use crate::category::{self, Overlap};
use crate::error::{Text, rounded};
use crate::inventory::Inventory;
use crate::say;
use crate::study::Study;
use std::collections::BTreeMap;

/// A notice for each area and category that has rows beside its parts, and for each area with rows of both kinds of an overlap.
pub fn doubled(inventory: &Inventory<'_>) -> Vec<Text> {
    let overlaps = inventory.study.words.overlaps.iter().flat_map(|overlap| overlaps(inventory, overlap));
    nested(inventory.study).into_iter().chain(overlaps).collect()
}

/// Items of a notice that are spelt out.
const SHOWN: usize = 3;

/// The rows of one category in one year, with their amount in canonical units.
struct Rows {
    sum: f64,
    first: usize,
}

/// Area, item, dimension of the amount, year.
type Key = (u32, u32, usize, i32);

/// Rows of a category beside rows of a part of it, of the same year, area, item and dimension; of several years the last is told.
fn nested(study: &Study) -> Vec<Text> {
    let code = |category: u32| study.words.categories.code(category as usize);
    let mut found: BTreeMap<(u32, u32), BTreeMap<u32, Text>> = BTreeMap::new();
    for ((area, item, _, year), of_key) in &by_category(study) {
        for (whole, own) in of_key {
            let is_part = |part: &u32| part != whole && category::holds(code(*whole), code(*part));
            let parts: Vec<&Rows> = of_key.iter().filter(|(part, _)| is_part(part)).map(|(_, rows)| rows).collect();
            if let Some(first) = parts.first() {
                let beside = Rows { sum: parts.iter().map(|rows| rows.sum).sum(), first: first.first };
                let text = beside_parts(study, *item, *year, own, &beside);
                found.entry((*area, *whole)).or_default().insert(*item, text);
            }
        }
    }
    let told = found.into_iter().map(|((_, whole), items)| {
        let (whole, more) = (code(whole), items.len().saturating_sub(SHOWN));
        let list = |zh: bool| {
            let texts = items.values().take(SHOWN).map(|text| if zh { text.zh.as_str() } else { text.en.as_str() });
            texts.collect::<Vec<_>>().join(if zh { "；" } else { "; " })
        };
        let (zh, en) = (list(true), list(false));
        let rest = if more > 0 { say!("；另有 {more} 个项目", "; {more} more items") } else { Text::default() };
        let (rest_zh, rest_en) = (rest.zh, rest.en);
        say!(
            "类别 {whole} 与其下级类别都有数据，都计入；若前者已包含后者，就重复了：{zh}{rest_zh}",
            "{whole} and parts of it both have rows and both count; what the former holds of the latter counts twice: {en}{rest_en}"
        )
    });
    told.collect()
}

/// The rows with a number of the study's years.
fn by_category(study: &Study) -> BTreeMap<Key, BTreeMap<u32, Rows>> {
    let activity = &study.activity;
    let dimension = |unit: usize| activity.units[unit].1.in_expression();
    let units = 0..activity.units.len();
    let alike = |unit: usize| units.clone().find(|other| dimension(*other) == dimension(unit)).unwrap_or(unit);
    let dimensions: Vec<usize> = units.clone().map(alike).collect();
    let mut rows: BTreeMap<Key, BTreeMap<u32, Rows>> = BTreeMap::new();
    for row in 0..activity.own {
        let (year, category) = (activity.year[row], activity.category[row]);
        let has_number = !activity.notations.contains_key(&(row as u32));
        if !has_number || !study.settings.years.contains(&year) || study.words.categories.is_memo(category as usize) {
            continue;
        }
        let key = (activity.area[row], activity.item[row], dimensions[activity.unit[row] as usize], year);
        let own = rows.entry(key).or_default().entry(category).or_insert(Rows { sum: 0.0, first: row });
        own.sum += activity.amount[row];
    }
    rows
}

fn beside_parts(study: &Study, item: u32, year: i32, whole: &Rows, parts: &Rows) -> Text {
    let activity = &study.activity;
    let (unit, canonical) = activity.unit_of(whole.first);
    let amount = |rows: &Rows| format!("{} {unit}", rounded(rows.sum / canonical.factor));
    let place = |rows: &Rows| activity.reference_of(rows.first);
    let [zh, en] = [true, false].map(|zh| crate::study::name(&study.words.items, item as usize, zh));
    let (own, own_row, others, other_row) = (amount(whole), place(whole), amount(parts), place(parts));
    say!(
        "{year} 年{zh} {own}（{own_row}）与 {others}（{other_row} 等）",
        "{en} of {year}, {own} ({own_row}) beside {others} ({other_row} …)"
    )
}

/// Emissions of a pollutant by one side of an overlap.
struct OverlapSide {
    tonnes: f64,
    first: usize,
}

/// Both sides of an overlap, by area, year and pollutant.
type OverlapSides = BTreeMap<(u32, i32, usize), [Option<OverlapSide>; 2]>;

/// A notice for each area in which both sides of an overlap emit; it tells the last year and the pollutants.
fn overlaps(inventory: &Inventory<'_>, overlap: &Overlap) -> Vec<Text> {
    let study = inventory.study;
    let mut areas: BTreeMap<u32, (i32, Vec<String>, [usize; 2])> = BTreeMap::new();
    for ((area, year, pollutant), sides) in sides(inventory, overlap) {
        let [Some(one), Some(other)] = sides else { continue };
        let found = areas.entry(area).or_insert((year, Vec::new(), [one.first, other.first]));
        if found.0 < year {
            *found = (year, Vec::new(), [one.first, other.first]);
        }
        let (code, one, other) =
            (study.words.pollutants.code(pollutant), significant(one.tonnes), significant(other.tonnes));
        found.1.push(format!("{code} {one} t + {other} t"));
    }
    let told = areas.into_values().map(|(year, pollutants, rows)| {
        let [one, other] = rows.map(|row| study.activity.reference_of(row));
        let (pollutants, Text { zh, en }) = (pollutants.join(", "), &overlap.remedy);
        say!(
            "{year} 年 {one} 与 {other} 可能重复计算（{pollutants}）：{zh}",
            "{one} and {other} may count the same twice in {year} ({pollutants}): {en}"
        )
    });
    told.collect()
}

/// What both sides emit.
fn sides(inventory: &Inventory<'_>, overlap: &Overlap) -> OverlapSides {
    let (study, activity) = (inventory.study, &inventory.study.activity);
    let code = |category: usize| study.words.categories.code(category);
    let mut sides = OverlapSides::new();
    for emission in &inventory.emissions {
        let (row, pollutant) = (emission.row as usize, inventory.matches.bindings[emission.binding as usize].pollutant);
        if !overlap.pollutants.contains(&pollutant) {
            continue;
        }
        let category = code(activity.category[row] as usize);
        let item = activity.item[row] as usize;
        let named = study.words.items.get(item);
        let technology = activity.word(activity.technology[row]);
        let is_one = category::holds(code(overlap.category), category)
            && overlap.item.is_none_or(|own| own == item)
            && (overlap.technologies.is_empty() || overlap.technologies.iter().any(|own| own == technology));
        let is_other = category::holds(code(overlap.beside), category)
            && (overlap.beside_items.contains(&named.code) || overlap.beside_items.contains(&named.kind));
        if is_one || is_other {
            let of_key = sides.entry((activity.area[row], emission.year, pollutant)).or_default();
            let side = of_key[usize::from(!is_one)].get_or_insert(OverlapSide { tonnes: 0.0, first: row });
            side.tonnes += emission.emitted_t;
        }
    }
    sides
}

/// Four significant digits.
fn significant(tonnes: f64) -> f64 {
    format!("{tonnes:.3e}").parse().unwrap_or(tonnes)
}
