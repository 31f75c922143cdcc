"""Completion: what fits where, and that nothing of the user's runs for it."""

import builtins
import importlib
import keyword

import pytest

from conftest import open_session
from sessions import SECONDS, run

# What must not run notes it here.
TRAPS = r"""
import sys, types, warnings
ran = []

class Meta(type):
    def __dir__(cls): ran.append('meta dir'); return ['bad']
    def __getattribute__(cls, name): ran.append('meta ' + name); return 1
    def mro(cls): return type.mro(cls)

class Trap(metaclass=Meta):
    "A trap."
    plain = 1
    def __dir__(self): ran.append('dir'); return ['bad']
    def __getattr__(self, name): ran.append('getattr ' + name); return 1
    def __getattribute__(self, name): ran.append('getattribute ' + name); return 1
    def __repr__(self): ran.append('repr'); return ''
    def __hash__(self): ran.append('hash'); return 1
    def __eq__(self, other): ran.append('eq'); return True
    @property
    def computed(self):
        "Computed."
        ran.append('property'); raise ValueError
    def method(self):
        "Does it."

class Descriptor:
    def __get__(self, instance, owner): ran.append('descriptor'); return 1

class Wrapped:
    described = Descriptor()
    chained = classmethod(property(lambda cls: ran.append('chained')))
    static = staticmethod(len)
    @classmethod
    def made(cls): 'Makes one.'
    __slots__ = ('slot', 'unset', '__dict__')

class Odd(str):
    __hash__ = str.__hash__
    def __eq__(self, other): ran.append('odd eq'); return True
    def __str__(self): ran.append('odd str'); return 'x'

class Dict(dict):
    def __getitem__(self, key): ran.append('getitem'); return 1
    def __iter__(self): ran.append('iter'); return iter(())
    def keys(self): ran.append('keys'); return ()
    def __missing__(self, key): ran.append('missing'); return 1

trap = Trap()
wrapped = Wrapped()
wrapped.slot = [1]
wrapped.own = {}
wrapped.__dict__[Odd('odd')] = wrapped
lazy = types.ModuleType('lazy', 'Lazily.')
lazy.__getattr__ = lambda name: ran.append('module ' + name)
lazy.__dir__ = lambda: ran.append('module dir')
lazy.there = 1
sub = Dict(a=trap)
table = {'a': trap, 'b': {'c': wrapped}, 3: 'three', (1, 2): 0, b'raw': 0, 'it\'s "x"': 0}
items = [trap, wrapped]
globals()[Odd('strange')] = 1
globals()['not a name'] = 1
globals()['\udc80'] = 1
sys.displayhook, _ = sys.displayhook, 'mine'
ran.clear()
"""


@pytest.fixture(scope="module")
def trapped():
    with open_session() as session:
        assert run(session, TRAPS).outcome == "ok"
        yield session


def complete(session, text, **options):
    """The completions at the mark | of a text."""
    before, after = text.split("|") if "|" in text else (text, "")
    request = session.complete(before + after, len(before), **options).wait(SECONDS)
    assert request.outcome == "ok" and request.output == ""
    return request.completions


def kinds(completions):
    return {candidate.text: candidate.kind for candidate in completions.candidates}


# ---- names


def test_names__of_the_namespace_builtins_and_keywords(session):
    run(session, "import os\nwhatever = 1\ndef when(): pass")
    found = kinds(complete(session, "wh"))
    assert found["whatever"] == "variable" and found["when"] == "function"
    assert found["while"] == "keyword"
    found = kinds(complete(session, "x = "))
    assert found["print"] == "function" and found["ValueError"] == "class"
    assert found["os"] == "module" and found["None"] == found["lambda"] == "keyword"
    assert "while" not in found


def test_names__all_of_builtins_are_there(session):
    expected = {name for name in dir(builtins) if name not in keyword.kwlist}
    run(session, "import builtins")
    found = set(complete(session, "x = ").texts)
    assert found >= expected - {"_"}


@pytest.mark.parametrize("text, expected, unexpected", [
    ("", {"import", "None", "print"}, {"and", "in"}),
    ("x |", {"and", "if", "is"}, {"print", "None", "import"}),
    ("if x: re|", {"return", "repr"}, set()),
    ("for x i|", {"in", "is", "if"}, {"int"}),
    ("ma|", {"match", "map"}, set()),
    ("x = ma|", {"map"}, {"match"}),
    ("from os im|", {"import"}, {"int"}),
    ("import os a|", {"as"}, {"abs"}),
])
def test_keywords__where_they_may_stand(session, text, expected, unexpected):
    found = set(complete(session, text).texts)
    assert found >= expected and not found & unexpected


