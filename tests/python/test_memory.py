"""Memory: nothing leaks, nothing is kept alive, a failed allocation does no harm."""

import contextlib
import gc
import io
import os
import resource
import subprocess
import sys
import textwrap
import tracemalloc
import weakref

import pyconsole.code
import pyconsole.codeop
import pytest

LINES = ("a = 1", "if a:", "  a = 2", "", "a = = 1", "1/0", "(", "1)", "'x'", "b")


def fresh_console():
    """A console whose output goes nowhere."""
    console = pyconsole.code.InteractiveConsole()
    console.write = lambda data: None
    return console


def resident():
    """The most memory that this process ever had, in KiB (macOS: bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def grown(work, measure, rounds=3):
    """The least that a measure grew over several rounds of work."""
    work()
    steps = []
    for _ in range(rounds):
        gc.collect()
        before = measure()
        work()
        gc.collect()
        steps.append(measure() - before)
    return min(steps)


def total_references():
    """All references (debug builds), or what the collector and allocator know."""
    count = getattr(sys, "gettotalrefcount", sys.getallocatedblocks)
    return count()


def clear_last():
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            delattr(sys, name)


def mixed_work(pushes=2000):
    with contextlib.redirect_stdout(io.StringIO()):
        console = fresh_console()
        for number in range(pushes):
            console.push(LINES[number % len(LINES)])
    clear_last()


def new_consoles():
    for _ in range(300):
        console = pyconsole.code.InteractiveConsole(filename="<x>", locals={})
        console.push("if 1:")
        pyconsole.codeop.CommandCompiler()("a = 1")
        pyconsole.codeop.compile_command("(")
        with contextlib.suppress(SyntaxError):
            pyconsole.codeop.compile_command("a b")


def overridden():
    class Mine(pyconsole.code.InteractiveConsole):
        def runsource(self, *args, **kwargs):
            return super().runsource(*args, **kwargs)

        def write(self, data):
            pass
    for _ in range(50):
        console = Mine()
        for line in LINES:
            with contextlib.redirect_stdout(io.StringIO()):
                console.push(line)
    clear_last()


def failing_hooks():
    def fail(*args, **kwargs):
        raise KeyError(args)
    for name in ("write", "runcode", "showtraceback", "showsyntaxerror", "resetbuffer",
                 "runsource"):
        for _ in range(30):
            console = pyconsole.code.InteractiveConsole({})
            setattr(console, name, fail)
            for line in LINES:
                with contextlib.suppress(KeyError), contextlib.redirect_stderr(io.StringIO()):
                    with contextlib.redirect_stdout(io.StringIO()):
                        console.push(line)
    clear_last()


def interacting():
    with contextlib.redirect_stdout(io.StringIO()):
        for _ in range(100):
            console = fresh_console()
            rest = iter(LINES)
            console.raw_input = lambda prompt, rest=rest: next(rest, None) or ends()
            with contextlib.suppress(EOFError):
                console.interact()
    clear_last()


def ends():
    raise EOFError


def wrong_calls():
    console = fresh_console()
    for function in (console.push, console.runsource, console.interact, console.raw_input,
                     pyconsole.codeop.compile_command, pyconsole.codeop.Compile(),
                     console.showsyntaxerror, console.runcode, console.resetbuffer):
        for _ in range(50):
            with contextlib.suppress(TypeError, AttributeError):
                function(1, 2, 3, 4, 5, 6, 7)
            with contextlib.suppress(TypeError, AttributeError):
                function(nonsense=1)


WORK = (mixed_work, new_consoles, overridden, failing_hooks, interacting, wrong_calls)


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_no_references_are_lost(work):
    assert grown(work, total_references, rounds=5) <= 10


def test_hundred_thousand_pushes():
    """Neither Python's own allocations nor the process grow."""
    console = fresh_console()
    for _ in range(2000):
        console.push("a = 1")
    gc.collect()
    objects, size = len(gc.get_objects()), resident()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(50_000):
        console.push("a = 1")
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    for _ in range(25_000):
        console.push("if a:")
        console.push("")
    gc.collect()
    assert after - before < 20_000
    assert abs(len(gc.get_objects()) - objects) < 100
    if "ASAN_OPTIONS" not in os.environ:  # a sanitizer keeps what was freed
        assert resident() - size < 8_000 * (1024 if sys.platform == "darwin" else 1)


def test_reference_counts_of_arguments():
    console = fresh_console()
    line, name = "a = " + str(10 ** 20), "<" + "name" * 5 + ">"
    space = console.locals
    counts = [sys.getrefcount(thing) for thing in (line, name, space)]
    for _ in range(100):
        console.push(line)
        console.runsource(line, name)
        console.runsource(line, filename=name, symbol="exec")
    console.locals.clear()
    after = [sys.getrefcount(thing) for thing in (line, name, space)]
    assert all(new - old <= 1 for old, new in zip(counts, after))


