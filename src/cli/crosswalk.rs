//! `qingdan crosswalk`: the classes of other schemes with the categories that fall into them, found by any word of either.

use super::{ExitStatus, Terminal};
use crate::code::Coded;
use crate::crosswalk::{CrosswalkRule, Scheme};
use crate::error::Result;
use crate::say;
use crate::study::{Vocabulary, read_library};

pub(super) fn crosswalk(wanted: &[String], page: &mut Terminal) -> Result<ExitStatus> {
    let words = read_library()?.words;
    let wanted: Vec<String> = wanted.iter().map(|word| word.to_lowercase()).collect();
    let (mut count, mut all) = (0, 0);
    for scheme in &words.schemes {
        let of_categories = scheme.of_categories(&words.categories);
        for class in 0..scheme.classes.len() {
            let held: Vec<usize> =
                (0..of_categories.len()).filter(|&category| of_categories[category] == class).collect();
            let special = scheme.rules.iter().filter(|rule| rule.class == class && !rule.is_plain()).collect();
            let entry = SchemeEntry { words: &words, scheme, class, held, special };
            let text = entry.searchable();
            all += 1;
            if wanted.iter().all(|word| text.contains(word)) {
                count += 1;
                page.line(entry.describe());
            }
        }
    }
    page.say(&say!("{count} 个类别（对照表共 {all} 个）", "{count} of {all} classes"));
    Ok(ExitStatus::Complete)
}

/// A class with the categories that fall into it, and the rules that ask for more than a category.
struct SchemeEntry<'a> {
    words: &'a Vocabulary,
    scheme: &'a Scheme,
    class: usize,
    held: Vec<usize>,
    special: Vec<&'a CrosswalkRule>,
}

impl SchemeEntry<'_> {
    fn searchable(&self) -> String {
        let categories = &self.words.categories;
        let names = self.held.iter().map(|&index| categories.get(index).names().join(" "));
        format!("{} {}", self.describe(), names.collect::<Vec<_>>().join(" ")).to_lowercase()
    }

    /// Scheme, code, name, and what falls into the class.
    fn describe(&self) -> String {
        let class = &self.scheme.classes[self.class];
        let plain = self.held.iter().map(|&index| self.words.categories.code(index).to_string());
        let parts: Vec<String> = plain.chain(self.special.iter().map(|rule| self.spell(rule))).collect();
        format!("{} | {} | {} | {}", self.scheme.name, class.code, class.name(), parts.join(", "))
    }

    /// `1.A.2 + biomass`: a category and what else has to be.
    fn spell(&self, rule: &CrosswalkRule) -> String {
        let words = self.words;
        let category = rule.category.map_or("*", |index| words.categories.code(index));
        let item = rule.item.map_or("", |index| words.items.code(index));
        let pollutant = rule.pollutant.map_or("", |index| words.pollutants.code(index));
        let parts = [category, item, &rule.kind, &rule.technology, pollutant];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" + ")
    }
}
