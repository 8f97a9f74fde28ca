//! A target read off a run of the kernel, and the linear conditions that it puts on the run's totals.

use crate::analysis::{self, Outlook, assessment::NOISE};
use crate::error::{Diagnostic, Place, Result, Text};
use crate::inventory::Inventory;
use crate::peak;
use crate::plan::metric::TCE_PER_TJ;
use crate::plan::{self, Plan, PlanMetrics};
use crate::say;
use crate::target::{ENERGY, ENERGY_CO2, Goal, Metric, RequiredValue, Target};
use ndarray::Array2;
use std::collections::BTreeMap;

/// What a run reaches of a target, as `targets.csv` says it. For a peak that no year of the horizon is, nothing is reached, and the
/// margin is that of the year after the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetReading {
    pub required: f64,
    pub reached: Option<f64>,
    /// Positive is good.
    pub margin: f64,
    /// By how much the highest year after the required one lies above the highest until then, relative; of peaks alone.
    pub excess: Option<f64>,
}

impl TargetReading {
    pub fn is_met(&self) -> bool {
        self.margin >= -NOISE * self.required.abs().max(1.0)
    }

    /// By how much it is missed, relative: of a peak by how far later years rise above the highest until then.
    pub fn shortfall(&self) -> f64 {
        if self.is_met() {
            return 0.0;
        }
        self.excess.unwrap_or(-self.margin / self.required.abs().max(f64::MIN_POSITIVE)).max(f64::MIN_POSITIVE)
    }
}

/// Σ coefficient · total of (metric, year index) ≤ at_most.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    pub terms: Vec<(usize, usize, f64)>,
    pub at_most: f64,
}

/// A target that the totals of a run are held against.
#[derive(Debug, Clone)]
pub struct TargetFunction<'a> {
    pub target: &'a Target,
    anchor: i32,
    horizon: i32,
    /// Canonical values of the metric to the anchor.
    history: BTreeMap<i32, f64>,
    /// What is divided, and the factor to its canonical unit.
    over: (usize, f64),
    total: plan::PlanMetric,
    /// What divides it: the economy by year index, 1 where nothing does.
    per: Vec<f64>,
}

impl<'a> TargetFunction<'a> {
    /// Prepares a target for the runs of a plan; `inventory` and `outlook` are of history and projection.
    ///
    /// # Errors
    /// Targets without a number, outside the projected years, or of something that measures do not move.
    pub fn new(
        target: &'a Target,
        (plan, metrics): (&Plan, &PlanMetrics),
        (inventory, outlook): (&Inventory<'_>, &Outlook),
    ) -> Result<Self> {
        let (anchor, horizon) = (plan.anchor, plan.horizon);
        check_goal(target, anchor, horizon)?;
        let series = analysis::series(inventory, outlook, &target.metric, target.boundary);
        let mut per = vec![1.0; plan.length()];
        let over = divide(&target.metric, (inventory, anchor), &mut per);
        let find = |name: &str| metrics.find(name, target.boundary);
        let ghg = outlook.totals.ghg.clone().unwrap_or_default();
        let over = match over {
            Metric::Pollutant(code) => find(code).map(|metric| (metric, 1.0)),
            Metric::Ghg => find(&ghg).map(|metric| (metric, 1.0)),
            Metric::EnergyCo2 => find(ENERGY_CO2).map(|metric| (metric, 1.0)),
            Metric::Energy => find(ENERGY).map(|metric| (metric, 1.0 / TCE_PER_TJ)),
            Metric::NonFossilShare | Metric::Projects(_) | Metric::Economy(_) | Metric::Per(..) => None,
        };
        let missing = (anchor + 1..=horizon).find(|year| !series.contains_key(year));
        let (Some(over), None) = (over, missing) else { return Err(unmoved(target, missing).into()) };
        // The base year may be one of the projection, whose value the measures move too.
        if let Goal::Cut { base, .. } = target.goal
            && series.get(&base).is_none_or(|value| *value <= 0.0)
        {
            let text = say!(
                "基准年 {base} 没有大于 0 的数值，无从计算降幅",
                "the base year {base} has no value above 0, of which a cut could be taken"
            );
            return Err(fault(target, text).into());
        }
        let history = series.range(..=anchor).map(|(year, value)| (*year, *value)).collect();
        Ok(Self { target, anchor, horizon, history, over, per, total: metrics.all[over.0].clone() })
    }

    pub fn is_peak(&self) -> bool {
        matches!(self.target.goal, Goal::PeakBy { .. })
    }

    /// The unit in which required and reached are given.
    pub fn unit(&self) -> &str {
        match &self.target.goal {
            Goal::Cap(level) | Goal::Floor(level) => &level.unit,
            Goal::PeakBy { .. } => "a",
            Goal::Cut { .. } | Goal::Allotted { .. } => "1",
        }
    }

    /// The metric in a projected year, canonical.
    fn value(&self, totals: &Array2<f64>, at: usize) -> f64 {
        totals[[self.over.0, at]] * self.over.1 / self.per[at]
    }

    /// The metric in a base year: of the inventory, or of the run where the year is projected.
    fn base(&self, totals: &Array2<f64>, year: i32) -> f64 {
        if year > self.anchor { self.value(totals, self.at(year)) } else { self.history[&year] }
    }

    fn at(&self, year: i32) -> usize {
        usize::try_from(year - self.anchor).unwrap_or(0)
    }

    /// What the target's metric sums up, in the year of the target and before anything divides it.
    pub fn total(&self, totals: &Array2<f64>) -> f64 {
        totals[[self.over.0, self.at(self.target.year)]]
    }

    /// The name and unit of that total.
    pub fn metric(&self) -> &str {
        &self.total.name
    }

    pub fn metric_unit(&self) -> &'static str {
        self.total.unit
    }

