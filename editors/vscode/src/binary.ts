/** Where the `remit` program is: the one that the settings name, the one that came with the extension, or the one on the PATH. */

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import * as vscode from "vscode";

export interface Binary {
  path: string;
  version: string;
}

/** Why there is none, in words for a person. */
export class NotFound extends Error {}

const NAME = process.platform === "win32" ? "remit.exe" : "remit";

export async function find(context: vscode.ExtensionContext): Promise<Binary> {
  const set = vscode.workspace.getConfiguration("remit").get<string>("path", "").trim();
  if (set !== "") {
    const path = expanded(set);
    const version = await versionOf(path);
    if (version === undefined) {
      throw new NotFound(`The setting remit.path names ${set}, which does not run.`);
    }
    return { path, version };
  }
  const places = [join(context.extensionPath, "bin", NAME)];
  for (const folder of (process.env["PATH"] ?? "").split(delimiter).filter(isAbsolute)) {
    places.push(join(folder, NAME));
  }
  // Where `cargo install` puts it: editors that a desktop starts often do not have it on their PATH.
  places.push(join(homedir(), ".cargo", "bin", NAME));
  for (const path of places) {
    if (await isProgram(path)) {
      const version = await versionOf(path);
      if (version !== undefined) {
        return { path, version };
      }
    }
  }
  throw new NotFound("The program remit is not on this computer's PATH, and none came with this extension.");
}

/** What the program prints, whatever it ends with; undefined when it does not run. */
export function output(path: string, words: string[], folder?: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { ...(folder === undefined ? {} : { cwd: folder }), maxBuffer: 64 * 1024 * 1024, timeout: 60_000 };
    execFile(path, words, options, (error, printed) => {
      // A number is what the program ended with; a word, such as ENOENT, is why it never ran.
      resolve(error !== null && typeof error.code !== "number" ? undefined : printed);
    });
  });
}

async function versionOf(path: string): Promise<string | undefined> {
  return /^remit (\S+)/.exec((await output(path, ["--version"])) ?? "")?.[1];
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function expanded(path: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const whole = path.replace(/^~(?=[/\\])/, homedir()).replaceAll("${workspaceFolder}", folder);
  return isAbsolute(whole) || !/[/\\]/.test(whole) ? whole : join(folder, whole);
}
