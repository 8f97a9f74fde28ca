//! What a figure of scenarios is about: a metric in a boundary, with its words, its yearly values and what is asked of it.

use super::Results;
use super::verdicts::ScenarioOutcome;
use crate::error::Text;
use crate::monte_carlo;
use crate::plot::{TargetMark, YearLevel, among};
use crate::pollutant::CO2;
use crate::projection::{JudgedPeak, ScenarioRun};
use crate::say;
use crate::study::name;
use crate::target::{self, Boundary, ENERGY, GHG, Goal, Metric};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FigureSubject {
    pub metric: &'static str,
    pub boundary: Boundary,
}

pub(super) const CO2_DIRECT: FigureSubject = FigureSubject { metric: CO2, boundary: Boundary::Direct };
pub(super) const CO2_ALL: FigureSubject = FigureSubject { metric: CO2, boundary: Boundary::DirectPurchased };
pub(super) const GHG_ALL: FigureSubject = FigureSubject { metric: GHG, boundary: Boundary::DirectPurchased };
/// Energy is the same in both boundaries.
pub(super) const ENERGY_ALL: FigureSubject = FigureSubject { metric: ENERGY, boundary: Boundary::Direct };

impl FigureSubject {
    /// As a title names it.
    pub fn words(self) -> Text {
        match self.metric {
            GHG => say!("温室气体排放", "greenhouse gases"),
            ENERGY => say!("能源消费", "energy consumption"),
            metric => say!(" {metric} 排放", "{metric}"),
        }
    }

    pub fn scope(self) -> Text {
        match (self.metric, self.boundary) {
            (ENERGY, _) => say!("当量值，含调入电力热力", "By heat content, with purchased electricity and heat"),
            (_, Boundary::Direct) => say!("核算边界：直接排放", "Boundary: direct emissions"),
            (_, Boundary::DirectPurchased) => {
                say!("核算边界：直接排放与调入电力热力", "Boundary: direct, and purchased electricity and heat")
            }
            (_, Boundary::Memo) => say!("备忘项", "Memo items"),
        }
    }

    /// The unit of energy as that of a mass of coal equivalent.
    pub fn unit(self, unit: &str) -> String {
        if self.metric == ENERGY {
            unit.replace('t', "tce").replace('吨', &say!("吨标准煤", "tce").zh)
        } else {
            unit.to_string()
        }
    }
}

/// A target's level in the figure's unit, where it has one: t, or tce.
fn shown(level: &target::RequiredValue) -> f64 {
    level.canonical * level.shown_per_canonical
}

