//! Sums over draws that take the same memory for any number of them: counts by narrow bins, from which quantiles follow.

use foldhash::HashMap;

/// Bits of the mantissa that a bin forgets: a bin is at most 2⁻¹² of its value wide.
const FORGOTTEN: u32 = 40;

/// Bins that stand side by side; twice as many when a value lies beyond them, up to the most.
const BEGUN: usize = 1 << 10;
const MOST: usize = 1 << 16;

/// Counts of values by bins; quantiles within 2.5e-4 of the value, and closer where values are many.
#[derive(Debug, Clone)]
pub struct Tally {
    /// The bin of the first count.
    first: i64,
    counts: Vec<u32>,
    /// Bins too far from the others to stand beside them.
    apart: HashMap<i64, u32>,
    count: u64,
    sum: f64,
    range: (f64, f64),
}

impl Default for Tally {
    fn default() -> Self {
        let range = (f64::INFINITY, f64::NEG_INFINITY);
        Self { first: 0, counts: Vec::new(), apart: HashMap::default(), count: 0, sum: 0.0, range }
    }
}

/// Bits in the order of the numbers that they stand for.
fn ordered(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

fn from_ordered(bits: i64) -> f64 {
    f64::from_bits((bits ^ (((bits >> 63) as u64) >> 1) as i64) as u64)
}

impl Tally {
    /// Values have to come in the order of trials: the mean is summed in it.
    #[inline]
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        let bin = ordered(value) >> FORGOTTEN;
        match self.counts.get_mut(bin.wrapping_sub(self.first) as usize) {
            Some(count) => *count += 1,
            None => self.widen(bin),
        }
        self.count += 1;
        self.sum += value;
        self.range = (self.range.0.min(value), self.range.1.max(value));
    }

    /// Counts a value beyond the bins.
    #[cold]
    fn widen(&mut self, bin: i64) {
        let last = self.first + self.counts.len() as i64;
        let (from, to) = match self.counts.len() {
            0 => (bin - BEGUN as i64 / 2, bin + BEGUN as i64 / 2),
            wide => (self.first.min(bin - wide as i64), last.max(bin + wide as i64)),
        };
        if (to - from) as usize > MOST {
            *self.apart.entry(bin).or_default() += 1;
            return;
        }
        let mut counts = vec![0; (to - from) as usize];
        if !self.counts.is_empty() {
            let at = (self.first - from) as usize;
            counts[at..at + self.counts.len()].copy_from_slice(&self.counts);
        }
        counts[(bin - from) as usize] += 1;
        (self.first, self.counts) = (from, counts);
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }

    /// The values below which the given shares lie, in the order of shares, which do not fall.
    pub fn quantiles<const N: usize>(&self, shares: [f64; N]) -> Option<[f64; N]> {
        let (low, high) = (self.count > 0).then_some(self.range)?;
        let beside = self.counts.iter().enumerate().map(|(at, count)| (self.first + at as i64, *count));
        let apart = self.apart.iter().map(|(bin, count)| (*bin, *count));
        let mut bins: Vec<(i64, u32)> = beside.filter(|(_, count)| *count > 0).chain(apart).collect();
        bins.sort_unstable();
        Some(shares.map(|share| {
            // As numpy's default: the rank (n − 1)·share, from 0.
            let rank = (self.count - 1) as f64 * share;
            let mut before = 0.0;
            for (bin, count) in &bins {
                let count = f64::from(*count);
                if rank < before + count {
                    let from = from_ordered(bin << FORGOTTEN).max(low);
                    let to = from_ordered((bin + 1) << FORGOTTEN).min(high);
                    return (from + (to - from) * ((rank - before + 0.5) / count).min(1.0)).clamp(low, high);
                }
                before += count;
            }
            high
        }))
    }
}

/// A share of draws with the standard error of its estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareOfDraws {
    pub value: f64,
    pub standard_error: f64,
}

impl ShareOfDraws {
    /// The error of 0 or all is that of one draw the other way: no share of draws is ever certain.
    pub fn of(hits: u64, draws: u64) -> Self {
        let n = draws.max(1) as f64;
        let value = hits as f64 / n;
        let error = |share: f64| (share * (1.0 - share) / n).sqrt();
        let standard_error = if hits == 0 || hits == draws { error(1.0 / (n + 1.0)) } else { error(value) };
        Self { value, standard_error }
    }
}

/// As every output shows a probability: draws make nothing certain, so that all of them are `>99.9%` and none of them `<0.1%`.
impl std::fmt::Display for ShareOfDraws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.value {
            value if value >= ALMOST_ALL => f.pad(">99.9%"),
            value if value < ALMOST_NONE => f.pad("<0.1%"),
            value => f.pad(&format!("{:.1}%", value * 100.0)),
        }
    }
}

/// Shares that would round to 100.0 % and to 0.0 %.
const ALMOST_ALL: f64 = 0.9995;
const ALMOST_NONE: f64 = 0.0005;

#[cfg(test)]
mod tests {
    use super::super::rng::Stream;
    use super::*;

    #[test]
    fn quantiles_are_near_the_sorted_ones() {
        let stream = Stream::new(3, "tally");
        for scale in [1.0, -1.0, 1e9] {
            let mut values: Vec<f64> = (0..20_000).map(|trial| scale * (stream.uniform(trial) - 0.2)).collect();
            let mut tally = Tally::default();
            values.iter().for_each(|value| tally.add(*value));
            values.sort_by(f64::total_cmp);
            let found = tally.quantiles([0.0, 0.05, 0.5, 0.95, 1.0]).expect("quantiles");
            for (share, found) in [0.0, 0.05, 0.5, 0.95, 1.0].into_iter().zip(found) {
                let exact = values[((values.len() - 1) as f64 * share).round() as usize];
                assert!((found - exact).abs() <= 3e-4 * exact.abs() + 1e-4 * scale.abs(), "{share}: {found} {exact}");
            }
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            assert!((tally.mean().expect("a mean") - mean).abs() < 1e-12 * scale.abs());
        }
        assert_eq!(Tally::default().quantiles([0.5]), None);
    }

    #[test]
    fn constants_keep_their_value_and_shares_are_never_certain() {
        let mut tally = Tally::default();
        (0..100).for_each(|_| tally.add(7.25));
        assert_eq!(tally.quantiles([0.05, 0.5, 0.95]), Some([7.25; 3]));
        assert_eq!(ShareOfDraws::of(50, 100), ShareOfDraws { value: 0.5, standard_error: 0.05 });
        assert!(ShareOfDraws::of(0, 100).standard_error > 0.0);
    }

    #[test]
    fn no_share_of_draws_is_shown_as_certain() {
        let cases = [
            ((10_000, 10_000), ">99.9%"),
            ((9_995, 10_000), ">99.9%"),
            ((9_994, 10_000), "99.9%"),
            ((6_547, 10_000), "65.5%"),
            ((10, 10_000), "0.1%"),
            ((4, 10_000), "<0.1%"),
            ((0, 10_000), "<0.1%"),
        ];
        for ((hits, draws), shown) in cases {
            assert_eq!(ShareOfDraws::of(hits, draws).to_string(), shown);
        }
    }
}
