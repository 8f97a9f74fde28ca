// A browser driven through the DevTools protocol over a pipe: no library, no port.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function open(address, { width = 1280, height = 900 } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "qingdan-page-"));
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe", `--user-data-dir=${profile}`, `--window-size=${width},${height}`, "about:blank"];
  const child = spawn("chromium", flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [write, read] = [child.stdio[3], child.stdio[4]];
  const waiting = new Map();
  const listeners = [];
  let text = "";
  let count = 0;
  read.setEncoding("utf8");
  read.on("data", (part) => {
    text += part;
    for (let end = text.indexOf("\0"); end >= 0; end = text.indexOf("\0")) {
      const message = JSON.parse(text.slice(0, end));
      text = text.slice(end + 1);
      if (message.id) {
        const { done, failed } = waiting.get(message.id);
        waiting.delete(message.id);
        message.error ? failed(new Error(`${message.error.message}`)) : done(message.result);
      } else listeners.forEach((listen) => listen(message));
    }
  });
  const send = (method, params = {}, sessionId) => new Promise((done, failed) => {
    count += 1;
    waiting.set(count, { done, failed });
    write.write(`${JSON.stringify({ id: count, method, params, sessionId })}\0`);
  });
  const { targetInfos } = await send("Target.getTargets");
  const { targetId } = targetInfos.find(({ type }) => type === "page") || await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const call = (method, params) => send(method, params, sessionId);
  const complaints = [];
  const requests = [];
  listeners.push(({ method, params }) => {
    if (method === "Runtime.exceptionThrown") complaints.push(params.exceptionDetails.exception?.description || params.exceptionDetails.text);
    if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) complaints.push(params.args.map(({ value, description }) => value || description).join(" "));
    if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) complaints.push(params.entry.text);
    if (method === "Network.requestWillBeSent") requests.push(params.request.url);
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await call(`${domain}.enable`);
  await call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 600 });
  const loaded = new Promise((done) => listeners.push(({ method }) => method === "Page.loadEventFired" && done()));
  await call("Page.navigate", { url: address });
  await loaded;

  const page = {
    complaints,
    requests,
    call,
    async ask(expression) {
      const { result, exceptionDetails } = await call("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
      if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description || exceptionDetails.text}`);
      return result.value;
    },
    /** A real click in the middle of an element, once it lies still: drawings that come into view move what is below them. */
    async click(selector) {
      const where = () => page.ask(`(() => { const e = document.querySelector(${JSON.stringify(selector)}); if (!e) return null; e.scrollIntoView({ block: "center", behavior: "instant" }); const b = e.getBoundingClientRect(); const at = [b.x + b.width / 2, b.y + b.height / 2]; const hit = document.elementFromPoint(...at); return [...at, Boolean(hit && (e.contains(hit) || hit.contains(e)))]; })()`);
      let before = null;
      for (let tries = 0; tries < 60; tries += 1) {
        const at = await where();
        if (!at) throw new Error(`nothing to click at ${selector}`);
        const [x, y, isThere] = at;
        if (isThere && before && before[0] === x && before[1] === y) {
          for (const type of ["mousePressed", "mouseReleased"]) await call("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
          await page.settle();
          return;
        }
        before = at;
        await page.settle();
      }
      throw new Error(`${selector} does not lie still, or something lies over it`);
    },
    async key(key, { shift = false, text } = {}) {
      const codes = { Tab: 9, Escape: 27, Enter: 13 };
      for (const type of ["keyDown", "keyUp"]) await call("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: codes[key] || 0, modifiers: shift ? 8 : 0, text: type === "keyDown" ? text : undefined });
    },
    async type(selector, text) {
      await page.ask(`document.querySelector(${JSON.stringify(selector)}).focus()`);
      await call("Input.insertText", { text });
      await page.settle();
    },
    async select(selector, value) {
      await page.ask(`(() => { const e = document.querySelector(${JSON.stringify(selector)}); e.value = ${JSON.stringify(value)}; if (e.value !== ${JSON.stringify(value)}) throw new Error("no such choice"); e.dispatchEvent(new Event("change", { bubbles: true })); })()`);
      await page.settle();
    },
    /** Until the page has caught up with the last choice. */
    settle: () => page.ask("new Promise((done) => { const look = () => (document.documentElement.dataset.busy ? setTimeout(look, 10) : requestAnimationFrame(() => setTimeout(done, 30))); look(); })"),
    async shot(full = false) {
      const size = full ? await page.ask("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") : null;
      const clip = size ? { clip: { x: 0, y: 0, width: size[0], height: size[1], scale: 1 }, captureBeyondViewport: true } : {};
      return Buffer.from((await call("Page.captureScreenshot", { format: "png", ...clip })).data, "base64");
    },
    async pdf() {
      return Buffer.from((await call("Page.printToPDF", { preferCSSPageSize: true, printBackground: true })).data, "base64");
    },
    async close() {
      await send("Browser.close").catch(() => {});
      await new Promise((done) => (child.exitCode === null ? child.once("exit", done) : done()));
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return page;
}
