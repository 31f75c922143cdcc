"""A program on a terminal of its own, and the screen that its user sees."""

import fcntl
import os
import re
import select
import struct
import termios
import time
import unicodedata
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect")
pyte = pytest.importorskip("pyte")

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = str(ROOT / os.environ.get("PYCONSOLE_BUILD", "build") / "pyconsole")
ROWS, COLUMNS = 24, 80
SECONDS = int(os.environ.get("PYCONSOLE_SECONDS", "60"))
SEED = int(os.environ.get("PYCONSOLE_SEED", "1"))


def share(short, long):
    """How much of a test that could go on for ever is run: more of it by `make long`."""
    return long if os.environ.get("PYCONSOLE_LONG") else short


def state_of(pid):
    """Its letter in /proc; "" when the process is gone, or is only not reaped yet."""
    try:
        letter = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if letter in "ZX" else letter


def wait_asleep(pid):
    """Until a process waits for input.

    CPython's readline module looks at signals only where one wakes it up: a Control-C that comes
    while it still draws a line is not seen before the next key. A person is not that fast.
    """
    while state_of(pid) == "R":
        pass


# The number of the terminal behind a controlling side: linux/ioctl.h has it, `termios` does not.
TIOCGPTN = 0x80045430
# A key, as a terminal sends it: in one piece.
KEY = re.compile(r"\x1b\[[0-9;<>?]*[A-Za-z~^$]|\x1bO.|\x1b.|.", re.DOTALL)
# Keys closer together than this may be taken for a program that types (src/repl/burst.c).
BETWEEN_KEYS = 0.012


def name_of(controller):
    """The path of the terminal behind a controlling side. The program on it may be over already, so
    it is not asked."""
    return "/dev/pts/%d" % struct.unpack("i", fcntl.ioctl(controller, TIOCGPTN, bytes(4)))


def waiting_bytes(path):
    """How many bytes a terminal has that its program has not read yet; none where it is gone."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return 0
    try:
        return struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, bytes(4)))[0]
    finally:
        os.close(fd)


def bytes_read(pid):
    """How many bytes a process has read by now, wherever."""
    return int(re.search(r"rchar: (\d+)", Path(f"/proc/{pid}/io").read_text())[1])


def worker_of(pid):
    """The process that holds the Python of a prompt, which is there before that."""
    end = time.monotonic() + SECONDS
    while True:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children or time.monotonic() > end:
            return int(children[0])
        time.sleep(0.005)


class Screen(pyte.Screen):
    """pyte's, with emoji that are joined or modified in the cells of their first one, which is
    all that the cells keep of them, and with combining characters in the last column, where
    pyte begins a new line for them."""

    JOINER = "\u200d"
    drawn = ""

    def cursor_to_column(self, *args, **more):
        self.drawn = ""  # what comes now is drawn by itself
        super().cursor_to_column(*args, **more)

    def is_joined(self, char):
        return (char in (self.JOINER, "\ufe0f") or self.drawn == self.JOINER
                or "\U0001f3fb" <= char <= "\U0001f3ff")

    def combine(self, char):
        row = self.buffer[self.cursor.y]
        last = row[self.columns - 1]
        row[self.columns - 1] = last._replace(data=unicodedata.normalize("NFC", last.data + char))

    def draw(self, data):
        for char in data:
            if unicodedata.combining(char) and self.cursor.x == self.columns:
                self.combine(char)
            elif not self.is_joined(char):
                super().draw(char)
            self.drawn = char


class Terminal:
    """Keys in, screen out. Waits for what it was told to wait for, never for time to pass."""

    def __init__(self, command, args, env, rows=ROWS, columns=COLUMNS, echo=True):
        self.screen = Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.received = b""
        self.held = b""
        self.child = pexpect.spawn(command, args, env=env, dimensions=(rows, columns),
                                   timeout=SECONDS, echo=echo)
        self.child.delaybeforesend = None
        self.path = name_of(self.child.child_fd)

    def lines(self):
        """What is on the screen, without the empty rest."""
        lines = [line.rstrip() for line in self.screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def take(self):
        """What has come and is not on the screen yet, or what comes next."""
        taken, self.held = self.held, b""
        return taken or self.child.read_nonblocking(65536, timeout=SECONDS)

    def read(self):
        try:
            received = self.take()
            self.received += received
            self.stream.feed(received)
        except pexpect.TIMEOUT:
            pytest.fail("nothing more came; the screen:\n" + "\n".join(self.lines()))

    def take_what_is_there(self):
        while select.select([self.child.child_fd], [], [], 0)[0]:
            self.read()
        return self

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

    def keys(self, *keys):
        """Type as a person does: key by key, each after the one before it has been read.

        The pause is what tells a person from a program; nothing is waited for by it.
        """
        for key in KEY.findall("".join(keys)):
            self.type_piece(key.encode())
        return self

    def type_piece(self, data):
        self.child.send(data)
        deadline = time.monotonic() + SECONDS
        while waiting_bytes(self.path) > 0 and self.child.isalive():
            assert time.monotonic() < deadline, f"{data!r} is not read"
            time.sleep(0.001)
        time.sleep(BETWEEN_KEYS)
        return self

    def press(self, data):
        """Type a piece by itself: bytes that the kernel has not passed on yet do not count as read.
        What the program writes meanwhile is taken, as by any terminal."""
        before = bytes_read(self.child.pid)
        self.child.send(data)
        deadline = time.monotonic() + SECONDS
        while bytes_read(self.child.pid) < before + len(data) or waiting_bytes(self.path) > 0:
            assert time.monotonic() < deadline, f"{data!r} is not read"
            if select.select([self.child.child_fd], [], [], 0)[0]:
                self.held += self.child.read_nonblocking(65536, timeout=0)
        time.sleep(BETWEEN_KEYS)
        return self

    def paste(self, text, then=""):
        """Paste as a terminal does where it was asked for brackets."""
        return self.type("\x1b[200~" + text.replace("\n", "\r") + "\x1b[201~" + then)

    def cursor(self):
        return self.screen.cursor.y, self.screen.cursor.x

    def wait_cursor(self, column, row=None):
        """Until the cursor is there; a row counts from the last line on the screen: -1."""
        def there(lines):
            y, x = self.cursor()
            return x == column and (row is None or y == len(lines) + row)
        return self.wait_until(there)

    def resize(self, rows, columns):
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)
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
