//! Tests on history: C40's rule for cities, Mann–Kendall with ties, Sen's slope.

use std::collections::BTreeMap;

/// Years from the maximum on, its own among them, below which no fall can be significant: all falling, four give p = 0.089, five 0.028.
pub(super) const ENOUGH: usize = 5;

/// C40's four criteria (City Emissions Peaking Analysis).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct C40 {
    /// At least three data years.
    pub enough_years: bool,
    /// The peak lies more than five years before the last point.
    pub long_ago: bool,
    /// The last point is at most five years old.
    pub recent: bool,
    /// The peak is more than 10 % above the last point.
    pub well_below: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum C40Verdict {
    Peaked,
    NotPeaked,
    Unknown,
}

impl C40 {
    pub fn verdict(&self) -> C40Verdict {
        match (self.enough_years && self.recent, self.long_ago, self.well_below) {
            (true, true, true) => C40Verdict::Peaked,
            (true, false, false) => C40Verdict::NotPeaked,
            _ => C40Verdict::Unknown,
        }
    }
}

/// The criteria of a history as seen from `now`; `None` of nothing.
pub fn c40(history: &BTreeMap<i32, f64>, now: i32) -> Option<C40> {
    let (&last, &last_value) = history.iter().next_back()?;
    let (&peak, &value) = history.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
    Some(C40 {
        enough_years: history.len() >= 3,
        long_ago: last - peak > 5,
        recent: now - last <= 5,
        well_below: value > 1.1 * last_value,
    })
}

/// The Mann–Kendall test of a series: S, its variance with ties, Z, the two-sided p, and Sen's slope per step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannKendall {
    pub s: f64,
    pub variance: f64,
    pub z: f64,
    pub p: f64,
    pub slope: f64,
}

impl MannKendall {
    /// A fall that is significant at 5 %.
    pub fn falls(&self) -> bool {
        self.p < 0.05 && self.s < 0.0
    }
}

/// `S = Σ sgn(xj − xi)`, `Var = [n(n−1)(2n+5) − Σ t(t−1)(2t+5)]/18`, `Z = (S ∓ 1)/√Var`; `None` of fewer than two values or all equal.
pub fn mann_kendall(values: &[f64]) -> Option<MannKendall> {
    let n = values.len() as f64;
    let (mut s, mut slopes) = (0.0, Vec::new());
    for (i, a) in values.iter().enumerate() {
        for (j, b) in values.iter().enumerate().skip(i + 1) {
            s += if b > a {
                1.0
            } else if b < a {
                -1.0
            } else {
                0.0
            };
            slopes.push((b - a) / (j - i) as f64);
        }
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let ties = sorted.chunk_by(|a, b| a == b).map(|tied| tied.len() as f64);
    let tied: f64 = ties.map(|t| t * (t - 1.0) * (2.0 * t + 5.0)).sum();
    let variance = (n * (n - 1.0) * (2.0 * n + 5.0) - tied) / 18.0;
    if slopes.is_empty() || variance <= 0.0 {
        return None;
    }
    let z = (s - f64::signum(s) * if s == 0.0 { 0.0 } else { 1.0 }) / variance.sqrt();
    slopes.sort_by(f64::total_cmp);
    let middle = slopes.len() / 2;
    let slope = if slopes.len() % 2 == 1 { slopes[middle] } else { (slopes[middle - 1] + slopes[middle]) / 2.0 };
    Some(MannKendall { s, variance, z, p: two_sided(z), slope })
}

/// The test of a history from its maximum on; `None` where the sample is too small.
pub(super) fn after_maximum(history: &BTreeMap<i32, f64>) -> Option<MannKendall> {
    let (&peak, _) = history.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
    let after: Vec<f64> = history.range(peak..).map(|(_, value)| *value).collect();
    if after.len() < ENOUGH { None } else { mann_kendall(&after) }
}

/// Two-sided probability of a standard normal beyond |z|.
fn two_sided(z: f64) -> f64 {
    use statrs::function::erf::erfc;
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors of the reference notes on scenarios, section 4.6.
    #[test]
    fn mann_kendall_gives_its_vectors() {
        let cases: [(&[f64], f64, f64, f64); 5] = [
            (&[100.0, 104.0, 107.0, 106.0, 103.0, 101.0, 98.0, 96.0, 93.0, 91.0], -31.0, 125.0, -2.683282),
            (&[107.0, 106.0, 103.0, 101.0, 98.0, 96.0, 93.0, 91.0], -28.0, 65.3333333, -3.340384),
            (&[100.0, 104.0, 107.0, 106.0, 107.0, 105.0, 106.0, 107.0, 105.0, 106.0], 10.0, 116.666667, 0.833238),
            (&[107.0, 106.0, 107.0, 105.0, 106.0, 107.0, 105.0, 106.0], -7.0, 57.0, -0.794719),
            (&[5.0, 5.0, 6.0, 6.0, 7.0, 7.0, 7.0, 8.0], 23.0, 59.666667, 2.848110),
        ];
        for (values, s, variance, z) in cases {
            let found = mann_kendall(values).expect("a test");
            assert!(found.s == s && (found.variance - variance).abs() < 1e-6, "{found:?}");
            assert!((found.z - z).abs() < 1e-6, "{found:?}");
        }
        let first = mann_kendall(cases[0].0).expect("a test");
        assert!((first.p - 0.00729).abs() < 5e-6 && first.slope == -2.0, "{first:?}");
    }

    #[test]
    fn four_falling_years_prove_nothing_and_five_do() {
        let p = |n: usize| mann_kendall(&(0..n).map(|i| -(i as f64)).collect::<Vec<_>>()).expect("a test").p;
        assert!((p(4) - 0.0894).abs() < 1e-4 && (p(5) - 0.0275).abs() < 1e-4);
    }

    #[test]
    fn c40_needs_all_four() {
        let fallen: BTreeMap<i32, f64> = (2010..).zip([100.0, 95.0, 90.0, 88.0, 86.0, 84.0, 80.0]).collect();
        assert_eq!(c40(&fallen, 2017).expect("criteria").verdict(), C40Verdict::Peaked);
        let rising: BTreeMap<i32, f64> = (2010..).zip([100.0, 101.0, 102.0]).collect();
        assert_eq!(c40(&rising, 2013).expect("criteria").verdict(), C40Verdict::NotPeaked);
        assert_eq!(c40(&fallen, 2030).expect("criteria").verdict(), C40Verdict::Unknown);
    }
}
