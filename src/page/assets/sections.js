"use strict";
// Tables, how good the data are, what the scenarios assume, and what the run was made of.

/** Tables by name; those that are large are built when they are asked for. */
const TABLES = [
  ["emissions", () => emissionsTable()],
  ["totals", () => tableOf(details().totals)],
  ["gaps", () => gapsTable()],
  ...["targets", "peaks", "contributions", "costs", "cocontrol", "factors", "lines", "projects", "register", "key_categories", "ranges", "influences", "crosschecks"].map((name) => [name, () => tableOf(DATA.tables[name])]),
].filter(([name]) => ["emissions", "totals", "gaps"].includes(name) || DATA.tables[name]);
let tableShown = "emissions";

function tablesSection() {
  const [name, make] = TABLES.find(([known]) => known === tableShown);
  const table = make();
  fill(document.getElementById("table-choice"), choice("choose-table", w("choose_table"), TABLES.map(([known]) => [known, w(`table_${known}`)]), tableShown, (code) => { tableShown = code; tablesSection(); }),
    h("p", { class: "note" }, w(name === "emissions" ? "note_emissions" : "note_tables", { file: `${{ register: "project_totals", factors: "decomposition", lines: "breakeven", ranges: "uncertainty" }[name] || name}.csv` })));
  fill(document.getElementById("table-body"), tableView({ id: name, name: w(`table_${name}`), table, open: name === "emissions" ? explain : null, sort: table.columns.some(({ key }) => key === "year") ? "year" : null }));
}

/** Shares of each sector's total that rest on proxies and on unverified parameters. */
function quality() {
  const pollutant = STUDY.ghg && (state.metric === "energy" || !state.metric) ? STUDY.ghg : state.metric === "energy" ? "CO2" : state.metric;
  const rows = DATA.series.rests.filter(([year, boundary, , code]) => year === STUDY.anchor && boundary === state.boundary && code === pollutant);
  const value = (group) => { const series = joinedSeries(totalsIndex, HISTORY, `${state.boundary}|${group}|${pollutant}`, 4); return series.get(STUDY.anchor); };
  const bar = (share, kind) => h("td", { class: "num" }, h("span", { class: "meter", "aria-hidden": "true" }, h("span", { class: kind, style: `width:${(share || 0) * 100}%` })), percent(share, 0));
  const reasons = new Map();
  const D = details();
  D.gaps.reason.forEach((reason, at) => { if (D.gaps.year[at] === STUDY.anchor) reasons.set(said(reason), (reasons.get(said(reason)) || 0) + 1); });
  fill(document.getElementById("quality-body"),
    rows.length ? [h("p", { class: "note" }, w("quality_note", { year: STUDY.anchor, metric: metricName(pollutant), boundary: boundaryName(state.boundary) })),
      h("table", { id: "quality-table" }, h("caption", { class: "unseen" }, w("section_quality")), h("thead", {}, h("tr", {}, [["column_sector"], ["column_value", "num"], ["column_proxy_share", "num"], ["column_unverified_share", "num"]].map(([key, kind]) => h("th", { scope: "col", class: kind }, w(key))))),
        h("tbody", {}, rows.map(([, , group, , proxy, unverified]) => h("tr", {}, h("th", { scope: "row" }, group === "" ? w("sum") : sectorName(group)), h("td", { class: "num", title: exact(value(group)), "data-value": exact(value(group)) }, amount(value(group), unitOf(pollutant))), bar(proxy, "proxy"), bar(unverified, "unverified")))))] : null,
    h("h3", {}, w("gaps_title", { year: STUDY.anchor, count: number([...reasons.values()].reduce((sum, count) => sum + count, 0), 9) })),
    h("ul", {}, [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, count]) => h("li", {}, `${word(reason)}: ${number(count, 9)}`))),
    h("p", {}, h("button", { type: "button", class: "small", onclick: () => { tableShown = "gaps"; tablesSection(); document.getElementById("tables").scrollIntoView(); } }, w("gaps_open"))));
}

const yearsAt = (scenario) => [...Array(scenario.horizon - scenario.anchor + 1).keys()].map((at) => scenario.anchor + at).filter((year) => year === scenario.anchor || year % 5 === 0 || year === scenario.horizon);

function pathTable(scenario, heads, rows, format) {
  const years = yearsAt(scenario);
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": heads[0] }, h("table", {}, h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)), years.map((year) => h("th", { scope: "col", class: "num" }, String(year))))),
    h("tbody", {}, rows.map(([cells, path]) => h("tr", {}, cells.map((text, at) => (at ? h("td", {}, text) : h("th", { scope: "row" }, text))), years.map((year) => h("td", { class: "num" }, path && path[year - scenario.anchor] !== undefined ? format(path[year - scenario.anchor]) : "–")))))));
}

const SELECT_BOOKS = { area: "area", category: "category", item: "item", sector: "sector" };
const selection = (select) => joined(select.map(([key, code]) => (SELECT_BOOKS[key] ? (key === "category" ? `${code} ${named("category", code) === code ? "" : named("category", code)}`.trim() : named(SELECT_BOOKS[key], code)) : key === "pollutant" ? metricName(code) : code)));

