"""Inspection: the signature of the call around, what is known of a name, and no user code."""

import pytest

from sessions import SECONDS, run
from test_assist import trapped  # noqa: F401 - a fixture
from test_assist_sources import CALLS


def inspect(session, text, detail=1):
    before, after = text.split("|") if "|" in text else (text, "")
    request = session.inspect(before + after, len(before), detail=detail).wait(SECONDS)
    assert request.outcome == "ok" and request.output == ""
    return request.inspection


def shown(inspection):
    """The signature with its parameter in <>."""
    if inspection is None:
        return None
    text, at = inspection.signature, inspection.parameter
    return text if at.start == at.stop else (
        f"{text[:at.start]}<{text[at]}>{text[at.stop:]}")


@pytest.mark.parametrize("text, expected", [
    ("f(|", "f(<pos>, /, both, *args, only=1, **more)"),
    ("f(1|", "f(<pos>, /, both, *args, only=1, **more)"),
    ("f(1, |", "f(pos, /, <both>, *args, only=1, **more)"),
    ("f(1, 2, 3, x|", "f(pos, /, both, <*args>, only=1, **more)"),
    ("f(1, only=|", "f(pos, /, both, *args, <only=1>, **more)"),
    ("f(1, other=|", "f(pos, /, both, *args, only=1, <**more>)"),
    ("f(*x, |", "f(pos, /, both, *args, only=1, **more)"),
    ("wrapped(|", "wrapped(<pos>, /, both, *args, only=1, **more)"),
    ("A(1, |", "A(first, <second=2>)"),
    ("a.method(1, tw|o)", "a.method(one, <two>)"),
    ("a(|", "a(<called>)"),
    ("g(|", "g(<é='é'>, ü=(1, [2]), *, t=<Odd>, k=int, n=None)"),
    ("g(t=|", "g(é='é', ü=(1, [2]), *, <t=<Odd>>, k=int, n=None)"),
    ("sorted([], |", "sorted(iterable, /, *, key=None, reverse=False)"),
    ("sorted(key=|", "sorted(iterable, /, *, <key=None>, reverse=False)"),
    ("''.join(|", "''.join(<iterable>, /)"),
    ("divmod(1, |", "divmod(x, <y>, /)"),
    ("f([a, b, |", "f(<pos>, /, both, *args, only=1, **more)"),
    ("f(h(|", "h()"),
    ("f(missing(|", None),
    ("a.starred(|", "a.starred(<*all>, key=None)"),
    ("A.starred(|", "A.starred(<*all>, key=None)"),
    ("str.removeprefix('a', |", "str.removeprefix(self, <prefix>, /)"),
    ("int.__add__(|", "int.__add__(<self>, value, /)"),
    ("dict.fromkeys(|", "dict.fromkeys(<iterable>, value=None, /)"),
    ("cached(1, |", "cached(one, <two=2>)"),
    ("a.cached(|", "a.cached(<one>)"),
    ("A.cached(|", "A.cached(<self>, one)"),
    ("twice(|", "twice(<one>, two=2)"),
    ("decorated(|", "decorated(<one>, two=2)"),
    ("range(|", "range(<stop>)"),
    ("range(1, |", "range(start, <stop>[, step])"),
    ("range(1, 2, |", "range(start, stop[, <step>])"),
    ("range(1, 2, 3, |", "range(start, stop[, step])"),
    ("dict(|", "dict(<mapping>)"),
    ("dict(a=|", "dict(<**kwargs>)"),
    ("max([], |", "max(arg1, <arg2>, *args, *[, key=func])"),
    ("max(1, 2, 3, |", "max(arg1, arg2, <*args>, *[, key=func])"),
    ("max([], key=|", "max(iterable, *[, default=obj, <key=func>])"),
    ("int(|", "int([<x>])"),
    ("int('1', |", "int(x, <base=10>)"),
    ("getattr(1, '', |", "getattr(object, name[, <default>])"),
    ("# f(|", None),
    ("f|", "f(pos, /, both, *args, only=1, **more)"),
    ("f(1)|", None),
])
def test_call__signature_and_parameter(session, text, expected):
    run(session, CALLS + "class Odd:\n    def __repr__(self): 1 / 0\n"
        "def g(é='é', ü=(1, [2]), *, t=Odd(), k=int, n=None): pass\ndef h(): pass\n"
        "def starred(*all, key=None): pass\nA.starred = starred\n"
        "@functools.cache\ndef cached(one, two=2):\n    'Cached.'\n"
        "A.cached = functools.lru_cache(8)(lambda self, one: one)\n"
        "@functools.wraps(cached)\ndef twice(*a): pass\n"
        "class Decorator:\n    def __init__(self, inner): functools.update_wrapper(self, inner)\n"
        "    def __call__(self, *a): pass\ndecorated = Decorator(cached)\n")
    assert shown(inspect(session, text, detail=0)) == expected.replace("(1, [2])", "<tuple>") \
        if expected else inspect(session, text, detail=0) is None


