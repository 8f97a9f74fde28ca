//! Method resolution of one row class: which methods fit, which of them have all parameters, which one is selected.

use super::{Binding, ClassGap, Matches, MissingReason, RejectedMethod, ResolvedMethod, ValueSource, dimension, ties};
use crate::category;
use crate::error::{Diagnostic, Diagnostics, Place};
use crate::expression::{AGE, AMOUNT, GENERATED, Use};
use crate::item::ENERGY_KINDS;
use crate::method::{Method, MethodResult, MethodScope};
use crate::parameter::{LookupKey, LookupResult};
use crate::pollutant::{CO2, CO2_BIOGENIC};
use crate::say;
use crate::study::Study;
use crate::target::ENERGY;
use crate::unit::Dimension;
use foldhash::{HashMap, HashSet};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Resolver of one class, with the ancestors of its keys expanded once.
struct ClassResolver<'a> {
    study: &'a Study,
    class: u32,
    seeker: LookupKey<'a>,
    /// Methods that fit the class, in the order of preference.
    fitting: Vec<usize>,
    /// The pollutants that a row of the class has to yield.
    expected: Vec<usize>,
    /// Parameters of a name that hold for the class, looked up once for all pollutants.
    matching_rows: RefCell<HashMap<String, Vec<usize>>>,
    /// Derived parameters that have been looked up, by name, year and pollutant: each is resolved once.
    derived: RefCell<HashMap<Derived, Lookup>>,
}

/// Name, year and pollutant of a derived parameter.
type Derived = (String, i32, Option<usize>);

/// The input of a name, or the names that are missing for it.
type Lookup = Result<ValueSource, Vec<String>>;

/// Upper limit of the methods chained in one value.
const LONGEST_CHAIN: usize = 500;

/// The names missing for a derived parameter: those of its method that lacks the fewest, the better rank first. If they are more
/// than one, the derived name itself, which would replace them all, is listed first.
fn lacking(name: &str, rejected: Vec<RejectedMethod>) -> Vec<String> {
    let least = rejected.into_iter().map(|passed| passed.missing).min_by_key(Vec::len).unwrap_or_default();
    match least.len() {
        0 => vec![name.to_string()],
        1 => least,
        _ if name == GENERATED => least,
        _ => std::iter::once(name.to_string()).chain(least).collect(),
    }
}

/// How far a method got for one pollutant.
enum Attempt {
    Resolved(ResolvedMethod),
    Missing(RejectedMethod),
}

/// What the resolution of a class adds: the bindings of its emissions, its gaps, and the errors found on the way.
struct Resolution<'f> {
    bindings: Vec<Binding>,
    gaps: Vec<ClassGap>,
    faults: &'f mut Diagnostics,
}

impl<'f> Resolution<'f> {
    fn new(faults: &'f mut Diagnostics) -> Self {
        Self { bindings: Vec::new(), gaps: Vec::new(), faults }
    }

    fn is_empty(&self) -> bool {
        self.bindings.is_empty() && self.gaps.is_empty()
    }
}

/// What an emission counts as: its pollutant and the category that it is booked under, as indices into the vocabulary.
#[derive(Clone, Copy)]
struct EmissionKind {
    pollutant: usize,
    category: usize,
}

/// Resolves the methods of one class and adds the results to `matches`. `named` tells of each pollutant whether a method or
/// parameter names it: pollutants that none names resolve identically, so once one of them yields nothing the rest are skipped.
pub(super) fn class(study: &Study, matches: &mut Matches, class: usize, named: &[bool], faults: &mut Diagnostics) {
    let resolver = ClassResolver::new(study, matches, class);
    let row = matches.first_row[class] as usize;
    let before = (matches.bindings.len(), matches.gaps.len());
    let mut open = Vec::new();
    let mut unnamed_yield = true;
    for &pollutant in &study.settings.pollutants {
        if !named[pollutant] && !unnamed_yield {
            continue;
        }
        let expected = resolver.expected.contains(&pollutant);
        if expected
            || resolver.fitting.iter().any(|&m| resolver.method(m).pollutant == Some(pollutant) && resolver.emits(m))
        {
            open.push(pollutant);
        }
        let mut resolution = Resolution::new(faults);
        resolver.pollutant(pollutant, &mut resolution);
        for binding in &resolution.bindings {
            dimension::check(study, &matches.classes[class], row, binding, resolution.faults);
        }
        if expected && resolution.is_empty() {
            resolution.gaps.push(resolver.expected_gap(pollutant));
        }
        unnamed_yield &= named[pollutant] || !resolution.bindings.is_empty();
        matches.bindings.extend(resolution.bindings);
        matches.gaps.extend(resolution.gaps);
    }
    if before == (matches.bindings.len(), matches.gaps.len()) {
        matches.gaps.extend(resolver.nothing());
        if before == (matches.bindings.len(), matches.gaps.len()) {
            matches.silent.push(resolver.class);
        }
    }
    matches.open.push(open);
    matches.spreads.push(resolver.fitting.iter().any(|&m| resolver.emits(m) && resolver.spreads(m)));
    resolver.energy(matches, faults);
}

