//! One sheet for each sector of the action plan, in the layout of the provincial guideline's summary forms: categories and items down,
//! pollutants across, subtotals above their parts. The year is chosen in a cell, and every value is a sum over the inventory sheet.

use super::inputs::{self, InputCells, columns};
use super::inventory_rows::LineWriter;
use super::sheet::{CellStyle, CellValue, SheetColumn, SheetResult, SheetWriter, Shown, Style, literal, range_of};
use super::sheet_names::Tab;
use super::{Book, inventory, totals};
use crate::category::Scope;
use crate::say;
use crate::study::name;
use rust_xlsxwriter::{
    Worksheet,
    utility::{row_col_to_cell, row_col_to_cell_absolute},
};
use std::collections::{BTreeMap, BTreeSet};

const YEAR: (u32, u16) = (3, 1);
const HEADINGS: u32 = 5;
const CATEGORY: u16 = 0;
const ITEM: u16 = 1;
const ACTIVITY: u16 = 2;
const UNIT: u16 = 3;
const FIRST_POLLUTANT: u16 = 4;

/// A form on its way.
struct SectorForm<'f, 'a> {
    book: &'f Book<'a>,
    inputs: &'f InputCells,
    lines: Vec<&'f LineWriter<'a>>,
    pollutants: Vec<usize>,
    /// The categories below each, of one scope.
    below: BTreeMap<Option<usize>, Vec<usize>>,
    year: i32,
    page: SheetWriter,
    next: u32,
}

/// A row that has been written: where, and its masses in the year that is shown.
struct SectorRow {
    at: u32,
    masses: Vec<Option<f64>>,
}

pub(super) fn sheet(book: &Book<'_>, inputs: &InputCells, sector: &str) -> SheetResult<Worksheet> {
    let study = book.source.inventory.study;
    let categories = &study.words.categories;
    let lines: Vec<&LineWriter<'_>> =
        book.lines.iter().filter(|line| categories.get(line.category).sector == sector).collect();
    let pollutants = totals::pollutants(book, |index| lines.iter().any(|line| line.pollutant == index));
    let mut page = book.page(&Tab::Sector(sector.to_string()))?;
    let year = study.anchor();
    let (area, label) = (name(&study.words.areas, study.settings.area, book.is_zh()), book.labels.sector(sector));
    let title = say!("{area}{label}部门排放汇总表", "{area}: {label}");
    let units = book.pick(
        "单位：各污染物 t，温室气体合计 t CO2e。“–”表示没有数据，不等于零。",
        "Pollutants in t, the CO2-equivalent in t CO2e. – means no data, which is not zero.",
    );
    let hint = book.pick(
        "在黄底单元格中选择年份；各值为对“排放清单”与“活动水平”的求和公式。",
        "Choose the year on yellow; every value is a sum over the sheets of inventory and activity data.",
    );
    page.head(&book.tell(&title), &[units, hint])?;
    page.put((YEAR.0, 0), &CellValue::text(book.pick("年份", "Year")), CellStyle::Label)?;
    page.put(YEAR, &CellValue::Number(f64::from(year)), CellStyle::InputYear)?;
    page.choice(YEAR, &study.settings.years)?;
    page.headings(HEADINGS, &headings(book, &pollutants), 2)?;
    let mut form =
        SectorForm { book, inputs, lines, pollutants, below: BTreeMap::new(), year, page, next: HEADINGS + 1 };
    form.write()?;
    Ok(form.page.sheet)
}

fn headings(book: &Book<'_>, pollutants: &[usize]) -> Vec<SheetColumn> {
    let mut all = columns(
        book,
        &[
            ("类别", "Category", 40.0, CellStyle::Text),
            ("项目", "Item", 22.0, CellStyle::Text),
            ("活动水平", "Activity", 16.0, CellStyle::Amount),
            ("单位", "Unit", 8.0, CellStyle::Unit),
        ],
    );
    let column = |heading: &str| SheetColumn { heading: heading.to_string(), width: 15.0, kind: CellStyle::Amount };
    all.extend(pollutants.iter().map(|index| column(&book.labels.pollutants[*index])));
    all.extend(book.source.analysis.totals.ghg.iter().map(|ghg| SheetColumn { width: 17.0, ..column(ghg) }));
    all
}

