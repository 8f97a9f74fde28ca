//! Draws: the kernel in lanes against the plain one, and that draws depend on seed, name and trial alone.

use qingdan::error::Language;
use qingdan::model::Model;
use qingdan::monte_carlo::{self, Draws, Order};
use qingdan::plan::lane_kernel::{BatchScratch, LANES, Lane, LaneKernel, RunRequest};
use qingdan::plan::{Kernel, KernelInputs, PlanMetrics};
use qingdan::projection::Projections;
use qingdan::scenario;
use qingdan::study::{self, File};
use std::sync::Arc;

const STUDY: &str = "area = \"here\"\nyears = [2019, 2020]\nsets = [\"made\"]\npollutants = [\"CO2\", \"SO2\"]\n";
const METHODS: &str = "method,category,pollutant,rank,result,expression\n\
    factor,B,,1,emitted,amount * generation_factor * (1 - removal)\n";
const PARAMETERS: &str = "parameter,category,item,pollutant,value,unit,low,high,set,confidence\n\
    generation_factor,B,coal,CO2,2,t/t,1.8,2.2,made,derived\n\
    generation_factor,B,wood,CO2,1,t/t,0.5,2,made,derived\n\
    generation_factor,B,coal,SO2,0.02,t/t,,,made,derived\n\
    generation_factor,B,wood,SO2,0.001,t/t,,,made,derived\n\
    removal,B.1,,SO2,0.5,1,0.3,0.6,made,derived\n\
    removal,B,,,0,1,,,made,derived\n";
const ACTIVITY: &str = "year,area,category,item,source,amount,unit\n\
    2019,here,B.1,coal,a,95,t\n2019,here,B.2,coal,b,60,t\n2020,here,B.1,coal,a,100,t\n2020,here,B.2,coal,b,50,t\n\
    2020,here,B.2,wood,b,30,t\n";
const ECONOMY: &str =
    "year,area,indicator,value,unit,price_base\n2020,here,gdp,100,亿元,2020\n2020,here,population,10,万人,\n";
const MEASURES: &str = "[swap]\nselect = { category = \"B.1\" }\nshift = { to = \"wood\", ratio = 1.5, by = \"amount\" }\n\
    level = { points = { 2022 = 0.1, 2028 = 0.8 }, after = \"hold\" }\n\
    [clean]\nselect = { category = \"B.1\", pollutant = \"SO2\" }\nparameter = { name = \"removal\", to = 0.9 }\n\
    level = { points = { 2025 = 1 }, interp = \"linear\", after = \"hold\" }\n";
const SCENARIOS: &str = "[base]\nhorizon = 2035\n[base.driver]\n\
    gdp = { rate = { \"2021-2028\" = \"4%\", \"2029-2035\" = \"-3%\" } }\n\
    population = { points = { 2035 = \"12 万人\" } }\n\
    [[base.growth]]\nselect = { category = \"B.1\" }\ndriver = \"gdp\"\nelasticity = 0.9\n\
    [[base.growth]]\nselect = { category = \"B.2\" }\ndriver = \"population\"\n\
    [[base.share]]\nselect = { category = \"B.2\" }\nby = \"amount\"\nshare = { coal = { points = { 2035 = 0.2 } } }\nremainder = \"wood\"\n\
    [low]\nextends = \"base\"\nuse = [\"swap\", \"clean\"]\n";
const TARGETS: &str = "[peak]\nmetric = \"CO2\"\npeak_by = 2030\nprobability = 0.8\n\
    [cap]\nmetric = \"SO2\"\nyear = 2030\ncap = \"1.9 t\"\n[cut]\nmetric = \"CO2 per gdp\"\nbase = 2020\nyear = 2030\ncut = \"12%\"\n";
const UNCERTAIN: &str = "[uncertain]\ngdp = { add = { tri = [\"-2%\", \"0%\", \"2%\"] } }\n\
    population = { mul = { normal = [\"1\", \"2%\"] } }\nswap = { level = { tri = [0.6, 1.0, 1.0] } }\n\
    [[uncertain.parameter]]\nselect = { item = \"coal\", pollutant = \"CO2\" }\nparameter = \"generation_factor\"\nmul = { pert = [0.9, 1.0, 1.2] }\n";

