"""Completion of imports, dict keys, paths and keyword arguments."""

import sys
import zipfile

import pytest

from sessions import SECONDS, run
from test_assist import complete, kinds


@pytest.fixture
def folder(session, tmp_path):
    """A folder on sys.path, which is the session's own folder, too."""
    package = tmp_path / "package_one"
    for path in (package, package / "inner", tmp_path / "no_package", tmp_path / "space d"):
        path.mkdir()
    for path in (package / "__init__.py", package / "inner" / "__init__.py"):
        path.write_text("raise SystemError('imported')\n")
    for name in ("package_two.py", "package_one/part.py", "package_one/inner/leaf.py",
                 "package_one/_private.py", "not-a-name.py", "data.txt", ".hidden", "it's.txt",
                 "space d/x.txt", "h\xe9.txt"):
        (tmp_path / name).write_text("raise SystemError('imported')\n")
    run(session, f"import os, sys\nos.chdir({str(tmp_path)!r})\nsys.path.insert(0, {str(tmp_path)!r})")
    return tmp_path


# ---- imports


def test_modules__loaded_builtin_and_in_folders(session, folder):
    found = kinds(complete(session, "import "))
    assert set(found.values()) == {"module"}
    assert {"os", "sys", "time", "zipapp", "package_one", "package_two", "__future__",
            "antigravity", "_socket"} <= set(found)
    assert not {"no_package", "not-a-name", "data", "os.path", "__main__", "import"} & set(found)
    stdlib = {name for name in sys.stdlib_module_names if not name.startswith("_")}
    assert len(stdlib & set(found)) > 0.8 * len(stdlib)


@pytest.mark.parametrize("text, expected", [
    ("import package_one.|", ["inner", "part", "_private"]),
    ("import package_one.inner.|", ["leaf"]),
    ("import os, package_one.par|", ["part"]),
    ("from package_one.|", ["inner", "part", "_private"]),
    ("from package_one import |", ["inner", "part", "_private"]),
    ("from package_one.inner import (l|", ["leaf"]),
    ("import package_two.|", []),
    ("import nothing.|", []),
    ("from . import |", []),
    ("from os import pathse|", ["pathsep"]),
    ("from os import (path, pathse|", ["pathsep"]),
    ("import os.|", ["path"]),
])
def test_modules__below_a_package_are_not_imported(session, folder, text, expected):
    assert complete(session, text).texts == expected
    assert run(session, "[name for name in sys.modules if name.startswith('package')]").values == ["[]"]


def test_modules__relative_to_the_package(session, folder):
    run(session, "__package__ = 'package_one.inner'")
    assert complete(session, "from . import ").texts == ["leaf"]
    assert complete(session, "from .. import p").texts == ["part"]
    assert complete(session, "from ..inner.").texts == ["leaf"]
    assert complete(session, "from .... import ").texts == []


def test_modules__in_a_zip_file_that_was_read(session, tmp_path):
    archive = tmp_path / "archive.zip"
    with zipfile.ZipFile(archive, "w") as writer:
        for name in ("zipped_one.py", "zipped_pack/__init__.py", "zipped_pack/sub.py"):
            writer.writestr(name, "")
    run(session, f"import sys\nsys.path.insert(0, {str(archive)!r})\nimport zipped_one")
    assert complete(session, "import zipped_").texts == ["zipped_one", "zipped_pack"]
    assert complete(session, "import zipped_pack.").texts == ["sub"]
    run(session, "import zipped_pack")
    assert complete(session, "import zipped_pack.").texts == ["sub"]


def test_modules__odd_things_in_sys_are_no_matter(session):
    run(session, "import sys\nsys.path[:] = [None, 3, '', '/nowhere', '\\0', 'x' * 5000]\n"
                 "sys.modules['odd'] = None\nsys.modules[3] = 4\nsys.modules['o\\udc80'] = sys")
    assert "sys" in complete(session, "import ").texts
    run(session, "sys.path = sys.builtin_module_names = None")
    assert "sys" in complete(session, "import ").texts


