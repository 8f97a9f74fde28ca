//! `qingdan portfolio`: the least-cost levels of measures that meet targets.

use super::seek::{detailed, plan_of, target_of};
use super::{ExitStatus, Terminal, output, progress, shown};
use crate::error::{Diagnostic, Place, Result};
use crate::inventory::Inventory;
use crate::model::Model;
use crate::plan::{self, Kernel, Plan, PlanMetrics};
use crate::portfolio::{PortfolioProblem, PortfolioSolution, Request};
use crate::report::{self, OutputFile, goal_seek_text, portfolio_table};
use crate::seek::TargetFunction;
use crate::study::Study;
use crate::unit::Dimension;
use crate::{analysis, say};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// Which targets are to be met, and within what.
#[derive(Args)]
pub(super) struct PortfolioQuery {
    study: PathBuf,
    #[arg(long)]
    scenario: String,
    #[arg(long, value_delimiter = ',', required = true)]
    target: Vec<String>,
    #[arg(long, value_delimiter = ',')]
    starts: Vec<i32>,
    #[arg(long)]
    budget: Option<String>,
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(super) fn portfolio(question: &PortfolioQuery, page: &mut Terminal) -> Result<ExitStatus> {
    let bar = progress(page.language);
    let model = Model::load(&question.study)?;
    let study = &model.study;
    let budget = question.budget.as_deref().map(|text| money(study, text)).transpose()?;
    let inventory = model.compile()?;
    let ground = model.context(&inventory);
    let plan = plan_of(ground, &question.scenario)?;
    let metrics = Arc::new(PlanMetrics::new(&inventory));
    let projected = plan::project(ground, &plan)?;
    let outlook = analysis::look_ahead(&projected);
    let gauge = |name: &String| TargetFunction::new(target_of(study, name)?, (&plan, &metrics), (&projected, &outlook));
    let gauges = question.target.iter().map(gauge).collect::<Result<Vec<TargetFunction<'_>>>>()?;
    let request = Request { gauges, budget, starts: question.starts.clone() };
    let kernel = Kernel::new(ground, &plan, &metrics);
    let desk = PortfolioProblem::new(ground, (&plan, &kernel), &request)?;
    if desk.is_empty() {
        let text = say!("没有写明成本的措施可选", "no measure in use has a cost, so that nothing can be chosen");
        return Err(Diagnostic::new(Place::file("measures.toml"), text).into());
    }
    let answer = desk.solve()?;
    bar.finish_and_clear();
    tell((&desk, &plan), &answer, page);
    let found = answer.chosen;
    detailed(ground, (&plan, request.gauges[0].target), &found.levels, page)?;
    let table = portfolio_table((&desk, &plan), &found)?;
    write(question, (&inventory, table), page)?;
    Ok(ExitStatus::of(!found.met))
}

/// An amount of money in yuan.
fn money(study: &Study, text: &str) -> Result<f64> {
    let entry =
        crate::toml_document::TomlEntry { line: 0, value: crate::toml_document::TomlValue::Text(text.to_string()) };
    let fault = |text| Diagnostic::new(Place::file("--budget"), text);
    let quantity = entry.quantity(&study.words.units).map_err(fault)?;
    if (Dimension { price_base: None, ..quantity.unit.dimension }) != (Dimension { money: 1, ..Dimension::PURE }) {
        return Err(fault(say!("'{text}' 不是金额", "'{text}' is no money")).into());
    }
    Ok(quantity.canonical())
}

fn tell((desk, plan): (&PortfolioProblem<'_>, &Plan), answer: &PortfolioSolution, page: &mut Terminal) {
    for line in goal_seek_text::chosen((desk, plan), answer) {
        page.say(&line);
    }
}

/// To a folder with its record, or to one file where a file is named: `*.csv`, or one that is there.
fn write(
    question: &PortfolioQuery,
    (inventory, table): (&Inventory<'_>, OutputFile),
    page: &mut Terminal,
) -> Result<()> {
    let target = question.out.clone().unwrap_or_else(|| question.study.join("portfolio"));
    let is_table = target.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    if target.is_file() || (is_table && !target.is_dir()) {
        output::write_file(&target, &table.bytes, page)?;
        let name = shown(&target);
        page.say(&say!("组合写入 {name}", "the portfolio is written to {name}"));
        return Ok(());
    }
    let name = shown(&target.join(&table.name));
    let outputs = report::portfolio(inventory, table);
    output::write((&target, &question.study), ("portfolio", &outputs), page)?;
    page.say(&say!("组合写入 {name}", "the portfolio is written to {name}"));
    Ok(())
}
