//! `qingdan check`: reads a study, climbs the ladder, resolves the scenarios, writes nothing.

use super::{Ending, Page, shown};
use crate::error::Result;
use crate::matching::Matches;
use crate::plan::{self, Ground, Made};
use crate::scenario::{self, Plans};
use crate::study::{self, Study};
use crate::{inventory, matching, say};
use std::path::Path;

pub(super) fn check(folder: &Path, page: &mut Page) -> Result<Ending> {
    let mut study = study::read(folder)?;
    let plans = scenario::read(&study)?;
    let made = plan::extend(&mut study, &plans);
    let matches = matching::run(&study)?;
    let (rows, notations) = (study.activity.own, study.activity.notations.len());
    // Rows that only scenarios make are theirs to judge.
    let has_number = |class: u32| {
        let first = matches.first_row[class as usize];
        (first as usize) < rows && !study.activity.notations.contains_key(&first)
    };
    let gaps = matches.gaps.iter().filter(|gap| has_number(gap.class)).count();
    for notice in &study.notices {
        page.say(notice);
    }
    let name = shown(folder);
    page.say(&say!(
        "{name}：{rows} 行活动数据无误；{notations} 行为空缺符号，另有 {gaps} 类数据缺少方法或参数",
        "{name}: {rows} activity rows without fault; {notations} hold a notation key, {gaps} classes of rows lack a method or parameter"
    ));
    let (projects, open) = (study.register.projects.len(), study.register.gaps());
    if projects > 0 {
        page.say(&say!(
            "{projects} 项减排登记，其中 {open} 项减排量未知",
            "{projects} entries of reduction projects, {open} of them without tonnes"
        ));
    }
    scenarios(&study, matches, (&plans, &made), page)?;
    Ok(Ending::of(gaps + notations + open))
}

/// Every scenario resolved against the inventory, so that what does not fit is said before anything runs.
fn scenarios(study: &Study, matches: Matches, (plans, made): (&Plans, &Made), page: &mut Page) -> Result<()> {
    if plans.scenarios.is_empty() {
        return Ok(());
    }
    let inventory = inventory::compile(study, matches)?;
    let resolved = plan::resolve(Ground { inventory: &inventory, plans, made })?;
    for notice in resolved.iter().flat_map(|plan| &plan.notices) {
        page.say(notice);
    }
    let (scenarios, measures) = (plans.scenarios.len(), plans.measures.len());
    page.say(&say!(
        "{scenarios} 个情景与 {measures} 项措施无误",
        "{scenarios} scenarios and {measures} measures without fault"
    ));
    Ok(())
}
