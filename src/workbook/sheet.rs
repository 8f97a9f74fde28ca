//! A sheet as it is written: cells with a style, tables with headings, and the set-up for A4.

use crate::error::Language;
use rust_xlsxwriter::{
    Color, DataValidation, Format, FormatAlign, FormatBorder, Formula, Url, Worksheet, XlsxError,
    utility::row_col_to_cell_absolute,
};
use std::collections::HashMap;

pub(super) type SheetResult<T> = Result<T, XlsxError>;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum CellValue {
    Empty,
    Text(String),
    Number(f64),
    /// A part of one, shown in per cent wherever it stands.
    Share(f64),
    /// A formula without the leading `=`, and what it gives: readers that do not compute show this.
    Formula(String, Shown),
}

/// The result of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    Number(f64),
    Text(String),
}

impl CellValue {
    pub fn text(text: impl Into<String>) -> Self {
        let text: String = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    pub fn number(value: Option<f64>) -> Self {
        value.filter(|value| value.is_finite()).map_or(Self::Empty, Self::Number)
    }
}

/// What a cell is for, which decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum CellStyle {
    Title,
    Note,
    Heading,
    Text,
    /// Text of several lines.
    Wrap,
    Unit,
    Year,
    /// A mass or an amount, to a thousandth.
    Amount,
    /// A mass or an amount that is read and not computed with: in 万, two decimals; in English in thousands.
    Large,
    /// All digits that it has.
    Exact,
    Percent,
    /// A share of draws, which is never shown as certain.
    Probability,
    /// What the reader may change.
    Input,
    InputYear,
    /// A sum.
    Sum,
    Label,
    Link,
    Banner,
}

/// How a cell looks: its kind, and how far its text is moved in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Style {
    pub kind: CellStyle,
    pub indent: u8,
    /// Text that a spreadsheet would take for a formula when somebody edits the cell.
    quoted: bool,
}

impl From<CellStyle> for Style {
    fn from(kind: CellStyle) -> Self {
        Self { kind, indent: 0, quoted: false }
    }
}

impl Style {
    pub fn indented(kind: CellStyle, indent: u8) -> Self {
        Self { indent, ..kind.into() }
    }

    fn format(self, language: Language) -> Format {
        let font = if language == Language::Zh { "微软雅黑" } else { "Calibri" };
        let plain = Format::new().set_font_name(font).set_font_size(10).set_align(FormatAlign::VerticalCenter);
        let lined = || plain.clone().set_border(FormatBorder::Thin).set_border_color(Color::RGB(RULE));
        let format = match self.kind {
            CellStyle::Title => plain.clone().set_font_size(16).set_bold(),
            CellStyle::Note => plain.clone().set_font_size(9).set_font_color(Color::RGB(GREY)),
            CellStyle::Heading => lined()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_background_color(Color::RGB(HEADING)),
            CellStyle::Text => lined(),
            CellStyle::Wrap => lined().set_text_wrap(),
            CellStyle::Unit => lined().set_align(FormatAlign::Center),
            CellStyle::Year => lined().set_num_format("0").set_align(FormatAlign::Center),
            CellStyle::Amount => lined().set_num_format(AMOUNT).set_align(FormatAlign::Right),
            CellStyle::Large => lined().set_num_format("#,##0.00").set_align(FormatAlign::Right),
            CellStyle::Exact => lined().set_align(FormatAlign::Right),
            CellStyle::Percent => lined().set_num_format("0.0%").set_align(FormatAlign::Right),
            CellStyle::Probability => lined().set_num_format(PROBABILITY).set_align(FormatAlign::Right),
            CellStyle::Input => lined().set_background_color(Color::RGB(INPUT)).set_font_color(Color::RGB(INPUT_INK)),
            CellStyle::InputYear => lined()
                .set_num_format("0")
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_background_color(Color::RGB(INPUT))
                .set_font_color(Color::RGB(INPUT_INK)),
            CellStyle::Sum => lined()
                .set_bold()
                .set_num_format(AMOUNT)
                .set_align(FormatAlign::Right)
                .set_background_color(Color::RGB(SUM)),
            CellStyle::Label => lined().set_bold().set_background_color(Color::RGB(SUM)),
            CellStyle::Link => {
                lined().set_font_color(Color::RGB(LINK)).set_underline(rust_xlsxwriter::FormatUnderline::Single)
            }
            CellStyle::Banner => plain.clone().set_bold().set_font_size(12).set_font_color(Color::RGB(LINK)),
        };
        let format = if self.indent > 0 { format.set_indent(self.indent) } else { format };
        if self.quoted { format.set_quote_prefix() } else { format }
    }
}

