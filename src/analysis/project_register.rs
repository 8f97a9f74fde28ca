//! The register of reduction projects by year, beside the inventory and never part of it.
//!
//! A project's tonnes are those by which it lowers a year's emission. `cumulative` is what is in effect in a year against
//! the base year, and `tonnes` what the year has added to it, so that the years' tonnes add up to the cumulative ones.

use super::total::Totals;
use crate::activity::PROXY;
use crate::inventory::Inventory;
use crate::reduction_project::{Project, Register, Yield};
use crate::study::Study;
use crate::target::{Boundary, Metric};
use std::ops::RangeInclusive;

/// A project in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Index into the register's projects.
    pub project: usize,
    pub year: i32,
    /// The part of the project's tonnes that is in effect.
    pub share: Option<f64>,
    pub sum: Option<Reduced>,
}

/// Tonnes a year of one project or of several.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Reduced {
    /// What the year has added, t.
    pub tonnes: f64,
    /// What is in effect in the year, t.
    pub cumulative_t: f64,
    /// What new sources have used of it, t.
    pub offset_t: f64,
    /// The part of the net tonnes that rests on proxies, t.
    proxy_t: f64,
}

impl Reduced {
    /// What counts for a target.
    pub fn net_t(&self) -> f64 {
        self.cumulative_t - self.offset_t
    }

    /// Share of the net reduction that rests on proxy values; `None` where there is no net reduction.
    pub fn proxy_share(&self) -> Option<f64> {
        (self.net_t() > 0.0).then(|| self.proxy_t / self.net_t())
    }

    fn add(&mut self, other: &Self) {
        self.tonnes += other.tonnes;
        self.cumulative_t += other.cumulative_t;
        self.offset_t += other.offset_t;
        self.proxy_t += other.proxy_t;
    }
}

/// A pollutant's projects of one kind, or of all kinds, in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Subtotal {
    pub pollutant: String,
    pub counted: bool,
    pub year: i32,
    /// `None` for all kinds together.
    pub kind: Option<usize>,
    /// `None` where no project's tonnes are known.
    pub sum: Option<Reduced>,
    /// Projects whose tonnes are not known.
    pub gaps: usize,
    /// For information, of all kinds: how the inventory changed from the base year, t. It is never added to the projects.
    pub inventory_change_t: Option<f64>,
}

/// Everything that is derived from the register.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reductions {
    pub base_year: i32,
    /// After the base year, ascending.
    pub years: Vec<i32>,
    pub progress: Vec<Progress>,
    pub subtotals: Vec<Subtotal>,
}

impl Reductions {
    /// All projects of a pollutant in a year; none where none is registered.
    pub fn all(&self, pollutant: &str, year: i32) -> Option<&Subtotal> {
        let of = |row: &&Subtotal| row.kind.is_none() && row.year == year && row.pollutant == pollutant;
        self.subtotals.iter().find(of)
    }
}

pub(super) fn reductions(inventory: &Inventory<'_>, totals: &Totals) -> Reductions {
    let study = inventory.study;
    let register = &study.register;
    let base_year = register.base_year;
    if register.projects.is_empty() {
        return Reductions { base_year, ..Reductions::default() };
    }
    let years: Vec<i32> = years(study).collect();
    let mut progress = Vec::new();
    for (index, project) in register.projects.iter().enumerate() {
        progress.extend(years.iter().map(|&year| in_year(register, index, project, year)));
    }
    let subtotals = subtotals(study, &years, &progress, totals);
    Reductions { base_year, years, progress, subtotals }
}

/// From the year after the base year to the last year that is reported, judged or begun in.
pub fn years(study: &Study) -> RangeInclusive<i32> {
    let judged = study.targets.iter().filter(|target| matches!(target.metric, Metric::Projects(_)));
    let judged = judged.map(|target| target.year);
    let begun = study.register.projects.iter().filter_map(|project| project.start).map(|start| start.year);
    let base_year = study.register.base_year;
    base_year + 1..=judged.chain(begun).chain(study.settings.years.iter().copied()).max().unwrap_or(base_year)
}

/// What a project has in effect in a year, and what the year has added.
pub fn in_year(register: &Register, index: usize, project: &Project, year: i32) -> Progress {
    let share = register.share(project, year);
    let before = register.share(project, year - 1);
    let sum = match (&project.yields, share, before) {
        (Yield::Tonnes { tonnes, .. }, Some(share), Some(before)) => {
            let (cumulative_t, offset_t) = (tonnes * share, project.offset_t * share);
            let proxy_t = if project.quality == PROXY { cumulative_t - offset_t } else { 0.0 };
            Some(Reduced { tonnes: tonnes * (share - before), cumulative_t, offset_t, proxy_t })
        }
        // Before its start a project has cut nothing, however much it will.
        (_, Some(0.0), Some(0.0)) => Some(Reduced::default()),
        _ => None,
    };
    Progress { project: index, year, share, sum }
}

/// Sums by pollutant, year and kind.
fn subtotals(study: &Study, years: &[i32], progress: &[Progress], totals: &Totals) -> Vec<Subtotal> {
    let (words, register) = (&study.words, &study.register);
    let registered = |index: &usize| register.projects.iter().any(|project| project.pollutant == *index);
    let mut subtotals = Vec::new();
    for pollutant in words.pollutants.iter().map(|(index, _)| index).filter(registered) {
        let code = words.pollutants.code(pollutant);
        let inventory_t = |year| totals.whole_t(year, Boundary::Direct, code);
        for &year in years {
            let change_t = inventory_t(year).zip(inventory_t(register.base_year)).map(|(now, base)| now - base);
            for kind in std::iter::once(None).chain(words.kinds.iter().map(|(kind, _)| Some(kind))) {
                let of = |row: &&Progress| {
                    let project = &register.projects[row.project];
                    row.year == year && project.pollutant == pollutant && kind.is_none_or(|kind| project.kind == kind)
                };
                let rows: Vec<&Progress> = progress.iter().filter(of).collect();
                if !rows.is_empty() {
                    subtotals.push(Subtotal {
                        pollutant: code.to_string(),
                        counted: words.counted.contains(&pollutant),
                        year,
                        kind,
                        sum: sum(&rows),
                        gaps: rows.iter().filter(|row| row.sum.is_none()).count(),
                        inventory_change_t: change_t.filter(|_| kind.is_none()),
                    });
                }
            }
        }
    }
    subtotals
}

/// The sum of what is known; none where nothing is. It runs from the smallest to the largest, whatever the order of the register.
fn sum(rows: &[&Progress]) -> Option<Reduced> {
    let mut sums: Vec<Reduced> = rows.iter().filter_map(|row| row.sum).collect();
    let parts = |sum: &Reduced| [sum.cumulative_t, sum.tonnes, sum.offset_t, sum.proxy_t];
    let order = |a: &Reduced, b: &Reduced| {
        parts(a).iter().zip(&parts(b)).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne())
    };
    sums.sort_by(|a, b| order(a, b).unwrap_or(std::cmp::Ordering::Equal));
    sums.into_iter().reduce(|mut sum, row| {
        sum.add(&row);
        sum
    })
}
