//! Amounts before any measure: drivers, levels, growth.

use super::added_rows::{self, selected, selects_nothing, with_key};
use super::{Driver, GrowthPath, MeasureUse, Origin, Plan, ScenarioContext};
use crate::economy::Prices;
use crate::error::{Diagnostic, Diagnostics, Place, Text};
use crate::path::{Start, YearPath};
use crate::say;
use crate::scenario::{Measure, Scenario, Select, SelectorSpecificity};
use crate::unit::Dimension;
use std::collections::BTreeMap;

/// What a scenario makes of every row before any measure, and the drivers and levels of its plan.
pub(super) fn begin(
    ground: ScenarioContext<'_>,
    (index, scenario): (usize, &Scenario),
    plan: &mut Plan,
    faults: &mut Diagnostics,
) -> InitialAmounts {
    let mut work = PlanBuilder { ground, index, scenario, plan, faults };
    work.drivers();
    work.levels();
    let origins = work.growth(&added_rows::carried(ground.inventory.study));
    work.shares(origins)
}

/// Measures on what has begun: what they add, scale and shift.
pub(super) fn act(
    ground: ScenarioContext<'_>,
    scenario: &Scenario,
    begun: InitialAmounts,
    (plan, faults): (&mut Plan, &mut Diagnostics),
) {
    let mut work = PlanBuilder { ground, index: 0, scenario, plan, faults };
    let amounts = work.additions(begun);
    work.measures(amounts);
}

/// What is resolved of a scenario's amounts, and the plan that it goes into.
pub(super) struct PlanBuilder<'a, 'p> {
    pub ground: ScenarioContext<'a>,
    /// The scenario's place in the file.
    pub index: usize,
    pub scenario: &'a Scenario,
    pub plan: &'p mut Plan,
    pub faults: &'p mut Diagnostics,
}

/// A row's amount before measures: its origin, and the anchor amount (or 1) that multiplies it.
pub(super) type InitialAmounts = BTreeMap<u32, (Origin, f64)>;

/// Where something is written: `scenarios.toml:7`.
pub(super) fn from(place: &Place) -> String {
    format!("{}:{}", place.file, place.line.unwrap_or(0))
}

/// Of the entries that hold for a row the most specific one.
///
/// # Errors
/// The two entries that nothing tells apart.
pub(super) fn choose<'e, T>(
    entries: impl Iterator<Item = (&'e Select, T)>,
    specificity: impl Fn(&Select) -> Option<SelectorSpecificity>,
) -> Result<Option<T>, (T, T)>
where
    T: Copy,
{
    let mut best: Option<(SelectorSpecificity, T)> = None;
    let mut tie = None;
    for (select, entry) in entries {
        let Some(rank) = specificity(select) else { continue };
        match best {
            Some((top, first)) if top == rank => tie = Some((first, entry)),
            Some((top, _)) if top > rank => {}
            _ => (best, tie) = (Some((rank, entry)), None),
        }
    }
    match tie {
        Some(pair) => Err(pair),
        None => Ok(best.map(|(_, entry)| entry)),
    }
}

/// Two entries of one specificity hold for a row.
pub(super) fn tie(first: &Place, second: &Place, row: &str) -> Diagnostic {
    let other = from(first);
    let text = say!("此项与 {other} 对 {row} 同样具体", "this entry and {other} are equally specific for {row}");
    Diagnostic::new(second.clone(), text)
        .hint(say!("把其中一项的 select 写得更具体", "make the select of one of them more specific"))
}

/// A fault of a path, with its place.
pub(super) fn path_fault(place: &Place, text: Text) -> Diagnostic {
    Diagnostic::new(place.clone(), text)
}

fn not_positive(name: &str, year: i32, own: f64) -> Text {
    say!(
        "'{name}' {year} 年（锚定年）的值为 {own}，须为正数才能作驱动因素",
        "'{name}' is {own} in {year}, the anchor year; what activities follow has to be positive"
    )
}

/// What a path says of years that are history; LEAP's `Growth()` speaks of all years and means the later ones.
pub(super) fn unused(path: &YearPath, anchor: i32, place: &Place) -> Option<Text> {
    let years = path.unused_years(anchor);
    let (first, last) = (years.first()?, years.last()?);
    (years.len() < 100).then(|| {
        say!(
            "{place}：{first}–{last} 年不晚于锚定年，不使用",
            "{place}: {first}–{last} are not after the anchor year and are not used"
        )
    })
}

