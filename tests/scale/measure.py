#!/usr/bin/env python3
"""Measures checks of few plans and of many: the most memory that each takes, and how long, on one core and on two.

    tests/scale/measure.py PROGRAM FEW MANY
"""

import os
import sys
import tempfile
import time

REPORTS = ["json=findings.json", "sarif=findings.sarif", "junit=findings.xml", "gitlab=codequality.json", "markdown=findings.md"]
ROUNDS = 3
# The day as of which the plans of England are made.
AS_OF = "2025-09-30"


def run(program, plans, jobs, formats, into):
    """Peak memory in MB and seconds of one check."""
    words = [program, "check", plans, "--as-of", AS_OF, "--jobs", str(jobs)] + [word for name in formats for word in ("--format", name)]
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.chdir(into)
        os.execv(program, words)
    _, status, used = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{' '.join(words)} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_maxrss / 1024, time.monotonic() - begun


def best(*of):
    """The least of a few rounds, since whatever disturbs only adds."""
    rounds = [run(*of) for _ in range(ROUNDS)]
    return min(memory for memory, _ in rounds), min(seconds for _, seconds in rounds)


def main():
    program, few, many = (os.path.abspath(word) for word in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as into:
        for what, formats in [("read on a terminal", ["plain"]), ("all reports", ["plain"] + REPORTS)]:
            small, _ = best(program, few, 2, formats, into)
            large, two = best(program, many, 2, formats, into)
            _, one = best(program, many, 1, formats, into)
            print(f"{what}: {small:.0f} MB for few plans, {large:.0f} MB for many ({large / small:.2f} times as much); "
                  f"many in {one:.1f} s on one core, {two:.1f} s on two ({two / one:.2f} of it)")


if __name__ == "__main__":
    main()
