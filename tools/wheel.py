#!/usr/bin/env python3
"""Make a wheel of the package as it was built (`make wheel`).

    tools/wheel.py --build DIR --out DIR      run by the Python that the build is for

Meson installs what is tagged python-runtime into an empty folder; its package becomes the
wheel's (PyPA's "Binary distribution format"). The same build gives the same bytes. Prints the
wheel's path.
"""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIME = (1980, 1, 1, 0, 0, 0)
METADATA = """\
Metadata-Version: 2.1
Name: {name}
Version: {version}
Summary: The Python console in C: code and codeop, exactly, and sessions
License: MIT
Requires-Python: >=3.11
Description-Content-Type: text/markdown

{readme}"""
WHEEL = """\
Wheel-Version: 1.0
Generator: tools/wheel.py
Root-Is-Purelib: false
Tag: {tag}
"""


def meson(*arguments):
    return subprocess.run(["meson", *map(str, arguments)], check=True, stdout=subprocess.PIPE,
                          text=True, stdin=subprocess.DEVNULL).stdout


def tag():
    """For this version of CPython and this platform alone."""
    version = "cp%d%d" % sys.version_info[:2]
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"{version}-{version}-{platform}"


def package_files(build):
    """Name in the wheel -> content of each file of the package."""
    with tempfile.TemporaryDirectory() as tree:
        meson("install", "-C", build, "--no-rebuild", "--quiet", "--tags", "python-runtime",
              "--destdir", tree)
        package, = (path.parent for path in Path(tree).rglob("pyconsole/__init__.py"))
        return {path.relative_to(package.parent).as_posix(): path.read_bytes()
                for path in sorted(package.rglob("*"))
                if path.is_file() and "__pycache__" not in path.parts}


def described(files, project, wheel_tag):
    """The files with the folder that describes them."""
    name, version = project["descriptive_name"], project["version"]
    folder = f"{name}-{version}.dist-info"
    texts = {
        "METADATA": METADATA.format(name=name, version=version,
                                    readme=(ROOT / "README.md").read_text(encoding="utf-8")),
        "WHEEL": WHEEL.format(tag=wheel_tag),
        "LICENSE": (ROOT / "LICENSE").read_text(encoding="utf-8"),
    }
    files = files | {f"{folder}/{what}": text.encode() for what, text in texts.items()}
    record = "".join(f"{path},sha256={digest(content)},{len(content)}\n"
                     for path, content in files.items())
    return files | {f"{folder}/RECORD": f"{record}{folder}/RECORD,,\n".encode()}


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    project = json.loads(meson("introspect", "--projectinfo", options.build))
    wheel_tag = tag()
    files = described(package_files(options.build), project, wheel_tag)
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / f"{project['descriptive_name']}-{project['version']}-{wheel_tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, TIME)
            entry.external_attr = (0o755 if name.endswith(".so") else 0o644) << 16
            wheel.writestr(entry, content, zipfile.ZIP_DEFLATED)
    print(path)


if __name__ == "__main__":
    main()
