//! Parameters: emission factors, calorific values, removal efficiencies, with what they hold for and where they come from.

use crate::error::{Place, Text};
use crate::say;
use crate::unit::Unit;
use foldhash::{HashMap, HashMapExt};
use std::cmp::Reverse;

/// How well a value is known, from best to worst; the worst of its inputs is an emission's confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    Verified,
    Derived,
    Transcribed,
    Unverified,
}

impl Confidence {
    /// All levels, the best first.
    pub const ALL: [Self; 4] = [Self::Verified, Self::Derived, Self::Transcribed, Self::Unverified];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Derived => "derived",
            Self::Transcribed => "transcribed",
            Self::Unverified => "unverified",
        }
    }

    /// The level of a word in tables.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|confidence| confidence.word() == word)
    }
}

/// What a parameter's name means: its names, the units that show its dimensions, and the bounds of a share or rate.
#[derive(Debug, Clone)]
pub struct Meaning {
    pub name_zh: String,
    pub name_en: String,
    /// Examples, one for each dimension that it may have; none where the dimension is the method's.
    pub units: Vec<(String, Unit)>,
    /// In the first of the units.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl Meaning {
    /// The bounds as they are written: `0 至 100 %`.
    pub fn bounds(&self) -> Option<String> {
        let unit = self.units.first().map_or("", |(text, _)| text.as_str());
        let unit = if unit == "1" { "" } else { unit };
        let text = match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{low}–{high} {unit}"),
            (Some(low), None) => format!("≥ {low} {unit}"),
            (None, Some(high)) => format!("≤ {high} {unit}"),
            (None, None) => return None,
        };
        Some(text.trim_end().to_string())
    }

    /// Whether a value lies within the bounds; one of another dimension than theirs is not judged by them.
    pub fn holds(&self, value: f64, unit: Unit) -> bool {
        /// A share that is written as 100 % may come out a little above 1.
        const ROUNDING: f64 = 1e-9;
        let Some((_, own)) = self.units.first().filter(|(_, own)| own.in_expression() == unit.in_expression()) else {
            return true;
        };
        let value = value * unit.factor;
        let slack = ROUNDING * own.factor.abs().max(value.abs());
        self.low.is_none_or(|low| value >= low * own.factor - slack)
            && self.high.is_none_or(|high| value <= high * own.factor + slack)
    }
}

/// A value with its key (an empty key is any), unit and provenance. `low` and `high` are the 2.5 and 97.5 percentiles.
#[derive(Debug, Clone)]
pub struct Parameter {
    pub name: String,
    pub category: Option<usize>,
    pub item: Option<usize>,
    pub technology: String,
    pub pollutant: Option<usize>,
    pub area: Option<usize>,
    pub source: String,
    pub year_from: Option<i32>,
    pub year_to: Option<i32>,
    /// In the unit of the source; [`Parameter::canonical`] is what is computed with.
    pub value: f64,
    pub unit: Unit,
    pub unit_text: String,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub set: String,
    pub citation: String,
    pub locator: String,
    pub confidence: Confidence,
    /// The quality rating that stands for a range where the source gives none.
    pub grade: String,
    /// Whether an error of the value is the same in every year, as of a default factor; a factor measured each year is not.
    pub correlated: bool,
    pub note: String,
    pub place: Place,
    /// From the study, not from the library.
    pub local: bool,
}

impl Parameter {
    /// The year from which its value is carried on, where its window has closed before `year`.
    pub fn carried_from(&self, year: i32) -> Option<i32> {
        self.year_to.filter(|to| *to < year)
    }

    /// The value in canonical units.
    pub fn canonical(&self) -> f64 {
        self.value * self.unit.factor
    }
}

/// Lookup key for a parameter: the keys of an activity row with their ancestors already expanded.
#[derive(Debug, Clone)]
pub struct LookupKey<'a> {
    pub year: i32,
    /// The area and those above it, the nearest first.
    pub areas: Vec<usize>,
    /// Every category whose code holds for the row's, with its number of segments.
    pub categories: Vec<(usize, usize)>,
    pub item: usize,
    pub technology: &'a str,
    pub source: &'a str,
}

