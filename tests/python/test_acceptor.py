"""The acceptor against the running Python's own codeop: whenever it says that a text is surely
incomplete, compile_command must give None.

    python tests/python/test_acceptor.py corpus [STEP [LIBRARY]]
        the standard library's statements line by line, one file in STEP, and how often it asks
    python tests/python/test_acceptor.py hunt SECONDS [SEED [LIBRARY]]
        mutations of them, and each false claim
    python tests/python/test_acceptor.py depths 1 [LIBRARY]
        nesting and lengths up to CPython's limits
    python tests/python/test_acceptor.py strings [STEP [LIBRARY]]
        the strings in the standard library's tests, one in STEP, as code
    python tests/python/test_acceptor.py explore SECONDS [SEED [LIBRARY]]
        texts of which the acceptor is sure as they grow

LIBRARY is tests/tools/acceptor.c with src/lexer. The tests take a share of both. Needs nothing but
the standard library.
"""

import ast
import codeop
import collections
import ctypes
import io
import keyword
import os
import random
import re
import sys
import sysconfig
import time
import tokenize
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LIBRARY = ROOT / os.environ.get("PYCONSOLE_BUILD", "build") / "tests/tools/libacceptor.so"
CASES = ROOT / "tests/data/acceptor.case"
STDLIB = Path(sysconfig.get_path("stdlib"))
MISSING = ["ask", "bracket", "string", "continuation", "block", "decorated", "handler", "block end"]

SHARE = 40          # the tests take one file in so many
CHECKS = 12         # of the claims about one statement, so many are checked
LINES_MOST = 30     # of a statement that is mutated


class Acceptor:
    """One acceptor, from src/lexer/acceptor.h."""

    def __init__(self, library):
        self.library = library
        self.state = library.acceptor_new(sys.version_info.minor)

    def feed(self, line):
        text = line.encode()
        return self.library.acceptor_feed(self.state, text, len(text))

    def resume(self):
        self.library.acceptor_resume(self.state)

    def __del__(self):
        self.library.acceptor_free(self.state)


def load(path):
    library = ctypes.CDLL(str(path))
    library.acceptor_new.restype = ctypes.c_void_p
    library.acceptor_free.argtypes = library.acceptor_resume.argtypes = [ctypes.c_void_p]
    library.acceptor_feed.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    return library


def is_incomplete(text):
    """What codeop says: True for None, False for code or an error."""
    try:
        return codeop.compile_command(text) is None
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return False


# ------------------------------------------------------------------ one text, line by line


class Tally:
    def __init__(self):
        self.claims = self.checked = self.false = self.asked = self.lines = self.unneeded = 0
        self.texts = collections.Counter()
        self.asking = collections.Counter()

    def __str__(self):
        return (f"{self.lines} lines, {self.claims} claims ({self.checked} checked, {self.false} false), "
                f"{self.asked} asked inside a block or bracket "
                f"({100 * self.asked / max(1, self.claims + self.asked):.2f} %)")


def run(library, lines, tally, checks, chooser=random):
    """Feed the lines as a console does, as far as it goes. Gives the first text of which the acceptor
    was wrong, or None."""
    acceptor = Acceptor(library)
    sure = []
    for number, line in enumerate(lines, 1):
        tally.lines += 1
        answer = acceptor.feed(line)
        if answer:
            tally.claims += 1
            sure.append(number)
            continue
        if not is_incomplete("\n".join(lines[:number])):
            break
        tally.asked += 1
        tally.asking[line.strip()] += 1
        acceptor.resume()
    if sure and len(sure) > checks:
        sure = sorted(chooser.sample(sure, checks))
    for number in sure:
        text = "\n".join(lines[:number])
        tally.checked += 1
        if not is_incomplete(text):
            tally.false += 1
            return text
    return None


# ------------------------------------------------------------------ the standard library


def files(step=1):
    found = sorted(path for path in STDLIB.rglob("*.py")
                   if not {"site-packages", "dist-packages"} & set(path.parts))
    return found[::step]


def without_blank_lines(lines):
    """Blank lines end a block in a console: only those in brackets and strings stay."""
    kept, depth, inside = [], 0, set()
    text = "\n".join(lines) + "\n"
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
            if depth:
                inside.add(token.start[0])
            if token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
    except (tokenize.TokenError, SyntaxError):
        return []
    for number, line in enumerate(lines, 1):
        if line.strip() or number in inside:
            kept.append(line)
    return kept


