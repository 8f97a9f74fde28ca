"use strict";
// Tables that sort, filter and page. A page of rows at a time, so that a table of any length stays quick, prints, and is
// found by a screen reader as an ordinary table.

const PAGE = 25;

/** How the cells of a kind are shown. */
const SHOWN = {
  number: (value) => number(value, 6),
  percent: (value) => percent(value),
  year: (value) => (value === null ? "" : String(value)),
  scenario: scenarioName,
  measure: measureName,
  metric: (value) => (value ? metricName(value) : ""),
  boundary: boundaryName,
  category: (value) => (value ? `${value} ${named("category", value)}` : ""),
  item: (value) => named("item", value),
  area: (value) => named("area", value),
  sector: sectorName,
  project_kind: (value) => named("project_kind", value),
  target: (value) => (TARGETS[value] || { title: value }).title || value,
  word: (value) => word(value),
  unit: (value) => ({ t: w("unit_t"), "t CO2e": w("unit_t_co2e"), tce: w("unit_tce"), 1: "" })[value] ?? value,
  texts: (value) => (value ? value[tongue] : ""),
  factor: (value) => factorName(value),
  group: (value) => (DATA.names.category[value] ? `${value} ${named("category", value)}` : named("sector", value) !== value ? sectorName(value) : named("item", value) !== value ? named("item", value) : named("area", value) !== value ? named("area", value) : word(value)),
};
const isNumber = (kind) => kind === "number" || kind === "percent" || kind === "year";

function shown(column, row) {
  const value = column.value(row);
  if (value === null || value === undefined || value === "") return "";
  return SHOWN[column.kind] ? SHOWN[column.kind](value) : String(value);
}

/** Numbers stand at the right; years are names. */
const alignment = (column) => (isNumber(column.kind) && column.kind !== "year" ? "num" : null);

const columnName = (column) => column.label || w(`column_${column.key}`);

/** An identity in words: what it takes apart, and the product that it takes it apart into. */
function identityName(text) {
  const [left, right] = text.split(" = ");
  return `${metricName(left)} = ${right.split(" * ").map((part) => factorName(part.replace(/^\(|\)$/g, ""))).join(" × ")}`;
}

/** A factor of an identity, `energy/gdp`, in words. */
function factorName(text) {
  if (WORDS[`factor_${text.replace(/[^A-Za-z0-9]+/g, "_")}`]) return chemical(w(`factor_${text.replace(/[^A-Za-z0-9]+/g, "_")}`));
  return text.split("/").map((part) => word(part.trim())).join(" / ");
}

/** Rows in the order and selection that the reader wants; of equal ones the weightier first, where the table says what weighs. */
function arranged(table, view) {
  let order = [...Array(table.rows).keys()];
  const wanted = view.filter.trim().normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length) {
    if (!table.texts || table.texts.tongue !== tongue) table.texts = { tongue, rows: [] };
    const texts = table.texts.rows;
    order = order.filter((row) => {
      // CO₂ is found by CO2: the compatible form has plain figures.
      if (texts[row] === undefined) texts[row] = table.columns.map((column) => shown(column, row)).join(" ").normalize("NFKC").toLowerCase();
      return wanted.every((part) => texts[row].includes(part));
    });
  }
  const column = table.columns.find(({ key }) => key === view.sort);
  if (column) {
    const collator = new Intl.Collator(tongue === 0 ? "zh-CN" : "en", { numeric: true });
    const keys = new Map(order.map((row) => [row, isNumber(column.kind) ? column.value(row) : shown(column, row)]));
    const way = view.down ? -1 : 1;
    order.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      // What has no value stands last, whichever way the rest is turned.
      if (x === null || x === undefined || x === "") return y === null || y === undefined || y === "" ? a - b : 1;
      if (y === null || y === undefined || y === "") return -1;
      return (isNumber(column.kind) ? x - y : collator.compare(x, y)) * way || (table.weight ? table.weight(b) - table.weight(a) : 0) || a - b;
    });
  }
  return order;
}

/**
 * An element with the table, its filter and its pages. `table` has `rows` and `columns`; `open` is what a click on a
 * row's number does.
 */
function tableView({ id, name, table, open, plain, sort: first }) {
  const view = { filter: "", sort: first || null, down: true, page: 0 };
  let order = arranged(table, view);
  const body = h("tbody");
  const status = h("span", { class: "status", role: "status" });
  const heads = table.columns.map((column) => {
    const button = h("button", { type: "button", class: "sort", onclick: () => sort(column.key) }, columnName(column));
    return h("th", { scope: "col", class: alignment(column), "data-key": column.key }, button);
  });
  const pages = Math.ceil(table.rows / PAGE);
  const step = (to) => h("button", { type: "button", class: "small", onclick: () => turn(to()) }, w(`page_${to.name}`));
  const last = () => Math.max(0, Math.ceil(order.length / PAGE) - 1);
  const steps = [function first() { return 0; }, function before() { return view.page - 1; }, function after() { return view.page + 1; }, function end() { return last(); }].map(step);

  function sort(key) {
    view.down = view.sort === key ? !view.down : isNumber(table.columns.find((column) => column.key === key).kind);
    view.sort = key;
    renew();
  }
  function turn(page) {
    view.page = Math.min(Math.max(page, 0), last());
    draw();
  }
  function renew() {
    order = arranged(table, view);
    view.page = 0;
    draw();
  }
  function draw() {
    heads.forEach((head) => head.setAttribute("aria-sort", head.dataset.key === view.sort ? (view.down ? "descending" : "ascending") : "none"));
    const from = view.page * PAGE;
    const rows = order.slice(from, from + PAGE);
    fill(body, rows.map((row) => h("tr", { "data-row": row }, table.columns.map((column) => {
      const text = shown(column, row);
      const full = column.kind === "number" ? exact(column.value(row)) : null;
      const inside = open && column.opens ? h("button", { type: "button", class: "link", onclick: () => open(row), "aria-label": `${w("explain")} ${text}` }, text) : text;
      return h("td", { class: alignment(column), title: full, "data-value": full }, inside);
    }))));
    status.textContent = order.length ? w("rows_shown", { from: from + 1, to: from + rows.length, all: number(order.length, 9) }) : w("rows_none");
    steps[0].disabled = steps[1].disabled = view.page === 0;
    steps[2].disabled = steps[3].disabled = view.page >= last();
  }
  const download = h("button", { type: "button", class: "small", onclick: () => saveCsv(id, [table.columns.map((column) => column.key === "label" ? "" : columnName(column)), ...order.map((row) => table.columns.map((column) => isNumber(column.kind) ? column.value(row) : shown(column, row)))]) }, w("save_csv"));
  const filter = h("input", { type: "search", id: `filter-${id}`, oninput: (event) => { view.filter = event.target.value; renew(); } });
  const bar = plain && pages < 2 ? h("div", { class: "bar" }, download) : h("div", { class: "bar" },
    h("label", { for: `filter-${id}` }, w("filter")), filter, status, ...steps, download);
  draw();
  return h("div", { class: "table", id: `table-${id}` }, bar,
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": name },
      h("table", {}, h("caption", { class: "unseen" }, name), h("thead", {}, h("tr", {}, heads)), body)),
    order.length > PAGE ? h("p", { class: "print-only" }, w("print_rows", { rows: PAGE, all: order.length })) : null);
}

/** A small table from rows of cells, the first row its heads. */
function tableFrom(heads, rows) {
  return {
    rows: rows.length,
    columns: heads.map(([label, kind], at) => ({ key: `c${at}`, label, kind, value: (row) => rows[row][at] })),
  };
}
