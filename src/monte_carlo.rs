//! Thousands of draws of every scenario: how probable is the peak, how far may a value lie, and when does a target fail.
//!
//! A draw is a function of seed, name and trial; all scenarios see the same draws. What is kept does not grow with their number.

use crate::analysis::known_years::UnknownReason;
use crate::error::{Result, Text};
use crate::plan::lane_kernel::{BatchScratch, LANES, Lane, LaneKernel, LaneLevers, RunRequest};
use crate::plan::{Kernel, PlanMetrics};
use crate::projection::{Projections, ScenarioRun};
use crate::target::{Boundary, ENERGY, ENERGY_CO2, Goal};
use rayon::prelude::*;
use std::collections::BTreeMap;

mod scenario_discovery;
pub mod sobol_morris;
mod drawn_inputs;
mod verdicts;
mod prim;
mod sensitivity;
mod distribution;
mod rng;
mod quantiles;
mod uncertain_inputs;

pub use distribution::Distribution;
pub use drawn_inputs::{DrawnInput, DrawnInputs, InputEffect, collect};
pub use quantiles::{ShareOfDraws, Tally};
pub use rng::Stream;
pub use sensitivity::{Sensitivity, SensitivityOutput, sensitivity};
pub use uncertain_inputs::{DrawnDriver, Uncertain, read};
pub use verdicts::peaks;

use drawn_inputs::Sampler;
use verdicts::{Batch, BatchYears, JudgedTarget, Peaks};

/// How much is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub draws: usize,
    pub seed: u64,
    /// Fans of every pollutant, not only of what is judged.
    pub wide: bool,
}

/// The quantiles of fans.
pub const SHARES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// A row of `draws.csv`.
#[derive(Debug, Clone)]
pub struct FanRow {
    pub metric: usize,
    pub year: i32,
    pub quantiles: [f64; 5],
    pub mean: f64,
}

/// A row of `peak_draws.csv`: where the peaks of a metric lie.
#[derive(Debug, Clone)]
pub struct PeakDraws {
    pub metric: usize,
    /// Last years of the maximum with the number of draws, those at the horizon among them.
    pub years: BTreeMap<i32, u64>,
    /// 5, 50 and 95 %.
    pub year: Option<[i32; 3]>,
    pub value: Option<[f64; 3]>,
    pub within_horizon: ShareOfDraws,
}

/// A row of `probabilities.csv`.
#[derive(Debug, Clone)]
pub struct Probability {
    /// Index into the study's targets; none for a peak that no target asks for.
    pub target: Option<usize>,
    /// Name and boundary.
    pub metric: (String, Boundary),
    pub year: i32,
    pub share: ShareOfDraws,
    /// In which box of inputs it fails, as a sentence.
    pub failing: Option<Text>,
}

/// One scenario, drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub scenario: String,
    pub fans: Vec<FanRow>,
    pub peaks: Vec<PeakDraws>,
    pub probabilities: Vec<Probability>,
}

/// All scenarios, drawn.
#[derive(Debug, Clone)]
pub struct Draws {
    pub order: Order,
    pub inputs: DrawnInputs,
    pub scenarios: Vec<Drawn>,
}

impl Draws {
    /// The draws of a scenario.
    pub fn of(&self, scenario: &str) -> Option<&Drawn> {
        self.scenarios.iter().find(|drawn| drawn.scenario == scenario)
    }

    /// Among a scenario's draws the share that meets a target, by its index; none where draws cannot judge it.
    pub fn chance(&self, scenario: &str, target: usize) -> Option<ShareOfDraws> {
        self.of(scenario)?.probabilities.iter().find(|row| row.target == Some(target)).map(|row| row.share)
    }
}

/// The year by which peaks are asked for where no target names one.
pub const PEAK_BY: i32 = 2030;

/// Draws all scenarios, or the one that is named.
///
/// # Errors
/// What does not fit in `[uncertain]`.
pub fn run(projections: &Projections<'_>, uncertain: &Uncertain, order: Order, only: Option<&str>) -> Result<Draws> {
    let plans: Vec<_> = projections.runs.iter().map(|run| run.plan.clone()).collect();
    let inputs = collect(projections.ground, &plans, uncertain)?;
    let chosen = projections.runs.iter().filter(|run| only.is_none_or(|only| only == run.plan.code));
    let scenarios = chosen.map(|run| one(projections, (run, &inputs), order)).collect();
    Ok(Draws { order, inputs, scenarios })
}

