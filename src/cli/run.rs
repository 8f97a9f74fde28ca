//! `qingdan run`: from the study folder to tables and charts.

use super::summary::Findings;
use super::{ExitStatus, Terminal, draws, output, progress};
use crate::error::Result;
use crate::inventory;
use crate::plan::ScenarioContext;
use crate::report::Ahead;
use crate::{analysis, scenario_check, matching, plan, projection, report, scenario, study};
use clap::Args;
use std::path::PathBuf;

/// What is asked of a run.
#[derive(Args)]
pub(super) struct RunArgs {
    study: PathBuf,
    #[arg(long)]
    out: Option<PathBuf>,
    #[arg(long)]
    strict: bool,
    #[arg(long)]
    verbose: bool,
}

pub(super) fn run(wanted: &RunArgs, page: &mut Terminal) -> Result<ExitStatus> {
    let folder = wanted.study.as_path();
    let bar = progress(page.language);
    let mut study = study::read(folder)?;
    let plans = scenario::read(&study)?;
    let checks = scenario_check::read(&study, &plans)?;
    let made = plan::extend(&mut study, &plans);
    let matches = matching::run(&study)?;
    let inventory = inventory::compile(&study, matches)?;
    let analysis = analysis::analyse(&inventory);
    let ground = ScenarioContext { inventory: &inventory, plans: &plans, made: &made };
    let projections = if plans.scenarios.is_empty() { None } else { Some(projection::run(ground)?) };
    let failed = projections.as_ref().map_or(Vec::new(), |projections| scenario_check::evaluate(&checks, projections));
    let drawn = draws::of_a_run(projections.as_ref(), &plans)?;
    let ahead = Ahead { projections: projections.as_ref(), draws: drawn.as_ref(), failed: &failed };
    let (outputs, undrawn) = report::outputs(&inventory, &analysis, ahead, page.language)?;
    let target = wanted.out.clone().unwrap_or_else(|| folder.join("out"));
    output::write((&target, folder), ("run", &outputs), page)?;
    bar.finish_and_clear();
    let findings = Findings { inventory: &inventory, analysis: &analysis, ahead, undrawn: &undrawn };
    if wanted.verbose {
        findings.tell_all(&target, page)
    } else {
        findings.tell(&target, page)
    }
    let projected = projections.iter().flat_map(|found| &found.runs).map(|run| run.inventory.gaps.len());
    let gaps = projected.max().unwrap_or(0).max(inventory.gaps.len()) + study.register.gaps();
    Ok(ExitStatus::of(!failed.is_empty() || (wanted.strict && gaps > 0)))
}
