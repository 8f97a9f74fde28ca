//! The values that checks ask for, of one scenario.

use super::functions::QuestionArguments;
use crate::analysis::intensity::{energy_co2, in_boundary};
use crate::analysis::{Grouping, TargetVerdict};
use crate::category::SECTORS;
use crate::error::Text;
use crate::expression::claims::{ClaimValue, EMISSIONS, ResultFunction};
use crate::peak;
use crate::plan::metric::TCE_PER_TJ;
use crate::projection::{Projections, ScenarioRun};
use crate::say;
use crate::target::{Boundary, ENERGY, ENERGY_CO2, GHG};
use std::collections::BTreeMap;

/// Where a claim is asked.
#[derive(Clone, Copy)]
pub(super) struct ClaimContext<'a> {
    pub projections: &'a Projections<'a>,
    /// Index into the runs.
    pub run: usize,
    /// The year of `all()` and `any()`.
    pub year: Option<i32>,
}

impl ClaimContext<'_> {
    pub fn values(&self, value: &ClaimValue) -> Result<Vec<f64>, Text> {
        Ok(match value {
            ClaimValue::Number(number) => vec![*number],
            ClaimValue::Quantity(text) => vec![self.quantity(text)?],
            ClaimValue::Negative(inner) => self.values(inner)?.into_iter().map(|value| -value).collect(),
            ClaimValue::Binary(operator, a, b) => {
                let (a, b) = (self.values(a)?, self.values(b)?);
                a.iter().flat_map(|a| b.iter().map(|b| operator.apply(*a, *b))).collect()
            }
            ClaimValue::Ask(question) => self.answers(question)?,
        })
    }

    /// A number with its unit, in the unit that results have: t, tce, 1.
    fn quantity(&self, text: &str) -> Result<f64, Text> {
        let entry =
            crate::toml_document::TomlEntry { line: 0, value: crate::toml_document::TomlValue::Text(text.to_string()) };
        let quantity = entry.quantity(&self.projections.ground.inventory.study.words.units)?;
        let energy = quantity.unit.in_expression() == crate::unit::Dimension::ENERGY;
        Ok(quantity.canonical() * if energy { TCE_PER_TJ } else { 1.0 })
    }

    fn answers(&self, question: &ResultFunction) -> Result<Vec<f64>, Text> {
        let run = match &question.scenario {
            Some(scenario) => self.projections.find(scenario).unwrap_or(self.run),
            None => self.run,
        };
        let run = &self.projections.runs[run];
        let arguments = QuestionArguments::of(question).map_err(|(text, _)| text)?;
        if question.function == EMISSIONS {
            return Ok(self.emissions(run, arguments.name.map(|(name, _)| name)));
        }
        let written = &question.text;
        let year = arguments.years.first().copied().or(self.year);
        let missing = || match year {
            Some(year) => say!("'{written}' 在 {year} 年没有值", "'{written}' has no value in {year}"),
            None => say!("'{written}' 没有值", "'{written}' has no value"),
        };
        let (name, part) = arguments.name.ok_or_else(missing)?;
        let results = ScenarioResults { run, boundary: arguments.boundary };
        let found = match (question.function.as_str(), year) {
            ("total" | "indicator", Some(year)) => results.value(name, part, year),
            ("share", Some(year)) => {
                let whole = results.value(name, None, year).filter(|whole| *whole != 0.0);
                results.value(name, part, year).zip(whole).map(|(part, whole)| part / whole)
            }
            ("cut", Some(from)) => {
                let before = results.value(name, part, from).filter(|before| *before != 0.0);
                let after = arguments.years.get(1).and_then(|to| results.value(name, part, *to));
                before.zip(after).map(|(before, after)| 1.0 - after / before)
            }
            ("level", Some(year)) => self.level(run, name, year),
            ("peak_year", _) => results.peak(name).map(|peak| match peak.verdict {
                peak::PeakVerdict::NotWithinHorizon => f64::INFINITY,
                _ => f64::from(peak.last),
            }),
            ("peak_value", _) => results.peak(name).map(|peak| peak.value),
            ("met", _) => {
                let target = run.outlook.assessments.iter().find(|row| row.target == name);
                target.map(|row| f64::from(u8::from(row.verdict == TargetVerdict::Met)))
            }
            _ => None,
        };
        found.map(|value| vec![value]).ok_or_else(missing)
    }

    /// Each emission of the year; none is no fault.
    fn emissions(&self, run: &ScenarioRun<'_>, pollutant: Option<&str>) -> Vec<f64> {
        let inventory = &run.inventory;
        let wanted = pollutant.and_then(|name| inventory.study.words.pollutants.find(name).ok());
        let of = inventory.emissions.iter().filter(|emission| Some(emission.year) == self.year);
        let of = of.filter(|emission| {
            wanted.is_none_or(|wanted| inventory.matches.bindings[emission.binding as usize].pollutant == wanted)
        });
        of.map(|emission| emission.emitted_t).collect()
    }

    /// A measure that is not in use has the level 0.
    fn level(&self, run: &ScenarioRun<'_>, measure: &str, year: i32) -> Option<f64> {
        let index = usize::try_from(year - run.plan.anchor).ok().filter(|index| *index < run.plan.length())?;
        let measures = &self.projections.ground.plans.measures;
        let level = run.plan.levels.iter().find(|level| measures[level.measure].code == measure);
        Some(level.map_or(0.0, |level| level.values[index]))
    }
}

