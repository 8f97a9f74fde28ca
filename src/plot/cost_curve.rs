//! The marginal cost curve: a block for each measure, as wide as its cut and as high as its cost per tonne, with a list of
//! the measures below.

use super::axes::Plot;
use super::canvas::{Canvas, Spot, Stroke};
use super::end_labels::apart;
use super::horizontal_axis::{Across, FIGURE_ROOM};
use super::number_format::Ticks;
use super::page_layout::ChartPage;
use super::theme::{AXIS_TITLE, FAINT, Hue, INK, LABEL, MARGIN, PAPER, TICK, WIDTH};
use super::{ChartError, ChartTitles, Drawable, Plain, Svg, check_finite, number_format, text_layout};

const PLOT_HEIGHT: f64 = 330.0;
/// Room above the plot for the numbers of the blocks.
const NUMBER_ROOM: f64 = 26.0;
const NUMBER_WIDTH: f64 = 20.0;
const LIST_ROW: f64 = 22.0;
const TITLE_ROOM: f64 = 22.0;
/// A cost so many times the median is cut off, that the others remain visible.
const FAR: f64 = 8.0;

#[derive(Debug, Clone, Default)]
pub struct CostCurveTable {
    pub frame: ChartTitles,
    /// From left to right.
    pub steps: Vec<CostStep>,
    /// What the axis across measures, with its unit.
    pub across: String,
}

#[derive(Debug, Clone, Default)]
pub struct CostStep {
    pub label: String,
    /// Above zero.
    pub cut: f64,
    pub cost_per_unit: f64,
}

struct Curve<'a> {
    table: &'a CostCurveTable,
    plot: Plot,
    across: Across,
}

/// Draws the curve.
///
/// # Errors
/// A table without steps; a step that cuts nothing.
pub fn cost_curve(table: &CostCurveTable) -> Result<Svg, ChartError> {
    check(table)?;
    let rows = table.steps.len().div_ceil(2) as f64;
    let body = NUMBER_ROOM + PLOT_HEIGHT + FIGURE_ROOM + TITLE_ROOM + 16.0 + rows * LIST_ROW;
    let page = ChartPage::new(&table.frame, body, &[]);
    let top = page.body_top() + NUMBER_ROOM;
    let (low, high) = heights(table);
    let air = (high - low) * 0.04;
    let ticks =
        Ticks::covering(if low < 0.0 { low - air } else { 0.0 }, if high > 0.0 { high + air } else { 0.0 }, 5.0);
    let plot = Plot::new((top, top + PLOT_HEIGHT), 8.0, ticks);
    let cuts: f64 = table.steps.iter().map(|step| step.cut).sum();
    let across = Across::covering((plot.left, plot.right), (0.0, cuts));
    page.draw(|canvas| Curve { table, plot, across }.draw(canvas))
}

fn check(table: &CostCurveTable) -> Result<(), ChartError> {
    if table.steps.is_empty() {
        return Err(ChartError::Empty { chart: table.frame.title.clone() });
    }
    for step in &table.steps {
        check_finite(step.cost_per_unit, || step.label.clone())?;
        check_finite(step.cut, || step.label.clone())?;
        if step.cut <= 0.0 {
            return Err(ChartError::Negative { place: step.label.clone() });
        }
    }
    Ok(())
}

/// The lowest and highest cost that the axis shows.
fn heights(table: &CostCurveTable) -> Spot {
    let of = |sign: f64| {
        let mut sizes: Vec<f64> =
            table.steps.iter().map(|step| step.cost_per_unit * sign).filter(|size| *size > 0.0).collect();
        sizes.sort_by(f64::total_cmp);
        let median = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
        let near = sizes.iter().copied().filter(|size| *size <= FAR * median);
        near.fold(0.0, f64::max)
    };
    let (low, high) = (-of(-1.0), of(1.0));
    if low == high { (0.0, 1.0) } else { (low, high) }
}

