//! `report.html`: its size, what is in it, that nothing in a study's texts becomes markup, and, where there is a browser,
//! that it works under real clicks and keys.

mod attribution;
use crate::program::{Scratch, run};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A study run into a folder of its own.
fn ran(study: &Path, name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    let (study, out) = (study.to_string_lossy(), scratch.path().join("out"));
    let output = run(&["run", "--lang", "zh", "--out", &out.to_string_lossy(), &study]);
    assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    scratch
}

/// The example, run once for all tests.
fn dazu() -> PathBuf {
    static RAN: OnceLock<Scratch> = OnceLock::new();
    RAN.get_or_init(|| ran(&root().join("scenarios/dazu"), "page-dazu")).path().join("out")
}

fn page_of(out: &Path) -> String {
    std::fs::read_to_string(out.join("report.html")).expect("report.html")
}

/// What stands in the script element of an id.
fn element<'p>(page: &'p str, id: &str) -> &'p str {
    let start = page.find(&format!("id=\"{id}\">")).expect("the element") + id.len() + 6;
    let length = page[start..].find("</script>").expect("its end");
    &page[start..start + length]
}

/// Packed JSON of the page.
fn packed(page: &str, id: &str) -> Value {
    let bytes = STANDARD.decode(element(page, id)).expect("base64");
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(&bytes[..]).read_to_string(&mut text).expect("deflate");
    serde_json::from_str(&text).expect("JSON")
}

