//! Targets against what was reached, and published figures beside the result.

use super::intensity::{self, Indicator};
use super::known_years::UnknownReason;
use super::non_fossil;
use super::project_register::Reductions;
use super::total::{Grouping, TOTAL, TotalSum, Totals};
use crate::error::Text;
use crate::inventory::Inventory;
use crate::peak;
use crate::pollutant::CO2;
use crate::say;
use crate::study::name;
use crate::target::{Boundary, Crosscheck, ENERGY, GHG, Goal, Metric, NON_FOSSIL_SHARE, RequiredValue, Target};

/// The result for a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetVerdict {
    Met,
    Missed,
    NotAssessable,
}

impl TargetVerdict {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::NotAssessable => "not_assessable",
        }
    }
}

/// A row of `targets.csv`. Margin is positive where the target is met with room to spare.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    pub target: String,
    pub metric: String,
    pub year: i32,
    pub required: Option<f64>,
    pub reached: Option<f64>,
    pub margin: Option<f64>,
    pub unit: String,
    pub verdict: TargetVerdict,
    /// The share of the year's metric that rests on proxy rows: a verdict is worth no more than its figures.
    pub proxy_share: Option<f64>,
    /// Why it cannot be assessed, where it cannot.
    pub reason: Option<Text>,
    /// Whether that is a year of its metric that is not known.
    pub is_unknown: bool,
}

/// A published figure and the result beside it, in the figure's unit.
#[derive(Debug, Clone)]
pub struct CrosscheckRow {
    pub crosscheck: Crosscheck,
    pub result: Option<f64>,
}

/// Where a metric's yearly values are looked up.
pub(super) struct MetricValues<'a> {
    inventory: &'a Inventory<'a>,
    totals: &'a Totals,
    indicators: &'a [Indicator],
    reductions: &'a Reductions,
}

impl<'a> MetricValues<'a> {
    pub(super) fn new(
        inventory: &'a Inventory<'a>,
        totals: &'a Totals,
        indicators: &'a [Indicator],
        reductions: &'a Reductions,
    ) -> Self {
        Self { inventory, totals, indicators, reductions }
    }
}

