//! The files of a run, as bytes: tables, charts, the record of the run. Nothing here writes to disk.

use crate::charts::{self, Figure};
use crate::error::{Result, Text, failure};
use crate::inventory::Inventory;
use crate::model::Results;
use crate::{page, workbook};
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
pub use measure_tables::portfolio as portfolio_table;
pub use monte_carlo_tables::{draws, sensitivity};

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

/// All files of a run, and what could not be drawn.
///
/// # Errors
/// Failures of the frame engine.
pub fn outputs(results: Results<'_>) -> Result<(Vec<OutputFile>, Vec<Text>)> {
    let (tables, (figures, (book, page))) = rayon::join(
        || tables::outputs(results),
        || {
            rayon::join(
                || charts::figures(&results),
                || rayon::join(|| workbook::bytes(results), || page::page(&results)),
            )
        },
    );
    let mut outputs = tables?;
    let undrawn: Vec<Text> = figures.iter().filter_map(|figure| figure.notice.clone()).collect();
    outputs.push(notices::output(results, &undrawn).map_err(|cause| failure("out", cause))?);
    outputs.extend(figures.into_iter().flat_map(pictures));
    outputs.push(OutputFile::new("report.xlsx", book?));
    outputs.push(OutputFile::new("report.html", page?));
    if let (Some(projections), Some(draws)) = (results.projections, results.draws) {
        outputs.extend(monte_carlo_tables::tables(projections, draws).map_err(|cause| failure("out", cause))?);
    }
    let seed = results.draws.map(|draws| draws.order.seed);
    let written = RunDescription { kind: "run", outputs: &outputs, notices: &results.analysis.notices, seed };
    outputs.push(run_record::output(results.inventory, results.projections, written));
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
