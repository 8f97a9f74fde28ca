//! The charts of a run: words, units and figures for the drawing modules, SVG and print-resolution PNG out.

use super::Output;
use crate::analysis::intensity::{self, Indicator};
use crate::analysis::total::TOTAL;
use crate::analysis::{Analysis, Grouping};
use crate::category::{SECTORS, sector_name};
use crate::chart::{
    ChartError, Frame, Hue, Layer, Line, LineKind, PRINT_SCALE, ShareRow, ShareTable, StackedTable, Svg, Target,
    TrajectoryTable, YearLevel, png, shares, stacked, trajectory,
};
use crate::error::{Language, Result, failure};
use crate::inventory::Inventory;
use crate::say;
use crate::study::name;
use crate::target::{Boundary, ENERGY, ENERGY_CO2, GHG, Goal};
use rayon::prelude::*;

/// What the charts are drawn from.
pub(super) struct Drawing<'a> {
    pub(super) inventory: &'a Inventory<'a>,
    pub(super) analysis: &'a Analysis<'a>,
    pub(super) language: Language,
}

/// Draws every chart that the study has figures for.
///
/// # Errors
/// A chart whose table cannot be drawn, by its name.
pub(super) fn outputs(inventory: &Inventory<'_>, analysis: &Analysis, language: Language) -> Result<Vec<Output>> {
    let drawing = Drawing { inventory, analysis, language };
    let wanted =
        ["co2_by_sector", "ghg_by_sector", "co2_intensity", "energy_intensity", "pollutants_by_sector", "projects"];
    let drawn: Vec<Result<Vec<Output>>> = wanted.par_iter().map(|chart| drawing.files(chart)).collect();
    drawn.into_iter().collect::<Result<Vec<_>>>().map(|files| files.into_iter().flatten().collect())
}

/// A drawn chart as SVG and PNG; none where there was nothing to draw.
pub(super) fn drawn(chart: &str, svg: Option<std::result::Result<Svg, ChartError>>) -> Result<Vec<Output>> {
    let file = format!("charts/{chart}");
    let svg = match svg {
        None | Some(Err(ChartError::Empty { .. })) => return Ok(Vec::new()),
        Some(drawn) => drawn.map_err(|cause| failure(&file, cause))?,
    };
    let picture = png(&svg, PRINT_SCALE).map_err(|cause| failure(&file, cause))?;
    Ok(vec![Output::new(&format!("{file}.svg"), svg.into_bytes()), Output::new(&format!("{file}.png"), picture)])
}

/// Mt for a municipality, 10⁴ t or kt for a district, t for a village: the factor from t and its name.
pub(super) fn scale(largest_t: f64, language: Language) -> (f64, String) {
    match (largest_t, language == Language::Zh) {
        (1e4.., true) => (1e-4, "万吨".into()),
        (1e7.., false) => (1e-6, "Mt".into()),
        (1e4.., false) => (1e-3, "kt".into()),
        (_, zh) => (1.0, if zh { "吨" } else { "t" }.into()),
    }
}

