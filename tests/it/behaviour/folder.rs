//! A small study in a folder of its own, and what lies in a folder.

use crate::program::{Scratch, run};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;

pub const SETTINGS: &str = r#"area = "大足区"
years = [2020]
base_year = 2020
gwp = "AR5"
sets = ["NBS", "GBT32151.22-2024", "IPCC2006"]
pollutants = ["CO2", "CH4", "N2O"]
"#;

pub const HEADER: [&str; 12] = [
    "year",
    "area",
    "category",
    "item",
    "technology",
    "source",
    "amount",
    "unit",
    "uncertainty_pct",
    "quality",
    "reference",
    "note",
];

/// Invented amounts with what makes tables hard to read: commas, quotes, brackets, many digits.
pub const ROWS: [[&str; 12]; 4] = [
    ["2020", "dazu", "1.A.2.m", "raw_coal", "", "甲厂（一期）", "1.25", "万吨", "10", "reported", "台账", "锅炉, 备用"],
    ["2020", "dazu", "1.A.4.b", "natural_gas", "", "居民", "350.5", "万m3", "5", "statistics", "年鉴", ""],
    [
        "2020",
        "dazu",
        "1.A.3.b",
        "diesel_oil",
        "",
        "客运",
        "0.123456789012345",
        "万吨",
        "",
        "estimated",
        "",
        "称作\"公交\"",
    ],
    ["2020", "dazu", "1.A.4.b", "firewood", "", "农村", "1200", "t", "50", "proxy", "", ""],
];

pub struct Folder(Scratch);

impl Folder {
    /// The study with its activity as CSV in UTF-8.
    pub fn new(name: &str) -> Self {
        let folder = Self::without_activity(name);
        let rows = ROWS.map(|row| row.map(str::to_string).to_vec());
        folder.write("activity/energy.csv", csv(&HEADER, &rows).as_bytes());
        folder
    }

    pub fn without_activity(name: &str) -> Self {
        let folder = Self(Scratch::new(name));
        folder.write("study.toml", SETTINGS.as_bytes());
        folder
    }

    pub fn write(&self, file: &str, bytes: &[u8]) {
        let path = self.0.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file of the study");
    }

    pub fn replace(&self, file: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.0.path().join(file)).expect("a text of the study");
        assert!(text.contains(from), "{file} has no '{from}'");
        self.write(file, text.replace(from, to).as_bytes());
    }

    pub fn path(&self) -> String {
        self.0.path().to_string_lossy().to_string()
    }

    pub fn out(&self) -> PathBuf {
        self.0.path().join("out")
    }

    /// Runs the study; all that it said. Faults of the study stop the test.
    pub fn run(&self) -> String {
        let output = run(&["run", &self.path(), "--lang", "en", "--verbose"]);
        let said = said(&output);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
        said
    }

    /// The rows of an output table by column name.
    pub fn table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        read(&self.out().join(name))
    }
}

pub fn read(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// A table as text, quoted where it has to be.
pub fn csv(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect("a header");
    rows.iter().for_each(|row| writer.write_record(row).expect("a row"));
    String::from_utf8(writer.into_inner().expect("a table")).expect("a text")
}

pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A path in the repository.
pub fn repository(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).to_string_lossy().to_string()
}

/// All files below a folder, by their path in it.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(next) = pending.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                pending.push(entry);
                continue;
            }
            let name = entry.strip_prefix(folder).expect("below it").to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read(&entry).expect("a file"));
        }
    }
    files
}

/// Copies a study's own files, not its output.
pub fn copy_study(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a study").map(|entry| entry.expect("an entry")) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        match path.is_dir() {
            true if entry.file_name() == "out" => {}
            true => copy_study(&path, &target),
            false => _ = std::fs::copy(&path, &target).expect("a copy"),
        }
    }
}
