//! What the inventory adds up to: totals, indicators, completeness, targets, and published figures beside it.

pub mod approach;
pub mod assessment;
pub mod completeness;
pub mod influence;
pub mod crosswalk;
pub mod intensity;
pub mod interval;
pub mod key_category;
pub mod propagation;
pub mod register;
pub mod total;
pub mod uncertainty;

pub use assessment::{Assessment, Comparison, Verdict};
pub use completeness::Status;
pub use crosswalk::Share;
pub use intensity::Indicator;
pub use interval::{Interval, Trend};
pub use key_category::KeyCategory;
pub use register::{Reductions, Subtotal};
pub use total::{Grouping, Total, Totals};
pub use uncertainty::Uncertainty;

use crate::error::Text;
use crate::inventory::Inventory;
use crate::say;
use crate::target::{Boundary, Metric};
use std::collections::BTreeMap;

/// Everything that is derived from an inventory, in the order of the output files.
pub struct Analysis<'a> {
    pub totals: Totals,
    pub completeness: Vec<Status>,
    /// The inventory in the classes of other schemes.
    pub shares: Vec<Share>,
    pub indicators: Vec<Indicator>,
    pub reductions: Reductions,
    pub assessments: Vec<Assessment>,
    pub comparisons: Vec<Comparison>,
    /// Ranges of single emissions.
    pub uncertainty: Uncertainty<'a>,
    pub intervals: Vec<Interval>,
    pub influences: Vec<influence::Share>,
    pub key_categories: Vec<KeyCategory>,
    /// What the reader should know of the results.
    pub notices: Vec<Text>,
}

/// Derives everything; nothing here can fail, what cannot be known is left out and noticed.
pub fn analyse<'a>(inventory: &'a Inventory<'a>) -> Analysis<'a> {
    let mut notices: Vec<Text> = unreported(inventory).into_iter().collect();
    let totals = total::totals(inventory, &mut notices);
    let completeness = completeness::completeness(inventory);
    let shares = crosswalk::crosswalk(inventory);
    let mut indicators = intensity::indicators(inventory, &totals, &mut notices);
    indicators.extend(approach::differences(inventory, &totals, &mut notices));
    notices.extend(completeness::carried_by_none(inventory));
    let reductions = register::reductions(inventory, &totals);
    let metrics = assessment::Metrics::new(inventory, &totals, &indicators, &reductions);
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
        notices,
    }
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
    let reductions = register::reductions(inventory, &totals);
    let assessments = assessment::targets(&assessment::Metrics::new(inventory, &totals, &indicators, &reductions));
    Outlook { totals, completeness, indicators, assessments }
}

/// The yearly values of a metric, in canonical units, of history and projection.
pub fn series(inventory: &Inventory<'_>, outlook: &Outlook, asked: (&Metric, Boundary)) -> BTreeMap<i32, f64> {
    let reductions = register::reductions(inventory, &outlook.totals);
    let metrics = assessment::Metrics::new(inventory, &outlook.totals, &outlook.indicators, &reductions);
    inventory.years.iter().filter_map(|year| Some((*year, metrics.canonical(asked.0, asked.1, *year)?))).collect()
}

impl Analysis<'_> {
    /// The target that all projects of a pollutant are judged by in a year.
    pub fn judged(&self, row: &Subtotal) -> Option<&Assessment> {
        let metric = Metric::Projects(row.pollutant.clone()).name();
        let of = |target: &&Assessment| target.year == row.year && target.metric == metric;
        self.assessments.iter().find(of).filter(|_| row.kind.is_none())
    }
}

/// Rows of years that the study does not report and that no stock carries on are in no table; who reads it should know.
fn unreported(inventory: &Inventory<'_>) -> Option<Text> {
    let (study, matches) = (inventory.study, &inventory.matches);
    let years = &study.settings.years;
    let outside =
        |&row: &usize| !years.contains(&study.activity.year[row]) && !matches.spreads[matches.class_of[row] as usize];
    let count = (0..study.activity.own).filter(outside).count();
    (count > 0).then(|| {
        say!(
            "有 {count} 行活动数据不在报告年份内，未计入",
            "{count} activity rows are of years that are not reported and are not counted"
        )
    })
}
