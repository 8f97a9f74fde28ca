//! The box of inputs in which something fails: patient peeling (PRIM, Friedman and Fisher 1999), at most three inputs. Each bound has
//! its quasi-p (Bryant and Lempert 2010): how probable it is that so many or more of the draws inside fail where the bound tells nothing,
//! so that each fails with the density of the box without it. Bounds that chance may have made are left out.

use statrs::function::beta::beta_reg;

/// Draws that are looked at.
pub const MOST: usize = 16_384;
/// Inputs that a box may name.
const NAMED: usize = 3;
/// What one step takes off.
const STEP: f64 = 0.05;
/// The share of failures in the box that is enough.
const DENSE: f64 = 0.8;
/// The least share of draws that a box may hold.
const LEAST: f64 = 0.02;
/// So many draws have to fail, and so many not to, before a box says anything.
pub const ENOUGH: usize = 50;
/// The greatest quasi-p of a bound.
pub const CHANCE: f64 = 0.05;

/// A side of the box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoxSide {
    pub input: usize,
    /// Above this, or below it.
    pub above: bool,
    pub value: f64,
    /// How probable it is that a bound without meaning does as well.
    pub quasi_p: f64,
}

/// Sides, and how it stands inside them.
#[derive(Debug, Clone, PartialEq)]
pub struct PrimBox {
    pub sides: Vec<BoxSide>,
    /// Failures among the draws inside.
    pub density: f64,
    /// Failures inside among all failures.
    pub coverage: f64,
}

/// Peels until at least 80 % of the draws inside fail, if that can be had. `None` where too few fail or do not, and where no box is
/// denser than the whole by more than chance.
pub fn peel(inputs: &[Vec<f64>], failed: &[bool]) -> Option<PrimBox> {
    let failures = failed.iter().filter(|failed| **failed).count();
    if failures < ENOUGH || failed.len() - failures < ENOUGH {
        return None;
    }
    let mut sides = peeled(inputs, failed);
    // Taking one bound away changes the others' quasi-p: the weakest first.
    let weakest = loop {
        for at in 0..sides.len() {
            sides[at].quasi_p = quasi_p((inputs, failed), &sides, at);
        }
        let weakest = (0..sides.len()).max_by(|a, b| sides[*a].quasi_p.total_cmp(&sides[*b].quasi_p));
        match weakest.filter(|at| sides[*at].quasi_p > CHANCE) {
            Some(at) => sides.remove(at),
            None => break weakest,
        };
    };
    weakest?;
    sides.sort_by_key(|side| (side.input, !side.above));
    let (inside, hits) = held((inputs, failed), &sides);
    Some(PrimBox { sides, density: hits as f64 / inside.max(1) as f64, coverage: hits as f64 / failures as f64 })
}

fn peeled(inputs: &[Vec<f64>], failed: &[bool]) -> Vec<BoxSide> {
    let mut inside: Vec<usize> = (0..failed.len()).collect();
    let mut sides: Vec<BoxSide> = Vec::new();
    let least = (failed.len() as f64 * LEAST).ceil() as usize;
    while density(&inside, failed) < DENSE {
        let named = |input: usize| sides.iter().any(|side| side.input == input);
        let mut inputs_named: Vec<usize> = sides.iter().map(|side| side.input).collect();
        inputs_named.sort_unstable();
        inputs_named.dedup();
        let free = inputs_named.len() < NAMED;
        let open = (0..inputs.len()).filter(|input| free || named(*input));
        let steps = open.flat_map(|input| {
            [step(&inputs[input], &inside, true), step(&inputs[input], &inside, false)]
                .into_iter()
                .flatten()
                .map(move |(value, above)| BoxSide { input, above, value, quasi_p: 1.0 })
        });
        let best = steps
            .map(|side| (kept(&inputs[side.input], &inside, side), side))
            .filter(|(kept, _)| kept.len() >= least && kept.len() < inside.len())
            .map(|(kept, side)| (density(&kept, failed), kept, side))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.2.input.cmp(&a.2.input)));
        let Some((dense, kept, side)) = best else { break };
        if dense <= density(&inside, failed) {
            break;
        }
        inside = kept;
        sides.retain(|other| (other.input, other.above) != (side.input, side.above));
        sides.push(side);
    }
    sides
}

/// The draws inside some sides, and those of them that fail.
fn held((inputs, failed): (&[Vec<f64>], &[bool]), sides: &[BoxSide]) -> (usize, usize) {
    let inside = |trial: &usize| sides.iter().all(|side| side.holds(inputs[side.input][*trial]));
    (0..failed.len()).filter(inside).fold((0, 0), |(all, hits), trial| (all + 1, hits + usize::from(failed[trial])))
}

