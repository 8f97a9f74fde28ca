//! The smallest x at which a margin is not negative.

/// Where it is, or where the margin is greatest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    pub x: f64,
    pub margin: f64,
    /// How often the margin was asked for.
    pub runs: usize,
    /// Whether the margin never fell from one point of the grid to the next.
    pub monotone: bool,
}

/// Points of the grid beside 0.
const GRID: usize = 64;
/// How wide the bracket may stay, relative to the range.
const NARROW: f64 = 1e-13;
/// The golden section's share of a bracket.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// The smallest x in 0..=most with margin(x) ≥ 0, by a grid and then bisection (Press et al., Numerical Recipes, 9.1): it needs no slope,
/// and finds a step as well as a root. Where there is none, the x of the greatest margin, by golden section around the grid's best (10.2).
pub fn smallest(mut margin: impl FnMut(f64) -> f64, most: f64) -> Crossing {
    let mut runs = 0;
    let mut ask = |x: f64| {
        runs += 1;
        margin(x)
    };
    let at = |place: usize| most * place as f64 / GRID as f64;
    let values: Vec<f64> = (0..=GRID).map(|place| ask(at(place))).collect();
    let monotone = values.windows(2).all(|pair| pair[1] >= pair[0] - 1e-12 * pair[0].abs().max(1.0));
    let first = values.iter().position(|value| *value >= 0.0);
    let best = (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b]).then(b.cmp(&a))).unwrap_or(0);
    let bracket = match first {
        Some(0) => return Crossing { x: 0.0, margin: values[0], runs, monotone },
        Some(place) => (at(place - 1), at(place)),
        None => {
            let (x, top) = greatest(&mut ask, (at(best.saturating_sub(1)), at((best + 1).min(GRID))));
            if top < 0.0 {
                let (x, margin) = if top > values[best] { (x, top) } else { (at(best), values[best]) };
                return Crossing { x, margin, runs, monotone };
            }
            (at(best.saturating_sub(1)), x)
        }
    };
    let (mut low, mut high) = bracket;
    while high - low > NARROW * most {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if ask(middle) >= 0.0 { high = middle } else { low = middle }
    }
    let margin = ask(high);
    Crossing { x: high, margin, runs, monotone }
}

fn greatest(ask: &mut impl FnMut(f64) -> f64, (mut low, mut high): (f64, f64)) -> (f64, f64) {
    const STEPS: usize = 40;
    let inner = |low: f64, high: f64| (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut a, mut b) = inner(low, high);
    let (mut of_a, mut of_b) = (ask(a), ask(b));
    for _ in 0..STEPS {
        if of_a >= of_b {
            (high, b, of_b) = (b, a, of_a);
            a = inner(low, high).0;
            of_a = ask(a);
        } else {
            (low, a, of_a) = (a, b, of_b);
            b = inner(low, high).1;
            of_b = ask(b);
        }
    }
    if of_a >= of_b { (a, of_a) } else { (b, of_b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROWTH: f64 = 1.03;

    /// Reference notes on scenarios, section 4.8: 100 in 2025, growing by 3 %, fully cut by 2030, at most 105.
    #[test]
    fn a_cap_in_one_year() {
        let found = smallest(|x| 105.0 - 100.0 * GROWTH.powi(5) * (1.0 - x), 1.0);
        assert!((found.x - 0.0942607764).abs() < 5e-11, "{found:?}");
        assert!(found.margin >= 0.0 && found.margin < 1e-9 && found.monotone);
    }

    /// The last year of the maximum to 2035 with a ramp of x·t/10.
    fn peak(x: f64) -> i32 {
        let value = |t: i32| GROWTH.powi(t) * (1.0 - x * f64::from(t) / 10.0);
        2025 + (0..=10).max_by(|a, b| value(*a).total_cmp(&value(*b))).expect("years")
    }

    /// The same section: the peak year is a step function of x.
    #[test]
    fn a_peak_year() {
        assert_eq!([0.22, 0.24, 0.25, 0.26].map(peak), [2035, 2033, 2031, 2030]);
        let found = smallest(|x| f64::from(2028 - peak(x)), 1.0);
        assert_eq!((found.x * 1e4).ceil() / 1e4, 0.2679);
        assert_eq!((peak(found.x), peak(found.x - 1e-9)), (2028, 2029));
    }

    #[test]
    fn what_is_met_at_once_and_what_never() {
        assert_eq!(smallest(|x| x, 1.0).x, 0.0);
        let never = smallest(|x| x - 2.0, 1.0);
        assert_eq!((never.x, never.margin), (1.0, -1.0));
        let turning = smallest(|x| 0.01 - (x - 0.405) * (x - 0.405) * 1000.0, 1.0);
        assert!((turning.x - (0.405 - 0.00001_f64.sqrt())).abs() < 1e-9 && !turning.monotone, "{turning:?}");
    }
}
