"use strict";
// Figures over the years: totals, sectors, energy, intensities, draws.

const solid = (colour, width = 2.5) => ({ color: colour, width });
const dashed = (colour, width = 2.5) => ({ color: colour, width, type: [6, 4] });
const clipped = (values, years) => years.map((year) => (values.has(year) ? values.get(year) : null));
const largestOf = (lists) => Math.max(0, ...lists.flatMap((values) => [...values.values()].map(Math.abs)));
const chosen = () => scenarioName(state.scenario);
const metricOf = () => (state.metric === STUDY.ghg ? w("metric_ghg", { set: setName(state.gwp) }) : metricName(state.metric));
const recomputed = () => (state.metric === STUDY.ghg && state.gwp !== STUDY.ghg ? w("recomputed", { set: state.gwp, own: STUDY.ghg }) : "");

/** One line in the tooltip of a year for every series that has a value in it. */
const yearTip = (unit) => ({
  trigger: "axis",
  formatter: (points) => {
    const rows = points.filter((point) => point.value !== null && point.value !== undefined && point.seriesName !== "")
      .map((point) => [point.color, point.seriesName, `${number(point.value, 5)} ${unit}`]);
    const seen = new Set();
    return tip(points.length ? points[0].axisValue : "", rows.filter(([, name]) => !seen.has(name) && seen.add(name)));
  },
});

const endLabel = (text) => ({ show: true, formatter: text, color: INK, fontSize: 12, distance: 8, width: 118, overflow: "break" });
const moved = { labelLayout: { moveOverlap: "shiftY" } };

/** A line: solid in history, dashed where it is projected. */
function projection(name, colour, values, years, extra) {
  const after = new Map([...values].filter(([year]) => year >= STUDY.anchor));
  return { type: "line", name, data: clipped(after, years), showSymbol: false, lineStyle: dashed(colour), itemStyle: { color: colour }, endLabel: endLabel(name), ...moved, ...extra };
}

function history(values, years, colour = INK, name = w("history")) {
  const before = new Map([...values].filter(([year]) => year <= STUDY.anchor));
  return { type: "line", name, data: clipped(before, years), symbol: "circle", symbolSize: 6, lineStyle: solid(colour), itemStyle: { color: colour } };
}

/** Where history ends, and what is asked of the district. */
function verticals(years, marks) {
  const data = marks.filter(([year]) => years.includes(year)).map(([year, text, colour]) => ({ xAxis: String(year), lineStyle: { color: colour, type: "dotted", width: 1.5 }, label: { formatter: text, color: colour, fontSize: 12, position: "end", distance: 4 } }));
  return { type: "line", name: "", data: [], markLine: { silent: true, symbol: "none", data } };
}

function peakGoals() {
  const asks = (target) => target.goal[0] === "peak_by" && (target.metric === state.metric || (target.metric === "GHG" && state.metric === STUDY.ghg));
  return DATA.targets.filter(asks).map((target) => [target.goal[1], w("goal_peak", { year: target.goal[1] }), TARGET]);
}

function valuesTable(years, lists, unit, factor = 1) {
  return tableFrom([[w("column_year"), "year"], ...lists.map(([name]) => [unit ? `${name} (${unit})` : name, "number"])],
    years.filter((year) => lists.some(([, values]) => values.has(year))).map((year) => [year, ...lists.map(([, values]) => (values.has(year) ? values.get(year) * factor : null))]));
}

/** On which side of its dot the year of each peak stands, so that years near each other do not cover each other. */
function sides(peaks, perYear) {
  const found = peaks.map(() => null);
  const places = peaks.map((peak, place) => place).filter((place) => peaks[place]);
  // The lowest of those near each other has its year below the dot, where no other line passes.
  places.sort((a, b) => peaks[a].peak_value - peaks[b].peak_value);
  for (const place of places) {
    const near = places.filter((other) => other !== place && Math.abs(peaks[other].last_peak_year - peaks[place].last_peak_year) * perYear < 44);
    const taken = near.map((other) => found[other]);
    const lowest = near.length > 0 && near.every((other) => found[other] === null);
    found[place] = lowest ? "bottom" : ["top", "right", "bottom", "left"].find((side) => !taken.includes(side)) || "top";
  }
  return found;
}

