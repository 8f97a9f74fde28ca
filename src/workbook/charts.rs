//! Native charts over the sheets: totals by scenario, sectors by year, contributions of measures. They follow what is changed.

use super::sheet::{SheetResult, SheetWriter};
use super::sheet_names::Tab;
use super::totals::{self, Places};
use super::{Book, measures, scenario_sheet};
use crate::plot::Hue;
use crate::pollutant::CO2;
use crate::projection::PeakRow;
use crate::say;
use crate::target::{Boundary, GHG};
use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker, ChartSolidFill, ChartType, Color,
    Worksheet,
};

/// Where scenarios and measures stand.
type Plotted<'p> = (&'p [scenario_sheet::MetricBlock], &'p [measures::MeasureBlock]);

/// A page of A4 across holds a chart of this size, in pixels.
const SIZE: (u32, u32) = (1000, 600);
/// Rows from one chart to the next: each has a page of its own.
const STEP: u32 = 33;

/// The sheet of charts; none where there is nothing to draw.
pub(super) fn sheet(
    book: &Book<'_>,
    places: &Places,
    (outlook, measures): Plotted<'_>,
) -> SheetResult<Option<Worksheet>> {
    let mut charts: Vec<Chart> = Vec::new();
    charts.extend(scenarios(book, outlook));
    charts.extend(sectors(book, places));
    charts.extend(measures.iter().map(|block| contributions(book, block)));
    if charts.is_empty() {
        return Ok(None);
    }
    let mut page: SheetWriter = book.page(&Tab::Charts)?;
    let mut breaks = Vec::new();
    let mut row = 0;
    for chart in &charts {
        // Not at the edge of the page, where its frame would show on the page before.
        page.sheet.insert_chart(row + 1, 0, chart)?;
        row += STEP;
        breaks.push(row);
    }
    breaks.pop();
    page.sheet.set_page_breaks(&breaks)?;
    Ok(Some(page.sheet))
}

fn colour(hue: Hue) -> Color {
    let colour = hue.colour();
    Color::RGB(u32::from(colour.0) << 16 | u32::from(colour.1) << 8 | u32::from(colour.2))
}

fn fill(hue: Hue) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(colour(hue)));
    format
}

/// A chart with the look that all have in common: title, axis title, light rules, whole numbers.
fn plain(kind: ChartType, title: &str, axis: &str) -> Chart {
    let mut chart = Chart::new(kind);
    chart.set_width(SIZE.0).set_height(SIZE.1);
    let mut font = ChartFont::new();
    font.set_size(10);
    chart.title().set_name(title).set_font(ChartFont::new().set_size(12).set_bold()).set_overlay(false);
    let rule = ChartLine::new().set_color(Color::RGB(0x00DD_DDDD)).set_width(0.75).clone();
    // The values of a bar chart lie along its foot.
    let bars = matches!(kind, ChartType::Bar);
    let values = if bars { chart.x_axis() } else { chart.y_axis() };
    values.set_name(axis).set_name_font(&font).set_font(&font).set_num_format("#,##0").set_major_gridlines_line(&rule);
    let names = if bars { chart.y_axis() } else { chart.x_axis() };
    names.set_font(&font).set_major_gridlines(false);
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font);
    chart
}

