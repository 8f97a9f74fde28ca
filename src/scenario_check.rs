//! `[check]` in scenarios.toml: what the planner expects of the results. The run names those that do not hold.

use crate::error::{Diagnostic, Diagnostics, Result, Text, rounded};
use crate::expression::ComparisonOperator;
use crate::expression::claims::{self, Claim, ClaimValue, ResultFunction};
use crate::projection::Projections;
use crate::say;
use crate::scenario::{Expectation, ScenarioSet};
use crate::study::Study;

mod answer;
mod functions;

pub use functions::FUNCTIONS;

/// A check that has been read, its names known.
#[derive(Debug, Clone)]
pub struct Check<'a> {
    pub expectation: &'a Expectation,
    pub claim: Claim,
}

/// Reads the checks of a study.
///
/// # Errors
/// All that cannot be read, names that are not known with the nearest.
pub fn read<'a>(study: &Study, plans: &'a ScenarioSet) -> Result<Vec<Check<'a>>> {
    let mut faults = Diagnostics::default();
    let mut checks = Vec::new();
    for expectation in &plans.expectations {
        match claims::claim(&expectation.text) {
            Err(refusal) => faults.push(Diagnostic::new(expectation.place.clone(), claims::sentence(&refusal))),
            Ok(claim) => {
                let world = functions::ClaimVocabulary { study, plans };
                let mut years = Vec::new();
                questions(&claim, false, &mut years);
                for (question, within) in years {
                    if let Err((text, near)) = world.known(question, within) {
                        faults.push(Diagnostic::new(expectation.place.clone(), text).nearest(near.as_deref()));
                    }
                }
                checks.push(Check { expectation, claim });
            }
        }
    }
    faults.into_result(checks)
}

/// All questions of a claim, and whether they stand in `all()` or `any()`.
fn questions<'c>(claim: &'c Claim, within: bool, found: &mut Vec<(&'c ResultFunction, bool)>) {
    match claim {
        Claim::And(a, b) | Claim::Or(a, b) => {
            questions(a, within, found);
            questions(b, within, found);
        }
        Claim::Not(inner) => questions(inner, within, found),
        Claim::All(inner) | Claim::Any(inner) => questions(inner, true, found),
        Claim::Compare(_, a, b) => {
            asked(a, within, found);
            asked(b, within, found);
        }
    }
}

fn asked<'c>(value: &'c ClaimValue, within: bool, found: &mut Vec<(&'c ResultFunction, bool)>) {
    match value {
        ClaimValue::Number(_) | ClaimValue::Quantity(_) => {}
        ClaimValue::Negative(inner) => asked(inner, within, found),
        ClaimValue::Binary(_, a, b) => {
            asked(a, within, found);
            asked(b, within, found);
        }
        ClaimValue::Ask(question) => found.push((question, within)),
    }
}

/// How a claim ended: whether it holds, and the two values that decided it.
#[derive(Debug, Clone)]
pub(crate) struct ClaimOutcome {
    holds: bool,
    sides: (f64, f64),
    comparison: ComparisonOperator,
    year: Option<i32>,
}

/// A check that does not hold, or that the results cannot answer.
#[derive(Debug, Clone)]
pub struct Failed {
    pub scenario: String,
    pub fault: Diagnostic,
}

