//! Scenarios as their users meet them: checks that hold and fail, the flat plan, chains, comparisons, and what moved the totals.

use crate::program::{Scratch, run};
use std::collections::BTreeMap;
use std::path::Path;

/// The sound base of the damaged studies, with scenarios of its own.
const SCENARIOS: &str = r#"
[base]
title = "基准"
horizon = 2030
[base.driver]
gdp = { rate = { "2021-2025" = "6%", "2026-2030" = "4%" } }
population = { points = { 2030 = "1.3 万人" } }
[[base.growth]]
select = { category = "Q" }
driver = "gdp"
elasticity = 0.9
intensity = { rate = { "2021-2030" = "-2%" } }
[[base.parameter]]
select = { category = "Q.1" }
parameter = "ore_factor"
value = { points = { 2030 = "400 kg/t" } }
[low]
title = "低碳"
extends = "base"
use = ["less-coal"]
"#;
const MEASURES: &str = r#"
[less-coal]
title = "少烧煤"
select = { category = "Q.2" }
scale = 0.5
level = { points = { 2020 = 0, 2030 = 1 } }
"#;

fn study(name: &str, checks: &str) -> Scratch {
    let scratch = Scratch::new(name);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/damaged/base"), scratch.path());
    std::fs::write(scratch.path().join("scenarios.toml"), format!("{SCENARIOS}{checks}")).expect("scenarios");
    std::fs::write(scratch.path().join("measures.toml"), MEASURES).expect("measures");
    scratch
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Runs a command on a study; exit code and both streams.
fn ask(study: &Scratch, words: &[&str], arguments: &[&str]) -> (Option<i32>, String) {
    let folder = study.path().to_string_lossy().to_string();
    let output = run(&[words, &[folder.as_str(), "--lang", "en"], arguments].concat());
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("panicked"), "{said}");
    (output.status.code(), said)
}

fn check(study: &Scratch, words: &[&str], arguments: &[&str], expected: &[&str]) -> String {
    let (code, said) = ask(study, words, arguments);
    assert_eq!(code, Some(0), "{said}");
    for word in expected {
        assert!(said.contains(word), "{words:?} does not say '{word}':\n{said}");
    }
    said
}

