//! Flows between three columns: what is used, who uses it, and what that emits.
//!
//! A node is as high as what flows through it. Nodes of the outer columns stand in the order of the nodes that they are
//! bound to, links at a node in the order of their other ends, so that few links cross.

use super::canvas::{Canvas, Spot};
use super::end_labels::apart;
use super::number_format;
use super::page_layout::ChartPage;
use super::theme::{AXIS_TITLE, Hue, INK, LABEL, MARGIN, WIDTH};
use super::{ChartError, ChartTitles, Drawable, Plain, Svg, check_finite, text_layout};
use plotters::style::Color;

const NODE: f64 = 14.0;
const GAP: f64 = 12.0;
const HEAD: f64 = 26.0;
const FOOT: f64 = 10.0;
const LEAST_HEIGHT: f64 = 400.0;
const LABEL_ROW: f64 = 23.0;
const LABEL_ROOM: f64 = 235.0;
/// Points of a link's curve.
const STEPS: usize = 24;
const COLUMNS: usize = 3;
/// Sums of the same terms in another order.
const ROUNDING: f64 = 1e-9;

#[derive(Debug, Clone, Default)]
pub struct SankeyTable {
    pub frame: ChartTitles,
    pub headings: [String; COLUMNS],
    pub nodes: Vec<Node>,
    pub links: Vec<Link>,
}

#[derive(Debug, Clone)]
pub struct Node {
    /// 0, 1 or 2, from the left.
    pub column: usize,
    pub label: String,
    pub hue: Hue,
}

/// A flow from one column to the next.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    pub from: usize,
    pub to: usize,
    pub value: f64,
}

/// Where a node stands, and what flows through it.
#[derive(Clone, Copy)]
struct SankeyNode {
    left: f64,
    top: f64,
    height: f64,
    value: f64,
}

/// Draws the flows.
///
/// # Errors
/// A table without flows; links that leave out a column, or a middle node that does not pass on what it gets.
pub fn sankey(table: &SankeyTable) -> Result<Svg, ChartError> {
    check(table)?;
    let most = (0..COLUMNS).map(|column| order(table, column).len()).max().unwrap_or(1);
    let body = HEAD + FOOT + LEAST_HEIGHT.max(most as f64 * LABEL_ROW);
    let page = ChartPage::new(&table.frame, body, &[]);
    let blocks = blocks(table, (page.body_top() + HEAD, page.body_bottom() - FOOT));
    page.draw(|canvas| {
        draw_headings(canvas, table, page.body_top())?;
        draw_links(canvas, table, &blocks)?;
        draw_nodes(canvas, table, &blocks, (page.body_top() + HEAD, page.body_bottom() - FOOT))
    })
}

fn check(table: &SankeyTable) -> Result<(), ChartError> {
    if table.links.is_empty() {
        return Err(ChartError::Empty { chart: table.frame.title.clone() });
    }
    for link in &table.links {
        let ends = table.nodes.get(link.from).zip(table.nodes.get(link.to));
        let Some((from, to)) = ends.filter(|(from, to)| from.column + 1 == to.column && to.column < COLUMNS) else {
            return Err(ChartError::Drawing { reason: "a link does not lead from a column to the next".into() });
        };
        let place = || format!("{} → {}", from.label, to.label);
        check_finite(link.value, place)?;
        if link.value <= 0.0 {
            return Err(ChartError::Negative { place: place() });
        }
    }
    for (place, node) in table.nodes.iter().enumerate().filter(|(_, node)| node.column == 1) {
        let (enters, leaves) = through(table, place);
        if (enters - leaves).abs() > ROUNDING * enters.max(leaves) {
            return Err(ChartError::Drawing { reason: format!("{}: {enters} enters, {leaves} leaves", node.label) });
        }
    }
    Ok(())
}

/// What enters a node and what leaves it.
fn through(table: &SankeyTable, node: usize) -> Spot {
    let sum =
        |end: fn(&Link) -> usize| table.links.iter().filter(|link| end(link) == node).map(|link| link.value).sum();
    (sum(|link| link.to), sum(|link| link.from))
}

fn value(table: &SankeyTable, node: usize) -> f64 {
    let (enters, leaves) = through(table, node);
    enters.max(leaves)
}

