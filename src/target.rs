//! What the district is judged on: intensity cuts, caps, floors, the peak year.

use crate::error::Place;

#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// A share by which the metric has to fall from the base year.
    Cut { base: i32, share: f64 },
    /// A mass or a value in canonical units that must not be exceeded.
    Cap { value: f64, unit: String },
    /// A share or value that has to be reached.
    Floor { value: f64, unit: String },
    PeakBy { year: i32 },
    /// Ordered by a higher authority, which the study has no number of.
    Allotted { by: String },
}

#[derive(Debug, Clone)]
pub struct Target {
    pub code: String,
    pub title: String,
    pub metric: String,
    pub boundary: Boundary,
    /// The year in which it is judged.
    pub year: i32,
    pub goal: Goal,
    pub source: String,
    pub place: Place,
}

/// What counts: what leaves the district's own ground, or that and what its purchased electricity and heat cost elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Boundary {
    Direct,
    DirectPurchased,
}

impl Boundary {
    pub const ALL: [Self; 2] = [Self::Direct, Self::DirectPurchased];

    pub fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::DirectPurchased => "direct+purchased",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|boundary| boundary.word() == word)
    }
}

/// A published figure that stands beside the result; it is compared and never fitted.
#[derive(Debug, Clone)]
pub struct Crosscheck {
    pub title: String,
    pub metric: String,
    pub boundary: Boundary,
    pub grouping: String,
    pub group: String,
    pub year: i32,
    pub value: f64,
    pub unit: String,
    /// The value in t, or in the canonical unit of an indicator.
    pub canonical: f64,
    pub citation: String,
    pub note: String,
}
