//! The real binary on mutated studies: a code of its own, in time, within its memory, and whole outputs.

use super::chance::Chance;
use super::judge::{not_finite, told};
use super::program::Scratch;
use qingdan::study::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(10);
/// Memory that the program may take, KiB.
const MEMORY: u64 = 4 << 20;

/// Puts files into a folder.
pub fn write(folder: &Path, files: &[File]) {
    for file in files {
        let path = folder.join(&file.name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, &file.bytes).expect("a file");
    }
}

/// What is wrong with how a command ends on this study.
pub fn study(files: &[File], chance: &mut Chance) -> Option<String> {
    let scratch = Scratch::new("fuzz");
    let folder = scratch.path().join("study");
    write(&folder, files);
    let command = *chance.of(&["run", "run", "run", "check", "plan", "explain", "draws", "sensitivity"]);
    let (code, words) = finished(command, &folder)?;
    if code.is_none_or(|code| !(0..=2).contains(&code)) || words.contains("panicked") {
        return Some(format!("{command}: ended with {code:?}: {words}\n{}", told(files)));
    }
    let beside = std::fs::read_dir(&folder).ok()?.flatten().map(|entry| entry.file_name());
    let left: Vec<_> = beside.filter(|name| name.to_string_lossy().starts_with(".out.")).collect();
    if !left.is_empty() {
        return Some(format!("{command}: left {left:?}\n{}", told(files)));
    }
    let tables = std::fs::read_dir(folder.join("out")).into_iter().flatten().flatten();
    let tables = tables.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "csv"));
    let mut wrong = tables.filter_map(|entry| {
        not_finite(&entry.file_name().to_string_lossy(), &std::fs::read(entry.path()).unwrap_or_default())
    });
    wrong.next().map(|what| format!("{command}: {what}\n{}", told(files)))
}

/// The exit code and what was said; `None` never: what takes too long has the code `None` inside.
fn finished(command: &str, folder: &Path) -> Option<(Option<i32>, String)> {
    let mut started = Command::new("sh");
    started.args(["-c", &format!("ulimit -v {MEMORY} 2>/dev/null; exec \"$@\""), "sh"]);
    started.arg(env!("CARGO_BIN_EXE_qingdan")).arg(command).arg(folder);
    started.env("POLARS_MAX_THREADS", "2").env("RAYON_NUM_THREADS", "2").args(["--lang", "en"]);
    if command == "draws" {
        started.args(["-n", "10"]);
    }
    let words = folder.with_extension("words");
    let file = std::fs::File::create(&words).expect("a file");
    let mut child = started.stdout(Stdio::null()).stderr(file).spawn().expect("it starts");
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a status") {
            let text = std::fs::read(&words).unwrap_or_default();
            let last: String = String::from_utf8_lossy(&text).chars().take(400).collect();
            return Some((status.code(), last));
        }
        if begun.elapsed() > PATIENCE {
            _ = child.kill();
            _ = child.wait();
            return Some((None, format!("no end within {PATIENCE:?}")));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
