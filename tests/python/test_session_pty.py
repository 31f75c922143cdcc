"""Sessions whose descriptors are a terminal of their own."""

import contextlib
import hashlib
import os
import re
import signal
import sys

import pytest
from pyconsole.session import Session
from sessions import SECONDS, events_of, gone, run, started, stat_of, wait_until

ECHO_OFF = ("import termios\nattributes = termios.tcgetattr(0)\n"
            "attributes[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG)\n"
            "termios.tcsetattr(0, termios.TCSANOW, attributes)\n")


@pytest.fixture
def terminal():
    with Session(pty=(24, 80)) as session:
        yield session.wait_ready(SECONDS)


def until(request, text):
    """The request, when it has printed the text."""
    while text not in request.output:
        assert request.session.next_event(SECONDS) is not None, request.output
        assert request.outcome is None, request.output
    return request


def test_descriptors_are_a_terminal(terminal):
    request = run(terminal, "import os, sys\n"
                            "[os.isatty(fd) for fd in (0, 1, 2)]\n"
                            "[stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)]\n"
                            "os.ttyname(0) == os.ttyname(1) == os.ttyname(2) != '/dev/tty'\n"
                            "os.open('/dev/tty', os.O_RDWR) > 2\n"
                            "os.tcgetpgrp(0) == os.getpgrp() == os.getsid(0) == os.getpid()\n"
                            "tuple(os.get_terminal_size())\n")
    assert request.values == ["[True, True, True]"] * 2 + ["True"] * 3 + ["(80, 24)"]


def test_output_is_in_order_with_values(terminal):
    request = run(terminal, """
import os, subprocess, sys
print("one")
print("two", file=sys.stderr)
1
_ = os.write(1, b"three\\n")
_ = subprocess.run(["echo", "four"])
2
print("five", end="")
3
""")
    assert events_of(request) == [
        ("OUTPUT", 1, "one\r\ntwo\r\n"), ("RESULT", 0, "1"),
        ("OUTPUT", 1, "three\r\nfour\r\n"), ("RESULT", 0, "2"),
        ("OUTPUT", 1, "five"), ("RESULT", 0, "3"), ("DONE", 0, "")]


def test_much_output_comes_whole(terminal):
    request = run(terminal, "for i in range(30000): print(i, 'é' * (i % 50))")
    assert request.output == "".join(f"{i} {'é' * (i % 50)}\r\n" for i in range(30000))


def test_input_reads_from_the_terminal(terminal):
    request = until(terminal.execute("name = input('name? '); name"), "name? ")
    terminal.write("Ada\r")
    assert request.wait(SECONDS).values == ["'Ada'"]
    assert request.output == "name? Ada\r\n"
    request = terminal.execute("import sys; sys.stdin.readline()")
    terminal.write(b"line\r")
    assert request.wait(SECONDS).values == [r"'line\n'"]


def test_getpass_shows_nothing(terminal):
    request = until(terminal.execute("import getpass; getpass.getpass()"), "Password: ")
    terminal.write("secret\r")
    assert request.wait(SECONDS).values == ["'secret'"]
    assert request.output == "Password: \r\n"


def test_end_of_input_is_typed(terminal):
    request = until(terminal.execute("input('? ')"), "? ")
    terminal.write("\4")
    assert request.wait(SECONDS).error.name == "EOFError"


@pytest.mark.parametrize("source", ["while True: pass", "input()", "import time; time.sleep(1000)",
                                    "import subprocess; subprocess.run(['sleep', '1000'])"])
def test_interrupts(terminal, source):
    """By the key, and by a request. One that comes just before a system call is CPython's
    to lose, so that people press the key again."""
    for interrupt in (lambda: terminal.write("\3"), terminal.interrupt):
        request = until(terminal.execute("print('begun', flush=True)\n" + source), "begun")
        while request.outcome is None:
            interrupt()
            with contextlib.suppress(TimeoutError):
                request.wait(1)
        assert request.outcome == "interrupted"
        assert run(terminal, "1").values == ["1"]


def test_an_interrupt_that_comes_just_before_a_call_is_not_lost(terminal):
    """Asked for once, at the moment when code comes to read."""
    for _ in range(200):
        request = until(terminal.execute("input('? ')"), "? ")
        request.interrupt()
        assert request.wait(SECONDS).outcome == "interrupted"


def test_an_interrupt_at_the_prompt_is_nobodys(terminal):
    run(terminal, "import os; pid = os.getpid()")
    terminal.write("\3")
    os.kill(terminal.pid, signal.SIGINT)
    request = run(terminal, "pid")
    assert request.values or run(terminal, "pid").values
    assert "Exception ignored" not in request.output


