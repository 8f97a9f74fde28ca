//! Outputs on disk: whole or not at all, and never at the cost of what somebody else laid there.

use super::existing_output::{self, Edited, OutputRecord, RECORD};
use super::{Terminal, output_location, shown};
use crate::error::{Diagnostic, Place, Result, failure};
use crate::report::OutputFile;
use crate::say;
use rayon::prelude::*;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a folder beside the old one, then changes places with it, so that an interruption leaves the old output as it was.
/// Of the old output only files of ours go that nobody changed.
pub(super) fn write(
    (folder, study): (&Path, &Path),
    (kind, outputs): (&str, &[OutputFile]),
    page: &mut Terminal,
) -> Result<()> {
    let broken = |cause: std::io::Error| failure(&shown(folder), cause);
    let target = output_location::real(folder)?;
    output_location::free_of_inputs((folder, &target), study)?;
    refuse_foreign((folder, &target), kind)?;
    let fresh = beside(&target, "new");
    // A process of our number may have left it.
    existing_output::clear(&fresh, (&target, &beside(&target, "old"))).map_err(broken)?;
    let written = fill(&fresh, outputs)
        .and_then(|()| existing_output::carry_over(&target, &fresh))
        .and_then(|()| put(&fresh, &target));
    let replaced = written.map_err(|cause| {
        // What is half-written is of no use; that it could not be removed either would not help the reader.
        _ = existing_output::remove_all(&fresh);
        broken(cause)
    })?;
    // From here on the new output is in place.
    let Some(old) = replaced else {
        swept(&target, page);
        return Ok(());
    };
    match existing_output::retire(&old, &target) {
        Ok(edited) => tell_kept(folder, edited, page),
        Err(cause) => {
            let (name, old) = (shown(folder), shown(&old));
            page.say(&say!(
                "{name} 已是新的结果；原来的内容未能清理完，还在 {old}（{cause}）",
                "{name} holds the new output; what was there before could not be cleared and lies in {old} ({cause})"
            ));
        }
    }
    swept(&target, page);
    told_to_step_anew(&target, page);
    Ok(())
}

/// Says under which names edited files are kept.
fn tell_kept(place: &Path, mut edited: Edited, page: &mut Terminal) {
    const SHOWN: usize = 5;
    if edited.is_empty() {
        return;
    }
    let (place, count) = (shown(place), edited.len());
    edited.truncate(SHOWN);
    let more = if count > SHOWN { " …" } else { "" };
    let names = edited.join(", ");
    page.say(&say!(
        "{place} 中有 {count} 个结果文件被改动过，改动后的文件另存为：{names}{more}",
        "files of {place} that were edited since they were written: {count}, kept as {names}{more}"
    ));
}

/// What runs that ended early left beside the target. That some of it cannot be cleared is no failure of this run.
fn swept(target: &Path, page: &mut Terminal) {
    match existing_output::sweep(target) {
        Ok(edited) => tell_kept(target, edited, page),
        Err(cause) => {
            let name = target.parent().map(shown).unwrap_or_default();
            page.say(&say!(
                "{name} 中有以前中断的运行留下的临时文件，未能清理（{cause}）",
                "temporary files of an earlier run in {name} could not be cleared ({cause})"
            ));
        }
    }
}

/// A shell that stands in a folder which was exchanged still sees the old one.
fn told_to_step_anew(target: &Path, page: &mut Terminal) {
    if std::env::current_dir().is_err() {
        let name = shown(target);
        page.say(&say!(
            "当前文件夹已换成新的一份，请重新进入：{name}",
            "the folder that you are in was replaced; enter it anew: {name}"
        ));
    }
}

/// A folder that holds something else than an output of this kind is not touched.
fn refuse_foreign((typed, folder): (&Path, &Path), kind: &str) -> Result<()> {
    let refused = |text| {
        let hint = say!("用 --out 指定一个新文件夹", "give a new folder with --out");
        Err(Diagnostic::new(Place::file(&shown(typed)), text).hint(hint).into())
    };
    if !folder.exists() {
        return Ok(());
    }
    if let Some(record) = OutputRecord::of(folder) {
        let found = record.kind();
        if found == kind {
            return Ok(());
        }
        return refused(say!(
            "这里是 qingdan {found} 的结果，qingdan {kind} 的结果不会写到这里",
            "this is the output of qingdan {found}, and qingdan {kind} does not overwrite it"
        ));
    }
    let is_empty = folder.is_dir() && std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty {
        return Ok(());
    }
    if folder.join(RECORD).exists() {
        return refused(say!(
            "此处已有别的文件，不会覆盖：其中的 run.json 不是本程序的记录",
            "there is something else here, and it is not overwritten: its run.json is no record of this program"
        ));
    }
    refused(say!("此处已有别的文件，不会覆盖", "there is something else here, and it is not overwritten"))
}

/// A sibling of a target, on the same file system.
fn beside(target: &Path, suffix: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{suffix}-{}", std::process::id()))
}

