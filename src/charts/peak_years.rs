//! The peak of energy beside the peak of CO2, for the one scenario that goes furthest.

use super::metric_subject::{CO2_ALL, ENERGY_ALL, FigureSubject};
use super::verdicts::ScenarioOutcome;
use super::{Results, scale};
use crate::plot::{ChartTitles, Hue, LineKind, TrajectoryLine, TrajectoryTable, YearLevel, among};
use crate::projection::{JudgedPeak, ScenarioRun};
use crate::say;

impl Results<'_> {
    /// Energy and CO2 of one scenario, each against the base year.
    pub(super) fn two_peaks(&self) -> Option<TrajectoryTable> {
        let (run, by) = self.recommended()?;
        if [ENERGY_ALL, CO2_ALL].iter().any(|subject| self.outcome(run, *subject) == Some(ScenarioOutcome::Unknown)) {
            return None;
        }
        let base = self.base(run)?;
        let mut lines = Vec::new();
        for (subject, hue) in [(ENERGY_ALL, Hue::Nth(1)), (CO2_ALL, Hue::Nth(0))] {
            let series = self.series(run, subject);
            let start = *series.get(&base)?;
            let level = |(year, value): (&i32, &f64)| YearLevel { year: *year, level: value / start * 100.0 };
            let past: Vec<YearLevel> = series.range(..=run.plan.anchor).map(level).collect();
            let ahead: Vec<YearLevel> = series.range(run.plan.anchor..).map(level).collect();
            let label = match subject == ENERGY_ALL {
                true => self.pick("能源消费", "Energy"),
                false => self.pick("CO2 排放", "CO2"),
            };
            let mut history = TrajectoryLine::new(String::new(), LineKind::Past(hue), past);
            let mut projection = TrajectoryLine::new(label, LineKind::Projection(hue), ahead);
            let judged = self.judged(run, subject);
            let summit = self.summit(judged, 1.0, 1.0);
            let summit = summit.map(|summit| crate::plot::PeakMark { label: self.absolute(subject, judged), ..summit });
            match judged.map(|judged| ScenarioOutcome::of(&judged.peak)) {
                Some(ScenarioOutcome::Peaks(_)) => projection.summit = summit,
                Some(ScenarioOutcome::Peaked(_)) => history.summit = summit,
                _ => {}
            }
            lines.extend([history, projection]);
        }
        let mut notes = self.signs(&lines, self.judged(run, CO2_ALL));
        let title = &run.plan.title;
        notes.push(self.get(&say!(
            "本图取“{title}”：各情景中 {by} 年 CO2 排放最低。",
            "Shown is {title}, which has the least CO2 in {by} of all scenarios."
        )));
        Some(TrajectoryTable { frame: self.two_peaks_frame(run, base), lines, targets: Vec::new(), notes })
    }

    /// The study's base year, else the first in which both are known and positive.
    fn base(&self, run: &ScenarioRun<'_>) -> Option<i32> {
        let (energy, co2) = (self.series(run, ENERGY_ALL), self.series(run, CO2_ALL));
        let both = |year: &i32| energy.get(year).is_some_and(|v| *v > 0.0) && co2.get(year).is_some_and(|v| *v > 0.0);
        let base = self.inventory.study.settings.base_year;
        if both(&base) { Some(base) } else { energy.keys().copied().find(|year| both(year)) }
    }

    /// The value of a peak in its own unit.
    fn absolute(&self, subject: FigureSubject, judged: Option<&JudgedPeak>) -> String {
        let Some(peak) = judged.map(|judged| &judged.peak) else { return String::new() };
        let (factor, unit) = scale(peak.value, self.language);
        let (year, unit, amount) = (peak.last, subject.unit(&unit), among(peak.value * factor, peak.value * factor));
        self.get(&say!("{year} 年 {amount} {unit}", "{year}: {amount} {unit}"))
    }

    fn two_peaks_frame(&self, run: &ScenarioRun<'_>, base: i32) -> ChartTitles {
        let title = &run.plan.title;
        let outcomes = (self.outcome(run, ENERGY_ALL), self.outcome(run, CO2_ALL));
        let years = |outcome: Option<ScenarioOutcome>| match outcome {
            Some(ScenarioOutcome::Peaked(year) | ScenarioOutcome::Peaks(year)) => Some(year),
            _ => None,
        };
        let finding = match (years(outcomes.0), years(outcomes.1)) {
            (Some(energy), Some(co2)) if energy == co2 => {
                say!("{title}：能源消费与 CO2 同在 {co2} 年达峰", "{title}: energy and CO2 peak together in {co2}")
            }
            (Some(energy), Some(co2)) => {
                let apart = (energy - co2).abs();
                let (zh, en) = if energy > co2 { ("早", "before") } else { ("晚", "after") };
                say!(
                    "{title}：CO2 {co2} 年达峰，比能源消费（{energy} 年）{zh} {apart} 年",
                    "{title}: CO2 peaks in {co2}, {apart} years {en} energy ({energy})"
                )
            }
            (None, Some(co2)) => {
                say!("{title}：CO2 {co2} 年达峰，能源消费期内未达峰", "{title}: CO2 peaks in {co2}, energy does not")
            }
            (Some(energy), None) => {
                say!(
                    "{title}：能源消费 {energy} 年达峰，CO2 期内未达峰",
                    "{title}: energy peaks in {energy}, CO2 does not"
                )
            }
            (None, None) => say!("{title}：能源消费和 CO2 期内均未达峰", "{title}: neither energy nor CO2 peaks"),
        };
        ChartTitles {
            title: self.get(&finding),
            subtitle: self.pick(
                "CO2 含调入电力热力；能源消费按当量值；实线为历史，虚线为推算",
                "CO2 with purchased electricity and heat; energy by heat content; history solid, projection dashed",
            ),
            axis: self.get(&say!("指数（{base} 年＝100）", "Index ({base} = 100)")),
            caption: self.caption_ahead(CO2_ALL.metric, CO2_ALL.boundary),
        }
    }
}
