//! What the program answers: where a number comes from, what the library has, which local rows replace it.

use crate::behaviour::folder::{Folder, repository, said};
use crate::program::run;
use serde_json::Value;

fn answer(arguments: &[&str], code: i32) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
    said(&output)
}

/// The same explanation for other programs: it says what the text says.
#[test]
fn explain_gives_the_same_as_json() {
    let study = Folder::new("explain-json");
    let question =
        ["explain", &study.path(), "--year", "2020", "--category", "1.A.2", "--item", "原煤", "--pollutant", "CO2"];
    let text = answer(&[question.as_slice(), &["--lang", "en"]].concat(), 0);
    let json: Value = serde_json::from_str(&answer(&[question.as_slice(), &["--json"]].concat(), 0)).expect("JSON");
    let explanations = json.as_array().expect("an array");
    assert!(!explanations.is_empty());
    for explanation in explanations {
        let formula = &explanation["formulas"][0];
        let (name, shown) = (formula["name"].as_str().expect("a name"), formula["text"].as_str().expect("a text"));
        assert!(text.contains(&format!("{name} = {shown}")), "{name} = {shown} is not in\n{text}");
        let value = explanation["emitted_t"].as_f64().expect("a number");
        assert!(text.contains(&format!("CO2 = {value} t")), "{value} is not in\n{text}");
        let parameter = formula["inputs"].as_array().expect("inputs").iter().find_map(|input| input.get("parameter"));
        let place = parameter.expect("a parameter")["row"]["place"].as_str().expect("a place");
        assert!(text.contains(place), "{place} is not in\n{text}");
    }
}

fn holds(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "'{word}' is not in\n{text}");
    }
}

#[test]
fn explain_shows_formula_numbers_citations_and_what_was_passed_over() {
    let study = Folder::new("explain");
    let question =
        ["explain", &study.path(), "--year", "2020", "--category", "1.A.2", "--item", "原煤", "--pollutant", "CO2"];
    let english = answer(&[question.as_slice(), &["--lang", "en"]].concat(), 0);
    holds(
        &english,
        &[
            "2020 Dazu District · 1.A.2.m",
            "raw coal · CO2 = ",
            "CO2 = energy × carbon_content × oxidation_factor × 44/12",
            "26.1 tC/TJ × 0.93 × 44/12",
            "energy = amount × net_calorific_value",
            "= 1.25 万吨 × ",
            "method combustion_co2 (factors/methods.csv:",
            "2006 IPCC Guidelines for National Greenhouse Gas Inventories",
            "amount = 1.25 万吨 | activity/energy.csv:2 | reported | 台账 | 锅炉, 备用",
            "carbon_content = 26.1 tC/TJ | factors/parameters/fuels.csv:",
            "GBT32151.22-2024: GB/T 32151.22-2024",
            "table C.1",
            "net_calorific_value = ",
            "NBS: ",
            "passed over combustion_co2_factor (rank 15): a better rank resolved",
            "1 emissions, ",
            "0 gaps",
        ],
    );
    let chinese = answer(&[question.as_slice(), &["--lang", "zh"]].concat(), 0);
    holds(
        &chinese,
        &[
            "2020 大足区",
            "原煤 · CO2 = ",
            "方法 combustion_co2（factors/methods.csv:",
            "未用 combustion_co2_factor（优先级 15）",
            "1 项排放",
        ],
    );
}

#[test]
fn explain_says_the_value_of_the_table() {
    let study = Folder::new("explain-value");
    study.run();
    for row in study.table("emissions.csv").iter().filter(|row| row["pollutant"] != "CO2_biogenic") {
        let question = [
            "--year",
            &row["year"],
            "--category",
            &row["category"],
            "--item",
            &row["item"],
            "--pollutant",
            &row["pollutant"],
        ];
        let text = answer(&[&["explain", &study.path(), "--lang", "en"], question.as_slice()].concat(), 0);
        let value: f64 = row["emitted_t"].parse().expect("a number");
        let shown =
            text.lines().next().and_then(|line| line.split(" = ").nth(1)).and_then(|text| text.strip_suffix(" t"));
        assert_eq!(shown.and_then(|text| text.parse().ok()), Some(value), "{text}");
    }
}

