//! Co-control (减污降碳): what a measure cuts of CO2 beside what it cuts of pollutants, alone and as equivalents by medium.
//!
//! Els = (ΔAP/AP)/(ΔCO2/CO2), a cut positive; AP in equivalents is Σ mass / equivalent, air and water apart.

use crate::analysis::Totals;
use crate::inventory::Inventory;
use crate::plan::{Plan, PlanMetrics, shapley::Contributions};
use crate::pollutant::{CO2, MEDIA};
use crate::target::Boundary;

/// Which way CO2 and a pollutant go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    CoControl,
    /// CO2 falls, the pollutant rises.
    Co2Only,
    /// The pollutant falls, CO2 rises.
    PollutantOnly,
    BothRise,
    /// One of the two does not move.
    None,
}

impl Quadrant {
    pub fn of(pollutant_cut: f64, co2_cut: f64) -> Self {
        match (co2_cut, pollutant_cut) {
            (c, p) if c == 0.0 || p == 0.0 => Self::None,
            (c, p) if c > 0.0 && p > 0.0 => Self::CoControl,
            (c, _) if c > 0.0 => Self::Co2Only,
            (_, p) if p > 0.0 => Self::PollutantOnly,
            _ => Self::BothRise,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::CoControl => "co-control",
            Self::Co2Only => "co2_only",
            Self::PollutantOnly => "pollutant_only",
            Self::BothRise => "both_rise",
            Self::None => "none",
        }
    }
}

/// The cross elasticity of two relative cuts.
///
/// `None` where CO2 does not move, and where both rise: their ratio would be positive as if both fell.
pub fn elasticity(pollutant_share: f64, co2_share: f64) -> Option<f64> {
    let guarded = co2_share == 0.0 || (co2_share < 0.0 && pollutant_share < 0.0);
    (!guarded).then(|| pollutant_share / co2_share)
}

/// What stands beside CO2.
#[derive(Debug, Clone, PartialEq)]
pub enum CocontrolSubject {
    /// One pollutant, in t; its equivalents where it has them.
    Pollutant(String),
    /// All of one medium that have an equivalent.
    Medium(&'static str),
}

/// A row of `cocontrol.csv`: one measure, one year, one pollutant or medium, one boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct CocontrolRow {
    /// Index into [`Plan::levels`].
    pub level: usize,
    pub year: i32,
    pub boundary: Boundary,
    pub medium: &'static str,
    pub subject: CocontrolSubject,
    /// Shapley cut of the pollutant in t; none of a medium.
    pub cut_t: Option<f64>,
    /// None where the pollutant has no equivalent.
    pub equivalents: Option<f64>,
    /// Of what would be emitted without any measure.
    pub share: Option<f64>,
    pub co2_cut_t: f64,
    pub co2_share: Option<f64>,
    pub elasticity: Option<f64>,
    pub quadrant: Quadrant,
}

/// A pollutant's place among the metrics, and the mass of its equivalent.
struct EquivalentMetric {
    code: String,
    medium: &'static str,
    metric: usize,
    mass_t: Option<f64>,
}

/// All rows of a scenario.
pub fn rows(
    inventory: &Inventory<'_>,
    (plan, metrics): (&Plan, &PlanMetrics),
    (found, totals): (&Contributions, &Totals),
) -> Vec<CocontrolRow> {
    let mut rows = Vec::new();
    for boundary in Boundary::ALL {
        let Some(co2) = metrics.find(CO2, boundary) else { continue };
        let known = known(inventory, metrics, boundary);
        for level in 0..plan.levels.len() {
            for at in (1..plan.length()).filter(|at| totals.is_known(plan.anchor + *at as i32, boundary, CO2)) {
                let table = MeasureYear { found, level, at, co2 };
                let frame = CocontrolRow { boundary, ..table.frame(plan.anchor + at as i32) };
                let known: Vec<&EquivalentMetric> =
                    known.iter().filter(|known| totals.is_known(frame.year, boundary, &known.code)).collect();
                rows.extend(known.iter().filter_map(|known| table.of_pollutant(known, &frame)));
                rows.extend(MEDIA.into_iter().filter_map(|medium| table.of_medium(&known, (medium, &frame))));
            }
        }
    }
    rows
}

