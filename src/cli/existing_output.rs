//! What happens to an output that is replaced: files of ours that nobody changed go, all others stay with the new output.

use crate::study::{hash, hash_of_file};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::{remove_dir, remove_file, symlink_metadata};
use std::io::Result;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The file that says which files of a folder are ours.
pub(super) const RECORD: &str = "run.json";

/// What `run.json` says of the folder that it lies in.
#[derive(Deserialize)]
pub(super) struct OutputRecord {
    program: String,
    output: Option<String>,
    /// The hash of the record itself with this place left empty.
    record: Option<String>,
    outputs: BTreeMap<String, String>,
    #[serde(skip)]
    is_changed: bool,
}

impl OutputRecord {
    /// The record of a folder, if the folder is an output of this program.
    pub fn of(folder: &Path) -> Option<Self> {
        let path = folder.join(RECORD);
        let bytes =
            symlink_metadata(&path).ok().filter(|file| file.is_file()).and_then(|_| std::fs::read(&path).ok())?;
        let mut record: Self = serde_json::from_slice(&bytes).ok()?;
        if let Some(own) = &record.record {
            let text = String::from_utf8(bytes).ok()?;
            record.is_changed = hash(text.replacen(own.as_str(), "", 1).as_bytes()) != *own;
        }
        (record.program == env!("CARGO_PKG_NAME")).then_some(record)
    }

    /// Of which command the output is. Records of before the word was written are told apart by their files.
    pub fn kind(&self) -> &str {
        let has = |name: &str| self.outputs.contains_key(name);
        match &self.output {
            Some(kind) => kind,
            None if has("emissions.csv") => "run",
            None if has("sensitivity.csv") => "sensitivity",
            None => "draws",
        }
    }

    fn is_unchanged(&self, name: &str, path: &Path) -> bool {
        self.outputs.get(name).is_some_and(|known| hash_of_file(path).is_ok_and(|found| found == *known))
    }
}

/// Names under which edited files stay, by the path inside the output.
pub(super) type Edited = Vec<String>;

/// What lies in an output, for who replaces it.
enum FolderContent {
    /// Ours, and as it was written.
    Unchanged,
    /// Ours, and edited since.
    Edited,
    /// A folder with files of ours in it.
    Folder,
    /// Somebody else's.
    Foreign,
}

/// One entry of a folder of an output; `name` is its path inside the output.
struct FolderEntry {
    path: PathBuf,
    name: PathBuf,
    found: FolderContent,
}

impl OutputRecord {
    /// What lies in a folder of the output, by name, but for the record itself.
    fn entries(&self, output: &Path, folder: &Path) -> Result<Vec<FolderEntry>> {
        let mut entries = std::fs::read_dir(output.join(folder))?.collect::<Result<Vec<_>>>()?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        let look = |entry: std::fs::DirEntry| {
            let (path, name, kind) = (entry.path(), folder.join(entry.file_name()), entry.file_type()?);
            // A name that is no text is none of ours.
            let text = name.to_str().map(|text| text.replace('\\', "/")).unwrap_or_default();
            let is_named = kind.is_file() && self.outputs.contains_key(&text);
            let found = match () {
                () if is_named && self.is_unchanged(&text, &path) => FolderContent::Unchanged,
                () if is_named => FolderContent::Edited,
                () if kind.is_dir() && self.holds_ours(&text) => FolderContent::Folder,
                () => FolderContent::Foreign,
            };
            Ok(FolderEntry { path, name, found })
        };
        let is_record = |entry: &std::fs::DirEntry| folder == Path::new("") && entry.file_name() == RECORD;
        entries.into_iter().filter(|entry| !is_record(entry)).map(look).collect()
    }

    fn holds_ours(&self, folder: &str) -> bool {
        let is_below = |name: &String| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        !folder.is_empty() && self.outputs.keys().any(is_below)
    }
}

/// Gives all that is not ours, and what was edited, a second name in the new output before it takes its place: whatever ends the run
/// after that, nothing of it is away. [`retire`] removes the first names. Where the system knows no second names, it moves them then.
pub(super) fn carry_over(old: &Path, new: &Path) -> Result<()> {
    let Some(record) = OutputRecord::of(old) else { return Ok(()) };
    if record.is_changed {
        link_dated(&old.join(RECORD), &new.join(RECORD))?;
    }
    carry_folder(&record, (old, new), Path::new(""))
}

fn carry_folder(record: &OutputRecord, (old, new): (&Path, &Path), folder: &Path) -> Result<()> {
    for FolderEntry { path, name, found } in record.entries(old, folder)? {
        let to = new.join(&name);
        match found {
            FolderContent::Unchanged => {}
            FolderContent::Edited => link_dated(&path, &to)?,
            FolderContent::Folder => carry_folder(record, (old, new), &name)?,
            FolderContent::Foreign => link_all(&path, &to)?,
        }
    }
    Ok(())
}

