//! One attribution: page, chart, workbook and `compare` show the same parts of what lies between Dazu's base, which has measures of its
//! own, and its scenarios; and the parts add up to base − scenario.

use crate::page::{dazu, number, packed, page_of, root, table};
use crate::program::run;
use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const YEAR: i64 = 2030;
const GROWTH: &str = "增长设定不同";

/// Cuts of CO2 with purchased energy by scenario and measure, t.
type Cuts = BTreeMap<(String, String), f64>;

/// The cells of a column of the page's tables.
fn column(table: &Value, key: &str) -> Vec<Value> {
    let columns = table["columns"].as_array().expect("columns");
    let column = columns.iter().find(|column| column["key"] == key).unwrap_or_else(|| panic!("no column {key}"));
    match column["at"].as_array() {
        Some(at) => at.iter().map(|at| column["words"][at.as_u64().expect("a place") as usize].clone()).collect(),
        None => column["values"].as_array().expect("values").clone(),
    }
}

fn on_page(out: &Path) -> (Cuts, BTreeMap<String, String>) {
    let data = packed(&page_of(out), "data");
    let measures = data["scenarios"].as_array().expect("scenarios").iter().flat_map(|scenario| {
        scenario["measures"].as_array().expect("measures").iter().map(|measure| {
            let text = |key: &str| measure[key].as_str().expect("a text").to_string();
            (text("code"), text("title"))
        })
    });
    let titles: BTreeMap<String, String> = measures.collect();
    let rows = &data["tables"]["contributions"];
    let of = |key: &str| column(rows, key);
    let (scenarios, measures, years) = (of("scenario"), of("measure"), of("year"));
    let (metrics, boundaries, values) = (of("metric"), of("boundary"), of("shapley"));
    let mut cuts = Cuts::new();
    for at in 0..values.len() {
        if years[at] == YEAR && metrics[at] == "CO2" && boundaries[at] == "direct+purchased" {
            let text = |value: &Value| value.as_str().expect("a text").to_string();
            cuts.insert((text(&scenarios[at]), text(&measures[at])), values[at].as_f64().expect("a number"));
        }
    }
    (cuts, titles)
}

fn is_near(a: f64, b: f64, within: f64) -> bool {
    (a - b).abs() <= within
}

/// Base − scenario, and of the base itself nothing that totals could tell.
fn differences(out: &Path) -> BTreeMap<String, f64> {
    let of = |row: &BTreeMap<String, String>| {
        let is_asked = row["year"] == YEAR.to_string() && row["boundary"] == "direct+purchased";
        (is_asked && row["grouping"] == "total" && row["pollutant"] == "CO2")
            .then(|| (row["scenario"].clone(), number(&row["value"])))
    };
    let totals: BTreeMap<String, f64> = table(out, "totals.csv").iter().filter_map(of).collect();
    let base = totals["base"];
    totals.into_iter().filter(|(code, _)| code != "base").map(|(code, value)| (code, base - value)).collect()
}

#[test]
fn page_chart_workbook_and_compare_show_one_attribution() {
    let out = dazu();
    let (cuts, titles) = on_page(&out);
    let title = |code: &str| if code == "(growth)" { GROWTH } else { &titles[code] }.to_string();
    for (scenario, difference) in differences(&out) {
        let sum: f64 = cuts.iter().filter(|((of, _), _)| *of == scenario).map(|(_, cut)| cut).sum();
        assert!(is_near(sum, difference, 1e-6 * difference.abs()), "{scenario}: {sum} of {difference}");
    }
    beside_the_base(&out, &cuts);
    in_charts(&out, (&cuts, &title));
    in_the_workbook(&out, (&cuts, &title));
    in_compare(&cuts);
}

/// Measures of both scenarios count by the difference of their values in `contributions.csv`.
fn beside_the_base(out: &Path, cuts: &Cuts) {
    let of = |row: &BTreeMap<String, String>| {
        let is_asked =
            row["year"] == YEAR.to_string() && row["boundary"] == "direct+purchased" && row["metric"] == "CO2";
        is_asked.then(|| ((row["scenario"].clone(), row["measure"].clone()), number(&row["shapley"])))
    };
    let own: Cuts = table(out, "contributions.csv").iter().filter_map(of).collect();
    let mut shared = 0;
    for ((scenario, measure), cut) in cuts.iter().filter(|((of, measure), _)| of != "base" && measure != "(growth)") {
        let base = own.get(&("base".to_string(), measure.clone()));
        let value = own.get(&(scenario.clone(), measure.clone())).copied().unwrap_or(0.0);
        let expected = value - base.copied().unwrap_or(0.0);
        assert!(is_near(*cut, expected, 1e-6 * value.abs().max(1.0)), "{scenario}, {measure}: {cut}, {expected}");
        shared += usize::from(base.is_some());
    }
    assert!(shared > 0, "Dazu's base has measures that its scenarios use too");
}