/// Writes all files and waits until they are on the disk: after a power loss nothing may be there that is empty.
fn fill(folder: &Path, outputs: &[OutputFile]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let (last, first): (Vec<&OutputFile>, Vec<&OutputFile>) = outputs.iter().partition(|output| output.name == RECORD);
    let store = |output: &&OutputFile| {
        let path = folder.join(&output.name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        store(&path, &output.bytes)
    };
    first.par_iter().try_for_each(store)?;
    // A folder with a record is whole.
    last.iter().try_for_each(store)?;
    let folders = first.iter().filter_map(|output| folder.join(&output.name).parent().map(Path::to_path_buf));
    let folders: std::collections::BTreeSet<PathBuf> = folders.chain([folder.to_path_buf()]).collect();
    folders.iter().for_each(|folder| settle(folder));
    Ok(())
}

fn store(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Waits until a folder's entries are on the disk, where the system can.
fn settle(folder: &Path) {
    if let Ok(folder) = std::fs::File::open(folder) {
        // Not every file system does this for folders.
        _ = folder.sync_all();
    }
}

/// Puts a new folder in its place; the path of the old one, if there was one.
fn put(fresh: &Path, target: &Path) -> std::io::Result<Option<PathBuf>> {
    const TRIES: usize = 100;
    let mut last = std::io::ErrorKind::Other.into();
    // Other runs may make or move the target between two looks at it.
    for _ in 0..TRIES {
        let tried = if target.exists() { replace(fresh, target) } else { rename_to_free(fresh, target).map(|()| None) };
        match tried {
            Ok(old) => {
                target.parent().into_iter().for_each(settle);
                return Ok(old);
            }
            Err(cause) => last = cause,
        }
        if !fresh.exists() {
            break;
        }
    }
    Err(last)
}

/// Changes places with the old folder, or moves it aside where the system has no such step.
fn replace(fresh: &Path, target: &Path) -> std::io::Result<Option<PathBuf>> {
    match exchange(fresh, target) {
        Ok(()) => return Ok(Some(fresh.to_path_buf())),
        Err(cause) if !is_unsupported(&cause) => return Err(cause),
        Err(_) => {}
    }
    let old = beside(target, "old");
    std::fs::rename(target, &old)?;
    if let Err(cause) = rename_to_free(fresh, target) {
        // Back to where it was, unless another run has put its own there.
        _ = rename_to_free(&old, target);
        return Err(cause);
    }
    Ok(Some(old))
}

fn is_unsupported(cause: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidInput, Unsupported};
    matches!(cause.kind(), Unsupported | InvalidInput)
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

/// Moves something to a path where nothing lies yet.
#[cfg(target_os = "linux")]
pub(super) fn rename_to_free(from: &Path, to: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE).map_err(std::io::Error::from) {
        Err(cause) if is_unsupported(&cause) => looked_at_first(from, to),
        ended => ended,
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn rename_to_free(from: &Path, to: &Path) -> std::io::Result<()> {
    looked_at_first(from, to)
}

fn looked_at_first(from: &Path, to: &Path) -> std::io::Result<()> {
    if std::fs::symlink_metadata(to).is_ok() {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    std::fs::rename(from, to)
}

/// Writes one file, whole or not at all. A file that is there has to begin as this one does, or it is not ours; where it says
/// something else, it is kept under its date.
pub(super) fn write_file(file: &Path, bytes: &[u8], page: &mut Terminal) -> Result<()> {
    let broken = |cause: std::io::Error| failure(&shown(file), cause);
    let target = output_location::real(file)?;
    output_location::file_is_no_input((file, &target))?;
    let head = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').next().map(<[u8]>::to_vec);
    let old = if target.exists() { Some(std::fs::read(&target).map_err(broken)?) } else { None };
    if old.as_ref().is_some_and(|old| head(plain(old)) != head(plain(bytes))) {
        let text = say!(
            "这里已有别的文件，不会覆盖：它不是本命令写的",
            "there is another file here, and it is not overwritten: this command has not written it"
        );
        let hint = say!("用 --out 另指一个文件名", "give another name with --out");
        return Err(Diagnostic::new(Place::file(&shown(file)), text).hint(hint).into());
    }
    if old.as_deref() == Some(bytes) {
        return Ok(());
    }
    let fresh = beside(&target, "new");
    let put = || -> std::io::Result<Option<PathBuf>> {
        std::fs::create_dir_all(target.parent().unwrap_or(&target))?;
        store(&fresh, bytes)?;
        let kept = if old.is_some() { Some(existing_output::keep_copy(&target)?) } else { None };
        std::fs::rename(&fresh, &target)?;
        target.parent().into_iter().for_each(settle);
        Ok(kept)
    };
    let kept = put().map_err(|cause| {
        _ = existing_output::remove_all(&fresh);
        broken(cause)
    })?;
    if let Some(kept) = kept {
        let kept = shown(&kept);
        page.say(&say!("原来的文件另存为 {kept}", "the file that was there is kept as {kept}"));
    }
    swept(&target, page);
    Ok(())
}

/// Without the mark that tables begin with, which older ones lack.
fn plain(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
