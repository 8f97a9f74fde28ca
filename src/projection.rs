//! The scenarios of a study, run: projected in detail, collapsed beside it, judged, and taken apart by measure.

use crate::analysis::{self, Analysis, Grouping, Outlook, total::TOTAL};
use crate::category::SECTORS;
use crate::cost::{self, CostSeries};
use crate::decomposition::{Decomposition, View, decompose};
use crate::error::{Diagnostic, Diagnostics, Place, Result, Text, legible};
use crate::inventory::Inventory;
use crate::peak::{self, Peak};
use crate::plan::shapley::{self, Contributions};
use crate::plan::{self, Kernel, KernelInputs, Plan, PlanMetrics, ScenarioContext};
use crate::pollutant::CO2;
use crate::say;
use crate::schema::HISTORY;
use crate::target::{Boundary, ENERGY, Goal, Metric};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

pub mod attribution;
pub mod cost_curve;

/// One scenario and all that is known of it.
pub struct ScenarioRun<'a> {
    pub plan: Plan,
    /// History and projection.
    pub inventory: Inventory<'a>,
    pub outlook: Outlook,
    pub peaks: Vec<JudgedPeak>,
    /// What has years without a value, and no verdict.
    pub unjudged: Vec<Unjudged>,
    pub contributions: Contributions,
    /// What each measure costs, in the order of the plan's levels; none where its cost is not known.
    pub bills: Vec<Option<CostSeries>>,
    /// What growth alone has cut, as far as the horizon of both: the totals of the first scenario in the line of parents minus this one's without its measures.
    pub growth: ndarray::Array2<f64>,
}

/// A row of `peaks.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedPeak {
    /// A pollutant's code, `GHG (AR5 GWP100)`, `energy`, `CO2 industry`.
    pub metric: String,
    pub boundary: Boundary,
    pub unit: &'static str,
    /// The width of the plateau, 0.03 for 3 %.
    pub plateau: f64,
    pub peak: Peak,
}

/// A row of `peaks.csv` without a verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Unjudged {
    pub metric: String,
    pub boundary: Boundary,
    pub unit: &'static str,
    /// Why, and what to do about it.
    pub reason: Text,
}

/// A row of `peaks.csv`: a verdict, or why there is none.
#[derive(Debug, Clone, Copy)]
pub enum PeakRow<'a> {
    Judged(&'a JudgedPeak),
    Unjudged(&'a Unjudged),
}

impl<'a> PeakRow<'a> {
    pub fn judged(self) -> Option<&'a JudgedPeak> {
        match self {
            Self::Judged(judged) => Some(judged),
            Self::Unjudged(_) => None,
        }
    }

    pub fn peak(self) -> Option<&'a Peak> {
        self.judged().map(|judged| &judged.peak)
    }

    /// Metric, boundary and unit.
    pub fn key(self) -> (&'a str, Boundary, &'static str) {
        match self {
            Self::Judged(JudgedPeak { metric, boundary, unit, .. }) => (metric, *boundary, unit),
            Self::Unjudged(Unjudged { metric, boundary, unit, .. }) => (metric, *boundary, unit),
        }
    }

    /// The verdict's word; `unknown` without one.
    pub fn verdict(self) -> &'static str {
        self.judged().map_or("unknown", |judged| judged.peak.verdict.word())
    }
}

/// All scenarios of a study.
pub struct Projections<'a> {
    pub ground: ScenarioContext<'a>,
    pub metrics: Arc<PlanMetrics>,
    /// In the order of the file.
    pub runs: Vec<ScenarioRun<'a>>,
}

/// How far the collapsed totals may lie from the detailed ones, relative to the sum of absolute amounts.
const AGREES: f64 = 1e-12;

/// Runs every scenario.
///
/// # Errors
/// What does not fit in the files; totals that differ between the detailed and the collapsed path.
pub fn run(ground: ScenarioContext<'_>) -> Result<Projections<'_>> {
    let plans = plan::resolve(ground)?;
    let metrics = Arc::new(PlanMetrics::new(ground.inventory));
    let runs: Vec<Result<ScenarioRun<'_>>> = plans.par_iter().map(|plan| one(ground, plan, &metrics)).collect();
    let mut faults = Diagnostics::default();
    let mut runs: Vec<ScenarioRun<'_>> = runs.into_iter().filter_map(|run| faults.record(run)).collect();
    if faults.is_empty() {
        growth(ground, &mut runs);
    }
    faults.into_result(Projections { ground, metrics, runs })
}

fn one<'a>(ground: ScenarioContext<'a>, plan: &Plan, metrics: &Arc<PlanMetrics>) -> Result<ScenarioRun<'a>> {
    let inventory = plan::project(ground, plan)?;
    let outlook = analysis::look_ahead(&inventory);
    let (peaks, unjudged) = peaks(&inventory, &outlook);
    let kernel = Kernel::new(ground, plan, metrics);
    let levers = KernelInputs::of(plan);
    let bills = cost::bills(ground, plan, &levers)?;
    let contributions = shapley::contributions(&kernel, &levers);
    let (years, of) = (kernel.years(), metrics.len());
    check(&inventory, (plan, metrics), &contributions)?;
    let growth = ndarray::Array2::zeros((of, years));
    Ok(ScenarioRun { plan: plan.clone(), inventory, outlook, peaks, unjudged, contributions, bills, growth })
}

