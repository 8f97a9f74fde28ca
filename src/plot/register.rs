//! Tonnes of reduction projects against the tonnes that were allotted: a bar for each pollutant, to its own scale, its
//! parts the kinds of projects. How the inventory changed stands in a block of its own below, because it is another account.

use super::canvas::{Canvas, Spot, Stroke};
use super::page_layout::ChartPage;
use super::theme::{
    CAPTION, FAINT, GREY, Hue, INK, INSIDE, LABEL, MARGIN, PAPER, RULE, TARGET, VALUE, WIDTH, readable_on,
};
use super::{ChartError, ChartTitles, Svg, check_finite, number_format, text_layout};

const ROW: f64 = 74.0;
const BAR: f64 = 26.0;
const LEGEND_ROW: f64 = 24.0;
/// Room around the heading of the block below.
const ASIDE_HEAD: f64 = 36.0;
const ASIDE_ROW: f64 = 26.0;
const LABEL_ROOM: f64 = 110.0;
const STATUS_ROOM: f64 = 190.0;

#[derive(Debug, Clone, Default)]
pub struct RegisterTable {
    pub frame: ChartTitles,
    /// The kinds of projects in the order of the bars' parts.
    pub kinds: Vec<(String, Hue)>,
    pub rows: Vec<RegisterRow>,
    /// What the hatched part of a bar is called: what new sources have used of the projects.
    pub offset: String,
    /// Heading of the block below: what it shows, and that it does not compare.
    pub aside: String,
    /// What stands there where the inventory has no figure.
    pub missing: String,
}

/// One pollutant.
#[derive(Debug, Clone, Default)]
pub struct RegisterRow {
    pub label: String,
    /// Tonnes of each kind; `None` where no project of the kind is known.
    pub parts_t: Vec<Option<f64>>,
    /// The part of them that is used up and does not count.
    pub offset_t: f64,
    /// What was allotted, with its label.
    pub allotted: Option<(f64, String)>,
    /// What the row comes to, and below it how that is judged.
    pub net: String,
    pub status: String,
    /// Change of the inventory, t.
    pub change_t: Option<f64>,
}

impl RegisterRow {
    fn gross_t(&self) -> f64 {
        self.parts_t.iter().flatten().sum()
    }

    fn is_known(&self) -> bool {
        self.parts_t.iter().any(Option::is_some)
    }

    /// What the whole width of the row stands for.
    fn whole_t(&self) -> f64 {
        let allotted = self.allotted.as_ref().map_or(0.0, |(allotted, _)| *allotted);
        self.gross_t().max(allotted)
    }
}

struct Bars<'a> {
    table: &'a RegisterTable,
    legend: Vec<Spot>,
    legend_height: f64,
    left: f64,
    right: f64,
    top: f64,
}

/// Draws the register of a year.
///
/// # Errors
/// A table without rows, or with amounts that no bar can show.
pub fn register(table: &RegisterTable) -> Result<Svg, ChartError> {
    check(table)?;
    let (legend, legend_height) = legend(table);
    let rows = table.rows.len() as f64;
    let page = ChartPage::new(&table.frame, legend_height + rows * ROW + aside_head(table) + rows * ASIDE_ROW, &[]);
    let labels = text_layout::widest(table.rows.iter().map(|row| row.label.as_str()), LABEL.bold()).min(LABEL_ROOM);
    let (left, right) = (MARGIN + labels + 14.0, WIDTH - MARGIN - STATUS_ROOM);
    let bars = Bars { table, legend, legend_height, left, right, top: page.body_top() };
    page.draw(|canvas| bars.draw(canvas))
}

fn aside(table: &RegisterTable) -> Vec<String> {
    text_layout::wrap_evenly(&table.aside, LABEL, WIDTH - 2.0 * MARGIN, 3)
}

fn aside_head(table: &RegisterTable) -> f64 {
    ASIDE_HEAD + aside(table).len() as f64 * LABEL.leading()
}

fn check(table: &RegisterTable) -> Result<(), ChartError> {
    if table.rows.is_empty() {
        return Err(ChartError::Empty { chart: table.frame.title.clone() });
    }
    for row in &table.rows {
        let (expected, found) = (table.kinds.len(), row.parts_t.len());
        let place = || row.label.clone();
        if expected != found {
            return Err(ChartError::Length { place: place(), expected, found });
        }
        let allotted = row.allotted.as_ref().map(|(allotted, _)| *allotted);
        let sizes = row.parts_t.iter().copied().flatten().chain([row.offset_t]).chain(allotted);
        for size in sizes {
            check_finite(size, place)?;
            if size < 0.0 {
                return Err(ChartError::Negative { place: place() });
            }
        }
        check_finite(row.change_t.unwrap_or(0.0), place)?;
    }
    Ok(())
}

