//! Inputs as people call them: names in the place of codes, in both languages.

use super::{Study, name};
use crate::error::Text;
use crate::parameter::Parameter;

/// A parameter with what it holds for: `emission_factor（水稻，CH4）`.
pub fn parameter(study: &Study, parameter: &Parameter) -> Text {
    let words = &study.words;
    let of = |zh: bool| {
        let parts = [
            parameter.pollutant.map(|index| words.pollutants.code(index).to_string()),
            parameter.item.map(|index| name(&words.items, index, zh).to_string()),
            parameter.category.map(|index| name(&words.categories, index, zh).to_string()),
            Some(parameter.technology.clone()),
            Some(parameter.source.clone()),
            parameter.area.map(|index| name(&words.areas, index, zh).to_string()),
        ];
        named(&parameter.name, parts.into_iter().flatten(), zh)
    };
    Text { zh: of(true), en: of(false) }
}

/// The activity of a category and item, and what tells it from others: `活动水平（薪柴，城乡居民生活，农村居民）`.
pub fn activity(study: &Study, category: usize, item: usize, apart: &[&str]) -> Text {
    let words = &study.words;
    let of = |zh: bool| {
        let (item, category) = (name(&words.items, item, zh), name(&words.categories, category, zh));
        let parts = [item, category].into_iter().chain(apart.iter().copied()).map(str::to_string);
        named(if zh { "活动水平" } else { "activity" }, parts, zh)
    };
    Text { zh: of(true), en: of(false) }
}

fn named(name: &str, parts: impl Iterator<Item = String>, zh: bool) -> String {
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    match (parts.is_empty(), zh) {
        (true, _) => name.to_string(),
        (false, true) => format!("{name}（{}）", parts.join("，")),
        (false, false) => format!("{name} ({})", parts.join(", ")),
    }
}
