#!/usr/bin/env python3
"""Draw the pictures of README.md: the real program on a terminal, its screen as SVG.

    tools/pictures.py [--build DIR]      writes docs/pictures/NAME.svg

Keys are typed one by one, as a person does, and each picture is taken when the screen shows
what it is to show. Needs what tests/pty needs.
"""

import argparse
import html
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/pty"))

CELL, ROW, FONT = 8.4, 18, 14
COLOURS = {
    "default": "#d8dee9", "black": "#7f848e", "red": "#e06c75", "green": "#98c379",
    "brown": "#e5c07b", "yellow": "#e5c07b", "blue": "#61afef", "magenta": "#c678dd",
    "cyan": "#56b6c2", "white": "#ffffff", "brightblack": "#7f848e",
}
BACKGROUND = "#1e2127"

# name: rows, columns, and what is typed: keys, and a text that the screen then shows
PICTURES = {
    "editing": (17, 84, [
        ("import collections\r", ">>> "),
        ("def words(text, most=3):\r", "... "),
        ("\"\"\"The words that come up most.\"\"\"\r", "... "),
        ("return collections.Counter(text.split()).most_common(most)\r", "... "),
        ("\r", ">>> "),
        ("words('a rose is a rose is a rose')\r", "('is', 2)"),
        ("words(None)\r", "AttributeError"),
        ("words(", "words(text, most=3)"),
    ]),
    "completing": (13, 84, [
        ("import os\r", ">>> "),
        ("os.path.is\t", "isfile"),
        ("\t\t", "os.path.isdir"),
    ]),
    "undo": (11, 84, [
        ("prices = {'tea': 3, 'cake': 5}\r", ">>> "),
        (None, None),
        ("prices.clear()\r", ">>> "),
        ("%undo\r", "Back to before"),
        ("prices\r", "'cake': 5}"),
        ("import ctypes\r", ">>> "),
        (None, None),
        ("ctypes.string_at(0)\r", "q: leave"),
    ]),
}


def style_of(cell):
    foreground, background = cell.fg, cell.bg
    colour = COLOURS.get(foreground, f"#{foreground}")
    paper = None if background == "default" else COLOURS.get(background, f"#{background}")
    if cell.reverse:
        colour, paper = BACKGROUND, colour
    return colour, paper, cell.bold, cell.underscore


def draw(screen):
    """The screen as SVG: a run of cells of one style is one text."""
    width, height = screen.columns * CELL + 24, screen.lines * ROW + 20
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
             f'font-family="DejaVu Sans Mono, Menlo, monospace" font-size="{FONT}">',
             f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>']
    for y in range(screen.lines):
        x = 0
        while x < screen.columns:
            style, start, text = style_of(screen.buffer[y][x]), x, ""
            while x < screen.columns and style_of(screen.buffer[y][x]) == style:
                text += screen.buffer[y][x].data
                x += 1
            colour, paper, bold, underlined = style
            left, top = 12 + start * CELL, 10 + y * ROW
            if paper:
                parts.append(f'<rect x="{left:.1f}" y="{top}" width="{(x - start) * CELL:.1f}" '
                             f'height="{ROW}" fill="{paper}"/>')
            if text.strip():
                weight = "bold" if bold else "normal"
                line = "underline" if underlined else "none"
                parts.append(f'<text x="{left:.1f}" y="{top + 13}" fill="{colour}" '
                             f'font-weight="{weight}" text-decoration="{line}" '
                             f'textLength="{len(text) * CELL:.1f}" xml:space="preserve">'
                             f'{html.escape(text)}</text>')
    at = screen.cursor
    parts.append(f'<rect x="{12 + at.x * CELL:.1f}" y="{10 + at.y * ROW}" width="{CELL}" '
                 f'height="{ROW}" fill="#d8dee9" fill-opacity="0.5"/></svg>')
    return "\n".join(parts) + "\n"


def take(name, program, home):
    import terminal

    rows, columns, steps = PICTURES[name]
    terminal.ROWS, terminal.COLUMNS = rows, columns
    shown = terminal.Terminal(program, ["-q"], {
        "PATH": os.environ["PATH"], "HOME": home, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"})
    shown.wait_until(lambda lines: lines and lines[-1] == ">>>")
    for keys, text in steps:
        if keys is None:  # a person who looks at the screen: meanwhile a state is kept
            time.sleep(1)
            continue
        for key in keys:
            shown.type(key)
            time.sleep(0.03)
        shown.wait_until(lambda lines: any(text.strip() in line for line in lines[-6:]))
        time.sleep(0.3)
    shown.child.expect([terminal.pexpect.TIMEOUT, terminal.pexpect.EOF], timeout=1)
    shown.stream.feed(shown.child.before or b"")
    shown.child.close(force=True)
    return draw(shown.screen)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default="build")
    options = parser.parse_args()
    folder = ROOT / "docs/pictures"
    folder.mkdir(exist_ok=True)
    for name in PICTURES:
        with tempfile.TemporaryDirectory() as home:
            picture = take(name, str(ROOT / options.build / "pyconsole"), home)
        (folder / f"{name}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
