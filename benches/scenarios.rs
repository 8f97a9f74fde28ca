//! Draws of scenarios beside the same model in numpy, in one run: 200 lines × 6 items × 10 pollutants × 36 years, 8 drivers,
//! 12 sampled inputs, totals with peak year; 100 000 draws of a study with verdicts; the contributions of 16 measures. Times are the
//! least of several runs; the figures that count are ratios.
//!
//! `cargo bench --bench scenarios [-- model | shapley | <study folder>]`

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

use ndarray::Array2;
use qingdan::model::Model;
use qingdan::monte_carlo::{self, Order, Stream, Uncertain};
use qingdan::plan::lane_kernel::{BatchScratch, LANES, Lane, LaneKernel, LaneLevers, RunRequest};
use qingdan::plan::matrix_product::{Product, multiply};
use qingdan::plan::{Kernel, KernelInputs, shapley};
use qingdan::projection::Projections;
use qingdan::study::{self, File, Study};
use rayon::prelude::*;
use std::fmt::Write;
use std::time::Instant;

const LINES: usize = 200;
const ITEMS: usize = 6;
const POLLUTANTS: [&str; 10] = ["CO2", "CH4", "N2O", "SO2", "NOx", "VOC", "PM10", "PM2.5", "NH3", "CO"];
const DRIVERS: usize = 8;
const YEARS: i32 = 36;
/// Items whose factors are sampled, besides the eight drivers.
const FACTORS: usize = 4;
const MEASURES: usize = 16;

fn base(line: usize, item: usize) -> f64 {
    1.0 + ((line * 31 + item * 17) % 97) as f64
}

fn factor(item: usize, pollutant: usize) -> f64 {
    0.1 + ((item * 13 + pollutant * 7) % 23) as f64 / 10.0
}

fn rate(driver: usize, year: i32) -> f64 {
    0.06 - 0.003 * f64::from(year) + 0.002 * driver as f64
}

fn file(name: &str, text: &str) -> File {
    File { name: name.into(), bytes: text.as_bytes().to_vec() }
}

/// A second scenario with 16 measures on all lines; gives `measures.toml`.
fn sixteen(scenarios: &mut String) -> String {
    let mut text = String::new();
    let names: Vec<String> = (0..MEASURES).map(|at| format!("\"m{at}\"")).collect();
    _ = writeln!(scenarios, "[low]\nextends = \"base\"\nuse = [{}]", names.join(", "));
    (0..MEASURES).for_each(|at| {
        _ = writeln!(
            text,
            "[m{at}]\nselect = {{ category = \"B\" }}\nscale = 0.{}\ncombine = \"chain\"\nlevel = {{ points = {{ {} = 1 }}, after = \"hold\" }}",
            90 - at,
            2026 + at
        );
    });
    text
}

/// `economy.csv` and the scenario that follows its drivers.
fn drivers(categories: &mut String) -> (String, String) {
    let mut economy = String::from("year,area,indicator,value,unit\n");
    let mut scenarios = format!("[base]\nhorizon = {}\n", 2024 + YEARS);
    for driver in 0..DRIVERS {
        _ = writeln!(categories, "B.{driver},组{driver},industry,direct,");
        _ = writeln!(economy, "2024,here,driver{driver},100,1");
        let rates: Vec<String> = (1..=YEARS).map(|y| format!("\"{}\" = {}", 2024 + y, rate(driver, y))).collect();
        _ = writeln!(scenarios, "[base.driver.driver{driver}]\nrate = {{ {} }}", rates.join(", "));
        _ = writeln!(
            scenarios,
            "[[base.growth]]\nselect = {{ category = \"B.{driver}\" }}\ndriver = \"driver{driver}\""
        );
    }
    (economy, scenarios)
}

