//! What the inventory adds up to: totals, indicators, completeness, targets, and published figures beside it.

pub mod approach;
pub mod assessment;
pub mod completeness;
pub mod influence;
pub mod crosswalk;
pub mod overlap;
pub mod intensity;
pub mod interval;
pub mod key_category;
pub mod known_years;
pub mod non_fossil;
pub mod propagation;
pub mod project_register;
pub mod total;
pub mod uncertainty;
pub mod unused_parameters;
pub mod water_load;

pub use assessment::{Assessment, CrosscheckRow, TargetVerdict};
pub use completeness::Status;
pub use crosswalk::CrosswalkShare;
pub use intensity::Indicator;
pub use interval::{Interval, Trend};
pub use key_category::KeyCategory;
pub use project_register::{Reductions, Subtotal};
pub use total::{Grouping, Total, Totals};
pub use uncertainty::Uncertainty;
pub use water_load::WaterLoad;

use crate::error::Text;
use crate::inventory::Inventory;
use crate::matching::{self, MissingReason, ResolvedMethod};
use crate::say;
use crate::study::Study;
use crate::target::{Boundary, Metric};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that is derived from an inventory, in the order of the output files.
pub struct Analysis<'a> {
    pub totals: Totals,
    pub completeness: Vec<Status>,
    /// The inventory in the classes of other schemes.
    pub shares: Vec<CrosswalkShare>,
    pub indicators: Vec<Indicator>,
    pub reductions: Reductions,
    pub assessments: Vec<Assessment>,
    pub comparisons: Vec<CrosscheckRow>,
    /// Ranges of single emissions.
    pub uncertainty: Uncertainty<'a>,
    pub intervals: Vec<Interval>,
    pub influences: Vec<influence::InfluenceShare>,
    pub key_categories: Vec<KeyCategory>,
    /// Water pollutants, from the source to the water body.
    pub water_loads: Vec<WaterLoad>,
    /// What the reader should know of the results.
    pub notices: Vec<Text>,
}

/// Derives everything; nothing here can fail, what cannot be known is left out and noticed.
pub fn analyse<'a>(inventory: &'a Inventory<'a>) -> Analysis<'a> {
    let mut notices: Vec<Text> = unreported(inventory).into_iter().chain(of_inputs(inventory)).collect();
    let totals = total::totals(inventory, &mut notices);
    notices.extend(totals.known.notices());
    let completeness = completeness::completeness(inventory);
    let shares = crosswalk::crosswalk(inventory);
    let mut indicators = intensity::indicators(inventory, &totals, &mut notices);
    indicators.extend(approach::differences(inventory, &totals, &mut notices));
    notices.extend(completeness::carried_by_none(inventory));
    let reductions = project_register::reductions(inventory, &totals);
    let metrics = assessment::MetricValues::new(inventory, &totals, &indicators, &reductions);
    let (assessments, comparisons) = (assessment::targets(&metrics), assessment::crosschecks(&metrics));
    let uncertainty = Uncertainty::new(inventory);
    notices.extend(uncertainty.notice());
    let groups = propagation::groups(inventory, &uncertainty);
    let intervals = interval::intervals(inventory, &totals, &groups);
    let influences = influence::shares(inventory, &totals, &groups);
    let key_categories = key_category::key_categories(inventory, &totals, &groups);
    Analysis {
        totals,
        completeness,
        shares,
        indicators,
        reductions,
        assessments,
        comparisons,
        uncertainty,
        intervals,
        influences,
        key_categories,
        water_loads: water_load::water_loads(inventory),
        notices,
    }
}

/// What the inventory leaves out or carries on, for who checks a study without running it.
pub fn cautions(inventory: &Inventory<'_>) -> Vec<Text> {
    let totals = total::totals(inventory, &mut Vec::new());
    of_inputs(inventory).into_iter().chain(totals.known.notices()).collect()
}

/// What is to be said of inputs without an effect, or with one that may not be meant.
fn of_inputs(inventory: &Inventory<'_>) -> Vec<Text> {
    let mut notices: Vec<Text> = silent(inventory).into_iter().chain(carried(inventory)).collect();
    notices.extend(without_sets(inventory));
    notices.extend(without_past(inventory));
    notices.extend(unused_parameters::unused(inventory));
    notices.extend(overlap::doubled(inventory));
    notices
}

