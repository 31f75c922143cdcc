"""What can be interrupted, what only a kill ends, and that an interrupt means one request."""

import queue
import signal
import threading

import pytest
from pyconsole.session import Session
from sessions import SECONDS, processor_seconds, run, started, wait_until

# Each runs for ever, and Python can stop it.
STUCK = {
    "loop": "while True: pass",
    "sleep": "time.sleep(1000)",
    "recv": "a, b = socket.socketpair(); a.recv(1)",
    "lock": "l = threading.Lock(); l.acquire(); l.acquire()",
    "child": "subprocess.run(['sleep', '1000'])",
    "input": "input()",
    "event": "threading.Event().wait()",
    "join": "t = threading.Thread(target=time.sleep, args=(1000,), daemon=True); t.start(); t.join()",
    "regex": "re.match('(a*)*b', 'a' * 40)",
}
# What no signal handler of Python's ever gets to: the interpreter is in C all the time.
STUCK_IN_C = {"sum": "sum(range(10**11))"}
IMPORTS = "import re, signal, socket, subprocess, threading, time\n"


@pytest.fixture
def asked():
    """A session whose input() is never answered."""
    with Session(on_input=lambda _session, _event: None) as session:
        session.on_input = None
        yield session.wait_ready(SECONDS)


@pytest.mark.parametrize("name", STUCK)
def test_interrupt(asked, name):
    request = started(asked, f"{IMPORTS}BEGUN\n{STUCK[name]}")
    request.interrupt()
    assert request.wait(SECONDS).outcome == "interrupted"
    assert request.error.name == "KeyboardInterrupt"
    assert run(asked, "6 * 7").values == ["42"]


@pytest.mark.parametrize("name", STUCK)
def test_interrupt_of_what_catches_it(asked, name):
    """The ladder's first step is caught, and the second ends it."""
    request = started(asked, f"{IMPORTS}try:\n    BEGUN\n    {STUCK[name]}\n"
                             "except KeyboardInterrupt:\n    while True: pass\n")
    asked.stop(3)
    assert request.wait(SECONDS).outcome == "interrupted"
    assert request.done.status == 2
    assert run(asked, "6 * 7").values == ["42"]


@pytest.mark.parametrize("name", STUCK_IN_C)
def test_what_stays_in_c_is_killed(session, name):
    request = started(session, f"{IMPORTS}BEGUN\n{STUCK_IN_C[name]}")
    begun = processor_seconds(session.pid)
    wait_until(lambda: processor_seconds(session.pid) > begun + 0.05)  # it is in there
    session.stop(0.1)
    assert request.wait(SECONDS).outcome == "died"
    assert (session.died.status, session.died.name) == (-signal.SIGKILL, "stopped")
    assert request.output == "begun\n"


def test_interrupt_just_before_the_wait_for_input(asked):
    """It comes when the request for a line goes out, and not while the line is waited for."""
    request = asked.execute("""
import _thread, sys

class Stream:
    flushed = 0

    def flush(self):
        self.flushed += 1
        if self.flushed == 2:  # the first is that of the stream, the second of the message
            _thread.interrupt_main()

sys.stdout = Stream()
sys.stdin.buffer.raw.readinto(bytearray(8))
""")
    assert request.wait(SECONDS).outcome == "interrupted"


def test_interrupt_while_a_value_is_shown(session):
    """CPython looks at signals after a call, and not after it has shown a value."""
    request = session.execute("""
import _thread, sys, threading

class Stream:
    def flush(self):
        sys.stdout = sys.__stdout__
        _thread.interrupt_main()

lock = threading.Lock()
sys.stdout = Stream()
if lock:
    lock.acquire()
    lock.acquire()
""")
    assert request.wait(SECONDS).outcome == "interrupted"
    assert request.values == ["True"]


def test_interrupts_raced_against_the_ends_of_requests(session):
    """Thousands, from another thread, at requests that are about to end: each is felt by the
    one that it means, or by none, and the request that follows is whole."""
    to_interrupt = queue.SimpleQueue()

    def interrupt_each():
        while (request := to_interrupt.get()) is not None:
            for _ in range(3):
                request.interrupt()

    answers = []
    session.on_event = lambda _session, event: event.kind == "INTERRUPT" and answers.append(
        event.name)
    outcomes = set()
    thread = threading.Thread(target=interrupt_each)
    thread.start()
    try:
        for turn in range(1000):
            request = session.execute("x = 1")
            to_interrupt.put(request)
            following = session.execute("y = list(range(50)); print(len(y)); y[-1]")
            following.wait(SECONDS)
            assert (following.outcome, following.output, following.values) == (
                "ok", "50\n", ["49"]), turn
            outcomes.add(request.outcome)
    finally:
        to_interrupt.put(None)
        thread.join()
    while len(answers) < 3000:
        assert session.next_event(SECONDS) is not None
    assert set(answers) <= {"interrupting", "idle", "mismatch"}
    assert outcomes <= {"ok", "interrupted"}
