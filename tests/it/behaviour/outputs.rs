//! The output files: the same emissions in each, totals that add up, and a record that fits what lies beside it.

use crate::behaviour::folder::{Folder, contents, read, repository};
use crate::program::{Scratch, run};
use polars::prelude::{Column, DataType, ParquetReader, SerReader};
use qingdan::schema::EMISSIONS;
use qingdan::study::hash;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Row = BTreeMap<String, String>;

/// Runs a shipped study into a folder of its own.
fn compiled(study: &str, name: &str) -> (Scratch, PathBuf) {
    let scratch = Scratch::new(name);
    let out = scratch.path().join("out");
    let output = run(&["run", &repository(study), "--lang", "en", "--out", &out.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(0), "{study}");
    (scratch, out)
}

#[test]
fn the_parquet_file_holds_the_same_emissions_as_the_csv() {
    let (_scratch, out) = compiled("scenarios/dazu", "outputs-parquet");
    let file = std::fs::File::open(out.join("emissions.parquet")).expect("emissions.parquet");
    let frame = ParquetReader::new(file).finish().expect("a frame");
    let rows = read(&out.join("emissions.csv"));
    let names: Vec<&str> = frame.get_column_names().iter().map(|name| name.as_str()).collect();
    assert_eq!(names, EMISSIONS);
    assert_eq!(frame.height(), rows.len());
    for name in EMISSIONS {
        let column = frame.column(name).expect("the column");
        let texts = column.cast(&DataType::String).expect("texts");
        let differing = (0..rows.len()).find(|&row| !is_same((column, &texts), row, &rows[row][name]));
        let shown = differing.map(|row| (row, &rows[row], frame.get(row)));
        assert!(differing.is_none(), "{name} differs: {shown:?}");
    }
}

fn is_same((column, texts): (&Column, &Column), row: usize, text: &str) -> bool {
    if column.dtype() == &DataType::Float64 {
        let number = column.f64().expect("floats").get(row);
        return number == text.parse().ok();
    }
    texts.str().expect("texts").get(row).unwrap_or("") == text
}

/// What rows are summed by.
type Key = Vec<String>;

/// Sums of `value` by the columns of a key.
fn sums<'r>(rows: impl Iterator<Item = &'r Row>, columns: &[&str], value: &str) -> BTreeMap<Key, f64> {
    let mut sums = BTreeMap::new();
    for row in rows {
        *sums.entry(key(row, columns)).or_insert(0.0) += number(&row[value]);
    }
    sums
}

fn key(row: &Row, columns: &[&str]) -> Key {
    columns.iter().map(|column| row[*column].clone()).collect()
}

/// Sums of emissions by scenario, year and pollutant are the totals; the groups of each grouping add up to them.
#[test]
fn totals_are_the_sum_of_emissions_and_of_their_groups() {
    const TOTAL: [&str; 3] = ["scenario", "year", "pollutant"];
    const GROUPED: [&str; 5] = ["scenario", "year", "boundary", "pollutant", "grouping"];
    for study in ["scenarios/dazu", "scenarios/chongqing"] {
        let (_scratch, out) = compiled(study, &format!("outputs-{}", study.replace('/', "-")));
        let (emissions, totals) = (read(&out.join("emissions.csv")), read(&out.join("totals.csv")));
        // Memo items are in totals of their own.
        let is_memo = |row: &&Row| row["category"] == "M" || row["category"].starts_with("M.");
        let of_memo = sums(emissions.iter().filter(is_memo), &TOTAL, "emitted_t");
        let of_emissions = sums(emissions.iter().filter(|row| !is_memo(row)), &TOTAL, "emitted_t");
        // Of categories those at the top, which hold the others.
        let at_the_top = |row: &&Row| row["grouping"] != "category" || !row["group"].contains('.');
        let of_groups = sums(totals.iter().filter(at_the_top), &GROUPED, "value");
        let is_purchased = |row: &&Row| row["category"] == "P" || row["category"].starts_with("P.");
        let is_direct = |row: &&Row| !is_memo(row) && !is_purchased(row);
        let of_direct = sums(emissions.iter().filter(is_direct), &TOTAL, "emitted_t");
        let mut compared = 0;
        for row in totals.iter().filter(|row| row["grouping"] == "total" && row["unit"] == "t") {
            let sums = match &*row["boundary"] {
                "memo" => &of_memo,
                "direct" => &of_direct,
                _ => &of_emissions,
            };
            near(sums[&key(row, &TOTAL)], row, study);
            compared += 1;
        }
        assert!(compared > 10, "{study}: only {compared} totals");
        for row in totals.iter().filter(|row| row["grouping"] == "total") {
            let groupings = if row["boundary"] == "memo" { 1 } else { 3 };
            for grouping in &["category", "sector", "item"][..groupings] {
                let mut wanted = key(row, &GROUPED);
                wanted[4] = grouping.to_string();
                near(of_groups[&wanted], row, &format!("{study} by {grouping}"));
            }
        }
    }
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("'{text}' is no number"))
}

fn near(sum: f64, row: &Row, what: &str) {
    let value = number(&row["value"]);
    assert!((sum - value).abs() <= 1e-9 * value.abs().max(1e-6), "{what}: {sum} is not the total {row:?}");
}