impl PlanBuilder<'_, '_> {
    fn drivers(&mut self) {
        let economy = &self.ground.inventory.study.economy;
        for (name, course) in &self.scenario.drivers {
            let series = match economy.series(name) {
                Some(Ok(series)) => series,
                Some(Err(_)) | None => {
                    let text = say!(
                        "economy.csv 中 '{name}' 没有可用的（不变价）序列",
                        "economy.csv has no series of '{name}' that can be carried on (money needs constant prices)"
                    );
                    self.faults.push(path_fault(&course.place, text));
                    continue;
                }
            };
            let year = self.plan.anchor;
            let Some(&own) = series.values.get(&year) else {
                let text = say!(
                    "economy.csv 中 '{name}' 缺少 {year} 年（锚定年）的值",
                    "economy.csv has no '{name}' of {year}, the anchor year"
                );
                self.faults.push(path_fault(&course.place, text));
                continue;
            };
            if own <= 0.0 {
                self.faults.push(path_fault(&course.place, not_positive(name, year, own)));
                continue;
            }
            let price_base = match series.prices {
                Prices::Constant(year) => i16::try_from(year).ok(),
                _ => None,
            };
            let dimension = Dimension { price_base, ..series.dimension };
            let Some(path) = self.faults.record(course.path(dimension, year)) else { continue };
            self.note_unused(&path, &course.place);
            match path.values(Start { year, value: Some(own) }, self.plan.horizon) {
                Ok(values) => {
                    self.plan.drivers.push(Driver { name: name.clone(), values, from: from(&course.place) });
                }
                Err(text) => self.faults.push(path_fault(&course.place, text)),
            }
        }
    }

    pub(super) fn note_unused(&mut self, path: &YearPath, place: &Place) {
        let notice = unused(path, self.plan.anchor, place).filter(|new| !self.plan.notices.contains(new));
        self.plan.notices.extend(notice);
    }

    fn levels(&mut self) {
        for used in &self.scenario.uses {
            let measure = &self.ground.plans.measures[used.measure];
            let levels = measure.levels(used.level, used.start, self.plan.anchor, self.plan.horizon);
            let Some(values) = self.faults.record(levels) else { continue };
            if let Some(notice) = started_before(measure, used.start, (self.plan, &values)) {
                self.plan.notices.push(notice);
            }
            self.plan.levels.push(MeasureUse { measure: used.measure, values });
        }
    }

    /// The growth of every row; a row that nothing selects stays constant, and the plan says so.
    fn growth(&mut self, rows: &[u32]) -> InitialAmounts {
        let study = self.ground.inventory.study;
        let constant = vec![1.0; self.plan.length()];
        self.plan.growths.push(GrowthPath { driver: None, elasticity: 1.0, intensity: constant, from: String::new() });
        let mut known: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        let mut begun = InitialAmounts::new();
        let mut left = 0;
        for (at, entry) in self.scenario.growth.iter().enumerate() {
            if selected(study, &entry.select, rows).is_empty() {
                self.faults.push(selects_nothing(study, &entry.select));
                known.insert(at, None);
            }
        }
        for &row in rows {
            let base = study.activity.amount[row as usize];
            let entries = self.scenario.growth.iter().enumerate().map(|(at, entry)| (&entry.select, at));
            let chosen = with_key(study, row, |key| choose(entries, |select| select.specificity(key)));
            let origin = match chosen {
                Ok(None) => {
                    left += 1;
                    (Origin::Growth(0), base)
                }
                Ok(Some(at)) => self.begin(at, row, &mut known),
                Err((a, b)) => {
                    let places = (&self.scenario.growth[a].place, &self.scenario.growth[b].place);
                    self.faults.push(tie(places.0, places.1, &study.activity.reference_of(row as usize)));
                    // So that what selects the row later is not a fault too.
                    (Origin::Growth(0), base)
                }
            };
            begun.insert(row, origin);
        }
        if left > 0 {
            let code = &self.scenario.code;
            self.plan.notices.push(say!(
                "情景 {code}：{left} 行活动数据没有增长设定，保持不变（见 plan.csv）",
                "scenario {code}: no growth selects {left} activity rows; they stay constant (see plan.csv)"
            ));
        }
        begun
    }

