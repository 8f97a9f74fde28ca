//! Numbers and years as people write them, and what to do about those that cannot be read.

use crate::error::{Diagnostic, Place, Text};
use crate::say;

/// Full-width digits and signs as plain ones.
fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' | '．' | '＋' | '－' | '，' | '％' | 'ｅ' | 'Ｅ' => {
            char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
        }
        '−' => '-',
        _ => c,
    };
    text.trim().chars().map(narrow).collect()
}

/// A finite number: with a point for decimals, in full-width digits too, and with commas only where they part thousands.
pub fn number_of(text: &str) -> Option<f64> {
    let number = text.parse::<f64>().ok().or_else(|| {
        let text = plain(text);
        let whole = if text.contains(',') { ungrouped(&text)? } else { text };
        whole.parse().ok()
    });
    number.filter(|value: &f64| value.is_finite())
}

/// `58,300.5` without its commas; `None` where they do not part groups of three digits.
fn ungrouped(text: &str) -> Option<String> {
    let digits = text.trim_start_matches(['+', '-']);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let sound = (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && all_digits(first)
        && groups.all(|group| group.len() == 3 && all_digits(group))
        && all_digits(part)
        && text.len() - digits.len() <= 1;
    sound.then(|| text.replace(',', ""))
}

/// A year from 1800 to 2200: `2020`, `2020年`, `2020年度`, `２０２０`.
pub fn year_of(text: &str) -> Option<i32> {
    let text = plain(text);
    let digits = text.strip_suffix("年度").or_else(|| text.strip_suffix('年')).unwrap_or(&text).trim_end();
    digits.parse::<i32>().ok().filter(|year| (1800..=2200).contains(year))
}

/// The fault of a cell that should hold a number.
pub fn not_a_number(place: Place, text: &str) -> Diagnostic {
    let short = super::shorten(text);
    let fault = Diagnostic::new(place, say!("'{short}' 不是数字", "'{short}' is not a number"));
    match remedy(&plain(text)) {
        Some(hint) => fault.hint(hint),
        None => fault,
    }
}

/// What to write in place of a text that is no number, where that is clear.
fn remedy(text: &str) -> Option<Text> {
    if text.starts_with('#') {
        return Some(say!("公式出错：改正公式", "a formula failed: mend it"));
    }
    if matches!(text, "…" | "……" | "..." | "⋯") {
        return Some(say!(
            "统计表中的 … 多指不足最小单位：查得实数，或写 0；没有数据写 NE",
            "in statistical tables … mostly means less than half of the last digit: find the figure or write 0; write NE where there is none"
        ));
    }
    let bare = text.trim_start_matches(['±', '~', '≈', '<', '>', '约', '≤', '≥']).trim_start();
    let end = bare.find(|c: char| !(c.is_ascii_digit() || ".,+-".contains(c))).unwrap_or(bare.len());
    let (digits, rest) = (bare[..end].trim(), bare[end..].trim());
    let Some(number) = number_of(digits).map(|_| digits) else { return comma(text) };
    match rest {
        "" if bare.len() < text.len() => Some(say!("只写 {number}", "write {number} alone")),
        "%" => Some(say!(
            "此格只写 {number}，% 写入单位列（若此列的名称已含 %，则不用再写）",
            "write {number} here and % into the column of the unit (nowhere, if the column is in per cent already)"
        )),
        unit if !unit.trim_start_matches(['e', 'E']).starts_with(|c: char| c.is_ascii_digit())
            && unit.starts_with(char::is_alphabetic)
            && unit.chars().count() <= 20
            && !unit.contains(' ') =>
        {
            Some(say!(
                "单位写入单位列：此格写 {number}，单位写 {unit}",
                "the unit goes into its column: write {number} here and {unit} there"
            ))
        }
        _ => None,
    }
}

/// A comma that may be a decimal comma or part thousands.
fn comma(text: &str) -> Option<Text> {
    let (whole, part) = text.split_once(',')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole == "0" && digits(part) {
        return Some(say!("小数点写作 .：0.{part}", "write the decimals with a point: 0.{part}"));
    }
    (digits(whole.trim_start_matches('-')) && digits(part)).then(|| {
        say!(
            "逗号不明：若是小数点，写 {whole}.{part}；若是分隔符，写 {whole}{part}",
            "the comma may mean two things: a decimal {whole}.{part} or the whole number {whole}{part}; write the one that is meant"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unambiguous_is_read() {
        let numbers = [
            ("58,300", 58300.0),
            ("1,234,567.5", 1_234_567.5),
            ("-1,200", -1200.0),
            ("２７８，５５８", 278_558.0),
            ("１．１０", 1.1),
            ("1e3", 1000.0),
        ];
        for (text, value) in numbers {
            assert_eq!(number_of(text), Some(value), "{text}");
        }
        for text in
            ["581,7", "0,500", "1,23,456", "1234,567", "12%", "12.5万吨", "", "…", "NaN", "inf", "1,200,", "+-1,200"]
        {
            assert_eq!(number_of(text), None, "{text}");
        }
        for text in ["2023", "2023年", "2023年度", "２０２３", "２０２３年"] {
            assert_eq!(year_of(text), Some(2023), "{text}");
        }
        for text in ["23", "2023.5", "2023-24", "20230", "年"] {
            assert_eq!(year_of(text), None, "{text}");
        }
    }
}
