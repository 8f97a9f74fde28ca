//! The answers to goal seeks and of portfolios as sentences.

use crate::error::{Text, legible};
use crate::plan::Plan;
use crate::portfolio::{MeasureChoice, Portfolio, PortfolioProblem, PortfolioSolution};
use crate::say;
use crate::scenario::ScenarioSet;
use crate::seek::{self, Control, ControlVariable, TargetFunction, TargetReading};
use crate::target::{Goal, Target};

/// A goal seek and its solution.
pub struct GoalSeek<'a> {
    pub scenarios: &'a ScenarioSet,
    pub plan: &'a Plan,
    pub target: &'a TargetFunction<'a>,
    pub variable: &'a ControlVariable,
    pub control: &'a Control,
    pub solution: &'a seek::SeekSolution,
}

/// All sentences of a solution, the verdict first.
pub fn sought(seek: &GoalSeek<'_>) -> Vec<Text> {
    let GoalSeek { scenarios, plan, target: gauge, variable: lever, control: dial, solution: answer } = seek;
    let mut lines = vec![heading(gauge.target, plan)];
    let Text { zh: turned_zh, en: turned_en } = turned(lever);
    let (value, planned, most) = (digits(answer.value), digits(dial.planned), digits(dial.most));
    let Text { zh, en } = reached(gauge, &answer.reading);
    lines.push(match answer.met {
        true if answer.value == 0.0 => {
            say!("不需要这些措施即可达到：{turned_zh} = 0 时，{zh}", "met without it: with {turned_en} at 0 {en}")
        }
        true => say!(
            "可以达到：{turned_zh} = {value}（方案所写为 {planned}，最大 {most}）时，{zh}",
            "reachable: with {turned_en} at {value} (planned {planned}, at most {most}) {en}"
        ),
        false => say!(
            "不能达到：最好的结果在 {turned_zh} = {value}（最大 {most}），{zh}",
            "not reachable: best is {turned_en} at {value} (at most {most}), where {en}"
        ),
    });
    if !answer.met {
        lines.push(relaxation(gauge, &answer.reading));
    }
    lines.push(binding((scenarios, plan), (dial, answer)));
    lines.push(course(gauge, answer));
    if let Some(slope) = answer.slope {
        let (slope, unit) = (digits(slope / 100.0), unit(gauge));
        lines.push(say!(
            "在此处，{turned_zh} 每增加 0.01，结果变化 {slope}{unit}",
            "here 0.01 more of {turned_en} changes what is reached by {slope}{unit}"
        ));
    }
    if !answer.monotone {
        lines.push(say!(
            "注意：力度加大时结果并非一直变好；所给为满足目标（或最接近目标）的最小值",
            "note: more of it does not always make the result better; given is the smallest value that meets the target, or comes nearest"
        ));
    }
    let runs = answer.runs;
    lines.push(say!("模型运行 {runs} 次", "runs of the model: {runs}"));
    lines
}

fn heading(target: &Target, plan: &Plan) -> Text {
    let (code, title, scenario, name) = (&target.code, &target.title, &plan.code, &plan.title);
    let Text { zh, en } = if title.is_empty() { say!("", "") } else { say!("{title}；", "{title}; ") };
    let (metric, boundary) = (target.metric.name(), target.boundary.word());
    say!(
        "目标 {code}（{zh}{metric}，{boundary}），情景 {scenario}（{name}）",
        "target {code} ({en}{metric}, {boundary}), scenario {scenario} ({name})"
    )
}

fn turned(lever: &ControlVariable) -> Text {
    match lever {
        ControlVariable::Measure(name) => say!("措施 {name} 的力度", "the level of {name}"),
        ControlVariable::Ambition => say!("全部措施的力度倍数 λ", "the ambition λ of all measures"),
        ControlVariable::Group(names) => {
            let names = names.join(", ");
            say!("措施组（{names}）的力度倍数 λ", "the ambition λ of {names}")
        }
    }
}

fn unit(gauge: &TargetFunction<'_>) -> String {
    if gauge.unit() == "1" { String::new() } else { format!(" {}", gauge.unit()) }
}

