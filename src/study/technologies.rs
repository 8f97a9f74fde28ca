//! `technologies.csv`, and the words of the activity that are none of its own.

use super::folder::File;
use super::vocabulary::{Vocabulary, codebook, tables};
use crate::activity::Activity;
use crate::category;
use crate::code::aliases;
use crate::error::{Diagnostic, Diagnostics, Text};
use crate::method::Method;
use crate::parameter::Parameter;
use crate::say;
use crate::schema;
use crate::table::Row;
use crate::technology::{Technologies, Technology};
use foldhash::{HashMap, HashSet};

/// Reads `technologies.csv` of the library and the study.
pub(super) fn read(files: &[File], faults: &mut Diagnostics, notices: &mut Vec<Text>) -> Technologies {
    let tables = tables(files, "technologies", &schema::TECHNOLOGIES, faults);
    codebook(&tables, "technology", faults, notices, technology)
}

fn technology(row: Row<'_>, _: &mut Diagnostics) -> Technology {
    let text = |column| row.text(column).to_string();
    Technology {
        code: text("technology"),
        name_zh: text("name_zh"),
        name_en: text("name_en"),
        aliases: aliases(row.text("aliases")),
        categories: aliases(row.text("categories")),
    }
}

/// A word of the activity that nothing of its category knows, with the first row that has it there and how many do.
struct Idle {
    category: u32,
    item: u32,
    word: u32,
    row: usize,
    count: usize,
}

/// Words of the column `technology` that have no meaning in their row's category: a fault where a method of the category goes by
/// technology, for the row would silently be counted by another; elsewhere a notice.
pub(super) fn check(
    activity: &Activity,
    methods: &[Method],
    parameters: &[Parameter],
    words: &mut Vocabulary,
    faults: &mut Diagnostics,
) {
    let mut notices = Vec::new();
    for idle in idle(activity, &uses(methods, parameters, words), words) {
        let name = activity.word(idle.word);
        let code = words.categories.code(idle.category as usize);
        let by_technology = methods.iter().any(|method| {
            let prefix = method.category.map_or("", |index| words.categories.code(index));
            let fits = (prefix.is_empty() || category::holds(prefix, code))
                && method.item.is_none_or(|own| own == idle.item as usize);
            !method.technology.is_empty() && fits
        });
        let place = activity.place(idle.row, "technology");
        let (what, remedy) = (meaningless(words, name, code), remedy(words, name, code));
        if by_technology {
            let Text { zh, en } = what;
            let text = say!("{zh}，而此类别的方法区分技术", "{en}, and the methods of this category go by technology");
            faults.push(Diagnostic::new(place, text).hint(remedy));
        } else {
            let (Text { zh, en }, count) = (what, idle.count);
            let Text { zh: remedy_zh, en: remedy_en } = remedy;
            notices.push(say!(
                "{place}：{zh}，没有方法或参数区分它（共 {count} 行）；{remedy_zh}",
                "{place}: {en}, and no method or parameter goes by it (rows: {count}); {remedy_en}"
            ));
        }
    }
    words.notices.extend(notices);
}

/// The error of a word: it is unknown, or defined for other categories only.
fn meaningless(words: &Vocabulary, name: &str, code: &str) -> Text {
    match words.technologies.find(name) {
        Ok(index) if !words.technologies.get(index).categories.is_empty() => {
            let own = words.technologies.get(index).categories.join(", ");
            say!(
                "技术 '{name}' 属于类别 {own}，对类别 {code} 没有含义",
                "the technology '{name}' is of {own} and means nothing in {code}"
            )
        }
        _ => say!("不认识技术 '{name}'（类别 {code}）", "the technology '{name}' is not known in {code}"),
    }
}

fn remedy(words: &Vocabulary, name: &str, code: &str) -> Text {
    let own = say!(
        "自定的技术写入研究的 technologies.csv；不区分技术时留空",
        "a technology of your own goes into technologies.csv of the study; leave the cell empty where none is meant"
    );
    let Some(near) = words.technologies.nearest_of(name, code) else { return own };
    let Text { zh, en } = own;
    say!("此类别最接近的技术：'{near}'；{zh}", "the nearest technology of this category is '{near}'; {en}")
}

/// In which categories each word is used by a method, a parameter or a rule of a crosswalk; an empty code is every category.
type Uses<'a> = HashMap<&'a str, HashSet<&'a str>>;

fn uses<'a>(methods: &'a [Method], parameters: &'a [Parameter], words: &'a Vocabulary) -> Uses<'a> {
    let rules = words.schemes.iter().flat_map(|scheme| &scheme.rules);
    let used = (methods.iter().map(|method| (method.technology.as_str(), method.category)))
        .chain(parameters.iter().map(|parameter| (parameter.technology.as_str(), parameter.category)))
        .chain(rules.map(|rule| (rule.technology.as_str(), rule.category)));
    let mut uses: Uses<'a> = HashMap::default();
    for (word, category) in used.filter(|(word, _)| !word.is_empty()) {
        uses.entry(word).or_default().insert(category.map_or("", |index| words.categories.code(index)));
    }
    uses
}

/// The words without a meaning in a category, for each item, in the order of their first rows.
fn idle(activity: &Activity, uses: &Uses<'_>, words: &Vocabulary) -> Vec<Idle> {
    let means_something = |word: u32, category: u32| {
        let (word, code) = (activity.word(word), words.categories.code(category as usize));
        let declared = || words.technologies.index(word).map(|index| words.technologies.get(index));
        word.is_empty()
            || uses.get(word).is_some_and(|used| used.iter().any(|own| category::overlap(own, code)))
            || declared().is_some_and(|technology| technology.is_of(code))
    };
    let mut found: HashMap<(u32, u32, u32), Idle> = HashMap::default();
    let mut known: HashMap<(u32, u32), bool> = HashMap::default();
    for row in 0..activity.own {
        let (category, item, word) = (activity.category[row], activity.item[row], activity.technology[row]);
        if !*known.entry((word, category)).or_insert_with(|| means_something(word, category)) {
            let first = Idle { category, item, word, row, count: 0 };
            found.entry((category, item, word)).or_insert(first).count += 1;
        }
    }
    let mut found: Vec<Idle> = found.into_values().collect();
    found.sort_by_key(|idle| idle.row);
    found
}
