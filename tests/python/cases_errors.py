"""Scenarios for errors in what the user types: tracebacks, last_*, hooks, exits."""

import contextlib
import io
import sys
import warnings

from differential import Table

CASES = Table()

SESSIONS = {
    "several in one": ["1;2", "a = 1; b", "a; a; c = 3; d"],
    "zero division": ["1/0", "_ = 1"],
    "in a function": ["def f():", "  1/0", "", "f()"],
    "nested": ["def f(): g()", "", "def g(): h()", "", "f()"],
    "multi-line": ["if 1:", "  a = 1", "  (a /", "   0)", ""],
    "chained": ["try:", "  1/0", "except Exception as e:", "  raise KeyError from e", ""],
    "from none": ["try:", "  1/0", "except Exception:", "  raise KeyError from None", ""],
    "context": ["try:", "  1/0", "finally:", "  a.b", ""],
    "group": ["raise ExceptionGroup('g', [ValueError(1), TypeError('t')])"],
    "group nested": ["raise ExceptionGroup('g', [ExceptionGroup('h', [OSError(2, 'x')])])"],
    "except star": ["try:", "  raise ExceptionGroup('g', [ValueError(1), OSError()])",
                    "except* ValueError:", "  1/0", ""],
    "notes": ["e = ValueError('x')", "e.add_note('one\\ntwo')", "raise e"],
    "notes odd": ["e = ValueError('x')", "e.__notes__ = 3", "raise e"],
    "same twice": ["e = ValueError()", "raise e", "raise e"],
    "cycle": ["e = ValueError()", "f = KeyError()", "e.__cause__ = f", "f.__cause__ = e",
              "raise e"],
    "name hint": ["abcdef = 1", "abcdeg", "import sys; sys.exti"],
    "import hint": ["maths", "sys", "from sys import nothing", "import no.such"],
    "attribute hint": ["class A: long_name = 1", "", "A().lomg_name"],
    "system exit": ["raise SystemExit", "raise SystemExit(3)", "raise SystemExit('x')",
                    "import sys; sys.exit()", "class E(SystemExit): pass", "", "raise E"],
    "exit": ["exit", "quit", "exit()", "quit(1)"],
    "keyboard interrupt": ["raise KeyboardInterrupt", "raise KeyboardInterrupt('x')"],
    "generator exit": ["raise GeneratorExit", "raise StopIteration(2)", "raise BaseException"],
    "memory error": ["raise MemoryError", "raise MemoryError('x')"],
    "raise syntax error": ["raise SyntaxError('x')",
                           "raise SyntaxError('m', ('f', 1, 2, 'text'))",
                           "raise SyntaxError('m', ('f', 1, 2, 'text', 1, 4))"],
    "compile inside": ["compile('a = = 1', 'g', 'exec')", "eval('(')", "exec('1/0')"],
    "import broken": ["import no_such.thing", "from os import no_such", "import os.no_such"],
    "surrogate": ["raise ValueError('\\udc80')", "'\\ud800'", "\ud800", "print('\\ud800')"],
    "class named": ["class E(Exception):", "  def __str__(self): return 'é' * 3", "",
                    "raise E"],
    "str raises": ["class E(Exception):", "  def __str__(self): 1/0", "", "raise E"],
    "repr raises": ["class E:", "  def __repr__(self): 1/0", "", "E()", "_"],
    "class is odd": ["raise 1", "raise int", "raise None"],
    "unraisable": ["raise ValueError from 1"],
    "deleted": ["a", "del a", "a = 1", "del a", "a"],
    "unbound": ["def f():", "  x", "  x = 1", "", "f()"],
    "fstring": ["f'{1/0}'", "f'{a b}'", "f'{'", "f'{a!z}'", "f'{a:{b:{c}}}'", "f''''a"],
    "fstring lines": ["f'''{", "a", "}'''"],
    "assert": ["assert 0", "assert 0, 'why'", "assert (0, 'why')"],
    "unpack": ["a, b = 1", "a, b = 1,", "a, *b = 1,", "(a, b), c = 1, 2"],
    "await": ["await x", "async def f(): pass", "", "f().close()"],
    "lambda": ["(lambda: 1/0)()", "[1/0 for x in 'ab']", "list(1/0 for x in 'ab')"],
    "decorated": ["@undefined", "def f(): pass", ""],
    "with": ["with open('/nonexistent/x') as f: pass", "", "open('/nonexistent/x')"],
    "unicode error": ["b'\\xff'.decode()", "'\\udc80'.encode()"],
    "match": ["match 1:", "  case 2: pass", "  case _: 1/0", ""],
    "del builtins": ["import builtins", "__builtins__ = {}", "print", "a = 1"],
    "dunder": ["__name__", "__doc__", "__builtins__ is None", "__debug__", "__file__"],
    "display": ["1", "None", "_", "[1,", "2]", "_", "'a' 'b'", "...", "x = 1; x; 2"],
    "display unicode": ["'é'", "'\\u2028'", "'🐍'"],
    "stdout": ["print(1, end='')", "import sys", "sys.stdout.write('x')",
               "sys.stderr.write('y')"],
    "indented": ["  a = 1", "a = 1", " b", "if 1:", "a"],
    "dedent": ["if 1:", "    a = 1", "  b = 2", ""],
    "tabs": ["if 1:", "\ta = 1", "        b = 2", ""],
    "else": ["if 0:", "  1", "else:", "  2", ""],
    "for else": ["for x in 'ab':", "  x", "else:", "  'end'", ""],
    "try else": ["try:", "  1", "except:", "  2", "else:", "  3", "finally:", "  4", ""],
    "blank in block": ["if 1:", "", "if 1:", "  1", "   ", "", "# x", "if 1: # x", "  # y",
                       "  2", ""],
    "blank in string": ["'''", "", "a", "'''"],
    "blank in bracket": ["(", "", "# x", "1)"],
    "backslash": ["1 + \\", "2", "'a\\", "b'", "\\", "1", "\\", ""],
    "decorator": ["def d(f): return f", "", "@d", "", "@d", "def g():", "  return 5", "",
                  "g()"],
    "internal newlines": ["a = 1\nb = 2", "if 1:\n  a\n", "if 1:\n  a\n\n", "a\n",
                          "def f():\n  1/0\nf()", "1\n2"],
    "crlf": ["a = 1\r", "if 1:\r", "  a\r", "\r", "", "a\r\n"],
    "null": ["\0", "a\0b", "if 1:\0", "'\0'", "# \0", "a = 1"],
    "form feed": ["\f1", "if 1:", "\f  1", ""],
    "cookie": ["# coding: latin-1", "'é'", "# coding: bogus", "1"],
    "future": ["from __future__ import annotations", "def f(x: y): pass", "",
               "f.__annotations__", "from __future__ import braces"],
    "flufl": ["1 <> 2", "from __future__ import barry_as_FLUFL", "1 <> 2", "1 != 2"],
    "global": ["global a", "a = 1", "global a; a = 2", "nonlocal b"],
    "return": ["return 1", "yield 1", "break", "continue", "def f():", "  break", ""],
    "warnings": ["'\\d'", "1 is 1", "'\\d'", "assert (1, 2)", "1()"],
    "type": ["type X = int", "X", "def f[T](x: T): pass", "", "f"],
    "digits": ["9" * 5000, "int('9' * 5000)", "10 ** 5000"],
    "deep brackets": ["(" * 250, "[" * 150, "]" * 150, "1"],
    "deep blocks": [" " * i + "if 1:" for i in range(105)] + [""],
    "deep loops": [" " * i + "for a in b:" for i in range(22)] + [" " * 22 + "a", ""],
    "leftovers": [")", "1)", "]", "}", "a b", "a = = b", "if", "class", "def f(", ")", ""],
    "magic": ["%timeit", "!ls", "?x", "x?", "$x", "cd /", "ls -l"],
    "walrus": ["(a := 5)", "a := 6", "a"],
    "star": ["a, *b = 1, 2, 3", "b", "*a, = 'xy'", "a", "*a", "print(*a)"],
    "last": ["import sys", "1/0", "sys.last_value", "sys.last_type", "a b",
             "sys.last_value.text", "sys.last_traceback is None"],
    "last deleted": ["import sys", "1/0", "del sys.last_value, sys.last_type", "2/0"],
    "tracebacklimit": ["import sys", "sys.tracebacklimit = 0", "1/0",
                       "sys.tracebacklimit = 1", "1/0", "sys.tracebacklimit = 'x'", "1/0"],
    "user code raises through": ["import traceback",
                                 "try: 1/0", "except: traceback.print_exc()", ""],
    "exec traceback": ["exec('def f():\\n  1/0\\nf()')", "exec(compile('1/0', '<q>', 'exec'))"],
}


