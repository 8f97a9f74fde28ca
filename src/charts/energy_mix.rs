//! The energy mix: what the district's energy consists of, in history and in each scenario.

use super::metric_subject::ENERGY_ALL;
use super::sectors::on_one_scale;
use super::{Results, scale};
use crate::analysis::{Indicator, Totals};
use crate::error::Text;
use crate::inventory::{Energy, Inventory};
use crate::item::ENERGY_KINDS;
use crate::plan::metric::TCE_PER_TJ;
use crate::plot::{ChartTitles, Hue, Layer, StackedTable};
use crate::say;
use crate::target::{Boundary, ENERGY, Goal, Metric, NON_FOSSIL_SHARE};
use std::collections::BTreeMap;

/// Kind of energy and year to tce.
type Mix = BTreeMap<(usize, i32), f64>;

fn mix(inventory: &Inventory<'_>, totals: &Totals) -> Mix {
    let study = inventory.study;
    let mut mix = Mix::new();
    let known = |energy: &&Energy| totals.is_known(energy.year, Boundary::Direct, ENERGY);
    for energy in inventory.energy.iter().filter(known) {
        let item = study.words.items.get(study.activity.item[energy.row as usize] as usize);
        if let Some(kind) = ENERGY_KINDS.iter().position(|kind| *kind == item.kind) {
            *mix.entry((kind, energy.year)).or_insert(0.0) += energy.energy_tj * TCE_PER_TJ;
        }
    }
    mix
}

fn kind_name(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "coal" => ("煤炭", "Coal"),
        "oil" => ("石油", "Oil"),
        "gas" => ("天然气", "Gas"),
        "biomass" => ("生物质", "Biomass"),
        "renewable" => ("水电风电光伏", "Renewables"),
        "nuclear" => ("核电", "Nuclear"),
        "electricity" => ("电力", "Electricity"),
        _ => ("热力", "Heat"),
    }
}

impl Results<'_> {
    /// The mix of the study's own years.
    pub(super) fn energy_mix(&self) -> Option<StackedTable> {
        let mix = mix(self.inventory, &self.analysis.totals);
        let (factor, unit) = self.energy_scale(&[&mix])?;
        let area = self.area();
        let title = self.shares(&self.analysis.indicators, self.years(), &say!("{area}能源消费", "{area}, energy"));
        let frame = ChartTitles { title, caption: self.caption(ENERGY, Boundary::Direct), ..self.energy_frame(&unit) };
        Some(self.energy_table(&mix, self.years(), factor, frame))
    }

    /// The mix of each scenario, all on one scale.
    pub(super) fn energy_mixes(&self) -> Vec<(String, StackedTable)> {
        let runs = self.projections.map_or(&[][..], |projections| &projections.runs);
        let mixes: Vec<Mix> = runs.iter().map(|run| mix(&run.inventory, &run.outlook.totals)).collect();
        let Some((factor, unit)) = self.energy_scale(&mixes.iter().collect::<Vec<_>>()) else { return Vec::new() };
        let by = self.peak_by(ENERGY_ALL);
        let tables = runs.iter().zip(&mixes).map(|(run, mix)| {
            let (name, anchor, horizon) = (&run.plan.title, run.plan.anchor, run.plan.horizon);
            let mut years = vec![anchor, by, horizon];
            years.retain(|year| (anchor..=horizon).contains(year));
            years.dedup();
            let title = self.shares(&run.outlook.indicators, &years, &say!("{name}", "{name}"));
            let caption = self.caption_ahead(ENERGY, Boundary::Direct);
            let frame = ChartTitles { title, caption, ..self.energy_frame(&unit) };
            let table = self.energy_table(mix, &run.inventory.years, factor, frame);
            let peak = self.peak_mark(run, ENERGY_ALL, factor);
            (run.plan.code.clone(), StackedTable { eras: Some(self.eras(run)), peak, ..table })
        });
        on_one_scale(tables.collect())
    }

    /// The factor from tce and the unit's name; none without any energy.
    fn energy_scale(&self, mixes: &[&Mix]) -> Option<(f64, String)> {
        let mut largest = 0.0_f64;
        for mix in mixes {
            let mut years: BTreeMap<i32, f64> = BTreeMap::new();
            mix.iter().for_each(|((_, year), amount)| *years.entry(*year).or_insert(0.0) += amount);
            largest = years.values().fold(largest, |largest, sum| largest.max(sum.abs()));
        }
        (largest > 0.0).then(|| scale(largest, self.language))
    }

    fn energy_frame(&self, unit: &str) -> ChartTitles {
        let scope = self.get(&ENERGY_ALL.scope());
        let aims = self.inventory.study.targets.iter().filter(|target| target.metric == Metric::NonFossilShare);
        let aim = aims.filter_map(|target| match &target.goal {
            Goal::Floor(level) => Some((target.year, level.canonical * 100.0)),
            _ => None,
        });
        let aim = aim.map(|(year, floor)| {
            self.get(&say!(
                "；目标：{year} 年非化石占比不低于 {floor:.0}%",
                "; target: non-fossil at least {floor:.0}% in {year}"
            ))
        });
        let aim: String = aim.collect();
        let subtitle = format!("{scope}{aim}");
        ChartTitles { subtitle, axis: self.axis(ENERGY_ALL, unit), ..ChartTitles::default() }
    }

    fn energy_table(&self, mix: &Mix, years: &[i32], factor: f64, frame: ChartTitles) -> StackedTable {
        let known = |year: &i32| mix.keys().any(|(_, of)| of == year);
        let layer = |(kind, name): (usize, &&str)| {
            let amount = |year: &i32| {
                let sum = mix.get(&(kind, *year)).copied();
                sum.or(known(year).then_some(0.0)).map(|sum| sum * factor)
            };
            let amounts: Vec<Option<f64>> = years.iter().map(amount).collect();
            let (zh, en) = kind_name(name);
            let is_used = amounts.iter().flatten().any(|amount| *amount != 0.0);
            is_used.then(|| Layer { label: self.pick(zh, en), hue: Hue::of_energy(name), amounts })
        };
        let layers = ENERGY_KINDS.iter().enumerate().filter_map(layer).collect();
        let (net, missing) = (self.pick("合计", "Total"), self.pick("无数据", "No data"));
        StackedTable { frame, years: years.to_vec(), layers, net, missing, ..StackedTable::default() }
    }

    /// The title: the non-fossil share of the first and last year, and of those between that are named.
    fn shares(&self, indicators: &[Indicator], years: &[i32], of: &Text) -> String {
        let share = |year: i32| {
            let found = indicators.iter().find(|row| row.name == NON_FOSSIL_SHARE && row.year == year)?;
            Some((year, found.value * 100.0))
        };
        let known: Vec<(i32, f64)> = years.iter().filter_map(|&year| share(year)).collect();
        let ends = || [known.first(), known.last()].into_iter().flatten().copied().collect();
        let shown: Vec<(i32, f64)> = if known.len() > 3 { ends() } else { known };
        let said = |(year, share): (i32, f64)| self.get(&say!("{year} 年 {share:.1}%", "{share:.1}% in {year}"));
        let shares: Vec<String> = shown.into_iter().map(said).collect();
        let (shares, zh, en) = (shares.join(&self.pick("，", ", ")), &of.zh, &of.en);
        if shares.is_empty() {
            return self.get(&say!("{zh}：能源构成", "{en}: energy mix"));
        }
        self.get(&say!("{zh}：非化石能源占比 {shares}", "{en}: non-fossil share {shares}"))
    }
}
