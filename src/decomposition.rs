//! What moved a total: the factors of an identity, by LMDI-I, over history and projection by plan period and from base to scenario in one
//! year; the growth at which the total stays flat; decoupling.

use crate::analysis::Indicator;
use crate::analysis::intensity::energy_co2;
use crate::analysis::{Grouping, Totals};
use crate::identity::{Identity, IdentityFactor, IdentityTerm, PartsBy};
use crate::inventory::Inventory;
use crate::target::{Boundary, ENERGY, GHG, Metric};
use lmdi::SumPart;
use std::collections::{BTreeMap, BTreeSet};

pub mod breakeven;
pub mod lmdi;
pub mod tapio;

/// History, or history and projection of one scenario.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub scenario: &'a str,
    pub inventory: &'a Inventory<'a>,
    pub totals: &'a Totals,
    pub indicators: &'a [Indicator],
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DecompositionKind {
    History,
    /// A plan period of a scenario that ends after the anchor.
    Projection,
    /// Base to scenario, in one year.
    Scenario,
}

impl DecompositionKind {
    pub fn word(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Projection => "projection",
            Self::Scenario => "scenario",
        }
    }
}

/// A row of `decomposition.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct DecompositionRow {
    pub scenario: String,
    pub from: i32,
    pub to: i32,
    pub kind: DecompositionKind,
    /// The scenario that it is compared with; empty over time.
    pub against: String,
    pub boundary: Boundary,
    pub identity: String,
    /// A sector or item of the identity; `total` of all.
    pub group: String,
    /// As the identity writes it; `total` is the whole change, `(other)` what no factor explains.
    pub factor: String,
    pub additive: f64,
    pub multiplicative: Option<f64>,
    pub unit: &'static str,
    /// The change less all effects.
    pub residual: f64,
    /// Of the whole change over time, against GDP.
    pub tapio: Option<f64>,
    pub state: &'static str,
}

/// The group of all, and the factor that is the whole change.
pub const TOTAL: &str = "total";
/// Changes that have no logarithm: from emission to sink, or of a group whose denominator is zero.
pub const OTHER: &str = "(other)";

/// The years in runs by plan period (2016–2020, 2021–2025, …), each led by the last year before it.
pub(crate) fn periods(years: &[i32]) -> Vec<Vec<i32>> {
    let end = |year: i32| year + (5 - year.rem_euclid(5)) % 5;
    let mut spans: Vec<Vec<i32>> = Vec::new();
    for pair in years.windows(2) {
        match spans.last_mut() {
            Some(span) if end(span[span.len() - 1]) == end(pair[1]) && span.len() > 1 => span.push(pair[1]),
            _ => spans.push(vec![pair[0], pair[1]]),
        }
    }
    spans
}

/// The plan period that a year belongs to.
pub(crate) fn period(year: i32) -> String {
    let end = year + (5 - year.rem_euclid(5)) % 5;
    format!("{}-{end}", end - 4)
}

/// A year's value of the left side, by group, with the factors of each.
#[derive(Debug, Clone, Default)]
struct State {
    groups: BTreeMap<String, (f64, Vec<f64>)>,
}

impl State {
    fn total(&self) -> f64 {
        self.groups.values().map(|(value, _)| value).sum()
    }
}

/// The values of an identity's terms in one view.
struct IdentityValues<'a> {
    view: View<'a>,
    identity: &'a Identity,
    boundary: Boundary,
    energy: BTreeMap<(i32, String), f64>,
    groups: BTreeSet<String>,
    economy: BTreeMap<String, BTreeMap<i32, f64>>,
}

impl<'a> IdentityValues<'a> {
    fn new(view: View<'a>, identity: &'a Identity, boundary: Boundary) -> Self {
        let mut terms = Self {
            view,
            identity,
            boundary,
            energy: BTreeMap::new(),
            groups: BTreeSet::new(),
            economy: BTreeMap::new(),
        };
        if let Some(by) = identity.by {
            terms.grouped(by);
        }
        for name in view.inventory.economy.indicators() {
            if let Some(Ok(series)) = view.inventory.economy.series(name) {
                terms.economy.insert(name.to_string(), series.values);
            }
        }
        terms
    }

