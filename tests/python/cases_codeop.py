"""Scenarios for codeop: verdicts, code objects, errors, flags, warnings."""

import __future__
import ast
import warnings

from differential import Table

CASES = Table()

SOURCES = {
    "empty": "",
    "blank": "   ",
    "newline": "\n",
    "comment": "# x",
    "comments": "# x\n\n   # y\n",
    "statement": "a = 1",
    "statement newline": "a = 1\n",
    "two newlines": "a = 1\n\n",
    "several": "1;2",
    "several lines": "a = 1\nb = 2\n",
    "expression": "1 + 1",
    "open": "(1,",
    "open newline": "(1,\n",
    "open newlines": "(1,\n\n\n",
    "wrong close": "(1]",
    "triple": "'''a",
    "triple newline": "'''a\n",
    "single quote": "'a",
    "backslash": "a = \\",
    "backslash newline": "a = \\\n",
    "backslash newlines": "a = \\\n\n",
    "backslash space": "a = \\ ",
    "block": "if 1:",
    "block body": "if 1:\n  pass",
    "block done": "if 1:\n  pass\n",
    "block else": "if 1:\n  pass\nelse:",
    "block no indent": "if 1:\npass",
    "block comment": "if 1: # x",
    "block comments": "if 1:\n  # x\n",
    "inline block": "if 1: pass",
    "inline block newline": "if 1: pass\n",
    "decorator": "@a",
    "decorator newline": "@a\n",
    "decorators": "@a\n@b\ndef f(): pass\n",
    "def": "def f():\n  pass\n\n",
    "class": "class A:\n  x = 1",
    "try": "try:\n  pass\n",
    "try finally": "try:\n  pass\nfinally:\n  pass",
    "except star": "try:\n  pass\nexcept* ValueError:\n  pass\n",
    "match": "match 1:\n  case 1:\n    pass",
    "match open": "match 1:",
    "match name": "match = 1",
    "type": "type X = int",
    "async": "async def f():\n  await x\n",
    "await": "await x",
    "lambda": "lambda: (yield)",
    "indent": "  a",
    "indent later": "a\n  b",
    "dedent wrong": "if 1:\n    a\n  b",
    "tabs": "if 1:\n\ta\n        b",
    "tabs same": "if 1:\n\ta\n\tb\n",
    "form feed": "\fa = 1",
    "form feed indent": "if 1:\n \f a\n",
    "crlf": "a = 1\r\n",
    "crlf block": "if 1:\r\n  a\r\n",
    "cr": "a = 1\rb = 2",
    "null": "a\0b",
    "null at end": "a = 1\0",
    "null in string": "'\0'",
    "surrogate": "'\ud800'",
    "surrogate name": "\udc80 = 1",
    "surrogate comment": "# \udc80",
    "bom": "\ufeffa = 1",
    "nbsp": "a\xa0= 1",
    "non-ascii": "é = 'ü'",
    "non-ascii open": "é = ('ü',",
    "wide": "𝔘𝔫𝔦 = '🐍'",
    "not a letter": "a = €",
    "right arrow": "a → b",
    "cookie": "# -*- coding: latin-1 -*-\na = 'é'",
    "cookie wrong": "# coding: nonsense\na = 1",
    "cookie utf-16": "# coding: utf-16\na = 1",
    "dollar": "a = $",
    "question": "a?",
    "bang": "!ls",
    "keyword": "None = 1",
    "bad assign": "1 = 2",
    "bad assign call": "f() = 1",
    "walrus": "(a := 1)",
    "walrus bare": "a := 1",
    "return": "return 1",
    "yield": "yield 1",
    "break": "break",
    "continue": "if 1:\n  continue\n",
    "nonlocal": "nonlocal a",
    "global": "a = 1\nglobal a\n",
    "global after": "def f():\n  a = 1\n  global a\n",
    "dup arg": "def f(a, a): pass",
    "star": "*a",
    "star assign": "*a, b = c",
    "starstar": "**a",
    "print": "print 1",
    "exec": "exec 'a'",
    "octal": "0777",
    "literal end": "1_",
    "number name": "1a",
    "keyword after number": "1if 2else 3",
    "big int": "9" * 5000,
    "big float": "1e999999",
    "bad escape": r"'\d'",
    "bad octal": r"'\777'",
    "bad unicode escape": r"'\N{no such}'",
    "truncated escape": r"'\x1'",
    "bytes non-ascii": "b'é'",
    "is literal": "a is 1",
    "call literal": "1()",
    "subscript literal": "(1)[2](3)",
    "assert tuple": "assert (1, 2)\n",
    "fstring": "f'{a}'",
    "fstring open": "f'{a",
    "fstring empty": "f'{}'",
    "fstring error": "f'{a b}'",
    "fstring triple": "f'''{a",
    "fstring triple newline": "f'''{\na\n",
    "fstring lambda": "f'{lambda x: 1}'",
    "fstring single close": "f'}'",
    "fstring conversion": "f'{a!x}'",
    "fstring nested": "f'{f\"{1}\"}'",
    "tstring": "t'{a}'",
    "future": "from __future__ import annotations",
    "future unknown": "from __future__ import nothing",
    "future braces": "from __future__ import braces",
    "future late": "a = 1\nfrom __future__ import annotations",
    "flufl": "from __future__ import barry_as_FLUFL",
    "flufl use": "1 <> 2",
    "import": "import",
    "import from": "from a import",
    "import open": "from a import (b,",
    "import star": "def f():\n  from a import *\n",
    "del": "del f()",
    "with": "with (a as b, c",
    "with done": "with (a as b): pass\n",
    "brackets 100": "(" * 100,
    "brackets 250": "(" * 250,
    "brackets 100000": "(" * 100_000,
    "brackets closed": "[" * 90 + "]" * 90,
    "indents 99": "".join(" " * i + "if 1:\n" for i in range(99)),
    "indents 120": "".join(" " * i + "if 1:\n" for i in range(120)),
    "indents 120 done": "".join(" " * i + "if 1:\n" for i in range(120))
                        + " " * 120 + "a\n",
    "blocks 25": "".join(" " * i + "for a in b:\n" for i in range(25)) + " " * 25 + "a\n",
    "long sum": "+".join(["1"] * 300),
    "docstring": '"""doc"""\n',
    "ellipsis": "...",
    "semicolon": ";",
    "semicolons": "a;;b",
    "semicolon end": "a;",
    "colon": ":",
    "backquote": "`a`",
    "debug": "__debug__ = 1",
    "ctrl-z": "\x1a",
    "escape": "\x1b[A",
    "line separator": "a = 1\u2028b = 2",
    "vertical tab": "\v",
    "space odd": "\x1c\x1d\x85\u3000",
}
SYMBOLS = ("single", "exec", "eval")


