//! `study.toml`: area, years and the choices that every output repeats.

use super::vocabulary::Vocabulary;
use crate::category::TrendEdition;
use crate::error::{Diagnostic, Diagnostics, Place, Result, nearest};
use crate::parameter::{LOCAL_SET, LookupKey, is_of_set};
use crate::pollutant::Gwp;
use crate::say;
use crate::toml_document::{self, Section, TomlValue};

/// The study's choices.
#[derive(Debug, Clone)]
pub struct Settings {
    pub title: String,
    pub area: usize,
    /// The years that are reported, ascending.
    pub years: Vec<i32>,
    pub base_year: i32,
    /// The year whose emissions the register of reduction projects lowers.
    pub register_base_year: i32,
    /// Sets of the library, in order of preference.
    pub sets: Vec<String>,
    pub gwp: Option<Gwp>,
    /// Indices of the pollutants that are wanted.
    pub pollutants: Vec<usize>,
    /// Parameters whose last value stands for later years too.
    pub carries: Vec<Carry>,
    /// Identities to take changes apart by, as written and where; `None` where the study does not say.
    pub identities: Option<Vec<(String, Place)>>,
    /// The edition by which trends of categories are assessed.
    pub key_categories: TrendEdition,
}

/// A line of `carry`: a parameter, and the category, item, area or pollutant that it is carried on for.
#[derive(Debug, Clone)]
pub struct Carry {
    pub text: String,
    pub place: Place,
    pub parameter: String,
    pub category: Option<usize>,
    pub item: Option<usize>,
    pub area: Option<usize>,
    pub pollutant: Option<usize>,
}

impl Carry {
    /// Whether the value of a parameter is carried on for the rows that are looked for.
    pub fn holds(&self, parameter: &str, seeker: &LookupKey<'_>, pollutant: Option<usize>) -> bool {
        self.parameter == parameter
            && self.category.is_none_or(|prefix| seeker.categories.iter().any(|(holds, _)| *holds == prefix))
            && self.item.is_none_or(|item| item == seeker.item)
            && self.area.is_none_or(|area| seeker.areas.contains(&area))
            && self.pollutant.is_none_or(|own| Some(own) == pollutant)
    }
}

/// Keys of `study.toml`.
pub const KEYS: [&str; 12] = [
    "title",
    "area",
    "years",
    "base_year",
    "register_base_year",
    "sets",
    "gwp",
    "pollutants",
    "carry",
    "identity",
    "note",
    "key_categories",
];

pub(super) fn read(file: &str, bytes: &[u8], words: &Vocabulary) -> Result<Settings> {
    let root = toml_document::parse(file, bytes)?;
    let mut faults = Diagnostics::default();
    let Some(section) = root.section(file, "") else {
        return Err(Diagnostic::new(Place::file(file), say!("文件是空的", "the file is empty")).into());
    };
    section.only(&KEYS, &mut faults);
    let area = section.required_text("area", &mut faults).and_then(|text| match words.areas.find(text) {
        Ok(area) => Some(area),
        Err(cause) => {
            faults.push(section.fault("area", cause).nearest(words.areas.nearest(text)));
            None
        }
    });
    let years = years(section, &mut faults);
    let base_year = section.year("base_year", &mut faults);
    let register_base_year = section.year("register_base_year", &mut faults);
    let sets = section.texts("sets", &mut faults).unwrap_or_default();
    let known = |set: &str| set == LOCAL_SET || words.sets.iter().any(|known| is_of_set(set, known));
    for set in sets.iter().filter(|set| !known(set)) {
        let text = say!(
            "因子库与本地参数中没有因子集 '{set}'",
            "no parameter, of the library or the study, is of the set '{set}'"
        );
        faults.push(section.fault("sets", text).nearest(nearest(set, words.sets.iter().map(String::as_str))));
    }
    let gwp = gwp(section, words, &mut faults);
    let pollutants = pollutants(section, words, &mut faults);
    let first = years.first().copied().unwrap_or(0);
    let settings = Settings {
        title: section.text("title", &mut faults).unwrap_or("").to_string(),
        area: area.unwrap_or(0),
        base_year: base_year.unwrap_or(first),
        register_base_year: register_base_year.or(base_year).unwrap_or(first),
        years,
        sets: sets.iter().map(|set| set.to_string()).collect(),
        gwp,
        pollutants,
        carries: carries(section, words, &mut faults),
        identities: identities(section, &mut faults),
        key_categories: edition(section, &mut faults),
    };
    faults.into_result(settings)
}

/// `[2015, 2020]` or `"2015-2020"`, ascending, each once.
fn years(section: Section<'_>, faults: &mut Diagnostics) -> Vec<i32> {
    let expected = say!("这里应为年份列表或 \"2015-2020\"", "expected a list of years or \"2015-2020\"");
    let Some(entry) = section.get("years") else {
        faults.push(section.fault("years", say!("缺少此键", "this key is missing")));
        return Vec::new();
    };
    let span = |text: &str| -> Option<Vec<i32>> {
        let (from, to) = text.split_once(['-', '–', '—', '~']).unwrap_or((text, text));
        let year = |text: &str| text.trim().parse::<i32>().ok().filter(|year| (1800..=2200).contains(year));
        let (from, to) = (year(from)?, year(to)?);
        (from <= to).then(|| (from..=to).collect())
    };
    let years = match &entry.value {
        TomlValue::Text(text) => span(text),
        TomlValue::Number(_) => toml_document::whole_year(entry).map(|year| vec![year]),
        TomlValue::List(list) => list.iter().map(toml_document::whole_year).collect(),
        _ => None,
    };
    let mut years = years.unwrap_or_default();
    years.sort_unstable();
    years.dedup();
    if years.is_empty() {
        faults.push(section.fault("years", expected));
    }
    years
}

