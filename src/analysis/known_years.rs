//! In which years a sum is known: the one rule that every total, peak, target, table, page and chart goes by.
//!
//! A *part* is what rows of one area, category, item, technology and source emit of one pollutant; the rows of one category and item are a
//! part too. A part is lacking in a year in which a gap leaves less of it than another year of the inventory has. A sum that lacks a part
//! is unknown from that year on: whatever is judged on the years that are left is false. Years before the first one that lacks nothing are
//! unknown by themselves. A part that has no number in any year is an incompleteness: it is named in `gaps.csv`, and comparisons between years
//! hold without it.

use super::total::{Grouping, TOTAL};
use crate::activity::Notation;
use crate::category::Scope;
use crate::error::Text;
use crate::inventory::{Gap, Inventory, Reason};
use crate::matching::MissingReason;
use crate::say;
use crate::study::name;
use crate::target::{Boundary, ENERGY};
use std::collections::{BTreeMap, BTreeSet};

/// Why a sum has no value in some years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownReason {
    /// The first year that lacks nothing; none where every year does.
    pub known_from: Option<i32>,
    /// The year from which on there is no value.
    pub from: Option<i32>,
    /// What is lacking first, and the remedy.
    pub cause: Text,
}

impl UnknownReason {
    /// Whether the years from some year on have no value: a peak judged on those that are left would be false.
    pub fn hides_a_peak(&self) -> bool {
        self.from.is_some()
    }

    /// Whether the sum has a value in a year.
    pub fn has(&self, year: i32) -> bool {
        self.known_from.is_some_and(|first| first <= year) && self.from.is_none_or(|from| year < from)
    }
}

/// A group of a grouping, in a boundary, and the pollutant or [`ENERGY`].
type SumKey = (Boundary, Grouping, String, String);

/// Which sums are unknown.
#[derive(Debug, Default)]
pub struct UnknownSums {
    sums: BTreeMap<SumKey, UnknownReason>,
    /// The boundary with purchased energy, of which nothing is known where all that is purchased is lacking.
    purchased: Option<UnknownReason>,
}

impl UnknownSums {
    /// Why a sum is unknown in some year; `None` where it is known in all.
    pub fn unknown(
        &self,
        boundary: Boundary,
        (grouping, group): (Grouping, &str),
        metric: &str,
    ) -> Option<&UnknownReason> {
        let key = (boundary, grouping, group.to_string(), metric.to_string());
        let all = self.purchased.as_ref().filter(|_| boundary == Boundary::DirectPurchased);
        let from = |unknown: &&UnknownReason| unknown.from.unwrap_or(i32::MAX);
        all.into_iter().chain(self.sums.get(&key)).min_by_key(from)
    }

    /// Whether a sum has a value in a year.
    pub fn has(&self, year: i32, boundary: Boundary, group: (Grouping, &str), metric: &str) -> bool {
        let (grouping, group) = group;
        let key = (boundary, grouping, group.to_string(), metric.to_string());
        let all = self.purchased.as_ref().filter(|_| boundary == Boundary::DirectPurchased);
        all.into_iter().chain(self.sums.get(&key)).all(|unknown| unknown.has(year))
    }

    /// What is unknown of the whole district, each cause once with what it touches.
    pub fn notices(&self) -> Vec<Text> {
        let whole = self.sums.iter().filter(|((_, grouping, ..), _)| *grouping == Grouping::Total);
        let mut of_cause: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
        let from = |unknown: &UnknownReason| unknown.from.unwrap_or(i32::MAX);
        let is_told = |boundary: Boundary, unknown: &UnknownReason| {
            let all = self.purchased.as_ref().filter(|_| boundary == Boundary::DirectPurchased);
            all.is_some_and(|all| from(all) <= from(unknown))
        };
        for ((boundary, _, _, metric), unknown) in whole.filter(|(sum, unknown)| !is_told(sum.0, unknown)) {
            let key = (unknown.cause.zh.as_str(), unknown.cause.en.as_str());
            of_cause.entry(key).or_default().insert(format!("{metric} ({})", boundary.word()));
        }
        let all = self.purchased.iter().map(|unknown| {
            let (Text { zh, en }, title) = (&unknown.cause, Boundary::DirectPurchased.title());
            let (of_zh, of_en) = (title.zh, title.en);
            say!("{of_zh}的合计、达峰与目标{zh}", "totals, peaks and targets {of_en} are {en}")
        });
        let some = of_cause.into_iter().map(|((zh, en), touched)| {
            let touched = touched.into_iter().collect::<Vec<_>>();
            let (list_zh, list_en) = (touched.join("、"), touched.join(", "));
            say!("{list_zh} 的合计、达峰与目标{zh}", "totals, peaks and targets of {list_en} are {en}")
        });
        all.chain(some).collect()
    }
}

