//! Air and water pollutants in every scenario, one panel each.

use super::{Results, scale};
use crate::plot::{ChartTitles, Hue, LineKind, Panel, PanelsTable, YearLevel};
use crate::projection::ScenarioRun;
use crate::say;
use crate::target::Boundary;

/// In the order of a plan's targets: those that are allotted first.
const POLLUTANTS: [&str; 9] = ["NOx", "VOC", "COD", "NH3N", "SO2", "PM2.5", "NH3", "TN", "TP"];

/// Changes below half a per cent round to none.
const FLAT: f64 = 0.005;

impl Results<'_> {
    /// None without scenarios.
    pub(super) fn pollutants_ahead(&self) -> Option<PanelsTable> {
        let runs = &self.projections?.runs;
        let anchor = runs.first()?.plan.anchor;
        let mut lines = vec![(self.pick("历史", "History"), LineKind::History)];
        let titled = |(place, run): (usize, &ScenarioRun<'_>)| {
            (run.plan.title.clone(), LineKind::Projection(Hue::of_line(place)))
        };
        lines.extend(runs.iter().enumerate().map(titled));
        let panels: Vec<Panel> = POLLUTANTS.into_iter().filter_map(|code| self.panel(code, anchor)).collect();
        if panels.is_empty() {
            return None;
        }
        Some(PanelsTable {
            frame: ChartTitles {
                title: self.panels_finding(),
                subtitle: self.pick(
                    "直接排放；实线为历史，虚线为各情景推算，各图各有纵轴",
                    "Direct emissions; history solid, scenarios dashed; each panel has its own axis",
                ),
                axis: String::new(),
                caption: self.caption_ahead("NOx", Boundary::Direct),
            },
            lines,
            panels,
        })
    }

    fn panel(&self, code: &str, anchor: i32) -> Option<Panel> {
        let runs = &self.projections?.runs;
        let series: Vec<_> = runs.iter().map(|run| run.series(code, Boundary::Direct)).collect();
        let largest = series.iter().flat_map(|series| series.values()).copied().fold(0.0, f64::max);
        if largest <= 0.0 {
            return None;
        }
        let (factor, unit) = scale(largest, self.language);
        let level = |(year, value): (&i32, &f64)| YearLevel { year: *year, level: value * factor };
        let history: Vec<YearLevel> = series.first()?.range(..=anchor).map(level).collect();
        let ahead = series.iter().map(|series| series.range(anchor..).map(level).collect());
        let heading = self.get(&say!("{code}（{unit}）", "{code} ({unit})"));
        Some(Panel { heading, lines: std::iter::once(history).chain(ahead).collect() })
    }

    /// What the scenario with the least CO2 does to the pollutants by its year of focus.
    fn panels_finding(&self) -> String {
        let runs = self.projections.map_or(&[][..], |projections| &projections.runs);
        let co2 = |run: &&ScenarioRun<'_>| {
            let year = self.focus(&run.plan);
            run.series("CO2", Boundary::DirectPurchased).get(&year).copied().unwrap_or(f64::INFINITY)
        };
        let Some(run) = runs.iter().min_by(|a, b| co2(a).total_cmp(&co2(b))) else { return String::new() };
        let (area, title, year, anchor) = (self.area(), &run.plan.title, self.focus(&run.plan), run.plan.anchor);
        let change = |code: &&str| {
            let series = run.series(code, Boundary::Direct);
            let before = series.get(&anchor).copied().filter(|before| *before > 0.0)?;
            Some((code.to_string(), series.get(&year)? / before - 1.0))
        };
        let mut changes: Vec<(String, f64)> = POLLUTANTS.iter().filter_map(change).collect();
        changes.sort_by(|a, b| a.1.total_cmp(&b.1));
        changes.retain(|(_, change)| change.abs() >= FLAT);
        if changes.is_empty() {
            return self.get(&say!(
                "{area}{title} {year} 年各污染物与 {anchor} 年基本持平",
                "{area}, {title}: pollutants of {year} are about those of {anchor}"
            ));
        }
        // The greatest falls first, and what rises most where something does.
        let rises = changes.pop_if(|(_, change)| *change > 0.0);
        let ends = changes.iter().take(if rises.is_some() { 1 } else { 2 }).chain(rises.iter());
        let told: Vec<String> = ends
            .map(|(code, change)| {
                let size = format!("{:.0}", change.abs() * 100.0);
                match *change < 0.0 {
                    true => self.get(&say!("{code} 下降 {size}%", "{code} falls {size}%")),
                    false => self.get(&say!("{code} 上升 {size}%", "{code} rises {size}%")),
                }
            })
            .collect();
        let told = told.join(&self.pick("，", ", "));
        self.get(&say!(
            "{area}{title} {year} 年与 {anchor} 年相比：{told}",
            "{area}, {title}, {year} against {anchor}: {told}"
        ))
    }
}
