//! `qingdan explain`: the formula, the same with numbers and units, where each number comes from, and what was passed over.

use super::{ExitStatus, Terminal, explain_project, explain_scenario, shown};
use crate::analysis::Uncertainty;
use crate::category;
use crate::code::{Codebook, Coded};
use crate::error::{Diagnostic, Place, Result, Text, failure};
use crate::explanation::{
    self, AmountExplanation, EmissionRange, Explanation, FormulaExplanation, InputExplanation, NamedCode, ParameterRow,
    ParameterUsed, RejectedMethodRow,
};
use crate::inventory::{self, Emission, Inventory};
use crate::say;
use crate::study::{self, Study};
use crate::target::GHG;
use clap::Args;
use std::path::PathBuf;

/// Which number is asked for.
#[derive(Args)]
pub(super) struct ExplainQuery {
    pub study: PathBuf,
    #[arg(long, conflicts_with = "project")]
    scenario: Option<String>,
    #[arg(long, required_unless_present = "project")]
    year: Option<i32>,
    #[arg(long, required_unless_present = "project")]
    category: Option<String>,
    #[arg(long)]
    item: Option<String>,
    #[arg(long, required_unless_present = "project")]
    pollutant: Option<String>,
    #[arg(long, conflicts_with_all = ["category", "item"])]
    project: Option<String>,
    #[arg(long, conflicts_with_all = ["project", "scenario"])]
    json: bool,
}

/// The indices that a question names.
pub(super) struct QueriedIndices<'a> {
    year: i32,
    category: &'a str,
    item: Option<usize>,
    pollutant: usize,
}

pub(super) fn explain(question: &ExplainQuery, page: &mut Terminal) -> Result<ExitStatus> {
    if let Some(scenario) = &question.scenario {
        return explain_scenario::explain(question, scenario, page);
    }
    let study = study::read(&question.study)?;
    if let Some(name) = &question.project {
        let pollutant = question.pollutant.as_deref().map(|text| find(&study.words.pollutants, "--pollutant", text));
        return explain_project::explain(&study, (name, question.year, pollutant.transpose()?), page);
    }
    let inventory = inventory::compile(&study)?;
    let asked = asked(question, &study)?;
    let found: Vec<&Emission> =
        inventory.emissions.iter().filter(|emission| is_asked(&inventory, emission, &asked)).collect();
    let uncertainty = Uncertainty::new(&inventory);
    let explanations: Vec<Explanation> =
        found.iter().map(|emission| explanation::explain(&uncertainty, emission)).collect();
    if question.json {
        return print_json(&explanations, page);
    }
    explanations.iter().for_each(|explanation| print(explanation, page));
    let gaps = gaps(&inventory, &asked, page);
    if found.is_empty() && gaps == 0 {
        let text = say!("研究中没有这样的排放或空缺", "the study has no such emission and no such gap");
        let hint = say!("去掉 --item，或换一个类别、年份", "leave out --item, or ask for another category or year");
        return Err(Diagnostic::new(Place::file(&shown(&question.study)), text).hint(hint).into());
    }
    let (count, total) = (found.len(), found.iter().fold(0.0, |sum, emission| sum + emission.emitted_t));
    page.say(&say!(
        "{count} 项排放，合计 {total} t；{gaps} 项空缺",
        "{count} emissions, {total} t in all; {gaps} gaps"
    ));
    Ok(ExitStatus::Complete)
}

/// Prints explanations as a JSON array; an empty one where nothing was found.
fn print_json(explanations: &[Explanation], page: &mut Terminal) -> Result<ExitStatus> {
    let text = serde_json::to_string_pretty(explanations).map_err(|cause| failure("--json", cause))?;
    page.line(text);
    Ok(ExitStatus::Complete)
}

/// What the words of a question mean in a study.
pub(super) fn asked<'a>(question: &'a ExplainQuery, study: &'a Study) -> Result<QueriedIndices<'a>> {
    let words = &study.words;
    // The command line has seen to it that these are given wherever no project is.
    let text = |given: &'a Option<String>| given.as_deref().unwrap_or("");
    let category = find(&words.categories, "--category", text(&question.category))?;
    let pollutant = substance(study, text(&question.pollutant))?;
    let item = question.item.as_ref().map(|item| find(&words.items, "--item", item)).transpose()?;
    let year = question.year.unwrap_or(0);
    Ok(QueriedIndices { year, category: words.categories.code(category), item, pollutant })
}

/// The pollutant that is asked for. The sum of greenhouse gases is none: each of them is explained by itself.
fn substance(study: &Study, text: &str) -> Result<usize> {
    let words = &study.words;
    let is_gas = |&index: &usize| {
        study.settings.gwp.as_ref().is_some_and(|gwp| gwp.values.contains_key(words.pollutants.code(index)))
    };
    find(&words.pollutants, "--pollutant", text).map_err(|faults| {
        if !text.to_uppercase().starts_with(GHG) {
            return faults;
        }
        let gases = study.settings.pollutants.iter().copied().filter(is_gas).take(6);
        let gases = gases.map(|index| words.pollutants.code(index)).collect::<Vec<_>>().join(", ");
        let text =
            say!("温室气体合计由各气体相加，须逐一说明", "the greenhouse gases are a sum; each is explained by itself");
        Diagnostic::new(Place::file("--pollutant"), text).hint(say!("例如 {gases}", "such as {gases}")).into()
    })
}

