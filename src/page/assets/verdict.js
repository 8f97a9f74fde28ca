"use strict";
// The first screen: when, why, what decides it, and which number is weakest.

/** The peaks that a plan is asked for. */
const JUDGED = [["CO2", "direct+purchased"], ["CO2", "direct"], [STUDY.ghg, "direct+purchased"], ["energy", "direct"]].filter(([metric]) => metric);

/** The plateau around the year that is shown; the reasons tell of others. */
function plateauOf(peak) {
  if (peak.plateau_from === null) return h("span", { class: "quiet" }, w("no_plateau"));
  const holds = peak.plateau_from <= peak.last_peak_year && peak.last_peak_year <= peak.plateau_to;
  return holds ? h("span", { class: "quiet" }, w("plateau", { from: peak.plateau_from, to: peak.plateau_to })) : null;
}

function peakCell(scenario, [metric, boundary]) {
  const peak = rowsOf("peaks", { scenario, metric, boundary })[0];
  if (!peak) return h("td", {}, "–");
  const chance = DATA.probabilities.find((row) => row.scenario === scenario && row.metric === metric && row.boundary === boundary && row.target === null);
  if (peak.verdict === "unknown") return h("td", { class: "peak unknown" }, h("strong", {}, w("unknown_short")), h("span", { class: "quiet" }, w("unknown_why")));
  const year = peak.verdict === "not_within_horizon" ? w("no_peak_short") : String(peak.last_peak_year);
  return h("td", { class: `peak ${peak.verdict}` },
    h("strong", {}, year), h("span", {}, amount(peak.peak_value, peak.unit)),
    peak.verdict === "not_within_horizon" ? null : plateauOf(peak),
    chance ? h("span", { class: "chance" }, w("chance", { year: chance.year, share: chance.shown })) : null);
}

/** Whether targets judge a metric in a boundary: that of a peak target where there is one. */
function isOfficial(metric, boundary) {
  const about = DATA.targets.filter((target) => target.metric === metric || (target.metric === "GHG" && metric === STUDY.ghg) || target.metric.startsWith(`${metric} per `));
  const peaks = about.filter(({ goal }) => goal[0] === "peak_by");
  return metric !== "energy" && (peaks.length ? peaks : about).some((target) => target.boundary === boundary);
}

/** A table wider than a telephone says that it moves. */
const swipe = () => h("p", { class: "swipe note", "aria-hidden": "true" }, w("swipe"));

function peakTable() {
  const metrics = JUDGED.filter(([metric, boundary]) => rowsOf("peaks", { metric, boundary }).length);
  const official = metrics.some(([metric, boundary]) => isOfficial(metric, boundary));
  const name = ([metric, boundary]) => [metricName(metric), metric === "energy" ? null : h("small", {}, boundaryName(boundary)), isOfficial(metric, boundary) ? h("span", { class: "flag good" }, w("official")) : null];
  return [official ? h("p", { class: "note" }, w("official_note")) : null, swipe(), h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": w("peaks_caption") }, h("table", { class: "peaks", id: "peak-table" },
    h("caption", { class: "unseen" }, w("peaks_caption")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, w("column_scenario")), metrics.map((metric) => h("th", { scope: "col" }, name(metric))))),
    h("tbody", {}, SCENARIOS.map(({ code, note }) => h("tr", {}, h("th", { scope: "row" }, scenarioName(code), note ? h("small", {}, note) : null), metrics.map((metric) => peakCell(code, metric)))))))];
}

/** One sentence that can be carried out of the room. */
function headline() {
  const judged = JUDGED.filter(([m, b]) => rowsOf("peaks", { metric: m, boundary: b }).length);
  const [metric, boundary] = judged.find(([m, b]) => rowsOf("peaks", { metric: m, boundary: b }).every(({ verdict }) => verdict !== "unknown")) || judged[0] || [];
  if (!SCENARIOS.length || !metric) {
    const last = STUDY.anchor;
    const found = STUDY.ghg || "CO2";
    const scope = ["direct+purchased", "direct"].find((code) => seriesOf(HISTORY, code, TOTAL, found).has(last));
    if (!scope) return w("headline_unknown", { area: STUDY.area[tongue], year: last, metric: metricName(found) });
    const value = seriesOf(HISTORY, scope, TOTAL, found).get(last);
    return w("headline_history", { area: STUDY.area[tongue], year: last, metric: metricName(found), value: amount(value, unitOf(found)), boundary: boundaryName(scope) });
  }
  const findings = SCENARIOS.map(({ code }) => w("finding", { name: scenarioName(code), peak: peakWords(rowsOf("peaks", { scenario: code, metric, boundary })[0]) }));
  return w("headline", { area: STUDY.area[tongue], metric: metricName(metric), boundary: boundaryName(boundary), findings: joined(findings) });
}

