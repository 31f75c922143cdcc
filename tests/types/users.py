"""What users write, for mypy --strict: not run, but checked by make lint."""

from typing import assert_type

import pyconsole
from pyconsole import Event, Request, Session
from pyconsole.code import InteractiveConsole


def answer(session: Session, event: Event) -> str | None:
    return None if event.status == 1 else f"{event.request} in {session.pid}"


def one_session() -> None:
    with Session(folder="/", on_input=answer, seconds=1.5) as session:
        request = session.execute("6 * 7").wait(10)
        assert_type(request, Request)
        assert_type(request.values, list[str])
        if request.error is not None:
            assert_type(request.error.detail, str)
        if request.outcome == "died" and session.died is not None:
            assert_type(session.died.status, int)
        for event in request.events:
            assert_type(event.stream, int)
            if event.kind == "OUTPUT":
                print(event.text)
    session.clone().stop(grace=0.5)


async def many_sessions() -> list[str]:
    async with Session() as zygote:
        clones = [zygote.clone() for _ in range(3)]
        return [(await clone.execute("1")).output for clone in clones]


class Own(Session):
    """A subclass is what its own methods give."""


assert_type(Own().wait_ready(), Own)
assert_type(Own().clone(), Own)
assert_type(pyconsole.is_complete("if x:").indent, str)
assert_type(pyconsole.complete("len", 3, {"x": 1}, deadline=0.1, unsafe=True).texts, list[str])
found = pyconsole.inspect("len", detail=0)
assert found is None or assert_type(found.late, bool) is not None
InteractiveConsole({"answer": 42}).push("answer")
