//! `qingdan explain`: the formula, the same with numbers and units, where each number comes from, and what was passed over.

use super::{ExitStatus, Terminal, explain_project, explain_scenario, shown};
use crate::analysis::Uncertainty;
use crate::category;
use crate::code::{Codebook, Coded};
use crate::error::{Diagnostic, Place, Result, Text};
use crate::expression::{self, Expression, Use};
use crate::inventory::{self, Emission, Inventory};
use crate::matching::{Binding, PassedOver, ResolvedMethod, ValueSource};
use crate::provenance::{self, Rungs};
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
    for emission in &found {
        describe(&uncertainty, emission, page);
    }
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

fn describe(uncertainty: &Uncertainty<'_>, emission: &Emission, page: &mut Terminal) {
    let inventory = uncertainty.inventory;
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
    range(uncertainty, emission, page);
    for (part, bound) in inventory.parts(emission) {
        let bound = &inventory.matches.bindings[bound as usize];
        let (row, year) = (part as usize, emission.year);
        let part = ActivityContribution { uncertainty, inventory, bound, row, year };
        part.formula((pollutant, &bound.emitted), page);
        if let Some(generated) = bound.generated.as_ref().filter(|_| !provenance::uses_generated(&bound.emitted)) {
            part.formula(("generated", generated), page);
        }
    }
    for passed in &binding.passed_over {
        passed_over(inventory, passed, page);
    }
    page.line("");
}

/// The range of an emission and the input that most of it comes from, or what it lacks.
fn range(uncertainty: &Uncertainty<'_>, emission: &Emission, page: &mut Terminal) {
    let Some(provenance::Range { low, high, most }) = provenance::range(uncertainty, emission) else {
        let names = uncertainty.lacking(emission).join(", ");
        page.say(&say!("  没有不确定度范围：{names} 没有范围", "  no uncertainty range: there is none of {names}"));
        return;
    };
    let Some((name, share)) = most else { return };
    let share = share * 100.0;
    page.say(&say!(
        "  95% 范围 {low} 至 {high} t；其中 {share:.0}% 的方差来自 {name}",
        "  95% range {low} to {high} t; {share:.0}% of the variance comes from {name}"
    ));
}

/// One activity row on its way to an emission.
struct ActivityContribution<'a> {
    uncertainty: &'a Uncertainty<'a>,
    inventory: &'a Inventory<'a>,
    bound: &'a Binding,
    row: usize,
    /// The emission's year.
    year: i32,
}

impl ActivityContribution<'_> {
    /// The formula with names, with values, and a line for every value.
    fn formula(&self, (name, resolved): (&str, &ResolvedMethod), page: &mut Terminal) {
        let study = self.inventory.study;
        let method = &study.methods[resolved.method];
        page.line(format!("  {name} = {}", expression::spell(&method.expression, &|used: &Use| used.name.clone())));
        page.line(format!("    = {}", self.numbers(resolved)));
        let (code, locator, citation, place) = (&method.code, &method.locator, &method.citation, &method.place);
        let title = study.words.sources.get(citation).map_or("", |source| &source.title);
        page.say(&say!(
            "    方法 {code}（{place}）：{title} {locator}",
            "    method {code} ({place}): {title} {locator}"
        ));
        for (used, input) in &resolved.inputs {
            match input {
                ValueSource::Amount => self.amount_line(page),
                ValueSource::Parameter(index) => self.parameter_lines(used, *index, page),
                ValueSource::Method(inner) => self.formula((&used.name, inner), page),
                ValueSource::Age => {}
            }
        }
    }

    /// The formula with values and units, derived parameters written out in parentheses.
    fn numbers(&self, resolved: &ResolvedMethod) -> String {
        let study = self.inventory.study;
        let value = |used: &Use| match resolved.input(used) {
            Some(ValueSource::Amount) => provenance::amount(self.inventory, self.row),
            Some(ValueSource::Age) => (self.year - study.activity.year[self.row]).to_string(),
            Some(ValueSource::Parameter(index)) => provenance::value(&study.ladder.parameters[*index]),
            Some(ValueSource::Method(inner))
                if matches!(study.methods[inner.method].expression, Expression::Name(_)) =>
            {
                self.numbers(inner)
            }
            Some(ValueSource::Method(inner)) => format!("({})", self.numbers(inner)),
            None => used.name.clone(),
        };
        expression::spell(&study.methods[resolved.method].expression, &value)
    }

    fn amount_line(&self, page: &mut Terminal) {
        let activity = &self.inventory.study.activity;
        let (amount, place) = (provenance::amount(self.inventory, self.row), activity.reference_of(self.row));
        let quality = activity.word(activity.quality[self.row]);
        let (reference, note) = (activity.word(activity.reference[self.row]), activity.word(activity.note[self.row]));
        page.line(format!("    amount = {amount} | {place} | {quality} | {reference} | {note}"));
        if let Some((down, up)) = provenance::amount_range(self.uncertainty, self.row) {
            let (down, up) = (down * 100.0, up * 100.0);
            page.say(&say!("      95% 范围 −{down:.1}% +{up:.1}%", "      95% range −{down:.1}% +{up:.1}%"));
        }
    }

    /// The range of a parameter, and the row that it is from where the parameter states none.
    fn parameter_range(&self, index: usize, page: &mut Terminal) {
        let Some((low, high, from)) = provenance::parameter_range(self.inventory, self.bound, index) else { return };
        let from = from.map(|place| format!(" | {place}")).unwrap_or_default();
        page.say(&say!("      95% 范围 {low} 至 {high}{from}", "      95% range {low} to {high}{from}"));
    }

    /// The parameter that is used, and the candidates that stood lower on the ladder.
    fn parameter_lines(&self, used: &Use, index: usize, page: &mut Terminal) {
        page.line(format!("    {} = {}", used.name, describe_parameter(self.inventory, index)));
        self.parameter_range(index, page);
        if let Some(from) = provenance::carried_from(self.inventory, self.bound, (used, index), self.year) {
            page.say(&say!("      沿用 {from} 年的数值（carry）", "      carried on from {from} (carry)"));
        }
        for (other, why) in Rungs::new(self.inventory, self.bound).passed_over(used, index, self.year) {
            let (why, other) = (why.get(page.language).to_string(), describe_parameter(self.inventory, other));
            page.say(&say!("      未用（{why}）：{other}", "      not used ({why}): {other}"));
        }
    }
}

pub(super) fn describe_parameter(inventory: &Inventory<'_>, index: usize) -> String {
    let study = inventory.study;
    let parameter = &study.ladder.parameters[index];
    let (value, set, locator) = (parameter.value, &parameter.set, &parameter.locator);
    let unit = if parameter.unit_text == "1" { "" } else { parameter.unit_text.as_str() };
    let title = study.words.sources.get(&parameter.citation).map_or("", |source| &source.title);
    let (confidence, place, note) = (parameter.confidence.word(), &parameter.place, &parameter.note);
    format!("{value} {unit} | {place} | {set}: {title}, {locator} | {confidence} | {note}").replace("  | ", " | ")
}

fn passed_over(inventory: &Inventory<'_>, passed: &PassedOver, page: &mut Terminal) {
    let method = &inventory.study.methods[passed.method];
    let (code, rank) = (&method.code, method.rank);
    let Text { zh, en } = provenance::not_used(passed);
    page.say(&say!("  未用 {code}（优先级 {rank}）：{zh}", "  passed over {code} (rank {rank}): {en}"));
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
