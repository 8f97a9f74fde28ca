//! The form of a study's TOML files as JSON Schemas, made from the key lists that their readers use, so that editors complete and check
//! what the program reads.

use crate::category::{SECTORS, TrendEdition};
use crate::path::Interpolation;
use crate::scenario::keys;
use crate::study::{SETTING_KEYS, TARGET_KEYS};
use crate::target::Boundary;
use serde_json::{Map, Value, json};

/// The files that have a schema.
pub const FILES: [&str; 4] = ["study.toml", "targets.toml", "measures.toml", "scenarios.toml"];

/// The schema of a file; `None` of a file that has none.
pub fn schema(file: &str) -> Option<Value> {
    let (title, mut body) = match file {
        "study.toml" => ("study.toml: area, years and the study's choices", study()),
        "targets.toml" => {
            ("targets.toml: what the district is judged on", tables(object(&TARGET_KEYS, target, &["metric"])))
        }
        "measures.toml" => ("measures.toml: what each measure acts on, how far and by when", tables(measure())),
        "scenarios.toml" => ("scenarios.toml: growth, and which measures each scenario uses", scenarios()),
        _ => return None,
    };
    if let Some(body) = body.as_object_mut() {
        body.insert("$schema".into(), json!("http://json-schema.org/draft-07/schema#"));
        body.insert("title".into(), json!(title));
    }
    Some(body)
}

/// The schema of a file as text.
pub fn page(file: &str) -> Option<String> {
    let text = serde_json::to_string_pretty(&schema(file)?).ok()?;
    Some(text + "\n")
}

/// An object of known keys only.
fn object(keys: &[&str], of: impl Fn(&str) -> Value, required: &[&str]) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|key| (key.to_string(), of(key))).collect();
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

/// `[name]` tables of one form.
fn tables(of: Value) -> Value {
    json!({ "type": "object", "additionalProperties": of })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn texts() -> Value {
    json!({ "type": "array", "items": text() })
}

fn year() -> Value {
    json!({ "type": "integer", "minimum": 1800, "maximum": 2200 })
}

/// A number, or a text with its unit.
fn quantity() -> Value {
    json!({ "type": ["number", "string"], "description": "0.18, \"18%\", \"0.42 t/MWh\"" })
}

fn one_of(words: &[&str]) -> Value {
    json!({ "enum": words })
}

fn keyed(pattern: &str, of: Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "minProperties": 1, "patternProperties": { pattern: of } })
}

/// A path: a value, an expression of LEAP, or a table.
fn course() -> Value {
    let of = |key: &str| match key {
        "rate" => keyed("^\\d{4}([-–—~～]\\d{4})?$", quantity()),
        "points" => keyed("^\\d{4}$", quantity()),
        "interp" => one_of(&Interpolation::WORDS),
        "after" => one_of(&["hold", "error"]),
        _ => quantity(),
    };
    json!({ "anyOf": [quantity(), object(&keys::PATH, of, &[])] })
}

fn select() -> Value {
    let of = |key: &str| if key == "sector" { one_of(&[&SECTORS[..], &["*"]].concat()) } else { text() };
    object(&keys::SELECT, of, &[])
}

fn study() -> Value {
    let of = |key: &str| match key {
        "years" => {
            json!({ "anyOf": [{ "type": "string", "pattern": "^\\d{4}([-–—~]\\d{4})?$" }, year(), { "type": "array", "items": year(), "minItems": 1 }] })
        }
        "base_year" | "register_base_year" => year(),
        "key_categories" => one_of(&TrendEdition::ALL.map(TrendEdition::word)),
        "sets" | "pollutants" | "carry" => texts(),
        "identity" => json!({ "anyOf": [text(), texts()] }),
        _ => text(),
    };
    object(&SETTING_KEYS, of, &["area", "years"])
}

fn target(key: &str) -> Value {
    match key {
        "boundary" => one_of(&Boundary::ALL.map(Boundary::word)),
        "base" | "year" | "peak_by" => year(),
        "cut" | "cap" | "floor" | "plateau" | "probability" => quantity(),
        _ => text(),
    }
}

fn measure() -> Value {
    let of = |key: &str| match key {
        "select" => select(),
        "scale" => quantity(),
        "shift" => object(&keys::SHIFT, shift, &["to"]),
        "parameter" => object(
            &keys::PARAMETER_CHANGE,
            |key| if key == "to" { quantity() } else { text() },
            &keys::PARAMETER_CHANGE,
        ),
        "add" => object(
            &keys::ADD,
            |key| if key == "amount" { quantity() } else { text() },
            &["area", "category", "item", "amount"],
        ),
        "level" => course(),
        "start" => year(),
        "combine" => one_of(&["chain", "sum"]),
        "basis" => one_of(&["plan", "assumed"]),
        "cost" => object(&keys::COST, |_| quantity(), &[]),
        _ => text(),
    };
    object(&keys::MEASURE, of, &["level"])
}

fn shift(key: &str) -> Value {
    match key {
        "ratio" => quantity(),
        "by" => one_of(&["energy", "amount"]),
        _ => text(),
    }
}

fn scenarios() -> Value {
    let checks = json!({ "type": "object", "additionalProperties": text() });
    let mut all = tables(object(&keys::SCENARIO, |key| scenario(key, &checks), &[]));
    if let Some(all) = all.as_object_mut() {
        // What draws are made of is checked by its own reader.
        all.insert("properties".into(), json!({ "check": checks, "uncertain": { "type": "object" } }));
    }
    all
}

fn scenario(key: &str, checks: &Value) -> Value {
    let list = |of: Value| json!({ "type": "array", "items": of });
    match key {
        "horizon" => year(),
        "driver" => json!({ "type": "object", "additionalProperties": course() }),
        "growth" => list(object(&keys::GROWTH, growth, &["select"])),
        "parameter" => {
            let of = |key: &str| match key {
                "select" => select(),
                "value" => course(),
                _ => text(),
            };
            list(object(&keys::PARAMETER, of, &["select", "parameter", "value"]))
        }
        "share" => list(object(&keys::SHARE, share, &["select", "share"])),
        "use" => {
            let of = |key: &str| match key {
                "level" => quantity(),
                "start" => year(),
                _ => text(),
            };
            list(json!({ "anyOf": [text(), object(&keys::USE, of, &["measure"])] }))
        }
        "blend" => object(&keys::BLEND, |key| if key == "at" { quantity() } else { text() }, &keys::BLEND),
        "check" => checks.clone(),
        _ => text(),
    }
}

fn growth(key: &str) -> Value {
    match key {
        "select" => select(),
        "elasticity" => quantity(),
        "intensity" | "value" => course(),
        _ => text(),
    }
}

fn share(key: &str) -> Value {
    match key {
        "select" => select(),
        "share" => json!({ "type": "object", "additionalProperties": course() }),
        "by" => one_of(&["energy", "amount"]),
        _ => text(),
    }
}
