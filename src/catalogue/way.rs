//! One method for one category and pollutant: which values of the library it would take, and which it lacks.

use super::Cover;
use super::fit::Fit;
use crate::expression::{AGE, AMOUNT, GENERATED};
use crate::method::{Method, Outcome};
use crate::parameter::Parameter;
use crate::study::Library;
use crate::unit::Dimension;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A method that fits, with what the library has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
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

impl Way {
    pub fn cover(&self) -> Cover {
        match () {
            () if self.missing.is_empty() && self.items != Some(0) => Cover::Covered,
            () if !self.missing.is_empty() && self.only_local => Cover::LocalValues,
            () => Cover::Blank,
        }
    }
}

/// The library's parameters and derived parameters by name, and the categories above each.
pub(super) struct Shelf<'a> {
    library: &'a Library,
    by_name: HashMap<&'a str, Vec<usize>>,
    derived: HashMap<&'a str, Vec<&'a Method>>,
    /// For each category itself and all above it.
    lines: Vec<BTreeSet<usize>>,
}

/// What a name finds: values, and whether another method gives it.
#[derive(Default)]
struct Found {
    values: BTreeMap<String, Vec<usize>>,
    missing: BTreeSet<String>,
}

impl<'a> Shelf<'a> {
    pub fn new(library: &'a Library) -> Self {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, parameter) in library.parameters.iter().enumerate() {
            by_name.entry(&parameter.name).or_default().push(index);
        }
        let mut derived: HashMap<&str, Vec<&Method>> = HashMap::new();
        for method in &library.methods {
            match &method.outcome {
                Outcome::Derived(name) => derived.entry(name).or_default().push(method),
                Outcome::Generated => derived.entry(GENERATED).or_default().push(method),
                Outcome::Emitted => {}
            }
        }
        let categories = &library.words.categories;
        let lines = (0..categories.len()).map(|index| categories.lineage(index).into_iter().collect()).collect();
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
    pub fn way(&self, method: usize, category: usize, (pollutant, expected): (usize, bool)) -> Option<Way> {
        let own = &self.library.methods[method];
        let mut found = Found::default();
        self.collect(own, own, (category, pollutant), &mut found);
        self.drop_unfit(own, (category, pollutant), &mut found);
        let mut values: Vec<usize> = found.values.values().flatten().copied().collect();
        values.sort_unstable();
        values.dedup();
        let is_meant = values.iter().any(|&value| self.library.parameters[value].pollutant == Some(pollutant));
        if own.pollutant.is_none() && !is_meant && !expected {
            return None;
        }
        let missing: Vec<String> = found.missing.into_iter().collect();
        let items = self.items(own, &found.values);
        let only_local = missing.iter().all(|name| self.is_local(name)) && items != Some(0);
        let only_local = only_local && (own.pollutant.is_some() || is_meant || values.is_empty());
        Some(Way { method, values, items, missing, only_local })
    }

    /// Leaves out the values whose unit fits no combination; a name that keeps none has no value here.
    fn drop_unfit(&self, own: &Method, (category, pollutant): (usize, usize), found: &mut Found) {
        let dimension = |index: usize| self.library.parameters[index].unit.in_expression();
        let values = |name: &str| -> Vec<Dimension> {
            self.candidates(own, name, (category, pollutant)).into_iter().map(dimension).collect()
        };
        let givers = |name: &str| self.givers(own, name, (category, pollutant));
        let Some(parts) = (Fit { values: &values, givers: &givers }).parts(own) else { return };
        let direct: Vec<&str> = own.uses.iter().map(|used| used.name.as_str()).collect();
        for (name, values) in found.values.iter_mut().filter(|(name, _)| direct.contains(&name.as_str())) {
            values.retain(|&index| parts.iter().any(|(known, fits)| known == name && *fits == dimension(index)));
            if values.is_empty() {
                found.missing.insert(name.clone());
            }
        }
        found.values.retain(|_, values| !values.is_empty());
    }

