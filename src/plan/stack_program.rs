//! A formula as a list of steps over a stack of lanes: no recursion, so that all of it is compiled for the widest vectors.

use super::compiled_formula::CompiledFormula;
use super::lane::Lane;
use crate::expression::{ComparisonOperator, Function, Operator};

/// One step; it takes its parts from the top of the stack and leaves its value there.
#[derive(Debug, Clone, Copy)]
enum Instruction {
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
    If(ComparisonOperator),
}

/// The steps of a chain, in the order in which they are taken.
#[derive(Debug, Clone)]
pub(super) struct Program {
    steps: Vec<Instruction>,
}

/// What a program is run with.
#[derive(Debug, Clone, Copy)]
pub(super) struct ProgramInputs<'a> {
    pub amount: &'a Lane,
    pub age: f64,
    /// Years of the activity and of the emission.
    pub at: usize,
    pub now: usize,
    pub factors: &'a [Lane],
    /// Cell × year, and the number of years.
    pub cells: (&'a [Lane], usize),
}

impl<'a> ProgramInputs<'a> {
    /// Of a chain whose value is the same in all years.
    pub fn per(amount: &'a Lane, factors: &'a [Lane]) -> Self {
        Self { amount, age: 0.0, at: 0, now: 0, factors, cells: (&[], 0) }
    }
}

impl Program {
    pub fn of(formula: &CompiledFormula) -> Self {
        let mut steps = Vec::new();
        write(formula, &mut steps);
        Self { steps }
    }

    /// The value in each lane. `stack` is room that many evaluations share.
    #[inline(always)]
    pub fn evaluate(&self, given: &ProgramInputs<'_>, stack: &mut Vec<Lane>) -> Lane {
        stack.clear();
        for step in &self.steps {
            let value = match *step {
                Instruction::Number(number) => Lane::all(number),
                Instruction::Amount => *given.amount,
                Instruction::Age => Lane::all(given.age),
                Instruction::Drawn(value, slot) => given.factors[slot].map(|factor| value * factor),
                Instruction::Cell { cell, now, drawn } => {
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
fn act(step: Instruction, stack: &mut Vec<Lane>) -> Lane {
    let last = pop(stack);
    match step {
        Instruction::Negative => last.map(|value| -value),
        Instruction::Scale(factor) => last.map(|value| value * factor),
        Instruction::Exp => last.map(f64::exp),
        Instruction::Ln => last.map(f64::ln),
        Instruction::If(comparison) => {
            let [yes, right, left] = [pop(stack), pop(stack), pop(stack)];
            Lane::from_fn(|lane| if comparison.holds(left[lane], right[lane]) { yes[lane] } else { last[lane] })
        }
        Instruction::Min => pop(stack).zip(&last, f64::min),
        Instruction::Max => pop(stack).zip(&last, f64::max),
        Instruction::Binary(operator) => binary(operator, &pop(stack), &last),
        // What reads no part has been answered before.
        Instruction::Number(_)
        | Instruction::Amount
        | Instruction::Age
        | Instruction::Drawn(..)
        | Instruction::Cell { .. } => last,
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

fn write(formula: &CompiledFormula, steps: &mut Vec<Instruction>) {
    let mut all = |parts: &[&CompiledFormula]| parts.iter().for_each(|part| write(part, steps));
    let last = match formula {
        CompiledFormula::Number(number) => Instruction::Number(*number),
        CompiledFormula::Amount => Instruction::Amount,
        CompiledFormula::Age => Instruction::Age,
        CompiledFormula::Drawn(value, slot) => Instruction::Drawn(*value, *slot),
        CompiledFormula::Cell { cell, now, drawn } => Instruction::Cell { cell: *cell, now: *now, drawn: *drawn },
        CompiledFormula::Negative(a) => {
            all(&[a]);
            Instruction::Negative
        }
        CompiledFormula::Binary(Operator::Multiply, a, b) => match (&**a, &**b) {
            (CompiledFormula::Number(number), other) | (other, CompiledFormula::Number(number)) => {
                all(&[other]);
                Instruction::Scale(*number)
            }
            _ => {
                all(&[a, b]);
                Instruction::Binary(Operator::Multiply)
            }
        },
        CompiledFormula::Binary(operator, a, b) => {
            all(&[a, b]);
            Instruction::Binary(*operator)
        }
        CompiledFormula::Call(Function::Exp, parts) => {
            all(&parts.iter().take(1).collect::<Vec<_>>());
            Instruction::Exp
        }
        CompiledFormula::Call(Function::Ln, parts) => {
            all(&parts.iter().take(1).collect::<Vec<_>>());
            Instruction::Ln
        }
        CompiledFormula::Call(Function::Min, parts) => return extreme(parts, Instruction::Min, steps),
        CompiledFormula::Call(Function::Max, parts) => return extreme(parts, Instruction::Max, steps),
        CompiledFormula::If(comparison, parts) => {
            all(&parts.each_ref());
            Instruction::If(*comparison)
        }
    };
    steps.push(last);
}

/// The least or the greatest of all parts, two at a time.
fn extreme(parts: &[CompiledFormula], step: Instruction, steps: &mut Vec<Instruction>) {
    for (at, part) in parts.iter().enumerate() {
        write(part, steps);
        if at > 0 {
            steps.push(step);
        }
    }
}
