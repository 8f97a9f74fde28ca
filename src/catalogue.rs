//! The catalogue of the factor library: for each category and pollutant the methods, their values by set and confidence,
//! and what is blank and why.

use crate::category;
use crate::method::{Method, MethodResult};
use crate::parameter::{Confidence, Parameter};
use crate::study::Library;
use std::collections::{BTreeMap, BTreeSet};

mod disagreement;
mod dimension_fit;
mod method_coverage;

pub use disagreement::{Apart, apart};
pub use method_coverage::MethodCoverage;
use method_coverage::{CoverageCell, LibraryIndex};

/// What the library can do for one category and pollutant.
#[derive(Debug, Clone)]
pub struct Coverage {
    pub category: usize,
    pub pollutant: usize,
    /// The category says that its rows have to yield it.
    pub expected: bool,
    /// The methods that fit, the better rank first.
    pub ways: Vec<MethodCoverage>,
}

/// How far the library alone goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// Some method finds all its values.
    Covered,
    /// Some method lacks only what no library can know.
    LocalValues,
    /// No method finds its values.
    Blank,
}

/// A set: the documents that its values cite, and how many values of each confidence it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    pub name: String,
    /// Citations, the most cited first; definitions last.
    pub documents: Vec<String>,
    /// In the order of [`Confidence::ALL`].
    pub values: [usize; 4],
}

/// Coverage of the factor library, by category and pollutant.
#[derive(Debug)]
pub struct Catalogue<'a> {
    pub library: &'a Library,
    /// In the order of categories and pollutants.
    pub cells: Vec<Coverage>,
    pub sets: Vec<Set>,
    /// Values of one key that sets disagree on.
    pub apart: Vec<Apart>,
    /// Names that methods use and no set has a value of: only a study can know them.
    pub local: BTreeSet<String>,
}

impl Coverage {
    /// The best coverage of the cell.
    pub fn cover(&self) -> Cover {
        let best = self.ways.iter().map(MethodCoverage::cover).min();
        best.unwrap_or(Cover::Blank)
    }
}

impl Set {
    /// Title and year of the document that most of the values cite, the year of another where that has none.
    pub fn title<'a>(&self, library: &'a Library) -> (&'a str, &'a str) {
        let mut found = self.documents.iter().filter_map(|citation| library.words.sources.get(citation));
        let first = found.next();
        let year = first.into_iter().chain(found).map(|source| source.year.as_str()).find(|year| !year.is_empty());
        (first.map_or("", |source| &source.title), year.unwrap_or(""))
    }
}

/// Each method with a value that some row could take, whose unit does not fit and fits no other method of such rows either:
/// where two methods take a name in different units, the unit of the row's amount decides.
pub fn misfits(library: &Library) -> Vec<(&Method, &Parameter)> {
    let shelf = LibraryIndex::new(library);
    let methods = library.methods.iter().filter(|method| !matches!(method.outcome, MethodResult::Derived(_)));
    let takes: Vec<(&Method, method_coverage::UnitMismatch)> =
        methods.map(|method| (method, shelf.takes(method))).collect();
    let mut misfits = Vec::new();
    for (method, own) in &takes {
        for &index in &own.unfit {
            let fits = |(other, found): &(&Method, method_coverage::UnitMismatch)| {
                found.fit.contains(&index) && shelf.meet(method, other)
            };
            if !takes.iter().any(fits) {
                misfits.push((*method, &library.parameters[index]));
            }
        }
    }
    misfits
}

/// Looks through the whole library.
pub fn catalogue(library: &Library) -> Catalogue<'_> {
    let shelf = LibraryIndex::new(library);
    let cells = shown(library).into_iter().flat_map(|category| cells(library, &shelf, category)).collect();
    let sets = sets(&library.parameters);
    Catalogue { library, cells, sets, apart: apart(&library.parameters), local: shelf.local() }
}

/// The categories without children, and those that methods book from or to: all others only gather.
fn shown(library: &Library) -> Vec<usize> {
    let booking = library.methods.iter().filter(|method| method.emits_as.is_some());
    let named = booking.flat_map(|method| [method.category, method.emits_as]).flatten();
    named.chain(library.words.categories.leaves()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The cells of a category: what it expects, and what some method yields.
fn cells(library: &Library, shelf: &LibraryIndex<'_>, category: usize) -> Vec<Coverage> {
    let words = &library.words;
    let expects = words.categories.expects(category).iter().filter_map(|name| words.pollutants.find(name).ok());
    let expects: BTreeSet<usize> = expects.collect();
    let own: Vec<usize> = fitting(library, category, true);
    let any: Vec<usize> = fitting(library, category, false);
    let mut cells = Vec::new();
    for (pollutant, _) in words.pollutants.iter() {
        let expected = expects.contains(&pollutant);
        let ways = |methods: &[usize]| -> Vec<MethodCoverage> {
            let serving = methods.iter().filter(|&&method| library.methods[method].serves(pollutant));
            serving.filter_map(|&method| shelf.way(method, CoverageCell { category, pollutant }, expected)).collect()
        };
        // What the category's rows book elsewhere counts only where nothing is booked here.
        let found = Some(ways(&own)).filter(|found| found.iter().any(|way| way.cover() != Cover::Blank));
        let found = found.unwrap_or_else(|| if expected { ways(&any) } else { ways(&own) });
        if expected || found.iter().any(|way| way.cover() != Cover::Blank) {
            cells.push(Coverage { category, pollutant, expected, ways: found });
        }
    }
    cells
}

/// The methods for rows of a category, by rank; `own` are those that book here, or that name this very category.
fn fitting(library: &Library, category: usize, own: bool) -> Vec<usize> {
    let code = library.words.categories.code(category);
    let fits = |method: &Method| {
        let prefix = method.category.map_or("", |index| library.words.categories.code(index));
        let holds = prefix.is_empty() || category::holds(prefix, code);
        let here = method.emits_as.is_none() || method.category == Some(category);
        (holds && (here || !own)) || method.emits_as == Some(category)
    };
    // That a pollutant is included elsewhere covers nothing.
    let emitted = |(_, method): &(usize, &Method)| {
        method.outcome == MethodResult::Emitted && method.elsewhere.is_none() && fits(method)
    };
    let mut methods: Vec<usize> = library.methods.iter().enumerate().filter(emitted).map(|(index, _)| index).collect();
    methods.sort_by_key(|&index| library.methods[index].rank);
    methods
}

/// The sets by name, with their documents and values.
pub fn sets(parameters: &[Parameter]) -> Vec<Set> {
    const DEFINITION: &str = "definition";
    let mut found: BTreeMap<&str, (BTreeMap<&str, usize>, [usize; 4])> = BTreeMap::new();
    for parameter in parameters {
        let (documents, values) = found.entry(&parameter.set).or_default();
        *documents.entry(&parameter.citation).or_default() += 1;
        let confidence = Confidence::ALL.iter().position(|confidence| *confidence == parameter.confidence);
        values[confidence.unwrap_or(0)] += 1;
    }
    let make = |(name, (documents, values)): (&str, (BTreeMap<&str, usize>, [usize; 4]))| {
        let mut documents: Vec<(&str, usize)> = documents.into_iter().collect();
        documents.sort_by_key(|(citation, count)| (*citation == DEFINITION, std::cmp::Reverse(*count)));
        let documents = documents.into_iter().map(|(citation, _)| citation.to_string()).collect();
        Set { name: name.to_string(), documents, values }
    };
    found.into_iter().map(make).collect()
}