@CASES.each(SESSIONS)
def session(code, codeop, lab, lines):
    console = code.InteractiveConsole()
    lab.push_all(console, lines)
    lab.note(console.locals, console.compile.compiler.flags)


@CASES.each(SESSIONS)
def session_with_hooks(code, codeop, lab, lines):
    """The same, with write() and the two shows seen."""
    cls = lab.subclass(code.InteractiveConsole, "write", "showtraceback",
                       "showsyntaxerror")
    lab.push_all(cls({"sys": sys}, "<name>"), lines)


@CASES.each(SESSIONS)
def session_with_excepthook(code, codeop, lab, lines):
    """The same, with sys.excepthook replaced."""
    sys.excepthook = lambda *args: lab.note("excepthook", args)
    lab.push_all(code.InteractiveConsole(), lines)


@CASES.each(SESSIONS)
def session_whole(code, codeop, lab, lines):
    """All lines at once, through runsource and as "exec"."""
    console = code.InteractiveInterpreter({})
    for symbol in ("single", "exec", "eval"):
        lab.call(console.runsource, "\n".join(lines), "<all>", symbol)
    lab.note(console.locals)


@CASES.each({"raises": ZeroDivisionError("hook"), "exits": SystemExit(4),
             "interrupts": KeyboardInterrupt(), "syntax": SyntaxError("hook"),
             "chained": ValueError("v")})
