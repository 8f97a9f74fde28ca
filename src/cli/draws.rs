//! `qingdan draws` and `qingdan sensitivity`.

use super::{ExitStatus, Terminal, output, progress, shown};
use crate::analysis::{self, Analysis};
use crate::error::{Diagnostic, Place, Result, Text, nearest};
use crate::model::Model;
use crate::monte_carlo::{self, Drawn, Draws, Order, SensitivityOutput, Uncertain};
use crate::projection::{Projections, ScenarioRun};
use crate::scenario::ScenarioSet;
use crate::target::Target;
use crate::{report, say, verdict_text};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(super) struct MonteCarloArgs {
    study: PathBuf,
    #[arg(short, default_value_t = 100_000)]
    n: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long)]
    scenario: Option<String>,
    #[arg(long)]
    only_written: bool,
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Sensing {
    study: PathBuf,
    #[arg(long)]
    scenario: Option<String>,
    #[arg(short, default_value_t = 1024)]
    n: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Draws of `qingdan run`, where the study has `[uncertain]`.
const OF_A_RUN: usize = 10_000;
const SEED: u64 = 1;

/// The draws of `qingdan run`: a few, with fans of what is judged; `qingdan draws --out` has those of every pollutant.
///
/// # Errors
/// The faults of `[uncertain]`.
pub(super) fn of_a_run(projections: Option<&Projections<'_>>, plans: &ScenarioSet) -> Result<Option<Draws>> {
    let Some(projections) = projections else { return Ok(None) };
    let Some(uncertain) = monte_carlo::read(projections.ground.inventory.study, plans)? else { return Ok(None) };
    let draws = monte_carlo::run(projections, &uncertain, Order { draws: OF_A_RUN, seed: SEED, wide: false }, None)?;
    Ok(Some(draws).filter(|draws| !draws.inputs.all.is_empty()))
}

fn with_projections(
    folder: &Path,
    page: &mut Terminal,
    work: impl FnOnce(&Projections<'_>, &Analysis<'_>, Uncertain, &mut Terminal) -> Result<()>,
) -> Result<ExitStatus> {
    let bar = progress(page.language);
    let model = Model::load(folder)?.with_scenarios()?;
    let uncertain = monte_carlo::read(&model.study, &model.scenarios)?.unwrap_or_default();
    let inventory = model.compile()?;
    let analysis = analysis::analyse(&inventory);
    let projections = model.project(&inventory)?;
    work(&projections, &analysis, uncertain, page)?;
    bar.finish_and_clear();
    Ok(ExitStatus::Complete)
}

/// Unless the file or the command says otherwise, everything that has a range is drawn.
fn widened(uncertain: Uncertain, only_written: bool) -> Uncertain {
    let or = |flag: Option<bool>| Some(flag.unwrap_or(!only_written));
    Uncertain { parameters: or(uncertain.parameters), activity: or(uncertain.activity), ..uncertain }
}

fn chosen<'p, 'a>(projections: &'p Projections<'a>, code: Option<&str>) -> Result<&'p ScenarioRun<'a>> {
    let found = match code {
        Some(code) => projections.runs.iter().find(|run| run.plan.code == code),
        None => projections.runs.last(),
    };
    found.ok_or_else(|| {
        let code = code.unwrap_or_default();
        let text = say!("没有情景 '{code}'", "there is no scenario '{code}'");
        let known = projections.runs.iter().map(|run| run.plan.code.as_str());
        Diagnostic::new(Place::file("--scenario"), text).nearest(nearest(code, known)).into()
    })
}

pub(super) fn draws(drawing: &MonteCarloArgs, page: &mut Terminal) -> Result<ExitStatus> {
    with_projections(&drawing.study, page, |projections, analysis, uncertain, page| {
        if let Some(code) = &drawing.scenario {
            chosen(projections, Some(code))?;
        }
        let uncertain = widened(uncertain, drawing.only_written);
        let order = Order { draws: drawing.n.max(1), seed: drawing.seed, wide: drawing.out.is_some() };
        let start = std::time::Instant::now();
        let draws = monte_carlo::run(projections, &uncertain, order, drawing.scenario.as_deref())?;
        let (n, seed, inputs) = (order.draws, order.seed, draws.inputs.all.len());
        let seconds = start.elapsed().as_secs_f64();
        page.say(&say!(
            "{n} 次抽样，种子 {seed}，{inputs} 个不确定量，{seconds:.2} 秒",
            "{n} draws, seed {seed}, {inputs} inputs, {seconds:.2} s"
        ));
        if inputs == 0 {
            page.say(&nothing_to_draw());
        } else {
            draws.scenarios.iter().for_each(|drawn| tell(projections, drawn, page));
        }
        match &drawing.out {
            None => Ok(()),
            Some(out) => {
                let outputs = report::draws(projections, analysis, &draws)?;
                written((out, &drawing.study), ("draws", &outputs), page)
            }
        }
    })
}

/// Of inputs that all stay what they are no probability can be told.
fn nothing_to_draw() -> Text {
    say!(
        "没有不确定量可抽：各输入既没有 low 和 high，也没有写进 [uncertain]，每次抽样都与情景本身相同，不给出概率",
        "there is nothing to draw: no input has low and high, and none stands in [uncertain]. Every draw is the scenario as it is set, and no probability is told"
    )
}

fn written(
    (out, study): (&Path, &Path),
    (kind, outputs): (&str, &[report::OutputFile]),
    page: &mut Terminal,
) -> Result<()> {
    output::write((out, study), (kind, outputs), page)?;
    let name = shown(out);
    page.say(&say!("结果写入 {name}", "written to {name}"));
    Ok(())
}

/// Whether a target is met as surely as it asks for; nothing where it does not ask.
fn sureness(target: &Target, share: f64) -> Text {
    let (Some(wanted), Some(is_sure)) = (target.probability, target.is_sure(share)) else { return say!("", "") };
    let per_cent = wanted * 100.0;
    match is_sure {
        true => say!("，要求 {per_cent:.0}%，把握足够", ", {per_cent:.0}% wanted: sure enough"),
        false => say!("，要求 {per_cent:.0}%，把握不足", ", {per_cent:.0}% wanted: not sure enough"),
    }
}

/// The probabilities of a scenario, and where its peaks lie.
pub(super) fn tell(projections: &Projections<'_>, drawn: &Drawn, page: &mut Terminal) {
    let targets = &projections.ground.inventory.study.targets;
    let run = projections.runs.iter().find(|run| run.plan.code == drawn.scenario);
    page.line(run.map_or(&drawn.scenario, |run| &run.plan.title));
    for row in &drawn.probabilities {
        let (Text { zh: name_zh, en: name_en }, Text { zh: in_zh, en: in_en }) =
            (verdict_text::metric(&row.metric.0), row.metric.1.title());
        let year = row.year;
        let (share, error) = (row.share, row.share.standard_error * 100.0);
        match row.target.map(|index| &targets[index]) {
            None => page.say(&say!(
                "  {name_zh}（{in_zh}）{year} 年前达峰的概率：{share} ± {error:.2}%",
                "  {name_en} ({in_en}) peaks by {year}: {share} ± {error:.2}%"
            )),
            Some(target) => {
                let (title, Text { zh, en }) = (target.name(), sureness(target, share.value));
                page.say(&say!(
                    "  目标 {title} 达到的概率：{share} ± {error:.2}%{zh}",
                    "  target {title} is met: {share} ± {error:.2}%{en}"
                ));
            }
        }
        if let Some(failing) = &row.failing {
            let (zh, en) = (&failing.zh, &failing.en);
            page.say(&say!("    {zh}", "    {en}"));
        }
    }
    for peak in &drawn.peaks {
        let metric = &projections.metrics.all[peak.metric];
        let (Some([low, middle, high]), Some(value)) = (peak.year, peak.value) else { continue };
        let (Text { zh: name_zh, en: name_en }, Text { zh: in_zh, en: in_en }) =
            (verdict_text::metric(&metric.name), metric.boundary.title());
        let unit = metric.unit;
        let [least, median, most] = value;
        page.say(&say!(
            "  {name_zh}（{in_zh}）达峰年 {middle}（5–95%：{low}–{high}），峰值 {median:.0} {unit}（{least:.0}–{most:.0}）",
            "  {name_en} ({in_en}) peak year {middle} (5–95%: {low}–{high}), peak {median:.0} {unit} ({least:.0}–{most:.0})"
        ));
    }
}

pub(super) fn sensitivity(sensing: &Sensing, page: &mut Terminal) -> Result<ExitStatus> {
    with_projections(&sensing.study, page, |projections, analysis, uncertain, page| {
        let run = chosen(projections, sensing.scenario.as_deref())?;
        let plans: Vec<_> = projections.runs.iter().map(|run| run.plan.clone()).collect();
        let inputs = monte_carlo::collect(projections.ground, &plans, &widened(uncertain, false))?;
        let rows = monte_carlo::sensitivity(projections, (run, &inputs), (sensing.n.max(16), sensing.seed));
        page.line(&run.plan.title);
        for row in &rows {
            let output = match &row.output {
                SensitivityOutput::Value(year) => say!("{year} 年", "{year}"),
                SensitivityOutput::PeakYear => say!("达峰年", "peak year"),
            };
            let (metric, input, zh, en) = (&projections.metrics.all[row.metric].name, &row.input, output.zh, output.en);
            let Text { zh: effect_zh, en: effect_en } = match row.effect() {
                "" => say!("", ""),
                _ => say!("没有影响", "no effect"),
            };
            match (row.sobol.first, row.sobol.total) {
                (Some(first), Some(total)) => {
                    let [a, b, c, d, e, f] = [first.value, first.low, first.high, total.value, total.low, total.high];
                    page.say(&say!(
                        "  {metric} {zh}：{input} 一阶 {a:.3}（{b:.3} 至 {c:.3}），总效应 {d:.3}（{e:.3} 至 {f:.3}）{effect_zh}",
                        "  {metric} {en}: {input}, first {a:.3} ({b:.3} to {c:.3}), total {d:.3} ({e:.3} to {f:.3}) {effect_en}"
                    ));
                }
                _ => page.say(&say!("  {metric} {zh}：{input} {effect_zh}", "  {metric} {en}: {input}, {effect_en}")),
            }
        }
        match &sensing.out {
            None => Ok(()),
            Some(out) => {
                let outputs = report::sensitivity(projections, analysis, (&run.plan.code, &rows), sensing.seed)?;
                written((out, &sensing.study), ("sensitivity", &outputs), page)
            }
        }
    })
}
