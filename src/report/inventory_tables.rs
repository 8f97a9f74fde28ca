//! The tables that history and scenarios share: emissions, totals, gaps, completeness, indicators, targets.

use super::tables::{constant, number, text, year};
use crate::analysis::{Analysis, Assessment, Indicator, Status, Totals, Uncertainty};
use crate::error::Language;
use crate::inventory::{Emission, Gap, Inventory};
use crate::projection::ScenarioRun;
use crate::schema::{EMISSIONS, HISTORY};
use crate::target::Target;
use crate::verdict_text::sentence;
use polars::prelude::*;

/// The inventory's own years, or the projected years of one scenario.
pub(super) struct ResultSpan<'a> {
    scenario: &'a str,
    /// Only later years are written.
    after: i32,
    /// Whether scenarios judge the targets of later years.
    ahead: bool,
    inventory: &'a Inventory<'a>,
    totals: &'a Totals,
    completeness: &'a [Status],
    indicators: &'a [Indicator],
    assessments: &'a [Assessment],
    uncertainty: Option<&'a Uncertainty<'a>>,
}

impl<'a> ResultSpan<'a> {
    pub fn history(inventory: &'a Inventory<'a>, analysis: &'a Analysis<'a>, runs: &[ScenarioRun<'_>]) -> Self {
        Self {
            scenario: HISTORY,
            after: i32::MIN,
            ahead: !runs.is_empty(),
            inventory,
            totals: &analysis.totals,
            completeness: &analysis.completeness,
            indicators: &analysis.indicators,
            assessments: &analysis.assessments,
            uncertainty: Some(&analysis.uncertainty),
        }
    }

    pub fn scenario(run: &'a ScenarioRun<'a>) -> Self {
        Self {
            scenario: &run.plan.code,
            after: run.plan.anchor,
            ahead: false,
            inventory: &run.inventory,
            totals: &run.outlook.totals,
            completeness: &run.outlook.completeness,
            indicators: &run.outlook.indicators,
            assessments: &run.outlook.assessments,
            uncertainty: None,
        }
    }

    fn of_years<'r, T>(&self, rows: &'r [T], year: impl Fn(&T) -> i32) -> Vec<&'r T> {
        rows.iter().filter(|row| year(row) > self.after).collect()
    }

    /// A target of a later year is judged in each scenario, and without scenarios in history, where it cannot be assessed.
    fn judges(&self, year: i32) -> bool {
        !self.ahead || self.inventory.years.contains(&year)
    }
}

pub(super) fn emissions(part: &ResultSpan<'_>) -> PolarsResult<DataFrame> {
    let inventory = part.inventory;
    let (study, matches) = (inventory.study, &inventory.matches);
    let (activity, words) = (&study.activity, &study.words);
    let rows = &part.of_years(&inventory.emissions, |emission| emission.year);
    let range = |e: &Emission| part.uncertainty.and_then(|uncertainty| uncertainty.range(e));
    let binding = |e: &Emission| &matches.bindings[e.binding as usize];
    let at = |e: &Emission| e.row as usize;
    let columns = vec![
        constant("scenario", part.scenario, rows.len()),
        year(rows, |e| e.year),
        text("area", rows, |e| words.areas.code(activity.area[at(e)] as usize).to_string()),
        text("category", rows, |e| words.categories.code(binding(e).category).to_string()),
        text("item", rows, |e| words.items.code(activity.item[at(e)] as usize).to_string()),
        text("technology", rows, |e| activity.word(activity.technology[at(e)]).to_string()),
        text("source", rows, |e| activity.word(activity.source[at(e)]).to_string()),
        text("pollutant", rows, |e| words.pollutants.code(binding(e).pollutant).to_string()),
        number("generated_t", rows, |e| e.generated_t),
        number("emitted_t", rows, |e| Some(e.emitted_t)),
        number("low_t", rows, |e| range(e).map(|(low, _)| low)),
        number("high_t", rows, |e| range(e).map(|(_, high)| high)),
        text("method", rows, |e| study.methods[binding(e).emitted.method].code.clone()),
        text("quality", rows, |e| inventory.quality(e).to_string()),
        text("confidence", rows, |e| inventory.confidence(e).map_or("", |confidence| confidence.word()).to_string()),
        text("activity_ref", rows, |e| activity_refs(inventory, e)),
        text("parameter_refs", rows, |e| parameter_refs(inventory, e)),
    ];
    DataFrame::new(rows.len(), columns)?.select(EMISSIONS)
}

fn activity_refs(inventory: &Inventory<'_>, emission: &Emission) -> String {
    let parts = inventory.parts(emission);
    let mut rows: Vec<u32> = parts.into_iter().map(|(row, _)| row).collect();
    rows.dedup();
    rows.iter().map(|&row| inventory.study.activity.reference_of(row as usize)).collect::<Vec<_>>().join("; ")
}

