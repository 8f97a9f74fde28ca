//! Scenarios as their users meet them: the same bytes on any number of threads, base minus base, history in front of every verdict.

use crate::behaviour::folder::{self, repository};
use crate::program::Scratch;
use std::collections::BTreeMap;

fn outputs(study: &str, threads: &str) -> BTreeMap<String, Vec<u8>> {
    let out = Scratch::new("scenario-threads");
    let folder = out.path().join("out");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_qingdan"));
    command.args(["run", &repository(study), "--lang", "en", "--out"]).arg(&folder);
    let output = command.env("RAYON_NUM_THREADS", threads).env("POLARS_MAX_THREADS", threads).output();
    assert!(matches!(output.expect("it runs").status.code(), Some(0 | 1)), "{study} on {threads} threads");
    folder::contents(&folder)
}

#[test]
fn scenarios_have_the_same_bytes_on_any_number_of_threads() {
    for study in ["tests/cases/scenario-blend", "tests/cases/scenario-combine", "tests/cases/scenario-landfill"] {
        let (one, two) = (outputs(study, "1"), outputs(study, "2"));
        assert!(one.contains_key("peaks.csv") && one.contains_key("contributions.csv"), "{study}");
        let differing: Vec<&String> = one.keys().filter(|name| one.get(*name) != two.get(*name)).collect();
        assert!(differing.is_empty(), "{study}: these files differ: {differing:?}");
    }
}

/// EPS issue 286: tiny effects in the baseline from rounding and order.
#[test]
fn base_minus_base_is_exactly_0() {
    for study in ["tests/cases/scenario-shapley", "tests/cases/scenario-use", "tests/cases/scenario-fleet"] {
        let contributions = &outputs(study, "2")["contributions.csv"];
        let text = String::from_utf8_lossy(contributions).to_string();
        let base: Vec<&str> = text.lines().filter(|line| line.starts_with("base,")).collect();
        assert!(!base.is_empty(), "{study}");
        for line in base {
            let shapley: f64 = line.split(',').nth(5).and_then(|cell| cell.parse().ok()).expect("a number");
            assert_eq!(shapley, 0.0, "{study}: {line}");
        }
    }
}

/// A broken scenario is found by `check`, before anything is run.
#[test]
fn check_reads_the_scenarios() {
    let output = crate::program::run(&["check", &repository("tests/cases/scenario-blend"), "--lang", "en"]);
    let said = folder::said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("6 scenarios, 3 measures and 0 checks without fault"), "{said}");
}
