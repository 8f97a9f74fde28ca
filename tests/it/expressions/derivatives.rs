//! Partial derivatives: known ones by value, random trees against central differences, and what is proportional.

use crate::expressions::equality::{NAMES, is_tame, rows, trees, value};
use crate::expressions::tree;
use proptest::prelude::*;
use qingdan::expression::{Expression, Use};

fn plain(name: &str) -> Use {
    Use { name: name.into(), now: false }
}

/// Texts over x, y = 2 and z = 3, and the derivative by x at x.
const KNOWN: [(&str, f64, f64); 30] = [
    ("5", 7.0, 0.0),
    ("y", 7.0, 0.0),
    ("x", 7.0, 1.0),
    ("now(x)", 7.0, 0.0),
    ("-x", 7.0, -1.0),
    ("x + y", 7.0, 1.0),
    ("y - x", 7.0, -1.0),
    ("x - y", 7.0, 1.0),
    ("x * y * z", 7.0, 6.0),
    ("x * x", 7.0, 14.0),
    ("x / y", 7.0, 0.5),
    ("y / x", 4.0, -0.125),
    ("x / (x + y)", 2.0, 0.125),
    ("x ^ 3", 2.0, 12.0),
    ("x ^ 0", 2.0, 0.0),
    ("x ^ -1", 2.0, -0.25),
    ("x ^ y", 3.0, 6.0),
    ("y ^ x", 3.0, 5.545177444479562),
    ("exp(y * x)", 0.5, 5.43656365691809),
    ("ln(y * x)", 0.5, 2.0),
    ("min(x, y)", 1.0, 1.0),
    ("min(x, y)", 5.0, 0.0),
    ("max(y, 3 * x, z)", 2.0, 3.0),
    ("max(y, 3 * x, z)", 0.5, 0.0),
    ("if(x < 3, x * y, x * z)", 2.0, 2.0),
    ("if(x < 3, x * y, x * z)", 4.0, 3.0),
    ("1 - (1 - x) * y", 0.3, 2.0),
    ("y * (1 - x * z * 0.5)", 0.3, -3.0),
    ("if(y = 2, 1, x)", 4.0, 0.0),
    ("min(x)", 4.0, 1.0),
];

#[test]
fn known_derivatives() {
    for (text, x, expected) in KNOWN {
        let slope = tree(text).derivative(&plain("x"));
        let found = slope.evaluate(&|used: &Use| match used.name.as_str() {
            "x" => x,
            "y" => 2.0,
            _ => 3.0,
        });
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "d/dx of '{text}' at {x} is {found}");
    }
}

#[test]
fn what_does_not_hold_the_name_has_no_derivative() {
    for text in ["y * z", "if(y < z, y, 2 * z)", "min(y, z)", "exp(y) + ln(z)", "(y + z) ^ 2 / y"] {
        assert_eq!(tree(text).derivative(&plain("x")), Expression::Number(0.0), "{text}");
    }
}

#[test]
fn proportional_is_what_doubles_with_the_name() {
    let cases = [
        ("x", true),
        ("x * y / z", true),
        ("-x * (1 - y)", true),
        ("x * y + z * x", true),
        ("x * (y + z) * 44/12", true),
        ("if(y < 1, 0, x * exp(y))", true),
        ("x * max(y, z) * ln(y)", true),
        ("y", false),
        ("x + y", false),
        ("x * x", false),
        ("y / x", false),
        ("x ^ 2", false),
        ("min(x, y)", false),
        ("max(0, x)", false),
        ("if(x < 1, x, 2 * x)", false),
        ("x * exp(x)", false),
    ];
    for (text, expected) in cases {
        assert_eq!(tree(text).is_proportional("x"), expected, "{text}");
    }
}

/// The tree with `x` moved by a small part of itself, down and up.
fn moved(tree: &Expression, row: &[f64; NAMES.len()], step: f64) -> (f64, f64) {
    let at = |x| value(tree, &[x, row[1], row[2]], 1.0);
    (at(row[0] - step), at(row[0] + step))
}

proptest! {
    #![proptest_config(crate::expressions::draws(3000))]

    /// Central difference of the value, where two steps agree with each other: no corner, no pole in between.
    #[test]
    fn the_derivative_is_the_limit_of_differences(tree in trees(), rows in rows()) {
        // Both `x` and `now(x)` move with x here.
        let slopes = [false, true].map(|now| tree.derivative(&Use { name: "x".into(), now }));
        for row in rows.iter().filter(|row| row[0].abs() > 0.01 && is_tame(&tree, row)) {
            let here = value(&tree, row, 1.0);
            let differences = |step: f64| {
                let (low, high) = moved(&tree, row, step);
                ((high - low) / (2.0 * step), (high - 2.0 * here + low).abs() / step)
            };
            let ((coarse, wide), (fine, bend)) = (differences(2e-4 * row[0].abs()), differences(1e-4 * row[0].abs()));
            let scale = coarse.abs().max(here.abs() / row[0].abs()).max(1e-9);
            // At a corner the bend does not grow smaller with the step.
            let smooth = bend <= 0.6 * wide + 1e-9 * scale;
            if !coarse.is_finite() || !fine.is_finite() || (coarse - fine).abs() > 1e-6 * scale || !smooth {
                continue;
            }
            let found: f64 = slopes.iter().map(|slope| value(slope, row, 1.0)).sum();
            // A base of zero or below has a slope only for the exponents that are whole.
            if found.is_finite() {
                prop_assert!((found - fine).abs() <= 1e-4 * scale, "{found}, by differences {fine}, in {row:?}");
            }
        }
    }

    #[test]
    fn what_is_called_proportional_is_so(tree in trees(), rows in rows()) {
        for row in rows.iter().filter(|row| tree.is_proportional("x") && is_tame(&tree, row)) {
            let times = |factor: f64| tree.evaluate(&|used: &Use| {
                let place = NAMES.iter().position(|name| *name == used.name).expect("a known name");
                let scale = if place == 0 && !used.now { factor } else { 1.0 };
                row[place] * scale + f64::from(u8::from(used.now))
            });
            prop_assert!((times(4.0) - 4.0 * times(1.0)).abs() <= 1e-9 * times(4.0).abs());
        }
    }
}
