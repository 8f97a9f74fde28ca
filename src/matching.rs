//! Parameter hierarchy and method resolution: for each distinct key and pollutant the method and parameters used, or the gap.
//!
//! Rows that resolve identically form a class; resolution runs once for a class, not once for a row.

use crate::activity::Activity;
use crate::category::{self, Category};
use crate::error::{Diagnostic, Diagnostics, Result, nearest};
use crate::expression::Use;
use crate::parameter::LookupKey;
use crate::say;
use crate::study::{Carry, Study};
use crate::unit::Dimension;
use foldhash::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::sync::Arc;

mod amount_dimension;
mod dimension;
mod resolve;
mod ties;

/// Rows that are alike in all that methods and parameters are chosen by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowClass {
    pub year: i32,
    /// The nearest area above or at the row's own that some parameter names.
    pub area: u32,
    pub category: u32,
    pub item: u32,
    /// The words of technology and source where something names them, else the empty word.
    pub technology: u32,
    pub source: u32,
    /// The dimension of the amount as expressions see it.
    pub amount: Dimension,
}

/// Where the value of a name comes from.
#[derive(Debug, Clone)]
pub enum ValueSource {
    Amount,
    Age,
    /// Index into the ladder's parameters.
    Parameter(usize),
    /// A derived parameter, or `generated`.
    Method(Arc<ResolvedMethod>),
}

/// A method with everything its expression needs.
#[derive(Debug, Clone)]
pub struct ResolvedMethod {
    pub method: usize,
    pub inputs: Vec<(Use, ValueSource)>,
    /// Methods in the whole chain, each as often as it is used.
    pub size: usize,
}

/// A method that fits and was not selected, with the names that it lacks; none where a method of better rank was selected.
#[derive(Debug, Clone)]
pub struct RejectedMethod {
    pub method: usize,
    pub missing: Vec<String>,
}

/// How a class yields a pollutant.
#[derive(Debug, Clone)]
pub struct Binding {
    pub class: u32,
    /// As it is booked: CO2 of a biogenic item is `CO2_biogenic`.
    pub pollutant: usize,
    /// The category it is booked under: the method's `emits_as`, or the row's own.
    pub category: usize,
    pub emitted: ResolvedMethod,
    pub generated: Option<Arc<ResolvedMethod>>,
    pub rejected: Vec<RejectedMethod>,
    /// The emission's year, for methods with `spread`; `None` is the activity's own.
    pub emission_year: Option<i32>,
}

/// A class that does not yield a pollutant, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassGap {
    pub class: u32,
    /// `None` where the row yields nothing at all.
    pub pollutant: Option<usize>,
    pub lack: MissingReason,
    /// The emission's year in which it is missing; `None` is the activity's own.
    pub emission_year: Option<i32>,
}

/// Why a class does not yield a pollutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissingReason {
    /// No method fits the class.
    NoMethod,
    /// A method states that rows of this category include it (the IPCC's notation IE).
    IncludedElsewhere(usize),
    /// Names of parameters that no candidate fits, and what comes nearest.
    Parameters {
        missing: Vec<String>,
        nearest: String,
        /// The first of them in the last year in which it had a value: index of the parameter.
        closed: Option<usize>,
    },
}

/// Result of the resolution: row classes, their bindings and their gaps.
#[derive(Debug, Default)]
pub struct Matches {
    pub classes: Vec<RowClass>,
    /// Class of each activity row.
    pub class_of: Vec<u32>,
    /// The first row of each class: where its faults are shown.
    pub first_row: Vec<u32>,
    pub bindings: Vec<Binding>,
    /// How the energy of a class is known, if it is a fuel, electricity or heat.
    pub energy: Vec<(u32, Arc<ResolvedMethod>)>,
    /// The same of items of other kinds that have a calorific value or are given in energy: scenarios may move energy to them.
    pub convertible: Vec<(u32, Arc<ResolvedMethod>)>,
    pub gaps: Vec<ClassGap>,
    /// For each class the pollutants that a notation key in it leaves open.
    pub open: Vec<Vec<usize>>,
    /// For each class whether some method spreads its activity over later years.
    pub spreads: Vec<bool>,
    /// Classes of energy items whose energy is not known.
    pub without_energy: Vec<u32>,
    /// Classes of which no method serves a pollutant of the study: neither emissions nor gaps.
    pub silent: Vec<u32>,
}

