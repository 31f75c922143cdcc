"""What hosts do with a session: from several threads and event loops, with callbacks that raise, and
when it was freed."""

import asyncio
import signal
import sys
import threading

import pytest
from pyconsole.session import Session, SharedSession
from sessions import SECONDS, run, started

class Wrong(Exception):
    pass


def fail(*_arguments):
    raise Wrong


# ------------------------------------------------------------------ threads


def in_threads(*functions):
    """Call each on a thread of its own; what they gave."""
    given = {}
    threads = [threading.Thread(target=lambda f=f: given.update({f: f()})) for f in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
        assert not thread.is_alive()
    return [given.get(function) for function in functions]


def test_threads__each_has_what_its_own_requests_print(session):
    def asks(name):
        def ask():
            wrong = []
            for turn in range(100):
                text = f"{name} {turn} {'x' * 50 * name}"
                request = run(session, f"print({text!r}); {turn}")
                if (request.output, request.values) != (text + "\n", [str(turn)]):
                    wrong.append((text, request.output, request.values))
            return wrong
        return ask

    assert in_threads(*map(asks, range(8))) == [[]] * 8


def test_threads__one_waits_while_another_is_in_a_callback():
    begun, over = threading.Event(), threading.Event()

    def on_event(_session, event):
        if event.kind == "OUTPUT":
            begun.set()
            assert over.wait(SECONDS)

    def asks_meanwhile():
        assert begun.wait(SECONDS)
        request = session.execute("2")  # nobody keeps it from asking
        over.set()
        return request.wait(SECONDS).values

    with Session(on_event=on_event) as session:
        first = session.execute("print(1)")
        assert in_threads(lambda: first.wait(SECONDS).outcome, asks_meanwhile) == ["ok", ["2"]]


@pytest.mark.parametrize("make", [Session, SharedSession])
def test_threads__a_session_is_freed_while_another_waits(make):
    session = make().wait_ready(SECONDS)
    request = started(session, "BEGUN\nimport time\nwhile True: time.sleep(0.01)")
    asked = threading.Event()

    def waits():
        asked.set()
        return request.wait(SECONDS).outcome

    def frees():
        assert asked.wait(SECONDS)
        session.free()

    assert in_threads(waits, frees) == ["died", None]


def test_signals__their_handlers_run_while_nothing_comes(session):
    before = signal.signal(signal.SIGALRM, fail)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(Wrong):
            session.next_event()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert run(session, "1").values == ["1"]


def test_threads__a_shared_session_without_a_thread_runs_for_all_that_wait():
    with SharedSession(own_thread=False) as session:
        session.wait_ready(SECONDS)
        requests = [session.execute(f"{n}") for n in range(4)]
        waits = [lambda request=request: request.wait(SECONDS).values for request in requests]
        assert in_threads(*waits) == [["0"], ["1"], ["2"], ["3"]]


# ------------------------------------------------------------------ asyncio


def test_asyncio__a_session_goes_from_one_loop_to_the_next(session):
    async def ask():
        return (await asyncio.wait_for(session.execute("1"), SECONDS)).values

    assert [asyncio.run(ask()) for _ in range(3)] == [["1"]] * 3


def awaits(session, source):
    """What runs it in an event loop of its own."""
    async def ask():
        return (await asyncio.wait_for(session.execute(source), SECONDS)).values
    return lambda: asyncio.run(ask())


def test_asyncio__beside_threads_and_other_loops(session):
    for turn in range(20):
        assert in_threads(*(awaits(session, f"{turn}, {n}") for n in range(3)),
                          lambda turn=turn: session.execute(f"{turn}").wait(SECONDS).values) == [
            *([f"({turn}, {n})"] for n in range(3)), [f"{turn}"]]


def test_asyncio__a_loop_that_is_over_is_not_told(session):
    request = session.execute("import time; time.sleep(0.3)")
    loop = asyncio.new_event_loop()

    async def ask():
        await request

    task = loop.create_task(ask())
    loop.run_until_complete(asyncio.sleep(0))
    task._log_destroy_pending = False
    loop.close()
    assert request.wait(SECONDS).outcome == "ok"


def test_asyncio__who_awaits_a_session_that_is_freed_goes_on(session):
    async def main():
        waiting = asyncio.ensure_future(session.execute("import time; time.sleep(1000)"))
        await asyncio.sleep(0)  # it is awaited
        session.free()
        return (await asyncio.wait_for(waiting, SECONDS)).outcome

    assert asyncio.run(main()) == "died"


# ------------------------------------------------------------------ callbacks that raise


@pytest.mark.parametrize("on_input, error", [(fail, Wrong), (lambda *_: 5, TypeError)])
def test_callbacks__input_that_is_not_given_ends(on_input, error):
    with Session(on_input=on_input) as session:
        request = session.execute("input()")
        with pytest.raises(error):
            request.wait(SECONDS)
        assert request.wait(SECONDS).error.name == "EOFError"


@pytest.mark.parametrize("kind", ["INPUT", "DIED"])
def test_callbacks__an_event_is_dealt_with_whatever_they_raise(kind):
    def on_event(_session, event):
        if event.kind == kind:
            raise Wrong

    with Session(on_event=on_event, on_input=lambda *_: "line") as session:
        request = session.execute("line = input(); import os; os._exit(len(line))")
        with pytest.raises(Wrong):
            request.wait(SECONDS)
        assert request.wait(SECONDS).outcome == "died"
        assert session.died.status == 4


def test_callbacks__may_go_back_when_the_session_has_died():
    asked = []

    def on_event(session, event):
        if event.kind == "DIED":
            asked.append(session.restore())

    with Session(on_event=on_event) as session:
        run(session, "x = 5")
        session.checkpoint("one").wait(SECONDS)
        assert run(session, "import os; os._exit(3)").outcome == "died"
        assert run(session, "x").values == ["5"] and asked[0].outcome == "ok"


@pytest.mark.parametrize("kind", ["on_event", "on_input"])
def test_callbacks__may_free_the_session_instead_of_an_answer(kind):
    def free(session, event):
        if kind == "on_input" or event.kind == "INPUT":
            session.free()

    session = Session(**{"on_input": lambda *_: "line", kind: free})
    assert run(session, "input()").outcome == "died"


def test_callbacks__may_free_the_session():
    def on_event(session, event):
        if event.kind == "OUTPUT":
            session.free()

    session = Session(on_event=on_event)
    assert run(session, "print(); import time; time.sleep(1000)").outcome == "died"


# ------------------------------------------------------------------ what cannot be


@pytest.mark.parametrize("options, error, words", [
    ({"folder": "/no/such"}, OSError, "/no/such: No such file or directory"),
    ({"folder": __file__}, OSError, f"{__file__}: Not a directory"),
    ({"folder": "/", "python": "/no/such"}, OSError, "/no/such: No such file or directory"),
    ({"arguments": "-I"}, TypeError, "arguments must be texts, not one"),
    ({"preload": "json"}, TypeError, "preload must be texts, not one"),
    ({"memory": -1}, ValueError, "memory must not be negative"),
    ({"seconds": -0.5}, ValueError, "seconds must not be negative"),
    ({"pty": (24, 65536)}, ValueError, "a terminal is not that large"),
])
def test_options(options, error, words):
    with pytest.raises(error) as raised:
        Session(**options)
    assert str(raised.value) == words


@pytest.mark.parametrize("ask", [
    Session.execute, Session.push, Session.is_complete, Session.complete, Session.inspect])
def test_a_text_is_a_str(session, ask):
    with pytest.raises(TypeError, match="^the text must be str, not bytes$"):
        ask(session, b"1")
    assert run(session, "1").values == ["1"]


def test_only_a_session_without_a_thread_runs_here():
    with SharedSession() as session, pytest.raises(ValueError, match="has a thread of its own"):
        session.run()


def test_only_the_main_interpreter_has_shared_sessions():
    _testcapi = pytest.importorskip("_testcapi")
    assert _testcapi.run_in_subinterp(f"""
import sys
sys.path[:] = {sys.path!r}
from pyconsole import SharedSession
try:
    SharedSession()
except RuntimeError as error:
    assert str(error) == "a shared session needs the main interpreter"
else:
    raise SystemError
""") == 0


# ------------------------------------------------------------------ arguments


@pytest.mark.parametrize("argument", [{"seconds": 2**32 / 1000}, {"queue": 2**32}, {"output": 2**64},
                                      {"arguments": ["-X\0utf8"]}])
def test_arguments__that_would_be_cut_are_refused(argument):
    with pytest.raises(ValueError, match=next(iter(argument))):
        Session(**argument)


@pytest.mark.parametrize("ask", [lambda session: session.complete("a", deadline=-1), lambda session: session.stop(-1)])
def test_arguments__no_time_is_negative(session, ask):
    with pytest.raises(ValueError, match="negative"):
        ask(session)


# ------------------------------------------------------------------ afterwards


@pytest.mark.parametrize("make", [Session, SharedSession])
def test_a_freed_session_has_a_repr(make):
    session = make()
    assert repr(session) == f"<{make.__name__} {session.pid}: starting>"
    session.free()
    assert repr(session) == f"<{make.__name__}: closed>"
