#!/usr/bin/env python3
"""Make docs/keys.md and the KEYS of man/pyconsole.1 from the tables of src/edit.

    tools/keys.py              write them
    tools/keys.py --check      say which of them is not what the tables say

Commands and what they do come from the lists of command.h, keys from keymap_emacs.c and
keymap_vi.c. A command without a sentence about it, a key that is bound twice in a map, and a
name that no list has are errors.
"""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EDIT = ROOT / "src/edit"
PAGE = ROOT / "docs/keys.md"
MANUAL = ROOT / "man/pyconsole.1"
NOTE = "Made by tools/keys.py from the tables of src/edit; what is to change is changed there."

# The lists of command.h, in this order: what their commands are about.
GROUPS = {
    "MOVING": "Moving",
    "SELECTING": "Selecting",
    "EDITING": "Editing",
    "LINES": "Lines",
    "KILLING": "Cutting and putting back",
    "MODES": "Completing, counts, macros, modes",
    "ASKING": "Running, history, screen",
    "VI": "vi",
}
# The tables of keys: how they are called.
MAPS = {
    "emacs": "Emacs",
    "vi_insert": "vi, insert mode",
    "vi_command": "vi, command mode",
}
BEGIN, END = '.\\" Keys: made by tools/keys.py.', '.\\" End of the keys.'


class Unreadable(Exception):
    """The tables have something that this tool, or a reader, cannot make sense of."""


def literal(text):
    """The value of C string literals that stand in a row."""
    return "".join(re.findall(r'"((?:\\.|[^"\\])*)"', text)).replace('\\"', '"').replace(
        "\\\\", "\\")


def read_commands():
    """Group -> {id: (name, sentence)}."""
    source = re.sub(r"\s*\\\n\s*", " ", (EDIT / "command.h").read_text(encoding="utf-8"))
    groups = {}
    for group in GROUPS:
        body = re.search(rf"#define PC_COMMANDS_{group}\(X\)(.*)", source)[1]
        entries = re.findall(r'X\((\w+), ("[^"]*"), \w+, ((?:"(?:\\.|[^"\\])*"\s*)+)\)', body)
        if len(entries) != len(re.findall(r"\bX\(", body)):
            raise Unreadable(f"command.h: PC_COMMANDS_{group} has an entry without a sentence")
        groups[group] = {name: (literal(text), literal(doc)) for name, text, doc in entries}
    return groups


def read_bindings(known):
    """Map -> {id: [keys]}."""
    maps = {}
    for file in ("keymap_emacs.c", "keymap_vi.c"):
        source = (EDIT / file).read_text(encoding="utf-8")
        common = re.search(r"#define COMMON(.*?[^\\])\n", source, re.DOTALL)
        for name, body in re.findall(r"pc_keymap_(\w+)\[\] = \{(.*?)\n\};", source, re.DOTALL):
            if "COMMON" in body:
                body += common[1]
            bound, seen = {}, set()
            for keys, command in re.findall(r'BIND\(("(?:\\.|[^"\\])*"),\s*(\w+)\)', body):
                keys = literal(keys)
                if command not in known or keys in seen:
                    raise Unreadable(f"{file}: {name}: {keys} is bound twice, or to nothing known")
                seen.add(keys)
                bound.setdefault(command, []).append(keys)
            maps[name] = bound
    if maps.keys() != MAPS.keys():
        raise Unreadable(f"there are the maps {', '.join(maps)}")
    return maps


# ---------------------------------------------------------------------- Markdown

def code(text):
    """As code inside a table."""
    return f"`` {text} ``" if "`" in text else "`" + text.replace("|", "\\|") + "`"


def table(commands, bound):
    """The rows of those commands of a group that have keys."""
    rows = [f"| {' '.join(map(code, bound[name]))} | `{text}` | {sentence} |"
            for name, (text, sentence) in commands.items() if name in bound]
    return ["| keys | command | what it does |", "|---|---|---|", *rows, ""] if rows else []


