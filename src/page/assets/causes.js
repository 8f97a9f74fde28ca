"use strict";
// Figures of measures: what each cuts, what it costs, what else it does; and what moved the totals.

const cutsOf = (scenario, metric, boundary, year) => rowsOf("contributions", { scenario, metric, boundary, year });
/** Whether a scenario and its base use the same measure, of which only the difference is shown. */
function sharesMeasures(code) {
  const { base, measures } = scenarioOf(code);
  return Boolean(base) && measures.some((measure) => scenarioOf(base).measures.some((other) => other.code === measure.code));
}
const boundaryOf = (metric) => (metric === "energy" ? "direct" : state.boundary);

/** From the base to the scenario, measure by measure. */
function waterfall() {
  const scenario = scenarioOf(state.scenario);
  if (!scenario || !state.year || (state.metric === STUDY.ghg && state.gwp !== STUDY.ghg)) return null;
  const cuts = cutsOf(state.scenario, state.metric, boundaryOf(state.metric), state.year).filter(({ shapley }) => shapley !== 0).sort((a, b) => b.shapley - a.shapley);
  const end = seriesOf(state.scenario, boundaryOf(state.metric), TOTAL, state.metric).get(state.year);
  if (!cuts.length || end === undefined) return null;
  const whole = cuts.reduce((sum, { shapley }) => sum + shapley, 0);
  const start = end + whole;
  const { factor, unit } = scaleOf(start, unitOf(state.metric));
  const KEPT = 12;
  const kept = cuts.filter(({ measure }, at) => at < KEPT || measure === "(growth)");
  const rest = cuts.filter((cut) => !kept.includes(cut)).reduce((sum, { shapley }) => sum + shapley, 0);
  const base = scenario.base ? scenarioName(scenario.base) : w("without_measures");
  const steps = [[base, start, "whole"], ...kept.map(({ measure, shapley }) => [measureName(measure), shapley, shapley > 0 ? "cut" : "rise"]), ...(Math.abs(rest) > 0 ? [[w("other_measures"), rest, rest > 0 ? "cut" : "rise"]] : []), [chosen(), end, "whole"]];
  let level = 0;
  const bars = steps.map(([name, value, kind]) => {
    const [from, to] = kind === "whole" ? [0, value] : [level - value, level];
    level = kind === "whole" ? value : level - value;
    return { name, value, kind, from: Math.min(from, to) * factor, height: Math.abs(to - from) * factor };
  });
  const colours = { whole: INK, cut: hue(0), rise: hue(7) };
  const way = whole >= 0 ? 1 : -1;
  const most = cuts.filter(({ measure }) => measure !== "(growth)").sort((a, b) => (b.shapley - a.shapley) * way)[0] || cuts[0];
  const lowest = Math.min(...bars.filter(({ kind }) => kind !== "whole").map(({ from }) => from));
  return {
    title: w(whole >= 0 ? "title_waterfall" : "title_waterfall_more", { year: state.year, scenario: chosen(), base, metric: metricOf(), cut: amount(Math.abs(whole), unitOf(state.metric)), measure: measureName(most.measure), share: amount(Math.abs(most.shapley), unitOf(state.metric)) }),
    note: `${w("note_waterfall", { unit, boundary: boundaryName(boundaryOf(state.metric)) })}${sharesMeasures(state.scenario) ? w("shared_measures") : ""}`,
    option: (width) => ({
      grid: grid({ left: 8, right: 70, top: 10 }),
      xAxis: { type: "value", min: Math.max(0, Math.floor((lowest * 0.9) / 10) * 10), ...axisStyle, axisLabel: { ...axisStyle.axisLabel, formatter: (value) => number(value, 6) } },
      yAxis: { type: "category", inverse: true, data: bars.map(({ name }) => name), ...axisStyle, axisLabel: { color: INK, fontSize: 12, width: width < 520 ? 110 : 200, overflow: "break" }, splitLine: { show: false } },
      tooltip: { trigger: "item", formatter: ({ dataIndex }) => tip(bars[dataIndex].name, [[colours[bars[dataIndex].kind], metricOf(), amount(bars[dataIndex].kind === "whole" ? bars[dataIndex].value : -bars[dataIndex].value, unitOf(state.metric))]]) },
      series: [
        { type: "bar", stack: "all", data: bars.map(({ from }) => from), itemStyle: { color: "transparent" }, silent: true },
        { type: "bar", stack: "all", barMaxWidth: 18, data: bars.map(({ height, kind }) => ({ value: height, itemStyle: { color: colours[kind] } })), label: { show: true, position: "right", color: INK, fontSize: 12, formatter: ({ dataIndex }) => number((bars[dataIndex].kind === "whole" ? 1 : -1) * bars[dataIndex].value * factor, 3) } },
      ],
    }),
    table: tableFrom([[w("column_measure"), "text"], [w("column_shapley"), "number"], [w("column_first_in"), "number"], [w("column_last_in"), "number"]], cuts.map(({ measure, shapley, first_in, last_in }) => [measureName(measure), shapley, first_in, last_in])),
    height: 60 + bars.length * 28,
  };
}

