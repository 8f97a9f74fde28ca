//! `qingdan plan check` and `qingdan plan resolve`: scenarios against the study, and the flat plan that a run reads.

use super::{ExitStatus, Terminal, check, unknown_scenario};
use crate::error::Result;
use crate::model::Model;
use crate::plan::{MeasureFactor, Origin, Plan, ScenarioContext};
use crate::study;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub(super) enum Task {
    Check {
        study: PathBuf,
    },
    Resolve {
        study: PathBuf,
        #[arg(long)]
        scenario: Option<String>,
    },
}

pub(super) fn plan(task: &Task, page: &mut Terminal) -> Result<ExitStatus> {
    match task {
        Task::Check { study } => {
            let model = Model::load(study)?;
            let inventory = model.compile()?;
            check::scenarios(model.context(&inventory), page)?;
        }
        Task::Resolve { study, scenario } => {
            let model = Model::load(study)?.with_scenarios()?;
            let inventory = model.compile()?;
            let plans = model.plans(&inventory)?;
            let wanted = |plan: &&Plan| scenario.as_ref().is_none_or(|code| *code == plan.code);
            let mut chosen = plans.iter().filter(wanted).peekable();
            if let (None, Some(code)) = (chosen.peek(), scenario) {
                return Err(unknown_scenario(code, plans.iter().map(|plan| plan.code.as_str())).into());
            }
            let ground = model.context(&inventory);
            chosen.for_each(|plan| ResolvedPlan { ground, plan }.write(page));
        }
    }
    Ok(ExitStatus::Complete)
}

struct ResolvedPlan<'a> {
    ground: ScenarioContext<'a>,
    plan: &'a Plan,
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}

impl ResolvedPlan<'_> {
    fn write(&self, page: &mut Terminal) {
        let plan = self.plan;
        let code = quoted(&plan.code);
        let scenario = self.ground.plans.scenarios.iter().find(|scenario| scenario.code == plan.code);
        let ancestors = scenario.map(|scenario| scenario.ancestors.clone()).unwrap_or_default();
        let ancestors: Vec<String> = ancestors.iter().map(|code| quoted(code)).collect();
        page.line(format!("[{code}]"));
        page.line(format!("title = {}", quoted(&plan.title)));
        page.line(format!("ancestors = [{}]", ancestors.join(", ")));
        page.line(format!("anchor = {}", plan.anchor));
        page.line(format!("horizon = {}", plan.horizon));
        for driver in &plan.drivers {
            page.line(format!("[{code}.driver.{}]", quoted(&driver.name)));
            self.series(&driver.values, &driver.from, page);
        }
        for growth in &plan.growths {
            page.line(format!("[[{code}.growth]]"));
            if let Some(driver) = growth.driver {
                page.line(format!("driver = {}", quoted(&plan.drivers[driver].name)));
            }
            page.line(format!("elasticity = {}", growth.elasticity));
            self.series(&growth.intensity, &growth.from, page);
        }
        for (values, from) in &plan.values {
            page.line(format!("[[{code}.value]]"));
            self.series(values, from, page);
        }
        self.shares(&code, page);
        for level in &plan.levels {
            let measure = &self.ground.plans.measures[level.measure];
            page.line(format!("[{code}.level.{}]", quoted(&measure.code)));
            page.line(format!("change = {}", quoted(measure.change.word())));
            self.series(&level.values, &measure.place.to_string(), page);
        }
        self.parameters(&code, page);
        self.amounts(&code, page);
    }

    /// Where it is written, and the value of each year in canonical units.
    fn series(&self, values: &[f64], from: &str, page: &mut Terminal) {
        let years = (self.plan.anchor..).zip(values).map(|(year, value)| format!("{year} = {value}"));
        page.line(format!("from = {}", quoted(from)));
        page.line(format!("values = {{ {} }}", years.collect::<Vec<_>>().join(", ")));
    }

    fn shares(&self, code: &str, page: &mut Terminal) {
        let items = &self.ground.inventory.study.words.items;
        for (at, group) in self.plan.groups.iter().enumerate() {
            for (item, share) in &group.shares {
                page.line(format!("[[{code}.share]]"));
                page.line(format!("group = {at}"));
                page.line(format!("item = {}", quoted(items.code(*item))));
                self.series(share, &group.from, page);
            }
        }
    }

    fn parameters(&self, code: &str, page: &mut Terminal) {
        let (study, plan) = (self.ground.inventory.study, self.plan);
        for cell in &plan.cells {
            let parameter = &study.ladder.parameters[cell.parameter];
            let measures = cell.changes.iter().map(|(level, _)| quoted(self.measure(*level)));
            let value = |at: usize| cell.value(at, &|level| plan.levels[level].values[at]);
            let values: Vec<f64> = (0..plan.length()).map(value).collect();
            page.line(format!("[[{code}.parameter]]"));
            page.line(format!("parameter = {}", quoted(&parameter.name)));
            page.line(format!("row = {}", quoted(&parameter.place.to_string())));
            page.line(format!("measures = [{}]", measures.collect::<Vec<_>>().join(", ")));
            self.series(&values, &cell.from, page);
        }
    }

    fn amounts(&self, code: &str, page: &mut Terminal) {
        let study = self.ground.inventory.study;
        for amount in &self.plan.amounts {
            let row = amount.row as usize;
            let item = study::name(&study.words.items, study.activity.item[row] as usize, false);
            let flow = &self.plan.flows[amount.flow];
            let factors = flow.factors.iter().map(|factor| quoted(&self.factor(factor)));
            page.line(format!("[[{code}.amount]]"));
            page.line(format!("row = {}", quoted(&study.activity.reference_of(row))));
            page.line(format!("item = {}", quoted(item)));
            page.line(format!("base = {}", amount.base));
            page.line(format!("follows = {}", quoted(&origin(flow.origin))));
            page.line(format!("factors = [{}]", factors.collect::<Vec<_>>().join(", ")));
        }
    }

    fn measure(&self, level: usize) -> &str {
        &self.ground.plans.measures[self.plan.levels[level].measure].code
    }

    fn factor(&self, factor: &MeasureFactor) -> String {
        match factor {
            MeasureFactor::Less(level, part) => format!("1 - {part} * level({})", self.measure(*level)),
            MeasureFactor::Moved(level) => format!("level({})", self.measure(*level)),
            MeasureFactor::LessAll(parts) => {
                let parts = parts.iter().map(|(level, part)| format!(" - {part} * level({})", self.measure(*level)));
                format!("1{}", parts.collect::<String>())
            }
        }
    }
}

/// Growths, values and groups are counted from 0 in the order in which they stand.
fn origin(origin: Origin) -> String {
    match origin {
        Origin::Growth(growth) => format!("growth {growth}"),
        Origin::Value(value) => format!("value {value}"),
        Origin::Share(growth, group, item) => format!("growth {growth}, share {item} of group {group}"),
        Origin::Whole(group, item) => format!("share {item} of group {group}"),
        Origin::One => "1".to_string(),
    }
}
