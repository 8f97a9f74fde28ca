//! Distributions by their quantiles: what a uniform number becomes.

use crate::error::Text;
use crate::say;
use statrs::function::beta::beta_reg;
use statrs::function::erf::erf_inv;
use std::sync::LazyLock;

/// How a value is spread.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Lowest, likeliest, highest.
    Triangle([f64; 3]),
    /// The beta distribution of planning: lowest, likeliest, highest, with the quantiles of a grid to start from.
    Pert([f64; 3], Vec<f64>),
    Uniform([f64; 2]),
    /// Mean and standard deviation.
    Normal([f64; 2]),
    /// Median and geometric standard deviation (at least 1).
    LogNormal([f64; 2]),
    /// A normal half on each side of 1: the two standard deviations, and the bounds that are never passed.
    Halves {
        down: f64,
        up: f64,
        bounds: (f64, f64),
    },
}

pub const KINDS: [&str; 5] = ["tri", "pert", "uniform", "normal", "lognormal"];

const GRID: usize = 256;

impl Distribution {
    /// A distribution by its word in the file and its numbers.
    ///
    /// # Errors
    /// What the numbers should be.
    pub fn new(kind: &str, numbers: &[f64]) -> Result<Self, Text> {
        let ordered = numbers.windows(2).all(|pair| pair[0] <= pair[1]);
        match (kind, numbers) {
            ("tri", &[a, b, c]) if ordered => Ok(Self::Triangle([a, b, c])),
            ("pert", &[a, b, c]) if ordered => Ok(Self::Pert([a, b, c], grid([a, b, c]))),
            ("uniform", &[a, b]) if ordered => Ok(Self::Uniform([a, b])),
            ("normal", &[mean, deviation]) if deviation >= 0.0 => Ok(Self::Normal([mean, deviation])),
            ("lognormal", &[median, deviation]) if median > 0.0 && deviation >= 1.0 => {
                Ok(Self::LogNormal([median, deviation]))
            }
            ("tri" | "pert", _) => Err(say!(
                "应为三个不减的数 [最低, 最可能, 最高]",
                "expected three numbers that do not fall: [lowest, likeliest, highest]"
            )),
            ("uniform", _) => Err(say!("应为 [最低, 最高]", "expected [lowest, highest]")),
            ("normal", _) => {
                Err(say!("应为 [均值, 标准差]，标准差不为负", "expected [mean, standard deviation], not negative"))
            }
            _ => Err(say!(
                "应为 [中位数, 几何标准差]，中位数为正，几何标准差不小于 1",
                "expected [median, geometric standard deviation], the median positive, the deviation at least 1"
            )),
        }
    }

    /// The value below which a share `u` of all values lies, 0 < u < 1.
    pub fn quantile(&self, u: f64) -> f64 {
        let mut value = [u];
        self.quantiles(&mut value);
        value[0]
    }

    /// The same for many shares at once, in place.
    #[inline(always)]
    pub fn quantiles<const N: usize>(&self, shares: &mut [f64; N]) {
        match self {
            Self::Triangle(points) => shares.iter_mut().for_each(|u| *u = triangle(points, *u)),
            Self::Pert(points, grid) => shares.iter_mut().for_each(|u| *u = pert(points, grid, *u)),
            Self::Uniform([low, high]) => shares.iter_mut().for_each(|u| *u = low + *u * (high - low)),
            Self::Normal([mean, deviation]) => {
                shares.iter_mut().for_each(|u| *u = mean + deviation * normal(*u));
            }
            Self::LogNormal([median, deviation]) => {
                let width = deviation.ln();
                shares.iter_mut().for_each(|u| *u = median * (width * normal(*u)).exp());
            }
            Self::Halves { down, up, bounds } => {
                shares.iter_mut().for_each(|u| *u = normal(*u));
                for z in shares {
                    *z = (1.0 + *z * if *z < 0.0 { *down } else { *up }).clamp(bounds.0, bounds.1);
                }
            }
        }
    }

    /// The value with nothing drawn: the middle.
    pub fn middle(&self) -> f64 {
        self.quantile(0.5)
    }
}

#[inline(always)]
fn triangle([low, mode, high]: &[f64; 3], u: f64) -> f64 {
    let (left, whole) = (mode - low, high - low);
    match whole {
        0.0 => *low,
        _ if u * whole <= left => low + (u * whole * left).sqrt(),
        _ => high - ((1.0 - u) * whole * (high - mode)).sqrt(),
    }
}

/// Cells of the table of normal quantiles, and those at each end that are too steep for it.
const CELLS: usize = 2048;
const STEEP: usize = 40;

/// In each cell a cubic that has the quantile and its slope at both ends.
static CUBICS: LazyLock<Vec<[f64; 4]>> = LazyLock::new(|| {
    let width = 1.0 / CELLS as f64;
    let slope = |z: f64| width * (std::f64::consts::TAU).sqrt() * (0.5 * z * z).exp();
    let cubic = |cell: usize| {
        if !(STEEP..CELLS - STEEP).contains(&cell) {
            return [0.0; 4];
        }
        let [from, to] = [cell, cell + 1].map(|end| exact_normal(end as f64 * width));
        let (leaving, arriving) = (slope(from), slope(to));
        [from, leaving, 3.0 * (to - from) - 2.0 * leaving - arriving, 2.0 * (from - to) + leaving + arriving]
    };
    (0..CELLS).map(cubic).collect()
});

