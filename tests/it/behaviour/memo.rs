//! What is shown and in no total, what is carried elsewhere, and what a gap says is missing.

use crate::behaviour::folder::{Folder, HEADER, ROWS, csv};
use std::collections::BTreeMap;

type Row = BTreeMap<String, String>;

/// Invented memo rows: a bunker, the reference approach, and a memo category of the study's own below one that counts.
const MEMO: [[&str; 12]; 5] = [
    ["2020", "dazu", "M.2.b", "diesel_oil", "", "", "31", "t", "9", "statistics", "", ""],
    ["2020", "dazu", "M.1", "raw_coal", "production", "", "9", "万吨", "9", "proxy", "", ""],
    ["2020", "dazu", "M.1", "raw_coal", "stock_increase", "", "-0.5", "万吨", "9", "statistics", "", ""],
    ["2020", "dazu", "M.1", "firewood", "production", "", "70", "t", "9", "statistics", "", ""],
    ["2020", "dazu", "1.A.3.a.i", "jet_kerosene", "", "", "12", "t", "9", "statistics", "", ""],
];
const CATEGORIES: &str =
    "code,parent,name_zh,name_en,sector,scope\n1.A.3.a.i,1.A.3.a,国际航班,flights abroad,transport,memo\n";

fn ran(name: &str, rows: &[[&str; 12]]) -> (Folder, String) {
    let folder = Folder::without_activity(name);
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_string).to_vec()).collect();
    folder.write("activity/energy.csv", csv(&HEADER, &rows).as_bytes());
    folder.write("categories.csv", CATEGORIES.as_bytes());
    let check = "title,metric,boundary,grouping,group,year,value,unit,citation\n\
                 flights abroad,CO2,memo,category,1.A.3.a.i,2020,1,t,IPCC2006-V2\n";
    folder.write("crosschecks.csv", check.as_bytes());
    let said = folder.run();
    (folder, said)
}

/// No row of a memo category moves a total, an indicator, a range, a key category or a class that counts.
#[test]
fn memo_items_are_shown_and_count_nowhere() {
    let (without, _) = ran("memo-without", &ROWS);
    let (with, said) = ran("memo-with", &[&ROWS[..], &MEMO[..]].concat());
    for table in ["totals.csv", "indicators.csv", "uncertainty.csv", "influences.csv", "key_categories.csv"] {
        let others = |row: &Row| {
            row.get("boundary").is_none_or(|boundary| boundary != "memo")
                && row.get("indicator").is_none_or(|name| !name.contains("approach"))
        };
        let rows: Vec<Row> = with.table(table).into_iter().filter(others).collect();
        assert_eq!(rows, without.table(table), "{table}");
    }
    let (before, after) = (without.table("crosswalk.csv"), with.table("crosswalk.csv"));
    let added: Vec<&Row> = after.iter().filter(|row| !before.contains(row)).collect();
    assert_eq!(after.len(), before.len() + added.len(), "a class that counts has moved");
    let classes = |scheme: &str| -> Vec<&str> {
        let mut codes: Vec<&str> =
            added.iter().filter(|row| row["scheme"] == scheme).map(|row| row["code"].as_str()).collect();
        codes.dedup();
        codes
    };
    assert_eq!(classes("CRT"), ["memo", "1.A(b)", "1.D.1.b"]);
    assert_eq!(classes("air_source"), ["memo"]);
    let shown = with.table("emissions.csv").iter().filter(|row| row["category"] == "1.A.3.a.i").count();
    let totals = with.table("totals.csv");
    let memo = |row: &&Row| row["boundary"] == "memo" && row["pollutant"] == "CO2";
    let groups: Vec<(&str, &str)> =
        totals.iter().filter(memo).map(|row| (row["grouping"].as_str(), row["group"].as_str())).collect();
    assert!(shown > 0 && groups.contains(&("category", "1.A.3.a.i")) && groups.contains(&("total", "total")));
    assert!(groups.iter().all(|(grouping, _)| ["total", "category"].contains(grouping)), "{groups:?}");
    let check = &with.table("crosschecks.csv")[0];
    assert!(!check["result"].is_empty() && check["boundary"] == "memo", "{check:?}");
    assert!(said.contains("the reference approach differs from 1.A by +"), "{said}");
}

