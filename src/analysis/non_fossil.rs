//! The non-fossil share of energy as it is officially counted: electricity from water, wind, sun and nuclear power, one's own and that in what
//! the grid delivers, at the coal that a thermal plant burns for a kWh, over all energy with electricity counted so (发电煤耗计算法).

use crate::error::Text;
use crate::inventory::{Energy, Inventory};
use crate::item::NON_FOSSIL_KINDS;
use crate::matching;
use crate::parameter::{LookupKey, LookupResult};
use crate::say;
use crate::unit::Dimension;
use std::collections::{BTreeMap, BTreeSet};

/// The share of an item, such as hydropower, in a kWh that the grid delivers.
pub const GRID_MIX: &str = "grid_mix";
/// Coal burnt for a kWh, as energy over energy: gce/kWh.
pub const COAL_PER_KWH: &str = "generation_coal_equivalent";

/// Shares that add up to so much more than 1 are no shares.
const ROUNDING: f64 = 1e-6;

/// By year the share, or what is lacking for it.
pub(super) fn shares(inventory: &Inventory<'_>) -> BTreeMap<i32, Result<f64, Text>> {
    let mut sums: BTreeMap<i32, Result<(f64, f64), Text>> = BTreeMap::new();
    let mut looked_up = LookedUp { inventory, known: BTreeMap::new() };
    for energy in &inventory.energy {
        let parts = looked_up.parts(energy);
        let sum = sums.entry(energy.year).or_insert(Ok((0.0, 0.0)));
        *sum = match (std::mem::replace(sum, Ok((0.0, 0.0))), parts) {
            (Ok((part, all)), Ok((more, whole))) => Ok((part + more, all + whole)),
            (Err(text), _) | (Ok(_), Err(text)) => Err(text),
        };
    }
    let with_mix = |year: i32| {
        let of = inventory.study.ladder.parameters.iter().filter(|parameter| parameter.name == GRID_MIX);
        of.into_iter().any(|row| row.year_from.is_none_or(|from| from <= year) && row.carried_from(year).is_none())
    };
    let share = |(year, sum): (i32, Result<(f64, f64), Text>)| match sum {
        _ if !with_mix(year) => Some((year, Err(without_mix(year)))),
        Err(text) => Some((year, Err(text))),
        Ok((part, all)) => (all > 0.0).then(|| (year, Ok(part / all))),
    };
    sums.into_iter().filter_map(share).collect()
}

fn without_mix(year: i32) -> Text {
    say!(
        "{year} 年没有电网电源构成（参数 {GRID_MIX}）：官方口径的非化石能源占比按发电煤耗（参数 {COAL_PER_KWH}）计入电网的水电、风电、光伏、核电",
        "there is no {GRID_MIX} of {year}: the official non-fossil share counts the water, wind, solar and nuclear power of the grid by {COAL_PER_KWH}"
    )
}

/// What is looked up once for a class, a year and an item.
struct LookedUp<'a> {
    inventory: &'a Inventory<'a>,
    known: BTreeMap<(u32, i32), Result<(f64, f64), Text>>,
}

impl LookedUp<'_> {
    /// Of a row's energy the non-fossil part and the whole, TJ.
    fn parts(&mut self, energy: &Energy) -> Result<(f64, f64), Text> {
        let study = self.inventory.study;
        let (row, year) = (energy.row as usize, energy.year);
        let class = self.inventory.matches.class_of[row];
        let kind = study.words.items.get(study.activity.item[row] as usize).kind.as_str();
        let own_power = matches!(kind, "renewable" | "nuclear");
        if kind != "electricity" && !own_power {
            let part = if NON_FOSSIL_KINDS.contains(&kind) { energy.energy_tj } else { 0.0 };
            return Ok((part, energy.energy_tj));
        }
        if !self.known.contains_key(&(class, year)) {
            let found = self.of_electricity(class, year, own_power);
            self.known.insert((class, year), found);
        }
        let (part, whole) = self.known[&(class, year)].clone()?;
        Ok((energy.energy_tj * part, energy.energy_tj * whole))
    }

    /// What a unit of electricity counts as, non-fossil and in all.
    fn of_electricity(&self, class: u32, year: i32, own_power: bool) -> Result<(f64, f64), Text> {
        let study = self.inventory.study;
        let seeker = LookupKey { year, ..matching::seeker(study, &self.inventory.matches.classes[class as usize]) };
        let coal = self.value(COAL_PER_KWH, &seeker).ok_or_else(|| {
            say!(
                "{year} 年没有发电煤耗（参数 {COAL_PER_KWH}，gce/kWh），电力不能按煤耗折算",
                "there is no {COAL_PER_KWH} (gce/kWh) of {year}, by which electricity is counted as coal"
            )
        })?;
        if own_power {
            return Ok((coal, coal));
        }
        let mixes = study.ladder.parameters.iter().filter(|parameter| parameter.name == GRID_MIX);
        let items: BTreeSet<usize> = mixes.filter_map(|parameter| parameter.item).collect();
        let share = |&item: &usize| Some((item, self.value(GRID_MIX, &LookupKey { item, ..seeker.clone() })?));
        let shares: Vec<(usize, f64)> = items.iter().filter_map(share).collect();
        if shares.is_empty() {
            return Err(without_mix(year));
        }
        let sum: f64 = shares.iter().map(|(_, share)| share).sum();
        if sum > 1.0 + ROUNDING || shares.iter().any(|(_, share)| *share < 0.0) {
            return Err(say!(
                "{year} 年 {GRID_MIX} 各项合计为 {sum}，应在 0 与 1 之间",
                "the shares of {GRID_MIX} in {year} add up to {sum}; they have to lie between 0 and 1"
            ));
        }
        let is_clean = |item: usize| NON_FOSSIL_KINDS.contains(&study.words.items.get(item).kind.as_str());
        let clean: f64 = shares.iter().filter(|(item, _)| is_clean(*item)).map(|(_, share)| share).sum();
        Ok((coal * clean, coal))
    }

    /// A pure number of the year itself, also of a projected one, or what the study carries on.
    fn value(&self, name: &str, seeker: &LookupKey<'_>) -> Option<f64> {
        let study = self.inventory.study;
        let holding = study.ladder.matching_rows(name, seeker);
        let carries = study.settings.carries.iter().any(|carry| carry.holds(name, seeker, None));
        let found = match study.ladder.find(&holding, seeker, seeker.year, None) {
            LookupResult::None if carries => study.ladder.closed(&holding, seeker, seeker.year, None),
            found => found,
        };
        let (LookupResult::One(index) | LookupResult::Tie(index, _)) = found else { return None };
        let parameter = &study.ladder.parameters[index];
        (parameter.unit.in_expression() == Dimension::PURE).then(|| parameter.canonical())
    }
}
