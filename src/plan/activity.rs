//! Amounts: growth, shares and the measures that act on them.

use super::rows::{self, selected, selects_nothing, with_key};
use super::{Amount, Driver, Factor, Flow, Ground, Group, Growth, Level, Origin, Plan, Series, energy};
use crate::error::{Fault, Faults, Place, Text};
use crate::path::Start;
use crate::say;
use crate::scenario::{By, Change, Combine, Measure, Scenario, Select, Share, Shift, Specificity};
use crate::unit::Dimension;
use std::collections::BTreeMap;

pub(super) fn resolve(ground: Ground<'_>, (index, scenario): (usize, &Scenario), plan: &mut Plan, faults: &mut Faults) {
    let mut work = Work { ground, index, scenario, plan, faults };
    work.drivers();
    work.levels();
    let rows = rows::carried(ground.inventory.study);
    let origins = work.growth(&rows);
    let origins = work.shares(origins);
    let amounts = work.additions(origins);
    work.measures(amounts);
}

struct Work<'a, 'p> {
    ground: Ground<'a>,
    index: usize,
    scenario: &'a Scenario,
    plan: &'p mut Plan,
    faults: &'p mut Faults,
}

/// A row's amount before measures: its origin, and the anchor amount (or 1) that multiplies it.
type Begun = BTreeMap<u32, (Origin, f64)>;

/// Where something is written: `scenarios.toml:7`.
pub(super) fn from(place: &Place) -> String {
    format!("{}:{}", place.file, place.line.unwrap_or(0))
}

/// Of the entries that hold for a row the most specific one.
///
/// # Errors
/// The two entries that nothing tells apart.
pub(super) fn choose<'e, T>(
    entries: impl Iterator<Item = (&'e Select, T)>,
    specificity: impl Fn(&Select) -> Option<Specificity>,
) -> Result<Option<T>, (T, T)>
where
    T: Copy,
{
    let mut best: Option<(Specificity, T)> = None;
    let mut tie = None;
    for (select, entry) in entries {
        let Some(rank) = specificity(select) else { continue };
        match best {
            Some((top, first)) if top == rank => tie = Some((first, entry)),
            Some((top, _)) if top > rank => {}
            _ => (best, tie) = (Some((rank, entry)), None),
        }
    }
    match tie {
        Some(pair) => Err(pair),
        None => Ok(best.map(|(_, entry)| entry)),
    }
}

/// Two entries of one specificity hold for a row.
pub(super) fn tie(first: &Place, second: &Place, row: &str) -> Fault {
    let other = from(first);
    let text = say!("此项与 {other} 对 {row} 同样具体", "this entry and {other} are equally specific for {row}");
    Fault::new(second.clone(), text)
        .hint(say!("把其中一项的 select 写得更具体", "make the select of one of them more specific"))
}

/// A fault of a path, with its place.
pub(super) fn path_fault(place: &Place, text: Text) -> Fault {
    Fault::new(place.clone(), text)
}

impl Work<'_, '_> {
    fn drivers(&mut self) {
        let economy = &self.ground.inventory.study.economy;
        for (name, course) in &self.scenario.drivers {
            let series = match economy.series(name) {
                Some(Ok(series)) => series,
                Some(Err(_)) | None => {
                    let text = say!(
                        "economy.csv 中 '{name}' 没有可用的（不变价）序列",
                        "economy.csv has no series of '{name}' that can be carried on (money needs constant prices)"
                    );
                    self.faults.push(path_fault(&course.place, text));
                    continue;
                }
            };
            let year = self.plan.anchor;
            let Some(&own) = series.values.get(&year) else {
                let text = say!(
                    "economy.csv 中 '{name}' 缺少 {year} 年（锚定年）的值",
                    "economy.csv has no '{name}' of {year}, the anchor year"
                );
                self.faults.push(path_fault(&course.place, text));
                continue;
            };
            let dimension = Dimension { price_base: None, ..series.dimension };
            let Some(path) = self.faults.take(course.path(dimension, year)) else { continue };
            self.note_unused(&path, &course.place);
            match path.values(Start { year, value: Some(own) }, self.plan.horizon) {
                Ok(values) => {
                    self.plan.drivers.push(Driver { name: name.clone(), values, from: from(&course.place) });
                }
                Err(text) => self.faults.push(path_fault(&course.place, text)),
            }
        }
    }

    fn note_unused(&mut self, path: &crate::path::Path, place: &Place) {
        let years = path.unused_years(self.plan.anchor);
        if let (Some(first), Some(last)) = (years.first(), years.last()) {
            // A path of LEAP's Growth() speaks of all years.
            if years.len() < 100 {
                self.plan.notices.push(say!(
                    "{place}：{first}–{last} 年早于锚定年，不使用",
                    "{place}: {first}–{last} lie before the anchor year and are not used"
                ));
            }
        }
    }

