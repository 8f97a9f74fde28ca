//! Charts of scenarios: totals by year, history solid and projections dashed, every line with its verdict.

use super::{Drawing, scale};
use crate::analysis::{Grouping, total::TOTAL};
use crate::chart::{Frame, Hue, Line, LineKind, TrajectoryTable, YearLevel};
use crate::error::{Language, Text};
use crate::peak::Verdict;
use crate::pollutant::CO2;
use crate::projection::{Judged, Projections, Run};
use crate::say;
use crate::study::name;
use crate::target::{Boundary, ENERGY, GHG};
use std::collections::BTreeMap;

impl Drawing<'_> {
    /// A metric of all scenarios after the history that they share; none without scenarios.
    pub(super) fn outlook(&self, metric: &'static str, boundary: Boundary) -> Option<TrajectoryTable> {
        Chart { projections: self.projections?, language: self.language, metric, boundary }.table()
    }
}

struct Chart<'a> {
    projections: &'a Projections<'a>,
    language: Language,
    metric: &'static str,
    boundary: Boundary,
}

impl Chart<'_> {
    fn get(&self, text: Text) -> String {
        text.get(self.language).to_string()
    }

    fn series(&self, run: &Run<'_>) -> BTreeMap<i32, f64> {
        match self.metric {
            ENERGY => {
                let rows = run.outlook.indicators.iter().filter(|row| row.name == ENERGY);
                rows.map(|row| (row.year, row.value)).collect()
            }
            GHG => run.series(self.projections.ghg().unwrap_or(GHG), self.boundary),
            metric => run.series(metric, self.boundary),
        }
    }

    fn judged<'r>(&self, run: &'r Run<'_>) -> Option<&'r Judged> {
        let metric = if self.metric == GHG { self.projections.ghg()? } else { self.metric };
        run.judged(metric, self.boundary)
    }

    fn table(&self) -> Option<TrajectoryTable> {
        let runs = &self.projections.runs;
        let all: Vec<BTreeMap<i32, f64>> = runs.iter().map(|run| self.series(run)).collect();
        let largest = all.iter().flat_map(|series| series.values().copied()).fold(0.0, f64::max);
        let (factor, unit) = scale(largest, self.language);
        let anchor = runs.first()?.plan.anchor;
        let level = |(year, value): (&i32, &f64)| YearLevel { year: *year, level: value * factor };
        let history: Vec<YearLevel> = all.first()?.range(..=anchor).map(level).collect();
        let label = self.get(say!("历史", "History"));
        let mut lines = vec![Line { label, kind: LineKind::History, points: history }];
        for (place, (run, series)) in runs.iter().zip(&all).enumerate() {
            let points: Vec<YearLevel> = series.range(anchor..).map(level).collect();
            let hue = Hue::Nth(place);
            lines.push(Line { label: self.label(run), kind: LineKind::Projection(hue), points });
        }
        lines.retain(|line| !line.points.is_empty());
        Some(TrajectoryTable { frame: self.frame(&unit), lines, targets: Vec::new() })
    }

    fn label(&self, run: &Run<'_>) -> String {
        let (title, verdict) = (&run.plan.title, self.verdict(run));
        if verdict.is_empty() { title.clone() } else { self.get(say!("{title}（{verdict}）", "{title} ({verdict})")) }
    }

    fn verdict(&self, run: &Run<'_>) -> String {
        let Some(Judged { peak, .. }) = self.judged(run) else { return String::new() };
        let year = peak.last;
        self.get(match peak.verdict {
            Verdict::Peaked => say!("{year} 年已达峰", "peaked {year}"),
            Verdict::Peaks => say!("{year} 年达峰", "peaks {year}"),
            Verdict::NotWithinHorizon => say!("未达峰", "no peak"),
        })
    }

    /// The title says what the scenarios say.
    fn frame(&self, unit: &str) -> Frame {
        let inventory = self.projections.ground.inventory;
        let study = inventory.study;
        let area = name(&study.words.areas, study.settings.area, self.language == Language::Zh);
        let (zh, en) = match self.metric {
            GHG => ("温室气体排放", "greenhouse gases"),
            ENERGY => ("能源消费量", "energy consumption"),
            _ => (" CO2 排放", "CO2"),
        };
        let verdicts = self.projections.runs.iter().map(|run| (run.plan.title.as_str(), self.verdict(run)));
        let mark = self.get(say!("，", ", "));
        let finding: Vec<String> = verdicts.map(|(title, verdict)| format!("{title} {verdict}")).collect();
        let finding = finding.join(&mark);
        let scope = match (self.metric, self.boundary) {
            (ENERGY, _) => say!("含调入电力热力，按热值", "with purchased electricity and heat, by heat content"),
            (_, Boundary::Direct) => say!("直接排放", "direct"),
            (_, Boundary::DirectPurchased) => say!("含调入电力热力", "with purchased electricity and heat"),
            (_, Boundary::Memo) => say!("备忘项", "memo items"),
        };
        let scope = self.get(scope);
        let unit = match (self.metric, self.projections.ghg()) {
            (GHG, Some(ghg)) => format!("{unit} CO2e，{ghg}"),
            (ENERGY, _) => unit.replace('t', "tce").replace('吨', "吨标准煤"),
            _ => unit.to_string(),
        };
        let version = env!("CARGO_PKG_VERSION");
        let last = study.settings.years.last().copied().unwrap_or(0);
        let metric = if self.metric == ENERGY { CO2 } else { self.metric };
        let totals = self.projections.runs.first().map(|run| &run.outlook.totals);
        let sum = totals.and_then(|totals| totals.find(last, self.boundary, (Grouping::Total, TOTAL), metric));
        let proxy = sum.and_then(|sum| sum.proxy_share()).map_or(0.0, |share| share * 100.0);
        Frame {
            title: self.get(say!("{area}{zh}：{finding}", "{area}, {en}: {finding}")),
            subtitle: self.get(say!("{scope}；实线为历史，虚线为各情景推算", "{scope}; history solid, scenarios dashed")),
            axis: self.get(say!("{zh}（{unit}）", "{en} ({unit})")).trim_start().to_string(),
            caption: self.get(say!(
                "来源：{area}排放清单与情景，qingdan {version} 编制。{last} 年 CO2 合计中，替代数据占 {proxy:.0}%。",
                "Source: inventory and scenarios of {area}, compiled with qingdan {version}. Of the {last} total {proxy:.0}% rests on proxy data."
            )),
        }
    }
}
