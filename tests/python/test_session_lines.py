"""The lines of what was executed: module linecache has them, though a session does not import it
before someone needs it."""

import subprocess
import sys

import pytest
from sessions import run

IS_EMPTY = "sorted(vars(sys.modules['linecache'])) == ['__getattr__', '__name__']"


def value(session, source):
    request = run(session, source)
    assert request.outcome == "ok", request.error and request.error.text
    return request.values[-1]


@pytest.mark.parametrize("needs_it", [
    "import linecache", "from linecache import getline", "import traceback",
    "import importlib; importlib.import_module('linecache')", "sys.modules['linecache'].cache",
    "hasattr(sys.modules['linecache'], 'nothing')", "import warnings; warnings.warn('careful')",
])
def test_linecache_is_filled_when_it_is_needed(session, needs_it):
    run(session, "import sys\nbefore = sys.modules['linecache']")
    assert value(session, IS_EMPTY) == "True"
    run(session, needs_it)
    assert value(session, IS_EMPTY) == "False"
    assert value(session, "import linecache; linecache is before is sys.modules['linecache']") == "True"
    assert value(session, "linecache.getline.__globals__ is vars(linecache)") == "True"
    assert value(session, "linecache.getline('<input-1>', 2)") == repr(
        "before = sys.modules['linecache']")


def test_linecache_has_what_it_has_elsewhere(session):
    names = "import linecache; sorted(vars(linecache))"
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
