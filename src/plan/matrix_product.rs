//! Weights × flows, the bulk of a run, for many draws side by side.

use super::lane::{LANES, Lane};
use pulp::Simd;

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
    fn load<S: Simd>(&self, simd: S, part: usize) -> S::f64s {
        self.vectors(simd)[part]
    }
}

/// What is multiplied: metric × flow by flow × year.
pub struct Product<'b, W> {
    /// Metric by metric.
    pub weights: &'b [W],
    /// Flow by flow, all years of each.
    pub flows: &'b [Lane],
    pub years: usize,
}

impl<W: Weight> Product<'_, W> {
    /// out(metric, year) = Σ over flows of weight(metric, flow) · flow(year), in the order of flows; with `ADD`, what is there stays
    /// in the sum. A metric's years begin `stride` after those of the one before; `out` begins with the first projected year of the
    /// first.
    #[inline(always)]
    pub fn write<S: Simd, const ADD: bool>(&self, simd: S, stride: usize, out: &mut [Lane]) {
        let count = self.flows.len() / self.years.max(1);
        if count == 0 {
            if !ADD {
                out.fill(Lane::default());
            }
            return;
        }
        let mut rows = out.chunks_mut(stride);
        let mut weights = self.weights.chunks_exact(count);
        // Two metrics at a time; a last one alone.
        while let Some(first) = weights.next() {
            let Some(one) = rows.next() else { return };
            match weights.next().zip(rows.next()) {
                Some((second, other)) => self.metrics::<S, ADD, 2>(simd, [first, second], [one, other]),
                None => self.metrics::<S, ADD, 1>(simd, [first], [one]),
            }
        }
    }

    #[inline(always)]
    fn metrics<S: Simd, const ADD: bool, const M: usize>(&self, simd: S, weights: [&[W]; M], out: [&mut [Lane]; M]) {
        // The longest vectors come with twice as many registers.
        match size_of::<S::f64s>() >= 64 {
            true => self.tiles::<S, ADD, M, 6>(simd, weights, out),
            false => self.tiles::<S, ADD, M, 5>(simd, weights, out),
        }
    }

    /// `C` years at once, and then those that are left.
    #[inline(always)]
    fn tiles<S: Simd, const ADD: bool, const M: usize, const C: usize>(
        &self,
        simd: S,
        weights: [&[W]; M],
        mut out: [&mut [Lane]; M],
    ) {
        let whole = self.years - self.years % C;
        for part in 0..LANES * size_of::<f64>() / size_of::<S::f64s>() {
            for from in (0..whole).step_by(C) {
                self.tile::<S, ADD, M, C>(simd, weights, (from, part), &mut out);
            }
            let at = (whole, part);
            match self.years - whole {
                1 => self.tile::<S, ADD, M, 1>(simd, weights, at, &mut out),
                2 => self.tile::<S, ADD, M, 2>(simd, weights, at, &mut out),
                3 => self.tile::<S, ADD, M, 3>(simd, weights, at, &mut out),
                4 => self.tile::<S, ADD, M, 4>(simd, weights, at, &mut out),
                5 => self.tile::<S, ADD, M, 5>(simd, weights, at, &mut out),
                _ => {}
            }
        }
    }

    /// Some metrics and years: their sums stay in registers, and each weight and flow that is read serves several of them.
    #[inline(always)]
    fn tile<S: Simd, const ADD: bool, const M: usize, const C: usize>(
        &self,
        simd: S,
        weights: [&[W]; M],
        (from, part): (usize, usize),
        out: &mut [&mut [Lane]; M],
    ) {
        let mut sums = [[simd.splat_f64s(0.0); C]; M];
        for (at, flow) in self.flows.chunks_exact(self.years).enumerate() {
            let Some(years) = flow[from..].first_chunk::<C>() else { return };
            let mut values = [simd.splat_f64s(0.0); C];
            for column in 0..C {
                values[column] = years[column].vectors(simd)[part];
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
                let value = &mut years[column].vectors_mut(simd)[part];
                *value = if ADD { simd.add_f64s(*value, sums[row][column]) } else { sums[row][column] };
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
        self.product.write::<S, false>(simd, self.stride, self.out);
    }
}
