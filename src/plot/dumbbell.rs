//! Two rates beside each other, row by row: the one at which a total stays flat, and the one that holds. Where the second lies to the
//! right of the first the total rises.

use super::canvas::{Canvas, Spot, Stroke};
use super::data_table::{Drawable, Plain};
use super::number_format::Ticks;
use super::page_layout::ChartPage;
use super::theme::{FAINT, GREY, Hue, INK, LABEL, MARGIN, PAPER, RULE, TARGET, TICK, VALUE, WIDTH};
use super::{ChartError, ChartTitles, Svg, check_finite, text_layout};

/// Height of a row beyond the lines of its label.
const ROW: f64 = 6.0;
const GROUP_ROOM: f64 = 32.0;
const LEGEND_ROOM: f64 = 34.0;
const AXIS_ROOM: f64 = 26.0;
const LABEL_ROOM: f64 = 220.0;

#[derive(Debug, Clone, Default)]
pub struct SpanTable {
    pub frame: ChartTitles,
    pub groups: Vec<SpanGroup>,
    /// What the two rates are called.
    pub flat: String,
    pub actual: String,
    /// Heading of what follows of them, at the right.
    pub outcome: String,
    pub notes: Vec<String>,
}

/// Rows of one plan period.
#[derive(Debug, Clone, Default)]
pub struct SpanGroup {
    pub label: String,
    pub rows: Vec<SpanRow>,
}

/// Rates in per cent a year.
#[derive(Debug, Clone, Default)]
pub struct SpanRow {
    pub label: String,
    pub flat_pct: f64,
    pub actual_pct: f64,
    pub outcome: String,
}

struct Spans<'a> {
    table: &'a SpanTable,
    ticks: Ticks,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// Draws the rows of all groups on one axis.
pub fn spans(table: &SpanTable) -> Result<Svg, ChartError> {
    let rows = || table.groups.iter().flat_map(|group| &group.rows);
    if rows().next().is_none() {
        return Err(ChartError::Empty { chart: table.frame.title.clone() });
    }
    rows().try_for_each(|row| {
        [row.flat_pct, row.actual_pct].into_iter().try_for_each(|rate| check_finite(rate, || row.label.clone()))
    })?;
    let height =
        table.groups.iter().map(|group| GROUP_ROOM + group.rows.iter().map(row_height).sum::<f64>()).sum::<f64>();
    let page = ChartPage::new(&table.frame, LEGEND_ROOM + height + AXIS_ROOM, &table.notes);
    let rates = || rows().flat_map(|row| [row.flat_pct, row.actual_pct]);
    let (low, high) = (rates().fold(0.0, f64::min), rates().fold(0.0, f64::max));
    let air = (high - low) * 0.04;
    let labels = text_layout::widest(rows().map(|row| row.label.as_str()), LABEL).min(LABEL_ROOM);
    let outcomes = text_layout::widest(rows().map(|row| row.outcome.as_str()), VALUE)
        .max(text_layout::width(&table.outcome, TICK));
    // The values beside the outermost signs need room within the plot.
    let value_room = 58.0;
    let spans = Spans {
        table,
        ticks: Ticks::covering(if low < 0.0 { low - air } else { 0.0 }, high + air, 6.0),
        left: MARGIN + labels + 14.0 + value_room,
        right: WIDTH - MARGIN - outcomes - 16.0 - value_room,
        top: page.body_top() + LEGEND_ROOM,
        bottom: page.body_bottom() - AXIS_ROOM,
    };
    page.draw(|canvas| spans.draw(canvas))
}

fn label(row: &SpanRow) -> Vec<String> {
    text_layout::wrap_evenly(&row.label, LABEL, LABEL_ROOM, 3)
}

fn row_height(row: &SpanRow) -> f64 {
    label(row).len().max(1) as f64 * LABEL.leading() + ROW
}

