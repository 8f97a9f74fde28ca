//! Labels at the right end of lines and stacks, moved apart where they would overlap.

use super::canvas::{Canvas, Spot, Stroke};
use super::theme::{FAINT, INK, LABEL, PAPER, Type};
use super::{ChartError, text_layout};
use plotters::style::RGBColor;

const KEY_ROOM: f64 = 22.0;
const TEXT_ROOM: f64 = 168.0;
const GAP: f64 = 5.0;

/// The sign before a label, which shows how its line is drawn.
#[derive(Clone, Copy, PartialEq)]
pub enum LineSample {
    Swatch,
    Net,
    /// A bold number in the plot needs no sign beside its name.
    Figure,
    Solid,
    /// With the length of a dash and of the gap after it.
    Dashed(Spot),
    Dotted,
}

pub struct EndLabel {
    pub lines: Vec<String>,
    pub key: LineSample,
    pub colour: RGBColor,
    /// Height on the page where the line or layer ends.
    pub anchor: f64,
    /// From where, left of the label, a thin line leads to it when it had to move.
    pub leader: Option<f64>,
}

impl EndLabel {
    pub fn new(text: &str, key: LineSample, colour: RGBColor, anchor: f64) -> Self {
        let style = style_of(key);
        Self { lines: text_layout::wrap_evenly(text, style, TEXT_ROOM, 4), key, colour, anchor, leader: None }
    }

    pub fn led_from(self, x: f64) -> Self {
        Self { leader: Some(x), ..self }
    }

    fn height(&self) -> f64 {
        self.lines.len().max(1) as f64 * LABEL.leading()
    }
}

fn style_of(key: LineSample) -> Type {
    if matches!(key, LineSample::Net | LineSample::Figure) { LABEL.bold() } else { LABEL }
}

/// Room that the labels of these texts need to the right of a plot.
pub fn room<'a>(texts: impl IntoIterator<Item = &'a str>) -> f64 {
    let widths = texts.into_iter().map(|text| text_layout::width(text, LABEL.bold()).min(TEXT_ROOM));
    KEY_ROOM + widths.fold(0.0, f64::max)
}

/// Height that a column of labels needs when nothing overlaps.
pub fn height(endings: &[EndLabel]) -> f64 {
    endings.iter().map(|ending| ending.height() + GAP).sum()
}

/// Draws the labels from `left`, between two heights, in the order of their anchors.
pub fn draw(canvas: &Canvas, left: f64, bounds: Spot, mut endings: Vec<EndLabel>) -> Result<(), ChartError> {
    endings.sort_by(|one, other| one.anchor.total_cmp(&other.anchor));
    let wishes: Vec<Spot> = endings.iter().map(|ending| (ending.anchor, ending.height() + GAP)).collect();
    for (ending, centre) in endings.iter().zip(apart(&wishes, bounds)) {
        if let Some(x) = ending.leader.filter(|_| (centre - ending.anchor).abs() > 5.0) {
            canvas.line(&[(x, ending.anchor), (left - 3.0, centre)], Stroke::new(FAINT, 0.7))?;
        }
        draw_key(canvas, (left, centre), ending)?;
        let style = style_of(ending.key);
        let first = centre - (ending.lines.len() as f64 - 1.0) / 2.0 * LABEL.leading() + LABEL.drop();
        let indent = if ending.key == LineSample::Figure { 0.0 } else { KEY_ROOM };
        canvas.lines(&ending.lines, (left + indent, first), style)?;
    }
    Ok(())
}

fn draw_key(canvas: &Canvas, (left, y): Spot, ending: &EndLabel) -> Result<(), ChartError> {
    let stroke = Stroke::new(ending.colour, 2.6);
    match ending.key {
        LineSample::Swatch => canvas.rectangle((left, y - 6.5), (left + 14.0, y + 6.5), &ending.colour),
        LineSample::Figure => Ok(()),
        LineSample::Net => draw_net_sign(canvas, (left + 7.0, y)),
        LineSample::Solid => canvas.line(&[(left, y), (left + 16.0, y)], stroke),
        LineSample::Dashed(dash) => canvas.dashes(&[(left, y), (left + 18.0, y)], stroke, dash),
        LineSample::Dotted => {
            canvas.dashes(&[(left, y), (left + 16.0, y)], Stroke::new(ending.colour, 2.0), (3.0, 3.0))
        }
    }
}

/// The diamond of the net total, the same in the plot and beside its label.
pub fn draw_net_sign(canvas: &Canvas, centre: Spot) -> Result<(), ChartError> {
    canvas.diamond(centre, 7.5, &PAPER)?;
    canvas.diamond(centre, 6.0, &INK)
}

/// Centres of labels, each `(wish, extent)`, along an axis of the page, in the given order and
/// without overlap, with the least sum of squared moves: labels that collide are pooled and share
/// their mean (isotonic regression by pool-adjacent-violators).
pub fn apart(wishes: &[Spot], (top, bottom): Spot) -> Vec<f64> {
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(wishes.len());
    let mut pools: Vec<(f64, f64)> = Vec::new();
    for (wish, height) in wishes {
        offsets.push(offset + height / 2.0);
        let mut pool = (wish - (offset + height / 2.0), 1.0);
        while let Some((mean, count)) = pools.pop_if(|(mean, _)| *mean >= pool.0) {
            pool = ((mean * count + pool.0 * pool.1) / (count + pool.1), count + pool.1);
        }
        pools.push(pool);
        offset += height;
    }
    let lowest = (bottom - offset).max(top);
    let means = pools.iter().flat_map(|(mean, count)| std::iter::repeat_n(*mean, *count as usize));
    means.zip(offsets).map(|(mean, offset)| mean.clamp(top, lowest) + offset).collect()
}
