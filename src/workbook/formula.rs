//! The formula of an emission over the cells of activity and parameters, written from the same tree that estimated it.

use super::Book;
use super::inputs::InputCells;
use super::sheet::cell_of;
use super::sheet_names::Tab;
use crate::expression::{Expression, GENERATED, Use, computes, to_excel};
use crate::inventory::Emission;
use crate::matching::{Binding, ResolvedMethod, ValueSource};

/// A part of a formula that has a cell of its own: a year's share of a stock, or a derived parameter that is too long to stand in its place.
pub(super) struct FormulaStep<'a> {
    pub emission: &'a Emission,
    /// What it is; none for the share of a stock.
    pub name: Option<String>,
    /// The activity row.
    pub row: u32,
    pub method: usize,
    pub formula: String,
    pub value: f64,
}

/// The first row of values of the sheet of steps, and the column of their values.
pub(super) const FIRST_STEP: u32 = 3;
pub(super) const STEP_VALUE: u16 = 7;

/// More characters than this do not fit in a cell.
const LONGEST: usize = 8_000;
/// A derived parameter longer than this reads better in a cell of its own.
const NESTED: usize = 400;

/// Writes formulas, and the steps that they need.
pub(super) struct Formulas<'a, 'b> {
    book: &'b Book<'a>,
    inputs: &'b InputCells,
    pub steps: Vec<FormulaStep<'a>>,
}

/// Where a formula stands and what it is about.
#[derive(Clone, Copy)]
pub(super) struct FormulaContext<'a, 'c> {
    pub emission: &'a Emission,
    /// The activity row.
    row: u32,
    /// The cell of the emission's year.
    pub year: &'c str,
    /// The cell of the mass before removal, where the row has one.
    pub generated: Option<&'c str>,
}

impl<'a, 'b> Formulas<'a, 'b> {
    pub fn new(book: &'b Book<'a>, inputs: &'b InputCells) -> Self {
        Self { book, inputs, steps: Vec::new() }
    }

    /// The formula of an emission; `None` where a spreadsheet could not hold or compute it.
    pub fn emitted(&mut self, emission: &'a Emission, (year, generated): (&str, Option<&str>)) -> Option<String> {
        let inventory = self.book.source.inventory;
        let place = FormulaContext { emission, row: emission.row, year, generated };
        if emission.stock.is_none() {
            return self.whole(&self.binding(emission.binding).emitted, place);
        }
        let before = self.steps.len();
        for (row, binding) in inventory.parts(emission) {
            let resolved = &self.binding(binding).emitted;
            let place = FormulaContext { row, ..place };
            let formula = self.whole(resolved, place);
            let (Some(formula), Some(value)) = (formula, self.value(resolved, place)) else {
                self.steps.truncate(before);
                return None;
            };
            self.steps.push(FormulaStep { emission, name: None, row, method: resolved.method, formula, value });
        }
        // Steps of steps stand before the step they belong to: the shares are those without a name.
        let shares = self.steps.iter().enumerate().skip(before).filter(|(_, step)| step.name.is_none());
        let cells: Vec<String> = shares.map(|(index, _)| self.cell(index)).collect();
        let sum = match cells.as_slice() {
            all if all.len() == self.steps.len() - before && all.len() > 1 => {
                let (first, last) = (&all[0], &all[all.len() - 1]);
                format!("SUM({first}:{})", last.rsplit('!').next().unwrap_or(last))
            }
            all => all.join("+"),
        };
        if sum.chars().count() > LONGEST {
            self.steps.truncate(before);
            return None;
        }
        Some(sum)
    }

    /// The formula of the mass before removal.
    pub fn generated(&mut self, emission: &'a Emission, year: &str) -> Option<String> {
        let resolved = self.binding(emission.binding).generated.as_ref()?;
        self.whole(resolved, FormulaContext { emission, row: emission.row, year, generated: None })
    }

    fn binding(&self, index: u32) -> &'a Binding {
        &self.book.source.inventory.matches.bindings[index as usize]
    }

    fn cell(&self, step: usize) -> String {
        cell_of(self.book.tabs.name(&Tab::Steps), FIRST_STEP + step as u32, STEP_VALUE)
    }

    /// The formula with short derived parameters in their places; where that is too long each in a cell of its own.
    fn whole(&mut self, resolved: &'a ResolvedMethod, place: FormulaContext<'a, '_>) -> Option<String> {
        self.value(resolved, place)?;
        let before = self.steps.len();
        for nested in [NESTED, 0] {
            self.steps.truncate(before);
            let text = self.spell(resolved, place, nested)?;
            if text.chars().count() <= LONGEST
                && self.steps[before..].iter().all(|step| step.formula.chars().count() <= LONGEST)
            {
                return Some(text);
            }
        }
        self.steps.truncate(before);
        None
    }

    fn spell(&mut self, resolved: &'a ResolvedMethod, place: FormulaContext<'a, '_>, nested: usize) -> Option<String> {
        let mut leaves: Vec<(&Use, String)> = Vec::new();
        for (used, input) in &resolved.inputs {
            let leaf = match (input, place.generated) {
                (ValueSource::Amount, _) => self.inputs.amount(place.row),
                (ValueSource::Age, _) => format!("({}-{})", place.year, self.inputs.year(place.row)),
                (ValueSource::Parameter(index), _) => self.inputs.parameter(*index).unwrap_or_default(),
                (ValueSource::Method(_), Some(cell)) if used.name == GENERATED => cell.to_string(),
                (ValueSource::Method(inner), _) => self.nested(used, inner, place, nested)?,
            };
            leaves.push((used, leaf));
        }
        let tree = &self.book.source.inventory.study.methods[resolved.method].expression;
        Some(to_excel(tree, &|used| {
            leaves.iter().find(|(name, _)| *name == used).map_or(String::new(), |(_, leaf)| leaf.clone())
        }))
    }

    /// A derived parameter: in parentheses, or as the cell of a step; `None` where that cell would have no number, as in the branch of
    /// an `if` that is not taken.
    fn nested(
        &mut self,
        used: &Use,
        inner: &'a ResolvedMethod,
        place: FormulaContext<'a, '_>,
        nested: usize,
    ) -> Option<String> {
        let formula = self.spell(inner, place, nested)?;
        let tree = &self.book.source.inventory.study.methods[inner.method].expression;
        if matches!(tree, Expression::Name(_)) {
            return Some(formula);
        }
        if formula.chars().count() <= nested {
            return Some(format!("({formula})"));
        }
        let value = self.value(inner, place)?;
        let FormulaContext { emission, row, .. } = place;
        self.steps.push(FormulaStep {
            emission,
            name: Some(used.name.clone()),
            row,
            method: inner.method,
            formula,
            value,
        });
        Some(self.cell(self.steps.len() - 1))
    }

    /// What a spreadsheet makes of it.
    fn value(&self, resolved: &ResolvedMethod, place: FormulaContext<'_, '_>) -> Option<f64> {
        let study = self.book.source.inventory.study;
        let of = |used: &Use| match resolved.input(used)? {
            ValueSource::Amount => Some(study.activity.amount[place.row as usize]),
            ValueSource::Age => Some(f64::from(place.emission.year - study.activity.year[place.row as usize])),
            ValueSource::Parameter(index) => Some(study.ladder.parameters[*index].canonical()),
            ValueSource::Method(inner) => self.value(inner, place),
        };
        computes(&study.methods[resolved.method].expression, &of)
    }
}
