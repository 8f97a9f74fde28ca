//! A method is an expression: one small tree, parsed once, with many uses.

use crate::error::Text;
use crate::say;
use crate::unit::Dimension;

pub mod claims;
mod derivative;
mod dialect;
mod excel;
mod formula_text;
mod polars_expression;
mod parse;

pub use excel::{computes, to_excel};
pub use formula_text::spell;
pub use parse::{Refusal, parse};
pub use polars_expression::to_frame;

/// The names that the engine itself gives a value.
pub const AMOUNT: &str = "amount";
/// Years between the activity and the emission, a pure number, in methods with `spread`.
pub const AGE: &str = "age";
/// The result of the row's method for `generated`.
pub const GENERATED: &str = "generated";

/// A formula as a tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Number(f64),
    Name(String),
    /// `now(name)`: the parameter of the emission's year, not of the activity's.
    Now(String),
    Negative(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    Call(Function, Vec<Expression>),
    /// `if(a < b, then, else)`
    If(Box<Condition>, Box<Expression>, Box<Expression>),
}

/// A comparison of two expressions.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub comparison: ComparisonOperator,
    pub left: Expression,
    pub right: Expression,
}

/// An arithmetic operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparisonOperator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// A function that formulas may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Min,
    Max,
    Exp,
    Ln,
}

impl Operator {
    /// The sign, and how tightly it binds.
    pub fn sign(self) -> (&'static str, u8) {
        match self {
            Self::Add => ("+", 1),
            Self::Subtract => ("−", 1),
            Self::Multiply => ("×", 2),
            Self::Divide => ("/", 2),
            Self::Power => ("^", 4),
        }
    }

    /// The result for two numbers.
    pub fn apply(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Power => a.powf(b),
        }
    }
}

impl ComparisonOperator {
    /// The operator as written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "=",
            Self::NotEqual => "<>",
        }
    }

    /// Whether the comparison holds for two numbers.
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Self::Less => a < b,
            Self::LessOrEqual => a <= b,
            Self::Greater => a > b,
            Self::GreaterOrEqual => a >= b,
            Self::Equal => a == b,
            Self::NotEqual => a != b,
        }
    }
}

impl Function {
    /// The name as written in formulas.
    pub fn name(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Exp => "exp",
            Self::Ln => "ln",
        }
    }
}

/// A name as an expression uses it; `now` asks for the emission's year.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Use {
    pub name: String,
    pub now: bool,
}

impl Expression {
    /// The parts directly below this one.
    pub fn parts(&self) -> Vec<&Expression> {
        match self {
            Self::Number(_) | Self::Name(_) | Self::Now(_) => Vec::new(),
            Self::Negative(a) => vec![a],
            Self::Binary(_, a, b) => vec![a, b],
            Self::Call(_, parts) => parts.iter().collect(),
            Self::If(condition, a, b) => vec![&condition.left, &condition.right, a, b],
        }
    }

    /// The names used, each once, in the order of the text.
    pub fn uses(&self) -> Vec<Use> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect(&self, found: &mut Vec<Use>) {
        let this = match self {
            Self::Name(name) => Some(Use { name: name.clone(), now: false }),
            Self::Now(name) => Some(Use { name: name.clone(), now: true }),
            _ => None,
        };
        found.extend(this.filter(|this| !found.contains(this)).into_iter().collect::<Vec<_>>());
        for part in self.parts() {
            part.collect(found);
        }
    }

    /// The same tree with other trees in place of the names that `with` knows.
    pub fn replace(&self, with: &impl Fn(&Use) -> Option<Expression>) -> Expression {
        let boxed = |part: &Expression| Box::new(part.replace(with));
        let leaf = |used: Use| with(&used).unwrap_or_else(|| self.clone());
        match self {
            Self::Number(_) => self.clone(),
            Self::Name(name) => leaf(Use { name: name.clone(), now: false }),
            Self::Now(name) => leaf(Use { name: name.clone(), now: true }),
            Self::Negative(a) => Self::Negative(boxed(a)),
            Self::Binary(operator, a, b) => Self::Binary(*operator, boxed(a), boxed(b)),
            Self::Call(function, parts) => Self::Call(*function, parts.iter().map(|part| part.replace(with)).collect()),
            Self::If(condition, a, b) => {
                let Condition { comparison, left, right } = condition.as_ref();
                let condition =
                    Condition { comparison: *comparison, left: left.replace(with), right: right.replace(with) };
                Self::If(Box::new(condition), boxed(a), boxed(b))
            }
        }
    }