/** Why each verdict is as it is, in the words of the tables. */
function whys() {
  const rows = JUDGED.flatMap(([metric, boundary]) => SCENARIOS.map(({ code }) => rowsOf("peaks", { scenario: code, metric, boundary })[0]).filter(Boolean));
  if (!rows.length) return null;
  return h("details", { class: "whys" }, h("summary", {}, w("why_verdicts")),
    h("dl", {}, rows.flatMap((row) => [h("dt", {}, `${scenarioName(row.scenario)} · ${metricName(row.metric)}${row.metric === "energy" ? "" : w("in_parentheses", { text: boundaryName(row.boundary) })}`), h("dd", {}, chemical(row.reasons[tongue]))])));
}

/** The measures that do most between the base and each scenario that has one, by their Shapley value. */
function deciders() {
  const year = state.year;
  const [metric, boundary] = ["CO2", "direct+purchased"];
  const blocks = SCENARIOS.filter(({ base }) => base).map(({ code, base }) => {
    const cuts = cutsOf(code, metric, boundary, year).sort((a, b) => Math.abs(b.shapley) - Math.abs(a.shapley));
    if (!cuts.length) return null;
    const whole = cuts.reduce((sum, { shapley }) => sum + shapley, 0);
    const most = Math.abs(cuts[0].shapley);
    return h("div", { class: "decider" }, h("h4", {}, w(whole >= 0 ? "decides_less" : "decides_more", { scenario: scenarioName(code), base: scenarioName(base), cut: amount(Math.abs(whole), "t") })),
      h("ol", {}, cuts.slice(0, 5).map(({ measure, shapley }) => h("li", {},
        h("span", { class: "name" }, measureName(measure), basisFlag(measure)), h("span", { class: "num" }, changed(-shapley, "t")), h("span", { class: "meter", "aria-hidden": "true" }, h("span", { class: shapley < 0 ? "proxy" : null, style: `width:${(Math.abs(shapley) / most) * 100}%` }))))));
  }).filter(Boolean);
  if (!blocks.length) return null;
  return h("section", {}, h("h3", {}, w("decides_title", { year })), h("p", { class: "note" }, w("decides_note", { metric: metricName(metric), boundary: boundaryName(boundary) }), SCENARIOS.some(({ code }) => sharesMeasures(code)) ? w("shared_measures") : ""), h("div", { class: "columns" }, blocks));
}

function basisFlag(measure) {
  // What growth does is an assumption like any other.
  const basis = measure === "(growth)" ? "assumed" : (MEASURES[measure] || {}).basis;
  return basis ? h("span", { class: basis === "assumed" ? "flag bad" : "flag" }, w(`basis_${basis}`)) : null;
}

/** Where draws fail, and which inputs the inventory's own ranges come from. */
function inputs() {
  const failing = DATA.probabilities.filter((row) => row.failing).map((row) => h("li", {}, `${scenarioName(row.scenario)} · ${metricName(row.metric)} · ${boundaryName(row.boundary)}${w("colon")}`, row.failing[tongue]));
  const top = rowsOf("influences", { pollutant: STUDY.ghg || "CO2", boundary: "direct+purchased" }).filter(({ variance_share }) => variance_share > 0).slice(0, 5);
  if (!failing.length && !top.length) return null;
  return h("section", {}, h("h3", {}, w("inputs_title")),
    failing.length ? [h("p", { class: "note" }, w("inputs_failing")), h("ul", {}, failing)] : null,
    top.length ? [h("p", { class: "note" }, w("inputs_note", { year: STUDY.anchor, metric: metricName(STUDY.ghg || "CO2") })), h("ol", {}, top.map((row) => h("li", {}, inputName(row), " ", flag(row.confidence, row.confidence === "unverified" || row.confidence === "proxy"), ` ${w("inputs_share", { share: percent(row.variance_share, 0) })}`)))] : null);
}

/** What an input is called; its code, set and place stand in the tooltip. */
const inputName = ({ said, name, set, ref }) => h("span", { title: lines(name, set, ref) }, said[tongue]);