impl Curve<'_> {
    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        self.plot.draw_grid(canvas)?;
        let mut before = 0.0;
        let mut tops = Vec::new();
        for step in &self.table.steps {
            let (left, right) = (self.across.x(before), self.across.x(before + step.cut));
            before += step.cut;
            tops.push(((left + right) / 2.0, self.draw_block(canvas, step, (left, right))?));
        }
        self.draw_numbers(canvas, &tops)?;
        self.plot.draw_base(canvas)?;
        self.draw_across(canvas)?;
        self.draw_list(canvas)
    }

    /// Gives back the height of the block's upper edge.
    fn draw_block(&self, canvas: &Canvas, step: &CostStep, (left, right): Spot) -> Result<f64, ChartError> {
        let ticks = &self.plot.ticks;
        let shown = step.cost_per_unit.clamp(ticks.low, ticks.high);
        let (upper, lower) = (self.plot.y(shown.max(0.0)), self.plot.y(shown.min(0.0)));
        let hue = if step.cost_per_unit < 0.0 { Hue::Land } else { Hue::Energy };
        canvas.rectangle((left, upper), (right, lower), &hue.colour())?;
        let edge = if right - left > 4.0 { 1.0 } else { 0.25 };
        canvas.line(&[(right, upper), (right, lower)], Stroke::new(PAPER, edge))?;
        if shown != step.cost_per_unit {
            // The block goes on beyond the axis.
            let y = if shown > 0.0 { upper + 12.0 } else { lower - 12.0 };
            for y in [y, y + 6.0] {
                canvas.line(&[(left - 2.0, y + 4.0), (right + 2.0, y - 4.0)], Stroke::new(PAPER, 2.4))?;
            }
        }
        Ok(upper)
    }

    /// The numbers of the list above the plot, led to their blocks; where not all have room, those of the widest blocks.
    fn draw_numbers(&self, canvas: &Canvas, tops: &[Spot]) -> Result<(), ChartError> {
        let most = (self.plot.width() / NUMBER_WIDTH) as usize;
        let mut widest: Vec<usize> = (0..tops.len()).collect();
        widest.sort_by(|a, b| self.table.steps[*b].cut.total_cmp(&self.table.steps[*a].cut));
        widest.truncate(most);
        widest.sort_unstable();
        let wishes: Vec<Spot> = widest.iter().map(|&place| (tops[place].0, NUMBER_WIDTH)).collect();
        let baseline = self.plot.top - 8.0;
        for (x, place) in apart(&wishes, (self.plot.left, self.plot.right)).into_iter().zip(widest) {
            let (centre, upper) = tops[place];
            canvas.line(
                &[(x, baseline + 4.0), (centre, self.plot.top + 12.0), (centre, upper)],
                Stroke::new(FAINT, 0.7),
            )?;
            canvas.text(&(place + 1).to_string(), (x, baseline), TICK.coloured(INK).centred())?;
        }
        Ok(())
    }

    fn draw_across(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let bottom = self.plot.bottom;
        self.across.draw_grid(canvas, (bottom, bottom + 5.0))?;
        let middle = (self.plot.left + self.plot.right) / 2.0;
        canvas.text(&self.table.across, (middle, bottom + FIGURE_ROOM + 14.0), AXIS_TITLE.centred())
    }

    /// Number, measure and cost per tonne, in two columns.
    fn draw_list(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let top = self.plot.bottom + FIGURE_ROOM + TITLE_ROOM + 16.0;
        let rows = self.table.steps.len().div_ceil(2);
        let width = (WIDTH - 2.0 * MARGIN - 30.0) / 2.0;
        for (place, step) in self.table.steps.iter().enumerate() {
            let left = MARGIN + (place / rows) as f64 * (width + 30.0);
            let baseline = top + (place % rows) as f64 * LIST_ROW + LABEL.size;
            let cost = number_format::amount(step.cost_per_unit, 0);
            let room = width - 28.0 - text_layout::width(&cost, LABEL) - 12.0;
            canvas.text(&(place + 1).to_string(), (left + 18.0, baseline), LABEL.bold().flush_right())?;
            canvas.lines(&text_layout::wrap(&step.label, LABEL, room, 1), (left + 28.0, baseline), LABEL)?;
            canvas.text(&cost, (left + width, baseline), LABEL.flush_right())?;
        }
        Ok(())
    }
}

impl Drawable for CostCurveTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        cost_curve(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["number", "label", "cut", "cost_per_unit"]);
        for (place, step) in self.steps.iter().enumerate() {
            plain.push(&[&(place + 1), &step.label, &step.cut, &step.cost_per_unit]);
        }
        plain
    }
}