impl<'a> ClassResolver<'a> {
    fn new(study: &'a Study, matches: &Matches, class: usize) -> Self {
        let row = &matches.classes[class];
        let words = &study.words;
        let seeker = super::seeker(study, row);
        let case = MethodScope {
            category: words.categories.code(row.category as usize),
            item: seeker.item,
            technology: seeker.technology,
            amount: row.amount,
        };
        let prefix = |method: &Method| method.category.map_or("", |index| words.categories.code(index));
        let fits = |method: &Method| method.fits(prefix(method), case);
        let mut fitting: Vec<usize> = (0..study.methods.len()).filter(|&index| fits(&study.methods[index])).collect();
        fitting.sort_by_key(|&index| study.methods[index].order());
        let names = words.categories.expects(row.category as usize);
        let expected = names.iter().filter_map(|name| words.pollutants.find(name).ok()).collect();
        Self {
            study,
            class: class as u32,
            seeker,
            fitting,
            expected,
            matching_rows: RefCell::default(),
            derived: RefCell::default(),
        }
    }

    fn method(&self, index: usize) -> &'a Method {
        &self.study.methods[index]
    }

    fn emits(&self, method: usize) -> bool {
        self.method(method).outcome == MethodResult::Emitted
    }

    fn category(&self) -> usize {
        self.seeker.categories.iter().max_by_key(|(_, depth)| depth).map_or(0, |(index, _)| *index)
    }

    /// All that the class yields of a pollutant: one binding or gap for each category it is booked under.
    fn pollutant(&self, pollutant: usize, resolution: &mut Resolution<'_>) {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &index in self.fitting.iter().filter(|&&m| self.emits(m) && self.method(m).serves(pollutant)) {
            groups.entry(self.method(index).emits_as.unwrap_or(self.category())).or_default().push(index);
        }
        for (category, methods) in groups {
            if !methods.iter().any(|&m| self.spreads(m)) {
                self.select_method(EmissionKind { pollutant, category }, &methods, None, resolution);
                continue;
            }
            let years = self.study.settings.years.iter().copied().filter(|&year| year >= self.seeker.year);
            for year in years {
                self.select_method(EmissionKind { pollutant, category }, &methods, Some(year), resolution);
            }
        }
        if resolution.is_empty() && self.only_generates(pollutant) {
            resolution.gaps.push(ClassGap {
                class: self.class,
                pollutant: Some(pollutant),
                lack: MissingReason::NoMethod,
                emission_year: None,
            });
        }
    }

    fn spreads(&self, method: usize) -> bool {
        self.method(method).spread.is_some()
    }

    /// A pollutant whose mass before removal has a method, and what is left after it has none.
    fn only_generates(&self, pollutant: usize) -> bool {
        let generates = |&m: &usize| {
            self.method(m).outcome == MethodResult::Generated && self.method(m).pollutant == Some(pollutant)
        };
        self.fitting.iter().any(generates)
    }

    /// Selects which of the methods is used, for one year of emission where some of them have a release profile.
    fn select_method(
        &self,
        kind: EmissionKind,
        methods: &[usize],
        emission_year: Option<i32>,
        resolution: &mut Resolution<'_>,
    ) {
        let pollutant = kind.pollutant;
        let year = emission_year.unwrap_or(self.seeker.year);
        let (winner, rejected) = self.rank_methods(methods, Some(pollutant), year, resolution.faults);
        // A method without a release profile emits in the activity's own year only.
        let at = |method: usize| emission_year.filter(|_| self.spreads(method));
        let elsewhere = |method: usize| emission_year.is_some_and(|y| !self.spreads(method) && y != self.seeker.year);
        if let Some(emitted) = winner {
            let carried = self.method(emitted.method).elsewhere;
            if let Some(category) = carried.filter(|_| !elsewhere(emitted.method)) {
                let lack = MissingReason::IncludedElsewhere(category);
                let gap = ClassGap { class: self.class, pollutant: Some(pollutant), lack, emission_year: None };
                resolution.gaps.push(gap);
            } else if !elsewhere(emitted.method) {
                let emission_year = at(emitted.method);
                let binding = self.bind(kind, emitted, emission_year, resolution.faults);
                resolution.bindings.push(Binding { rejected, ..binding });
            }
            return;
        }
        let named = rejected.iter().filter(|passed| self.method(passed.method).pollutant.is_some());
        if let Some(passed) = named.min_by_key(|passed| passed.missing.len()).filter(|passed| !elsewhere(passed.method))
        {
            resolution.gaps.push(ClassGap { emission_year: at(passed.method), ..self.gap(Some(pollutant), passed) });
        }
    }

    /// The first method, in the order of preference, whose inputs all resolve, and those rejected. Two methods of equal rank that
    /// both resolve are an error.
    fn rank_methods(
        &self,
        methods: &[usize],
        pollutant: Option<usize>,
        year: i32,
        faults: &mut Diagnostics,
    ) -> (Option<ResolvedMethod>, Vec<RejectedMethod>) {
        let mut winner: Option<ResolvedMethod> = None;
        let mut rejected = Vec::new();
        for &index in methods {
            let settled = winner.as_ref().map(|won| self.method(won.method).order());
            if settled.is_some_and(|order| order != self.method(index).order()) {
                rejected.push(RejectedMethod { method: index, missing: Vec::new() });
                continue;
            }
            match (self.attempt(index, pollutant, year, faults), &winner) {
                (Attempt::Missing(passed), _) => rejected.push(passed),
                (Attempt::Resolved(resolved), None) => winner = Some(resolved),
                (Attempt::Resolved(_), Some(first)) => {
                    faults.push(ties::of_methods(self.study, self.seeker.item, first.method, index, pollutant))
                }
            }
        }
        (winner, rejected)
    }

    /// Looks up every name of a method's expression: parameters first, then derived parameters.
    fn attempt(&self, index: usize, pollutant: Option<usize>, year: i32, faults: &mut Diagnostics) -> Attempt {
        let method = self.method(index);
        let mut inputs = Vec::new();
        let mut missing = Vec::new();
        for used in &method.uses {
            let when = if used.now { year } else { self.seeker.year };
            match self.input(used, pollutant, when, faults) {
                Ok(input) => inputs.push((used.clone(), input)),
                Err(names) => missing.extend(names),
            }
        }
        let mut seen = HashSet::default();
        missing.retain(|name: &String| seen.insert(name.clone()));
        if !missing.is_empty() {
            return Attempt::Missing(RejectedMethod { method: index, missing });
        }
        let size = 1 + inputs
            .iter()
            .map(|(_, input)| if let ValueSource::Method(inner) = input { inner.size } else { 0 })
            .sum::<usize>();
        Attempt::Resolved(ResolvedMethod { method: index, inputs, size })
    }

    fn input(&self, used: &Use, pollutant: Option<usize>, year: i32, faults: &mut Diagnostics) -> Lookup {
        match used.name.as_str() {
            AMOUNT => return Ok(ValueSource::Amount),
            AGE => return Ok(ValueSource::Age),
            _ => {}
        }
        match self.find(&used.name, year, pollutant) {
            LookupResult::One(index) => return Ok(ValueSource::Parameter(index)),
            LookupResult::Tie(a, b) => {
                faults.push(ties::of_parameters(self.study, self.seeker.item, a, b));
                return Ok(ValueSource::Parameter(a));
            }
            LookupResult::None => {}
        }
        if let Some(index) = self.carried(&used.name, year, pollutant, faults) {
            return Ok(ValueSource::Parameter(index));
        }
        let key = (used.name.clone(), year, pollutant);
        if let Some(known) = self.derived.borrow().get(&key) {
            return known.clone();
        }
        let found = self.derive(&used.name, pollutant, year, faults);
        self.derived.borrow_mut().insert(key, found.clone());
        found
    }

    /// A derived parameter, or `generated`, by the methods that give it.
    fn derive(&self, name: &str, pollutant: Option<usize>, year: i32, faults: &mut Diagnostics) -> Lookup {
        let outcome = if name == GENERATED { MethodResult::Generated } else { MethodResult::Derived(name.to_string()) };
        let wanted = |m: &&usize| {
            let method = self.method(**m);
            method.outcome == outcome && pollutant.map_or(method.pollutant.is_none(), |p| method.serves(p))
        };
        let methods: Vec<usize> = self.fitting.iter().filter(wanted).copied().collect();
        match self.rank_methods(&methods, pollutant, year, faults) {
            (Some(resolved), _) if resolved.size > LONGEST_CHAIN => {
                let place = Place { column: "expression".into(), ..self.method(resolved.method).place.clone() };
                let text = say!(
                    "'{name}' 由超过 {LONGEST_CHAIN} 步的公式链得出",
                    "'{name}' is a chain of more than {LONGEST_CHAIN} formulas"
                );
                faults.push(Diagnostic::new(place, text));
                Err(vec![name.to_string()])
            }
            (Some(resolved), _) => Ok(ValueSource::Method(Arc::new(resolved))),
            (None, rejected) => Err(lacking(name, rejected)),
        }
    }

    fn find(&self, name: &str, year: i32, pollutant: Option<usize>) -> LookupResult {
        let ladder = &self.study.ladder;
        let mut known = self.matching_rows.borrow_mut();
        if !known.contains_key(name) {
            known.insert(name.to_string(), ladder.matching_rows(name, &self.seeker));
        }
        ladder.find(&known[name], &self.seeker, year, pollutant)
    }

    /// The last value of a parameter that the study carries forward beyond its last year (`carry` in study.toml).
    fn carried(&self, name: &str, year: i32, pollutant: Option<usize>, faults: &mut Diagnostics) -> Option<usize> {
        let carries = &self.study.settings.carries;
        if !carries.iter().any(|carry| carry.holds(name, &self.seeker, pollutant)) {
            return None;
        }
        match self.closed(name, year, pollutant) {
            LookupResult::One(index) => Some(index),
            LookupResult::Tie(a, b) => {
                faults.push(ties::of_parameters(self.study, self.seeker.item, a, b));
                Some(a)
            }
            LookupResult::None => None,
        }
    }

    fn closed(&self, name: &str, year: i32, pollutant: Option<usize>) -> LookupResult {
        let ladder = &self.study.ladder;
        ladder.closed(&ladder.matching_rows(name, &self.seeker), &self.seeker, year, pollutant)
    }

    /// The binding of a selected method, without the rejected ones: CO2 of a biogenic item is booked as a memo pollutant.
    fn bind(
        &self,
        EmissionKind { pollutant, category }: EmissionKind,
        emitted: ResolvedMethod,
        emission_year: Option<i32>,
        faults: &mut Diagnostics,
    ) -> Binding {
        let words = &self.study.words;
        let biogenic = words.items.get(self.seeker.item).biogenic && words.pollutants.code(pollutant) == CO2;
        let memo = words.pollutants.index(CO2_BIOGENIC).filter(|_| biogenic);
        let generated = Use { name: GENERATED.into(), now: false };
        let generated = match self.input(&generated, Some(pollutant), self.seeker.year, faults) {
            Ok(ValueSource::Method(resolved)) => Some(resolved),
            _ => None,
        };
        let pollutant = memo.unwrap_or(pollutant);
        Binding { class: self.class, pollutant, category, emitted, generated, rejected: Vec::new(), emission_year }
    }

    fn gap(&self, pollutant: Option<usize>, passed: &RejectedMethod) -> ClassGap {
        let first = passed.missing.first();
        let closed = first.and_then(|name| match self.closed(name, self.seeker.year, pollutant) {
            LookupResult::One(index) | LookupResult::Tie(index, _) => Some(index),
            LookupResult::None => None,
        });
        let nearest = first.map(|name| self.nearest(name, closed, pollutant)).unwrap_or_default();
        let lack = MissingReason::Parameters { missing: passed.missing.clone(), nearest, closed };
        // Parameters of a method with a release profile are missing from the first reported year on, whatever the activity's year.
        let mut years = self.study.settings.years.iter().copied().filter(|_| self.spreads(passed.method));
        let emission_year = years.find(|&year| year >= self.seeker.year);
        ClassGap { class: self.class, pollutant, lack, emission_year }
    }

    /// A pollutant that the category expects and no method yields.
    fn expected_gap(&self, pollutant: usize) -> ClassGap {
        let fits = self.fitting.iter().filter(|&&m| self.emits(m) && self.method(m).serves(pollutant));
        let missing = fits.map(|&index| {
            match self.attempt(index, Some(pollutant), self.seeker.year, &mut Diagnostics::default()) {
                Attempt::Missing(passed) => passed,
                Attempt::Resolved(_) => RejectedMethod { method: index, missing: Vec::new() },
            }
        });
        match missing.min_by_key(|passed| passed.missing.len()) {
            Some(passed) => self.gap(Some(pollutant), &passed),
            None => ClassGap {
                class: self.class,
                pollutant: Some(pollutant),
                lack: MissingReason::NoMethod,
                emission_year: None,
            },
        }
    }

    /// The gap of a class that has neither emissions nor gaps so far: no method fits it, or none that fits resolves.
    fn nothing(&self) -> Option<ClassGap> {
        let none = |lack| Some(ClassGap { class: self.class, pollutant: None, lack, emission_year: None });
        let emitting: Vec<usize> = self.fitting.iter().copied().filter(|&m| self.emits(m)).collect();
        let served = |m: &usize| self.study.settings.pollutants.iter().find(|&&p| self.method(*m).serves(p)).copied();
        match emitting.iter().find_map(|m| served(m).map(|pollutant| (*m, pollutant))) {
            None if emitting.is_empty() => none(MissingReason::NoMethod),
            None => None,
            Some((method, pollutant)) => {
                match self.attempt(method, Some(pollutant), self.seeker.year, &mut Diagnostics::default()) {
                    Attempt::Missing(passed) => Some(self.gap(None, &passed)),
                    Attempt::Resolved(_) => None,
                }
            }
        }
    }

    /// Records how the energy of a fuel, of electricity or of heat is calculated. Memo rows are no energy use of the district.
    fn energy(&self, matches: &mut Matches, faults: &mut Diagnostics) {
        let amount = matches.classes[self.class as usize].amount;
        let words = &self.study.words;
        let category = self.category();
        let consumed =
            category::consumes_energy(words.categories.code(category)) && !words.categories.is_memo(category);
        if !consumed || !ENERGY_KINDS.contains(&words.items.get(self.seeker.item).kind.as_str()) {
            let used = Use { name: ENERGY.into(), now: false };
            match self.input(&used, None, self.seeker.year, &mut Diagnostics::default()) {
                Ok(ValueSource::Method(found))
                    if dimension::of(self.study, &found, amount) == Ok(Dimension::ENERGY) =>
                {
                    matches.convertible.push((self.class, found));
                }
                _ => {}
            }
            return;
        }
        match self.input(&Use { name: ENERGY.into(), now: false }, None, self.seeker.year, faults) {
            // A calorific value per mass of an amount by volume gives no energy.
            Ok(ValueSource::Method(resolved))
                if dimension::of(self.study, &resolved, amount) == Ok(Dimension::ENERGY) =>
            {
                matches.energy.push((self.class, resolved));
            }
            _ => matches.without_energy.push(self.class),
        }
    }

    /// Place of the nearest parameter row for a name without a value: one whose years have ended, else the most similar.
    fn nearest(&self, name: &str, closed: Option<usize>, pollutant: Option<usize>) -> String {
        let ladder = &self.study.ladder;
        match closed.or_else(|| ladder.nearest(name, self.seeker.item, pollutant)) {
            None => String::new(),
            Some(index) => {
                let near = &ladder.parameters[index];
                let (place, set) = (&near.place, &near.set);
                let used = near.local || ladder.names(set);
                match (used, set.is_empty()) {
                    (true, true) => place.to_string(),
                    (true, false) => format!("{place} ({set})"),
                    (false, _) => format!("{place} ({set}, not in sets)"),
                }
            }
        }
    }
}
