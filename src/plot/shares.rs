//! Pollutants by sector in one year: each pollutant a bar of 100 %, its total in tonnes at the
//! right.

use super::canvas::{Canvas, Spot, Stroke};
use super::gaps::{self, STAR};
use super::page_layout::ChartPage;
use super::theme::{FAINT, GREY, Hue, INK, INSIDE, LABEL, MARGIN, PAPER, RULE, TICK, VALUE, WIDTH, readable_on};
use super::{ChartError, ChartTitles, Svg, check_finite, number_format, text_layout};

const LABEL_ROOM: f64 = 150.0;
const AXIS_ROOM: f64 = 26.0;
const GROUP_ROOM: f64 = 30.0;
const LEGEND_ROW: f64 = 24.0;

#[derive(Debug, Clone, Default)]
pub struct ShareTable {
    pub frame: ChartTitles,
    /// The sectors in the order of the bars' parts.
    pub sectors: Vec<(String, Hue)>,
    pub rows: Vec<ShareRow>,
    /// Heading of the totals at the right, with their unit: 排放量（吨）.
    pub total: String,
    /// What a missing number is called: 未估算, NE.
    pub missing: String,
}

/// One pollutant.
#[derive(Debug, Clone, Default)]
pub struct ShareRow {
    /// Heading of the rows that belong together, as 大气污染物; empty for none.
    pub group: String,
    pub label: String,
    /// Emission of each sector in tonnes; `None` where nobody estimated it, `Some(0.0)` where there
    /// is none.
    pub parts_t: Vec<Option<f64>>,
}

impl ShareRow {
    fn total_t(&self) -> Option<f64> {
        let known: Vec<f64> = self.parts_t.iter().copied().flatten().collect();
        if known.is_empty() { None } else { Some(known.iter().sum()) }
    }

    fn is_partial(&self) -> bool {
        self.total_t().is_some() && self.parts_t.iter().any(Option::is_none)
    }
}

struct Shares<'a> {
    table: &'a ShareTable,
    row_height: f64,
    legend: Vec<Spot>,
    legend_height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

pub fn shares(table: &ShareTable) -> Result<Svg, ChartError> {
    check(table)?;
    let row_height = (420.0 / table.rows.len() as f64).clamp(27.0, 40.0);
    let (legend, legend_height) = legend_places(table);
    let groups = (0..table.rows.len()).filter(|row| heads_group(table, *row)).count() as f64;
    let rows_height = groups * GROUP_ROOM + table.rows.len() as f64 * row_height;
    let page = ChartPage::new(&table.frame, legend_height + rows_height + AXIS_ROOM, &missing_note(table));
    let labels = text_layout::widest(table.rows.iter().map(|row| row.label.as_str()), LABEL).min(LABEL_ROOM);
    let totals: Vec<String> = table.rows.iter().map(|row| total_text(table, row)).collect();
    let totals =
        text_layout::widest(totals.iter().map(String::as_str), VALUE).max(text_layout::width(&table.total, TICK));
    let shares = Shares {
        table,
        row_height,
        legend,
        legend_height,
        left: MARGIN + labels + 12.0,
        right: WIDTH - MARGIN - totals - 22.0,
        top: page.body_top(),
        bottom: page.body_bottom() - AXIS_ROOM,
    };
    page.draw(|canvas| shares.draw(canvas))
}

fn check(table: &ShareTable) -> Result<(), ChartError> {
    if table.rows.is_empty() || table.sectors.is_empty() {
        return Err(ChartError::Empty { chart: table.frame.title.clone() });
    }
    for row in &table.rows {
        let (expected, found) = (table.sectors.len(), row.parts_t.len());
        if expected != found {
            return Err(ChartError::Length { place: row.label.clone(), expected, found });
        }
        for (part_t, (sector, _)) in row.parts_t.iter().zip(&table.sectors) {
            let place = || format!("{} {sector}", row.label);
            check_finite(part_t.unwrap_or(0.0), place)?;
            if part_t.is_some_and(|part_t| part_t < 0.0) {
                return Err(ChartError::Negative { place: place() });
            }
        }
    }
    Ok(())
}

fn missing_note(table: &ShareTable) -> Vec<String> {
    let sectors = |row: &ShareRow| {
        let missing = row.parts_t.iter().zip(&table.sectors).filter(|(part_t, _)| part_t.is_none());
        missing.map(|(_, (sector, _))| sector.clone()).collect()
    };
    let gaps: Vec<_> =
        table.rows.iter().filter(|row| row.is_partial()).map(|row| (row.label.clone(), sectors(row))).collect();
    gaps::note(&format!("{STAR} {}", table.missing), &gaps).into_iter().collect()
}

fn total_text(table: &ShareTable, row: &ShareRow) -> String {
    let star = if row.is_partial() { STAR } else { "" };
    row.total_t().map_or(table.missing.clone(), |total_t| format!("{}{star}", number_format::alone(total_t)))
}

fn heads_group(table: &ShareTable, row: usize) -> bool {
    let group = &table.rows[row].group;
    !group.is_empty() && (row == 0 || table.rows[row - 1].group != *group)
}

