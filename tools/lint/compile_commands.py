#!/usr/bin/env python3
"""Print the compile command of each source under the given folders, one a line.

    compile_commands.py BUILD FOLDER...

A command goes to the build's folder first, and writes no object and no dependency file.
"""

import json
import os
import shlex
import sys
from pathlib import Path


def without_outputs(arguments):
    rest = iter(arguments)
    for argument in rest:
        if argument in ("-o", "-MF", "-MQ", "-MT"):
            next(rest)
        elif argument not in ("-MD", "-MMD"):
            yield argument


def main():
    build, folders = sys.argv[1], tuple(f"{Path(folder)}/" for folder in sys.argv[2:])
    seen = set()
    for entry in json.loads(Path(build, "compile_commands.json").read_text(encoding="utf-8")):
        source = os.path.relpath(os.path.join(entry["directory"], entry["file"]))
        if source.startswith(folders) and source not in seen:
            seen.add(source)
            command = shlex.join(without_outputs(shlex.split(entry["command"])))
            print(f"cd {shlex.quote(entry['directory'])} && {command}")
    if not seen:
        print(f"{build} compiles no source of {', '.join(folders)}", file=sys.stderr)
    return 0 if seen else 1


if __name__ == "__main__":
    sys.exit(main())