/// What a run reaches, beside what is required.
fn reached(gauge: &TargetFunction<'_>, reading: &TargetReading) -> Text {
    let (year, unit) = (gauge.target.year, unit(gauge));
    let (required, residual) = (digits(reading.required), format!("{:.3e}", reading.margin + 0.0));
    match (&gauge.target.goal, reading.reached) {
        (Goal::PeakBy { year }, Some(reached)) => {
            say!("于 {reached} 年达峰，要求不晚于 {year} 年", "the peak is in {reached}, required by {year}")
        }
        (Goal::PeakBy { year }, None) => {
            say!("规划期内未达峰，要求不晚于 {year} 年", "there is no peak within the horizon, required by {year}")
        }
        (_, reached) => {
            let reached = reached.map_or("–".to_string(), digits);
            say!(
                "{year} 年为 {reached}{unit}，要求 {required}{unit}（余量 {residual}）",
                "{year} reaches {reached}{unit}, required {required}{unit} (residual {residual})"
            )
        }
    }
}

/// By how much the target would have to give way.
fn relaxation(gauge: &TargetFunction<'_>, reading: &TargetReading) -> Text {
    let lacking = -reading.margin;
    let excess = digits(reading.excess.unwrap_or(0.0) * 100.0);
    match &gauge.target.goal {
        Goal::PeakBy { .. } if reading.reached.is_none() => say!(
            "最小放宽：至少推迟 {lacking} 年，规划期内没有峰值（此后年份最高比此前高 {excess}%）",
            "the smallest relaxation is {lacking} years at least: no peak lies within the horizon (later years rise {excess}% above the highest until then)"
        ),
        Goal::PeakBy { .. } => say!(
            "最小放宽：推迟 {lacking} 年（此后年份最高比此前高 {excess}%）",
            "the smallest relaxation is {lacking} years (later years rise {excess}% above the highest until then)"
        ),
        _ if gauge.unit() == "1" => {
            let points = digits(lacking * 100.0);
            say!("最小放宽：{points} 个百分点", "the smallest relaxation is {points} percentage points")
        }
        _ => {
            let (lacking, unit) = (digits(lacking), gauge.unit());
            say!("最小放宽：{lacking} {unit}", "the smallest relaxation is {lacking} {unit}")
        }
    }
}

/// What stands in the way of more, or of less.
fn binding((plans, plan): (&ScenarioSet, &Plan), (dial, answer): (&Control, &seek::SeekSolution)) -> Text {
    let code = |level: &usize| plans.measures[plan.levels[*level].measure].code.as_str();
    let full = answer.full.iter().map(code).collect::<Vec<_>>().join(", ");
    match (answer.met, full.is_empty()) {
        (true, _) if answer.value == 0.0 => say!("没有约束在起作用", "nothing binds"),
        (true, true) => say!(
            "起约束作用的是目标本身；没有措施达到满力度",
            "the target itself binds; no measure is at its full level"
        ),
        (true, false) => say!(
            "起约束作用的是目标本身；已达满力度的措施：{full}",
            "the target itself binds; at their full level already: {full}"
        ),
        (false, _) if dial.crowded => say!(
            "起约束作用的是相加的措施：合计已占满（另已满力度：{full}）",
            "measures that add up bind: together they take all there is (at their full level: {full})"
        ),
        (false, true) => say!("力度再大也不会更好", "more of it would not be better"),
        (false, false) => say!("起约束作用的是满力度的措施：{full}", "the full level of measures binds: {full}"),
    }
}

/// What the lever does from end to end.
fn course(gauge: &TargetFunction<'_>, answer: &seek::SeekSolution) -> Text {
    let unit = if gauge.is_peak() { String::new() } else { unit(gauge) };
    let of = |reading: &TargetReading| reading.reached.map_or("–".to_string(), |value| digits(value) + &unit);
    let (least, planned, most) = (of(&answer.least), of(&answer.planned), of(&answer.most));
    say!(
        "力度为 0 时 {least}，按方案 {planned}，最大时 {most}",
        "at 0: {least}; as planned: {planned}; at most: {most}"
    )
}

/// Ten significant digits, without zeros at the end.
pub fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value:.0}");
    }
    if !(1e-15..1e15).contains(&value.abs()) {
        return legible(format!("{value:.9e}").parse().unwrap_or(value));
    }
    let decimals = usize::try_from(9 - value.abs().log10().floor() as i64).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// What a portfolio uses, what it costs, and how far the program is from the simulation; where it is not within the budget, what would
