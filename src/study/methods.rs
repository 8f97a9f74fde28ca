//! `methods.csv`, the library's and the study's, into checked methods.

use super::activities::{elsewhere, included, nearest_word};
use super::folder::File;
use super::vocabulary::{Vocabulary, is_library, tables};
use crate::category;
use crate::error::{Diagnostic, Diagnostics, Place};
use crate::expression::{self, Expression};
use crate::method::{Method, MethodResult, ReleaseProfile};
use crate::say;
use crate::schema;
use crate::table::Row;
use crate::unit::Dimension;
use std::collections::BTreeMap;

pub(super) fn read(files: &[File], words: &mut Vocabulary, faults: &mut Diagnostics) -> Vec<Method> {
    let mut methods: Vec<Method> = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for table in tables(files, "methods", &schema::METHODS, faults) {
        for row in table.rows() {
            let Some(method) = method(row, words, !is_library(&table), faults) else { continue };
            let code = &method.code;
            match seen.get(code) {
                Some(&index) if methods[index].local == method.local => {
                    let first = &methods[index].place;
                    faults.push(
                        row.fault(
                            "method",
                            say!("'{code}' 已在 {first} 定义", "'{code}' is already defined at {first}"),
                        ),
                    );
                }
                Some(&index) => {
                    let place = row.place("method");
                    words.notices.push(say!(
                        "{place}：本地方法 '{code}' 取代因子库中的同名方法",
                        "{place}: the local method '{code}' replaces the library's"
                    ));
                    methods[index] = method;
                }
                None => {
                    seen.insert(code.clone(), methods.len());
                    methods.push(method);
                }
            }
        }
    }
    check_circles(&methods, words, faults);
    methods
}

fn method(row: Row<'_>, words: &Vocabulary, local: bool, faults: &mut Diagnostics) -> Option<Method> {
    let before = faults.0.len();
    let code = row.required("method", faults);
    let category = Vocabulary::find(&words.categories, row, "category", faults);
    let item = Vocabulary::find(&words.items, row, "item", faults);
    let pollutant = Vocabulary::find(&words.pollutants, row, "pollutant", faults);
    let emits_as = Vocabulary::find(&words.categories, row, "emits_as", faults);
    let rank = rank(row, before, faults);
    let outcome = row.required("result", faults).map(MethodResult::parse);
    let written = row.required("expression", faults).unwrap_or("");
    let carried = elsewhere(written);
    let elsewhere = carried.and_then(|target| included(words, row, "expression", target, faults));
    let expression = formula(row, written, carried.is_some(), faults);
    let spread = word(row, "spread", ReleaseProfile::parse, &["decay", "survival"], faults);
    let amount_dimension = word(row, "amount_dimension", Dimension::named, &Dimension::NAMES, faults);
    words.check_citation(row, faults);
    if faults.0.len() > before {
        return None;
    }
    let text = |column| row.text(column).to_string();
    let method = Method {
        code: code?.to_string(),
        category,
        item,
        technology: words.technology(row, category),
        pollutant,
        emits_as,
        rank: rank? as i32,
        outcome: outcome?,
        amount_dimension,
        elsewhere,
        uses: expression.as_ref()?.uses(),
        expression: expression?,
        text: text("expression"),
        spread,
        citation: text("citation"),
        locator: text("locator"),
        place: row.place(""),
        local,
    };
    check_sense(row, &method, faults);
    carried.inspect(|_| check_elsewhere(row, &method, faults));
    (faults.0.len() == before).then_some(method)
}

fn rank(row: Row<'_>, before: usize, faults: &mut Diagnostics) -> Option<f64> {
    row.required("rank", faults);
    let rank = row.number("rank", faults).filter(|rank| rank.fract() == 0.0 && rank.abs() < 1e6);
    if rank.is_none() && faults.0.len() == before {
        faults.push(row.fault("rank", say!("优先级应为整数", "the rank should be a whole number")));
    }
    rank
}

/// The formula; what is carried elsewhere has none.
fn formula(row: Row<'_>, written: &str, carried: bool, faults: &mut Diagnostics) -> Option<Expression> {
    if carried {
        return Some(Expression::Number(0.0));
    }
    Some(written).filter(|text| !text.is_empty()).and_then(|text| expression(row, text, faults))
}

pub(super) fn expression(row: Row<'_>, text: &str, faults: &mut Diagnostics) -> Option<Expression> {
    match expression::parse(text) {
        Ok(tree) => Some(tree),
        Err(refusal) => {
            let fault = row.fault("expression", refusal.text);
            faults.push(match refusal.character {
                Some(at) => fault.hint(say!("在公式第 {at} 个字符处：{text}", "at character {at} of: {text}")),
                None => fault,
            });
            None
        }
    }
}

