//! Units: each converts to each of its dimension and back, and has the size that its standard gives.

use crate::library::{library, none};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use qingdan::unit::{Unit, Units};
use std::sync::OnceLock;

fn units() -> &'static Units {
    static UNITS: OnceLock<Units> = OnceLock::new();
    UNITS.get_or_init(|| library().0.units)
}

fn unit(text: &str) -> Unit {
    units().parse(text).unwrap_or_else(|cause| panic!("'{text}': {}", cause.en))
}

/// All units by name, the Chinese multiples of the common ones too.
fn all() -> Vec<(String, Unit)> {
    let plain = units().names().into_iter().map(str::to_string);
    let multiples = ["万", "亿", "千", "百万"].into_iter().flat_map(|multiple| {
        ["t", "吨", "tce", "m3", "kWh", "头", "人", "元", "亩"].map(|unit| format!("{multiple}{unit}"))
    });
    plain.chain(multiples).map(|name| (name.clone(), unit(&name))).collect()
}

fn there_and_back(value: f64, a: &Unit, b: &Unit) -> Option<f64> {
    b.convert(a.convert(value, b)?, a)
}

fn is_near(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance * expected.abs()
}

#[test]
fn every_pair_of_a_dimension_converts_and_back() {
    let all = all();
    let mut pairs = 0;
    for (a_name, a) in &all {
        for (b_name, b) in &all {
            let back = there_and_back(1.0, a, b);
            assert_eq!(back.is_some(), a.dimension == b.dimension, "{a_name} and {b_name}");
            let Some(back) = back else { continue };
            assert!(is_near(back, 1.0, 1e-12), "1 {a_name} by way of {b_name} is {back} {a_name}");
            pairs += 1;
        }
    }
    assert!(pairs > 5000, "only {pairs} pairs");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, rng_seed: RngSeed::Fixed(2020), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_converts_and_back(value in -1e15..1e15f64, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        static ALL: OnceLock<Vec<(String, Unit)>> = OnceLock::new();
        let all = ALL.get_or_init(all);
        let (a_name, a) = a.get(all);
        let alike: Vec<&(String, Unit)> = all.iter().filter(|(_, other)| other.dimension == a.dimension).collect();
        let (b_name, b) = *b.get(&alike);
        let back = there_and_back(value, a, b);
        prop_assert!(back.is_some_and(|back| is_near(back, value, 1e-12)), "{value} {a_name} by way of {b_name}: {back:?}");
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,20}") {
        _ = units().parse(&text);
    }
}

/// Each `unit` is `value` of `other`; all that are not are named.
fn check(cases: &[(&str, f64, &str)]) {
    let found = |text: &str, other: &str| units().parse(text).ok()?.convert(1.0, &unit(other));
    let wrong = cases
        .iter()
        .filter(|(text, value, other)| !found(text, other).is_some_and(|found| is_near(found, *value, 1e-12)));
    let say = |(text, value, other): &(&str, f64, &str)| {
        format!("1 {text} is {:?} {other}, expected {value}", found(text, other))
    };
    none("sizes of units", &wrong.map(say).collect::<Vec<_>>());
}

#[test]
fn sizes_are_those_of_the_standards() {
    let cases = [
        ("tce", 29307.6, "MJ"),
        ("kgce", 29.3076, "MJ"),
        ("kcal", 4186.8, "J"),
        ("toe", 41.868, "GJ"),
        ("Btu", 1055.05585262, "J"),
        ("therm", 105.505585262, "MJ"),
        ("MMBtu", 1.05505585262, "GJ"),
        ("kWh", 3.6, "MJ"),
        ("TWh", 3.6, "PJ"),
        ("MWh", 0.122_835_032_551_283_6, "tce"),
        ("lb", 453.59237, "g"),
        ("oz", 28.349523125, "g"),
        ("short ton", 907.18474, "kg"),
        ("long ton", 1016.0469088, "kg"),
    ];
    check(&cases);
}

#[test]
fn volumes_areas_and_ratios_are_those_of_the_standards() {
    let cases = [
        ("gal", 3.785411784, "L"),
        ("UK gal", 4.54609, "L"),
        ("hL", 100.0, "L"),
        ("kL", 1.0, "m3"),
        ("ML", 1e6, "L"),
        ("ML", 1e9, "mL"),
        ("GL", 1e6, "m3"),
        ("cord", 3.624_556_363_776, "m3"),
        ("MMSCF", 1e6, "scf"),
        ("Mscf", 1000.0, "scf"),
        ("short tons", 2000.0, "lb"),
        ("long tons", 2240.0, "lb"),
        ("bbl", 158.987294928, "L"),
        ("ft3", 0.028316846592, "m3"),
        ("mcf", 28.316846592, "m3"),
        ("MMcf", 28316.846592, "m3"),
        ("acre", 4046.8564224, "m2"),
        ("mi", 1.609344, "km"),
        ("ha", 15.0, "亩"),
        ("亩", 1.0 / 15.0, "ha"),
        ("km2", 100.0, "ha"),
        ("Gg", 1.0, "kt"),
        ("Tg", 1.0, "Mt"),
        ("g/kWh", 1.0, "t/GWh"),
        ("lb/MMBtu", 0.45359237 / 1.05505585262, "kg/GJ"),
        ("a", 365.0, "d"),
        ("d", 86400.0, "s"),
        ("ppm", 1e-6, "1"),
        ("%", 10.0, "‰"),
    ];
    check(&cases);
}

