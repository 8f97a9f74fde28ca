//! IAMC files in: `Model,Scenario,Region,Variable,Unit,2020,…`, masses in t.

use crate::error::{Diagnostic, Diagnostics, Place, Result, failure};
use crate::say;
use crate::target::Boundary;
use crate::unit::Units;
use std::collections::BTreeMap;
use std::path::Path;

/// A scenario of another model.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Other {
    /// `Model|Scenario`.
    pub name: String,
    emissions: BTreeMap<(String, Boundary), BTreeMap<i32, f64>>,
}

const PURCHASED: &str = "|Incl. Purchased Energy";
const EMISSIONS: &str = "Emissions|";

impl Other {
    /// A pollutant's mass by year.
    pub fn series(&self, pollutant: &str, boundary: Boundary) -> Option<&BTreeMap<i32, f64>> {
        self.emissions.get(&(pollutant.to_string(), boundary))
    }
}

/// Reads the scenarios of a file, in its order; other variables than emissions are left out.
///
/// # Errors
/// A file that has not the columns, a unit or number that cannot be read.
pub(super) fn read(path: &Path, units: &Units) -> Result<Vec<Other>> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|cause| failure(&file, cause))?;
    parse(&file, &bytes, units)
}

fn parse(file: &str, bytes: &[u8], units: &Units) -> Result<Vec<Other>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|cause| failure(file, cause))?.clone();
    let mut faults = Diagnostics::default();
    let mut column = |name: &str| {
        let found = header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
        if found.is_none() {
            faults.push(Diagnostic::new(Place::line(file, 1, name), say!("缺少此列", "this column is missing")));
        }
        found.unwrap_or(usize::MAX)
    };
    let [model, scenario, variable, unit] = ["Model", "Scenario", "Variable", "Unit"].map(&mut column);
    let years = header.iter().enumerate().filter_map(|(at, cell)| Some((at, cell.trim().parse::<i32>().ok()?)));
    let years: Vec<(usize, i32)> = years.collect();
    let mut others: Vec<Other> = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|cause| failure(file, cause))?;
        let cell = |at: usize| record.get(at).unwrap_or("").trim();
        let Some((pollutant, boundary)) = emission(cell(variable)) else { continue };
        let factor = match mass(cell(unit), units) {
            Ok(factor) => factor,
            Err(text) => {
                faults.push(Diagnostic::new(Place::line(file, index + 2, "Unit"), text));
                continue;
            }
        };
        let mut series = BTreeMap::new();
        for (at, year) in years.iter().filter(|(at, _)| !cell(*at).is_empty()) {
            match cell(*at).parse::<f64>() {
                Ok(value) if value.is_finite() => _ = series.insert(*year, value * factor),
                _ => faults.push(no_number(Place::line(file, index + 2, &year.to_string()))),
            }
        }
        let name = format!("{}|{}", cell(model), cell(scenario));
        let at = others.iter().position(|other| other.name == name).unwrap_or_else(|| {
            others.push(Other { name, ..Other::default() });
            others.len() - 1
        });
        others[at].emissions.insert((pollutant, boundary), series);
    }
    faults.into_result(others)
}

fn no_number(place: Place) -> Diagnostic {
    Diagnostic::new(place, say!("这里应为数字", "expected a number"))
}

/// The pollutant and boundary of a variable, in our words: VOC is `VOC` there too, NH3-N has no name there.
fn emission(variable: &str) -> Option<(String, Boundary)> {
    let name = variable.strip_prefix(EMISSIONS)?;
    let (name, boundary) = match name.strip_suffix(PURCHASED) {
        Some(name) => (name, Boundary::DirectPurchased),
        None => (name, Boundary::Direct),
    };
    let name = match name {
        "Sulfur" => "SO2",
        "NOx" | "NOX" => "NOx",
        other => other,
    };
    Some((name.to_string(), boundary))
}

/// Tonnes per unit: `Mt CO2/yr`, `kt NOx/yr`, `t/yr`.
fn mass(unit: &str, units: &Units) -> std::result::Result<f64, crate::error::Text> {
    let plain = unit.trim_end_matches("/yr").trim_end_matches("/year");
    let first = plain.split_whitespace().next().unwrap_or("");
    let found = units.parse(first)?;
    if found.in_expression() != crate::unit::Dimension::MASS {
        return Err(say!("'{unit}' 不是质量", "'{unit}' is no mass"));
    }
    Ok(found.factor)
}
