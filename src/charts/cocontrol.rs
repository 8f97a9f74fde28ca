//! Co-control (减污降碳): each measure by what it cuts of CO2 and of a medium's pollutant equivalents.

use super::measures::brief;
use super::{Results, scale};
use crate::cocontrol::{self, CocontrolRow, CocontrolSubject, Quadrant};
use crate::error::Language;
use crate::plot::{ChartTitles, QuadrantPoint, QuadrantTable};
use crate::pollutant::CO2;
use crate::projection::ScenarioRun;
use crate::say;
use crate::target::Boundary;

impl Results<'_> {
    /// The measures of a scenario in its year of focus; none where nothing of the medium moves.
    pub(super) fn cocontrol(&self, run: &ScenarioRun<'_>, medium: &'static str) -> Option<QuadrantTable> {
        let projections = self.projections?;
        let year = self.focus(&run.plan);
        let rows = cocontrol::rows(
            self.inventory,
            (&run.plan, &projections.metrics),
            (&run.contributions, &run.outlook.totals),
        );
        let own = |row: &CocontrolRow| {
            let of_medium =
                row.subject == CocontrolSubject::Medium(medium) && row.boundary == Boundary::DirectPurchased;
            of_medium && row.year == year && (row.co2_cut_t != 0.0 || row.equivalents.unwrap_or(0.0) != 0.0)
        };
        let rows: Vec<CocontrolRow> = rows.into_iter().filter(own).collect();
        if rows.iter().all(|row| row.equivalents.unwrap_or(0.0) == 0.0) {
            return None;
        }
        let (factor, unit) = scale(rows.iter().map(|row| row.co2_cut_t.abs()).fold(0.0, f64::max), self.language);
        let largest = rows.iter().filter_map(|row| row.equivalents).map(f64::abs).fold(0.0, f64::max);
        let (per, multiple) = equivalents(largest, self.language);
        let point = |row: &CocontrolRow| QuadrantPoint {
            label: self.measure_title(run, row.level),
            x: row.co2_cut_t * factor,
            y: row.equivalents.unwrap_or(0.0) * per,
        };
        let is_air = medium == crate::pollutant::MEDIA[0];
        let medium_name = if is_air { self.pick("大气", "air") } else { self.pick("水", "water") };
        let frame = ChartTitles {
            title: self.cocontrol_finding(run, &rows, &medium_name),
            subtitle: self.pick(
                "每点一项措施，按 Shapley 值分摊；右上为减污降碳协同",
                "A dot is a measure, by Shapley value; those at the upper right cut both",
            ),
            axis: self.get(&say!(
                "{year} 年{medium_name}污染物减排（{multiple}污染当量）",
                "Cut of {medium_name} pollutants in {year} ({multiple}pollutant equivalents)"
            )),
            caption: self.caption_ahead(CO2, Boundary::DirectPurchased) + &self.without_equivalent(medium),
        };
        let across = self.get(&say!(
            "{year} 年 CO2 减排（{unit}，含调入电力热力）",
            "Cut of CO2 in {year} ({unit}, with purchased electricity and heat)"
        ));
        Some(self.quadrants((frame, across), rows.iter().map(point).collect()))
    }

    fn quadrants(&self, (frame, across): (ChartTitles, String), points: Vec<QuadrantPoint>) -> QuadrantTable {
        QuadrantTable {
            frame,
            across,
            quadrants: [
                self.pick("减污降碳协同", "Cuts both"),
                self.pick("降碳增污", "Cuts CO2 only"),
                self.pick("减污增碳", "Cuts pollutants only"),
                self.pick("碳污同增", "Raises both"),
            ],
            points,
            unlabelled: self.pick("图中未标注名称的措施", "Dots without a name"),
        }
    }

    fn cocontrol_finding(&self, run: &ScenarioRun<'_>, rows: &[CocontrolRow], medium: &str) -> String {
        let (area, title, year) = (self.area(), &run.plan.title, self.focus(&run.plan));
        let (all, both) = (rows.len(), rows.iter().filter(|row| row.quadrant == Quadrant::CoControl).count());
        let cut = |row: &&CocontrolRow| row.equivalents.unwrap_or(0.0);
        let best = rows.iter().max_by(|a, b| cut(a).total_cmp(&cut(b))).filter(|row| cut(row) > 0.0);
        let whole = say!(
            "{area}{title} {year} 年 {all} 项措施中 {both} 项既降碳又减{medium}污染",
            "{area}, {title}: {both} of {all} measures cut both CO2 and {medium} pollutants in {year}"
        );
        let best = best.map(|row| brief(&self.measure_title(run, row.level)));
        let finding = best.map(|best| say!("，“{best}”减污最多", "; {best} cuts most pollutants"));
        format!("{}{}", self.get(&whole), finding.map_or(String::new(), |text| self.get(&text)))
    }

    /// The study's pollutants of the medium that no equivalent is known of.
    fn without_equivalent(&self, medium: &str) -> String {
        let study = self.inventory.study;
        let of_medium = |&&index: &&usize| {
            study.words.pollutants.get(index).kind == medium && !study.equivalents.contains_key(&index)
        };
        let lacking = study.settings.pollutants.iter().filter(of_medium);
        let names: Vec<&str> = lacking.map(|&index| study.words.pollutants.code(index)).collect();
        if names.is_empty() {
            return String::new();
        }
        let names = names.join(&self.pick("、", ", "));
        self.get(&say!(
            "{names} 没有污染当量值，不计入纵轴。",
            " {names} have no equivalent and are not in the upright axis."
        ))
    }
}

/// The factor of pollutant equivalents, and its name before them.
fn equivalents(largest: f64, language: Language) -> (f64, String) {
    match (largest, language) {
        (1e4.., Language::Zh) => (1e-4, say!("万", "ten thousand ").zh),
        (1e3.., Language::En) => (1e-3, say!("千", "thousand ").en),
        _ => (1.0, String::new()),
    }
}
