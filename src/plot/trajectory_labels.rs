//! The words within a trajectory's plot: peaks, targets, first and last value of history, names of lines that end early. Each takes
//! the place where it covers least.

use super::canvas::{Canvas, Spot};
use super::label_placement::{self, Clearing};
use super::theme::{LABEL, PAPER, TARGET, Type, VALUE, darkened};
use super::trajectory::{TargetMark, Trajectory, TrajectoryLine, YearLevel, ending_text};
use super::{ChartError, number_format, text_layout};
use plotters::style::Color;

/// Width of a target's words.
const NOTE_ROOM: f64 = 140.0;

impl Trajectory<'_> {
    pub(super) fn draw_words(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let mut clearing = self.clearing();
        let (lines, targets) = (&self.table.lines, &self.table.targets);
        lines.iter().try_for_each(|line| self.draw_peak(canvas, line, &mut clearing))?;
        targets.iter().try_for_each(|target| self.draw_note(canvas, target, &mut clearing))?;
        lines.iter().try_for_each(|line| self.draw_values(canvas, line, &mut clearing))?;
        lines.iter().try_for_each(|line| self.draw_name(canvas, line, &mut clearing))
    }

    /// All that is drawn in the plot, for texts to keep clear of.
    fn clearing(&self) -> Clearing {
        let mut clearing =
            Clearing::within((self.plot.left, self.plot.top - 4.0), (self.plot.right, self.plot.bottom - 2.0));
        for line in &self.table.lines {
            let spots = self.spots(line);
            clearing.take_line(&spots);
            spots.iter().filter(|_| line.kind.is_history()).for_each(|spot| clearing.take_dot(*spot, 4.0));
            self.summit(line).into_iter().for_each(|spot| clearing.take_dot(spot, 6.0));
        }
        for target in &self.table.targets {
            let x = self.years.x(target.year);
            match (target.level, target.base) {
                (Some(level), base) => {
                    clearing.take_dot((x, self.plot.y(level)), 7.0);
                    if let Some(base) = base {
                        clearing.take_line(&[self.spot(base), (x, self.plot.y(base.level)), (x, self.plot.y(level))]);
                    }
                }
                (None, _) => clearing.take_line(&[(x, self.plot.top), (x, self.plot.bottom)]),
            }
        }
        clearing
    }

    fn put_around(
        &self,
        canvas: &Canvas,
        (lines, style): (&[String], Type),
        spot: Spot,
        clearing: &mut Clearing,
    ) -> Result<(), ChartError> {
        let width = text_layout::widest(lines.iter().map(String::as_str), style);
        let wishes = label_placement::around(spot, (width, lines.len()), style);
        let Some((left, baseline)) = clearing.put(lines, style, wishes) else { return Ok(()) };
        // Where it has to stand on an upright or a grid line, the words stay readable.
        let bottom = baseline + (lines.len() as f64 - 1.0) * style.leading() + 2.0;
        canvas.rectangle((left - 1.0, baseline - style.size * 0.8), (left + width + 1.0, bottom), &PAPER.mix(0.75))?;
        canvas.lines(lines, (left, baseline), style)
    }

    fn draw_peak(&self, canvas: &Canvas, line: &TrajectoryLine, clearing: &mut Clearing) -> Result<(), ChartError> {
        let (Some(spot), Some(summit)) = (self.summit(line), &line.summit) else { return Ok(()) };
        if summit.label.is_empty() {
            return Ok(());
        }
        let style = VALUE.coloured(darkened(line.kind.colour()));
        self.put_around(canvas, (std::slice::from_ref(&summit.label), style), (spot.0, spot.1 - 2.0), clearing)
    }

    fn draw_note(&self, canvas: &Canvas, target: &TargetMark, clearing: &mut Clearing) -> Result<(), ChartError> {
        let Some(level) = target.level else { return Ok(()) };
        let style = LABEL.coloured(TARGET).bold();
        let lines = text_layout::wrap_evenly(&target.note, style, NOTE_ROOM, 3);
        let spot = self.spot(YearLevel { year: target.year, level });
        self.put_around(canvas, (&lines, style), (spot.0, spot.1 - 2.0), clearing)
    }

    /// First and last value of the history.
    fn draw_values(&self, canvas: &Canvas, line: &TrajectoryLine, clearing: &mut Clearing) -> Result<(), ChartError> {
        let (Some(first), Some(last)) = (line.points.first(), line.points.last()) else {
            return Ok(());
        };
        if !line.kind.is_history() {
            return Ok(());
        }
        let ends_early = ending_text(line, self.years.last).is_none();
        let is_peak = |year: i32| line.summit.as_ref().is_some_and(|summit| summit.year == year);
        let shows_last = ends_early && self.years.x(last.year) - self.years.x(first.year) > 30.0 && !is_peak(last.year);
        let shown = [Some(first).filter(|first| !is_peak(first.year)), Some(last).filter(|_| shows_last)];
        for point in shown.into_iter().flatten() {
            let text = number_format::alone(point.level);
            self.put_around(canvas, (&[text], VALUE), self.spot(*point), clearing)?;
        }
        Ok(())
    }

    /// The name of a line that ends before the last year, beside it where there is room.
    fn draw_name(&self, canvas: &Canvas, line: &TrajectoryLine, clearing: &mut Clearing) -> Result<(), ChartError> {
        let spots = self.spots(line);
        let (Some(first), None) = (spots.first(), ending_text(line, self.years.last)) else {
            return Ok(());
        };
        if line.label.is_empty() {
            return Ok(());
        }
        let style = LABEL.bold().coloured(darkened(line.kind.colour()));
        let width = text_layout::width(&line.label, style);
        let wishes = label_placement::along(&spots, width, style).into_iter().chain(label_placement::around(
            *first,
            (width, 1),
            style,
        ));
        let name = [line.label.clone()];
        clearing.put(&name, style, wishes).map_or(Ok(()), |baseline| canvas.text(&line.label, baseline, style))
    }
}
