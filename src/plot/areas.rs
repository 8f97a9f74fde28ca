//! Many years: stacked areas to scale in time, with the net total as a line.

use super::axes::{Plot, YEAR_ROOM, Years};
use super::canvas::{Canvas, Spot, Stroke};
use super::end_labels::{self, EndLabel, LineSample};
use super::gaps::HOLLOW;
use super::page_layout::ChartPage;
use super::stacked::{LayerExtent, Stack, StackedTable, missing_note};
use super::theme::{GREY, INK, PAPER, VALUE};
use super::year_marks::Heads;
use super::{ChartError, Svg, number_format, text_layout};
use plotters::style::Color;

const PLOT_HEIGHT: f64 = 380.0;

struct AreaChart<'a> {
    table: &'a StackedTable,
    stack: &'a Stack,
    plot: Plot,
    years: Years,
    decimals: usize,
}

pub fn draw(table: &StackedTable, stack: &Stack) -> Result<Svg, ChartError> {
    let (Some(first), Some(last)) = (table.years.first(), table.years.last()) else {
        return Err(ChartError::Empty { chart: table.frame.title.clone() });
    };
    let decimals = number_format::decimals_for(stack.largest());
    let net = net_label(table, stack, decimals);
    let names = table.layers.iter().map(|layer| layer.label.as_str());
    let right_room = end_labels::room(names.chain([net.as_str()])) + 26.0;
    let heads = Heads::new(&table.marks, table.eras.as_ref(), (*first, *last), GREY);
    let above = heads.room();
    let labels = (table.layers.len() as f64 + 2.0) * 26.0;
    let page =
        ChartPage::new(&table.frame, PLOT_HEIGHT.max(labels) + above + YEAR_ROOM, &missing_note(table, stack, HOLLOW));
    let plot = Plot::new((page.body_top() + above, page.body_bottom() - YEAR_ROOM), right_room, stack.ticks());
    let years = Years { first: *first, last: *last, left: plot.left + 4.0, right: plot.right };
    let areas = AreaChart { table, stack, plot, years, decimals };
    page.draw(|canvas| areas.draw(canvas, &net, &heads))
}

fn net_label(table: &StackedTable, stack: &Stack, decimals: usize) -> String {
    let last = stack.net.last().copied().flatten();
    last.map_or(table.net.clone(), |net| format!("{} {}", table.net, number_format::amount(net, decimals)))
}

