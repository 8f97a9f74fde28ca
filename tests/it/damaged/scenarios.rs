//! Scenarios, measures and targets that say what cannot be: each fault with file, line and dotted place.

use crate::damaged::case::{Case, edits};

const SCENARIOS: &str = "scenarios.toml";
const MEASURES: &str = "measures.toml";

pub fn base() -> Case {
    Case::new("scenarios")
        .content(SCENARIOS, include_str!("../../damaged/scenarios.toml"))
        .content(MEASURES, include_str!("../../damaged/measures.toml"))
}

fn on_base(file: &str, table: &[(&str, &str, &str)]) -> Vec<Case> {
    let damaged = edits(file, table).into_iter();
    damaged
        .map(|case| Case { name: case.name, damages: base().damages.into_iter().chain(case.damages).collect() })
        .collect()
}

pub fn cases() -> Vec<Case> {
    let mut cases = on_base(SCENARIOS, &PATHS);
    cases.extend(on_base(SCENARIOS, &ENTRIES));
    cases.extend(on_base(SCENARIOS, &FAMILY));
    cases.extend(on_base(MEASURES, &CHANGES));
    cases.extend(on_base(SCENARIOS, &BARE_SHARES));
    cases.extend(on_base(MEASURES, &BARE_FACTORS));
    cases.extend(edits("targets.toml", &BARE_TARGETS));
    cases.extend(on_base(SCENARIOS, &MEANT_OTHERWISE));
    cases.extend(on_base(
        MEASURES,
        &[("a parameter misspelt in a measure", "name = \"removal\"", "name = \"removel\"")],
    ));
    cases.extend(together());
    cases
}

/// Per cent written without its sign: each would be a hundred times what is meant.
const BARE_SHARES: [(&str, &str, &str); 6] = [
    ("a rate of 6 for 6 %", "\"2026-2030\" = \"3%\"", "\"2026-2030\" = 6"),
    ("a rate of 6 in quotes", "\"2026-2030\" = \"3%\"", "\"2026-2030\" = \"6\""),
    ("a negative rate", "\"-1%\"", "-1.5"),
    ("a LEAP rate of 5", "intensity = { rate = { \"2021-2030\" = \"-1%\" } }", "intensity = \"Growth(5)\""),
    (
        "a shift of rates by whole numbers",
        "extends = \"base\"\nuse",
        "extends = \"base\"\ndriver = { gdp = { shift = -1 } }\nuse",
    ),
    ("whole points added to a growth rate", "[middle]", "[uncertain]\ngdp = { add = { tri = [-1, 0, 1] } }\n[middle]"),
];
const BARE_FACTORS: [(&str, &str, &str); 3] = [
    ("a scale of 75", "scale = 0.8", "scale = 75"),
    ("a discount of 5", "discount = \"5%\"", "discount = 5"),
    ("a removal of 98 without its sign", "to = 0.98", "to = 98"),
];
const BARE_TARGETS: [(&str, &str, &str); 3] = [
    ("a cut of 18", "cut = \"3%\"", "cut = 18"),
    ("a probability of 80", "cut = \"3%\"", "cut = \"3%\"\nprobability = 80"),
    ("a plateau of 3", "cut = \"3%\"", "cut = \"3%\"\nplateau = 3"),
];

/// Messages that named neither the parameter nor the remedy.
const MEANT_OTHERWISE: [(&str, &str, &str); 4] = [
    (
        "an anchor point of a parameter that differs",
        "points = { 2030 = \"95%\"",
        "points = { 2020 = \"50%\", 2030 = \"95%\"",
    ),
    ("an elasticity as a path", "elasticity = 0.9", "elasticity = { points = { 2021 = 0.9, 2030 = 0.5 } }"),
    ("a remainder that is not in the group", "remainder = \"test_ore\"", "remainder = \"原煤\""),
    ("a parameter misspelt", "parameter = \"removal\"", "parameter = \"removel\""),
];

