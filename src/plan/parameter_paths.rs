//! Cells: parameters that a scenario changes, by a path of their own or by measures.

use super::added_rows::{selected, selects_nothing, with_key};
use super::baseline_activity::{choose, from, path_fault, tie, unused};
use super::kernel::old_rows;
use super::measure_effects::clash;
use super::{Plan, ScenarioContext, Series};
use crate::error::{Diagnostic, Diagnostics, Place, Text, nearest};
use crate::expression::Use;
use crate::matching::{ResolvedMethod, ValueSource};
use crate::path::Start;
use crate::pollutant::{CO2, CO2_BIOGENIC};
use crate::say;
use crate::scenario::{Change, Combine, PathSpec, Scenario, Select};
use crate::unit::Dimension;
use std::collections::{BTreeMap, BTreeSet};

/// A parameter of the ladder as it goes through the years, canonical.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterPath {
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

impl ParameterPath {
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
pub(super) fn bindings(ground: ScenarioContext<'_>) -> Vec<Vec<u32>> {
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
fn leaves<'a>(resolved: &'a ResolvedMethod, found: &mut Vec<(&'a Use, usize)>) {
    for (used, input) in &resolved.inputs {
        match input {
            ValueSource::Parameter(index) if !found.contains(&(used, *index)) => found.push((used, *index)),
            ValueSource::Method(inner) => leaves(inner, found),
            _ => {}
        }
    }
}

/// `scenarios` are what is resolved, each with its weight: one, or the two that a blend lies between.
pub(super) fn resolve(
    ground: ScenarioContext<'_>,
    scenarios: &[(&Scenario, f64)],
    plan: &mut Plan,
    faults: &mut Diagnostics,
) {
    let measured = plan.levels.iter().filter_map(|level| match &ground.plans.measures[level.measure].change {
        Change::Parameter { name, .. } => Some(name.as_str()),
        _ => None,
    });
    let entries = scenarios.iter().flat_map(|(scenario, _)| &scenario.parameters);
    let used: BTreeSet<&str> = entries.map(|entry| entry.name.as_str()).chain(measured).collect();
    if used.is_empty() {
        return;
    }
    let (known, touched, uses) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
    let mut work = CellBuilder { ground, scenarios, plan, faults, known, touched, lines: Vec::new(), uses };
    work.collect(&used);
    work.check_selects();
    let lines = std::mem::take(&mut work.lines);
    for line in &lines {
        work.line(line);
    }
}

/// A row's use of a parameter that some entry or measure names.
struct ParameterUse {
    row: u32,
    /// `None` is the row's energy.
    binding: Option<u32>,
    /// The pollutant, for selectors; CO2 of biogenic items is selected as CO2.
    pollutant: Option<usize>,
    used: Use,
    parameter: usize,
}

struct CellBuilder<'a, 'p> {
    ground: ScenarioContext<'a>,
    scenarios: &'a [(&'a Scenario, f64)],
    plan: &'p mut Plan,
    faults: &'p mut Diagnostics,
    /// Parameter, entry of each scenario and changes to the cell.
    known: BTreeMap<(usize, Entries, Vec<usize>), usize>,
    /// Pairs that have been found to clash, each said once.
    touched: BTreeSet<(usize, usize, usize)>,
    lines: Vec<ParameterUse>,
    /// The pollutants that a row uses a parameter for.
    uses: BTreeMap<(u32, String), Vec<Option<usize>>>,
}

/// Of each scenario the entry that holds, if any does.
type Entries = Vec<Option<usize>>;