/// The pollutants of air and water, whether they have an equivalent or not, and others that have one.
fn known(inventory: &Inventory<'_>, metrics: &PlanMetrics, boundary: Boundary) -> Vec<EquivalentMetric> {
    let study = inventory.study;
    let of = |(index, pollutant): (usize, &crate::pollutant::Pollutant)| {
        let equivalent = study.equivalents.get(&index);
        let kind = MEDIA.into_iter().find(|medium| *medium == pollutant.kind);
        let medium = equivalent.map(|equivalent| equivalent.medium).or(kind)?;
        let metric = metrics.find(&pollutant.code, boundary)?;
        Some(EquivalentMetric { code: pollutant.code.clone(), medium, metric, mass_t: equivalent.map(|e| e.mass_t) })
    };
    study.words.pollutants.iter().filter_map(of).collect()
}

/// One measure in one year.
struct MeasureYear<'a> {
    found: &'a Contributions,
    level: usize,
    at: usize,
    co2: usize,
}

impl MeasureYear<'_> {
    fn cut(&self, metric: usize) -> f64 {
        self.found.shapley[[self.level, metric, self.at]]
    }

    fn base(&self, metric: usize) -> f64 {
        self.found.without[[metric, self.at]]
    }

    fn frame(&self, year: i32) -> CocontrolRow {
        let co2_cut_t = self.cut(self.co2);
        CocontrolRow {
            level: self.level,
            year,
            boundary: Boundary::Direct,
            medium: MEDIA[0],
            subject: CocontrolSubject::Medium(MEDIA[0]),
            cut_t: None,
            equivalents: None,
            share: None,
            co2_cut_t,
            co2_share: share(co2_cut_t, self.base(self.co2)),
            elasticity: None,
            quadrant: Quadrant::None,
        }
    }

    fn of_pollutant(&self, known: &EquivalentMetric, frame: &CocontrolRow) -> Option<CocontrolRow> {
        let (cut, base) = (self.cut(known.metric), self.base(known.metric));
        if cut == 0.0 && base == 0.0 {
            return None;
        }
        let row = CocontrolRow {
            medium: known.medium,
            subject: CocontrolSubject::Pollutant(known.code.clone()),
            cut_t: Some(cut),
            equivalents: known.mass_t.map(|mass_t| cut / mass_t),
            ..frame.clone()
        };
        Some(judged(row, (cut, base)))
    }

    fn of_medium(
        &self,
        known: &[&EquivalentMetric],
        (medium, frame): (&'static str, &CocontrolRow),
    ) -> Option<CocontrolRow> {
        let sum = |value: &dyn Fn(usize) -> f64| {
            let of = |known: &&EquivalentMetric| {
                known.mass_t.filter(|_| known.medium == medium).map(|m| value(known.metric) / m)
            };
            known.iter().filter_map(of).sum::<f64>()
        };
        let (cut, base) = (sum(&|metric| self.cut(metric)), sum(&|metric| self.base(metric)));
        if cut == 0.0 && base == 0.0 {
            return None;
        }
        let row =
            CocontrolRow { medium, subject: CocontrolSubject::Medium(medium), equivalents: Some(cut), ..frame.clone() };
        Some(judged(row, (cut, base)))
    }
}

fn judged(row: CocontrolRow, (cut, base): (f64, f64)) -> CocontrolRow {
    let share = share(cut, base);
    let elasticity = share.zip(row.co2_share).and_then(|(pollutant, co2)| elasticity(pollutant, co2));
    CocontrolRow { share, elasticity, quadrant: Quadrant::of(cut, row.co2_cut_t), ..row }
}

fn share(cut: f64, base: f64) -> Option<f64> {
    (base > 0.0).then(|| cut / base)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference notes: scenarios 4.9 (20 % against 12 %), pollutants 10 (10 % against 5 %).
    #[test]
    fn elasticities_of_the_notes() {
        assert!((elasticity(0.20, 0.12).expect("a ratio") - 1.666667).abs() < 5e-7);
        assert!((elasticity(0.10, 0.05).expect("a ratio") - 2.0).abs() < 1e-12);
    }

    #[test]
    fn two_rises_are_no_co_control() {
        assert_eq!(elasticity(-0.1, -0.05), None);
        assert_eq!(elasticity(0.1, 0.0), None);
        assert_eq!(elasticity(0.1, -0.05), Some(-2.0));
        let words = [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (1.0, 0.0)];
        let found = words.map(|(pollutant, co2)| Quadrant::of(pollutant, co2).word());
        assert_eq!(found, ["co-control", "co2_only", "pollutant_only", "both_rise", "none"]);
    }
}