/// Base minus the scenario without its measures, so that growth and measures add up to base minus scenario.
fn growth(ground: ScenarioContext<'_>, runs: &mut [ScenarioRun<'_>]) {
    let with: Vec<(String, ndarray::Array2<f64>)> =
        runs.iter().map(|run| (run.plan.code.clone(), run.contributions.with.clone())).collect();
    for run in runs {
        let scenario = ground.plans.scenarios.iter().find(|scenario| scenario.code == run.plan.code);
        let root = scenario.and_then(|scenario| scenario.ancestors.last().cloned()).unwrap_or(run.plan.code.clone());
        let Some((_, base)) = with.iter().find(|(code, _)| *code == root) else { continue };
        let without = &run.contributions.without;
        let years = base.ncols().min(without.ncols());
        run.growth = ndarray::Array2::zeros((without.nrows(), years));
        for metric in 0..without.nrows() {
            for year in 0..years {
                run.growth[[metric, year]] = difference(base[[metric, year]], without[[metric, year]]);
            }
        }
    }
}

/// The difference of two sums of the same terms in another order; what is smaller than their rounding is 0.
fn difference(a: f64, b: f64) -> f64 {
    const ROUNDING: f64 = 1e-13;
    if (a - b).abs() <= ROUNDING * a.abs().max(b.abs()) { 0.0 } else { a - b }
}

/// Every projected emission, summed in detail, against the product of matrices.
fn check(inventory: &Inventory<'_>, (plan, metrics): (&Plan, &PlanMetrics), found: &Contributions) -> Result<()> {
    let anchor = plan.anchor;
    let mut sums: BTreeMap<(usize, usize), (f64, f64)> = BTreeMap::new();
    for emission in inventory.emissions.iter().filter(|emission| emission.year > anchor) {
        let binding = &inventory.matches.bindings[emission.binding as usize];
        for (metric, weight) in metrics.of_emission(inventory, binding.category, binding.pollutant) {
            let sum = sums.entry((metric, (emission.year - anchor) as usize)).or_default();
            sum.0 += emission.emitted_t * weight;
            sum.1 += (emission.emitted_t * weight).abs();
        }
    }
    let mut faults = Diagnostics::default();
    for ((metric, year), (detailed, absolute)) in sums {
        let collapsed = found.with[[metric, year]];
        if (collapsed - detailed).abs() > AGREES * absolute {
            let (scenario, year, name) = (&plan.code, anchor + year as i32, &metrics.all[metric].name);
            let (detailed, collapsed) = (legible(detailed), legible(collapsed));
            let text = say!(
                "情景 {scenario} {year} 年 {name}：逐行求和 {detailed}，合并计算 {collapsed}，两者不一致",
                "scenario {scenario}, {year}, {name}: {detailed} in detail, but {collapsed} collapsed"
            );
            faults.push(Diagnostic::new(Place::file("scenarios.toml"), text));
        }
    }
    faults.into_result(())
}

