//! Rows of names with a bar in each of a few columns, every column to its own scale.

use super::canvas::{Canvas, Spot, Stroke};
use super::page_layout::ChartPage;
use super::theme::{FAINT, GREY, Hue, INK, LABEL, MARGIN, TICK, WIDTH};
use super::{ChartError, ChartTitles, Drawable, Plain, Svg, cell, check_finite, text_layout};

const ROW: f64 = 27.0;
const BAR: f64 = 15.0;
const COLUMN_GAP: f64 = 22.0;
const LABEL_ROOM: f64 = 400.0;

#[derive(Debug, Clone, Default)]
pub struct BarsTable {
    pub frame: ChartTitles,
    pub columns: Vec<BarsColumn>,
    pub rows: Vec<BarsRow>,
    /// What a missing number is called.
    pub missing: String,
    /// A line below so many rows, and what it says.
    pub rule: Option<(usize, String)>,
}

#[derive(Debug, Clone)]
pub struct BarsColumn {
    /// With its unit.
    pub heading: String,
    pub hue: Hue,
}

#[derive(Debug, Clone, Default)]
pub struct BarsRow {
    pub label: String,
    /// One a column: the bar's length and what stands at its end; none where it is not known.
    pub cells: Vec<Option<(f64, String)>>,
    /// Numbers without bars: a sum beside which the other rows' bars would be nothing.
    pub bare: bool,
}

struct Grid<'a> {
    table: &'a BarsTable,
    left: f64,
    width: f64,
    top: f64,
}

/// Draws the rows.
///
/// # Errors
/// A table without bars; rows of another length than the columns.
pub fn bars(table: &BarsTable) -> Result<Svg, ChartError> {
    check(table)?;
    let columns = table.columns.len() as f64;
    let longest = if columns > 1.0 { LABEL_ROOM / 2.0 } else { LABEL_ROOM };
    let labels = text_layout::widest(table.rows.iter().map(|row| row.label.as_str()), LABEL).min(longest);
    let left = MARGIN + labels + 14.0;
    let width = (WIDTH - MARGIN - left - COLUMN_GAP * (columns - 1.0)) / columns;
    let head = head(table, width);
    let page = ChartPage::new(&table.frame, head + table.rows.len() as f64 * ROW, &[]);
    let grid = Grid { table, left, width, top: page.body_top() + head };
    page.draw(|canvas| grid.draw(canvas))
}

fn headings(table: &BarsTable, width: f64) -> Vec<Vec<String>> {
    table.columns.iter().map(|column| text_layout::wrap(&column.heading, TICK.bold(), width, 3)).collect()
}

fn head(table: &BarsTable, width: f64) -> f64 {
    let lines = headings(table, width).iter().map(Vec::len).max().unwrap_or(0);
    if lines == 0 { 0.0 } else { lines as f64 * TICK.leading() + 8.0 }
}

fn check(table: &BarsTable) -> Result<(), ChartError> {
    for row in &table.rows {
        let (expected, found) = (table.columns.len(), row.cells.len());
        if expected != found {
            return Err(ChartError::Length { place: row.label.clone(), expected, found });
        }
        row.cells.iter().flatten().try_for_each(|(value, _)| check_finite(*value, || row.label.clone()))?;
    }
    let any = table.rows.iter().flat_map(|row| &row.cells).any(Option::is_some);
    if any { Ok(()) } else { Err(ChartError::Empty { chart: table.frame.title.clone() }) }
}

impl Grid<'_> {
    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        for (place, row) in self.table.rows.iter().enumerate() {
            let baseline = self.centre(place) + LABEL.drop();
            let label = text_layout::wrap(&row.label, LABEL, self.left - MARGIN - 10.0, 1);
            canvas.lines(&label, (self.left - 10.0, baseline), LABEL.flush_right())?;
        }
        let head = head(self.table, self.width);
        for (column, lines) in headings(self.table, self.width).into_iter().enumerate() {
            let top = self.top - head + TICK.size;
            canvas.lines(&lines, (self.x(column), top), TICK.bold().coloured(INK))?;
            self.draw_column(canvas, column)?;
        }
        self.draw_rule(canvas)
    }

    fn x(&self, column: usize) -> f64 {
        self.left + column as f64 * (self.width + COLUMN_GAP)
    }

    fn centre(&self, row: usize) -> f64 {
        self.top + (row as f64 + 0.5) * ROW
    }

    /// Where zero stands in a column, and how far a unit reaches.
    fn scale(&self, column: usize) -> Spot {
        let barred = || self.table.rows.iter().filter(|row| !row.bare);
        let cells = || barred().filter_map(|row| row.cells[column].as_ref());
        let texts = |below: bool| {
            let of_side = cells().filter(|(value, _)| (*value < 0.0) == below);
            of_side.map(|(_, text)| text_layout::width(text, LABEL) + 8.0).fold(0.0, f64::max)
        };
        let (low, high) =
            (cells().map(|cell| cell.0).fold(0.0, f64::min), cells().map(|cell| cell.0).fold(0.0, f64::max));
        let room = (self.width - texts(true) - texts(false)).max(20.0);
        let reach = if high > low { room / (high - low) } else { 0.0 };
        (self.x(column) + texts(true) - low * reach, reach)
    }

    fn draw_column(&self, canvas: &Canvas, column: usize) -> Result<(), ChartError> {
        let (zero, reach) = self.scale(column);
        let colour = self.table.columns[column].hue.colour();
        for (place, row) in self.table.rows.iter().enumerate() {
            let centre = self.centre(place);
            let baseline = centre + LABEL.drop();
            let Some((value, text)) = &row.cells[column] else {
                let (upper, lower) = ((zero, centre - BAR / 2.0), (zero + 40.0, centre + BAR / 2.0));
                canvas.hatching(upper, lower, Stroke::new(FAINT, 0.8))?;
                canvas.text(&self.table.missing, (zero + 46.0, baseline), LABEL.coloured(GREY))?;
                continue;
            };
            let end = zero + if row.bare { 0.0 } else { value * reach };
            canvas.rectangle((zero.min(end), centre - BAR / 2.0), (zero.max(end), centre + BAR / 2.0), &colour)?;
            match *value < 0.0 {
                true => canvas.text(text, (end - 5.0, baseline), LABEL.flush_right())?,
                false => canvas.text(text, (end + 5.0, baseline), LABEL)?,
            }
        }
        let bottom = self.top + self.table.rows.len() as f64 * ROW;
        canvas.line(&[(zero, self.top), (zero, bottom)], Stroke::new(GREY, 1.0))
    }

    fn draw_rule(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let Some((after, text)) = &self.table.rule else { return Ok(()) };
        let y = self.top + *after as f64 * ROW;
        canvas.dashes(&[(MARGIN, y), (WIDTH - MARGIN, y)], Stroke::new(GREY, 1.2), (6.0, 4.0))?;
        canvas.text(text, (WIDTH - MARGIN, y - 6.0), TICK.coloured(GREY).flush_right())
    }
}

impl Drawable for BarsTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        bars(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["label", "column", "value", "note"]);
        for row in &self.rows {
            for (column, found) in self.columns.iter().zip(&row.cells) {
                let note = found.as_ref().map_or("", |(_, text)| text);
                plain.push(&[&row.label, &column.heading, &cell(found.as_ref().map(|found| found.0)), &note]);
            }
        }
        plain
    }
}
