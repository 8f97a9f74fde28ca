//! Text as it is written into a CSV: a spreadsheet that opens the file must not take it for a formula.

use std::borrow::Cow;

/// With an apostrophe before a text that begins as a formula does (`=`, `+`, `-`, `@`, a tab, a carriage return) and is no
/// number. One more apostrophe goes before those that such a text has already, so that taking one away gives the text back.
pub fn inert(text: &str) -> Cow<'_, str> {
    let begins = text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_number = || text.strip_suffix('%').unwrap_or(text).parse::<f64>().is_ok();
    if begins && !is_number() { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`inert`] was given.
pub fn restored(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'').unwrap_or(cell);
    if inert(rest) == cell { rest } else { cell }
}

#[cfg(test)]
mod tests {
    use super::{inert, restored};

    #[test]
    fn what_a_spreadsheet_would_run_is_text_and_can_be_had_back() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("'=1", "''=1"),
            ("-", "'-"),
            ("-5", "-5"),
            ("+1.5e3", "+1.5e3"),
            ("+8.1%", "+8.1%"),
            ("-1%%", "'-1%%"),
            ("'quoted'", "'quoted'"),
            ("原煤", "原煤"),
            ("a=b", "a=b"),
            ("", ""),
        ];
        for (text, cell) in cases {
            assert_eq!(inert(text), cell);
            assert_eq!(restored(cell), text);
        }
    }
}
