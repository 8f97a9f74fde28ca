//! Dimensions multiply out, or the two that do not go together are named.

use crate::expressions::tree;
use qingdan::expression::Use;
use qingdan::unit::Dimension;

fn dimension_of(used: &Use) -> Dimension {
    let p = Dimension::PURE;
    match used.name.as_str() {
        "mass" => Dimension::MASS,
        "energy" => Dimension::ENERGY,
        "per_energy" => Dimension { mass: 1, energy: -1, ..p },
        "calorific" => Dimension { mass: -1, energy: 1, ..p },
        "heads" => Dimension { count: 1, ..p },
        "length" => Dimension { length: 1, ..p },
        "money2015" => Dimension { money: 1, price_base: Some(2015), ..p },
        "money2020" => Dimension { money: 1, price_base: Some(2020), ..p },
        "money" => Dimension { money: 1, ..p },
        _ => p,
    }
}

fn check(text: &str, expected: Result<&str, &str>) {
    let found = tree(text).dimension(&dimension_of);
    let found = found.as_ref().map(|dimension| dimension.words().en).map_err(|text| text.en.as_str());
    match (found, expected) {
        (Ok(found), Ok(expected)) => assert_eq!(found, expected, "'{text}'"),
        (Err(found), Err(expected)) => assert!(found.contains(expected), "'{text}': {found}, expected {expected}"),
        (found, expected) => panic!("'{text}' is {found:?}, expected {expected:?}"),
    }
}

#[test]
fn products_and_quotients_multiply_out() {
    let cases = [
        ("mass * calorific * per_energy * 44/12", "mass"),
        ("energy * per_energy", "mass"),
        ("mass / energy", "mass / energy"),
        ("mass * mass", "mass^2"),
        ("mass / mass", "pure number"),
        ("1 / energy", "1 / energy"),
        ("length * length", "area"),
        ("length * length * length", "volume"),
        ("-mass", "mass"),
        ("mass - mass / 2", "mass"),
        ("money2020 / mass", "money / mass @2020"),
        ("money2020 / money2020", "pure number"),
        ("money2020 * share", "money @2020"),
        ("mass * (1 - share)", "mass"),
        ("now(energy) * per_energy", "mass"),
    ];
    for (text, expected) in cases {
        check(text, Ok(expected));
    }
}

#[test]
fn sums_choices_and_comparisons_are_of_one_dimension() {
    let cases = [
        ("mass + energy", Err("'mass' and 'energy' do not go together")),
        ("mass - 1", Err("'mass' and 'pure number' do not go together")),
        ("1 - mass", Err("'pure number' and 'mass' do not go together")),
        ("mass + mass * mass", Err("'mass' and 'mass^2'")),
        ("min(mass, energy)", Err("'mass' and 'energy'")),
        ("max(mass, mass, heads)", Err("'mass' and 'count'")),
        ("if(mass < energy, 1, 2)", Err("'mass' and 'energy'")),
        ("if(1 < 2, mass, energy)", Err("'mass' and 'energy'")),
        ("if(mass < 5, mass, 0)", Err("'mass' and 'pure number'")),
        ("money2015 + money2020", Err("'money @2015' and 'money @2020'")),
        ("money2015 / money2020", Err("'money @2015' and 'money @2020'")),
        ("(mass + energy) * 0", Err("'mass' and 'energy'")),
        ("mass + mass", Ok("mass")),
        ("min(mass, mass)", Ok("mass")),
        // A written zero is of any dimension.
        ("0 - mass", Ok("mass")),
        ("mass + 0", Ok("mass")),
        ("max(0, mass)", Ok("mass")),
        ("if(mass > 0, mass, 0)", Ok("mass")),
        ("if(1 < 2, 0, 0)", Ok("pure number")),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn functions_and_exponents_are_pure() {
    let cases = [
        ("exp(mass)", Err("exp() takes a pure number, not mass")),
        ("ln(energy / heads)", Err("ln() takes a pure number, not energy / count")),
        ("exp(mass + energy)", Err("'mass' and 'energy'")),
        ("2 ^ mass", Err("'pure number' and 'mass'")),
        ("mass ^ 0.5", Err("a written whole number")),
        ("mass ^ share", Err("a written whole number")),
        ("mass ^ (1 + 1)", Err("a written whole number")),
        ("mass ^ 200", Err("a written whole number")),
        ("exp(mass / mass)", Ok("pure number")),
        ("mass * exp(0 - share)", Ok("mass")),
        ("mass ^ 2", Ok("mass^2")),
        ("length ^ 2", Ok("area")),
        ("mass ^ -1", Ok("1 / mass")),
        ("mass ^ 1", Ok("mass")),
        ("mass ^ 0", Ok("pure number")),
        ("share ^ 0.5", Ok("pure number")),
        ("share ^ share", Ok("pure number")),
        ("power(mass, 2)", Ok("mass^2")),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn both_languages_name_the_dimensions() {
    let said = tree("mass + energy").dimension(&dimension_of).expect_err("it is refused");
    assert_eq!(said.zh, "'质量' 与 '能量' 不能在一起运算");
    assert_eq!(said.en, "'mass' and 'energy' do not go together");
}
