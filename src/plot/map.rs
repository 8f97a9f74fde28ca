//! Areas by shade, in a local equirectangular projection: true to scale about the middle of what is shown, which a district
//! is small enough for.

use super::canvas::{Canvas, Spot, Stroke};
use super::label_placement::Clearing;
use super::number_format::{self, Ticks};
use super::page_layout::ChartPage;
use super::theme::{FAINT, GREY, LABEL, MARGIN, PAPER, WIDTH, readable_on};
use super::{ChartError, ChartTitles, Drawable, Plain, Svg, cell, check_finite, text_layout};
use plotters::style::RGBColor;

const MOST_HEIGHT: f64 = 520.0;
const LEGEND_ROW: f64 = 26.0;
const CLASSES: f64 = 5.0;
/// Light to dark in one hue, so that grey print and colour-blind readers see the same order (after ColorBrewer's Blues).
const SHADES: [RGBColor; 6] = [
    RGBColor(0xEA, 0xF2, 0xFA),
    RGBColor(0xC6, 0xDB, 0xEF),
    RGBColor(0x9E, 0xCA, 0xE1),
    RGBColor(0x5B, 0xA3, 0xCF),
    RGBColor(0x21, 0x71, 0xB5),
    RGBColor(0x08, 0x30, 0x6B),
];

#[derive(Debug, Clone, Default)]
pub struct MapTable {
    pub frame: ChartTitles,
    pub shapes: Vec<AreaPolygons>,
    /// What a missing number is called.
    pub missing: String,
}

/// An area: each polygon its outer ring and then its holes, in degrees east and north.
#[derive(Debug, Clone, Default)]
pub struct AreaPolygons {
    pub label: String,
    pub polygons: Vec<Vec<Vec<Spot>>>,
    pub value: Option<f64>,
}

/// From degrees to the page.
struct Projection {
    centre: Spot,
    stretch: f64,
    scale: f64,
    middle: Spot,
}

struct Map<'a> {
    table: &'a MapTable,
    ticks: Ticks,
    top: f64,
    height: f64,
}

/// Draws the map.
///
/// # Errors
/// A table without values or without outlines; coordinates that are none.
pub fn map(table: &MapTable) -> Result<Svg, ChartError> {
    let values = || table.shapes.iter().filter_map(|shape| shape.value);
    let spots = || table.shapes.iter().flat_map(|shape| &shape.polygons).flatten().flatten();
    if values().next().is_none() || spots().next().is_none() {
        return Err(ChartError::Empty { chart: table.frame.title.clone() });
    }
    for shape in &table.shapes {
        let numbers = shape.polygons.iter().flatten().flatten().flat_map(|(east, north)| [*east, *north]);
        numbers.chain(shape.value).try_for_each(|value| check_finite(value, || shape.label.clone()))?;
    }
    let (low, high) = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    let ticks = Ticks::covering(low, if high > low { high } else { low + 1.0 }, CLASSES);
    let (height, rows) = (height(table), classes(&ticks).len() as f64 + 1.0);
    let page = ChartPage::new(&table.frame, height.max(rows * LEGEND_ROW + 8.0), &[]);
    page.draw(|canvas| Map { table, ticks, top: page.body_top(), height }.draw(canvas))
}

fn bounds(table: &MapTable) -> (Spot, Spot) {
    let spots = || table.shapes.iter().flat_map(|shape| &shape.polygons).flatten().flatten();
    let least = |of: fn(&Spot) -> f64| spots().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&Spot) -> f64| spots().map(of).fold(f64::NEG_INFINITY, f64::max);
    ((least(|spot| spot.0), least(|spot| spot.1)), (most(|spot| spot.0), most(|spot| spot.1)))
}

const LEGEND_ROOM: f64 = 190.0;

/// Width and height of the outlines in equal units.
fn extent(table: &MapTable) -> (f64, Spot) {
    let ((west, south), (east, north)) = bounds(table);
    let stretch = ((south + north) / 2.0).to_radians().cos().max(0.05);
    (stretch, (((east - west) * stretch).max(1e-9), (north - south).max(1e-9)))
}

fn height(table: &MapTable) -> f64 {
    let (_, (wide, high)) = extent(table);
    ((WIDTH - 2.0 * MARGIN - LEGEND_ROOM) / wide * high).min(MOST_HEIGHT)
}

