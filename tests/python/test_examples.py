"""The examples and the snippets of the README, compiled and run as a reader would."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from sanitizer import with_segfaults, without_leaks

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / os.environ.get("PYCONSOLE_BUILD", "build")
README = (ROOT / "README.md").read_text()
SANITIZED = "ASAN_OPTIONS" in os.environ


def run(*command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          timeout=120, **options)


def snippets(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_embed__opens_a_console_on_its_data():
    done = run(BUILD / "examples/embed", input="mean = sum(volts) / len(volts)\nunit\n1/0\n")
    assert done.stdout == "'V'\nmean is 3.125\n"
    assert "volts has the measurements" in done.stderr
    assert 'File "<console>", line 1, in <module>\nZeroDivisionError' in done.stderr
    assert done.stderr.endswith(">>> \nback in the program\n")
    assert done.returncode == 0


def test_embed__exit_leaves_the_console_and_not_the_program():
    done = run(BUILD / "examples/embed", input="mean = 'left'\nraise SystemExit(3)\n")
    assert done.stdout == "the user left with 3\nmean is left\n"
    assert done.returncode == 0


@pytest.mark.parametrize("name", [
    "embed.c", "terminal.c", "ticking.c", "window.c", "shared.cpp", "supervisor.py",
])
def test_example__is_short(name):
    assert len((ROOT / "examples" / name).read_text().splitlines()) < 100


def run_host(name, **options):
    return run(BUILD / "examples" / name, sys.executable, BUILD / "python", **options)


def test_terminal__runs_what_is_typed():
    done = run_host("terminal", input="1+1\ndef f():\n  return 5\n\nf()\n"
                                      "print(input('a? '))\nhello\n1/0\n")
    assert done.stdout == ">>> 2\n>>> ... ... >>> 5\n>>> a? hello\n>>> >>> "
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert done.returncode == 0


def test_terminal__survives_what_its_session_does_not():
    done = run_host("terminal", input="print('before')\nimport os; os.abort()\n1\n")
    assert (done.stdout, done.stderr) == (">>> before\n>>> ", "the session ended: -6\n")
    assert done.returncode == 0


def test_ticking__its_window_lives_while_code_runs():
    done = run_host("ticking")
    assert done.returncode == 0, done.stderr
    shown = re.sub(r"(> <string>|-> ).*\n", "", done.stdout)
    assert shown.startswith("slept\n-- ok, and the window ticked\n")
    assert shown.endswith("\n-- interrupted, and the window ticked\n")
    # On a slow machine it ticks while pdb is imported, too.
    assert shown.replace(", and the window ticked", "") == (
        "slept\n-- ok\nname? hello Ada\n-- ok\n"
        "(Pdb) (Pdb) 1\n(Pdb) 2\n-- ok\n-- interrupted\n")


def test_window__lives_while_code_runs_on_its_thread():
    done = run(BUILD / "examples/window")
    assert done.returncode == 0, done.stderr
    shown = re.sub(r"(> |-> |--Return--).*\n", "", done.stdout)
    assert shown.startswith("slept\n-- ok, and the window ticked\n")
    assert shown.endswith(2 * "-- interrupted, and the window ticked\n")
    assert "name? hello Ada\n" in shown and "(Pdb) 1\n(Pdb) (Pdb) (Pdb) 2\n(Pdb) 2\n-- ok" in shown


@pytest.mark.skipif(not (BUILD / "examples/shared").exists(), reason="there is no C++ compiler")
def test_shared__an_object_is_the_hosts_and_the_users():
    done = run(BUILD / "examples/shared",
               input="samples.append(1.5)\nsamples.extend([2, 3])\nlen(samples)\nexit()\n")
    assert (done.stdout, done.stderr) == ("3\nthe sum is 6.5\n", "")
    assert done.returncode == 0


def test_supervisor__two_hundred_sessions():
    done = run(sys.executable, ROOT / "examples/supervisor.py",
               env=with_segfaults(dict(os.environ)))
    assert done.stdout == "200 sessions, 180 done and 20 died as they should\n", done.stderr


def test_wheel__is_whole_and_runs(tmp_path):
    tool = ROOT / "tools/wheel.py"
    wheels = [run(sys.executable, tool, "--build", BUILD, "--out", tmp_path / each,
                  env=without_leaks(dict(os.environ))).stdout.strip() for each in "ab"]
    assert Path(wheels[0]).read_bytes() == Path(wheels[1]).read_bytes()
    with zipfile.ZipFile(wheels[0]) as wheel:
        record = wheel.read(f"{Path(wheels[0]).name[:15]}.dist-info/RECORD").decode()
        assert {line.split(",")[0] for line in record.splitlines()} == set(wheel.namelist())
        assert "pyconsole/py.typed" in wheel.namelist()
        wheel.extractall(tmp_path / "site")
    code = "import pyconsole.code; print(pyconsole.code.InteractiveConsole({}).push('if 1:'))"
    done = run(sys.executable, "-c", code, cwd=tmp_path,
               env={**os.environ, "PYTHONPATH": str(tmp_path / "site")})
    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """What is installed."""
    tree = tmp_path_factory.mktemp("tree")
    done = run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", tree)
    assert done.returncode == 0, done.stderr
    return tree


@pytest.fixture(scope="module")
def installed(tree):
    """compile_program(text, name, program): with the flags of pkg-config for that library.

    Gives the environment in which the program runs."""
    (config,) = tree.rglob("pyconsole-embed.pc")
    # The second is this Python's own.
    paths = f"{config.parent}:{sysconfig.get_config_var('LIBPC')}"
    libraries = f"{config.parent.parent}:{sysconfig.get_config_var('LIBDIR')}"
    package = next(tree.rglob("pyconsole/_worker.py")).parent.parent
    # Sessions start the `python3` that is found first.
    python = tree / "bin/python3"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)

    def compile_program(text, name, program):
        flags = run("pkg-config", "--cflags", "--libs", name,
                    env={**os.environ, "PKG_CONFIG_PATH": paths,
                         "PKG_CONFIG_SYSROOT_DIR": str(tree)})
        assert flags.returncode == 0, flags.stderr
        source = program.with_suffix(".c")
        source.write_text(text)
        done = run("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", source,
                   *flags.stdout.split(), "-o", program,
                   env={**os.environ, "LD_LIBRARY_PATH": libraries})
        assert done.returncode == 0, done.stderr
        return {**os.environ, "LD_LIBRARY_PATH": libraries,
                "PATH": f"{python.parent}:{os.environ['PATH']}", "PYTHONPATH": str(package)}

    return compile_program


def test_install__has_all_of_the_package_and_the_pages(tree):
    there = {path.name for path in tree.rglob("*")}
    package = {path.name for path in (ROOT / "python/pyconsole").iterdir()
               if path.suffix in (".py", ".pyi") or path.name == "py.typed"}
    others = {path.name for path in [*ROOT.glob("man/*"), *ROOT.glob("include/pyconsole/*")]}
    assert len(package) > 5 and package | others <= there


needs_no_sanitizer = pytest.mark.skipif(
    SANITIZED, reason="the library needs the sanitizer's run time first")


@needs_no_sanitizer
@pytest.mark.parametrize(("text", "name", "input", "output"), [
    ((ROOT / "examples/embed.c").read_text(), "pyconsole-embed", "mean = 1\n", "mean is 1\n"),
    (snippets("c")[0], "pyconsole", "", None),
    (snippets("c")[1], "pyconsole-embed", "", "43\n"),
], ids=["embed.c", "readme-session", "readme-console"])
def test_c__compiles_against_what_is_installed(text, name, input, output, installed, tmp_path):
    environment = installed(text, name, tmp_path / "program")
    done = run(tmp_path / "program", input=input, env=environment)
    assert (done.returncode, done.stderr) == (0, "") or name == "pyconsole-embed", done.stderr
    if output is None:
        version = sys.version.split()[0]
        output = f"READY  {version}\nOUTPUT hello\n\nRESULT 42\nDONE   \nDIED   \n"
    assert (done.returncode, done.stdout) == (0, output)


@needs_no_sanitizer
@pytest.mark.parametrize(("source", "output", "error"), [
    ("print(1)\n2", "1\n2\nDONE ok 0\n", ""),
    ("1/0", "DONE error 0\n", "ZeroDivisionError: division by zero\n"),
    ("while True: pass", "DONE interrupted 1\n", "KeyboardInterrupt\n"),
    ("import os; os.abort()", "DIED  -6\n", ""),
])
def test_man_page__its_example_runs(source, output, error, installed, tmp_path):
    page = (ROOT / "man/libpyconsole.3").read_text()
    (example,) = re.findall(r"^\.Bd -literal\n(.*?)^\.Ed$", page, re.DOTALL | re.MULTILINE)
    environment = installed(example.replace("\\e", "\\"), "pyconsole", tmp_path / "program")
    done = run(tmp_path / "program", source, env=environment)
    assert (done.returncode, done.stdout) == (0, output)
    assert done.stderr.endswith(error) and bool(done.stderr) == bool(error)


def test_readme__install_snippet_runs(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(snippets("python")[0] + "\nprint(code.__name__)\n")
    done = run(sys.executable, program)
    assert (done.stdout, done.stderr) == ("43\npyconsole.code\n", "")


def test_readme__embed_snippet_opens_a_console(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(snippets("python")[1] + "\nanalyse([1, 2])\nprint('went on')\n")
    done = run(sys.executable, program, input="len(rows)\nexit()\n")
    assert done.stdout == ">>> 2\n>>> went on\n"
    assert "in analyse" in done.stderr


def test_readme__session_snippet_runs(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(snippets("python")[2])
    done = run(sys.executable, program)
    assert done.stdout == "ok 'name? hello Ada\\n' ['3']\n[\"'Ada'\"]\n", done.stderr


def test_breakpoint__opens_a_console(tmp_path):
    program = tmp_path / "program.py"
    program.write_text("def f():\n    inside = 7\n    breakpoint()\n\nf()\n")
    done = run(sys.executable, program, input="inside * 6\n",
               env={**os.environ, "PYTHONBREAKPOINT": "pyconsole.embed"})
    assert "42" in done.stdout and done.returncode == 0


def test_session__runs_as_a_filter():
    with open(ROOT / "examples/session.py") as session:
        done = run(BUILD / "pyconsole", stdin=session)
    assert done.returncode == 0 and done.stdout
    assert "Traceback" in done.stderr


def test_make__runs_a_session_and_keeps_stdout_clean():
    if shutil.which("make") is None or SANITIZED:
        pytest.skip("make is not there, or would build without the sanitizer")
    with open(ROOT / "examples/session.py") as session:
        direct = run(BUILD / "pyconsole", stdin=session)
    with open(ROOT / "examples/session.py") as session:
        done = run("make", "run", f"BUILD={BUILD}", f"PYTHON={sys.executable}", cwd=ROOT,
                   stdin=session)
    assert done.stdout == direct.stdout and done.returncode == 0, done.stderr