/// A second name for a file, and for all files of a folder. A place that is taken is left to [`retire`].
fn link_all(from: &Path, to: &Path) -> Result<()> {
    if !symlink_metadata(from)?.is_dir() {
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent)?;
        }
        _ = std::fs::hard_link(from, to);
        return Ok(());
    }
    // A folder that cannot be read can still be moved as a whole.
    let Ok(entries) = std::fs::read_dir(from) else { return Ok(()) };
    if symlink_metadata(to).is_err() {
        std::fs::create_dir_all(to)?;
    }
    for entry in entries {
        let entry = entry?;
        link_all(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// The same for an edited file, under its day.
fn link_dated(from: &Path, to: &Path) -> Result<()> {
    let is_known = hash_of_file(to).ok().is_some_and(|found| hash_of_file(from).is_ok_and(|own| own == found));
    if is_known {
        return Ok(());
    }
    let link = |free: &Path| {
        if symlink_metadata(free).is_ok() {
            return Ok(is_same(from, free));
        }
        _ = std::fs::hard_link(from, free);
        Ok(true)
    };
    dated(from, to, &link).map(|_| ())
}

/// Whether a file is the other, by its place on the disk or by its bytes.
fn is_same(one: &Path, other: &Path) -> bool {
    let (Ok(a), Ok(b)) = (symlink_metadata(one), symlink_metadata(other)) else { return false };
    if a.is_symlink() && b.is_symlink() {
        return std::fs::read_link(one).ok() == std::fs::read_link(other).ok();
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if (a.dev(), a.ino()) == (b.dev(), b.ino()) {
            return true;
        }
    }
    let hash = |path| hash_of_file(path).ok();
    a.is_file() && b.is_file() && a.len() == b.len() && hash(one) == hash(other)
}

/// Empties a replaced output: what the record names and nobody changed is removed, an edited file stays beside the new one
/// under its date, and whatever else lies there moves to the same place in the new output. Nothing is overwritten.
pub(super) fn retire(old: &Path, new: &Path) -> Result<Edited> {
    let mut edited = Vec::new();
    match OutputRecord::of(old) {
        // What has no record was never in place, or was empty.
        None => remove_all(old)?,
        Some(record) => {
            retire_folder(&record, (old, new), Path::new(""), &mut edited)?;
            let own = old.join(RECORD);
            if record.is_changed {
                edited.extend(keep(&own, new, RECORD)?);
            } else {
                remove_file(own)?;
            }
            // Another run may have moved something here while this one looked.
            for entry in std::fs::read_dir(old)? {
                let entry = entry?;
                stay(&entry.path(), &new.join(entry.file_name()))?;
            }
            remove_dir(old)?;
        }
    }
    Ok(edited)
}

fn retire_folder(record: &OutputRecord, (old, new): (&Path, &Path), folder: &Path, edited: &mut Edited) -> Result<()> {
    for FolderEntry { path, name, found } in record.entries(old, folder)? {
        match found {
            FolderContent::Unchanged => remove_file(&path)?,
            FolderContent::Edited => edited.extend(keep(&path, new, &name.to_string_lossy())?),
            FolderContent::Folder => {
                retire_folder(record, (old, new), &name, edited)?;
                remove_dir(&path)?;
            }
            FolderContent::Foreign => stay(&path, &new.join(&name))?,
        }
    }
    Ok(())
}

/// Moves something that is not ours to its place in the new output; a folder joins the folder of its name there.
fn stay(from: &Path, to: &Path) -> Result<()> {
    if move_to_free(from, to)? {
        return Ok(());
    }
    if is_same(from, to) {
        return remove_file(from);
    }
    let are_folders = [from, to].iter().all(|path| symlink_metadata(path).is_ok_and(|found| found.is_dir()));
    if !are_folders {
        return keep_as(from, to).map(|_| ());
    }
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        stay(&entry.path(), &to.join(entry.file_name()))?;
    }
    remove_dir(from)
}

/// Keeps an edited file beside the new one; the name that it has got, or none where the new one has the same bytes.
fn keep(from: &Path, new: &Path, name: &str) -> Result<Option<String>> {
    let to = new.join(name);
    if hash_of_file(&to).ok().is_some_and(|found| hash_of_file(from).is_ok_and(|own| own == found)) {
        remove_file(from)?;
        return Ok(None);
    }
    let kept = keep_as(from, &to)?;
    let shown = kept.strip_prefix(new).unwrap_or(&kept).to_string_lossy().replace('\\', "/");
    Ok(Some(shown))
}

/// Moves a file beside a path under the day on which it was last changed: `report.2026-12-01.xlsx`.
fn keep_as(from: &Path, to: &Path) -> Result<PathBuf> {
    dated(from, to, &|free| {
        if move_to_free(from, free)? {
            return Ok(true);
        }
        let is_there = is_same(from, free);
        if is_there {
            remove_file(from)?;
        }
        Ok(is_there)
    })
}

/// Gives a file a second name beside it, by its day, so that the first may be replaced.
pub(super) fn keep_copy(file: &Path) -> Result<PathBuf> {
    dated(file, file, &|free| {
        if symlink_metadata(free).is_ok() {
            return Ok(false);
        }
        match std::fs::hard_link(file, free) {
            Ok(()) => Ok(true),
            // Not every file system knows second names.
            Err(_) => std::fs::copy(file, free).map(|_| true),
        }
    })
}

/// Tries names beside `to` with the day on which `from` was last changed, until one is taken.
fn dated(from: &Path, to: &Path, take: &dyn Fn(&Path) -> Result<bool>) -> Result<PathBuf> {
    let changed = symlink_metadata(from)?.modified().unwrap_or(UNIX_EPOCH);
    let date = day(changed);
    let stem = to.file_stem().unwrap_or_default().to_string_lossy().to_string();
    let extension = to.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    let mut count = 1;
    loop {
        let number = if count == 1 { String::new() } else { format!("-{count}") };
        let free = to.with_file_name(format!("{stem}.{date}{number}{extension}"));
        if take(&free)? {
            return Ok(free);
        }
        count += 1;
    }
}

/// Moves something to a path where nothing lies; false where something does.
fn move_to_free(from: &Path, to: &Path) -> Result<bool> {
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent)?;
    }
    match super::output::rename_to_free(from, to) {
        Ok(()) => Ok(true),
        Err(_) if symlink_metadata(to).is_ok() => Ok(false),
        Err(cause) => Err(cause),
    }
}

