//! The figures of a run: findings in words, units and numbers for the drawing modules; a picture in two forms and its plain table out.

use crate::analysis::Grouping;
use crate::analysis::intensity;
use crate::analysis::total::TOTAL;
use crate::error::{Language, Text};
use crate::model::Results;
use crate::plot::{ChartError, Drawable, PRINT_SCALE, Plain, png};
use crate::pollutant::MEDIA;
use crate::projection::ScenarioRun;
use crate::say;
use crate::study::name;
use crate::table;
use crate::target::{Boundary, ENERGY, ENERGY_CO2, GHG};
use rayon::prelude::*;

mod scenario_pollutants;
mod cocontrol;
mod drivers;
mod energy_mix;
mod fans;
mod flows;
mod breakeven;
mod intensities;
mod measures;
mod file_names;
mod scenario_totals;
mod area_map;
mod project_register;
mod sectors;
mod metric_subject;
mod peak_years;
mod verdicts;
mod key_categories;

use file_names::Name;
use metric_subject::{CO2_ALL, CO2_DIRECT, ENERGY_ALL, GHG_ALL};

/// A finished figure.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Of its files, without their ending.
    pub name: String,
    /// Its files by their ending: what was drawn as CSV, the picture as SVG, and at print resolution as PNG.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// What could not be drawn, and why.
    pub notice: Option<Text>,
}

/// Tables to draw, each with its figure's name; none where the study has nothing to show.
type FigureTables = Vec<(Name, Box<dyn Drawable + Send + Sync>)>;

/// Draws every figure that the study has numbers for; one that cannot be drawn is noticed, and the others are there.
pub fn figures(drawing: &Results<'_>) -> Vec<Figure> {
    let makers: [fn(&Results<'_>) -> FigureTables; 26] = [
        |d| wanted("co2_by_sector", d.by_sector("CO2")),
        |d| wanted("ghg_by_sector", d.by_sector(GHG)),
        |d| wanted("energy_mix", d.energy_mix()),
        |d| wanted("co2_intensity", d.intensity(&[ENERGY_CO2, "CO2"], Boundary::DirectPurchased)),
        |d| wanted("energy_intensity", d.intensity(&[ENERGY], Boundary::Direct)),
        |d| wanted("pollutants_by_sector", d.pollutants()),
        |d| wanted("projects", d.projects()),
        |d| wanted("scenarios_co2", d.outlook(CO2_DIRECT)),
        |d| wanted("scenarios_co2_purchased", d.outlook(CO2_ALL)),
        |d| wanted("scenarios_ghg_purchased", d.outlook(GHG_ALL)),
        |d| wanted("scenarios_energy", d.outlook(ENERGY_ALL)),
        |d| wanted("growth_breakeven", d.growths()),
        |d| wanted("peaks_energy_co2", d.two_peaks()),
        |d| of_runs("scenario_sectors", d.sectors_ahead()),
        |d| of_runs("energy_mix", d.energy_mixes()),
        |d| of_runs("fan_co2", d.fans()),
        |d| wanted("scenarios_pollutants", d.pollutants_ahead()),
        |d| of_runs("waterfall", d.each_run(|run| d.waterfall(run))),
        |d| of_runs("cost_curve", d.each_run(|run| d.cost_curve(run))),
        |d| of_runs("cocontrol_air", d.each_run(|run| d.cocontrol(run, MEDIA[0]))),
        |d| of_runs("cocontrol_water", d.each_run(|run| d.cocontrol(run, MEDIA[1]))),
        |d| d.drivers(),
        |d| wanted("flows", d.flows()),
        |d| d.places(),
        |d| wanted("key_categories", d.key_categories()),
        |d| wanted("uncertainty", d.uncertainty()),
    ];
    let tables: Vec<FigureTables> = makers.par_iter().map(|make| make(drawing)).collect();
    let tables: Vec<_> = tables.into_iter().flatten().collect();
    let names = file_names::files(&tables.iter().map(|(name, _)| name).collect::<Vec<_>>());
    let named: Vec<_> = names.into_iter().zip(tables.iter().map(|(_, table)| table)).collect();
    named.par_iter().filter_map(|(name, table)| drawn(name, &***table)).collect()
}

fn wanted<T: Drawable + Send + Sync + 'static>(name: &str, table: Option<T>) -> FigureTables {
    let name = Name { figure: name.to_string(), scenario: None };
    table.map(|table| (name, Box::new(table) as Box<dyn Drawable + Send + Sync>)).into_iter().collect()
}

/// A figure for each scenario, by its code.
fn of_runs<T: Drawable + Send + Sync + 'static>(name: &str, tables: Vec<(String, T)>) -> FigureTables {
    let named = |(code, table): (String, T)| {
        let name = Name { figure: name.to_string(), scenario: Some(code) };
        (name, Box::new(table) as Box<dyn Drawable + Send + Sync>)
    };
    tables.into_iter().map(named).collect()
}