def test_lazy_modules__are_not_loaded(session, folder):
    run(session, "import importlib.util\n"
                 "spec = importlib.util.find_spec('package_two')\n"
                 "loader = importlib.util.LazyLoader(spec.loader)\nspec.loader = loader\n"
                 "module = importlib.util.module_from_spec(spec)\nloader.exec_module(module)")
    assert "__spec__" in complete(session, "module.__sp").texts
    assert run(session, "type(module).__name__").values == ["'_LazyModule'"]


def test_modules__names_that_their_getattr_makes(session):
    run(session, "import sys, types\nlazy = sys.modules['lazy'] = types.ModuleType('lazy')\n"
                 "lazy.__getattr__ = lambda name: 1 / 0\nlazy.there = 1\n"
                 "lazy.__all__ = ['there', 'promised', 'not a name', 3]\nimport concurrent.futures")
    found = {name: kind for name, kind in kinds(complete(session, "lazy.")).items() if name[0] != "_"}
    assert found == {"there": "variable", "promised": "property"}
    assert complete(session, "from lazy import prom").texts == ["promised"]
    assert "ThreadPoolExecutor" in complete(session, "from concurrent.futures import Th").texts
    run(session, "class Odd(list):\n    def __iter__(self): 1 / 0\nlazy.__all__ = Odd(['odd'])")
    assert complete(session, "lazy.od").texts == []


# ---- keys

KEYS = r"""
d = {'alpha': 1, 'beta two': [], "it's": 2, 'a"b': 3, 'new\nline': 4, 5: 'five', -6: '', b'raw': 7,
     b'\xff': 8, 'h\xe9': 9, '\udc80': 10, (1, 2): 11, 1.5: 12, None: 13, 'in': {'deep': 1},
     'x' * 1000: 14, 'back\\slash': 15, True: 16}
class D(dict):
    def __iter__(self): 1 / 0
    def keys(self): 1 / 0
e = D(alpha=1)
import collections
class Plain(dict):
    def __getitem__(self, key): 1 / 0
    def __missing__(self, key): 1 / 0
plain, ordered = Plain(alpha=1), collections.OrderedDict(alpha=1)
counter, default = collections.Counter(['alpha']), collections.defaultdict(int, alpha=1)
"""


@pytest.mark.parametrize("text, expected, start", [
    ("d['al|", ["'alpha'"], 2),
    ("d['al|']", ["'alpha"], 2),
    ('d["al|', ['"alpha"'], 2),
    ("d['be|", ["'beta two'"], 2),
    ("d['it|", [r"'it\'s'"], 2),
    ('d["it|', ['"it\'s"'], 2),
    ('d["a|', ['"a\\"b"', '"alpha"'], 2),
    ("d['new|", [r"'new\nline'"], 2),
    ("d[r'new|", [], 2),
    ("d[r'al|", ["r'alpha'"], 2),
    ("d['back|", [r"'back\\slash'"], 2),
    ("d[r'back|", [r"r'back\slash'"], 2),
    ("d['h|", ["'hé'"], 2),
    ("d[b'|", [r"b'\xff'", "b'raw'"], 2),
    ("d[b'r|", ["b'raw'"], 2),
    ("d[5|", ["5"], 2),
    ("d['in']['|", ["'deep'"], 8),
    ("f(d['al|", ["'alpha'"], 4),
    ("x = 1; y = d[ 'al|", ["'alpha'"], 14),
    ("e['al|", [], 3),
    ("d['zz|", [], 3),
])
def test_keys__are_finished_as_they_were_begun(session, tmp_path, text, expected, start):
    run(session, KEYS + f"import os\nos.chdir({str(tmp_path)!r})")
    found = complete(session, text)
    assert found.texts == expected
    assert not expected or found.start == start and set(kinds(found).values()) == {"key"}
    for candidate in found.texts if "|']" not in text else []:
        assert run(session, f"eval({'d[' + candidate + ']'!r})" if "deep" not in candidate
                   else "1").outcome == "ok"


@pytest.mark.parametrize("name", ["plain", "ordered", "counter", "default"])
def test_keys__of_subclasses_that_leave_them_alone(session, name):
    run(session, KEYS)
    assert complete(session, f"{name}['").texts == complete(session, f"{name}[").texts == ["'alpha'"]