/// The nodes of a column from the top: the middle one by size, the outer ones by the mean place of their partners.
fn order(table: &SankeyTable, column: usize) -> Vec<usize> {
    let of = |column: usize| {
        let places = (0..table.nodes.len()).filter(|node| table.nodes[*node].column == column);
        places.filter(|node| value(table, *node) > 0.0).collect::<Vec<usize>>()
    };
    let mut nodes = of(column);
    let mut middle = of(1);
    middle.sort_by(|a, b| value(table, *b).total_cmp(&value(table, *a)));
    if column == 1 {
        return middle;
    }
    let mean = |node: usize| {
        let partners = table.links.iter().filter(|link| link.from == node || link.to == node);
        let weighted = partners.map(|link| {
            let partner = if column == 0 { link.to } else { link.from };
            link.value * middle.iter().position(|other| *other == partner).unwrap_or(0) as f64
        });
        weighted.sum::<f64>() / value(table, node)
    };
    nodes.sort_by(|a, b| mean(*a).total_cmp(&mean(*b)).then(value(table, *b).total_cmp(&value(table, *a))));
    nodes
}

fn blocks(table: &SankeyTable, (top, bottom): Spot) -> Vec<Option<SankeyNode>> {
    let orders: Vec<Vec<usize>> = (0..COLUMNS).map(|column| order(table, column)).collect();
    let sum = |nodes: &Vec<usize>| nodes.iter().map(|node| value(table, *node)).sum::<f64>();
    let whole = orders.iter().map(sum).fold(0.0, f64::max);
    let gaps = orders.iter().map(|nodes| nodes.len().saturating_sub(1)).max().unwrap_or(0) as f64 * GAP;
    let scale = (bottom - top - gaps) / whole;
    let widest = |column: usize| {
        let texts = orders[column].iter().map(|node| text_layout::width(&label(table, *node), LABEL));
        texts.fold(0.0, f64::max).min(LABEL_ROOM)
    };
    let (left, right) = (MARGIN + widest(0) + 8.0, WIDTH - MARGIN - widest(2) - 8.0 - NODE);
    let mut blocks = vec![None; table.nodes.len()];
    for (column, nodes) in orders.iter().enumerate() {
        let used = sum(nodes) * scale;
        let gap = if nodes.len() > 1 { (bottom - top - used) / (nodes.len() - 1) as f64 } else { 0.0 };
        let mut y = if nodes.len() > 1 { top } else { top + (bottom - top - used) / 2.0 };
        for &node in nodes {
            let value = value(table, node);
            let left = left + column as f64 / 2.0 * (right - left);
            blocks[node] = Some(SankeyNode { left, top: y, height: value * scale, value });
            y += value * scale + gap;
        }
    }
    blocks
}

/// Name, amount and share.
fn label(table: &SankeyTable, node: usize) -> String {
    let whole: f64 = (0..table.nodes.len())
        .filter(|other| table.nodes[*other].column == table.nodes[node].column)
        .map(|other| value(table, other))
        .sum();
    let own = value(table, node);
    format!("{} {} ({})", table.nodes[node].label, number_format::alone(own), number_format::percent(own / whole))
}

/// The label with so much of its name that it has room: first without what qualifies it.
fn shortened(table: &SankeyTable, node: usize) -> String {
    let (whole, name) = (label(table, node), &table.nodes[node].label);
    if text_layout::width(&whole, LABEL) <= LABEL_ROOM {
        return whole;
    }
    let amount = whole.strip_prefix(name.as_str()).unwrap_or_default();
    let room = LABEL_ROOM - text_layout::width(amount, LABEL);
    let unqualified = name.split(['(', '（', ',', '，']).next().unwrap_or_default().trim();
    if !unqualified.is_empty() && text_layout::width(unqualified, LABEL) <= room {
        return format!("{unqualified}{amount}");
    }
    format!("{}{amount}", text_layout::wrap(name, LABEL, room, 1).join(""))
}

fn draw_headings(canvas: &Canvas, table: &SankeyTable, top: f64) -> Result<(), ChartError> {
    let baseline = top + AXIS_TITLE.size - 2.0;
    let [left, middle, right] = &table.headings;
    let style = AXIS_TITLE.bold();
    canvas.text(left, (MARGIN, baseline), style)?;
    canvas.text(middle, (WIDTH / 2.0, baseline), style.centred())?;
    canvas.text(right, (WIDTH - MARGIN, baseline), style.flush_right())
}