def test_curses(terminal):
    request = until(terminal.execute(
        "import os; os.environ['TERM'] = 'xterm'\nimport curses\nscreen = curses.initscr()\n"
        "curses.raw(); screen.addstr(2, 3, 'here'); screen.refresh()\n"
        "key = screen.getch()\ncurses.endwin()\nkey\n"), "here")
    terminal.write("q")
    assert request.wait(SECONDS).values[-1] == str(ord("q"))


def test_a_shell_has_job_control(terminal, tmp_path):
    request = until(terminal.execute(
        "import subprocess\nsubprocess.run(['bash', '--norc', '-i'], env={'PS1': '$ '}).returncode"),
        "$ ")
    job = tmp_path / "job.py"
    job.write_text("import os, time\nprint('begun', flush=True)\n"
                   "while not os.path.exists('file'): time.sleep(0.01)\nprint('back')\n")
    terminal.write(f"cd {tmp_path}; {sys.executable} job.py\r")
    until(request, "begun")
    terminal.write("\x1a")
    until(request, "Stopped")
    (tmp_path / "file").touch()
    terminal.write("fg\r")
    until(request, "back\r\n$ ")
    terminal.write("exit 5\r")
    assert request.wait(SECONDS).values == ["5"]
    assert "no job control" not in request.output
    assert run(terminal, "import os; os.tcgetpgrp(0) == os.getpgrp()").values == ["True"]


def test_the_terminal_is_taken_back_from_a_child(terminal):
    request = run(terminal, "import os, subprocess, signal\n"
                            "child = subprocess.Popen(['sleep', '1000'], process_group=0)\n"
                            "os.tcsetpgrp(0, child.pid)\n"
                            "child.kill(); child.wait()\n")
    assert request.values == ["-9"]
    request = until(terminal.execute("input('? ')"), "? ")
    terminal.write("back\r")
    assert request.wait(SECONDS).values == ["'back'"]


def test_resize(terminal):
    request = until(terminal.execute(
        "import os, signal\nchanged = {signal.SIGWINCH}\n"
        "_ = signal.pthread_sigmask(signal.SIG_BLOCK, changed)\n"
        "print('begun', flush=True)\n"
        "_ = signal.sigwait(changed)\ntuple(os.get_terminal_size())\n"), "begun")
    terminal.resize(50, 132)
    assert request.wait(SECONDS).values == ["(132, 50)"]
    with pytest.raises(ValueError):
        terminal.resize(1 << 16, 80)


def test_suspend_and_resume(terminal):
    """The process, what it started, and what is in the foreground hears that it goes on."""
    request = until(terminal.execute(
        "import signal, subprocess\nchanged = {signal.SIGWINCH}\n"
        "_ = signal.pthread_sigmask(signal.SIG_BLOCK, changed)\n"
        "with subprocess.Popen(['cat']) as child:\n"
        "    print('begun', child.pid, end=';', flush=True)\n"
        "    _ = signal.sigwait(changed)\n    child.kill()\n"), ";")
    child = int(re.search(r"begun (\d+);", request.output)[1])
    terminal.suspend()
    wait_until(lambda: stat_of(terminal.pid)[0] == stat_of(child)[0] == "T")
    terminal.resume()
    assert request.wait(SECONDS).outcome == "ok"
    assert run(terminal, "1").values == ["1"]


def test_suspended__it_can_be_killed_and_then_not_be_suspended(terminal):
    terminal.suspend()
    wait_until(lambda: stat_of(terminal.pid)[0] == "T")
    terminal.kill()
    wait_until(lambda: terminal.died or not terminal.next_event(1))
    assert terminal.died.status == -signal.SIGKILL and terminal.suspend_key is None
    for call in terminal.suspend, terminal.resume:
        with pytest.raises(BrokenPipeError):
            call()


def test_suspend_key(terminal):
    """It is the terminal's, where there is one, and what runs does not stop by itself."""
    assert terminal.suspend_key == b"\x1a"
    stty = "import subprocess; subprocess.run(['stty', {}]).returncode"
    for words, key in ("'susp', '^y'", b"\x19"), ("'susp', 'undef'", None), ("'susp', '^z', '-isig'", None), \
            ("'isig'", b"\x1a"):
        run(terminal, stty.format(words))
        assert terminal.suspend_key == key
    request = until(terminal.execute(
        "import os\nchild = subprocess.Popen(['sleep', '1000'], process_group=0)\n"
        "os.tcsetpgrp(0, child.pid)\nprint('begun', flush=True)\n_ = child.wait()\n"), "begun")
    assert terminal.suspend_key is None
    terminal.write("\3")
    assert request.wait(SECONDS).outcome == "ok"
    assert terminal.suspend_key == b"\x1a"
    with Session() as session:
        assert session.suspend_key is None