/// Area, category, item, technology and source of rows; of a whole category and item the others are [`ANY`].
type RowGroup = [u32; 5];

const ANY: u32 = u32::MAX;
/// Energy in the place of a pollutant.
const OF_ENERGY: usize = usize::MAX;

/// What a part has in a year.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    number: bool,
    stock: bool,
    /// Index of the first gap.
    gap: Option<usize>,
}

impl State {
    /// From only gaps over some of each to only numbers. Of stocks and of whole items a number beside a gap is as good as one without.
    fn rank(self, whole: bool) -> u8 {
        match (self.number, self.gap) {
            (false, _) => 0,
            (true, Some(_)) if !whole && !self.stock => 1,
            (true, _) => 2,
        }
    }
}

/// Where the numbers of a part are booked: a row, and the category.
type Booked = BTreeSet<(u32, usize)>;

struct Search<'a> {
    inventory: &'a Inventory<'a>,
    states: BTreeMap<(RowGroup, usize), BTreeMap<i32, State>>,
    booked: BTreeMap<(RowGroup, usize), Booked>,
}

/// Which sums of an inventory, history and projection, are unknown. `groups` names the groups that a row counts in under a category.
pub(super) fn known(
    inventory: &Inventory<'_>,
    groups: &mut dyn FnMut(u32, usize) -> Vec<(Grouping, String)>,
    ghg: Option<&str>,
) -> UnknownSums {
    let search = Search::new(inventory);
    let mut lacking: BTreeMap<SumKey, BTreeMap<i32, usize>> = BTreeMap::new();
    for ((part, pollutant), states) in &search.states {
        let found = search.lacking(part, states);
        if found.is_empty() {
            continue;
        }
        for (boundary, grouping, group, metric) in search.touched((*part, *pollutant), groups, ghg) {
            let years = lacking.entry((boundary, grouping, group, metric)).or_default();
            found.iter().for_each(|(year, gap)| _ = years.entry(*year).or_insert(*gap));
        }
    }
    for (sum, year, gap) in search.made(groups, ghg) {
        lacking.entry(sum).or_default().entry(year).or_insert(gap);
    }
    let sums = lacking.into_iter().filter_map(|(sum, years)| Some((sum, search.unknown(&years)?))).collect();
    UnknownSums { sums, purchased: search.purchased() }
}

/// Whether a gap leaves something out; what does not occur or stands elsewhere leaves nothing out.
fn is_open(reason: &Reason) -> bool {
    !matches!(
        reason,
        Reason::Notation(Notation::No | Notation::Na | Notation::Ie(_))
            | Reason::Missing(MissingReason::IncludedElsewhere(_))
    )
}

impl<'a> Search<'a> {
    fn new(inventory: &'a Inventory<'a>) -> Self {
        let mut search = Self { inventory, states: BTreeMap::new(), booked: BTreeMap::new() };
        let gaps: Vec<(usize, &Gap)> =
            inventory.gaps.iter().enumerate().filter(|(_, gap)| is_open(&gap.reason)).collect();
        // Only parts with a gap can be lacking.
        let parts: BTreeSet<RowGroup> = gaps.iter().flat_map(|(_, gap)| search.parts(gap.row)).collect();
        for emission in &inventory.emissions {
            let binding = &inventory.matches.bindings[emission.binding as usize];
            for part in search.parts(emission.row).into_iter().filter(|part| parts.contains(part)) {
                let key = (part, binding.pollutant);
                let state = search.states.entry(key).or_default().entry(emission.year).or_default();
                state.number = true;
                state.stock |= emission.stock.is_some();
                search.booked.entry(key).or_default().insert((emission.row, binding.category));
            }
        }
        for energy in &inventory.energy {
            for part in search.parts(energy.row).into_iter().filter(|part| parts.contains(part)) {
                search.states.entry((part, OF_ENERGY)).or_default().entry(energy.year).or_default().number = true;
            }
        }
        for (index, gap) in gaps {
            search.note(index, gap);
        }
        search
    }

