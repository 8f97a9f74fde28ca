//! Scenarios side by side: totals by year, history solid and projections dashed, peaks and plateaus marked.

use super::metric_subject::FigureSubject;
use super::verdicts::{MOST_NAMES, ScenarioOutcome};
use super::{Results, scale};
use crate::plot::{ChartTitles, Hue, LineKind, PeakMark, TrajectoryLine, TrajectoryTable, YearLevel, among};
use crate::projection::{JudgedPeak, ScenarioRun};
use crate::say;
use std::collections::BTreeMap;

impl Results<'_> {
    /// A metric of all scenarios after the history that they share; none without scenarios.
    pub(super) fn outlook(&self, subject: FigureSubject) -> Option<TrajectoryTable> {
        let runs = &self.projections?.runs;
        let all: Vec<BTreeMap<i32, f64>> = runs.iter().map(|run| self.series(run, subject)).collect();
        let largest =
            all.iter().flat_map(|series| series.values()).fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let (factor, unit) = scale(largest, self.language);
        let anchor = runs.first()?.plan.anchor;
        let levels = |points: &mut dyn Iterator<Item = (&i32, &f64)>| -> Vec<YearLevel> {
            points.map(|(year, value)| YearLevel { year: *year, level: value * factor }).collect()
        };
        let history = levels(&mut all.first()?.range(..=anchor));
        let mut lines = vec![TrajectoryLine::new(self.pick("历史", "History"), LineKind::History, history)];
        for (place, (run, series)) in runs.iter().zip(&all).enumerate() {
            let points = levels(&mut series.range(anchor..));
            let mut line =
                TrajectoryLine::new(self.label(run, subject), LineKind::Projection(Hue::of_line(place)), points);
            let judged = self.judged(run, subject);
            match judged.map(|judged| ScenarioOutcome::of(&judged.peak)) {
                Some(ScenarioOutcome::Peaks(_)) => {
                    line.summit = self.summit(judged, factor, largest * factor);
                    line.summit.iter_mut().filter(|_| self.is_crowded()).for_each(|summit| summit.label.clear());
                }
                Some(ScenarioOutcome::Peaked(_)) => lines[0].summit = self.summit(judged, factor, largest * factor),
                _ => {}
            }
            lines.push(line);
        }
        lines.retain(|line| !line.points.is_empty());
        if lines.is_empty() {
            return None;
        }
        let targets = self.aims(subject, all.first()?, factor);
        let notes = self.signs(&lines, runs.iter().find_map(|run| self.judged(run, subject)));
        Some(TrajectoryTable { frame: self.outlook_frame(subject, &unit), lines, targets, notes })
    }

    fn outlook_frame(&self, subject: FigureSubject, unit: &str) -> ChartTitles {
        let scope = self.get(&subject.scope());
        ChartTitles {
            title: self.finding_of_all(subject),
            subtitle: self
                .get(&say!("{scope}；实线为历史，虚线为情景推算", "{scope}; history solid, scenarios dashed")),
            axis: self.axis(subject, unit),
            caption: self.caption_ahead(subject.metric, subject.boundary),
        }
    }

    fn label(&self, run: &ScenarioRun<'_>, subject: FigureSubject) -> String {
        let title = &run.plan.title;
        match self.outcome(run, subject) {
            Some(ScenarioOutcome::Rises) => self.get(&say!("{title}（未达峰）", "{title} (no peak)")),
            Some(ScenarioOutcome::Peaks(year)) if self.is_crowded() => {
                self.get(&say!("{title}（{year} 年）", "{title} ({year})"))
            }
            _ => title.clone(),
        }
    }

    /// More peaks than can be labelled where they are.
    fn is_crowded(&self) -> bool {
        self.projections.is_some_and(|projections| projections.runs.len() > MOST_NAMES)
    }

    /// The peak of a line in the figure's unit.
    pub(super) fn summit(&self, judged: Option<&JudgedPeak>, factor: f64, largest: f64) -> Option<PeakMark> {
        let peak = &judged?.peak;
        let (year, amount) = (peak.last, among(peak.value * factor, largest));
        let label = self.get(&say!("{year} 年 {amount}", "{year}: {amount}"));
        Some(PeakMark { year, label, plateau: peak.plateaus.last().copied().unwrap_or((year, year)) })
    }

    /// What dots and bands mean, where there are any.
    pub(super) fn signs(&self, lines: &[TrajectoryLine], judged: Option<&JudgedPeak>) -> Vec<String> {
        let plateau = judged.map_or(0.0, |judged| judged.plateau * 100.0);
        let text = say!(
            "大圆点：峰值；宽带：平台期（峰值 {plateau:.0}% 以内的连续年份）。",
            "Large dots: the peak. Broad bands: the plateau, years in a row within {plateau:.0}% of it."
        );
        let beside = say!("情景名称后括号内为达峰年份。", "Beside the names: the years of the peaks.");
        let is_beside = lines.iter().any(|line| line.summit.as_ref().is_some_and(|summit| summit.label.is_empty()));
        let some = lines.iter().any(|line| line.summit.is_some()).then(|| self.get(&text));
        some.into_iter().chain(is_beside.then(|| self.get(&beside))).collect()
    }
}
