"""The lines of what was executed: module linecache has them, though a session does not run it
before someone needs it."""

import subprocess
import sys

import pytest
from sessions import SECONDS, run

IS_EMPTY = "'getline' not in vars(sys.modules['linecache'])"


@pytest.fixture
def fresh(session):
    """A session that has not run it. Some Pythons do at their start."""
    run(session, "import sys")
    if value(session, IS_EMPTY) == "False":
        pytest.skip("this Python has run linecache before the session began")
    return session


def value(session, source):
    request = run(session, source)
    assert request.outcome == "ok", request.error and request.error.text
    return request.values[-1]


@pytest.mark.parametrize("needs_it", [
    "import linecache; linecache.cache", "from linecache import getline", "from linecache import *",
    "import traceback; traceback.print_stack()",
    "hasattr(before, 'nothing')", "import warnings; warnings.warn('careful')", "dir(before)",
])
def test_linecache_is_filled_when_it_is_needed(fresh, needs_it):
    run(fresh, "before = sys.modules['linecache']")
    run(fresh, needs_it)
    assert value(fresh, IS_EMPTY) == "False"
    assert value(fresh, "import linecache; linecache is before is sys.modules['linecache']") == "True"
    assert value(fresh, "linecache.getline.__globals__ is vars(linecache)") == "True"
    assert value(fresh, "linecache.getline('<input-1>', 1)") == repr("import sys\n")


def test_linecache_has_what_it_has_elsewhere(session):
    names = "import linecache; linecache.cache; sorted(vars(linecache))"
    alone = subprocess.run([sys.executable, "-c", names.replace("sorted", "print(sorted") + ")"],
                           capture_output=True, text=True, check=True).stdout.strip()
    assert value(session, names) == alone
    assert "(built-in)" not in value(session, "linecache")
    assert value(session, "linecache.__spec__.name, linecache.__loader__ is linecache.__spec__.loader"
                 ) == "('linecache', True)"
    assert "has no attribute 'nothing'" in run(session, "linecache.nothing").error.text


def test_the_first_block_shows_its_own_lines(session):
    request = run(session, "import traceback\ntry:\n    1 / 0  # here\nexcept ZeroDivisionError:\n"
                           "    traceback.print_exc(file=sys.stdout) if 'sys' in globals() else "
                           "print(traceback.format_exc())")
    assert "    1 / 0  # here\n" in request.output


def test_an_error_shows_lines_of_blocks_before(session):
    run(session, "def f():\n    return 1 / 0  # here")
    assert "    return 1 / 0  # here\n" in run(session, "f()").error.text


def test_carets_stand_below_what_they_mark(session):
    """Module traceback takes a line without an end for a longer one."""
    text = run(session, "{}['x']['y']").error.text
    if sys.version_info >= (3, 11):
        assert "\n    {}['x']['y']\n    ~~^^^^^\n" in text


def test_many_threads_need_it_at_once(session):
    request = run(session, """
import threading
found = []
barrier = threading.Barrier(8)
def look():
    barrier.wait()
    import linecache
    found.append(linecache.getline('<input-1>', 2))
threads = [threading.Thread(target=look) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(found == ['import threading\\n'] * 8)
""")
    assert request.output == "True\n"


def test_linecache_was_taken_away(session):
    run(session, "import sys\ndel sys.modules['linecache']")
    run(session, "def f(): 1 / 0  # here")
    assert "f(): 1 / 0  # here" in run(session, "f()").error.text
    assert value(session, "import linecache; '<input-1>' in linecache.cache") == "False"
    run(session, "linecache.cache = 5")
    assert "TypeError" in run(session, "1").error.text


def test_a_reload_forgets_as_it_does_elsewhere(session):
    run(session, "import importlib, linecache\nimportlib.reload(linecache)")
    run(session, "x = 5")
    assert value(session, "linecache.getline('<input-2>', 1)") == repr("x = 5\n")


def test_a_look_at_every_module_does_not_run_it(fresh):
    assert value(fresh, "[name for name, module in sys.modules.items() if hasattr(module, '__path__') "
                          "and module.__name__ == 'linecache']") == "[]"
    assert value(fresh, "sys.modules['linecache'].__file__.endswith('linecache.py')") == "True"
    assert value(fresh, "sys.modules['linecache'].__spec__.name") == "'linecache'"
    assert value(fresh, IS_EMPTY) == "True"
    assert run(fresh, "sys.modules['linecache'].__getattr__(b'x')").error.name == "AttributeError"


def test_an_interrupt_while_it_is_run(fresh):
    run(fresh, "import time, linecache\nclass Slow:\n    def find_spec(self, name, *_):\n"
                 "        if name == 'tokenize' and not self.found:\n            self.found = True\n"
                 "            print('begun', flush=True)\n            time.sleep(1000)\n"
                 "    found = False\nsys.meta_path.insert(0, Slow())")
    request = fresh.execute("linecache.cache")
    while not request.output:
        assert fresh.next_event(SECONDS) is not None
    request.interrupt()
    assert request.wait(SECONDS).outcome == "interrupted"
    assert value(fresh, "linecache.getline('<input-3>', 2)") == repr("class Slow:\n")
