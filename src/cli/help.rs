//! The help and what is wrong with a command line, in the language of the run.

use super::help_texts::{self, CommandTexts};
use crate::error::{Language, Text};
use crate::say;
use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};
use std::path::PathBuf;

/// The command line with its texts.
pub(super) fn localised(command: Command, language: Language) -> Command {
    let command = with_words(command, "", (&help_texts::all(), language));
    let version = say!("显示版本", "Print version");
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help(version.get(language).to_string());
    let command = command.disable_help_subcommand(true).disable_version_flag(true).arg(version);
    shaped(command, "qingdan", language)
}

fn with_words(command: Command, path: &str, (all, language): (&[CommandTexts], Language)) -> Command {
    let known = all.iter().find(|words| words.command == path);
    let text = |text: &Text| text.get(language).to_string();
    let help = say!("显示帮助", "Print help");
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help(text(&help));
    let mut command = command.disable_help_flag(true).arg(help);
    if let Some(known) = known {
        command = command.about(text(&known.about));
    }
    command = command.mut_args(|arg| {
        let said = known.and_then(|known| known.arguments.iter().find(|(name, _)| arg.get_id() == *name));
        let arg = if arg.get_id() == "study" { arg.value_parser(PathBufValueParser::new().map(folder)) } else { arg };
        said.map_or(arg.clone(), |(_, said)| arg.help(text(said)))
    });
    command.mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        with_words(below, path.trim(), (all, language))
    })
}

/// The folder of a study, also where its study.toml is named.
fn folder(path: PathBuf) -> PathBuf {
    let is_settings = path.file_name().is_some_and(|name| name == "study.toml") && path.is_file();
    match path.parent() {
        Some(parent) if is_settings && parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) if is_settings => parent.to_path_buf(),
        _ => path,
    }
}

/// Headings, names of values and notes, which are English in clap itself.
fn shaped(command: Command, path: &str, language: Language) -> Command {
    let text = |text: Text| text.get(language).to_string();
    let command = command.mut_args(|arg| {
        let heading = if arg.is_positional() { say!("参数", "Arguments") } else { say!("选项", "Options") };
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default() + &notes(&arg, language);
        let named = arg.get_action().takes_values().then(|| text(value_name(&arg)));
        let arg = arg.help_heading(text(heading)).hide_possible_values(true).hide_default_value(true).help(help);
        named.map_or(arg.clone(), |name| arg.value_name(name))
    });
    let command = command.subcommand_help_heading(text(say!("命令", "Commands")));
    let usage = usage(&command, path, language);
    let word = text(say!("用法：", "Usage: "));
    let template = format!("{{about-with-newline}}\n{word}{{usage}}\n\n{{all-args}}");
    command.help_template(template).override_usage(usage).mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        shaped(below, &path, language)
    })
}

/// The values that may be given and the one that is taken if none is.
fn notes(arg: &Arg, language: Language) -> String {
    if !arg.get_action().takes_values() {
        return String::new();
    }
    let possible: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_string()).collect();
    let default: Vec<String> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy().to_string()).collect();
    let mut notes = Vec::new();
    if !possible.is_empty() {
        let values = possible.join(", ");
        notes.push(say!("可选：{values}", "one of {values}"));
    }
    if !default.is_empty() {
        let value = default.join(", ");
        notes.push(say!("默认：{value}", "default {value}"));
    }
    let all = notes.iter().map(|note| note.get(language)).collect::<Vec<_>>().join("; ");
    let Text { zh, en } = if all.is_empty() { say!("", "") } else { say!("（{all}）", " ({all})") };
    if language == Language::Zh { zh } else { en }
}

