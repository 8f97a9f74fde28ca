//! Emissions by sector of the action plan: over the years, and all pollutants in one.

use super::metric_subject::{CO2_ALL, CO2_DIRECT, FigureSubject, GHG_ALL};
use super::verdicts::ScenarioOutcome;
use super::{Results, scale};
use crate::analysis::{Grouping, Status, Totals};
use crate::category::{SECTORS, sector_name};
use crate::error::Text;
use crate::plot::{ChartTitles, Eras, Hue, Layer, Mark, ShareRow, ShareTable, StackedTable, among};
use crate::projection::ScenarioRun;
use crate::say;
use crate::target::{Boundary, GHG};

/// A metric by sector: of history or of a scenario.
struct SectorSeries<'a> {
    totals: &'a Totals,
    completeness: &'a [Status],
    metric: &'a str,
    /// From t to the unit of the figure.
    factor: f64,
    boundary: Boundary,
}

impl Results<'_> {
    /// Sectors of the action plan over the years, purchased energy on top, sinks below zero.
    pub(super) fn by_sector(&self, metric: &str) -> Option<StackedTable> {
        let totals = &self.analysis.totals;
        let years = self.years();
        let known = |boundary| years.iter().all(|year| totals.is_known(*year, boundary, metric));
        let with_purchased = known(Boundary::DirectPurchased);
        // Of a total that is not known in some year there is no picture.
        if !with_purchased && !known(Boundary::Direct) {
            return None;
        }
        let boundary = if with_purchased { Boundary::DirectPurchased } else { Boundary::Direct };
        let largest = years.iter().filter_map(|&year| totals.whole_t(year, boundary, metric)).fold(0.0, f64::max);
        if largest <= 0.0 {
            return None;
        }
        let (factor, unit) = scale(largest, self.language);
        let layers = self.layers(
            &SectorSeries { totals, completeness: &self.analysis.completeness, metric, factor, boundary },
            years,
        );
        let subject = if metric == GHG { GHG_ALL } else { CO2_ALL };
        let subtitle = match with_purchased {
            true => say!(
                "按行动方案部门，直接排放与调入电力热力",
                "By sector of the action plan: direct, and purchased energy"
            ),
            false => say!(
                "按行动方案部门，直接排放；调入电力热力未估算，不在图中",
                "By sector of the action plan: direct; purchased energy is not estimated and not shown"
            ),
        };
        let frame = ChartTitles {
            title: self.finding(metric, factor, &unit),
            subtitle: self.get(&subtitle),
            axis: self.axis(subject, &unit),
            caption: self.caption(metric, boundary),
        };
        let (net, missing) = (self.pick("净合计", "Net total"), self.pick("未估算", "Not estimated"));
        Some(StackedTable { frame, years: years.to_vec(), layers, net, missing, ..StackedTable::default() })
    }

    /// Every sector that has something of a metric, then what is purchased.
    fn layers(&self, series: &SectorSeries<'_>, years: &[i32]) -> Vec<Layer> {
        let SectorSeries { totals, completeness, metric, factor, boundary } = *series;
        let mut layers = Vec::new();
        for (place, sector) in SECTORS.iter().enumerate() {
            // A sector that is not expected to yield any has none: only what is missing leaves a hole.
            let amount = |&year: &i32| {
                let sum = totals.find(year, Boundary::Direct, (Grouping::Sector, sector), metric);
                let name = if metric == GHG { totals.ghg.as_deref().unwrap_or(GHG) } else { metric };
                let known = totals.known.has(year, Boundary::Direct, (Grouping::Sector, sector), name);
                let none = || (known && !self.is_missing(completeness, year, (sector, metric))).then_some(0.0);
                sum.map(|sum| sum.value_t * factor).or_else(none)
            };
            let amounts: Vec<Option<f64>> = years.iter().map(amount).collect();
            if amounts.iter().flatten().any(|amount| *amount != 0.0) {
                let (zh, en) = sector_name(sector);
                layers.push(Layer { label: self.pick(zh, en), hue: Hue::of_sector(sector, place), amounts });
            }
        }
        let amounts: Vec<Option<f64>> =
            years.iter().map(|&year| Some(purchased_t(totals, year, metric)? * factor)).collect();
        if boundary == Boundary::DirectPurchased && amounts.iter().flatten().any(|amount| *amount != 0.0) {
            let label = self.pick("调入电力热力", "Purchased energy");
            layers.push(Layer { label, hue: Hue::of_sector("purchased", SECTORS.len()), amounts });
        }
        layers
    }

    /// The sectors of each scenario, history and projection, all on one scale.
    pub(super) fn sectors_ahead(&self) -> Vec<(String, StackedTable)> {
        let runs = self.projections.map_or(&[][..], |projections| &projections.runs);
        // One boundary for all: that with purchased energy where it is known.
        let known = |subject: &FigureSubject| {
            runs.iter().all(|run| self.outcome(run, *subject) != Some(ScenarioOutcome::Unknown))
        };
        let Some(subject) = [CO2_ALL, CO2_DIRECT].into_iter().find(known) else { return Vec::new() };
        let all = || runs.iter().flat_map(|run| self.series(run, subject).into_values());
        let (factor, unit) = scale(all().fold(0.0_f64, |largest, value| largest.max(value.abs())), self.language);
        let table = |run: &ScenarioRun<'_>| {
            let (totals, years) = (&run.outlook.totals, &run.inventory.years);
            let (completeness, boundary) = (&run.outlook.completeness, subject.boundary);
            let series = SectorSeries { totals, completeness, metric: subject.metric, factor, boundary };
            let layers = self.layers(&series, years);
            let title = self.largest_at_peak((run, subject), &layers, (factor, &unit));
            let frame = ChartTitles {
                title,
                subtitle: self.get(&self.scope_by(subject)),
                axis: self.axis(subject, &unit),
                caption: self.caption_ahead(subject.metric, subject.boundary),
            };
            let (net, missing) = (self.pick("净合计", "Net total"), self.pick("未估算", "Not estimated"));
            let (eras, peak) = (Some(self.eras(run)), self.peak_mark(run, subject, factor));
            let years = years.clone();
            (
                run.plan.code.clone(),
                StackedTable { frame, years, layers, net, missing, eras, peak, ..StackedTable::default() },
            )
        };
        on_one_scale(runs.iter().map(table).collect())
    }

    fn scope_by(&self, subject: FigureSubject) -> Text {
        let Text { zh, en } = subject.scope();
        say!("{zh}；按行动方案部门，各情景同一比例尺", "{en}; by sector of the action plan, all scenarios on one scale")
    }

    /// Who peaks when, and what is largest then (of a scenario that does not peak, in its last year).
    fn largest_at_peak(
        &self,
        (run, subject): (&ScenarioRun<'_>, FigureSubject),
        layers: &[Layer],
        (factor, unit): (f64, &str),
    ) -> String {
        let title = &run.plan.title;
        let judged = self.judged(run, subject);
        let outcome = judged.map(|judged| ScenarioOutcome::of(&judged.peak));
        let year = match (outcome, judged) {
            (Some(ScenarioOutcome::Peaked(_) | ScenarioOutcome::Peaks(_)), Some(judged)) => judged.peak.last,
            _ => run.plan.horizon,
        };
        let place = run.inventory.years.iter().position(|of| *of == year);
        let amount = |layer: &Layer| place.and_then(|place| *layer.amounts.get(place)?).unwrap_or(0.0);
        let all: f64 = layers.iter().map(|layer| amount(layer).max(0.0)).sum();
        let largest = layers.iter().max_by(|one, other| amount(one).total_cmp(&amount(other)));
        let Some(layer) = largest.filter(|layer| amount(layer) > 0.0) else { return title.clone() };
        let (label, share) = (&layer.label, amount(layer) / all * 100.0);
        let text = match (outcome, judged) {
            (Some(outcome @ (ScenarioOutcome::Peaked(_) | ScenarioOutcome::Peaks(_))), Some(judged)) => {
                let (value, Text { zh, en }) =
                    (among(judged.peak.value * factor, judged.peak.value * factor), outcome.words());
                say!(
                    "{title} CO2 {zh}，峰值 {value} {unit}，届时{label}占排放的 {share:.0}%",
                    "{title}: CO2 {en} at {value} {unit}; {label} is {share:.0}% of what is emitted then"
                )
            }
            (None, _) => say!(
                "{title} CO2 没有正的峰值（净汇），{year} 年{label}占排放的 {share:.0}%",
                "{title}: CO2 has no positive maximum (net sink); {label} is {share:.0}% of what is emitted in {year}"
            ),
            _ => say!(
                "{title} CO2 期内未达峰，{year} 年{label}占排放的 {share:.0}%",
                "{title}: CO2 does not peak; {label} is {share:.0}% of what is emitted in {year}"
            ),
        };
        self.get(&text).replace("  ", " ")
    }

    pub(super) fn eras(&self, run: &ScenarioRun<'_>) -> Eras {
        Eras {
            anchor: run.plan.anchor,
            history: self.pick("历史", "History"),
            projection: self.pick("推算", "Projection"),
        }
    }

    pub(super) fn peak_mark(&self, run: &ScenarioRun<'_>, subject: FigureSubject, factor: f64) -> Option<Mark> {
        let judged = self.judged(run, subject)?;
        if ScenarioOutcome::of(&judged.peak) == ScenarioOutcome::Rises {
            return None;
        }
        let (year, value) = (judged.peak.last, judged.peak.value * factor);
        let value = among(value, value);
        Some(Mark { year, label: self.get(&say!("{year} 年达峰 {value}", "peak {year}: {value}")) })
    }

    /// The chart's title says what it shows: the last year's total and its change.
    fn finding(&self, metric: &str, factor: f64, unit: &str) -> String {
        // Years with and without purchased energy do not compare: then only what is emitted here is spoken of.
        let whole = self.years().iter().all(|&year| purchased_t(&self.analysis.totals, year, metric).is_some());
        let boundary = if whole { Boundary::DirectPurchased } else { Boundary::Direct };
        let total = |year: i32| self.analysis.totals.whole_t(year, boundary, metric);
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
    fn is_missing(&self, completeness: &[Status], year: i32, (sector, pollutant): (&str, &str)) -> bool {
        let words = &self.inventory.study.words;
        let is_asked = |code: &str| match pollutant {
            GHG => words.pollutants.index(code).is_some_and(|index| words.pollutants.get(index).kind == "ghg"),
            pollutant => code == pollutant,
        };
        completeness.iter().any(|status| {
            let own = status.year == year
                && is_asked(&status.pollutant)
                && words.categories.get(status.category).sector == sector;
            own && status.status.split(',').any(|word| word == "NE" || word == "C")
        })
    }

    /// What each sector yields of a pollutant, t; zero where it has none of it, `None` where that is not estimated.
    fn parts_t(&self, year: i32, pollutant: &str) -> Vec<Option<f64>> {
        let totals = &self.analysis.totals;
        let part = |sector: &&str| {
            let sum = totals.find(year, Boundary::Direct, (Grouping::Sector, sector), pollutant).map(|sum| sum.value_t);
            sum.or_else(|| (!self.is_missing(&self.analysis.completeness, year, (sector, pollutant))).then_some(0.0))
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
        let frame = ChartTitles {
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

/// What purchased energy adds, t; `None` in a year in which it is bought and not estimated.
fn purchased_t(totals: &Totals, year: i32, metric: &str) -> Option<f64> {
    let all = totals.whole_t(year, Boundary::DirectPurchased, metric)?;
    Some(all - totals.whole_t(year, Boundary::Direct, metric).unwrap_or(0.0))
}

/// Gives the tables of a family the reach of the largest.
pub(super) fn on_one_scale(mut tables: Vec<(String, StackedTable)>) -> Vec<(String, StackedTable)> {
    let extents = tables.iter().map(|(_, table)| table.extent());
    let reach = extents.fold((0.0_f64, 0.0_f64), |(low, high), (least, most)| (low.min(least), high.max(most)));
    tables.iter_mut().for_each(|(_, table)| table.reach = Some(reach));
    tables
}
