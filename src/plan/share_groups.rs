//! Share groups: a group's energy stays in every year, its split between items follows a path.

use super::added_rows::{selected, selects_nothing};
use super::baseline_activity::{InitialAmounts, PlanBuilder, from, no_energy, path_fault};
use super::{Group, Origin, Series, energy};
use crate::path::Start;
use crate::say;
use crate::scenario::{Conserved, ShareSpec};
use crate::unit::Dimension;
use std::collections::BTreeMap;

/// A member's row, its energy (or 1) per amount, and its item's place among the group's.
type Counted = (u32, f64, usize);

/// A share below this is the rounding of a sum.
const NOTHING: f64 = 1e-12;

impl PlanBuilder<'_, '_> {
    pub(super) fn shares(&mut self, mut begun: InitialAmounts) -> InitialAmounts {
        let mut owner: BTreeMap<u32, usize> = BTreeMap::new();
        for (at, share) in self.scenario.shares.iter().enumerate() {
            let rows: Vec<u32> = begun.keys().copied().collect();
            let members = selected(self.ground.inventory.study, &share.select, &rows);
            if members.is_empty() {
                self.faults.push(selects_nothing(self.ground.inventory.study, &share.select));
                continue;
            }
            if let Some(other) = members.iter().find_map(|row| owner.get(row)) {
                let other = from(&self.scenario.shares[*other].place);
                let text = say!("有的行已在 {other} 的组中", "some rows are in the group of {other} already");
                self.faults.push(path_fault(&share.place, text));
                continue;
            }
            owner.extend(members.iter().map(|row| (*row, at)));
            self.share(at, share, &members, &mut begun);
        }
        begun
    }

    fn share(&mut self, at: usize, share: &ShareSpec, members: &[u32], begun: &mut InitialAmounts) {
        let inventory = self.ground.inventory;
        let mut items: Vec<usize> = share.shares.iter().map(|(item, _)| *item).collect();
        items.extend(share.remainder.as_ref().map(|(item, _)| *item));
        // Shares of a group that lacks a member say nothing.
        let Some(counted) = self.counted(share, members, &items) else { return };
        let Some(shares) = self.share_paths(share, &counted) else { return };
        let group = self.plan.groups.len();
        let mut found = Group { members: Vec::new(), shares, from: from(&share.place) };
        let amount = |row: u32| inventory.study.activity.amount[row as usize];
        let holds_nothing = |place: usize| counted.iter().all(|(row, _, other)| *other != place || amount(*row) == 0.0);
        for &(row, per, place) in &counted {
            let Some((Origin::Growth(growth), base)) = begun.get(&row).copied() else {
                let reference = inventory.study.activity.reference_of(row as usize);
                let text = say!(
                    "{reference} 的数量由 value 给定，不能再按份额分配",
                    "the amount of {reference} is given by a value path and cannot be split by shares too"
                );
                self.faults.push(path_fault(&share.place, text));
                continue;
            };
            found.members.push((growth, base * per, place));
            // An item of which there is nothing yet has no split between its rows: the first takes its share.
            let first = counted.iter().find(|(_, _, other)| *other == place).is_some_and(|(other, ..)| *other == row);
            let origin = match (holds_nothing(place), first) {
                (false, _) => (Origin::Share(growth, group, place), base),
                (true, true) => (Origin::Whole(group, place), 1.0 / per),
                (true, false) => (Origin::Growth(0), base),
            };
            begun.insert(row, origin);
        }
        for (place, item) in items.iter().enumerate() {
            if let Some(&row) = self.ground.made.shares.get(&(self.index, at, *item)) {
                let per = if share.by == Conserved::Amount { Some(1.0) } else { energy::per_amount(inventory, row) };
                match per {
                    Some(per) => _ = begun.insert(row, (Origin::Whole(group, place), 1.0 / per)),
                    None => self.faults.push(no_energy(inventory.study, row, &share.place)),
                }
            }
        }
        self.plan.groups.push(found);
    }

