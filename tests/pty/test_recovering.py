"""Not losing: the session dies and the prompt stays; %undo goes back."""

import os
import signal
import time
from pathlib import Path

import pytest

from terminal import SECONDS, state_of, worker_of

DEATHS = {
    "segfault": ("import ctypes; ctypes.string_at(0)", "Segmentation fault"),
    "os._exit": ("import os; os._exit(3)", "status 3"),
    "abort": ("import os; os.abort()", "Aborted"),
    "kill": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "Killed"),
}


def is_asleep(pid):
    return state_of(pid) == "S"


def states(terminal):
    """The processes that hold states to go back to: forks of the worker."""
    worker = worker_of(terminal.child.pid)
    return {int(pid) for pid in Path(f"/proc/{worker}/task/{worker}/children").read_text().split()}


def settle(terminal, before=frozenset()):
    """Until there is a state to go back to, beside those before: it is made when the prompt has
    been idle for a moment."""
    while not (states(terminal) - before and is_asleep(worker_of(terminal.child.pid))
               and all(is_asleep(pid) for pid in states(terminal))):
        pass
    return terminal


def settled(start, line, **more):
    """A prompt that has run a line, with a state from before that and one from after it."""
    terminal = settle(start(**more).wait(">>>"))
    before = states(terminal)
    terminal.keys(line + "\r").wait_until(lambda lines: f">>> {line}" in lines and lines[-1] == ">>>")
    return settle(terminal, before)


@pytest.mark.parametrize("code, said", DEATHS.values(), ids=DEATHS)
def test_death__is_told_of_and_the_last_state_offered(start, code, said):
    terminal = settled(start, "kept = 5")
    terminal.keys(code + "\r").wait_until(lambda lines: lines[-1].startswith("Enter: go back"))
    assert said in terminal.lines()[-2]
    terminal.keys("\r").wait_until(lambda lines: lines[-1] == ">>>").keys("kept\r").wait("5", ">>>")


def test_death__the_question_has_a_cursor_and_no_colour_of_what_died(start):
    terminal = settled(start, "1", TERM="xterm-256color", NO_COLOR="")
    terminal.keys("print(end='\\033[?25l\\033[7m', flush=True); import os; os.abort()\r")
    terminal.wait_until(lambda lines: lines[-1].startswith("Enter: go back"))
    row = len(terminal.lines()) - 1
    assert not terminal.screen.buffer[row][0].reverse
    assert not terminal.screen.cursor.hidden


@pytest.mark.parametrize("turns, left", [("h", True), ("hl", False), ("hlh", True), ("", False)])
def test_death__on_the_other_screen_leaves_it(start, turns, left):
    terminal = settled(start, "1")
    code = "".join(f"\\033[?1049{turn}" for turn in turns)
    terminal.keys(f"print(end='{code}', flush=True); import os; os.abort()\r")
    terminal.wait_until(lambda lines: lines[-1].startswith("Enter: go back"))
    output = terminal.received[:terminal.received.rindex(b"pyconsole: ")]
    assert output.count(b"\x1b[?1049l") == turns.count("l") + left


def test_death__and_a_new_session_where_that_is_wanted(start):
    terminal = settled(start, "forgotten = 5")
    terminal.keys("import os; os._exit(1)\r").wait_until(lambda lines: lines[-1].startswith("Enter: go back"))
    terminal.keys("n").wait_until(lambda lines: lines[-1] == ">>>").keys("forgotten\r")
    terminal.wait("NameError: name 'forgotten' is not defined", ">>>")


@pytest.mark.parametrize("rest", ["print('next')\r", "\r", "quit()"])
def test_death__what_a_program_typed_behind_it_is_no_answer(start, rest):
    terminal = settled(start, "kept = 5")
    terminal.type("import os; os._exit(3)\r" + rest).wait_until(lambda lines: lines[-1].startswith("Enter: go back"))
    terminal.type_piece(b"no\r").keys("\r")
    terminal.wait("Back to before the last block.", ">>>").keys("kept\r").wait(">>> kept", "5", ">>>")


def test_death__within_a_paste(start):
    terminal = settled(start, "kept = 5")
    terminal.type_piece(b"\x1b[200~1\r")
    os.kill(worker_of(terminal.child.pid), signal.SIGKILL)
    terminal.wait_until(lambda lines: lines[-1].startswith("Enter: go back")).type_piece(b"no\r\x1b[201~").keys("\r")
    terminal.wait("Back to after the last block.", ">>>").keys("kept\r").wait(">>> kept", "5", ">>>")


