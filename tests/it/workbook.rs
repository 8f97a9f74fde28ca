//! `report.xlsx`: what it shows, that its formulas give the engine's numbers, and that they follow what is changed.
//!
//! Where LibreOffice is installed it recomputes the workbooks, after every stored result has been overwritten: what comes back
//! has been computed and not copied.

mod archive;
mod book;
mod hostile;
mod live;
use crate::program::{Scratch, run};
use book::{Opened, number, rows};
use std::path::{Path, PathBuf};

/// Stocks, removal, `if`, `exp`, powers, notation keys, memo items, other units, negative amounts.
const CASES: [&str; 16] = [
    "boiler-mass-balance",
    "boiler-library",
    "fleet-survival",
    "landfill-decay-vector",
    "ipcc-fod-food",
    "industry-refrigerant-bank",
    "road-hot-summer",
    "agri-manure-temperature",
    "agri-nitrogen-budget",
    "memo-reference-approach",
    "notation-keys",
    "us-units",
    "forest-gain-loss",
    "one-herd",
    "sewage-by-treatment",
    "gwp-ar6-20",
];

pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs a study into a folder of its own; gaps are no failure.
pub fn compiled(study: &Path, language: &str) -> (Scratch, PathBuf) {
    let scratch = Scratch::new("workbook");
    let out = scratch.path().join("out");
    let output = run(&["run", &study.to_string_lossy(), "--lang", language, "--out", &out.to_string_lossy()]);
    let (status, errors) = (output.status, String::from_utf8_lossy(&output.stderr));
    assert!(matches!(status.code(), Some(0 | 1)), "{}: {status}\n{errors}", study.display());
    (scratch, out)
}

/// The inventory's own emissions in the order of the file.
pub fn history(out: &Path) -> Vec<f64> {
    let rows = rows(&out.join("emissions.csv"));
    rows.iter().filter(|row| row["scenario"] == "history").map(|row| number(&row["emitted_t"])).collect()
}

#[test]
fn the_same_study_gives_the_same_bytes_and_all_sheets() {
    let book = || compiled(&repository("scenarios/dazu"), "zh");
    let ((_first, first), (_second, second)) = (book(), book());
    let bytes = |out: &Path| std::fs::read(out.join("report.xlsx")).expect("report.xlsx");
    assert!(bytes(&first) == bytes(&second), "two runs differ");
    let names = [
        "封面",
        "排放总量",
        "能源",
        "工业",
        "交通",
        "建筑",
        "农业",
        "废弃物",
        "土地利用与林业",
        "图表",
        "目标",
        "情景",
        "达峰判断",
        "减排措施",
        "减排项目",
        "排放清单",
        "分步计算",
        "活动水平",
        "排放因子与参数",
        "全球增温潜势",
        "数据质量",
        "影响因素",
        "公布数对照",
        "数据缺口",
    ];
    assert_eq!(Opened::new(&first.join("report.xlsx")).names(), names);
}

#[test]
fn what_a_study_has_no_data_for_is_left_out() {
    let (_scratch, out) = compiled(&repository("tests/cases/fleet-survival"), "en");
    let names = Opened::new(&out.join("report.xlsx")).names();
    for name in ["Scenarios", "Peaks", "Measures", "Projects", "Targets", "Published figures"] {
        assert!(!names.iter().any(|known| known == name), "{name} in {names:?}");
    }
    for name in ["Cover", "Totals", "Inventory", "Steps", "Activity data", "Parameters", "Data quality"] {
        assert!(names.iter().any(|known| known == name), "no {name} in {names:?}");
    }
}

/// More emissions than a spreadsheet computes: sums of values, and the totals are formulas over them all the same.
#[test]
fn a_very_large_study_has_sums_in_place_of_formulas() {
    const ROWS: usize = 17_000;
    let study = Scratch::new("workbook-large");
    let write = |name: &str, text: &str| std::fs::write(study.path().join(name), text).expect("a file");
    std::fs::create_dir(study.path().join("activity")).expect("a folder");
    write(
        "study.toml",
        "area = \"大足区\"\nyears = [2020]\nsets = [\"IPCC2006\"]\ngwp = \"AR5\"\npollutants = [\"CO2\", \"CH4\", \"N2O\"]\n",
    );
    let row = |number: usize| format!("2020,dazu,1.A.2.m,natural_gas,厂{number},{},TJ\n", 1 + number % 7);
    let table: String = (0..ROWS).map(row).collect();
    write("activity/plants.csv", &format!("year,area,category,item,source,amount,unit\n{table}"));
    let (_scratch, out) = compiled(study.path(), "zh");
    let mut opened = Opened::new(&out.join("report.xlsx"));
    let (sums, all) = (opened.inventory(), history(&out));
    assert_eq!((sums.len(), all.len()), (3, 3 * ROWS));
    let (sums, all): (f64, f64) = (sums.iter().sum(), all.iter().sum());
    assert!((sums - all).abs() <= 1e-9 * all, "{sums} is not {all}");
    assert_eq!(opened.formulas("排放清单", 10), 0);
    assert!(!opened.names().contains(&"活动水平".to_string()));
    opened.compare_totals(&out);
}