/** Names of what a drawing has room for numbers of. */
const numbered = (names) => names.map((name, at) => `${at + 1} ${name}`).join(w("strong_mark"));

/** Each measure as wide as what it cuts, as high as what a tonne of it costs. */
function costCurve() {
  const steps = rowsOf("costs", { scenario: state.scenario, year: state.year }).filter(({ tonnes }) => tonnes > 0).sort((a, b) => a.rank - b.rank);
  if (!steps.length) return null;
  const { factor, unit } = scaleOf(steps[steps.length - 1].to_t, "t");
  const free = steps.filter(({ cost_per_t }) => cost_per_t <= 0);
  const data = steps.map(({ from_t, to_t, cost_per_t, measure }) => [from_t * factor, to_t * factor, cost_per_t, measureName(measure)]);
  // Chinese letters are as wide as the font is high, others about half of that.
  const widthOf = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 12 : 7), 0);
  const draw = (params, api) => {
    const [from, to, cost] = [0, 1, 2].map((at) => api.value(at));
    const [left, top] = api.coord([from, Math.max(cost, 0)]);
    const [right, bottom] = api.coord([to, Math.min(cost, 0)]);
    const bar = { type: "rect", shape: { x: left, y: top, width: Math.max(right - left - 1, 1), height: Math.max(bottom - top, 1) }, style: { fill: cost <= 0 ? hue(6) : hue(0) } };
    // Every bar has its number, and its name where there is room; the note has all names.
    const at = params.dataIndex;
    const full = `${at + 1} ${data[at][3]}`;
    const wide = right - left > widthOf(full) + 4;
    // Numbers of narrow neighbours stand on two levels.
    const level = 4 + (right - left < 18 && at % 2 ? 14 : 0);
    const name = { type: "text", style: { text: wide ? full : String(at + 1), x: wide ? left + 2 : (left + right) / 2, align: wide ? "left" : "center", y: cost <= 0 ? bottom + level : top - level, verticalAlign: cost <= 0 ? "top" : "bottom", fill: INK, font: `12px ${FONT}` } };
    return { type: "group", children: [bar, name] };
  };
  return {
    title: w("title_costs", { year: state.year, scenario: chosen(), count: free.length, cut: amount(free.reduce((sum, { tonnes }) => sum + tonnes, 0), "t"), all: amount(steps[steps.length - 1].to_t, "t") }),
    note: `${w("note_costs")} ${numbered(data.map((row) => row[3]))}`,
    option: () => ({ grid: grid({ right: 30, bottom: 40 }), xAxis: { type: "value", name: w("axis_cut", { unit }), nameLocation: "middle", nameGap: 28, ...plainAxis }, yAxis: valueAxis(w("axis_cost")),
      tooltip: { trigger: "item", formatter: ({ data: [from, to, cost, name] }) => tip(name, [[null, w("column_tonnes"), `${number(to - from)} ${unit}`], [null, w("column_cost_per_t"), number(cost)]]) },
      series: [{ type: "custom", renderItem: draw, encode: { x: [0, 1], y: 2 }, data }] }),
    table: tableFrom([[w("column_measure"), "text"], [w("column_tonnes"), "number"], [w("column_cost_per_t"), "number"], [w("column_cost"), "number"], [w("column_invest"), "number"], [w("column_npv"), "number"]], steps.map((step) => [measureName(step.measure), step.tonnes, step.cost_per_t, step.cost, step.invest, step.npv])),
  };
}

let identity = null;
const identities = () => [...new Set(rowsOf("factors", {}).map((row) => row.identity))];

