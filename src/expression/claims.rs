//! Claims: what a planner expects, `strong.total(CO2, 2030) < base.total(CO2, 2030)`, read by the same parser as formulas.
//!
//! claim := claim `and` claim | claim `or` claim | `not` claim | `all(`claim`)` | `any(`claim`)` | value (`<` `<=` `>` `>=` `=` `<>` value)+
//! value := number | 'number with unit' | value (`+` `-` `*` `/` `^`) value | \[scenario`.`\]function(argument, …) | emissions\[`.`name\]

use super::parse::{Refusal, normalise, number, operator, whole};
use super::{ComparisonOperator, Expression, Operator};
use crate::error::Text;
use crate::say;
use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Spanned, UnaryOperator,
    Value as Literal,
};

/// An expectation of `[check]` as a tree of logical operators.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    And(Box<Claim>, Box<Claim>),
    Or(Box<Claim>, Box<Claim>),
    Not(Box<Claim>),
    /// In every projected year.
    All(Box<Claim>),
    /// In some projected year.
    Any(Box<Claim>),
    Compare(ComparisonOperator, ClaimValue, ClaimValue),
}

/// A number in an expectation.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimValue {
    Number(f64),
    /// A number with its unit, as written.
    Quantity(String),
    Negative(Box<ClaimValue>),
    Binary(Operator, Box<ClaimValue>, Box<ClaimValue>),
    Ask(ResultFunction),
}

/// A function over results.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultFunction {
    /// The scenario that is named; else each.
    pub scenario: Option<String>,
    pub function: String,
    pub arguments: Vec<Argument>,
    /// As it is written.
    pub text: String,
}

/// An argument of a function in an expectation.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// `CO2`, `energy.coal`, `'CO2 per gdp'`: a name, and the part of it that is meant.
    Name(String, Option<String>),
    Number(f64),
}

/// The function that stands for each single emission.
pub const EMISSIONS: &str = "emissions";

/// Reads a claim.
///
/// # Errors
/// What is not allowed, with its place in the text where that is known.
pub fn claim(text: &str) -> Result<Claim, Refusal> {
    let plain = normalise(text).replace(&format!("{EMISSIONS}.*"), EMISSIONS);
    let plain = [("all", EVERY), ("any", SOME_YEAR)].iter().fold(plain, |text, (from, to)| renamed(&text, from, to));
    walk(&whole(&plain)?)
}

/// SQL has quantifiers of its own after an operator (`x = all(…)`), so that `a and all(…)` would not be read.
const EVERY: &str = "every";
const SOME_YEAR: &str = "ever";

/// A function under another name; longer names that end in it keep theirs.
fn renamed(text: &str, from: &str, to: &str) -> String {
    let called = format!("{from}(");
    let mut parts = text.split(called.as_str()).peekable();
    let mut whole = String::with_capacity(text.len());
    while let Some(part) = parts.next() {
        whole.push_str(part);
        let is_part_of_a_name = part.ends_with(|sign: char| sign.is_alphanumeric() || sign == '_');
        if parts.peek().is_some() {
            whole.push_str(if is_part_of_a_name { from } else { to });
            whole.push('(');
        }
    }
    whole
}

fn refused(part: &Expr) -> Refusal {
    let start = part.span().start.column as usize;
    let shown: String = part.to_string().chars().take(60).collect();
    let text = say!(
        "此处不能写 '{shown}'；应为比较，如 total(CO2, 2030) <= total(CO2, 2025)，可用 and、or、not、all(…)、any(…)",
        "'{shown}' is not allowed here; a check is a comparison such as total(CO2, 2030) <= total(CO2, 2025), with and, or, not, all(…), any(…)"
    );
    Refusal { character: Some(start).filter(|&column| column > 0), text }
}

fn walk(part: &Expr) -> Result<Claim, Refusal> {
    let boxed = |part: &Expr| walk(part).map(Box::new);
    match part {
        Expr::Nested(inner) => walk(inner),
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => Ok(Claim::Not(boxed(expr)?)),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => Ok(Claim::And(boxed(left)?, boxed(right)?)),
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => Ok(Claim::Or(boxed(left)?, boxed(right)?)),
        Expr::BinaryOp { left, op, right } => {
            let comparison = comparison(op).ok_or_else(|| refused(part))?;
            // a <= b <= c: each pair of neighbours.
            match left.as_ref() {
                Expr::BinaryOp { op, right: middle, .. } if self::comparison(op).is_some() => {
                    let second = Claim::Compare(comparison, value(middle)?, value(right)?);
                    Ok(Claim::And(boxed(left)?, Box::new(second)))
                }
                _ => Ok(Claim::Compare(comparison, value(left)?, value(right)?)),
            }
        }
        Expr::Function(function) => {
            let (path, arguments) = called(part, function)?;
            match (path.as_slice(), arguments.as_slice()) {
                ([name], [inner]) if name == EVERY => Ok(Claim::All(boxed(inner)?)),
                ([name], [inner]) if name == SOME_YEAR => Ok(Claim::Any(boxed(inner)?)),
                // What is asked for alone has to be true: met(peak).
                _ => Ok(Claim::Compare(ComparisonOperator::NotEqual, value(part)?, ClaimValue::Number(0.0))),
            }
        }
        _ => Err(refused(part)),
    }
}

