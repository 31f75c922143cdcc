"""While code runs: the terminal is the code's, and comes back as it was."""

import os
import re
import shutil
import signal
from pathlib import Path

import pytest

from terminal import PROGRAM, wait_asleep, worker_of

BLOCKED = {
    "a loop": "while True: pass", "sleep": "import time; time.sleep(1000)", "input": "input('name? ')",
    "a process": "import subprocess; subprocess.run(['sleep', '1000'])",
}


def test_interrupt__at_the_prompt_keeps_what_was_typed_for_yanking(start):
    terminal = start().wait(">>>").keys("abc").wait(">>> abc").keys("\x03")
    terminal.wait(">>> abc", "KeyboardInterrupt", ">>>").keys("\x19").wait(">>> abc")


@pytest.mark.parametrize("keys", [b"\x1b\x03", b"\x1b\x1b\x03", b"\x18\x03", b"\x1b[\x03", b"\x1b[M\x03", b"\x1b3\x03"])
def test_interrupt__whatever_stands_before_it(start, settings, keys):
    settings("escape-milliseconds = 60000\n")
    terminal = start().wait(">>>").keys("abc").wait(">>> abc").type_piece(keys)
    terminal.wait(">>> abc", "KeyboardInterrupt", ">>>")


def test_interrupt__in_a_menu_and_in_the_list(start):
    terminal = start().wait(">>>").keys("s = 1; sp = 2; spa = 3\r").wait(">>> s = 1; sp = 2; spa = 3", ">>>")
    terminal.keys("sp\t").wait_until(lambda lines: len(lines) > terminal.cursor()[0] + 1).keys("\x03")
    terminal.wait("KeyboardInterrupt", ">>>").keys("\x12s").wait_until(lambda lines: "history: s" in lines[-2])
    terminal.keys("\x03").wait("KeyboardInterrupt", ">>>").keys("4\r").wait(">>> 4", "4", ">>>")


@pytest.mark.parametrize("code", BLOCKED.values(), ids=BLOCKED)
def test_interrupt__stops_code(start, code):
    terminal = start().wait(">>>").keys(f"print('go', flush=True); {code}\r" if not code.startswith("while") else
                                        f"if print('go', flush=True) is None:\r{code}\r\r")
    terminal.wait_until(lambda lines: "go" in lines and (lines[-1] == "name?" or "input" not in code))
    if "input" in code:
        wait_asleep(worker_of(terminal.child.pid))
    terminal.keys("\x03").wait("KeyboardInterrupt", ">>>").keys("1\r").wait(">>> 1", "1", ">>>")


def test_interrupt__twice_where_the_first_is_caught(start):
    terminal = start().wait(">>>").paste(
        "import time\ndef f():\n    try:\n        print('one', flush=True)\n        time.sleep(1000)\n"
        "    except KeyboardInterrupt:\n        print('two', flush=True)\n        time.sleep(1000)\n\nf()\n",
        then="\r").wait("one").keys("\x03")
    terminal.wait_until(lambda lines: lines[-1].endswith("two")).keys("\x03").wait("KeyboardInterrupt", ">>>")
    terminal.keys("1\r").wait(">>> 1", "1", ">>>")


@pytest.mark.parametrize("how", ["print('\\033[?2004l' 'off')",
                                 "print('\\033[?2004', end='', flush=True); print('loff')"])
def test_a_mode_that_code_turns_off_is_on_at_the_prompt(start, how):
    terminal = start().wait(">>>").keys(f"{how}\r").wait("off", ">>>")
    assert terminal.received.rindex(b"\x1b[?2004h") > terminal.received.index(b"off\r\n")


def test_a_cursor_that_code_hides_is_seen_at_the_prompt(start):
    terminal = start().wait(">>>").keys("print('\\033[?25l' 'hidden')\r").wait("hidden", ">>>")
    assert not terminal.screen.cursor.hidden


@pytest.mark.parametrize("end", ["", ", end=''"])
def test_a_colour_that_code_leaves_on_is_not_that_of_the_prompt(start, end):
    terminal = start(TERM="xterm-256color", NO_COLOR="").wait(">>>")
    terminal.keys("print('\\033[7;31m' 'left'" + end + ")\r").wait("left", ">>>").keys("abc").wait("left", ">>> abc")
    row, _ = terminal.cursor()
    assert not any(terminal.screen.buffer[row][column].reverse for column in range(80))
    assert not terminal.screen.buffer[row - 1][40].reverse
    assert terminal.screen.buffer[row][4].fg == "default"


def test_a_comment_ends_a_block(start):
    terminal = start().wait(">>>").keys("for i in 1, 2:\ri\r# so").wait(">>> for i in 1, 2:", "...     i", "...     # so")
    terminal.keys("\r\r").wait("...", "1", "2", ">>>")


def test_end_of_file(start):
    terminal = start().wait(">>>").keys("ab\x01\x04").wait(">>> b").keys("\x04").wait(">>>").keys("\x04")
    assert terminal.end() == 0


