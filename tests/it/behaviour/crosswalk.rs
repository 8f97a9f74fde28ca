//! The inventory in other schemes: nothing is lost on the way, whatever the inventory.

use crate::behaviour::folder::{Folder, csv, read, repository};
use crate::program::{Scratch, run};
use qingdan::study::read_library;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Row = BTreeMap<String, String>;

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("'{text}' is no number"))
}

/// In every scheme the classes add up to the emissions, by year and pollutant, direct, purchased and memo items; the
/// CO2-equivalents to those of the totals.
fn nothing_is_lost(out: &Path, study: &str) {
    let (emissions, shares) = (read(&out.join("emissions.csv")), read(&out.join("crosswalk.csv")));
    let mut expected: BTreeMap<(String, String), (f64, f64)> = BTreeMap::new();
    for row in emissions.iter().filter(|row| row["scenario"] == "history") {
        let (sum, size) = expected.entry((row["year"].clone(), row["pollutant"].clone())).or_default();
        let value = number(&row["emitted_t"]);
        (*sum, *size) = (*sum + value, *size + value.abs());
    }
    let totals = read(&out.join("totals.csv"));
    let is_total = |row: &&Row| row["scenario"] == "history" && row["grouping"] == "total" && row["unit"] != "t";
    let wide: Vec<&Row> = totals.iter().filter(is_total).filter(|row| row["boundary"] == "direct+purchased").collect();
    // Of a year whose purchased energy is not known there is the direct total alone.
    let is_alone = |row: &Row| !wide.iter().any(|w| w["year"] == row["year"] && w["pollutant"] == row["pollutant"]);
    let counted = |row: &&Row| match &*row["boundary"] {
        "direct" => is_alone(row),
        _ => true,
    };
    for row in totals.iter().filter(is_total).filter(counted) {
        let value = number(&row["value"]);
        let (sum, size) = expected.entry((row["year"].clone(), row["pollutant"].clone())).or_default();
        (*sum, *size) = (*sum + value, *size + value.abs());
    }
    // A CO2-equivalent that is not known in a year has no total to compare with.
    let has_total = |(year, pollutant): &(String, String)| {
        let of_inventory = totals.iter().filter(is_total).filter(|row| row["boundary"] != "memo");
        !pollutant.starts_with("GHG") || of_inventory.into_iter().any(|row| &row["year"] == year)
    };
    let mut found: BTreeMap<String, BTreeMap<(String, String), f64>> = BTreeMap::new();
    for row in &shares {
        let key = (row["year"].clone(), row["pollutant"].clone());
        *found.entry(row["scheme"].clone()).or_default().entry(key).or_default() += number(&row["value"]);
    }
    assert!(found.len() >= 8, "{study}: only {:?}", found.keys());
    for (scheme, sums) in &found {
        assert!(sums.keys().eq(expected.keys()), "{study} in {scheme} has other years or pollutants");
        for (key, (sum, size)) in expected.iter().filter(|(key, _)| has_total(key)) {
            assert!(
                (sums[key] - sum).abs() <= 1e-12 * size,
                "{study} in {scheme}, {key:?}: {} is not {sum}",
                sums[key]
            );
        }
    }
}

#[test]
fn the_classes_of_every_scheme_add_up_to_the_inventory() {
    for study in ["scenarios/dazu", "scenarios/chongqing"] {
        let scratch = Scratch::new(&format!("crosswalk-{}", study.replace('/', "-")));
        let out = scratch.path().join("out");
        run(&["run", &repository(study), "--lang", "en", "--out", &out.to_string_lossy()]);
        nothing_is_lost(&out, study);
    }
}

const SETTINGS: &str =
    "area = \"大足区\"\nyears = [2020]\ngwp = \"AR5\"\npollutants = [\"CO2\", \"CH4\", \"NOx\", \"COD\"]\n";

/// A method for every row, and invented shares of each pollutant.
fn everywhere(name: &str, rows: &[Vec<String>]) -> Folder {
    let folder = Folder::without_activity(name);
    folder.write("study.toml", SETTINGS.as_bytes());
    let methods = "method,rank,result,expression\neverywhere,-1000,emitted,amount * invented_share\n";
    folder.write("methods.csv", methods.as_bytes());
    let shares = "parameter,pollutant,value,unit\ninvented_share,CO2,0.7,1\ninvented_share,CH4,0.0123,1\ninvented_share,NOx,1e-7,1\ninvented_share,COD,3,1\n";
    folder.write("parameters/invented.csv", shares.as_bytes());
    folder.write("activity/all.csv", csv(&["year", "area", "category", "item", "amount", "unit"], rows).as_bytes());
    folder
}

