//! Charts as cases: what must stand in the picture, and tables that nobody drew by hand.

use super::*;

fn frame(title: &str) -> ChartTitles {
    ChartTitles {
        title: title.into(),
        subtitle: "范围一与净购入电力".into(),
        axis: "排放量（万吨CO2e，GWP：AR5）".into(),
        caption: "来源：测试。替代数据占合计的12%。".into(),
    }
}

fn stack(years: &[i32], layers: &[(&str, &[Option<f64>])]) -> StackedTable {
    let layer = |(place, (label, amounts)): (usize, &(&str, &[Option<f64>]))| Layer {
        label: label.to_string(),
        hue: Hue::Nth(place),
        amounts: amounts.to_vec(),
    };
    StackedTable {
        frame: frame("分部门排放"),
        years: years.to_vec(),
        layers: layers.iter().enumerate().map(layer).collect(),
        net: "净排放".into(),
        missing: "未估算".into(),
        marks: vec![Mark { year: 2030, label: "达峰".into() }],
        ..StackedTable::default()
    }
}

fn line(kind: LineKind, points: &[(i32, f64)]) -> TrajectoryLine {
    let points = points.iter().map(|(year, level)| YearLevel { year: *year, level: *level }).collect();
    TrajectoryLine::new("历史".into(), kind, points)
}

fn intensity(level: Option<f64>) -> TrajectoryTable {
    let base = YearLevel { year: 2020, level: 0.931 };
    TrajectoryTable {
        frame: frame("碳排放强度"),
        lines: vec![line(LineKind::History, &[(2015, 1.212), (2018, 1.02), (2020, 0.931)])],
        targets: vec![TargetMark { year: 2025, level, base: Some(base), note: "下降18%".into() }],
        notes: Vec::new(),
    }
}

fn pollutants(parts_t: &[&[Option<f64>]]) -> ShareTable {
    let names = ["SO2", "NOx", "PM2.5", "NH3N"];
    let row = |(place, parts_t): (usize, &&[Option<f64>])| ShareRow {
        group: "大气污染物".into(),
        label: names[place % names.len()].into(),
        parts_t: parts_t.to_vec(),
    };
    ShareTable {
        frame: frame("污染物"),
        sectors: vec![("工业".into(), Hue::Industry), ("交通".into(), Hue::Transport)],
        rows: parts_t.iter().enumerate().map(row).collect(),
        total: "排放量（吨）".into(),
        missing: "未估算".into(),
    }
}

/// The chart holds each of the texts, and becomes a picture.
fn check(svg: Result<Svg, ChartError>, texts: &[&str]) {
    let svg = svg.expect("the table can be drawn");
    for text in texts {
        assert!(svg.as_str().contains(text), "'{text}' is not in\n{}", svg.as_str());
    }
    assert!(!svg.as_str().contains("NaN"), "{}", svg.as_str());
    let picture = png(&svg, 0.5).expect("the chart becomes a picture");
    assert_eq!(&picture[..4], b"\x89PNG");
}

#[test]
fn what_the_reader_sees() {
    let some = |amounts: &[f64]| amounts.iter().copied().map(Some).collect::<Vec<_>>();
    let coal = some(&[1234.5, 1300.0]);
    let forest = some(&[-236.5, -240.0]);
    check(stacked(&stack(&[2015, 2020], &[("能源", &coal)])), &["1,234", "净排放", "万吨CO₂e", "2015"]);
    check(stacked(&stack(&[2015, 2020], &[("能源", &coal), ("林业", &forest)])), &["998", "−240"]);
    check(stacked(&stack(&[2020], &[("能源", &[Some(3.0)]), ("交通", &[Some(1.0)])])), &["3.000", "75%"]);
    check(
        stacked(&stack(&[2015, 2020], &[("能源", &coal), ("农业", &[None, Some(1.0)])])),
        &["2015*", "未估算：农业 2015"],
    );
    check(trajectory(&intensity(Some(0.763))), &["下降18%", "0.931", "1.21"]);
    check(trajectory(&intensity(None)), &["下降18%"]);
    let rows: [&[Option<f64>]; 3] = [&[Some(30.0), Some(10.0)], &[None, None], &[Some(0.5), None]];
    check(shares(&pollutants(&rows)), &["75%", "SO₂", "NOₓ", "未估算", "0.500*", "大气污染物"]);
}

