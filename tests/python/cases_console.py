"""Scenarios for the console: buffer, locals, prompts, interact, banners, exits."""

import builtins
import io
import sys
import types

from differential import Table

CASES = Table()

LINES = ["a = 1", "if 1:", "  a", "", "a = = 1", "zzz"]


@CASES
def fresh_instance(code, codeop, lab):
    for cls in (code.InteractiveInterpreter, code.InteractiveConsole):
        lab.note(sorted(vars(cls())), cls().locals, cls({"a": 1}).locals)
        lab.note(cls(None).locals, cls(locals={}).locals)
    console = code.InteractiveConsole(filename="<x>")
    lab.note(console.filename, console.buffer, console.compile.compiler.flags)
    space = {}
    lab.note(code.InteractiveConsole(space).locals is space)
    lab.note(code.InteractiveConsole().locals is code.InteractiveConsole().locals)


class Space(dict):
    """A namespace that makes up what is missing."""

    def __missing__(self, key):
        return f"missing {key}" if not hasattr(builtins, key) else getattr(builtins, key)


class Mapping:
    """A mapping that is no dict."""

    def __getitem__(self, key):
        raise KeyError(key)

    def __setitem__(self, key, value):
        pass


@CASES.each({"int": 3, "list": [], "mapping": Mapping(), "proxy": types.MappingProxyType({}),
             "module": types.ModuleType("m"), "empty": {}, "false": False, "zero": 0})
def locals_is(code, codeop, lab, space):
    console = code.InteractiveConsole(space)
    lab.push_all(console, LINES)
    lab.note(console.locals)


@CASES
def locals_subclass(code, codeop, lab):
    console = code.InteractiveConsole(Space())
    lab.push_all(console, [*LINES, "nothing", "def f(): return nowhere", "", "f()"])
    lab.note(console.locals)


@CASES
def locals_changed_later(code, codeop, lab):
    console = code.InteractiveConsole()
    for space in (None, {"a": 5}, 3, Space(), {"__builtins__": {}}):
        console.locals = space
        lab.push_all(console, LINES)
        lab.note(console.locals)
    del console.locals
    lab.push_all(console, LINES)


@CASES
def builtins_in_locals(code, codeop, lab):
    space = {"__builtins__": {"print": lambda *args: lab.note("own print", args)}}
    lab.push_all(code.InteractiveConsole(space), ["print(1)", "len", "import sys", "1"])


@CASES.each({"list": ["if 1:"], "long": ["if 1:", "  a = 1"], "tuple": ("if 1:",),
             "none": None, "str": "if 1:", "non-str": ["if 1:", 3], "bytes": [b"if 1:"],
             "wrong": ["a = = 1"], "done": ["a = 1"], "open string": ["'''"],
             "open bracket": ["(", "1,"], "set": {"if 1:"}, "bytearray": bytearray(b"a"),
             "decorated": ["@a"], "backslash": ["a = \\"], "empty": [], "blank": [""]})
def buffer_by_hand(code, codeop, lab, buffer):
    for line in ("", "  b = 1", "1)", "'''", "b = 2"):
        console = code.InteractiveConsole()
        console.buffer = list(buffer) if type(buffer) is list else buffer
        lab.push_all(console, [line, "c = 3", "", "x = 1"])
        lab.note(console.locals)


@CASES
def buffer_between_pushes(code, codeop, lab):
    console = code.InteractiveConsole()
    lab.push_all(console, ["if 1:"])
    console.buffer.append("  a = 1")
    lab.push_all(console, ["  b = 2", ""])
    lab.note(console.locals)
    lab.push_all(console, ["if 1:", "  c = 1"])
    console.buffer[1] = "  c = = 1"
    lab.push_all(console, ["  d = 1"])
    lab.push_all(console, ["if 1:", "  c = 1"])
    console.buffer.clear()
    lab.push_all(console, ["  d = 1", "d = 1"])
    lab.push_all(console, ["(", "1,"])
    console.buffer.pop()
    lab.push_all(console, ["2)"])
    lab.push_all(console, ["'''", "text"])
    console.buffer = list(console.buffer)
    lab.push_all(console, ["end'''"])
    lab.push_all(console, ["'''", "text"])
    del console.buffer[0]
    lab.push_all(console, ["end", ""])
    lab.push_all(console, ["while 0:"])
    console.buffer[0] = "1"
    lab.push_all(console, [""])
    lab.push_all(console, ["if 1:", "  a"])
    console.buffer.reverse()
    lab.push_all(console, ["", "a"])


