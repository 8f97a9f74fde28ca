//! The page: words above and below, room for the body between them.

use super::canvas::{self, Canvas, Stroke};
use super::theme::{AXIS_TITLE, CAPTION, MARGIN, RULE, SUBTITLE, TITLE, Type, WIDTH};
use super::{ChartError, ChartTitles, Svg, text_layout};

pub struct ChartPage<'a> {
    frame: &'a ChartTitles,
    title: Vec<String>,
    subtitle: Vec<String>,
    axis: Vec<String>,
    notes: Vec<String>,
    caption: Vec<String>,
    body_height: f64,
}

impl<'a> ChartPage<'a> {
    /// Lays out the words around a body of the given height; `notes` stand between the body and the
    /// caption.
    pub fn new(frame: &'a ChartTitles, body_height: f64, notes: &[String]) -> Self {
        let room = WIDTH - 2.0 * MARGIN;
        Self {
            frame,
            title: text_layout::wrap_title(&frame.title, TITLE, room),
            subtitle: text_layout::wrap_evenly(&frame.subtitle, SUBTITLE, room, 4),
            axis: text_layout::wrap(&frame.axis, AXIS_TITLE, room, 2),
            notes: notes.iter().flat_map(|note| text_layout::wrap_evenly(note, CAPTION, room, 5)).collect(),
            caption: text_layout::wrap(&frame.caption, CAPTION, room, 6),
            body_height,
        }
    }

    pub fn body_top(&self) -> f64 {
        let words =
            block(&self.title, TITLE, 0.0) + block(&self.subtitle, SUBTITLE, 4.0) + block(&self.axis, AXIS_TITLE, 14.0);
        MARGIN + words + 14.0
    }

    pub fn body_bottom(&self) -> f64 {
        self.body_top() + self.body_height
    }

    fn height(&self) -> f64 {
        let words = block(&self.notes, CAPTION, 10.0) + block(&self.caption, CAPTION, 18.0);
        (self.body_bottom() + words + 20.0).ceil()
    }

    /// Draws the words and then the body.
    pub fn draw<Body>(&self, body: Body) -> Result<Svg, ChartError>
    where
        Body: FnOnce(&Canvas) -> Result<(), ChartError>,
    {
        canvas::draw(self.height(), self.frame, |canvas| {
            self.draw_words(canvas)?;
            body(canvas)
        })
    }

    fn draw_words(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let mut top = MARGIN;
        for (lines, style, gap) in
            [(&self.title, TITLE, 0.0), (&self.subtitle, SUBTITLE, 4.0), (&self.axis, AXIS_TITLE, 14.0)]
        {
            canvas.lines(lines, (MARGIN, top + gap + style.size), style)?;
            top += block(lines, style, gap);
        }
        let mut top = self.body_bottom();
        canvas.lines(&self.notes, (MARGIN, top + 10.0 + CAPTION.size), CAPTION)?;
        top += block(&self.notes, CAPTION, 10.0);
        if !self.caption.is_empty() {
            canvas.line(&[(MARGIN, top + 12.0), (WIDTH - MARGIN, top + 12.0)], Stroke::new(RULE, 1.0))?;
        }
        canvas.lines(&self.caption, (MARGIN, top + 18.0 + CAPTION.size), CAPTION)
    }
}

/// Whether a title stays within the two lines that a page has for it.
pub fn fits_title(title: &str) -> bool {
    text_layout::wrap(title, TITLE, WIDTH - 2.0 * MARGIN, usize::MAX).len() <= text_layout::TITLE_LINES
}

/// Height of a block of lines with the gap above it; nothing for no lines.
fn block(lines: &[String], style: Type, gap: f64) -> f64 {
    if lines.is_empty() { 0.0 } else { gap + lines.len() as f64 * style.leading() }
}
