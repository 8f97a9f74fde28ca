//! Cells: parameters that a scenario changes, by a path of their own or by measures.

use super::acting::clash;
use super::activity::{choose, from, path_fault, tie};
use super::kernel::old_rows;
use super::rows::{selected, selects_nothing, with_key};
use super::{Ground, Plan, Series};
use crate::error::{Fault, Faults, Place, Text};
use crate::expression::Use;
use crate::matching::{Input, Resolved};
use crate::path::Start;
use crate::pollutant::{CO2, CO2_BIOGENIC};
use crate::say;
use crate::scenario::{Change, Combine, Scenario, Select};
use crate::unit::Dimension;
use std::collections::{BTreeMap, BTreeSet};

/// A parameter of the ladder as it goes through the years, canonical.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Index into the ladder's parameters: where it starts from.
    pub parameter: usize,
    pub base: f64,
    pub path: Option<Series>,
    /// Index into [`Plan::levels`], and where the level leads to.
    pub changes: Vec<(usize, f64)>,
    /// Whether the changes are parts of the value before any of them.
    pub sum: bool,
    /// Where the path is written.
    pub from: String,
}

/// What an expression's name reads instead of its parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct CellChange {
    pub used: Use,
    pub parameter: usize,
    /// Index into [`Plan::cells`].
    pub cell: usize,
}

impl Cell {
    /// The value of a year (0 is the anchor), with the level of each measure given.
    pub fn value(&self, index: usize, level: &impl Fn(usize) -> f64) -> f64 {
        let before = self.path.as_ref().map_or(self.base, |path| path[index]);
        if self.sum {
            return before + self.changes.iter().map(|(at, to)| level(*at) * (to - before)).sum::<f64>();
        }
        self.changes.iter().fold(before, |value, (at, to)| value + level(*at) * (to - value))
    }
}

/// The bindings of each class in the anchor's own emission year, in order.
pub(super) fn bindings(ground: Ground<'_>) -> Vec<Vec<u32>> {
    let matches = &ground.inventory.matches;
    let anchor = ground.inventory.study.anchor();
    let mut of_class = vec![Vec::new(); matches.classes.len()];
    for (index, binding) in matches.bindings.iter().enumerate() {
        if binding.emission_year.is_none_or(|year| year == anchor) {
            of_class[binding.class as usize].push(index as u32);
        }
    }
    of_class
}

/// Every parameter that a resolved method reads, by the name it is read by.
fn leaves<'a>(resolved: &'a Resolved, found: &mut Vec<(&'a Use, usize)>) {
    for (used, input) in &resolved.inputs {
        match input {
            Input::Parameter(index) if !found.contains(&(used, *index)) => found.push((used, *index)),
            Input::Method(inner) => leaves(inner, found),
            _ => {}
        }
    }
}

pub(super) fn resolve(ground: Ground<'_>, scenario: &Scenario, plan: &mut Plan, faults: &mut Faults) {
    let used: BTreeSet<&str> = scenario
        .parameters
        .iter()
        .map(|entry| entry.name.as_str())
        .chain(scenario.uses.iter().filter_map(|used| match &ground.plans.measures[used.measure].change {
            Change::Parameter { name, .. } => Some(name.as_str()),
            _ => None,
        }))
        .collect();
    if used.is_empty() {
        return;
    }
    let mut work =
        Work { ground, scenario, plan, faults, known: BTreeMap::new(), touched: BTreeSet::new(), lines: Vec::new() };
    work.collect(&used);
    work.check_selects();
    let lines = std::mem::take(&mut work.lines);
    for line in &lines {
        work.line(line);
    }
}

/// A row's use of a parameter that some entry or measure names.
struct Line {
    row: u32,
    /// `None` is the row's energy.
    binding: Option<u32>,
    /// The pollutant, for selectors; CO2 of biogenic items is selected as CO2.
    pollutant: Option<usize>,
    used: Use,
    parameter: usize,
}

struct Work<'a, 'p> {
    ground: Ground<'a>,
    scenario: &'a Scenario,
    plan: &'p mut Plan,
    faults: &'p mut Faults,
    /// Parameter, entry and changes to the cell.
    known: BTreeMap<(usize, Option<usize>, Vec<usize>), usize>,
    /// Pairs that have been found to clash, each said once.
    touched: BTreeSet<(usize, usize)>,
    lines: Vec<Line>,
}

