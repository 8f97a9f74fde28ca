//! The sheet of totals: by boundary, sector, year and pollutant, as sums over the inventory sheet.

use super::inputs::{InputCells, columns};
use super::sheet::{CellStyle, CellValue, SheetColumn, SheetResult, SheetWriter, Shown, literal};
use super::sheet_names::Tab;
use super::{Book, inventory};
use crate::analysis::{Grouping, total::TOTAL};
use crate::category::Scope;
use crate::target::{Boundary, GHG};
use rust_xlsxwriter::{Worksheet, utility::row_col_to_cell};

/// Rows of one boundary and sector, one for each year.
pub(super) struct TotalsBlock {
    pub boundary: Boundary,
    /// None for all sectors together.
    pub sector: Option<String>,
    pub first: u32,
}

/// Where the totals stand.
pub(super) struct Places {
    pub blocks: Vec<TotalsBlock>,
    pub years: Vec<i32>,
    /// The pollutants, from the column [`FIRST_POLLUTANT`] on.
    pub pollutants: Vec<usize>,
    /// The column of the CO2-equivalent.
    pub ghg: Option<u16>,
}

const HEADINGS: u32 = 3;
pub(super) const YEAR: u16 = 2;
pub(super) const FIRST_POLLUTANT: u16 = 3;

impl Places {
    /// The column of a pollutant's code, or of the CO2-equivalent.
    pub fn column(&self, book: &Book<'_>, metric: &str) -> Option<u16> {
        if metric == GHG {
            return self.ghg;
        }
        let words = &book.source.inventory.study.words.pollutants;
        let at = self.pollutants.iter().position(|index| words.code(*index) == metric)?;
        Some(FIRST_POLLUTANT + at as u16)
    }

    pub fn block(&self, boundary: Boundary, sector: Option<&str>) -> Option<&TotalsBlock> {
        self.blocks.iter().find(|block| block.boundary == boundary && block.sector.as_deref() == sector)
    }
}

/// The pollutants of some rows: those of the study in its order, then the others.
pub(super) fn pollutants(book: &Book<'_>, holds: impl Fn(usize) -> bool) -> Vec<usize> {
    let wanted = &book.source.inventory.study.settings.pollutants;
    let others = (0..book.labels.pollutants.len()).filter(|index| !wanted.contains(index));
    wanted.iter().copied().chain(others).filter(|index| holds(*index)).collect()
}

pub(super) fn sheet(book: &Book<'_>, inputs: &InputCells) -> SheetResult<(Worksheet, Places)> {
    let found = pollutants(book, |index| book.lines.iter().any(|line| line.pollutant == index));
    let ghg = book.source.analysis.totals.ghg.as_ref().map(|_| FIRST_POLLUTANT + found.len() as u16);
    let years = book.source.inventory.study.settings.years.clone();
    let mut places = Places { blocks: Vec::new(), years, pollutants: found, ghg };
    let mut page = book.page(&Tab::Totals)?;
    let title = book.pick("排放总量", "Totals");
    let note = book.pick(
        "各气体单位为 t，温室气体合计单位为 t CO2e；数值为对“排放清单”的求和公式。“–”表示没有数据，不等于零。备忘项不计入总量。TSP、PM10、PM2.5 相互包含，不可相加。",
        "Gases in t, the CO2-equivalent in t CO2e; every value is a sum over the inventory sheet. – means no data, which is not zero. Memo items are in no total. TSP, PM10 and PM2.5 overlap.",
    );
    page.head(&title, &[note])?;
    page.headings(HEADINGS, &headings(book, &places), 3)?;
    let mut row = HEADINGS + 1;
    for (boundary, sector) in wanted(book) {
        let block = TotalsBlock { boundary, sector, first: row };
        row = write(book, (&mut page, inputs), (&places, &block))?;
        places.blocks.push(block);
    }
    let last = places.ghg.unwrap_or(FIRST_POLLUTANT + places.pollutants.len() as u16 - 1);
    if row > HEADINGS + 1 {
        page.sheet.autofilter(HEADINGS, 0, row - 1, last)?;
    }
    Ok((page.sheet, places))
}

fn headings(book: &Book<'_>, places: &Places) -> Vec<SheetColumn> {
    let mut all = columns(
        book,
        &[
            ("核算边界", "Boundary", 16.0, CellStyle::Text),
            ("部门", "Sector", 16.0, CellStyle::Text),
            ("年份", "Year", 8.0, CellStyle::Year),
        ],
    );
    let column = |heading: &str| SheetColumn { heading: heading.to_string(), width: 16.0, kind: CellStyle::Amount };
    all.extend(places.pollutants.iter().map(|index| column(&book.labels.pollutants[*index])));
    all.extend(book.source.analysis.totals.ghg.iter().map(|ghg| SheetColumn { width: 18.0, ..column(ghg) }));
    all
}

