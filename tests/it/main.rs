//! All integration tests in one binary, which links the program and its libraries once.

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
