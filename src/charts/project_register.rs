//! The chart of the register: projects by kind against the allotted tonnes, the inventory's change apart.

use super::Results;
use crate::analysis::{Subtotal, TargetVerdict};
use crate::plot::{ChartTitles, Hue, RegisterRow, RegisterTable};
use crate::say;
use crate::study::name;
use crate::verdict_text::assessed;

impl Results<'_> {
    /// The register in the year of its targets, or in its last year; none without projects.
    pub(super) fn projects(&self) -> Option<RegisterTable> {
        let reductions = &self.analysis.reductions;
        let judged = reductions.subtotals.iter().filter(|row| self.analysis.judged(row).is_some());
        let year = judged.map(|row| row.year).max().or(reductions.years.last().copied())?;
        let of_year: Vec<&Subtotal> = reductions.subtotals.iter().filter(|row| row.year == year).collect();
        let mut whole: Vec<&&Subtotal> = of_year.iter().filter(|row| row.kind.is_none()).collect();
        let words = &self.inventory.study.words;
        let order = |code: &str| words.counted.iter().position(|&index| words.pollutants.code(index) == code);
        whole.sort_by_key(|row| order(&row.pollutant).unwrap_or(usize::MAX));
        let title = self.register_finding(year, &whole);
        let rows = whole.into_iter().map(|row| self.register_row(row, &of_year)).collect();
        let kinds = &words.kinds;
        let named = |(kind, _)| (name(kinds, kind, self.is_zh()).to_string(), Hue::Nth(kind));
        let base = reductions.base_year;
        let aside = say!(
            "另一本账：排放清单 {base}–{year} 年的变化（吨），仅供参考；口径不同，与项目减排量不可比、不可相加",
            "Another account: change of the inventory {base}–{year} (t), for information. It does not compare with the projects and is never added to them"
        );
        let frame = ChartTitles {
            title,
            subtitle: self.get(&say!(
                "与 {base} 年相比，吨/年；按项目类型累计，扣除区域削减；各污染物的条形各有比例尺",
                "t a year against {base}, by kind of project, offsets deducted; each bar has its own scale"
            )),
            axis: String::new(),
            caption: self.register_caption(),
        };
        Some(RegisterTable {
            frame,
            kinds: kinds.iter().map(named).collect(),
            rows,
            offset: self.pick("已用于区域削减（扣除）", "Used as offsets (deducted)"),
            aside: aside.get(self.language).to_string(),
            missing: self.pick("清单不同时有这两年的数据", "the inventory does not have both years"),
        })
    }

    /// What the projects come to against what was allotted.
    fn register_finding(&self, year: i32, rows: &[&&Subtotal]) -> String {
        let area = self.area();
        if rows.iter().all(|row| row.sum.is_none()) {
            let projects = self.inventory.study.register.projects.len();
            return self.get(&say!(
                "{area} {projects} 项减排登记均未填报减排量，{year} 年任务能否完成无法评估",
                "{area}: none of {projects} registered reductions has its tonnes, so {year} cannot be assessed"
            ));
        }
        let of = |verdict: TargetVerdict| {
            let judged =
                rows.iter().filter(|row| self.analysis.judged(row).is_some_and(|judged| judged.verdict == verdict));
            let names: Vec<&str> = judged.map(|row| row.pollutant.as_str()).collect();
            (!names.is_empty()).then(|| names.join(&self.pick("、", ", ")))
        };
        let parts = [
            of(TargetVerdict::Met).map(|names| say!("{names} 达到下达数", "{names} meet what was allotted")),
            of(TargetVerdict::Missed).map(|names| say!("{names} 未达到", "{names} do not")),
            of(TargetVerdict::NotAssessable).map(|names| say!("{names} 无法评估", "{names} cannot be assessed")),
        ];
        let parts: Vec<String> = parts.iter().flatten().map(|text| self.get(text)).collect();
        if parts.is_empty() {
            return self.get(&say!("{area} {year} 年减排项目", "{area}: reduction projects in effect in {year}"));
        }
        let finding = parts.join(&self.pick("，", ", "));
        self.get(&say!("{area} {year} 年减排项目：{finding}", "{area}, reduction projects of {year}: {finding}"))
    }

    fn register_row(&self, row: &Subtotal, of_year: &[&Subtotal]) -> RegisterRow {
        let part = |kind: usize| {
            let found = of_year.iter().find(|part| part.kind == Some(kind) && part.pollutant == row.pollutant)?;
            Some(found.sum?.cumulative_t)
        };
        let kinds = &self.inventory.study.words.kinds;
        let allotted = self.analysis.judged(row).and_then(|judged| judged.required);
        let label = |tonnes: f64| {
            let tonnes = rounded(tonnes);
            say!("下达 {tonnes} 吨", "allotted: {tonnes} t").get(self.language).to_string()
        };
        RegisterRow {
            label: row.pollutant.clone(),
            parts_t: kinds.iter().map(|(kind, _)| part(kind)).collect(),
            offset_t: row.sum.map_or(0.0, |sum| sum.offset_t),
            allotted: allotted.map(|tonnes| (tonnes, label(tonnes))),
            net: self.net(row),
            status: self.status(row),
            change_t: row.inventory_change_t,
        }
    }

    fn net(&self, row: &Subtotal) -> String {
        let net = match row.sum.map(|sum| rounded(sum.net_t())) {
            Some(net) => say!("净 {net} 吨", "net {net} t"),
            None => say!("减排量未知", "tonnes not known"),
        };
        net.get(self.language).to_string()
    }

    /// The verdict, and how many projects are not known.
    fn status(&self, row: &Subtotal) -> String {
        let verdict = match self.analysis.judged(row).map(|judged| (judged.verdict, judged.required)) {
            _ if !row.counted => self.pick("不纳入考核", "not counted for targets"),
            Some((TargetVerdict::NotAssessable, None)) => self.pick("没有公布下达数", "allotment not published"),
            Some((verdict, _)) => self.get(&assessed(verdict, None)),
            None => String::new(),
        };
        let gaps = row.gaps;
        let open = (gaps > 0).then(|| say!("{gaps} 项未知", "{gaps} not known").get(self.language).to_string());
        let parts: Vec<String> = Some(verdict).filter(|verdict| !verdict.is_empty()).into_iter().chain(open).collect();
        parts.join(&self.pick("，", ", "))
    }

    fn register_caption(&self) -> String {
        let (area, version) = (self.area(), env!("CARGO_PKG_VERSION"));
        let register = &self.inventory.study.register;
        let (projects, gaps) = (register.projects.len(), register.gaps());
        let text = say!(
            "来源：{area}减排项目登记，qingdan {version} 编制；共 {projects} 项，其中 {gaps} 项减排量未知。",
            "Source: register of reduction projects of {area}, compiled with qingdan {version}; {projects} entries, {gaps} of them without tonnes."
        );
        text.get(self.language).to_string()
    }
}

/// Tonnes as an officer writes them, to a kilogram.
fn rounded(tonnes: f64) -> f64 {
    const KILOGRAMS: f64 = 1000.0;
    (tonnes * KILOGRAMS).round() / KILOGRAMS
}
