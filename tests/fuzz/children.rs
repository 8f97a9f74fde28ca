//! Damaged files, read by processes that may end on them; the case that ended one is named, and the next goes on behind it.

use super::chance::Chance;
use super::{Budget, bases, mutate};
use qingdan::error::Diagnostics;
use qingdan::{schema, table};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Cases that one process reads.
const BATCH: u64 = 500;
const PATIENCE: Duration = Duration::from_secs(10);
/// Memory that a process may take, KiB.
const MEMORY: u64 = 4 << 20;

/// Reads damaged files until the time is over; what ended a process, and how many were read.
pub fn files(budget: Budget) -> (Vec<String>, u64) {
    let (mut found, mut next, first) = (Vec::new(), budget.next, budget.next);
    let end = first.saturating_add(budget.cases);
    while Instant::now() < budget.until && next < end && found.len() < 50 {
        let (last, wrong) = batch(&budget, next, BATCH.min(end - next));
        found.extend(wrong);
        next = last + 1;
    }
    (found, next - first)
}

/// The last case that was begun, and what went wrong with it.
fn batch(budget: &Budget, first: u64, count: u64) -> (u64, Option<String>) {
    let mut child = start(budget, first, count);
    let (send, receive) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().expect("its output"));
    std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
    let (mut last, mut words) = (first, String::new());
    loop {
        match receive.recv_timeout(PATIENCE) {
            Ok(line) => match line.strip_prefix("case ") {
                Some(case) => last = case.parse().unwrap_or(last),
                None if line == "batch done" => {
                    _ = child.wait();
                    return (first + count - 1, None);
                }
                None => words = line,
            },
            Err(RecvTimeoutError::Timeout) => {
                _ = child.kill();
                _ = child.wait();
                return (last, Some(format!("case {last}: no end within {PATIENCE:?}")));
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status = child.wait().expect("a status");
                return (last, Some(format!("case {last}: {status} {words}")));
            }
        }
    }
}

fn start(budget: &Budget, first: u64, count: u64) -> Child {
    let own = std::env::current_exe().expect("its own path");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {MEMORY} 2>/dev/null; exec \"$0\" child --exact --nocapture")]).arg(own);
    command.env("QINGDAN_FUZZ_CHILD", count.to_string()).env("QINGDAN_FUZZ_FIRST", first.to_string());
    command.env("QINGDAN_FUZZ_SEED", budget.seed.to_string()).env("QINGDAN_FUZZ_SECONDS", "600");
    // Threads of the frame engine reserve memory each; two are enough for small files.
    command.env("POLARS_MAX_THREADS", "2").env("QINGDAN_FUZZ_CASES", count.to_string());
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts")
}

/// What the child does.
pub fn read(budget: Budget) {
    let bases = bases::files();
    for (case, mut chance) in budget {
        println!("\ncase {case}");
        let (name, bytes) = damaged(&bases, &mut chance);
        // What is read of it does not matter here; that the reading ends, and how, does.
        _ = table::read(name, &bytes, &schema::ACTIVITY, &mut Diagnostics::default());
    }
    println!("\nbatch done");
}

fn damaged(bases: &[(&'static str, Vec<u8>)], chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let (name, bytes) = chance.of(bases);
    let bytes = match name.ends_with(".csv") && chance.one_in(3) {
        true => mutate::encoded(bytes, chance),
        false => bytes.clone(),
    };
    (name, mutate::bytes(&bytes, chance))
}