/// The waterfall: what it does not put together under others, in 10⁴ t.
fn in_charts(out: &Path, (cuts, title): (&Cuts, &dyn Fn(&str) -> String)) {
    const SCALE: f64 = 1e4;
    let scenarios: Vec<&String> = cuts.keys().map(|(scenario, _)| scenario).collect();
    for scenario in scenarios.into_iter().collect::<std::collections::BTreeSet<_>>() {
        let rows = table(out, &format!("charts/waterfall_{scenario}.csv"));
        let mut shown = 0;
        for row in rows.iter().filter(|row| matches!(row["kind"].as_str(), "growth" | "measure")) {
            let found = cuts.iter().find(|((of, code), _)| of == scenario && title(code) == row["label"]);
            let Some((_, cut)) = found else { continue };
            assert!(is_near(-cut / SCALE, number(&row["value"]), 1e-9 * cut.abs()), "{scenario}: {row:?}, {cut}");
            shown += 1;
        }
        assert!(shown > 0, "{scenario}: {rows:?}");
    }
}

fn in_the_workbook(out: &Path, (cuts, title): (&Cuts, &dyn Fn(&str) -> String)) {
    let mut book: Xlsx<_> = open_workbook(out.join("report.xlsx")).expect("the workbook");
    let sheet = book.worksheet_range("减排措施").expect("the sheet");
    let rows: Vec<&[Data]> = sheet.rows().collect();
    let head = rows.iter().position(|row| row[0] == "情景").expect("a head");
    let at = rows[head].iter().position(|cell| cell.to_string() == YEAR.to_string()).expect("the year");
    let data = packed(&page_of(out), "data");
    for scenario in data["scenarios"].as_array().expect("scenarios") {
        let (code, name) = (scenario["code"].as_str().expect("a code"), scenario["title"].as_str().expect("a title"));
        for ((_, measure), cut) in cuts.iter().filter(|((of, _), cut)| of == code && **cut != 0.0) {
            let is_it = |row: &&&[Data]| row[0] == *name && row[1].to_string() == title(measure);
            let row = rows.iter().skip(head).find(is_it).unwrap_or_else(|| panic!("{name}: no row of {measure}"));
            let Data::Float(shown) = row[at] else { panic!("{name}, {measure}: {:?}", row[at]) };
            assert!(is_near(shown, *cut, 1e-6 * cut.abs().max(1.0)), "{name}, {measure}: {shown}, {cut}");
        }
    }
}

/// Rows such as `CO2 2030 年减排（t）：kilns，含调入电力`, a column for each scenario.
fn in_compare(cuts: &Cuts) {
    let study = root().join("scenarios/dazu");
    let output = run(&["compare", "--lang", "zh", "--year", &YEAR.to_string(), &study.to_string_lossy()]);
    let text = String::from_utf8_lossy(&output.stdout).to_string();
    let cells =
        |line: &str| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(String::from).collect();
    let lines: Vec<Vec<String>> = text.lines().map(cells).collect();
    let head = lines.iter().find(|line| line.first().is_some_and(|cell| cell == "情景")).expect("a head");
    for ((scenario, measure), cut) in cuts.iter().filter(|(_, cut)| **cut != 0.0) {
        let name = if measure == "(growth)" { GROWTH } else { measure };
        let name = format!("CO2 {YEAR} 年减排（t）：{name}，含调入电力");
        let row = lines.iter().find(|line| line.first() == Some(&name)).unwrap_or_else(|| panic!("{name}:\n{text}"));
        let at = head.iter().position(|cell| cell == scenario).expect("the scenario");
        let within = if cut.abs() >= 1000.0 { 0.51 } else { 1e-3 };
        assert!(is_near(number(&row[at]), *cut, within), "{scenario}: {row:?}, {cut}");
    }
}
