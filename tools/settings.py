#!/usr/bin/env python3
"""Make docs/settings.md from the list of settings in src/repl/settings.h.

    tools/settings.py              write the page
    tools/settings.py --check      say whether the page is what the list says
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "repl" / "settings.h"
PAGE = ROOT / "docs" / "settings.md"

STRING = r'"(?:\\.|[^"\\])*"'
ROW = re.compile(rf"X\((\w+),\s*(\w+),\s*({STRING}),\s*({STRING}),\s*((?:{STRING}\s*)+)\)")

HEAD = """\
# Settings

*Made by tools/settings.py from src/repl/settings.h; what is to change is changed there.*

They are read at the start from `$XDG_CONFIG_HOME/pyconsole/settings`, which is
`~/.config/pyconsole/settings` where that variable is not set. A line that means nothing is
told of, with its number, and passed over.

```
# a remark
editing-mode = vi
editor = "code --wait"
style keyword = bold #ffaf00
bind "\\C-o": accept-line
```

A value goes to the end of its line; `"…"` keeps the blanks at its ends. A line `style ROLE =
STYLE` changes one colour, and a line `bind KEYS: COMMAND` binds keys, in the spelling of
readline's inputrc.

| setting | default | values | what it does |
|---|---|---|---|
"""


def text_of(strings):
    """A C string that may be in pieces."""
    return "".join(piece[1:-1].replace('\\"', '"').replace("\\\\", "\\")
                   for piece in re.findall(STRING, strings))


def values_of(kind, words):
    if kind == "SWITCH":
        return "`on`, `off`"
    if kind == "CHOICE":
        return ", ".join(f"`{word}`" for word in words.split())
    if kind == "NUMBER":
        return "{} to {}".format(*words.split())
    return "text"


def rows_of(header):
    begin = header.index("#define PC_SETTINGS(X)")
    listing = header[begin:header.index("\n\n", begin)].replace("\\\n", "\n")
    body = listing.split("\n", 1)[1]
    rows = list(ROW.finditer(body))
    if not rows or ROW.sub("", body).strip():
        sys.exit(f"{SOURCE.name}: cannot read: {ROW.sub('', body).strip()[:200]}")
    return rows


def page_of(header):
    lines = []
    for row in rows_of(header):
        kind, member, fallback, words, text = row.groups()
        fallback = text_of(fallback)
        lines.append(f"| `{member.replace('_', '-')}` | {f'`{fallback}`' if fallback else ''}"
                     f" | {values_of(kind, text_of(words))} | {text_of(text)} |")
    return HEAD + "\n".join(lines) + "\n"


def main():
    page = page_of(SOURCE.read_text(encoding="utf-8"))
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(page, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is not what {SOURCE.relative_to(ROOT)} says:"
          " run tools/settings.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
