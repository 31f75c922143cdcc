#!/usr/bin/env python3
"""Check that includes follow the arrows between the rooms of src/.

A source may include its own room, the rooms it may see, public headers and system headers.
"""

import re
import sys
from pathlib import Path

# room: the rooms that it may see besides itself
MAY_SEE = {
    "base": set(),
    "engine": {"base", "lexer"},
    "session": {"base"},
    "term": {"base"},
    "history": {"base"},
    "runtime": {"base", "engine", "session"},
    "module": {"base", "engine", "runtime", "repl"},
    "lexer": {"base"},
    "edit": {"base", "lexer"},
    "view": {"base", "lexer", "edit"},
    "embed": {"base", "engine", "runtime"},
    "program": {"base", "engine", "runtime", "embed"},
    "repl": {"base", "lexer", "edit", "view", "term", "history", "session"},
    "cli": {"base", "program", "repl"},
}

# The border of Python.h: these rooms, and one public header.
PYTHON_ROOMS = {"engine", "runtime", "embed", "program", "module"}
PYTHON_HEADER = "pyconsole/python.h"

PYTHON_INCLUDES = re.compile(
    r"Python\.h|structmember\.h|frameobject\.h|opcode\.h|datetime\.h|cpython/.*|internal/.*")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)


def includes_of(path):
    text = path.read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start(2)) + 1
        yield line, match[1] == '"', match[2]


def is_python(name):
    return name == PYTHON_HEADER or PYTHON_INCLUDES.fullmatch(name)


def room_of(source, path, name):
    """The room that a quoted include leads to: relative to the file, or to src/."""
    for folder in (path.parent, source):
        target = (folder / name).resolve()
        if target.is_file() and source in target.parents:
            return target.relative_to(source).parts[0]
    return None


def check_source(source, path, complain):
    room = path.relative_to(source).parts[0]
    if room not in MAY_SEE:
        complain(path, 1, f"src/{room} is no room: put it into the table of tools/lint/includes.py")
        return
    for line, quoted, name in includes_of(path):
        if is_python(name):
            if room not in PYTHON_ROOMS:
                complain(path, line, f"{name}: Python's headers stop at the border of {room}")
        elif quoted:
            target = room_of(source, path, name)
            if target is None:
                complain(path, line, f'"{name}" is in no room of src/ (system headers take <>)')
            elif target != room and target not in MAY_SEE[room]:
                complain(path, line, f'"{name}": {room} may not see {target}')


def check_public_header(include, path, complain):
    own_name = path.relative_to(include).as_posix()
    for line, quoted, name in includes_of(path):
        if quoted:
            complain(path, line, f'"{name}": a public header includes <pyconsole/…> and the system')
        elif is_python(name) and own_name != PYTHON_HEADER:
            complain(path, line, f"{name}: only <{PYTHON_HEADER}> may include Python's headers")


def main():
    root = Path.cwd().resolve()
    source, include = root / "src", root / "include"
    complaints = []

    def complain(path, line, message):
        complaints.append(f"{path.relative_to(root)}:{line}: {message}")

    for path in sorted(source.rglob("*.[ch]")):
        check_source(source, path, complain)
    for path in sorted(include.rglob("*.h")):
        check_public_header(include, path, complain)
    print(*complaints, sep="\n", end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
