//! Reading a unit from text: `万tce`, `10^4 m3`, `kg/(head·a)`, `tCO2/MWh`, `万元@2020`.

use super::{Dimension, Unit, Units};
use crate::error::Text;
use crate::say;

/// Chinese multipliers before a unit, the longer first.
const MULTIPLIERS: [(&str, f64); 7] =
    [("万亿", 1e12), ("百万", 1e6), ("千万", 1e7), ("亿", 1e8), ("万", 1e4), ("千", 1e3), ("百", 1e2)];

/// Words that say of what a mass is, and not how much: `tC`, `kg N2O-N`, `t dm`.
const SUBSTANCES: [&str; 42] = [
    "C", "CO2", "CO2e", "CO2eq", "CO2-eq", "CO", "CH4", "CH4-C", "N", "N2O", "N2O-N", "NH3", "NH3-N", "NH3N", "NO2",
    "NOx", "S", "SO2", "SOx", "P", "K", "COD", "BOD", "BOD5", "TN", "TP", "VOC", "VOCs", "NMVOC", "TSP", "PM10",
    "PM2.5", "PM", "SF6", "HFC", "PFC", "CF4", "dm", "d.m.", "DM", "VS", "C2F6",
];

/// A bound on what is read as a unit, so that garbage in a cell cannot cost time.
const LONGEST: usize = 80;

/// The greatest power of a unit, and of a number such as 10^4: no quantity has a higher one.
const HIGHEST_POWER: i8 = 9;
const HIGHEST_POWER_OF_A_NUMBER: i8 = 30;

/// Words that stand for different sizes in different countries: they are never guessed.
const AMBIGUOUS: [&str; 2] = ["ton", "tons"];

/// Full-width forms, raised digits and the many multiplication signs, each as one plain spelling.
pub(super) fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut raised = false;
    for c in text.trim().chars() {
        if let Some(plain) = raised_digit(c) {
            if !raised {
                out.push('^');
            }
            raised = true;
            out.push(plain);
            continue;
        }
        raised = false;
        match c {
            '\u{ff01}'..='\u{ff5e}' => out.extend(char::from_u32(c as u32 - 0xfee0)),
            '×' => out.push('*'),
            '⋅' | '•' | '∙' => out.push('·'),
            '÷' => out.push('/'),
            '\u{3000}' | '\u{a0}' => out.push(' '),
            '₀'..='₉' => out.extend(char::from_digit(c as u32 - 0x2080, 10)),
            '㎡' => out.push_str("m2"),
            '㎥' => out.push_str("m3"),
            '㎏' => out.push_str("kg"),
            '㎞' => out.push_str("km"),
            '￥' => out.push('¥'),
            'µ' => out.push('μ'),
            '–' | '−' => out.push('-'),
            _ => out.push(c),
        }
    }
    out
}

fn raised_digit(c: char) -> Option<char> {
    match c {
        '⁻' => Some('-'),
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        '⁰' | '⁴'..='⁹' => char::from_digit(c as u32 - 0x2070, 10),
        _ => None,
    }
}

pub(super) fn parse(units: &Units, original: &str) -> Result<Unit, Text> {
    let text = normalise(original);
    if text.chars().count() > LONGEST {
        return Err(say!("单位过长（超过 {LONGEST} 个字符）", "the unit is longer than {LONGEST} characters"));
    }
    if text.is_empty() {
        return Err(say!("缺少单位", "the unit is missing"));
    }
    if let Some(unit) = units.get(&text) {
        return Ok(unit);
    }
    let mut reader = Reader { units, text: &text, rest: &text, depth: 0 };
    let unit = reader.product()?;
    if !reader.rest.is_empty() {
        return Err(reader.stuck());
    }
    if unit.factor.is_normal() {
        return Ok(unit);
    }
    Err(say!("单位 '{text}' 过大或过小，无法计算", "the unit '{text}' is too large or too small to compute with"))
}