/// The made-up study; with `measures`, 16 of them on all lines.
fn made(measures: bool) -> Vec<File> {
    let mut activity = String::from("year,area,category,item,amount,unit\n");
    let mut categories = String::from("code,name_zh,sector,scope,expects\nB,类,industry,direct,\n");
    for line in 0..LINES {
        _ = writeln!(categories, "B.{}.{line},类{line},industry,direct,", line % DRIVERS);
        (0..ITEMS).for_each(|item| {
            _ = writeln!(activity, "2024,here,B.{}.{line},item{item},{},t", line % DRIVERS, base(line, item));
        });
    }
    let mut factors = String::from("parameter,category,item,pollutant,value,unit,set,confidence\n");
    let mut items = String::from("item,kind\n");
    for item in 0..ITEMS {
        _ = writeln!(items, "item{item},product");
        for (at, pollutant) in POLLUTANTS.iter().enumerate() {
            _ = writeln!(factors, "emission_factor,B,item{item},{pollutant},{},t/t,made,derived", factor(item, at));
        }
    }
    let (economy, mut scenarios) = drivers(&mut categories);
    let text = if measures { sixteen(&mut scenarios) } else { String::new() };
    let list: Vec<String> = POLLUTANTS.iter().map(|code| format!("\"{code}\"")).collect();
    let study = format!("area = \"here\"\nyears = [2024]\nsets = [\"made\"]\npollutants = [{}]\n", list.join(", "));
    let methods = "method,category,pollutant,rank,result,expression\nfactor,B,,1,emitted,amount * emission_factor\n";
    vec![
        file("study.toml", &study),
        file("methods.csv", methods),
        file("areas.csv", "area,parent\nhere,world\n"),
        file("categories.csv", &categories),
        file("items.csv", &items),
        file("parameters/made.csv", &factors),
        file("activity/made.csv", &activity),
        file("economy.csv", &economy),
        file("measures.toml", &text),
        file("scenarios.toml", &scenarios),
    ]
}

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

fn projected(study: Study, work: impl FnOnce(&Projections<'_>, Uncertain)) {
    let model = Model::new(study).expect("a model");
    let uncertain = monte_carlo::read(&model.study, &model.scenarios).expect("[uncertain]").unwrap_or_default();
    let inventory = model.compile().expect("an inventory");
    work(&model.project(&inventory).expect("projections"), uncertain);
}

fn on<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool").install(work)
}

/// Multiply-adds a second of one core: ten independent accumulators of the widest vectors, nothing from memory.
fn peak_rate() -> f64 {
    let (seconds, width) = least(5, || pulp::Arch::new().dispatch(Accumulate));
    (ROUNDS * ACCUMULATORS * width) as f64 / seconds
}

const ROUNDS: usize = 2_000_000;
const ACCUMULATORS: usize = 10;

struct Accumulate;

impl pulp::WithSimd for Accumulate {
    /// Numbers in a vector.
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) -> usize {
        let mut sums = [simd.splat_f64s(1.0); ACCUMULATORS];
        let (a, b) = (simd.splat_f64s(std::hint::black_box(0.999_999)), simd.splat_f64s(std::hint::black_box(1e-6)));
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                *sum = simd.mul_add_f64s(*sum, a, b);
            }
        }
        std::hint::black_box(sums.map(|sum| simd.reduce_sum_f64s(sum)));
        std::mem::size_of::<S::f64s>() / std::mem::size_of::<f64>()
    }
}

/// The product of weights and flows alone, multiply-adds a second.
fn kernel_rate() -> f64 {
    let years = YEARS as usize + 1;
    let weights = vec![Lane::all(1.000_1); DRIVERS * POLLUTANTS.len()];
    let flows = vec![Lane::all(0.999_9); DRIVERS * years];
    let mut out = vec![Lane::default(); years * POLLUTANTS.len()];
    const TIMES: usize = 2000;
    let (seconds, ()) = least(5, || {
        for _ in 0..TIMES {
            let product = Product { weights: std::hint::black_box(&weights[..]), flows: &flows, years };
            multiply(&product, years, &mut out);
        }
    });
    (TIMES * DRIVERS * years * POLLUTANTS.len() * LANES) as f64 / seconds
}

/// What draws of the levers go by: the factors with nothing drawn, and by driver the growth of each year.
struct Nominal {
    factors: Vec<Lane>,
    growths: Vec<Vec<f64>>,
}