fn find<T: Coded>(book: &Codebook<T>, flag: &str, text: &str) -> Result<usize> {
    book.find(text).map_err(|cause| Diagnostic::new(Place::file(flag), cause).nearest(book.nearest(text)).into())
}

pub(super) fn is_asked(inventory: &Inventory<'_>, emission: &Emission, asked: &QueriedIndices<'_>) -> bool {
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

/// Prints an explanation as text.
fn print(explanation: &Explanation, page: &mut Terminal) {
    let Explanation { year, area, category, item, pollutant, emitted_t, .. } = explanation;
    let name = |named: &NamedCode| named.name.get(page.language).to_string();
    let (area, item, category, name) = (name(area), name(item), &category.code, name(category));
    page.line(format!("{year} {area} · {category} {name} · {item} · {pollutant} = {emitted_t} t"));
    print_range(&explanation.range, page);
    explanation.formulas.iter().for_each(|formula| print_formula(formula, page));
    for RejectedMethodRow { method, rank, reason: Text { zh, en } } in &explanation.rejected_methods {
        page.say(&say!("  未用 {method}（优先级 {rank}）：{zh}", "  passed over {method} (rank {rank}): {en}"));
    }
    page.line("");
}

fn print_range(range: &EmissionRange, page: &mut Terminal) {
    match range {
        EmissionRange::Lacking(names) => {
            let names = names.join(", ");
            page.say(&say!("  没有不确定度范围：{names} 没有范围", "  no uncertainty range: there is none of {names}"));
        }
        EmissionRange::Known { low_t: low, high_t: high, largest_input: Some((name, share)) } => {
            let share = share * 100.0;
            page.say(&say!(
                "  95% 范围 {low} 至 {high} t；其中 {share:.0}% 的方差来自 {name}",
                "  95% range {low} to {high} t; {share:.0}% of the variance comes from {name}"
            ));
        }
        EmissionRange::Known { largest_input: None, .. } => {}
    }
}

/// The formula with names, with values, and a line for every value.
fn print_formula(formula: &FormulaExplanation, page: &mut Terminal) {
    let FormulaExplanation { name, text, substituted, method, place, title, locator, inputs } = formula;
    page.line(format!("  {name} = {text}"));
    page.line(format!("    = {substituted}"));
    page.say(&say!(
        "    方法 {method}（{place}）：{title} {locator}",
        "    method {method} ({place}): {title} {locator}"
    ));
    for input in inputs {
        match input {
            InputExplanation::Amount(amount) => print_amount(amount, page),
            InputExplanation::Parameter(parameter) => print_parameter(parameter, page),
            InputExplanation::Formula(inner) => print_formula(inner, page),
        }
    }
}

fn print_amount(amount: &AmountExplanation, page: &mut Terminal) {
    let AmountExplanation { amount, place, quality, reference, note, range } = amount;
    page.line(format!("    amount = {amount} | {place} | {quality} | {reference} | {note}"));
    if let Some((down, up)) = range {
        let (down, up) = (down * 100.0, up * 100.0);
        page.say(&say!("      95% 范围 −{down:.1}% +{up:.1}%", "      95% range −{down:.1}% +{up:.1}%"));
    }
}

/// The parameter that is used, and the candidates that are less specific.
fn print_parameter(parameter: &ParameterUsed, page: &mut Terminal) {
    page.line(format!("    {} = {}", parameter.name, describe_parameter(&parameter.row)));
    if let Some((low, high, from)) = &parameter.range {
        let from = from.as_ref().map(|place| format!(" | {place}")).unwrap_or_default();
        page.say(&say!("      95% 范围 {low} 至 {high}{from}", "      95% range {low} to {high}{from}"));
    }
    if let Some(from) = parameter.carried_from {
        page.say(&say!("      沿用 {from} 年的数值（carry）", "      carried on from {from} (carry)"));
    }
    for (why, other) in &parameter.rejected {
        let (why, other) = (why.get(page.language).to_string(), describe_parameter(other));
        page.say(&say!("      未用（{why}）：{other}", "      not used ({why}): {other}"));
    }
}

pub(super) fn describe_parameter(row: &ParameterRow) -> String {
    let ParameterRow { value, unit, place, set, title, locator, confidence, note } = row;
    let unit = if unit == "1" { "" } else { unit };
    format!("{value} {unit} | {place} | {set}: {title}, {locator} | {confidence} | {note}").replace("  | ", " | ")
}

/// The gaps that the question touches.
pub(super) fn gaps(inventory: &Inventory<'_>, asked: &QueriedIndices<'_>, page: &mut Terminal) -> usize {
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
        let (word, (missing, _)) = (gap.reason.word(&study.words.categories), gap.reason.missing());
        let reason = if missing.is_empty() { word } else { format!("{word}: {missing}") };
        page.say(&say!("  空缺 {category} {code}（{place}）：{reason}", "  gap {category} {code} ({place}): {reason}"));
    }
    count
}
