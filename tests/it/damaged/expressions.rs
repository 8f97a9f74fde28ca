//! Expressions that are none, or mean what a method must not.

use crate::damaged::case::Case;

const WHOLE: &str = "amount * ore_factor";

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = refused().into_iter().map(|(name, text)| expression(name, text)).collect();
    cases.push(expression("nested too deep", &format!("{}amount{}", "(".repeat(300), ")".repeat(300))));
    cases.push(expression("included in an unknown category", "IE:Q.22"));
    cases.push(Case::new("included elsewhere without a pollutant").edit(
        "methods.csv",
        "kiln_co2,Q.1,test_ore,,CO2,,1,emitted,,amount * ore_factor",
        "kiln_co2,Q.1,test_ore,,,,1,emitted,,IE:Q.2",
    ));
    cases.push(Case::new("parameter included elsewhere").edit(
        "methods.csv",
        "boiler_heat,Q.2,test_coal,,,,1,heat,,amount * net_calorific_value,",
        "boiler_heat,Q.2,test_coal,,CO2,,1,heat,,IE：Q.1,decay",
    ));
    cases.push(expression("longer than is read", &format!("amount{}", " + 0 * amount".repeat(200))));
    cases
}

fn expression(name: &str, text: &str) -> Case {
    let quoted = format!("\"{}\"", text.replace('"', "\"\""));
    Case::new(name).edit("methods.csv", WHOLE, &quoted)
}

fn refused() -> [(&'static str, &'static str); 28] {
    [
        ("nothing", ""),
        ("two expressions", "amount * ore_factor amount"),
        ("statement after it", "amount * ore_factor; drop table methods"),
        ("comma after it", "amount * ore_factor, 2"),
        ("parenthesis not closed", "amount * (ore_factor"),
        ("sign at the end", "amount *"),
        ("sum", "sum(amount) * ore_factor"),
        ("sum over a window", "min(amount) over () * ore_factor"),
        ("distinct", "min(distinct amount) * ore_factor"),
        ("text", "amount * 'ore_factor'"),
        ("text in quotes of dollars", "amount * $$ore_factor$$"),
        ("function unknown", "sqrt(amount * amount) * ore_factor"),
        ("function with too many parts", "exp(amount, 2)"),
        ("if without a comparison", "if(amount, ore_factor, 1)"),
        ("comparison outside of if", "amount > 2"),
        ("logic", "if(amount > 1 and amount < 2, amount, 0)"),
        ("query inside", "amount * (select 1)"),
        ("case of sql", "case when amount > 1 then amount else 0 end"),
        ("cast", "amount::int * ore_factor"),
        ("dotted name", "activity.amount * ore_factor"),
        ("remainder", "amount % ore_factor"),
        ("number too great", "amount * ore_factor * 1e400"),
        ("net factor with removal", "amount * emission_factor * (1 - removal)"),
        ("age without spread", "amount * ore_factor * exp(-age)"),
        ("now without spread", "amount * now(ore_factor)"),
        ("mass of mass", "amount * amount * ore_factor"),
        ("mass and number added", "amount * ore_factor + 1"),
        ("logarithm of a mass", "ln(amount) * ore_factor"),
    ]
}
