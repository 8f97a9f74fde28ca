//! The tables that only scenarios have: peaks, contributions, the resolved plan, and the wide form of the IAMC.

use super::tables::{constant, csv, number, text, year};
use super::{OutputFile, measure_tables};
use crate::error::Language;
use crate::peak::Peak;
use crate::plan::{MeasureFactor, Plan, PlanMetric};
use crate::projection::{PeakRow, Projections, ScenarioRun};
use crate::study::name;
use crate::target::{Boundary, ENERGY};
use crate::verdict_text::why;
use polars::prelude::*;
use std::collections::BTreeSet;

pub(super) fn outputs(projections: &Projections<'_>, language: Language) -> PolarsResult<Vec<OutputFile>> {
    Ok(vec![
        csv("peaks.csv", peaks(projections, language)?)?,
        csv("contributions.csv", contributions(projections)?)?,
        csv("costs.csv", measure_tables::costs(projections)?)?,
        csv("cocontrol.csv", measure_tables::cocontrol(projections)?)?,
        csv("plan.csv", plan(projections)?)?,
        csv("scenarios.csv", wide(projections)?)?,
    ])
}

fn peaks(projections: &Projections<'_>, language: Language) -> PolarsResult<DataFrame> {
    let rows: Vec<(&ScenarioRun<'_>, PeakRow<'_>)> =
        projections.runs.iter().flat_map(|run| run.peak_rows().into_iter().map(move |row| (run, row))).collect();
    let integer = |name: &str, cell: &dyn Fn(&Peak) -> Option<i32>| {
        let cells = rows.iter().map(|(_, row)| row.peak().and_then(cell));
        Column::new(name.into(), cells.collect::<Vec<Option<i32>>>())
    };
    DataFrame::new(
        rows.len(),
        vec![
            text("scenario", &rows, |(run, _)| run.plan.code.clone()),
            text("metric", &rows, |(_, row)| row.key().0.to_string()),
            text("boundary", &rows, |(_, row)| row.key().1.word().to_string()),
            text("verdict", &rows, |(_, row)| row.verdict().to_string()),
            integer("peak_year", &|peak| peak.years().map(|years| years.0)),
            integer("last_peak_year", &|peak| peak.years().map(|years| years.1)),
            number("peak_value", &rows, |(_, row)| Some(row.peak()?.value)),
            text("unit", &rows, |(_, row)| row.key().2.to_string()),
            integer("plateau_from", &|peak| peak.plateau().map(|plateau| plateau.0)),
            integer("plateau_to", &|peak| peak.plateau().map(|plateau| plateau.1)),
            text("reasons", &rows, |(_, row)| why(*row).get(language).to_string()),
        ],
    )
}

/// A measure's (or the growth's) cut of one metric in one year.
struct Cut<'a> {
    scenario: &'a str,
    measure: &'a str,
    year: i32,
    metric: &'a PlanMetric,
    values: (f64, Option<f64>, Option<f64>),
}

/// What growth alone does is written as a measure of this name.
const GROWTH: &str = "(growth)";

/// Pollutants, CO2-equivalents and energy; what a metric has nowhere is left out.
fn contributions(projections: &Projections<'_>) -> PolarsResult<DataFrame> {
    let mut rows: Vec<Cut<'_>> = Vec::new();
    for run in &projections.runs {
        let found = &run.contributions;
        for (index, metric) in projections.metrics.all.iter().enumerate() {
            let absent = found.with.row(index).iter().chain(found.without.row(index)).all(|value| *value == 0.0);
            if absent
                || metric.name.starts_with("CO2 ")
                || metric.name.ends_with(" energy")
                || metric.name == "energy CO2"
            {
                continue;
            }
            let years = run.plan.years().enumerate().map(|(at, year)| (at + 1, year));
            for (at, year) in years.filter(|(_, year)| run.is_known(metric, *year)) {
                let scenario = run.plan.code.as_str();
                for (level, used) in run.plan.levels.iter().enumerate() {
                    let measure = projections.ground.plans.measures[used.measure].code.as_str();
                    let of = |values: &ndarray::Array3<f64>| values[[level, index, at]];
                    let values = (of(&found.shapley), Some(of(&found.first_in)), Some(of(&found.last_in)));
                    rows.push(Cut { scenario, measure, year, metric, values });
                }
                if let Some(growth) = run.growth.get([index, at]) {
                    let values = (*growth, None, None);
                    rows.push(Cut { scenario, measure: GROWTH, year, metric, values });
                }
            }
        }
    }
    DataFrame::new(
        rows.len(),
        vec![
            text("scenario", &rows, |cut| cut.scenario.to_string()),
            text("measure", &rows, |cut| cut.measure.to_string()),
            year(&rows, |cut| cut.year),
            text("boundary", &rows, |cut| cut.metric.boundary.word().to_string()),
            text("metric", &rows, |cut| cut.metric.name.clone()),
            number("shapley", &rows, |cut| Some(cut.values.0)),
            number("first_in", &rows, |cut| cut.values.1),
            number("last_in", &rows, |cut| cut.values.2),
            text("unit", &rows, |cut| cut.metric.unit.to_string()),
        ],
    )
}

/// A value of the resolved plan.
struct PlanValue {
    scenario: String,
    what: &'static str,
    name: String,
    year: i32,
    value: f64,
    unit: &'static str,
    from: String,
}

