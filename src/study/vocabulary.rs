//! The words of a study: areas, categories, items, units, pollutants, warming potentials and sources, the library's and its own.

use super::crosswalks;
use super::folder::File;
use super::{overlaps, parameters, technologies};
use crate::area::{Area, Areas};
use crate::category::{Categories, Category, Overlap, SECTORS, Scope};
use crate::code::{Codebook, Coded, Tree, aliases};
use crate::crosswalk::Scheme;
use crate::error::{Diagnostic, Diagnostics, Place, Text, nearest};
use crate::item::{Item, Items};
use crate::parameter::Meaning;
use crate::pollutant::{CO2, Gwp, Pollutant};
use crate::reduction_project::{Kinds, ProjectKind};
use crate::say;
use crate::schema::{self, Schema};
use crate::table::{self, Row, Table};
use crate::technology::Technologies;
use crate::unit::{Definition, Unit, Units};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that codes and names can mean in a study.
#[derive(Debug)]
pub struct Vocabulary {
    pub areas: Areas,
    pub categories: Categories,
    pub items: Items,
    pub technologies: Technologies,
    pub units: Units,
    pub pollutants: Codebook<Pollutant>,
    /// Kinds of reduction projects.
    pub kinds: Kinds,
    /// The pollutants whose project reductions count for targets.
    pub counted: Vec<usize>,
    pub gwp: Vec<Gwp>,
    /// By the key of `sources.csv`.
    pub sources: BTreeMap<String, Source>,
    /// What the names of parameters mean.
    pub parameters: BTreeMap<String, Meaning>,
    /// Kinds of rows that may count the same twice.
    pub overlaps: Vec<Overlap>,
    /// The schemes that categories are mapped to, in the order of `crosswalk.csv`.
    pub schemes: Vec<Scheme>,
    /// Sets that some parameter is of.
    pub sets: BTreeSet<String>,
    /// Which local rows replace library rows.
    pub notices: Vec<Text>,
}

/// A document that values are taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    pub title: String,
    /// As `sources.csv` has it; empty where the edition is not known.
    pub year: String,
}

/// The tables of one kind: the library's first, the study's after them.
pub(super) fn tables(files: &[File], name: &str, schema: &'static Schema, faults: &mut Diagnostics) -> Vec<Table> {
    let named = |file: &&File| {
        let stem = file.name.strip_prefix("factors/").unwrap_or(&file.name);
        stem.rsplit_once('.').is_some_and(|(stem, ending)| stem == name && !["toml", "geojson"].contains(&ending))
    };
    let wanted = files.iter().filter(named);
    wanted.flat_map(|file| table::read(&file.name, &file.bytes, schema, faults)).collect()
}

/// Whether a table comes with the program.
pub(super) fn is_library(table: &Table) -> bool {
    table.file.starts_with("factors/")
}

pub(super) fn read(files: &[File], faults: &mut Diagnostics) -> Vocabulary {
    let mut notices = Vec::new();
    let area_tables = tables(files, "areas", &schema::AREAS, faults);
    let category_tables = tables(files, "categories", &schema::CATEGORIES, faults);
    let item_tables = tables(files, "items", &schema::ITEMS, faults);
    let pollutant_tables = tables(files, "pollutants", &schema::POLLUTANTS, faults);
    let kind_tables = tables(files, "project_kinds", &schema::PROJECT_KINDS, faults);
    let areas = codebook(&area_tables, "area", faults, &mut notices, area).with_parents();
    let categories = codebook(&category_tables, "code", faults, &mut notices, category).with_parents();
    let items = codebook(&item_tables, "item", faults, &mut notices, item);
    let pollutants = codebook(&pollutant_tables, "pollutant", faults, &mut notices, pollutant);
    let technologies = technologies::read(files, faults, &mut notices);
    let kinds = codebook(&kind_tables, "kind", faults, &mut notices, kind);
    let counted = counted(files, &pollutants, faults);
    check_tree(&areas, &area_tables, "area", faults);
    check_tree(&categories, &category_tables, "code", faults);
    check_expects(&category_tables, &pollutants, faults);
    let units = units(files, faults);
    let gwp = gwp(files, &pollutants, faults);
    let sources = sources(files, faults);
    let parameters = parameters::meanings(files, &units, faults);
    let (overlaps, schemes, sets) = Default::default();
    let mut words = Vocabulary {
        areas,
        categories,
        items,
        technologies,
        units,
        pollutants,
        kinds,
        counted,
        gwp,
        sources,
        parameters,
        overlaps,
        schemes,
        sets,
        notices,
    };
    words.overlaps = overlaps::read(files, &words, faults);
    words.schemes = crosswalks::read(files, &mut words, faults);
    words
}

