//! The box of inputs in which something fails: patient peeling (PRIM, Friedman and Fisher 1999), at most three inputs.

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

/// A side of the box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    pub input: usize,
    /// Above this, or below it.
    pub above: bool,
    pub value: f64,
}

/// Sides, and how it stands inside them.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub sides: Vec<Side>,
    /// Failures among the draws inside.
    pub density: f64,
    /// Failures inside among all failures.
    pub coverage: f64,
}

/// Peels until at least 80 % of the draws inside fail, if that can be had. `None` without a failure or without a draw that does
/// not fail, and where no box is denser than the whole.
pub fn peel(inputs: &[Vec<f64>], failed: &[bool]) -> Option<Found> {
    let failures = failed.iter().filter(|failed| **failed).count();
    if failures == 0 || failures == failed.len() {
        return None;
    }
    let mut inside: Vec<usize> = (0..failed.len()).collect();
    let mut sides: Vec<Side> = Vec::new();
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
                .map(move |(value, above)| Side { input, above, value })
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
    let hits = inside.iter().filter(|trial| failed[**trial]).count();
    sides.sort_by_key(|side| (side.input, side.above));
    let (density, coverage) = (density(&inside, failed), hits as f64 / failures as f64);
    (!sides.is_empty()).then_some(Found { sides, density, coverage })
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

fn kept(values: &[f64], inside: &[usize], side: Side) -> Vec<usize> {
    let holds = |value: f64| if side.above { value >= side.value } else { value <= side.value };
    inside.iter().copied().filter(|trial| holds(values[*trial])).collect()
}

#[cfg(test)]
mod tests {
    use super::super::stream::Stream;
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
}
