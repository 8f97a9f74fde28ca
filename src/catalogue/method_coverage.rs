//! One method for one category and pollutant: which values of the library it would take, and which it lacks.

use super::Cover;
use super::dimension_fit::Fit;
use crate::expression::{AGE, AMOUNT, GENERATED};
use crate::method::{Method, MethodResult};
use crate::parameter::Parameter;
use crate::study::Library;
use crate::unit::Dimension;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A method that fits, with what the library has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodCoverage {
    pub method: usize,
    /// Values that hold for the category and pollutant, whatever the item.
    pub values: Vec<usize>,
    /// Items for which all names have a value; `None` where the item does not matter.
    pub items: Option<usize>,
    /// Names without a value here.
    pub missing: Vec<String>,
    /// All that is missing has no value in any set.
    only_local: bool,
}

impl MethodCoverage {
    /// The coverage of the method.
    pub fn cover(&self) -> Cover {
        match () {
            () if self.missing.is_empty() && self.items != Some(0) => Cover::Covered,
            () if !self.missing.is_empty() && self.only_local => Cover::LocalValues,
            () => Cover::Blank,
        }
    }
}

/// The library's parameters and derived parameters by name, and the categories above each.
pub(super) struct LibraryIndex<'a> {
    library: &'a Library,
    /// Name, then pollutant; none is any.
    by_name: HashMap<&'a str, BTreeMap<Option<usize>, Vec<usize>>>,
    derived: HashMap<&'a str, Vec<&'a Method>>,
    /// For each category itself and all above it.
    lines: Vec<BTreeSet<usize>>,
}

/// Values that a method could take.
#[derive(Default)]
pub(super) struct UnitMismatch {
    pub fit: BTreeSet<usize>,
    pub unfit: BTreeSet<usize>,
}

/// Whether one key could be the other: an empty one is any.
fn alike(a: Option<usize>, b: Option<usize>) -> bool {
    a.is_none() || b.is_none() || a == b
}

/// What a name finds: values, and whether another method gives it.
#[derive(Default)]
struct FoundValues {
    values: BTreeMap<String, Vec<usize>>,
    missing: BTreeSet<String>,
}

/// A cell of the catalogue: indices of a category and of a pollutant.
#[derive(Clone, Copy)]
pub struct CoverageCell {
    pub category: usize,
    pub pollutant: usize,
}

impl<'a> LibraryIndex<'a> {
    /// Indexes the library by name, pollutant and derived parameter.
    pub fn new(library: &'a Library) -> Self {
        let mut by_name: HashMap<&str, BTreeMap<Option<usize>, Vec<usize>>> = HashMap::new();
        for (index, parameter) in library.parameters.iter().enumerate() {
            by_name.entry(&parameter.name).or_default().entry(parameter.pollutant).or_default().push(index);
        }
        let mut derived: HashMap<&str, Vec<&Method>> = HashMap::new();
        for method in &library.methods {
            match &method.outcome {
                MethodResult::Derived(name) => derived.entry(name).or_default().push(method),
                MethodResult::Generated => derived.entry(GENERATED).or_default().push(method),
                MethodResult::Emitted => {}
            }
        }
        let categories = &library.words.categories;
        let lines = (0..categories.len()).map(|index| categories.ancestors(index).into_iter().collect()).collect();
        Self { library, by_name, derived, lines }
    }

    /// Names that methods use, that no method gives and no set has.
    pub fn local(&self) -> BTreeSet<String> {
        let used = self.library.methods.iter().flat_map(|method| &method.uses).map(|used| used.name.as_str());
        used.filter(|name| self.is_local(name)).map(str::to_string).collect()
    }

    fn is_local(&self, name: &str) -> bool {
        ![AMOUNT, AGE].contains(&name) && !self.by_name.contains_key(name) && !self.derived.contains_key(name)
    }