@pytest.mark.parametrize("word", ["exit", "quit", "exit()", "quit()"])
def test_exit(start, word):
    assert start().wait(">>>").keys(word + "\r").end() == 0


def test_exit__takes_away_what_was_defined(start, tmp_path):
    terminal = start().wait(">>>").keys(f"file = open('{tmp_path}/written', 'w')\r").wait_until(
        lambda lines: lines[-1] == ">>>")
    assert terminal.keys("n = file.write('whole')\r").wait(">>> n = file.write('whole')", ">>>").keys("\x04").end() == 0
    assert (tmp_path / "written").read_text() == "whole"


def test_exit__is_a_name_like_any_other(start):
    start().wait(">>>").keys("exit = 3\r").wait(">>> exit = 3", ">>>").keys("exit\r").wait("3", ">>>")


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_stop__at_the_prompt_and_on_again(start):
    shell = start("--norc", "--noprofile", "-i", command="bash", PS1="sh$ ").wait("sh$")
    shell.type(f"{PROGRAM} -q\r").wait(">>>").keys("if 1:\r5").wait(">>> if 1:", "...     5").keys("\x1a")
    shell.wait_until(lambda lines: "Stopped" in "".join(lines) and lines[-1] == "sh$")
    shell.type("fg\r").wait(">>> if 1:", "...     5").keys("\r\r").wait("5", ">>>").keys("\x04").wait("sh$")


def test_input__reads_lines_and_edits_them(start):
    terminal = start().wait(">>>").keys("name = input('name? ')\r").wait("name?")
    terminal.keys("spam\r").wait("name? spam", ">>>").keys("name\r").wait("'spam'", ">>>")


def test_getpass__shows_nothing(start):
    terminal = start().wait(">>>").keys("import getpass; p = getpass.getpass()\r").wait("Password:")
    terminal.keys("secret\r").wait("Password:", ">>>").keys("p\r").wait("'secret'", ">>>")


@pytest.mark.parametrize("way", ["import pdb; pdb.set_trace()", "breakpoint()"])
def test_pdb(start, way):
    terminal = start().wait(">>>").paste(f"def f(n):\n    {way}; m = n + 1\n    return m\n\nprint(f(4))\n", then="\r")
    terminal.wait_until(lambda lines: lines[-1] == "(Pdb)").keys("p n + 30\r").wait("(Pdb) p n + 30", "34", "(Pdb)")
    terminal.keys("c\r").wait("(Pdb) c", "5", ">>>")


def test_pdb__goes_on_at_the_next_block(start):
    terminal = start().wait(">>>").keys("import pdb; pdb.set_trace()\r").wait_until(lambda lines: lines[-1] == "(Pdb)")
    for count in range(1, 5):
        terminal.keys("n\r").wait_until(
            lambda lines, count=count: lines.count("(Pdb) n") == count and lines[-1] in ("(Pdb)", ">>>"))
        if terminal.lines()[-1] == ">>>":
            break
    terminal.keys("7 * 6\r").wait_until(lambda lines: lines[-1] == "(Pdb)" and "--Call--" in lines)
    assert terminal.lines()[-2].startswith("> <input-2>(")
    terminal.keys("c\r").wait("(Pdb) c", "42", ">>>")


def test_curses__has_the_whole_screen_and_gives_it_back(start):
    terminal = start(TERM="xterm").wait(">>>").paste(
        "import curses\ndef main(s):\n    s.addstr(5, 10, 'in curses'); s.refresh()\n    return s.getkey()\n\n"
        "key = curses.wrapper(main)\n", then="\r")
    terminal.wait_until(lambda lines: len(lines) > 5 and lines[5] == " " * 10 + "in curses").keys("q")
    terminal.wait_until(lambda lines: lines[-1] == ">>>").keys("key\r").wait("'q'", ">>>")


def test_subprocess__is_on_the_real_terminal(start):
    terminal = start().wait(">>>").keys("import subprocess as s; s.run(['stty', 'size']).returncode\r")
    terminal.wait("24 80", "0", ">>>").resize(30, 90)
    terminal.keys("s.run('test -t 0 && stty size; read x; echo got $x', shell=True).returncode\r").wait("30 90")
    terminal.keys("abc\r").wait("abc", "got abc", "0", ">>>")


def test_typed_ahead__while_code_runs_is_kept(start):
    terminal = start().wait(">>>").keys("import time; print('on', flush=True); time.sleep(1)\r").wait("on")
    terminal.keys("6 * 7\r8").wait(">>> 6 * 7", "42", ">>> 8")


def test_killed__the_shell_goes_on_below_what_was_typed(start):
    shell = start("-c", f"{PROGRAM} -q; echo ended", command="bash").wait_until(lambda lines: lines[-1:] == [">>>"])
    shell.keys("1\r").wait("1", ">>>").keys("import os; ppid = os.getppid()\r").wait(
        ">>> import os; ppid = os.getppid()", ">>>")
    shell.keys("import signal; _ = signal.signal(14, lambda *_: os.kill(ppid, 15)); _ = signal.alarm(1)\r")
    shell.wait_until(lambda lines: lines[-1] == ">>>").keys("abc")
    shell.wait_until(lambda lines: ">>> abc" in lines and lines[-1] == "ended")


