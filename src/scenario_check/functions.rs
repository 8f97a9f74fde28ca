//! What a check may ask: functions, their arguments, and the names that they know.

use crate::category::SECTORS;
use crate::error::{Text, nearest};
use crate::expression::claims::{Argument, EMISSIONS, ResultFunction};
use crate::item::ENERGY_KINDS;
use crate::say;
use crate::scenario::ScenarioSet;
use crate::study::Study;
use crate::target::{Boundary, ENERGY, ENERGY_CO2, GHG};

/// The functions of checks, with what they take.
pub const FUNCTIONS: [(&str, &str); 9] = [
    ("total", "total(metric[.part], year[, boundary])"),
    ("share", "share(metric.part, year[, boundary])"),
    ("cut", "cut(metric[.part], from, to[, boundary])"),
    ("peak_year", "peak_year(metric[, boundary])"),
    ("peak_value", "peak_value(metric[, boundary])"),
    ("indicator", "indicator(name, year)"),
    ("level", "level(measure, year)"),
    ("met", "met(target)"),
    (EMISSIONS, "all(emissions[.pollutant] >= 0)"),
];

/// What is wrong, and the nearest known name.
pub(super) type UnknownName = (Text, Option<String>);

pub(super) struct ClaimVocabulary<'a> {
    pub study: &'a Study,
    pub plans: &'a ScenarioSet,
}

/// A question's arguments by what they are.
pub(super) struct QuestionArguments<'q> {
    pub name: Option<(&'q str, Option<&'q str>)>,
    pub years: Vec<i32>,
    pub boundary: Boundary,
}

impl<'q> QuestionArguments<'q> {
    /// The name first, then years, then the boundary.
    pub fn of(question: &'q ResultFunction) -> Result<Self, UnknownName> {
        let mut found = Self { name: None, years: Vec::new(), boundary: Boundary::Direct };
        for (at, argument) in question.arguments.iter().enumerate() {
            match argument {
                Argument::Name(name, part) if at == 0 => found.name = Some((name, part.as_deref())),
                Argument::Number(year) if year.fract() == 0.0 && (1800.0..=2200.0).contains(year) => {
                    found.years.push(*year as i32);
                }
                Argument::Number(year) => return Err((say!("{year} 不是年份", "{year} is no year"), None)),
                Argument::Name(word, _) => {
                    let word = if word == "purchased" { Boundary::DirectPurchased.word() } else { word };
                    let words = Boundary::ALL.map(Boundary::word);
                    let near = nearest(word, words).map(str::to_string);
                    found.boundary = Boundary::parse(word)
                        .ok_or_else(|| (say!("没有边界 '{word}'", "there is no boundary '{word}'"), near))?;
                }
            }
        }
        Ok(found)
    }
}

impl ClaimVocabulary<'_> {
    /// Whether a question can be asked; `within` is in `all()` or `any()`, where a year may be left out.
    pub fn known(&self, question: &ResultFunction, within: bool) -> Result<(), UnknownName> {
        let function = question.function.as_str();
        let Some((_, form)) = FUNCTIONS.iter().find(|(name, _)| *name == function) else {
            let near = nearest(function, FUNCTIONS.iter().map(|(name, _)| *name)).map(str::to_string);
            return Err((say!("没有函数 '{function}'", "there is no function '{function}'"), near));
        };
        if let Some(scenario) = &question.scenario {
            let codes = || self.plans.scenarios.iter().map(|scenario| scenario.code.as_str());
            among(("情景", "scenario"), scenario, codes())?;
        }
        let arguments = QuestionArguments::of(question)?;
        let years = match function {
            "cut" => 2..=2,
            "total" | "share" | "indicator" | "level" => usize::from(!within)..=1,
            _ => 0..=0,
        };
        let part = arguments.name.and_then(|(_, part)| part);
        let named = arguments.name.is_some() || function == EMISSIONS;
        let misplaced = function == EMISSIONS && !within || function == "share" && part.is_none();
        if !named || misplaced || !years.contains(&arguments.years.len()) {
            let text = &question.text;
            return Err((say!("'{text}' 应写作 {form}", "'{text}' should be {form}"), None));
        }
        let Some((name, part)) = arguments.name else { return Ok(()) };
        match function {
            "met" => among(("目标", "target"), name, self.study.targets.iter().map(|target| target.code.as_str())),
            "level" => {
                among(("措施", "measure"), name, self.plans.measures.iter().map(|measure| measure.code.as_str()))
            }
            EMISSIONS => self.pollutant(name),
            "indicator" => Ok(()),
            _ => self.metric(name).and_then(|()| part.map_or(Ok(()), |part| self.part(name, part))),
        }
    }

    fn pollutant(&self, name: &str) -> Result<(), UnknownName> {
        let book = &self.study.words.pollutants;
        book.find(name).map(|_| ()).map_err(|cause| (cause, book.nearest(name).map(str::to_string)))
    }

    fn metric(&self, name: &str) -> Result<(), UnknownName> {
        let economy = self.study.economy.indicators();
        let intensity =
            name.split_once(" per ").is_some_and(|(over, per)| self.metric(over).is_ok() && economy.contains(&per));
        if [GHG, ENERGY, ENERGY_CO2].contains(&name) || economy.contains(&name) || intensity {
            return Ok(());
        }
        self.pollutant(name).map_err(|(text, near)| {
            let known = [GHG, ENERGY, ENERGY_CO2].into_iter().chain(economy);
            (text, near.or_else(|| nearest(name, known).map(str::to_string)))
        })
    }

    /// A part of a metric: a sector, an item, a category, an area; of energy a kind of items too.
    fn part(&self, name: &str, part: &str) -> Result<(), UnknownName> {
        let words = &self.study.words;
        let known = SECTORS.contains(&part)
            || words.items.find(part).is_ok()
            || name == ENERGY && ENERGY_KINDS.contains(&part)
            || name != ENERGY && (words.categories.find(part).is_ok() || words.areas.find(part).is_ok());
        if known {
            return Ok(());
        }
        let codes = words.items.iter().map(|(index, _)| words.items.code(index));
        let near = nearest(part, SECTORS.into_iter().chain(ENERGY_KINDS).chain(codes)).map(str::to_string);
        Err((say!("'{name}' 没有 '{part}' 这一部分", "'{name}' has no part '{part}'"), near))
    }
}

fn among<'k>((zh, en): (&str, &str), name: &str, known: impl Iterator<Item = &'k str>) -> Result<(), UnknownName> {
    let known: Vec<&str> = known.collect();
    if known.contains(&name) {
        return Ok(());
    }
    let near = nearest(name, known).map(str::to_string);
    Err((say!("没有{zh} '{name}'", "there is no {en} '{name}'"), near))
}
