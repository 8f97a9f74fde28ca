//! The program as its users meet it: exit codes, files, interruptions, formats, and that no row disappears.

mod folder;

mod conservation;

mod formats;

mod lines;

mod interruption;

mod questions;

mod outputs;

mod figures;

mod published;

mod order;

mod ranges;
mod keeping;
mod language;
mod memo;

mod scenarios;
mod crosswalk;
mod documents;
mod reference;
mod seeking;
mod least_cost;
mod stock_draws;
mod measures;

mod swallowed;

use crate::program::{Scratch, run};
use folder::{Folder, repository, said};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_qingdan"))
}

/// The exit code of the command, and words that stand in what it says, on either stream.
fn check(arguments: &[&str], code: i32, words: &[&str]) {
    let output = run(arguments);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?} do not say '{word}':\n{said}");
    }
}

#[test]
fn exit_codes_tell_done_from_what_needs_a_person_and_from_not_done() {
    let complete = repository("tests/cases/boiler-mass-balance");
    let with_gaps = repository("scenarios/dazu");
    let damaged = Folder::new("codes");
    damaged.replace("activity/energy.csv", "万吨", "万顿");
    let (damaged, nowhere) = (damaged.path(), repository("scenarios/nowhere"));
    let out = Scratch::new("codes-out");
    let target = out.path().join("new").to_string_lossy().to_string();
    check(&["check", &complete], 0, &[]);
    check(&["run", &complete, "--out", &target], 0, &[]);
    check(&["check", &with_gaps], 0, &[]);
    check(&["check", &with_gaps, "--strict"], 1, &[]);
    check(&["run", &with_gaps, "--out", &target], 0, &["gaps.csv"]);
    check(&["run", &with_gaps, "--out", &target, "--strict"], 1, &["gaps.csv"]);
    check(&["check", &damaged, "--lang", "en"], 2, &["activity/energy.csv:2", "万顿", "no result is given"]);
    check(&["run", &damaged, "--lang", "en"], 2, &["activity/energy.csv:2"]);
    assert!(!Path::new(&damaged).join("out").exists(), "a study with faults leaves no output");
    check(&["run", &nowhere, "--lang", "en"], 2, &["there is no such folder"]);
    check(&["run", &repository("factors"), "--lang", "en"], 2, &["this is no study folder"]);
    check(
        &["explain", &complete, "--year", "2020", "--category", "9.Z", "--pollutant", "CO2", "--lang", "en"],
        2,
        &["9.Z"],
    );
    check(&["factors"], 0, &[]);
    check(&["--version"], 0, &[env!("CARGO_PKG_VERSION")]);
    check(&["--help"], 0, &["run", "check", "explain", "factors", "crosswalk"]);
    check(&["compile"], 2, &[]);
    check(&[], 2, &[]);
}

/// `qingdan factors | head -1`, and the same with nobody who reads errors.
#[test]
fn a_reader_that_has_gone_away_is_no_error() {
    let mut child = program().arg("factors").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut first = [0; 1];
    child.stdout.take().expect("its output").read_exact(&mut first).expect("a first byte");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), said(&output).as_str()), (Some(0), ""));

    for arguments in [vec!["run", "nowhere"], vec!["factors", "CO2"]] {
        let mut child =
            program().args(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        drop((child.stdout.take(), child.stderr.take()));
        let code = child.wait().expect("it ends").code();
        assert!(matches!(code, Some(0 | 2)), "{arguments:?}: {code:?}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    for study in ["scenarios/dazu", "scenarios/chongqing"] {
        let out = Scratch::new(&format!("threads-{}", study.replace('/', "-")));
        let folders = ["1", "2", "5"].map(|threads| {
            let folder = out.path().join(threads);
            let mut command = program();
            command.args(["run", &repository(study), "--lang", "zh", "--out"]).arg(&folder);
            let output = command.env("RAYON_NUM_THREADS", threads).env("POLARS_MAX_THREADS", threads).output();
            assert_eq!(output.expect("it runs").status.code(), Some(0), "{study} on {threads} threads");
            folder::contents(&folder)
        });
        let [one, others @ ..] = folders;
        for ending in ["emissions.csv", "emissions.parquet", "run.json", ".svg", ".png"] {
            assert!(one.keys().any(|name| name.ends_with(ending)), "{study} writes no {ending}");
        }
        for other in others {
            assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
            let differing: Vec<&String> = one.keys().filter(|name| one[*name] != other[*name]).collect();
            assert!(differing.is_empty(), "{study}: these files differ: {differing:?}");
        }
    }
}

#[test]
fn the_language_is_as_asked_for_or_that_of_the_environment() {
    let study = Folder::new("language");
    let language = |asked: &[&str], set: &[(&str, &str)]| {
        let mut command = program();
        command.args(["check", &study.path()]).args(asked);
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("LANG");
        let output = command.envs(set.iter().copied()).output().expect("it runs");
        if said(&output).contains("行活动数据") { "zh" } else { "en" }
    };
    type Case = (&'static [&'static str], &'static [(&'static str, &'static str)], &'static str);
    let cases: [Case; 8] = [
        (&["--lang", "zh"], &[], "zh"),
        (&["--lang", "en"], &[("LANG", "zh_CN.UTF-8")], "en"),
        (&["--lang", "zh"], &[("LC_ALL", "en_US.UTF-8")], "zh"),
        (&[], &[("LANG", "zh_CN.UTF-8")], "zh"),
        (&[], &[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")], "zh"),
        (&[], &[("LC_ALL", "en_US.UTF-8"), ("LANG", "zh_CN.UTF-8")], "en"),
        (&[], &[("LC_ALL", ""), ("LANG", "zh_CN.GB18030")], "zh"),
        (&[], &[], "en"),
    ];
    for (asked, set, expected) in cases {
        assert_eq!(language(asked, set), expected, "{asked:?} {set:?}");
    }
}

/// Codes, columns and numbers do not change with the language; charts do.
#[test]
fn the_tables_are_the_same_in_both_languages() {
    let study = Folder::new("tables-zh-en");
    let [zh, en] = ["zh", "en"].map(|language| {
        let out = Scratch::new(&format!("tables-{language}"));
        let folder = out.path().join("out");
        check(&["run", &study.path(), "--lang", language, "--out", &folder.to_string_lossy()], 0, &[]);
        folder::contents(&folder)
    });
    // The table beside a chart has the words of its picture; notices and the reasons of targets are sentences.
    let is_said = |name: &str| name.starts_with("charts/") || ["notices.csv", "targets.csv"].contains(&name);
    let is_table = |name: &str| (name.ends_with(".csv") || name.ends_with(".parquet")) && !is_said(name);
    for (name, bytes) in zh.iter().filter(|(name, _)| is_table(name)) {
        assert!(en.get(name) == Some(bytes), "{name} differs between the languages");
    }
    let charts = zh.keys().filter(|name| name.ends_with(".svg") && en.contains_key(*name)).collect::<Vec<_>>();
    assert!(!charts.is_empty() && charts.iter().all(|name| zh[*name] != en[*name]), "{charts:?} are the same");
}
