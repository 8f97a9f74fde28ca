//! Draws of each scenario: how far its CO2 may lie from the nominal line, and how probable it is that it peaks in time.

use super::metric_subject::CO2_ALL;
use super::verdicts::ScenarioOutcome;
use super::{Results, scale};
use crate::monte_carlo::{Drawn, Draws, Probability, SHARES};
use crate::plot::{ChartTitles, FanTable, FanYear, Mark, YearLevel};
use crate::projection::{Projections, ScenarioRun};
use crate::say;

impl Results<'_> {
    /// A fan for each scenario that has draws.
    pub(super) fn fans(&self) -> Vec<(String, FanTable)> {
        let (Some(projections), Some(draws)) = (self.projections, self.draws) else { return Vec::new() };
        let table = |drawn: &Drawn| {
            let run = projections.runs.iter().find(|run| run.plan.code == drawn.scenario)?;
            Some((drawn.scenario.clone(), self.fan(projections, run, (draws, drawn))?))
        };
        draws.scenarios.iter().filter_map(table).collect()
    }

    fn fan(
        &self,
        projections: &Projections<'_>,
        run: &ScenarioRun<'_>,
        (draws, drawn): (&Draws, &Drawn),
    ) -> Option<FanTable> {
        let metric = projections.metrics.find(CO2_ALL.metric, CO2_ALL.boundary)?;
        if self.outcome(run, CO2_ALL) == Some(ScenarioOutcome::Unknown) {
            return None;
        }
        let fans = || drawn.fans.iter().filter(|fan| fan.metric == metric && fan.year >= run.plan.anchor);
        let (factor, unit) = scale(fans().map(|fan| fan.quantiles[4]).fold(0.0, f64::max), self.language);
        let years: Vec<FanYear> =
            fans().map(|fan| FanYear { year: fan.year, levels: fan.quantiles.map(|level| level * factor) }).collect();
        let series = self.series(run, CO2_ALL);
        let point = |(year, value): (&i32, &f64)| YearLevel { year: *year, level: value * factor };
        let by = self.peak_by(CO2_ALL);
        let peaks = drawn.peaks.iter().find(|peaks| peaks.metric == metric);
        let all = draws.order.draws.max(1) as f64;
        let share = |(year, count): (&i32, &u64)| (*year, *count as f64 / all);
        let (percent, median) = (|share: f64| format!("{:.0}%", share * 100.0), self.pick("中位数", "Median"));
        Some(FanTable {
            frame: self.fan_frame(run, (draws, drawn), &unit),
            history: series.range(..=run.plan.anchor).map(point).collect(),
            quantiles: SHARES.map(|share| if share == 0.5 { median.clone() } else { percent(share) }),
            nominal: if years.is_empty() { Vec::new() } else { series.range(run.plan.anchor..).map(point).collect() },
            nominal_label: self.pick("设定值", "As set"),
            years,
            marks: vec![Mark { year: by, label: self.get(&say!("{by} 年前达峰", "Peak by {by}")) }],
            eras: Some(self.eras(run)),
            peaks: peaks.map_or(Vec::new(), |peaks| peaks.years.iter().map(share).collect()),
            by,
            peaks_title: self
                .get(&say!("达峰年份的分布（蓝色：{by} 年及以前）", "In which years the draws peak (blue: by {by})")),
            unpeaked: self.pick("期内未达峰", "no peak"),
            notes: vec![self.fan_note()],
        })
    }

    fn fan_note(&self) -> String {
        self.pick(
            "深色带：25%–75% 分位；浅色带：5%–95% 分位；点线：不抽样的设定值。",
            "Dark band: 25 to 75% of the draws; light band: 5 to 95%; dotted: the scenario as set, without draws.",
        )
    }

    /// The title says how probable the peak is, with the standard error of the draws.
    fn fan_frame(&self, run: &ScenarioRun<'_>, (draws, drawn): (&Draws, &Drawn), unit: &str) -> ChartTitles {
        let (title, by) = (&run.plan.title, self.peak_by(CO2_ALL));
        let is_asked = |row: &&Probability| {
            row.target.is_none() && row.year == by && row.metric.0 == CO2_ALL.metric && row.metric.1 == CO2_ALL.boundary
        };
        let finding = match drawn.probabilities.iter().find(is_asked) {
            Some(row) => {
                let (share, error) = (row.share, row.share.standard_error * 100.0);
                // Draws never make certain: what would round to nothing says so.
                let error = if error < 0.05 { "<0.1".to_string() } else { format!("{error:.1}") };
                say!(
                    "{title}：CO2 在 {by} 年前达峰的概率 {share}（标准误 {error} 个百分点）",
                    "{title}: CO2 peaks by {by} with a probability of {share} (standard error {error} points)"
                )
            }
            None => say!("{title}：CO2 的不确定性范围", "{title}: how far CO2 may lie"),
        };
        let scope = self.get(&CO2_ALL.scope());
        let (n, seed) = (draws.order.draws, draws.order.seed);
        ChartTitles {
            title: self.get(&finding),
            subtitle: self.get(&say!("{scope}；{n} 次抽样（种子 {seed}）", "{scope}; {n} draws (seed {seed})")),
            axis: self.axis(CO2_ALL, unit),
            caption: self.caption_ahead(CO2_ALL.metric, CO2_ALL.boundary),
        }
    }
}
