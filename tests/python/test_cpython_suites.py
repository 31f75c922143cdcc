"""CPython's own tests, and the standard library's programs that build on `code`."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from sanitizer import without_false_leaks, without_leaks

HERE = Path(__file__).resolve().parent
RUN_MODULE = ("import runpy, sys; "
              "runpy.run_module({0!r}, run_name='__main__', alter_sys=True)")
INSTALL = "import pyconsole; pyconsole.install(); "
ENVIRONMENT = {**os.environ, "TERM": "dumb", "PYTHON_BASIC_REPL": "1",
               "PYTHONIOENCODING": "utf-8", "PYTHON_HISTORY": os.devnull}


def suites(*arguments):
    """Run cpython_suites.py in a Python of its own; its status and output."""
    done = subprocess.run(
        [sys.executable, str(HERE / "cpython_suites.py"), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600,
        env=ENVIRONMENT, stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout


def test_own_suites(capsys):
    status, output = suites()
    with capsys.disabled():
        print("\n" + "".join(line + "\n" for line in output.splitlines()
                             if line.startswith(("test.", "skipped:"))), end="")
    assert status == 0, output
    assert re.search(r"^[1-9]\d* passed, 0 failed, \d+ skipped$", output, re.MULTILINE)


def findable(name):
    """Can this module be found, with all that its package needs?"""
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


OTHERS = [
    ("test.test_pdb", "interact"),
    ("test.test_sqlite3.test_cli", ""),
    ("test.test_repl", ""),
    ("test.test_pyrepl.test_interact", ""),
    ("idlelib.idle_test.test_pyshell", ""),
    ("idlelib.idle_test.test_run", ""),
]


@pytest.mark.parametrize("name, text", OTHERS, ids=[name for name, _ in OTHERS])
def test_other_suites(name, text):
    """Each test ends the same way with the standard modules and with ours."""
    if not findable(name):
        pytest.skip(f"{name} is not part of this Python, or not installed")
    results = []
    for extra in (["--standard"], []):
        _, output = suites("--each", "-k", text, *extra, name)
        results.append([line for line in output.splitlines() if line.startswith("each:")])
        if not results[0]:
            reason = output.partition("failed: ")[2].partition("\n")[0]
            pytest.skip(f"{name} does not run with the standard modules: {reason}")
    assert results[1] == results[0], output


def program(module, ours):
    """Command line that runs a module as a program, with ours in place or not."""
    return [sys.executable, "-c", (INSTALL if ours else "") + RUN_MODULE.format(module)]


def both(module, *arguments, text):
    """What a program writes to its outputs, with the standard modules and with ours."""
    results = []
    for ours in (False, True):
        done = subprocess.run([*program(module, ours), *arguments], input=text, timeout=120,
                              capture_output=True, text=True, env=without_leaks(ENVIRONMENT))
        results.append((done.returncode, done.stdout, done.stderr))
    return results


PYTHON_INPUT = """\
1 + 1
def f():
    return 6 * 7

f()
undefined
a = = 1
(
  2
)
if 1:
    print('x')
else:
    print('y')

import warnings
warnings.warn('w')
'\\d'
"""


def without_future_lines(result):
    """Whether a future was done before it was asked is chance; its lines tell."""
    return [re.sub(r"(futures/_base.py\", line) \d+", r"\1", str(part))
            for part in result]


@pytest.mark.parametrize("ending", ["", "exit()\n", "raise KeyError\n"])
def test_asyncio_program(ending):
    text = PYTHON_INPUT + "await asyncio.sleep(0, 'slept')\nasync def g(): 1/0\n\nawait g()\n"
    standard, ours = both("asyncio", text=text + ending)
    assert without_future_lines(ours) == without_future_lines(standard)
    assert "slept" in ours[1]


SQL_INPUT = """\
select 1;
select
  2;
