"""pyconsole: the Python console, in C.

pyconsole.code and pyconsole.codeop stand in for the standard library's modules `code`
and `codeop`; install() puts them in their place for a whole program. embed() opens a
console where it is called. is_complete(), complete() and inspect() are for prompts of your
own. A Session runs code in a process of its own, a SharedSession in this one.
"""

import _thread
import builtins
import sys

__all__ = [
    "Event", "Request", "Session", "SharedSession", "complete", "embed", "inspect", "install",
    "interact", "is_complete", "uninstall",
]
__version__ = "0.1.0"

_ABSENT = object()
_LATER = {  # what is imported on first need, and from where
    "pyconsole.assist": ("complete", "inspect"),
    "pyconsole.session": ("Event", "Request", "Session", "SharedSession"),
}
_replaced = {}  # name -> (what install() put there, what was there)


def __getattr__(name):
    import importlib  # what few need, and is not there at the start

    for module, names in _LATER.items():
        if name in names:
            globals()[name] = value = getattr(importlib.import_module(module), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *__all__})


def install():
    """Make `import code` and `import codeop` give pyconsole's modules.

    Who imported the standard modules before keeps them. A second call does nothing.
    """
    from pyconsole import code, codeop

    for name, module in (("codeop", codeop), ("code", code)):
        present = sys.modules.get(name, _ABSENT)
        if present is module:
            continue
        ours, before = _replaced.get(name, (None, _ABSENT))
        _replaced[name] = (module, before if present is ours else present)
        sys.modules[name] = module


def uninstall():
    """Take back what install() did; leave what others put there since."""
    while _replaced:
        name, (module, before) = _replaced.popitem()
        if sys.modules.get(name) is not module:
            continue
        if before is _ABSENT:
            del sys.modules[name]
        else:
            sys.modules[name] = before


def interact(banner=None, readfunc=None, local=None, exitmsg=None, **options):
    """Open a console on the namespace `local`: pyconsole.code.interact().

    On a terminal it is an editor, if `readfunc` does not read the lines.
    """
    from pyconsole import code

    code.interact(banner, readfunc, local, exitmsg, **options)


def is_complete(source, symbol="single"):
    """Say whether a source is complete, without running anything.

    Gives a named tuple: `status` is "complete" where codeop.compile_command() gives code,
    "incomplete" where it gives None, and "invalid" where it raises, with the exception as
    `error`. Of an incomplete source it tells what is `missing` ("bracket", with the open one
    as `bracket`; "string", "continuation", "block", "decorated", "handler", "block end") and
    the `indent` to offer for the next line. `symbol` is "single" (one statement, as at a
    prompt), "exec" (any number) or "eval". Compiler warnings are not shown.
    """
    from pyconsole import _pyconsole

    return _pyconsole.is_complete(source, symbol)


class _Leave:
    """exit and quit in embed(): site's own close sys.stdin, which the program still needs."""

    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return f"Use {self._name}() or Ctrl-D (i.e. EOF) to go on with the program"

    def __call__(self, code=None):
        raise SystemExit(code)


class _Leaving:
    """Puts exit and quit of embed() in their place, while there is such a console on any thread."""

    def __init__(self):
        self._lock = _thread.RLock()
        self._open = 0
        self._ours = {name: _Leave(name) for name in ("exit", "quit")}
        self._kept = {}

    def __enter__(self):
        with self._lock:
            self._open += 1
            if self._open == 1:
                there = vars(builtins)
                self._kept = {name: there[name] for name in self._ours if name in there}
                there.update(self._ours)

    def __exit__(self, *_):
        with self._lock:
            self._open -= 1
            if self._open == 0:
                for name in self._ours:
                    vars(builtins).pop(name, None)
                vars(builtins).update(self._kept)


_leaving = _Leaving()


def embed(banner=None, exitmsg=None):
    """Open a console here, on the names that the caller sees.

    In a module it works on the module's namespace itself; in a function or a class body,
    on a copy of the globals with the local names over them. exit() and the end of the
    input go on with the program. Fit for PYTHONBREAKPOINT=pyconsole.embed.
    """
    from pyconsole import code

    frame = sys._getframe(1)
    namespace = frame.f_globals
    if frame.f_locals is not namespace:
        namespace = {**frame.f_globals, **frame.f_locals}
    if banner is None:
        place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        banner = f"pyconsole at {place} in {frame.f_code.co_name}"
    del frame
    try:
        with _leaving:
            code.interact(banner, None, namespace, "" if exitmsg is None else exitmsg)
    except SystemExit:
        pass
