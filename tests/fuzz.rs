//! Mutated studies and damaged files: nothing panics, aborts, hangs, gives NaN or infinity, or loses a row.
//!
//! `QINGDAN_FUZZ_SECONDS` (5) is the time for each kind, `QINGDAN_FUZZ_SEED` the seed, which is always said; the cases of a
//! seed are the same everywhere, only how many of them fit into the time differs. `QINGDAN_FUZZ_FIRST` begins at a later
//! case, which with `QINGDAN_FUZZ_CASES=1` repeats one alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, prepares folders and tells what it measured"
)]

#[path = "it/program.rs"]
#[allow(dead_code, reason = "a limit of time and memory is needed here, which `run` does not set")]
mod program;

#[path = "fuzz/chance.rs"]
mod chance;

#[path = "fuzz/bases.rs"]
mod bases;

#[path = "fuzz/mutate.rs"]
mod mutate;

#[path = "fuzz/judge.rs"]
mod judge;

#[path = "fuzz/children.rs"]
mod children;

#[path = "fuzz/processes.rs"]
mod processes;

use chance::Chance;
use std::time::{Duration, Instant};

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The cases of one kind: numbered, each with chances of its own.
struct Budget {
    seed: u64,
    next: u64,
    cases: u64,
    until: Instant,
}

impl Budget {
    fn new(kind: &str) -> Self {
        let seed = setting("QINGDAN_FUZZ_SEED").unwrap_or(20_260_710);
        let seconds = setting("QINGDAN_FUZZ_SECONDS").unwrap_or(5);
        let (next, cases) =
            (setting("QINGDAN_FUZZ_FIRST").unwrap_or(0), setting("QINGDAN_FUZZ_CASES").unwrap_or(u64::MAX));
        println!("fuzz {kind}: seed {seed}, from case {next}, {seconds} s");
        Self { seed, next, cases, until: Instant::now() + Duration::from_secs(seconds) }
    }
}

impl Iterator for Budget {
    type Item = (u64, Chance);

    fn next(&mut self) -> Option<Self::Item> {
        if self.cases == 0 || Instant::now() >= self.until {
            return None;
        }
        let case = self.next;
        (self.next, self.cases) = (case + 1, self.cases - 1);
        Some((case, Chance::new(self.seed, case)))
    }
}

fn none(kind: &str, cases: u64, found: &[String]) {
    println!("fuzz {kind}: {cases} cases, {} faults of the program", found.len());
    assert!(found.is_empty(), "{kind}: {} of {cases} cases\n{}", found.len(), found.join("\n"));
}

#[test]
fn mutated_studies_are_refused_or_computed() {
    let (bases, budget) = (bases::studies(), Budget::new("studies"));
    let (mut found, mut cases, mut tally) = (Vec::new(), 0, judge::Tally::default());
    for (case, mut chance) in budget {
        let files = mutate::study(&bases, &mut chance);
        found.extend(judge::study(&files, &mut chance, &mut tally).map(|what| format!("case {case}: {what}")));
        cases += 1;
    }
    println!("fuzz studies: {tally:?}");
    none("studies", cases, &found);
}

#[test]
fn damaged_files_are_refused_or_read() {
    let (found, cases) = children::files(Budget::new("files"));
    none("files", cases, &found);
}

/// Not a test of its own: the process in which damaged files are read, so that an abort ends it and not the tests.
#[test]
fn child() {
    if setting("QINGDAN_FUZZ_CHILD").is_some() {
        children::read(Budget::new("child"));
    }
}

#[test]
fn the_binary_ends_in_time_with_a_code_of_its_own() {
    let (bases, budget) = (bases::studies(), Budget::new("processes"));
    let (mut found, mut cases) = (Vec::new(), 0);
    for (case, mut chance) in budget {
        let files = mutate::study(&bases, &mut chance);
        found.extend(processes::study(&files, &mut chance).map(|what| format!("case {case}: {what}")));
        cases += 1;
    }
    none("processes", cases, &found);
}