fn files(uncertain: &str) -> Vec<File> {
    let file = |name: &str, text: &str| File { name: name.into(), bytes: text.as_bytes().to_vec() };
    vec![
        file("study.toml", STUDY),
        file("methods.csv", METHODS),
        file("parameters/made.csv", PARAMETERS),
        file("activity/made.csv", ACTIVITY),
        file("economy.csv", ECONOMY),
        file("measures.toml", MEASURES),
        file("targets.toml", TARGETS),
        file("scenarios.toml", &format!("{SCENARIOS}{uncertain}")),
        file("areas.csv", "area,parent\nhere,world\n"),
        file(
            "categories.csv",
            "code,name_zh,sector,scope,expects\nB,全部,industry,direct,\nB.1,甲,industry,direct,CO2|SO2\nB.2,乙,buildings,direct,CO2|SO2\n",
        ),
        file("items.csv", "item,kind\ncoal,product\nwood,product\n"),
    ]
}

fn with<T>(uncertain: &str, work: impl FnOnce(&Projections<'_>, &monte_carlo::Uncertain) -> T) -> T {
    let shown = |faults: qingdan::error::Diagnostics| {
        faults.0.iter().map(|f| f.render(Language::En)).collect::<Vec<_>>().join("\n")
    };
    let study = study::build(files(uncertain)).map_err(shown).expect("a study");
    let model = Model::new(study).map_err(shown).expect("a model");
    let written = monte_carlo::read(&model.study, &model.scenarios).map_err(shown).expect("[uncertain]");
    let written = written.unwrap_or_default();
    let inventory = model.compile().map_err(shown).expect("an inventory");
    let projections = model.project(&inventory).map_err(shown).expect("projections");
    work(&projections, &written)
}

fn drawn(projections: &Projections<'_>, uncertain: &monte_carlo::Uncertain, draws: usize) -> Draws {
    monte_carlo::run(projections, uncertain, Order { draws, seed: 7, wide: true }, None).expect("draws")
}

#[test]
fn lanes_equal_the_plain_kernel() {
    with(UNCERTAIN, |projections, _| {
        for run in &projections.runs {
            let metrics: &Arc<PlanMetrics> = &projections.metrics;
            let kernel = Kernel::new(projections.ground, &run.plan, metrics);
            let parameters: Vec<usize> = (0..projections.ground.inventory.study.ladder.parameters.len()).collect();
            let asked =
                RunRequest { metrics: (0..metrics.len()).collect(), parameters: parameters.clone(), rows: Vec::new() };
            let lanes = LaneKernel::new(&kernel, &asked);
            let mut levers = lanes.levers(&asked);
            let wobble = |a: usize, b: usize, lane: usize| 1.0 + 0.05 * ((a * 7 + b * 3 + lane) as f64).sin();
            for (at, driver) in levers.drivers.iter_mut().enumerate() {
                driver.iter_mut().enumerate().for_each(|(y, v)| (0..LANES).for_each(|l| v[l] *= wobble(at, y, l)));
            }
            for (at, level) in levers.levels.iter_mut().enumerate() {
                level.iter_mut().enumerate().for_each(|(y, v)| (0..LANES).for_each(|l| v[l] *= 0.9 * wobble(at, y, l)));
            }
            for (at, factor) in levers.factors.iter_mut().enumerate() {
                (0..LANES).for_each(|lane| factor[lane] = wobble(at, 1, lane));
            }
            let mut room = BatchScratch::default();
            let found = lanes.run(&levers, &mut room);
            let (count, anchor) = (lanes.years().len(), lanes.anchor());
            for lane in [0, 1, LANES / 3, LANES - 1] {
                let of = |series: &Vec<Vec<Lane>>| -> Vec<Vec<f64>> {
                    series.iter().map(|years| years.iter().map(|year| year[lane]).collect()).collect()
                };
                let factors = parameters.iter().map(|index| (*index, levers.factors[*index][lane])).collect();
                let plain =
                    kernel.run(&KernelInputs { drivers: of(&levers.drivers), levels: of(&levers.levels), factors });
                for metric in 0..metrics.len() {
                    for year in 0..kernel.years() {
                        let (a, b) = (found[metric * count + anchor + year][lane], plain[[metric, year]]);
                        assert!(
                            (a - b).abs() <= 1e-12 * b.abs().max(1e-9),
                            "{} {year}: {a} {b}",
                            metrics.all[metric].name
                        );
                    }
                }
            }
        }
    });
}

#[test]
fn nothing_drawn_is_what_the_run_says() {
    with("", |projections, uncertain| {
        let draws = drawn(projections, uncertain, 100);
        for (run, drawn) in projections.runs.iter().zip(&draws.scenarios) {
            for row in &drawn.probabilities {
                let Some(target) = row.target else { continue };
                let code = &projections.ground.inventory.study.targets[target].code;
                let judged = run.outlook.assessments.iter().find(|found| found.target == *code).expect("a verdict");
                assert_eq!(row.share.value == 1.0, judged.verdict.word() == "met", "{} {code}", run.plan.code);
                assert!(row.failing.is_none());
            }
            for fan in &drawn.fans {
                let metric = &projections.metrics.all[fan.metric];
                let value = run.contributions.with[[fan.metric, (fan.year - 2020) as usize]];
                let near = |found: f64| (found - value).abs() <= 1e-12 * value.abs();
                assert!(fan.quantiles.into_iter().all(near), "{} {}: {fan:?} {value}", metric.name, fan.year);
            }
            for peak in &drawn.peaks {
                let metric = &projections.metrics.all[peak.metric];
                let judged = run.judged(&metric.name, metric.boundary);
                assert_eq!(peak.year.map(|year| year[1]), judged.map(|judged| judged.peak.last), "{}", metric.name);
            }
        }
    });
}

fn same(a: &Draws, b: &Draws) {
    for (a, b) in a.scenarios.iter().zip(&b.scenarios) {
        let bits = |draws: &monte_carlo::Drawn| -> Vec<u64> {
            draws.fans.iter().flat_map(|fan| fan.quantiles.into_iter().chain([fan.mean])).map(f64::to_bits).collect()
        };
        assert_eq!(bits(a), bits(b), "{}", a.scenario);
        let shares =
            |draws: &monte_carlo::Drawn| draws.probabilities.iter().map(|row| row.share.value).collect::<Vec<_>>();
        assert_eq!(shares(a), shares(b), "{}", a.scenario);
    }
}

#[test]
fn threads_and_new_inputs_move_no_draw() {
    let on = |threads: usize, uncertain: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| with(uncertain, |projections, written| drawn(projections, written, 5000)))
    };
    let one = on(1, UNCERTAIN);
    same(&one, &on(3, UNCERTAIN));
    // An input that never moves anything stands first.
    let more = UNCERTAIN.replace("[uncertain]\n", "[uncertain]\nclean = { level = { uniform = [1, 1] } }\n");
    same(&one, &on(2, &more));
}

