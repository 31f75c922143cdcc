"""pyconsole: the Python console, in C.

pyconsole.code and pyconsole.codeop stand in for the standard library's modules `code`
and `codeop`; install() puts them in their place for a whole program. embed() opens a
console where it is called.
"""

import sys

__all__ = ["embed", "install", "interact", "uninstall"]
__version__ = "0.1.0"

_NAMES = ("codeop", "code")
_ABSENT = object()
_replaced = {}


def install():
    """Make `import code` and `import codeop` give pyconsole's modules.

    Who imported the standard modules before keeps them. A second call does nothing.
    """
    from pyconsole import code, codeop

    for name, module in (("codeop", codeop), ("code", code)):
        present = sys.modules.get(name, _ABSENT)
        if present is not module:
            _replaced[name] = present
            sys.modules[name] = module


def uninstall():
    """Take back what install() did; without it, do nothing."""
    for name in _NAMES:
        if name not in _replaced:
            continue
        before = _replaced.pop(name)
        if sys.modules.get(name) is not sys.modules.get(f"pyconsole.{name}"):
            continue
        if before is _ABSENT:
            del sys.modules[name]
        else:
            sys.modules[name] = before


def interact(banner=None, readfunc=None, local=None, exitmsg=None, **options):
    """Open a console on the namespace `local`: pyconsole.code.interact()."""
    from pyconsole import code

    code.interact(banner, readfunc, local, exitmsg, **options)


def embed(*, banner=None, exitmsg=None):
    """Open a console here, on the names that the caller sees.

    In a module it works on the module's namespace itself; in a function, on a copy of
    the globals with the local names over them. exit() and the end of the input go on
    with the program. Fit for PYTHONBREAKPOINT=pyconsole.embed.
    """
    from pyconsole import code

    frame = sys._getframe(1)
    try:
        namespace = frame.f_globals
        if frame.f_locals is not namespace:
            namespace = {**frame.f_globals, **frame.f_locals}
        if banner is None:
            name = frame.f_code.co_name
            banner = f"pyconsole at {frame.f_code.co_filename}:{frame.f_lineno} in {name}"
    finally:
        del frame
    try:
        code.interact(banner, None, namespace, "" if exitmsg is None else exitmsg)
    except SystemExit:
        pass