def test_what_is_typed_waits_and_has_a_limit(terminal):
    """The code reads nothing at first: what was typed is neither lost nor without bounds."""
    run(terminal, ECHO_OFF)
    text = "".join(f"{i:07}\n" for i in range(40_000))
    go_on = terminal.execute("print('begun', flush=True)\nimport os\ngot = b''\n"
                             f"while len(got) < {len(text)}: got += os.read(0, 65536)\n"
                             "import hashlib; hashlib.sha1(got).hexdigest()\n")
    terminal.write(text)
    assert go_on.wait(SECONDS).values == [repr(hashlib.sha1(text.encode()).hexdigest())]
    with pytest.raises(ValueError):
        for _ in range(40):
            terminal.write("x" * 65536)
    assert run(terminal, "1").values == ["1"]


def test_an_echo_in_the_middle_of_marks_loses_no_event(terminal):
    """Keys are echoed while values are shown: each comes, whatever becomes of its mark."""
    request = started(terminal, "BEGUN\nfor i in range(3000): i")
    while request.outcome is None:
        terminal.write("x")
        terminal.next_event(SECONDS)
    assert request.values == [str(i) for i in range(3000)]


@pytest.mark.parametrize("other", ["os.pipe()[0]", "os.open(NAME, os.O_RDONLY)"])
def test_what_code_puts_in_the_place_of_its_terminal_is_not_read(tmp_path, other):
    (tmp_path / "other").write_text("nobody typed this\n")
    with Session(pty=(24, 80), prompts=True) as session:
        request = run(session, "import os\n"
                               f"_ = os.dup2({other.replace('NAME', repr(str(tmp_path / 'other')))}, 0)")
        assert (request.outcome, request.done.detail) == ("ok", "")
        assert run(session, "os.lseek(0, 0, os.SEEK_CUR) if os.path.isfile('/dev/stdin') else 0").values == ["0"]


@pytest.mark.parametrize("settings", ["olcuc", "-opost", "raw -echo", "tab3", "onlret"])
def test_any_setting_of_the_terminal(terminal, settings):
    request = run(terminal, f"import subprocess\nsubprocess.run('stty {settings}', shell=True)"
                            ".returncode\nprint('one', end=' ')\n'two'\n")
    assert request.values == ["0", "'two'"]
    assert run(terminal, "1").values == ["1"]


def test_clone_has_a_terminal_of_its_own(terminal):
    terminal.resize(30, 90)
    run(terminal, "import os, termios\nname = os.ttyname(0)\n" + ECHO_OFF)
    with terminal.clone() as clone:
        request = run(clone, "name == os.ttyname(0), tuple(os.get_terminal_size()), "
                             "bool(termios.tcgetattr(0)[3] & termios.ECHO), "
                             "os.tcgetpgrp(0) == os.getpgrp() == os.getpid()")
        assert request.values == ["(False, (90, 30), False, True)"]
        request = until(clone.execute("print('? ', end='', flush=True); os.read(0, 9)"), "? ")
        terminal.write("theirs")
        clone.write("mine")
        assert request.wait(SECONDS).values == ["b'mine'"]
        terminal.kill()
        assert run(clone, "1").values == ["1"]


@pytest.mark.parametrize("source, status", [
    ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -9), ("import os; os._exit(3)", 3),
    ("exit(4)", 4), ("import os; os.closerange(0, 3); os._exit(5)", 5)])
def test_death_loses_nothing_that_was_printed(terminal, source, status):
    request = terminal.execute("for i in range(300): print(i)\nimport sys; sys.stdout.flush()\n"
                               + source)
    wait_until(lambda: terminal.died or not terminal.next_event(1))
    assert terminal.died.status == status
    assert request.output == "".join(f"{i}\r\n" for i in range(300))
    with pytest.raises(BrokenPipeError):
        terminal.write("x")


def test_children_go_with_the_session(terminal):
    pid = int(run(terminal, "import subprocess\nsubprocess.Popen(['sleep', '1000']).pid").values[0])
    terminal.free()
    wait_until(lambda: gone(pid))


def test_a_session_without_a_terminal():
    with Session() as session:
        with pytest.raises(ValueError):
            session.write("x")
        with pytest.raises(ValueError):
            session.resize(24, 80)


def test_arguments_and_environment(monkeypatch):
    monkeypatch.setenv("GONE", "1")
    monkeypatch.setenv("CHANGED", "1")
    with Session(arguments=["-O", "-X", "dev", "-I"],
                 environment={"CHANGED": "2", "GONE": None, "NEW": "a=b", "PYTHONX": "é"}) as session:
        request = run(session, "import os, sys\n__debug__, sys.flags.dev_mode, sys.flags.isolated\n"
                               "[os.environ.get(n) for n in ('CHANGED', 'GONE', 'NEW', 'PYTHONX')]")
        assert request.values == ["(False, True, 1)", "['2', None, 'a=b', 'é']"]
    with Session(sys.executable, arguments=["--no-such-option"]) as session:
        wait_until(lambda: session.died or not session.next_event(1))
        assert session.died.status == 2