/** What moved the total from one plan period to the next. */
function factorsFigure() {
  if (identity === null) identity = identities().find((text) => text.startsWith(`${state.metric} `)) || identities()[0] || null;
  if (!identity) return null;
  const of = (scenario) => rowsOf("factors", { scenario, identity, boundary: boundaryOf(state.metric) });
  const rows = [...of(HISTORY), ...(state.scenario === HISTORY ? [] : of(state.scenario))];
  const periods = [...new Set(rows.map(({ from, to }) => `${from}–${to}`))];
  const factors = [...new Set(rows.map(({ factor }) => factor))].filter((factor) => factor !== "total");
  if (!periods.length || !factors.length) return null;
  const find = (period, factor) => rows.find((row) => `${row.from}–${row.to}` === period && row.factor === factor);
  const { factor: scale, unit } = scaleOf(Math.max(...rows.map(({ additive }) => Math.abs(additive))), rows[0].unit);
  const value = (period, factor) => { const row = find(period, factor); return row ? row.additive * scale : null; };
  const first = periods[0];
  const strongest = factors.map((factor) => [factor, value(first, factor) || 0]).sort((a, b) => b[1] - a[1]);
  const [up, down] = [strongest[0], strongest[strongest.length - 1]];
  const target = identity.split(" = ")[0];
  return {
    title: w("title_factors", { period: first, metric: metricName(target), up: factorName(up[0]), rise: `+${number(up[1], 3)} ${unit}`, down: factorName(down[0]), fall: `${number(down[1], 3)} ${unit}` }),
    note: w("note_factors", { identity: identityName(identity), unit, scenario: chosen() }),
    option: (width) => ({ grid: grid({ right: 20, top: 70 }), legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: { fontSize: 12 }, data: [...factors.map(factorName), w("change")] },
      xAxis: { type: "category", data: periods, ...axisStyle, axisLabel: { ...axisStyle.axisLabel, rotate: width < 700 && periods.length > 4 ? 40 : 0, interval: 0 } }, yAxis: valueAxis(unit),
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, formatter: (points) => tip(points[0].axisValue, points.filter((p) => p.value !== null).map((p) => [p.color, p.seriesName, `${number(p.value, 4)} ${unit}`])) },
      series: [...factors.map((factor, place) => ({ type: "bar", stack: "all", name: factorName(factor), barMaxWidth: 60, itemStyle: { color: factor === "(other)" ? "#bbb" : hue(place) }, data: periods.map((period) => value(period, factor)) })),
        { type: "scatter", name: w("change"), symbol: "diamond", symbolSize: 12, itemStyle: { color: INK }, data: periods.map((period) => value(period, "total")) }] }),
    table: tableFrom([[w("column_period"), "text"], ...factors.map((factor) => [`${factorName(factor)} (${unit})`, "number"]), [w("change"), "number"]], periods.map((period) => [period, ...factors.map((factor) => value(period, factor)), value(period, "total")])),
  };
}
const factorChoices = () => choice("choose-identity", w("choose_identity"), identities().map((text) => [text, identityName(text)]), identity, (text) => { identity = text; figures.find(({ id }) => id === "factors").renew(); });

/** CO2 and air pollutants: what a measure cuts of both. */
function cocontrolFigure() {
  const rows = rowsOf("cocontrol", { scenario: state.scenario, year: state.year, boundary: state.boundary, pollutant: "(all)", medium: "air" }).filter(({ equivalents, co2_cut_t }) => equivalents !== null && (equivalents !== 0 || co2_cut_t !== 0));
  if (!rows.length) return null;
  const { factor, unit } = scaleOf(Math.max(...rows.map(({ co2_cut_t }) => Math.abs(co2_cut_t))), "t");
  const both = rows.filter(({ co2_cut_t, equivalents }) => co2_cut_t > 0 && equivalents > 0);
  const worse = rows.filter(({ co2_cut_t, equivalents }) => (co2_cut_t > 0) !== (equivalents > 0) && co2_cut_t !== 0 && equivalents !== 0);
  const data = rows.map(({ measure, co2_cut_t, equivalents }) => ({ name: measureName(measure), value: [co2_cut_t * factor, equivalents], itemStyle: { color: co2_cut_t > 0 && equivalents > 0 ? hue(6) : co2_cut_t === 0 || equivalents === 0 ? "#767676" : hue(7) } }));
  return {
    title: w("title_cocontrol", { year: state.year, scenario: chosen(), both: both.length, worse: worse.length }),
    note: `${w("note_cocontrol", { unit })} ${numbered(data.map(({ name }) => name))}`,
    option: () => ({ grid: grid({ right: 40, bottom: 40 }), xAxis: { type: "value", name: w("axis_co2_cut", { unit }), nameLocation: "middle", nameGap: 28, ...plainAxis }, yAxis: valueAxis(w("axis_equivalents")),
      tooltip: { trigger: "item", formatter: ({ name, value }) => tip(name, [[null, chemical("CO2"), `${number(value[0])} ${unit}`], [null, w("equivalents"), number(value[1])]]) },
      series: [{ type: "scatter", symbolSize: 11, data, label: { show: true, formatter: ({ dataIndex }) => String(dataIndex + 1), position: "right", color: INK, fontSize: 12 } },
        { type: "line", name: "", data: [], markLine: { silent: true, symbol: "none", lineStyle: { color: "#9a9a9a", type: "solid" }, label: { show: false }, data: [{ xAxis: 0 }, { yAxis: 0 }] } }] }),
    table: tableFrom([[w("column_measure"), "text"], [`${w("column_co2_cut_t")} (${w("unit_t")})`, "number"], [w("equivalents"), "number"], [w("column_elasticity"), "number"], [w("column_quadrant"), "word"]], rows.map((row) => [measureName(row.measure), row.co2_cut_t, row.equivalents, row.elasticity, row.quadrant])),
  };
}