class Thing:
    """Something to die."""


FAILING = ("def f(thing):", "  1/0", "", "f(make())")


@pytest.mark.parametrize("hook", [None, lambda *args: None])
def test_nothing_keeps_the_failing_frame(hook):
    """Once sys.last_* are gone, so are the frame's locals: without the collector."""
    references = []

    def make():
        thing = Thing()
        references.append(weakref.ref(thing))
        return thing
    console = fresh_console()
    console.locals["make"] = make
    kept, sys.excepthook = sys.excepthook, hook or sys.__excepthook__
    gc.disable()
    try:
        for line in FAILING:
            console.push(line)
        assert references[0]() is not None
        clear_last()
        assert references[0]() is None
    finally:
        gc.enable()
        sys.excepthook = kept


def test_console_in_a_cycle_is_collected():
    console = fresh_console()
    console.locals["console"] = console
    console.raw_input = console.push
    console.buffer.append(console)
    console.compile.compiler.me = console
    reference = weakref.ref(console)
    del console
    gc.collect()
    assert reference() is None


def run_script(script, **more):
    """Run a script in a Python of its own."""
    return subprocess.run([sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(script)],
                          capture_output=True, text=True, timeout=600, **more)


NO_MEMORY = """
    import _testcapi
    import pyconsole.code

    CODE = compile("a = 1", "<c>", "exec")

    def nothing(*args, **kwargs):
        pass

    def wrong(*args):
        raise SyntaxError

    class Buffered(list):
        pass

    def attempt(start):
        console = pyconsole.code.InteractiveConsole({{}})
        {setup}
        failed = False
        _testcapi.set_nomemory(start, start + 1)
        try:
            console.push("first")
            console.push("second")
        except (MemoryError, SystemError):
            failed = True
        finally:
            _testcapi.remove_mem_hooks()
        del console.compile
        for name in ("runcode", "runsource", "resetbuffer"):
            vars(console).pop(name, None)
        console.compile = pyconsole.codeop.CommandCompiler()
        console.resetbuffer()
        console.push("answer = 6 * 7")
        assert console.locals["answer"] == 42, start
        return failed

    attempt(10 ** 9)
    print("survived", sum(attempt(start) for start in range(120)))
"""
SETUPS = {
    "incomplete": "console.compile = nothing",
    "runs": "console.compile = lambda *args: CODE",
    "runs nothing": "console.compile = lambda *args: CODE; console.runcode = nothing",
    "wrong": "console.compile = wrong; console.showsyntaxerror = nothing",
    "subclass": "console.compile = nothing; console.buffer = Buffered()",
    "own runsource": "console.runsource = nothing",
    "own resetbuffer": "console.compile = lambda *args: CODE; console.resetbuffer = nothing",
}


@pytest.mark.parametrize("name", SETUPS)
def test_each_allocation_fails_once(name):
    """Fail the first allocation, then the second, …: no crash, and it works on.

    CPython's own compiler and traceback module do not survive this (3.11 crashes in
    compile()), so what is compiled and shown is replaced; the rest is ours.
    """
    pytest.importorskip("_testcapi", reason="this Python comes without _testcapi")
    done = run_script(NO_MEMORY.format(setup=SETUPS[name]))
    assert done.returncode == 0 and "survived" in done.stdout, done.stderr[-3000:]
    assert int(done.stdout.split()[1]) >= 1


def subinterpreters():
    """The module that makes subinterpreters, by whichever name this Python has it."""
    for name in ("_interpreters", "_xxsubinterpreters"):
        try:
            return __import__(name)
        except ImportError:
            pass
    return None


@pytest.mark.skipif(subinterpreters() is None, reason="no subinterpreters in this Python")
def test_subinterpreter():
    """Each interpreter has modules of its own; two in turn, then the first again."""
    done = run_script(f"""
        import {subinterpreters().__name__} as interpreters
        import pyconsole.code
        script = '''if 1:
            import pyconsole.code, pyconsole.codeop
            console = pyconsole.code.InteractiveConsole()
            console.push("a = 6 * 7")
            assert console.locals["a"] == 42
            seen = []
            console.write = seen.append
            console.push("1/0")
            assert "ZeroDivisionError" in seen[0]
            assert console.push("if 1:") is True
        '''
        for _ in range(3):
            other = interpreters.create()
            problem = interpreters.run_string(other, script)
            assert problem is None, problem
            interpreters.destroy(other)
        console = pyconsole.code.InteractiveConsole()
        console.push("print('fine')")
    """)
    assert done.returncode == 0 and done.stdout == "fine\n", done.stderr