impl MetricValues<'_> {
    /// The value of a metric in canonical units.
    pub(super) fn canonical(&self, metric: &Metric, boundary: Boundary, year: i32) -> Option<f64> {
        match metric {
            Metric::Pollutant(code) => self.totals.whole_t(year, boundary, code),
            Metric::Ghg => self.totals.whole_t(year, boundary, GHG),
            Metric::EnergyCo2 => intensity::energy_co2(self.totals, year, boundary),
            Metric::Energy => self.indicator(ENERGY, year),
            Metric::NonFossilShare => self.indicator(NON_FOSSIL_SHARE, year),
            Metric::Projects(code) => Some(self.reductions.all(code, year)?.sum?.net_t()),
            Metric::Economy(name) => self.per(name, year),
            Metric::Per(over, per) => {
                let below = self.per(per, year).filter(|below| *below > 0.0)?;
                Some(self.canonical(over, boundary, year)? / below)
            }
        }
    }

    /// Whether projects whose tonnes are not known could still close what is lacking.
    fn is_open(&self, metric: &Metric, year: i32) -> bool {
        let Metric::Projects(code) = metric else { return false };
        self.reductions.all(code, year).is_some_and(|subtotal| subtotal.gaps > 0)
    }

    /// The last year of the maximum where the target's metric peaks, of history and projection together. `None` of history alone: it
    /// cannot say that no higher year follows.
    fn peak(&self, target: &Target) -> Option<Option<i32>> {
        let anchor = self.inventory.study.anchor();
        if self.inventory.years.last().is_none_or(|last| *last <= anchor) {
            return None;
        }
        let unknown = self.totals.unknown_metric(target.boundary, &target.metric);
        if unknown.is_some_and(UnknownReason::hides_a_peak) {
            return None;
        }
        let value = |year: &i32| Some((*year, self.canonical(&target.metric, target.boundary, *year)?));
        let series = self.inventory.years.iter().filter_map(value).collect();
        let peak = peak::judge(&series, anchor, target.plateau.unwrap_or(peak::PLATEAU))?;
        Some(peak.years().map(|(_, last)| last))
    }

    /// Why a target cannot be assessed.
    fn reason(&self, target: &Target) -> Text {
        if let Goal::Allotted { by } = &target.goal {
            return self.allotted(by);
        }
        if self.is_open(&target.metric, target.year) {
            return say!(
                "减排量未知的项目尚可能补足差额（见 projects.csv）",
                "projects whose tonnes are not known could still close what is lacking (see projects.csv)"
            );
        }
        let asked = match target.goal {
            Goal::Cut { base, .. } => vec![base, target.year],
            _ => vec![target.year],
        };
        if let Some(text) = self.unreached(target) {
            return text;
        }
        if let Some(unknown) = self.totals.unknown_metric(target.boundary, &target.metric)
            && (matches!(target.goal, Goal::PeakBy { .. }) || asked.iter().any(|year| !unknown.has(*year)))
        {
            return unknown.cause.clone();
        }
        if matches!(target.goal, Goal::PeakBy { .. }) {
            return say!(
                "没有任何年份的值为正，无从判断峰值",
                "no year has a positive value, so that there is no peak"
            );
        }
        let metric = target.metric.name();
        let value = |year: &i32| self.canonical(&target.metric, target.boundary, *year);
        if let Some(year) = asked.iter().find(|year| value(year).is_none()) {
            return self.without_value(&target.metric, *year);
        }
        let base = asked[0];
        say!(
            "{metric} 在基准年 {base} 的值不为正，无法计算降幅",
            "{metric} is not positive in the base year {base}, so that no cut can be computed"
        )
    }

    fn allotted(&self, by: &str) -> Text {
        let areas = &self.inventory.study.words.areas;
        let of = |zh| areas.find(by).map_or(by, |index| name(areas, index, zh));
        let (zh, en) = (of(true), of(false));
        say!("目标由{zh}下达，没有公布的数值", "the target is allotted by {en} and has no published number")
    }

    /// A target of a year that is not computed.
    fn unreached(&self, target: &Target) -> Option<Text> {
        let (anchor, last) = (self.inventory.study.anchor(), self.inventory.years.last().copied()?);
        let year = target.year;
        let is_peak = matches!(target.goal, Goal::PeakBy { .. });
        if last <= anchor && (is_peak || year > anchor) {
            return Some(say!(
                "{year} 年在清单末年 {anchor} 年之后，须由情景判断",
                "{year} lies after {anchor}, the last year of the inventory: scenarios have to judge it"
            ));
        }
        (year > last && !is_peak).then(|| {
            say!(
                "{year} 年超出情景的终止年 {last} 年（horizon）",
                "{year} lies beyond {last}, the last year of the scenario (horizon)"
            )
        })
    }

    /// Which part of a metric has no value in a year.
    fn without_value(&self, metric: &Metric, year: i32) -> Text {
        match metric {
            Metric::Per(_, per) if self.per(per, year).is_none_or(|below| below <= 0.0) => say!(
                "economy.csv 与情景都没有 {year} 年的 {per}（不变价）",
                "{year} has no {per} at constant prices, neither in economy.csv nor by a driver"
            ),
            Metric::NonFossilShare => match non_fossil::shares(self.inventory).remove(&year) {
                Some(Err(text)) => text,
                _ => say!("{year} 年没有能源数据", "there is no energy in {year}"),
            },
            Metric::Economy(name) => say!(
                "economy.csv 与情景都没有 {year} 年的 {name}",
                "{year} has no {name}, neither in economy.csv nor by a driver"
            ),
            _ => {
                let name = metric.name();
                say!("{name} 在 {year} 年没有数值", "{name} has no value in {year}")
            }
        }
    }

    fn per(&self, name: &str, year: i32) -> Option<f64> {
        self.inventory.economy.series(name)?.ok()?.values.get(&year).copied()
    }

    /// The share of a metric that rests on proxy rows.
    fn proxy_share(&self, metric: &Metric, boundary: Boundary, year: i32) -> Option<f64> {
        let all = (Grouping::Total, TOTAL);
        let of = |code: &str| self.totals.find(year, boundary, all, code).and_then(TotalSum::proxy_share);
        match metric {
            Metric::Pollutant(code) => of(code),
            Metric::Ghg => of(GHG),
            Metric::EnergyCo2 => of(CO2),
            Metric::Energy | Metric::NonFossilShare => intensity::energy_proxy_share(self.inventory, year),
            Metric::Projects(code) => self.reductions.all(code, year)?.sum?.proxy_share(),
            Metric::Economy(_) => None,
            Metric::Per(over, _) => self.proxy_share(over, boundary, year),
        }
    }

    /// An indicator in canonical units.
    fn indicator(&self, name: &str, year: i32) -> Option<f64> {
        let found = self.indicators.iter().find(|indicator| indicator.year == year && indicator.name == name)?;
        Some(found.value * self.inventory.study.words.units.parse(&found.unit).ok()?.factor)
    }
}