@pytest.mark.parametrize("text, expected, unexpected", [
    ("def f(alpha, *al_1, al_2=1, **al_3):\n    return al|", {"alpha", "al_1", "al_2", "al_3"}, set()),
    ("for row_1 in x:\n    with y as row_2: row_3 = (row_4 := 1)\n    row|",
     {"row_1", "row_2", "row_3", "row_4"}, {"row"}),
    ("print(f'{whatever_1}', sep=wh|", {"whatever_1"}, set()),
    ("late|\nlater_on = 1", {"later_on"}, {"late"}),
    ("é_1 = 1\né|", {"é_1"}, {"é"}),
    ("x.att_1 = f(att_2=1, *att_3)\n'att_4' # att_5\natt|", {"att_3"}, {"att_1", "att_2", "att_4", "att_5"}),
    ("ifs_1 = 1 ifs|", set(), {"ifs_1"}),
])
def test_names__of_the_text_itself(session, text, expected, unexpected):
    found = kinds(complete(session, text))
    assert found.keys() >= expected and not found.keys() & unexpected
    assert {found[name] for name in expected} <= {"variable"}


@pytest.mark.parametrize("text, expected", [
    ("import os; os.getc|", "getcwd"),
    ("def f():\n    import os.path, sys as s_1\n    return s_1.getrefc|", "getrefcount"),
    ("import os.path\nos.path.abs|", "abspath"),
    ("import os.path as p_1 ; p_1.abs|", "abspath"),
    ("from os import path\npath.abs|", "abspath"),
    ("from os import (getcwd as g_1, # here\n    path as p_1,)\np_1.abs|", "abspath"),
    ("from os.path import abspath as a_1; a_1.__kwd|", "__kwdefaults__"),
    ("from os import sep; sep.cas|", "casefold"),
    ("p_1.abs|\nimport os.path as p_1", "abspath"),
    ("raise ValueError from error\nimport os\nos.getc|", "getcwd"),
])
def test_attributes__of_what_the_text_imports(session, text, expected):
    assert run(session, "for name in ('os', 'sys', 'path', 'sep'): globals().pop(name, None)").outcome == "ok"
    assert expected in complete(session, text).texts


@pytest.mark.parametrize("text", [
    "import os as; os.getc|", "from os import; path.abs|", "from . import path\npath.abs|",
    "from ... import os\nos.getc|", "import antigravity\nantigravity.|",
    "from os import *, path\npath.abs|", "'import os'\nos.getc|", "# import os\nos.getc|",
    "from antigravity import fly\nfly.|"])
def test_attributes__of_what_it_does_not_or_that_is_not_loaded(session, text):
    run(session, "for name in ('os', 'sys', 'path', 'sep'): globals().pop(name, None)")
    assert complete(session, text).texts == []


@pytest.mark.parametrize("text", ["# pri|", "'pri|", "'''pri|", "def pri|", "class Pri|", "1.re|",
                                  "with x as pri|", "print().|", "def f(pri|"])
def test_nothing__where_nothing_is_known(session, text):
    assert complete(session, text).candidates == []


def test_order__prefix_then_case_then_fuzzy_private_last(session):
    run(session, "class C: pass\nc = C()\nc.data_set = c.dataset = c.Data = c._data = 1\n"
                 "c.some_data = c.da_ta = c.d_a_t_a = c.__data = c.xdatax = 1")
    assert complete(session, "c.data").texts == ["data_set", "dataset", "Data", "some_data",
                                                 "_data", "__data", "da_ta", "d_a_t_a"]
    assert complete(session, "c.|").texts[:8] == ["d_a_t_a", "da_ta", "Data", "data_set", "dataset",
                                                  "some_data", "xdatax", "_data"]


def test_range__is_what_is_written_before_the_cursor(session):
    run(session, "héllo = 'x'")
    found = complete(session, "é = 'ü' + hé|llo")
    assert (found.start, found.end, found.texts) == (10, 12, ["héllo"])
    found = complete(session, "def f():\n    x = héllo.upp|er()\n\nf()\n")
    assert (found.start, found.end, found.texts) == (23, 26, ["upper"])