def statements(path):
    """The top-level statements of a file, each a list of lines."""
    try:
        with tokenize.open(path) as file:
            source = file.read()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(source).body
    except (SyntaxError, ValueError, UnicodeDecodeError, RecursionError):
        return
    lines = source.split("\n")
    for node in body:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno] + [each.lineno for each in decorators])
        if node.col_offset == 0 and "\f" not in lines[first - 1]:
            kept = without_blank_lines(lines[first - 1:node.end_lineno])
            if kept:
                yield kept


def corpus(library, step, tally, report=print):
    chooser = random.Random(1)
    wrong = []
    for path in files(step):
        for lines in statements(path):
            text = run(library, lines, tally, CHECKS, chooser)
            if text is not None:
                wrong.append(text)
                report(f"FALSE {path}\n{text}\n----")
    return wrong


# ------------------------------------------------------------------ mutations


WORDS = keyword.kwlist + ["match", "case", "type", "_", "x", "__debug__", "*", "**", "=", ":=", ":", ",", ".",
                          "->", "(", ")", "[", "]", "{", "}", "/", "@", ";", "==", "not in", "1", "''", "b''", "f''",
                          "f'{x}'", "f'{x!r:>{y}}'", "+=", "|", "!", "...", "-", "~", "is not", "async def", "yield x",
                          "return x", "global x", "nonlocal x", "lambda: x", "lambda x, *, y=1: x", "*x", "**x", "x=1",
                          "for x in y", "if x else y", "x := 1", "import *", "except*", "as x", "case _:", "break"]


def pieces(line):
    """The tokens of a line, roughly, and what is between them."""
    return re.findall(r"\w+|\s+|[fFbBrRuU]*'[^']*'|[fFbBrRuU]*\"[^\"]*\"|[-+*/%@&|^=<>!:]=|->|\*\*|//|.", line)


def change_tokens(chooser, line):
    parts = pieces(line)
    solid = [index for index, part in enumerate(parts) if not part.isspace()]
    if not solid:
        return line
    at = chooser.choice(solid)
    other = chooser.choice(solid)
    what = chooser.randrange(6)
    if what == 0:
        parts[at] = ""
    elif what == 1:
        parts[at] += " " + parts[at]
    elif what == 2:
        parts[at], parts[other] = parts[other], parts[at]
    elif what == 3:
        parts[at] = " " + chooser.choice(WORDS) + " "
    elif what == 4:
        parts[at] += " " + chooser.choice(WORDS) + " "
    else:
        parts[at] = parts[other]
    return "".join(parts)


def change_brackets(chooser, line):
    where = [index for index, char in enumerate(line) if char in "()[]{}"]
    if not where:
        return line
    at = chooser.choice(where)
    return line[:at] + chooser.choice("()[]{}") + line[at + chooser.randrange(2):]


def change_names(chooser, line, names):
    parts = pieces(line)
    where = [index for index, part in enumerate(parts) if part.isidentifier()]
    if not where or not names:
        return line
    parts[chooser.choice(where)] = chooser.choice(names)
    return "".join(parts)


def mutate(chooser, lines):
    lines = list(lines)
    names = [part for line in lines for part in pieces(line) if part.isidentifier()]
    for _ in range(chooser.choice((1, 1, 1, 2, 3))):
        at = chooser.randrange(len(lines))
        what = chooser.randrange(12)
        if what < 5:
            lines[at] = change_tokens(chooser, lines[at])
        elif what == 5:
            lines[at] = change_brackets(chooser, lines[at])
        elif what == 6:
            lines[at] = change_names(chooser, lines[at], names)
        elif what == 7:
            lines[at] = lines[at][:chooser.randrange(len(lines[at]) + 1)]
        elif what == 8:
            lines[at] = " " * chooser.randrange(9) + lines[at].lstrip()
        elif what == 9:
            lines.insert(at, lines[chooser.randrange(len(lines))])
        elif what == 10 and len(lines) > 1:
            del lines[at]
        else:
            indent = lines[at][:len(lines[at]) - len(lines[at].lstrip())]
            lines.insert(at, indent + chooser.choice(INSERTED))
    return lines


