//! `run.json`: enough to replay the run byte for byte.

use super::OutputFile;
use crate::error::Text;
use crate::inventory::Inventory;
use crate::projection::Projections;
use crate::study::hash;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct RunRecord<'a> {
    program: &'static str,
    version: &'static str,
    /// The command whose output this is.
    output: &'static str,
    /// The hash of this file with an empty text here, by which it is seen that nobody edited it.
    record: String,
    area: &'a str,
    years: &'a [i32],
    base_year: i32,
    sets: &'a [String],
    gwp: Option<String>,
    gwp_values: Option<&'a BTreeMap<String, f64>>,
    pollutants: Vec<&'a str>,
    scenarios: Vec<&'a str>,
    /// There is nothing random in an inventory; draws carry a seed.
    seed: Option<u64>,
    /// In which order sums run.
    sums: &'static str,
    counts: BTreeMap<&'static str, usize>,
    notices: Vec<String>,
    /// SHA-256 of the files of the study and of the library.
    inputs: BTreeMap<String, String>,
    factors: BTreeMap<String, String>,
    outputs: BTreeMap<String, String>,
}

/// What a record is about beside the study.
pub(super) struct RunDescription<'a> {
    /// The command.
    pub kind: &'static str,
    pub outputs: &'a [OutputFile],
    pub notices: &'a [Text],
    pub seed: Option<u64>,
}

pub(super) fn output(
    inventory: &Inventory<'_>,
    projections: Option<&Projections<'_>>,
    written: RunDescription<'_>,
) -> OutputFile {
    let RunDescription { kind, outputs, notices, seed } = written;
    let study = inventory.study;
    let settings = &study.settings;
    let runs = projections.map_or(&[][..], |projections| &projections.runs);
    let (emissions, gaps) = (inventory.emissions.len(), inventory.gaps.len());
    let projected: usize = runs.iter().map(|run| run.inventory.emissions.len() - emissions).sum();
    let carried: usize = runs.iter().map(|run| run.inventory.gaps.len() - gaps).sum();
    let counts = BTreeMap::from([
        ("activity_rows", study.activity.own),
        ("emissions", emissions + projected),
        ("gaps", gaps + carried),
        ("parameters", study.ladder.parameters.len()),
        ("methods", study.methods.len()),
    ]);
    let record = RunRecord {
        program: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        output: kind,
        record: String::new(),
        area: study.words.areas.code(settings.area),
        years: &settings.years,
        base_year: settings.base_year,
        sets: &settings.sets,
        gwp: settings.gwp.as_ref().map(|gwp| gwp.label()),
        gwp_values: settings.gwp.as_ref().map(|gwp| &gwp.values),
        pollutants: settings.pollutants.iter().map(|&index| study.words.pollutants.code(index)).collect(),
        scenarios: runs.iter().map(|run| run.plan.code.as_str()).collect(),
        seed,
        sums: "in the order of activity rows",
        counts,
        notices: study.notices.iter().chain(notices).map(|notice| notice.en.clone()).collect(),
        inputs: study.hashes(false),
        factors: study.hashes(true),
        outputs: outputs.iter().map(|output| (output.name.clone(), hash(&output.bytes))).collect(),
    };
    let text = serde_json::to_string_pretty(&record).unwrap_or_default() + "\n";
    let own = format!("\"record\": \"{}\"", hash(text.as_bytes()));
    OutputFile::new("run.json", text.replacen("\"record\": \"\"", &own, 1).into_bytes())
}