/// What the parameters of a class are looked for, with the trees above it walked once.
pub fn seeker<'a>(study: &'a Study, class: &RowClass) -> LookupKey<'a> {
    let words = &study.words;
    let code = words.categories.code(class.category as usize);
    let holding = |(index, other): (usize, &Category)| {
        category::holds(&other.code, code).then(|| (index, category::depth(&other.code)))
    };
    LookupKey {
        year: class.year,
        areas: words.areas.ancestors(class.area as usize),
        categories: words.categories.iter().filter_map(holding).collect(),
        item: class.item as usize,
        technology: study.activity.word(class.technology),
        source: study.activity.word(class.source),
    }
}

/// Resolves methods and parameters for every row class of the study.
///
/// # Errors
/// Ties between parameters or methods, and expressions whose dimension is not a mass, all of them.
pub fn run(study: &Study) -> Result<Matches> {
    let mut matches = classify(&study.activity, study);
    let mut faults = Diagnostics::default();
    let named = named(study);
    for carry in &study.settings.carries {
        if let Err(fault) = known_parameter(study, carry) {
            faults.push(*fault);
        }
    }
    for class in 0..matches.classes.len() {
        let before = (matches.bindings.len(), matches.gaps.len());
        resolve::class(study, &mut matches, class, &named, &mut faults);
        if matches.bindings.len() == before.0 {
            amount_dimension::check(study, &matches, class, &matches.gaps[before.1..], &mut faults);
        }
    }
    faults.into_result(matches)
}

/// The error of a `carry` whose name no parameter has.
fn known_parameter(study: &Study, carry: &Carry) -> std::result::Result<(), Box<Diagnostic>> {
    let names: BTreeSet<&str> = study.ladder.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let name = carry.parameter.as_str();
    if names.contains(name) {
        return Ok(());
    }
    let text = say!("没有名为 '{name}' 的参数", "there is no parameter '{name}'");
    Err(Box::new(Diagnostic::new(carry.place.clone(), text).nearest(nearest(name, names))))
}

/// Which pollutants a parameter, method or category names: all others resolve identically.
fn named(study: &Study) -> Vec<bool> {
    let mut named = vec![false; study.words.pollutants.len()];
    let parameters = study.ladder.parameters.iter().filter_map(|parameter| parameter.pollutant);
    for index in parameters.chain(study.methods.iter().filter_map(|method| method.pollutant)) {
        named[index] = true;
    }
    let expected = study.words.categories.iter().filter_map(|(_, category)| category.expects.as_ref());
    for index in expected.flatten().filter_map(|name| study.words.pollutants.find(name).ok()) {
        named[index] = true;
    }
    named
}

/// The key values that parameters and methods actually distinguish; rows that differ only in other values share one lookup.
struct DistinguishingKeys<'a> {
    sources: HashSet<&'a str>,
    technologies: HashSet<&'a str>,
    areas: HashSet<usize>,
}

impl<'a> DistinguishingKeys<'a> {
    fn new(study: &'a Study) -> Self {
        let parameters = &study.ladder.parameters;
        let methods = study.methods.iter().map(|method| method.technology.as_str());
        let carried = study.settings.carries.iter().filter_map(|carry| carry.area);
        Self {
            sources: parameters.iter().map(|parameter| parameter.source.as_str()).collect(),
            technologies: parameters.iter().map(|parameter| parameter.technology.as_str()).chain(methods).collect(),
            areas: parameters.iter().filter_map(|parameter| parameter.area).chain(carried).collect(),
        }
    }

