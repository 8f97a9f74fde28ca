//! A few years: stacked columns with the value of each part and of the net total.

use super::axes::{Plot, YEAR_ROOM};
use super::canvas::{Canvas, Spot, Stroke};
use super::end_labels::{self, EndLabel, LineSample};
use super::gaps::STAR;
use super::page_layout::ChartPage;
use super::stacked::{Stack, StackedTable, missing_note};
use super::theme::{CAPTION, FAINT, INK, INSIDE, MARGIN, PAPER, TICK, VALUE, WIDTH, readable_on};
use super::year_marks::Mark;
use super::{ChartError, Svg, number_format, text_layout};

const PLOT_HEIGHT: f64 = 380.0;
const MARK_ROOM: f64 = 20.0;
/// Room above the plot for the words of history and projection.
const ERA_ROOM: f64 = 22.0;
/// From the edge of a column past the sign of the net total.
const NET_SIGN: f64 = 15.0;

struct Columns<'a> {
    table: &'a StackedTable,
    stack: &'a Stack,
    plot: Plot,
    decimals: usize,
}

pub fn draw(table: &StackedTable, stack: &Stack) -> Result<Svg, ChartError> {
    let below = YEAR_ROOM + if marks(table).next().is_none() { 0.0 } else { MARK_ROOM };
    let above = if table.eras.is_none() { 0.0 } else { ERA_ROOM };
    let labels = table.layers.iter().map(|layer| layer.label.as_str()).chain([table.net.as_str()]);
    let right_room = end_labels::room(labels) + 14.0;
    let height = PLOT_HEIGHT.max(end_labels::height(&endings(table, stack, |_| 0.0)));
    let page = ChartPage::new(&table.frame, above + height + below, &missing_note(table, stack, STAR));
    let plot = Plot::new((page.body_top() + above, page.body_bottom() - below), right_room, stack.ticks());
    let columns = Columns { table, stack, plot, decimals: number_format::decimals_for(stack.largest()) };
    page.draw(|canvas| columns.draw(canvas))
}

fn marks(table: &StackedTable) -> impl Iterator<Item = &Mark> {
    table.marks.iter().chain(&table.peak)
}

/// The labels of the last column, at the middle of its parts.
fn endings(table: &StackedTable, stack: &Stack, y: impl Fn(f64) -> f64) -> Vec<EndLabel> {
    let last = table.years.len() - 1;
    let mut endings: Vec<EndLabel> = Vec::new();
    for (layer, parts) in table.layers.iter().zip(&stack.parts).rev() {
        let (from, to) = parts[last].span();
        endings.push(EndLabel::new(&layer.label, LineSample::Swatch, layer.hue.colour(), y((from + to) / 2.0)));
    }
    if !table.net.is_empty() {
        let key = if stack.has_sinks { LineSample::Net } else { LineSample::Figure };
        endings.push(EndLabel::new(&table.net, key, INK, y(stack.top(last)) - 12.0));
    }
    endings
}

