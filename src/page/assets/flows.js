"use strict";
// Figures of the inventory's last year: where emissions come from, which categories matter, how sure the totals are.

let sankeyYear = STUDY.anchor;

/** What an emission weighs for the chosen metric, in t or t CO2e. */
function weightOf(pollutant) {
  if (state.metric !== STUDY.ghg) return pollutant === state.metric ? 1 : 0;
  const [, potentials] = DATA.potentials.find(([label]) => label === state.gwp);
  return potentials[pollutant] || 0;
}

/** From what is burnt, raised or thrown away, through the sector, to the pollutant. */
function sankey() {
  if (state.metric === "energy" || !seriesOf(HISTORY, state.boundary, TOTAL, state.metric).has(sankeyYear)) return null;
  const D = details();
  const E = D.emissions;
  const links = new Map();
  const nodes = new Map();
  const table = new Map();
  let whole = 0;
  const add = (from, to, value) => links.set(`${from}\n${to}`, (links.get(`${from}\n${to}`) || 0) + value);
  for (let at = 0; at < E.year.length; at += 1) {
    if (E.year[at] !== sankeyYear) continue;
    const bound = D.bindings[E.binding[at]];
    const [, , sector, scope] = DATA.names.category[bound.c];
    const value = E.value[at] * weightOf(bound.p);
    // A sink is no flow; what is in no total or outside the boundary is none either.
    if (value <= 0 || scope === "memo" || (scope === "purchased" && state.boundary === "direct")) continue;
    const [item, group] = [D.rows[E.row[at]][3], scope === "purchased" ? "purchased" : sector];
    add(`item:${item}`, `sector:${group}`, value);
    add(`sector:${group}`, `gas:${bound.p}`, value);
    whole += value;
    const key = [item, group, bound.p].join("\n");
    table.set(key, (table.get(key) || 0) + value);
  }
  if (!whole) return null;
  const { factor, unit } = scaleOf(whole, unitOf(state.metric));
  const SMALL = 0.01;
  // Items that are less than a hundredth of all go together, so that the rest can be read.
  const items = new Map();
  for (const [key, value] of links) if (key.startsWith("item:")) items.set(key.split("\n")[0], (items.get(key.split("\n")[0]) || 0) + value);
  const grouped = (node) => (node.startsWith("item:") && items.get(node) < SMALL * whole ? "item:" : node);
  const merged = new Map();
  for (const [key, value] of links) {
    const [from, to] = key.split("\n");
    const name = `${grouped(from)}\n${to}`;
    merged.set(name, (merged.get(name) || 0) + value);
  }
  const nameOf = (node) => {
    const [kind, code] = node.split(/:(.*)/);
    if (kind === "item") return code ? named("item", code) : w("small_items");
    return kind === "sector" ? (code === "purchased" ? w("purchased") : sectorName(code)) : metricName(code);
  };
  for (const key of merged.keys()) for (const node of key.split("\n")) nodes.set(node, (nodes.get(node) || 0));
  const colour = (node) => (node.startsWith("sector:") ? hue(SECTOR_HUES[node.slice(7)] ?? 5) : node.startsWith("gas:") ? INK : "#8a8a8a");
  const largest = [...merged].filter(([key]) => key.startsWith("item:")).sort((a, b) => b[1] - a[1])[0];
  const [from, to] = largest[0].split("\n");
  return {
    title: w("title_sankey", { year: sankeyYear, metric: metricOf(), item: nameOf(from), sector: nameOf(to), share: percent(largest[1] / whole, 0) }),
    note: w("note_sankey", { unit, boundary: boundaryName(state.boundary), whole: `${number(whole * factor)} ${unit}` }),
    option: (width) => ({ tooltip: { trigger: "item", formatter: ({ dataType, data, value }) => tip(dataType === "edge" ? `${nameOf(data.source)} → ${nameOf(data.target)}` : nameOf(data.name), [[null, metricOf(), `${number(value * factor)} ${unit}`], [null, w("share"), percent(value / whole)]]) },
      series: [{ type: "sankey", left: 4, right: width < 520 ? 90 : 150, top: 8, bottom: 8, nodeGap: 12, nodeWidth: 14, draggable: false, layoutIterations: 64, label: { color: INK, fontSize: 12, formatter: ({ name }) => nameOf(name), width: width < 520 ? 80 : 140, overflow: "truncate" }, lineStyle: { color: "source", opacity: 0.35 },
        data: [...nodes.keys()].map((name) => ({ name, itemStyle: { color: colour(name) } })), links: [...merged].map(([key, value]) => ({ source: key.split("\n")[0], target: key.split("\n")[1], value })) }] }),
    table: tableFrom([[w("column_item"), "text"], [w("column_sector"), "text"], [w("column_pollutant"), "text"], [w("unit_name", { unit: w(unitOf(state.metric) === "t" ? "unit_t" : "unit_t_co2e") }), "number"], [w("share"), "percent"]],
      [...table].sort((a, b) => b[1] - a[1]).map(([key, value]) => { const [item, group, gas] = key.split("\n"); return [named("item", item), nameOf(`sector:${group}`), metricName(gas), value, value / whole]; })),
    height: Math.max(360, nodes.size * 20),
  };
}
const sankeyChoices = () => choice("choose-year", w("column_year"), STUDY.years.map((year) => [year, year]), sankeyYear, (year) => { sankeyYear = Number(year); figures.find(({ id }) => id === "sankey").renew(); });

