//! Measures on amounts: what they add, leave and move, in the order add, scale, shift.

use super::added_rows::{selected, selects_nothing};
use super::baseline_activity::{InitialAmounts, PlanBuilder, no_energy, path_fault};
use super::{Amount, AmountPath, MeasureFactor, Origin, energy};
use crate::error::{Diagnostic, Place};
use crate::say;
use crate::scenario::{Change, Combine, Conserved, Measure, Shift};
use std::collections::BTreeMap;

impl PlanBuilder<'_, '_> {
    /// Rows that measures add join those of the anchor year.
    pub(super) fn additions(&mut self, mut begun: InitialAmounts) -> Vec<(u32, AmountPath, f64)> {
        let simple =
            |(row, (origin, base)): (u32, (Origin, f64))| (row, AmountPath { origin, factors: Vec::new() }, base);
        let mut amounts: Vec<(u32, AmountPath, f64)> = std::mem::take(&mut begun).into_iter().map(simple).collect();
        for level in 0..self.plan.levels.len() {
            let measure = self.plan.levels[level].measure;
            if let (Change::Add(addition), Some(&row)) =
                (&self.ground.plans.measures[measure].change, self.ground.made.additions.get(&measure))
            {
                let flow = AmountPath { origin: Origin::One, factors: vec![MeasureFactor::Moved(level)] };
                amounts.push((row, flow, addition.amount.canonical()));
            }
        }
        amounts
    }

    /// Scale first, then shift, within a kind in the order of use.
    pub(super) fn measures(&mut self, amounts: Vec<(u32, AmountPath, f64)>) {
        let study = self.ground.inventory.study;
        let rows: Vec<u32> = amounts.iter().map(|(row, ..)| *row).collect();
        let mut acting: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for kind in ["scale", "shift"] {
            for level in 0..self.plan.levels.len() {
                let measure = self.measure(level);
                let (true, Some(select)) = (measure.change.word() == kind, &measure.select) else { continue };
                let chosen = selected(study, select, &rows);
                if chosen.is_empty() {
                    self.faults.push(selects_nothing(study, select));
                }
                for row in chosen {
                    acting.entry(row).or_default().push(level);
                }
            }
        }
        let mut found: Vec<(u32, AmountPath, f64)> = Vec::new();
        for (row, flow, base) in amounts {
            match acting.get(&row) {
                None => found.push((row, flow, base)),
                Some(levels) => self.act((row, &flow, base), levels, &mut found),
            }
        }
        found.sort_by_key(|(row, ..)| *row);
        for (row, flow, base) in found {
            let known = self.plan.flows.iter().position(|known| *known == flow);
            let flow = known.unwrap_or_else(|| {
                self.plan.flows.push(flow);
                self.plan.flows.len() - 1
            });
            self.plan.amounts.push(Amount { row, flow, base });
        }
    }

    fn measure(&self, level: usize) -> &Measure {
        &self.ground.plans.measures[self.plan.levels[level].measure]
    }

    /// What stays of an amount, and what moves.
    fn act(
        &mut self,
        (row, flow, base): (u32, &AmountPath, f64),
        levels: &[usize],
        found: &mut Vec<(u32, AmountPath, f64)>,
    ) {
        let Some(combine) = self.combine(row, levels) else { return };
        let part = |level: usize| match self.measure(level).change {
            Change::Scale(scale) => 1.0 - scale,
            _ => 1.0,
        };
        let parts: Vec<(usize, f64)> = levels.iter().map(|&level| (level, part(level))).collect();
        if combine == Combine::Sum {
            self.not_over_1(row, &parts);
        }
        let mut before = flow.clone();
        for &(level, part) in &parts {
            if let Change::Shift(shift) = &self.measure(level).change {
                let from = if combine == Combine::Sum { flow } else { &before };
                let mut moved = from.clone();
                moved.factors.push(MeasureFactor::Moved(level));
                found.extend(self.moved((row, level), (moved, base), &shift.clone()));
            }
            before.factors.push(MeasureFactor::Less(level, part));
        }
        let kept = match combine {
            Combine::Chain => before,
            Combine::Sum => {
                let mut kept = flow.clone();
                kept.factors.push(MeasureFactor::LessAll(parts));
                kept
            }
        };
        found.push((row, kept, base));
    }