    /// The members with what they count; an item that is given no share is a fault.
    fn counted(&mut self, share: &ShareSpec, members: &[u32], items: &[usize]) -> Option<Vec<Counted>> {
        let before = self.faults.0.len();
        let study = self.ground.inventory.study;
        let is_member = |item: usize| members.iter().any(|&row| study.activity.item[row as usize] as usize == item);
        let mut counted = Vec::new();
        for &row in members {
            let item = study.activity.item[row as usize] as usize;
            let Some(place) = items.iter().position(|known| *known == item) else {
                let name = study.words.items.code(item);
                let text = say!("组中的 '{name}' 没有份额", "the group holds '{name}', which is given no share");
                let fault = path_fault(&share.place, text);
                let stranger = share.remainder.as_ref().map(|(item, _)| *item).filter(|item| !is_member(*item));
                self.faults.push(match stranger.map(|item| study.words.items.code(item)) {
                    None => fault.hint(say!(
                        "写出它的份额，或以它为余项（remainder）",
                        "give it a share, or name it as remainder"
                    )),
                    Some(other) => fault.hint(say!(
                        "余项 '{other}' 不在组中；组中没有写份额的项目可作余项",
                        "the remainder '{other}' is not in the group; one of the group without a share may be it"
                    )),
                });
                continue;
            };
            let per =
                if share.by == Conserved::Amount { Some(1.0) } else { energy::per_amount(self.ground.inventory, row) };
            match per {
                Some(per) => counted.push((row, per, place)),
                None => self.faults.push(no_energy(study, row, &share.place)),
            }
        }
        (self.faults.0.len() == before).then_some(counted)
    }

    /// The share of each item in each year; the remainder takes what is left, and may not be negative.
    fn share_paths(&mut self, share: &ShareSpec, counted: &[Counted]) -> Option<Vec<(usize, Series)>> {
        let amounts = &self.ground.inventory.study.activity.amount;
        let energy = |(row, per, _): &Counted| amounts[*row as usize] * per;
        let total: f64 = counted.iter().map(energy).sum();
        let present = |place: usize| {
            let own: f64 = counted.iter().filter(|(_, _, at)| *at == place).map(energy).sum();
            if total > 0.0 { own / total } else { 0.0 }
        };
        let mut left = vec![1.0; self.plan.length()];
        let mut found = Vec::new();
        for (place, (item, course)) in share.shares.iter().enumerate() {
            let start = Start { year: self.plan.anchor, value: Some(present(place)) };
            let path = self.faults.record(course.path(Dimension::PURE, self.plan.anchor))?;
            self.note_unused(&path, &course.place);
            let values = path.values(start, self.plan.horizon);
            let values = values.map_err(|text| self.faults.push(path_fault(&course.place, text))).ok()?;
            left.iter_mut().zip(&values).for_each(|(left, value)| *left -= value);
            found.push((*item, values));
        }
        if share.remainder.is_some() && total > 0.0 {
            // Exactly what it has, and not what the rounding of the others leaves.
            left[0] = present(share.shares.len());
        }
        self.remainder(share, left, &mut found).then_some(found)
    }

    /// What the named shares leave, for the item that takes it; whether it is well.
    fn remainder(&mut self, share: &ShareSpec, left: Series, found: &mut Vec<(usize, Series)>) -> bool {
        let year = |index: usize| self.plan.anchor + index as i32;
        let Some((item, place)) = &share.remainder else {
            let Some((index, value)) = left.iter().enumerate().find(|(_, left)| left.abs() > 1e-6) else { return true };
            let (year, sum) = (year(index), ((1.0 - value) * 1e9).round() / 1e9);
            let text = say!("{year} 年份额之和为 {sum}，应为 1", "the shares of {year} add up to {sum}, not to 1");
            let hint = say!("用 remainder 指定余项", "name one item as remainder");
            self.faults.push(path_fault(&share.place, text).hint(hint));
            return false;
        };
        if let Some((index, value)) = left.iter().enumerate().find(|(_, left)| **left < -NOTHING) {
            // Digits of the rounding say nothing to the reader.
            let value = (value * 1e9).round() / 1e9;
            let (year, name) = (year(index), self.ground.inventory.study.words.items.code(*item));
            let text =
                say!("{year} 年余项 '{name}' 为负：{value}", "the remainder '{name}' is negative in {year}: {value}");
            self.faults.push(path_fault(place, text));
            return false;
        }
        found.push((*item, left.into_iter().map(|left| if left < NOTHING { 0.0 } else { left }).collect()));
        true
    }
}