impl Work<'_, '_> {
    fn collect(&mut self, names: &BTreeSet<&str>) {
        let (study, matches) = (self.ground.inventory.study, &self.ground.inventory.matches);
        let of_class = bindings(self.ground);
        let memo = study.words.pollutants.index(CO2_BIOGENIC);
        let co2 = study.words.pollutants.index(CO2);
        // Activity of before the anchor asks for the emission's year alone.
        let old =
            old_rows(self.ground.inventory).filter(|row| matches.spreads[matches.class_of[*row as usize] as usize]);
        let rows = self.plan.rows().into_iter().map(|row| (row, false)).chain(old.map(|row| (row, true)));
        for (row, old) in rows.collect::<Vec<_>>() {
            let class = matches.class_of[row as usize];
            let bound = of_class[class as usize].iter().map(|&index| {
                let binding = &matches.bindings[index as usize];
                let pollutant = if Some(binding.pollutant) == memo { co2 } else { Some(binding.pollutant) };
                (Some(index), pollutant, vec![Some(&binding.emitted), binding.generated.as_deref()])
            });
            let energy = matches.energy.iter().filter(|(known, _)| *known == class);
            let energy = energy.map(|(_, resolved)| (None, None, vec![Some(resolved.as_ref()), None]));
            for (binding, pollutant, chains) in bound.chain(energy) {
                let mut found = Vec::new();
                chains.into_iter().flatten().for_each(|resolved| leaves(resolved, &mut found));
                let wanted = |(used, _): &(&Use, usize)| names.contains(used.name.as_str()) && (used.now || !old);
                for (used, parameter) in found.into_iter().filter(wanted) {
                    self.lines.push(Line { row, binding, pollutant, used: used.clone(), parameter });
                }
            }
        }
    }

    /// Every selector has to hold for a row that has the parameter.
    fn check_selects(&mut self) {
        let study = self.ground.inventory.study;
        let rows = self.plan.rows();
        let mut faults = Vec::new();
        for entry in &self.scenario.parameters {
            let chosen = selected(study, &entry.select, &rows);
            if chosen.is_empty() {
                faults.push(selects_nothing(study, &entry.select, &entry.place));
            } else if !chosen.iter().any(|row| self.has(*row, &entry.name, &entry.select)) {
                faults.push(self.lacks(chosen[0], &entry.name, &entry.place));
            }
        }
        for used in &self.scenario.uses {
            let measure = &self.ground.plans.measures[used.measure];
            let (Change::Parameter { name, .. }, Some(select)) = (&measure.change, &measure.select) else { continue };
            let chosen = selected(study, select, &rows);
            if chosen.is_empty() {
                faults.push(selects_nothing(study, select, &measure.place));
            }
            let without = chosen.iter().find(|row| !self.has(**row, name, select));
            faults.extend(without.map(|row| self.lacks(*row, name, &measure.place)));
        }
        faults.into_iter().for_each(|fault| self.faults.push(fault));
    }

    fn has(&self, row: u32, name: &str, select: &Select) -> bool {
        let of = |line: &&Line| line.row == row && line.used.name == name && holds(select, line.pollutant);
        self.lines.iter().any(|line| of(&line))
    }

    fn lacks(&self, row: u32, name: &str, place: &Place) -> Fault {
        let reference = self.ground.inventory.study.activity.reference_of(row as usize);
        let text =
            say!("{reference} 的计算不用参数 '{name}'", "what is estimated of {reference} uses no parameter '{name}'");
        path_fault(place, text)
            .hint(say!("用 qingdan explain 看该行用到的参数", "qingdan explain shows the parameters of a row"))
    }

