//! The crosswalk: every category has one class in every scheme, there and back.

use crate::library::{library, none, tables};
use qingdan::crosswalk::{MEMO, OTHER, OUTSIDE, Scheme, Sought, line};
use qingdan::study::Vocabulary;
use std::collections::{BTreeMap, BTreeSet};

const SCHEMES: [&str; 8] = ["PG2011", "CRT", "NFR", "GNFR", "SNAP", "GPC", "air_source", "GBT4754"];

#[test]
fn every_scheme_maps_every_category_by_a_row_that_names_it_or_one_above() {
    let (words, _) = library();
    let names: Vec<&str> = words.schemes.iter().map(|scheme| scheme.name.as_str()).collect();
    assert_eq!(names, SCHEMES);
    let mut violations = Vec::new();
    for scheme in &words.schemes {
        for (index, category) in words.categories.iter() {
            let line = line(&words.categories, index);
            let named =
                |above: &usize| scheme.rules.iter().any(|rule| rule.is_plain() && rule.category == Some(*above));
            if !line.iter().any(named) {
                violations.push(format!("{}: nothing holds for {}", scheme.name, category.code));
            }
        }
        if scheme.classes[scheme.fallback].code != OTHER {
            violations.push(format!("{}: what it does not name is not '{OTHER}'", scheme.name));
        }
    }
    none("crosswalk", &violations);
}

/// Of all classes together each category is found again, once.
#[test]
fn the_way_back_names_every_category_once() {
    let (words, _) = library();
    for scheme in &words.schemes {
        let classes = scheme.of_categories(&words.categories);
        let mut back: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        classes.iter().enumerate().for_each(|(category, class)| back.entry(*class).or_default().push(category));
        let mut found: Vec<usize> = back.values().flatten().copied().collect();
        found.sort_unstable();
        assert_eq!(found, (0..words.categories.len()).collect::<Vec<_>>(), "{}", scheme.name);
        let reached = |class: usize| back.contains_key(&class) || scheme.rules.iter().any(|rule| rule.class == class);
        let idle: Vec<&str> = (0..scheme.classes.len())
            .filter(|&class| !reached(class))
            .map(|class| scheme.classes[class].code.as_str())
            .collect();
        assert!(idle.is_empty(), "{}: nothing falls into {idle:?}", scheme.name);
    }
}

#[test]
fn a_class_has_one_name_in_all_its_rows() {
    let mut names: BTreeMap<(String, String), BTreeSet<(String, String)>> = BTreeMap::new();
    for row in tables::read("crosswalk") {
        let [scheme, code, zh, en] = ["scheme", "code", "name_zh", "name_en"].map(|column| row.get(column).to_string());
        names.entry((scheme, code)).or_default().insert((zh, en));
    }
    let wrong = names.iter().filter(|(_, names)| names.len() != 1 || names.contains(&(String::new(), String::new())));
    none("names of classes", &wrong.map(|(class, names)| format!("{class:?}: {names:?}")).collect::<Vec<_>>());
}

/// A row that the nearest row above it implies stands there only for its note.
#[test]
fn no_row_says_what_is_said_above() {
    const KEY: [&str; 5] = ["scheme", "item", "kind", "technology", "pollutant"];
    let rows = tables::read("crosswalk");
    let key = |row: &tables::Line| KEY.map(|column| row.get(column).to_string());
    let known: BTreeMap<_, &str> =
        rows.iter().map(|row| ((key(row), row.get("category").to_string()), row.get("code"))).collect();
    let above = |row: &tables::Line| {
        let mut category = row.get("category");
        while let Some((shorter, _)) = category.rsplit_once('.') {
            category = shorter;
            if let Some(code) = known.get(&(key(row), category.to_string())) {
                return Some(*code);
            }
        }
        None
    };
    let idle = rows.iter().filter(|row| row.get("note").is_empty() && above(row) == Some(row.get("code")));
    none("rows that say nothing", &idle.map(|row| row.at(&key(row).join(" "))).collect::<Vec<_>>());
}

fn map<'a>(words: &Vocabulary, scheme: &'a Scheme, [category, item, technology, pollutant]: [&str; 4]) -> &'a str {
    let category = words.categories.index(category).unwrap_or_else(|| panic!("no category '{category}'"));
    let item = words.items.index(item);
    let sought = Sought {
        line: &line(&words.categories, category),
        item,
        kind: item.map_or("", |item| &words.items.get(item).kind),
        technology,
        pollutant: words.pollutants.index(pollutant),
    };
    &scheme.classes[scheme.map(sought)].code
}

