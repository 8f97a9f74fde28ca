// A study of one row whose texts try to become markup: node hostile.mjs report.html

import assert from "node:assert/strict";
import { open } from "./browser.mjs";

const page = await open(`file://${process.argv[2]}`);
try {
  await page.settle();
  await page.ask("(finish(), drawAll())");
  await page.click("#table-emissions tbody button");
  assert.match(await page.ask("document.getElementById('explain').innerText"), /amount × odd_factor/);
  await page.key("Escape");
  for (const name of ["totals", "gaps"]) await page.select("#choose-table", name);
  await page.click("#language");
  assert.equal(await page.ask("window.broken"), undefined);
  assert.equal(await page.ask("document.querySelectorAll('main img').length"), 0);
  // What a spreadsheet would run begins with a quote; numbers stay numbers.
  assert.deepEqual(await page.ask("['=1+1', '+cmd', '-2', '@x', -2, '中,文'].map(cell)"), ["'=1+1", "'+cmd", "'-2", "'@x", "-2", '"中,文"']);
  // Without scenarios and a second year their parts are not there.
  assert.deepEqual(await page.ask("figures.filter(({ made }) => made).map(({ id }) => id).filter((id) => ['totals', 'waterfall', 'fan', 'costs', 'factors'].includes(id))"), []);
  assert.equal(await page.ask("document.getElementById('assumptions').hidden"), true);
  assert.deepEqual(await page.ask("[...lacking]"), []);
  assert.deepEqual(page.complaints, []);
} finally {
  await page.close();
}
