//! The words that officers read. A text stands once, at its place of use, in Chinese and English side by side; what is collected here is the
//! catalogue of all of them (docs/words.md), so that both languages can be read and mended in one place. No entry can be unused: it would
//! be dead code.

use super::source::{Source, without_tests};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A text in both languages, with the file that says it.
pub struct Entry {
    pub path: String,
    pub line: usize,
    pub zh: String,
    pub en: String,
}

/// Files in which Chinese is data (headings of tables that are read, units, answers), and is not said to anyone.
const DATA: [&str; 16] = [
    "src/schema.rs",
    "src/unit.rs",
    "src/unit/text.rs",
    "src/study/vocabulary.rs",
    "src/study/ranges.rs",
    "src/study/parameters.rs",
    "src/study/economies.rs",
    "src/analysis/intensity.rs",
    "src/cli.rs",
    "src/plot/text_layout.rs",
    "src/study/activities.rs",
    "src/activity.rs",
    "src/error.rs",
    "src/table/number_text.rs",
    "src/table/percent_cells.rs",
    // The name of the other language, in that language.
    "src/page/words.rs",
];

/// Units of data, wherever they are named.
const UNITS: [&str; 2] = ["万元@", "元"];

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn literal(token: &str) -> Option<String> {
    syn::parse_str::<syn::LitStr>(token).ok().map(|literal| literal.value())
}

/// The literal that stands beside the one at `index`: after a comma, or in the other branch of an `if`.
fn beside(source: &Source, mut index: usize) -> Option<String> {
    index += 1;
    while source.word(index) == "." {
        // `.to_string()`, `.into()`
        index += 4;
    }
    let next = match (source.word(index), source.word(index + 1), source.word(index + 2)) {
        (",", ..) => index + 1,
        ("}", "else", "{") => index + 3,
        _ => return None,
    };
    // format!("…"), String::from("…")
    let inner = (next..next + 6).find(|at| literal(source.word(*at)).is_some())?;
    literal(source.word(inner))
}

/// All texts of the program, and the Chinese ones that stand alone.
pub fn collect(sources: &[Source]) -> (Vec<Entry>, Vec<String>) {
    let (mut entries, mut alone) = (Vec::new(), Vec::new());
    for source in without_tests(sources).filter(|source| !source.path.ends_with("tests.rs")) {
        let mut documented = false;
        for (index, piece) in source.pieces.iter().enumerate() {
            // `#[doc = "…"]` and `#[arg(help = "…")]` are attributes with one text of both languages.
            documented = (documented || piece.text == "#") && piece.text != "]";
            let Some(zh) = literal(&piece.text).filter(|text| is_chinese(text) && !documented) else { continue };
            match beside(source, index).filter(|en| !is_chinese(en)) {
                Some(en) => entries.push(Entry { path: source.path.clone(), line: piece.line, zh, en }),
                None if DATA.contains(&source.path.as_str()) || UNITS.contains(&zh.as_str()) => {}
                None => alone.push(source.at(piece.line, &format!("'{zh}' has no English beside it"))),
            }
        }
    }
    (entries, alone)
}

/// The names in braces.
fn holes(text: &str) -> BTreeSet<String> {
    let text = text.replace("{{", "").replace("}}", "");
    let parts = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts.map(|(hole, _)| hole.split(':').next().unwrap_or_default().to_string()).collect()
}

/// Texts that one language leaves empty or that speak of other things than the other.
pub fn unlike(entries: &[Entry]) -> Vec<String> {
    let mut violations = Vec::new();
    for entry in entries {
        let own = |hole: &String| !["zh", "en"].iter().any(|word| hole.starts_with(word) || hole.ends_with(word));
        let [zh, en] = [&entry.zh, &entry.en].map(|text| holes(text).into_iter().filter(own).collect::<BTreeSet<_>>());
        let missing: Vec<&String> = zh.symmetric_difference(&en).collect();
        if !missing.is_empty() {
            violations.push(format!("{}:{}: only in one language: {missing:?}", entry.path, entry.line));
        }
    }
    violations
}

/// docs/words.md.
pub fn page(entries: &[Entry]) -> String {
    let mut page = String::from(
        "# Words\n\nWhat the program says, in Chinese and English. Collected from the source, where both stand side by side; change them there and \
         write this page anew: `INSTA_UPDATE=always cargo test --test it house`.\n",
    );
    let mut files: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for entry in entries {
        files.entry(&entry.path).or_default().insert((&entry.zh, &entry.en));
    }
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ").replace("  ", " ");
    for (path, texts) in files {
        _ = write!(page, "\n## {path}\n\n| 中文 | English |\n|---|---|\n");
        texts.iter().for_each(|(zh, en)| _ = writeln!(page, "| {} | {} |", cell(zh).trim(), cell(en).trim()));
    }
    page
}
