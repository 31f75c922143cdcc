#!/usr/bin/env python3
"""Make docs/settings.md from the lists of settings and styles, in src/repl/settings.h and
src/view/theme.h.

    tools/settings.py              write the page
    tools/settings.py --check      say whether the page is what the list says
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "repl" / "settings.h"
THEME = ROOT / "src" / "view" / "theme.h"
PAGE = ROOT / "docs" / "settings.md"

STRING = r'"(?:\\.|[^"\\])*"'
ROLE = re.compile(rf"X\(\w+,\s*({STRING}),\s*({STRING}),\s*({STRING}),\s*({STRING})\)")
ROW = re.compile(rf"X\((\w+),\s*(\w+),\s*({STRING}),\s*({STRING}),\s*((?:{STRING}\s*)+)\)")

HEAD = """\
# Settings

*Made by tools/settings.py from src/repl/settings.h and src/view/theme.h; what is to change is
changed there.*

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

A value goes to the end of its line; `"…"` keeps the blanks at its ends. A line `style NAME =
STYLE` changes one of the [styles](#styles), and a line `bind KEYS: COMMAND` binds keys, in the
spelling of readline's inputrc.

| setting | default | values | what it does |
|---|---|---|---|
"""


STYLES = """
## Styles

A style is words: `bold`, `dim`, `italic`, `underline`, `blink`, `reverse`, `strike`; a colour, and
`on` ahead of that of the background. A colour is `black`, `red`, `green`, `yellow`, `blue`,
`magenta`, `cyan` or `white`, one of them with `bright-` ahead of it, `grey`, a number of the palette
of 256, or `#rrggbb`; `default` is the terminal's own. So `bold #ffaf00 on black`. What a terminal
cannot show becomes the nearest that it can. The names of Python's text are CPython's.

| name | what has it | on dark | on light |
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


def rows_of(source, name, pattern):
    """The rows of an X-macro list, which are all that it has."""
    header = source.read_text(encoding="utf-8")
    begin = header.index(f"#define {name}(X)")
    listing = header[begin:header.index("\n\n", begin)].replace("\\\n", "\n")
    body = listing.split("\n", 1)[1]
    rows = list(pattern.finditer(body))
    if not rows or pattern.sub("", body).strip():
        sys.exit(f"{source.name}: cannot read: {pattern.sub('', body).strip()[:200]}")
    return rows


def setting_lines():
    for row in rows_of(SOURCE, "PC_SETTINGS", ROW):
        kind, member, fallback, words, text = row.groups()
        fallback = text_of(fallback)
        yield (f"| `{member.replace('_', '-')}` | {f'`{fallback}`' if fallback else ''}"
               f" | {values_of(kind, text_of(words))} | {text_of(text)} |\n")


def style_lines():
    for row in rows_of(THEME, "PC_THEME_ROLES", ROLE):
        name, text, *styles = (text_of(group) for group in row.groups())
        dark, light = (f"`{style}`" if style else "" for style in styles)
        yield f"| `{name}` | {text} | {dark} | {light} |\n"


def page():
    return HEAD + "".join(setting_lines()) + STYLES + "".join(style_lines())


def main():
    made = page()
    if sys.argv[1:] != ["--check"]:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == made:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is not what the lists say:"
          " run tools/settings.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
