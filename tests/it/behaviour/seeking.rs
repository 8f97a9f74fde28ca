//! Goal seek, portfolios, costs and co-control on small studies whose answers are worked by hand.

use crate::program::{Scratch, run};
use std::collections::BTreeMap;

/// 100 t of CO2 in 2025 from one line that grows by 3 % a year, an effort on it, and two more lines that do not grow.
pub(super) struct Study(pub(super) Scratch);

const FILES: [(&str, &str); 7] = [
    (
        "study.toml",
        "area = \"here\"\nyears = [2025]\nbase_year = 2025\nsets = []\npollutants = [\"CO2\", \"SO2\", \"VOC\", \"COD\"]\n",
    ),
    ("areas.csv", "area,parent,name_zh,name_en\nhere,,此地,here\n"),
    (
        "categories.csv",
        "code,parent,name_zh,name_en,sector,scope,expects\nQ,,总,all,industry,direct,\nQ.1,Q,甲,one,industry,direct,\nQ.2,Q,乙,two,industry,direct,\nQ.3,Q,丙,three,industry,direct,\n",
    ),
    ("items.csv", "item,name_zh,name_en,aliases,kind,biogenic\nthing,物,thing,,product,\n"),
    (
        "methods.csv",
        "method,category,pollutant,rank,result,expression\na,Q,CO2,1,emitted,amount\nb,Q.1,SO2,1,emitted,amount * 0.0095\nc,Q.1,VOC,1,emitted,amount * 0.01\nd,Q.1,COD,1,emitted,amount * 0.002\n",
    ),
    (
        "activity/lines.csv",
        "year,area,category,item,amount,unit\n2025,here,Q.1,thing,100,t\n2025,here,Q.2,thing,50,t\n2025,here,Q.3,thing,50,t\n",
    ),
    ("economy.csv", "year,area,indicator,value,unit\n2025,here,output,1,t\n"),
];

impl Study {
    pub(super) fn new(name: &str, measures: &str, (scenarios, targets): (&str, &str)) -> Self {
        let scratch = Scratch::new(name);
        std::fs::create_dir_all(scratch.path().join("activity")).expect("a folder");
        let own = [("measures.toml", measures), ("scenarios.toml", scenarios), ("targets.toml", targets)];
        for (file, text) in FILES.into_iter().chain(own) {
            std::fs::write(scratch.path().join(file), text).expect("a file");
        }
        Self(scratch)
    }

    pub(super) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.0.path().join(file), text).expect("a file");
    }

    /// What is said, and the exit code.
    pub(super) fn say(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let folder = self.0.path().to_string_lossy().to_string();
        let output = run(&[&[arguments[0], &folder, "--lang", "en"], &arguments[1..]].concat());
        let said = String::from_utf8_lossy(&output.stdout).to_string() + &String::from_utf8_lossy(&output.stderr);
        (said, output.status.code())
    }

    pub(super) fn table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.0.path().join(name)).expect("a table");
        let header = reader.headers().expect("a header").clone();
        let rows = reader.records().map(|record| record.expect("a row"));
        rows.map(|record| header.iter().map(str::to_string).zip(record.iter().map(str::to_string)).collect()).collect()
    }
}

pub(super) fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?} is no number"))
}

pub(super) fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-9), "{found} is not {expected}");
}

pub(super) const GROWTH: &str = "[s]\nhorizon = 2035\nuse = [\"cut\"]\n[[s.growth]]\nselect = { category = \"Q.1\" }\nintensity = { rate = { \"2026-2035\" = \"3%\" } }\n";
pub(super) const RAMP: &str = "[cut]\nselect = { category = \"Q.1\" }\nscale = 0\nlevel = { points = { 2025 = 0, 2035 = 0.5 }, after = \"hold\" }\n";

