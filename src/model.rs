//! A study and what is computed from it, in phases that each build on the one before: read, compile, resolve, project.
//!
//! ```no_run
//! use qingdan::model::Model;
//!
//! let model = Model::load("scenarios/dazu".as_ref())?;
//! let inventory = model.compile()?;
//! for emission in &inventory.emissions {
//!     println!("{}: {} t", emission.year, emission.emitted_t);
//! }
//! # Ok::<(), qingdan::error::Diagnostics>(())
//! ```

use crate::analysis::Analysis;
use crate::decomposition::Decomposition;
use crate::error::{Diagnostic, Language, Place, Result};
use crate::inventory::{self, Inventory};
use crate::monte_carlo::Draws;
use crate::plan::{self, AddedRows, Plan, ScenarioContext};
use crate::projection::{self, Projections, ScenarioRun};
use crate::scenario::{self, ScenarioSet};
use crate::scenario_check::{self, Check, Failed};
use crate::study::{self, Study};
use crate::{matching, say};
use std::path::Path;

/// A study that has been read and checked, with its scenarios and the rows that they add to its activity.
pub struct Model {
    pub study: Study,
    pub scenarios: ScenarioSet,
    added: AddedRows,
}

impl Model {
    /// Reads every file of a study folder.
    ///
    /// # Errors
    /// All faults of all files: those of the scenario files do not hide those of the tables, and the other way round.
    pub fn load(folder: &Path) -> Result<Self> {
        let study = study::attempt(study::files(folder)?).map_err(|broken| {
            let mut faults = broken.faults;
            faults.record(scenario::of_files(&broken.files, &broken.words, &broken.economy));
            faults.into_result(()).err().unwrap_or_default()
        })?;
        Self::new(study)
    }

    /// The model of a study that has been read.
    ///
    /// # Errors
    /// Faults of the scenario files, together with those of methods and parameters.
    pub fn new(mut study: Study) -> Result<Self> {
        let scenarios = scenario::read(&study).map_err(|faults| {
            let mut faults = faults;
            faults.record(matching::run(&study));
            faults.into_result(()).err().unwrap_or_default()
        })?;
        let added = plan::extend(&mut study, &scenarios);
        Ok(Self { study, scenarios, added })
    }

    /// The model, if it has a scenario.
    ///
    /// # Errors
    /// There is no scenario in `scenarios.toml`, or no such file.
    pub fn with_scenarios(self) -> Result<Self> {
        if !self.has_scenarios() {
            let text = say!("研究中没有情景", "the study has no scenarios");
            return Err(Diagnostic::new(Place::file("scenarios.toml"), text).into());
        }
        Ok(self)
    }

    /// The planner's checks, `[check]` of `scenarios.toml`.
    ///
    /// # Errors
    /// Checks that cannot be read, and names that the study does not have.
    pub fn checks(&self) -> Result<Vec<Check<'_>>> {
        scenario_check::read(&self.study, &self.scenarios)
    }

    /// Finds a method and its parameters for each kind of row and pollutant, and estimates the inventory's own years.
    ///
    /// # Errors
    /// Ambiguous methods and parameters, units that do not fit, results that are not finite.
    pub fn compile(&self) -> Result<Inventory<'_>> {
        inventory::compile(&self.study)
    }

    /// What scenarios are resolved against.
    pub fn context<'m>(&'m self, inventory: &'m Inventory<'m>) -> ScenarioContext<'m> {
        ScenarioContext { inventory, plans: &self.scenarios, made: &self.added }
    }

    /// Resolves every scenario against the inventory, in the order of the file.
    ///
    /// # Errors
    /// Selectors that select nothing, measures that write one value twice, shares below zero.
    pub fn plans<'m>(&'m self, inventory: &'m Inventory<'m>) -> Result<Vec<Plan>> {
        plan::resolve(self.context(inventory))
    }

    pub fn has_scenarios(&self) -> bool {
        !self.scenarios.scenarios.is_empty()
    }

    /// Projects every scenario row by row, judges its peaks and attributes its reductions to measures.
    ///
    /// # Errors
    /// Those of [`plans`](Self::plans); totals in which the collapsed engine and the row-by-row projection differ.
    pub fn project<'m>(&'m self, inventory: &'m Inventory<'m>) -> Result<Projections<'m>> {
        projection::run(self.context(inventory))
    }
}

/// All results of a study, as charts, page, workbook and tables read them.
#[derive(Clone, Copy)]
pub struct Results<'a> {
    pub inventory: &'a Inventory<'a>,
    pub analysis: &'a Analysis<'a>,
    pub projections: Option<&'a Projections<'a>>,
    pub draws: Option<&'a Draws>,
    /// Checks of the planner that do not hold.
    pub failed: &'a [Failed],
    /// Decomposition of the changes of totals over time and between scenarios.
    pub changes: &'a Decomposition,
    /// The language of texts.
    pub language: Language,
}

impl<'a> Results<'a> {
    /// The scenarios in the order of the file; none if the study has none.
    pub fn runs(&self) -> &'a [ScenarioRun<'a>] {
        self.projections.map_or(&[][..], |projections| &projections.runs)
    }
}
