//! What measures cost: investment spread over its life, running costs, net present value, and the order of the marginal cost curve.
//!
//! annual cost = (invest · CRF(discount, life) + running) · activity changed (or count · level); saved money is negative.

use crate::error::{Diagnostic, Diagnostics, Place, Result, Text};
use crate::plan::{self, AmountSide, Extent, KernelInputs, Plan, ScenarioContext, Series};
use crate::say;
use crate::scenario::{Cost, Measure};
use crate::toml_document::Quantity;
use crate::unit::Dimension;

/// The share of an investment that is due every year of its life: r / (1 − (1 + r)^−n); 1/n without interest.
pub fn recovery(discount: f64, life: f64) -> f64 {
    if discount == 0.0 { 1.0 / life } else { discount / (1.0 - (1.0 + discount).powf(-life)) }
}

/// The worth today of what is due `years` from now.
pub fn present(value: f64, discount: f64, years: usize) -> f64 {
    value / (1.0 + discount).powf(years as f64)
}

/// What a measure costs in a scenario, in yuan, from the anchor on.
#[derive(Debug, Clone, PartialEq)]
pub struct CostSeries {
    /// Yearly cost.
    pub annual: Series,
    /// What has to be invested for the level of the year.
    pub invest: Series,
    pub discount: f64,
}

impl CostSeries {
    /// What all projected years are worth in the anchor year; positive where the measure saves money.
    pub fn net_present_value(&self) -> f64 {
        -self.annual.iter().enumerate().skip(1).map(|(at, cost)| present(*cost, self.discount, at)).sum::<f64>()
    }

    /// The greatest investment of any year.
    pub fn investment(&self) -> f64 {
        self.invest.iter().copied().fold(0.0, f64::max)
    }
}

/// The bill of each level of a plan; none where a measure's cost is not known.
///
/// # Errors
/// Money per a unit that nothing the measure changes is counted in.
pub fn bills(ground: ScenarioContext<'_>, plan: &Plan, levers: &KernelInputs) -> Result<Vec<Option<CostSeries>>> {
    let mut faults = Diagnostics::default();
    let mut found = Vec::new();
    let extents = plan::extents(ground, plan, levers);
    for (level, extents) in extents.iter().enumerate() {
        let measure = &ground.plans.measures[plan.levels[level].measure];
        let bill = measure.cost.as_ref().map(|cost| bill(ground, (measure, cost), (extents, &levers.levels[level])));
        found.push(bill.and_then(|bill| faults.record(bill)));
    }
    faults.into_result(found)
}

fn bill(
    ground: ScenarioContext<'_>,
    (measure, cost): (&Measure, &Cost),
    (extents, level): (&[Extent], &Series),
) -> Result<CostSeries> {
    let mut faults = Diagnostics::default();
    let mut series = |key: &str| {
        let quantity = if key == "invest" { &cost.invest } else { &cost.running };
        let price = Price { measure, key };
        let none = vec![0.0; level.len()];
        let found = quantity.as_ref().map(|quantity| match &cost.count {
            Some(count) => price.counted(ground, (quantity, count), level),
            None => price.per_activity(ground, quantity, extents).map(|values| or_else(values, level.len())),
        });
        found.and_then(|found| faults.record(found)).unwrap_or(none)
    };
    let (invest, running) = (series("invest"), series("running"));
    let share = recovery(cost.discount, cost.life);
    let annual = invest.iter().zip(&running).map(|(invest, running)| invest * share + running).collect();
    faults.into_result(CostSeries { annual, invest, discount: cost.discount })
}

/// A measure that changes nothing has no extents, and costs nothing.
fn or_else(values: Series, years: usize) -> Series {
    if values.is_empty() { vec![0.0; years] } else { values }
}

/// One price of a measure.
struct Price<'a> {
    measure: &'a Measure,
    key: &'a str,
}

