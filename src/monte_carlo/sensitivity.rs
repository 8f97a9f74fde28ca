//! Which inputs matter in a scenario: Morris over all of them, Sobol over those that stand out, the others as one group.

use super::sobol_morris::{self, Morris, Sobol};
use super::{DrawContext, DrawWorkspace, DrawnInputs};
use crate::plan::Kernel;
use crate::plan::lane_kernel::LANES;
use crate::projection::{Projections, ScenarioRun};
use crate::target::Boundary;
use rayon::prelude::*;

/// What is looked at: the value of a metric in a year, or the last year of its maximum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SensitivityOutput {
    Value(i32),
    PeakYear,
}

/// A row of `sensitivity.csv`.
#[derive(Debug, Clone)]
pub struct Sensitivity {
    pub metric: usize,
    pub output: SensitivityOutput,
    /// An input's name, or that of the group of all others.
    pub input: String,
    pub sobol: Sobol,
    /// None for the group.
    pub morris: Option<Morris>,
}

impl Sensitivity {
    /// `no effect` where the output does not vary, or not with this input.
    pub fn effect(&self) -> &'static str {
        let still = self.morris.is_some_and(|morris| morris.mean_absolute == 0.0);
        match self.sobol.total {
            None => "no effect",
            Some(total) if total.value == 0.0 && (still || self.morris.is_none()) => "no effect",
            Some(_) => "",
        }
    }
}

/// The group of inputs that are not looked at one by one.
pub const OTHERS: &str = "(others)";
/// Inputs that are looked at one by one: at least so many, and so many besides those that the file itself spreads.
const NAMED: usize = 12;
const BESIDES: usize = 8;
const PATHS: usize = 12;

/// The sensitivity of CO2 in the year that peaks are asked for, and of its peak year.
pub fn sensitivity(
    projections: &Projections<'_>,
    (run, inputs): (&ScenarioRun<'_>, &DrawnInputs),
    (points, seed): (usize, u64),
) -> Vec<Sensitivity> {
    let kernel = Kernel::new(projections.ground, &run.plan, &projections.metrics);
    let scene = DrawContext::new(projections, run, (inputs, &kernel), false);
    let Some(metric) = projections.metrics.find(crate::pollutant::CO2, Boundary::DirectPurchased) else {
        return Vec::new();
    };
    let year = super::PEAK_BY.min(run.plan.horizon);
    let acting: Vec<usize> = (0..inputs.all.len()).filter(|input| scene.sampler.acts(*input)).collect();
    let mut rows = Vec::new();
    for output in [SensitivityOutput::Value(year), SensitivityOutput::PeakYear] {
        let model = SensitivityModel { scene: &scene, metric, output: &output };
        rows.extend(model.rows(&acting, points, seed));
    }
    rows
}

struct SensitivityModel<'s, 'a> {
    scene: &'s DrawContext<'a>,
    metric: usize,
    output: &'s SensitivityOutput,
}

impl SensitivityModel<'_, '_> {
    fn rows(&self, acting: &[usize], points: usize, seed: u64) -> Vec<Sensitivity> {
        let all = &self.scene.sampler.inputs.all;
        let names: Vec<String> = acting.iter().map(|input| all[*input].name.clone()).collect();
        let alone = |points: &[Vec<f64>]| {
            self.values(points, &|point, input| {
                acting.iter().position(|known| *known == input).map_or(0.5, |place| point[place])
            })
        };
        let effects = sobol_morris::morris(&alone, &names, PATHS, seed);
        let mut ranked: Vec<usize> = (0..acting.len()).collect();
        ranked.sort_by(|a, b| effects[*b].mean_absolute.total_cmp(&effects[*a].mean_absolute).then(a.cmp(b)));
        // What the file itself spreads is always looked at.
        ranked.sort_by_key(|place| !all[acting[*place]].written);
        let written = acting.iter().filter(|input| all[**input].written).count();
        let (named, others) = ranked.split_at(ranked.len().min(NAMED.max(written + BESIDES)));
        let mut names: Vec<String> = named.iter().map(|place| names[*place].clone()).collect();
        // The group has one coordinate, from which each of its inputs takes a number of its own.
        let streams: Vec<super::Stream> = all.iter().map(|input| super::Stream::new(seed, &input.name)).collect();
        let grouped = |points: &[Vec<f64>]| {
            self.values(points, &|point, input| match named.iter().position(|place| acting[*place] == input) {
                Some(place) => point[place],
                None => point.get(named.len()).map_or(0.5, |group| streams[input].uniform(group.to_bits())),
            })
        };
        if !others.is_empty() {
            names.push(OTHERS.to_string());
        }
        let found = sobol_morris::sobol(&grouped, &names, points, seed);
        let row = |(at, (input, sobol)): (usize, (String, Sobol))| Sensitivity {
            metric: self.metric,
            output: self.output.clone(),
            input,
            sobol,
            morris: named.get(at).map(|place| effects[*place]),
        };
        names.into_iter().zip(found).enumerate().map(row).collect()
    }

    /// The output at many points; `coordinate` gives an input's uniform number at a point.
    fn values(&self, points: &[Vec<f64>], coordinate: &(impl Fn(&[f64], usize) -> f64 + Sync)) -> Vec<f64> {
        let scene = self.scene;
        let place = scene.asked.metrics.iter().position(|asked| *asked == self.metric).unwrap_or(0);
        let count = scene.years.len();
        let batch = |desk: &mut DrawWorkspace, chunk: &[Vec<f64>]| -> Vec<f64> {
            let outcome = scene.outcome(desk, &|input, lane| coordinate(&chunk[lane.min(chunk.len() - 1)], input));
            let series = &outcome.totals[place * count..(place + 1) * count];
            let peaks = super::verdicts::peaks(series, &scene.known[place]);
            let of = |lane: usize| match self.output {
                SensitivityOutput::Value(year) => {
                    scene.years.iter().position(|y| y == year).map_or(0.0, |at| series[at][lane])
                }
                SensitivityOutput::PeakYear => {
                    scene.years.get(usize::from(peaks.last[lane])).map_or(0.0, |year| f64::from(*year))
                }
            };
            (0..chunk.len()).map(of).collect()
        };
        points.par_chunks(LANES).map_init(|| scene.desk(), batch).flatten().collect()
    }
}
