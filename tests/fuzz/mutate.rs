//! Whole studies changed in a few places: cells, rows, columns, files, keys, codes, units, numbers, encodings, line ends.

use super::chance::Chance;
use qingdan::study::File;

/// What stands in a cell that was not meant to hold it.
const CELLS: [&str; 64] = [
    "",
    " ",
    "0",
    "-0",
    "1",
    "-1",
    "1e60",
    "1e100",
    "1e308",
    "1.79e308",
    "-1.79e308",
    "1e-60",
    "1e-300",
    "1e-400",
    "5e-324",
    "1e400",
    "NaN",
    "inf",
    "-inf",
    "0.1",
    "100",
    "18%",
    "18 %",
    "1,234.5",
    "581,7",
    "１２",
    "12 万",
    "NE",
    "NO",
    "NA",
    "C",
    "IE:Q.1",
    "IE:",
    "IE：Q",
    "2020",
    "2020年",
    "1799",
    "2200",
    "2201",
    "20200",
    "t",
    "kg/t",
    "PJ",
    "PJ127",
    "W127",
    "m2",
    "万吨",
    "%",
    "1",
    "亿元",
    "kg/t*PJ127/PJ127",
    "CO2",
    "CH4",
    "=1+1",
    "+x",
    "-x",
    "@x",
    "\t",
    "\u{1b}[31m",
    "\u{0}",
    "\u{feff}",
    "\u{202e}abc",
    "a\nb",
    "字",
];

const VALUES: [&str; 40] = [
    "0",
    "1",
    "-1",
    "6",
    "0.5",
    "1e60",
    "1e308",
    "-1e308",
    "1e-320",
    "nan",
    "inf",
    "true",
    "[]",
    "{}",
    "[1]",
    "\"\"",
    "\"0\"",
    "\"6%\"",
    "\"-100%\"",
    "\"-101%\"",
    "\"1e9%\"",
    "\"100%\"",
    "\"6\"",
    "\"1 t\"",
    "\"1 m2\"",
    "\"hold\"",
    "\"linear\"",
    "\"gdp\"",
    "\"base\"",
    "2020",
    "2021",
    "2030",
    "2200",
    "2201",
    "1",
    "\"CO2\"",
    "{ points = { 2030 = 0 } }",
    "{ rate = { \"2021-2030\" = \"-100%\" } }",
    "[\"base\"]",
    "1979-05-27",
];

