//! Titles that say what scenarios come to: who peaks when, in one sentence that fits a title.

use super::Results;
use super::metric_subject::FigureSubject;
use crate::error::Text;
use crate::peak::{Peak, PeakVerdict};
use crate::plot::fits_title;
use crate::projection::ScenarioRun;
use crate::say;
use std::collections::BTreeMap;

/// Scenarios whose names still stand in a title, each with its verdict.
pub(super) const MOST_NAMES: usize = 4;

/// What a scenario comes to, in the order of titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ScenarioOutcome {
    Peaked(i32),
    Peaks(i32),
    Rises,
    /// Some year of it is not known.
    Unknown,
}

impl ScenarioOutcome {
    pub fn of(peak: &Peak) -> Self {
        match peak.verdict {
            PeakVerdict::Peaked => Self::Peaked(peak.last),
            PeakVerdict::Peaks => Self::Peaks(peak.last),
            PeakVerdict::NotWithinHorizon => Self::Rises,
        }
    }

    /// Of one scenario, after its name.
    pub fn words(self) -> Text {
        match self {
            Self::Peaked(year) => say!("已于 {year} 年达峰", "peaked in {year}"),
            Self::Peaks(year) => say!(" {year} 年达峰", "peaks in {year}"),
            Self::Rises => say!("期内未达峰", "does not peak"),
            Self::Unknown => say!("不能判断（有年份缺数据）", "cannot be judged (years without data)"),
        }
    }

    /// Of several.
    fn words_of_many(self) -> Text {
        match self {
            Self::Peaked(year) => say!("均已于 {year} 年达峰", "peaked in {year}"),
            Self::Peaks(year) => say!("均 {year} 年达峰", "peak in {year}"),
            Self::Rises => say!("期内均未达峰", "do not peak"),
            Self::Unknown => say!("均不能判断（有年份缺数据）", "cannot be judged (years without data)"),
        }
    }

    fn is_by(self, by: i32) -> bool {
        matches!(self, Self::Peaked(year) | Self::Peaks(year) if year <= by)
    }
}

impl Results<'_> {
    pub(super) fn outcome(&self, run: &ScenarioRun<'_>, subject: FigureSubject) -> Option<ScenarioOutcome> {
        let unknown = run.outlook.totals.unknown(subject.boundary, subject.metric).filter(|found| found.hides_a_peak());
        let judged = || self.judged(run, subject).map(|judged| ScenarioOutcome::of(&judged.peak));
        if unknown.is_some() { Some(ScenarioOutcome::Unknown) } else { judged() }
    }

    /// The finding of all scenarios, short enough for a title.
    pub(super) fn finding_of_all(&self, subject: FigureSubject) -> String {
        let runs = self.projections.map_or(&[][..], |projections| &projections.runs);
        let mut groups: BTreeMap<ScenarioOutcome, Vec<&str>> = BTreeMap::new();
        for run in runs {
            if let Some(outcome) = self.outcome(run, subject) {
                groups.entry(outcome).or_default().push(&run.plan.title);
            }
        }
        let (area, words) = (self.area(), subject.words());
        let (zh, en) = (&words.zh, &words.en);
        let titled = |finding: Text| {
            let Text { zh: zh_finding, en: en_finding } = finding;
            self.get(&say!("{area}{zh}：{zh_finding}", "{area}, {en}: {en_finding}"))
        };
        let named: usize = groups.values().map(Vec::len).sum();
        let mut findings = Vec::new();
        if named == 0 {
            findings.push(say!("各情景均没有可判断的峰值", "no scenario has a peak that can be judged"));
        } else if named <= MOST_NAMES {
            findings.push(in_full(&groups));
        }
        // Nothing is counted where some cannot be judged.
        if !groups.contains_key(&ScenarioOutcome::Unknown) {
            findings.extend(in_short(&groups, self.peak_by(subject)));
        }
        if findings.is_empty() {
            findings.push(say!("并非各情景都能判断", "not all scenarios can be judged"));
        }
        let titles: Vec<String> = findings.into_iter().map(titled).collect();
        let fitting = titles.iter().find(|title| fits_title(title)).or(titles.last());
        fitting.cloned().unwrap_or_default()
    }
}

/// Chinese words after a name, which may end in Latin letters.
fn joined(name: &str, words: &str) -> String {
    let is_latin = name.ends_with(|c: char| c.is_ascii_alphanumeric());
    if is_latin && !words.starts_with(' ') { format!("{name} {words}") } else { format!("{name}{words}") }
}

fn in_full(groups: &BTreeMap<ScenarioOutcome, Vec<&str>>) -> Text {
    let said = |(outcome, names): (&ScenarioOutcome, &Vec<&str>)| {
        let words = if names.len() > 1 { outcome.words_of_many() } else { outcome.words() };
        (joined(&names.join("、"), &words.zh), format!("{} {}", names.join(" and "), words.en))
    };
    let parts: Vec<(String, String)> = groups.iter().map(said).collect();
    let join = |part: fn(&(String, String)) -> &String, mark: &str| {
        parts.iter().map(part).cloned().collect::<Vec<_>>().join(mark)
    };
    Text { zh: join(|part| &part.0, "，"), en: join(|part| &part.1, ", ") }
}

/// How many peak in time, and the first of them; the same without its name, which may be long.
fn in_short(groups: &BTreeMap<ScenarioOutcome, Vec<&str>>, by: i32) -> Vec<Text> {
    let all: usize = groups.values().map(Vec::len).sum();
    let timely: usize = groups.iter().filter(|(outcome, _)| outcome.is_by(by)).map(|(_, names)| names.len()).sum();
    let Some((first, names)) = groups.first_key_value() else { return Vec::new() };
    let counted = match timely {
        0 => say!("{all} 个情景在 {by} 年前均未达峰", "none of {all} scenarios peaks by {by}"),
        _ if timely == all => say!("{all} 个情景均在 {by} 年前达峰", "all {all} scenarios peak by {by}"),
        _ => say!("{all} 个情景中 {timely} 个在 {by} 年前达峰", "{timely} of {all} scenarios peak by {by}"),
    };
    let (zh, en, words) = (&counted.zh, &counted.en, first.words());
    let (earliest_en, first_en) = (names[0], &words.en);
    let first_zh = joined(earliest_en, &words.zh);
    let with_name = say!("{zh}，最早的{first_zh}", "{en}; {earliest_en} {first_en}");
    if *first == ScenarioOutcome::Rises { vec![counted] } else { vec![with_name, counted] }
}