struct Draw<'b> {
    nominal: &'b Nominal,
    levers: &'b mut LaneLevers,
    streams: &'b [Stream],
    batch: usize,
}

impl pulp::WithSimd for Draw<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) {
        draw_levers(self.nominal, self.levers, self.streams, self.batch);
    }
}

/// Draws the levers of a batch: a rate added to every driver's growth, and a factor on each sampled parameter.
#[inline(always)]
fn draw_levers(nominal: &Nominal, levers: &mut LaneLevers, streams: &[Stream], batch: usize) {
    levers.factors.copy_from_slice(&nominal.factors);
    let first = (batch * LANES) as u64;
    for (at, (growths, years)) in nominal.growths.iter().zip(&mut levers.drivers).enumerate() {
        let mut added = Lane::default();
        for (lane, added) in added.iter_mut().enumerate() {
            *added = 0.01 * (streams[at].uniform(first + lane as u64) - 0.5);
        }
        let mut value = years[0];
        for (growth, year) in growths.iter().zip(&mut years[1..]) {
            value = value.zip(&added, |value, added| value * (growth + added));
            *year = value;
        }
    }
    let mut drawn = [Lane::default(); FACTORS];
    for (at, drawn) in drawn.iter_mut().enumerate() {
        for (lane, drawn) in drawn.iter_mut().enumerate() {
            *drawn = 0.9 + 0.2 * streams[DRIVERS + at].uniform(first + lane as u64);
        }
    }
    for (slot, factor) in levers.factors.iter_mut().enumerate() {
        *factor = drawn[slot / POLLUTANTS.len() % FACTORS];
    }
}

/// Totals of ten pollutants and the last year of each maximum, for `runs` draws; the sum of these places.
fn draws(lanes: &LaneKernel<'_>, asked: &RunRequest, streams: &[Stream], runs: usize) -> u64 {
    let levers = lanes.levers(asked);
    let growths = |years: &Vec<Lane>| years.windows(2).map(|pair| pair[1][0] / pair[0][0]).collect();
    let growths = levers.drivers.iter().map(growths).collect();
    let nominal = Nominal { factors: levers.factors.clone(), growths };
    let count = lanes.years().len();
    let known = vec![true; count];
    let batch = |(levers, room): &mut (LaneLevers, BatchScratch), batch: usize| -> u64 {
        pulp::Arch::new().dispatch(Draw { nominal: &nominal, levers, streams, batch });
        let totals = lanes.run(levers, room);
        let last =
            |series: &[Lane]| monte_carlo::peaks(series, &known).last.iter().map(|at| u64::from(*at)).sum::<u64>();
        totals.chunks_exact(count).map(last).sum()
    };
    let room = || (levers.clone(), BatchScratch::default());
    (0..runs.div_ceil(LANES)).into_par_iter().map_init(room, batch).sum()
}

/// Runs a second of the same model in numpy; lines "name runs-per-second"; empty where numpy is not there.
fn peers(threads: usize) -> Vec<(String, f64)> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/scenarios.py");
    let threads = threads.to_string();
    let run = std::process::Command::new("python3")
        .arg(script)
        .envs([("OMP_NUM_THREADS", &threads), ("OPENBLAS_NUM_THREADS", &threads)])
        .output();
    let said = run.map(|run| String::from_utf8_lossy(&run.stdout).to_string()).unwrap_or_default();
    let line = |line: &str| line.split_once(' ').and_then(|(name, rate)| Some((name.to_string(), rate.parse().ok()?)));
    said.lines().filter_map(line).collect()
}