const AMOUNT: &str = "#,##0.000";
/// As [`crate::draw::Share`] is shown: the limits are `ALMOST_ALL` and `ALMOST_NONE` of its module.
const PROBABILITY: &str = "[>=0.9995]\">99.9%\";[<0.0005]\"<0.1%\";0.0%";
const RULE: u32 = 0x00BF_BFBF;
const GREY: u32 = 0x005A_5A5A;
const HEADING: u32 = 0x00D9_E7F2;
const INPUT: u32 = 0x00FF_F8DC;
const INPUT_INK: u32 = 0x0000_3F8A;
const SUM: u32 = 0x00F2_F2F2;
const LINK: u32 = 0x0000_5A92;

/// Signs that make a spreadsheet read what follows as a formula.
const TAKEN_FOR_FORMULAS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '＠'];

/// As many characters as a cell holds.
const LONGEST: usize = 32_000;

/// A column of a table: its heading, its width in characters, and what its cells are for.
#[derive(Debug, Clone)]
pub(super) struct SheetColumn {
    pub heading: String,
    pub width: f64,
    pub kind: CellStyle,
}

/// A sheet that is being written.
pub(super) struct SheetWriter {
    pub sheet: Worksheet,
    language: Language,
    looks: HashMap<Style, Format>,
}

