//! Does it peak, when, and how sure is that: the verdict on a yearly series of history and projection together.
//!
//! First and last year of the maximum, plateau, risk of a second peak; C40's four criteria and the Mann–Kendall test (Jiang et al. 2021)
//! on history only: on a smooth projection a test of significance says nothing.

use std::collections::BTreeMap;

mod significance;

pub use significance::{C40, C40Verdict, MannKendall, c40, mann_kendall};

/// Values within this of the maximum are the maximum, relative.
const SAME: f64 = 1e-9;
/// How far below the maximum a plateau reaches where nobody says.
pub const PLATEAU: f64 = 0.03;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The last year of the maximum lies in history.
    Peaked,
    Peaks,
    /// The last year of the maximum is the last year of all.
    NotWithinHorizon,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::Peaked => "peaked",
            Self::Peaks => "peaks",
            Self::NotWithinHorizon => "not_within_horizon",
        }
    }
}

/// What a series says of its peak.
#[derive(Debug, Clone, PartialEq)]
pub struct Peak {
    pub verdict: Verdict,
    /// First and last year of the maximum.
    pub first: i32,
    pub last: i32,
    pub value: f64,
    /// The unbroken run of data years around the maximum within the plateau's width.
    pub plateau: (i32, i32),
    /// A later year, after a dip below the plateau, that comes within its width of the maximum again.
    pub second: Option<i32>,
    pub c40: Option<C40>,
    /// Of the history's years from its own maximum on; `None` with fewer than five of them.
    pub decline: Option<MannKendall>,
    /// The first year whose data could confirm the peak: the fifth from the maximum on.
    pub confirmed_from: i32,
}

/// Judges a series by year; `anchor` is the last year of history, `plateau` its width (0.03 for 3 %).
///
/// `None` where there is no value, or none that is positive: a sink has no peak.
pub fn judge(series: &BTreeMap<i32, f64>, anchor: i32, plateau: f64) -> Option<Peak> {
    let value = series.values().copied().fold(f64::NEG_INFINITY, f64::max);
    if !value.is_finite() || value <= 0.0 {
        return None;
    }
    let is_top = |value_of: f64| value_of >= value * (1.0 - SAME);
    let first = series.iter().find(|(_, value)| is_top(**value)).map(|(year, _)| *year)?;
    let last = series.iter().rev().find(|(_, value)| is_top(**value)).map(|(year, _)| *year)?;
    let horizon = *series.keys().next_back()?;
    let verdict = match last {
        _ if last <= anchor => Verdict::Peaked,
        _ if last == horizon => Verdict::NotWithinHorizon,
        _ => Verdict::Peaks,
    };
    let within = |value_of: &f64| *value_of >= value * (1.0 - plateau) * (1.0 - SAME);
    let from =
        series.range(..first).rev().take_while(|(_, value)| within(value)).last().map_or(first, |(year, _)| *year);
    let to = series.range(first..).take_while(|(_, value)| within(value)).last().map_or(last, |(year, _)| *year);
    let second = second(series, to, &within);
    let history: BTreeMap<i32, f64> = series.range(..=anchor).map(|(year, value)| (*year, *value)).collect();
    Some(Peak {
        verdict,
        first,
        last,
        value,
        plateau: (from, to),
        second,
        c40: c40(&history, anchor),
        decline: significance::after_maximum(&history),
        confirmed_from: last + significance::ENOUGH as i32 - 1,
    })
}

/// The highest later year that comes back to the plateau's width.
fn second(series: &BTreeMap<i32, f64>, plateau_to: i32, within: &impl Fn(&f64) -> bool) -> Option<i32> {
    let later = series.range(plateau_to + 1..).filter(|(_, value)| within(value));
    later.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(year, _)| *year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(from: i32, values: &[f64]) -> BTreeMap<i32, f64> {
        (from..).zip(values.iter().copied()).collect()
    }

    /// Reference notes on scenarios, section 4.6: ties in years 5 and 6.
    #[test]
    fn ties_keep_the_first_and_the_last_year() {
        let tied = [102.0, 103.632, 104.875584, 105.714589, 106.137447, 106.137447, 105.712897];
        let peak = judge(&series(2021, &tied), 2020, PLATEAU).expect("a peak");
        assert_eq!((peak.verdict, peak.first, peak.last), (Verdict::Peaks, 2025, 2026));
        assert_eq!(peak.plateau, (2022 + 1 - 1, 2027), "{peak:?}");
    }

    #[test]
    fn the_boundary_decides_the_verdict() {
        let rising = judge(&series(2018, &[1.0, 2.0, 3.0, 4.0]), 2019, PLATEAU).expect("a peak");
        assert_eq!((rising.verdict, rising.last), (Verdict::NotWithinHorizon, 2021));
        let fallen = judge(&series(2018, &[5.0, 4.0, 3.0, 2.0]), 2019, PLATEAU).expect("a peak");
        assert_eq!((fallen.verdict, fallen.last, fallen.plateau), (Verdict::Peaked, 2018, (2018, 2018)));
        assert_eq!(judge(&series(2018, &[-1.0, -2.0]), 2019, PLATEAU), None);
    }

    #[test]
    fn a_later_year_that_comes_near_is_a_second_peak() {
        let double = [100.0, 110.0, 100.0, 95.0, 108.0, 90.0];
        let peak = judge(&series(2020, &double), 2020, PLATEAU).expect("a peak");
        assert_eq!((peak.last, peak.second), (2021, Some(2024)));
    }
}