    /// For each word of the activity itself, or the empty word where nothing names it.
    fn words(named: &HashSet<&str>, activity: &Activity) -> Vec<u32> {
        let nothing = activity.words.find("").unwrap_or(0);
        let words = 0..activity.words.len() as u32;
        words.map(|word| if named.contains(activity.word(word)) { word } else { nothing }).collect()
    }

    /// For each area the nearest above or at it that some parameter names, else the top.
    fn places(&self, study: &Study) -> Vec<u32> {
        let areas = &study.words.areas;
        let place = |index: usize| {
            let line = areas.ancestors(index);
            line.iter().copied().find(|area| self.areas.contains(area)).unwrap_or(line[line.len() - 1]) as u32
        };
        (0..areas.len()).map(place).collect()
    }
}

fn classify(activity: &Activity, study: &Study) -> Matches {
    let told = DistinguishingKeys::new(study);
    let sources = DistinguishingKeys::words(&told.sources, activity);
    let technologies = DistinguishingKeys::words(&told.technologies, activity);
    let places = told.places(study);
    let mut numbers: HashMap<RowClass, u32> = HashMap::default();
    let mut matches = Matches { class_of: Vec::with_capacity(activity.len()), ..Matches::default() };
    for row in 0..activity.len() {
        let class = RowClass {
            year: activity.year[row],
            area: places[activity.area[row] as usize],
            category: activity.category[row],
            item: activity.item[row],
            technology: technologies[activity.technology[row] as usize],
            source: sources[activity.source[row] as usize],
            amount: activity.unit_of(row).1.in_expression(),
        };
        let next = matches.classes.len() as u32;
        let number = *numbers.entry(class).or_insert_with_key(|class| {
            matches.classes.push(class.clone());
            matches.first_row.push(row as u32);
            next
        });
        matches.class_of.push(number);
    }
    matches
}

impl Matches {
    /// The parameters of a binding that are carried on, each with the year that it is from.
    pub fn carried(&self, binding: &Binding, study: &Study) -> Vec<(usize, i32)> {
        let year = self.classes[binding.class as usize].year;
        let emission_year = binding.emission_year.unwrap_or(year);
        let before = binding.generated.iter().flat_map(|resolved| resolved.carried(year, emission_year, study));
        let mut found: Vec<(usize, i32)> = binding.emitted.carried(year, emission_year, study);
        found.extend(before);
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl ResolvedMethod {
    /// Every parameter that the method and the methods below it use, each once, in the order of use.
    pub fn parameters(&self) -> Vec<(&str, usize)> {
        let mut found: Vec<(&str, usize)> = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<(&'a str, usize)>) {
        for (used, input) in &self.inputs {
            match input {
                ValueSource::Parameter(index) => {
                    if !found.iter().any(|(_, known)| known == index) {
                        found.push((&used.name, *index));
                    }
                }
                ValueSource::Method(inner) => inner.collect(found),
                ValueSource::Amount | ValueSource::Age => {}
            }
        }
    }

    /// The parameters that are carried on from a year before that of the activity (of `now()`: of the emission), each with the year.
    pub fn carried(&self, year: i32, emission_year: i32, study: &Study) -> Vec<(usize, i32)> {
        let mut found = Vec::new();
        for (used, input) in &self.inputs {
            match input {
                ValueSource::Parameter(index) => {
                    let when = if used.now { emission_year } else { year };
                    found.extend(study.ladder.parameters[*index].carried_from(when).map(|from| (*index, from)));
                }
                ValueSource::Method(inner) => found.extend(inner.carried(year, emission_year, study)),
                ValueSource::Amount | ValueSource::Age => {}
            }
        }
        found
    }

    /// The input of a name.
    pub fn input(&self, used: &Use) -> Option<&ValueSource> {
        self.inputs.iter().find(|(name, _)| name == used).map(|(_, input)| input)
    }
}
