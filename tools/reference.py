#!/usr/bin/env python3
"""Make the API reference, docs/reference/*.md, from the public headers and their comments.

    tools/reference.py              write the pages
    tools/reference.py --check      say which pages are not what the headers say

A declaration's comment is the one right before it; declarations without a blank line between
them share it. A member's comment stands behind it, or before it. A list X(...) is written out by
the enum that is made of it; any other enum has a comma behind each enumerator. What is public
and has no comment is an error; so is what this tool cannot read.
"""

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTE = "Made by tools/reference.py from the header; what is to change is changed there."

TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/)
      | (?P<directive>^\#(?:[^\n]*\\\n)*[^\n]*)
      | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<blank>\n[ \t]*\n)
      | (?P<space>\s+)
      | (?P<other>.)""",
    re.DOTALL | re.MULTILINE | re.VERBOSE)


# In prose: code, a header, a page, or a word that may be a name.
WORD = re.compile(r"(`[^`]*`|<pyconsole/\w+\.h>|docs/\w+\.md|\*?\b\w[\w.]*(?:\(\)|\[\w+\]|\b)|\b__\w+__\b)")


class Unreadable(Exception):
    """The header has something that this tool, or a reader, cannot make sense of."""


@dataclass
class Item:
    """A comment, a directive or a declaration."""

    kind: str
    text: str
    line: int
    after_blank: bool  # is there a blank line between it and what is before?


@dataclass
class Entry:
    """Something public. `members` are (code, comment); code None: a remark on what follows."""

    kind: str  # "function", "function type", "struct", "opaque", "enum", "constant"
    name: str
    code: str
    comment: str = ""
    members: list = field(default_factory=list)
    init: str = ""


@dataclass
class Page:
    name: str  # pyconsole/session.h
    intro: str = ""
    parts: list = field(default_factory=list)  # titles (str), texts (Item) and Entries

    @property
    def file(self):
        return Path(self.name).stem + ".md"

    def entries(self, kind=None):
        return [part for part in self.parts
                if isinstance(part, Entry) and kind in (None, part.kind)]


# ---------------------------------------------------------------------- reading

def items_of(text):
    """The header in pieces; what only C++ sees is left out."""
    text = re.sub(r"^#ifdef __cplusplus\n.*?^#endif\n", lambda found: "\n" * found[0].count("\n"),
                  text, flags=re.DOTALL | re.MULTILINE)
    code, start, depth, blank = "", 0, 0, True
    for match in TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        line = text.count("\n", 0, match.start()) + 1
        if code or kind in ("string", "other"):
            if not code:
                start, code_blank = line, blank
            code += token
            depth += {"{": 1, "}": -1}.get(token, 0)
            if token == ";" and depth == 0:
                yield Item("declaration", code, start, code_blank)
                code, blank = "", False
        elif kind in ("comment", "directive"):
            yield Item(kind, token, line, blank)
            blank = False
        elif kind == "blank":
            blank = True
    if code.strip():
        raise Unreadable(f"{start}: a declaration without its end: {code.strip()[:40]}")


def prose(comment):
    """A comment's lines without its marks; its paragraphs are separated by empty lines."""
    lines = comment.removeprefix("/*").removesuffix("*/").splitlines()
    stripped = [lines[0].strip()] + [re.sub(r"^\s*\*? ?", "", line, count=1).rstrip()
                                     if re.match(r"^\s*\*", line) else line.strip()
                                     for line in lines[1:]]
    return "\n".join(stripped).strip()


def one_line(comment):
    """The same in one line, as behind a member."""
    return " ".join(prose(comment.replace("\\\n", "\n")).split())


def members_of(body, end=";"):
    """(declaration, comment) of each member; (None, comment) for one about several."""
    found, before, last_end = [], "", None
    pieces = re.finditer(rf"(?P<comment>/\*.*?\*/)|(?P<member>[^{end}/]+{end})", body, re.DOTALL)
    for match in pieces:
        if match["member"]:
            if before:
                found.append((None, before))
            found.append((" ".join(match["member"].split()), ""))
            before, last_end = "", match.end()
        elif last_end is not None and "\n" not in body[last_end:match.start()]:
            found[-1] = (found[-1][0], one_line(match["comment"]))
        else:
            before = prose(match["comment"])
    return merge_remarks(found)


