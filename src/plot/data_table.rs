//! The plain table behind a chart: what was drawn, in the units of its axis, to be written next to the picture.

use super::{
    ChartError, LineKind, RegisterTable, ShareTable, StackedTable, Svg, TrajectoryTable, register, shares, stacked,
    trajectory,
};

/// Column names and cells; an empty cell is a value that is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plain {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Plain {
    pub fn new(columns: &[&str]) -> Self {
        Self { columns: columns.iter().map(ToString::to_string).collect(), rows: Vec::new() }
    }

    pub fn push(&mut self, cells: &[&dyn ToString]) {
        self.rows.push(cells.iter().map(|cell| cell.to_string()).collect());
    }
}

/// A number with all its digits; nothing where there is none.
pub fn cell(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or(String::new(), |value| (value + 0.0).to_string())
}

/// A table that is drawn, and written as it stands.
pub trait Drawable {
    /// # Errors
    /// What cannot be drawn, by its row and year.
    fn draw(&self) -> Result<Svg, ChartError>;
    fn plain(&self) -> Plain;
}

impl Drawable for TrajectoryTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        trajectory(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["kind", "label", "year", "value"]);
        for line in &self.lines {
            let kind = match line.kind {
                LineKind::History | LineKind::Past(_) => "history",
                LineKind::Projection(_) => "projection",
                LineKind::Required => "required",
                LineKind::Reference => "reference",
            };
            line.points.iter().for_each(|point| plain.push(&[&kind, &line.label, &point.year, &point.level]));
            if let Some(summit) = &line.summit {
                let at = |year: i32| line.points.iter().find(|point| point.year == year).map(|point| point.level);
                let (from, to) = summit.plateau;
                for (kind, year) in [("peak", summit.year), ("plateau from", from), ("plateau to", to)] {
                    plain.push(&[&kind, &line.label, &year, &cell(at(year))]);
                }
            }
        }
        for target in &self.targets {
            plain.push(&[&"target", &target.note, &target.year, &cell(target.level)]);
        }
        plain
    }
}

impl Drawable for StackedTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        stacked(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["label", "year", "value"]);
        for layer in &self.layers {
            let amounts = self.years.iter().zip(&layer.amounts);
            amounts.for_each(|(year, amount)| plain.push(&[&layer.label, year, &cell(*amount)]));
        }
        plain
    }
}

impl Drawable for ShareTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        shares(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["group", "label", "part", "value_t"]);
        for row in &self.rows {
            for ((part, _), amount) in self.sectors.iter().zip(&row.parts_t) {
                plain.push(&[&row.group, &row.label, part, &cell(*amount)]);
            }
        }
        plain
    }
}

impl Drawable for RegisterTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        register(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["label", "kind", "value_t"]);
        for row in &self.rows {
            for ((kind, _), amount) in self.kinds.iter().zip(&row.parts_t) {
                plain.push(&[&row.label, kind, &cell(*amount)]);
            }
            plain.push(&[&row.label, &self.offset, &row.offset_t]);
            let allotted = row.allotted.as_ref().map(|(allotted, _)| *allotted);
            plain.push(&[&row.label, &"allotted", &cell(allotted)]);
            plain.push(&[&row.label, &"inventory change", &cell(row.change_t)]);
        }
        plain
    }
}
