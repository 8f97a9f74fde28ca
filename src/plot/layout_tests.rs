//! Facts of geometry: every word lies on the page, is large enough to print, and touches no other word.

use super::*;

/// The chart's words are on the page, large enough and apart.
fn check(name: &str, drawn: Result<Svg, ChartError>) {
    let svg = drawn.unwrap_or_else(|fault| panic!("{name}: {fault}"));
    let words = svg.as_str().lines().filter(|line| line.starts_with("<text")).count();
    assert!(words > 4, "{name}: only {words} words");
    let faults = geometry::faults(svg.as_str());
    assert!(faults.is_empty(), "{name}: {faults:#?}");
}

fn frame(title: &str) -> ChartTitles {
    ChartTitles {
        title: title.into(),
        subtitle: "核算边界：直接排放与调入电力热力；实线为历史，虚线为情景推算".into(),
        axis: "排放量（万吨CO2e，GWP：AR5）".into(),
        caption: "来源：测试。替代数据占合计的12%。".into(),
    }
}

/// A line that rises to a year and falls after it.
fn hill(first: i32, last: i32, (top, height): (i32, f64)) -> Vec<YearLevel> {
    let level = |year: i32| height * (1.0 - 0.012 * f64::from((year - top).abs()));
    (first..=last).map(|year| YearLevel { year, level: level(year) }).collect()
}

const NAMES: [&str; 8] = [
    "基准情景",
    "低碳情景",
    "强化低碳情景",
    "两高项目集中落地且电网清洁化迟滞的不利情景",
    "十五五期间高质量发展与严格限制两高项目准入相结合的情景",
    "成渝地区双城经济圈协同降碳情景（含外购绿电）",
    "Deep electrification with renewable power first",
    "延迟行动情景",
];

/// So many scenarios after a history of so many years, their peaks a year or two apart; `size` is that of the amounts.
fn outlook(scenarios: usize, history: i32, size: f64) -> TrajectoryTable {
    let past = TrajectoryLine::new("历史".into(), LineKind::History, hill(2021 - history, 2020, (2031, 3.0 * size)));
    let ahead = (0..scenarios).map(|place| {
        let (top, height) = (2023 + 2 * place as i32, size * (3.0 + 0.4 * place as f64));
        let points = hill(2020, 2060, (top, height));
        let label = if scenarios > 4 { String::new() } else { format!("{top} 年 {}", among(height, size * 6.0)) };
        let summit = Some(PeakMark { year: top, label, plateau: (top - 2, top + 2) });
        TrajectoryLine {
            summit,
            ..TrajectoryLine::new(NAMES[place].into(), LineKind::Projection(Hue::of_line(place)), points)
        }
    });
    let open = |year: i32, note: &str| TargetMark { year, level: None, base: None, note: note.into() };
    let cap = TargetMark { year: 2045, level: Some(2.5 * size), base: None, note: "2045 年控制目标".into() };
    TrajectoryTable {
        frame: frame(
            "大足区 CO2 排放：强化低碳情景 2025 年达峰，低碳情景 2026 年达峰，基准情景、两高项目落地情景均 2030 年达峰",
        ),
        lines: std::iter::once(past).chain(ahead).collect(),
        targets: vec![open(2025, "2025 年目标由重庆市下达，没有公布数值"), open(2030, "目标：2030 年前达峰"), cap],
        notes: vec!["大圆点：峰值；宽带：平台期（峰值 3% 以内的连续年份）。".into()],
    }
}

#[test]
fn words_of_scenarios_stay_apart() {
    for scenarios in [0, 1, 2, 3, 4, 8] {
        for history in [1, 2, 6, 16] {
            for size in [1e-7, 0.02, 1.0, 100.0, 3e5, -40.0] {
                let name = format!("{scenarios} scenarios, {history} years, {size}");
                check(&name, trajectory(&outlook(scenarios, history, size)));
            }
        }
    }
}