def excepthook_raises(code, codeop, lab, error):
    def hook(*args):
        lab.note("excepthook", args)
        if isinstance(error, ValueError):
            raise ValueError from KeyError("k")
        raise type(error)(*error.args)
    sys.excepthook = hook
    lab.push_all(code.InteractiveConsole(), ["1/0", "a = = 1", "a = 1", "raise KeyError(1)"])


@CASES.each({"none": None, "int": 1, "print": print, "same": sys.__excepthook__})
def excepthook_is(code, codeop, lab, hook):
    sys.excepthook = hook
    lab.push_all(code.InteractiveConsole(), ["1/0", "a = = 1"])


@CASES
def excepthook_deleted(code, codeop, lab):
    del sys.excepthook
    lab.push_all(code.InteractiveConsole(), ["1/0", "a = = 1"])


@CASES
def excepthook_original_deleted(code, codeop, lab):
    lab.remove(sys, "__excepthook__")
    lab.push_all(code.InteractiveConsole(), ["1/0", "a = = 1"])


class Broken:
    """A stream that cannot write."""

    def write(self, text):
        raise OSError(5, "broken")


class Closed(io.StringIO):
    """A stream that was closed."""

    def __init__(self):
        super().__init__()
        self.close()


@CASES.each({"none": None, "broken": Broken(), "object": object(), "int": 3,
             "closed": Closed()})
def stderr_is(code, codeop, lab, stream):
    console = code.InteractiveConsole()
    for hook in (sys.__excepthook__, lambda *args: 1 / 0):
        sys.excepthook = hook
        sys.stderr = stream
        lab.push_all(console, ["1/0", "a = = 1", "if 1:", "a b", "raise SystemExit"])
        lab.call(console.write, "text")
        lab.call(console.interact, "banner", "bye")


