//! `qingdan run`: from the study folder to tables and charts.

use super::summary::Findings;
use super::{ExitStatus, Terminal, draws, output, progress};
use crate::error::Result;
use crate::model::{Model, Results};
use crate::{analysis, projection, report, scenario_check};
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
    let model = Model::load(folder)?;
    let checks = model.checks()?;
    let inventory = model.compile()?;
    let analysis = analysis::analyse(&inventory);
    let projections = model.has_scenarios().then(|| model.project(&inventory)).transpose()?;
    let failed = projections.as_ref().map_or(Vec::new(), |projections| scenario_check::evaluate(&checks, projections));
    let drawn = draws::of_a_run(projections.as_ref(), &model.scenarios)?;
    let changes = projection::changes(&analysis, &inventory, projections.as_ref());
    let results = Results {
        inventory: &inventory,
        analysis: &analysis,
        projections: projections.as_ref(),
        draws: drawn.as_ref(),
        failed: &failed,
        changes: &changes,
        language: page.language,
    };
    let (outputs, undrawn) = report::outputs(results)?;
    let target = wanted.out.clone().unwrap_or_else(|| folder.join("out"));
    output::write((&target, folder), ("run", &outputs), page)?;
    bar.finish_and_clear();
    let findings = Findings { results, undrawn: &undrawn };
    if wanted.verbose {
        findings.tell_all(&target, page)
    } else {
        findings.tell(&target, page)
    }
    let projected = projections.iter().flat_map(|found| &found.runs).map(|run| run.inventory.gaps.len());
    let gaps = projected.max().unwrap_or(0).max(inventory.gaps.len()) + model.study.register.gaps();
    Ok(ExitStatus::of(!failed.is_empty() || (wanted.strict && gaps > 0)))
}
