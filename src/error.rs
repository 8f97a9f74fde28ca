//! What is wrong, where, and what to do about it: sentences in Chinese and English with a place.

use std::fmt;

/// The language of what officers read. Codes and column names never change with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Zh,
    En,
}

/// One sentence in both languages, so that no message can exist in one only.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

impl Text {
    /// The text in one language.
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
    /// A place that is a whole file.
    pub fn file(file: &str) -> Self {
        Self { file: file.to_string(), ..Self::default() }
    }

    /// A line of a file (from 1), and a column name or dotted key.
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

/// One diagnostic: a location, a message and, where known, a suggested fix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    pub place: Place,
    pub text: Text,
    pub hint: Option<Text>,
}

impl Diagnostic {
    /// A diagnostic without a hint.
    pub fn new(place: Place, text: Text) -> Self {
        Self { place, text, hint: None }
    }

    /// Adds the suggested fix.
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

    /// Location, message and hint in one language, as printed.
    pub fn render(&self, language: Language) -> String {
        let mut line = printable(&format!("{}: {}", self.place, self.text.get(language)));
        if let Some(hint) = &self.hint {
            let word = if language == Language::Zh { "提示" } else { "hint" };
            line.push_str(&format!("\n  {word}: {}", printable(hint.get(language))));
        }
        line
    }
}

/// A text as a terminal may show it: what a study writes can move no cursor and begin no line.
pub fn printable(text: &str) -> String {
    let steers =
        |c: char| (c.is_control() && c != '\t') || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

/// All diagnostics of a phase: a result is given out only if there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

/// A value, or all diagnostics of the phase.
pub type Result<T> = std::result::Result<T, Diagnostics>;

impl Diagnostics {
    /// Records a diagnostic.
    pub fn push(&mut self, fault: Diagnostic) {
        self.0.push(fault);
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value, or records its diagnostics and returns `None`.
    pub fn record<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(faults) => {
                self.0.extend(faults.0);
                None
            }
        }
    }

    /// Returns the value if nothing was recorded, and else all diagnostics, sorted and without duplicates.
    ///
    /// # Errors
    /// The recorded diagnostics.
    pub fn into_result<T>(mut self, value: T) -> Result<T> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort();
        self.0.dedup();
        Err(self)
    }
}

impl fmt::Display for Diagnostics {
    /// One paragraph for each, in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(|diagnostic| diagnostic.render(Language::En)).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Diagnostics {}

impl From<Diagnostic> for Diagnostics {
    fn from(fault: Diagnostic) -> Self {
        Self(vec![fault])
    }
}

/// A number in a sentence: with a power of ten where it would otherwise be a row of zeros.
pub fn legible(value: f64) -> String {
    if value == 0.0 || (1e-6..1e15).contains(&value.abs()) { value.to_string() } else { format!("{value:e}") }
}

/// An amount without the noise of a converted float's last digits.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.12e}").parse().unwrap_or(value)
}

/// A failure of the machine or of a library (disk, frame engine), not of the study.
pub fn failure(file: &str, cause: impl fmt::Display) -> Diagnostics {
    Diagnostic::new(Place::file(file), say!("无法完成：{cause}", "could not be done: {cause}")).into()
}

/// The known name that is most likely meant, if one is close enough: one that stands inside the word (汽油 in 93#汽油), then
/// one that holds the word (污水处理量 for 污水), then one that is spelt much alike. Better none than a wrong one.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Limits of the comparison, whose time grows with the square of the length.
    const LONGEST: usize = 64;
    const MOST: usize = 20_000;
    let wanted: String = name.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let same_origin = |candidate: &str| is_biogenic(candidate) == is_biogenic(&wanted);
    let scored = known.into_iter().take(MOST).filter_map(|candidate| {
        let lower = candidate.to_lowercase();
        let score = likeness(&wanted, &lower).filter(|_| same_origin(&lower))?;
        Some((score, lower.chars().count(), candidate))
    });
    let best = |a: &(f64, usize, &str), b: &(f64, usize, &str)| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1));
    // Of equals the first: tables name the usual before the special.
    scored.reduce(|a, b| if best(&a, &b).is_lt() { b } else { a }).map(|(_, _, candidate)| candidate)
}

