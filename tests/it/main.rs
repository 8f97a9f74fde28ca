//! All integration tests in one binary, which links the program and its libraries once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, prepares folders and tells what it measured"
)]

mod behaviour;
mod cases;
mod damaged;
mod decomposition;
mod draws;
mod expressions;
mod forms;
mod house;
mod library;
mod outlook;
mod page;
mod parameters;
mod program;
mod scenarios;
mod workbook;
