//! The inventory's own years in draws: a factor drawn for a parameter or an activity holds for the past too, or draws would
//! part from history in the anchor year and make peaks that are none.

use super::batch::Room;
use super::formula::{Dictionary, Formula};
use super::kernel::{Kernel, proportional};
use super::lane::Lane;
use super::lanes::{Asked, Slots};
use super::program::{Given, Program};
use crate::matching::Resolved;
use foldhash::HashMap;
use std::collections::BTreeMap;

/// Emissions (or energy) of one chain in past years.
struct Term {
    program: Program,
    metrics: Vec<(usize, f64)>,
    /// Place among the years, amount, and its factor.
    amounts: Vec<(usize, f64, Option<usize>)>,
}

/// What the past gives: a constant part, and what draws move.
pub(super) struct Past {
    pub years: Vec<i32>,
    /// Metric × year from the first to the anchor. At the anchor only stocks.
    constant: Vec<Vec<f64>>,
    terms: Vec<Term>,
}

/// A chain's place among the terms: a binding, or the energy of a class.
type Known = BTreeMap<(bool, u32), Option<usize>>;

impl Past {
    pub fn new(kernel: &Kernel<'_>, asked: &Asked, slots: &Slots) -> Self {
        let inventory = kernel.ground.inventory;
        let anchor = inventory.study.anchor();
        let years: Vec<i32> = inventory.study.settings.years.iter().copied().filter(|year| *year <= anchor).collect();
        let constant = vec![vec![0.0; years.len()]; asked.metrics.len()];
        let mut past = Self { years, constant, terms: Vec::new() };
        let mut known = Known::new();
        for emission in &inventory.emissions {
            let Some(at) = past.years.iter().position(|year| *year == emission.year) else { continue };
            let binding = &inventory.matches.bindings[emission.binding as usize];
            let metrics = kernel.metrics.of_emission(inventory, binding.category, binding.pollutant);
            let metrics = asked.local(&metrics);
            if metrics.is_empty() || (emission.year == anchor && emission.stock.is_none()) {
                continue;
            }
            let simple = emission.stock.is_none().then_some(((true, emission.binding), &binding.emitted));
            past.add(kernel, (slots, &mut known), simple, (at, emission.row, emission.emitted_t, metrics));
        }
        let chains: HashMap<u32, &Resolved> =
            inventory.matches.energy.iter().map(|(c, chain)| (*c, &**chain)).collect();
        for energy in &inventory.energy {
            let Some(at) = past.years.iter().position(|year| *year == energy.year) else { continue };
            let metrics = asked.local(&kernel.metrics.of_energy());
            let class = inventory.matches.class_of[energy.row as usize];
            if metrics.is_empty() || energy.year == anchor {
                continue;
            }
            let simple = chains.get(&class).map(|chain| ((false, class), *chain));
            past.add(kernel, (slots, &mut known), simple, (at, energy.row, energy.energy_tj, metrics));
        }
        past
    }

    fn add(
        &mut self,
        kernel: &Kernel<'_>,
        (slots, known): (&Slots, &mut Known),
        chain: Option<((bool, u32), &Resolved)>,
        (at, row, value, metrics): (usize, u32, f64, Vec<(usize, f64)>),
    ) {
        let study = kernel.ground.inventory.study;
        let slot = slots.of_row(study, row);
        let term = chain.and_then(|(key, resolved)| {
            *known.entry(key).or_insert_with(|| {
                let dictionary = Dictionary { study, changes: &[], slots: &slots.parameters };
                let formula = Formula::of(&dictionary, resolved);
                let moves = proportional(study, resolved) && (formula.is_drawn() || !slots.rows.is_empty());
                moves.then(|| {
                    let program = Program::of(&formula);
                    self.terms.push(Term { program, metrics: metrics.clone(), amounts: Vec::new() });
                    self.terms.len() - 1
                })
            })
        });
        match term {
            Some(term) => {
                let amount = study.activity.amount[row as usize];
                let amounts = &mut self.terms[term].amounts;
                match amounts.iter_mut().find(|(known, _, by)| *known == at && *by == slot) {
                    Some((_, sum, _)) => *sum += amount,
                    None => amounts.push((at, amount, slot)),
                }
            }
            None => {
                for (metric, weight) in metrics {
                    self.constant[metric][at] += value * weight;
                }
            }
        }
    }

    /// The totals of the past, metric × year; at the anchor, which the projection has too, only stocks, which are added.
    #[inline(always)]
    pub fn run(&self, (factors, rows): (&[Lane], &[Lane]), (stride, anchor): (usize, usize), room: &mut Room) {
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
            let per = term.program.evaluate(&Given::per(&one, factors), &mut room.stack);
            for &(at, amount, slot) in &term.amounts {
                let factor = slot.map_or(&one, |slot| &rows[slot]);
                for &(metric, weight) in &term.metrics {
                    let (sum, each) = (&mut room.out[metric * stride + at], amount * weight);
                    sum.add(|lane| each * per[lane] * factor[lane]);
                }
            }
        }
    }
}
