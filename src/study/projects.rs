//! `projects.csv`: the rows of the register, each reckoned by its rule as far as its columns go.

use super::activities::{check_quality, inside};
use super::folder::File;
use super::project_rules;
use super::settings::Settings;
use super::vocabulary::{Vocabulary, tables};
use crate::error::{Diagnostic, Diagnostics, Text};
use crate::reduction_project::{
    INPUTS, MASS_UNIT, MISSING, Month, Project, ProjectColumn, ProjectEvaluation, ProjectValue, Register, Rules, Yield,
    tonnes,
};
use crate::say;
use crate::schema;
use crate::table::Row;
use crate::unit::{Dimension, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// Notation keys that a figure may be replaced by: not estimated, confidential.
const NOTATIONS: [&str; 2] = ["NE", "C"];

pub(super) fn read(
    files: &[File],
    words: &mut Vocabulary,
    settings: Option<&Settings>,
    faults: &mut Diagnostics,
) -> Register {
    let rules = project_rules::read(files, words, faults);
    let reader = Reader { words, rules: &rules, settings };
    let mut projects = Vec::new();
    let mut seen = BTreeMap::new();
    for table in tables(files, "projects", &schema::PROJECTS, faults) {
        for row in table.rows() {
            let Some(project) = reader.project(row, faults) else { continue };
            let key = (project.name.clone(), project.pollutant, project.source.clone());
            if let Some(first) = seen.insert(key, project.place.clone()) {
                let text = say!("该项目的这种污染物已在 {first} 登记", "the project's pollutant is already at {first}");
                let hint = say!("项目分几部分时用 source 列区分", "tell parts of a project apart by the column source");
                faults.push(row.fault("project", text).hint(hint));
            }
            projects.push(project);
        }
    }
    let base_year = settings.map_or(0, |settings| settings.register_base_year);
    Register { base_year, rules, projects }
}

/// What a rule for reduction projects is chosen by: indices of the kind of project and of the pollutant.
#[derive(Clone, Copy)]
struct RuleKey {
    kind: usize,
    pollutant: usize,
}

struct Reader<'a> {
    words: &'a Vocabulary,
    rules: &'a Rules,
    settings: Option<&'a Settings>,
}

