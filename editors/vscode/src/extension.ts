/** Starts the language server and shows what it says. Nothing is analysed here. */

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, RevealOutputChannelOn, State } from "vscode-languageclient/node";
import { type Binary, find, NotFound } from "./binary";
import { check, explain, newPlan, pages } from "./commands";
import { Status } from "./status";

let client: LanguageClient | undefined;
let binary: Binary | undefined;
/** Starts and stops run one after another, whoever asks. */
let turn: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const status = new Status();
  const channel = vscode.window.createOutputChannel("Remit", { log: true });
  const restart = () => inTurn(() => start(context, status, channel));

  /** A command that runs the program, and says what to do when there is none. */
  const withBinary =
    <T extends unknown[]>(run: (path: string, ...words: T) => Promise<void>) =>
    async (...words: T) => {
      await turn;
      if (binary === undefined) {
        await offerHelp("The program remit was not found.");
      } else {
        await run(binary.path, ...words);
      }
    };

  context.subscriptions.push(
    status,
    channel,
    pages(() => binary?.path),
    vscode.commands.registerCommand("remit.restart", restart),
    vscode.commands.registerCommand("remit.showLog", () => channel.show()),
    vscode.commands.registerCommand("remit.check", withBinary(check)),
    vscode.commands.registerCommand("remit.explain", withBinary(explain)),
    vscode.commands.registerCommand("remit.newPlan", () => newPlan(context)),
    vscode.commands.registerCommand("remit.menu", menu),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      // The other settings reach the running server.
      if (change.affectsConfiguration("remit.path") || change.affectsConfiguration("remit.log")) {
        void restart();
      }
    }),
  );
  await vscode.commands.executeCommand("setContext", "remit.isPresent", true);
  await restart();
}

export function deactivate(): Promise<void> {
  return inTurn(stop);
}

function inTurn(work: () => Promise<void>): Promise<void> {
  turn = turn.then(work, work);
  return turn;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

async function start(
  context: vscode.ExtensionContext,
  status: Status,
  channel: vscode.LogOutputChannel,
): Promise<void> {
  await stop();
  binary = undefined;
  if (!vscode.workspace.isTrusted) {
    status.set({ is: "untrusted" });
    return;
  }
  status.set({ is: "starting" });
  try {
    binary = await find(context);
    const { path, version } = binary;
    channel.info(`remit ${version}: ${path}`);
    const log = vscode.workspace.getConfiguration("remit").get<string>("log", "");
    const options: LanguageClientOptions = {
      // Which YAML belongs to a rule pack is for the server to say: it is silent about the rest.
      documentSelector: [
        { language: "remit", scheme: "file" },
        { language: "remit", scheme: "untitled" },
        { language: "yaml", scheme: "file" },
      ],
      outputChannel: channel,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: vscode.workspace.getConfiguration("remit"),
      synchronize: { configurationSection: "remit" },
    };
    const args = ["lsp", ...(log ? ["--log", log] : [])];
    const started = new LanguageClient("remit", "Remit", { command: path, args }, options);
    client = started;
    started.onDidChangeState(({ newState }) => {
      if (client === started && newState === State.Stopped) {
        status.set({ is: "stopped", why: "Remit stopped: click for what to do" });
      } else if (newState === State.Running) {
        status.set({ is: "running", version });
      }
    });
    await started.start();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    channel.error(why);
    status.set({ is: "stopped", why });
    if (error instanceof NotFound) {
      void offerHelp(why);
    }
  }
}

async function offerHelp(why: string): Promise<void> {
  const settings = "Say Where It Is";
  const again = "Try Again";
  const chosen = await vscode.window.showWarningMessage(`${why} Plans are coloured, and not checked.`, settings, again);
  if (chosen === settings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "remit.path");
  } else if (chosen === again) {
    await vscode.commands.executeCommand("remit.restart");
  }
}

async function menu(): Promise<void> {
  const items = [
    { label: "$(checklist) Check plan", command: "remit.check" },
    { label: "$(book) Explain rule", command: "remit.explain" },
    { label: "$(new-file) New plan", command: "remit.newPlan" },
    { label: "$(warning) Show all findings", command: "workbench.actions.view.problems" },
    { label: "$(output) Show the language server's output", command: "remit.showLog" },
    { label: "$(debug-restart) Restart the language server", command: "remit.restart" },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: "Remit" });
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
