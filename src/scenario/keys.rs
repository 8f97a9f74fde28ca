//! The keys of the scenario files: what their readers know, and what the JSON Schemas say.

/// Keys of a scenario.
pub const SCENARIO: [&str; 11] =
    ["title", "note", "extends", "horizon", "driver", "growth", "parameter", "share", "use", "blend", "check"];
/// Keys of `growth`.
pub const GROWTH: [&str; 6] = ["select", "driver", "elasticity", "intensity", "value", "note"];
/// Keys of `parameter` in a scenario.
pub const PARAMETER: [&str; 4] = ["select", "parameter", "value", "note"];
/// Keys of `share`.
pub const SHARE: [&str; 5] = ["select", "share", "remainder", "by", "note"];
/// Keys of `use`.
pub const USE: [&str; 3] = ["measure", "level", "start"];
/// Keys of `blend`.
pub const BLEND: [&str; 3] = ["from", "to", "at"];
/// Keys of a path.
pub const PATH: [&str; 6] = ["rate", "points", "interp", "after", "shift", "scale"];
/// Keys of `select`.
pub const SELECT: [&str; 7] = ["area", "category", "item", "technology", "source", "sector", "pollutant"];
/// Keys of a measure.
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
/// Keys of `shift` in a measure.
pub const SHIFT: [&str; 7] = ["to", "ratio", "by", "area", "category", "technology", "source"];
/// Keys of `parameter` in a measure.
pub const PARAMETER_CHANGE: [&str; 2] = ["name", "to"];
/// Keys of `add` in a measure.
pub const ADD: [&str; 7] = ["area", "category", "item", "technology", "source", "amount", "unit"];
/// Keys of `cost` in a measure.
pub const COST: [&str; 5] = ["invest", "running", "life", "discount", "count"];
