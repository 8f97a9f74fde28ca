"use strict";
// Where a number comes from: the formula, the same with its values, and the line and citation of each value.

const MARK = "\u0001";

/** The formula with what `leaf` says in the place of each name. */
function spelled(method, leaf) {
  return method.text.split(MARK).map((part, at) => (at % 2 ? leaf(Number(part)) : part)).join("");
}

/** The formula with values, derived parameters written out in parentheses. */
function withValues(part, formula) {
  const D = details();
  const [methodAt, inputs] = D.formulas[formula];
  return spelled(D.methods[methodAt], (at) => {
    const [kind, index] = inputs[at];
    if (kind === "a") return D.rows[part.row][4];
    if (kind === "g") return String(part.year - D.rows[part.row][0]);
    if (kind === "p") return D.parameters[index][1];
    if (kind === "m") {
      const inner = withValues(part, index);
      return D.methods[D.formulas[index][0]].single ? inner : `(${inner})`;
    }
    return D.methods[methodAt].names[at];
  });
}

const said = (index) => (index === null ? "" : details().strings[index]);
const lines = (...parts) => parts.filter(Boolean).join(" · ");

/** An amount: its line in the study, its quality, reference and note. */
function amountItem(part, name) {
  const D = details();
  const row = D.rows[part.row];
  const [technology, source, quality, reference, note] = row[8].map(said);
  const range = row[7] === null ? null : D.ranges[row[7]];
  const entry = (key, text) => (text ? [h("dt", {}, w(key)), h("dd", {}, text)] : []);
  return h("li", {},
    h("p", { class: "value" }, h("code", {}, `${name} = ${row[4]}`), flag(quality, quality === "proxy")),
    h("dl", {}, entry("explain_line", `${said(row[5])}:${row[6]}`), entry("column_technology", technology), entry("column_source", source),
      entry("column_reference", reference), entry("column_note", note),
      range ? entry("explain_range", w("explain_range_share", { down: percent(range[0]), up: percent(range[1]) })) : []));
}

function flag(text, bad) {
  return text ? h("span", { class: bad ? "flag bad" : "flag" }, word(text)) : null;
}

function parameterItem(name, [, index, range, others, carried]) {
  const D = details();
  const [, value, place, set, title, locator, confidence, note] = D.parameters[index];
  const known = range === null ? null : D.ranges[range];
  const entry = (key, text) => (text ? [h("dt", {}, w(key)), h("dd", {}, text)] : []);
  const other = ([at, zh, en]) => {
    const [, otherValue, otherPlace, otherSet, otherTitle] = D.parameters[at];
    return h("li", {}, h("code", {}, otherValue), ` ${lines(said(otherSet), said(otherTitle), said(otherPlace))}`, h("span", { class: "why" }, said(tongue === 0 ? zh : en)));
  };
  return h("li", {},
    h("p", { class: "value" }, h("code", {}, `${name} = ${value}`), flag(said(confidence), said(confidence) === "unverified")),
    h("dl", {}, entry("explain_from", lines(`${said(set)}${said(title) ? `：${said(title)}` : ""}`, said(locator))), entry("explain_line", said(place)), entry("explain_carried", carried === null ? "" : w("explain_carried_from", { year: carried })), entry("column_note", said(note)),
      known ? entry("explain_range", lines(`${known[0]} – ${known[1]}`, known[2] === null ? "" : said(known[2]))) : []),
    others === null ? null : h("details", {}, h("summary", {}, w("explain_others", { count: D.others[others].length })), h("ul", { class: "others" }, D.others[others].map(other))));
}

/** A formula, its values, and an entry for each of them. */
function formulaBlock(part, name, formula) {
  const D = details();
  const [methodAt, inputs] = D.formulas[formula];
  const method = D.methods[methodAt];
  const items = inputs.map((input, at) => {
    if (input[0] === "a") return amountItem(part, method.names[at]);
    if (input[0] === "p") return parameterItem(method.names[at], input);
    if (input[0] === "m") return h("li", {}, formulaBlock(part, method.names[at], input[1]));
    return null;
  });
  return h("div", { class: "formula" },
    h("p", {}, h("code", { class: "names" }, `${name} = ${spelled(method, (at) => method.names[at])}`)),
    h("p", {}, h("code", { class: "values" }, `= ${withValues(part, formula)}`)),
    h("p", { class: "source" }, w("explain_method", { code: method.code, place: method.place }), " ", lines(method.title, method.locator)),
    h("ul", {}, items));
}

function parts(emission) {
  const E = details().emissions;
  const pairs = E.stock[emission] === null ? [[E.row[emission], E.binding[emission]]] : E.stocks[E.stock[emission]];
  return pairs.map(([row, binding]) => ({ row, binding, year: E.year[emission] }));
}

