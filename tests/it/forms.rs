//! The JSON Schemas of the TOML files: the committed ones are current, and the repository's own studies fit them.

use qingdan::json_schema;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn committed(file: &str) -> PathBuf {
    root().join("docs/schema").join(file.replace(".toml", ".json"))
}

/// `INSTA_UPDATE=always` writes them anew, as it does the catalogue.
#[test]
fn the_committed_schemas_are_current() {
    for file in json_schema::FILES {
        let (path, text) = (committed(file), json_schema::page(file).expect("a schema"));
        if std::env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("docs/schema");
            std::fs::write(&path, &text).expect("the schema is written");
        }
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(known == text, "{} is not current: INSTA_UPDATE=always cargo test --test it forms", path.display());
    }
}

fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a file");
    let table: toml::Table = text.parse().unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    serde_json::to_value(table).expect("a value")
}

/// The places in a value that do not fit a schema, sorted.
fn misfits(file: &str, value: &Value) -> Vec<String> {
    let schema = json_schema::schema(file).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let mut places: Vec<String> = validator.iter_errors(value).map(|error| error.instance_path().to_string()).collect();
    places.sort();
    places
}

#[test]
fn every_study_of_the_repository_fits() {
    let mut studies = 0;
    for folder in ["scenarios", "tests/cases"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
            let study = entry.expect("an entry").path();
            for file in json_schema::FILES.iter().filter(|file| study.join(file).is_file()) {
                let misfits = misfits(file, &json(&study.join(file)));
                assert!(misfits.is_empty(), "{}/{file}: {misfits:#?}", study.display());
                studies += 1;
            }
        }
    }
    assert!(studies > 30, "only {studies} files found");
}

#[test]
fn a_schema_sees_what_the_reader_sees() {
    let check = |file: &str, text: &str, places: &[&str]| {
        let table: toml::Table = text.parse().expect("TOML");
        let value = serde_json::to_value(table).expect("a value");
        assert_eq!(misfits(file, &value), places, "{text}");
    };
    // An unknown or a missing key is named at the object that has it or lacks it.
    check("study.toml", "area = \"x\"\nyears = [2015, 2020]\nyear = 1", &[""]);
    check("study.toml", "years = \"2015-2020\"", &[""]);
    check("targets.toml", "[a]\nmetric = \"CO2\"\ncut = \"18%\"\nboundary = \"all\"", &["/a/boundary"]);
    check(
        "measures.toml",
        "[m]\nlevel = { points = { 2030 = 1 } }\nscale = 0.8\nselect = { itm = \"coal\" }",
        &["/m/select"],
    );
    check("measures.toml", "[m]\nlevel = { pionts = { 2030 = 1 } }", &["/m/level"]);
    check(
        "scenarios.toml",
        "[base]\nhorizon = 2060\nuse = [\"+a\", { measure = \"b\", level = 1.0 }]\n[check]\nx = \"1 < 2\"",
        &[],
    );
    check("scenarios.toml", "[base]\nhorizont = 2060\nuse = [{ measur = \"b\" }]", &["/base", "/base/use/0"]);
}