/// One of the sound studies with one to five changes.
pub fn study(bases: &[Vec<File>], chance: &mut Chance) -> Vec<File> {
    let mut files = chance.of(bases).clone();
    for _ in 0..=chance.below(5) {
        if files.is_empty() {
            break;
        }
        let at = chance.below(files.len());
        match chance.below(24) {
            0 => drop(files.remove(at)),
            1 => {
                let copy = File { name: twin(&files[at].name, chance), bytes: files[at].bytes.clone() };
                files.push(copy);
            }
            2 => files[at].bytes = bytes(&files[at].bytes, chance),
            3 => files[at].bytes = encoded(&files[at].bytes, chance),
            _ if files[at].name.ends_with(".toml") => files[at].bytes = toml(&files[at].bytes, chance),
            _ if files[at].name.ends_with(".csv") => files[at].bytes = table(&files[at].bytes, chance),
            _ => files[at].bytes = bytes(&files[at].bytes, chance),
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files.dedup_by(|a, b| a.name == b.name);
    files
}

fn twin(name: &str, chance: &mut Chance) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    match chance.below(3) {
        0 => format!("{stem}2.{ending}"),
        1 => format!("activity/{}.{ending}", stem.rsplit('/').next().unwrap_or(stem)),
        _ => format!("parameters/{}.{ending}", stem.rsplit('/').next().unwrap_or(stem)),
    }
}

/// Bytes turned, cut, doubled or blanked.
pub fn bytes(old: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut new = old.to_vec();
    for _ in 0..=chance.below(8) {
        let (at, other) = (chance.below(new.len()), chance.below(new.len()));
        let (from, to) = (at.min(other), at.max(other));
        match chance.below(10) {
            0 => new.truncate(at),
            1 => new.insert(at, chance.next() as u8),
            2 => drop(new.drain(from..to.min(from + 64))),
            3 => new[from..to.min(from + 64)].fill(if chance.one_in(2) { 0 } else { 0xff }),
            4 => {
                let piece = new[from..to.min(from + 64)].to_vec();
                new.splice(at..at, piece);
            }
            5 if !new.is_empty() => new[at] = chance.next() as u8,
            _ if !new.is_empty() => new[at] ^= 1 << chance.below(8),
            _ => {}
        }
    }
    new
}

/// The same text as another program would save it.
pub fn encoded(old: &[u8], chance: &mut Chance) -> Vec<u8> {
    let text = String::from_utf8_lossy(old).trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let ends = match chance.below(4) {
        0 => text,
        1 => text.replace('\n', "\r\n"),
        2 => text.replace('\n', "\r"),
        _ => text.replace('\n', "\n\n"),
    };
    match chance.below(5) {
        0 => ends.into_bytes(),
        1 => format!("\u{feff}{ends}").into_bytes(),
        2 => encoding_rs::GB18030.encode(&ends).0.into_owned(),
        3 => std::iter::once(0xfeff).chain(ends.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        _ => std::iter::once(0xfeff).chain(ends.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
    }
}

/// A table with a change of its rows, columns or cells; its quotes are kept as they are, so that some change breaks them too.
fn table(old: &[u8], chance: &mut Chance) -> Vec<u8> {
    let text = String::from_utf8_lossy(old).to_string();
    let mut lines: Vec<Vec<String>> = text.lines().map(|line| line.split(',').map(str::to_string).collect()).collect();
    if lines.is_empty() {
        return old.to_vec();
    }
    let (row, other) = (chance.below(lines.len()), chance.below(lines.len()));
    let column = chance.below(lines[row].len());
    match chance.below(14) {
        0 => drop(lines.remove(row)),
        1 => lines.insert(other, lines[row].clone()),
        2 => lines.swap(row, other),
        3 => drop(lines[row].remove(column)),
        4 => lines[row].insert(column, chance.of(&CELLS).to_string()),
        5 => lines.iter_mut().for_each(|line| {
            if column < line.len() {
                line.remove(column);
            }
        }),
        6 => lines.iter_mut().skip(1).for_each(|line| {
            if let Some(cell) = line.get_mut(column) {
                *cell = String::new();
            }
        }),
        7 => {
            let cell = chance.of(&CELLS).to_string();
            lines.iter_mut().skip(1).for_each(|line| {
                if let Some(old) = line.get_mut(column) {
                    old.clone_from(&cell);
                }
            });
        }
        8 => chance.shuffle(&mut lines[1..]),
        9 => {
            let from = lines[other].get(column).cloned().unwrap_or_default();
            lines[row][column] = from;
        }
        10 => lines[row][column] = damaged(&lines[row][column], chance),
        _ => lines[row][column] = chance.of(&CELLS).to_string(),
    }
    let ends = if chance.one_in(6) { "\r\n" } else { "\n" };
    let text: Vec<String> = lines.iter().map(|line| line.join(",")).collect();
    (text.join(ends) + ends).into_bytes()
}

/// A word with a letter changed, doubled or gone, or very long.
fn damaged(word: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.is_empty() {
        return "x".into();
    }
    let at = chance.below(letters.len());
    match chance.below(5) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters[at] = *chance.of(&['x', '0', '9', '-', '.', 'e', '%', '"', '\'', ' ', '中', '\u{301}']),
        3 => letters.reverse(),
        _ => letters = letters.repeat(1 + 2000 / letters.len()),
    }
    letters.into_iter().collect()
}

/// A text of keys with a line or a value changed.
fn toml(old: &[u8], chance: &mut Chance) -> Vec<u8> {
    let text = String::from_utf8_lossy(old).to_string();
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    if lines.is_empty() {
        return old.to_vec();
    }
    let (row, other) = (chance.below(lines.len()), chance.below(lines.len()));
    match chance.below(10) {
        0 => drop(lines.remove(row)),
        1 => lines.insert(other, lines[row].clone()),
        2 => lines.swap(row, other),
        3 => lines[row] = damaged(&lines[row], chance),
        4 => lines[row] = number_changed(&lines[row], chance),
        5 | 6 => lines[row] = word_changed(&lines, row, other),
        _ => {
            if let Some((key, _)) = lines[row].split_once('=') {
                lines[row] = format!("{key}= {}", chance.of(&VALUES));
            }
        }
    }
    (lines.join("\n") + "\n").into_bytes()
}

/// The first number of a line replaced by another.
fn number_changed(line: &str, chance: &mut Chance) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    let Some(start) = line.find(is_digit) else { return line.to_string() };
    let end = line[start..].find(|c: char| !is_digit(c) && c != '.').map_or(line.len(), |length| start + length);
    let other = *chance
        .of(&["0", "-1", "1", "6", "100", "1e60", "1e300", "1e-300", "2019", "2020", "2021", "2031", "2200", "0.3"]);
    format!("{}{other}{}", &line[..start], &line[end..])
}

/// The value of another line in the place of this one's.
fn word_changed(lines: &[String], row: usize, other: usize) -> String {
    match (lines[row].split_once('='), lines[other].split_once('=')) {
        (Some((key, _)), Some((_, value))) => format!("{key}={value}"),
        _ => lines[row].clone(),
    }
}
