//! A chain of methods for many draws at once: one tree whose leaves are numbers, drawn parameters and cells.

use super::lane::Lane;
use super::parameter_paths::CellChange;
use super::stack_program::{Program, ProgramInputs};
use crate::expression::{ComparisonOperator, Expression, Function, Operator, Use};
use crate::matching::{ResolvedMethod, ValueSource};
use crate::study::Study;
use std::collections::BTreeMap;

/// The tree of a chain, with all that no draw moves already computed.
#[derive(Debug, Clone)]
pub(super) enum CompiledFormula {
    Number(f64),
    Amount,
    Age,
    /// A parameter's value, and the place of its factor.
    Drawn(f64, usize),
    Cell {
        cell: usize,
        now: bool,
        drawn: Option<usize>,
    },
    Negative(Box<CompiledFormula>),
    Binary(Operator, Box<CompiledFormula>, Box<CompiledFormula>),
    Call(Function, Vec<CompiledFormula>),
    If(ComparisonOperator, Box<[CompiledFormula; 4]>),
}

/// What a chain is translated with.
pub(super) struct Dictionary<'a> {
    pub study: &'a Study,
    pub changes: &'a [CellChange],
    /// The place of each drawn parameter's factor, by its index on the ladder.
    pub slots: &'a BTreeMap<usize, usize>,
}

impl CompiledFormula {
    pub fn of(dictionary: &Dictionary<'_>, resolved: &ResolvedMethod) -> Self {
        translate(dictionary, resolved, &dictionary.study.methods[resolved.method].expression)
    }

    /// What one unit of the amount gives.
    pub fn per_unit(self) -> Self {
        let each = |part: Box<Self>| Box::new(part.per_unit());
        match self {
            Self::Amount => Self::Number(1.0),
            Self::Negative(a) => Self::Negative(each(a)),
            Self::Binary(Operator::Multiply, a, b) => match (a.per_unit(), b.per_unit()) {
                (Self::Number(1.0), other) | (other, Self::Number(1.0)) => other,
                (a, b) => Self::Binary(Operator::Multiply, Box::new(a), Box::new(b)),
            },
            Self::Binary(operator, a, b) => Self::Binary(operator, each(a), each(b)),
            Self::Call(function, parts) => Self::Call(function, parts.into_iter().map(Self::per_unit).collect()),
            Self::If(comparison, parts) => Self::If(comparison, Box::new(parts.map(Self::per_unit))),
            leaf => leaf,
        }
        .folded()
    }

    /// Whether some draw moves it, its amount apart.
    pub fn is_drawn(&self) -> bool {
        match self {
            Self::Number(_) | Self::Amount | Self::Age => false,
            Self::Drawn(..) | Self::Cell { .. } => true,
            Self::Negative(a) => a.is_drawn(),
            Self::Binary(_, a, b) => a.is_drawn() || b.is_drawn(),
            Self::Call(_, parts) => parts.iter().any(Self::is_drawn),
            Self::If(_, parts) => parts.iter().any(Self::is_drawn),
        }
    }

    /// The value per amount, where no draw moves it.
    pub fn evaluate_once(&self) -> Option<f64> {
        (!self.is_drawn()).then(|| self.value(1.0))
    }

    /// A number and the factors that it is multiplied by, where it is such a product.
    pub fn factors(&self) -> Option<(f64, Vec<usize>)> {
        match self {
            Self::Number(number) => Some((*number, Vec::new())),
            Self::Drawn(value, slot) => Some((*value, vec![*slot])),
            Self::Binary(Operator::Multiply, a, b) => {
                let ((a, mut slots), (b, more)) = (a.factors()?, b.factors()?);
                slots.extend(more);
                Some((a * b, slots))
            }
            _ => None,
        }
    }

    fn value(&self, amount: f64) -> f64 {
        Program::of(self).evaluate(&ProgramInputs::per(&Lane::all(amount), &[]), &mut Vec::new())[0]
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The number that it comes to, where all of its parts are numbers.
    fn folded(self) -> Self {
        let known = match &self {
            Self::Negative(a) => a.number().is_some(),
            Self::Binary(_, a, b) => a.number().is_some() && b.number().is_some(),
            Self::Call(_, parts) => parts.iter().all(|part| part.number().is_some()),
            Self::If(_, parts) => parts.iter().all(|part| part.number().is_some()),
            _ => false,
        };
        if !known {
            return self;
        }
        Self::Number(self.value(0.0))
    }
}

fn translate(dictionary: &Dictionary<'_>, resolved: &ResolvedMethod, expression: &Expression) -> CompiledFormula {
    let of = |part: &Expression| translate(dictionary, resolved, part);
    let boxed = |part: &Expression| Box::new(of(part));
    let formula = match expression {
        Expression::Number(number) => CompiledFormula::Number(*number),
        Expression::Name(name) => leaf(dictionary, resolved, &Use { name: name.clone(), now: false }),
        Expression::Now(name) => leaf(dictionary, resolved, &Use { name: name.clone(), now: true }),
        Expression::Negative(a) => CompiledFormula::Negative(boxed(a)),
        Expression::Binary(operator, a, b) => CompiledFormula::Binary(*operator, boxed(a), boxed(b)),
        Expression::Call(function, parts) => CompiledFormula::Call(*function, parts.iter().map(of).collect()),
        Expression::If(condition, a, b) => CompiledFormula::If(
            condition.comparison,
            Box::new([of(&condition.left), of(&condition.right), of(a), of(b)]),
        ),
    };
    formula.folded()
}

fn leaf(dictionary: &Dictionary<'_>, resolved: &ResolvedMethod, used: &Use) -> CompiledFormula {
    match resolved.input(used) {
        Some(ValueSource::Amount) => CompiledFormula::Amount,
        Some(ValueSource::Age) => CompiledFormula::Age,
        Some(ValueSource::Method(inner)) => CompiledFormula::of(dictionary, inner),
        Some(ValueSource::Parameter(index)) => {
            let drawn = dictionary.slots.get(index).copied();
            let change = dictionary.changes.iter().find(|change| change.used == *used && change.parameter == *index);
            let value = dictionary.study.ladder.parameters[*index].canonical();
            match (change, drawn) {
                (Some(change), drawn) => CompiledFormula::Cell { cell: change.cell, now: used.now, drawn },
                (None, Some(slot)) => CompiledFormula::Drawn(value, slot),
                (None, None) => CompiledFormula::Number(value),
            }
        }
        None => CompiledFormula::Number(f64::NAN),
    }
}
