//! Match and estimate over 10⁴ to 10⁷ activity rows × 6 pollutants, beside the bare polars join and multiply on the same
//! rows in the same run. Times are the least of several runs; the figure that counts is the ratio.
//!
//! `cargo bench --bench estimate [-- 10000 100000 …]`

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

use polars::prelude::*;
use qingdan::inventory;
use qingdan::study::{self, File, Study};
use std::fmt::Write;
use std::io::Cursor;
use std::time::Instant;

const POLLUTANTS: [&str; 6] = ["CO2", "CH4", "N2O", "SO2", "NOx", "PM2.5"];
const CATEGORIES: usize = 8;
const ITEMS: usize = 12;
const TECHNOLOGIES: usize = 5;
const COUNTIES: usize = 500;

/// The tables of a made-up nation: every category × item × technology has a factor for every pollutant.
struct Made {
    files: Vec<File>,
    activity: String,
    factors: String,
}

fn made(rows: usize) -> Made {
    let mut factors = String::from("parameter,category,item,technology,pollutant,value,unit,set,confidence\n");
    let (mut categories, mut items) =
        (String::from("code,name_zh,sector,scope,expects\nB,类别,industry,direct,\n"), String::from("item,kind\n"));
    for c in 0..CATEGORIES {
        _ = writeln!(categories, "B.{c},类别{c},industry,direct,{}", POLLUTANTS.join("|"));
        for i in 0..ITEMS {
            for t in 0..TECHNOLOGIES {
                for (p, pollutant) in POLLUTANTS.iter().enumerate() {
                    let value = 0.001 * (1 + c + 2 * i + 3 * t + 5 * p) as f64;
                    _ = writeln!(
                        factors,
                        "emission_factor,B.{c},item{i},technology{t},{pollutant},{value},t/t,bench,derived"
                    );
                }
            }
        }
    }
    (0..ITEMS).for_each(|i| _ = writeln!(items, "item{i},product"));
    let mut areas = String::from("area,parent\nnation,world\n");
    (0..COUNTIES).for_each(|a| _ = writeln!(areas, "county{a},nation"));
    let mut activity = String::from("year,area,category,item,technology,source,amount,unit\n");
    for row in 0..rows {
        let (a, c, i, t) = (row % COUNTIES, row % CATEGORIES, row / 7 % ITEMS, row / 11 % TECHNOLOGIES);
        _ = writeln!(activity, "2020,county{a},B.{c},item{i},technology{t},plant{},{}.5,t", row / 3, row % 1000);
    }
    let study = "area = \"nation\"\nyears = [2020]\nsets = [\"bench\"]\npollutants = [\"CO2\", \"CH4\", \"N2O\", \"SO2\", \"NOx\", \"PM2.5\"]\n";
    let methods = "method,category,pollutant,rank,result,expression\nfactor,B,,1,emitted,amount * emission_factor\n";
    let file = |name: &str, text: &str| File { name: name.into(), bytes: text.as_bytes().to_vec() };
    let files = vec![
        file("study.toml", study),
        file("methods.csv", methods),
        file("areas.csv", &areas),
        file("categories.csv", &categories),
        file("items.csv", &items),
        file("parameters/bench.csv", &factors),
    ];
    Made { files, activity, factors }
}

/// The least time of a few runs, s.
fn least<T>(runs: usize, mut work: impl FnMut() -> T) -> (f64, T) {
    let mut best: Option<(f64, T)> = None;
    for _ in 0..runs {
        let start = Instant::now();
        let result = work();
        let seconds = start.elapsed().as_secs_f64();
        if best.as_ref().is_none_or(|(least, _)| seconds < *least) {
            best = Some((seconds, result));
        }
    }
    best.expect("at least one run")
}

fn csv(text: &str) -> DataFrame {
    CsvReader::new(Cursor::new(text.as_bytes())).finish().expect("made-up CSV")
}

fn parquet(frame: &mut DataFrame) -> Vec<u8> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(frame).expect("made-up Parquet");
    bytes
}

