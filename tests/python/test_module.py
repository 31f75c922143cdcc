"""What makes the modules a drop-in: names, signatures, documentation, install()."""

import contextlib
import copy
import inspect
import io
import pickle
import pydoc
import re
import subprocess
import sys
import threading
import types
import weakref

import differential
import pyconsole
import pyconsole.code
import pyconsole.codeop
import pytest

PAIRS = {"code": (differential.standard_code, pyconsole.code),
         "codeop": (differential.standard_codeop, pyconsole.codeop)}
CLASSES = ("code.InteractiveInterpreter", "code.InteractiveConsole", "codeop.Compile",
           "codeop.CommandCompiler")
FUNCTIONS = ("code.interact", "codeop.compile_command", "code.compile_command")
METHODS = tuple(
    f"{cls}.{name}" for cls in CLASSES
    for name in vars(getattr(PAIRS[cls.split(".")[0]][0], cls.split(".")[1]))
    if callable(getattr(getattr(PAIRS[cls.split(".")[0]][0], cls.split(".")[1]), name))
    and (name in ("__init__", "__call__") or not name.startswith("_"))
)


def both(path):
    """The thing of this dotted name in the standard module and in ours."""
    module, *names = path.split(".")
    found = list(PAIRS[module])
    for name in names:
        found = [getattr(thing, name) for thing in found]
    return found


def public(module):
    """The names a module offers, without what it imported."""
    return {name for name, value in vars(module).items()
            if not name.startswith("_") and not isinstance(value, types.ModuleType)}


@pytest.mark.parametrize("name", CLASSES + FUNCTIONS + METHODS)
def test_signature(name):
    standard, ours = both(name)
    assert str(inspect.signature(ours)) == str(inspect.signature(standard))


@pytest.mark.parametrize("name", METHODS)
def test_signature_bound(name):
    path, _, method = name.rpartition(".")
    standard, ours = (getattr(cls(), method) for cls in both(path))
    assert str(inspect.signature(ours)) == str(inspect.signature(standard))


@pytest.mark.parametrize("name", CLASSES + FUNCTIONS + METHODS)
def test_names(name):
    standard, ours = both(name)
    assert ours.__name__ == standard.__name__
    assert ours.__qualname__ == standard.__qualname__


@pytest.mark.parametrize("name", CLASSES)
def test_class(name):
    standard, ours = both(name)
    assert [c.__name__ for c in ours.__mro__] == [c.__name__ for c in standard.__mro__]
    assert set(vars(ours)) >= {n for n in vars(standard) if not n.startswith("_")}
    extra = {n for n in vars(ours) if not n.startswith("_")} - set(vars(standard))
    assert not extra
    assert vars(ours()).keys() == vars(standard()).keys()
    assert list(vars(ours())) == list(vars(standard()))


@pytest.mark.parametrize("name", ("code", "codeop") + CLASSES + FUNCTIONS + METHODS)
def test_documentation_is_our_own(name):
    standard, ours = both(name)
    if standard.__doc__ is None or name.endswith(("__init__", "__call__")):
        return
    assert ours.__doc__ and ours.__doc__.strip()
    assert ours.__doc__.split() != standard.__doc__.split()


@pytest.mark.parametrize("name", ("code", "codeop") + CLASSES + FUNCTIONS)
def test_help(name):
    text = pydoc.plain(pydoc.render_doc(both(name)[1]))
    for part in ("push", "raw_input") if name == "code.InteractiveConsole" else ():
        assert f" {part}(" in text
    assert len(text.splitlines()) > 2


@pytest.mark.parametrize("name", PAIRS)
def test_public_names(name):
    standard, ours = PAIRS[name]
    assert ours.__all__ == standard.__all__
    assert public(ours) == public(standard)
    for wanted in ("sys", "traceback") if name == "code" else ("warnings", "__future__"):
        assert getattr(ours, wanted) is sys.modules[wanted]


def test_code_uses_codeop():
    assert pyconsole.code.compile_command is pyconsole.codeop.compile_command
    assert pyconsole.code.CommandCompiler is pyconsole.codeop.CommandCompiler
    with pytest.raises(AttributeError):
        pyconsole.code.no_such_name


@pytest.mark.parametrize("name", CLASSES)
def test_weak_references(name):
    thing = both(name)[1]()
    reference = weakref.ref(thing)
    assert reference() is thing
    del thing
    assert reference() is None


class Kept(list):
    """Something that can be pickled and compared."""


def outcome(function, *args):
    """The result of a call, or the kind of error."""
    try:
        return function(*args)
    except Exception as error:
        return type(error)


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy,
                                 *(lambda thing, p=protocol: pickle.loads(pickle.dumps(thing, p))
                                   for protocol in range(pickle.HIGHEST_PROTOCOL + 1))])
def test_copying(name, how):
    results = []
    for cls in both(name):
        thing = cls()
        thing.more = Kept([1])
        made = outcome(how, thing)
        if isinstance(made, cls):
            made = (list(vars(made)), made.more, made.more is thing.more,
                    getattr(getattr(made, "compile", made), "flags", None),
                    getattr(made, "locals", None) is getattr(thing, "locals", 1))
        results.append(made)
    assert results[1] == results[0]


def test_copy_works_on():
    console = pyconsole.code.InteractiveConsole({"__name__": "x"})
    console.push("from __future__ import annotations")
    other = copy.deepcopy(console)
    other.push("a = 1")
    assert "a" in other.locals and "a" not in console.locals
    assert other.compile.compiler.flags == console.compile.compiler.flags
    assert other.compile.compiler is not console.compile.compiler


@pytest.mark.parametrize("name", CLASSES + FUNCTIONS)
def test_pickled_by_name(name):
    ours = both(name)[1]
    assert pickle.loads(pickle.dumps(ours)) is ours


