//! `qingdan run`: from the study folder to tables and charts.

use super::{Ending, Page, draws, output, progress, shown};
use crate::analysis::{Analysis, Grouping, Interval, Verdict, total::TOTAL};
use crate::error::{Result, Text};
use crate::inventory::{self, Inventory};
use crate::plan::Ground;
use crate::pollutant::CO2;
use crate::projection::Projections;
use crate::sentences;
use crate::target::Boundary;
use crate::{analysis, expectation, matching, plan, projection, report, say, scenario, study};
use std::path::Path;

pub(super) fn run(folder: &Path, out: Option<&Path>, page: &mut Page) -> Result<Ending> {
    let bar = progress(page.language);
    let mut study = study::read(folder)?;
    let plans = scenario::read(&study)?;
    let checks = expectation::read(&study, &plans)?;
    let made = plan::extend(&mut study, &plans);
    let matches = matching::run(&study)?;
    let inventory = inventory::compile(&study, matches)?;
    let analysis = analysis::analyse(&inventory);
    let ground = Ground { inventory: &inventory, plans: &plans, made: &made };
    let projections = if plans.scenarios.is_empty() { None } else { Some(projection::run(ground)?) };
    if let Some(projections) = &projections {
        expectation::evaluate(&checks, projections)?;
    }
    let drawn = draws::of_a_run(projections.as_ref(), &plans)?;
    let outputs = report::outputs(&inventory, &analysis, (projections.as_ref(), drawn.as_ref()), page.language)?;
    let target = out.map_or_else(|| folder.join("out"), Path::to_path_buf);
    output::write(&target, &outputs)?;
    bar.finish_and_clear();
    for notice in study.notices.iter().chain(&analysis.notices) {
        page.say(notice);
    }
    summary(&inventory, &analysis, page);
    if let Some(projections) = &projections {
        scenarios(projections, page);
        drawn.iter().flat_map(|drawn| &drawn.scenarios).for_each(|drawn| draws::tell(projections, drawn, page));
    }
    let name = shown(&target);
    page.say(&say!("结果写入 {name}", "written to {name}"));
    let ahead = projections.iter().flat_map(|found| &found.runs).map(|run| run.inventory.gaps.len());
    Ok(Ending::of(ahead.max().unwrap_or(0).max(inventory.gaps.len()) + study.register.gaps()))
}

/// The verdict of every scenario, and what it means for the targets.
fn scenarios(projections: &Projections<'_>, page: &mut Page) {
    for run in &projections.runs {
        for notice in &run.plan.notices {
            page.say(notice);
        }
    }
    for run in &projections.runs {
        let title = &run.plan.title;
        page.line(title);
        for (metric, boundary) in [(CO2, Boundary::Direct), (CO2, Boundary::DirectPurchased)] {
            if let Some(judged) = run.judged(metric, boundary) {
                let Text { zh, en } = sentences::reasons(judged, run.plan.anchor);
                let word = boundary.word();
                page.say(&say!("  {metric}（{word}）：{zh}", "  {metric} ({word}): {en}"));
            }
        }
        let of = |verdict| run.outlook.assessments.iter().filter(|judged| judged.verdict == verdict).count();
        let (met, missed, open) = (of(Verdict::Met), of(Verdict::Missed), of(Verdict::NotAssessable));
        page.say(&say!(
            "  目标：达到 {met} 项，未达到 {missed} 项，无法评估 {open} 项（见 targets.csv）",
            "  targets: {met} met, {missed} missed, {open} not assessable (see targets.csv)"
        ));
    }
}

/// How far the greenhouse gases of a year may be from their value, by what has ranges.
fn range(analysis: &Analysis<'_>, year: i32, page: &mut Page) {
    let is_asked = |row: &&Interval| {
        let of_all = row.grouping == Grouping::Total.word() && row.boundary == Boundary::Direct;
        of_all && row.year == year && Some(row.pollutant.as_str()) == analysis.totals.ghg.as_deref()
    };
    let Some(row) = analysis.intervals.iter().find(is_asked) else { return };
    let covered = row.covered_share.unwrap_or(0.0) * 100.0;
    match (row.range, row.uncertainty_pct) {
        (Some((low, high)), Some(pct)) => page.say(&say!(
            "  温室气体 95% 范围 {low:.0} 至 {high:.0}（±{pct:.0}%；{covered:.0}% 的排放有范围）",
            "  greenhouse gases, 95% range {low:.0} to {high:.0} (±{pct:.0}%; {covered:.0}% of it has ranges)"
        )),
        _ => page.say(&say!(
            "  温室气体没有不确定度范围：只有 {covered:.0}% 的排放有范围",
            "  greenhouse gases have no uncertainty range: only {covered:.0}% of them has ranges"
        )),
    }
}

/// The last year's totals with what they rest on, and the number of gaps.
fn summary(inventory: &Inventory<'_>, analysis: &Analysis<'_>, page: &mut Page) {
    let study = inventory.study;
    let Some(&year) = study.settings.years.last() else { return };
    if !study.settings.title.is_empty() {
        page.line(&study.settings.title);
    }
    page.say(&say!("{year} 年合计（直接排放），吨", "totals of {year} (direct), t"));
    let per_cent = |share: Option<f64>| share.map_or("–".to_string(), |share| format!("{:.0}%", share * 100.0));
    let codes = study.settings.pollutants.iter().map(|&index| study.words.pollutants.code(index));
    for code in codes.chain(analysis.totals.ghg.as_deref()) {
        let Some(sum) = analysis.totals.find(year, Boundary::Direct, (Grouping::Total, TOTAL), code) else { continue };
        let (value, proxy, unverified) = (sum.value_t, per_cent(sum.proxy_share()), per_cent(sum.unverified_share()));
        page.say(&say!(
            "  {code:<18} {value:>16.2}   替代数据 {proxy:>4}   未核实 {unverified:>4}",
            "  {code:<18} {value:>16.2}   proxy {proxy:>4}   unverified {unverified:>4}"
        ));
    }
    range(analysis, year, page);
    for (assessment, target) in analysis.assessments.iter().zip(&study.targets) {
        let target = if target.title.is_empty() { &target.code } else { &target.title };
        let proxy = per_cent(assessment.proxy_share);
        page.say(&match assessment.verdict {
            Verdict::Met => {
                say!("  目标 {target}：达到（替代数据占 {proxy}）", "  target {target}: met ({proxy} proxy data)")
            }
            Verdict::Missed => {
                say!("  目标 {target}：未达到（替代数据占 {proxy}）", "  target {target}: missed ({proxy} proxy data)")
            }
            Verdict::NotAssessable => say!("  目标 {target}：无法评估", "  target {target}: not assessable"),
        });
    }
    let (projects, open) = (study.register.projects.len(), study.register.gaps());
    if projects > 0 {
        page.say(&say!(
            "{projects} 项减排登记，其中 {open} 项减排量未知（见 projects.csv）",
            "{projects} entries of reduction projects, {open} of them without tonnes (see projects.csv)"
        ));
    }
    let (emissions, gaps) = (inventory.emissions.len(), inventory.gaps.len());
    page.say(&say!(
        "{emissions} 项排放，{gaps} 项空缺（见 gaps.csv）",
        "{emissions} emissions, {gaps} gaps (see gaps.csv)"
    ));
}
