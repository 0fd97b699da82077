"""A plain language client on a server's standard input and output, for the benchmark."""

import json
import subprocess
import threading
import time
from collections import deque


class Client:
    def __init__(self, command, root, capabilities=None, settings=None):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.settings = settings
        self.last = 0
        self.answers, self.published = {}, deque()
        self.something = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()
        self.welcome = self.ask("initialize", {
            "processId": None, "rootUri": f"file://{root}", "workspaceFolders": [{"uri": f"file://{root}", "name": "root"}],
            "capabilities": capabilities or {"workspace": {"configuration": True}, "textDocument": {
                "publishDiagnostics": {}, "hover": {}, "completion": {"completionItem": {"snippetSupport": True}}}}})
        self.tell("initialized", {})

    def _listen(self):
        out = self.process.stdout
        while True:
            length = None
            while True:
                line = out.readline()
                if not line:
                    return
                line = line.strip()
                if not line:
                    break
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            body = out.read(length)
            now = time.perf_counter()
            message = json.loads(body)
            if "method" in message and "id" in message:
                answer = None
                if message["method"] == "workspace/configuration":
                    answer = [self.settings or {} for _ in message["params"]["items"]]
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
                continue
            with self.something:
                if "method" not in message:
                    self.answers[message["id"]] = (now, message)
                elif message["method"] == "textDocument/publishDiagnostics":
                    self.published.append((now, message["params"]))
                self.something.notify_all()

    def _send(self, message):
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method, params):
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method, params, patience=60):
        return self.timed(method, params, patience)[1]

    def timed(self, method, params, patience=60):
        """The time of the answer in milliseconds, and its result."""
        self.last += 1
        mine = self.last
        begun = time.perf_counter()
        self._send({"jsonrpc": "2.0", "id": mine, "method": method, "params": params})
        with self.something:
            if not self.something.wait_for(lambda: mine in self.answers, patience):
                raise TimeoutError(method)
            now, message = self.answers.pop(mine)
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return (now - begun) * 1000, message["result"]

    def diagnostics(self, uri, begun, wanted, patience=60):
        """The time since `begun`, in milliseconds, at which the diagnostics are as wanted."""
        end = time.perf_counter() + patience
        with self.something:
            while True:
                while self.published:
                    now, params = self.published.popleft()
                    if params["uri"] == uri and now >= begun and wanted(params["diagnostics"]):
                        return (now - begun) * 1000
                if not self.something.wait(max(0.0, end - time.perf_counter())):
                    raise TimeoutError("diagnostics")

    def memory(self, field="VmHWM"):
        """MiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            for line in status:
                if line.startswith(field):
                    return int(line.split()[1]) / 1024
        return 0.0

    def cpu(self):
        """Milliseconds of processor time so far."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 10.0

    def leave(self):
        try:
            self.ask("shutdown", None, 5)
            self.tell("exit", None)
            self.process.wait(5)
        except Exception:
            self.process.kill()
