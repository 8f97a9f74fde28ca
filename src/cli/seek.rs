//! `qingdan seek`: which level of measures meets a target.

use super::{ExitStatus, Terminal, progress};
use crate::analysis::TargetVerdict;
use crate::error::{Diagnostic, Place, Result, nearest};
use crate::inventory::Inventory;
use crate::model::Model;
use crate::plan::{self, Kernel, Plan, PlanMetrics, ScenarioContext, Series};
use crate::report::goal_seek_text::{self, GoalSeek};
use crate::seek::{Control, ControlVariable, TargetFunction};
use crate::study::Study;
use crate::target::Target;
use crate::{analysis, say};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// Which lever is turned for which target.
#[derive(Args)]
pub(super) struct SeekQuery {
    study: PathBuf,
    #[arg(long)]
    scenario: String,
    #[arg(long)]
    target: String,
    #[arg(long, conflicts_with_all = ["ambition", "group"])]
    lever: Option<String>,
    #[arg(long, conflicts_with = "group")]
    ambition: bool,
    #[arg(long, value_delimiter = ',')]
    group: Vec<String>,
}

impl SeekQuery {
    fn lever(&self) -> ControlVariable {
        match &self.lever {
            Some(name) => ControlVariable::Measure(name.clone()),
            None if self.group.is_empty() => ControlVariable::Ambition,
            None => ControlVariable::Group(self.group.clone()),
        }
    }
}

pub(super) fn seek(question: &SeekQuery, page: &mut Terminal) -> Result<ExitStatus> {
    let bar = progress(page.language);
    let model = Model::load(&question.study)?;
    let inventory = model.compile()?;
    let (ground, scenarios) = (model.context(&inventory), &model.scenarios);
    let plan = plan_of(ground, &question.scenario)?;
    let target = target_of(&model.study, &question.target)?;
    let metrics = Arc::new(PlanMetrics::new(&inventory));
    let projected = plan::project(ground, &plan)?;
    let outlook = analysis::look_ahead(&projected);
    let gauge = TargetFunction::new(target, (&plan, &metrics), (&projected, &outlook))?;
    let lever = question.lever();
    let dial = Control::new((scenarios, &plan), &lever)?;
    let kernel = Kernel::new(ground, &plan, &metrics);
    let answer = crate::seek::seek((&kernel, &plan), &gauge, &dial);
    bar.finish_and_clear();
    let (target_function, variable, control, solution) = (&gauge, &lever, &dial, &answer);
    let seek = GoalSeek { scenarios, plan: &plan, target: target_function, variable, control, solution };
    for line in goal_seek_text::sought(&seek) {
        page.say(&line);
    }
    detailed(ground, (&plan, target), &answer.levels, page)?;
    Ok(ExitStatus::of(!answer.met))
}

/// The scenario of a name, resolved.
pub(super) fn plan_of(ground: ScenarioContext<'_>, name: &str) -> Result<Plan> {
    let plans = plan::resolve(ground)?;
    let near = nearest(name, plans.iter().map(|plan| plan.code.as_str())).map(str::to_string);
    plans.into_iter().find(|plan| plan.code == name).ok_or_else(|| {
        let text = say!("scenarios.toml 中没有情景 '{name}'", "scenarios.toml has no scenario '{name}'");
        Diagnostic::new(Place::file("--scenario"), text).nearest(near.as_deref()).into()
    })
}

/// The target of a name.
pub(super) fn target_of<'a>(study: &'a Study, name: &str) -> Result<&'a Target> {
    study.targets.iter().find(|target| target.code == name).ok_or_else(|| {
        let text = say!("targets.toml 中没有目标 '{name}'", "targets.toml has no target '{name}'");
        let near = nearest(name, study.targets.iter().map(|target| target.code.as_str()));
        Diagnostic::new(Place::file("--target"), text).nearest(near).into()
    })
}

/// The answer simulated row by row, with the verdict on the target, and what else it misses.
pub(super) fn detailed(
    ground: ScenarioContext<'_>,
    (plan, target): (&Plan, &Target),
    levels: &[Series],
    page: &mut Terminal,
) -> Result<()> {
    let mut turned = plan.clone();
    turned.levels.iter_mut().zip(levels).for_each(|(level, values)| level.values.clone_from(values));
    let inventory: Inventory<'_> = plan::project(ground, &turned)?;
    let outlook = analysis::look_ahead(&inventory);
    if let Some(own) = outlook.assessments.iter().find(|own| own.target == target.code) {
        let reached = own.reached.map_or("–".to_string(), goal_seek_text::digits);
        page.say(&match own.verdict {
            TargetVerdict::Met => say!("逐行模拟核对：{reached}，达到", "simulated in detail: {reached}, met"),
            TargetVerdict::Missed => say!("逐行模拟核对：{reached}，未达到", "simulated in detail: {reached}, missed"),
            TargetVerdict::NotAssessable => {
                say!("逐行模拟核对：{reached}，无法评估", "simulated in detail: {reached}, not assessable")
            }
        });
    }
    let misses = |own: &&analysis::Assessment| {
        own.verdict == TargetVerdict::Missed && own.target != target.code && own.year > plan.anchor
    };
    let missed: Vec<&str> = outlook.assessments.iter().filter(misses).map(|own| own.target.as_str()).collect();
    if !missed.is_empty() {
        let missed = missed.join(", ");
        page.say(&say!("此时仍未达到的其他目标：{missed}", "other targets missed then: {missed}"));
    }
    Ok(())
}
