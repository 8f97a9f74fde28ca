"use strict";
// The data of the page, and the questions that charts and tables ask of it.

function unpack(id) {
  const text = atob(document.getElementById(id).textContent.trim());
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return JSON.parse(fflate.strFromU8(fflate.inflateSync(bytes)));
}

const DATA = unpack("data");
const STUDY = DATA.study;
const HISTORY = "history";
const TOTAL = "";
let kept = null;
/** What stands behind every emission: large, so it is unpacked when it is first asked for. */
function details() {
  if (kept === null) kept = unrolled(unpack("details"));
  return kept;
}

/** Steps back to places, columns back to rows. */
function unrolled(packed) {
  const summed = (steps) => {
    let at = 0;
    return steps.map((step) => (at += step));
  };
  packed.emissions.row = summed(packed.emissions.row);
  packed.gaps.row = summed(packed.gaps.row);
  const columns = packed.rows;
  columns[6] = summed(columns[6]);
  columns[8] = columns[8].map((notes) => packed.notes[notes]);
  packed.rows = columns[0].map((_, row) => columns.map((column) => column[row]));
  return packed;
}

const SCENARIOS = DATA.scenarios;
const scenarioOf = (code) => SCENARIOS.find((scenario) => scenario.code === code);
const MEASURES = {};
for (const scenario of SCENARIOS) for (const measure of scenario.measures) MEASURES[measure.code] = measure;
const TARGETS = Object.fromEntries(DATA.targets.map((target) => [target.code, target]));

/** What the reader has chosen. */
const state = {
  scenario: HISTORY,
  metric: STUDY.pollutants.includes("CO2") ? "CO2" : STUDY.ghg || STUDY.pollutants[0],
  boundary: "direct+purchased",
  gwp: STUDY.ghg,
  from: null,
  to: null,
  year: null,
};

function named(book, code) {
  const found = (DATA.names[book] || {})[code];
  return found ? found[tongue] : code;
}

/** Text with figures below the line where chemistry has them; SVG and HTML both show them. */
const SUBSCRIPTS = { CO2: "CO₂", CH4: "CH₄", N2O: "N₂O", SO2: "SO₂", NOx: "NOₓ", NH3: "NH₃", "PM2.5": "PM₂.₅", PM10: "PM₁₀" };
const chemical = (text) => text.replace(/\b(CO2|CH4|N2O|SO2|NOx|NH3|PM2\.5|PM10)(?![\w])/g, (gas) => SUBSCRIPTS[gas]);

/** `AR5 GWP100` of `GHG (AR5 GWP100)`. */
const setName = (label) => label.replace(/^GHG \(|\)$/g, "");

/** What a metric is called: a pollutant, the CO2-equivalent with its set, energy, CO2 of a sector. */
function metricName(metric) {
  if (metric === STUDY.ghg) return w("metric_ghg", { set: setName(metric) });
  if (metric === "energy") return w("metric_energy");
  if (metric === "(all)") return w("metric_all");
  const [pollutant, sector] = metric.split(/ (.+)/);
  if (sector && DATA.names.sector[sector]) return w("metric_of", { metric: chemical(pollutant), part: named("sector", sector) });
  const fixed = WORDS[`indicator_${metric.replace(/[^A-Za-z0-9]+/g, "_")}`];
  if (fixed) return chemical(fixed[tongue]);
  if (metric.includes(" per ")) {
    const [over, below] = metric.split(" per ");
    return w("metric_per", { over: metricName(over === "GHG" && STUDY.ghg ? STUDY.ghg : over), below: word(below) });
  }
  if (metric.startsWith("projects ")) return w("metric_projects", { metric: metricName(metric.slice(9)) });
  const code = chemical(metric);
  const found = DATA.names.pollutant[metric];
  // Officers say CO₂ and NOₓ; a name is given beside codes that say nothing.
  return found && tongue === 0 && !SUBSCRIPTS[metric] && !/^(VOC|CO|TSP|COD)$/.test(metric) ? `${found[0]}` : word(code);
}

const boundaryName = (boundary) => w(`boundary_${boundary.replace("+", "_")}`);
const scenarioName = (code) => (code === HISTORY ? w("history") : (scenarioOf(code) || { title: code }).title || code);
const measureName = (code) => (code === "(growth)" ? w("growth_alone") : (MEASURES[code] || { title: code }).title || code);
const sectorName = (code) => named("sector", code);
const SECTORS = ["energy", "industry", "transport", "buildings", "agriculture", "waste", "land"];
const unitOf = (metric) => (metric === "energy" ? "tce" : metric === STUDY.ghg ? "t CO2e" : "t");

const totalsIndex = new Map(DATA.series.totals.map((row) => [row.slice(0, 4).join("|"), row]));
const energyIndex = new Map();
for (const row of DATA.series.energy) energyIndex.set(`${row[0]}|${row[1]}`, row);
const indicatorIndex = new Map(DATA.series.indicators.map((row) => [`${row[0]}|${row[1]}`, row]));

function spread(into, first, values) {
  values.forEach((value, at) => value !== null && into.set(first + at, value));
}

/** History, and the projection of a scenario after it. */
function joinedSeries(index, scenario, rest, at) {
  const years = new Map();
  for (const part of scenario === HISTORY ? [HISTORY] : [HISTORY, scenario]) {
    const row = index.get(`${part}|${rest}`);
    if (row) spread(years, row[at], row[at + 1]);
  }
  return years;
}

