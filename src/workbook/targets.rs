//! The sheet of targets: what is required, what history and each scenario reach, and how much of it rests on proxies.

use super::inputs::columns;
use super::sheet::{CellStyle, CellValue, SheetResult};
use super::sheet_names::Tab;
use super::{Book, totals};
use crate::analysis::Assessment;
use crate::analysis::assessment::NOISE;
use crate::error::Text;
use crate::target::Target;
use crate::verdict_text::{assessed, sentence};
use rust_xlsxwriter::Worksheet;

/// A target as history or a scenario meets it.
pub(super) struct Judgement<'a> {
    pub target: &'a Target,
    /// The title of the scenario; none for history.
    pub scenario: Option<&'a str>,
    pub assessment: &'a Assessment,
    /// The share of draws that meet it.
    pub chance: Option<f64>,
}

impl Judgement<'_> {
    /// The verdict in a word.
    pub fn said(&self) -> Text {
        assessed(self.assessment.verdict, self.chance.and_then(|chance| self.target.is_sure(chance)))
    }
}

/// Every target where it is judged: in history what lies in its years, in scenarios all.
pub(super) fn judgements<'a>(book: &Book<'a>) -> Vec<Judgement<'a>> {
    let source = book.source;
    let runs = source.projections.map_or(&[][..], |projections| &projections.runs);
    let mut found = Vec::new();
    for (index, target) in source.inventory.study.targets.iter().enumerate() {
        let of = |all: &'a [Assessment]| all.iter().find(|assessment| assessment.target == target.code);
        let past = runs.is_empty() || source.inventory.years.contains(&target.year);
        let history = of(&source.analysis.assessments).filter(|_| past);
        found.extend(history.map(|assessment| Judgement { target, scenario: None, assessment, chance: None }));
        for run in runs.iter().filter(|_| !past) {
            let assessment = of(&run.outlook.assessments);
            let scenario = Some(run.plan.title.as_str());
            let chance = source.draws.and_then(|draws| draws.chance(&run.plan.code, index)).map(|share| share.value);
            found.extend(assessment.map(|assessment| Judgement { target, scenario, assessment, chance }));
        }
    }
    found
}

pub(super) fn sheet(book: &Book<'_>) -> SheetResult<Option<Worksheet>> {
    let judgements = judgements(book);
    if judgements.is_empty() {
        return Ok(None);
    }
    let mut page = book.page(&Tab::Targets)?;
    let note = book.pick(
        "质量单位 t，能源单位 tce；余量为正表示达到。目标要求概率而抽样达不到时，判断为“把握不足”。替代数据占比是该年指标中依据替代数据的部分，判断的可靠程度不会高于数据。",
        "Masses in t, energy in tce; a positive margin is met. Where a target asks for a probability that the draws do not reach, the verdict is “not sure enough”. The proxy share is the part of the year's metric that rests on proxy data: a verdict is worth no more than that.",
    );
    let row = page.head(&book.pick("目标完成情况", "Targets"), &[note])?;
    let columns = columns(
        book,
        &[
            ("目标", "Target", 38.0, CellStyle::Text),
            ("情景", "Scenario", 20.0, CellStyle::Text),
            ("判断", "Verdict", 12.0, CellStyle::Text),
            ("抽样达到的概率", "Probability (draws)", 12.0, CellStyle::Probability),
            ("要求的概率", "Probability wanted", 12.0, CellStyle::Percent),
            ("指标", "Metric", 22.0, CellStyle::Text),
            ("核算边界", "Boundary", 16.0, CellStyle::Text),
            ("年份", "Year", 8.0, CellStyle::Year),
            ("要求", "Required", 15.0, CellStyle::Exact),
            ("结果", "Reached", 15.0, CellStyle::Exact),
            ("余量", "Margin", 15.0, CellStyle::Exact),
            ("单位", "Unit", 12.0, CellStyle::Unit),
            ("替代数据占比", "Proxy share", 11.0, CellStyle::Percent),
            ("依据", "Source", 50.0, CellStyle::Wrap),
            ("无法评估的原因", "Why not assessable", 60.0, CellStyle::Wrap),
        ],
    );
    let cells: Vec<Vec<CellValue>> = judgements.iter().map(|judgement| cells(book, judgement)).collect();
    page.table(row + 1, &columns, &cells)?;
    Ok(Some(page.sheet))
}

fn cells(book: &Book<'_>, judgement: &Judgement<'_>) -> Vec<CellValue> {
    let Judgement { target, scenario, assessment, chance } = judgement;
    vec![
        CellValue::text(target.name()),
        CellValue::text(scenario.map_or(book.pick("历史", "history"), str::to_string)),
        CellValue::text(book.tell(&judgement.said())),
        CellValue::number(*chance),
        CellValue::number(target.probability),
        CellValue::text(&assessment.metric),
        CellValue::text(totals::boundary(book, target.boundary)),
        CellValue::Number(f64::from(assessment.year)),
        value(assessment, assessment.required),
        value(assessment, assessment.reached),
        value(assessment, assessment.margin.map(|margin| if margin.abs() < NOISE { 0.0 } else { margin })),
        CellValue::text(if assessment.unit == SHARE { "" } else { &assessment.unit }),
        CellValue::number(assessment.proxy_share),
        CellValue::text(&target.source),
        CellValue::text(assessment.reason.as_ref().map_or(String::new(), |reason| book.tell(&sentence(reason)))),
    ]
}

/// The unit of shares, which are shown in per cent.
const SHARE: &str = "1";

fn value(assessment: &Assessment, value: Option<f64>) -> CellValue {
    match value.filter(|_| assessment.unit == SHARE) {
        Some(share) => CellValue::Share(share),
        None => CellValue::number(value.map(digits)),
    }
}

/// Six significant digits: no metric is known better, and a column shows no more.
pub(super) fn digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}
