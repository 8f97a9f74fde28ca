//! Identities, such as `CO2 = population * gdp/population * energy/gdp * CO2/energy`: what a change is taken apart by.
//!
//! A term may stand for each sector or item, `energy[sector]`; the left side is then the sum over them. Whatever is not on the left has to
//! cancel, so that the product of the factors is the left side.

use crate::code::Codebook;
use crate::economy::Economy;
use crate::error::{Text, nearest};
use crate::pollutant::Pollutant;
use crate::say;
use crate::target::{ENERGY, ENERGY_CO2, GHG, Metric};

/// What the parts of a sum are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartsBy {
    Sector,
    Item,
}

impl PartsBy {
    const WORDS: [&str; 2] = ["sector", "item"];

    fn parse(word: &str) -> Option<Self> {
        [Self::Sector, Self::Item].into_iter().find(|by| by.word() == word)
    }

    /// The word in an identity.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sector => Self::WORDS[0],
            Self::Item => Self::WORDS[1],
        }
    }
}

/// A metric of an identity, as a whole or by sector or item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityTerm {
    pub metric: Metric,
    pub by: Option<PartsBy>,
}

/// A quantity, or one over another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityFactor {
    /// As it is written, without spaces and outer parentheses.
    pub name: String,
    pub over: IdentityTerm,
    pub under: Option<IdentityTerm>,
}

/// A Kaya identity: the metric as a product of factors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// As it is written.
    pub text: String,
    pub left: Metric,
    pub by: Option<PartsBy>,
    pub factors: Vec<IdentityFactor>,
}

/// What is wrong with an identity, and the nearest known name where a name is.
pub type Unread = (Text, Option<String>);

/// The identities of a study that names none: Kaya's, of the whole and of each sector.
pub const DEFAULTS: [&str; 2] = [
    "CO2 = population * gdp/population * energy/gdp * CO2/energy",
    "CO2 = population * (gdp/population) * (energy/gdp) * (energy[sector]/energy) * (CO2[sector]/energy[sector])",
];

/// Reads an identity; `=` and `:` mean the same.
///
/// # Errors
/// Names that the study does not have, signs out of place, factors that do not make the left side.
pub fn parse(text: &str, pollutants: &Codebook<Pollutant>, economy: &Economy) -> Result<Identity, Unread> {
    let plain = normalise(text);
    let Some((left, right)) = plain.split_once(['=', ':']) else {
        return Err((say!("恒等式应写作 CO2 = a * b/a * …", "write an identity as CO2 = a * b/a * …"), None));
    };
    let reader = Reader { pollutants, economy };
    let left = reader.term(left)?;
    if !matches!(left.metric, Metric::Pollutant(_) | Metric::Ghg | Metric::Energy | Metric::EnergyCo2) {
        let name = left.metric.name();
        let text = say!(
            "'{name}' 不能分解；等号左边应为污染物、GHG 或 energy",
            "'{name}' cannot be taken apart; the left side is a pollutant, GHG or energy"
        );
        return Err((text, None));
    }
    let factors = split(right, '*')?.into_iter().map(|part| reader.factor(part));
    let factors: Vec<IdentityFactor> = factors.collect::<Result<_, _>>()?;
    let by = one_grouping(&left, &factors)?;
    cancels(&IdentityTerm { by, ..left.clone() }, &factors)?;
    Ok(Identity { text: text.trim().to_string(), left: left.metric, by, factors })
}

fn normalise(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '×' | '·' | '⋅' => '*',
        '÷' => '/',
        '\u{3000}' | '\u{a0}' | '\t' | '\r' | '\n' => ' ',
        _ => c,
    };
    text.chars().map(plain).collect()
}

/// Splits at a sign that stands outside parentheses.
fn split(text: &str, sign: char) -> Result<Vec<&str>, Unread> {
    let (mut depth, mut from, mut parts) = (0_i32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ if c == sign && depth == 0 => {
                parts.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
        if depth < 0 {
            break;
        }
    }
    if depth != 0 {
        return Err((say!("括号不成对", "parentheses do not match"), None));
    }
    parts.push(&text[from..]);
    Ok(parts)
}

/// Without the parentheses around all of it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) if split(inner, '\0').is_ok() => bare(inner),
        _ => text,
    }
}

