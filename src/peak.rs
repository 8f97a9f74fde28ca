//! Does it peak, when, and how sure is that: the verdict on a yearly series of history and projection together.
//!
//! First and last year of the maximum, plateau, risk of a second peak; C40's four criteria and Sen's slope on history only. No test of
//! significance: with so few years none holds its level for a series that is autocorrelated and entered at its own maximum.

use std::collections::BTreeMap;

mod trend;

pub use trend::{C40, C40Verdict, TrendSlope, c40, sen_slope};

/// Values within this of the maximum are the maximum, relative.
const SAME: f64 = 1e-9;
/// How far below the maximum a plateau reaches where nobody says.
pub const PLATEAU: f64 = 0.03;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeakVerdict {
    /// The last year of the maximum lies in history.
    Peaked,
    Peaks,
    /// The last year of the maximum is the last year of all.
    NotWithinHorizon,
}

impl PeakVerdict {
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
    pub verdict: PeakVerdict,
    /// First and last year of the maximum.
    pub first: i32,
    pub last: i32,
    /// The years of the maximum as runs of data years, each with its first and its last.
    pub maxima: Vec<(i32, i32)>,
    /// Of a net sink it is not positive: the year of the maximum is the one in which least is removed.
    pub value: f64,
    /// The unbroken runs of data years within the plateau's width that hold a maximum: one but where a dip lies between equal maxima,
    /// none where the maximum is not positive, of which no width can be a share.
    pub plateaus: Vec<(i32, i32)>,
    /// A later year, after a dip below the plateau, that comes within its width of the maximum again.
    pub second: Option<i32>,
    pub c40: Option<C40>,
    /// Of the history's years from its own maximum on; `None` with fewer than five of them.
    pub decline: Option<TrendSlope>,
}

/// Judges a series by year; `anchor` is the last year of history, `plateau` its width (0.03 for 3 %).
///
/// `None` where there is no value, and where every value is 0: nothing is emitted.
pub fn judge(series: &BTreeMap<i32, f64>, anchor: i32, plateau: f64) -> Option<Peak> {
    let value = series.values().copied().fold(f64::NEG_INFINITY, f64::max);
    if !value.is_finite() || series.values().all(|value| *value == 0.0) {
        return None;
    }
    let maxima = runs(series, value - SAME * value.abs());
    let (first, last) = (maxima.first()?.0, maxima.last()?.1);
    let horizon = *series.keys().next_back()?;
    let verdict = match last {
        _ if last <= anchor => PeakVerdict::Peaked,
        _ if last == horizon => PeakVerdict::NotWithinHorizon,
        _ => PeakVerdict::Peaks,
    };
    let least = (value > 0.0).then_some(value * (1.0 - plateau) * (1.0 - SAME));
    let near = least.map(|least| runs(series, least)).unwrap_or_default();
    let holds = |(from, to): &(i32, i32)| maxima.iter().any(|(year, _)| (*from..=*to).contains(year));
    let plateaus: Vec<(i32, i32)> = near.into_iter().filter(holds).collect();
    let second = plateaus.last().zip(least).and_then(|((_, to), least)| second(series, *to, least));
    let history: BTreeMap<i32, f64> = series.range(..=anchor).map(|(year, value)| (*year, *value)).collect();
    Some(Peak {
        verdict,
        first,
        last,
        maxima,
        value,
        plateaus,
        second,
        c40: c40(&history, anchor),
        decline: trend::after_maximum(&history),
    })
}

impl Peak {
    /// First and last year of the maximum; none where it lies in the last year of all, which is no peak.
    pub fn years(&self) -> Option<(i32, i32)> {
        (self.verdict != PeakVerdict::NotWithinHorizon).then_some((self.first, self.last))
    }

    /// The plateau of the first maximum, as `peaks.csv` has it.
    pub fn plateau(&self) -> Option<(i32, i32)> {
        self.plateaus.first().copied()
    }
}