#[test]
fn what_is_carried_elsewhere_is_no_zero_and_is_missed_where_nothing_carries_it() {
    let fuel = ["2020", "dazu", "1.A.2.f", "raw_coal", "kiln_with_clinker", "", "2", "万吨", "", "reported", "", ""];
    let kiln = ["2020", "dazu", "2.A.1", "clinker", "product_based", "", "9", "万吨", "", "reported", "", ""];
    for (name, rows, carried) in [("elsewhere-none", vec![fuel], false), ("elsewhere", vec![fuel, kiln], true)] {
        let folder = Folder::without_activity(name);
        folder.replace("study.toml", "\"N2O\"", "\"N2O\", \"NOx\"");
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_string).to_vec()).collect();
        folder.write("activity/kiln.csv", csv(&HEADER, &rows).as_bytes());
        let said = folder.run();
        let is_it = |row: &&Row| row["category"] == "1.A.2.f" && row["pollutant"] == "NOx";
        let gap = folder.table("gaps.csv").iter().find(is_it).cloned().expect("a gap");
        assert_eq!((&*gap["reason"], &*gap["missing"]), ("IE:2.A.1", ""));
        assert!(!folder.table("emissions.csv").iter().any(|row| is_it(&row) && row["item"] == "raw_coal"));
        let status = folder.table("completeness.csv").iter().find(is_it).map(|row| row["status"].clone());
        assert_eq!(status.as_deref(), Some("IE"));
        assert_eq!(said.contains("included in 2.A.1, which has no row with a number"), !carried, "{said}");
    }
}

/// The least demanding way is named, and a derived name before the several that it is made of.
#[test]
fn a_gap_names_the_shortest_way_to_close_it() {
    let folder = Folder::new("missing-names");
    folder.replace("study.toml", "\"N2O\"", "\"N2O\", \"CO\", \"NOx\"");
    let methods = "method,category,item,pollutant,rank,result,expression\n\
        stove_co,1.A.4.b,firewood,CO,-9,emitted,amount * stove_share * draught * draught\n\
        stove_nox,1.A.4.b,firewood,NOx,-9,emitted,amount * flame\n\
        draught_long,1.A.4.b,,,1,draught,height * width * heat_of_flue\n\
        draught_short,1.A.4.b,,,2,draught,height * wind\n\
        flame_of_one,1.A.4.b,,,1,flame,kindling\n";
    folder.write("methods.csv", methods.as_bytes());
    folder.run();
    let gaps = folder.table("gaps.csv");
    let missing = |pollutant: &str| {
        let is_it = |row: &&Row| row["item"] == "firewood" && row["pollutant"] == pollutant;
        gaps.iter().find(is_it).map(|row| row["missing"].clone()).unwrap_or_default()
    };
    assert_eq!(missing("CO"), "stove_share; draught; height; wind");
    assert_eq!(missing("NOx"), "kindling");
}

/// A row whose methods yield none of the study's pollutants ends in no table: it is said.
#[test]
fn a_row_that_yields_nothing_of_the_study_is_named() {
    let folder = Folder::without_activity("silent-row");
    let study = b"area = \"chongqing\"\nyears = [2020]\nsets = [\"PG2011\"]\npollutants = [\"COD\", \"NH3N\"]\n";
    folder.write("study.toml", study);
    let row = ["2020", "chongqing", "2.D.1", "treated_sewage", "a2o", "", "1000", "万m3", "", "", "", ""];
    folder.write("activity/energy.csv", csv(&HEADER, &[row.map(str::to_string).to_vec()]).as_bytes());
    folder.run();
    let notices = folder.table("notices.csv");
    assert!(notices.iter().any(|row| row["text"].contains("activity/energy.csv:2")), "{notices:?}");
    assert!(folder.table("emissions.csv").is_empty() && folder.table("gaps.csv").is_empty());
}