@pytest.mark.parametrize("before", ["x = (1 +\n", "def f(:\n", "'abc\n", "x ? y\n", "\\ x\n", "]})\n"])
def test_errors__before_the_cursor_are_no_matter(session, before):
    run(session, "import os")
    assert "path" in complete(session, before + "os.pat").texts


# ---- attributes


@pytest.mark.parametrize("text, expected", [
    ("''.isal|", ["isalnum", "isalpha"]),
    ("b''.hex|", ["hex"]),
    ("[].app|", ["append"]),
    ("[f(x) for x in y].app|", ["append"]),
    ("{}.popi|", ["popitem"]),
    ("{1, f()}.differ|", ["difference", "difference_update"]),
    ("().cou|", ["count"]),
    ("(1).bit_l|", ["bit_length"]),
    ("1.5.is_i|", ["is_integer"]),
    ("1j.conj|", ["conjugate"]),
    ("f'{x}'.isal|", ["isalnum", "isalpha"]),
    ("True.bit_l|", ["bit_length"]),
])
def test_literals__have_the_attributes_of_their_type(session, text, expected):
    assert complete(session, text).texts[:len(expected)] == expected


def identifiers(names):
    return {name for name in names if name.isidentifier() and not keyword.iskeyword(name)}


@pytest.mark.parametrize("module, expression", [
    ("os", "os"), ("os", "os.path"), ("collections", "collections.OrderedDict"), ("io", "io.StringIO"),
    ("asyncio", "asyncio"), ("typing", "typing"), ("decimal", "decimal.Decimal"), ("re", "re"),
    ("fractions", "fractions.Fraction.from_float"), ("sys", "sys.flags"), ("sys", "sys"),
    ("threading", "threading.Thread"), ("types", "types.FunctionType"),
])
def test_attributes__are_those_of_dir_and_those_promised(session, module, expression):
    """The typing of 3.13 and later makes some names of its __all__ when they are asked for."""
    run(session, f"import {module}")
    every = f"{{*dir({expression}), *getattr({expression}, '__all__', ())}}"
    request = session.execute(every).wait(SECONDS)
    found = complete(session, f"{expression}.|")
    assert set(found.texts) == identifiers(eval(request.values[0])) and not found.truncated


def test_attributes__are_those_of_type_where_a_metaclass_has_a_dir(session):
    run(session, "import enum\nclass Colour(enum.Enum):\n    RED = 1")
    for expression in ("enum.Enum", "Colour"):
        request = session.execute(f"type.__dir__({expression})").wait(SECONDS)
        found = set(complete(session, f"{expression}.|").texts)
        assert found == identifiers(eval(request.values[0]))


def test_attributes__as_rlcompleter_has_them(session):
    rlcompleter = importlib.import_module("rlcompleter")
    import json

    run(session, "import json")
    matches = rlcompleter.Completer({"json": json}).attr_matches("json.de")
    expected = {match.removeprefix("json.").rstrip("()") for match in matches}
    found = {candidate.text for candidate in complete(session, "json.de").candidates
             if candidate.text.startswith("de")}
    assert found == expected


@pytest.mark.parametrize("text, expected", [
    ("trap.|", {"plain": "variable", "computed": "property", "method": "method"}),
    ("Trap.|", {"plain": "variable", "method": "method", "mro": None}),
    ("wrapped.|", {"described": "property", "own": "variable", "slot": "property",
                   "static": "method", "made": "method", "odd": "variable"}),
    ("wrapped.own.|", {"keys": "method"}),
    ("wrapped.slot.|", {"append": "method"}),
    ("wrapped.odd.|", {}),
    ("wrapped.described.|", {}),
    ("wrapped.chained.|", {}),
    ("wrapped.unset.|", {}),
    ("wrapped.made.|", {"__func__": "property"}),
    ("lazy.|", {"there": "variable"}),
    ("lazy.missing.|", {}),
    ("sub.|", {"keys": "method"}),
    ("sub['a'].|", {}),
    ("table['a'].|", {"plain": "variable"}),
    ("table['b']['c'].|", {"own": "variable"}),
    ("table[3].|", {"upper": "method"}),
    ("items[0].|", {"plain": "variable"}),
    ("items[-1].|", {"own": "variable"}),
    ("items[7].|", {}),
    ("trap.computed.|", {}),
    ("trap.missing.|", {}),
    ("missing.|", {}),
    ("strange.|", None),
    ("tra|", {"trap": "variable"}),
])
def test_traps__are_not_sprung(trapped, text, expected):
    found = kinds(complete(trapped, text))
    for name, kind in (expected or {}).items():
        assert found.get(name) == kind
    assert "bad" not in found
    if expected == {}:
        assert found == {}
    assert run(trapped, "print(ran, _)").output == "[] mine\n"


