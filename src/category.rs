//! The tree of categories: IPCC 2006 with the water and solvent sources it lacks.

use crate::code::Codebook;
use crate::error::Text;
use std::collections::{HashMap, HashSet};

/// A row of `categories.csv`: a category of the inventory.
#[derive(Debug, Clone)]
pub struct Category {
    pub code: String,
    pub parent: String,
    pub name_zh: String,
    pub name_en: String,
    pub aliases: Vec<String>,
    /// Sector of the action plan.
    pub sector: String,
    pub scope: Scope,
    /// Pollutants that a row of this category has to yield; `None` inherits from the parent.
    pub expects: Option<Vec<String>>,
}

crate::coded!(Category);
crate::tree!(Category);

/// Sectors of the action plan, in the order of charts and tables.
pub const SECTORS: [&str; 7] = ["energy", "industry", "transport", "buildings", "agriculture", "waste", "land"];

/// The sector whose amounts may be negative.
pub const LAND: &str = "land";

/// Chinese and English name of an action-plan sector; another sector is its own name.
pub fn sector_name(sector: &str) -> (&str, &str) {
    match sector {
        "energy" => ("能源", "Energy"),
        "industry" => ("工业", "Industry"),
        "transport" => ("交通", "Transport"),
        "buildings" => ("建筑", "Buildings"),
        "agriculture" => ("农业", "Agriculture"),
        "waste" => ("废弃物", "Waste"),
        LAND => ("土地利用与林业", "Land use and forestry"),
        other => (other, other),
    }
}

/// Which emissions a category counts as: direct, of purchased energy, or memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Direct,
    Purchased,
    /// Estimated and shown, and in no total: international bunkers, the reference approach.
    Memo,
}

impl Scope {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Purchased => "purchased",
            Self::Memo => "memo",
        }
    }

    /// The scope of a word in tables.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Direct, Self::Purchased, Self::Memo].into_iter().find(|scope| scope.word() == text)
    }
}

/// Whether `prefix` holds for `code`, in whole dotted segments: `1.A` for `1.A.2`, not for `1.AB`.
pub fn holds(prefix: &str, code: &str) -> bool {
    code.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether one code lies in the other; an empty one is every category.
pub fn overlap(one: &str, other: &str) -> bool {
    one.is_empty() || other.is_empty() || holds(one, other) || holds(other, one)
}

/// The number of dotted segments: a longer prefix is more specific.
pub fn depth(prefix: &str) -> usize {
    if prefix.is_empty() { 0 } else { prefix.split('.').count() }
}

/// A memo category that estimates another way what a category holds: their difference is shown beside the totals.
#[derive(Debug, Clone, PartialEq)]
pub struct Approach {
    /// The memo category, by index.
    pub category: usize,
    /// The category that it stands beside.
    pub beside: usize,
    pub pollutant: usize,
    /// The share of the other's value from which on the difference is to be explained.
    pub largest_share: Option<f64>,
}

/// Two kinds of rows whose emissions of some pollutants are easily the same: vehicles beside road fuel, ammonia beside the works' coal.
#[derive(Debug, Clone)]
pub struct Overlap {
    pub category: usize,
    pub item: Option<usize>,
    /// Codes; none is any.
    pub technologies: Vec<String>,
    pub beside: usize,
    /// Codes or kinds of items.
    pub beside_items: Vec<String>,
    pub pollutants: Vec<usize>,
    /// What to do about it.
    pub remedy: Text,
}

/// The edition of the guidelines whose trend assessment ranks key categories: the two name different categories.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TrendEdition {
    /// IPCC 2006 V1 equations 4.2 and 4.3: how far a category's trend is from that of the total.
    #[default]
    Ipcc2006,
    /// 2019 Refinement V1 equation 4.2: a category's part of the change of the total.
    Ipcc2019,
}

impl TrendEdition {
    /// Both editions.
    pub const ALL: [Self; 2] = [Self::Ipcc2006, Self::Ipcc2019];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ipcc2006 => "2006",
            Self::Ipcc2019 => "2019",
        }
    }
}

/// The categories at which key categories are looked for, and whether each is split by fuel.
#[derive(Debug, Clone, Default)]
pub struct Levels(pub HashMap<usize, bool>);

impl Levels {
    /// The level of an emission: the nearest listed category at or above its own, else its own; split by fuel or not.
    pub fn of(&self, categories: &Categories, category: usize) -> (usize, bool) {
        let line = categories.ancestors(category);
        let listed = line.into_iter().find_map(|index| self.0.get(&index).map(|&by_fuel| (index, by_fuel)));
        listed.unwrap_or((category, false))
    }
}

/// IPCC categories in which a fuel is handled, burnt in the field or landfilled and not consumed as energy: what a gas network passes on
/// or a mine raises is burnt, and counted, elsewhere. Feedstock and reductants (2) are in the total of energy consumption.
const NOT_CONSUMED: [&str; 5] = ["1.B", "1.C", "3", "4", "5"];

/// Whether a fuel in this category is energy consumed; a study's own categories are taken at their word.
pub fn consumes_energy(code: &str) -> bool {
    !NOT_CONSUMED.iter().any(|prefix| holds(prefix, code))
}

/// The categories, a tree by code.
pub type Categories = Codebook<Category>;

impl Categories {
    /// What a row of this category has to yield, by its own word or the nearest parent's.
    pub fn expects(&self, index: usize) -> &[String] {
        let line = self.ancestors(index);
        line.into_iter().find_map(|index| self.get(index).expects.as_deref()).unwrap_or(&[])
    }

    /// Whether what is booked under a category is in no total.
    pub fn is_memo(&self, index: usize) -> bool {
        self.get(index).scope == Scope::Memo
    }

    /// Categories that no other names as its parent.
    pub fn leaves(&self) -> impl Iterator<Item = usize> {
        let parents: HashSet<&str> = self.iter().map(|(_, category)| category.parent.as_str()).collect();
        self.iter().filter(move |(_, category)| !parents.contains(category.code.as_str())).map(|(index, _)| index)
    }
}
