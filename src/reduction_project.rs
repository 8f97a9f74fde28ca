//! The register of reduction projects (总量减排): what a project is, and the rules that give its tonnes.
//!
//! A rule is a row with an expression, like a method. Its names are the columns of `projects.csv`, so that what a project
//! has to say follows from its rule and is written nowhere else.

use crate::code::Codebook;
use crate::error::{Place, Text};
use crate::expression::{Expression, Use};
use crate::parameter::Confidence;
use crate::unit::{Dimension, Unit};
use std::collections::BTreeSet;

/// What a project does: closes a source, treats it, replaces a product.
#[derive(Debug, Clone)]
pub struct ProjectKind {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub aliases: Vec<String>,
}

crate::coded!(ProjectKind);

/// The kinds of project by code.
pub type Kinds = Codebook<ProjectKind>;

/// A column of `projects.csv` that a rule may name, and the column of its unit; a share between 0 and 1 has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectColumn {
    pub name: &'static str,
    pub unit: Option<&'static str>,
}

const fn with(name: &'static str, unit: &'static str) -> ProjectColumn {
    ProjectColumn { name, unit: Some(unit) }
}

const fn share(name: &'static str) -> ProjectColumn {
    ProjectColumn { name, unit: None }
}

/// The unit column of masses, t where it is empty.
pub const MASS_UNIT: &str = "mass_unit";

/// The columns that rules may use.
pub const INPUTS: [ProjectColumn; 11] = [
    with("activity", "activity_unit"),
    with("capacity", "activity_unit"),
    share("load"),
    with("distance", "distance_unit"),
    with("factor_before", "factor_unit"),
    with("factor_after", "factor_unit"),
    with("generation_factor", "factor_unit"),
    with("generated", MASS_UNIT),
    with("base_emission", MASS_UNIT),
    share("removal_before"),
    share("removal_after"),
];

/// The names that the rule of the counted share may use, all pure numbers.
pub const CALENDAR: [&str; 3] = ["year", "start_year", "start_month"];

/// What a rule's expression gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleResult {
    /// The tonnes by which the project lowers a year's emission once it counts in full.
    Reduction,
    /// The part of it that counts in a year, from the month of the start.
    Share,
    /// A name that other rules use, such as the activity within the design capacity.
    Derived(String),
}

impl RuleResult {
    /// The result named in the rule; any other word is a derived name.
    pub fn parse(word: &str) -> Self {
        match word {
            "reduction" => Self::Reduction,
            "share" => Self::Share,
            name => Self::Derived(name.to_string()),
        }
    }
}

/// A row of `project_rules.csv`.
#[derive(Debug, Clone)]
pub struct ProjectRule {
    pub code: String,
    /// Empty in derived names and in the rule of the share.
    pub kind: Option<usize>,
    pub pollutant: Option<usize>,
    pub outcome: RuleResult,
    pub expression: Expression,
    pub citation: String,
    pub locator: String,
    pub confidence: Confidence,
    pub note: String,
    pub place: Place,
    pub local: bool,
}

/// A rule whose derived names are written out: one way to reckon, over columns of `projects.csv` alone.
#[derive(Debug, Clone)]
pub struct CalculationRule {
    pub rule: usize,
    pub expression: Expression,
    pub inputs: BTreeSet<String>,
}

/// What a project's filled columns come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectEvaluation {
    Way(usize),
    /// The columns that the nearest way needs too.
    Lacks(Vec<String>),
    /// Columns that no way takes together with the others.
    Extra(Vec<String>),
    /// The kind has no rule for the pollutant.
    NoRule,
}

/// All rules for reduction projects.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub rules: Vec<ProjectRule>,
    pub ways: Vec<CalculationRule>,
    /// The rule of the counted share.
    pub share: Option<usize>,
}