/// The floor: one join on the keys, one product, and of the columns only what an emission needs.
fn bare(activity: &DataFrame, factors: &DataFrame) -> DataFrame {
    let keys = [col("category"), col("item"), col("technology")];
    let joined =
        activity.clone().lazy().join(factors.clone().lazy(), keys.clone(), keys, JoinArgs::new(JoinType::Inner));
    let product = (col("amount") * col("value")).alias("emitted_t");
    joined.select([col("year"), col("source"), col("pollutant"), product]).collect().expect("bare join")
}

fn estimate(study: &Study) -> usize {
    inventory::compile(study).expect("estimates").emissions.len()
}

/// The door: activity from bytes in memory to a checked study.
fn open(made: &Made, name: &str, bytes: &[u8]) -> Study {
    let mut files = made.files.clone();
    files.push(File { name: name.into(), bytes: bytes.to_vec() });
    study::build(files).expect("a study without fault")
}

/// The most memory that the process has held so far, MB; 0 where the system does not say.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// What match and estimate add to the memory that the checked study takes, MB, in a process of its own.
fn memory(rows: usize) {
    let made = made(rows);
    let study = open(&made, "activity/made.csv", made.activity.as_bytes());
    let before = peak_mb();
    let emissions = estimate(&study);
    println!("{before:.0} {:.0} {emissions}", peak_mb());
}

/// Runs this program again for its memory alone.
fn measured_memory(rows: usize) -> String {
    let program = std::env::current_exe().expect("this program");
    let run =
        std::process::Command::new(program).args(["memory", &rows.to_string()]).output().expect("a run for memory");
    String::from_utf8_lossy(&run.stdout).trim().to_string()
}

/// The same in Python's pandas and polars, where they are installed; `-` where not.
fn peers(made: &Made) -> String {
    let folder = std::env::temp_dir().join(format!("qingdan-bench-{}", std::process::id()));
    let (activity, factors) = (folder.join("activity.csv"), folder.join("factors.csv"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers.py");
    let run = || -> std::io::Result<String> {
        std::fs::create_dir_all(&folder)?;
        std::fs::write(&activity, &made.activity)?;
        std::fs::write(&factors, &made.factors)?;
        let run = std::process::Command::new("python3").arg(script).args([&activity, &factors]).output()?;
        Ok(String::from_utf8_lossy(&run.stdout).trim().replace('\n', ", "))
    };
    let said = run().unwrap_or_default();
    _ = std::fs::remove_dir_all(&folder);
    if said.is_empty() { "-".to_string() } else { said }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "memory") {
        return memory(words.get(1).and_then(|word| word.parse().ok()).unwrap_or(10_000));
    }
    let asked: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![10_000, 100_000, 1_000_000, 10_000_000] } else { asked };
    println!(
        "rows | emissions | bare join s (table MB) | match+estimate s | ratio | read CSV: polars s, ours s | read Parquet: polars s, ours s | memory: study MB, with estimate MB, emissions"
    );
    sizes.into_iter().for_each(measure);
}

fn measure(rows: usize) {
    let runs = if rows > 1_000_000 { 1 } else { 3 };
    let made = made(rows);
    let factors = csv(&made.factors);
    let (read, mut activity) = least(runs, || csv(&made.activity));
    let columnar = parquet(&mut activity);
    let (read_columnar, _) = least(runs, || ParquetReader::new(Cursor::new(&columnar[..])).finish().expect("Parquet"));
    let (floor, table) = least(runs, || bare(&activity, &factors));
    let (expected, table_mb) = (table.height(), table.estimated_size() as f64 / 1048576.0);
    drop((table, activity));
    let (door, study) = least(runs, || open(&made, "activity/made.csv", made.activity.as_bytes()));
    let (ours, emissions) = least(runs, || estimate(&study));
    drop(study);
    let (door_columnar, _) = least(1, || open(&made, "activity/made.parquet", &columnar));
    assert_eq!(emissions, expected, "both make the same number of emissions");
    let python = peers(&made);
    drop(made);
    let (ratio, memory) = (ours / floor, measured_memory(rows));
    println!(
        "{rows} | {emissions} | {floor:.3} ({table_mb:.0}) | {ours:.3} | {ratio:.2} | {read:.3}, {door:.3} | {read_columnar:.3}, {door_columnar:.3} | {python} | {memory}"
    );
}
