//! TOML files with the place of every value, so that a fault names file, line and dotted key.

use crate::error::{Diagnostic, Diagnostics, Place, Result, Text, nearest};
use crate::say;
use crate::table::{decoded, readable};
use crate::unit::{Unit, Units};
use toml::de::{DeTable, DeValue};

mod syntax;

/// A value with the line it stands on.
#[derive(Debug, Clone)]
pub struct TomlEntry {
    pub line: usize,
    pub value: TomlValue,
}

/// A value of a TOML document.
#[derive(Debug, Clone)]
pub enum TomlValue {
    Text(String),
    Number(f64),
    Flag(bool),
    List(Vec<TomlEntry>),
    Table(Vec<(String, TomlEntry)>),
}

/// A table of a TOML file, with its dotted name.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    pub file: &'a str,
    pub path: &'a str,
    pub line: usize,
    entries: &'a [(String, TomlEntry)],
}

/// Parses a TOML file in UTF-8, UTF-16 or GB18030; syntax faults come all at once, one for each line.
pub fn parse(file: &str, bytes: &[u8]) -> Result<TomlEntry> {
    let Some(text) = decoded(bytes) else {
        let text = say!(
            "无法识别文件编码（不是 UTF-8、GB18030 或 UTF-16 文本）",
            "this is no text in UTF-8, GB18030 or UTF-16"
        );
        let hint = say!("请另存为 UTF-8 文本", "save it as text in UTF-8");
        return Err(Diagnostic::new(Place::file(file), text).hint(hint).into());
    };
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line = |offset: usize| starts.partition_point(|&start| start <= offset);
    let (table, errors) = DeTable::parse_recoverable(&text);
    let mut faults = Diagnostics::default();
    let mut last = 0;
    for error in errors {
        let at = error.span().map_or(1, |span| line(span.start));
        if at != last {
            let written = text.lines().nth(at - 1).unwrap_or("");
            faults.push(syntax::fault(Place::line(file, at, ""), written, error.message()));
        }
        last = at;
    }
    faults.into_result(TomlEntry { line: 1, value: table_value(table.get_ref(), &line) })
}

fn table_value(table: &DeTable<'_>, line: &impl Fn(usize) -> usize) -> TomlValue {
    let entry = |value: &toml::Spanned<DeValue<'_>>, at: usize| TomlEntry {
        line: line(at),
        value: value_of(value.get_ref(), line),
    };
    let mut entries: Vec<(String, TomlEntry)> =
        table.iter().map(|(key, value)| (key.get_ref().to_string(), entry(value, key.span().start))).collect();
    entries.sort_by_key(|(_, entry)| entry.line);
    TomlValue::Table(entries)
}

fn value_of(value: &DeValue<'_>, line: &impl Fn(usize) -> usize) -> TomlValue {
    match value {
        DeValue::String(text) => TomlValue::Text(text.to_string()),
        DeValue::Integer(number) => {
            let parsed = i64::from_str_radix(&number.as_str().replace('_', ""), number.radix());
            parsed.map_or_else(
                |_| TomlValue::Text(number.as_str().to_string()),
                |number| TomlValue::Number(number as f64),
            )
        }
        DeValue::Float(number) => {
            let parsed = number.as_str().replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite());
            parsed.map_or_else(|| TomlValue::Text(number.as_str().to_string()), TomlValue::Number)
        }
        DeValue::Boolean(flag) => TomlValue::Flag(*flag),
        DeValue::Datetime(date) => TomlValue::Text(date.to_string()),
        DeValue::Array(list) => TomlValue::List(
            list.iter()
                .map(|entry| TomlEntry { line: line(entry.span().start), value: value_of(entry.get_ref(), line) })
                .collect(),
        ),
        DeValue::Table(table) => table_value(table, line),
    }
}