impl Results<'_> {
    /// The title of the value axis.
    pub(super) fn axis(&self, subject: FigureSubject, unit: &str) -> String {
        let gwp = self.inventory.study.settings.gwp.as_ref().map_or("", |gwp| &gwp.set);
        let unit = subject.unit(unit);
        let text = match subject.metric {
            GHG => say!("温室气体排放量（{unit}CO2e，GWP：{gwp}）", "Greenhouse gases ({unit} CO2e, GWP: {gwp})"),
            ENERGY => say!("能源消费量（{unit}）", "Energy consumption ({unit})"),
            metric => say!("{metric} 排放量（{unit}）", "{metric} emissions ({unit})"),
        };
        self.get(&text)
    }

    /// Yearly values in t, t CO2e or tce, history and projection.
    pub(super) fn series(&self, run: &ScenarioRun<'_>, subject: FigureSubject) -> BTreeMap<i32, f64> {
        match subject.metric {
            ENERGY => {
                let rows = run.outlook.indicators.iter().filter(|row| row.name == ENERGY);
                rows.map(|row| (row.year, row.value)).collect()
            }
            metric => {
                let totals = &run.outlook.totals;
                let value = |year: &i32| Some((*year, totals.whole_t(*year, subject.boundary, metric)?));
                run.inventory.years.iter().filter_map(value).collect()
            }
        }
    }

    pub(super) fn judged<'r>(&self, run: &'r ScenarioRun<'_>, subject: FigureSubject) -> Option<&'r JudgedPeak> {
        let metric = if subject.metric == GHG { self.projections?.ghg()? } else { subject.metric };
        run.judged(metric, subject.boundary)
    }

    fn is_about(target: &target::Target, subject: FigureSubject) -> bool {
        match &target.metric {
            Metric::Energy => subject.metric == ENERGY,
            Metric::Ghg => subject.metric == GHG && target.boundary == subject.boundary,
            Metric::Pollutant(code) => code == subject.metric && target.boundary == subject.boundary,
            _ => false,
        }
    }

    /// The year by which the subject has to peak: the study's, else the country's.
    pub(super) fn peak_by(&self, subject: FigureSubject) -> i32 {
        let about = self.inventory.study.targets.iter().filter(|target| Self::is_about(target, subject));
        let mut years = about.filter_map(|target| match target.goal {
            Goal::PeakBy { year } => Some(year),
            _ => None,
        });
        years.next().unwrap_or(monte_carlo::PEAK_BY)
    }

    /// What is asked of the subject, `factor` from t or tce to the figure's unit.
    pub(super) fn aims(&self, subject: FigureSubject, series: &BTreeMap<i32, f64>, factor: f64) -> Vec<TargetMark> {
        let largest = series.values().fold(0.0_f64, |largest, value| largest.max(value.abs())) * factor;
        let mut aims = Vec::new();
        for target in self.inventory.study.targets.iter().filter(|target| Self::is_about(target, subject)) {
            let year = target.year;
            let (level, base, note) = match &target.goal {
                Goal::PeakBy { year } => (None, None, say!("目标：{year} 年前达峰", "Target: peak by {year}")),
                Goal::Cap(cap) => {
                    let amount = among(shown(cap) * factor, largest);
                    (Some(shown(cap) * factor), None, say!("{year} 年控制目标 {amount}", "{year}: at most {amount}"))
                }
                Goal::Floor(floor) => {
                    let amount = among(shown(floor) * factor, largest);
                    (Some(shown(floor) * factor), None, say!("{year} 年不低于 {amount}", "{year}: at least {amount}"))
                }
                Goal::Cut { base, share } => {
                    let Some(start) = series.get(base).map(|start| start * factor) else { continue };
                    let cut = share * 100.0;
                    let note = say!("{year} 年比 {base} 年下降 {cut:.1}%", "{year}: {cut:.1}% below {base}");
                    (Some(start * (1.0 - share)), Some(YearLevel { year: *base, level: start }), note)
                }
                Goal::Allotted { by } => (None, None, self.allotted(year, by)),
            };
            aims.push(TargetMark { year, level, base, note: self.get(&note) });
        }
        aims
    }

    /// A target whose number a superior has not published.
    pub(super) fn allotted(&self, year: i32, by: &str) -> Text {
        let areas = &self.inventory.study.words.areas;
        let by = areas.find(by).map_or(by, |index| name(areas, index, self.is_zh()));
        say!("{year} 年目标由{by}下达，没有公布数值", "Target of {year}: as allotted by {by}, no number published")
    }

    /// The scenario of figures that show only one: the one with the least CO2 in the year by which it has to peak. The files of a
    /// study recommend none.
    pub(super) fn recommended(&self) -> Option<(&ScenarioRun<'_>, i32)> {
        let by = self.peak_by(CO2_ALL);
        let runs = &self.projections?.runs;
        let unknown = |run: &ScenarioRun<'_>| self.outcome(run, CO2_ALL) == Some(ScenarioOutcome::Unknown);
        let subject = if runs.iter().any(unknown) { CO2_DIRECT } else { CO2_ALL };
        let value = |run: &ScenarioRun<'_>| {
            let series = self.series(run, subject);
            series.range(..=by).next_back().map(|(_, value)| *value)
        };
        let known = runs.iter().filter_map(|run| Some((run, value(run)?)));
        known.min_by(|one, other| one.1.total_cmp(&other.1)).map(|(run, _)| (run, by))
    }
}
