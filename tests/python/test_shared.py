"""Sessions in this interpreter: output of each in its own, and everything else left alone."""

import asyncio
import os
import subprocess
import sys
import types

import pytest
from pyconsole import SharedSession
from sanitizer import with_threads_left

SECONDS = 60  # nothing here takes as long


@pytest.fixture
def session():
    with SharedSession() as session:
        yield session.wait_ready(SECONDS)
        session.close(SECONDS)


def run(session, source):
    return session.execute(source).wait(SECONDS)


def test_same_events_as_a_process(session):
    request = run(session, "print('one'); 6 * 7")
    assert (request.outcome, request.output, request.values) == ("ok", "one\n", ["42"])
    request = run(session, "import sys; print('e', file=sys.stderr); 1/0")
    assert (request.stderr, request.error.name) == ("e\n", "ZeroDivisionError")
    assert request.error.text.endswith("ZeroDivisionError: division by zero\n")
    assert session.pid == -1


def test_objects_are_shared():
    shared = []
    with SharedSession({"shared": shared}) as session:
        assert run(session, "shared.append(1)").outcome == "ok"
        session.close(SECONDS)
    assert shared == [1]
    module = types.ModuleType("hosts")
    with SharedSession(module) as session:
        assert run(session, "x = 1\nx").values == ["1"]
        session.close(SECONDS)
    assert module.x == 1 and not hasattr(module, "_")
    with pytest.raises(TypeError, match="namespace"):
        SharedSession(3)


def test_stdout_of_the_program_is_left_alone(session, capsys):
    before = sys.stdout
    assert run(session, "print('theirs')").output == "theirs\n"
    print("mine")
    assert sys.stdout is before
    assert capsys.readouterr().out == "mine\n"


def test_input_is_answered():
    with SharedSession(on_input=lambda session, event: "Ada") as session:
        assert run(session, "input('name? ')").values == ["'Ada'"]
        session.close(SECONDS)


def test_input_with_nobody_to_answer(session):
    assert run(session, "input()").error.name == "EOFError"


def test_interrupt(session):
    request = session.execute("print('on')\nwhile True: pass")
    while not request.output:
        session.next_event(SECONDS)
    request.interrupt()
    assert request.wait(SECONDS).outcome == "interrupted"
    assert run(session, "1").values == ["1"]


def test_exit_ends_the_session():
    stdin = sys.stdin
    with SharedSession() as session:
        request = session.execute("raise SystemExit(3)").wait(SECONDS)
        assert (request.outcome, session.exit.status) == ("exit", 3)
    assert sys.stdin is stdin


def test_here():
    with SharedSession(own_thread=False) as session:
        request = session.execute("import threading; threading.current_thread()")
        assert request.outcome is None
        assert "MainThread" in request.wait(SECONDS).values[0]
        session.execute("1")
        assert session.run() is False
        session.close(SECONDS)


MANY = """
import asyncio, threading
def lines(kind):
    for n in range(20): print(f"{me} {kind} {n}")
async def task(kind):
    for n in range(20):
        print(f"{me} {kind} {n}")
        await asyncio.sleep(0)
async def tasks():
    await asyncio.gather(task("task"), task("other"), asyncio.to_thread(lines, "to_thread"))
thread = threading.Thread(target=lines, args=("thread",))
thread.start()
asyncio.run(tasks())
lines("main")
thread.join()
"""


def test_a_hundred_at_once():
    async def many():
        sessions = [SharedSession({"__name__": "__main__", "me": me}) for me in range(100)]
        requests = [session.execute(MANY) for session in sessions]
        for me, request in enumerate(await asyncio.gather(*requests)):
            assert request.outcome == "ok", request.error.text
            lines = [line.split() for line in request.output.splitlines()]
            assert all(line[0] == str(me) for line in lines)
            for kind in ("main", "thread", "task", "other", "to_thread"):
                numbers = [int(line[2]) for line in lines if line[1] == kind]
                assert numbers == list(range(20)), (me, kind)
            assert len(lines) == 100
        for session in sessions:
            session.close(SECONDS)
            session.free()

    before = vars(sys)["stdout"]
    asyncio.run(many())
    assert vars(sys)["stdout"] is before


@pytest.mark.parametrize("source", ["pass", "while True: pass", "input()"])
def test_a_program_ends_with_sessions_left(source):
    done = subprocess.run(
        [sys.executable, "-c",
         "import sys; from pyconsole import SharedSession\n"
         "session = SharedSession(on_input=print).wait_ready()\n"
         f"session.execute({source!r})\nprint('end')"],
        capture_output=True, text=True, timeout=SECONDS, env=with_threads_left(dict(os.environ)))
    assert (done.returncode, done.stdout, done.stderr) == (0, "end\n", "")