impl Price<'_> {
    fn fault(&self, text: Text) -> Diagnostic {
        let place = self.measure.cost.as_ref().map_or_else(|| self.measure.place.clone(), |cost| cost.place.clone());
        Diagnostic::new(Place { column: format!("{}.cost.{}", self.measure.code, self.key), ..place }, text)
    }

    /// Money per counted unit, as many of them as `count` says at level 1.
    ///
    /// A bare count counts what stands below the money, whatever that is; a count with a unit has to cancel it.
    fn counted(
        &self,
        ground: ScenarioContext<'_>,
        (price, count): (&Quantity, &Quantity),
        level: &Series,
    ) -> Result<Series> {
        let whole = if count.unit_text == "1" {
            let money = price.unit_text.split(['/', '／']).next().unwrap_or("");
            match ground.inventory.study.words.units.parse(money) {
                Ok(unit) if is_money(unit.in_expression()) => price.value * unit.factor * count.canonical(),
                _ => {
                    let unit = &price.unit_text;
                    let text = say!("'{unit}' 应写作 金额/计数单位", "write '{unit}' as money/unit counted");
                    return Err(self.fault(text).into());
                }
            }
        } else {
            match price.unit.in_expression().times(count.unit.in_expression()) {
                Some(dimension) if is_money(dimension) => price.canonical() * count.canonical(),
                _ => {
                    let (unit, counted) = (&price.unit_text, &count.unit_text);
                    let text = say!(
                        "'{unit}' 乘以 count 的单位 '{counted}' 不是金额",
                        "'{unit}' times '{counted}', the unit of count, is no money"
                    );
                    return Err(self.fault(text).into());
                }
            }
        };
        Ok(level.iter().map(|level| whole * level).collect())
    }

    /// Money per unit of the activity changed; where its unit does not fit that, per unit of the new item of a shift.
    fn per_activity(&self, ground: ScenarioContext<'_>, price: &Quantity, extents: &[Extent]) -> Result<Series> {
        let below = Dimension { money: 0, price_base: None, ..price.unit.in_expression() };
        let Some(below) = Dimension::PURE.per(below) else { return Ok(Vec::new()) };
        let tries =
            [(AmountSide::Own, true), (AmountSide::New, true), (AmountSide::Own, false), (AmountSide::New, false)];
        for (side, exact) in tries {
            let units = |extent: &&Extent| match exact {
                true => (dimension(ground, extent.row) == below).then_some(1.0),
                false => units_per_amount(ground, extent.row, below),
            };
            let of_side: Vec<&Extent> = extents.iter().filter(|extent| extent.side == side).collect();
            let found: Option<Vec<f64>> = of_side.iter().map(units).collect();
            let Some(units) = found.filter(|units| !units.is_empty()) else { continue };
            let mut sum = vec![0.0; of_side[0].values.len()];
            for (extent, units) in of_side.iter().zip(units) {
                let each = price.canonical() * units;
                sum.iter_mut().zip(&extent.values).for_each(|(sum, value)| *sum += each * value);
            }
            return Ok(sum);
        }
        let Some(first) = extents.first() else { return Ok(Vec::new()) };
        Err(self.unfitting(ground, price, first).into())
    }

    fn unfitting(&self, ground: ScenarioContext<'_>, price: &Quantity, extent: &Extent) -> Diagnostic {
        let activity = &ground.inventory.study.activity;
        let (row, unit) = (activity.reference_of(extent.row as usize), &activity.unit_of(extent.row as usize).0);
        let written = &price.unit_text;
        let text = say!(
            "'{written}' 与所改变的活动（{row}，单位 {unit}）不符",
            "'{written}' fits nothing that the measure changes, such as {row} in {unit}"
        );
        self.fault(text).hint(say!(
            "写作每 {unit} 的金额；按台、按项计的，加 count = 数量",
            "give money per {unit}; for costs per boiler or project add count = how many"
        ))
    }
}

