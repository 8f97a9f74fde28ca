//! A value axis that runs across the page, with its grid and its figures below.

use super::canvas::{Canvas, Spot, Stroke};
use super::number_format::Ticks;
use super::theme::{GREY, RULE, TICK};
use super::{ChartError, text_layout};

/// Height of the figures below the axis.
pub const FIGURE_ROOM: f64 = 28.0;

pub struct Across {
    pub left: f64,
    pub right: f64,
    pub ticks: Ticks,
}

impl Across {
    /// An axis that holds `low` to `high` in as many steps as its figures have room for.
    pub fn covering((left, right): Spot, (low, high): Spot) -> Self {
        Self { left, right, ticks: Ticks::covering(low, high, ((right - left) / 110.0).clamp(2.0, 8.0)) }
    }

    pub fn x(&self, value: f64) -> f64 {
        let share = (value - self.ticks.low) / (self.ticks.high - self.ticks.low);
        self.left + share * (self.right - self.left)
    }

    /// Grid and figures; of figures that would touch only the first stands.
    pub fn draw_grid(&self, canvas: &Canvas, (top, bottom): Spot) -> Result<(), ChartError> {
        let mut free = f64::NEG_INFINITY;
        for (value, label) in self.ticks.values().into_iter().zip(self.ticks.labels()) {
            let (x, half) = (self.x(value), text_layout::width(&label, TICK) / 2.0);
            canvas.line(&[(x, top), (x, bottom)], Stroke::new(RULE, 1.0))?;
            if x - half > free {
                canvas.text(&label, (x, bottom + 20.0), TICK.centred())?;
                free = x + half + 6.0;
            }
        }
        Ok(())
    }

    /// The line that amounts are counted from; none where the axis does not reach zero.
    pub fn draw_zero(&self, canvas: &Canvas, (top, bottom): Spot) -> Result<(), ChartError> {
        if self.ticks.low > 0.0 || self.ticks.high < 0.0 {
            return Ok(());
        }
        canvas.line(&[(self.x(0.0), top), (self.x(0.0), bottom)], Stroke::new(GREY, 1.2))
    }
}