function trajectory() {
  const years = shownYears();
  const all = (SCENARIOS.length ? SCENARIOS.map(({ code }) => code) : [HISTORY]).map((code) => [code, seriesOf(code, state.boundary, TOTAL, state.metric)]);
  if (!all.some(([, values]) => values.size > 1)) return null;
  const { factor, unit } = scaleOf(largestOf(all.map(([, values]) => values)), unitOf(state.metric));
  const scaled = all.map(([code, values]) => [code, new Map([...values].map(([year, value]) => [year, value * factor]))]);
  const summits = scaled.filter(([code]) => code !== HISTORY).map(([code]) => peakOf(code, state.metric, state.boundary))
    .map((peak) => (peak && peak.verdict !== "not_within_horizon" && years.includes(peak.last_peak_year) && peak.last_peak_year >= STUDY.anchor ? peak : null));
  const series = (width) => scaled.filter(([code]) => code !== HISTORY).map(([code, values], place) => {
    const peak = summits[place];
    const position = sides(summits, (width - 150) / years.length)[place];
    const at = peak ? [{ coord: [String(peak.last_peak_year), peak.peak_value * factor], label: { formatter: String(peak.last_peak_year), position } }] : [];
    return projection(scenarioName(code), hue(place), values, years, { markPoint: { symbol: "circle", symbolSize: 10, data: at, itemStyle: { color: "#fff", borderColor: hue(place), borderWidth: 3 }, label: { color: INK, fontSize: 12, fontWeight: "bold", backgroundColor: "rgba(255,255,255,.85)", padding: [1, 3] } } });
  });
  const caps = DATA.targets.filter(({ goal, metric, boundary }) => goal[0] === "cap" && metric === state.metric && boundary === state.boundary);
  const dots = { type: "scatter", name: w("target"), symbol: "diamond", symbolSize: 12, itemStyle: { color: TARGET }, data: caps.map(({ goal, year }) => [String(year), goal[1] * factor]) };
  const findings = all.filter(([code]) => code !== HISTORY).map(([code]) => w("finding", { name: scenarioName(code), peak: peakWords(peakOf(code, state.metric, state.boundary)) }));
  return {
    title: findings.length ? w("title_totals", { metric: metricOf(), findings: joined(findings) }) : w("title_history", { metric: metricOf(), from: STUDY.years[0], to: STUDY.anchor }),
    note: [w("note_totals", { boundary: boundaryName(state.boundary), unit }), recomputed()].filter(Boolean).join(" "),
    option: (width) => ({ grid: grid({ right: width < 520 ? 90 : 130 }), tooltip: yearTip(unit), xAxis: yearAxis(years), yAxis: valueAxis(`${metricOf()} (${unit})`), dataZoom: zoom,
      series: [history(scaled[0][1], years), ...series(width), dots, verticals(years, peakGoals())] }),
    table: valuesTable(years, all.map(([code, values]) => [scenarioName(code), values]), w(`unit_${unitOf(state.metric).replace(/ /g, "_").toLowerCase()}`)),
    height: 440,
  };
}

/** Layers above zero in the order of the plan's sectors, sinks below it, and the sum as a line. */
function layered(lists, sum, years, unit) {
  const areas = lists.map(([name, values, colour]) => ({ type: "line", name, stack: "all", data: clipped(values, years), showSymbol: false, lineStyle: { width: 0 }, areaStyle: { color: colour, opacity: 0.85 }, itemStyle: { color: colour } }));
  const marks = SCENARIOS.length && state.scenario !== HISTORY ? [[STUDY.anchor, w("projected_after"), GREY]] : [];
  const line = sum ? [{ ...history(sum, years, INK, w("sum")), symbolSize: 0 }, { ...projection(w("sum"), INK, sum, years), endLabel: { show: false } }] : [];
  return (width) => ({ grid: grid({ right: 24, top: 76 }), legend: { type: "plain", top: 0, left: 0, itemWidth: 14, itemHeight: 10, itemGap: width < 520 ? 8 : 14, textStyle: { fontSize: 12, color: INK }, icon: "roundRect", data: lists.map(([name]) => name) }, tooltip: yearTip(unit), xAxis: yearAxis(years), yAxis: valueAxis(unit), dataZoom: zoom, series: [...areas, ...line, verticals(years, marks)] });
}

