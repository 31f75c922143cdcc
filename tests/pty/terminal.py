"""A program on a terminal of its own, and the screen that its user sees."""

import os
import sys
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect")
pyte = pytest.importorskip("pyte")

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = str(ROOT / os.environ.get("PYCONSOLE_BUILD", "build") / "pyconsole")
ROWS, COLUMNS = 24, 80
SECONDS = 60


def wait_asleep(pid):
    """Until a process waits for input.

    CPython's readline module looks at signals only where one wakes it up: a Control-C that comes
    while it still draws a line is not seen before the next key. A person is not that fast.
    """
    stat = Path(f"/proc/{pid}/stat")
    while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "R":
        pass


class Terminal:
    """Keys in, screen out. Waits for what it was told to wait for, never for time to pass."""

    def __init__(self, command, args, env):
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.child = pexpect.spawn(command, args, env=env, dimensions=(ROWS, COLUMNS),
                                   timeout=SECONDS)
        self.child.delaybeforesend = None

    def lines(self):
        """What is on the screen, without the empty rest."""
        lines = [line.rstrip() for line in self.screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def read(self):
        try:
            self.stream.feed(self.child.read_nonblocking(65536, timeout=SECONDS))
        except pexpect.TIMEOUT:
            pytest.fail("nothing more came; the screen:\n" + "\n".join(self.lines()))

    def wait(self, *last):
        """Until these lines are the last on the screen."""
        return self.wait_until(lambda lines: tuple(lines[-len(last):]) == last)

    def wait_until(self, there):
        """Until `there` is true of the lines on the screen."""
        try:
            while not there(self.lines()):
                self.read()
        except pexpect.EOF:
            pytest.fail("the program has ended; the screen:\n" + "\n".join(self.lines()))
        return self

    def type(self, keys):
        self.child.send(keys)
        return self

    def interrupt(self):
        """Type Control-C at a prompt."""
        wait_asleep(self.child.pid)
        return self.type("\x03")

    def end(self):
        """Until the program has ended: its exit status, or minus the signal."""
        try:
            while True:
                self.read()
        except pexpect.EOF:
            pass
        self.child.close()
        if self.child.signalstatus is not None:
            return -self.child.signalstatus
        return self.child.exitstatus