def merge_remarks(found):
    """A remark before a member without a comment of its own is that member's."""
    merged = []
    for code, comment in found:
        if code and not comment and merged and merged[-1][0] is None:
            merged[-1] = (code, " ".join(merged[-1][1].split()))
        else:
            merged.append((code, comment))
    return merged


def without_continuations(text):
    return re.sub(r"[ \t]*\\\n", "\n", text)


def list_of(macro):
    """The entries of an X-macro: (arguments, comment) of each."""
    found = []
    for match in re.finditer(r"X\(((?:[^()\"]|\"(?:\\.|[^\"\\])*\")*)\)\s*(/\*.*?\*/)?",
                             macro.split(")", 1)[1], re.DOTALL):
        arguments = re.findall(r"\"(?:\\.|[^\"\\])*\"|[^,\s][^,]*", match[1])
        found.append(([argument.strip() for argument in arguments],
                      one_line(match[2]) if match[2] else ""))
    return found


def expand(member, entries):
    """(name, value, comment) of each enumerator that a macro makes of a list's entries."""
    match = re.match(r"#define\s+\w+\(([^)]*)\)\s*(.*)", without_continuations(member), re.DOTALL)
    parameters = [name.strip() for name in match[1].split(",")]
    value, found = -1, []
    for arguments, comment in entries:
        text = match[2]
        for name, argument in zip(parameters, arguments, strict=True):
            text = re.sub(rf"\b{name}\b", lambda _found, argument=argument: argument,
                          text.replace("##", "\0"))
            text = text.replace("\0", "##")
        name, _, number = text.replace("##", "").strip().rstrip(",").partition("=")
        value = int(number) if number.strip() else value + 1
        strings = [argument.strip('"') for argument in arguments if argument.startswith('"')]
        found.append((name.strip(), value, comment or " ".join(strings)))
    return found


def enumerators_of(body):
    """(name, value, comment) of each enumerator of an enum that is written out."""
    value, found = -1, []
    for code, comment in members_of(body, end=","):
        if code is not None:
            name, _, number = code.rstrip(",").partition("=")
            value = int(number, 0) if number.strip() else value + 1
            found.append((name.strip(), value, comment))
    return found