fn gwp(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Option<Gwp> {
    let name = section.text("gwp", faults)?;
    let found = words.gwp.iter().find(|gwp| gwp.set == name);
    if found.is_none() {
        // The values of two sets differ: none is nearer to an unknown one than another.
        let sets = words.gwp.iter().map(|gwp| gwp.set.as_str()).collect::<Vec<_>>().join(", ");
        let fault = section.fault("gwp", say!("没有 GWP 集 '{name}'", "there is no GWP set '{name}'"));
        faults.push(fault.hint(say!("应为 {sets}", "expected one of {sets}")));
    }
    found.cloned()
}

/// `carry = ["emission_factor P.1"]`: a parameter's name, and after it words that say for what.
fn carries(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Vec<Carry> {
    let mut carries = Vec::new();
    for text in section.texts("carry", faults).unwrap_or_default() {
        let mut parts = text.split_whitespace();
        let Some(parameter) = parts.next() else {
            let hint = say!("如 carry = [\"emission_factor P.1\"]", "such as carry = [\"emission_factor P.1\"]");
            faults.push(section.fault("carry", say!("缺少参数名", "the name of a parameter is missing")).hint(hint));
            continue;
        };
        let (parameter, text) = (parameter.to_string(), text.to_string());
        let mut carry = Carry {
            text,
            place: section.place("carry"),
            parameter,
            category: None,
            item: None,
            area: None,
            pollutant: None,
        };
        for word in parts {
            if let Err(fault) = narrow(&mut carry, word, words) {
                faults.push(*fault);
            }
        }
        carries.push(carry);
    }
    carries
}

/// Takes a word of a carry for a category, an item, an area or a pollutant, in this order, each at most once.
fn narrow(carry: &mut Carry, word: &str, words: &Vocabulary) -> std::result::Result<(), Box<Diagnostic>> {
    let slots = [&mut carry.category, &mut carry.item, &mut carry.area, &mut carry.pollutant];
    let found = [
        words.categories.find(word).ok(),
        words.items.find(word).ok(),
        words.areas.find(word).ok(),
        words.pollutants.find(word).ok(),
    ];
    let free = slots.into_iter().zip(found).find(|(slot, found)| slot.is_none() && found.is_some());
    if let Some((slot, found)) = free {
        *slot = found;
        return Ok(());
    }
    if found.iter().any(Option::is_some) {
        let text = say!("'{word}' 之前已写过一个同类的词", "'{word}' is the second word of its kind");
        let hint = say!("另写一行：carry = [\"…\", \"…\"]", "give it a line of its own: carry = [\"…\", \"…\"]");
        return Err(Box::new(Diagnostic::new(carry.place.clone(), text).hint(hint)));
    }
    let near = words.categories.nearest(word).or_else(|| words.items.nearest(word));
    let text = say!("'{word}' 不是类别、项目、地区或污染物", "'{word}' is no category, item, area or pollutant");
    Err(Box::new(Diagnostic::new(carry.place.clone(), text).nearest(near)))
}

/// `key_categories = "2006"` or `"2019"`, the edition of the guidelines.
fn edition(section: Section<'_>, faults: &mut Diagnostics) -> TrendEdition {
    let Some(entry) = section.get("key_categories") else { return TrendEdition::default() };
    let number = entry.number().map(|number| number.to_string());
    let word = number.as_deref().or(entry.text()).unwrap_or("");
    TrendEdition::ALL.into_iter().find(|edition| edition.word() == word).unwrap_or_else(|| {
        let text = say!("应为 \"2006\" 或 \"2019\"", "expected \"2006\" or \"2019\"");
        faults.push(section.fault("key_categories", text));
        TrendEdition::default()
    })
}

/// `identity = "CO2 = …"`, or a list of such.
fn identities(section: Section<'_>, faults: &mut Diagnostics) -> Option<Vec<(String, Place)>> {
    let entry = section.get("identity")?;
    let place = section.place("identity");
    let texts = match entry.text() {
        Some(text) => vec![text],
        None => section.texts("identity", faults)?,
    };
    Some(texts.into_iter().map(|text| (text.to_string(), place.clone())).collect())
}

/// The pollutants wanted; all that are no memo where the study does not say.
fn pollutants(section: Section<'_>, words: &Vocabulary, faults: &mut Diagnostics) -> Vec<usize> {
    let Some(names) = section.texts("pollutants", faults) else {
        return words.pollutants.iter().filter(|(_, p)| p.kind != "memo").map(|(index, _)| index).collect();
    };
    if names.is_empty() {
        let hint = say!("删去此键，则计算全部污染物", "leave the key out: all pollutants are then estimated");
        faults.push(section.fault("pollutants", say!("列表是空的", "the list is empty")).hint(hint));
    }
    let mut wanted = Vec::new();
    for name in names {
        match words.pollutants.find(name) {
            Ok(index) if !wanted.contains(&index) => wanted.push(index),
            Ok(_) => {}
            Err(cause) => faults.push(section.fault("pollutants", cause).nearest(words.pollutants.nearest(name))),
        }
    }
    wanted.sort_unstable();
    wanted
}
