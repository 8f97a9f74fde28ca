//! Tables as the page holds them: column by column, words once each.

use crate::error::Text;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Words that are written once and named by their place.
#[derive(Default)]
pub(super) struct Strings {
    all: Vec<String>,
    places: HashMap<String, usize>,
}

impl Strings {
    pub fn place(&mut self, text: &str) -> usize {
        if let Some(&place) = self.places.get(text) {
            return place;
        }
        self.all.push(text.to_string());
        self.places.insert(text.to_string(), self.all.len() - 1);
        self.all.len() - 1
    }

    pub fn value(self) -> Value {
        json!(self.all)
    }
}

/// Both languages of a sentence.
pub(super) fn pair(text: &Text) -> Value {
    json!([text.zh, text.en])
}

/// A table under construction. `kind` tells the page how a column is shown: `text`, `number`, `year`, `percent`, `word.…`,
/// or the codebook that its codes are of.
pub(super) struct PageTable {
    rows: usize,
    columns: Vec<Value>,
}

impl PageTable {
    pub fn new(rows: usize) -> Self {
        Self { rows, columns: Vec::new() }
    }

    /// Codes or texts.
    pub fn words<T>(mut self, (key, kind): (&str, &str), rows: &[T], cell: impl Fn(&T) -> String) -> Self {
        let mut strings = Strings::default();
        let places: Vec<usize> = rows.iter().map(|row| strings.place(&cell(row))).collect();
        self.columns.push(json!({ "key": key, "kind": kind, "words": strings.value(), "at": places }));
        self
    }

    /// Sentences in both languages.
    pub fn texts<T>(mut self, key: &str, rows: &[T], cell: impl Fn(&T) -> Text) -> Self {
        let mut all: Vec<Text> = Vec::new();
        let mut places = Vec::new();
        for row in rows {
            let text = cell(row);
            let place = all.iter().position(|known| *known == text).unwrap_or_else(|| {
                all.push(text);
                all.len() - 1
            });
            places.push(place);
        }
        let all: Vec<Value> = all.iter().map(pair).collect();
        self.columns.push(json!({ "key": key, "kind": "texts", "words": all, "at": places }));
        self
    }

    pub fn numbers<T>(mut self, (key, kind): (&str, &str), rows: &[T], cell: impl Fn(&T) -> Option<f64>) -> Self {
        let values: Vec<Option<f64>> = rows.iter().map(|row| cell(row).map(|value| value + 0.0)).collect();
        self.columns.push(json!({ "key": key, "kind": kind, "values": values }));
        self
    }

    pub fn years<T>(mut self, key: &str, rows: &[T], cell: impl Fn(&T) -> Option<i32>) -> Self {
        let values: Vec<Option<i32>> = rows.iter().map(cell).collect();
        self.columns.push(json!({ "key": key, "kind": "year", "values": values }));
        self
    }

    /// The table; nothing where it has no rows.
    pub fn value(self) -> Option<Value> {
        (self.rows > 0).then(|| json!({ "rows": self.rows, "columns": self.columns }))
    }
}
