//! Weights × flows, the bulk of a run, for many draws side by side.

use super::lane::{LANES, Lane};
use pulp::Simd;

/// Years that are summed at once for two metrics: their sums stay in registers, and each weight and flow that is read serves several
/// of them.
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
        S::as_simd_f64s(&self[..]).0[part]
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
        let mut rows = out.chunks_mut(stride);
        let mut weights = self.weights.chunks_exact(count);
        // Two metrics at a time; a last one alone.
        while let Some(first) = weights.next() {
            let Some(one) = rows.next() else { return };
            match weights.next().zip(rows.next()) {
                Some((second, other)) => self.metrics(simd, [first, second], [one, other]),
                None => self.metrics(simd, [first], [one]),
            }
        }
    }

    #[inline(always)]
    fn metrics<S: Simd, const M: usize>(&self, simd: S, weights: [&[W]; M], mut out: [&mut [Lane]; M]) {
        let whole = self.years - self.years % YEARS;
        for part in 0..LANES * size_of::<f64>() / size_of::<S::f64s>() {
            for from in (0..whole).step_by(YEARS) {
                self.tile::<S, M, YEARS>(simd, weights, (from, part), &mut out);
            }
            for from in whole..self.years {
                self.tile::<S, M, 1>(simd, weights, (from, part), &mut out);
            }
        }
    }

    /// Some metrics and years; their sums stay in registers.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const C: usize>(
        &self,
        simd: S,
        weights: [&[W]; M],
        (from, part): (usize, usize),
        out: &mut [&mut [Lane]; M],
    ) {
        let mut sums = [[simd.splat_f64s(0.0); C]; M];
        for (at, flow) in self.named.iter().enumerate() {
            let Some(years) = self.flows[flow * self.years + from..].first_chunk::<C>() else { return };
            let mut values = [simd.splat_f64s(0.0); C];
            for column in 0..C {
                values[column] = S::as_simd_f64s(&years[column][..]).0[part];
            }
            for row in 0..M {
                let weight = weights[row][at].load(simd, part);
                for column in 0..C {
                    sums[row][column] = simd.mul_add_f64s(weight, values[column], sums[row][column]);
                }
            }
        }
        for row in 0..M {
            let Some(years) = out[row][from..].first_chunk_mut::<C>() else { return };
            for column in 0..C {
                let value = &mut S::as_mut_simd_f64s(&mut years[column][..]).0[part];
                *value = simd.add_f64s(*value, sums[row][column]);
            }
        }
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