    /// Energy by group, and the groups that there are.
    fn grouped(&mut self, by: PartsBy) {
        let (words, activity) = (&self.view.inventory.study.words, &self.view.inventory.study.activity);
        for energy in &self.view.inventory.energy {
            let row = energy.row as usize;
            let group = match by {
                PartsBy::Sector => words.categories.get(activity.category[row] as usize).sector.clone(),
                PartsBy::Item => words.items.code(activity.item[row] as usize).to_string(),
            };
            self.groups.insert(group.clone());
            *self.energy.entry((energy.year, group)).or_insert(0.0) +=
                energy.energy_tj * crate::plan::metric::TCE_PER_TJ;
        }
        let grouping = grouping(by);
        let of = self.view.totals.rows.iter().filter(|row| row.grouping == grouping && row.boundary == self.boundary);
        self.groups.extend(of.map(|row| row.group.clone()));
    }

    fn value(&self, term: &IdentityTerm, year: i32, group: &str) -> Option<f64> {
        let totals = self.view.totals;
        let mass = |code: &str| match term.by {
            None => totals.whole_t(year, self.boundary, code),
            Some(by) => {
                let sum = totals.find(year, self.boundary, (grouping(by), group), code);
                Some(sum.map_or(0.0, |sum| sum.value_t))
            }
        };
        match &term.metric {
            Metric::Pollutant(code) => mass(code),
            Metric::Ghg => mass(GHG),
            Metric::EnergyCo2 => energy_co2(totals, year, self.boundary),
            Metric::Energy if term.by.is_some() => {
                Some(self.energy.get(&(year, group.to_string())).copied().unwrap_or(0.0))
            }
            Metric::Energy => {
                let found = self.view.indicators.iter().find(|row| row.name == ENERGY && row.year == year);
                found.map(|row| row.value)
            }
            Metric::Economy(name) => self.economy.get(name)?.get(&year).copied(),
            _ => None,
        }
    }

    fn factor(&self, factor: &IdentityFactor, year: i32, group: &str) -> Option<f64> {
        let over = self.value(&factor.over, year, group)?;
        match &factor.under {
            None => Some(over),
            Some(under) => Some(over / self.value(under, year, group)?),
        }
    }

    /// `None` where a term has no value in the year.
    fn state(&self, year: i32) -> Option<State> {
        let left = IdentityTerm { metric: self.identity.left.clone(), by: self.identity.by };
        let whole = [TOTAL.to_string()];
        let groups: Vec<&String> =
            if self.identity.by.is_none() { whole.iter().collect() } else { self.groups.iter().collect() };
        // A group without a sum is zero, a year without the whole is none.
        self.value(&IdentityTerm { by: None, ..left.clone() }, year, TOTAL)?;
        let mut state = State::default();
        for group in groups {
            let value = self.value(&left, year, group)?;
            let factors = self.identity.factors.iter().map(|factor| self.factor(factor, year, group));
            state.groups.insert(group.clone(), (value, factors.collect::<Option<Vec<f64>>>()?));
        }
        Some(state)
    }

    fn states(&self) -> BTreeMap<i32, State> {
        self.view.inventory.years.iter().filter_map(|year| Some((*year, self.state(*year)?))).collect()
    }
}

fn grouping(by: PartsBy) -> Grouping {
    match by {
        PartsBy::Sector => Grouping::Sector,
        PartsBy::Item => Grouping::Item,
    }
}

/// Effects by group and factor, added up over the steps of a chain; the last factor is [`OTHER`].
struct Effects {
    additive: BTreeMap<String, Vec<f64>>,
    /// ln D; `None` once a step has none.
    logarithms: BTreeMap<String, Vec<Option<f64>>>,
}

impl Effects {
    fn of(states: &[&State], factors: usize) -> Self {
        let mut effects = Self { additive: BTreeMap::new(), logarithms: BTreeMap::new() };
        for pair in states.windows(2) {
            effects.step(pair[0], pair[1], factors);
        }
        effects
    }