fn areas(years: std::ops::RangeInclusive<i32>, peak: i32, size: f64) -> StackedTable {
    let years: Vec<i32> = years.collect();
    let layer = |place: usize| {
        let share = if place == 6 { -0.6 } else { 0.3 + 0.1 * place as f64 };
        let amounts = hill(years[0], years[years.len() - 1], (peak, size * share));
        Layer {
            label: ["能源", "工业", "交通", "建筑", "农业", "废弃物", "土地利用与林业", "调入电力热力"][place].into(),
            hue: Hue::Nth(place),
            amounts: amounts.iter().map(|point| Some(point.level)).collect(),
        }
    };
    let eras = Eras { anchor: 2020, history: "历史".into(), projection: "推算".into() };
    StackedTable {
        frame: frame("强化低碳情景 CO2 2025 年达峰"),
        layers: (0..8).map(layer).collect(),
        net: "净合计".into(),
        missing: "未估算".into(),
        eras: Some(eras),
        peak: Some(Mark { year: peak, label: format!("{peak} 年达峰 {}", among(size, size)) }),
        reach: Some((-size, 3.0 * size)),
        years,
        ..StackedTable::default()
    }
}

#[test]
fn words_of_stacks_stay_apart_wherever_the_peak_is() {
    for peak in 2016..=2060 {
        check(&format!("areas, {peak}"), stacked(&areas(2015..=2060, peak, 300.0)));
        check(&format!("no history, {peak}"), stacked(&areas(2020..=2060, peak.max(2020), 3e-4)));
    }
    for peak in 2018..=2025 {
        check(&format!("columns, {peak}"), stacked(&areas(2018..=2025, peak, 300.0)));
        check(&format!("two columns, {peak}"), stacked(&areas(2020..=2021, peak.clamp(2020, 2021), 1e6)));
    }
    let reach = |reach| stacked(&StackedTable { reach: Some(reach), ..areas(2015..=2060, 2030, 1.0) });
    check("a larger scale", reach((-5.0, 9.0)));
    assert!(reach((f64::NAN, 0.0)).is_err());
}

fn draws(spread: f64, peaks: &[(i32, f64)]) -> FanTable {
    let year = |point: &YearLevel| FanYear {
        year: point.year,
        levels: [-2.0, -0.7, 0.0, 0.8, 2.2].map(|far| point.level * (1.0 + far * spread)),
    };
    FanTable {
        frame: frame("基准情景：CO2 在 2030 年前达峰的概率 97.9%（标准误 0.1 个百分点）"),
        history: hill(2015, 2020, (2030, 300.0)),
        years: hill(2020, 2060, (2030, 300.0)).iter().map(year).collect(),
        quantiles: ["5%", "25%", "中位数", "75%", "95%"].map(String::from),
        nominal: hill(2020, 2060, (2030, 300.0)),
        nominal_label: "设定值".into(),
        marks: vec![Mark { year: 2030, label: "2030 年前达峰".into() }],
        eras: Some(Eras { anchor: 2020, history: "历史".into(), projection: "推算".into() }),
        peaks: peaks.to_vec(),
        by: 2030,
        peaks_title: "达峰年份的分布（蓝色：2030 年及以前）".into(),
        unpeaked: "期内未达峰".into(),
        notes: vec!["深色带：25%–75% 分位；浅色带：5%–95% 分位；点线：不抽样的设定值。".into()],
    }
}

#[test]
fn words_of_fans_stay_apart() {
    let cases: [&[(i32, f64)]; 6] =
        [&[], &[(2030, 1.0)], &[(2060, 1.0)], &[(2059, 0.6), (2060, 0.4)], &[(2016, 0.9), (2060, 0.1)], &[(2030, 0.0)]];
    for spread in [0.0, 1e-6, 0.05, 0.4] {
        for peaks in cases {
            check(&format!("{spread} {peaks:?}"), fan(&draws(spread, peaks)));
        }
    }
    assert!(matches!(fan(&FanTable::default()), Err(ChartError::Empty { .. })));
    assert!(fan(&draws(f64::NAN, &[])).is_err());
    assert!(fan(&draws(0.1, &[(2030, -0.1)])).is_err());
    let one = FanTable { years: draws(0.1, &[]).years[..1].to_vec(), nominal: Vec::new(), ..draws(0.1, &[]) };
    check("one year of draws", fan(&one));
}