    /// How the measures on one row go together; those that do not say it are a fault.
    fn combine(&mut self, row: u32, levels: &[usize]) -> Option<Combine> {
        let [first, rest @ ..] = levels else { return None };
        let first = self.measure(*first).clone();
        for level in rest {
            let other = self.measure(*level).clone();
            if first.combine.is_none() || first.combine != other.combine {
                let cell = self.ground.inventory.study.activity.reference_of(row as usize);
                self.faults.push(clash(&first, &other, &cell));
                return None;
            }
        }
        Some(first.combine.unwrap_or(Combine::Chain))
    }

    fn not_over_1(&mut self, row: u32, parts: &[(usize, f64)]) {
        for index in 0..self.plan.length() {
            let sum: f64 = parts.iter().map(|(level, part)| self.plan.levels[*level].values[index] * part).sum();
            if sum > 1.0 + 1e-12 {
                let year = self.plan.anchor + index as i32;
                let cell = self.ground.inventory.study.activity.reference_of(row as usize);
                let place = self.measure(parts[0].0).place.clone();
                let text = say!(
                    "{year} 年作用于 {cell} 的措施合计为 {sum}，超过 1",
                    "the measures on {cell} take {sum} of it in {year}, more than 1"
                );
                self.faults.push(path_fault(&place, text));
                return;
            }
        }
    }

    /// The amount that a shift moves, in the unit of the row that receives it.
    fn moved(
        &mut self,
        (row, level): (u32, usize),
        (flow, base): (AmountPath, f64),
        shift: &Shift,
    ) -> Option<(u32, AmountPath, f64)> {
        let inventory = self.ground.inventory;
        let (index, place) = (self.plan.levels[level].measure, shift.place.clone());
        let &to = self.ground.made.receives.get(&(index, row))?;
        let per = |row: u32| match shift.by {
            Conserved::Amount => Some(1.0),
            Conserved::Energy => energy::per_amount(inventory, row),
        };
        let (before, after) = (per(row), per(to));
        for (row, known) in [(row, before), (to, after)] {
            if known.is_none() {
                self.faults.push(no_energy(inventory.study, row, &place));
            }
        }
        if shift.by == Conserved::Amount {
            let dimension = |row: u32| inventory.study.activity.unit_of(row as usize).1.in_expression();
            if dimension(row) != dimension(to) {
                let receiver = inventory.study.activity.reference_of(to as usize);
                let text = say!(
                    "按数量转移，但 {receiver} 的单位不同类",
                    "it moves amounts, but {receiver} is given in another kind of unit"
                );
                self.faults.push(path_fault(&place, text));
            }
        }
        Some((to, flow, base * shift.ratio * before? / after?))
    }
}

/// Two measures on one cell that do not say how they combine.
pub(super) fn clash(first: &Measure, second: &Measure, cell: &str) -> Diagnostic {
    let (a, b) = (&first.code, &second.code);
    let text = say!(
        "措施 '{a}' 与 '{b}' 都作用于 {cell}，却没有一致地写明 combine",
        "the measures '{a}' and '{b}' both act on {cell} and do not say alike how they combine"
    );
    let hint = say!(
        "两者都写 combine = \"chain\"（依次作用于剩余量）或 \"sum\"（按原量相加）",
        "write combine = \"chain\" (each acts on what the earlier left) or \"sum\" (parts of the original) in both"
    );
    Diagnostic::new(Place { column: format!("{b}.combine"), ..second.place.clone() }, text).hint(hint)
}
