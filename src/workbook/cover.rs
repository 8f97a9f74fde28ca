//! The cover: what the study is, what it found, what it rests on, and where everything stands.

use super::sheet::{CellStyle, CellValue, SheetResult, SheetWriter, Shown, cell_of, height};
use super::sheet_names::Tab;
use super::targets::{self, Judgement};
use super::totals::Places;
use super::{Book, scenario_sheet};
use crate::analysis::{Grouping, TargetVerdict, total::TOTAL};
use crate::error::Text;
use crate::pollutant::CO2;
use crate::projection::{PeakRow, ScenarioRun};
use crate::say;
use crate::study::name;
use crate::target::Boundary;
use crate::verdict_text::{sentence, why};
use rust_xlsxwriter::Worksheet;

/// The widths of the columns, in characters.
const WIDTHS: [f64; 6] = [26.0, 22.0, 22.0, 22.0, 22.0, 22.0];
const LAST: u16 = 5;

/// What the study calls itself, or its area and years.
pub(super) fn title(book: &Book<'_>) -> String {
    let study = book.source.inventory.study;
    let area = name(&study.words.areas, study.settings.area, book.is_zh());
    let title = say!("{area}温室气体与污染物排放清单及达峰情景", "{area}: emission inventory and peak scenarios");
    if study.settings.title.is_empty() { book.tell(&title) } else { study.settings.title.clone() }
}

pub(super) fn sheet<'t>(
    book: &Book<'_>,
    places: &Places,
    tabs: impl Iterator<Item = &'t Tab>,
) -> SheetResult<Worksheet> {
    let mut page = book.page(&Tab::Cover)?;
    for (column, width) in (0..).zip(WIDTHS) {
        page.sheet.set_column_width(column, width)?;
    }
    let row = page.head(&title(book), &[])?;
    let row = facts(book, &mut page, row + 1)?;
    let row = totals(book, (&mut page, places), row + 1)?;
    let row = peaks(book, &mut page, row)?;
    let row = verdicts(book, &mut page, row)?;
    let row = open(book, &mut page, row)?;
    contents(book, (&mut page, row), tabs)?;
    Ok(page.sheet)
}

/// The study's choices, one a row.
fn facts(book: &Book<'_>, page: &mut SheetWriter, mut row: u32) -> SheetResult<u32> {
    let study = book.source.inventory.study;
    let settings = &study.settings;
    let years: Vec<String> = settings.years.iter().map(i32::to_string).collect();
    let emitted = |code: &&str| book.source.analysis.totals.rows.iter().any(|total| total.pollutant == *code);
    let pollutants = settings.pollutants.iter().map(|index| study.words.pollutants.code(*index));
    let pollutants: Vec<&str> = pollutants.filter(emitted).collect();
    let gwp = book.source.analysis.totals.ghg.clone().unwrap_or_else(|| book.pick("未指定", "none"));
    let facts = [
        (say!("地区", "Area"), name(&study.words.areas, settings.area, book.is_zh()).to_string()),
        (say!("清单年份", "Years"), years.join(", ")),
        (say!("基准年", "Base year"), settings.base_year.to_string()),
        (say!("因子集（优先顺序）", "Factor sets, in order"), settings.sets.join(", ")),
        (say!("温室气体合计口径", "CO2-equivalents"), gwp),
        (say!("污染物", "Pollutants"), pollutants.join(", ")),
        (say!("编制程序", "Compiled with"), concat!("qingdan ", env!("CARGO_PKG_VERSION")).to_string()),
    ];
    for (label, text) in facts {
        page.put((row, 0), &CellValue::text(book.tell(&label)), CellStyle::Label)?;
        paragraph(page, (row, 1), &text)?;
        row += 1;
    }
    Ok(row)
}

/// A text from a column to the last one.
fn paragraph(page: &mut SheetWriter, (row, from): (u32, u16), text: &str) -> SheetResult<()> {
    let width = WIDTHS.iter().skip(usize::from(from)).sum();
    page.paragraph((row, from, LAST), text, width)
}

fn banner(book: &Book<'_>, page: &mut SheetWriter, row: u32, text: &Text) -> SheetResult<u32> {
    page.put((row, 0), &CellValue::text(book.tell(text)), CellStyle::Banner)?;
    page.sheet.set_row_height(row, 24)?;
    Ok(row + 1)
}