struct Reader<'a> {
    units: &'a Units,
    text: &'a str,
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn stuck(&self) -> Text {
        let (text, rest) = (self.text, self.rest);
        say!("无法读懂单位 '{text}'，从 '{rest}' 起", "the unit '{text}' cannot be read from '{rest}' on")
    }

    fn too_high(&self) -> Text {
        let text = self.text;
        say!(
            "单位 '{text}' 的指数过大：应在 -{HIGHEST_POWER} 到 {HIGHEST_POWER} 之间",
            "a power in the unit '{text}' is too high: it lies between -{HIGHEST_POWER} and {HIGHEST_POWER}"
        )
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Terms from left to right: `kg/ha/d` is per hectare and per day.
    fn product(&mut self) -> Result<Unit, Text> {
        let mut unit = self.term()?;
        loop {
            self.skip();
            let sign = match self.rest.chars().next() {
                None | Some(')') => return Ok(unit),
                Some(sign @ ('*' | '/')) => {
                    self.rest = &self.rest[1..];
                    sign
                }
                Some(_) => '*',
            };
            let next = self.term()?;
            unit = join(unit, next, sign == '/').ok_or_else(|| self.stuck())?;
        }
    }

    /// What a dot joins stays together, also under a fraction bar: `g/人·天` is per head and day.
    fn term(&mut self) -> Result<Unit, Text> {
        let mut unit = self.factor()?;
        while let Some(rest) = self.rest.strip_prefix('·') {
            self.rest = rest;
            let next = self.factor()?;
            unit = join(unit, next, false).ok_or_else(|| self.stuck())?;
        }
        Ok(unit)
    }

    /// A name or a parenthesis with its power; a number and the unit that it counts: `t/10^4 m3` is per 10⁴ m³.
    fn factor(&mut self) -> Result<Unit, Text> {
        self.skip();
        let counts = self.rest.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let (multiple, unit) = match self.rest.strip_prefix('(') {
            _ if counts => (1.0, Unit { factor: self.number()?, dimension: Dimension::PURE, years: 0 }),
            Some(inner) => (1.0, self.parenthesis(inner)?),
            None => self.word()?,
        };
        let unit = match self.exponent()? {
            Some(exponent) => raise(unit, exponent).ok_or_else(|| self.too_high())?,
            None => unit,
        };
        // 万m³ is 10⁴ m³ and not (10⁴ m)³: a multiplier stands outside the power.
        let unit = Unit { factor: multiple * unit.factor, ..unit };
        self.skip();
        if counts && !self.rest.is_empty() && !self.rest.starts_with(['*', '/', ')', '·']) {
            let counted = self.factor()?;
            return join(unit, counted, false).ok_or_else(|| self.stuck());
        }
        Ok(unit)
    }

    fn parenthesis(&mut self, inner: &'a str) -> Result<Unit, Text> {
        self.depth += 1;
        if self.depth > 8 {
            return Err(self.stuck());
        }
        self.rest = inner;
        let unit = self.product()?;
        let text = self.text;
        let open = || say!("单位 '{text}' 的括号没有闭合", "a parenthesis of the unit '{text}' is not closed");
        self.rest = self.rest.strip_prefix(')').ok_or_else(open)?;
        self.depth -= 1;
        Ok(unit)
    }

    fn word(&mut self) -> Result<(f64, Unit), Text> {
        let ends = |c: char| "*/()^· ".contains(c);
        let whole = |name: &&String| {
            self.rest.strip_prefix(name.as_str()).is_some_and(|after| after.is_empty() || after.starts_with(ends))
        };
        let spaced = self.units.spaced.iter().find(whole).map(String::len);
        let end = spaced.or_else(|| self.rest.find(ends)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err(self.stuck());
        }
        self.rest = rest;
        self.named(name)
    }

    /// Digits with a point, and an exponent as in `1e4`.
    fn number(&mut self) -> Result<f64, Text> {
        let mut end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
        if let Some(power) = self.rest[end..].strip_prefix(['e', 'E']) {
            let sign = usize::from(power.starts_with(['+', '-']));
            let digits = power[sign..].bytes().take_while(u8::is_ascii_digit).count();
            end += if digits > 0 { 1 + sign + digits } else { 0 };
        }
        let (digits, rest) = self.rest.split_at(end);
        let value: f64 = digits.parse().map_err(|_| self.stuck())?;
        self.rest = rest;
        if value > 0.0 && value.is_finite() { Ok(value) } else { Err(self.stuck()) }
    }

    fn exponent(&mut self) -> Result<Option<i8>, Text> {
        let Some(rest) = self.rest.strip_prefix("**").or_else(|| self.rest.strip_prefix('^')) else {
            return Ok(None);
        };
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(rest.len());
        let exponent: i64 = rest[..end].parse().map_err(|_| self.stuck())?;
        self.rest = &rest[end..];
        i8::try_from(exponent).map(Some).map_err(|_| self.too_high())
    }

    /// A name, or one Chinese multiplier and a name.
    fn named(&self, name: &str) -> Result<(f64, Unit), Text> {
        let multiplied = |(multiplier, factor): (&str, f64)| {
            name.strip_prefix(multiplier).and_then(|rest| self.plain(rest)).map(|unit| (factor, unit))
        };
        let whole = self.plain(name).map(|unit| (1.0, unit));
        if let Some(found) = whole.or_else(|| MULTIPLIERS.into_iter().find_map(multiplied)) {
            return Ok(found);
        }
        if self.is_raised(name) {
            return Err(self.too_high());
        }
        let parts =
            MULTIPLIERS.into_iter().find_map(|(multiplier, _)| Some((multiplier, name.strip_prefix(multiplier)?)));
        let (multiplier, rest) = parts.unwrap_or(("", name));
        if AMBIGUOUS.iter().any(|word| word.eq_ignore_ascii_case(rest)) {
            return Err(say!(
                "'{name}' 有几种大小：请写 '{multiplier}t'（1000 千克）、'{multiplier}short ton'（美制，907.18474 千克）或 '{multiplier}long ton'（英制，1016.0469088 千克）",
                "'{name}' has several sizes: write '{multiplier}t' (1000 kg), '{multiplier}short ton' (US, 907.18474 kg) or '{multiplier}long ton' (UK, 1016.0469088 kg)"
            ));
        }
        let near = self.units.nearest(rest).map(|near| format!("{multiplier}{near}"));
        let hint = near.map(|near| say!("；最接近 '{near}'", "; the nearest is '{near}'"));
        let (zh, en) = hint.map(|t| (t.zh, t.en)).unwrap_or_default();
        Err(say!("不认识单位 '{name}'{zh}", "the unit '{name}' is not known{en}"))
    }

    /// A known unit and digits that are no power of it: `PJ127`.
    fn is_raised(&self, name: &str) -> bool {
        let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
        base.len() < name.len() && self.units.get(base.trim_end_matches('-')).is_some()
    }

    /// A name as it stands; a name and its power (`m3`, `ha-1`); money and its price base; a mass and what it is of.
    fn plain(&self, name: &str) -> Option<Unit> {
        if let Some(unit) = self.units.get(name).or_else(|| self.with_price_base(name)) {
            return Some(unit);
        }
        if SUBSTANCES.contains(&name) {
            return Some(Unit { factor: 1.0, dimension: Dimension::PURE, years: 0 });
        }
        let base = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
        if let (Some(unit), Ok(power)) = (self.units.get(base), name[base.len()..].parse::<i8>()) {
            return raise(unit, power);
        }
        if let Some(unit) = self.units.folded(name) {
            return Some(unit);
        }
        let mass =
            |substance: &str| name.strip_suffix(substance).and_then(|mass| self.units.get(mass.trim_end_matches('-')));
        SUBSTANCES.into_iter().filter_map(mass).find(|unit| unit.dimension == Dimension::MASS)
    }

    /// `万元@2020`: money of the prices of a year.
    fn with_price_base(&self, name: &str) -> Option<Unit> {
        let (money, year) = name.split_once('@')?;
        let unit = self.units.get(money).filter(|unit| unit.dimension.money != 0)?;
        let year = year.parse().ok().filter(|year| (1900..2200).contains(year))?;
        Some(Unit { dimension: Dimension { price_base: Some(year), ..unit.dimension }, ..unit })
    }
}

fn join(a: Unit, b: Unit, quotient: bool) -> Option<Unit> {
    Some(if quotient {
        Unit {
            factor: a.factor / b.factor,
            dimension: a.dimension.per(b.dimension)?,
            years: a.years.checked_sub(b.years)?,
        }
    } else {
        Unit {
            factor: a.factor * b.factor,
            dimension: a.dimension.times(b.dimension)?,
            years: a.years.checked_add(b.years)?,
        }
    })
}

fn raise(unit: Unit, exponent: i8) -> Option<Unit> {
    let highest = if unit.dimension == Dimension::PURE { HIGHEST_POWER_OF_A_NUMBER } else { HIGHEST_POWER };
    if exponent.unsigned_abs() > highest.unsigned_abs() {
        return None;
    }
    Some(Unit {
        factor: unit.factor.powi(exponent.into()),
        dimension: unit.dimension.power(exponent)?,
        years: unit.years.checked_mul(exponent)?,
    })
}
