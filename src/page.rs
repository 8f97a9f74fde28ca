//! `report.html`: one file for officers that needs no network. The verdict comes first, then charts, tables, where every
//! number is from, how good it is, and what the scenarios assume.
//!
//! Rust gives numbers, words in both languages and formulas; the scripts in `page/assets` only arrange them.

use crate::error::{Language, Result, Text, failure};
use crate::model::Results;
use crate::study::name;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use minijinja::{Environment, context};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;

mod assumptions;
mod table_columns;
mod emission_details;
mod chart_notes;
mod measures;
mod names;
mod series;
mod table;
mod tables;
mod words;

/// The libraries and scripts, in the order in which they build on each other.
const SCRIPTS: [&str; 13] = [
    include_str!("page/assets/vendor/echarts.min.js"),
    include_str!("page/assets/vendor/fflate.min.js"),
    include_str!("page/assets/base.js"),
    include_str!("page/assets/store.js"),
    include_str!("page/assets/table.js"),
    include_str!("page/assets/explain.js"),
    include_str!("page/assets/figure.js"),
    include_str!("page/assets/totals.js"),
    include_str!("page/assets/causes.js"),
    include_str!("page/assets/flows.js"),
    include_str!("page/assets/verdict.js"),
    include_str!("page/assets/sections.js"),
    include_str!("page/assets/app.js"),
];

const STYLE: &str = include_str!("page/assets/style.css");

/// Of what is embedded, by whose terms it may be.
const LICENCES: [(&str, &str); 6] = [
    ("Apache ECharts – NOTICE", include_str!("page/assets/vendor/NOTICE.echarts")),
    ("Apache ECharts", include_str!("page/assets/vendor/LICENSE.echarts")),
    ("zrender", include_str!("page/assets/vendor/LICENSE.zrender")),
    ("d3", include_str!("page/assets/vendor/LICENSE.d3")),
    ("tslib", include_str!("page/assets/vendor/LICENSE.tslib")),
    ("fflate", include_str!("page/assets/vendor/LICENSE.fflate")),
];