function targetsBlock() {
  const rows = rowsOf("targets", {});
  if (!rows.length) return null;
  const codes = [...new Set(rows.map(({ scenario }) => scenario))];
  const judged = [...new Set(rows.filter(({ verdict }) => verdict !== "not_assessable").map(({ target }) => target))];
  const open = [...new Set(rows.map(({ target }) => target))].filter((target) => !judged.includes(target));
  const cellOf = (target, scenario) => {
    const row = rows.find((known) => known.target === target && known.scenario === scenario);
    if (!row || row.verdict === "not_assessable") return h("td", {}, "–");
    // A target that asks for a probability is not met by one run alone.
    const chance = DATA.probabilities.find((known) => known.target === target && known.scenario === scenario && known.wanted !== null);
    const unsure = chance && !chance.sure;
    const verdict = row.verdict === "met" && unsure ? "missed" : row.verdict;
    return h("td", { class: `verdict ${verdict}` }, h("strong", {}, row.verdict === "met" && unsure ? w("not_sure") : word(row.verdict)),
      h("span", {}, w("target_reached", { reached: targetValue(row.reached, row.unit), required: targetValue(row.required, row.unit) })),
      chance ? h("span", {}, w("target_chance", { share: chance.shown, wanted: percent(chance.wanted, 0) })) : null);
  };
  return h("section", {}, h("h3", {}, w("targets_title")),
    judged.length ? [swipe(), h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": w("targets_title") }, h("table", { class: "targets", id: "target-table" },
      h("caption", { class: "unseen" }, w("targets_title")),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, w("column_target")), codes.map((code) => h("th", { scope: "col" }, scenarioName(code))))),
      h("tbody", {}, judged.map((target) => h("tr", {}, h("th", { scope: "row" }, (TARGETS[target] || {}).title || target, h("small", {}, lines(String((TARGETS[target] || {}).year), (TARGETS[target] || {}).source))), codes.map((code) => cellOf(target, code)))))))] : null,
    open.length ? [h("p", { class: "note" }, w("targets_open", { count: open.length })), h("ul", { class: "open-targets" }, open.map((target) => h("li", {}, `${(TARGETS[target] || {}).title || target}${w("colon")}`, chemical(openReason(rows, target)))))] : null);
}

/** Why no scenario can be judged by a target, in the words of the table. */
function openReason(rows, target) {
  const reasons = rows.filter((row) => row.target === target).map(({ reason }) => reason[tongue]);
  return [...new Set(reasons)].filter(Boolean).join(" ");
}

/** What is not known, and what would make it known. */
function unknowns() {
  return DATA.unknown.length ? h("div", { class: "unknowns", role: "note" }, h("strong", {}, w("unknown_title")), h("ul", {}, DATA.unknown.map((text) => h("li", {}, chemical(text[tongue]))))) : null;
}

const targetValue = (value, unit) => (value === null ? "–" : unit === "1" ? percent(value) : unit === "a" || unit === "year" ? String(value) : amount(value, unit));

/** Numbers that much of the total rests on although they are weak. */
function weakestBlock() {
  if (!DATA.weakest.length) return null;
  const [first] = DATA.weakest;
  const name = ({ category, item }) => `${category} ${named("category", category)} · ${named("item", item)}`;
  const total = DATA.series.rests.find(([year, boundary, group, pollutant]) => year === STUDY.anchor && boundary === "direct+purchased" && group === "" && pollutant === (STUDY.ghg || "CO2"));
  const flaws = (row) => [row.proxy ? flag("proxy", true) : null, row.unverified ? flag("unverified", true) : null];
  return h("section", {}, h("h3", {}, w("weakest_title", { name: name(first), share: percent(first.share, 0) })),
    total ? h("p", { class: "note" }, w("weakest_note", { year: STUDY.anchor, metric: metricName(STUDY.ghg || "CO2"), proxy: percent(total[4], 0), unverified: percent(total[5], 0) })) : null,
    h("ol", { class: "weakest" }, DATA.weakest.map((row) => h("li", {}, h("button", { type: "button", class: "link", "data-emission": row.emission, onclick: () => explain(row.emission) }, name(row)), ` ${percent(row.share)} `, flaws(row)))));
}

function verdict() {
  document.getElementById("headline").textContent = headline();
  fill(document.getElementById("verdict-body"), unknowns(), SCENARIOS.length ? [...peakTable(), whys()] : null, targetsBlock(), deciders(), weakestBlock(), inputs());
}
