//! The drawing surface: page units in, plotters' elements at eight times the size, a tidy SVG out.

use super::text_layout::{self, FAMILY};
use super::theme::{self, PAPER, Type};
use super::{ChartError, ChartTitles, Svg};
use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{Pos, VPos};
use std::fmt::Write;

/// plotters rounds every coordinate to a whole pixel; at eight to a page unit the steps are finer
/// than print.
const FINE: f64 = 8.0;

/// plotters writes a font size divided by this number, so the sizes passed to it are multiplied by
/// it.
const PLOTTERS_TYPE: f64 = 1.24;

/// Viewers without our font take the first of these that they have.
const FAMILIES: &str =
    "'Qingdan Sans SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif";

/// A place on the page, in page units, from the upper left corner.
pub type Spot = (f64, f64);

#[derive(Clone, Copy)]
pub struct Stroke {
    pub colour: RGBColor,
    /// Width in page units.
    pub width: f64,
}

pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Draws a page of the given height and gives it back as SVG, with the words of the frame for
/// readers who listen.
pub fn draw<Paint>(height: f64, frame: &ChartTitles, paint: Paint) -> Result<Svg, ChartError>
where
    Paint: FnOnce(&Canvas) -> Result<(), ChartError>,
{
    let mut text = String::new();
    {
        let size = (fine(theme::WIDTH) as u32, fine(height) as u32);
        let canvas = Canvas { area: SVGBackend::with_string(&mut text, size).into_drawing_area() };
        canvas.rectangle((0.0, 0.0), (theme::WIDTH, height), &PAPER)?;
        paint(&canvas)?;
        canvas.area.present().map_err(refused)?;
    }
    Ok(Svg { text: tidy(&text, height, frame) })
}

impl Canvas<'_> {
    pub fn rectangle(&self, corner: Spot, opposite: Spot, colour: &impl Color) -> Result<(), ChartError> {
        let corners = [fine_spot(corner), fine_spot(opposite)];
        self.area.draw(&Rectangle::new(corners, colour.filled())).map_err(refused)
    }

    pub fn polygon(&self, corners: &[Spot], colour: &impl Color) -> Result<(), ChartError> {
        let corners: Vec<_> = corners.iter().copied().map(fine_spot).collect();
        self.area.draw(&Polygon::new(corners, colour.filled())).map_err(refused)
    }

    pub fn diamond(&self, (x, y): Spot, half: f64, colour: &impl Color) -> Result<(), ChartError> {
        let corners = [(x, y - half), (x + half, y), (x, y + half), (x - half, y)];
        self.polygon(&corners, colour)
    }

    pub fn line(&self, spots: &[Spot], stroke: Stroke) -> Result<(), ChartError> {
        let spots: Vec<_> = spots.iter().copied().map(fine_spot).collect();
        self.area.draw(&PathElement::new(spots, stroke.style())).map_err(refused)
    }

    /// A broad stroke through which what lies below is seen; `strength` is from 0 to 1.
    pub fn band(&self, spots: &[Spot], stroke: Stroke, strength: f64) -> Result<(), ChartError> {
        let spots: Vec<_> = spots.iter().copied().map(fine_spot).collect();
        let style = stroke.colour.mix(strength).stroke_width(fine(stroke.width) as u32);
        self.area.draw(&PathElement::new(spots, style)).map_err(refused)
    }

    /// `dash` is the length of a dash and of the gap after it, in page units.
    pub fn dashes(&self, spots: &[Spot], stroke: Stroke, dash: Spot) -> Result<(), ChartError> {
        let spots: Vec<_> = spots.iter().copied().map(fine_spot).collect();
        let (dash, gap) = fine_spot(dash);
        let element = DashedPathElement::new(spots, dash, gap, stroke.style());
        self.area.draw(&element).map_err(refused)
    }

    pub fn dot(&self, centre: Spot, radius: f64, colour: &impl Color) -> Result<(), ChartError> {
        self.area.draw(&Circle::new(fine_spot(centre), fine(radius), colour.filled())).map_err(refused)
    }

    /// Writes one line of text; `baseline` is where it stands, at the end that `style` aligns.
    pub fn text(&self, text: &str, baseline: Spot, style: Type) -> Result<(), ChartError> {
        text_layout::register()?;
        let weight = if style.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name(FAMILY), style.size * FINE * PLOTTERS_TYPE, weight);
        let style = font.color(&style.colour).pos(Pos::new(style.align, VPos::Bottom));
        self.area.draw(&Text::new(text_layout::typeset(text), fine_spot(baseline), style)).map_err(refused)
    }

    /// Writes lines one below the other; `baseline` is that of the first.
    pub fn lines(&self, lines: &[String], baseline: Spot, style: Type) -> Result<(), ChartError> {
        lines
            .iter()
            .enumerate()
            .try_for_each(|(row, line)| self.text(line, (baseline.0, baseline.1 + row as f64 * style.leading()), style))
    }

    /// Fills a rectangle with slanted lines: nothing is known here, which is not zero.
    pub fn hatching(&self, corner: Spot, opposite: Spot, stroke: Stroke) -> Result<(), ChartError> {
        let ((left, top), (right, bottom)) = (corner, opposite);
        let height = bottom - top;
        let mut foot = left - height + 4.0;
        while foot < right {
            let (from, to) = (foot.max(left), (foot + height).min(right));
            if to > from {
                self.line(&[(from, bottom - (from - foot)), (to, bottom - (to - foot))], stroke)?;
            }
            foot += 6.0;
        }
        Ok(())
    }
}

