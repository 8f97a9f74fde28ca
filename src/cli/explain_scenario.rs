//! `qingdan explain --scenario`: the chain base → scenario → measure behind a projected number, then the method's formula with its values.

use super::explain::{ExplainQuery, asked, describe_parameter, gaps, is_asked};
use super::{ExitStatus, Terminal, shown, unknown_scenario};
use crate::error::rounded;
use crate::error::{Diagnostic, Language, Place, Result};
use crate::explanation::ParameterRow;
use crate::expression::{self, Use};
use crate::inventory::Emission;
use crate::matching::{ResolvedMethod, ValueSource};
use crate::model::Model;
use crate::plan::amount_trace::{self, TraceStep};
use crate::plan::{MeasureFactor, Origin, ParameterPath};
use crate::projection::{Projections, ScenarioRun};
use crate::{say, study};

pub(super) fn explain(question: &ExplainQuery, code: &str, page: &mut Terminal) -> Result<ExitStatus> {
    let model = Model::load(&question.study)?.with_scenarios()?;
    let inventory = model.compile()?;
    let projections = model.project(&inventory)?;
    let codes = || projections.runs.iter().map(|run| run.plan.code.as_str());
    let index = projections.find(code).ok_or_else(|| unknown_scenario(code, codes()))?;
    let run = &projections.runs[index];
    let asked = asked(question, run.inventory.study)?;
    let of = |emission: &&Emission| is_asked(&run.inventory, emission, &asked);
    let found: Vec<&Emission> = run.inventory.emissions.iter().filter(of).collect();
    for emission in &found {
        ProjectedEmission { projections: &projections, run, emission }.describe(page);
    }
    let gaps = gaps(&run.inventory, &asked, page);
    if found.is_empty() && gaps == 0 {
        let (from, to) = (run.plan.anchor + 1, run.plan.horizon);
        let text =
            say!("情景 {code} 中没有这样的排放或空缺", "the scenario {code} has no such emission and no such gap");
        let hint = say!("其年份为 {from}–{to}", "its years are {from}–{to}");
        return Err(Diagnostic::new(Place::file(&shown(&question.study)), text).hint(hint).into());
    }
    let (count, total) = (found.len(), found.iter().fold(0.0, |sum, emission| sum + emission.emitted_t));
    page.say(&say!(
        "{count} 项排放，合计 {total} t；{gaps} 项空缺",
        "{count} emissions, {total} t in all; {gaps} gaps"
    ));
    Ok(ExitStatus::Complete)
}

/// One projected emission of one scenario.
struct ProjectedEmission<'a> {
    projections: &'a Projections<'a>,
    run: &'a ScenarioRun<'a>,
    emission: &'a Emission,
}

