"use strict";
// The start: choices, language, print.

function choose(key, value) {
  state[key] = value;
  renewAll();
}

function metricChoices() {
  const metrics = [...new Set([STUDY.ghg, ...STUDY.pollutants.filter((code) => (DATA.names.pollutant[code] || [])[2] !== "memo"), "energy"].filter(Boolean))];
  return metrics.filter((metric) => seriesOf(HISTORY, "direct+purchased", TOTAL, metric).size || seriesOf(HISTORY, "direct", TOTAL, metric).size).map((metric) => [metric, metricName(metric)]);
}

function controls() {
  const years = ALL_YEARS.map((year) => [year, year]);
  const active = document.activeElement && document.activeElement.id;
  const box = (id, ...parts) => h("div", { class: "control" }, choice(id, ...parts));
  fill(document.getElementById("controls"),
    SCENARIOS.length ? box("choose-scenario", w("column_scenario"), SCENARIOS.map(({ code }) => [code, scenarioName(code)]), state.scenario, (code) => choose("scenario", code)) : null,
    box("choose-metric", w("column_metric"), metricChoices(), state.metric, (code) => choose("metric", code)),
    box("choose-boundary", w("column_boundary"), ["direct", "direct+purchased"].map((code) => [code, boundaryName(code)]), state.boundary, (code) => choose("boundary", code)),
    DATA.potentials.length > 1 ? box("choose-gwp", w("gwp"), DATA.potentials.map(([label]) => [label, label === STUDY.ghg ? w("gwp_own", { set: label }) : label]), state.gwp, (label) => { if (label !== STUDY.ghg) state.metric = STUDY.ghg; choose("gwp", label); }) : null,
    MARK_YEARS.length ? box("choose-mark", w("measures_in"), MARK_YEARS.map((year) => [year, year]), state.year, (year) => choose("year", Number(year))) : null,
    ALL_YEARS.length > 2 ? [box("choose-from", w("from_year"), years, state.from === null ? ALL_YEARS[0] : state.from, (year) => choose("from", Number(year))),
      box("choose-to", w("to_year"), years, state.to === null ? ALL_YEARS[ALL_YEARS.length - 1] : state.to, (year) => choose("to", Number(year)))] : null);
  if (active && active.startsWith("choose-") && document.getElementById(active)) document.getElementById(active).focus();
}

function translate() {
  document.documentElement.lang = tongue === 0 ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-w]")) element.textContent = w(element.dataset.w);
  for (const element of document.querySelectorAll("[data-w-label]")) element.setAttribute("aria-label", w(element.dataset.wLabel));
  const area = STUDY.area[tongue];
  document.title = `${area} · ${w("title")}`;
  document.getElementById("area").textContent = area;
  document.getElementById("study-title").textContent = STUDY.title;
  document.getElementById("scope-line").textContent = w("scope_line", { from: STUDY.years[0], to: STUDY.anchor, count: SCENARIOS.length, gwp: STUDY.ghg || w("none"), program: DATA.provenance.program });
  const other = document.getElementById("language");
  other.lang = tongue === 0 ? "en" : "zh-CN";
}

function start() {
  whenRenewed(translate);
  whenRenewed(controls);
  whenRenewed(verdict);
  document.body.append(dialog);
  figure({ id: "totals", into: "charts-body", make: trajectory });
  figure({ id: "sectors", into: "charts-body", make: sectors });
  figure({ id: "energy", into: "charts-body", make: energyMix });
  figure({ id: "beside", into: "charts-body", make: () => relatives("beside") });
  figure({ id: "waterfall", into: "charts-body", make: waterfall });
  figure({ id: "costs", into: "charts-body", make: costCurve });
  figure({ id: "intensity", into: "charts-body", make: intensityFigure, controls: intensityChoices });
  figure({ id: "fan", into: "charts-body", make: fan });
  figure({ id: "factors", into: "charts-body", make: factorsFigure, controls: factorChoices });
  figure({ id: "relatives", into: "charts-body", make: () => relatives("relatives") });
  figure({ id: "cocontrol", into: "charts-body", make: cocontrolFigure });
  figure({ id: "sankey", into: "charts-body", make: sankey, controls: sankeyChoices });
  figure({ id: "key", into: "charts-body", make: keyCategories });
  figure({ id: "ranges", into: "charts-body", make: rangesFigure });
  whenRenewed(quality);
  whenRenewed(assumptions);
  whenRenewed(provenance);
  whenRenewed(tablesSection);
  whenRenewed(() => explained !== null && explain(explained));
  document.getElementById("language").addEventListener("click", () => {
    tongue = 1 - tongue;
    renewAll();
  });
  document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("print").addEventListener("click", () => window.print());
  whenRenewed(watchFigures);
  renewAll();
  document.getElementById("starting").remove();
}

/** Paper is narrower than a window: drawings are made anew for it, and for the window afterwards. */
let onPaper = false;
function toPaper(paper) {
  if (onPaper === paper) return;
  onPaper = paper;
  finish();
  document.documentElement.classList.toggle("paper", paper);
  drawAll();
  // Nobody opens anything on paper.
  for (const whys of document.querySelectorAll(".whys")) whys.open = paper;
}
window.addEventListener("beforeprint", () => toPaper(true));
window.addEventListener("afterprint", () => toPaper(false));
let resizing = 0;
window.addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => figures.forEach((own) => own.seen && own.made && own.draw()), 120);
});

start();
/** How long it took until the page could be used: the tests read it. */
document.documentElement.dataset.ready = String(Math.round(performance.now()));
