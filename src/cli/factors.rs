//! `qingdan factors`: the library's parameters that all the words occur in, and the catalogue of all that it has.

use super::{ExitStatus, Terminal, output, shown};
use crate::code::Coded;
use crate::error::Result;
use crate::parameter::{Meaning, Parameter};
use crate::study::{Library, Vocabulary, read_library};
use crate::technology::Technology;
use crate::{catalogue, error::Language, report, say};
use std::path::Path;

pub(super) fn factors(wanted: &[String], page: &mut Terminal) -> Result<ExitStatus> {
    let Library { words, parameters, .. } = read_library()?;
    let wanted: Vec<String> = wanted.iter().map(|word| word.to_lowercase()).collect();
    let found: Vec<&Parameter> = parameters
        .iter()
        .filter(|parameter| {
            let text = searchable(&words, parameter);
            wanted.iter().all(|word| text.contains(word))
        })
        .collect();
    for parameter in &found {
        let line = describe(&words, parameter, page.language);
        page.line(line);
    }
    names(&words, &wanted, page);
    let (count, all) = (found.len(), parameters.len());
    page.say(&say!("{count} 条（因子库共 {all} 条）", "{count} of {all} parameters"));
    Ok(ExitStatus::Complete)
}

/// The technologies, and the names of parameters with dimension, unit and bounds, that all the words occur in; without a word there
/// would be too many of both.
fn names(words: &Vocabulary, wanted: &[String], page: &mut Terminal) {
    let is_asked = |text: &str| !wanted.is_empty() && wanted.iter().all(|word| text.to_lowercase().contains(word));
    for (_, technology) in words.technologies.iter() {
        let Technology { code, name_zh, name_en, .. } = technology;
        let (aliases, categories) = (technology.aliases.join(", "), technology.categories.join(", "));
        if is_asked(&format!("{code} {name_zh} {name_en} {aliases}")) {
            let aliases = if aliases.is_empty() { aliases } else { format!(" | {aliases}") };
            page.say(&say!(
                "技术 {code} | {name_zh} | {name_en}{aliases} | 类别 {categories}",
                "technology {code} | {name_en} | {name_zh}{aliases} | categories {categories}"
            ));
        }
    }
    for (name, meaning) in &words.parameters {
        let Meaning { name_zh, name_en, .. } = meaning;
        if !is_asked(&format!("{name} {name_zh} {name_en}")) {
            continue;
        }
        let (mut zh, mut en) = (String::new(), String::new());
        for (unit, read) in &meaning.units {
            let dimension = read.in_expression().words();
            let (kind_zh, kind_en) = (dimension.zh, dimension.en);
            let said = say!(" | {kind_zh}，如 {unit}", " | {kind_en}, as {unit}");
            (zh, en) = (zh + &said.zh, en + &said.en);
        }
        if let Some(bounds) = meaning.bounds() {
            let said = say!(" | 范围 {bounds}", " | range {bounds}");
            (zh, en) = (zh + &said.zh, en + &said.en);
        }
        page.say(&say!("参数 {name} | {name_zh}{zh}", "parameter {name} | {name_en}{en}"));
    }
}

/// The catalogue, to a file or to standard output.
pub(super) fn catalogue(out: Option<&Path>, page: &mut Terminal) -> Result<ExitStatus> {
    let library = read_library()?;
    let text = report::catalogue(&catalogue::catalogue(&library), page.language);
    match out {
        None => page.lines.push_str(&text),
        Some(file) => {
            let name = shown(file);
            output::write_file(file, text.as_bytes(), page)?;
            page.say(&say!("目录写入 {name}", "the catalogue is written to {name}"));
        }
    }
    Ok(ExitStatus::Complete)
}

/// Everything that a word may be looked for in.
fn searchable(words: &Vocabulary, parameter: &Parameter) -> String {
    let mut text = format!("{} {} {} {} ", parameter.name, parameter.set, parameter.technology, parameter.citation);
    let mut add = |entry: Option<&dyn Coded>| {
        if let Some(entry) = entry {
            text.push_str(&format!("{} {} ", entry.code(), entry.names().join(" ")));
        }
    };
    add(parameter.item.map(|index| words.items.get(index) as &dyn Coded));
    add(parameter.pollutant.map(|index| words.pollutants.get(index) as &dyn Coded));
    add(parameter.category.map(|index| words.categories.get(index) as &dyn Coded));
    add(parameter.area.map(|index| words.areas.get(index) as &dyn Coded));
    if let Ok(index) = words.technologies.find(&parameter.technology) {
        add(Some(words.technologies.get(index)));
    }
    if let Some(meaning) = words.parameters.get(&parameter.name) {
        text.push_str(&format!("{} {} ", meaning.name_zh, meaning.name_en));
    }
    text.to_lowercase()
}

/// One parameter on one line: what it is of, the value with its range, where it comes from.
fn describe(words: &Vocabulary, parameter: &Parameter, language: Language) -> String {
    let zh = language == Language::Zh;
    let item = parameter.item.map_or("*", |index| crate::study::name(&words.items, index, zh));
    let pollutant = parameter.pollutant.map_or("*", |index| words.pollutants.code(index));
    let category = parameter.category.map_or("*", |index| words.categories.code(index));
    let area = parameter.area.map_or("*", |index| crate::study::name(&words.areas, index, zh));
    let years = match (parameter.year_from, parameter.year_to) {
        (None, None) => String::new(),
        (from, to) => {
            let end = |year: Option<i32>| year.map_or(String::new(), |year| year.to_string());
            format!(" {}–{}", end(from), end(to))
        }
    };
    let range = match (parameter.low, parameter.high) {
        (Some(low), Some(high)) => format!(" ({low}–{high})"),
        _ => String::new(),
    };
    let (name, value, unit) = (&parameter.name, parameter.value, &parameter.unit_text);
    let technology = if parameter.technology.is_empty() { "*" } else { &parameter.technology };
    let (set, locator, confidence, place) =
        (&parameter.set, &parameter.locator, parameter.confidence.word(), &parameter.place);
    format!(
        "{name} | {category} | {item} | {technology} | {pollutant} | {area}{years} = {value} {unit}{range} | {set}, {locator} | {confidence} | {place}"
    )
}
