"""The start: the prompt waits neither for Python nor for the history."""

import os
from pathlib import Path

import pytest


def files_of(pid):
    """What the process has open."""
    return [os.readlink(f"/proc/{pid}/fd/{fd.name}") for fd in Path(f"/proc/{pid}/fd").iterdir() if fd.is_symlink()]


def test_complaint_09__the_prompt_is_there_before_python(start, tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    (tmp_path / "sitecustomize.py").write_text(f"open({str(gate)!r}).read()\n")
    terminal = start(PYTHONPATH=str(tmp_path)).wait(">>>").keys("spam = 6\x01\x0b\x19\r").wait(">>> spam = 6")
    terminal.keys("spam * 7\r")
    gate.write_text("")
    terminal.wait("42", ">>>")


def test_complaint_09__a_block_is_edited_before_python_is_there(start, tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    (tmp_path / "sitecustomize.py").write_text(f"open({str(gate)!r}).read()\n")
    terminal = start(PYTHONPATH=str(tmp_path)).wait(">>>").keys("if 1:\rx = 5\x1b[Aprint(x)\x1b[B")
    terminal.wait(">>> if 1:print(x)", "...     x = 5").keys("\x03").wait("KeyboardInterrupt", ">>>")
    gate.write_text("")
    terminal.keys("6 * 7\r").wait(">>> 6 * 7", "42", ">>>")


def test_complaint_09__the_history_is_opened_when_it_is_asked_for(start):
    start().wait(">>>").keys("spam = 1\r").wait(">>> spam = 1", ">>>").keys("\x04").end()
    terminal = start().wait(">>>")
    assert not [file for file in files_of(terminal.child.pid) if "history" in file]
    terminal.keys("\x1b[A").wait(">>> spam = 1")
    assert [file for file in files_of(terminal.child.pid) if file.endswith("history.sqlite3")]


def test_keyboard_protocol__is_on_before_the_first_key(start):
    """As soon as the terminal has said that it knows it, so that the first key is whole."""
    terminal = start().wait(">>>").type_piece(b"\x1b[?0u")
    terminal.wait_until(lambda lines: b"\x1b[>1u" in terminal.received)
    terminal.keys("\x04")
    assert terminal.end() == 0
    assert b"\x1b[<u" in terminal.received


@pytest.mark.parametrize("keys, last", [("6 * 7\r", (">>> 6 * 7", "42", ">>>")), ("6 *", (">>> 6 *",))])
def test_what_is_typed_while_a_script_runs_is_for_the_prompt(start, tmp_path, keys, last):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    script = tmp_path / "script.py"
    script.write_text(f"print('go', flush=True)\nopen({str(fifo)!r}).read()\n")
    terminal = start("-q", "-i", str(script)).wait("go").keys(keys)
    terminal.wait_until(lambda lines: lines[1:] and lines[1].startswith("6 *"))
    fifo.write_text("")
    terminal.wait(*last)
