//! Words and rows that had no effect, or one that nobody meant, without a word: technologies, copies, amounts of another kind.

use crate::damaged::case::Case;

const ACTIVITY: &str = "activity/industry.csv";
const PARAMETERS: &str = "parameters/survey.csv";

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("technology misspelt where methods go by it")
            .line(ACTIVITY, "2020,yunxi,3.A.1.a.i,奶牛,large-scale,,800,头,,,,"),
        Case::new("technology misspelt that would count vehicles twice")
            .line(ACTIVITY, "2020,yunxi,1.A.3.b,汽油,by_vehicles,,800,t,,,,"),
        Case::new("technology of another category").line(ACTIVITY, "2020,yunxi,1.A.3.b,汽油,国四,,800,t,,,,"),
        Case::new("technology that stands twice")
            .content("technologies.csv", "technology,name_zh,categories\nshaft,竖窑,Q.1\nshaft,立窑,Q.1\n"),
        Case::new("a row and its copy").line(ACTIVITY, "2020,yunxi,Q.2,test_coal,,,280,t,5,statistics,yunxi-2021,"),
        Case::new("coal by area").line(ACTIVITY, "2020,yunxi,1.A.2,原煤,,,800,m2,,,,"),
        Case::new("a parameter of another dimension than its name has")
            .line(PARAMETERS, "distance_per_vehicle,,,,,yunxi,,,,1.2,万km,,,yunxi-survey,yunxi-2021,,,"),
        Case::new("an expression with a comma and without quotes").edit(
            "methods.csv",
            "amount * ore_factor,",
            "max(amount, 1) * ore_factor,",
        ),
        Case::new("a set of warming potentials that there is not").edit("study.toml", "\"AR5\"", "\"AR7\""),
        Case::new("a table that pairs categories that nobody knows")
            .content("overlaps.csv", "category,beside,pollutants\nQ.1,Q.9,CO2\nQ.1,Q.2,CO3\n"),
    ]
}