def test_keys__before_a_quote(session):
    run(session, KEYS)
    found = complete(session, "d[")
    assert set(kinds(found).values()) == {"key"} and "5" in found.texts and "-6" in found.texts
    assert "'alpha'" in found.texts and "b'raw'" in found.texts and "True" not in found.texts
    assert all(len(text) < 100 for text in found.texts)
    assert found.candidates[found.texts.index("'alpha'")].type == "int"
    assert "print" in complete(session, "e[").texts
    assert "print" in complete(session, "[1][").texts


# ---- paths


@pytest.mark.parametrize("text, expected, start", [
    ("open('da|", {"data.txt": "file"}, 6),
    ("open('|", {"data.txt": "file", "package_one/": "folder", "space d/": "folder",
                 "hé.txt": "file", r"it\'s.txt": "file"}, 6),
    ("open('.h|", {".hidden": "file"}, 6),
    ("open('space d/|", {"x.txt": "file"}, 14),
    ("open(\"it|", {"it's.txt": "file"}, 6),
    ("open(r'it|", {}, 7),
    ("open(rb'h|", {}, 8),
    ("open(b'h|", {r"h\xc3\xa9.txt": "file"}, 7),
    ("open(f'da|", {"data.txt": "file"}, 7),
    ("open(f'{x}/da|", {}, 14),
    ("'''da|", {}, 5),
    ("'nowhere/|", {}, 9),
    ("'http://da|", {}, 8),
])
def test_paths__in_strings(session, folder, text, expected, start):
    found = complete(session, text)
    items = kinds(found).items()
    assert expected.items() <= items if text == "open('|" else expected.items() == items
    assert found.start == start or not expected


def test_paths__home_and_absolute(session, folder):
    run(session, f"import os\nos.environ['HOME'] = {str(folder)!r}")
    assert complete(session, "'~/da").texts == ["data.txt"]
    assert complete(session, f"'{folder}/da").texts == ["data.txt"]
    assert complete(session, "'~/'[|").texts != ["data.txt"]


# ---- keyword arguments

CALLS = """
import functools, os
def f(pos, /, both, *args, only=1, **more): pass
@functools.wraps(f)
def wrapped(*args, **kwargs): pass
class A:
    def __init__(self, first, second=2): pass
    def method(self, one, two): pass
    @classmethod
    def made(cls, three): pass
    @staticmethod
    def static(four): pass
    def __call__(self, called): pass
class N:
    def __new__(cls, newly): pass
class M(type):
    def __call__(cls, *args): pass
class WithMeta(metaclass=M):
    def __init__(self, hidden): pass
class Signed:
    @property
    def __signature__(self): 1 / 0
    def __call__(self, seen): pass
a = A(1)
signed = Signed()
"""


@pytest.mark.parametrize("text, expected", [
    ("f(|", ["both=", "only="]),
    ("f(1, on|", ["only="]),
    ("wrapped(|", ["both=", "only="]),
    ("A(|", ["first=", "second="]),
    ("a.method(|", ["one=", "two="]),
    ("A.method(|", ["one=", "self=", "two="]),
    ("A.made(|", ["three="]),
    ("a.made(|", ["three="]),
    ("a.static(|", ["four="]),
    ("a(|", ["called="]),
    ("N(|", ["newly="]),
    ("WithMeta(|", []),
    ("signed(|", ["seen="]),
    ("sorted(|", ["key=", "reverse="]),
    ("''.split(|", ["maxsplit=", "sep="]),
    ("int.from_bytes(|", ["byteorder=", "bytes=", "signed="]),
    ("print(1, se|", ["sep="]),
    ("f(both=|", []),
    ("f(x.|", []),
    ("f()(|", []),
    ("missing(|", []),
])
def test_arguments__of_the_call_around(session, text, expected):
    run(session, CALLS)
    found = complete(session, text)
    arguments = [candidate.text for candidate in found.candidates if candidate.kind == "argument"]
    assert arguments == expected == found.texts[:len(expected)]
    assert session.execute("1").wait(SECONDS).outcome == "ok"
