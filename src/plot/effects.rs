//! What moved a total: effects that raise it piled up, effects that lower it piled down, and the net change as a diamond.

use super::axes::Plot;
use super::canvas::{Canvas, Stroke};
use super::end_labels::{self, EndLabel, LineSample, draw_net_sign};
use super::number_format::Ticks;
use super::page_layout::ChartPage;
use super::theme::{CAPTION, FAINT, Hue, INK, INSIDE, PAPER, TICK, VALUE, readable_on};
use super::{ChartError, ChartTitles, Drawable, Plain, Svg, check_finite, number_format, text_layout};

const PLOT_HEIGHT: f64 = 400.0;
const NET_SIGN: f64 = 13.0;

#[derive(Debug, Clone, Default)]
pub struct EffectsTable {
    pub frame: ChartTitles,
    pub columns: Vec<EffectColumn>,
    pub effects: Vec<EffectBar>,
    /// What the net change is called.
    pub net: String,
}

#[derive(Debug, Clone, Default)]
pub struct EffectColumn {
    pub label: String,
    /// A second line: history or projection.
    pub note: String,
}

#[derive(Debug, Clone)]
pub struct EffectBar {
    pub label: String,
    pub hue: Hue,
    /// One a column.
    pub amounts: Vec<f64>,
}

struct Bars<'a> {
    table: &'a EffectsTable,
    plot: Plot,
    decimals: usize,
}

/// Draws the effects.
///
/// # Errors
/// A table without columns or effects; amounts that no axis can show.
pub fn effects(table: &EffectsTable) -> Result<Svg, ChartError> {
    check(table)?;
    let reach = |sign: f64| (0..table.columns.len()).map(|column| pile(table, column, sign)).fold(0.0, f64::max);
    let (high, low) = (reach(1.0), -reach(-1.0));
    let air = (high - low) * 0.09;
    let ticks = Ticks::covering(low - air, high + air, 6.0);
    let labels = table.effects.iter().map(|effect| effect.label.as_str()).chain([table.net.as_str()]);
    let right_room = end_labels::room(labels) + 14.0;
    let bare = Plot::new((0.0, PLOT_HEIGHT), right_room, ticks);
    let below = 18.0 + lines_below(table, &bare) as f64 * TICK.leading();
    let page = ChartPage::new(&table.frame, PLOT_HEIGHT + below, &[]);
    let plot = Plot { top: page.body_top(), bottom: page.body_top() + PLOT_HEIGHT, ..bare };
    let sizes = table.effects.iter().flat_map(|effect| &effect.amounts).map(|amount| amount.abs());
    let decimals = number_format::decimals_for(sizes.fold(0.0, f64::max));
    page.draw(|canvas| Bars { table, plot, decimals }.draw(canvas))
}

fn check(table: &EffectsTable) -> Result<(), ChartError> {
    for effect in &table.effects {
        let (expected, found) = (table.columns.len(), effect.amounts.len());
        if expected != found {
            return Err(ChartError::Length { place: effect.label.clone(), expected, found });
        }
        effect.amounts.iter().try_for_each(|amount| check_finite(*amount, || effect.label.clone()))?;
    }
    let moves = table.effects.iter().flat_map(|effect| &effect.amounts).any(|amount| *amount != 0.0);
    if moves { Ok(()) } else { Err(ChartError::Empty { chart: table.frame.title.clone() }) }
}

/// How far the effects of one sign reach together.
fn pile(table: &EffectsTable, column: usize, sign: f64) -> f64 {
    table.effects.iter().map(|effect| (effect.amounts[column] * sign).max(0.0)).sum()
}

fn slot(table: &EffectsTable, plot: &Plot) -> f64 {
    plot.width() / table.columns.len() as f64
}

/// A label as lines that its slot holds: broken after the dash of a period.
fn label_lines(label: &str, room: f64) -> Vec<String> {
    match label.split_once('–') {
        Some((from, to)) if text_layout::width(label, TICK) > room => vec![format!("{from}–"), to.to_string()],
        _ => text_layout::wrap(label, TICK, room, 3),
    }
}

fn lines_below(table: &EffectsTable, plot: &Plot) -> usize {
    let room = slot(table, plot) - 6.0;
    let lines = |column: &EffectColumn| label_lines(&column.label, room).len() + usize::from(!column.note.is_empty());
    table.columns.iter().map(lines).max().unwrap_or(1)
}

