//! Default ranges, levels of key categories and approaches that mean nothing.

use crate::damaged::case::Case;

const HEADER: &str = "what,parameter,grade,quality,category,item,kind,low_pct,high_pct,citation\n";

fn range(name: &str, row: &str) -> Case {
    Case::new(name).content("uncertainty.csv", format!("{HEADER}{row}\n"))
}

fn level(name: &str, row: &str) -> Case {
    Case::new(name).content("key_categories.csv", format!("category,by_fuel,citation\n{row}\n"))
}

fn approach(name: &str, row: &str) -> Case {
    Case::new(name)
        .line("categories.csv", "Q.3,Q,备忘,memo,industry,memo,")
        .content("approaches.csv", format!("category,beside,pollutant,largest_share,citation\n{row}\n"))
}

pub fn cases() -> Vec<Case> {
    vec![
        range("subject unknown", "factor,sulphur,,,,,,10,10,"),
        range("parameter without a name", "parameter,,,,Q.2,,,10,10,"),
        range("grade without a name", "grade,,,,,,,10,10,"),
        range("activity of no quality", "activity,,,,Q.2,,,10,10,"),
        range("activity of an unknown quality", "activity,,,guessed,,,,10,10,"),
        range("grade of one category", "grade,,F,,Q.2,,,10,10,"),
        range("parameter of a quality", "parameter,sulphur,,proxy,,,,10,10,"),
        range("low side missing", "parameter,sulphur,,,,,,,10,"),
        range("high side no number", "parameter,sulphur,,,,,,10,wide,"),
        range("high side negative", "parameter,sulphur,,,,,,10,-10,"),
        range("category of a range unknown", "parameter,sulphur,,,Q.22,,,10,10,"),
        range("item of a range unknown", "parameter,sulphur,,,,test_cool,,10,10,"),
        range("citation of a range unknown", "parameter,sulphur,,,,,,10,10,yunxi-2012"),
        range("range twice", "parameter,sulphur,,,,,,10,10,\nparameter,sulphur,,,,,,20,20,"),
        Case::new("grade unknown")
            .content("parameters/graded.csv", "parameter,category,value,unit,grade\nsulphur_of_ore,Q.1,2,%,Z\n"),
        level("level of an unknown category", "Q.22,,"),
        level("level split by something", "Q.2,coal,"),
        approach("approach of what counts", "Q.1,Q.2,CO2,0.05,"),
        approach("approach beside a memo item", "Q.3,Q.3,CO2,0.05,"),
        approach("approach with a share in words", "Q.3,Q.2,CO2,small,"),
        approach("approach with a negative share", "Q.3,Q.2,CO2,-0.05,"),
    ]
}