    /// A row's start by an entry of growth; an absolute path is the row's own, all else is shared.
    fn begin(&mut self, at: usize, row: u32, known: &mut BTreeMap<usize, Option<usize>>) -> (Origin, f64) {
        let study = self.ground.inventory.study;
        let base = study.activity.amount[row as usize];
        let entry = &self.scenario.growth[at];
        if let Some(course) = &entry.value {
            let (text, unit) = study.activity.unit_of(row as usize);
            let path = course.in_unit(text, *unit).path(unit.in_expression(), self.plan.anchor);
            let values = self.faults.record(path).and_then(|path| {
                self.note_unused(&path, &course.place);
                let values = path.values(Start { year: self.plan.anchor, value: Some(base) }, self.plan.horizon);
                values.map_err(|text| self.faults.push(path_fault(&course.place, text))).ok()
            });
            self.plan.values.push((values.unwrap_or_default(), from(&entry.place)));
            return (Origin::Value(self.plan.values.len() - 1), 1.0);
        }
        let growth = match known.get(&at) {
            Some(growth) => *growth,
            None => {
                let growth = self.shared(at);
                known.insert(at, growth);
                growth
            }
        };
        (Origin::Growth(growth.unwrap_or(0)), base)
    }

    fn shared(&mut self, at: usize) -> Option<usize> {
        let entry = &self.scenario.growth[at];
        let driver = match &entry.driver {
            None => None,
            Some((name, place)) => {
                let found = self.plan.drivers.iter().position(|driver| driver.name == *name);
                if found.is_none() && self.scenario.drivers.iter().all(|(known, _)| known != name) {
                    let text = say!("没有驱动因素 '{name}' 的路径", "the driver '{name}' is given no path");
                    let hint = say!(
                        "在 [情景.driver] 下写 {name} = {{ rate = … }}",
                        "write {name} = {{ rate = … }} under [scenario.driver]"
                    );
                    self.faults.push(path_fault(place, text).hint(hint));
                }
                Some(found?)
            }
        };
        let intensity = match &entry.intensity {
            None => vec![1.0; self.plan.length()],
            Some(course) => {
                let path = self.faults.record(course.path(Dimension::PURE, self.plan.anchor))?;
                self.note_unused(&path, &course.place);
                let start = Start { year: self.plan.anchor, value: Some(1.0) };
                let values = path.values(start, self.plan.horizon);
                values.map_err(|text| self.faults.push(path_fault(&course.place, text))).ok()?
            }
        };
        let (elasticity, from) = (entry.elasticity, from(&entry.place));
        self.plan.growths.push(GrowthPath { driver, elasticity, intensity, from });
        Some(self.plan.growths.len() - 1)
    }
}

/// A measure that is at work before the anchor has its level in the first projected year at once.
fn started_before(measure: &Measure, start: Option<i32>, (plan, values): (&Plan, &[f64])) -> Option<Text> {
    let first = start.or_else(|| measure.first_year()).filter(|first| *first < plan.anchor)?;
    let level = values.get(1).copied().filter(|level| *level > 0.0)?;
    let (code, scenario, anchor, next) = (&measure.code, &plan.code, plan.anchor, plan.anchor + 1);
    Some(say!(
        "情景 {scenario}：措施 {code} 自 {first} 年起，早于锚定年 {anchor}；此前的作用已在清单之内，力度自 {next} 年起直接为 {level}",
        "scenario {scenario}: the measure {code} begins in {first}, before {anchor}, the inventory's last year; what it did until then is in the inventory, and from {next} on its level is {level} at once"
    ))
}

/// A row whose energy is not known.
pub(super) fn no_energy(study: &crate::study::Study, row: u32, place: &Place) -> Diagnostic {
    let item = study.words.items.code(study.activity.item[row as usize] as usize);
    let text = say!("'{item}' 没有热值，不能按能量折算", "'{item}' has no calorific value to move energy by");
    path_fault(place, text).hint(say!(
        "写 by = \"amount\"，或补上 net_calorific_value",
        "write by = \"amount\", or give a net_calorific_value"
    ))
}