fn rates(rows: &[(f64, f64)]) -> SpanTable {
    let row = |(place, (flat_pct, actual_pct)): (usize, &(f64, f64))| SpanRow {
        label: NAMES[place % NAMES.len()].into(),
        flat_pct: *flat_pct,
        actual_pct: *actual_pct,
        outcome: "+1.3%".into(),
    };
    let rows: Vec<SpanRow> = rows.iter().enumerate().map(row).collect();
    let group = |label: &str| SpanGroup { label: label.into(), rows: rows.clone() };
    SpanTable {
        frame: frame("2021–2025 年排放总量不增的前提：GDP 年均增速低于 1.9% 至 4.0%，而设定增速为 6.6%"),
        groups: vec![group("2021–2025 年"), group("2026–2030 年")],
        flat: "总量不增的 GDP 增速上限".into(),
        actual: "GDP 实际或设定增速".into(),
        outcome: "排放总量年均变化".into(),
        notes: Vec::new(),
    }
}

#[test]
fn words_of_rates_stay_apart() {
    let cases: [&[(f64, f64)]; 5] = [
        &[(3.0, 5.0)],
        &[(5.5, 5.5), (0.0, 0.0)],
        &[(-9.4, 6.0), (-4.0, -12.0), (8.0, 9.0), (2.0, 2.0)],
        &[(1.0, 2.0), (2.0, 1.0), (3.0, 9.0), (4.0, 4.1), (0.1, 0.2), (6.0, 5.0), (7.0, 7.0), (8.0, 3.0)],
        &[(120.0, 6.0), (-60.0, 5.0)],
    ];
    for rows in cases {
        check(&format!("{rows:?}"), spans(&rates(rows)));
    }
    assert!(matches!(spans(&SpanTable::default()), Err(ChartError::Empty { .. })));
    assert!(spans(&rates(&[(f64::NAN, 1.0)])).is_err());
}

#[test]
fn titles_take_two_lines_and_break_at_a_pause() {
    let lines = |title: &str| text_layout::wrap_title(title, theme::TITLE, theme::WIDTH - 2.0 * theme::MARGIN);
    let named =
        "大足区 CO2 排放：强化低碳情景 2025 年达峰，低碳情景 2026 年达峰，基准情景、两高项目落地情景均 2030 年达峰";
    assert!(fits_title(named) && lines(named).len() == 2);
    assert!(lines(named)[0].ends_with('，'), "{:?}", lines(named));
    let long = NAMES.join("，");
    assert!(!fits_title(&long) && lines(&long).len() == 2 && lines(&long)[1].ends_with('…'));
    assert_eq!(lines("短").len(), 1);
    let english =
        "2021–2025: emissions stay flat only if GDP grows less than 1.9% to 4.0% a year; it is set to grow 6.6%";
    let shortest = lines(english).iter().map(|line| line.chars().count()).min();
    assert!(shortest.is_some_and(|count| count > 30), "{:?}", lines(english));
}

/// What stands next to each other in a stack or among lines differs in lightness or, in colour, to the colour-blind.
#[test]
fn neighbours_differ_in_grey_print() {
    let lightness = |hue: Hue| {
        let colour = hue.colour();
        let linear = |channel: u8| (f64::from(channel) / 255.0).powf(2.2);
        let luminance = 0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2);
        116.0 * luminance.cbrt() - 16.0
    };
    let sectors = ["energy", "industry", "transport", "buildings", "agriculture", "waste", "purchased"];
    let stacks = [
        sectors.map(|sector| Hue::of_sector(sector, 0)).to_vec(),
        crate::item::ENERGY_KINDS.map(Hue::of_energy).to_vec(),
    ];
    for pair in stacks.iter().flat_map(|stack| stack.windows(2)) {
        let apart = (lightness(pair[0]) - lightness(pair[1])).abs();
        assert!(apart > 7.0, "{pair:?} are only {apart} apart");
    }
}