    /// History and projection of a run.
    pub fn series(&self, totals: &Array2<f64>) -> BTreeMap<i32, f64> {
        let mut series = self.history.clone();
        series.extend((self.anchor + 1..=self.horizon).map(|year| (year, self.value(totals, self.at(year)))));
        series
    }

    pub fn read(&self, totals: &Array2<f64>) -> TargetReading {
        let now = || self.value(totals, self.at(self.target.year));
        let against = |level: &RequiredValue, sign: f64| {
            let (required, reached) = (level.canonical * level.shown_per_canonical, now() * level.shown_per_canonical);
            TargetReading { required, reached: Some(reached), margin: sign * (reached - required), excess: None }
        };
        match &self.target.goal {
            Goal::Cut { base, share } => {
                let before = self.base(totals, *base);
                let reached = (before > 0.0).then(|| 1.0 - now() / before);
                let margin = reached.map_or(-share.abs().max(1.0), |reached| reached - share);
                TargetReading { required: *share, reached, margin, excess: None }
            }
            Goal::Cap(level) => against(level, -1.0),
            Goal::Floor(level) => against(level, 1.0),
            Goal::PeakBy { year } => self.read_peak(totals, *year),
            Goal::Allotted { .. } => {
                TargetReading { required: f64::NAN, reached: None, margin: f64::NAN, excess: None }
            }
        }
    }

    fn read_peak(&self, totals: &Array2<f64>, year: i32) -> TargetReading {
        let plateau = self.target.plateau.unwrap_or(peak::PLATEAU);
        let series = self.series(totals);
        let found = peak::judge(&series, self.anchor, plateau);
        let until = series.range(..=year).map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
        let later = series.range(year + 1..).map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
        let excess = Some((later - until) / until.abs().max(f64::MIN_POSITIVE));
        let last = found.and_then(|peak| peak.years()).map(|(_, last)| last);
        let margin = f64::from(year - last.unwrap_or(self.horizon + 1));
        TargetReading { required: f64::from(year), reached: last.map(f64::from), margin, excess }
    }

    /// The years of which one has to be the peak: of the inventory's own only the highest, and each projected one until the required
    /// year. Of a target that asks for no peak nothing is to be chosen.
    pub fn tops(&self) -> Vec<Option<i32>> {
        let Goal::PeakBy { year } = self.target.goal else { return vec![None] };
        let of_history = self.history.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
        let projected = self.anchor + 1..=year.min(self.horizon);
        of_history.map(|(year, _)| *year).into_iter().chain(projected).map(Some).collect()
    }

    /// The target as linear conditions. Of a peak: no later year is above `top`, one of [`TargetFunction::tops`]; whichever it is, the highest
    /// year then lies in the required one or before.
    pub fn limits(&self, top: Option<i32>) -> Vec<Limit> {
        let year = self.at(self.target.year);
        match &self.target.goal {
            Goal::Cut { base, share } => vec![self.cut((*base, year), 1.0 - share)],
            Goal::Cap(level) => vec![self.limit(year, 1.0, level.canonical)],
            Goal::Floor(level) => vec![self.limit(year, -1.0, -level.canonical)],
            Goal::PeakBy { year } => top.map(|top| self.peak_limits(*year, top)).unwrap_or_default(),
            Goal::Allotted { .. } => Vec::new(),
        }
    }

