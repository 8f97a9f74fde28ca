//! The newer charts with one row, with many rows of long names, all negative, and with zeros: each is drawn soundly, or there
//! is nothing to draw.

use super::geometry::{faults, sound};
use super::*;

const LONG: &str = "扩大高污染燃料禁燃区范围并推进农村居民生活散煤清洁能源替代及配套管网建设";

fn frame(title: &str) -> ChartTitles {
    ChartTitles {
        title: format!("{title}：强化低碳情景 2030 年 CO2 比“基准情景”少 77.9 万吨，分布式光伏贡献 30%，居各措施之首"),
        subtitle: "含调入电力热力".into(),
        axis: "排放量（万吨CO2e，GWP：AR5）".into(),
        caption: "来源：测试。替代数据占合计的12%。".into(),
    }
}

/// Names and sizes: one, thirty long ones, all negative, both signs, all zero, one far above the rest.
fn cases() -> Vec<Vec<(String, f64)>> {
    let named = |sizes: &[f64]| sizes.iter().enumerate().map(|(n, size)| (format!("{}{LONG}", n + 1), *size)).collect();
    let thirty: Vec<f64> = (1..=30).map(|n| 300.0 / f64::from(n * n)).collect();
    let falling: Vec<f64> = thirty.iter().map(|size| -size).collect();
    let mixed: Vec<f64> = (0..12).map(|n| if n % 3 == 0 { -7.5 } else { 12.25 } * f64::from(n + 1)).collect();
    vec![
        vec![("电".to_string(), 3.5)],
        named(&thirty),
        named(&falling),
        named(&mixed),
        named(&[0.0, 0.0]),
        named(&[1.0, 1.5, 2.0, 90_000.0]),
    ]
}

#[test]
fn waterfalls_are_sound_and_end_where_they_should() {
    for case in cases() {
        let step = |(label, size): &(String, f64)| WaterfallStep {
            label: label.clone(),
            change: -size,
            note: "（12%）".into(),
            aside: false,
        };
        let steps: Vec<WaterfallStep> = case.iter().map(step).collect();
        let start = WaterfallTotal { label: "基准情景".into(), value: 356.0 };
        let value = steps.iter().fold(start.value, |level, step| level + step.change);
        let table = WaterfallTable {
            frame: frame("瀑布图"),
            start,
            steps,
            end: WaterfallTotal { label: "强化低碳情景".into(), value },
        };
        sound(waterfall(&table));
        let plain = table.plain();
        let sum: f64 =
            plain.rows[..plain.rows.len() - 1].iter().map(|row| row[2].parse::<f64>().expect("a number")).sum();
        assert!((sum - value).abs() < 1e-9 * value.abs().max(356.0));
        let wrong = WaterfallTable { end: WaterfallTotal { value: value + 1.0, ..table.end.clone() }, ..table };
        assert!(waterfall(&wrong).is_err());
    }
    assert!(matches!(waterfall(&WaterfallTable::default()), Err(ChartError::Empty { .. })));
}

#[test]
fn cost_curves_are_sound() {
    for case in cases() {
        let step = |(label, size): &(String, f64)| CostStep {
            label: label.clone(),
            cut: 1.0 + size.abs(),
            cost_per_unit: *size,
        };
        let mut steps: Vec<CostStep> = case.iter().map(step).collect();
        steps.sort_by(|a, b| a.cost_per_unit.total_cmp(&b.cost_per_unit));
        let table =
            CostCurveTable { frame: frame("成本曲线"), steps, across: "累计减排量（万吨）".into() };
        let drawn = sound(cost_curve(&table));
        assert!(drawn.contains(&format!(">{}</text>", table.steps.len())), "the last measure has no number");
    }
    let nothing = CostStep { label: "甲".into(), cut: 0.0, cost_per_unit: 1.0 };
    assert!(cost_curve(&CostCurveTable { steps: vec![nothing], ..CostCurveTable::default() }).is_err());
}