fn one(projections: &Projections<'_>, (run, inputs): (&ScenarioRun<'_>, &DrawnInputs), order: Order) -> Drawn {
    let kernel = Kernel::new(projections.ground, &run.plan, &projections.metrics);
    let scene = DrawContext::new(projections, run, (inputs, &kernel), order.wide);
    let mut sums = Sums::new(&scene);
    let streams = inputs.streams(order.seed);
    let batches = order.draws.div_ceil(LANES);
    for wave in (0..batches).step_by(WAVE) {
        let trials = |batch: usize| (batch * LANES) as u64;
        let results: Vec<BatchOutcome> = (wave..batches.min(wave + WAVE))
            .into_par_iter()
            .map_init(
                || scene.desk(),
                |desk, batch| scene.outcome(desk, &|input, lane| streams[input].uniform(trials(batch) + lane as u64)),
            )
            .collect();
        sums.take(&scene, &results, order.draws - wave * LANES);
    }
    sums.drawn(&scene, order)
}

/// Batches that are kept at once; the memory of a run does not grow beyond them.
const WAVE: usize = 256;

/// A scenario ready to be drawn.
pub(crate) struct DrawContext<'a> {
    pub run: &'a ScenarioRun<'a>,
    pub metrics: &'a PlanMetrics,
    pub asked: RunRequest,
    lanes: LaneKernel<'a>,
    nominal: LaneLevers,
    pub sampler: Sampler<'a>,
    pub years: Vec<i32>,
    known: Vec<Vec<bool>>,
    /// Places among the asked metrics whose peaks are judged.
    judged: Vec<usize>,
    aims: Vec<JudgedTarget>,
    targets: &'a [crate::target::Target],
    plans: &'a crate::scenario::ScenarioSet,
}

/// What the batches of one thread are computed in.
pub(crate) struct DrawWorkspace {
    levers: LaneLevers,
    room: BatchScratch,
}

/// What a batch gave.
pub(crate) struct BatchOutcome {
    pub totals: Vec<Lane>,
    peaks: Vec<Peaks>,
    met: Vec<Option<[bool; LANES]>>,
}

