/** The item in the status bar: whether plans are being checked, and how many findings are open. */

import * as vscode from "vscode";

export type State =
  | { is: "starting" }
  | { is: "running"; version: string }
  | { is: "stopped"; why: string }
  | { is: "untrusted" };

export class Status implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("remit", vscode.StatusBarAlignment.Left, 0);
  private readonly listeners: vscode.Disposable[];
  private state: State = { is: "starting" };

  constructor() {
    this.item.name = "Remit";
    this.item.command = "remit.menu";
    this.listeners = [
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
      vscode.languages.onDidChangeDiagnostics(() => this.show()),
    ];
    this.show();
  }

  set(state: State): void {
    this.state = state;
    this.show();
  }

  dispose(): void {
    for (const listener of this.listeners) {
      listener.dispose();
    }
    this.item.dispose();
  }

  private show(): void {
    const here = vscode.window.activeTextEditor?.document.languageId === "remit";
    this.item.backgroundColor = undefined;
    switch (this.state.is) {
      case "starting":
        this.item.text = "$(loading~spin) Remit";
        this.item.tooltip = "Remit is starting";
        break;
      case "untrusted":
        this.item.text = "$(shield) Remit";
        this.item.tooltip = "Plans are coloured, and not checked: this folder is not trusted";
        break;
      case "stopped":
        this.item.text = "$(circle-slash) Remit";
        this.item.tooltip = this.state.why;
        this.item.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
        break;
      case "running": {
        const said = counted();
        this.item.text = `$(checklist) Remit: ${said}`;
        this.item.tooltip = `Remit ${this.state.version}: ${said} in the plans of this workspace`;
        break;
      }
    }
    if (here || this.state.is === "stopped") {
      this.item.show();
    } else {
      this.item.hide();
    }
  }
}

/** What the language server found, counted. */
function counted(): string {
  let errors = 0;
  let warnings = 0;
  let notes = 0;
  for (const [, diagnostics] of vscode.languages.getDiagnostics()) {
    for (const { source, severity } of diagnostics) {
      if (source === "remit") {
        errors += Number(severity === vscode.DiagnosticSeverity.Error);
        warnings += Number(severity === vscode.DiagnosticSeverity.Warning);
        notes += Number(severity > vscode.DiagnosticSeverity.Warning);
      }
    }
  }
  const parts = [several(errors, "error"), several(warnings, "warning"), several(notes, "note")].filter((part) => part);
  return parts.length === 0 ? "nothing found" : parts.join(", ");
}

function several(count: number, word: string): string {
  return count === 0 ? "" : `${count} ${word}${count === 1 ? "" : "s"}`;
}
