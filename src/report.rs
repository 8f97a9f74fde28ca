//! The files of a run, as bytes: tables, charts, the record of the run. Nothing here writes to disk.

use crate::analysis::Analysis;
use crate::draw::Draws;
use crate::error::{Language, Result, failure};
use crate::expectation::Failed;
use crate::figure::{self, Drawing, Figure};
use crate::inventory::Inventory;
use crate::page::{self, Contents};
use crate::projection::{self, Projections};
use crate::workbook::{self, Source};
use record::Written;

pub mod answers;
mod catalogue;
mod changes;
mod draws;
mod ranges;
mod family;
mod measures;
mod notices;
mod outlooks;
mod parts;
mod record;
mod tables;

pub use catalogue::page as catalogue;
pub use draws::{draws, sensitivity};
pub use measures::portfolio as portfolio_table;

/// A file of the output folder.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its path inside the folder, with `/`.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Output {
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

/// All files of a run.
///
/// # Errors
/// Failures of the frame engine and of drawing.
pub fn outputs(
    inventory: &Inventory<'_>,
    analysis: &Analysis<'_>,
    Ahead { projections, draws, failed }: Ahead<'_>,
    language: Language,
) -> Result<Vec<Output>> {
    let source = Source { inventory, analysis, projections, draws, language };
    let changes = projection::changes(analysis, inventory, projections);
    let drawing = Drawing { inventory, analysis, projections, draws, changes: &changes, language };
    let contents = Contents { inventory, analysis, projections, draws, changes: &changes, language };
    let (tables, (figures, (book, page))) = rayon::join(
        || tables::outputs(inventory, analysis, (projections, &changes), language),
        || {
            rayon::join(
                || figure::figures(&drawing),
                || rayon::join(|| workbook::bytes(source), || page::page(&contents)),
            )
        },
    );
    let mut outputs = tables?;
    let notices = notices::output((inventory.study, analysis), projections, failed, language);
    outputs.push(notices.map_err(|cause| failure("out", cause))?);
    outputs.extend(figures?.into_iter().flat_map(pictures));
    outputs.push(Output::new("report.xlsx", book?));
    outputs.push(Output::new("report.html", page?));
    if let (Some(projections), Some(draws)) = (projections, draws) {
        outputs.extend(draws::tables(projections, draws).map_err(|cause| failure("out", cause))?);
    }
    let seed = draws.map(|draws| draws.order.seed);
    let written = Written { kind: "run", outputs: &outputs, notices: &analysis.notices, seed };
    outputs.push(record::output(inventory, projections, written));
    Ok(outputs)
}

/// The files of `qingdan portfolio` in a folder of their own.
pub fn portfolio(inventory: &Inventory<'_>, table: Output) -> Vec<Output> {
    let written = Written { kind: "portfolio", outputs: std::slice::from_ref(&table), notices: &[], seed: None };
    let record = record::output(inventory, None, written);
    vec![table, record]
}

/// A figure's files: SVG, PNG for print, and the table that was drawn.
fn pictures(figure: Figure) -> [Output; 3] {
    let name = |form: &str| format!("charts/{}.{form}", figure.name);
    let (svg, png, table) = (name("svg"), name("png"), name("csv"));
    let marked = [tables::MARK.as_slice(), &figure.table].concat();
    [Output::new(&svg, figure.svg), Output::new(&png, figure.png), Output::new(&table, marked)]
}
