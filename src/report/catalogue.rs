//! The catalogue as a page of Markdown: one section for each top category, figures before, disagreements after.

use super::method_families::Families;
use crate::catalogue::{Apart, Catalogue, Cover, Coverage, MethodCoverage, Set};
use crate::error::{Language, Text};
use crate::method::{Method, MethodResult};
use crate::parameter::{Confidence, Parameter};
use crate::say;
use crate::study::name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The whole page.
pub fn page(catalogue: &Catalogue<'_>, language: Language) -> String {
    let mut page =
        CataloguePage { catalogue, families: Families::new(catalogue.library), language, text: String::new() };
    page.head();
    page.sets();
    for root in page.roots() {
        page.section(&root);
    }
    page.derived();
    page.apart();
    page.text
}

struct CataloguePage<'a> {
    catalogue: &'a Catalogue<'a>,
    families: Families,
    language: Language,
    text: String,
}

/// The lines of one category's table.
type Lines = Vec<String>;

impl CataloguePage<'_> {
    fn is_zh(&self) -> bool {
        self.language == Language::Zh
    }

    fn say(&mut self, text: &Text) {
        let line = text.get(self.language).to_string();
        self.line(&line);
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn head(&mut self) {
        let library = self.catalogue.library;
        let of = |cover: Cover| self.catalogue.cells.iter().filter(move |cell| cell.cover() == cover);
        let expected = |cover: Cover| of(cover).filter(|cell| cell.expected).count();
        let [covered, local, blank] = [Cover::Covered, Cover::LocalValues, Cover::Blank].map(expected);
        let (all, beyond) = (covered + local + blank, of(Cover::Covered).filter(|cell| !cell.expected).count());
        let bare = of(Cover::Blank).filter(|cell| cell.expected && cell.ways.is_empty()).count();
        let categories: BTreeSet<usize> = self.catalogue.cells.iter().map(|cell| cell.category).collect();
        let (categories, methods, values) = (categories.len(), library.methods.len(), library.parameters.len());
        self.say(&say!("# 因子库目录\n", "# Catalogue of the factor library\n"));
        self.say(&say!(
            "由 `qingdan factors --catalogue` 生成，勿手改。类别取末级类别与方法转入、转出的类别。\n",
            "Written by `qingdan factors --catalogue`; not to be edited. Categories are those without children and those that methods book from or to.\n"
        ));
        self.say(&say!(
            "* 类别 × 污染物：应有 {all} 格，其中 {covered} 格仅凭因子库即可计算，{local} 格还需本地数值，{blank} 格空缺（{bare} 格无方法）；另有 {beyond} 格超出应有范围。\n* {categories} 个类别，{methods} 个方法，{values} 个参数值。",
            "* Categories × pollutants: {all} cells expected; the library alone covers {covered}, {local} more need local values, {blank} are blank ({bare} without a method). {beyond} cells are covered beyond what is expected.\n* {categories} categories, {methods} methods, {values} values of parameters."
        ));
        self.confidences();
        self.say(&say!(
            "\n各表中：**粗体**污染物为该类别应有；“值”列为各因子集的数值个数，字母为可信度（v 核实，d 推导，t 转录，u 未核实）；† 为任何因子集都没有、只有本地才知道的参数；— 为空缺。`family_*` 代表公式相同的一族方法。\n",
            "\nIn the tables: a pollutant in **bold** is one that the category expects; values are counted by set and confidence (v verified, d derived, t transcribed, u unverified); † marks a parameter that no set has and only a study can know; — is a blank. `family_*` stands for methods with one formula.\n"
        ));
    }

    /// How many values are of each confidence.
    fn confidences(&mut self) {
        let mut counts = [0; 4];
        for set in &self.catalogue.sets {
            counts.iter_mut().zip(set.values).for_each(|(sum, count)| *sum += count);
        }
        let parts =
            Confidence::ALL.iter().zip(counts).map(|(confidence, count)| format!("{count} {}", confidence.word()));
        let list = parts.collect::<Vec<_>>().join(", ");
        self.say(&say!("* 可信度：{list}。", "* By confidence: {list}."));
    }

    fn sets(&mut self) {
        self.say(&say!("## 因子集\n", "## Sets\n"));
        self.say(&say!(
            "| 因子集 | 文件 | 年份 | 数值 | v | d | t | u |\n|---|---|---|--:|--:|--:|--:|--:|",
            "| set | document | year | values | v | d | t | u |\n|---|---|---|--:|--:|--:|--:|--:|"
        ));
        for set in &self.catalogue.sets {
            let (title, year) = set.title(self.catalogue.library);
            let more = set.documents.len().saturating_sub(1);
            let more = if more > 0 { format!(" (+{more})") } else { String::new() };
            let [v, d, t, u] = set.values;
            let line =
                format!("| {} | {}{more} | {year} | {} | {v} | {d} | {t} | {u} |", set.name, cell(title), total(set));
            self.line(&line);
        }
        self.line("");
    }

    /// The top categories that have a cell.
    fn roots(&self) -> Vec<String> {
        let mut roots: Vec<String> = Vec::new();
        for cell in &self.catalogue.cells {
            let root = self.root(cell.category);
            if !roots.contains(&root) {
                roots.push(root);
            }
        }
        roots
    }

    fn root(&self, category: usize) -> String {
        let code = self.catalogue.library.words.categories.code(category);
        code.split('.').next().unwrap_or(code).to_string()
    }

    fn section(&mut self, root: &str) {
        let library = self.catalogue.library;
        let title = library
            .words
            .categories
            .index(root)
            .map_or("", |index| name(&library.words.categories, index, self.is_zh()));
        let heading = format!("## {root} {title}\n");
        self.line(&heading);
        self.methods(root);
        let mut of_category: BTreeMap<usize, Vec<&Coverage>> = BTreeMap::new();
        for cell in self.catalogue.cells.iter().filter(|cell| self.root(cell.category) == root) {
            of_category.entry(cell.category).or_default().push(cell);
        }
        // Neighbours with the same lines stand together.
        let mut groups: Vec<(Vec<usize>, Lines)> = Vec::new();
        for (category, cells) in of_category {
            let lines = self.lines(&cells);
            match groups.last_mut() {
                Some((held, known)) if *known == lines => held.push(category),
                _ => groups.push((vec![category], lines)),
            }
        }
        for (categories, lines) in groups {
            self.group(&categories, &lines);
        }
    }

    fn group(&mut self, categories: &[usize], lines: &Lines) {
        let words = &self.catalogue.library.words;
        let title = |&index: &usize| {
            format!("**{}** {}", words.categories.code(index), name(&words.categories, index, self.is_zh()))
        };
        let titles = categories.iter().map(title).collect::<Vec<_>>().join(" · ");
        self.line(&format!("{titles}\n"));
        self.say(&say!(
            "| 污染物 | 方法 | 值 | 缺 |\n|---|---|---|---|",
            "| pollutant | methods | values | lacking |\n|---|---|---|---|"
        ));
        lines.iter().for_each(|line| self.line(line));
        self.line("");
    }

    /// One line for each pollutant; pollutants with the same cells share one.
    fn lines(&self, cells: &[&Coverage]) -> Lines {
        let pollutants = &self.catalogue.library.words.pollutants;
        let mut lines: Vec<(Vec<String>, String)> = Vec::new();
        for cell in cells {
            let code = pollutants.code(cell.pollutant);
            let shown = if cell.expected { format!("**{code}**") } else { code.to_string() };
            let rest = format!("{} | {} | {}", self.usable(cell), self.values(cell), self.lacking(cell));
            match lines.iter_mut().find(|(_, known)| *known == rest) {
                Some((codes, _)) => codes.push(shown),
                None => lines.push((vec![shown], rest)),
            }
        }
        lines.into_iter().map(|(codes, rest)| format!("| {} | {rest} |", codes.join(", "))).collect()
    }

    /// The methods that find all they need, with the number of items for which they do.
    fn usable(&self, cell: &Coverage) -> String {
        let mut found: Vec<(&str, Option<usize>)> = Vec::new();
        for way in cell.ways.iter().filter(|way| way.cover() == Cover::Covered) {
            let label = self.families.label(way.method);
            match found.iter_mut().find(|(known, _)| *known == label) {
                Some((_, items)) => *items = items.zip(way.items).map(|(a, b)| a.max(b)),
                None => found.push((label, way.items)),
            }
        }
        let items = |count: usize| {
            let plural_en = if count == 1 { "" } else { "s" };
            say!("{count} 项", "{count} item{plural_en}").get(self.language).to_string()
        };
        let spell = |(label, count): (&str, Option<usize>)| match count {
            Some(count) => format!("`{label}` ({})", items(count)),
            None => format!("`{label}`"),
        };
        let parts: Vec<String> = found.into_iter().map(spell).collect();
        if parts.is_empty() { "—".to_string() } else { parts.join(", ") }
    }

    /// `IPCC2006 40v 6t`: the values of all usable methods, or of those that lack local values only.
    fn values(&self, cell: &Coverage) -> String {
        let cover = cell.cover();
        let ways = cell.ways.iter().filter(|way| way.cover() == cover && cover != Cover::Blank);
        let values: BTreeSet<usize> = ways.flat_map(|way| way.values.iter().copied()).collect();
        let parameters = values.into_iter().map(|index| &self.catalogue.library.parameters[index]);
        by_set(parameters)
    }

    /// What the methods lack that name this pollutant, and all where nothing is usable.
    fn lacking(&self, cell: &Coverage) -> String {
        const SHOWN: usize = 4;
        let blank = cell.cover() != Cover::Covered;
        if cell.ways.is_empty() {
            return say!("无方法", "no method").get(self.language).to_string();
        }
        let named = |way: &&MethodCoverage| self.catalogue.library.methods[way.method].pollutant.is_some();
        let open = cell.ways.iter().filter(|way| way.cover() != Cover::Covered).filter(|way| blank || named(way));
        let mut parts: Vec<String> = Vec::new();
        for way in open {
            let part = self.lack(way);
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let more = if parts.len() > SHOWN { " …" } else { "" };
        parts.truncate(SHOWN);
        parts.join("; ") + more
    }

    fn lack(&self, way: &MethodCoverage) -> String {
        const SHOWN: usize = 5;
        let mark =
            |name: &String| if self.catalogue.local.contains(name) { format!("{name}†") } else { name.clone() };
        let mut names = way.missing.iter().take(SHOWN).map(mark).collect::<Vec<_>>().join(", ");
        if let more @ 1.. = way.missing.len().saturating_sub(SHOWN) {
            names.push_str(&format!(" +{more}"));
        }
        let label = self.families.label(way.method);
        if names.is_empty() {
            let none = say!("没有一个项目的参数齐全", "no item has all of them");
            return format!("`{label}`: {}", none.get(self.language));
        }
        format!("`{label}`: {names}")
    }

    /// The methods whose category lies in a section, families once.
    fn methods(&mut self, root: &str) {
        let library = self.catalogue.library;
        let is_here = |method: &Method| {
            method.outcome == MethodResult::Emitted
                && method.category.is_some_and(|category| self.root(category) == root)
        };
        let families = self.families.of(library, is_here);
        let lines: Lines = families.iter().map(|(label, members)| self.method(label, members)).collect();
        if lines.is_empty() {
            return;
        }
        self.say(&say!(
            "| 方法 | 类别 | 优先级 | 污染物 | 公式 |\n|---|---|--:|---|---|",
            "| method | category | rank | pollutant | formula |\n|---|---|--:|---|---|"
        ));
        lines.iter().for_each(|line| self.line(line));
        self.line("");
    }

    fn method(&self, label: &str, members: &[usize]) -> String {
        let library = self.catalogue.library;
        let methods: Vec<&Method> = members.iter().map(|&index| &library.methods[index]).collect();
        let each = |code: &dyn Fn(&Method) -> String| -> String {
            let all: Vec<String> = methods.iter().map(|method| code(method)).collect();
            let mut once: Vec<String> = Vec::new();
            all.into_iter().filter(|code| !code.is_empty()).for_each(|code| {
                if !once.contains(&code) {
                    once.push(code);
                }
            });
            once.join(", ")
        };
        let category = |method: &Method| {
            method.category.map_or(String::new(), |index| library.words.categories.code(index).into())
        };
        let pollutant =
            |method: &Method| method.pollutant.map_or("*".into(), |index| library.words.pollutants.code(index).into());
        let formula = &methods[0].text;
        let local = methods[0].uses.iter().filter(|used| self.catalogue.local.contains(&used.name));
        let local: Vec<String> = local.map(|used| format!("{}†", used.name)).collect();
        let local = if local.is_empty() { String::new() } else { format!(" ({})", local.join(", ")) };
        let count = if members.len() > 1 { format!(" ({})", members.len()) } else { String::new() };
        let (category, pollutant) = (each(&category), each(&pollutant));
        format!(
            "| `{label}`{count} | {category} | {} | {pollutant} | `{}`{local} |",
            methods[0].rank,
            short(&cell(formula))
        )
    }

    /// The methods that give a parameter to others, with the values that they take.
    fn derived(&mut self) {
        let library = self.catalogue.library;
        self.say(&say!("## 导出参数\n", "## Derived parameters\n"));
        self.say(&say!("| 参数 | 方法 | 公式 |\n|---|---|---|", "| parameter | method | formula |\n|---|---|---|"));
        let families = self.families.of(library, |method| method.outcome != MethodResult::Emitted);
        let spell = |(label, members): &(&str, Vec<usize>)| {
            let method = &library.methods[members[0]];
            format!("| {} | `{label}` | `{}` |", method.outcome.word(), short(&cell(&method.text)))
        };
        let lines: Lines = families.iter().map(spell).collect();
        lines.iter().for_each(|line| self.line(line));
        self.line("");
    }

    fn apart(&mut self) {
        let count = self.catalogue.apart.len();
        self.say(&say!("## 因子集之间相差三倍以上的数值\n", "## Values more than three times apart between sets\n"));
        self.say(&say!(
            "共 {count} 个键；每个因子集取最近年份的数值。相差不等于错误：适用条件常常不同。\n",
            "{count} keys; of each set the latest value. To be apart is not to be wrong: often the conditions differ.\n"
        ));
        self.say(&say!(
            "| 参数 | 类别 | 项目 | 技术 | 污染物 | 地区 | 数值 | 倍数 |\n|---|---|---|---|---|---|---|--:|",
            "| parameter | category | item | technology | pollutant | area | values | times |\n|---|---|---|---|---|---|---|--:|"
        ));
        let lines: Vec<String> = self.catalogue.apart.iter().map(|apart| self.pair(apart)).collect();
        lines.iter().for_each(|line| self.line(line));
    }

    fn pair(&self, apart: &Apart) -> String {
        let library = self.catalogue.library;
        let words = &library.words;
        let first = &library.parameters[apart.values[0]];
        let value = |&index: &usize| {
            let parameter = &library.parameters[index];
            let letter = parameter.confidence.word().chars().next().unwrap_or('?');
            format!("{} {} {} {letter}", parameter.set, parameter.value, parameter.unit_text)
        };
        let category = first.category.map_or("", |index| words.categories.code(index));
        let item = first.item.map_or("", |index| words.items.code(index));
        let pollutant = first.pollutant.map_or("", |index| words.pollutants.code(index));
        let area = first.area.map_or("", |index| name(&words.areas, index, self.is_zh()));
        let values = apart.values.iter().map(value).collect::<Vec<_>>().join("; ");
        let times =
            if apart.ratio.is_finite() && apart.ratio > 0.0 { format!("{:.1}", apart.ratio) } else { "∞".into() };
        let (parameter, technology) = (&first.name, &first.technology);
        format!("| {parameter} | {category} | {item} | {technology} | {pollutant} | {area} | {values} | {times} |")
    }
}

fn total(set: &Set) -> usize {
    set.values.iter().sum()
}

/// `IPCC2006 40v 6t; PG2011 3u`, the sets with the most values first.
fn by_set<'a>(parameters: impl Iterator<Item = &'a Parameter>) -> String {
    let mut sets: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for parameter in parameters {
        let at = Confidence::ALL.iter().position(|confidence| *confidence == parameter.confidence).unwrap_or(0);
        sets.entry(&parameter.set).or_default()[at] += 1;
    }
    let mut sets: Vec<(&str, [usize; 4])> = sets.into_iter().collect();
    sets.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().sum::<usize>()));
    let spell = |(set, counts): (&str, [usize; 4])| {
        let mut text = set.to_string();
        for (count, letter) in counts.iter().zip("vdtu".chars()).filter(|(count, _)| **count > 0) {
            _ = write!(text, " {count}{letter}");
        }
        text
    };
    sets.into_iter().map(spell).collect::<Vec<_>>().join("; ")
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The beginning of a long formula.
fn short(text: &str) -> String {
    const LONGEST: usize = 120;
    if text.chars().count() <= LONGEST {
        return text.to_string();
    }
    let mut start: String = text.chars().take(LONGEST).collect();
    start.push('…');
    start
}
