//! `report.xlsx`: the study as a workbook whose inventory is live. An amount or a factor that is changed in it moves every total.
//!
//! activity and parameter cells → one formula for each emission → sums by category, sector and pollutant → charts. Every formula
//! carries its result, so that a reader that does not compute shows the same numbers.

use crate::error::{Language, Result, Text, failure};
use crate::model::Results;
use cell_labels::Labels;
use inventory_rows::LineWriter;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};
use sheet::{SheetResult, SheetWriter};
use sheet_names::{Tab, Tabs};

mod charts;
mod cover;
mod formula;
mod gaps;
mod inputs;
mod inventory;
mod cell_labels;
mod inventory_rows;
mod measures;
mod scenario_sheet;
mod sheet;
mod quality;
mod project_register;
mod sector_forms;
mod sheet_names;
mod targets;
mod totals;

/// From so many emissions on there are sums of values in place of formulas: a spreadsheet takes minutes to compute more.
const LIVE: usize = 50_000;

/// The workbook's bytes.
///
/// # Errors
/// What the format does not allow.
pub fn bytes(source: Results<'_>) -> Result<Vec<u8>> {
    written(source).map_err(|cause| failure("report.xlsx", cause))
}

/// A workbook on its way: the source, its words and where everything stands.
struct Book<'a> {
    source: Results<'a>,
    labels: Labels,
    tabs: Tabs,
    /// The rows of the inventory sheet.
    lines: Vec<LineWriter<'a>>,
    /// Whether emissions are formulas.
    live: bool,
}

impl<'a> Book<'a> {
    fn new(source: Results<'a>) -> Self {
        let labels = Labels::new(&source.inventory.study.words, source.language);
        let live = source.inventory.emissions.len() <= LIVE;
        let lines = inventory_rows::lines(source.inventory, live);
        let tabs = Tabs::new(&source, &labels, &lines);
        Self { source, labels, tabs, lines, live }
    }

    fn is_zh(&self) -> bool {
        self.source.language == Language::Zh
    }

    fn pick(&self, zh: &str, en: &str) -> String {
        if self.is_zh() { zh.to_string() } else { en.to_string() }
    }

    fn tell(&self, text: &Text) -> String {
        text.get(self.source.language).to_string()
    }

    /// A word of quality or confidence.
    fn grade(&self, code: &str) -> String {
        self.tell(&crate::verdict_text::grade(code))
    }

    fn page(&self, tab: &Tab) -> SheetResult<SheetWriter> {
        SheetWriter::new(self.tabs.name(tab), self.source.language)
    }
}

fn written(source: Results<'_>) -> SheetResult<Vec<u8>> {
    let book = Book::new(source);
    let inputs = inputs::InputCells::new(&book);
    let (inventory, steps) = inventory::sheet(&book, &inputs)?;
    let (totals, places) = totals::sheet(&book, &inputs)?;
    let (outlook, metrics) = scenario_sheet::sheet(&book)?.unzip();
    let (measures, blocks) = measures::sheet(&book)?.unzip();
    let mut sheets = vec![(Tab::Totals, Some(totals))];
    for sector in book.tabs.sectors() {
        sheets.push((Tab::Sector(sector.clone()), Some(sector_forms::sheet(&book, &inputs, sector)?)));
    }
    let plotted = (metrics.unwrap_or_default(), blocks.unwrap_or_default());
    sheets.extend([
        (Tab::Charts, charts::sheet(&book, &places, (&plotted.0, &plotted.1))?),
        (Tab::Targets, targets::sheet(&book)?),
        (Tab::Scenarios, outlook),
        (Tab::Peaks, scenario_sheet::peaks(&book)?),
        (Tab::Measures, measures),
        (Tab::Register, project_register::sheet(&book)?),
        (Tab::Inventory, Some(inventory)),
        (Tab::Steps, steps),
        (Tab::Activity, inputs::activity(&book)?),
        (Tab::Parameters, inputs.parameter_sheet(&book)?),
        (Tab::Potentials, inputs.potential_sheet(&book)?),
        (Tab::Quality, Some(quality::sheet(&book)?)),
        (Tab::Influences, quality::influences(&book)?),
        (Tab::Crosschecks, quality::crosschecks(&book)?),
        (Tab::Gaps, gaps::sheet(&book)?),
    ]);
    let sheets: Vec<(Tab, Worksheet)> = sheets.into_iter().filter_map(|(tab, sheet)| Some((tab, sheet?))).collect();
    let cover = cover::sheet(&book, &places, sheets.iter().map(|(tab, _)| tab))?;
    save(&book, std::iter::once(cover).chain(sheets.into_iter().map(|(_, sheet)| sheet)))
}

/// The same study gives the same bytes: no date of today, no name of a user.
fn save(book: &Book<'_>, sheets: impl Iterator<Item = Worksheet>) -> SheetResult<Vec<u8>> {
    let mut workbook = Workbook::new();
    let title = cover::title(book);
    let properties = DocProperties::new()
        .set_title(title)
        .set_author(concat!("qingdan ", env!("CARGO_PKG_VERSION")))
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&properties);
    for sheet in sheets {
        workbook.push_worksheet(sheet);
    }
    workbook.save_to_buffer()
}