    fn levels(&mut self) {
        for used in &self.scenario.uses {
            let measure = &self.ground.plans.measures[used.measure];
            let levels = measure.levels((used.level, used.start), (self.plan.anchor, self.plan.horizon));
            let Some(values) = self.faults.take(levels) else { continue };
            self.plan.levels.push(Level { measure: used.measure, values });
        }
    }

    /// The growth of every row; a row that nothing selects stays constant, and the plan says so.
    fn growth(&mut self, rows: &[u32]) -> Begun {
        let study = self.ground.inventory.study;
        let constant = vec![1.0; self.plan.length()];
        self.plan.growths.push(Growth { driver: None, elasticity: 1.0, intensity: constant, from: String::new() });
        let mut known: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        let mut begun = Begun::new();
        let mut left = 0;
        for (at, entry) in self.scenario.growth.iter().enumerate() {
            if selected(study, &entry.select, rows).is_empty() {
                self.faults.push(selects_nothing(study, &entry.select, &entry.place));
                known.insert(at, None);
            }
        }
        for &row in rows {
            let base = study.activity.amount[row as usize];
            let entries = self.scenario.growth.iter().enumerate().map(|(at, entry)| (&entry.select, at));
            let chosen = with_key(study, row, |key| choose(entries, |select| select.specificity(key)));
            let origin = match chosen {
                Ok(None) => {
                    left += 1;
                    (Origin::Growth(0), base)
                }
                Ok(Some(at)) => self.begin(at, base, &mut known),
                Err((a, b)) => {
                    let places = (&self.scenario.growth[a].place, &self.scenario.growth[b].place);
                    self.faults.push(tie(places.0, places.1, &study.activity.reference_of(row as usize)));
                    continue;
                }
            };
            begun.insert(row, origin);
        }
        if left > 0 {
            let code = &self.scenario.code;
            self.plan.notices.push(say!(
                "情景 {code}：{left} 行活动数据没有增长设定，保持不变（见 plan.csv）",
                "scenario {code}: no growth selects {left} activity rows; they stay constant (see plan.csv)"
            ));
        }
        begun
    }

    /// A row's start by an entry of growth; an absolute path is the row's own, all else is shared.
    fn begin(&mut self, at: usize, base: f64, known: &mut BTreeMap<usize, Option<usize>>) -> (Origin, f64) {
        let entry = &self.scenario.growth[at];
        if let Some(course) = &entry.value {
            let start = Start { year: self.plan.anchor, value: Some(base) };
            let path = self.faults.take(course.path(self.amount_dimension(at), self.plan.anchor));
            let values = path.and_then(|path| {
                path.values(start, self.plan.horizon)
                    .map_err(|text| self.faults.push(path_fault(&course.place, text)))
                    .ok()
            });
            self.plan.values.push((values.unwrap_or_default(), from(&entry.place)));
            return (Origin::Value(self.plan.values.len() - 1), 1.0);
        }
        let growth = match known.get(&at) {
            Some(growth) => *growth,
            None => {
                let growth = self.shared(at);
                known.insert(at, growth);
                growth
            }
        };
        (Origin::Growth(growth.unwrap_or(0)), base)
    }

    /// The dimension that the selected rows are given in.
    fn amount_dimension(&self, at: usize) -> Dimension {
        let study = self.ground.inventory.study;
        let rows = selected(study, &self.scenario.growth[at].select, &rows::carried(study));
        rows.first().map_or(Dimension::PURE, |row| study.activity.unit_of(*row as usize).1.in_expression())
    }

    fn shared(&mut self, at: usize) -> Option<usize> {
        let entry = &self.scenario.growth[at];
        let driver = match &entry.driver {
            None => None,
            Some((name, place)) => {
                let found = self.plan.drivers.iter().position(|driver| driver.name == *name);
                if found.is_none() && self.scenario.drivers.iter().all(|(known, _)| known != name) {
                    let code = &self.scenario.code;
                    let text = say!(
                        "情景 {code} 没有给出驱动因素 '{name}' 的路径",
                        "the scenario {code} gives the driver '{name}' no path"
                    );
                    self.faults.push(path_fault(place, text));
                }
                Some(found?)
            }
        };
        let intensity = match &entry.intensity {
            None => vec![1.0; self.plan.length()],
            Some(course) => {
                let path = self.faults.take(course.path(Dimension::PURE, self.plan.anchor))?;
                self.note_unused(&path, &course.place);
                let start = Start { year: self.plan.anchor, value: Some(1.0) };
                let values = path.values(start, self.plan.horizon);
                values.map_err(|text| self.faults.push(path_fault(&course.place, text))).ok()?
            }
        };
        let (elasticity, from) = (entry.elasticity, from(&entry.place));
        self.plan.growths.push(Growth { driver, elasticity, intensity, from });
        Some(self.plan.growths.len() - 1)
    }

