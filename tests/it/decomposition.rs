//! Decomposition against published vectors: LMDIR's own tests (MIT, see `decomposition/lmdi-lmdir/README.md`), Ang's illustration, Kaya, the
//! zero cases of Ang, Zhang and Choi, break-even growth and Tapio's states.

use qingdan::decomposition::lmdi::{self, SumPart};
use qingdan::decomposition::{breakeven, tapio};
use std::collections::BTreeMap;

type Row = BTreeMap<String, String>;

fn read(name: &str) -> Vec<Row> {
    let path = format!("{}/tests/decomposition/lmdi-lmdir/{name}", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_path(path).expect("a table").deserialize().map(|row| row.expect("a row")).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().expect("a number")
}

fn near(found: f64, expected: f64, tolerance: f64, of: &str) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "{of}: {found}, expected {expected}");
}

/// Parts of two tables of factors.
fn parts(before: &[Vec<f64>], after: &[Vec<f64>]) -> Vec<SumPart> {
    let part = |(x0, xt): (&Vec<f64>, &Vec<f64>)| SumPart {
        before: x0.iter().product(),
        after: xt.iter().product(),
        factors: x0.iter().copied().zip(xt.iter().copied()).collect(),
    };
    before.iter().zip(after).map(part).collect()
}

/// The effect of each factor, of all parts together, with its D; the effects are checked to add up and D to multiply up.
fn effects(parts: &[SumPart]) -> Vec<(f64, f64)> {
    let (before, after) = lmdi::sums(parts);
    let each: Vec<Vec<f64>> = parts.iter().map(|part| lmdi::additive(part).expect("logarithms")).collect();
    let sum = |factor: usize| each.iter().map(|effects| effects[factor]).sum::<f64>();
    let sums: Vec<f64> = (0..parts[0].factors.len()).map(sum).collect();
    near(sums.iter().sum(), after - before, 1e-9, "the sum of all effects");
    let d = |effect: &f64| lmdi::ln_multiplicative(*effect, before, after).expect("D").exp();
    let found: Vec<(f64, f64)> = sums.iter().map(|effect| (*effect, d(effect))).collect();
    near(found.iter().map(|(_, d)| d).product(), after / before, 1e-9, "the product of all D");
    found
}

fn check(parts: &[SumPart], additive: &[f64], multiplicative: &[f64]) {
    let found = effects(parts);
    for (index, (effect, d)) in found.iter().enumerate() {
        near(*effect, additive[index], 1e-8, "additive");
        near(*d, multiplicative[index], 1e-8, "multiplicative");
    }
}

#[test]
fn the_simple_case_of_lmdir() {
    let inputs = read("simple_inputs.csv");
    let factors = ["factor1", "factor2", "factor3"];
    let of = |year: &str| -> Vec<Vec<f64>> {
        let rows = inputs.iter().filter(|row| row["year"] == year);
        rows.map(|row| factors.map(|factor| number(row, factor)).to_vec()).collect()
    };
    for expected in read("simple_expected.csv").iter().filter(|row| row["year"] != "1971") {
        let before = (number(expected, "year") as i32 - 1).to_string();
        let additive = factors.map(|factor| number(expected, &format!("dV_{factor}")));
        let multiplicative = factors.map(|factor| number(expected, &format!("D_{factor}")));
        check(&parts(&of(&before), &of(&expected["year"])), &additive, &multiplicative);
    }
}

#[test]
fn the_uk_case_of_lmdir() {
    let inputs = read("uk_inputs.csv");
    let factors = ["E_ktoe", "eta_ij", "phi_i", "phi_ij"];
    let of = |year: &str, item: &str| {
        let row = inputs.iter().find(|row| row["year"] == year && row["subsubcategory"] == item).expect("the item");
        factors.map(|factor| number(row, factor)).to_vec()
    };
    let expected: Vec<Row> = read("uk_expected.csv")
        .into_iter()
        .filter(|row| inputs.iter().any(|known| known["subsubcategory"] == row["item"]))
        .collect();
    assert_eq!(expected.len(), 22);
    let (before, after): (Vec<_>, Vec<_>) =
        expected.iter().map(|row| (of("1972", &row["item"]), of("1973", &row["item"]))).unzip();
    let parts = parts(&before, &after);
    for (part, row) in parts.iter().zip(&expected) {
        let found = lmdi::additive(part).expect("logarithms");
        for (effect, factor) in found.iter().zip(factors) {
            near(*effect, number(row, factor), 1e-8, &row["item"]);
        }
    }
    let (v0, vt) = lmdi::sums(&parts);
    near(vt - v0, 898.416_515_218_118_4, 1e-8, "the whole change");
    let found = effects(&parts);
    for ((_, d), expected) in found.iter().zip([1.0389597, 0.9992083, 1.0013959, 1.0084641]) {
        near(*d, expected, 1e-7, "D");
    }
}

#[test]
fn zero_cases_are_exact() {
    for row in read("zero_cases.csv") {
        let (before, after) = (number(&row, "v_0"), number(&row, "v_T"));
        let factors = vec![(number(&row, "x_0"), number(&row, "x_T"))];
        let found = lmdi::additive(&SumPart { before, after, factors }).expect("a limit");
        assert_eq!(found, [number(&row, "expected_contribution")], "case {}", row["case"]);
    }
    // Two factors that are zero at once share what appears.
    let twice = SumPart { before: 0.0, after: 42.0, factors: vec![(0.0, 6.0), (3.0, 3.5), (0.0, 2.0)] };
    assert_eq!(lmdi::additive(&twice), Some(vec![21.0, 0.0, 21.0]));
}