def test_call__of_what_the_text_imports(session):
    run(session, "import fnmatch")
    found = inspect(session, "from fnmatch import filter as f_1\nf_1([], |")
    assert shown(found) == "f_1(names, <pat>)"


def test_name__before_the_call_with_more_detail(session):
    run(session, CALLS)
    assert inspect(session, "f(A.me|thod)", detail=0).name == "f"
    found = inspect(session, "f(A.me|thod)")
    assert (found.name, found.kind, found.type) == ("A.method", "function", "function")
    assert (found.start, found.end, found.signature) == (2, 10, "A.method(self, one, two)")
    assert inspect(session, "f(|").name == "f"
    assert inspect(session, "é = A.method|").start == 4


def test_place__file_line_and_source(session, tmp_path):
    path = tmp_path / "placed.py"
    path.write_text("import functools\n\n\n@functools.cache\ndef first():\n    '''A\n    B'''\n"
                    "    if 1:\n        return 1\n\n    # a comment\n    return 2\n\n\nx = 1\n\n"
                    "def one(): pass\ndef last():\n    return 3")
    run(session, f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import placed")
    found = inspect(session, "placed.last", detail=2)
    assert (found.file, found.line) == (str(path), 18)
    assert found.source == "def last():\n    return 3"
    assert inspect(session, "placed.one", detail=2).source == "def one(): pass\n"
    assert inspect(session, "placed", detail=2).file == str(path)
    assert inspect(session, "placed.last").source == ""
    assert inspect(session, "placed.x", detail=2).value == "1"


def test_source__of_what_was_typed(session):
    run(session, "x = 1\nclass A:\n    @staticmethod\n    def m(y):\n        return y\n\n    z = 1\nx")
    found = inspect(session, "A.m", detail=2)
    assert (found.line, found.source) == (3, "    @staticmethod\n    def m(y):\n        return y\n")


@pytest.mark.parametrize("source, value", [
    ("1", "1"), ("-1.5", "-1.5"), ("'it\\'s'", '"it\'s"'), ("b'x'", "b'x'"), ("None", "None"),
    ("[1, 'a']", "[1, 'a']"), ("{'a': 1}", "{'a': 1}"), ("()", "()"), ("'x' * 1000", ""),
    ("[1] * 1000", ""), ("10 ** 5000", ""), ("[object()]", ""), ("object()", ""), ("[[]]", ""),
])
def test_value__only_of_small_builtin_ones(session, source, value):
    run(session, f"value = {source}")
    assert inspect(session, "value").value == value


@pytest.mark.parametrize("text, name, type_name", [
    ("trap", "trap", "Trap"), ("Trap", "Trap", "Meta"), ("trap.method", "trap.method", "method"),
    ("wrapped", "wrapped", "Wrapped"), ("wrapped.made(", "wrapped.made", "method"),
    ("lazy", "lazy", "module"), ("trap(", "trap", "Trap"), ("Trap(", "Trap", "Meta"),
    ("sub", "sub", "Dict"), ("items[0]", "items", "list"),
])
def test_traps__are_not_sprung(trapped, text, name, type_name):  # noqa: F811
    for detail in (0, 1, 2):
        found = inspect(trapped, text, detail)
        if found is not None:
            assert (found.name, found.type) == (name, type_name)
    assert run(trapped, "print(ran, _)").output == "[] mine\n"


def test_nothing__is_known_of_what_would_have_to_run(trapped):  # noqa: F811
    for text in ("trap.computed", "wrapped.described", "missing", "trap.missing", "trap().x", ""):
        assert inspect(trapped, text) is None
    assert run(trapped, "print(ran)").output == "[]\n"


def test_documentation__is_whole(session):
    run(session, "def f():\n    '''First.\n\n    Second.\n    '''\nclass A:\n    'Of A.'\na = A()")
    assert inspect(session, "f").doc.startswith("First.") and "Second." in inspect(session, "f").doc
    assert inspect(session, "a").doc == "Of A."
    assert inspect(session, "len(").doc.startswith("Return the number of items")


@pytest.mark.parametrize("doc", [
    "First.\n\n    Second.\n      More.\n    ", "\n    First.\n\n\tSecond.\n        ", "  One line. ",
    "\n\n", "", " \n \n  a\n b \n\n   \n", "First.\nSecond.\n    Third.", "\ta\tb\n\t\tc\n\td\te\n",
    "é\n  ü\n    \U0001f40d\n  ", "\n      \n    a\n", "a\r\n    b\r\n", "\n  a\n\t",
])
def test_documentation__is_without_its_indentation(session, doc):
    run(session, f"import inspect\ndef f(): pass\nf.__doc__ = {doc!r}")
    assert inspect(session, "f").doc == eval(run(session, "inspect.cleandoc(f.__doc__)").values[0])
