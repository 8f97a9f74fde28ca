//! `crosswalk.csv`, the library's and the study's, into schemes in which every emission has one class.

use super::folder::File;
use super::vocabulary::{Vocabulary, is_library, tables};
use crate::crosswalk::{CrosswalkRule, MEMO, Scheme, SchemeClass};
use crate::error::{Diagnostic, Diagnostics, Place, nearest};
use crate::say;
use crate::schema;
use crate::table::Row;
use std::collections::{BTreeSet, HashMap};

/// What a rule holds for; two of one scheme and origin may not be alike.
type Key = (Option<usize>, Option<usize>, String, String, Option<usize>);

pub(super) fn read(files: &[File], words: &mut Vocabulary, faults: &mut Diagnostics) -> Vec<Scheme> {
    let kinds: BTreeSet<String> = words.items.iter().map(|(_, item)| item.kind.clone()).collect();
    let mut schemes: Vec<Scheme> = Vec::new();
    let mut seen: HashMap<(String, Key), usize> = HashMap::new();
    for table in tables(files, "crosswalk", &schema::CROSSWALK, faults) {
        for row in table.rows() {
            let (Some(name), Some(code)) = (row.required("scheme", faults), row.required("code", faults)) else {
                continue;
            };
            let before = faults.0.len();
            let rule = rule(row, words, &kinds, !is_library(&table), faults);
            let scheme = named(&mut schemes, name);
            let class = class(scheme, row, code);
            if faults.0.len() == before {
                add(scheme, CrosswalkRule { class, ..rule }, &mut seen, words, faults);
            }
        }
    }
    schemes.iter_mut().for_each(|scheme| close(scheme, words, faults));
    schemes
}

fn named<'a>(schemes: &'a mut Vec<Scheme>, name: &str) -> &'a mut Scheme {
    let index = schemes.iter().position(|scheme| scheme.name == name).unwrap_or_else(|| {
        schemes.push(Scheme { name: name.to_string(), ..Scheme::default() });
        schemes.len() - 1
    });
    &mut schemes[index]
}

/// The class of a code; its names are the first that some row gives.
fn class(scheme: &mut Scheme, row: Row<'_>, code: &str) -> usize {
    let index = scheme.classes.iter().position(|class| class.code == code).unwrap_or_else(|| {
        scheme.classes.push(SchemeClass { code: code.to_string(), name_zh: String::new(), name_en: String::new() });
        scheme.classes.len() - 1
    });
    let class = &mut scheme.classes[index];
    for (name, column) in [(&mut class.name_zh, "name_zh"), (&mut class.name_en, "name_en")] {
        if name.is_empty() {
            *name = row.text(column).to_string();
        }
    }
    index
}

fn rule(
    row: Row<'_>,
    words: &Vocabulary,
    kinds: &BTreeSet<String>,
    local: bool,
    faults: &mut Diagnostics,
) -> CrosswalkRule {
    words.check_citation(row, faults);
    let kind = row.text("kind");
    if !kinds.contains(kind) && !kind.is_empty() {
        let text = say!("没有种类为 '{kind}' 的项目", "no item is of the kind '{kind}'");
        faults.push(row.fault("kind", text).nearest(nearest(kind, kinds.iter().map(String::as_str))));
    }
    CrosswalkRule {
        category: Vocabulary::find(&words.categories, row, "category", faults),
        item: Vocabulary::find(&words.items, row, "item", faults),
        kind: kind.to_string(),
        technology: words.technologies.code_of(row.text("technology"), row.text("category")).to_string(),
        pollutant: Vocabulary::find(&words.pollutants, row, "pollutant", faults),
        class: 0,
        place: row.place(""),
        local,
    }
}

/// Adds a rule; a local one replaces the library's of the same key, with a notice.
fn add(
    scheme: &mut Scheme,
    rule: CrosswalkRule,
    seen: &mut HashMap<(String, Key), usize>,
    words: &mut Vocabulary,
    faults: &mut Diagnostics,
) {
    let key = (rule.category, rule.item, rule.kind.clone(), rule.technology.clone(), rule.pollutant);
    let (name, place) = (&scheme.name, Place { column: "scheme".into(), ..rule.place.clone() });
    match seen.get(&(name.clone(), key.clone())) {
        Some(&index) if scheme.rules[index].local == rule.local => {
            let first = &scheme.rules[index].place;
            let text = say!("'{name}' 的同一键已在 {first} 给出", "'{name}' has a row for this key already at {first}");
            faults.push(Diagnostic::new(place, text));
        }
        Some(&index) => {
            words.notices.push(say!(
                "{place}：本地对照行取代因子库中 '{name}' 的同键行",
                "{place}: the local row replaces the library's of '{name}'"
            ));
            scheme.rules[index] = rule;
        }
        None => {
            seen.insert((name.clone(), key), scheme.rules.len());
            scheme.rules.push(rule);
        }
    }
}

/// Completes a scheme: every scheme needs a default class, so that no emission is left without one.
fn close(scheme: &mut Scheme, words: &Vocabulary, faults: &mut Diagnostics) {
    scheme.is_memo = words.categories.iter().map(|(index, _)| words.categories.is_memo(index)).collect();
    scheme.memo = scheme.classes.iter().position(|class| class.code == MEMO).unwrap_or_else(|| {
        let (name_zh, name_en) = ("备忘项".to_string(), "Memo items".to_string());
        scheme.classes.push(SchemeClass { code: MEMO.to_string(), name_zh, name_en });
        scheme.classes.len() - 1
    });
    let open = scheme.rules.iter().find(|rule| rule.category.is_none() && rule.is_plain());
    match (open, scheme.rules.first()) {
        (Some(rule), _) => scheme.fallback = rule.class,
        (None, Some(first)) => {
            let (name, place) = (&scheme.name, Place { column: "category".into(), ..first.place.clone() });
            let text = say!(
                "体系 '{name}' 没有类别为空的行：它未列出的排放将无处可归",
                "the scheme '{name}' has no row with an empty category: what it does not name has no class"
            );
            let hint = say!(
                "加一行，只填 scheme 与 code（如 other）",
                "add a row with a scheme and a code alone, such as other"
            );
            faults.push(Diagnostic::new(place, text).hint(hint));
        }
        (None, None) => {}
    }
}
