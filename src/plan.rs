//! A plan: one scenario resolved against the inventory of the anchor year into flat arrays that everything reads.
//!
//! E(row, pollutant, t) = expression(amount(row, t), parameters(row, t)), where
//! amount(t) = anchor amount · (driver(t)/driver(anchor))^elasticity · intensity(t), then shares, then measures: add, scale, shift;
//! then parameter paths and parameter measures; then the method's expression, the same tree that made the inventory.

use crate::error::{Diagnostics, Result, Text};
use crate::inventory::Inventory;
use crate::scenario::{Scenario, ScenarioSet};
use std::collections::BTreeMap;

mod measure_effects;
mod baseline_activity;
mod batch;
mod blend;
mod parameter_paths;
mod energy;
mod activity_change;
mod amount_path;
mod compiled_formula;
mod kernel;
mod lane;
pub mod lane_kernel;
mod history;
pub mod metric;
pub mod matrix_product;
mod stack_program;
mod row_projection;
mod added_rows;
mod share_groups;
pub mod shapley;
pub mod amount_trace;
mod drawn_weights;

pub use activity_change::{AmountSide, Extent, additive, extents, leaves_nothing_negative};
pub use added_rows::{AddedRows, carried, extend, keys_of, rows_of};
pub use energy::CALORIFIC_VALUE;
pub use energy::{calorific_value, per_amount};
pub use kernel::{Kernel, KernelInputs};
pub use metric::{PlanMetric, PlanMetrics};
pub use parameter_paths::{CellChange, ParameterPath};
pub use row_projection::project;

/// What scenarios stand on: the compiled inventory, and the rows that they make.
#[derive(Debug, Clone, Copy)]
pub struct ScenarioContext<'a> {
    pub inventory: &'a Inventory<'a>,
    pub plans: &'a ScenarioSet,
    pub made: &'a AddedRows,
}

/// A yearly series from the anchor (index 0) to the horizon.
pub type Series = Vec<f64>;

/// An indicator of the economy, carried on, in canonical units.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    pub name: String,
    pub values: Series,
    /// Where it is written.
    pub from: String,
}

/// A growth that rows share.
#[derive(Debug, Clone, PartialEq)]
pub struct GrowthPath {
    /// Index into [`Plan::drivers`].
    pub driver: Option<usize>,
    pub elasticity: f64,
    pub intensity: Series,
    /// Where it is written; empty where nothing selects the rows and they stay constant.
    pub from: String,
}

/// A group of rows whose energy (or amount) is split by shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Origin of each member, its amount in the anchor year times its energy per amount, and its place among the items.
    pub members: Vec<(usize, f64, usize)>,
    /// The item's share of each year; they add up to 1.
    pub shares: Vec<(usize, Series)>,
    pub from: String,
}

/// How an amount goes on before any measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// Relative to the anchor; index into [`Plan::growths`].
    Growth(usize),
    /// In canonical units; index into [`Plan::values`].
    Value(usize),
    /// The growth of a member times its item's part of the group: growth, group, item among the group's.
    Share(usize, usize, usize),
    /// All of an item that the group did not hold in the anchor year: group, item among the group's.
    Whole(usize, usize),
    /// 1 in every year; only a measure's level moves it.
    One,
}

/// What a measure leaves or takes of an amount; indices into [`Plan::levels`].
#[derive(Debug, Clone, PartialEq)]
pub enum MeasureFactor {
    /// 1 − level·part
    Less(usize, f64),
    /// level
    Moved(usize),
    /// 1 − Σ level·part
    LessAll(Vec<(usize, f64)>),
}

/// A path that amounts share: an origin and what measures make of it.
#[derive(Debug, Clone, PartialEq)]
pub struct AmountPath {
    pub origin: Origin,
    pub factors: Vec<MeasureFactor>,
}