/// Reads a table of codes. A code defined twice in one origin is an error; a local code that replaces the library's is a notice.
pub(super) fn codebook<T: Coded>(
    tables: &[Table],
    key: &str,
    faults: &mut Diagnostics,
    notices: &mut Vec<Text>,
    make: impl Fn(Row<'_>, &mut Diagnostics) -> T,
) -> Codebook<T> {
    let mut seen: BTreeMap<(bool, String), Place> = BTreeMap::new();
    let (mut entries, mut own) = (Vec::new(), 0);
    for table in tables {
        let library = is_library(table);
        for row in table.rows() {
            let Some(code) = row.required(key, faults).map(str::to_string) else { continue };
            if let Some(first) = seen.get(&(library, code.clone())) {
                faults
                    .push(row.fault(key, say!("'{code}' 已在 {first} 定义", "'{code}' is already defined at {first}")));
                continue;
            }
            let place = row.place(key);
            if !library && seen.contains_key(&(true, code.clone())) {
                notices.push(say!(
                    "{place}：本地的 '{code}' 取代因子库中的同名行",
                    "{place}: the local '{code}' replaces the library's row"
                ));
            }
            seen.insert((library, code), place);
            entries.push(make(row, faults));
            own += usize::from(!library);
        }
    }
    let local = entries.len() - own;
    Codebook::new(entries, local)
}

fn area(row: Row<'_>, _: &mut Diagnostics) -> Area {
    let text = |column| row.text(column).to_string();
    Area {
        code: text("area"),
        parent: text("parent"),
        name_zh: text("name_zh"),
        name_en: text("name_en"),
        aliases: aliases(row.text("aliases")),
    }
}

fn category(row: Row<'_>, faults: &mut Diagnostics) -> Category {
    let text = |column| row.text(column).to_string();
    // A row with a fault still stands for its code, so that one fault does not make every row that names it unknown.
    let sector = row.required("sector", faults).unwrap_or(SECTORS[0]);
    let scope = row.required("scope", faults).unwrap_or(Scope::Direct.word());
    if !SECTORS.contains(&sector) {
        let fault = row.fault("sector", say!("没有部门 '{sector}'", "there is no sector '{sector}'"));
        let names = SECTORS.join(", ");
        faults.push(fault.hint(say!("应为 {names}", "expected one of {names}")));
    }
    let scope = Scope::parse(scope).unwrap_or_else(|| {
        faults.push(row.fault(
            "scope",
            say!("'{scope}' 应为 direct、purchased 或 memo", "'{scope}' should be direct, purchased or memo"),
        ));
        Scope::Direct
    });
    let expects = match row.text("expects") {
        "" => None,
        "none" | "NONE" => Some(Vec::new()),
        list => Some(aliases(&list.replace([';', ' ', '；', '、', ','], "|"))),
    };
    Category {
        code: text("code"),
        parent: text("parent"),
        name_zh: text("name_zh"),
        name_en: text("name_en"),
        aliases: aliases(row.text("aliases")),
        sector: sector.to_string(),
        scope,
        expects,
    }
}

fn item(row: Row<'_>, faults: &mut Diagnostics) -> Item {
    let text = |column| row.text(column).to_string();
    let biogenic = match row.text("biogenic").to_lowercase().as_str() {
        "" | "no" | "false" | "0" | "否" => false,
        "yes" | "true" | "1" | "是" => true,
        other => {
            faults.push(row.fault("biogenic", say!("'{other}' 应为 yes 或空", "'{other}' should be yes or empty")));
            false
        }
    };
    Item {
        code: text("item"),
        name_zh: text("name_zh"),
        name_en: text("name_en"),
        aliases: aliases(row.text("aliases")),
        kind: text("kind"),
        biogenic,
    }
}

fn pollutant(row: Row<'_>, _: &mut Diagnostics) -> Pollutant {
    let text = |column| row.text(column).to_string();
    Pollutant {
        code: text("pollutant"),
        name_zh: text("name_zh"),
        name_en: text("name_en"),
        aliases: aliases(row.text("aliases")),
        kind: text("kind"),
    }
}

fn kind(row: Row<'_>, _: &mut Diagnostics) -> ProjectKind {
    let text = |column| row.text(column).to_string();
    ProjectKind {
        code: text("kind"),
        name_zh: text("name_zh"),
        name_en: text("name_en"),
        aliases: aliases(row.text("aliases")),
    }
}

/// The pollutants that a plan period counts. A study's own list is the whole list: periods differ in what they count.
fn counted(files: &[File], pollutants: &Codebook<Pollutant>, faults: &mut Diagnostics) -> Vec<usize> {
    let tables = tables(files, "project_pollutants", &schema::PROJECT_POLLUTANTS, faults);
    let own = tables.iter().any(|table| !is_library(table));
    let mut counted = Vec::new();
    for row in tables.iter().filter(|table| is_library(table) != own).flat_map(Table::rows) {
        row.required("pollutant", faults);
        counted.extend(Vocabulary::find(pollutants, row, "pollutant", faults));
    }
    counted
}

/// Every parent has to exist, and no walk up may come back.
fn check_tree<T: Tree>(book: &Codebook<T>, tables: &[Table], key: &str, faults: &mut Diagnostics) {
    for row in tables.iter().flat_map(Table::rows) {
        let (code, parent) = (row.text(key), row.text("parent"));
        if !parent.is_empty() && book.find(parent).is_err() {
            let fault = row.fault("parent", say!("没有上级 '{parent}'", "the parent '{parent}' is not known"));
            faults.push(fault.nearest(book.nearest(parent)));
        } else if book.index(code).is_some_and(|index| book.has_cycle(index)) {
            faults.push(row.fault("parent", say!("'{code}' 的上级成环", "the parents of '{code}' go in a circle")));
        }
    }
}

fn check_expects(tables: &[Table], pollutants: &Codebook<Pollutant>, faults: &mut Diagnostics) {
    for row in tables.iter().flat_map(Table::rows) {
        let list = row.text("expects").replace([';', ' ', '；', '、', ','], "|");
        for name in aliases(&list).iter().filter(|name| !name.eq_ignore_ascii_case("none")) {
            if let Err(cause) = pollutants.find(name) {
                faults.push(row.fault("expects", cause).nearest(pollutants.nearest(name)));
            }
        }
    }
}

fn units(files: &[File], faults: &mut Diagnostics) -> Units {
    let mut units = Units::default();
    for table in tables(files, "units", &schema::UNITS, faults) {
        for row in table.rows() {
            let (Some(unit), Some(of)) = (row.required("unit", faults), row.required("of", faults)) else { continue };
            let before = faults.0.len();
            let value = row.number("value", faults);
            if faults.0.len() > before {
                continue;
            }
            let definition =
                Definition { unit: unit.to_string(), aliases: aliases(row.text("aliases")), value, of: of.to_string() };
            if let Err(text) = units.define(&definition) {
                faults.push(row.fault("of", text));
            }
        }
    }
    units
}

fn gwp(files: &[File], pollutants: &Codebook<Pollutant>, faults: &mut Diagnostics) -> Vec<Gwp> {
    let mut sets: BTreeMap<String, Gwp> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for table in tables(files, "gwp", &schema::GWP, faults) {
        for row in table.rows() {
            let (Some(set), Some(name)) = (row.required("set", faults), row.required("pollutant", faults)) else {
                continue;
            };
            let before = faults.0.len();
            let Some(value) = row.number("value", faults) else {
                if faults.0.len() == before {
                    faults.push(row.empty("value"));
                }
                continue;
            };
            match pollutants.find(name) {
                Ok(index) => {
                    let code = pollutants.code(index).to_string();
                    if !seen.insert((is_library(&table), set.to_string(), code.clone())) {
                        faults.push(row.fault(
                            "pollutant",
                            say!("'{set}' 的 '{code}' 重复", "'{code}' is there twice in '{set}'"),
                        ));
                    }
                    let gwp =
                        sets.entry(set.to_string()).or_insert_with(|| Gwp { set: set.to_string(), ..Gwp::default() });
                    gwp.values.insert(code, value);
                }
                Err(cause) => faults.push(row.fault("pollutant", cause).nearest(pollutants.nearest(name))),
            }
        }
    }
    for gwp in sets.values_mut() {
        gwp.values.entry(CO2.to_string()).or_insert(1.0);
    }
    sets.into_values().collect()
}

fn sources(files: &[File], faults: &mut Diagnostics) -> BTreeMap<String, Source> {
    let mut sources = BTreeMap::new();
    for row in tables(files, "sources", &schema::SOURCES, faults).iter().flat_map(Table::rows) {
        if let Some(key) = row.required("citation", faults) {
            let text = |column| row.text(column).to_string();
            sources.insert(key.to_string(), Source { title: text("title"), year: text("year") });
        }
    }
    sources
}

impl Vocabulary {
    /// Looks a cell up in a codebook; an empty cell is none, an unknown one a fault with the nearest name.
    pub(super) fn find<T: Coded>(
        book: &Codebook<T>,
        row: Row<'_>,
        column: &str,
        faults: &mut Diagnostics,
    ) -> Option<usize> {
        let text = row.text(column);
        if text.is_empty() {
            return None;
        }
        match book.find(text) {
            Ok(index) => Some(index),
            Err(cause) => {
                let fault = match faults.0.len() < super::activities::ASKED {
                    true => unknown(book, row.place(column), text, cause),
                    false => row.fault(column, cause),
                };
                faults.push(fault);
                None
            }
        }
    }

    /// The technology that a row names, by its code where its word has one in the row's category.
    pub(super) fn technology(&self, row: Row<'_>, category: Option<usize>) -> String {
        let code = category.map_or("", |index| self.categories.code(index));
        self.technologies.code_of(row.text("technology"), code).to_string()
    }

    /// Why a value cannot be a parameter's: it lies outside the bounds of its name.
    pub fn out_of_bounds(&self, name: &str, value: f64, unit: Unit, written: &str) -> Option<Text> {
        let meaning = self.parameters.get(name).filter(|meaning| !meaning.holds(value, unit))?;
        let (bounds, zh) = (meaning.bounds()?, &meaning.name_zh);
        let written = if written == "1" { "" } else { written };
        Some(say!(
            "{value} {written} 超出参数 '{name}'（{zh}）的范围 {bounds}",
            "{value} {written} is outside the range of '{name}', {bounds}"
        ))
    }

    /// A citation has to be a key of `sources.csv`.
    pub(super) fn check_citation(&self, row: Row<'_>, faults: &mut Diagnostics) {
        let citation = row.text("citation");
        if !citation.is_empty() && !self.sources.contains_key(citation) {
            let near = nearest(citation, self.sources.keys().map(String::as_str));
            let text = say!("sources.csv 中没有来源 '{citation}'", "sources.csv has no citation '{citation}'");
            faults.push(row.fault("citation", text).nearest(near));
        }
    }
}

fn unknown<T: Coded>(book: &Codebook<T>, place: Place, text: &str, cause: Text) -> Diagnostic {
    Diagnostic::new(place, cause).nearest(book.nearest(text))
}

/// Names of both languages for a code, for tables and charts.
pub fn name<T: Coded>(book: &Codebook<T>, index: usize, zh: bool) -> &str {
    let entry = book.get(index);
    let name = if zh { entry.name_zh() } else { entry.name_en() };
    if name.is_empty() { entry.code() } else { name }
}
