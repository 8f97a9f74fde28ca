//! Intensities and the cuts that are required of them.

use super::Drawing;
use crate::analysis::intensity::{self, Indicator};
use crate::chart::{Frame, Line, LineKind, Target, TrajectoryTable, YearLevel};
use crate::say;
use crate::study::name;
use crate::target::{Boundary, ENERGY, Goal};

impl Drawing<'_> {
    /// An intensity and its cut targets; a target without a number is a note, never a line.
    pub(super) fn intensity(&self, metrics: &[&str], boundary: Boundary) -> Option<TrajectoryTable> {
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
        Some(TrajectoryTable { frame, lines, targets })
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
}
