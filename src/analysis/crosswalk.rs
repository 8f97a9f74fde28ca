//! The inventory in the classes of other schemes: each emission once in each, direct and purchased both.
//!
//! Sums run in the order of the emissions, as those of the totals do.

use crate::crosswalk::{Sought, line};
use crate::inventory::Inventory;
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, HashMap};

/// A row of `crosswalk.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct CrosswalkShare {
    pub year: i32,
    /// Index into the schemes of the study's words.
    pub scheme: usize,
    /// Index into the scheme's classes.
    pub class: usize,
    /// A pollutant's code, or `GHG (AR5 GWP100)`.
    pub pollutant: String,
    pub value_t: f64,
}

pub(super) fn crosswalk(inventory: &Inventory<'_>) -> Vec<CrosswalkShare> {
    let words = &inventory.study.words;
    let mut sums: HashMap<(i32, usize, usize, usize), f64, FixedState> = HashMap::default();
    let mut known: HashMap<Kind, Vec<usize>, FixedState> = HashMap::default();
    for emission in &inventory.emissions {
        let kind = kind(inventory, emission.row as usize, emission.binding as usize);
        let classes = known.entry(kind).or_insert_with(|| classes(inventory, kind));
        for (scheme, &class) in classes.iter().enumerate() {
            *sums.entry((emission.year, scheme, class, kind.3)).or_default() += emission.emitted_t;
        }
    }
    let mut tree: BTreeMap<_, BTreeMap<&str, f64>> = BTreeMap::new();
    for ((year, scheme, class, pollutant), sum) in sums {
        tree.entry((year, scheme, class)).or_default().insert(words.pollutants.code(pollutant), sum);
    }
    tree.into_iter().flat_map(|((year, scheme, class), gases)| rows(inventory, year, scheme, class, &gases)).collect()
}

/// Category, item, the number of the technology's word, pollutant: all that a class is chosen by.
type Kind = (usize, usize, u32, usize);

fn kind(inventory: &Inventory<'_>, row: usize, binding: usize) -> Kind {
    let activity = &inventory.study.activity;
    let binding = &inventory.matches.bindings[binding];
    (binding.category, activity.item[row] as usize, activity.technology[row], binding.pollutant)
}

/// The class in each scheme.
fn classes(inventory: &Inventory<'_>, (category, item, technology, pollutant): Kind) -> Vec<usize> {
    let words = &inventory.study.words;
    let line = line(&words.categories, category);
    let sought = Sought {
        line: &line,
        item: Some(item),
        kind: &words.items.get(item).kind,
        technology: inventory.study.activity.word(technology),
        pollutant: Some(pollutant),
    };
    words.schemes.iter().map(|scheme| scheme.map(sought)).collect()
}

/// The gases of one class, and their CO2-equivalent after them.
fn rows(
    inventory: &Inventory<'_>,
    year: i32,
    scheme: usize,
    class: usize,
    gases: &BTreeMap<&str, f64>,
) -> Vec<CrosswalkShare> {
    let share =
        |pollutant: &str, value_t| CrosswalkShare { year, scheme, class, pollutant: pollutant.to_string(), value_t };
    let mut rows: Vec<CrosswalkShare> = gases.iter().map(|(code, value)| share(code, *value)).collect();
    if let Some(gwp) = &inventory.study.settings.gwp {
        let weighed = gases.iter().filter_map(|(code, value)| gwp.values.get(*code).map(|weight| value * weight));
        let parts: Vec<f64> = weighed.collect();
        rows.extend((!parts.is_empty()).then(|| share(&gwp.label(), parts.iter().sum())));
    }
    rows
}
