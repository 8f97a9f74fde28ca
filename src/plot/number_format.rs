//! Numbers on paper: ticks at round values, thousands separators, a true minus.

/// Round values along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ticks {
    pub low: f64,
    pub high: f64,
    pub step: f64,
}

impl Ticks {
    /// Covers `low` to `high` in about `wanted` steps of 1, 2, 2.5 or 5 times a power of ten. An
    /// end lies on a tick when one is near; else just beyond the data, so that no height is wasted.
    pub fn covering(low: f64, high: f64, wanted: f64) -> Self {
        let reach = high - low;
        if reach <= f64::MIN_POSITIVE * 1e20 {
            return Self { low: low.floor(), high: low.floor() + 1.0, step: 0.5 };
        }
        let raw = reach / wanted;
        let power = 10f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0].iter().map(|round| round * power).find(|step| *step >= raw * 0.999);
        let step = step.unwrap_or(10.0 * power);
        let end = |value: f64, outer: f64| {
            if (outer - value).abs() <= 0.4 * step { outer } else { value }
        };
        let (outer_low, outer_high) = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
        Self { low: end(low, outer_low), high: end(high, outer_high), step }
    }

    pub fn values(&self) -> Vec<f64> {
        let first = (self.low / self.step - 1e-6).ceil();
        let steps = (self.high / self.step + 1e-6).floor() - first;
        (0..=steps.clamp(0.0, 100.0) as i64).map(|place| (first + place as f64) * self.step).collect()
    }

    pub fn labels(&self) -> Vec<String> {
        let largest = self.low.abs().max(self.high.abs());
        let decimals = decimals_of_step(self.step);
        self.values()
            .iter()
            .map(|value| {
                let is_zero = value.abs() < self.step * 1e-6;
                match is_plain(largest, self.step) {
                    _ if is_zero => "0".into(),
                    true => fixed(*value, decimals),
                    false => power_of_ten(*value),
                }
            })
            .collect()
    }
}

/// Ordinary notation serves from ten-thousandths to hundreds of millions.
fn is_plain(largest: f64, smallest: f64) -> bool {
    largest < 1e9 && smallest >= 1e-4
}

fn decimals_of_step(step: f64) -> usize {
    (0..=7)
        .find(|decimals| {
            let scaled = step * 10f64.powi(*decimals);
            (scaled - scaled.round()).abs() < 1e-6 * scaled
        })
        .unwrap_or(7) as usize
}

/// Decimals at which the largest number of a chart shows at least three significant digits.
pub fn decimals_for(largest: f64) -> usize {
    match largest.abs() {
        size if size >= 100.0 || size == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size => (2.0 - size.log10().floor()).clamp(2.0, 9.0) as usize,
    }
}

/// A value beside others of its chart: the same decimals for all, more for one that they would
/// round to zero.
pub fn amount(value: f64, decimals: usize) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".into();
    }
    if !(1e-4..1e9).contains(&size) {
        return power_of_ten(value);
    }
    let shown = if size * 10f64.powi(decimals as i32) < 0.5 { decimals_for(size).saturating_sub(1) } else { decimals };
    fixed(value, shown)
}

/// A value that stands alone: three significant digits or all digits before the point.
pub fn alone(value: f64) -> String {
    amount(value, decimals_for(value))
}

/// A value beside a larger one of its chart, with the decimals that the larger one has.
pub fn among(value: f64, largest: f64) -> String {
    amount(value, decimals_for(largest))
}

/// A share of one as a percentage; what would round to nothing or to all of it says so.
pub fn percent(share: f64) -> String {
    const ROUNDING: f64 = 1e-9;
    match share {
        share if share > 0.0 && share < 0.005 => "<1%".into(),
        share if (0.995..1.0 - ROUNDING).contains(&share) => ">99%".into(),
        share => format!("{:.0}%", share * 100.0),
    }
}

fn fixed(value: f64, decimals: usize) -> String {
    let digits = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), ""), |(whole, fraction)| (whole, fraction));
    let mut text = String::new();
    if value < 0.0 && digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        text.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// 1.2×10⁹ and 3×10⁻⁸, for what ordinary notation would make unreadable.
fn power_of_ten(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let exponential = format!("{:.2e}", value.abs());
    let (digits, power) = exponential.split_once('e').unwrap_or((&exponential, "0"));
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    let raised = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        other => other.to_digit(10).and_then(|digit| char::from_u32(0x2070 + digit)).unwrap_or(other),
    };
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{digits}×10{}", power.chars().map(raised).collect::<String>())
}
