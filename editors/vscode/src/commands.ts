/** What people ask for by name: check, explain, begin a plan. Each runs the same program as the command line does. */

import { dirname } from "node:path";
import * as vscode from "vscode";
import { output } from "./binary";

/** The scheme of the pages of rules. */
const RULE = "remit-rule";

const ICONS: Record<string, string> = { error: "$(error)", warning: "$(warning)", note: "$(info)" };

interface Rule {
  rule: string;
  title: string;
  severity: string;
  source?: { title: string; paragraph: string } | null;
  page: string;
}

/** The folder of the plan that is open, else of the workspace. */
function folder(): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme === "file" && document.languageId === "remit") {
    return dirname(document.uri.fsPath);
  }
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
}

/** `remit check` in the terminal: the whole of what the editor shows as marks, in full sentences. */
export async function check(binary: string): Promise<void> {
  await vscode.workspace.saveAll(false);
  const here = folder();
  if (here === undefined) {
    await vscode.window.showInformationMessage("Open a plan, or a folder that holds plans, first.");
    return;
  }
  const asOf = vscode.workspace.getConfiguration("remit").get<string>("asOf", "");
  const failOn = vscode.workspace.getConfiguration("remit").get<string>("failOn", "");
  const words = ["check", ".", ...(asOf ? ["--as-of", asOf] : []), ...(failOn ? ["--fail-on", failOn] : [])];
  const run = new vscode.ProcessExecution(binary, words, { cwd: here });
  const task = new vscode.Task({ type: "remit" }, vscode.TaskScope.Workspace, "check the plan", "remit", run);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true, focus: false, echo: false };
  await vscode.tasks.executeTask(task);
}

/** A rule's page: of the finding at the cursor, else of a rule chosen from the list. */
export async function explain(binary: string, name?: string): Promise<void> {
  const rule = name ?? ruleHere() ?? (await chosen(binary));
  if (rule === undefined) {
    return;
  }
  await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.from({ scheme: RULE, path: `/${rule}.md` }));
}

function ruleHere(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return undefined;
  }
  const found = vscode.languages
    .getDiagnostics(editor.document.uri)
    .find(({ source, range }) => source === "remit" && range.contains(editor.selection.active));
  const code = typeof found?.code === "object" ? found.code.value : found?.code;
  return code === undefined ? undefined : String(code);
}

async function rules(binary: string): Promise<Rule[]> {
  const printed = await output(binary, ["explain", "--format", "json"], folder());
  try {
    return (JSON.parse(printed ?? "") as { rules: Rule[] }).rules;
  } catch {
    return [];
  }
}

async function chosen(binary: string): Promise<string | undefined> {
  const items = rules(binary).then((rules) =>
    rules.map(({ rule, title, severity }) => ({ label: `${ICONS[severity] ?? ""} ${title}`, description: rule, rule })),
  );
  const options = { title: "Explain a rule", placeHolder: "What is it about?", matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.rule;
}

/** Gives VS Code the text of the pages that `explain` shows. */
export function pages(binary: () => string | undefined): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(RULE, {
    async provideTextDocumentContent(uri): Promise<string> {
      const path = binary();
      const name = uri.path.replace(/^\//, "").replace(/\.md$/, "");
      const printed = path && (await output(path, ["explain", name, "--format", "json"], folder()));
      if (!printed) {
        return `There is no rule \`${name}\` in the packs of this folder.`;
      }
      const [rule] = (JSON.parse(printed) as { rules: Rule[] }).rules;
      if (rule === undefined) {
        return "";
      }
      const source = rule.source ? ` · ${rule.source.title}, *${rule.source.paragraph}*` : "";
      return `# ${rule.title}\n\n\`${rule.rule}\` · ${rule.severity}${source}\n\n${rule.page}`;
    },
  });
}

/** A plan to begin with, not saved anywhere yet. */
export async function newPlan(context: vscode.ExtensionContext): Promise<void> {
  const beginning = vscode.Uri.joinPath(context.extensionUri, "media", "first-plan.remit");
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(beginning));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "remit", content }));
}
