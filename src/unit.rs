//! Units as data: a table of names, each a multiple of others, and the dimension of every product and quotient.
//!
//! Canonical units are t, m, a (year), TJ, 1 (count) and yuan: everything behind the door is in products of these.

use crate::error::{Text, nearest};
use crate::say;
use foldhash::HashMap;
use std::fmt;

mod text;

/// Exponents of the base dimensions, and the price base of money where it is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dimension {
    pub mass: i8,
    pub length: i8,
    pub time: i8,
    pub energy: i8,
    pub count: i8,
    pub money: i8,
    /// Year of the prices; `None` is not stated. Amounts of different price bases do not convert.
    pub price_base: Option<i16>,
}

impl Dimension {
    /// A pure number.
    pub const PURE: Self = Self { mass: 0, length: 0, time: 0, energy: 0, count: 0, money: 0, price_base: None };
    /// Mass; the canonical unit is the tonne.
    pub const MASS: Self = Self { mass: 1, ..Self::PURE };
    /// Energy; the canonical unit is the terajoule.
    pub const ENERGY: Self = Self { energy: 1, ..Self::PURE };
    /// Volume: length cubed.
    pub const VOLUME: Self = Self { length: 3, ..Self::PURE };

    /// The base dimensions and the named products that `units.csv` and `amount_dimension` may say.
    pub fn named(name: &str) -> Option<Self> {
        let p = Self::PURE;
        Some(match name {
            "number" => p,
            "mass" => Self::MASS,
            "distance" => Self { length: 1, ..p },
            "area" => Self { length: 2, ..p },
            "volume" => Self::VOLUME,
            "time" => Self { time: 1, ..p },
            "energy" => Self::ENERGY,
            "count" => Self { count: 1, ..p },
            "money" => Self { money: 1, ..p },
            _ => return None,
        })
    }

