#!/usr/bin/env python3
"""Check the symbols of a build.

    symbols.py exports BUILD     shared libraries export only their public names
    symbols.py state BUILD       no object file has mutable file-scope or function-static data

Mutable data that has to be is listed in mutable.txt beside this script, each with its reason.
"""

import fnmatch
import json
import os
import re
import subprocess
import sys
from pathlib import Path

# file name pattern of a library: what it may export
EXPORTS = {
    "libpyconsole*.so": re.compile(r"pyconsole_\w+"),
    "_pyconsole*.so": re.compile(r"PyInit__pyconsole"),
    "_session*.so": re.compile(r"PyInit__session"),
    "_runtime*.so": re.compile(r"PyInit__runtime"),
}
REQUIRED = "libpyconsole.so", "libpyconsole-embed.so", "_pyconsole*.so", "_session*.so", "_runtime*.so"
LINKER_NAMES = {"_init", "_fini", "_edata", "_end", "__bss_start"}

# Sections that can be written at run time; .data.rel.ro is not: it is sealed after relocation.
WRITABLE = re.compile(r"(\.data|\.bss|\.tdata|\.tbss|COMMON|\*COM\*)(?!\.rel\.ro)(\.|$)")
ALLOWED = Path(__file__).with_name("mutable.txt")


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def check_exports(build):
    complaints, seen = [], set()
    for path in sorted(build.rglob("*.so")):
        for pattern, public in EXPORTS.items():
            if not path.exists() or not fnmatch.fnmatch(path.name, pattern):
                continue
            seen.add(path.name)
            symbols = output_of("nm", "-D", "--defined-only", "--format=just-symbols", path).split()
            complaints += [f"{path.name} exports {name}" for name in symbols
                           if not public.fullmatch(name) and name not in LINKER_NAMES]
            if not any(public.fullmatch(name) for name in symbols):
                complaints.append(f"{path.name} exports none of its public names")
    complaints += [f"no {pattern} in {build}" for pattern in REQUIRED
                   if not fnmatch.filter(seen, pattern)]
    return complaints


def read_allowed():
    """(source pattern, symbol pattern) pairs; a line without a reason is refused."""
    for line in ALLOWED.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            source, symbol, reason = line.split(maxsplit=2)
            assert len(reason) > 10, f"{ALLOWED.name}: a reason, please: {line}"
            yield source, symbol


def data_symbols(object_file):
    """Yield the names of the objects that lie in writable sections."""
    for line in output_of("objdump", "-t", object_file).splitlines():
        # value, seven flag characters (the last one O for an object), section, size, name
        match = re.match(r"[0-9a-f]+ (.{7}) (\S+)\s+[0-9a-f]+\s+(?:\.hidden )?(\S+)$", line)
        if match and "O" in match[1] and WRITABLE.match(match[2]):
            yield re.sub(r"\.\d+$", "", match[3])


def objects_of(build):
    """Yield (source, object file) for each object that the build makes of src/."""
    root = Path.cwd().resolve()
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        folder = Path(entry["directory"])
        source = Path(os.path.realpath(folder / entry["file"]))
        if root / "src" in source.parents:
            yield source.relative_to(root).as_posix(), folder / entry["output"]


def check_state(build):
    allowed, used, complaints, count = list(read_allowed()), set(), [], 0
    for source, object_file in objects_of(build):
        count += 1
        if not object_file.exists():
            complaints.append(f"{source}: not compiled in {build}")
            continue
        for symbol in data_symbols(object_file):
            reasons = [entry for entry in allowed if fnmatch.fnmatch(source, entry[0])
                       and fnmatch.fnmatch(symbol, entry[1])]
            used.update(reasons)
            if not reasons:
                complaints.append(f"{source}: {symbol} is mutable")
    if not complaints:
        complaints += [f"{ALLOWED.name}: {source} {symbol} matches nothing any more"
                       for source, symbol in allowed if (source, symbol) not in used]
    if count == 0:
        complaints.append(f"{build} compiles nothing of src/")
    return complaints


def main():
    what, build = sys.argv[1], Path(sys.argv[2])
    complaints = {"exports": check_exports, "state": check_state}[what](build)
    print(*dict.fromkeys(complaints), sep="\n", end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
