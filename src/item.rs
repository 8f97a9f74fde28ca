//! Items: fuels, animals, products, wastes, populations: what an amount is an amount of.

use crate::code::Codebook;

/// A row of `items.csv`: a fuel, product, animal or other thing that activity is measured of.
#[derive(Debug, Clone)]
pub struct Item {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub aliases: Vec<String>,
    /// A free word; [`ENERGY_KINDS`] have a meaning in the energy mix.
    pub kind: String,
    /// CO2 of a biogenic item is a memo.
    pub biogenic: bool,
}

crate::coded!(Item);

/// The items by code.
pub type Items = Codebook<Item>;

/// Kinds whose amounts count as energy consumption.
pub const ENERGY_KINDS: [&str; 8] = ["coal", "oil", "gas", "biomass", "renewable", "nuclear", "electricity", "heat"];

/// Kinds that count as non-fossil.
pub const NON_FOSSIL_KINDS: [&str; 3] = ["biomass", "renewable", "nuclear"];
