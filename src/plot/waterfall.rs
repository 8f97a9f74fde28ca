//! From one total to another: a row for each step, hung between the level before it and the level after it.

use super::canvas::{Canvas, Spot, Stroke};
use super::horizontal_axis::{Across, FIGURE_ROOM};
use super::page_layout::ChartPage;
use super::theme::{FAINT, Hue, INK, LABEL, MARGIN, PAPER, VALUE, WIDTH};
use super::{ChartError, ChartTitles, Drawable, Plain, Svg, check_finite, number_format, text_layout};

const ROW: f64 = 32.0;
const BAR: f64 = 19.0;
const LABEL_ROOM: f64 = 290.0;
/// Below this share of the larger total an axis from zero would leave steps too small to see.
const TOO_SMALL: f64 = 0.45;
/// Sums of the same terms in another order.
const ROUNDING: f64 = 1e-9;

#[derive(Debug, Clone, Default)]
pub struct WaterfallTable {
    pub frame: ChartTitles,
    pub start: WaterfallTotal,
    /// From the top down.
    pub steps: Vec<WaterfallStep>,
    pub end: WaterfallTotal,
}

/// A total.
#[derive(Debug, Clone, Default)]
pub struct WaterfallTotal {
    pub label: String,
    pub value: f64,
}

#[derive(Debug, Clone, Default)]
pub struct WaterfallStep {
    pub label: String,
    /// Negative for a cut.
    pub change: f64,
    /// Beside the figure: its share of the cut.
    pub note: String,
    /// Not the doing of a measure.
    pub aside: bool,
}

/// Draws the way from one total to the other.
///
/// # Errors
/// Steps that do not lead there, or that no axis can show.
pub fn waterfall(table: &WaterfallTable) -> Result<Svg, ChartError> {
    check(table)?;
    let rows = rows(table);
    let heights: Vec<f64> = rows.iter().map(WaterfallRow::height).collect();
    let page = ChartPage::new(&table.frame, heights.iter().sum::<f64>() + FIGURE_ROOM + 8.0, &[]);
    let labels = rows.iter().flat_map(|row| &row.label).map(|line| text_layout::width(line, LABEL.bold()));
    let left = MARGIN + labels.fold(0.0, f64::max) + 12.0;
    let room = text_layout::widest(rows.iter().map(|row| row.text.as_str()), VALUE) + 10.0;
    let across = Across::covering((left, WIDTH - MARGIN - room), span(table));
    page.draw(|canvas| draw(canvas, (&rows, &across), (page.body_top(), page.body_bottom() - FIGURE_ROOM)))
}

fn check(table: &WaterfallTable) -> Result<(), ChartError> {
    if table.steps.is_empty() {
        return Err(ChartError::Empty { chart: table.frame.title.clone() });
    }
    for level in [&table.start, &table.end] {
        check_finite(level.value, || level.label.clone())?;
    }
    table.steps.iter().try_for_each(|step| check_finite(step.change, || step.label.clone()))?;
    let reached: f64 = table.steps.iter().fold(table.start.value, |level, step| level + step.change);
    let size = table.steps.iter().map(|step| step.change.abs()).fold(table.start.value.abs(), f64::max);
    if (reached - table.end.value).abs() > ROUNDING * size {
        let (label, value) = (&table.end.label, table.end.value);
        return Err(ChartError::Drawing { reason: format!("the steps lead to {reached}, but {label} is {value}") });
    }
    Ok(())
}

/// The levels that the axis has to hold: from zero, or from just below the lowest where steps are small beside it.
fn span(table: &WaterfallTable) -> Spot {
    let mut level = table.start.value;
    let (mut low, mut high) = (level.min(table.end.value), level.max(table.end.value));
    for step in &table.steps {
        level += step.change;
        (low, high) = (low.min(level), high.max(level));
    }
    if low > 0.0 && high - low < TOO_SMALL * high {
        return ((low - 0.5 * (high - low)).max(0.0), high);
    }
    (low.min(0.0), high.max(0.0))
}

struct WaterfallRow {
    label: Vec<String>,
    from: f64,
    to: f64,
    text: String,
    total: bool,
    aside: bool,
}

impl WaterfallRow {
    fn height(&self) -> f64 {
        ROW + (self.label.len().max(1) - 1) as f64 * LABEL.leading()
    }