/// The total of CO2, or of the first metric, by scenario: the title says when each peaks.
fn scenarios(book: &Book<'_>, blocks: &[scenario_sheet::MetricBlock]) -> Option<Chart> {
    let co2 = blocks.iter().find(|block| block.metric == CO2);
    let block = co2.or(blocks.first())?;
    let projections = book.source.projections?;
    let verdict = |run: &crate::projection::ScenarioRun<'_>| {
        let judged = run.judged(&block.metric, block.boundary)?;
        Some(book.pick(
            &format!("{}{}", run.plan.title, scenario_sheet::short(book, PeakRow::Judged(judged))),
            &format!("{} {}", run.plan.title, scenario_sheet::short(book, PeakRow::Judged(judged))),
        ))
    };
    let verdicts: Vec<String> = projections.runs.iter().filter_map(verdict).collect();
    let (metric, found) = (&block.metric, verdicts.join(&book.pick("，", "; ")));
    let title = match found.is_empty() {
        true => metric.clone(),
        false => book.tell(&say!("{metric}：{found}", "{metric}: {found}")),
    };
    let (boundary, unit) = (totals::boundary(book, block.boundary), block.unit);
    let axis = book.tell(&say!("{metric}（{boundary}，{unit}）", "{metric} ({boundary}), {unit}"));
    let mut chart = plain(ChartType::ScatterStraight, &title, &axis);
    let (tab, (first, last)) = (book.tabs.name(&Tab::Scenarios), block.rows);
    for (index, column) in (0..projections.runs.len()).zip(scenario_sheet::FIRST_SCENARIO..) {
        let mut format = ChartFormat::new();
        format.set_line(ChartLine::new().set_color(colour(Hue::Nth(index))).set_width(2.25));
        chart
            .add_series()
            .set_name((tab, scenario_sheet::HEADINGS, column))
            .set_categories((tab, first, scenario_sheet::YEAR, last, scenario_sheet::YEAR))
            .set_values((tab, first, column, last, column))
            .set_format(&mut format)
            .set_marker(ChartMarker::new().set_none());
    }
    let years: Vec<i32> = projections.runs.iter().flat_map(|run| run.inventory.years.iter().copied()).collect();
    let (first, last) = (years.iter().min()?, years.iter().max()?);
    chart.x_axis().set_min(*first).set_max(*last).set_major_unit(5).set_num_format("0");
    Some(chart)
}

/// The sectors' direct CO2-equivalents, or the first pollutant, as columns one on another.
fn sectors(book: &Book<'_>, places: &Places) -> Option<Chart> {
    let totals = &book.source.analysis.totals;
    let first = || places.pollutants.first().map(|index| book.labels.pollutants[*index].as_str());
    let metric = if places.ghg.is_some() { GHG } else { first()? };
    let column = places.column(book, metric)?;
    let (name, unit) = match totals.ghg.as_deref().filter(|_| metric == GHG) {
        Some(ghg) => (ghg, "t CO2e"),
        None => (metric, "t"),
    };
    let (from, to) = (places.years.first()?, places.years.last()?);
    let title =
        book.tell(&say!("{from}–{to} 年各部门直接排放：{name}", "Direct emissions by sector, {from}–{to}: {name}"));
    let mut chart = plain(ChartType::ColumnStacked, &title, &format!("{name}, {unit}"));
    let tab = book.tabs.name(&Tab::Totals);
    let mut drawn = false;
    for (index, sector) in book.tabs.sectors().iter().enumerate() {
        let Some(block) = places.block(Boundary::Direct, Some(sector)) else { continue };
        let (first, last) = (block.first, block.first + places.years.len() as u32 - 1);
        drawn = true;
        chart
            .add_series()
            .set_name((tab, first, 1))
            .set_categories((tab, first, totals::YEAR, last, totals::YEAR))
            .set_values((tab, first, column, last, column))
            .set_format(&mut fill(Hue::of_sector(sector, index)))
            .set_gap(60);
    }
    // Sinks lie below the axis: its labels stay at the foot of the chart.
    chart.x_axis().set_label_position(rust_xlsxwriter::ChartAxisLabelPosition::Low);
    // A study of purchased energy alone has no direct emissions of any sector.
    drawn.then_some(chart)
}

/// What the measures of a scenario cut in the year of the peak target.
fn contributions(book: &Book<'_>, block: &measures::MeasureBlock) -> Chart {
    let (scenario, year, unit) = (&block.scenario, block.year, block.unit);
    let title =
        book.tell(&say!("{scenario}：各措施 {year} 年的减排贡献", "{scenario}: what each measure cuts in {year}"));
    let axis = book.tell(&say!("减排量（{unit}）", "cut, {unit}"));
    let mut chart = plain(ChartType::Bar, &title, &axis);
    let (tab, (first, last)) = (book.tabs.name(&Tab::Measures), block.rows);
    chart
        .add_series()
        .set_categories((tab, first, measures::MEASURE, last, measures::MEASURE))
        .set_values((tab, first, block.column, last, block.column))
        .set_format(&mut fill(Hue::Nth(0)))
        .set_gap(50);
    chart.legend().set_hidden();
    // The first measure stands at the top, the values at the foot.
    chart.y_axis().set_reverse().set_label_position(rust_xlsxwriter::ChartAxisLabelPosition::Low);
    chart.x_axis().set_label_position(rust_xlsxwriter::ChartAxisLabelPosition::High);
    chart
}
