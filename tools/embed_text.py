#!/usr/bin/env python3
"""Make a C source out of a text file: `const char NAME[]` with its bytes and a zero byte.

    embed_text.py NAME TEXT SOURCE
"""

import sys
from pathlib import Path

name, text, source = sys.argv[1:]
numbers = [str(byte) for byte in Path(text).read_bytes()] + ["0"]
lines = [", ".join(numbers[i:i + 20]) for i in range(0, len(numbers), 20)]
Path(source).write_text(
    f"/* Made by tools/embed_text.py from {Path(text).name}. */\n"
    f"extern const char {name}[];\nconst char {name}[] = {{\n    " + ",\n    ".join(lines) + "\n};\n",
    encoding="utf-8")