    fn step(&mut self, before: &State, after: &State, factors: usize) {
        let sums = (before.total(), after.total());
        let groups: BTreeSet<&String> = before.groups.keys().chain(after.groups.keys()).collect();
        let absent = (0.0, vec![f64::NAN; factors]);
        for group in groups {
            let of = |state: &State| state.groups.get(group).unwrap_or(&absent).clone();
            let ((v0, x0), (vt, xt)) = (of(before), of(after));
            // 0/0 says nothing of a ratio: it is taken as that of the other year, so that what appears is the doing of its share.
            let either = |(a, b): (&f64, &f64)| match (a.is_nan(), b.is_nan()) {
                (true, false) => (*b, *b),
                (false, true) => (*a, *a),
                _ => (*a, *b),
            };
            let part = SumPart { before: v0, after: vt, factors: x0.iter().zip(&xt).map(either).collect() };
            let mut found = lmdi::additive(&part).unwrap_or_else(|| vec![0.0; factors]);
            let rest = vt - v0 - found.iter().sum::<f64>();
            let rounding = 1e-12 * v0.abs().max(vt.abs());
            found.push(if rest.abs() > rounding { rest } else { 0.0 });
            let sum = self.additive.entry(group.clone()).or_insert_with(|| vec![0.0; factors + 1]);
            sum.iter_mut().zip(&found).for_each(|(sum, effect)| *sum += effect);
            let log = self.logarithms.entry(group.clone()).or_insert_with(|| vec![Some(0.0); factors + 1]);
            for (log, effect) in log.iter_mut().zip(&found) {
                *log = log.zip(lmdi::ln_multiplicative(*effect, sums.0, sums.1)).map(|(sum, log)| sum + log);
            }
        }
    }
}

/// What the rows of one decomposition share.
struct Head<'a> {
    kind: DecompositionKind,
    scenario: &'a str,
    against: &'a str,
    years: (i32, i32),
    boundary: Boundary,
    identity: &'a Identity,
    gdp: Option<(f64, f64)>,
}

/// Effects of the factors on one group, in the order of the factors, and its whole change: the difference and the logarithm of the ratio.
struct GroupEffects<'a> {
    group: &'a str,
    additive: &'a [f64],
    logarithms: &'a [Option<f64>],
    change: (f64, Option<f64>),
}

impl Head<'_> {
    fn rows(&self, states: &[&State]) -> Vec<DecompositionRow> {
        let (Some(first), Some(last)) = (states.first(), states.last()) else { return Vec::new() };
        let count = self.identity.factors.len();
        let effects = Effects::of(states, count);
        let names: Vec<&str> = self.identity.factors.iter().map(|f| f.name.as_str()).chain([OTHER]).collect();
        let ends = (first.total(), last.total());
        let explained: f64 = effects.additive.values().flatten().sum();
        let residual = ends.1 - ends.0 - explained;
        let mut rows = Vec::new();
        let mut sums = (vec![0.0; count + 1], vec![Some(0.0); count + 1]);
        for (group, additive) in &effects.additive {
            let logarithms = &effects.logarithms[group];
            for factor in 0..=count {
                sums.0[factor] += additive[factor];
                sums.1[factor] = sums.1[factor].zip(logarithms[factor]).map(|(sum, log): (f64, f64)| sum + log);
            }
            if self.identity.by.is_some() {
                let change = (additive.iter().sum(), logarithms.iter().copied().sum());
                rows.extend(self.of_group(&names, &GroupEffects { group, additive, logarithms, change }));
            }
        }
        for row in rows.iter_mut() {
            row.residual = residual;
        }
        let whole = (ends.1 - ends.0, (ends.0 > 0.0 && ends.1 > 0.0).then(|| (ends.1 / ends.0).ln()));
        let total = GroupEffects { group: TOTAL, additive: &sums.0, logarithms: &sums.1, change: whole };
        let mut all = self.of_group(&names, &total);
        if let (Some(row), Some(gdp)) = (all.last_mut(), self.gdp) {
            row.tapio = tapio::elasticity(ends, gdp);
            row.state = tapio::state(ends, gdp).unwrap_or("");
        }
        all.iter_mut().for_each(|row| row.residual = residual);
        rows.extend(all);
        rows
    }

    /// A row for each factor that does something and for `(other)` where there is any, then the group's whole change.
    fn of_group(&self, names: &[&str], effects: &GroupEffects<'_>) -> Vec<DecompositionRow> {
        let GroupEffects { group, additive, logarithms, change } = *effects;
        let row = |factor: &str, additive: f64, logarithm: Option<f64>| DecompositionRow {
            scenario: self.scenario.to_string(),
            from: self.years.0,
            to: self.years.1,
            kind: self.kind,
            against: self.against.to_string(),
            boundary: self.boundary,
            identity: self.identity.text.clone(),
            group: group.to_string(),
            factor: factor.to_string(),
            additive,
            multiplicative: logarithm.map(f64::exp),
            unit: unit(&self.identity.left),
            residual: 0.0,
            tapio: None,
            state: "",
        };
        let each = names.iter().zip(additive.iter().zip(logarithms));
        let shown = each.filter(|(name, (additive, _))| **name != OTHER || **additive != 0.0);
        let mut rows: Vec<DecompositionRow> = shown.map(|(name, (additive, log))| row(name, *additive, *log)).collect();
        rows.push(row(TOTAL, change.0, change.1));
        rows
    }
}

