//! What the commands about scenarios share: a study, its scenarios resolved, and all of them run.

use super::shown;
use crate::error::{Fault, Place, Result, nearest};
use crate::plan::{self, ScenarioContext, Plan};
use crate::projection::{self, Projections};
use crate::{inventory, matching, say, scenario, study};
use std::path::Path;

/// Runs all scenarios of a study and hands them on.
pub(super) fn with_runs<T>(folder: &Path, take: impl FnOnce(&Projections<'_>) -> Result<T>) -> Result<T> {
    with_ground(folder, |ground| take(&projection::run(ground)?))
}

/// Resolves all scenarios of a study and hands them on.
pub(super) fn with_plans<T>(folder: &Path, take: impl FnOnce(ScenarioContext<'_>, &[Plan]) -> Result<T>) -> Result<T> {
    with_ground(folder, |ground| take(ground, &plan::resolve(ground)?))
}

fn with_ground<T>(folder: &Path, take: impl FnOnce(ScenarioContext<'_>) -> Result<T>) -> Result<T> {
    let mut study = study::read(folder)?;
    let plans = scenario::read(&study)?;
    if plans.scenarios.is_empty() {
        let text = say!("研究中没有情景（scenarios.toml）", "the study has no scenarios (scenarios.toml)");
        return Err(Fault::new(Place::file(&shown(folder)), text).into());
    }
    let made = plan::extend(&mut study, &plans);
    let matches = matching::run(&study)?;
    let inventory = inventory::compile(&study, matches)?;
    take(ScenarioContext { inventory: &inventory, plans: &plans, made: &made })
}

/// A scenario that does not exist, with the nearest that does.
pub(super) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Fault {
    let text = say!("没有情景 '{name}'", "there is no scenario '{name}'");
    Fault::new(Place::file("--scenario"), text).nearest(nearest(name, known))
}