class Threaded(pyconsole.code.InteractiveConsole, threading.Thread):
    """A console that is a thread, too."""

    def __init__(self):
        threading.Thread.__init__(self)
        pyconsole.code.InteractiveConsole.__init__(self)

    def run(self):
        self.push("answer = 6 * 7")


class Slotted(pyconsole.code.InteractiveInterpreter):
    __slots__ = ("more",)


class Mixed(types.SimpleNamespace, pyconsole.code.InteractiveConsole):
    """A mixture that the standard class allows."""


def test_multiple_inheritance():
    console = Threaded()
    console.start()
    console.join()
    assert console.locals["answer"] == 42
    assert Slotted().locals["__name__"] == "__console__"

    class Mixin:
        def write(self, data):
            self.seen = data

    class Console(Mixin, pyconsole.code.InteractiveConsole):
        pass
    console = Console()
    console.push("1/0")
    assert "ZeroDivisionError" in console.seen


@pytest.mark.parametrize("base", [threading.Thread, io.StringIO, dict, Exception, list,
                                  types.SimpleNamespace], ids=lambda cls: cls.__name__)
def test_bases_that_go_together(base):
    made = []
    for cls in both("code.InteractiveConsole"):
        made.append([isinstance(outcome(type, "Both", bases, {}), type)
                     for bases in ((cls, base), (base, cls))])
    assert made[1] == made[0]


def test_class_assignment():
    """An instance's __class__ can be changed to a subclass, as with a Python class."""
    class Other(pyconsole.code.InteractiveConsole):
        pass

    class Third(pyconsole.code.InteractiveConsole):
        def write(self, data):
            self.seen = data
    console = Other()
    console.__class__ = Third
    console.push("1/0")
    assert "ZeroDivisionError" in console.seen


def test_generic_alias_and_attributes():
    cls = pyconsole.code.InteractiveConsole
    cls.added = 5
    try:
        assert cls().added == 5
    finally:
        del cls.added
    assert not hasattr(cls(), "added")


def test_class_name_in_the_banner():
    class Mine(pyconsole.code.InteractiveConsole):
        pass
    console, seen = Mine(), []
    console.write = seen.append
    console.raw_input = lambda prompt: exec("raise EOFError")
    console.interact()
    assert seen[0].endswith("\n(Mine)\n") and seen[-1] == "now exiting Mine...\n"


@contextlib.contextmanager
def modules_kept():
    """sys.modules as it was, afterwards."""
    kept = {name: sys.modules.get(name) for name in PAIRS}
    try:
        yield kept
    finally:
        pyconsole.uninstall()
        sys.modules.update({name: module for name, module in kept.items() if module})


def test_install_and_uninstall():
    with modules_kept() as kept:
        for _ in range(2):
            pyconsole.install()
            import code
            import codeop
            assert code is pyconsole.code and codeop is pyconsole.codeop
        for _ in range(2):
            pyconsole.uninstall()
            assert {name: sys.modules[name] for name in PAIRS} == kept
        pyconsole.install()
        assert sys.modules["code"] is pyconsole.code
        pyconsole.uninstall()
        assert sys.modules["code"] is kept["code"]


def test_install_where_nothing_was():
    with modules_kept():
        for name in PAIRS:
            sys.modules.pop(name)
        pyconsole.uninstall()
        assert not set(PAIRS) & set(sys.modules)
        pyconsole.install()
        pyconsole.install()
        assert sys.modules["codeop"] is pyconsole.codeop
        pyconsole.uninstall()
        assert not set(PAIRS) & set(sys.modules)
        import code
        assert code is not pyconsole.code and code.__file__.endswith("code.py")


def test_install_over_another_replacement():
    with modules_kept():
        mine = sys.modules["code"] = types.ModuleType("code")
        pyconsole.install()
        assert sys.modules["code"] is pyconsole.code
        pyconsole.uninstall()
        assert sys.modules["code"] is mine


def test_install_in_odd_orders():
    with modules_kept() as kept:
        pyconsole.install()
        sys.modules["code"] = other = types.ModuleType("code")
        pyconsole.install()
        pyconsole.uninstall()
        assert sys.modules["code"] is other
        sys.modules["code"] = kept["code"]
        pyconsole.install()
        del sys.modules["code"]
        pyconsole.uninstall()
        assert "code" not in sys.modules


def test_embed_leaves_stdin_open():
    script = ("import pyconsole\n"
              "for turn in range(2):\n    pyconsole.embed('hello')\n"
              "print(exit is not None, breakpoint)\n")
    done = subprocess.run([sys.executable, "-c", script], input="exit()\n2 + 2\n",
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ">>> 4" in done.stdout and "True" in done.stdout


def test_functions_take_attributes():
    pyconsole.code.interact.mark = 1
    try:
        assert vars(pyconsole.code.interact) == {"mark": 1}
    finally:
        del pyconsole.code.interact.mark


def test_dir_has_what_is_imported_on_first_need():
    done = subprocess.run(
        [sys.executable, "-c", "import pyconsole, sys\n"
         "print({*pyconsole.__all__} <= {*dir(pyconsole)}, 'asyncio' in sys.modules)\n"
         "help(pyconsole)"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("True False\n")
    assert re.search(r"^ {4}class Session\b", done.stdout, re.MULTILINE)


def test_import_brings_in_little():
    """`import pyconsole.code` does not import the standard modules or traceback."""
    script = ("import sys; before = set(sys.modules); import pyconsole.code; "
              "print(sorted(set(sys.modules) - before))")
    done = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True,
                          text=True, check=True)
    for name in ("'code'", "'codeop'", "'traceback'", "'re'"):
        assert name not in done.stdout
