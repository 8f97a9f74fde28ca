//! Parameters whose values differ by more than a factor of three between sets; listed for review.

use crate::parameter::Parameter;
use std::collections::BTreeMap;

/// Ratio of two values above which they are listed.
const FAR: f64 = 3.0;

/// A key with the values of the sets that have it.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// Parameters of the key, the lowest value first, one for each set.
    pub values: Vec<usize>,
    /// The highest over the lowest; infinite beside a zero.
    pub ratio: f64,
}

/// The key of a parameter without its set and years.
type Key<'a> = (&'a str, Option<usize>, Option<usize>, &'a str, Option<usize>, Option<usize>, &'a str);

/// Of each key the latest value of each set, where the sets are more than three times apart.
pub fn apart(parameters: &[Parameter]) -> Vec<Apart> {
    let mut keys: BTreeMap<Key<'_>, BTreeMap<&str, usize>> = BTreeMap::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let Parameter { name, category, item, technology, pollutant, area, source, set, .. } = parameter;
        let key = (name.as_str(), *category, *item, technology.as_str(), *pollutant, *area, source.as_str());
        let latest = keys.entry(key).or_default().entry(set).or_insert(index);
        if parameter.year_from > parameters[*latest].year_from {
            *latest = index;
        }
    }
    let far = |sets: BTreeMap<&str, usize>| {
        let mut values: Vec<usize> = sets.into_values().collect();
        let canonical = |index: usize| parameters[index].canonical();
        values.sort_by(|&a, &b| canonical(a).total_cmp(&canonical(b)));
        let (low, high) = (canonical(*values.first()?), canonical(*values.last()?));
        let unlike =
            values.iter().any(|&index| parameters[index].unit.dimension != parameters[values[0]].unit.dimension);
        let ratio = if low < 0.0 && high <= 0.0 { low / high } else { high / low };
        let (is_far, is_opposite) = (ratio > FAR, ratio < 0.0);
        (!unlike && (is_far || is_opposite)).then_some(Apart { values, ratio })
    };
    keys.into_values().filter_map(far).collect()
}
