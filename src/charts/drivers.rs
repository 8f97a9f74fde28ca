//! What moved CO2: the factors of the identity by plan period, and from base to scenario in one year.

use super::measures::brief;
use super::{FigureTables, Results, of_runs, scale, wanted};
use crate::decomposition::{DecompositionKind, DecompositionRow, OTHER, TOTAL};
use crate::economy;
use crate::plot::{ChartTitles, EffectBar, EffectColumn, EffectsTable, Hue, alone};
use crate::say;
use crate::target::{Boundary, GHG};

/// The colours of the factors, in their order: apart for colour-blind readers, and apart in grey.
const HUES: [usize; 7] = [5, 1, 0, 4, 6, 2, 3];

/// A column and the rows of its factors.
type FactorColumn<'a> = (EffectColumn, Vec<&'a DecompositionRow>);

impl Results<'_> {
    /// History with each scenario's plan periods, or history alone; and all scenarios against their base.
    pub(super) fn drivers(&self) -> FigureTables {
        let Some(rows) = self.whole_rows() else { return Vec::new() };
        let runs = self.projections.map_or(&[][..], |projections| &projections.runs);
        let history = self.periods(&rows, DecompositionKind::History, "");
        if runs.is_empty() {
            return wanted("drivers", self.effects((&history, ""), None));
        }
        let mut figures = of_runs(
            "drivers",
            self.each_run(|run| {
                let mut columns = self.periods(&rows, DecompositionKind::History, "");
                columns.extend(self.periods(&rows, DecompositionKind::Projection, &run.plan.code));
                self.effects((&columns, &run.plan.title), Some(self.focus(&run.plan)))
            }),
        );
        figures.extend(wanted("drivers_scenarios", self.against_base(&rows)));
        figures
    }

    /// The rows of the whole, of the first identity that is not split, with purchased energy where that is known.
    fn whole_rows(&self) -> Option<Vec<&DecompositionRow>> {
        let identity = self.inventory.study.identities.iter().find(|identity| identity.by.is_none())?;
        let of = |boundary: Boundary| -> Vec<&DecompositionRow> {
            let own = |row: &&DecompositionRow| {
                row.identity == identity.text && row.boundary == boundary && row.group == TOTAL
            };
            self.changes.rows.iter().filter(own).collect()
        };
        let rows = of(Boundary::DirectPurchased);
        let rows = if rows.is_empty() { of(Boundary::Direct) } else { rows };
        (!rows.is_empty()).then_some(rows)
    }

    fn periods<'r>(
        &self,
        rows: &[&'r DecompositionRow],
        kind: DecompositionKind,
        scenario: &str,
    ) -> Vec<FactorColumn<'r>> {
        let own = |row: &&&DecompositionRow| {
            row.kind == kind && (kind == DecompositionKind::History || row.scenario == scenario)
        };
        let mut columns: Vec<FactorColumn<'r>> = Vec::new();
        for row in rows.iter().filter(own) {
            let (first, last) = (row.from + 1, row.to);
            let label = if first == last { last.to_string() } else { format!("{first}–{last}") };
            let note = match kind {
                DecompositionKind::History => self.pick("历史", "history"),
                _ => self.pick("推算", "projected"),
            };
            match columns.last_mut().filter(|(column, _)| column.label == label) {
                Some((_, rows)) => rows.push(row),
                None => columns.push((EffectColumn { label, note }, vec![row])),
            }
        }
        columns
    }

    /// Every scenario against its base, each in its year of focus.
    fn against_base(&self, rows: &[&DecompositionRow]) -> Option<EffectsTable> {
        let mut columns: Vec<FactorColumn<'_>> = Vec::new();
        for run in &self.projections?.runs {
            let year = self.focus(&run.plan);
            let own = |row: &&&DecompositionRow| {
                row.kind == DecompositionKind::Scenario && row.scenario == run.plan.code && row.to == year
            };
            let found: Vec<&DecompositionRow> = rows.iter().filter(own).copied().collect();
            if found.iter().any(|row| row.additive != 0.0) {
                columns.push((EffectColumn { label: run.plan.title.clone(), note: year.to_string() }, found));
            }
        }
        let mut table = self.table(&columns)?;
        let (factor, unit) = self.unit(&columns);
        let least =
            |(_, rows): &&FactorColumn<'_>| rows.iter().find(|row| row.factor == TOTAL).map_or(0.0, |row| row.additive);
        let best = columns.iter().min_by(|a, b| least(a).total_cmp(&least(b)))?;
        let (title, area) = (brief(&best.0.label), self.area());
        let finding = self.finding_of(&best.1, (factor, &unit));
        table.frame.title =
            self.get(&say!("{area}{title}与基准相比：{finding}", "{area}, {title} against its base: {finding}"));
        table.frame.subtitle = self.pick(
            "各情景与其基准情景同年相比，按 LMDI-I 分解",
            "Each scenario against its base in the same year, by LMDI-I",
        );
        Some(table)
    }

    fn effects(&self, (columns, scenario): (&[FactorColumn<'_>], &str), focus: Option<i32>) -> Option<EffectsTable> {
        let mut table = self.table(columns)?;
        let (factor, unit) = self.unit(columns);
        let holds = |(_, rows): &&FactorColumn<'_>| {
            focus.is_some_and(|year| rows.first().is_some_and(|row| row.from < year && year <= row.to))
        };
        let told = columns.iter().find(holds).or(columns.last())?;
        let (area, period, finding) = (self.area(), &told.0.label, self.finding_of(&told.1, (factor, &unit)));
        table.frame.title =
            self.get(&say!("{area}{scenario} {period} 年：{finding}", "{area}, {scenario}, {period}: {finding}"));
        Some(table)
    }

    fn unit(&self, columns: &[FactorColumn<'_>]) -> (f64, String) {
        let rows = columns.iter().flat_map(|(_, rows)| rows);
        scale(rows.map(|row| row.additive.abs()).fold(0.0, f64::max), self.language)
    }

    /// Which way the whole went, and what drove and held it most.
    fn finding_of(&self, rows: &[&DecompositionRow], (factor, unit): (f64, &str)) -> String {
        let total = rows.iter().find(|row| row.factor == TOTAL).map_or(0.0, |row| row.additive);
        let effects = || rows.iter().filter(|row| row.factor != TOTAL);
        let up = effects().max_by(|a, b| a.additive.total_cmp(&b.additive)).filter(|row| row.additive > 0.0);
        let down = effects().min_by(|a, b| a.additive.total_cmp(&b.additive)).filter(|row| row.additive < 0.0);
        let left = self.metric();
        let amount = alone((total * factor).abs());
        let mut text = match total < 0.0 {
            true => self.get(&say!("{left} 减少 {amount} {unit}", "{left} falls by {amount} {unit}")),
            false => self.get(&say!("{left} 增加 {amount} {unit}", "{left} rises by {amount} {unit}")),
        };
        if let Some(row) = up {
            let (name, amount) = (self.factor_name(&row.factor), alone(row.additive * factor));
            let name = spaced(name);
            text += &self.get(&say!("，{name}推高 {amount}", "; {name}adds {amount}"));
        }
        if let Some(row) = down {
            let (name, amount) = (self.factor_name(&row.factor), alone(-row.additive * factor));
            let name = spaced(name);
            text += &self.get(&say!("，{name}压低 {amount}", "; {name}takes off {amount}"));
        }
        text
    }

    /// The left side of the identity, as a chart calls it.
    fn metric(&self) -> String {
        let identity = self.inventory.study.identities.iter().find(|identity| identity.by.is_none());
        let name = identity.map_or(String::new(), |identity| identity.left.name());
        if name == GHG { self.pick("温室气体", "greenhouse gases") } else { name }
    }

    fn factor_name(&self, factor: &str) -> String {
        match factor {
            "gdp/population" => self.pick("人均 GDP", "GDP per head"),
            "energy/gdp" => self.pick("单位 GDP 能耗", "energy per GDP"),
            "CO2/energy" | "energy CO2/energy" => self.pick("单位能耗 CO2", "CO2 per energy"),
            OTHER => self.pick("其他", "other"),
            own => self.get(&economy::spoken(own)),
        }
    }

    /// A factor keeps its colour in all figures of the study: that of its place in the identity.
    fn factor_hue(&self, factor: &str) -> Hue {
        let identity = self.inventory.study.identities.iter().find(|identity| identity.by.is_none());
        let place = identity.and_then(|identity| identity.factors.iter().position(|own| own.name == factor));
        Hue::Nth(HUES[place.unwrap_or(HUES.len() - 1) % HUES.len()])
    }

    fn table(&self, columns: &[FactorColumn<'_>]) -> Option<EffectsTable> {
        let mut factors: Vec<&str> = Vec::new();
        let moving = |row: &&&DecompositionRow| row.factor != TOTAL && row.additive != 0.0;
        for row in columns.iter().flat_map(|(_, rows)| rows).filter(moving) {
            if !factors.contains(&row.factor.as_str()) {
                factors.push(&row.factor);
            }
        }
        let (scale, unit) = self.unit(columns);
        let amount = |factor: &str, rows: &[&DecompositionRow]| {
            rows.iter().find(|row| row.factor == factor).map_or(0.0, |row| row.additive * scale)
        };
        let effect = |factor: &&str| EffectBar {
            label: self.factor_name(factor),
            hue: self.factor_hue(factor),
            amounts: columns.iter().map(|(_, rows)| amount(factor, rows)).collect(),
        };
        let effects: Vec<EffectBar> = factors.iter().map(effect).collect();
        let boundary = columns.first()?.1.first()?.boundary;
        let (metric, gwp) = (self.metric(), self.analysis.totals.ghg.as_deref().unwrap_or_default());
        let is_ghg = columns.first()?.1.first()?.unit == "t CO2e";
        let unit = if is_ghg { self.get(&say!("{unit} CO2e，{gwp}", "{unit} CO2e, {gwp}")) } else { unit };
        let scope = match boundary {
            Boundary::DirectPurchased => say!("含调入电力热力", "with purchased electricity and heat"),
            _ => say!("直接排放", "direct"),
        };
        let scope = self.get(&scope);
        Some(EffectsTable {
            frame: ChartTitles {
                title: String::new(),
                subtitle: self.pick(
                    "按五年规划期的 LMDI-I 分解：向上为增排因素，向下为减排因素，菱形为净变化",
                    "LMDI-I by plan period: what raises emissions points up, what lowers them down; the diamond is the net change",
                ),
                axis: self.get(&say!("{metric} 变化量（{unit}，{scope}）", "Change of {metric} ({unit}, {scope})")),
                caption: self.caption("CO2", boundary),
            },
            columns: columns.iter().map(|(column, _)| column.clone()).collect(),
            effects,
            net: self.pick("净变化", "Net change"),
        })
    }
}

/// A blank behind a name that ends in Latin letters, before what follows it.
fn spaced(name: String) -> String {
    if name.ends_with(|c: char| c.is_ascii()) { format!("{name} ") } else { name }
}
