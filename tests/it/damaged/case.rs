//! One damaged study: what is done to which files of the base.

pub enum Damage {
    /// One text becomes another.
    Edit(String, String),
    /// A line is added at the end.
    Line(String),
    /// The whole content is another.
    Content(Vec<u8>),
    Removed,
}

pub struct Case {
    pub name: String,
    /// File and damage, in order.
    pub damages: Vec<(String, Damage)>,
}

impl Case {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_string(), damages: Vec::new() }
    }

    pub fn edit(self, file: &str, from: &str, to: &str) -> Self {
        self.with(file, Damage::Edit(from.to_string(), to.to_string()))
    }

    pub fn line(self, file: &str, line: &str) -> Self {
        self.with(file, Damage::Line(line.to_string()))
    }

    pub fn content(self, file: &str, content: impl Into<Vec<u8>>) -> Self {
        self.with(file, Damage::Content(content.into()))
    }

    pub fn removed(self, file: &str) -> Self {
        self.with(file, Damage::Removed)
    }

    fn with(mut self, file: &str, damage: Damage) -> Self {
        self.damages.push((file.to_string(), damage));
        self
    }
}

/// One edit of one file for each line of a table: name, from, to.
pub fn edits(file: &str, table: &[(&str, &str, &str)]) -> Vec<Case> {
    table.iter().map(|(name, from, to)| Case::new(name).edit(file, from, to)).collect()
}
