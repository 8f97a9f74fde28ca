//! The order of rows, of files and of threads changes no number.

use crate::behaviour::folder::{contents, copy_study, repository, said};
use crate::behaviour::program;
use crate::program::Scratch;
use std::collections::BTreeMap;
use std::path::Path;

/// Rows whose sum depends on the order in which they are added, in two towns and with two sources each.
fn rows() -> Vec<String> {
    let amounts =
        ["10000000000000000", "1", "0.1", "0.2", "0.3", "1e-3", "3333333333.3333", "7e15", "0.7", "123456.789"];
    let row = |(at, amount): (usize, &&str)| {
        let (area, source) = (["yunxi_town", "yunxi"][at % 2], ["north", "south", "\"east, yard 1\""][at % 3]);
        [2019, 2020].map(|year| format!("{year},{area},Q.1,test_ore,,{source},{amount},t,5,statistics,yunxi-2021,"))
    };
    amounts.iter().enumerate().flat_map(row).collect()
}

fn study(activity: &[(&str, Vec<String>)]) -> Scratch {
    let scratch = Scratch::new("order");
    copy_study(Path::new(&repository("tests/damaged/base")), scratch.path());
    for name in ["scenarios.toml", "measures.toml"] {
        std::fs::copy(repository(&format!("tests/damaged/{name}")), scratch.path().join(name)).expect("a file");
    }
    let old = scratch.path().join("activity/industry.csv");
    let text = std::fs::read_to_string(&old).expect("the rows of the base");
    let head = text.lines().next().expect("a head");
    for (name, rows) in activity {
        let text = format!("{head}\n{}\n", rows.join("\n"));
        std::fs::write(scratch.path().join("activity").join(name), text).expect("rows");
    }
    scratch
}

/// The outputs that hold sums and what is judged by them.
fn sums(study: &Scratch, threads: &str) -> BTreeMap<String, Vec<u8>> {
    let mut command = program();
    command.args(["run", &study.path().to_string_lossy(), "--lang", "en"]);
    command.env("RAYON_NUM_THREADS", threads).env("POLARS_MAX_THREADS", threads);
    let output = command.output().expect("it runs");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", said(&output));
    // These name lines and inputs one by one.
    let by_line = ["emissions.csv", "gaps.csv", "influences.csv", "notices.csv", "plan.csv"];
    let all = contents(&study.path().join("out")).into_iter();
    all.filter(|(name, _)| name.ends_with(".csv") && !by_line.contains(&name.as_str())).collect()
}

#[test]
fn the_order_of_rows_and_files_changes_no_number() {
    let rows = rows();
    let first = sums(&study(&[("more.csv", rows.clone())]), "1");
    for name in [
        "totals.csv",
        "indicators.csv",
        "targets.csv",
        "peaks.csv",
        "contributions.csv",
        "cocontrol.csv",
        "uncertainty.csv",
    ] {
        assert!(first.contains_key(name), "{name} is not there");
    }
    let turned: Vec<String> = rows.iter().rev().cloned().collect();
    let mixed: Vec<String> = (0..rows.len()).map(|at| rows[at * 7 % rows.len()].clone()).collect();
    let (left, right) = (mixed[..9].to_vec(), mixed[9..].to_vec());
    let others = [
        (study(&[("more.csv", turned)]), "2"),
        (study(&[("more.csv", mixed.clone())]), "8"),
        (study(&[("a.csv", right), ("z.csv", left)]), "8"),
    ];
    for (study, threads) in others {
        let other = sums(&study, threads);
        let differing: Vec<&String> = first.keys().filter(|name| other.get(*name) != first.get(*name)).collect();
        assert!(differing.is_empty(), "on {threads} threads these differ: {differing:?}");
    }
}