fn unit(metric: &Metric) -> &'static str {
    match metric {
        Metric::Ghg => "t CO2e",
        Metric::Energy => "tce",
        _ => "t",
    }
}

/// Everything that is taken apart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decomposition {
    pub rows: Vec<DecompositionRow>,
    pub lines: Vec<breakeven::BreakevenRow>,
}

/// Takes apart history, and each scenario over time and against its base (the index of a view among `scenarios`).
pub fn decompose(history: View<'_>, scenarios: &[(View<'_>, Option<usize>)]) -> Decomposition {
    let anchor = history.inventory.study.anchor();
    let mut found = Decomposition { lines: breakeven::lines(&history, i32::MIN), ..Decomposition::default() };
    found.lines.extend(scenarios.iter().flat_map(|(view, _)| breakeven::lines(view, anchor)));
    for identity in &history.inventory.study.identities {
        for boundary in Boundary::ALL {
            let own = IdentityValues::new(history, identity, boundary);
            found.rows.extend(over_time(&own, DecompositionKind::History, i32::MIN));
            let terms: Vec<IdentityValues<'_>> =
                scenarios.iter().map(|(view, _)| IdentityValues::new(*view, identity, boundary)).collect();
            for (index, (_, base)) in scenarios.iter().enumerate() {
                found.rows.extend(over_time(&terms[index], DecompositionKind::Projection, anchor));
                found.rows.extend(base.iter().flat_map(|&base| in_one_year(&terms[base], &terms[index], anchor)));
            }
        }
    }
    found
}

fn over_time(terms: &IdentityValues<'_>, kind: DecompositionKind, after: i32) -> Vec<DecompositionRow> {
    let states = terms.states();
    let years: Vec<i32> = states.keys().copied().collect();
    let mut rows = Vec::new();
    for span in periods(&years).into_iter().filter(|span| span[span.len() - 1] > after) {
        let (from, to) = (span[0], span[span.len() - 1]);
        let gdp = terms.economy.get(breakeven::GDP);
        let gdp = gdp.and_then(|gdp| Some((*gdp.get(&from)?, *gdp.get(&to)?)));
        let chain: Vec<&State> = span.iter().map(|year| &states[year]).collect();
        rows.extend(Head { years: (from, to), gdp, ..head(terms, kind) }.rows(&chain));
    }
    rows
}

fn in_one_year(base: &IdentityValues<'_>, terms: &IdentityValues<'_>, anchor: i32) -> Vec<DecompositionRow> {
    let (before, after) = (base.states(), terms.states());
    let years = after.iter().filter(|(year, _)| **year > anchor);
    let both = years.filter_map(|(year, state)| Some((*year, before.get(year)?, state)));
    let rows = both.flat_map(|(year, before, after)| {
        let head = head(terms, DecompositionKind::Scenario);
        Head { against: base.view.scenario, years: (year, year), ..head }.rows(&[before, after])
    });
    rows.collect()
}

/// Against nothing, without years and GDP.
fn head<'a>(terms: &'a IdentityValues<'_>, kind: DecompositionKind) -> Head<'a> {
    let (scenario, boundary, identity) = (terms.view.scenario, terms.boundary, terms.identity);
    Head { kind, scenario, against: "", years: (0, 0), boundary, identity, gdp: None }
}
