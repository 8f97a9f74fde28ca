//! qingdan (清单) compiles the greenhouse-gas, air-pollutant and water-pollutant inventories of a Chinese district and projects them under
//! scenarios: whether, when and through which measures its emissions peak.
//!
//! The library has four phases, each a function of the one before; [`model::Model`] runs the first three:
//!
//! 1. **read** ([`model::Model::load`]): the files of a study folder and the built-in factor library become a checked [`study::Study`] and a
//!    [`scenario::ScenarioSet`], or the list of all errors with file, line and column. Units are converted here and nowhere later.
//! 2. **compile** ([`model::Model::compile`]): [`matching`] finds a method and its parameters for each row and pollutant, [`inventory`]
//!    estimates: every row ends in the emissions or in the gaps. [`analysis::analyse`] derives totals, indicators, uncertainty and key categories.
//! 3. **project** ([`model::Model::project`]): [`plan`] resolves each scenario against the last year of the inventory, [`projection`] evaluates
//!    it with the same methods, judges peaks and targets, and attributes reductions to measures; [`monte_carlo`] repeats it for many draws.
//! 4. **report** ([`report::outputs`]): tables, charts, page and workbook from one [`model::Results`], as bytes; only [`cli`] prints and writes.
//!
//! The modules are listed in the order of the design; a module uses only modules listed above it. `docs/architecture.md` has the picture.

pub mod error;
pub mod unit;
pub mod code;
pub mod pollutant;
pub mod category;
pub mod item;
pub mod technology;
pub mod area;
pub mod crosswalk;
pub mod schema;
pub mod table;
pub mod toml_document;
pub mod activity;
pub mod parameter;
pub mod range;
pub mod expression;
pub mod method;
pub mod path;
pub mod economy;
pub mod reduction_project;
pub mod target;
pub mod identity;
pub mod study;
pub mod scenario;
pub mod json_schema;
pub mod catalogue;
pub mod matching;
pub mod inventory;
pub mod plan;
pub mod cost;
pub mod peak;
pub mod analysis;
pub mod provenance;
pub mod explanation;
pub mod decomposition;
pub mod cocontrol;
pub mod seek;
pub mod portfolio;
pub mod projection;
pub mod verdict_text;
pub mod scenario_check;
pub mod monte_carlo;
pub mod model;
pub mod plot;
pub mod charts;
pub mod workbook;
pub mod page;
pub mod report;
pub mod cli;