impl Stroke {
    pub const fn new(colour: RGBColor, width: f64) -> Self {
        Self { colour, width }
    }

    fn style(self) -> ShapeStyle {
        self.colour.stroke_width(fine(self.width) as u32)
    }
}

fn fine(length: f64) -> i32 {
    (length * FINE).round() as i32
}

fn fine_spot((x, y): Spot) -> (i32, i32) {
    (fine(x), fine(y))
}

fn refused(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing { reason: error.to_string() }
}

/// Rewrites what plotters wrote: the root at page size, each text on one line at its true baseline
/// (the offset of plotters is in `ex`, which viewers resolve differently), and no attribute that
/// repeats the root's or the default.
fn tidy(drawn: &str, height: f64, frame: &ChartTitles) -> String {
    let (width, fine_width, fine_height) = (theme::WIDTH, fine(theme::WIDTH), fine(height));
    let mut svg = String::with_capacity(drawn.len());
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {fine_width} {fine_height}\" font-family=\"{FAMILIES}\" \
         stroke-linejoin=\"round\" role=\"img\">\n\
         <title>{}</title>\n<desc>{}</desc>",
        escaped(&frame.title),
        escaped(&frame.axis),
    );
    let repeats = [" dy=\"-0.5ex\"", " opacity=\"1\"", " text-anchor=\"start\"", " stroke=\"none\""];
    let family = format!(" font-family=\"{FAMILY}\"");
    for line in drawn.lines().skip(1) {
        let line = repeats.iter().fold(line.replace(&family, ""), |line, repeat| line.replace(repeat, ""));
        let opens = line.starts_with("<text");
        let inside = !line.starts_with('<');
        svg.push_str(&if inside { lower_point(&line) } else { line });
        if !opens && !inside {
            svg.push('\n');
        }
    }
    svg
}

/// Unicode has no subscript point, so the one subscript with a point is set smaller and lower.
fn lower_point(text: &str) -> String {
    let mut parts = text.split("PM₂.₅");
    let mut lowered = parts.next().unwrap_or_default().to_string();
    for rest in parts {
        lowered.push_str("PM<tspan font-size=\"66%\" dy=\"0.17em\">2.5</tspan>");
        if !rest.is_empty() {
            let _ = write!(lowered, "<tspan dy=\"-0.1122em\">{rest}</tspan>");
        }
    }
    lowered
}

fn escaped(text: &str) -> String {
    text_layout::typeset(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
