//! Decoupling (Tapio 2005): e = (ΔC/C)/(ΔG/G), with the eight states by the signs and the bounds 0.8 and 1.2.

/// The elasticity of a change of C against a change of G; `None` where G does not change or a start is not positive.
pub fn elasticity((c0, ct): (f64, f64), (g0, gt): (f64, f64)) -> Option<f64> {
    (c0 > 0.0 && g0 > 0.0 && gt != g0).then(|| (ct / c0 - 1.0) / (gt / g0 - 1.0))
}

/// The state of decoupling.
pub fn state(c: (f64, f64), g: (f64, f64)) -> Option<&'static str> {
    const COUPLED: std::ops::RangeInclusive<f64> = 0.8..=1.2;
    let e = elasticity(c, g)?;
    let (rises, grows) = (c.1 > c.0, g.1 > g.0);
    Some(match (rises, grows) {
        (false, true) => "strong decoupling",
        (true, false) => "strong negative decoupling",
        (true, true) if COUPLED.contains(&e) => "expansive coupling",
        (true, true) if e < 0.8 => "weak decoupling",
        (true, true) => "expansive negative decoupling",
        (false, false) if COUPLED.contains(&e) => "recessive coupling",
        (false, false) if e < 0.8 => "weak negative decoupling",
        (false, false) => "recessive decoupling",
    })
}
