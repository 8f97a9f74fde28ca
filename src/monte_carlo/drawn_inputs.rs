//! What is drawn, and what it moves in each scenario.

use super::distribution::{Distribution, normal};
use super::rng::Stream;
use super::uncertain_inputs::{DrawSubject, DrawnDriver, Uncertain, UncertainEntry, nothing_left, unused};
use crate::analysis::uncertainty::{Uncertainty, setting};
use crate::error::{Diagnostics, Result, Text};
use crate::inventory::Inventory;
use crate::matching::Binding;
use crate::parameter::Parameter;
use crate::plan::lane_kernel::{LANES, Lane, LaneLevers, RunRequest};
use crate::plan::{Plan, ScenarioContext, keys_of, rows_of};
use crate::range::RangeLimits;
use crate::study::input_names;
use std::collections::BTreeSet;

/// Something that is drawn once a trial.
#[derive(Debug, Clone)]
pub struct DrawnInput {
    /// Of codes, stable: draws are keyed by it.
    pub name: String,
    /// As people call it.
    pub said: Text,
    pub spread: Distribution,
    pub moves: InputEffect,
    /// Of the file, not of the ranges of the library.
    pub written: bool,
}

#[derive(Debug, Clone)]
pub enum InputEffect {
    Rate(DrawnDriver),
    Change(DrawnDriver),
    /// Index into the measures of the study.
    Level(usize),
    /// Places among the asked parameters.
    Parameters(Vec<usize>),
    /// Place among the asked activities.
    Activity(usize),
}

/// All that is drawn, the same for every scenario.
#[derive(Debug, Clone, Default)]
pub struct DrawnInputs {
    pub all: Vec<DrawnInput>,
    pub parameters: Vec<usize>,
    pub rows: Vec<u32>,
}

/// The half-width of a 95 % range in standard deviations.
fn reach() -> f64 {
    normal(0.975)
}

/// Collects the inputs: the file's own, then the ranges of the library and of activity as far as they are asked for.
///
/// # Errors
/// Selectors and names that hold for nothing.
pub fn collect(ground: ScenarioContext<'_>, plans: &[Plan], uncertain: &Uncertain) -> Result<DrawnInputs> {
    let inventory = ground.inventory;
    let rows: BTreeSet<u32> = plans.iter().flat_map(|plan| plan.rows()).collect();
    // What activity of earlier years still gives is drawn with what it gives in the inventory's own years.
    let stocks = inventory.stocks.iter().flatten().map(|(row, _)| *row);
    let with_stocks: Vec<u32> = rows.iter().copied().chain(stocks).collect::<BTreeSet<u32>>().into_iter().collect();
    let rows: Vec<u32> = rows.into_iter().collect();
    let used = used(inventory, &with_stocks);
    let mut faults = Diagnostics::default();
    let mut inputs = DrawnInputs::default();
    for written in &uncertain.entries {
        let moves = match &written.subject {
            DrawSubject::Rate(path) | DrawSubject::Change(path) if is_beyond(path, plans) => {
                faults.push(nothing_left(written));
                continue;
            }
            DrawSubject::Rate(path) => InputEffect::Rate(path.clone()),
            DrawSubject::Change(path) => InputEffect::Change(path.clone()),
            DrawSubject::Level(measure) => InputEffect::Level(*measure),
            DrawSubject::Parameter { .. } => {
                let Some(found) = faults.record(selected(inventory, (&with_stocks, &used), written)) else { continue };
                InputEffect::Parameters(found.into_iter().map(|index| inputs.parameter(index)).collect())
            }
        };
        let (name, said) = (written.name.clone(), Text { zh: written.name.clone(), en: written.name.clone() });
        inputs.all.push(DrawnInput { name, said, spread: written.spread.clone(), moves, written: true });
    }
    if uncertain.parameters == Some(true) {
        inputs.add_parameters(inventory, &used);
    }
    if uncertain.activity == Some(true) {
        inputs.add_activity(inventory, &rows);
    }
    faults.into_result(inputs)
}

/// Whether no scenario goes as far as the first year that is drawn.
fn is_beyond(path: &DrawnDriver, plans: &[Plan]) -> bool {
    path.from.is_some_and(|from| plans.iter().all(|plan| from > plan.horizon))
}

