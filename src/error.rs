//! What is wrong, where, and what to do about it: sentences in Chinese and English with a place.

use std::fmt;

/// The language of what officers read. Codes and column names never change with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Zh,
    En,
}

/// One sentence in both languages, so that no message can exist in one only.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

impl Text {
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// Builds a [`Text`] from a Chinese and an English format string.
#[macro_export]
macro_rules! say {
    ($zh:literal, $en:literal) => {
        $crate::error::Text { zh: format!($zh), en: format!($en) }
    };
}

/// A place in a file: line, or sheet and cell, and the column's name or dotted key.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: String,
    pub line: Option<usize>,
    pub column: String,
}

impl Place {
    pub fn file(file: &str) -> Self {
        Self { file: file.to_string(), ..Self::default() }
    }

    pub fn line(file: &str, line: usize, column: &str) -> Self {
        Self { file: file.to_string(), line: Some(line), column: column.to_string() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        Ok(())
    }
}

/// One fault: a place, a sentence, and a remedy where there is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub place: Place,
    pub text: Text,
    pub hint: Option<Text>,
}

impl Fault {
    pub fn new(place: Place, text: Text) -> Self {
        Self { place, text, hint: None }
    }

    pub fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Adds "the nearest known name is …" when there is one.
    pub fn nearest(self, name: Option<&str>) -> Self {
        match name {
            Some(name) => self.hint(say!("最接近的已知名称：'{name}'", "the nearest known name is '{name}'")),
            None => self,
        }
    }

    pub fn render(&self, language: Language) -> String {
        let mut line = format!("{}: {}", self.place, self.text.get(language));
        if let Some(hint) = &self.hint {
            let word = if language == Language::Zh { "提示" } else { "hint" };
            line.push_str(&format!("\n  {word}: {}", hint.get(language)));
        }
        line
    }
}

/// All faults of a reading; a result is only given out when there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

pub type Result<T> = std::result::Result<T, Faults>;

impl Faults {
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps a value or takes over its faults.
    pub fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(faults) => {
                self.0.extend(faults.0);
                None
            }
        }
    }

    /// The value, if nothing went wrong on the way to it.
    pub fn or<T>(mut self, value: T) -> Result<T> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort();
        self.0.dedup();
        Err(self)
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

/// A failure of the machine or of a library (disk, frame engine), not of the study.
pub fn failure(file: &str, cause: impl fmt::Display) -> Faults {
    Fault::new(Place::file(file), say!("无法完成：{cause}", "could not be done: {cause}")).into()
}

/// The known name that looks most like `name`, if any is close enough to be meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const CLOSE: f64 = 0.5;
    let wanted = name.to_lowercase();
    let likeness = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        strsim::normalized_damerau_levenshtein(&wanted, &candidate).max(strsim::jaro_winkler(&wanted, &candidate) * 0.8)
    };
    known
        .into_iter()
        .take(20_000)
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(score, _)| *score >= CLOSE)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}