/// `name=file:line` of every parameter used, each once.
fn parameter_refs(inventory: &Inventory<'_>, emission: &Emission) -> String {
    let mut refs: Vec<String> = Vec::new();
    for (_, binding) in inventory.parts(emission) {
        let bound = &inventory.matches.bindings[binding as usize];
        let carried = inventory.matches.carried(bound, inventory.study);
        for (name, index) in bound.emitted.parameters() {
            let from = carried.iter().find(|(carried, _)| *carried == index);
            let from = from.map_or(String::new(), |(_, year)| format!(" carried on from {year}"));
            let entry = format!("{name}={}{from}", inventory.study.ladder.parameters[index].place);
            if !refs.contains(&entry) {
                refs.push(entry);
            }
        }
    }
    refs.join("; ")
}

pub(super) fn gaps(part: &ResultSpan<'_>) -> PolarsResult<DataFrame> {
    let inventory = part.inventory;
    let study = inventory.study;
    let (activity, words) = (&study.activity, &study.words);
    let rows = &part.of_years(&inventory.gaps, |gap| gap.year);
    let at = |gap: &Gap| gap.row as usize;
    let pollutant = |gap: &&Gap| gap.pollutant.map_or("", |index| words.pollutants.code(index)).to_string();
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", part.scenario, rows.len()),
            year(rows, |gap| gap.year),
            text("area", rows, |gap| words.areas.code(activity.area[at(gap)] as usize).to_string()),
            text("category", rows, |gap| words.categories.code(activity.category[at(gap)] as usize).to_string()),
            text("item", rows, |gap| words.items.code(activity.item[at(gap)] as usize).to_string()),
            text("source", rows, |gap| activity.word(activity.source[at(gap)]).to_string()),
            text("pollutant", rows, pollutant),
            text("reason", rows, |gap| gap.reason.word(&words.categories)),
            text("missing", rows, |gap| gap.reason.missing().0),
            text("nearest", rows, |gap| gap.reason.missing().1.to_string()),
            text("activity_ref", rows, |gap| activity.reference_of(at(gap))),
        ],
    )
}

pub(super) fn totals(part: &ResultSpan<'_>) -> PolarsResult<DataFrame> {
    let rows = &part.of_years(&part.totals.rows, |total| total.year);
    let inventory = part.inventory;
    let home = inventory.study.words.areas.code(inventory.study.settings.area);
    let ghg = part.totals.ghg.as_deref();
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", part.scenario, rows.len()),
            year(rows, |t| t.year),
            text("area", rows, |t| if t.grouping.word() == "area" { t.group.clone() } else { home.to_string() }),
            text("boundary", rows, |t| t.boundary.word().to_string()),
            text("grouping", rows, |t| t.grouping.word().to_string()),
            text("group", rows, |t| t.group.clone()),
            text("pollutant", rows, |t| t.pollutant.clone()),
            number("value", rows, |t| Some(t.sum.value_t)),
            text("unit", rows, |t| if Some(t.pollutant.as_str()) == ghg { "t CO2e" } else { "t" }.to_string()),
            number("proxy_share", rows, |t| t.sum.proxy_share()),
            number("unverified_share", rows, |t| t.sum.unverified_share()),
        ],
    )
}

pub(super) fn completeness(part: &ResultSpan<'_>) -> PolarsResult<DataFrame> {
    let rows = &part.of_years(part.completeness, |status| status.year);
    let categories = &part.inventory.study.words.categories;
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", part.scenario, rows.len()),
            year(rows, |status| status.year),
            text("category", rows, |status| categories.code(status.category).to_string()),
            text("pollutant", rows, |status| status.pollutant.clone()),
            text("status", rows, |status| status.status.clone()),
        ],
    )
}

pub(super) fn indicators(part: &ResultSpan<'_>) -> PolarsResult<DataFrame> {
    let rows = &part.of_years(part.indicators, |indicator| indicator.year);
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", part.scenario, rows.len()),
            year(rows, |indicator| indicator.year),
            text("indicator", rows, |indicator| indicator.name.clone()),
            number("value", rows, |indicator| Some(indicator.value)),
            text("unit", rows, |indicator| indicator.unit.clone()),
        ],
    )
}

/// `language` is that of the reasons.
pub(super) fn targets(part: &ResultSpan<'_>, language: Language) -> PolarsResult<DataFrame> {
    let known = &part.inventory.study.targets;
    let own = |assessment: &&Assessment| part.judges(assessment.year);
    let rows: Vec<&Assessment> = part.assessments.iter().filter(own).collect();
    let targets: Vec<&Target> =
        rows.iter().filter_map(|row| known.iter().find(|target| target.code == row.target)).collect();
    let (rows, targets) = (&rows, &targets);
    DataFrame::new(
        rows.len(),
        vec![
            constant("scenario", part.scenario, rows.len()),
            text("target", rows, |a| a.target.clone()),
            text("metric", rows, |a| a.metric.clone()),
            year(rows, |a| a.year),
            number("required", rows, |a| a.required),
            number("reached", rows, |a| a.reached),
            number("margin", rows, |a| a.margin),
            text("unit", rows, |a| a.unit.clone()),
            text("verdict", rows, |a| a.verdict.word().to_string()),
            number("proxy_share", rows, |a| a.proxy_share),
            text("title", targets, |target| target.title.clone()),
            text("source", targets, |target| target.source.clone()),
            text("reason", rows, |a| {
                a.reason.as_ref().map_or(String::new(), |reason| sentence(reason).get(language).to_string())
            }),
        ],
    )
}
