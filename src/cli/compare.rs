//! `qingdan compare`: scenarios side by side, and those of an IAMC file beside them.

use super::{ExitStatus, Terminal, draws};
use crate::analysis::{Assessment, TargetVerdict, intensity::in_boundary};
use crate::error::{Language, Result, Text};
use crate::model::Model;
use crate::monte_carlo::{Draws, Probability};
use crate::peak::{self, Peak};
use crate::pollutant::CO2;
use crate::projection::attribution::{Attribution, Cause};
use crate::projection::{PeakRow, Projections, ScenarioRun};
use crate::say;
use crate::target::{Boundary, Target};
use clap::Args;
use std::path::PathBuf;
use unicode_width::UnicodeWidthStr;

use super::iamc;

#[derive(Args)]
pub(super) struct CompareArgs {
    study: PathBuf,
    #[arg(long, default_value_t = 2030)]
    year: i32,
    #[arg(long)]
    iamc: Option<PathBuf>,
}

/// Years that every plan asks for.
const YEARS: [i32; 3] = [2025, 2030, 2035];
/// Pollutants of the plan's own targets.
const POLLUTANTS: [&str; 5] = ["SO2", "NOx", "VOC", "COD", "NH3N"];
const NONE: &str = "–";

pub(super) fn compare(comparison: &CompareArgs, page: &mut Terminal) -> Result<ExitStatus> {
    let model = Model::load(&comparison.study)?.with_scenarios()?;
    let inventory = model.compile()?;
    let projections = model.project(&inventory)?;
    let units = &model.study.words.units;
    let others = comparison.iamc.as_ref().map_or(Ok(Vec::new()), |path| iamc::read(path, units))?;
    let drawn = draws::of_a_run(Some(&projections), &model.scenarios)?;
    let mut table = ComparisonTable::new(&projections, &others, page.language);
    for boundary in Boundary::ALL {
        table.of_boundary(boundary);
    }
    table.contributions(comparison.year);
    table.intensity(comparison.year);
    table.targets();
    table.pollutants(comparison.year);
    table.worth();
    if let Some(drawn) = &drawn {
        table.probabilities(drawn);
    }
    table.show(page);
    Ok(ExitStatus::Complete)
}

/// A column for each scenario: ours, then the file's.
struct ComparisonTable<'a> {
    projections: &'a Projections<'a>,
    others: &'a [iamc::Other],
    language: Language,
    rows: Vec<Vec<String>>,
    /// Targets that no scenario can be judged by: a row of them would say nothing.
    open: Vec<&'a str>,
}