fn headings(page: &mut SheetWriter, row: u32, texts: &[String]) -> SheetResult<u32> {
    for (column, text) in (0..).zip(texts) {
        page.put((row, column), &CellValue::text(text), CellStyle::Heading)?;
    }
    Ok(row + 1)
}

fn heads_of_totals(book: &Book<'_>) -> [String; 6] {
    let texts = [
        say!("污染物", "Pollutant"),
        say!("直接排放", "Direct"),
        say!("直接与购入", "Direct + purchased"),
        say!("单位", "Unit"),
        say!("替代数据占比", "On proxy data"),
        say!("未核实因子占比", "On unverified factors"),
    ];
    texts.map(|text| book.tell(&text))
}

/// The last year's totals, linked to their sheet, with what they rest on.
fn totals(book: &Book<'_>, (page, places): (&mut SheetWriter, &Places), row: u32) -> SheetResult<u32> {
    let found = &book.source.analysis.totals;
    let study = book.source.inventory.study;
    let year = study.anchor();
    let mut row = banner(book, page, row, &say!("{year} 年排放总量", "Totals of {year}"))?;
    row = headings(page, row, &heads_of_totals(book))?;
    let step = places.years.iter().position(|known| *known == year).unwrap_or(0) as u32;
    let codes = study.settings.pollutants.iter().map(|index| (study.words.pollutants.code(*index), "t"));
    for (code, unit) in found.ghg.as_deref().map(|ghg| (ghg, "t CO2e")).into_iter().chain(codes) {
        let column = if Some(code) == found.ghg.as_deref() { places.ghg } else { places.column(book, code) };
        let Some(column) = column else { continue };
        let sum = |boundary| found.find(year, boundary, (Grouping::Total, TOTAL), code);
        let sums = Boundary::ALL.into_iter().filter_map(sum).map(|sum| sum.value_t.abs());
        let (scale, unit, kind) = shown_in(book, sums.fold(0.0, f64::max), unit);
        let linked = |boundary| {
            let cell = sum(boundary).zip(places.block(boundary, None)).map(|(sum, block)| {
                let cell = cell_of(book.tabs.name(&Tab::Totals), block.first + step, column);
                let cell = if scale == 1.0 { cell } else { format!("{cell}/{scale}") };
                CellValue::Formula(cell, Shown::Number(sum.value_t / scale))
            });
            cell.unwrap_or_else(|| CellValue::text("–"))
        };
        // What a verdict rests on is asked of the wider boundary, which holds the other.
        let widest = sum(Boundary::DirectPurchased);
        page.put((row, 0), &CellValue::text(code), CellStyle::Text)?;
        page.put((row, 1), &linked(Boundary::Direct), kind)?;
        page.put((row, 2), &linked(Boundary::DirectPurchased), kind)?;
        page.put((row, 3), &CellValue::text(unit), CellStyle::Unit)?;
        page.put((row, 4), &CellValue::number(widest.and_then(|sum| sum.proxy_share())), CellStyle::Percent)?;
        page.put((row, 5), &CellValue::number(widest.and_then(|sum| sum.unverified_share())), CellStyle::Percent)?;
        row += 1;
    }
    for notice in found.known.notices() {
        paragraph(page, (row, 0), &book.tell(&sentence(&notice)))?;
        row += 1;
    }
    Ok(row + 1)
}

/// In which unit a total is read: in 万 where it is large, as officers say it; the sheets behind stay in t.
fn shown_in(book: &Book<'_>, largest: f64, unit: &str) -> (f64, String, CellStyle) {
    const LARGE: f64 = 1e5;
    if largest < LARGE {
        return (1.0, unit.to_string(), CellStyle::Amount);
    }
    let scale = if book.is_zh() { 1e4 } else { 1e3 };
    (scale, book.tell(&say!("万{unit}", "k{unit}")), CellStyle::Large)
}

