//! Goal seek: one measure's level, a group's or the whole package's ambition, to a target; or how far off it is at best.
//!
//! Every trial is a run of the kernel with other levels. The margin is looked at on a grid first, so that a step (the peak year) and a
//! margin that turns back are seen; then the smallest value that meets the target is found by bisection.

use crate::error::{Diagnostic, Place, Result};
use crate::plan::{Kernel, KernelInputs, Plan, Series, leaves_nothing_negative};
use crate::say;
use crate::scenario::ScenarioSet;

mod target_function;
mod root_finding;

pub use root_finding::{Crossing, smallest};
pub use target_function::{Limit, TargetFunction, TargetReading};

/// What is turned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlVariable {
    /// One measure's last level, its path scaled with it.
    Measure(String),
    /// A factor on the levels of all measures in use, none above 1.
    Ambition,
    /// The same for some of them.
    Group(Vec<String>),
}

/// A lever on a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// Indices into [`Plan::levels`].
    pub levels: Vec<usize>,
    /// What a value of 1 multiplies the plan's levels by.
    unit: f64,
    /// The value that the plan has as it is written.
    pub planned: f64,
    /// The greatest value: every measure at its full level, or as far as measures that add up leave room.
    pub most: f64,
    /// Whether measures that add up end it before all are at their full level.
    pub crowded: bool,
}

impl Control {
    /// The lever's place on a plan.
    ///
    /// # Errors
    /// Names of measures that the scenario does not use; measures whose level is 0 throughout.
    pub fn new((plans, plan): (&ScenarioSet, &Plan), lever: &ControlVariable) -> Result<Self> {
        let named = |name: &str| {
            let place = plan.levels.iter().position(|level| plans.measures[level.measure].code == name);
            place.ok_or_else(|| crate::error::Diagnostics::from(unknown((plans, plan), name)))
        };
        let levels: Vec<usize> = match lever {
            ControlVariable::Measure(name) => vec![named(name)?],
            ControlVariable::Ambition => (0..plan.levels.len()).collect(),
            ControlVariable::Group(names) => names.iter().map(|name| named(name)).collect::<Result<_>>()?,
        };
        let greatest = |level: &usize| plan.levels[*level].values.iter().copied().fold(0.0, f64::max);
        let moved: Vec<usize> = levels.into_iter().filter(|level| greatest(level) > 0.0).collect();
        let Some(least) = moved.iter().map(greatest).min_by(f64::total_cmp) else {
            let scenario = &plan.code;
            let text = say!(
                "情景 '{scenario}' 中没有可调的措施（未选用措施，或力度始终为 0）",
                "the scenario '{scenario}' has no measure whose level could be sought: none is in use, or their levels are 0 throughout"
            );
            let hint = say!("用 --scenario 另选一个有措施的情景", "choose a scenario with measures by --scenario");
            return Err(Diagnostic::new(Place::file("scenarios.toml"), text).hint(hint).into());
        };
        let mut dial = match lever {
            ControlVariable::Measure(_) => {
                Self { levels: moved, unit: 1.0 / least, planned: least, most: 1.0, crowded: false }
            }
            _ => Self { levels: moved, unit: 1.0, planned: 1.0, most: 1.0 / least, crowded: false },
        };
        let room = |x: f64| leaves_nothing_negative(plan, &dial.set(plan, x));
        if !room(dial.most) {
            let crossing = smallest(|x| if room(x) { -1.0 } else { 1.0 }, dial.most);
            // The bracket's upper end is the first value without room.
            (dial.most, dial.crowded) = (crossing.x * (1.0 - 1e-12), true);
        }
        Ok(dial)
    }

    /// The levels with the lever at a value.
    pub fn set(&self, plan: &Plan, value: f64) -> Vec<Series> {
        let of = |(at, level): (usize, &crate::plan::MeasureUse)| {
            let scale = if self.levels.contains(&at) { value * self.unit } else { 1.0 };
            level.values.iter().map(|level| if scale == 1.0 { *level } else { (level * scale).min(1.0) }).collect()
        };
        plan.levels.iter().enumerate().map(of).collect()
    }
}

fn unknown((plans, plan): (&ScenarioSet, &Plan), name: &str) -> Diagnostic {
    let scenario = &plan.code;
    let known = plan.levels.iter().map(|level| plans.measures[level.measure].code.as_str());
    let near = crate::error::nearest(name, known);
    let text =
        say!("情景 '{scenario}' 没有选用措施 '{name}'", "the scenario '{scenario}' does not use the measure '{name}'");
    Diagnostic::new(Place::file("--lever"), text).nearest(near)
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SeekSolution {
    /// The smallest value that meets the target, or the one that comes nearest.
    pub value: f64,
    pub met: bool,
    pub reading: TargetReading,
    /// As the plan is written, and with the lever at 0 and at its most.
    pub planned: TargetReading,
    pub least: TargetReading,
    pub most: TargetReading,
    /// Runs of the kernel.
    pub runs: usize,
    /// Whether more of the lever never made the margin smaller.
    pub monotone: bool,
    /// What the reached value gains per unit of the lever, just below the answer.
    pub slope: Option<f64>,
    /// Levels that stand at 1 in some year; indices into [`Plan::levels`].
    pub full: Vec<usize>,
    pub levels: Vec<Series>,
}

/// Seeks the smallest value of the lever that meets the target.
pub fn seek((kernel, plan): (&Kernel<'_>, &Plan), gauge: &TargetFunction<'_>, dial: &Control) -> SeekSolution {
    let read = |value: f64| {
        let levers = KernelInputs { levels: dial.set(plan, value), ..KernelInputs::of(plan) };
        gauge.read(&kernel.run(&levers))
    };
    let mut crossing = smallest(|value| read(value).margin, dial.most);
    if gauge.is_peak() && crossing.margin < 0.0 {
        // A step says nothing of which value comes nearest: the years after the required one have to rise least above it.
        let nearest = smallest(|value| -read(value).excess.unwrap_or(0.0), dial.most);
        crossing =
            Crossing { x: nearest.x, runs: crossing.runs + nearest.runs, monotone: nearest.monotone, ..crossing };
    }
    // At the step itself two years are equal to within rounding, and the plan in detail may take the other: a hair beyond it they are not.
    let beyond = (crossing.x * (1.0 + 1e-9)).min(dial.most);
    if gauge.is_peak() && crossing.margin >= 0.0 && read(beyond).is_met() {
        crossing = Crossing { x: beyond, runs: crossing.runs + 1, ..crossing };
    }
    let reading = read(crossing.x);
    let step = 1e-6 * dial.most;
    let before = (crossing.x > step).then(|| read(crossing.x - step)).and_then(|before| before.reached);
    let slope = reading.reached.zip(before).map(|(now, before)| (now - before) / step);
    let levels = dial.set(plan, crossing.x);
    const FULL: f64 = 1.0 - 1e-9;
    let full = |level: &usize| levels[*level].iter().any(|value| *value >= FULL);
    SeekSolution {
        value: crossing.x,
        met: reading.is_met(),
        planned: read(dial.planned),
        least: read(0.0),
        most: read(dial.most),
        runs: crossing.runs + 5,
        monotone: crossing.monotone,
        slope: slope.filter(|_| !gauge.is_peak()),
        full: dial.levels.iter().copied().filter(full).collect(),
        reading,
        levels,
    }
}