#[test]
fn explain_names_what_a_gap_lacks_and_what_a_method_lacked() {
    let study = Folder::new("explain-gap");
    study.write("study.toml", crate::behaviour::folder::SETTINGS.replace("\"N2O\"]", "\"N2O\", \"SO2\"]").as_bytes());
    let question =
        ["explain", &study.path(), "--year", "2020", "--category", "1.A.2", "--pollutant", "SO2", "--lang", "en"];
    let text = answer(&question, 0);
    holds(
        &text,
        &["gap 1.A.2.m raw_coal (activity/energy.csv:2): missing ", "sulphur_content", "0 emissions", "1 gaps"],
    );
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    let study = Folder::new("explain-unknown");
    let base = ["explain", &study.path(), "--year", "2020", "--lang", "en"];
    let cases = [
        (["--category", "1.A.2", "--pollutant", "CO2", "--item", "raw_cola"], "raw_coal"),
        (["--category", "1.A.2", "--pollutant", "C02", "--item", "raw_coal"], "CO2"),
    ];
    for (rest, near) in cases {
        holds(
            &answer(&[base.as_slice(), rest.as_slice()].concat(), 2),
            &["is not known", "the nearest known name is", near],
        );
    }
}

#[test]
fn factors_are_found_by_any_word_of_theirs() {
    let lines = |words: &[&str]| -> Vec<String> {
        let text = answer(&[&["factors", "--lang", "en"], words].concat(), 0);
        text.lines().map(str::to_string).collect()
    };
    let coal = lines(&["原煤"]);
    assert!(coal.len() > 10 && coal[..coal.len() - 1].iter().all(|line| line.contains("raw coal")), "{coal:#?}");
    assert_eq!(coal, lines(&["raw_coal"]), "the code and the name find the same");
    let one = lines(&["原煤", "NBS", "net_calorific_value"]);
    assert!(one.len() >= 2 && one[0].contains("net_calorific_value") && one[0].contains("NBS"), "{one:#?}");
    assert!(one.len() < coal.len(), "more words find less");
    assert!(one[0].contains("factors/parameters/fuels.csv:"), "{}", one[0]);
    let none = lines(&["nothing is called like this"]);
    assert!(none.len() == 1 && none[0].starts_with("0 of "), "{none:#?}");
    let all = lines(&[]);
    let count = coal[coal.len() - 1].split(' ').nth(2).expect("the number of all");
    assert!(all[all.len() - 1].starts_with(&format!("{count} of {count}")), "{}", all[all.len() - 1]);
    holds(&answer(&["factors", "原煤", "--lang", "zh"], 0), &["| 原煤 |", "条（因子库共"]);
}

#[test]
fn a_local_row_that_replaces_the_library_is_noticed() {
    let study = Folder::new("replaced");
    study.write("items.csv", "item,name_zh,name_en,kind\nraw_coal,本地原煤,local raw coal,coal\n".as_bytes());
    holds(&study.run(), &["items.csv:2", "the local 'raw_coal' replaces the library's row"]);
    let chinese = answer(&["check", &study.path(), "--lang", "zh"], 0);
    holds(&chinese, &["items.csv:2", "本地的 'raw_coal' 取代因子库中的同名行"]);
    // The library's name is gone with its row, and the local one is known.
    study.replace("activity/energy.csv", "raw_coal", "本地原煤");
    study.run();
    assert!(study.table("emissions.csv").iter().any(|row| row["item"] == "raw_coal"));
    let notices = crate::behaviour::outputs::record(&study.out())["notices"].to_string();
    holds(&notices, &["the local 'raw_coal' replaces the library's row"]);
}

#[test]
fn a_local_parameter_wins_over_the_library_and_is_named() {
    let study = Folder::new("local-parameter");
    study.run();
    let before = study.table("emissions.csv");
    let row = "parameter,item,value,unit,confidence\nnet_calorific_value,原煤,25,GJ/t,verified\n";
    study.write("parameters/laboratory.csv", row.as_bytes());
    study.run();
    for (row, before) in study.table("emissions.csv").iter().zip(before) {
        let coal = row["item"] == "raw_coal";
        assert_eq!(row["emitted_t"] != before["emitted_t"], coal, "{row:?}");
        assert_eq!(row["parameter_refs"].contains("net_calorific_value=parameters/laboratory.csv:2"), coal, "{row:?}");
    }
}

