"""The same keys give the same screen, however they come, and the screen is what a fresh one
would be."""

import random
import re
import time

import pytest

from terminal import KEY, SEED, share

BATCHES, SECONDS_OF_KEYS = share((12, 0), (0, 600))
CUTS, RESIZES, NONSENSE = share((3, 2, 3), (100, 50, 50))
CLEAR = re.compile(rb"(?:\r|\x08|\x1b\[\d*[ADG])*\x1b\[J\x1b\[H\x1b\[2J")

# What a person typed: text, wide characters, keys of all lengths.
RECORDING = (
    "def f(a, b):\rif a:\rreturn '你好' + b\relse:\rreturn '👩‍👩‍👧'\x1b[A\x1b[A\x1b[1;5D\x1bb\x05  # é\x1b[H\x1b[3C"
    "\x1b<\x05\x1b[D\x1b[D, c=3\x1b>\x1b\rx = 1\x17\x19\x19\x1f\x1b[1;3A\x1b[1;3B\x1b\x7f\x14\x1bu done")


def picture(terminal):
    screen = terminal.screen
    return terminal.lines(), (screen.cursor.y, screen.cursor.x)


def replay(start, settings, pieces):
    settings("escape-milliseconds = 60000\nsuggestions = off\nsignature = off\n")
    terminal = start(TERM="xterm-256color", NO_COLOR="").wait(">>>")
    for piece in pieces:
        terminal.press(piece)
    terminal.press("§".encode()).wait_until(lambda lines: "§" in "".join(lines))
    return picture(terminal)


def cut(chance):
    """At random, but before and after an Enter: a line with its end in one piece is a program's."""
    pieces = []
    for key in KEY.findall(RECORDING):
        data = key.encode()
        if key == "\r" or not pieces or pieces[-1] == b"\r" or len(pieces[-1]) > 4:
            pieces.append(data)
        else:
            at = chance.randrange(len(data) + 1)
            pieces[-1] += data[:at]
            pieces += [data[at:]] if data[at:] else []
    return pieces


def test_replay__byte_by_byte_and_in_random_pieces(start, settings):
    expected = replay(start, settings, [key.encode() for key in KEY.findall(RECORDING)])
    assert any("👩" in line for line in expected[0]) and any("你" in line for line in expected[0])
    assert replay(start, settings, [bytes([byte]) for byte in RECORDING.encode()]) == expected
    for seed in range(SEED, SEED + CUTS):
        assert replay(start, settings, cut(random.Random(seed))) == expected


@pytest.mark.parametrize("seed", range(SEED, SEED + RESIZES))
def test_replay__resized_at_random_moments(start, settings, seed):
    chance = random.Random(seed)
    settings("escape-milliseconds = 60000\nsuggestions = off\nsignature = off\n")
    terminal = start(TERM="xterm-256color", NO_COLOR="").wait(">>>")
    for key in KEY.findall(RECORDING):
        terminal.press(key.encode())
        if chance.random() < 0.1:
            terminal.resize(chance.randrange(2, 40), chance.randrange(4, 120))
    terminal.resize(24, 80).press(b"\x0c").press("§".encode())
    terminal.wait_until(lambda lines: "§" in "".join(lines) and lines[0] == ">>> def f(a, b, c=3):")
    expected = replay(start, settings, [*(key.encode() for key in KEY.findall(RECORDING)), b"\x0c"])
    assert picture(terminal) == expected


