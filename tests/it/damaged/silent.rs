//! Damage that a parser, a spreadsheet or a number could let pass in silence, or take forever over.

use crate::damaged::case::Case;
use crate::damaged::workbooks::{FILE, HEADER, ROW, book, sheet};

const METHODS: &str = "methods.csv";
const WHOLE: &str = "amount * ore_factor";

pub fn cases() -> Vec<Case> {
    let far = r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far away</t></is></c></row>"#;
    let many = format!("1200,{}q,", "千万".repeat(16));
    vec![
        Case::new("comment of a line").edit(METHODS, WHOLE, "amount * ore_factor -- as in the manual"),
        Case::new("minus of a minus, which is a comment").edit(METHODS, WHOLE, "amount * ore_factor--1"),
        Case::new("comment in between").edit(METHODS, WHOLE, "amount /* tonnes */ * ore_factor"),
        Case::new("a cell at the end of the sheet").content(FILE, book(&sheet(&[&HEADER, &ROW], far))),
        Case::new("target's metric unknown").edit("targets.toml", "\"CO2 per gdp\"", "\"CO2 per gpd\""),
        Case::new("target's cap of another dimension").edit("targets.toml", "cut = \"3%\"", "cap = \"3 万tce\""),
        Case::new("price bases that do not meet").edit("economy.csv", "9000,万元,2020", "9000,万元,2015"),
        Case::new("unit of the lowest power").edit("activity/industry.csv", "1200,t,", "1200,t^-128,"),
        Case::new("unit of a power out of range").edit(
            "activity/industry.csv",
            "1200,t,",
            "1200,d^100*a^-100*d^100*t,",
        ),
        Case::new("indicator of two dimensions").edit("economy.csv", "9000,万元,2020", "9000,t,2020"),
        Case::new("unit of many multipliers").edit("activity/industry.csv", "1200,t,", &many),
    ]
}
