//! Paths: how a value goes through the years, from the anchor (the inventory's last year) to the horizon.
//!
//! Rates apply to each year that ends in their period, and where `interp` is given those of the years between are interpolated too; between neighbouring points u runs from 0 to 1 and the value is a + (b−a)·u
//! (linear), a·(b/a)^u (exponential), a + (b−a)·(3u²−2u³) (smooth), or a until the year of b (step).

use crate::error::Text;
use crate::say;
use std::collections::BTreeMap;

pub mod leap_expression;

/// How values between given years are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interpolation {
    Linear,
    Exponential,
    Step,
    Smooth,
}

impl Interpolation {
    /// The words of scenario files.
    pub const WORDS: [&str; 4] = ["linear", "exponential", "step", "smooth"];

    /// The value of a word in scenario files.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Linear, Self::Exponential, Self::Step, Self::Smooth];
        Self::WORDS.iter().position(|known| *known == word).map(|index| all[index])
    }

    /// Rates that are written for some years, with those of the years between them.
    pub fn filled(self, rates: &BTreeMap<i32, f64>) -> BTreeMap<i32, f64> {
        let ends = rates.keys().next().copied().zip(rates.keys().next_back().copied());
        let years = ends.into_iter().flat_map(|(first, last)| first..=last);
        years.filter_map(|year| at(rates, self, year).map(|rate| (year, rate))).collect()
    }

    /// The value at `u` of the way from `a` to `b`, 0 ≤ u < 1.
    fn between(self, a: f64, b: f64, u: f64) -> f64 {
        match self {
            Self::Linear => a + (b - a) * u,
            Self::Exponential => a * (b / a).powf(u),
            Self::Smooth => a + (b - a) * (3.0 * u * u - 2.0 * u * u * u),
            Self::Step => a,
        }
    }
}

/// What holds after the last year that a path speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    Error,
    Hold,
}

impl After {
    /// The value of a word in scenario files.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "error" => Some(Self::Error),
            "hold" => Some(Self::Hold),
            _ => None,
        }
    }
}

/// How a path is given.
#[derive(Debug, Clone, PartialEq)]
pub enum PathShape {
    /// From the first projected year on.
    Constant(f64),
    /// Growth against the year before, by the year that ends it: 0.05 for 5 %.
    Rates(BTreeMap<i32, f64>),
    Points(BTreeMap<i32, f64>, Interpolation),
}

/// A path in canonical units.
#[derive(Debug, Clone, PartialEq)]
pub struct YearPath {
    pub shape: PathShape,
    pub after: After,
}

/// Where a path starts: the year of the anchor, and the value that it has there. A level has none: it is 0 before its first point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Start {
    pub year: i32,
    pub value: Option<f64>,
}

/// How far a written anchor point may lie from the anchor's own value, relative.
const AGREES: f64 = 1e-6;

impl YearPath {
    /// The values of the years from the anchor (index 0) to the horizon.
    ///
    /// # Errors
    /// A sentence that names the year and the value: years that the path leaves open, an anchor point that disagrees with the anchor's
    /// own value, an exponential path through values that are not positive.
    pub fn values(&self, start: Start, horizon: i32) -> Result<Vec<f64>, Text> {
        let years = start.year + 1..=horizon;
        match &self.shape {
            PathShape::Constant(value) => {
                Ok(std::iter::once(start.value.unwrap_or(0.0)).chain(years.map(|_| *value)).collect())
            }
            PathShape::Rates(rates) => self.by_rates(rates, start, horizon),
            PathShape::Points(points, interpolation) => {
                let points = joined(points, start)?;
                positive(&points, *interpolation)?;
                let own = start.value.unwrap_or_else(|| at(&points, *interpolation, start.year).unwrap_or(0.0));
                let rest =
                    years.map(|year| at(&points, *interpolation, year).map_or_else(|| self.beyond(&points, year), Ok));
                std::iter::once(Ok(own)).chain(rest).collect()
            }
        }
    }

    fn by_rates(&self, rates: &BTreeMap<i32, f64>, start: Start, horizon: i32) -> Result<Vec<f64>, Text> {
        let mut values = vec![start.value.unwrap_or(0.0)];
        let last = rates.keys().next_back().copied().unwrap_or(start.year);
        for year in start.year + 1..=horizon {
            let rate = match rates.get(&year) {
                Some(rate) => *rate,
                None if year > last && self.after == After::Hold => 0.0,
                None => return Err(open(year)),
            };
            values.push(values[values.len() - 1] * (1.0 + rate));
        }
        Ok(values)
    }

    fn beyond(&self, points: &BTreeMap<i32, f64>, year: i32) -> Result<f64, Text> {
        match (self.after, points.values().next_back()) {
            (After::Hold, Some(last)) => Ok(*last),
            _ => Err(open(year)),
        }
    }

    /// Years before the anchor of which the path says something that is not used.
    pub fn unused_years(&self, anchor: i32) -> Vec<i32> {
        let years: Vec<i32> = match &self.shape {
            PathShape::Constant(_) => Vec::new(),
            PathShape::Rates(rates) => rates.keys().copied().filter(|year| *year <= anchor).collect(),
            PathShape::Points(points, _) => points.keys().copied().filter(|year| *year < anchor).collect(),
        };
        years
    }
}

fn open(year: i32) -> Text {
    say!(
        "没有 {year} 年的值；补上该年，或写 after = \"hold\"",
        "it says nothing of {year}; add that year, or write after = \"hold\""
    )
}

