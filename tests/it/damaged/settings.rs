//! `study.toml`, `targets.toml` and the folder itself.

use crate::damaged::case::{Case, edits};

pub fn cases() -> Vec<Case> {
    [study(), targets(), folder()].into_iter().flatten().collect()
}

fn study() -> Vec<Case> {
    edits(
        "study.toml",
        &[
            ("syntax", "area = \"yunxi\"", "area = \"yunxi"),
            (
                "two faults of syntax",
                "years = [2019, 2020]\nbase_year = 2019",
                "years = [2019, 2020\nbase_year == 2019",
            ),
            ("key twice", "base_year = 2019", "base_year = 2019\narea = \"yunxi\""),
            ("key unknown", "base_year", "base_yaer"),
            ("key unknown like none", "base_year", "zzzzzzzz"),
            ("area unknown", "\"yunxi\"", "\"yunix\""),
            ("area a number", "\"yunxi\"", "3"),
            ("area missing", "area = \"yunxi\"", ""),
            ("years missing", "years = [2019, 2020]", ""),
            ("years reversed", "[2019, 2020]", "\"2020-2019\""),
            ("years empty", "[2019, 2020]", "[]"),
            ("years in words", "[2019, 2020]", "[\"two thousand\"]"),
            ("year too great", "[2019, 2020]", "[2019, 20200]"),
            ("year with a fraction", "[2019, 2020]", "[2019.5]"),
            ("base year a text", "base_year = 2019", "base_year = \"2019\""),
            ("set unknown", "yunxi-survey", "yunxi-survy"),
            ("sets a text", "[\"yunxi-survey\"]", "\"yunxi-survey\""),
            ("potentials unknown", "\"AR5\"", "\"AR55\""),
            ("pollutant unknown", "\"SO2\"", "\"SO22\""),
            ("pollutants numbers", "[\"CO2\", \"SO2\"]", "[1, 2]"),
            ("pollutants none", "[\"CO2\", \"SO2\"]", "[]"),
            ("carry of an unknown parameter", "base_year", "carry = [\"emision_factor\"]\nbase_year"),
            ("carry of an unknown word", "base_year", "carry = [\"emission_factor 1.A.99\"]\nbase_year"),
            ("carry of two categories", "base_year", "carry = [\"emission_factor 1.A 1.B\"]\nbase_year"),
            ("carry of nothing", "base_year", "carry = [\" \"]\nbase_year"),
        ],
    )
}

fn targets() -> Vec<Case> {
    let mut cases = edits(
        "targets.toml",
        &[
            ("target's key unknown", "boundary", "bondary"),
            ("target with two requirements", "cut = \"3%\"", "cut = \"3%\"\ncap = \"3 万t\""),
            ("target without a requirement", "cut = \"3%\"", ""),
            ("target without its base", "base = 2019\n", ""),
            ("target without its year", "year = 2020\n", ""),
            ("target without its metric", "metric = \"CO2 per gdp\"\n", ""),
            ("target's cut in words", "\"3%\"", "\"three\""),
            ("target's cut of an unknown unit", "\"3%\"", "\"3 万q\""),
            ("target's boundary unknown", "\"direct\"", "\"direct+bought\""),
            ("target on memo items", "\"direct\"", "\"memo\""),
            ("target's year a text", "year = 2020", "year = \"2020\""),
            ("target's title a number", "\"单位GDP二氧化碳\"", "18"),
            ("targets' syntax", "[co2-2020]", "[co2-2020"),
        ],
    );
    cases.push(Case::new("target outside of a table").content("targets.toml", "cut = \"3%\"\n"));
    cases.push(Case::new("peak year in words").edit(
        "targets.toml",
        "base = 2019\nyear = 2020\ncut = \"3%\"",
        "peak_by = \"soon\"",
    ));
    cases
}

fn folder() -> Vec<Case> {
    vec![
        Case::new("study.toml missing").removed("study.toml"),
        Case::new("study.toml empty").content("study.toml", ""),
        Case::new("no activity").removed("activity/industry.csv"),
    ]
}
