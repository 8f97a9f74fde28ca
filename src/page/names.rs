//! The names of all codes that the page shows, and the weakest numbers of the inventory.

use super::Results;
use crate::activity::PROXY;
use crate::category::{SECTORS, Scope, sector_name};
use crate::code::{Codebook, Coded};
use crate::inventory::Emission;
use crate::parameter::Confidence;
use crate::pollutant::CO2;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn names(contents: &Results<'_>) -> Value {
    let study = contents.inventory.study;
    let (words, activity) = (&study.words, &study.activity);
    let bindings = &contents.inventory.matches.bindings;
    let mut categories: BTreeSet<usize> = activity.category.iter().map(|&category| category as usize).collect();
    categories.extend(bindings.iter().map(|binding| binding.category));
    // Totals are rolled up: the categories above are shown too.
    let above: Vec<usize> = categories.iter().flat_map(|&category| words.categories.ancestors(category)).collect();
    categories.extend(above);
    let mut pollutants: BTreeSet<usize> = bindings.iter().map(|binding| binding.pollutant).collect();
    pollutants.extend(&study.settings.pollutants);
    pollutants.extend(study.register.projects.iter().map(|project| project.pollutant));
    let mut areas: BTreeSet<usize> = activity.area.iter().map(|&area| area as usize).collect();
    let above: Vec<usize> = areas.iter().flat_map(|&area| words.areas.ancestors(area)).collect();
    areas.extend(above);
    let items: BTreeSet<usize> = activity.item.iter().map(|&item| item as usize).collect();
    let sectors: Map<String, Value> = SECTORS.iter().map(|code| (code.to_string(), json!(sector_name(code)))).collect();
    json!({
        "category": categories.into_iter().map(|index| {
            let category = words.categories.get(index);
            let (zh, en) = both(&words.categories, index);
            (category.code.clone(), json!([zh, en, category.sector, category.scope.word()]))
        }).collect::<Map<_, _>>(),
        "pollutant": pollutants.into_iter().map(|index| {
            let (zh, en) = both(&words.pollutants, index);
            (words.pollutants.code(index).to_string(), json!([zh, en, words.pollutants.get(index).kind]))
        }).collect::<Map<_, _>>(),
        "item": items.into_iter().map(|index| {
            let (zh, en) = both(&words.items, index);
            (words.items.code(index).to_string(), json!([zh, en, words.items.get(index).kind]))
        }).collect::<Map<_, _>>(),
        "area": listed(&words.areas, areas),
        "project_kind": listed(&words.kinds, study.register.projects.iter().map(|project| project.kind)),
        "sector": sectors,
    })
}

fn both<T: Coded>(book: &Codebook<T>, index: usize) -> (&str, &str) {
    (crate::study::name(book, index, true), crate::study::name(book, index, false))
}

fn listed<T: Coded>(book: &Codebook<T>, indices: impl IntoIterator<Item = usize>) -> Map<String, Value> {
    indices.into_iter().map(|index| (book.code(index).to_string(), json!(both(book, index)))).collect()
}

/// The gases of every set of warming potentials, so that the page can weigh them anew.
pub(super) fn potentials(contents: &Results<'_>) -> Vec<Value> {
    let study = contents.inventory.study;
    let Some(own) = &study.settings.gwp else { return Vec::new() };
    let booked: BTreeSet<usize> = contents.inventory.matches.bindings.iter().map(|binding| binding.pollutant).collect();
    let gases: Vec<&str> = booked.into_iter().map(|index| study.words.pollutants.code(index)).collect();
    let weighs = |set: &BTreeMap<String, f64>| {
        // A set that lacks a gas which the study's own weighs would leave it out of the sum in silence.
        gases.iter().all(|gas| !own.values.contains_key(*gas) || set.contains_key(*gas))
    };
    let sets = study.words.gwp.iter().filter(|gwp| gwp.set == own.set || weighs(&gwp.values));
    let values = |set: &BTreeMap<String, f64>| -> BTreeMap<String, f64> {
        gases.iter().filter_map(|gas| Some((gas.to_string(), *set.get(*gas)?))).collect()
    };
    sets.map(|gwp| json!([gwp.label(), values(&gwp.values)])).collect()
}

/// What a group of emissions rests on.
#[derive(Default)]
struct Weak {
    weighed: f64,
    proxy: bool,
    unverified: bool,
    /// The largest of them, by its place in the inventory.
    largest: (f64, usize),
}

/// The numbers of the last year that most of the total rests on although they are proxies or use unverified parameters.
pub(super) fn weakest(contents: &Results<'_>) -> Value {
    const SHOWN: usize = 8;
    let inventory = contents.inventory;
    let study = inventory.study;
    let words = &study.words;
    let weight = |pollutant: usize| match &study.settings.gwp {
        Some(gwp) => gwp.values.get(words.pollutants.code(pollutant)).copied().unwrap_or(0.0),
        None => f64::from(u8::from(words.pollutants.code(pollutant) == CO2)),
    };
    let mut groups: BTreeMap<(usize, u32), Weak> = BTreeMap::new();
    let mut all = 0.0;
    for (place, emission) in inventory.emissions.iter().enumerate().filter(|(_, e)| e.year == study.anchor()) {
        let binding = &inventory.matches.bindings[emission.binding as usize];
        let weighed = (emission.emitted_t * weight(binding.pollutant)).abs();
        if weighed == 0.0 || words.categories.get(binding.category).scope == Scope::Memo {
            continue;
        }
        all += weighed;
        let (proxy, unverified) = flaws(contents, emission);
        let group = groups.entry((binding.category, study.activity.item[emission.row as usize])).or_default();
        group.weighed += weighed;
        group.proxy |= proxy;
        group.unverified |= unverified;
        if weighed > group.largest.0 {
            group.largest = (weighed, place);
        }
    }
    let mut groups: Vec<((usize, u32), Weak)> =
        groups.into_iter().filter(|(_, group)| group.proxy || group.unverified).collect();
    groups.sort_by(|a, b| b.1.weighed.total_cmp(&a.1.weighed));
    let rows: Vec<Value> = groups
        .iter()
        .take(SHOWN)
        .map(|((category, item), group)| {
            json!({
                "category": words.categories.code(*category), "item": words.items.code(*item as usize),
                "share": group.weighed / all, "proxy": group.proxy, "unverified": group.unverified,
                "emission": group.largest.1,
            })
        })
        .collect();
    json!(rows)
}

fn flaws(contents: &Results<'_>, emission: &Emission) -> (bool, bool) {
    let inventory = contents.inventory;
    (inventory.quality(emission) == PROXY, inventory.confidence(emission) == Some(Confidence::Unverified))
}
