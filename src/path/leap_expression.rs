//! LEAP's texts as paths: `Interp(2025, 100, 2030, 160)`, `Step(…)`, `Smooth(…)`, `Growth(5%)`, so that existing work can be pasted in.

use super::Interpolation;
use crate::error::Text;
use crate::say;

/// What a text of LEAP says; the values keep their text, so that `84.5 万人` is read as elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub enum LeapExpression {
    Growth(f64),
    Points(Vec<(i32, String)>, Interpolation),
}

/// Reads a function of LEAP; `None` where the text is none.
pub fn read(text: &str) -> Option<Result<LeapExpression, Text>> {
    let text = text.trim();
    let (name, rest) = text.split_once('(')?;
    let name = name.trim();
    let inside = rest.trim_end().strip_suffix(')')?;
    let arguments: Vec<&str> = inside.split([',', '，', ';']).map(str::trim).collect();
    Some(match name.to_lowercase().as_str() {
        "interp" => points(&arguments, Interpolation::Linear),
        "step" => points(&arguments, Interpolation::Step),
        "smooth" => points(&arguments, Interpolation::Smooth),
        "growth" => growth(&arguments),
        _ if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic()) => Err(say!(
            "不支持 LEAP 函数 '{name}'；可用 Interp、Step、Smooth、Growth",
            "LEAP's function '{name}' is not read here; Interp, Step, Smooth and Growth are"
        )),
        _ => return None,
    })
}

fn growth(arguments: &[&str]) -> Result<LeapExpression, Text> {
    let [rate] = arguments else {
        return Err(say!("应为 Growth(5%)", "expected Growth(5%)"));
    };
    let (digits, scale) = rate.strip_suffix('%').map_or((*rate, 1.0), |digits| (digits, 0.01));
    match digits.trim().parse::<f64>() {
        Ok(rate) if scale == 1.0 && rate.abs() > 0.5 => {
            Err(say!("{rate} 没有百分号；请写 Growth({rate}%)", "{rate} has no per cent sign; write Growth({rate}%)"))
        }
        Ok(rate) if rate.is_finite() => Ok(LeapExpression::Growth(rate * scale)),
        _ => Err(say!("'{rate}' 不是增长率", "'{rate}' is no rate")),
    }
}

/// Pairs of year and value; LEAP's optional growth rate at the end is not read.
fn points(arguments: &[&str], interpolation: Interpolation) -> Result<LeapExpression, Text> {
    if arguments.len() < 2 || arguments.len() % 2 == 1 {
        return Err(say!("应为成对的年份与数值", "expected pairs of year and value"));
    }
    let pair = |pair: &[&str]| match pair[0].parse::<i32>() {
        Ok(year) if (1800..=2200).contains(&year) => Ok((year, pair[1].to_string())),
        _ => {
            let text = pair[0];
            Err(say!("'{text}' 不是年份", "'{text}' is no year"))
        }
    };
    Ok(LeapExpression::Points(arguments.chunks(2).map(pair).collect::<Result<_, _>>()?, interpolation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaps_texts_are_read() {
        let points =
            |interpolation| LeapExpression::Points(vec![(2025, "100".into()), (2030, "160".into())], interpolation);
        let cases = [
            ("Interp(2025, 100, 2030, 160)", Some(points(Interpolation::Linear))),
            ("step( 2025,100, 2030,160 )", Some(points(Interpolation::Step))),
            ("Growth(5%)", Some(LeapExpression::Growth(0.05))),
            ("Growth(0.05)", Some(LeapExpression::Growth(0.05))),
            ("5%", None),
            ("38 万元/(t/h)", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).map(|found| found.expect("it reads")), expected, "{text}");
        }
        for text in ["Interp(2025)", "Interp(x, 1)", "Growth(a)", "LinForecast(1)"] {
            assert!(read(text).is_some_and(|found| found.is_err()), "{text}");
        }
    }
}
