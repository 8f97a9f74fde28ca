//! The command line: one file a command; exit codes 0 done, 1 done and something needs a person, 2 not done.

#![allow(clippy::disallowed_methods, reason = "the command line is where the program prints and writes")]

use crate::error::{Diagnostic, Diagnostics, Language, Place, nearest, printable};
use crate::say;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

mod explain_scenario;
mod check;
mod compare;
mod crosswalk;
mod draws;
mod explain;
mod factors;
mod help;
mod iamc;
mod existing_output;
mod output;
mod output_location;
mod plan;
mod portfolio;
mod explain_project;
mod run;
mod schema;
mod seek;
mod summary;
mod help_texts;

/// What the commands and arguments are, is said in `words`.
#[derive(Parser)]
#[command(name = "qingdan", version, about, arg_required_else_help = true)]
struct Arguments {
    #[arg(long, value_enum, global = true)]
    lang: Option<LanguageArgument>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
enum LanguageArgument {
    Zh,
    En,
}

#[derive(Subcommand)]
enum Command {
    Check(check::CheckArgs),
    Run(run::RunArgs),
    #[command(subcommand)]
    Plan(plan::Task),
    Schema {
        file: String,
    },
    Draws(draws::MonteCarloArgs),
    Sensitivity(draws::Sensing),
    Explain(explain::ExplainQuery),
    Seek(seek::SeekQuery),
    Portfolio(portfolio::PortfolioQuery),
    Compare(compare::CompareArgs),
    Crosswalk {
        words: Vec<String>,
    },
    Factors {
        words: Vec<String>,
        #[arg(long, conflicts_with = "words")]
        catalogue: bool,
        #[arg(long, requires = "catalogue")]
        out: Option<PathBuf>,
    },
}

/// How a command ended.
#[derive(Clone, Copy)]
enum ExitStatus {
    Complete,
    /// Done, and something in what was found is for a person to decide.
    NeedsPerson,
}

impl ExitStatus {
    fn of(needs_person: bool) -> Self {
        if needs_person { Self::NeedsPerson } else { Self::Complete }
    }
}

/// What is written to standard output. A reader that has gone away (`| head`) is no error.
struct Terminal {
    language: Language,
    lines: String,
}

impl Terminal {
    fn new(language: Language) -> Self {
        Self { language, lines: String::new() }
    }

    fn line(&mut self, text: impl AsRef<str>) {
        // A block of several lines is one of ours; within a line nothing of a study may steer the terminal.
        for part in text.as_ref().split('\n') {
            self.lines.push_str(&printable(part));
            self.lines.push('\n');
        }
    }

    fn say(&mut self, text: &crate::error::Text) {
        let line = printable(text.get(self.language));
        self.line(line);
    }

    fn show(&self) {
        // The only cause of a failure here is a closed pipe, and then nobody is there to be told.
        _ = std::io::stdout().lock().write_all(self.lines.as_bytes());
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let words = help::asked(std::env::args_os().collect());
    let language = language(&words);
    let arguments = match parsed(words, language) {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let mut page = Terminal::new(language);
    let ending = match &arguments.command {
        Command::Check(wanted) => check::check(wanted, &mut page),
        Command::Run(wanted) => run::run(wanted, &mut page),
        Command::Seek(question) => seek::seek(question, &mut page),
        Command::Portfolio(question) => portfolio::portfolio(question, &mut page),
        Command::Plan(task) => plan::plan(task, &mut page),
        Command::Schema { file } => schema::schema(file, &mut page),
        Command::Draws(drawing) => draws::draws(drawing, &mut page),
        Command::Sensitivity(sensing) => draws::sensitivity(sensing, &mut page),
        Command::Explain(question) => explain::explain(question, &mut page),
        Command::Compare(comparison) => compare::compare(comparison, &mut page),
        Command::Crosswalk { words } => crosswalk::crosswalk(words, &mut page),
        Command::Factors { catalogue: true, out, .. } => factors::catalogue(out.as_deref(), &mut page),
        Command::Factors { words, .. } => factors::factors(words, &mut page),
    };
    page.show();
    match ending {
        Ok(ExitStatus::Complete) => ExitCode::SUCCESS,
        Ok(ExitStatus::NeedsPerson) => ExitCode::from(1),
        Err(faults) => {
            complain(&faults, language);
            ExitCode::from(2)
        }
    }
}

/// The command line as it was meant; help and complaints about it are said here.
fn parsed(words: Vec<OsString>, language: Language) -> Result<Arguments, ExitCode> {
    let matches = help::localised(Arguments::command(), language).try_get_matches_from(words);
    matches.and_then(|matches| Arguments::from_arg_matches(&matches)).map_err(|error| {
        let is_complaint = error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
        if is_complaint {
            _ = write!(std::io::stderr().lock(), "{}", help::complaint(&error, language));
        } else {
            // The only cause of a failure here is a closed pipe.
            _ = error.print();
        }
        ExitCode::from(if error.use_stderr() { 2 } else { 0 })
    })
}

/// As asked for on the command line, else Chinese where the environment is Chinese. It is known before anything is read, since what is
/// wrong with the command line is said in it too.
fn language(words: &[OsString]) -> Language {
    let text = |word: &OsString| word.to_string_lossy().to_string();
    let follows = words.iter().position(|word| word == "--lang").and_then(|at| words.get(at + 1)).map(text);
    let joined = words.iter().find_map(|word| text(word).strip_prefix("--lang=").map(str::to_string));
    match follows.or(joined).as_deref() {
        Some("zh") => Language::Zh,
        Some("en") => Language::En,
        _ if locale().to_lowercase().starts_with("zh") => Language::Zh,
        _ => Language::En,
    }
}

/// What the environment says, else the system.
fn locale() -> String {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(|name| std::env::var(name).ok());
    let set: Vec<String> = set.filter(|value| !value.is_empty()).collect();
    // C and POSIX are no language: they say nothing about who reads.
    let named = set.iter().find(|value| !value.starts_with('C') && *value != "POSIX");
    match named {
        Some(named) => named.clone(),
        None if set.is_empty() => of_system(),
        None => String::new(),
    }
}

/// The language that the system is set to. Linux has no other place for it than the environment.
#[cfg(not(target_os = "linux"))]
fn of_system() -> String {
    sys_locale::get_locale().unwrap_or_default()
}

#[cfg(target_os = "linux")]
fn of_system() -> String {
    String::new()
}

/// All faults to standard error; of very many the first, and how many there are.
fn complain(faults: &Diagnostics, language: Language) {
    const SHOWN: usize = 200;
    let mut lines: Vec<String> = faults.0.iter().take(SHOWN).map(|fault| fault.render(language)).collect();
    let (count, more) = (faults.0.len(), faults.0.len().saturating_sub(SHOWN));
    if more > 0 {
        lines.push(say!("……另有 {more} 处", "… and {more} more").get(language).to_string());
    }
    lines.push(
        say!("共 {count} 处错误，未输出任何结果", "faults: {count}; no result is given").get(language).to_string(),
    );
    _ = writeln!(std::io::stderr().lock(), "{}", lines.join("\n"));
}

/// A spinner that appears only where something lasts, and only on a terminal.
fn progress(language: Language) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(say!("编制中", "compiling").get(language).to_string());
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}

/// A folder's name as it was typed, for messages.
fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A scenario that does not exist, with the nearest that does.
fn unknown_scenario<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let text = say!("没有情景 '{name}'", "there is no scenario '{name}'");
    Diagnostic::new(Place::file("--scenario"), text).nearest(nearest(name, known))
}
