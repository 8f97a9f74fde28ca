//! Which inputs matter: Sobol's first and total order (Saltelli 2010, Jansen 1999) with bootstrap intervals, and Morris's
//! elementary effects. A function that does not vary has no effects; it is never divided by its variance.

use super::rng::Stream;

/// A function of points of the unit cube, many at a time: each point has a coordinate for each input.
pub trait ModelFunction: Sync {
    fn values(&self, points: &[Vec<f64>]) -> Vec<f64>;
}

impl<F: Fn(&[Vec<f64>]) -> Vec<f64> + Sync> ModelFunction for F {
    fn values(&self, points: &[Vec<f64>]) -> Vec<f64> {
        self(points)
    }
}

/// An index with its 95 % interval from resampled points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Index {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// Indices of one input; none where the function does not vary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sobol {
    pub first: Option<Index>,
    pub total: Option<Index>,
}

/// Mean absolute elementary effect and the standard deviation of effects.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Morris {
    pub mean_absolute: f64,
    pub deviation: f64,
}

const RESAMPLES: usize = 200;

/// The names of the streams of two independent samples.
fn samples(names: &[String], seed: u64, points: usize) -> [Vec<Vec<f64>>; 2] {
    ["A", "B"].map(|sample| {
        let streams: Vec<Stream> = names.iter().map(|name| Stream::new(seed, &format!("{sample}/{name}"))).collect();
        (0..points).map(|trial| streams.iter().map(|stream| stream.uniform(trial as u64)).collect()).collect()
    })
}

/// First and total order of each input, from `points` · (inputs + 2) values.
pub fn sobol(function: &impl ModelFunction, names: &[String], points: usize, seed: u64) -> Vec<Sobol> {
    let [a, b] = samples(names, seed, points);
    let (of_a, of_b) = (function.values(&a), function.values(&b));
    let all = || of_a.iter().chain(&of_b);
    let mean = all().sum::<f64>() / (2 * points) as f64;
    let size = all().fold(0.0_f64, |size, value| size.max(value.abs()));
    let flat = all().all(|value| (value - mean).abs() <= 1e-12 * size);
    let picks: Vec<Vec<usize>> = (0..RESAMPLES)
        .map(|round| {
            let stream = Stream::new(seed, &format!("bootstrap/{round}"));
            (0..points).map(|trial| (stream.uniform(trial as u64) * points as f64) as usize).collect()
        })
        .collect();
    let of_input = |input: usize| {
        if flat {
            return Sobol { first: None, total: None };
        }
        let mixed: Vec<Vec<f64>> = a.iter().zip(&b).map(|(a, b)| with(a, input, b[input])).collect();
        let of_mixed = function.values(&mixed);
        let triple = |at: usize| (of_a[at] - mean, of_b[at] - mean, of_mixed[at] - mean);
        let whole: Vec<usize> = (0..points).collect();
        let found = estimate(&whole, &triple);
        let resampled: Vec<Option<(f64, f64)>> = picks.iter().map(|picks| estimate(picks, &triple)).collect();
        let index = |of: fn((f64, f64)) -> f64| {
            let mut values: Vec<f64> = resampled.iter().flatten().map(|pair| of(*pair)).collect();
            values.sort_by(f64::total_cmp);
            let at = |share: f64| values.get(((values.len().max(1) - 1) as f64 * share).round() as usize).copied();
            found.map(of).zip(at(0.025)).zip(at(0.975)).map(|((value, low), high)| Index { value, low, high })
        };
        Sobol { first: index(|pair| pair.0), total: index(|pair| pair.1) }
    };
    (0..names.len()).map(of_input).collect()
}

fn with(point: &[f64], input: usize, value: f64) -> Vec<f64> {
    let mut point = point.to_vec();
    point[input] = value;
    point
}

/// First = mean(f(B)·(f(AB) − f(A)))/V, total = mean((f(A) − f(AB))²)/2V; values are centred.
fn estimate(picks: &[usize], triple: &impl Fn(usize) -> (f64, f64, f64)) -> Option<(f64, f64)> {
    let (mut sum, mut squares, mut first, mut total) = (0.0, 0.0, 0.0, 0.0);
    for &pick in picks {
        let (a, b, mixed) = triple(pick);
        sum += a + b;
        squares += a * a + b * b;
        first += b * (mixed - a);
        total += (a - mixed) * (a - mixed);
    }
    let n = picks.len() as f64;
    let mean = sum / (2.0 * n);
    let variance = squares / (2.0 * n) - mean * mean;
    (variance > 0.0).then(|| (first / n / variance, total / (2.0 * n) / variance))
}

