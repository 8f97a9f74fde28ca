//! Text before it is drawn: the embedded font, formulas, widths, line breaks.

use super::ChartError;
use super::theme::Type;
use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use std::sync::OnceLock;

pub const FAMILY: &str = "Qingdan Sans SC";
pub const REGULAR: &[u8] = include_bytes!("fonts/QingdanSansSC-Regular.ttf");
pub const BOLD: &[u8] = include_bytes!("fonts/QingdanSansSC-Bold.ttf");

/// Formulas as tables write them and as print sets them; the longest first, so that `NH3N` is not
/// read as `NH3`.
const FORMULAS: [(&str, &str); 19] = [
    ("PM2.5", "PM₂.₅"),
    ("CO2eq", "CO₂eq"),
    ("CO2e", "CO₂e"),
    ("NH3-N", "NH₃-N"),
    ("NH3N", "NH₃-N"),
    ("PM10", "PM₁₀"),
    ("CO2", "CO₂"),
    ("CH4", "CH₄"),
    ("N2O", "N₂O"),
    ("SO2", "SO₂"),
    ("NO2", "NO₂"),
    ("NOx", "NOₓ"),
    ("NOX", "NOₓ"),
    ("NH3", "NH₃"),
    ("SF6", "SF₆"),
    ("NF3", "NF₃"),
    ("km2", "km²"),
    ("m2", "m²"),
    ("m3", "m³"),
];

/// Makes the fonts known to plotters, once in the life of the program.
pub fn register() -> Result<(), ChartError> {
    static DONE: OnceLock<bool> = OnceLock::new();
    let done = DONE.get_or_init(|| {
        register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
            && register_font(FAMILY, FontStyle::Bold, BOLD).is_ok()
    });
    if *done { Ok(()) } else { Err(ChartError::Drawing { reason: "the embedded font cannot be read".into() }) }
}