class Reader:
    """Makes a Page of a header."""

    def __init__(self, path, name):
        self.page = Page(name)
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.macros = {}   # name -> (text, comment)
        self.undefined = set(re.findall(r"^#undef (\w+)", self.text, re.MULTILINE))
        self.comment = ""  # of the declaration that comes
        self.waiting = None  # a comment of which it is not known yet what it is about

    def read(self):
        guard = re.search(r"^#ifndef (\w+)", self.text, re.MULTILINE)[1]
        depth = 0
        for item in items_of(self.text):
            if item.kind == "comment":
                self.settle()
                self.waiting = item
            elif match := re.match(r"#(if|else|endif)", item.text):
                self.settle()
                depth += {"if": 1, "else": 0, "endif": -1}[match[1]]
            else:
                self.take(item, guard, depth)
        self.settle()
        return self.page

    def settle(self):
        """The comment that waits is about nothing in particular."""
        if self.waiting is not None:
            text = prose(self.waiting.text)
            if not self.page.intro:
                self.page.intro = text
            elif match := re.match(r"---- (.*?) ----\s*(.*)", text, re.DOTALL):
                self.page.parts += [match[1], Item("comment", match[2], 0, True)]
            else:
                self.page.parts.append(Item("comment", text, 0, True))
            self.waiting = None
        self.comment = ""

    def take(self, item, guard, depth):
        if item.after_blank:
            self.settle()
        elif self.waiting is not None:
            self.comment, self.waiting = prose(self.waiting.text), None
        name = re.match(r"#define\s+(\w+)", item.text)
        if name and name[1] != guard and depth == 1:
            self.take_macro(name[1], item)
        elif item.kind == "declaration":
            self.take_declaration(item)

    def take_macro(self, name, item):
        self.macros[name] = (item.text, self.comment)
        if name in self.undefined or re.match(r"#define\s+\w+\(X\)", item.text):
            return
        structs = [entry for entry in self.page.entries("struct")
                   if f"{entry.name}_INIT".upper() == name]
        if structs:
            structs[0].init = name
        else:
            self.add(Entry("constant", name, item.text), item)

    def take_declaration(self, item):
        code = item.text
        if re.match(r"enum \w+\s*\{", code):
            self.add(self.enum_of(item), item)
        elif match := re.match(r"typedef struct (\w+)\s*\{(.*)\}\s*(\w+);", code, re.DOTALL):
            self.add(Entry("struct", match[3], code, members=members_of(match[2])), item)
        elif match := re.fullmatch(r"typedef struct (\w+) (\w+);", code):
            self.page.parts.append(Entry("opaque", match[2], code))
        elif match := re.match(r"typedef .*\(\*(\w+)\)\(.*\);", code, re.DOTALL):
            self.add(Entry("function type", match[1], code), item)
        elif match := re.match(r"PYCONSOLE_\w+\s+(.*?(\w+)\(.*\);)", code, re.DOTALL):
            self.add(Entry("function", match[2], plain_prototype(match[1])), item)
        else:
            raise Unreadable(f"{self.path}:{item.line}: what is this? {code.splitlines()[0]}")

    def enum_of(self, item):
        match = re.fullmatch(r"enum (\w+)\s*\{(.*)\};", item.text, re.DOTALL)
        made = re.fullmatch(r"\s*(\w+)\((\w+)\)\s*", match[2])
        members = self.made_of_list(made, item) if made else enumerators_of(match[2])
        for name, _value, comment in members:
            if not comment:
                raise Unreadable(f"{self.path}:{item.line}: {name} has no comment")
        return Entry("enum", match[1], item.text, members=members)

    def made_of_list(self, made, item):
        if made[1] not in self.macros or made[2] not in self.macros:
            raise Unreadable(f"{self.path}:{item.line}: an enum that is made of no list")
        macro, comment = self.macros[made[1]]
        self.comment = comment and f"Made of the list `{made[1]}(X)`. {comment}"
        return expand(self.macros[made[2]][0], list_of(without_continuations(macro)))

    def add(self, entry, item):
        entry.comment = self.comment
        if not entry.comment and entry.kind != "struct":
            raise Unreadable(f"{self.path}:{item.line}: {entry.name} has no comment")
        self.page.parts.append(entry)


def plain_prototype(code):
    """Laid out for itself, since the attribute before it is gone."""
    flat = " ".join(code.split()).replace("( ", "(")
    if len(flat) <= 88:
        return flat
    head, parameters = flat.split("(", 1)
    indent = "\n" + " " * (len(head) + 1)
    lines, line = [], ""
    for parameter in re.split(r"(?<=,) ", parameters):
        if line and len(head) + 1 + len(line) + len(parameter) > 86:
            lines.append(line.rstrip())
            line = ""
        line += parameter + " "
    return f"{head}({indent.join([*lines, line.rstrip()])}"


# ---------------------------------------------------------------------- writing

