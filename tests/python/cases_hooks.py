"""Scenarios for overriding: in a subclass, on an instance, and what each then sees."""

import sys

from differential import Table

CASES = Table()

HOOKS = ("write", "runcode", "showtraceback", "showsyntaxerror", "raw_input",
         "resetbuffer", "runsource", "push")
LINES = ["a = 1", "a", "if a:", "  a = 2", "", "a = = 1", "1/0", "print(a)", "(", ")", "# x",
         "if 1:", "x", "'\\d'", "def f():", "  undefined", "", "f()", "\0", "9" * 5000,
         "from __future__ import annotations", "raise KeyError from ValueError()"]


def talk(lab, console):
    """The lines through push, then through interact."""
    lab.push_all(console, LINES)
    console.raw_input = lab.lines(*LINES, KeyboardInterrupt(), "if 1:")
    lab.call(console.interact)
    lab.note(console.locals, console.buffer)


@CASES.each(HOOKS)
def overridden(code, codeop, lab, name):
    talk(lab, lab.subclass(code.InteractiveConsole, name)())


@CASES.each(HOOKS)
def assigned(code, codeop, lab, name):
    talk(lab, lab.assign(code.InteractiveConsole(), name))


@CASES
def all_overridden(code, codeop, lab):
    talk(lab, lab.subclass(code.InteractiveConsole, *HOOKS)())


@CASES
def all_assigned(code, codeop, lab):
    talk(lab, lab.assign(code.InteractiveConsole(), *HOOKS))


@CASES.each(HOOKS)
def patched_on_the_class(code, codeop, lab, name):
    """Assigned on the library's own class, as tests and plugins do."""
    owner = code.InteractiveConsole
    for cls in owner.__mro__:
        if name in vars(cls):
            owner = cls
            break
    original = getattr(owner, name)

    def method(console, *args, **kwargs):
        lab.note("hook", name, list(args), kwargs)
        return original(console, *args, **kwargs)
    console = code.InteractiveConsole()
    try:
        lab.patch(owner, name, method)
    except TypeError as error:
        raise AssertionError(f"{name} cannot be assigned on the class: {error}") from None
    talk(lab, console)


RESULTS = (None, True, 0, "", "text", 3, [])


@CASES.each(("runsource", "runcode", "push", "write", "resetbuffer", "showtraceback",
             "showsyntaxerror"))
def returns_something_else(code, codeop, lab, name):
    for result in RESULTS:
        console = lab.assign(code.InteractiveConsole(),
                             **{name: lambda *args, **kwargs: result})
        lab.push_all(console, ["a = 1", "if 1:", "", "a b", "1/0"])
        console.raw_input = lab.lines("a = 1", "if 1:", "", "a b")
        lab.call(console.interact, "b", "e")


ERRORS = {"interrupt": KeyboardInterrupt, "exit": SystemExit, "value": ValueError,
          "syntax": SyntaxError, "memory": MemoryError, "eof": EOFError,
          "recursion": RecursionError, "overflow": OverflowError, "base": BaseException}


def hook_that_raises(name, error):
    """A method that fails each time; reading ends after some interrupts."""
    calls = []

    def fail(*args, **kwargs):
        calls.append(args)
        raise (EOFError if name == "raw_input" and len(calls) > 4 else error)(name)
    fail.__name__ = name
    return fail


@CASES.each({f"{name} {label}": (name, error) for name in HOOKS
             for label, error in ERRORS.items()})
def raises(code, codeop, lab, what):
    name, error = what
    fail = hook_that_raises(name, error)
    for cls in (code.InteractiveConsole, lab.subclass(code.InteractiveConsole, "write")):
        console = cls({})
        console.raw_input = lab.lines("a = 1", "if 1:", "", "a b", "1/0")
        lab.assign(console, **{name: fail})
        lab.push_all(console, ["a = 1", "if 1:", "", "a b", "1/0"])
        lab.call(console.interact, "b", "e")
        lab.note(console.buffer, console.locals)


@CASES.each(("single", "exec", "eval"))
def runsource_with_hooks(code, codeop, lab, symbol):
    cls = lab.subclass(code.InteractiveInterpreter, "runcode", "showtraceback",
                       "showsyntaxerror", "write")
    console = cls()
    for line in LINES:
        lab.call(console.runsource, line, "<name>", symbol)


@CASES
def super_chain(code, codeop, lab):
    """Overrides that call through super() with arguments of their own."""
    class Mine(code.InteractiveConsole):
        def runsource(self, source, *args, **kwargs):
            lab.note(source, args, kwargs)
            return super().runsource(source.upper(), "<upper>", "exec")

        def showtraceback(self):
            lab.note(sys.exc_info())
            super().showtraceback()

        def showsyntaxerror(self, *args, **kwargs):
            lab.note(sys.exc_info(), args, kwargs)
            super().showsyntaxerror("<other>")

        def push(self, line, *args):
            return super().push(line + " # pushed", *args)
    talk(lab, Mine())


