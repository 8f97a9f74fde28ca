//! Every row stands on the line that an editor shows, whatever ends the lines, whatever the encoding.

use crate::behaviour::folder::Folder;
use crate::program::run;
use qingdan::error::Diagnostics;
use qingdan::schema::ACTIVITY;
use qingdan::table;

const ENDS: [&str; 3] = ["\n", "\r\n", "\r"];

type Encode = fn(&str) -> Vec<u8>;

const ENCODINGS: [(&str, Encode); 6] = [
    ("UTF-8", |text| text.as_bytes().to_vec()),
    ("UTF-8 with a mark", |text| format!("\u{feff}{text}").into_bytes()),
    ("GB18030", |text| encoding_rs::GB18030.encode(text).0.into_owned()),
    ("UTF-16 LE", |text| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("UTF-16 BE", |text| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ("UTF-16 LE without a mark", |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
];

const HEAD: &str = "year,area,category,item,amount,unit,note";

/// The lines of a table, and the numbers of those that begin a row. A quoted cell may go on over several lines.
const TABLES: [(&str, &[&str], &[usize]); 6] = [
    ("plain", &[HEAD, "2020,a,b,c,1,t,注", "2021,a,b,c,2,t,", "2022,a,b,c,3,t,"], &[2, 3, 4]),
    (
        "blank lines between rows",
        &[HEAD, "", "2020,a,b,c,1,t,", "", "", "2021,a,b,c,2,t,", "", "2022,a,b,c,3,t,"],
        &[3, 6, 8],
    ),
    ("blank lines at the top", &["", "", HEAD, "2020,a,b,c,1,t,注", "2021,a,b,c,2,t,"], &[4, 5]),
    ("blank lines at the end", &[HEAD, "2020,a,b,c,1,t,", "2021,a,b,c,2,t,", "", ""], &[2, 3]),
    (
        "breaks inside quotes",
        &[HEAD, "2020,a,b,c,1,t,\"一", "", "三\"", "2021,a,b,c,2,t,\"x", "y\"", "", "2022,a,b,c,3,t,"],
        &[2, 5, 8],
    ),
    ("lines of blanks and of commas", &[HEAD, "  ", ",,,,,,", "2020,a,b,c,1,t,", "   ", "2021,a,b,c,2,t,"], &[4, 6]),
];

#[test]
fn every_row_has_the_line_of_an_editor() {
    let mut wrong = Vec::new();
    for (name, lines, expected) in TABLES {
        for end in ENDS {
            for last in ["", end] {
                let text = lines.join(end) + last;
                for (encoding, encode) in ENCODINGS {
                    let mut faults = Diagnostics::default();
                    let tables = table::read("activity/a.csv", &encode(&text), &ACTIVITY, &mut faults);
                    assert!(faults.is_empty(), "{name}, {end:?}, {encoding}: {faults:?}");
                    let found: Vec<usize> = (0..tables[0].len()).map(|row| tables[0].line(row)).collect();
                    if found != expected {
                        wrong.push(format!("{name}, {end:?}, {encoding}: {found:?}, expected {expected:?}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn references_and_faults_name_that_line() {
    let rows = [
        "年份,地区,类别,项目,数量,单位,出处",
        "",
        "2020,dazu,1.A.4.b,raw_coal,1,万吨,\"年鉴",
        "第二页\"",
        "",
        "2020,dazu,1.A.4.b,firewood,2,t,",
    ];
    let own = ["parameter,value,unit,item,pollutant", "", "", "net_calorific_value,20,GJ/t,raw_coal,"];
    for (index, end) in ENDS.into_iter().enumerate() {
        let folder = Folder::without_activity(&format!("lines-{index}"));
        folder.write("activity/a.csv", rows.join(end).as_bytes());
        folder.write("parameters/own.csv", own.join(end).as_bytes());
        folder.run();
        let emissions = folder.table("emissions.csv");
        let of = |item: &str| emissions.iter().find(|row| row["item"] == item).expect("an emission");
        assert_eq!(of("raw_coal")["activity_ref"], "activity/a.csv:3", "{end:?}");
        assert_eq!(of("firewood")["activity_ref"], "activity/a.csv:6", "{end:?}");
        let references = &of("raw_coal")["parameter_refs"];
        assert!(references.contains("parameters/own.csv:4"), "{end:?}: {references}");
        folder.write("activity/a.csv", rows.join(end).replace("firewood", "fire").as_bytes());
        let output = run(&["check", &folder.path(), "--lang", "en"]);
        let said = String::from_utf8_lossy(&output.stderr).to_string();
        assert!(said.contains("activity/a.csv:6, item: 'fire' is not known"), "{end:?}: {said}");
    }
}