/** Everything that is known of one emission of the inventory. */
function explanation(emission) {
  const D = details();
  const E = D.emissions;
  const bound = D.bindings[E.binding[emission]];
  const row = D.rows[E.row[emission]];
  const value = E.value[emission];
  const all = parts(emission);
  const SHOWN_PARTS = 3;
  const range = E.low[emission] === null
    ? (E.most[emission] === null ? null : h("p", {}, w("explain_no_range", { names: said(E.most[emission]) })))
    : h("p", {}, w("explain_spread", { low: number(E.low[emission] * value, 6), high: number(E.high[emission] * value, 6) }),
      E.most[emission] === null ? "" : w("explain_most", { name: said(E.most[emission]), share: percent(E.share[emission], 0) }));
  const [quality, confidence] = E.rests[emission].map(said);
  const blocks = all.slice(-SHOWN_PARTS).reverse().map((part) => {
    const of = D.bindings[part.binding];
    return [formulaBlock(part, of.p, of.e), of.g === null ? null : formulaBlock(part, w("explain_generated"), of.g)];
  });
  return [
    h("p", { class: "lead" }, `${E.year[emission]} · ${named("area", row[1])} · ${bound.c} ${named("category", bound.c)} · ${named("item", row[3])}`),
    h("p", { class: "result" }, `${metricName(bound.p)} = `, h("strong", { "data-value": value }, exact(value)), " t", flag(quality, quality === "proxy"), flag(confidence, confidence === "unverified")),
    range,
    all.length > 1 ? h("p", {}, w("explain_stock", { count: all.length, shown: Math.min(all.length, SHOWN_PARTS) })) : null,
    ...blocks.flat(),
    bound.x.length ? h("details", {}, h("summary", {}, w("explain_methods", { count: bound.x.length })),
      h("ul", { class: "others" }, bound.x.map(([code, rank, zh, en]) => h("li", {}, h("code", {}, said(code)), w("explain_rank", { rank }), h("span", { class: "why" }, said(tongue === 0 ? zh : en)))))) : null,
  ];
}

const dialog = h("dialog", { id: "explain", "aria-labelledby": "explain-title" });
let explained = null;

/** The dialog keeps the focus while it is open, closes on Esc, and gives the focus back: the browser sees to it. */
function explain(emission) {
  explained = emission;
  fill(dialog,
    h("div", { class: "dialog-head" }, h("h2", { id: "explain-title" }, w("explain_title")),
      h("button", { type: "button", id: "explain-close", onclick: () => dialog.close() }, w("close"))),
    h("div", { class: "dialog-body", tabindex: 0 }, ...explanation(emission).filter(Boolean)));
  if (!dialog.open) dialog.showModal();
  document.getElementById("explain-close").focus();
}
dialog.addEventListener("close", () => { explained = null; });
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

/** The emissions of the inventory as a table. */
function emissionsTable() {
  const D = details();
  const E = D.emissions;
  const row = (at) => D.rows[E.row[at]];
  const bound = (at) => D.bindings[E.binding[at]];
  const column = (key, kind, value, opens) => ({ key, kind, value, opens });
  return {
    rows: E.year.length,
    weight: (at) => Math.abs(E.value[at]),
    columns: [
      column("year", "year", (at) => E.year[at]),
      column("area", "area", (at) => row(at)[1]),
      column("category", "category", (at) => bound(at).c),
      column("item", "item", (at) => row(at)[3]),
      column("technology", "text", (at) => said(row(at)[8][0])),
      column("source", "text", (at) => said(row(at)[8][1])),
      column("pollutant", "metric", (at) => bound(at).p),
      column("emitted_t", "number", (at) => E.value[at], true),
      column("quality", "word", (at) => said(E.rests[at][0])),
      column("confidence", "word", (at) => said(E.rests[at][1])),
      column("activity_ref", "text", (at) => `${said(row(at)[5])}:${row(at)[6]}`),
    ].filter(({ key }) => key !== "area" || Object.keys(DATA.names.area).length > 1 && new Set(D.rows.map((r) => r[1])).size > 1),
  };
}

function gapsTable() {
  const D = details();
  const G = D.gaps;
  const row = (at) => D.rows[G.row[at]];
  const column = (key, kind, value) => ({ key, kind, value });
  return {
    rows: G.year.length,
    columns: [
      column("year", "year", (at) => G.year[at]),
      column("category", "category", (at) => row(at)[2]),
      column("item", "item", (at) => row(at)[3]),
      column("source", "text", (at) => said(row(at)[8][1])),
      column("pollutant", "metric", (at) => said(G.pollutant[at])),
      column("reason", "word", (at) => said(G.reason[at])),
      column("missing", "text", (at) => said(G.missing[at])),
      column("nearest", "text", (at) => said(G.nearest[at])),
      column("activity_ref", "text", (at) => `${said(row(at)[5])}:${row(at)[6]}`),
    ],
  };
}
