/**
 * Makes the `.vsix`, with no network.
 *
 *   node package.mjs                                         without the program: the one on the PATH is used
 *   node package.mjs --binary ../../target/release/remit     with it, for this computer's system
 *   node package.mjs --binary FILE --target win32-x64        with that of another system
 *   node package.mjs --out FILE                              where it goes; remit-VERSION.vsix otherwise
 */

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const home = dirname(fileURLToPath(import.meta.url));
const root = join(home, "../..");
const options = { binary: { type: "string" }, target: { type: "string" }, out: { type: "string" } };
const { binary, target, out } = parseArgs({ options }).values;
const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
const here = `${process.platform}-${process.arch}`;
const system = binary === undefined ? undefined : (target ?? here);
const file = resolve(out ?? join(home, ["remit", system, version].filter(Boolean).join("-").concat(".vsix")));

// What the extension shares with the rest of the project is copied in, and not kept twice.
const copies = ["LICENSE", "media/first-plan.remit"];
const licences = ["LICENSE-MIT", "LICENSE-APACHE"].map((name) => readFileSync(join(root, name), "utf8"));
writeFileSync(join(home, "LICENSE"), licences.join("\n\n"));
copyFileSync(join(root, "examples/first-plan.remit"), join(home, "media/first-plan.remit"));
rmSync(join(home, "bin"), { recursive: true, force: true });
if (binary !== undefined) {
  if (!existsSync(binary)) {
    throw new Error(`there is no ${binary}: build it with cargo build --release`);
  }
  const program = join(home, "bin", system.startsWith("win32") ? "remit.exe" : "remit");
  mkdirSync(dirname(program));
  copyFileSync(binary, program);
  chmodSync(program, 0o755);
}

const run = (name, ...words) =>
  execFileSync(process.execPath, [join(home, "node_modules", name), ...words], { cwd: home, stdio: "inherit" });
try {
  execFileSync("npm", ["run", "--silent", "build"], { cwd: home, stdio: "inherit" });
  mkdirSync(dirname(file), { recursive: true });
  // The bundle holds what it needs; the project's address is not known to the extension.
  const words = ["--no-dependencies", "--allow-missing-repository", "--no-update-package-json", "--out", file];
  run("@vscode/vsce/vsce", "package", ...words, ...(system === undefined ? [] : ["--target", system]));
} finally {
  for (const copy of copies) {
    rmSync(join(home, copy), { force: true });
  }
  rmSync(join(home, "bin"), { recursive: true, force: true });
}