/// Scheme; category, item, technology, pollutant; the class.
const KNOWN: [(&str, [&str; 4], &str); 40] = [
    ("NFR", ["1.A.2.k", "diesel_oil", "", "NOx"], "1.A.2.g.viii"),
    ("NFR", ["1.A.2.k", "diesel_oil", "off_road", "NOx"], "1.A.2.g.vii"),
    ("NFR", ["1.A.4.c", "diesel_oil", "off_road", "NOx"], "1.A.4.c.ii"),
    ("NFR", ["1.B.1.c", "coke", "", "VOC"], "1.B.1.b"),
    ("NFR", ["3.A.2.i", "layer", "", "NH3"], "3.B.4.g.i"),
    ("NFR", ["3.A.2.i", "poultry", "", "NH3"], "3.B.4.g"),
    ("NFR", ["3.C.4", "urea", "", "NH3"], "3.D.a.1"),
    ("NFR", ["3.C.4", "manure_nitrogen", "", "NH3"], "3.D.a.2.a"),
    ("NFR", ["3.C.4", "rice_straw", "", "N2O"], "3.D.a.4"),
    ("NFR", ["U.1", "", "", "PM10"], OUTSIDE),
    ("NFR", ["2.F.1.a", "", "", "HFC134a"], OUTSIDE),
    ("GNFR", ["1.A.1.a.i", "raw_coal", "", "SO2"], "A_PublicPower"),
    ("GNFR", ["2.D.3.d.ii", "", "", "VOC"], "E_Solvents"),
    ("GNFR", ["3.A.2.h", "swine", "", "NH3"], "K_AgriLivestock"),
    ("CRT", ["1.A.4.b", "straw", "", "CH4"], "1.A.4.b"),
    ("CRT", ["1.A.4.b", "straw", "", "CO2_biogenic"], "1.D.3"),
    ("CRT", ["1.B.2.b.ii", "natural_gas", "", "CO2"], "1.B.2.c"),
    ("CRT", ["3.B.1.b", "forest", "", "CO2"], "4.A.2"),
    ("CRT", ["P.1", "electricity", "", "CO2"], OUTSIDE),
    ("SNAP", ["3.A.2.h", "swine", "", "CH4"], "1005"),
    ("SNAP", ["3.A.2.h", "swine", "", "NH3"], "1009"),
    ("SNAP", ["1.A.2.f", "raw_coal", "grate_boiler", "SO2"], "0301"),
    ("GPC", ["1.A.1.a.iii", "raw_coal", "", "CO2"], "I.4.4"),
    ("GPC", ["P.2", "heat", "", "CO2"], "I.*.2"),
    ("PG2011", ["1.A.4.b", "firewood", "", "CH4"], "能源活动/生物质燃烧"),
    ("PG2011", ["P.1", "electricity", "", "CO2"], "信息项/电力调入（出）间接排放"),
    ("air_source", ["1.A.2.f", "raw_coal", "", "SO2"], "工艺过程源"),
    ("air_source", ["1.A.2.f", "raw_coal", "grate_boiler", "SO2"], "化石燃料固定燃烧源"),
    ("air_source", ["1.A.4.b", "straw", "", "CO"], "生物质燃烧源"),
    ("air_source", ["1.A.3.b.iii", "biodiesel", "", "NOx"], "移动源"),
    ("GBT4754", ["1.A.2.c", "raw_coal", "", "CO2"], "C26-C28"),
    ("GBT4754", ["1.A.4.b", "natural_gas", "", "CO2"], OUTSIDE),
    ("CRT", ["M.2.a", "jet_kerosene", "", "CO2"], "1.D.1.a"),
    ("CRT", ["M.1", "raw_coal", "import", "CO2"], "1.A(b)"),
    ("CRT", ["M.1", "straw", "import", "CO2_biogenic"], "1.A(b)"),
    ("NFR", ["M.2.a", "jet_kerosene", "", "NOx"], "1.A.3.a.i.(ii)"),
    ("NFR", ["M.1", "diesel_oil", "import", "CO2"], MEMO),
    ("GNFR", ["M.2.b", "fuel_oil", "", "SO2"], "P_IntShipping"),
    ("PG2011", ["M.2.b", "fuel_oil", "", "CO2"], "信息项/国际燃料舱"),
    ("air_source", ["M.2", "biodiesel", "", "NOx"], MEMO),
];

#[test]
fn known_sources_fall_where_they_belong() {
    let (words, _) = library();
    let scheme = |name: &str| words.schemes.iter().find(|scheme| scheme.name == name).expect("a scheme");
    let wrong = KNOWN.iter().filter(|(name, source, code)| map(&words, scheme(name), *source) != *code);
    let say = |(name, source, code): &(&str, [&str; 4], &str)| {
        format!("{name} {source:?}: {} is not {code}", map(&words, scheme(name), *source))
    };
    none("classes", &wrong.map(say).collect::<Vec<_>>());
}
