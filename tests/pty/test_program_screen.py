"""The program at a terminal: what stands on the screen after which keys."""

import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from terminal import PROGRAM, SECONDS, pexpect, wait_asleep

TRACEBACK = 'Traceback (most recent call last):'


def test_banner(start):
    terminal = start("-i").wait(">>>")
    first, second, prompt = terminal.lines()
    assert re.fullmatch(rf"pyconsole \S+ \(Python {re.escape(platform.python_version())}, .+\) on "
                        + sys.platform, first)
    assert second == 'Type "help", "copyright", "credits" or "license" for more information.'
    assert prompt == ">>>"


def test_value__is_shown(start):
    start().wait(">>>").type("1 + 1\r").wait(">>> 1 + 1", "2", ">>>")


def test_block__is_prompted_for_and_ended_by_a_blank_line(start):
    terminal = start().wait(">>>").type("for i in 'ab':\r").wait(">>> for i in 'ab':", "...")
    terminal.type("  print(i)\r").wait("...   print(i)", "...")
    terminal.type("\r").wait("...   print(i)", "...", "a", "b", ">>>")


def test_end_of_file__leaves_with_a_new_line(start):
    terminal = start().wait(">>>").type("\x04")
    assert terminal.end() == 0
    assert terminal.lines() == [">>>"]
    assert (terminal.screen.cursor.x, terminal.screen.cursor.y) == (0, 1)


def test_end_of_file__in_a_block_runs_it(start):
    terminal = start().wait(">>>").type("if 1:\r").wait(">>> if 1:", "...")
    terminal.type("  print(5)\r").wait("...   print(5)", "...").type("\x04")
    terminal.wait("...", "5", ">>>")


@pytest.mark.parametrize("code, status, said", [("exit()", 0, []), ("quit(4)", 4, []),
                                                ("import sys; sys.exit(3)", 3, []),
                                                ("raise SystemExit('msg')", 1, ["msg"])])
def test_exit(start, code, status, said):
    terminal = start().wait(">>>").type(code + "\r")
    assert terminal.end() == status
    assert terminal.lines() == [f">>> {code}", *said]


def test_python__that_does_not_start_is_named(start, tmp_path):
    shutil.copy(Path(PROGRAM).parent / "pyconsole", tmp_path)
    python = tmp_path / "pyconsole-python"
    python.write_bytes(b"no program")
    python.chmod(0o755)
    terminal = start(command=str(tmp_path / "pyconsole"))
    assert terminal.end() == 1
    prompt, *said = terminal.screen.display  # whole: a blank may stand at the edge
    assert prompt.rstrip() == ">>>" and "".join(said).rstrip() == f"{python}: Exec format error"


def test_package__is_no_program_of_that_name(start, tmp_path):
    for name in ("pyconsole", "pyconsole-python"):
        shutil.copy(Path(PROGRAM).parent / name, tmp_path)
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    start(command=str(tmp_path / "pyconsole"), PYTHONPATH=str(Path(PROGRAM).parent / "python")).wait(
        ">>>").type("1 + 1\r").wait(">>> 1 + 1", "2", ">>>")


def test_interrupt__drops_the_line(start):
    terminal = start().wait(">>>").type("abc").wait(">>> abc").interrupt()
    lines = terminal.wait("KeyboardInterrupt", ">>>").lines()
    assert len(lines) == 3
    terminal.type("1\r").wait(">>> 1", "1", ">>>")


def test_interrupt__drops_the_block(start):
    terminal = start().wait(">>>").type("if 1:\r").wait(">>> if 1:", "...")
    terminal.type("  x").wait("...   x").interrupt().wait("KeyboardInterrupt", ">>>")
    terminal.type("2\r").wait(">>> 2", "2", ">>>").type("\x04")
    assert terminal.end() == 0


@pytest.mark.parametrize("code", ["while True: pass", "import time; time.sleep(1000)", "input('? ')"])
def test_interrupt__stops_code_and_the_console_goes_on(start, code):
    terminal = start().wait(">>>").type("def f():\r").wait(">>> def f():", "...")
    terminal.type("  print('running', flush=True)\r").wait("...   print('running', flush=True)", "...")
    terminal.type(f"  {code}\r").wait(f"...   {code}", "...").type("\r").wait("...", ">>>")
    terminal.type("f()\r").wait("running", *(["?"] if "input" in code else []))
    (terminal.interrupt() if "input" in code else terminal.type("\x03")).wait("KeyboardInterrupt", ">>>")
    assert any(TRACEBACK in line for line in terminal.lines())
    terminal.type("1\r").wait(">>> 1", "1", ">>>").type("\x04")
    assert terminal.end() == 0


def test_interrupt__just_before_the_end_is_no_failure(start):
    terminal = start().wait(">>>").type("raise KeyboardInterrupt\r").wait("KeyboardInterrupt", ">>>")
    assert terminal.type("\x04").end() == 0


