//! `project_rules.csv`, the library's and the study's: how a project's columns come to tonnes.

use super::folder::File;
use super::methods;
use super::parameters;
use super::vocabulary::{Vocabulary, is_library, tables};
use crate::error::{Diagnostic, Diagnostics, Place, Text, nearest};
use crate::reduction_project::{CALENDAR, INPUTS, ProjectRule, RuleResult, Rules};
use crate::say;
use crate::schema;
use crate::table::Row;
use std::collections::BTreeMap;

pub(super) fn read(files: &[File], words: &mut Vocabulary, faults: &mut Diagnostics) -> Rules {
    let mut rules: Vec<ProjectRule> = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for table in tables(files, "project_rules", &schema::PROJECT_RULES, faults) {
        for row in table.rows() {
            let Some(rule) = rule(row, words, !is_library(&table), faults) else { continue };
            let code = &rule.code;
            match seen.get(code) {
                Some(&index) if rules[index].local == rule.local => {
                    let first = &rules[index].place;
                    let text = say!("'{code}' 已在 {first} 定义", "'{code}' is already defined at {first}");
                    faults.push(row.fault("rule", text));
                }
                Some(&index) => {
                    let place = row.place("rule");
                    words.notices.push(say!(
                        "{place}：本地规则 '{code}' 取代因子库中的同名规则",
                        "{place}: the local rule '{code}' replaces the library's"
                    ));
                    rules[index] = rule;
                }
                None => {
                    seen.insert(code.clone(), rules.len());
                    rules.push(rule);
                }
            }
        }
    }
    check_names(&rules, faults);
    let rules = Rules::new(rules);
    check_single(&rules, faults);
    rules
}

fn rule(row: Row<'_>, words: &Vocabulary, local: bool, faults: &mut Diagnostics) -> Option<ProjectRule> {
    let before = faults.0.len();
    let code = row.required("rule", faults);
    let kind = Vocabulary::find(&words.kinds, row, "kind", faults);
    let pollutant = Vocabulary::find(&words.pollutants, row, "pollutant", faults);
    let outcome = row.required("result", faults).map(RuleResult::parse);
    let expression = row.required("expression", faults).and_then(|text| methods::expression(row, text, faults));
    let confidence = parameters::confidence(row, faults);
    words.check_citation(row, faults);
    if outcome == Some(RuleResult::Reduction) && row.text("kind").is_empty() {
        faults.push(row.fault("kind", say!("reduction 规则须写类型", "a rule of a reduction needs its kind")));
    }
    if faults.0.len() > before {
        return None;
    }
    let text = |column| row.text(column).to_string();
    Some(ProjectRule {
        code: code?.to_string(),
        kind,
        pollutant,
        outcome: outcome?,
        expression: expression?,
        citation: text("citation"),
        locator: text("locator"),
        confidence,
        note: text("note"),
        place: row.place(""),
        local,
    })
}

/// A rule uses columns of projects.csv and names that another row derives; a derived name uses columns alone.
fn check_names(rules: &[ProjectRule], faults: &mut Diagnostics) {
    let columns: Vec<&str> = INPUTS.iter().map(|input| input.name).collect();
    let derived = rules.iter().filter_map(|rule| match &rule.outcome {
        RuleResult::Derived(name) => Some(name.as_str()),
        _ => None,
    });
    let derived: Vec<&str> = derived.collect();
    for rule in rules {
        let known: Vec<&str> = match rule.outcome {
            RuleResult::Reduction => columns.iter().chain(&derived).copied().collect(),
            RuleResult::Derived(_) => columns.clone(),
            RuleResult::Share => CALENDAR.to_vec(),
        };
        let uses = rule.expression.uses();
        for used in uses.iter().filter(|used| used.now || !known.contains(&used.name.as_str())) {
            let (name, names) = (&used.name, known.join(", "));
            let text = say!("这里不能用 '{name}'", "'{name}' may not be used here");
            let fault = fault(rule, text);
            let near = nearest(name, known.iter().copied());
            faults.push(match near {
                Some(_) => fault.nearest(near),
                None => fault.hint(say!("可用：{names}", "names: {names}")),
            });
        }
        let any = |start: &str| uses.iter().any(|used| used.name.starts_with(start));
        if any("removal_") && any("factor_") {
            let text = say!(
                "factor_before、factor_after 是净系数，不能再乘去除率：毛排放请用 generation_factor",
                "factor_before and factor_after are net and take no removal; the gross factor is generation_factor"
            );
            faults.push(fault(rule, text));
        }
    }
}

/// One share; and of one kind and pollutant no two ways from one origin that need the same columns.
fn check_single(rules: &Rules, faults: &mut Diagnostics) {
    let shares: Vec<&ProjectRule> = rules.rules.iter().filter(|rule| rule.outcome == RuleResult::Share).collect();
    for rule in shares.iter().skip(1) {
        let first = &shares[0].place;
        let text = say!("share 已在 {first} 定义", "the share is already defined at {first}");
        let hint = say!("用同一规则代码取代它", "give it the same code to replace it");
        faults.push(fault(rule, text).hint(hint));
    }
    for (index, way) in rules.ways.iter().enumerate() {
        let own = &rules.rules[way.rule];
        let twin = rules.ways[..index].iter().find(|other| {
            let rule = &rules.rules[other.rule];
            other.inputs == way.inputs
                && (rule.kind, rule.pollutant, rule.local) == (own.kind, own.pollutant, own.local)
        });
        if let Some(twin) = twin {
            let first = &rules.rules[twin.rule].place;
            let text = say!("与 {first} 所需的列相同，无从选择", "it needs the same columns as {first}");
            faults.push(fault(own, text));
        }
    }
}

fn fault(rule: &ProjectRule, text: Text) -> Diagnostic {
    Diagnostic::new(Place { column: "expression".into(), ..rule.place.clone() }, text)
}
