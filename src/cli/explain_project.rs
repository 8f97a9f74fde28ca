//! `qingdan explain --project`: the rule of a reduction project, the same with numbers, and the months that count.

use super::{ExitStatus, Terminal};
use crate::analysis::project_register;
use crate::error::rounded;
use crate::error::{Diagnostic, Language, Place, Result, nearest};
use crate::expression::{self, Use};
use crate::reduction_project::{Project, ProjectRule, ProjectValue, Yield};
use crate::say;
use crate::study::{self, Study};

/// The entries of a project, of one pollutant where it is named, each with its years, or the one year.
pub(super) fn explain(
    study: &Study,
    (name, year, pollutant): (&str, Option<i32>, Option<usize>),
    page: &mut Terminal,
) -> Result<ExitStatus> {
    let named = |project: &&Project| project.name == name && pollutant.is_none_or(|own| own == project.pollutant);
    let found: Vec<&Project> = study.register.projects.iter().filter(named).collect();
    if found.is_empty() {
        let text = say!("登记中没有这样的项目：'{name}'", "the register has no such project: '{name}'");
        let known = study.register.projects.iter().map(|project| project.name.as_str());
        return Err(Diagnostic::new(Place::file("--project"), text).nearest(nearest(name, known)).into());
    }
    for project in &found {
        describe(study, (project, year), page);
    }
    Ok(ExitStatus::Complete)
}

fn describe(study: &Study, (project, year): (&Project, Option<i32>), page: &mut Terminal) {
    let words = &study.words;
    let zh = page.language == Language::Zh;
    let (kind, pollutant) = (study::name(&words.kinds, project.kind, zh), words.pollutants.code(project.pollutant));
    let (name, place) = (&project.name, &project.place);
    let title = format!("{name} · {kind} · {pollutant}");
    match &project.yields {
        Yield::Gap { reason, missing } => {
            let missing = if missing.is_empty() { "–".to_string() } else { missing.join(", ") };
            page.say(&say!(
                "{title}：减排量未知（{place}）：{reason}；所缺各列：{missing}",
                "{title}: tonnes not known ({place}): {reason}; columns that are missing: {missing}"
            ));
        }
        Yield::Tonnes { way, tonnes } => {
            let tonnes = rounded(*tonnes);
            page.say(&say!("{title} = 每年 {tonnes} t", "{title} = {tonnes} t a year"));
            let way = &study.register.rules.ways[*way];
            let of = |used: &Use| project.given.iter().find(|given| given.name == used.name);
            page.line(format!("  = {}", expression::spell(&way.expression, &|used: &Use| used.name.clone())));
            let value = |used: &Use| of(used).map_or(used.name.clone(), written);
            page.line(format!("  = {}", expression::spell(&way.expression, &value)));
            rule(study, &study.register.rules.rules[way.rule], page);
            years(study, (project, year), page);
        }
    }
    for given in &project.given {
        page.line(format!("    {} = {} | {place}", given.name, written(given)));
    }
    for (word, text) in [("quality", &project.quality), ("reference", &project.reference), ("note", &project.note)] {
        if !text.is_empty() {
            page.line(format!("    {word}: {text}"));
        }
    }
    page.line("");
}

fn written(given: &ProjectValue) -> String {
    let (text, unit) = (&given.text, &given.unit_text);
    if unit == "1" { text.clone() } else { format!("{text} {unit}") }
}

fn rule(study: &Study, rule: &ProjectRule, page: &mut Terminal) {
    let (code, place, locator, confidence) = (&rule.code, &rule.place, &rule.locator, rule.confidence.word());
    let title = study.words.sources.get(&rule.citation).map_or("", |source| source.title.as_str());
    page.say(&say!(
        "  规则 {code}（{place}）：{title}，{locator} | {confidence}",
        "  rule {code} ({place}): {title}, {locator} | {confidence}"
    ));
}

/// The share of each year by the rule of months, and what is in effect.
fn years(study: &Study, (project, year): (&Project, Option<i32>), page: &mut Terminal) {
    let register = &study.register;
    let (Some(start), Some(share)) = (project.start, register.rules.share) else { return };
    let share = &register.rules.rules[share];
    let formula = expression::spell(&share.expression, &|used: &Use| used.name.clone());
    page.say(&say!("  计入比例（{start} 起）= {formula}", "  share (start {start}) = {formula}"));
    rule(study, share, page);
    for year in project_register::years(study).filter(|own| year.is_none_or(|asked| asked == *own)) {
        let progress = project_register::in_year(register, 0, project, year);
        let (Some(share), Some(sum)) = (progress.share, progress.sum) else { continue };
        let [share, tonnes, cumulative, offset, net] =
            [share, sum.tonnes, sum.cumulative_t, sum.offset_t, sum.net_t()].map(rounded);
        page.say(&say!(
            "    {year}：比例 {share}，新增 {tonnes} t，累计 {cumulative} t，区域削减 {offset} t，净 {net} t",
            "    {year}: share {share}, added {tonnes} t, in effect {cumulative} t, offsets {offset} t, net {net} t"
        ));
    }
}
