//! Portfolios under a peak and within a budget, and base years in the projection, against scipy 1.17 (`linprog`, `brentq`).

use crate::behaviour::seeking::{GROWTH, RAMP, Study, near, number};

/// 100 t grow by 3 % a year, 100 t stay. The steady measure takes a part of the growing line from 2027 on, the late one of 50 t from
/// 2031 on. A program for each possible peak year gives 2758.1, 2517.5, 10777.8, 10777.8, 10281.6, 5539.3 yuan for 2025 to 2030: least
/// is 2026, with 0.2335834 of the steady measure.
#[test]
fn the_cheapest_peak_year_is_taken() {
    let measures = "\
[steady]\nselect = { category = \"Q.1\" }\nscale = 0\nlevel = { points = { 2026 = 0, 2027 = 1 }, after = \"hold\" }\ncost = { running = \"10 元/t\", life = 1, discount = \"0%\" }\n\
[late]\nselect = { category = \"Q.2\" }\nscale = 0\nlevel = { points = { 2030 = 0, 2035 = 1 }, after = \"hold\" }\ncost = { running = \"100 元/t\", life = 1, discount = \"0%\" }\n";
    let targets = "[peak]\ntitle = \"peak\"\nmetric = \"CO2\"\nboundary = \"direct\"\npeak_by = 2030\n";
    let scenario = GROWTH.replace("\"cut\"", "\"steady\", \"late\"");
    let study = Study::new("portfolio-peak", measures, (&scenario, targets));
    let (said, code) = study.say(&["portfolio", "--scenario", "s", "--target", "peak"]);
    assert_eq!(code, Some(0), "{said}");
    let rows = study.table("portfolio/portfolio.csv");
    let level = |measure: &str| rows.iter().find(|row| row["measure"] == measure).map(|row| number(row, "level"));
    assert!((level("steady").expect("a row") - 0.233_583_42).abs() < 1e-7, "{said}");
    near(level("late").expect("a row"), 0.0);
    assert!(said.contains("the peak is in 2026, required by 2030"), "{said}");
    assert!((number(&rows[0], "present_value") - 2_517.514_363_590_8).abs() < 1e-5, "{rows:?}");
}

/// 90 t have to go. At least cost the first measure brings them with 54 × 10⁴ yuan of investment; with the least investment the third in
/// full and 0.8 of the second do, for 8.5; within 5 the third and 0.45 of the second are best, with 127.5 t left.
#[test]
fn a_budget_that_does_not_do_is_said() {
    let measure = |name: &str, category: &str, invest: &str, running: &str| {
        format!(
            "[{name}]\nselect = {{ category = \"{category}\" }}\nscale = 0\nlevel = {{ points = {{ 2025 = 0, 2026 = 1 }}, after = \"hold\" }}\ncost = {{ invest = \"{invest} 万元\", running = \"{running} 万元\", count = 1, life = 10, discount = \"5%\" }}\n"
        )
    };
    let measures =
        [measure("a", "Q.1", "60", "1"), measure("b", "Q.2", "10", "5"), measure("c", "Q.3", "0.5", "9")].concat();
    let targets = "[cap]\ntitle = \"cap\"\nmetric = \"CO2\"\nyear = 2027\ncap = \"110 t\"\n";
    let scenario = "[s]\nhorizon = 2027\nuse = [\"a\", \"b\", \"c\"]\n";
    let study = Study::new("portfolio-budget", &measures, (scenario, targets));
    let ask = |budget: &str| study.say(&["portfolio", "--scenario", "s", "--target", "cap", "--budget", budget]);
    let levels = || {
        let rows = study.table("portfolio/portfolio.csv");
        rows.iter().map(|row| number(row, "level")).collect::<Vec<f64>>()
    };
    let (said, code) = ask("60 万元");
    assert!(code == Some(0) && said.contains("met at least cost"), "{said}");
    levels().into_iter().zip([0.9, 0.0, 0.0]).for_each(|(found, expected)| near(found, expected));
    let (said, code) = ask("5 万元");
    assert_eq!(code, Some(1), "{said}");
    for part in [
        "not within the budget of 5 × 10⁴ yuan: the targets take at least 8.5 × 10⁴ yuan of investment",
        "  b: level 0.8\n  c: level 1\n",
        "no portfolio within the budget meets it; at best 2027 reaches 127.5 t, required 110 t",
        "the smallest relaxation is 17.5 t",
        "investment 5 × 10⁴ yuan",
    ] {
        assert!(said.contains(part), "{part:?} is not in {said}");
    }
    levels().into_iter().zip([0.0, 0.45, 1.0]).for_each(|(found, expected)| near(found, expected));
    // Exactly what it takes is enough.
    let (said, code) = ask("8.5 万元");
    assert_eq!(code, Some(0), "{said}");
}

/// The base year 2027 lies after the anchor 2025: it moves with the measure, as the year of the target does.
#[test]
fn a_base_year_of_the_projection() {
    let boundary = "boundary = \"direct+purchased\"\nbase = 2027\nyear = 2032";
    let targets = format!(
        "[mass]\ntitle = \"mass\"\nmetric = \"CO2\"\n{boundary}\ncut = \"5%\"\n[per]\ntitle = \"per\"\nmetric = \"CO2 per output\"\n{boundary}\ncut = \"25%\"\n[top]\ntitle = \"top\"\nmetric = \"CO2 per output\"\nboundary = \"direct\"\npeak_by = 2028\n"
    );
    let driver = "[s.driver]\noutput = { rate = { \"2026-2035\" = \"5%\" } }\n";
    let costed = format!("{RAMP}cost = {{ running = \"10 元/t\", life = 1, discount = \"0%\" }}\n");
    let scenario = GROWTH.replace("[[s.growth]]", &format!("{driver}[[s.growth]]"));
    let study = Study::new("seek-base", &costed, (&scenario, &targets));
    for (target, level) in [("mass", "0.4125619168"), ("per", "0.390929161")] {
        let (said, code) = study.say(&["seek", "--scenario", "s", "--target", target, "--lever", "cut"]);
        assert!(said.contains(&format!("the level of cut at {level} ")), "{said}");
        assert!(code == Some(0) && said.contains(", met\n"), "{said}");
        let (said, code) = study.say(&["portfolio", "--scenario", "s", "--target", target]);
        assert!(code == Some(0) && said.contains(&format!("  cut: level {level}\n")), "{said}");
    }
    // What falls from the first year on has its peak there without any measure.
    let (said, code) = study.say(&["seek", "--scenario", "s", "--target", "top"]);
    assert!(code == Some(0) && said.contains("met without it"), "{said}");
}