/// SO2 of the base scenario has one uncertain factor here: its quantiles are those of the distribution.
#[test]
fn fans_are_those_of_a_known_distribution() {
    let text = "[uncertain]\n[[uncertain.parameter]]\nselect = { pollutant = \"SO2\" }\nparameter = \"generation_factor\"\nmul = { uniform = [0.5, 1.5] }\n";
    with(text, |projections, written| {
        let draws = drawn(projections, written, 40_000);
        let run = &projections.runs[0];
        let fan = draws.scenarios[0].fans.iter().find(|fan| {
            let metric = &projections.metrics.all[fan.metric];
            metric.name == "SO2" && metric.boundary.word() == "direct" && fan.year == 2025
        });
        let fan = fan.expect("a fan");
        let value = run.contributions.with[[fan.metric, 5]];
        for (found, share) in fan.quantiles.into_iter().zip(monte_carlo::SHARES) {
            assert!((found / value - (0.5 + share)).abs() < 0.01, "{share}: {}", found / value);
        }
        assert!((fan.mean / value - 1.0).abs() < 0.005);
    });
}

#[test]
fn ranges_of_parameters_are_drawn_once_each() {
    with("[uncertain]\nparameters = true\n", |projections, written| {
        let draws = drawn(projections, written, 2000);
        let names: Vec<&str> = draws.inputs.all.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert!(names.iter().any(|name| name.starts_with("removal [made, B.1")), "{names:?}");
    });
}

