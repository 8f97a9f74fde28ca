//! The inventory sheet: one row for each emission, its mass a formula over activity and parameters; and the steps of long formulas.

use super::Book;
use super::formula::{FIRST_STEP, FormulaStep, Formulas, STEP_VALUE};
use super::inputs::{InputCells, columns};
use super::inventory_rows::LineWriter;
use super::sheet::{CellStyle, CellValue, SheetResult, Shown, cell_of, range_of};
use super::sheet_names::Tab;
use crate::expression::spell;
use crate::inventory::Emission;
use crate::say;
use crate::study::name;
use rust_xlsxwriter::Worksheet;

/// The first row of values.
const FIRST: u32 = 4;
pub(super) const YEAR: u16 = 0;
const AREA: u16 = 1;
pub(super) const SECTOR: u16 = 2;
pub(super) const CATEGORY: u16 = 3;
pub(super) const ITEM: u16 = 4;
pub(super) const SCOPE: u16 = 7;
pub(super) const POLLUTANT: u16 = 8;
const GENERATED: u16 = 9;
pub(super) const EMITTED: u16 = 10;

/// A column of the inventory's rows, as formulas of other sheets write it.
pub(super) fn column(book: &Book<'_>, column: u16) -> String {
    let last = FIRST + (book.lines.len() as u32).max(1) - 1;
    range_of(book.tabs.name(&Tab::Inventory), column, (FIRST, last))
}

/// The inventory, and the sheet of steps where some formula has any.
pub(super) fn sheet<'a>(book: &Book<'a>, inputs: &InputCells) -> SheetResult<(Worksheet, Option<Worksheet>)> {
    let mut formulas = Formulas::new(book, inputs);
    let mut values_only = 0;
    let mut rows = Vec::with_capacity(book.lines.len());
    for (line, at) in book.lines.iter().zip(FIRST..) {
        let row = row(book, line, at, &mut formulas);
        values_only += usize::from(matches!(row[usize::from(EMITTED)], CellValue::Number(_)));
        rows.push(row);
    }
    let mut page = book.page(&Tab::Inventory)?;
    let [first, second] = notes(book, values_only);
    page.head(&book.pick("排放清单", "Inventory"), &[first, second])?;
    let columns = columns(
        book,
        &[
            ("年份", "Year", 7.0, CellStyle::Year),
            ("地区", "Area", 11.0, CellStyle::Text),
            ("部门", "Sector", 12.0, CellStyle::Text),
            ("类别", "Category", 32.0, CellStyle::Text),
            ("项目", "Item", 17.0, CellStyle::Text),
            ("技术", "Technology", 16.0, CellStyle::Text),
            ("排放源", "Source", 20.0, CellStyle::Text),
            ("核算边界", "Boundary", 9.0, CellStyle::Text),
            ("污染物", "Pollutant", 12.0, CellStyle::Text),
            ("产生量（t）", "Generated (t)", 15.0, CellStyle::Amount),
            ("排放量（t）", "Emitted (t)", 16.0, CellStyle::Amount),
            ("计算公式", "Formula", 46.0, CellStyle::Text),
            ("方法", "Method", 24.0, CellStyle::Text),
            ("数据质量", "Quality", 11.0, CellStyle::Text),
            ("可信度", "Confidence", 12.0, CellStyle::Text),
            ("活动数据出处", "Activity data from", 26.0, CellStyle::Text),
        ],
    );
    page.table(FIRST - 1, &columns, &rows)?;
    let steps = if formulas.steps.is_empty() { None } else { Some(steps(book, &formulas.steps)?) };
    Ok((page.sheet, steps))
}

fn notes(book: &Book<'_>, values_only: usize) -> [String; 2] {
    if !book.live {
        let (emissions, rows) = (book.source.inventory.emissions.len(), book.lines.len());
        let first = say!(
            "清单共有 {emissions} 项排放，超出电子表格重算的合理规模：此处按年份、类别、项目、污染物合并为 {rows} 行，仅写数值。逐项排放见 emissions.csv。",
            "The inventory has {emissions} emissions, more than a spreadsheet computes in reasonable time: here are {rows} sums by year, category, item and pollutant, as values. Each emission stands in emissions.csv."
        );
        return [book.tell(&first), String::new()];
    }
    let first = book.pick(
        "每行为一项排放。排放量是引用“活动水平”与“排放因子与参数”单元格的公式，单位 t；点击单元格即可看到来源。",
        "One row for each emission. What is emitted is a formula over the cells of activity data and parameters, in t; click on it to see where it comes from.",
    );
    let second = match values_only {
        0 => String::new(),
        count => book.tell(&say!(
            "其中 {count} 项的公式过长或电子表格无法计算，只写数值。",
            "Of {count} only the value is written: their formula is too long, or a spreadsheet cannot compute it."
        )),
    };
    [first, second]
}

fn row<'a>(book: &Book<'a>, line: &LineWriter<'a>, at: u32, formulas: &mut Formulas<'a, '_>) -> Vec<CellValue> {
    let study = book.source.inventory.study;
    let category = study.words.categories.get(line.category);
    let mut cells = vec![
        CellValue::Number(f64::from(line.year)),
        CellValue::text(name(&study.words.areas, study.settings.area, book.is_zh())),
        CellValue::text(book.labels.sector(&category.sector)),
        CellValue::text(&book.labels.categories[line.category]),
        CellValue::text(&book.labels.items[line.item]),
        CellValue::Empty,
        CellValue::Empty,
        CellValue::text(book.labels.scope(category.scope)),
        CellValue::text(&book.labels.pollutants[line.pollutant]),
        CellValue::Empty,
        CellValue::Number(line.value_t),
    ];
    match line.emission {
        Some(emission) => detail(book, (emission, at), &mut cells, formulas),
        None => cells.extend(std::iter::repeat_n(CellValue::Empty, 5)),
    }
    cells
}