    /// Enters a gap under every pollutant that it leaves out and that its parts have in some year.
    fn note(&mut self, index: usize, gap: &Gap) {
        let without_amount = matches!(gap.reason, Reason::Notation(_));
        for part in self.parts(gap.row) {
            let of_part = self.states.range((part, 0)..=(part, OF_ENERGY)).map(|((_, pollutant), _)| *pollutant);
            let touched = |pollutant: &usize| match *pollutant {
                OF_ENERGY => without_amount,
                pollutant => gap.pollutant.is_none_or(|own| own == pollutant),
            };
            for pollutant in of_part.filter(touched).collect::<Vec<_>>() {
                let states = self.states.entry((part, pollutant)).or_default();
                states.entry(gap.year).or_default().gap.get_or_insert(index);
            }
        }
    }

    fn parts(&self, row: u32) -> [RowGroup; 2] {
        let (activity, row) = (&self.inventory.study.activity, row as usize);
        let (category, item) = (activity.category[row], activity.item[row]);
        [
            [activity.area[row], category, item, activity.technology[row], activity.source[row]],
            [ANY, category, item, ANY, ANY],
        ]
    }

    /// The years in which a part has less than in another year of the inventory, each with its gap.
    fn lacking(&self, part: &RowGroup, states: &BTreeMap<i32, State>) -> Vec<(i32, usize)> {
        let (anchor, whole) = (self.inventory.study.anchor(), part[0] == ANY);
        let most = states.range(..=anchor).map(|(_, state)| state.rank(whole)).max().unwrap_or(0);
        let less = |(year, state): (&i32, &State)| {
            let gap = state.gap?;
            (state.rank(whole) < most).then_some((*year, gap))
        };
        states.iter().filter_map(less).collect()
    }

    /// The sums that a part counts in.
    fn touched(
        &self,
        key: (RowGroup, usize),
        groups: &mut dyn FnMut(u32, usize) -> Vec<(Grouping, String)>,
        ghg: Option<&str>,
    ) -> BTreeSet<SumKey> {
        if key.1 == OF_ENERGY {
            return Boundary::ALL.map(|boundary| (boundary, Grouping::Total, TOTAL.into(), ENERGY.into())).into();
        }
        let booked = self.booked.get(&key).into_iter().flatten();
        booked.flat_map(|&(row, category)| self.sums(row, category, key.1, groups, ghg)).collect()
    }

    fn sums(
        &self,
        row: u32,
        category: usize,
        pollutant: usize,
        groups: &mut dyn FnMut(u32, usize) -> Vec<(Grouping, String)>,
        ghg: Option<&str>,
    ) -> Vec<SumKey> {
        let study = self.inventory.study;
        let code = study.words.pollutants.code(pollutant);
        let weighted = study.settings.gwp.as_ref().is_some_and(|gwp| gwp.values.contains_key(code));
        let metrics: Vec<&str> = std::iter::once(code).chain(ghg.filter(|_| weighted)).collect();
        let mut found = Vec::new();
        for (grouping, group) in groups(row, category) {
            for boundary in Boundary::of(study.words.categories.get(category).scope) {
                found.extend(metrics.iter().map(|metric| (*boundary, grouping, group.clone(), metric.to_string())));
            }
        }
        found
    }