/// Each link at its place on both nodes, in the colour of its middle node.
fn draw_links(canvas: &Canvas, table: &SankeyTable, blocks: &[Option<SankeyNode>]) -> Result<(), ChartError> {
    let top = |node: usize| blocks[node].map_or(0.0, |block| block.top);
    let mut links: Vec<&Link> = table.links.iter().collect();
    links.sort_by(|a, b| top(a.to).total_cmp(&top(b.to)));
    let mut leaving: Vec<f64> = (0..blocks.len()).map(top).collect();
    let starts: Vec<(&Link, f64)> = links
        .into_iter()
        .map(|link| {
            let start = leaving[link.from];
            leaving[link.from] += thickness(blocks, link);
            (link, start)
        })
        .collect();
    let mut sorted = starts;
    sorted.sort_by(|(a, _), (b, _)| top(a.from).total_cmp(&top(b.from)));
    let mut entering: Vec<f64> = (0..blocks.len()).map(top).collect();
    for (link, start) in sorted {
        let end = entering[link.to];
        entering[link.to] += thickness(blocks, link);
        let Some((from, to)) = blocks[link.from].zip(blocks[link.to]) else { continue };
        let middle = if table.nodes[link.from].column == 1 { link.from } else { link.to };
        let colour = table.nodes[middle].hue.colour().mix(0.42);
        let ribbon = ribbon((from.left + NODE, start), (to.left, end), thickness(blocks, link));
        canvas.polygon(&ribbon, &colour)?;
    }
    Ok(())
}

fn thickness(blocks: &[Option<SankeyNode>], link: &Link) -> f64 {
    blocks[link.from].map_or(0.0, |block| block.height * link.value / block.value)
}

/// A band between two upper corners, level at both ends.
fn ribbon(from: Spot, to: Spot, thick: f64) -> Vec<Spot> {
    let upper = (0..=STEPS).map(|step| {
        let share = step as f64 / STEPS as f64;
        let bent = share * share * (3.0 - 2.0 * share);
        (from.0 + share * (to.0 - from.0), from.1 + bent * (to.1 - from.1))
    });
    let upper: Vec<Spot> = upper.collect();
    let lower = upper.iter().rev().map(|(x, y)| (*x, y + thick.max(0.4)));
    upper.iter().copied().chain(lower).collect()
}

fn draw_nodes(
    canvas: &Canvas,
    table: &SankeyTable,
    blocks: &[Option<SankeyNode>],
    bounds: Spot,
) -> Result<(), ChartError> {
    for column in 0..COLUMNS {
        let nodes = order(table, column);
        let known: Vec<(usize, SankeyNode)> = nodes.iter().filter_map(|node| Some((*node, blocks[*node]?))).collect();
        let wishes: Vec<Spot> =
            known.iter().map(|(_, block)| (block.top + block.height / 2.0, LABEL_ROW - 3.0)).collect();
        let (top, bottom) = (bounds.0 - 4.0, bounds.1 + 4.0);
        for ((node, block), centre) in known.into_iter().zip(apart(&wishes, (top, bottom))) {
            let right = block.left + NODE;
            let lower = block.top + block.height.max(1.0);
            canvas.rectangle((block.left, block.top), (right, lower), &table.nodes[node].hue.colour())?;
            let text = [shortened(table, node)];
            let baseline = centre + LABEL.drop();
            match column {
                0 => canvas.lines(&text, (block.left - 8.0, baseline), LABEL.coloured(INK).flush_right())?,
                _ => canvas.lines(&text, (right + 8.0, baseline), LABEL.coloured(INK))?,
            }
        }
    }
    Ok(())
}

impl Drawable for SankeyTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        sankey(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["from", "to", "value"]);
        for link in &self.links {
            plain.push(&[&self.nodes[link.from].label, &self.nodes[link.to].label, &link.value]);
        }
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_too_long_goes_without_its_qualifier_first() {
        let node = |column: usize, label: &str| Node { column, label: label.into(), hue: Hue::Nth(0) };
        let nodes = vec![
            node(0, "nitrogen fertiliser, kind not stated"),
            node(0, "rice"),
            node(0, "a name without any qualifier that has no room"),
            node(1, "Agriculture"),
        ];
        let links = (0..3).map(|from| Link { from, to: 3, value: 1.0 }).collect();
        let table = SankeyTable { nodes, links, ..SankeyTable::default() };
        assert_eq!(shortened(&table, 0), "nitrogen fertiliser 1.00 (33%)");
        assert_eq!(shortened(&table, 1), "rice 1.00 (33%)");
        assert!(shortened(&table, 2).contains('…'));
    }
}
