//! Every folder under `tests/cases` is a study with a known answer: it is run by the real binary and compared as numbers.
//!
//! An `expected_*.csv` names the output by its file name. Its numeric columns are compared, `tolerance_rel` (1e-9 where left out) or
//! `tolerance_abs` and `origin` are about the comparison, and all other columns are a key that has to pick exactly one row of the output.
//! The rows of an `absent_*.csv` are keys that no row of the output may have.

use crate::program::{Scratch, run};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const OUTPUTS: [&str; 17] = [
    "emissions",
    "totals",
    "gaps",
    "indicators",
    "targets",
    "completeness",
    "uncertainty",
    "influences",
    "key_categories",
    "crosswalk",
    "projects",
    "project_totals",
    "peaks",
    "contributions",
    "decomposition",
    "breakeven",
    "water",
];
const NUMBERS: [&str; 46] = [
    "emitted_t",
    "generated_t",
    "collected_t",
    "removed_t",
    "discharged_t",
    "low_t",
    "high_t",
    "value",
    "required",
    "reached",
    "margin",
    "low",
    "high",
    "low_pct",
    "high_pct",
    "uncertainty_pct",
    "covered_share",
    "trend_pct",
    "trend_uncertainty_points",
    "trend_linear_points",
    "result_share",
    "variance_share",
    "assessment",
    "share",
    "cumulative",
    "whole_year",
    "tonnes",
    "offsets",
    "net",
    "allotted",
    "inventory_change",
    "peak_year",
    "last_peak_year",
    "peak_value",
    "plateau_from",
    "plateau_to",
    "shapley",
    "first_in",
    "last_in",
    "additive",
    "multiplicative",
    "tapio",
    "intensity_change",
    "breakeven_growth",
    "actual_growth",
    "flat_change",
];
const ABOUT: [&str; 3] = ["tolerance_rel", "tolerance_abs", "origin"];

/// A row by column name.
type Row = BTreeMap<String, String>;

#[test]
fn every_case_gives_its_known_answer() {
    let cases = cases("tests/cases");
    assert!(cases.len() >= 10, "only {} cases found", cases.len());
    let mismatches: Vec<String> = in_parallel(&cases, |folder| check(folder)).concat();
    assert!(mismatches.is_empty(), "{} mismatches:\n{}", mismatches.len(), mismatches.join("\n"));
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(root).expect("the folder of cases").map(|entry| entry.expect("an entry").path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

/// All that is wrong with one case.
fn check(folder: &Path) -> Vec<String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().to_string();
    let out = Scratch::new(&format!("case-{name}"));
    let arguments = [&*folder.to_string_lossy(), "--out", &*out.path().to_string_lossy(), "--lang", "en"];
    let output = run(&[&["run"], arguments.as_slice()].concat());
    if output.status.code() != Some(0) {
        let (status, errors) = (output.status, String::from_utf8_lossy(&output.stderr));
        return vec![format!("{name}: {status}, expected exit code 0; it said:\n{errors}")];
    }
    let mut mismatches = Vec::new();
    let stated: Vec<&str> = OUTPUTS.into_iter().filter(|kind| folder.join(expected_name(kind)).exists()).collect();
    for kind in &stated {
        let place = format!("{name}/{}", expected_name(kind));
        let (expected, found) =
            (read(&folder.join(expected_name(kind))), read(&out.path().join(format!("{kind}.csv"))));
        for (index, row) in expected.iter().enumerate() {
            mismatches.extend(compare(row, &found).into_iter().map(|text| format!("{place}:{}: {text}", index + 2)));
        }
        if *kind == "gaps" && expected.len() != found.len() {
            mismatches.push(format!("{place}: {} gaps expected, {} found", expected.len(), found.len()));
        }
    }
    for kind in OUTPUTS.into_iter().filter(|kind| folder.join(format!("absent_{kind}.csv")).exists()) {
        let found = read(&out.path().join(format!("{kind}.csv")));
        let absent = read(&folder.join(format!("absent_{kind}.csv")));
        let has = |key: &&Row| found.iter().any(|row| key.iter().all(|(column, cell)| row.get(column) == Some(cell)));
        mismatches.extend(absent.iter().filter(has).map(|key| format!("{name}: {kind}.csv has a row with {key:?}")));
    }
    for (missing, text) in
        [(stated.is_empty(), "states no expectation"), (!folder.join("README.md").exists(), "has no README.md")]
    {
        mismatches.extend(missing.then(|| format!("{name} {text}")));
    }
    mismatches
}

fn expected_name(kind: &str) -> String {
    format!("expected_{kind}.csv")
}

fn read(path: &Path) -> Vec<Row> {
    let shown = path.display();
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|cause| panic!("{shown}: {cause}"));
    let header = reader.headers().unwrap_or_else(|cause| panic!("{shown}: {cause}")).clone();
    let name = |cell: &str| cell.trim_start_matches('\u{feff}').to_string();
    let rows = reader.records().map(|record| record.unwrap_or_else(|cause| panic!("{shown}: {cause}")));
    rows.map(|record| header.iter().map(name).zip(record.iter().map(str::to_string)).collect()).collect()
}

