//! docs/reference.md: every command with its options, every table that is read and every table that is written, taken from the program.

use super::folder;
use crate::program::Scratch;
use qingdan::schema::{self, Schema};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// Each command that does something, and the program itself.
pub const COMMANDS: [&str; 14] = [
    "check",
    "run",
    "explain",
    "plan check",
    "plan resolve",
    "compare",
    "seek",
    "portfolio",
    "draws",
    "sensitivity",
    "factors",
    "crosswalk",
    "schema",
    "",
];

/// Where each table lies in a study or in the library.
fn tables() -> Vec<(&'static str, &'static Schema)> {
    vec![
        ("activity/*", &schema::ACTIVITY),
        ("parameters/*", &schema::PARAMETERS),
        ("methods.csv", &schema::METHODS),
        ("economy.csv", &schema::ECONOMY),
        ("crosschecks.csv", &schema::CROSSCHECKS),
        ("projects.csv", &schema::PROJECTS),
        ("project_kinds.csv", &schema::PROJECT_KINDS),
        ("project_rules.csv", &schema::PROJECT_RULES),
        ("project_pollutants.csv", &schema::PROJECT_POLLUTANTS),
        ("areas.csv", &schema::AREAS),
        ("categories.csv", &schema::CATEGORIES),
        ("items.csv", &schema::ITEMS),
        ("technologies.csv", &schema::TECHNOLOGIES),
        ("overlaps.csv", &schema::OVERLAPS),
        ("units.csv", &schema::UNITS),
        ("pollutants.csv", &schema::POLLUTANTS),
        ("gwp.csv", &schema::GWP),
        ("equivalents.csv", &schema::EQUIVALENTS),
        ("crosswalk.csv", &schema::CROSSWALK),
        ("sources.csv", &schema::SOURCES),
    ]
}

fn help(command: &str) -> String {
    let said = Command::new(env!("CARGO_BIN_EXE_qingdan"))
        .args(command.split_whitespace())
        .args(["--help", "--lang", "en"])
        .env("COLUMNS", "100")
        .output()
        .expect("the program");
    assert!(said.status.success(), "{command} --help: {}", String::from_utf8_lossy(&said.stderr));
    let text = String::from_utf8_lossy(&said.stdout).to_string();
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn page() -> String {
    let mut page = String::from(
        "# Reference\n\nTaken from the program; written anew by `INSTA_UPDATE=always cargo test --test it behaviour::reference`. What the columns mean \
         is in [tables.md](tables.md) and [scenarios.md](scenarios.md).\n\n## Commands\n",
    );
    for command in COMMANDS {
        let name = format!("qingdan {command}");
        _ = write!(page, "\n### {}\n\n```text\n{}```\n", name.trim_end(), help(command));
    }
    page.push_str("\n## Tables that are read\n\nA column is found by its name or by its Chinese heading, in any order; those in bold have to be there.\n");
    for (file, schema) in tables() {
        let bold = |column: &schema::Column| if column.required { "**" } else { "" };
        let cell = |column: &schema::Column| format!("{0}`{1}` {2}{0}", bold(column), column.name, column.zh);
        let columns: Vec<String> = schema.columns.iter().map(cell).collect();
        _ = write!(page, "\n`{file}`: {}\n", columns.join(", "));
    }
    page.push_str(
        "\n## Tables that are written\n\nOf 大足区, which has everything: scenarios, draws, costs and a register.\n",
    );
    for (name, head) in written() {
        let is_wide = name == "scenarios.csv";
        let columns = head.split(',').filter(|word| !is_wide || word.parse::<i32>().is_err());
        let columns: Vec<String> = columns.map(|word| format!("`{word}`")).collect();
        let years = if is_wide { ", and a column for each year" } else { "" };
        _ = write!(page, "\n`{name}`: {}{years}\n", columns.join(", "));
    }
    page
}

/// The tables of a run of Dazu by name, each with its first line; the charts' own are left out.
fn written() -> Vec<(String, String)> {
    let out = Scratch::new("reference");
    let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/dazu");
    let target = out.path().join("out");
    let run = Command::new(env!("CARGO_BIN_EXE_qingdan"))
        .args(["run", &study.to_string_lossy(), "--lang", "en", "--out", &target.to_string_lossy()])
        .output()
        .expect("the program");
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let tables = folder::contents(&target).into_iter();
    let tables = tables.filter(|(name, _)| name.ends_with(".csv") && !name.starts_with("charts/"));
    let head = |bytes: Vec<u8>| {
        String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').lines().next().map(str::to_string)
    };
    tables.filter_map(|(name, bytes)| Some((name, head(bytes)?))).collect()
}

#[test]
fn the_reference_is_current() {
    let page = page();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&file, &page).expect("docs/reference.md");
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let differing = known.lines().zip(page.lines()).find(|(known, now)| known != now);
    assert!(
        known == page,
        "docs/reference.md is not current: {differing:?}; INSTA_UPDATE=always cargo test --test it behaviour::reference"
    );
}
