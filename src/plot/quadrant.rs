//! Co-control: each measure a dot by what it cuts of two things, in quadrants that say what that means.

use super::axes::Plot;
use super::canvas::{Canvas, Spot, Stroke};
use super::gaps;
use super::horizontal_axis::{Across, FIGURE_ROOM};
use super::label_placement::{Clearing, free_around};
use super::number_format::Ticks;
use super::page_layout::ChartPage;
use super::theme::{AXIS_TITLE, FAINT, GREY, Hue, INK, LABEL, PAPER, SUBTITLE, TICK};
use super::{ChartError, ChartTitles, Drawable, Plain, Svg, check_finite, text_layout};
use plotters::style::Color;

const PLOT_HEIGHT: f64 = 470.0;
const TITLE_ROOM: f64 = 22.0;
const DOT: f64 = 5.0;
const LONGEST: f64 = 300.0;
/// How much of the larger side the other side of an axis shows at least, so that all quadrants are seen.
const OTHER_SIDE: f64 = 0.16;

#[derive(Debug, Clone, Default)]
pub struct QuadrantTable {
    pub frame: ChartTitles,
    /// What the axis across measures, with its unit; the frame's axis is the upright one.
    pub across: String,
    /// Upper right, lower right, upper left, lower left.
    pub quadrants: [String; 4],
    pub points: Vec<QuadrantPoint>,
    /// Before the list of the points whose label had no room.
    pub unlabelled: String,
}

#[derive(Debug, Clone, Default)]
pub struct QuadrantPoint {
    pub label: String,
    pub x: f64,
    pub y: f64,
}

struct Field<'a> {
    table: &'a QuadrantTable,
    plot: Plot,
    across: Across,
}

/// A label, its baseline, and where its dot is.
type Placed = (String, Spot, Spot);

/// Draws the points.
///
/// # Errors
/// A table without points; values that no axis can show.
pub fn quadrant(table: &QuadrantTable) -> Result<Svg, ChartError> {
    if table.points.is_empty() {
        return Err(ChartError::Empty { chart: table.frame.title.clone() });
    }
    for point in &table.points {
        check_finite(point.x, || point.label.clone())?;
        check_finite(point.y, || point.label.clone())?;
    }
    let ticks = upright(table);
    let bare = Field::new(table, (0.0, PLOT_HEIGHT), ticks);
    let (_, left_out) = bare.labels();
    let notes: Vec<String> = gaps::list(&table.unlabelled, &left_out).into_iter().collect();
    let page = ChartPage::new(&table.frame, PLOT_HEIGHT + FIGURE_ROOM + TITLE_ROOM, &notes);
    let field = Field::new(table, (page.body_top(), page.body_top() + PLOT_HEIGHT), ticks);
    page.draw(|canvas| field.draw(canvas))
}

/// An axis with all values and zero, and something of its other side.
fn reach(values: impl Iterator<Item = f64> + Clone) -> Spot {
    let high = values.clone().fold(0.0, f64::max);
    let low = values.fold(0.0, f64::min);
    let size = high.max(-low);
    if size == 0.0 {
        return (-1.0, 1.0);
    }
    let wide = |side: f64| if side == 0.0 { OTHER_SIDE * size } else { (side * 1.12).max(OTHER_SIDE * size) };
    (-wide(-low), wide(high))
}

fn upright(table: &QuadrantTable) -> Ticks {
    let (low, high) = reach(table.points.iter().map(|point| point.y));
    Ticks::covering(low, high, 6.0)
}

impl<'a> Field<'a> {
    fn new(table: &'a QuadrantTable, heights: Spot, ticks: Ticks) -> Self {
        let plot = Plot::new(heights, 8.0, ticks);
        let span = reach(table.points.iter().map(|point| point.x));
        let across = Across::covering((plot.left, plot.right), span);
        Self { table, plot, across }
    }

    fn spot(&self, point: &QuadrantPoint) -> Spot {
        (self.across.x(point.x), self.plot.y(point.y))
    }

