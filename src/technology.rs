//! Technologies: processes, devices, classes of animals and vehicles, ways of counting, that methods and parameters tell rows apart by.

use crate::category;
use crate::code::Codebook;

/// A row of `technologies.csv`.
#[derive(Debug, Clone)]
pub struct Technology {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub aliases: Vec<String>,
    /// Codes of the categories that it has a meaning in; none is all.
    pub categories: Vec<String>,
}

crate::coded!(Technology);

/// The technologies by code.
pub type Technologies = Codebook<Technology>;

impl Technology {
    /// Whether it has a meaning in a category, or in one above or below it.
    pub fn is_of(&self, category: &str) -> bool {
        self.categories.is_empty() || self.categories.iter().any(|own| category::overlap(own, category))
    }
}

impl Technologies {
    /// The code that a word means in a category (empty: in any), or the word itself where it means none: 国四 is `国IV`,
    /// and a word that a study made up stays as it is.
    pub fn code_of<'a>(&'a self, word: &'a str, category: &str) -> &'a str {
        match self.find(word) {
            Ok(index) if self.code(index) == word || self.get(index).is_of(category) => self.code(index),
            _ => word,
        }
    }

    /// The code or name of a category's technologies that looks most like a word.
    pub fn nearest_of(&self, word: &str, category: &str) -> Option<&str> {
        let of = self.iter().map(|(_, entry)| entry).filter(|entry| entry.is_of(category));
        let names = of.flat_map(|entry| {
            let names = [entry.code.as_str(), entry.name_zh.as_str(), entry.name_en.as_str()];
            names.into_iter().chain(entry.aliases.iter().map(String::as_str))
        });
        crate::error::nearest(word, names)
    }
}
