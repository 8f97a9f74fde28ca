//! The register of reduction projects: its rows, its rules and the targets it is judged by.

use crate::damaged::case::Case;

const HEADER: &str = "project,pollutant,kind,source,area,start,activity,capacity,activity_unit,load,factor_before,factor_after,generation_factor,factor_unit,removal_before,removal_after,generated,base_emission,offset,mass_unit,quality";

/// A register of one sound row with one text in it replaced.
fn row(name: &str, from: &str, to: &str) -> Case {
    let sound = "kiln,SO2,treatment,,yunxi,2021-05,1000,1200,t,0.9,,,2,kg/t,0.1,0.8,,,0.5,t,statistics";
    assert!(sound.contains(from), "{name}: the row has no '{from}'");
    Case::new(name).content("projects.csv", format!("{HEADER}\n{}\n", sound.replacen(from, to, 1)))
}

fn rules(name: &str, row: &str) -> Case {
    let text = format!("rule,kind,pollutant,result,expression,confidence\n{row}\n");
    Case::new(name).content("project_rules.csv", text)
}

fn target(name: &str, text: &str) -> Case {
    Case::new(name).content("targets.toml", format!("[own]\nyear = 2020\n{text}\n"))
}

pub fn cases() -> Vec<Case> {
    [registered(), ruled(), judged()].into_iter().flatten().collect()
}

fn registered() -> Vec<Case> {
    vec![
        row("project without a name", "kiln,", ","),
        row("project's pollutant unknown", "SO2", "SO3"),
        row("project's kind unknown", "treatment", "treatmant"),
        row("project's kind without a rule", "treatment", "substitution"),
        row("project of another area", "yunxi", "chongqing"),
        row("project's start in words", "2021-05", "spring"),
        row("project's start in no month", "2021-05", "2021-13"),
        row("project's start in the base year", "2021-05", "2019-12"),
        row("project's removal in per cent", "0.1,0.8", "10,80"),
        row("project's removal falls", "0.1,0.8", "0.8,0.1"),
        row("project's activity negative", "1000", "-1000"),
        row("project's activity in words", "1000", "much"),
        row("project's activity without a unit", "1200,t,", "1200,,"),
        row("project's unit unknown", "kg/t", "kg/tt"),
        row("project's factor of another dimension", "kg/t", "kg/m3"),
        row("project's offset of another dimension", "0.5,t,", "0.5,万m3,"),
        row("project's offset above its tonnes", "0.5,t,", "5,t,"),
        row("project's offset without tonnes", "1000", "NE"),
        row("project with a column too many", ",2,kg/t", "3,2,kg/t"),
        row("project of an unknown quality", "statistics", "statistic"),
        Case::new("project twice")
            .content("projects.csv", format!("{HEADER}\n{0}{0}", "kiln,SO2,closure,,,2021-05,,,,,,,,,,,,3,,,\n")),
        Case::new("projects' column unknown")
            .content("projects.csv", "project,pollutant,kind,factor_befor\nkiln,SO2,closure,1\n"),
        Case::new("three faults of one project")
            .content("projects.csv", "project,pollutant,kind,start\nkiln,SO3,closing,soon\n"),
    ]
}

fn ruled() -> Vec<Case> {
    vec![
        rules("rule with an unknown name", "own,closure,,reduction,base_emision,derived"),
        rules("rule of a derived name with another", "own,,,counted,counted / 2,derived"),
        rules(
            "rule of a net factor with a removal",
            "own,treatment,,reduction,activity * factor_before * removal_after,derived",
        ),
        rules("rule without its kind", "own,,,reduction,base_emission,derived"),
        rules("rule of a share twice", "own,,,share,1,derived"),
        rules("rule of a share with a column", "months_after_start,,,share,load,derived"),
        rules(
            "rules alike",
            "own,livestock,,reduction,base_emission,derived\nother,livestock,,reduction,base_emission / 2,derived",
        ),
        rules("rule that cannot be read", "own,livestock,,reduction,base_emission *,derived"),
    ]
}

fn judged() -> Vec<Case> {
    vec![
        target("target of projects that do not count", "metric = \"projects SO2\"\nfloor = \"3 t\""),
        target("target of projects with a cut", "metric = \"projects COD\"\ncut = \"8%\"\nbase = 2019"),
        target("target of projects in another unit", "metric = \"projects COD\"\nfloor = \"3 万m3\""),
        target("target of projects misspelt", "metric = \"project COD\"\nfloor = \"3 t\""),
    ]
}
