//! The files of a study folder and of the library that is built into the program.

use crate::error::{Diagnostic, Diagnostics, Place, Result, Text, failure};
use crate::{say, table};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::io::Read;
use std::path::Path;

/// A file as it was read: its path inside the folder, with `/`, and its bytes.
#[derive(Debug, Clone)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

static LIBRARY: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/factors");

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    digits(&Sha256::digest(bytes))
}

/// The SHA-256 of a file, which may be larger than what is wanted in memory.
pub fn hash_of_file(path: &Path) -> std::io::Result<String> {
    const PIECE: usize = 1 << 20;
    let mut file = std::fs::File::open(path)?;
    let (mut digest, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(digits(&digest.finalize())),
            count => digest.update(&piece[..count]),
        }
    }
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        _ = write!(text, "{byte:02x}");
        text
    })
}

/// The files of the library, named `factors/…`, in order of name.
pub fn library() -> Vec<File> {
    let mut files = Vec::new();
    let mut pending = vec![&LIBRARY];
    while let Some(dir) = pending.pop() {
        pending.extend(dir.dirs());
        files.extend(dir.files().map(|file| File {
            name: format!("factors/{}", file.path().to_string_lossy().replace('\\', "/")),
            bytes: file.contents().to_vec(),
        }));
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// Files beside the tables that a study may hold without their being read.
pub fn is_aside(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.starts_with(['.', '~']) || file.ends_with(".md") || file.ends_with(".txt")
}

/// Whether a file of a study folder is one that the program reads.
pub(super) fn is_known(name: &str) -> bool {
    const TABLES: [&str; 21] = [
        "economy",
        "methods",
        "crosschecks",
        "uncertainty",
        "key_categories",
        "approaches",
        "overlaps",
        "projects",
        "project_kinds",
        "project_rules",
        "project_pollutants",
        "areas",
        "categories",
        "items",
        "technologies",
        "units",
        "pollutants",
        "gwp",
        "equivalents",
        "sources",
        "crosswalk",
    ];
    const TEXTS: [&str; 5] = ["study.toml", "targets.toml", "measures.toml", "scenarios.toml", super::boundaries::FILE];
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    if table::DOCUMENTS.contains(&ending.to_lowercase().as_str()) {
        return false;
    }
    name.contains('/') || TEXTS.contains(&name) || TABLES.contains(&stem)
}

/// Reads a study folder: its top files, `activity/` and `parameters/`. Other folders (outputs) are left alone.
pub fn read(folder: &Path) -> Result<Vec<File>> {
    let shown = folder.display().to_string();
    if folder.is_file() {
        let text = say!("这是文件，须给出研究文件夹", "this is a file; the folder of a study is wanted");
        return Err(Diagnostic::new(Place::file(&shown), text).into());
    }
    if !folder.is_dir() {
        return Err(Diagnostic::new(Place::file(&shown), say!("没有这个文件夹", "there is no such folder")).into());
    }
    if !folder.join("study.toml").is_file() {
        let text = say!("这不是研究文件夹：没有 study.toml", "this is no study folder: it has no study.toml");
        return Err(Diagnostic::new(Place::file(&shown), text).hint(first_files(folder)).into());
    }
    let mut files = Vec::new();
    let mut faults = Diagnostics::default();
    for part in ["", "activity", "parameters"] {
        let path = folder.join(part);
        if !part.is_empty() && !path.is_dir() {
            continue;
        }
        faults.record(read_part(&path, part, &mut files));
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    faults.into_result(files)
}

/// What a folder without study.toml needs, or where the study is that was meant.
fn first_files(folder: &Path) -> Text {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut studies: Vec<_> = entries.filter(|path| path.join("study.toml").is_file()).collect();
    studies.sort();
    if let Some(first) = studies.first() {
        let first = first.display();
        return say!("其中有研究文件夹：{first}", "there is a study in it: {first}");
    }
    say!(
        "新建 study.toml，写明 area、years、gwp、sets、pollutants（各项含义见 qingdan schema study），活动数据表放在 activity/ 中",
        "write a study.toml with area, years, gwp, sets and pollutants (qingdan schema study says what each is), and put the tables of activity into activity/"
    )
}

fn read_part(path: &Path, part: &str, files: &mut Vec<File>) -> Result<()> {
    let shown = path.display().to_string();
    let mut faults = Diagnostics::default();
    for entry in std::fs::read_dir(path).map_err(|cause| failure(&shown, cause))? {
        let entry = entry.map_err(|cause| failure(&shown, cause))?;
        let plain = entry.file_name().to_string_lossy().to_string();
        let name = if part.is_empty() { plain } else { format!("{part}/{plain}") };
        if is_aside(&name) || !entry.path().is_file() {
            continue;
        }
        match std::fs::read(entry.path()) {
            Ok(bytes) => files.push(File { name, bytes }),
            Err(cause) => faults.0.extend(failure(&name, cause).0),
        }
    }
    faults.into_result(())
}