impl SectorForm<'_, '_> {
    fn write(&mut self) -> SheetResult<()> {
        let direct = self.scope(Scope::Direct, &self.book.pick("合计（直接排放）", "Total (direct)"))?;
        let purchased = self.scope(Scope::Purchased, &self.book.pick("购入能源小计", "Purchased energy"))?;
        if let (Some(direct), Some(purchased)) = (direct, purchased) {
            let at = self.next;
            self.next += 1;
            self.sum(at, &self.book.pick("合计（直接与购入）", "Total (direct + purchased)"), 0, &[direct, purchased])?;
        }
        self.scope(Scope::Memo, &self.book.pick("备忘项（不计入合计）", "Memo items (in no total)"))?;
        Ok(())
    }

    /// All categories of a scope with their sum above them; none where there is none.
    fn scope(&mut self, scope: Scope, label: &str) -> SheetResult<Option<SectorRow>> {
        self.below = self.tree(scope);
        let roots = self.below.get(&None).cloned().unwrap_or_default();
        if roots.is_empty() {
            return Ok(None);
        }
        let at = self.next;
        self.next += 1;
        let mut parts = Vec::new();
        for root in roots {
            parts.push(self.category(root, 1)?);
        }
        if scope == Scope::Memo {
            // Memo items are of different kinds and add up to nothing.
            self.page.put((at, CATEGORY), &CellValue::text(label), CellStyle::Label)?;
            for column in ITEM..self.end() {
                self.page.put((at, column), &CellValue::Empty, CellStyle::Label)?;
            }
            return Ok(None);
        }
        self.sum(at, label, 0, &parts).map(Some)
    }

    /// The categories that have emissions and those above them that hold several, each below the nearest of them.
    fn tree(&self, scope: Scope) -> BTreeMap<Option<usize>, Vec<usize>> {
        let categories = &self.book.source.inventory.study.words.categories;
        let of_scope = |index: &usize| categories.get(*index).scope == scope;
        let booked: BTreeSet<usize> = self.lines.iter().map(|line| line.category).filter(of_scope).collect();
        let Some(sector) = booked.first().map(|index| &categories.get(*index).sector) else { return BTreeMap::new() };
        let own = |index: &usize| of_scope(index) && categories.get(*index).sector == *sector;
        let mut nodes: BTreeSet<usize> =
            booked.iter().flat_map(|index| categories.ancestors(*index)).filter(own).collect();
        loop {
            let mut below: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
            for node in &nodes {
                let above = categories.ancestors(*node).into_iter().skip(1).find(|index| nodes.contains(index));
                below.entry(above).or_default().push(*node);
            }
            let lonely =
                |node: &&usize| !booked.contains(node) && below.get(&Some(**node)).is_none_or(|below| below.len() < 2);
            match nodes.iter().find(lonely).copied() {
                Some(node) => nodes.remove(&node),
                None => return below,
            };
        }
    }

    fn category(&mut self, category: usize, depth: u8) -> SheetResult<SectorRow> {
        let items: BTreeSet<usize> =
            self.lines.iter().filter(|line| line.category == category).map(|line| line.item).collect();
        let below = self.below.get(&Some(category)).cloned().unwrap_or_default();
        let label = self.book.labels.categories[category].clone();
        let at = self.next;
        if below.is_empty() && items.len() == 1 {
            self.page.put((at, CATEGORY), &CellValue::text(&label), Style::indented(CellStyle::Text, depth))?;
            let only = items.first().copied().unwrap_or(0);
            return self.item((category, only), at);
        }
        self.next += 1;
        let mut parts = Vec::new();
        for item in items {
            self.page.put((self.next, CATEGORY), &CellValue::Empty, CellStyle::Text)?;
            parts.push(self.item((category, item), at)?);
        }
        for child in below {
            parts.push(self.category(child, depth + 1)?);
        }
        self.sum(at, &label, depth, &parts)
    }

