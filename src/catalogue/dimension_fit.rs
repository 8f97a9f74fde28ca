//! Which values fit a method by their units: those that take part in some combination that comes out as a mass.

use crate::expression::{AGE, AMOUNT, GENERATED};
use crate::method::Method;
use crate::unit::Dimension;
use std::cell::RefCell;
use std::collections::HashMap;

/// A name and a dimension that its value may have.
pub(super) type DimensionedName = (String, Dimension);

/// Where the dimensions of names come from: the values that may be taken, and the methods that give the other names.
pub(super) struct Fit<'a> {
    pub values: &'a dyn Fn(&str) -> Vec<Dimension>,
    pub givers: &'a dyn Fn(&str) -> Vec<&'a Method>,
    /// What has been found for a name and an amount: chains of derived names share their links.
    pub known: RefCell<HashMap<(String, Dimension), Vec<Dimension>>>,
}

/// The dimensions of amounts: those with a name, and the vehicle's and the tonne's kilometres.
fn amounts() -> impl Iterator<Item = Dimension> {
    let distance = Dimension { length: 1, ..Dimension::PURE };
    let kilometres = [Dimension { count: 1, ..distance }, Dimension { mass: 1, ..distance }];
    Dimension::NAMES.iter().filter_map(|name| Dimension::named(name)).chain(kilometres)
}

impl Fit<'_> {
    /// The parts of all combinations that give a mass; `None` where a name has no dimension at all, or too many.
    pub fn parts(&self, method: &Method) -> Option<Vec<DimensionedName>> {
        let mut fitting: Vec<DimensionedName> = Vec::new();
        let mut is_known = false;
        for amount in amounts().filter(|amount| method.amount_dimension.is_none_or(|own| own == *amount)) {
            let options = self.all_options(method, amount, 0);
            is_known |= options.iter().all(|options| !options.is_empty());
            let complete = each(&options, |chosen| {
                if result(method, chosen) == Some(Dimension::MASS) {
                    for (used, dimension) in method.uses.iter().zip(chosen) {
                        if !fitting.iter().any(|(name, known)| *name == used.name && known == dimension) {
                            fitting.push((used.name.clone(), *dimension));
                        }
                    }
                }
            });
            complete?;
        }
        is_known.then_some(fitting)
    }

    /// For each use of a method the dimensions that it may have in rows of an amount.
    fn all_options(&self, method: &Method, amount: Dimension, depth: usize) -> Vec<Vec<Dimension>> {
        method.uses.iter().map(|used| self.options(&used.name, amount, depth)).collect()
    }

    fn options(&self, name: &str, amount: Dimension, depth: usize) -> Vec<Dimension> {
        let key = (name.to_string(), amount);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let mut options: Vec<Dimension> = Vec::new();
        for option in self.look(name, amount, depth) {
            if !options.contains(&option) {
                options.push(option);
            }
        }
        self.known.borrow_mut().insert(key, options.clone());
        options
    }

    /// The dimensions of a name's values, or else of what the methods give that derive it.
    fn look(&self, name: &str, amount: Dimension, depth: usize) -> Vec<Dimension> {
        const DEEPEST: usize = 16;
        let options = match name {
            AMOUNT => vec![amount],
            AGE => vec![Dimension::PURE],
            GENERATED => vec![Dimension::MASS],
            _ => (self.values)(name),
        };
        if !options.is_empty() || depth >= DEEPEST {
            return options;
        }
        let fits = |giver: &&Method| giver.amount_dimension.is_none_or(|own| own == amount);
        let mut given = Vec::new();
        for giver in (self.givers)(name).into_iter().filter(fits) {
            _ = each(&self.all_options(giver, amount, depth + 1), |chosen| given.extend(result(giver, chosen)));
        }
        given
    }
}

/// What a method gives with a dimension for each of its uses.
fn result(method: &Method, chosen: &[Dimension]) -> Option<Dimension> {
    let of = |name: &str| method.uses.iter().zip(chosen).find(|(used, _)| used.name == name).map(|(_, found)| *found);
    method.expression.dimension(&|used| of(&used.name).unwrap_or(Dimension::PURE)).ok()
}

/// Calls for every choice of one option of each; `None` where there are more than anyone would write.
fn each(options: &[Vec<Dimension>], mut call: impl FnMut(&[Dimension])) -> Option<()> {
    const MOST: usize = 10_000;
    let count = options.iter().try_fold(1usize, |count, options| count.checked_mul(options.len()))?;
    if count > MOST {
        return None;
    }
    for number in 0..count {
        let mut rest = number;
        let chosen: Vec<Dimension> = options
            .iter()
            .map(|options| {
                let option = options[rest % options.len()];
                rest /= options.len();
                option
            })
            .collect();
        call(&chosen);
    }
    Some(())
}
