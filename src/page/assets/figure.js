"use strict";
// A figure: its finding as title, the drawing, how to take it along, and the same numbers as a table.

const INK = "#1a1a1a";
const GREY = "#5a5a5a";
const RULE = "#dddddd";
const TARGET = "#c0391b";
/** Okabe and Ito's colours, as in the printed charts: src/plot/theme.rs. */
const PALETTE = ["#0072b2", "#e69f00", "#56b4e9", "#cc79a7", "#f0e442", "#4d4d4d", "#009e73", "#d55e00"];
const SECTOR_HUES = { energy: 0, industry: 1, transport: 2, buildings: 3, agriculture: 4, waste: 5, land: 6, purchased: 7 };
const hue = (place) => PALETTE[place % PALETTE.length];
const FONT = '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", "Helvetica Neue", Arial, sans-serif';

const figures = [];

/** Rows of a tooltip; as elements, because a study's texts must not become markup. */
function tip(title, rows) {
  return h("div", { class: "tip" }, h("div", { class: "tip-title" }, title),
    rows.map(([colour, name, value]) => h("div", { class: "tip-row" }, colour ? h("span", { class: "swatch", style: `background:${colour}` }) : null, h("span", {}, name), h("b", {}, value))));
}

/** What all drawings have in common. */
function common(option) {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: INK, fontSize: 13 },
    color: PALETTE,
    ...option,
    tooltip: { confine: true, appendTo: undefined, backgroundColor: "#fff", borderColor: RULE, textStyle: { color: INK, fontSize: 13 }, extraCssText: "box-shadow:0 2px 8px rgba(0,0,0,.15)", ...(option.tooltip || {}) },
  };
}

const axisStyle = { axisLine: { lineStyle: { color: "#9a9a9a" } }, axisTick: { lineStyle: { color: "#9a9a9a" } }, axisLabel: { color: GREY, fontSize: 12, hideOverlap: true }, splitLine: { lineStyle: { color: "#ececec" } } };
const plainAxis = { ...axisStyle, axisLabel: { ...axisStyle.axisLabel, formatter: (value) => number(value, 6) } };
const yearAxis = (years) => ({ type: "category", data: years.map(String), boundaryGap: false, ...axisStyle, axisLabel: { ...axisStyle.axisLabel, interval: (at, year) => Number(year) % 5 === 0 || years.length < 12 } });
const valueAxis = (name, extra) => ({ type: "value", name, nameLocation: "end", nameTextStyle: { align: "left", color: INK, fontSize: 12, padding: [0, 0, 0, -30] }, ...plainAxis, ...extra });
/** Zooming asks for Ctrl, so that the wheel still moves the page. */
const zoom = [{ type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseMove: true, preventDefaultMouseMove: false }];
const grid = (extra) => ({ left: 12, right: 130, top: 42, bottom: 12, containLabel: true, ...extra });

/**
 * Adds a figure to a section. `make` gives, for the present choices, `{ title, note, option, table, height }`, or nothing
 * where there is nothing to show.
 */
function figure({ id, into, make, controls }) {
  const title = h("h3", {});
  const note = h("p", { class: "note" });
  const canvas = h("div", { class: "chart", id: `chart-${id}`, role: "img", tabindex: -1 });
  const toolbar = h("div", { class: "bar" });
  const tables = h("details", { class: "numbers" });
  const element = h("figure", { id: `figure-${id}` }, h("figcaption", {}, title, note), controls ? h("div", { class: "bar choices" }) : null, canvas, toolbar, tables);
  document.getElementById(into).append(element);
  const own = { id, element, chart: null, made: null, seen: false };

  own.renew = () => {
    own.made = make();
    element.hidden = !own.made;
    if (!own.made) return;
    title.textContent = own.made.title;
    note.textContent = own.made.note || "";
    canvas.setAttribute("aria-label", `${own.made.title}. ${w("see_table")}`);
    if (controls) fill(element.querySelector(".choices"), controls());
    fill(toolbar, h("button", { type: "button", class: "small", onclick: () => own.save("png") }, "PNG"), h("button", { type: "button", class: "small", onclick: () => own.save("svg") }, "SVG"),
      h("button", { type: "button", class: "small", onclick: () => saveCsv(id, [own.made.table.columns.map(columnName), ...[...Array(own.made.table.rows).keys()].map((row) => own.made.table.columns.map((column) => isNumber(column.kind) ? column.value(row) : shown(column, row)))]) }, "CSV"));
    const open = tables.open;
    fill(tables, h("summary", {}, w("as_table")));
    tables.dataset.stale = "yes";
    if (open) own.tabulate();
    if (own.seen) own.draw();
  };
  own.tabulate = () => {
    if (tables.dataset.stale !== "yes") return;
    tables.dataset.stale = "no";
    tables.append(tableView({ id: `numbers-${id}`, name: own.made.title, table: own.made.table, plain: true }));
  };
  own.draw = () => {
    own.seen = true;
    if (!own.made) return;
    // Two figures go on a sheet of paper.
    canvas.style.height = `${(own.made.height || 380) * (onPaper ? 0.78 : 1)}px`;
    if (!own.chart) own.chart = echarts.init(canvas, null, { renderer: "svg" });
    else own.chart.resize();
    own.chart.setOption(common(own.made.option(canvas.clientWidth)), { notMerge: true });
  };
  own.save = (form) => {
    if (!own.chart) own.draw();
    const address = own.chart.getDataURL({ type: "svg" });
    const svg = decodeURIComponent(address.slice(address.indexOf(",") + 1));
    if (form === "svg") save(`${id}.svg`, [svg], "image/svg+xml");
    else paint(svg, own.chart.getWidth(), own.chart.getHeight(), (blob) => save(`${id}.png`, [blob], "image/png"));
  };
  tables.addEventListener("toggle", () => tables.open && own.tabulate());
  figures.push(own);
  whenRenewed(own.renew);
  return own;
}

/** A drawing as pixels, three to each of the screen's, for print. */
function paint(svg, width, height, take) {
  const image = new Image();
  image.onload = () => {
    const canvas = h("canvas", { width: width * 3, height: height * 3 });
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(take, "image/png");
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** Drawings are made when they come near the window, so that the page opens at once. */
const watcher = "IntersectionObserver" in window ? new IntersectionObserver((entries) => {
  for (const entry of entries.filter(({ isIntersecting }) => isIntersecting)) {
    watcher.unobserve(entry.target);
    const own = figures.find(({ element }) => element === entry.target);
    if (own && !own.seen) own.draw();
  }
}, { rootMargin: "400px" }) : null;

function watchFigures() {
  for (const own of figures.filter(({ seen }) => !seen)) watcher ? watcher.observe(own.element) : own.draw();
}

function drawAll() {
  for (const own of figures) if (own.made) own.draw();
}

/** A choice of a figure of its own. */
function choice(id, label, options, value, take) {
  return [h("label", { for: id }, label),
    h("select", { id, onchange: (event) => take(event.target.value) }, options.map(([code, text]) => h("option", { value: code, selected: String(code) === String(value) }, text)))];
}
