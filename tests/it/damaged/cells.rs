//! Numbers, units and words in cells.

use crate::damaged::case::{Case, edits};

const ACTIVITY: &str = "activity/industry.csv";
const PARAMETERS: &str = "parameters/survey.csv";
const METHODS: &str = "methods.csv";

pub fn cases() -> Vec<Case> {
    [units(), numbers(), magnitudes(), words(), money()].into_iter().flatten().collect()
}

/// Numbers that no computation bears, each at its own cell.
fn magnitudes() -> Vec<Case> {
    let long = format!("1{},t,", "0".repeat(308));
    let mut cases = edits(
        ACTIVITY,
        &[
            ("amount beyond all bounds", "1200,t,", "1.79e308,t,"),
            ("amount beyond what a chart shows", "1200,t,", "1e101,t,"),
            ("amount of 309 digits", "1200,t,", &long),
            ("amount that would be read as 0", "1200,t,", "1e-400,t,"),
            ("amount next to nothing", "1200,t,", "1e-300,t,"),
            ("uncertainty beyond all bounds", "1200,t,5,", "1200,t,1e200,"),
        ],
    );
    cases.extend(edits(
        PARAMETERS,
        &[
            ("parameter beyond all bounds", "440,kg/t", "1e200,kg/t"),
            ("parameter that would be read as 0", "440,kg/t", "1e-400,kg/t"),
            ("removal beyond its bounds", "SO2,,,,,80,%", "SO2,,,,,9250,%"),
            ("negative removal", "SO2,,,,,80,%", "SO2,,,,,-8,%"),
        ],
    ));
    cases.push(Case::new("result beyond all bounds").edit(ACTIVITY, "1200,t,", "1e59,t,").edit(
        METHODS,
        "amount * ore_factor",
        "amount * ore_factor * 1000000000",
    ));
    cases
}

fn units() -> Vec<Case> {
    let mut cases = edits(
        ACTIVITY,
        &[
            ("unit unknown", "1200,t,", "1200,tt,"),
            ("unit unknown, Chinese", "1200,t,", "1200,万顿,"),
            ("unit with a doubled sign", "1200,t,", "1200,t//m3,"),
            ("unit not closed", "1200,t,", "1200,kg/(head·d,"),
            ("unit closed twice", "1200,t,", "1200,kg/head),"),
            ("unit of the wrong dimension", "1200,t,", "1200,万m3,"),
            ("unit of energy for a mass", "1200,t,", "1200,tce,"),
            ("unit empty", "1200,t,", "1200,,"),
            (
                "unit too long",
                "1200,t,",
                "1200,t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t·t,",
            ),
            ("unit too high a power", "1200,t,", "1200,t^99,"),
        ],
    );
    cases.extend(edits(
        PARAMETERS,
        &[
            ("parameter's unit unknown", "440,kg/t", "440,kg/tt"),
            ("parameter's unit of the wrong dimension", "440,kg/t", "440,kg/TJ"),
            ("parameter's unit a mass", "440,kg/t", "440,kg"),
        ],
    ));
    cases.push(Case::new("own unit of an unknown one").content("units.csv", "unit,value,of\nsack,50,kgg\n"));
    cases.push(
        Case::new("own unit of nothing").content("units.csv", "unit,value,of\nsack,0,kg\nbag,-2,kg\nheap,,weight\n"),
    );
    cases
}

fn numbers() -> Vec<Case> {
    let mut cases = edits(
        ACTIVITY,
        &[
            ("number with a thousands separator", "1200,t,", "\"1,20\",t,"),
            ("number NaN", "1200,t,", "NaN,t,"),
            ("number inf", "1200,t,", "inf,t,"),
            ("number abc", "1200,t,", "abc,t,"),
            ("number in full width with its unit", "1200,t,", "１２００吨,t,"),
            ("number with its unit", "1200,t,", "1200 t,t,"),
            ("number empty", "1200,t,", ",t,"),
            ("number of a spreadsheet's error", "1200,t,", "#DIV/0!,t,"),
            ("number too great", "1200,t,", "2e400,t,"),
            ("number negative", "1200,t,", "-1200,t,"),
            ("notation key in small letters", "1200,t,", "ne,t,"),
            ("year of five digits", "2019,yunxi_town", "20200,yunxi_town"),
            ("year with a fraction", "2019,yunxi_town", "2019.5,yunxi_town"),
            ("year as a date", "2019,yunxi_town", "2019-12-31,yunxi_town"),
            ("year empty", "2019,yunxi_town", ",yunxi_town"),
            ("uncertainty negative", "1200,t,5", "1200,t,-5"),
            ("uncertainty with its sign", "1200,t,5", "1200,t,±5%"),
        ],
    );
    cases.extend(edits(
        PARAMETERS,
        &[
            ("parameter's value empty", "440,kg/t", ",kg/t"),
            ("parameter's value a word", "440,kg/t", "n/a,kg/t"),
            ("parameter's low above its value", "400,480", "450,480"),
            ("parameter's high below its value", "400,480", "400,410"),
            ("parameter's years reversed", "2015,2025", "2025,2015"),
        ],
    ));
    cases.push(Case::new("rank with a fraction").edit(METHODS, "CO2,,1,emitted,,amount", "CO2,,1.5,emitted,,amount"));
    cases.push(Case::new("potential a word").edit("gwp.csv", "CH4,28", "CH4,twenty-eight"));
    cases
}

fn words() -> Vec<Case> {
    let mut cases = edits(
        "categories.csv",
        &[
            ("sector unknown", "test kiln,industry", "test kiln,industries"),
            ("sector empty", "test kiln,industry", "test kiln,"),
            ("scope unknown", "test kiln,industry,direct", "test kiln,industry,indirect"),
        ],
    );
    cases.push(Case::new("quality unknown").edit(ACTIVITY, "5,statistics", "5,statistic"));
    cases.push(Case::new("confidence unknown").edit(PARAMETERS, "p. 3,verified", "p. 3,sure"));
    cases.push(Case::new("biogenic neither yes nor no").edit("items.csv", "product,", "product,perhaps"));
    cases
}

fn money() -> Vec<Case> {
    let mut cases = edits(
        "economy.csv",
        &[
            ("price base missing", "9000,万元,2020", "9000,万元,"),
            ("price base a word", "9000,万元,2020", "9000,万元,constant"),
            ("economy's unit unknown", "9000,万元", "9000,万圆圆"),
            ("economy's value empty", "9000,万元", ",万元"),
        ],
    );
    cases.push(Case::new("price bases mixed").edit(ACTIVITY, "1200,t,", "1200,万元@2020,").edit(
        PARAMETERS,
        "440,kg/t",
        "440,kg/万元@2015",
    ));
    cases
}
