//! How far a value may be from the truth: the 95 % range that a parameter or an amount is given with, or one by default as
//! data of the library. What has neither has no range; none is invented.

use crate::category;
use crate::error::Place;
use crate::parameter::{Parameter, is_of_set};

/// Distances from a value to its 2.5 and its 97.5 percentile, neither negative.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RangeLimits {
    pub down: f64,
    pub up: f64,
}

impl RangeLimits {
    /// Both ends multiplied by a factor.
    pub fn times(self, factor: f64) -> Self {
        let factor = factor.abs();
        Self { down: self.down * factor, up: self.up * factor }
    }
}

/// What a default holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RangeSubject {
    /// Values of a parameter that state no range.
    Parameter,
    /// Values whose row names this grade (the quality ratings A to E).
    Grade,
    /// Amounts of a class of quality that state no uncertainty.
    Activity,
}

impl RangeSubject {
    /// All subjects.
    pub const ALL: [Self; 3] = [Self::Parameter, Self::Grade, Self::Activity];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::Grade => "grade",
            Self::Activity => "activity",
        }
    }

    /// The value of a word in tables.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.word() == word)
    }

    /// The column that names the subject, and those that narrow it down.
    pub fn keys(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Parameter => ("parameter", &["category", "item", "kind", "pollutant", "set"]),
            Self::Grade => ("grade", &[]),
            Self::Activity => ("quality", &["category", "item", "kind"]),
        }
    }
}

/// A row of `uncertainty.csv`: a range as a share of the value. An empty key is any.
#[derive(Debug, Clone)]
pub struct DefaultRange {
    pub subject: RangeSubject,
    /// The parameter, the grade or the quality.
    pub name: String,
    /// The code of a category; holds for all below it.
    pub category: String,
    pub item: Option<usize>,
    /// The kind of the item: coal, oil, gas …
    pub kind: String,
    pub pollutant: Option<usize>,
    pub set: String,
    pub share: RangeLimits,
    pub place: Place,
    /// From the study, not from the library.
    pub local: bool,
}

/// What is computed where a range is looked for.
#[derive(Debug, Clone, Copy)]
pub struct RangeContext<'a> {
    /// The code of the activity's category.
    pub category: &'a str,
    pub item: usize,
    pub kind: &'a str,
    pub pollutant: Option<usize>,
}

/// All defaults of the library and the study.
#[derive(Debug, Default)]
pub struct Ranges(pub Vec<DefaultRange>);

impl Ranges {
    /// The range of a parameter in canonical units, stated or by default; a side that is not stated is the default's.
    pub fn of_parameter(&self, parameter: &Parameter, setting: RangeContext<'_>) -> Option<RangeLimits> {
        let Parameter { value, low, high, .. } = parameter;
        let stated = (low.map(|low| value - low), high.map(|high| high - value));
        let margin = match stated {
            (Some(down), Some(up)) => RangeLimits { down, up },
            (down, up) => {
                let default = self.default_of(parameter, setting)?.share.times(*value);
                RangeLimits { down: down.unwrap_or(default.down), up: up.unwrap_or(default.up) }
            }
        };
        Some(margin.times(parameter.unit.factor))
    }

    /// The row that stands for a range which the parameter does not state on both sides.
    pub fn stand_in(&self, parameter: &Parameter, setting: RangeContext<'_>) -> Option<&DefaultRange> {
        let stated = parameter.low.is_some() && parameter.high.is_some();
        if stated { None } else { self.default_of(parameter, setting) }
    }

    /// The grade that the row names comes before what is said of its kind.
    fn default_of(&self, parameter: &Parameter, setting: RangeContext<'_>) -> Option<&DefaultRange> {
        let of_grade = |row: &&DefaultRange| row.subject == RangeSubject::Grade && row.name == parameter.grade;
        let graded = self.0.iter().filter(of_grade).max_by_key(|row| row.local);
        graded.or_else(|| self.best(RangeSubject::Parameter, &parameter.name, &parameter.set, setting))
    }

    /// The range of an amount as a share of it, by the quality of its row.
    pub fn of_amount(&self, quality: &str, setting: RangeContext<'_>) -> Option<RangeLimits> {
        self.best(RangeSubject::Activity, quality, "", setting).map(|row| row.share)
    }

    /// The study's own first, then the most specific: set, pollutant, item, kind, category.
    fn best(&self, subject: RangeSubject, name: &str, set: &str, setting: RangeContext<'_>) -> Option<&DefaultRange> {
        let holds = |row: &&DefaultRange| {
            row.subject == subject
                && row.name == name
                && (row.category.is_empty() || category::holds(&row.category, setting.category))
                && row.item.is_none_or(|item| item == setting.item)
                && (row.kind.is_empty() || row.kind == setting.kind)
                && (row.pollutant.is_none() || row.pollutant == setting.pollutant)
                && (row.set.is_empty() || is_of_set(&row.set, set))
        };
        let rank = |row: &&DefaultRange| {
            let depth = category::depth(&row.category);
            (row.local, row.set.len(), row.pollutant.is_some(), row.item.is_some(), !row.kind.is_empty(), depth)
        };
        self.0.iter().filter(holds).max_by_key(rank)
    }
}
