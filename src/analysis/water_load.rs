//! Water pollutants from the source to the water body: what is generated, collected, removed and discharged.

use crate::inventory::{Emission, Inventory, quality_rank};
use crate::matching::Binding;
use crate::parameter::Confidence;
use crate::unit::Dimension;
use std::collections::BTreeMap;

/// The parameter that says which share of the generated mass reaches treatment, and the one of what treatment takes out.
const COLLECTED_SHARE: &str = "capture";
const REMOVED_SHARE: &str = "removal";

/// A row of `water.csv`: the loads of one source class and item.
///
/// A stage is `None` where one of the emissions that are added up does not know it: a partial sum would pass for a load.
#[derive(Debug, Clone)]
pub struct WaterLoad {
    pub year: i32,
    pub area: usize,
    /// The class it is booked under, such as W.1.
    pub category: usize,
    pub item: usize,
    pub pollutant: usize,
    /// Mass that arises, before any treatment, t.
    pub generated_t: Option<f64>,
    /// The part of it that reaches treatment, t.
    pub collected_t: Option<f64>,
    /// The part of it that does not reach the water body, t; `None` too where works with a row of their own remove it.
    pub removed_t: Option<f64>,
    /// Mass that reaches the water body, t.
    pub discharged_t: f64,
    /// The worst quality of the rows.
    pub quality: String,
    /// The worst confidence of the parameters.
    pub confidence: Option<Confidence>,
}

type Key = (i32, usize, usize, usize, usize);

/// The water loads of the inventory, by year, area, class, item and pollutant.
pub(super) fn water_loads(inventory: &Inventory<'_>) -> Vec<WaterLoad> {
    let mut loads: BTreeMap<Key, WaterLoad> = BTreeMap::new();
    for emission in &inventory.emissions {
        let binding = &inventory.matches.bindings[emission.binding as usize];
        if inventory.study.words.pollutants.get(binding.pollutant).kind == "water" {
            let load = load(inventory, emission, binding);
            let key = (load.year, load.area, load.category, load.item, load.pollutant);
            match loads.get_mut(&key) {
                Some(sum) => add(sum, load),
                None => _ = loads.insert(key, load),
            }
        }
    }
    loads.into_values().collect()
}

fn load(inventory: &Inventory<'_>, emission: &Emission, binding: &Binding) -> WaterLoad {
    let activity = &inventory.study.activity;
    let row = emission.row as usize;
    let generated_t = emission.generated_t;
    WaterLoad {
        year: emission.year,
        area: activity.area[row] as usize,
        category: binding.category,
        item: activity.item[row] as usize,
        pollutant: binding.pollutant,
        generated_t,
        collected_t: generated_t.zip(collected_share(inventory, binding)).map(|(generated, share)| generated * share),
        removed_t: generated_t.filter(|_| !passed_on(binding)).map(|generated| generated - emission.emitted_t),
        discharged_t: emission.emitted_t,
        quality: inventory.quality(emission).to_string(),
        confidence: inventory.confidence(emission),
    }
}

fn collected_share(inventory: &Inventory<'_>, binding: &Binding) -> Option<f64> {
    let study = inventory.study;
    if let Some(index) = parameter(binding, COLLECTED_SHARE) {
        return Some(study.ladder.parameters[index].canonical());
    }
    // What is metered in volume at the inlet of treatment has been collected.
    (study.methods[binding.emitted.method].amount_dimension == Some(Dimension::VOLUME)).then_some(1.0)
}

/// Whether the collected part goes to works that have a row of their own, and so is removed there.
fn passed_on(binding: &Binding) -> bool {
    parameter(binding, COLLECTED_SHARE).is_some() && parameter(binding, REMOVED_SHARE).is_none()
}

fn parameter(binding: &Binding, wanted: &str) -> Option<usize> {
    let mut parameters = binding.emitted.parameters().into_iter();
    parameters.find(|(name, _)| *name == wanted).map(|(_, index)| index)
}

fn add(sum: &mut WaterLoad, other: WaterLoad) {
    let both = |one: Option<f64>, other: Option<f64>| one.zip(other).map(|(one, other)| one + other);
    sum.generated_t = both(sum.generated_t, other.generated_t);
    sum.collected_t = both(sum.collected_t, other.collected_t);
    sum.removed_t = both(sum.removed_t, other.removed_t);
    sum.discharged_t += other.discharged_t;
    sum.confidence = sum.confidence.max(other.confidence);
    if quality_rank(&other.quality) > quality_rank(&sum.quality) {
        sum.quality = other.quality;
    }
}