#[test]
fn equal_totals_are_no_zeros() {
    assert_eq!(lmdi::mean(100.0, 100.0), 100.0);
    assert_eq!(lmdi::mean(0.0, 5.0), 0.0);
    let part = SumPart { before: 100.0, after: 100.0, factors: vec![(10.0, 20.0), (10.0, 5.0)] };
    let found = lmdi::additive(&part).expect("logarithms");
    near(found[0], 69.31471805599453, 1e-12, "×2");
    near(found[1], -69.31471805599453, 1e-12, "×½");
    // Close to each other the mean keeps its digits.
    let close = lmdi::mean(1.0 + 1e-9, 1.0);
    assert!((close - (1.0 + 5e-10)).abs() < 1e-15, "{close}");
}

#[test]
fn a_change_of_sign_has_no_logarithm_and_two_sinks_have() {
    let crossing = SumPart { before: -5.0, after: 5.0, factors: vec![(-1.0, 1.0), (5.0, 5.0)] };
    assert_eq!(lmdi::additive(&crossing), None);
    let sinks = SumPart { before: -10.0, after: -20.0, factors: vec![(5.0, 10.0), (-2.0, -2.0)] };
    assert_eq!(lmdi::additive(&sinks).map(|found| found.iter().sum::<f64>().round()), Some(-10.0));
}

/// Reference notes on scenarios, section 4.4.
#[test]
fn kaya() {
    let (before, after) = ([50.0, 8.0, 0.60, 2.20], [52.0, 10.4, 0.51, 2.05]);
    let parts = parts(&[before.to_vec()], &[after.to_vec()]);
    near(parts[0].before, 528.0, 1e-12, "before");
    near(parts[0].after, 565.4064, 1e-12, "after");
    near(lmdi::mean(parts[0].after, parts[0].before), 546.489849, 1e-8, "L");
    let expected = [21.433722, 143.379407, -88.814945, -38.591784];
    for ((effect, _), expected) in effects(&parts).iter().zip(expected) {
        near(*effect, expected, 1e-7, "Kaya");
    }
}

/// Reference notes on scenarios, section 4.5, V2: two sectors, LMDI-I and LMDI-II.
#[test]
fn two_sectors() {
    let of = |q: [f64; 2], e: [f64; 2]| -> Vec<Vec<f64>> {
        let all: f64 = q.iter().sum();
        q.iter().zip(e).map(|(q, e)| vec![all, q / all, e / q]).collect()
    };
    let parts = parts(&of([10.0, 40.0], [30.0, 20.0]), &of([40.0, 40.0], [80.0, 16.0]));
    let expected = [(32.384638, 1.582880), (38.284867, 1.721020), (-24.669505, 0.704802)];
    for ((effect, d), (additive, multiplicative)) in effects(&parts).iter().zip(expected) {
        near(*effect, additive, 1e-6, "additive");
        near(*d, multiplicative, 1e-6, "multiplicative");
    }
    for (d, expected) in lmdi::second(&parts).iter().zip([1.600000, 1.712647, 0.700670]) {
        near(*d, expected, 1e-6, "LMDI-II");
    }
}

/// −18 % per five years = −3.89 %/a, flat at 4.05 %/a; 5.5 %/a needs −23.49 %.
#[test]
fn break_even_growth() {
    let rate = breakeven::yearly(-0.18, 5);
    near(rate, -0.0389, 5e-5, "a year");
    near(breakeven::flat_growth(rate), 0.0405, 5e-5, "flat growth");
    near(breakeven::flat_change(0.055, 5), -0.2349, 5e-5, "flat change");
    let line = breakeven::BreakevenRow {
        scenario: "base".into(),
        boundary: qingdan::target::Boundary::Direct,
        period: "2026-2030".into(),
        from: 2025,
        to: 2030,
        intensity_change: rate,
        breakeven_growth: breakeven::flat_growth(rate),
        actual_growth: 0.055,
        flat_change: breakeven::flat_change(0.055, 5),
    };
    let text = breakeven::sentence(&line);
    assert!(text.en.contains("the total stays flat only if GDP grows less than 4.05% a year"), "{}", text.en);
    assert!(text.zh.contains("GDP 年均增速低于 4.05% 时总量才不增长"), "{}", text.zh);
}

#[test]
fn tapio_has_eight_states() {
    let cases = [
        ((100.0, 90.0), (100.0, 110.0), "strong decoupling"),
        ((100.0, 105.0), (100.0, 110.0), "weak decoupling"),
        ((100.0, 110.0), (100.0, 110.0), "expansive coupling"),
        ((100.0, 120.0), (100.0, 110.0), "expansive negative decoupling"),
        ((100.0, 110.0), (100.0, 90.0), "strong negative decoupling"),
        ((100.0, 95.0), (100.0, 90.0), "weak negative decoupling"),
        ((100.0, 90.0), (100.0, 90.0), "recessive coupling"),
        ((100.0, 80.0), (100.0, 90.0), "recessive decoupling"),
    ];
    for (c, g, state) in cases {
        assert_eq!(tapio::state(c, g), Some(state), "{c:?} against {g:?}");
    }
    assert_eq!(tapio::state((100.0, 90.0), (100.0, 100.0)), None);
}
