"""Fixtures: the program on a terminal, with a home of its own."""

import os

import pytest

SANITIZER = ("LD_PRELOAD", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "PYTHONMALLOC")


@pytest.fixture
def environment(tmp_path):
    kept = {name: os.environ[name] for name in ("PATH", *SANITIZER) if name in os.environ}
    if "ASAN_OPTIONS" in kept:  # a process that is to die of SIGSEGV does, and not of a report
        kept["ASAN_OPTIONS"] += ":handle_segv=0"
    inputrc = tmp_path / "inputrc"
    inputrc.write_text("set enable-bracketed-paste off\nset bell-style none\n")
    return {**kept, "HOME": str(tmp_path), "TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
            "INPUTRC": str(inputrc), "PYTHON_HISTORY": str(tmp_path / ".python_history")}


@pytest.fixture
def start(environment):
    """Start the program on a terminal, by default without its banner."""
    from terminal import COLUMNS, PROGRAM, ROWS, Terminal  # here: it skips the module where a package is missing

    started = []

    def start(*args, command=PROGRAM, rows=ROWS, columns=COLUMNS, echo=True, **more):
        terminal = Terminal(command, list(args or ["-q"]), {**environment, **more}, rows, columns, echo)
        started.append(terminal)
        return terminal

    yield start
    for terminal in started:
        terminal.child.close(force=True)


@pytest.fixture
def settings(tmp_path):
    """Write the person's settings file."""
    def write(text):
        path = tmp_path / ".config" / "pyconsole" / "settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path
    return write
