//! What the district is judged on: intensity cuts, caps, floors, the peak year.

use crate::category::Scope;
use crate::code::Codebook;
use crate::economy::Economy;
use crate::error::Text;
use crate::pollutant::Pollutant;
use crate::say;
use crate::unit::Dimension;

/// What a target demands.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// A share by which the metric has to fall from the base year.
    Cut {
        base: i32,
        share: f64,
    },
    /// A value that must not be exceeded.
    Cap(RequiredValue),
    /// A value that has to be reached.
    Floor(RequiredValue),
    PeakBy {
        year: i32,
    },
    /// Ordered by a higher authority, which the study has no number of.
    Allotted {
        by: String,
    },
}

/// A required value, canonical and as it is shown: masses in t, pure numbers as such, energy in tce, all else in the
/// target's own unit.
#[derive(Debug, Clone, PartialEq)]
pub struct RequiredValue {
    pub canonical: f64,
    pub unit: String,
    /// From the canonical unit to the one shown.
    pub shown_per_canonical: f64,
}

/// What can be judged: by its name in `targets.toml` and `indicators.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Metric {
    /// A pollutant's code.
    Pollutant(String),
    /// All gases as CO2-equivalent of the study's GWP set.
    Ghg,
    Energy,
    /// CO2 of fuels burnt, and of purchased energy where the boundary says so.
    EnergyCo2,
    NonFossilShare,
    /// The tonnes of the register's projects for a pollutant's code, offsets deducted; no part of the inventory.
    Projects(String),
    /// An indicator of the economy.
    Economy(String),
    /// A metric over an indicator of the economy.
    Per(Box<Metric>, String),
}

/// Names that are no pollutant and no indicator of the economy.
pub const GHG: &str = "GHG";
/// Metric: energy consumption.
pub const ENERGY: &str = "energy";
/// Metric: CO2 of energy use.
pub const ENERGY_CO2: &str = "energy CO2";
/// Metric: share of non-fossil energy, as a share of 1.
pub const NON_FOSSIL_SHARE: &str = "non-fossil share";
/// Before a pollutant: what projects of the register have cut of it.
pub const PROJECTS: &str = "projects ";

impl Metric {
    /// Reads a metric's name; `None` where it names nothing that the study has.
    pub fn parse(name: &str, pollutants: &Codebook<Pollutant>, economy: &Economy) -> Option<Self> {
        if let Some(pollutant) = name.strip_prefix(PROJECTS) {
            return Some(Self::Projects(pollutants.code(pollutants.find(pollutant.trim()).ok()?).to_string()));
        }
        if let Some((over, per)) = name.split_once(" per ") {
            let over = Self::parse(over, pollutants, economy)?;
            return economy.indicators().contains(&per).then(|| Self::Per(Box::new(over), per.to_string()));
        }
        Some(match name {
            GHG => Self::Ghg,
            ENERGY => Self::Energy,
            ENERGY_CO2 => Self::EnergyCo2,
            NON_FOSSIL_SHARE => Self::NonFossilShare,
            _ if economy.indicators().contains(&name) => Self::Economy(name.to_string()),
            _ => Self::Pollutant(pollutants.code(pollutants.find(name).ok()?).to_string()),
        })
    }

    /// The dimension of its values, price bases left out; `None` where the economy has no series of it.
    pub fn dimension(&self, economy: &Economy) -> Option<Dimension> {
        let of = |name: &str| economy.figures.iter().find(|f| f.indicator == name).map(|f| f.unit.in_expression());
        let dimension = match self {
            Self::Pollutant(_) | Self::Ghg | Self::EnergyCo2 | Self::Projects(_) => Dimension::MASS,
            Self::Energy => Dimension::ENERGY,
            Self::NonFossilShare => Dimension::PURE,
            Self::Economy(name) => of(name)?,
            Self::Per(over, per) => {
                let below = Dimension { price_base: None, ..of(per)? };
                over.dimension(economy)?.per(below)?
            }
        };
        Some(Dimension { price_base: None, ..dimension })
    }

    /// The name in tables.
    pub fn name(&self) -> String {
        match self {
            Self::Pollutant(code) => code.clone(),
            Self::Ghg => GHG.into(),
            Self::Energy => ENERGY.into(),
            Self::EnergyCo2 => ENERGY_CO2.into(),
            Self::NonFossilShare => NON_FOSSIL_SHARE.into(),
            Self::Projects(code) => format!("{PROJECTS}{code}"),
            Self::Economy(name) => name.clone(),
            Self::Per(over, per) => format!("{} per {per}", over.name()),
        }
    }
}

/// A target of `targets.toml`.
#[derive(Debug, Clone)]
pub struct Target {
    pub code: String,
    pub title: String,
    pub metric: Metric,
    pub boundary: Boundary,
    /// The year in which it is judged.
    pub year: i32,
    pub goal: Goal,
    /// How far below the maximum a plateau reaches: 0.03 for 3 %.
    pub plateau: Option<f64>,
    /// How sure the goal has to be reached, in draws.
    pub probability: Option<f64>,
    /// Where the district is told so.
    pub source: String,
}

impl Target {
    /// Its title, or its code where it has none.
    pub fn name(&self) -> &str {
        if self.title.is_empty() { &self.code } else { &self.title }
    }

    /// Title and code, the code alone where there is no title.
    pub fn label(&self) -> Text {
        let (title, code) = (&self.title, &self.code);
        if title.is_empty() { say!("{code} ", "{code}") } else { say!("{title}（{code}）", "{title} ({code})") }
    }

    /// Whether a share of draws that meet it is as large as it asks for; nothing where it does not ask.
    pub fn is_sure(&self, share: f64) -> Option<bool> {
        self.probability.map(|wanted| share >= wanted)
    }
}

/// What counts: what leaves the district's own ground, or that and what its purchased electricity and heat cost elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Boundary {
    Direct,
    DirectPurchased,
    /// What is in neither of them and only shown.
    Memo,
}

impl Boundary {
    /// The boundaries that a district is judged in.
    pub const ALL: [Self; 2] = [Self::Direct, Self::DirectPurchased];

    /// The boundaries that what is booked under a scope counts in.
    pub fn of(scope: Scope) -> &'static [Self] {
        match scope {
            Scope::Direct => &Self::ALL,
            Scope::Purchased => &Self::ALL[1..],
            Scope::Memo => &[Self::Memo],
        }
    }

    /// Those of them that totals, ranges and key categories are made in.
    pub fn counted(scope: Scope) -> &'static [Self] {
        if scope == Scope::Memo { &[] } else { Self::of(scope) }
    }

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::DirectPurchased => "direct+purchased",
            Self::Memo => "memo",
        }
    }

    /// Its name as readers know it.
    pub fn title(self) -> Text {
        match self {
            Self::Direct => say!("直接排放", "direct"),
            Self::DirectPurchased => say!("含外购电力、热力", "with purchased energy"),
            Self::Memo => say!("备注项", "memo items"),
        }
    }

    /// The boundary of a word in tables.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Memo]).find(|boundary| boundary.word() == word)
    }
}

/// A published figure that stands beside the result; it is compared and never fitted.
#[derive(Debug, Clone)]
pub struct Crosscheck {
    pub title: String,
    pub metric: Metric,
    pub boundary: Boundary,
    pub grouping: String,
    pub group: String,
    pub year: i32,
    pub value: f64,
    pub unit: String,
    /// From the canonical unit to the figure's.
    pub shown_per_canonical: f64,
    pub citation: String,
    pub note: String,
}