impl AreaChart<'_> {
    fn draw(&self, canvas: &Canvas, net: &str, heads: &Heads<'_>) -> Result<(), ChartError> {
        self.plot.draw_grid(canvas)?;
        for (layer, parts) in self.table.layers.iter().zip(&self.stack.parts) {
            for side in [|part: &LayerExtent| part.above, |part: &LayerExtent| part.below] {
                self.draw_layer(canvas, layer.hue.colour(), &self.outlines(parts, side))?;
            }
        }
        self.plot.draw_base(canvas)?;
        heads.draw(canvas, &self.plot, &self.years)?;
        self.draw_net(canvas)?;
        self.years.draw(canvas, self.plot.bottom)?;
        end_labels::draw(
            canvas,
            self.plot.right + 24.0,
            (self.plot.top - 8.0, self.plot.bottom + 8.0),
            self.endings(net),
        )
    }

    /// Upper and lower edge of a layer, one pair for each run of years in which it is known. A
    /// missing year leaves a white wedge.
    fn outlines(&self, parts: &[LayerExtent], side: impl Fn(&LayerExtent) -> Spot) -> Vec<(Vec<Spot>, Vec<Spot>)> {
        let mut runs: Vec<(Vec<Spot>, Vec<Spot>)> = Vec::new();
        let mut open = false;
        for (part, year) in parts.iter().zip(&self.table.years) {
            if part.known {
                if !open {
                    runs.push((Vec::new(), Vec::new()));
                }
                let (x, (from, to)) = (self.years.x(*year), side(part));
                if let Some((outer, inner)) = runs.last_mut() {
                    outer.push((x, self.plot.y(to)));
                    inner.push((x, self.plot.y(from)));
                }
            }
            open = part.known;
        }
        runs
    }

    fn draw_layer(
        &self,
        canvas: &Canvas,
        colour: impl Color + Copy,
        runs: &[(Vec<Spot>, Vec<Spot>)],
    ) -> Result<(), ChartError> {
        for (outer, inner) in runs {
            let thick = outer.iter().zip(inner).any(|(outer, inner)| (outer.1 - inner.1).abs() > 0.05);
            if !thick {
                continue;
            }
            let corners: Vec<Spot> = outer.iter().chain(inner.iter().rev()).copied().collect();
            match outer.len() {
                1 => canvas.rectangle((outer[0].0 - 2.0, outer[0].1), (inner[0].0 + 2.0, inner[0].1), &colour)?,
                _ => canvas.polygon(&corners, &colour)?,
            }
            canvas.line(outer, Stroke::new(PAPER, 0.7))?;
        }
        Ok(())
    }

    fn net_spots(&self) -> Vec<(usize, Spot)> {
        let spot = |(year, net): (usize, &Option<f64>)| {
            net.map(|net| (year, (self.years.x(self.table.years[year]), self.plot.y(net))))
        };
        self.stack.net.iter().enumerate().filter_map(spot).collect()
    }

    /// The line of the net total with the values of its first and highest year; the last stands in
    /// its label. A hollow dot is a year with a missing layer.
    fn draw_net(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let spots = self.net_spots();
        let line: Vec<Spot> = spots.iter().map(|(_, spot)| *spot).collect();
        canvas.line(&line, Stroke::new(PAPER, 4.4))?;
        canvas.line(&line, Stroke::new(INK, 2.2))?;
        for (year, spot) in spots.iter().filter(|(year, _)| self.stack.incomplete[*year]) {
            self.draw_dot(canvas, *year, *spot)?;
        }
        let (Some(first), Some((last_year, last))) = (spots.first(), spots.last()) else { return Ok(()) };
        self.draw_dot(canvas, *last_year, *last)?;
        let (shown, words) = self.summit(&spots);
        let summit = shown.map(|(year, spot)| {
            let value = || number_format::amount(self.stack.net[year].unwrap_or(0.0), self.decimals);
            (year, spot, if words.is_empty() { value() } else { words.to_string() })
        });
        let value = number_format::amount(self.stack.net[first.0].unwrap_or(0.0), self.decimals);
        let centre = |spot: Spot, text: &str| self.centre(spot.0, text_layout::width(text, VALUE));
        let apart = |(_, spot, text): &(usize, Spot, String)| {
            let half = (text_layout::width(text, VALUE) + text_layout::width(&value, VALUE)) / 2.0;
            centre(*spot, text) - centre(first.1, &value) > half + 12.0
        };
        if summit.as_ref().is_none_or(apart) {
            self.draw_value(canvas, *first, &value)?;
        }
        summit.map_or(Ok(()), |(year, spot, text)| self.draw_value(canvas, (year, spot), &text))
    }

    /// The year of the net total that is worth a value, and what it is called: the peak of the table, else the highest one that
    /// stands apart from both ends.
    fn summit(&self, spots: &[(usize, Spot)]) -> (Option<(usize, Spot)>, &str) {
        if let Some(peak) = &self.table.peak {
            let found = spots.iter().find(|(year, _)| self.table.years[*year] == peak.year);
            return (found.copied(), &peak.label);
        }
        let highest = spots.iter().min_by(|(_, one), (_, other)| one.1.total_cmp(&other.1)).copied();
        let (Some(first), Some(last)) = (spots.first(), spots.last()) else { return (None, "") };
        (highest.filter(|(_, spot)| spot.0 - first.1.0 > 70.0 && last.1.0 - spot.0 > 40.0), "")
    }

    /// The middle of a text that is wished at `x`, moved so that it stays within the plot.
    fn centre(&self, x: f64, width: f64) -> f64 {
        let half = width / 2.0 + 4.0;
        x.min(self.plot.right - half).max(self.plot.left + half)
    }

    /// A value of the net total, above everything that is stacked where it stands.
    fn draw_value(&self, canvas: &Canvas, (year, spot): (usize, Spot), text: &str) -> Result<(), ChartError> {
        let half = text_layout::width(text, VALUE) / 2.0 + 4.0;
        let centre = self.centre(spot.0, 2.0 * half - 8.0);
        let below = |place: &usize| (self.years.x(self.table.years[*place]) - centre).abs() <= half + 12.0;
        let tops = (0..self.table.years.len()).filter(below).map(|place| self.plot.y(self.stack.top(place)));
        let baseline = tops.fold(spot.1 - 3.0, f64::min) - 7.0;
        if spot.1 - baseline > 20.0 {
            canvas.line(&[spot, (spot.0, baseline + 3.0)], Stroke::new(INK, 0.8))?;
        }
        self.draw_dot(canvas, year, spot)?;
        let (upper, lower) = (baseline - VALUE.size * 0.9, baseline + 2.0);
        canvas.rectangle((centre - half + 2.0, upper), (centre + half - 2.0, lower), &PAPER.mix(0.9))?;
        canvas.text(text, (centre, baseline), VALUE.centred())
    }

    fn draw_dot(&self, canvas: &Canvas, year: usize, spot: Spot) -> Result<(), ChartError> {
        canvas.dot(spot, 4.0, &INK)?;
        if self.stack.incomplete[year] { canvas.dot(spot, 2.4, &PAPER) } else { Ok(()) }
    }

    fn endings(&self, net: &str) -> Vec<EndLabel> {
        let middle = |parts: &[LayerExtent]| {
            let (from, to) = parts.last().map_or((0.0, 0.0), LayerExtent::span);
            self.plot.y((from + to) / 2.0)
        };
        let layers = self.table.layers.iter().zip(&self.stack.parts).rev();
        let mut endings: Vec<EndLabel> = layers
            .map(|(layer, parts)| {
                EndLabel::new(&layer.label, LineSample::Swatch, layer.hue.colour(), middle(parts))
                    .led_from(self.plot.right + 2.0)
            })
            .collect();
        if let Some((_, (_, y))) = self.net_spots().last() {
            endings.push(EndLabel::new(net, LineSample::Net, INK, *y).led_from(self.plot.right + 5.0));
        }
        endings
    }
}
