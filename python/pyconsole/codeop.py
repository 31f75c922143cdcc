"""Tell complete Python source from incomplete and from wrong.

A drop-in for the standard library's module `codeop`, written in C: the same names, the
same answers, the same errors. compile_command() judges one command; a CommandCompiler
does so too and remembers __future__ statements; a Compile is compile() with such a
memory.
"""

import warnings
from sys import hexversion as _hexversion

from pyconsole import _pyconsole as _extension
from pyconsole._pyconsole import (
    CommandCompiler,
    Compile,
    _compile,
    _maybe_compile,
    compile_command,
)

__all__ = ["compile_command", "Compile", "CommandCompiler"]

# Flags of compile(), as in CPython's Include/cpython/compile.h.
PyCF_DONT_IMPLY_DEDENT = 0x200
if _hexversion >= 0x030D0100:
    PyCF_ONLY_AST = 0x400
PyCF_ALLOW_INCOMPLETE_INPUT = 0x4000

_extension.bind("codeop", globals())


def __getattr__(name):
    if name in ("_features", "__future__"):
        import __future__

        globals()["__future__"] = __future__
        globals()["_features"] = [
            getattr(__future__, feature) for feature in __future__.all_feature_names
        ]
        return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