#[test]
fn the_record_names_every_file_with_its_hash() {
    let (_scratch, out) = compiled("scenarios/dazu", "outputs-record");
    is_whole(&out);
    let record = record(&out);
    let study = repository("scenarios/dazu");
    let inputs = record["inputs"].as_object().expect("the inputs");
    assert!(inputs.contains_key("study.toml") && inputs.contains_key("activity/energy.csv"), "{inputs:?}");
    for (name, expected) in inputs {
        let bytes = std::fs::read(Path::new(&study).join(name)).expect("a file of the study");
        assert_eq!(expected, &hash(&bytes), "{name}");
    }
    let factors = record["factors"].as_object().expect("the library");
    assert_eq!(factors.len(), contents(Path::new(&repository("factors"))).len());
    for column in ["version", "gwp", "sets", "years"] {
        assert!(!record[column].is_null(), "no {column}");
    }
    let counts = &record["counts"];
    assert_eq!(counts["emissions"], read(&out.join("emissions.csv")).len());
    assert_eq!(counts["gaps"], read(&out.join("gaps.csv")).len());
}

pub fn record(out: &Path) -> serde_json::Value {
    let bytes = std::fs::read(out.join("run.json")).expect("run.json");
    serde_json::from_slice(&bytes).expect("a record")
}

/// The folder holds exactly the files that its record names, each with the hash that stands there.
pub fn is_whole(out: &Path) {
    is_whole_beside(out, &[]);
}

/// The same where a person has laid these files into it too.
pub fn is_whole_beside(out: &Path, others: &[&str]) {
    let record = record(out);
    let mut files = contents(out);
    files.remove("run.json");
    // What a person laid there is not away for a moment.
    let away: Vec<&&str> = others.iter().filter(|name| files.remove(**name).is_none()).collect();
    assert!(away.is_empty(), "{away:?} are away");
    let found: BTreeMap<&str, String> = files.iter().map(|(name, bytes)| (name.as_str(), hash(bytes))).collect();
    let outputs = record["outputs"].as_object().expect("the outputs");
    let named: BTreeMap<&str, String> =
        outputs.iter().map(|(name, hash)| (name.as_str(), hash.as_str().unwrap_or("").to_string())).collect();
    assert_eq!(found, named, "the files and the record differ");
    assert!(found.len() >= 10, "only {} files", found.len());
}

/// The same study in the same words gives the same bytes from wherever it is called.
#[test]
fn the_place_of_the_study_leaves_no_trace() {
    let [a, b] = ["here", "there"].map(|name| {
        let folder = Folder::new(&format!("outputs-place-{name}"));
        folder.run();
        contents(&folder.out())
    });
    assert!(a == b, "the outputs of two copies of a study differ");
}

/// The charts that Dazu has figures for; the files of each are the picture in two forms and what was drawn.
#[test]
fn the_charts_of_dazu_are_there_and_hold_the_results() {
    let (_scratch, out) = compiled("scenarios/dazu", "outputs-charts");
    let charts = out.join("charts");
    let single = "co2_by_sector ghg_by_sector energy_mix co2_intensity energy_intensity pollutants_by_sector projects scenarios_co2 \
        scenarios_co2_purchased scenarios_ghg_purchased scenarios_energy growth_breakeven peaks_energy_co2";
    let scenarios = ["base", "low", "strong", "energy-intensive"];
    let each = scenarios
        .iter()
        .flat_map(|code| ["scenario_sectors", "energy_mix", "fan_co2"].map(|name| format!("{name}_{code}")));
    for name in single.split_whitespace().map(String::from).chain(each) {
        for form in ["svg", "png", "csv"] {
            let file = charts.join(format!("{name}.{form}"));
            assert!(file.metadata().is_ok_and(|file| file.len() > 100), "{}", file.display());
        }
    }
    let (totals, indicators) = (read(&out.join("totals.csv")), read(&out.join("indicators.csv")));
    let is_total =
        |row: &&Row| row["grouping"] == "total" && row["boundary"] == "direct+purchased" && row["pollutant"] == "CO2";
    let is_energy = |row: &&Row| row["indicator"] == "energy";
    for code in scenarios {
        let is_own = |row: &&Row| row["scenario"] == code || row["scenario"] == "history";
        let values = |rows: &[Row], wanted: &dyn Fn(&&Row) -> bool| -> BTreeMap<String, f64> {
            let own = rows.iter().filter(|row| is_own(row) && wanted(row));
            own.map(|row| (row["year"].clone(), number(&row["value"]))).collect()
        };
        drawn(&charts.join(format!("scenario_sectors_{code}.csv")), &values(&totals, &is_total));
        drawn(&charts.join(format!("energy_mix_{code}.csv")), &values(&indicators, &is_energy));
    }
}

/// The layers of a chart add up to the results of every year, in kt or ktce.
fn drawn(chart: &Path, results: &BTreeMap<String, f64>) {
    let rows = read(chart);
    let known = rows.iter().filter(|row| !row["value"].is_empty());
    let sums = sums(known, &["year"], "value");
    assert!(sums.len() > 40, "{}: only {} years", chart.display(), sums.len());
    for (year, sum) in sums {
        let result = results[&year[0]] / 1000.0;
        assert!((sum - result).abs() <= 1e-9 * result.abs(), "{} {year:?}: {sum} is not {result}", chart.display());
    }
}
