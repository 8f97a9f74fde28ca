//! What holds for every scenario, whatever its numbers: measures at level 0, split periods and lines, the order of independent measures,
//! the collapsed plan beside the detailed one.

use proptest::prelude::*;
use qingdan::inventory::Inventory;
use qingdan::model::Model;
use qingdan::study;
use qingdan::study::File;
use qingdan::target::Boundary;
use std::collections::BTreeMap;

const CATEGORIES: &str = "code,parent,name_zh,name_en,sector,scope,expects\nS,,试验,case,industry,direct,\n";
const ITEMS: &str = "item,name_zh,name_en,aliases,kind,biogenic\none,甲,one,,product,\ntwo,乙,two,,product,\n";
/// One method is proportional to its amount, the other is not.
const METHODS: &str = "method,category,item,technology,pollutant,rank,result,expression,spread,citation\n\
    one_co2,S,one,,CO2,1,emitted,amount * emission_factor,,definition\n\
    two_co2,S,two,,CO2,1,emitted,\"min(amount, limit) * emission_factor\",,definition\n";
const PARAMETERS: &str =
    "parameter,item,value,unit\nemission_factor,one,2,t/t\nemission_factor,two,3,t/t\nlimit,two,60,t\n";

/// A study in memory: rows of source, item and amount; its scenarios and measures as text.
struct Story {
    rows: Vec<(String, &'static str, f64)>,
    scenarios: String,
    measures: String,
}

/// Emissions in detail by year, source and item, and every metric of the collapsed plan, by name and year.
type Told = (BTreeMap<(i32, String, String), f64>, BTreeMap<(String, i32), f64>);

/// Runs the first scenario; a run compares the collapsed totals with the detailed ones itself.
fn tell(story: &Story) -> Told {
    let rows = story.rows.iter().map(|(source, item, amount)| format!("2025,world,S,{item},{source},{amount},t\n"));
    let rows: String = rows.collect();
    let files = [
        ("study.toml", "area = \"world\"\nyears = [2025]\nsets = []\npollutants = [\"CO2\"]\n".to_string()),
        ("categories.csv", CATEGORIES.to_string()),
        ("items.csv", ITEMS.to_string()),
        ("methods.csv", METHODS.to_string()),
        ("parameters/case.csv", PARAMETERS.to_string()),
        ("activity/rows.csv", format!("year,area,category,item,source,amount,unit\n{rows}")),
        ("scenarios.toml", story.scenarios.clone()),
        ("measures.toml", story.measures.clone()),
    ];
    let files = files.map(|(name, text)| File { name: name.to_string(), bytes: text.into_bytes() });
    let model = Model::new(study::build(files.into()).expect("a study")).expect("a model");
    let inventory = model.compile().expect("an inventory");
    let found = model.project(&inventory).expect("a projection");
    let run = &found.runs[0];
    let mut collapsed = BTreeMap::new();
    for (index, metric) in found.metrics.all.iter().enumerate().filter(|(_, m)| m.boundary == Boundary::Direct) {
        for (at, year) in run.plan.years().enumerate() {
            collapsed.insert((metric.name.clone(), year), run.contributions.with[[index, at + 1]]);
        }
    }
    (detailed(&run.inventory), collapsed)
}

fn detailed(inventory: &Inventory<'_>) -> BTreeMap<(i32, String, String), f64> {
    let activity = &inventory.study.activity;
    let mut sums = BTreeMap::new();
    for emission in &inventory.emissions {
        let row = emission.row as usize;
        let item = inventory.study.words.items.code(activity.item[row] as usize).to_string();
        let key = (emission.year, activity.word(activity.source[row]).to_string(), item);
        *sums.entry(key).or_insert(0.0) += emission.emitted_t;
    }
    sums
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1e-9)
}

/// All values of one story are those of the other.
fn same<K: Ord + std::fmt::Debug>(a: &BTreeMap<K, f64>, b: &BTreeMap<K, f64>) -> Result<(), TestCaseError> {
    for (key, value) in a {
        let other = b.get(key).copied().unwrap_or(0.0);
        prop_assert!(near(*value, other), "{key:?}: {value} and {other}");
    }
    Ok(())
}

/// Amounts, a rate, a scale, two levels.
fn numbers() -> impl Strategy<Value = (Vec<f64>, f64, f64, (f64, f64))> {
    (proptest::collection::vec(0.1..200.0_f64, 4), -0.2..0.2_f64, 0.0..1.5_f64, (0.0..1.0_f64, 0.0..1.0_f64))
}

fn rows(amounts: &[f64]) -> Vec<(String, &'static str, f64)> {
    let items = ["one", "one", "two", "two"];
    amounts.iter().zip(items).enumerate().map(|(at, (amount, item))| (format!("s{at}"), item, *amount)).collect()
}

