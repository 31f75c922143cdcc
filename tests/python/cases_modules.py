"""Scenarios for patched module attributes, which are looked up when used."""

import builtins
import sys
import traceback
import types
import warnings

from differential import Table

CASES = Table()

LINES = ["a = 1", "if a:", "  a = 2", "", "a = = 1", "1/0", "a", "raise SystemExit"]


def talk(lab, console):
    """A short session through push and interact."""
    lab.push_all(console, LINES)
    console.raw_input = lab.lines(*LINES[:-1])
    lab.call(console.interact)


class FakeSys(types.SimpleNamespace):
    """A module in the place of sys."""


def fake_sys(lab, **extra):
    return FakeSys(**{name: getattr(sys, name) for name in (
        "exc_info", "stderr", "excepthook", "__excepthook__", "version", "flags")},
        platform="fake", **extra)


@CASES
def code_sys(code, codeop, lab):
    fake = fake_sys(lab)
    lab.patch(code, "sys", fake)
    talk(lab, code.InteractiveConsole())
    lab.note({name: value for name, value in vars(fake).items()
              if name.startswith(("last", "ps"))})


@CASES
def code_sys_prompts(code, codeop, lab):
    fake = fake_sys(lab, ps1="f1> ", ps2="f2> ")
    lab.patch(code, "sys", fake)
    talk(lab, code.InteractiveConsole())
    lab.note(fake.ps1, fake.ps2)


@CASES
def code_sys_excepthook(code, codeop, lab):
    fake = fake_sys(lab)
    fake.excepthook = lambda *args: lab.note("hook", args)
    lab.patch(code, "sys", fake)
    talk(lab, code.InteractiveConsole())


@CASES
def code_sys_exc_info(code, codeop, lab):
    fake = fake_sys(lab)
    error = KeyError("made up")
    try:
        raise error
    except KeyError:
        fake.exc_info = lambda: (KeyError, error, error.__traceback__)
    lab.patch(code, "sys", fake)
    talk(lab, code.InteractiveConsole())


@CASES.each(("sys", "CommandCompiler", "InteractiveInterpreter", "InteractiveConsole"))
def code_deleted(code, codeop, lab, name):
    console = code.InteractiveConsole()
    lab.remove(code, name)
    talk(lab, console)
    lab.call(lambda: type(console)())


@CASES
def code_input(code, codeop, lab):
    answers = lab.lines(*LINES)
    lab.patch(code, "input", answers)
    lab.call(code.InteractiveConsole().interact)
    lab.call(code.InteractiveConsole().raw_input)
    lab.call(code.InteractiveConsole().raw_input, "p")


@CASES
def builtin_input(code, codeop, lab):
    lab.patch(builtins, "input", lab.lines(*LINES))
    lab.call(code.InteractiveConsole().interact)
    lab.call(code.InteractiveConsole().raw_input, prompt="p")


@CASES.each(("module", "builtins"))
def exec_patched(code, codeop, lab, where):
    def run(*args, **kwargs):
        lab.note("exec", args, kwargs)
    lab.patch(code if where == "module" else builtins, "exec", run)
    talk(lab, code.InteractiveConsole({}))


@CASES
def exec_patched_raises(code, codeop, lab):
    def run(*args):
        raise [ValueError, SystemExit, KeyboardInterrupt][len(lab.log) % 3]("exec")
    lab.patch(code, "exec", run)
    talk(lab, code.InteractiveConsole({}))


@CASES.each(("module", "builtins"))
def compile_patched(code, codeop, lab, where):
    original = compile

    def seen(*args, **kwargs):
        lab.note("compile", args, kwargs)
        return original(*args, **kwargs)
    lab.patch(codeop if where == "module" else builtins, "compile", seen)
    talk(lab, code.InteractiveConsole({}))
    for source in ("a = 1", "if 1:", "", "a b"):
        lab.call(codeop.compile_command, source)
        lab.call(codeop.Compile(), source, "<x>", "exec")


@CASES
def compile_patched_raises(code, codeop, lab):
    for error in (SyntaxError("x"), ValueError("x"), KeyboardInterrupt(), TypeError("x")):
        def fail(*args, error=error, **kwargs):
            raise type(error)(*error.args)
        lab.patch(codeop, "compile", fail)
        talk(lab, code.InteractiveConsole({}))


@CASES
def maybe_compile_patched(code, codeop, lab):
    def fake(*args, **kwargs):
        lab.note("_maybe_compile", len(args), args[1:], kwargs)
        return compile("a = 'fake'", "<fake>", "exec")
    lab.patch(codeop, "_maybe_compile", fake)
    lab.call(codeop.compile_command, "x")
    lab.call(codeop.CommandCompiler(), "x", "f", "eval")
    console = code.InteractiveConsole({})
    lab.push_all(console, LINES)
    lab.note(console.locals)


@CASES
def compile_function_patched(code, codeop, lab):
    def fake(*args, **kwargs):
        lab.note("_compile", args, kwargs)
        raise ValueError("fake")
    lab.patch(codeop, "_compile", fake)
    for source in ("x", "if 1:", ""):
        lab.call(codeop.compile_command, source)


