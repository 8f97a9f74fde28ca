//! LibreOffice recomputes the workbooks: every emission and total is the engine's, before a change and after it.

use crate::program::Scratch;
use crate::workbook::archive::{change, poison};
use crate::workbook::book::{Opened, as_number, is_near, rows};
use crate::workbook::{CASES, compiled, history, repository};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workbooks as LibreOffice computes them, by the same file names; none where it is not installed.
fn recomputed(files: &[PathBuf], scratch: &Scratch) -> Option<PathBuf> {
    let out = scratch.path().join("recomputed");
    always_compute(&scratch.path().join("profile"));
    let profile = format!("-env:UserInstallation=file://{}", scratch.path().join("profile").display());
    let mut command = Command::new("soffice");
    command.args([profile.as_str(), "--headless", "--convert-to", "xlsx", "--outdir"]).arg(&out).args(files);
    match command.output() {
        Ok(output) => {
            assert!(output.status.success(), "soffice: {}", String::from_utf8_lossy(&output.stderr));
            Some(out)
        }
        Err(cause) => {
            println!("skipped: LibreOffice does not start ({cause})");
            None
        }
    }
}

/// Without this setting LibreOffice shows the stored results of a file until somebody changes a cell.
fn always_compute(profile: &Path) {
    let folder = profile.join("user");
    std::fs::create_dir_all(&folder).expect("a folder");
    let setting = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"#;
    std::fs::write(folder.join("registrymodifications.xcu"), setting).expect("the settings");
}

/// Compares every emission of a recomputed workbook.
fn compare(file: &Path, out: &Path) -> Opened {
    let mut opened = Opened::new(file);
    let (found, expected) = (opened.inventory(), history(out));
    assert_eq!(found.len(), expected.len(), "{}", file.display());
    for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert!(is_near(*found, *expected), "{} row {row}: {found} instead of {expected}", file.display());
    }
    opened
}

/// What is stored is what the engine computed, every emission is a formula, and each formula gives the same once more.
#[test]
fn formulas_give_the_engines_numbers() {
    let scratch = Scratch::new("workbook-live");
    let mut studies: Vec<PathBuf> = CASES.map(|case| repository("tests/cases").join(case)).into();
    studies.extend(["scenarios/dazu", "scenarios/chongqing"].map(repository));
    let mut poisoned = Vec::new();
    let mut outs = Vec::new();
    for study in &studies {
        let compiled = compiled(study, "zh");
        let mut stored = compare(&compiled.1.join("report.xlsx"), &compiled.1);
        assert_eq!(stored.formulas("排放清单", 10), history(&compiled.1).len(), "{}", study.display());
        let file = scratch.path().join(study.file_name().expect("a name")).with_extension("xlsx");
        poison(&compiled.1.join("report.xlsx"), &file);
        poisoned.push(file);
        outs.push(compiled);
    }
    let Some(folder) = recomputed(&poisoned, &scratch) else { return };
    for (file, (_scratch, out)) in poisoned.iter().zip(&outs) {
        let mut opened = compare(&folder.join(file.file_name().expect("a name")), out);
        opened.compare_totals(out);
        opened.compare_sectors(out);
    }
}

/// The activity row behind the largest emission of the last year is doubled: in the workbook, and in the study's table.
#[test]
fn a_changed_amount_moves_what_a_fresh_run_moves() {
    let scratch = Scratch::new("workbook-changed");
    let study = scratch.path().join("dazu");
    copy(&repository("scenarios/dazu"), &study);
    let (_before, out) = compiled(&study, "zh");
    let place = largest(&out);
    let mut opened = Opened::new(&out.join("report.xlsx"));
    let sheet = opened.sheet("活动水平");
    let (at, row) = sheet.rows().enumerate().find(|(_, row)| row[15].to_string() == place).expect("the row");
    let doubled = 2.0 * as_number(&row[6]).expect("an amount");
    let index = opened.names().iter().position(|name| name == "活动水平").expect("the sheet");
    let file = scratch.path().join("changed.xlsx");
    change(&out.join("report.xlsx"), &file, (index, &format!("G{}", at + 1)), doubled);
    let Some(folder) = recomputed(&[file], &scratch) else { return };
    rewrite(&study, &place, doubled);
    let (_after, fresh) = compiled(&study, "zh");
    assert_ne!(history(&out), history(&fresh), "the change changes something");
    let mut changed = compare(&folder.join("changed.xlsx"), &fresh);
    changed.compare_totals(&fresh);
    assert!(changed.compare_sectors(&fresh) > 100);
}

/// `activity/industry.csv:7` of the largest emission of the last year.
fn largest(out: &Path) -> String {
    let rows = rows(&out.join("emissions.csv"));
    let own =
        rows.iter().filter(|row| row["scenario"] == "history" && row["year"] == "2020" && row["pollutant"] == "CO2");
    let mass = |row: &&crate::workbook::book::Row| crate::workbook::book::number(&row["emitted_t"]);
    own.max_by(|a, b| mass(a).total_cmp(&mass(b))).expect("an emission")["activity_ref"].clone()
}

/// The study's table with another amount in one line.
fn rewrite(study: &Path, place: &str, amount: f64) {
    let (file, line) = place.rsplit_once(':').expect("file and line");
    let line: u64 = line.parse().expect("a line");
    let path = study.join(file);
    let mut reader = csv::Reader::from_path(&path).expect("the table");
    let headers = reader.headers().expect("headers").clone();
    let column = headers.iter().position(|name| name == "amount").expect("the column");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&headers).expect("headers");
    for record in reader.records().map(|record| record.expect("a row")) {
        let at = record.position().expect("a place").line() == line;
        let amount = amount.to_string();
        let cells =
            record.iter().enumerate().map(|(index, cell)| if at && index == column { amount.as_str() } else { cell });
        writer.write_record(cells).expect("a row");
    }
    std::fs::write(&path, writer.into_inner().expect("a table")).expect("the table");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true if entry.file_name() == "out" => {}
            true => copy(&entry.path(), &target),
            false => _ = std::fs::copy(entry.path(), target).expect("a copy"),
        }
    }
}