impl Bars<'_> {
    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        self.plot.draw_grid(canvas)?;
        let mut middles = Vec::new();
        for column in 0..self.table.columns.len() {
            middles = self.draw_column(canvas, column)?;
        }
        self.plot.draw_base(canvas)?;
        let mut net = self.plot.bottom;
        for column in 0..self.table.columns.len() {
            net = self.draw_net(canvas, column)?;
        }
        let mut endings: Vec<EndLabel> = self
            .table
            .effects
            .iter()
            .zip(middles)
            .map(|(effect, middle)| EndLabel::new(&effect.label, LineSample::Swatch, effect.hue.colour(), middle))
            .collect();
        endings.push(EndLabel::new(&self.table.net, LineSample::Net, INK, net));
        end_labels::draw(canvas, self.plot.right + 14.0, (self.plot.top - 8.0, self.plot.bottom + 8.0), endings)
    }

    fn centre(&self, column: usize) -> f64 {
        self.plot.left + slot(self.table, &self.plot) * (column as f64 + 0.5) - NET_SIGN / 2.0
    }

    fn half_width(&self) -> f64 {
        ((slot(self.table, &self.plot) - NET_SIGN) * 0.72).clamp(10.0, 96.0) / 2.0
    }

    /// Gives back the middle of each effect's part.
    fn draw_column(&self, canvas: &Canvas, column: usize) -> Result<Vec<f64>, ChartError> {
        let (centre, half) = (self.centre(column), self.half_width());
        let (mut above, mut below) = (0.0, 0.0);
        let mut middles = Vec::new();
        for effect in &self.table.effects {
            let amount = effect.amounts[column];
            let level = if amount > 0.0 { &mut above } else { &mut below };
            let (from, to) = (self.plot.y(*level), self.plot.y(*level + amount));
            *level += amount;
            let (upper, lower) = (from.min(to), from.max(to));
            middles.push((upper + lower) / 2.0);
            let fill = effect.hue.colour();
            canvas.rectangle((centre - half, upper), (centre + half, lower), &fill)?;
            canvas.line(&[(centre - half, to), (centre + half, to)], Stroke::new(PAPER, 0.8))?;
            let text = number_format::amount(amount, self.decimals);
            if lower - upper >= 17.0 && text_layout::width(&text, INSIDE) < 2.0 * half - 4.0 {
                let style = INSIDE.coloured(readable_on(fill)).centred();
                canvas.text(&text, (centre, (upper + lower) / 2.0 + INSIDE.drop()), style)?;
            }
        }
        self.draw_label(canvas, column)?;
        Ok(middles)
    }

    fn draw_label(&self, canvas: &Canvas, column: usize) -> Result<(), ChartError> {
        let slot = slot(self.table, &self.plot);
        let middle = self.plot.left + slot * (column as f64 + 0.5);
        let lines = label_lines(&self.table.columns[column].label, slot - 6.0);
        let baseline = self.plot.bottom + 20.0;
        canvas.lines(&lines, (middle, baseline), TICK.coloured(INK).centred())?;
        let note = text_layout::wrap(&self.table.columns[column].note, CAPTION, slot - 4.0, 1);
        canvas.lines(&note, (middle, baseline + lines.len() as f64 * TICK.leading()), CAPTION.centred())
    }

    /// The sign of the net change beside the column, its value outside the pile that it belongs to. Gives back its height.
    fn draw_net(&self, canvas: &Canvas, column: usize) -> Result<f64, ChartError> {
        let (centre, half) = (self.centre(column), self.half_width());
        let net: f64 = self.table.effects.iter().map(|effect| effect.amounts[column]).sum();
        let y = self.plot.y(net);
        let x = centre + half + NET_SIGN - 2.0;
        canvas.line(&[(centre + half + 1.0, y), (x, y)], Stroke::new(FAINT, 1.0))?;
        draw_net_sign(canvas, (x, y))?;
        let text = number_format::amount(net, self.decimals);
        let signed = if net > 0.0 { format!("+{text}") } else { text };
        let edge =
            self.plot.y(if net >= 0.0 { pile(self.table, column, 1.0) } else { -pile(self.table, column, -1.0) });
        let baseline = if net >= 0.0 { edge - 7.0 } else { edge + 7.0 + VALUE.size * 0.72 };
        canvas.text(&signed, (centre, baseline), VALUE.centred())?;
        Ok(y)
    }
}

impl Drawable for EffectsTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        effects(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["column", "note", "effect", "value"]);
        for (place, column) in self.columns.iter().enumerate() {
            for effect in &self.effects {
                plain.push(&[&column.label, &column.note, &effect.label, &effect.amounts[place]]);
            }
            let net: f64 = self.effects.iter().map(|effect| effect.amounts[place]).sum();
            plain.push(&[&column.label, &column.note, &self.net, &net]);
        }
        plain
    }
}
