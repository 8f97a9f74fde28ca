//! Logarithmic mean Divisia index: ΔV_x = Σ_i L(V_i^T, V_i^0)·ln(x_i^T/x_i^0), D_x = exp(ΔV_x/L(V^T, V^0)) (LMDI-I, Ang 2005).

/// A part of a sum, as the product of its factors, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct SumPart {
    pub before: f64,
    pub after: f64,
    pub factors: Vec<(f64, f64)>,
}

/// L(a, b) = (a−b)/ln(a/b), L(a, a) = a, L(a, 0) = 0; of two negative numbers the negative of that of their amounts.
pub fn mean(a: f64, b: f64) -> f64 {
    if a == b {
        return a;
    }
    if a * b <= 0.0 {
        return 0.0;
    }
    // ln(1 + d) keeps its digits where a and b lie close together, ln(a/b) does not.
    (a - b) / ((a - b) / b).ln_1p()
}

/// What each factor adds to a part; `None` where the logarithms do not exist: a change of sign, a factor that is not finite.
///
/// Zeros by the limits of Ang, Zhang and Choi (1998, table 2): a part that appears is the doing of the factor that was zero, one that goes
/// of the factor that became zero; of several such factors each does an equal share.
pub fn additive(part: &SumPart) -> Option<Vec<f64>> {
    let SumPart { before, after, factors } = part;
    let nothing = vec![0.0; factors.len()];
    if *before == 0.0 && *after == 0.0 {
        return Some(nothing);
    }
    if *before == 0.0 || *after == 0.0 {
        let zero =
            |(x0, xt): &(f64, f64)| if *before == 0.0 { *x0 == 0.0 && *xt != 0.0 } else { *xt == 0.0 && *x0 != 0.0 };
        let doing = factors.iter().filter(|factor| zero(factor)).count();
        // Nothing here is zero in one year alone: what appears is in no factor (Ang, Zhang and Choi: 0).
        let each = if doing == 0 { 0.0 } else { (after - before) / doing as f64 };
        return Some(factors.iter().map(|factor| if zero(factor) { each } else { 0.0 }).collect());
    }
    let weight = mean(*after, *before);
    let of = |(x0, xt): &(f64, f64)| if x0 == xt { 0.0 } else { weight * (xt / x0).ln() };
    let effects: Vec<f64> = factors.iter().map(of).collect();
    (before * after > 0.0 && effects.iter().all(|effect| effect.is_finite())).then_some(effects)
}

/// ln D of an additive effect, for the sum of all parts before and after; `None` where the sum is not positive.
pub fn ln_multiplicative(effect: f64, before: f64, after: f64) -> Option<f64> {
    (before > 0.0 && after > 0.0).then(|| effect / mean(after, before))
}

/// D_x by LMDI-II: weights L(s_i^T, s_i^0)/Σ L(s_j^T, s_j^0) of the shares s_i = V_i/V (Ang and Liu 2001).
pub fn second(parts: &[SumPart]) -> Vec<f64> {
    let (before, after) = sums(parts);
    let weights: Vec<f64> = parts.iter().map(|part| mean(part.after / after, part.before / before)).collect();
    let all: f64 = weights.iter().sum();
    let factors = parts.first().map_or(0, |part| part.factors.len());
    let of = |factor: usize| -> f64 {
        let each = parts.iter().zip(&weights).map(|(part, weight)| {
            let (x0, xt) = part.factors[factor];
            weight / all * (xt / x0).ln()
        });
        each.sum::<f64>().exp()
    };
    (0..factors).map(of).collect()
}

/// The sum of all parts before and after.
pub fn sums(parts: &[SumPart]) -> (f64, f64) {
    (parts.iter().map(|part| part.before).sum(), parts.iter().map(|part| part.after).sum())
}