/// What a path may not say.
const PATHS: [(&str, &str, &str); 18] = [
    ("overlapping periods", "\"2026-2030\" = \"3%\"", "\"2025-2030\" = \"3%\""),
    ("a period that ends before it begins", "\"2026-2030\" = \"3%\"", "\"2030-2026\" = \"3%\""),
    ("a gap between periods", "\"2026-2030\" = \"3%\"", "\"2027-2030\" = \"3%\""),
    ("nothing after the last period", "\"2026-2030\" = \"3%\"", "\"2026-2029\" = \"3%\""),
    ("a rate with a unit", "\"2026-2030\" = \"3%\"", "\"2026-2030\" = \"3 万元\""),
    (
        "rates that are interpolated by their powers",
        "\"2026-2030\" = \"3%\" }",
        "\"2026-2030\" = \"3%\" }, interp = \"exponential\"",
    ),
    ("a rate that is no number", "\"2026-2030\" = \"3%\"", "\"2026-2030\" = \"three\""),
    (
        "both rate and points",
        "rate = { \"2021-2025\" = \"5%\"",
        "points = { 2030 = 1 }, rate = { \"2021-2025\" = \"5%\"",
    ),
    ("an unknown key in a path", "after = \"hold\"", "afterwards = \"hold\""),
    ("an unknown interpolation", "interp = \"linear\"", "interp = \"lineer\""),
    ("the anchor's point disagrees", "2025 = \"1.3 万人\"", "2020 = \"1.25 万人\", 2025 = \"1.3 万人\""),
    ("a point of another dimension", "2025 = \"1.3 万人\"", "2025 = \"1.3 万元\""),
    ("a shift beside points", "interp = \"linear\"", "interp = \"exponential\", shift = \"1 人\""),
    (
        "exponential through 0",
        "2025 = \"1.3 万人\" }, interp = \"linear\"",
        "2025 = \"0 人\" }, interp = \"exponential\"",
    ),
    ("a point that is no year", "2025 = \"1.3 万人\"", "soon = \"1.3 万人\""),
    (
        "a function of LEAP that is not read",
        "intensity = { rate = { \"2021-2030\" = \"-1%\" } }",
        "intensity = \"GrowthAs(gdp)\"",
    ),
    (
        "a shift without a parent's path",
        "intensity = { rate = { \"2021-2030\" = \"-1%\" } }",
        "intensity = { shift = \"-1%\" }",
    ),
    (
        "prices of another base",
        "gdp = { rate = { \"2021-2025\" = \"5%\", \"2026-2030\" = \"3%\" } }",
        "gdp = { points = { 2030 = \"2 亿元@2015\" } }",
    ),
];

/// What an entry may not select, name or share out.
const ENTRIES: [(&str, &str, &str); 21] = [
    ("an unknown key in an entry", "elasticity = 0.9", "elasticty = 0.9"),
    ("growth without a select", "select = { item = \"test_ore\" }\ndriver", "driver"),
    (
        "an unknown column in a select",
        "select = { item = \"test_ore\" }\ndriver",
        "select = { itme = \"test_ore\" }\ndriver",
    ),
    (
        "a select of an unknown item",
        "select = { item = \"test_ore\" }\ndriver",
        "select = { item = \"test_oar\" }\ndriver",
    ),
    (
        "a select of an unknown sector",
        "select = { item = \"test_ore\" }\ndriver",
        "select = { sector = \"industrie\" }\ndriver",
    ),
    (
        "a select that holds for nothing",
        "select = { item = \"test_ore\" }\ndriver",
        "select = { item = \"raw_coal\" }\ndriver",
    ),
    (
        "a beginning that no code has",
        "select = { item = \"test_ore\" }\ndriver",
        "select = { item = \"tset*\" }\ndriver",
    ),
    (
        "a pollutant in the select of growth",
        "select = { item = \"test_ore\" }\ndriver",
        "select = { item = \"test_ore\", pollutant = \"CO2\" }\ndriver",
    ),
    ("a driver that economy.csv has not", "driver = \"gdp\"", "driver = \"gpd\""),
    ("a driver's path of an unknown indicator", "population = {", "popluation = {"),
    ("a driver without a path", "gdp = { rate = { \"2021-2025\" = \"5%\", \"2026-2030\" = \"3%\" } }", ""),
    ("value beside a driver", "elasticity = 0.9", "elasticity = 0.9\nvalue = \"10 t\""),
    (
        "a value of another dimension",
        "driver = \"gdp\"\nelasticity = 0.9\nintensity = { rate = { \"2021-2030\" = \"-1%\" } }",
        "value = \"10 GJ\"",
    ),
    (
        "two entries equally specific",
        "[[base.parameter]]",
        "[[base.growth]]\nselect = { item = \"test_ore\" }\nintensity = \"Growth(1%)\"\n[[base.parameter]]",
    ),
    ("a parameter that the rows do not use", "parameter = \"removal\"", "parameter = \"ore_factor\""),
    (
        "a parameter of another dimension",
        "value = { points = { 2030 = \"95%\" } }",
        "value = { points = { 2030 = \"95 t\" } }",
    ),
    ("a parameter without a value", "value = { points = { 2030 = \"95%\" } }", ""),
    (
        "shares over 1",
        "share = { test_coal = { points = { 2030 = 0.4 } } }",
        "share = { test_coal = { points = { 2025 = 1.2, 2030 = 0.4 } } }",
    ),
    ("shares that do not add up", "remainder = \"test_ore\"", ""),
    ("an item that has a share and is the remainder", "remainder = \"test_ore\"", "remainder = \"test_coal\""),
    ("an item of the group that is not named", "remainder = \"test_ore\"", "remainder = \"natural_gas\""),
];