/// The classes between round values, each from and to.
fn classes(ticks: &Ticks) -> Vec<Spot> {
    let mut edges = ticks.values();
    if ticks.high > edges.last().copied().unwrap_or(0.0) + ticks.step * 1e-6 {
        edges.push(edges.last().copied().unwrap_or(0.0) + ticks.step);
    }
    if ticks.low < edges.first().copied().unwrap_or(0.0) - ticks.step * 1e-6 {
        edges.insert(0, edges.first().copied().unwrap_or(0.0) - ticks.step);
    }
    edges.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

impl Projection {
    fn spot(&self, (east, north): Spot) -> Spot {
        let (x, y) = ((east - self.centre.0) * self.stretch * self.scale, (north - self.centre.1) * self.scale);
        (self.middle.0 + x, self.middle.1 - y)
    }
}

impl Map<'_> {
    fn projection(&self) -> Projection {
        let ((west, south), (east, north)) = bounds(self.table);
        let (stretch, (wide, high)) = extent(self.table);
        let room = WIDTH - 2.0 * MARGIN - LEGEND_ROOM;
        Projection {
            centre: ((west + east) / 2.0, (south + north) / 2.0),
            stretch,
            scale: (room / wide).min(self.height / high),
            middle: (MARGIN + room / 2.0, self.top + self.height / 2.0),
        }
    }

    fn shade(&self, value: f64) -> RGBColor {
        let classes = classes(&self.ticks);
        let place = classes.iter().position(|(_, to)| value <= *to).unwrap_or(classes.len().saturating_sub(1));
        shade_of(place, classes.len())
    }

    fn draw(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let projection = self.projection();
        for shape in &self.table.shapes {
            for polygon in &shape.polygons {
                let rings: Vec<Vec<Spot>> =
                    polygon.iter().map(|ring| ring.iter().map(|spot| projection.spot(*spot)).collect()).collect();
                match shape.value {
                    Some(value) => fill(canvas, &rings, self.shade(value))?,
                    None => hatch(canvas, &rings)?,
                }
                for ring in &rings {
                    let closed: Vec<Spot> = ring.iter().chain(ring.first()).copied().collect();
                    canvas.line(&closed, Stroke::new(GREY, 0.9))?;
                }
            }
        }
        self.draw_labels(canvas, &projection)?;
        self.draw_legend(canvas)
    }

    /// Name and value in the middle of the largest polygon, where it holds them.
    fn draw_labels(&self, canvas: &Canvas, projection: &Projection) -> Result<(), ChartError> {
        let mut clearing = Clearing::within((MARGIN, self.top), (WIDTH - MARGIN, self.top + self.height));
        for shape in &self.table.shapes {
            let size = |polygon: &&Vec<Vec<Spot>>| polygon.first().map_or(0.0, |ring| area(ring).abs());
            let Some(largest) = shape.polygons.iter().max_by(|a, b| size(a).total_cmp(&size(b))) else { continue };
            let placed = |ring: &Vec<Spot>| ring.iter().map(|spot| projection.spot(*spot)).collect();
            let rings: Vec<Vec<Spot>> = largest.iter().map(placed).collect();
            let fill = shape.value.map_or(PAPER, |value| self.shade(value));
            let style = LABEL.coloured(readable_on(fill));
            let value = shape.value.map_or(self.table.missing.clone(), number_format::alone);
            let (x, y) = inside(&rings);
            for (text, down) in [(&shape.label, -4.0), (&value, 14.0)] {
                let width = text_layout::width(text, style);
                let left = x - width / 2.0;
                let held = [left, left + width].into_iter().all(|edge| holds(&rings, (edge, y + down - 5.0)));
                let wish = [(left, y + down)];
                let Some((left, baseline)) = clearing.put_free(text, style, wish).filter(|_| held) else { continue };
                if shape.value.is_none() {
                    canvas.rectangle((left - 2.0, baseline - 13.0), (left + width + 2.0, baseline + 4.0), &PAPER)?;
                }
                canvas.text(text, (left, baseline), style)?;
            }
        }
        Ok(())
    }

    /// The classes from the darkest down, then the hatching.
    fn draw_legend(&self, canvas: &Canvas) -> Result<(), ChartError> {
        let (left, classes) = (WIDTH - MARGIN - LEGEND_ROOM + 24.0, classes(&self.ticks));
        let decimals = number_format::decimals_for(self.ticks.step).saturating_sub(1);
        let mut top = self.top + 4.0;
        for (place, (from, to)) in classes.iter().enumerate().rev() {
            let colour = shade_of(place, classes.len());
            let (upper, lower) = ((left, top), (left + 28.0, top + 18.0));
            canvas.rectangle(upper, lower, &colour)?;
            canvas.line(&[upper, (lower.0, upper.1), lower, (upper.0, lower.1), upper], Stroke::new(FAINT, 0.7))?;
            let text = format!("{}–{}", number_format::amount(*from, decimals), number_format::amount(*to, decimals));
            canvas.text(&text, (left + 36.0, top + 9.0 + LABEL.drop()), LABEL)?;
            top += LEGEND_ROW;
        }
        if self.table.shapes.iter().any(|shape| shape.value.is_none()) {
            canvas.hatching((left, top), (left + 28.0, top + 18.0), Stroke::new(GREY, 0.8))?;
            canvas.text(&self.table.missing, (left + 36.0, top + 9.0 + LABEL.drop()), LABEL)?;
        }
        Ok(())
    }
}

