"""What is on the screen: widths, resizing, tall blocks, what others print, colours."""

import os
import signal

import pytest

from terminal import wait_asleep, worker_of

TALL = "def f():\n" + "".join(f"    x{n} = {n}\n" for n in range(60)) + "    return x59"


def test_complaint_13__output_of_a_thread_goes_above_what_is_typed(start):
    terminal = start().wait(">>>").paste(
        "import threading\ngo, did = threading.Event(), threading.Event()\ndef say():\n"
        "    for n in range(3):\n        go.wait(); go.clear(); print('line', n); did.set()\n\n"
        "threading.Thread(target=say, daemon=True).start()\n", then="\r")
    terminal.wait_until(lambda lines: lines[-1] == ">>>").keys("go.set(); did.wait()\r")
    terminal.wait_until(lambda lines: "line 0" in lines and lines[-1] == ">>>")
    terminal.keys("import signal; _ = signal.signal(signal.SIGALRM, lambda *a: go.set())\r")
    terminal.wait_until(lambda lines: lines[-1] == ">>>")
    terminal.keys("_ = signal.setitimer(signal.ITIMER_REAL, 0.3)\r").wait(
        ">>> _ = signal.setitimer(signal.ITIMER_REAL, 0.3)", ">>>")
    terminal.keys("typed")
    terminal.wait("line 1", ">>> typed").wait_cursor(9).keys(" = 3").wait("line 1", ">>> typed = 3")
    terminal.keys("\r").wait(">>> typed = 3", ">>>")


def test_complaint_13__many_lines_from_a_thread_keep_the_prompt_whole(start):
    terminal = start().wait(">>>").paste(
        "import threading, time\ndef say():\n    for n in range(300): print(n)\n    print('done')\n\n"
        "t = threading.Timer(0.2, say); t.start()", then="\r").wait_until(lambda lines: lines[-1] == ">>>")
    terminal.keys("abc").wait("299", "done", ">>> abc").keys("d").wait("done", ">>> abcd")


def test_complaint_14__resize_while_editing(start):
    terminal = start().wait(">>>").keys("abcdefghij" * 5).wait_cursor(54)
    terminal.resize(24, 40)
    terminal.keys("X").wait_until(lambda lines: "".join(lines).endswith("ijX")).wait_cursor(15)
    terminal.resize(24, 100)
    terminal.keys("Y").wait_until(lambda lines: lines[-1].endswith("ijXY") and len(lines[-1]) == 56)


def test_complaint_14__what_is_above_stays_where_the_terminal_rewraps(start):
    terminal = start(TMUX="/tmp/tmux,1,0", TERM="screen").wait(">>>").keys("1 + 1\r").wait("2", ">>>")
    terminal.keys("x" * 100).wait_until(lambda lines: lines[-1] == "x" * 24)
    # As tmux does: two rows are one again, and the cursor's row is the one above.
    terminal.screen.resize(24, 120)
    terminal.stream.feed(b"\x1b[4;1H\x1b[2K\x1b[3;81H" + b"x" * 24)
    terminal.child.setwinsize(24, 120)
    terminal.keys("Y").wait(">>> 1 + 1", "2", ">>> " + "x" * 100 + "Y")


def test_complaint_14__a_window_of_a_few_columns(start):
    terminal = start().wait(">>>").keys("1 + 1").wait(">>> 1 + 1").resize(3, 2)
    terminal.keys("1").resize(24, 80)
    terminal.keys("\x0c").wait(">>> 1 + 11").keys("\r").wait("12", ">>>")


def test_complaint_14__a_block_taller_than_the_screen(start):
    terminal = start().wait(">>>").paste(TALL).wait("...     return x59")
    assert len(terminal.lines()) == terminal.screen.lines
    terminal.keys("\x1b<").wait_until(lambda lines: lines[0] == ">>> def f():").wait_cursor(4)
    terminal.keys("\x05\x7f\x7f", "a):").wait_until(lambda lines: lines[0] == ">>> def f(a):")
    terminal.keys("\x1b>").wait("...     return x59").keys("\r\r").wait(">>>").keys("f(0)\r")
    terminal.wait(">>> f(0)", "59", ">>>")