INSERTED = ["return", "return x", "yield", "yield x", "await x", "break", "continue", "global x", "nonlocal x",
            "x: int", "x: int = 1", "from __future__ import annotations", "from x import *", "import x",
            "async for x in y: pass", "async with x: pass", "*x", "*x, y = z", "x = *y", "x = *y,", "del x, (y, z)",
            "del *x", "try:", "except:", "except x:", "except* x:", "finally:", "else:", "elif x:", "for x in y:",
            "while x:", "with x as y:", "with (x as y, z):", "with (x, y) as z:", "if x:", "def f(x, x): pass",
            "def f(x, *, y=1, **z): return x", "class A(x=1): pass", "f(x=1, x=2)", "f(x=1, *y)", "f(**x, *y)",
            "[x async for x in y]", "[x := 1 for x in y]", "[(yield x) for y in z]", "lambda: (yield)", "x = 1 = y",
            "match x:", "case x:", "case [x, *y]:", "case {'a': x, **y}:", "case A(x=1, y=2) | None:", "@x",
            "assert x, y", "raise x from y", "raise", "pass; pass", "x = [", "y]", "x = '''", "'''", "x \\", "# x", "",
            "async def f():", "f'{x}'", "f'{x!r}' 'y'", "f'{x=:>{y}}'", "x[1:2, ::3, *y]", "x = {**y, 'a': 1}",
            "lambda x, y=1, *a, z, **k: x", "print(x for x in y)", "print(x for x in y, 1)", "(x, y) = z", "(x + y) = z",
            "x.y[1] += 2", "x, y += 1", "(x): int", "[x]: int", "type X = int", "def f[T](x): pass", "lazy import x"]


# ------------------------------------------------------------------ texts of its own language


OPENINGS = ["x = (", "f(", "x[", "x = {", "x = [", "def f(", "class A(", "with (", "with x as (", "for (", "del (",
            "@f(", "async def f(", "def f() -> (", "if (x := [", "x: (", "lambda: (", "from x import (", "while f(",
            "try:\n  f(", "try:\n  x\nexcept (", "match x:\n  case (", "match x:\n  case [", "match x:\n  case {",
            "match x:\n  case A(", "def f():\n  x = (", "def f():\n  return (", "async def f():\n  return [",
            "class A:\n  def f(", "class A:\n  x = (", "def f():\n  yield (", "if 1:\n  print(f'{", "f(lambda ",
            "x = (lambda x, ", "async def f():\n  f(await x, ", "raise (", "assert (", "return (", "f(x=1, ", "[x for ",
            "match (", "match x:\n  case {'a': ", "match x:\n  case (A(x=", "with (x as y, ", "def f(x=1, *",
            "x = 'a' (", "x = f'''{", "f(b'' "]
HEADERS = ["def f():", "async def f():", "class A:", "if x:", "for x in y:", "while x:", "try:", "with x:", "else:",
           "except x:", "except:", "finally:", "match x:", "case 1:", "case x:", "case _ if x:", "elif x:",
           "except* x:", "async for x in y:", "async with x as y:", "def f(self, *, x=1) -> y:", "@x"]
SMALL = ["x", "y", "z", "1", "'a'", "(", ")", "[", "]", "{", "}", ",", ",", ":", "=", ".", "x", "*", "**", "if", "else",
         "for", "in", "not", "and", "lambda", ":=", "as", "|", "-", "+", "await", "yield", "is", "/", "None", "...",
         "f'{x}'", "\\\n", "#x\n"]


def walk(library, chooser):
    """A text inside a bracket, word by word, of which the acceptor is sure all the way."""
    text = chooser.choice(OPENINGS)
    sure = []
    for _ in range(chooser.randrange(4, 30)):
        word = chooser.choice(WORDS if chooser.random() < 0.6 else SMALL)
        longer = text + chooser.choice(("", " ", " ", " ", "\n ")) + word
        lines = longer.split("\n")
        acceptor = Acceptor(library)
        for number, line in enumerate(lines, 1):
            answer = acceptor.feed(line)
            if not answer and number < len(lines) and is_incomplete("\n".join(lines[:number])):
                acceptor.resume()
        if answer:
            text = longer
            sure.append(text)
    return sure


def compose(chooser):
    """Statements in blocks, each of which may be wrong where it stands."""
    lines, depth = [chooser.choice(HEADERS)], 1
    for _ in range(chooser.randrange(2, 14)):
        line = chooser.choice(HEADERS if chooser.random() < 0.4 else INSERTED)
        lines.append(" " * depth + line)
        if line.endswith(":"):
            depth += 1
        elif not line.startswith("@"):
            depth = max(1, depth - chooser.choice((0, 0, 0, 0, 1, 1, 2)))
    return lines