/// What is derived of history and projection together, for one scenario.
#[derive(Debug)]
pub struct Outlook {
    pub totals: Totals,
    pub completeness: Vec<Status>,
    pub indicators: Vec<Indicator>,
    pub assessments: Vec<Assessment>,
}

/// Derives what scenarios are judged by.
pub fn look_ahead(inventory: &Inventory<'_>) -> Outlook {
    // What there is to notice has been noticed of the inventory itself.
    let mut notices = Vec::new();
    let totals = total::totals(inventory, &mut notices);
    let completeness = completeness::completeness(inventory);
    let indicators = intensity::indicators(inventory, &totals, &mut notices);
    let reductions = project_register::reductions(inventory, &totals);
    let assessments = assessment::targets(&assessment::MetricValues::new(inventory, &totals, &indicators, &reductions));
    Outlook { totals, completeness, indicators, assessments }
}

/// The yearly values of a metric, in canonical units, of history and projection.
pub fn series(inventory: &Inventory<'_>, outlook: &Outlook, metric: &Metric, boundary: Boundary) -> BTreeMap<i32, f64> {
    let reductions = project_register::reductions(inventory, &outlook.totals);
    let metrics = assessment::MetricValues::new(inventory, &outlook.totals, &outlook.indicators, &reductions);
    inventory.years.iter().filter_map(|year| Some((*year, metrics.canonical(metric, boundary, *year)?))).collect()
}

impl Analysis<'_> {
    /// The target that all projects of a pollutant are judged by in a year.
    pub fn judged(&self, row: &Subtotal) -> Option<&Assessment> {
        let metric = Metric::Projects(row.pollutant.clone()).name();
        let of = |target: &&Assessment| target.year == row.year && target.metric == metric;
        self.assessments.iter().find(of).filter(|_| row.kind.is_none())
    }
}

/// What the study carries on, and for how many rows; a line of `carry` that changes nothing.
fn carried(inventory: &Inventory<'_>) -> Vec<Text> {
    let (study, matches) = (inventory.study, &inventory.matches);
    let chains = matches.bindings.iter().map(|binding| (binding.class, matches.carried(binding, study)));
    let of_energy = |(class, chain): &(u32, Arc<ResolvedMethod>)| {
        let year = matches.classes[*class as usize].year;
        (*class, chain.carried(year, year, study))
    };
    let mut used: BTreeMap<(usize, i32), BTreeSet<u32>> = BTreeMap::new();
    for (class, parameters) in chains.chain(matches.energy.iter().map(of_energy)) {
        for parameter in parameters {
            used.entry(parameter).or_default().insert(class);
        }
    }
    let mut notices = Vec::new();
    for ((index, from), classes) in &used {
        let parameter = &study.ladder.parameters[*index];
        let years: BTreeSet<i32> = classes.iter().map(|class| matches.classes[*class as usize].year).collect();
        let years = years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
        let (name, place) = (&parameter.name, &parameter.place);
        notices.push(say!(
            "{name}（{place}）沿用 {from} 年的数值于 {years} 年（carry），相应排放按未核实对待",
            "{name} ({place}) of {from} is carried on for {years} (carry); what rests on it counts as unverified"
        ));
    }
    for carry in &study.settings.carries {
        let acts = |((index, _), classes): (&(usize, i32), &BTreeSet<u32>)| {
            let name = &study.ladder.parameters[*index].name;
            classes.iter().any(|class| {
                let seeker = matching::seeker(study, &matches.classes[*class as usize]);
                carry.holds(name, &seeker, carry.pollutant)
            })
        };
        if !used.iter().any(acts) {
            let (place, text) = (&carry.place, &carry.text);
            notices.push(say!(
                "{place}：\"{text}\" 没有沿用任何数值：没有行缺少此参数，或没有年份已截止的值",
                "{place}: \"{text}\" carries nothing on: no row lacks it, or no value of it has ended"
            ));
        }
    }
    notices
}

