//! The inventory's own years in draws: a factor drawn for a parameter or an activity holds for the past too, or draws would
//! part from history in the anchor year and make peaks that are none.

use super::batch::BatchScratch;
use super::compiled_formula::{CompiledFormula, Dictionary};
use super::kernel::{Kernel, proportional};
use super::lane::Lane;
use super::lane_kernel::{RunRequest, Slots};
use super::stack_program::{Program, ProgramInputs};
use crate::matching::ResolvedMethod;
use foldhash::HashMap;
use std::collections::BTreeMap;

/// Emissions (or energy) of one chain in past years.
struct PastTerm {
    program: Program,
    metrics: Vec<(usize, f64)>,
    /// Years from the activity to its emission.
    age: f64,
    /// Whether what one unit gives holds for every amount.
    per_unit: bool,
    /// Place among the years, amount, and its factor.
    amounts: Vec<(usize, f64, Option<usize>)>,
}

/// What the past gives: a constant part, and what draws move.
pub(super) struct History {
    pub years: Vec<i32>,
    /// Metric × year from the first to the anchor. At the anchor only stocks.
    constant: Vec<Vec<f64>>,
    terms: Vec<PastTerm>,
}

impl PastTerm {
    /// Where one unit's value holds for every amount, amounts of one year and factor are one.
    fn take(&mut self, at: usize, amount: f64, slot: Option<usize>) {
        let per_unit = self.per_unit;
        let same = |known: &&mut (usize, f64, Option<usize>)| per_unit && known.0 == at && known.2 == slot;
        match self.amounts.iter_mut().find(same) {
            Some((_, sum, _)) => *sum += amount,
            None => self.amounts.push((at, amount, slot)),
        }
    }
}

/// A chain: a binding, or the energy of a class.
type Key = (bool, u32);

/// A chain as draws see it.
struct DrawnChain {
    formula: CompiledFormula,
    proportional: bool,
    /// What equal chains have in common.
    text: String,
}

impl DrawnChain {
    /// What an amount gives where no draw moves it.
    fn value(&self, amount: f64, age: i32) -> f64 {
        let amount = Lane::all(amount);
        let given = ProgramInputs { age: f64::from(age), ..ProgramInputs::per(&amount, &[]) };
        Program::of(&self.formula).evaluate(&given, &mut Vec::new())[0]
    }
}

/// A value of one past year (its index), in t or TJ, and the metrics that it counts towards with their weights.
struct PastYear<'a> {
    at: usize,
    value: f64,
    metrics: &'a [(usize, f64)],
}

/// What one activity gives in one year.
#[derive(Clone, Copy)]
struct PastValue<'p> {
    key: Key,
    resolved: &'p ResolvedMethod,
    row: u32,
    age: i32,
}

struct Maker<'m> {
    kernel: &'m Kernel<'m>,
    slots: &'m Slots,
    shapes: BTreeMap<Key, DrawnChain>,
    /// Place of a term by what its amounts have in common.
    places: HashMap<String, usize>,
}

