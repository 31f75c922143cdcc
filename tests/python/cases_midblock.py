"""Scenarios that change something between the lines of one command.

The standard module looks at the whole buffer anew on each line, so whatever changes in
between counts from then on. An implementation that remembers how far it got has to
notice.
"""

import builtins
import sys
import warnings

from differential import Table

CASES = Table()

OPENERS = {
    "block": ["if 1:", "  a = 1"],
    "function": ["def f():", "  '''doc'''", "  x = [", "    1,", "  ]"],
    "nested": ["for a in 'x':", "  while 0:", "    if a:", "      pass"],
    "bracket": ["a = (", "1,"],
    "string": ["a = '''", "x"],
    "decorator": ["@print"],
    "backslash": ["a = \\"],
    "else": ["if 0:", "  pass", "else:"],
    "try": ["try:", "  1/0", "except ValueError:", "  pass"],
    "match": ["match 1:", "  case 1:", "    a = 2"],
    "class": ["class A:", "  def f(self):", "    return 1", ""],
    "wrong soon": ["if 1:", "  a = 1", " b = 2"],
    "nothing": [],
}
REST = ("  b = 2", "1)", "'''", "", "def g(): pass", "", "c = 3", "zzz", "if 1:", "  d", "")


class Text(str):
    """A str subclass."""


def upper(console):
    original = console.runsource
    console.runsource = lambda source, *args, **kw: original(source.upper(), *args, **kw)


def interrupt(console):
    def read(prompt):
        raise KeyboardInterrupt if console.buffer else EOFError
    console.raw_input = read
    console.interact("", "")


def drop_last(console):
    if console.buffer:
        console.buffer.pop()


def own_class(console):
    class Other(type(console)):
        def runsource(self, source, *args, **kwargs):
            return super().runsource(source + "\n#", *args, **kwargs)
    console.__class__ = Other


def failing_runsource(console):
    original = console.runsource

    def fail(*args, **kwargs):
        console.runsource = original
        raise KeyError
    console.runsource = fail


CHANGES = {
    "nothing": lambda console: None,
    "reset": lambda console: console.resetbuffer(),
    "buffer equal": lambda console: setattr(console, "buffer", list(console.buffer)),
    "buffer other": lambda console: setattr(console, "buffer", ["while 0:", "  pass"]),
    "buffer tuple": lambda console: setattr(console, "buffer", tuple(console.buffer)),
    "buffer clear": lambda console: console.buffer.clear(),
    "buffer pop": drop_last,
    "buffer append": lambda console: console.buffer.append("  pass"),
    "buffer insert": lambda console: console.buffer.insert(0, "if 1:"),
    "buffer swap": lambda console: console.buffer.reverse(),
    "buffer replace": lambda console: console.buffer.__setitem__(slice(0, 1), ["(", "'"]),
    "buffer same length": lambda console: console.buffer.__setitem__(
        slice(None), ["a = ="] * len(console.buffer)),
    "buffer text": lambda console: console.buffer.__setitem__(
        slice(None), map(Text, console.buffer)),
    "buffer non-str": lambda console: console.buffer.append(3),
    "buffer deleted": lambda console: delattr(console, "buffer"),
    "filename": lambda console: setattr(console, "filename", "<other>"),
    "filename int": lambda console: setattr(console, "filename", 3),
    "filename null": lambda console: setattr(console, "filename", "a\0b"),
    "locals": lambda console: setattr(console, "locals", {"zzz": 1}),
    "locals int": lambda console: setattr(console, "locals", 3),
    "flags await": lambda console: setattr(console.compile.compiler, "flags", 0x6200),
    "flags none": lambda console: setattr(console.compile.compiler, "flags", 0),
    "flags text": lambda console: setattr(console.compile.compiler, "flags", "x"),
    "flags flufl": lambda console: setattr(console.compile.compiler, "flags", 0x404200),
    "compiler none": lambda console: setattr(console.compile, "compiler", None),
    "compile none": lambda console: setattr(console, "compile", None),
    "compile says no": lambda console: setattr(console, "compile", lambda *a: None),
    "compile builtin": lambda console: setattr(console, "compile", compile),
    "compile fails": lambda console: setattr(console, "compile", lambda *a: 1 / 0),
    "runsource": upper,
    "runsource fails once": failing_runsource,
    "runsource more": lambda console: console.runsource("if 1:"),
    "runsource error": lambda console: console.runsource("a b"),
    "runsource done": lambda console: console.runsource("other = 1"),
    "runcode": lambda console: setattr(console, "runcode", lambda value: None),
    "resetbuffer nothing": lambda console: setattr(console, "resetbuffer", lambda: None),
    "push text": lambda console: console.push(Text("  e = 5")),
    "push lines": lambda console: console.push("  e = 5\n  f = 6"),
    "push newline": lambda console: console.push("  e = 5\n"),
    "push comment": lambda console: console.push("# comment"),
    "push spaces": lambda console: console.push("    "),
    "push form feed": lambda console: console.push("\f"),
    "push null": lambda console: console.push("\0"),
    "push int": lambda console: console.push(3),
    "push surrogate": lambda console: console.push("  '\udc80'"),
    "push crlf": lambda console: console.push("  e = 5\r"),
    "push tab": lambda console: console.push("\te = 5"),
    "class": own_class,
    "interrupt": interrupt,
    "showsyntaxerror": lambda console: console.compile("x"),
    "other console": lambda console: type(console)().push("(((("),
    "warnings error": lambda console: warnings.simplefilter("error"),
    "recursion limit": lambda console: sys.setrecursionlimit(sys.getrecursionlimit()),
    "int digits": lambda console: sys.set_int_max_str_digits(4300),
}