/// The points from the anchor on, with the anchor's own value among them.
fn joined(points: &BTreeMap<i32, f64>, start: Start) -> Result<BTreeMap<i32, f64>, Text> {
    let Some(own) = start.value else { return Ok(points.clone()) };
    let year = start.year;
    if let Some(written) = points.get(&year)
        && (written - own).abs() > AGREES * own.abs().max(f64::MIN_POSITIVE)
    {
        return Err(say!(
            "{year} 年（锚定年）写的是 {written}，而清单或 economy.csv 为 {own}（按基本单位）",
            "the point of {year}, the anchor year, is {written}, but the inventory or economy.csv has {own} (in canonical units)"
        ));
    }
    let mut joined = points.range(year..).map(|(year, value)| (*year, *value)).collect::<BTreeMap<_, _>>();
    joined.insert(year, own);
    Ok(joined)
}

fn positive(points: &BTreeMap<i32, f64>, interpolation: Interpolation) -> Result<(), Text> {
    let wrong = points.iter().find(|(_, value)| interpolation == Interpolation::Exponential && **value <= 0.0);
    match wrong {
        Some((year, value)) => Err(say!(
            "exponential 的各点须为正数，{year} 年为 {value}",
            "exponential needs positive points; {year} has {value}"
        )),
        None => Ok(()),
    }
}

/// The value of a year; 0 before the first point, `None` after the last.
fn at(points: &BTreeMap<i32, f64>, interpolation: Interpolation, year: i32) -> Option<f64> {
    if let Some(value) = points.get(&year) {
        return Some(*value);
    }
    let Some((&before, &a)) = points.range(..year).next_back() else { return Some(0.0) };
    let (&after, &b) = points.range(year..).next()?;
    Some(interpolation.between(a, b, f64::from(year - before) / f64::from(after - before)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(interpolation: Interpolation) -> YearPath {
        YearPath { shape: PathShape::Points(BTreeMap::from([(2030, 160.0)]), interpolation), after: After::Error }
    }

    fn check(path: &YearPath, start: f64, horizon: i32, expected: &[(i32, f64)]) {
        let values = path.values(Start { year: 2025, value: Some(start) }, horizon).expect("a path");
        for &(year, value) in expected {
            let found = values[(year - 2025) as usize];
            assert!((found - value).abs() < 5e-7 * value, "{path:?} in {year}: {found}, expected {value}");
        }
    }

    /// Vectors of the reference notes on scenarios, section 4.3.
    #[test]
    fn interpolations_give_their_vectors() {
        let years = 2025..=2030;
        let cases = [
            (Interpolation::Linear, [100.0, 112.0, 124.0, 136.0, 148.0, 160.0]),
            (Interpolation::Exponential, [100.0, 109.856054, 120.683527, 132.578161, 145.645136, 160.0]),
            (Interpolation::Smooth, [100.0, 106.24, 121.12, 138.88, 153.76, 160.0]),
            (Interpolation::Step, [100.0, 100.0, 100.0, 100.0, 100.0, 160.0]),
        ];
        for (interpolation, values) in cases {
            let expected: Vec<(i32, f64)> = years.clone().zip(values).collect();
            check(&points(interpolation), 100.0, 2030, &expected);
        }
    }

    #[test]
    fn rates_apply_to_the_year_that_ends_in_the_period() {
        let rates = (2026..=2030).map(|year| (year, 0.055)).chain((2031..=2035).map(|year| (year, 0.04))).collect();
        let path = YearPath { shape: PathShape::Rates(rates), after: After::Error };
        check(&path, 100.0, 2035, &[(2030, 130.696001), (2031, 135.923841), (2035, 159.011669)]);
        assert!(path.values(Start { year: 2025, value: Some(1.0) }, 2036).is_err());
        assert!(YearPath { after: After::Hold, ..path }.values(Start { year: 2025, value: Some(1.0) }, 2036).is_ok());
    }

    #[test]
    fn rates_between_written_years_are_interpolated() {
        let written = BTreeMap::from([(2026, 0.05), (2030, 0.03), (2031, 0.02)]);
        let filled = Interpolation::Linear.filled(&written);
        let expected = [(2026, 0.05), (2027, 0.045), (2028, 0.04), (2029, 0.035), (2030, 0.03), (2031, 0.02)];
        assert_eq!(filled.len(), expected.len());
        for (year, rate) in expected {
            assert!((filled[&year] - rate).abs() < 1e-12, "{year}: {}", filled[&year]);
        }
        assert!(Interpolation::Linear.filled(&BTreeMap::new()).is_empty());
    }

    #[test]
    fn a_level_is_0_before_its_first_point_and_an_anchor_point_has_to_agree() {
        let level = YearPath {
            shape: PathShape::Points(BTreeMap::from([(2028, 0.5), (2032, 1.0)]), Interpolation::Linear),
            after: After::Hold,
        };
        let values = level.values(Start { year: 2025, value: None }, 2034).expect("a level");
        assert_eq!(values, [0.0, 0.0, 0.0, 0.5, 0.625, 0.75, 0.875, 1.0, 1.0, 1.0]);
        let anchored =
            YearPath { shape: PathShape::Points(BTreeMap::from([(2025, 99.0)]), Interpolation::Linear), ..level };
        assert!(anchored.values(Start { year: 2025, value: Some(100.0) }, 2026).is_err());
        assert!(anchored.values(Start { year: 2025, value: Some(99.00001) }, 2026).is_ok());
    }
}
