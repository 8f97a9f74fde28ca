//! `qingdan explain`: the formula, the same with numbers and units, where each number comes from, and what was passed over.

use super::{Ending, Page};
use crate::category;
use crate::error::{Fault, Place, Result};
use crate::expression::{self, Use};
use crate::inventory::{self, Emission, Inventory};
use crate::matching::{self, Input, PassedOver, Resolved};
use crate::{say, study};
use clap::Args;
use std::path::PathBuf;

/// Which number is asked for.
#[derive(Args)]
pub(super) struct Question {
    study: PathBuf,
    #[arg(long)]
    year: i32,
    /// Code or name of a category; all below it count too
    #[arg(long)]
    category: String,
    /// Code or name of an item
    #[arg(long)]
    item: Option<String>,
    #[arg(long)]
    pollutant: String,
}

/// The indices that a question names.
struct Asked<'a> {
    year: i32,
    category: &'a str,
    item: Option<usize>,
    pollutant: usize,
}

pub(super) fn explain(question: &Question, page: &mut Page) -> Result<Ending> {
    let study = study::read(&question.study)?;
    let matches = matching::run(&study)?;
    let inventory = inventory::compile(&study, matches)?;
    let words = &study.words;
    let unknown = |flag: &str, cause, near: Option<&str>| Fault::new(Place::file(flag), cause).nearest(near);
    let category = words.categories.find(&question.category);
    let category =
        category.map_err(|cause| unknown("--category", cause, words.categories.nearest(&question.category)))?;
    let pollutant = words.pollutants.find(&question.pollutant);
    let pollutant =
        pollutant.map_err(|cause| unknown("--pollutant", cause, words.pollutants.nearest(&question.pollutant)))?;
    let item = match &question.item {
        None => None,
        Some(text) => {
            Some(words.items.find(text).map_err(|cause| unknown("--item", cause, words.items.nearest(text)))?)
        }
    };
    let asked = Asked { year: question.year, category: words.categories.code(category), item, pollutant };
    let found: Vec<&Emission> =
        inventory.emissions.iter().filter(|emission| is_asked(&inventory, emission, &asked)).collect();
    for emission in &found {
        describe(&inventory, emission, page);
    }
    let gaps = gaps(&inventory, &asked, page);
    let (count, total): (usize, f64) = (found.len(), found.iter().map(|emission| emission.emitted_t).sum());
    page.say(&say!(
        "{count} 项排放，合计 {total} t；{gaps} 项空缺",
        "{count} emissions, {total} t in all; {gaps} gaps"
    ));
    Ok(Ending::of(gaps))
}

fn is_asked(inventory: &Inventory<'_>, emission: &Emission, asked: &Asked<'_>) -> bool {
    let study = inventory.study;
    let binding = &inventory.matches.bindings[emission.binding as usize];
    let row = emission.row as usize;
    let (booked, own) = (binding.category, study.activity.category[row] as usize);
    let under = |index: usize| category::holds(asked.category, study.words.categories.code(index));
    emission.year == asked.year
        && binding.pollutant == asked.pollutant
        && (under(booked) || under(own))
        && asked.item.is_none_or(|item| item == study.activity.item[row] as usize)
}

fn describe(inventory: &Inventory<'_>, emission: &Emission, page: &mut Page) {
    let study = inventory.study;
    let words = &study.words;
    let binding = &inventory.matches.bindings[emission.binding as usize];
    let row = emission.row as usize;
    let zh = page.language == crate::error::Language::Zh;
    let item = study::name(&words.items, study.activity.item[row] as usize, zh);
    let area = study::name(&words.areas, study.activity.area[row] as usize, zh);
    let category = words.categories.code(binding.category);
    let category_name = study::name(&words.categories, binding.category, zh);
    let (pollutant, year, value) = (words.pollutants.code(binding.pollutant), emission.year, emission.emitted_t);
    page.line(format!("{year} {area} · {category} {category_name} · {item} · {pollutant} = {value} t"));
    for (part, bound) in inventory.parts(emission) {
        let bound = &inventory.matches.bindings[bound as usize];
        let age = f64::from(emission.year - study.activity.year[part as usize]);
        formula(inventory, (part as usize, age), (pollutant, &bound.emitted), page);
        if let Some(generated) = bound.generated.as_ref().filter(|_| !uses_generated(&bound.emitted)) {
            formula(inventory, (part as usize, age), ("generated", generated), page);
        }
    }
    for passed in &binding.passed_over {
        passed_over(inventory, passed, page);
    }
    page.line("");
}

fn uses_generated(resolved: &Resolved) -> bool {
    resolved.inputs.iter().any(|(used, _)| used.name == expression::GENERATED)
}