/// The standard normal distribution's quantile, to 2e-9: by far the most of a draw's time would go into the exact one.
#[inline]
pub fn normal(u: f64) -> f64 {
    let at = u * CELLS as f64;
    let cell = at as usize;
    match CUBICS.get(cell) {
        Some([a, b, c, d]) if (STEEP..CELLS - STEEP).contains(&cell) => {
            let x = at - cell as f64;
            a + x * (b + x * (c + x * d))
        }
        _ => exact_normal(u),
    }
}

fn exact_normal(u: f64) -> f64 {
    std::f64::consts::SQRT_2 * erf_inv(2.0 * u - 1.0)
}

/// The shapes of the beta distribution with λ = 4.
fn shapes([low, mode, high]: [f64; 3]) -> (f64, f64) {
    let whole = high - low;
    (1.0 + 4.0 * (mode - low) / whole, 1.0 + 4.0 * (high - mode) / whole)
}

fn grid(points: [f64; 3]) -> Vec<f64> {
    if points[0] == points[2] {
        return Vec::new();
    }
    (0..=GRID).map(|step| bisect(shapes(points), step as f64 / GRID as f64, (0.0, 1.0))).collect()
}

fn pert(points: &[f64; 3], grid: &[f64], u: f64) -> f64 {
    let [low, _, high] = *points;
    if grid.is_empty() {
        return low;
    }
    let cell = ((u * GRID as f64) as usize).min(GRID - 1);
    low + (high - low) * bisect(shapes(*points), u, (grid[cell], grid[cell + 1]))
}

/// Where the regularised incomplete beta function reaches `u`: false position that halves the weight of the end that stays
/// (Illinois), so that the root is always bracketed.
fn bisect((alpha, beta): (f64, f64), u: f64, (mut low, mut high): (f64, f64)) -> f64 {
    let off = |x: f64| beta_reg(alpha, beta, x) - u;
    if u <= 0.0 || u >= 1.0 || high <= low {
        return if u <= 0.0 { low } else { high };
    }
    let (mut below, mut above) = (off(low), off(high));
    for _ in 0..100 {
        let next = low - below * (high - low) / (above - below);
        if high - low < 1e-12 || !(next > low && next < high) {
            break;
        }
        let value = off(next);
        if value.abs() < 1e-12 {
            return next;
        }
        if value < 0.0 {
            (low, below, above) = (next, value, 0.5 * above);
        } else {
            (high, above, below) = (next, value, 0.5 * below);
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Means and standard deviations by their formulas, from a fine grid of quantiles.
    #[test]
    fn moments_are_those_of_the_textbook() {
        let cases = [
            ("tri", vec![0.6, 0.9, 1.0], 2.5 / 3.0, ((0.36 + 0.81 + 1.0 - 0.54 - 0.6 - 0.9) / 18.0_f64).sqrt()),
            ("pert", vec![0.0, 0.3, 1.0], 2.2 / 6.0, (2.2_f64 / 6.0 * 3.8 / 6.0 / 7.0).sqrt()),
            ("uniform", vec![2.0, 5.0], 3.5, 3.0 / 12.0_f64.sqrt()),
            ("normal", vec![1.0, 0.02], 1.0, 0.02),
            ("lognormal", vec![1.0, 1.1], (1.1_f64.ln().powi(2) / 2.0).exp(), {
                let s = 1.1_f64.ln().powi(2);
                ((s.exp() - 1.0) * s.exp()).sqrt()
            }),
        ];
        for (kind, numbers, mean, deviation) in cases {
            let spread = Distribution::new(kind, &numbers).expect(kind);
            let n = 20_000;
            let values: Vec<f64> = (0..n).map(|i| spread.quantile((i as f64 + 0.5) / n as f64)).collect();
            let found = values.iter().sum::<f64>() / n as f64;
            let square = values.iter().map(|value| (value - found).powi(2)).sum::<f64>() / n as f64;
            assert!((found - mean).abs() < 1e-4, "{kind}: mean {found}, expected {mean}");
            assert!((square.sqrt() - deviation).abs() < 1e-3 * deviation, "{kind}: {} {deviation}", square.sqrt());
        }
        assert!((normal(0.975) - 1.959_963_984_540_054).abs() < 1e-9);
    }

    #[test]
    fn numbers_that_make_no_distribution_are_refused() {
        for (kind, numbers) in [
            ("tri", vec![1.0, 0.5, 2.0]),
            ("normal", vec![1.0, -1.0]),
            ("lognormal", vec![1.0, 0.9]),
            ("pert", vec![1.0]),
        ] {
            assert!(Distribution::new(kind, &numbers).is_err(), "{kind} {numbers:?}");
        }
    }

    #[test]
    fn the_table_of_normal_quantiles_is_near_the_exact_ones() {
        let off = |step: usize| {
            let u = (step as f64 + 0.37) / 100_000.0;
            (normal(u) - exact_normal(u)).abs()
        };
        let most = (0..100_000).map(off).fold(0.0, f64::max);
        assert!(most < 2e-9, "{most:e}");
    }
}
