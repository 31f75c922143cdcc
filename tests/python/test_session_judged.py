"""Where a host prompts, what was found complete is run as it was compiled then; whatever came
between, that looks as if it were compiled anew."""

import pytest
from pyconsole.session import Session
from sessions import SECONDS, run


@pytest.fixture
def session():
    with Session(pty=(24, 80), prompts=True) as session:
        yield session.wait_ready(SECONDS)


def judged(session, source):
    return session.is_complete(source).wait(SECONDS).outcome


@pytest.mark.parametrize("source, again", [
    ("if 1:\n    5\n", "if 1:\n    5\n"), ("if 1:\n    5\n", "if 1:\n    5"),
    ("5", "5"), ("5\n \t\n", "5"), ("await wait()", "await wait()"),
])
def test_it_runs(session, source, again):
    run(session, "async def wait(): return 5")
    assert judged(session, source) == "complete"
    request = run(session, again)
    assert (request.outcome, request.values) == ("ok", ["5"])
    assert run(session, again).values == ["5"]


@pytest.mark.parametrize("source, text, value", [
    ("5", "6", "6"), ("5 ", "5 + 1", "6"), ("x = 5\n", "5", "5"), ("5", "5; 6", "6"),
    ("if 1: 5\n", "if 1: 5\n  # not blank\n6", "6"),
])
def test_another_text_is_another(session, source, text, value):
    assert judged(session, source) == "complete"
    assert run(session, text).values[-1] == value


def test_its_name_is_that_of_the_source_that_runs(session):
    source = "def f():\n    return 1 / 0  # here\n"
    assert judged(session, source) == "complete"
    run(session, source)
    assert run(session, "f.__code__.co_filename").values == ["'<input-1>'"]
    assert '"<input-1>", line 2, in f\n    return 1 / 0  # here' in run(session, "f()").error.text
    assert judged(session, source) == "complete"
    run(session, "5")
    run(session, source)
    assert run(session, "f.__code__.co_filename").values == ["'<input-5>'"]


def test_warnings_come_when_it_runs(session):
    source = "x = '\\d'\n1 is 1"
    for line in source.split("\n"):
        assert judged(session, line) == "complete"
    for line in source.split("\n"):
        assert judged(session, line) == "complete"
        request = run(session, line)
        assert ("is" not in line) or "SyntaxWarning" in request.output


def test_the_future_is_not_forgotten(session):
    source = "def f(a: nothing): pass\n"
    assert judged(session, source) == "complete"
    run(session, source)
    assert run(session, "f.__annotations__").error.name == "NameError"  # of `f`, before 3.14
    run(session, "from __future__ import annotations")
    assert judged(session, source) == "complete"
    run(session, source)
    assert run(session, "f.__annotations__").values == ["{'a': 'nothing'}"]


def test_a_line_between_may_change_the_flags(session):
    source = "def f(a: nothing): pass\n"
    assert judged(session, source) == "complete"
    session.push("from __future__ import annotations").wait(SECONDS)
    run(session, source)
    assert run(session, "f.__annotations__").values == ["{'a': 'nothing'}"]


def test_what_a_compile_of_someone_else_gave_is_not_run(session):
    run(session, "import builtins\nbuiltins.compile = lambda *_, **__: b'no code'")
    assert judged(session, "7") == "complete"
    assert run(session, "7").values == ["7"]
