//! Which inputs a district's totals rest on, and which their ranges come from: the rows of `influences.csv`.

use super::propagation::{GroupKey, GroupMember, PropagatedSum, PropagationGroups, Substance};
use super::total::Totals;
use super::uncertainty::RangeBounds;
use crate::error::Text;
use crate::inventory::Inventory;
use crate::study::input_names;
use crate::target::Boundary;

/// A row of `influences.csv`: a parameter, or the activity of a category and item.
#[derive(Debug, Clone, PartialEq)]
pub struct InfluenceShare {
    pub year: i32,
    pub boundary: Boundary,
    pub pollutant: String,
    /// `parameter` or `activity`.
    pub input: &'static str,
    pub name: String,
    /// The name as people say it.
    pub said: Text,
    pub set: String,
    /// The confidence of a parameter, the quality of activity.
    pub confidence: String,
    /// The range of the input as a share of it, in per cent; empty where it has none.
    pub low_pct: Option<f64>,
    pub high_pct: Option<f64>,
    /// The part of the absolute amounts that is computed with it.
    pub result_share: Option<f64>,
    /// The part of the variance that comes from it; empty where it has no range.
    pub variance_share: Option<f64>,
    pub reference: String,
}

/// All inputs of the totals of each year, those that the range comes from first, then those that most rests on.
pub(super) fn shares(inventory: &Inventory<'_>, totals: &Totals, groups: &PropagationGroups) -> Vec<InfluenceShare> {
    let mut shares = Vec::new();
    let whole = groups.sums.iter().filter(|(key, _)| key.place == GroupMember::Total);
    for (key, sum) in whole.filter(|(key, _)| groups.is_known(inventory, totals, key)) {
        let pollutant = match key.substance {
            Substance::Pollutant(index) => inventory.study.words.pollutants.code(index).to_string(),
            Substance::Equivalent => totals.ghg.clone().unwrap_or_default(),
        };
        let mut inputs: Vec<InfluenceShare> =
            parameters(inventory, key, sum).chain(activities(inventory, key, sum)).collect();
        let rank = |share: &InfluenceShare| (share.variance_share.unwrap_or(-1.0), share.result_share.unwrap_or(0.0));
        inputs.sort_by(|a, b| {
            let ((a_variance, a_result), (b_variance, b_result)) = (rank(a), rank(b));
            b_variance.total_cmp(&a_variance).then(b_result.total_cmp(&a_result))
        });
        shares.extend(inputs.into_iter().map(|share| InfluenceShare { pollutant: pollutant.clone(), ..share }));
    }
    shares
}

fn parameters<'a>(
    inventory: &'a Inventory<'_>,
    key: &'a GroupKey,
    sum: &'a PropagatedSum,
) -> impl Iterator<Item = InfluenceShare> + 'a {
    let all = sum.variance().whole();
    sum.on_parameter.iter().map(move |(&index, stake)| {
        let parameter = &inventory.study.ladder.parameters[index];
        let influence = sum.influences.get(&index);
        InfluenceShare {
            year: key.year,
            boundary: key.boundary,
            pollutant: String::new(),
            input: "parameter",
            name: parameter.name.clone(),
            said: input_names::parameter(inventory.study, parameter),
            set: parameter.set.clone(),
            confidence: parameter.confidence.word().to_string(),
            low_pct: stake.share.map(|share| share.down * 100.0),
            high_pct: stake.share.map(|share| share.up * 100.0),
            result_share: sum.share(stake.amount),
            variance_share: influence
                .map(|of| RangeBounds::of(of.down, of.up).squared().whole())
                .and_then(|part| (all > 0.0).then(|| part / all)),
            reference: parameter.place.to_string(),
        }
    })
}

fn activities<'a>(
    inventory: &'a Inventory<'_>,
    key: &'a GroupKey,
    sum: &'a PropagatedSum,
) -> impl Iterator<Item = InfluenceShare> + 'a {
    let all = sum.variance().whole();
    sum.on_activity.iter().map(move |((category, item), resting)| {
        let (words, activity) = (&inventory.study.words, &inventory.study.activity);
        let said = input_names::activity(inventory.study, *category as usize, *item as usize, &[]);
        let (category, item) = (words.categories.code(*category as usize), words.items.code(*item as usize));
        let row = resting.first_row as usize;
        let known = resting.variance.whole() > 0.0;
        InfluenceShare {
            year: key.year,
            boundary: key.boundary,
            pollutant: String::new(),
            input: "activity",
            name: format!("{category} {item}"),
            said,
            set: String::new(),
            confidence: activity.word(activity.quality[row]).to_string(),
            low_pct: None,
            high_pct: None,
            result_share: sum.share(resting.amount),
            variance_share: (known && all > 0.0).then(|| resting.variance.whole() / all),
            reference: activity.reference_of(row),
        }
    })
}
