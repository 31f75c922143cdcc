"""The standard library's own files as input: statements, their prefixes, mutants.

Each top-level statement of a file is cut at its line ends and at some places inside
lines, and given to the judges of both module pairs; and it is pushed line by line, as
it stands and with something broken in it. What differs is returned as text.

The usual run takes a share of the files until its time is used up; which files, which
statements and which cuts come first is fixed by a hash, so a run can be repeated.
PYCONSOLE_DIFFERENTIAL=all takes everything.
"""

import ast
import contextlib
import io
import marshal
import random
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


def statements(path):
    """The top-level statements of a file, each a list of lines."""
    try:
        with tokenize.open(STDLIB / path) as stream:
            text = stream.read()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, UnicodeError):
        return []
    lines = text.split("\n")
    found = []
    for node in tree.body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        found.append(lines[first - 1:node.end_lineno])
    return found


def cuts(lines, everything):
    """Prefixes: at every line end, and inside some lines."""
    text = "\n".join(lines)
    dice = random.Random(zlib.crc32(text.encode("utf-8", "replace")))
    ends = list(range(1, len(lines) + 1))
    if not everything and len(ends) > MOST_CUTS:
        ends = sorted(dice.sample(ends, MOST_CUTS))
    for end in ends:
        yield "\n".join(lines[:end])
        if dice.random() < 0.3:
            yield "\n".join(lines[:end]) + "\n"
    inside = min(len(text), 200 if everything else 4)
    for _ in range(inside):
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
        self.files = self.statements = self.prefixes = self.sessions = 0
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

    def statement(self, lines):
        """All that is done with one statement."""
        self.statements += 1
        for source in cuts(lines, self.everything):
            self.check("judge", source)
            self.prefixes += 1
        if len(lines) > MOST_LINES and not self.everything:
            lines = lines[:MOST_LINES]
        self.sessions += 2
        self.check("push_codes", [*lines, ""])
        self.check("push", [*lines, ""], ())
        for broken in mutants(lines, 20 if self.everything else 3):
            self.sessions += 1
            self.check("push", [*broken, "", "a"], ())

    def file(self, path):
        """All statements of a file; in the usual run, at most forty."""
        self.files += 1
        found = statements(path)
        if not self.everything and len(found) > 40:
            found = random.Random(str(path)).sample(found, 40)
        for lines in found:
            if self.done():
                return
            self.statement(lines)

    def run(self):
        """Go through the files until the time is used up."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for path in files():
                if self.done():
                    break
                self.file(path)
        return self

    def summary(self):
        return (f"{self.files} files, {self.statements} statements, {self.prefixes} "
                f"prefixes, {self.sessions} sessions compared; "
                f"{len(self.differences)} differences")