def check(texts, tally):
    for text in texts:
        tally.claims += 1
        tally.checked += 1
        if not is_incomplete(text):
            tally.false += 1
            return text
    return None


def explore(library, seconds, seed, tally, report=print):
    """Walks and compositions."""
    chooser = random.Random(seed)
    wrong = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if chooser.random() < 0.5:
            text = run(library, compose(chooser), tally, 1000, chooser)
        else:
            text = check(walk(library, chooser), tally)
        if text is not None:
            wrong.append(text)
            report(f"FALSE\n{text}\n----", flush=True)
    return wrong


def short_statements(step):
    return [lines for path in files(step) for lines in statements(path)
            if 1 < len(lines) <= LINES_MOST and len("\n".join(lines)) < 3000]


def hunt(library, seconds, seed, tally, report=print, step=10):
    chooser = random.Random(seed)
    found = short_statements(step)
    wrong = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        lines = mutate(chooser, chooser.choice(found))
        text = run(library, lines, tally, 1000, chooser)
        if text is not None:
            wrong.append(text)
            report(f"FALSE\n{text}\n----", flush=True)
    return wrong


# ------------------------------------------------------------------ code in the tests' strings


WRAPPERS = ["{}", "if 1:\n{}", "def f():\n{}", "async def f():\n{}", "class A:\n{}", "for x in y:\n{}",
            "try:\n  x\nexcept* y:\n{}", "try:\n{}\nfinally:\n  x", "match x:\n  case 1:\n{}", "class A:\n def f(self):\n{}"]


def doctests(text):
    """The inputs of a text's doctests."""
    found, lines = [], []
    for line in text.split("\n"):
        match = re.match(r"\s*(>>>|\.\.\.)( |$)(.*)", line)
        if lines and (not match or match[1] == ">>>"):
            found.append("\n".join(lines))
            lines = []
        if match:
            lines.append(match[3])
    return found


