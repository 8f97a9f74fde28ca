//! What decides the inventory, and how sure it is: key categories by level, and the 95 % ranges of the totals.

use super::{Results, scale};
use crate::analysis::{Grouping, Interval, KeyCategory, key_category::KeyCategoryMethod};
use crate::plot::{BarsColumn, BarsRow, BarsTable, ChartTitles, Hue, RangeRow, RangesTable, alone, percent};
use crate::say;
use crate::study::name;
use crate::target::{Boundary, GHG};

const MOST_ROWS: usize = 16;
/// Categories that are not key and stand below those that are.
const BELOW: usize = 2;
/// A share this near to one is all of it.
const ALL: f64 = 0.995;

impl Results<'_> {
    /// The greatest categories of greenhouse gases in the last year.
    pub(super) fn key_categories(&self) -> Option<BarsTable> {
        let year = *self.years().last()?;
        let ghg = self.analysis.totals.ghg.as_deref()?;
        let boundary = self.widest_known(year)?;
        let own = |row: &&KeyCategory| {
            let of_level = row.approach == 1 && row.method == KeyCategoryMethod::Level && row.boundary == boundary;
            of_level && row.year == year && row.metric == ghg
        };
        let rows: Vec<&KeyCategory> = self.analysis.key_categories.iter().filter(own).collect();
        let key = rows.iter().filter(|row| row.key).count();
        let shown: Vec<&KeyCategory> = rows.iter().copied().take(MOST_ROWS.min(key + BELOW)).collect();
        let first = shown.first()?;
        let row = |row: &&KeyCategory| {
            let (share, cumulative) = (row.share * 100.0, row.cumulative * 100.0);
            let text = self.get(&say!("{share:.1}%，累计 {cumulative:.1}%", "{share:.1}%, {cumulative:.1}% in all"));
            BarsRow { label: self.category_label(row), cells: vec![Some((row.share * 100.0, text))], bare: false }
        };
        let (area, count, label) = (self.area(), rows.len(), self.category_label(first));
        let reach = shown.iter().filter(|row| row.key).count();
        let share = percent(first.share);
        let title = say!(
            "{area} {year} 年 {count} 个类别中 {key} 个为关键类别，{label} 居首，占 {share}",
            "{area}, {year}: {key} of {count} categories are key; {label} comes first with {share}"
        );
        let rule = (reach == key && reach < shown.len())
            .then(|| (reach, self.pick("以上为关键类别（累计 95%）", "key categories above (95% in all)")));
        let rest = key.saturating_sub(reach);
        let more = (rest > 0).then(|| {
            say!(
                "另有 {rest} 个关键类别见 key_categories.csv。",
                " {rest} more key categories: see key_categories.csv."
            )
        });
        let more = more.map_or(String::new(), |text| self.get(&text));
        Some(BarsTable {
            frame: self.key_frame(self.get(&title), boundary, &more),
            columns: vec![BarsColumn { heading: String::new(), hue: Hue::Energy }],
            rows: shown.iter().map(row).collect(),
            missing: String::new(),
            rule,
        })
    }

    fn key_frame(&self, title: String, boundary: Boundary, more: &str) -> ChartTitles {
        let set = self.inventory.study.settings.gwp.as_ref().map_or("", |gwp| &gwp.set);
        ChartTitles {
            title,
            subtitle: match boundary {
                Boundary::DirectPurchased => self.pick(
                    "按水平评估（2006 IPCC 指南第 1 卷第 4 章方法 1），含调入电力热力；碳汇按绝对值计",
                    "Level assessment, 2006 IPCC Guidelines V1 chapter 4, approach 1, with purchased energy; sinks by their size",
                ),
                _ => self.pick(
                    "按水平评估（2006 IPCC 指南第 1 卷第 4 章方法 1），直接排放；碳汇按绝对值计",
                    "Level assessment, 2006 IPCC Guidelines V1 chapter 4, approach 1, direct emissions; sinks by their size",
                ),
            },
            axis: self.get(&say!("占各类别绝对值之和的比例（%，GWP：{set}）", "Share of the sum of sizes (%, GWP: {set})")),
            caption: self.caption(GHG, boundary) + more,
        }
    }

    fn category_label(&self, row: &KeyCategory) -> String {
        let categories = &self.inventory.study.words.categories;
        let named =
            categories.index(&row.category).map_or(row.category.as_str(), |c| name(categories, c, self.is_zh()));
        let fuel = match row.fuel.as_str() {
            "coal" => self.pick("煤", "coal"),
            "oil" => self.pick("油品", "oil"),
            "gas" => self.pick("燃气", "gas"),
            "biomass" => self.pick("生物质", "biomass"),
            other => other.to_string(),
        };
        let fuel = if fuel.is_empty() { fuel } else { self.get(&say!("（{fuel}）", " ({fuel})")) };
        let gas = &row.gas;
        self.get(&say!("{named}{fuel} {gas}", "{named}{fuel}: {gas}"))
    }

    /// The 95 % ranges of the totals of the last year, in per cent of each.
    pub(super) fn uncertainty(&self) -> Option<RangesTable> {
        let year = *self.years().last()?;
        let totals = &self.analysis.totals;
        let study = self.inventory.study;
        let own = |row: &&Interval| {
            let of_all = row.grouping == Grouping::Total.word() && row.boundary == Boundary::Direct;
            of_all && row.year == year && row.value > 0.0
        };
        let intervals: Vec<&Interval> = self.analysis.intervals.iter().filter(own).collect();
        let codes = study.settings.pollutants.iter().map(|&index| study.words.pollutants.code(index));
        let order = totals.ghg.as_deref().into_iter().chain(codes);
        let found: Vec<&Interval> =
            order.filter_map(|code| intervals.iter().find(|row| row.pollutant == code).copied()).collect();
        let widest = found.iter().filter_map(|row| Some((row, row.uncertainty_pct?)));
        let (widest, pct) = widest.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let (area, name, pct) = (self.area(), self.pollutant_name(&widest.pollutant), alone(pct));
        let (last_zh, name_en) = (name.trim_start(), &name);
        let whole =
            found.first().and_then(|row| Some((self.pollutant_name(&row.pollutant), alone(row.uncertainty_pct?))));
        let title = match whole.filter(|(first, _)| *first != name) {
            Some((first, own)) => say!(
                "{area} {year} 年{first}的不确定度为 ±{own}%，{last_zh}最大，达 ±{pct}%",
                "{area}, {year}: {first} to ±{own}%; {name_en} is the least certain, ±{pct}%"
            ),
            None => say!(
                "{area} {year} 年{name}的不确定度最大，达 ±{pct}%",
                "{area}, {year}: {name} is the least certain, ±{pct}%"
            ),
        };
        Some(RangesTable {
            frame: ChartTitles {
                title: self.get(&title),
                subtitle: self.pick(
                    "各污染物直接排放合计的 95% 范围（误差传递法），只反映有范围的输入",
                    "95% ranges of the direct totals by error propagation, of inputs that have a range",
                ),
                axis: self.pick("偏离合计的百分比（%）", "Deviation from the total (%)"),
                caption: self.caption(GHG, Boundary::Direct),
            },
            rows: found.into_iter().map(|row| self.range_row(row)).collect(),
        })
    }

    fn pollutant_name(&self, code: &str) -> String {
        let is_ghg = self.analysis.totals.ghg.as_deref() == Some(code);
        if is_ghg { self.pick("温室气体", "greenhouse gases") } else { self.get(&say!(" {code} ", "{code}")) }
    }

    fn range_row(&self, row: &Interval) -> RangeRow {
        let (factor, unit) = scale(row.value, self.language);
        let is_ghg = self.analysis.totals.ghg.as_deref() == Some(row.pollutant.as_str());
        let unit = if is_ghg { format!("{unit} CO2e") } else { unit };
        let covered = row.covered_share.unwrap_or(0.0);
        let share = percent(covered);
        let range = row.range.map(|(low, high)| ((low / row.value - 1.0) * 100.0, (high / row.value - 1.0) * 100.0));
        let text = match range {
            Some((low, high)) => {
                let (low, high) = (format!("{:.0}", -low), format!("{high:.0}"));
                let partly = (covered < ALL).then(|| self.get(&say!("（{share} 有范围）", " ({share} has ranges)")));
                format!("−{low}% / +{high}%{}", partly.unwrap_or_default())
            }
            None if covered == 0.0 => self.pick("没有范围", "no range"),
            None => self.get(&say!("没有范围：只有 {share} 的排放有范围", "no range: only {share} of it has ranges")),
        };
        RangeRow { label: row.pollutant.clone(), value: format!("{} {unit}", alone(row.value * factor)), range, text }
    }
}
