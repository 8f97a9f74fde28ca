//! The inventory: every method's expression over every row it holds for, and the gaps beside it.

use crate::activity::{Notation, QUALITIES};
use crate::category::Categories;
use crate::economy::Economy;
use crate::error::{Diagnostic, Diagnostics, Result, legible};
use crate::matching::{self, Binding, Matches, MissingReason};
use crate::parameter::Confidence;
use crate::say;
use crate::study::Study;
use crate::table::LARGEST;
use foldhash::HashMap;
use std::sync::Arc;

mod estimate;
mod derivatives;

pub use derivatives::{EmissionSlope, Slopes};
pub use estimate::{Estimate, estimate};

/// One emission: a row (or, with `spread`, the rows of all earlier years) and how it yields a pollutant.
#[derive(Debug, Clone, PartialEq)]
pub struct Emission {
    /// The activity row; of several the latest.
    pub row: u32,
    /// Index into [`Matches::bindings`].
    pub binding: u32,
    pub year: i32,
    pub emitted_t: f64,
    /// Mass before removal, where a method gives it.
    pub generated_t: Option<f64>,
    /// Index into [`Inventory::stocks`], for methods with `spread`.
    pub stock: Option<u32>,
}

/// The rows and bindings that contribute to one emission of a stock, oldest first.
pub type Stock = Vec<(u32, u32)>;

/// Why there is no number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Notation(Notation),
    Missing(MissingReason),
}

impl Reason {
    /// As `gaps.csv` says it: a notation key, `missing parameter` or `no method`.
    pub fn word(&self, categories: &Categories) -> String {
        match self {
            Self::Notation(Notation::Ie(category)) => format!("IE:{}", categories.code(*category)),
            Self::Notation(notation) => notation.word().to_string(),
            Self::Missing(MissingReason::IncludedElsewhere(category)) => format!("IE:{}", categories.code(*category)),
            Self::Missing(MissingReason::NoMethod) => "no method".to_string(),
            Self::Missing(MissingReason::Parameters { .. }) => "missing parameter".to_string(),
        }
    }

    /// The names of the parameters that are missing, and what comes nearest.
    pub fn missing(&self) -> (String, &str) {
        match self {
            Self::Missing(MissingReason::Parameters { missing, nearest, .. }) => (missing.join("; "), nearest),
            _ => Default::default(),
        }
    }
}

/// A row and pollutant that ends in no emission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub row: u32,
    pub year: i32,
    /// `None` where the row yields nothing at all.
    pub pollutant: Option<usize>,
    pub reason: Reason,
}

/// The energy of a row of fuel, electricity or heat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Energy {
    pub row: u32,
    pub year: i32,
    pub energy_tj: f64,
}

/// Emissions, gaps and energy of one study.
#[derive(Debug, Clone)]
pub struct Inventory<'a> {
    pub study: &'a Study,
    pub matches: Arc<Matches>,
    /// In the order of activity rows, categories and pollutants.
    pub emissions: Vec<Emission>,
    pub stocks: Vec<Stock>,
    pub gaps: Vec<Gap>,
    /// The worst confidence among the parameters of each binding.
    confidences: Arc<Vec<Option<Confidence>>>,
    /// Fuels, electricity and heat of the reported years.
    pub energy: Vec<Energy>,
    /// The years that are reported: the study's, and those that a scenario projects.
    pub years: Vec<i32>,
    /// The study's, and where a scenario carries it.
    pub economy: Economy,
}