/// Boundaries and sectors that some year has a total of.
fn wanted(book: &Book<'_>) -> Vec<(Boundary, Option<String>)> {
    let rows = &book.source.analysis.totals.rows;
    let categories = &book.source.inventory.study.words.categories;
    let purchases = |sector: &String| {
        let of = |category: usize| {
            categories.get(category).scope == Scope::Purchased && categories.get(category).sector == *sector
        };
        book.lines.iter().any(|line| of(line.category))
    };
    let mut wanted = Vec::new();
    for boundary in [Boundary::Direct, Boundary::DirectPurchased, Boundary::Memo] {
        if rows.iter().any(|row| row.boundary == boundary) {
            wanted.push((boundary, None));
        }
        for sector in book.tabs.sectors() {
            let has = |grouping, group: &str| {
                rows.iter().any(|row| row.boundary == boundary && row.grouping == grouping && row.group == group)
            };
            let differs = boundary == Boundary::Direct || purchases(sector);
            if differs && has(Grouping::Sector, sector) {
                wanted.push((boundary, Some(sector.clone())));
            }
        }
    }
    wanted
}

/// The boundary in words.
pub(super) fn boundary(book: &Book<'_>, boundary: Boundary) -> String {
    match boundary {
        Boundary::Direct => book.pick("直接排放", "direct"),
        Boundary::DirectPurchased => book.pick("直接与购入", "direct + purchased"),
        Boundary::Memo => book.pick("备忘项", "memo"),
    }
}

/// The rows of a block; the row after them.
fn write(
    book: &Book<'_>,
    (page, inputs): (&mut SheetWriter, &InputCells),
    (places, block): (&Places, &TotalsBlock),
) -> SheetResult<u32> {
    let whole = block.sector.is_none();
    let (label, kind) = if whole { (CellStyle::Label, CellStyle::Sum) } else { (CellStyle::Text, CellStyle::Amount) };
    let sector = block
        .sector
        .as_deref()
        .map_or(book.pick("全部部门", "all sectors"), |sector| book.labels.sector(sector).to_string());
    for (row, &year) in (block.first..).zip(&places.years) {
        page.put((row, 0), &CellValue::text(boundary(book, block.boundary)), label)?;
        page.put((row, 1), &CellValue::text(&sector), label)?;
        page.put((row, YEAR), &CellValue::Number(f64::from(year)), CellStyle::Year)?;
        let mut gases = Vec::new();
        for (column, &pollutant) in (FIRST_POLLUTANT..).zip(&places.pollutants) {
            let value = value(book, block, year, book.source.inventory.study.words.pollutants.code(pollutant));
            let cell = match value {
                Some(value) => CellValue::Formula(sum(book, block, (row, column)), Shown::Number(value)),
                None => CellValue::text("–"),
            };
            page.put((row, column), &cell, kind)?;
            gases.push((pollutant, column));
        }
        if let Some(column) = places.ghg {
            let formula = equivalent(inputs, row, &gases);
            let cell = match value(book, block, year, GHG).zip(formula) {
                Some((value, formula)) => CellValue::Formula(formula, Shown::Number(value)),
                None => CellValue::text("–"),
            };
            page.put((row, column), &cell, kind)?;
        }
    }
    Ok(block.first + places.years.len() as u32)
}

fn value(book: &Book<'_>, block: &TotalsBlock, year: i32, metric: &str) -> Option<f64> {
    let group = block.sector.as_deref().map_or((Grouping::Total, TOTAL), |sector| (Grouping::Sector, sector));
    book.source.analysis.totals.find(year, block.boundary, group, metric).map(|sum| sum.value_t)
}

/// The sum over the inventory that a cell holds.
fn sum(book: &Book<'_>, block: &TotalsBlock, (row, column): (u32, u16)) -> String {
    let of = |at| inventory::column(book, at);
    let scopes: &[Scope] = match block.boundary {
        Boundary::Direct => &[Scope::Direct],
        Boundary::DirectPurchased => &[Scope::Direct, Scope::Purchased],
        Boundary::Memo => &[Scope::Memo],
    };
    let sector = match block.sector {
        Some(_) => format!(",{},${}", of(inventory::SECTOR), row_col_to_cell(row, 1)),
        None => String::new(),
    };
    let heading = row_col_to_cell(HEADINGS, column).replace(&(HEADINGS + 1).to_string(), &format!("${}", HEADINGS + 1));
    let one = |scope: &Scope| {
        format!(
            "SUMIFS({},{},${},{},{heading},{},{}{sector})",
            of(inventory::EMITTED),
            of(inventory::YEAR),
            row_col_to_cell(row, YEAR),
            of(inventory::POLLUTANT),
            of(inventory::SCOPE),
            literal(book.labels.scope(*scope)),
        )
    };
    scopes.iter().map(one).collect::<Vec<_>>().join("+")
}

/// The gases of a row times their warming potentials; text, such as a dash, counts as nothing.
pub(super) fn equivalent(inputs: &InputCells, row: u32, gases: &[(usize, u16)]) -> Option<String> {
    let weighted = gases.iter().filter_map(|(pollutant, column)| {
        Some(format!("N({})*{}", row_col_to_cell(row, *column), inputs.potential(*pollutant)?))
    });
    let parts: Vec<String> = weighted.collect();
    (!parts.is_empty()).then(|| parts.join("+"))
}