/// The places of the first of some rows.
fn first_rows(study: &Study, rows: &[usize]) -> String {
    const SHOWN: usize = 5;
    let first: Vec<String> = rows.iter().take(SHOWN).map(|&row| study.activity.reference_of(row)).collect();
    let more = if rows.len() > SHOWN { ", …" } else { "" };
    first.join(", ") + more
}

/// Rows that end neither in emissions nor in gaps: their methods yield none of the study's pollutants.
fn silent(inventory: &Inventory<'_>) -> Option<Text> {
    let (study, matches) = (inventory.study, &inventory.matches);
    let is_silent = |row: &usize| {
        matches.silent.contains(&matches.class_of[*row]) && study.settings.years.contains(&study.activity.year[*row])
    };
    let has_number = |row: &usize| !study.activity.notations.contains_key(&(*row as u32));
    let rows: Vec<usize> = (0..study.activity.own).filter(is_silent).filter(has_number).collect();
    let (count, first) = (rows.len(), first_rows(study, &rows));
    (count > 0).then(|| {
        say!(
            "有 {count} 行活动数据既无排放也无空缺：适用的方法不产生本研究的任何污染物（{first}）",
            "{count} activity rows give neither emissions nor gaps: their methods yield none of the study's pollutants ({first})"
        )
    })
}

/// A study that names no set uses no value of the library: its gaps have one cause.
fn without_sets(inventory: &Inventory<'_>) -> Option<Text> {
    let lacks =
        inventory.matches.gaps.iter().filter(|gap| matches!(gap.lack, MissingReason::Parameters { .. })).count();
    (inventory.study.settings.sets.is_empty() && lacks > 0).then(|| {
        say!(
            "study.toml 的 sets 为空，因子库的系数一个也没有用；写出要用的因子集，如 sets = [\"PG2025\", \"IPCC2006\"]",
            "sets of study.toml is empty, so no value of the library is used; name the sets to use, such as sets = [\"PG2025\", \"IPCC2006\"]"
        )
    })
}

/// Stocks whose first rows are of the study's own years: what earlier years left is not in them.
fn without_past(inventory: &Inventory<'_>) -> Vec<Text> {
    let (study, matches) = (inventory.study, &inventory.matches);
    let (activity, words) = (&study.activity, &study.words);
    let Some(&from) = study.settings.years.first() else { return Vec::new() };
    let has_number = |row: &usize| !activity.notations.contains_key(&(*row as u32));
    let rows = (0..activity.own).filter(|&row| matches.spreads[matches.class_of[row] as usize]).filter(has_number);
    let mut first: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for row in rows {
        let known = first.entry((activity.area[row], activity.category[row])).or_insert(row);
        if activity.year[row] < activity.year[*known] {
            *known = row;
        }
    }
    let young = first.into_iter().filter(|(_, row)| activity.year[*row] >= from);
    let told = young.map(|((area, category), row)| {
        let (year, place) = (activity.year[row], activity.reference_of(row));
        let category = words.categories.code(category as usize);
        let [zh, en] = [true, false].map(|zh| crate::study::name(&words.areas, area as usize, zh));
        say!(
            "{zh}类别 {category} 按历年累积计算，而数据自 {year} 年才开始（{place}）；若更早已有存量，最初几年就偏小，请补充此前各年的数据",
            "{category} of {en} adds up what earlier years left, and its rows begin in {year} ({place}); if there was a stock before, the first years are too small: give the years before"
        )
    });
    told.collect()
}

/// Rows of years that the study does not report and that no stock carries on are in no table; who reads it should know.
fn unreported(inventory: &Inventory<'_>) -> Option<Text> {
    let (study, matches) = (inventory.study, &inventory.matches);
    let years = &study.settings.years;
    let outside =
        |&row: &usize| !years.contains(&study.activity.year[row]) && !matches.spreads[matches.class_of[row] as usize];
    let rows: Vec<usize> = (0..study.activity.own).filter(outside).collect();
    let (count, first) = (rows.len(), first_rows(study, &rows));
    (count > 0).then(|| {
        say!(
            "有 {count} 行活动数据不在报告年份内，未计入（{first}）",
            "{count} activity rows are of years that are not reported and are not counted ({first})"
        )
    })
}
