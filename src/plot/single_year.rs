//! One year: a bar for each sector, sinks to the left, the net total below a rule.

use super::canvas::{Canvas, Spot, Stroke};
use super::gaps::STAR;
use super::number_format::{self, Ticks};
use super::page_layout::ChartPage;
use super::stacked::{Stack, StackedTable, missing_note};
use super::theme::{FAINT, GREY, INK, LABEL, MARGIN, RULE, TICK, VALUE, WIDTH};
use super::{ChartError, Svg, text_layout};
use plotters::style::RGBColor;

const ROW: f64 = 36.0;
const LABEL_ROOM: f64 = 200.0;
const AXIS_ROOM: f64 = 26.0;

struct Bar {
    lines: Vec<String>,
    amount: Option<f64>,
    colour: RGBColor,
}

struct Bars {
    bars: Vec<Bar>,
    has_net: bool,
    missing: String,
    decimals: usize,
    ticks: Ticks,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// Sum of the bars when none is negative: then a share of it has a meaning.
    whole: Option<f64>,
}

pub fn draw(table: &StackedTable, stack: &Stack) -> Result<Svg, ChartError> {
    let bars = bars(table, stack);
    let rows = bars.len() as f64;
    let page = ChartPage::new(&table.frame, rows * ROW + 12.0 + AXIS_ROOM, &missing_note(table, stack, STAR));
    let amounts = || bars.iter().filter_map(|bar| bar.amount);
    let ticks = Ticks::covering(amounts().fold(0.0, f64::min), amounts().fold(0.0, f64::max), 5.0);
    let labels = bars.iter().flat_map(|bar| bar.lines.iter().map(String::as_str));
    let left = MARGIN + text_layout::widest(labels, LABEL.bold()) + 12.0;
    let decimals = number_format::decimals_for(stack.largest() / 10.0);
    let values = amounts().map(|amount| text_layout::width(&number_format::amount(amount, decimals), VALUE));
    let value_room = values.fold(0.0, f64::max) + 10.0 + text_layout::width(" (100%)", LABEL);
    let bars = Bars {
        has_net: !table.net.is_empty(),
        missing: table.missing.clone(),
        decimals,
        ticks,
        left: left + if stack.has_sinks { value_room } else { 0.0 },
        right: WIDTH - MARGIN - value_room,
        top: page.body_top(),
        bottom: page.body_bottom() - AXIS_ROOM,
        whole: stack.net[0].filter(|net| !stack.has_sinks && *net > 0.0),
        bars,
    };
    page.draw(|canvas| bars.draw(canvas))
}

fn bars(table: &StackedTable, stack: &Stack) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    for layer in &table.layers {
        let lines = text_layout::wrap(&layer.label, LABEL, LABEL_ROOM, 2);
        bars.push(Bar { lines, amount: layer.amounts[0], colour: layer.hue.colour() });
    }
    if !table.net.is_empty() {
        let star = if stack.incomplete[0] { STAR } else { "" };
        let lines = text_layout::wrap(&format!("{}{star}", table.net), LABEL.bold(), LABEL_ROOM, 2);
        bars.push(Bar { lines, amount: stack.net[0], colour: INK });
    }
    bars
}

impl Bars {
    fn x(&self, value: f64) -> f64 {
        self.left + (value - self.ticks.low) / (self.ticks.high - self.ticks.low) * (self.right - self.left)
    }

    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        for (value, label) in self.ticks.values().into_iter().zip(self.ticks.labels()) {
            let x = self.x(value);
            canvas.line(&[(x, self.top), (x, self.bottom)], Stroke::new(RULE, 1.0))?;
            canvas.text(&label, (x, self.bottom + 19.0), TICK.centred())?;
        }
        for (row, bar) in self.bars.iter().enumerate() {
            let is_net = self.has_net && row + 1 == self.bars.len();
            let centre = self.top + (row as f64 + 0.5) * ROW + if is_net { 8.0 } else { 0.0 };
            if is_net {
                let rule = centre - ROW / 2.0 - 2.0;
                canvas.line(&[(MARGIN, rule), (WIDTH - MARGIN, rule)], Stroke::new(FAINT, 1.0))?;
            }
            self.draw_bar(canvas, bar, (centre, if is_net { 1.0 } else { 0.0 }))?;
        }
        canvas.line(&[(self.x(0.0), self.top), (self.x(0.0), self.bottom)], Stroke::new(GREY, 1.2))
    }

    /// `place` is the height of the bar's middle, and 1 for the net total.
    fn draw_bar(&self, canvas: &Canvas, bar: &Bar, place: Spot) -> Result<(), ChartError> {
        let (centre, half, zero) = (place.0, ROW * 0.32, self.x(0.0));
        let style = if place.1 > 0.0 { LABEL.bold() } else { LABEL };
        let first = centre - (bar.lines.len() as f64 - 1.0) / 2.0 * LABEL.leading() + LABEL.drop();
        canvas.lines(&bar.lines, (MARGIN, first), style)?;
        let Some(amount) = bar.amount else {
            canvas.hatching((zero + 1.0, centre - half), (zero + 60.0, centre + half), Stroke::new(FAINT, 0.8))?;
            return canvas.text(&self.missing, (zero + 68.0, centre + LABEL.drop()), LABEL.coloured(GREY));
        };
        let end = self.x(amount);
        canvas.rectangle((zero.min(end), centre - half), (zero.max(end), centre + half), &bar.colour)?;
        let text = number_format::amount(amount, self.decimals);
        if amount < 0.0 {
            return canvas.text(&text, (end - 7.0, centre + VALUE.drop()), VALUE.flush_right());
        }
        canvas.text(&text, (end + 7.0, centre + VALUE.drop()), VALUE)?;
        match self.whole.filter(|_| place.1 == 0.0 && amount > 0.0) {
            Some(whole) => {
                let after = end + 7.0 + text_layout::width(&text, VALUE) + 7.0;
                canvas.text(
                    &number_format::percent(amount / whole),
                    (after, centre + VALUE.drop()),
                    LABEL.coloured(GREY),
                )
            }
            None => Ok(()),
        }
    }
}