    /// Values that some row could take with a method and whose unit fits no combination there.
    pub fn misfits(&self, method: &Method) -> Vec<usize> {
        let meets = |parameter: &Parameter| {
            let meets = |a: usize, b: usize| self.lines[a].contains(&b) || self.lines[b].contains(&a);
            let same = |a: Option<usize>, b: Option<usize>| a.is_none() || b.is_none() || a == b;
            parameter.category.zip(method.category).is_none_or(|(a, b)| meets(a, b))
                && same(parameter.item, method.item)
                && same(parameter.pollutant, method.pollutant)
                && (parameter.technology.is_empty()
                    || method.technology.is_empty()
                    || parameter.technology == method.technology)
        };
        let named = |name: &str| self.by_name.get(name).map_or(&[][..], Vec::as_slice).iter().copied();
        let taken = |name: &str| named(name).filter(|&index| meets(&self.library.parameters[index]));
        let dimension = |index: usize| self.library.parameters[index].unit.in_expression();
        let values = |name: &str| -> Vec<Dimension> { taken(name).map(dimension).collect() };
        let givers = |name: &str| self.derived.get(name).cloned().unwrap_or_default();
        let Some(parts) = (Fit { values: &values, givers: &givers }).parts(method) else { return Vec::new() };
        let unfit = |name: &str, index: usize| !parts.contains(&(name.to_string(), dimension(index)));
        let of = |name: &str| taken(name).filter(|&index| unfit(name, index)).collect::<Vec<_>>();
        method.uses.iter().flat_map(|used| of(&used.name)).collect()
    }

    /// The values of every name that a method uses; of a derived name only whether some method can give it.
    fn collect(&self, own: &Method, method: &Method, (category, pollutant): (usize, usize), found: &mut Found) {
        for used in &method.uses {
            let name = used.name.as_str();
            if [AMOUNT, AGE].contains(&name) || found.values.contains_key(name) {
                continue;
            }
            let values = self.candidates(own, name, (category, pollutant));
            if !values.is_empty() {
                found.values.insert(name.to_string(), values);
                continue;
            }
            let given = self.givers(own, name, (category, pollutant)).into_iter().map(|giver| {
                let mut inner = Found::default();
                self.collect(own, giver, (category, pollutant), &mut inner);
                (giver, inner)
            });
            match given.min_by_key(|(_, inner)| (inner.missing.len(), inner.values.len())) {
                Some((giver, inner)) => {
                    // What holds everywhere, such as energy, has values of its own that say nothing of this category.
                    found.values.extend(inner.values.into_iter().filter(|_| giver.category.is_some()));
                    found.missing.extend(inner.missing);
                }
                None => _ = found.missing.insert(name.to_string()),
            }
        }
    }

    /// The methods that give a derived name to rows of a category.
    fn givers(&self, own: &Method, name: &str, (category, pollutant): (usize, usize)) -> Vec<&'a Method> {
        let named = self.derived.get(name).map_or(&[][..], Vec::as_slice);
        let holds = |giver: &&&Method| {
            giver.category.is_none_or(|prefix| self.above(own, category).any(|line| line.contains(&prefix)))
                && giver.serves(pollutant)
                && (giver.item.is_none() || own.item.is_none() || giver.item == own.item)
        };
        named.iter().filter(holds).copied().collect()
    }

    /// The categories above a row of the method: of the cell's own category, or of the method's where it books elsewhere.
    fn above(&self, own: &Method, category: usize) -> impl Iterator<Item = &BTreeSet<usize>> {
        let elsewhere = own.category.filter(|_| own.emits_as == Some(category));
        std::iter::once(&self.lines[elsewhere.unwrap_or(category)])
    }

    fn candidates(&self, own: &Method, name: &str, (category, pollutant): (usize, usize)) -> Vec<usize> {
        let named = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let holds = |parameter: &Parameter| {
            // The zero of what does not burn holds for every pollutant and is a factor of none.
            (parameter.pollutant.is_some() || parameter.value != 0.0)
                && parameter.category.is_none_or(|prefix| self.above(own, category).any(|line| line.contains(&prefix)))
                && parameter.pollutant.is_none_or(|own| own == pollutant)
                && (parameter.item.is_none() || own.item.is_none() || parameter.item == own.item)
                && (parameter.technology.is_empty()
                    || own.technology.is_empty()
                    || parameter.technology == own.technology)
        };
        named.iter().copied().filter(|&index| holds(&self.library.parameters[index])).collect()
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
