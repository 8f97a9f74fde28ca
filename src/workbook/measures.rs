//! What each measure cuts, by exact Shapley values, and what it costs.

use super::Book;
use super::inputs::columns;
use super::page::{Cell, Column, Kind, Written};
use super::tab::Tab;
use crate::cost::Standing;
use crate::plan::Metric;
use crate::pollutant::CO2;
use crate::projection::{Projections, Run};
use crate::say;
use crate::target::{Boundary, Goal};
use rust_xlsxwriter::Worksheet;
use std::collections::BTreeSet;

/// The measures of one scenario on the sheet, in a year that is plotted.
pub(super) struct Block {
    pub scenario: String,
    pub rows: (u32, u32),
    /// The column of the plotted year.
    pub column: u16,
    pub year: i32,
    pub unit: &'static str,
}

pub(super) const MEASURE: u16 = 1;
const HEADINGS: u32 = 4;
/// The column of the first year.
const FIRST_YEAR: u16 = 4;

/// What the sheet is about: a metric by its index, and the years that are shown.
struct Subject<'a> {
    metric: &'a Metric,
    index: usize,
    years: Vec<i32>,
    /// The year that costs are shown of.
    plotted: i32,
}

/// The sheet, and where each scenario's measures stand; none without measures.
pub(super) fn sheet(book: &Book<'_>) -> Written<Option<(Worksheet, Vec<Block>)>> {
    let Some(projections) = book.source.projections else { return Ok(None) };
    let Some(subject) = subject(book, projections) else { return Ok(None) };
    let mut page = book.page(&Tab::Measures)?;
    let (metric, unit, year) = (&subject.metric.name, subject.metric.unit, subject.plotted);
    let about = say!(
        "各措施在各年削减的 {metric}（直接与购入，{unit}），按精确 Shapley 值分摊，互相重叠的部分不重不漏；负值表示增加。",
        "What each measure cuts of {metric} (direct + purchased, {unit}) by exact Shapley values: overlaps are neither lost nor counted twice. A negative value adds."
    );
    let costs = say!(
        "成本为 {year} 年的年成本（投资按寿命和折现率分摊，加运行费用），负值为节约；没有成本数据的措施留空。",
        "Costs are those of {year}, investment spread over its life plus running costs; a negative cost saves money, and an empty cell has no cost stated."
    );
    page.head(&book.pick("减排措施", "Measures"), &[book.tell(&about), book.tell(&costs)])?;
    let mut rows = Vec::new();
    let mut blocks = Vec::new();
    for run in &projections.runs {
        let first = HEADINGS + 1 + rows.len() as u32;
        rows.extend(
            largest_first(run, &subject).into_iter().map(|level| row(book, (projections, run), level, &subject)),
        );
        let last = HEADINGS + rows.len() as u32;
        let column = subject.years.iter().position(|year| *year == subject.plotted).unwrap_or(0);
        if last >= first && subject.plotted <= run.plan.horizon {
            let column = FIRST_YEAR + column as u16;
            let scenario = run.plan.title.clone();
            blocks.push(Block {
                scenario,
                rows: (first, last),
                column,
                year: subject.plotted,
                unit: subject.metric.unit,
            });
        }
    }
    page.table(HEADINGS, &headings(book, &subject), &rows)?;
    Ok(Some((page.sheet, blocks)))
}