function sectors() {
  const years = shownYears();
  const groups = groupsOf(state.boundary, state.metric);
  if (!groups.length || state.metric === "energy") return null;
  const all = groups.map((group) => [group, seriesOf(state.scenario, state.boundary, group, state.metric)]);
  const purchased = purchasedOf(all);
  if (!all.some(([, values]) => values.size)) return null;
  const sum = seriesOf(state.scenario, state.boundary, TOTAL, state.metric);
  if (!sum.size) return null;
  const { factor, unit } = scaleOf(largestOf([sum]), unitOf(state.metric));
  const scaled = (values) => new Map([...values].map(([year, value]) => [year, value * factor]));
  const lists = [...all, ...purchased].map(([group, values]) => [group === "purchased" ? w("purchased") : sectorName(group), scaled(values), hue(SECTOR_HUES[group] ?? 5)]);
  const year = years.includes(state.year) && sum.has(state.year) ? state.year : years[years.length - 1];
  const largest = [...all, ...purchased].map(([group, values]) => [group, values.get(year) || 0]).sort((a, b) => b[1] - a[1])[0];
  const positive = [...all, ...purchased].reduce((part, [, values]) => part + Math.max(0, values.get(year) || 0), 0);
  return {
    title: w("title_sectors", { scenario: chosen(), year, metric: metricOf(), sector: largest[0] === "purchased" ? w("purchased") : sectorName(largest[0]), share: percent(largest[1] / positive, 0) }),
    note: [w("note_sectors", { boundary: boundaryName(state.boundary), unit }), recomputed()].filter(Boolean).join(" "),
    option: layered(lists, scaled(sum), years, unit),
    table: valuesTable(years, [...all, ...purchased].map(([group, values]) => [group === "purchased" ? w("purchased") : sectorName(group), values]), w("unit_t")),
  };
}

/** Purchased energy is booked in sectors of its own boundary: what they have more there is shown by itself. */
function purchasedOf(all) {
  if (state.boundary !== "direct+purchased") return [];
  const more = new Map();
  for (const entry of all) {
    const direct = seriesOf(state.scenario, "direct", entry[0], state.metric);
    for (const [year, value] of entry[1]) {
      const rest = value - (direct.get(year) || 0);
      if (Math.abs(rest) > 1e-9 * Math.abs(value)) more.set(year, (more.get(year) || 0) + rest);
    }
    const known = entry[1];
    entry[1] = new Map([...direct].filter(([year]) => known.has(year)));
  }
  return more.size ? [["purchased", more]] : [];
}

const KIND_ORDER = ["coal", "oil", "gas", "electricity", "heat", "biomass", "renewable", "nuclear"];
const KIND_HUES = { coal: 5, oil: 7, gas: 1, electricity: 0, heat: 3, biomass: 6, renewable: 2, nuclear: 4 };

function energyMix() {
  const years = shownYears();
  const kinds = KIND_ORDER.filter((kind) => energyKinds.includes(kind));
  const all = kinds.map((kind) => [kind, energyOf(state.scenario, kind)]).filter(([, values]) => values.size);
  if (!all.length) return null;
  const sum = new Map();
  for (const [, values] of all) for (const [year, value] of values) sum.set(year, (sum.get(year) || 0) + value);
  const { factor, unit } = scaleOf(largestOf([sum]), "tce");
  const scaled = (values) => new Map([...values].map(([year, value]) => [year, value * factor]));
  const last = Math.max(...[...sum.keys()].filter((year) => years.includes(year)));
  const year = sum.has(state.year) ? state.year : last;
  const largest = all.map(([kind, values]) => [kind, values.get(year) || 0]).sort((a, b) => b[1] - a[1])[0];
  return {
    title: w("title_energy", { scenario: chosen(), year, kind: word(largest[0]), share: percent(largest[1] / sum.get(year), 0) }),
    note: w("note_energy", { unit }),
    option: layered(all.map(([kind, values]) => [word(kind), scaled(values), hue(KIND_HUES[kind])]), null, years, unit),
    table: valuesTable(years, all.map(([kind, values]) => [word(kind), values]), w("unit_tce")),
  };
}