struct Reader<'a> {
    pollutants: &'a Codebook<Pollutant>,
    economy: &'a Economy,
}

impl Reader<'_> {
    fn factor(&self, text: &str) -> Result<IdentityFactor, Unread> {
        let text = bare(text);
        let (over, under) = match split(text, '/')?.as_slice() {
            [over] => (self.term(over)?, None),
            [over, under] => (self.term(over)?, Some(self.term(under)?)),
            _ => return Err((say!("'{text}' 有不止一个 '/'", "'{text}' has more than one '/'"), None)),
        };
        let name = under.as_ref().map_or_else(|| spelt(&over), |under| format!("{}/{}", spelt(&over), spelt(under)));
        Ok(IdentityFactor { name, over, under })
    }

    fn term(&self, text: &str) -> Result<IdentityTerm, Unread> {
        let text = bare(text);
        let (name, by) = match text.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
            None => (text, None),
            Some((name, word)) => {
                let known = PartsBy::parse(word.trim());
                let near = nearest(word.trim(), PartsBy::WORDS).map(str::to_string);
                let by = known.ok_or_else(|| (say!("不能按 '{word}' 分组", "there is no grouping '{word}'"), near))?;
                (name.trim(), Some(by))
            }
        };
        let metric = Metric::parse(name, self.pollutants, self.economy).ok_or_else(|| self.unknown(name))?;
        let grouped = matches!(metric, Metric::Pollutant(_) | Metric::Ghg | Metric::Energy);
        let single = matches!(metric, Metric::EnergyCo2 | Metric::Economy(_));
        match by {
            Some(by) if !grouped => {
                let word = by.word();
                Err((say!("'{name}' 没有按 {word} 的值", "'{name}' has no values by {word}"), None))
            }
            None if !grouped && !single => Err((say!("'{name}' 不能作为因素", "'{name}' cannot be a factor"), None)),
            by => Ok(IdentityTerm { metric, by }),
        }
    }

    fn unknown(&self, name: &str) -> Unread {
        let codes = self.pollutants.iter().map(|(index, _)| self.pollutants.code(index));
        let known: Vec<&str> = codes.chain(self.economy.indicators()).chain([GHG, ENERGY, ENERGY_CO2]).collect();
        let near = nearest(name, known).map(str::to_string);
        (say!("没有指标 '{name}'", "there is no metric '{name}'"), near)
    }
}

fn spelt(term: &IdentityTerm) -> String {
    let name = term.metric.name();
    term.by.map_or_else(|| name.clone(), |by| format!("{name}[{}]", by.word()))
}

/// The grouping that all grouped terms have.
fn one_grouping(left: &IdentityTerm, factors: &[IdentityFactor]) -> Result<Option<PartsBy>, Unread> {
    let terms = factors.iter().flat_map(|factor| std::iter::once(&factor.over).chain(&factor.under));
    let mut found = None;
    for by in std::iter::once(left).chain(terms).filter_map(|term| term.by) {
        if found.is_some_and(|known| known != by) {
            return Err((say!("一个恒等式只能按一种分组", "an identity has one grouping only"), None));
        }
        found = Some(by);
    }
    Ok(found)
}

/// Numerators and denominators cancel but for the left side.
fn cancels(left: &IdentityTerm, factors: &[IdentityFactor]) -> Result<(), Unread> {
    let mut over: Vec<String> = factors.iter().map(|factor| spelt(&factor.over)).collect();
    let mut under: Vec<String> = factors.iter().filter_map(|factor| factor.under.as_ref()).map(spelt).collect();
    under.push(spelt(left));
    under.retain(|name| match over.iter().position(|known| known == name) {
        Some(at) => {
            over.remove(at);
            false
        }
        None => true,
    });
    if over.is_empty() && under.is_empty() {
        return Ok(());
    }
    let (above, below, left) = (over.join(" * "), under.join(" * "), spelt(left));
    let text = say!(
        "各因素之积不等于 {left}：约分后余下 '{above}' 除以 '{below}'",
        "the factors do not make {left}: '{above}' over '{below}' is left when all is cancelled"
    );
    Err((text, None))
}
