//! What `run` says on one screen: the totals, the verdicts, what is missing, and what to open first. The rest stands with `--verbose`.

use super::{Terminal, draws, shown};
use crate::analysis::{Assessment, Grouping, Interval, TargetVerdict, total::TOTAL};
use crate::error::{Language, Text};
use crate::inventory::Inventory;
use crate::model::Results;
use crate::pollutant::CO2;
use crate::projection::{PeakRow, ScenarioRun};
use crate::target::{Boundary, Goal};
use crate::{say, verdict_text};
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// All that a run has found.
pub(super) struct Findings<'a> {
    pub results: Results<'a>,
    /// Figures that could not be drawn.
    pub undrawn: &'a [Text],
}

/// How many of a kind the screen has room for.
const POLLUTANTS: usize = 5;
const SCENARIOS: usize = 4;
const CHECKS: usize = 2;
const UNKNOWNS: usize = 3;

impl Findings<'_> {
    /// At most 25 lines.
    pub fn tell(&self, out: &Path, page: &mut Terminal) {
        self.title(page);
        self.totals(page);
        self.unknown(page);
        self.targets(page);
        self.scenarios(page);
        self.checks(CHECKS, page);
        self.counts(page);
        let report = shown(&out.join("report.html"));
        page.say(&say!("先打开 {report}", "open {report} first"));
    }

    /// Everything, one line for each.
    pub fn tell_all(&self, out: &Path, page: &mut Terminal) {
        self.notices().into_iter().for_each(|notice| page.say(notice));
        self.title(page);
        self.shares(page);
        self.each_target(page);
        for run in self.results.runs() {
            self.verdicts(run, page);
        }
        self.checks(usize::MAX, page);
        self.counts(page);
        let report = shown(&out.join("report.html"));
        page.say(&say!("先打开 {report}", "open {report} first"));
    }

    fn notices(&self) -> Vec<&Text> {
        let own = self.results.inventory.study.notices.iter().chain(&self.results.analysis.notices).chain(self.undrawn);
        let runs = self.results.runs();
        own.chain(runs.iter().flat_map(|run| &run.plan.notices)).collect()
    }

    fn year(&self) -> i32 {
        self.results.inventory.study.anchor()
    }

    fn title(&self, page: &mut Terminal) {
        let title = &self.results.inventory.study.settings.title;
        if !title.is_empty() {
            page.line(title);
        }
    }

    /// The study's pollutants after the CO2-equivalent, each with the name that is shown.
    fn pollutants(&self, language: Language) -> Vec<(String, String)> {
        let study = self.results.inventory.study;
        let ghg = self.results.analysis.totals.ghg.as_ref();
        let ghg = ghg.map(|code| (code.clone(), verdict_text::metric(code).get(language).to_string()));
        let own = study.settings.pollutants.iter().map(|&index| {
            let code = study.words.pollutants.code(index);
            (code.to_string(), code.to_string())
        });
        ghg.into_iter().chain(own).collect()
    }

    /// The totals of the last year in both boundaries.
    fn totals(&self, page: &mut Terminal) {
        let (year, language) = (self.year(), page.language);
        let [direct, purchased] = Boundary::ALL.map(|boundary| boundary.title().get(language).to_string());
        let head = say!("{year} 年合计（万吨）", "totals of {year} (kt)");
        let totals = &self.results.analysis.totals;
        let all = self.pollutants(language);
        let found: Vec<_> = all.iter().filter(|(code, _)| totals.has_any(code)).collect();
        let value = |boundary, code: &str| match totals.whole_t(year, boundary, code) {
            Some(value) => verdict_text::amount(value).get(language).to_string(),
            None if !totals.is_known(year, boundary, code) => say!("未知", "unknown").get(language).to_string(),
            None => "–".to_string(),
        };
        let mut rows = vec![[head.get(language).to_string(), direct, purchased]];
        for (code, name) in found.iter().take(POLLUTANTS) {
            rows.push([format!("  {name}"), value(Boundary::ALL[0], code), value(Boundary::ALL[1], code)]);
        }
        aligned(&rows, page);
        let more = found.len().saturating_sub(POLLUTANTS);
        if more > 0 {
            page.say(&say!("  其余 {more} 种污染物见 totals.csv", "  {more} more pollutants in totals.csv"));
        }
        self.range(page);
    }

    /// What is not known, and what would make it known.
    fn unknown(&self, page: &mut Terminal) {
        let notices = self.results.analysis.totals.known.notices();
        for text in notices.iter().take(UNKNOWNS) {
            page.say(text);
        }
        let more = notices.len().saturating_sub(UNKNOWNS);
        if more > 0 {
            page.say(&say!("另有 {more} 条，见 notices.csv", "{more} more of them in notices.csv"));
        }
    }

    /// How far the greenhouse gases of the last year may be from their value, by what has ranges.
    fn range(&self, page: &mut Terminal) {
        let (year, analysis) = (self.year(), self.results.analysis);
        let is_asked = |row: &&Interval| {
            let of_all = row.grouping == Grouping::Total.word() && row.boundary == Boundary::Direct;
            of_all && row.year == year && Some(row.pollutant.as_str()) == analysis.totals.ghg.as_deref()
        };
        let Some(row) = analysis.intervals.iter().find(is_asked) else { return };
        let covered = row.covered_share.unwrap_or(0.0) * 100.0;
        let (Some((low, high)), pct) = (row.range, row.uncertainty_pct) else {
            page.say(&say!(
                "  温室气体没有不确定度范围：只有 {covered:.0}% 的排放有范围",
                "  greenhouse gases have no uncertainty range: only {covered:.0}% of them has ranges"
            ));
            return;
        };
        let (Text { zh: low_zh, en: low_en }, Text { zh: high_zh, en: high_en }) =
            (verdict_text::amount(low), verdict_text::amount(high));
        // Of a total of zero the range is no share.
        let (zh, en) = pct.map_or(Default::default(), |pct| (format!("±{pct:.0}%；"), format!("±{pct:.0}%; ")));
        page.say(&say!(
            "  温室气体（直接排放）95% 范围 {low_zh} 至 {high_zh}（{zh}{covered:.0}% 的排放有范围）",
            "  greenhouse gases, direct, 95% range {low_en} to {high_en} ({en}{covered:.0}% of it has ranges)"
        ));
    }

    /// The targets of the inventory's own years, counted.
    fn targets(&self, page: &mut Terminal) {
        let own = self.judged();
        if own.is_empty() {
            return;
        }
        let Text { zh, en } = self.counted(&own, self.results.inventory);
        page.say(&say!("目标：{zh}（见 targets.csv）", "targets: {en} (see targets.csv)"));
    }

    /// With scenarios a target of a later year is theirs to judge.
    fn judged(&self) -> Vec<&Assessment> {
        let is_own =
            |own: &&Assessment| self.results.projections.is_none() || self.results.inventory.years.contains(&own.year);
        self.results.analysis.assessments.iter().filter(is_own).collect()
    }

    /// How many are met, missed, and not assessable for which reason.
    fn counted(&self, judged: &[&Assessment], inventory: &Inventory<'_>) -> Text {
        let count = |verdict| judged.iter().filter(|own| own.verdict == verdict).count();
        let (met, missed, open) =
            (count(TargetVerdict::Met), count(TargetVerdict::Missed), count(TargetVerdict::NotAssessable));
        let mut reasons: Vec<(Text, usize)> = Vec::new();
        for own in judged.iter().filter(|own| own.verdict == TargetVerdict::NotAssessable) {
            let reason = self.reason(own, inventory);
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, count)) => *count += 1,
                None => reasons.push((reason, 1)),
            }
        }
        let named = reasons.iter().map(|(Text { zh, en }, count)| say!("{zh} {count} 项", "{count} {en}"));
        let named: Vec<Text> = named.collect();
        let zh = named.iter().map(|text| text.zh.as_str()).collect::<Vec<_>>().join("、");
        let en = named.iter().map(|text| text.en.as_str()).collect::<Vec<_>>().join(", ");
        let (zh, en) = if open > 0 { (format!("（{zh}）"), format!(" ({en})")) } else { Default::default() };
        say!(
            "达到 {met} 项，未达到 {missed} 项，无法评估 {open} 项{zh}",
            "{met} met, {missed} missed, {open} not assessable{en}"
        )
    }

    /// Why a target cannot be assessed.
    fn reason(&self, own: &Assessment, inventory: &Inventory<'_>) -> Text {
        let goal = self
            .results
            .inventory
            .study
            .targets
            .iter()
            .find(|target| target.code == own.target)
            .map(|target| &target.goal);
        let last = inventory.years.last().copied().unwrap_or(own.year);
        match goal {
            Some(Goal::Allotted { .. }) => say!("未给出分配量", "without the amount that is allotted"),
            Some(Goal::PeakBy { .. }) if last <= self.year() => {
                say!("达峰须由情景判断", "a peak, which only scenarios can judge")
            }
            _ if own.year > last => say!("目标年晚于 {last} 年", "of a year after {last}"),
            _ if !inventory.years.contains(&own.year) => say!("目标年不在清单年份内", "of a year that is not reported"),
            _ if own.is_unknown => say!("有年份未知", "of something that is not known"),
            _ if own.reached.is_none() => say!("目标年缺数据", "without a value in the target's year"),
            _ => say!("缺基准年数据或要求值", "without a base value or a requirement"),
        }
    }

    /// A line for each scenario: its peak, how probable it is, and the targets.
    fn scenarios(&self, page: &mut Terminal) {
        let runs = self.results.runs();
        for run in runs.iter().take(SCENARIOS) {
            let title = &run.plan.title;
            let Text { zh: peak_zh, en: peak_en } = self.peak(run);
            let assessed: Vec<&Assessment> =
                run.outlook.assessments.iter().filter(|own| own.year > run.plan.anchor).collect();
            let Text { zh, en } = self.counted(&assessed, &run.inventory);
            let Text { zh, en } = match assessed.is_empty() {
                true => say!("", ""),
                false => say!("；目标{zh}", "; targets: {en}"),
            };
            page.say(&say!("{title}：{peak_zh}{zh}", "{title}: {peak_en}{en}"));
        }
        let more = runs.len().saturating_sub(SCENARIOS);
        if more > 0 {
            page.say(&say!(
                "另有 {more} 个情景，见 peaks.csv 和 targets.csv",
                "{more} more scenarios in peaks.csv and targets.csv"
            ));
        }
    }

    fn peak(&self, run: &ScenarioRun<'_>) -> Text {
        let boundary = Boundary::DirectPurchased;
        let Text { zh: of_zh, en: of_en } = boundary.title();
        if run.unjudged(CO2, boundary).is_some() {
            return say!("{CO2}（{of_zh}）未知，不作判断", "{CO2} {of_en} is not known and not judged");
        }
        let Some(judged) = run.judged(CO2, boundary) else {
            return say!("{CO2}（{of_zh}）无法判断是否达峰", "{CO2} {of_en}: a peak cannot be judged");
        };
        let Text { zh, en } = verdict_text::brief(judged);
        let Text { zh: how_zh, en: how_en } = self.probability(run);
        say!("{CO2}（{of_zh}）{zh}{how_zh}", "{CO2} {of_en} {en}{how_en}")
    }

    fn probability(&self, run: &ScenarioRun<'_>) -> Text {
        let drawn = self.results.draws.and_then(|draws| draws.of(&run.plan.code));
        let asked = |row: &&crate::monte_carlo::Probability| {
            row.target.is_none() && row.metric == (CO2.to_string(), Boundary::DirectPurchased)
        };
        let Some(row) = drawn.and_then(|drawn| drawn.probabilities.iter().find(asked)) else { return say!("", "") };
        let (year, share) = (row.year, row.share);
        say!("，{year} 年前达峰的概率 {share}", ", probability of a peak by {year} {share}")
    }

    fn checks(&self, room: usize, page: &mut Terminal) {
        let count = self.results.failed.len();
        if count == 0 {
            return;
        }
        page.say(&say!(
            "检查（check）：{count} 项未通过（见 notices.csv）",
            "checks that do not hold: {count} (see notices.csv)"
        ));
        for failed in self.results.failed.iter().take(room) {
            page.line(format!("  {}", failed.fault.render(page.language)));
        }
    }

    /// Emissions, gaps, projects and notices, and where they stand.
    fn counts(&self, page: &mut Terminal) {
        let register = &self.results.inventory.study.register;
        let (projects, open) = (register.projects.len(), register.gaps());
        if projects > 0 {
            page.say(&say!(
                "{projects} 项减排登记，其中 {open} 项减排量未知（见 projects.csv）",
                "{projects} entries of reduction projects, {open} of them without tonnes (see projects.csv)"
            ));
        }
        let (emissions, gaps) = (self.results.inventory.emissions.len(), self.results.inventory.gaps.len());
        let notices = self.notices().len();
        let Text { zh, en } = match notices {
            0 => say!("", ""),
            _ => say!("；{notices} 条提示（见 notices.csv）", "; {notices} notices (see notices.csv)"),
        };
        page.say(&say!(
            "{emissions} 项排放，{gaps} 项空缺（见 gaps.csv）{zh}",
            "{emissions} emissions, {gaps} gaps (see gaps.csv){en}"
        ));
    }

    /// The direct totals of the last year in t with what they rest on.
    fn shares(&self, page: &mut Terminal) {
        let (year, language) = (self.year(), page.language);
        let per_cent = |share: Option<f64>| share.map_or("–".to_string(), |share| format!("{:.0}%", share * 100.0));
        for boundary in Boundary::ALL {
            let Text { zh, en } = boundary.title();
            page.say(&say!("{year} 年合计（{zh}），吨", "totals of {year} ({en}), t"));
            for (code, name) in self.pollutants(language) {
                let totals = &self.results.analysis.totals;
                let Some(sum) = totals.find(year, boundary, (Grouping::Total, TOTAL), &code) else { continue };
                let Some(value) = totals.whole_t(year, boundary, &code) else { continue };
                let (proxy, unverified) = (per_cent(sum.proxy_share()), per_cent(sum.unverified_share()));
                let room = " ".repeat(26_usize.saturating_sub(name.width()));
                page.say(&say!(
                    "  {name}{room} {value:>16.2}   替代数据 {proxy:>4}   未核实 {unverified:>4}",
                    "  {name}{room} {value:>16.2}   proxy {proxy:>4}   unverified {unverified:>4}"
                ));
            }
        }
        self.range(page);
    }

    fn each_target(&self, page: &mut Terminal) {
        let targets = &self.results.inventory.study.targets;
        for own in self.judged() {
            let Some(target) = targets.iter().find(|target| target.code == own.target) else { continue };
            let name = target.name();
            let Text { zh, en } = verdict_text::assessed(own.verdict, None);
            let Text { zh: why_zh, en: why_en } = match own.verdict {
                TargetVerdict::NotAssessable => own.reason.clone().unwrap_or_default(),
                _ => {
                    let proxy = own.proxy_share.map_or("–".to_string(), |share| format!("{:.0}%", share * 100.0));
                    say!("替代数据占 {proxy}", "{proxy} proxy data")
                }
            };
            page.say(&say!("  目标 {name}：{zh}（{why_zh}）", "  target {name}: {en} ({why_en})"));
        }
    }

    /// A scenario's verdicts in whole sentences, with its draws.
    fn verdicts(&self, run: &ScenarioRun<'_>, page: &mut Terminal) {
        page.line(&run.plan.title);
        for boundary in Boundary::ALL {
            let of = |row: &PeakRow<'_>| (row.key().0, row.key().1) == (CO2, boundary);
            let Some(row) = run.peak_rows().into_iter().find(of) else { continue };
            let Text { zh, en } = verdict_text::why(row);
            let Text { zh: of_zh, en: of_en } = boundary.title();
            page.say(&say!("  {CO2}（{of_zh}）：{zh}", "  {CO2} ({of_en}): {en}"));
        }
        let assessed: Vec<&Assessment> = run.outlook.assessments.iter().collect();
        let Text { zh, en } = self.counted(&assessed, &run.inventory);
        page.say(&say!("  目标：{zh}（见 targets.csv）", "  targets: {en} (see targets.csv)"));
        let drawn = self.results.draws.and_then(|draws| draws.of(&run.plan.code));
        if let Some((projections, drawn)) = self.results.projections.zip(drawn) {
            draws::tell(projections, drawn, page);
        }
    }
}

/// Columns that stand below each other, the first to the left and the others to the right.
fn aligned(rows: &[[String; 3]], page: &mut Terminal) {
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    for [name, direct, purchased] in rows {
        let room = |column: usize, text: &str| " ".repeat(widths[column] - text.width());
        let (a, b, c) = (room(0, name), room(1, direct), room(2, purchased));
        page.line(format!("{name}{a}  {b}{direct}  {c}{purchased}"));
    }
}