    /// The totals that the target is judged on: metric and year index.
    pub fn named(&self) -> Vec<[usize; 2]> {
        let mut years = vec![self.at(self.target.year)];
        match self.target.goal {
            Goal::PeakBy { .. } => years = (self.anchor + 1..=self.horizon).map(|year| self.at(year)).collect(),
            Goal::Cut { base, .. } if base > self.anchor => years.push(self.at(base)),
            _ => {}
        }
        years.into_iter().map(|year| [self.over.0, year]).collect()
    }

    /// metric ≤ left · metric of the base year, which is a term of its own where it is projected.
    fn cut(&self, (base, at): (i32, usize), left: f64) -> Limit {
        match self.history.get(&base) {
            Some(value) => self.limit(at, 1.0, value * left),
            None => Limit { terms: vec![self.term(at, 1.0), self.term(self.at(base), -left)], at_most: 0.0 },
        }
    }

    /// The metric of a year, which nothing but known numbers divides.
    fn term(&self, at: usize, sign: f64) -> (usize, usize, f64) {
        (self.over.0, at, sign * self.over.1 / self.per[at])
    }

    /// sign · metric ≤ bound, multiplied by what divides the metric.
    fn limit(&self, at: usize, sign: f64, bound: f64) -> Limit {
        Limit { terms: vec![(self.over.0, at, sign * self.over.1)], at_most: bound * self.per[at] }
    }

    fn peak_limits(&self, year: i32, top: i32) -> Vec<Limit> {
        // Values within 1e-9 of the maximum are the maximum: a later year has to lie below it by more.
        const BELOW: f64 = 1.0 - 1e-7;
        let below = |later: i32| {
            let later = self.term(self.at(later), 1.0);
            match self.history.get(&top) {
                Some(value) => Limit { terms: vec![later], at_most: value * BELOW },
                None => Limit { terms: vec![later, self.term(self.at(top), -BELOW)], at_most: 0.0 },
            }
        };
        (year + 1..=self.horizon).map(below).collect()
    }
}

fn fault(target: &Target, text: Text) -> Diagnostic {
    Diagnostic::new(Place { file: "targets.toml".into(), line: None, column: target.code.clone() }, text)
}

/// A metric that has no value in a year, or that measures do not move.
fn unmoved(target: &Target, missing: Option<i32>) -> Diagnostic {
    let metric = target.metric.name();
    let text = match missing {
        Some(year) => say!(
            "{metric} 在 {year} 年没有数值，无法求解",
            "{metric} has no value in {year}, so that nothing can be sought"
        ),
        None => say!("措施不影响 {metric}", "measures do not move {metric}"),
    };
    fault(target, text)
}

fn check_goal(target: &Target, anchor: i32, horizon: i32) -> Result<()> {
    let text = match &target.goal {
        Goal::Allotted { by } => say!("目标由 {by} 下达，没有数值", "the target is allotted by {by} and has no number"),
        _ if target.metric == Metric::NonFossilShare => say!(
            "非化石能源占比按电网电源构成折算，不能求解；run 与 compare 会判断它",
            "the non-fossil share counts the grid's mix and cannot be sought; run and compare judge it"
        ),
        _ if target.year <= anchor || target.year > horizon => {
            let year = target.year;
            let first = anchor + 1;
            say!(
                "目标年 {year} 不在预测年份 {first}–{horizon} 之内",
                "its year {year} is none of the projected years {first}–{horizon}"
            )
        }
        _ => return Ok(()),
    };
    Err(fault(target, text).into())
}

/// The metric above all divisions; `per` takes over what divides it, by year index.
fn divide<'m>(metric: &'m Metric, (inventory, anchor): (&Inventory<'_>, i32), per: &mut [f64]) -> &'m Metric {
    let Metric::Per(over, below) = metric else { return metric };
    let series = inventory.economy.series(below).and_then(std::result::Result::ok);
    for (year, per) in (anchor..).zip(per.iter_mut()) {
        let value = series.as_ref().and_then(|series| series.values.get(&year));
        *per *= value.copied().unwrap_or(f64::NAN);
    }
    divide(over, (inventory, anchor), per)
}