/// Estimates a study from its resolved methods.
///
/// # Errors
/// Results that are no finite numbers, each with its row and method; failures of the frame engine.
pub fn compile(study: &Study) -> Result<Inventory<'_>> {
    let matches = Arc::new(matching::run(study)?);
    let Estimate { emissions, stocks, energy } = estimate(study, &matches)?;
    let mut faults = Diagnostics::default();
    let mut refuse = |row: u32, method: usize, value: f64| {
        let (code, value) = (&study.methods[method].code, legible(value));
        let text = say!(
            "方法 '{code}' 的结果不是可用的数（{value}）",
            "the method '{code}' gives no number that can be used ({value})"
        );
        faults.push(Diagnostic::new(study.activity.place(row as usize, "amount"), text));
    };
    for emission in &emissions {
        let binding = &matches.bindings[emission.binding as usize];
        if !is_sound(emission.emitted_t) {
            refuse(emission.row, binding.emitted.method, emission.emitted_t);
        }
        let before = binding.generated.as_ref().zip(emission.generated_t);
        if let Some((generated, value)) = before.filter(|(_, value)| !is_sound(*value)) {
            refuse(emission.row, generated.method, value);
        }
    }
    let chains: HashMap<u32, usize> = matches.energy.iter().map(|(class, chain)| (*class, chain.method)).collect();
    for &(row, value) in energy.iter().filter(|(_, value)| !is_sound(*value)) {
        refuse(row, chains[&matches.class_of[row as usize]], value);
    }
    let gaps = gaps(study, &matches);
    let worst = |binding: &Binding| {
        let used = binding.emitted.parameters();
        let stated = used.iter().map(|(_, index)| study.ladder.parameters[*index].confidence);
        // Of its year a value that is carried on is not verified.
        let carried = (!matches.carried(binding, study).is_empty()).then_some(Confidence::Unverified);
        stated.chain(carried).max()
    };
    let confidences = Arc::new(matches.bindings.iter().map(worst).collect());
    let energy =
        energy.into_iter().map(|(row, energy_tj)| Energy { row, year: study.activity.year[row as usize], energy_tj });
    let (energy, years, economy) = (energy.collect(), study.settings.years.clone(), study.economy.clone());
    faults.into_result(Inventory { study, matches, emissions, stocks, gaps, confidences, energy, years, economy })
}

/// Whether a result is a number that can be added up, squared and shown.
pub fn is_sound(value: f64) -> bool {
    value.abs() <= LARGEST
}

/// Every gap of every row: rows with a notation key, and rows whose class lacks something.
fn gaps(study: &Study, matches: &Matches) -> Vec<Gap> {
    let activity = &study.activity;
    let mut of_class = vec![Vec::new(); matches.classes.len()];
    for gap in &matches.gaps {
        of_class[gap.class as usize].push(gap);
    }
    let years = &study.settings.years;
    let mut gaps = Vec::new();
    for row in 0..activity.own {
        let (class, year) = (matches.class_of[row] as usize, activity.year[row]);
        // A stock of earlier years is missing from the first reported year on.
        let shown = |spread: bool| {
            if years.contains(&year) { Some(year) } else { years.iter().copied().find(|&y| spread && y > year) }
        };
        let make = |pollutant, year, reason| Gap { row: row as u32, year, pollutant, reason };
        if let Some(&notation) = activity.notations.get(&(row as u32)) {
            let Some(year) = shown(matches.spreads[class]) else { continue };
            let open = &matches.open[class];
            let pollutants = open.iter().map(|&pollutant| Some(pollutant)).chain(open.is_empty().then_some(None));
            gaps.extend(pollutants.map(|pollutant| make(pollutant, year, Reason::Notation(notation))));
            continue;
        }
        for gap in &of_class[class] {
            if let Some(year) = gap.emission_year.or(shown(false)) {
                gaps.push(make(gap.pollutant, year, Reason::Missing(gap.lack.clone())));
            }
        }
    }
    gaps
}

impl Inventory<'_> {
    /// The contributing rows and bindings of an emission: its own, or those of all earlier years.
    pub fn parts(&self, emission: &Emission) -> Stock {
        match emission.stock {
            Some(stock) => self.stocks[stock as usize].clone(),
            None => vec![(emission.row, emission.binding)],
        }
    }

    /// The worst confidence of all parameters used; `None` where the amount alone was used.
    pub fn confidence(&self, emission: &Emission) -> Option<Confidence> {
        self.parts(emission).into_iter().filter_map(|(_, binding)| self.confidences[binding as usize]).max()
    }

    /// The worst quality of the rows that contribute; empty where none says.
    pub fn quality(&self, emission: &Emission) -> &str {
        let activity = &self.study.activity;
        let rows = self.parts(emission).into_iter().map(|(row, _)| activity.word(activity.quality[row as usize]));
        rows.max_by_key(|word| quality_rank(word)).unwrap_or("")
    }
}

/// Where a quality stands among [`QUALITIES`], the best first; `None`, before them all, for a row that says nothing.
pub fn quality_rank(quality: &str) -> Option<usize> {
    QUALITIES.iter().position(|known| *known == quality)
}
