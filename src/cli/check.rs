//! `qingdan check`: reads a study, climbs the ladder, resolves the scenarios, writes nothing.

use super::{ExitStatus, Terminal, shown};
use crate::error::{Diagnostics, Result};
use crate::model::Model;
use crate::plan::{self, KernelInputs, ScenarioContext};
use crate::{analysis, cost, monte_carlo, say, scenario_check};
use clap::Args;
use std::path::PathBuf;

/// What is asked of a check.
#[derive(Args)]
pub(super) struct CheckArgs {
    study: PathBuf,
    #[arg(long)]
    strict: bool,
}

pub(super) fn check(wanted: &CheckArgs, page: &mut Terminal) -> Result<ExitStatus> {
    let model = Model::load(&wanted.study)?;
    let inventory = model.compile()?;
    whole(model.context(&inventory), wanted, page)
}

fn whole(ground: ScenarioContext<'_>, wanted: &CheckArgs, page: &mut Terminal) -> Result<ExitStatus> {
    let (study, matches) = (ground.inventory.study, &ground.inventory.matches);
    let (rows, notations) = (study.activity.own, study.activity.notations.len());
    // Rows that only scenarios make are theirs to judge.
    let has_number = |class: u32| {
        let first = matches.first_row[class as usize];
        (first as usize) < rows && !study.activity.notations.contains_key(&first)
    };
    let gaps = matches.gaps.iter().filter(|gap| has_number(gap.class)).count();
    for notice in study.notices.iter().chain(&analysis::cautions(ground.inventory)) {
        page.say(notice);
    }
    let name = shown(&wanted.study);
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
    scenarios(ground, page)?;
    Ok(ExitStatus::of(wanted.strict && gaps + notations + open > 0))
}

/// Scenarios, measures and checks against the study, resolved and not run.
pub(super) fn scenarios(ground: ScenarioContext<'_>, page: &mut Terminal) -> Result<()> {
    let (study, plans) = (ground.inventory.study, ground.plans);
    if plans.scenarios.is_empty() {
        return Ok(());
    }
    let mut faults = Diagnostics::default();
    let checks = faults.record(scenario_check::read(study, plans)).map_or(0, |checks| checks.len());
    let uncertain = faults.record(monte_carlo::read(study, plans)).flatten();
    let resolved = faults.record(plan::resolve(ground));
    if let (Some(resolved), Some(uncertain)) = (&resolved, &uncertain) {
        faults.record(monte_carlo::collect(ground, resolved, uncertain));
    }
    // What a run refuses on its way to the tables: emissions that have no finite number, prices per a unit of nothing.
    for plan in resolved.iter().flatten() {
        faults.record(plan::project(ground, plan));
        faults.record(cost::bills(ground, plan, &KernelInputs::of(plan)));
    }
    for notice in resolved.iter().flatten().flat_map(|plan| &plan.notices) {
        page.say(notice);
    }
    faults.into_result(())?;
    let (scenarios, measures) = (plans.scenarios.len(), plans.measures.len());
    page.say(&say!(
        "{scenarios} 个情景、{measures} 项措施、{checks} 条检查无误（检查的结论见 run）",
        "{scenarios} scenarios, {measures} measures and {checks} checks without fault (run says whether the checks hold)"
    ));
    Ok(())
}
