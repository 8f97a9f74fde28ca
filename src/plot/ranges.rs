//! Ranges about values of different units: how far below and above each may be, in per cent of it.

use super::canvas::{Canvas, Spot, Stroke};
use super::horizontal_axis::{Across, FIGURE_ROOM};
use super::page_layout::ChartPage;
use super::theme::{FAINT, GREY, Hue, INK, LABEL, MARGIN, VALUE, WIDTH};
use super::{ChartError, ChartTitles, Drawable, Plain, Svg, cell, check_finite, text_layout};

const ROW: f64 = 31.0;
const BAR: f64 = 11.0;
const DOT: f64 = 5.0;
const LABEL_ROOM: f64 = 330.0;

#[derive(Debug, Clone, Default)]
pub struct RangesTable {
    pub frame: ChartTitles,
    pub rows: Vec<RangeRow>,
}

#[derive(Debug, Clone, Default)]
pub struct RangeRow {
    pub label: String,
    /// The value with its unit, as it is written beside the label.
    pub value: String,
    /// Per cent below (negative) and above; none where no range is known.
    pub range: Option<Spot>,
    /// Stands at the end of the bar, or in its place where no range is known.
    pub text: String,
}

/// Draws the ranges.
///
/// # Errors
/// A table without any range; ranges that no axis can show.
pub fn ranges(table: &RangesTable) -> Result<Svg, ChartError> {
    if table.rows.iter().all(|row| row.range.is_none()) {
        return Err(ChartError::Empty { chart: table.frame.title.clone() });
    }
    for row in &table.rows {
        for side in row.range.iter().flat_map(|(low, high)| [low, high]) {
            check_finite(*side, || row.label.clone())?;
        }
    }
    let page = ChartPage::new(&table.frame, table.rows.len() as f64 * ROW + FIGURE_ROOM + 6.0, &[]);
    let labels = text_layout::widest(table.rows.iter().map(|row| row.label.as_str()), LABEL.bold()).min(LABEL_ROOM);
    let values = text_layout::widest(table.rows.iter().map(|row| row.value.as_str()), LABEL);
    let value_right = MARGIN + labels + 18.0 + values;
    let ends = table.rows.iter().filter(|row| row.range.is_some()).map(|row| row.text.as_str());
    let room = text_layout::widest(ends, VALUE) + 14.0;
    let sides = || table.rows.iter().filter_map(|row| row.range);
    let (low, high) =
        (sides().map(|(low, _)| low).fold(0.0, f64::min), sides().map(|(_, high)| high).fold(0.0, f64::max));
    let across = Across::covering((value_right + 22.0, WIDTH - MARGIN - room), (low * 1.04, high * 1.02));
    page.draw(|canvas| {
        let (top, bottom) = (page.body_top(), page.body_bottom() - FIGURE_ROOM);
        across.draw_grid(canvas, (top, bottom))?;
        across.draw_zero(canvas, (top, bottom))?;
        for (place, row) in table.rows.iter().enumerate() {
            draw_row(canvas, (row, &across), (value_right, top + (place as f64 + 0.5) * ROW))?;
        }
        Ok(())
    })
}

fn draw_row(
    canvas: &Canvas,
    (row, across): (&RangeRow, &Across),
    (value_right, centre): Spot,
) -> Result<(), ChartError> {
    let baseline = centre + LABEL.drop();
    let label = text_layout::wrap(&row.label, LABEL.bold(), LABEL_ROOM, 1);
    canvas.lines(&label, (MARGIN, baseline), LABEL.bold())?;
    canvas.text(&row.value, (value_right, baseline), LABEL.coloured(GREY).flush_right())?;
    let zero = across.x(0.0);
    let Some((low, high)) = row.range else {
        return canvas.text(&row.text, (across.left.max(zero) + 10.0, baseline), LABEL.coloured(GREY));
    };
    let (from, to) = (across.x(low), across.x(high));
    canvas.rectangle((from, centre - BAR / 2.0), (to, centre + BAR / 2.0), &Hue::Nth(2).colour())?;
    for x in [from, to] {
        canvas.line(&[(x, centre - BAR), (x, centre + BAR)], Stroke::new(GREY, 1.4))?;
    }
    canvas.dot((zero, centre), DOT, &INK)?;
    canvas.line(&[(to, centre), (to + 5.0, centre)], Stroke::new(FAINT, 0.8))?;
    canvas.text(&row.text, (to + 9.0, baseline), LABEL)
}

impl Drawable for RangesTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        ranges(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["label", "value", "low_pct", "high_pct", "note"]);
        for row in &self.rows {
            let (low, high) = (cell(row.range.map(|range| range.0)), cell(row.range.map(|range| range.1)));
            plain.push(&[&row.label, &row.value, &low, &high, &row.text]);
        }
        plain
    }
}
