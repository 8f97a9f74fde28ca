//! A measure over time against what is required of it: history solid, projections dashed, targets
//! marked.

use super::canvas::{Canvas, Spot, Stroke};
use super::clearing::{self, Clearing};
use super::ending::{self, Ending, Key};
use super::number::{self, Ticks};
use super::page::Page;
use super::plot::{Plot, YEAR_ROOM, Years};
use super::theme::{FAINT, Hue, INK, LABEL, PAPER, TARGET, TICK, VALUE};
use super::{ChartError, Frame, Svg, check_finite, check_years, lettering};
use plotters::style::{Color, RGBColor};

const PLOT_HEIGHT: f64 = 360.0;
const NOTE_ROOM: f64 = 230.0;

#[derive(Debug, Clone, Default)]
pub struct TrajectoryTable {
    pub frame: Frame,
    pub lines: Vec<Line>,
    pub targets: Vec<Target>,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub label: String,
    pub kind: LineKind,
    pub points: Vec<YearLevel>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// What was measured or compiled: solid, with a dot a year.
    History,
    /// A scenario: dashed, in a colour of its own.
    Projection(Hue),
    /// The way from the base year to a target: dashed in the colour of targets.
    Required,
}

/// A level in the unit of the axis title.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearLevel {
    pub year: i32,
    pub level: f64,
}

#[derive(Debug, Clone)]
pub struct Target {
    pub year: i32,
    /// `None` when the superior has not given a number yet: then the note stands alone, and no line
    /// pretends one.
    pub level: Option<f64>,
    /// What a cut is counted from; draws the bracket of the cut.
    pub base: Option<YearLevel>,
    /// 较2020年下降18%.
    pub note: String,
}

struct Trajectory<'a> {
    table: &'a TrajectoryTable,
    plot: Plot,
    years: Years,
}

/// Draws lines and targets over the years that they span.
pub fn trajectory(table: &TrajectoryTable) -> Result<Svg, ChartError> {
    check(table)?;
    let (years, levels) = spans(table).ok_or(ChartError::Empty { chart: table.frame.title.clone() })?;
    let labels: Vec<String> = table.lines.iter().filter_map(|line| ending_text(line, years.1)).collect();
    let right_room = ending::room(labels.iter().map(String::as_str)) + 20.0;
    let page = Page::new(&table.frame, PLOT_HEIGHT.max(labels.len() as f64 * 30.0) + YEAR_ROOM, &[]);
    let plot = Plot::new((page.body_top(), page.body_bottom() - YEAR_ROOM), right_room, axis(levels));
    let years = Years { first: years.0, last: years.1, left: plot.left + 16.0, right: plot.right - 8.0 };
    let trajectory = Trajectory { table, plot, years };
    page.draw(|canvas| trajectory.draw(canvas))
}

fn check(table: &TrajectoryTable) -> Result<(), ChartError> {
    for line in &table.lines {
        check_years(&line.points.iter().map(|point| point.year).collect::<Vec<_>>())?;
        line.points
            .iter()
            .try_for_each(|point| check_finite(point.level, || format!("{} {}", line.label, point.year)))?;
    }
    table.targets.iter().try_for_each(|target| {
        let years = target.base.iter().map(|base| base.year).chain([target.year]);
        years.into_iter().try_for_each(|year| check_years(&[year]))?;
        let levels = target.level.into_iter().chain(target.base.map(|base| base.level));
        levels.into_iter().try_for_each(|level| check_finite(level, || format!("{} {}", target.note, target.year)))
    })
}

/// First and last year, lowest and highest level of all there is to show; nothing when there is no
/// level at all.
fn spans(table: &TrajectoryTable) -> Option<((i32, i32), Spot)> {
    let points = || table.lines.iter().flat_map(|line| &line.points).copied();
    let targets =
        || table.targets.iter().filter_map(|target| target.level.map(|level| YearLevel { year: target.year, level }));
    let bases = || table.targets.iter().filter_map(|target| target.base.filter(|_| target.level.is_some()));
    let all = || points().chain(targets()).chain(bases());
    let years = || all().map(|point| point.year).chain(table.targets.iter().map(|target| target.year));
    let levels = all()
        .map(|point| point.level)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), level| (low.min(level), high.max(level)));
    if levels.0 > levels.1 { None } else { Some(((years().min()?, years().max()?), levels)) }
}

