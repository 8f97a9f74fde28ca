//! Cells that a workbook shows in per cent: 92.5 % is held as 0.925, and what is meant depends on the unit beside it.

use super::{Table, letters, shorten};
use crate::error::{Diagnostic, Diagnostics, Place, Text};
use crate::say;

/// Makes the cells of a row that are shown in per cent the figures that their columns ask for.
pub(super) fn convert(table: &Table, line: usize, cells: &mut [(u32, String, bool)], faults: &mut Diagnostics) {
    for at in 0..cells.len() {
        let (position, held, true) = &cells[at] else { continue };
        let Some(index) = table.positions.iter().position(|own| *own == Some(*position as usize)) else { continue };
        let name = table.schema.columns[index].name;
        let shown = hundredfold(held);
        let unit = governing(name).and_then(|unit| table.index(unit)).map(|unit| {
            let unit = table.positions[unit];
            cells.iter().find(|(column, ..)| Some(*column as usize) == unit).map_or("", |(_, text, _)| text.trim())
        });
        let refused = match unit.map(Kind::of) {
            // A column in per cent by its name.
            None if name.ends_with("_pct") => None,
            Some(Kind::PerCent) => None,
            // A share, which the cell holds.
            None | Some(Kind::Share) => continue,
            Some(Kind::Other) => Some(in_doubt(held, &shown, &shorten(unit.unwrap_or("")))),
        };
        if let Some((text, hint)) = refused {
            let place = Place::line(&table.file, line, &format!("{name} ({}{line})", letters(*position as usize)));
            faults.push(Diagnostic::new(place, text).hint(hint));
            continue;
        }
        cells[at].1 = shown;
    }
}

/// The column with the unit of a column, where it has one.
fn governing(column: &str) -> Option<&'static str> {
    match column {
        "amount" | "value" | "low" | "high" => Some("unit"),
        "activity" | "capacity" => Some("activity_unit"),
        "distance" => Some("distance_unit"),
        "factor_before" | "factor_after" | "generation_factor" => Some("factor_unit"),
        "generated" | "base_emission" | "offset" => Some("mass_unit"),
        _ => None,
    }
}

enum Kind {
    PerCent,
    Share,
    Other,
}

impl Kind {
    fn of(unit: &str) -> Self {
        match unit.to_lowercase().as_str() {
            "%" | "％" | "percent" | "pct" | "百分比" => Self::PerCent,
            "" | "1" | "１" | "无量纲" | "fraction" | "ratio" | "份" => Self::Share,
            _ => Self::Other,
        }
    }
}

fn in_doubt(held: &str, shown: &str, unit: &str) -> (Text, Text) {
    let text = say!(
        "此格在 Excel 中显示为 {shown}%（存的是 {held}），单位却是 '{unit}'",
        "this cell is shown as {shown} % (it holds {held}), but its unit is '{unit}'"
    );
    let hint = say!(
        "若是百分数，单位写 %；若不是，把单元格格式改为“常规”，使其显示应有的数",
        "if it is a percentage, write % as its unit; if not, give the cell the format General and see that it shows the right number"
    );
    (text, hint)
}

/// A hundred times a decimal number, digit by digit: 0.925 becomes 92.5 and never 92.50000000000001.
fn hundredfold(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = format!("{part:0<2}");
    let (moved, rest) = part.split_at(2);
    let whole = format!("{whole}{moved}");
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::hundredfold;

    #[test]
    fn the_point_moves_by_two_places() {
        let cases = [
            ("0.925", "92.5"),
            ("0.0135", "1.35"),
            ("1", "100"),
            ("0", "0"),
            ("-0.5", "-50"),
            ("0.001", "0.1"),
            ("12.3456", "1234.56"),
        ];
        for (held, shown) in cases {
            assert_eq!(hundredfold(held), shown);
        }
    }
}
