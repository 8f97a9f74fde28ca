//! A measure over time against what is required of it: history solid, projections dashed, targets
//! marked.

use super::axes::{Plot, YEAR_ROOM, Years};
use super::canvas::{Canvas, Spot, Stroke};
use super::end_labels::{self, EndLabel, LineSample};
use super::number_format::{self, Ticks};
use super::page_layout::ChartPage;
use super::theme::{FAINT, GREY, Hue, INK, PAPER, TARGET};
use super::year_marks::{Heads, Mark};
use super::{ChartError, ChartTitles, Svg, check_finite, check_years};
use plotters::style::RGBColor;

const PLOT_HEIGHT: f64 = 360.0;

#[derive(Debug, Clone, Default)]
pub struct TrajectoryTable {
    pub frame: ChartTitles,
    pub lines: Vec<TrajectoryLine>,
    pub targets: Vec<TargetMark>,
    /// What signs mean and what is not shown, below the plot.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct TrajectoryLine {
    pub label: String,
    pub kind: LineKind,
    pub points: Vec<YearLevel>,
    pub summit: Option<PeakMark>,
}

impl TrajectoryLine {
    pub fn new(label: String, kind: LineKind, points: Vec<YearLevel>) -> Self {
        Self { label, kind, points, summit: None }
    }
}

/// The maximum of a line: a dot at its year, and a band over the years that come near it.
#[derive(Debug, Clone)]
pub struct PeakMark {
    pub year: i32,
    /// What stands at the dot, as 2030 年 351; nothing where the line's own label says it.
    pub label: String,
    pub plateau: (i32, i32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// What was measured or compiled: solid, with a dot a year.
    History,
    /// The same of one of several measures, in the colour of its projection.
    Past(Hue),
    /// A scenario: dashed, in a colour of its own.
    Projection(Hue),
    /// The way from the base year to a target: dashed in the colour of targets.
    Required,
    /// What the others are compared with: dotted and grey.
    Reference,
}

/// A level in the unit of the axis title.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearLevel {
    pub year: i32,
    pub level: f64,
}

#[derive(Debug, Clone)]
pub struct TargetMark {
    pub year: i32,
    /// `None` when the superior has not given a number yet: then the note stands alone, and no line
    /// pretends one.
    pub level: Option<f64>,
    /// What a cut is counted from; draws the bracket of the cut.
    pub base: Option<YearLevel>,
    /// 较2020年下降18%.
    pub note: String,
}

/// A chart under way.
pub(super) struct Trajectory<'a> {
    pub table: &'a TrajectoryTable,
    pub plot: Plot,
    pub years: Years,
}

/// Draws lines and targets over the years that they span.
pub fn trajectory(table: &TrajectoryTable) -> Result<Svg, ChartError> {
    check(table)?;
    let (span, levels) = spans(table).ok_or(ChartError::Empty { chart: table.frame.title.clone() })?;
    let labels: Vec<String> = table.lines.iter().filter_map(|line| ending_text(line, span.1)).collect();
    let right_room = end_labels::room(labels.iter().map(String::as_str)) + 20.0;
    let marks = open_targets(table);
    let heads = Heads::new(&marks, None, span, TARGET);
    let height = end_labels::height(
        &labels.iter().map(|label| EndLabel::new(label, LineSample::Solid, INK, 0.0)).collect::<Vec<_>>(),
    );
    let page = ChartPage::new(&table.frame, PLOT_HEIGHT.max(height) + heads.room() + YEAR_ROOM, &table.notes);
    let plot = Plot::new((page.body_top() + heads.room(), page.body_bottom() - YEAR_ROOM), right_room, axis(levels));
    let years = Years { first: span.0, last: span.1, left: plot.left + 16.0, right: plot.right - 8.0 };
    let trajectory = Trajectory { table, plot, years };
    page.draw(|canvas| trajectory.draw(canvas, &heads))
}