/// The day of a time in UTC, as `2026-12-01`.
fn day(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).format("%F").to_string()
}

/// Removes a file or a folder that is all ours.
pub(super) fn remove_all(path: &Path) -> Result<()> {
    match symlink_metadata(path) {
        Ok(found) if found.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => remove_file(path),
        Err(_) => Ok(()),
    }
}

/// Clears what runs that ended early have left beside a target; what somebody laid into an output of theirs is moved to the target.
pub(super) fn sweep(target: &Path) -> Result<Edited> {
    let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else { return Ok(Vec::new()) };
    let name = name.to_string_lossy();
    let mut edited = Vec::new();
    for entry in std::fs::read_dir(parent)? {
        let entry = entry?;
        let found = entry.file_name().to_string_lossy().to_string();
        let Some(suffix) =
            found.strip_prefix('.').and_then(|rest| rest.strip_prefix(&*name)).and_then(|rest| rest.strip_prefix('.'))
        else {
            continue;
        };
        let process = suffix.strip_prefix("new-").or_else(|| suffix.strip_prefix("old-"));
        let is_dead = match process.map(str::parse::<u32>) {
            Some(Ok(process)) => has_ended(process, &entry.path()),
            // The name that was once used for the old output, without a process.
            _ => suffix == "old" && OutputRecord::of(&entry.path()).is_some() && is_stale(&entry.path()),
        };
        if is_dead {
            match retire_or_remove(&entry.path(), target) {
                // Another run clears the same.
                Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
                ended => edited.extend(ended?),
            }
        }
    }
    Ok(edited)
}

/// Clears a path that a new output is to be written to, and that an earlier process of our number has left.
pub(super) fn clear(fresh: &Path, (target, aside): (&Path, &Path)) -> Result<()> {
    if symlink_metadata(fresh).is_err() {
        return Ok(());
    }
    if target.is_dir() { retire(fresh, target).map(|_| ()) } else { super::output::rename_to_free(fresh, aside) }
}

fn retire_or_remove(left: &Path, target: &Path) -> Result<Edited> {
    if symlink_metadata(left)?.is_dir() && target.is_dir() {
        retire(left, target)
    } else {
        remove_all(left).map(|()| Vec::new())
    }
}

/// Whether the process that a temporary name is of has ended. A name of our own process is of an earlier one with its number.
fn has_ended(process: u32, path: &Path) -> bool {
    if process == std::process::id() {
        return true;
    }
    let processes = Path::new("/proc");
    match processes.join("self").exists() {
        true => !processes.join(process.to_string()).exists(),
        false => is_stale(path),
    }
}

/// Where processes cannot be looked up: untouched for a day.
fn is_stale(path: &Path) -> bool {
    const DAY: u64 = 86_400;
    let changed = symlink_metadata(path).and_then(|found| found.modified());
    changed.is_ok_and(|changed| changed.elapsed().is_ok_and(|age| age.as_secs() > DAY))
}

#[cfg(test)]
mod tests {
    use super::day;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, date) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_796_083_200, "2026-12-01"),
            (4_107_542_399, "2100-02-28"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(day(UNIX_EPOCH + Duration::from_secs(seconds)), date);
        }
    }
}