fn model() {
    let (peak, kernel) = (peak_rate(), kernel_rate());
    println!(
        "multiply-adds of one core: {:.1} G/s; the kernel {:.1} G/s, {:.0}%",
        peak / 1e9,
        kernel / 1e9,
        kernel / peak * 100.0
    );
    projected(study::build(made(false)).expect("the made-up study"), |projections, _| {
        let run = &projections.runs[0];
        let kernel = Kernel::new(projections.ground, &run.plan, &projections.metrics);
        let ladder = &projections.ground.inventory.study.ladder.parameters;
        let sampled = |index: &usize| {
            let item = ladder[*index].item.map(|item| projections.ground.inventory.study.words.items.code(item));
            item.is_some_and(|item| (0..FACTORS).any(|at| item == format!("item{at}")))
        };
        let metrics =
            POLLUTANTS.iter().filter_map(|code| projections.metrics.find(code, qingdan::target::Boundary::Direct));
        let parameters = (0..ladder.len()).filter(sampled).collect();
        let asked = RunRequest { metrics: metrics.collect(), parameters, rows: Vec::new() };
        let lanes = LaneKernel::new(&kernel, &asked);
        let streams: Vec<Stream> = (0..DRIVERS + FACTORS).map(|at| Stream::new(1, &at.to_string())).collect();
        const RUNS: usize = 100_000;
        let mut ours = Vec::new();
        for threads in [1, 2] {
            let (seconds, _) = least(3, || on(threads, || draws(&lanes, &asked, &streams, RUNS)));
            ours.push(RUNS as f64 / seconds);
            println!("model, {threads} threads: {:.0} runs/s", RUNS as f64 / seconds);
        }
        println!("second core: {:.2} x", ours[1] / ours[0]);
        let (totals, rates): (Vec<_>, Vec<_>) = peers(1).into_iter().partition(|(name, _)| name.starts_with("total."));
        let mut room = BatchScratch::default();
        let nominal = lanes.run(&lanes.levers(&asked), &mut room);
        let last = nominal.chunks_exact(lanes.years().len()).filter_map(|years| years.last());
        let off = last.zip(&totals).map(|(ours, (_, theirs))| (ours[0] / theirs - 1.0).abs());
        match off.reduce(f64::max) {
            Some(off) => println!("numbers: the totals of numpy are ours within {off:.1e}"),
            None => println!("numpy: not installed, no comparison"),
        }
        rates.iter().for_each(|(name, rate)| {
            println!("numpy {name}: {rate:.0} runs/s; ours on one thread {:.1} x", ours[0] / rate)
        });
    });
}

fn contributions() {
    projected(study::build(made(true)).expect("the made-up study"), |projections, _| {
        let run = &projections.runs[1];
        let kernel = Kernel::new(projections.ground, &run.plan, &projections.metrics);
        let (seconds, found) = least(2, || shapley::contributions(&kernel, &KernelInputs::of(&run.plan)));
        let sum: Array2<f64> = found.shapley.sum_axis(ndarray::Axis(0));
        let gap = (&sum - &(&found.without - &found.with)).iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        println!("Shapley of {MEASURES} measures: {seconds:.2} s; largest gap to base minus scenario {gap:.1e} t");
    });
}

fn district(folder: &str) {
    let Ok(study) = study::read(std::path::Path::new(folder)) else { return println!("{folder}: no study") };
    if study.files.iter().all(|file| file.name != "scenarios.toml") {
        return println!("{folder}: no scenarios");
    }
    projected(study, |projections, uncertain| {
        let code = projections.runs.last().map(|run| run.plan.code.clone());
        for (words, all) in [("[uncertain] alone", false), ("with all ranges", true)] {
            let uncertain = Uncertain { parameters: Some(all), activity: Some(all), ..uncertain.clone() };
            for threads in [1, 2] {
                let order = Order { draws: 100_000, seed: 1, wide: false };
                let (seconds, draws) = least(2, || {
                    on(threads, || monte_carlo::run(projections, &uncertain, order, code.as_deref()).expect("draws"))
                });
                let inputs = draws.inputs.all.len();
                println!(
                    "{folder}, 100 000 draws of one scenario, {words}, {inputs} inputs, {threads} threads: {seconds:.2} s"
                );
            }
        }
    });
}

fn main() {
    let word = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let part = word.as_deref().filter(|word| ["model", "shapley"].contains(word));
    if word.is_none() || part == Some("model") {
        model();
    }
    if word.is_none() || part == Some("shapley") {
        contributions();
    }
    if part.is_none() {
        district(word.as_deref().unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/dazu")));
    }
}