/// have to be invested.
pub fn chosen((desk, plan): (&PortfolioProblem<'_>, &Plan), answer: &PortfolioSolution) -> Vec<Text> {
    let found = &answer.chosen;
    let mut lines = Vec::new();
    if let Some(budget) = desk.request.budget.filter(|_| !found.met) {
        lines.extend(not_within((desk, plan), (budget, answer.beyond.as_ref())));
    }
    lines.extend(kept((desk, plan), found));
    lines.extend(used((desk, plan), found));
    let fixed = desk.fixed().into_iter().map(|level| code((desk, plan), level)).collect::<Vec<_>>().join(", ");
    if !fixed.is_empty() {
        lines.push(say!(
            "未写明成本、保持情景所定力度的措施：{fixed}",
            "left as the scenario has them, for they have no cost: {fixed}"
        ));
    }
    lines.push(priced(found));
    let (gap, rounds) = (format!("{:.2e}", found.gap * 100.0), found.rounds);
    lines.push(say!(
        "规划与模拟的最大差距 {gap}%，线性化 {rounds} 轮",
        "greatest gap between program and simulation {gap}%, linearised {rounds} times"
    ));
    lines
}

fn code<'p>((desk, plan): (&PortfolioProblem<'p>, &Plan), level: usize) -> &'p str {
    &desk.ground.plans.measures[plan.levels[level].measure].code
}

fn priced(found: &Portfolio) -> Text {
    let (cost, invest) = (digits(found.cost() / 1e4), digits(found.investment() / 1e4));
    say!(
        "成本现值 {cost} 万元，投资 {invest} 万元",
        "present value of costs {cost} × 10⁴ yuan, investment {invest} × 10⁴ yuan"
    )
}

fn used((desk, plan): (&PortfolioProblem<'_>, &Plan), found: &Portfolio) -> Vec<Text> {
    let of = |(choice, used): (&MeasureChoice, &f64)| {
        let (code, used) = (code((desk, plan), choice.level), digits(*used));
        match choice.start {
            None => say!("  {code}：力度 {used}", "  {code}: level {used}"),
            Some(start) => say!("  {code}：力度 {used}，{start} 年起", "  {code}: level {used}, from {start} on"),
        }
    };
    found.choices.iter().zip(&found.used).filter(|(_, used)| **used > 0.0).map(of).collect()
}

/// What meets the targets with the least investment, where the budget does not do.
fn not_within((desk, plan): (&PortfolioProblem<'_>, &Plan), (budget, beyond): (f64, Option<&Portfolio>)) -> Vec<Text> {
    let budget = digits(budget / 1e4);
    let Some(beyond) = beyond else {
        return vec![say!(
            "投资上限 {budget} 万元之内不能达到目标，取消上限也不能；以下为上限内最接近目标的组合",
            "not within the budget of {budget} × 10⁴ yuan, nor with any other; what follows is the portfolio within it that comes nearest"
        )];
    };
    let invest = digits(beyond.investment() / 1e4);
    let mut lines = vec![say!(
        "投资上限 {budget} 万元之内不能达到目标；达到目标至少需投资 {invest} 万元，组合为：",
        "not within the budget of {budget} × 10⁴ yuan: the targets take at least {invest} × 10⁴ yuan of investment, with"
    )];
    lines.extend(used((desk, plan), beyond));
    lines.push(priced(beyond));
    lines.push(say!(
        "以下为上限内最接近目标的组合",
        "what follows is the portfolio within the budget that comes nearest"
    ));
    lines
}

/// What becomes of each target.
fn kept((desk, plan): (&PortfolioProblem<'_>, &Plan), found: &Portfolio) -> Vec<Text> {
    let is_limited = desk.request.budget.is_some();
    let mut lines = Vec::new();
    for (gauge, (promised, simulated)) in desk.request.gauges.iter().zip(found.promised.iter().zip(&found.simulated)) {
        lines.push(heading(gauge.target, plan));
        let Text { zh, en } = reached(gauge, simulated);
        lines.push(match (simulated.is_met(), found.met) {
            (true, true) => say!("最小成本组合可以达到：{zh}", "met at least cost: {en}"),
            (true, false) => say!("此组合达到：{zh}", "met by this portfolio: {en}"),
            (false, _) if is_limited => {
                say!("上限内没有组合能达到；最好的结果：{zh}", "no portfolio within the budget meets it; at best {en}")
            }
            (false, _) => say!("没有组合能达到；最好的结果：{zh}", "no portfolio meets it; at best {en}"),
        });
        if !simulated.is_met() {
            lines.push(relaxation(gauge, simulated));
        }
        let promise = promised.reached.map_or("–".to_string(), digits);
        lines.push(say!("线性规划给出的值：{promise}", "the program had it at {promise}"));
    }
    lines
}