    /// The row of an item of the category whose name stands in the row `named`.
    fn item(&mut self, (category, item): (usize, usize), named: u32) -> SheetResult<SectorRow> {
        let at = self.next;
        self.next += 1;
        self.page.put((at, ITEM), &CellValue::text(&self.book.labels.items[item]), CellStyle::Text)?;
        self.activity((category, item), at)?;
        let mut masses = Vec::new();
        for (column, pollutant) in (FIRST_POLLUTANT..).zip(self.pollutants.clone()) {
            let of =
                |line: &&&LineWriter<'_>| (line.category, line.item, line.pollutant) == (category, item, pollutant);
            let lines: Vec<&&LineWriter<'_>> = self.lines.iter().filter(of).collect();
            let this_year: Vec<f64> =
                lines.iter().filter(|line| line.year == self.year).map(|line| line.value_t).collect();
            let mass = (!this_year.is_empty()).then(|| this_year.iter().sum());
            let cell =
                if lines.is_empty() { CellValue::text("–") } else { self.looked_up((at, column), named, mass) };
            self.page.put((at, column), &cell, CellStyle::Amount)?;
            masses.push(mass);
        }
        self.equivalent(at, &masses, CellStyle::Amount)?;
        Ok(SectorRow { at, masses })
    }

    /// The sum over the inventory of a year, category, item and pollutant.
    fn looked_up(&self, (row, column): (u32, u16), named: u32, mass: Option<f64>) -> CellValue {
        let of = |at| inventory::column(self.book, at);
        let criteria = format!(
            "{},{},{},${},{},${},{},{}",
            of(inventory::YEAR),
            row_col_to_cell_absolute(YEAR.0, YEAR.1),
            of(inventory::CATEGORY),
            row_col_to_cell(named, CATEGORY),
            of(inventory::ITEM),
            row_col_to_cell(row, ITEM),
            of(inventory::POLLUTANT),
            row_col_to_cell_absolute(HEADINGS, column),
        );
        let sum = format!("SUMIFS({},{criteria})", of(inventory::EMITTED));
        CellValue::Formula(format!("IF(COUNTIFS({criteria})=0,\"–\",{sum})"), shown(mass))
    }

    /// A row that adds up others.
    fn sum(&mut self, at: u32, label: &str, depth: u8, parts: &[SectorRow]) -> SheetResult<SectorRow> {
        self.page.put((at, CATEGORY), &CellValue::text(label), Style::indented(CellStyle::Label, depth))?;
        let word = if depth == 0 { String::new() } else { self.book.pick("本部门小计", "subtotal of the sector") };
        self.page.put((at, ITEM), &CellValue::text(word), CellStyle::Label)?;
        self.page.put((at, ACTIVITY), &CellValue::Empty, CellStyle::Label)?;
        self.page.put((at, UNIT), &CellValue::Empty, CellStyle::Label)?;
        let mut masses = Vec::new();
        for (index, column) in (0..self.pollutants.len()).zip(FIRST_POLLUTANT..) {
            let known: Vec<f64> = parts.iter().filter_map(|part| part.masses[index]).collect();
            let mass = (!known.is_empty()).then(|| known.iter().sum());
            let cells = adjacent(parts, column);
            let formula = format!("IF(COUNT({cells})=0,\"–\",SUM({cells}))");
            self.page.put((at, column), &CellValue::Formula(formula, shown(mass)), CellStyle::Sum)?;
            masses.push(mass);
        }
        self.equivalent(at, &masses, CellStyle::Sum)?;
        Ok(SectorRow { at, masses })
    }

    fn equivalent(&mut self, at: u32, masses: &[Option<f64>], kind: CellStyle) -> SheetResult<()> {
        let study = self.book.source.inventory.study;
        let Some(gwp) = study.settings.gwp.as_ref() else { return Ok(()) };
        let gases: Vec<(usize, u16)> = self.pollutants.iter().copied().zip(FIRST_POLLUTANT..).collect();
        let weight = |pollutant: usize| gwp.values.get(study.words.pollutants.code(pollutant)).copied();
        let weighted: Vec<f64> = gases
            .iter()
            .zip(masses)
            .filter_map(|((pollutant, _), mass)| Some(weight(*pollutant)? * (*mass)?))
            .collect();
        let mass = (!weighted.is_empty()).then(|| weighted.iter().sum());
        let counted: Vec<String> = gases
            .iter()
            .filter(|(pollutant, _)| self.inputs.potential(*pollutant).is_some())
            .map(|(_, column)| row_col_to_cell(at, *column))
            .collect();
        let cell = match totals::equivalent(self.inputs, at, &gases) {
            Some(sum) => CellValue::Formula(format!("IF(COUNT({})=0,\"–\",{sum})", counted.join(",")), shown(mass)),
            None => CellValue::text("–"),
        };
        self.page.put((at, self.end() - 1), &cell, kind)
    }

