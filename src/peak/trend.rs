//! What history alone shows: C40's rule for cities, and Sen's slope from the maximum on.

use std::collections::BTreeMap;

/// Years from the maximum on, its own among them, below which no slope is told.
const ENOUGH: usize = 5;

/// C40's four criteria (City Emissions Peaking Analysis).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct C40 {
    /// At least three data years.
    pub enough_years: bool,
    /// The peak lies more than five years before the last point.
    pub long_ago: bool,
    /// The last point is at most five years old.
    pub recent: bool,
    /// The peak is more than 10 % above the last point; `None` where the peak is not positive, of which 10 % say nothing.
    pub well_below: Option<bool>,
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
            (true, true, Some(true)) => C40Verdict::Peaked,
            (true, false, Some(false)) => C40Verdict::NotPeaked,
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
        well_below: (value > 0.0).then_some(value > 1.1 * last_value),
    })
}

/// A yearly change, and of how many years it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendSlope {
    pub per_year: f64,
    pub years: usize,
}

/// Sen's slope: the median of the slopes between all pairs of years (Sen 1968); `None` of fewer than two values.
pub fn sen_slope(series: &BTreeMap<i32, f64>) -> Option<TrendSlope> {
    let points: Vec<(i32, f64)> = series.iter().map(|(year, value)| (*year, *value)).collect();
    let later = |at: usize| points.iter().skip(at + 1);
    let slope = |(from, a): (i32, f64), (to, b): (i32, f64)| (b - a) / f64::from(to - from);
    let mut slopes: Vec<f64> =
        points.iter().enumerate().flat_map(|(at, a)| later(at).map(move |b| slope(*a, *b))).collect();
    slopes.sort_by(f64::total_cmp);
    let middle = slopes.len() / 2;
    let per_year = match slopes.len() {
        0 => return None,
        odd if odd % 2 == 1 => slopes[middle],
        _ => (slopes[middle - 1] + slopes[middle]) / 2.0,
    };
    Some(TrendSlope { per_year, years: points.len() })
}

/// The slope of a history from its maximum on; `None` where the years are too few.
pub(super) fn after_maximum(history: &BTreeMap<i32, f64>) -> Option<TrendSlope> {
    let (&peak, _) = history.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
    let after: BTreeMap<i32, f64> = history.range(peak..).map(|(year, value)| (*year, *value)).collect();
    if after.len() < ENOUGH { None } else { sen_slope(&after) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(from: i32, values: &[f64]) -> BTreeMap<i32, f64> {
        (from..).zip(values.iter().copied()).collect()
    }

    /// Slopes of pymannkendall 1.4.3 where years follow each other; with years left out the slope is that of a year.
    #[test]
    fn sens_slope_gives_its_vectors() {
        let cases: [(&[f64], f64); 4] = [
            (&[100.0, 104.0, 107.0, 106.0, 103.0, 101.0, 98.0, 96.0, 93.0, 91.0], -2.0),
            (&[107.0, 106.0, 103.0, 101.0, 98.0, 96.0, 93.0, 91.0], -2.5),
            (&[107.0, 106.0, 107.0, 105.0, 106.0, 107.0, 105.0, 106.0], -1.0 / 14.0),
            (&[5.0, 5.0, 6.0, 6.0, 7.0, 7.0, 7.0, 8.0], 29.0 / 70.0),
        ];
        for (values, slope) in cases {
            let found = sen_slope(&series(2010, values)).expect("a slope");
            assert!((found.per_year - slope).abs() < 1e-12 && found.years == values.len(), "{values:?}: {found:?}");
        }
        let apart = BTreeMap::from([(2010, 10.0), (2015, 5.0), (2020, 0.0)]);
        assert_eq!(sen_slope(&apart), Some(TrendSlope { per_year: -1.0, years: 3 }));
        assert_eq!(sen_slope(&series(2010, &[1.0])), None);
    }

    #[test]
    fn four_years_from_the_maximum_on_tell_no_slope() {
        let falling = |n: usize| after_maximum(&series(2010, &(0..n).map(|i| -(i as f64)).collect::<Vec<_>>()));
        assert_eq!((falling(4), falling(5)), (None, Some(TrendSlope { per_year: -1.0, years: 5 })));
    }

    #[test]
    fn c40_needs_all_four() {
        let verdict = |values: &[f64], now| c40(&series(2010, values), now).expect("criteria").verdict();
        let fallen = [100.0, 95.0, 90.0, 88.0, 86.0, 84.0, 80.0];
        assert_eq!(verdict(&fallen, 2017), C40Verdict::Peaked);
        assert_eq!(verdict(&fallen, 2030), C40Verdict::Unknown);
        assert_eq!(verdict(&[100.0, 101.0, 102.0], 2013), C40Verdict::NotPeaked);
        // Below a maximum of −1 the last year, −1 itself, is not by 10 %.
        assert_eq!(verdict(&[-50.0, -40.0, -1.0], 2012), C40Verdict::Unknown);
    }
}
