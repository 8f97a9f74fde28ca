//! Inheritance: a child is merged over its one parent, key by key; rates year by year; the list of measures in order.

use super::scenario_file::Draft;
use super::{Measure, MeasureReference, PathForm, PathSpec, Scenario};
use crate::error::{Diagnostic, Diagnostics, Place, nearest};
use crate::say;
use std::collections::BTreeMap;

/// An entry of `use`.
#[derive(Debug, Clone)]
pub(super) enum Listed {
    Add(String),
    Remove(String),
    /// Changes a measure in its place, or appends it.
    Change {
        name: String,
        level: Option<f64>,
        start: Option<i32>,
    },
}

pub(super) fn all(
    drafts: &[Draft],
    measures: &[Measure],
    declared: &[String],
    faults: &mut Diagnostics,
) -> Vec<Scenario> {
    let mut merged: BTreeMap<&str, Option<Scenario>> = BTreeMap::new();
    let mut inheritance = Inheritance { drafts, measures, declared, faults };
    for draft in drafts {
        inheritance.merge(draft, &mut merged, &mut Vec::new());
    }
    drafts.iter().filter_map(|draft| merged.get(draft.code.as_str()).cloned().flatten()).collect()
}

/// The most scenarios that one may inherit from; each holds a copy of what it inherits.
const DEEPEST: usize = 100;

fn too_deep(place: &Place) -> Diagnostic {
    let text = say!("继承超过 {DEEPEST} 层", "it inherits over more than {DEEPEST} steps");
    Diagnostic::new(place.clone(), text)
}

struct Inheritance<'a, 'f> {
    drafts: &'a [Draft],
    measures: &'a [Measure],
    /// The names of all measures, those that cannot be read too.
    declared: &'a [String],
    faults: &'f mut Diagnostics,
}

impl<'a> Inheritance<'a, '_> {
    fn draft(&mut self, code: &str, place: &Place) -> Option<&'a Draft> {
        let found = self.drafts.iter().find(|draft| draft.code == code);
        if found.is_none() {
            let near = nearest(code, self.drafts.iter().map(|draft| draft.code.as_str()));
            let text = say!("没有情景 '{code}'", "there is no scenario '{code}'");
            self.faults.push(Diagnostic::new(place.clone(), text).nearest(near));
        }
        found
    }

    fn merge(
        &mut self,
        draft: &'a Draft,
        merged: &mut BTreeMap<&'a str, Option<Scenario>>,
        above: &mut Vec<&'a str>,
    ) -> Option<Scenario> {
        if let Some(known) = merged.get(draft.code.as_str()) {
            return known.clone();
        }
        above.push(&draft.code);
        let mut complete = true;
        let mut relatives = Vec::new();
        let blend = draft.blend.iter().flat_map(|blend| [(&blend.from, &blend.place), (&blend.to, &blend.place)]);
        for (name, place) in draft.extends.iter().map(|(name, place)| (name, place)).chain(blend) {
            if above.contains(&name.as_str()) {
                let circle = above.iter().copied().chain([name.as_str()]).collect::<Vec<_>>().join(" → ");
                let text = say!("情景互相继承：{circle}", "the scenarios inherit in a circle: {circle}");
                self.faults.push(Diagnostic::new(place.clone(), text));
                complete = false;
                continue;
            }
            if above.len() > DEEPEST {
                self.faults.push(too_deep(place));
                complete = false;
                continue;
            }
            let relative = self.draft(name, place).and_then(|relative| self.merge(relative, merged, above));
            if relative.as_ref().is_some_and(|relative| relative.ancestors.len() >= DEEPEST) {
                self.faults.push(too_deep(place));
                complete = false;
            }
            complete &= relative.is_some();
            relatives.extend(relative);
        }
        above.pop();
        let scenario = complete.then(|| self.over(draft, relatives)).flatten();
        merged.insert(&draft.code, scenario.clone());
        scenario
    }

    /// The draft over its parent; a blend takes nothing but the nearer horizon of its two, and its line from the first.
    fn over(&mut self, draft: &Draft, relatives: Vec<Scenario>) -> Option<Scenario> {
        let nearer = relatives.iter().map(|relative| relative.horizon).min();
        let parent = relatives.into_iter().next();
        let Some(horizon) = draft.horizon.or(nearer) else {
            if !draft.horizon_unread {
                let place = Place { column: format!("{}.horizon", draft.code), ..draft.place.clone() };
                self.faults.push(Diagnostic::new(place, say!("缺少此键", "this key is missing")));
            }
            return None;
        };
        let mut scenario = Scenario {
            code: draft.code.clone(),
            title: draft.title.clone().filter(|title| !title.is_empty()).unwrap_or_else(|| draft.code.clone()),
            note: draft.note.clone().unwrap_or_default(),
            place: draft.place.clone(),
            ancestors: Vec::new(),
            horizon,
            drivers: Vec::new(),
            growth: Vec::new(),
            parameters: Vec::new(),
            shares: Vec::new(),
            uses: Vec::new(),
            blend: draft.blend.clone(),
        };
        if let Some(parent) = parent {
            scenario.ancestors = std::iter::once(parent.code).chain(parent.ancestors).collect();
            if draft.blend.is_none() {
                (scenario.drivers, scenario.growth) = (parent.drivers, parent.growth);
                (scenario.parameters, scenario.shares, scenario.uses) = (parent.parameters, parent.shares, parent.uses);
            }
        }
        merge_paths(&mut scenario, draft);
        self.uses(&mut scenario, draft);
        Some(scenario)
    }

    /// The parent's list with the child's entries applied in order; it is never replaced.
    fn uses(&mut self, scenario: &mut Scenario, draft: &Draft) {
        for (listed, place) in &draft.uses {
            let (name, level, start) = match listed {
                Listed::Add(name) | Listed::Remove(name) => (name, None, None),
                Listed::Change { name, level, start } => (name, *level, *start),
            };
            let Some(measure) = self.measures.iter().position(|measure| measure.code == *name) else {
                if self.declared.contains(name) {
                    continue;
                }
                let near = nearest(name, self.declared.iter().map(String::as_str));
                let text = say!("measures.toml 中没有措施 '{name}'", "measures.toml has no measure '{name}'");
                self.faults.push(Diagnostic::new(place.clone(), text).nearest(near));
                continue;
            };
            let there = scenario.uses.iter().position(|used| used.measure == measure);
            match (listed, there) {
                (Listed::Add(_), Some(_)) => {
                    let text = say!("措施 '{name}' 已在使用", "the measure '{name}' is in use already");
                    self.faults.push(Diagnostic::new(place.clone(), text));
                }
                (Listed::Remove(_), None) => {
                    let text = say!(
                        "措施 '{name}' 未在使用，无法去掉",
                        "the measure '{name}' is not in use and cannot be removed"
                    );
                    self.faults.push(Diagnostic::new(place.clone(), text));
                }
                (Listed::Remove(_), Some(index)) => _ = scenario.uses.remove(index),
                (Listed::Change { .. }, Some(index)) => {
                    let used = &mut scenario.uses[index];
                    used.level = level.or(used.level);
                    used.start = start.or(used.start);
                    used.place = place.clone();
                }
                (_, None) => scenario.uses.push(MeasureReference { measure, level, start, place: place.clone() }),
            }
        }
    }
}