pub(super) fn targets(metrics: &MetricValues<'_>) -> Vec<Assessment> {
    metrics.inventory.study.targets.iter().map(|target| assess(target, metrics)).collect()
}

/// How far below its requirement a value may lie and still meet it: the noise of the arithmetic, relative above 1.
pub const NOISE: f64 = 1e-9;

fn assess(target: &Target, metrics: &MetricValues<'_>) -> Assessment {
    let at = |year| metrics.canonical(&target.metric, target.boundary, year);
    let against = |level: &RequiredValue, sign: f64| {
        let reached = at(target.year).map(|value| value * level.shown_per_canonical);
        let required = level.canonical * level.shown_per_canonical;
        (Some(required), reached, reached.map(|reached| sign * (reached - required)), level.unit.clone())
    };
    let (required, reached, margin, unit) = match &target.goal {
        Goal::Cut { base, share } => {
            let reached = at(*base).filter(|base| *base > 0.0).zip(at(target.year)).map(|(base, now)| 1.0 - now / base);
            (Some(*share), reached, reached.map(|reached| reached - share), "1".to_string())
        }
        Goal::Cap(level) => against(level, -1.0),
        Goal::Floor(level) => against(level, 1.0),
        Goal::PeakBy { year } => {
            let reached = metrics.peak(target).flatten().map(f64::from);
            let required = f64::from(*year);
            (Some(required), reached, reached.map(|reached| required - reached), "a".to_string())
        }
        Goal::Allotted { .. } => (None, None, None, "1".to_string()),
    };
    let noise = NOISE * required.map_or(1.0, |required| required.abs().max(1.0));
    let verdict = match margin {
        Some(margin) if margin >= -noise => TargetVerdict::Met,
        Some(_) if metrics.is_open(&target.metric, target.year) => TargetVerdict::NotAssessable,
        Some(_) => TargetVerdict::Missed,
        None if matches!(target.goal, Goal::PeakBy { .. }) && metrics.peak(target).is_some() => TargetVerdict::Missed,
        None => TargetVerdict::NotAssessable,
    };
    let (code, metric, year) = (target.code.clone(), target.metric.name(), target.year);
    let proxy_share = reached.and_then(|_| metrics.proxy_share(&target.metric, target.boundary, year));
    let reason = (verdict == TargetVerdict::NotAssessable).then(|| metrics.reason(target));
    let unknown = metrics.totals.unknown_metric(target.boundary, &target.metric);
    let is_unknown = unknown.is_some_and(|unknown| reason.as_ref() == Some(&unknown.cause));
    Assessment { target: code, metric, year, required, reached, margin, unit, verdict, proxy_share, reason, is_unknown }
}

pub(super) fn crosschecks(metrics: &MetricValues<'_>) -> Vec<CrosscheckRow> {
    let MetricValues { inventory, totals, .. } = metrics;
    let groupings = [Grouping::Total, Grouping::Category, Grouping::Sector, Grouping::Area, Grouping::Item];
    let compare = |check: &Crosscheck| {
        let grouping = groupings.into_iter().find(|grouping| grouping.word() == check.grouping);
        let sum = grouping.and_then(|grouping| {
            totals
                .find(check.year, check.boundary, (grouping, &check.group), &check.metric.name())
                .map(|sum| sum.value_t)
        });
        let whole = check.grouping == Grouping::Total.word();
        let other = || metrics.canonical(&check.metric, check.boundary, check.year).filter(|_| whole);
        let result = sum.or_else(other).map(|result| result * check.shown_per_canonical);
        CrosscheckRow { crosscheck: check.clone(), result }
    };
    inventory.study.crosschecks.iter().map(compare).collect()
}
