//! When a target fails, in one sentence: the box of inputs in which at least four of five draws miss it.

use super::input::Moves;
use super::peel::{self, Found};
use super::{Input, Scene};
use crate::economy;
use crate::error::Text;
use crate::say;
use crate::scenario::Plans;

/// Inputs that the box is looked for in: those most correlated with failing.
const CANDIDATES: usize = 16;

/// The box, and the sentence.
#[derive(Debug, Clone)]
pub struct Failing {
    pub density: f64,
    pub coverage: f64,
    pub sentence: Text,
}

/// Draws again the inputs of the first trials and peels.
pub(super) fn find(scene: &Scene<'_>, failed: &[bool], seed: u64) -> Option<Failing> {
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
            let share = failed.iter().filter(|failed| **failed).count() as f64 / failed.len().max(1) as f64;
            let sum: f64 = uniforms.zip(failed).map(|(u, failed)| u * (f64::from(u8::from(*failed)) - share)).sum();
            (sum.abs(), input)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let chosen: Vec<usize> = ranked.into_iter().take(CANDIDATES).map(|(_, input)| input).collect();
    let columns: Vec<Vec<f64>> = chosen.iter().map(values).collect();
    let found = peel::peel(&columns, failed)?;
    let named: Vec<&Input> = chosen.iter().map(|input| &inputs.all[*input]).collect();
    Some(Failing {
        density: found.density,
        coverage: found.coverage,
        sentence: sentence(&found, (scene.plans, &named)),
    })
}

fn sentence(found: &Found, (plans, inputs): (&Plans, &[&Input])) -> Text {
    let side = |side: &peel::Side| condition((plans, inputs[side.input]), side);
    let conditions: Vec<Text> = found.sides.iter().map(side).collect();
    let and = say!("且", " and ");
    let join = |texts: Vec<&str>, by: &str| texts.join(by);
    let zh = join(conditions.iter().map(|text| text.zh.as_str()).collect(), &and.zh);
    let en = join(conditions.iter().map(|text| text.en.as_str()).collect(), &and.en);
    let (density, coverage) = (found.density * 100.0, found.coverage * 100.0);
    say!(
        "当{zh}时，{density:.0}% 的抽样未达到目标（占全部未达到情形的 {coverage:.0}%）",
        "where {en}, the target is missed in {density:.0}% of the draws ({coverage:.0}% of all that miss it)"
    )
}

fn condition((plans, input): (&Plans, &Input), side: &peel::Side) -> Text {
    let sign = if side.above { "≥" } else { "≤" };
    let (value, percent) = (side.value, side.value * 100.0);
    match &input.moves {
        Moves::Rate(path) => {
            let Text { zh, en } = economy::spoken(&path.driver);
            say!(
                "{zh}的年增速偏差 {sign} {percent:+.2} 个百分点",
                "the yearly growth of {en} is off by {sign} {percent:+.2} percentage points"
            )
        }
        Moves::Change(path) => {
            let Text { zh, en } = economy::spoken(&path.driver);
            say!("{zh}的变化量 {sign} 设定的 {percent:.1}%", "the change of {en} is {sign} {percent:.1}% of the plan's")
        }
        Moves::Level(measure) => {
            let title = &plans.measures[*measure].title;
            say!(
                "“{title}”的力度 {sign} 设定的 {percent:.1}%",
                "the level of the measure {title} is {sign} {percent:.1}% of the plan's"
            )
        }
        Moves::Parameters(_) | Moves::Activity(_) => {
            let name = &input.name;
            say!("{name} {sign} 现值的 {value:.3} 倍", "{name} is {sign} {value:.3} of its value")
        }
    }
}
