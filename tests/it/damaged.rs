//! Damaged studies: every fault is named with its place and its remedy, nothing panics, and the exit code is 2.
//!
//! The study in `damaged/base` is without fault; each case breaks one thing of it. The messages are kept in `snapshots/`.

mod case;

mod encodings;

mod headers;

mod cells;

mod codes;

mod expressions;

mod projects;

mod settings;

mod ranges;

mod workbooks;

mod expectations;

mod silent;

mod swallowed;

mod boundaries;

mod scenarios;

use crate::program::{Scratch, run};
use case::{Case, Damage};
use std::path::Path;

#[test]
fn the_base_is_without_fault() {
    let (code, said) = check(&Case::new("base"), "en");
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn encodings_are_named() {
    snapshot("encodings", &encodings::cases());
}

#[test]
fn headers_are_named() {
    snapshot("headers", &headers::cases());
}

#[test]
fn cells_are_named() {
    snapshot("cells", &cells::cases());
}

#[test]
fn codes_are_named() {
    snapshot("codes", &codes::cases());
}

#[test]
fn expressions_are_named() {
    snapshot("expressions", &expressions::cases());
}

#[test]
fn identities_and_checks_are_named() {
    snapshot("expectations", &expectations::cases());
}

#[test]
fn projects_are_named() {
    snapshot("projects", &projects::cases());
}

#[test]
fn settings_are_named() {
    snapshot("settings", &settings::cases());
}

#[test]
fn ranges_are_named() {
    snapshot("ranges", &ranges::cases());
}

#[test]
fn workbooks_are_named() {
    snapshot("workbooks", &workbooks::cases());
}

#[test]
fn boundaries_are_named() {
    snapshot("boundaries", &boundaries::cases());
}

#[test]
fn silent_cases_are_named() {
    snapshot("silent", &silent::cases());
}

#[test]
fn what_had_no_effect_is_named() {
    snapshot("swallowed", &swallowed::cases());
}

#[test]
fn scenarios_are_named() {
    let (code, said) = check(&scenarios::base(), "en");
    assert_eq!(code, Some(0), "{said}");
    snapshot("scenarios", &scenarios::cases());
}

#[test]
fn a_check_finds_what_a_run_refuses() {
    let mut wrong = Vec::new();
    for case in scenarios::cases() {
        let copy = copied(&case);
        let folder = copy.path().to_string_lossy().to_string();
        let said = |command: &str| {
            let output = run(&[command, &folder, "--lang", "en"]);
            String::from_utf8_lossy(&output.stderr).replace(&folder, "STUDY")
        };
        let found = said("check");
        let missed: Vec<String> =
            said("run").lines().filter(|line| !found.contains(*line)).map(str::to_string).collect();
        if !missed.is_empty() {
            wrong.push(format!("{}: {}", case.name, missed.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "a check misses what a run refuses:\n{}", wrong.join("\n"));
}

#[test]
fn a_result_that_is_no_number_leaves_the_last_outputs_alone() {
    let (base, out) = (copied(&Case::new("finite")), Scratch::new("damaged-out"));
    let out = out.path().join("out");
    let run_into = |study: &Scratch| {
        run(&["run", &study.path().to_string_lossy(), "--out", &out.to_string_lossy(), "--lang", "en"])
    };
    assert_eq!(run_into(&base).status.code(), Some(0));
    let before = std::fs::read(out.join("emissions.csv")).expect("emissions");
    let case = Case::new("infinite").edit("methods.csv", "amount * ore_factor", "amount * ore_factor / (capture - 1)");
    let output = run_into(&copied(&case));
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!("infinite", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read(out.join("emissions.csv")).expect("emissions"), before);
}

#[test]
fn messages_come_in_chinese_too() {
    let case =
        Case::new("chinese").edit("activity/industry.csv", "2019,yunxi,Q.2,test_coal", "2019,yunxi,Q.2,test_cool");
    let (code, said) = check(&case, "zh");
    assert_eq!(code, Some(2), "{said}");
    insta::assert_snapshot!("chinese", said);
}

/// Keeps the messages of a group of cases, after all of them have been refused in good order.
fn snapshot(group: &str, cases: &[Case]) {
    let mut text = String::new();
    let mut wrong = Vec::new();
    for case in cases {
        let (code, said) = check(case, "en");
        if code != Some(2) || said.contains("panicked") {
            wrong.push(format!("{}: exit code {code:?}\n{said}", case.name));
        }
        text.push_str(&format!("== {}\n{said}\n", case.name));
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases are not refused in good order:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
    insta::assert_snapshot!(group, text);
}

/// Checks a damaged copy of the base: the exit code, and what was said without the copy's own path.
fn check(case: &Case, language: &str) -> (Option<i32>, String) {
    let copy = copied(case);
    let folder = copy.path().to_string_lossy().to_string();
    let output = run(&["check", &folder, "--lang", language]);
    let said = String::from_utf8_lossy(&output.stderr).replace(&folder, "STUDY");
    (output.status.code(), said)
}

/// A copy of the base with a case's damage.
fn copied(case: &Case) -> Scratch {
    let scratch = Scratch::new(&format!("damaged-{}", case.name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")));
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/damaged/base");
    copy(&base, scratch.path());
    for (file, damage) in &case.damages {
        apply(&scratch.path().join(file), damage, &case.name);
    }
    scratch
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the base study").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn apply(path: &Path, damage: &Damage, name: &str) {
    let text = || std::fs::read_to_string(path).expect("a text of the base");
    let content = match damage {
        Damage::Edit(from, to) => {
            let text = text();
            assert!(text.contains(from.as_str()), "{name}: the base has no '{from}'");
            text.replace(from.as_str(), to).into_bytes()
        }
        Damage::Line(line) => format!("{}{line}\n", text()).into_bytes(),
        Damage::Content(bytes) => bytes.clone(),
        Damage::Removed => return std::fs::remove_file(path).expect("a file of the base"),
    };
    std::fs::write(path, content).expect("a damaged file");
}
