//! What lies between a scenario and its base, measure by measure: the one attribution that charts, page, workbook and `compare` show.
//!
//! `contributions.csv` takes a scenario apart from what it would be without its measures. Beside the base a measure that both use counts
//! by the difference of its Shapley values, so that growth is only what the two set differently, and all parts add up to base − scenario.

use super::{Projections, ScenarioRun};

/// In what a scenario and its base differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Index into the plans' measures.
    Measure(usize),
    /// Drivers, intensities, shares and parameters that the two set differently.
    Growth,
}

/// A part of the difference, in the metric's unit; positive is a cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttributedPart {
    pub cause: Cause,
    pub cut: f64,
    /// What the measure brings as the first and as the last one, in the scenario less in the base.
    pub first_in: Option<f64>,
    pub last_in: Option<f64>,
}

impl AttributedPart {
    /// Whether it moves the metric in any order of the measures.
    pub fn is_something(&self) -> bool {
        [Some(self.cut), self.first_in, self.last_in].into_iter().flatten().any(|value| value != 0.0)
    }
}

/// From the base (of the base itself: from what it would be without its measures) to a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    pub start: f64,
    pub end: f64,
    /// Every measure that one of the two uses, in the order of the file, and growth where it differs: start − end is their sum.
    pub parts: Vec<AttributedPart>,
}

/// Parts below this share of the totals are nothing but the rounding of their sums.
const ROUNDING: f64 = 1e-12;

impl Projections<'_> {
    /// Takes the difference to a run's base apart, of a metric in a year after the anchor.
    ///
    /// `None` in years that one of the two does not have, or in which its total is not known.
    pub fn attribution(&self, run: &ScenarioRun<'_>, metric: usize, year: i32) -> Option<Attribution> {
        let base = self.base_of(&run.plan.code).map(|at| &self.runs[at]);
        let is_known = |run: &ScenarioRun<'_>| run.is_known(&self.metrics.all[metric], year);
        if !is_known(run) || !base.is_none_or(is_known) {
            return None;
        }
        let at = usize::try_from(year - run.plan.anchor).ok().filter(|at| *at > 0)?;
        let total = |table: &ndarray::Array2<f64>| table.get([metric, at]).copied();
        let (without, end) = (total(&run.contributions.without)?, total(&run.contributions.with)?);
        let (start, growth) = match base {
            Some(base) => (total(&base.contributions.with)?, total(&base.contributions.without)? - without),
            None => (without, 0.0),
        };
        let noise = ROUNDING * start.abs().max(end.abs()).max(without.abs());
        let clean = |value: f64| if value.abs() <= noise { 0.0 } else { value };
        let cut = |cause, cut: f64, ends: Option<(f64, f64)>| AttributedPart {
            cause,
            cut: clean(cut),
            first_in: ends.map(|(first, _)| clean(first)),
            last_in: ends.map(|(_, last)| clean(last)),
        };
        let mut parts: Vec<AttributedPart> = used(run, base)
            .into_iter()
            .map(|measure| {
                let [own, first, last] = values(run, measure, (metric, at));
                let [theirs, before, after] = base.map_or([0.0; 3], |base| values(base, measure, (metric, at)));
                cut(Cause::Measure(measure), own - theirs, Some((first - before, last - after)))
            })
            .collect();
        parts.extend(Some(cut(Cause::Growth, growth, None)).filter(|part| part.cut != 0.0));
        Some(Attribution { start, end, parts })
    }

    /// Whether a scenario and its base share a measure, of which only the difference counts.
    pub fn shares_measures(&self, run: &ScenarioRun<'_>) -> bool {
        let base = self.base_of(&run.plan.code).map(|at| &self.runs[at]);
        let is_used = |measure| base.is_some_and(|base| level(base, measure).is_some());
        run.plan.levels.iter().any(|level| is_used(level.measure))
    }
}

/// The measures of a run and of its base, in the order of the file.
fn used(run: &ScenarioRun<'_>, base: Option<&ScenarioRun<'_>>) -> Vec<usize> {
    let levels = run.plan.levels.iter().chain(base.into_iter().flat_map(|base| &base.plan.levels));
    let mut measures: Vec<usize> = levels.map(|level| level.measure).collect();
    measures.sort_unstable();
    measures.dedup();
    measures
}

/// The place of a measure among the levels of a run.
fn level(run: &ScenarioRun<'_>, measure: usize) -> Option<usize> {
    run.plan.levels.iter().position(|level| level.measure == measure)
}

/// Shapley value, first-in and last-in value; 0 where the run does not use the measure.
fn values(run: &ScenarioRun<'_>, measure: usize, (metric, at): (usize, usize)) -> [f64; 3] {
    let found = &run.contributions;
    let of = |values: &ndarray::Array3<f64>, level| values.get([level, metric, at]).copied().unwrap_or(0.0);
    level(run, measure)
        .map_or([0.0; 3], |level| [of(&found.shapley, level), of(&found.first_in, level), of(&found.last_in, level)])
}
