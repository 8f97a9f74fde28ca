//! Draws of what is no multiple of one year's amount: one factor moves history and projection alike, so that it moves no peak year.

use crate::behaviour::seeking::Study;

const METHODS: [&str; 3] = [
    "amount * exp(-(age / scale)^3.2) * per_car,survival",
    "amount * exp(-(age / (scale * (1 + 0.5 * amount / limit)))^3.2) * per_car,survival",
    "amount * amount / limit * per_car,",
];

fn study(name: &str, method: &str, uncertain: &str) -> Study {
    let scenario = format!(
        "[s]\nhorizon = 2034\n[[s.growth]]\nselect = {{ category = \"Q.1\" }}\nvalue = {{ points = {{ 2026 = \"90 t\", 2028 = \"5 t\" }}, after = \"hold\" }}\n[uncertain]\n{uncertain}"
    );
    let targets = "[early]\nmetric = \"CO2\"\nboundary = \"direct\"\npeak_by = 2024\n[late]\nmetric = \"CO2\"\nboundary = \"direct\"\npeak_by = 2026\n";
    let study = Study::new(name, "", (&scenario, targets));
    study.write("study.toml", "area = \"here\"\nyears = [2024, 2025]\nsets = [\"own\"]\npollutants = [\"CO2\"]\n");
    study.write(
        "methods.csv",
        &format!("method,category,pollutant,rank,result,expression,spread\na,Q,CO2,1,emitted,{method}\n"),
    );
    std::fs::create_dir_all(study.0.path().join("parameters")).expect("a folder");
    study.write(
        "parameters/own.csv",
        "parameter,value,unit,set,confidence\nscale,6,1,own,derived\nper_car,1,t/t,own,derived\nlimit,100,t,own,derived\n",
    );
    study.write(
        "activity/lines.csv",
        "year,area,category,item,amount,unit,uncertainty_pct\n2022,here,Q.1,thing,70,t,20\n2023,here,Q.1,thing,80,t,20\n2024,here,Q.1,thing,85,t,20\n2025,here,Q.1,thing,88,t,20\n",
    );
    study
}

#[test]
fn one_factor_moves_no_peak_year() {
    let common = "[[uncertain.parameter]]\nselect = { category = \"Q.1\" }\nparameter = \"per_car\"\nmul = { uniform = [0.5, 1.5] }\n";
    for (at, method) in METHODS.into_iter().enumerate() {
        for (kind, uncertain) in [
            ("factor", format!("parameters = false\nactivity = false\n{common}")),
            ("activity", "parameters = false\nactivity = true\n".to_string()),
        ] {
            // What is not proportional answers to another amount with another shape.
            if kind == "activity" && at == 1 {
                continue;
            }
            let study = study(&format!("stock-{at}-{kind}"), method, &uncertain);
            let (said, code) =
                study.say(&["draws", "-n", "400", "--out", &study.0.path().join("drawn").to_string_lossy()]);
            assert_eq!(code, Some(0), "{said}");
            let peak = study
                .table("drawn/peak_draws.csv")
                .into_iter()
                .find(|row| row["metric"] == "CO2" && row["boundary"] == "direct")
                .expect("a peak");
            let years = [&peak["year_p05"], &peak["year_p50"], &peak["year_p95"]];
            assert!(years.iter().all(|year| *year == years[0]), "{method} {kind}: {peak:?}");
            let rows = study.table("drawn/probabilities.csv");
            for row in rows.iter().filter(|row| row["event"] == "meets") {
                let share: f64 = row["probability"].parse().expect("a number");
                assert!(share == 0.0 || share == 1.0, "{method} {kind}: {row:?}");
            }
        }
    }
}
