//! The names of the sheets, and which of them a study has.

use super::cell_labels::Labels;
use super::inventory_rows::LineWriter;
use super::{Results, sheet::shortened};
use crate::category::SECTORS;
use crate::error::{Language, Text};
use crate::say;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tab {
    Cover,
    Totals,
    /// A sector of the action plan, by its code.
    Sector(String),
    Targets,
    Scenarios,
    Peaks,
    Measures,
    Register,
    Charts,
    Inventory,
    Steps,
    Activity,
    Parameters,
    Potentials,
    Quality,
    Influences,
    Crosschecks,
    Gaps,
}

const FIXED: [(Tab, &str, &str); 17] = [
    (Tab::Cover, "封面", "Cover"),
    (Tab::Totals, "排放总量", "Totals"),
    (Tab::Targets, "目标", "Targets"),
    (Tab::Scenarios, "情景", "Scenarios"),
    (Tab::Peaks, "达峰判断", "Peaks"),
    (Tab::Measures, "减排措施", "Measures"),
    (Tab::Register, "减排项目", "Projects"),
    (Tab::Charts, "图表", "Charts"),
    (Tab::Inventory, "排放清单", "Inventory"),
    (Tab::Steps, "分步计算", "Steps"),
    (Tab::Activity, "活动水平", "Activity data"),
    (Tab::Parameters, "排放因子与参数", "Parameters"),
    (Tab::Potentials, "全球增温潜势", "GWP"),
    (Tab::Quality, "数据质量", "Data quality"),
    (Tab::Influences, "影响因素", "Influences"),
    (Tab::Crosschecks, "公布数对照", "Published figures"),
    (Tab::Gaps, "数据缺口", "Gaps"),
];

impl Tab {
    /// What the sheet holds.
    pub fn about(&self) -> Text {
        match self {
            Self::Cover => say!("研究概况与主要结论", "what the study is and what it found"),
            Self::Totals => {
                say!("按核算边界、部门、年份、污染物求和（公式）", "by boundary, sector, year and pollutant (formulas)")
            }
            Self::Sector(_) => {
                say!("部门排放汇总表，可选年份（公式）", "the sector's summary form, for a year of choice (formulas)")
            }
            Self::Charts => say!("可编辑的图表，随数据变化", "charts that follow the data"),
            Self::Targets => say!("各项目标的要求、结果与判断", "what is required, what is reached, the verdicts"),
            Self::Scenarios => say!("各情景逐年结果", "each scenario, year by year"),
            Self::Peaks => say!("各情景、各指标是否达峰及理由", "whether and when each metric peaks, and why"),
            Self::Measures => say!("各措施的减排贡献与成本", "what each measure cuts and costs"),
            Self::Register => say!("减排项目登记及分年有效减排量", "reduction projects with their tonnes in effect"),
            Self::Inventory => {
                say!("逐项排放，公式引用活动水平与参数", "every emission, as a formula over activity and parameters")
            }
            Self::Steps => {
                say!("存量排放的逐年贡献与较长的中间参数", "yearly shares of stocks, and long derived parameters")
            }
            Self::Activity => say!("活动数据，可修改", "activity data; may be changed"),
            Self::Parameters => {
                say!("清单用到的排放因子与参数，可修改", "the factors that the inventory uses; may be changed")
            }
            Self::Potentials => say!("各气体的全球增温潜势，可修改", "global warming potentials; may be changed"),
            Self::Quality => {
                say!("替代数据与未核实因子占比、不确定性", "shares of proxies and unverified factors, ranges")
            }
            Self::Influences => say!("总量最依赖哪些数据", "which inputs the totals hang on most"),
            Self::Crosschecks => say!("公布数与核算结果对照", "published figures beside the results"),
            Self::Gaps => {
                say!("没有数值的活动与污染物，及补齐所需的数据", "what has no number, and what would close it")
            }
        }
    }
}

#[derive(Debug)]
pub(super) struct Tabs {
    names: BTreeMap<Tab, String>,
    sectors: Vec<String>,
}

impl Tabs {
    pub fn new(source: &Results<'_>, labels: &Labels, lines: &[LineWriter<'_>]) -> Self {
        let zh = source.language == Language::Zh;
        let mut names: BTreeMap<Tab, String> = BTreeMap::new();
        for (tab, chinese, english) in FIXED {
            names.insert(tab, if zh { chinese } else { english }.to_string());
        }
        let categories = &source.inventory.study.words.categories;
        let found: BTreeSet<&str> = lines.iter().map(|line| categories.get(line.category).sector.as_str()).collect();
        let other = found.iter().copied().filter(|sector| !SECTORS.contains(sector));
        let sectors: Vec<String> =
            SECTORS.into_iter().filter(|sector| found.contains(sector)).chain(other).map(str::to_string).collect();
        for sector in &sectors {
            let name = allowed(labels.sector(sector));
            let taken = |name: &str| names.values().any(|known| known.to_lowercase() == name.to_lowercase());
            let free =
                (0..).map(|step| if step == 0 { name.clone() } else { format!("{name} {step}") }).find(|n| !taken(n));
            names.insert(Tab::Sector(sector.clone()), free.unwrap_or(name));
        }
        Self { names, sectors }
    }

    pub fn name(&self, tab: &Tab) -> &str {
        self.names.get(tab).map_or("", String::as_str)
    }

    /// The sectors that have emissions, in the order of the plan.
    pub fn sectors(&self) -> &[String] {
        &self.sectors
    }
}

/// A sheet's name has at most 31 characters, none of which means something in a reference.
fn allowed(name: &str) -> String {
    const LONGEST: usize = 26;
    let plain = |c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') { ' ' } else { c };
    shortened(&name.chars().map(plain).collect::<String>(), LONGEST)
}
