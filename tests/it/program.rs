//! The real binary and temporary folders: what the tests that start processes share.

use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder of its own in the system's temporary directory, removed when it goes out of use.
pub struct Scratch(TempDir);

impl Scratch {
    pub fn new(name: &str) -> Self {
        Self(tempfile::Builder::new().prefix(&format!("qingdan-{name}-")).tempdir().expect("a temporary folder"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Runs `qingdan` with these arguments.
pub fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qingdan"));
    command.args(arguments).env("NO_COLOR", "1");
    command.output().expect("the binary starts")
}
