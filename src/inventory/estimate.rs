//! Expressions over the table, in polars: one frame for each shape of method, then one order for all.

use super::{Emission, Stock};
use crate::error::{Result, failure};
use crate::expression::{AGE, AMOUNT, Expression, Use, to_frame};
use crate::matching::{Matches, ResolvedMethod, ValueSource};
use crate::study::Study;
use foldhash::HashMap;
use polars::prelude::*;
use std::collections::BTreeMap;

/// What the expressions give.
#[derive(Debug, Default)]
pub struct Estimate {
    pub emissions: Vec<Emission>,
    pub stocks: Vec<Stock>,
    /// Row and energy in TJ of fuels, electricity and heat.
    pub energy: Vec<(u32, f64)>,
}

/// What a frame computes for its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum EstimatedQuantity {
    Emitted,
    Generated,
    Energy,
}

/// All classes whose values come by the same chain of methods: one expression over columns.
#[derive(Default)]
struct ExpressionGroup {
    tree: Option<Expression>,
    class: Vec<u32>,
    /// Index of the binding, or of the class for energy.
    target: Vec<u32>,
    year: Vec<i32>,
    age: Vec<f64>,
    parameters: Vec<Vec<f64>>,
}

/// One class for which an expression is evaluated.
#[derive(Clone, Copy)]
struct ClassCase {
    class: u32,
    /// Index of the binding, or of the class for energy.
    target: u32,
    /// Year of the emission.
    year: i32,
    /// Years from the activity to the emission.
    age: f64,
}

/// A value for a row: what it is of, which year, and how much in t or TJ.
#[derive(Clone, Copy)]
struct EstimatedValue {
    row: u32,
    target: u32,
    year: i32,
    value: f64,
}

type Shapes = BTreeMap<(EstimatedQuantity, Vec<usize>), ExpressionGroup>;

/// Evaluates every binding over the rows of its class.
///
/// Emissions come in the order of row, then binding. Sums over earlier years run in the order of rows, so that the
/// bytes do not depend on the number of threads.
///
/// # Errors
/// Failures of the frame engine.
pub fn estimate(study: &Study, matches: &Matches) -> Result<Estimate> {
    let shapes = shapes(study, matches);
    let rows = rows(study, matches).map_err(|cause| failure("estimate", cause))?;
    let evaluate = |quantity, take: &mut dyn FnMut(EstimatedValue)| {
        let wanted: Vec<&ExpressionGroup> =
            shapes.iter().filter(|((of, _), _)| *of == quantity).map(|(_, shape)| shape).collect();
        values(&rows, &wanted, take).map_err(|cause| failure("estimate", cause))
    };
    let mut generated: HashMap<(u32, u32), f64> = HashMap::default();
    evaluate(EstimatedQuantity::Generated, &mut |value| _ = generated.insert((value.row, value.target), value.value))?;
    let mut found = Estimate::default();
    evaluate(EstimatedQuantity::Energy, &mut |value| found.energy.push((value.row, value.value)))?;
    found.emissions.reserve(count(study, matches));
    let mut shares = Vec::new();
    evaluate(EstimatedQuantity::Emitted, &mut |value| {
        let EstimatedValue { row, target, year, value: emitted_t } = value;
        if matches.bindings[target as usize].emission_year.is_some() {
            shares.push(value);
            return;
        }
        let generated_t = if generated.is_empty() { None } else { generated.get(&(row, target)).copied() };
        found.emissions.push(Emission { row, binding: target, year, emitted_t, generated_t, stock: None });
    })?;
    add_up(study, matches, shares, &mut found);
    Ok(found)
}

/// Number of emissions, to allocate the list once.
fn count(study: &Study, matches: &Matches) -> usize {
    let mut of_class = vec![0; matches.classes.len()];
    for binding in matches.bindings.iter().filter(|binding| binding.emission_year.is_none()) {
        let class = binding.class as usize;
        of_class[class] += usize::from(study.settings.years.contains(&matches.classes[class].year));
    }
    matches.class_of[..study.activity.own].iter().map(|&class| of_class[class as usize]).sum()
}

/// Frame of the numeric activity rows: row, class and amount in canonical units.
fn rows(study: &Study, matches: &Matches) -> PolarsResult<DataFrame> {
    let activity = &study.activity;
    let numeric: Vec<u32> = if activity.notations.is_empty() {
        (0..activity.own as u32).collect()
    } else {
        (0..activity.own as u32).filter(|row| !activity.notations.contains_key(row)).collect()
    };
    let class: Vec<u32> = numeric.iter().map(|&row| matches.class_of[row as usize]).collect();
    let amount: Vec<f64> = numeric.iter().map(|&row| activity.amount[row as usize]).collect();
    df!("row" => numeric, "class" => class, AMOUNT => amount)
}

fn shapes(study: &Study, matches: &Matches) -> Shapes {
    let mut shapes = Shapes::new();
    for (index, binding) in matches.bindings.iter().enumerate() {
        let own = matches.classes[binding.class as usize].year;
        let year = binding.emission_year.unwrap_or(own);
        if !study.settings.years.contains(&year) {
            continue;
        }
        let age = f64::from(year - own);
        let case = ClassCase { class: binding.class, target: index as u32, year, age };
        add(&mut shapes, EstimatedQuantity::Emitted, study, &binding.emitted, case);
        if let Some(generated) = &binding.generated {
            add(&mut shapes, EstimatedQuantity::Generated, study, generated, case);
        }
    }
    for (class, resolved) in &matches.energy {
        let year = matches.classes[*class as usize].year;
        if study.settings.years.contains(&year) {
            let case = ClassCase { class: *class, target: *class, year, age: 0.0 };
            add(&mut shapes, EstimatedQuantity::Energy, study, resolved, case);
        }
    }
    shapes
}

