//! What has no effect or may count twice is said: words, parameters, rows, stocks. A study that is in order says none of it.

use crate::behaviour::folder::{Folder, said};
use crate::program::run;

const SETTINGS: &str = r#"area = "大足区"
years = [2020]
gwp = "AR5"
sets = ["PG2025", "GBT32151", "PG2011", "IPCC2006", "MEP-STAT", "MEP-ROAD2014", "NDRC-TRANSPORT2015", "OM2016", "EMEP2023", "EFDB-CN", "definition"]
"#;

const ACTIVITY: &str = "year,area,category,item,technology,source,amount,unit,reference\n";
const PARAMETERS: &str = "parameter,category,item,source,year_from,year_to,value,unit,confidence\n";

/// What a check of a study of these rows says; it has no fault.
fn checked(name: &str, activity: &[&str], parameters: &[&str]) -> String {
    let folder = Folder::without_activity(name);
    folder.write("study.toml", SETTINGS.as_bytes());
    folder.write("activity/rows.csv", (ACTIVITY.to_string() + &activity.join("\n")).as_bytes());
    folder.write("parameters/own.csv", (PARAMETERS.to_string() + &parameters.join("\n")).as_bytes());
    let output = run(&["check", &folder.path(), "--lang", "en"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    said(&output)
}

fn holds(text: &str, wanted: &[&str]) {
    let missing: Vec<&&str> = wanted.iter().filter(|wanted| !text.contains(**wanted)).collect();
    assert!(missing.is_empty(), "{missing:?} is not in\n{text}");
}

/// The works of the trial: all that is known of its sulphur stayed without effect for want of `capture`.
#[test]
fn a_local_parameter_without_effect_is_named_with_the_reason() {
    let works = "2020,大足区,1.A.2,原煤,链条炉,甲厂,800,t,";
    let known = [
        "sulphur_content,1.A.2,原煤,甲厂,,,1.35,%,verified",
        "removal,1.A.2,原煤,甲厂,,,92.5,%,verified",
        "operating,1.A.2,原煤,甲厂,,,98,%,verified",
        "sulphur_contents,1.A.2,原煤,甲厂,,,1.35,%,verified",
        "colour_of_sky,,,,,,1,1,verified",
        "sulphur_content,1.A.2,原煤,清江酒厂,,,2,%,verified",
        "sulphur_content,1.A.2,原煤,甲厂,2030,2031,2,%,verified",
        "sulphur_content,1.A.2,柴油,,,,0.1,%,verified",
    ];
    let without = checked("unused", &[works], &known);
    holds(
        &without,
        &[
            "own.csv:2: the parameter 'sulphur_content' has no effect: the method 'so2_balance' would use it, but lacks capture",
            "own.csv:3: the parameter 'removal' has no effect: the method 'so2_balance' would use it, but lacks capture",
            "own.csv:4: the parameter 'operating' has no effect",
            "own.csv:5: the parameter 'sulphur_contents' has no effect: no method uses this name; the nearest one is 'sulphur_content'",
            "own.csv:6: the parameter 'colour_of_sky' has no effect: no method uses this name",
            "own.csv:7: the parameter 'sulphur_content' has no effect: no activity row has the source '清江酒厂'",
            "own.csv:8: the parameter 'sulphur_content' has no effect: no activity row has the year '2030–2031'",
            "own.csv:9: the parameter 'sulphur_content' has no effect: no activity row has the item 'diesel_oil'",
        ],
    );
    let with = checked("used", &[works], &[&known[..3], &["capture,1.A.2,原煤,甲厂,,,100,%,verified"]].concat());
    assert!(!with.contains("has no effect"), "{with}");
}

#[test]
fn a_value_that_a_more_specific_one_replaces_is_named() {
    let rows = ["2020,大足区,1.A.2,原煤,,甲厂,800,t,"];
    let said = checked(
        "replaced",
        &rows,
        &[
            "net_calorific_value,1.A.2,原煤,,,,21,GJ/t,verified",
            "net_calorific_value,1.A.2,原煤,甲厂,,,22,GJ/t,verified",
        ],
    );
    holds(
        &said,
        &[
            "own.csv:2: the parameter 'net_calorific_value' has no effect: activity/rows.csv:2 uses the value of parameters/own.csv:3",
        ],
    );
    assert!(!said.contains("own.csv:3: the parameter"), "{said}");
}

#[test]
fn technologies_have_chinese_names_and_unknown_ones_are_named() {
    let said = checked(
        "technologies",
        &["2020,大足区,3.A.1.a.i,奶牛,规模化饲养,,800,头,", "2020,大足区,P.1,电力,大用户,,8,万kWh,"],
        &[],
    );
    holds(&said, &["activity/rows.csv:3, technology: the technology '大用户' is not known in P.1"]);
    assert!(!said.contains("rows.csv:2"), "{said}");
    // The mean of all feeding modes is 68 kg a head.
    let folder = Folder::without_activity("large-scale");
    folder.write("study.toml", SETTINGS.replace("\"PG2025\", \"GBT32151\", ", "").as_bytes());
    let rows = ACTIVITY.to_string() + "2020,大足区,3.A.1.a.i,奶牛,规模化饲养,,800,头,";
    folder.write("activity/rows.csv", rows.as_bytes());
    folder.run();
    let methane = folder.table("emissions.csv");
    let methane = methane.iter().find(|row| row["pollutant"] == "CH4" && row["category"] == "3.A.1.a.i");
    assert_eq!(methane.map(|row| row["emitted_t"].parse::<f64>().ok()), Some(Some(800.0 * 88.1 / 1000.0)));
    for word in ["规模化饲养", "国四", "链条炉"] {
        let output = run(&["factors", word, "--lang", "zh"]);
        let text = crate::behaviour::folder::said(&output);
        assert!(text.contains("技术 "), "{word}: {text}");
    }
}

#[test]
fn what_may_count_twice_is_named_with_its_amounts() {
    let said = checked(
        "twice",
        &[
            "2020,大足区,1.A.2,原煤,,,1.1,万t,",
            "2020,大足区,1.A.2.c,原煤,,,10000,t,",
            "2020,大足区,2.B.1,合成氨,coal,,79300,t,",
            "2020,大足区,1.A.3.b,汽油,,,8000,t,",
            "2020,大足区,V.1.1,small_car_gasoline,国四,,3000,辆,",
        ],
        &[],
    );
    holds(
        &said,
        &[
            "1.A.2 and parts of it both have rows and both count",
            "raw coal of 2020, 1.1 万t (activity/rows.csv:2) beside 1 万t (activity/rows.csv:3 …)",
            "activity/rows.csv:4 and activity/rows.csv:3 may count the same twice in 2020 (CO2 310900 t + ",
            "activity/rows.csv:6 and activity/rows.csv:5 may count the same twice in 2020 (",
        ],
    );
    let apart = checked(
        "once",
        &[
            "2020,大足区,1.A.2.d,原煤,,,1.1,万t,",
            "2020,大足区,1.A.2.c,原煤,,,10000,t,",
            "2020,大足区,1.A.3.b,汽油,按车辆,,8000,t,",
            "2020,大足区,V.1.1,small_car_gasoline,国四,,3000,辆,",
            "2020,大足区,1.A.2.d,原煤,,,1.1,万t,another works",
        ],
        &[],
    );
    assert!(!apart.contains("twice"), "{apart}");
    holds(&apart, &["activity/rows.csv:6（", "activity/rows.csv:2"].map(|text| text.trim_end_matches('（')));
}

#[test]
fn a_stock_without_a_past_a_row_of_another_year_and_current_prices_are_named() {
    let waste = |year: i32| format!("{year},大足区,4.A.2.a,municipal_waste,decay,,1000,t,");
    let folder = Folder::without_activity("past");
    folder.write("study.toml", SETTINGS.as_bytes());
    let rows = |years: &[i32]| years.iter().map(|year| waste(*year) + "\n").collect::<String>();
    let check = |years: &[i32]| {
        folder.write("activity/rows.csv", (ACTIVITY.to_string() + &rows(years)).as_bytes());
        said(&run(&["check", &folder.path(), "--lang", "en"]))
    };
    let young = check(&[2020]);
    holds(&young, &["4.A.2.a of Dazu District", "the first years are too small"]);
    let old = check(&[2005, 2020]);
    assert!(!old.contains("the first years are too small"), "{old}");
    folder.write(
        "activity/rows.csv",
        (ACTIVITY.to_string() + "2020,大足区,1.A.2,原煤,,,1,t,\n2032,大足区,1.A.2,原煤,,,1,t,\n").as_bytes(),
    );
    folder.write(
        "economy.csv",
        "year,area,indicator,value,unit,price_base\n2020,大足区,gdp,300,亿元,current\n".as_bytes(),
    );
    folder.write("activity/截图.png", b"\x89PNG");
    folder.run();
    let notices: Vec<String> = folder.table("notices.csv").into_iter().map(|row| row["text"].clone()).collect();
    let notices = notices.join("\n");
    holds(&notices, &["activity/rows.csv:3", "economy.csv", "截图.png"]);
}

/// `our_set` is a name and no metric.
#[test]
fn an_own_set_of_warming_potentials_keeps_its_name() {
    let folder = Folder::without_activity("own-gwp");
    folder.write("study.toml", SETTINGS.replace("AR5", "our_set").as_bytes());
    folder.write("gwp.csv", b"set,pollutant,value\nour_set,CH4,30\nour_set,N2O,270\n");
    folder.write("activity/rows.csv", (ACTIVITY.to_string() + "2020,大足区,1.A.2,原煤,,,1,t,\n").as_bytes());
    folder.run();
    assert!(folder.table("totals.csv").iter().any(|row| row["pollutant"] == "GHG (our_set GWP100)"));
}
