//! Headers and rows that do not fit the table.

use crate::damaged::case::Case;

const FILE: &str = "activity/industry.csv";
const HEADER: &str = "year,area,category,item,technology,source,amount,unit,uncertainty_pct,quality,reference,note";

pub fn cases() -> Vec<Case> {
    let header = |name: &str, to: &str| Case::new(name).edit(FILE, HEADER, to);
    let row = |name: &str, to: &str| {
        Case::new(name).edit(FILE, "2019,yunxi_town,Q.1,test_ore,,,1200,t,5,statistics,yunxi-2021,", to)
    };
    vec![
        header("unknown column", &HEADER.replace("amount", "amuont")),
        header("unknown column like none", &HEADER.replace("note", "0123456789")),
        header("column twice", &HEADER.replace("note", "year")),
        header("column twice, once in Chinese", &HEADER.replace("note", "年份")),
        header("column missing", &HEADER.replace("unit,", "unit_of_measure,")),
        header(
            "three faults at once",
            &HEADER.replace("year", "yaer").replace("note", "item").replace("source", "sourse"),
        ),
        header("nameless column in the middle", &HEADER.replace("technology", "")),
        header("a million columns", &",".repeat(1_000_000)),
        header("header of blanks", &" ,".repeat(11)),
        Case::new("header alone").content(FILE, HEADER),
        Case::new("no header").content(FILE, "2019,yunxi,Q.1,test_ore,1200,t\n2020,yunxi,Q.1,test_ore,1500,t\n"),
        row("comma in a number", "2019,yunxi_town,Q.1,test_ore,,,1,200,t,5,statistics,yunxi-2021,"),
        row("row too short", "2019,yunxi_town,Q.1,test_ore,,,1200"),
        Case::new("parameters without value").edit("parameters/survey.csv", "year_to,value,unit", "year_to,valu,unit"),
        Case::new("methods without expression").edit(
            "methods.csv",
            "amount_dimension,expression",
            "amount_dimension,formula",
        ),
        Case::new("economy without indicator").edit("economy.csv", "indicator", "index"),
    ]
}