fn comparison(op: &BinaryOperator) -> Option<ComparisonOperator> {
    Some(match op {
        BinaryOperator::Lt => ComparisonOperator::Less,
        BinaryOperator::LtEq => ComparisonOperator::LessOrEqual,
        BinaryOperator::Gt => ComparisonOperator::Greater,
        BinaryOperator::GtEq => ComparisonOperator::GreaterOrEqual,
        BinaryOperator::Eq => ComparisonOperator::Equal,
        BinaryOperator::NotEq => ComparisonOperator::NotEqual,
        _ => return None,
    })
}

fn value(part: &Expr) -> Result<ClaimValue, Refusal> {
    match part {
        Expr::Nested(inner) => value(inner),
        Expr::Value(literal) => match &literal.value {
            Literal::Number(digits, _) => match number(digits) {
                Some(Expression::Number(number)) => Ok(ClaimValue::Number(number)),
                _ => Err(refused(part)),
            },
            Literal::SingleQuotedString(text) => Ok(ClaimValue::Quantity(text.clone())),
            _ => Err(refused(part)),
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => Ok(ClaimValue::Negative(Box::new(value(expr)?))),
        Expr::BinaryOp { left, op, right } => {
            let operator = operator(op).ok_or_else(|| refused(part))?;
            Ok(ClaimValue::Binary(operator, Box::new(value(left)?), Box::new(value(right)?)))
        }
        Expr::Function(function) => {
            let (mut path, arguments) = called(part, function)?;
            let name = path.pop().unwrap_or_default();
            let scenario = match path.as_slice() {
                [] => None,
                [scenario] => Some(scenario.clone()),
                _ => return Err(refused(part)),
            };
            let arguments = arguments.into_iter().map(argument).collect::<Result<_, _>>()?;
            Ok(ClaimValue::Ask(ResultFunction { scenario, function: name, arguments, text: part.to_string() }))
        }
        Expr::Identifier(name) if name.value == EMISSIONS => {
            let (function, text) = (EMISSIONS.to_string(), part.to_string());
            Ok(ClaimValue::Ask(ResultFunction { scenario: None, function, arguments: Vec::new(), text }))
        }
        Expr::CompoundIdentifier(path) => emissions(part, path),
        _ => Err(refused(part)),
    }
}

/// `emissions.CH4`, `low.emissions`, `low.emissions.CH4`.
fn emissions(part: &Expr, path: &[Ident]) -> Result<ClaimValue, Refusal> {
    let words: Vec<&str> = path.iter().map(|word| word.value.as_str()).collect();
    let (scenario, name) = match words.as_slice() {
        [EMISSIONS, name] => (None, Some(*name)),
        [scenario, EMISSIONS] => (Some(scenario.to_string()), None),
        [scenario, EMISSIONS, name] => (Some(scenario.to_string()), Some(*name)),
        _ => return Err(refused(part)),
    };
    let arguments = name.map(|name| Argument::Name(name.to_string(), None)).into_iter().collect();
    Ok(ClaimValue::Ask(ResultFunction { scenario, function: EMISSIONS.into(), arguments, text: part.to_string() }))
}

/// The dotted name of a function, and its arguments.
fn called<'e>(part: &Expr, function: &'e sqlparser::ast::Function) -> Result<(Vec<String>, Vec<&'e Expr>), Refusal> {
    let bare = function.over.is_none() && function.filter.is_none() && function.within_group.is_empty();
    let FunctionArguments::List(list) = &function.args else { return Err(refused(part)) };
    if !bare || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return Err(refused(part));
    }
    let mut parts = Vec::with_capacity(list.args.len());
    for argument in &list.args {
        match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(inner)) => parts.push(inner),
            _ => return Err(refused(part)),
        }
    }
    let path = function.name.0.iter().map(|word| word.as_ident().map(|ident| ident.value.clone()));
    Ok((path.collect::<Option<_>>().ok_or_else(|| refused(part))?, parts))
}

fn argument(part: &Expr) -> Result<Argument, Refusal> {
    match part {
        Expr::Nested(inner) => argument(inner),
        Expr::Identifier(name) => Ok(Argument::Name(name.value.clone(), None)),
        Expr::CompoundIdentifier(path) => match path.as_slice() {
            [name, rest @ ..] => {
                let rest: Vec<&str> = rest.iter().map(|word| word.value.as_str()).collect();
                Ok(Argument::Name(name.value.clone(), Some(rest.join("."))))
            }
            [] => Err(refused(part)),
        },
        Expr::Value(literal) => match &literal.value {
            Literal::SingleQuotedString(text) => Ok(Argument::Name(text.clone(), None)),
            _ => match value(part)? {
                ClaimValue::Number(number) => Ok(Argument::Number(number)),
                _ => Err(refused(part)),
            },
        },
        _ => Err(refused(part)),
    }
}

/// A refusal as a sentence.
pub fn sentence(refusal: &Refusal) -> Text {
    let Text { zh, en } = &refusal.text;
    match refusal.character {
        Some(at) => say!("第 {at} 个字符：{zh}", "at character {at}: {en}"),
        None => refusal.text.clone(),
    }
}