/// Reference notes on scenarios, section 4.8: x = 1 − 105/(100·1.03⁵), here with 100 t more that do not move.
#[test]
fn the_level_that_meets_a_cap() {
    let full = "[cut]\nselect = { category = \"Q.1\" }\nscale = 0\nlevel = { points = { 2025 = 0, 2030 = 0.5 }, after = \"hold\" }\n";
    let targets = "[cap]\ntitle = \"cap\"\nmetric = \"CO2\"\nboundary = \"direct\"\nyear = 2030\ncap = \"205 t\"\n[low]\ntitle = \"low\"\nmetric = \"CO2\"\nyear = 2030\ncap = \"90 t\"\n";
    let study = Study::new("seek-cap", full, (GROWTH, targets));
    let (said, code) = study.say(&["seek", "--scenario", "s", "--target", "cap", "--lever", "cut"]);
    assert!(said.contains("the level of cut at 0.0942607764"), "{said}");
    assert!(said.contains("simulated in detail: 205, met"), "{said}");
    assert_eq!(code, Some(0));
    // λ multiplies the planned 0.5: twice as much of it, none of the level itself.
    let (said, _) = study.say(&["seek", "--scenario", "s", "--target", "cap"]);
    assert!(said.contains("the ambition λ of all measures at 0.1885215528 (planned 1, at most 2)"), "{said}");
    // 100 t cannot be moved: 10 t too much even with all of it.
    let (said, code) = study.say(&["seek", "--scenario", "s", "--target", "low", "--lever", "cut"]);
    assert!(said.contains("not reachable: best is the level of cut at 1 "), "{said}");
    assert!(said.contains("the smallest relaxation is 10 t"), "{said}");
    assert!(said.contains("the full level of measures binds: cut"), "{said}");
    assert_eq!(code, Some(1));
}

