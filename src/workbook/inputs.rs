//! What the reader may change: activity, parameters, warming potentials. Each value stands once, in the unit of its source, and
//! beside it, by a formula, in the canonical unit that is computed with.

use super::Book;
use super::sheet::{CellStyle, CellValue, SheetColumn, SheetResult, SheetWriter, Shown, cell_of};
use super::sheet_names::Tab;
use crate::error::Text;
use crate::parameter::Parameter;
use crate::say;
use crate::study::name;
use rust_xlsxwriter::{Worksheet, utility::row_col_to_cell};
use std::collections::{BTreeMap, BTreeSet};

/// Where every input stands.
pub(super) struct InputCells {
    activity: String,
    parameters: String,
    potentials: String,
    /// The row of each parameter that is used, in the order of name and table.
    of_parameter: BTreeMap<usize, u32>,
    /// The row of each gas that has a warming potential.
    of_gas: BTreeMap<usize, u32>,
}

/// The first row of values on every input sheet, after title, notes and headings.
const FIRST: u32 = 4;
/// Columns of the activity sheet.
pub(super) const YEAR: u16 = 0;
pub(super) const CATEGORY: u16 = 2;
pub(super) const ITEM: u16 = 3;
const WRITTEN: u16 = 6;
pub(super) const AMOUNT: u16 = 9;
pub(super) const UNIT: u16 = 10;
/// Columns of the parameter sheet.
const VALUE: u16 = 2;
const CANONICAL: u16 = 5;

impl InputCells {
    pub fn new(book: &Book<'_>) -> Self {
        let (inventory, tabs) = (book.source.inventory, &book.tabs);
        let study = inventory.study;
        let mut used: BTreeSet<(&str, usize)> = BTreeSet::new();
        for emission in inventory.emissions.iter().filter(|_| book.live) {
            for (_, binding) in inventory.parts(emission) {
                let binding = &inventory.matches.bindings[binding as usize];
                let generated = binding.generated.iter().flat_map(|resolved| resolved.parameters());
                let all = binding.emitted.parameters().into_iter().chain(generated);
                used.extend(all.map(|(_, index)| (study.ladder.parameters[index].name.as_str(), index)));
            }
        }
        let potentials = study.settings.gwp.as_ref().map(|gwp| &gwp.values);
        let emitted: BTreeSet<usize> = book.lines.iter().map(|line| line.pollutant).collect();
        let weighted =
            |index: &&usize| potentials.is_some_and(|all| all.contains_key(study.words.pollutants.code(**index)));
        Self {
            activity: tabs.name(&Tab::Activity).to_string(),
            parameters: tabs.name(&Tab::Parameters).to_string(),
            potentials: tabs.name(&Tab::Potentials).to_string(),
            of_parameter: used.iter().zip(FIRST..).map(|((_, index), row)| (*index, row)).collect(),
            of_gas: emitted.iter().filter(weighted).zip(FIRST..).map(|(index, row)| (*index, row)).collect(),
        }
    }

    /// The cell of an activity row's amount in its canonical unit.
    pub fn amount(&self, row: u32) -> String {
        cell_of(&self.activity, FIRST + row, AMOUNT)
    }

    pub fn year(&self, row: u32) -> String {
        cell_of(&self.activity, FIRST + row, YEAR)
    }

    /// The rows of the activity sheet.
    pub fn activity_rows(&self, book: &Book<'_>) -> (u32, u32) {
        (FIRST, FIRST + (book.source.inventory.study.activity.own as u32).max(1) - 1)
    }

    /// The cell of a parameter in its canonical unit; none of one that no emission uses.
    pub fn parameter(&self, index: usize) -> Option<String> {
        self.of_parameter.get(&index).map(|row| cell_of(&self.parameters, *row, CANONICAL))
    }