/** The categories that together make nearly all of the level. */
function keyCategories() {
  const of = (metric) => rowsOf("key_categories", { metric, boundary: state.boundary, approach: 1, method: "level" });
  // Greenhouse gases are assessed together: one of them has no categories of its own.
  const metric = of(state.metric).length ? state.metric : STUDY.ghg;
  const rows = metric ? of(metric) : [];
  if (!rows.length) return null;
  const kept = rows.slice(0, 15);
  const name = ({ category, fuel, gas }) => joined([`${category} ${named("category", category)}`, fuel ? word(fuel) : "", gas && gas !== metric ? metricName(gas) : ""].filter(Boolean));
  return {
    title: w("title_key", { year: STUDY.anchor, metric: metricName(metric), count: rows.length, cover: percent(rows[rows.length - 1].cumulative, 0), first: name(rows[0]), share: percent(rows[0].share, 0) }),
    note: w("note_key", { boundary: boundaryName(state.boundary) }),
    option: (width) => ({ grid: grid({ right: 60, top: 8 }), xAxis: { type: "value", ...axisStyle, axisLabel: { ...axisStyle.axisLabel, formatter: (value) => percent(value, 0) } },
      yAxis: { type: "category", inverse: true, data: kept.map(name), ...axisStyle, axisLabel: { color: INK, fontSize: 12, width: width < 520 ? 130 : 280, overflow: "truncate" }, splitLine: { show: false } },
      tooltip: { trigger: "item", formatter: ({ dataIndex }) => tip(name(kept[dataIndex]), [[null, w("share"), percent(kept[dataIndex].share)], [null, w("column_cumulative"), percent(kept[dataIndex].cumulative)]]) },
      series: [{ type: "bar", barMaxWidth: 16, data: kept.map(({ share }) => share), itemStyle: { color: hue(0) }, label: { show: true, position: "right", color: INK, fontSize: 12, formatter: ({ value }) => percent(value) } }] }),
    table: tableFrom([[w("column_category"), "text"], [w("column_value"), "number"], [w("column_share"), "percent"], [w("column_cumulative"), "percent"]], rows.map((row) => [name(row), row.value, row.share, row.cumulative])),
    height: 40 + kept.length * 27,
  };
}

/** How far the totals of the last year may be from their values. */
function rangesFigure() {
  const rows = rowsOf("ranges", { year: STUDY.anchor, boundary: state.boundary }).filter(({ low, high, value }) => low !== null && high !== null && value > 0);
  if (!rows.length) return null;
  const relative = (row) => [row.low / row.value - 1, row.high / row.value - 1];
  const own = rows.find(({ pollutant }) => pollutant === state.metric) || rows[0];
  const draw = (params, api) => {
    const y = api.coord([0, api.value(0)])[1];
    const [left, right] = [api.coord([api.value(1), 0])[0], api.coord([api.value(2), 0])[0]];
    const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: hue(0), lineWidth: 3 } });
    return { type: "group", children: [line(left, y, right, y), line(left, y - 6, left, y + 6), line(right, y - 6, right, y + 6)] };
  };
  const data = rows.map((row, at) => [at, ...relative(row)]);
  return {
    title: w("title_ranges", { year: STUDY.anchor, metric: metricName(own.pollutant), down: percent(relative(own)[0], 0), up: `+${percent(relative(own)[1], 0)}`, covered: percent(own.covered_share, 0) }),
    note: w("note_ranges", { boundary: boundaryName(state.boundary) }),
    option: () => ({ grid: grid({ right: 30, top: 8 }), xAxis: { type: "value", min: Math.floor(Math.min(-0.1, ...data.map((d) => d[1])) * 4) / 4, max: Math.ceil(Math.max(0.1, ...data.map((d) => d[2])) * 4) / 4, ...axisStyle, axisLabel: { ...axisStyle.axisLabel, formatter: (value) => percent(value, 0) } },
      yAxis: { type: "category", inverse: true, data: rows.map(({ pollutant }) => metricName(pollutant)), ...axisStyle, axisLabel: { color: INK, fontSize: 12 }, splitLine: { show: false } },
      tooltip: { trigger: "item", formatter: ({ dataIndex }) => tip(metricName(rows[dataIndex].pollutant), [[null, "95%", `${percent(relative(rows[dataIndex])[0], 0)} … +${percent(relative(rows[dataIndex])[1], 0)}`], [null, w("column_covered_share"), percent(rows[dataIndex].covered_share, 0)]]) },
      series: [{ type: "custom", renderItem: draw, encode: { x: [1, 2], y: 0 }, data }, { type: "line", name: "", data: [], markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: "#9a9a9a", type: "solid" }, data: [{ xAxis: 0 }] } }] }),
    table: tableFrom([[w("column_pollutant"), "text"], [w("column_value"), "number"], [w("column_low"), "number"], [w("column_high"), "number"], [w("column_covered_share"), "percent"]], rows.map((row) => [metricName(row.pollutant), row.value, row.low, row.high, row.covered_share])),
    height: 50 + rows.length * 26,
  };
}