    /// Labels that have room, the points farthest from the middle first, and those that have none.
    fn labels(&self) -> (Vec<Placed>, Vec<String>) {
        let inset = 4.0;
        let mut clearing = Clearing::within(
            (self.plot.left + inset, self.plot.top + inset),
            (self.plot.right - inset, self.plot.bottom - inset),
        );
        for point in &self.table.points {
            clearing.take_dot(self.spot(point), DOT);
        }
        for (text, baseline) in self.corners() {
            clearing.take_text(&text, SUBTITLE.bold(), baseline);
        }
        let origin = (self.across.x(0.0), self.plot.y(0.0));
        clearing.take_line(&[(self.plot.left, origin.1), (self.plot.right, origin.1)]);
        clearing.take_line(&[(origin.0, self.plot.top), (origin.0, self.plot.bottom)]);
        let far = |point: &QuadrantPoint| {
            let (x, y) = self.spot(point);
            (x - origin.0).hypot(y - origin.1)
        };
        let mut order: Vec<&QuadrantPoint> = self.table.points.iter().collect();
        order.sort_by(|one, other| far(other).total_cmp(&far(one)));
        let (mut placed, mut left_out) = (Vec::new(), Vec::new());
        for point in order {
            let spot = self.spot(point);
            let label = text_layout::wrap(&point.label, LABEL, LONGEST, 1).join("");
            let width = text_layout::width(&label, LABEL);
            match clearing.put_free(&label, LABEL, free_around(spot, width, LABEL)) {
                Some(baseline) => placed.push((label, baseline, spot)),
                None => left_out.push(point.label.clone()),
            }
        }
        (placed, left_out)
    }

    /// The quadrants' names in their outer corners, where they have room.
    fn corners(&self) -> Vec<(String, Spot)> {
        let (x, y) = (self.across.x(0.0), self.plot.y(0.0));
        let places = [(true, true), (true, false), (false, true), (false, false)];
        let named = places.into_iter().zip(&self.table.quadrants).filter_map(|((right, upper), name)| {
            let width = text_layout::width(name, SUBTITLE.bold());
            let room = if right { self.plot.right - x } else { x - self.plot.left };
            let height = if upper { y - self.plot.top } else { self.plot.bottom - y };
            let left = if right { self.plot.right - width - 8.0 } else { self.plot.left + 8.0 };
            let baseline = if upper { self.plot.top + 22.0 } else { self.plot.bottom - 10.0 };
            let on_text = |(x, y): Spot| {
                (left - DOT..=left + width + DOT).contains(&x)
                    && (baseline - 16.0 - DOT..=baseline + 4.0 + DOT).contains(&y)
            };
            let free = !self.table.points.iter().any(|point| on_text(self.spot(point)));
            (free && room > width + 16.0 && height > 30.0).then(|| (name.clone(), (left, baseline)))
        });
        named.collect()
    }

    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let origin = (self.across.x(0.0), self.plot.y(0.0));
        let both = Hue::Land.colour().mix(0.10);
        canvas.rectangle((origin.0, self.plot.top), (self.plot.right, origin.1), &both)?;
        self.plot.draw_grid(canvas)?;
        self.across.draw_grid(canvas, (self.plot.top, self.plot.bottom))?;
        canvas.line(&[(self.plot.left, origin.1), (self.plot.right, origin.1)], Stroke::new(GREY, 1.2))?;
        canvas.line(&[(origin.0, self.plot.top), (origin.0, self.plot.bottom)], Stroke::new(GREY, 1.2))?;
        for (text, baseline) in self.corners() {
            canvas.text(&text, baseline, SUBTITLE.bold())?;
        }
        let (placed, _) = self.labels();
        for (label, baseline, spot) in &placed {
            self.draw_leader(canvas, (label, *baseline), *spot)?;
        }
        for point in &self.table.points {
            canvas.dot(self.spot(point), DOT + 1.2, &PAPER)?;
            canvas.dot(self.spot(point), DOT, &Hue::Energy.colour())?;
        }
        for (label, baseline, _) in &placed {
            canvas.text(label, *baseline, LABEL.coloured(INK))?;
        }
        let middle = (self.plot.left + self.plot.right) / 2.0;
        let below = self.plot.bottom + FIGURE_ROOM + TICK.size;
        canvas.text(&self.table.across, (middle, below), AXIS_TITLE.centred())
    }

    /// A thin line from a dot to a label that stands away from it.
    fn draw_leader(&self, canvas: &Canvas, (label, baseline): (&str, Spot), (x, y): Spot) -> Result<(), ChartError> {
        let width = text_layout::width(label, LABEL);
        let middle = baseline.1 - LABEL.drop();
        let near = (x.clamp(baseline.0, baseline.0 + width), y.clamp(middle - 7.0, middle + 7.0));
        if (near.0 - x).hypot(near.1 - y) < 14.0 {
            return Ok(());
        }
        canvas.line(&[(x, y), near], Stroke::new(FAINT, 0.8))
    }
}

impl Drawable for QuadrantTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        quadrant(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["label", "x", "y"]);
        self.points.iter().for_each(|point| plain.push(&[&point.label, &point.x, &point.y]));
        plain
    }
}
