//! `targets.toml`.

use super::vocabulary::Vocabulary;
use crate::document::{self, Entry, Section};
use crate::error::Faults;
use crate::say;
use crate::target::{Boundary, Goal, Target};

const KEYS: [&str; 14] = [
    "title", "metric", "boundary", "base", "year", "cut", "cap", "floor", "allotted", "source", "peak_by", "plateau",
    "probability", "note",
];

pub(super) fn read(file: &str, bytes: &[u8], words: &Vocabulary, faults: &mut Faults) -> Vec<Target> {
    let Some(root) = faults.take(document::parse(file, bytes)) else { return Vec::new() };
    let Some(top) = root.section(file, "") else { return Vec::new() };
    let mut targets = Vec::new();
    for (code, entry) in top.iter() {
        match entry.section(file, code) {
            Some(section) => targets.extend(target(code, section, words, faults)),
            None => faults.push(top.fault(code, say!("这里应为一个目标 [名称]", "expected a target, [name]"))),
        }
    }
    targets
}

fn target(code: &str, section: Section<'_>, words: &Vocabulary, faults: &mut Faults) -> Option<Target> {
    section.only(&KEYS, faults);
    let metric = section.required_text("metric", faults);
    let boundary = match section.text("boundary", faults) {
        None => Some(Boundary::Direct),
        Some(word) => Boundary::parse(word).or_else(|| {
            faults.push(section.fault("boundary", say!("应为 direct 或 direct+purchased", "expected direct or direct+purchased")));
            None
        }),
    };
    for key in ["plateau", "probability"] {
        quantity(section, key, words, faults);
    }
    let goal = goal(section, words, faults);
    let year = match &goal {
        Some(Goal::PeakBy { year }) => Some(*year),
        _ => {
            if section.get("year").is_none() {
                faults.push(section.fault("year", say!("缺少此键", "this key is missing")));
            }
            section.year("year", faults)
        }
    };
    let text = |key: &str, faults: &mut Faults| section.text(key, faults).unwrap_or("").to_string();
    Some(Target {
        code: code.to_string(),
        title: text("title", faults),
        metric: metric?.to_string(),
        boundary: boundary?,
        year: year?,
        goal: goal?,
        source: text("source", faults),
        place: section.place(""),
    })
}

/// Exactly one of cut, cap, floor, peak_by; or allotted without any of them.
fn goal(section: Section<'_>, words: &Vocabulary, faults: &mut Faults) -> Option<Goal> {
    let kinds = ["cut", "cap", "floor", "peak_by"].into_iter().filter(|key| section.get(key).is_some());
    let kinds: Vec<&str> = kinds.collect();
    match kinds.as_slice() {
        [] => match section.text("allotted", faults) {
            Some(by) => Some(Goal::Allotted { by: by.to_string() }),
            None => {
                let text = say!("目标缺少 cut、cap、floor、peak_by 或 allotted", "the target has none of cut, cap, floor, peak_by, allotted");
                faults.push(section.fault("cut", text));
                None
            }
        },
        ["cut"] => {
            let base = section.year("base", faults);
            if section.get("base").is_none() {
                faults.push(section.fault("base", say!("缺少基年", "the base year is missing")));
            }
            let (share, _) = quantity(section, "cut", words, faults)?;
            Some(Goal::Cut { base: base?, share })
        }
        ["cap"] => quantity(section, "cap", words, faults).map(|(value, unit)| Goal::Cap { value, unit }),
        ["floor"] => quantity(section, "floor", words, faults).map(|(value, unit)| Goal::Floor { value, unit }),
        ["peak_by"] => section.year("peak_by", faults).map(|year| Goal::PeakBy { year }),
        [_, second, ..] => {
            faults.push(section.fault(second, say!("一个目标只能有一种要求", "a target has one requirement only")));
            None
        }
        [_] => None,
    }
}

/// `"18%"`, `"12 万t"` or a bare number, in canonical units.
fn quantity(section: Section<'_>, key: &str, words: &Vocabulary, faults: &mut Faults) -> Option<(f64, String)> {
    let entry: &Entry = section.get(key)?;
    if let Some(number) = entry.number() {
        return Some((number, "1".to_string()));
    }
    let text = entry.text().unwrap_or("").trim();
    let split = text.find(|c: char| !(c.is_ascii_digit() || ".-+".contains(c))).unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let unit = if unit.trim().is_empty() { "1" } else { unit.trim() };
    match (digits.parse::<f64>(), words.units.parse(unit)) {
        (Ok(value), Ok(parsed)) => Some((value * parsed.factor, unit.to_string())),
        (Ok(_), Err(cause)) => {
            faults.push(section.fault(key, cause));
            None
        }
        (Err(_), _) => {
            faults.push(section.fault(key, say!("应为带单位的数，如 \"18%\"", "expected a number with its unit, such as \"18%\"")));
            None
        }
    }
}