    /// The cell of a gas's warming potential; none of one without.
    pub fn potential(&self, pollutant: usize) -> Option<String> {
        self.of_gas.get(&pollutant).map(|row| cell_of(&self.potentials, *row, 2))
    }

    /// Every parameter that the inventory uses.
    pub fn parameter_sheet(&self, book: &Book<'_>) -> SheetResult<Option<Worksheet>> {
        if self.of_parameter.is_empty() {
            return Ok(None);
        }
        let mut page = book.page(&Tab::Parameters)?;
        let title = book.pick("排放因子与参数", "Emission factors and parameters");
        head(&mut page, &title, &[changeable(book), book.pick(
            "清单用到的每个参数各占一行；换算值＝数值×换算系数，公式引用换算值。可信度：verified 已核对原件，derived 推导，transcribed 转录，unverified 未核实。",
            "Each parameter that the inventory uses, once. Formulas refer to the canonical value, which is value × factor.",
        )])?;
        let columns = columns(
            book,
            &[
                ("参数", "Parameter", 24.0, CellStyle::Text),
                ("适用范围", "Holds for", 34.0, CellStyle::Text),
                ("数值", "Value", 13.0, CellStyle::Input),
                ("单位", "Unit", 13.0, CellStyle::Unit),
                ("换算系数", "Factor", 12.0, CellStyle::Exact),
                ("换算值", "Canonical value", 15.0, CellStyle::Exact),
                ("换算单位", "Canonical unit", 13.0, CellStyle::Unit),
                ("下限", "Low", 11.0, CellStyle::Exact),
                ("上限", "High", 11.0, CellStyle::Exact),
                ("因子集", "Set", 18.0, CellStyle::Text),
                ("来源", "Source", 40.0, CellStyle::Text),
                ("位置", "Locator", 22.0, CellStyle::Text),
                ("可信度", "Confidence", 12.0, CellStyle::Text),
                ("备注", "Note", 40.0, CellStyle::Text),
                ("文件与行号", "File and line", 32.0, CellStyle::Text),
            ],
        );
        let mut rows: Vec<(u32, usize)> = self.of_parameter.iter().map(|(index, row)| (*row, *index)).collect();
        rows.sort_unstable();
        let study = book.source.inventory.study;
        let cells: Vec<Vec<CellValue>> =
            rows.iter().map(|&(row, index)| parameter(book, &study.ladder.parameters[index], row)).collect();
        page.table(FIRST - 1, &columns, &cells)?;
        Ok(Some(page.sheet))
    }

    /// The warming potentials of the gases that are emitted.
    pub fn potential_sheet(&self, book: &Book<'_>) -> SheetResult<Option<Worksheet>> {
        if self.of_gas.is_empty() {
            return Ok(None);
        }
        let mut page = book.page(&Tab::Potentials)?;
        let settings = &book.source.inventory.study.settings;
        let set = settings.gwp.as_ref().map_or("", |gwp| &gwp.set);
        let title = say!("全球增温潜势（{set}）", "Global warming potentials ({set})");
        head(&mut page, &book.tell(&title), &[changeable(book), String::new()])?;
        let columns = columns(
            book,
            &[
                ("气体", "Gas", 20.0, CellStyle::Text),
                ("名称", "Name", 36.0, CellStyle::Text),
                ("t CO2e/t", "t CO2e/t", 14.0, CellStyle::Input),
                ("GWP 集", "GWP set", 18.0, CellStyle::Text),
            ],
        );
        let pollutants = &book.source.inventory.study.words.pollutants;
        let value =
            |index: usize| settings.gwp.as_ref().and_then(|gwp| gwp.values.get(pollutants.code(index)).copied());
        let row = |(index, _): (&usize, &u32)| {
            let named = name(pollutants, *index, book.is_zh());
            vec![
                CellValue::text(&book.labels.pollutants[*index]),
                CellValue::text(named),
                CellValue::number(value(*index)),
                CellValue::text(set),
            ]
        };
        page.table(FIRST - 1, &columns, &self.of_gas.iter().map(row).collect::<Vec<_>>())?;
        Ok(Some(page.sheet))
    }
}