    /// Sums that become unknown because a scenario transfers activity to a row without any emission estimate.
    fn made(
        &self,
        groups: &mut dyn FnMut(u32, usize) -> Vec<(Grouping, String)>,
        ghg: Option<&str>,
    ) -> Vec<(SumKey, i32, usize)> {
        let study = self.inventory.study;
        let own = study.activity.own as u32;
        let with_number: BTreeSet<u32> =
            self.inventory.emissions.iter().map(|emission| emission.row).filter(|row| *row >= own).collect();
        let mut found = Vec::new();
        for (index, gap) in self.inventory.gaps.iter().enumerate() {
            if gap.row < own || with_number.contains(&gap.row) || !is_open(&gap.reason) {
                continue;
            }
            let category = study.activity.category[gap.row as usize] as usize;
            let pollutants = gap.pollutant.map_or_else(|| study.settings.pollutants.clone(), |one| vec![one]);
            for pollutant in pollutants {
                let sums = self.sums(gap.row, category, pollutant, groups, ghg);
                found.extend(sums.into_iter().map(|sum| (sum, gap.year, index)));
            }
        }
        found
    }

    /// The years in which nothing of what is purchased has a number: its rows are gaps, or there are none where other years have some.
    fn purchased(&self) -> Option<UnknownReason> {
        let (inventory, study) = (self.inventory, self.inventory.study);
        let of = |row: u32| study.words.categories.get(study.activity.category[row as usize] as usize).scope;
        let numbers = inventory.emissions.iter().filter(|emission| of(emission.row) == Scope::Purchased);
        let numbers: BTreeSet<i32> = numbers.map(|emission| emission.year).collect();
        let gaps = inventory.gaps.iter().enumerate();
        let gaps = gaps.filter(|(_, gap)| of(gap.row) == Scope::Purchased && is_open(&gap.reason));
        let mut lacking: BTreeMap<i32, Option<usize>> = BTreeMap::new();
        for (index, gap) in gaps.filter(|(_, gap)| !numbers.contains(&gap.year)) {
            lacking.entry(gap.year).or_insert(Some(index));
        }
        let rows = (0..study.activity.own as u32).filter(|row| of(*row) == Scope::Purchased);
        let with_rows: BTreeSet<i32> = rows.map(|row| study.activity.year[row as usize]).collect();
        let history = &study.settings.years;
        if history.iter().any(|year| numbers.contains(year)) {
            let absent = inventory.years.iter().map(|year| (*year, *(year.min(&study.anchor()))));
            let absent =
                absent.filter(|(_, from)| !with_rows.contains(from)).filter(|(year, _)| !numbers.contains(year));
            absent.for_each(|(year, _)| _ = lacking.entry(year).or_insert(None));
        }
        let (known_from, from) = self.span(&|year| lacking.contains_key(&year));
        let (year, gap) = match from {
            Some(from) => (from, lacking.get(&from)?),
            None => lacking.first_key_value().map(|(year, gap)| (*year, gap))?,
        };
        let last = numbers.range(..year).next_back().copied();
        let cause = match gap {
            Some(gap) => self.cause(&inventory.gaps[*gap], last, known_from.filter(|_| from.is_none())),
            None => absent(year, last, known_from.filter(|_| from.is_none())),
        };
        Some(UnknownReason { known_from, from, cause })
    }

    /// The first year that lacks nothing, and the first after it that does; where every year lacks something, all are unknown.
    fn span(&self, is_lacking: &dyn Fn(i32) -> bool) -> (Option<i32>, Option<i32>) {
        let years = &self.inventory.years;
        let known_from = years.iter().copied().find(|year| !is_lacking(*year));
        let later = |year: &i32| known_from.is_none_or(|first| *year > first);
        (known_from, years.iter().copied().filter(later).find(|year| is_lacking(*year)))
    }

    fn unknown(&self, lacking: &BTreeMap<i32, usize>) -> Option<UnknownReason> {
        let (known_from, from) = self.span(&|year| lacking.contains_key(&year));
        let gap = match from {
            Some(from) => lacking.get(&from)?,
            None => lacking.first_key_value()?.1,
        };
        let gap = &self.inventory.gaps[*gap];
        let last = self.last_number(gap);
        Some(UnknownReason { known_from, from, cause: self.cause(gap, last, known_from.filter(|_| from.is_none())) })
    }

