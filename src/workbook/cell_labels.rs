//! Names as cells show them and as sums find them again: one name for one thing, none that `SUMIFS` reads otherwise.

use super::sheet::shortened;
use crate::category::{Scope, sector_name};
use crate::code::{Codebook, Coded};
use crate::error::Language;
use crate::study::{Vocabulary, name};
use std::collections::{BTreeMap, HashSet};

/// The label of every coded thing, by its index.
#[derive(Debug)]
pub(super) struct Labels {
    pub categories: Vec<String>,
    pub items: Vec<String>,
    pub pollutants: Vec<String>,
    sectors: BTreeMap<String, String>,
    language: Language,
}

impl Labels {
    pub fn new(words: &Vocabulary, language: Language) -> Self {
        let zh = language == Language::Zh;
        let category =
            |index: usize| format!("{} {}", words.categories.code(index), name(&words.categories, index, zh));
        let sectors: Vec<String> = words.categories.iter().map(|(_, category)| category.sector.clone()).collect();
        let mut kept: Vec<String> = Vec::new();
        for sector in sectors {
            if !kept.contains(&sector) {
                kept.push(sector);
            }
        }
        let named =
            |sector: &String| if zh { sector_name(sector).0.to_string() } else { sector_name(sector).1.to_string() };
        let shown = unique(kept.iter().map(|sector| (named(sector), sector.clone())));
        Self {
            categories: of(&words.categories, category),
            items: of(&words.items, |index| name(&words.items, index, zh).to_string()),
            pollutants: of(&words.pollutants, |index| words.pollutants.code(index).to_string()),
            sectors: kept.into_iter().zip(shown).collect(),
            language,
        }
    }

    pub fn sector(&self, sector: &str) -> &str {
        self.sectors.get(sector).map_or("", String::as_str)
    }

    pub fn scope(&self, scope: Scope) -> &'static str {
        let (zh, en) = match scope {
            Scope::Direct => ("直接", "direct"),
            Scope::Purchased => ("购入", "purchased"),
            Scope::Memo => ("备忘", "memo"),
        };
        if self.language == Language::Zh { zh } else { en }
    }
}

fn of<T: Coded>(book: &Codebook<T>, label: impl Fn(usize) -> String) -> Vec<String> {
    unique((0..book.len()).map(|index| (label(index), book.code(index).to_string())))
}

/// Labels in which upper and lower case make no difference, as `SUMIFS` sees none: a later one of the same name has its code beside it.
fn unique(wanted: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut labels = Vec::new();
    for (number, (label, code)) in wanted.enumerate() {
        let plain = findable(&label);
        let choices = [plain.clone(), findable(&format!("{plain} ({code})")), format!("{plain} #{number}")];
        let free = choices.iter().find(|choice| !taken.contains(&choice.to_lowercase()));
        let label = free.unwrap_or(&plain).clone();
        taken.insert(label.to_lowercase());
        labels.push(label);
    }
    labels
}

/// A criterion of `SUMIFS` reads `*`, `?` and `~` as wildcards, a leading `<`, `=` or `>` as a comparison, and digits alone as a number.
fn findable(text: &str) -> String {
    // A criterion holds 255 characters.
    const LONGEST: usize = 120;
    let wide = |c| match c {
        '*' => '＊',
        '?' => '？',
        '~' => '～',
        c if c.is_control() => ' ',
        c => c,
    };
    let text: String = shortened(text.trim(), LONGEST).chars().map(wide).collect();
    let text = match text.chars().next() {
        Some('=') => text.replacen('=', "＝", 1),
        Some('<') => text.replacen('<', "＜", 1),
        Some('>') => text.replacen('>', "＞", 1),
        None => "–".to_string(),
        Some(_) => text,
    };
    if text.chars().any(char::is_alphabetic) { text } else { format!("[{text}]") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_is_read_as_a_wildcard_a_comparison_or_a_number() {
        let wanted = ["煤*", "=煤", "<3", "1-2", "raw coal", "Raw Coal", "raw coal", ""]
            .map(|label| (label.to_string(), "c".to_string()));
        let labels = unique(wanted.into_iter());
        assert_eq!(labels, ["煤＊", "＝煤", "[＜3]", "[1-2]", "raw coal", "Raw Coal (c)", "raw coal #6", "[–]"]);
    }
}