#[test]
fn a_scenario_without_measures_is_told_so_and_no_argument_is_blamed() {
    let targets = "[cap]\ntitle = \"cap\"\nmetric = \"CO2\"\nyear = 2027\ncap = \"140 t\"\n";
    let study = Study::new("seek-none", "", ("[s]\nhorizon = 2027\n", targets));
    let (said, code) = study.say(&["seek", "--scenario", "s", "--target", "cap"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("no measure whose level could be sought") && !said.contains("--lever"), "{said}");
}

/// The same section: x·t/10 on what grows by 3 %; the smallest x for a peak by 2028 is 0.2679 on a grid of 1e-4.
#[test]
fn the_level_that_brings_the_peak_forward() {
    let targets = "[peak]\ntitle = \"peak\"\nmetric = \"SO2\"\nboundary = \"direct\"\npeak_by = 2028\n";
    let study = Study::new("seek-peak", RAMP, (GROWTH, targets));
    let (said, _) = study.say(&["seek", "--scenario", "s", "--target", "peak", "--lever", "cut"]);
    let value = said.split("the level of cut at ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a value");
    let value: f64 = value.parse().expect("a number");
    assert_eq!((value * 1e4).ceil() / 1e4, 0.2679, "{said}");
    assert!(said.contains("the peak is in 2028, required by 2028"), "{said}");
}

const COSTED: &str = "\
[cheap]\nselect = { category = \"Q.2\" }\nscale = 0\nlevel = { points = { 2025 = 0, 2026 = 0.5 }, after = \"hold\" }\ncost = { running = \"10 元/t\", life = 1, discount = \"0%\" }\n\
[dear]\nselect = { category = \"Q.3\" }\nscale = 0\nlevel = { points = { 2025 = 0, 2026 = 0.5 }, after = \"hold\" }\ncost = { invest = \"2 百万元\", running = \"-0.15 百万元\", count = 1, life = 10, discount = \"5%\" }\n";
const STEADY: &str = "[s]\nhorizon = 2027\nuse = [\"cheap\", \"dear\"]\n";

/// 50 t can go for 10 yuan each; what is wanted beyond that comes from the dear measure: 60 t off 200 are 1.0 and 0.2.
#[test]
fn the_cheapest_portfolio_meets_the_cap() {
    let costed = COSTED.replace("百万元", "万元");
    let targets = "[cap]\ntitle = \"cap\"\nmetric = \"CO2\"\nyear = 2027\ncap = \"140 t\"\n[no]\ntitle = \"no\"\nmetric = \"CO2\"\nyear = 2027\ncap = \"80 t\"\n";
    let costed = costed.replace("-0.15 万元", "0.15 万元");
    let study = Study::new("portfolio", &costed, (STEADY, targets));
    let (said, code) = study.say(&["portfolio", "--scenario", "s", "--target", "cap"]);
    assert_eq!(code, Some(0), "{said}");
    let rows = study.table("portfolio/portfolio.csv");
    let level = |measure: &str| rows.iter().find(|row| row["measure"] == measure).map(|row| number(row, "level"));
    near(level("cheap").expect("a row"), 1.0);
    near(level("dear").expect("a row"), 0.2);
    assert!(said.contains("simulated in detail: 140, met"), "{said}");
    let (said, code) = study.say(&["portfolio", "--scenario", "s", "--target", "no"]);
    assert!(said.contains("no portfolio meets it") && said.contains("the smallest relaxation is 20 t"), "{said}");
    assert_eq!(code, Some(1));
    // One yuan short of what the dear part needs: no portfolio.
    let (_, code) = study.say(&["portfolio", "--scenario", "s", "--target", "cap", "--budget", "1000 元"]);
    assert_eq!(code, Some(1));
}

/// Section 4.8: capex 2.0 M at 5 % over 10 years, opex −0.15 M/a; at half the level half of both, 25 t cut.
#[test]
fn costs_are_annuities_and_running_costs() {
    let study = Study::new("costs", COSTED, (STEADY, ""));
    study.say(&["run"]);
    let rows = study.table("out/costs.csv");
    let of = |measure: &str| rows.iter().find(|row| row["measure"] == measure && row["year"] == "2027").expect("a row");
    near(number(of("cheap"), "cost"), 250.0);
    near(number(of("cheap"), "npv"), -500.0);
    near(number(of("cheap"), "cost_per_t"), 10.0);
    let annual = (2e6 * 0.129_504_574_965_456_7 - 0.15e6) * 0.5;
    near(number(of("dear"), "cost"), annual);
    near(number(of("dear"), "npv"), -annual / 1.05 - annual / 1.05 / 1.05);
    near(number(of("dear"), "cost_per_t"), annual / 25.0);
    assert_eq!((of("cheap")["rank"].as_str(), of("dear")["rank"].as_str()), ("1", "2"));
    near(number(of("dear"), "from_t"), 25.0);
}

#[test]
fn money_per_a_unit_that_does_not_fit_is_a_fault() {
    let study = Study::new("costs-unit", &COSTED.replace("10 元/t", "10 元/m2"), (STEADY, ""));
    let (said, code) = study.say(&["run"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("cheap.cost.running") && said.contains("元/m2"), "{said}");
}

/// 100 t of Q.1 carry 0.95 t SO2, 1 t VOC and 0.2 t COD; half of it goes: 500 equivalents of air, 100 of water, none of VOC.
#[test]
fn equivalents_of_air_and_water_stand_apart() {
    let scenarios = "[s]\nhorizon = 2035\nuse = [\"cut\"]\n";
    let study = Study::new("cocontrol", RAMP, (scenarios, ""));
    study.say(&["run"]);
    let rows = study.table("out/cocontrol.csv");
    let of = |medium: &str, pollutant: &str| {
        let fits = |row: &&BTreeMap<String, String>| {
            row["year"] == "2035"
                && row["boundary"] == "direct"
                && row["medium"] == medium
                && row["pollutant"] == pollutant
        };
        rows.iter().find(fits).unwrap_or_else(|| panic!("{medium} {pollutant}"))
    };
    near(number(of("air", "SO2"), "equivalents"), 500.0);
    near(number(of("air", "(all)"), "equivalents"), 500.0);
    near(number(of("water", "(all)"), "equivalents"), 100.0);
    assert_eq!(of("air", "VOC")["equivalents"], "");
    near(number(of("air", "VOC"), "cut_t"), 0.5);
    // SO2 falls by 50 %, CO2 by 50 of 200 t: 2.
    near(number(of("air", "SO2"), "elasticity"), 2.0);
    assert_eq!(of("water", "(all)")["quadrant"], "co-control");
}

/// Two cuts in a chain overlap: alone each takes 40 of 100 t at most, together 64. Of 50 t the cheap one takes its 40, the other 10 of what
/// is left, 60·0.4·x = 10. The program that knows them alone is wrong by more than 1 % and is asked again.
#[test]
fn what_overlaps_is_linearised_again() {
    let of = |name: &str, cost: &str| {
        format!(
            "[{name}]\nselect = {{ category = \"Q.1\" }}\nscale = 0.6\ncombine = \"chain\"\nlevel = {{ points = {{ 2025 = 0, 2026 = 1 }}, after = \"hold\" }}\ncost = {{ running = \"{cost}\" }}\n"
        )
    };
    let measures = of("cheap", "10 元/t") + &of("dear", "90 元/kg");
    let targets = "[cap]\ntitle = \"cap\"\nmetric = \"CO2\"\nyear = 2027\ncap = \"150 t\"\n";
    let study = Study::new("portfolio-chain", &measures, (STEADY, targets));
    let (said, code) = study.say(&["portfolio", "--scenario", "s", "--target", "cap"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("linearised 2 times"), "{said}");
    let rows = study.table("portfolio/portfolio.csv");
    let level = |measure: &str| rows.iter().find(|row| row["measure"] == measure).map(|row| number(row, "level"));
    near(level("cheap").expect("a row"), 1.0);
    near(level("dear").expect("a row"), 10.0 / 24.0);
}

/// A cost of every year is least where the measure begins last: for a cap in 2027 from 2027 on.
#[test]
fn a_later_start_is_chosen_where_it_is_enough() {
    let targets = "[cap]\ntitle = \"cap\"\nmetric = \"CO2\"\nyear = 2027\ncap = \"160 t\"\n";
    let step = "[cheap]\nselect = { category = \"Q.2\" }\nscale = 0\nlevel = 1\ncost = { running = \"10 元/t\" }\n[dear]\nselect = { category = \"Q.3\" }\nscale = 0\nlevel = 1\ncost = { running = \"90 元/t\" }\n";
    let study = Study::new("portfolio-start", step, (STEADY, targets));
    let (said, code) = study.say(&["portfolio", "--scenario", "s", "--target", "cap", "--starts", "2026,2027"]);
    assert_eq!(code, Some(0), "{said}");
    let rows = study.table("portfolio/portfolio.csv");
    let used: Vec<_> = rows.iter().filter(|row| number(row, "level") > 0.0).collect();
    assert_eq!(used.len(), 1, "{said}");
    assert_eq!((used[0]["measure"].as_str(), used[0]["start"].as_str()), ("cheap", "2027"));
    near(number(used[0], "level"), 0.8);
}

/// Measures that add up may not take more than all: λ ends where 0.5 + 0.3 are 1.
#[test]
fn measures_that_add_up_end_the_lever() {
    let of = |name: &str, level: f64| {
        format!("[{name}]\nselect = {{ category = \"Q.1\" }}\nscale = 0\ncombine = \"sum\"\nlevel = {level}\n")
    };
    let targets = "[cap]\ntitle = \"cap\"\nmetric = \"CO2\"\nyear = 2027\ncap = \"90 t\"\n";
    let study = Study::new("seek-sum", &(of("cheap", 0.5) + &of("dear", 0.3)), (STEADY, targets));
    let (said, code) = study.say(&["seek", "--scenario", "s", "--target", "cap", "--ambition"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("at 1.25 (at most 1.25)") && said.contains("measures that add up bind"), "{said}");
}

#[test]
fn unknown_names_are_told_with_the_nearest() {
    let targets = "[cap]\ntitle = \"cap\"\nmetric = \"CO2\"\nyear = 2027\ncap = \"90 t\"\n[later]\ntitle = \"later\"\nmetric = \"CO2\"\nyear = 2050\ncap = \"90 t\"\n[given]\ntitle = \"given\"\nmetric = \"CO2\"\nyear = 2027\nallotted = \"city\"\n";
    let study = Study::new("seek-names", COSTED, (STEADY, targets));
    for (arguments, words) in [
        (["--scenario", "t", "--target", "cap", "--lever", "cheap"], "--scenario: scenarios.toml has no scenario 't'"),
        (["--scenario", "s", "--target", "cop", "--lever", "cheap"], "the nearest known name is 'cap'"),
        (["--scenario", "s", "--target", "cap", "--lever", "chaep"], "the nearest known name is 'cheap'"),
        (
            ["--scenario", "s", "--target", "later", "--lever", "cheap"],
            "its year 2050 is none of the projected years 2026–2027",
        ),
        (["--scenario", "s", "--target", "given", "--lever", "cheap"], "has no number"),
    ] {
        let (said, code) = study.say(&[&["seek"], arguments.as_slice()].concat());
        assert!(code == Some(2) && said.contains(words), "{said}");
    }
}

/// Reference notes: pollutants 10 (1200 kg SO2 are 1263.16), scenarios 4.9 (95 t SO2, 190 t NOx, 20 t COD, 8 t NH3-N are 330 000 in all).
#[test]
fn the_library_has_the_equivalents_of_the_law() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("factors/equivalents.csv");
    let mut reader = csv::Reader::from_path(path).expect("the table");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let of = |pollutant: &str, kg: f64| {
        let row = rows.iter().find(|row| &row[0] == pollutant).expect("a row");
        assert_eq!(&row[3], "kg");
        kg / row[2].parse::<f64>().expect("a number")
    };
    assert!((of("SO2", 1200.0) - 1263.16).abs() < 0.005);
    let (air, water) = (of("SO2", 95e3) + of("NOx", 190e3), of("COD", 20e3) + of("NH3N", 8e3));
    assert_eq!((air, water, air + water), (300_000.0, 30_000.0, 330_000.0));
    assert!(rows.iter().all(|row| !["VOC", "TN", "PM10", "PM2.5"].contains(&&row[0])), "the law has none for these");
}