    fn shares(&mut self, mut begun: Begun) -> Begun {
        let mut owner: BTreeMap<u32, usize> = BTreeMap::new();
        for (at, share) in self.scenario.shares.iter().enumerate() {
            let rows: Vec<u32> = begun.keys().copied().collect();
            let members = selected(self.ground.inventory.study, &share.select, &rows);
            if members.is_empty() {
                self.faults.push(selects_nothing(self.ground.inventory.study, &share.select, &share.place));
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

    fn share(&mut self, at: usize, share: &Share, members: &[u32], begun: &mut Begun) {
        let study = self.ground.inventory.study;
        let mut items: Vec<usize> = share.shares.iter().map(|(item, _)| *item).collect();
        items.extend(share.remainder.as_ref().map(|(item, _)| *item));
        let mut counted = Vec::new();
        for &row in members {
            let item = study.activity.item[row as usize] as usize;
            let Some(place) = items.iter().position(|known| *known == item) else {
                let name = study.words.items.code(item);
                let text = say!("组中的 '{name}' 没有份额", "the group holds '{name}', which is given no share");
                self.faults.push(path_fault(&share.place, text));
                continue;
            };
            let per = if share.by == By::Amount { Some(1.0) } else { energy::per_amount(self.ground.inventory, row) };
            let Some(per) = per else {
                self.faults.push(no_energy(study, row, &share.place));
                continue;
            };
            counted.push((row, per, place));
        }
        let total: f64 = counted.iter().map(|(row, per, _)| study.activity.amount[*row as usize] * per).sum();
        let Some(shares) = self.share_paths(share, (&items, &counted), total) else { return };
        let group = self.plan.groups.len();
        let mut found = Group { members: Vec::new(), shares, from: from(&share.place) };
        for (row, per, place) in counted {
            let Some((Origin::Growth(growth), base)) = begun.get(&row).copied() else {
                let reference = study.activity.reference_of(row as usize);
                let text = say!(
                    "{reference} 的数量由 value 给定，不能再按份额分配",
                    "the amount of {reference} is given by a value path and cannot be split by shares too"
                );
                self.faults.push(path_fault(&share.place, text));
                continue;
            };
            found.members.push((growth, base * per, place));
            begun.insert(row, (Origin::Share(growth, group, place), base));
        }
        for (place, item) in items.iter().enumerate() {
            if let Some(&row) = self.ground.made.shares.get(&(self.index, at, *item)) {
                let per =
                    if share.by == By::Amount { Some(1.0) } else { energy::per_amount(self.ground.inventory, row) };
                match per {
                    Some(per) => _ = begun.insert(row, (Origin::Whole(group, place), 1.0 / per)),
                    None => self.faults.push(no_energy(study, row, &share.place)),
                }
            }
        }
        self.plan.groups.push(found);
    }

    /// The share of each item in each year; the remainder takes what is left, and may not be negative.
    fn share_paths(
        &mut self,
        share: &Share,
        (items, counted): (&[usize], &[(u32, f64, usize)]),
        total: f64,
    ) -> Option<Vec<(usize, Series)>> {
        let study = self.ground.inventory.study;
        let mut left = vec![1.0; self.plan.length()];
        let mut found = Vec::new();
        for (place, (item, course)) in share.shares.iter().enumerate() {
            let own = counted.iter().filter(|(_, _, at)| *at == place);
            let own: f64 = own.map(|(row, per, _)| study.activity.amount[*row as usize] * per).sum();
            let start = Start { year: self.plan.anchor, value: Some(if total > 0.0 { own / total } else { 0.0 }) };
            let path = self.faults.take(course.path(Dimension::PURE, self.plan.anchor))?;
            let values = path.values(start, self.plan.horizon);
            let values = values.map_err(|text| self.faults.push(path_fault(&course.place, text))).ok()?;
            left.iter_mut().zip(&values).for_each(|(left, value)| *left -= value);
            found.push((*item, values));
        }
        let at = |index: usize| self.plan.anchor + index as i32;
        match &share.remainder {
            Some((item, place)) => {
                if let Some((index, value)) = left.iter().enumerate().find(|(_, left)| **left < -1e-12) {
                    let (year, name) = (at(index), study.words.items.code(*item));
                    let text = say!(
                        "{year} 年余项 '{name}' 为负：{value}",
                        "the remainder '{name}' is negative in {year}: {value}"
                    );
                    self.faults.push(path_fault(place, text));
                    return None;
                }
                found.push((*item, left.into_iter().map(|left| left.max(0.0)).collect()));
            }
            None => {
                if let Some((index, value)) = left.iter().enumerate().find(|(_, left)| left.abs() > 1e-6) {
                    let (year, sum) = (at(index), 1.0 - value);
                    let text =
                        say!("{year} 年份额之和为 {sum}，应为 1", "the shares of {year} add up to {sum}, not to 1");
                    let hint = say!("用 remainder 指定余项", "name one item as remainder");
                    self.faults.push(path_fault(&share.place, text).hint(hint));
                    return None;
                }
            }
        }
        debug_assert_eq!(found.len(), items.len());
        Some(found)
    }

    /// Rows that measures add join those of the anchor year.
    fn additions(&mut self, mut begun: Begun) -> Vec<(u32, Flow, f64)> {
        let simple = |(row, (origin, base)): (u32, (Origin, f64))| (row, Flow { origin, factors: Vec::new() }, base);
        let mut amounts: Vec<(u32, Flow, f64)> = std::mem::take(&mut begun).into_iter().map(simple).collect();
        for level in 0..self.plan.levels.len() {
            let measure = self.plan.levels[level].measure;
            if let (Change::Add(addition), Some(&row)) =
                (&self.ground.plans.measures[measure].change, self.ground.made.additions.get(&measure))
            {
                let flow = Flow { origin: Origin::One, factors: vec![Factor::Moved(level)] };
                amounts.push((row, flow, addition.amount.canonical()));
            }
        }
        amounts
    }

    /// Scale first, then shift, within a kind in the order of use.
    fn measures(&mut self, amounts: Vec<(u32, Flow, f64)>) {
        let study = self.ground.inventory.study;
        let rows: Vec<u32> = amounts.iter().map(|(row, ..)| *row).collect();
        let mut acting: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for kind in ["scale", "shift"] {
            for level in 0..self.plan.levels.len() {
                let measure = self.measure(level);
                let (true, Some(select)) = (measure.change.word() == kind, &measure.select) else { continue };
                let chosen = selected(study, select, &rows);
                if chosen.is_empty() {
                    self.faults.push(selects_nothing(study, select, &measure.place));
                }
                for row in chosen {
                    acting.entry(row).or_default().push(level);
                }
            }
        }
        let mut found: Vec<(u32, Flow, f64)> = Vec::new();
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
    fn act(&mut self, (row, flow, base): (u32, &Flow, f64), levels: &[usize], found: &mut Vec<(u32, Flow, f64)>) {
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
                moved.factors.push(Factor::Moved(level));
                found.extend(self.moved((row, level), (moved, base), &shift.clone()));
            }
            before.factors.push(Factor::Less(level, part));
        }
        let kept = match combine {
            Combine::Chain => before,
            Combine::Sum => {
                let mut kept = flow.clone();
                kept.factors.push(Factor::LessAll(parts));
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
        (flow, base): (Flow, f64),
        shift: &Shift,
    ) -> Option<(u32, Flow, f64)> {
        let inventory = self.ground.inventory;
        let (index, place) = (self.plan.levels[level].measure, self.measure(level).place.clone());
        let &to = self.ground.made.receives.get(&(index, row))?;
        let per = |row: u32| match shift.by {
            By::Amount => Some(1.0),
            By::Energy => energy::per_amount(inventory, row),
        };
        let (before, after) = (per(row), per(to));
        for (row, known) in [(row, before), (to, after)] {
            if known.is_none() {
                self.faults.push(no_energy(inventory.study, row, &place));
            }
        }
        if shift.by == By::Amount {
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
pub(super) fn clash(first: &Measure, second: &Measure, cell: &str) -> Fault {
    let (a, b) = (&first.code, &second.code);
    let text = say!(
        "措施 '{a}' 与 '{b}' 都作用于 {cell}，却没有一致地写明 combine",
        "the measures '{a}' and '{b}' both act on {cell} and do not say alike how they combine"
    );
    let hint = say!(
        "两者都写 combine = \"chain\"（依次作用于剩余量）或 \"sum\"（按原量相加）",
        "write combine = \"chain\" (each acts on what the earlier left) or \"sum\" (parts of the original) in both"
    );
    Fault::new(Place { column: format!("{b}.combine"), ..second.place.clone() }, text).hint(hint)
}

fn no_energy(study: &crate::study::Study, row: u32, place: &Place) -> Fault {
    let item = study.words.items.code(study.activity.item[row as usize] as usize);
    let text = say!("'{item}' 没有热值，不能按能量折算", "'{item}' has no calorific value to move energy by");
    path_fault(place, text).hint(say!(
        "写 by = \"amount\"，或补上 net_calorific_value",
        "write by = \"amount\", or give a net_calorific_value"
    ))
}