fn growth(periods: &[(&str, f64)]) -> String {
    let periods: Vec<String> = periods.iter().map(|(period, rate)| format!("\"{period}\" = {rate}")).collect();
    format!("[[s.growth]]\nselect = {{ category = \"S\" }}\nintensity = {{ rate = {{ {} }} }}\n", periods.join(", "))
}

fn measure(name: &str, source: &str, change: &str, level: f64) -> String {
    format!("[{name}]\nselect = {{ source = \"{source}\" }}\n{change}\nlevel = {level}\ncombine = \"chain\"\n")
}

fn uses(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("[s]\nhorizon = 2030\nuse = [{}]\n", names.join(", "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_measure_at_level_0_changes_nothing((amounts, rate, scale, _) in numbers()) {
        let growth = growth(&[("2026-2030", rate)]);
        let changes = [
            format!("scale = {scale}"),
            "shift = { to = \"two\", by = \"amount\", source = \"s2\" }".to_string(),
            "parameter = { name = \"emission_factor\", to = 0 }".to_string(),
        ];
        let measures: Vec<String> =
            changes.iter().enumerate().map(|(at, change)| measure(&format!("m{at}"), "s*", change, 0.0)).collect();
        let without = Story { rows: rows(&amounts), scenarios: uses(&[]) + &growth, measures: String::new() };
        let names = ["m0", "m1", "m2"];
        let with = Story { rows: rows(&amounts), scenarios: uses(&names) + &growth, measures: measures.concat() };
        let (without, with) = (tell(&without), tell(&with));
        for (key, value) in &without.0 {
            prop_assert_eq!(Some(value), with.0.get(key), "{:?}", key);
        }
        same(&without.1, &with.1)?;
    }

    #[test]
    fn splitting_a_period_changes_nothing((amounts, rate, ..) in numbers()) {
        let of = |periods: &[(&str, f64)]| {
            tell(&Story { rows: rows(&amounts), scenarios: uses(&[]) + &growth(periods), measures: String::new() })
        };
        let whole = of(&[("2026-2030", rate)]);
        let split = of(&[("2026", rate), ("2027-2029", rate), ("2030", rate)]);
        prop_assert_eq!(whole, split);
    }

    #[test]
    fn splitting_a_line_changes_nothing((amounts, rate, scale, (level, part)) in numbers()) {
        // Of a method that is proportional to its amount.
        let amounts = &amounts[..2];
        let mut split = rows(amounts);
        split[0].2 *= part;
        split.push(("s0".to_string(), "one", amounts[0] * (1.0 - part)));
        let scenarios = uses(&["a", "b"]) + &growth(&[("2026-2030", rate)]);
        let measures = measure("a", "s0", &format!("scale = {scale}"), level)
            + &measure("b", "s0", "shift = { to = \"one\", by = \"amount\", source = \"s1\", ratio = 0.5 }", level);
        let whole = tell(&Story { rows: rows(amounts), scenarios: scenarios.clone(), measures: measures.clone() });
        let split = tell(&Story { rows: split, scenarios, measures });
        same(&whole.0, &split.0)?;
        same(&whole.1, &split.1)?;
    }

    #[test]
    fn the_order_of_independent_measures_changes_nothing((amounts, rate, scale, levels) in numbers()) {
        let measures = measure("a", "s0", &format!("scale = {scale}"), levels.0)
            + &measure("b", "s1", "shift = { to = \"two\", by = \"amount\", source = \"s3\" }", levels.1)
            + &measure("c", "s2", "parameter = { name = \"emission_factor\", to = 1 }", levels.0);
        let of = |order: &[&str]| {
            let scenarios = uses(order) + &growth(&[("2026-2030", rate)]);
            tell(&Story { rows: rows(&amounts), scenarios, measures: measures.clone() })
        };
        let (one, other) = (of(&["a", "b", "c"]), of(&["c", "b", "a"]));
        same(&one.0, &other.0)?;
        same(&one.1, &other.1)?;
    }

    #[test]
    fn collapsed_equals_detailed((amounts, rate, scale, levels) in numbers()) {
        let measures = measure("a", "s*", &format!("scale = {scale}"), levels.0)
            + &measure("b", "s0", "shift = { to = \"two\", by = \"amount\" }", levels.1)
            + &measure("c", "s2", "parameter = { name = \"emission_factor\", to = 1 }", levels.1);
        let scenarios = uses(&["a", "b", "c"]) + &growth(&[("2026-2030", rate)]);
        let (detailed, collapsed) = tell(&Story { rows: rows(&amounts), scenarios, measures });
        for year in 2026..=2030 {
            let sum: f64 = detailed.iter().filter(|((of, ..), _)| *of == year).map(|(_, value)| value).sum();
            let total = collapsed[&("CO2".to_string(), year)];
            prop_assert!(near(sum, total), "{year}: {sum} in detail, {total} collapsed");
        }
    }
}
