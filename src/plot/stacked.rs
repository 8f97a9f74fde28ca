//! Emissions by sector over years, sinks below zero, the net total on top of both.
//!
//! One year becomes a list of bars, a few years columns with their values, many years areas.

use super::gaps;
use super::number_format::Ticks;
use super::theme::Hue;
use super::year_marks::{Eras, Mark};
use super::{ChartError, ChartTitles, Svg, areas, check_finite, check_years, columns, single_year};

/// Up to so many years columns leave room for the value of each part.
const MOST_COLUMNS: usize = 8;

#[derive(Debug, Clone, Default)]
pub struct StackedTable {
    pub frame: ChartTitles,
    /// Ascending; gaps are allowed.
    pub years: Vec<i32>,
    /// From the bottom of the stack to its top.
    pub layers: Vec<Layer>,
    /// What the net total is called.
    pub net: String,
    /// What a missing number is called: 未估算, NE.
    pub missing: String,
    /// Years with a meaning, as the base year.
    pub marks: Vec<Mark>,
    pub eras: Option<Eras>,
    /// The year of the net total's maximum, with its value in words: 2030 年达峰 351.
    pub peak: Option<Mark>,
    /// What the value axis has to hold beside the table's own amounts, so that charts of a family compare.
    pub reach: Option<(f64, f64)>,
}

#[derive(Debug, Clone)]
pub struct Layer {
    pub label: String,
    pub hue: Hue,
    /// One a year, in the unit of the axis title; negative for a sink, `None` where nobody
    /// estimated it.
    pub amounts: Vec<Option<f64>>,
}

/// Draws the table in the form that suits its number of years.
pub fn stacked(table: &StackedTable) -> Result<Svg, ChartError> {
    check(table)?;
    let stack = Stack::of(table);
    match table.years.len() {
        1 => single_year::draw(table, &stack),
        2..=MOST_COLUMNS => columns::draw(table, &stack),
        _ => areas::draw(table, &stack),
    }
}

fn check(table: &StackedTable) -> Result<(), ChartError> {
    check_years(&table.years)?;
    for layer in &table.layers {
        let (expected, found) = (table.years.len(), layer.amounts.len());
        if expected != found {
            return Err(ChartError::Length { place: layer.label.clone(), expected, found });
        }
        for (amount, year) in layer.amounts.iter().zip(&table.years) {
            amount.map_or(Ok(()), |amount| check_finite(amount, || format!("{} {year}", layer.label)))?;
        }
    }
    let (low, high) = table.reach.unwrap_or_default();
    check_finite(low, || table.net.clone())?;
    check_finite(high, || table.net.clone())?;
    let any = table.layers.iter().flat_map(|layer| &layer.amounts).any(Option::is_some);
    if any { Ok(()) } else { Err(ChartError::Empty { chart: table.frame.title.clone() }) }
}

/// Where the parts of a layer lie in one year: `(from, to)` above and below zero, one of them
/// without extent.
#[derive(Clone, Copy)]
pub struct LayerExtent {
    pub above: (f64, f64),
    pub below: (f64, f64),
    pub known: bool,
}

impl LayerExtent {
    /// The side on which the layer has its amount.
    pub fn span(&self) -> (f64, f64) {
        if self.below.1 < self.below.0 { self.below } else { self.above }
    }
}

impl StackedTable {
    /// From the bottom of the lowest stack to the top of the highest.
    pub fn extent(&self) -> (f64, f64) {
        let sum = |year: usize, side: fn(f64) -> f64| {
            self.layers.iter().filter_map(|layer| *layer.amounts.get(year)?).map(side).sum::<f64>()
        };
        let years = 0..self.years.len();
        let low = years.clone().map(|year| sum(year, |amount| amount.min(0.0))).fold(0.0, f64::min);
        (low, years.map(|year| sum(year, |amount| amount.max(0.0))).fold(0.0, f64::max))
    }
}

/// The table with its parts piled up.
pub struct Stack {
    /// `[layer][year]`.
    pub parts: Vec<Vec<LayerExtent>>,
    /// Sum of the known layers, in the order of the layers; nothing when none is known.
    pub net: Vec<Option<f64>>,
    /// Whether some layers are missing in the year, but not all.
    pub incomplete: Vec<bool>,
    pub has_sinks: bool,
    reach: (f64, f64),
}

impl Stack {
    fn of(table: &StackedTable) -> Self {
        let years = table.years.len();
        let (mut tops, mut bottoms, mut net) = (vec![0.0; years], vec![0.0; years], vec![None; years]);
        let mut incomplete = vec![false; years];
        let mut pile = |layer: &Layer| {
            let place = |(year, amount): (usize, &Option<f64>)| {
                let size = amount.unwrap_or(0.0);
                let (above, below) = (tops[year], bottoms[year]);
                tops[year] += size.max(0.0);
                bottoms[year] += size.min(0.0);
                incomplete[year] |= amount.is_none();
                net[year] = amount.map(|amount| amount + net[year].unwrap_or(0.0)).or(net[year]);
                LayerExtent { above: (above, tops[year]), below: (below, bottoms[year]), known: amount.is_some() }
            };
            layer.amounts.iter().enumerate().map(place).collect()
        };
        let parts = table.layers.iter().map(&mut pile).collect();
        let has_sinks = bottoms.iter().any(|bottom| *bottom < 0.0);
        incomplete.iter_mut().zip(&net).for_each(|(incomplete, net)| *incomplete &= net.is_some());
        Self { parts, net, incomplete, has_sinks, reach: table.reach.unwrap_or_default() }
    }

    /// Highest point of the stack in a year.
    pub fn top(&self, year: usize) -> f64 {
        self.parts.last().map_or(0.0, |layer| layer[year].above.1)
    }

    fn bottom(&self, year: usize) -> f64 {
        self.parts.last().map_or(0.0, |layer| layer[year].below.1)
    }

    /// A value axis that holds every year, with some air above.
    pub fn ticks(&self) -> Ticks {
        let years = 0..self.net.len();
        let high = years.clone().map(|year| self.top(year)).fold(self.reach.1, f64::max);
        let low = years.map(|year| self.bottom(year)).fold(self.reach.0, f64::min);
        let air = (high - low) * 0.05;
        Ticks::covering(if low < 0.0 { low - air * 0.5 } else { 0.0 }, high + air, 5.0)
    }

    /// Largest amount of the chart, which decides the decimals of all.
    pub fn largest(&self) -> f64 {
        let parts = self.parts.iter().flatten().map(|part| part.span());
        parts
            .map(|(from, to)| (to - from).abs())
            .chain(self.net.iter().flatten().map(|net| net.abs()))
            .fold(0.0, f64::max)
    }
}

/// What is missing in years that have other numbers, as a note below the plot; `sign` is their mark
/// in the plot.
pub fn missing_note(table: &StackedTable, stack: &Stack, sign: &str) -> Vec<String> {
    let gaps: Vec<_> = table
        .layers
        .iter()
        .map(|layer| {
            (
                layer.label.clone(),
                gaps::ranges(&table.years, |year| stack.incomplete[year] && layer.amounts[year].is_none()),
            )
        })
        .collect();
    gaps::note(&format!("{sign} {}", table.missing), &gaps).into_iter().collect()
}