/// The boundary as the name of a row says it.
fn scope(boundary: Boundary) -> Text {
    match boundary {
        Boundary::Direct => say!("，直接", ", direct"),
        _ => say!("，含调入电力", ", with purchased"),
    }
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

impl<'a> ComparisonTable<'a> {
    fn new(projections: &'a Projections<'a>, others: &'a [iamc::Other], language: Language) -> Self {
        let codes = projections.runs.iter().map(|run| run.plan.code.clone());
        let codes = codes.chain(others.iter().map(|other| other.name.clone()));
        let head = say!("情景", "scenario").get(language).to_string();
        let head = std::iter::once(head).chain(codes).collect();
        Self { projections, others, language, rows: vec![head], open: Vec::new() }
    }

    /// A row: of our runs, and of the file's scenarios.
    fn row(&mut self, name: Text, own: impl Fn(&ScenarioRun<'_>) -> String, other: impl Fn(&iamc::Other) -> String) {
        let cells = self.projections.runs.iter().map(own).chain(self.others.iter().map(other));
        self.rows.push(std::iter::once(name.get(self.language).to_string()).chain(cells).collect());
    }

    /// The verdict on CO2, `unknown` where it is not judged.
    fn verdict(&mut self, boundary: Boundary, anchor: i32) {
        let Text { zh, en } = scope(boundary);
        self.row(
            say!("CO2 结论{zh}", "CO2 verdict{en}"),
            |run| match run.unjudged(CO2, boundary) {
                Some(unjudged) => PeakRow::Unjudged(unjudged).verdict().to_string(),
                None => run.judged(CO2, boundary).map_or(NONE.to_string(), |own| own.peak.verdict.word().to_string()),
            },
            |other| {
                let peak = other.series(CO2, boundary).and_then(|of| peak::judge(of, anchor, peak::PLATEAU));
                peak.map_or(NONE.to_string(), |peak| peak.verdict.word().to_string())
            },
        );
    }

    /// CO2: peak, plateau, values, and the difference from the base.
    fn of_boundary(&mut self, boundary: Boundary) {
        let anchor = self.projections.ground.inventory.study.anchor();
        let Text { zh, en } = scope(boundary);
        self.verdict(boundary, anchor);
        let mut of_peak = |name: Text, show: &dyn Fn(&Peak) -> String| {
            let none = || NONE.to_string();
            let own = |run: &ScenarioRun<'_>| run.judged(CO2, boundary).map_or_else(none, |judged| show(&judged.peak));
            let other = |other: &iamc::Other| {
                let series = other.series(CO2, boundary);
                let peak = series.and_then(|series| peak::judge(series, anchor, peak::PLATEAU));
                peak.map_or_else(none, |peak| show(&peak))
            };
            self.row(name, own, other);
        };
        of_peak(say!("CO2 达峰年{zh}", "CO2 peak year{en}"), &|peak| year(peak.years().map(|years| years.0)));
        of_peak(say!("CO2 最高的最后一年{zh}", "CO2 last year of maximum{en}"), &|peak| year(Some(peak.last)));
        of_peak(say!("CO2 峰值（t）{zh}", "CO2 peak value, t{en}"), &|peak| number(Some(peak.value)));
        of_peak(say!("CO2 平台期{zh}", "CO2 plateau{en}"), &|peak| {
            peak.plateau().map_or(NONE.to_string(), |(from, to)| format!("{from}–{to}"))
        });
        for at in YEARS {
            let own = |run: &ScenarioRun<'_>| run.outlook.totals.whole_t(at, boundary, CO2);
            let other = |other: &iamc::Other| other.series(CO2, boundary).and_then(|series| series.get(&at).copied());
            let name = say!("CO2 {at} 年（t）{zh}", "CO2 {at}, t{en}");
            self.row(name, |run| number(own(run)), |row| number(other(row)));
            let projections = self.projections;
            let base = projections.runs.first().and_then(own);
            let of_base = |run: &ScenarioRun<'_>| match projections.base_of(&run.plan.code) {
                Some(base) => own(&projections.runs[base]),
                None => own(run),
            };
            let change = |base: Option<f64>, value: Option<f64>| {
                per_cent(base.filter(|base| *base != 0.0).zip(value).map(|(base, value)| value / base - 1.0))
            };
            let name = say!("CO2 {at} 年比基准{zh}", "CO2 {at}, against base{en}");
            self.row(name, |run| change(of_base(run), own(run)), |row| change(base, other(row)));
        }
    }

    /// What each measure cuts of CO2 beside the base (of the base itself, beside what it would be without its measures), and growth that
    /// differs; the rows of a scenario add up to its difference.
    fn contributions(&mut self, at: i32) {
        let projections = self.projections;
        let Some(metric) = projections.metrics.find(CO2, Boundary::DirectPurchased) else { return };
        let of = |run: &ScenarioRun<'_>| projections.attribution(run, metric, at);
        let part =
            |found: &Attribution, cause: Cause| found.parts.iter().find(|part| part.cause == cause).map(|p| p.cut);
        let found: Vec<Attribution> = projections.runs.iter().filter_map(of).collect();
        let moves = |cause: Cause| found.iter().any(|found| part(found, cause).is_some_and(|cut| cut != 0.0));
        let measures = &projections.ground.plans.measures;
        let causes = (0..measures.len()).map(Cause::Measure).chain([Cause::Growth]);
        let Text { zh, en } = scope(Boundary::DirectPurchased);
        let name = |cause: Cause| {
            let Text { zh: cause_zh, en: cause_en } = match cause {
                Cause::Growth => say!("增长设定不同", "other growth"),
                Cause::Measure(measure) => {
                    let code = &measures[measure].code;
                    say!("{code}", "{code}")
                }
            };
            say!("CO2 {at} 年减排（t）：{cause_zh}{zh}", "CO2 {at} cut, t, by {cause_en}{en}")
        };
        for cause in causes.filter(|cause| moves(*cause)) {
            let own = |run: &ScenarioRun<'_>| number(of(run).and_then(|found| part(&found, cause)));
            self.row(name(cause), own, |_| NONE.to_string());
        }
        if !found.is_empty() {
            let whole = |run: &ScenarioRun<'_>| number(of(run).map(|found| found.start - found.end));
            let name = say!("CO2 {at} 年减排合计（t）{zh}", "CO2 {at} cut in all, t{en}");
            self.row(name, whole, |_| NONE.to_string());
        }
    }

    fn intensity(&mut self, at: i32) {
        let since = self.projections.ground.inventory.study.settings.base_year;
        for boundary in Boundary::ALL {
            let name = in_boundary(&format!("CO2 per gdp cut since {since}"), boundary);
            let cut = |run: &ScenarioRun<'_>| {
                let found = run.outlook.indicators.iter().find(|row| row.year == at && row.name == name);
                per_cent(found.map(|row| row.value))
            };
            let Text { zh, en } = scope(boundary);
            let name = say!("单位 GDP CO2 {at} 年比 {since} 年下降{zh}", "CO2 per GDP {at}, cut since {since}{en}");
            self.row(name, cut, |_| NONE.to_string());
        }
    }

    /// Each target that a scenario can be judged by, with its margin.
    fn targets(&mut self) {
        for target in &self.projections.ground.inventory.study.targets {
            let show = |row: &Assessment| match row.verdict {
                TargetVerdict::Met => format!("✓ {}", number(row.margin)),
                TargetVerdict::Missed => format!("✗ {}", number(row.margin)),
                TargetVerdict::NotAssessable => "?".to_string(),
            };
            let own = |run: &ScenarioRun<'_>| {
                let found = run.outlook.assessments.iter().find(|row| row.target == target.code);
                found.map_or(NONE.to_string(), show)
            };
            let is_judged = |row: &Assessment| row.target == target.code && row.verdict != TargetVerdict::NotAssessable;
            if self.projections.runs.iter().any(|run| run.outlook.assessments.iter().any(is_judged)) {
                self.row(aim(target), own, |_| NONE.to_string());
            } else {
                self.open.push(&target.code);
            }
        }
    }

    /// What all measures whose cost is known are worth in the anchor year.
    fn worth(&mut self) {
        const MILLION: f64 = 1e6;
        if self.projections.ground.plans.measures.iter().all(|measure| measure.cost.is_none()) {
            return;
        }
        let own = |run: &ScenarioRun<'_>| {
            let known: Vec<f64> = run.bills.iter().flatten().map(|bill| bill.net_present_value() / MILLION).collect();
            match known.len() {
                0 => NONE.to_string(),
                count => format!("{:.0} ({count}/{})", known.iter().sum::<f64>(), run.bills.len()),
            }
        };
        let name = say!("净现值（百万元；有成本的措施数）", "NPV, million yuan (measures with costs)");
        self.row(name, own, |_| NONE.to_string());
    }

    /// How probable the peaks and targets are, in the draws of a run.
    fn probabilities(&mut self, drawn: &Draws) {
        let targets = &self.projections.ground.inventory.study.targets;
        let is_same = |a: &Probability, b: &Probability| (a.target, &a.metric, a.year) == (b.target, &b.metric, b.year);
        // Scenarios of different horizons are asked for different years.
        let mut asked: Vec<&Probability> = Vec::new();
        for row in drawn.scenarios.iter().flat_map(|found| &found.probabilities) {
            if !asked.iter().any(|known| is_same(known, row)) {
                asked.push(row);
            }
        }
        for row in asked {
            let (metric, year) = (&row.metric.0, row.year);
            let name = match row.target {
                None => {
                    let Text { zh, en } = scope(row.metric.1);
                    say!("P（{metric} {year} 年前达峰）{zh}", "P({metric} peaks by {year}){en}")
                }
                Some(index) => {
                    let Text { zh, en } = aim(&targets[index]);
                    say!("P（{zh}）", "P({en})")
                }
            };
            let own = |run: &ScenarioRun<'_>| {
                let of_run = drawn.of(&run.plan.code);
                let same = of_run.and_then(|found| found.probabilities.iter().find(|other| is_same(other, row)));
                same.map_or(NONE.to_string(), |found| found.share.to_string())
            };
            self.row(name, own, |_| NONE.to_string());
        }
    }

    fn pollutants(&mut self, at: i32) {
        let study = self.projections.ground.inventory.study;
        let wanted =
            |code: &str| study.words.pollutants.index(code).is_some_and(|p| study.settings.pollutants.contains(&p));
        for code in POLLUTANTS.into_iter().filter(|code| wanted(code)) {
            let own = |run: &ScenarioRun<'_>| number(run.outlook.totals.whole_t(at, Boundary::Direct, code));
            let other = |row: &iamc::Other| {
                number(row.series(code, Boundary::Direct).and_then(|series| series.get(&at).copied()))
            };
            self.row(say!("{code} {at} 年（t）", "{code} {at}, t"), own, other);
        }
    }

    fn show(&self, page: &mut Terminal) {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| self.rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        // A Chinese character takes two places of a terminal.
        let padded = |(cell, width): (&String, &usize)| format!("{cell}{}", " ".repeat(width - cell.width()));
        for (index, row) in self.rows.iter().enumerate() {
            page.line(row.iter().zip(&widths).map(padded).collect::<Vec<_>>().join("  ").trim_end());
            if index == 0 {
                page.line(widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  "));
            }
        }
        let titles = self.projections.runs.iter().map(|run| format!("{} {}", run.plan.code, run.plan.title));
        let titles = titles.collect::<Vec<_>>().join("; ");
        page.say(&say!(
            "情景：{titles}。✓ 达到，✗ 未达到，其后为余量；? 无法评估。减排是与基准情景相比，基准情景本身与不采取措施相比",
            "scenarios: {titles}. ✓ met, ✗ missed, then the margin; ? not assessable. Cuts are beside the base, those of the base beside itself without measures"
        ));
        if !self.open.is_empty() {
            let open = self.open.join(", ");
            page.say(&say!("各情景均无法评估的目标：{open}", "targets that no scenario can be judged by: {open}"));
        }
    }
}

fn aim(target: &Target) -> Text {
    let code = &target.code;
    say!("目标 {code}", "target {code}")
}