/// A cell that holds one of a few words, or nothing.
fn word<T>(
    row: Row<'_>,
    column: &str,
    parse: impl Fn(&str) -> Option<T>,
    known: &[&str],
    faults: &mut Diagnostics,
) -> Option<T> {
    let text = row.text(column);
    let found = parse(text);
    if found.is_none() && !text.is_empty() {
        let names = known.join(", ");
        let fault = row.fault(column, say!("'{text}' 应为 {names} 之一", "'{text}' should be one of {names}"));
        faults.push(Diagnostic { hint: nearest_word(text, known), ..fault });
    }
    found
}

/// Where a pollutant is carried elsewhere, the method names it and gives nothing itself.
fn check_elsewhere(row: Row<'_>, method: &Method, faults: &mut Diagnostics) {
    if method.outcome != MethodResult::Emitted {
        let text = say!("表达式为 IE 时结果只能是 emitted", "where the expression is IE the result is emitted");
        faults.push(row.fault("result", text));
    }
    if method.pollutant.is_none() {
        let text = say!("表达式为 IE 时须写明污染物", "where the expression is IE the pollutant has to be named");
        faults.push(row.fault("pollutant", text));
    }
    if method.spread.is_some() {
        faults.push(row.fault("spread", say!("IE 不能分摊", "what is included elsewhere cannot be spread")));
    }
}

/// Gross and net factors never mix, and `age` belongs to methods with `spread`.
fn check_sense(row: Row<'_>, method: &Method, faults: &mut Diagnostics) {
    let uses = &method.uses;
    let names: Vec<&str> = uses.iter().map(|used| used.name.as_str()).collect();
    let removal = ["removal", "capture", "operating"].into_iter().find(|name| names.contains(name));
    if let Some(name) = removal.filter(|_| names.iter().any(|name| name.ends_with("emission_factor"))) {
        let text = say!(
            "排污系数 emission_factor 不能再乘 '{name}'：毛排放请用 generation_factor",
            "emission_factor is net and takes no '{name}'; the gross factor is generation_factor"
        );
        faults.push(row.fault("expression", text));
    }
    let spreads = method.spread.is_some() || matches!(method.outcome, MethodResult::Derived(_));
    if !spreads && (names.contains(&expression::AGE) || uses.iter().any(|used| used.now)) {
        let text = say!("age 与 now() 只能用于带 spread 的方法", "age and now() belong to methods with a spread");
        faults.push(row.fault("expression", text));
    }
    if spreads && method.outcome == MethodResult::Generated {
        faults.push(row.fault("spread", say!("generated 不能分摊", "a generated mass cannot be spread")));
    }
}

/// A derived parameter that needs itself, over any number of steps, is a fault that shows the circle.
fn check_circles(methods: &[Method], words: &Vocabulary, faults: &mut Diagnostics) {
    for (index, method) in methods.iter().enumerate() {
        let (mut path, mut seen) = (vec![index], vec![false; methods.len()]);
        if close(methods, words, &mut path, &mut seen) {
            let first = path.iter().map(|&step| methods[step].outcome.word());
            let shown = first.chain([method.outcome.word()]).collect::<Vec<_>>().join(" → ");
            let place = Place { column: "expression".to_string(), ..method.place.clone() };
            faults
                .push(Diagnostic::new(place, say!("参数循环定义：{shown}", "the parameters go in a circle: {shown}")));
        }
    }
}

/// Walks from the path's last method on, each method once, until its first is reached again.
fn close(methods: &[Method], words: &Vocabulary, path: &mut Vec<usize>, seen: &mut [bool]) -> bool {
    let (start, last) = (&methods[path[0]], &methods[path[path.len() - 1]]);
    for (index, next) in methods.iter().enumerate() {
        let name = match &next.outcome {
            MethodResult::Derived(name) => name.as_str(),
            MethodResult::Generated => expression::GENERATED,
            MethodResult::Emitted => continue,
        };
        if !last.uses.iter().any(|used| used.name == name) || !meet(last, next, words) || !meet(start, next, words) {
            continue;
        }
        if index == path[0] {
            return true;
        }
        if !std::mem::replace(&mut seen[index], true) {
            path.push(index);
            if close(methods, words, path, seen) {
                return true;
            }
            path.pop();
        }
    }
    false
}

/// Whether some row could use both methods.
fn meet(a: &Method, b: &Method, words: &Vocabulary) -> bool {
    let prefix = |method: &Method| method.category.map_or("", |index| words.categories.code(index));
    let (x, y) = (prefix(a), prefix(b));
    let same = |a: Option<usize>, b: Option<usize>| a.is_none() || b.is_none() || a == b;
    (x.is_empty() || y.is_empty() || category::holds(x, y) || category::holds(y, x))
        && same(a.item, b.item)
        && same(a.pollutant, b.pollutant)
        && (a.technology.is_empty() || b.technology.is_empty() || a.technology == b.technology)
        && (a.amount_dimension.is_none() || b.amount_dimension.is_none() || a.amount_dimension == b.amount_dimension)
}
