//! What measures are told: rows that they make, and years that lie before the inventory's last.

use crate::behaviour::seeking::Study;

const MEASURES: &str = "[go]\nselect = { item = \"f_a\" }\nshift = { to = \"f_b\" }\nlevel = 0.5\ncombine = \"chain\"\n[early]\nselect = { item = \"f_a\" }\nscale = 0.5\nlevel = 0.5\ncombine = \"chain\"\n";

fn study(name: &str, used: &str, expression: &str) -> Study {
    let study = Study::new(name, MEASURES, (&format!("[s]\nhorizon = 2030\nuse = [{used}]\n"), ""));
    study.write("study.toml", "area = \"here\"\nyears = [2025]\nsets = [\"own\"]\npollutants = [\"CO2\"]\n");
    study.write("items.csv", "item,name_zh,name_en,aliases,kind,biogenic\nf_a,甲,a,,coal,\nf_b,乙,b,,coal,\n");
    study.write(
        "methods.csv",
        &format!("method,category,pollutant,rank,result,expression\nown_mass,Q,CO2,1,emitted,{expression}\n"),
    );
    std::fs::create_dir_all(study.0.path().join("parameters")).expect("a folder");
    study.write(
        "parameters/own.csv",
        "parameter,item,value,unit,set,confidence\nnet_calorific_value,f_a,20,GJ/t,own,derived\nnet_calorific_value,f_b,25,GJ/t,own,derived\nemission_factor,,2,t/t,own,derived\n",
    );
    study.write("activity/lines.csv", "year,area,category,item,amount,unit\n2025,here,Q.1,f_a,100,t\n");
    study
}

#[test]
fn a_row_that_a_shift_makes_is_given_by_energy() {
    let refused = study("made-row", "\"go\"", "amount * emission_factor");
    let (said, code) = refused.say(&["check"]);
    assert_eq!(code, Some(2), "{said}");
    for part in [
        "a new row of 'f_b' in Q.1, given by energy (TJ)",
        "'own_mass' takes its amount by mass",
        "write quantity in place of amount",
    ] {
        assert!(said.contains(part), "{part:?} is not in {said}");
    }
    let taken = study("made-row-quantity", "\"go\"", "quantity * emission_factor");
    let (said, code) = taken.say(&["check"]);
    assert!(code == Some(0) && said.contains("without fault"), "{said}");
}

#[test]
fn a_start_before_the_inventory_ends_is_said() {
    for (used, expected) in [
        ("{ measure = \"early\", start = 2020 }", true),
        ("{ measure = \"early\", start = 2025 }", false),
        ("{ measure = \"early\", start = 2027 }", false),
        ("\"early\"", false),
    ] {
        let study = study("early-start", used, "quantity * emission_factor");
        let (said, code) = study.say(&["check"]);
        assert_eq!(code, Some(0), "{said}");
        let told = said.contains("the measure early begins in 2020, before 2025, the inventory's last year");
        assert_eq!(told, expected, "{used}: {said}");
    }
}
