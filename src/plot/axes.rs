//! The plot: a value axis on the left with its grid, and a time axis below.

use super::canvas::{Canvas, Spot, Stroke};
use super::number_format::Ticks;
use super::theme::{FAINT, GREY, INK, MARGIN, RULE, TICK};
use super::{ChartError, text_layout};

/// Height of the year labels below a plot.
pub const YEAR_ROOM: f64 = 28.0;

pub struct Plot {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub ticks: Ticks,
}

impl Plot {
    /// A plot between two heights that leaves `right_room` for labels at the ends of its lines.
    pub fn new((top, bottom): Spot, right_room: f64, ticks: Ticks) -> Self {
        let labels = ticks.labels();
        let left = MARGIN + text_layout::widest(labels.iter().map(String::as_str), TICK) + 10.0;
        Self { left, right: super::theme::WIDTH - MARGIN - right_room, top, bottom, ticks }
    }

    pub fn y(&self, value: f64) -> f64 {
        let share = (value - self.ticks.low) / (self.ticks.high - self.ticks.low);
        self.bottom - share * (self.bottom - self.top)
    }

    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn draw_grid(&self, canvas: &Canvas) -> Result<(), ChartError> {
        for (value, label) in self.ticks.values().into_iter().zip(self.ticks.labels()) {
            let y = self.y(value);
            canvas.line(&[(self.left, y), (self.right, y)], Stroke::new(RULE, 1.0))?;
            canvas.text(&label, (self.left - 10.0, y + TICK.drop()), TICK.flush_right())?;
        }
        Ok(())
    }

    /// The line that amounts are counted from: zero, or the lower edge of an axis that does not
    /// reach zero, which then carries a break so that nobody compares heights.
    pub fn draw_base(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let begins_above_zero = self.ticks.low > self.ticks.step * 1e-6;
        let base = if begins_above_zero { self.bottom } else { self.y(0.0_f64.min(self.ticks.high)) };
        canvas.line(&[(self.left, base), (self.right, base)], Stroke::new(GREY, 1.2))?;
        if begins_above_zero {
            let foot = (self.left, self.bottom);
            let zigzag = [(0.0, 0.0), (0.0, -3.0), (4.0, -5.0), (-4.0, -9.0), (0.0, -11.0), (0.0, -16.0)];
            let zigzag = zigzag.map(|(right, down)| (foot.0 + right, foot.1 + down));
            canvas.line(&zigzag, Stroke::new(GREY, 1.2))?;
        }
        Ok(())
    }
}

/// A time axis to scale, from its first year to its last.
pub struct Years {
    pub first: i32,
    pub last: i32,
    pub left: f64,
    pub right: f64,
}

impl Years {
    pub fn x(&self, year: i32) -> f64 {
        let span = f64::from(self.last.saturating_sub(self.first));
        if span == 0.0 {
            return (self.left + self.right) / 2.0;
        }
        self.left + f64::from(year.saturating_sub(self.first)) / span * (self.right - self.left)
    }

    /// First and last year and the round ones between them, as many as fit without touching.
    fn labelled(&self) -> Vec<i32> {
        let span = self.last.saturating_sub(self.first);
        let most = ((self.right - self.left) / 58.0).max(1.0);
        // Every second year serves short spans only: over a longer one the eye looks for plan periods.
        let steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].into_iter().filter(|step| *step != 2 || span <= 10);
        let step = steps.into_iter().find(|step| f64::from(span / step) <= most).unwrap_or(span.max(1));
        let clear = |year: i32| self.x(year) - self.left >= 46.0 && self.right - self.x(year) >= 46.0;
        let round = (self.first..=self.last).filter(|year| year % step == 0 && clear(*year));
        let mut years: Vec<i32> = std::iter::once(self.first).chain(round).chain(std::iter::once(self.last)).collect();
        years.dedup();
        years
    }

    pub fn draw(&self, canvas: &Canvas, bottom: f64) -> Result<(), ChartError> {
        self.labelled().into_iter().try_for_each(|year| {
            let x = self.x(year);
            canvas.line(&[(x, bottom), (x, bottom + 5.0)], Stroke::new(FAINT, 1.0))?;
            canvas.text(&year.to_string(), (x, bottom + 21.0), TICK.coloured(INK).centred())
        })
    }
}
