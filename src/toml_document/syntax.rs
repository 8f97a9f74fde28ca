//! What is wrong with a line of TOML, in words of the person who wrote it: full-width signs, keys and texts without quotes.

use crate::error::{Diagnostic, Place};
use crate::say;
use crate::table::shorten;

/// The fault of a line that the parser refuses.
pub(super) fn fault(place: Place, line: &str, cause: &str) -> Diagnostic {
    let fault = |text| Diagnostic::new(place.clone(), text);
    let (bare, open) = outside(line);
    let plain = shorten(&mended(line));
    let write = || say!("写成 {plain}", "write {plain}");
    if bare.contains(['“', '”', '‘', '’', '＂', '「', '」', '『', '』']) {
        return fault(say!(
            "用了中文引号，这里要用英文引号 \"",
            "these quotes are full-width ones; plain quotes \" are needed"
        ))
        .hint(write());
    }
    if bare.contains(['，', '＝', '［', '］', '【', '】', '｛', '｝', '、']) {
        return fault(say!(
            "用了全角标点，这里要用英文标点",
            "a sign of this line is full-width; a plain one is needed"
        ))
        .hint(write());
    }
    if cause.contains("duplicate key") {
        return fault(say!("这个键出现了两次", "this key is there twice"));
    }
    if open {
        return fault(say!("引号没有成对", "a quote is not closed"))
            .hint(say!("文本前后各加一个英文引号 \"", "put a plain quote \" before and after the text"));
    }
    if let Some(quoted) = quoted_key(line, &bare) {
        let text = say!("中文的键要加引号", "a key of other than Latin letters needs quotes");
        return fault(text).hint(say!("写成 {quoted}", "write {quoted}"));
    }
    if let Some((key, value)) = bare_text(&bare) {
        let (key, value) = (shorten(key), shorten(value));
        let text = say!("文本要加引号", "a text needs quotes");
        return fault(text).hint(say!("写成 {key} = \"{value}\"", "write {key} = \"{value}\""));
    }
    let shown_zh = shorten(line.trim());
    let cause_en = cause;
    fault(say!("TOML 语法错误：'{shown_zh}' 无法读懂", "TOML: {cause_en}")).hint(say!(
        "每行写作 键 = 值；文本加引号，列表写作 [1, 2]",
        "a line is key = value; texts stand in quotes, lists in [1, 2]"
    ))
}

/// The line without what stands in plain quotes and after `#`, and whether a quote stays open.
fn outside(line: &str) -> (String, bool) {
    let mut bare = String::new();
    let mut quote = None;
    let mut escaped = false;
    for c in line.chars() {
        match quote {
            Some(own) => {
                if c == own && !escaped {
                    quote = None;
                }
                escaped = c == '\\' && own == '"' && !escaped;
            }
            None if c == '#' => break,
            None if c == '"' || c == '\'' => quote = Some(c),
            None => bare.push(c),
        }
    }
    (bare, quote.is_some())
}

/// The line with plain signs in place of full-width ones.
fn mended(line: &str) -> String {
    let plain = |c: char| match c {
        '“' | '”' | '＂' | '「' | '」' | '『' | '』' => '"',
        '‘' | '’' => '\'',
        '，' | '、' => ',',
        '＝' => '=',
        '［' | '【' => '[',
        '］' | '】' => ']',
        '｛' => '{',
        '｝' => '}',
        _ => c,
    };
    line.trim().chars().map(plain).collect()
}

/// The line with quotes around the keys that need them, where it is a heading or an assignment.
fn quoted_key(line: &str, bare: &str) -> Option<String> {
    let foreign = |key: &str| !key.is_ascii();
    let quoted = |keys: &str| {
        let parts = keys.split('.').map(str::trim);
        let part = |key: &str| if foreign(key) && !key.contains('"') { format!("\"{key}\"") } else { key.to_string() };
        parts.map(part).collect::<Vec<_>>().join(".")
    };
    let line = line.split('#').next().unwrap_or("").trim();
    let written = if let Some(inner) = line.strip_prefix('[').filter(|_| !bare.contains('=')) {
        let (double, inner) = inner.strip_prefix('[').map_or((false, inner), |inner| (true, inner));
        let keys = inner.trim_end_matches(']').trim();
        let (open, close) = if double { ("[[", "]]") } else { ("[", "]") };
        foreign(bare).then(|| format!("{open}{}{close}", quoted(keys)))
    } else {
        let (keys, value) = line.split_once('=')?;
        let before = bare.split('=').next().unwrap_or("");
        foreign(before).then(|| format!("{} = {}", quoted(keys.trim()), value.trim()))
    };
    written.map(|text| shorten(&text))
}

/// A key and a value that is a word without quotes.
fn bare_text(bare: &str) -> Option<(&str, &str)> {
    let (key, value) = bare.split_once('=')?;
    let (key, value) = (key.trim(), value.trim());
    let word = value.starts_with(char::is_alphabetic) || value.ends_with(|c: char| c == '%' || c.is_alphabetic());
    (word && !key.is_empty() && !value.contains(['[', '{', '=']) && !["true", "false"].contains(&value))
        .then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::fault;
    use crate::error::{Language, Place};

    #[test]
    fn a_line_is_named_with_its_remedy() {
        let cases = [
            ("gwp = “AR5”", "写成 gwp = \"AR5\""),
            ("years = [2020，2021]", "写成 years = [2020,2021]"),
            ("[低碳]", "写成 [\"低碳\"]"),
            ("[base.强化]", "写成 [base.\"强化\"]"),
            ("低碳 = 1", "写成 \"低碳\" = 1"),
            ("gwp = AR5", "写成 gwp = \"AR5\""),
            ("title = 清江区", "写成 title = \"清江区\""),
            ("cut = 18%", "写成 cut = \"18%\""),
            ("gwp = \"AR5", "引号没有成对"),
        ];
        for (line, expected) in cases {
            let said = fault(Place::line("study.toml", 3, ""), line, "").render(Language::Zh);
            assert!(said.contains(expected) && said.starts_with("study.toml:3: "), "{line}: {said}");
        }
    }
}