    /// The last year before a gap in which its part has a number.
    fn last_number(&self, gap: &Gap) -> Option<i32> {
        let [part, _] = self.parts(gap.row);
        let of_part = self.states.range((part, 0)..=(part, OF_ENERGY));
        let years = of_part.filter(|((_, pollutant), _)| gap.pollutant.is_none_or(|own| own == *pollutant));
        years
            .flat_map(|(_, states)| states.range(..gap.year))
            .filter(|(_, state)| state.number)
            .map(|(year, _)| *year)
            .max()
    }

    /// What is lacking and what to do about it, after “totals … are”.
    fn cause(&self, gap: &Gap, last: Option<i32>, known_from: Option<i32>) -> Text {
        let study = self.inventory.study;
        let (words, activity, row) = (&study.words, &study.activity, gap.row as usize);
        let (item, area) = (activity.item[row] as usize, activity.area[row] as usize);
        let (item_zh, item_en) = (name(&words.items, item, true), name(&words.items, item, false));
        let (area_zh, area_en) = (name(&words.areas, area, true), name(&words.areas, area, false));
        let category = words.categories.code(activity.category[row] as usize);
        let (place, year) = (activity.reference_of(row), gap.year);
        let Text { zh: since_zh, en: since_en } = when(year, last, known_from);
        let [Text { zh, en }, Text { zh: remedy_zh, en: remedy_en }] = self.lack(gap);
        say!(
            "{since_zh}：{area_zh}的{item_zh}（{category}，{place}）{year} 年{zh}；{remedy_zh}",
            "{since_en}: {item_en} of {area_en} ({category}, {place}) {en} in {year}; {remedy_en}"
        )
    }

    /// What a gap lacks, and the remedy.
    fn lack(&self, gap: &Gap) -> [Text; 2] {
        let study = self.inventory.study;
        match &gap.reason {
            Reason::Missing(MissingReason::Parameters { missing, closed, .. }) => {
                let (year, names) = (gap.year, missing.join(", "));
                let what = say!("缺少参数 {names}", "has no {names}");
                let give = say!("请补充 {year} 年的 {names}", "give {names} of {year}");
                let Some(found) = closed.map(|index| &study.ladder.parameters[index]) else { return [what, give] };
                let (parameter, at, to) = (&found.name, &found.place, found.year_to.unwrap_or(year));
                let Text { zh, en } = give;
                let category = study.activity.category[gap.row as usize] as usize;
                let key = format!("{parameter} {}", study.words.categories.code(category));
                let remedy = say!(
                    "{zh}，或在 study.toml 中写 carry = [\"{key}\"]，沿用 {to} 年的数值（{at}）",
                    "{en}, or carry that of {to} ({at}) on: carry = [\"{key}\"] in study.toml"
                );
                [what, remedy]
            }
            Reason::Notation(notation) => {
                let word = notation.word();
                let remedy = say!("请补充数量，确无则写 NO", "give the amount, or NO if there is none");
                [say!("只有 {word}", "is {word}"), remedy]
            }
            Reason::Missing(_) => [
                say!("没有适用的方法", "has no method"),
                say!("请在 methods.csv 中补充方法或改正类别", "give a method in methods.csv, or mend the category"),
            ],
        }
    }
}

fn when(year: i32, last: Option<i32>, known_from: Option<i32>) -> Text {
    match (known_from, last) {
        (Some(first), _) => say!("在 {first} 年之前未知", "not known before {first}"),
        (None, Some(last)) => {
            say!(
                "自 {year} 年起未知（最后有数值的是 {last} 年）",
                "not known from {year} on (the last year with a number is {last})"
            )
        }
        (None, None) => say!("自 {year} 年起未知", "not known from {year} on"),
    }
}

/// A year without a row of purchased energy.
fn absent(year: i32, last: Option<i32>, known_from: Option<i32>) -> Text {
    let Text { zh, en } = when(year, last, known_from);
    say!(
        "{zh}：{year} 年没有外购电力、热力的数据行；请补充，确无外购则写 NO",
        "{en}: {year} has no row of purchased electricity or heat; give one, with NO if nothing is purchased"
    )
}