@CASES.each((0, 200, 398))
def buffer_changed_far_back(code, codeop, lab, place):
    console = code.InteractiveConsole()
    for line in ("(", *["1,"] * 399):
        console.push(line)
    console.buffer[place] = "$"
    lab.push_all(console, ["2,", "3)"])
    lab.note(len(console.buffer))


@CASES
def buffer_is_new_after_reset(code, codeop, lab):
    console = code.InteractiveConsole()
    first = console.buffer
    console.push("if 1:")
    lab.note(first is console.buffer, first)
    console.push("  a = 1")
    console.push("")
    lab.note(first is console.buffer, first, console.buffer)
    second = console.buffer
    console.push("a")
    lab.note(second is console.buffer, second)
    console.resetbuffer()
    lab.note(console.buffer)


class Lines(list):
    """A list subclass as the buffer."""

    def append(self, line):
        super().append("# seen\n" + line)


class Buffer:
    """Nothing but what push() asks of a buffer."""

    def __init__(self, lab):
        self.lab = lab

    def append(self, line):
        self.lab.note("append", line)

    def __iter__(self):
        return iter(["b", "= 3"][:2])


@CASES
def buffer_own_class(code, codeop, lab):
    console = code.InteractiveConsole()
    for buffer in (Lines(), Lines(["if 1:"]), Buffer(lab)):
        console.buffer = buffer
        lab.push_all(console, ["  a = 1", ""])
    lab.note(console.locals)


@CASES.each(("buffer", "filename", "locals", "compile", "local_exit"))
def attribute_deleted(code, codeop, lab, name):
    console = code.InteractiveConsole()
    lab.call(delattr, console, name)
    lab.call(delattr, console, name)
    lab.push_all(console, LINES)
    console.raw_input = lab.lines("a = 1", "if 1:", KeyboardInterrupt(), "raise SystemExit")
    lab.call(console.interact, "", "")


@CASES.each({"none": None, "int": 3, "bytes": b"x", "empty": "", "null": "\0",
             "surrogate": "\udc80", "brackets": "<string>"})
def filename_is(code, codeop, lab, name):
    console = code.InteractiveConsole(filename=name)
    lab.push_all(console, LINES)
    console.filename = "later"
    lab.push_all(console, LINES)


@CASES
def push_extras(code, codeop, lab):
    """push(filename=, _symbol=), where this Python has them."""
    console = code.InteractiveConsole()
    for name in (None, "", "given", 3):
        for line in LINES:
            lab.call(console.push, line, filename=name)
            lab.call(console.push, line, name, _symbol="exec")
            lab.call(console.push, line, name, "eval")
            lab.note(console.buffer)
            console.resetbuffer()


class Text(str):
    """A str subclass."""


@CASES.each({"none": None, "int": 3, "bytes": b"a", "text": Text("a = 1"),
             "open": Text("if 1:"), "list": ["a"]})
def push_odd(code, codeop, lab, line):
    console = code.InteractiveConsole()
    lab.push_all(console, [line, "b = 1"])
    console.resetbuffer()
    lab.push_all(console, ["if 1:", line, ""])
    lab.note(console.locals)


@CASES
def long_line(code, codeop, lab):
    console = code.InteractiveConsole()
    big = "x" * 50_000_000
    for line in (f"a = '{big}'", f"a = = '{big[:500_000]}'"):
        lab.call(console.push, line)
    lab.note(len(console.locals["a"]))


