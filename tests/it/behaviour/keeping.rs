//! Nothing that a person made is deleted: the ways in which it once was, and what happens to it instead.

use crate::behaviour::folder::{contents, copy_study, repository, said};
use crate::behaviour::outputs::{is_whole, record};
use crate::program::{Scratch, run};
use std::collections::BTreeMap;
use std::fs::{create_dir_all, read_to_string, write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The study of the attack, in a folder of its own.
struct Attack(Scratch);

impl Attack {
    fn new(name: &str) -> Self {
        let scratch = Scratch::new(name);
        copy_study(Path::new(&repository("tests/damaged/base")), &scratch.path().join("s"));
        Self(scratch)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a command; words that begin with `@` are paths. What it said, and its exit code.
    fn ask(&self, words: &str) -> (String, Option<i32>) {
        let path = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.path(name).to_string_lossy().to_string(),
            None => word.to_string(),
        };
        let words: Vec<String> = words.split(' ').map(path).chain(["--lang".into(), "en".into()]).collect();
        let output = run(&words.iter().map(String::as_str).collect::<Vec<_>>());
        (said(&output), output.status.code())
    }

    fn done(&self, words: &str) -> String {
        let (said, code) = self.ask(words);
        assert_eq!(code, Some(0), "{words}: {said}");
        said
    }

    /// Refused, with these words, and nothing is changed anywhere.
    fn refused(&self, words: &str, says: &str) {
        let before = contents(self.0.path());
        let (said, code) = self.ask(words);
        assert_eq!(code, Some(2), "{words}: {said}");
        assert!(said.contains(says), "{words} does not say '{says}':\n{said}");
        assert!(contents(self.0.path()) == before, "{words}: something was touched");
    }

    /// What stands in the folder beside the study, by name.
    fn beside(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("the folder").map(|entry| entry.expect("an entry"));
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().to_string()).collect();
        names.sort();
        names
    }
}

/// The files of an output that its record does not name.
fn others(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let named = record(out)["outputs"].as_object().expect("the outputs").clone();
    contents(out).into_iter().filter(|(name, _)| name != "run.json" && !named.contains_key(name)).collect()
}

#[test]
fn what_lies_in_an_output_stays_there() {
    let attack = Attack::new("keep-notes");
    attack.done("run @s");
    let out = attack.path("s/out");
    is_whole(&out);
    let mine = ["notes.docx", "批注/领导意见.docx", "charts/mine.png", "批注/deep/er/x", ".hidden", "run.json.bak"];
    for name in mine {
        create_dir_all(out.join(name).parent().expect("a folder")).expect("a folder");
        write(out.join(name), name).expect("a file");
    }
    create_dir_all(out.join("empty")).expect("a folder");
    for _ in 0..2 {
        attack.done("run @s");
        let kept = others(&out);
        assert_eq!(kept.len(), mine.len(), "{kept:?}");
        for name in mine {
            assert_eq!(kept[name], name.as_bytes());
        }
        assert!(out.join("empty").is_dir());
        assert_eq!(attack.beside(), ["s"]);
    }
}

#[test]
fn an_edited_file_is_kept_under_its_date() {
    let attack = Attack::new("keep-edited");
    attack.done("run @s");
    let out = attack.path("s/out");
    for text in ["first", "second"] {
        for name in ["report.xlsx", "totals.csv", "charts/mine.csv"] {
            write(out.join(name), text).expect("a file");
        }
        let said = attack.done("run @s");
        assert!(said.contains("edited since they were written: 2, kept as report.20"), "{said}");
        is_ours(&out.join("report.xlsx"), &out);
    }
    let kept = others(&out);
    let of = |start: &str, text: &str| {
        kept.iter().any(|(name, bytes)| name.starts_with(start) && !name.ends_with(start) && bytes == text.as_bytes())
    };
    for start in ["report.20", "totals.20"] {
        assert!(of(start, "first") && of(start, "second"), "{start}: {:?}", kept.keys());
    }
    assert_eq!(kept["charts/mine.csv"], b"second", "a file of a person's own is no edited one of ours");
    // A record that somebody wrote into is kept too.
    let text = read_to_string(out.join("run.json")).expect("the record");
    write(out.join("run.json"), text.replacen('{', "{\n  \"note\": \"mine\",", 1)).expect("the record");
    attack.done("run @s");
    assert!(others(&out).keys().any(|name| name.starts_with("run.20")), "{:?}", others(&out).keys());
}