def test_complaint_14__a_tall_block_is_resized(start):
    terminal = start().wait(">>>").paste(TALL).wait("...     return x59").resize(10, 80)
    terminal.keys("!").wait("...     return x59!").keys("\x7f").wait("...     return x59")
    terminal.resize(30, 80).keys("!").wait("...     return x59!")
    assert len(terminal.lines()) == 30
    terminal.keys("\x1b<").wait_until(lambda lines: lines[0] == ">>> def f():").wait_cursor(4)


@pytest.mark.parametrize("text, columns", [
    ("你好", 4), ("e\u0301", 1), ("👩‍👩‍👧", 2), ("👍🏽", 2), ("ｆ", 2), ("한국", 4), ("ß", 1),
])
def test_complaint_14__the_width_of_what_people_see(start, text, columns):
    terminal = start().wait(">>>").keys("'").type(text).wait_cursor(5 + columns)
    terminal.keys("'").wait_cursor(6 + columns).keys("\x1b[D").wait_cursor(5 + columns)
    terminal.keys("\x1b[D").wait_until(lambda _: terminal.cursor()[1] < 5 + columns)
    terminal.keys("\x05\x7f\x7f").wait_until(lambda _: terminal.cursor()[1] < 5 + columns)


def test_complaint_14__an_emoji_is_deleted_whole(start):
    terminal = start().wait(">>>").keys("'a").type("👩‍👩‍👧").wait_cursor(8).keys("\x7f").wait_cursor(6)
    terminal.keys("'\r").wait(">>> 'a'", "'a'", ">>>")


def test_wide_character__at_the_edge_of_the_screen(start):
    terminal = start(columns=20).wait(">>>").keys("'" + "a" * 14).wait_cursor(19).type("你").wait_cursor(2)
    assert terminal.lines() == [">>> '" + "a" * 14, "你"]
    terminal.keys("\x7f").wait_cursor(19)


def test_screen__is_cleared_and_the_text_stays(start):
    terminal = start().wait(">>>").keys("1\r").wait("1", ">>>").keys("abc").wait(">>> abc").keys("\x0c")
    terminal.wait_until(lambda lines: lines == [">>> abc"]).wait_cursor(7, -1)


def test_output__without_a_newline_is_not_overwritten(start):
    terminal = start().wait(">>>").keys("print('abc', end='')\r")
    terminal.wait_until(lambda lines: lines[-1].endswith(">>>") and any("abc" in line for line in lines[1:]))
    terminal.keys("1\r").wait_until(lambda lines: lines[-2:] == ["1", ">>>"])
    assert any(line.startswith("abc") for line in terminal.lines())


def test_prompt__with_colours_and_a_title_has_the_width_of_its_text(start):
    terminal = start().wait(">>>").keys(
        r"import sys; sys.ps1 = '\x1b]0;title\x07\x1b[31mred>\x1b[0m '" + "\r").wait("red>")
    terminal.wait_cursor(5).keys("1\r").wait("red> 1", "1", "red>")


@pytest.mark.parametrize("variables, coloured", [
    ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ({"NO_COLOR": "1", "PYTHON_COLORS": "1"}, True), ({"NO_COLOR": "", "PYTHON_COLORS": "0"}, False),
    ({"NO_COLOR": "", "PYTHON_COLORS": "0", "FORCE_COLOR": "1"}, False),
])
def test_colours__by_the_environment_in_cpythons_order(start, variables, coloured):
    terminal = start(**{"TERM": "xterm-256color", **variables}).wait(">>>").keys("import").wait(">>> import")
    row = terminal.cursor()[0]
    assert (terminal.screen.buffer[row][4].fg != "default") == coloured
    terminal.keys("\x15" + "1/0\r").wait("ZeroDivisionError: division by zero", ">>>")
    assert any(terminal.screen.buffer[y][x].fg != "default" for y in range(24) for x in range(80)) == coloured


