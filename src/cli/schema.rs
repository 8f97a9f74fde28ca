//! `qingdan schema`: the JSON Schema of a study's TOML file.

use super::{ExitStatus, Terminal};
use crate::error::{Diagnostic, Place, Result, nearest};
use crate::{json_schema, say};

pub(super) fn schema(file: &str, page: &mut Terminal) -> Result<ExitStatus> {
    let name = if file.ends_with(".toml") { file.to_string() } else { format!("{file}.toml") };
    let Some(text) = json_schema::page(&name) else {
        let known = json_schema::FILES.join(", ");
        let text = say!("'{file}' 没有 JSON Schema；可用 {known}", "there is no schema of '{file}'; there are {known}");
        return Err(Diagnostic::new(Place::file("schema"), text).nearest(nearest(&name, json_schema::FILES)).into());
    };
    page.line(text.trim_end());
    Ok(ExitStatus::Complete)
}