impl Spans<'_> {
    fn x(&self, rate: f64) -> f64 {
        self.left + (rate - self.ticks.low) / (self.ticks.high - self.ticks.low) * (self.right - self.left)
    }

    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        for (rate, label) in self.ticks.values().into_iter().zip(self.ticks.labels()) {
            let x = self.x(rate);
            canvas.line(&[(x, self.top), (x, self.bottom + 4.0)], Stroke::new(RULE, 1.0))?;
            canvas.text(&format!("{label}%"), (x, self.bottom + 21.0), TICK.centred())?;
        }
        let mut top = self.top;
        for group in &self.table.groups {
            let rule = top + GROUP_ROOM - 4.0;
            canvas.rectangle((MARGIN, top), (WIDTH - MARGIN, rule), &PAPER)?;
            canvas.text(&group.label, (MARGIN, rule - 6.0), LABEL.bold())?;
            canvas.line(&[(MARGIN, rule), (WIDTH - MARGIN, rule)], Stroke::new(FAINT, 0.8))?;
            top += GROUP_ROOM;
            for row in &group.rows {
                let height = row_height(row);
                self.draw_row(canvas, row, top + height / 2.0)?;
                top += height;
            }
        }
        let zero = self.x(0.0);
        if self.ticks.low < 0.0 {
            canvas.line(&[(zero, self.top + GROUP_ROOM), (zero, self.bottom)], Stroke::new(GREY, 1.2))?;
        }
        self.draw_legend(canvas)
    }

    fn draw_legend(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let centre = self.top - LEGEND_ROOM + 12.0;
        self.draw_flat(canvas, (MARGIN + 8.0, centre))?;
        canvas.text(&self.table.flat, (MARGIN + 20.0, centre + LABEL.drop()), LABEL)?;
        let left = MARGIN + 20.0 + text_layout::width(&self.table.flat, LABEL) + 30.0;
        self.draw_actual(canvas, (left, centre))?;
        canvas.text(&self.table.actual, (left + 14.0, centre + LABEL.drop()), LABEL)?;
        canvas.text(&self.table.outcome, (WIDTH - MARGIN, centre + TICK.drop()), TICK.flush_right())
    }

    fn draw_flat(&self, canvas: &Canvas, (x, y): Spot) -> Result<(), ChartError> {
        canvas.rectangle((x - 2.2, y - 9.0), (x + 2.2, y + 9.0), &INK)
    }

    fn draw_actual(&self, canvas: &Canvas, centre: Spot) -> Result<(), ChartError> {
        canvas.dot(centre, 7.4, &PAPER)?;
        canvas.dot(centre, 6.0, &INK)
    }

    fn draw_row(&self, canvas: &Canvas, row: &SpanRow, y: f64) -> Result<(), ChartError> {
        let label = label(row);
        let first = y + LABEL.drop() - (label.len() as f64 - 1.0) / 2.0 * LABEL.leading();
        canvas.lines(&label, (MARGIN, first), LABEL)?;
        let (flat, actual) = (self.x(row.flat_pct), self.x(row.actual_pct));
        let colour = if actual > flat { TARGET } else { Hue::Nth(0).colour() };
        canvas.rectangle((flat.min(actual), y - 3.5), (flat.max(actual), y + 3.5), &colour)?;
        self.draw_flat(canvas, (flat, y))?;
        self.draw_actual(canvas, (actual, y))?;
        let text = |rate: f64| format!("{rate:.1}%").replace('-', "−");
        let (low, high) = (row.flat_pct.min(row.actual_pct), row.flat_pct.max(row.actual_pct));
        canvas.text(&text(low), (self.x(low) - 11.0, y + TICK.drop()), TICK.coloured(INK).flush_right())?;
        canvas.text(&text(high), (self.x(high) + 11.0, y + TICK.drop()), TICK.coloured(INK))?;
        canvas.text(&row.outcome, (WIDTH - MARGIN, y + VALUE.drop()), VALUE.flush_right())
    }
}

impl Drawable for SpanTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        spans(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["group", "label", "flat_pct", "actual_pct", "outcome"]);
        for group in &self.groups {
            for row in &group.rows {
                plain.push(&[&group.label, &row.label, &row.flat_pct, &row.actual_pct, &row.outcome]);
            }
        }
        plain
    }
}