impl History {
    pub fn new(kernel: &Kernel<'_>, asked: &RunRequest, slots: &Slots) -> Self {
        let inventory = kernel.ground.inventory;
        let (study, matches) = (inventory.study, &inventory.matches);
        let anchor = study.anchor();
        let years: Vec<i32> = study.settings.years.iter().copied().filter(|year| *year <= anchor).collect();
        let constant = vec![vec![0.0; years.len()]; asked.metrics.len()];
        let mut past = Self { years, constant, terms: Vec::new() };
        let mut maker = Maker { kernel, slots, shapes: BTreeMap::new(), places: HashMap::default() };
        for emission in &inventory.emissions {
            let Some(at) = past.years.iter().position(|year| *year == emission.year) else { continue };
            let binding = &matches.bindings[emission.binding as usize];
            let metrics = kernel.metrics.of_emission(inventory, binding.category, binding.pollutant);
            let metrics = asked.local(&metrics);
            if metrics.is_empty() || (emission.year == anchor && emission.stock.is_none()) {
                continue;
            }
            let part = |row: u32, binding: u32| {
                let age = emission.year - study.activity.year[row as usize];
                PastValue { key: (true, binding), resolved: &matches.bindings[binding as usize].emitted, row, age }
            };
            let parts: Vec<PastValue<'_>> = match emission.stock {
                None => vec![part(emission.row, emission.binding)],
                Some(stock) => inventory.stocks[stock as usize].iter().map(|(row, own)| part(*row, *own)).collect(),
            };
            let year = PastYear { at, value: emission.emitted_t, metrics: &metrics };
            past.add(&mut maker, &parts, emission.stock.is_some(), year);
        }
        past.energies(&mut maker, asked);
        past
    }

    fn energies(&mut self, maker: &mut Maker<'_>, asked: &RunRequest) {
        let kernel = maker.kernel;
        let inventory = kernel.ground.inventory;
        let matches = &inventory.matches;
        let chains: HashMap<u32, &ResolvedMethod> = matches.energy.iter().map(|(c, chain)| (*c, &**chain)).collect();
        for energy in &inventory.energy {
            let Some(at) = self.years.iter().position(|year| *year == energy.year) else { continue };
            let metrics = asked.local(&kernel.metrics.of_energy());
            let class = matches.class_of[energy.row as usize];
            if metrics.is_empty() || energy.year == inventory.study.anchor() {
                continue;
            }
            let part = |resolved| PastValue { key: (false, class), resolved, row: energy.row, age: 0 };
            let parts: Vec<PastValue<'_>> = chains.get(&class).map(|chain| part(*chain)).into_iter().collect();
            self.add(maker, &parts, false, PastYear { at, value: energy.energy_tj, metrics: &metrics });
        }
    }

    /// Adds a value of a year: as it is where no draw moves any part of it, else part by part.
    fn add(
        &mut self,
        maker: &mut Maker<'_>,
        parts: &[PastValue<'_>],
        stock: bool,
        PastYear { at, value, metrics }: PastYear<'_>,
    ) {
        let study = maker.kernel.ground.inventory.study;
        let slots: Vec<Option<usize>> = parts.iter().map(|part| maker.slots.of_row(study, part.row)).collect();
        let moved: Vec<bool> = parts.iter().zip(&slots).map(|(part, slot)| maker.moves(part, *slot, stock)).collect();
        let mut fixed = 0.0;
        if !moved.contains(&true) {
            fixed = value;
        } else {
            for ((part, slot), moved) in parts.iter().zip(slots).zip(moved) {
                let amount = study.activity.amount[part.row as usize];
                if moved {
                    self.term(maker, (part, stock), metrics).take(at, amount, slot);
                } else {
                    fixed += maker.shape(part).value(amount, part.age);
                }
            }
        }
        for (metric, weight) in metrics {
            self.constant[*metric][at] += fixed * weight;
        }
    }

    fn term(
        &mut self,
        maker: &mut Maker<'_>,
        (part, stock): (&PastValue<'_>, bool),
        metrics: &[(usize, f64)],
    ) -> &mut PastTerm {
        let age = part.age;
        let shape = maker.shape(part);
        let (program, per_unit) = (Program::of(&shape.formula), shape.proportional);
        let alike = match stock {
            true => format!("{} {metrics:?} {age}", shape.text),
            false => format!("{:?}", part.key),
        };
        let place = *maker.places.entry(alike).or_insert_with(|| {
            let metrics = metrics.to_vec();
            self.terms.push(PastTerm { program, metrics, age: f64::from(age), per_unit, amounts: Vec::new() });
            self.terms.len() - 1
        });
        &mut self.terms[place]
    }

    /// The totals of the past, metric × year; at the anchor, which the projection has too, only stocks, which are added.
    #[inline(always)]
    pub fn run(&self, (factors, rows): (&[Lane], &[Lane]), (stride, anchor): (usize, usize), room: &mut BatchScratch) {
        for (metric, years) in self.constant.iter().enumerate() {
            for (at, value) in years.iter().enumerate() {
                let total = &mut room.out[metric * stride + at];
                match at == anchor {
                    true => total.add(|_| *value),
                    false => *total = Lane::all(*value),
                }
            }
        }
        let one = Lane::all(1.0);
        for term in &self.terms {
            let given = ProgramInputs { age: term.age, ..ProgramInputs::per(&one, factors) };
            let per = if term.per_unit { term.program.evaluate(&given, &mut room.stack) } else { one };
            for &(at, amount, slot) in &term.amounts {
                let factor = slot.map_or(&one, |slot| &rows[slot]);
                let (per, amount) = match term.per_unit {
                    true => (per, amount),
                    false => {
                        let amount = factor.map(|factor| amount * factor);
                        let given = ProgramInputs { amount: &amount, ..given };
                        (term.program.evaluate(&given, &mut room.stack), 1.0)
                    }
                };
                let factor = if term.per_unit { factor } else { &one };
                for &(metric, weight) in &term.metrics {
                    let (sum, each) = (&mut room.out[metric * stride + at], amount * weight);
                    sum.add(|lane| each * per[lane] * factor[lane]);
                }
            }
        }
    }
}

impl Maker<'_> {
    fn shape(&mut self, part: &PastValue<'_>) -> &DrawnChain {
        let study = self.kernel.ground.inventory.study;
        let slots = self.slots;
        self.shapes.entry(part.key).or_insert_with(|| {
            let dictionary = Dictionary { study, changes: &[], slots: &slots.parameters };
            let formula = CompiledFormula::of(&dictionary, part.resolved);
            let text = format!("{formula:?}");
            DrawnChain { proportional: proportional(study, part.resolved), text, formula }
        })
    }

    /// Whether a draw moves it. Rows that share a chain are one term where any activity is drawn.
    fn moves(&mut self, part: &PastValue<'_>, slot: Option<usize>, stock: bool) -> bool {
        let any = !self.slots.rows.is_empty();
        let shape = self.shape(part);
        let by_amount = if stock || !shape.proportional { slot.is_some() } else { any };
        shape.formula.is_drawn() || by_amount
    }
}
