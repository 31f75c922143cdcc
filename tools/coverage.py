#!/usr/bin/env python3
"""Print how much of src/ the tests have run, from the gcov data of a coverage build.

    tools/coverage.py BUILD
"""

import collections
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def reports_of(build):
    """Yield gcov's JSON report of each object file, run or not."""
    for notes in sorted(build.rglob("*.gcno")):
        result = subprocess.run(
            [os.environ.get("GCOV", "gcov"), "--json-format", "--stdout", "--branch-probabilities",
             str(notes)],
            cwd=build, capture_output=True, text=True, check=True)
        for line in result.stdout.splitlines():
            yield json.loads(line)


def gather(build):
    """For each source, line -> how often it ran, and (line, branch) -> how often it was taken."""
    lines = collections.defaultdict(collections.Counter)
    branches = collections.defaultdict(collections.Counter)
    for report in reports_of(build):
        for file in report["files"]:
            source = Path(os.path.realpath(build / file["file"]))
            if ROOT / "src" not in source.parents:
                continue
            name = source.relative_to(ROOT).as_posix()
            for line in file["lines"]:
                lines[name][line["line_number"]] += line["count"]
                for index, branch in enumerate(line["branches"]):
                    branches[name][line["line_number"], index] += branch["count"]
    return lines, branches


def share(counts):
    return sum(1 for count in counts.values() if count), len(counts)


def ranges(numbers):
    """[3, 4, 5, 9] as "3-5 9"."""
    found = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def main():
    lines, branches = gather(Path(sys.argv[1]).resolve())
    if not lines:
        print(f"no coverage data of src/ in {sys.argv[1]}", file=sys.stderr)
        return 1
    print(f"\n{'file':<34} {'lines':>12} {'':>4} {'branches':>12} {'':>4}  lines never run")
    total = [0, 0, 0, 0]
    for name in [*sorted(lines), None]:
        if name is None:
            row, missed = total, ""
        else:
            row = [*share(lines[name]), *share(branches[name])]
            total = [a + b for a, b in zip(total, row)]
            missed = ranges(number for number, count in lines[name].items() if not count)
        percent = [f"{100 * run / count if count else 100:.0f}%"
                   for run, count in (row[:2], row[2:])]
        print(f"{name or 'all':<34} {row[0]:>6}/{row[1]:<5} {percent[0]:>4}"
              f" {row[2]:>6}/{row[3]:<5} {percent[1]:>4}  {missed}".rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
