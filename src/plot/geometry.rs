//! What no picture may do, read from the picture itself: texts that overlap, are cut or are too small for print, and shapes
//! that leave the page.

use super::{Svg, text_layout, theme};

/// plotters draws at eight times the size of the page.
const FINE: f64 = 8.0;
/// The smallest type in page units: 7 pt where the page is set 156 mm wide, 0.4914 pt to a unit.
const SMALLEST: f64 = 14.25;
/// Free at both sides of the page.
const EDGE: f64 = 4.0;

struct PlacedText {
    text: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// Everything that is wrong with a picture.
pub fn faults(svg: &str) -> Vec<String> {
    let page = (number(svg, "width=\""), number(svg, "height=\""));
    let texts: Vec<PlacedText> = svg.lines().filter(|line| line.starts_with("<text ")).map(written).collect();
    let mut faults: Vec<String> = shapes(svg, page);
    for (place, text) in texts.iter().enumerate() {
        let inside = text.left >= EDGE && text.right <= page.0 - EDGE && text.top >= 0.0 && text.bottom <= page.1;
        if !inside {
            faults.push(format!("'{}' leaves the page", text.text));
        }
        let over = |other: &&PlacedText| {
            text.left < other.right && other.left < text.right && text.top < other.bottom && other.top < text.bottom
        };
        faults.extend(
            texts[place + 1..].iter().find(over).map(|other| format!("'{}' lies on '{}'", other.text, text.text)),
        );
    }
    for line in svg.lines().filter(|line| line.starts_with("<text ")) {
        if number(line, "font-size=\"") / FINE < SMALLEST {
            faults.push(format!("too small: {line}"));
        }
    }
    faults
}

/// Asserts that nothing is wrong, and gives back the picture's text.
pub fn sound(drawn: Result<Svg, super::ChartError>) -> String {
    let svg = drawn.expect("the table can be drawn");
    let faults = faults(svg.as_str());
    assert!(faults.is_empty(), "{faults:#?}\n{}", svg.as_str());
    svg.as_str().to_string()
}

fn number(text: &str, key: &str) -> f64 {
    let rest = text.split_once(key).map_or("", |(_, rest)| rest);
    let end = rest.find('"').unwrap_or(0);
    rest[..end].parse().unwrap_or(f64::NAN)
}

/// The box of a text without its thin edges, in page units.
fn written(line: &str) -> PlacedText {
    let body = line.split_once('>').map_or("", |(_, rest)| rest);
    let mut text = String::new();
    let mut tag = false;
    for c in body.chars() {
        match c {
            '<' => tag = true,
            '>' => tag = false,
            c if !tag => text.push(c),
            _ => {}
        }
    }
    let text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let style = theme::Type { size: number(line, "font-size=\"") / FINE, bold: line.contains("bold"), ..theme::LABEL };
    let (x, y) = (number(line, " x=\"") / FINE, number(line, " y=\"") / FINE);
    let width = text_layout::width(&text, style);
    let left = match () {
        () if line.contains("text-anchor=\"end\"") => x - width,
        () if line.contains("text-anchor=\"middle\"") => x - width / 2.0,
        () => x,
    };
    let (top, bottom) = (y - 0.74 * style.size, y + 0.08 * style.size);
    PlacedText { text, left: left + 1.0, right: left + width - 1.0, top, bottom }
}

fn shapes(svg: &str, page: (f64, f64)) -> Vec<String> {
    let mut faults = Vec::new();
    for line in svg.lines() {
        let spots: Vec<(f64, f64)> = if line.starts_with("<rect") {
            let (x, y) = (number(line, " x=\""), number(line, " y=\""));
            vec![(x, y), (x + number(line, "width=\""), y + number(line, "height=\""))]
        } else if line.starts_with("<circle") {
            vec![(number(line, "cx=\""), number(line, "cy=\""))]
        } else if line.starts_with("<poly") {
            let points = line.split_once("points=\"").map_or("", |(_, rest)| rest);
            let points = points.split('"').next().unwrap_or("");
            points
                .split_whitespace()
                .filter_map(|pair| pair.split_once(','))
                .map(|(x, y)| (parsed(x), parsed(y)))
                .collect()
        } else {
            continue;
        };
        let inside =
            |(x, y): &(f64, f64)| (-8.0..=page.0 * FINE + 8.0).contains(x) && (-8.0..=page.1 * FINE + 8.0).contains(y);
        if !spots.iter().all(inside) {
            faults.push(format!("leaves the page: {}", &line[..line.len().min(160)]));
        }
    }
    faults
}

fn parsed(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}