impl Rules {
    /// Writes the derived names out: a name that two rows derive gives two ways.
    pub fn new(rules: Vec<ProjectRule>) -> Self {
        let mut ways = Vec::new();
        for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.outcome == RuleResult::Reduction) {
            let mut forms = vec![rule.expression.clone()];
            for used in rule.expression.uses() {
                let derived: Vec<&ProjectRule> = rules.iter().filter(|other| other.derives(&used, rule)).collect();
                if !derived.is_empty() {
                    let written = |form: &Expression, by: &ProjectRule| {
                        form.replace(&|name: &Use| (*name == used).then(|| by.expression.clone()))
                    };
                    forms = forms.iter().flat_map(|form| derived.iter().map(|by| written(form, by))).collect();
                }
            }
            ways.extend(forms.into_iter().map(|expression| {
                let inputs = expression.uses().into_iter().map(|used| used.name).collect();
                CalculationRule { rule: index, expression, inputs }
            }));
        }
        let share = rules.iter().position(|rule| rule.outcome == RuleResult::Share);
        Self { rules, ways, share }
    }

    /// The ways of a kind for a pollutant; a rule that names the pollutant stands before one that does not.
    pub fn ways_of(&self, kind: usize, pollutant: usize) -> Vec<usize> {
        let rule = |way: &usize| &self.rules[self.ways[*way].rule];
        let fits = |way: &usize| rule(way).kind == Some(kind) && rule(way).pollutant.is_none_or(|own| own == pollutant);
        let mut ways: Vec<usize> = (0..self.ways.len()).filter(fits).collect();
        ways.sort_by_key(|way| (rule(way).pollutant.is_none(), !rule(way).local));
        ways
    }

    /// The way whose inputs are exactly the given ones, so that no figure is passed over in silence.
    pub fn choose(&self, kind: usize, pollutant: usize, given: &BTreeSet<String>) -> ProjectEvaluation {
        let ways = self.ways_of(kind, pollutant);
        if let Some(&way) = ways.iter().find(|&&way| self.ways[way].inputs == *given) {
            return ProjectEvaluation::Way(way);
        }
        let wider = ways.iter().map(|&way| &self.ways[way].inputs).filter(|inputs| inputs.is_superset(given));
        if let Some(inputs) = wider.min_by_key(|inputs| inputs.len()) {
            return ProjectEvaluation::Lacks(inputs.difference(given).cloned().collect());
        }
        let alike = |way: &&usize| self.ways[**way].inputs.intersection(given).count();
        // The first of the ways that share most: `max_by_key` alone would take the last.
        match ways.iter().rev().max_by_key(alike) {
            Some(&way) => ProjectEvaluation::Extra(given.difference(&self.ways[way].inputs).cloned().collect()),
            None => ProjectEvaluation::NoRule,
        }
    }
}

impl ProjectRule {
    /// Whether this row derives a name that a rule uses.
    fn derives(&self, used: &Use, rule: &ProjectRule) -> bool {
        self.outcome == RuleResult::Derived(used.name.clone())
            && !used.now
            && self.kind.is_none_or(|kind| rule.kind == Some(kind))
            && (self.pollutant.is_none() || self.pollutant == rule.pollutant)
    }
}

/// The month in which a project starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    pub year: i32,
    pub month: u32,
}

