//! `notices.csv`: what the reader should know, and the planner's checks that do not hold, in the language of the run.

use super::OutputFile;
use super::tables::{csv, text};
use crate::error::{Place, Text};
use crate::model::Results;
use crate::schema::HISTORY;
use polars::prelude::*;

struct NoticeRow<'a> {
    scenario: &'a str,
    kind: &'static str,
    place: Option<&'a Place>,
    text: &'a Text,
}

pub(super) fn output(results: Results<'_>, undrawn: &[Text]) -> PolarsResult<OutputFile> {
    let notice = |scenario, text| NoticeRow { scenario, kind: "notice", place: None, text };
    let own = results
        .inventory
        .study
        .notices
        .iter()
        .chain(&results.analysis.notices)
        .chain(undrawn)
        .map(|text| notice(HISTORY, text));
    let planned =
        results.runs().iter().flat_map(|run| run.plan.notices.iter().map(|text| notice(&run.plan.code, text)));
    let checks = results.failed.iter().map(|failed| NoticeRow {
        scenario: &failed.scenario,
        kind: "check",
        place: Some(&failed.fault.place),
        text: &failed.fault.text,
    });
    let rows: &[NoticeRow<'_>] = &checks.chain(own).chain(planned).collect::<Vec<_>>();
    let frame = DataFrame::new(
        rows.len(),
        vec![
            text("scenario", rows, |row| row.scenario.to_string()),
            text("kind", rows, |row| row.kind.to_string()),
            text("place", rows, |row| row.place.map(Place::to_string).unwrap_or_default()),
            text("text", rows, |row| row.text.get(results.language).to_string()),
        ],
    )?;
    csv("notices.csv", frame)
}