/// Title and exactly as many notes as stand above the first row of an input sheet.
fn head(page: &mut SheetWriter, title: &str, notes: &[String; 2]) -> SheetResult<()> {
    page.head(title, notes).map(|_| ())
}

fn changeable(book: &Book<'_>) -> String {
    book.pick(
        "黄底单元格可以修改，排放清单与各表随之重算；正式修改请改研究文件夹中的表格并重新运行。",
        "Cells on yellow may be changed: the inventory and all sums follow. To keep a change, change the study's tables and run it again.",
    )
}

/// Columns from Chinese and English headings.
pub(super) fn columns(book: &Book<'_>, wanted: &[(&str, &str, f64, CellStyle)]) -> Vec<SheetColumn> {
    let column = |(zh, en, width, kind): &(&str, &str, f64, CellStyle)| SheetColumn {
        heading: book.pick(zh, en),
        width: *width,
        kind: *kind,
    };
    wanted.iter().map(column).collect()
}

/// The rows of the activity tables; none where the inventory has no formulas that refer to them.
pub(super) fn activity(book: &Book<'_>) -> SheetResult<Option<Worksheet>> {
    if !book.live {
        return Ok(None);
    }
    let mut page = book.page(&Tab::Activity)?;
    let title = book.pick("活动水平", "Activity data");
    head(&mut page, &title, &[changeable(book), book.pick(
        "每行为活动数据表中的一行；换算数量＝数量×换算系数，公式引用换算数量。数量为 NO、NE、NA、C、IE 的行没有数值。数据质量：measured 实测，statistics 统计，reported 上报，estimated 估算，proxy 替代。",
        "Each row of the activity tables. Formulas refer to the canonical amount, which is amount × factor. NO, NE, NA, C and IE are no numbers.",
    )])?;
    let columns = columns(
        book,
        &[
            ("年份", "Year", 7.0, CellStyle::Year),
            ("地区", "Area", 12.0, CellStyle::Text),
            ("类别", "Category", 32.0, CellStyle::Text),
            ("项目", "Item", 18.0, CellStyle::Text),
            ("技术", "Technology", 18.0, CellStyle::Text),
            ("排放源", "Source", 24.0, CellStyle::Text),
            ("数量", "Amount", 14.0, CellStyle::Input),
            ("单位", "Unit", 10.0, CellStyle::Unit),
            ("换算系数", "Factor", 12.0, CellStyle::Exact),
            ("换算数量", "Canonical amount", 15.0, CellStyle::Exact),
            ("换算单位", "Canonical unit", 10.0, CellStyle::Unit),
            ("不确定度（%）", "Uncertainty (%)", 10.0, CellStyle::Exact),
            ("数据质量", "Quality", 11.0, CellStyle::Text),
            ("出处", "Reference", 26.0, CellStyle::Text),
            ("备注", "Note", 40.0, CellStyle::Text),
            ("文件与行号", "File and line", 26.0, CellStyle::Text),
        ],
    );
    let own = book.source.inventory.study.activity.own;
    let cells: Vec<Vec<CellValue>> = (0..own).map(|row| activity_row(book, row)).collect();
    page.table(FIRST - 1, &columns, &cells)?;
    Ok(Some(page.sheet))
}