const ODD: [f64; 10] = [0.0, -0.0, 1e-300, 1e-9, 3.5, -7.0, 1e15, 9e99, f64::NAN, f64::INFINITY];

/// Every number of years with every odd amount.
fn odd_tables() -> impl Iterator<Item = (Vec<i32>, f64)> {
    let counts = [0, 1, 2, 6, 9, 36, 71];
    counts.into_iter().flat_map(|count| ODD.map(|amount| ((1990..1990 + count).collect(), amount)))
}

#[test]
fn odd_stacks_are_drawn_or_refused() {
    for (years, amount) in odd_tables() {
        let same = vec![Some(amount); years.len()];
        let some: Vec<_> = years.iter().map(|year| Some(-amount).filter(|_| year % 3 > 0)).collect();
        let none = vec![None; years.len()];
        let drawn = stacked(&stack(&years, &[("甲", &same), ("", &some), ("丙", &none)]));
        assert_eq!(drawn.is_ok(), !years.is_empty() && amount.is_finite(), "{amount}: {drawn:?}");
        if drawn.is_ok() {
            check(drawn, &["净排放"]);
        }
    }
}

#[test]
fn odd_lines_are_drawn_or_refused() {
    for (years, amount) in odd_tables() {
        let points: Vec<_> = years.iter().map(|year| (*year, amount)).collect();
        let kinds = [LineKind::History, LineKind::Required, LineKind::Projection(Hue::Nth(9))];
        let lines = kinds.map(|kind| line(kind, &points)).to_vec();
        let targets = vec![TargetMark { year: 2000, level: None, base: None, note: "无".into() }];
        let drawn = trajectory(&TrajectoryTable { frame: frame("长"), lines, targets, notes: Vec::new() });
        assert_eq!(drawn.is_ok(), !years.is_empty() && amount.is_finite(), "{amount}: {drawn:?}");
        if drawn.is_ok() {
            check(drawn, &["无"]);
        }
    }
}

#[test]
fn odd_shares_are_drawn_or_refused() {
    for (years, amount) in odd_tables() {
        let drawn = shares(&pollutants(&vec![&[Some(amount), None][..]; years.len()]));
        let is_mass = amount.is_finite() && amount >= 0.0;
        assert_eq!(drawn.is_ok(), !years.is_empty() && is_mass, "{amount}: {drawn:?}");
        if drawn.is_ok() {
            check(drawn, &["未估算：SO₂ 交通"]);
        }
    }
}

#[test]
fn faults_name_their_place() {
    let message = |drawn: Result<Svg, ChartError>| drawn.expect_err("the table is faulty").to_string();
    let one: &[Option<f64>] = &[Some(1.0)];
    let cases = [
        (message(stacked(&stack(&[2015, 2020], &[("能源", one)]))), "能源: 1 values where 2"),
        (message(stacked(&stack(&[2020, 2015], &[]))), "year 2015"),
        (message(stacked(&stack(&[2020], &[("能源", &[Some(f64::NAN)])]))), "能源 2020"),
        (message(stacked(&stack(&[2020], &[("能源", &[None])]))), "nothing to draw"),
        (message(trajectory(&TrajectoryTable::default())), "nothing to draw"),
        (
            message(trajectory(&TrajectoryTable {
                lines: vec![line(LineKind::History, &[(i32::MAX, 1.0)])],
                ..Default::default()
            })),
            "year 2147483647",
        ),
        (message(shares(&pollutants(&[&[Some(-1.0), None]]))), "SO2 工业"),
    ];
    for (message, part) in cases {
        assert!(message.contains(part), "'{part}' is not in '{message}'");
    }
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let draw = || trajectory(&intensity(Some(0.763))).expect("the table can be drawn");
    let (one, other) = (draw(), draw());
    assert_eq!(one, other);
    assert_eq!(png(&one, 1.0), png(&other, 1.0));
    assert!(png(&one, f64::NAN).is_err() && png(&one, 1e6).is_err() && png(&one, 0.0).is_err());
}

