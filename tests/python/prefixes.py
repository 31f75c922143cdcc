"""The standard library's own files as input: statements, their prefixes, mutants.

    python tests/python/prefixes.py [--jobs N] [--part K/N]

Each top-level statement of a file is cut at its line ends and at some places inside
lines, and given to the judges of both module pairs; and it is pushed line by line, as
it stands and with something broken in it. What differs is returned as text. A file that
is not right as a whole is cut where a line begins in the first column.

The tests take a share of the files until its time is used up; which files, which
statements and which cuts come first is fixed by a hash, so a run can be repeated.
Run as a program, this takes every file (or the K-th of N parts of them), every statement and
every line end.
"""

import argparse
import ast
import contextlib
import io
import marshal
import multiprocessing
import os
import random
import sys
import sysconfig
import time
import tokenize
import warnings
import zlib
from pathlib import Path

from records import code_record, exception_record

STDLIB = Path(sysconfig.get_path("stdlib"))
MOST_LINES = 60
MOST_CUTS = 12
TOLD_EVERY = 300  # seconds, how far a run over everything has come
JUNK = (")", "(", "]", "'", '"', "'''", ":", ",", "=", "lambda", "if", "else", "await",
        "yield", "\\", "#", "@", "*", "**", "->", ":=", "in", "not", "1", "é", "$", "\t",
        "\f", "  ", "f'{", "}", "{", ";", ".", "...", "import", "def", "class", "for",
        "async", "return", "with", "match", "case", "type", "as", "None", "0x", "1_",
        "b'", "\n", "except*", "\r", "\0", "!")


def files():
    """The library's files in an order that does not depend on the machine."""
    found = [path.relative_to(STDLIB) for path in STDLIB.rglob("*.py")
             if not {"site-packages", "dist-packages", "__pycache__"} & set(path.parts)]
    return sorted(found, key=lambda path: (zlib.crc32(str(path).encode()), str(path)))


def text_of(path):
    """The text of a file; None where its bytes are none."""
    try:
        with tokenize.open(STDLIB / path) as stream:
            return stream.read()
    except (SyntaxError, UnicodeError):
        return None


def pieces(lines):
    """Lines of a file that does not parse, cut where a line begins in the first column."""
    found = []
    for line in lines:
        if not found or (line[:1].strip(" \t#)]}") and found[-1]):
            found.append([])
        found[-1].append(line)
    return found


