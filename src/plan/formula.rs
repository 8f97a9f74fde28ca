//! A chain of methods for many draws at once: one tree whose leaves are numbers, drawn parameters and cells.

use super::cells::CellChange;
use crate::expression::{Comparison, Expression, Function, Operator, Use};
use crate::matching::{Input, Resolved};
use crate::study::Study;
use std::collections::BTreeMap;

/// Draws that are computed side by side.
pub const LANES: usize = 64;

/// A value of each draw.
pub type Lane = [f64; LANES];

/// The tree of a chain, with all that no draw moves already computed.
#[derive(Debug, Clone)]
pub(super) enum Formula {
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
    Negative(Box<Formula>),
    Binary(Operator, Box<Formula>, Box<Formula>),
    Call(Function, Vec<Formula>),
    If(Comparison, Box<[Formula; 4]>),
}

/// What a chain is translated with.
pub(super) struct Dictionary<'a> {
    pub study: &'a Study,
    pub changes: &'a [CellChange],
    /// The place of each drawn parameter's factor, by its index on the ladder.
    pub slots: &'a BTreeMap<usize, usize>,
}

/// What a formula is evaluated with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    pub amount: &'a Lane,
    pub age: f64,
    /// Years of the activity and of the emission.
    pub at: usize,
    pub now: usize,
    pub factors: &'a [Lane],
    /// Cell × year.
    pub cells: &'a [Vec<Lane>],
}

impl Formula {
    pub fn of(dictionary: &Dictionary<'_>, resolved: &Resolved) -> Self {
        translate(dictionary, resolved, &dictionary.study.methods[resolved.method].expression)
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
        let given = Given { amount: &[1.0; LANES], age: 0.0, at: 0, now: 0, factors: &[], cells: &[] };
        (!self.is_drawn()).then(|| self.evaluate(&given)[0])
    }

    pub fn evaluate(&self, given: &Given<'_>) -> Lane {
        match self {
            Self::Number(number) => [*number; LANES],
            Self::Amount => *given.amount,
            Self::Age => [given.age; LANES],
            Self::Drawn(value, slot) => given.factors[*slot].map(|factor| value * factor),
            Self::Cell { cell, now, drawn } => {
                let values = &given.cells[*cell][if *now { given.now } else { given.at }];
                drawn.map_or(*values, |slot| zip(values, &given.factors[slot], |value, factor| value * factor))
            }
            Self::Negative(a) => a.evaluate(given).map(|value| -value),
            Self::Binary(operator, a, b) => binary(*operator, &a.evaluate(given), &b.evaluate(given)),
            Self::Call(function, parts) => call(*function, parts.iter().map(|part| part.evaluate(given))),
            Self::If(comparison, parts) => {
                let [left, right, yes, no] = [0, 1, 2, 3].map(|part: usize| parts[part].evaluate(given));
                std::array::from_fn(|lane| if comparison.holds(left[lane], right[lane]) { yes[lane] } else { no[lane] })
            }
        }
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
        let given = Given { amount: &[0.0; LANES], age: 0.0, at: 0, now: 0, factors: &[], cells: &[] };
        Self::Number(self.evaluate(&given)[0])
    }
}

#[inline]
fn zip(a: &Lane, b: &Lane, of: impl Fn(f64, f64) -> f64) -> Lane {
    std::array::from_fn(|lane| of(a[lane], b[lane]))
}

/// The operator is chosen once for all lanes.
fn binary(operator: Operator, a: &Lane, b: &Lane) -> Lane {
    match operator {
        Operator::Add => zip(a, b, |a, b| a + b),
        Operator::Subtract => zip(a, b, |a, b| a - b),
        Operator::Multiply => zip(a, b, |a, b| a * b),
        Operator::Divide => zip(a, b, |a, b| a / b),
        Operator::Power => zip(a, b, f64::powf),
    }
}

fn call(function: Function, mut parts: impl Iterator<Item = Lane>) -> Lane {
    match function {
        Function::Min => parts.fold([f64::INFINITY; LANES], |a, b| zip(&a, &b, f64::min)),
        Function::Max => parts.fold([f64::NEG_INFINITY; LANES], |a, b| zip(&a, &b, f64::max)),
        Function::Exp => parts.next().map_or([f64::NAN; LANES], |a| a.map(f64::exp)),
        Function::Ln => parts.next().map_or([f64::NAN; LANES], |a| a.map(f64::ln)),
    }
}

fn translate(dictionary: &Dictionary<'_>, resolved: &Resolved, expression: &Expression) -> Formula {
    let of = |part: &Expression| translate(dictionary, resolved, part);
    let boxed = |part: &Expression| Box::new(of(part));
    let formula = match expression {
        Expression::Number(number) => Formula::Number(*number),
        Expression::Name(name) => leaf(dictionary, resolved, &Use { name: name.clone(), now: false }),
        Expression::Now(name) => leaf(dictionary, resolved, &Use { name: name.clone(), now: true }),
        Expression::Negative(a) => Formula::Negative(boxed(a)),
        Expression::Binary(operator, a, b) => Formula::Binary(*operator, boxed(a), boxed(b)),
        Expression::Call(function, parts) => Formula::Call(*function, parts.iter().map(of).collect()),
        Expression::If(condition, a, b) => {
            Formula::If(condition.comparison, Box::new([of(&condition.left), of(&condition.right), of(a), of(b)]))
        }
    };
    formula.folded()
}

fn leaf(dictionary: &Dictionary<'_>, resolved: &Resolved, used: &Use) -> Formula {
    match resolved.input(used) {
        Some(Input::Amount) => Formula::Amount,
        Some(Input::Age) => Formula::Age,
        Some(Input::Method(inner)) => Formula::of(dictionary, inner),
        Some(Input::Parameter(index)) => {
            let drawn = dictionary.slots.get(index).copied();
            let change = dictionary.changes.iter().find(|change| change.used == *used && change.parameter == *index);
            let value = dictionary.study.ladder.parameters[*index].canonical();
            match (change, drawn) {
                (Some(change), drawn) => Formula::Cell { cell: change.cell, now: used.now, drawn },
                (None, Some(slot)) => Formula::Drawn(value, slot),
                (None, None) => Formula::Number(value),
            }
        }
        None => Formula::Number(f64::NAN),
    }
}
