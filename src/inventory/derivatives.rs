//! How each emission moves with what it is computed from: the partial derivatives of its whole chain of methods.
//!
//! The trees are derived once for each shape of method. Where an emission is proportional to its amount, as nearly all are,
//! one value at the amount 1 holds for every row of the class.

use super::estimate::compose;
use crate::expression::{AGE, AMOUNT, Expression, Use};
use crate::matching::{Binding, Matches};
use crate::study::Study;
use std::collections::BTreeMap;

/// All bindings whose values come by the same chain of methods.
struct SlopeGroup {
    tree: Expression,
    proportional: bool,
    by_amount: Expression,
    /// In the order of the names `p0`, `p1` ….
    by_parameter: Vec<Expression>,
}

/// A binding's place in its shape.
struct BindingSlot {
    shape: usize,
    /// Indices of the parameters, in the order of the names.
    parameters: Vec<usize>,
    values: Vec<f64>,
    age: f64,
}

/// The emission of an amount and how it moves with it and with each parameter, in canonical units.
#[derive(Debug, Clone, PartialEq)]
pub struct EmissionSlope {
    pub value: f64,
    pub by_amount: f64,
    /// Parameter index and derivative; a parameter used twice is listed once.
    pub by_parameter: Vec<(usize, f64)>,
}

/// The slopes of all bindings of the reported years.
pub struct Slopes {
    shapes: Vec<SlopeGroup>,
    of_binding: Vec<Option<BindingSlot>>,
}

impl Slopes {
    /// Derivatives of every binding's method.
    pub fn new(study: &Study, matches: &Matches) -> Self {
        let mut numbers: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let mut slopes = Self { shapes: Vec::new(), of_binding: Vec::with_capacity(matches.bindings.len()) };
        for binding in &matches.bindings {
            let case = slopes.case(study, matches, binding, &mut numbers);
            slopes.of_binding.push(case);
        }
        slopes
    }

    fn case(
        &mut self,
        study: &Study,
        matches: &Matches,
        binding: &Binding,
        numbers: &mut BTreeMap<Vec<usize>, usize>,
    ) -> Option<BindingSlot> {
        let own = matches.classes[binding.class as usize].year;
        let year = binding.emission_year.unwrap_or(own);
        if !study.settings.years.contains(&year) {
            return None;
        }
        let (mut chain, mut parameters) = (Vec::new(), Vec::new());
        let tree = compose(study, &binding.emitted, &mut chain, &mut parameters);
        let shape = *numbers.entry(chain).or_insert_with(|| {
            self.shapes.push(SlopeGroup::new(tree, parameters.len()));
            self.shapes.len() - 1
        });
        let values = parameters.iter().map(|&index| study.ladder.parameters[index].canonical()).collect();
        Some(BindingSlot { shape, parameters, values, age: f64::from(year - own) })
    }

    /// Whether a binding is of a reported year, and its emissions are proportional to their amount.
    pub fn is_proportional(&self, binding: u32) -> Option<bool> {
        self.of_binding[binding as usize].as_ref().map(|case| self.shapes[case.shape].proportional)
    }

    /// The slope of a binding at an amount; `None` of a year that is not reported.
    pub fn at(&self, binding: u32, amount: f64) -> Option<EmissionSlope> {
        let case = self.of_binding[binding as usize].as_ref()?;
        let shape = &self.shapes[case.shape];
        let find = |used: &Use| match used.name.as_str() {
            AMOUNT => amount,
            AGE => case.age,
            name => {
                let place = name.strip_prefix('p').and_then(|digits| digits.parse::<usize>().ok());
                place.and_then(|place| case.values.get(place)).copied().unwrap_or(f64::NAN)
            }
        };
        let (value, by_amount) = (shape.tree.evaluate(&find), shape.by_amount.evaluate(&find));
        let mut by_parameter: Vec<(usize, f64)> = Vec::with_capacity(case.parameters.len());
        for (&parameter, tree) in case.parameters.iter().zip(&shape.by_parameter) {
            let derivative = tree.evaluate(&find);
            match by_parameter.iter_mut().find(|(known, _)| *known == parameter) {
                Some((_, sum)) => *sum += derivative,
                None => by_parameter.push((parameter, derivative)),
            }
        }
        Some(EmissionSlope { value, by_amount, by_parameter })
    }
}

impl SlopeGroup {
    fn new(tree: Expression, parameters: usize) -> Self {
        let by = |name: String| tree.derivative(&Use { name, now: false });
        let proportional = tree.is_proportional(AMOUNT);
        let by_amount = by(AMOUNT.into());
        let by_parameter = (0..parameters).map(|place| by(format!("p{place}"))).collect();
        Self { proportional, by_amount, by_parameter, tree }
    }
}
