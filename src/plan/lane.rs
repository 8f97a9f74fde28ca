//! A value of each of the draws that are computed side by side.

use pulp::Simd;
use std::ops::{Deref, DerefMut};

/// Draws that are computed side by side: a lane is a line of the processor's cache, so that flows and totals of a batch stay in the
/// nearest one.
pub const LANES: usize = 8;

/// A value of each draw. It lies on a line of the cache: a vector that begins elsewhere is read from two lines.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[repr(align(64))]
pub struct Lane([f64; LANES]);

impl Lane {
    /// One value in all draws.
    #[inline(always)]
    pub const fn all(value: f64) -> Self {
        Self([value; LANES])
    }

    #[inline(always)]
    pub fn from_fn(of: impl FnMut(usize) -> f64) -> Self {
        Self(std::array::from_fn(of))
    }

    #[inline(always)]
    pub fn map(&self, of: impl Fn(f64) -> f64) -> Self {
        let mut values = self.0;
        for value in &mut values {
            *value = of(*value);
        }
        Self(values)
    }

    #[inline(always)]
    pub fn zip(&self, other: &Self, of: impl Fn(f64, f64) -> f64) -> Self {
        let mut values = self.0;
        for (value, other) in values.iter_mut().zip(&other.0) {
            *value = of(*value, *other);
        }
        Self(values)
    }

    /// The sum is taken out and put back whole: of two places in memory nobody could tell that they are apart, and they would be read
    /// number by number.
    #[inline(always)]
    pub fn add(&mut self, with: impl Fn(usize) -> f64) {
        let mut values = self.0;
        for (lane, value) in values.iter_mut().enumerate() {
            *value += with(lane);
        }
        self.0 = values;
    }

    /// The vectors that it consists of.
    #[inline(always)]
    pub fn vectors<S: Simd>(&self, _simd: S) -> &[S::f64s] {
        S::as_simd_f64s(&self.0).0
    }

    #[inline(always)]
    pub fn vectors_mut<S: Simd>(&mut self, _simd: S) -> &mut [S::f64s] {
        S::as_mut_simd_f64s(&mut self.0).0
    }

    /// Puts in place what `of` makes of other lanes, vector by vector. A loop over years with a loop over numbers in it would be turned
    /// inside out by the compiler, which then gathers and scatters.
    #[inline(always)]
    pub fn put<S: Simd, const N: usize>(&mut self, simd: S, from: [&Self; N], of: impl Fn([S::f64s; N]) -> S::f64s) {
        let from = from.map(|lane| lane.vectors(simd));
        for (at, to) in self.vectors_mut(simd).iter_mut().enumerate() {
            *to = of(std::array::from_fn(|lane| from[lane][at]));
        }
    }

    /// The same with what is there as the first.
    #[inline(always)]
    pub fn change<S: Simd, const N: usize>(
        &mut self,
        simd: S,
        from: [&Self; N],
        of: impl Fn(S::f64s, [S::f64s; N]) -> S::f64s,
    ) {
        let from = from.map(|lane| lane.vectors(simd));
        for (at, to) in self.vectors_mut(simd).iter_mut().enumerate() {
            *to = of(*to, std::array::from_fn(|lane| from[lane][at]));
        }
    }
}

impl Deref for Lane {
    type Target = [f64; LANES];

    #[inline(always)]
    fn deref(&self) -> &[f64; LANES] {
        &self.0
    }
}

impl DerefMut for Lane {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64; LANES] {
        &mut self.0
    }
}