def change_between(code, codeop, lab, opener, change):
    """Opening lines, the change, the rest, the buffer after each."""
    console = code.InteractiveConsole()
    lab.push_all(console, OPENERS[opener])
    lab.call(lambda: CHANGES[change](console) and None)
    lab.push_all(console, REST)
    lab.note(console.locals)


for opener in OPENERS:
    for change in CHANGES:
        CASES.add(f"{change}[{opener}]",
                  lambda code, codeop, lab, o=opener, c=change:
                  change_between(code, codeop, lab, o, c))


@CASES.each(tuple(OPENERS))
def compile_patched_between(code, codeop, lab, opener):
    console = code.InteractiveConsole()
    original = compile
    lab.push_all(console, OPENERS[opener])

    def seen(source, *args, **kwargs):
        lab.note("compile", source, args, kwargs)
        return original(source, *args, **kwargs)
    lab.patch(builtins, "compile", seen)
    lab.push_all(console, REST)


@CASES.each(("default", "always", "error", "ignore", "once", "module"))
def warnings_in_blocks(code, codeop, lab, action):
    """What the compiler warns of, in lines of a block that is still open."""
    warnings.simplefilter(action)
    console = code.InteractiveConsole()
    for body in (r"'\d'", "x is 1", "assert (1, 2)", "1()", "1if 2else 3", r"f'\d'",
                 r"b'\q'", r"'''\d", "return 1", "[1][1, 2]"):
        lab.push_all(console, ["def f(x):", f"  {body}", "  pass", "'''", "", "a = (",
                               f"  {body}", ")", "''')", ""])
        console.resetbuffer()


@CASES
def future_in_blocks(code, codeop, lab):
    """The remembered __future__ statements count in later lines of a block."""
    console = code.InteractiveConsole()
    lab.push_all(console, ["if 1 <> 2:", "if 1 != 2:", "  a = 1 != 2", "",
                           "from __future__ import barry_as_FLUFL", "if 1 <> 2:",
                           "  b = 1 <> 2", "", "if 1:", "  c = 1 != 2", "(1 !=", "(1 <>",
                           "2)", "if 1:", "  from __future__ import annotations", ""])
    lab.note(console.locals, console.compile.compiler.flags)


@CASES
def two_consoles_in_turn(code, codeop, lab):
    first, second = code.InteractiveConsole(), code.InteractiveConsole()
    for one, other in (("if 1:", "(("), ("  a = 1", "1)"), ("  '''", "'''"), ("", ")"),
                       ("'''", "x'''"), ("", ")"), ("a", "a")):
        lab.push_all(first, [one])
        lab.push_all(second, [other])
    lab.note(first.locals, second.locals)