fn is_money(dimension: Dimension) -> bool {
    Dimension { price_base: None, ..dimension } == Dimension { money: 1, ..Dimension::PURE }
}

fn dimension(ground: ScenarioContext<'_>, row: u32) -> Dimension {
    ground.inventory.study.activity.unit_of(row as usize).1.in_expression()
}

/// Units of energy of an amount in mass or volume, or of mass or volume of an amount in energy.
fn units_per_amount(ground: ScenarioContext<'_>, row: u32, below: Dimension) -> Option<f64> {
    if below == Dimension::ENERGY {
        return plan::per_amount(ground.inventory, row);
    }
    if dimension(ground, row) != Dimension::ENERGY {
        return None;
    }
    plan::calorific_value(ground.inventory, row, below).map(|energy| 1.0 / energy)
}

/// What a measure costs and brings, for the order of the cost curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CostEffectiveness {
    pub cost: f64,
    pub npv: f64,
    pub tonnes: f64,
}

impl CostEffectiveness {
    /// Money per tonne; none where nothing is cut.
    pub fn per_tonne(&self) -> Option<f64> {
        (self.tonnes > 0.0).then(|| self.cost / self.tonnes)
    }

    /// Where in the curve: those that save money, by net present value; then by cost per tonne; last those that cut nothing.
    ///
    /// Cost per tonne does not order what saves money: of two measures with the same saving it would prefer the one that cuts less.
    fn key(&self) -> (u8, f64) {
        match self.per_tonne() {
            None => (2, self.cost),
            Some(_) if self.cost < 0.0 => (0, -self.npv),
            Some(per_tonne) => (1, per_tonne),
        }
    }
}

/// The place of each measure in the cost curve, from 1 on.
pub fn ranks(standings: &[CostEffectiveness]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..standings.len()).collect();
    order.sort_by(|&a, &b| {
        let ((a_class, a_key), (b_class, b_key)) = (standings[a].key(), standings[b].key());
        a_class.cmp(&b_class).then(a_key.total_cmp(&b_key)).then(a.cmp(&b))
    });
    let mut ranks = vec![0; standings.len()];
    order.into_iter().enumerate().for_each(|(place, at)| ranks[at] = place + 1);
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference notes on scenarios, section 4.8.
    #[test]
    fn recovery_factors_and_unit_cost() {
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 5e-10, "{found} is not {expected}");
        near(recovery(0.05, 10.0), 0.129504575);
        near(recovery(0.08, 15.0), 0.116829545);
        near(recovery(0.03, 20.0), 0.067215708);
        near(recovery(0.0, 4.0), 0.25);
        let standing = CostEffectiveness { cost: 2.0e6 * recovery(0.05, 10.0) - 0.15e6, npv: 0.0, tonnes: 1500.0 };
        assert!((standing.per_tonne().expect("a cut") - 72.672767).abs() < 5e-7);
    }

    /// A saves as much as B and cuts ten times more: per tonne A looks worse (−1 against −10), by net present value it is not.
    #[test]
    fn savings_are_ordered_by_net_present_value() {
        let of = |cost: f64, npv: f64, tonnes: f64| CostEffectiveness { cost, npv, tonnes };
        let standings =
            [of(50.0, -400.0, 10.0), of(-100.0, 800.0, 10.0), of(-100.0, 801.0, 100.0), of(20.0, -9.0, 10.0)];
        assert_eq!(ranks(&standings), [4, 2, 1, 3]);
        assert_eq!(ranks(&[of(-5.0, 1.0, 0.0), of(9.0, -1.0, 1.0)]), [2, 1]);
    }

    #[test]
    fn net_present_value_begins_in_the_first_projected_year() {
        let bill = CostSeries { annual: vec![0.0, -110.0, 121.0], invest: vec![0.0; 3], discount: 0.1 };
        assert!((bill.net_present_value() - (100.0 - 100.0)).abs() < 1e-12);
    }
}
