"""Control-Z while code runs, and signals that stop the program or end it."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from terminal import PROGRAM, SECONDS, state_of, worker_of

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")

IMPORT = "import os, signal, time\r"
# Runs until file `gate` is there, in the person's folder.
WAIT = "def wait():\n    print('on', flush=True)\n    while not os.path.exists('gate'): time.sleep(0.01)\n"


def wait_for(there):
    deadline = time.monotonic() + SECONDS
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Job:
    """The program as a job of an interactive shell."""

    def __init__(self, start, tmp_path):
        self.folder = tmp_path
        self.shell = start("--norc", "--noprofile", "-i", command="bash", PS1="sh$ ").wait("sh$")
        self.shell.type(f"cd; {PROGRAM} -q\r").wait_until(lambda lines: lines[-1] == ">>>")
        self.shell.keys(IMPORT).wait(">>> " + IMPORT.strip(), ">>>").paste(WAIT, then="\r")
        self.shell.wait_until(lambda lines: lines[-2:] == ["...", ">>>"])
        self.front = worker_of(self.shell.child.pid)
        self.worker = worker_of(self.front)

    def run(self, code, *last):
        self.shell.keys(code + "\r").wait_until(lambda lines: tuple(lines[-len(last):]) == last)

    def wait_stopped(self):
        """Until the shell has its prompt again: then all is stopped."""
        self.shell.wait_until(lambda lines: "Stopped" in "".join(lines[-3:]) and lines[-1] == "sh$")
        wait_for(lambda: state_of(self.front) == state_of(self.worker) == "T")

    def stop(self):
        self.shell.type("\x1a")
        self.wait_stopped()

    def go_on(self):
        """Until what was stopped last goes on: the program first, then the worker."""
        self.shell.type("clear; fg\r")
        wait_for(lambda: state_of(self.worker) != "T")
        self.shell.wait_until(lambda lines: lines[:1] == [f"{PROGRAM} -q"])

    def open_gate(self):
        (self.folder / "gate").touch()


@pytest.fixture
def job(start, tmp_path):
    return Job(start, tmp_path)


@needs_bash
def test_stop__a_loop_goes_on_when_the_shell_says_so(job):
    job.run("wait(); print('over')", "on")
    for _ in range(2):
        job.stop()
        job.go_on()
    job.stop()
    job.open_gate()
    assert state_of(job.worker) == "T"
    job.go_on()
    job.shell.wait("over", ">>>").keys("1\r").wait(">>> 1", "1", ">>>").keys("\x04").wait("sh$")


@needs_bash
def test_stop__input_reads_afterwards(job):
    job.run("name = input('name? ')", "name?")
    job.stop()
    job.go_on()
    job.shell.keys("spam\r").wait("spam", ">>>").keys("name\r").wait(">>> name", "'spam'", ">>>")


@needs_bash
def test_stop__a_command_is_stopped_too(job):
    job.shell.keys("!echo $$$$; read x; echo got $x\r").wait_until(lambda lines: lines[-1].isdigit())
    command = int(job.shell.lines()[-1])
    job.stop()
    wait_for(lambda: state_of(command) == "T")
    job.go_on()
    job.shell.keys("abc\r").wait("abc", "got abc", ">>>")


@needs_bash
def test_stop__a_program_on_the_whole_screen_draws_again(job):
    job.run("_ = signal.signal(signal.SIGWINCH, lambda *_: os.write(1, b'drawn\\n')); wait()", "on")
    job.stop()
    job.go_on()
    job.shell.wait("drawn")


@needs_bash
def test_stop__in_raw_mode_the_key_is_a_byte(job):
    job.run("import tty; _ = tty.setraw(0); print('on', flush=True); os.read(0, 1)", "on")
    job.shell.type("\x1a").wait_until(lambda lines: lines[-2].strip() == r"b'\x1a'" and lines[-1] == ">>>")


@needs_bash
def test_stop__a_shell_within_stops_its_own_job(job):
    job.run("!PS1='in$ ' bash --norc --noprofile -i", "in$")
    own = "sh -c 'echo reads; cat'"
    job.run(own, f"in$ {own}", "reads")
    job.shell.type("abc\r").wait("abc", "abc").type("\x1a")
    job.shell.wait_until(lambda lines: "Stopped" in lines[-2] and lines[-1] == "in$")
    assert state_of(job.worker) != "T"
    job.shell.type("fg\r").wait("in$ fg", own).type("def\r").wait_until(lambda lines: lines[-1] == "def")
    job.shell.type("\x04").wait("def", "in$")
    job.shell.type("exit\r").wait_until(lambda lines: lines[-1] == ">>>")


@needs_bash
@pytest.mark.parametrize("code, last", [("x = 5", ">>> x = 5"), ("wait()\r", "on")])
def test_stop__by_a_signal_from_outside(job, code, last):
    job.shell.keys(code).wait_until(lambda lines: lines[-1] == last)
    os.kill(job.front, signal.SIGTSTP)
    job.shell.wait_until(lambda lines: "Stopped" in "".join(lines[-3:]) and lines[-1] == "sh$")
    wait_for(lambda: state_of(job.front) == "T" and (last != "on" or state_of(job.worker) == "T"))
    job.open_gate()
    job.go_on()
    job.shell.keys("\r").wait_until(lambda lines: lines[-1] == ">>>")


@needs_bash
@pytest.mark.parametrize("ignored", [False, True], ids=["", "SIGHUP ignored"])
def test_stop__nothing_is_left_when_the_program_is_killed(job, ignored):
    if ignored:
        job.run("_ = signal.signal(signal.SIGHUP, signal.SIG_IGN)", ">>>")
    job.shell.keys("!echo $$$$; read x; echo got $x\r").wait_until(lambda lines: lines[-1].isdigit())
    command = int(job.shell.lines()[-1])
    job.stop()
    os.kill(job.front, signal.SIGKILL)
    wait_for(lambda: not state_of(job.worker) and not state_of(command))


def test_stop__without_a_shell_all_goes_on(start, tmp_path):
    """Nobody could continue it: its process group is orphaned."""
    gate = tmp_path / "gate"
    terminal = start("-q", GATE=str(gate)).wait(">>>").keys("import os, time\r").wait_until(lambda lines: len(lines) == 2)
    terminal.paste(WAIT.replace("'gate'", "os.environ['GATE']"), then="\r").wait("...", ">>>")
    terminal.keys("wait()\r").wait("on").keys("\x1a")
    gate.touch()
    terminal.wait("on", ">>>").keys("1\r").wait(">>> 1", "1", ">>>")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("when", ["at the prompt", "while code runs"])
def test_end__by_the_signal_that_asked_for_it(start, number, when):
    terminal = start().wait(">>>")
    if when == "while code runs":
        terminal.keys("import time; print('on', flush=True); time.sleep(1000)\r").wait("on")
    worker = worker_of(terminal.child.pid)
    os.kill(terminal.child.pid, number)
    assert terminal.end() == -number
    assert not state_of(worker)


@pytest.mark.parametrize("keys, shown", [
    ("abc", (">>> abc",)), ("if x:\ry", (">>> if x:", "...     y")), ("abc\x12", ("history:",)),
    ("import time; print('on', flush=True); time.sleep(1000)\r", ("on",))])
def test_interrupt__from_outside_is_one(start, keys, shown):
    terminal = start().wait(">>>").keys(keys).wait(*shown)
    os.kill(terminal.child.pid, signal.SIGINT)
    terminal.wait("KeyboardInterrupt", ">>>").keys("1\r").wait(">>> 1", "1", ">>>")


def test_interrupt__of_a_pager_is_its_own(start):
    terminal = start(PAGER="trap '' INT; kill -INT 0; head -n 9; exit 0 #").wait(">>>").keys("\x1bOP")
    terminal.wait_until(lambda lines: any("beginning-of-line" in line for line in lines) and lines[-1] == ">>>")
    terminal.keys("1\r").wait(">>> 1", "1", ">>>")
    assert "KeyboardInterrupt" not in terminal.lines()


def test_end__by_a_signal_leaves_the_other_screen(start):
    terminal = start().wait(">>>").keys("print('\\033[?1049h' 'on', flush=True); import time; time.sleep(1000)\r")
    terminal.wait_until(lambda lines: b"\x1b[?1049hon" in terminal.received)
    os.kill(terminal.child.pid, signal.SIGTERM)
    assert terminal.end() == -signal.SIGTERM
    assert b"\x1b[?1049l" in terminal.received


def test_end__by_a_signal_while_the_terminal_takes_nothing(start):
    terminal = start().wait(">>>").keys("while True: print('x' * 1000)\r\r")
    worker = worker_of(terminal.child.pid)
    terminal.wait_until(lambda lines: lines[-1].startswith("xxx"))
    os.kill(terminal.child.pid, signal.SIGTERM)
    wait_for(lambda: not state_of(worker))
    assert terminal.end() == -signal.SIGTERM