def test_death__while_a_key_has_begun_the_question_waits_asleep(start, settings):
    settings("escape-milliseconds = 500\n")
    terminal = settled(start, "kept = 5")
    terminal.type_piece(b"\x1b[")
    os.kill(worker_of(terminal.child.pid), signal.SIGKILL)
    terminal.wait_until(lambda lines: lines[-1].startswith("Enter: go back"))
    time.sleep(0.5)  # longer than the rest of a key is waited for
    end = time.monotonic() + SECONDS
    while not is_asleep(terminal.child.pid):
        assert time.monotonic() < end
    terminal.keys("\r").wait("Back to after the last block.", ">>>").keys("kept\r").wait("5", ">>>")


@pytest.mark.parametrize("piece", [b"\x1bn", b"\x1bq", b"\x1b[?2004;2$y", b"\x1b[200~no\x1b[201~", b"\x1b[97;3n"])
def test_death__a_letter_within_a_key_is_no_answer(start, piece):
    terminal = settled(start, "kept = 5")
    terminal.keys("import os; os._exit(3)\r").wait_until(lambda lines: lines[-1].startswith("Enter: go back"))
    terminal.type_piece(piece).keys("x\r")
    terminal.wait("Back to before the last block.", ">>>").keys("kept\r").wait(">>> kept", "5", ">>>")


def test_death__escape_is_a_key_of_its_own_at_the_question(start):
    terminal = settled(start, "kept = 5")
    terminal.keys("import os; os._exit(3)\r").wait_until(lambda lines: lines[-1].startswith("Enter: go back"))
    bells = terminal.received.count(b"\a")
    terminal.type("\x1b").wait_until(lambda lines: terminal.received.count(b"\a") >= bells + 1)
    terminal.keys("\r").wait("Back to before the last block.", ">>>")


def test_death__at_the_prompt_keeps_what_was_typed_in_the_history(start):
    terminal = settled(start, "first = 1")
    before = states(terminal)
    settle(terminal.keys("kept = 5\r").wait(">>> kept = 5", ">>>"), before)
    os.kill(worker_of(terminal.child.pid), signal.SIGKILL)
    terminal.wait_until(lambda lines: lines[-1].startswith(
        "Enter: go back to the state after the last block.")).keys("\r")
    terminal.wait("Back to after the last block.", ">>>").keys("kept\r").wait("5", ">>>")
    terminal.keys("\x10\x10").wait(">>> kept = 5")


def test_undo__takes_the_session_back_before_the_last_block(start):
    terminal = settled(start, "n = [1]")
    terminal.keys("n.append(2)\r").wait(">>> n.append(2)", ">>>").keys("%undo\r")
    terminal.wait("Back to before the last block.", ">>>").keys("n\r").wait("[1]", ">>>")


def test_undo__says_once_why_there_is_none(start):
    terminal = start().wait(">>>").keys("import threading; e = threading.Event(); "
                                        "threading.Thread(target=e.wait, daemon=True).start()\r")
    terminal.wait_until(lambda lines: any("no %undo from here" in line for line in lines))
    said = [line for line in terminal.lines() if "no %undo" in line]
    assert len(said) == 1
    terminal.keys("1\r").wait(">>> 1", "1", ">>>")


def test_undo__says_why_there_is_none_in_a_line_of_its_own(start):
    terminal = start().wait(">>>").paste(
        "import threading\nend = threading.Event()\ndef progress():\n"
        "    while not end.wait(0.01): print('\\r50%', end='', flush=True)\n\n"
        "threading.Thread(target=progress).start()").keys("\r")
    terminal.wait_until(lambda lines: any("no %undo" in line for line in lines))
    assert any(line.startswith("pyconsole: no %undo from here: ") for line in terminal.lines())
    terminal.keys("end.set()\r").wait_until(lambda lines: lines[-2:] == [">>> end.set()", ">>>"])


def test_undo__is_python_where_nothing_else_is_wanted(start, settings):
    settings("pure-python = on\n")
    start().wait(">>>").keys("%undo\r").wait("SyntaxError: invalid syntax", ">>>")
