//! Selectors: which rows an entry is about. Codes match as in the parameter hierarchy; a trailing `*` matches every code with that prefix.

use super::keys;
use crate::category;
use crate::category::SECTORS;
use crate::error::{Diagnostic, Diagnostics, Place};
use crate::say;
use crate::study::Vocabulary;
use crate::toml_document::{Section, TomlEntry};
use std::cmp::Reverse;

/// A code, or the beginning of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    Exactly(String),
    Starts(String),
}

impl Pattern {
    fn read(text: &str) -> Self {
        match text.strip_suffix('*') {
            Some(start) => Self::Starts(start.to_string()),
            None => Self::Exactly(text.to_string()),
        }
    }

    fn holds(&self, code: &str) -> bool {
        match self {
            Self::Exactly(own) => own == code,
            Self::Starts(start) => code.starts_with(start),
        }
    }

    /// An exact code is more specific than any beginning, a longer beginning than a shorter.
    fn specificity(&self) -> usize {
        match self {
            Self::Exactly(_) => usize::MAX,
            Self::Starts(start) => start.len(),
        }
    }
}

/// What a row is selected by.
#[derive(Debug, Clone, Copy)]
pub struct RowKey<'a> {
    /// The area and all above it, the nearest first.
    pub areas: &'a [usize],
    pub category: &'a str,
    pub item: &'a str,
    pub technology: &'a str,
    pub source: &'a str,
    pub sector: &'a str,
}

/// A selector; what it leaves open is any.
#[derive(Debug, Clone, Default)]
pub struct Select {
    pub place: Place,
    pub area: Option<usize>,
    pub category: Option<Pattern>,
    pub item: Option<Pattern>,
    pub technology: Option<Pattern>,
    pub source: Option<Pattern>,
    pub sector: Option<String>,
    pub pollutant: Option<usize>,
}

/// Specificity of a selector for a row, by the criteria of the parameter hierarchy, the sector last; the greater wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SelectorSpecificity {
    source: usize,
    pollutant: bool,
    technology: usize,
    item: usize,
    category: usize,
    area: Reverse<usize>,
    sector: bool,
}

/// Two selectors are the same wherever they are written.
impl PartialEq for Select {
    fn eq(&self, other: &Self) -> bool {
        let patterns = |select: &Self| {
            [&select.category, &select.item, &select.technology, &select.source].map(|pattern| pattern.clone())
        };
        let rest = |select: &Self| (select.area, select.sector.clone(), select.pollutant);
        patterns(self) == patterns(other) && rest(self) == rest(other)
    }
}

