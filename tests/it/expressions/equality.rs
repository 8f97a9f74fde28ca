//! One tree, one value: by itself, over a frame, and after it has been spelt and read again.

use crate::expressions::tree;
use polars::prelude::*;
use proptest::prelude::*;
use qingdan::expression::{ComparisonOperator, Condition, Expression, Function, Operator, Use, parse, spell, to_frame};

pub const NAMES: [&str; 3] = ["x", "y", "z"];
const ROWS: usize = 4;

/// Values of the names in each row.
pub type Rows = [[f64; NAMES.len()]; ROWS];

fn leaf() -> impl Strategy<Value = Expression> {
    prop_oneof![
        prop::sample::select(vec![0.0, 1.0, 2.0, 12.0, 44.0, 0.5, 1e-3]).prop_map(Expression::Number),
        (0.001..1000.0f64).prop_map(Expression::Number),
        prop::sample::select(NAMES.to_vec()).prop_map(|name| Expression::Name(name.into())),
        prop::sample::select(NAMES.to_vec()).prop_map(|name| Expression::Now(name.into())),
    ]
}

/// Conditions compare names and numbers as they stand, so that no rounding can tip them.
fn condition() -> impl Strategy<Value = Box<Condition>> {
    use ComparisonOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let comparison = prop::sample::select(vec![Less, LessOrEqual, Greater, GreaterOrEqual, Equal, NotEqual]);
    (comparison, leaf(), leaf()).prop_map(|(comparison, left, right)| Box::new(Condition { comparison, left, right }))
}

pub fn trees() -> impl Strategy<Value = Expression> {
    use Operator::{Add, Divide, Multiply, Power, Subtract};
    leaf().prop_recursive(5, 40, 3, |part| {
        let operator = prop::sample::select(vec![Add, Subtract, Multiply, Multiply, Divide, Power]);
        let several = prop::collection::vec(part.clone(), 1..4);
        prop_oneof![
            4 => (operator, part.clone(), part.clone()).prop_map(|(operator, a, b)| Expression::Binary(operator, a.into(), b.into())),
            1 => part.clone().prop_map(|a| Expression::Negative(a.into())),
            1 => (prop::sample::select(vec![Function::Min, Function::Max]), several).prop_map(|(f, parts)| Expression::Call(f, parts)),
            1 => (prop::sample::select(vec![Function::Exp, Function::Ln]), part.clone()).prop_map(|(f, a)| Expression::Call(f, vec![a])),
            1 => (condition(), part.clone(), part).prop_map(|(condition, a, b)| Expression::If(condition, a.into(), b.into())),
        ]
    })
}

/// The value in a row; `now(x)` is `x` plus one.
pub fn value(tree: &Expression, row: &[f64; NAMES.len()], factor: f64) -> f64 {
    tree.evaluate(&|used: &Use| {
        let place = NAMES.iter().position(|name| *name == used.name).expect("a known name");
        row[place] * factor + f64::from(u8::from(used.now))
    })
}

fn over_frame(tree: &Expression, rows: &Rows) -> Vec<f64> {
    let column =
        |place: usize| Column::new(NAMES[place].into(), rows.iter().map(|row| row[place]).collect::<Vec<f64>>());
    let frame = DataFrame::new(ROWS, (0..NAMES.len()).map(column).collect()).expect("a frame");
    let named = |used: &Use| {
        let value = col(used.name.as_str());
        if used.now { value + lit(1.0) } else { value }
    };
    // A number alone has no length of its own: it is added to a column of zeros.
    let zeros = col("x") * lit(0.0);
    let values = frame.lazy().select([(zeros + to_frame(tree, &named)).alias("value")]).collect().expect("a value");
    let values = values.column("value").expect("the column").f64().expect("floats").clone();
    values.iter().map(|value| value.unwrap_or(f64::NAN)).collect()
}

/// How much of a value's size rounding may take: all parts are finite, and inputs that move by an ulp hardly move it.
pub fn is_tame(tree: &Expression, row: &[f64; NAMES.len()]) -> bool {
    let value = |factor| value(tree, row, factor);
    let moves = |factor: f64| (value(factor) - value(1.0)).abs() > 1e-8 * value(1.0).abs();
    value(1.0).is_finite()
        && value(1.0).abs() < 1e200
        && !moves(1.0 + 1e-13)
        && !moves(1.0 - 1e-13)
        && tree.parts().into_iter().all(|part| is_tame(part, row))
}

pub fn rows() -> impl Strategy<Value = Rows> {
    let value = prop_oneof![4 => 0.01..100.0f64, 1 => -10.0..10.0f64, 1 => Just(0.0), 1 => Just(1.0)];
    prop::array::uniform4(prop::array::uniform3(value))
}

proptest! {
    #![proptest_config(crate::expressions::draws(1500))]

    #[test]
    fn a_frame_gives_the_value_of_the_tree(tree in trees(), rows in rows()) {
        let found = over_frame(&tree, &rows);
        for (row, found) in rows.iter().zip(found).filter(|(row, _)| is_tame(&tree, row)) {
            let expected = value(&tree, row, 1.0);
            prop_assert!((found - expected).abs() <= 1e-8 * expected.abs(), "{found} and {expected} in {row:?}");
        }
    }

    #[test]
    fn what_is_spelt_is_read_as_the_same_tree(tree in trees()) {
        let text = spell(&tree, &|used: &Use| if used.now { format!("now({})", used.name) } else { used.name.clone() });
        prop_assert_eq!(parse(&text), Ok(tree), "{}", text);
    }
}

/// The value by itself and over a frame, of a text with `x` in each row.
fn check(text: &str, x: f64) {
    let tree = tree(text);
    let row = [x, 2.0, 3.0];
    let (expected, found) = (value(&tree, &row, 1.0), over_frame(&tree, &[row; ROWS]));
    for found in found {
        let equal = (found - expected).abs() <= 1e-14 * expected.abs()
            || found == expected
            || found.is_nan() && expected.is_nan();
        assert!(equal, "'{text}' with x = {x} is {expected} by itself and {found} over a frame");
    }
}

#[test]
fn powers_and_divisions_are_the_same_over_a_frame() {
    let texts =
        ["x^2", "x^3", "x^0.5", "x^0", "x^-1", "x^y", "2^x", "x/12", "x*44/12", "12/x", "ln(x)", "exp(x)", "x/0", "-x"];
    for text in texts {
        for x in [0.0, 1.0, 2.5, 1e-9, 1e9, 365.0, -4.0] {
            check(text, x);
        }
    }
}

#[test]
fn choices_are_the_same_over_a_frame() {
    for text in [
        "min(x, y, z)",
        "max(x, y, z)",
        "if(x < y, x, z)",
        "if(x = 2, 1, 0)",
        "max(0, min(1, x))",
        "if(x <> y, 1/x, 0)",
    ] {
        for x in [0.0, 1.0, 2.0, 2.5, 3.0, -4.0] {
            check(text, x);
        }
    }
}