def test_displayhook_and_excepthook__are_kept_to(start):
    terminal = start().wait(">>>").keys("import sys; sys.displayhook = lambda v: print('value', v)\r")
    terminal.wait_until(lambda lines: lines[-1] == ">>>").keys("5\r").wait("value 5", ">>>")
    terminal.keys("sys.excepthook = lambda *a: print('mine', a[1])\r").wait_until(lambda lines: lines[-1] == ">>>")
    terminal.keys("1/0\r").wait("mine division by zero", ">>>")


def private_size(pid):
    """Bytes of memory that a process has written to and shares with no other."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return 1024 * int(rollup.partition("Private_Dirty:")[2].split()[0])


@pytest.mark.skipif("ASAN_OPTIONS" in os.environ, reason="the sanitizer keeps what is freed")
def test_result__the_memory_for_a_large_one_is_given_back(start):
    terminal = start().wait(">>>").keys("1\r").wait(">>> 1", "1", ">>>")
    before = private_size(terminal.child.pid)
    terminal.keys("'z' * 16_000_000\r")
    shown = terminal.take()
    while b">>> " not in shown[-100:] or b"zz" not in shown:
        shown = shown[-100:] + terminal.take()
    terminal.keys("2\r").wait_until(lambda lines: lines[-1] == ">>>" and "2" in lines)
    assert private_size(terminal.child.pid) < before + 4_000_000


def test_traceback__shows_what_was_typed(start):
    terminal = start().wait(">>>").paste("def f():\n    return 1/0\n\nf()\n", then="\r")
    terminal.wait("ZeroDivisionError: division by zero", ">>>")
    assert "    return 1/0" in terminal.lines() and "Traceback (most recent call last):" in terminal.lines()


def test_startup_file__and_banner(start, tmp_path):
    (tmp_path / "startup.py").write_text("greeting = 'hello'\n")
    terminal = start("-i", PYTHONSTARTUP=str(tmp_path / "startup.py")).wait(">>>")
    assert re.match(r"pyconsole \S+ \(Python ", terminal.lines()[0])
    terminal.keys("greeting\r").wait("'hello'", ">>>")


def test_startup_file__may_read(start, tmp_path):
    (tmp_path / "startup.py").write_text("name = input('who? ')\nprint('hello', name)\n")
    terminal = start(PYTHONSTARTUP=str(tmp_path / "startup.py")).wait("who?")
    assert ">>>" not in terminal.lines()
    terminal.keys("bob\r").wait("who? bob", "hello bob", ">>>")
    terminal.keys("import os; os._exit(1)\r").wait_until(lambda lines: "n: begin anew" in lines[-1])
    terminal.keys("n").wait("who?").keys("eve\r").wait("who? eve", "hello eve", ">>>")


def test_startup_file__that_reads_nothing_leaves_what_is_typed(start, tmp_path):
    (tmp_path / "startup.py").write_text("import time\nprint('begun')\ntime.sleep(1)\n")
    terminal = start(PYTHONSTARTUP=str(tmp_path / "startup.py")).wait("begun").keys("6*7")
    terminal.wait(">>> 6*7").keys("\r").wait(">>> 6*7", "42", ">>>")


@pytest.mark.parametrize("way", ["\x04", "exit()\r", "import os; os.kill(os.getppid(), 15)\r"])
def test_modes__are_put_back_on_every_way_out(start, way):
    check_modes(start, lambda terminal: terminal.keys(way))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
@pytest.mark.parametrize("when", ["at the prompt", "in a menu", "while code runs"])
def test_modes__are_put_back_when_killed(start, number, when):
    def die(terminal):
        if when == "in a menu":
            terminal.keys("sys\x15" + "s\t").wait_until(lambda lines: len(lines) > 2)
        if when == "while code runs":
            terminal.keys("import time; print('on', flush=True); time.sleep(1000)\r").wait("on")
        os.kill(int(re.search(r"pid (\d+)", "\n".join(terminal.lines()))[1]), number)
    check_modes(start, die, before="echo pid $$; exec ")


def check_modes(start, leave, before=""):
    """Under a shell that stays: the terminal is as it was, and nothing is left on."""
    script = (f"cd; stty -a > before; ({before.replace('$$', '$BASHPID')}{PROGRAM} -q); stty -a > after; "
              r"cmp before after && printf '\e[2J\e[Hsame\n'")
    terminal = start("-c", script, command="bash").wait_until(lambda lines: lines and lines[-1] == ">>>")
    terminal.keys("1\r").wait(">>> 1", "1", ">>>")
    leave(terminal)
    terminal.wait_until(lambda lines: lines == ["same"])
    for on, off in (b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?2026h", b"\x1b[?2026l"):
        assert terminal.received.rfind(on) <= terminal.received.rfind(off)
