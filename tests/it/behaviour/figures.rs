//! The figures of a study: which there are, that each has its picture and its table, and that studies without the data for one go without.

use crate::behaviour::folder::{copy_study, read, repository};
use crate::program::{Scratch, run};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The names of the figures that a study yields, each in three forms.
fn figures(study: &str, language: &str) -> (Scratch, PathBuf, BTreeSet<String>) {
    let scratch = Scratch::new("figures");
    let out = scratch.path().join("out");
    let output = run(&["run", &repository(study), "--lang", language, "--out", &out.to_string_lossy()]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{study}: {}", String::from_utf8_lossy(&output.stderr));
    let charts = out.join("charts");
    let files: BTreeSet<String> = std::fs::read_dir(&charts)
        .expect("charts/")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().to_string())
        .collect();
    let names: BTreeSet<String> =
        files.iter().filter_map(|file| file.rsplit_once('.')).map(|(name, _)| name.to_string()).collect();
    for name in &names {
        for form in ["svg", "png", "csv"] {
            assert!(files.contains(&format!("{name}.{form}")), "{study}: {name}.{form}");
        }
    }
    (scratch, charts, names)
}

fn check(study: &str, wanted: &[&str], unwanted: &[&str]) {
    for language in ["zh", "en"] {
        let (_scratch, _, names) = figures(study, language);
        let missing: Vec<&&str> = wanted.iter().filter(|name| !names.contains(**name)).collect();
        assert!(missing.is_empty(), "{study} lacks {missing:?} of {names:?}");
        let surplus: Vec<&String> =
            names.iter().filter(|name| unwanted.iter().any(|start| name.starts_with(start))).collect();
        assert!(surplus.is_empty(), "{study} has {surplus:?}");
    }
}

#[test]
fn dazu_has_every_figure_that_it_has_numbers_for() {
    let wanted = [
        "waterfall_low",
        "waterfall_strong",
        "cocontrol_air_low",
        "cocontrol_air_strong",
        "drivers_base",
        "drivers_strong",
        "drivers_scenarios",
        "scenarios_pollutants",
        "flows",
        "key_categories",
        "uncertainty",
        "projects",
    ];
    check("scenarios/dazu", &wanted, &["map", "areas"]);
}

#[test]
fn a_study_without_scenarios_goes_without_their_figures() {
    let unwanted = ["waterfall", "cost_curve", "cocontrol", "drivers_", "scenarios", "map"];
    check("scenarios/chongqing", &["flows", "key_categories"], &unwanted);
}

#[test]
fn outlines_make_a_map_with_what_is_not_estimated() {
    let (_scratch, charts, names) = figures("tests/cases/map-of-invented-towns", "zh");
    assert!(names.contains("map_co2") && !names.contains("areas"), "{names:?}");
    let values: Vec<String> = read(&charts.join("map_co2.csv")).iter().map(|row| row["value"].clone()).collect();
    assert_eq!(values, ["200", "60", "20", ""]);
    let record = std::fs::read_to_string(charts.parent().expect("out").join("run.json")).expect("run.json");
    assert!(record.contains("areas.geojson"), "the outlines are an input of the run");
}

/// The waterfall's steps lead from base to scenario, and its ends are the totals of the year.
#[test]
fn the_waterfall_ends_at_the_totals() {
    let (_scratch, charts, _) = figures("scenarios/dazu", "en");
    let rows = read(&charts.join("waterfall_strong.csv"));
    let value = |kind: &str| -> f64 {
        rows.iter().filter(|row| row["kind"] == kind).map(|row| row["value"].parse::<f64>().expect("a number")).sum()
    };
    let (start, end) = (value("start"), value("end"));
    assert!((start + value("growth") + value("measure") - end).abs() < 1e-9 * start, "{rows:?}");
    let totals = read(&charts.parent().expect("out").join("totals.csv"));
    let total = |scenario: &str| -> f64 {
        let own = totals.iter().find(|row| {
            let of_all =
                row["grouping"] == "total" && row["boundary"] == "direct+purchased" && row["pollutant"] == "CO2";
            of_all && row["scenario"] == scenario && row["year"] == "2030"
        });
        own.expect("the total")["value"].parse().expect("a number")
    };
    const T_PER_KT: f64 = 1000.0;
    for (drawn, scenario) in [(start, "base"), (end, "strong")] {
        assert!((drawn * T_PER_KT / total(scenario) - 1.0).abs() < 1e-9, "{scenario}: {drawn}");
    }
}

/// The sound base of the damaged studies with more areas, or with scenarios of these codes.
fn grown(areas: usize, codes: &[&str]) -> Scratch {
    let scratch = Scratch::new("grown");
    copy_study(Path::new(&repository("tests/damaged/base")), scratch.path());
    let add = |name: &str, lines: String| {
        let path = scratch.path().join(name);
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::write(path, old + &lines).expect("a file of the study");
    };
    add("areas.csv", (0..areas).map(|at| format!("town_{at},yunxi,{at} 号镇,Town {at},\n")).collect());
    let row = |at: usize| format!("2020,town_{at},Q.1,test_ore,,,{},t,5,statistics,yunxi-2021,\n", at + 1);
    add("activity/industry.csv", (0..areas).map(row).collect());
    let scenario =
        |(at, code): (usize, &&str)| format!("[\"{code}\"]\nextends = \"base\"\ntitle = \"Scenario {at}\"\n");
    if !codes.is_empty() {
        let scenarios: String = codes.iter().enumerate().map(scenario).collect();
        add("scenarios.toml", format!("[base]\ntitle = \"Base\"\nhorizon = 2025\n{scenarios}"));
    }
    scratch
}

#[test]
fn a_study_of_a_thousand_areas_has_its_chart_of_areas() {
    let study = grown(1000, &[]);
    let (_scratch, charts, _) = figures(&study.path().to_string_lossy(), "en");
    let table = read(&charts.join("areas.csv"));
    let labels: BTreeSet<&str> = table.iter().map(|row| row["label"].as_str()).collect();
    assert_eq!(labels.len(), 41, "{labels:?}");
    // The town of the base has the most, and the smallest 961 of 1 001 share a row.
    assert!(labels.contains("other 961 areas together") && labels.contains("Town 999"), "{labels:?}");
}

#[test]
fn scenarios_whose_codes_look_alike_keep_their_figures() {
    let long = "长".repeat(100);
    let codes = ["a b", "a_b", "A_B", "scenarios", &long];
    let study = grown(0, &codes);
    let (_scratch, charts, names) = figures(&study.path().to_string_lossy(), "en");
    let of = |figure: &str| names.iter().filter(|name| name.starts_with(figure)).collect::<Vec<_>>();
    let apart: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(apart.len(), names.len(), "{names:?}");
    assert_eq!(of("scenario_sectors_").len(), codes.len() + 1, "{names:?} in {}", charts.display());
}