/// What an emission has beyond a sum: its place, its formulas, and what it rests on.
fn detail<'a>(
    book: &Book<'a>,
    (emission, at): (&'a Emission, u32),
    cells: &mut Vec<CellValue>,
    formulas: &mut Formulas<'a, '_>,
) {
    let inventory = book.source.inventory;
    let (study, row) = (inventory.study, emission.row as usize);
    let activity = &study.activity;
    let method = &study.methods[inventory.matches.bindings[emission.binding as usize].emitted.method];
    cells[usize::from(AREA)] = CellValue::text(name(&study.words.areas, activity.area[row] as usize, book.is_zh()));
    cells[usize::from(ITEM) + 1] = CellValue::text(activity.word(activity.technology[row]));
    cells[usize::from(ITEM) + 2] = CellValue::text(activity.word(activity.source[row]));
    let own = |column| cell_of(book.tabs.name(&Tab::Inventory), at, column);
    let year = own(YEAR);
    let mut generated = None;
    if let Some(value) = emission.generated_t {
        let formula = formulas.generated(emission, &year);
        cells[usize::from(GENERATED)] = live(formula, value);
        generated = Some(own(GENERATED));
    }
    let formula = formulas.emitted(emission, (&year, generated.as_deref()));
    cells[usize::from(EMITTED)] = live(formula, emission.emitted_t);
    let mut rows: Vec<u32> = inventory.parts(emission).into_iter().map(|(row, _)| row).collect();
    rows.dedup();
    let references: Vec<String> = rows.iter().map(|&row| activity.reference_of(row as usize)).collect();
    cells.extend([
        CellValue::text(spell(&method.expression, &|used| used.name.clone())),
        CellValue::text(&method.code),
        CellValue::text(book.grade(inventory.quality(emission))),
        CellValue::text(inventory.confidence(emission).map_or(String::new(), |found| book.grade(found.word()))),
        CellValue::text(references.join("; ")),
    ]);
}

fn live(formula: Option<String>, value: f64) -> CellValue {
    formula.map_or(CellValue::Number(value), |formula| CellValue::Formula(formula, Shown::Number(value)))
}

fn steps(book: &Book<'_>, steps: &[FormulaStep<'_>]) -> SheetResult<Worksheet> {
    let mut page = book.page(&Tab::Steps)?;
    let title = book.pick("分步计算", "Steps");
    let note = book.pick(
        "存量排放（填埋、车队、制冷剂等）由历年活动逐年贡献相加；较长的中间参数也单独成行。排放清单的公式引用此处的数值。",
        "Stocks (landfills, fleets, refrigerants) add up the shares of all earlier years; long derived parameters have a row of their own. The inventory's formulas refer to the values here.",
    );
    page.head(&title, &[note])?;
    let columns = columns(
        book,
        &[
            ("排放年份", "Year", 9.0, CellStyle::Year),
            ("活动年份", "Activity of", 9.0, CellStyle::Year),
            ("类别", "Category", 32.0, CellStyle::Text),
            ("项目", "Item", 18.0, CellStyle::Text),
            ("排放源", "Source", 22.0, CellStyle::Text),
            ("污染物", "Pollutant", 12.0, CellStyle::Text),
            ("内容", "What", 26.0, CellStyle::Text),
            ("数值", "Value", 18.0, CellStyle::Exact),
            ("计算公式", "Formula", 60.0, CellStyle::Text),
            ("活动数据出处", "Activity data from", 26.0, CellStyle::Text),
        ],
    );
    let rows: Vec<Vec<CellValue>> = steps.iter().map(|step| step_row(book, step)).collect();
    debug_assert!(rows.iter().all(|row| matches!(row[usize::from(STEP_VALUE)], CellValue::Formula(..))));
    page.table(FIRST_STEP - 1, &columns, &rows)?;
    Ok(page.sheet)
}

fn step_row(book: &Book<'_>, step: &FormulaStep<'_>) -> Vec<CellValue> {
    let inventory = book.source.inventory;
    let (study, row) = (inventory.study, step.row as usize);
    let binding = &inventory.matches.bindings[step.emission.binding as usize];
    let share = || book.pick("当年贡献（t）", "share (t)");
    let expression = &study.methods[step.method].expression;
    vec![
        CellValue::Number(f64::from(step.emission.year)),
        CellValue::Number(f64::from(study.activity.year[row])),
        CellValue::text(&book.labels.categories[binding.category]),
        CellValue::text(&book.labels.items[study.activity.item[row] as usize]),
        CellValue::text(study.activity.word(study.activity.source[row])),
        CellValue::text(&book.labels.pollutants[binding.pollutant]),
        CellValue::text(step.name.clone().unwrap_or_else(share)),
        CellValue::Formula(step.formula.clone(), Shown::Number(step.value)),
        CellValue::text(spell(expression, &|used| used.name.clone())),
        CellValue::text(study.activity.reference_of(row)),
    ]
}
