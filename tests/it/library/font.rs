//! Whether the fonts of the charts have every character of the names that may stand in a chart.

use crate::library::{library, none, tables};
use qingdan::code::Coded;
use std::path::Path;

const FONTS: [(&str, &[u8]); 2] = [
    ("regular", include_bytes!("../../../src/plot/fonts/QingdanSansSC-Regular.ttf")),
    ("bold", include_bytes!("../../../src/plot/fonts/QingdanSansSC-Bold.ttf")),
];

#[test]
fn every_name_can_be_drawn() {
    let mut violations = Vec::new();
    for (weight, bytes) in FONTS {
        let font = Characters::of(bytes);
        for (place, name) in names() {
            let missing: String = name.chars().filter(|&c| !font.has(c)).collect();
            if !missing.is_empty() {
                violations.push(format!("{place}: {weight} lacks '{missing}' of '{name}'"));
            }
        }
    }
    none("names in the chart's font", &violations);
}

#[test]
fn the_font_is_read_as_it_should() {
    let font = Characters::of(FONTS[0].1);
    for (character, has) in
        [('煤', true), ('A', true), ('，', true), ('₂', true), ('\u{10fffd}', false), ('\u{e000}', false)]
    {
        assert_eq!(font.has(character), has, "{character:?}");
    }
}

/// Chinese and English names of the library, and of the tables that the shipped studies bring.
fn names() -> Vec<(String, String)> {
    let (words, _) = library();
    let mut names = Vec::new();
    let mut add = |entry: &dyn Coded| {
        names.extend([entry.name_zh(), entry.name_en()].map(|name| (entry.code().to_string(), name.to_string())));
    };
    words.items.iter().for_each(|(_, entry)| add(entry));
    words.areas.iter().for_each(|(_, entry)| add(entry));
    words.categories.iter().for_each(|(_, entry)| add(entry));
    words.pollutants.iter().for_each(|(_, entry)| add(entry));
    words.kinds.iter().for_each(|(_, entry)| add(entry));
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for study in std::fs::read_dir(scenarios).expect("the shipped studies").map(|entry| entry.expect("an entry").path())
    {
        for table in ["items", "areas", "categories", "pollutants"] {
            let file = study.join(format!("{table}.csv"));
            let rows =
                std::fs::read(&file).map(|bytes| tables::of(&file.to_string_lossy(), &bytes)).unwrap_or_default();
            names.extend(rows.iter().map(|row| (row.place.clone(), row.get("name_zh").to_string())));
        }
    }
    names
}

/// The ranges of characters in a font's table `cmap`, by formats 4 and 12 of the OpenType specification.
struct Characters(Vec<(u32, u32)>);

impl Characters {
    fn of(font: &[u8]) -> Self {
        let count = usize::from(short(font, 4));
        let entry = (0..count).map(|index| 12 + index * 16).find(|&at| &font[at..at + 4] == b"cmap").expect("a cmap");
        let cmap = &font[long(font, entry + 8) as usize..];
        let mut ranges = Vec::new();
        for index in 0..usize::from(short(cmap, 2)) {
            let table = &cmap[long(cmap, 4 + index * 8 + 4) as usize..];
            match short(table, 0) {
                4 => ranges.extend(segments(table)),
                12 => ranges.extend(
                    (0..long(table, 12) as usize)
                        .map(|group| (long(table, 16 + group * 12), long(table, 16 + group * 12 + 4))),
                ),
                _ => {}
            }
        }
        assert!(!ranges.is_empty(), "the font has a cmap of format 4 or 12");
        Self(ranges)
    }

    fn has(&self, character: char) -> bool {
        self.0.iter().any(|&(first, last)| (first..=last).contains(&u32::from(character)))
    }
}

/// The segments of format 4, character by character where glyphs are looked up, so that holes are none.
fn segments(table: &[u8]) -> Vec<(u32, u32)> {
    let size = usize::from(short(table, 6));
    let mut found = Vec::new();
    for at in (0..size).step_by(2) {
        let (end, start) = (short(table, 14 + at), short(table, 16 + size + at));
        let (delta, offset) = (short(table, 16 + 2 * size + at), short(table, 16 + 3 * size + at));
        for character in start..=end.min(0xfffe) {
            let glyph = match offset {
                0 => character.wrapping_add(delta),
                _ => short(table, 16 + 3 * size + at + usize::from(offset) + 2 * usize::from(character - start)),
            };
            if glyph != 0 {
                found.push((u32::from(character), u32::from(character)));
            }
        }
    }
    found
}

fn short(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from(short(bytes, at)) << 16 | u32::from(short(bytes, at + 2))
}
