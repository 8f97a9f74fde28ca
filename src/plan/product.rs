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
        for metric in (0..metrics).step_by(METRICS) {
            for year in (0..self.years).step_by(YEARS) {
                // The last tile of an odd number computes its last row more than once and keeps it once.
                let rows: [usize; METRICS] = std::array::from_fn(|at| (metric + at).min(metrics - 1));
                let columns: [usize; YEARS] = std::array::from_fn(|at| (year + at).min(self.years - 1));
                for part in 0..S::as_simd_f64s(&[0.0; LANES]).0.len() {
                    let sums = self.tile(simd, (rows, columns), (count, part));
                    for (row, sums) in sums.iter().enumerate().take(metrics - metric) {
                        for (column, sum) in sums.iter().enumerate().take(self.years - year) {
                            let lane = &mut out[rows[row] * stride + columns[column]];
                            let value = &mut S::as_mut_simd_f64s(lane).0[part];
                            *value = simd.add_f64s(*value, *sum);
                        }
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn tile<S: Simd>(
        &self,
        simd: S,
        (rows, columns): ([usize; METRICS], [usize; YEARS]),
        (count, part): (usize, usize),
    ) -> [[S::f64s; YEARS]; METRICS] {
        let mut sums = [[simd.splat_f64s(0.0); YEARS]; METRICS];
        let weights = rows.map(|row| &self.weights[row * count..(row + 1) * count]);
        for (at, flow) in self.named.iter().enumerate() {
            let flow = &self.flows[flow * self.years..][..self.years];
            let flow = columns.map(|column| S::as_simd_f64s(&flow[column]).0[part]);
            for (sums, weights) in sums.iter_mut().zip(weights) {
                let weight = weights[at].load(simd, part);
                for (sum, flow) in sums.iter_mut().zip(flow) {
                    *sum = simd.mul_add_f64s(weight, flow, *sum);
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
