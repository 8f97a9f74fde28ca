//! What is said on the terminal: in the language of the run from the help to the faults, and on one screen.

use crate::behaviour::folder::{Folder, repository, said};
use crate::behaviour::reference::COMMANDS;
use crate::program::{Scratch, run};

/// Words of the parser's own that are English.
const ENGLISH: [&str; 9] =
    ["Usage", "Options", "OPTIONS", "Arguments", "Commands", "COMMAND", "Print", "default", "possible"];

#[test]
fn help_is_in_the_language_that_is_asked_for() {
    for command in COMMANDS.into_iter().chain(["plan"]) {
        let words: Vec<&str> = command.split_whitespace().collect();
        let chinese = said(&run(&[&words, &["--lang", "zh", "--help"][..]].concat()));
        let foreign: Vec<_> = ENGLISH.iter().filter(|word| chinese.contains(**word)).collect();
        assert!(foreign.is_empty() && chinese.contains("用法：qingdan"), "{command}: {foreign:?} in\n{chinese}");
        // A line of an argument or command says something in Chinese.
        let bare = chinese.lines().filter(|line| line.starts_with("  ") && line.is_ascii());
        assert_eq!(bare.collect::<Vec<_>>(), Vec::<&str>::new(), "{command}");
        let english = said(&run(&[&words, &["--lang", "en", "--help"][..]].concat()));
        let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        assert!(!english.contains(is_chinese) && english.contains("Usage: qingdan"), "{command}:\n{english}");
    }
}

#[test]
fn a_command_line_that_cannot_be_read_is_answered_in_the_language_of_the_run() {
    for (words, zh, en) in [
        (&["编制"][..], "没有命令 '编制'", "there is no command '编制'"),
        (&["check"], "缺少必需的参数：<研究>", "required and not given: <STUDY>"),
        (&["check", "x", "--foo"], "不认识的参数 '--foo'", "there is no argument '--foo'"),
        (&["draws", "x", "-n", "many"], "的值 'many' 无效", "'many' is no value of"),
        (&["factors", "x", "--catalogue"], "不能与", "cannot be used with"),
        (&["rum"], "最接近的是 'run'", "the nearest is 'run'"),
    ] {
        for (locale, says) in [("zh_CN.UTF-8", zh), ("en_GB.UTF-8", en), ("C", en)] {
            let mut command = crate::behaviour::program();
            let output = command.args(words).env_remove("LC_MESSAGES").env("LC_ALL", locale).output().expect("it runs");
            assert_eq!(output.status.code(), Some(2), "{words:?}");
            assert!(said(&output).contains(says), "{words:?} in {locale} does not say '{says}':\n{}", said(&output));
        }
    }
}

#[test]
fn a_study_is_known_by_its_settings_and_an_empty_folder_is_told_what_it_needs() {
    let study = Folder::new("language-study");
    let settings = format!("{}/study.toml", study.path());
    let output = run(&["check", &settings, "--lang", "en"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let empty = Scratch::new("language-empty");
    let output = run(&["check", &empty.path().to_string_lossy(), "--lang", "en"]);
    let said = said(&output);
    assert!(said.contains("write a study.toml") && !said.contains("scenarios/"), "{said}");
}

#[test]
fn a_run_says_what_matters_on_one_screen() {
    let out = Scratch::new("language-run");
    let place = out.path().join("out").to_string_lossy().to_string();
    let study = repository("tests/cases/scenario-targets");
    let ask = |more: &[&str]| said(&run(&[&["run", &study, "--out", &place], more].concat()));
    let chinese = ask(&["--lang", "zh"]);
    assert!(chinese.lines().count() <= 25, "{chinese}");
    for word in ["年合计（万吨）", "直接排放", "含外购电力、热力", "目标", "gaps.csv", "先打开", "report.html"]
    {
        assert!(chinese.contains(word), "'{word}' is not in\n{chinese}");
    }
    let codes = ["direct", "purchased", "target ", "energy"];
    assert!(!codes.iter().any(|code| chinese.contains(code)), "{chinese}");
    let (english, all) = (ask(&["--lang", "en"]), ask(&["--lang", "en", "--verbose"]));
    assert!(english.contains("totals of") && english.contains("open "), "{english}");
    assert!(all.lines().count() > english.lines().count(), "{all}");
    let text = std::fs::read(format!("{place}/totals.csv")).expect("a table");
    assert!(text.starts_with(b"\xef\xbb\xbf"), "a table begins with the mark that Excel knows UTF-8 by");
}
