//! Text to tree: `sqlparser` reads the text, one walk with a white-list makes our tree and refuses the rest with its place.

use super::dialect::FormulaDialect;
use super::{ComparisonOperator, Condition, Expression, Function, Operator};
use crate::error::Text;
use crate::say;
use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned, UnaryOperator, Value,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

/// What was refused, and at which character of the text where that is known (from 1).
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub character: Option<usize>,
    pub text: Text,
}

/// A bound on the text, so that garbage in a cell cannot cost time or stack.
const LONGEST: usize = 2000;

/// Parses an expression over `amount`, `age` and named parameters.
pub fn parse(text: &str) -> Result<Expression, Refusal> {
    let plain = normalise(text);
    let refuse = |text| Err(Refusal { character: None, text });
    if plain.trim().is_empty() {
        return refuse(say!("公式是空的", "the expression is empty"));
    }
    if plain.chars().count() > LONGEST {
        return refuse(say!("公式超过 {LONGEST} 个字符", "the expression is longer than {LONGEST} characters"));
    }
    if let Some(at) = plain.find("/*") {
        let character = Some(plain[..at].chars().count() + 1);
        return Err(Refusal { character, text: say!("公式中不能有注释", "an expression has no comments") });
    }
    walk(&whole(&plain)?)
}

/// The tree of sqlparser, of the whole text.
pub(super) fn whole(plain: &str) -> Result<Expr, Refusal> {
    let dialect = FormulaDialect(PostgreSqlDialect {});
    let parser = Parser::new(&dialect).with_recursion_limit(60).try_with_sql(plain);
    let mut parser = parser.map_err(|cause| unreadable(&cause))?;
    let tree = parser.parse_expr().map_err(|cause| unreadable(&cause))?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        let found = rest.token.to_string();
        let text = say!("多余的 '{found}'", "'{found}' is left over");
        return Err(Refusal { character: Some(rest.span.start.column as usize), text });
    }
    Ok(tree)
}

/// Full-width forms and the signs of mathematics, as the parser knows them.
pub(super) fn normalise(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '×' | '·' | '⋅' => '*',
        '÷' => '/',
        '−' | '–' => '-',
        '\u{3000}' | '\u{a0}' | '\t' | '\r' | '\n' => ' ',
        _ => c,
    };
    let text: String = text.chars().map(plain).collect();
    let mut text = text.replace('≤', "<=").replace('≥', ">=").replace('≠', "<>");
    // Two minus signs are arithmetic here; the parser would take them for a comment and drop what follows.
    while text.contains("--") {
        text = text.replace("--", "- -");
    }
    text
}

pub(super) fn unreadable(cause: &ParserError) -> Refusal {
    let cause = cause.to_string();
    let cause = cause.trim_start_matches("sql parser error: ").to_string();
    Refusal { character: None, text: say!("公式无法读懂：{cause}", "the expression cannot be read: {cause}") }
}

fn refused(part: &Expr) -> Refusal {
    let start = part.span().start.column as usize;
    let shown: String = part.to_string().chars().take(60).collect();
    let text = say!(
        "公式中不允许 '{shown}'；只能用数、名称、+ - * / ^、括号、min、max、exp、ln、if、now",
        "'{shown}' is not allowed; an expression has numbers, names, + - * / ^, parentheses, min, max, exp, ln, if, now"
    );
    Refusal { character: Some(start).filter(|&column| column > 0), text }
}

fn walk(part: &Expr) -> Result<Expression, Refusal> {
    match part {
        Expr::Nested(inner) => walk(inner),
        Expr::Identifier(name) => Ok(Expression::Name(name.value.clone())),
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => number(digits).ok_or_else(|| refused(part)),
            _ => Err(refused(part)),
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => Ok(Expression::Negative(Box::new(walk(expr)?))),
        Expr::UnaryOp { op: UnaryOperator::Plus, expr } => walk(expr),
        Expr::BinaryOp { left, op, right } => {
            let operator = operator(op).ok_or_else(|| refused(part))?;
            Ok(Expression::Binary(operator, Box::new(walk(left)?), Box::new(walk(right)?)))
        }
        Expr::Function(function) => call(part, function),
        _ => Err(refused(part)),
    }
}

pub(super) fn number(digits: &str) -> Option<Expression> {
    digits.parse().ok().filter(|value: &f64| value.is_finite()).map(Expression::Number)
}

pub(super) fn operator(op: &BinaryOperator) -> Option<Operator> {
    Some(match op {
        BinaryOperator::Plus => Operator::Add,
        BinaryOperator::Minus => Operator::Subtract,
        BinaryOperator::Multiply => Operator::Multiply,
        BinaryOperator::Divide => Operator::Divide,
        BinaryOperator::PGExp | BinaryOperator::BitwiseXor => Operator::Power,
        _ => return None,
    })
}

fn call(part: &Expr, function: &sqlparser::ast::Function) -> Result<Expression, Refusal> {
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
    let name = function.name.to_string().to_lowercase();
    match (name.as_str(), parts.as_slice()) {
        ("if", [condition, a, b]) => {
            Ok(Expression::If(Box::new(self::condition(condition)?), Box::new(walk(a)?), Box::new(walk(b)?)))
        }
        ("now", [Expr::Identifier(name)]) => Ok(Expression::Now(name.value.clone())),
        ("power" | "pow", [a, b]) => Ok(Expression::Binary(Operator::Power, Box::new(walk(a)?), Box::new(walk(b)?))),
        ("exp", [a]) => Ok(Expression::Call(Function::Exp, vec![walk(a)?])),
        ("ln", [a]) => Ok(Expression::Call(Function::Ln, vec![walk(a)?])),
        ("min", [_, ..]) => Ok(Expression::Call(Function::Min, walk_all(&parts)?)),
        ("max", [_, ..]) => Ok(Expression::Call(Function::Max, walk_all(&parts)?)),
        _ => Err(refused(part)),
    }
}

fn walk_all(parts: &[&Expr]) -> Result<Vec<Expression>, Refusal> {
    parts.iter().map(|part| walk(part)).collect()
}

fn condition(part: &Expr) -> Result<Condition, Refusal> {
    match part {
        Expr::Nested(inner) => condition(inner),
        Expr::BinaryOp { left, op, right } => {
            let comparison = match op {
                BinaryOperator::Lt => ComparisonOperator::Less,
                BinaryOperator::LtEq => ComparisonOperator::LessOrEqual,
                BinaryOperator::Gt => ComparisonOperator::Greater,
                BinaryOperator::GtEq => ComparisonOperator::GreaterOrEqual,
                BinaryOperator::Eq => ComparisonOperator::Equal,
                BinaryOperator::NotEq => ComparisonOperator::NotEqual,
                _ => return Err(refused(part)),
            };
            Ok(Condition { comparison, left: walk(left)?, right: walk(right)? })
        }
        _ => Err(refused(part)),
    }
}
