"use strict";
// Words, numbers and elements: what everything else is made of. Text goes into the page as text, never as markup.

const WORDS = JSON.parse(document.getElementById("words").textContent);
/** Keys that the dictionary lacks; the tests want none. */
const lacking = new Set();
/** 0 is Chinese, 1 is English: the place in every pair of words. */
let tongue = document.documentElement.lang.startsWith("zh") ? 0 : 1;

function w(key, values) {
  const found = WORDS[key];
  if (!found) {
    lacking.add(key);
    return key;
  }
  return values ? filled(found[tongue], values) : found[tongue];
}

const HAN = /[\u4e00-\u9fff]/;
const LATIN = /[A-Za-z0-9%+−₀-₉ₓ]/;

/** Fills in what stands in braces. Chinese sets Latin words and numbers off by a space. */
function filled(text, values) {
  let whole = "";
  for (const [at, part] of text.split(/\{(\w+)\}/).entries()) {
    const piece = at % 2 ? String(values[part]) : part;
    const [before, after] = [whole[whole.length - 1] || "", piece[0] || ""];
    const apart = tongue === 0 && ((HAN.test(before) && LATIN.test(after)) || (LATIN.test(before) && HAN.test(after)));
    whole += apart ? ` ${piece}` : piece;
  }
  return whole;
}

/** The word of a code in a table, or the code itself where it is a name. */
function word(code) {
  if (code.startsWith("IE:")) return w("word_IE", { category: code.slice(3) });
  const found = WORDS[`word_${code.replace(/[^A-Za-z0-9]+/g, "_")}`];
  return found ? found[tongue] : code;
}

function joined(parts) {
  return parts.join(w("list_mark"));
}

function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(Boolean));
  return element;
}

const NARROW = "\u202f";

/** A number with so many significant digits, thousands apart, a true minus. */
function number(value, significant = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return value.toExponential(2).replace("-", "−");
  const whole = size >= 10 ** (significant - 1);
  return formatOf(whole ? 0 : significant).format(value).replace(/,/g, NARROW).replace("-", "−");
}

/** Formats are dear to make and cheap to use. */
const formats = new Map();
function formatOf(significant) {
  if (!formats.has(significant)) formats.set(significant, new Intl.NumberFormat("en-US", significant ? { maximumSignificantDigits: significant } : { maximumFractionDigits: 0 }));
  return formats.get(significant);
}

/** All digits, as the tables of the run have them. */
function exact(value) {
  return value === null || value === undefined ? "" : String(value);
}

function percent(share, decimals = 1) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  return `${(share * 100).toFixed(decimals)}%`.replace("-", "−");
}

/** The unit in which masses and energy are shown, by the largest of them: its factor and its word. */
function scaleOf(largest, unit) {
  const known = { t: "unit_t", "t CO2e": "unit_t_co2e", tce: "unit_tce" }[unit];
  if (!known) return { factor: 1, unit: unit === "1" ? "" : unit };
  const size = Math.abs(largest);
  if (size < 1e4) return { factor: 1, unit: w(known) };
  if (tongue === 0) return { factor: 1e-4, unit: w(`${known}_large`) };
  return size < 1e7 ? { factor: 1e-3, unit: w(`${known}_large`) } : { factor: 1e-6, unit: w(`${known}_huge`) };
}

function amount(value, unit) {
  if (value === null || value === undefined) return "–";
  const scale = scaleOf(value, unit);
  return `${number(value * scale.factor)}${scale.unit ? ` ${scale.unit}` : ""}`;
}

/** A change, with its sign. */
const changed = (value, unit) => `${value > 0 ? "+" : ""}${amount(value, unit)}`;

/** Saves bytes under a name, without any network. */
function save(name, parts, type) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** A cell of a CSV file. A text that a spreadsheet would take for a formula is made one no more. */
function cell(value) {
  if (typeof value === "number") return String(value);
  let text = value === null || value === undefined ? "" : String(value);
  if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function saveCsv(name, rows) {
  // The mark at the start tells a Chinese Excel that this is UTF-8.
  save(`${name}.csv`, ["\ufeff", rows.map((row) => row.map(cell).join(",")).join("\r\n"), "\r\n"], "text/csv");
}

/** What is drawn again when the language or a choice changes. */
const renewals = [];
function whenRenewed(renew) {
  renewals.push(renew);
}
/** What the reader sees first is done at once, the rest in short steps after it, so that nothing has to wait. */
const URGENT = 3;
let queue = [];
function renewAll() {
  document.documentElement.dataset.busy = "yes";
  for (const renew of renewals.slice(0, URGENT)) renew();
  const waiting = queue.length > 0;
  queue = renewals.slice(URGENT);
  if (!waiting) setTimeout(step, 0);
}
/** Does at once what still waits: before printing nothing may be missing. */
function finish() {
  while (queue.length) queue.shift()();
  document.documentElement.removeAttribute("data-busy");
}
function step() {
  const renew = queue.shift();
  if (renew) renew();
  if (queue.length) setTimeout(step, 0);
  else document.documentElement.removeAttribute("data-busy");
}
