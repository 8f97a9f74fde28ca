//! Crosswalks: which class of another scheme (NFR, CRT, GB/T 4754 …) an emission falls into. A scheme is rows of `crosswalk.csv`.
//!
//! Every emission falls into exactly one class of every scheme, so that a sum over classes is the sum over emissions.

use crate::category::{self, Categories};
use crate::error::Place;
use std::cmp::Reverse;

/// The class of what a scheme has no place for, such as dust in a greenhouse-gas scheme.
pub const OUTSIDE: &str = "outside";

/// The class of what is known too coarsely for the scheme, or of a study's own category that nobody has mapped.
pub const OTHER: &str = "other";

/// The class of memo categories that the scheme has no class of its own for: they may not slip into those that count.
pub const MEMO: &str = "memo";

/// A class of a scheme: its code, and its names in the languages that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeClass {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

impl SchemeClass {
    /// The name in the scheme's own language: Chinese where it has one.
    pub fn name(&self) -> &str {
        if self.name_zh.is_empty() { &self.name_en } else { &self.name_zh }
    }
}

/// A row of the crosswalk: what it holds for (an empty key is any), and the class.
#[derive(Debug, Clone)]
pub struct CrosswalkRule {
    /// Holds for this category and all below it.
    pub category: Option<usize>,
    pub item: Option<usize>,
    /// A kind of items, such as `biomass`.
    pub kind: String,
    pub technology: String,
    pub pollutant: Option<usize>,
    /// Index into [`Scheme::classes`].
    pub class: usize,
    pub place: Place,
    pub local: bool,
}

/// What a class is sought for. The line is of categories, the nearest first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sought<'a> {
    pub line: &'a [usize],
    pub item: Option<usize>,
    pub kind: &'a str,
    pub technology: &'a str,
    pub pollutant: Option<usize>,
}

/// A reporting scheme: its classes, and the rules that assign emissions to them.
#[derive(Debug, Clone, Default)]
pub struct Scheme {
    pub name: String,
    pub classes: Vec<SchemeClass>,
    pub rules: Vec<CrosswalkRule>,
    /// The class of what no rule holds for.
    pub fallback: usize,
    /// The class of memo categories that no rule names.
    pub memo: usize,
    /// By category, whether it is one of scope memo.
    pub is_memo: Vec<bool>,
}

impl CrosswalkRule {
    /// How specific a rule is that holds, compared in the order of the ladder; `None` where it does not hold.
    fn rank(&self, sought: Sought<'_>) -> Option<(bool, bool, bool, bool, Reverse<usize>)> {
        let step = match self.category {
            Some(category) => sought.line.iter().position(|&above| above == category)?,
            None => usize::MAX,
        };
        let holds = (self.item.is_none() || self.item == sought.item)
            && (self.kind.is_empty() || self.kind == sought.kind)
            && (self.technology.is_empty() || self.technology == sought.technology)
            && (self.pollutant.is_none() || self.pollutant == sought.pollutant);
        let given = !self.technology.is_empty();
        let rank = (self.pollutant.is_some(), given, self.item.is_some(), !self.kind.is_empty(), Reverse(step));
        holds.then_some(rank)
    }

    /// Whether the category alone decides.
    pub fn is_plain(&self) -> bool {
        let words = self.kind.is_empty() && self.technology.is_empty();
        words && self.item.is_none() && self.pollutant.is_none()
    }
}

impl Scheme {
    /// The one class of an emission: that of the most specific rule that holds. Keys are unique, so no two are equal.
    pub fn map(&self, sought: Sought<'_>) -> usize {
        let memo = sought.line.first().is_some_and(|&category| self.is_memo[category]);
        // What holds for anything does not hold for a memo item.
        let rules = self.rules.iter().filter(|rule| !memo || rule.category.is_some());
        let holding = rules.filter_map(|rule| rule.rank(sought).map(|rank| (rank, rule.class)));
        holding.max_by_key(|(rank, _)| *rank).map_or(if memo { self.memo } else { self.fallback }, |(_, class)| class)
    }

    /// The class of each category where nothing else is known, in the order of categories.
    pub fn of_categories(&self, categories: &Categories) -> Vec<usize> {
        let class = |index| self.map(Sought { line: &line(categories, index), ..Sought::default() });
        (0..categories.len()).map(class).collect()
    }
}

/// A category, those above it, and those whose code holds for it: a study's own finds its place by either. Memo categories
/// and those that count do not stand for each other.
pub fn line(categories: &Categories, index: usize) -> Vec<usize> {
    let mut line = categories.ancestors(index);
    let code = categories.code(index);
    let missing =
        |(other, above): &(usize, &category::Category)| category::holds(&above.code, code) && !line.contains(other);
    let mut holding: Vec<usize> = categories.iter().filter(missing).map(|(other, _)| other).collect();
    holding.sort_by_key(|&other| Reverse(category::depth(categories.code(other))));
    line.extend(holding);
    line.retain(|&above| categories.is_memo(above) == categories.is_memo(index));
    line
}
