//! The rows that scenarios make: what a measure adds, where it moves an activity to, an item that a share group comes to hold.
//!
//! They stand after the study's own rows, with the amount 0, so that one ladder is climbed for all.

use crate::activity::Activity;
use crate::code::Coded;
use crate::error::{Diagnostic, Place};
use crate::say;
use crate::scenario::{Change, Conserved, RowKey, ScenarioSet, Select};
use crate::study::Study;
use crate::unit::Unit;
use foldhash::HashMap;

/// Which rows scenarios make, and for what.
#[derive(Debug, Clone, Default)]
pub struct AddedRows {
    /// Measure and row to the row that receives what moves.
    pub receives: HashMap<(usize, u32), u32>,
    /// Measure to the row that it adds.
    pub additions: HashMap<usize, u32>,
    /// Scenario, share group and item to the row of an item that the group does not hold in the anchor year.
    pub shares: HashMap<(usize, usize, usize), u32>,
}

/// The key of a row, all that can be selected by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Keys {
    pub area: u32,
    pub category: u32,
    pub item: u32,
    pub technology: u32,
    pub source: u32,
}

impl Keys {
    pub(super) fn of(activity: &Activity, row: u32) -> Self {
        let row = row as usize;
        Self {
            area: activity.area[row],
            category: activity.category[row],
            item: activity.item[row],
            technology: activity.technology[row],
            source: activity.source[row],
        }
    }
}

/// The rows of the anchor year that have a number: all that a scenario carries on.
pub fn carried(study: &Study) -> Vec<u32> {
    let anchor = study.anchor();
    let activity = &study.activity;
    let own = 0..activity.own as u32;
    own.filter(|row| activity.year[*row as usize] == anchor && !activity.notations.contains_key(row)).collect()
}

/// The row's key for selectors.
pub(super) fn with_key<T>(study: &Study, row: u32, take: impl FnOnce(RowKey<'_>) -> T) -> T {
    let (words, activity) = (&study.words, &study.activity);
    let keys = Keys::of(activity, row);
    let category = words.categories.get(keys.category as usize);
    take(RowKey {
        areas: &words.areas.ancestors(keys.area as usize),
        category: category.code(),
        item: words.items.code(keys.item as usize),
        technology: activity.word(keys.technology),
        source: activity.word(keys.source),
        sector: &category.sector,
    })
}

/// The rows of a list that a selector holds for.
pub fn rows_of(study: &Study, select: &Select, rows: &[u32]) -> Vec<u32> {
    selected(study, select, rows)
}

/// What a row is called in all years: its key as numbers.
pub fn keys_of(study: &Study, row: u32) -> [u32; 5] {
    let Keys { area, category, item, technology, source } = Keys::of(&study.activity, row);
    [area, category, item, technology, source]
}

pub(super) fn selected(study: &Study, select: &Select, rows: &[u32]) -> Vec<u32> {
    let holds = |row: &&u32| with_key(study, **row, |key| select.specificity(key).is_some());
    rows.iter().filter(holds).copied().collect()
}

/// Adds to the study the rows that its scenarios make.
pub fn extend(study: &mut Study, plans: &ScenarioSet) -> AddedRows {
    let mut made = AddedRows::default();
    let mut maker = Maker { rows: carried(study), known: HashMap::default(), study };
    for &row in &maker.rows {
        maker.known.entry(Keys::of(&maker.study.activity, row)).or_insert(row);
    }
    for (index, measure) in plans.measures.iter().enumerate() {
        if let Change::Add(addition) = &measure.change {
            let activity = &mut maker.study.activity;
            let keys = Keys {
                area: addition.area as u32,
                category: addition.category as u32,
                item: addition.item as u32,
                technology: activity.words.number(&addition.technology),
                source: activity.words.number(&addition.source),
            };
            let unit = (addition.amount.unit_text.clone(), addition.amount.unit);
            let row = maker.make(&keys, unit, ("", &measure.place));
            made.additions.insert(index, row);
        }
    }
    let mut rows = maker.rows.clone();
    rows.extend(plans.measures.iter().enumerate().filter_map(|(index, _)| made.additions.get(&index)));
    for (index, measure) in plans.measures.iter().enumerate() {
        let (Change::Shift(shift), Some(select)) = (&measure.change, &measure.select) else { continue };
        for row in selected(maker.study, select, &rows) {
            let mut keys = Keys::of(&maker.study.activity, row);
            keys.item = shift.to as u32;
            keys.area = shift.area.map_or(keys.area, |area| area as u32);
            keys.category = shift.category.map_or(keys.category, |category| category as u32);
            let words = &mut maker.study.activity.words;
            keys.technology = shift.technology.as_ref().map_or(keys.technology, |word| words.number(word));
            keys.source = shift.source.as_ref().map_or(keys.source, |word| words.number(word));
            made.receives.insert((index, row), maker.receiver(&keys, row, (shift.by, &measure.place)));
        }
    }
    for (scenario, plan) in plans.scenarios.iter().enumerate() {
        for (index, share) in plan.shares.iter().enumerate() {
            maker.share((scenario, index), share, &mut made);
        }
    }
    made
}

struct Maker<'a> {
    study: &'a mut Study,
    rows: Vec<u32>,
    /// The first row of each key.
    known: HashMap<Keys, u32>,
}

