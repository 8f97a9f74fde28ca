//! The output folder: whole or not at all, and never at the cost of what is there already.

use crate::error::{Fault, Place, Result, failure};
use crate::report::Output;
use crate::say;
use std::path::{Path, PathBuf};

/// The file that tells an output folder of ours from anything else.
const RECORD: &str = "run.json";

/// Writes beside the folder, then changes places with it, so that an interruption leaves the old output as it was.
pub(super) fn write(folder: &Path, outputs: &[Output]) -> Result<()> {
    let shown = folder.display().to_string();
    let broken = |cause: std::io::Error| failure(&shown, cause);
    refuse_foreign(folder)?;
    let fresh = beside(folder, "new")?;
    remove(&fresh).map_err(broken)?;
    let written = fill(&fresh, outputs).and_then(|()| place(&fresh, folder));
    written.map_err(|cause| {
        // What is half-written is of no use; that it could not be removed either would not help the reader.
        _ = remove(&fresh);
        broken(cause)
    })
}

/// A folder that holds something else than a run of ours is not touched.
fn refuse_foreign(folder: &Path) -> Result<()> {
    let shown = folder.display().to_string();
    if !folder.exists() || folder.join(RECORD).is_file() {
        return Ok(());
    }
    let empty = folder.is_dir() && std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if empty {
        return Ok(());
    }
    let text = say!("此处已有别的文件，不会覆盖", "there is something else here, and it is not overwritten");
    let hint = say!("用 --out 指定一个新文件夹", "give a new folder with --out");
    Err(Fault::new(Place::file(&shown), text).hint(hint).into())
}

/// A sibling of the folder, on the same file system.
fn beside(folder: &Path, suffix: &str) -> Result<PathBuf> {
    let shown = folder.display().to_string();
    let whole = std::path::absolute(folder).map_err(|cause| failure(&shown, cause))?;
    let name = whole.file_name().map(|name| name.to_string_lossy().to_string());
    let name = name.ok_or_else(|| failure(&shown, "no folder name"))?;
    Ok(whole.with_file_name(format!(".{name}.{suffix}-{}", std::process::id())))
}

fn fill(folder: &Path, outputs: &[Output]) -> std::io::Result<()> {
    for output in outputs {
        let path = folder.join(&output.name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, &output.bytes)?;
    }
    Ok(())
}

/// Moves the new folder to its place; an old one is moved aside first and removed last.
fn place(fresh: &Path, folder: &Path) -> std::io::Result<()> {
    if !folder.exists() {
        return std::fs::rename(fresh, folder);
    }
    if exchange(fresh, folder).is_ok() {
        return remove(fresh);
    }
    let old = fresh.with_extension("old");
    std::fs::rename(folder, &old)?;
    std::fs::rename(fresh, folder)?;
    remove(&old)
}

/// Changes two folders' places in one step, where the system can.
#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

fn remove(folder: &Path) -> std::io::Result<()> {
    if folder.exists() { std::fs::remove_dir_all(folder) } else { Ok(()) }
}