/// Where the signs of the legend stand, from the top of the body, and how high they are together.
fn legend_places(table: &ShareTable) -> (Vec<Spot>, f64) {
    let (mut x, mut row) = (MARGIN, 0.0);
    let mut places = Vec::new();
    for (sector, _) in shown_sectors(table) {
        let room = 20.0 + text_layout::width(sector, LABEL) + 18.0;
        if x > MARGIN && x + room > WIDTH - MARGIN {
            (x, row) = (MARGIN, row + 1.0);
        }
        places.push((x, row * LEGEND_ROW));
        x += room;
    }
    let heading = if heads_group(table, 0) { 6.0 } else { 28.0 };
    (places, (row + 1.0) * LEGEND_ROW + heading)
}

/// The sectors that have a part in some bar; the legend names no other.
fn shown_sectors(table: &ShareTable) -> impl Iterator<Item = &(String, Hue)> {
    let has_part = |place: usize| table.rows.iter().any(|row| row.parts_t[place].is_some_and(|part_t| part_t > 0.0));
    table.sectors.iter().enumerate().filter(move |(place, _)| has_part(*place)).map(|(_, sector)| sector)
}

impl Shares<'_> {
    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        self.draw_axis(canvas)?;
        let mut top = self.top + self.legend_height;
        for (place, row) in self.table.rows.iter().enumerate() {
            if heads_group(self.table, place) {
                let band = (top, top + GROUP_ROOM - 4.0);
                canvas.rectangle((MARGIN, band.0), (WIDTH - MARGIN, band.1), &PAPER)?;
                canvas.text(&row.group, (MARGIN, band.1 - 6.0), LABEL.bold())?;
                canvas.line(&[(MARGIN, band.1), (WIDTH - MARGIN, band.1)], Stroke::new(FAINT, 0.8))?;
                top += GROUP_ROOM;
            }
            self.draw_row(canvas, row, top + self.row_height / 2.0)?;
            top += self.row_height;
        }
        self.draw_legend(canvas)
    }

    fn draw_legend(&self, canvas: &Canvas) -> Result<(), ChartError> {
        for ((sector, hue), (x, down)) in shown_sectors(self.table).zip(&self.legend) {
            let centre = self.top + down + 6.0;
            canvas.rectangle((*x, centre - 6.5), (x + 14.0, centre + 6.5), &hue.colour())?;
            canvas.text(sector, (x + 20.0, centre + LABEL.drop()), LABEL)?;
        }
        let down = if heads_group(self.table, 0) { GROUP_ROOM - 10.0 } else { -8.0 };
        let heading = self.top + self.legend_height + down;
        canvas.text(&self.table.total, (WIDTH - MARGIN, heading), TICK.flush_right())
    }

    fn draw_axis(&self, canvas: &Canvas) -> Result<(), ChartError> {
        for percent in [0.0, 25.0, 50.0, 75.0, 100.0] {
            let x = self.left + (self.right - self.left) * percent / 100.0;
            let top = self.top + self.legend_height;
            canvas.line(&[(x, top), (x, self.bottom + 4.0)], Stroke::new(RULE, 1.0))?;
            canvas.text(&format!("{percent:.0}%"), (x, self.bottom + 20.0), TICK.centred())?;
        }
        Ok(())
    }

    fn draw_row(&self, canvas: &Canvas, row: &ShareRow, centre: f64) -> Result<(), ChartError> {
        let half = self.row_height * 0.36;
        let label = text_layout::wrap(&row.label, LABEL, LABEL_ROOM, 1);
        canvas.lines(&label, (MARGIN, centre + LABEL.drop()), LABEL)?;
        let total = total_text(self.table, row);
        let style = if row.total_t().is_some() { VALUE } else { LABEL.coloured(GREY) };
        canvas.text(&total, (WIDTH - MARGIN, centre + VALUE.drop()), style.flush_right())?;
        let (upper, lower) = (centre - half, centre + half);
        match row.total_t() {
            None => canvas.hatching((self.left, upper), (self.right, lower), Stroke::new(FAINT, 0.7)),
            Some(total_t) if total_t > 0.0 => self.draw_parts(canvas, row, (upper, lower)),
            Some(_) => {
                let box_line = [
                    (self.left, upper),
                    (self.right, upper),
                    (self.right, lower),
                    (self.left, lower),
                    (self.left, upper),
                ];
                canvas.line(&box_line, Stroke::new(FAINT, 0.8))
            }
        }
    }

    fn draw_parts(&self, canvas: &Canvas, row: &ShareRow, (upper, lower): Spot) -> Result<(), ChartError> {
        let total_t = row.total_t().unwrap_or(1.0);
        let mut before_t = 0.0;
        for (part_t, (_, hue)) in row.parts_t.iter().zip(&self.table.sectors) {
            let part_t = part_t.unwrap_or(0.0);
            let x = |mass_t: f64| self.left + mass_t / total_t * (self.right - self.left);
            let (from, to) = (x(before_t), x(before_t + part_t));
            before_t += part_t;
            canvas.rectangle((from, upper), (to, lower), &hue.colour())?;
            if to - from > 2.0 {
                canvas.line(&[(to, upper), (to, lower)], Stroke::new(PAPER, 0.9))?;
            }
            let text = number_format::percent(part_t / total_t);
            if text_layout::width(&text, INSIDE) + 8.0 < to - from {
                let style = INSIDE.coloured(readable_on(hue.colour())).centred();
                canvas.text(&text, ((from + to) / 2.0, (upper + lower) / 2.0 + INSIDE.drop()), style)?;
            }
        }
        canvas.line(&[(self.left, upper - 2.0), (self.left, lower + 2.0)], Stroke::new(INK, 1.0))
    }
}
