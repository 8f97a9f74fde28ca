//! Dimension check of resolved methods: an emission has to be a mass; an error names both dimensions.

use super::{Binding, ResolvedMethod, RowClass, ValueSource};
use crate::error::{Diagnostic, Diagnostics, Place, Text};
use crate::expression::Use;
use crate::say;
use crate::study::Study;
use crate::unit::Dimension;

/// Checks that a binding's method yields a mass; `row` is the first activity row of the class, named in the error.
pub(super) fn check(study: &Study, class: &RowClass, row: usize, binding: &Binding, faults: &mut Diagnostics) {
    for resolved in [Some(&binding.emitted), binding.generated.as_deref()].into_iter().flatten() {
        let result = of(study, resolved, class.amount);
        if result == Ok(Dimension::MASS) {
            continue;
        }
        faults.push(explain(study, class, row, resolved, result));
    }
}

/// The dimension of a resolved method, down to its parameters; every step of the chain is visited once.
pub(super) fn of(study: &Study, resolved: &ResolvedMethod, amount: Dimension) -> Result<Dimension, Text> {
    let mut known = Vec::with_capacity(resolved.inputs.len());
    for (used, input) in &resolved.inputs {
        let dimension = match input {
            ValueSource::Amount => amount,
            ValueSource::Parameter(index) => study.ladder.parameters[*index].unit.in_expression(),
            ValueSource::Method(inner) => of(study, inner, amount)?,
            ValueSource::Age => Dimension::PURE,
        };
        known.push((used, dimension));
    }
    let find = |used: &Use| known.iter().find(|(name, _)| *name == used).map_or(Dimension::PURE, |(_, found)| *found);
    study.methods[resolved.method].expression.dimension(&find)
}

/// The error for a result that is no mass: it blames the amount's unit where another would yield a mass, else the parameters.
fn explain(
    study: &Study,
    class: &RowClass,
    row: usize,
    resolved: &ResolvedMethod,
    result: Result<Dimension, Text>,
) -> Diagnostic {
    let method = &study.methods[resolved.method];
    let (code, formula) = (&method.code, &method.text);
    let unit = &study.activity.unit_of(row).0;
    let item = study.words.items.code(class.item as usize);
    let place = study.activity.place(row, "unit");
    let needed = of(study, resolved, Dimension::PURE).ok().and_then(|rest| Dimension::MASS.per(rest));
    let needed = needed.filter(|needed| of(study, resolved, *needed) == Ok(Dimension::MASS) && is_plain(*needed));
    let parameters = places(study, resolved);
    let have = class.amount.words();
    let (have_zh, have_en) = (have.zh, have.en);
    let hint = say!("方法 '{code}'：{formula}；{parameters}", "method '{code}': {formula}; {parameters}");
    let is_made = row >= study.activity.own;
    match (needed, result) {
        (Some(needed), _) if is_made && class.amount == Dimension::ENERGY => {
            Diagnostic::new(place, received(study, class, row, code, needed)).hint(by_quantity(&hint))
        }
        (Some(needed), _) => {
            let Text { zh, en } = needed.words();
            let text = say!(
                "'{unit}' 是{have_zh}，而此处 '{item}' 须按{zh}给出",
                "'{unit}' is {have_en}, but '{item}' is given by {en} here"
            );
            Diagnostic::new(place, text).hint(hint)
        }
        (None, Ok(found)) => {
            let Text { zh, en } = found.words();
            let text =
                say!("方法 '{code}' 得到的是'{zh}'，而不是'质量'", "the method '{code}' gives '{en}', not 'mass'");
            Diagnostic::new(culprit(study, resolved, place), text).hint(hint)
        }
        (None, Err(cause)) => {
            let Text { zh, en } = cause;
            let text = say!("方法 '{code}' 的单位不相容：{zh}", "the units of the method '{code}' do not fit: {en}");
            Diagnostic::new(culprit(study, resolved, place), text).hint(hint)
        }
    }
}

/// Message for a row added by a scenario: its amount is energy, the quantity that is transferred, but a method of the study expects
/// another dimension.
fn received(study: &Study, class: &RowClass, row: usize, method: &str, needed: Dimension) -> Text {
    let words = &study.words;
    let (item, category) = (words.items.code(class.item as usize), words.categories.code(class.category as usize));
    let unit = &study.activity.unit_of(row).0;
    let Text { zh, en } = needed.words();
    say!(
        "这里转入 {category} 的 '{item}'，清单中没有这一行，新行以能量（{unit}）计，而方法 '{method}' 的 amount 须按{zh}给出",
        "what moves here makes a new row of '{item}' in {category}, given by energy ({unit}), but the method '{method}' takes its amount by {en}"
    )
}

fn by_quantity(hint: &Text) -> Text {
    let Text { zh, en } = hint;
    say!(
        "在方法的公式中以 quantity 代替 amount（按 net_calorific_value 由能量折算）；或写 by = \"amount\"，按原单位转移。{zh}",
        "write quantity in place of amount in the method's expression (it converts energy by net_calorific_value), or by = \"amount\" to move amounts as they are; {en}"
    )
}

/// Every parameter with its unit and its source position.
fn places(study: &Study, resolved: &ResolvedMethod) -> String {
    let place = |(name, index): (&str, usize)| {
        let parameter = &study.ladder.parameters[index];
        format!("{name} [{}] {}", parameter.unit_text, parameter.place)
    };
    resolved.parameters().into_iter().map(place).collect::<Vec<_>>().join("; ")
}

/// Whether activity can be given by this dimension at all.
fn is_plain(dimension: Dimension) -> bool {
    Dimension::NAMES.iter().any(|name| Dimension::named(name) == Some(dimension))
}

/// The place of the only local parameter among the inputs, the most likely cause; otherwise `place`.
fn culprit(study: &Study, resolved: &ResolvedMethod, place: Place) -> Place {
    let parameters = resolved.parameters();
    let local = parameters.iter().map(|(_, index)| &study.ladder.parameters[*index]).filter(|p| p.local);
    match local.collect::<Vec<_>>().as_slice() {
        [one] => Place { column: "unit".into(), ..one.place.clone() },
        _ => place,
    }
}