impl CellBuilder<'_, '_> {
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
                    self.uses.entry((row, used.name.clone())).or_default().push(pollutant);
                    self.lines.push(ParameterUse { row, binding, pollutant, used: used.clone(), parameter });
                }
            }
        }
    }

    /// Every selector has to hold for a row that has the parameter.
    fn check_selects(&mut self) {
        let study = self.ground.inventory.study;
        let rows = self.plan.rows();
        let mut faults = Vec::new();
        for entry in self.scenarios.iter().flat_map(|(scenario, _)| &scenario.parameters) {
            let chosen = selected(study, &entry.select, &rows);
            if chosen.is_empty() {
                faults.push(selects_nothing(study, &entry.select));
            } else if !chosen.iter().any(|row| self.has(*row, &entry.name, &entry.select)) {
                faults.push(self.lacks(chosen[0], &entry.name, &entry.place));
            }
        }
        for level in &self.plan.levels {
            let measure = &self.ground.plans.measures[level.measure];
            let (Change::Parameter { name, .. }, Some(select)) = (&measure.change, &measure.select) else { continue };
            let chosen = selected(study, select, &rows);
            if chosen.is_empty() {
                faults.push(selects_nothing(study, select));
            }
            // What scenarios make has what the ladder gives it, or is a gap; of the inventory's rows each has to have the parameter.
            let lacks = |row: &&u32| !self.has(**row, name, select);
            let own = chosen.iter().filter(|row| (**row as usize) < study.activity.own);
            let none = chosen.iter().all(|row| lacks(&row)).then(|| chosen.first()).flatten();
            let without = own.filter(lacks).min().or(none);
            faults.extend(without.map(|row| self.lacks(*row, name, &measure.place)));
        }
        faults.into_iter().for_each(|fault| self.faults.push(fault));
    }

    fn has(&self, row: u32, name: &str, select: &Select) -> bool {
        let pollutants = self.uses.get(&(row, name.to_string()));
        pollutants.is_some_and(|pollutants| pollutants.iter().any(|pollutant| holds(select, *pollutant)))
    }

    fn lacks(&self, row: u32, name: &str, place: &Place) -> Diagnostic {
        let reference = self.ground.inventory.study.activity.reference_of(row as usize);
        let text =
            say!("{reference} 的计算不用参数 '{name}'", "what is estimated of {reference} uses no parameter '{name}'");
        let matches = &self.ground.inventory.matches;
        let of_row = matches.bindings.iter().filter(|own| own.class == matches.class_of[row as usize]);
        let chains = of_row.flat_map(|own| own.generated.as_deref().into_iter().chain([&own.emitted]));
        let names: BTreeSet<&str> = chains.flat_map(ResolvedMethod::parameters).map(|(name, _)| name).collect();
        let fault = path_fault(place, text);
        match nearest(name, names.iter().copied()) {
            Some(near) => fault.nearest(Some(near)),
            None if names.is_empty() => {
                fault.hint(say!("用 qingdan explain 看该行的计算", "qingdan explain shows how a row is estimated"))
            }
            None => {
                let names = names.into_iter().collect::<Vec<_>>().join(", ");
                fault.hint(say!("该行用到：{names}", "it uses {names}"))
            }
        }
    }

    /// The entries that hold for a line; `None` where two of one scenario are equally specific.
    fn entries(&mut self, line: &ParameterUse) -> Option<Entries> {
        let study = self.ground.inventory.study;
        let mut found = Vec::new();
        for (of, (scenario, _)) in self.scenarios.iter().enumerate() {
            let entries = scenario.parameters.iter().enumerate();
            let entries =
                entries.filter(|(_, entry)| entry.name == line.used.name && holds(&entry.select, line.pollutant));
            let entries = entries.map(|(at, entry)| (&entry.select, at));
            match with_key(study, line.row, |key| choose(entries, |select| select.specificity(key))) {
                Ok(entry) => found.push(entry),
                Err((a, b)) => {
                    if self.touched.insert((of, a, b)) {
                        let places = (&scenario.parameters[a].place, &scenario.parameters[b].place);
                        let row = study.activity.reference_of(line.row as usize);
                        self.faults.push(tie(places.0, places.1, &row));
                    }
                    return None;
                }
            }
        }
        Some(found)
    }

    fn line(&mut self, line: &ParameterUse) {
        let Some(entries) = self.entries(line) else { return };
        let levels = self.changes(line);
        if entries.iter().all(Option::is_none) && levels.is_empty() {
            return;
        }
        let key = (line.parameter, entries, levels);
        let cell = match self.known.get(&key) {
            Some(cell) => *cell,
            None => {
                let Some(cell) = self.cell(line.parameter, &key.1, &key.2) else { return };
                self.plan.cells.push(cell);
                self.known.insert(key, self.plan.cells.len() - 1);
                self.plan.cells.len() - 1
            }
        };
        let change = CellChange { used: line.used.clone(), parameter: line.parameter, cell };
        self.plan.changed.entry((line.row, line.binding)).or_default().push(change);
    }

    /// The measures that change this parameter of this row, in the order of use.
    fn changes(&mut self, line: &ParameterUse) -> Vec<usize> {
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
            if unsaid && self.touched.insert((usize::MAX, pair[0], pair[1])) {
                let (reference, name) = (study.activity.reference_of(line.row as usize), &line.used.name);
                self.faults.push(clash(first, second, &format!("{reference} ({name})")));
            }
        }
        found
    }

    fn cell(&mut self, parameter: usize, entries: &Entries, levels: &[usize]) -> Option<ParameterPath> {
        let known = &self.ground.inventory.study.ladder.parameters[parameter];
        let dimension = Dimension { price_base: None, ..known.unit.in_expression() };
        let base = known.canonical();
        let mut cell =
            ParameterPath { parameter, base, path: None, changes: Vec::new(), sum: false, from: String::new() };
        if entries.iter().any(Option::is_some) {
            let mut path = vec![0.0; self.plan.length()];
            let mut places = Vec::new();
            for ((scenario, weight), entry) in self.scenarios.iter().zip(entries) {
                let values = match entry.map(|at| &scenario.parameters[at]) {
                    None => vec![base; path.len()],
                    Some(entry) => {
                        places.push(from(&entry.place));
                        self.path(&entry.value, (parameter, dimension, base))?
                    }
                };
                path.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
            }
            (cell.path, cell.from) = (Some(path), places.join("; "));
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
        self.not_over_1(&cell, levels);
        Some(cell)
    }

    fn path(&mut self, course: &PathSpec, (parameter, dimension, own): (usize, Dimension, f64)) -> Option<Series> {
        let known = &self.ground.inventory.study.ladder.parameters[parameter];
        let named = |text: Text| {
            let (name, place, Text { zh, en }) = (&known.name, &known.place, text);
            say!("参数 '{name}'（{place}）：{zh}", "the parameter '{name}' ({place}): {en}")
        };
        let path = course.path(dimension, self.plan.anchor).map_err(|mut faults| {
            faults.0.iter_mut().for_each(|fault| fault.text = named(std::mem::take(&mut fault.text)));
            faults
        });
        let path = self.faults.record(path)?;
        let notice = unused(&path, self.plan.anchor, &course.place).filter(|new| !self.plan.notices.contains(new));
        self.plan.notices.extend(notice);
        let values = path.values(Start { year: self.plan.anchor, value: Some(own) }, self.plan.horizon);
        values.map_err(|text| self.faults.push(path_fault(&course.place, named(text)))).ok()
    }

    /// Measures whose parts of a parameter add up may not take more than the whole.
    fn not_over_1(&mut self, cell: &ParameterPath, levels: &[usize]) {
        let (true, [first, ..]) = (cell.sum, levels) else { return };
        let sum = |index: usize| levels.iter().map(|&level| self.plan.levels[level].values[index]).sum::<f64>();
        let Some(index) = (0..self.plan.length()).find(|&index| sum(index) > 1.0 + 1e-12) else { return };
        let (year, sum) = (self.plan.anchor + index as i32, sum(index));
        let known = &self.ground.inventory.study.ladder.parameters[cell.parameter];
        let (name, place) = (&known.name, &known.place);
        let text = say!(
            "{year} 年作用于 '{name}'（{place}）的措施合计为 {sum}，超过 1",
            "the measures on '{name}' ({place}) take {sum} of it in {year}, more than 1"
        );
        let measure = &self.ground.plans.measures[self.plan.levels[*first].measure];
        self.faults.push(path_fault(&measure.place, text));
    }
}

fn holds(select: &Select, pollutant: Option<usize>) -> bool {
    select.pollutant.is_none() || select.pollutant == pollutant
}