/// The verdict of every scenario on CO2, or on what the study has in its place.
fn peaks(book: &Book<'_>, page: &mut SheetWriter, row: u32) -> SheetResult<u32> {
    let runs = book.source.projections.map_or(&[][..], |projections| &projections.runs);
    if runs.iter().all(|run| run.peak_rows().is_empty()) {
        return Ok(row);
    }
    let mut row = banner(book, page, row, &say!("达峰判断", "Peaks"))?;
    for run in runs {
        for judged in judged(run) {
            let (metric, boundary, _) = judged.key();
            let boundary = super::totals::boundary(book, boundary);
            page.put((row, 0), &CellValue::text(&run.plan.title), CellStyle::Label)?;
            page.put((row, 1), &CellValue::text(format!("{metric} · {boundary}")), CellStyle::Wrap)?;
            page.put((row, 2), &CellValue::text(scenario_sheet::short(book, judged)), CellStyle::Label)?;
            paragraph(page, (row, 3), &book.tell(&why(judged)))?;
            row += 1;
        }
    }
    Ok(row + 1)
}

/// CO2 in both boundaries, else the first metrics that are judged.
fn judged<'r>(run: &'r ScenarioRun<'_>) -> Vec<PeakRow<'r>> {
    let rows = run.peak_rows();
    let of = |boundary: Boundary| rows.iter().copied().find(move |row| (row.key().0, row.key().1) == (CO2, boundary));
    let co2: Vec<_> = [Boundary::DirectPurchased, Boundary::Direct].into_iter().filter_map(of).collect();
    if co2.is_empty() { rows.into_iter().take(1).collect() } else { co2 }
}

/// Targets down, history or scenarios across.
fn verdicts(book: &Book<'_>, page: &mut SheetWriter, row: u32) -> SheetResult<u32> {
    let judgements = targets::judgements(book);
    if judgements.is_empty() {
        return Ok(row);
    }
    let mut row = banner(book, page, row, &say!("目标完成情况", "Targets"))?;
    let mut scenarios: Vec<Option<&str>> = Vec::new();
    for judgement in &judgements {
        if !scenarios.contains(&judgement.scenario) {
            scenarios.push(judgement.scenario);
        }
    }
    // What does not fit beside each other stands on the sheet of targets.
    scenarios.sort_by_key(Option::is_some);
    scenarios.truncate(usize::from(LAST));
    let mut texts = vec![book.pick("目标", "Target")];
    texts.extend(scenarios.iter().map(|scenario| scenario.map_or(book.pick("历史", "history"), str::to_string)));
    row = headings(page, row, &texts)?;
    for target in &book.source.inventory.study.targets {
        let of: Vec<&Judgement<'_>> =
            judgements.iter().filter(|judgement| judgement.target.code == target.code).collect();
        page.put((row, 0), &CellValue::text(target.name()), CellStyle::Wrap)?;
        for (column, scenario) in (1..).zip(&scenarios) {
            let found = of.iter().find(|judgement| judgement.scenario == *scenario);
            let kind = match found.map(|judgement| judgement.assessment.verdict) {
                Some(TargetVerdict::Met | TargetVerdict::Missed) => CellStyle::Label,
                _ => CellStyle::Text,
            };
            let text = found.map(|judgement| book.tell(&judgement.said()));
            page.put((row, column), &CellValue::text(text.unwrap_or_default()), kind)?;
        }
        page.sheet.set_row_height(row, height(target.name(), WIDTHS[0]))?;
        row += 1;
    }
    Ok(row + 1)
}

/// What is missing.
fn open(book: &Book<'_>, page: &mut SheetWriter, row: u32) -> SheetResult<u32> {
    let inventory = book.source.inventory;
    let row = banner(book, page, row, &say!("数据缺口", "Gaps"))?;
    let (rows, emissions, gaps) = (inventory.study.activity.own, inventory.emissions.len(), inventory.gaps.len());
    let text = say!(
        "{rows} 行活动数据得到 {emissions} 项排放，另有 {gaps} 项数据缺口。缺口不按零计，总量只是已知部分之和。",
        "{rows} activity rows give {emissions} emissions and {gaps} gaps. A gap is never counted as zero: totals are the sum of what is known."
    );
    paragraph(page, (row, 0), &book.tell(&text))?;
    Ok(row + 2)
}

/// A link to every sheet, with what it holds.
fn contents<'t>(
    book: &Book<'_>,
    (page, row): (&mut SheetWriter, u32),
    tabs: impl Iterator<Item = &'t Tab>,
) -> SheetResult<()> {
    let first = banner(book, page, row, &say!("目录", "Contents"))?;
    for (row, tab) in (first..).zip(tabs) {
        page.link((row, 0), book.tabs.name(tab), book.tabs.name(tab))?;
        paragraph(page, (row, 1), &book.tell(&tab.about()))?;
    }
    Ok(())
}