fn activity_row(book: &Book<'_>, row: usize) -> Vec<CellValue> {
    let study = book.source.inventory.study;
    let activity = &study.activity;
    let (text, unit) = activity.unit_of(row);
    let at = FIRST + row as u32;
    let word = |column: &[u32]| CellValue::text(activity.word(column[row]));
    let (given, canonical) = match activity.notations.get(&(row as u32)) {
        Some(notation) => (CellValue::text(notation.word()), CellValue::Empty),
        None => {
            let formula = format!("{}*{}", row_col_to_cell(at, WRITTEN), row_col_to_cell(at, WRITTEN + 2));
            let amount = activity.amount[row];
            (CellValue::Number(written(amount, unit.factor)), CellValue::Formula(formula, Shown::Number(amount)))
        }
    };
    vec![
        CellValue::Number(f64::from(activity.year[row])),
        CellValue::text(name(&study.words.areas, activity.area[row] as usize, book.is_zh())),
        CellValue::text(&book.labels.categories[activity.category[row] as usize]),
        CellValue::text(&book.labels.items[activity.item[row] as usize]),
        word(&activity.technology),
        word(&activity.source),
        given,
        CellValue::text(text),
        CellValue::Number(unit.factor),
        canonical,
        CellValue::text(unit_of(book, row)),
        CellValue::number(Some(activity.uncertainty_pct[row])),
        CellValue::text(book.grade(activity.word(activity.quality[row]))),
        word(&activity.reference),
        word(&activity.note),
        CellValue::text(activity.reference_of(row)),
    ]
}

/// The canonical unit of an activity row.
pub(super) fn unit_of(book: &Book<'_>, row: usize) -> String {
    let study = book.source.inventory.study;
    book.tell(&study.activity.unit_of(row).1.in_expression().units())
}

fn parameter(book: &Book<'_>, parameter: &Parameter, row: u32) -> Vec<CellValue> {
    let study = book.source.inventory.study;
    let formula = format!("{}*{}", row_col_to_cell(row, VALUE), row_col_to_cell(row, VALUE + 2));
    let title = study.words.sources.get(&parameter.citation).map_or("", |source| &source.title);
    vec![
        CellValue::text(&parameter.name),
        CellValue::text(holds_for(book, parameter)),
        CellValue::Number(parameter.value),
        CellValue::text(&parameter.unit_text),
        CellValue::Number(parameter.unit.factor),
        CellValue::Formula(formula, Shown::Number(parameter.canonical())),
        CellValue::text(book.tell(&parameter.unit.in_expression().units())),
        CellValue::number(parameter.low),
        CellValue::number(parameter.high),
        CellValue::text(&parameter.set),
        CellValue::text(title),
        CellValue::text(&parameter.locator),
        CellValue::text(book.grade(parameter.confidence.word())),
        CellValue::text(&parameter.note),
        CellValue::text(parameter.place.to_string()),
    ]
}

/// The key of a parameter in words.
fn holds_for(book: &Book<'_>, parameter: &Parameter) -> String {
    let (labels, areas) = (&book.labels, &book.source.inventory.study.words.areas);
    let years = match (parameter.year_from, parameter.year_to) {
        (None, None) => None,
        (Some(from), Some(to)) if from == to => Some(from.to_string()),
        (from, to) => {
            let end = |year: Option<i32>| year.map_or(String::new(), |year| year.to_string());
            Some(format!("{}–{}", end(from), end(to)))
        }
    };
    let word = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let parts = [
        parameter.category.map(|index| labels.categories[index].clone()),
        parameter.item.map(|index| labels.items[index].clone()),
        word(&parameter.technology),
        parameter.pollutant.map(|index| labels.pollutants[index].clone()),
        parameter.area.map(|index| name(areas, index, book.is_zh()).to_string()),
        word(&parameter.source),
        years,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { book.tell(&anything()) } else { parts.join(" · ") }
}

fn anything() -> Text {
    say!("不限", "any")
}

/// The amount in the file's unit, with as few digits as give the canonical amount back.
fn written(amount: f64, factor: f64) -> f64 {
    const DIGITS: std::ops::RangeInclusive<usize> = 11..=16;
    let value = amount / factor;
    let rounded = DIGITS.filter_map(|digits| format!("{value:.digits$e}").parse::<f64>().ok());
    rounded.into_iter().find(|rounded| rounded * factor == amount).unwrap_or(value)
}
