//! Draws of one scenario: bands of quantiles around the median after the history, and below them in which years the draws peak.

use super::axes::{Plot, YEAR_ROOM, Years};
use super::canvas::{Canvas, Spot, Stroke};
use super::data_table::{Drawable, Plain};
use super::end_labels::{self, EndLabel, LineSample};
use super::number_format;
use super::page_layout::ChartPage;
use super::theme::{AXIS_TITLE, FAINT, GREY, Hue, INK, INSIDE, PAPER, TARGET, VALUE};
use super::trajectory::{YearLevel, axis};
use super::year_marks::{Eras, Heads, Mark};
use super::{ChartError, ChartTitles, Svg, check_finite, check_years, text_layout};
use plotters::style::{Color, RGBColor};

const PLOT_HEIGHT: f64 = 320.0;
/// Heading of the strip of peak years, and its height.
const STRIP_HEAD: f64 = 62.0;
const STRIP: f64 = 84.0;
/// How far the outer and the inner band are from white.
const TINTS: [f64; 2] = [0.24, 0.5];
/// From the median's line to its quantiles: which band an edge belongs to.
const EDGES: [usize; 5] = [0, 1, 2, 1, 0];

#[derive(Debug, Clone, Default)]
pub struct FanTable {
    pub frame: ChartTitles,
    pub history: Vec<YearLevel>,
    /// From the last year of history on.
    pub years: Vec<FanYear>,
    /// What the quantiles are called, from the lowest on: 5%, 25%, 中位数, 75%, 95%.
    pub quantiles: [String; 5],
    /// The scenario without draws.
    pub nominal: Vec<YearLevel>,
    pub nominal_label: String,
    pub marks: Vec<Mark>,
    pub eras: Option<Eras>,
    /// Shares of all draws by the last year of their maximum.
    pub peaks: Vec<(i32, f64)>,
    /// The last year that counts as peaking in time.
    pub by: i32,
    /// Heading of the shares.
    pub peaks_title: String,
    /// What a maximum in the last year of all is called: 期内未达峰.
    pub unpeaked: String,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FanYear {
    pub year: i32,
    /// From the lowest on.
    pub levels: [f64; 5],
}

struct FanChart<'a> {
    table: &'a FanTable,
    plot: Plot,
    years: Years,
    /// Top and bottom of the strip of peak years.
    strip: Spot,
    decimals: usize,
}

/// Draws bands, median, history and the shares of peak years.
pub fn fan(table: &FanTable) -> Result<Svg, ChartError> {
    check(table)?;
    let empty = || ChartError::Empty { chart: table.frame.title.clone() };
    let (first, last) = span(table).ok_or_else(empty)?;
    let levels =
        levels(table).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), level| (low.min(level), high.max(level)));
    let decimals = number_format::decimals_for(levels.0.abs().max(levels.1.abs()));
    let labels = ending_texts(table, decimals);
    let right_room = end_labels::room(labels.iter().map(|(text, _)| text.as_str())) + 20.0;
    let heads = Heads::new(&table.marks, table.eras.as_ref(), (first, last), TARGET);
    let strip = if table.peaks.is_empty() { 0.0 } else { STRIP_HEAD + STRIP };
    let page = ChartPage::new(&table.frame, heads.room() + PLOT_HEIGHT + YEAR_ROOM + strip, &table.notes);
    let top = page.body_top() + heads.room();
    let plot = Plot::new((top, top + PLOT_HEIGHT), right_room, axis(levels));
    let years = Years { first, last, left: plot.left + 16.0, right: plot.right - 8.0 };
    let strip = (plot.bottom + YEAR_ROOM + STRIP_HEAD, page.body_bottom());
    let fan = FanChart { table, plot, years, strip, decimals };
    page.draw(|canvas| fan.draw(canvas, &heads))
}

fn check(table: &FanTable) -> Result<(), ChartError> {
    let years = |points: &[YearLevel]| points.iter().map(|point| point.year).collect::<Vec<_>>();
    check_years(&years(&table.history))?;
    check_years(&years(&table.nominal))?;
    check_years(&table.years.iter().map(|year| year.year).collect::<Vec<_>>())?;
    check_years(&table.peaks.iter().map(|(year, _)| *year).collect::<Vec<_>>())?;
    table.peaks.iter().try_for_each(|(year, share)| {
        check_finite(*share, || format!("{year}"))?;
        if *share < 0.0 { Err(ChartError::Negative { place: year.to_string() }) } else { Ok(()) }
    })?;
    levels(table).try_for_each(|level| check_finite(level, || table.frame.title.clone()))
}

