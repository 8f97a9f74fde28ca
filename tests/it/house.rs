//! The house rules of the design, read off the source itself: every rule names all its violations with file and line.

mod source;

mod names;

mod order;

mod size;

mod manifest;

mod words;

use source::Source;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the program.
fn program() -> Vec<Source> {
    source::read(root(), "src")
}

/// All Rust files of the repository.
fn everything() -> Vec<Source> {
    ["src", "tests", "benches"].into_iter().flat_map(|folder| source::read(root(), folder)).collect()
}

fn none(rule: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{rule}: {} violations\n{}", violations.len(), violations.join("\n"));
}

#[test]
fn a_module_uses_only_what_stands_above_it() {
    none("module order of src/lib.rs", &order::violations(&program()));
}

#[test]
fn files_lie_at_most_two_deep_and_none_is_mod_rs() {
    none("layout of src", &order::misplaced(&program()));
}

#[test]
fn nothing_is_named_utils() {
    none("names", &order::misnamed(&everything()));
}

#[test]
fn a_public_type_has_a_name_of_its_own() {
    none("names of types", &names::homonyms(&program()));
}

#[test]
fn the_name_of_each_file_is_a_term_of_the_glossary() {
    let glossary = std::fs::read_to_string(root().join("docs/glossary.md")).expect("docs/glossary.md");
    none("docs/glossary.md", &names::without_term(&program(), &glossary));
}

#[test]
fn files_are_under_500_lines() {
    none("files under 500 lines", &size::long_files(&everything()));
}

#[test]
fn functions_take_at_most_5_values() {
    none("values under 6", &size::crowded_functions(&everything()));
}

#[test]
fn the_top_level_is_that_of_the_design() {
    none("top level", &manifest::top_level(root()));
}

#[test]
fn every_dependency_has_a_reason() {
    let text = std::fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    none("reasons in Cargo.toml", &manifest::unreasoned(&text));
}

#[test]
fn whatever_is_said_is_said_in_both_languages() {
    let (entries, alone) = words::collect(&program());
    assert!(entries.len() > 500, "only {} texts were found", entries.len());
    none("Chinese without English", &alone);
    none("texts that differ in what they name", &words::unlike(&entries));
}

#[test]
fn the_page_of_words_is_current() {
    let page = words::page(&words::collect(&program()).0);
    let file = root().join("docs/words.md");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&file, &page).expect("docs/words.md");
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(known == page, "docs/words.md is not current: INSTA_UPDATE=always cargo test --test it house");
}

#[test]
fn the_rule_of_words_sees_what_it_should() {
    let text = r#"fn f() {
        say!("共 {n} 项", "{n} in all");
        say!("共 {m} 项", "in all");
        let a = if zh { "吨" } else { "t" };
        let b = "只有中文";
        let c = ("已达峰".to_string(), "peaked".to_string());
    }"#;
    let (entries, alone) = words::collect(&[source::parse("src/plan.rs", text)]);
    assert_eq!(entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), [2, 3, 4, 6]);
    assert_eq!(alone.len(), 1, "{alone:?}");
    assert!(alone[0].starts_with("src/plan.rs:5"), "{alone:?}");
    assert_eq!(words::unlike(&entries).len(), 1);
}

/// A rule, sources it is shown, and on which lines of them it has to find something.
struct Shown<'a> {
    rule: fn(&[Source]) -> Vec<String>,
    files: &'a [(&'a str, &'a str)],
    found: &'a [&'a str],
}

fn check(shown: &Shown<'_>) {
    let sources: Vec<Source> = shown.files.iter().map(|(path, text)| source::parse(path, text)).collect();
    let violations = (shown.rule)(&sources);
    let places: Vec<String> =
        violations.iter().map(|text| text.splitn(3, ':').take(2).collect::<Vec<_>>().join(":")).collect();
    assert_eq!(places, shown.found, "{violations:#?}");
}

const LIB: (&str, &str) = ("src/lib.rs", "pub mod error;\npub mod unit;\npub mod cli;");