impl Month {
    /// Reads `2022-03`, `2022年3月`, `2022/3`, `202203`, a whole date, or the number that Excel makes of one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.chars().all(|c| c.is_ascii_digit());
        match (digits, text.len()) {
            (true, 6) => Self::new(text.get(..4)?, text.get(4..)?),
            (true, 5) => Self::of_serial(text.parse().ok()?),
            _ => {
                let text = text.trim_end_matches(['月', '日', '号']);
                let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
                match parts.as_slice() {
                    [year, month] => Self::new(year, month),
                    [year, month, day] if (1..=31).contains(&day.parse().unwrap_or(0)) => Self::new(year, month),
                    _ => None,
                }
            }
        }
    }

    fn new(year: &str, month: &str) -> Option<Self> {
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        ((1800..=2200).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// Days since 1899-12-30, as Excel counts them.
    fn of_serial(serial: i64) -> Option<Self> {
        let leap = |year: i64| i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        let mut day = serial - 2;
        let mut year = 1900;
        while day >= 365 + leap(year) {
            day -= 365 + leap(year);
            year += 1;
        }
        let lengths = [31, 28 + leap(year), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let month = lengths.iter().scan(0, |end, length| {
            *end += length;
            Some(*end)
        });
        let month = month.take_while(|end| *end <= day).count() as u32 + 1;
        Some(Self { year: i32::try_from(year).ok()?, month })
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:02}", self.year, self.month)
    }
}

/// A filled column of a project.
#[derive(Debug, Clone)]
pub struct ProjectValue {
    pub name: &'static str,
    /// `None` where a notation key stands.
    pub value: Option<f64>,
    pub text: String,
    pub unit: Unit,
    pub unit_text: String,
}

/// What a project yields once it counts in full.
#[derive(Debug, Clone, PartialEq)]
pub enum Yield {
    Tonnes {
        way: usize,
        tonnes: f64,
    },
    /// Not known: a notation key, or the columns that are missing.
    Gap {
        reason: &'static str,
        missing: Vec<String>,
    },
}

/// A row of `projects.csv`, checked.
#[derive(Debug, Clone)]
pub struct Project {
    pub name: String,
    /// The part of the project, where it has several.
    pub source: String,
    pub area: Option<usize>,
    pub kind: usize,
    pub pollutant: usize,
    pub start: Option<Month>,
    pub given: Vec<ProjectValue>,
    /// What new sources have used of it (区域削减), t a year.
    pub offset_t: f64,
    pub yields: Yield,
    pub quality: String,
    pub reference: String,
    pub note: String,
    pub place: Place,
}

/// The reason of a project whose figures are incomplete.
pub const MISSING: &str = "missing parameter";

/// All projects of a study, with what they are reckoned by.
#[derive(Debug, Clone, Default)]
pub struct Register {
    /// The year whose emissions the projects lower.
    pub base_year: i32,
    pub rules: Rules,
    pub projects: Vec<Project>,
}

impl Project {
    /// The tonnes a year in full, where they are known.
    pub fn tonnes(&self) -> Option<f64> {
        match self.yields {
            Yield::Tonnes { tonnes, .. } => Some(tonnes),
            Yield::Gap { .. } => None,
        }
    }

    /// `number` or why there is none, and the columns that are missing.
    pub fn status(&self) -> (&'static str, String) {
        match &self.yields {
            Yield::Tonnes { .. } => ("number", String::new()),
            Yield::Gap { reason, missing } => (reason, missing.join(", ")),
        }
    }
}

impl Register {
    /// The rule that a project is reckoned by.
    pub fn rule_of(&self, project: &Project) -> Option<&ProjectRule> {
        match project.yields {
            Yield::Tonnes { way, .. } => Some(&self.rules.rules[self.rules.ways[way].rule]),
            Yield::Gap { .. } => None,
        }
    }

    /// The part of a project's tonnes that counts in a year; none of a project whose start is not known.
    pub fn share(&self, project: &Project, year: i32) -> Option<f64> {
        let rule = &self.rules.rules[self.rules.share?];
        let start = project.start?;
        let value = |used: &Use| match used.name.as_str() {
            "year" => f64::from(year),
            "start_year" => f64::from(start.year),
            _ => f64::from(start.month),
        };
        Some(rule.expression.evaluate(&value))
    }

    /// Number of projects whose reduction is unknown.
    pub fn gaps(&self) -> usize {
        self.projects.iter().filter(|project| project.tonnes().is_none()).count()
    }
}

/// The tonnes a year of a way with the values of a project.
///
/// # Errors
/// Dimensions that do not go together, or come to something else than a mass.
pub fn tonnes(way: &CalculationRule, given: &[ProjectValue]) -> Result<f64, Text> {
    let of = |used: &Use| given.iter().find(|given| given.name == used.name);
    let dimension =
        way.expression.dimension(&|used: &Use| of(used).map_or(Dimension::PURE, |given| given.unit.in_expression()))?;
    // Per year or per day, canonical time is the year: both are tonnes a year.
    let per_year = Dimension { time: -1, ..Dimension::MASS };
    if dimension != Dimension::MASS && dimension != per_year {
        let Text { zh, en } = dimension.words();
        return Err(crate::say!("公式结果是{zh}，不是质量", "the formula gives {en} and not a mass"));
    }
    let canonical = |given: &ProjectValue| given.value.map(|value| value * given.unit.factor);
    Ok(way.expression.evaluate(&|used: &Use| of(used).and_then(canonical).unwrap_or(f64::NAN)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_as_officers_write_them() {
        let cases = [
            ("2022-03", Some((2022, 3))),
            ("2022年3月", Some((2022, 3))),
            ("2022年3月15日", Some((2022, 3))),
            ("2022/12", Some((2022, 12))),
            ("2022.3", Some((2022, 3))),
            ("202203", Some((2022, 3))),
            ("2022-03-15", Some((2022, 3))),
            ("44620", Some((2022, 2))),
            ("44621", Some((2022, 3))),
            ("45351", Some((2024, 2))),
            ("45352", Some((2024, 3))),
            ("2022", None),
            ("2022-00", None),
            ("2022-13", None),
            ("2022-03-32", None),
            ("22-03", None),
            ("3月", None),
            ("202213", None),
        ];
        for (text, expected) in cases {
            let read = Month::parse(text).map(|month| (month.year, month.month));
            assert_eq!(read, expected, "{text}");
        }
    }
}