def statements(text):
    """The top-level statements of a file's text, each a list of lines."""
    lines = text.split("\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return pieces(lines)
    found = []
    for node in tree.body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        found.append(lines[first - 1:node.end_lineno])
    return found


def cuts(lines, plain_ends=True):
    """Prefixes: at some line ends, behind some line ends, and inside some lines."""
    text = "\n".join(lines)
    dice = random.Random(zlib.crc32(text.encode("utf-8", "replace")))
    ends = range(1, len(lines) + 1)
    if len(ends) > MOST_CUTS:
        ends = sorted(dice.sample(ends, MOST_CUTS))
    for end in ends:
        if plain_ends:
            yield "\n".join(lines[:end])
        if dice.random() < 0.3:
            yield "\n".join(lines[:end]) + "\n"
    for _ in range(min(len(text), 4)):
        yield text[:dice.randrange(len(text) + 1)]


def mutants(lines, count):
    """The statement with something broken in it, COUNT times."""
    text = "\n".join(lines)
    dice = random.Random(zlib.crc32(text.encode("utf-8", "replace")) + 1)
    for _ in range(count):
        kind = dice.randrange(5)
        place = dice.randrange(len(text) + 1)
        if kind == 0:
            yield (text[:place] + text[place + 1:]).split("\n")
        elif kind in (1, 2):
            yield (text[:place] + dice.choice(JUNK) + text[place:]).split("\n")
        elif kind == 3:
            end = min(len(text), place + dice.randrange(1, 9))
            yield (text[:place] + dice.choice(JUNK) + text[end:]).split("\n")
        else:
            broken = list(lines)
            line = dice.randrange(len(broken))
            broken[line] = " " * dice.randrange(9) + broken[line].lstrip()
            yield broken


def answer(function, *args):
    """What a judge says, as something that can be compared quickly."""
    try:
        code = function(*args)
    except Exception as error:
        return exception_record(error, strip=True)
    if code is None:
        return None
    try:
        return marshal.dumps(code, 2)
    except ValueError:
        return code_record(code)


class Judges:
    """compile_command and a CommandCompiler of one pair of modules."""

    def __init__(self, code, codeop):
        self.code = code
        self.plain = codeop.compile_command
        self.memory = codeop.CommandCompiler()

    def judge(self, source):
        """Four verdicts on one source."""
        return [answer(judge, source, "<here>", symbol)
                for judge in (self.plain, self.memory) for symbol in ("single", "exec")]

    def grow(self, lines):
        """The verdict on each prefix that ends with a line, one after the other."""
        command = self.memory.__class__()
        return [answer(command, "\n".join(lines[:end]))
                for end in range(1, len(lines) + 1)]

    def push(self, lines, locals):
        """Verdicts and output of each line; LOCALS is no dict, so nothing is run."""
        console = self.code.InteractiveConsole(locals)
        seen = []
        with contextlib.redirect_stderr(io.StringIO()) as written:
            for line in lines:
                seen.append(answer(console.push, line))
                seen.append((len(console.buffer), written.tell()))
        return seen, written.getvalue()

    def push_codes(self, lines):
        """The same with the code objects looked at instead of run."""
        console = self.code.InteractiveConsole({})
        seen = []
        console.write = seen.append
        console.runcode = lambda code: seen.append(marshal.dumps(code, 2))
        for line in lines:
            seen.append(answer(console.push, line))
        return seen


class Comparison:
    """Counts what was compared and collects where the two part."""

    def __init__(self, standard, ours, seconds=None):
        self.standard = Judges(*standard)
        self.ours = Judges(*ours)
        self.end = None if seconds is None else time.monotonic() + seconds
        self.everything = seconds is None
        self.statements = self.prefixes = self.sessions = self.pushes = 0
        self.differences = []

    def done(self):
        """Is the time used up, or has enough gone wrong?"""
        late = self.end is not None and time.monotonic() > self.end
        return late or len(self.differences) >= 20

    def check(self, method, *args):
        """Ask both, and note where they part."""
        standard = getattr(self.standard, method)(*args)
        ours = getattr(self.ours, method)(*args)
        if standard != ours:
            self.differences.append((method, args, standard, ours))

    def session(self, method, lines, *args):
        self.sessions += 1
        self.pushes += len(lines)
        self.check(method, lines, *args)

    def statement(self, lines):
        """All that is done with one statement."""
        self.statements += 1
        # Over everything, each line end is judged as the statement grows.
        for source in cuts(lines, plain_ends=not self.everything):
            self.check("judge", source)
            self.prefixes += 1
        few = lines[:MOST_LINES]
        if self.everything:
            self.check("grow", lines)
            self.prefixes += len(lines)
        self.session("push_codes", [*(lines if self.everything else few), ""])
        self.session("push", [*few, ""], ())
        for broken in mutants(few, 3):
            self.session("push", [*broken, "", "a"], ())

    def file(self, text):
        """All statements of a file; in a share, at most forty."""
        found = statements(text)
        if not self.everything and len(found) > 40:
            found = random.Random(text).sample(found, 40)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for lines in found:
                if self.done():
                    return
                self.statement(lines)

    def counts(self):
        return (self.statements, self.prefixes, self.sessions, self.pushes)


def share(standard, ours, seconds):
    """Go through the files until the time is used up."""
    compared = Comparison(standard, ours, seconds)
    for path in files():
        text = text_of(path)
        if text is not None:
            compared.file(text)
        if compared.done():
            break
    return compared


def summary(counts):
    return "{} statements, {} prefixes, {} sessions of {} lines".format(*counts)


# ------------------------------------------------------------------ everything


def compare_file(path):
    """(path, counts, differences as text) of one file; counts None: it is no text."""
    import differential

    text = text_of(path)
    if text is None:
        return path, None, []
    compared = Comparison(differential.STANDARD, differential.OURS)
    compared.file(text)
    return path, compared.counts(), [
        f"{method}{args!r:.2000}\n{differential.difference(standard, ours)}"
        for method, args, standard, ours in compared.differences]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--part", default="1/1", metavar="K/N")
    options = parser.parse_args()
    part, parts = map(int, options.part.split("/"))
    chosen = sorted(files()[part - 1::parts], key=lambda path: -(STDLIB / path).stat().st_size)
    start = told = time.monotonic()
    total, passed, failed, skipped = [0, 0, 0, 0], 0, 0, 0
    with multiprocessing.Pool(options.jobs) as pool:
        for path, counts, differences in pool.imap_unordered(compare_file, chosen):
            for text in differences[:3]:
                print(f"{path}: {text}\n")
            if counts is None:
                print(f"left out: {path} is no text in its encoding")
                skipped += 1
                continue
            failed += bool(differences)
            passed += not differences
            total = [sum(pair) for pair in zip(total, counts)]
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                print(f"differential: {passed + failed} of {len(chosen)} files so far, {summary(total)}; "
                      f"{failed} with differences", flush=True)
    print(f"differential: Python {sys.version.split()[0]}: {passed + failed} files, "
          f"{summary(total)}; {failed} files with differences; {time.monotonic() - start:.0f} s")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
