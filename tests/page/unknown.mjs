// A study whose boundary with purchased energy is unknown: node unknown.mjs report.html

import assert from "node:assert/strict";
import { open } from "./browser.mjs";

const page = await open(`file://${process.argv[2]}`);
try {
  await page.settle();
  await page.ask("(finish(), drawAll())");
  const verdict = await page.ask("document.getElementById('headline').innerText + document.getElementById('verdict-body').innerText");
  assert.match(verdict, /carry = \["emission_factor S\.P"\]/);
  assert.match(verdict, /未知/);
  assert.doesNotMatch(verdict, /2023 年已达峰/);
  // Only the boundary that is known speaks in the headline.
  assert.match(await page.ask("document.getElementById('headline').innerText"), /直接排放/);
  const cells = await page.ask("[...document.querySelectorAll('#peak-table td.unknown')].length");
  assert.equal(cells, 4);
  const rows = await page.ask("rowsOf('peaks', { boundary: 'direct+purchased' }).map(({ verdict }) => verdict)");
  assert.deepEqual([...new Set(rows)], ["unknown"]);
  assert.deepEqual(await page.ask("[...seriesOf('base', 'direct+purchased', TOTAL, 'CO2').keys()]"), [2022, 2023]);
  // Another set of potentials makes no total of the gases that are left.
  await page.ask("(state.metric = STUDY.ghg, state.gwp = DATA.potentials.map(([label]) => label).find((label) => label !== STUDY.ghg))");
  assert.deepEqual(await page.ask("[...seriesOf('base', 'direct+purchased', TOTAL, STUDY.ghg).keys()]"), [2022, 2023]);
  assert.equal(await page.ask("peakOf('base', STUDY.ghg, 'direct+purchased').verdict"), "unknown");
  assert.deepEqual(await page.ask("[...lacking]"), []);
  assert.deepEqual(page.complaints, []);
} finally {
  await page.close();
}
