//! One study through the whole of the program, in this process, and what has to hold of what comes out.

use super::chance::Chance;
use qingdan::analysis::{self, Analysis};
use qingdan::error::{Language, Result, Text};
use qingdan::inventory::Inventory;
use qingdan::model::{Model, Results};
use qingdan::report;
use qingdan::study::{self, File};
use qingdan::{projection, scenario_check};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// A study takes well under a second; this is the program's limit of patience.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far the studies came.
#[derive(Debug, Default)]
pub struct Tally {
    pub refused: u64,
    pub computed: u64,
    pub projected: u64,
    pub written: u64,
    pub permuted: u64,
}

/// Sums by the words of their row, as bits: what no order of rows may change.
type Sums = BTreeMap<String, u64>;

/// What is wrong with what the program makes of these files; `None` is well.
pub fn study(files: &[File], chance: &mut Chance, tally: &mut Tally) -> Option<String> {
    let begun = Instant::now();
    let whole = chance.one_in(40);
    let found = quiet(|| through(files, whole, tally));
    let spent = begun.elapsed();
    let (sums, wrong) = match found {
        Err(words) => return Some(format!("panic: {words}\n{}", told(files))),
        Ok(Err(_)) => {
            tally.refused += 1;
            (None, None)
        }
        Ok(Ok((sums, wrong))) => (Some(sums), wrong),
    };
    // On a machine that is busy with other work one slow run says nothing; a study that is slow stays so.
    if spent > PATIENCE && seconds_of(files) > PATIENCE {
        return Some(format!("took {spent:?}\n{}", told(files)));
    }
    let again = sums.filter(|_| chance.one_in(10)).and_then(|sums| {
        tally.permuted += 1;
        differs(&sums, &permuted(files, chance))
    });
    wrong.or(again).map(|what| format!("{what}\n{}", told(files)))
}

/// How long the tables of these files take, without pictures.
fn seconds_of(files: &[File]) -> Duration {
    let begun = Instant::now();
    _ = quiet(|| through(files, false, &mut Tally::default()));
    begun.elapsed()
}

/// Runs without the usual words on standard error; a panic is returned as its words.
fn quiet<T>(run: impl FnOnce() -> T) -> std::result::Result<T, String> {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(run));
    std::panic::set_hook(told);
    let words = |cause: Box<dyn std::any::Any + Send>| {
        let text = cause.downcast_ref::<String>().cloned();
        text.or_else(|| cause.downcast_ref::<&str>().map(|text| text.to_string())).unwrap_or_default()
    };
    result.map_err(words)
}

/// Everything that `run` does, with its pictures where `whole` is asked for.
fn through(files: &[File], whole: bool, tally: &mut Tally) -> Result<(Sums, Option<String>)> {
    let model = Model::new(study::build(files.to_vec())?)?;
    let checks = model.checks()?;
    let inventory = model.compile()?;
    let analysis = analysis::analyse(&inventory);
    tally.computed += 1;
    let mut wrong = lost(&inventory, &analysis).or_else(|| unbounded("history", &analysis));
    let mut sums = sums_of("history", &analysis.totals);
    let projections = model.has_scenarios().then(|| model.project(&inventory)).transpose()?;
    let mut failed = Vec::new();
    if let Some(projections) = &projections {
        tally.projected += 1;
        failed = scenario_check::evaluate(&checks, projections);
        for run in &projections.runs {
            sums.extend(sums_of(&run.plan.code, &run.outlook.totals));
        }
    }
    if whole {
        tally.written += 1;
        let changes = projection::changes(&analysis, &inventory, projections.as_ref());
        let outputs = report::outputs(Results {
            inventory: &inventory,
            analysis: &analysis,
            projections: projections.as_ref(),
            draws: None,
            failed: &failed,
            changes: &changes,
            language: Language::En,
        })?;
        let texts = outputs.0.iter().filter(|output| output.name.ends_with(".csv"));
        wrong = wrong.or(texts.filter_map(|output| not_finite(&output.name, &output.bytes)).next());
    }
    Ok((sums, wrong))
}

