//! `areas.geojson`: its JSON, its areas and its rings.

use crate::damaged::case::Case;

const RING: &str = "[[0,0],[0.1,0],[0.1,0.1],[0,0]]";

/// A map of one invented outline with one text in it replaced.
fn map(name: &str, from: &str, to: &str) -> Case {
    let sound = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[\n{{\"type\":\"Feature\",\"properties\":{{\"area\":\"yunxi_town\"}},\
         \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{RING}]}}}}\n]}}\n"
    );
    assert!(sound.contains(from), "{name}: the map has no '{from}'");
    Case::new(name).content("areas.geojson", sound.replacen(from, to, 1))
}

pub fn cases() -> Vec<Case> {
    let feature = format!(
        "{{\"properties\":{{\"area\":\"云溪镇\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{RING}]}}}},\n{{\"type\":\"Feature\""
    );
    vec![
        map("JSON that breaks off", "}}\n]}", "}}\n"),
        map("no collection", "FeatureCollection", "Feature"),
        map("area unknown", "yunxi_town", "yunxi_twon"),
        map("area without a name", "\"area\":\"yunxi_town\"", ""),
        map("area outside the study's", "yunxi_town", "dazu"),
        map("area twice", "{\"type\":\"Feature\"", &feature),
        map("a point", "Polygon", "Point"),
        map("ring not closed", "[0,0]]", "[0,0.1]]"),
        map("ring of two positions", RING, "[[0,0],[0,0]]"),
        map("position of text", "[0.1,0]", "[\"0.1\",0]"),
        map("projected coordinates", RING, "[[500000,3200000],[500100,3200000],[500100,3200100],[500000,3200000]]"),
    ]
}