/// A drawn figure; none where there was nothing to draw. Of one that cannot be drawn the table is there all the same.
fn drawn(name: &str, table: &(dyn Drawable + Send + Sync)) -> Option<Figure> {
    let mut files = vec![("csv", written(&table.plain()))];
    let cause = match table.draw() {
        Err(ChartError::Empty { .. }) => return None,
        Err(cause) => Some(cause),
        Ok(svg) => {
            let picture = png(&svg, PRINT_SCALE);
            files.push(("svg", svg.into_bytes()));
            picture.map(|picture| files.push(("png", picture))).err()
        }
    };
    let notice = cause.map(|cause| {
        let Text { zh, en } = reason(&cause);
        say!(
            "图 charts/{name} 未能绘出：{zh}；数据见 charts/{name}.csv",
            "chart charts/{name} is not drawn: {en}; its numbers are in charts/{name}.csv"
        )
    });
    Some(Figure { name: name.to_string(), files, notice })
}

/// For the reader of the study, who knows no tables of charts.
fn reason(cause: &ChartError) -> Text {
    match cause {
        ChartError::NotANumber { place } => {
            say!("{place} 的数值大到图上无法表示", "{place} has a value that is too large for a chart")
        }
        ChartError::Size { width, height } => say!(
            "画面将有 {width}×{height} 像素，过大",
            "the picture would have {width} by {height} pixels, which is too large"
        ),
        other => {
            let words = other.to_string();
            say!("无法绘制（{words}）", "it cannot be drawn ({words})")
        }
    }
}

/// The CSV, with what a spreadsheet would run made inert.
fn written(plain: &Plain) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(&plain.columns).chain(&plain.rows) {
        // A row of another length than the head cannot be in a table that is drawn, and memory does not refuse bytes.
        _ = writer.write_record(row.iter().map(|cell| table::inert(cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}

/// Mt for a municipality, 10⁴ t or kt for a district, t for a village: the factor from t and its name.
fn scale(largest_t: f64, language: Language) -> (f64, String) {
    let (factor, unit) = match (largest_t, language == Language::Zh) {
        (1e4.., true) => (1e-4, say!("万吨", "10⁴ t")),
        (1e7.., false) => (1e-6, say!("百万吨", "Mt")),
        (1e4.., false) => (1e-3, say!("千吨", "kt")),
        _ => (1.0, say!("吨", "t")),
    };
    (factor, unit.get(language).to_string())
}

impl Results<'_> {
    fn pick(&self, zh: &str, en: &str) -> String {
        if self.is_zh() { zh.to_string() } else { en.to_string() }
    }

    /// A table of each scenario that has one, with the scenario's code.
    fn each_run<T>(&self, table: impl Fn(&ScenarioRun<'_>) -> Option<T>) -> Vec<(String, T)> {
        let runs = self.projections.map_or(&[][..], |projections| &projections.runs);
        runs.iter().filter_map(|run| Some((run.plan.code.clone(), table(run)?))).collect()
    }

    fn get(&self, text: &Text) -> String {
        text.get(self.language).to_string()
    }

    fn is_zh(&self) -> bool {
        self.language == Language::Zh
    }

    fn area(&self) -> &str {
        name(&self.inventory.study.words.areas, self.inventory.study.settings.area, self.is_zh())
    }

    fn years(&self) -> &[i32] {
        &self.inventory.study.settings.years
    }

    /// Source, and what the metric of the last year rests on.
    fn caption(&self, metric: &str, boundary: Boundary) -> String {
        let (area, version) = (self.area(), env!("CARGO_PKG_VERSION"));
        let source = say!(
            "来源：{area}排放清单，qingdan {version} 编制。",
            "Source: inventory of {area}, compiled with qingdan {version}."
        );
        format!("{}{}", self.get(&source), self.rests(metric, boundary))
    }

    /// The same of figures that look ahead.
    fn caption_ahead(&self, metric: &str, boundary: Boundary) -> String {
        let (area, version) = (self.area(), env!("CARGO_PKG_VERSION"));
        let source = say!(
            "来源：{area}排放清单与情景设定，qingdan {version} 编制。",
            "Source: inventory and scenarios of {area}, compiled with qingdan {version}."
        );
        format!("{}{}", self.get(&source), self.rests(metric, boundary))
    }

    /// The proxy share of the last year's metric, and that of unverified parameters.
    fn rests(&self, metric: &str, boundary: Boundary) -> String {
        let last = self.years().last().copied().unwrap_or(0);
        let rests = if metric == ENERGY {
            let share = intensity::energy_proxy_share(self.inventory, last).map(|share| share * 100.0);
            share.map(|proxy| {
                say!(
                    "{last} 年能源消费量中，替代数据占 {proxy:.0}%。",
                    " Of the energy of {last} {proxy:.0}% rests on proxy data."
                )
            })
        } else {
            let sum = self.analysis.totals.find(last, boundary, (Grouping::Total, TOTAL), metric);
            let shares = sum.and_then(|sum| Some((sum.proxy_share()? * 100.0, sum.unverified_share()? * 100.0)));
            let Text { zh, en } =
                if metric == GHG { say!("温室气体", "greenhouse gases") } else { say!(" {metric} ", "{metric}") };
            shares.map(|(proxy, unverified)| {
                say!(
                    "{last} 年{zh}合计中，替代数据占 {proxy:.0}%，含未经核实参数的占 {unverified:.0}%。",
                    " Of the {last} total of {en} {proxy:.0}% rests on proxy data and {unverified:.0}% on unverified parameters."
                )
            })
        };
        rests.as_ref().map_or(String::new(), |text| self.get(text))
    }
}
