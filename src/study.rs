//! A study: everything that a folder says, read, checked and in canonical units. What cannot be read is reported all at once.

use crate::activity::Activity;
use crate::area::Outline;
use crate::category::{Approach, Levels};
use crate::economy::Economy;
use crate::error::{Diagnostic, Diagnostics, Place, Result, Text, failure};
use crate::identity::{self, Identity};
use crate::method::Method;
use crate::parameter::{Parameter, ParameterHierarchy};
use crate::pollutant::Equivalent;
use crate::range::Ranges;
use crate::reduction_project::Register;
use crate::say;
use crate::table;
use crate::target::{Crosscheck, Target};
use std::collections::BTreeMap;
use std::path::Path;

mod activities;
mod approaches;
mod boundaries;
mod crosswalks;
mod economies;
mod equivalents;
mod folder;
mod methods;
mod row_order;
mod overlaps;
mod parameters;
mod ranges;
mod project_rules;
mod projects;
mod settings;
pub mod input_names;
mod targets;
mod technologies;
mod vocabulary;

pub use folder::{File, hash, hash_of_file, is_aside, library};
pub use settings::{Carry, KEYS as SETTING_KEYS, Settings};
pub use targets::KEYS as TARGET_KEYS;
pub use vocabulary::{Source, Vocabulary, name};

/// A study that has been read and found without fault.
#[derive(Debug)]
pub struct Study {
    pub settings: Settings,
    pub words: Vocabulary,
    pub activity: Activity,
    pub ladder: ParameterHierarchy,
    pub ranges: Ranges,
    pub levels: Levels,
    /// Memo categories beside those that they check.
    pub approaches: Vec<Approach>,
    pub methods: Vec<Method>,
    pub economy: Economy,
    /// By the pollutant's place in the codebook.
    pub equivalents: BTreeMap<usize, Equivalent>,
    pub targets: Vec<Target>,
    pub crosschecks: Vec<Crosscheck>,
    /// What changes are taken apart by.
    pub identities: Vec<Identity>,
    /// The projects that reduce emissions; a ledger of its own, never mixed with the inventory.
    pub register: Register,
    /// The outlines of areas, where the study ships them.
    pub outlines: Vec<Outline>,
    /// What the reader should know and nothing has to be done about.
    pub notices: Vec<Text>,
    /// Every file that was read, for the record of the run.
    pub files: Vec<File>,
}

impl Study {
    /// The last of the reported years: from here scenarios go on.
    pub fn anchor(&self) -> i32 {
        self.settings.years.last().copied().unwrap_or(self.settings.base_year)
    }

    /// The hashes of the library's files, or of the study's own.
    pub fn hashes(&self, library: bool) -> BTreeMap<String, String> {
        let files = self.files.iter().filter(|file| file.name.starts_with("factors/") == library);
        files.map(|file| (file.name.clone(), hash(&file.bytes))).collect()
    }
}

/// A partially loaded study: what could be read, so that the scenario files can still be validated.
#[derive(Debug)]
pub struct Broken {
    pub faults: Diagnostics,
    pub words: Vocabulary,
    pub economy: Economy,
    pub files: Vec<File>,
}

/// Reads a study folder and the library.
pub fn read(folder: &Path) -> Result<Study> {
    build(folder::read(folder)?)
}

/// Builds a study from its files, as [`read`] does from a folder.
pub fn build(files: Vec<File>) -> Result<Study> {
    attempt(files).map_err(|broken| broken.faults)
}

/// The files of a study folder.
pub fn files(folder: &Path) -> Result<Vec<File>> {
    folder::read(folder)
}

/// Builds a study from its files, and where that fails leaves what was read.
pub fn attempt(files: Vec<File>) -> std::result::Result<Study, Box<Broken>> {
    let mut faults = Diagnostics::default();
    let all: Vec<File> = folder::library().into_iter().chain(files.iter().cloned()).collect();
    let mut words = vocabulary::read(&all, &mut faults);
    let parameters = parameters::read(&all, &words, &mut faults);
    let ranges = ranges::read(&all, &words, &parameters, &mut faults);
    let (levels, approaches) = (ranges::levels(&all, &words, &mut faults), approaches::read(&all, &words, &mut faults));
    words.sets = parameters.iter().map(|parameter| parameter.set.clone()).collect();
    let methods = methods::read(&all, &mut words, &mut faults);
    parameters::check_dimensions(&parameters, &methods, &words, &mut faults);
    let settings = settings_of(&files, &words, &mut faults);
    // Without its settings the rest of the study is still checked.
    let (activity, economy) = figures(&all, &words, settings.as_ref(), &mut faults);
    let equivalents = equivalents::read(&all, &words, &mut faults);
    let crosschecks = economies::crosschecks(&all, &words, &economy, &mut faults);
    let register = projects::read(&all, &mut words, settings.as_ref(), &mut faults);
    let targets = targets(&files, &words, &economy, &mut faults);
    let identities = identities(settings.as_ref(), &words, &economy, &mut faults);
    let outlines = boundaries::read(&files, &words, settings.as_ref(), &mut faults);
    check_rows(&activity, &methods, &parameters, &mut words, &mut faults);
    let notices = notices(&mut words, &files, &targets, &economy);
    let Some(settings) = settings.filter(|_| faults.is_empty()) else {
        let faults = faults.into_result(()).err().unwrap_or_default();
        return Err(Box::new(Broken { faults, words, economy, files: all }));
    };
    Ok(Study {
        ladder: ParameterHierarchy::new(parameters, settings.sets.clone()),
        settings,
        words,
        activity,
        ranges,
        levels,
        approaches,
        methods,
        economy,
        equivalents,
        targets,
        crosschecks,
        identities,
        register,
        outlines,
        notices,
        files: all,
    })
}