/// The kinds that have a part in some bar, then the hatching where something is hatched: label, and the hue of a kind.
fn entries(table: &RegisterTable) -> Vec<(&str, Option<Hue>)> {
    let shown = |place: usize| table.rows.iter().any(|row| row.parts_t[place].is_some_and(|part_t| part_t > 0.0));
    let kinds = table.kinds.iter().enumerate().filter(|(place, _)| shown(*place));
    let mut entries: Vec<(&str, Option<Hue>)> = kinds.map(|(_, (kind, hue))| (kind.as_str(), Some(*hue))).collect();
    if table.rows.iter().any(|row| row.offset_t > 0.0) {
        entries.push((&table.offset, None));
    }
    entries
}

/// Where the signs of the legend stand, from the top of the body, and how high they are together.
fn legend(table: &RegisterTable) -> (Vec<Spot>, f64) {
    let (mut x, mut row) = (MARGIN, 0.0);
    let mut places = Vec::new();
    for (label, _) in entries(table) {
        let room = 20.0 + text_layout::width(label, LABEL) + 18.0;
        if x > MARGIN && x + room > WIDTH - MARGIN {
            (x, row) = (MARGIN, row + 1.0);
        }
        places.push((x, row * LEGEND_ROW));
        x += room;
    }
    let height = if places.is_empty() { 0.0 } else { (row + 1.0) * LEGEND_ROW + 4.0 };
    (places, height)
}

