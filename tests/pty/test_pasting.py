"""What is pasted, and what a program types: with brackets around it and without."""

import os
import random
import signal
import time

import pytest

from terminal import SEED, share, state_of

LINES_MANY = 1000
CUTS = share(3, 50)
FUNCTION = "def f():\n" + "".join(f"    x{n} = {n}\n" for n in range(LINES_MANY)) + "    return x999\n"


def burst_of(count, blank):
    """Functions and calls as an editor would send them: `blank` stands between them."""
    functions = [f"def f{n}(a):\n    if a:\n        return a + {n}\n    else:\n        return {n}\n"
                 f"{blank}print('got', f{n}({n}))\n" for n in range(count // 6)]
    return "".join(functions)


def ended(terminal, mark):
    """Everything that came before has been run."""
    return terminal.wait(f">>> '{mark}'", f"'{mark}'", ">>>")


def test_complaint_02__a_thousand_lines_in_brackets_and_enter_at_once(start):
    terminal = start().wait(">>>").paste(FUNCTION, then="\r")
    terminal.wait("...     return x999", "...", ">>>").keys("f()\r").wait(">>> f()", "999", ">>>")


def test_complaint_02__enter_after_a_paste_is_not_swallowed(start):
    terminal = start().wait(">>>").paste("x = 6\ny = 7").wait(">>> x = 6", "... y = 7")
    terminal.keys("\r").wait(">>> x = 6", "... y = 7", ">>>").keys("x * y\r").wait("42", ">>>")


def test_complaint_02__enter_directly_behind_a_paste_is_a_key(start, settings):
    """It is no line of a burst, which would wait for what follows, and find it indented."""
    settings("burst-milliseconds = 1000\n")
    block = FUNCTION.replace("def f()", "if 1").replace("return x999", "x999")
    terminal = start().wait(">>>").paste(block, then="\r    7 + 1\r")
    terminal.wait("...     x999", "...", "999", ">>>     7 + 1", '  File "<input-2>", line 1', "    7 + 1",
                  "IndentationError: unexpected indent", ">>>")


def test_paste__goes_into_the_block_at_the_cursor(start):
    terminal = start().wait(">>>").keys("print()\x1b[D").wait_cursor(10).paste("'a',\n'b'")
    terminal.wait(">>> print('a',", "... 'b')").keys("\r").wait("a b", ">>>")


def test_paste__several_statements_show_each_value(start):
    terminal = start().wait(">>>").paste("1\nx = 2\nx\nif x:\n    x + 1\n\nx + 2\n", then="\r")
    terminal.wait("1", "2", "3", "4", ">>>")


def test_paste__is_undone_at_once(start):
    terminal = start().wait(">>>").paste("a\nb\nc").wait(">>> a", "... b", "... c").keys("\x1f")
    terminal.wait(">>>")


def test_paste__a_half_sequence_waits_for_its_end(start):
    terminal = start().wait(">>>").type("\x1b[200~one\rtw").keys("o").type("\x1b[20").type("1~")
    terminal.wait(">>> one", "... two")


def test_paste__control_characters_do_nothing(start):
    terminal = start().wait(">>>").paste("'a\x03\x04b'").keys("\r")
    terminal.wait(">>> 'a^C^Db'", "'a\\x03\\x04b'", ">>>")
    assert "KeyboardInterrupt" not in terminal.lines()


SESSION = ">>> def f():\n...     return 5\n...\n>>> f()\n5\n\n>>> f() + 1\n6\n"
SESSION_SEEN = (">>> def f():", "...     return 5", "...", ">>> f()", "5", ">>> f() + 1", "6")


def test_complaint_04__a_pasted_session_is_stripped_to_its_code(start):
    code = (">>> def f():", "...     return 5", "...", "... f()", "... f() + 1", "5", "6", ">>>")
    start().wait(">>>").paste(SESSION, then="\r").wait(*code)


@pytest.mark.parametrize("end", ["\r", "\n"], ids=["CR", "LF"])
def test_complaint_04__a_session_in_a_burst_is_stripped_to_its_code(start, end):
    text = SESSION + ">>> 'end'\n'end'\n"
    terminal = start().wait(">>>").type(text.replace("\n", end))
    terminal.wait(*SESSION_SEEN, ">>> 'end'", "'end'", ">>>")


def test_complaint_04__a_key_between_the_lines_of_a_session(start):
    """A terminal says at any moment that its window has the focus."""
    text = SESSION.replace("\n", "\r").replace("...   ", "\x1b[I...   ", 1)
    start().wait(">>>").type(text).wait(*SESSION_SEEN, ">>>")


def test_complaint_04__a_burst_of_ipython(start):
    text = "In [1]: def f():\r   ...:     return 5\r   ...: \r\rIn [2]: f()\rOut[2]: 5\r\rIn [3]: 'end'\r"
    start().wait(">>>").type(text).wait("...     return 5", "...", ">>> f()", "5", ">>> 'end'", "'end'", ">>>")


def test_complaint_04__what_comes_after_a_session_is_code_again(start):
    terminal = start().wait(">>>").type(">>> 1\r1\r").wait(">>> 1", "1", ">>>")
    time.sleep(0.1)  # longer than a burst waits
    terminal.type("2 + 3\r").wait(">>> 2 + 3", "5", ">>>")


def test_complaint_04__a_session_with_a_block_that_takes_time(start):
    text = ">>> import time\r>>> time.sleep(1)\r>>> for i in 1, 2:\r...     i\r...\r1\r2\r>>> 'end'\r'end'\r"
    terminal = start().wait(">>>").type(text)
    terminal.wait(">>> for i in 1, 2:", "...     i", "...", "1", "2", ">>> 'end'", "'end'", ">>>")


def test_complaint_04__prompts_inside_a_string_of_a_burst_are_kept(start):
    terminal = start().wait(">>>").type("t = '''\r>>> 1\r1\r'''\r").wait("... '''", ">>>")
    terminal.keys("t\r").wait(">>> t", "'\\n>>> 1\\n1\\n'", ">>>")


def test_complaint_04__but_not_inside_a_string(start):
    terminal = start().wait(">>>").keys("t = '''").wait(">>> t = '''").paste(">>> 1\n1\n'''")
    terminal.keys("\r").wait("... '''", ">>>").keys("t\r").wait("'>>> 1\\n1\\n'", ">>>")


@pytest.mark.parametrize("blank", ["", "\n"], ids=["close", "apart"])
def test_complaint_03__burst_without_brackets(start, blank):
    terminal = start().wait(">>>").type(burst_of(200, blank).replace("\n", "\r") + "'end'\r")
    ended(terminal, "end").keys("[f() for f in (lambda: f1(0), lambda: f32(2), lambda: f32(0))]\r")
    terminal.wait("[1, 34, 32]", ">>>")


def test_complaint_03__the_statements_of_a_burst_run_in_order(start):
    terminal = start().wait(">>>").type("x = 1\rx += 1\rprint('a', x)\r1;2\rx\r")
    terminal.wait(">>> print('a', x)", "a 2", ">>> 1;2", "1", "2", ">>> x", "2", ">>>")


def test_complaint_03__a_burst_keeps_its_own_indentation(start):
    text = "def f():\r  if 1:\r     s = '''\r  two\r three'''\r     return s\rf()\r"
    start().wait(">>>").type(text).wait("'\\n  two\\n three'", ">>>")


def test_complaint_03__a_burst_goes_on_with_else_except_and_decorators(start):
    text = ("try:\r  1/0\rexcept ZeroDivisionError:\r  e = 1\relse:\r  e = 2\rfinally:\r  g = 3\r"
            "@staticmethod\rdef s():\r  return 4\re, g, s()\r")
    start().wait(">>>").type(text).wait("(1, 3, 4)", ">>>")


def test_complaint_03__what_is_left_without_an_end_waits_for_the_person(start):
    terminal = start().wait(">>>").type("x = 5\rx + 1").wait(">>> x = 5", ">>> x + 1")
    terminal.keys("\r").wait("6", ">>>")


def test_complaint_03__pieces_of_a_burst_in_any_cut(start):
    text = burst_of(18, "").replace("\n", "\r") + "'end'\r"
    terminal = start().wait(">>>")
    for cut in range(0, len(text), 7):
        terminal.type(text[cut:cut + 7])
    ended(terminal, "end")
    assert [line for line in terminal.lines() if line.startswith("got")] == ["got 0", "got 2", "got 4"]


CLASS = ("class A:\n    def f(self):\n\n        return 1\n\n\n    def g(self):\n        return 2\n"
         "print(A().f())\nA().g()\n")
CLASS_SEEN = (">>> class A:", "...     def f(self):", "...", "...         return 1", "...", "...",
              "...     def g(self):", "...         return 2", "...", ">>> print(A().f())", "1", ">>> A().g()", "2", ">>>")


@pytest.mark.parametrize("end", ["\r", "\n"], ids=["CR", "LF"])
@pytest.mark.parametrize("blank", ["", "    "], ids=["empty", "spaces"])
def test_burst__a_blank_line_before_an_indented_one_ends_no_block(start, end, blank):
    text = CLASS.replace("\n\n", f"\n{blank}\n")
    start().wait(">>>").type(text.replace("\n", end)).wait(*CLASS_SEEN)


@pytest.mark.parametrize(["text", "seen"], [
    (CLASS + "'end'\n", CLASS_SEEN[:-1]), (SESSION + ">>> 'end'\n'end'\n", SESSION_SEEN)], ids=["class", "session"])
@pytest.mark.parametrize("seed", range(SEED, SEED + CUTS))
def test_burst__in_pieces_as_from_a_slow_terminal(start, settings, text, seen, seed):
    settings("burst-milliseconds = 1000\n")  # what the machine does meanwhile makes no pause
    chance = random.Random(seed)
    terminal = start(echo=False).wait(">>>")  # nor does the terminal show it twice while a block runs
    text = text.replace("\n", "\r")
    while text:
        count = chance.randrange(1, 12)
        terminal.press(text[:count].encode())
        text = text[count:]
    terminal.wait(*seen, ">>> 'end'", "'end'", ">>>")


def test_burst__what_a_block_prints_does_not_wait_for_many_more(start):
    """One of them stops the prompt, which then shows what it has shown until now."""
    terminal = start(rows=60).wait(">>>").keys("import os, signal, time\r").wait(">>> import os, signal, time", ">>>")
    terminal.type("6 * 7\r" + "time.sleep(2e-4)\r" * 30 + "os.kill(os.getppid(), signal.SIGSTOP)\r'end'\r")
    while state_of(terminal.child.pid) != "T":
        pass
    assert "42" in terminal.take_what_is_there().lines()
    os.kill(terminal.child.pid, signal.SIGCONT)
    ended(terminal, "end")


def test_burst__blank_lines_in_a_string(start):
    text = "def f():\r    s = '''a\r\r    b\r\rc'''\r\r    return s\rf()\r"
    start().wait(">>>").type(text).wait("...     return s", "...", ">>> f()", "'a\\n\\n    b\\n\\nc'", ">>>")


def test_burst__a_session_with_blank_lines_in_its_class(start):
    text = ">>> class A:\r...     x = 1\r...\r...     y = 2\r...\r>>> A.x, A.y\r(1, 2)\r"
    start().wait(">>>").type(text).wait("...     y = 2", "...", ">>> A.x, A.y", "(1, 2)", ">>>")


def test_burst__an_indented_line_without_an_end_behind_a_blank_one(start):
    terminal = start().wait(">>>").type("if 1:\r    x = 6\r\r    x + 1").wait("...     x = 6", "...", "...     x + 1")
    terminal.keys("\r\r").wait("...", "7", ">>>")


@pytest.mark.parametrize("rest", ["", "\r\r"], ids=["one", "several"])
def test_burst__a_blank_line_at_its_end_runs_the_block(start, rest):
    terminal = start().wait(">>>").type("if 1:\r    6 + 1\r\r" + rest)
    terminal.wait_until(lambda lines: lines[:4] == [">>> if 1:", "...     6 + 1", "...", "7"] and lines[-1] == ">>>")


def test_burst__a_blank_line_waits_for_what_follows(start, settings):
    settings("burst-milliseconds = 1000\n")
    terminal = start().wait(">>>").press(b"if 1:\r    6 + 1\r\r").press(b"    7 + 1\r").press(b"9\r")
    terminal.wait("...     6 + 1", "...", "...     7 + 1", "...", "7", "8", ">>> 9", "9", ">>>")


def test_burst__line_by_line_with_pauses_is_as_a_person_types(start):
    terminal = start().wait(">>>").type("def f():\r").wait(">>> def f():", "...").type("    return 5\r")
    terminal.wait("...     return 5", "...").keys("\r").wait("...     return 5", "...", ">>>")
    terminal.type("f()\r").wait(">>> f()", "5", ">>>")


def test_complaint_15__every_value_of_a_line_is_shown(start):
    start().wait(">>>").keys("1;2\r").wait(">>> 1;2", "1", "2", ">>>")


@pytest.mark.parametrize("pieces", [[b"y\x1b\rz"], [b"y\x1b", b"\rzw"]])
def test_complaint_03__alt_enter_among_other_keys_is_no_line_of_a_program(start, settings, pieces):
    """A slow connection delivers what a person types in pieces of several keys."""
    settings("escape-milliseconds = 60000\n")
    terminal = start().wait(">>>").keys("if x:\r")
    for piece in pieces:
        terminal.type_piece(piece)
    terminal.wait_until(lambda lines: lines[-2:-1] == ["...     y"] and lines[-1].startswith("...     z"))
