//! Where the greenhouse gases of the last year come from: item, sector, gas.

use super::{Results, scale};
use crate::category::{Scope, sector_name};
use crate::plot::{ChartTitles, Hue, Link, Node, SankeyTable, alone, percent};
use crate::say;
use crate::study::name;
use crate::target::{Boundary, GHG};
use std::collections::BTreeMap;

/// Items beyond so many are shown together.
const MOST_ITEMS: usize = 12;
/// Gases with a node of their own.
const GASES: [&str; 3] = ["CO2", "CH4", "N2O"];
/// The place of what is shown together, behind all items.
const OTHERS: usize = usize::MAX;

/// Tonnes of CO2-equivalent by item, sector and gas.
type Flows = BTreeMap<(usize, String, String), f64>;

impl Results<'_> {
    /// None without a GWP set: gases would not add up.
    pub(super) fn flows(&self) -> Option<SankeyTable> {
        let year = *self.years().last()?;
        let boundary = self.widest_known(year)?;
        let gwp = self.inventory.study.settings.gwp.as_ref()?;
        let all = self.flows_of(year, boundary);
        let sinks_t: f64 = all.values().filter(|value| **value < 0.0).sum();
        let flows: Flows = all.into_iter().filter(|(_, value)| *value > 0.0).collect();
        let whole_t: f64 = flows.values().sum();
        if whole_t <= 0.0 {
            return None;
        }
        let (factor, unit) = scale(whole_t, self.language);
        let items = sums(&flows, |(item, ..)| *item);
        let mut ranked: Vec<(usize, f64)> = items.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        let kept: Vec<usize> = ranked.iter().take(MOST_ITEMS).map(|(item, _)| *item).collect();
        let shown = |item: usize| if kept.contains(&item) || ranked.len() == MOST_ITEMS + 1 { item } else { OTHERS };
        let mut merged = Flows::new();
        for ((item, sector, gas), value) in flows {
            *merged.entry((shown(item), sector, gas)).or_insert(0.0) += value * factor;
        }
        let set = &gwp.set;
        let mut caption = self.caption(GHG, boundary);
        if sinks_t < 0.0 {
            let sinks = alone(-sinks_t * factor);
            caption += &self.get(&say!(
                "碳汇与调出等负值 {sinks} {unit} CO2e 不在图中。",
                " Sinks and other negative amounts, {sinks} {unit} CO2e, are not shown."
            ));
        }
        let frame = ChartTitles {
            title: self.flows_finding(year, &merged),
            subtitle: self.flows_subtitle(boundary),
            axis: self
                .get(&say!("温室气体排放量（{unit} CO2e，GWP：{set}）", "Greenhouse gases ({unit} CO2e, GWP: {set})")),
            caption,
        };
        Some(self.sankey(frame, &merged))
    }

    fn flows_subtitle(&self, boundary: Boundary) -> String {
        match boundary {
            Boundary::DirectPurchased => {
                self.pick("从活动到部门到气体；含调入电力热力", "From activity to sector to gas, with purchased energy")
            }
            _ => self.pick("从活动到部门到气体；直接排放", "From activity to sector to gas, direct emissions"),
        }
    }

    /// The wider boundary whose greenhouse gases are known in a year: of a total that is not known there is no picture.
    pub(super) fn widest_known(&self, year: i32) -> Option<Boundary> {
        let known = |boundary: &Boundary| self.analysis.totals.whole_t(year, *boundary, GHG).is_some();
        [Boundary::DirectPurchased, Boundary::Direct].into_iter().find(known)
    }

    fn flows_of(&self, year: i32, boundary: Boundary) -> Flows {
        let study = self.inventory.study;
        let mut flows = Flows::new();
        for emission in self.inventory.emissions.iter().filter(|emission| emission.year == year) {
            let binding = &self.inventory.matches.bindings[emission.binding as usize];
            let code = study.words.pollutants.code(binding.pollutant);
            let weight = study.settings.gwp.as_ref().and_then(|gwp| gwp.values.get(code).copied());
            let category = study.words.categories.get(binding.category);
            let Some(weight) = weight.filter(|_| category.scope != Scope::Memo) else { continue };
            let purchased = category.scope == Scope::Purchased;
            if purchased && boundary == Boundary::Direct {
                continue;
            }
            let sector = if purchased { Scope::Purchased.word() } else { &category.sector };
            let gas = if GASES.contains(&code) { code.to_string() } else { self.pick("含氟气体", "F-gases") };
            let item = study.activity.item[emission.row as usize] as usize;
            *flows.entry((item, sector.to_string(), gas)).or_insert(0.0) += emission.emitted_t * weight;
        }
        flows
    }

    fn sector_label(&self, sector: &str) -> String {
        let (zh, en) = sector_name(sector);
        if sector == Scope::Purchased.word() {
            self.pick("调入电力热力", "Purchased energy")
        } else {
            self.pick(zh, en)
        }
    }

    fn item_label(&self, item: usize) -> String {
        let items = &self.inventory.study.words.items;
        if item == OTHERS {
            self.pick("其他活动", "Other activities")
        } else {
            name(items, item, self.is_zh()).to_string()
        }
    }

    fn flows_finding(&self, year: i32, flows: &Flows) -> String {
        let whole: f64 = flows.values().sum();
        let most = |of: BTreeMap<String, f64>| of.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_default();
        let (item, from) = most(sums(flows, |(item, ..)| self.item_label(*item)));
        let own = |(_, sector, _): &(usize, String, String)| sector.clone();
        let mut sectors = sums(flows, own);
        if sectors.len() > 1 {
            sectors.remove(Scope::Purchased.word());
        }
        let (sector, by) = most(sectors);
        let sector = self.sector_label(&sector);
        let (area, from, by) = (self.area(), percent(from / whole), percent(by / whole));
        self.get(&say!(
            "{area} {year} 年温室气体：{item}是最大来源（{from}），{sector}是最大的直接排放部门（{by}）",
            "{area}, greenhouse gases of {year}: {item} is the largest source ({from}), {sector} the largest direct sector ({by})"
        ))
    }

    fn sankey(&self, frame: ChartTitles, flows: &Flows) -> SankeyTable {
        let mut table = SankeyTable {
            frame,
            headings: [self.pick("活动", "Activity"), self.pick("部门", "Sector"), self.pick("气体", "Gas")],
            ..SankeyTable::default()
        };
        let mut node = |column: usize, label: String, hue: Hue| {
            let known = |node: &Node| node.column == column && node.label == label;
            table.nodes.iter().position(known).unwrap_or_else(|| {
                table.nodes.push(Node { column, label: label.clone(), hue });
                table.nodes.len() - 1
            })
        };
        let mut links: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for ((item, sector, gas), value) in flows {
            let from = node(0, self.item_label(*item), Hue::Waste);
            let middle = node(1, self.sector_label(sector), Hue::of_sector(sector, 0));
            let to = node(2, gas.clone(), Hue::Waste);
            *links.entry((from, middle)).or_insert(0.0) += value;
            *links.entry((middle, to)).or_insert(0.0) += value;
        }
        table.links = links.into_iter().map(|((from, to), value)| Link { from, to, value }).collect();
        table
    }
}

/// Sums of the flows by a part of their key.
fn sums<K: Ord>(flows: &Flows, key: impl Fn(&(usize, String, String)) -> K) -> BTreeMap<K, f64> {
    let mut sums = BTreeMap::new();
    for (flow, value) in flows {
        *sums.entry(key(flow)).or_insert(0.0) += value;
    }
    sums
}
