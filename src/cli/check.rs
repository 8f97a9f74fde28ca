//! `qingdan check`: reads a study, climbs the ladder, writes nothing.

use super::{Ending, Page, shown};
use crate::error::Result;
use crate::{matching, say, study};
use std::path::Path;

pub(super) fn check(folder: &Path, page: &mut Page) -> Result<Ending> {
    let study = study::read(folder)?;
    let matches = matching::run(&study)?;
    let (rows, notations) = (study.activity.len(), study.activity.notations.len());
    let has_number = |class: u32| !study.activity.notations.contains_key(&matches.first_row[class as usize]);
    let gaps = matches.gaps.iter().filter(|gap| has_number(gap.class)).count();
    for notice in &study.notices {
        page.say(notice);
    }
    let name = shown(folder);
    page.say(&say!(
        "{name}：{rows} 行活动数据无误；{notations} 行为空缺符号，另有 {gaps} 类数据缺少方法或参数",
        "{name}: {rows} activity rows without fault; {notations} hold a notation key, {gaps} classes of rows lack a method or parameter"
    ));
    let (projects, open) = (study.register.projects.len(), study.register.gaps());
    if projects > 0 {
        page.say(&say!(
            "{projects} 项减排登记，其中 {open} 项减排量未知",
            "{projects} entries of reduction projects, {open} of them without tonnes"
        ));
    }
    Ok(Ending::of(gaps + notations + open))
}
