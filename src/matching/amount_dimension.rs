//! An amount of a dimension that no method of its category and item takes: a fault of the unit, and no missing factor.

use super::{ClassGap, Matches, MissingReason};
use crate::category;
use crate::error::{Diagnostic, Diagnostics, Text};
use crate::method::{Method, MethodResult};
use crate::say;
use crate::study::Study;
use crate::unit::Dimension;

/// Looks at the gaps of a class that yields nothing: where the methods that would do for them exist, and all of them ask for amounts
/// of other dimensions, the row's unit is wrong.
pub(super) fn check(study: &Study, matches: &Matches, class: usize, gaps: &[ClassGap], faults: &mut Diagnostics) {
    let row = matches.first_row[class] as usize;
    if row >= study.activity.own || study.activity.notations.contains_key(&(row as u32)) {
        return;
    }
    let methods = methods(study, matches, class);
    let have = matches.classes[class].amount;
    let mut wanted: Vec<Dimension> = gaps.iter().flat_map(|gap| others(&methods, &gap.lack, have)).collect();
    wanted.sort_by_key(Dimension::to_string);
    wanted.dedup();
    if wanted.is_empty() {
        return;
    }
    let names: Vec<Text> = wanted.iter().map(Dimension::words).collect();
    let units: Vec<Text> = wanted.iter().map(Dimension::units).collect();
    let list = |texts: &[Text], zh: bool, between: &str| -> String {
        texts.iter().map(|text| if zh { text.zh.clone() } else { text.en.clone() }).collect::<Vec<_>>().join(between)
    };
    let (zh, en) = (list(&names, true, "、"), list(&names, false, ", "));
    let (units_zh, units_en) = (list(&units, true, "、"), list(&units, false, ", "));
    let class = &matches.classes[class];
    let (item, category) =
        (study.words.items.code(class.item as usize), study.words.categories.code(class.category as usize));
    let (unit, have) = (&study.activity.unit_of(row).0, have.words());
    let (have_zh, have_en) = (have.zh, have.en);
    let text = say!(
        "'{unit}' 是{have_zh}，而类别 {category} 的 '{item}' 须按{zh}给出",
        "'{unit}' is {have_en}, but '{item}' of {category} is given by {en}"
    );
    let hint = say!("单位例如 {units_zh}，或可换算的单位", "units of it are {units_en}, or any that convert to them");
    faults.push(Diagnostic::new(study.activity.place(row, "unit"), text).hint(hint));
}

/// The methods that hold for a class, whatever its amount is an amount of.
fn methods<'a>(study: &'a Study, matches: &Matches, class: usize) -> Vec<&'a Method> {
    let class = &matches.classes[class];
    let code = study.words.categories.code(class.category as usize);
    let technology = study.activity.word(class.technology);
    let fits = |method: &&Method| {
        let prefix = method.category.map_or("", |index| study.words.categories.code(index));
        (prefix.is_empty() || category::holds(prefix, code))
            && method.item.is_none_or(|item| item == class.item as usize)
            && (method.technology.is_empty() || method.technology == technology)
    };
    study.methods.iter().filter(fits).collect()
}

/// The dimensions that the methods which would fill a gap ask for; none where one of them takes the row's.
fn others(methods: &[&Method], lack: &MissingReason, have: Dimension) -> Vec<Dimension> {
    let of = |wanted: &dyn Fn(&MethodResult) -> bool| -> Vec<Dimension> {
        let asked: Vec<Option<Dimension>> =
            methods.iter().filter(|method| wanted(&method.outcome)).map(|method| method.amount_dimension).collect();
        let takes = asked.iter().any(|dimension| dimension.is_none_or(|dimension| dimension == have));
        if takes { Vec::new() } else { asked.into_iter().flatten().collect() }
    };
    match lack {
        MissingReason::NoMethod => of(&|outcome| *outcome == MethodResult::Emitted),
        MissingReason::IncludedElsewhere(_) => Vec::new(),
        MissingReason::Parameters { missing, .. } => missing
            .iter()
            .flat_map(|name| of(&|outcome| outcome.word() == name && *outcome != MethodResult::Emitted))
            .collect(),
    }
}