/// Sets formulas with their subscripts and keeps the text on one line.
pub fn typeset(text: &str) -> String {
    let mut set = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let found = FORMULAS.iter().find(|(plain, _)| rest.starts_with(plain) && ends_there(&rest[plain.len()..]));
        match found.filter(|_| may_begin_after(&set)) {
            Some((plain, print)) => {
                set.push_str(print);
                rest = &rest[plain.len()..];
            }
            None => {
                set.push(if next.is_control() { ' ' } else { next });
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    set
}

fn ends_there(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// `tCO2` and `万吨CO2` hold a formula, `HCO2` and `12m3` of a part number do not.
fn may_begin_after(set: &str) -> bool {
    !set.ends_with(|c: char| c.is_ascii_uppercase() || c == '_')
}

/// Width of a line in page units.
///
/// plotters measures by the height of the font, SVG sets by its em; the ratio of the two is found
/// from a Chinese character, which is one em wide.
pub fn width(text: &str, style: Type) -> f64 {
    const PROBE: f64 = 1000.0;
    if register().is_err() {
        return text.chars().count() as f64 * style.size;
    }
    let weight = if style.bold { FontStyle::Bold } else { FontStyle::Normal };
    let font = FontDesc::new(FontFamily::Name(FAMILY), PROBE, weight);
    let measured = |text: &str| font.layout_box(text).map_or(0.0, |(_, (right, _))| f64::from(right));
    let em = measured("清").max(1.0);
    measured(&typeset(text)) / em * style.size
}

/// The widest of several lines.
pub fn widest<'a>(texts: impl IntoIterator<Item = &'a str>, style: Type) -> f64 {
    texts.into_iter().map(|text| width(text, style)).fold(0.0, f64::max)
}

/// Breaks a text into at most `most` lines of a width in page units; what does not fit ends in an
/// ellipsis.
pub fn wrap(text: &str, style: Type, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(&typeset(text)) {
        if !line.is_empty() && width(&format!("{line}{}", piece.trim_end()), style) > room {
            lines.push(line.trim_end().to_string());
            line.clear();
        }
        line.push_str(if line.is_empty() { piece.trim_start() } else { &piece });
        while width(line.trim_end(), style) > room && line.chars().count() > 1 {
            let rest = overflow(&mut line, style, room);
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_string());
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            shorten(last, style, room);
        }
    }
    lines
}

/// The same, in as many lines, but with lines of about the same length: for titles and notes that
/// stand alone.
pub fn wrap_evenly(text: &str, style: Type, room: f64, most: usize) -> Vec<String> {
    let mut lines = wrap(text, style, room, most);
    let (mut narrow, mut wide) = (room / 2.0, room);
    while lines.len() > 1 && lines.len() < most && wide - narrow > style.size {
        let between = (narrow + wide) / 2.0;
        let tried = wrap(text, style, between, most);
        if tried.len() > lines.len() {
            narrow = between;
        } else {
            (wide, lines) = (between, tried);
        }
    }
    lines
}

/// A title is read at a glance or not at all.
pub const TITLE_LINES: usize = 2;

/// A title on one line or two; where one of its own pauses leaves two lines that fit, the break is there and not within a word.
pub fn wrap_title(text: &str, style: Type, room: f64) -> Vec<String> {
    const PAUSES: &str = "，：；、,;:";
    if width(text, style) <= room {
        return wrap(text, style, room, TITLE_LINES);
    }
    let set = typeset(text);
    let pauses = set.char_indices().filter(|(_, c)| PAUSES.contains(*c)).map(|(at, c)| at + c.len_utf8());
    let ends_a_word = |at: &usize| set[..*at].ends_with(is_chinese) || set[*at..].starts_with(' ');
    let halves = pauses.filter(ends_a_word).map(|at| [set[..at].trim(), set[at..].trim()]);
    let longest = |halves: &[&str; 2]| widest(halves.iter().copied(), style);
    let is_even = |halves: &[&str; 2]| halves.iter().all(|half| width(half, style) >= 0.3 * longest(halves));
    let even = halves.filter(|halves| longest(halves) <= room && is_even(halves));
    match even.min_by(|one, other| longest(one).total_cmp(&longest(other))) {
        Some(halves) => halves.map(ToString::to_string).to_vec(),
        None if wrap(text, style, room, usize::MAX).len() <= TITLE_LINES => wrap_evenly(text, style, room, usize::MAX),
        None => wrap(text, style, room, TITLE_LINES),
    }
}

/// Cuts from a line without break what does not fit and gives it back.
fn overflow(line: &mut String, style: Type, room: f64) -> String {
    let mut rest: Vec<char> = Vec::new();
    while line.chars().count() > 1 && width(line, style) > room {
        rest.extend(line.pop());
    }
    rest.iter().rev().collect()
}

fn shorten(line: &mut String, style: Type, room: f64) {
    while !line.is_empty() && width(&format!("{line}…"), style) > room {
        line.pop();
    }
    line.push('…');
}

/// The parts of a text that no line break may split: words, and Chinese characters with their
/// punctuation.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for next in text.chars() {
        match pieces.last_mut() {
            Some(piece) if before.is_some_and(|before| !may_break(before, next)) => piece.push(next),
            _ => pieces.push(next.to_string()),
        }
        before = Some(next);
    }
    pieces
}

/// Whether a line may end between two characters: after a space, or beside a Chinese character, but
/// never before closing or after opening punctuation.
fn may_break(before: char, next: char) -> bool {
    const CLOSING: &str = "，。、；：！？）》〉」』】〕”’％%…,.;:!?)]}·";
    const OPENING: &str = "（《〈「『【〔“‘([{";
    if next == ' ' || CLOSING.contains(next) || OPENING.contains(before) {
        return false;
    }
    before == ' ' || is_chinese(before) || is_chinese(next)
}

/// Chinese characters and full-width forms.
pub fn is_chinese(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