impl Maker<'_> {
    /// The row of a key, or a new one: in energy where energy moves, else in the unit of the row that it comes from.
    fn receiver(&mut self, keys: &Keys, from: u32, (by, place): (Conserved, &Place)) -> u32 {
        if let Some(&row) = self.known.get(keys) {
            return row;
        }
        let activity = &self.study.activity;
        let quality = activity.word(activity.quality[from as usize]).to_string();
        let unit = match by {
            Conserved::Amount => activity.unit_of(from as usize).clone(),
            Conserved::Energy => self
                .study
                .words
                .units
                .parse("TJ")
                .map_or_else(|_| activity.unit_of(from as usize).clone(), |unit| ("TJ".to_string(), unit)),
        };
        let row = self.make(keys, unit, (&quality, place));
        self.known.insert(keys.clone(), row);
        row
    }

    fn make(&mut self, keys: &Keys, (text, unit): (String, Unit), (quality, place): (&str, &Place)) -> u32 {
        let anchor = self.study.anchor();
        let activity = &mut self.study.activity;
        let row = activity.len() as u32;
        let number = activity.files.iter().position(|file| *file == place.file).unwrap_or_else(|| {
            activity.files.push(place.file.clone());
            activity.files.len() - 1
        });
        activity.units.push((text, unit));
        activity.year.push(anchor);
        activity.area.push(keys.area);
        activity.category.push(keys.category);
        activity.item.push(keys.item);
        activity.technology.push(keys.technology);
        activity.source.push(keys.source);
        activity.amount.push(0.0);
        activity.unit.push(activity.units.len() as u32 - 1);
        let quality = activity.words.number(if quality.is_empty() { "estimated" } else { quality });
        let nothing = activity.words.number("");
        activity.quality.push(quality);
        activity.reference.push(nothing);
        activity.note.push(nothing);
        activity.uncertainty_pct.push(f64::NAN);
        activity.file.push(number as u32);
        activity.line.push(place.line.unwrap_or(0) as u32);
        row
    }

    /// Rows for the items of a share group that it does not hold: like its first row, with another item.
    fn share(&mut self, (scenario, index): (usize, usize), share: &crate::scenario::ShareSpec, made: &mut AddedRows) {
        let members = selected(self.study, &share.select, &self.rows);
        let Some(&first) = members.first() else { return };
        let items = share.shares.iter().map(|(item, _)| *item).chain(share.remainder.as_ref().map(|(item, _)| *item));
        for item in items.collect::<Vec<_>>() {
            if members.iter().any(|&row| self.study.activity.item[row as usize] as usize == item) {
                continue;
            }
            let keys = Keys { item: item as u32, ..Keys::of(&self.study.activity, first) };
            let row = self.receiver(&keys, first, (share.by, &share.place));
            made.shares.insert((scenario, index, item), row);
        }
    }
}

/// A selector that holds for no row that it could act on.
pub(super) fn selects_nothing(study: &Study, select: &Select) -> Diagnostic {
    let anchor = study.anchor();
    let activity = &study.activity;
    let keyed = (0..activity.own as u32).filter(|row| activity.year[*row as usize] == anchor);
    let silent = selected(study, select, &keyed.collect::<Vec<_>>());
    let place = select.place.clone();
    match silent.first() {
        Some(&row) => {
            let reference = activity.reference_of(row as usize);
            let text = say!(
                "select 只选中没有数值的行（如 {reference}），无从推算",
                "select holds only for rows without a number, such as {reference}: there is nothing to carry on"
            );
            Diagnostic::new(place, text)
        }
        None => {
            let text = say!(
                "select 在 {anchor} 年没有选中任何行",
                "select holds for no activity row of {anchor}, the anchor year"
            );
            let fault = Diagnostic::new(place, text);
            let others = selected(study, select, &(0..activity.own as u32).collect::<Vec<_>>());
            match others.into_iter().min_by_key(|row| activity.year[*row as usize].abs_diff(anchor)) {
                Some(row) => {
                    let (reference, year) = (activity.reference_of(row as usize), activity.year[row as usize]);
                    fault.hint(say!(
                        "最近的有数据年份是 {year} 年（{reference}）",
                        "the nearest year with such a row is {year} ({reference})"
                    ))
                }
                None => fault.hint(say!("任何年份都没有这样的行", "no year has such a row")),
            }
        }
    }
}
