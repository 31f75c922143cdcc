"""python -m pyconsole: a console, as `python -m code` opens one."""

import runpy

runpy.run_module("pyconsole.code", run_name="__main__", alter_sys=True)
