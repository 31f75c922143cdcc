"""Where there is no terminal that an editor could work on."""

import subprocess

import pytest

from terminal import PROGRAM


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"TERM": ""}, {"TERM": "unknown"},
                                       {"PYTHON_BASIC_REPL": "1"}])
def test_complaint_15__a_plain_terminal_is_served_silently(start, variables):
    terminal = start(**variables).wait(">>>").type("1;2\r").wait("1", "2", ">>>").type("\x04")
    assert terminal.end() == 0
    shown = terminal.received.replace(b"\x1b[?2004h", b"").replace(b"\x1b[?2004l", b"")
    assert b"warning" not in shown
    if "TERM" in variables:
        assert b"\x1b" not in shown


@pytest.mark.parametrize("args", [["-q", "-i"], ["-q"]])
def test_a_pipe(environment, args):
    done = subprocess.run([PROGRAM, *args], input="1\nx = 2\nx\n", env=environment, capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("redirected", ["2> {file}", "2>&-"])
def test_standard_error_goes_where_it_was_sent(start, tmp_path, redirected):
    file = tmp_path / "errors"
    file.touch()
    terminal = start("-c", f"exec {PROGRAM} -q {redirected.format(file=file)}", command="/bin/sh").wait(">>>")
    terminal.type("1/0\r").wait(">>> 1/0", ">>>").type("2 * 3\r").wait(">>> 2 * 3", "6", ">>>").type("\x04")
    assert terminal.end() == 0
    assert ("ZeroDivisionError" in file.read_text()) == ("{file}" in redirected)