/// Whether a name says that it is of plants: a fossil fuel is never proposed for it, nor it for one.
fn is_biogenic(name: &str) -> bool {
    name.contains("生物") || name.starts_with("bio") || name.contains("_bio") || name.contains(" bio")
}

/// How well a known name fits a word, both in small letters; `None` where it does not. Higher levels come first.
fn likeness(wanted: &str, known: &str) -> Option<f64> {
    const CLOSE: f64 = 0.6;
    let (own, other) = (wanted.chars().count(), known.chars().count());
    if own < 2 {
        return None;
    }
    let shorter = own.min(other);
    // A slip of the hand in a long name is nearer than a short name inside of it.
    let slip = if shorter >= 5 { strsim::normalized_damerau_levenshtein(wanted, known) } else { 0.0 };
    if slip >= 0.8 {
        return Some(10.0 + slip);
    }
    // A word of one sign stands inside of everything.
    if shorter >= 2 && holds(wanted, known) {
        return Some(3.0 + other as f64 / own as f64);
    }
    if shorter >= 2 && holds(known, wanted) {
        // What ends with the word is a kind of it, what begins with it is something of it.
        let kind = if known.ends_with(wanted) { 0.5 } else { 0.0 };
        return Some(2.0 + kind + 0.4 * own as f64 / other as f64);
    }
    // Each letter that is too much or too few is one step.
    let reach = 1.0 - own.abs_diff(other) as f64 / own.max(other).max(1) as f64;
    if reach < 0.4 {
        return None;
    }
    let score = if is_chinese(wanted) && is_chinese(known) {
        shared_signs(wanted, known)
    } else {
        strsim::normalized_damerau_levenshtein(wanted, known).max(strsim::jaro_winkler(wanted, known) * 0.8)
    };
    (score >= CLOSE).then_some(score)
}

/// Whether a word stands inside another: anywhere between Chinese signs, between borders where it is of letters.
fn holds(text: &str, word: &str) -> bool {
    let border = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        let inner = |sign: Option<char>, beside: Option<char>| {
            sign.is_none_or(|c| !c.is_ascii_alphanumeric()) || border(beside)
        };
        inner(word.chars().next(), before) && inner(word.chars().next_back(), after)
    })
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// The share of signs that two Chinese words have in common. The last one says what a thing is: 煤制气 is a gas and no coal.
fn shared_signs(wanted: &str, known: &str) -> f64 {
    let mut left: Vec<char> = known.chars().collect();
    let (own, other) = (wanted.chars().count(), left.len());
    let mut common = 0;
    for sign in wanted.chars() {
        if let Some(at) = left.iter().position(|c| *c == sign) {
            left.swap_remove(at);
            common += 1;
        }
    }
    let head = wanted.chars().next_back() == known.chars().next_back();
    let general = known.starts_with("其他") || known.starts_with("其它");
    let share = common as f64 / own.max(other) as f64;
    // One sign in common of two makes no likeness: 柴油 and 汽油 are two fuels.
    if common < 2 && own > 1 {
        return 0.0;
    }
    if head { share + 0.15 + if general { 0.05 } else { 0.0 } } else { share - 0.1 }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_suggestion_does_not_mislead() {
        let known = [
            "汽油",
            "生物汽油",
            "柴油",
            "生物柴油",
            "污水污泥",
            "生活污水",
            "污水处理量",
            "森林面积",
            "森林蓄积",
            "煤制品",
            "焦炉煤气",
            "其他煤气",
            "天然气",
            "羊",
            "山羊",
            "gasoline",
            "biogasoline",
            "test_coal",
            "test_ore",
            "原煤",
        ];
        let cases = [
            ("93#汽油", Some("汽油")),
            ("生物质汽油", Some("生物汽油")),
            ("污水", Some("生活污水")),
            ("森林", Some("森林面积")),
            ("煤制气", Some("其他煤气")),
            ("羊（山羊）", Some("山羊")),
            ("油", None),
            ("煤油", None),
            ("原油", None),
            ("test_cool", Some("test_coal")),
            ("gasolin", Some("gasoline")),
            ("gasoline 95", Some("gasoline")),
            ("zzz", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
        assert_eq!(nearest(&"z".repeat(1_000_000), known), None);
    }
}