/// The formula with names, with values, and a line for every value.
fn formula(inventory: &Inventory<'_>, (row, age): (usize, f64), (name, resolved): (&str, &Resolved), page: &mut Page) {
    let study = inventory.study;
    let method = &study.methods[resolved.method];
    let amount = format!("{} {}", rounded(study.activity.written_amount(row)), study.activity.unit_of(row).0);
    page.line(format!("  {name} = {}", expression::spell(&method.expression, &|used: &Use| used.name.clone())));
    let value = |used: &Use| match resolved.input(used) {
        Some(Input::Amount) => amount.clone(),
        Some(Input::Age) => age.to_string(),
        Some(Input::Parameter(index)) => {
            let parameter = &study.ladder.parameters[*index];
            let unit = if parameter.unit_text == "1" { String::new() } else { format!(" {}", parameter.unit_text) };
            format!("{}{unit}", parameter.value)
        }
        Some(Input::Method(_)) | None => used.name.clone(),
    };
    page.line(format!("    = {}", expression::spell(&method.expression, &value)));
    let (code, locator, citation, place) = (&method.code, &method.locator, &method.citation, &method.place);
    let title = study.words.sources.get(citation).map_or("", String::as_str);
    page.say(&say!("    方法 {code}（{place}）：{title} {locator}", "    method {code} ({place}): {title} {locator}"));
    for (used, input) in &resolved.inputs {
        match input {
            Input::Amount => amount_line(inventory, row, &amount, page),
            Input::Parameter(index) => parameter_line(inventory, &used.name, *index, page),
            Input::Method(inner) => formula(inventory, (row, age), (&used.name, inner), page),
            Input::Age => {}
        }
    }
}

fn amount_line(inventory: &Inventory<'_>, row: usize, amount: &str, page: &mut Page) {
    let activity = &inventory.study.activity;
    let (place, quality) = (activity.reference_of(row), activity.word(activity.quality[row]));
    let (reference, note) = (activity.word(activity.reference[row]), activity.word(activity.note[row]));
    page.line(format!("    amount = {amount} | {place} | {quality} | {reference} | {note}"));
}

fn parameter_line(inventory: &Inventory<'_>, name: &str, index: usize, page: &mut Page) {
    let study = inventory.study;
    let parameter = &study.ladder.parameters[index];
    let (value, unit, set, locator) = (parameter.value, &parameter.unit_text, &parameter.set, &parameter.locator);
    let title = study.words.sources.get(&parameter.citation).map_or("", String::as_str);
    let (confidence, place, note) = (parameter.confidence.word(), &parameter.place, &parameter.note);
    page.line(format!("    {name} = {value} {unit} | {place} | {set}: {title}, {locator} | {confidence} | {note}"));
}

fn passed_over(inventory: &Inventory<'_>, passed: &PassedOver, page: &mut Page) {
    let method = &inventory.study.methods[passed.method];
    let (code, rank, missing) = (&method.code, method.rank, passed.missing.join(", "));
    if missing.is_empty() {
        page.say(&say!(
            "  未用 {code}（优先级 {rank}）：前面的方法已可用",
            "  passed over {code} (rank {rank}): a better rank resolved"
        ));
    } else {
        page.say(&say!(
            "  未用 {code}（优先级 {rank}）：缺少 {missing}",
            "  passed over {code} (rank {rank}): lacks {missing}"
        ));
    }
}

/// The gaps that the question touches.
fn gaps(inventory: &Inventory<'_>, asked: &Asked<'_>, page: &mut Page) -> usize {
    let study = inventory.study;
    let mut count = 0;
    for gap in &inventory.gaps {
        let row = gap.row as usize;
        let category = study.words.categories.code(study.activity.category[row] as usize);
        let item = study.activity.item[row] as usize;
        let of = gap.pollutant.is_none_or(|pollutant| pollutant == asked.pollutant);
        if gap.year != asked.year
            || !of
            || !category::holds(asked.category, category)
            || asked.item.is_some_and(|i| i != item)
        {
            continue;
        }
        count += 1;
        let (place, code) = (study.activity.reference_of(row), study.words.items.code(item));
        let reason = match &gap.reason {
            inventory::Reason::Notation(notation) => notation.word().to_string(),
            inventory::Reason::Lack(matching::Lack::NoMethod) => "no method".to_string(),
            inventory::Reason::Lack(matching::Lack::Parameters { missing, .. }) => {
                format!("missing {}", missing.join(", "))
            }
        };
        page.say(&say!("  空缺 {category} {code}（{place}）：{reason}", "  gap {category} {code} ({place}): {reason}"));
    }
    count
}

/// An amount without the noise of a converted float's last digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.12e}").parse().unwrap_or(value)
}