impl SheetWriter {
    /// An empty sheet that prints on A4, all columns on one page's width.
    pub fn new(name: &str, language: Language) -> SheetResult<Self> {
        const A4: u8 = 9;
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3).set_print_center_horizontally(true);
        let pages = if language == Language::Zh { "&L&A&R第 &P 页，共 &N 页" } else { "&L&A&RPage &P of &N" };
        sheet.set_footer(pages).set_screen_gridlines(false);
        Ok(Self { sheet, language, looks: HashMap::new() })
    }

    fn look(&mut self, style: Style) -> Format {
        let language = self.language;
        self.looks.entry(style).or_insert_with(|| style.format(language)).clone()
    }

    pub fn put(&mut self, (row, column): (u32, u16), cell: &CellValue, style: impl Into<Style>) -> SheetResult<()> {
        let style: Style = style.into();
        match cell {
            CellValue::Empty => {
                let look = self.look(style);
                self.sheet.write_blank(row, column, &look)?;
            }
            CellValue::Text(text) => {
                let look = self.look(Style { quoted: text.starts_with(TAKEN_FOR_FORMULAS), ..style });
                match text.chars().count() > LONGEST {
                    true => self.sheet.write_string_with_format(row, column, shortened(text, LONGEST), &look)?,
                    false => self.sheet.write_string_with_format(row, column, text, &look)?,
                };
            }
            CellValue::Number(value) => {
                let look = self.look(style);
                self.sheet.write_number_with_format(row, column, *value, &look)?;
            }
            CellValue::Share(value) => {
                let look = self.look(CellStyle::Percent.into());
                self.sheet.write_number_with_format(row, column, *value, &look)?;
            }
            CellValue::Formula(formula, shown) => {
                let look = self.look(style);
                let result = match shown {
                    Shown::Number(value) => value.to_string(),
                    Shown::Text(text) => text.clone(),
                };
                self.sheet.write_formula_with_format(row, column, Formula::new(formula).set_result(result), &look)?;
            }
        }
        Ok(())
    }

    /// The title in the first row and the notes below it; the row after them.
    pub fn head(&mut self, title: &str, notes: &[String]) -> SheetResult<u32> {
        self.put((0, 0), &CellValue::text(title), CellStyle::Title)?;
        self.sheet.set_row_height(0, 26)?;
        let mut row = 1;
        for note in notes {
            self.put((row, 0), &CellValue::text(note), CellStyle::Note)?;
            row += 1;
        }
        Ok(row)
    }

    /// The headings of a table, repeated on every printed page and held still on the screen.
    pub fn headings(&mut self, row: u32, columns: &[SheetColumn], still: u16) -> SheetResult<()> {
        for (at, column) in (0..).zip(columns) {
            self.put((row, at), &CellValue::text(&column.heading), CellStyle::Heading)?;
            self.sheet.set_column_width(at, column.width)?;
        }
        let lines =
            columns.iter().map(|column| (breadth(&column.heading) / (column.width - 1.0)).ceil()).fold(1.0, f64::max);
        self.sheet.set_row_height(row, 16.0 * lines + 6.0)?;
        self.sheet.set_freeze_panes(row + 1, still)?;
        self.sheet.set_repeat_rows(row, row)?;
        self.fit(columns, still)
    }

    /// As many pages side by side as keep the type at 7 pt; the columns that are held still stand on each of them.
    fn fit(&mut self, columns: &[SheetColumn], still: u16) -> SheetResult<()> {
        const LEGIBLE: f64 = 190.0;
        let width: f64 = columns.iter().map(|column| column.width).sum();
        let pages = (width / LEGIBLE).ceil().max(1.0) as u16;
        self.sheet.set_print_fit_to_pages(pages, 0);
        if pages > 1 && still > 0 {
            self.sheet.set_repeat_columns(0, still - 1)?;
        }
        Ok(())
    }

    /// A whole table with a filter on its headings; the row after it.
    pub fn table(&mut self, row: u32, columns: &[SheetColumn], rows: &[Vec<CellValue>]) -> SheetResult<u32> {
        self.headings(row, columns, 1)?;
        let mut next = row + 1;
        for cells in rows {
            for ((at, column), cell) in (0..).zip(columns).zip(cells) {
                self.put((next, at), cell, column.kind)?;
            }
            next += 1;
        }
        if !rows.is_empty() && !columns.is_empty() {
            self.sheet.autofilter(row, 0, next - 1, columns.len() as u16 - 1)?;
        }
        Ok(next)
    }

    pub fn link(&mut self, (row, column): (u32, u16), tab: &str, text: &str) -> SheetResult<()> {
        let look = self.look(CellStyle::Link.into());
        let url = Url::new(format!("internal:{}!A1", quoted(tab))).set_text(text);
        self.sheet.write_url_with_format(row, column, url, &look)?;
        Ok(())
    }

    /// A text over several columns, as high as its lines need.
    pub fn paragraph(&mut self, (row, from, to): (u32, u16, u16), text: &str, width: f64) -> SheetResult<()> {
        let look = self.look(Style { quoted: text.starts_with(TAKEN_FOR_FORMULAS), ..CellStyle::Wrap.into() });
        if to > from {
            self.sheet.merge_range(row, from, row, to, text, &look)?;
        } else {
            self.put((row, from), &CellValue::text(text), CellStyle::Wrap)?;
        }
        self.sheet.set_row_height(row, height(text, width))?;
        Ok(())
    }

    /// A list of years to choose from.
    pub fn choice(&mut self, (row, column): (u32, u16), years: &[i32]) -> SheetResult<()> {
        // A list in a cell holds 255 characters.
        const LISTED: usize = 50;
        if years.len() <= LISTED {
            let texts: Vec<String> = years.iter().map(i32::to_string).collect();
            let validation = DataValidation::new().allow_list_strings(&texts)?;
            self.sheet.add_data_validation(row, column, row, column, &validation)?;
        }
        Ok(())
    }
}

/// The height of a row whose text stands in a cell of so many characters.
pub(super) fn height(text: &str, width: f64) -> f64 {
    14.0 * (breadth(text) / (width * 1.1)).ceil().max(1.0) + 3.0
}

/// The first `length` characters, and a sign that there was more.
pub(super) fn shortened(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

/// The width of a text in characters of the Latin alphabet; a Chinese one is as wide as two.
pub(super) fn breadth(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum()
}

/// A sheet's name as formulas write it.
pub(super) fn quoted(tab: &str) -> String {
    format!("'{}'", tab.replace('\'', "''"))
}

/// A cell of another sheet, as formulas write it.
pub(super) fn cell_of(tab: &str, row: u32, column: u16) -> String {
    format!("{}!{}", quoted(tab), row_col_to_cell_absolute(row, column))
}

/// The cells of a column of another sheet from one row to another.
pub(super) fn range_of(tab: &str, column: u16, (from, to): (u32, u32)) -> String {
    let (from, to) = (row_col_to_cell_absolute(from, column), row_col_to_cell_absolute(to, column));
    format!("{}!{from}:{to}", quoted(tab))
}

/// A text inside a formula.
pub(super) fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