fn row(category: &str, item: &str, amount: f64) -> Vec<String> {
    ["2020", "dazu", category, item, &amount.to_string(), "t"].map(str::to_string).to_vec()
}

/// One emission in every category of the library, of a fuel and of biomass: the sums hold, and every class that some
/// category has is there.
#[test]
fn an_inventory_of_all_categories_loses_nothing() {
    let words = read_library().unwrap_or_else(|faults| panic!("{faults:#?}")).words;
    let codes: Vec<&str> = words.categories.iter().map(|(_, category)| category.code.as_str()).collect();
    let amount = |index: usize| 1.07f64.powi(index as i32 % 90) * 10f64.powi(index as i32 % 7 - 3);
    let rows: Vec<Vec<String>> = ["raw_coal", "straw"]
        .iter()
        .flat_map(|item| codes.iter().enumerate().map(|(index, code)| row(code, item, amount(index))))
        .collect();
    let folder = everywhere("crosswalk-all", &rows);
    folder.run();
    nothing_is_lost(&folder.out(), "all categories");
    let emitted: BTreeSet<String> = folder.table("emissions.csv").iter().map(|row| row["category"].clone()).collect();
    assert_eq!(emitted.len(), codes.len(), "an emission in every category");
    let shares = folder.table("crosswalk.csv");
    for scheme in &words.schemes {
        let there: BTreeSet<&str> =
            shares.iter().filter(|row| row["scheme"] == scheme.name).map(|row| row["code"].as_str()).collect();
        let classes: BTreeSet<usize> = scheme.of_categories(&words.categories).into_iter().collect();
        let lost: Vec<&str> = classes.iter().map(|&class| scheme.classes[class].code.as_str()).collect();
        // The plain rows are of coal; a class that all coal leaves for another is reached by straw.
        let lost: Vec<&&str> = lost.iter().filter(|code| !there.contains(**code)).collect();
        assert!(lost.is_empty(), "{}: {lost:?}", scheme.name);
    }
}

#[test]
fn a_category_of_the_study_finds_its_class_by_parent_or_code_or_is_other() {
    let rows = [row("OVENS", "raw_coal", 1.0), row("1.A.4.b.x", "raw_coal", 2.0), row("ELSE", "raw_coal", 4.0)];
    let folder = everywhere("crosswalk-own", &rows);
    let categories = "code,parent,name_en,sector,scope\nOVENS,1.A.2.f,ovens,industry,direct\n1.A.4.b.x,,stoves,buildings,direct\nELSE,,else,industry,direct\n";
    folder.write("categories.csv", categories.as_bytes());
    let own = "scheme,category,code,name_zh\nNFR,ELSE,2.H.3,\nplan,,rest,其余\nplan,1.A,burnt,燃烧\n";
    folder.write("crosswalk.csv", own.as_bytes());
    folder.run();
    let shares = folder.table("crosswalk.csv");
    let code_of = |scheme: &str, value: f64| {
        let of =
            |row: &&Row| row["scheme"] == scheme && row["pollutant"] == "COD" && number(&row["value"]) == 3.0 * value;
        shares.iter().find(of).map(|row| row["code"].clone()).unwrap_or_default()
    };
    let cases = [
        ("CRT", 1.0, "1.A.2.f"),
        ("CRT", 2.0, "1.A.4.b"),
        ("CRT", 4.0, "other"),
        ("NFR", 4.0, "2.H.3"),
        ("plan", 3.0, "burnt"),
        ("plan", 4.0, "rest"),
    ];
    for (scheme, value, code) in cases {
        assert_eq!(code_of(scheme, value), code, "{scheme} {value}");
    }
    assert!(shares.iter().any(|row| row["scheme"] == "plan" && row["name"] == "燃烧"));
}

#[test]
fn the_crosswalk_is_found_by_any_word_of_either_side() {
    let said = |words: &[&str]| -> Vec<String> {
        let output = run(&[&["crosswalk", "--lang", "en"], words].concat());
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_string).collect()
    };
    let one = said(&["nfr", "1.A.2.g.vii", "mobile"]);
    assert!(one.len() == 2 && one[0].contains("1.A.3.e.ii, 1.A.2 + off_road"), "{one:#?}");
    let brick = said(&["GBT4754", "非金属矿物制品"]);
    assert!(brick[0].starts_with("GBT4754 | C30 |") && brick[0].contains("2.A.4.a"), "{brick:#?}");
    assert!(said(&["no such word"])[0].starts_with("0 of "));
}
