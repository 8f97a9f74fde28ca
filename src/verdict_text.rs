//! Verdicts as sentences, ready for the plan.

use crate::analysis;
use crate::category::{SECTORS, sector_name};
use crate::error::Text;
use crate::peak::{C40Verdict, Peak, PeakVerdict};
use crate::projection::{JudgedPeak, PeakRow};
use crate::say;
use crate::target::{ENERGY, ENERGY_CO2, GHG};

/// Why the verdict is as it is: the year, the plateau, the risk of a second peak, and what history alone can say.
pub fn reasons(judged: &JudgedPeak) -> Text {
    let parts = [verdict(judged), plateau(judged), second(judged), c40(&judged.peak), Some(decline(judged))];
    let parts: Vec<Text> = parts.into_iter().flatten().collect();
    let zh = parts.iter().map(|text| text.zh.as_str()).collect::<Vec<_>>().join("；");
    let en = parts.iter().map(|text| text.en.as_str()).collect::<Vec<_>>().join("; ");
    Text { zh: zh + "。", en: en + "." }
}

/// Why the verdict on a peak is as it is, or why there is none.
pub fn why(row: PeakRow<'_>) -> Text {
    match row {
        PeakRow::Judged(judged) => reasons(judged),
        PeakRow::Unjudged(unjudged) => sentence(&unjudged.reason),
    }
}

/// Why something is not judged, as a sentence.
pub fn sentence(reason: &Text) -> Text {
    let Text { zh, en } = reason;
    let (first, rest) = en.split_at(en.chars().next().map_or(0, char::len_utf8));
    let first = first.to_uppercase();
    say!("{zh}。", "{first}{rest}.")
}

/// A target's verdict in a word. `is_sure`: whether as many draws meet it as it asks for, where it asks; one run alone does not meet it
/// then.
pub fn assessed(verdict: analysis::TargetVerdict, is_sure: Option<bool>) -> Text {
    match verdict {
        analysis::TargetVerdict::Met if is_sure == Some(false) => say!("把握不足", "not sure enough"),
        analysis::TargetVerdict::Met => say!("达到", "met"),
        analysis::TargetVerdict::Missed => say!("未达到", "missed"),
        analysis::TargetVerdict::NotAssessable => say!("无法评估", "not assessable"),
    }
}

/// A metric's name as readers know it; a pollutant's is its code.
pub fn metric(name: &str) -> Text {
    if let Some(set) = name.strip_prefix(GHG).and_then(|rest| rest.strip_prefix(" (")?.strip_suffix(')')) {
        return say!("温室气体（{set}）", "greenhouse gases ({set})");
    }
    if let Some((over, sector)) = name.split_once(' ').filter(|(_, sector)| SECTORS.contains(sector)) {
        let (zh, en) = sector_name(sector);
        let en = en.to_lowercase();
        return say!("{zh} {over}", "{over} of {en}");
    }
    match name {
        GHG => say!("温室气体", "greenhouse gases"),
        ENERGY => say!("能源消费量", "energy"),
        ENERGY_CO2 => say!("能源活动 CO2", "energy CO2"),
        _ => say!("{name}", "{name}"),
    }
}

/// A mass in the unit of its language, ten thousand tonnes or kt, with four digits.
pub fn amount(tonnes: f64) -> Text {
    let [zh, en] = [1e4, 1e3].map(|unit| {
        let value = tonnes / unit;
        let before = if value == 0.0 { 0 } else { value.abs().log10().floor().clamp(-9.0, 9.0) as i32 };
        let places = usize::try_from(3 - before).unwrap_or(0);
        format!("{value:.places$}")
    });
    Text { zh, en }
}

/// A share in per cent; what is nearly none or nearly all is not called so.
pub fn per_cent(share: f64) -> String {
    match share * 100.0 {
        value if value > 0.0 && value < 0.1 => "<0.1%".to_string(),
        value if value < 100.0 && value > 99.9 => ">99.9%".to_string(),
        value if value == 0.0 || value == 100.0 => format!("{value:.0}%"),
        value => format!("{value:.1}%"),
    }
}

/// When the peak is, and how high.
pub fn brief(judged: &JudgedPeak) -> Text {
    let Peak { verdict, last, value, .. } = &judged.peak;
    let Text { zh, en } = match judged.unit.starts_with('t') && !judged.unit.starts_with("tce") {
        true => {
            let Text { zh, en } = amount(*value);
            say!("{zh} 万吨", "{en} kt")
        }
        false => {
            let (value, unit) = (rounded(*value), judged.unit);
            say!("{value} {unit}", "{value} {unit}")
        }
    };
    match verdict {
        PeakVerdict::Peaked => say!("{last} 年已达峰（{zh}）", "peaked in {last} ({en})"),
        PeakVerdict::Peaks => say!("{last} 年达峰（{zh}）", "peaks in {last} ({en})"),
        PeakVerdict::NotWithinHorizon => say!("到 {last} 年仍未达峰（{zh}）", "has no peak by {last} ({en})"),
    }
}

/// A word of data quality or of a factor's confidence.
pub fn grade(code: &str) -> Text {
    match code {
        "measured" => say!("实测", "measured"),
        "statistics" => say!("统计", "statistics"),
        "reported" => say!("填报", "reported"),
        "estimated" => say!("估算", "estimated"),
        "proxy" => say!("替代数据", "proxy"),
        "verified" => say!("已核实", "verified"),
        "derived" => say!("推导", "derived"),
        "transcribed" => say!("转录", "transcribed"),
        "unverified" => say!("未核实", "unverified"),
        other => say!("{other}", "{other}"),
    }
}

