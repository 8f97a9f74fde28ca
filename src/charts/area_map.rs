//! Where in the district: areas by shade where the study ships their outlines, else bars of each area.

use super::{FigureTables, Results, scale, wanted};
use crate::analysis::Grouping;
use crate::plot::{AreaPolygons, BarsColumn, BarsRow, BarsTable, ChartTitles, Hue, MapTable, alone, percent};
use crate::say;
use crate::study::name;
use crate::target::{Boundary, GHG};

/// What is shown of each area, as far as the study has it, and how much of it.
const METRICS: [&str; 7] = [GHG, "CO2", "NOx", "PM2.5", "COD", "SO2", "NH3"];
const MOST_COLUMNS: usize = 3;
/// Rows of a chart that still fits on a page; the areas behind them share one more.
const MOST_ROWS: usize = 40;
/// A town's emissions of something, t.
type Amounts = Vec<(usize, Option<f64>)>;

impl Results<'_> {
    /// A map for each metric with outlines, else one table of bars; nothing without areas below the study's.
    pub(super) fn places(&self) -> FigureTables {
        let Some(&year) = self.years().last() else { return Vec::new() };
        let outlines = &self.inventory.study.outlines;
        if !outlines.is_empty() {
            let areas: Vec<usize> = outlines.iter().map(|outline| outline.area).collect();
            let metrics = self.metrics_of(&areas, year);
            let maps = metrics.into_iter().flat_map(|metric| {
                let name = format!("map_{}", metric.to_lowercase().replace('.', ""));
                wanted(&name, self.map(metric, (&areas, year)))
            });
            return maps.collect();
        }
        let home = self.inventory.study.settings.area;
        let areas = &self.inventory.study.words.areas;
        let parent = areas.code(home);
        let below: Vec<usize> =
            areas.iter().filter(|(_, area)| area.parent == parent).map(|(index, _)| index).collect();
        wanted("areas", self.area_bars(below, year))
    }

    fn amounts(&self, metric: &str, areas: &[usize], year: i32) -> Amounts {
        let words = &self.inventory.study.words.areas;
        let of = |&area: &usize| {
            let group = (Grouping::Area, words.code(area));
            let sum = self.analysis.totals.find(year, Boundary::Direct, group, metric);
            (area, sum.map(|sum| sum.value_t))
        };
        areas.iter().map(of).collect()
    }

    /// The metrics that some of the areas have; CO2 stands in for a CO2-equivalent that there is not.
    fn metrics_of(&self, areas: &[usize], year: i32) -> Vec<&'static str> {
        let has = |metric: &&str| self.amounts(metric, areas, year).iter().any(|(_, value)| value.is_some());
        let mut found: Vec<&str> = METRICS.into_iter().filter(has).collect();
        if found.contains(&GHG) {
            found.retain(|metric| *metric != "CO2");
        }
        found.truncate(MOST_COLUMNS);
        found
    }

    fn metric_name(&self, metric: &str) -> String {
        if metric == GHG {
            self.pick("温室气体", "greenhouse gases")
        } else {
            self.get(&say!(" {metric} ", "{metric}"))
        }
    }

    /// The unit with the GWP set where it has one.
    fn unit_of(&self, metric: &str, unit: &str) -> String {
        let gwp = self.inventory.study.settings.gwp.as_ref().filter(|_| metric == GHG).map(|gwp| &gwp.set);
        gwp.map_or(unit.to_string(), |set| self.get(&say!("{unit} CO2e，GWP：{set}", "{unit} CO2e, GWP: {set}")))
    }

    /// The area with the most, and its share.
    fn most(&self, amounts: &Amounts) -> Option<(String, String)> {
        let known = || amounts.iter().filter_map(|(area, value)| Some((*area, (*value)?)));
        let (area, value) = known().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let whole: f64 = known().map(|(_, value)| value).sum();
        let words = &self.inventory.study.words.areas;
        let share = if whole > 0.0 { percent(value / whole) } else { String::new() };
        Some((name(words, area, self.is_zh()).to_string(), share))
    }

    /// What is booked for the whole district and no area of it, so that nobody takes the areas for all.
    fn undivided(&self, (metric, amounts): (&str, &Amounts), year: i32) -> String {
        const ROUNDING: f64 = 1e-9;
        let all = (Grouping::Total, crate::analysis::total::TOTAL);
        let whole = self.analysis.totals.find(year, Boundary::Direct, all, metric).map(|sum| sum.value_t);
        let Some(whole) = whole else { return String::new() };
        let rest = whole - amounts.iter().filter_map(|(_, value)| *value).sum::<f64>();
        if rest.abs() <= ROUNDING * whole.abs() {
            return String::new();
        }
        let (factor, unit) = scale(whole.abs(), self.language);
        let (rest, whole) = (alone(rest * factor), alone(whole * factor));
        self.get(&say!(
            "另有 {rest} {unit} 没有分到各地区（全区合计 {whole} {unit}）。",
            " {rest} {unit} are of no single area (the whole has {whole} {unit})."
        ))
    }

    fn map(&self, metric: &str, (areas, year): (&[usize], i32)) -> Option<MapTable> {
        let study = self.inventory.study;
        let amounts = self.amounts(metric, areas, year);
        let largest = amounts.iter().filter_map(|(_, value)| *value).map(f64::abs).fold(0.0, f64::max);
        let (factor, unit) = scale(largest, self.language);
        let (home, what) = (self.area(), self.metric_name(metric));
        let (most, share) = self.most(&amounts)?;
        let title = say!(
            "{home} {year} 年{what}直接排放：{most}最多，占各地区合计的 {share}",
            "{home}, direct {what} in {year}: {most} has the most, {share} of all areas shown"
        );
        let unit = self.unit_of(metric, &unit);
        let shape = |(outline, (area, value)): (&crate::area::Outline, &(usize, Option<f64>))| AreaPolygons {
            label: name(&study.words.areas, *area, self.is_zh()).to_string(),
            polygons: outline.polygons.clone(),
            value: value.map(|value| value * factor),
        };
        Some(MapTable {
            frame: ChartTitles {
                title: self.get(&title),
                subtitle: self.pick(
                    "按清单中有分地区活动数据的排放着色；边界由研究提供，仅供示意",
                    "Shaded by emissions with activity of their own area; outlines as the study ships them",
                ),
                axis: self.get(&say!("{what}直接排放（{unit}）", "Direct {what} ({unit})")).trim_start().to_string(),
                caption: self.caption(metric, Boundary::Direct) + &self.undivided((metric, &amounts), year),
            },
            shapes: study.outlines.iter().zip(&amounts).map(shape).collect(),
            missing: self.pick("未估算", "Not estimated"),
        })
    }

    fn area_bars(&self, below: Vec<usize>, year: i32) -> Option<BarsTable> {
        let metrics = self.metrics_of(&below, year);
        let columns: Vec<Amounts> = metrics.iter().map(|metric| self.amounts(metric, &below, year)).collect();
        let mut known: Vec<usize> = below.clone();
        known.retain(|area| columns.iter().flatten().any(|(other, value)| other == area && value.is_some()));
        if known.len() < 2 {
            return None;
        }
        let value =
            |column: &Amounts, area: usize| column.iter().find(|(other, _)| *other == area).and_then(|found| found.1);
        let first = columns.first()?;
        known.sort_by(|a, b| value(first, *b).unwrap_or(0.0).total_cmp(&value(first, *a).unwrap_or(0.0)));
        let scales: Vec<(f64, String)> = columns
            .iter()
            .map(|column| column.iter().filter_map(|(_, value)| *value).map(f64::abs).fold(0.0, f64::max))
            .map(|largest| scale(largest, self.language))
            .collect();
        let shown = if known.len() > MOST_ROWS + 1 { MOST_ROWS } else { known.len() };
        let rows = self.area_rows((&columns, &scales), &known, shown);
        let headings = metrics.iter().zip(&scales).enumerate().map(|(place, (metric, (_, unit)))| {
            let (what, unit) = (self.metric_name(metric), self.unit_of(metric, unit));
            let what = what.trim();
            BarsColumn { heading: self.get(&say!("{what}（{unit}）", "{what} ({unit})")), hue: Hue::Nth(place) }
        });
        Some(BarsTable {
            frame: self.bars_frame((metrics.first()?, first), year, (shown, known.len()))?,
            columns: headings.collect(),
            rule: (shown < known.len()).then(|| (shown, String::new())),
            rows,
            missing: self.pick("未估算", "Not estimated"),
        })
    }

    /// The areas that are shown, and one row for the sum of the others.
    fn area_rows(
        &self,
        (columns, scales): (&[Amounts], &[(f64, String)]),
        known: &[usize],
        shown: usize,
    ) -> Vec<BarsRow> {
        let words = &self.inventory.study.words.areas;
        let cell = |column: &Amounts, factor: f64, of: &[usize]| {
            let known: Vec<f64> =
                column.iter().filter(|(area, _)| of.contains(area)).filter_map(|(_, value)| *value).collect();
            let sum = known.iter().sum::<f64>() * factor;
            (!known.is_empty()).then(|| (sum, alone(sum)))
        };
        let row = |label: String, of: &[usize]| BarsRow {
            label,
            bare: of.len() > 1,
            cells: columns.iter().zip(scales).map(|(column, (factor, _))| cell(column, *factor, of)).collect(),
        };
        let (shown, rest) = known.split_at(shown);
        let mut rows: Vec<BarsRow> =
            shown.iter().map(|area| row(name(words, *area, self.is_zh()).to_string(), &[*area])).collect();
        if !rest.is_empty() {
            let count = rest.len();
            rows.push(row(self.get(&say!("其余 {count} 个地区合计", "other {count} areas together")), rest));
        }
        rows
    }

    fn bars_frame(
        &self,
        (metric, amounts): (&str, &Amounts),
        year: i32,
        (shown, all): (usize, usize),
    ) -> Option<ChartTitles> {
        let (most, share) = self.most(amounts)?;
        let (home, what) = (self.area(), self.metric_name(metric));
        let title = say!(
            "{home} {year} 年{what}直接排放：{most}最多，占各地区合计的 {share}",
            "{home}, direct {what} in {year}: {most} has the most, {share} of all areas shown"
        );
        let mut subtitle = self.pick(
            "清单中有分地区活动数据的直接排放，各列各有比例尺",
            "Direct emissions with activity of their own area; each column has its own scale",
        );
        if shown < all {
            subtitle += &self.get(&say!(
                "；{all} 个地区中列出排放最多的 {shown} 个，其余合计",
                "; of {all} areas the {shown} with the most are shown, the others as a sum"
            ));
        }
        Some(ChartTitles {
            title: self.get(&title),
            subtitle,
            axis: String::new(),
            caption: self.caption(metric, Boundary::Direct) + &self.undivided((metric, amounts), year),
        })
    }
}
