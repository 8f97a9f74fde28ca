//! The plan in detail: every row, year and pollutant by the method's own tree; emissions, gaps and energy of the projected years.

use super::amount_path::Paths;
use super::energy::evaluate;
use super::kernel::old_rows;
use super::parameter_paths::{CellChange, bindings};
use super::{Plan, ScenarioContext, Series};
use crate::economy::{Economy, IndicatorValue};
use crate::error::{Diagnostic, Diagnostics, Result, legible};
use crate::inventory::{Emission, Energy, Gap, Inventory, Reason, Stock, is_sound};
use crate::matching::{Binding, ResolvedMethod};
use crate::say;
use foldhash::HashMap;
use std::collections::BTreeMap;

/// How far a value of the anchor year may lie from the inventory's own, relative.
const AGREES: f64 = 1e-12;

/// The inventory's years and the projected ones as one inventory, so that everything that reads inventories reads scenarios.
///
/// # Errors
/// Results that are no finite numbers; a projection that does not start where the inventory ends.
pub fn project<'a>(ground: ScenarioContext<'a>, plan: &Plan) -> Result<Inventory<'a>> {
    let history = ground.inventory;
    let mut projection = Projection::new(ground, plan);
    projection.lines();
    projection.stocks();
    projection.gaps();
    projection.energy();
    let Projection { emissions, stocks, gaps, energy, faults, .. } = projection;
    let offset = history.stocks.len() as u32;
    let shifted = emissions
        .into_iter()
        .map(|emission| Emission { stock: emission.stock.map(|stock| stock + offset), ..emission });
    let mut joined = history.clone();
    joined.emissions.extend(shifted);
    joined.stocks.extend(stocks);
    joined.gaps.extend(gaps);
    joined.energy.extend(energy);
    joined.years.extend(plan.years());
    joined.economy = economy(&history.economy, plan);
    faults.into_result(joined)
}

/// The economy with the drivers carried on.
fn economy(known: &Economy, plan: &Plan) -> Economy {
    let mut figures = known.figures.clone();
    for driver in &plan.drivers {
        let of = known.figures.iter().filter(|figure| figure.indicator == driver.name);
        let Some(newest) = of.max_by_key(|figure| figure.prices).cloned() else { continue };
        for (index, year) in plan.years().enumerate() {
            let value = driver.values[index + 1] / newest.unit.factor;
            figures.push(IndicatorValue { year, value, ..newest.clone() });
        }
    }
    Economy { figures }
}

struct Projection<'a, 'p> {
    ground: ScenarioContext<'a>,
    plan: &'p Plan,
    /// Amounts of each row that the plan moves, canonical.
    amounts: BTreeMap<u32, Series>,
    of_class: Vec<Vec<u32>>,
    emissions: Vec<Emission>,
    stocks: Vec<Stock>,
    gaps: Vec<Gap>,
    energy: Vec<Energy>,
    faults: Diagnostics,
}

const UNCHANGED: &[CellChange] = &[];

impl<'a, 'p> Projection<'a, 'p> {
    fn new(ground: ScenarioContext<'a>, plan: &'p Plan) -> Self {
        let drivers: Vec<Series> = plan.drivers.iter().map(|driver| driver.values.clone()).collect();
        let levels: Vec<Series> = plan.levels.iter().map(|level| level.values.clone()).collect();
        let flows = Paths::new(plan, &drivers).flows(&levels);
        let mut amounts: BTreeMap<u32, Series> = BTreeMap::new();
        for amount in &plan.amounts {
            let row = amounts.entry(amount.row).or_insert_with(|| vec![0.0; plan.length()]);
            row.iter_mut().zip(&flows[amount.flow]).for_each(|(sum, flow)| *sum += amount.base * flow);
        }
        Self {
            ground,
            plan,
            amounts,
            of_class: bindings(ground),
            emissions: Vec::new(),
            stocks: Vec::new(),
            gaps: Vec::new(),
            energy: Vec::new(),
            faults: Diagnostics::default(),
        }
    }

    fn class(&self, row: u32) -> usize {
        self.ground.inventory.matches.class_of[row as usize] as usize
    }

