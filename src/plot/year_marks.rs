//! Years with a meaning: an upright through the plot, its words above it. And the line between history and projection.

use super::axes::{Plot, Years};
use super::canvas::{Canvas, Spot, Stroke};
use super::theme::{CAPTION, FAINT, GREY, MARGIN, WIDTH};
use super::{ChartError, end_labels, text_layout};
use plotters::style::RGBColor;

/// Words above the plot wrap at this width.
const WORDS: f64 = 190.0;
/// From the words down to the plot.
const GAP: f64 = 7.0;

#[derive(Debug, Clone)]
pub struct Mark {
    pub year: i32,
    pub label: String,
}

/// Where history ends and projection begins, in words.
#[derive(Debug, Clone)]
pub struct Eras {
    /// The last year of history.
    pub anchor: i32,
    pub history: String,
    pub projection: String,
}

/// What stands above a plot, row upon row.
pub struct Heads<'a> {
    marks: Vec<(&'a Mark, Vec<String>)>,
    eras: Option<&'a Eras>,
    colour: RGBColor,
}

impl<'a> Heads<'a> {
    /// The marks of the years between first and last, and the eras where both have years.
    pub fn new(marks: &'a [Mark], eras: Option<&'a Eras>, (first, last): (i32, i32), colour: RGBColor) -> Self {
        let mut shown: Vec<&Mark> = marks.iter().filter(|mark| (first..=last).contains(&mark.year)).collect();
        shown.sort_by_key(|mark| mark.year);
        let wrapped = |mark: &'a Mark| (mark, text_layout::wrap_evenly(&mark.label, CAPTION, WORDS, 3));
        let eras = eras.filter(|eras| (first..last).contains(&eras.anchor));
        Self { marks: shown.into_iter().map(wrapped).collect(), eras, colour }
    }

    fn rows(&self) -> usize {
        self.marks.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0)
    }

    /// Room above the plot.
    pub fn room(&self) -> f64 {
        let rows = self.rows() + usize::from(self.eras.is_some());
        if rows == 0 { 0.0 } else { rows as f64 * CAPTION.leading() + GAP }
    }

    pub fn draw(&self, canvas: &Canvas, plot: &Plot, years: &Years) -> Result<(), ChartError> {
        self.draw_eras(canvas, plot, years)?;
        let width = |lines: &[String]| text_layout::widest(lines.iter().map(String::as_str), CAPTION);
        let wishes: Vec<Spot> =
            self.marks.iter().map(|(mark, lines)| (years.x(mark.year), width(lines) + 12.0)).collect();
        let centres = end_labels::apart(&wishes, (plot.left - 10.0, WIDTH - MARGIN));
        for (((_, lines), (x, _)), centre) in self.marks.iter().zip(wishes).zip(centres) {
            canvas.dashes(&[(x, plot.top - 4.0), (x, plot.bottom)], Stroke::new(self.colour, 1.3), (5.0, 4.0))?;
            let first = plot.top - GAP - (lines.len() as f64 - 1.0) * CAPTION.leading();
            canvas.lines(lines, (centre, first), CAPTION.coloured(self.colour).centred())?;
        }
        Ok(())
    }

    /// The upright at the end of history, the words on both sides above all marks.
    fn draw_eras(&self, canvas: &Canvas, plot: &Plot, years: &Years) -> Result<(), ChartError> {
        let Some(eras) = self.eras else { return Ok(()) };
        let baseline = plot.top - GAP - self.rows() as f64 * CAPTION.leading();
        let x = years.x(eras.anchor);
        canvas.line(&[(x, baseline - CAPTION.size * 0.8), (x, plot.bottom)], Stroke::new(FAINT, 1.0))?;
        if x - 6.0 - text_layout::width(&eras.history, CAPTION) >= MARGIN {
            canvas.text(&eras.history, (x - 6.0, baseline), CAPTION.coloured(GREY).flush_right())?;
        }
        canvas.text(&eras.projection, (x + 6.0, baseline), CAPTION.coloured(GREY))
    }
}
