"""Workers that die: at each byte of a conversation, of each cause; and hosts that die."""

import contextlib
import re
import signal
import subprocess
import sys

import pytest
from conftest import PACKAGE
from pyconsole.session import Session
from sessions import SANITIZED, ended, gone, run, wait_until

# A conversation, as tests/tools/worker.c plays it after the hello.
CONVERSATION = """\
mark 1
3 {"event":"ready","version":1,"text":"3.13.5","name":"python","pid":1,"turn":1}
read
mark 2
3 {"event":"start","request":1,"turn":2}
1 one
2 two
mark 3
3 {"turn":3}
1 three
mark 4
3 {"event":"result","text":"42","turn":4}
1 four é
mark 5
3 {"event":"input","request":1,"status":0,"turn":5}
read
2 five
mark 6
3 {"event":"error","text":"Traceback","name":"E","detail":"d","turn":6}
mark 7
3 {"event":"done","request":1,"name":"error","turn":7}
1 six
"""
MARK = 67  # bytes


def said(count):
    """What stands in the conversation's first bytes: printed on 1 and on 2, whole messages."""
    printed, messages = {"1": b"", "2": b""}, []
    for line in CONVERSATION.encode().splitlines(keepends=True):
        kind, _, rest = line.partition(b" ")
        kind = kind.strip().decode()
        if kind == "mark":
            for stream in "12":
                piece = min(count, MARK)
                count -= piece
                if piece < MARK:
                    printed[stream] += b"?" * piece  # no mark: whatever it is, it is output
        elif kind != "read":
            piece = rest[:count]
            count -= len(piece)
            if kind in "12":
                printed[kind] += piece
            elif piece.endswith(b"\n"):
                messages.append(re.findall(rb'"event":"(\w+)"', piece))
    return printed, [found[0].decode().upper() for found in messages if found]


def length():
    lines = CONVERSATION.encode().splitlines(keepends=True)
    return sum(2 * MARK if line.startswith(b"mark") else 0 if line == b"read\n" else len(line) - 2
               for line in lines)


def play(script, count, number):
    return Session(PACKAGE.parent / "tests/tools/worker", package=f"play:{count}:{number}:{script}",
                   on_input=lambda _session, _event: "line")


def bytes_of(events, stream):
    """What was printed; of a mark that was cut only that there was something."""
    text = "".join(event.text for event in events if event.kind == "OUTPUT"
                   and event.stream == stream)
    return re.sub(rb"\033.*", lambda cut: b"?" * len(cut[0]), text.encode(), flags=re.DOTALL)


@pytest.mark.parametrize("number", [signal.SIGKILL, 0])
def test_death_at_each_byte_of_a_conversation(tmp_path, number):
    script = tmp_path / "script"
    script.write_text(CONVERSATION)
    for count in range(1, length() + 1):
        events = []
        with play(script, count, number) as session:
            session.on_event = lambda _session, event, events=events: events.append(event)
            with contextlib.suppress(BrokenPipeError):  # it may have died already
                session.execute("1")
            assert ended(session) == -number
            kinds = [event.kind for event in events if event.kind != "OUTPUT"]
            printed, messages = said(count)
            assert [kind for kind in messages if kind != "START"] + ["DIED"] == kinds, count
            for stream in "12":
                # The end of a character that was cut is an escape; the rest is as it was.
                whole = printed[stream].decode("utf-8", "backslashreplace").encode()
                assert bytes_of(events, int(stream)) == whole, count
            assert [event.sequence for event in events] == list(range(1, len(events) + 1))
            with pytest.raises((BrokenPipeError, ValueError)):
                session.execute("2")


# What a host leaves behind that is killed: a session that runs, a clone of it, a clone of
# that, and a child of each. It prints their numbers.
HOST = """
import contextlib, time
from pyconsole.session import Session

def start(session, then):
    request = session.execute("import subprocess, os\\n"
                              "print(os.getpid(), subprocess.Popen(['sleep', '1000']).pid)")
    print(request.wait().output, end="", flush=True)
    session.execute(then)

with contextlib.ExitStack() as stack:
    first = stack.enter_context(Session())
    second = stack.enter_context(first.clone())
    third = stack.enter_context(second.clone())
    third.wait_ready()
    start(third, "while True: pass")
    start(second, "import time; time.sleep(1000)")
    start(first, "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); sum(range(10**11))")
    print("ready", flush=True)
    time.sleep(1000)
"""


def test_nothing_is_left_when_the_host_is_killed():
    with subprocess.Popen([sys.executable, "-c", HOST], stdout=subprocess.PIPE, text=True) as host:
        pids = [int(pid) for line in iter(host.stdout.readline, "ready\n") for pid in line.split()]
        assert len(pids) == 6 and not any(map(gone, pids))
        host.kill()
    wait_until(lambda: all(map(gone, pids)))


# ------------------------------------------------------------------ out of memory

HUNGRY = {
    "megabytes": "while True: x.append(bytearray(1 << 20))",
    "lists": "while True: x.append([0] * 100)",
    "chain": "while True: x = (x,)",
    "all of it": "for size in (1 << 24, 1 << 20, 1 << 16, 1 << 12, 64, 8, 1):\n"
                 "    try:\n        while True: x.append(bytes(size))\n"
                 "    except MemoryError: pass\nraise MemoryError\n",
}

CRASHING = {"chain": (3, 13), "all of it": (3, 15)}  # since when; without any of this, too


@pytest.mark.skipif(SANITIZED, reason="the sanitizer takes terabytes of address space")
@pytest.mark.parametrize("name", HUNGRY)
def test_code_that_takes_all_memory(name):
    """It gets its error, which is shown, and the session goes on: the worker has some spare."""
    if sys.version_info >= CRASHING.get(name, (4,)):
        pytest.skip("CPython itself crashes later on, when its small blocks ran out once")
    with Session(memory=128 << 20) as session:
        request = run(session, f"print('before')\nx = []\n{HUNGRY[name]}")
        assert (request.outcome, request.output) == ("error", "before\n")
        assert request.error.name == "MemoryError"
        assert request.error.text.endswith("MemoryError\n")
        assert run(session, "x = None\n6 * 7").values == ["42"]


def test_what_is_too_long_for_a_message(session):
    request = run(session, "'x' * (65 << 20)")
    assert (request.error.name, request.error.detail) == (
        "ValueError", "the value is too long to show")
    request = run(session, "raise KeyError('x' * (65 << 20))")
    assert (request.outcome, request.error.name) == ("error", "KeyError")
    assert request.error.text == "(an error too long to show)\n"
    assert run(session, "6 * 7").values == ["42"]