/// CO2 with what is purchased, else the first metric that some measure changes; the years of targets and of every plan period.
fn subject<'a>(book: &Book<'_>, projections: &'a Projections<'_>) -> Option<Subject<'a>> {
    const PERIOD: i32 = 5;
    let cuts = |index: usize| {
        let metric = &projections.metrics.all[index];
        if projections.runs.iter().any(|run| !run.is_known(metric, run.plan.horizon)) {
            return false;
        }
        let cut =
            |run: &Run<'_>| run.contributions.shapley.index_axis(ndarray::Axis(1), index).iter().any(|cut| *cut != 0.0);
        projections.runs.iter().any(|run| !run.plan.levels.is_empty() && cut(run))
    };
    let co2 = projections.metrics.find(CO2, Boundary::DirectPurchased);
    let any = || (0..projections.metrics.len()).find(|index| cuts(*index));
    let index = co2.filter(|index| cuts(*index)).or_else(any)?;
    let study = book.source.inventory.study;
    let horizon = projections.runs.iter().map(|run| run.plan.horizon).max()?;
    let ahead = study.anchor() + 1..=horizon;
    let targets = study.targets.iter().map(|target| target.year).filter(|year| ahead.contains(year));
    let periods = ahead.clone().filter(|year| year % PERIOD == 0);
    let years: BTreeSet<i32> = targets.chain(periods).chain([horizon]).collect();
    let peak = |goal: &Goal| match goal {
        Goal::PeakBy { year } => Some(*year).filter(|year| years.contains(year)),
        _ => None,
    };
    let plotted = study.targets.iter().find_map(|target| peak(&target.goal)).unwrap_or(horizon);
    Some(Subject { metric: &projections.metrics.all[index], index, years: years.into_iter().collect(), plotted })
}

fn headings(book: &Book<'_>, subject: &Subject<'_>) -> Vec<Column> {
    let mut all = columns(
        book,
        &[
            ("情景", "Scenario", 18.0, Kind::Text),
            ("措施", "Measure", 28.0, Kind::Text),
            ("规划依据", "Plan", 44.0, Kind::Wrap),
            ("力度依据", "Basis", 11.0, Kind::Text),
        ],
    );
    let year = |year: &i32| Column { heading: year.to_string(), width: 13.0, kind: Kind::Amount };
    all.extend(subject.years.iter().map(year));
    all.extend(columns(
        book,
        &[
            ("年成本（元）", "Cost (yuan/a)", 17.0, Kind::Amount),
            ("单位成本（元/t）", "Cost (yuan/t)", 14.0, Kind::Amount),
            ("投资（元）", "Investment (yuan)", 18.0, Kind::Amount),
            ("净现值（元）", "Net present value (yuan)", 18.0, Kind::Amount),
        ],
    ));
    all
}

/// The measures of a scenario in the order of what they cut in the year that is plotted.
fn largest_first(run: &Run<'_>, subject: &Subject<'_>) -> Vec<usize> {
    let at = usize::try_from(subject.plotted.min(run.plan.horizon) - run.plan.anchor).unwrap_or(0);
    let cut = |level: usize| run.contributions.shapley[[level, subject.index, at]];
    let mut levels: Vec<usize> = (0..run.plan.levels.len()).collect();
    levels.sort_by(|a, b| cut(*b).total_cmp(&cut(*a)).then(a.cmp(b)));
    levels
}

fn row(
    book: &Book<'_>,
    (projections, run): (&Projections<'_>, &Run<'_>),
    level: usize,
    subject: &Subject<'_>,
) -> Vec<Cell> {
    let measure = &projections.ground.plans.measures[run.plan.levels[level].measure];
    let at = |year: i32| usize::try_from(year - run.plan.anchor).ok().filter(|_| year <= run.plan.horizon);
    let cut = |year: i32| at(year).map(|at| run.contributions.shapley[[level, subject.index, at]]);
    let title = if measure.title.is_empty() { &measure.code } else { &measure.title };
    let basis = match measure.basis.as_str() {
        "plan" => book.pick("规划", "plan"),
        "assumed" => book.pick("假定", "assumed"),
        other => other.to_string(),
    };
    let mut cells = vec![Cell::text(&run.plan.title), Cell::text(title), Cell::text(&measure.plan), Cell::text(basis)];
    cells.extend(subject.years.iter().map(|year| Cell::number(cut(*year))));
    let bill = run.bills[level].as_ref().zip(at(subject.plotted));
    let cost = bill.map(|(bill, at)| bill.annual[at]);
    let standing = cost.zip(cut(subject.plotted)).map(|(cost, tonnes)| Standing { cost, npv: 0.0, tonnes });
    cells.extend([
        Cell::number(cost),
        Cell::number(standing.and_then(|standing| standing.per_tonne())),
        Cell::number(bill.map(|(bill, at)| bill.invest[at])),
        Cell::number(bill.map(|(bill, _)| bill.net_present_value())),
    ]);
    cells
}
