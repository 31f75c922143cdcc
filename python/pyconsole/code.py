"""An interactive Python interpreter to build on.

A drop-in for the standard library's module `code`, written in C: the same classes, the
same hooks to override, the same behaviour. InteractiveInterpreter runs source and shows
errors; InteractiveConsole adds prompts and a buffer of lines; interact() opens one.
"""

import builtins
import sys

from pyconsole import _pyconsole
from pyconsole._pyconsole import InteractiveConsole, InteractiveInterpreter, interact
from pyconsole.codeop import CommandCompiler, compile_command

if hasattr(_pyconsole, "Quitter"):
    from pyconsole._pyconsole import Quitter

__all__ = [
    "InteractiveInterpreter",
    "InteractiveConsole",
    "interact",
    "compile_command",
]

_pyconsole.bind("code", globals())


def __getattr__(name):
    if name == "traceback":
        import traceback

        globals()["traceback"] = traceback
        return traceback
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument(
        "-q", action="store_true", help="don't print version and copyright messages"
    )
    quiet = parser.parse_args().q or sys.flags.quiet
    interact("" if quiet else None)