    /// The value, with every name's value given.
    pub fn evaluate(&self, value: &impl Fn(&Use) -> f64) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Name(name) => value(&Use { name: name.clone(), now: false }),
            Self::Now(name) => value(&Use { name: name.clone(), now: true }),
            Self::Negative(a) => -a.evaluate(value),
            Self::Binary(operator, a, b) => operator.apply(a.evaluate(value), b.evaluate(value)),
            Self::Call(function, parts) => {
                let mut parts = parts.iter().map(|part| part.evaluate(value));
                match function {
                    Function::Min => parts.fold(f64::INFINITY, f64::min),
                    Function::Max => parts.fold(f64::NEG_INFINITY, f64::max),
                    Function::Exp => parts.next().map_or(f64::NAN, f64::exp),
                    Function::Ln => parts.next().map_or(f64::NAN, f64::ln),
                }
            }
            Self::If(condition, a, b) => {
                let holds = condition.comparison.holds(condition.left.evaluate(value), condition.right.evaluate(value));
                if holds { a.evaluate(value) } else { b.evaluate(value) }
            }
        }
    }

    /// The dimension, with every name's dimension given; a number fits wherever it is added or compared only if it is zero.
    ///
    /// # Errors
    /// The two dimensions that do not go together, in words.
    pub fn dimension(&self, of: &impl Fn(&Use) -> Dimension) -> Result<Dimension, Text> {
        match self {
            Self::Number(_) => Ok(Dimension::PURE),
            Self::Name(name) => Ok(of(&Use { name: name.clone(), now: false })),
            Self::Now(name) => Ok(of(&Use { name: name.clone(), now: true })),
            Self::Negative(a) => a.dimension(of),
            Self::Binary(Operator::Power, a, b) => power(a.dimension(of)?, b, b.dimension(of)?),
            Self::Binary(Operator::Multiply, a, b) => product(a.dimension(of)?, b.dimension(of)?, Dimension::times),
            Self::Binary(Operator::Divide, a, b) => product(a.dimension(of)?, b.dimension(of)?, Dimension::per),
            Self::Binary(_, a, b) => alike(&[a, b], of),
            Self::Call(Function::Min | Function::Max, parts) => alike(&parts.iter().collect::<Vec<_>>(), of),
            Self::Call(function, parts) => {
                let name = function.name();
                match parts.iter().map(|part| part.dimension(of)).find(|d| *d != Ok(Dimension::PURE)) {
                    None => Ok(Dimension::PURE),
                    Some(Ok(found)) => {
                        let (zh, en) = (found.words().zh, found.words().en);
                        Err(say!("{name}() 只能用于无量纲数，而不是{zh}", "{name}() takes a pure number, not {en}"))
                    }
                    Some(Err(text)) => Err(text),
                }
            }
            Self::If(condition, a, b) => {
                alike(&[&condition.left, &condition.right], of)?;
                alike(&[a, b], of)
            }
        }
    }
}

fn product(
    a: Dimension,
    b: Dimension,
    combine: impl Fn(Dimension, Dimension) -> Option<Dimension>,
) -> Result<Dimension, Text> {
    combine(a, b).ok_or_else(|| clash(a, b))
}

fn clash(a: Dimension, b: Dimension) -> Text {
    let (Text { zh: a_zh, en: a_en }, Text { zh: b_zh, en: b_en }) = (a.words(), b.words());
    say!("'{a_zh}' 与 '{b_zh}' 不能在一起运算", "'{a_en}' and '{b_en}' do not go together")
}

/// Parts that are added, compared or chosen between have to be of one dimension; a written 0 is of any.
fn alike(parts: &[&Expression], of: &impl Fn(&Use) -> Dimension) -> Result<Dimension, Text> {
    let mut common = None;
    for part in parts {
        let dimension = part.dimension(of)?;
        match common {
            _ if **part == Expression::Number(0.0) => {}
            None => common = Some(dimension),
            Some(before) if before == dimension => {}
            Some(before) => return Err(clash(before, dimension)),
        }
    }
    Ok(common.unwrap_or(Dimension::PURE))
}

/// A pure number may have any pure exponent, a quantity a whole one that is written as a number.
fn power(base: Dimension, exponent: &Expression, of_exponent: Dimension) -> Result<Dimension, Text> {
    if of_exponent != Dimension::PURE {
        return Err(clash(Dimension::PURE, of_exponent));
    }
    if base == Dimension::PURE {
        return Ok(base);
    }
    let whole = match exponent {
        Expression::Number(number) => Some(*number),
        Expression::Negative(inner) => match **inner {
            Expression::Number(number) => Some(-number),
            _ => None,
        },
        _ => None,
    };
    let whole = whole.filter(|number| number.fract() == 0.0 && number.abs() <= 9.0);
    whole.and_then(|number| base.power(number as i8)).ok_or_else(|| {
        say!("带单位的量只能取整数次幂", "a quantity with a unit can only be raised to a written whole number")
    })
}
