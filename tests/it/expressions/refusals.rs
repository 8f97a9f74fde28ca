//! What is no expression, and in which words and at which character it is refused.

use proptest::prelude::*;
use qingdan::expression::parse;

/// The text is refused with these words, in both languages, at this character where it is known.
fn check(text: &str, words: &str, character: Option<usize>) {
    let refusal = match parse(text) {
        Ok(tree) => panic!("'{text}' is read as {tree:?}"),
        Err(refusal) => refusal,
    };
    assert!(refusal.text.en.contains(words), "'{text}': {}", refusal.text.en);
    assert!(refusal.text.zh.chars().any(|c| c > '\u{3000}'), "'{text}': {}", refusal.text.zh);
    assert_eq!(refusal.character, character, "'{text}': {}", refusal.text.en);
}

const NOT_ALLOWED: &str =
    "is not allowed; an expression has numbers, names, + - * / ^, parentheses, min, max, exp, ln, if, now";

#[test]
fn other_functions_are_refused_where_they_stand() {
    let cases = [
        ("sum(amount)", 1),
        ("amount * avg(factor)", 10),
        ("count(*)", 1),
        ("sqrt(amount)", 1),
        ("abs(amount)", 1),
        ("活动量 * round(a)", 7),
        ("log(10, a)", 1),
        ("sum(amount) over ()", 1),
        ("min(distinct a)", 1),
        ("coalesce(a, 0)", 1),
        ("exp()", 1),
        ("exp(a, b)", 1),
        ("ln(a, b)", 1),
        ("min()", 1),
        ("if(a < b, 1)", 1),
        ("if(a < b)", 1),
        ("now(1)", 1),
        ("now(a + b)", 1),
        ("now()", 1),
    ];
    for (text, character) in cases {
        check(text, NOT_ALLOWED, Some(character));
    }
}

#[test]
fn what_is_no_arithmetic_is_refused() {
    let cases = [
        ("'text'", "'text'"),
        ("amount + 'text'", "'text'"),
        ("a || b", "a || b"),
        ("a = b", "a = b"),
        ("a < b", "a < b"),
        ("a % b", "a % b"),
        ("a and b", "a AND b"),
        ("not a", "NOT a"),
        ("a is null", "a IS NULL"),
        ("null", "NULL"),
        ("true", "true"),
        ("(select 1)", "(SELECT 1)"),
        ("amount * (select max(x) from t)", "(SELECT max(x) FROM t)"),
        ("exists (select 1)", "EXISTS (SELECT 1)"),
        ("a in (1, 2)", "a IN (1, 2)"),
        ("a between 1 and 2", "a BETWEEN 1 AND 2"),
        ("case when a < b then 1 else 2 end", "CASE WHEN a < b THEN 1 ELSE 2 END"),
        ("cast(a as int)", "CAST(a AS INT)"),
        ("a::int", "a::INT"),
        ("a.b", "a.b"),
        ("(a, b)", "(a, b)"),
        ("a[1]", "a[1]"),
        ("$1", "$1"),
        ("x'ff'", "X'ff'"),
        ("if(a, 1, 2)", "'a'"),
        ("if(a < b and b < c, 1, 2)", "a < b AND b < c"),
        ("1e999", "1e999"),
        ("current_date", "current_date"),
    ];
    for (text, part) in cases {
        let refusal = parse(text).err().unwrap_or_else(|| panic!("'{text}' is read"));
        let said = &refusal.text.en;
        assert!(said.contains("is not allowed") && said.contains(part), "'{text}': {said}");
    }
}

#[test]
fn what_is_left_over_is_named_with_its_place() {
    let cases = [
        ("a b", "'b' is left over", 3),
        ("amount * factor factor2", "'factor2' is left over", 17),
        ("2 a", "'a' is left over", 3),
        ("a; b", "';' is left over", 2),
        ("a)", "')' is left over", 2),
        ("a, b", "',' is left over", 2),
        ("活动量 排放因子", "'排放因子' is left over", 5),
        ("a as b", "'as' is left over", 3),
        ("a from t", "'from' is left over", 3),
        ("1e", "'e' is left over", 2),
    ];
    for (text, words, character) in cases {
        check(text, words, Some(character));
    }
}

#[test]
fn comments_are_refused() {
    for text in ["a /* b */", "/* a */ b", "a /* b", "a * /* factor */ b"] {
        check(text, "an expression has no comments", text.find("/*").map(|at| at + 1));
    }
    // Two minus signs are arithmetic, so that no part of a formula can vanish behind them.
    for text in ["a -- b c", "a * b -- the factor of 2020", "a --"] {
        assert!(parse(text).is_err(), "'{text}' is read as {:?}", parse(text));
    }
}

#[test]
fn what_breaks_off_is_refused() {
    check("", "the expression is empty", None);
    check(" \u{3000}\t", "the expression is empty", None);
    for text in [
        "a +",
        "(a",
        "a + * b",
        "* a",
        "min(a,",
        "if(a < , 1, 2)",
        "()",
        ")",
        "a ^",
        "'a",
        "\"a",
        "@",
        "#",
        "?",
        "a +* b",
        "1..2",
    ] {
        assert!(parse(text).is_err(), "'{text}' is read as {:?}", parse(text));
    }
}

#[test]
fn long_and_deep_texts_cost_neither_stack_nor_time() {
    check(&"a+".repeat(1500), "longer than 2000 characters", None);
    let cases = [
        format!("{}a{}", "(".repeat(990), ")".repeat(990)),
        format!("{}a", "-".repeat(1999)),
        format!("{}a", "- ".repeat(999)),
        format!("{}a{}", "exp(".repeat(300), ")".repeat(300)),
        "(".repeat(2000),
        format!("a{}", "^a".repeat(999)),
        format!("a{}", "+a".repeat(999)),
    ];
    for text in cases {
        _ = parse(&text);
    }
}

proptest! {
    #![proptest_config(crate::expressions::draws(1000))]

    /// Whatever is typed is read or refused, and never breaks.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        _ = parse(&text);
    }

    #[test]
    fn any_mixture_of_signs_is_read_or_refused(text in "[ab1.e+*/^(),<>='\"; −×-]{0,40}") {
        _ = parse(&text);
    }
}