/// The verdict on every metric that has a maximum.
fn peaks(inventory: &Inventory<'_>, outlook: &Outlook) -> (Vec<JudgedPeak>, Vec<Unjudged>) {
    let study = inventory.study;
    let (anchor, totals) = (study.anchor(), &outlook.totals);
    let plateau = |name: &str, boundary: Boundary| {
        let named = |metric: &Metric| match metric {
            Metric::Ghg => totals.ghg.as_deref() == Some(name),
            metric => metric.name() == name,
        };
        let fits = |goal: &Goal| matches!(goal, Goal::PeakBy { .. });
        let target = study.targets.iter().find(|t| fits(&t.goal) && t.boundary == boundary && named(&t.metric));
        target.and_then(|target| target.plateau).unwrap_or(peak::PLATEAU)
    };
    let (mut found, mut unjudged) = (Vec::new(), Vec::new());
    let mut judge = |metric: &str, boundary, unit, value: &dyn Fn(i32) -> Option<f64>| {
        // What is judged on the years that are left is judged falsely.
        if let Some(unknown) = totals.unknown(boundary, metric).filter(|unknown| unknown.hides_a_peak()) {
            if !totals.has_any(metric) {
                return;
            }
            let (metric, reason) = (metric.to_string(), unknown.cause.clone());
            return unjudged.push(Unjudged { metric, boundary, unit, reason });
        }
        let series = inventory.years.iter().filter_map(|&year| Some((year, value(year)?))).collect();
        let plateau = plateau(metric, boundary);
        let peak = peak::judge(&series, anchor, plateau);
        found.extend(peak.map(|peak| JudgedPeak { metric: metric.to_string(), boundary, unit, plateau, peak }));
    };
    for boundary in Boundary::ALL {
        let codes = study.settings.pollutants.iter().map(|&index| (study.words.pollutants.code(index), "t"));
        for (code, unit) in codes.chain(totals.ghg.as_deref().map(|ghg| (ghg, "t CO2e"))) {
            judge(code, boundary, unit, &|year| totals.whole_t(year, boundary, code));
        }
        let energy = |year| outlook.indicators.iter().find(|i| i.name == ENERGY && i.year == year).map(|i| i.value);
        judge(ENERGY, boundary, "tce", &energy);
        for sector in SECTORS {
            let of = |year| totals.find(year, boundary, (Grouping::Sector, sector), CO2).map(|sum| sum.value_t);
            judge(&format!("{CO2} {sector}"), boundary, "t", &of);
        }
    }
    (found, unjudged)
}

/// What moved the totals of a study, with its scenarios where it has some.
pub fn changes(analysis: &Analysis<'_>, inventory: &Inventory<'_>, found: Option<&Projections<'_>>) -> Decomposition {
    let (totals, indicators) = (&analysis.totals, &analysis.indicators[..]);
    let history = View { scenario: HISTORY, inventory, totals, indicators };
    let runs = found.map_or(&[][..], |found| &found.runs);
    let views: Vec<(View<'_>, Option<usize>)> = runs
        .iter()
        .map(|run| {
            let (totals, indicators) = (&run.outlook.totals, &run.outlook.indicators[..]);
            let view = View { scenario: &run.plan.code, inventory: &run.inventory, totals, indicators };
            (view, found.and_then(|found| found.base_of(&run.plan.code)))
        })
        .collect();
    decompose(history, &views)
}

impl Projections<'_> {
    /// The name of the CO2-equivalent, where the study names a GWP set.
    pub fn ghg(&self) -> Option<&str> {
        self.runs.first()?.outlook.totals.ghg.as_deref()
    }
}

impl ScenarioRun<'_> {
    /// The verdict on a metric.
    pub fn judged(&self, metric: &str, boundary: Boundary) -> Option<&JudgedPeak> {
        self.peaks.iter().find(|judged| judged.metric == metric && judged.boundary == boundary)
    }

    /// What is judged and what is not.
    pub fn peak_rows(&self) -> Vec<PeakRow<'_>> {
        let judged = self.peaks.iter().map(PeakRow::Judged);
        judged.chain(self.unjudged.iter().map(PeakRow::Unjudged)).collect()
    }

    /// Why a metric is not judged.
    pub fn unjudged(&self, metric: &str, boundary: Boundary) -> Option<&Unjudged> {
        self.unjudged.iter().find(|unjudged| unjudged.metric == metric && unjudged.boundary == boundary)
    }

    /// Whether what measures change has a value in a year.
    pub fn is_known(&self, metric: &plan::PlanMetric, year: i32) -> bool {
        self.outlook.totals.is_known(year, metric.boundary, &metric.name)
    }

    /// The whole district's mass of a pollutant by year, history and projection.
    pub fn series(&self, metric: &str, boundary: Boundary) -> BTreeMap<i32, f64> {
        let totals = &self.outlook.totals;
        let value = |year: &i32| Some((*year, totals.find(*year, boundary, (Grouping::Total, TOTAL), metric)?.value_t));
        self.inventory.years.iter().filter_map(value).collect()
    }
}

impl Projections<'_> {
    pub fn find(&self, code: &str) -> Option<usize> {
        self.runs.iter().position(|run| run.plan.code == code)
    }

    /// The run that a scenario is compared with: the first of its line of parents, else the first of the file; none for that one itself.
    pub fn base_of(&self, code: &str) -> Option<usize> {
        let scenario = self.ground.plans.scenarios.iter().find(|scenario| scenario.code == code)?;
        let root = match scenario.ancestors.last() {
            Some(root) => self.find(root)?,
            None => 0,
        };
        (self.runs.get(root)?.plan.code != code).then_some(root)
    }
}