#[test]
fn effects_are_sound_and_their_net_is_their_sum() {
    for count in [1, 3, 9, 12] {
        for sign in [1.0, -1.0, 0.3] {
            let column = |n: usize| EffectColumn {
                label: format!("{}–{}", 2015 + 5 * n, 2020 + 5 * n),
                note: "推算".into(),
            };
            let effect = |(n, label): (usize, &&str)| EffectBar {
                label: label.to_string(),
                hue: Hue::Nth(n),
                amounts: (0..count).map(|at| sign * (20.0 - 9.0 * n as f64 + at as f64)).collect(),
            };
            let names = ["人口", "人均 GDP", "单位 GDP 能耗", "单位能耗 CO2"];
            let table = EffectsTable {
                frame: frame("分解"),
                columns: (0..count).map(column).collect(),
                effects: names.iter().enumerate().map(effect).collect(),
                net: "净变化".into(),
            };
            sound(effects(&table));
            let net: f64 = table.plain().rows[4][3].parse().expect("a number");
            assert!((net - table.effects.iter().map(|effect| effect.amounts[0]).sum::<f64>()).abs() < 1e-12);
        }
    }
    let still = EffectBar { label: "人口".into(), hue: Hue::Nth(0), amounts: vec![0.0] };
    let table =
        EffectsTable { columns: vec![EffectColumn::default()], effects: vec![still], ..EffectsTable::default() };
    assert!(matches!(effects(&table), Err(ChartError::Empty { .. })));
}

#[test]
fn quadrants_are_sound_and_name_every_point() {
    for case in cases() {
        let point = |(n, (label, size)): (usize, &(String, f64))| QuadrantPoint {
            label: label.clone(),
            x: *size,
            y: size * (n as f64 - 3.0),
        };
        let table = QuadrantTable {
            frame: frame("象限"),
            across: "CO2 减排（万吨）".into(),
            quadrants: ["减污降碳协同", "降碳增污", "减污增碳", "碳污同增"].map(String::from),
            points: case.iter().enumerate().map(point).collect(),
            unlabelled: "图中未标注名称的措施".into(),
        };
        let drawn = sound(quadrant(&table));
        assert_eq!(drawn.matches("r=\"40\"").count(), table.points.len(), "a dot for each point");
    }
}

#[test]
fn sankeys_are_sound_and_pass_on_what_they_get() {
    for (items, sectors) in [(1, 1), (13, 8), (30, 2)] {
        let mut nodes = Vec::new();
        let mut links = Vec::new();
        let mut node = |column: usize, label: String| {
            nodes.push(Node { column, label, hue: Hue::Nth(column) });
            nodes.len() - 1
        };
        let middle: Vec<usize> = (0..sectors).map(|n| node(1, format!("部门{n}"))).collect();
        let gas = node(2, "CO2".into());
        let mut sums = vec![0.0; sectors];
        for item in 0..items {
            let from = node(0, format!("{item}{LONG}"));
            let value = 1000.0 / f64::from((item + 1) * (item + 1));
            sums[item as usize % sectors] += value;
            links.push(Link { from, to: middle[item as usize % sectors], value });
        }
        links.extend(middle.iter().zip(&sums).filter(|(_, sum)| **sum > 0.0).map(|(from, sum)| Link {
            from: *from,
            to: gas,
            value: *sum,
        }));
        let table =
            SankeyTable {
                frame: frame("流向"), headings: ["活动", "部门", "气体"].map(String::from), nodes, links
            };
        sound(sankey(&table));
        let mut broken = table.clone();
        broken.links[0].value *= 2.0;
        assert!(sankey(&broken).is_err());
    }
}