/// What differs between an expected row and the one row of the output with its key.
fn compare(expected: &Row, found: &[Row]) -> Vec<String> {
    let is_key = |column: &String| !NUMBERS.contains(&column.as_str()) && !ABOUT.contains(&column.as_str());
    let key: Vec<(&String, &String)> = expected.iter().filter(|(column, _)| is_key(column)).collect();
    let fits = |row: &&Row| key.iter().all(|(column, cell)| row.get(*column) == Some(*cell));
    let shown = key.iter().map(|(column, cell)| format!("{column}={cell}")).collect::<Vec<_>>().join(" ");
    let matching: Vec<&Row> = found.iter().filter(fits).collect();
    let [row] = matching.as_slice() else {
        return vec![format!("{shown}: {} rows of the output have this key, expected one", matching.len())];
    };
    let tolerance = Tolerance::of(expected);
    let origin = expected.get("origin").map_or("", String::as_str);
    let stated = NUMBERS.into_iter().filter_map(|column| Some((column, expected.get(column)?)));
    let wrong = stated.filter(|(column, cell)| !cell.is_empty() && !tolerance.holds(row.get(*column), cell));
    wrong
        .map(|(column, cell)| {
            let found = row.get(column).map_or("not a column", String::as_str);
            format!("{shown}: {column} is {found}, expected {cell}, {tolerance:?} ({origin})")
        })
        .collect()
}

/// How near a number has to come; an expected 0 has no scale, so that a relative tolerance is absolute there.
#[derive(Debug, Clone, Copy)]
enum Tolerance {
    Relative(f64),
    Absolute(f64),
}

impl Tolerance {
    fn of(expected: &Row) -> Self {
        let stated = |column| expected.get(column).and_then(|cell: &String| cell.parse().ok());
        match stated("tolerance_abs") {
            Some(absolute) => Self::Absolute(absolute),
            None => Self::Relative(stated("tolerance_rel").unwrap_or(1e-9)),
        }
    }

    /// Whether a cell is the expected number.
    fn holds(self, found: Option<&String>, expected: &str) -> bool {
        let (Some(Ok(found)), Ok(expected)) = (found.map(|cell| cell.parse::<f64>()), expected.parse::<f64>()) else {
            return false;
        };
        let allowed = match self {
            Self::Absolute(allowed) => allowed,
            Self::Relative(share) if expected == 0.0 => share,
            Self::Relative(share) => share * expected.abs(),
        };
        (found - expected).abs() <= allowed
    }
}

/// Applies `work` to every item on two threads; the results stand in the order of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((index, item)) = take(&next, items) {
                    let result = work(item);
                    results.lock().expect("no worker has failed").push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no worker has failed");
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn take<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    items.get(index).map(|item| (index, item))
}
