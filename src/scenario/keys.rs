//! The keys of the scenario files: what their readers know, and what the JSON Schemas say.

pub const SCENARIO: [&str; 11] =
    ["title", "note", "extends", "horizon", "driver", "growth", "parameter", "share", "use", "blend", "check"];
pub const GROWTH: [&str; 6] = ["select", "driver", "elasticity", "intensity", "value", "note"];
pub const PARAMETER: [&str; 4] = ["select", "parameter", "value", "note"];
pub const SHARE: [&str; 5] = ["select", "share", "remainder", "by", "note"];
pub const USE: [&str; 3] = ["measure", "level", "start"];
pub const BLEND: [&str; 3] = ["from", "to", "at"];
pub const PATH: [&str; 6] = ["rate", "points", "interp", "after", "shift", "scale"];
pub const SELECT: [&str; 7] = ["area", "category", "item", "technology", "source", "sector", "pollutant"];
pub const MEASURE: [&str; 14] = [
    "title",
    "plan",
    "basis",
    "note",
    "owner",
    "select",
    "scale",
    "shift",
    "parameter",
    "add",
    "level",
    "start",
    "combine",
    "cost",
];
pub const SHIFT: [&str; 7] = ["to", "ratio", "by", "area", "category", "technology", "source"];
pub const PARAMETER_CHANGE: [&str; 2] = ["name", "to"];
pub const ADD: [&str; 7] = ["area", "category", "item", "technology", "source", "amount", "unit"];
pub const COST: [&str; 5] = ["invest", "running", "life", "discount", "count"];
