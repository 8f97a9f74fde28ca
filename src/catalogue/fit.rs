//! Which values fit a method by their units: those that take part in some combination that comes out as a mass.

use crate::expression::{AGE, AMOUNT, GENERATED};
use crate::method::Method;
use crate::unit::Dimension;

/// A name and a dimension that its value may have.
pub(super) type Part = (String, Dimension);

/// Where the dimensions of names come from: the values that may be taken, and the methods that give the other names.
pub(super) struct Fit<'a> {
    pub values: &'a dyn Fn(&str) -> Vec<Dimension>,
    pub givers: &'a dyn Fn(&str) -> Vec<&'a Method>,
}

/// More combinations than this of one formula are not looked through.
const MOST: usize = 4096;

impl Fit<'_> {
    /// The parts of all combinations that give a mass; `None` where a name has no dimension at all.
    pub fn parts(&self, method: &Method) -> Option<Vec<Part>> {
        let mut fitting: Vec<Part> = Vec::new();
        let mut is_known = false;
        for name in Dimension::NAMES {
            let Some(amount) = Dimension::named(name) else { continue };
            if method.amount_dimension.is_some_and(|own| own != amount) {
                continue;
            }
            for (result, parts) in self.results(method, amount, 0) {
                is_known = true;
                if result == Some(Dimension::MASS) {
                    let new = parts.into_iter().filter(|part| !fitting.contains(part)).collect::<Vec<_>>();
                    fitting.extend(new);
                }
            }
        }
        is_known.then_some(fitting)
    }

    /// Every combination of dimensions of a method's names, with what it gives; none where a name has no dimension.
    fn results(&self, method: &Method, amount: Dimension, depth: usize) -> Vec<(Option<Dimension>, Vec<Part>)> {
        let mut combinations: Vec<Vec<Part>> = vec![Vec::new()];
        for used in &method.uses {
            let options = self.options(&used.name, amount, depth);
            let longer = combinations.iter().flat_map(|parts| {
                let with = |option: &Dimension| [parts.as_slice(), &[(used.name.clone(), *option)]].concat();
                options.iter().map(with).collect::<Vec<_>>()
            });
            combinations = longer.take(MOST).collect();
        }
        let result = |parts: Vec<Part>| {
            let of = |name: &str| parts.iter().find(|(known, _)| known == name).map_or(Dimension::PURE, |part| part.1);
            (method.expression.dimension(&|used| of(&used.name)).ok(), parts)
        };
        combinations.into_iter().map(result).collect()
    }

    /// The dimensions that a name may have in rows of an amount.
    fn options(&self, name: &str, amount: Dimension, depth: usize) -> Vec<Dimension> {
        const DEEPEST: usize = 8;
        let mut options = match name {
            AMOUNT => vec![amount],
            AGE => vec![Dimension::PURE],
            GENERATED => vec![Dimension::MASS],
            _ => (self.values)(name),
        };
        if options.is_empty() && depth < DEEPEST {
            let fits = |giver: &&Method| giver.amount_dimension.is_none_or(|own| own == amount);
            let givers = (self.givers)(name).into_iter().filter(fits);
            options = givers.flat_map(|giver| self.results(giver, amount, depth + 1)).filter_map(|(d, _)| d).collect();
        }
        let mut once: Vec<Dimension> = Vec::new();
        options.into_iter().for_each(|option| {
            if !once.contains(&option) {
                once.push(option);
            }
        });
        once
    }
}