/// A use of a parameter: the class, the binding (none: energy), the parameter.
type DrawnUse<'a> = (u32, Option<&'a Binding>, usize);

fn used<'a>(inventory: &'a Inventory<'_>, rows: &[u32]) -> Vec<DrawnUse<'a>> {
    let matches = &inventory.matches;
    let classes: BTreeSet<u32> = rows.iter().map(|row| matches.class_of[*row as usize]).collect();
    let mut found: Vec<DrawnUse<'a>> = Vec::new();
    for binding in matches.bindings.iter().filter(|binding| classes.contains(&binding.class)) {
        found.extend(binding.emitted.parameters().iter().map(|(_, index)| (binding.class, Some(binding), *index)));
    }
    for (class, chain) in matches.energy.iter().filter(|(class, _)| classes.contains(class)) {
        found.extend(chain.parameters().iter().map(|(_, index)| (*class, None, *index)));
    }
    found
}

fn selected(
    inventory: &Inventory<'_>,
    (rows, used): (&[u32], &[DrawnUse<'_>]),
    written: &UncertainEntry,
) -> Result<BTreeSet<usize>> {
    let DrawSubject::Parameter { select, name } = &written.subject else { return Ok(BTreeSet::new()) };
    let study = inventory.study;
    let chosen = rows_of(study, select, rows);
    let classes: BTreeSet<u32> = chosen.iter().map(|row| inventory.matches.class_of[*row as usize]).collect();
    let of_rows = used.iter().filter(|(class, binding, _)| {
        let pollutant = binding.map(|binding| binding.pollutant);
        classes.contains(class) && (select.pollutant.is_none() || select.pollutant == pollutant)
    });
    let of_rows: Vec<usize> = of_rows.map(|(.., index)| *index).collect();
    let known = |index: &usize| study.ladder.parameters[*index].name.as_str();
    let found: BTreeSet<usize> = of_rows.iter().copied().filter(|index| known(index) == name).collect();
    if found.is_empty() {
        let mut names: Vec<&str> = of_rows.iter().map(known).collect();
        names.sort_unstable();
        names.dedup();
        return Err(unused(written, name, &names).into());
    }
    Ok(found)
}

impl DrawnInputs {
    fn parameter(&mut self, index: usize) -> usize {
        self.parameters.iter().position(|known| *known == index).unwrap_or_else(|| {
            self.parameters.push(index);
            self.parameters.len() - 1
        })
    }

    /// Every row of the ladder that has a range, once; one that the file spreads itself is left alone.
    fn add_parameters(&mut self, inventory: &Inventory<'_>, used: &[DrawnUse<'_>]) {
        let study = inventory.study;
        let mut seen: BTreeSet<usize> = self.parameters.iter().copied().collect();
        for (class, binding, index) in used {
            let parameter = &study.ladder.parameters[*index];
            if !seen.insert(*index) || parameter.value == 0.0 {
                continue;
            }
            let Some(margin) = study.ranges.of_parameter(parameter, setting(inventory, *class, *binding)) else {
                continue;
            };
            let value = parameter.canonical();
            let Some(spread) = of_margin(margin, value, upper(parameter)) else { continue };
            let slot = self.parameter(*index);
            let name = format!("{} [{}]", parameter.name, key(inventory, parameter));
            let said = input_names::parameter(inventory.study, parameter);
            self.all.push(DrawnInput {
                name,
                said,
                spread,
                moves: InputEffect::Parameters(vec![slot]),
                written: false,
            });
        }
    }

    /// An activity's error is one in all years: the range of its row in the anchor year.
    fn add_activity(&mut self, inventory: &Inventory<'_>, rows: &[u32]) {
        let study = inventory.study;
        let uncertainty = Uncertainty::new(inventory);
        let mut seen: BTreeSet<[u32; 5]> = BTreeSet::new();
        for &row in rows {
            let amount = study.activity.amount[row as usize];
            let keys = keys_of(study, row);
            if amount == 0.0 || !seen.insert(keys) {
                continue;
            }
            let spread = uncertainty.amount(row).and_then(|margin| of_margin(margin, amount, f64::INFINITY));
            let Some(spread) = spread else { continue };
            self.rows.push(row);
            let words = [
                study.words.areas.code(keys[0] as usize),
                study.words.categories.code(keys[1] as usize),
                study.words.items.code(keys[2] as usize),
                study.activity.word(keys[3]),
                study.activity.word(keys[4]),
            ];
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            let (name, moves) =
                (format!("activity [{}]", words.join(", ")), InputEffect::Activity(self.rows.len() - 1));
            let apart = [study.activity.word(keys[3]), study.activity.word(keys[4])];
            let said = input_names::activity(study, keys[1] as usize, keys[2] as usize, &apart);
            self.all.push(DrawnInput { name, said, spread, moves, written: false });
        }
    }

    pub fn asked(&self, metrics: Vec<usize>) -> RunRequest {
        RunRequest { metrics, parameters: self.parameters.clone(), rows: self.rows.clone() }
    }

    pub fn streams(&self, seed: u64) -> Vec<Stream> {
        self.all.iter().map(|input| Stream::new(seed, &input.name)).collect()
    }
}

/// A share cannot be drawn above 1 where its source gives it as one.
fn upper(parameter: &Parameter) -> f64 {
    let is_share = parameter.unit.in_expression() == crate::unit::Dimension::PURE && parameter.canonical() <= 1.0;
    let stated = parameter.high.map_or(1.0, |high| high * parameter.unit.factor);
    if is_share && stated <= 1.0 { 1.0 / parameter.canonical() } else { f64::INFINITY }
}

/// The factor of a value with a 95 % range: a normal half on each side, never of the other sign. Where both sides are given as
/// a ratio (value/low = high/value), the lognormal whose median is the value and whose 95 % range is as wide as high/low.
fn of_margin(margin: RangeLimits, value: f64, upper: f64) -> Option<Distribution> {
    let (down, up) = (margin.down / value.abs(), margin.up / value.abs());
    if !(down.is_finite() && up.is_finite()) || (down <= 0.0 && up <= 0.0) {
        return None;
    }
    // Of a negative value the low end is the larger amount.
    let (down, up) = if value < 0.0 { (up, down) } else { (down, up) };
    let (below, above) = (1.0 - down, 1.0 + up);
    let is_ratio = down != up && below > 0.0 && (above * below - 1.0).abs() < 0.05;
    if is_ratio && upper.is_infinite() {
        return Distribution::new("lognormal", &[1.0, (above / below).sqrt().powf(1.0 / reach())]).ok();
    }
    let bounds = (0.0, upper);
    Some(Distribution::Halves { down: down / reach(), up: up / reach(), bounds })
}

/// A row of the ladder by all that it holds for: its stable name.
fn key(inventory: &Inventory<'_>, parameter: &Parameter) -> String {
    let words = &inventory.study.words;
    let year = |year: Option<i32>| year.map_or(String::new(), |year| year.to_string());
    let parts = [
        parameter.set.clone(),
        parameter.category.map_or(String::new(), |index| words.categories.code(index).to_string()),
        parameter.item.map_or(String::new(), |index| words.items.code(index).to_string()),
        parameter.technology.clone(),
        parameter.pollutant.map_or(String::new(), |index| words.pollutants.code(index).to_string()),
        parameter.area.map_or(String::new(), |index| words.areas.code(index).to_string()),
        parameter.source.clone(),
        year(parameter.year_from),
        year(parameter.year_to),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The inputs that move something in one scenario, with the levers that they move.
#[derive(Debug, Clone)]
pub struct Sampler<'a> {
    pub inputs: &'a DrawnInputs,
    anchor: i32,
    /// The place of the last year.
    last: usize,
    /// Of each driver its value by that of the year before, from the second year on.
    growths: Vec<Vec<f64>>,
    /// Of each input the driver or level of the plan; `None` where it moves neither.
    places: Vec<Option<usize>>,
    /// The inputs that move something, growth rates first: a factor on a driver's change is one on what the rates make of it.
    order: Vec<usize>,
}

impl<'a> Sampler<'a> {
    pub fn new(inputs: &'a DrawnInputs, plan: &Plan) -> Self {
        let driver = |path: &DrawnDriver| plan.drivers.iter().position(|driver| driver.name == path.driver);
        let place = |input: &DrawnInput| match &input.moves {
            InputEffect::Rate(path) | InputEffect::Change(path) => driver(path),
            InputEffect::Level(measure) => plan.levels.iter().position(|level| level.measure == *measure),
            _ => None,
        };
        let growth = |pair: &[f64]| pair[1] / pair[0];
        let growths = plan.drivers.iter().map(|driver| driver.values.windows(2).map(growth).collect()).collect();
        let places = inputs.all.iter().map(place).collect();
        let (anchor, last) = (plan.anchor, plan.length().saturating_sub(1));
        let mut sampler = Self { inputs, anchor, last, growths, places, order: Vec::new() };
        sampler.order = (0..inputs.all.len()).filter(|input| sampler.acts(*input)).collect();
        sampler.order.sort_by_key(|input| !matches!(inputs.all[*input].moves, InputEffect::Rate(_)));
        sampler
    }

    /// The place of the last year of a driver that is not drawn.
    fn known(&self, path: &DrawnDriver) -> usize {
        let before = |from: i32| usize::try_from(from - 1 - self.anchor).unwrap_or(0);
        path.from.map_or(0, before).min(self.last)
    }

    /// Whether an input moves anything here.
    pub fn acts(&self, input: usize) -> bool {
        self.places[input].is_some()
            || matches!(self.inputs.all[input].moves, InputEffect::Parameters(_) | InputEffect::Activity(_))
    }

    /// Fills the levers of a batch, from a uniform number for each input and lane.
    pub fn draw(&self, (nominal, levers): (&LaneLevers, &mut LaneLevers), uniform: &impl Fn(usize, usize) -> f64) {
        levers.set(nominal);
        pulp::Arch::new().dispatch(Draw { sampler: self, levers, uniform });
    }

    #[inline(always)]
    fn move_levers(&self, levers: &mut LaneLevers, uniform: &impl Fn(usize, usize) -> f64) {
        let mut drawn = Lane::all(0.0);
        for &at in &self.order {
            let input = &self.inputs.all[at];
            for (lane, drawn) in drawn.iter_mut().enumerate() {
                *drawn = uniform(at, lane);
            }
            input.spread.quantiles(&mut drawn);
            match (&input.moves, self.places[at]) {
                (InputEffect::Rate(path), Some(driver)) => {
                    let known = self.known(path);
                    add_to_rates((&self.growths[driver][known..], &mut levers.drivers[driver][known..]), &drawn);
                }
                (InputEffect::Change(path), Some(driver)) => {
                    scale_change(&mut levers.drivers[driver][self.known(path)..], &drawn);
                }
                (InputEffect::Level(_), Some(level)) => {
                    for year in &mut levers.levels[level] {
                        for lane in 0..LANES {
                            year[lane] = (year[lane] * drawn[lane]).clamp(0.0, 1.0);
                        }
                    }
                }
                (InputEffect::Parameters(slots), _) => {
                    for slot in slots {
                        for (factor, drawn) in levers.factors[*slot].iter_mut().zip(drawn.iter()) {
                            *factor *= drawn;
                        }
                    }
                }
                (InputEffect::Activity(slot), _) => levers.rows[*slot] = drawn,
                _ => {}
            }
        }
    }
}

struct Draw<'b, 'a, Uniform> {
    sampler: &'b Sampler<'a>,
    levers: &'b mut LaneLevers,
    uniform: &'b Uniform,
}

impl<Uniform: Fn(usize, usize) -> f64> pulp::WithSimd for Draw<'_, '_, Uniform> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) {
        self.sampler.move_levers(self.levers, self.uniform);
    }
}

/// value(t) = value(t−1) · (1 + rate(t) + drawn)
#[inline(always)]
fn add_to_rates((growths, years): (&[f64], &mut [Lane]), added: &Lane) {
    let Some((first, later)) = years.split_first_mut() else { return };
    let mut value = *first;
    for (year, growth) in later.iter_mut().zip(growths) {
        value = value.zip(added, |value, added| value * (growth + added));
        *year = value;
    }
}

/// value(t) = known + (value(t) − known) · drawn, from the last year that is known on.
#[inline(always)]
fn scale_change(years: &mut [Lane], factor: &Lane) {
    let Some((known, later)) = years.split_first_mut() else { return };
    for year in later {
        for lane in 0..LANES {
            year[lane] = known[lane] + (year[lane] - known[lane]) * factor[lane];
        }
    }
}
