//! Local parameters that no result rests on, each with the reason: a value that somebody measured must not be lost without a word.

use super::non_fossil::{COAL_PER_KWH, GRID_MIX};
use crate::activity::Activity;
use crate::category;
use crate::error::{Text, nearest};
use crate::inventory::Inventory;
use crate::matching::{self, ClassGap, MissingReason, ResolvedMethod};
use crate::method::{Method, MethodResult, MethodScope};
use crate::parameter::{LookupResult, Parameter};
use crate::plan::CALORIFIC_VALUE;
use crate::say;
use crate::study::Study;
use foldhash::{HashMap, HashSet};
use std::collections::BTreeSet;

/// Notices that are spelt out; the others are counted.
const SHOWN: usize = 100;

/// A notice for each local parameter that nothing uses.
pub fn unused(inventory: &Inventory<'_>) -> Vec<Text> {
    let study = inventory.study;
    let used = used(inventory);
    // These are read beside the methods: for the non-fossil share, and by scenarios that move energy to another item.
    let is_beside = |index: usize, own: &Parameter| match own.name.as_str() {
        GRID_MIX | COAL_PER_KWH => true,
        CALORIFIC_VALUE => is_found(inventory, index, own),
        _ => false,
    };
    let numbered = study.ladder.parameters.iter().enumerate();
    let idle = numbered.filter(|(index, own)| own.local && !used.contains(index) && !is_beside(*index, own));
    let idle: Vec<(usize, &Parameter)> = idle.collect();
    let names = names(study);
    let told = idle.iter().take(SHOWN).map(|(index, parameter)| {
        let Text { zh, en } = reason(inventory, *index, parameter, &names);
        let (name, place) = (&parameter.name, &parameter.place);
        say!("{place}：参数 '{name}' 没有用到：{zh}", "{place}: the parameter '{name}' has no effect: {en}")
    });
    let more = idle.len().saturating_sub(SHOWN);
    let rest = (more > 0)
        .then(|| say!("另有 {more} 个本地参数没有用到", "{more} more parameters of the study have no effect"));
    told.chain(rest).collect()
}

/// Every parameter that an emission, an energy or a conversion rests on.
fn used(inventory: &Inventory<'_>) -> HashSet<usize> {
    let matches = &inventory.matches;
    let bindings = matches.bindings.iter();
    let chains = bindings.flat_map(|binding| binding.generated.as_deref().into_iter().chain([&binding.emitted]));
    let energy = matches.energy.iter().chain(&matches.convertible).map(|(_, resolved)| &**resolved);
    // A chain that many classes share is walked once.
    let mut seen: HashSet<*const ResolvedMethod> = HashSet::default();
    let fresh = chains.chain(energy).filter(|resolved| seen.insert(std::ptr::from_ref(*resolved)));
    fresh.flat_map(|resolved| resolved.parameters()).map(|(_, index)| index).collect()
}

/// Whether a parameter is a candidate for some row.
fn is_found(inventory: &Inventory<'_>, index: usize, parameter: &Parameter) -> bool {
    let (study, matches) = (inventory.study, &inventory.matches);
    rows(study, parameter).unwrap_or_default().into_iter().any(|row| {
        let class = &matches.classes[matches.class_of[row] as usize];
        let seeker = matching::seeker(study, class);
        let holding = study.ladder.matching_rows(&parameter.name, &seeker);
        study.ladder.find(&holding, &seeker, class.year, parameter.pollutant) == LookupResult::One(index)
    })
}

/// The names that expressions use.
fn names(study: &Study) -> BTreeSet<&str> {
    let used = study.methods.iter().flat_map(|method| &method.uses).map(|used| used.name.as_str());
    used.chain([CALORIFIC_VALUE, GRID_MIX, COAL_PER_KWH]).collect()
}

