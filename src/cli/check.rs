//! `qingdan check`: reads a study, climbs the ladder, resolves the scenarios, writes nothing.

use super::{ExitStatus, Terminal, shown};
use crate::error::{Faults, Result};
use crate::plan::{self, ScenarioContext, KernelInputs};
use crate::study::Study;
use crate::{analysis, cost, monte_carlo, scenario_check, inventory, matching, say, scenario, study};
use clap::Args;
use std::path::{Path, PathBuf};

/// What is asked of a check.
#[derive(Args)]
pub(super) struct CheckArgs {
    study: PathBuf,
    #[arg(long)]
    strict: bool,
}

pub(super) fn check(wanted: &CheckArgs, page: &mut Terminal) -> Result<ExitStatus> {
    with_study(&wanted.study, |ground| whole(ground, wanted, page))
}

/// Reads a study and its scenarios and climbs the ladder for both.
pub(super) fn with_study<T>(folder: &Path, then: impl FnOnce(ScenarioContext<'_>) -> Result<T>) -> Result<T> {
    let mut study = sound(folder)?;
    // Faults of the scenario files do not hide those of the ladder.
    let plans = scenario::read(&study).map_err(|faults| {
        let mut faults = faults;
        faults.take(matching::run(&study));
        faults.or(()).err().unwrap_or_default()
    })?;
    let made = plan::extend(&mut study, &plans);
    let matches = matching::run(&study)?;
    let inventory = inventory::compile(&study, matches)?;
    then(ScenarioContext { inventory: &inventory, plans: &plans, made: &made })
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

/// The study, or its faults together with those of its scenario files.
pub(super) fn sound(folder: &Path) -> Result<Study> {
    study::attempt(study::files(folder)?).map_err(|broken| {
        let mut faults = broken.faults;
        faults.take(scenario::of_files(&broken.files, &broken.words, &broken.economy));
        faults.or(()).err().unwrap_or_default()
    })
}

/// Scenarios, measures and checks against the study, resolved and not run.
pub(super) fn scenarios(ground: ScenarioContext<'_>, page: &mut Terminal) -> Result<()> {
    let (study, plans) = (ground.inventory.study, ground.plans);
    if plans.scenarios.is_empty() {
        return Ok(());
    }
    let mut faults = Faults::default();
    let checks = faults.take(scenario_check::read(study, plans)).map_or(0, |checks| checks.len());
    let uncertain = faults.take(monte_carlo::read(study, plans)).flatten();
    let resolved = faults.take(plan::resolve(ground));
    if let (Some(resolved), Some(uncertain)) = (&resolved, &uncertain) {
        faults.take(monte_carlo::collect(ground, resolved, uncertain));
    }
    // What a run refuses on its way to the tables: emissions that have no finite number, prices per a unit of nothing.
    for plan in resolved.iter().flatten() {
        faults.take(plan::project(ground, plan));
        faults.take(cost::bills(ground, plan, &KernelInputs::of(plan)));
    }
    for notice in resolved.iter().flatten().flat_map(|plan| &plan.notices) {
        page.say(notice);
    }
    faults.or(())?;
    let (scenarios, measures) = (plans.scenarios.len(), plans.measures.len());
    page.say(&say!(
        "{scenarios} 个情景、{measures} 项措施、{checks} 条检查无误（检查的结论见 run）",
        "{scenarios} scenarios, {measures} measures and {checks} checks without fault (run says whether the checks hold)"
    ));
    Ok(())
}