/// Only what the parent wrote is replaced: two entries of one scenario with one select stay two, and are found as a tie.
fn merge_paths(scenario: &mut Scenario, draft: &Draft) {
    let (growths, parameters, shares) = (scenario.growth.len(), scenario.parameters.len(), scenario.shares.len());
    for (name, course) in &draft.drivers {
        let parent = scenario.drivers.iter().position(|(known, _)| known == name);
        match parent {
            Some(index) => scenario.drivers[index].1 = merged(Some(&scenario.drivers[index].1), course),
            None => scenario.drivers.push((name.clone(), course.clone())),
        }
    }
    for entry in &draft.growth {
        let mut entry = entry.clone();
        let parent = scenario.growth[..growths].iter().position(|known| known.select == entry.select);
        let before = parent.map(|index| scenario.growth[index].clone());
        let over = |own: Option<PathSpec>, before: Option<&PathSpec>| own.map(|own| merged(before, &own));
        entry.intensity = over(entry.intensity, before.as_ref().and_then(|before| before.intensity.as_ref()));
        entry.value = over(entry.value, before.as_ref().and_then(|before| before.value.as_ref()));
        put(&mut scenario.growth, parent, entry);
    }
    for entry in &draft.parameters {
        let mut entry = entry.clone();
        let same = |known: &super::ParameterSpec| known.select == entry.select && known.name == entry.name;
        let parent = scenario.parameters[..parameters].iter().position(same);
        entry.value = merged(parent.map(|index| &scenario.parameters[index].value), &entry.value);
        put(&mut scenario.parameters, parent, entry);
    }
    for entry in &draft.shares {
        let mut entry = entry.clone();
        let parent = scenario.shares[..shares].iter().position(|known| known.select == entry.select);
        for (item, course) in &mut entry.shares {
            let before = parent.and_then(|index| scenario.shares[index].shares.iter().find(|(known, _)| known == item));
            *course = merged(before.map(|(_, course)| course), course);
        }
        put(&mut scenario.shares, parent, entry);
    }
}

fn put<T>(list: &mut Vec<T>, at: Option<usize>, entry: T) {
    match at {
        Some(index) => list[index] = entry,
        None => list.push(entry),
    }
}

/// The child's path over the parent's: rates replace rates year by year, points and numbers replace the whole, a relation is added.
fn merged(parent: Option<&PathSpec>, child: &PathSpec) -> PathSpec {
    let Some(parent) = parent else { return child.clone() };
    let (interpolation, after) = (child.interpolation.or(parent.interpolation), child.after.or(parent.after));
    let (form, relations) = match (&child.form, &parent.form) {
        (PathForm::Parent, form) => (form.clone(), parent.relations.iter().chain(&child.relations).cloned().collect()),
        (PathForm::Rates(own), PathForm::Rates(before)) => {
            let mut rates = before.clone();
            related(&mut rates, &parent.relations);
            rates.extend(own);
            (PathForm::Rates(rates), child.relations.clone())
        }
        (form, _) => (form.clone(), child.relations.clone()),
    };
    PathSpec { place: child.place.clone(), form, interpolation, after, relations }
}

/// What the parent did to its own parent's rates holds for the years that the child leaves to it.
fn related(rates: &mut BTreeMap<i32, f64>, relations: &[super::ParentAdjustment]) {
    for relation in relations {
        rates.values_mut().for_each(|rate| match relation {
            super::ParentAdjustment::Shift(by) => *rate += by.canonical(),
            super::ParentAdjustment::Scale(by) => *rate *= by,
        });
    }
}