/// A file that has the hash of the record beside it.
fn is_ours(file: &Path, out: &Path) {
    let name = file.strip_prefix(out).expect("inside").to_string_lossy().to_string();
    assert_eq!(record(out)["outputs"][name], qingdan::study::hash(&std::fs::read(file).expect("a file")));
}

#[test]
fn a_record_of_somebody_else_is_no_leave() {
    let attack = Attack::new("keep-foreign");
    create_dir_all(attack.path("f")).expect("a folder");
    write(attack.path("f/thesis.doc"), "x").expect("a file");
    for record in ["{\"mine\":1}", "", "[]", "{\"program\":\"other\",\"outputs\":{}}"] {
        write(attack.path("f/run.json"), record).expect("a file");
        attack.refused("run @s --out @f", "not overwritten");
    }
}

#[test]
fn a_study_is_never_an_output() {
    let attack = Attack::new("keep-study");
    attack.done("run @s");
    attack.done("run @s --out @o");
    std::fs::copy(attack.path("s/out/run.json"), attack.path("s/run.json")).expect("a copy");
    attack.refused("run @s --out @s", "no place for outputs");
    std::fs::remove_file(attack.path("s/run.json")).expect("the copy");
    copy_study(&attack.path("s"), &attack.path("o/mystudy"));
    attack.refused("run @o/mystudy --out @o", "no place for outputs");
    let refused =
        ["@s/out/..", "@s/activity", "@s/parameters", "@s/activity/../../s", "@s/activity/out", "@o/mystudy", "@."];
    for place in refused {
        attack.refused(&format!("run @s --out {place}"), "no place for outputs");
    }
    // Another run over an output that holds somebody's study leaves it there.
    attack.done("run @s --out @o");
    assert!(attack.path("o/mystudy/study.toml").is_file());
    #[cfg(unix)]
    for (link, to) in [("link", "s"), ("inputs", "s/activity")] {
        std::os::unix::fs::symlink(attack.path(to), attack.path(link)).expect("a link");
        attack.refused(&format!("run @s --out @{link}"), "no place for outputs");
    }
}