impl Reader<'_> {
    fn project(&self, row: Row<'_>, faults: &mut Diagnostics) -> Option<Project> {
        let before = faults.0.len();
        let name = row.required("project", faults);
        for column in ["pollutant", "kind"] {
            row.required(column, faults);
        }
        let pollutant = Vocabulary::find(&self.words.pollutants, row, "pollutant", faults);
        let kind = Vocabulary::find(&self.words.kinds, row, "kind", faults);
        let area = self.area(row, faults);
        let start = self.start(row, faults);
        let given: Vec<ProjectValue> = INPUTS.iter().filter_map(|input| self.given(row, *input, faults)).collect();
        let offset_t = self.offset(row, faults);
        let quality = check_quality(row, row.text("quality"), faults);
        check_rising(row, &given, faults);
        if faults.0.len() > before {
            return None;
        }
        let sought = RuleKey { kind: kind?, pollutant: pollutant? };
        let yields = self.yields(row, sought, &given, start, faults)?;
        check_offset(row, &yields, offset_t, faults);
        let text = |column| row.text(column).to_string();
        Some(Project {
            name: name?.to_string(),
            source: text("source"),
            area,
            kind: kind?,
            pollutant: pollutant?,
            start,
            given,
            offset_t,
            yields,
            quality: quality.to_string(),
            reference: text("reference"),
            note: text("note"),
            place: row.place(""),
        })
    }

    /// The area of the project, the study's where none is named.
    fn area(&self, row: Row<'_>, faults: &mut Diagnostics) -> Option<usize> {
        let home = self.settings.map(|settings| settings.area);
        let text = row.text("area");
        if text.is_empty() {
            return home;
        }
        match inside(self.words, home, text, faults.0.len()) {
            Ok(area) => Some(area as usize),
            Err((text, hint)) => {
                faults.push(Diagnostic { hint, ..row.fault("area", text) });
                None
            }
        }
    }

    /// The month of the start, after the base year: what ran before is in the base year's emission already.
    fn start(&self, row: Row<'_>, faults: &mut Diagnostics) -> Option<Month> {
        let text = row.text("start");
        if text.is_empty() {
            return None;
        }
        let Some(start) = Month::parse(text) else {
            let fault = row.fault("start", say!("'{text}' 不是月份", "'{text}' is no month"));
            faults.push(fault.hint(say!("写成 2022-03 或 2022年3月", "write 2022-03")));
            return None;
        };
        if let Some(base) = self.settings.map(|settings| settings.register_base_year).filter(|base| start.year <= *base)
        {
            let text = say!(
                "{start} 不在基准年 {base} 之后：其效果已含在基准年排放中",
                "{start} is not after the base year {base}, whose emission has its effect already"
            );
            let hint = say!(
                "删去此行，或在 study.toml 中改 register_base_year",
                "leave the row out, or change register_base_year in study.toml"
            );
            faults.push(row.fault("start", text).hint(hint));
        }
        Some(start)
    }

    /// A filled column with its unit.
    fn given(&self, row: Row<'_>, input: ProjectColumn, faults: &mut Diagnostics) -> Option<ProjectValue> {
        let text = row.text(input.name);
        if text.is_empty() {
            return None;
        }
        let value = if NOTATIONS.contains(&text) { None } else { Some(number(row, input.name, faults)?) };
        if let Some(value) = value.filter(|value| input.unit.is_none() && *value > 1.0) {
            let fault = row.fault(input.name, say!("{value} 大于 1", "{value} is above 1"));
            faults.push(fault.hint(say!("80% 写作 0.8", "write 80 % as 0.8")));
        }
        let (unit, unit_text) = self.unit(row, input, value.is_some(), faults)?;
        Some(ProjectValue { name: input.name, value, text: text.to_string(), unit, unit_text })
    }

    fn unit(
        &self,
        row: Row<'_>,
        input: ProjectColumn,
        needed: bool,
        faults: &mut Diagnostics,
    ) -> Option<(Unit, String)> {
        let default = if input.unit == Some(MASS_UNIT) { "t" } else { "1" };
        let text = input.unit.map_or("", |column| row.text(column));
        let column = input.unit.unwrap_or(input.name);
        if text.is_empty() && needed && input.unit.is_some_and(|column| column != MASS_UNIT) {
            let name = input.name;
            let fault = row.fault(column, say!("'{name}' 须有单位", "'{name}' needs its unit"));
            faults.push(fault.hint(say!("无量纲时写 1 或 %", "a pure number has the unit 1 or %")));
            return None;
        }
        let text = if text.is_empty() { default } else { text };
        let unit = self.words.units.parse(text).map_err(|cause| faults.push(row.fault(column, cause))).ok()?;
        if default == "t" && unit.in_expression() != Dimension::MASS {
            let Text { zh, en } = unit.in_expression().words();
            faults.push(row.fault(column, say!("'{text}' 是{zh}，应为质量", "'{text}' is {en} and should be a mass")));
            return None;
        }
        Some((unit, text.to_string()))
    }

    fn offset(&self, row: Row<'_>, faults: &mut Diagnostics) -> f64 {
        let input = ProjectColumn { name: "offset", unit: Some(MASS_UNIT) };
        let text = row.text(input.name);
        let value = (!text.is_empty()).then(|| number(row, input.name, faults)).flatten();
        let unit = value.and_then(|_| self.unit(row, input, true, faults));
        value.zip(unit).map_or(0.0, |(value, (unit, _))| value * unit.factor)
    }

    /// The tonnes of a project whose columns are all there, else what is missing; a column that no rule takes is a fault.
    fn yields(
        &self,
        row: Row<'_>,
        sought: RuleKey,
        given: &[ProjectValue],
        start: Option<Month>,
        faults: &mut Diagnostics,
    ) -> Option<Yield> {
        let RuleKey { kind, pollutant } = sought;
        let names: BTreeSet<String> = given.iter().map(|given| given.name.to_string()).collect();
        let unknown = NOTATIONS.into_iter().find(|key| given.iter().any(|given| row.text(given.name) == *key));
        let mut missing = match self.rules.choose(kind, pollutant, &names) {
            ProjectEvaluation::Way(way) => match (unknown, start) {
                (None, Some(_)) => return self.tonnes(row, way, given, faults),
                _ => Vec::new(),
            },
            ProjectEvaluation::Lacks(missing) => missing,
            ProjectEvaluation::Extra(columns) => {
                columns.iter().for_each(|column| faults.push(self.extra(row, column, sought)));
                return None;
            }
            ProjectEvaluation::NoRule => {
                let (kind, pollutant) = (self.words.kinds.code(kind), self.words.pollutants.code(pollutant));
                let text = say!("'{kind}' 没有 {pollutant} 的规则", "'{kind}' has no rule for {pollutant}");
                faults.push(row.fault("kind", text));
                return None;
            }
        };
        missing.extend(start.is_none().then(|| "start".to_string()));
        Some(Yield::Gap { reason: unknown.unwrap_or(MISSING), missing })
    }

    fn tonnes(&self, row: Row<'_>, way: usize, given: &[ProjectValue], faults: &mut Diagnostics) -> Option<Yield> {
        match tonnes(&self.rules.ways[way], given) {
            Ok(tonnes) if tonnes.is_finite() => Some(Yield::Tonnes { way, tonnes }),
            Ok(_) => {
                faults.push(row.fault("kind", say!("结果不是有限数", "the result is no finite number")));
                None
            }
            Err(text) => {
                let code = &self.rules.rules[self.rules.ways[way].rule].code;
                let units = given.iter().filter(|given| given.unit_text != "1");
                let units: Vec<String> = units.map(|given| format!("{} ({})", given.name, given.unit_text)).collect();
                let units = units.join(", ");
                let hint = say!("规则 {code} 用了：{units}", "the rule {code} has {units}");
                faults.push(row.fault("activity_unit", text).hint(hint));
                None
            }
        }
    }

    fn extra(&self, row: Row<'_>, column: &str, sought: RuleKey) -> Diagnostic {
        let RuleKey { kind, pollutant } = sought;
        let forms = self
            .rules
            .ways_of(kind, pollutant)
            .into_iter()
            .map(|way| self.rules.ways[way].inputs.iter().map(String::as_str).collect::<Vec<_>>().join(" + "));
        let forms: Vec<String> = forms.collect();
        let (kind, forms) = (self.words.kinds.code(kind), forms.join("; "));
        let text = say!(
            "'{kind}' 的规则不能把 {column} 与其他所填各列一起用",
            "no rule of '{kind}' takes {column} together with the other filled columns"
        );
        row.fault(column, text).hint(say!("可填：{forms}", "it takes {forms}"))
    }
}