/// The hash by which the page's policy lets an inline script or style through, and no other.
fn hashed(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// The page as bytes.
///
/// # Errors
/// Failures of the template engine and of packing.
pub fn page(contents: &Results<'_>) -> Result<Vec<u8>> {
    let words = words::words();
    let shown: BTreeMap<&str, String> =
        words.iter().map(|(key, text)| (*key, text.get(contents.language).to_string())).collect();
    let dictionary: Map<String, Value> = words.iter().map(|(key, text)| (key.to_string(), table::pair(text))).collect();
    let study = contents.inventory.study;
    let zh = contents.language == Language::Zh;
    let mut environment = Environment::new();
    let failed = |cause: minijinja::Error| failure("report.html", cause);
    environment.add_template("page.html", include_str!("page/assets/page.html")).map_err(failed)?;
    let template = environment.get_template("page.html").map_err(failed)?;
    let safe = minijinja::Value::from_safe_string;
    let packed = |value: &Value| packed(value).map(safe).map_err(|cause| failure("report.html", cause));
    let scripts = SCRIPTS.map(|script| format!("\n{script}\n"));
    let html = template.render(context! {
        w => shown,
        lang => if zh { "zh-CN" } else { "en" },
        area => name(&study.words.areas, study.settings.area, zh),
        style => safe(STYLE.to_string()),
        style_hash => hashed(STYLE),
        scripts => scripts.iter().map(|script| safe(script.clone())).collect::<Vec<_>>(),
        script_hashes => scripts.iter().map(|script| hashed(script)).collect::<Vec<_>>(),
        licences => LICENCES.to_vec(),
        words => safe(escaped(&Value::Object(dictionary))),
        data => packed(&data(contents))?,
        details => packed(&details(contents))?,
    });
    Ok(html.map_err(failed)?.into_bytes())
}

/// JSON that stays inside its script element whatever a study's texts say.
fn escaped(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn packed(value: &Value) -> std::io::Result<String> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(value.to_string().as_bytes())?;
    Ok(STANDARD.encode(encoder.finish()?))
}

/// What is large and not needed before somebody asks.
fn details(contents: &Results<'_>) -> Value {
    let mut details = emission_details::details(contents.inventory, contents.analysis);
    details["totals"] = json!(tables::totals(contents));
    details
}

fn data(contents: &Results<'_>) -> Value {
    let study = contents.inventory.study;
    let settings = &study.settings;
    let (factors, lines) = measures::changes(contents);
    let both = |zh| name(&study.words.areas, settings.area, zh);
    let codes = settings.pollutants.iter().map(|&index| study.words.pollutants.code(index));
    json!({
        "study": {
            "area": [both(true), both(false)], "title": settings.title, "years": settings.years,
            "base_year": settings.base_year, "anchor": study.anchor(), "ghg": contents.analysis.totals.ghg,
            "pollutants": codes.collect::<Vec<_>>(), "language": contents.language == Language::Zh,
        },
        "names": names::names(contents),
        "potentials": names::potentials(contents),
        "series": series::series(contents),
        "fans": series::fans(contents),
        "weakest": names::weakest(contents),
        "scenarios": assumptions::assumptions(contents),
        "targets": goals(contents),
        "probabilities": measures::probabilities(contents),
        "tables": {
            "peaks": tables::peaks(contents), "targets": tables::targets(contents),
            "contributions": measures::contributions(contents), "costs": measures::costs(contents),
            "cocontrol": measures::cocontrol(contents), "factors": factors, "lines": lines,
            "projects": tables::projects(contents), "register": tables::register(contents),
            "key_categories": tables::key_categories(contents), "ranges": tables::ranges(contents),
            "influences": tables::influences(contents), "crosschecks": tables::crosschecks(contents),
        },
        "unknown": unknown(contents),
        "provenance": provenance(contents),
    })
}

/// What is not known of the inventory or of some scenario, each once.
fn unknown(contents: &Results<'_>) -> Vec<Value> {
    let ahead = contents.runs().iter().flat_map(|run| run.outlook.totals.known.notices());
    let mut found: Vec<Text> = Vec::new();
    for text in contents.analysis.totals.known.notices().into_iter().chain(ahead) {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found.iter().map(table::pair).collect()
}

/// What is asked of the district: titles, and the words of the plan.
fn goals(contents: &Results<'_>) -> Vec<Value> {
    let all = contents.inventory.study.targets.iter().map(|target| {
        json!({
            "code": target.code, "title": target.name(), "metric": target.metric.name(), "year": target.year,
            "boundary": target.boundary.word(), "source": target.source, "goal": goal(&target.goal),
        })
    });
    all.collect()
}

fn goal(goal: &crate::target::Goal) -> Value {
    use crate::target::Goal;
    match goal {
        Goal::Cut { base, share } => json!(["cut", base, share]),
        Goal::Cap(level) => json!(["cap", level.canonical * level.shown_per_canonical, level.unit]),
        Goal::Floor(level) => json!(["floor", level.canonical * level.shown_per_canonical, level.unit]),
        Goal::PeakBy { year } => json!(["peak_by", year]),
        Goal::Allotted { by } => json!(["allotted", by]),
    }
}

fn provenance(contents: &Results<'_>) -> Value {
    let study = contents.inventory.study;
    let notices = study.notices.iter().chain(&contents.analysis.notices).map(table::pair);
    json!({
        "program": concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")),
        "sets": study.settings.sets, "inputs": study.hashes(false), "factors": study.hashes(true),
        "emissions": contents.inventory.emissions.len(), "gaps": contents.inventory.gaps.len(),
        "methods": study.methods.len(), "parameters": study.ladder.parameters.len(),
        "seed": contents.draws.map(|draws| draws.order.seed.to_string()),
        "draws": contents.draws.map(|draws| draws.order.draws),
        "notices": notices.collect::<Vec<_>>(),
    })
}
