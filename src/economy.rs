//! The economy beside the inventory: GDP with its price base, population, floor area and whatever else a study counts.

use crate::error::{Place, Text};
use crate::say;
use crate::unit::{Dimension, Unit};
use std::collections::BTreeMap;

/// What prices a value of money is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Prices {
    /// No money, or no price base stated.
    None,
    /// Prices of the year itself: they enter no intensity.
    Current,
    Constant(i32),
}

/// An indicator in a sentence; one that only the study knows is called as it calls it.
pub fn spoken(indicator: &str) -> Text {
    match indicator {
        "gdp" => say!("GDP", "GDP"),
        "population" => say!("人口", "population"),
        own => Text { zh: own.to_string(), en: own.to_string() },
    }
}

/// One figure of `economy.csv`.
#[derive(Debug, Clone)]
pub struct IndicatorValue {
    pub year: i32,
    pub indicator: String,
    pub value: f64,
    pub unit: Unit,
    pub prices: Prices,
    pub place: Place,
}

/// A yearly series in canonical units, at one price base if it is money.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorSeries {
    pub values: BTreeMap<i32, f64>,
    pub dimension: Dimension,
    pub prices: Prices,
}

/// All figures of the study's own area.
#[derive(Debug, Clone, Default)]
pub struct Economy {
    pub figures: Vec<IndicatorValue>,
}

impl Economy {
    /// The codes of all indicators, in order.
    pub fn indicators(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.figures.iter().map(|figure| figure.indicator.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether all figures of an indicator are at current prices.
    pub fn is_current(&self, indicator: &str) -> bool {
        let mut own = self.figures.iter().filter(|figure| figure.indicator == indicator).peekable();
        own.peek().is_some() && own.all(|figure| figure.prices == Prices::Current)
    }

    /// A series for intensities: money at constant prices of the newest base, older bases chained through a year both have.
    ///
    /// `None` where there is no such series; the year in which a chain breaks where bases do not meet.
    pub fn series(&self, indicator: &str) -> Option<Result<IndicatorSeries, i32>> {
        let figures: Vec<&IndicatorValue> =
            self.figures.iter().filter(|f| f.indicator == indicator && f.prices != Prices::Current).collect();
        let newest = figures.iter().map(|figure| figure.prices).max()?;
        let of = |prices: Prices| -> BTreeMap<i32, f64> {
            figures.iter().filter(|f| f.prices == prices).map(|f| (f.year, f.value * f.unit.factor)).collect()
        };
        let dimension = Dimension { price_base: None, ..figures[0].unit.in_expression() };
        let mut values = of(newest);
        let mut bases: Vec<Prices> = figures.iter().map(|figure| figure.prices).filter(|p| *p != newest).collect();
        bases.sort_unstable();
        bases.dedup();
        for base in bases.into_iter().rev() {
            let older = of(base);
            let Some(link) = older
                .iter()
                .rev()
                .find(|(year, value)| **value != 0.0 && values.contains_key(year))
                .map(|(year, _)| *year)
            else {
                return Some(Err(older.keys().next_back().copied().unwrap_or(0)));
            };
            let ratio = values[&link] / older[&link];
            for (year, value) in older {
                values.entry(year).or_insert(value * ratio);
            }
        }
        Some(Ok(IndicatorSeries { values, dimension, prices: newest }))
    }
}
