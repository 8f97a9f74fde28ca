//! Pollutants and greenhouse gases, and the sets of global warming potentials.

use std::collections::BTreeMap;

/// A row of `pollutants.csv`.
#[derive(Debug, Clone)]
pub struct Pollutant {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub aliases: Vec<String>,
    /// `ghg`, `air`, `water` or `memo`.
    pub kind: String,
}

crate::coded!(Pollutant);

/// CO2 of biogenic items is booked under this code, a memo that enters no total of gases.
pub const CO2: &str = "CO2";
/// Code of CO2 from biomass, which is reported as a memo item.
pub const CO2_BIOGENIC: &str = "CO2_biogenic";

/// What a pollutant is let out into, where it has an equivalent.
pub const MEDIA: [&str; 2] = ["air", "water"];

/// The mass that counts as one pollutant equivalent, in the sense of the environment tax; air and water are never added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalent {
    pub medium: &'static str,
    pub mass_t: f64,
}

/// The warming potentials of one set: t CO2e per t of gas.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gwp {
    pub set: String,
    pub values: BTreeMap<String, f64>,
}

impl Gwp {
    /// The name that every CO2-equivalent of this set carries: `GHG (AR5 GWP100)`.
    pub fn label(&self) -> String {
        // Only a metric ends a set's name: `AR6_GTP100`, and not `our_set`.
        match self.set.rsplit_once('_').filter(|(_, metric)| metric.starts_with("GWP") || metric.starts_with("GTP")) {
            Some((report, metric)) => format!("GHG ({report} {metric})"),
            None => format!("GHG ({} GWP100)", self.set),
        }
    }
}
