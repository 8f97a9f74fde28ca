//! What each measure cuts beside the base, by exact Shapley values, and what it costs.

use super::Book;
use super::inputs::columns;
use super::sheet::{CellStyle, CellValue, SheetColumn, SheetResult};
use super::sheet_names::Tab;
use crate::cost::CostEffectiveness;
use crate::plan::PlanMetric;
use crate::pollutant::CO2;
use crate::projection::attribution::{AttributedPart, Attribution, Cause};
use crate::projection::{Projections, ScenarioRun};
use crate::say;
use crate::target::{Boundary, Goal};
use rust_xlsxwriter::Worksheet;
use std::collections::BTreeSet;

/// The measures of one scenario on the sheet, in a year that is plotted.
pub(super) struct MeasureBlock {
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
struct MeasuresSubject<'a> {
    metric: &'a PlanMetric,
    index: usize,
    years: Vec<i32>,
    /// The year that costs are shown of.
    plotted: i32,
}

/// The sheet, and where each scenario's measures stand; none without measures.
pub(super) fn sheet(book: &Book<'_>) -> SheetResult<Option<(Worksheet, Vec<MeasureBlock>)>> {
    let Some(projections) = book.source.projections else { return Ok(None) };
    let Some(subject) = subject(book, projections) else { return Ok(None) };
    let mut page = book.page(&Tab::Measures)?;
    let (metric, unit, year) = (&subject.metric.name, subject.metric.unit, subject.plotted);
    let boundary = super::totals::boundary(book, subject.metric.boundary);
    let about = say!(
        "各情景与其基准情景相比，各措施在各年削减的 {metric}（{boundary}，{unit}），按精确 Shapley 值分摊，互相重叠的部分不重不漏；负值表示增加。两个情景都采用的措施只计其差，各行合计等于基准减情景；基准情景本身与不采取措施相比。",
        "What each measure cuts of {metric} ({boundary}, {unit}) beside the base scenario, by exact Shapley values: overlaps are neither lost nor counted twice. A negative value adds. Of measures that both use the difference counts, so that the rows of a scenario add up to base minus scenario; the base itself is compared with what it would be without its measures."
    );
    let costs = say!(
        "成本为 {year} 年的年成本（投资按寿命和折现率分摊，加运行费用），负值为节约；没有成本数据的措施留空。单位成本按该措施在情景中的全部减排量计算，与 costs.csv 一致。",
        "Costs are those of {year}, investment spread over its life plus running costs; a negative cost saves money, and an empty cell has no cost stated. The cost of a tonne is over all that the measure cuts in the scenario, as in costs.csv."
    );
    page.head(&book.pick("减排措施", "Measures"), &[book.tell(&about), book.tell(&costs)])?;
    let mut rows = Vec::new();
    let mut blocks = Vec::new();
    for run in &projections.runs {
        let first = HEADINGS + 1 + rows.len() as u32;
        rows.extend(lines(projections, run, &subject).iter().map(|line| row(book, (projections, run), line, &subject)));
        let last = HEADINGS + rows.len() as u32;
        let column = subject.years.iter().position(|year| *year == subject.plotted).unwrap_or(0);
        if last >= first && subject.plotted <= run.plan.horizon {
            let column = FIRST_YEAR + column as u16;
            let scenario = run.plan.title.clone();
            blocks.push(MeasureBlock {
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
fn subject<'a>(book: &Book<'_>, projections: &'a Projections<'_>) -> Option<MeasuresSubject<'a>> {
    const PERIOD: i32 = 5;
    let cuts = |index: usize| {
        let metric = &projections.metrics.all[index];
        if projections.runs.iter().any(|run| !run.is_known(metric, run.plan.horizon)) {
            return false;
        }
        let cut = |run: &ScenarioRun<'_>| {
            run.contributions.shapley.index_axis(ndarray::Axis(1), index).iter().any(|cut| *cut != 0.0)
        };
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
    Some(MeasuresSubject {
        metric: &projections.metrics.all[index],
        index,
        years: years.into_iter().collect(),
        plotted,
    })
}

fn headings(book: &Book<'_>, subject: &MeasuresSubject<'_>) -> Vec<SheetColumn> {
    let mut all = columns(
        book,
        &[
            ("情景", "Scenario", 18.0, CellStyle::Text),
            ("措施", "Measure", 28.0, CellStyle::Text),
            ("规划依据", "Plan", 44.0, CellStyle::Wrap),
            ("力度依据", "Basis", 11.0, CellStyle::Text),
        ],
    );
    let year = |year: &i32| SheetColumn { heading: year.to_string(), width: 13.0, kind: CellStyle::Amount };
    all.extend(subject.years.iter().map(year));
    all.extend(columns(
        book,
        &[
            ("年成本（元）", "Cost (yuan/a)", 17.0, CellStyle::Amount),
            ("单位成本（元/t）", "Cost (yuan/t)", 14.0, CellStyle::Amount),
            ("投资（元）", "Investment (yuan)", 18.0, CellStyle::Amount),
            ("净现值（元）", "Net present value (yuan)", 18.0, CellStyle::Amount),
        ],
    ));
    all
}

/// What a cause cuts in each year that is shown.
struct CauseLine {
    cause: Cause,
    cuts: Vec<Option<f64>>,
}

/// The causes of a scenario's difference to its base: measures in the order of what they cut in the plotted year, growth last.
fn lines(projections: &Projections<'_>, run: &ScenarioRun<'_>, subject: &MeasuresSubject<'_>) -> Vec<CauseLine> {
    let found: Vec<Option<Attribution>> =
        subject.years.iter().map(|year| projections.attribution(run, subject.index, *year)).collect();
    let parts = |found: &Option<Attribution>| {
        found.iter().flat_map(|found| found.parts.clone()).collect::<Vec<AttributedPart>>()
    };
    let mut causes: Vec<Cause> = Vec::new();
    for part in found.iter().flat_map(parts) {
        if !causes.contains(&part.cause) {
            causes.push(part.cause);
        }
    }
    let of = |cause: Cause, found: &Attribution| {
        found.parts.iter().find(|part| part.cause == cause).map_or(0.0, |part| part.cut)
    };
    let cuts = |cause: Cause| found.iter().map(|found| Some(of(cause, found.as_ref()?))).collect();
    let mut lines: Vec<CauseLine> = causes.into_iter().map(|cause| CauseLine { cause, cuts: cuts(cause) }).collect();
    let plotted = subject.years.iter().position(|year| *year == subject.plotted).unwrap_or(0);
    let size = |line: &CauseLine| line.cuts.get(plotted).copied().flatten().unwrap_or(0.0);
    lines.sort_by(|a, b| {
        let is_growth = |line: &CauseLine| line.cause == Cause::Growth;
        is_growth(a).cmp(&is_growth(b)).then(size(b).total_cmp(&size(a)))
    });
    lines
}

fn row(
    book: &Book<'_>,
    (projections, run): (&Projections<'_>, &ScenarioRun<'_>),
    line: &CauseLine,
    subject: &MeasuresSubject<'_>,
) -> Vec<CellValue> {
    let Cause::Measure(index) = line.cause else {
        let mut cells =
            vec![CellValue::text(&run.plan.title), CellValue::text(book.pick("增长设定不同", "Other growth"))];
        cells.extend([CellValue::text(""), CellValue::text(book.pick("假定", "assumed"))]);
        cells.extend(line.cuts.iter().map(|cut| CellValue::number(*cut)));
        cells.extend((0..COSTS).map(|_| CellValue::number(None)));
        return cells;
    };
    let measure = &projections.ground.plans.measures[index];
    let title = measure.name();
    let basis = match measure.basis.as_str() {
        "plan" => book.pick("规划", "plan"),
        "assumed" => book.pick("假定", "assumed"),
        other => other.to_string(),
    };
    let mut cells = vec![
        CellValue::text(&run.plan.title),
        CellValue::text(title),
        CellValue::text(&measure.plan),
        CellValue::text(basis),
    ];
    cells.extend(line.cuts.iter().map(|cut| CellValue::number(*cut)));
    cells.extend(costs(run, index, subject));
    cells
}

/// Columns after the years.
const COSTS: usize = 4;

/// What a measure of the scenario costs in the plotted year; empty where only the base uses it or nobody states a cost.
fn costs(run: &ScenarioRun<'_>, measure: usize, subject: &MeasuresSubject<'_>) -> [CellValue; COSTS] {
    let level = run.plan.levels.iter().position(|level| level.measure == measure);
    let at = usize::try_from(subject.plotted - run.plan.anchor).ok().filter(|_| subject.plotted <= run.plan.horizon);
    let bill = level.and_then(|level| run.bills[level].as_ref()).zip(at);
    let cost = bill.map(|(bill, at)| bill.annual[at]);
    let cut = level.zip(at).map(|(level, at)| run.contributions.shapley[[level, subject.index, at]]);
    let standing = cost.zip(cut).map(|(cost, tonnes)| CostEffectiveness { cost, npv: 0.0, tonnes });
    [
        CellValue::number(cost),
        CellValue::number(standing.and_then(|standing| standing.per_tonne())),
        CellValue::number(bill.map(|(bill, at)| bill.invest[at])),
        CellValue::number(bill.map(|(bill, _)| bill.net_present_value())),
    ]
}
