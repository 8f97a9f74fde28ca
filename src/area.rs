//! The tree of areas, along which parameters are looked up: district → city → region → nation → world.

use crate::code::Codebook;

/// A row of `areas.csv`.
#[derive(Debug, Clone)]
pub struct Area {
    pub code: String,
    pub parent: String,
    pub name_zh: String,
    pub name_en: String,
    pub aliases: Vec<String>,
}

crate::coded!(Area);
crate::tree!(Area);

/// The areas, a tree by code.
pub type Areas = Codebook<Area>;

/// An outer ring and its holes; each ring its positions in degrees east and north.
pub type Polygon = Vec<Vec<(f64, f64)>>;

/// The outline of an area, for the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Index of the codebook.
    pub area: usize,
    pub polygons: Vec<Polygon>,
}