#[test]
fn outputs_of_two_kinds_do_not_replace_each_other() {
    let scratch = Scratch::new("keep-kinds");
    let study = scratch.path().join("s");
    copy_study(Path::new(&repository("tests/cases/scenario-targets")), &study);
    let study = study.to_string_lossy().to_string();
    let out = scratch.path().join("s/out");
    let place = out.to_string_lossy().to_string();
    assert_ne!(run(&["run", &study]).status.code(), Some(2));
    let before = contents(&out);
    for words in [["draws", "-n"], ["sensitivity", "-n"]] {
        let output = run(&[words[0], &study, words[1], "16", "--out", &place, "--lang", "en"]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("this is the output of qingdan run"), "{}", said(&output));
        assert!(contents(&out) == before, "{words:?}");
    }
    let drawn = scratch.path().join("drawn").to_string_lossy().to_string();
    for (command, code) in [("draws", 0), ("draws", 0), ("run", 2)] {
        let arguments: &[&str] = if command == "draws" { &["-n", "16"] } else { &[] };
        let output = run(&[&[command, &study, "--out", &drawn, "--lang", "en"], arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    }
}

#[test]
fn what_ended_runs_left_is_cleared_and_what_lay_in_it_is_rescued() {
    let attack = Attack::new("keep-left");
    attack.done("run @s --out @o");
    let ended = {
        let mut child = crate::behaviour::program().arg("--version").stdout(Stdio::null()).spawn().expect("it starts");
        _ = child.wait();
        child.id()
    };
    let (own, half, alive) =
        (format!(".o.new-{ended}"), format!(".o.old-{ended}"), format!(".o.new-{}", std::process::id()));
    // An old output that was exchanged and not yet cleared, a new one that was not yet whole, and one of a process that runs.
    std::fs::rename(attack.path("o"), attack.path(&own)).expect("a folder");
    write(attack.path(&own).join("notes.docx"), "mine").expect("a file");
    for folder in [&half, &alive] {
        create_dir_all(attack.path(folder)).expect("a folder");
        write(attack.path(folder).join("emissions.csv"), "hal").expect("a file");
    }
    attack.done("run @s --out @o");
    assert_eq!(attack.beside(), [alive.as_str(), "o", "s"]);
    assert_eq!(others(&attack.path("o")).keys().collect::<Vec<_>>(), ["notes.docx"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_stays_a_link() {
    let attack = Attack::new("keep-link");
    create_dir_all(attack.path("far")).expect("a folder");
    std::os::unix::fs::symlink(attack.path("far"), attack.path("s/out")).expect("a link");
    for _ in 0..2 {
        attack.done("run @s");
        assert!(attack.path("s/out").is_symlink());
        is_whole(&attack.path("far"));
    }
    std::os::unix::fs::symlink(attack.path("nowhere"), attack.path("dangling")).expect("a link");
    let (said, code) = attack.ask("run @s --out @dangling");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("a link to something that is not there"), "{said}");
}

#[test]
fn single_files_replace_only_their_own() {
    let attack = Attack::new("keep-file");
    write(attack.path("mine.md"), "my own page").expect("a file");
    attack.refused("factors --catalogue --out @mine.md", "not overwritten");
    attack.refused("factors --catalogue --out @s/study.toml", "nothing is written to it");
    attack.refused("factors --catalogue --out @s/new.csv", "nothing is written to it");
    attack.done("factors --catalogue --out @s/beside.md");
    attack.refused("factors --catalogue --out @s/activity/new.csv", "nothing is written to it");
    attack.done("factors --catalogue --out @page.md");
    let page = read_to_string(attack.path("page.md")).expect("the page");
    attack.done("factors --catalogue --out @page.md");
    assert_eq!(attack.beside(), ["mine.md", "page.md", "s"]);
    write(attack.path("page.md"), format!("{page}\nmy remark\n")).expect("a file");
    let said = attack.done("factors --catalogue --out @page.md");
    assert!(said.contains("is kept as"), "{said}");
    assert_eq!(read_to_string(attack.path("page.md")).expect("the page"), page);
    assert_eq!(attack.beside().len(), 4, "{:?}", attack.beside());
}

#[test]
fn a_portfolio_overwrites_nothing_of_a_study() {
    let scratch = Scratch::new("keep-portfolio");
    let study = scratch.path().join("pf");
    copy_study(Path::new(&repository("scenarios/dazu")), &study);
    let before = contents(&study);
    let ask = |out: &str| {
        let place = scratch.path().join(out).to_string_lossy().to_string();
        let target = "energy-intensity-2025-city";
        let arguments = ["--scenario", "low", "--target", target, "--out", &place, "--lang", "en"];
        run(&[&["portfolio", &study.to_string_lossy()], arguments.as_slice()].concat())
    };
    for out in ["pf/study.toml", "pf/activity", "pf/portfolio.csv", "pf", "."] {
        let output = ask(out);
        assert_eq!(output.status.code(), Some(2), "{out}: {}", said(&output));
        assert!(contents(&study) == before, "{out}: {}", said(&output));
    }
    for out in ["folder", "folder", "file.csv", "file.csv"] {
        let output = ask(out);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{out}: {}", said(&output));
    }
    assert_eq!(record(&scratch.path().join("folder"))["output"], "portfolio");
    assert!(scratch.path().join("file.csv").is_file());
}

/// Three runs at once, again and again: the output is whole, and nothing is left beside it.
#[test]
fn runs_at_once_stay_whole_and_leave_nothing() {
    let attack = Attack::new("keep-rivals");
    let target = attack.path("o");
    for _ in 0..5 {
        let start = |_| {
            let mut command = crate::behaviour::program();
            command.arg("run").arg(attack.path("s")).arg("--out").arg(&target);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
        };
        let children: Vec<_> = (0..3).map(start).collect();
        for mut child in children {
            assert_eq!(child.wait().expect("it ends").code(), Some(0));
        }
        is_whole(&target);
        assert_eq!(attack.beside(), ["o", "s"]);
        write(target.join("notes.docx"), "mine").expect("a file");
        attack.done("run @s --out @o");
        assert_eq!(others(&target).keys().collect::<Vec<_>>(), ["notes.docx"]);
        std::fs::remove_file(target.join("notes.docx")).expect("the file");
    }
}
