//! A workbook that has been opened, and tables beside it.

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use qingdan::category::{SECTORS, sector_name};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub type Row = BTreeMap<String, String>;

/// The rows of a CSV file by column.
pub fn rows(file: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(file).expect("a table");
    let headers: Vec<String> = reader.headers().expect("headers").iter().map(str::to_string).collect();
    let row = |record: csv::StringRecord| headers.iter().cloned().zip(record.iter().map(str::to_string)).collect();
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

pub fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|cause| panic!("'{text}': {cause}"))
}

pub fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

pub struct Opened(Xlsx<BufReader<File>>);

/// Where values begin on the inventory sheet and on the sheet of totals.
const INVENTORY: usize = 4;
const TOTALS: usize = 3;

impl Opened {
    pub fn new(file: &Path) -> Self {
        Self(open_workbook(file).unwrap_or_else(|cause| panic!("{}: {cause}", file.display())))
    }

    pub fn names(&self) -> Vec<String> {
        self.0.sheet_names().to_vec()
    }

    pub fn sheet(&mut self, name: &str) -> Range<Data> {
        self.0.worksheet_range(name).unwrap_or_else(|cause| panic!("{name}: {cause}"))
    }

    /// The emitted masses, one a row.
    pub fn inventory(&mut self) -> Vec<f64> {
        let sheet = self.sheet("排放清单");
        let rows = sheet.rows().skip(INVENTORY);
        rows.map(|row| as_number(&row[10]).unwrap_or_else(|| panic!("no number in {row:?}"))).collect()
    }

    /// How many cells of a column are formulas.
    pub fn formulas(&mut self, name: &str, column: u32) -> usize {
        let formulas = self.0.worksheet_formula(name).expect("formulas");
        let start = formulas.start().unwrap_or_default();
        let cells = formulas.used_cells().filter(|(_, at, text)| *at as u32 + start.1 == column && !text.is_empty());
        cells.count()
    }

    /// All formulas of a sheet.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let formulas = self.0.worksheet_formula(name).expect("formulas");
        formulas.used_cells().map(|(_, _, text)| text.clone()).collect()
    }

    /// Every total on the sheet against totals.csv: the whole and the sectors.
    pub fn compare_totals(&mut self, out: &Path) {
        let expected: BTreeMap<[String; 4], f64> = rows(&out.join("totals.csv"))
            .iter()
            .filter(|row| row["scenario"] == "history" && ["total", "sector"].contains(&row["grouping"].as_str()))
            .map(|row| {
                (["boundary", "group", "year", "pollutant"].map(|column| row[column].clone()), number(&row["value"]))
            })
            .collect();
        let sheet = self.sheet("排放总量");
        let all: Vec<&[Data]> = sheet.rows().skip(TOTALS).collect();
        let (headings, values) = all.split_first().expect("headings");
        let mut compared = 0;
        for row in values {
            let key = [boundary(&row[0].to_string()), group(&row[1].to_string()), row[2].to_string()];
            for (heading, cell) in headings.iter().zip(*row).skip(3) {
                let [boundary, group, year] = key.clone();
                let key = [boundary, group, year, heading.to_string()];
                let same = match (expected.get(&key), as_number(cell)) {
                    (Some(expected), Some(found)) => is_near(*expected, found),
                    (expected, found) => expected.is_none() && found.is_none(),
                };
                assert!(same, "{key:?}: {cell:?} instead of {:?}", expected.get(&key));
                compared += usize::from(expected.contains_key(&key));
            }
        }
        let shown = expected.keys().filter(|key| key[1] == "total" || key[0] == "direct").count();
        assert!(compared >= shown, "only {compared} totals of {shown}");
    }

    /// The first row of a sector's form, its direct total in the last year, against totals.csv.
    pub fn compare_sectors(&mut self, out: &Path) -> usize {
        const HEADINGS: usize = 5;
        let totals = rows(&out.join("totals.csv"));
        let mut compared = 0;
        for sector in SECTORS {
            let name = sector_name(sector).0;
            if !self.names().iter().any(|known| known == name) {
                continue;
            }
            let sheet = self.sheet(name);
            let all: Vec<&[Data]> = sheet.rows().collect();
            let year = all[3][1].to_string();
            let of = |row: &&Row| row["scenario"] == "history" && row["year"] == year && row["boundary"] == "direct";
            let totals: Vec<&Row> = totals.iter().filter(of).collect();
            for row in all.iter().skip(HEADINGS + 1) {
                let label = row[0].to_string();
                let whole = label == "合计（直接排放）";
                let (grouping, group) = match label.split_once(' ') {
                    Some((code, _)) if all_of(&totals, code) => ("category", code),
                    _ if whole => ("sector", sector),
                    _ => continue,
                };
                for (heading, cell) in all[HEADINGS].iter().zip(*row).skip(4) {
                    let total = totals.iter().find(|total| {
                        total["grouping"] == grouping
                            && total["group"] == group
                            && total["pollutant"] == heading.to_string()
                    });
                    let same = match (total.map(|total| number(&total["value"])), as_number(cell)) {
                        (Some(expected), Some(found)) => is_near(expected, found),
                        (expected, found) => expected.is_none() && found.is_none(),
                    };
                    assert!(same, "{name} {label} {heading}: {cell:?} instead of {total:?}");
                    compared += 1;
                }
            }
        }
        compared
    }
}

/// Whether a category is one whose parts all stand on one sector's sheet: higher ones, and 1.A.4, have a part on several.
fn all_of(totals: &[&Row], code: &str) -> bool {
    let deep = code.split('.').count() > 2 && code != "1.A.4";
    deep && totals.iter().any(|row| row["grouping"] == "category" && row["group"] == code)
}

pub fn as_number(cell: &Data) -> Option<f64> {
    match cell {
        Data::Float(value) => Some(*value),
        Data::Int(value) => Some(*value as f64),
        _ => None,
    }
}

fn boundary(label: &str) -> String {
    let code = match label {
        "直接排放" => "direct",
        "直接与购入" => "direct+purchased",
        "备忘项" => "memo",
        other => panic!("'{other}' is no boundary"),
    };
    code.to_string()
}

fn group(label: &str) -> String {
    let sector = SECTORS.into_iter().find(|sector| sector_name(sector).0 == label);
    if label == "全部部门" { "total".to_string() } else { sector.unwrap_or(label).to_string() }
}