fn rows(study: &Scratch, file: &str) -> Vec<BTreeMap<String, String>> {
    let path = study.path().join("out").join(file);
    csv::Reader::from_path(path).expect(file).deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn checks_that_hold_let_the_run_through() {
    let checks = r#"
[check]
"falls" = "low.total(CO2, 2030) < base.total(CO2, 2030)"
"no negative" = "all(emissions.* >= 0)"
"every year" = "all(total(CO2.Q) = total(CO2))"
"chain" = "0 < share(energy.coal, 2030) <= 1"
"either" = "total(CO2, 2025) < 0 or not total(CO2, 2025) < '0 t'"
"cut" = "cut('CO2 per gdp', 2020, 2030) > '18%'"
"peak" = "peak_value(CO2) >= total(CO2, 2030)"
"some year" = "any(total(CO2) = peak_value(CO2))"
"all and all" = "all(emissions.CO2 >= 0) and all(total(CO2) > 0) or any(total(CO2) < 0)"
"its name has a hyphen" = '"as-low".total(CO2, 2030) = low.total(CO2, 2030)'
"level of base" = "base.level('less-coal', 2030) = 0"
"driver" = "indicator(gdp, 2030)/indicator(gdp, 2020) = 1.06^5 * 1.04^5"
"energy" = "total(energy, 2030) = total(energy.test_coal, 2030)"
[low.check]
"level" = "level('less-coal', 2025) = 0.5"
[as-low]
extends = "low"
"#;
    let study = study("checks-hold", checks);
    check(&study, &["run"], &[], &["out/report.html first"]);
    check(&study, &["check"], &[], &["3 scenarios, 1 measures and 14 checks without fault"]);
}

#[test]
fn a_check_that_does_not_hold_is_named_and_the_outputs_are_written() {
    let cases = [
        (
            "base.level('less-coal', 2030) > 0.5",
            "the scenario base fails the check 'expected'",
            "the left side is 0, the right 0.5",
        ),
        ("all(level('less-coal') < 0.25)", "the scenario low fails", "the left side is 0.3, the right 0.25 in 2023"),
        ("any(level('less-coal') > 2)", "the scenario base fails", "the right 2 in 2030"),
        ("peak_year(energy) <= 2022 and peak_year(energy) > 0", "fails the check", "the right 2022"),
        ("total(CO2, 2031) > 0", "has no value in 2031", "scenarios.toml:"),
    ];
    for (text, who, values) in cases {
        let study = study("checks-fail", &format!("[check]\nexpected = \"{text}\"\n"));
        let (code, said) = ask(&study, &["run"], &[]);
        assert_eq!(code, Some(1), "{text}: {said}");
        for word in [who, values, "check.expected"] {
            assert!(said.contains(word), "{text} does not say '{word}':\n{said}");
        }
        let notices = rows(&study, "notices.csv");
        let failed = notices.iter().find(|row| row["kind"] == "check").expect("a row of the check");
        assert!(failed["text"].contains(values) || failed["text"].contains(who), "{failed:?}");
        assert!(failed["place"].contains("check.expected"), "{failed:?}");
        assert!(study.path().join("out/report.html").is_file(), "{text}: the outputs are written");
    }
}

/// What cannot be read is not called without fault; what is drawn is looked at too.
#[test]
fn faults_of_checks_and_draws_are_told_without_a_run() {
    for (text, says) in [
        ("[check]\nodd = \"total(CO2, 2030) <\"\n", "check.odd"),
        ("[uncertain]\ngpd = { add = { uniform = [0, 1] } }\n", "the nearest known name is 'gdp'"),
        (
            "[[uncertain.parameter]]\nselect = { category = \"Q.1\" }\nparameter = \"ore_facto\"\nmul = { uniform = [1, 2] }\n",
            "the nearest known name is 'ore_factor'",
        ),
    ] {
        let study = study("faults-before", text);
        for words in [&["check"][..], &["plan", "check"]] {
            let (code, said) = ask(&study, words, &[]);
            assert_eq!(code, Some(2), "{said}");
            assert!(said.contains(says) && !said.contains("checks without fault"), "{said}");
        }
    }
}

#[test]
fn the_flat_plan_is_toml() {
    let study = study("resolve", "");
    let said = check(&study, &["plan", "resolve"], &["--scenario", "low"], &["less-coal", "scenarios.toml:"]);
    let plan: toml::Table = said.parse().unwrap_or_else(|cause| panic!("{cause}:\n{said}"));
    let low = plan["low"].as_table().expect("low");
    assert_eq!(plan.len(), 1);
    let value = |path: &[&str], year: &str| {
        let table = path.iter().fold(low, |table, key| table[*key].as_table().expect("a table"));
        table["values"][year].as_float().or(table["values"][year].as_integer().map(|i| i as f64)).expect("a number")
    };
    assert!((value(&["level", "less-coal"], "2025") - 0.5).abs() < 1e-12);
    assert!((value(&["driver", "gdp"], "2021") / value(&["driver", "gdp"], "2020") - 1.06).abs() < 1e-12);
    assert_eq!(low["parameter"].as_array().map(Vec::len), Some(1));
    assert_eq!(low["amount"].as_array().map(Vec::len), Some(2));
    check(&study, &["plan", "check"], &[], &["2 scenarios"]);
    let (code, said) = ask(&study, &["plan", "resolve"], &["--scenario", "lwo"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("the nearest known name is 'low'"), "{said}");
}

#[test]
fn a_projected_number_tells_its_chain() {
    let study = study("chain", "");
    let question =
        |category: &'static str| ["--scenario", "low", "--year", "2025", "--category", category, "--pollutant", "CO2"];
    let words = [
        "base → low",
        "driver gdp: × 1.33",
        "elasticity 0.9",
        "less-coal 少烧煤 (measures.toml:",
        "level 0.5",
        "what stays × 0.75",
        "net_calorific_value",
        "boiler_co2",
    ];
    check(&study, &["explain"], &question("Q.2"), &words);
    let words = ["path → 420", "scenarios.toml:", "CO2 = amount × ore_factor", "ore_factor = 420"];
    check(&study, &["explain"], &question("Q.1"), &words);
    let (code, said) =
        ask(&study, &["explain"], &["--scenario", "low", "--year", "2050", "--category", "Q", "--pollutant", "CO2"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("its years are 2021–2030"), "{said}");
}

#[test]
fn scenarios_stand_side_by_side() {
    let study = study("compare", "");
    let words =
        ["base", "low", "CO2 peak value, t", "CO2 2025, against base", "target co2-2020", "SO2 2030, t", "基准"];
    check(&study, &["compare"], &[], &words);
    // Our own IAMC file goes in as it came out.
    check(&study, &["run"], &[], &[]);
    let file = study.path().join("out/scenarios.csv").to_string_lossy().to_string();
    let said = check(&study, &["compare"], &["--iamc", &file], &["|low"]);
    let row = said.lines().find(|line| line.starts_with("CO2 2030, t, direct")).expect("the row").to_string();
    let cells: Vec<&str> = row.trim_start_matches("CO2 2030, t, direct").split_whitespace().collect();
    assert_eq!((cells.len(), cells[0], cells[1]), (4, cells[2], cells[3]), "{row}");
    let other = study.path().join("other.csv");
    std::fs::write(&other, "Model,Scenario,Region,Variable,Unit,2020,2030\nM,S,R,Emissions|CO2,Mt CO2/yr,0.002,0.0015\nM,S,R,Emissions|Sulfur,kt SO2/yr,1,0.5\n").expect("a file");
    let said = check(&study, &["compare"], &["--iamc", &other.to_string_lossy()], &["M|S", "1500", "500"]);
    assert!(said.contains("peaked"), "{said}");
    std::fs::write(&other, "Model,Scenario,Region,Variable,2020\n").expect("a file");
    let (code, said) = ask(&study, &["compare"], &["--iamc", &other.to_string_lossy()]);
    assert!(code == Some(2) && said.contains("other.csv:1, Unit: this column is missing"), "{said}");
}

#[test]
fn what_moved_the_totals_closes() {
    let study = study("closes", "");
    check(&study, &["run"], &[], &[]);
    let found = rows(&study, "decomposition.csv");
    let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<f64>().expect("a number");
    let mut sums: BTreeMap<Vec<String>, (f64, f64, f64)> = BTreeMap::new();
    for row in &found {
        let key =
            ["scenario", "from", "to", "kind", "against", "boundary", "identity", "sector"].map(|key| row[key].clone());
        let sum = sums.entry(key.to_vec()).or_insert((0.0, 0.0, 1.0));
        match row["factor"].as_str() {
            "total" => sum.0 = number(row, "additive"),
            _ => {
                sum.1 += number(row, "additive");
                sum.2 *= number(row, "multiplicative");
            }
        }
    }
    for (key, (whole, sum, _)) in &sums {
        assert!((whole - sum).abs() <= 1e-9 * whole.abs().max(1.0), "{key:?}: {whole} and {sum}");
    }
    let kinds: std::collections::BTreeSet<&str> = found.iter().map(|row| row["kind"].as_str()).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["history", "projection", "scenario"]);
}

/// Base to low in one year is the cut that the measure brings.
#[test]
fn base_to_scenario_is_what_the_measures_bring() {
    let study = study("brings", "");
    check(&study, &["run"], &[], &[]);
    let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<f64>().expect("a number");
    let found = rows(&study, "decomposition.csv");
    let totals = rows(&study, "totals.csv");
    let total = |scenario: &str| {
        let of = |row: &&BTreeMap<String, String>| {
            row["scenario"] == scenario
                && row["year"] == "2030"
                && row["grouping"] == "total"
                && row["boundary"] == "direct"
                && row["pollutant"] == "CO2"
        };
        number(totals.iter().find(of).expect("the total"), "value")
    };
    let whole = found.iter().find(|row| {
        row["kind"] == "scenario"
            && row["to"] == "2030"
            && row["factor"] == "total"
            && row["sector"] == "total"
            && row["boundary"] == "direct"
    });
    let whole = whole.expect("base to low");
    assert_eq!((whole["scenario"].as_str(), whole["against"].as_str()), ("low", "base"));
    assert!((number(whole, "additive") - (total("low") - total("base"))).abs() < 1e-9 * total("base"));
    let lines = rows(&study, "breakeven.csv");
    let line = lines
        .iter()
        .find(|row| row["scenario"] == "base" && row["period"] == "2026-2030" && row["boundary"] == "direct");
    assert!((number(line.expect("a line"), "actual_growth") - 0.04).abs() < 1e-12);
}