#[test]
fn formulas_and_line_breaks() {
    let set = [
        ("PM2.5 NOx NH3-N", "PM₂.₅ NOₓ NH₃-N"),
        ("tCO2e/万元", "tCO₂e/万元"),
        ("NH3N与CO2。", "NH₃-N与CO₂。"),
        ("HCO2 CO24 12m3", "HCO2 CO24 12m³"),
        ("一\n行\t文", "一 行 文"),
    ];
    for (plain, print) in set {
        assert_eq!(text_layout::typeset(plain), print);
    }
    for text in ["来源：统计年鉴（2020），其中替代数据占12.4%。", "Source: statistical yearbook (2020), proxies 12.4%."]
    {
        for line in text_layout::wrap(text, theme::LABEL, 90.0, 50) {
            assert!(text_layout::width(&line, theme::LABEL) <= 90.0, "{line}");
            assert!(!line.starts_with(['，', '。', '）', ' ', '%']) && !line.ends_with('（'), "{line}");
        }
    }
}

#[test]
fn labels_move_apart_but_keep_their_order() {
    let cases = [
        ([50.0, 80.0], [50.0, 80.0]),
        ([50.0, 50.0], [45.0, 55.0]),
        ([1.0, 2.0], [5.0, 15.0]),
        ([99.0, 99.0], [85.0, 95.0]),
    ];
    for (wishes, expected) in cases {
        let wishes = wishes.map(|wish| (wish, 10.0));
        assert_eq!(end_labels::apart(&wishes, (0.0, 100.0)), expected);
    }
}

#[test]
fn numbers_on_paper() {
    use number_format::{Ticks, alone, percent};
    let cases = [(1234567.0, "1,234,567"), (-1234.4, "−1,234"), (0.931, "0.931"), (12.34, "12.3"), (0.0, "0")];
    for (value, expected) in cases {
        assert_eq!(alone(value), expected);
    }
    assert_eq!(alone(2.5e12), "2.5×10¹²");
    assert_eq!(alone(-3e-9), "−3×10⁻⁹");
    assert_eq!([percent(0.004), percent(0.0), percent(0.256)], ["<1%", "0%", "26%"]);
    assert_eq!(Ticks::covering(0.0, 7.0, 5.0).labels(), ["0", "2", "4", "6"]);
    assert_eq!(Ticks::covering(-40.0, 590.0, 5.0).labels(), ["0", "200", "400", "600"]);
}

#[test]
fn the_register_shows_what_was_allotted_and_keeps_the_inventory_apart() {
    let row = |parts_t: &[Option<f64>], offset_t: f64, change_t: Option<f64>| RegisterRow {
        label: "COD".into(),
        parts_t: parts_t.to_vec(),
        offset_t,
        allotted: Some((245.0, "下达245吨".into())),
        net: "净256吨".into(),
        status: "达到".into(),
        change_t,
    };
    let table = |rows: Vec<RegisterRow>| RegisterTable {
        frame: frame("减排项目"),
        kinds: vec![("治理".into(), Hue::Nth(0)), ("污水".into(), Hue::Nth(1))],
        rows,
        offset: "区域削减".into(),
        aside: "另一本账".into(),
        missing: "清单没有".into(),
    };
    let known = row(&[Some(200.0), Some(76.0)], 20.0, Some(-310.0));
    check(
        register(&table(vec![known.clone()])),
        &["治理", "污水", "区域削减", "下达245吨", "净256吨", "达到", "200", "另一本账", "−310"],
    );
    check(register(&table(vec![row(&[None, None], 0.0, None)])), &["清单没有"]);
    check(register(&table(vec![row(&[Some(0.0), None], 0.0, Some(0.0))])), &["下达245吨"]);
    let wrong = [row(&[Some(1.0)], 0.0, None), row(&[Some(-1.0), None], 0.0, None), row(&[None, None], f64::NAN, None)];
    for row in wrong {
        assert!(register(&table(vec![known.clone(), row])).is_err());
    }
    assert!(matches!(register(&table(Vec::new())), Err(ChartError::Empty { .. })));
}