function changeWords([kind, values]) {
  if (kind === "scale") return w("change_scale", { to: percent(values[0], 0) });
  if (kind === "shift") return w("change_shift", { to: named("item", values[0]), ratio: values[1] });
  if (kind === "parameter") return w("change_parameter", { name: values[0], to: values[1] });
  return w("change_add", { category: `${values[0]} ${named("category", values[0])}`, item: named("item", values[1]), amount: values[2] });
}

function measureBlock(scenario, measure) {
  const entry = (key, text) => (text ? [h("dt", {}, w(key)), h("dd", {}, text)] : []);
  const { cost } = measure;
  const price = cost ? [cost.invest ? w("cost_invest", { value: cost.invest }) : "", cost.running ? w("cost_running", { value: cost.running }) : "", w("cost_life", { life: cost.life, discount: percent(cost.discount) })].filter(Boolean) : null;
  return h("details", {}, h("summary", {}, measure.title || measure.code, basisFlag(measure.code), h("span", { class: "quiet" }, w("level_in", { year: scenario.horizon, level: percent(measure.level[measure.level.length - 1], 0) }))),
    h("dl", {}, entry("plan_words", measure.plan), entry("basis", measure.basis ? w(`basis_${measure.basis}_long`) : w("basis_unsaid")), entry("acts_on", selection(measure.select)), entry("change_word", changeWords(measure.change)),
      entry("costs_word", price && joined(price)), entry("owner", measure.owner), entry("column_note", measure.note), entry("explain_line", measure.place)),
    pathTable(scenario, [w("level")], [[[measure.code], measure.level]], (value) => percent(value, 0)));
}

function assumptions() {
  const scenario = scenarioOf(state.scenario);
  document.getElementById("assumptions").hidden = !scenario;
  if (!scenario) return;
  const ratio = (value) => number(value, 3);
  const assumed = scenario.measures.filter(({ basis }) => basis === "assumed").length;
  fill(document.getElementById("assumptions-body"),
    h("h3", {}, scenarioName(scenario.code)), scenario.note ? h("p", {}, scenario.note) : null,
    scenario.ancestors.length ? h("p", { class: "note" }, w("extends", { line: [...scenario.ancestors, scenario.code].map(scenarioName).join(" → ") })) : null,
    scenario.notices.map((notice) => h("p", { class: "note" }, notice[tongue])),
    h("h4", {}, w("drivers", { year: scenario.anchor })), pathTable(scenario, [w("driver"), w("explain_line")], scenario.drivers.map(({ name, from, path }) => [[word(name), from], path]), ratio),
    h("h4", {}, w("growth", { year: scenario.anchor })), pathTable(scenario, [w("acts_on"), w("driver"), w("elasticity"), w("explain_line")], scenario.growth.map(({ select, driver, elasticity, from, path }) => [[selection(select), driver ? word(driver) : "–", String(elasticity), from], path]), ratio),
    scenario.parameters.length ? [h("h4", {}, w("parameters_path")), pathTable(scenario, [w("parameter"), w("unit"), w("explain_line")], scenario.parameters.map(({ name, unit, from, place, values }) => [[name, unit, `${from} (${place})`], values]), (value) => number(value, 4))] : null,
    h("h4", {}, w("measures_title", { count: scenario.measures.length, assumed })), scenario.measures.map((measure) => measureBlock(scenario, measure)));
}

function provenance() {
  const P = DATA.provenance;
  const entry = (key, text) => (text ? [h("dt", {}, w(key)), h("dd", {}, text)] : []);
  const hashes = (files) => h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": w("file") }, h("table", { class: "hashes" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, w("file")), h("th", { scope: "col" }, "SHA-256"))),
    h("tbody", {}, Object.entries(files).map(([name, hash]) => h("tr", {}, h("td", {}, name), h("td", {}, h("code", {}, hash)))))));
  fill(document.getElementById("provenance-body"),
    h("dl", {}, entry("program", P.program), entry("years", joined(STUDY.years.map(String))), entry("base_year", String(STUDY.base_year)), entry("sets", P.sets.join(" > ")), entry("gwp", STUDY.ghg), entry("counts", w("counts_words", { emissions: number(P.emissions, 9), gaps: number(P.gaps, 9), methods: number(P.methods, 9), parameters: number(P.parameters, 9) })),
      entry("draws", P.draws ? w("draws_words", { draws: number(P.draws, 9), seed: P.seed }) : "")),
    P.notices.length ? [h("h3", {}, w("notices")), h("ul", {}, P.notices.map((notice) => h("li", {}, notice[tongue])))] : null,
    h("details", {}, h("summary", {}, w("hashes_inputs", { count: Object.keys(P.inputs).length })), hashes(P.inputs)),
    h("details", {}, h("summary", {}, w("hashes_factors", { count: Object.keys(P.factors).length })), hashes(P.factors)),
    h("p", { class: "note" }, w("libraries")));
}
