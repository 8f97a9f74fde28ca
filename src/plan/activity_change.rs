//! How much activity a measure changes: what costs are counted by.

use super::amount_path::Paths;
use super::{AmountPath, KernelInputs, MeasureFactor, Plan, ScenarioContext, Series};
use crate::scenario::Change;
use std::collections::BTreeMap;

/// Whose amount is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AmountSide {
    /// What a measure takes, adds, or whose parameter it changes.
    Own,
    /// What a shift makes of the new item.
    New,
}

/// What one measure changes of one row, canonical units of the row's amount, by year.
#[derive(Debug, Clone, PartialEq)]
pub struct Extent {
    pub row: u32,
    pub side: AmountSide,
    pub values: Series,
}

/// For each level of a plan what it changes, beside all other measures in use and in their order.
///
/// scale: a·level·(1 − s); shift: a·level, and a·level·ratio of the new item; parameter: a·level; add: amount·level.
pub fn extents(ground: ScenarioContext<'_>, plan: &Plan, levers: &KernelInputs) -> Vec<Vec<Extent>> {
    let mut sums: Vec<BTreeMap<(AmountSide, u32), Series>> = vec![BTreeMap::new(); plan.levels.len()];
    let mut put = |level: usize, key: (AmountSide, u32), values: &[f64]| {
        let sum = sums[level].entry(key).or_insert_with(|| vec![0.0; values.len()]);
        sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    };
    let paths = Paths::new(plan, &levers.drivers);
    for amount in &plan.amounts {
        let flow = &plan.flows[amount.flow];
        let begin = paths.flow(&AmountPath { origin: flow.origin, factors: Vec::new() }, &levers.levels);
        let begin: Series = begin.iter().map(|value| value * amount.base).collect();
        for (level, side, values) in changes(ground, (plan, &levers.levels), (flow, begin)) {
            put(level, (side, amount.row), &values);
        }
        for level in by_parameter(plan, amount.row) {
            let whole = paths.flow(flow, &levers.levels);
            let of = |(whole, level): (&f64, &f64)| amount.base * whole * level;
            let values: Series = whole.iter().zip(&levers.levels[level]).map(of).collect();
            put(level, (AmountSide::Own, amount.row), &values);
        }
    }
    let listed = |sums: BTreeMap<(AmountSide, u32), Series>| {
        sums.into_iter().map(|((side, row), values)| Extent { row, side, values }).collect()
    };
    sums.into_iter().map(listed).collect()
}

/// What the factors of one flow take or move, each of what the earlier ones left.
fn changes(
    ground: ScenarioContext<'_>,
    (plan, levels): (&Plan, &[Series]),
    (flow, begin): (&AmountPath, Series),
) -> Vec<(usize, AmountSide, Series)> {
    let shifts = |level: usize| matches!(ground.plans.measures[plan.levels[level].measure].change, Change::Shift(_));
    let times = |values: &[f64], level: usize, part: f64| -> Series {
        values.iter().zip(&levels[level]).map(|(value, level)| value * level * part).collect()
    };
    // What a shift has moved counts for that shift alone: the rest of its way is told by the part that stays.
    let moved = matches!(flow.factors.last(), Some(MeasureFactor::Moved(level)) if shifts(*level));
    let (mut found, mut value) = (Vec::new(), begin);
    for (at, factor) in flow.factors.iter().enumerate() {
        let last = at + 1 == flow.factors.len();
        match factor {
            MeasureFactor::Less(level, part) => {
                if !moved {
                    found.push((*level, AmountSide::Own, times(&value, *level, *part)));
                }
                value.iter_mut().zip(&levels[*level]).for_each(|(value, level)| *value *= 1.0 - level * part);
            }
            MeasureFactor::LessAll(parts) if !moved => {
                let each = |(level, part): &(usize, f64)| (*level, AmountSide::Own, times(&value, *level, *part));
                found.extend(parts.iter().map(each));
            }
            MeasureFactor::LessAll(_) => {}
            MeasureFactor::Moved(level) => {
                value = times(&value, *level, 1.0);
                if !moved || last {
                    let side = if shifts(*level) { AmountSide::New } else { AmountSide::Own };
                    found.push((*level, side, value.clone()));
                }
            }
        }
    }
    found
}

/// The measures that change some parameter of a row.
fn by_parameter(plan: &Plan, row: u32) -> Vec<usize> {
    let changes = plan.changed.range((row, None)..=(row, Some(u32::MAX))).flat_map(|(_, changes)| changes);
    let levels = changes.flat_map(|change| plan.cells[change.cell].changes.iter().map(|(level, _)| *level));
    let mut found: Vec<usize> = levels.collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Levels whose parts of one amount, or of one parameter's change, add up: in no year may they take more than all of it.
pub fn additive(plan: &Plan) -> Vec<Vec<(usize, f64)>> {
    let of_flows = plan.flows.iter().flat_map(|flow| &flow.factors).filter_map(|factor| match factor {
        MeasureFactor::LessAll(parts) => Some(parts.clone()),
        _ => None,
    });
    let of_cells = plan.cells.iter().filter(|cell| cell.sum);
    let of_cells = of_cells.map(|cell| cell.changes.iter().map(|(level, _)| (*level, 1.0)).collect());
    let mut found: Vec<Vec<(usize, f64)>> = Vec::new();
    for parts in of_flows.chain(of_cells) {
        if !found.contains(&parts) {
            found.push(parts);
        }
    }
    found
}

/// Whether what adds up takes no more than all there is.
pub fn leaves_nothing_negative(plan: &Plan, levels: &[Series]) -> bool {
    const ROUNDING: f64 = 1e-12;
    let fits = |parts: &Vec<(usize, f64)>| {
        (0..plan.length()).all(|at| parts.iter().map(|(l, part)| levels[*l][at] * part).sum::<f64>() <= 1.0 + ROUNDING)
    };
    additive(plan).iter().all(fits)
}
