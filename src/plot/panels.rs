//! Small multiples: the same lines for several things, each panel to its own scale.

use super::canvas::{Canvas, Spot, Stroke};
use super::number_format::Ticks;
use super::page_layout::ChartPage;
use super::theme::{FAINT, GREY, INK, LABEL, MARGIN, RULE, TICK, WIDTH};
use super::trajectory::dash;
use super::{
    ChartError, ChartTitles, Drawable, LineKind, Plain, Svg, YearLevel, check_finite, check_years, text_layout,
};

const COLUMNS: usize = 3;
const GAP: f64 = 26.0;
const PANEL_HEIGHT: f64 = 168.0;
const HEAD: f64 = 26.0;
const FOOT: f64 = 42.0;
const LEGEND_ROW: f64 = 24.0;
/// Length of a line in the legend: the longest dash and its gap.
const SIGN: f64 = 34.0;

#[derive(Debug, Clone, Default)]
pub struct PanelsTable {
    pub frame: ChartTitles,
    /// The lines that every panel has, in order.
    pub lines: Vec<(String, LineKind)>,
    pub panels: Vec<Panel>,
}

#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// With its unit.
    pub heading: String,
    /// One for each line; empty where it has no values.
    pub lines: Vec<Vec<YearLevel>>,
}

struct Grid<'a> {
    table: &'a PanelsTable,
    years: (i32, i32),
    width: f64,
    top: f64,
}

/// One panel's place and scale.
struct PanelPlot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    ticks: Ticks,
}

/// Draws the panels.
///
/// # Errors
/// A table without values; lines that do not fit the table's, years that do not ascend.
pub fn panels(table: &PanelsTable) -> Result<Svg, ChartError> {
    check(table)?;
    let points = || table.panels.iter().flat_map(|panel| &panel.lines).flatten();
    let years =
        (points().map(|point| point.year).min().unwrap_or(0), points().map(|point| point.year).max().unwrap_or(0));
    let rows = table.panels.len().div_ceil(COLUMNS) as f64;
    let legend = legend(table);
    let height = legend.1 + rows * (HEAD + PANEL_HEIGHT + FOOT);
    let page = ChartPage::new(&table.frame, height, &[]);
    let width = (WIDTH - 2.0 * MARGIN - GAP * (COLUMNS - 1) as f64) / COLUMNS as f64;
    let grid = Grid { table, years, width, top: page.body_top() + legend.1 };
    page.draw(|canvas| {
        draw_legend(canvas, table, (&legend.0, page.body_top()))?;
        (0..table.panels.len()).try_for_each(|place| grid.draw_panel(canvas, place))
    })
}

fn check(table: &PanelsTable) -> Result<(), ChartError> {
    for panel in &table.panels {
        let (expected, found) = (table.lines.len(), panel.lines.len());
        if expected != found {
            return Err(ChartError::Length { place: panel.heading.clone(), expected, found });
        }
        for line in &panel.lines {
            check_years(&line.iter().map(|point| point.year).collect::<Vec<i32>>())?;
            let finite = |point: &YearLevel| check_finite(point.level, || format!("{} {}", panel.heading, point.year));
            line.iter().try_for_each(finite)?;
        }
    }
    let any = table.panels.iter().flat_map(|panel| &panel.lines).any(|line| !line.is_empty());
    if any { Ok(()) } else { Err(ChartError::Empty { chart: table.frame.title.clone() }) }
}

/// Where the entries of the legend stand, from the top of the body, and how high they are together.
fn legend(table: &PanelsTable) -> (Vec<Spot>, f64) {
    let (mut x, mut row) = (MARGIN, 0.0);
    let mut places = Vec::new();
    for (label, _) in &table.lines {
        let room = SIGN + 6.0 + text_layout::width(label, LABEL) + 22.0;
        if x > MARGIN && x + room > WIDTH - MARGIN {
            (x, row) = (MARGIN, row + 1.0);
        }
        places.push((x, row * LEGEND_ROW));
        x += room;
    }
    (places, (row + 1.0) * LEGEND_ROW + 8.0)
}

fn draw_legend(canvas: &Canvas, table: &PanelsTable, (places, top): (&[Spot], f64)) -> Result<(), ChartError> {
    for (place, ((label, kind), (x, down))) in table.lines.iter().zip(places).enumerate() {
        let centre = top + down + 8.0;
        draw_line(canvas, &[(*x, centre), (x + SIGN, centre)], (*kind, dash_of(table, place)))?;
        canvas.text(label, (x + SIGN + 6.0, centre + LABEL.drop()), LABEL)?;
    }
    Ok(())
}