/// The axis begins at zero unless the changes would then fill less than two fifths of it.
fn axis((low, high): Spot) -> Ticks {
    let reach = high - low;
    let top = high + reach * 0.08;
    if low < 0.0 || low < 0.6 * high || reach <= high.abs() * 1e-9 {
        return Ticks::covering(low.min(0.0), top.max(0.0), 5.0);
    }
    Ticks::covering((low - 0.35 * reach).max(0.0), top, 5.0)
}

/// Label and value of a line that runs to the last year; one that ends before is labelled where it
/// runs.
fn ending_text(line: &Line, last_year: i32) -> Option<String> {
    let last = line.points.last().filter(|last| last.year == last_year)?;
    Some(format!("{} {}", line.label, number::alone(last.level)))
}

impl LineKind {
    fn colour(self) -> RGBColor {
        match self {
            Self::History => INK,
            Self::Projection(hue) => hue.colour(),
            Self::Required => TARGET,
        }
    }
}

impl Trajectory<'_> {
    fn spot(&self, point: YearLevel) -> Spot {
        (self.years.x(point.year), self.plot.y(point.level))
    }

    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        self.plot.draw_grid(canvas)?;
        self.plot.draw_base(canvas)?;
        self.years.draw(canvas, self.plot.bottom)?;
        self.table.targets.iter().try_for_each(|target| self.draw_bracket(canvas, target))?;
        self.table.lines.iter().try_for_each(|line| self.draw_line(canvas, line))?;
        self.table.targets.iter().try_for_each(|target| self.draw_target(canvas, target))?;
        self.draw_endings(canvas)?;
        let mut clearing = self.clearing();
        self.table.lines.iter().try_for_each(|line| self.draw_values(canvas, line, &mut clearing))?;
        self.table.lines.iter().try_for_each(|line| self.draw_name(canvas, line, &mut clearing))
    }

    fn spots(&self, line: &Line) -> Vec<Spot> {
        line.points.iter().map(|point| self.spot(*point)).collect()
    }

    /// All lines of the plot, for texts to keep clear of.
    fn clearing(&self) -> Clearing {
        let mut clearing =
            Clearing::within((self.plot.left, self.plot.top - 16.0), (self.plot.right, self.plot.bottom));
        self.table.lines.iter().for_each(|line| clearing.take_line(&self.spots(line)));
        for target in &self.table.targets {
            let x = self.years.x(target.year);
            match (target.level, target.base) {
                (Some(_), Some(base)) => clearing.take_line(&[self.spot(base), (x, self.plot.y(base.level))]),
                (None, _) => clearing.take_line(&[(x, self.plot.top), (x, self.plot.bottom)]),
                _ => {}
            }
        }
        clearing
    }

    fn draw_line(&self, canvas: &Canvas, line: &Line) -> Result<(), ChartError> {
        let (spots, colour) = (self.spots(line), line.kind.colour());
        match line.kind {
            LineKind::History => {
                canvas.line(&spots, Stroke::new(colour, 2.6))?;
                spots.iter().try_for_each(|spot| {
                    canvas.dot(*spot, 4.6, &PAPER)?;
                    canvas.dot(*spot, 3.6, &colour)
                })
            }
            LineKind::Projection(_) => canvas.dashes(&spots, Stroke::new(colour, 2.6), (8.0, 4.0)),
            LineKind::Required => canvas.dashes(&spots, Stroke::new(colour, 1.8), (3.0, 3.0)),
        }
    }

    /// First and last value of the history.
    fn draw_values(&self, canvas: &Canvas, line: &Line, clearing: &mut Clearing) -> Result<(), ChartError> {
        let (Some(first), Some(last)) = (line.points.first(), line.points.last()) else {
            return Ok(());
        };
        if line.kind != LineKind::History {
            return Ok(());
        }
        let ends_early = ending_text(line, self.years.last).is_none();
        let shows_last = ends_early && self.years.x(last.year) - self.years.x(first.year) > 60.0;
        for point in [Some(first), Some(last).filter(|_| shows_last)].into_iter().flatten() {
            let text = number::alone(point.level);
            let wishes = clearing::around(self.spot(*point), lettering::width(&text, VALUE), VALUE);
            if let Some(baseline) = clearing.put(&text, VALUE, wishes) {
                canvas.text(&text, baseline, VALUE)?;
            }
        }
        Ok(())
    }

    /// The name of a line that ends before the last year, beside it where there is room.
    fn draw_name(&self, canvas: &Canvas, line: &Line, clearing: &mut Clearing) -> Result<(), ChartError> {
        let spots = self.spots(line);
        let (Some(first), None) = (spots.first(), ending_text(line, self.years.last)) else {
            return Ok(());
        };
        let style = LABEL.bold().coloured(line.kind.colour());
        let width = lettering::width(&line.label, style);
        let wishes = clearing::along(&spots, width, style).into_iter().chain(clearing::around(*first, width, style));
        clearing.put(&line.label, style, wishes).map_or(Ok(()), |baseline| canvas.text(&line.label, baseline, style))
    }

    /// The cut: level of the base carried to the target's year, and an arrow down to what is
    /// required.
    fn draw_bracket(&self, canvas: &Canvas, target: &Target) -> Result<(), ChartError> {
        let (Some(level), Some(base)) = (target.level, target.base) else {
            return Ok(());
        };
        let from = self.spot(base);
        let (x, y) = self.spot(YearLevel { year: target.year, level });
        canvas.dashes(&[from, (x, from.1)], Stroke::new(FAINT, 1.0), (2.0, 3.0))?;
        let towards = (y - from.1).signum();
        let tip = y - towards * 9.0;
        canvas.line(&[(x, from.1), (x, tip - towards * 5.0)], Stroke::new(TARGET, 1.4))?;
        if (y - from.1).abs() > 24.0 {
            canvas.polygon(&[(x - 4.5, tip - towards * 8.0), (x + 4.5, tip - towards * 8.0), (x, tip)], &TARGET)?;
        }
        Ok(())
    }

    fn draw_target(&self, canvas: &Canvas, target: &Target) -> Result<(), ChartError> {
        let Some(level) = target.level else {
            return self.draw_open_target(canvas, target);
        };
        let (x, y) = self.spot(YearLevel { year: target.year, level });
        canvas.diamond((x, y), 8.5, &PAPER)?;
        canvas.diamond((x, y), 7.0, &TARGET)?;
        let style = LABEL.coloured(TARGET).bold().flush_right();
        let lines = lettering::wrap_evenly(&target.note, style, NOTE_ROOM, 3);
        let width = lettering::widest(lines.iter().map(String::as_str), style);
        let height = lines.len() as f64 * LABEL.leading();
        let upper = target.base.map_or(y, |base| self.plot.y(base.level)).min(y);
        let top = (upper - height - 6.0).max(self.plot.top);
        let right = (x + 7.0).max(self.plot.left + width + 6.0);
        canvas.rectangle((right - width - 3.0, top), (right + 3.0, top + height), &PAPER.mix(0.85))?;
        canvas.lines(&lines, (right, top + LABEL.size), style)
    }

    /// A target without a number: its year and its words, and nothing that could be read as a
    /// level.
    fn draw_open_target(&self, canvas: &Canvas, target: &Target) -> Result<(), ChartError> {
        let x = self.years.x(target.year);
        canvas.dashes(&[(x, self.plot.top), (x, self.plot.bottom)], Stroke::new(TARGET, 1.2), (5.0, 4.0))?;
        let lines = lettering::wrap_evenly(&target.note, TICK, NOTE_ROOM, 5);
        let width = lettering::widest(lines.iter().map(String::as_str), TICK) + 14.0;
        let height = lines.len() as f64 * TICK.leading() + 8.0;
        let left = if x - width - 8.0 > self.plot.left { x - width - 8.0 } else { x + 8.0 };
        canvas.rectangle((left, self.plot.top), (left + width, self.plot.top + height), &PAPER)?;
        canvas.rectangle((left, self.plot.top), (left + 3.0, self.plot.top + height), &TARGET)?;
        canvas.lines(&lines, (left + 10.0, self.plot.top + TICK.size + 4.0), TICK.coloured(TARGET))
    }

    fn draw_endings(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let ending = |line: &Line| {
            let key = match line.kind {
                LineKind::History => Key::Solid,
                LineKind::Projection(_) => Key::Dashed,
                LineKind::Required => Key::Dotted,
            };
            let text = ending_text(line, self.years.last)?;
            Some(Ending::new(&text, key, line.kind.colour(), self.plot.y(line.points.last()?.level)))
        };
        let endings = self.table.lines.iter().filter_map(ending).collect();
        ending::draw(canvas, self.plot.right + 14.0, (self.plot.top - 8.0, self.plot.bottom + 8.0), endings)
    }
}
