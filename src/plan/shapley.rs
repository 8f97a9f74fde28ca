//! What each measure contributes: exact Shapley values, and what it brings as the first and as the last.
//!
//! `φ(m) = Σ over S without m of |S|!(n−|S|−1)!/n! · [v(S∪m) − v(S)]`. A total is a sum of terms, and each term is moved by few measures;
//! the value is additive over terms and 0 for a measure that does not move one, so each term is solved with its own measures alone.

use super::Series;
use super::kernel::{Kernel, KernelInputs};
use ndarray::{Array2, Array3, Axis};
use rayon::prelude::*;

/// More measures on one term than this are too many for 2^n runs.
pub const MOST: usize = 16;

/// Level × metric × year; positive is a cut.
#[derive(Debug, Clone)]
pub struct Contributions {
    pub shapley: Array3<f64>,
    /// v(none) − v(the measure alone)
    pub first_in: Array3<f64>,
    /// v(all others) − v(all)
    pub last_in: Array3<f64>,
    /// Metric × year of the scenario without its measures, and with all of them.
    pub without: Array2<f64>,
    pub with: Array2<f64>,
    /// Levels that act on one term with more than [`MOST`] others: their terms are left to first-in and last-in, shared equally.
    pub crowded: Vec<usize>,
}

/// Solves every term of a kernel.
pub fn contributions(kernel: &Kernel<'_>, levers: &KernelInputs) -> Contributions {
    let levels = levers.levels.len();
    let (metrics, years) = (kernel.metrics.len(), kernel.years());
    let zero = Array3::zeros((levels, metrics, years));
    let none = KernelInputs { levels: without(&levers.levels, |_| false), ..levers.clone() };
    let mut found = Contributions {
        shapley: zero.clone(),
        first_in: zero.clone(),
        last_in: zero,
        without: kernel.run(&none),
        with: kernel.run(levers),
        crowded: Vec::new(),
    };
    let terms = kernel.terms(levers);
    // Terms are played side by side and added up in their order.
    let games: Vec<Game> = terms.par_iter().map(|term| Game::play(&term.players, levers, &*term.value)).collect();
    for (term, game) in terms.iter().zip(games) {
        if term.players.len() > MOST {
            found.crowded.extend(&term.players);
        }
        for (place, &level) in term.players.iter().enumerate() {
            for &(metric, weight) in &term.metrics {
                for (into, values) in [
                    (&mut found.shapley, &game.shapley),
                    (&mut found.first_in, &game.first_in),
                    (&mut found.last_in, &game.last_in),
                ] {
                    let mut plane = into.index_axis_mut(Axis(0), level);
                    plane
                        .row_mut(metric)
                        .iter_mut()
                        .zip(&values[place])
                        .for_each(|(sum, value)| *sum += weight * value);
                }
            }
        }
    }
    found
}

/// The levels of the measures that `keep` names, 0 for all others.
pub fn without(levels: &[Series], keep: impl Fn(usize) -> bool) -> Vec<Series> {
    let of = |(at, level): (usize, &Series)| if keep(at) { level.clone() } else { vec![0.0; level.len()] };
    levels.iter().enumerate().map(of).collect()
}

/// The value of a term by year, with the levels given.
pub type Valued<'k> = Box<dyn Fn(&[Series]) -> Series + Send + Sync + 'k>;

/// A part of the totals that some measures move.
pub struct ShapleyTerm<'k> {
    /// The levels that move it.
    pub players: Vec<usize>,
    pub metrics: Vec<(usize, f64)>,
    pub value: Valued<'k>,
}

/// The values of one term, by player and year.
struct Game {
    shapley: Vec<Series>,
    first_in: Vec<Series>,
    last_in: Vec<Series>,
}

impl Game {
    fn play(players: &[usize], levers: &KernelInputs, value: &(dyn Fn(&[Series]) -> Series + Send + Sync)) -> Self {
        let n = players.len();
        let of = |keep: &dyn Fn(usize) -> bool| {
            value(&without(&levers.levels, |at| players.iter().position(|player| *player == at).is_some_and(keep)))
        };
        let (nobody, everybody) = (of(&|_| false), of(&|_| true));
        let cut =
            |before: &Series, after: &Series| -> Series { before.iter().zip(after).map(|(a, b)| a - b).collect() };
        let first_in: Vec<Series> = (0..n).map(|place| cut(&nobody, &of(&|other| other == place))).collect();
        let last_in: Vec<Series> = (0..n).map(|place| cut(&of(&|other| other != place), &everybody)).collect();
        if n > MOST {
            let whole = cut(&nobody, &everybody);
            let equal: Series = whole.iter().map(|value| value / n as f64).collect();
            return Self { shapley: vec![equal; n], first_in, last_in };
        }
        let years = nobody.len();
        let values = values(players, levers, value);
        let mut shapley = vec![vec![0.0; years]; n];
        for (set, before) in values.chunks_exact(years).enumerate() {
            let size = set.count_ones() as usize;
            for (place, sum) in shapley.iter_mut().enumerate().filter(|(place, _)| set >> place & 1 == 0) {
                let weight = weight(size, n);
                let after = &values[(set | 1 << place) * years..][..years];
                sum.iter_mut().zip(before.iter().zip(after)).for_each(|(sum, (a, b))| *sum += weight * (a - b));
            }
        }
        Self { shapley, first_in, last_in }
    }
}

/// The value of every set of players, set × year. Sets are visited so that one player comes or goes at a time (a Gray code): no
/// other level is touched.
fn values(players: &[usize], levers: &KernelInputs, value: &(dyn Fn(&[Series]) -> Series + Send + Sync)) -> Vec<f64> {
    let mut levels = without(&levers.levels, |_| false);
    let nobody = value(&levels);
    let years = nobody.len();
    let mut values = vec![0.0; years << players.len()];
    values[..years].copy_from_slice(&nobody);
    let mut set = 0_usize;
    for step in 1..1_usize << players.len() {
        let place = step.trailing_zeros() as usize;
        set ^= 1 << place;
        let player = players[place];
        match set >> place & 1 {
            1 => levels[player].copy_from_slice(&levers.levels[player]),
            _ => levels[player].fill(0.0),
        }
        values[set * years..][..years].copy_from_slice(&value(&levels));
    }
    values
}

/// |S|!(n−|S|−1)!/n!
fn weight(size: usize, n: usize) -> f64 {
    // 1 / (n · C(n−1, size))
    let choose = (0..size).fold(1.0, |product, i| product * (n - 1 - i) as f64 / (i + 1) as f64);
    1.0 / (n as f64 * choose)
}
