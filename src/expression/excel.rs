//! Tree to text of an Excel formula, so that an auditor can click on it.
//!
//! Excel reads `-2^2` as 4 and `2^3^2` as 64. We read −4 and 512. So a sign and every part of a power stand in parentheses.

use super::{Expression, Use};

/// The tree as a formula without the leading `=`; `cell` says what stands for a name and has to bind as tightly as a cell does.
pub fn to_excel(tree: &Expression, cell: &impl Fn(&Use) -> String) -> String {
    write(tree, cell, 0)
}

/// How tightly a cell, a call or a number binds.
const ATOM: u8 = 9;
/// Looser than any operator: in parentheses wherever anything stands beside it.
const LOOSE: u8 = 0;

/// `around` is how tightly the sign around this part binds; a looser part is put in parentheses.
fn write(tree: &Expression, cell: &impl Fn(&Use) -> String, around: u8) -> String {
    let list = |parts: &[&Expression]| parts.iter().map(|part| write(part, cell, 0)).collect::<Vec<_>>().join(",");
    let (text, binds) = match tree {
        Expression::Number(value) if *value < 0.0 => (format!("-{}", number(-value)), LOOSE),
        Expression::Number(value) => (number(*value), ATOM),
        Expression::Name(name) => (cell(&Use { name: name.clone(), now: false }), ATOM),
        Expression::Now(name) => (cell(&Use { name: name.clone(), now: true }), ATOM),
        Expression::Negative(a) => (format!("-{}", write(a, cell, ATOM)), LOOSE),
        Expression::Binary(operator, a, b) => {
            let (sign, left, right, binds) = signs(*operator);
            (format!("{}{sign}{}", write(a, cell, left), write(b, cell, right)), binds)
        }
        Expression::Call(function, parts) => {
            let name = function.name().to_uppercase();
            (format!("{name}({})", list(&parts.iter().collect::<Vec<_>>())), ATOM)
        }
        Expression::If(condition, a, b) => {
            let (left, right) = (write(&condition.left, cell, 1), write(&condition.right, cell, 1));
            (format!("IF({left}{}{right},{})", condition.comparison.sign(), list(&[a, b])), ATOM)
        }
    };
    if binds < around { format!("({text})") } else { text }
}

/// A sign, how tightly its left and right parts have to bind, and how tightly it binds itself.
fn signs(operator: super::Operator) -> (&'static str, u8, u8, u8) {
    use super::Operator::{Add, Divide, Multiply, Power, Subtract};
    match operator {
        Add => ("+", 1, 2, 1),
        Subtract => ("-", 1, 2, 1),
        Multiply => ("*", 2, 3, 2),
        Divide => ("/", 2, 3, 2),
        Power => ("^", ATOM, ATOM, 4),
    }
}

/// A literal with all its digits; very small and very large ones with an exponent, as a formula has room for few characters.
fn number(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-5..1e15).contains(&size) { format!("{value:E}") } else { value.to_string() }
}

/// What a spreadsheet makes of the tree: `None` where it has no number and we have one on the way, as 0^0, or an infinite part of a finite whole.
pub fn computes(tree: &Expression, value: &impl Fn(&Use) -> Option<f64>) -> Option<f64> {
    let of = |part: &Expression| computes(part, value);
    let result = match tree {
        Expression::Number(number) => *number,
        Expression::Name(name) => value(&Use { name: name.clone(), now: false })?,
        Expression::Now(name) => value(&Use { name: name.clone(), now: true })?,
        Expression::Negative(a) => -of(a)?,
        Expression::Binary(operator, a, b) => {
            let (a, b) = (of(a)?, of(b)?);
            if *operator == super::Operator::Power && a == 0.0 && b == 0.0 {
                return None;
            }
            operator.apply(a, b)
        }
        Expression::Call(function, parts) => {
            let parts = parts.iter().map(|part| of(part).map(Expression::Number)).collect::<Option<Vec<_>>>()?;
            Expression::Call(*function, parts).evaluate(&|_| f64::NAN)
        }
        Expression::If(condition, a, b) => {
            let holds = condition.comparison.holds(of(&condition.left)?, of(&condition.right)?);
            if holds { of(a)? } else { of(b)? }
        }
    };
    Some(result).filter(|result| result.is_finite())
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn what_a_spreadsheet_cannot_compute_is_known() {
        for (text, expected) in [
            ("a^b", None),
            ("1/a", None),
            ("exp(ln(a))", None),
            ("if(a = 0, 1, 1/a)", Some(1.0)),
            ("max(a, 2)^3", Some(8.0)),
        ] {
            let tree = parse(text).expect(text);
            assert_eq!(computes(&tree, &|_| Some(0.0)), expected, "{text}");
        }
    }

    #[test]
    fn signs_and_powers_stand_in_parentheses() {
        let cases = [
            ("-a^2", "-(a^2)"),
            ("(-a)^2", "(-a)^2"),
            ("2*-a", "2*(-a)"),
            ("a - -b", "a-(-b)"),
            ("a^-b", "a^(-b)"),
            ("(a^b)^c", "(a^b)^c"),
            ("a^(b^c)", "a^(b^c)"),
            ("a - (b - c)", "a-(b-c)"),
            ("a / (b * c)", "a/(b*c)"),
            ("a / b * 44/12", "a/b*44/12"),
            ("(a + b) * c", "(a+b)*c"),
            ("if(a < b + 1, -x, ln(y))", "IF(a<b+1,-x,LN(y))"),
            ("if(a <> b, max(x, 0), exp(-y)) / 2", "IF(a<>b,MAX(x,0),EXP(-y))/2"),
            ("0.0000001 * a", "1E-7*a"),
            ("now(a) * a", "now_a*a"),
        ];
        for (text, expected) in cases {
            let tree = parse(text).expect(text);
            let cell = |used: &Use| if used.now { format!("now_{}", used.name) } else { used.name.clone() };
            assert_eq!(to_excel(&tree, &cell), expected, "{text}");
        }
    }
}
