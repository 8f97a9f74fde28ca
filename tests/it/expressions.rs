//! Expressions: what is read and what it is worth, what is refused in which words, and one value by every way of computing it.

mod refusals;

mod dimensions;

mod equality;

mod derivatives;

use proptest::test_runner::{Config, RngSeed};
use qingdan::expression::{Expression, Use, parse};

/// Random cases that are the same in every run, and leave no file behind.
fn draws(cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(2020), failure_persistence: None, ..Config::default() }
}

fn tree(text: &str) -> Expression {
    parse(text).unwrap_or_else(|refusal| panic!("'{text}': {}", refusal.text.en))
}

/// Values of names in these tests; `now(x)` is ten times `x`.
fn value_of(used: &Use) -> f64 {
    let value = match used.name.as_str() {
        "a" => 2.0,
        "b" => 3.0,
        "c" => 5.0,
        "活动量" => 7.0,
        "排放因子" => 0.5,
        "amount" => 100.0,
        other => panic!("no value for '{other}'"),
    };
    if used.now { value * 10.0 } else { value }
}

fn check(text: &str, expected: f64) {
    let found = tree(text).evaluate(&value_of);
    assert!((found - expected).abs() <= 1e-12 * expected.abs(), "'{text}' is {found}, expected {expected}");
}

#[test]
fn precedence_is_that_of_arithmetic() {
    let cases = [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("10 - 4 - 3", 3.0),
        ("24 / 4 / 3", 2.0),
        ("24 / (4 / 3)", 18.0),
        ("2 * 3 ^ 2", 18.0),
        ("(2 * 3) ^ 2", 36.0),
        ("2 + 3 ^ 2 * 2", 20.0),
        ("100 / 2 ^ 2", 25.0),
        // From left to right, as spreadsheets do.
        ("2 ^ 3 ^ 2", 64.0),
        ("2 ^ (3 ^ 2)", 512.0),
        ("2 ^ 0.5 ^ 2", 2.0),
        ("a + b * c", 17.0),
        ("a * b + c", 11.0),
        ("((((a))))", 2.0),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn a_sign_binds_tighter_than_products_and_looser_than_powers() {
    let cases = [
        ("-2", -2.0),
        ("+2", 2.0),
        ("-a * b", -6.0),
        ("-a + b", 1.0),
        ("a - -b", 5.0),
        ("a--b", 5.0),
        ("a---b", -1.0),
        ("--a", 2.0),
        ("---a", -2.0),
        ("a * -b", -6.0),
        ("a / -b", -2.0 / 3.0),
        ("-2 ^ 2", -4.0),
        ("(-2) ^ 2", 4.0),
        ("2 ^ -1", 0.5),
        ("2 ^ -1 * 4", 2.0),
        ("-(a + b)", -5.0),
        ("1 - (1 - 0.25)", 0.25),
        ("−a", -2.0),
        ("a − b", -1.0),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn numbers_are_floats_however_they_are_written() {
    let cases = [
        ("44/12", 44.0 / 12.0),
        ("1/2", 0.5),
        ("7/2*2", 7.0),
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        ("2.5e+2", 250.0),
        ("1e-3 * 2", 0.002),
        (".5", 0.5),
        ("5.", 5.0),
        ("00012", 12.0),
        ("9007199254740993", 9007199254740992.0),
        ("0.1 + 0.2", 0.1 + 0.2),
        ("1e-300", 1e-300),
        ("0.0000000001", 1e-10),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

/// With every argument read twice a nest of 25 would take minutes.
#[test]
fn a_nest_of_choices_is_read_once() {
    let nest = (0..25).fold("0".to_string(), |inner, step| format!("if(a < {step}, b, {inner})"));
    assert!(parse(&nest).is_ok());
}

#[test]
fn functions_are_few_and_nest() {
    let cases = [
        ("min(a, b)", 2.0),
        ("max(a, b)", 3.0),
        ("min(c, b, a, 4)", 2.0),
        ("max(1, min(a, b), -c)", 2.0),
        ("min(a)", 2.0),
        ("MAX(a, b)", 3.0),
        ("exp(0)", 1.0),
        ("exp(1)", std::f64::consts::E),
        ("ln(exp(a))", 2.0),
        ("ln(1)", 0.0),
        ("power(a, b)", 8.0),
        ("pow(a, -1)", 0.5),
        ("if(a < b, 1, 2)", 1.0),
        ("if(a > b, 1, 2)", 2.0),
        ("if(a <= 2, 1, 2)", 1.0),
        ("if(a >= 2.5, 1, 2)", 2.0),
        ("if(a = 2, b, c)", 3.0),
        ("if(a <> 2, b, c)", 5.0),
        ("if(a != 2, b, c)", 5.0),
        ("if((a < b), 1, 2)", 1.0),
        ("if(a + 1 = b, if(b < a, 1, 2), 3)", 2.0),
        ("IF(a<b,a,b)", 2.0),
        ("now(a) + a", 22.0),
        ("if(a < 1, 0, amount * (exp(0 - b * (a - 1)) - exp(0 - b * a)))", 100.0 * ((-3f64).exp() - (-6f64).exp())),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn chinese_input_is_read_as_it_is_typed() {
    let cases = [
        ("活动量 * 排放因子", 3.5),
        ("活动量×排放因子", 3.5),
        ("活动量÷排放因子", 14.0),
        ("（１＋２）×３", 9.0),
        ("１２．５", 12.5),
        ("a　＋　b", 5.0),
        ("a＊b", 6.0),
        ("a／b", 2.0 / 3.0),
        ("a－b", -1.0),
        ("a＾b", 8.0),
        ("ｍｉｎ（a，b）", 2.0),
        ("if（a＜b，1，2）", 1.0),
        ("if(a ≤ 2, 1, 2)", 1.0),
        ("if(a ≥ 3, 1, 2)", 2.0),
        ("if(a ≠ 2, 1, 2)", 2.0),
        ("a·b", 6.0),
        ("a\u{a0}*\tb\n", 6.0),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn the_names_are_found_once_and_in_order() {
    let names = |text: &str| tree(text).uses().into_iter().map(|used| (used.name, used.now)).collect::<Vec<_>>();
    let expected =
        |names: &[(&str, bool)]| names.iter().map(|(name, now)| (name.to_string(), *now)).collect::<Vec<_>>();
    assert_eq!(names("b * a + b"), expected(&[("b", false), ("a", false)]));
    assert_eq!(names("if(c < a, b, c) + now(a)"), expected(&[("c", false), ("a", false), ("b", false), ("a", true)]));
    assert_eq!(names("1 + 2"), expected(&[]));
    // Upper and lower case are two names, as everywhere in the tables.
    assert_eq!(names("Amount * amount"), expected(&[("Amount", false), ("amount", false)]));
    // Words of the language that reads the text are good names too.
    assert_eq!(
        names("share + level + date + year + value"),
        expected(&["share", "level", "date", "year", "value"].map(|name| (name, false)))
    );
}

/// A table of steps, such as a factor by temperature, is a chain of `if`; reading it must not double with each step.
#[test]
fn a_long_chain_of_conditions_is_read_at_once() {
    let start = std::time::Instant::now();
    let text = (0..25).rev().fold("b".to_string(), |rest, step| format!("if(a < {step}, {step}, {rest})"));
    check(&text, 3.0);
    assert!(start.elapsed().as_secs() < 5, "it took {:?}", start.elapsed());
}