#[test]
fn products_are_read_as_they_are_meant() {
    check(&[
        ("1e4 t", 10.0, "kt"),
        ("t/10^4 m3", 0.1, "kg/m3"),
        ("t/10⁴ m³", 0.1, "kg/m3"),
        ("kg·ha⁻¹·yr⁻¹", 1.0, "kg/(ha*a)"),
        ("kg ha-1 yr-1", 1.0, "kg/ha/a"),
        ("g/cap·d", 1.0, "g/(cap*d)"),
        ("kW·h/m2·a", 1.0, "kWh/(m2*a)"),
        ("tkm", 1000.0, "kg*km"),
    ]);
}

#[test]
fn chinese_forms_have_their_size() {
    let cases = [
        ("吨", 1.0, "t"),
        ("万吨", 1e4, "t"),
        ("万t", 1e4, "t"),
        ("亿吨", 1e8, "t"),
        ("百万吨", 1.0, "Mt"),
        ("公斤", 1.0, "kg"),
        ("斤", 0.5, "kg"),
        ("亿kWh", 1e8, "kWh"),
        ("亿千瓦时", 0.1, "TWh"),
        ("万千瓦时", 10.0, "MWh"),
        ("度", 1.0, "kWh"),
        ("万m³", 1e4, "m3"),
        ("万m^3", 1e4, "m3"),
        ("亿m³", 1e8, "m3"),
        ("万km²", 1e4, "km2"),
        ("千克/万m³", 0.1, "g/m3"),
        ("吨/（万m³·年）", 0.1, "kg/m3/a"),
        ("万立方米", 1e4, "m3"),
        ("亿立方米", 1e8, "m3"),
        ("吨标准煤", 29307.6, "MJ"),
        ("万吨标准煤", 293.076, "TJ"),
        ("万tce", 1e4, "tce"),
        ("千克标准煤", 7000.0, "千卡"),
        ("千卡", 4.1868, "kJ"),
        ("大卡", 1.0, "kcal"),
        ("百万千焦", 1.0, "GJ"),
        ("公顷", 1e4, "平方米"),
        ("万亩", 1e4 / 15.0, "ha"),
        ("平方公里", 1.0, "km2"),
        ("万人", 1e4, "人"),
        ("万头", 1e4, "head"),
        ("亿元", 1e4, "万元"),
        ("亿元@2020", 1e8, "元@2020"),
        ("吨/万元", 0.1, "kg/元"),
        ("千克／（头·年）", 1.0, "kg/head/a"),
        ("克／（人·天）", 0.365, "kg/cap/a"),
        ("tC/TJ", 1.0, "kg/GJ"),
        ("kgCO2/kWh", 1.0, "tCO2/MWh"),
        ("mg/L", 1.0, "g/m³"),
    ];
    check(&cases);
}

#[test]
fn what_has_several_sizes_or_none_is_refused_with_the_reason() {
    let cases = [
        ("ton", "'short ton' (US"),
        ("kg/ton", "'long ton' (UK"),
        ("万tons", "'万t' (1000 kg)"),
        ("PJ127", "between -9 and 9"),
        ("kg/t*PJ127/PJ127", "between -9 and 9"),
        ("m^10", "between -9 and 9"),
        ("t^999", "between -9 and 9"),
        ("PJ9*PJ9*PJ9*PJ9*PJ9*PJ9*PJ9*PJ9*PJ9*PJ9*PJ9*PJ9", "too large or too small"),
    ];
    let wrong = cases.iter().filter(|(text, words)| !units().parse(text).is_err_and(|cause| cause.en.contains(words)));
    let say = |(text, words): &(&str, &str)| format!("'{text}' gives {:?}, expected {words}", units().parse(text));
    none("refusals of units", &wrong.map(say).collect::<Vec<_>>());
}

#[test]
fn a_suggestion_is_no_other_multiple() {
    for (text, unwanted) in
        [("dL", "mL"), ("Mm3", "'mm'"), ("dL", "'L'"), ("PW", "'MW'"), ("Em", "'km'"), ("cg", "'kg'")]
    {
        let cause = units().parse(text).expect_err(text).en;
        assert!(!cause.contains(unwanted), "{text}: {cause}");
    }
}

#[test]
fn what_is_no_unit_or_of_another_kind_does_not_convert() {
    for (a, b) in
        [("t", "tce"), ("m3", "t"), ("kWh", "kW"), ("元", "人"), ("万元@2020", "万元@2015"), ("m2", "m3"), ("ha", "m")]
    {
        assert_eq!(unit(a).convert(1.0, &unit(b)), None, "{a} and {b}");
    }
    for text in ["", " ", "t t/", "()", "(t", "t)", "/t", "t^", "t^x", "0 t", "顿", "万", "t@2020", "t//a", "t*-1"] {
        assert!(units().parse(text).is_err(), "'{text}' is read as {:?}", units().parse(text));
    }
}
