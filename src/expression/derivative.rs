//! Tree to tree: the partial derivative by a name, for the propagation of uncertainty.

use super::{ComparisonOperator, Condition, Expression, Function, Operator, Use};

impl Expression {
    /// The partial derivative by `by`. `if`, `min` and `max` are differentiated piece by piece: where they change over, the
    /// derivative is that of the piece that gives the value.
    pub fn derivative(&self, by: &Use) -> Expression {
        match self {
            Self::Number(_) => number(0.0),
            Self::Name(name) => number(f64::from(u8::from(!by.now && *name == by.name))),
            Self::Now(name) => number(f64::from(u8::from(by.now && *name == by.name))),
            Self::Negative(a) => negative(a.derivative(by)),
            Self::Binary(operator, a, b) => binary(*operator, a, a.derivative(by), b, b.derivative(by)),
            Self::Call(Function::Min, parts) => extreme(parts, ComparisonOperator::LessOrEqual, Function::Min, by),
            Self::Call(Function::Max, parts) => extreme(parts, ComparisonOperator::GreaterOrEqual, Function::Max, by),
            Self::Call(function, parts) => {
                let Some(a) = parts.first() else { return number(0.0) };
                match function {
                    Function::Ln => quotient(a.derivative(by), a.clone()),
                    _ => product(a.derivative(by), self.clone()),
                }
            }
            Self::If(condition, a, b) => choice(condition.as_ref().clone(), a.derivative(by), b.derivative(by)),
        }
    }

    /// Whether the value is proportional to a name, whatever the others are: then one value at 1 tells all.
    pub fn is_proportional(&self, to: &str) -> bool {
        self.degree(to) == Some(1)
    }

    /// The power of a name that the whole is a multiple of, 0 or 1; `None` where it is none.
    fn degree(&self, of: &str) -> Option<u8> {
        let alike = |parts: &[&Expression]| {
            let mut degrees = parts.iter().filter(|part| ***part != number(0.0)).map(|part| part.degree(of));
            let first = degrees.next().unwrap_or(Some(0))?;
            degrees.all(|degree| degree == Some(first)).then_some(first)
        };
        match self {
            Self::Number(_) => Some(0),
            Self::Name(name) => Some(u8::from(name == of)),
            Self::Now(_) => Some(0),
            Self::Negative(a) => a.degree(of),
            Self::Binary(Operator::Add | Operator::Subtract, a, b) => alike(&[a, b]),
            Self::Binary(Operator::Multiply, a, b) => Some(a.degree(of)? + b.degree(of)?).filter(|degree| *degree < 2),
            Self::Binary(Operator::Divide, a, b) => a.degree(of).filter(|_| b.degree(of) == Some(0)),
            Self::Binary(Operator::Power, a, b) => alike(&[a, b]).filter(|degree| *degree == 0),
            Self::Call(_, parts) => alike(&parts.iter().collect::<Vec<_>>()).filter(|degree| *degree == 0),
            Self::If(condition, a, b) => {
                let fixed = [&condition.left, &condition.right].iter().all(|side| side.degree(of) == Some(0));
                alike(&[a, b]).filter(|_| fixed)
            }
        }
    }
}

fn binary(operator: Operator, a: &Expression, da: Expression, b: &Expression, db: Expression) -> Expression {
    match operator {
        Operator::Add => sum(da, db),
        Operator::Subtract if is(&db, 0.0) => da,
        Operator::Subtract => sum(da, negative(db)),
        Operator::Multiply => sum(product(da, b.clone()), product(a.clone(), db)),
        Operator::Divide => {
            let square = power(b.clone(), number(2.0));
            sum(quotient(da, b.clone()), negative(quotient(product(a.clone(), db), square)))
        }
        Operator::Power => {
            // b a^(b−1) a' + a^b ln(a) b': the logarithm only where the exponent depends on the name.
            let lower = match b {
                Expression::Number(exponent) => number(exponent - 1.0),
                _ => Expression::Binary(Operator::Subtract, Box::new(b.clone()), Box::new(number(1.0))),
            };
            let of_base = product(product(b.clone(), power(a.clone(), lower)), da);
            let logarithm = Expression::Call(Function::Ln, vec![a.clone()]);
            sum(of_base, product(product(power(a.clone(), b.clone()), logarithm), db))
        }
    }
}

/// The derivative of the part that is the least or the greatest.
fn extreme(parts: &[Expression], comparison: ComparisonOperator, function: Function, by: &Use) -> Expression {
    let Some((first, rest)) = parts.split_first() else { return number(0.0) };
    if rest.is_empty() {
        return first.derivative(by);
    }
    let right = Expression::Call(function, rest.to_vec());
    let condition = Condition { comparison, left: first.clone(), right };
    choice(condition, first.derivative(by), extreme(rest, comparison, function, by))
}

fn number(value: f64) -> Expression {
    Expression::Number(value)
}

fn is(tree: &Expression, value: f64) -> bool {
    *tree == number(value)
}

fn negative(a: Expression) -> Expression {
    if is(&a, 0.0) { a } else { Expression::Negative(Box::new(a)) }
}

fn sum(a: Expression, b: Expression) -> Expression {
    match () {
        () if is(&a, 0.0) => b,
        () if is(&b, 0.0) => a,
        () => Expression::Binary(Operator::Add, Box::new(a), Box::new(b)),
    }
}

fn product(a: Expression, b: Expression) -> Expression {
    match () {
        () if is(&a, 0.0) || is(&b, 0.0) => number(0.0),
        () if is(&a, 1.0) => b,
        () if is(&b, 1.0) => a,
        () => Expression::Binary(Operator::Multiply, Box::new(a), Box::new(b)),
    }
}

fn quotient(a: Expression, b: Expression) -> Expression {
    if is(&a, 0.0) { a } else { Expression::Binary(Operator::Divide, Box::new(a), Box::new(b)) }
}

fn power(a: Expression, b: Expression) -> Expression {
    match () {
        () if is(&b, 0.0) => number(1.0),
        () if is(&b, 1.0) => a,
        () => Expression::Binary(Operator::Power, Box::new(a), Box::new(b)),
    }
}

fn choice(condition: Condition, a: Expression, b: Expression) -> Expression {
    if a == b { a } else { Expression::If(Box::new(condition), Box::new(a), Box::new(b)) }
}
