//! Charts for an action plan: one plain table in, an SVG out, and from the SVG a PNG.
//!
//! The module knows neither polars nor files nor languages. Every word comes from the caller, who
//! has also brought the amounts into the unit that his axis title names. Formulas in the words
//! (`CO2`, `PM2.5`, `m3`) are set with subscripts here, so that no caller has to remember it.
//!
//! plotters draws into an SVG of eight times the size and `resvg` makes the PNG from it. The direct
//! PNG of plotters misplaces Chinese punctuation, and its SVG rounds to whole pixels; both vanish
//! this way.

mod horizontal_axis;
mod areas;
mod bars;
mod canvas;
mod label_placement;
mod columns;
mod cost_curve;
mod effects;
mod end_labels;
mod fan;
mod gaps;
mod trajectory_labels;
mod text_layout;
mod map;
mod year_marks;
mod number_format;
mod page_layout;
mod panels;
mod png;
mod data_table;
mod axes;
mod quadrant;
mod ranges;
mod register;
mod sankey;
mod shares;
mod single_year;
mod dumbbell;
mod stacked;
mod theme;
mod trajectory;
mod waterfall;

pub use bars::{BarsColumn, BarsRow, BarsTable, bars};
pub use cost_curve::{CostCurveTable, CostStep, cost_curve};
pub use data_table::{Drawable, Plain, cell};
pub use dumbbell::{SpanGroup, SpanRow, SpanTable, spans};
pub use effects::{EffectBar, EffectColumn, EffectsTable, effects};
pub use fan::{FanTable, FanYear, fan};
pub use map::{AreaPolygons, MapTable, map};
pub use number_format::{alone, among, percent};
pub use page_layout::fits_title;
pub use panels::{Panel, PanelsTable, panels};
pub use png::{PRINT_SCALE, png};
pub use quadrant::{QuadrantPoint, QuadrantTable, quadrant};
pub use ranges::{RangeRow, RangesTable, ranges};
pub use register::{RegisterRow, RegisterTable, register};
pub use sankey::{Link, Node, SankeyTable, sankey};
pub use shares::{ShareRow, ShareTable, shares};
pub use stacked::{Layer, StackedTable, stacked};
pub use theme::Hue;
pub use trajectory::{LineKind, PeakMark, TargetMark, TrajectoryLine, TrajectoryTable, YearLevel, trajectory};
pub use waterfall::{WaterfallStep, WaterfallTable, WaterfallTotal, waterfall};
pub use year_marks::{Eras, Mark};

use std::fmt;

/// The words around a plot. An empty one takes no room; long ones wrap.
#[derive(Debug, Clone, Default)]
pub struct ChartTitles {
    pub title: String,
    pub subtitle: String,
    /// What the value axis measures, with its unit and, for CO2 equivalents, the GWP set.
    pub axis: String,
    /// Source, and the share of the total that rests on proxies.
    pub caption: String,
}

/// A finished chart. Its text carries no date and no random name: the same table gives the same
/// bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Svg {
    text: String,
}

impl Svg {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}

/// Why a table cannot be drawn. `place` names the row and the year as the reader of the chart knows
/// them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChartError {
    Empty { chart: String },
    Length { place: String, expected: usize, found: usize },
    NotANumber { place: String },
    Negative { place: String },
    Year { year: i32 },
    Size { width: u32, height: u32 },
    Drawing { reason: String },
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { chart } => {
                write!(f, "chart '{chart}': nothing to draw; leave the chart out")
            }
            Self::Length { place, expected, found } => {
                write!(
                    f,
                    "chart, {place}: {found} values where {expected} are needed; \
                 give None where one is missing"
                )
            }
            Self::NotANumber { place } => {
                write!(f, "chart, {place}: not a finite number below 1e100; give None for a missing value")
            }
            Self::Negative { place } => write!(f, "chart, {place}: a share cannot be negative; draw sinks as columns"),
            Self::Year { year } => {
                write!(
                    f,
                    "chart, year {year}: years run from 1000 to 9999 and ascend, each once; \
                     sort the table"
                )
            }
            Self::Size { width, height } => write!(f, "chart: a picture of {width} by {height} pixels is too large"),
            Self::Drawing { reason } => write!(f, "chart: {reason}"),
        }
    }
}

impl std::error::Error for ChartError {}

/// Refuses years that do not ascend, and those so far off that an axis would have no end.
fn check_years(years: &[i32]) -> Result<(), ChartError> {
    let wild = years.iter().find(|year| !(1000..=9999).contains(*year));
    let unsorted = years.windows(2).find(|pair| pair[0] >= pair[1]).map(|pair| &pair[1]);
    wild.or(unsorted).map_or(Ok(()), |year| Err(ChartError::Year { year: *year }))
}

/// Refuses what no axis can show: NaN, infinity, and amounts so large that their sums would
/// overflow.
fn check_finite(amount: f64, place: impl FnOnce() -> String) -> Result<(), ChartError> {
    if amount.is_finite() && amount.abs() < 1e100 { Ok(()) } else { Err(ChartError::NotANumber { place: place() }) }
}

#[cfg(test)]
mod extremes;
#[cfg(test)]
mod geometry;
#[cfg(test)]
mod layout_tests;
#[cfg(test)]
mod tests;