/// A balance with categories, items, areas and methods of its own, in the order of columns that its author liked.
/// All numbers are invented.
const BALANCE: [(&str, &str); 8] = [
    (
        "study.toml",
        "area = \"cb_chongqing\"\nyears = [2013, 2014]\nbase_year = 2013\nsets = [\"CB-fit\"]\ngwp = \"AR5\"\n",
    ),
    ("areas.csv", "area,name_zh,name_en,parent\ncb_chongqing,重庆（平衡表）,Chongqing (energy balance),world\n"),
    (
        "categories.csv",
        "code,parent,name_zh,name_en,sector,scope,expects\nCB,,能源平衡表,energy balance,energy,direct,CO2\n\
             CB.final,CB,平衡表终端消费,final consumption,energy,direct,\nCB.final.farming,CB.final,平衡表农林牧渔业,farming,agriculture,direct,\n\
             CB.total,CB,平衡表合计,balance total,energy,direct,\n",
    ),
    (
        "items.csv",
        "item,name_zh,name_en,kind\ncb_coal,平衡表原煤,balance raw coal,fuel\ncb_gas,平衡表天然气,balance gas,fuel\n",
    ),
    ("sources.csv", "citation,title,address,licence\nCB-SOURCE,a balance invented for this test,,\n"),
    (
        "methods.csv",
        "method,category,item,technology,pollutant,rank,result,expression,spread,citation,locator,note\n\
             cb_factor,CB,,,CO2,1,emitted,amount * emission_factor,,CB-SOURCE,,\n",
    ),
    (
        "parameters/fitted.csv",
        "parameter,category,item,pollutant,value,unit,set,citation,confidence\nemission_factor,CB,cb_coal,CO2,2.5,t/tce,CB-fit,CB-SOURCE,derived\n\
             emission_factor,CB.final,cb_coal,CO2,2.0,t/tce,CB-fit,CB-SOURCE,derived\n",
    ),
    (
        "activity/balance.csv",
        "item,category,year,area,unit,amount\ncb_coal,CB.final.farming,2013,cb_chongqing,Mtce,0.25\n平衡表原煤,CB.total,2013,重庆（平衡表）,万tce,40\n\
             cb_coal,平衡表终端消费,2014,cb_chongqing,tce,1000\ncb_gas,CB.total,2014,cb_chongqing,tce,5\n",
    ),
];

#[test]
fn a_study_may_bring_its_own_words() {
    let study = Folder::without_activity("balance");
    BALANCE.iter().for_each(|(name, text)| study.write(name, text.as_bytes()));
    study.run();
    let emitted: Vec<(String, f64)> = study
        .table("emissions.csv")
        .iter()
        .map(|row| (row["category"].clone(), row["emitted_t"].parse().expect("a number")))
        .collect();
    let expected = [("CB.final.farming", 500_000.0), ("CB.total", 1_000_000.0), ("CB.final", 2000.0)];
    assert_eq!(emitted.len(), expected.len(), "{emitted:?}");
    for ((category, value), (expected_category, expected)) in emitted.iter().zip(expected) {
        assert!(category == expected_category && (value / expected - 1.0).abs() < 1e-12, "{emitted:?}");
    }
    let gaps = study.table("gaps.csv");
    assert!(gaps.len() == 1 && gaps[0]["item"] == "cb_gas" && gaps[0]["missing"] == "emission_factor", "{gaps:?}");
}

#[test]
fn the_catalogue_is_a_page_of_its_own_in_both_languages() {
    let page = answer(&["factors", "--catalogue", "--lang", "en"], 0);
    holds(
        &page,
        &[
            "# Catalogue of the factor library",
            "## 1 Energy",
            "| IPCC2006 |",
            "**1.A.2.a** Iron and steel",
            "no method",
        ],
    );
    let chinese = answer(&["factors", "--catalogue", "--lang", "zh"], 0);
    holds(&chinese, &["# 因子库目录", "## 1 能源活动", "无方法"]);
    let folder = Folder::new("catalogue");
    let file = format!("{}/catalogue.md", folder.path());
    holds(&answer(&["factors", "--catalogue", "--out", &file, "--lang", "en"], 0), &["the catalogue is written to"]);
    assert_eq!(std::fs::read_to_string(&file).expect("the page"), page);
    answer(&["factors", "--out", &file], 2);
    answer(&["factors", "--catalogue", "coal"], 2);
    let below = format!("{file}/page.md");
    holds(&answer(&["factors", "--catalogue", "--out", &below, "--lang", "en"], 2), &["page.md"]);
}

#[test]
fn explain_answers_for_a_reduction_project() {
    let study = repository("tests/cases/register-rules");
    let question = ["explain", &study, "--project", "works in the east", "--pollutant", "COD", "--lang", "en"];
    holds(
        &answer(&question, 0),
        &[
            "works in the east · sewage works · COD = 1679 t a year",
            "= activity × (factor_before − factor_after)",
            "= 2 万m3/d × (260 mg/L − 30 mg/L)",
            "rule sewage_concentration (factors/project_rules.csv:",
            "| unverified",
            "2022: share 1, added 1679 t, in effect 1679 t, offsets 0 t, net 1679 t",
            "factor_before = 260 mg/L | projects.csv:",
        ],
    );
    let study = repository("tests/cases/register-targets");
    holds(
        &answer(&["explain", &study, "--project", "unread kiln", "--lang", "zh"], 0),
        &["减排量未知（projects.csv:", "NE；所缺各列：factor_after, factor_before"],
    );
    let unknown = answer(&["explain", &study, "--project", "unread kilm", "--lang", "en"], 2);
    holds(&unknown, &["the register has no such project", "the nearest known name is 'unread kiln'"]);
}