def test_names__that_cannot_be_written_are_left_out(trapped):
    found = complete(trapped, "x = ").texts
    assert "strange" in found and "not a name" not in found
    assert all(name.isidentifier() for name in found)


def test_details__type_and_first_line(trapped):
    def detail(text):
        return complete(trapped, text).candidates[0]

    assert detail("trap.metho") == ("method", "method", "function", "Does it.")
    assert detail("trap.compu") == ("computed", "property", "property", "Computed.")
    assert detail("wrapped.mad") == ("made", "method", "classmethod", "Makes one.")
    assert detail("x = Trap") == ("Trap", "class", "Meta", "A trap.")
    assert detail("x = lazy") == ("lazy", "module", "module", "Lazily.")
    assert detail("''.joi").doc == "Concatenate any number of strings."
    assert run(trapped, "print(ran)").output == "[]\n"


def test_details__of_what_is_cached(session):
    run(session, "import functools\n@functools.cache\ndef kept(): 'Kept.'\n"
                 "class A: pass\nA.kept = kept")
    assert complete(session, "x = kep").candidates[0] == \
        ("kept", "function", "_lru_cache_wrapper", "Kept.")
    assert complete(session, "A().ke").candidates == []
    run(session, "a = A()")
    assert complete(session, "a.ke").candidates[0] == ("kept", "method", "_lru_cache_wrapper", "Kept.")


def test_details__broken_documentation(session):
    run(session, "class A: pass\ndef f(): pass\ndef g(): '\\n\\n'\ndef h(): ' \\n  Second.'\n"
                 "A.__doc__ = 3\nf.__doc__ = b'x'\ndef i(): pass\ni.__doc__ = 'a\\udc80b'")
    docs = {candidate.text: candidate.doc for candidate in complete(session, "x = ").candidates}
    assert [docs[name] for name in "Afghi"] == ["", "", "", "Second.", "a\\udc80b"]


# ---- limits


def test_truncated__keeps_the_best(session):
    run(session, "globals().update((f'name_{i}', i) for i in range(100_000))\nname_ = name_1a = 0")
    found = complete(session, "name_")
    assert len(found.candidates) == 5000 and found.truncated
    assert found.texts[:4] == ["name_", "name_0", "name_1", "name_10"]
    assert found.texts == sorted(found.texts)


def test_late__gives_what_it_has(session):
    run(session, "globals().update((f'name_{i}', i) for i in range(300_000))")
    found = complete(session, "zzz or name_", deadline=0.001)
    assert found.late and not found.truncated
    assert not complete(session, "name_299999", deadline=60).late


def test_interrupt__ends_it_and_nothing_else(session):
    run(session, "globals().update((f'name_{i}', i) for i in range(300_000))")
    request = session.complete("name")
    while request.outcome is None:
        request.interrupt()
        session.next_event(0.001)
    assert request.outcome in ("interrupted", "ok")
    assert (request.completions is None) == (request.outcome == "interrupted")
    assert run(session, "6 * 7").values == ["42"]


def test_cursor__out_of_the_text_is_refused(session):
    assert complete(session, "").start == 0
    with pytest.raises(ValueError):
        session._handle.complete("abc", 4, 0, 0, False)
    with pytest.raises(UnicodeEncodeError):
        session.complete("\udc80")


def test_nothing__is_left_behind(session):
    run(session, "import sys, gc, warnings\n5\nwarnings.simplefilter('error')\n"
                 "before = set(globals())")
    for text in ("x = '\\d'; pri", "gc.|", "'\\d'.jo", "sys.", "_."):
        complete(session, text)
    assert run(session, "_, gc.isenabled(), hasattr(sys, 'last_value'),"
                        "set(globals()) - before").values == ["(5, True, False, {'before'})"]