/// How specific a candidate is, compared field by field in this order; the greater wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Specificity {
    source: bool,
    pollutant: bool,
    technology: bool,
    item: bool,
    category: usize,
    area: Reverse<usize>,
    /// Both ends given, one end given, none.
    window_ends: u8,
    window_width: Reverse<i64>,
    set: Reverse<usize>,
}

impl Specificity {
    /// The first criterion on which this candidate is more specific than `other`, as a message.
    fn above(&self, other: &Self) -> Text {
        match () {
            () if self.source != other.source => say!("未指明排放源", "names no source"),
            () if self.pollutant != other.pollutant => say!("未指明污染物", "names no pollutant"),
            () if self.technology != other.technology => say!("未指明技术", "names no technology"),
            () if self.item != other.item => say!("未指明项目", "names no item"),
            () if self.category != other.category => say!("类别较宽", "its category is wider"),
            () if self.area != other.area => say!("地区较远", "its area is farther"),
            () if self.window_ends != other.window_ends || self.window_width != other.window_width => {
                say!("年份范围较宽", "its years are wider")
            }
            () => say!("因子集次序在后", "its set comes later"),
        }
    }
}

/// The set of values that a study measured or chose itself.
pub const LOCAL_SET: &str = "local";

/// Whether a set is the one that is named, or of the family that is: `GBT32151` names `GBT32151.22-2024` too.
pub fn is_of_set(named: &str, set: &str) -> bool {
    set.strip_prefix(named).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Result of the lookup of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookupResult {
    /// The index of the parameter that is used.
    One(usize),
    /// Two candidates that nothing tells apart.
    Tie(usize, usize),
    None,
}

/// All parameters of a study and its library, with the order of sets, ready to be searched.
#[derive(Debug)]
pub struct ParameterHierarchy {
    pub parameters: Vec<Parameter>,
    by_name: HashMap<String, Vec<usize>>,
    sets: Vec<String>,
}

impl ParameterHierarchy {
    /// The hierarchy of the study's own parameters and those of `sets`, in the order of preference.
    pub fn new(parameters: Vec<Parameter>, sets: Vec<String>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, parameter) in parameters.iter().enumerate() {
            if parameter.local || sets.iter().any(|named| is_of_set(named, &parameter.set)) {
                by_name.entry(parameter.name.clone()).or_default().push(index);
            }
        }
        Self { parameters, by_name, sets }
    }

    /// The parameters of a name that hold for a row, whatever the pollutant and the year.
    pub fn matching_rows(&self, name: &str, seeker: &LookupKey<'_>) -> Vec<usize> {
        let holds = |parameter: &Parameter| {
            parameter.item.is_none_or(|item| item == seeker.item)
                && parameter.category.is_none_or(|prefix| seeker.categories.iter().any(|(holds, _)| *holds == prefix))
                && (parameter.technology.is_empty() || parameter.technology == seeker.technology)
                && (parameter.source.is_empty() || parameter.source == seeker.source)
                && parameter.area.is_none_or(|area| seeker.areas.contains(&area))
        };
        let named = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        named.iter().copied().filter(|&index| holds(&self.parameters[index])).collect()
    }

    /// Selects the parameter of a row among its candidates: the study's own first, the library's sets only if none of them
    /// fits; among them the most specific. Two equally specific candidates are a tie.
    pub fn find(&self, holding: &[usize], seeker: &LookupKey<'_>, year: i32, pollutant: Option<usize>) -> LookupResult {
        for local in [true, false] {
            let mut best: Option<(Specificity, usize)> = None;
            let mut tie = None;
            for &index in holding.iter().filter(|&&index| self.parameters[index].local == local) {
                let Some(rank) = self.specificity(&self.parameters[index], seeker, year, pollutant) else { continue };
                match best {
                    Some((top, holder)) if top == rank => tie = Some((holder, index)),
                    Some((top, _)) if top > rank => {}
                    _ => (best, tie) = (Some((rank, index)), None),
                }
            }
            match (best, tie) {
                (_, Some((a, b))) => return LookupResult::Tie(a, b),
                (Some((_, index)), None) => return LookupResult::One(index),
                (None, None) => {}
            }
        }
        LookupResult::None
    }

    /// The parameter of the last year before `year` in which the period of a candidate ends; `None` where none has ended.
    pub fn closed(
        &self,
        holding: &[usize],
        seeker: &LookupKey<'_>,
        year: i32,
        pollutant: Option<usize>,
    ) -> LookupResult {
        let ends = holding.iter().map(|&index| &self.parameters[index]).filter_map(|parameter| {
            let fits = parameter.pollutant.is_none() || parameter.pollutant == pollutant;
            parameter.year_to.filter(|to| fits && *to < year)
        });
        ends.max().map_or(LookupResult::None, |last| self.find(holding, seeker, last, pollutant))
    }

    /// The candidates that were not selected in place of `used`, each with the first criterion on which it is less specific.
    pub fn rejected(
        &self,
        used: usize,
        holding: &[usize],
        seeker: &LookupKey<'_>,
        year: i32,
        pollutant: Option<usize>,
    ) -> Vec<(usize, Text)> {
        let rank = |index: usize| self.specificity(&self.parameters[index], seeker, year, pollutant);
        let Some(won) = rank(used) else { return Vec::new() };
        let own = self.parameters[used].local;
        let others = holding.iter().filter(|&&index| index != used);
        let lost = |&index: &usize| {
            let local = self.parameters[index].local;
            Some((
                index,
                if local == own { won.above(&rank(index)?) } else { say!("本地参数优先", "local comes first") },
            ))
        };
        others.filter_map(lost).collect()
    }

    /// How specific a parameter that holds for a row is, or `None` where its pollutant or years do not fit.
    fn specificity(
        &self,
        parameter: &Parameter,
        seeker: &LookupKey<'_>,
        year: i32,
        pollutant: Option<usize>,
    ) -> Option<Specificity> {
        if parameter.pollutant.is_some() && parameter.pollutant != pollutant {
            return None;
        }
        let (window_ends, window_width) = window(parameter, year)?;
        let steps = |area| seeker.areas.iter().position(|&above| above == area);
        let depth =
            |prefix| seeker.categories.iter().find(|(holds, _)| *holds == prefix).map_or(0, |(_, depth)| *depth);
        Some(Specificity {
            source: !parameter.source.is_empty(),
            pollutant: parameter.pollutant.is_some(),
            technology: !parameter.technology.is_empty(),
            item: parameter.item.is_some(),
            category: parameter.category.map_or(0, depth),
            area: Reverse(parameter.area.and_then(steps).unwrap_or(usize::MAX)),
            window_ends,
            window_width,
            set: Reverse(self.sets.iter().position(|named| is_of_set(named, &parameter.set)).unwrap_or(usize::MAX)),
        })
    }

    /// Whether the study names a set.
    pub fn names(&self, set: &str) -> bool {
        self.sets.iter().any(|named| is_of_set(named, set))
    }

    /// The parameter that comes closest to fitting: same name, most of the key alike. For the gap's `nearest`.
    pub fn nearest(&self, name: &str, item: usize, pollutant: Option<usize>) -> Option<usize> {
        let alike = |parameter: &Parameter| {
            let item = parameter.item.is_none_or(|own| own == item);
            let substance = parameter.pollutant.is_none() || parameter.pollutant == pollutant;
            let used = parameter.local || self.names(&parameter.set);
            (item && substance).then_some((used, parameter.item.is_some(), parameter.pollutant.is_some()))
        };
        let named = self.parameters.iter().enumerate().filter(|(_, parameter)| parameter.name == name);
        let scored = named.filter_map(|(index, parameter)| alike(parameter).map(|score| (score, Reverse(index))));
        scored.max().map(|(_, Reverse(index))| index)
    }
}

/// Ends given and width of the year window that holds `year`; of two open windows the later start or earlier end is narrower.
fn window(parameter: &Parameter, year: i32) -> Option<(u8, Reverse<i64>)> {
    let holds = parameter.year_from.is_none_or(|from| from <= year) && parameter.year_to.is_none_or(|to| year <= to);
    let width = match (parameter.year_from, parameter.year_to) {
        (Some(from), Some(to)) => (2, i64::from(to) - i64::from(from)),
        (Some(from), None) => (1, -i64::from(from)),
        (None, Some(to)) => (1, i64::from(to)),
        (None, None) => (0, 0),
    };
    holds.then_some((width.0, Reverse(width.1)))
}
