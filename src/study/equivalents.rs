//! `equivalents.csv`: how much of a pollutant is one pollutant equivalent; a study's row comes before the library's.

use super::File;
use super::parameters::confidence;
use super::vocabulary::{Vocabulary, is_library, tables};
use crate::error::Diagnostics;
use crate::pollutant::{Equivalent, MEDIA};
use crate::say;
use crate::schema;
use crate::unit::Dimension;
use std::collections::BTreeMap;

/// Equivalents by the pollutant's place in the codebook.
pub(super) fn read(files: &[File], words: &Vocabulary, faults: &mut Diagnostics) -> BTreeMap<usize, Equivalent> {
    let mut found = BTreeMap::new();
    let mut seen = BTreeMap::new();
    for table in tables(files, "equivalents", &schema::EQUIVALENTS, faults) {
        for row in table.rows() {
            words.check_citation(row, faults);
            confidence(row, faults);
            let pollutant = row
                .required("pollutant", faults)
                .and_then(|_| Vocabulary::find(&words.pollutants, row, "pollutant", faults));
            let (Some(value), Some(unit)) = (row.number("value", faults), row.required("unit", faults)) else {
                continue;
            };
            let medium = MEDIA.into_iter().find(|medium| *medium == row.text("medium"));
            let unit = words.units.parse(unit).map_err(|text| faults.push(row.fault("unit", text))).ok();
            let (Some(pollutant), Some(unit)) = (pollutant, unit) else { continue };
            if unit.dimension != Dimension::MASS || value <= 0.0 {
                faults.push(row.fault("value", say!("当量值须为正的质量", "an equivalent is a mass above 0")));
            }
            let Some(medium) = medium else {
                faults.push(row.fault("medium", say!("应为 air 或 water", "expected air or water")));
                continue;
            };
            if seen.insert((is_library(&table), pollutant), ()).is_some() {
                faults.push(row.fault("pollutant", say!("此污染物重复", "the pollutant is there twice")));
            }
            found.insert(pollutant, Equivalent { medium, mass_t: value * unit.factor });
        }
    }
    found
}