/// The dash of a line by its place among the scenarios.
fn dash_of(table: &PanelsTable, line: usize) -> Spot {
    let scenarios = table.lines[..line].iter().filter(|(_, kind)| matches!(kind, LineKind::Projection(_)));
    dash(scenarios.count())
}

fn draw_line(canvas: &Canvas, spots: &[Spot], (kind, dash): (LineKind, Spot)) -> Result<(), ChartError> {
    match kind {
        LineKind::History => canvas.line(spots, Stroke::new(INK, 2.4)),
        LineKind::Past(hue) => canvas.line(spots, Stroke::new(hue.colour(), 2.4)),
        LineKind::Projection(hue) => canvas.dashes(spots, Stroke::new(hue.colour(), 2.2), dash),
        LineKind::Required | LineKind::Reference => canvas.dashes(spots, Stroke::new(GREY, 1.6), (2.0, 2.0)),
    }
}

impl Grid<'_> {
    fn draw_panel(&self, canvas: &Canvas, place: usize) -> Result<(), ChartError> {
        let panel = &self.table.panels[place];
        let left = MARGIN + (place % COLUMNS) as f64 * (self.width + GAP);
        let top = self.top + (place / COLUMNS) as f64 * (HEAD + PANEL_HEIGHT + FOOT);
        canvas.text(&panel.heading, (left, top + LABEL.size), LABEL.bold())?;
        let plot = plot(panel, (left, left + self.width), (top + HEAD + 6.0, top + HEAD + PANEL_HEIGHT));
        plot.draw_grid(canvas)?;
        for (place, (line, (_, kind))) in panel.lines.iter().zip(&self.table.lines).enumerate() {
            let spots: Vec<Spot> = line.iter().map(|point| (self.x(&plot, point.year), plot.y(point.level))).collect();
            if let [only] = spots[..] {
                canvas.dot(only, 3.0, &INK)?;
            } else if !spots.is_empty() {
                draw_line(canvas, &spots, (*kind, dash_of(self.table, place)))?;
            }
        }
        for (year, style) in [(self.years.0, TICK), (self.years.1, TICK.flush_right())] {
            let x = self.x(&plot, year);
            canvas.line(&[(x, plot.bottom), (x, plot.bottom + 4.0)], Stroke::new(FAINT, 1.0))?;
            if year == self.years.0 || self.years.1 > self.years.0 {
                canvas.text(&year.to_string(), (x, plot.bottom + 20.0), style.coloured(INK))?;
            }
        }
        Ok(())
    }

    fn x(&self, plot: &PanelPlot, year: i32) -> f64 {
        let span = f64::from(self.years.1 - self.years.0);
        let share = if span > 0.0 { f64::from(year - self.years.0) / span } else { 0.0 };
        plot.left + share * (plot.right - plot.left)
    }
}

fn plot(panel: &Panel, (left, right): Spot, (top, bottom): Spot) -> PanelPlot {
    let levels = || panel.lines.iter().flatten().map(|point| point.level);
    let (low, high) = (levels().fold(0.0, f64::min), levels().fold(0.0, f64::max));
    let ticks = Ticks::covering(low, high * 1.04, 3.0);
    let labels = ticks.labels();
    let left = left + text_layout::widest(labels.iter().map(String::as_str), TICK) + 8.0;
    PanelPlot { left, right: right - 4.0, top, bottom, ticks }
}

impl PanelPlot {
    fn y(&self, value: f64) -> f64 {
        let share = (value - self.ticks.low) / (self.ticks.high - self.ticks.low);
        self.bottom - share * (self.bottom - self.top)
    }

    fn draw_grid(&self, canvas: &Canvas) -> Result<(), ChartError> {
        for (value, label) in self.ticks.values().into_iter().zip(self.ticks.labels()) {
            let y = self.y(value);
            let colour = if value.abs() < self.ticks.step * 1e-6 { GREY } else { RULE };
            canvas.line(&[(self.left, y), (self.right, y)], Stroke::new(colour, 1.0))?;
            canvas.text(&label, (self.left - 8.0, y + TICK.drop()), TICK.flush_right())?;
        }
        Ok(())
    }
}

impl Drawable for PanelsTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        panels(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["panel", "line", "year", "value"]);
        for panel in &self.panels {
            for ((label, _), line) in self.lines.iter().zip(&panel.lines) {
                line.iter().for_each(|point| plain.push(&[&panel.heading, label, &point.year, &point.level]));
            }
        }
        plain
    }
}