    /// The column after the last.
    fn end(&self) -> u16 {
        let ghg = u16::from(self.book.source.inventory.study.settings.gwp.is_some());
        FIRST_POLLUTANT + self.pollutants.len() as u16 + ghg
    }

    /// What the item's rows of the year amount to, where they are all in one unit.
    fn activity(&mut self, (category, item): (usize, usize), at: u32) -> SheetResult<()> {
        let rows = self.lines.iter().filter(|line| (line.category, line.item) == (category, item));
        let rows: Vec<usize> = rows.filter_map(|line| line.emission).map(|emission| emission.row as usize).collect();
        let activity = &self.book.source.inventory.study.activity;
        let units: BTreeSet<String> = rows.iter().map(|&row| inputs::unit_of(self.book, row)).collect();
        let categories: BTreeSet<u32> = rows.iter().map(|&row| activity.category[row]).collect();
        let (cell, unit) = match units.first() {
            Some(unit) if units.len() == 1 => (self.amount((&categories, item, unit), at), unit.clone()),
            _ => (CellValue::text("–"), String::new()),
        };
        self.page.put((at, ACTIVITY), &cell, CellStyle::Amount)?;
        self.page.put((at, UNIT), &CellValue::text(unit), CellStyle::Unit)
    }

    fn amount(&self, (categories, item, unit): (&BTreeSet<u32>, usize, &str), at: u32) -> CellValue {
        let book = self.book;
        let activity = &book.source.inventory.study.activity;
        let of = |column| range_of(book.tabs.name(&Tab::Activity), column, self.inputs.activity_rows(book));
        let criteria = |category: &u32| {
            format!(
                "{},{},{},{},{},${},{},${}",
                of(inputs::YEAR),
                row_col_to_cell_absolute(YEAR.0, YEAR.1),
                of(inputs::CATEGORY),
                literal(&book.labels.categories[*category as usize]),
                of(inputs::ITEM),
                row_col_to_cell(at, ITEM),
                of(inputs::UNIT),
                row_col_to_cell(at, UNIT),
            )
        };
        let amounts = of(inputs::AMOUNT);
        let count = |category: &u32| format!("COUNTIFS({amounts},\">-1E+300\",{})", criteria(category));
        let sum = |category: &u32| format!("SUMIFS({amounts},{})", criteria(category));
        let joined = |part: &dyn Fn(&u32) -> String| categories.iter().map(part).collect::<Vec<_>>().join("+");
        let is_shown = |row: &usize| {
            activity.year[*row] == self.year
                && activity.item[*row] as usize == item
                && categories.contains(&activity.category[*row])
                && !activity.notations.contains_key(&(*row as u32))
                && inputs::unit_of(book, *row) == unit
        };
        let known: Vec<f64> = (0..activity.own).filter(is_shown).map(|row| activity.amount[row]).collect();
        let total = (!known.is_empty()).then(|| known.iter().sum());
        CellValue::Formula(format!("IF({}=0,\"–\",{})", joined(&count), joined(&sum)), shown(total))
    }
}

fn shown(value: Option<f64>) -> Shown {
    value.map_or_else(|| Shown::Text("–".to_string()), Shown::Number)
}

/// The cells of some rows in a column, neighbours as one range.
fn adjacent(rows: &[SectorRow], column: u16) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == row.at => *end = row.at,
            _ => ranges.push((row.at, row.at)),
        }
    }
    let text = |(from, to): &(u32, u32)| match from == to {
        true => row_col_to_cell(*from, column),
        false => format!("{}:{}", row_col_to_cell(*from, column), row_col_to_cell(*to, column)),
    };
    ranges.iter().map(text).collect::<Vec<_>>().join(",")
}
