//! What each scenario assumes: drivers, growth, parameters, and the measures with their levels and the plan's own words.

use super::Results;
use super::table::pair;
use crate::plan::MeasureUse;
use crate::projection::{Projections, ScenarioRun};
use crate::scenario::{Change, Cost, GrowthSpec, Measure, Scenario, Select};
use crate::toml_document::Quantity;
use serde_json::{Value, json};

pub(super) fn assumptions(contents: &Results<'_>) -> Vec<Value> {
    let Some(projections) = contents.projections else { return Vec::new() };
    let known = &projections.ground.plans.scenarios;
    let all = projections.runs.iter().filter_map(|run| {
        let scenario = known.iter().find(|scenario| scenario.code == run.plan.code)?;
        Some(of_run(projections, run, scenario))
    });
    all.collect()
}

fn of_run(projections: &Projections<'_>, run: &ScenarioRun<'_>, scenario: &Scenario) -> Value {
    let plan = &run.plan;
    let ancestors: Vec<&str> = scenario.ancestors.iter().rev().map(String::as_str).collect();
    json!({
        "code": plan.code, "title": plan.title, "note": scenario.note, "ancestors": ancestors,
        "anchor": plan.anchor, "horizon": plan.horizon,
        "base": projections.base_of(&plan.code).map(|index| &projections.runs[index].plan.code),
        "notices": plan.notices.iter().map(pair).collect::<Vec<_>>(),
        "drivers": drivers(run), "growth": growth(projections, (run, scenario)),
        "parameters": parameters(projections, run),
        "measures": plan.levels.iter().map(|level| measure(projections, level)).collect::<Vec<_>>(),
    })
}

/// A path relative to its first year, six digits: the plan's table has the full values.
fn relative(values: &[f64]) -> Vec<f64> {
    let first = values.first().copied().filter(|first| *first != 0.0).unwrap_or(1.0);
    values.iter().map(|value| short(value / first)).collect()
}

fn short(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

fn drivers(run: &ScenarioRun<'_>) -> Vec<Value> {
    let all = run.plan.drivers.iter();
    all.map(|driver| json!({ "name": driver.name, "from": driver.from, "path": relative(&driver.values) })).collect()
}

/// A growth as it is written, with the intensity that was made of it.
fn growth(projections: &Projections<'_>, (run, scenario): (&ScenarioRun<'_>, &Scenario)) -> Vec<Value> {
    let all = scenario.growth.iter().map(|GrowthSpec { select, place, driver, elasticity, .. }| {
        let from = format!("{}:{}", place.file, place.line.unwrap_or(0));
        let made = run.plan.growths.iter().find(|growth| growth.from == from);
        json!({
            "select": selected(projections, Some(select)), "from": from, "elasticity": elasticity,
            "driver": driver.as_ref().map(|(name, _)| name.as_str()),
            "path": made.map(|growth| relative(&growth.intensity)),
        })
    });
    all.collect()
}

fn selected(projections: &Projections<'_>, select: Option<&Select>) -> Vec<(&'static str, String)> {
    let words = &projections.ground.inventory.study.words;
    select.map(|select| select.written(words)).unwrap_or_default()
}

/// Parameters that have a path of their own, in the unit of the source.
fn parameters(projections: &Projections<'_>, run: &ScenarioRun<'_>) -> Vec<Value> {
    let study = projections.ground.inventory.study;
    let with_path = run.plan.cells.iter().filter_map(|cell| Some((cell, cell.path.as_ref()?)));
    let all = with_path.map(|(cell, path)| {
        let parameter = &study.ladder.parameters[cell.parameter];
        let values: Vec<f64> = path.iter().map(|value| short(value / parameter.unit.factor)).collect();
        json!({
            "name": parameter.name, "place": parameter.place.to_string(), "unit": parameter.unit_text,
            "from": cell.from, "values": values,
        })
    });
    all.collect()
}

fn measure(projections: &Projections<'_>, level: &MeasureUse) -> Value {
    let Measure { code, title, plan, basis, note, owner, place, select, change, cost, .. } =
        &projections.ground.plans.measures[level.measure];
    let levels: Vec<f64> = level.values.iter().map(|value| short(*value)).collect();
    json!({
        "code": code, "title": title, "plan": plan, "basis": basis, "note": note, "owner": owner,
        "place": format!("{}:{}", place.file, place.line.unwrap_or(0)),
        "select": selected(projections, select.as_ref()), "change": changed(projections, change),
        "level": levels, "cost": cost.as_ref().map(priced),
    })
}

fn written(quantity: &Quantity) -> String {
    let unit = if quantity.unit_text == "1" { String::new() } else { format!(" {}", quantity.unit_text) };
    format!("{}{unit}", quantity.value)
}

fn changed(projections: &Projections<'_>, change: &Change) -> Value {
    let words = &projections.ground.inventory.study.words;
    let details = match change {
        Change::Scale(to) => json!([to]),
        Change::Shift(shift) => json!([words.items.code(shift.to), shift.ratio]),
        Change::Parameter { name, to } => json!([name, written(to)]),
        Change::Add(addition) => {
            json!([
                words.categories.code(addition.category),
                words.items.code(addition.item),
                written(&addition.amount)
            ])
        }
    };
    json!([change.word(), details])
}

fn priced(cost: &Cost) -> Value {
    json!({
        "invest": cost.invest.as_ref().map(written), "running": cost.running.as_ref().map(written),
        "life": cost.life, "discount": cost.discount, "count": cost.count.as_ref().map(written),
    })
}
