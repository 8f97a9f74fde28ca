//! The note that says what a chart could not show because nobody estimated it.

use super::text_layout::is_chinese;

/// Marks a year or a row whose total is incomplete.
pub const STAR: &str = "*";
/// The same on the line of a net total, where it is drawn as a dot.
pub const HOLLOW: &str = "○";

/// One line, `* 未估算：农业 2016–2018、2020；废弃物 2019`; nothing when nothing is missing.
pub fn note(word: &str, gaps: &[(String, Vec<String>)]) -> Option<String> {
    let (colon, semicolon, comma) =
        if word.chars().any(is_chinese) { ("：", "；", "、") } else { (": ", "; ", ", ") };
    let parts: Vec<String> = gaps
        .iter()
        .filter(|(_, places)| !places.is_empty())
        .map(|(label, places)| format!("{label} {}", places.join(comma)))
        .collect();
    if parts.is_empty() { None } else { Some(format!("{word}{colon}{}", parts.join(semicolon))) }
}

/// One line of names, `word：甲；乙`; nothing for no names.
pub fn list(word: &str, names: &[String]) -> Option<String> {
    let (colon, semicolon) = if word.chars().any(is_chinese) { ("：", "；") } else { (": ", "; ") };
    if names.is_empty() { None } else { Some(format!("{word}{colon}{}", names.join(semicolon))) }
}

/// Neighbours among the years of a table as ranges.
pub fn ranges(years: &[i32], missing: impl Fn(usize) -> bool) -> Vec<String> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for place in (0..years.len()).filter(|place| missing(*place)) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == place => *last = place,
            _ => runs.push((place, place)),
        }
    }
    let written = |(first, last): (usize, usize)| match last - first {
        0 => years[first].to_string(),
        _ => format!("{}–{}", years[first], years[last]),
    };
    runs.into_iter().map(written).collect()
}
