//! Growth against intensity by plan period: the GDP growth at which emissions stay flat, and the growth that holds.

use super::Results;
use super::metric_subject::{CO2_ALL, FigureSubject};
use super::verdicts::MOST_NAMES;
use crate::decomposition::breakeven::BreakevenRow;
use crate::plot::{ChartTitles, SpanGroup, SpanRow, SpanTable};
use crate::say;
use crate::schema::HISTORY;

/// Plan periods after the last year of history that are shown, and how many of many scenarios, so that a page holds them.
const PERIODS: (usize, usize) = (3, 2);

impl Results<'_> {
    /// The break-even of history and of every scenario; none where GDP or the total of two years is not known.
    pub(super) fn growths(&self) -> Option<SpanTable> {
        let subject = CO2_ALL;
        let lines = self.breakeven(subject);
        let mut periods: Vec<&str> = lines.iter().map(|(_, line)| line.period.as_str()).collect();
        periods.sort_unstable();
        periods.dedup();
        let is_ahead = |period: &str| lines.iter().any(|(_, line)| line.period == period && line.scenario != HISTORY);
        let runs = self.projections.map_or(0, |projections| projections.runs.len());
        let most = if runs > MOST_NAMES { PERIODS.1 } else { PERIODS.0 };
        let ahead: Vec<&str> = periods.iter().copied().filter(|period| is_ahead(period)).take(most).collect();
        let group = |period: &&str| {
            let of_period = lines.iter().filter(|(_, line)| line.period == **period);
            let years = of_period.clone().map(|(_, line)| (line.from + 1, line.to)).next();
            let (from, to) = years?;
            let label = self.get(&say!("{from}–{to} 年", "{from}–{to}"));
            Some(SpanGroup { label, rows: of_period.map(|(name, line)| self.span(name, line)).collect() })
        };
        let shown = periods.iter().filter(|period| ahead.contains(period) || !is_ahead(period));
        let groups: Vec<SpanGroup> = shown.filter_map(group).collect();
        if groups.is_empty() {
            return None;
        }
        let next: Vec<&(String, &BreakevenRow)> = lines
            .iter()
            .filter(|(_, line)| ahead.first().or(periods.last()).is_some_and(|of| line.period == **of))
            .collect();
        Some(SpanTable {
            frame: self.growth_frame(subject, &next),
            groups,
            flat: self.pick("总量不增的 GDP 增速上限", "GDP growth that keeps the total flat"),
            actual: self.pick("GDP 实际或设定增速", "GDP growth as it was, or as set"),
            outcome: self.pick("排放总量年均变化", "Change of total a year"),
            notes: vec![self.pick(
                "圆点在竖线右侧（红色）：增速高于上限，排放总量上升；在左侧（蓝色）：总量下降。上限由单位 GDP CO2 的年均变化率 r 得出：1/(1+r) 减 1。",
                "A dot to the right of the upright (red): growth above the limit, the total rises; to the left (blue): it falls. With r, the yearly change of CO2 per GDP, the limit is 1/(1 + r) less 1.",
            )],
        })
    }

    /// Lines of history and of the scenarios in the subject's boundary, with their names.
    fn breakeven(&self, subject: FigureSubject) -> Vec<(String, &BreakevenRow)> {
        let runs = self.projections.map_or(&[][..], |projections| &projections.runs);
        let title = |line: &BreakevenRow| {
            runs.iter().find(|run| run.plan.code == line.scenario).map(|run| run.plan.title.clone())
        };
        let name = |line: &BreakevenRow| title(line).unwrap_or_else(|| self.pick("历史", "History"));
        let lines = self.changes.lines.iter().filter(|line| line.boundary == subject.boundary);
        lines.map(|line| (name(line), line)).collect()
    }

    fn span(&self, name: &str, line: &BreakevenRow) -> SpanRow {
        let change = ((1.0 + line.actual_growth) * (1.0 + line.intensity_change) - 1.0) * 100.0;
        SpanRow {
            label: name.to_string(),
            flat_pct: line.breakeven_growth * 100.0,
            actual_pct: line.actual_growth * 100.0,
            outcome: signed(change),
        }
    }

    /// The finding of the next period: the limits of the scenarios, and the growth that is set.
    fn growth_frame(&self, subject: FigureSubject, next: &[&(String, &BreakevenRow)]) -> ChartTitles {
        let rates = |of: fn(&BreakevenRow) -> f64| {
            let all = || next.iter().map(|(_, line)| of(line) * 100.0);
            (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max))
        };
        let said = |(low, high): (f64, f64)| {
            let (low, high) = (format!("{low:.1}%"), format!("{high:.1}%"));
            let range = say!("{low} 至 {high}", "{low} to {high}");
            if low == high { low } else { self.get(&range) }.replace('-', "−")
        };
        let (limit, growth) = (said(rates(|line| line.breakeven_growth)), said(rates(|line| line.actual_growth)));
        let title = next.first().map_or_else(
            || say!("GDP 增速与排放强度", "GDP growth and intensity"),
            |(_, line)| {
                let (from, to) = (line.from + 1, line.to);
                let set =
                    if line.scenario == HISTORY { ("实际", "it grew") } else { ("设定", "it is set to grow") };
                let (zh, en) = set;
                say!(
                    "{from}–{to} 年排放总量不增的前提：GDP 年均增速低于 {limit}，而{zh}增速为 {growth}",
                    "{from}–{to}: emissions stay flat only if GDP grows less than {limit} a year; {en} {growth}"
                )
            },
        );
        ChartTitles {
            title: self.get(&title),
            subtitle: self.pick(
                "CO2，含调入电力热力；GDP 按不变价；按五年规划期",
                "CO2 with purchased electricity and heat; GDP at constant prices; by plan period",
            ),
            axis: self.pick("年均变化率（%）", "Rate a year (%)"),
            caption: self.caption_ahead(subject.metric, subject.boundary),
        }
    }
}

/// A change with its sign; none where it rounds to nothing.
fn signed(percent: f64) -> String {
    let text = format!("{percent:+.1}%").replace('-', "−");
    if percent.abs() < 0.05 { "0.0%".to_string() } else { text }
}
