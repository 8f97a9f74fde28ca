//! What measures bring and cost: the way from base to scenario, and the marginal cost curve.

use super::{Results, scale};
use crate::plan::Plan;
use crate::plot::{
    ChartTitles, CostCurveTable, CostStep, WaterfallStep, WaterfallTable, WaterfallTotal, alone, percent,
};
use crate::pollutant::CO2;
use crate::projection::ScenarioRun;
use crate::projection::attribution::{Attribution, Cause};
use crate::projection::cost_curve::{self, steps};
use crate::say;
use crate::target::{Boundary, Goal};

/// Measures below this share of all cuts are shown together, as are those beyond so many rows.
const SMALL: f64 = 0.015;
const MOST_ROWS: usize = 14;
/// A title in another title.
const BRIEF: usize = 16;

/// What a waterfall shows: a scenario beside another in one year.
struct WaterfallFinding<'a> {
    run: &'a ScenarioRun<'a>,
    /// The scenario that it is compared with.
    whose: &'a str,
    year: i32,
    parts: &'a [MeasureChange],
    /// The whole change in t.
    change_t: f64,
    /// From t to the unit of the chart.
    factor: f64,
    unit: &'a str,
}

/// A measure and what it changes, t; negative is a cut.
struct MeasureChange {
    title: String,
    change_t: f64,
}