impl Select {
    /// The columns that it names, each with the code or the beginning of one as a file writes it.
    pub fn written(&self, words: &Vocabulary) -> Vec<(&'static str, String)> {
        let pattern = |pattern: &Option<Pattern>| {
            pattern.as_ref().map(|pattern| match pattern {
                Pattern::Exactly(code) => code.clone(),
                Pattern::Starts(start) => format!("{start}*"),
            })
        };
        let all = [
            ("area", self.area.map(|area| words.areas.code(area).to_string())),
            ("sector", self.sector.clone()),
            ("category", pattern(&self.category)),
            ("item", pattern(&self.item)),
            ("technology", pattern(&self.technology)),
            ("source", pattern(&self.source)),
            ("pollutant", self.pollutant.map(|pollutant| words.pollutants.code(pollutant).to_string())),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }

    /// Reads `select = { … }`; codes, names and aliases are all accepted.
    pub fn read(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Self> {
        let Some(entry) = section.get("select") else {
            faults.push(section.fault("select", say!("缺少此键", "this key is missing")));
            return None;
        };
        let path = if section.path.is_empty() { "select".to_string() } else { format!("{}.select", section.path) };
        let Some(inner) = entry.section(section.file, &path) else {
            let text = say!("应为 {{ 列 = \"代码\" }}", "expected {{ column = \"code\" }}");
            faults.push(section.fault("select", text));
            return None;
        };
        inner.only(&keys::SELECT, faults);
        let mut select = Self { place: section.place("select"), ..Self::default() };
        for (key, entry) in inner.iter().filter(|(key, _)| keys::SELECT.contains(key)) {
            if let Err(found) = select.set(key, entry, words) {
                found.0.into_iter().for_each(|fault| faults.push(Diagnostic { place: inner.place(key), ..fault }));
            }
        }
        Some(select)
    }

    fn set(&mut self, key: &str, entry: &TomlEntry, words: &Vocabulary) -> Result<(), Diagnostics> {
        let fault = |text| Diagnostic::new(Default::default(), text);
        let text = entry.text().ok_or_else(|| fault(say!("这里应为带引号的文本", "expected a text in quotes")))?;
        if text == "*" {
            return Ok(());
        }
        match key {
            "area" => {
                let near = words.areas.nearest(text);
                self.area = Some(words.areas.find(text).map_err(|cause| fault(cause).nearest(near))?);
            }
            "pollutant" => {
                let near = words.pollutants.nearest(text);
                self.pollutant = Some(words.pollutants.find(text).map_err(|cause| fault(cause).nearest(near))?);
            }
            "category" => {
                self.category = Some(coded(&words.categories, text).map_err(|(text, near)| near_to(text, near))?)
            }
            "item" => self.item = Some(coded(&words.items, text).map_err(|(text, near)| near_to(text, near))?),
            "technology" => self.technology = Some(Pattern::read(words.technologies.code_of(text, ""))),
            "source" => self.source = Some(Pattern::read(text)),
            _ => {
                if !SECTORS.contains(&text) {
                    let names = SECTORS.join(", ");
                    let unknown = fault(say!("没有部门 '{text}'", "there is no sector '{text}'"));
                    return Err(unknown.hint(say!("应为 {names}", "expected one of {names}")).into());
                }
                self.sector = Some(text.to_string());
            }
        }
        Ok(())
    }

    /// How specific the selector is for a row; `None` where it does not hold for it.
    pub fn specificity(&self, key: RowKey<'_>) -> Option<SelectorSpecificity> {
        let of = |pattern: &Option<Pattern>, code: &str| match pattern {
            None => Some(0),
            Some(pattern) => pattern.holds(code).then(|| pattern.specificity()),
        };
        let category = match &self.category {
            None => 0,
            Some(Pattern::Exactly(prefix)) => {
                if !category::holds(prefix, key.category) {
                    return None;
                }
                category::depth(prefix) * 2
            }
            Some(Pattern::Starts(start)) => {
                if !key.category.starts_with(start.as_str()) {
                    return None;
                }
                (category::depth(start) * 2).saturating_sub(1)
            }
        };
        let area = match self.area {
            None => usize::MAX,
            Some(area) => key.areas.iter().position(|above| *above == area)?,
        };
        let sector = match &self.sector {
            None => false,
            Some(sector) => {
                if sector != key.sector {
                    return None;
                }
                true
            }
        };
        Some(SelectorSpecificity {
            source: of(&self.source, key.source)?,
            pollutant: self.pollutant.is_some(),
            technology: of(&self.technology, key.technology)?,
            item: of(&self.item, key.item)?,
            category,
            area: Reverse(area),
            sector,
        })
    }
}

type UnknownKey = (crate::error::Text, Option<String>);

fn near_to(text: crate::error::Text, near: Option<String>) -> Diagnostic {
    Diagnostic::new(Default::default(), text).nearest(near.as_deref())
}

/// A code or name of a codebook, or the beginning of codes with `*`.
fn coded<T: crate::code::Coded>(book: &crate::code::Codebook<T>, text: &str) -> Result<Pattern, UnknownKey> {
    match text.strip_suffix('*') {
        Some(start) if book.iter().any(|(_, entry)| entry.code().starts_with(start)) => {
            Ok(Pattern::Starts(start.to_string()))
        }
        Some(start) => Err((say!("没有以 '{start}' 开头的代码", "no code begins with '{start}'"), None)),
        None => match book.find(text) {
            Ok(index) => Ok(Pattern::Exactly(book.code(index).to_string())),
            Err(cause) => Err((cause, book.nearest(text).map(str::to_string))),
        },
    }
}