/// One-sided binomial: the box against the same box without one of its sides.
fn quasi_p(draws: (&[Vec<f64>], &[bool]), sides: &[BoxSide], at: usize) -> f64 {
    let (inside, hits) = held(draws, sides);
    let others: Vec<BoxSide> =
        sides.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, side)| *side).collect();
    let (without, hits_without) = held(draws, &others);
    at_least(hits, inside, hits_without as f64 / without.max(1) as f64)
}

/// The probability of `hits` or more of `count` where each has the probability `p`.
fn at_least(hits: usize, count: usize, p: f64) -> f64 {
    if hits == 0 { 1.0 } else { beta_reg(hits as f64, (count - hits + 1) as f64, p.clamp(0.0, 1.0)) }
}

impl BoxSide {
    fn holds(&self, value: f64) -> bool {
        if self.above { value >= self.value } else { value <= self.value }
    }
}

fn density(inside: &[usize], failed: &[bool]) -> f64 {
    inside.iter().filter(|trial| failed[**trial]).count() as f64 / inside.len().max(1) as f64
}

/// The bound that takes the lowest (`above`) or highest twentieth off.
fn step(values: &[f64], inside: &[usize], above: bool) -> Option<(f64, bool)> {
    let mut sorted: Vec<f64> = inside.iter().map(|trial| values[*trial]).collect();
    let off = ((sorted.len() as f64 * STEP).ceil() as usize).max(1);
    if sorted.len() <= off {
        return None;
    }
    let rank = if above { off } else { sorted.len() - 1 - off };
    let (_, value, _) = sorted.select_nth_unstable_by(rank, f64::total_cmp);
    Some((*value, above))
}

fn kept(values: &[f64], inside: &[usize], side: BoxSide) -> Vec<usize> {
    inside.iter().copied().filter(|trial| side.holds(values[*trial])).collect()
}

#[cfg(test)]
mod tests {
    use super::super::rng::Stream;
    use super::*;

    #[test]
    fn a_known_box_is_found() {
        let streams = ["a", "b", "c", "d"].map(|name| Stream::new(5, name));
        let inputs: Vec<Vec<f64>> = streams.iter().map(|s| (0..8000).map(|t| s.uniform(t)).collect()).collect();
        let failed: Vec<bool> = (0..8000).map(|t| inputs[1][t] > 0.6 && inputs[3][t] < 0.5).collect();
        let found = peel(&inputs, &failed).expect("a box");
        let named: Vec<(usize, bool)> = found.sides.iter().map(|side| (side.input, side.above)).collect();
        assert_eq!(named, [(1, true), (3, false)], "{found:?}");
        assert!(found.density >= 0.8 && found.coverage > 0.8, "{found:?}");
        assert!((found.sides[0].value - 0.6).abs() < 0.1 && (found.sides[1].value - 0.5).abs() < 0.1, "{found:?}");
    }

    #[test]
    fn nothing_is_found_where_all_fail_or_none_does() {
        let inputs = vec![vec![0.1, 0.2, 0.3]];
        assert_eq!(peel(&inputs, &[false; 3]), None);
        assert_eq!(peel(&inputs, &[true; 3]), None);
    }

    /// Failures that no input has to do with: whatever peeling finds is chance, and few of them are not looked at.
    #[test]
    fn chance_makes_no_box() {
        let streams: Vec<Stream> = (0..9).map(|input| Stream::new(11, &format!("noise {input}"))).collect();
        let columns: Vec<Vec<f64>> = streams.iter().map(|s| (0..500).map(|t| s.uniform(t)).collect()).collect();
        let (inputs, noise) = (&columns[..8], &columns[8]);
        let few: Vec<bool> = noise.iter().map(|value| *value < 0.008).collect();
        assert_eq!(peel(inputs, &few), None);
        let by_one: Vec<bool> = columns[0].iter().zip(noise).map(|(a, b)| *a > 0.7 && *b < 0.9).collect();
        let found = peel(inputs, &by_one).expect("a box");
        assert!(found.sides.iter().all(|side| side.quasi_p <= CHANCE), "{found:?}");
        assert_eq!((found.sides[0].input, found.sides[0].above), (0, true), "{found:?}");
    }

    /// Values of scipy 1.17, `binomtest(k, n, p, alternative="greater")`.
    #[test]
    fn tails_of_the_binomial() {
        let known = [
            (18, 25, 0.5, 0.021_642_625_331_878_662),
            (80, 100, 0.75, 0.148_831_050_442_991_28),
            (900, 1000, 0.88, 0.026_640_533_161_894_75),
            (8000, 10_000, 0.79, 0.007_045_063_359_752_599),
            (50, 140, 0.3, 0.084_813_126_913_163_13),
            (3, 3, 0.2, 0.008),
        ];
        for (hits, count, p, expected) in known {
            let found = at_least(hits, count, p);
            assert!((found - expected).abs() <= 1e-7 * expected, "{hits} of {count} at {p}: {found}, not {expected}");
        }
    }
}