# What no table says: keys of lists, and of vi's selections. They cannot be bound.
ELSEWHERE = [
    "In the menu of completions `Tab` and `Down` go to the next one, `S-Tab` and `Up` to the one"
    " before, `PageDown` and `PageUp` by pages. `Enter` takes the one selected, `Escape` and `C-g`"
    " close the menu, and what is typed narrows it.",
    "",
    "So does what is typed into the list of the history that `C-r` opens. `C-r` and `Down` go to"
    " older entries, `C-s` and `Up` to newer ones; `Tab` and `Enter` take one, `C-g` and `Escape`"
    " bring back what was there. `M-f` matches the letters in their order, `M-d` shows what ran in"
    " this folder, `M-s` what this session ran, `M-e` leaves out what failed; each again: no longer."
    " `M-k` and `S-Delete` forget the entry for good, in all files. Any other key takes the entry and does what it does.",
    "",
    "In vi's command mode, behind an operator or in a selection, `i` and `a` with one of"
    " ``w W \" ' ` ( [ { < b B`` mean what is in, or around, a word, quotes or brackets. In a"
    " selection `o` goes to its other end, `u` and `U` make small letters and capitals, and"
    " `d c y > < r p ~ J #` do what they do elsewhere.",
    "",
]


def make_page(groups, maps):
    lines = [
        "# Keys", "", f"*{NOTE}*", "",
        "`C-` is Control, `M-` Alt (or Escape before the key), `S-` Shift; of keys with a blank"
        " between them one comes after the other. Shift with a key that moves the cursor selects."
        " In vi's insert mode a key with Alt that is bound to nothing is Escape and the key.",
        "",
        "`~/.inputrc` binds other keys, in readline's notation: `\"\\C-xu\": undo`,"
        " `Meta-Rubout: kill-word`, `\"\\ep\": \"print()\\C-b\"`, `set editing-mode vi`,"
        " `set keymap vi-insert`, `$if Python`. Readline's names for what has another one here"
        " are understood. Where there is no such file, `/etc/inputrc` binds keys that have no command.",
        "", *ELSEWHERE,
    ]
    for name, title in MAPS.items():
        lines += [f"## {title}", ""]
        for group, commands in groups.items():
            rows = table(commands, maps[name])
            lines += [f"### {GROUPS[group]}", "", *rows] if rows else []
    everywhere = {command for bound in maps.values() for command in bound}
    lines += ["## Commands that no key is bound to", "", "| command | what it does |", "|---|---|"]
    lines += [f"| `{text}` | {sentence} |" for commands in groups.values()
              for name, (text, sentence) in commands.items() if name not in everywhere]
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------------- the man page

def roff(text):
    return text.replace("\\", "\\e").replace("-", "\\-")


def quoted(text):
    """One argument of a macro."""
    text = roff(text).replace('"', '""')
    return f'"\\&{text}"'


def make_manual(groups, maps):
    """Each command once, with its keys in the first map that has it."""
    lines = [BEGIN]
    for name, title in MAPS.items():
        lines += [f".Ss {title}", ".Bl -tag -width Ds"]
        for commands in groups.values():
            for command, (text, sentence) in commands.items():
                keys = maps[name].get(command)
                if not keys or (name != "emacs" and keys == maps["emacs"].get(command)):
                    continue
                lines.append(".It " + " , ".join(f"Ic {quoted(key)}" for key in keys))
                lines.append(re.sub(r"^([.'])", r"\\&\1", roff(sentence)))
                lines.append(f".Pq Cm {roff(text)}")
        lines.append(".El")
    return "\n".join([*lines, END]) + "\n"


def put_into_manual(manual, keys):
    before, mark, rest = manual.partition(BEGIN + "\n")
    _old, end, after = rest.partition(END + "\n")
    if not mark or not end:
        raise Unreadable(f"{MANUAL.name} has no lines that say where the keys are")
    return before + keys + after


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    try:
        groups = read_commands()
        maps = read_bindings({name for commands in groups.values() for name in commands})
        manual = MANUAL.read_text(encoding="utf-8")
        made = {PAGE: make_page(groups, maps),
                MANUAL: put_into_manual(manual, make_manual(groups, maps))}
    except Unreadable as error:
        print(error)
        return 1
    changed = [path for path, text in made.items()
               if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in changed:
        if options.check:
            print(f"{path.relative_to(ROOT)} is not what the tables say: run tools/keys.py")
        else:
            path.write_text(made[path], encoding="utf-8")
    return 1 if changed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