/// A measure in use, with its level of each year.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureUse {
    /// Index into [`ScenarioSet::measures`](crate::scenario::ScenarioSet::measures).
    pub measure: usize,
    pub values: Series,
}

/// A part of a row's amount: `base` × flow, canonical units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    pub row: u32,
    pub flow: usize,
    pub base: f64,
}

/// One scenario, resolved.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub code: String,
    pub title: String,
    pub anchor: i32,
    pub horizon: i32,
    pub drivers: Vec<Driver>,
    pub growths: Vec<GrowthPath>,
    pub values: Vec<(Series, String)>,
    pub groups: Vec<Group>,
    pub levels: Vec<MeasureUse>,
    pub flows: Vec<AmountPath>,
    /// In the order of rows.
    pub amounts: Vec<Amount>,
    pub cells: Vec<ParameterPath>,
    /// Row and binding (none: its energy) to the parameters that change there.
    pub changed: BTreeMap<(u32, Option<u32>), Vec<CellChange>>,
    /// What the reader should know and nothing has to be done about.
    pub notices: Vec<Text>,
}

impl Plan {
    /// The projected years.
    pub fn years(&self) -> std::ops::RangeInclusive<i32> {
        self.anchor + 1..=self.horizon
    }

    /// Years from the anchor to the horizon, both counted.
    pub fn length(&self) -> usize {
        usize::try_from(self.horizon - self.anchor + 1).unwrap_or(1)
    }

    /// The rows that have an amount in this plan, in order.
    pub fn rows(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = self.amounts.iter().map(|amount| amount.row).collect();
        rows.dedup();
        rows
    }
}

/// Resolves every scenario of a study.
///
/// # Errors
/// All that does not fit, of all scenarios at once.
pub fn resolve(ground: ScenarioContext<'_>) -> Result<Vec<Plan>> {
    let mut faults = Diagnostics::default();
    let mut plans: Vec<Plan> = Vec::new();
    for (index, scenario) in ground.plans.scenarios.iter().enumerate() {
        plans.extend(faults.record(one(ground, (index, scenario))));
    }
    faults.into_result(plans)
}

fn one(ground: ScenarioContext<'_>, (index, scenario): (usize, &Scenario)) -> Result<Plan> {
    let mut faults = Diagnostics::default();
    let study = ground.inventory.study;
    let mut plan = Plan {
        code: scenario.code.clone(),
        title: scenario.title.clone(),
        anchor: study.anchor(),
        horizon: scenario.horizon,
        ..Plan::default()
    };
    let inherits = |other: &Scenario| scenario.ancestors.contains(&other.code) && other.horizon == scenario.horizon;
    if scenario.horizon <= plan.anchor && ground.plans.scenarios.iter().any(inherits) {
        // It is said once, where it is written.
        return Err(Diagnostics::default());
    }
    if scenario.horizon <= plan.anchor {
        let place = crate::error::Place { column: format!("{}.horizon", scenario.code), ..scenario.place.clone() };
        let (anchor, horizon) = (plan.anchor, plan.horizon);
        let text = crate::say!(
            "终点年 {horizon} 不晚于锚定年 {anchor}",
            "the horizon {horizon} is not after {anchor}, the inventory's last year"
        );
        return Err(crate::error::Diagnostic::new(place, text).into());
    }
    let leaves = blend::leaves(ground.plans, (index, 1.0));
    let begun = match scenario.blend {
        None => baseline_activity::begin(ground, (index, scenario), &mut plan, &mut faults),
        Some(_) => blend::begin(ground, &leaves, &mut plan, &mut faults),
    };
    baseline_activity::act(ground, scenario, begun, (&mut plan, &mut faults));
    if faults.is_empty() {
        let leaves: Vec<(&Scenario, f64)> =
            leaves.into_iter().map(|(leaf, weight)| (&ground.plans.scenarios[leaf], weight)).collect();
        parameter_paths::resolve(ground, &leaves, &mut plan, &mut faults);
    }
    faults.into_result(plan)
}
