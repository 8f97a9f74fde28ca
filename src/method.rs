//! Methods: rows of `methods.csv`, each an expression with what it holds for.

use crate::category;
use crate::error::Place;
use crate::expression::{Expression, Use};
use crate::unit::Dimension;

/// What a method's expression gives.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MethodResult {
    /// Mass that leaves, t.
    Emitted,
    /// Mass before removal, t.
    Generated,
    /// A parameter that other expressions may use.
    Derived(String),
}

impl MethodResult {
    /// The result named in the column `result`; any other word is a derived parameter.
    pub fn parse(word: &str) -> Self {
        match word {
            "emitted" => Self::Emitted,
            "generated" => Self::Generated,
            name => Self::Derived(name.to_string()),
        }
    }

    /// The word in tables.
    pub fn word(&self) -> &str {
        match self {
            Self::Emitted => "emitted",
            Self::Generated => "generated",
            Self::Derived(name) => name,
        }
    }
}

/// How an activity of one year contributes to later years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseProfile {
    Decay,
    Survival,
}

impl ReleaseProfile {
    /// The profile of a word in the column `spread`.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "decay" => Some(Self::Decay),
            "survival" => Some(Self::Survival),
            _ => None,
        }
    }
}

/// A row of `methods.csv`: a formula and the rows that it applies to.
#[derive(Debug, Clone)]
pub struct Method {
    pub code: String,
    /// Holds for this category and all below it; `None` for all.
    pub category: Option<usize>,
    pub item: Option<usize>,
    pub technology: String,
    pub pollutant: Option<usize>,
    pub emits_as: Option<usize>,
    pub rank: i32,
    pub outcome: MethodResult,
    /// The method holds only for amounts of this dimension, where given.
    pub amount_dimension: Option<Dimension>,
    /// Where the expression is `IE:<category>`: the category whose rows carry the pollutant.
    pub elsewhere: Option<usize>,
    pub expression: Expression,
    /// The names that the expression uses.
    pub uses: Vec<Use>,
    pub text: String,
    pub spread: Option<ReleaseProfile>,
    pub citation: String,
    pub locator: String,
    pub place: Place,
    pub local: bool,
}

/// What a method is asked to hold for.
#[derive(Debug, Clone, Copy)]
pub struct MethodScope<'a> {
    pub category: &'a str,
    pub item: usize,
    pub technology: &'a str,
    pub amount: Dimension,
}

impl Method {
    /// Whether the method holds for a row, whatever the pollutant. `prefix` is the code of its category, empty for all.
    pub fn fits(&self, prefix: &str, case: MethodScope<'_>) -> bool {
        (prefix.is_empty() || category::holds(prefix, case.category))
            && self.item.is_none_or(|item| item == case.item)
            && (self.technology.is_empty() || self.technology == case.technology)
            && self.amount_dimension.is_none_or(|dimension| dimension == case.amount)
    }

    /// Whether the method applies to a pollutant.
    pub fn serves(&self, pollutant: usize) -> bool {
        self.pollutant.is_none_or(|own| own == pollutant)
    }

    /// Order of competition: rank, then the study's own before the library's.
    pub fn order(&self) -> (i32, bool) {
        (self.rank, !self.local)
    }
}
