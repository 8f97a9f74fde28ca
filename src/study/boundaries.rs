//! `areas.geojson`: the outlines of areas for the map, in degrees (WGS 84 or CGCS 2000), as RFC 7946 writes them.
//!
//! A study ships it or leaves it out; nothing is estimated from it.

use super::folder::File;
use super::settings::Settings;
use super::vocabulary::Vocabulary;
use crate::area::{Outline, Polygon};
use crate::error::{Diagnostic, Diagnostics, Place, Text};
use crate::say;
use serde_json::Value;

pub(super) const FILE: &str = "areas.geojson";

/// A closed ring has at least four positions, the last of them the first.
const LEAST_POSITIONS: usize = 4;

/// The outlines of a study, in the order of the file; all have to lie in the study's area.
pub(super) fn read(
    files: &[File],
    words: &Vocabulary,
    settings: Option<&Settings>,
    faults: &mut Diagnostics,
) -> Vec<Outline> {
    let home = settings.map(|settings| settings.area);
    let Some(file) = files.iter().find(|file| file.name == FILE) else { return Vec::new() };
    let bytes = file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file.bytes);
    let root: Value = match serde_json::from_slice(bytes) {
        Ok(root) => root,
        Err(cause) => {
            let text = say!("JSON 语法错误：{cause}", "JSON: {cause}");
            faults.push(Diagnostic::new(Place::line(FILE, cause.line(), ""), text));
            return Vec::new();
        }
    };
    let features = root.get("features").and_then(Value::as_array);
    let Some(features) = features.filter(|_| root.get("type") == Some(&"FeatureCollection".into())) else {
        let text = say!("这里应为 FeatureCollection", "expected a FeatureCollection with its features");
        faults.push(Diagnostic::new(Place::file(FILE), text));
        return Vec::new();
    };
    let mut outlines: Vec<Outline> = Vec::new();
    for (number, feature) in features.iter().enumerate() {
        let reader = Reader { words, home, feature: number };
        let Some(outline) = reader.outline(feature, faults) else { continue };
        if outlines.iter().any(|known| known.area == outline.area) {
            faults.push(reader.fault("properties.area", say!("此地区重复", "the area is there twice")));
        }
        outlines.push(outline);
    }
    outlines
}

struct Reader<'a> {
    words: &'a Vocabulary,
    home: Option<usize>,
    feature: usize,
}

impl Reader<'_> {
    fn fault(&self, key: &str, text: Text) -> Diagnostic {
        let column = format!("features[{}].{key}", self.feature);
        Diagnostic::new(Place { column, ..Place::file(FILE) }, text)
    }

    fn outline(&self, feature: &Value, faults: &mut Diagnostics) -> Option<Outline> {
        let area = self.area(feature, faults);
        let polygons = self.polygons(feature, faults);
        Some(Outline { area: area?, polygons: polygons? })
    }

    fn area(&self, feature: &Value, faults: &mut Diagnostics) -> Option<usize> {
        const KEY: &str = "properties.area";
        let areas = &self.words.areas;
        let Some(name) = feature.pointer("/properties/area").and_then(Value::as_str) else {
            let text = say!("这里应为地区的代码或名称", "expected the code or name of an area");
            faults.push(self.fault(KEY, text));
            return None;
        };
        match areas.find(name) {
            Ok(area) => {
                if let Some(home) = self.home.filter(|home| !areas.ancestors(area).contains(home)) {
                    let home = areas.code(home);
                    let text = say!("'{name}' 不在 '{home}' 之内", "'{name}' does not lie in '{home}'");
                    faults.push(self.fault(KEY, text));
                }
                Some(area)
            }
            Err(text) => {
                faults.push(self.fault(KEY, text).nearest(areas.nearest(name)));
                None
            }
        }
    }

    fn polygons(&self, feature: &Value, faults: &mut Diagnostics) -> Option<Vec<Polygon>> {
        let coordinates = feature.pointer("/geometry/coordinates");
        let kind = feature.pointer("/geometry/type").and_then(Value::as_str).unwrap_or("");
        let polygons = match (kind, coordinates) {
            ("Polygon", Some(rings)) => polygon(rings).map(|polygon| vec![polygon]),
            ("MultiPolygon", Some(parts)) => {
                parts.as_array().and_then(|parts| parts.iter().map(polygon).collect::<Option<Vec<Polygon>>>())
            }
            _ => {
                let text = say!("这里应为 Polygon 或 MultiPolygon", "expected a Polygon or a MultiPolygon");
                faults.push(self.fault("geometry.type", text));
                return None;
            }
        };
        let closed = |polygons: &Vec<Polygon>| {
            let rings = || polygons.iter().flatten();
            rings().next().is_some() && rings().all(|ring| ring.len() >= LEAST_POSITIONS && ring.first() == ring.last())
        };
        let on_earth = |polygons: &Vec<Polygon>| {
            let mut spots = polygons.iter().flatten().flatten();
            spots.all(|(east, north)| east.abs() <= 180.0 && north.abs() <= 90.0)
        };
        const KEY: &str = "geometry.coordinates";
        let Some(polygons) = polygons.filter(closed) else {
            let text = say!("这里应为闭合的环：[[经度, 纬度], …]", "expected closed rings of [longitude, latitude]");
            faults.push(self.fault(KEY, text));
            return None;
        };
        if !on_earth(&polygons) {
            let text = say!("坐标不是经纬度", "these are no degrees of longitude and latitude");
            let hint = say!("请先把投影坐标转换为经纬度", "convert projected coordinates to degrees first");
            faults.push(self.fault(KEY, text).hint(hint));
            return None;
        }
        Some(polygons)
    }
}

fn polygon(rings: &Value) -> Option<Polygon> {
    let position = |position: &Value| Some((position.get(0)?.as_f64()?, position.get(1)?.as_f64()?));
    let ring = |ring: &Value| ring.as_array()?.iter().map(position).collect::<Option<Vec<(f64, f64)>>>();
    rings.as_array()?.iter().map(ring).collect()
}