#[test]
fn bars_ranges_and_panels_are_sound() {
    for case in cases() {
        for columns in [1, 3] {
            let cell = |size: f64| Some((size, format!("{size:.1}"))).filter(|_| size != 1.5);
            let row = |(label, size): &(String, f64)| BarsRow {
                label: label.clone(),
                cells: vec![cell(*size); columns],
                bare: false,
            };
            let column =
                |n: usize| BarsColumn { heading: "温室气体（万吨 CO2e，GWP：AR5）".into(), hue: Hue::Nth(n) };
            let table = BarsTable {
                frame: frame("条形"),
                columns: (0..columns).map(column).collect(),
                rows: case.iter().map(row).collect(),
                missing: "未估算".into(),
                rule: None,
            };
            sound(bars(&table));
        }
        let row = |(n, (label, size)): (usize, &(String, f64))| RangeRow {
            label: label.clone(),
            value: "1,234 吨".into(),
            range: Some((-size.abs().min(99.0), size.abs())).filter(|_| n != 1),
            text: "−12% / +34%（82% 有范围）".into(),
        };
        sound(ranges(&RangesTable { frame: frame("范围"), rows: case.iter().enumerate().map(row).collect() }));
        let line = |size: f64| (0..40).map(|n| YearLevel { year: 2020 + n, level: size * f64::from(n) }).collect();
        let panel = |(_, size): &(String, f64)| Panel {
            heading: "NOx（万吨）".into(),
            lines: vec![line(*size), Vec::new()],
        };
        let lines =
            vec![("历史".to_string(), LineKind::History), (LONG.to_string(), LineKind::Projection(Hue::Nth(1)))];
        sound(panels(&PanelsTable { frame: frame("小图"), lines, panels: case.iter().take(9).map(panel).collect() }));
    }
}

#[test]
fn maps_are_sound_and_hatch_what_is_not_known() {
    let square = |east: f64, north: f64, size: f64| {
        vec![(east, north), (east + size, north), (east + size, north + size), (east, north + size), (east, north)]
    };
    let shape =
        |label: &str, polygons: Vec<Vec<Vec<(f64, f64)>>>, value| AreaPolygons { label: label.into(), polygons, value };
    let hole = vec![square(105.0, 29.0, 0.3), square(105.1, 29.1, 0.1)];
    let shapes = vec![
        shape("试验镇甲", vec![hole], Some(12.0)),
        shape("试验镇乙", vec![vec![square(105.3, 29.0, 0.3)], vec![square(105.7, 29.2, 0.02)]], Some(0.5)),
        shape(LONG, vec![vec![square(105.0, 29.3, 0.3)]], None),
    ];
    let table = MapTable { frame: frame("地图"), shapes, missing: "未估算".into() };
    let drawn = sound(map(&table));
    assert!(drawn.contains("未估算") && drawn.contains("试验镇甲"));
    let one = MapTable { shapes: vec![table.shapes[0].clone()], ..table.clone() };
    sound(map(&one));
    let unknown = MapTable { shapes: vec![table.shapes[2].clone()], ..table };
    assert!(matches!(map(&unknown), Err(ChartError::Empty { .. })));
}

#[test]
fn the_check_of_pictures_finds_what_is_wrong() {
    let head = "<svg width=\"100\" height=\"50\">\n";
    let text =
        |x: i32, size: i32| format!("<text x=\"{x}\" y=\"200\" font-size=\"{size}\" fill=\"#000\">甲乙</text>\n");
    assert!(faults(&format!("{head}{}", text(80, 116))).is_empty());
    assert!(faults(&format!("{head}{}{}", text(80, 116), text(90, 116)))[0].contains("lies on"));
    assert!(faults(&format!("{head}{}", text(700, 116)))[0].contains("leaves the page"));
    assert!(faults(&format!("{head}{}", text(80, 96)))[0].contains("too small"));
    assert!(
        faults(&format!("{head}<rect x=\"0\" y=\"0\" width=\"900\" height=\"8\"/>\n"))[0].contains("leaves the page")
    );
}