/// The names that methods of the parameter's category and item use.
fn close_names<'a>(study: &'a Study, parameter: &Parameter) -> BTreeSet<&'a str> {
    let code = |category: Option<usize>| category.map_or("", |index| study.words.categories.code(index));
    let is_close = |method: &&Method| {
        let items = method.item.zip(parameter.item);
        category::overlap(code(method.category), code(parameter.category)) && items.is_none_or(|(a, b)| a == b)
    };
    let close = study.methods.iter().filter(is_close).flat_map(|method| &method.uses);
    close.map(|used| used.name.as_str()).collect()
}

/// Why no emission uses a parameter, as a message.
fn reason(inventory: &Inventory<'_>, index: usize, parameter: &Parameter, names: &BTreeSet<&str>) -> Text {
    let study = inventory.study;
    let name = parameter.name.as_str();
    if !names.contains(name) {
        let text = say!("没有方法使用这一名称", "no method uses this name");
        let close = close_names(study, parameter);
        let Some(near) = nearest(name, close).or_else(|| nearest(name, names.iter().copied())) else { return text };
        let Text { zh, en } = text;
        return say!("{zh}；最接近的名称：'{near}'", "{en}; the nearest one is '{near}'");
    }
    let rows = match rows(study, parameter) {
        Ok(rows) => rows,
        Err(text) => return text,
    };
    if let Some(pollutant) = parameter.pollutant.filter(|own| !study.settings.pollutants.contains(own)) {
        let code = study.words.pollutants.code(pollutant);
        return say!("本研究不计算 {code}", "the study does not count {code}");
    }
    let classes: BTreeSet<u32> = rows.iter().map(|row| inventory.matches.class_of[*row]).collect();
    let users = users(study, name);
    (replaced(inventory, &classes, index, parameter))
        .or_else(|| lacking(inventory, &classes, &users, parameter))
        .or_else(|| outranked(inventory, &classes, &users))
        .unwrap_or_else(|| other_methods(study, &users))
}

/// One part of a parameter's key: its column, whether a row of the activity fits it, and what it says.
type KeyPart<'a> = (&'static str, Box<dyn Fn(usize) -> bool + 'a>, String);

/// The rows with a number that a parameter's key fits, or the first part of the key that leaves none.
fn rows(study: &Study, parameter: &Parameter) -> Result<Vec<usize>, Text> {
    let activity = &study.activity;
    let has_number = |row: &usize| !activity.notations.contains_key(&(*row as u32));
    let mut left: Vec<usize> = (0..activity.own).filter(has_number).collect();
    let mut narrowed = false;
    for (column, fits, value) in parts(study, parameter) {
        let kept: Vec<usize> = left.iter().copied().filter(|row| fits(*row)).collect();
        if kept.is_empty() {
            return Err(without_rows(activity, column, &value, &left, narrowed));
        }
        narrowed |= kept.len() < left.len();
        left = kept;
    }
    Ok(left)
}

fn parts<'a>(study: &'a Study, parameter: &'a Parameter) -> Vec<KeyPart<'a>> {
    let (activity, words) = (&study.activity, &study.words);
    let mut parts: Vec<KeyPart<'a>> = Vec::new();
    if let Some(prefix) = parameter.category {
        let code = words.categories.code(prefix);
        let holds = move |row: usize| category::holds(code, words.categories.code(activity.category[row] as usize));
        parts.push(("category", Box::new(holds), code.to_string()));
    }
    if let Some(item) = parameter.item {
        let code = words.items.code(item).to_string();
        parts.push(("item", Box::new(move |row| activity.item[row] as usize == item), code));
    }
    if let Some(area) = parameter.area {
        let holds = move |row: usize| words.areas.ancestors(activity.area[row] as usize).contains(&area);
        parts.push(("area", Box::new(holds), words.areas.code(area).to_string()));
    }
    if !parameter.technology.is_empty() {
        let word = &parameter.technology;
        parts.push(("technology", Box::new(move |row| activity.word(activity.technology[row]) == word), word.clone()));
    }
    if !parameter.source.is_empty() {
        let word = &parameter.source;
        parts.push(("source", Box::new(move |row| activity.word(activity.source[row]) == word), word.clone()));
    }
    if parameter.year_from.or(parameter.year_to).is_some() {
        let end = |year: Option<i32>| year.map_or(String::new(), |year| year.to_string());
        let (from, to) = (parameter.year_from.unwrap_or(i32::MIN), parameter.year_to.unwrap_or(i32::MAX));
        let years = format!("{}–{}", end(parameter.year_from), end(parameter.year_to));
        parts.push(("year", Box::new(move |row| (from..=to).contains(&activity.year[row])), years));
    }
    parts
}

