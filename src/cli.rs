//! The command line: one file a command, exit codes 0 complete, 1 complete with gaps, 2 not done.

use crate::error::{Faults, Language};
use crate::say;
use clap::{Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

mod ahead;
mod chain;
mod check;
mod compare;
mod crosswalk;
mod draws;
mod explain;
mod factors;
mod iamc;
mod output;
mod plan;
mod portfolio;
mod project;
mod run;
mod schema;
mod seek;

/// 清单 qingdan: a district's greenhouse-gas, air and water inventories, from tables to charts.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = true)]
struct Arguments {
    /// Language of messages and charts 语言; Chinese where LANG is Chinese
    #[arg(long, value_enum, global = true)]
    lang: Option<Tongue>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
enum Tongue {
    Zh,
    En,
}

#[derive(Subcommand)]
enum Command {
    /// Read and check a study without writing anything 检查
    Check { study: PathBuf },
    /// Compile the inventory, its indicators, targets and charts 编制
    Run {
        study: PathBuf,
        /// Output folder; `out` in the study if not given
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Check scenarios, or print what they resolve to 情景
    #[command(subcommand)]
    Plan(plan::Task),
    /// Print the JSON Schema of study.toml, targets.toml, measures.toml or scenarios.toml 格式
    Schema { file: String },
    /// Thousands of draws: how probable are peak and targets 抽样
    Draws(draws::Drawing),
    /// Which uncertain inputs matter 敏感性
    Sensitivity(draws::Sensing),
    /// Say where a number comes from 解释
    Explain(explain::Question),
    /// Seek the level of measures that meets a target 反求
    Seek(seek::Question),
    /// The least-cost levels (and starts) of measures that meet targets 最小成本组合
    Portfolio(portfolio::Question),
    /// Put the scenarios side by side, and those of an IAMC file beside them 比较
    Compare(compare::Comparison),
    /// Search the classes of other schemes (NFR, CRT, GB/T 4754 …) and what falls into them 对照
    Crosswalk {
        /// Words that all have to occur: a scheme, a class, a category's code or name
        words: Vec<String>,
    },
    /// Search the factor library 查因子
    Factors {
        /// Words that all have to occur: a parameter, an item's code or name, a set
        words: Vec<String>,
        /// The catalogue of the whole library as a page of Markdown 目录
        #[arg(long, conflicts_with = "words")]
        catalogue: bool,
        /// Write the catalogue to this file instead of standard output
        #[arg(long, requires = "catalogue")]
        out: Option<PathBuf>,
    },
}

/// How a command ended.
enum Ending {
    Complete,
    WithGaps,
}

impl Ending {
    fn of(gaps: usize) -> Self {
        if gaps == 0 { Self::Complete } else { Self::WithGaps }
    }
}

/// What is written to standard output. A reader that has gone away (`| head`) is no error.
struct Page {
    language: Language,
    lines: String,
}

impl Page {
    fn new(language: Language) -> Self {
        Self { language, lines: String::new() }
    }

    fn line(&mut self, text: impl AsRef<str>) {
        self.lines.push_str(text.as_ref());
        self.lines.push('\n');
    }

    fn say(&mut self, text: &crate::error::Text) {
        let line = text.get(self.language).to_string();
        self.line(line);
    }

    fn show(&self) {
        // The only cause of a failure here is a closed pipe, and then nobody is there to be told.
        _ = std::io::stdout().lock().write_all(self.lines.as_bytes());
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let language = language(arguments.lang);
    let mut page = Page::new(language);
    let ending = match &arguments.command {
        Command::Check { study } => check::check(study, &mut page),
        Command::Run { study, out } => run::run(study, out.as_deref(), &mut page),
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
        Ok(Ending::Complete) => ExitCode::SUCCESS,
        Ok(Ending::WithGaps) => ExitCode::from(1),
        Err(faults) => {
            complain(&faults, language);
            ExitCode::from(2)
        }
    }
}

/// As asked for, else Chinese where the environment is Chinese.
fn language(asked: Option<Tongue>) -> Language {
    match asked {
        Some(Tongue::Zh) => Language::Zh,
        Some(Tongue::En) => Language::En,
        None => {
            let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(|name| std::env::var(name).ok());
            // C and POSIX are no language: they say nothing about who reads.
            let named = |value: &String| !value.is_empty() && !value.starts_with("C") && value != "POSIX";
            let first = set.into_iter().find(named).unwrap_or_default();
            if first.to_lowercase().starts_with("zh") { Language::Zh } else { Language::En }
        }
    }
}

/// All faults to standard error; of very many the first, and how many there are.
fn complain(faults: &Faults, language: Language) {
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