fn levels(table: &FanTable) -> impl Iterator<Item = f64> {
    let points = table.history.iter().chain(&table.nominal).map(|point| point.level);
    table.years.iter().flat_map(|year| year.levels).chain(points)
}

/// First and last year; none where nothing has been drawn.
fn span(table: &FanTable) -> Option<(i32, i32)> {
    let drawn = table.years.first()?;
    let first = table.history.first().map_or(drawn.year, |point| point.year.min(drawn.year));
    Some((first, table.years.last()?.year))
}

/// Labels of the last year's quantiles and of the nominal line, with their levels; the last one is the nominal line's.
fn ending_texts(table: &FanTable, decimals: usize) -> Vec<(String, f64)> {
    let Some(last) = table.years.last() else { return Vec::new() };
    let named =
        |(label, level): (&String, &f64)| (format!("{label} {}", number_format::amount(*level, decimals)), *level);
    let nominal = table.nominal.last().filter(|point| point.year == last.year);
    let nominal = nominal.map(|point| named((&table.nominal_label, &point.level)));
    table.quantiles.iter().zip(&last.levels).map(named).chain(nominal).collect()
}

/// A tint of the fan's colour on white.
fn tint(strength: f64) -> RGBColor {
    let (colour, white) = (Hue::Nth(0).colour(), PAPER);
    let mixed = |one: u8, other: u8| (f64::from(one) * strength + f64::from(other) * (1.0 - strength)).round() as u8;
    RGBColor(mixed(colour.0, white.0), mixed(colour.1, white.1), mixed(colour.2, white.2))
}

