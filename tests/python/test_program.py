"""The program's options, exit statuses and surroundings, against those of the interpreter."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sanitizer

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = str(ROOT / os.environ.get("PYCONSOLE_BUILD", "build") / "pyconsole")


@pytest.fixture
def env(tmp_path):
    """Without what the user has set, and with a home of its own for the history."""
    kept = {name: os.environ[name] for name in ("PATH", *sanitizer.NAMES) if name in os.environ}
    home = tmp_path / "home"
    home.mkdir()
    return {**kept, "HOME": str(home), "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TERM": "dumb"}


@pytest.fixture
def run(env, tmp_path):
    """Run a program in an empty folder: status, output, errors."""
    folder = tmp_path / "folder"
    folder.mkdir()

    def run(program, *args, stdin=b"", shell=None, **more):
        command = [program, *args]
        if shell:
            command = ["sh", "-c", shell, program, *args]
        done = subprocess.run(command, input=stdin, capture_output=True, cwd=folder,
                              env=sanitizer.without_false_leaks(command, {**env, **more}),
                              timeout=120)
        return done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace")

    run.folder = folder
    return run


@pytest.fixture
def same(run):
    """Run the same through the interpreter and the program; what both did, once."""
    def same(*args, **more):
        expected = run(sys.executable, *args, **more)
        status, out, err = run(PROGRAM, *args, **more)
        assert (status, out, plain(err)) == (expected[0], expected[1], plain(expected[2]))
        return status, out, err
    return same


def plain(err):
    """What the two say in common: each names itself, and 3.13 numbers statements."""
    err = re.sub(r"<stdin(-\d+>|>-\d+)", "<stdin>", err)
    for name in (PROGRAM, sys.executable):
        err = err.replace(name, "PROGRAM")
    return err




# ---------------------------------------------------------------------- help, version

def test_version__names_both(run):
    status, out, err = run(PROGRAM, "-V")
    assert (status, err) == (0, "")
    assert re.fullmatch(rf"pyconsole \d+\.\d+\.\d+ \(Python {re.escape(platform.python_version())}\)\n",
                        out)
    assert run(PROGRAM, "--version")[1] == out
    assert run(PROGRAM, "-qV")[1] == out


def test_version__twice_says_more(run):
    out = run(PROGRAM, "-VV")[1]
    assert out == run(PROGRAM, "-V")[1] + f"Python {sys.version}\n"


@pytest.mark.parametrize("option", ["-h", "--help", "-qh", "-?"])
def test_help__is_a_table_of_options(run, option):
    status, out, err = run(PROGRAM, option)
    assert (status, err) == (0, "")
    assert out.startswith("usage: pyconsole ")
    for word in ("-c CODE", "-m MODULE", "-i", "-q", "-V", "-I", "-E", "-X OPTION", "PYTHONSTARTUP"):
        assert f" {word}" in out
    assert max(map(len, out.splitlines())) <= 88


@pytest.mark.parametrize("args", [["-c", "import sys; print(sys.argv)", "-h", "-V"],
                                  ["-W", "-h", "-c", "1"]], ids=" ".join)
def test_help__is_not_taken_from_arguments(same, args):
    assert same(*args)[0] == 0


@pytest.mark.parametrize("args", [["-Z"], ["-m"], ["-c"], ["-W"], ["-X"], ["--nope"], ["-qZh"], ["-VZ"],
                                  ["--check-hash-based-pycs", "x"]], ids=" ".join)
def test_options__wrong_ones_are_told_as_python_does(same, args):
    assert same(*args)[0] == 2


# ---------------------------------------------------------------------- code without a prompt

SCRIPTS = {
    "fine": "import sys; print(sys.argv, sys.path[0], __name__, __file__); print(input())",
    "fails": "def f():\n  1/0\nf()\n",
    "wrong": "x = = 1\n",
    "exits": "import sys; sys.exit(7)\n",
    "says": "raise SystemExit('no')\n",
    "interrupted": "raise KeyboardInterrupt\n",
    "warns": "import warnings; warnings.warn('w')\n",
}


@pytest.mark.parametrize("options", [[], ["-i"], ["-i", "-q"]], ids=" ".join)
@pytest.mark.parametrize("name", SCRIPTS)
def test_script__as_python_does(run, same, name, options):
    (run.folder / "script.py").write_text(SCRIPTS[name])
    same(*options, "script.py", "a", "-b", stdin=b"line\n__name__\n'__file__' in dir()\n")


@pytest.mark.parametrize("options", [[], ["-i"]], ids=" ".join)
@pytest.mark.parametrize("code", ["import sys; x = sys.argv, sys.path[0]; print(x)", "1/0",
                                  "import sys; sys.exit(3)", "x = = 1",
                                  "def f():\n  raise KeyError('k')\nf()", "raise KeyboardInterrupt",
                                  "from __future__ import annotations\nx: y = 1",
                                  "# coding: latin-1\nprint(ascii('é'))"])
def test_command__as_python_does(same, code, options):
    same(*options, "-q", "-c", code, "a", "-i", stdin=b"1\nx\n")


@pytest.mark.skipif(sys.version_info < (3, 14), reason="-c may be indented from 3.14 on")
def test_command__indented(same):
    assert same("-q", "-i", "-c", "\n  x = 1\n  print(x)\n")[1] == "1\n"


@pytest.mark.parametrize("options", [[], ["-i", "-q"]], ids=" ".join)
@pytest.mark.parametrize("module", ["mod", "pkg", "nothing", "mod.sub"])
def test_module__as_python_does(run, same, module, options):
    (run.folder / "mod.py").write_text(SCRIPTS["fine"] + "\nx = 1\n")
    (run.folder / "pkg").mkdir()
    (run.folder / "pkg" / "__main__.py").write_text("print('main', __package__)\n")
    same(*options, "-m", module, "a", stdin=b"line\nx\n")


@pytest.mark.parametrize("options", [[], ["-i", "-q"]], ids=" ".join)
def test_folder__as_python_does(run, same, options):
    (run.folder / "app").mkdir()
    (run.folder / "app" / "__main__.py").write_text("import sys; print(sys.path[0], sys.argv)\n")
    assert same(*options, "app", "a")[0] == 0
    (run.folder / "app" / "__main__.py").unlink()
    same(*options, "app")


@pytest.mark.parametrize("options", [[], ["-i", "-q"]], ids=" ".join)
def test_file__that_is_not_there(same, options):
    assert "can't open file" in same(*options, "nothing.py")[2]


def test_link__puts_the_folder_of_the_script_first(run, same):
    (run.folder / "real").mkdir()
    (run.folder / "real" / "script.py").write_text("import sys; print(sys.path[0])\n")
    (run.folder / "link.py").symlink_to("real/script.py")
    assert same("-q", "-i", "link.py")[1] == f"{run.folder / 'real'}\n"


def test_first_line__is_skipped(run, same):
    (run.folder / "script.py").write_text("not python\n1/0\n")
    same("-q", "-x", "-i", "script.py")


def test_compiled_script(run, same):
    (run.folder / "script.py").write_text("print('compiled'); x = 5\n")
    run(sys.executable, "-c", "import py_compile; py_compile.compile('script.py', 'script.pyc')")
    assert same("-q", "-i", "script.pyc", stdin=b"x\n")[1] == "compiled\n5\n"


def test_output__that_cannot_be_written(run):
    session = b"import os\nos.write(1, b'x')\n"
    for program in (sys.executable, PROGRAM):
        status, _, err = run(program, "-c", "print(1)", shell='"$0" "$@" >/dev/full', stdin=session)
        assert status == 120, err


# ---------------------------------------------------------------------- the prompt's surroundings

def test_banner__says_what_it_is(run):
    status, out, err = run(PROGRAM)
    version = re.escape(platform.python_version())
    lines = err.splitlines()
    assert (status, out) == (0, "")
    assert re.fullmatch(rf"pyconsole \S+ \(Python {version}, .+\) on {sys.platform}", lines[0])
    assert lines[1:] == ['Type "help", "copyright", "credits" or "license" for more information.', ">>> "]


def test_banner__quiet_and_without_site(run):
    assert run(PROGRAM, "-q")[2] == ">>> \n"
    assert run(PROGRAM, "-S")[2].count("\n") == 2


@pytest.mark.parametrize("startup", ["print('started', __file__, __name__); x = 5", "1/0", "x = = 1",
                                     "import sys; sys.exit(5)", "import sys; sys.ps1 = '% '",
                                     "import sys; sys.__interactivehook__ = 3",
                                     "import sys; sys.__interactivehook__ = lambda: sys.exit(6)",
                                     "import sys; del sys.__interactivehook__",
                                     "# -*- coding: latin-1 -*-\nx = '\xe9'"])
def test_startup__as_python_does(run, same, startup):
    (run.folder / "startup.py").write_bytes(startup.encode("latin-1"))
    session = b"globals().get('x'), '__file__' in dir()\n"
    same("-q", "-i", stdin=session, PYTHONSTARTUP="startup.py")


@pytest.mark.parametrize("args", [["-E"], ["-I"], ["-c", "x = 1"]], ids=" ".join)
def test_startup__is_not_always_run(run, same, args):
    (run.folder / "startup.py").write_text("print('started')\n")
    assert "started" not in same("-q", "-i", *args, PYTHONSTARTUP="startup.py")[1]


def test_startup__that_is_not_there(same):
    assert "Could not open PYTHONSTARTUP" in same("-q", "-i", PYTHONSTARTUP="nothing")[2]


def test_inspect__from_the_environment(run, same):
    status, out, err = same("-c", "import sys; sys.exit(3)", PYTHONINSPECT="1", stdin=b"1\n")
    assert status == 1  # no terminal: SystemExit is shown, and there is no prompt
    assert same("-q", "-i", PYTHONINSPECT="1", stdin=b"1\n")[1] == "1\n"


def test_path__from_the_environment(run, same):
    (run.folder / "lib").mkdir()
    (run.folder / "lib" / "there.py").write_text("print('there')\n")
    for args in (["-i"], ["-i", "-c", "import there"], ["-c", "import there"]):
        assert "there" in same("-q", *args, stdin=b"import there\n", PYTHONPATH="lib")[1]


def test_history__is_kept_once_the_prompt_was_used(run, env):
    run(PROGRAM, "-q", stdin=b"import readline; readline.add_history('kept')\n",
        PYTHON_HISTORY=str(run.folder / "history"))
    files = [run.folder / "history", Path(env["HOME"]) / ".python_history"]
    assert any("kept" in file.read_text() for file in files if file.exists())


def test_environment__is_not_changed(run):
    out = run(PROGRAM, "-q", stdin=b"import os\n[n for n in os.environ if n.startswith('PYTHON')]\n")[1]
    assert out == "[]\n" or "PYTHONMALLOC" in out


def test_stdin__closed(run):
    # From 3.13 on site complains of it: it looks for a terminal, for another kind of prompt.
    status, out, err = run(PROGRAM, "-q", shell='"$0" "$@" <&-')
    assert (status, out) == (0, "")
    assert err == ">>> \n" or sys.version_info >= (3, 13) and err.endswith("\n>>> \n")


def test_stdout__closed(run):
    results = [run(program, "-q", "-i", shell='"$0" "$@" >&-', stdin=b"1\nx\n")
               for program in (sys.executable, PROGRAM)]
    assert plain(results[0][2]) == plain(results[1][2]) and results[0][0] == results[1][0]


def test_stdout__full(run):
    results = [run(program, "-q", "-i", shell='"$0" "$@" >/dev/full', stdin=b"print('x'*9)\n2\n")
               for program in (sys.executable, PROGRAM)]
    assert plain(results[0][2]) == plain(results[1][2]) and results[0][0] == results[1][0]


# ---------------------------------------------------------------------- which Python

WHERE = b"import sys\nprint(sys.prefix, sys.base_prefix, sys.executable, sep='\\n')\n"


@pytest.fixture(scope="module")
def venv(tmp_path_factory):
    folder = tmp_path_factory.mktemp("venv") / "v"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder


def where(run, program, **more):
    return run(program, "-q", stdin=WHERE, **more)[1].splitlines()


def test_python__is_the_one_it_was_built_for(run):
    prefix, base, executable = where(run, PROGRAM)
    assert (prefix, base) == (sys.base_prefix, sys.base_prefix)
    version = subprocess.check_output([executable, "-V"], text=True)
    assert version == f"Python {platform.python_version()}\n"


def test_python__of_the_active_environment(run, venv):
    prefix, base, executable = where(run, PROGRAM, VIRTUAL_ENV=str(venv))
    assert (prefix, base) == (str(venv), sys.base_prefix)
    assert Path(executable).parent == venv / "bin"
    out = run(PROGRAM, "-c", "import sys; print(sys.path[-1])", VIRTUAL_ENV=str(venv))[1]
    assert out.startswith(str(venv))


def test_python__of_the_environment_that_the_program_is_linked_into(run, venv, env):
    link = venv / "bin" / "pyconsole"
    link.symlink_to(PROGRAM)
    assert where(run, str(link))[0] == str(venv)
    path = f"{venv / 'bin'}{os.pathsep}{env['PATH']}"
    done = subprocess.run(["sh", "-c", "exec pyconsole -q"], input=WHERE, capture_output=True,
                          env={**env, "PATH": path}, cwd=run.folder)
    assert done.stdout.decode().splitlines()[0] == str(venv)


def test_python__environment_of_another_version_is_passed_over(run, venv, tmp_path):
    other = tmp_path / "other"
    (other / "bin").mkdir(parents=True)
    (other / "bin" / "python3").symlink_to(sys.executable)
    text = (venv / "pyvenv.cfg").read_text()
    (other / "pyvenv.cfg").write_text(re.sub(r"version = 3\.\d+", "version = 3.6", text))
    assert where(run, PROGRAM, VIRTUAL_ENV=str(other))[0] == sys.base_prefix


def test_python__can_start_others(run, same):
    (run.folder / "script.py").write_text(
        "import multiprocessing, subprocess, sys\n"
        "def double(x): return 2 * x\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.map(double, [1, 2]))\n"
        "    print(subprocess.check_output([sys.executable, '-c', 'print(5)']))\n")
    assert same("script.py")[1] == "[2, 4]\nb'5\\n'\n"


def test_start__imports_no_more_than_python(run):
    # Where the library comes from may differ, what is loaded may not.
    code = "import sys; print(sorted(sys.modules))"
    assert run(PROGRAM, "-I", "-c", code) == run(sys.executable, "-I", "-c", code)
