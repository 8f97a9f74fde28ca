//! Codes, names and aliases: every table may say `raw_coal`, 原煤 or an alias, and means one thing.

use crate::error::{Text, nearest};
use crate::say;
use foldhash::{HashMap, HashMapExt};

/// A thing with a code and names: an area, a category, an item, a pollutant.
pub trait Coded {
    fn code(&self) -> &str;
    /// Names and aliases beside the code.
    fn names(&self) -> Vec<&str>;
    fn name_zh(&self) -> &str;
    fn name_en(&self) -> &str;
}

/// A dictionary of coded things. A name that two codes share is known, but refused as ambiguous.
#[derive(Debug, Clone)]
pub struct Codebook<T> {
    entries: Vec<T>,
    codes: HashMap<String, usize>,
    names: HashMap<String, Vec<usize>>,
}

impl<T: Coded> Codebook<T> {
    /// Later entries replace earlier ones of the same code. A study's own entries start at `local`: a name that they
    /// claim is theirs, whatever the library calls so.
    pub fn new(entries: Vec<T>, local: usize) -> Self {
        let mut codes = HashMap::new();
        let mut kept: Vec<(T, bool)> = Vec::with_capacity(entries.len());
        for (position, entry) in entries.into_iter().enumerate() {
            match codes.get(entry.code()) {
                Some(&index) => kept[index] = (entry, position >= local),
                None => {
                    codes.insert(entry.code().to_string(), kept.len());
                    kept.push((entry, position >= local));
                }
            }
        }
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for own in [true, false] {
            let claimed = names.clone();
            for (index, (entry, _)) in kept.iter().enumerate().filter(|(_, (_, local))| *local == own) {
                for name in entry.names().into_iter().map(str::to_lowercase) {
                    let owners = names.entry(name.clone()).or_default();
                    if !name.is_empty() && !claimed.contains_key(&name) && !owners.contains(&index) {
                        owners.push(index);
                    }
                }
            }
        }
        names.remove("");
        Self { entries: kept.into_iter().map(|(entry, _)| entry).collect(), codes, names }
    }

    /// The index of a code, name or alias; codes come first.
    pub fn find(&self, text: &str) -> Result<usize, Text> {
        if let Some(&index) = self.codes.get(text) {
            return Ok(index);
        }
        match self.names.get(&text.to_lowercase()).map(Vec::as_slice) {
            Some([index]) => Ok(*index),
            Some(owners) => {
                let codes: Vec<&str> = owners.iter().map(|&index| self.entries[index].code()).collect();
                let both =
                    |&index: &usize| format!("{}（{}）", self.entries[index].name_zh(), self.entries[index].code());
                let names: Vec<String> = owners.iter().map(both).collect();
                let (codes_en, names_zh) = (codes.join(", "), names.join("、"));
                Err(say!("'{text}' 指代不明：可为 {names_zh}", "'{text}' may mean each of {codes_en}; give the code"))
            }
            None => Err(say!("不认识 '{text}'", "'{text}' is not known")),
        }
    }

    /// Index of a code.
    pub fn index(&self, code: &str) -> Option<usize> {
        self.codes.get(code).copied()
    }

    /// The code or name that is most likely meant by `text`; none for a name that is known and ambiguous. Of the names of
    /// one thing the Chinese one is given where it fits as well as the alias that was found.
    pub fn nearest(&self, text: &str) -> Option<&str> {
        if self.names.contains_key(&text.to_lowercase()) {
            return None;
        }
        let named =
            |entry: &'_ T| self.names.get(&entry.name_zh().to_lowercase()).is_some_and(|owners| owners.len() == 1);
        let known = self.entries.iter().flat_map(|entry| [entry.code()].into_iter().chain(entry.names()));
        let found = nearest(text, known.filter(|name| !name.is_empty()))?;
        let owner = self.find(found).ok().map(|index| &self.entries[index]);
        let chief = owner.filter(|entry| named(entry)).map(|entry| entry.name_zh());
        Some(chief.filter(|name| name.contains(text)).unwrap_or(found))
    }

    /// The entry at an index.
    pub fn get(&self, index: usize) -> &T {
        &self.entries[index]
    }

    /// The code at an index.
    pub fn code(&self, index: usize) -> &str {
        self.entries[index].code()
    }

    /// All entries with their indices, in order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.entries.iter().enumerate()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Coded things in a tree: each names the code above it, the top none.
pub trait Tree: Coded {
    fn parent(&self) -> &str;
    fn set_parent(&mut self, code: String);
}

impl<T: Tree> Codebook<T> {
    /// Puts the code in the place of a parent's name: 四川省 is `sichuan`.
    pub fn with_parents(mut self) -> Self {
        for index in 0..self.entries.len() {
            let parent = self.entries[index].parent();
            if let (None, Ok(named)) = (self.index(parent), self.find(parent)) {
                let code = self.entries[named].code().to_string();
                self.entries[index].set_parent(code);
            }
        }
        self
    }

    /// The entry and all above it, the nearest first. A loop ends the walk; [`Self::has_cycle`] finds it.
    pub fn ancestors(&self, index: usize) -> Vec<usize> {
        let mut line = vec![index];
        while let Some(parent) = self.index(self.entries[line[line.len() - 1]].parent()) {
            if line.contains(&parent) {
                break;
            }
            line.push(parent);
        }
        line
    }

    /// Whether the walk up from here comes back to where it was.
    pub fn has_cycle(&self, index: usize) -> bool {
        let line = self.ancestors(index);
        self.index(self.entries[line[line.len() - 1]].parent()).is_some()
    }
}

/// Splits `a|b|c`, also with full-width bars and blanks.
pub fn aliases(text: &str) -> Vec<String> {
    text.split(['|', '｜']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_string).collect()
}

/// Implements [`Coded`] for a struct with `code`, `name_zh`, `name_en` and `aliases`.
#[macro_export]
macro_rules! coded {
    ($type:ty) => {
        impl $crate::code::Coded for $type {
            fn code(&self) -> &str {
                &self.code
            }
            fn names(&self) -> Vec<&str> {
                let names = [self.name_zh.as_str(), self.name_en.as_str()];
                names.into_iter().chain(self.aliases.iter().map(String::as_str)).collect()
            }
            fn name_zh(&self) -> &str {
                &self.name_zh
            }
            fn name_en(&self) -> &str {
                &self.name_en
            }
        }
    };
}

/// Implements [`Tree`] for a struct with `parent`.
#[macro_export]
macro_rules! tree {
    ($type:ty) => {
        impl $crate::code::Tree for $type {
            fn parent(&self) -> &str {
                &self.parent
            }
            fn set_parent(&mut self, code: String) {
                self.parent = code;
            }
        }
    };
}
