//! Match and estimate over 10⁴ to 10⁷ activity rows × 6 pollutants, beside the bare polars join and multiply on the same
//! rows in the same run. Times are the least of several runs; the figure that counts is the ratio.
//!
//! `cargo bench --bench estimate [-- 10000 100000 …]`

use polars::prelude::*;
use qingdan::inventory;
use qingdan::matching;
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

/// The floor: one join on the keys, one product.
fn bare(activity: &DataFrame, factors: &DataFrame) -> DataFrame {
    let keys = [col("category"), col("item"), col("technology")];
    let joined =
        activity.clone().lazy().join(factors.clone().lazy(), keys.clone(), keys, JoinArgs::new(JoinType::Inner));
    joined.with_column((col("amount") * col("value")).alias("emitted_t")).collect().expect("bare join")
}

fn estimate(study: &Study) -> usize {
    let matches = matching::run(study).expect("matches");
    inventory::compile(study, matches).expect("estimates").emissions.len()
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

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![10_000, 100_000, 1_000_000, 10_000_000] } else { asked };
    println!(
        "rows | emissions | bare join s | match+estimate s | ratio | read CSV: polars s, ours s | read Parquet: polars s, ours s | peak MB"
    );
    for rows in sizes {
        let runs = if rows > 1_000_000 { 1 } else { 3 };
        let made = made(rows);
        let factors = csv(&made.factors);
        let (read, mut activity) = least(runs, || csv(&made.activity));
        let columnar = parquet(&mut activity);
        let (read_columnar, _) =
            least(runs, || ParquetReader::new(Cursor::new(&columnar[..])).finish().expect("Parquet"));
        let (floor, table) = least(runs, || bare(&activity, &factors));
        let expected = table.height();
        drop((table, activity));
        let (door, study) = least(runs, || open(&made, "activity/made.csv", made.activity.as_bytes()));
        let (ours, emissions) = least(runs, || estimate(&study));
        drop(study);
        let (door_columnar, _) = least(1, || open(&made, "activity/made.parquet", &columnar));
        assert_eq!(emissions, expected, "both make the same number of emissions");
        println!(
            "{rows} | {emissions} | {floor:.3} | {ours:.3} | {:.2} | {read:.3}, {door:.3} | {read_columnar:.3}, {door_columnar:.3} | {:.0}",
            ours / floor,
            peak_mb()
        );
    }
}
