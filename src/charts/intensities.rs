//! Intensities and the cuts that are required of them: history, every scenario, and the line on which the total would stay flat.

use super::Results;
use crate::analysis::intensity::{self, Indicator};
use crate::decomposition::breakeven::GDP;
use crate::error::Text;
use crate::monte_carlo;
use crate::plot::{ChartTitles, Hue, LineKind, TargetMark, TrajectoryLine, TrajectoryTable, YearLevel};
use crate::say;
use crate::target::{self, Boundary, ENERGY, Goal};

/// Years after the anchor that are shown: three plan periods, beyond which intensities are all small.
const AHEAD: i32 = 15;

impl Results<'_> {
    /// An intensity and its cut targets; a target without a number is a note, never a line.
    pub(super) fn intensity(&self, metrics: &[&str], boundary: Boundary) -> Option<TrajectoryTable> {
        let name = |metric: &str| intensity::in_boundary(&format!("{metric} per gdp"), boundary);
        let is_known = |metric: &&&str| self.analysis.indicators.iter().any(|i| i.name == name(metric));
        let wanted = name(metrics.iter().find(is_known)?);
        let found: Vec<&Indicator> = self.analysis.indicators.iter().filter(|i| i.name == wanted).collect();
        let last = found.last().filter(|_| found.iter().any(|i| i.value > 0.0))?;
        let level = |i: &&Indicator| YearLevel { year: i.year, level: i.value };
        let history: Vec<YearLevel> = found.iter().map(level).collect();
        let mut lines = vec![TrajectoryLine::new(self.pick("历史", "History"), LineKind::History, history.clone())];
        let energy = metrics == [ENERGY];
        let targets = self.required(metrics);
        let until = targets.iter().map(|target| target.year).fold(last.year + AHEAD, i32::max);
        lines.extend(self.flat(*history.last()?, until));
        for (place, run) in self.runs().iter().enumerate() {
            let ahead =
                run.outlook.indicators.iter().filter(|i| i.name == wanted && (last.year..=until).contains(&i.year));
            let points = ahead.map(|i| YearLevel { year: i.year, level: i.value }).collect();
            lines.push(TrajectoryLine::new(run.plan.title.clone(), LineKind::Projection(Hue::of_line(place)), points));
        }
        lines.retain(|line| !line.points.is_empty());
        // One year is a number and no chart.
        let shown: std::collections::BTreeSet<i32> =
            lines.iter().flat_map(|line| line.points.iter().map(|point| point.year)).collect();
        if shown.len() < 2 {
            return None;
        }
        let words = if energy { ("能耗", "energy use") } else { ("CO2 排放", "CO2") };
        let title = self.cuts_ahead(words, (&lines, &targets)).unwrap_or_else(|| self.fall(words, found[0], last));
        let frame = ChartTitles { title, ..self.intensity_frame(energy, words, &last.unit) };
        let shown = targets.iter().filter_map(|target| self.shown(target, &history)).collect();
        Some(TrajectoryTable { frame, lines, targets: shown, notes: Vec::new() })
    }

    fn intensity_frame(&self, energy: bool, (zh, en): (&str, &str), unit: &str) -> ChartTitles {
        let unit = self.per_gdp(unit);
        let en = if energy { "Energy use" } else { en };
        let subtitle = match energy {
            true => say!("能源消费总量（当量值）与不变价 GDP", "Energy by heat content, GDP at constant prices"),
            false => say!(
                "能源活动 CO2，含调入电力热力；GDP 按不变价",
                "CO2 of energy with purchased electricity and heat; GDP at constant prices"
            ),
        };
        let (metric, boundary) = if energy { (ENERGY, Boundary::Direct) } else { ("CO2", Boundary::DirectPurchased) };
        let caption =
            if self.runs().is_empty() { self.caption(metric, boundary) } else { self.caption_ahead(metric, boundary) };
        ChartTitles {
            title: String::new(),
            subtitle: self.get(&subtitle),
            axis: self.get(&say!("单位 GDP {zh}（{unit}）", "{en} per GDP ({unit})")),
            caption,
        }
    }

    /// What the intensity would have to be for the total to stay at its last known level, under the GDP of the first scenario.
    fn flat(&self, last: YearLevel, until: i32) -> Option<TrajectoryLine> {
        let run = self.runs().first()?;
        let gdp = run.inventory.economy.series(GDP)?.ok()?.values;
        let start = *gdp.get(&last.year)?;
        let point = |(year, gdp): (&i32, &f64)| {
            (*gdp > 0.0).then(|| YearLevel { year: *year, level: last.level * start / gdp })
        };
        let points: Vec<YearLevel> = gdp.range(last.year..=until).filter_map(point).collect();
        let year = last.year;
        let label = self.get(&say!("总量与 {year} 年持平", "Total as in {year}"));
        (points.len() > 1).then(|| TrajectoryLine::new(label, LineKind::Reference, points))
    }

    /// The title of an intensity says how far it fell.
    fn fall(&self, (zh, en): (&str, &str), first: &Indicator, last: &Indicator) -> String {
        let (area, start, end) = (self.area(), first.year, last.year);
        let change = (1.0 - last.value / first.value) * 100.0;
        let title = if start == end || first.value <= 0.0 {
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
        self.get(&title)
    }

    /// How far scenarios cut it by the year of the next target, and whether that is enough; none without scenarios.
    fn cuts_ahead(
        &self,
        (zh, en): (&str, &str),
        (lines, targets): (&[TrajectoryLine], &[&target::Target]),
    ) -> Option<String> {
        let history = lines.iter().find(|line| line.kind == LineKind::History)?;
        let anchor = history.points.last()?.year;
        let next = targets.iter().find(|target| target.year > anchor);
        let year = next.map_or(monte_carlo::PEAK_BY, |target| target.year);
        let base = match next.map(|target| &target.goal) {
            Some(Goal::Cut { base, .. }) => *base,
            _ => anchor,
        };
        let start = history.points.iter().find(|point| point.year == base && point.level > 0.0)?.level;
        let ahead = lines.iter().filter(|line| matches!(line.kind, LineKind::Projection(_)));
        let cut = |line: &TrajectoryLine| {
            Some((1.0 - line.points.iter().find(|point| point.year == year)?.level / start) * 100.0)
        };
        let cuts: Vec<f64> = ahead.filter_map(cut).collect();
        let (least, most) = (cuts.iter().copied().reduce(f64::min)?, cuts.iter().copied().reduce(f64::max)?);
        let range = |percent: f64| format!("{percent:.1}%").replace('-', "−");
        let (least, most) = (range(least), range(most));
        let cut = if least == most { least } else { format!("{least}–{most}") };
        let enough = match next.map(|target| &target.goal) {
            Some(Goal::Cut { share, .. }) => {
                let (asked, all) = (share * 100.0, cuts.len());
                let met = cuts.iter().filter(|cut| **cut >= asked - 1e-9).count();
                say!("，{all} 个情景中 {met} 个达到 {asked:.1}% 的目标", "; {met} of {all} scenarios reach {asked:.1}%")
            }
            _ => say!("", ""),
        };
        let (area, Text { zh: zh_end, en: en_end }) = (self.area(), enough);
        Some(self.get(&say!(
            "{area}单位 GDP {zh} {base}–{year} 年各情景下降 {cut}{zh_end}",
            "{area}: {en} per GDP falls {cut} from {base} to {year}{en_end}"
        )))
    }

    /// `t/万元@2020` as a reader of the plan writes it.
    fn per_gdp(&self, unit: &str) -> String {
        match unit.split_once("万元@") {
            Some((over, base)) => self.get(&say!("{over}万元，{base} 年价", "{over}10⁴ yuan, prices of {base}")),
            None => unit.to_string(),
        }
    }

    /// The study's targets of an intensity.
    fn required(&self, metrics: &[&str]) -> Vec<&target::Target> {
        let about = |target: &&target::Target| {
            let name = target.metric.name();
            let named = metrics.iter().chain(&["CO2"]).any(|metric| name == format!("{metric} per gdp"));
            named && (metrics != [ENERGY] || name.starts_with(ENERGY)) && !matches!(target.goal, Goal::PeakBy { .. })
        };
        self.inventory.study.targets.iter().filter(about).collect()
    }

    fn shown(&self, target: &target::Target, points: &[YearLevel]) -> Option<TargetMark> {
        let year = target.year;
        let (level, base, note) = match &target.goal {
            Goal::Cut { base, share } => {
                let (start, cut) = (points.iter().find(|point| point.year == *base)?, share * 100.0);
                let note = say!("{year} 年比 {base} 年下降 {cut:.1}%", "{year}: {cut:.1}% below {base}");
                (Some(start.level * (1.0 - share)), Some(*start), note)
            }
            Goal::Allotted { by } => (None, None, self.allotted(year, by)),
            Goal::Cap(_) | Goal::Floor(_) | Goal::PeakBy { .. } => return None,
        };
        Some(TargetMark { year, level, base, note: self.get(&note) })
    }
}