def test_input__edits_lines(start):
    terminal = start().wait(">>>").type("name = input('name? ')\r").wait(">>> name = input('name? ')", "name?")
    terminal.type("aXb\x1b[D\x7f").wait("name? ab").type("\r").wait("name? ab", ">>>")
    terminal.type("name\r").wait(">>> name", "'ab'", ">>>")


def test_history__is_there_on_up_and_in_the_next_run(start):
    terminal = start().wait(">>>").type("'first'\r").wait(">>> 'first'", "'first'", ">>>")
    terminal.type("\x1b[A").wait("'first'", ">>> 'first'").type("\x15").wait("'first'", ">>>")
    terminal.type("exit()\r")
    assert terminal.end() == 0
    again = start().wait(">>>").type("\x1b[A").wait(">>> exit()")
    again.type("\x1b[A").wait(">>> 'first'")


def test_completion__on_tab(start):
    terminal = start().wait(">>>").type("import collections\r").wait(">>> import collections", ">>>")
    terminal.type("collections.OrderedD\t").wait(">>> collections.OrderedDict")


def test_prompts__are_honoured(start):
    terminal = start().wait(">>>").type("import sys; sys.ps1, sys.ps2 = '% ', ': '\r").wait("%")
    terminal.type("if 1:\r").wait("% if 1:", ":").type("  2\r").wait(":   2", ":")
    terminal.type("\r").wait("2", "%")


def test_prompt__may_be_an_object(start, tmp_path):
    startup = tmp_path / "startup.py"
    startup.write_text("import sys\nclass Prompt:\n    n = 0\n    def __str__(self):\n"
                       "        self.n += 1\n        return f'[{self.n}] '\nsys.ps1 = Prompt()\n")
    terminal = start(PYTHONSTARTUP=str(startup)).wait("[1]").type("7\r")
    terminal.wait("[1] 7", "7", "[2]")


def test_inspect__after_a_script(start, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("x = 'kept'\nraise SystemExit(3)\n")
    terminal = start("-i", str(script)).wait("SystemExit: 3", ">>>")
    terminal.type("x\r").wait(">>> x", "'kept'", ">>>").type("\x04")
    assert terminal.end() == 0


def test_inspect__from_the_environment(start):
    terminal = start("-c", "x = 5", PYTHONINSPECT="1").wait(">>>")
    terminal.type("x\r").wait(">>> x", "5", ">>>")


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_stop__and_on_again(start):
    shell = start("--norc", "--noprofile", "-i", command="bash", PS1="sh$ ")
    shell.wait("sh$")
    shell.type(f"{PROGRAM} -q\r").wait(">>>").type("x = 5").wait(">>> x = 5").type("\x1a")
    shell.wait_until(lambda lines: "Stopped" in "".join(lines) and lines[-1] == "sh$")
    shell.type("fg\r").wait(f"{PROGRAM} -q", ">>> x = 5").type("\r").wait(">>> x = 5", ">>>")
    shell.type("x\r").wait(">>> x", "5", ">>>").type("\x04").wait("sh$")


def test_idle__no_wake_up(start):
    """Asleep at its prompt the program is not put on a processor again, for no reason at all."""
    terminal = start().wait(">>>")
    status = Path(f"/proc/{terminal.child.pid}/status")
    if not status.exists():
        pytest.skip("no /proc here")

    def switches_later():
        """How often it has slept, after a while in which nothing came from it."""
        assert terminal.child.expect_exact([b"nothing", pexpect.TIMEOUT], timeout=0.3) == 1
        return re.findall(r"ctxt_switches:\s+(\d+)", status.read_text())

    # What belongs to the start is over some time: Python is ready, its first state is kept.
    deadline = time.monotonic() + SECONDS
    before = switches_later()
    while (now := switches_later()) != before:
        assert time.monotonic() < deadline, (before, now)
        before = now


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_tmux__a_session_from_key_to_screen(environment, tmp_path):
    def tmux(*args):
        return subprocess.run(["tmux", "-S", str(tmp_path / "tmux"), "-f", "/dev/null", *args],
                              env={**environment, "TERM": "screen"}, check=True, capture_output=True,
                              text=True, timeout=SECONDS).stdout

    def wait_for(*lines):
        deadline = time.monotonic() + SECONDS
        shown = ()
        while shown != lines:
            assert time.monotonic() < deadline, shown
            shown = tuple(tmux("capture-pane", "-p").rstrip("\n").split("\n"))

    tmux("new-session", "-d", "-x", "60", "-y", "12", PROGRAM, "-q")
    try:
        wait_for(">>>")
        tmux("send-keys", "def f(n):", "Enter", "  return n * 2", "Enter", "Enter", "f(21)", "Enter")
        before = ">>> def f(n):", "...   return n * 2", "...", ">>> f(21)", "42"
        wait_for(*before, ">>>")
        tmux("send-keys", "spam")
        wait_for(*before, ">>> spam")
        wait_asleep(int(tmux("display-message", "-p", "#{pane_pid}")))
        tmux("send-keys", "C-c")
        wait_for(*before, ">>> spam", "KeyboardInterrupt", ">>>")
    finally:
        tmux("kill-server")
