//! Emissions by sector of the action plan: over the years, and all pollutants in one.

use super::{Drawing, scale};
use crate::analysis::Grouping;
use crate::category::{SECTORS, sector_name};
use crate::chart::{Frame, Hue, Layer, ShareRow, ShareTable, StackedTable};
use crate::say;
use crate::target::{Boundary, GHG};

impl Drawing<'_> {
    /// Sectors of the action plan over the years, purchased energy on top, sinks below zero.
    pub(super) fn by_sector(&self, metric: &str) -> Option<StackedTable> {
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
        Some(StackedTable { frame, years: years.to_vec(), layers, net, missing, marks: Vec::new() })
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
    pub(super) fn pollutants(&self) -> Option<ShareTable> {
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
        Some(ShareTable { frame, sectors: sectors.collect(), rows, total, missing })
    }
}