impl FanChart<'_> {
    fn draw(&self, canvas: &Canvas, heads: &Heads<'_>) -> Result<(), ChartError> {
        self.draw_band(canvas, (0, 4), TINTS[0])?;
        self.draw_band(canvas, (1, 3), TINTS[1])?;
        self.plot.draw_grid(canvas)?;
        self.plot.draw_base(canvas)?;
        self.years.draw(canvas, self.plot.bottom)?;
        heads.draw(canvas, &self.plot, &self.years)?;
        let median = Stroke::new(Hue::Nth(0).colour(), 2.8);
        canvas.dashes(&self.edge(2), median, (9.0, 4.0))?;
        canvas.dashes(&self.spots(&self.table.nominal), Stroke::new(INK, 1.6), (2.5, 3.0))?;
        let history = self.spots(&self.table.history);
        canvas.line(&history, Stroke::new(INK, 2.6))?;
        history.iter().try_for_each(|spot| {
            canvas.dot(*spot, 4.6, &PAPER)?;
            canvas.dot(*spot, 3.6, &INK)
        })?;
        self.draw_endings(canvas)?;
        if self.table.peaks.is_empty() { Ok(()) } else { self.draw_peaks(canvas) }
    }

    fn spots(&self, points: &[YearLevel]) -> Vec<Spot> {
        points.iter().map(|point| (self.years.x(point.year), self.plot.y(point.level))).collect()
    }

    fn edge(&self, quantile: usize) -> Vec<Spot> {
        let spot = |year: &FanYear| (self.years.x(year.year), self.plot.y(year.levels[quantile]));
        self.table.years.iter().map(spot).collect()
    }

    fn draw_band(&self, canvas: &Canvas, (low, high): (usize, usize), strength: f64) -> Result<(), ChartError> {
        let (upper, lower) = (self.edge(high), self.edge(low));
        let corners: Vec<Spot> = upper.iter().chain(lower.iter().rev()).copied().collect();
        if upper.len() < 2 { Ok(()) } else { canvas.polygon(&corners, &tint(strength)) }
    }

    fn draw_endings(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let texts = ending_texts(self.table, self.decimals);
        let ending = |(place, (text, level)): (usize, &(String, f64))| {
            let (key, colour) = match EDGES.get(place) {
                Some(2) => (LineSample::Dashed((9.0, 4.0)), Hue::Nth(0).colour()),
                Some(band) => (LineSample::Swatch, tint(TINTS[*band])),
                None => (LineSample::Dotted, INK),
            };
            EndLabel::new(text, key, colour, self.plot.y(*level)).led_from(self.years.right + 3.0)
        };
        let endings = texts.iter().enumerate().map(ending).collect();
        end_labels::draw(canvas, self.plot.right + 14.0, (self.plot.top - 8.0, self.plot.bottom + 8.0), endings)
    }

    /// A bar for each year in which draws have their maximum: dark up to the year that is asked for, hatched in the last year of
    /// all, which is no peak.
    fn draw_peaks(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let ((top, bottom), table) = (self.strip, self.table);
        let largest = table.peaks.iter().map(|(_, share)| *share).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        let years = f64::from(self.years.last - self.years.first).max(1.0);
        let half = ((self.years.right - self.years.left) / years * 0.4).clamp(1.0, 14.0);
        canvas.text(&table.peaks_title, (self.plot.left, top - STRIP_HEAD + AXIS_TITLE.size + 12.0), AXIS_TITLE)?;
        for (year, share) in table.peaks.iter().filter(|(_, share)| *share > 0.0) {
            let (x, upper) = (self.years.x(*year), bottom - share / largest * (bottom - top));
            let corners = ((x - half, upper), (x + half, bottom));
            match *year {
                year if year == self.years.last => canvas.hatching(corners.0, corners.1, Stroke::new(GREY, 0.9))?,
                year if year <= table.by => canvas.rectangle(corners.0, corners.1, &Hue::Nth(0).colour())?,
                _ => canvas.rectangle(corners.0, corners.1, &FAINT)?,
            }
        }
        canvas.line(&[(self.plot.left, bottom), (self.plot.right, bottom)], Stroke::new(GREY, 1.2))?;
        self.draw_shares(canvas, largest)
    }

    /// The year and the share of the highest bar, and the share of draws without a peak.
    fn draw_shares(&self, canvas: &Canvas, largest: f64) -> Result<(), ChartError> {
        let ((top, bottom), table) = (self.strip, self.table);
        let height = |share: f64| bottom - share / largest * (bottom - top) - 5.0;
        let unpeaked = table.peaks.iter().find(|(year, share)| *year == self.years.last && *share > 0.0);
        let within = |(year, share): &&(i32, f64)| *year != self.years.last && *share > 0.0;
        let highest = table.peaks.iter().filter(within).max_by(|one, other| one.1.total_cmp(&other.1));
        let mut right = self.plot.right + 160.0;
        if let Some((year, share)) = unpeaked {
            let text = format!("{} {}", table.unpeaked, number_format::percent(*share));
            let x = self.years.x(*year) + 14.0;
            canvas.text(&text, (x + 6.0, bottom - 4.0), INSIDE)?;
            right = x - 24.0;
        }
        let Some((year, share)) = highest else { return Ok(()) };
        let text = format!("{year}  {}", number_format::percent(*share));
        let half = text_layout::width(&text, VALUE) / 2.0;
        let x = self.years.x(*year).min(right - half).max(self.plot.left + half);
        canvas.rectangle(
            (x - half - 2.0, height(*share) - VALUE.size),
            (x + half + 2.0, height(*share) + 2.0),
            &PAPER.mix(0.85),
        )?;
        canvas.text(&text, (x, height(*share)), VALUE.centred())
    }
}

impl Drawable for FanTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        fan(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["kind", "year", "value", "p05", "p25", "p50", "p75", "p95"]);
        for (kind, points) in [("history", &self.history), ("nominal", &self.nominal)] {
            points.iter().for_each(|point| plain.push(&[&kind, &point.year, &point.level, &"", &"", &"", &"", &""]));
        }
        for FanYear { year, levels: [a, b, c, d, e] } in &self.years {
            plain.push(&[&"draws", year, &"", a, b, c, d, e]);
        }
        self.peaks.iter().for_each(|(year, share)| plain.push(&[&"peaks", year, share, &"", &"", &"", &"", &""]));
        plain
    }
}
