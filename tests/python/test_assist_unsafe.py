"""Completion and inspection in this process; the option that lets objects be asked; deadlines."""

import signal

import pyconsole
import pytest
from sessions import SECONDS, run

ASKED = '''
import time
asked = []

class Asked:
    """Says what it has."""

    @property
    def name(self):
        asked.append("name")
        return "Ada"

    @property
    def slow(self):
        time.sleep(0.005)
        return "at last"

    def __getattr__(self, name):
        asked.append(name)
        if name == "items":
            return [{"key": 1.5}]
        raise AttributeError(name)

    def __getitem__(self, key):
        asked.append(key)
        return {"one": 1}[key]

    def __dir__(self):
        asked.append("dir")
        return ["name", "zeta", "lambda", "not a name"]

    def __repr__(self):
        asked.append("repr")
        return "an Asked"

thing = Asked()
'''


class Here:
    """A namespace in this process."""

    def __init__(self):
        self.names = {"__name__": "here"}
        exec(ASKED, self.names)

    def complete(self, text, **options):
        return pyconsole.complete(text, namespace=self.names, **options)

    def inspect(self, text, **options):
        return pyconsole.inspect(text, namespace=self.names, **options)

    def asked(self):
        return self.names["asked"]


class There:
    """The same in a session."""

    def __init__(self, session):
        self.session = session
        assert run(session, ASKED).outcome == "ok"

    def complete(self, text, **options):
        return self.session.complete(text, **options).wait(SECONDS).completions

    def inspect(self, text, **options):
        return self.session.inspect(text, **options).wait(SECONDS).inspection

    def asked(self):
        return eval(run(self.session, "asked").values[0])


@pytest.fixture(params=["here", "in a session"])
def place(request):
    return Here() if request.param == "here" else There(request.getfixturevalue("session"))


def test_nothing_is_asked_by_default(place):
    assert place.complete("thing.na").texts == ["name"]
    assert place.complete("thing.ze").texts == []
    assert place.complete("thing.name.uppe").texts == []
    assert place.complete("thing.items[0]['key'].is_i").texts == []
    assert place.inspect("thing").value == ""
    assert place.inspect("thing.name") is None
    assert place.asked() == []


def test_unsafe_asks_the_objects_on_the_way(place):
    assert place.complete("thing.name.uppe", unsafe=True).texts == ["upper"]
    assert place.asked() == ["name"]
    assert place.complete("thing.items[0]['key'].is_i", unsafe=True).texts == ["is_integer"]
    assert place.complete("thing['one'].bit_l", unsafe=True).texts == ["bit_length"]
    assert place.complete("thing['two'].bit_l", unsafe=True).texts == []
    assert place.complete("thing.missing.x", unsafe=True).texts == []
    assert place.asked() == ["name", "items", "one", "two", "missing"]


def test_unsafe_asks_an_object_what_it_has(place):
    found = place.complete("thing.", unsafe=True)
    assert {"name", "slow", "zeta"} <= set(found.texts)
    assert not {"lambda", "not a name"} & set(found.texts)
    [zeta] = place.complete("thing.ze", unsafe=True).candidates
    assert zeta == ("zeta", "property", "", "")
    assert place.asked() == ["dir", "dir"]


def test_unsafe_shows_any_value(place):
    assert place.inspect("thing", unsafe=True).value == "an Asked"
    found = place.inspect("thing.name", unsafe=True)
    assert (found.name, found.type, found.value, found.late) == ("thing.name", "str", "'Ada'", False)


def test_a_deadline_leaves_out_what_was_not_found_by_then(place):
    found = place.inspect("thing.slow", deadline=0.001, unsafe=True)
    assert (found.name, found.type, found.late) == ("thing.slow", "str", True)
    assert (found.value, found.doc) == ("", "")
    whole = place.inspect("thing.slow", deadline=SECONDS, unsafe=True)
    assert (whole.value, whole.late) == ("'at last'", False)
    late = place.complete("thing.slow.uppe", deadline=0.001, unsafe=True)
    assert (late.texts, late.late) == ([], True)
    assert place.complete("thing.slow.uppe", deadline=SECONDS, unsafe=True).texts == ["upper"]


def test_the_namespace_is_that_of_main_by_default(monkeypatch):
    import __main__

    monkeypatch.setattr(__main__, "of_the_main_module", 1, raising=False)
    assert pyconsole.complete("of_the_m").texts == ["of_the_main_module"]
    assert pyconsole.inspect("of_the_main_module").value == "1"


def test_the_cursor_is_an_index_of_the_source():
    found = pyconsole.complete("é.app + 1", 5, {"é": []})
    assert (found.start, found.end, found.texts) == (2, 5, ["append"])
    found = pyconsole.inspect("é.append(1)", 4, {"é": []}, detail=2)
    assert (found.start, found.end, found.name) == (0, 8, "é.append")
    assert found.signature[found.parameter] == ""
    found = pyconsole.inspect("é.append(1)", 9, {"é": []}, detail=0)
    assert found.signature[found.parameter] == "object"


def test_an_interrupt_of_what_runs_comes_out():
    def interrupt(_self):
        signal.raise_signal(signal.SIGINT)

    names = {"thing": type("Thing", (), {"x": property(interrupt), "__repr__": interrupt})()}
    for ask, source in (
        (pyconsole.complete, "thing.x.up"),
        (pyconsole.inspect, "thing.x"),
        (pyconsole.inspect, "thing"),
    ):
        with pytest.raises(KeyboardInterrupt):
            ask(source, namespace=names, unsafe=True)


def test_an_interrupt_ends_what_a_session_is_asked(session):
    run(session, "class C:\n  @property\n  def x(self):\n    print('on', flush=True)\n"
                 "    while True: pass\nc = C()")
    request = session.complete("c.x.up", unsafe=True)
    while not request.output:
        session.next_event(SECONDS)
    session.interrupt()
    assert request.wait(SECONDS).outcome == "interrupted"


def test_arguments_of_other_types_are_refused():
    with pytest.raises((TypeError, AttributeError)):
        pyconsole.complete(b"bytes")
    with pytest.raises(TypeError):
        pyconsole.complete("x", namespace=[])
