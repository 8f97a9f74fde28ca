//! Scenarios as they are written: `scenarios.toml` and `measures.toml`, checked, inherited, and not yet applied to any inventory.

use crate::error::{Diagnostic, Place, Result, Text};
use crate::path::{After, Interpolation, PathShape, YearPath};
use crate::say;
use crate::toml_document::{Quantity, ShareKind};
use crate::unit::{Dimension, Unit};
use std::collections::BTreeMap;

mod scenario_file;
mod inheritance;
pub mod keys;
mod measure_file;
mod selector;
mod path_values;

pub use measure_file::{Addition, Change, Combine, Cost, Measure, Shift};
pub use scenario_file::{UNCERTAIN, of_files, read};
pub use selector::{RowKey, Select, SelectorSpecificity};

/// A name that no scenario may have: the inventory's own years.
pub use crate::schema::HISTORY;

/// A path as a file gives it, its values still in their own units.
#[derive(Debug, Clone)]
pub struct PathSpec {
    pub place: Place,
    pub form: PathForm,
    pub interpolation: Option<Interpolation>,
    pub after: Option<After>,
    /// What children do to the path of their parent, the oldest first.
    pub relations: Vec<ParentAdjustment>,
}

/// How a scenario file gives a path.
#[derive(Debug, Clone)]
pub enum PathForm {
    Constant(Quantity),
    /// Growth by the year that ends it.
    Rates(BTreeMap<i32, f64>),
    Points(BTreeMap<i32, Quantity>),
    /// The parent's: only `relations` of its own.
    Parent,
}

/// A change of the path that a scenario inherits.
#[derive(Debug, Clone, PartialEq)]
pub enum ParentAdjustment {
    /// Added to every rate, or to every point after the anchor.
    Shift(Quantity),
    /// Multiplies every rate, or every point after the anchor.
    Scale(f64),
}

impl PathSpec {
    /// The path in canonical units.
    ///
    /// # Errors
    /// A value whose unit is not of `dimension`; a relation to a parent that has no path.
    pub fn path(&self, dimension: Dimension, anchor: i32) -> Result<YearPath> {
        let canonical = |quantity: &Quantity| self.canonical(quantity, dimension);
        let mut shape = match &self.form {
            PathForm::Constant(quantity) => PathShape::Constant(canonical(quantity)?),
            PathForm::Rates(rates) => PathShape::Rates(rates.clone()),
            PathForm::Points(points) => {
                let points = points.iter().map(|(year, quantity)| Ok((*year, canonical(quantity)?)));
                PathShape::Points(points.collect::<Result<_>>()?, self.interpolation.unwrap_or(Interpolation::Linear))
            }
            PathForm::Parent => {
                let text = say!("上级情景没有此项，无从增减", "the parent has no such path to shift or scale");
                return Err(Diagnostic::new(self.place.clone(), text).into());
            }
        };
        let rates = matches!(shape, PathShape::Rates(_));
        let changed = if rates { Dimension::PURE } else { dimension };
        for relation in &self.relations {
            let change: Box<dyn Fn(&mut f64)> = match relation {
                ParentAdjustment::Shift(by) => {
                    let bare = by.share(ShareKind::Change).map_err(|text| Diagnostic::new(self.place.clone(), text));
                    let by = self.canonical(by, changed).and_then(|value| if rates { Ok(bare?) } else { Ok(value) })?;
                    Box::new(move |value| *value += by)
                }
                ParentAdjustment::Scale(by) => Box::new(move |value| *value *= by),
            };
            relate(&mut shape, change, anchor);
        }
        Ok(YearPath { shape, after: self.after.unwrap_or(After::Error) })
    }

    /// The path with bare numbers in a unit: an activity's value may be written in the activity's own.
    pub fn in_unit(&self, text: &str, unit: Unit) -> Self {
        let written = |quantity: &Quantity| match quantity.unit_text.as_str() {
            "1" => Quantity { value: quantity.value, unit_text: text.to_string(), unit },
            _ => quantity.clone(),
        };
        let form = match &self.form {
            PathForm::Constant(quantity) => PathForm::Constant(written(quantity)),
            PathForm::Points(points) => PathForm::Points(points.iter().map(|(year, q)| (*year, written(q))).collect()),
            form => form.clone(),
        };
        let rates = matches!(form, PathForm::Rates(_));
        let relation = |relation: &ParentAdjustment| match relation {
            ParentAdjustment::Shift(by) if !rates => ParentAdjustment::Shift(written(by)),
            relation => relation.clone(),
        };
        let relations = self.relations.iter().map(relation).collect();
        Self { form, relations, ..self.clone() }
    }