    /// The value of a resolved method in a year: `changed` parameters by the year of the activity, those of `now()` by the emission's.
    fn value(&self, resolved: &ResolvedMethod, amount: f64, (at, now): (usize, usize), changed: &[CellChange]) -> f64 {
        let study = self.ground.inventory.study;
        let age = (now - at) as f64;
        evaluate(study, resolved, (amount, age), &|used, parameter| {
            let cell = changed.iter().find(|change| change.used == *used && change.parameter == parameter);
            match cell {
                None => study.ladder.parameters[parameter].canonical(),
                Some(change) => {
                    let index = if used.now { now } else { at };
                    self.plan.cells[change.cell].value(index, &|level| self.plan.levels[level].values[index])
                }
            }
        })
    }

    fn changed(&self, row: u32, binding: Option<u32>) -> &'p [CellChange] {
        self.plan.changed.get(&(row, binding)).map_or(UNCHANGED, Vec::as_slice)
    }

    fn binding(&self, index: u32) -> &'a Binding {
        &self.ground.inventory.matches.bindings[index as usize]
    }

    /// Methods without `spread`, year by year.
    fn lines(&mut self) {
        let rows: Vec<(u32, Series)> = std::mem::take(&mut self.amounts).into_iter().collect();
        for index in 0..self.plan.length() {
            let year = self.plan.anchor + index as i32;
            for (row, amounts) in &rows {
                for bound in self.of_class[self.class(*row)].clone() {
                    let binding = self.binding(bound);
                    if binding.emission_year.is_some() {
                        continue;
                    }
                    let changed = self.changed(*row, Some(bound));
                    let value = |resolved| self.value(resolved, amounts[index], (index, index), changed);
                    let emitted_t = value(&binding.emitted);
                    let generated_t = binding.generated.as_deref().map(value);
                    let (row, binding) = (*row, bound);
                    self.push(Emission { row, binding, year, emitted_t, generated_t, stock: None });
                }
            }
        }
        self.amounts = rows.into_iter().collect();
        self.starts_where_the_inventory_ends();
    }

    fn push(&mut self, emission: Emission) {
        let study = self.ground.inventory.study;
        if !is_sound(emission.emitted_t) || emission.generated_t.is_some_and(|value| !is_sound(value)) {
            let (scenario, year, value) = (&self.plan.code, emission.year, legible(emission.emitted_t));
            let code = &study.methods[self.binding(emission.binding).emitted.method].code;
            let text = say!(
                "情景 {scenario} {year} 年：方法 '{code}' 的结果不是可用的数（{value}）",
                "scenario {scenario}, {year}: the method '{code}' gives no number that can be used ({value})"
            );
            self.faults.push(Diagnostic::new(study.activity.place(emission.row as usize, "amount"), text));
            return;
        }
        self.emissions.push(emission);
    }

    fn starts_where_the_inventory_ends(&mut self) {
        let anchor = self.plan.anchor;
        let (first, rest): (Vec<Emission>, Vec<Emission>) =
            std::mem::take(&mut self.emissions).into_iter().partition(|emission| emission.year == anchor);
        self.emissions = rest;
        let known: HashMap<(u32, u32), f64> = self
            .ground
            .inventory
            .emissions
            .iter()
            .filter(|emission| emission.year == anchor && emission.stock.is_none())
            .map(|emission| ((emission.row, emission.binding), emission.emitted_t))
            .collect();
        let study = self.ground.inventory.study;
        for emission in first {
            let own = known.get(&(emission.row, emission.binding)).copied().unwrap_or(0.0);
            if (emission.emitted_t - own).abs() > AGREES * own.abs().max(1e-300) {
                let (scenario, value, own) = (&self.plan.code, legible(emission.emitted_t), legible(own));
                let text = say!(
                    "情景 {scenario} 的起点 {value} t 与清单的 {own} t 不一致",
                    "the scenario {scenario} starts from {value} t, but the inventory has {own} t"
                );
                self.faults.push(Diagnostic::new(study.activity.place(emission.row as usize, "amount"), text));
            }
        }
    }

    /// Methods with `spread`: what activity of all years up to the emission's still gives, added up as the inventory does.
    fn stocks(&mut self) {
        let activity = &self.ground.inventory.study.activity;
        let mut sums: BTreeMap<_, (Emission, Stock)> = BTreeMap::new();
        let mut rows: Vec<u32> = old_rows(self.ground.inventory).chain(self.amounts.keys().copied()).collect();
        rows.sort_unstable();
        for row in rows {
            for bound in self.of_class[self.class(row)].clone() {
                let binding = self.binding(bound);
                if binding.emission_year.is_none() {
                    continue;
                }
                for index in 1..self.plan.length() {
                    let (at, year) = (row as usize, self.plan.anchor + index as i32);
                    let place = (activity.area[at], binding.category, activity.item[at]);
                    let key = (year, place, (activity.technology[at], activity.source[at]), binding.pollutant);
                    let empty = Emission { row, binding: bound, year, emitted_t: 0.0, generated_t: None, stock: None };
                    let (emission, stock) = sums.entry(key).or_insert_with(|| (empty, Stock::new()));
                    emission.emitted_t += self.stored(binding, (row, bound), index);
                    (emission.row, emission.binding) = (row, bound);
                    stock.push((row, bound));
                }
            }
        }
        for (emission, stock) in sums.into_values() {
            let number = self.stocks.len() as u32;
            self.push(Emission { stock: Some(number), ..emission });
            self.stocks.push(stock);
        }
    }

    fn stored(&self, binding: &Binding, row: (u32, u32), index: usize) -> f64 {
        match self.amounts.get(&row.0) {
            Some(amounts) => self.of_own_years(binding, row, amounts, index),
            None => self.of_before(binding, row, index),
        }
    }

    /// What the activity of the anchor and of the projected years gives in a year.
    fn of_own_years(&self, binding: &Binding, (row, bound): (u32, u32), amounts: &[f64], index: usize) -> f64 {
        let changed = self.changed(row, Some(bound));
        (0..=index).map(|at| self.value(&binding.emitted, amounts[at], (at, index), changed)).sum()
    }

    /// What the activity of a year before the anchor still gives.
    fn of_before(&self, binding: &Binding, (row, bound): (u32, u32), index: usize) -> f64 {
        let inventory = self.ground.inventory;
        let activity = &inventory.study.activity;
        let age = f64::from(self.plan.anchor - activity.year[row as usize]) + index as f64;
        let changed = self.changed(row, Some(bound));
        evaluate(inventory.study, &binding.emitted, (activity.amount[row as usize], age), &|used, parameter| {
            let now = used.now.then(|| changed.iter().find(|c| c.used == *used && c.parameter == parameter)).flatten();
            match now {
                None => inventory.study.ladder.parameters[parameter].canonical(),
                Some(change) => {
                    self.plan.cells[change.cell].value(index, &|level| self.plan.levels[level].values[index])
                }
            }
        })
    }

    /// The anchor's gaps stay gaps; a row that the plan makes brings its own.
    fn gaps(&mut self) {
        let inventory = self.ground.inventory;
        let (activity, anchor) = (&inventory.study.activity, self.plan.anchor);
        let standing: Vec<&Gap> = inventory.gaps.iter().filter(|gap| gap.year == anchor).collect();
        let made: Vec<u32> = self.amounts.keys().copied().filter(|row| *row as usize >= activity.own).collect();
        for (index, year) in self.plan.years().enumerate() {
            self.gaps.extend(standing.iter().map(|gap| Gap { year, ..(*gap).clone() }));
            for &row in made.iter().filter(|row| self.amounts[row][index + 1] != 0.0) {
                let class = self.class(row) as u32;
                for gap in inventory.matches.gaps.iter().filter(|gap| gap.class == class) {
                    let reason = Reason::Missing(gap.lack.clone());
                    self.gaps.push(Gap { row, year, pollutant: gap.pollutant, reason });
                }
            }
        }
    }

    fn energy(&mut self) {
        let matches = &self.ground.inventory.matches;
        let chains: HashMap<u32, &ResolvedMethod> =
            matches.energy.iter().map(|(class, chain)| (*class, &**chain)).collect();
        let mut found = Vec::new();
        for index in 1..self.plan.length() {
            let year = self.plan.anchor + index as i32;
            for (&row, amounts) in &self.amounts {
                if let Some(chain) = chains.get(&(self.class(row) as u32)) {
                    let energy_tj = self.value(chain, amounts[index], (index, index), self.changed(row, None));
                    found.push(Energy { row, year, energy_tj });
                }
            }
        }
        self.energy = found;
    }
}