/** Indicators that are a metric over an indicator of the economy, without their cuts. */
const intensities = [...new Set(DATA.series.indicators.map((row) => row[1]))].filter((name) => name.includes(" per ") && !/ cut( |$)/.test(name));
let intensity = null;
const indicatorName = (name) => {
  const [metric, boundary] = name.split(/ \((.+)\)$/);
  return boundary ? `${metricName(metric)}${w("in_parentheses", { text: boundaryName(boundary) })}` : metricName(metric);
};
const goalsOf = (name) => DATA.targets.filter((target) => name === (target.boundary === "direct" || target.metric.startsWith("energy per") ? target.metric : `${target.metric} (${target.boundary})`) && (target.goal[0] === "cut" || target.goal[0] === "cap"));
intensity = intensities.find((name) => goalsOf(name).length) || intensities[0] || null;

function intensityFigure() {
  if (!intensity) return null;
  const years = shownYears();
  const codes = SCENARIOS.length ? SCENARIOS.map(({ code }) => code) : [HISTORY];
  const all = codes.map((code) => [code, indicatorOf(code, intensity).values]);
  if (!all.some(([, values]) => values.size > 1)) return null;
  const { unit } = indicatorOf(codes[0], intensity);
  const base = all[0][1];
  const goals = goalsOf(intensity).map(({ goal, year, title }) => [year, goal[0] === "cut" ? (base.has(goal[1]) ? base.get(goal[1]) * (1 - goal[2]) : null) : goal[1], title]).filter(([, value]) => value !== null);
  const dots = { type: "scatter", name: w("target"), symbol: "diamond", symbolSize: 13, itemStyle: { color: TARGET }, data: goals.map(([year, value]) => [String(year), value]), label: { show: true, formatter: w("target"), position: "bottom", color: TARGET, fontSize: 12 } };
  // The next target's years; without one from the inventory's last year to that of the measures, or the inventory's own.
  const next = goalsOf(intensity).find(({ goal, year }) => goal[0] === "cut" && year > STUDY.anchor);
  const ahead = SCENARIOS.length > 0 && (next || state.year);
  const [from, to] = next ? [next.goal[1], next.year] : ahead ? [STUDY.anchor, state.year] : [STUDY.base_year, STUDY.anchor];
  const told = ahead ? all : all.slice(0, 1);
  const cuts = told.filter(([, values]) => values.has(from) && values.has(to)).map(([code, values]) => `${scenarioName(code)} ${percent(1 - values.get(to) / values.get(from))}`);
  return {
    title: w("title_intensity", { name: indicatorName(intensity), from, to, cuts: joined(cuts) }),
    note: w("note_intensity", { unit, goals: joined(goalsOf(intensity).map(({ title, year, source }) => `${title}${w("in_parentheses", { text: `${year}${source ? ` · ${source}` : ""}` })}`)) || w("none") }),
    option: (width) => ({ grid: grid({ right: width < 520 ? 90 : 130 }), tooltip: yearTip(unit), xAxis: yearAxis(years), yAxis: valueAxis(unit), dataZoom: zoom,
      series: [history(base, years), ...all.filter(([code]) => code !== HISTORY).map(([code, values], place) => projection(scenarioName(code), hue(place), values, years)), dots] }),
    table: valuesTable(years, all.map(([code, values]) => [scenarioName(code), values]), unit),
  };
}
const intensityChoices = () => choice("choose-intensity", w("choose_intensity"), intensities.map((name) => [name, indicatorName(name)]), intensity, (name) => { intensity = name; figures.find(({ id }) => id === "intensity").renew(); });