    fn canonical(&self, quantity: &Quantity, dimension: Dimension) -> Result<f64> {
        let found = Dimension { price_base: None, ..quantity.unit.in_expression() };
        let other_prices =
            dimension.price_base.zip(quantity.unit.dimension.price_base).filter(|(own, other)| own != other);
        if let Some((own, other)) = other_prices {
            let text = say!(
                "{other} 年价格；此序列为 {own} 年不变价",
                "it is at the prices of {other}, but the series is at those of {own}"
            );
            return Err(Diagnostic::new(self.place.clone(), text).into());
        }
        if found == (Dimension { price_base: None, ..dimension }) {
            return Ok(quantity.canonical());
        }
        let (Text { zh, en }, Text { zh: wanted_zh, en: wanted_en }) = (found.words(), dimension.words());
        let (unit, value) = (&quantity.unit_text, quantity.value);
        let Text { zh: fitting_zh, en: fitting_en } = dimension.units();
        let hint = if dimension == Dimension::PURE {
            say!("应写不带单位的数或百分数", "write a number without a unit, or a share in %")
        } else {
            say!("合适的单位如 '{fitting_zh}'", "a unit such as '{fitting_en}' fits")
        };
        if unit == "1" {
            let text = say!(
                "{value} 没有单位，此处须为{wanted_zh}；请在数字后写出单位",
                "{value} has no unit, and {wanted_en} is expected here; write the unit behind the number"
            );
            return Err(Diagnostic::new(self.place.clone(), text).hint(hint).into());
        }
        let text = say!("'{unit}' 是{zh}，此处须为{wanted_zh}", "'{unit}' is {en}; {wanted_en} is expected here");
        Err(Diagnostic::new(self.place.clone(), text).hint(hint).into())
    }
}

fn relate(shape: &mut PathShape, change: impl Fn(&mut f64), anchor: i32) {
    match shape {
        PathShape::Constant(value) => change(value),
        PathShape::Rates(rates) => rates.values_mut().for_each(change),
        PathShape::Points(points, _) => points.range_mut(anchor + 1..).for_each(|(_, value)| change(value)),
    }
}

/// `[[base.growth]]`: how the activities that it selects go on.
#[derive(Debug, Clone)]
pub struct GrowthSpec {
    pub select: Select,
    pub place: Place,
    pub driver: Option<(String, Place)>,
    pub elasticity: f64,
    pub intensity: Option<PathSpec>,
    /// Replaces driver and intensity.
    pub value: Option<PathSpec>,
}

/// `[[base.parameter]]`: a parameter with a path of its own.
#[derive(Debug, Clone)]
pub struct ParameterSpec {
    pub select: Select,
    pub place: Place,
    pub name: String,
    pub value: PathSpec,
}

/// `[[base.share]]`: how the energy (or amount) of a group of rows is split between items.
#[derive(Debug, Clone)]
pub struct ShareSpec {
    pub select: Select,
    pub place: Place,
    /// Index of the item, and its share.
    pub shares: Vec<(usize, PathSpec)>,
    pub remainder: Option<(usize, Place)>,
    pub by: Conserved,
}

/// What is kept when something moves from one item to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conserved {
    Energy,
    Amount,
}

/// A measure in a scenario's list, with what the scenario changes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureReference {
    /// Index into [`ScenarioSet::measures`].
    pub measure: usize,
    pub level: Option<f64>,
    pub start: Option<i32>,
    pub place: Place,
}

/// A scenario between two others, with its weight.
#[derive(Debug, Clone)]
pub struct Blend {
    pub from: String,
    pub to: String,
    /// 0 is `from`, 1 is `to`.
    pub at: f64,
    pub place: Place,
}

/// A planner's expectation: an expression that has to hold.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The scenario in whose table it stands; else it is about each.
    pub scenario: Option<String>,
    pub title: String,
    pub text: String,
    pub place: Place,
}

/// A scenario with all that it inherits.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub code: String,
    pub title: String,
    pub note: String,
    pub place: Place,
    /// Its parent, the parent's parent, and so on.
    pub ancestors: Vec<String>,
    pub horizon: i32,
    pub drivers: Vec<(String, PathSpec)>,
    pub growth: Vec<GrowthSpec>,
    pub parameters: Vec<ParameterSpec>,
    pub shares: Vec<ShareSpec>,
    pub uses: Vec<MeasureReference>,
    pub blend: Option<Blend>,
}

/// All scenarios of a study, in the order of the file, and the measures that they choose from.
#[derive(Debug, Clone, Default)]
pub struct ScenarioSet {
    pub scenarios: Vec<Scenario>,
    pub measures: Vec<Measure>,
    pub expectations: Vec<Expectation>,
}
