//! Tree to text: the formula as a reader knows it, with names or with values in their places.

use super::{Expression, Use};

/// The formula with what `leaf` says for each name.
pub fn spell(tree: &Expression, leaf: &impl Fn(&Use) -> String) -> String {
    write(tree, leaf, 0)
}

/// `around` is how tightly the sign around this part binds; a looser part is put in parentheses.
fn write(tree: &Expression, leaf: &impl Fn(&Use) -> String, around: u8) -> String {
    let (text, binds) = match tree {
        Expression::Number(number) => (number.to_string(), 9),
        Expression::Name(name) => (leaf(&Use { name: name.clone(), now: false }), 9),
        Expression::Now(name) => (leaf(&Use { name: name.clone(), now: true }), 9),
        Expression::Negative(a) => (format!("−{}", write(a, leaf, 4)), 3),
        Expression::Binary(operator, a, b) => {
            let (sign, binds) = operator.sign();
            let (a, b) = (write(a, leaf, binds), write(b, leaf, binds + 1));
            let text = if sign == "/" || sign == "^" { format!("{a}{sign}{b}") } else { format!("{a} {sign} {b}") };
            (text, binds)
        }
        Expression::Call(function, parts) => (format!("{}({})", function.name(), list(parts, leaf)), 9),
        Expression::If(condition, a, b) => {
            let (left, right) = (write(&condition.left, leaf, 0), write(&condition.right, leaf, 0));
            let (a, b) = (write(a, leaf, 0), write(b, leaf, 0));
            (format!("if({left} {} {right}, {a}, {b})", condition.comparison.sign()), 9)
        }
    };
    if binds < around { format!("({text})") } else { text }
}

fn list(parts: &[Expression], leaf: &impl Fn(&Use) -> String) -> String {
    parts.iter().map(|part| write(part, leaf, 0)).collect::<Vec<_>>().join(", ")
}
