"""The stubs, where mypy's stubtest (make lint) cannot see that they are right."""

import ast
from pathlib import Path

import pyconsole
from pyconsole import session

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = Path(pyconsole.__file__).parent


def literals(name):
    """The values of a Literal in session.pyi."""
    tree = ast.parse((PACKAGE / "session.pyi").read_text())
    (value,) = (node.value for node in tree.body
                if isinstance(node, ast.AnnAssign) and node.target.id == name)
    return [element.value for element in value.slice.elts]


def names_of_list(macro):
    """The names in a list X(NAME) of <pyconsole/session.h>."""
    header = (ROOT / "include/pyconsole/session.h").read_text()
    lines = header.split(f"#define {macro}(X)")[1].split("\n\n")[0].splitlines()
    return [line.split("X(")[1].split(")")[0] for line in lines if line.strip().startswith("X(")]


def test_kinds__are_the_events_of_the_header():
    assert literals("_Kind") == names_of_list("PYCONSOLE_EVENTS")


def test_outcomes__are_those_that_come():
    with session.Session() as one:
        seen = {one.execute(source).wait(60).outcome for source in ("1", "1/0")}
        seen |= {one.push("if 1:").wait(60).outcome, one.is_complete("(").wait(60).outcome}
        assert seen == {"ok", "error", "more", "incomplete"} and seen <= set(literals("_Outcome"))


def test_the_package__gives_what_it_names():
    assert all(hasattr(pyconsole, name) for name in pyconsole.__all__)
    assert pyconsole.Event is session.Event and pyconsole.Request is session.Request
    assert (PACKAGE / "py.typed").is_file()
