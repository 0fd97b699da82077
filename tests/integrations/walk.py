#!/usr/bin/env python3
"""Follows a page in a fresh folder: each `$ command` of its `console` blocks is run, and what it prints has to be what the page shows.

    tests/integrations/walk.py PAGE [--bless]

`> ` goes on with a command. `REMIT_HOME` is Remit's own folder, and `remit` the program that REMIT names. --bless writes what is printed into the page.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def main():
    page = pathlib.Path(sys.argv[1])
    program = pathlib.Path(os.environ["REMIT"]).resolve()
    lines = page.read_text(encoding="utf-8").splitlines()
    written, commands, wrong = [], 0, []
    with tempfile.TemporaryDirectory() as folder:
        programs = pathlib.Path(folder) / "bin"
        programs.mkdir()
        (programs / "remit").symlink_to(program)
        work = pathlib.Path(folder) / "region"
        work.mkdir()
        environment = {
            "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
            "HOME": folder,
            "REMIT_HOME": str(ROOT),
            "LC_ALL": "C.UTF-8",
        }
        at = 0
        inside = False
        while at < len(lines):
            line = lines[at]
            at += 1
            written.append(line)
            if line.startswith("```"):
                inside = line == "```console"
            if not inside or not line.startswith("$ "):
                continue
            command = [line[2:]]
            while at < len(lines) and (lines[at].startswith("> ") or lines[at] == ">"):
                written.append(lines[at])
                command.append(lines[at][2:])
                at += 1
            shown = []
            while not lines[at].startswith(("$ ", "```")):
                shown.append(lines[at])
                at += 1
            run = subprocess.run(
                ["bash", "-c", "\n".join(command)], cwd=work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            printed = [said.rstrip() for said in run.stdout.splitlines()]
            commands += 1
            written += printed
            if printed != shown:
                wrong.append((command[0], shown, printed))
    if "--bless" in sys.argv:
        page.write_text("\n".join(written) + "\n", encoding="utf-8")
    elif wrong or commands < 8:
        for command, shown, printed in wrong:
            print(f"{page}: $ {command}\n  shows\n    " + "\n    ".join(shown) + "\n  and prints\n    " + "\n    ".join(printed))
        sys.exit(f"{page}: {len(wrong)} of {commands} commands print something else")
    print(f"{page}: {commands} commands, each as shown")


if __name__ == "__main__":
    main()