class Writer:
    """Makes Markdown of Pages, with links between them."""

    def __init__(self, pages):
        self.places = {}
        for page in pages:
            for entry in page.entries():
                self.places[entry.name] = (page, entry.name.lower())
                for name, *_rest in entry.members if entry.kind == "enum" else ():
                    self.places[name] = (page, entry.name.lower())
                if entry.init:
                    self.places[entry.init] = (page, entry.name.lower())

    def markdown(self, text, page):
        """A comment as Markdown: its code as code, its names as links."""
        blocks = []
        for paragraph in re.split(r"\n\s*\n", text):
            lines = paragraph.split("\n")
            if all(line.startswith("    ") for line in lines):
                code = "\n".join(line[4:] for line in lines)
                blocks.append(f"```c\n{code}\n```")
            else:
                blocks.append(self.inline(" ".join(paragraph.split()), page))
        return "\n\n".join(blocks)

    def inline(self, text, page):
        return "".join(self.word(part, page) for part in WORD.split(text))

    def word(self, part, page):
        """A name as a link; code as code; other words so that they stay what they are."""
        name = part.strip("`").removesuffix("()")
        for full in (name, f"PYCONSOLE_{name}", f"PYCONSOLE_EVENT_{name}"):
            if full in self.places and len(name) > 3:
                target, anchor = self.places[full]
                return f"[`{name}`]({'' if target is page else target.file}#{anchor})"
        if match := re.fullmatch(r"<pyconsole/(\w+)\.h>", part):
            return f"[`{part}`]({match[1]}.md)"
        if part.startswith("docs/"):
            return f"[{part}](../{part.removeprefix('docs/')})"
        if part.startswith("`"):
            return part
        if WORD.fullmatch(part) and re.search(r"\W|_\w", part):
            return f"`{part}`"
        return re.sub(r"([*<>\[\]|\\])", r"\\\1", part)

    def page(self, page):
        lines = [f"# <{page.name}>", "", f"*{NOTE}*", "", self.markdown(page.intro, page), ""]
        lines[0] = lines[0].replace("<", "\\<").replace(">", "\\>")
        functions = [f"[`{entry.name}`](#{entry.name})" for entry in page.entries("function")]
        if len(functions) > 3:
            lines += ["Functions: " + ", ".join(functions) + ".", ""]
        for part in page.parts:
            lines += self.part(part, page)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"

    def part(self, part, page):
        if isinstance(part, str):
            return [f"## {part[0].upper()}{part[1:]}", ""]
        if isinstance(part, Item):
            return [self.markdown(part.text, page), ""]
        lines = [f"### {part.name}", ""]
        if part.kind == "enum":
            lines += [self.markdown(part.comment, page), "", "| name | value | meaning |",
                      "|---|---|---|"]
            lines += [f"| `{name}` | {value} | {self.inline(comment, page)} |"
                      for name, value, comment in part.members]
        elif part.kind == "struct":
            lines += self.struct(part, page)
        else:
            lines += ["```c", part.code, "```", "", self.markdown(part.comment, page)]
        return [*lines, ""]

    def struct(self, entry, page):
        lines = [self.markdown(entry.comment, page), ""] if entry.comment else []
        for code, comment in entry.members:
            if code is None:
                lines += ["", self.inline(" ".join(comment.split()), page), ""]
            else:
                code = code.removesuffix(";")
                lines.append(f"- `{code}`" + (f": {self.inline(comment, page)}" if comment else ""))
        if entry.init:
            lines += ["", f"`{entry.init}` is one with the defaults."]
        return lines

    def index(self, pages):
        lines = ["# The C API", "", f"*{NOTE}*", "", "| header | what it has |", "|---|---|"]
        for page in pages:
            first = re.split(r"(?<=[.])\s", " ".join(page.intro.split("\n\n")[0].split()))[0]
            lines.append(f"| [`<{page.name}>`]({page.file}) |"
                         f" {self.inline(first.rstrip('.'), page)} |")
        return "\n".join(lines) + "\n"


def make(include):
    """The pages: file name -> text."""
    paths = sorted(include.glob("pyconsole/*.h"))
    pages = [Reader(path, path.relative_to(include).as_posix()).read() for path in paths]
    writer = Writer(pages)
    return {"README.md": writer.index(pages)} | {page.file: writer.page(page) for page in pages}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--include", type=Path, default=ROOT / "include")
    parser.add_argument("--output", type=Path, default=ROOT / "docs/reference")
    options = parser.parse_args()
    try:
        made = make(options.include)
    except Unreadable as error:
        print(error)
        return 1
    there = {path.name: path.read_text(encoding="utf-8") for path in options.output.glob("*.md")}
    changed = sorted(name for name in made.keys() | there.keys()
                     if made.get(name) != there.get(name))
    if options.check:
        for name in changed:
            print(f"{options.output / name} is not what the headers say: run tools/reference.py")
        return 1 if changed else 0
    options.output.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in made:
            (options.output / name).write_text(made[name], encoding="utf-8")
        else:
            (options.output / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