impl ProjectedEmission<'_> {
    fn describe(&self, page: &mut Terminal) {
        let study = self.run.inventory.study;
        let words = &study.words;
        let binding = &self.run.inventory.matches.bindings[self.emission.binding as usize];
        let row = self.emission.row as usize;
        let zh = page.language == Language::Zh;
        let item = study::name(&words.items, study.activity.item[row] as usize, zh);
        let area = study::name(&words.areas, study.activity.area[row] as usize, zh);
        let category = words.categories.code(binding.category);
        let (pollutant, code) = (words.pollutants.code(binding.pollutant), &self.run.plan.code);
        let (year, value) = (self.emission.year, self.emission.emitted_t);
        page.line(format!("{year} {code} · {area} · {category} · {item} · {pollutant} = {value} t"));
        self.line_of_scenarios(page);
        if let Some(stock) = self.emission.stock {
            let count = self.run.inventory.stocks[stock as usize].len();
            page.say(&say!(
                "  存量：{count} 组历年活动的合计，以下为最后一行的当年活动",
                "  a stock: the sum of {count} contributions of all years; below is this year's activity of the last row"
            ));
        }
        self.amount(page);
        self.parameters(&binding.emitted, page);
        self.formula((pollutant, &binding.emitted), page);
        page.line("");
    }

    /// The same emission in the anchor year and in every scenario of the line of parents.
    fn line_of_scenarios(&self, page: &mut Terminal) {
        let (plan, emission) = (&self.run.plan, self.emission);
        let scenarios = &self.projections.ground.plans.scenarios;
        let own = scenarios.iter().find(|scenario| scenario.code == plan.code);
        let mut line: Vec<&str> =
            own.iter().flat_map(|scenario| scenario.ancestors.iter().map(String::as_str)).collect();
        line.reverse();
        line.push(&plan.code);
        page.line(format!("  {}", line.join(" → ")));
        let same = |known: &&Emission, year: i32| {
            known.year == year
                && known.binding == emission.binding
                && (known.row == emission.row || known.stock.is_some())
        };
        let history = &self.projections.ground.inventory.emissions;
        let before = history.iter().find(|known| same(known, plan.anchor)).map_or(0.0, |known| known.emitted_t);
        let anchor = plan.anchor;
        page.line(format!("    {anchor}: {} = {before} t", self.shown(self.anchor_amount())));
        for code in line {
            let Some(run) = self.projections.find(code).map(|index| &self.projections.runs[index]) else { continue };
            let value = run.inventory.emissions.iter().find(|known| same(known, emission.year));
            let amount: f64 =
                amount_trace::steps(&run.plan, emission.row, emission.year).iter().map(TraceStep::value).sum();
            let (amount, value) = (self.shown(amount), value.map_or(0.0, |known| known.emitted_t));
            page.line(format!("    {code}: {amount} = {value} t"));
        }
    }

    fn anchor_amount(&self) -> f64 {
        self.run.inventory.study.activity.amount[self.emission.row as usize]
    }

    /// An amount in the unit of the row.
    fn shown(&self, canonical: f64) -> String {
        let (text, unit) = self.run.inventory.study.activity.unit_of(self.emission.row as usize);
        format!("{} {text}", rounded(canonical / unit.factor))
    }

    /// Every part of the amount: its start, its growth, and what each measure leaves or moves.
    fn amount(&self, page: &mut Terminal) {
        let steps = amount_trace::steps(&self.run.plan, self.emission.row, self.emission.year);
        let activity = &self.run.inventory.study.activity;
        let whole = self.shown(steps.iter().map(TraceStep::value).sum());
        let place = activity.reference_of(self.emission.row as usize);
        page.line(format!("  amount = {whole} | {place}"));
        for step in &steps {
            let (base, value) = (self.shown(step.amount.base), self.shown(step.value()));
            let factors: String = step.factors.iter().map(|factor| format!(" × {}", rounded(*factor))).collect();
            page.line(format!("    {base} × {}{factors} = {value}", rounded(step.start)));
            self.origin(step, page);
            for (factor, value) in step.flow.factors.iter().zip(&step.factors) {
                self.factor(factor, *value, page);
            }
        }
    }

    fn origin(&self, step: &TraceStep<'_>, page: &mut Terminal) {
        let plan = &self.run.plan;
        match step.flow.origin {
            Origin::Growth(growth) => self.growth(growth, page),
            Origin::Value(value) => {
                let from = &plan.values[value].1;
                page.say(&say!("      由 value 路径给定 | {from}", "      a value path of its own | {from}"));
            }
            Origin::Share(growth, group, item) => {
                self.growth(growth, page);
                self.share(group, item, page);
            }
            Origin::Whole(group, item) => self.share(group, item, page),
            Origin::One => page.say(&say!("      措施新增的活动", "      an activity that a measure adds")),
        }
    }

    fn at(&self) -> usize {
        usize::try_from(self.emission.year - self.run.plan.anchor).unwrap_or(0)
    }

    fn growth(&self, growth: usize, page: &mut Terminal) {
        let (plan, at) = (&self.run.plan, self.at());
        let growth = &plan.growths[growth];
        if growth.from.is_empty() {
            page.say(&say!("      没有增长设定：保持不变", "      no growth selects it: constant"));
            return;
        }
        if let Some(driver) = growth.driver.map(|driver| &plan.drivers[driver]) {
            let (name, from, elasticity) = (&driver.name, &driver.from, growth.elasticity);
            let ratio = driver.values[at] / driver.values[0];
            let effect = rounded(if elasticity == 1.0 { ratio } else { ratio.powf(elasticity) });
            let ratio = rounded(ratio);
            page.say(&say!(
                "      驱动 {name}：× {ratio}，弹性 {elasticity} → × {effect} | {from}",
                "      driver {name}: × {ratio}, elasticity {elasticity} → × {effect} | {from}"
            ));
        }
        let (intensity, from) = (rounded(growth.intensity[at]), &growth.from);
        page.say(&say!("      强度：× {intensity} | {from}", "      intensity: × {intensity} | {from}"));
    }

    fn share(&self, group: usize, item: usize, page: &mut Terminal) {
        let group = &self.run.plan.groups[group];
        let (index, values) = &group.shares[item];
        let name = self.run.inventory.study.words.items.code(*index);
        let (before, now, from) = (rounded(values[0]), rounded(values[self.at()]), &group.from);
        page.say(&say!(
            "      份额 {name}：{before} → {now} | {from}",
            "      share of {name}: {before} → {now} | {from}"
        ));
    }

    fn factor(&self, factor: &MeasureFactor, value: f64, page: &mut Terminal) {
        let value = rounded(value);
        let parts: Vec<(usize, f64)> = match factor {
            MeasureFactor::Less(level, part) => vec![(*level, *part)],
            MeasureFactor::Moved(level) => vec![(*level, 1.0)],
            MeasureFactor::LessAll(parts) => parts.clone(),
        };
        for (level, _) in &parts {
            let measure = self.measure(*level);
            let reached = rounded(self.run.plan.levels[*level].values[self.at()]);
            page.say(&match factor {
                MeasureFactor::Moved(_) => say!(
                    "      {measure}：力度 {reached}，转来的部分 × {value}",
                    "      {measure}: level {reached}, the part that moves here × {value}"
                ),
                _ => say!(
                    "      {measure}：力度 {reached}，留下 × {value}",
                    "      {measure}: level {reached}, what stays × {value}"
                ),
            });
        }
    }

    /// A measure with its title and place.
    fn measure(&self, level: usize) -> String {
        let measure = &self.projections.ground.plans.measures[self.run.plan.levels[level].measure];
        format!("{} {} ({})", measure.code, measure.title, measure.place)
    }

    fn cell(&self, used: &Use, parameter: usize) -> Option<&ParameterPath> {
        let changed = self.run.plan.changed.get(&(self.emission.row, Some(self.emission.binding)))?;
        let change = changed.iter().find(|change| change.used == *used && change.parameter == parameter)?;
        Some(&self.run.plan.cells[change.cell])
    }

    fn value(&self, used: &Use, parameter: usize) -> f64 {
        let known = &self.run.inventory.study.ladder.parameters[parameter];
        let level = |level: usize| self.run.plan.levels[level].values[self.at()];
        self.cell(used, parameter).map_or(known.value, |cell| cell.value(self.at(), &level) / known.unit.factor)
    }

    /// Every parameter: where it is from, and what a path and measures make of it.
    fn parameters(&self, resolved: &ResolvedMethod, page: &mut Terminal) {
        let study = self.run.inventory.study;
        for (used, input) in &resolved.inputs {
            match input {
                ValueSource::Method(inner) => self.parameters(inner, page),
                ValueSource::Parameter(index) => {
                    let factor = study.ladder.parameters[*index].unit.factor;
                    page.line(format!("  {} = {}", used.name, rounded(self.value(used, *index))));
                    page.line(format!("    {}", describe_parameter(&ParameterRow::new(&self.run.inventory, *index))));
                    let Some(cell) = self.cell(used, *index) else { continue };
                    if let Some(path) = &cell.path {
                        let (value, from) = (rounded(path[self.at()] / factor), &cell.from);
                        page.say(&say!("    路径 → {value} | {from}", "    path → {value} | {from}"));
                    }
                    for (level, to) in &cell.changes {
                        let (measure, to) = (self.measure(*level), rounded(to / factor));
                        let reached = rounded(self.run.plan.levels[*level].values[self.at()]);
                        page.say(&say!(
                            "    {measure}：力度 {reached}，趋向 {to}",
                            "    {measure}: level {reached}, towards {to}"
                        ));
                    }
                }
                _ => {}
            }
        }
    }

    fn formula(&self, (name, resolved): (&str, &ResolvedMethod), page: &mut Terminal) {
        let study = self.run.inventory.study;
        let method = &study.methods[resolved.method];
        page.line(format!("  {name} = {}", expression::spell(&method.expression, &|used: &Use| used.name.clone())));
        page.line(format!("    = {}", self.numbers(resolved)));
        let (code, place) = (&method.code, &method.place);
        page.say(&say!("    方法 {code}（{place}）", "    method {code} ({place})"));
    }

    fn numbers(&self, resolved: &ResolvedMethod) -> String {
        let study = self.run.inventory.study;
        let amount = || {
            let steps = amount_trace::steps(&self.run.plan, self.emission.row, self.emission.year);
            self.shown(steps.iter().map(TraceStep::value).sum())
        };
        let value = |used: &Use| match resolved.input(used) {
            Some(ValueSource::Amount) => amount(),
            Some(ValueSource::Parameter(index)) => {
                let unit = study.ladder.parameters[*index].unit_text.as_str();
                let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
                format!("{}{unit}", rounded(self.value(used, *index)))
            }
            Some(ValueSource::Method(inner)) => format!("({})", self.numbers(inner)),
            _ => used.name.clone(),
        };
        expression::spell(&study.methods[resolved.method].expression, &value)
    }
}
