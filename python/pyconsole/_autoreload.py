"""Modules that are loaded again when their files change: %autoreload.

What other modules and the session hold of a module, its functions and classes, is made to do
what the new ones do, and takes their place in the module.
"""

import contextlib
import importlib
import os
import sys
import traceback
from types import FunctionType

from pyconsole._commands import before

_marked: set[str] = set()  # names that %aimport gave
_skipped: set[str] = set()  # and those with a `-`
_times: dict[str, int | None] = {}  # when the file of a module had changed as it was seen last
_mode = [0]


def _time_of(module):
    file = getattr(module, "__file__", None)
    if not file or not file.endswith(".py") or module.__name__ == "__main__":
        return None
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return None


def _wanted(every):
    return [(name, module) for name, module in list(sys.modules.items())
            if (every or name in _marked) and name not in _skipped
            and not name.startswith("pyconsole")]


def _update_function(old, new):
    """Make the old one do what the new one does; False: it has another closure."""
    try:
        old.__code__ = new.__code__
    except ValueError:
        return False
    for name in ("__defaults__", "__kwdefaults__", "__doc__", "__dict__"):
        setattr(old, name, getattr(new, name))
    return True


def _are_functions(*values):
    return all(isinstance(value, FunctionType) for value in values)


def _update_class(old, new):
    for name, value in list(vars(old).items()):
        if name not in vars(new) and isinstance(value, (FunctionType, property, classmethod,
                                                        staticmethod)):
            delattr(old, name)
    for name, value in list(vars(new).items()):
        now = vars(old).get(name)
        if not (_are_functions(now, value) and _update_function(now, value)):
            _let_super_mean(old, value)
            with contextlib.suppress(AttributeError, TypeError):  # __dict__, __weakref__
                setattr(old, name, value)


def _let_super_mean(owner, method):
    function = getattr(method, "__func__", method)  # a classmethod has one
    names = getattr(getattr(function, "__code__", None), "co_freevars", ())
    if "__class__" in names:
        function.__closure__[names.index("__class__")].cell_contents = owner


def _updated(old, new):
    """The old one, which does what the new one does, or else the new one."""
    if _are_functions(old, new) and _update_function(old, new):
        return old
    if isinstance(old, type) and isinstance(new, type):
        _update_class(old, new)
        return old
    return new


def _reload(name, module):
    before_it = dict(vars(module))
    try:
        importlib.reload(module)
    except Exception:
        print(f"%autoreload: {name}:", file=sys.stderr)
        traceback.print_exc()  # up to there it is the new one
    for member, old in before_it.items():
        new = vars(module).get(member, old)
        if new is not old and getattr(old, "__module__", None) == name:
            setattr(module, member, _updated(old, new))


def look(every=None):
    """Load again what has changed."""
    for name, module in _wanted(_mode[0] == 2 if every is None else every):
        time = _time_of(module)
        seen = _times.setdefault(name, time)
        if time is not None and seen != time:
            _times[name] = time
            _reload(name, module)


def mark(name):
    _marked.add(name)
    _skipped.discard(name)
    look()


def skip(name):
    _skipped.add(name)
    _marked.discard(name)


def described():
    return (f"Modules to load again: {' '.join(sorted(_marked)) or 'all' * (_mode[0] == 2)}\n"
            f"Modules to skip: {' '.join(sorted(_skipped))}")


def set_mode(mode):
    _mode[0] = mode
    if look in before:
        before.remove(look)
    if mode:
        look()  # to see where they are
        before.append(look)