    /// What a method finds; `None` for a method of many pollutants that has no value for this very one, unless it is expected.
    pub fn way(&self, method: usize, cell: CoverageCell, expected: bool) -> Option<MethodCoverage> {
        let own = &self.library.methods[method];
        let mut found = self.collect(own, own, cell, &mut BTreeMap::new());
        let is_meant = |found: &FoundValues| {
            let mut values = found.values.values().flatten();
            values.any(|&value| self.library.parameters[value].pollutant == Some(cell.pollutant))
        };
        if own.pollutant.is_none() && !expected && !is_meant(&found) {
            return None;
        }
        self.drop_unfit(own, cell, &mut found);
        let is_meant = is_meant(&found);
        if own.pollutant.is_none() && !expected && !is_meant {
            return None;
        }
        let mut values: Vec<usize> = found.values.values().flatten().copied().collect();
        values.sort_unstable();
        values.dedup();
        let missing: Vec<String> = found.missing.into_iter().collect();
        let items = self.items(own, &found.values);
        let only_local = missing.iter().all(|name| self.is_local(name)) && items != Some(0);
        let only_local = only_local && (own.pollutant.is_some() || is_meant || values.is_empty());
        Some(MethodCoverage { method, values, items, missing, only_local })
    }

    /// Leaves out the values whose unit fits no combination; a name that keeps none has no value here.
    fn drop_unfit(&self, own: &Method, cell: CoverageCell, found: &mut FoundValues) {
        let dimension = |index: usize| self.library.parameters[index].unit.in_expression();
        let values =
            |name: &str| -> Vec<Dimension> { self.candidates(own, name, cell).into_iter().map(dimension).collect() };
        let givers = |name: &str| self.givers(own, name, cell);
        let Some(parts) = (Fit { values: &values, givers: &givers, known: RefCell::default() }).parts(own) else {
            return;
        };
        let direct: Vec<&str> = own.uses.iter().map(|used| used.name.as_str()).collect();
        for (name, values) in found.values.iter_mut().filter(|(name, _)| direct.contains(&name.as_str())) {
            values.retain(|&index| parts.iter().any(|(known, fits)| known == name && *fits == dimension(index)));
            if values.is_empty() {
                found.missing.insert(name.clone());
            }
        }
        found.values.retain(|_, values| !values.is_empty());
    }

    /// Whether some row could use both methods.
    pub fn meet(&self, a: &Method, b: &Method) -> bool {
        let above = |a: usize, b: usize| self.lines[a].contains(&b) || self.lines[b].contains(&a);
        a.category.zip(b.category).is_none_or(|(a, b)| above(a, b))
            && alike(a.pollutant, b.pollutant)
            && alike(a.item, b.item)
    }

    /// The values that some row could take with a method, by whether their unit fits some combination.
    pub fn takes(&self, method: &Method) -> UnitMismatch {
        let above = |a: usize, b: usize| self.lines[a].contains(&b) || self.lines[b].contains(&a);
        let meets = |parameter: &Parameter| {
            parameter.category.zip(method.category).is_none_or(|(a, b)| above(a, b))
                && alike(parameter.item, method.item)
                && alike(parameter.pollutant, method.pollutant)
                && (parameter.technology.is_empty()
                    || method.technology.is_empty()
                    || parameter.technology == method.technology)
        };
        let named = |name: &str| self.by_name.get(name).into_iter().flat_map(BTreeMap::values).flatten().copied();
        let taken = |name: &str| named(name).filter(|&index| meets(&self.library.parameters[index]));
        let dimension = |index: usize| self.library.parameters[index].unit.in_expression();
        let values = |name: &str| -> Vec<Dimension> { taken(name).map(dimension).collect() };
        let givers = |name: &str| self.derived.get(name).cloned().unwrap_or_default();
        let parts = (Fit { values: &values, givers: &givers, known: RefCell::default() }).parts(method);
        let mut takes = UnitMismatch::default();
        for used in method.uses.iter().filter(|_| parts.is_some()) {
            for index in taken(&used.name) {
                let part = (used.name.clone(), dimension(index));
                let fits = parts.as_ref().is_some_and(|parts| parts.contains(&part));
                _ = if fits { takes.fit.insert(index) } else { takes.unfit.insert(index) };
            }
        }
        takes
    }