/// Says which part of the key no row has, with the nearest word that rows do have there.
fn without_rows(activity: &Activity, column: &str, value: &str, left: &[usize], narrowed: bool) -> Text {
    let column_of = match column {
        "technology" => Some(&activity.technology),
        "source" => Some(&activity.source),
        _ => None,
    };
    let words: BTreeSet<&str> =
        column_of.into_iter().flat_map(|cells| left.iter().map(|row| activity.word(cells[*row]))).collect();
    let (rest_zh, rest_en) = if narrowed {
        ("在其余各列相符的活动数据中，", " that fits its other columns")
    } else {
        ("", "")
    };
    let Text { zh, en } =
        say!("{rest_zh}没有 {column} 为 '{value}' 的数据行", "no activity row{rest_en} has the {column} '{value}'");
    let Some(near) = nearest(value, words.into_iter().filter(|word| !word.is_empty())) else {
        return Text { zh, en };
    };
    say!("{zh}；最接近的是 '{near}'", "{en}; the nearest is '{near}'")
}

/// The methods that a name enters, through derived parameters too.
fn users<'a>(study: &'a Study, name: &'a str) -> HashMap<usize, &'a Method> {
    let mut entered: BTreeSet<&str> = BTreeSet::from([name]);
    let mut users: HashMap<usize, &Method> = HashMap::default();
    loop {
        let before = users.len();
        for (index, method) in study.methods.iter().enumerate() {
            if method.uses.iter().any(|used| entered.contains(used.name.as_str())) {
                users.insert(index, method);
                if method.outcome != MethodResult::Emitted {
                    entered.insert(method.outcome.word());
                }
            }
        }
        if users.len() == before {
            return users;
        }
    }
}

/// A method would use it and lacks other parameters.
fn lacking(
    inventory: &Inventory<'_>,
    classes: &BTreeSet<u32>,
    users: &HashMap<usize, &Method>,
    parameter: &Parameter,
) -> Option<Text> {
    let (study, matches) = (inventory.study, &inventory.matches);
    let of_rows = matches.bindings.iter().filter(|binding| classes.contains(&binding.class));
    let rejected = of_rows.flat_map(|binding| binding.rejected.iter().map(|passed| (binding.class, passed)));
    let would = rejected.filter(|(_, passed)| users.contains_key(&passed.method) && !passed.missing.is_empty());
    let would = would.min_by_key(|(_, passed)| passed.missing.len());
    if let Some((class, passed)) = would {
        let row = study.activity.reference_of(matches.first_row[class as usize] as usize);
        let (code, missing) = (&study.methods[passed.method].code, passed.missing.join(", "));
        return Some(say!(
            "方法 '{code}' 会用它，但缺少 {missing}，改用了其他方法（{row}）",
            "the method '{code}' would use it, but lacks {missing}, so another is used ({row})"
        ));
    }
    let is_of = |own: Option<usize>| parameter.pollutant.is_none() || own == parameter.pollutant;
    let gaps = matches.gaps.iter().filter(|gap| classes.contains(&gap.class) && is_of(gap.pollutant));
    let mut lacks = gaps.filter_map(|gap| match &gap.lack {
        MissingReason::Parameters { missing, .. } => Some((gap, missing)),
        _ => None,
    });
    let (gap, missing) = lacks.find(|(gap, _)| would_serve(inventory, gap, users))?;
    let row = study.activity.reference_of(matches.first_row[gap.class as usize] as usize);
    let (pollutant, missing) =
        (gap.pollutant.map_or("", |index| study.words.pollutants.code(index)), missing.join(", "));
    Some(say!(
        "{row} 的 {pollutant} 还缺少 {missing}，是空缺",
        "{pollutant} of {row} also lacks {missing} and is a gap"
    ))
}

