//! The order in which a study is computed: by what its rows say and not by where they stand, so that sums of floating-point
//! numbers come out the same to the last digit whatever the order of rows and files.

use super::vocabulary::Vocabulary;
use crate::activity::{Activity, Notation};
use crate::parameter::Parameter;
use rayon::prelude::*;

/// The rows of activity in order of year, area, category, item, technology and source, then of all other cells; only rows
/// that say the same in every cell keep the order of the files.
pub(super) fn canonical(activity: &Activity, words: &Vocabulary) -> Vec<u32> {
    let areas = ranks(words.areas.iter().map(|(index, _)| words.areas.code(index)));
    let categories = ranks(words.categories.iter().map(|(index, _)| words.categories.code(index)));
    let items = ranks(words.items.iter().map(|(index, _)| words.items.code(index)));
    let texts = ranks((0..activity.words.len()).map(|number| activity.word(number as u32)));
    let units = ranks(activity.units.iter().map(|(text, _)| text.as_str()));
    let notation = |row: u32| {
        let notation = activity.notations.get(&row);
        notation.map(|notation| match notation {
            Notation::Ie(category) => (notation.word(), categories[*category]),
            other => (other.word(), 0),
        })
    };
    let key = |row: u32| {
        let at = row as usize;
        let text = |numbers: &[u32]| texts[numbers[at] as usize];
        (
            (activity.year[at], areas[activity.area[at] as usize], categories[activity.category[at] as usize]),
            (items[activity.item[at] as usize], text(&activity.technology), text(&activity.source)),
            (activity.amount[at].to_bits(), units[activity.unit[at] as usize], notation(row)),
            (text(&activity.quality), text(&activity.reference), text(&activity.note)),
            activity.uncertainty_pct[at].to_bits(),
        )
    };
    let mut order: Vec<u32> = (0..activity.len() as u32).collect();
    order.par_sort_by(|a, b| key(*a).cmp(&key(*b)));
    order
}

/// The place of each text among all in alphabetical order; equal texts share one.
fn ranks<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let texts: Vec<&str> = texts.collect();
    let mut sorted = texts.clone();
    sorted.sort_unstable();
    sorted.dedup();
    texts.iter().map(|text| sorted.partition_point(|known| known < text) as u32).collect()
}

/// Puts a study's own parameters in the order of their keys and values; the library's are in the order of its files already.
pub(super) fn parameters(parameters: &mut [Parameter]) {
    let own = parameters.iter().position(|parameter| parameter.local).unwrap_or(parameters.len());
    parameters[own..].sort_by(|a, b| {
        let key = |parameter: &Parameter| {
            (
                (parameter.category, parameter.item, parameter.pollutant, parameter.area),
                (parameter.year_from, parameter.year_to, parameter.value.to_bits()),
            )
        };
        let texts = |parameter: &Parameter| {
            let Parameter { name, technology, source, unit_text, set, .. } = parameter;
            [name, technology, source, unit_text, set].map(String::clone)
        };
        texts(a).cmp(&texts(b)).then_with(|| key(a).cmp(&key(b)))
    });
}