/// A number that is not below zero.
fn number(row: Row<'_>, column: &str, faults: &mut Diagnostics) -> Option<f64> {
    let value = row.number(column, faults)?;
    if value < 0.0 {
        faults.push(row.fault(column, say!("不能为负", "must not be negative")));
        return None;
    }
    Some(value)
}

/// A project lowers an emission: its factor falls and its removal rises.
fn check_rising(row: Row<'_>, given: &[ProjectValue], faults: &mut Diagnostics) {
    let value = |name: &str| given.iter().find(|given| given.name == name).and_then(|given| given.value);
    for (lower, upper, column) in
        [("factor_after", "factor_before", "factor_after"), ("removal_before", "removal_after", "removal_after")]
    {
        if value(lower).zip(value(upper)).is_some_and(|(lower, upper)| lower > upper) {
            let text = say!("改造后比改造前更差：这不是减排", "it is worse after than before: this reduces nothing");
            faults.push(row.fault(column, text));
        }
    }
}

/// No more can be used of a project than it yields; what it yields has to be known before any of it is used.
fn check_offset(row: Row<'_>, yields: &Yield, offset_t: f64, faults: &mut Diagnostics) {
    // The noise of the arithmetic, as where a target is met.
    const NOISE: f64 = 1e-9;
    match yields {
        Yield::Tonnes { tonnes, .. } if offset_t > tonnes * (1.0 + NOISE) => {
            let tonnes = format!("{tonnes:.3}");
            let text = say!(
                "区域削减 {offset_t} t 多于项目减排量 {tonnes} t",
                "the offset of {offset_t} t is more than the {tonnes} t of the project"
            );
            faults.push(row.fault("offset", text));
        }
        Yield::Gap { .. } if offset_t > 0.0 => {
            let text =
                say!("减排量未知，不能扣区域削减", "nothing can be offset by a project whose tonnes are not known");
            faults.push(row.fault("offset", text));
        }
        _ => {}
    }
}
