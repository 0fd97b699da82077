"""Draws docs/finding.svg, the picture of one finding in the README: `python3 docs/finding.py`, with the package `rich`."""

import fcntl
import os
import pty
import re
import struct
import termios

from rich.console import Console
from rich.text import Text

COMMAND = ["target/debug/remit", "check", "examples/ultra-vires"]
RULE = "pay-stays-national"


def printed():
    """What the command prints on a terminal of 80 columns, colours included."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(COMMAND[0], COMMAND, dict(os.environ, TERM="xterm-256color"))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    text = b""
    while True:
        try:
            more = os.read(terminal, 65536)
        except OSError:
            break
        if not more:
            break
        text += more
    os.waitpid(child, 0)
    return text.decode().replace("\r", "")


def main():
    finding = next(block for block in printed().split("\n\n") if RULE in block)
    with open(os.devnull, "w") as nowhere:
        console = Console(record=True, width=84, force_terminal=True, file=nowhere, legacy_windows=False)
        console.print(Text.from_ansi("$ remit check examples/ultra-vires\n\n" + finding.rstrip()))
        picture = console.export_svg(title="remit", unique_id="finding")
    # Fonts that the reader has: the picture fetches nothing.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    picture = picture.replace("Fira Code", "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas")
    with open("docs/finding.svg", "w", encoding="utf-8") as file:
        file.write(picture)


if __name__ == "__main__":
    main()
