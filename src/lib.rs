//! qingdan (清单): a district's greenhouse-gas, air and water inventories from tables of activity, parameters and methods.
//!
//! The modules stand in the order of the design; each uses only what stands above it.

pub mod error;
pub mod unit;
pub mod code;
pub mod pollutant;
pub mod category;
pub mod item;
pub mod area;
pub mod crosswalk;
pub mod schema;
pub mod table;
pub mod document;
pub mod activity;
pub mod parameter;
pub mod range;
pub mod expression;
pub mod method;
pub mod path;
pub mod economy;
pub mod project;
pub mod target;
pub mod identity;
pub mod study;
pub mod scenario;
pub mod form;
pub mod catalogue;
pub mod matching;
pub mod inventory;
pub mod plan;
pub mod cost;
pub mod peak;
pub mod analysis;
pub mod account;
pub mod decomposition;
pub mod cocontrol;
pub mod seek;
pub mod portfolio;
pub mod projection;
pub mod sentences;
pub mod expectation;
pub mod draw;
pub mod chart;
pub mod figure;
pub mod report;
pub mod cli;