/// Rows of an output table, by the names of its columns.
fn table(out: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(out.join(name)).expect("the table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

#[test]
fn the_page_of_dazu_is_small_closed_and_of_one_piece() {
    let page = page_of(&dazu());
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    let words: Value = serde_json::from_str(element(&page, "words")).expect("JSON");
    for (key, pair) in words.as_object().expect("words") {
        assert!(pair[0].as_str().is_some_and(|text| !text.is_empty()), "{key} has no Chinese");
        assert!(pair[1].as_str().is_some_and(|text| !text.is_empty()), "{key} has no English");
    }
    // Addresses may stand in licences and namespaces; nothing may load from one.
    for loading in ["src=\"http", "href=\"http", "url(http", "@import", "<link", "<iframe", "fetch(", "XMLHttpRequest"]
    {
        assert!(!page.contains(loading), "the page contains {loading}");
    }
    assert!(page.contains("Content-Security-Policy\" content=\"default-src 'none'"));
}

/// A script that somebody slips into the page does not run: the policy names the hash of each that is the page's own.
#[test]
fn only_the_scripts_of_the_page_may_run() {
    for out in [dazu(), hostile_out()] {
        let page = page_of(&out);
        let policy = page.split("Content-Security-Policy\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
        let policy = policy.expect("a policy");
        let part = |name: &str| policy.split(';').map(str::trim).find(|part| part.split(' ').next() == Some(name));
        let scripts = part("script-src").expect("scripts");
        assert!(!scripts.contains("unsafe"), "{scripts}");
        let inside = |open: &str, close: &str| -> Vec<String> {
            let pieces = page.split(open).skip(1);
            pieces.map(|piece| piece.split(close).next().unwrap_or_default().to_string()).collect()
        };
        let hash = |text: &String| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
        let own = inside("<script>", "</script>");
        assert!(own.len() > 10 && own.iter().all(|script| scripts.contains(&hash(script))), "{} scripts", own.len());
        assert_eq!(scripts.matches("sha256-").count(), own.len());
        let styles = inside("<style>", "</style>");
        assert_eq!(part("style-src-elem"), Some(format!("style-src-elem {}", hash(&styles[0])).as_str()));
        assert!(!page.contains(" onclick=") && !page.contains(" onsubmit="), "inline handlers do not run");
        for holder in ["Apache License", "The Apache Software Foundation", "Baidu", "Mike Bostock", "Arjun Barrett"] {
            assert!(page.contains(holder), "the page does not carry the terms of {holder}");
        }
    }
}

/// The JSON reader of the tests rounds the last bit; the browser's does not.
fn same(found: Option<f64>, expected: f64) -> bool {
    found.is_some_and(|found| (found - expected).abs() <= 2.0 * f64::EPSILON * expected.abs())
}

/// Every number of the page's series and emissions is that of the tables, to the last digit.
#[test]
fn numbers_of_the_page_are_those_of_the_tables() {
    let out = dazu();
    let page = page_of(&out);
    let data = packed(&page, "data");
    let mut series: BTreeMap<(String, String, String, String, i64), f64> = BTreeMap::new();
    let text = |value: &Value| value.as_str().expect("a text").to_string();
    for row in data["series"]["totals"].as_array().expect("series") {
        let first = row[4].as_i64().expect("a year");
        for (at, value) in row[5].as_array().expect("values").iter().enumerate().filter(|(_, value)| !value.is_null()) {
            let key = (text(&row[0]), text(&row[1]), text(&row[2]), text(&row[3]), first + at as i64);
            series.insert(key, value.as_f64().expect("a number"));
        }
    }
    let mut compared = 0;
    for row in table(&out, "totals.csv") {
        let group = match row["grouping"].as_str() {
            "total" => String::new(),
            "sector" => row["group"].clone(),
            _ => continue,
        };
        let year = row["year"].parse().expect("a year");
        let key = (row["scenario"].clone(), row["boundary"].clone(), group, row["pollutant"].clone(), year);
        assert!(same(series.get(&key).copied(), number(&row["value"])), "{key:?}");
        compared += 1;
    }
    assert_eq!(compared, series.len());
    let details = packed(&page, "details");
    let values = details["emissions"]["value"].as_array().expect("values");
    let rows = table(&out, "emissions.csv");
    let history: Vec<_> = rows.iter().filter(|row| row["scenario"] == "history").collect();
    assert_eq!(values.len(), history.len());
    for (value, row) in values.iter().zip(history) {
        assert!(same(value.as_f64(), number(&row["emitted_t"])), "{row:?}");
    }
}

/// A study whose names and notes try to become markup, formulas and script, with one year and nothing else.
fn hostile() -> Scratch {
    let scratch = Scratch::new("page-hostile");
    let folder = scratch.path().join("study");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let bad = "</script><script>window.broken=1</script><img src=x onerror=window.broken=1>";
    write(
        "study.toml",
        &format!("area = \"odd\"\nyears = [2023]\nsets = [\"made\"]\npollutants = [\"CO2\"]\ntitle = '{bad}'\n"),
    );
    write("areas.csv", &format!("area,parent,name_zh,name_en\nodd,world,{bad},{bad}\n"));
    write("items.csv", &format!("item,name_zh,name_en,kind\nodd_coal,=HYPERLINK(x),{bad},product\n"));
    write("categories.csv", &format!("code,name_zh,name_en,sector,scope,expects\nB,{bad},{bad},industry,direct,CO2\n"));
    write("methods.csv", "method,category,pollutant,rank,result,expression\nodd,B,CO2,1,emitted,amount * odd_factor\n");
    let key = "parameter,category,pollutant,value,unit,set,confidence,note";
    write("parameters/made.csv", &format!("{key}\nodd_factor,B,CO2,2,t/t,made,unverified,{bad}\n"));
    let key = "year,area,category,item,source,amount,unit,quality,reference,note";
    write("activity/a.csv", &format!("{key}\n2023,odd,B,odd_coal,+cmd,100,t,proxy,@ref,{bad}\n"));
    scratch
}

/// The hostile study, run.
fn hostile_out() -> PathBuf {
    static RAN: OnceLock<Scratch> = OnceLock::new();
    let made = || ran(&hostile().path().join("study"), "page-hostile-out");
    RAN.get_or_init(made).path().join("out")
}

#[test]
fn texts_of_a_study_stay_texts() {
    let page = page_of(&hostile_out());
    assert!(!page.contains("<img"), "markup of the study is in the page");
    assert!(!page.contains("<script>window"), "script of the study is in the page");
}

/// Whether a program can be started here.
fn has(name: &str) -> bool {
    Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Drives a browser through the checks of a script; its words are the message of a failure.
fn drive(script: &str, arguments: &[&Path]) {
    if !has("chromium") || !has("node") {
        println!("skipped: chromium or node is not on PATH");
        return;
    }
    let output = Command::new("node").arg(root().join("tests/page").join(script)).args(arguments).output();
    let output = output.expect("node");
    let (told, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{told}");
    assert!(output.status.success(), "{told}\n{complained}");
}

#[test]
fn the_page_of_dazu_works_in_a_browser() {
    let out = dazu();
    drive("clicks.mjs", &[&out.join("report.html"), &out]);
}

#[test]
fn a_hostile_study_of_one_row_works_in_a_browser() {
    drive("hostile.mjs", &[&hostile_out().join("report.html")]);
}

#[test]
fn the_page_claims_nothing_of_a_boundary_that_is_unknown() {
    let out = ran(&root().join("tests/cases/unknown-grid"), "page-unknown");
    drive("unknown.mjs", &[&out.path().join("out/report.html")]);
}