/// Asks every check of the results: each that does not hold, with both values, and each that cannot be answered.
pub fn evaluate(checks: &[Check<'_>], projections: &Projections<'_>) -> Vec<Failed> {
    let mut failed = Vec::new();
    for check in checks {
        for run in about(check, projections) {
            let (scenario, title) = (&projections.runs[run].plan.code, &check.expectation.title);
            let text = match outcome(&check.claim, &answer::ClaimContext { projections, run, year: None }) {
                Ok(outcome) if outcome.holds => continue,
                Ok(outcome) => broken((scenario, title), &check.expectation.text, &outcome),
                Err(Text { zh, en }) => {
                    say!("情景 {scenario}，检查“{title}”：{zh}", "scenario {scenario}, check '{title}': {en}")
                }
            };
            let fault = Diagnostic::new(check.expectation.place.clone(), text);
            failed.push(Failed { scenario: scenario.clone(), fault });
        }
    }
    failed
}

/// The runs that a check is about: that in whose table it stands, one if it names its scenarios itself, else all.
fn about(check: &Check<'_>, projections: &Projections<'_>) -> Vec<usize> {
    if let Some(scenario) = &check.expectation.scenario {
        return projections.find(scenario).into_iter().collect();
    }
    let mut found = Vec::new();
    questions(&check.claim, false, &mut found);
    let named = !found.is_empty() && found.iter().all(|(question, _)| question.scenario.is_some());
    let first = found.first().and_then(|(question, _)| projections.find(question.scenario.as_deref()?));
    if named { first.into_iter().collect() } else { (0..projections.runs.len()).collect() }
}

fn broken((scenario, title): (&str, &str), text: &str, outcome: &ClaimOutcome) -> Text {
    let (left, right) = (shown(outcome.sides.0), shown(outcome.sides.1));
    let sign = outcome.comparison.sign();
    let Text { zh, en } = outcome.year.map_or_else(|| say!("", ""), |year| say!("{year} 年", " in {year}"));
    say!(
        "情景 {scenario} 未通过检查“{title}”（{text}）：{zh}左边 {left}，右边 {right}，不满足 {sign}",
        "the scenario {scenario} fails the check '{title}' ({text}): the left side is {left}, the right {right}{en}, against {sign}"
    )
}

/// A year of no peak is infinite.
fn shown(value: f64) -> String {
    if value.is_infinite() { "∞".to_string() } else { rounded(value).to_string() }
}

fn outcome(claim: &Claim, setting: &answer::ClaimContext<'_>) -> std::result::Result<ClaimOutcome, Text> {
    Ok(match claim {
        Claim::And(a, b) => {
            let first = outcome(a, setting)?;
            if first.holds { outcome(b, setting)? } else { first }
        }
        Claim::Or(a, b) => {
            let first = outcome(a, setting)?;
            if first.holds { first } else { outcome(b, setting)? }
        }
        Claim::Not(inner) => {
            let inner = outcome(inner, setting)?;
            ClaimOutcome { holds: !inner.holds, ..inner }
        }
        Claim::All(inner) => over_years(inner, setting, false)?,
        Claim::Any(inner) => over_years(inner, setting, true)?,
        Claim::Compare(comparison, a, b) => compare(*comparison, (a, b), setting)?,
    })
}

/// The first year in which the claim is `sought`, else the last.
fn over_years(
    claim: &Claim,
    setting: &answer::ClaimContext<'_>,
    sought: bool,
) -> std::result::Result<ClaimOutcome, Text> {
    let mut last =
        ClaimOutcome { holds: !sought, sides: (0.0, 0.0), comparison: ComparisonOperator::Equal, year: None };
    for year in setting.projections.runs[setting.run].plan.years() {
        last = outcome(claim, &answer::ClaimContext { year: Some(year), ..*setting })?;
        last.year.get_or_insert(year);
        if last.holds == sought {
            return Ok(last);
        }
    }
    Ok(last)
}

fn compare(
    comparison: ComparisonOperator,
    (a, b): (&ClaimValue, &ClaimValue),
    setting: &answer::ClaimContext<'_>,
) -> std::result::Result<ClaimOutcome, Text> {
    let (left, right) = (setting.values(a)?, setting.values(b)?);
    // Every pair has to hold: `emissions` has many values, all else has one.
    let mut decided = ClaimOutcome { holds: true, sides: (0.0, 0.0), comparison, year: setting.year };
    for a in &left {
        for b in &right {
            decided.sides = (*a, *b);
            if !holds(comparison, *a, *b) {
                return Ok(ClaimOutcome { holds: false, ..decided });
            }
        }
    }
    Ok(decided)
}

/// Values within 1e-9 of each other are equal.
fn holds(comparison: ComparisonOperator, a: f64, b: f64) -> bool {
    // A year of no peak is infinite: it is near nothing.
    let equal = a == b || (a - b).is_finite() && (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    match comparison {
        ComparisonOperator::Less => a < b && !equal,
        ComparisonOperator::LessOrEqual => a < b || equal,
        ComparisonOperator::Greater => a > b && !equal,
        ComparisonOperator::GreaterOrEqual => a > b || equal,
        ComparisonOperator::Equal => equal,
        ComparisonOperator::NotEqual => !equal,
    }
}
