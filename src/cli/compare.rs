//! `qingdan compare`: scenarios side by side, and those of an IAMC file beside them.

use super::ahead::with_runs;
use super::{Ending, Page};
use crate::analysis::{Assessment, Verdict, intensity::in_boundary};
use crate::error::{Language, Result};
use crate::peak::{self, Peak};
use crate::pollutant::CO2;
use crate::projection::{Projections, Run};
use crate::say;
use crate::target::Boundary;
use clap::Args;
use std::path::PathBuf;

use super::iamc;

#[derive(Args)]
pub(super) struct Comparison {
    study: PathBuf,
    /// The year of the pollutants and of the cut of CO2 per GDP
    #[arg(long, default_value_t = 2030)]
    year: i32,
    /// Scenarios of an IAMC file (CSV, wide) to put beside them
    #[arg(long)]
    iamc: Option<PathBuf>,
}

/// Years that every plan asks for.
const YEARS: [i32; 3] = [2025, 2030, 2035];
/// Pollutants of the plan's own targets.
const POLLUTANTS: [&str; 5] = ["SO2", "NOx", "VOC", "COD", "NH3N"];
const NONE: &str = "–";

pub(super) fn compare(comparison: &Comparison, page: &mut Page) -> Result<Ending> {
    with_runs(&comparison.study, |projections| {
        let units = &projections.ground.inventory.study.words.units;
        let others = comparison.iamc.as_ref().map_or(Ok(Vec::new()), |path| iamc::read(path, units))?;
        let mut table = Table::new(projections, &others);
        for boundary in Boundary::ALL {
            table.of_boundary(boundary);
        }
        table.intensity(comparison.year);
        table.targets(page.language);
        table.pollutants(comparison.year);
        table.show(page);
        Ok(Ending::Complete)
    })
}

/// A column for each scenario: ours, then the file's.
struct Table<'a> {
    projections: &'a Projections<'a>,
    others: &'a [iamc::Other],
    rows: Vec<Vec<String>>,
}

/// Four digits, whole numbers from a thousand on.
fn number(value: Option<f64>) -> String {
    match value {
        None => NONE.to_string(),
        Some(value) if value.abs() >= 1000.0 => format!("{value:.0}"),
        Some(value) => format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').to_string(),
    }
}

fn per_cent(share: Option<f64>) -> String {
    share.map_or(NONE.to_string(), |share| format!("{:.1}%", share * 100.0))
}

fn year(year: Option<i32>) -> String {
    year.map_or(NONE.to_string(), |year| year.to_string())
}

impl<'a> Table<'a> {
    fn new(projections: &'a Projections<'a>, others: &'a [iamc::Other]) -> Self {
        let codes = projections.runs.iter().map(|run| run.plan.code.clone());
        let codes = codes.chain(others.iter().map(|other| other.name.clone()));
        let head = std::iter::once("scenario".to_string()).chain(codes).collect();
        Self { projections, others, rows: vec![head] }
    }