/// What is published already is not drawn.
#[test]
fn a_driver_is_drawn_from_the_year_that_the_file_names() {
    for spread in ["add = { tri = [\"-2%\", \"0%\", \"2%\"] }", "mul = { tri = [0.5, 1.0, 1.5] }"] {
        with(&format!("[uncertain]\ngdp = {{ {spread}, from = 2026 }}\n"), |projections, written| {
            let draws = drawn(projections, written, 1000);
            let metric = projections.metrics.find("CO2", qingdan::target::Boundary::Direct).expect("CO2");
            let width = |year: i32| {
                let of = |fan: &&monte_carlo::FanRow| fan.metric == metric && fan.year == year;
                let fan = draws.scenarios[0].fans.iter().find(of).expect("a fan");
                (fan.quantiles[4] - fan.quantiles[0]) / fan.mean
            };
            assert!(width(2025) < 1e-12 && width(2026) > 1e-3 && width(2030) > width(2026), "{spread}");
        });
    }
    with("[uncertain]\ngdp = { add = { tri = [0, 0, 0] }, from = 2101 }\n", |projections, written| {
        let order = Order { draws: 8, seed: 1, wide: false };
        let said =
            monte_carlo::run(projections, written, order, None).expect_err("no year is left").0[0].render(Language::En);
        assert!(said.contains("scenarios.toml:") && said.contains("horizon"), "{said}");
    });
}

#[test]
fn what_is_unknown_is_named_with_what_is_near() {
    let cases = [
        ("[uncertain]\ngpd = { add = { tri = [0, 0, 0] } }\n", "gdp"),
        ("[uncertain]\ngdp = { add = { trio = [0, 0, 0] } }\n", "tri"),
        ("[uncertain]\ngdp = { ad = { tri = [0, 0, 0] } }\n", "add"),
        ("[uncertain]\ngdp = { add = { tri = [0, 0, 0] }, form = 2026 }\n", "from"),
        ("[uncertain]\ngdp = { from = 2026 }\n", "expected add, mul"),
        ("[uncertain]\ngdp = { add = { tri = [0, 0.2, 0.1] } }\n", "lowest"),
        ("[uncertain]\nswap = { mul = { tri = [0, 0, 0] } }\n", "level"),
    ];
    for (text, word) in cases {
        let study = study::build(files(text)).expect("a study");
        let plans = scenario::read(&study).expect("scenarios");
        let faults = monte_carlo::read(&study, &plans).expect_err(text);
        let said: Vec<String> = faults.0.iter().map(|fault| fault.render(Language::En)).collect();
        assert!(said.iter().all(|line| line.starts_with("scenarios.toml:")), "{said:?}");
        assert!(said.join("\n").contains(word), "{text}: {said:?}");
    }
}

#[test]
fn sensitivities_are_finite_and_name_the_file_s_inputs() {
    with(UNCERTAIN, |projections, written| {
        let run = projections.runs.last().expect("a scenario");
        let plans: Vec<_> = projections.runs.iter().map(|run| run.plan.clone()).collect();
        let inputs = monte_carlo::collect(projections.ground, &plans, written).expect("inputs");
        let rows = monte_carlo::sensitivity(projections, (run, &inputs), (512, 1));
        assert_eq!(rows.len(), 2 * 4);
        for row in &rows {
            let indices = [row.sobol.first, row.sobol.total].into_iter().flatten();
            assert!(indices.into_iter().all(|index| index.value.is_finite()), "{row:?}");
        }
    });
}