impl Bars<'_> {
    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        for ((label, hue), (x, down)) in entries(self.table).into_iter().zip(&self.legend) {
            let centre = self.top + down + 6.0;
            let (upper, lower) = ((*x, centre - 6.5), (x + 14.0, centre + 6.5));
            match hue {
                Some(hue) => canvas.rectangle(upper, lower, &hue.colour())?,
                None => canvas.hatching(upper, lower, Stroke::new(INK, 1.0))?,
            }
            canvas.text(label, (x + 20.0, centre + LABEL.drop()), LABEL)?;
        }
        let mut top = self.top + self.legend_height;
        for row in &self.table.rows {
            self.draw_row(canvas, row, top)?;
            top += ROW;
        }
        self.draw_aside(canvas, top)
    }

    /// The bar stands in the lower part of its row; above it is the label of what was allotted.
    fn draw_row(&self, canvas: &Canvas, row: &RegisterRow, top: f64) -> Result<(), ChartError> {
        let (upper, lower) = (top + ROW - BAR - 12.0, top + ROW - 12.0);
        let centre = (upper + lower) / 2.0;
        let label = text_layout::wrap(&row.label, LABEL.bold(), LABEL_ROOM, 1);
        canvas.lines(&label, (MARGIN, centre + LABEL.drop()), LABEL.bold())?;
        let lines = |text: &str, style, most| text_layout::wrap(text, style, STATUS_ROOM - 14.0, most);
        let status = lines(&row.status, CAPTION.coloured(INK), 2);
        let first = centre + LABEL.drop() - status.len() as f64 * CAPTION.leading() / 2.0;
        canvas.lines(&lines(&row.net, VALUE, 1), (self.right + 14.0, first), VALUE)?;
        canvas.lines(&status, (self.right + 14.0, first + LABEL.leading()), CAPTION.coloured(INK))?;
        if row.is_known() {
            self.draw_parts(canvas, row, (upper, lower))?;
        } else {
            canvas.hatching((self.left, upper), (self.right, lower), Stroke::new(FAINT, 0.7))?;
        }
        canvas.line(&[(self.left, upper - 3.0), (self.left, lower + 3.0)], Stroke::new(INK, 1.0))?;
        self.draw_allotted(canvas, row, (upper, lower))
    }

    fn x(&self, row: &RegisterRow, mass_t: f64) -> f64 {
        let share = if row.whole_t() > 0.0 { mass_t / row.whole_t() } else { 0.0 };
        self.left + share * (self.right - self.left)
    }

    fn draw_parts(&self, canvas: &Canvas, row: &RegisterRow, (upper, lower): Spot) -> Result<(), ChartError> {
        let mut before_t = 0.0;
        for (part_t, (_, hue)) in row.parts_t.iter().zip(&self.table.kinds) {
            let part_t = part_t.unwrap_or(0.0);
            let (from, to) = (self.x(row, before_t), self.x(row, before_t + part_t));
            before_t += part_t;
            canvas.rectangle((from, upper), (to, lower), &hue.colour())?;
            if to - from > 2.0 {
                canvas.line(&[(to, upper), (to, lower)], Stroke::new(PAPER, 0.9))?;
            }
            let text = number_format::alone(part_t);
            if text_layout::width(&text, INSIDE) + 8.0 < to - from {
                let style = INSIDE.coloured(readable_on(hue.colour())).centred();
                canvas.text(&text, ((from + to) / 2.0, (upper + lower) / 2.0 + INSIDE.drop()), style)?;
            }
        }
        if row.offset_t > 0.0 {
            let (from, to) = (self.x(row, (row.gross_t() - row.offset_t).max(0.0)), self.x(row, row.gross_t()));
            canvas.hatching((from, upper), (to, lower), Stroke::new(INK, 1.0))?;
            canvas.line(&[(from, upper - 3.0), (from, lower + 3.0)], Stroke::new(INK, 2.0))?;
        }
        Ok(())
    }

    fn draw_allotted(&self, canvas: &Canvas, row: &RegisterRow, (upper, lower): Spot) -> Result<(), ChartError> {
        let Some((allotted, label)) = &row.allotted else { return Ok(()) };
        let x = self.x(row, *allotted);
        canvas.line(&[(x, upper - 8.0), (x, lower + 5.0)], Stroke::new(TARGET, 2.4))?;
        let half = text_layout::width(label, CAPTION.bold()) / 2.0;
        let centre = x.clamp(self.left + half, (WIDTH - MARGIN - half).max(self.left + half));
        canvas.text(label, (centre, upper - 12.0), CAPTION.bold().coloured(TARGET).centred())
    }

    /// The inventory's change: grey, to one scale, under a heading of its own.
    fn draw_aside(&self, canvas: &Canvas, top: f64) -> Result<(), ChartError> {
        canvas.line(&[(MARGIN, top + 8.0), (WIDTH - MARGIN, top + 8.0)], Stroke::new(FAINT, 1.0))?;
        canvas.lines(&aside(self.table), (MARGIN, top + 28.0), LABEL.coloured(GREY))?;
        let (first, scale) = (top + aside_head(self.table), self.aside_scale());
        for (place, row) in self.table.rows.iter().enumerate() {
            let centre = first + (place as f64 + 0.5) * ASIDE_ROW - 6.0;
            self.draw_change(canvas, row, (centre, scale))?;
        }
        if scale.1 > 0.0 {
            let bottom = first + self.table.rows.len() as f64 * ASIDE_ROW - 6.0;
            canvas.line(&[(scale.0, first - 6.0), (scale.0, bottom)], Stroke::new(RULE, 1.2))?;
        }
        Ok(())
    }

    /// Where no change stands, and how far a tonne reaches; all pollutants share it. Nothing to scale reaches nowhere.
    fn aside_scale(&self) -> Spot {
        let changes = || self.table.rows.iter().filter_map(|row| row.change_t);
        let largest = changes().map(f64::abs).fold(0.0, f64::max);
        let (falls, rises) = (changes().any(|change| change < 0.0), changes().any(|change| change > 0.0));
        let values = changes().map(|change_t| text_layout::width(&signed(change_t), VALUE)).fold(0.0, f64::max) + 14.0;
        let low = self.left + if falls { values } else { 0.0 };
        let high = self.right - if rises { values } else { 0.0 };
        let zero = match (falls, rises) {
            (true, true) => (low + high) / 2.0,
            (true, false) => high,
            _ => low,
        };
        let reach = (high - zero).max(zero - low);
        (zero, if largest > 0.0 { reach / largest } else { 0.0 })
    }

    fn draw_change(
        &self,
        canvas: &Canvas,
        row: &RegisterRow,
        (centre, (zero, reach)): (f64, Spot),
    ) -> Result<(), ChartError> {
        let baseline = centre + LABEL.drop();
        canvas.text(&row.label, (MARGIN, baseline), LABEL.coloured(GREY))?;
        let Some(change_t) = row.change_t else {
            return canvas.text(&self.table.missing, (self.left, baseline), LABEL.coloured(FAINT));
        };
        let end = zero + change_t * reach;
        canvas.rectangle((zero.min(end), centre - 6.5), (zero.max(end), centre + 6.5), &FAINT)?;
        let style = VALUE.coloured(GREY);
        match change_t < 0.0 {
            true => canvas.text(&signed(change_t), (end - 6.0, baseline), style.flush_right()),
            false => canvas.text(&signed(change_t), (end + 6.0, baseline), style),
        }
    }
}

fn signed(change_t: f64) -> String {
    let text = number_format::alone(change_t);
    if change_t > 0.0 { format!("+{text}") } else { text }
}