@CASES
def many_lines_in_one(code, codeop, lab):
    console = code.InteractiveConsole()
    lab.push_all(console, ["if 1:\n" + "  a = 1\n" * 3000, ""])
    lab.push_all(console, ["(\n" * 150, ")\n" * 150])


class Prompt:
    """A prompt made anew each time."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        if self.text is None:
            raise ValueError("prompt")
        return self.text


PROMPTS = {"text": "p> ", "empty": "", "none": None, "int": 3, "object": Prompt("o> "),
           "failing": Prompt(None), "str subclass": Text("t> ")}


@CASES.each(PROMPTS)
def prompts(code, codeop, lab, prompt):
    for name in ("ps1", "ps2", "both"):
        for other in ("ps1", "ps2"):
            if name in (other, "both"):
                setattr(sys, other, prompt)
            elif hasattr(sys, other):
                delattr(sys, other)
        console = code.InteractiveConsole()
        console.raw_input = lab.lines(*LINES)
        lab.call(console.interact, "")
        lab.note(getattr(sys, "ps1", "<unset>"), getattr(sys, "ps2", "<unset>"))


@CASES.each(PROMPTS)
def prompts_with_input(code, codeop, lab, prompt):
    """The same through the built-in input()."""
    sys.ps1 = sys.ps2 = prompt
    sys.stdin = io.StringIO("\n".join(LINES))
    lab.call(code.InteractiveConsole().interact, "")


@CASES
def prompts_changed_inside(code, codeop, lab):
    for lines in (["import sys", "sys.ps1 = 'new> '", "sys.ps2 = 'more> '", "if 1:", "  1",
                   ""],
                  ["import sys", "del sys.ps1", "1"],
                  ["import sys", "del sys.ps2", "if 1:", "", "1"],
                  ["import sys", "del sys.ps1, sys.ps2; sys.ps1 = ''"]):
        console = code.InteractiveConsole()
        console.raw_input = lab.lines(*lines)
        lab.call(console.interact)
        lab.note(getattr(sys, "ps1", "<unset>"), getattr(sys, "ps2", "<unset>"))
        for name in ("ps1", "ps2"):
            if hasattr(sys, name):
                delattr(sys, name)


MESSAGES = {"none": None, "empty": "", "text": "hello", "int": 3, "zero": 0,
            "tuple": (1, 2), "one": ("x",), "no": (), "dict": {"a": 1}, "bytes": b"b",
            "object": Prompt("said"), "failing": Prompt(None), "false": False,
            "surrogate": "\udc80", "percent": "%s %d"}


@CASES.each(MESSAGES)
def banner_and_exitmsg(code, codeop, lab, value):
    for arguments in ({"banner": value, "exitmsg": ""}, {"banner": "", "exitmsg": value},
                      {"banner": value, "exitmsg": value}):
        console = code.InteractiveConsole()
        console.raw_input = lab.lines("1")
        lab.call(console.interact, **arguments)
        lab.note(hasattr(sys, "ps1"), hasattr(sys, "ps2"))
        lab.call(code.interact, readfunc=lab.lines("1"), **arguments)


@CASES
def banner_names_the_class(code, codeop, lab):
    class Mine(code.InteractiveConsole):
        pass
    for cls in (Mine, code.InteractiveConsole, type("Ünï", (Mine,), {})):
        console = cls()
        console.raw_input = lab.lines()
        lab.call(console.interact)


READS = {
    "nothing": [],
    "interrupts": [KeyboardInterrupt(), "if 1:", KeyboardInterrupt("x"), "a = 1"],
    "eof in block": ["if 1:", "  a = 1"],
    "exit": ["a = 1", SystemExit(), "b = 1"],
    "exit code": ["if 1:", SystemExit(3)],
    "typed exit": ["raise SystemExit(4)", "b"],
    "exit()": ["exit()", "b"],
    "quit in block": ["if 1:", "  quit(5)", "", "b"],
    "exit shown": ["exit", "quit", "exit.eof", "type(exit).__name__", "exit.name"],
    "exit text": ["exit('bye')"],
    "error": [ValueError("read"), "a"],
    "typed interrupt": ["raise KeyboardInterrupt", "a = 1"],
    "not a line": [None, "a"],
    "int": [3, "a"],
    "eof typed": ["raise EOFError", "a = 1"],
    "generator exit": [GeneratorExit()],
    "base": [BaseException("b")],
    "memory": [MemoryError()],
    "delete exit": ["import builtins; del builtins.exit", "exit", "exit()", "quit()"],
}


def own_exits(lab):
    """exit and quit that note their calls and close nothing."""
    for name in ("exit", "quit"):
        def leave(value=None, name=name):
            lab.note(name, value)
            raise SystemExit(value)
        lab.patch(builtins, name, leave)


@CASES.each(READS)
def interact(code, codeop, lab, lines):
    own_exits(lab)
    for local_exit in (None, False, True, 1):
        extra = {} if local_exit is None else {"local_exit": local_exit}
        console = lab.call(lambda: code.InteractiveConsole({}, **extra))
        if console is None:
            continue
        console.raw_input = lab.lines(*lines)
        lab.call(console.interact, "banner", "bye")
        lab.note(console.locals, console.buffer, getattr(builtins, "exit", "<none>"))
        lab.call(code.interact, "b", lab.lines(*lines), {}, "bye", **extra)


@CASES
def exits_missing(code, codeop, lab):
    """local_exit where builtins has no exit or quit."""
    own_exits(lab)
    for name in ("exit", "quit"):
        lab.remove(builtins, name)
        lab.call(code.interact, "", lab.lines("exit", "quit()"), {}, "", True)
        lab.note(hasattr(builtins, "exit"), hasattr(builtins, "quit"))


@CASES
def quitter(code, codeop, lab):
    own_exits(lab)
    console = lab.call(lambda: code.InteractiveConsole({}, local_exit=True))
    if console is not None:
        console.raw_input = lab.lines("e = exit; q = quit", "e", "q", "vars(e), vars(q)")
        lab.call(console.interact, "", "")
        for name in "eq":
            leave = console.locals[name]
            lab.note(repr(leave), str(leave), type(leave), vars(leave))
            lab.call(leave)
            lab.call(leave, 3)
            lab.call(leave, code="x")
            lab.call(leave, 1, 2)


@CASES
def interact_module_level(code, codeop, lab):
    for arguments in ((), ("b",), (None, lab.lines("1")), ("", lab.lines("a"), {"a": 7}),
                      ("", lab.lines(), None, ""), ("", lab.lines(), 3, "x")):
        sys.stdin = io.StringIO("1 + 1\n")
        lab.call(code.interact, *arguments)
    lab.call(code.interact, readfunc=3)
    lab.call(code.interact, readfunc=0)


@CASES
def interact_reads_input(code, codeop, lab):
    sys.stdin = io.StringIO("a = 1\nif a:\n  print(a)\n\n1/0\na b\nzzz")
    lab.call(code.interact)


@CASES
def interact_nested(code, codeop, lab):
    inner = code.InteractiveConsole({"level": 2})
    inner.raw_input = lab.lines("level", "1/0", "raise SystemExit")
    outer = code.InteractiveConsole({"inner": inner, "level": 1})
    outer.raw_input = lab.lines("level", "inner.interact('in', 'out')", "level")
    lab.call(outer.interact, "outer", "bye")


@CASES
def push_from_inside(code, codeop, lab):
    """User code that pushes to the console that runs it."""
    space = {}
    console = code.InteractiveConsole(space)
    space["c"] = console
    lab.push_all(console, ["c.push('a = 1')", "c.push('if 1:')", "", "c.push('1/0')",
                           "c.resetbuffer()", "for x in 'ab':", "  c.push('x')", "", "x"])


@CASES
def same_lines_many_times(code, codeop, lab):
    console = code.InteractiveConsole()
    for _ in range(50):
        lab.push_all(console, ["def f(x):", "  if x:", "    return [", "      x", "    ]",
                               "  return f'{x!r}'", "", "f(1), f(0)", "a b"])