fn value_name(arg: &Arg) -> Text {
    match arg.get_id().as_str() {
        "study" => say!("研究", "STUDY"),
        "out" | "iamc" => say!("路径", "PATH"),
        "file" => say!("文件", "FILE"),
        "scenario" => say!("情景", "SCENARIO"),
        "target" => say!("目标", "TARGET"),
        "year" | "starts" => say!("年份", "YEAR"),
        "category" => say!("类别", "CATEGORY"),
        "item" => say!("项目", "ITEM"),
        "pollutant" => say!("污染物", "POLLUTANT"),
        "project" => say!("减排项目", "PROJECT"),
        "lever" | "group" => say!("措施", "MEASURE"),
        "budget" => say!("金额", "AMOUNT"),
        "lang" => say!("语言", "LANG"),
        "words" => say!("词", "WORD"),
        _ => say!("数", "NUMBER"),
    }
}

/// `qingdan run [OPTIONS] <STUDY>`.
fn usage(command: &Command, path: &str, language: Language) -> String {
    let text = |text: Text| text.get(language).to_string();
    let mut usage = format!("{path} [{}]", text(say!("选项", "OPTIONS")));
    for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values() && arg.is_required_set()) {
        let name = text(value_name(arg));
        usage += &match arg.get_long() {
            Some(long) => format!(" --{long} <{name}>"),
            None => format!(" <{name}>"),
        };
    }
    for arg in command.get_positionals().filter(|arg| !arg.is_required_set()) {
        usage += &format!(" [{}]…", text(value_name(arg)));
    }
    if command.has_subcommands() {
        usage += &format!(" <{}>", text(say!("命令", "COMMAND")));
    }
    usage
}

/// What is wrong with a command line.
pub(super) fn complaint(error: &Error, language: Language) -> String {
    let mut lines = vec![fault(error)];
    let of = |kind| error.get(kind).map(spelled).unwrap_or_default();
    let possible = of(ContextKind::ValidValue);
    if !possible.is_empty() {
        lines.push(say!("可选：{possible}", "one of {possible}"));
    }
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue].map(of);
    if let Some(near) = near.iter().find(|near| !near.is_empty()) {
        lines.push(say!("提示: 最接近的是 '{near}'", "hint: the nearest is '{near}'"));
    }
    let usage = of(ContextKind::Usage);
    let usage = usage.trim_start_matches("Usage:").trim();
    if !usage.is_empty() {
        lines.push(say!("用法：{usage}", "usage: {usage}"));
    }
    lines.push(say!("详见 --help", "see --help"));
    lines.iter().map(|line| format!("{}\n", line.get(language))).collect::<Vec<_>>().join("  ")
}

fn fault(error: &Error) -> Text {
    let of = |kind| error.get(kind).map(spelled).unwrap_or_default();
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let (command, prior) = (of(ContextKind::InvalidSubcommand), of(ContextKind::PriorArg));
    match error.kind() {
        ErrorKind::InvalidSubcommand => say!("没有命令 '{command}'", "there is no command '{command}'"),
        ErrorKind::UnknownArgument => say!("不认识的参数 '{arg}'", "there is no argument '{arg}'"),
        ErrorKind::InvalidValue if value.is_empty() => say!("'{arg}' 缺少值", "'{arg}' needs a value"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            say!("'{arg}' 的值 '{value}' 无效", "'{value}' is no value of '{arg}'")
        }
        ErrorKind::MissingRequiredArgument => say!("缺少必需的参数：{arg}", "required and not given: {arg}"),
        ErrorKind::ArgumentConflict => say!("'{arg}' 不能与 {prior} 同时使用", "'{arg}' cannot be used with {prior}"),
        ErrorKind::MissingSubcommand => say!("缺少命令", "a command is wanted"),
        ErrorKind::TooManyValues => say!("'{arg}' 多出了值 '{value}'", "'{arg}' has a value too many: '{value}'"),
        _ => say!("命令行有误：{arg}", "the command line cannot be read: {arg}"),
    }
}

fn spelled(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        ContextValue::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// `qingdan help run` is `qingdan run --help`.
pub(super) fn asked(mut words: Vec<std::ffi::OsString>) -> Vec<std::ffi::OsString> {
    let is_help = |word: &std::ffi::OsString| word == "help";
    if let Some(at) = words.iter().skip(1).take(3).position(is_help).filter(|at| *at == 0 || words[1] == "--lang") {
        words.remove(at + 1);
        words.push("--help".into());
    }
    words
}
