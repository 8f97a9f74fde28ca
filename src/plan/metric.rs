//! What a run is summed up to: every pollutant and its CO2-equivalent in both boundaries, energy, CO2 by sector.

use crate::category::{SECTORS, Scope};
use crate::inventory::Inventory;
use crate::pollutant::CO2;
use crate::target::{Boundary, ENERGY, ENERGY_CO2};

/// Energy in tce per TJ.
pub const TCE_PER_TJ: f64 = 1e6 / 29_307.6;

/// A yearly sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanMetric {
    /// A pollutant's code, `GHG (AR5 GWP100)`, `energy`, `energy CO2`, `CO2 industry`.
    pub name: String,
    pub boundary: Boundary,
    pub unit: &'static str,
}

/// All metrics of a study, in a fixed order.
#[derive(Debug, Clone)]
pub struct PlanMetrics {
    pub all: Vec<PlanMetric>,
    /// The pollutants of the study and the memo of biogenic CO2, as indices of the codebook.
    pollutants: Vec<usize>,
    weights: Vec<Option<f64>>,
    co2: Option<usize>,
}

/// The unit of a pollutant's mass.
const TONNES: &str = "t";

impl PlanMetrics {
    pub fn new(inventory: &Inventory<'_>) -> Self {
        let study = inventory.study;
        let words = &study.words.pollutants;
        let mut pollutants = study.settings.pollutants.clone();
        for binding in &inventory.matches.bindings {
            if !pollutants.contains(&binding.pollutant) {
                pollutants.push(binding.pollutant);
            }
        }
        let gwp = study.settings.gwp.as_ref();
        let weight = |pollutant: &usize| gwp.and_then(|gwp| gwp.values.get(words.code(*pollutant)).copied());
        let weights = pollutants.iter().map(weight).collect();
        let mut all = Vec::new();
        let mut both = |name: &str, unit: &'static str| {
            all.extend(Boundary::ALL.map(|boundary| PlanMetric { name: name.to_string(), boundary, unit }));
        };
        pollutants.iter().for_each(|pollutant| both(words.code(*pollutant), TONNES));
        both(&gwp.map_or_else(|| "GHG".to_string(), |gwp| gwp.label()), "t CO2e");
        both(ENERGY, "tce");
        both(ENERGY_CO2, TONNES);
        SECTORS.iter().for_each(|sector| both(&format!("{CO2} {sector}"), TONNES));
        Self { all, pollutants, weights, co2: words.index(CO2) }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The index of a metric by its name and boundary.
    pub fn find(&self, name: &str, boundary: Boundary) -> Option<usize> {
        self.all.iter().position(|metric| metric.name == name && metric.boundary == boundary)
    }

    fn after_pollutants(&self, index: usize) -> usize {
        (self.pollutants.len() + index) * Boundary::ALL.len()
    }

    /// The metrics that one tonne of a pollutant booked under a category counts in, each with its weight.
    pub fn of_emission(&self, inventory: &Inventory<'_>, category: usize, pollutant: usize) -> Vec<(usize, f64)> {
        let category = inventory.study.words.categories.get(category);
        let counted = Boundary::counted(category.scope).len();
        let Some(place) = self.pollutants.iter().position(|known| *known == pollutant) else { return Vec::new() };
        let mut rows = vec![(place * Boundary::ALL.len(), 1.0)];
        rows.extend(self.weights[place].map(|weight| (self.after_pollutants(0), weight)));
        if self.co2 == Some(pollutant) {
            let sector = SECTORS.iter().position(|sector| *sector == category.sector).unwrap_or(0);
            rows.push((self.after_pollutants(3 + sector), 1.0));
            if category.scope == Scope::Purchased || crate::category::holds("1.A", &category.code) {
                rows.push((self.after_pollutants(2), 1.0));
            }
        }
        // Of two boundaries a purchased emission counts in the wider one, a memo item in none.
        let from = Boundary::ALL.len() - counted;
        rows.into_iter()
            .flat_map(|(row, weight)| (from..Boundary::ALL.len()).map(move |boundary| (row + boundary, weight)))
            .collect()
    }

    /// The metrics that one TJ counts in.
    pub fn of_energy(&self) -> Vec<(usize, f64)> {
        let row = self.after_pollutants(1);
        (0..Boundary::ALL.len()).map(|boundary| (row + boundary, TCE_PER_TJ)).collect()
    }
}