    fn colour(&self) -> plotters::style::RGBColor {
        match (self.total, self.aside) {
            (true, _) => Hue::Waste.colour(),
            (_, true) => FAINT,
            _ if self.to > self.from => Hue::Purchased.colour(),
            _ => Hue::Land.colour(),
        }
    }
}

fn rows(table: &WaterfallTable) -> Vec<WaterfallRow> {
    let wrapped = |label: &str| text_layout::wrap_evenly(label, LABEL.bold(), LABEL_ROOM, 2);
    let decimals = number_format::decimals_for(table.start.value.abs().max(table.end.value.abs()));
    let largest = table.steps.iter().map(|step| step.change.abs()).fold(0.0, f64::max);
    let total = |level: &WaterfallTotal| WaterfallRow {
        label: wrapped(&level.label),
        from: 0.0,
        to: level.value,
        text: number_format::amount(level.value, decimals),
        total: true,
        aside: false,
    };
    let mut rows = vec![total(&table.start)];
    let mut level = table.start.value;
    for step in &table.steps {
        let text = number_format::amount(step.change, number_format::decimals_for(largest).max(decimals));
        let sign = if step.change > 0.0 { "+" } else { "" };
        let gap = if step.note.is_empty() { "" } else { " " };
        rows.push(WaterfallRow {
            label: wrapped(&step.label),
            from: level,
            to: level + step.change,
            text: format!("{sign}{text}{gap}{}", step.note),
            total: false,
            aside: step.aside,
        });
        level += step.change;
    }
    rows.push(total(&table.end));
    rows
}

fn draw(canvas: &Canvas, (rows, across): (&[WaterfallRow], &Across), (top, bottom): Spot) -> Result<(), ChartError> {
    across.draw_grid(canvas, (top, bottom))?;
    let mut upper = top;
    for (place, row) in rows.iter().enumerate() {
        let centre = upper + row.height() / 2.0;
        draw_row(canvas, (row, across), centre)?;
        upper += row.height();
        if let Some(next) = rows.get(place + 1) {
            let (x, below) = (across.x(row.to), upper + next.height() / 2.0);
            canvas.line(&[(x, centre + BAR / 2.0), (x, below - BAR / 2.0)], Stroke::new(FAINT, 0.9))?;
        }
    }
    across.draw_zero(canvas, (top, bottom))
}

fn draw_row(canvas: &Canvas, (row, across): (&WaterfallRow, &Across), centre: f64) -> Result<(), ChartError> {
    let style = if row.total { LABEL.bold() } else { LABEL };
    let first = centre - (row.label.len() as f64 - 1.0) / 2.0 * LABEL.leading() + LABEL.drop();
    canvas.lines(&row.label, (MARGIN, first), style)?;
    let foot = if row.total { 0.0_f64.max(across.ticks.low) } else { row.from };
    let (from, to) = (across.x(foot.min(row.to)), across.x(foot.max(row.to)));
    let (upper, lower) = (centre - BAR / 2.0, centre + BAR / 2.0);
    canvas.rectangle((from, upper), (to, lower), &row.colour())?;
    if to - from < 1.0 {
        canvas.line(&[(from, upper), (from, lower)], Stroke::new(row.colour(), 1.4))?;
    }
    if row.total && across.ticks.low > 0.0 {
        // The axis does not begin at zero: the bar is torn, so that nobody compares lengths.
        for x in [from + 12.0, from + 18.0] {
            canvas.line(&[(x + 4.0, upper - 2.0), (x - 4.0, lower + 2.0)], Stroke::new(PAPER, 2.4))?;
        }
    }
    let width = text_layout::width(&row.text, VALUE);
    canvas.rectangle((to + 3.0, centre - 9.0), (to + width + 9.0, centre + 9.0), &PAPER)?;
    let style = if row.total { VALUE } else { LABEL.coloured(INK) };
    canvas.text(&row.text, (to + 6.0, centre + VALUE.drop()), style)
}

impl Drawable for WaterfallTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        waterfall(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["kind", "label", "value", "note"]);
        plain.push(&[&"start", &self.start.label, &self.start.value, &""]);
        for step in &self.steps {
            let kind = if step.aside { "growth" } else { "measure" };
            plain.push(&[&kind, &step.label, &step.change, &step.note]);
        }
        plain.push(&[&"end", &self.end.label, &self.end.value, &""]);
        plain
    }
}