/** Everything relative to one year, so that what falls and what does not can be told apart. */
function relatives(id) {
  const years = shownYears();
  // Of history alone lines part from its first year on, so that their ends stand apart.
  const base = SCENARIOS.length ? STUDY.anchor : STUDY.years[0];
  const wanted = id === "beside" ? [["energy", "direct"], ["CO2", "direct"], ["CO2", "direct+purchased"]] : STUDY.pollutants.filter((code) => (DATA.names.pollutant[code] || [])[2] !== "ghg" && (DATA.names.pollutant[code] || [])[2] !== "memo").map((code) => [code, state.boundary]);
  const all = wanted.map(([metric, boundary]) => {
    const values = seriesOf(state.scenario, boundary, TOTAL, metric);
    const whole = values.get(base);
    const name = id === "beside" && metric !== "energy" ? `${metricName(metric)}${w("in_parentheses", { text: boundaryName(boundary) })}` : metricName(metric);
    return [name, new Map(whole > 0 ? [...values].map(([year, value]) => [year, (value / whole) * 100]) : []), metric, boundary];
  }).filter(([, values]) => values.size > 1);
  if (all.length < (id === "beside" ? 2 : 1)) return null;
  const series = all.flatMap(([name, values], place) => [{ ...history(values, years, hue(place), name), symbolSize: 4 }, projection(name, hue(place), values, years)]);
  const last = all.filter(([, values]) => values.has(state.year)).map(([name, values]) => [name, values.get(state.year) - 100]).sort((a, b) => a[1] - b[1]);
  const title = id === "beside" && state.scenario !== HISTORY
    ? w("title_beside", { scenario: chosen(), findings: joined(all.map(([name, , metric, boundary]) => w("finding", { name, peak: peakWords(peakOf(state.scenario, metric, boundary)) }))) })
    : last.length ? w("title_relative", { scenario: chosen(), base, year: state.year, least: last[0][0], fall: signed(last[0][1]), most: last[last.length - 1][0], rise: signed(last[last.length - 1][1]) }) : w("title_relative_history", { base });
  return {
    title,
    note: w("note_relative", { base, boundary: boundaryName(state.boundary) }),
    option: (width) => ({ grid: grid({ right: width < 520 ? 80 : 150 }), tooltip: yearTip("%"), xAxis: yearAxis(years), yAxis: valueAxis(w("axis_relative", { base }), { scale: true }), dataZoom: zoom, series }),
    table: valuesTable(years, all.map(([name, values]) => [name, values]), "%"),
  };
}
const signed = (value) => `${value > 0 ? "+" : ""}${number(value, 3)}%`;

/** Quantiles of draws as bands around the median. */
function fan() {
  if (!DATA.fans || !DATA.fans.series.length) return null;
  const found = DATA.fans.series.find(([scenario, metric, boundary]) => scenario === state.scenario && metric === state.metric && (boundary === state.boundary || metric === "energy"));
  if (!found || state.gwp !== STUDY.ghg) return null;
  const [, , , unitCode, fanYears, quantiles] = found;
  const years = shownYears();
  const { factor, unit } = scaleOf(Math.max(...quantiles[quantiles.length - 1].map(Math.abs)), unitCode);
  const at = quantiles.map((values) => new Map(fanYears.map((year, place) => [year, values[place] * factor])));
  const band = (low, high, name, opacity) => [
    { type: "line", name: "", stack: name, data: clipped(at[low], years), showSymbol: false, lineStyle: { width: 0 }, silent: true },
    { type: "line", name: "", stack: name, data: years.map((year) => (at[low].has(year) ? at[high].get(year) - at[low].get(year) : null)), showSymbol: false, lineStyle: { width: 0 }, areaStyle: { color: hue(0), opacity }, silent: true },
  ];
  const chance = DATA.probabilities.filter(({ metric, boundary, target }) => metric === state.metric && boundary === state.boundary && target === null);
  const shares = DATA.fans.shares;
  const past = seriesOf(HISTORY, state.boundary, TOTAL, state.metric);
  return {
    title: chance.length ? w("title_fan", { year: chance[0].year, metric: metricOf(), findings: joined(chance.map(({ scenario, shown: share }) => `${scenarioName(scenario)} ${share}`)) }) : w("title_fan_plain", { scenario: chosen(), metric: metricOf() }),
    note: w("note_fan", { scenario: chosen(), draws: number(DATA.fans.draws, 9), seed: DATA.fans.seed, unit, wide: `${percent(shares[0], 0)}–${percent(shares[4], 0)}`, narrow: `${percent(shares[1], 0)}–${percent(shares[3], 0)}` }),
    option: () => ({ grid: grid({ right: 90 }), xAxis: yearAxis(years), yAxis: valueAxis(unit, { scale: true }), dataZoom: zoom,
      tooltip: { trigger: "axis", formatter: (points) => { const year = Number(points[0].axisValue); return tip(String(year), at[0].has(year) ? shares.map((share, place) => [null, percent(share, 0), `${number(at[place].get(year), 5)} ${unit}`]) : []); } },
      series: [...band(0, 4, "wide", 0.18), ...band(1, 3, "narrow", 0.3), history(new Map([...past].map(([year, value]) => [year, value * factor])), years), projection(w("median"), hue(0), at[2], years)] }),
    table: valuesTable(years, shares.map((share, place) => [percent(share, 0), new Map(fanYears.map((year, index) => [year, quantiles[place][index]]))]), unitCode),
  };
}