/// The runs of data years that reach a value.
fn runs(series: &BTreeMap<i32, f64>, least: f64) -> Vec<(i32, i32)> {
    let mut found: Vec<(i32, i32)> = Vec::new();
    let mut is_open = false;
    for (&year, value) in series {
        match (*value >= least, found.last_mut()) {
            (true, Some((_, to))) if is_open => *to = year,
            (true, _) => found.push((year, year)),
            (false, _) => {}
        }
        is_open = *value >= least;
    }
    found
}

/// The highest later year that comes back to the plateau's width.
fn second(series: &BTreeMap<i32, f64>, plateau_to: i32, least: f64) -> Option<i32> {
    let later = series.range(plateau_to + 1..).filter(|(_, value)| **value >= least);
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
        assert_eq!((peak.verdict, peak.first, peak.last), (PeakVerdict::Peaks, 2025, 2026));
        assert_eq!((peak.plateau(), &peak.maxima[..]), (Some((2022, 2027)), &[(2025, 2026)][..]), "{peak:?}");
    }

    #[test]
    fn the_boundary_decides_the_verdict() {
        let rising = judge(&series(2018, &[1.0, 2.0, 3.0, 4.0]), 2019, PLATEAU).expect("a peak");
        assert_eq!((rising.verdict, rising.last), (PeakVerdict::NotWithinHorizon, 2021));
        let fallen = judge(&series(2018, &[5.0, 4.0, 3.0, 2.0]), 2019, PLATEAU).expect("a peak");
        assert_eq!((fallen.verdict, fallen.last, fallen.plateau()), (PeakVerdict::Peaked, 2018, Some((2018, 2018))));
        assert_eq!(judge(&series(2018, &[0.0, 0.0]), 2019, PLATEAU), None);
    }

    #[test]
    fn a_later_year_that_comes_near_is_a_second_peak() {
        let double = [100.0, 110.0, 100.0, 95.0, 108.0, 90.0];
        let peak = judge(&series(2020, &double), 2020, PLATEAU).expect("a peak");
        assert_eq!((peak.last, peak.second), (2021, Some(2024)));
    }

    /// A dip lies between two equal maxima: they are no run, and each has its plateau.
    #[test]
    fn maxima_apart_are_told_apart() {
        let peak = judge(&series(2025, &[95.0, 100.0, 90.0, 100.0, 80.0]), 2025, PLATEAU).expect("a peak");
        assert_eq!((peak.first, peak.last, &peak.plateaus[..]), (2026, 2028, &[(2026, 2026), (2028, 2028)][..]));
        assert_eq!((&peak.maxima[..], peak.second), (&[(2026, 2026), (2028, 2028)][..], None));
    }

    /// Sinks: their maximum is the year in which least is removed; nothing that is a share of it is told.
    #[test]
    fn a_sink_is_judged_by_the_year_in_which_least_is_removed() {
        let cases: [(&[f64], PeakVerdict, i32, f64); 5] = [
            (&[-50.0, -40.0, -30.0, -20.0, -60.0], PeakVerdict::Peaks, 2023, -20.0),
            (&[-50.0, -40.0, -1.0, -20.0, -60.0], PeakVerdict::Peaked, 2022, -1.0),
            (&[-50.0, -40.0, -30.0, -20.0, -10.0], PeakVerdict::NotWithinHorizon, 2024, -10.0),
            (&[-50.0, -40.0, -30.0, 0.0, -10.0], PeakVerdict::Peaks, 2023, 0.0),
            (&[-50.0, -30.0, -30.0, -30.0 - 1e-9, -40.0], PeakVerdict::Peaks, 2023, -30.0),
        ];
        for (values, verdict, last, value) in cases {
            let peak = judge(&series(2020, values), 2022, PLATEAU).expect("a maximum");
            assert_eq!((peak.verdict, peak.last, peak.value), (verdict, last, value), "{values:?}");
            assert_eq!((peak.plateau(), peak.second), (None, None), "{values:?}");
            assert_eq!(
                peak.c40.map(|criteria| (criteria.well_below, criteria.verdict())),
                Some((None, C40Verdict::Unknown))
            );
        }
    }
}