impl Results<'_> {
    /// The year that a scenario is looked at in: that of the peak target, else of its last target, else its last.
    pub(super) fn focus(&self, plan: &Plan) -> i32 {
        let targets = || self.inventory.study.targets.iter().filter(|t| t.year > plan.anchor && t.year <= plan.horizon);
        let peak = targets().find(|target| matches!(target.goal, Goal::PeakBy { .. })).map(|target| target.year);
        peak.or(targets().map(|target| target.year).max()).unwrap_or(plan.horizon)
    }

    pub(super) fn measure_title(&self, run: &ScenarioRun<'_>, level: usize) -> String {
        let measures = self.projections.map(|found| &found.ground.plans.measures);
        measures.map_or(String::new(), |measures| measures[run.plan.levels[level].measure].name().to_string())
    }

    fn title_of(&self, code: &str) -> String {
        let measures = self.projections.map_or(&[][..], |found| &found.ground.plans.measures);
        measures.iter().find(|measure| measure.code == code).map_or(code, |measure| measure.name()).to_string()
    }

    /// From base to scenario, or for the base itself from what it would be without its measures.
    pub(super) fn waterfall(&self, run: &ScenarioRun<'_>) -> Option<WaterfallTable> {
        let projections = self.projections?;
        let base = projections.base_of(&run.plan.code).map(|place| &projections.runs[place]);
        let year = self.focus(&run.plan);
        let metric = projections.metrics.find(CO2, Boundary::DirectPurchased)?;
        let found = projections.attribution(run, metric, year)?;
        let parts = self.parts(&found);
        if parts.is_empty() {
            return None;
        }
        let (factor, unit) = scale(found.start.abs().max(found.end.abs()), self.language);
        let growth = found.parts.iter().find(|part| part.cause == Cause::Growth).map(|part| WaterfallStep {
            label: self.pick("增长设定不同", "Other growth"),
            change: -part.cut * factor,
            note: String::new(),
            aside: true,
        });
        let mut steps: Vec<WaterfallStep> = growth.into_iter().collect();
        steps.extend(self.steps(&parts, (factor, found.end <= found.start)));
        let whose = base.map_or_else(|| self.pick("不采取措施", "without measures"), |base| base.plan.title.clone());
        Some(WaterfallTable {
            frame: self.waterfall_frame(&WaterfallFinding {
                run,
                whose: &whose,
                year,
                parts: &parts,
                change_t: found.end - found.start,
                factor,
                unit: &unit,
            }),
            start: WaterfallTotal { label: whose, value: found.start * factor },
            steps,
            end: WaterfallTotal { label: run.plan.title.clone(), value: found.end * factor },
        })
    }

    /// What each measure changes beside the base, the largest cut first.
    fn parts(&self, found: &Attribution) -> Vec<MeasureChange> {
        let plans = self.projections.map_or(&[][..], |found| &found.ground.plans.measures);
        let mut parts: Vec<MeasureChange> = found
            .parts
            .iter()
            .filter(|part| part.cut != 0.0)
            .filter_map(|part| match part.cause {
                Cause::Measure(measure) => {
                    Some(MeasureChange { title: plans.get(measure)?.name().to_string(), change_t: -part.cut })
                }
                Cause::Growth => None,
            })
            .collect();
        parts.sort_by(|a, b| a.change_t.total_cmp(&b.change_t));
        parts
    }

    /// Rows of the measures; the small ones together, before those that raise emissions. Shares are told where the whole falls.
    fn steps(&self, parts: &[MeasureChange], (factor, falls): (f64, bool)) -> Vec<WaterfallStep> {
        let cuts = cuts(parts);
        let step = |label: String, change_t: f64| {
            let share = if falls && change_t < 0.0 { -change_t / cuts } else { 0.0 };
            let note = if share > 0.0 { self.bracketed(&percent(share)) } else { String::new() };
            WaterfallStep { label, change: change_t * factor, note, aside: false }
        };
        let is_small = |place: usize, part: &MeasureChange| {
            let beyond = parts.len() > MOST_ROWS && place + 1 >= MOST_ROWS && part.change_t < 0.0;
            beyond || part.change_t.abs() < SMALL * cuts
        };
        let small: Vec<&MeasureChange> =
            parts.iter().enumerate().filter(|(place, part)| is_small(*place, part)).map(|(_, part)| part).collect();
        let merged = small.len() > 1;
        let large = parts.iter().enumerate().filter(|(place, part)| !merged || !is_small(*place, part));
        let (cutting, raising): (Vec<&MeasureChange>, Vec<&MeasureChange>) =
            large.map(|(_, part)| part).partition(|part| part.change_t < 0.0);
        let mut steps: Vec<WaterfallStep> =
            cutting.iter().map(|part| step(part.title.clone(), part.change_t)).collect();
        if merged {
            let (count, change_t) = (small.len(), small.iter().map(|part| part.change_t).sum());
            steps.push(step(self.get(&say!("其他措施（{count} 项）", "Other measures ({count})")), change_t));
        }
        steps.extend(raising.iter().map(|part| step(part.title.clone(), part.change_t)));
        steps
    }

    fn bracketed(&self, text: &str) -> String {
        self.get(&say!("（{text}）", "({text})"))
    }

    /// The measure that brings most, or adds most where the whole rises.
    fn leading(&self, parts: &[MeasureChange], change_t: f64) -> String {
        let finding = match (parts.first().filter(|part| part.change_t < 0.0), parts.last()) {
            (Some(first), _) if change_t <= 0.0 => {
                let (first, share) = (brief(&first.title), percent(-first.change_t / cuts(parts)));
                match parts.len() {
                    1 => say!("，全部来自“{first}”", ", all of it by {first}"),
                    _ => {
                        say!("，“{first}”贡献 {share}，居各措施之首", "; {first} brings {share} of the cuts, the most")
                    }
                }
            }
            (_, Some(last)) if last.change_t > 0.0 => {
                let last = brief(&last.title);
                say!("，增量最大的是“{last}”", "; {last} adds the most")
            }
            _ => say!("", ""),
        };
        self.get(&finding)
    }

    fn waterfall_frame(&self, finding: &WaterfallFinding<'_>) -> ChartTitles {
        let WaterfallFinding { run, whose, year, parts, change_t, factor, unit } = *finding;
        let (area, title) = (self.area(), &run.plan.title);
        let amount = alone((change_t * factor).abs());
        let whole = match change_t <= 0.0 {
            true => say!(
                "{area}{title} {year} 年 CO2 比“{whose}”少 {amount} {unit}",
                "{area}, {title}: {amount} {unit} CO2 less than {whose} in {year}"
            ),
            false => say!(
                "{area}{title} {year} 年 CO2 比“{whose}”多 {amount} {unit}",
                "{area}, {title}: {amount} {unit} CO2 more than {whose} in {year}"
            ),
        };
        ChartTitles {
            title: self.get(&whole) + &self.leading(parts, change_t),
            subtitle: self.pick(
                "各措施贡献按 Shapley 值分摊，相互重叠的部分不重复计算；括号内为占减排量的比例",
                "Measures by Shapley value, overlaps counted once; in brackets the share of all cuts",
            ),
            axis: self.get(&say!(
                "{year} 年 CO2 排放量（{unit}，含调入电力热力）",
                "CO2 in {year} ({unit}, with purchased electricity and heat)"
            )),
            caption: format!("{}{}", self.caption_ahead(CO2, Boundary::DirectPurchased), self.shared(run)),
        }
    }

    /// Measures that the base uses too are shown by what they bring beyond it.
    fn shared(&self, run: &ScenarioRun<'_>) -> String {
        match self.projections.is_some_and(|projections| projections.shares_measures(run)) {
            true => self.pick(
                "基准情景也采用的措施只计两个情景之差。",
                " Of measures that the base uses too the difference between the two is shown.",
            ),
            false => String::new(),
        }
    }

    /// The marginal cost curve of the year in focus; none without costs.
    pub(super) fn cost_curve(&self, run: &ScenarioRun<'_>) -> Option<CostCurveTable> {
        let year = self.focus(&run.plan);
        let steps: Vec<_> = steps(self.projections?, run).into_iter().filter(|step| step.year == year).collect();
        let cutting = || steps.iter().filter(|step| step.standing.tonnes > 0.0);
        let cut_t: f64 = cutting().map(|step| step.standing.tonnes).sum();
        if cut_t <= 0.0 {
            return None;
        }
        let (factor, unit) = scale(cut_t, self.language);
        let shown = |step: &cost_curve::CostCurveStep<'_>| {
            Some(CostStep {
                label: self.title_of(step.measure),
                cut: step.standing.tonnes * factor,
                cost_per_unit: step.standing.per_tonne()?,
            })
        };
        let saving_t: f64 = cutting().filter(|step| step.standing.cost < 0.0).map(|step| step.standing.tonnes).sum();
        let (area, title) = (self.area(), &run.plan.title);
        let (amount, share) = (alone(cut_t * factor), percent(saving_t / cut_t));
        let finding = say!(
            "{area}{title} {year} 年有成本数据的措施减排 CO2 {amount} {unit}，其中 {share} 不增加成本",
            "{area}, {title}: measures with known costs cut {amount} {unit} CO2 in {year}, {share} of it at no net cost"
        );
        let frame = ChartTitles {
            title: self.get(&finding),
            subtitle: self.pick(
                "宽度为减排量，高度为单位减排成本；左侧节省成本的措施按净现值排列，单位减排成本不能用来给它们排序",
                "Width: cut; height: cost per tonne. Savings (left) stand by net present value: cost per tonne alone does not rank them",
            ),
            axis: self.pick("减排成本（元/吨 CO2）", "Cost (yuan per t CO2)"),
            caption: format!("{}{}", self.caption_ahead(CO2, Boundary::DirectPurchased), self.uncosted(run, &steps)),
        };
        let across = self.get(&say!(
            "{year} 年 CO2 累计减排量（{unit}，含调入电力热力）",
            "Cumulative cut of CO2 in {year} ({unit}, with purchased electricity and heat)"
        ));
        Some(CostCurveTable { frame, steps: cutting().filter_map(shown).collect(), across })
    }

    /// How many measures the curve cannot show.
    fn uncosted(&self, run: &ScenarioRun<'_>, steps: &[cost_curve::CostCurveStep<'_>]) -> String {
        let unknown = run.bills.iter().filter(|bill| bill.is_none()).count();
        let idle = steps.iter().filter(|step| step.standing.tonnes <= 0.0).count();
        let mut text = String::new();
        if unknown > 0 {
            text += &self.get(&say!(
                "另有 {unknown} 项措施没有成本数据，不在图中。",
                " {unknown} more measures have no costs and are not shown."
            ));
        }
        if idle > 0 {
            text += &self.get(&say!(
                "{idle} 项有成本的措施当年不减少 CO2，不在图中。",
                " {idle} measures with costs cut no CO2 in that year and are not shown."
            ));
        }
        text
    }
}

/// All that measures cut, t.
fn cuts(parts: &[MeasureChange]) -> f64 {
    -parts.iter().map(|part| part.change_t.min(0.0)).sum::<f64>()
}

/// A title short enough for the title of a chart.
pub(super) fn brief(title: &str) -> String {
    let letters = if title.is_ascii() { 2 * BRIEF } else { BRIEF };
    if title.chars().count() <= letters {
        return title.to_string();
    }
    format!("{}…", title.chars().take(letters - 1).collect::<String>().trim_end())
}