/// Adds a class to the group of its chain of methods, with its parameters in canonical units.
fn add(shapes: &mut Shapes, quantity: EstimatedQuantity, study: &Study, resolved: &ResolvedMethod, case: ClassCase) {
    let mut chain = Vec::new();
    let mut parameters = Vec::new();
    let tree = compose(study, resolved, &mut chain, &mut parameters);
    let shape = shapes.entry((quantity, chain)).or_default();
    if shape.tree.is_none() {
        shape.parameters = vec![Vec::new(); parameters.len()];
        shape.tree = Some(tree);
    }
    for (column, index) in shape.parameters.iter_mut().zip(parameters) {
        column.push(study.ladder.parameters[index].canonical());
    }
    let ClassCase { class, target, year, age } = case;
    shape.class.push(class);
    shape.target.push(target);
    shape.year.push(year);
    shape.age.push(age);
}

/// The whole chain of methods as one tree over `amount`, `age` and numbered parameters. `chain` tells shapes apart.
///
/// `parameters` are the indices of the parameters behind the names `p0`, `p1` ….
pub(super) fn compose(
    study: &Study,
    resolved: &ResolvedMethod,
    chain: &mut Vec<usize>,
    parameters: &mut Vec<usize>,
) -> Expression {
    chain.push(resolved.method);
    let mut leaves: Vec<(&Use, Expression)> = Vec::new();
    for (used, input) in &resolved.inputs {
        let leaf = match input {
            ValueSource::Amount => Expression::Name(AMOUNT.into()),
            ValueSource::Age => Expression::Name(AGE.into()),
            ValueSource::Parameter(index) => {
                chain.push(usize::MAX);
                parameters.push(*index);
                Expression::Name(format!("p{}", parameters.len() - 1))
            }
            ValueSource::Method(inner) => compose(study, inner, chain, parameters),
        };
        leaves.push((used, leaf));
    }
    study.methods[resolved.method]
        .expression
        .replace(&|used| leaves.iter().find(|(name, _)| *name == used).map(|(_, leaf)| leaf.clone()))
}

/// A shape's rows with their value: one lazy plan, joined on the class, whose cases are unique by construction.
fn frame(rows: &DataFrame, shape: &ExpressionGroup) -> PolarsResult<LazyFrame> {
    let Some(tree) = &shape.tree else { return Ok(DataFrame::empty().lazy()) };
    let mut columns: Vec<Column> = vec![
        Column::new("class".into(), &shape.class),
        Column::new("target".into(), &shape.target),
        Column::new("year".into(), &shape.year),
        Column::new(AGE.into(), &shape.age),
    ];
    for (index, values) in shape.parameters.iter().enumerate() {
        columns.push(Column::new(format!("p{index}").into(), values));
    }
    let cases = DataFrame::new(shape.class.len(), columns)?;
    let value = to_frame(tree, &|used: &Use| col(used.name.as_str()));
    let joined = rows.clone().lazy().join(cases.lazy(), [col("class")], [col("class")], JoinArgs::new(JoinType::Inner));
    Ok(joined.select([col("row"), col("target"), col("year"), value.cast(DataType::Float64).alias("value")]))
}

/// Rows that are taken through join, expression and sort at a time: what is held beside the result does not grow with the table.
const CHUNK: usize = 200_000;

/// Passes every value to `take`, in the order of row, then target.
fn values(rows: &DataFrame, shapes: &[&ExpressionGroup], take: &mut dyn FnMut(EstimatedValue)) -> PolarsResult<()> {
    if shapes.is_empty() {
        return Ok(());
    }
    for offset in (0..rows.height()).step_by(CHUNK) {
        let chunk = rows.slice(offset as i64, CHUNK);
        let frames = shapes.iter().map(|shape| frame(&chunk, shape)).collect::<PolarsResult<Vec<_>>>()?;
        let order = SortMultipleOptions::default();
        let all = concat(frames, UnionArgs::default())?.sort(["row", "target"], order).collect()?;
        let (row, target, year) = (all.column("row")?.u32()?, all.column("target")?.u32()?, all.column("year")?.i32()?);
        let cells = row.iter().zip(target.iter()).zip(year.iter()).zip(all.column("value")?.f64()?.iter());
        cells.for_each(|(((row, target), year), value)| {
            take(EstimatedValue {
                row: row.unwrap_or(0),
                target: target.unwrap_or(0),
                year: year.unwrap_or(0),
                value: value.unwrap_or(f64::NAN),
            });
        });
    }
    Ok(())
}

/// Adds the contributions of all earlier years up to one emission for each year, place, source and pollutant.
fn add_up(study: &Study, matches: &Matches, shares: Vec<EstimatedValue>, found: &mut Estimate) {
    let activity = &study.activity;
    let mut sums: BTreeMap<_, (Emission, Stock)> = BTreeMap::new();
    for share in shares {
        let binding = &matches.bindings[share.target as usize];
        let row = share.row as usize;
        let key = (
            (activity.area[row], binding.category, activity.item[row], activity.technology[row], activity.source[row]),
            (binding.pollutant, share.year),
        );
        let EstimatedValue { row, target, year, value } = share;
        let zero = Emission { row, binding: target, year, emitted_t: 0.0, generated_t: None, stock: None };
        let (emission, stock) = sums.entry(key).or_insert_with(|| (zero, Stock::new()));
        emission.emitted_t += value;
        (emission.row, emission.binding) = (row, target);
        stock.push((row, target));
    }
    for (emission, stock) in sums.into_values() {
        found.emissions.push(Emission { stock: Some(found.stocks.len() as u32), ..emission });
        found.stocks.push(stock);
    }
}