/// Elementary effects on a grid of four levels, each input moved once on each of `paths` ways through the cube.
pub fn morris(function: &impl ModelFunction, names: &[String], paths: usize, seed: u64) -> Vec<Morris> {
    const STEP: f64 = 2.0 / 3.0;
    let inputs = names.len();
    let streams: Vec<Stream> = names.iter().map(|name| Stream::new(seed, &format!("morris/{name}"))).collect();
    let order = Stream::new(seed, "morris order");
    let mut points = Vec::new();
    let mut moved = Vec::new();
    for path in 0..paths as u64 {
        // Levels 0 and 1/3, from which a step leads upward; half of the inputs start above and step down.
        let mut point: Vec<f64> = streams.iter().map(|stream| level(stream.uniform(path))).collect();
        points.push(point.clone());
        let mut ways: Vec<usize> = (0..inputs).collect();
        for at in (1..inputs).rev() {
            let other = (order.uniform(path * inputs as u64 + at as u64) * (at + 1) as f64) as usize;
            ways.swap(at, other);
        }
        for input in ways {
            let up = point[input] < 0.5;
            point[input] += if up { STEP } else { -STEP };
            points.push(point.clone());
            moved.push((input, points.len() - 1, if up { STEP } else { -STEP }));
        }
    }
    let values = function.values(
        &points.iter().map(|point| point.iter().map(|u| u.clamp(EDGE, 1.0 - EDGE)).collect()).collect::<Vec<_>>(),
    );
    let of = |input: usize| {
        let own = moved.iter().filter(|(moved, ..)| *moved == input);
        let effects: Vec<f64> = own.map(|(_, at, step)| (values[*at] - values[at - 1]) / step).collect();
        let n = effects.len().max(1) as f64;
        let mean = effects.iter().sum::<f64>() / n;
        let square = effects.iter().map(|effect| (effect - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        Morris { mean_absolute: effects.iter().map(|effect| effect.abs()).sum::<f64>() / n, deviation: square.sqrt() }
    };
    (0..inputs).map(of).collect()
}

/// Distributions without bounds have no value at 0 and 1.
const EDGE: f64 = 0.01;

fn level(uniform: f64) -> f64 {
    ((uniform * 4.0) as usize).min(3) as f64 / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|input| format!("x{input}")).collect()
    }

    fn check(found: &[Sobol], expected: &[(f64, f64)], within: f64) {
        for (found, (first, total)) in found.iter().zip(expected) {
            let (a, b) = (found.first.expect("first"), found.total.expect("total"));
            assert!((a.value - first).abs() < within, "{a:?}, expected {first}");
            assert!((b.value - total).abs() < within, "{b:?}, expected {total}");
            assert!(a.low <= a.value && a.value <= a.high && b.low <= b.value && b.value <= b.high);
        }
    }

    /// Ishigami and Homma 1990, a = 7, b = 0.1: the indices from the variances in closed form.
    #[test]
    fn ishigami_has_its_indices() {
        let (a, b) = (7.0_f64, 0.1_f64);
        let function = |points: &[Vec<f64>]| -> Vec<f64> {
            let of = |point: &Vec<f64>| {
                let x: Vec<f64> = point.iter().map(|u| (2.0 * u - 1.0) * PI).collect();
                x[0].sin() + a * x[1].sin().powi(2) + b * x[2].powi(4) * x[0].sin()
            };
            points.iter().map(of).collect()
        };
        let v1 = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
        let v2 = a * a / 8.0;
        let v13 = b * b * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
        let v = v1 + v2 + v13;
        let found = sobol(&function, &names(3), 16_384, 1);
        check(&found, &[(v1 / v, (v1 + v13) / v), (v2 / v, v2 / v), (0.0, v13 / v)], 0.03);
    }

    /// y = 4a + 2b + c + 0d: shares of variance 16/21, 4/21, 1/21, 0; no interactions.
    #[test]
    fn a_linear_function_has_its_indices_and_effects() {
        let function = |points: &[Vec<f64>]| -> Vec<f64> {
            points.iter().map(|p| 1e6 + 4.0 * p[0] + 2.0 * p[1] + p[2] + 0.0 * p[3]).collect()
        };
        let found = sobol(&function, &names(4), 16_384, 2);
        let share = |value: f64| (value / 21.0, value / 21.0);
        check(&found, &[share(16.0), share(4.0), share(1.0), share(0.0)], 0.03);
        let effects = morris(&function, &names(4), 10, 1);
        for (found, expected) in effects.iter().zip([4.0, 2.0, 1.0, 0.0]) {
            assert!((found.mean_absolute - expected).abs() < 0.15, "{found:?}");
        }
    }

    #[test]
    fn what_does_not_vary_has_no_effect_and_is_no_nan() {
        for constant in [0.0, 7.5] {
            let function = move |points: &[Vec<f64>]| vec![constant; points.len()];
            let found = sobol(&function, &names(2), 256, 1);
            assert!(found.iter().all(|found| *found == Sobol { first: None, total: None }));
            assert!(morris(&function, &names(2), 4, 1).iter().all(|found| found.mean_absolute == 0.0));
        }
    }
}