@CASES.each(SOURCES)
def command(code, codeop, lab, source):
    for symbol in SYMBOLS:
        lab.call(codeop.compile_command, source, "<here>", symbol)
        lab.call(codeop.CommandCompiler(), source, "<here>", symbol)
    lab.call(codeop.compile_command, source)
    lab.call(codeop.compile_command, source + "\n", symbol="exec")


@CASES.each(SOURCES)
def compile_object(code, codeop, lab, source):
    compiler = codeop.Compile()
    for symbol in SYMBOLS:
        lab.call(compiler, source, "<here>", symbol)
        lab.call(compiler, source, "<here>", symbol, incomplete_input=False)
        lab.call(compiler, source, "<here>", symbol, incomplete_input=True)
    lab.note(compiler.flags)


class Text(str):
    """A str subclass."""


class Loud(str):
    """A str subclass whose methods are its own."""

    def split(self, *args):
        return ["x"]

    def __add__(self, other):
        return Loud(str(self) + " + 1" + other)


class Odd:
    """Not a string, but with a string's methods."""

    def split(self, *args):
        return ["x"]

    def __add__(self, other):
        return self


NO_SOURCES = {
    "none": None,
    "int": 1,
    "bytes": b"a = 1",
    "bytes open": b"(",
    "bytearray": bytearray(b"a"),
    "ast": ast.parse("a = 1"),
    "ast interactive": ast.Interactive([]),
    "list": ["a"],
    "text": Text("a = 1"),
    "text open": Text("if 1:"),
    "text blank": Text("  "),
    "loud": Loud("a"),
    "odd": Odd(),
}


@CASES.each(NO_SOURCES)
def other_source(code, codeop, lab, source):
    for symbol in SYMBOLS:
        lab.call(codeop.compile_command, source, "<here>", symbol)
        lab.call(codeop.CommandCompiler(), source, "<here>", symbol)
        lab.call(codeop.Compile(), source, "<here>", symbol)


FILENAMES = {
    "none": None, "int": 3, "bytes": b"name", "empty": "", "null": "a\0b",
    "surrogate": "\udc80", "path": __import__("pathlib").Path("p"), "text": Text("t"),
}


@CASES.each(FILENAMES)
def filename(code, codeop, lab, name):
    for source in ("a = 1", "a = = 1", "if 1:", "", r"'\d'"):
        lab.call(codeop.compile_command, source, name)
        lab.call(codeop.CommandCompiler(), source, name)
        lab.call(codeop.Compile(), source, name, "single")


@CASES.each(("", "Single", "func_type", "nothing", None, 1, b"single", Text("exec"),
             "single\0"))
def symbol(code, codeop, lab, value):
    for source in ("a = 1", "1", "if 1:", "", "()->int", "a = = 1"):
        lab.call(codeop.compile_command, source, "<here>", value)
        lab.call(codeop.CommandCompiler(), source, "<here>", value)
        lab.call(codeop.Compile(), source, "<here>", value)


@CASES.each(__future__.all_feature_names)
def future_remembered(code, codeop, lab, name):
    compiler = codeop.CommandCompiler()
    lab.note(compiler.compiler.flags)
    for source in (f"from __future__ import {name}", "a = 1", "1 <> 2", "1 != 2",
                   "def f(x: int): pass\n", f"from __future__ import {name}; b"):
        lab.call(compiler, source)
        lab.note(compiler.compiler.flags)
    lab.call(codeop.compile_command, "1 <> 2")