def test_screen_reader__never_repaints(start, settings):
    settings("screen-reader = on\n")
    terminal = start(NO_COLOR="", TERM="xterm-256color").wait(">>>").keys("import os").wait(">>> import os")
    terminal.received = b""
    terminal.keys("x").wait(">>> import osx")
    assert terminal.received == b"x"


def test_a_key__costs_about_a_byte(start):
    terminal = start().wait(">>>").paste(TALL).wait("...     return x59").keys("a").wait("...     return x59a")
    terminal.received = b""
    terminal.keys("b").wait("...     return x59ab")
    assert len(terminal.received) <= 20


@pytest.mark.parametrize("bytes_", [b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"])
def test_broken_utf8__from_the_keyboard_harms_nothing(start, bytes_):
    terminal = start().wait(">>>").type(b"'" + bytes_).keys("z'").wait_until(lambda lines: "z'" in lines[-1])
    terminal.keys("\x15" + "12\r").wait(">>> 12", "12", ">>>")


@pytest.mark.parametrize("keys", ["\x1b[", "\x1b[1;", "\x1bO", "\x1b]0;x", "\x1b[?", "\x1b[<0;1"])
def test_half_a_sequence__from_the_keyboard_harms_nothing(start, keys):
    terminal = start().wait(">>>").type(keys)
    # What follows may be taken for its end; a key that cancels comes through.
    terminal.keys("\x07\x07").keys("\x03").wait_until(lambda lines: lines[-1] == ">>>")
    terminal.keys("12\r").wait(">>> 12", "12", ">>>")


def test_commands__have_a_colour_where_there_are_any(start, settings):
    terminal = start(NO_COLOR="", TERM="xterm-256color").wait(">>>").keys("%timeit len(x)").wait(">>> %timeit len(x)")
    row = terminal.screen.buffer[terminal.cursor()[0]]
    assert {row[x].fg for x in range(4, 11)} == {"magenta"} and row[12].fg == "cyan"
    settings("pure-python = on\n")
    terminal = start(NO_COLOR="", TERM="xterm-256color").wait(">>>").keys("%timeit len(x)").wait(">>> %timeit len(x)")
    row = terminal.screen.buffer[terminal.cursor()[0]]
    assert "magenta" not in {row[x].fg for x in range(4, 11)}


def test_complaint_13__input_in_a_signal_handler_is_left_by_an_interrupt(start):
    """It reads while the prompt is there, whose keys it does not get."""
    terminal = start().wait(">>>").keys("import os, signal; _ = signal.signal(10, lambda *a: input('name? '))\r5\r")
    terminal.wait("5", ">>>")
    os.kill(worker_of(terminal.child.pid), signal.SIGUSR1)
    terminal.wait("5", "name?", ">>>")
    wait_asleep(worker_of(terminal.child.pid))
    terminal.keys("6 * 7").wait(">>> 6 * 7").keys("\r").keys("\x03").wait(">>> 6 * 7", "42", ">>>")


@pytest.mark.parametrize("color, shown", [("rgb:ffff/ffff/ffff", "008787"), ("rgb:0000/0000/0000", "cyan")])
def test_complaint_15__colours_are_for_the_background_that_the_terminal_has(start, color, shown):
    terminal = start(NO_COLOR="", TERM="xterm-256color").wait_until(lambda lines: lines[-1:] == [">>>"])
    assert b"\x1b]11;?" in terminal.received
    terminal.type_piece(f"\x1b]11;{color}\x1b\\".encode()).keys("len").wait(">>> len")
    assert terminal.screen.buffer[terminal.cursor()[0]][4].fg == shown


def test_cluster__that_the_terminal_takes_for_narrower_leaves_nothing_behind(start):
    terminal = start().wait(">>>").keys("ab \u2764\ufe0fc").wait_cursor(10)
    terminal.keys("\x1b[D\x1b[D\x7f").wait_cursor(6)
    row = terminal.cursor()[0]
    terminal.wait_until(lambda lines: lines[row].startswith(">>> ab\u2764"))
    assert terminal.lines()[row].count("\u2764") == 1
