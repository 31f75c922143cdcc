#!/usr/bin/env python3
"""Check the sizes of C files and functions.

A file has at most 900 lines, better at most 400; 95 % of the functions are under 60 lines. In
PEP 7 style a function's body is what stands between a `{` and a `}` that are alone in column one.
"""

import sys
from pathlib import Path

FILE_MOST, FILE_BETTER = 900, 400
FUNCTION_LINES, FUNCTION_SHARE = 60, 0.95


def functions_of(lines):
    """Yield the name line's number and the number of lines in the body of each function."""
    start = None
    for number, line in enumerate(lines, 1):
        if line.rstrip() == "{":
            start = number
        elif line.rstrip() == "}" and start is not None:
            yield start, number - start - 1
            start = None


def name_of(lines, brace):
    """The line of the function's name: the first one after its return type."""
    head = brace - 2
    while head > 0 and (lines[head][:1].isspace() or not lines[head].strip()):
        head -= 1
    return lines[head].split("(")[0].strip()


def main():
    too_long, long_functions, count = [], [], 0
    for path in sorted([*Path("src").rglob("*.c"), *Path("src").rglob("*.h")]):
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > FILE_MOST:
            too_long.append(f"{path}: {len(lines)} lines, at most {FILE_MOST}")
        elif len(lines) > FILE_BETTER and path.suffix == ".c":
            print(f"note: {path}: {len(lines)} lines, better at most {FILE_BETTER}")
        for brace, length in functions_of(lines):
            count += 1
            if length >= FUNCTION_LINES:
                long_functions.append(f"{path}:{brace}: {name_of(lines, brace)}: {length} lines")
    allowed = int(count * (1 - FUNCTION_SHARE))
    print(f"{count} functions, {len(long_functions)} of {FUNCTION_LINES} lines or more"
          f" ({allowed} allowed)")
    for line in long_functions + too_long:
        print(line)
    return 1 if too_long or len(long_functions) > allowed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