impl Drawing<'_> {
    /// The SVG and PNG of a chart; none where there is nothing to draw.
    fn files(&self, chart: &str) -> Result<Vec<Output>> {
        let svg = match chart {
            "co2_by_sector" => self.by_sector("CO2"),
            "ghg_by_sector" => self.by_sector(GHG),
            "co2_intensity" => self.intensity(&[ENERGY_CO2, "CO2"], Boundary::DirectPurchased),
            "energy_intensity" => self.intensity(&[ENERGY], Boundary::Direct),
            "projects" => self.projects(),
            _ => self.pollutants(),
        };
        drawn(chart, svg)
    }

    pub(super) fn pick(&self, zh: &str, en: &str) -> String {
        if self.is_zh() { zh.to_string() } else { en.to_string() }
    }

    pub(super) fn is_zh(&self) -> bool {
        self.language == Language::Zh
    }

    pub(super) fn area(&self) -> &str {
        name(&self.inventory.study.words.areas, self.inventory.study.settings.area, self.is_zh())
    }

    fn years(&self) -> &[i32] {
        &self.inventory.study.settings.years
    }

    /// Source, and what the metric of the last year rests on.
    fn caption(&self, metric: &str, boundary: Boundary) -> String {
        let area = self.area();
        let version = env!("CARGO_PKG_VERSION");
        let source = say!(
            "来源：{area}排放清单，qingdan {version} 编制。",
            "Source: inventory of {area}, compiled with qingdan {version}."
        );
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
            let zh = if metric == GHG { "温室气体".to_string() } else { format!(" {metric} ") };
            let en = if metric == GHG { "greenhouse gases" } else { metric };
            shares.map(|(proxy, unverified)| {
                say!(
                    "{last} 年{zh}合计中，替代数据占 {proxy:.0}%，含未经核实参数的占 {unverified:.0}%。",
                    " Of the {last} total of {en} {proxy:.0}% rests on proxy data and {unverified:.0}% on unverified parameters."
                )
            })
        };
        let rests = rests.as_ref().map_or("", |text| text.get(self.language));
        format!("{}{rests}", source.get(self.language))
    }

    /// Sectors of the action plan over the years, purchased energy on top, sinks below zero.
    fn by_sector(&self, metric: &str) -> Option<std::result::Result<Svg, ChartError>> {
        let totals = &self.analysis.totals;
        let years = self.years();
        let whole = |year: i32, boundary| totals.total_t(year, boundary, metric);
        let largest = years.iter().filter_map(|&year| whole(year, Boundary::DirectPurchased)).fold(0.0, f64::max);
        if largest <= 0.0 {
            return None;
        }
        let (factor, unit) = scale(largest, self.language);
        let mut layers = Vec::new();
        for (place, sector) in SECTORS.iter().enumerate() {
            let amount = |&year: &i32| {
                totals.find(year, Boundary::Direct, (Grouping::Sector, sector), metric).map(|sum| sum.value_t * factor)
            };
            let amounts: Vec<Option<f64>> = years.iter().map(amount).collect();
            if amounts.iter().any(Option::is_some) {
                let (zh, en) = sector_name(sector);
                layers.push(Layer { label: self.pick(zh, en), hue: Hue::of_sector(sector, place), amounts });
            }
        }
        let amounts: Vec<Option<f64>> =
            years.iter().map(|&year| Some(self.purchased_t(year, metric)? * factor)).collect();
        if amounts.iter().flatten().any(|amount| *amount != 0.0) {
            let label = self.pick("调入电力热力", "Purchased energy");
            layers.push(Layer { label, hue: Hue::of_sector("purchased", SECTORS.len()), amounts });
        }
        let gwp = self.inventory.study.settings.gwp.as_ref().map_or("", |gwp| &gwp.set);
        let axis = match metric {
            GHG => say!("温室气体排放量（{unit}CO2e，GWP：{gwp}）", "Greenhouse gases ({unit} CO2e, GWP: {gwp})"),
            _ => say!("CO2 排放量（{unit}）", "CO2 emissions ({unit})"),
        };
        let frame = Frame {
            title: self.finding(metric, factor, &unit),
            subtitle: self.pick(
                "按行动方案部门，直接排放与调入电力热力",
                "By sector of the action plan: direct, and purchased energy",
            ),
            axis: axis.get(self.language).to_string(),
            caption: self.caption(metric, Boundary::DirectPurchased),
        };
        let (net, missing) = (self.pick("净合计", "Net total"), self.pick("未估算", "Not estimated"));
        Some(stacked(&StackedTable { frame, years: years.to_vec(), layers, net, missing, marks: Vec::new() }))
    }

    /// What purchased energy adds, t; `None` in a year in which it is bought and not estimated.
    fn purchased_t(&self, year: i32, metric: &str) -> Option<f64> {
        let totals = &self.analysis.totals;
        let all = totals.whole_t(year, Boundary::DirectPurchased, metric)?;
        Some(all - totals.total_t(year, Boundary::Direct, metric).unwrap_or(0.0))
    }

    /// The chart's title says what it shows: the last year's total and its change.
    fn finding(&self, metric: &str, factor: f64, unit: &str) -> String {
        // Years with and without purchased energy do not compare: then only what is emitted here is spoken of.
        let whole = self.years().iter().all(|&year| self.purchased_t(year, metric).is_some());
        let boundary = if whole { Boundary::DirectPurchased } else { Boundary::Direct };
        let total = |year: i32| self.analysis.totals.total_t(year, boundary, metric);
        let known: Vec<(i32, f64)> = self.years().iter().filter_map(|&year| Some((year, total(year)?))).collect();
        let area = self.area();
        let (mut zh, mut en) = if metric == GHG { ("温室气体", "greenhouse gases") } else { (" CO2 ", "CO2") };
        if !whole {
            (zh, en) = if metric == GHG {
                ("直接温室气体", "direct greenhouse gases")
            } else {
                ("直接 CO2 ", "direct CO2")
            };
        }
        let (Some(&(first, start)), Some(&(last, end))) = (known.first(), known.last()) else { return String::new() };
        let amount = end * factor;
        let text = if first == last || start <= 0.0 {
            say!("{area} {last} 年{zh}排放 {amount:.1} {unit}", "{area}: {amount:.1} {unit} of {en} in {last}")
        } else {
            let change = (end / start - 1.0) * 100.0;
            let up = if change >= 0.0 { ("增加", "up") } else { ("减少", "down") };
            let (zh_word, en_word, change) = (up.0, up.1, change.abs());
            say!(
                "{area} {last} 年{zh}排放 {amount:.1} {unit}，比 {first} 年{zh_word} {change:.1}%",
                "{area}: {amount:.1} {unit} of {en} in {last}, {en_word} {change:.1}% from {first}"
            )
        };
        text.get(self.language).to_string()
    }

    /// An intensity and its cut targets; a target without a number is a note, never a line.
    fn intensity(&self, metrics: &[&str], boundary: Boundary) -> Option<std::result::Result<Svg, ChartError>> {
        let named = |metric: &&&str| {
            let wanted = intensity::in_boundary(&format!("{metric} per gdp"), boundary);
            let found: Vec<&Indicator> = self.analysis.indicators.iter().filter(|i| i.name == wanted).collect();
            (!found.is_empty()).then_some(found)
        };
        let found = metrics.iter().find_map(|metric| named(&metric))?;
        let (first, last) = (found.first()?, found.last()?);
        let points: Vec<YearLevel> = found.iter().map(|i| YearLevel { year: i.year, level: i.value }).collect();
        let energy = metrics == [ENERGY];
        let words = if energy { ("能耗", "energy use") } else { ("CO2 排放", "CO2") };
        let (zh, en) = words;
        let unit = self.per_gdp(&last.unit);
        let axis = say!("单位 GDP {zh}（{unit}）", "{en} per GDP ({unit})");
        let subtitle = match energy {
            true => say!("能源消费总量（当量值）与不变价 GDP", "Energy by heat content, GDP at constant prices"),
            false => say!(
                "能源活动 CO2，含调入电力热力；GDP 按不变价",
                "CO2 of energy with purchased electricity and heat; GDP at constant prices"
            ),
        };
        let frame = Frame {
            title: self.fall(words, first, last),
            subtitle: subtitle.get(self.language).to_string(),
            axis: axis.get(self.language).to_string(),
            caption: self.caption(if energy { ENERGY } else { "CO2" }, Boundary::DirectPurchased),
        };
        let lines =
            vec![Line { label: self.pick("历史", "History"), kind: LineKind::History, points: points.clone() }];
        let targets = self.targets(metrics, &points);
        Some(trajectory(&TrajectoryTable { frame, lines, targets }))
    }

    /// The title of an intensity says how far it fell.
    fn fall(&self, (zh, en): (&str, &str), first: &Indicator, last: &Indicator) -> String {
        let (area, start, end) = (self.area(), first.year, last.year);
        let change = (1.0 - last.value / first.value) * 100.0;
        let title = if start == end {
            say!("{area} {end} 年单位 GDP {zh}", "{area}: {en} per GDP in {end}")
        } else if change >= 0.0 {
            say!(
                "{area}单位 GDP {zh} {start}–{end} 年下降 {change:.1}%",
                "{area}: {en} per GDP fell {change:.1}% from {start} to {end}"
            )
        } else {
            let rise = -change;
            say!(
                "{area}单位 GDP {zh} {start}–{end} 年上升 {rise:.1}%",
                "{area}: {en} per GDP rose {rise:.1}% from {start} to {end}"
            )
        };
        title.get(self.language).to_string()
    }

    /// `t/万元@2020` as a reader of the plan writes it.
    fn per_gdp(&self, unit: &str) -> String {
        match unit.split_once("万元@") {
            Some((over, base)) => {
                say!("{over}万元，{base} 年价", "{over}10⁴ yuan, prices of {base}").get(self.language).to_string()
            }
            None => unit.to_string(),
        }
    }

    fn targets(&self, metrics: &[&str], points: &[YearLevel]) -> Vec<Target> {
        let about = |metric: &str| {
            metrics.iter().chain(&["CO2"]).any(|m| metric == format!("{m} per gdp"))
                && (metrics != [ENERGY] || metric.starts_with(ENERGY))
        };
        let mut targets = Vec::new();
        for target in self.inventory.study.targets.iter().filter(|target| about(&target.metric.name())) {
            let year = target.year;
            match &target.goal {
                Goal::Cut { base, share } => {
                    let Some(start) = points.iter().find(|point| point.year == *base) else { continue };
                    let (level, cut) = (start.level * (1.0 - share), share * 100.0);
                    let note = say!("比 {base} 年下降 {cut:.1}%", "{cut:.1}% below {base}");
                    let base = Some(YearLevel { year: start.year, level: start.level });
                    targets.push(Target { year, level: Some(level), base, note: note.get(self.language).to_string() });
                }
                Goal::Allotted { by } => {
                    let areas = &self.inventory.study.words.areas;
                    let by = areas.find(by).map_or(by.as_str(), |index| name(areas, index, self.is_zh()));
                    let note = say!(
                        "{year} 年目标由{by}下达，没有公布数值",
                        "target of {year}: as allotted by {by}, no number published"
                    );
                    targets.push(Target { year, level: None, base: None, note: note.get(self.language).to_string() });
                }
                Goal::Cap(_) | Goal::Floor(_) | Goal::PeakBy { .. } => {}
            }
        }
        targets
    }

    /// Whether a sector should yield a pollutant and does not: only then a blank is "not estimated" and not "none".
    fn is_missing(&self, year: i32, sector: &str, pollutant: &str) -> bool {
        let categories = &self.inventory.study.words.categories;
        self.analysis.completeness.iter().any(|status| {
            let own = status.year == year
                && status.pollutant == pollutant
                && categories.get(status.category).sector == sector;
            own && status.status.split(',').any(|word| word == "NE" || word == "C")
        })
    }

    /// What each sector yields of a pollutant, t; zero where it has none of it, `None` where that is not estimated.
    fn parts_t(&self, year: i32, pollutant: &str) -> Vec<Option<f64>> {
        let totals = &self.analysis.totals;
        let part = |sector: &&str| {
            let sum = totals.find(year, Boundary::Direct, (Grouping::Sector, sector), pollutant).map(|sum| sum.value_t);
            sum.or_else(|| (!self.is_missing(year, sector, pollutant)).then_some(0.0))
        };
        let mut parts_t: Vec<Option<f64>> = SECTORS.iter().map(part).collect();
        if parts_t.iter().flatten().all(|part| *part == 0.0) && parts_t.iter().any(Option::is_none) {
            // Nothing but gaps and sectors that have none of it: the whole is not estimated, and not zero.
            parts_t.fill(None);
        }
        parts_t
    }

    /// Air and water pollutants of the last year, each split by sector.
    fn pollutants(&self) -> Option<std::result::Result<Svg, ChartError>> {
        let year = *self.years().last()?;
        let words = &self.inventory.study.words;
        let mut rows = Vec::new();
        for kind in ["air", "water"] {
            for &index in &self.inventory.study.settings.pollutants {
                let pollutant = words.pollutants.get(index);
                if pollutant.kind == kind {
                    let group = if kind == "air" { self.pick("大气", "Air") } else { self.pick("水", "Water") };
                    let parts_t = self.parts_t(year, &pollutant.code);
                    rows.push(ShareRow { group, label: pollutant.code.clone(), parts_t });
                }
            }
        }
        rows.retain(|row| row.parts_t.iter().flatten().all(|part| *part >= 0.0));
        if rows.iter().all(|row| row.parts_t.iter().all(Option::is_none)) {
            return None;
        }
        let area = self.area();
        let title = say!("{area} {year} 年各部门污染物排放", "{area}: pollutants by sector in {year}");
        let frame = Frame {
            title: title.get(self.language).to_string(),
            subtitle: self.pick(
                "各部门占比与合计；未估算的部门不计为零",
                "Shares and totals; a sector not estimated is not a zero",
            ),
            axis: self.pick("占合计的比例（%）", "Share of the total (%)"),
            caption: self.caption("NOx", Boundary::Direct),
        };
        let sectors = SECTORS.iter().enumerate().map(|(place, sector)| {
            let (zh, en) = sector_name(sector);
            (self.pick(zh, en), Hue::of_sector(sector, place))
        });
        let (total, missing) = (self.pick("合计（吨）", "Total (t)"), self.pick("未估算", "Not estimated"));
        Some(shares(&ShareTable { frame, sectors: sectors.collect(), rows, total, missing }))
    }
}