/** The yearly values of a metric in a group (a sector, or all). */
function seriesOf(scenario, boundary, group, metric) {
  if (metric === "energy") return indicatorOf(scenario, "energy").values;
  if (metric === STUDY.ghg && state.gwp !== STUDY.ghg) return weighed(scenario, boundary, group);
  return joinedSeries(totalsIndex, scenario, `${boundary}|${group}|${metric}`, 4);
}

/** Masses of the gases times the potentials of the set that the reader has chosen. */
function weighed(scenario, boundary, group) {
  const [, potentials] = DATA.potentials.find(([label]) => label === state.gwp);
  const sum = new Map();
  // What is not known in one set is not known in another.
  const own = joinedSeries(totalsIndex, scenario, `${boundary}|${group}|${STUDY.ghg}`, 4);
  for (const [gas, weight] of Object.entries(potentials)) {
    const masses = joinedSeries(totalsIndex, scenario, `${boundary}|${group}|${gas}`, 4);
    for (const [year, mass] of masses) if (own.has(year)) sum.set(year, (sum.get(year) || 0) + mass * weight);
  }
  return new Map([...sum].sort((a, b) => a[0] - b[0]));
}

function indicatorOf(scenario, name) {
  const row = indicatorIndex.get(`${HISTORY}|${name}`) || indicatorIndex.get(`${scenario}|${name}`);
  return { unit: row ? row[2] : "", values: joinedSeries(indicatorIndex, scenario, name, 3) };
}

const energyOf = (scenario, kind) => joinedSeries(energyIndex, scenario, kind, 2);
const energyKinds = [...new Set(DATA.series.energy.map((row) => row[1]))];
const groupsOf = (boundary, metric) =>
  SECTORS.filter((sector) => seriesOf(HISTORY, boundary, sector, metric).size > 0 ||
    SCENARIOS.some((scenario) => seriesOf(scenario.code, boundary, sector, metric).size > 0));

/** A table of the data with the cells of each column by row; none where the study has none. */
function tableOf(table) {
  if (!table) return null;
  const columns = table.columns.map(({ key, kind, words, at, values }) => ({
    key,
    kind,
    value: words ? (row) => words[at[row]] : (row) => values[row],
  }));
  return { rows: table.rows, columns, get: Object.fromEntries(columns.map((column) => [column.key, column.value])) };
}

const decoded = {};
function rowsOf(name, where) {
  if (!(name in decoded)) decoded[name] = tableOf(DATA.tables[name]);
  const table = decoded[name];
  if (!table) return [];
  const rows = [];
  for (let row = 0; row < table.rows; row += 1) {
    if (Object.entries(where).every(([key, wanted]) => table.get[key](row) === wanted)) {
      rows.push(Object.fromEntries(table.columns.map((column) => [column.key, column.value(row)])));
    }
  }
  return rows;
}

/** The verdict of the run; under another set of potentials that of the page, of the same rule. */
function peakOf(scenario, metric, boundary) {
  if (metric !== STUDY.ghg || state.gwp === STUDY.ghg) return rowsOf("peaks", { scenario, metric, boundary })[0] || null;
  const own = rowsOf("peaks", { scenario, metric, boundary })[0];
  if (own && own.verdict === "unknown") return own;
  const values = [...seriesOf(scenario, boundary, TOTAL, metric)];
  if (!values.length) return null;
  const top = Math.max(...values.map(([, value]) => value));
  const at = values.filter(([, value]) => value >= top - 1e-9 * Math.abs(top)).map(([year]) => year);
  const last = at[at.length - 1];
  const verdict = last <= STUDY.anchor ? "peaked" : last === values[values.length - 1][0] ? "not_within_horizon" : "peaks";
  return { scenario, metric, boundary, verdict, peak_year: at[0], last_peak_year: last, peak_value: top, unit: unitOf(metric), reasons: null };
}

function peakWords(peak) {
  if (!peak) return w("no_data");
  return w(`peak_${peak.verdict}`, { year: peak.last_peak_year });
}

/** Every year that anything has, and those that the reader wants to see. */
const ALL_YEARS = (() => {
  const years = new Set(STUDY.years);
  for (const scenario of SCENARIOS) for (let year = scenario.anchor; year <= scenario.horizon; year += 1) years.add(year);
  return [...years].sort((a, b) => a - b);
})();
const shownYears = () => ALL_YEARS.filter((year) => (state.from === null || year >= state.from) && (state.to === null || year <= state.to));

/** The years for which measures are shown. */
const MARK_YEARS = [...new Set((tableOf(DATA.tables.contributions) ? DATA.tables.contributions.columns.find((c) => c.key === "year").values : []))].sort((a, b) => a - b);
/** The plan that goes farthest is what a reader wants to see first: the scenario with the lowest peak. */
state.scenario = (() => {
  const boundary = "direct+purchased";
  const peaks = SCENARIOS.map(({ code }) => [code, rowsOf("peaks", { scenario: code, metric: state.metric, boundary })[0]]).filter(([, peak]) => peak && peak.verdict !== "unknown");
  peaks.sort((a, b) => a[1].peak_value - b[1].peak_value);
  return peaks.length ? peaks[0][0] : (SCENARIOS[0] || { code: HISTORY }).code;
})();
state.year = MARK_YEARS.includes(2030) ? 2030 : MARK_YEARS[0] || null;