impl<'a> DrawContext<'a> {
    pub fn new(
        projections: &'a Projections<'_>,
        run: &'a ScenarioRun<'_>,
        (inputs, kernel): (&'a DrawnInputs, &'a Kernel<'a>),
        wide: bool,
    ) -> Self {
        let inventory = projections.ground.inventory;
        let metrics = &projections.metrics;
        let asked = inputs.asked(asked(inventory, metrics, wide));
        let lanes = LaneKernel::new(kernel, &asked);
        let years = lanes.years();
        let known = asked.metrics.iter().map(|metric| known(run, metrics, *metric, &years)).collect();
        let ghg = inventory.study.settings.gwp.as_ref().map(|gwp| gwp.label()).unwrap_or_default();
        let is_judged = |metric: &usize| {
            let metric = &metrics.all[*metric];
            verdicts::is_judged(&metric.name, &ghg) && (metric.name != ENERGY || metric.boundary == Boundary::Direct)
        };
        let is_whole = |metric: &usize| {
            let metric = &metrics.all[*metric];
            run.outlook.totals.unknown(metric.boundary, &metric.name).is_none_or(|unknown| !unknown.hides_a_peak())
        };
        let judged = (0..asked.metrics.len())
            .filter(|at| is_judged(&asked.metrics[*at]) && is_whole(&asked.metrics[*at]))
            .collect();
        let mut aims = verdicts::aims(inventory, &run.plan, (metrics, &asked.metrics), &years);
        let is_open = |target: &crate::target::Target| {
            let unknown = run.outlook.totals.unknown_metric(target.boundary, &target.metric);
            matches!(target.goal, Goal::PeakBy { .. }) && unknown.is_some_and(UnknownReason::hides_a_peak)
        };
        aims.retain(|aim| !is_open(&inventory.study.targets[aim.target]));
        let (nominal, sampler) = (lanes.levers(&asked), Sampler::new(inputs, &run.plan));
        let targets = &inventory.study.targets;
        let plans = projections.ground.plans;
        Self { run, metrics, asked, lanes, nominal, sampler, years, known, judged, aims, targets, plans }
    }

    /// Memory for the batches of one thread.
    pub fn desk(&self) -> DrawWorkspace {
        DrawWorkspace { levers: self.nominal.clone(), room: BatchScratch::default() }
    }

    /// Runs one batch, given a uniform number for each input and lane.
    pub fn outcome(&self, desk: &mut DrawWorkspace, uniform: &impl Fn(usize, usize) -> f64) -> BatchOutcome {
        self.sampler.draw((&self.nominal, &mut desk.levers), uniform);
        let (levers, totals) = (&desk.levers, self.lanes.run(&desk.levers, &mut desk.room));
        let count = self.years.len();
        let frame = BatchYears { years: &self.years, anchor: self.lanes.anchor(), known: &self.known };
        let peak = |at: &usize| verdicts::peaks(&totals[at * count..(at + 1) * count], &self.known[*at]);
        let peaks = self.judged.iter().map(peak).collect();
        let met = self.aims.iter().map(|aim| aim.met(frame, Batch { totals, levers })).collect();
        BatchOutcome { totals: totals.to_vec(), peaks, met }
    }

    /// The years for which each judged peak is asked.
    fn peak_years(&self, metric: usize) -> Vec<i32> {
        let metric = &self.metrics.all[self.asked.metrics[metric]];
        let asks = |target: &&crate::target::Target| {
            let name = target.metric.name();
            let same = name == metric.name || (name == crate::target::GHG && metric.unit == "t CO2e");
            same && target.boundary == metric.boundary
        };
        let of_targets = self.targets.iter().filter(asks).filter_map(|target| match target.goal {
            Goal::PeakBy { year } => Some(year),
            _ => None,
        });
        let mut years: Vec<i32> = of_targets.chain([PEAK_BY]).collect();
        years.sort_unstable();
        years.dedup();
        years.retain(|year| self.years.last().is_some_and(|last| year <= last));
        years
    }
}

/// CO2 and all gases in both boundaries, energy, what targets need; `wide`: every pollutant too.
fn asked(inventory: &crate::inventory::Inventory<'_>, metrics: &PlanMetrics, wide: bool) -> Vec<usize> {
    let study = inventory.study;
    let ghg = study.settings.gwp.as_ref().map(|gwp| gwp.label()).unwrap_or_default();
    let pollutant =
        |name: &str| study.settings.pollutants.iter().any(|&index| study.words.pollutants.code(index) == name);
    let is_asked = |metric: &crate::plan::PlanMetric| {
        let main =
            verdicts::is_judged(&metric.name, &ghg) && (metric.name != ENERGY || metric.boundary == Boundary::Direct);
        main || (wide && (pollutant(&metric.name) || metric.name == ENERGY_CO2))
    };
    let mut found: Vec<usize> = (0..metrics.len()).filter(|at| is_asked(&metrics.all[*at])).collect();
    for target in &study.targets {
        found.extend(verdicts::needed(target, inventory, metrics));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether a metric has a value in each year: a total that is not whole has none.
fn known(run: &ScenarioRun<'_>, metrics: &PlanMetrics, metric: usize, years: &[i32]) -> Vec<bool> {
    let metric = &metrics.all[metric];
    let totals = &run.outlook.totals;
    let is_mass = metric.unit != "tce";
    let name = if metric.name == ENERGY_CO2 { crate::pollutant::CO2 } else { &metric.name };
    let of_energy = |year: i32| run.outlook.indicators.iter().any(|found| found.year == year && found.name == ENERGY);
    let mass = |year: i32| totals.whole_t(year, metric.boundary, name).is_some();
    years.iter().map(|year| if is_mass { mass(*year) } else { of_energy(*year) }).collect()
}

/// What is summed over batches.
struct Sums {
    /// Asked metric × year.
    tallies: Vec<Tally>,
    /// By judged metric: draws by the place of the last year, and the maxima.
    peaks: Vec<(BTreeMap<u16, u64>, Tally)>,
    /// Draws that meet each aim; none where it cannot be judged.
    met: Vec<Option<u64>>,
    /// Whether the first draws failed, by judged metric (by the first year asked for) and by aim.
    first: Vec<Vec<bool>>,
}

impl Sums {
    fn new(scene: &DrawContext<'_>) -> Self {
        let (metrics, years) = (scene.asked.metrics.len(), scene.years.len());
        Self {
            tallies: vec![Tally::default(); metrics * years],
            peaks: vec![(BTreeMap::new(), Tally::default()); scene.judged.len()],
            met: vec![Some(0); scene.aims.len()],
            first: vec![Vec::new(); scene.aims.len()],
        }
    }

    /// Adds the batches of a wave, of whose draws `left` count.
    fn take(&mut self, scene: &DrawContext<'_>, results: &[BatchOutcome], left: usize) {
        let lanes = |batch: usize| left.saturating_sub(batch * LANES).min(LANES);
        let (years, anchor) = (scene.years.len(), scene.lanes.anchor());
        self.tallies.par_iter_mut().enumerate().filter(|(cell, _)| cell % years >= anchor).for_each(|(cell, tally)| {
            for (batch, outcome) in results.iter().enumerate() {
                outcome.totals[cell][..lanes(batch)].iter().for_each(|value| tally.add(*value));
            }
        });
        for (batch, outcome) in results.iter().enumerate() {
            for ((years, values), peaks) in self.peaks.iter_mut().zip(&outcome.peaks) {
                for lane in 0..lanes(batch) {
                    *years.entry(peaks.last[lane]).or_default() += 1;
                    if peaks.last[lane] != verdicts::NONE {
                        values.add(peaks.value[lane]);
                    }
                }
            }
            for ((sum, first), met) in self.met.iter_mut().zip(&mut self.first).zip(&outcome.met) {
                let Some(met) = met else {
                    *sum = None;
                    continue;
                };
                let met = &met[..lanes(batch)];
                *sum = sum.map(|sum| sum + met.iter().filter(|met| **met).count() as u64);
                let room = prim::MOST.saturating_sub(first.len()).min(met.len());
                first.extend(met[..room].iter().map(|met| !met));
            }
        }
    }

    fn drawn(&self, scene: &DrawContext<'_>, order: Order) -> Drawn {
        let years = scene.years.len();
        let fan = |(cell, tally): (usize, &Tally)| {
            let metric = scene.asked.metrics[cell / years];
            let (quantiles, mean) = (tally.quantiles(SHARES)?, tally.mean()?);
            let known = scene.known[cell / years][cell % years];
            known.then_some(FanRow { metric, year: scene.years[cell % years], quantiles, mean })
        };
        let fans = self.tallies.iter().enumerate().filter_map(fan).collect();
        let peaks: Vec<PeakDraws> =
            scene.judged.iter().zip(&self.peaks).map(|(at, of)| peak_draws(scene, *at, of, order)).collect();
        let mut probabilities = Vec::new();
        if scene.sampler.inputs.all.is_empty() {
            // Every draw is the scenario itself: that says nothing of how probable it is.
            return Drawn { scenario: scene.run.plan.code.clone(), fans, peaks, probabilities };
        }
        for (at, peak) in scene.judged.iter().zip(&peaks) {
            let metric = &scene.metrics.all[peak.metric];
            for year in scene.peak_years(*at) {
                let before = peak.years.iter().filter(|(last, _)| **last <= year && Some(*last) != scene.years.last());
                let share = ShareOfDraws::of(before.map(|(_, count)| count).sum(), order.draws as u64);
                let metric = (metric.name.clone(), metric.boundary);
                probabilities.push(Probability { target: None, metric, year, share, failing: None });
            }
        }
        for ((aim, met), first) in scene.aims.iter().zip(&self.met).zip(&self.first) {
            let Some(met) = met else { continue };
            let target = &scene.targets[aim.target];
            let metric = (target.metric.name(), target.boundary);
            let share = ShareOfDraws::of(*met, order.draws as u64);
            let failing = scenario_discovery::find(scene, first, order.seed);
            probabilities.push(Probability { target: Some(aim.target), metric, year: target.year, share, failing });
        }
        Drawn { scenario: scene.run.plan.code.clone(), fans, peaks, probabilities }
    }
}

fn peak_draws(
    scene: &DrawContext<'_>,
    at: usize,
    (places, values): &(BTreeMap<u16, u64>, Tally),
    order: Order,
) -> PeakDraws {
    let with_peak = places.iter().filter(|(place, _)| **place != verdicts::NONE);
    let years: BTreeMap<i32, u64> =
        with_peak.map(|(place, count)| (scene.years[usize::from(*place)], *count)).collect();
    let count: u64 = years.values().sum();
    let year = |share: f64| {
        let rank = (count.saturating_sub(1) as f64 * share).round() as u64;
        let mut before = 0;
        years.iter().find(|(_, count)| {
            before += **count;
            rank < before
        })
    };
    let [low, middle, high] = [0.05, 0.5, 0.95].map(|share| year(share).map(|(year, _)| *year));
    let at_horizon = scene.years.last().and_then(|last| years.get(last)).copied().unwrap_or(0);
    PeakDraws {
        metric: scene.asked.metrics[at],
        year: low.zip(middle).zip(high).map(|((low, middle), high)| [low, middle, high]),
        value: values.quantiles([0.05, 0.5, 0.95]),
        within_horizon: ShareOfDraws::of(count - at_horizon, order.draws as u64),
        years,
    }
}