def strings(paths):
    """What may be code in string constants, and in doctests."""
    found = set()
    for path in paths:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and 2 < len(node.value) < 2000:
                found.add(node.value)
                found.update(doctests(node.value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(doctests(node.value))
    return sorted(found)


def wrapped(text):
    lines = [line for line in text.strip("\n").split("\n") if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    for wrapper in WRAPPERS:
        indent = "" if wrapper == "{}" else "  "
        try:
            yield wrapper.format("\n".join(indent + line[margin:] for line in lines)).split("\n")
        except (ValueError, KeyError):
            pass
    yield text.split("\n")


def sayings(library, step, tally, report=print):
    """Each string of the test package as code, as it is and in blocks."""
    wrong = []
    for text in strings(sorted((STDLIB / "test").rglob("test_*.py")))[::step]:
        for lines in wrapped(text):
            if any("\ud800" <= char <= "\udfff" for line in lines for char in line):
                continue
            false = run(library, lines, tally, 1000)
            if false is not None:
                wrong.append(false)
                report(f"FALSE\n{false}\n----", flush=True)
    return wrong


# ------------------------------------------------------------------ how deep


def nested(headers, last="pass"):
    return "\n".join(" " * depth + header for depth, header in enumerate(headers + [last]))


def deep():
    """Texts that go up to what CPython can take, and beyond."""
    for count in (5, 18, 20, 21, 39, 41, 99, 101, 210):
        for opening in ("(", "[", "{", "f(", "x[", "[x, ", "-(", "lambda: (", "x + (", "not (", "{x: ", "(x if (",
                        "lambda x=(", "await (", "f(x=", "f(**", "(*", "f'{(", "[x for x in ("):
            yield "async def f():\n  x = " + opening * count
            yield "async def f():\n  x = " + (opening + "\n") * min(count, 45)
        for link in (" + x", ".x", "()", "[0]", " if x else x", " and x", " ** -x", " < x", " 'x'", ", x", " @ x"):
            yield "def f():\n  x = x" + link * count + "\n  y"
            yield "def f():\n  x = 'x'" + link * count + "\n  y"
            yield "def f():\n  x = (" + link.join(["(x)"] * count) + "\n"
        for prefix in ("-", "not ", "lambda: ", "lambda x: ", "~-", "*", "x = ", "x if x else ", "(yield) + "):
            yield "def f():\n  x = " + prefix * count + "x\n  y"
        for header in () if count > 101 else ("if x:", "for x in y:", "while x:", "with x:", "try:", "def f():", "class A:", "with x, y, z:",
                       "match x:\n  case 1:", "async def f():"):
            yield nested([header] * min(count, 101))
        yield nested(["def f():", "if x:"] * min(count, 50), "return")
        yield nested(["for x in y:", "try:"] * min(count, 50))
        for clauses in (["try:", "  pass", "except x:"], ["try:", "  pass", "except x:", "  pass", "finally:"],
                        ["try:", "  pass", "finally:"], ["for x in y:", "  pass", "else:"],
                        ["try:", "  pass", "except* x:"], ["try:", " pass", "except x:", " pass", "else:"]):
            yield "\n".join(" " * depth + clause for depth in range(min(count, 9)) for clause in clauses
                            ) + "\n" + " " * min(count, 9) + "pass\n" + " " * min(count, 9) + "pass"
        yield "if x:\n  pass\n" + "elif x:\n  pass\n" * count + "  pass"
        yield "with " + ", ".join(["x"] * count) + ":\n  pass\n  pass"
        yield "with (" + ", ".join(["x as y"] * count) + "):\n  pass\n  pass"
        yield "def f(" + ", ".join(f"x{number}" for number in range(count)) + "):\n  pass\n  pass"
        yield "if 1:\n  f(" + ", ".join(f"x{number}=1" for number in range(count)) + ")\n  pass"
        yield "if 1:\n  " + "x, " * count + "*y = z\n  pass"
        yield "if 1:\n  " + "x = " * count + "z\n  pass"
        yield "if 1:\n  " + "x; " * count + "z\n  pass"
        yield "if 1:\n  x = " + "1" * (20 * count) + "\n  pass"
        yield "match x:\n  case " + "(" * count + "\n"
        yield "match x:\n  case " + "[" * count + "\n"
        yield "match x:\n  case " + "A(x=" * count + "\n"
        yield "match x:\n" + "  case 1:\n   pass\n" * count + "   pass"
        yield "match x:\n  case " + "1 | " * count + "1:\n   pass\n   pass"
        yield "match x:\n  case " + "[*_, " * count + "\n"


def depths(library, tally):
    wrong = []
    for text in deep():
        false = run(library, text.split("\n"), tally, 4, random.Random(1))
        if false is not None:
            wrong.append(false[:200])
    return wrong


# ------------------------------------------------------------------ the tests


def cases(path=CASES):
    """Texts of which none is surely incomplete, between lines of dashes."""
    return [each.strip("\n") for each in path.read_text().split("\n----\n") if each.strip()]


def test_acceptor__standard_library_line_by_line():
    tally = Tally()
    assert corpus(load(LIBRARY), SHARE, tally) == []
    assert tally.asked <= 0.02 * (tally.asked + tally.claims), tally


def test_acceptor__mutations():
    assert hunt(load(LIBRARY), 15, 1, Tally(), step=SHARE) == []


def test_acceptor__texts_of_its_own_language():
    assert explore(load(LIBRARY), 15, 1, Tally()) == []


def test_acceptor__depths():
    assert depths(load(LIBRARY), Tally()) == []


def test_acceptor__cases():
    library = load(LIBRARY)
    for text in cases():
        assert run(library, text.split("\n"), Tally(), 1000) is None, text


def main(what, amount=1, *rest):
    tally = Tally()
    warnings.simplefilter("ignore")
    if what == "strings":
        sayings(load(rest[0] if rest else LIBRARY), int(amount), tally)
    elif what == "depths":
        print(depths(load(rest[0] if rest else LIBRARY), tally))
    elif what == "corpus":
        corpus(load(rest[0] if rest else LIBRARY), int(amount), tally)
        for line, count in tally.asking.most_common(60):
            print(f"{count:6} {line}")
    else:
        seed = int(rest[0]) if rest else 1
        look = {"hunt": hunt, "explore": explore}[what]
        look(load(rest[1] if len(rest) > 1 else LIBRARY), float(amount), seed, tally)
    print(sys.version.split()[0], tally)


if __name__ == "__main__":
    main(*sys.argv[1:])
