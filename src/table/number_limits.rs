//! How large a number may be that is computed with.

use super::number_text::number_of;
use super::shorten;
use crate::error::Text;
use crate::say;

/// No quantity of a district is larger; products, ratios and squares of a few such numbers are still finite.
pub const LARGEST: f64 = 1e60;
/// None but 0 is smaller.
const SMALLEST: f64 = 1e-60;

/// A number within the bounds; without a text where it is no number at all.
///
/// # Errors
/// What is wrong with its magnitude.
pub fn readable(text: &str) -> std::result::Result<f64, Option<Text>> {
    let is_digit = |c: char| ('1'..='9').contains(&c) || ('１'..='９').contains(&c);
    let Some(value) = number_of(text) else {
        let is_infinite = text.contains(is_digit) && text.parse::<f64>().is_ok_and(f64::is_infinite);
        return Err(is_infinite.then(|| beyond(text)));
    };
    let is_zero = !text.split(['e', 'E']).next().unwrap_or(text).contains(is_digit);
    match value.abs() {
        size if size > LARGEST => Err(Some(beyond(text))),
        size if size < SMALLEST && !is_zero => Err(Some(beneath(text))),
        _ => Ok(value),
    }
}

fn beyond(text: &str) -> Text {
    let short = shorten(text);
    say!(
        "'{short}' 超出可计算的范围（绝对值不超过 1e60）",
        "'{short}' is beyond what is computed with: at most 1e60 either way"
    )
}

fn beneath(text: &str) -> Text {
    let short = shorten(text);
    say!(
        "'{short}' 太小，会被当作 0（绝对值不小于 1e-60，否则写 0）",
        "'{short}' is too small to be told from 0: at least 1e-60 either way, or 0"
    )
}