#[test]
fn the_rules_of_order_see_what_they_should() {
    let rule: fn(&[Source]) -> Vec<String> = order::violations;
    let error = ("src/error.rs", "#[macro_export]\nmacro_rules! say { () => { $crate::unit::x() } }");
    let cases = [
        Shown {
            rule,
            files: &[LIB, ("src/unit.rs", "use crate::error::Text;\nuse crate::say;")],
            found: &["src/unit.rs:2"],
        },
        Shown { rule, files: &[LIB, error], found: &["src/error.rs:2"] },
        Shown { rule, files: &[LIB, ("src/unit.rs", "fn f() {\n crate::cli::main() }")], found: &["src/unit.rs:2"] },
        Shown {
            rule,
            files: &[LIB, ("src/unit/text.rs", "use super::Unit;\nuse super::super::cli::main;")],
            found: &["src/unit/text.rs:2"],
        },
        Shown {
            rule,
            files: &[LIB, ("src/unit.rs", "mod inner { use super::x; }\nuse super::cli;")],
            found: &["src/unit.rs:2"],
        },
        Shown { rule, files: &[LIB, ("src/unit.rs", "use crate::{error::Text,\n cli};")], found: &["src/unit.rs:2"] },
        Shown { rule, files: &[LIB, ("src/unit.rs", "#[cfg(test)]\nmod tests { use crate::cli; }")], found: &[] },
        Shown { rule, files: &[LIB, ("src/cli.rs", "use crate::{unit, error};")], found: &[] },
    ];
    cases.iter().for_each(check);
}

#[test]
fn the_rules_of_size_and_names_see_what_they_should() {
    let cases = [
        Shown {
            rule: size::crowded_functions,
            files: &[(
                "src/a.rs",
                "impl A { fn f(&self, a: A, b: A, c: A, d: A, e: A) {} }\nfn g(a: A, b: A, c: A, d: A, e: A, f: A) {}\nfn h((a, b): (A, A), c: &(A, (A, A)), d: A) {}",
            )],
            found: &["src/a.rs:2", "src/a.rs:3"],
        },
        Shown {
            rule: names::homonyms,
            files: &[
                ("src/a.rs", "pub struct A;\nstruct B;\nimpl T for A { type A = u8; }"),
                ("src/b.rs", "enum A {}\nenum B {}\n#[cfg(test)]\nmod tests { pub struct A; }"),
            ],
            found: &["src/a.rs:1", "src/b.rs:1"],
        },
        Shown {
            rule: order::misnamed,
            files: &[("src/utils.rs", ""), ("src/a.rs", "mod helpers {}")],
            found: &["src/a.rs:1", "src/utils.rs:1"],
        },
        Shown {
            rule: order::misplaced,
            files: &[("src/a/b/c.rs", ""), ("src/a/mod.rs", ""), ("src/a/b.rs", "")],
            found: &["src/a/b/c.rs:1", "src/a/mod.rs:1"],
        },
    ];
    cases.iter().for_each(check);
    check(&Shown {
        rule: size::long_files,
        files: &[("src/a.rs", &"\n".repeat(500)), ("src/b.rs", &"\n".repeat(499))],
        found: &["src/a.rs:500"],
    });
}

#[test]
fn a_reason_is_a_comment_on_the_line_or_above_it() {
    let text = "[package]\nname = \"x\"\n[dependencies]\na = \"1\" # reads tables of text\n# draws the charts\nb = { version = \"1\",\n features = [\"c\"] }\nc = \"1\"\n[dependencies.d]\nversion = \"1\"\n[target.'cfg(unix)'.dependencies]\ne = \"#1\"\n[profile.dev]\nopt-level = 2";
    let found = manifest::unreasoned(text);
    let places: Vec<&str> = found.iter().map(|text| text.split(": ").next().unwrap_or("")).collect();
    assert_eq!(places, ["Cargo.toml:8", "Cargo.toml:9", "Cargo.toml:12"], "{found:#?}");
}