fn shade_of(place: usize, classes: usize) -> RGBColor {
    let last = SHADES.len() - 1;
    let spread = if classes > 1 { place * last / (classes - 1).max(1) } else { last / 2 };
    SHADES[spread.min(last)]
}

/// Fills an outer ring and leaves out its holes: what lies in a hole is drawn later or is no area of the study.
fn fill(canvas: &Canvas, rings: &[Vec<Spot>], colour: RGBColor) -> Result<(), ChartError> {
    for (place, ring) in rings.iter().enumerate() {
        canvas.polygon(ring, if place == 0 { &colour } else { &PAPER })?;
    }
    Ok(())
}

/// Slanted lines inside the rings, by the even-odd rule.
fn hatch(canvas: &Canvas, rings: &[Vec<Spot>]) -> Result<(), ChartError> {
    const APART: f64 = 8.0;
    // Along the slant x + y is constant.
    let sums = || rings.iter().flatten().map(|(x, y)| x + y);
    let (mut at, end) = (sums().fold(f64::INFINITY, f64::min) + APART / 2.0, sums().fold(f64::NEG_INFINITY, f64::max));
    while at < end {
        let mut crossings: Vec<Spot> =
            rings.iter().flat_map(|ring| edges(ring)).filter_map(|edge| cross(edge, at)).collect();
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
        for pair in crossings.chunks_exact(2) {
            canvas.line(pair, Stroke::new(GREY, 0.8))?;
        }
        at += APART;
    }
    Ok(())
}

fn edges(ring: &[Spot]) -> impl Iterator<Item = (Spot, Spot)> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// Where an edge meets the line x + y = `at`.
fn cross((from, to): (Spot, Spot), at: f64) -> Option<Spot> {
    let (before, after) = (from.0 + from.1 - at, to.0 + to.1 - at);
    if (before > 0.0) == (after > 0.0) {
        return None;
    }
    let share = before / (before - after);
    Some((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)))
}

/// Twice the signed area of a ring.
fn area(ring: &[Spot]) -> f64 {
    edges(ring).map(|((x0, y0), (x1, y1))| x0 * y1 - x1 * y0).sum()
}

/// Whether a spot lies within an outer ring and in none of its holes.
fn holds(rings: &[Vec<Spot>], (x, y): Spot) -> bool {
    rings.iter().flat_map(|ring| level(ring, y)).filter(|crossing| x < *crossing).count() % 2 == 1
}

/// Where a ring meets a height.
fn level(ring: &[Spot], y: f64) -> impl Iterator<Item = f64> {
    let meets = move |((_, y0), (_, y1)): &(Spot, Spot)| (*y0 > y) != (*y1 > y);
    edges(ring).filter(meets).map(move |((x0, y0), (x1, y1))| x0 + (y - y0) / (y1 - y0) * (x1 - x0))
}

/// The centroid of the outer ring; where the area does not hold it, the middle of the widest stretch at some height.
fn inside(rings: &[Vec<Spot>]) -> Spot {
    const HEIGHTS: usize = 9;
    let Some(outer) = rings.first() else { return Spot::default() };
    let size = area(outer);
    let weighted = edges(outer).map(|((x0, y0), (x1, y1))| {
        let weight = (x0 * y1 - x1 * y0) / (3.0 * size);
        ((x0 + x1) * weight, (y0 + y1) * weight)
    });
    let centroid = weighted.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    if size != 0.0 && holds(rings, centroid) {
        return centroid;
    }
    let (top, bottom) = outer.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(t, b), (_, y)| (t.min(*y), b.max(*y)));
    let stretches = (1..HEIGHTS).flat_map(|step| {
        let y = top + (bottom - top) * step as f64 / HEIGHTS as f64;
        let mut crossings: Vec<f64> = rings.iter().flat_map(|ring| level(ring, y)).collect();
        crossings.sort_by(f64::total_cmp);
        crossings.chunks_exact(2).map(|pair| (pair[1] - pair[0], ((pair[0] + pair[1]) / 2.0, y))).collect::<Vec<_>>()
    });
    stretches.max_by(|a, b| a.0.total_cmp(&b.0)).map_or((0.0, 0.0), |(_, spot)| spot)
}

impl Drawable for MapTable {
    fn draw(&self) -> Result<Svg, ChartError> {
        map(self)
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::new(&["area", "value"]);
        self.shapes.iter().for_each(|shape| plain.push(&[&shape.label, &cell(shape.value)]));
        plain
    }
}