impl TomlEntry {
    /// The entry as a table, if it is one.
    pub fn section<'a>(&'a self, file: &'a str, path: &'a str) -> Option<Section<'a>> {
        match &self.value {
            TomlValue::Table(entries) => Some(Section { file, path, line: self.line, entries }),
            _ => None,
        }
    }

    /// The value as text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            TomlValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match &self.value {
            TomlValue::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl<'a> Section<'a> {
    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&'a TomlEntry> {
        self.entries.iter().find(|(name, _)| name == key).map(|(_, entry)| entry)
    }

    /// All entries with their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a TomlEntry)> {
        self.entries.iter().map(|(key, entry)| (key.as_str(), entry))
    }

    /// The place of a key, by its dotted name.
    pub fn place(&self, key: &str) -> Place {
        let line = self.get(key).map_or(self.line, |entry| entry.line);
        let dotted = if self.path.is_empty() { key.to_string() } else { format!("{}.{key}", self.path) };
        Place::line(self.file, line, &dotted)
    }

    /// An error at a key of the section.
    pub fn fault(&self, key: &str, text: Text) -> Diagnostic {
        Diagnostic::new(self.place(key), text)
    }

    /// Every key that is not among the known ones is a fault with the nearest of them.
    pub fn only(&self, known: &[&str], faults: &mut Diagnostics) {
        for (key, _) in self.entries.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            let fault = self.fault(key, say!("没有这个键", "this key is not known"));
            faults.push(match nearest(key, known.iter().copied()) {
                Some(near) => fault.nearest(Some(near)),
                None => {
                    let names = known.join(", ");
                    fault.hint(say!("可用的键：{names}", "keys: {names}"))
                }
            });
        }
    }

    /// A text, or a fault where something else stands; `None` where the key is absent.
    pub fn text(&self, key: &str, faults: &mut Diagnostics) -> Option<&'a str> {
        let entry = self.get(key)?;
        if entry.text().is_none() {
            faults.push(self.fault(key, say!("这里应为带引号的文本", "expected a text in quotes")));
        }
        if key == "title" && entry.text().is_some_and(|text| text.contains(char::is_control)) {
            let text =
                say!("标题只能是一行文字，不能有换行和控制字符", "a title is one line, without control characters");
            faults.push(self.fault(key, text));
        }
        entry.text()
    }

    /// The text of a key; a missing key is an error.
    pub fn required_text(&self, key: &str, faults: &mut Diagnostics) -> Option<&'a str> {
        if self.get(key).is_none() {
            faults.push(self.fault(key, say!("缺少此键", "this key is missing")));
        }
        self.text(key, faults).filter(|text| !text.is_empty())
    }

    /// A whole number that is a year.
    pub fn year(&self, key: &str, faults: &mut Diagnostics) -> Option<i32> {
        let entry = self.get(key)?;
        let year = whole_year(entry);
        if year.is_none() {
            faults.push(self.fault(
                key,
                say!("这里应为 1800 至 2200 之间的年份，如 2020", "expected a year from 1800 to 2200, such as 2020"),
            ));
        }
        year
    }

    /// A list of texts.
    pub fn texts(&self, key: &str, faults: &mut Diagnostics) -> Option<Vec<&'a str>> {
        let entry = self.get(key)?;
        let list = match &entry.value {
            TomlValue::List(list) => list.iter().map(TomlEntry::text).collect::<Option<Vec<&str>>>(),
            _ => None,
        };
        if list.is_none() {
            faults.push(
                self.fault(key, say!("这里应为文本列表，如 [\"CO2\"]", "expected a list of texts such as [\"CO2\"]")),
            );
        }
        list
    }
}

/// A number with its unit: `"18%"`, `"84.5 万人"`, or a bare number, which is of unit 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    pub value: f64,
    /// As it is written; `1` where nothing is.
    pub unit_text: String,
    pub unit: Unit,
}

impl Quantity {
    /// The value in canonical units.
    pub fn canonical(&self) -> f64 {
        // 47.6 % is 0.476 and not 0.47600000000000003: a written figure keeps its digits.
        let value = self.value * self.unit.factor;
        format!("{value:.14e}").parse().unwrap_or(value)
    }
}

/// The largest number without a per cent sign that is taken for what it says, by what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareKind {
    /// A change: a growth rate, a cut, a discount, the width of a plateau.
    Change,
    /// A part of a whole: a probability, a share.
    Part,
    /// A factor that a value is multiplied by.
    Factor,
}

impl ShareKind {
    fn largest_bare(self) -> f64 {
        match self {
            Self::Change => 0.5,
            Self::Part => 1.0,
            Self::Factor => 2.0,
        }
    }
}

impl Quantity {
    /// The value of a share; `6` for `6%` is refused, as it would be read as 600 %.
    ///
    /// # Errors
    /// A number without a per cent sign that is too large to be meant, with the ways to write it.
    pub fn share(&self, kind: ShareKind) -> std::result::Result<f64, Text> {
        let value = self.value;
        if self.unit_text != "1" || value.abs() <= kind.largest_bare() {
            return Ok(self.canonical());
        }
        let (as_written, as_share) = (shown(value * 100.0), shown(value / 100.0));
        Err(say!(
            "{value} 没有百分号，会读作 {as_written}%；请写 \"{value}%\" 或 {as_share}，确为 {as_written}% 时写 \"{as_written}%\"",
            "{value} has no per cent sign and would be {as_written}%; write \"{value}%\" or {as_share}, or \"{as_written}%\" where that is meant"
        ))
    }
}

/// A product of a written figure with its digits alone.
fn shown(value: f64) -> f64 {
    format!("{value:.12e}").parse().unwrap_or(value)
}

impl TomlEntry {
    /// The entry as a number with a unit.
    ///
    /// # Errors
    /// What cannot be read as one.
    pub fn quantity(&self, units: &Units) -> std::result::Result<Quantity, Text> {
        let number = self.number().map(|number| number.to_string());
        let text = number.as_deref().or(self.text()).unwrap_or("").trim();
        let split = text.find(|c: char| !(c.is_ascii_digit() || ".-+".contains(c))).unwrap_or(text.len());
        let (digits, rest) = text.split_at(split);
        let unit_text = if rest.trim().is_empty() { "1" } else { rest.trim() };
        match readable(digits) {
            Ok(value) => Ok(Quantity { value, unit_text: unit_text.to_string(), unit: units.parse(unit_text)? }),
            Err(Some(cause)) => Err(cause),
            Err(None) => Err(say!("应为带单位的数，如 \"18%\"", "expected a number with its unit, such as \"18%\"")),
        }
    }
}

/// A year, if the entry is a whole number that can be one.
pub fn whole_year(entry: &TomlEntry) -> Option<i32> {
    entry.number().filter(|year| year.fract() == 0.0 && (1800.0..=2200.0).contains(year)).map(|year| year as i32)
}