/// Everything that the run read: drivers, growths, shares, levels, parameters, and the amount of every row's flows.
fn plan(projections: &Projections<'_>) -> PolarsResult<DataFrame> {
    let mut rows: Vec<PlanValue> = Vec::new();
    for run in &projections.runs {
        resolved(projections, &run.plan, &mut rows);
    }
    DataFrame::new(
        rows.len(),
        vec![
            text("scenario", &rows, |row| row.scenario.clone()),
            text("what", &rows, |row| row.what.to_string()),
            text("name", &rows, |row| row.name.clone()),
            year(&rows, |row| row.year),
            number("value", &rows, |row| Some(row.value)),
            text("unit", &rows, |row| row.unit.to_string()),
            text("from", &rows, |row| row.from.clone()),
        ],
    )
}

fn resolved(projections: &Projections<'_>, plan: &Plan, rows: &mut Vec<PlanValue>) {
    let ground = &projections.ground;
    let study = ground.inventory.study;
    let mut put = |what: &'static str, name: String, (values, unit): (&[f64], &'static str), from: &str| {
        rows.extend(values.iter().enumerate().map(|(at, value)| PlanValue {
            scenario: plan.code.clone(),
            what,
            name: name.clone(),
            year: plan.anchor + at as i32,
            value: *value,
            unit,
            from: from.to_string(),
        }));
    };
    for driver in &plan.drivers {
        put("driver", driver.name.clone(), (&driver.values, "canonical"), &driver.from);
    }
    for (at, growth) in plan.growths.iter().enumerate() {
        let driver = growth.driver.map_or("", |driver| &plan.drivers[driver].name);
        let name = format!("growth {at}: {driver} ^ {}", growth.elasticity);
        let from = if growth.from.is_empty() { "no growth selects these rows: constant" } else { &growth.from };
        put("intensity", name, (&growth.intensity, "1"), from);
    }
    for (at, group) in plan.groups.iter().enumerate() {
        for (item, share) in &group.shares {
            put("share", format!("group {at}: {}", study.words.items.code(*item)), (share, "1"), &group.from);
        }
    }
    for level in &plan.levels {
        let measure = &ground.plans.measures[level.measure];
        let from = format!("{}:{}", measure.place.file, measure.place.line.unwrap_or(0));
        put("level", measure.code.clone(), (&level.values, "1"), &from);
    }
    changed(projections, plan, &mut put);
}

/// Parameters that change, and what each row's amount starts from.
fn changed(
    projections: &Projections<'_>,
    plan: &Plan,
    put: &mut impl FnMut(&'static str, String, (&[f64], &'static str), &str),
) {
    let study = projections.ground.inventory.study;
    for cell in &plan.cells {
        let parameter = &study.ladder.parameters[cell.parameter];
        let values: Vec<f64> = (0..plan.length()).map(|at| cell.value(at, &|l| plan.levels[l].values[at])).collect();
        put("parameter", format!("{} ({})", parameter.name, parameter.place), (&values, "canonical"), &cell.from);
    }
    for amount in &plan.amounts {
        let flow = &plan.flows[amount.flow];
        let measures: BTreeSet<&str> =
            flow.factors.iter().flat_map(levels).map(|l| measure(projections, plan, l)).collect();
        let measures = measures.into_iter().collect::<Vec<_>>().join(" · ");
        let reference = study.activity.reference_of(amount.row as usize);
        put("amount", format!("{reference} {:?} {measures}", flow.origin), (&[amount.base], "canonical"), "");
    }
}

fn levels(factor: &MeasureFactor) -> Vec<usize> {
    match factor {
        MeasureFactor::Less(at, _) | MeasureFactor::Moved(at) => vec![*at],
        MeasureFactor::LessAll(parts) => parts.iter().map(|(at, _)| *at).collect(),
    }
}

fn measure<'a>(projections: &'a Projections<'_>, plan: &Plan, level: usize) -> &'a str {
    &projections.ground.plans.measures[plan.levels[level].measure].code
}

/// `Model,Scenario,Region,Variable,Unit,2020,…`: history and projection of every scenario in one row each.
fn wide(projections: &Projections<'_>) -> PolarsResult<DataFrame> {
    let study = projections.ground.inventory.study;
    let years: BTreeSet<i32> = projections.runs.iter().flat_map(|run| run.inventory.years.iter().copied()).collect();
    let mut rows: Vec<(String, String, &'static str, Vec<Option<f64>>)> = Vec::new();
    for run in &projections.runs {
        let scenario = run.plan.code.clone();
        for metric in &projections.metrics.all {
            let series = match metric.name.as_str() {
                ENERGY => continue,
                name => run.series(name, metric.boundary),
            };
            if series.is_empty() {
                continue;
            }
            let scope = if metric.boundary == Boundary::Direct { "" } else { "|Incl. Purchased Energy" };
            let values = years.iter().map(|year| series.get(year).copied()).collect();
            rows.push((scenario.clone(), format!("Emissions|{}{scope}", metric.name), metric.unit, values));
        }
        let energy = |year: &i32| {
            let row = run.outlook.indicators.iter().find(|row| row.name == ENERGY && row.year == *year);
            row.map(|row| row.value)
        };
        rows.push((scenario, "Energy Consumption".into(), "tce", years.iter().map(energy).collect()));
    }
    let region = name(&study.words.areas, study.settings.area, false).to_string();
    let mut columns = vec![
        constant("Model", concat!("qingdan ", env!("CARGO_PKG_VERSION")), rows.len()),
        text("Scenario", &rows, |row| row.0.clone()),
        constant("Region", &region, rows.len()),
        text("Variable", &rows, |row| row.1.clone()),
        text("Unit", &rows, |row| format!("{}/yr", row.2)),
    ];
    for (at, year) in years.iter().enumerate() {
        columns.push(number(&year.to_string(), &rows, |row| row.3[at]));
    }
    DataFrame::new(rows.len(), columns)
}
