//! Identities, and the checks of `scenarios.toml`.

use crate::damaged::case::{Case, edits};

const BASE: &str = "[base]\nhorizon = 2025\n[base.driver]\ngdp = { rate = { \"2021-2025\" = \"5%\" } }\n[[base.growth]]\nselect = { category = \"Q\" }\ndriver = \"gdp\"\n[low]\nextends = \"base\"\n[check]\n";

pub fn cases() -> Vec<Case> {
    let mut cases = identities();
    let check = |(name, text): &(&str, &str)| {
        Case::new(name).content("scenarios.toml", format!("{BASE}\"an expectation\" = \"{text}\"\n"))
    };
    cases.extend(CHECKS.iter().map(check));
    // Faults of the study and of its scenarios are told together.
    cases.push(
        Case::new("study and scenarios at once")
            .edit("study.toml", "\"AR5\"", "\"AR55\"")
            .content("scenarios.toml", "[base]\nhorizont = 2025\n"),
    );
    cases
}

fn identities() -> Vec<Case> {
    let with = |text: &str| format!("base_year = 2019\nidentity = {text}");
    let table = [
        ("identity without a left side", "\"population * gdp/population\""),
        ("identity of an unknown metric", "\"CO2 = popultaion * CO2/popultaion\""),
        ("identity that does not cancel", "\"CO2 = population * gdp/population * CO2/energy\""),
        ("identity of two groupings", "\"CO2 = energy[sector] * CO2[item]/energy[sector]\""),
        ("identity by an unknown grouping", "\"CO2 = energy * energy[secter]/energy * CO2[secter]/energy[secter]\""),
        ("identity of a grouped indicator", "\"CO2 = gdp[sector] * CO2[sector]/gdp[sector]\""),
        ("identity of an indicator", "\"gdp = population * gdp/population\""),
        ("identity with unmatched parentheses", "\"CO2 = (population * CO2/population\""),
        ("identity with two fractions in one", "\"CO2 = population * gdp/population/energy\""),
        ("identity a number", "3"),
    ];
    let written: Vec<(&str, String)> = table.iter().map(|(name, text)| (*name, with(text))).collect();
    let edited: Vec<(&str, &str, &str)> =
        written.iter().map(|(name, text)| (*name, "base_year = 2019", text.as_str())).collect();
    edits("study.toml", &edited)
}

const CHECKS: [(&str, &str); 17] = [
    ("check of nothing", ""),
    ("check that is no comparison", "2030"),
    ("check of an unknown function", "totl(CO2, 2022) > 0"),
    ("check of an unknown pollutant", "total(CO3, 2022) > 0"),
    ("check of an unknown scenario", "bse.total(CO2, 2022) > 0"),
    ("check of an unknown part", "share(energy.test_cole, 2022) < 1"),
    ("check of a share without a part", "share(energy, 2022) < 1"),
    ("check of an unknown target", "met('co2-2002')"),
    ("check of an unknown measure", "level(coal, 2022) > 0"),
    ("check of an unknown boundary", "total(CO2, 2022, indirect) > 0"),
    ("check without a year", "total(CO2) > 0"),
    ("check of two years", "total(CO2, 2021, 2022) > 0"),
    ("check of emissions without all", "emissions >= 0"),
    ("check with a left-over sign", "total(CO2, 2022) > 0 )"),
    ("check with a subquery", "total(CO2, 2022) in (1, 2)"),
    ("check of a bare name", "CO2 > 0"),
    ("check with an assignment of words", "total(CO2, 'two') > 0"),
];