select 'open
string';
nonsense;
create table t (a);
insert into t values (1), (2);
select * from t;
.version
.help
"""


@pytest.mark.skipif(not findable("sqlite3.__main__"),
                    reason="sqlite3 has no command line before Python 3.12")
@pytest.mark.parametrize("ending", ["", ".quit\n", "select"])
def test_sqlite_program(ending):
    standard, ours = both("sqlite3", text=SQL_INPUT + ending)
    assert ours == standard
    assert "2" in ours[1]


@pytest.mark.parametrize("options", [[], ["-q"], ["-h"], ["--nonsense"]], ids=" ".join)
@pytest.mark.parametrize("ending", ["", "exit()\n", "exit('x')\n", "if 1:\n"])
def test_code_as_a_program(options, ending):
    """`python -m code` and `python -m pyconsole.code`."""
    results = []
    for name in ("code", "pyconsole.code"):
        done = subprocess.run([sys.executable, "-m", name, *options], env=ENVIRONMENT,
                              input=PYTHON_INPUT + ending, capture_output=True, text=True)
        results.append((done.returncode, done.stdout.replace("pyconsole.code", "code"),
                        done.stderr.replace("pyconsole.code", "code")))
    assert results[1] == results[0]


PDB_SCRIPT = "def f(x):\n    y = x + 1\n    return y\n\nf(5)\nprint('end')\n"


def pdb_session(script, ours):
    """Drive pdb's `interact` on a terminal; all that the terminal got to see."""
    command, *arguments = program("pdb", ours)
    child = pexpect.spawn(command, [*arguments, str(script)], env=ENVIRONMENT, timeout=60,
                          encoding="utf-8", echo=False, dimensions=(50, 200))
    seen = []

    def talk(prompt, line):
        child.expect_exact(prompt)
        seen.append(child.before)
        child.sendline(line)
    for line in ("break 3", "continue"):
        talk("(Pdb) ", line)
    talk("(Pdb) ", "interact")
    for line in ("x, y", "def g():", "", "undefined", "a = = 1", "z = 4", "z"):
        talk("... " if line == "" else ">>> ", line)
        if line == "def g():":
            talk("... ", "  return z")
    child.expect_exact(">>> ")
    seen.append(child.before)
    child.sendeof()
    for line in ("p y", "continue"):
        talk("(Pdb) ", line)
    talk("(Pdb) ", "quit")
    child.expect(pexpect.EOF)
    return seen + [child.before]


def test_pdb_interact(tmp_path):
    script = tmp_path / "debugged.py"
    script.write_text(PDB_SCRIPT)
    standard, ours = pdb_session(script, False), pdb_session(script, True)
    assert ours == standard
    assert "(5, 6)" in "".join(ours)


FRESH = """
import sys
if {ours}:
    import pyconsole; pyconsole.install()
import code, codeop
def attempt(source):
    for function in (code.InteractiveConsole().push, codeop.compile_command):
        try:
            print(type(function(source)))
        except BaseException as error:
            print(type(error), error)
{script}
"""
SCRIPTS = {
    "warnings on stderr": "c = code.InteractiveConsole()\n"
        "for l in ['1 is 1', 'import warnings', 'warnings.warn(\"w\")', '\"\\\\d\"']: c.push(l)",
    "nested minus": "attempt('-' * 100000 + '1')",
    "nested calls": "attempt('f(' * 150 + ')' * 150)",
    "nested not": "attempt('not ' * 5000 + '1')",
    "nested lambda": "attempt('lambda: ' * 3000 + '1')",
    "long chain": "attempt('a' + '.b' * 20000)",
    "long sum": "attempt('1' + ' + 1' * 20000)",
    "excepthook of the program": "sys.excepthook = lambda *a: print('hook', a[:2])\n"
        "code.InteractiveConsole().push('1/0')",
    "no stderr": "sys.stderr = None; code.InteractiveConsole().push('1/0'); print('on')",
    "stdin closed": "sys.stdin.close()\n"
        "try: code.interact('b', None, {})\nexcept ValueError as e: print(e)",
    "exit closes stdin": "code.interact('b', None, {})",
    "exit local": "try: code.interact('b', None, {}, 'x', local_exit=True)\n"
        "except TypeError as e: print(e)\nprint(sys.stdin.closed, exit)",
}


@pytest.mark.parametrize("flags", [[], ["-W", "error"], ["-X", "dev"], ["-I"], ["-S"], ["-O"],
                                   ["-W", "ignore"], ["-u", "-b"],
                                   ["-X", "context_aware_warnings=1"]], ids=" ".join)
@pytest.mark.parametrize("name", SCRIPTS)
def test_fresh_interpreter(name, flags):
    """Small programs, each in a Python of its own, under several options."""
    results = []
    path = "import sys; sys.path[:0] = %r" % os.environ["PYTHONPATH"].split(os.pathsep)
    for ours in (False, True):
        text = path + FRESH.format(ours=ours, script=SCRIPTS[name])
        command = [sys.executable, *flags, "-c", text]
        done = subprocess.run(command, input="1+1\nexit()\n2\n", capture_output=True, text=True,
                              env=without_false_leaks(command, ENVIRONMENT), timeout=120)
        results.append((done.returncode, done.stdout,
                        re.sub(r'File "<string>", line \d+', "File", done.stderr)))
    assert results[1] == results[0]