/// Activity rows and economic indicators of the study's area.
fn figures(
    files: &[File],
    words: &Vocabulary,
    settings: Option<&Settings>,
    faults: &mut Diagnostics,
) -> (Activity, Economy) {
    let area = settings.map(|settings| settings.area);
    (activities::read(files, words, area, faults), economies::read(files, words, area, faults))
}

/// Notices on the input as a whole: of the vocabulary, files that are not read, hidden sheets and targets without a price base.
fn notices(words: &mut Vocabulary, files: &[File], targets: &[Target], economy: &Economy) -> Vec<Text> {
    let of_words = std::mem::take(&mut words.notices);
    let hidden = files.iter().flat_map(|file| table::hidden(&file.name, &file.bytes));
    let priced = targets::unpriced(targets, words, economy);
    of_words.into_iter().chain(unread(files)).chain(hidden).chain(priced).collect()
}

/// The targets of a study that has some.
fn targets(files: &[File], words: &Vocabulary, economy: &Economy, faults: &mut Diagnostics) -> Vec<Target> {
    let file = files.iter().find(|file| file.name == "targets.toml");
    file.map(|file| targets::read(file, words, economy, faults)).unwrap_or_default()
}

fn settings_of(files: &[File], words: &Vocabulary, faults: &mut Diagnostics) -> Option<Settings> {
    let file = files.iter().find(|file| file.name == "study.toml");
    let read = |file: &File| settings::read(&file.name, &file.bytes, words);
    faults.record(file.map_or_else(|| Err(failure("study.toml", "missing")), read))
}

/// The study's identities, or the usual ones where it names none and has what they need.
fn identities(
    settings: Option<&Settings>,
    words: &Vocabulary,
    economy: &Economy,
    faults: &mut Diagnostics,
) -> Vec<Identity> {
    let read = |text: &str| identity::parse(text, &words.pollutants, economy);
    let Some(written) = settings.and_then(|settings| settings.identities.as_ref()) else {
        return identity::DEFAULTS.iter().filter_map(|text| read(text).ok()).collect();
    };
    let mut found = Vec::new();
    for (text, place) in written {
        match read(text) {
            Ok(identity) => found.push(identity),
            Err((text, near)) => faults.push(Diagnostic::new(place.clone(), text).nearest(near.as_deref())),
        }
    }
    found
}

/// Checks of the activity rows that need all other tables.
fn check_rows(
    activity: &Activity,
    methods: &[Method],
    parameters: &[Parameter],
    words: &mut Vocabulary,
    faults: &mut Diagnostics,
) {
    technologies::check(activity, methods, parameters, words, faults);
    let repeated = repeated(activity, faults);
    words.notices.extend(repeated);
    if activity.is_empty() && faults.is_empty() {
        let text = say!("没有任何活动数据", "there is no activity row");
        faults.push(Diagnostic::new(Place::file("activity/"), text));
    }
}

/// Files at the top of the folder that are no table of a study.
fn unread(files: &[File]) -> impl Iterator<Item = Text> + '_ {
    let unknown = files.iter().filter(|file| !folder::is_known(&file.name)).map(|file| &file.name);
    unknown.map(|name| say!("{name}：此文件不在读取之列", "{name}: this file is not read"))
}

/// Rows with the same key are both counted, with a notice. Where the amount is the same too, and no other
/// reference tells them apart, the second is a copy and a fault.
fn repeated(activity: &Activity, faults: &mut Diagnostics) -> Vec<Text> {
    const SHOWN: usize = 10;
    let (copies, pairs): (Vec<_>, Vec<_>) =
        activity.repeated().into_iter().partition(|&(first, second)| activity.is_copy(first, second));
    for (first, second) in copies {
        let (amount, first) = (activity.written(second), activity.reference_of(first));
        let text = say!(
            "与 {first} 完全相同（{amount}），会重复计入",
            "it is the same as {first} ({amount}) and would count twice"
        );
        let hint = say!(
            "删除其中一行；确为两笔数据时，在出处或排放源中注明区别",
            "delete one of them; if they are two figures, tell them apart by reference or source"
        );
        faults.push(Diagnostic::new(activity.place(second, "amount"), text).hint(hint));
    }
    let shown = pairs.iter().take(SHOWN).map(|&(first, second)| {
        let amount = activity.written(second);
        let (first, second) = (activity.reference_of(first), activity.reference_of(second));
        say!(
            "{second}（{amount}）与 {first} 的年份、地区、类别、项目、技术、排放源全同，两行都计入",
            "{second} ({amount}) has the key of {first}; both rows count"
        )
    });
    let more = pairs.len().saturating_sub(SHOWN);
    let rest = (more > 0).then(|| say!("另有 {more} 对键相同的行", "{more} more pairs of rows have one key"));
    shown.chain(rest).collect()
}

/// The factor library alone.
#[derive(Debug)]
pub struct Library {
    pub words: Vocabulary,
    pub parameters: Vec<Parameter>,
    pub methods: Vec<Method>,
}

/// Reads the library alone: its words, parameters and methods.
pub fn read_library() -> Result<Library> {
    let mut faults = Diagnostics::default();
    let files = folder::library();
    let mut words = vocabulary::read(&files, &mut faults);
    let parameters = parameters::read(&files, &words, &mut faults);
    ranges::read(&files, &words, &parameters, &mut faults);
    ranges::levels(&files, &words, &mut faults);
    approaches::read(&files, &words, &mut faults);
    words.sets = parameters.iter().map(|parameter| parameter.set.clone()).collect();
    let methods = methods::read(&files, &mut words, &mut faults);
    faults.into_result(Library { words, parameters, methods })
}