/// The results of one run in one boundary.
struct ScenarioResults<'a> {
    run: &'a ScenarioRun<'a>,
    boundary: Boundary,
}

impl ScenarioResults<'_> {
    fn value(&self, name: &str, part: Option<&str>, year: i32) -> Option<f64> {
        let (outlook, study) = (&self.run.outlook, self.run.inventory.study);
        let indicator = |name: &str| outlook.indicators.iter().find(|row| row.name == name && row.year == year);
        if !self.run.inventory.years.contains(&year) {
            return None;
        }
        match (name, part) {
            (ENERGY, None) => indicator(ENERGY).map(|row| row.value),
            (ENERGY, Some(part)) => Some(self.energy(part, year)),
            (ENERGY_CO2, _) => energy_co2(&outlook.totals, year, self.boundary),
            (GHG, part) => self.mass(GHG, part, year),
            _ => match study.words.pollutants.find(name) {
                Ok(index) => self.mass(study.words.pollutants.code(index), part, year),
                Err(_) => {
                    let found = indicator(&in_boundary(name, self.boundary)).or_else(|| indicator(name));
                    let economy = || self.run.inventory.economy.series(name)?.ok()?.values.get(&year).copied();
                    found.map(|row| row.value).or_else(economy)
                }
            },
        }
    }

    fn mass(&self, code: &str, part: Option<&str>, year: i32) -> Option<f64> {
        let totals = &self.run.outlook.totals;
        let Some(part) = part else { return totals.whole_t(year, self.boundary, code) };
        let words = &self.run.inventory.study.words;
        let (grouping, group) = if SECTORS.contains(&part) {
            (Grouping::Sector, part)
        } else if let Ok(index) = words.items.find(part) {
            (Grouping::Item, words.items.code(index))
        } else if let Ok(index) = words.categories.find(part) {
            (Grouping::Category, words.categories.code(index))
        } else {
            (Grouping::Area, words.areas.code(words.areas.find(part).ok()?))
        };
        Some(totals.find(year, self.boundary, (grouping, group), code).map_or(0.0, |sum| sum.value_t))
    }

    /// Energy of a sector, of an item or of a kind of items, tce.
    fn energy(&self, part: &str, year: i32) -> f64 {
        let inventory = &self.run.inventory;
        let (words, activity) = (&inventory.study.words, &inventory.study.activity);
        let own = words.items.find(part).ok();
        let of = |row: usize| {
            let item = activity.item[row] as usize;
            let sector = &words.categories.get(activity.category[row] as usize).sector;
            words.items.get(item).kind == part || own == Some(item) || SECTORS.contains(&part) && sector == part
        };
        let rows = inventory.energy.iter().filter(|energy| energy.year == year && of(energy.row as usize));
        rows.map(|energy| energy.energy_tj).sum::<f64>() * TCE_PER_TJ
    }

    /// The peak of history and projection.
    fn peak(&self, name: &str) -> Option<peak::Peak> {
        let years = self.run.inventory.years.iter();
        let series: BTreeMap<i32, f64> =
            years.filter_map(|&year| Some((year, self.value(name, None, year)?))).collect();
        peak::judge(&series, self.run.plan.anchor, peak::PLATEAU)
    }
}
