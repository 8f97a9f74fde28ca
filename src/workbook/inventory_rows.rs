//! The rows of the inventory sheet: each emission, or of a very large study the sums by year, category, item and pollutant.

use crate::inventory::{Emission, Inventory};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy)]
pub(super) struct LineWriter<'a> {
    pub year: i32,
    /// The category it is booked under.
    pub category: usize,
    pub item: usize,
    pub pollutant: usize,
    pub value_t: f64,
    /// The emission itself; none of a sum.
    pub emission: Option<&'a Emission>,
}

pub(super) fn lines<'a>(inventory: &'a Inventory<'a>, each: bool) -> Vec<LineWriter<'a>> {
    let line = |emission: &'a Emission| {
        let binding = &inventory.matches.bindings[emission.binding as usize];
        LineWriter {
            year: emission.year,
            category: binding.category,
            item: inventory.study.activity.item[emission.row as usize] as usize,
            pollutant: binding.pollutant,
            value_t: emission.emitted_t,
            emission: Some(emission),
        }
    };
    let all = inventory.emissions.iter().map(line);
    if each {
        return all.collect();
    }
    let mut sums: BTreeMap<_, LineWriter<'a>> = BTreeMap::new();
    for line in all {
        let key = (line.year, line.category, line.item, line.pollutant);
        let sum = sums.entry(key).or_insert(LineWriter { value_t: 0.0, emission: None, ..line });
        sum.value_t += line.value_t;
    }
    sums.into_values().collect()
}