@CASES
def old_signatures(code, codeop, lab):
    """Overrides written for an older Python, which take fewer arguments."""
    class Mine(code.InteractiveConsole):
        def showsyntaxerror(self, filename=None):
            lab.note("showsyntaxerror", filename)
            return super().showsyntaxerror(filename)

        def push(self, line):
            return super().push(line)

        def runsource(self, source, filename="<input>", symbol="single"):
            return super().runsource(source, filename, symbol)
    talk(lab, Mine())


@CASES
def no_super_init(code, codeop, lab):
    """A subclass that sets up nothing, or sets the attributes itself."""
    class Bare(code.InteractiveConsole):
        def __init__(self):
            pass

    class Own(code.InteractiveConsole):
        def __init__(self):
            self.locals = {}
            self.buffer = []
            self.filename = "<own>"
            self.compile = codeop.CommandCompiler()
            self.local_exit = False
    lab.push_all(Bare(), LINES)
    bare = Bare()
    bare.resetbuffer()
    lab.push_all(bare, LINES)
    lab.call(bare.runsource, "a = 1")
    talk(lab, Own())


@CASES
def init_calls_resetbuffer(code, codeop, lab):
    class Mine(code.InteractiveConsole):
        def resetbuffer(self):
            lab.note("resetbuffer", sorted(vars(self)))
            self.buffer = ["# from reset"]
    talk(lab, Mine(filename="<f>"))


@CASES
def properties(code, codeop, lab):
    """Attributes that a subclass makes properties."""
    class Mine(code.InteractiveConsole):
        @property
        def filename(self):
            lab.note("get filename")
            return "<property>"

        @filename.setter
        def filename(self, value):
            lab.note("set filename", value)

        @property
        def locals(self):
            lab.note("get locals")
            return self.__dict__["space"]

        @locals.setter
        def locals(self, value):
            lab.note("set locals", value)
            self.__dict__["space"] = value
    lab.push_all(Mine(), LINES)


@CASES
def getattribute(code, codeop, lab):
    """Which attributes are asked for, when a subclass watches them all."""
    class Mine(code.InteractiveConsole):
        def __getattribute__(self, name):
            lab.note("get", name)
            return super().__getattribute__(name)

        def __setattr__(self, name, value):
            lab.note("set", name)
            super().__setattr__(name, value)
    console = Mine()
    for line in LINES:
        lab.call(console.push, line)
    console.raw_input = lab.lines("1")
    lab.call(console.interact)


@CASES
def getattr_fallback(code, codeop, lab):
    class Mine(code.InteractiveConsole):
        def __getattr__(self, name):
            lab.note("missing", name)
            if name == "buffer":
                return ["if 1:"]
            raise AttributeError(name)
    console = Mine()
    del console.buffer
    lab.push_all(console, ["  a = 1", ""])
    del console.locals
    lab.push_all(console, ["a = 1", ""])


class Callable:
    """A compile replaced by something of the user's."""

    def __init__(self, lab, result):
        self.lab = lab
        self.result = result

    def __call__(self, *args, **kwargs):
        self.lab.note("compile", args, kwargs)
        if isinstance(self.result, type):
            raise self.result("from compile")
        return self.result


COMPILES = {"none": None, "code": compile("a = 5", "<c>", "exec"), "text": "a = 6",
            "int": 3, "bad text": "a = = 6", "syntax": SyntaxError, "value": ValueError,
            "overflow": OverflowError, "type": TypeError, "key": KeyError,
            "interrupt": KeyboardInterrupt, "exit": SystemExit, "memory": MemoryError,
            "zero": ZeroDivisionError, "false": False, "recursion": RecursionError,
            "unicode": AttributeError}


@CASES.each(COMPILES)
def compile_replaced(code, codeop, lab, result):
    for cls in (code.InteractiveConsole, lab.subclass(
            code.InteractiveConsole, "showsyntaxerror", "showtraceback", "write")):
        console = cls({})
        console.compile = Callable(lab, result)
        lab.push_all(console, ["a = 1", "if 1:", "  b", ""])
        lab.call(console.runsource, "x", "<y>", "exec")
        lab.note(console.locals)


@CASES
def compile_is_builtin_or_plain(code, codeop, lab):
    for function in (compile, codeop.compile_command, codeop.Compile(), len, 3):
        console = code.InteractiveConsole({})
        console.compile = function
        lab.push_all(console, LINES)


@CASES
def compiler_shared(code, codeop, lab):
    """Two consoles with one compiler share what it remembers."""
    first, second = code.InteractiveConsole(), code.InteractiveConsole()
    second.compile = first.compile
    lab.push_all(first, ["from __future__ import annotations"])
    lab.push_all(second, ["def f(x: nowhere): pass", ""])
    first.compile.compiler = codeop.Compile()
    lab.push_all(second, ["def f(x: nowhere): pass", ""])


@CASES.each((0x2000, 0x2400, 0x400, 0x1000000, 0x400000))
def console_flags(code, codeop, lab, flag):
    """Top-level await and the like, as asyncio's console sets it."""
    console = code.InteractiveConsole({})
    console.compile.compiler.flags |= flag
    lab.assign(console, runcode=lambda value: lab.note(value))
    lab.push_all(console, ["await x", "a = 1", "if 1:", "  await x", "", "async with a: b",
                           "", "1 <> 2", "[await x for y in z]"])
    lab.note(console.compile.compiler.flags)
