//! A value of each of the draws that are computed side by side.

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

    /// Puts new values in place, whole as [`Lane::add`] does.
    #[inline(always)]
    pub fn set(&mut self, with: impl Fn(usize) -> f64) {
        let mut values = [0.0; LANES];
        for (lane, value) in values.iter_mut().enumerate() {
            *value = with(lane);
        }
        self.0 = values;
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
