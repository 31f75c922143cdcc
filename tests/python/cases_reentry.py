"""Scenarios in which other code runs inside a call: recursion, generators, path objects."""

import sys
import threading
import warnings

from differential import Table

CASES = Table()


@CASES
def console_is_its_own_stderr(code, codeop, lab):
    console = code.InteractiveConsole()
    lab.patch(sys, "stderr", console)
    try:
        console.write("x")
    except RecursionError:
        lab.note("RecursionError")


@CASES
def console_is_its_own_input(code, codeop, lab):
    console = code.InteractiveConsole()
    lab.patch(code, "input", console.raw_input)
    try:
        console.raw_input("x")
    except RecursionError:
        lab.note("RecursionError")


@CASES
def pushed_from_a_generator(code, codeop, lab):
    """The exception that a caller handles is not the generator's afterwards."""
    console = code.InteractiveConsole()
    console.write = lambda text: None

    def generate():
        console.push("1/0")
        yield
        yield sys.exc_info()[0]
    generator = generate()
    try:
        raise KeyError
    except KeyError:
        next(generator)
    lab.note(next(generator))


@CASES
def filters_changed_while_compiling(code, codeop, lab):
    """What a path object does to the filters is undone with them, for good."""
    class Path:
        def __fspath__(self):
            warnings.simplefilter("always", DeprecationWarning)
            return "path.py"
    codeop.compile_command("1", Path())
    warnings.simplefilter("ignore")
    for _ in range(2):
        codeop.compile_command("'\\d'")
    lab.note(len(warnings.filters))


@CASES
def two_threads_compile(code, codeop, lab):
    """The second compile begins within the first and ends after it."""
    within, on = threading.Event(), threading.Event()

    class First:
        def __fspath__(self):
            within.set()
            assert on.wait(60)
            return "first"

    class Second:
        def __fspath__(self):
            on.set()
            thread.join(60)
            return "second"
    thread = threading.Thread(target=codeop.compile_command, args=("1", First()))
    thread.start()
    assert within.wait(60)
    codeop.compile_command("1", Second())
    thread.join(60)
    warnings.warn("still seen", UserWarning)
    lab.note(len(warnings.filters))


@CASES
def filters_that_are_no_list(code, codeop, lab):
    for filters in ((), []):
        lab.patch(warnings, "filters", filters)
        lab.call(codeop.compile_command, "a = 1")
        lab.call(codeop.CommandCompiler(), "if 1:")