/// Targets without a number: their year and their words, and nothing that could be read as a level.
fn open_targets(table: &TrajectoryTable) -> Vec<Mark> {
    let open = table.targets.iter().filter(|target| target.level.is_none());
    open.map(|target| Mark { year: target.year, label: target.note.clone() }).collect()
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
pub(super) fn axis((low, high): Spot) -> Ticks {
    let reach = high - low;
    let top = high + reach * 0.08;
    if low < 0.0 || low < 0.6 * high || reach <= high.abs() * 1e-9 {
        return Ticks::covering(low.min(0.0), top.max(0.0), 5.0);
    }
    Ticks::covering((low - 0.35 * reach).max(0.0), top, 5.0)
}

/// Label and value of a line that runs to the last year; one that ends before is labelled where it
/// runs.
pub(super) fn ending_text(line: &TrajectoryLine, last_year: i32) -> Option<String> {
    let last = line.points.last().filter(|last| last.year == last_year)?;
    Some(format!("{} {}", line.label, number_format::alone(last.level)))
}

/// The dash of a scenario by its number and the gap after it: lines stay apart where their colours do not.
pub(super) fn dash(scenario: usize) -> Spot {
    const DASHES: [Spot; 7] = [(9.0, 4.0), (4.0, 3.0), (16.0, 5.0), (2.5, 3.5), (9.0, 8.0), (5.0, 6.0), (24.0, 5.0)];
    DASHES[scenario % DASHES.len()]
}

impl LineKind {
    pub(super) fn colour(self) -> RGBColor {
        match self {
            Self::History => INK,
            Self::Past(hue) | Self::Projection(hue) => hue.colour(),
            Self::Required => TARGET,
            Self::Reference => GREY,
        }
    }

    pub(super) fn is_history(self) -> bool {
        matches!(self, Self::History | Self::Past(_))
    }
}

impl Trajectory<'_> {
    pub(super) fn spot(&self, point: YearLevel) -> Spot {
        (self.years.x(point.year), self.plot.y(point.level))
    }

    fn draw(&self, canvas: &Canvas, heads: &Heads<'_>) -> Result<(), ChartError> {
        self.plot.draw_grid(canvas)?;
        self.plot.draw_base(canvas)?;
        self.years.draw(canvas, self.plot.bottom)?;
        heads.draw(canvas, &self.plot, &self.years)?;
        let lines = &self.table.lines;
        self.table.targets.iter().try_for_each(|target| self.draw_bracket(canvas, target))?;
        lines.iter().try_for_each(|line| self.draw_plateau(canvas, line))?;
        (0..lines.len()).try_for_each(|place| self.draw_line(canvas, place))?;
        lines.iter().try_for_each(|line| self.draw_summit(canvas, line))?;
        self.table.targets.iter().try_for_each(|target| self.draw_target(canvas, target))?;
        self.draw_endings(canvas)?;
        self.draw_words(canvas)
    }

    pub(super) fn spots(&self, line: &TrajectoryLine) -> Vec<Spot> {
        line.points.iter().map(|point| self.spot(*point)).collect()
    }

    /// The spot of a line's maximum.
    pub(super) fn summit(&self, line: &TrajectoryLine) -> Option<Spot> {
        let summit = line.summit.as_ref()?;
        line.points.iter().find(|point| point.year == summit.year).map(|point| self.spot(*point))
    }

    /// Dashes of a projection, of another length for each, so that grey print tells them apart.
    fn dash(&self, place: usize) -> Spot {
        let before = self.table.lines[..place].iter();
        dash(before.filter(|line| matches!(line.kind, LineKind::Projection(_))).count())
    }

    fn draw_line(&self, canvas: &Canvas, place: usize) -> Result<(), ChartError> {
        let line = &self.table.lines[place];
        let (spots, colour) = (self.spots(line), line.kind.colour());
        match line.kind {
            LineKind::History | LineKind::Past(_) => {
                canvas.line(&spots, Stroke::new(colour, 2.6))?;
                spots.iter().try_for_each(|spot| {
                    canvas.dot(*spot, 4.6, &PAPER)?;
                    canvas.dot(*spot, 3.6, &colour)
                })
            }
            LineKind::Projection(_) => canvas.dashes(&spots, Stroke::new(colour, 2.6), self.dash(place)),
            LineKind::Required | LineKind::Reference => canvas.dashes(&spots, Stroke::new(colour, 1.8), (3.0, 3.0)),
        }
    }

    /// The years near the maximum, as a broad band below the line.
    fn draw_plateau(&self, canvas: &Canvas, line: &TrajectoryLine) -> Result<(), ChartError> {
        let Some((from, to)) = line.summit.as_ref().map(|summit| summit.plateau) else { return Ok(()) };
        let within = line.points.iter().filter(|point| (from..=to).contains(&point.year));
        let spots: Vec<Spot> = within.map(|point| self.spot(*point)).collect();
        if spots.len() < 2 {
            return Ok(());
        }
        canvas.band(&spots, Stroke::new(line.kind.colour(), 12.0), 0.28)
    }

    fn draw_summit(&self, canvas: &Canvas, line: &TrajectoryLine) -> Result<(), ChartError> {
        let Some(spot) = self.summit(line) else { return Ok(()) };
        canvas.dot(spot, 7.4, &PAPER)?;
        canvas.dot(spot, 6.0, &line.kind.colour())
    }

    /// The cut: level of the base carried to the target's year, and an arrow down to what is
    /// required.
    fn draw_bracket(&self, canvas: &Canvas, target: &TargetMark) -> Result<(), ChartError> {
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

    fn draw_target(&self, canvas: &Canvas, target: &TargetMark) -> Result<(), ChartError> {
        let Some(level) = target.level else { return Ok(()) };
        let spot = self.spot(YearLevel { year: target.year, level });
        canvas.diamond(spot, 8.5, &PAPER)?;
        canvas.diamond(spot, 7.0, &TARGET)
    }

    fn draw_endings(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let ending = |(place, line): (usize, &TrajectoryLine)| {
            let key = match line.kind {
                LineKind::History | LineKind::Past(_) => LineSample::Solid,
                LineKind::Projection(_) => LineSample::Dashed(self.dash(place)),
                LineKind::Required | LineKind::Reference => LineSample::Dotted,
            };
            let text = ending_text(line, self.years.last)?;
            let anchor = self.plot.y(line.points.last()?.level);
            Some(EndLabel::new(&text, key, line.kind.colour(), anchor).led_from(self.years.right + 3.0))
        };
        let endings = self.table.lines.iter().enumerate().filter_map(ending).collect();
        end_labels::draw(canvas, self.plot.right + 14.0, (self.plot.top - 8.0, self.plot.bottom + 8.0), endings)
    }
}