    fn line(&mut self, line: &Line) {
        let study = self.ground.inventory.study;
        let entries = self.scenario.parameters.iter().enumerate();
        let entries = entries.filter(|(_, entry)| entry.name == line.used.name && holds(&entry.select, line.pollutant));
        let entries = entries.map(|(at, entry)| (&entry.select, at));
        let chosen = with_key(study, line.row, |key| choose(entries, |select| select.specificity(key)));
        let entry = match chosen {
            Ok(entry) => entry,
            Err((a, b)) => {
                if self.touched.insert((a, b)) {
                    let places = (&self.scenario.parameters[a].place, &self.scenario.parameters[b].place);
                    self.faults.push(tie(places.0, places.1, &study.activity.reference_of(line.row as usize)));
                }
                return;
            }
        };
        let levels = self.changes(line);
        if entry.is_none() && levels.is_empty() {
            return;
        }
        let key = (line.parameter, entry, levels.clone());
        let cell = match self.known.get(&key) {
            Some(cell) => *cell,
            None => {
                let Some(cell) = self.cell(line.parameter, entry, &levels) else { return };
                self.plan.cells.push(cell);
                self.known.insert(key, self.plan.cells.len() - 1);
                self.plan.cells.len() - 1
            }
        };
        let change = CellChange { used: line.used.clone(), parameter: line.parameter, cell };
        self.plan.changed.entry((line.row, line.binding)).or_default().push(change);
    }

    /// The measures that change this parameter of this row, in the order of use.
    fn changes(&mut self, line: &Line) -> Vec<usize> {
        let study = self.ground.inventory.study;
        let mut found: Vec<usize> = Vec::new();
        for (at, level) in self.plan.levels.iter().enumerate() {
            let measure = &self.ground.plans.measures[level.measure];
            let (Change::Parameter { name, .. }, Some(select)) = (&measure.change, &measure.select) else { continue };
            let here = *name == line.used.name && holds(select, line.pollutant);
            if here && with_key(study, line.row, |key| select.specificity(key).is_some()) {
                found.push(at);
            }
        }
        for pair in found.windows(2) {
            let measure = |level: usize| &self.ground.plans.measures[self.plan.levels[level].measure];
            let (first, second) = (measure(pair[0]), measure(pair[1]));
            let unsaid = first.combine.is_none() || first.combine != second.combine;
            if unsaid && self.touched.insert((usize::MAX - pair[0], pair[1])) {
                let (reference, name) = (study.activity.reference_of(line.row as usize), &line.used.name);
                self.faults.push(clash(first, second, &format!("{reference} ({name})")));
            }
        }
        found
    }

    fn cell(&mut self, parameter: usize, entry: Option<usize>, levels: &[usize]) -> Option<Cell> {
        let known = &self.ground.inventory.study.ladder.parameters[parameter];
        let dimension = Dimension { price_base: None, ..known.unit.in_expression() };
        let base = known.canonical();
        let mut cell = Cell { parameter, base, path: None, changes: Vec::new(), sum: false, from: String::new() };
        if let Some(entry) = entry.map(|at| &self.scenario.parameters[at]) {
            let path = self.faults.take(entry.value.path(dimension, self.plan.anchor))?;
            let values = path.values(Start { year: self.plan.anchor, value: Some(base) }, self.plan.horizon);
            let values = values.map_err(|text| self.faults.push(path_fault(&entry.value.place, text))).ok()?;
            (cell.path, cell.from) = (Some(values), from(&entry.place));
        }
        for &level in levels {
            let measure = &self.ground.plans.measures[self.plan.levels[level].measure];
            let Change::Parameter { to, .. } = &measure.change else { continue };
            let found = Dimension { price_base: None, ..to.unit.in_expression() };
            if found != dimension {
                let (Text { zh, en }, Text { zh: wanted_zh, en: wanted_en }) = (found.words(), dimension.words());
                let name = &known.name;
                let text = say!("'{name}' 是{wanted_zh}，而 to 是{zh}", "'{name}' is {wanted_en}, but to is {en}");
                let place = Place { column: format!("{}.parameter.to", measure.code), ..measure.place.clone() };
                self.faults.push(path_fault(&place, text));
                return None;
            }
            cell.changes.push((level, to.canonical()));
            cell.sum |= measure.combine == Some(Combine::Sum);
        }
        Some(cell)
    }
}

fn holds(select: &Select, pollutant: Option<usize>) -> bool {
    select.pollutant.is_none() || select.pollutant == pollutant
}