/// Who inherits from whom, and what is used.
const FAMILY: [(&str, &str, &str); 19] = [
    ("an unknown key of a scenario", "horizon = 2030", "horizont = 2030"),
    ("a horizon that is missing", "horizon = 2030", ""),
    ("a horizon that is not ahead", "horizon = 2030", "horizon = 2020"),
    ("a horizon after the last year that is read", "horizon = 2030", "horizon = 2300"),
    ("the reserved name", "[strong]", "[history]"),
    ("a parent that is not there", "extends = \"base\"", "extends = \"bass\""),
    ("a circle", "[base]\n", "[base]\nextends = \"strong\"\n"),
    ("a measure that is not there", "use = [\"sealing\"", "use = [\"saeling\""),
    ("a measure that is added twice", "\"+scrubber\"", "\"+sealing\""),
    ("a measure that is removed and was not there", "\"+scrubber\"", "\"-scrubber\""),
    ("a level over 1", "level = 0.9", "level = 1.5"),
    ("a start that is no year", "start = 2024", "start = 24"),
    ("use that is no list", "use = [\"sealing\", \"+scrubber\"]", "use = \"sealing\""),
    ("a blend beside a parent", "[middle]\n", "[middle]\nextends = \"base\"\n"),
    ("a blend of nobody", "to = \"strong\"", "to = \"stong\""),
    ("a blend outside", "at = 0.5", "at = 1.5"),
    ("a scenario that is a number", "[base]\n", "limit = 3\n[base]\n"),
    (
        "growth that is no list",
        "[[base.growth]]\nselect = { item = \"test_ore\" }\n",
        "[base.growth]\nselect = { item = \"test_ore\" }\n",
    ),
    ("a file that is no TOML", "[base]\n", "[base\n"),
];

/// What a measure may not do.
const CHANGES: [(&str, &str, &str); 21] = [
    ("an unknown key of a measure", "title = \"密封\"", "titel = \"密封\""),
    ("two changes", "scale = 0.8", "scale = 0.8\nadd = { amount = \"1 t\" }"),
    ("no change", "scale = 0.8", ""),
    ("a negative scale", "scale = 0.8", "scale = -0.8"),
    ("no level", "level = { points = { 2022 = 0, 2030 = 1 } }", ""),
    (
        "a level by rates",
        "level = { points = { 2022 = 0, 2030 = 1 } }",
        "level = { rate = { \"2021-2030\" = \"5%\" } }",
    ),
    (
        "a level outside 0 to 1",
        "level = { points = { 2022 = 0, 2030 = 1 } }",
        "level = { points = { 2022 = 0, 2030 = 1.2 } }",
    ),
    (
        "a level that ends before the horizon",
        "level = { points = { 2022 = 0, 2030 = 1 } }",
        "level = { points = { 2022 = 0, 2028 = 1 } }",
    ),
    (
        "a start that is not the first point's",
        "level = { points = { 2022 = 0, 2030 = 1 } }",
        "level = { points = { 2022 = 0, 2030 = 1 } }\nstart = 2024",
    ),
    (
        "a pollutant in the select of scale",
        "select = { item = \"test_ore\" }\nscale",
        "select = { item = \"test_ore\", pollutant = \"CO2\" }\nscale",
    ),
    (
        "a measure that selects nothing",
        "select = { item = \"test_ore\" }\nscale",
        "select = { item = \"raw_coal\" }\nscale",
    ),
    ("two measures that do not say how they combine", "combine = \"sum\"", ""),
    ("combine of another word", "combine = \"sum\"", "combine = \"add\""),
    ("sum over 1", "level = 0.5", "level = 0.9"),
    ("to of another dimension", "to = 0.98", "to = \"0.98 t\""),
    ("a measure on a parameter that the row has not", "name = \"removal\"", "name = \"ore_factor\""),
    ("a shift to an unknown item", "to = \"test_coal\"", "to = \"test_cole\""),
    ("a shift without a calorific value", ", by = \"amount\"", ""),
    ("cost that is no money", "invest = \"3 万元/t\"", "invest = \"3 t\""),
    ("cost per a unit that nothing is counted in", "invest = \"3 万元/t\"", "invest = \"3 万元/km\""),
    ("a key of shift that is not known", "ratio = 0.5", "ration = 0.5"),
];

/// Faults of both files come at once; one that cannot be read is not a fault again where it is used.
fn together() -> Vec<Case> {
    let mut both = base();
    both.name = "faults of both files at once".into();
    let both = both
        .edit(MEASURES, "scale = 0.8", "scal = 0.8")
        .edit(SCENARIOS, "driver = \"gdp\"", "driver = \"gpd\"")
        .edit(SCENARIOS, "horizon = 2030", "horizont = 2030");
    let mut silent = base();
    silent.name = "a select of rows without a number".into();
    let silent = silent.edit(
        "activity/industry.csv",
        "2020,yunxi_town,Q.1,test_ore,,,1500",
        "2020,yunxi_town,Q.1,test_ore,,,NE",
    );
    let mut alone = base();
    alone.name = "no measures.toml".into();
    vec![both, silent, alone.removed(MEASURES)]
}