impl Columns<'_> {
    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        self.plot.draw_grid(canvas)?;
        (0..self.table.years.len()).try_for_each(|year| self.draw_parts(canvas, year))?;
        self.plot.draw_base(canvas)?;
        (0..self.table.years.len()).try_for_each(|year| {
            self.draw_net(canvas, year)?;
            self.draw_year(canvas, year)
        })?;
        self.draw_eras(canvas)?;
        self.draw_marks(canvas)?;
        let endings = endings(self.table, self.stack, |value| self.plot.y(value));
        end_labels::draw(canvas, self.plot.right + 14.0, (self.plot.top - 8.0, self.plot.bottom + 8.0), endings)
    }

    fn slot(&self) -> f64 {
        self.plot.width() / self.table.years.len() as f64
    }

    /// Room to the right of a column for the value of a net total that lies below the column's top.
    fn net_room(&self) -> f64 {
        if !self.stack.has_sinks {
            return 0.0;
        }
        let values = self.stack.net.iter().flatten().map(|net| number_format::amount(*net, self.decimals));
        NET_SIGN + values.map(|text| text_layout::width(&text, VALUE)).fold(0.0, f64::max)
    }

    fn half_width(&self) -> f64 {
        let free = self.slot() - self.net_room();
        (free * if self.stack.has_sinks { 0.8 } else { 0.62 }).clamp(10.0, 110.0) / 2.0
    }

    fn centre(&self, year: usize) -> f64 {
        let slot = self.slot();
        self.plot.left + slot * (year as f64 + 0.5) - self.net_room() / 2.0
    }

    fn draw_parts(&self, canvas: &Canvas, year: usize) -> Result<(), ChartError> {
        let (centre, half) = (self.centre(year), self.half_width());
        for (layer, parts) in self.table.layers.iter().zip(&self.stack.parts) {
            let (from, to) = parts[year].span();
            let (upper, lower) = (self.plot.y(from.max(to)), self.plot.y(from.min(to)));
            let fill = layer.hue.colour();
            canvas.rectangle((centre - half, upper), (centre + half, lower), &fill)?;
            if lower - upper > 2.0 {
                canvas.line(&[(centre - half, upper), (centre + half, upper)], Stroke::new(PAPER, 0.8))?;
            }
            let text = number_format::amount(to - from, self.decimals);
            if lower - upper >= 16.0 && text_layout::width(&text, INSIDE) < 2.0 * half - 1.0 {
                let style = INSIDE.coloured(readable_on(fill)).centred();
                canvas.text(&text, (centre, (upper + lower) / 2.0 + INSIDE.drop()), style)?;
            }
        }
        Ok(())
    }

    /// The net total: above the column, or, where sinks pull it below the top, beside the column at
    /// its own height.
    fn draw_net(&self, canvas: &Canvas, year: usize) -> Result<(), ChartError> {
        let (centre, half) = (self.centre(year), self.half_width());
        let Some(net) = self.stack.net[year] else {
            let foot = (centre, self.plot.y(0.0) - 10.0);
            canvas.hatching((centre - half, foot.1 - 22.0), (centre + half, foot.1 + 10.0), Stroke::new(FAINT, 0.8))?;
            return canvas.text(&self.table.missing, (centre, foot.1 - 28.0), INSIDE.centred());
        };
        let text = number_format::amount(net, self.decimals);
        if !self.stack.has_sinks {
            let above = self.plot.y(self.stack.top(year)) - 7.0;
            return canvas.text(&text, (centre, above), VALUE.centred());
        }
        let y = self.plot.y(net);
        end_labels::draw_net_sign(canvas, (centre + half, y))?;
        canvas.text(&text, (centre + half + NET_SIGN - 4.0, y + VALUE.drop()), VALUE)
    }

    fn draw_year(&self, canvas: &Canvas, year: usize) -> Result<(), ChartError> {
        let (number, centre) = (self.table.years[year], self.centre(year));
        let star = if self.stack.incomplete[year] { STAR } else { "" };
        let baseline = self.plot.bottom + 21.0;
        canvas.text(&format!("{number}{star}"), (centre, baseline), TICK.coloured(INK).centred())?;
        Ok(())
    }

    /// The words of marked years and of the peak, below their years.
    fn draw_marks(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let year_of = |mark: &Mark| self.table.years.iter().position(|year| *year == mark.year);
        let words = |mark: &Mark| text_layout::width(&mark.label, CAPTION) + 10.0;
        let mut marks: Vec<(f64, &Mark)> =
            marks(self.table).filter_map(|mark| Some((self.centre(year_of(mark)?), mark))).collect();
        marks.sort_by(|one, other| one.0.total_cmp(&other.0));
        let wishes: Vec<Spot> = marks.iter().map(|(centre, mark)| (*centre, words(mark))).collect();
        let centres = end_labels::apart(&wishes, (MARGIN, WIDTH - MARGIN));
        marks.iter().zip(centres).try_for_each(|((_, mark), centre)| {
            canvas.text(&mark.label, (centre, self.plot.bottom + 21.0 + MARK_ROOM), CAPTION.centred())
        })
    }

    /// The upright between the last column of history and the first of projection.
    fn draw_eras(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let Some(eras) = &self.table.eras else { return Ok(()) };
        let Some(place) = self.table.years.iter().position(|year| *year == eras.anchor) else { return Ok(()) };
        if place + 1 == self.table.years.len() {
            return Ok(());
        }
        let x = self.plot.left + self.slot() * (place as f64 + 1.0);
        let top = self.plot.top - ERA_ROOM + 4.0;
        canvas.line(&[(x, top), (x, self.plot.bottom)], Stroke::new(FAINT, 1.0))?;
        canvas.text(&eras.history, (x - 6.0, top + CAPTION.size), CAPTION.flush_right())?;
        canvas.text(&eras.projection, (x + 6.0, top + CAPTION.size), CAPTION)
    }
}