# Keys that run nothing, leave nothing, and show nothing that comes later.
HARMLESS = [
    "a", "b", " ", "(", ")", "'", '"', "#", "\\", "1", ":", "é", "你", "👩‍👩‍👧", "👍🏽", "e\u0301", "if x:", "def",
    "\x1b\r", "\x1b\r", "\x01", "\x02", "\x05", "\x06", "\x08", "\x0b", "\x0e", "\x10", "\x14", "\x15", "\x17", "\x19",
    "\x1f", "\x18r", "\x00", "\x18h", "\x18\x18", "\x1b[3~", "\x7f", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H",
    "\x1b[F", "\x1b[1;5C", "\x1b[1;5D", "\x1b[1;2C", "\x1b[1;2D", "\x1b[1;2A", "\x1b[1;2B", "\x1b[1;3A", "\x1b[1;3B",
    "\x1b[1;3C", "\x1b[1;3D", "\x1bb", "\x1bf", "\x1bd", "\x1bu", "\x1bl", "\x1bc", "\x1bt", "\x1by", "\x1bw", "\x1b;",
    "\x1b^", "\x1b<", "\x1b>", "\x1b{", "\x1b}", "\x1b[2~", "\x11\x0b", "\x1b3",
    "\x1b[200~p = [\r  1,\r]\x1b[201~", "\x1b[200~x\x1b[201~",
]
# Half of a character, or of a sequence: what comes behind it may become part of it.
HALF = [b"\xff", b"\xe2\x82", b"\xf0\x9f\x91", b"\xc3", b"\x80", b"\x1b[1;", b"\x1b[", b"\x1bO", b"\x1b]11;rgb", b"\x1bP1$r"]
ANY = [*(key.encode() for key in HARMLESS), *HALF]


def screens_around_redraw(terminal):
    """What stands there when the screen is cleared, and when it has been drawn anew: at the last
    two times that it is cleared before the bell rings."""
    for key in b"\x0c", b"\x0c", b"\x07":
        terminal.press(key)
    received = b""
    while len(CLEAR.findall(received)) < 2 or b"\a" not in CLEAR.split(received)[-1]:
        received += terminal.take()
    seen = []
    for part in CLEAR.split(received)[:-1]:
        terminal.stream.feed(part)
        screen = terminal.screen
        cells = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
        seen.append(cells)
        terminal.stream.feed(b"\x1b[H\x1b[2J")
    terminal.stream.feed(CLEAR.split(received)[-1])
    return *seen[-2:], received


def show(cells):
    return "\n".join("".join(cell.data for cell in row).rstrip() for row in cells).rstrip()


def test_random_keys__the_screen_is_as_a_fresh_one(start, settings):
    settings("signature = off\nprompt-marks = off\nescape-milliseconds = 60000\n")
    chance = random.Random(SEED)
    end = time.monotonic() + SECONDS_OF_KEYS
    terminal = start(TERM="xterm-256color", NO_COLOR="").wait(">>>")
    batches = 0
    while time.monotonic() < end or batches < BATCHES:
        keys = [chance.choice(ANY) for _ in range(chance.randrange(1, 30))]
        for key in [*keys, b"\x07", b"\x07"]:
            terminal.press(key)
        before, after, received = screens_around_redraw(terminal)
        top = len(show(before).split("\n")) - len(show(after).split("\n"))
        said = f"seed {SEED}, batch {batches}: {keys!r}\n{show(before)}\n--- and anew, from row {top} on:\n{show(after)}\n{received!r}"
        assert top >= 0, said
        assert show(before[top:]) == show(after), said
        assert before[top:] == after[:len(after) - top], said
        if chance.random() < 0.3:
            terminal.press(b"\x18h").press(b"\x1b[3;2~")
        if chance.random() < 0.1:
            terminal.resize(chance.randrange(3, 40), chance.randrange(10, 100))
        batches += 1
    print(f"{batches} batches of keys")


@pytest.mark.parametrize("seed", range(SEED, SEED + NONSENSE))
def test_random_bytes__harm_nothing(start, settings, seed):
    """Whatever comes from a terminal that has gone mad: the next line still runs."""
    settings("history = off\n")
    chance = random.Random(seed)
    terminal = start().wait(">>>")
    for _ in range(20):
        terminal.press(bytes(chance.choice([chance.randrange(256), 27, 91, 59, 49]) for _ in range(6))
                       .translate(None, b"\x03\x04\x0d\x0a\x0f\x1a\x05\x18\x12\x13P Q"))
    for piece in b"\x1b[201~", b"\x07", b"\x07", b"\x03", b"\x03":
        terminal.press(piece)
    terminal.wait_until(lambda lines: lines[-1] == ">>>").keys("6 * 7\r").wait(">>> 6 * 7", "42", ">>>")
