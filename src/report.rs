//! The files of a run, as bytes: tables, charts, the record of the run. Nothing here writes to disk.

use crate::analysis::Analysis;
use crate::monte_carlo::Draws;
use crate::error::{Language, Result, Text, failure};
use crate::scenario_check::Failed;
use crate::charts::{self, FigureData, Figure};
use crate::inventory::Inventory;
use crate::page::{self, Contents};
use crate::projection::{self, Projections};
use crate::workbook::{self, WorkbookData};
use run_record::RunDescription;

pub mod goal_seek_text;
mod catalogue;
mod decomposition_tables;
mod monte_carlo_tables;
mod uncertainty_tables;
mod method_families;
mod measure_tables;
mod notices;
mod scenario_tables;
mod inventory_tables;
mod run_record;
mod tables;
mod water_table;

pub use catalogue::page as catalogue;
pub use monte_carlo_tables::{draws, sensitivity};
pub use measure_tables::portfolio as portfolio_table;

/// A file of the output folder.
#[derive(Debug, Clone)]
pub struct OutputFile {
    /// Its path inside the folder, with `/`.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl OutputFile {
    fn new(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_string(), bytes }
    }
}

/// What there is of the years ahead.
#[derive(Clone, Copy)]
pub struct Ahead<'a> {
    pub projections: Option<&'a Projections<'a>>,
    pub draws: Option<&'a Draws>,
    /// The planner's checks that do not hold.
    pub failed: &'a [Failed],
}

/// All files of a run, and what could not be drawn.
///
/// # Errors
/// Failures of the frame engine.
pub fn outputs(
    inventory: &Inventory<'_>,
    analysis: &Analysis<'_>,
    Ahead { projections, draws, failed }: Ahead<'_>,
    language: Language,
) -> Result<(Vec<OutputFile>, Vec<Text>)> {
    let source = WorkbookData { inventory, analysis, projections, draws, language };
    let changes = projection::changes(analysis, inventory, projections);
    let drawing = FigureData { inventory, analysis, projections, draws, changes: &changes, language };
    let contents = Contents { inventory, analysis, projections, draws, changes: &changes, language };
    let (tables, (figures, (book, page))) = rayon::join(
        || tables::outputs(inventory, analysis, (projections, &changes), language),
        || {
            rayon::join(
                || charts::figures(&drawing),
                || rayon::join(|| workbook::bytes(source), || page::page(&contents)),
            )
        },
    );
    let mut outputs = tables?;
    let undrawn: Vec<Text> = figures.iter().filter_map(|figure| figure.notice.clone()).collect();
    let notices = notices::output((inventory.study, analysis, &undrawn), projections, failed, language);
    outputs.push(notices.map_err(|cause| failure("out", cause))?);
    outputs.extend(figures.into_iter().flat_map(pictures));
    outputs.push(OutputFile::new("report.xlsx", book?));
    outputs.push(OutputFile::new("report.html", page?));
    if let (Some(projections), Some(draws)) = (projections, draws) {
        outputs.extend(monte_carlo_tables::tables(projections, draws).map_err(|cause| failure("out", cause))?);
    }
    let seed = draws.map(|draws| draws.order.seed);
    let written = RunDescription { kind: "run", outputs: &outputs, notices: &analysis.notices, seed };
    outputs.push(run_record::output(inventory, projections, written));
    Ok((outputs, undrawn))
}

/// The files of `qingdan portfolio` in a folder of their own.
pub fn portfolio(inventory: &Inventory<'_>, table: OutputFile) -> Vec<OutputFile> {
    let written = RunDescription { kind: "portfolio", outputs: std::slice::from_ref(&table), notices: &[], seed: None };
    let record = run_record::output(inventory, None, written);
    vec![table, record]
}

/// A figure's files; its table carries the mark of UTF-8 as all CSVs do.
fn pictures(Figure { name, files, .. }: Figure) -> impl Iterator<Item = OutputFile> {
    files.into_iter().map(move |(form, bytes)| {
        let bytes = if form == "csv" { [tables::MARK.as_slice(), &bytes].concat() } else { bytes };
        OutputFile::new(&format!("charts/{name}.{form}"), bytes)
    })
}