    /// The values of every name that a method uses; of a derived name only whether some method can give it.
    fn collect(
        &self,
        own: &Method,
        method: &Method,
        cell: CoverageCell,
        known: &mut BTreeMap<String, FoundValues>,
    ) -> FoundValues {
        let mut found = FoundValues::default();
        for used in method.uses.iter().filter(|used| ![AMOUNT, AGE].contains(&used.name.as_str())) {
            let name = used.name.as_str();
            let own_values = self.candidates(own, name, cell);
            if !own_values.is_empty() {
                found.values.insert(name.to_string(), own_values);
                continue;
            }
            if !known.contains_key(name) {
                let given = self.given(own, name, cell, known);
                known.insert(name.to_string(), given);
            }
            if let Some(given) = known.get(name) {
                found.values.extend(given.values.clone());
                found.missing.extend(given.missing.iter().cloned());
            }
        }
        found
    }

    /// What the best of the methods that give a name finds.
    fn given(
        &self,
        own: &Method,
        name: &str,
        cell: CoverageCell,
        known: &mut BTreeMap<String, FoundValues>,
    ) -> FoundValues {
        let givers = self.givers(own, name, cell).into_iter();
        let given: Vec<(&Method, FoundValues)> =
            givers.map(|giver| (giver, self.collect(own, giver, cell, known))).collect();
        match given.into_iter().min_by_key(|(_, inner)| (inner.missing.len(), inner.values.len())) {
            // What holds everywhere, such as energy, has values of its own that say nothing of this category.
            Some((giver, inner)) if giver.category.is_none() => FoundValues { values: BTreeMap::new(), ..inner },
            Some((_, inner)) => inner,
            None => FoundValues { missing: BTreeSet::from([name.to_string()]), ..FoundValues::default() },
        }
    }

    /// The methods that give a derived name to rows of a category.
    fn givers(&self, own: &Method, name: &str, cell: CoverageCell) -> Vec<&'a Method> {
        let named = self.derived.get(name).map_or(&[][..], Vec::as_slice);
        let holds = |giver: &&&Method| {
            giver.category.is_none_or(|prefix| self.above(own, cell.category).any(|line| line.contains(&prefix)))
                && giver.serves(cell.pollutant)
                && (giver.item.is_none() || own.item.is_none() || giver.item == own.item)
        };
        named.iter().filter(holds).copied().collect()
    }

    /// The categories above a row of the method: of the cell's own category, or of the method's where it books elsewhere.
    fn above(&self, own: &Method, category: usize) -> impl Iterator<Item = &BTreeSet<usize>> {
        let elsewhere = own.category.filter(|_| own.emits_as == Some(category));
        std::iter::once(&self.lines[elsewhere.unwrap_or(category)])
    }

    fn candidates(&self, own: &Method, name: &str, cell: CoverageCell) -> Vec<usize> {
        let holds = |parameter: &Parameter| {
            // The zero of what does not burn holds for every pollutant and is a factor of none.
            (parameter.pollutant.is_some() || parameter.value != 0.0)
                && alike(parameter.item, own.item)
                && (parameter.technology.is_empty()
                    || own.technology.is_empty()
                    || parameter.technology == own.technology)
                && parameter
                    .category
                    .is_none_or(|prefix| self.above(own, cell.category).any(|line| line.contains(&prefix)))
        };
        let Some(of_pollutant) = self.by_name.get(name) else { return Vec::new() };
        let named =
            [None, Some(cell.pollutant)].into_iter().filter_map(|key| of_pollutant.get(&key)).flatten().copied();
        named.filter(|&index| holds(&self.library.parameters[index])).collect()
    }

    /// How many items have a value of every name; `None` where no value asks for an item.
    fn items(&self, own: &Method, values: &BTreeMap<String, Vec<usize>>) -> Option<usize> {
        let item = |&index: &usize| self.library.parameters[index].item;
        let of_names: Vec<BTreeSet<Option<usize>>> =
            values.values().map(|values| values.iter().map(item).collect()).collect();
        if own.item.is_some() || of_names.iter().all(|items| items.contains(&None)) {
            return None;
        }
        let all: BTreeSet<usize> = of_names.iter().flatten().filter_map(|item| *item).collect();
        let whole = |item: &&usize| of_names.iter().all(|items| items.contains(&None) || items.contains(&Some(**item)));
        Some(all.iter().filter(whole).count())
    }
}