@CASES
def stderr_deleted(code, codeop, lab):
    console = code.InteractiveConsole()
    del sys.stderr
    lab.push_all(console, ["1/0", "a = = 1"])
    lab.call(console.write, "text")


@CASES.each({"none": None, "raises": lambda value: 1 / 0, "prints": print, "int": 1})
def displayhook_is(code, codeop, lab, hook):
    sys.displayhook = hook
    lab.push_all(code.InteractiveConsole(), ["1", "None", "a = 1", "a; a", "'x'"])


@CASES
def displayhook_deleted(code, codeop, lab):
    del sys.displayhook
    lab.push_all(code.InteractiveConsole(), ["1", "a = 1", "a"])


@CASES
def stdout_redirected(code, codeop, lab):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        lab.push_all(code.InteractiveConsole(), ["1", "1/0", "print(2)"])
    lab.note(out.getvalue(), err.getvalue())


@CASES(known="recursion-depth")
def recursion(code, codeop, lab):
    console = code.InteractiveConsole()
    lab.push_all(console, ["def deep(): deep()", "", "deep()", "a = 1"])
    lab.note(console.locals)


WARNING_CODE = ["import warnings", "def f(): warnings.warn('text')", "", "f()", "f()",
                "for x in range(2): f()", "", "warnings.warn('again', DeprecationWarning)",
                "warnings.warn('again', DeprecationWarning)", "f(); f()", "if 1:", "  f()",
                "", "'\\d'", "'\\d'", "a = (", "f())", "a b", "f()"]


@CASES.each(("none", "default", "always", "error", "ignore", "once", "module"))
def user_warnings(code, codeop, lab, action):
    """Whether a warning shows again depends on the filters' version."""
    if action != "none":
        warnings.simplefilter(action)
    console = code.InteractiveConsole()
    lab.push_all(console, WARNING_CODE)
    lab.note(console.locals)


@CASES
def user_warnings_outside(code, codeop, lab):
    """Each push lets warnings of other code show again, as the standard module does."""
    console = code.InteractiveConsole()
    space = {"warnings": warnings}
    warn = compile("warnings.warn('outside')", "<outside>", "exec")
    warnings.simplefilter("default")
    for line in ("a = 1", "if 1:", "  a = 2", "", "a = = 1", "(", "1)", "", "# x", "'x"):
        exec(warn, space)
        exec(warn, space)
        lab.call(console.push, line)
    for source in ("a", "if 1:", "b b"):
        exec(warn, space)
        lab.call(codeop.compile_command, source)


@CASES
def user_changes_filters(code, codeop, lab):
    console = code.InteractiveConsole()
    lab.push_all(console, ["import warnings", "warnings.simplefilter('error')",
                           "warnings.warn('x')", "'\\d'", "1 is 1",
                           "warnings.simplefilter('ignore')", "warnings.warn('x')",
                           "'\\d'", "warnings.showwarning = print",
                           "warnings.simplefilter('always')", "warnings.warn('x')"])


def stack(lab):
    """A function for user code that notes the frames above it."""
    def look():
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_name != "look_around":
            lab.note("frame", frame.f_code.co_filename, frame.f_code.co_name)
            frame = frame.f_back
    return look


@CASES(known="stack")
def look_around(code, codeop, lab):
    console = code.InteractiveConsole({"look": stack(lab)})
    for line in ("look()", "def f(): look()", "", "f()"):
        console.push(line)




@CASES(known="compile-events")
def audit_events(code, codeop, lab):
    console = code.InteractiveConsole()
    AUDIT.append(lambda event, args: event in ("compile", "exec") and
                 lab.log.append(("audit", event)))
    try:
        for line in ("a = 1", "if 1:", "  b", "", "a = = 1"):
            lab.note(line)
            console.push(line)
    finally:
        AUDIT.clear()


AUDIT = []
sys.addaudithook(lambda event, args: [see(event, args) for see in AUDIT] and None)
