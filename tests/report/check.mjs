// Opens reports in a browser, as a board member would: nothing is asked of any network, axe-core finds no fault, all of it fits on A4.
//
//   node check.mjs FOLDER_OF_PAGES… [--pictures DIR]
import { readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = require.resolve("axe-core/axe.min.js");

const words = process.argv.slice(2);
const at = words.indexOf("--pictures");
const pictures = at < 0 ? undefined : words.splice(at, 2)[1];
const pages = words.flatMap((folder) =>
  folder.endsWith(".html") ? [resolve(folder)] : readdirSync(folder).filter((name) => name.endsWith(".html")).map((name) => resolve(folder, name)),
);
if (pages.length === 0) throw new Error("no pages were named");

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const faults = [];
let slowest = 0;
for (const colorScheme of ["light", "dark"]) {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1200, height: 900 } });
  for (const path of pages) {
    const page = await context.newPage();
    const own = pathToFileURL(path).href;
    page.on("request", (request) => {
      if (request.url() !== own) faults.push(`${path}: asks for ${request.url()}`);
    });
    page.on("console", (message) => faults.push(`${path}: says ${message.text()}`));
    page.on("pageerror", (error) => faults.push(`${path}: ${error}`));
    const begun = performance.now();
    await page.goto(own, { waitUntil: "load" });
    slowest = Math.max(slowest, performance.now() - begun);
    // Everything that can be opened is looked at as well.
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    await page.addScriptTag({ path: axe });
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    for (const one of found.violations.filter((one) => ["serious", "critical"].includes(one.impact))) {
      faults.push(`${path} (${colorScheme}): ${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 160)} (${one.nodes.length} places)`);
    }
    // A picture that is wider than the paper would be cut.
    if (colorScheme === "light") {
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize({ width: 688, height: 1000 });
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll("svg, table.matrix, article")].filter((one) => one.getBoundingClientRect().right > 688 + 1).map((one) => `${one.tagName} ${one.className.baseVal ?? one.className}`),
      );
      if (cut.length > 0) faults.push(`${path}: is cut on A4: ${cut.slice(0, 3).join(", ")}`);
      const paper = await page.pdf({ preferCSSPageSize: true });
      if (pictures) writeFileSync(join(pictures, `${path.split("/").at(-1)}.pdf`), paper);
    }
    await page.close();
  }
  await context.close();
}
// The whole page is in reach of the keyboard: the first stop leads to the content, and every wide table can be scrolled.
const page = await browser.newPage();
await page.goto(pathToFileURL(pages[0]).href);
await page.keyboard.press("Tab");
if ((await page.evaluate(() => document.activeElement?.className)) !== "skip") faults.push("the first stop of the keyboard is not the way to the content");
await browser.close();

if (slowest > 5000) faults.push(`a page took ${Math.round(slowest)} ms to open`);
if (faults.length > 0) {
  console.error([...new Set(faults)].join("\n"));
  process.exit(1);
}
console.log(`ok      ${pages.length} pages, in light and dark: nothing loaded, no serious fault, nothing cut; the slowest opened in ${Math.round(slowest)} ms`);
