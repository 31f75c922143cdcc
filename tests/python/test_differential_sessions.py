"""Made-up sessions: lines from a small grammar, right and wrong, through both."""

import differential
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "x", "f", "é", "_", "match", "type", "case", "print"])
ATOMS = st.one_of(
    NAMES,
    st.sampled_from(["1", "0.5", "'s'", '"t"', "b'z'", "f'{a}'", "None", "...", "()", "[]",
                     "{}", "'''m'''", "(a, b)", "[x for x in 'ab']", "lambda: 1", "f(1)",
                     "a.b", "a[0]", "{1: 2}", "'\\d'", "1_0", "0o17", "9j", "not a"]),
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "*", "and", "in", "is", "==", "if a else",
                                          ",", "/", "<>", "@", ":="]), inner)
        .map(" ".join),
        inner.map("({})".format), inner.map("[{},".format), inner.map("-{}".format),
        inner.map("f({}".format), inner.map("{{{}: 1}}".format),
    ),
    max_leaves=4,
)
SIMPLE = st.one_of(
    EXPRESSIONS,
    st.builds("{} = {}".format, NAMES, EXPRESSIONS),
    st.builds("{} += {}".format, NAMES, EXPRESSIONS),
    st.builds("{}; {}".format, EXPRESSIONS, EXPRESSIONS),
    st.sampled_from(["pass", "break", "return 1", "yield", "del a", "import sys",
                     "raise ValueError('v')", "raise SystemExit(2)", "assert 0", "global a",
                     "from __future__ import annotations", "import warnings",
                     "warnings.warn('w')", "raise KeyboardInterrupt", "nonlocal x",
                     "from a import (b,", "await a", "a: int = 1", "*a, b = 'xyz'"]),
)
OPENERS = st.sampled_from([
    "if a:", "if 1:", "else:", "elif a:", "for x in 'ab':", "while 0:", "try:", "except:",
    "except ValueError as e:", "except* ValueError:", "finally:", "def f(a, b=1):",
    "class A:", "with a as b:", "async def g():", "match a:", "case 1:", "case _:",
    "@f", "lambda:", "def f(", "class A(", "for x", "if (a", "with (a as b,", "try", "if a",
    "def f[T](x: T) -> T:", "type X[T] = (", "async for x in y:", "while (x := 0):",
])
PIECES = st.sampled_from(["'''", '"""', "(", ")", "]", "}", "\\", "a = \\", "# note", "", "",
                          "'''a", "b'''", "f'''{", "}'''", "'open", "\f", "\t", " ", "$",
                          "a b", "= 1", "1a", "0777", "\0", "\r", "é", "\ufeff", "\ud800",
                          "a\nb", "if 1:\n  a", "a\n", "\\\n", "“a”", "a?", "%x", "!x"])
INDENTS = st.sampled_from(["", "", "", "  ", "  ", "    ", "\t", "        ", " \t", "\f "])
LINES = st.builds("{}{}{}".format, INDENTS, st.one_of(SIMPLE, OPENERS, PIECES),
                  st.sampled_from(["", "", "", "", " ", " # c", "\r", "\\", ";"]))
BLOCKS = st.builds(
    lambda opener, body, end: [opener, *("  " + line for line in body), *end],
    OPENERS, st.lists(SIMPLE, min_size=0, max_size=3), st.sampled_from([[], [""], ["", ""]]),
)
SESSIONS = st.lists(st.one_of(LINES.map(lambda line: [line]), BLOCKS), max_size=8).map(
    lambda groups: [line for group in groups for line in group])
CHARACTERS = st.lists(st.text(st.sampled_from(
    "ab1 ()[]{}:'\"\\\n\t#=,;@.fr\f\r\0éλ$!?*-<>") , max_size=12), max_size=6)


def steady(examples):
    """The same examples in each run."""
    return settings(derandomize=True, deadline=None, database=None,
                    max_examples=examples,
                    suppress_health_check=list(HealthCheck))


def pushes(lines):
    """A scenario that pushes the lines on a fresh console."""
    def scenario(code, codeop, lab):
        console = code.InteractiveConsole()
        lab.push_all(console, lines)
        lab.note(console.locals, console.compile.compiler.flags)
    return scenario


def overridden_pushes(lines):
    """The same with every hook overridden."""
    def scenario(code, codeop, lab):
        cls = lab.subclass(code.InteractiveConsole, "write", "runcode", "runsource",
                           "showtraceback", "showsyntaxerror", "resetbuffer")
        lab.push_all(cls(), lines)
    return scenario


@steady(600)
@given(SESSIONS)
def test_sessions(lines):
    differential.compare(pushes(lines))


@steady(600)
@given(CHARACTERS)
def test_characters(lines):
    differential.compare(pushes(lines))


@steady(200)
@given(SESSIONS)
def test_sessions_with_hooks(lines):
    differential.compare(overridden_pushes(lines))


@steady(200)
@given(SESSIONS)
def test_interact(lines):
    def scenario(code, codeop, lab):
        console = code.InteractiveConsole()
        console.raw_input = lab.lines(*lines)
        lab.call(console.interact)
        lab.note(console.locals)
    differential.compare(scenario)


@steady(500)
@given(SESSIONS, st.sampled_from(["single", "exec", "eval"]))
def test_sources(lines, symbol):
    def scenario(code, codeop, lab):
        source = "\n".join(lines)
        lab.call(codeop.compile_command, source, "<s>", symbol)
        lab.call(codeop.CommandCompiler(), source, "<s>", symbol)
        lab.call(codeop.Compile(), source, "<s>", symbol)
    differential.compare(scenario)