@CASES.each((0, 0x200, 0x400, 0x4000, 0x4200, 0x1000, 0x2000, 0x2400, 0x4600, 0x8000,
             0x100000, 0x400000, 1 << 31, 1 << 70, -1, "text", None, 1.5, True))
def flags_by_hand(code, codeop, lab, value):
    compiler = codeop.CommandCompiler()
    compiler.compiler.flags = value
    for source in ("a = 1", "if 1:", "(", "await x", "", "a = = 1", "if 1:\n  pass",
                   "a = 1 # type: int"):
        for kind in SYMBOLS:
            lab.call(compiler, source, "<here>", kind)
        lab.call(compiler.compiler, source, "<here>", "exec", incomplete_input=False)
    lab.note(compiler.compiler.flags)


@CASES.each((0, 0x400, 0x2000, 0x2400, 0x1000000, "x", None))
def flags_passed(code, codeop, lab, value):
    compiler = codeop.Compile()
    for source in ("a = 1", "await x", "if 1:", "from __future__ import annotations"):
        lab.call(codeop.compile_command, source, "<here>", "single", value)
        lab.call(codeop.compile_command, source, flags=value)
        lab.call(compiler, source, "<here>", "exec", value)
        lab.call(compiler, source, "<here>", "exec", flags=value)
        lab.note(compiler.flags)


@CASES
def flags_deleted(code, codeop, lab):
    compiler = codeop.CommandCompiler()
    lab.call(delattr, compiler.compiler, "flags")
    lab.call(compiler, "a = 1")
    lab.call(delattr, compiler, "compiler")
    lab.call(compiler, "a = 1")


@CASES
def compiler_replaced(code, codeop, lab):
    """A plain function as the compiler: which arguments does it see, how often."""
    def seen(*args, **kwargs):
        lab.note(args, kwargs)
        return compile(*args[:3], kwargs.get("flags", 0), True)
    seen.flags = 7
    compiler = codeop.CommandCompiler()
    compiler.compiler = seen
    for source in ("a = 1", "", "if 1:", "a = = 1", "(", "# x", "\0"):
        lab.call(compiler, source, "<here>", "exec")


@CASES.each((SyntaxError("x"), SyntaxError("incomplete input"), ValueError("x"),
             KeyboardInterrupt(), IndentationError("y", ("f", 1, 2, "t"))))
def compiler_raises(code, codeop, lab, error):
    calls = []

    def seen(*args, **kwargs):
        calls.append(args[:1])
        raise type(error)(*error.args)
    seen.flags = 0
    compiler = codeop.CommandCompiler()
    compiler.compiler = seen
    lab.call(compiler, "a = 1")
    lab.note(calls)


@CASES
def compile_subclassed(code, codeop, lab):
    class Sub(codeop.Compile):
        def __call__(self, *args, **kwargs):
            lab.note(args, kwargs)
            return super().__call__(*args, **kwargs)

    class Commands(codeop.CommandCompiler):
        def __init__(self):
            super().__init__()
            self.compiler = Sub()

        def __call__(self, *args, **kwargs):
            lab.note(args, kwargs)
            return super().__call__(*args, **kwargs)
    compiler = Commands()
    for source in ("a = 1", "if 1:", "a = =", "from __future__ import annotations"):
        lab.call(compiler, source, "<here>", "exec")
    lab.note(compiler.compiler.flags)
    console = code.InteractiveConsole({})
    console.compile = compiler
    lab.push_all(console, ["a = 1", "if 1:", "  b = 2", "", "a = = 1", "zzz"])
    lab.note(console.locals)


FILTERS = ("none", "default", "always", "error", "ignore", "once", "module")
WARNING_SOURCES = (r"'\d'", "a is 1", "assert (1, 2)", "1()", "1if 2else 3",
                   "if 1:\n  x = '\\d'\n", "if x is 1:", r"('\d',", r"'\d' +",
                   "def f():\n  try:\n    pass\n  finally:\n    return 1\n")


@CASES.each(FILTERS)
def compile_warnings(code, codeop, lab, action):
    if action != "none":
        warnings.simplefilter(action)
    compiler = codeop.CommandCompiler()
    for source in WARNING_SOURCES * 2:
        for kind in ("single", "exec"):
            lab.note(source)
            lab.call(codeop.compile_command, source, "<here>", kind)
            lab.call(compiler, source, "<there>", kind)


@CASES
def compile_warnings_raised_by_hook(code, codeop, lab):
    def fail(*args, **kwargs):
        raise KeyError("showwarning")
    warnings.simplefilter("always")
    lab.patch(warnings, "showwarning", fail)
    for source in WARNING_SOURCES:
        lab.call(codeop.compile_command, source)


@CASES(known="internals")
def simplefilter_patched(code, codeop, lab):
    def simplefilter(*args, **kwargs):
        lab.note("simplefilter", args, kwargs)
    lab.patch(warnings, "simplefilter", simplefilter)
    for source in ("a is 1", "if 1:", "a = = 1"):
        lab.call(codeop.compile_command, source)
