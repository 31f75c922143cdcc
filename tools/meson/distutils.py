"""As much of distutils as Meson before 1.3 asks an interpreter for.

Python 3.12 has no distutils any more, so the Meson of Debian 12 cannot look at it: "not a valid
python or it is missing distutils". It only wants to know that there is no install scheme of
Debian's in distutils and that an extension needs no library; sysconfig tells it the rest.
tools/mesonenv.sh puts this module on the path of Python 3.12 and later while Meson or Ninja runs.
"""

import sys
import types

__path__ = []


def add_module(parent, name, **contents):
    module = types.ModuleType(f"{parent.__name__}.{name}")
    module.__dict__.update(contents, __path__=[])
    sys.modules[module.__name__] = module
    setattr(parent, name, module)
    return module


class Distribution:
    def get_command_obj(self, _name):
        return self

    def ensure_finalized(self):
        pass

    def get_libraries(self, _extension):
        return []


class Extension:
    def __init__(self, name, sources):
        pass


this_module = sys.modules[__name__]
add_module(this_module, "core", Distribution=Distribution, Extension=Extension)
add_module(add_module(this_module, "command"), "install", INSTALL_SCHEMES={})