    /// Dimensions that have a name.
    pub const NAMES: [&'static str; 9] =
        ["number", "mass", "distance", "area", "volume", "time", "energy", "count", "money"];

    fn exponents(&self) -> [i8; 6] {
        [self.mass, self.length, self.time, self.energy, self.count, self.money]
    }

    fn combine(self, other: Self, sign: i8) -> Option<Self> {
        // The lowest exponent has no positive twin, and later steps change signs.
        let add = |a: i8, b: i8| a.checked_add(b.checked_mul(sign)?).filter(|sum| *sum > i8::MIN);
        let money = add(self.money, other.money)?;
        let price_base = match (self.price_base, other.price_base) {
            (Some(a), Some(b)) if a != b => return None,
            (a, b) => a.or(b).filter(|_| money != 0),
        };
        Some(Self {
            mass: add(self.mass, other.mass)?,
            length: add(self.length, other.length)?,
            time: add(self.time, other.time)?,
            energy: add(self.energy, other.energy)?,
            count: add(self.count, other.count)?,
            money,
            price_base,
        })
    }

    /// The dimension of a product; `None` where price bases differ or an exponent leaves its range.
    pub fn times(self, other: Self) -> Option<Self> {
        self.combine(other, 1)
    }

    /// The quotient of two dimensions; `None` if an exponent overflows or price bases conflict.
    pub fn per(self, other: Self) -> Option<Self> {
        self.combine(other, -1)
    }

    /// The dimension raised to a power; `None` if an exponent overflows.
    pub fn power(self, exponent: i8) -> Option<Self> {
        (0..exponent.unsigned_abs()).try_fold(Self::PURE, |d, _| d.combine(self, exponent.signum()))
    }

    /// The dimension in words of both languages: "mass / energy".
    pub fn words(&self) -> Text {
        let zh = ["质量", "长度", "时间", "能量", "个数", "金额"];
        let en = ["mass", "distance", "time", "energy", "count", "money"];
        Text {
            zh: self.spell(zh, "面积", "体积", "无量纲"), en: self.spell(en, "area", "volume", "pure number")
        }
    }

    /// The canonical unit of the dimension: `t / TJ`.
    pub fn units(&self) -> Text {
        let zh = ["t", "m", "年", "TJ", "个", "元"];
        let en = ["t", "m", "a", "TJ", "unit", "yuan"];
        let none = say!("无量纲", "number");
        Text { zh: self.spell(zh, "m2", "m3", &none.zh), en: self.spell(en, "m2", "m3", &none.en) }
    }

    fn spell(&self, names: [&str; 6], area: &str, volume: &str, pure: &str) -> String {
        let part = |name: &str, e: i8| match (name == names[1], e) {
            (true, 2) => area.to_string(),
            (true, 3) => volume.to_string(),
            (_, 1) => name.to_string(),
            _ => format!("{name}^{e}"),
        };
        let side = |sign: i8| -> Vec<String> {
            let exponents = self.exponents();
            names.iter().zip(exponents).filter(|(_, e)| e * sign > 0).map(|(n, e)| part(n, e.abs())).collect()
        };
        let (over, under) = (side(1).join(" × "), side(-1).join(" / "));
        let base = self.price_base.map(|year| format!(" @{year}")).unwrap_or_default();
        match (over.is_empty(), under.is_empty()) {
            (true, true) => pure.to_string(),
            (false, true) => over + &base,
            (true, false) => format!("1 / {under}{base}"),
            (false, false) => format!("{over} / {under}{base}"),
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}

/// A unit that has been read: its factor to canonical units and its dimension.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    pub factor: f64,
    pub dimension: Dimension,
    /// How often "year" was written, as an exponent: an inventory's amounts are per year, so `kg/head/a` is `kg/head`.
    years: i8,
}

impl Unit {
    /// The dimension as expressions see it: the inventory year is a pure number.
    pub fn in_expression(&self) -> Dimension {
        Dimension { time: self.dimension.time.saturating_sub(self.years), ..self.dimension }
    }

    /// What `value` of this unit is in `other`, if both have one dimension.
    pub fn convert(&self, value: f64, other: &Unit) -> Option<f64> {
        (self.dimension == other.dimension).then(|| value * (self.factor / other.factor))
    }
}

/// A row of `units.csv`: `unit` is `value` × `of`, or the base unit of the dimension `of` where `value` is empty.
#[derive(Debug, Clone)]
pub struct Definition {
    pub unit: String,
    pub aliases: Vec<String>,
    pub value: Option<f64>,
    pub of: String,
}

/// The units of a study: name or alias to unit.
#[derive(Debug, Clone, Default)]
pub struct Units {
    known: HashMap<String, Unit>,
    /// By names in small letters: the name and its unit; none where two units differ in their capitals alone (`Mg`, `mg`).
    folded: HashMap<String, Option<(String, Unit)>>,
    /// Names of several words, such as `short ton`, the longer first.
    spaced: Vec<String>,
}

impl Units {
    /// Adds a definition; what it refers to has to be defined before it.
    pub fn define(&mut self, definition: &Definition) -> Result<(), Text> {
        let of = &definition.of;
        let unit = match definition.value {
            None => {
                let names = Dimension::NAMES.join(", ");
                let dimension = Dimension::named(of).ok_or_else(|| {
                    say!("'{of}' 不是量纲名；应为 {names}", "'{of}' is no dimension; expected one of {names}")
                })?;
                Unit { factor: 1.0, dimension, years: i8::from(dimension.time == 1) }
            }
            Some(value) if value > 0.0 && value.is_finite() => {
                let whole = self.parse(of)?;
                Unit { factor: value * whole.factor, years: 0, ..whole }
            }
            Some(value) => {
                return Err(say!(
                    "单位的倍数须为正数，而不是 {value}",
                    "a unit's multiple has to be positive, not {value}"
                ));
            }
        };
        for name in definition.aliases.iter().chain([&definition.unit]) {
            let name = text::normalise(name);
            if name.contains(' ') {
                self.spaced.push(name.clone());
                self.spaced.sort_by_key(|name| std::cmp::Reverse(name.len()));
            }
            let folded = self.folded.entry(name.to_lowercase()).or_insert_with(|| Some((name.clone(), unit)));
            if folded.as_ref().is_some_and(|(_, other)| *other != unit) {
                *folded = None;
            }
            self.known.insert(name, unit);
        }
        Ok(())
    }

    /// Reads a unit: names, Chinese multipliers (万, 亿), products, quotients, powers, substance tags (`tCO2`).
    pub fn parse(&self, text: &str) -> Result<Unit, Text> {
        text::parse(self, text)
    }

    fn get(&self, name: &str) -> Option<Unit> {
        self.known.get(name).copied()
    }

    /// A unit whose capitals are written otherwise (`KWH`, `M3`), where that changes no prefix: mJ is no MJ, and MT may be
    /// a tonne as well as a million.
    fn folded(&self, name: &str) -> Option<Unit> {
        let lower = name.to_lowercase();
        let (own, unit) = self.folded.get(&lower)?.as_ref()?;
        let rest = name.get(1..).unwrap_or("");
        let prefixed = !rest.is_empty() && self.folded.contains_key(&rest.to_lowercase());
        let sound = name.chars().count() > 1 && lower != "mt" && (own.get(..1) == name.get(..1) || !prefixed);
        sound.then_some(*unit)
    }

    /// The nearest name; never one that differs in its capitals or its prefix alone, for then it differs by a factor.
    fn nearest(&self, name: &str) -> Option<&str> {
        let mut names: Vec<&str> = self.known.keys().map(String::as_str).collect();
        // Of names that differ in their capitals alone the one in small letters is the usual one.
        names.sort_unstable_by_key(|name| (name.contains(char::is_uppercase), *name));
        let lower = name.to_lowercase();
        let same_size = |known: &&str| known.to_lowercase() != lower && !differs_by_a_prefix(name, known);
        nearest(name, names.into_iter().filter(same_size))
    }

    /// All names and aliases, in order: for tests and for `qingdan factors`.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.known.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

/// Whether two symbols are multiples of one unit: `dL` and `mL`, `Mm3` and `m3`.
fn differs_by_a_prefix(a: &str, b: &str) -> bool {
    const PREFIXES: [&str; 16] = ["", "n", "μ", "u", "m", "c", "d", "da", "h", "k", "K", "M", "G", "T", "P", "E"];
    // The power stands outside of the prefix: Mm3 is a multiple of m.
    let stems = |name: &str| {
        PREFIXES.into_iter().filter_map(|prefix| name.strip_prefix(prefix).map(str::to_string)).collect::<Vec<_>>()
    };
    let power = |c: char| c.is_ascii_digit();
    let (a, b) = (a.trim_end_matches(power), b.trim_end_matches(power));
    let others = stems(b);
    stems(a).into_iter().any(|stem| !stem.is_empty() && stem.len() <= 4 && others.contains(&stem))
}
