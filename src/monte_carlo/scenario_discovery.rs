//! When a target fails, in one sentence: the box of inputs in which at least four of five draws miss it, or why there is none.

use super::drawn_inputs::InputEffect;
use super::prim::{self, PrimBox};
use super::{DrawContext, DrawnInput};
use crate::economy;
use crate::error::Text;
use crate::say;
use crate::scenario::ScenarioSet;

/// Inputs that the box is looked for in: those most correlated with failing.
const CANDIDATES: usize = 16;

/// Draws again the inputs of the first trials and peels; the box as a sentence.
pub(super) fn find(scene: &DrawContext<'_>, failed: &[bool], seed: u64) -> Option<Text> {
    let failures = failed.iter().filter(|failed| **failed).count();
    if failures == 0 || failures == failed.len() {
        return None;
    }
    if failures.min(failed.len() - failures) < prim::ENOUGH {
        return Some(too_few(failures, failed.len()));
    }
    let inputs = scene.sampler.inputs;
    let streams = inputs.streams(seed);
    let acting = (0..inputs.all.len()).filter(|input| scene.sampler.acts(*input));
    let values = |input: &usize| -> Vec<f64> {
        let spread = &inputs.all[*input].spread;
        (0..failed.len()).map(|trial| spread.quantile(streams[*input].uniform(trial as u64))).collect()
    };
    let mut ranked: Vec<(f64, usize)> = acting
        .map(|input| {
            let uniforms = (0..failed.len()).map(|trial| streams[input].uniform(trial as u64) - 0.5);
            let share = failures as f64 / failed.len() as f64;
            let sum: f64 = uniforms.zip(failed).map(|(u, failed)| u * (f64::from(u8::from(*failed)) - share)).sum();
            (sum.abs(), input)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let chosen: Vec<usize> = ranked.into_iter().take(CANDIDATES).map(|(_, input)| input).collect();
    let columns: Vec<Vec<f64>> = chosen.iter().map(values).collect();
    let named: Vec<&DrawnInput> = chosen.iter().map(|input| &inputs.all[*input]).collect();
    Some(match prim::peel(&columns, failed) {
        Some(found) => sentence(&found, (scene.plans, &named)),
        None => say!(
            "没有哪项输入的取值范围使未达到目标的情形明显增多（各界限的 quasi-p 均大于 0.05）",
            "no range of any input makes the target fail more often than chance may (quasi-p of every bound above 0.05)"
        ),
    })
}

fn too_few(failures: usize, draws: usize) -> Text {
    let least = prim::ENOUGH;
    match failures < least {
        true => say!(
            "{draws} 次抽样中仅 {failures} 次未达到目标，少于 {least} 次，不足以说明是哪些输入造成的",
            "only {failures} of {draws} draws miss the target: fewer than {least} are too few to say which inputs make it fail"
        ),
        false => {
            let met = draws - failures;
            say!(
                "{draws} 次抽样中仅 {met} 次达到目标，少于 {least} 次，不足以说明是哪些输入造成的",
                "only {met} of {draws} draws meet the target: fewer than {least} are too few to say which inputs make it fail"
            )
        }
    }
}

fn sentence(found: &PrimBox, (plans, inputs): (&ScenarioSet, &[&DrawnInput])) -> Text {
    // Both bounds of an input are one condition.
    let of_one = |sides: &[prim::BoxSide]| condition((plans, inputs[sides[0].input]), sides);
    let conditions: Vec<Text> = found.sides.chunk_by(|a, b| a.input == b.input).map(of_one).collect();
    let Text { zh, en } = joined(&conditions);
    let (density, coverage) = (found.density * 100.0, found.coverage * 100.0);
    say!(
        "当{zh}时，{density:.0}% 的抽样未达到目标（占全部未达到情形的 {coverage:.0}%）",
        "where {en}, the target is missed in {density:.0}% of the draws ({coverage:.0}% of all that miss it)"
    )
}

/// The bounds of one input, each with its quasi-p.
fn bounds(sides: &[prim::BoxSide], shown: &dyn Fn(f64) -> Text) -> Text {
    let of = |side: &prim::BoxSide| {
        let (sign, Text { zh, en }) = (if side.above { "≥" } else { "≤" }, shown(side.value));
        let p = if side.quasi_p < 0.001 { "< 0.001".to_string() } else { format!("{:.3}", side.quasi_p) };
        say!("{sign} {zh}（quasi-p {p}）", "{sign} {en} (quasi-p {p})")
    };
    let all: Vec<Text> = sides.iter().map(of).collect();
    joined(&all)
}

fn joined(texts: &[Text]) -> Text {
    let and = say!("且", " and ");
    let zh = texts.iter().map(|text| text.zh.as_str()).collect::<Vec<_>>().join(&and.zh);
    let en = texts.iter().map(|text| text.en.as_str()).collect::<Vec<_>>().join(&and.en);
    Text { zh, en }
}

fn condition((plans, input): (&ScenarioSet, &DrawnInput), sides: &[prim::BoxSide]) -> Text {
    let of_plan = |value: f64| {
        let percent = value * 100.0;
        say!("设定的 {percent:.1}%", "{percent:.1}% of the plan's")
    };
    match &input.moves {
        InputEffect::Rate(path) => {
            let driver = economy::spoken(&path.driver);
            let Text { zh, en } = bounds(sides, &|value| {
                let percent = value * 100.0;
                say!("{percent:+.2} 个百分点", "{percent:+.2} percentage points")
            });
            let (driver_zh, driver_en) = (driver.zh, driver.en);
            say!("{driver_zh}的年增速偏差 {zh}", "the yearly growth of {driver_en} is off by {en}")
        }
        InputEffect::Change(path) => {
            let driver = economy::spoken(&path.driver);
            let Text { zh, en } = bounds(sides, &of_plan);
            let (driver_zh, driver_en) = (driver.zh, driver.en);
            say!("{driver_zh}的变化量 {zh}", "the change of {driver_en} is {en}")
        }
        InputEffect::Level(measure) => {
            let title = plans.measures[*measure].name();
            let Text { zh, en } = bounds(sides, &of_plan);
            say!("“{title}”的力度 {zh}", "the level of the measure {title} is {en}")
        }
        InputEffect::Parameters(_) | InputEffect::Activity(_) => {
            let Text { zh: said_zh, en: said_en } = &input.said;
            let Text { zh, en } = bounds(sides, &|value| say!("现值的 {value:.3} 倍", "{value:.3} of its value"));
            say!("{said_zh} {zh}", "{said_en} is {en}")
        }
    }
}
