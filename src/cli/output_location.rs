//! Where an output may lie: never where a study is read from, and behind a link at what the link names.

use super::shown;
use crate::error::{Diagnostic, Place, Result, failure};
use crate::say;
use crate::study::is_aside;
use std::path::{Component, Path, PathBuf};

/// Folders that a study is read from, beside its own.
const INPUTS: [&str; 2] = ["activity", "parameters"];

/// The path without links and dots. What is not there yet stays as it was typed below what is there.
///
/// # Errors
/// A path without a name, and a link that leads nowhere.
pub(super) fn real(path: &Path) -> Result<PathBuf> {
    let name = shown(path);
    let whole = std::path::absolute(path).map_err(|cause| failure(&name, cause))?;
    let mut there = whole.as_path();
    let mut below = Vec::new();
    let found = loop {
        match std::fs::canonicalize(there) {
            Ok(found) => break found,
            Err(_) if there.is_symlink() => {
                let text = say!("这个链接指向的地方不存在", "this is a link to something that is not there");
                let hint =
                    say!("先建立链接所指的文件夹，或删去链接", "make the folder that it names, or remove the link");
                return Err(Diagnostic::new(Place::file(&name), text).hint(hint).into());
            }
            Err(cause) => match (there.parent(), there.components().next_back()) {
                (Some(parent), Some(Component::Normal(last))) => {
                    below.push(last);
                    there = parent;
                }
                _ => return Err(failure(&name, cause)),
            },
        }
    };
    let found: PathBuf = below.iter().rev().fold(found, |path, part| path.join(part));
    match found.file_name() {
        Some(_) => Ok(found),
        None => {
            let text = say!("输出文件夹须有名称", "an output folder needs a name");
            Err(elsewhere(path, text))
        }
    }
}

fn elsewhere(path: &Path, text: crate::error::Text) -> crate::error::Diagnostics {
    Diagnostic::new(Place::file(&shown(path)), text)
        .hint(say!("用 --out 另指一处", "give another place with --out"))
        .into()
}

/// Refuses a folder for outputs that holds a study or that a study is read from; `own` is the study that was read.
///
/// # Errors
/// The reason, with the folder as it was typed.
pub(super) fn free_of_inputs((typed, real): (&Path, &Path), own: &Path) -> Result<()> {
    let study = std::fs::canonicalize(own).map_err(|cause| failure(&shown(own), cause))?;
    if study.starts_with(real) {
        let text = say!(
            "这是研究文件夹或其上级文件夹，不能作为输出",
            "this is the study or a folder that holds it; it is no place for outputs"
        );
        return Err(elsewhere(typed, text));
    }
    if real.join("study.toml").exists() {
        let text = say!(
            "这里有 study.toml，是另一研究的文件夹，不能作为输出",
            "there is a study.toml here: a study is no place for outputs"
        );
        return Err(elsewhere(typed, text));
    }
    let inputs = INPUTS.iter().filter_map(|part| std::fs::canonicalize(study.join(part)).ok());
    let mut touched = inputs.filter(|input| real.starts_with(input) || input.starts_with(real));
    let of_another = real.ancestors().any(is_input);
    if touched.next().is_some() || of_another {
        let text = say!("研究的数据从这里读取，不能作为输出", "a study is read from here; it is no place for outputs");
        return Err(elsewhere(typed, text));
    }
    Ok(())
}

/// Whether a folder is `activity/` or `parameters/` of a study.
fn is_input(folder: &Path) -> bool {
    let named = folder.file_name().is_some_and(|name| INPUTS.iter().any(|part| name == *part));
    named && folder.parent().is_some_and(|parent| parent.join("study.toml").exists())
}

/// Refuses a single file where a study would read it.
///
/// # Errors
/// The reason, with the file as it was typed.
pub(super) fn file_is_no_input((typed, real): (&Path, &Path)) -> Result<()> {
    let folder = real.parent().unwrap_or(real);
    let is_read = real.file_name().is_none_or(|name| !is_aside(&name.to_string_lossy()));
    if (folder.join("study.toml").exists() && is_read) || folder.ancestors().any(is_input) {
        let text = say!(
            "研究的数据从这个文件夹读取，不能把输出写到这里",
            "a study is read from this folder, so that nothing is written to it"
        );
        return Err(elsewhere(typed, text));
    }
    Ok(())
}
