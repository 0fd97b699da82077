/**
 * The packaged extension in the real VS Code, in a headless browser: a squiggle, a hover, a completion, a quick fix and an outline.
 *
 *   node vscode.mjs MODULES REMIT VSIX [PICTURES]     run by .ci/editors
 *
 * MODULES is where code-server and playwright-core are installed, REMIT the program, VSIX the package; PICTURES a folder for screenshots.
 */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, remit, vsix, pictures] = process.argv.slice(2).map((path) => resolve(path));
const { chromium } = createRequire(join(modules, "package.json"))("playwright-core");
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const work = mkdtempSync(join(tmpdir(), "remit-vscode-"));
const entry = join(modules, "node_modules/code-server/out/node/entry.js");
const places = ["--user-data-dir", join(work, "user"), "--extensions-dir", join(work, "extensions"), "--config", join(work, "config.yaml")];
const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override"];

const settings = {
  "remit.path": remit,
  "remit.asOf": "2026-06-01",
  "remit.log": join(work, "remit.log"),
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Default Light Modern",
  "workbench.tips.enabled": false,
  "security.workspace.trust.enabled": false,
  "extensions.ignoreRecommendations": true,
  "chat.commandCenter.enabled": false,
  "window.commandCenter": false,
  "editor.minimap.enabled": false,
  "editor.fontSize": 14,
  "editor.hover.delay": 100,
  "files.autoSave": "off",
};

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Until it holds, or for a minute: computers that check things are busy ones. */
async function until(what, holds, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  let seen;
  for (;;) {
    try {
      seen = await holds();
      if (seen) {
        return seen;
      }
    } catch (error) {
      seen = error.message;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${seconds} seconds (${String(seen).slice(0, 500)})`);
    }
    await new Promise((done) => setTimeout(done, 250));
  }
}

/** No-break spaces, with which the editor draws spaces, are spaces. */
const plain = (text) => (text ?? "").replaceAll("\u00a0", " ").replaceAll("\u200c", "");

class Editor {
  constructor(page) {
    this.page = page;
  }

  async press(...keys) {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      await this.page.waitForTimeout(120);
    }
  }

  async type(text) {
    await this.page.keyboard.type(text, { delay: 25 });
  }

  async picture(name) {
    if (pictures !== undefined) {
      await this.page.screenshot({ path: join(pictures, `${name}.png`) });
    }
  }

  /** A command by its title. */
  async command(title) {
    await this.press("F1");
    await this.type(title);
    await until(`the command ${title}`, () => this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().isVisible());
    await this.press("Enter");
  }

  async open(file) {
    await this.press("Control+P");
    await this.type(file);
    await until(`the file ${file}`, () => this.page.locator(".quick-input-list .monaco-list-row", { hasText: file }).first().isVisible());
    await this.press("Enter");
    await until(`${file} is open`, () => this.page.locator(".tab.active", { hasText: file }).isVisible());
  }

  /** Puts the cursor there; lines and columns count from 1. */
  async go(line, column) {
    await this.press("Control+G");
    await this.type(`${line}:${column}`);
    await this.press("Enter");
  }

  line(text) {
    return this.page.locator(".view-line").filter({ hasText: text.replaceAll(" ", "\u00a0") });
  }

  async text() {
    const lines = await this.page.locator(".monaco-editor .view-line").all();
    const placed = await Promise.all(lines.map(async (line) => [(await line.boundingBox())?.y ?? 0, plain(await line.textContent())]));
    return placed.sort((one, other) => one[0] - other[0]).map(([, text]) => text).join("\n");
  }

  /** What the item in the status bar says. */
  async status() {
    return plain(await this.page.locator(".statusbar-item", { hasText: "Remit:" }).first().textContent());
  }

  async errors() {
    return Number(/(\d+) errors?/.exec(await this.status())?.[1] ?? 0);
  }
}

const lineOf = (text, words) => text.split("\n").findIndex((line) => line.includes(words)) + 1;

const steps = {
  async "a squiggle under the very words"(editor) {
    await until("a squiggle", () => editor.page.locator(".squiggly-error").first().isVisible());
    await until("the status bar counts", async () => /Remit: \d+ errors, \d+ warnings/.test(await editor.status()));
    await editor.command("Problems: Focus on Problems View");
    const row = editor.page.locator(".markers-panel .monaco-list-row", { hasText: "pay policy stays national" });
    await until("the finding in the list", () => row.first().isVisible());
    assert.match(plain(await row.first().textContent()), /pay policy stays national.*pay-stays-national/s);
    await editor.picture("problems");
    await editor.press("Control+J");
  },
  async "a hover says what the words mean"(editor) {
    const line = lineOf(readFileSync(editor.plan, "utf8"), "responsibility pay-policy");
    await editor.go(line, 1);
    const word = editor.line("responsibility pay-policy").locator("span span", { hasText: "pay-policy" }).last();
    await word.hover();
    const hover = editor.page.locator(".monaco-hover:not(.hidden) .hover-contents");
    const said = await until("a hover", async () => plain((await hover.allTextContents()).join("\n")).trim());
    assert.match(said, /pay/i);
    await editor.picture("hover");
  },
  async "a hover on a finding gives the reason and the rule"(editor) {
    const line = lineOf(readFileSync(editor.plan, "utf8"), "a penny an hour");
    await editor.go(line, 20);
    await editor.page.mouse.move(5, 5);
    await editor.line("a penny an hour").locator("span span", { hasText: "wessex-and-mercia" }).last().hover();
    const hover = editor.page.locator(".monaco-hover:not(.hidden)");
    await until("the finding", async () => /pay policy stays national/.test(plain((await hover.allTextContents()).join("\n"))));
    await editor.picture("finding");
    await editor.press("Escape");
  },
  async "a quick fix that writes the right body"(editor) {
    const line = lineOf(readFileSync(editor.plan, "utf8"), "a penny an hour");
    const before = await editor.errors();
    await editor.go(line, 20);
    await editor.press("Control+.");
    const action = editor.page.locator(".action-widget .monaco-list-row", { hasText: "dhsc" });
    await until("the fix", () => action.first().isVisible());
    await editor.picture("fix");
    await action.first().click();
    await until("the fix is written", async () => /accountable +dhsc/.test(await editor.text()));
    await until("the finding is gone", async () => (await editor.errors()) < before);
    await editor.press("Control+Z");
    await until("the finding is back", async () => (await editor.errors()) === before);
  },
  async "a completion knows what may stand here"(editor) {
    const line = lineOf(readFileSync(editor.plan, "utf8"), "responsibility pay-policy");
    await editor.go(line, 1);
    await editor.type("responsibility \n");
    await editor.press("ArrowUp", "End");
    await editor.type("workf");
    await editor.press("Control+Space");
    const rows = editor.page.locator(".suggest-widget.visible .monaco-list-row");
    await until("the function in the list", async () => plain((await rows.allTextContents()).join("\n")).includes("workforce-planning"));
    await editor.picture("completion");
    await editor.press("Escape");
    await editor.command("File: Revert File");
  },
  async "an outline of the plan"(editor) {
    await editor.go(1, 1);
    await editor.press("Control+Shift+O");
    const rows = editor.page.locator(".quick-input-list .monaco-list-row");
    await until("the symbols", async () => plain((await rows.allTextContents()).join("\n")).includes("pay-policy"));
    await editor.picture("outline");
    await editor.press("Escape");
  },
  async "the page of a rule"(editor) {
    const line = lineOf(readFileSync(editor.plan, "utf8"), "a penny an hour");
    await editor.go(line, 20);
    await editor.command("Remit: Explain Rule");
    await until("the page", async () => {
      for (const frame of editor.page.frames()) {
        if (/Pay policy stays national/.test(plain(await frame.locator("body").textContent({ timeout: 1000 }).catch(() => "")))) {
          return true;
        }
      }
      return false;
    });
    await editor.picture("rule");
  },
  async "the server starts again when it is told to"(editor) {
    await editor.command("Remit: Restart the Language Server");
    await until("it is back", async () => (await editor.errors()) > 5);
  },
};

let server;
let browser;
let failed = 0;
try {
  mkdirSync(join(work, "user/User"), { recursive: true });
  writeFileSync(join(work, "user/User/settings.json"), JSON.stringify(settings));
  writeFileSync(join(work, "config.yaml"), "auth: none\n");
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
  }
  const plans = join(work, "wessex-and-mercia");
  cpSync(join(root, "examples/ultra-vires"), plans, { recursive: true });
  execFileSync(process.execPath, [entry, ...places, "--install-extension", vsix], { stdio: "inherit" });
  const port = await freePort();
  server = spawn(process.execPath, [entry, ...places, ...quiet, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`], { stdio: "ignore", detached: true });
  const address = `http://127.0.0.1:${port}`;
  await until("VS Code listens", async () => (await fetch(`${address}/healthz`)).ok);
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 });
  await page.goto(`${address}/?folder=${encodeURIComponent(plans)}`);
  await page.waitForSelector(".monaco-workbench", { timeout: 120_000 });
  const editor = new Editor(page);
  editor.plan = join(plans, "plan.remit");
  const only = process.env["ONLY"];
  for (const [name, step] of Object.entries(steps)) {
    if (only !== undefined && !name.includes(only)) {
      continue;
    }
    try {
      await editor.open("plan.remit");
      await until("the plan is checked", async () => (await editor.errors()) > 0);
      await step(editor);
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}: ${error.message}`);
      await editor.picture(`failed-${failed}`);
      await editor.press("Escape", "Escape");
    }
  }
} finally {
  await browser?.close();
  if (server !== undefined) {
    // Its children too: it was started as the leader of a group.
    process.kill(-server.pid, "SIGTERM");
  }
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
