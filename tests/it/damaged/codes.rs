//! Codes that nothing has, that stand twice, or that go in a circle.

use crate::damaged::case::{Case, edits};

const ACTIVITY: &str = "activity/industry.csv";
const PARAMETERS: &str = "parameters/survey.csv";
const METHODS: &str = "methods.csv";

pub fn cases() -> Vec<Case> {
    [unknown(), elsewhere(), doubled(), crosswalks(), circles()].into_iter().flatten().collect()
}

fn unknown() -> Vec<Case> {
    let mut cases = edits(
        ACTIVITY,
        &[
            ("activity's area unknown", "2019,yunxi_town", "2019,yunxi_twon"),
            ("activity's area empty", "2019,yunxi_town", "2019,"),
            ("activity's area outside the study", "2019,yunxi_town", "2019,chongqing"),
            ("activity's category unknown", "2019,yunxi_town,Q.1", "2019,yunxi_town,Q.11"),
            ("activity's item unknown", "Q.1,test_ore,,,1200", "Q.1,test_oer,,,1200"),
            ("activity's item unknown, Chinese", "Q.1,test_ore,,,1200", "Q.1,试验矿,,,1200"),
            ("included in an unknown category", "1200,t,", "IE:Q.9,t,"),
            (
                "four faults in one row",
                "2019,yunxi_town,Q.1,test_ore,,,1200,t",
                "219,yunxi_twon,Q.1.1,test_oer,,,1200,tt",
            ),
        ],
    );
    cases.extend(edits(
        PARAMETERS,
        &[
            ("parameter's category unknown", "ore_factor,Q.1", "ore_factor,Q.10"),
            ("parameter's item unknown", "Q.1,test_ore", "Q.1,testore"),
            ("parameter's pollutant unknown", "test_ore,,CO2", "test_ore,,C02"),
            ("parameter's area unknown", "CO2,yunxi,", "CO2,yunxy,"),
            ("parameter's citation unknown", "yunxi-2021,p. 3", "yunxi-2012,p. 3"),
        ],
    ));
    cases.extend(edits(
        METHODS,
        &[
            ("method's category unknown", "kiln_co2,Q.1", "kiln_co2,Q.7"),
            ("method's item unknown", "Q.1,test_ore", "Q.1,test_ores"),
            ("method's pollutant unknown", "test_ore,,CO2", "test_ore,,CO22"),
            ("method's second category unknown", "test_ore,,CO2,,1", "test_ore,,CO2,Q.8,1"),
            ("method's spread unknown", "amount * ore_factor,,", "amount * ore_factor,decays,"),
            ("method's dimension unknown", "CO2,,1,emitted,,amount", "CO2,,1,emitted,weight,amount"),
            ("method's citation unknown", "amount * ore_factor,,,", "amount * ore_factor,,yunxi,"),
        ],
    ));
    cases
}

fn elsewhere() -> Vec<Case> {
    vec![
        Case::new("category's parent unknown").edit("categories.csv", "Q.1,Q,", "Q.1,QQ,"),
        Case::new("category's expected pollutant unknown").edit("categories.csv", "direct,CO2", "direct,CO2|SO3"),
        Case::new("area's parent unknown").edit("areas.csv", "yunxi_town,yunxi,", "yunxi_town,yunxia,"),
        Case::new("potential of an unknown gas").edit("gwp.csv", "YUNXI,CH4", "YUNXI,CH44"),
        Case::new("economy's area unknown").edit("economy.csv", "2019,yunxi,gdp", "2019,yunxu,gdp"),
        Case::new("name of two items").edit("items.csv", "试验用煤,test coal,", "试验用煤,test coal,试验矿石").edit(
            ACTIVITY,
            "Q.1,test_ore,,,1200",
            "Q.1,试验矿石,,,1200",
        ),
    ]
}

fn doubled() -> Vec<Case> {
    let tie = "heat_carbon,,test_coal,,,,,,,27,kgC/GJ,,,yunxi-survey,yunxi-2021,p. 9,verified,";
    let rival = "kiln_rival,Q.1,test_ore,,CO2,,1,emitted,,amount * sulphur_of_ore,,,,";
    let pollutants = "pollutant,name_zh,name_en,aliases,kind,note\nH2S,硫化氢,hydrogen sulphide,,air,\nH2S,硫化氢,hydrogen sulphide,,air,\n";
    let ore = "sulphur_of_ore,,test_ore,,,,,,,2,%,,,yunxi-survey,yunxi-2021,p. 9,verified,";
    vec![
        Case::new("area twice").line("areas.csv", "yunxi_town,yunxi,另一镇,Another town,"),
        Case::new("category twice").line("categories.csv", "Q.1,Q,又一窑,another kiln,industry,direct,"),
        Case::new("item twice").line("items.csv", "test_ore,又一矿石,another ore,,product,"),
        Case::new("pollutant twice").content("pollutants.csv", pollutants),
        Case::new("method twice").line(METHODS, "kiln_co2,Q.1,test_ore,,CO2,,2,emitted,,amount * ore_factor,,,,"),
        Case::new("indicator twice").line("economy.csv", "2020,yunxi,gdp,9700,万元,2020,statistics,yunxi-2021,"),
        Case::new("potential twice").line("gwp.csv", "YUNXI,CH4,27,,,,"),
        Case::new("two equal parameters").line(PARAMETERS, tie),
        Case::new("two methods of one rank").line(METHODS, rival).line(PARAMETERS, ore),
    ]
}

/// A study's own schemes and rows.
fn crosswalks() -> Vec<Case> {
    const HEADER: &str = "scheme,category,item,kind,technology,pollutant,code,name_en\n";
    let table = |name: &str, rows: &str| Case::new(name).content("crosswalk.csv", format!("{HEADER}{rows}"));
    let closed = "yunxi-plan,,,,,,other,\n";
    vec![
        table("scheme without a row for the rest", "yunxi-plan,Q.1,,,,,A,kilns\n"),
        table("unknown words in a crosswalk", &format!("{closed}yunxi-plan,Q.7,test_cool,caol,,C02,A,kilns\n")),
        table("class without a code", &format!("{closed}yunxi-plan,Q.1,,,,,,kilns\n")),
        table("two classes for one key", &format!("{closed}yunxi-plan,Q.1,,,,,A,kilns\nyunxi-plan,Q.1,,,,,B,kilns\n")),
    ]
}

fn circles() -> Vec<Case> {
    let heat = "heat * heat_carbon * 44/12";
    let derived = |name: &str, expression: &str| format!("{name}_of,Q.2,test_coal,,,,1,{name},,{expression},,,,");
    vec![
        Case::new("area above itself").edit("areas.csv", "yunxi,world,", "yunxi,yunxi_town,"),
        Case::new("categories in a circle of three")
            .edit("categories.csv", "Q,,试验源", "Q,Q.1.1,试验源")
            .line("categories.csv", "Q.1.1,Q.1,更细,finer,industry,direct,"),
        Case::new("derived parameters in a circle of two")
            .edit(METHODS, heat, "heat * first * 44/12")
            .line(METHODS, &derived("first", "second * 2"))
            .line(METHODS, &derived("second", "first / 2")),
        Case::new("derived parameters in a circle of three")
            .edit(METHODS, heat, "heat * first * 44/12")
            .line(METHODS, &derived("first", "second * 2"))
            .line(METHODS, &derived("second", "third + 1"))
            .line(METHODS, &derived("third", "first / 2")),
        Case::new("derived parameter of itself").edit(METHODS, "amount * net_calorific_value", "amount * heat"),
    ]
}
