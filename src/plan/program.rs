//! A formula as a list of steps over a stack of lanes: no recursion, so that all of it is compiled for the widest vectors.

use super::formula::Formula;
use super::lane::Lane;
use crate::expression::{Comparison, Function, Operator};

/// One step; it takes its parts from the top of the stack and leaves its value there.
#[derive(Debug, Clone, Copy)]
enum Step {
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
    Negative,
    /// Times a number.
    Scale(f64),
    Binary(Operator),
    Min,
    Max,
    Exp,
    Ln,
    If(Comparison),
}

/// The steps of a chain, in the order in which they are taken.
#[derive(Debug, Clone)]
pub(super) struct Program {
    steps: Vec<Step>,
}

/// What a program is run with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    pub amount: &'a Lane,
    pub age: f64,
    /// Years of the activity and of the emission.
    pub at: usize,
    pub now: usize,
    pub factors: &'a [Lane],
    /// Cell × year, and the number of years.
    pub cells: (&'a [Lane], usize),
}

impl<'a> Given<'a> {
    /// Of a chain whose value is the same in all years.
    pub fn per(amount: &'a Lane, factors: &'a [Lane]) -> Self {
        Self { amount, age: 0.0, at: 0, now: 0, factors, cells: (&[], 0) }
    }
}

impl Program {
    pub fn of(formula: &Formula) -> Self {
        let mut steps = Vec::new();
        write(formula, &mut steps);
        Self { steps }
    }

    /// The value in each lane. `stack` is room that many evaluations share.
    #[inline(always)]
    pub fn evaluate(&self, given: &Given<'_>, stack: &mut Vec<Lane>) -> Lane {
        stack.clear();
        for step in &self.steps {
            let value = match *step {
                Step::Number(number) => Lane::all(number),
                Step::Amount => *given.amount,
                Step::Age => Lane::all(given.age),
                Step::Drawn(value, slot) => given.factors[slot].map(|factor| value * factor),
                Step::Cell { cell, now, drawn } => {
                    let year = if now { given.now } else { given.at };
                    let values = &given.cells.0[cell * given.cells.1 + year];
                    drawn.map_or(*values, |slot| values.zip(&given.factors[slot], |value, factor| value * factor))
                }
                other => act(other, stack),
            };
            stack.push(value);
        }
        pop(stack)
    }
}

#[inline(always)]
fn pop(stack: &mut Vec<Lane>) -> Lane {
    stack.pop().unwrap_or(Lane::all(f64::NAN))
}

/// A step that takes parts from the stack.
#[inline(always)]
fn act(step: Step, stack: &mut Vec<Lane>) -> Lane {
    let last = pop(stack);
    match step {
        Step::Negative => last.map(|value| -value),
        Step::Scale(factor) => last.map(|value| value * factor),
        Step::Exp => last.map(f64::exp),
        Step::Ln => last.map(f64::ln),
        Step::If(comparison) => {
            let [yes, right, left] = [pop(stack), pop(stack), pop(stack)];
            Lane::from_fn(|lane| if comparison.holds(left[lane], right[lane]) { yes[lane] } else { last[lane] })
        }
        Step::Min => pop(stack).zip(&last, f64::min),
        Step::Max => pop(stack).zip(&last, f64::max),
        Step::Binary(operator) => binary(operator, &pop(stack), &last),
        // What reads no part has been answered before.
        Step::Number(_) | Step::Amount | Step::Age | Step::Drawn(..) | Step::Cell { .. } => last,
    }
}

/// The operator is chosen once for all lanes.
#[inline(always)]
fn binary(operator: Operator, a: &Lane, b: &Lane) -> Lane {
    match operator {
        Operator::Add => a.zip(b, |a, b| a + b),
        Operator::Subtract => a.zip(b, |a, b| a - b),
        Operator::Multiply => a.zip(b, |a, b| a * b),
        Operator::Divide => a.zip(b, |a, b| a / b),
        Operator::Power => a.zip(b, f64::powf),
    }
}

fn write(formula: &Formula, steps: &mut Vec<Step>) {
    let mut all = |parts: &[&Formula]| parts.iter().for_each(|part| write(part, steps));
    let last = match formula {
        Formula::Number(number) => Step::Number(*number),
        Formula::Amount => Step::Amount,
        Formula::Age => Step::Age,
        Formula::Drawn(value, slot) => Step::Drawn(*value, *slot),
        Formula::Cell { cell, now, drawn } => Step::Cell { cell: *cell, now: *now, drawn: *drawn },
        Formula::Negative(a) => {
            all(&[a]);
            Step::Negative
        }
        Formula::Binary(Operator::Multiply, a, b) => match (&**a, &**b) {
            (Formula::Number(number), other) | (other, Formula::Number(number)) => {
                all(&[other]);
                Step::Scale(*number)
            }
            _ => {
                all(&[a, b]);
                Step::Binary(Operator::Multiply)
            }
        },
        Formula::Binary(operator, a, b) => {
            all(&[a, b]);
            Step::Binary(*operator)
        }
        Formula::Call(Function::Exp, parts) => {
            all(&parts.iter().take(1).collect::<Vec<_>>());
            Step::Exp
        }
        Formula::Call(Function::Ln, parts) => {
            all(&parts.iter().take(1).collect::<Vec<_>>());
            Step::Ln
        }
        Formula::Call(Function::Min, parts) => return extreme(parts, Step::Min, steps),
        Formula::Call(Function::Max, parts) => return extreme(parts, Step::Max, steps),
        Formula::If(comparison, parts) => {
            all(&parts.each_ref());
            Step::If(*comparison)
        }
    };
    steps.push(last);
}

/// The least or the greatest of all parts, two at a time.
fn extreme(parts: &[Formula], step: Step, steps: &mut Vec<Step>) {
    for (at, part) in parts.iter().enumerate() {
        write(part, steps);
        if at > 0 {
            steps.push(step);
        }
    }
}
