//! Weights × flows, the bulk of a run, for many draws side by side.

use super::formula::{LANES, Lane};
use pulp::Simd;

/// Metrics and years that are summed at once: their sums stay in registers, and each weight and flow that is read serves several of them.
const METRICS: usize = 2;
const YEARS: usize = 5;

/// A weight that all lanes share, or one of each lane.
pub trait Weight {
    /// The `part`-th vector of the weight's lanes.
    fn load<S: Simd>(&self, simd: S, part: usize) -> S::f64s;
}

impl Weight for f64 {
    #[inline(always)]
    fn load<S: Simd>(&self, simd: S, _part: usize) -> S::f64s {
        simd.splat_f64s(*self)
    }
}

impl Weight for Lane {
    #[inline(always)]
    fn load<S: Simd>(&self, _simd: S, part: usize) -> S::f64s {
        S::as_simd_f64s(self).0[part]
    }
}

/// What is multiplied: metric × flow by flow × year.
pub struct Product<'b, W> {
    /// Metric by metric, for the flows that are named.
    pub weights: &'b [W],
    /// Flow by flow, all years of each; and the flows that are weighed here.
    pub flows: &'b [Lane],
    pub named: &'b [usize],
    pub years: usize,
}

impl<W: Weight> Product<'_, W> {
    /// out(metric, year) += Σ over flows of weight(metric, flow) · flow(year), in the order of flows. A metric's years begin `stride`
    /// after those of the one before; `out` begins with the first projected year of the first.
    #[inline(always)]
    pub fn add<S: Simd>(&self, simd: S, stride: usize, out: &mut [Lane]) {
        let count = self.named.len();
        if count == 0 {
            return;
        }
        let metrics = self.weights.len() / count;
        let row = |metric: usize| &self.weights[metric * count..(metric + 1) * count];
        for metric in (0..metrics).step_by(METRICS) {
            // The last tile of an odd number computes a row twice and keeps it once.
            let rows = [row(metric), row((metric + 1).min(metrics - 1))];
            let kept = METRICS.min(metrics - metric);
            for year in (0..self.years).step_by(YEARS) {
                // The last tile begins earlier where it would run beyond the years, and keeps what is new.
                let from = year.min(self.years.saturating_sub(YEARS));
                for part in 0..LANES / (size_of::<S::f64s>() / size_of::<f64>()) {
                    let sums = self.tile(simd, rows, (from, part));
                    for (at, sums) in sums.iter().enumerate().take(kept) {
                        for (column, sum) in sums.iter().enumerate().skip(year - from).take(self.years - year) {
                            let lane = &mut out[(metric + at) * stride + from + column];
                            let value = &mut S::as_mut_simd_f64s(lane).0[part];
                            *value = simd.add_f64s(*value, *sum);
                        }
                    }
                }
            }
        }
    }

    /// Plain loops, so that nothing in them is left out of the vectors.
    #[inline(always)]
    fn tile<S: Simd>(
        &self,
        simd: S,
        [first, second]: [&[W]; METRICS],
        (from, part): (usize, usize),
    ) -> [[S::f64s; YEARS]; METRICS] {
        let mut sums = [[simd.splat_f64s(0.0); YEARS]; METRICS];
        for ((flow, first), second) in self.named.iter().zip(first).zip(second) {
            let (first, second) = (first.load(simd, part), second.load(simd, part));
            let years = &self.flows[flow * self.years..(flow + 1) * self.years];
            match years[from..].first_chunk::<YEARS>() {
                Some(years) => {
                    for column in 0..YEARS {
                        let value = S::as_simd_f64s(&years[column]).0[part];
                        sums[0][column] = simd.mul_add_f64s(first, value, sums[0][column]);
                        sums[1][column] = simd.mul_add_f64s(second, value, sums[1][column]);
                    }
                }
                None => {
                    for (column, year) in years[from..].iter().enumerate() {
                        let value = S::as_simd_f64s(year).0[part];
                        sums[0][column] = simd.mul_add_f64s(first, value, sums[0][column]);
                        sums[1][column] = simd.mul_add_f64s(second, value, sums[1][column]);
                    }
                }
            }
        }
        sums
    }
}

/// A product alone, on the widest vectors that the machine has.
pub fn multiply<W: Weight>(product: &Product<'_, W>, stride: usize, out: &mut [Lane]) {
    pulp::Arch::new().dispatch(Alone { product, stride, out });
}

struct Alone<'b, W> {
    product: &'b Product<'b, W>,
    stride: usize,
    out: &'b mut [Lane],
}

impl<W: Weight> pulp::WithSimd for Alone<'_, W> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.product.add(simd, self.stride, self.out);
    }
}