    /// A row: of our runs, and of the file's scenarios.
    fn row(&mut self, name: String, own: impl Fn(&Run<'_>) -> String, other: impl Fn(&iamc::Other) -> String) {
        let cells = self.projections.runs.iter().map(own).chain(self.others.iter().map(other));
        self.rows.push(std::iter::once(name).chain(cells).collect());
    }

    /// CO2: peak, plateau, values, and the difference from the base.
    fn of_boundary(&mut self, boundary: Boundary) {
        let anchor = self.projections.ground.inventory.study.anchor();
        let named = |what: &str| in_boundary(&format!("CO2 {what}"), boundary);
        let mut of_peak = |what: &str, show: &dyn Fn(&Peak) -> String| {
            let none = || NONE.to_string();
            let own = |run: &Run<'_>| run.judged(CO2, boundary).map_or_else(none, |judged| show(&judged.peak));
            let other = |other: &iamc::Other| {
                let series = other.series(CO2, boundary);
                let peak = series.and_then(|series| peak::judge(series, anchor, peak::PLATEAU));
                peak.map_or_else(none, |peak| show(&peak))
            };
            self.row(named(what), own, other);
        };
        let peaks = |peak: &Peak| peak.verdict != peak::Verdict::NotWithinHorizon;
        of_peak("verdict", &|peak| peak.verdict.word().to_string());
        of_peak("peak year", &|peak| year(peaks(peak).then_some(peak.first)));
        of_peak("last year of maximum", &|peak| year(Some(peak.last)));
        of_peak("peak value, t", &|peak| number(Some(peak.value)));
        of_peak("plateau", &|peak| format!("{}–{}", peak.plateau.0, peak.plateau.1));
        for at in YEARS {
            let own = |run: &Run<'_>| run.outlook.totals.whole_t(at, boundary, CO2);
            let other = |other: &iamc::Other| other.series(CO2, boundary).and_then(|series| series.get(&at).copied());
            self.row(named(&format!("{at}, t")), |run| number(own(run)), |row| number(other(row)));
            let projections = self.projections;
            let base = projections.runs.first().and_then(own);
            let of_base = |run: &Run<'_>| match projections.base_of(&run.plan.code) {
                Some(base) => own(&projections.runs[base]),
                None => own(run),
            };
            let change = |base: Option<f64>, value: Option<f64>| {
                per_cent(base.filter(|base| *base != 0.0).zip(value).map(|(base, value)| value / base - 1.0))
            };
            let name = named(&format!("{at}, against base"));
            self.row(name, |run| change(of_base(run), own(run)), |row| change(base, other(row)));
        }
    }

    fn intensity(&mut self, at: i32) {
        let since = self.projections.ground.inventory.study.settings.base_year;
        for boundary in Boundary::ALL {
            let name = in_boundary(&format!("CO2 per gdp cut since {since}"), boundary);
            let cut = |run: &Run<'_>| {
                let found = run.outlook.indicators.iter().find(|row| row.year == at && row.name == name);
                per_cent(found.map(|row| row.value))
            };
            self.row(format!("{name}, {at}"), cut, |_| NONE.to_string());
        }
    }

    /// Each target that a scenario can be judged by, with its margin.
    fn targets(&mut self, language: Language) {
        let study = self.projections.ground.inventory.study;
        let open = if language == Language::Zh { "无法评估" } else { "not assessable" };
        for target in &study.targets {
            let show = |row: &Assessment| match row.verdict {
                Verdict::Met => format!("✓ {}", number(row.margin)),
                Verdict::Missed => format!("✗ {}", number(row.margin)),
                Verdict::NotAssessable => open.to_string(),
            };
            let own = |run: &Run<'_>| {
                let found = run.outlook.assessments.iter().find(|row| row.target == target.code);
                found.map_or(NONE.to_string(), show)
            };
            self.row(format!("target {}", target.code), own, |_| NONE.to_string());
        }
    }

    fn pollutants(&mut self, at: i32) {
        let study = self.projections.ground.inventory.study;
        let wanted =
            |code: &str| study.words.pollutants.index(code).is_some_and(|p| study.settings.pollutants.contains(&p));
        for code in POLLUTANTS.into_iter().filter(|code| wanted(code)) {
            let own = |run: &Run<'_>| number(run.outlook.totals.whole_t(at, Boundary::Direct, code));
            let other = |row: &iamc::Other| {
                number(row.series(code, Boundary::Direct).and_then(|series| series.get(&at).copied()))
            };
            self.row(format!("{code} {at}, t"), own, other);
        }
    }

    fn show(&self, page: &mut Page) {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (index, row) in self.rows.iter().enumerate() {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            page.line(cells.collect::<Vec<_>>().join("  ").trim_end());
            if index == 0 {
                page.line(widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  "));
            }
        }
        let titles = self.projections.runs.iter().map(|run| format!("{} {}", run.plan.code, run.plan.title));
        let titles = titles.collect::<Vec<_>>().join("; ");
        page.say(&say!(
            "情景：{titles}。✓ 达到，✗ 未达到，其后为余量",
            "scenarios: {titles}. ✓ met, ✗ missed, then the margin"
        ));
    }
}