fn verdict(judged: &JudgedPeak) -> Option<Text> {
    let Peak { verdict, last, value, maxima, .. } = &judged.peak;
    let (value, unit, years) = (rounded(*value), judged.unit, listed(maxima));
    let (zh, en) = (&years.zh, &years.en);
    let found = match verdict {
        PeakVerdict::Peaked => say!(
            "已达峰：最大值 {value} {unit} 出现在 {zh} 年，属历史年份",
            "peaked: the maximum of {value} {unit} lies in {en}, in history"
        ),
        PeakVerdict::Peaks => say!(
            "{last} 年达峰：最大值 {value} {unit}（{zh} 年），此后下降",
            "peaks in {last}: the maximum of {value} {unit} ({en}), lower in all later years"
        ),
        PeakVerdict::NotWithinHorizon => say!(
            "规划期内未达峰：至 {last} 年仍为最大值 {value} {unit}",
            "no peak within the horizon: {last}, its last year, has the maximum of {value} {unit}"
        ),
    };
    Some(found)
}

/// The years of the maximum: a run as `2026–2028`, years apart one by one.
fn listed(maxima: &[(i32, i32)]) -> Text {
    let run = |(from, to): &(i32, i32)| if from == to { from.to_string() } else { format!("{from}–{to}") };
    let years: Vec<String> = maxima.iter().map(run).collect();
    match years.split_last() {
        Some((last, before)) if !before.is_empty() => {
            let (zh, en) = (before.join("、"), before.join(", "));
            say!("{zh} 和 {last}", "{en} and {last}")
        }
        _ => {
            let years = years.concat();
            say!("{years}", "{years}")
        }
    }
}

fn plateau(judged: &JudgedPeak) -> Option<Text> {
    let plateaus = &judged.peak.plateaus;
    let Some((from, to)) = plateaus.first() else {
        return Some(say!(
            "最大值不为正（净吸收或为零），此年为净吸收最少的一年，没有平台期可言",
            "the maximum is not positive: the year is that of the smallest net removal, and there is no plateau"
        ));
    };
    let (width, length) = (rounded(judged.plateau * 100.0), to - from + 1);
    let years_en = if length == 1 { "year" } else { "years" };
    if plateaus.len() > 1 {
        let years = plateaus.iter().map(|(from, to)| format!("{from}–{to}")).collect::<Vec<_>>();
        let (zh, en) = (years.join("、"), years.join(", "));
        return Some(say!(
            "各最大值之间有回落，平台期分别为 {zh} 年（峰值 {width}% 以内）",
            "a dip lies between the maxima, whose plateaus are {en} (within {width}% of the peak)"
        ));
    }
    Some(say!(
        "平台期 {from}–{to} 年（峰值 {width}% 以内，共 {length} 年）",
        "plateau {from}–{to} (within {width}% of the peak, {length} {years_en})"
    ))
}

fn second(judged: &JudgedPeak) -> Option<Text> {
    let year = judged.peak.second?;
    let width = rounded(judged.plateau * 100.0);
    Some(say!(
        "存在二次达峰风险：{year} 年回升至峰值的 {width}% 以内",
        "risk of a second peak: {year} comes within {width}% of the peak again"
    ))
}

fn c40(peak: &Peak) -> Option<Text> {
    let criteria = peak.c40?;
    let yes = |holds: bool| if holds { "✓" } else { "✗" };
    let (a, b) = (yes(criteria.enough_years), yes(criteria.long_ago));
    let (c, d) = (yes(criteria.recent), criteria.well_below.map_or("–", yes));
    let (zh, en) = match criteria.verdict() {
        C40Verdict::Peaked => ("已达峰", "peaked"),
        C40Verdict::NotPeaked => ("未达峰", "not peaked"),
        C40Verdict::Unknown => ("不能判断", "unknown"),
    };
    Some(say!(
        "C40 标准（仅历史）：{zh}（至少 3 年数据{a}，峰值距今 5 年以上{b}，数据不超过 5 年{c}，低于峰值 10% 以上{d}）",
        "C40 on history: {en} (three years of data {a}, peak over five years ago {b}, data at most five years old {c}, more than 10% below it {d})"
    ))
}

/// What history shows after its own maximum. A description: so few years, autocorrelated and counted from their maximum on, prove no trend.
fn decline(judged: &JudgedPeak) -> Text {
    let Some(slope) = judged.peak.decline else {
        return say!(
            "历史自其最大值起不足 5 年，看不出趋势",
            "history has less than five years from its maximum on: too few to show a trend"
        );
    };
    let (n, unit, change) = (slope.years, judged.unit, signed(slope.per_year));
    say!(
        "历史自其最大值起 {n} 个数据年，Sen 斜率每年 {change} {unit}（仅为描述，年数太少，不能检验趋势）",
        "history from its maximum on, {n} data years: Sen's slope {change} {unit} a year (a description; so few years allow no test of a trend)"
    )
}

/// With its sign, a true minus.
fn signed(value: f64) -> String {
    let size = rounded(value.abs());
    if size == "0" {
        return size;
    }
    if value < 0.0 { format!("−{size}") } else { format!("+{size}") }
}

/// Four significant digits at least, whole numbers from a thousand on.
fn rounded(value: f64) -> String {
    let text = match value.abs() {
        1000.0.. => format!("{value:.0}"),
        10.0.. => format!("{:.1}", value).trim_end_matches(".0").to_string(),
        _ => format!("{:.3}", value).trim_end_matches('0').trim_end_matches('.').to_string(),
    };
    text.replace('-', "−")
}