fn sums_of(scenario: &str, totals: &analysis::Totals) -> Sums {
    let row = |total: &analysis::Total| {
        let key = format!(
            "{scenario} {} {:?} {} {} {}",
            total.year,
            total.boundary,
            total.grouping.word(),
            total.group,
            total.pollutant
        );
        (key, total.sum.value_t.to_bits())
    };
    totals.rows.iter().map(row).collect()
}

/// A row that is neither in emissions nor in gaps and that no notice counts.
fn lost(inventory: &Inventory<'_>, analysis: &Analysis<'_>) -> Option<String> {
    let study = inventory.study;
    let emitted = inventory.emissions.iter().flat_map(|emission| inventory.parts(emission)).map(|(row, _)| row);
    let known: BTreeSet<u32> = emitted.chain(inventory.gaps.iter().map(|gap| gap.row)).collect();
    let outside = |row: u32| !study.settings.years.contains(&study.activity.year[row as usize]);
    let row = (0..study.activity.own as u32).find(|row| !known.contains(row) && !outside(*row))?;
    let place = study.activity.reference_of(row as usize);
    let named = |notice: &Text| notice.en.contains(&place) || notice.en.contains("neither emissions nor gaps");
    let noticed = study.notices.iter().chain(&analysis.notices).any(named);
    (!noticed).then(|| format!("lost: {place} is neither in emissions nor in gaps nor in a notice"))
}

fn unbounded(scenario: &str, analysis: &Analysis<'_>) -> Option<String> {
    let total = analysis.totals.rows.iter().find(|total| !total.sum.value_t.is_finite());
    let total = total.map(|total| format!("{scenario}: total of {} {} is not finite", total.group, total.pollutant));
    let indicator = analysis.indicators.iter().find(|indicator| !indicator.value.is_finite());
    total.or(indicator.map(|indicator| format!("indicator {} is {}", indicator.name, indicator.value)))
}

/// A cell of a table that holds no finite number.
pub fn not_finite(name: &str, bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let is_wrong = |cell: &str| matches!(cell.trim_start_matches(['-', '+']), "NaN" | "inf" | "nan" | "Infinity");
    let line = text.lines().find(|line| line.split(',').any(is_wrong))?;
    Some(format!("{name}: {line}"))
}

/// The sums of the same study with its rows of activity in another order.
fn permuted(files: &[File], chance: &mut Chance) -> Option<Sums> {
    let mut files = files.to_vec();
    for file in files.iter_mut().filter(|file| file.name.starts_with("activity/") && file.name.ends_with(".csv")) {
        let text = String::from_utf8(file.bytes.clone()).ok().filter(|text| !text.contains('"'))?;
        let mut lines: Vec<&str> = text.lines().collect();
        if let Some((_, rows)) = lines.split_first_mut() {
            chance.shuffle(rows);
        }
        file.bytes = (lines.join("\n") + "\n").into_bytes();
    }
    quiet(|| through(&files, false, &mut Tally::default())).ok()?.ok().map(|(sums, _)| sums)
}

fn differs(sums: &Sums, others: &Option<Sums>) -> Option<String> {
    let others = others.as_ref()?;
    let (key, value) = sums.iter().find(|(key, value)| others.get(*key) != Some(value))?;
    let other = others.get(key).map(|bits| f64::from_bits(*bits));
    Some(format!("order: {key} is {} and with rows in another order {other:?}", f64::from_bits(*value)))
}

/// Where the study was kept for who wants to look at it.
pub fn told(files: &[File]) -> String {
    let Some(folder) = std::env::var_os("QINGDAN_FUZZ_KEEP").map(std::path::PathBuf::from) else {
        return "  (QINGDAN_FUZZ_KEEP=<folder> keeps the study)".into();
    };
    let name = study::hash(&files.iter().flat_map(|file| file.bytes.clone()).collect::<Vec<u8>>());
    let folder = folder.join(&name[..12]);
    super::processes::write(&folder, files);
    format!("  kept in {}", folder.display())
}
