#!/usr/bin/env python3
"""How long an editor waits: an edit until the right diagnostics, hover and completion, and what they cost.

    tests/editor/bench.py [--peers] [--edits N] [--long]

Needs `cargo build --release -p remit`. With --peers, taplo (crates.io, with its server) and yaml-language-server (npm) are installed below target/peers
and measured in the same run, and the ratios are printed: times of one machine mean nothing, ratios do. --long types 10,000 edits and
looks at the memory.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

import plans  # noqa: E402
from client import Client  # noqa: E402


def place(text, byte):
    before = text[:byte]
    return {"line": before.count("\n"), "character": byte - (before.rfind("\n") + 1)}


class Document:
    """A text in the middle of which a day is made wrong, and right again."""

    def __init__(self, client, path, language, text, right, wrong, after):
        self.client, self.uri, self.text, self.version = client, f"file://{path}", text, 1
        self.right, self.wrong = right, wrong
        self.at = text.index(right, text.index(after, len(text) // 2))
        self.is_wrong = False
        begun = time.perf_counter()
        client.tell("textDocument/didOpen", {"textDocument": {"uri": self.uri, "languageId": language, "version": 1, "text": text}})
        self.counts = []
        self.first = client.diagnostics(self.uri, begun, lambda found: self.counts.append(len(found)) or True)
        time.sleep(1.5)
        while client.published:
            _, params = client.published.popleft()
            if params["uri"] == self.uri:
                self.counts.append(len(params["diagnostics"]))
        self.quiet = self.counts[-1]

    def edit(self):
        old, new = (self.wrong, self.right) if self.is_wrong else (self.right, self.wrong)
        span = {"start": place(self.text, self.at), "end": place(self.text, self.at + len(old))}
        self.text = self.text[: self.at] + new + self.text[self.at + len(old):]
        self.version += 1
        self.is_wrong = not self.is_wrong
        begun = time.perf_counter()
        self.client.tell("textDocument/didChange", {
            "textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": [{"range": span, "text": new}]})
        return begun

    def edited(self):
        begun = self.edit()
        is_right = (lambda found: len(found) > self.quiet) if self.is_wrong else (lambda found: len(found) == self.quiet)
        return self.client.diagnostics(self.uri, begun, is_right)


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def measure(name, command, path, language, text, right, wrong, after, edits, settings=None):
    client = Client(command, path.parent, settings=settings)
    document = Document(client, path, language, text, right, wrong, after)
    for _ in range(6):
        document.edited()
    cpu = client.cpu()
    times = [document.edited() for _ in range(edits)]
    cpu = (client.cpu() - cpu) / edits
    if document.is_wrong:
        document.edited()
    result = {"server": name, "lines": text.count("\n"), "edit": (percentile(times, 0.5), percentile(times, 0.99)), "cpu": cpu}
    for what, method in (("hover", "textDocument/hover"), ("completion", "textDocument/completion")):
        where = place(document.text, document.text.rindex("owner", 0, document.at) + 1)
        asked = []
        try:
            for _ in range(edits):
                document.edited()
                asked.append(client.timed(method, {"textDocument": {"uri": document.uri}, "position": where})[0])
            result[what] = (percentile(asked, 0.5), percentile(asked, 0.99))
        except RuntimeError:
            result[what] = None
    result["memory"] = client.memory()
    client.leave()
    return result


def shown(result):
    pair = lambda pair: "-" if pair is None else f"{pair[0]:.2f}, {pair[1]:.2f}"
    return (f"{result['server']:<22}{result['lines']:>7}  edit {pair(result['edit']):>16} ms  cpu {result['cpu']:6.2f} ms"
            f"  hover {pair(result['hover']):>14}  completion {pair(result['completion']):>14}  peak {result['memory']:.0f} MiB")


def install(folder):
    folder.mkdir(parents=True, exist_ok=True)
    # What PyPI and npm hold of taplo has no language server in it.
    if not (folder / "bin/taplo").exists():
        subprocess.run(["cargo", "install", "--quiet", "--locked", "taplo-cli", "--features", "lsp", "--root", folder], check=True)
    if not (folder / "node_modules/.bin/yaml-language-server").exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", "yaml-language-server"], cwd=folder, check=True)
    return folder / "bin/taplo", folder / "node_modules/.bin/yaml-language-server"


def long_run(binary, folder):
    text = plans.remit(1000)
    path = folder / "long" / "plan.remit"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    client = Client([str(binary), "lsp"], path.parent)
    document = Document(client, path, "remit", text, "-03-31", "-13-31", "commitment commitment-")
    figures = []
    for turn in range(10_000):
        document.edited()
        if turn in (1_000, 9_999):
            figures.append(client.memory("VmRSS"))
    client.leave()
    print(f"memory after 1,000 edits {figures[0]:.1f} MiB, after 10,000 {figures[1]:.1f} MiB")
    if figures[1] > figures[0] * 1.1 + 1:
        sys.exit("the memory grows with the edits")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/release/remit")
    options = parser.parse_args()
    folder = ROOT / "target/editor-bench"
    results = {}

    def note(key, result):
        results[key, result["lines"] > 5000] = result
        print(shown(result), flush=True)

    peers = install(ROOT / "target/peers") if options.peers else None
    for lines in (1_000, 10_000):
        base = folder / str(lines)
        base.mkdir(parents=True, exist_ok=True)
        text = plans.remit(lines)
        path = base / "plan" / "plan.remit"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        (path.parent / "remit.yaml").write_text("as-of: 2019-10-01\n")
        note("remit", measure("remit", [str(options.binary), "lsp"], path, "remit", text, "-03-31", "-13-31", "commitment commitment-", options.edits))
        if peers:
            schema = base / "plan.schema.json"
            schema.write_text(json.dumps(plans.schema()))
            text = f"#:schema {schema.as_uri()}\n" + plans.toml(lines)
            path = base / "toml" / "plan.toml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            note("taplo", measure("taplo", [str(peers[0]), "lsp", "stdio"], path, "toml", text, '-03-31"', "-03-31", "[commitment.", options.edits))
            text = f"# yaml-language-server: $schema={schema.as_uri()}\n" + plans.yaml(lines)
            path = base / "yaml" / "plan.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            note("yaml", measure("yaml-language-server", [str(peers[1]), "--stdio"], path, "yaml", text, "-03-31", "-0331", "due:", min(options.edits, 40),
                                 {"validate": True, "hover": True, "completion": True}))
    growth = results["remit", True]["cpu"] / max(results["remit", False]["cpu"], 0.01)
    wall = results["remit", True]["edit"][0] / results["remit", False]["edit"][0]
    print(f"\nan edit of 10,000 lines costs {growth:.1f} times the processor, and takes {wall:.1f} times as long, as one of 1,000")
    if peers:
        for peer in ("taplo", "yaml"):
            for large, lines in ((False, "1,000"), (True, "10,000")):
                ours, theirs = results["remit", large], results[peer, large]
                parts = [f"edit 1/{theirs['edit'][1] / ours['edit'][1]:.0f}"]
                parts += [f"{what} 1/{theirs[what][1] / ours[what][1]:.1f}" for what in ("hover", "completion") if ours[what] and theirs[what]]
                parts.append(f"memory {ours['memory'] / theirs['memory']:.2f}")
                print(f"{lines:>6} lines, p99 against {peer}: {', '.join(parts)}")
    if options.long:
        long_run(options.binary, folder)


if __name__ == "__main__":
    main()