@CASES(known="internals")
def features_patched(code, codeop, lab):
    lab.patch(codeop, "_features", [])
    compiler = codeop.CommandCompiler()
    lab.call(compiler, "from __future__ import annotations")
    lab.note(compiler.compiler.flags)


@CASES.each(("PyCF_DONT_IMPLY_DEDENT", "PyCF_ALLOW_INCOMPLETE_INPUT", "PyCF_ONLY_AST"),
            known="internals")
def flag_constants_patched(code, codeop, lab, name):
    lab.patch(codeop, name, 0)
    lab.note(codeop.Compile().flags)
    for source in ("a = 1", "if 1:", "if 1:\n  pass", "a = = 1"):
        lab.call(codeop.compile_command, source)
        lab.call(codeop.CommandCompiler(), source)


@CASES.each(("compile_command", "CommandCompiler", "Compile"))
def codeop_name_patched(code, codeop, lab, name):
    def fake(*args, **kwargs):
        lab.note(name, args, kwargs)
        return lambda *args, **kwargs: lab.note("called", args, kwargs)
    for module in (codeop, code):
        lab.patch(module, name, fake)
        console = lab.call(lambda: type(code.InteractiveConsole({})).__name__)
        lab.note(console)
        lab.push_all(code.InteractiveConsole({}), ["a = 1", "if 1:"])


class FakeWarnings(types.SimpleNamespace):
    """A module in the place of warnings."""


@CASES
def codeop_warnings(code, codeop, lab):
    class Nothing:
        def __enter__(self):
            lab.note("enter")

        def __exit__(self, *exc):
            lab.note("exit", exc[0])
    fake = FakeWarnings(
        catch_warnings=Nothing,
        simplefilter=lambda *args, **kwargs: lab.note("simplefilter", args, kwargs))
    lab.patch(codeop, "warnings", fake)
    for source in ("a = 1", "if 1:", "a b", "", "'\\d'"):
        lab.call(codeop.compile_command, source)
    lab.push_all(code.InteractiveConsole({}), LINES)


@CASES(known="internals")
def real_catch_warnings_patched(code, codeop, lab):
    original = warnings.catch_warnings

    class Seen(original):
        def __enter__(self):
            lab.note("enter")
            return super().__enter__()
    lab.patch(warnings, "catch_warnings", Seen)
    for source in ("a = 1", "if 1:", "a b"):
        lab.call(codeop.compile_command, source)


@CASES
def code_traceback(code, codeop, lab):
    lab.note(code.traceback)
    fake = types.SimpleNamespace(
        format_exception=lambda *args: lab.note("fmt", args) or ["formatted\n"],
        format_exception_only=lambda *args: lab.note("only", args) or ["only\n"])
    lab.patch(code, "traceback", fake)
    talk(lab, code.InteractiveConsole())


@CASES.each(("format_exception", "format_exception_only", "print_exception",
             "TracebackException"))
def real_traceback_patched(code, codeop, lab, name):
    original = getattr(traceback, name)
    if isinstance(original, type):
        class Seen(original):
            def __str__(self):
                return "seen " + super().__str__()
        replacement = Seen
    else:
        def replacement(*args, **kwargs):
            return ["replaced\n", "lines\n"]
    lab.patch(traceback, name, replacement)
    console = code.InteractiveConsole()
    for line in LINES[:-1]:
        lab.call(console.push, line)


@CASES
def traceback_fails(code, codeop, lab):
    def fail(*args, **kwargs):
        raise ValueError("format")
    lab.patch(traceback, "format_exception", fail)
    lab.patch(traceback, "format_exception_only", fail)
    talk(lab, code.InteractiveConsole())


@CASES
def code_print(code, codeop, lab):
    """The excepthook's failure is reported by print(), where it is."""
    lab.patch(code, "print", lambda *args, **kwargs: lab.note("print", args))
    sys.excepthook = lambda *args: 1 / 0
    talk(lab, code.InteractiveConsole())


@CASES
def module_interpreter_replaced(code, codeop, lab):
    """interact() builds whatever the module calls InteractiveConsole now."""
    cls = lab.subclass(code.InteractiveConsole, "push", "write")
    lab.patch(code, "InteractiveConsole", cls)
    lab.call(code.interact, "b", lab.lines(*LINES[:-1]), {}, "e")


@CASES.each(("traceback", "linecache"))
def import_fails(code, codeop, lab, name):
    """A module that cannot be imported while the console is in use."""
    console = code.InteractiveConsole()
    console.push("1/0")
    if name in sys.modules:
        module = sys.modules[name]
        sys.modules[name] = None
        try:
            talk(lab, console)
        finally:
            sys.modules[name] = module


@CASES.each(("readline", None))
def readline_import(code, codeop, lab, name):
    """interact() tries to import readline when it is given no readfunc."""
    import io
    sys.stdin = io.StringIO("1\n")
    kept = sys.modules.get("readline")
    sys.modules["readline"] = None if name else types.ModuleType("readline")
    try:
        lab.call(code.interact)
    finally:
        sys.modules.pop("readline")
        if kept is not None:
            sys.modules["readline"] = kept
