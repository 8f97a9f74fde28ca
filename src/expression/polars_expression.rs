//! Tree to polars expression: the same arithmetic over a whole table.

use super::{ComparisonOperator, Expression, Function, Operator, Use};
use polars::prelude::*;

/// The tree as a polars expression; `column` says what stands for a name. All literals are floats, so nothing is cut to integers.
pub fn to_frame(tree: &Expression, column: &impl Fn(&Use) -> Expr) -> Expr {
    let of = |part: &Expression| to_frame(part, column);
    match tree {
        Expression::Number(number) => lit(*number),
        Expression::Name(name) => column(&Use { name: name.clone(), now: false }),
        Expression::Now(name) => column(&Use { name: name.clone(), now: true }),
        Expression::Negative(a) => lit(-1.0) * of(a),
        Expression::Binary(operator, a, b) => match operator {
            Operator::Add => of(a) + of(b),
            Operator::Subtract => of(a) - of(b),
            Operator::Multiply => of(a) * of(b),
            Operator::Divide => of(a) / of(b),
            Operator::Power => of(a).pow(of(b)),
        },
        Expression::Call(function, parts) => {
            let mut parts = parts.iter().map(of);
            let value = match function {
                Function::Min => parts.reduce(|best, part| choose(ComparisonOperator::Less, part, best)),
                Function::Max => parts.reduce(|best, part| choose(ComparisonOperator::Greater, part, best)),
                Function::Exp => parts.next().map(Expr::exp),
                Function::Ln => parts.next().map(|part| part.log(lit(std::f64::consts::E))),
            };
            value.unwrap_or_else(|| lit(f64::NAN))
        }
        Expression::If(condition, a, b) => {
            let (left, right) = (of(&condition.left), of(&condition.right));
            when(compare(condition.comparison, left, right)).then(of(a)).otherwise(of(b))
        }
    }
}

fn compare(comparison: ComparisonOperator, left: Expr, right: Expr) -> Expr {
    match comparison {
        ComparisonOperator::Less => left.lt(right),
        ComparisonOperator::LessOrEqual => left.lt_eq(right),
        ComparisonOperator::Greater => left.gt(right),
        ComparisonOperator::GreaterOrEqual => left.gt_eq(right),
        ComparisonOperator::Equal => left.eq(right),
        ComparisonOperator::NotEqual => left.neq(right),
    }
}

/// Row by row `part` where it is better than `best`.
fn choose(better: ComparisonOperator, part: Expr, best: Expr) -> Expr {
    when(compare(better, part.clone(), best.clone())).then(part).otherwise(best)
}