/// Whether one of the methods would fill a gap.
fn would_serve(inventory: &Inventory<'_>, gap: &ClassGap, users: &HashMap<usize, &Method>) -> bool {
    let (study, class) = (inventory.study, &inventory.matches.classes[gap.class as usize]);
    let case = MethodScope {
        category: study.words.categories.code(class.category as usize),
        item: class.item as usize,
        technology: study.activity.word(class.technology),
        amount: class.amount,
    };
    let prefix = |method: &Method| method.category.map_or("", |index| study.words.categories.code(index));
    let fits = |method: &&&Method| method.outcome == MethodResult::Emitted && method.fits(prefix(method), case);
    users.values().filter(fits).any(|method| gap.pollutant.is_none_or(|pollutant| method.serves(pollutant)))
}

/// Another value of the name is more specific for all rows that it holds for.
fn replaced(inventory: &Inventory<'_>, classes: &BTreeSet<u32>, index: usize, parameter: &Parameter) -> Option<Text> {
    let (study, matches) = (inventory.study, &inventory.matches);
    let of_rows = matches.bindings.iter().filter(|binding| classes.contains(&binding.class));
    let mut others = of_rows.flat_map(|binding| {
        let chains = binding.generated.as_deref().into_iter().chain([&binding.emitted]);
        let found = chains.flat_map(ResolvedMethod::parameters).filter(|(name, _)| *name == parameter.name);
        found.map(move |(_, other)| (binding, other)).collect::<Vec<_>>()
    });
    let (binding, other) = others.next()?;
    let class = &matches.classes[binding.class as usize];
    let seeker = matching::seeker(study, class);
    let year = binding.emission_year.unwrap_or(class.year);
    let lost = study.ladder.rejected(other, &[other, index], &seeker, year, Some(binding.pollutant)).into_iter().next();
    let (row, place) = (
        study.activity.reference_of(matches.first_row[binding.class as usize] as usize),
        &study.ladder.parameters[other].place,
    );
    let Text { zh: why_zh, en: why_en } = lost.map_or_else(Text::default, |(_, text)| text);
    Some(say!(
        "{row} 用的是 {place} 的值，更为具体（此值{why_zh}）",
        "{row} uses the value of {place}, which is more specific (this one {why_en})"
    ))
}

/// Methods of a better rank were used in place of those that would use it.
fn outranked(inventory: &Inventory<'_>, classes: &BTreeSet<u32>, users: &HashMap<usize, &Method>) -> Option<Text> {
    let (study, matches) = (inventory.study, &inventory.matches);
    let mut of_rows = matches.bindings.iter().filter(|binding| classes.contains(&binding.class));
    let (binding, passed) = of_rows.find_map(|binding| {
        let passed = binding.rejected.iter().find(|passed| users.contains_key(&passed.method))?;
        Some((binding, passed))
    })?;
    let (code, used) = (&study.methods[passed.method].code, &study.methods[binding.emitted.method].code);
    Some(say!(
        "优先使用方法 '{used}'，而不是会用它的 '{code}'",
        "the method '{used}' comes before '{code}', which would use it"
    ))
}

/// No method of the rows uses it.
fn other_methods(study: &Study, users: &HashMap<usize, &Method>) -> Text {
    let of = |method: &&Method| method.category.map_or("*", |index| study.words.categories.code(index));
    let categories: BTreeSet<&str> = users.values().map(of).collect();
    const SHOWN: usize = 8;
    let more = if categories.len() > SHOWN { ", …" } else { "" };
    let categories = categories.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
    say!(
        "它所适用的数据行没有使用它的方法（使用它的方法属于类别 {categories}{more}）",
        "no method of the rows that it holds for uses it (those that do are of {categories}{more})"
    )
}
