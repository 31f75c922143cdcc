"""Sessions that are there to be cloned; and what an interpreter must be for a session."""

import os
import sys
from pathlib import Path

import pyconsole
import pytest
from pyconsole.session import Session
from sessions import SECONDS, ended, run, stat_of, wait_until


def seen_until_ready(session):
    seen = []
    session.on_event = lambda _session, event: seen.append(event)
    session.wait_ready(SECONDS)
    session.on_event = None
    return seen


def test_modules_are_there_before_the_first_request():
    with Session(preload=["json", "xml.dom.minidom"]) as zygote:
        assert [event.kind for event in seen_until_ready(zygote)] == ["READY"]
        source = "import gc, sys\n'json' in sys.modules, 'xml.dom.minidom' in sys.modules\n" \
                 "gc.get_freeze_count() > 1000\nsorted(n for n in globals() if n[0] != '_')\n"
        assert run(zygote, source).values == ["(True, True)", "True", "['gc', 'sys']"]
        with zygote.clone() as clone:
            assert run(clone, "'json' in sys.modules").values == ["True"]


@pytest.mark.parametrize("text, name, detail", [
    (None, "ModuleNotFoundError", "No module named 'does_not_exist'"),
    ("raise ValueError('broken')", "ValueError", "broken"),
    ("raise SystemExit(3)", "SystemExit", "3"),
    ("a b", "SyntaxError", "invalid syntax (does_not_exist.py, line 1)")])
def test_a_module_that_cannot_be_imported(tmp_path, text, name, detail):
    if text is not None:
        (tmp_path / "does_not_exist.py").write_text(text)
    with Session(preload=["does_not_exist", "json"],
                 environment={"PYTHONPATH": str(tmp_path)}) as zygote:
        error, ready = seen_until_ready(zygote)
        assert (error.kind, error.request, error.name, error.detail) == ("ERROR", 0, name, detail)
        assert error.text.endswith(f"{name}: {detail}\n") or name == "SyntaxError"
        assert ready.kind == "READY"
        assert run(zygote, "import sys; 'json' in sys.modules").values == ["True"]


def test_what_modules_print_comes_before_ready(tmp_path):
    (tmp_path / "speaks.py").write_text("print('spoken')")
    with Session(preload=["speaks"], environment={"PYTHONPATH": str(tmp_path)}) as zygote:
        output, ready = seen_until_ready(zygote)
        assert (output.kind, output.text, ready.kind) == ("OUTPUT", "spoken\n", "READY")


def test_a_module_that_never_ends_its_import_can_be_killed(tmp_path):
    (tmp_path / "stuck.py").write_text("print('begun', flush=True)\nwhile True: pass")
    with Session(preload=["stuck"], environment={"PYTHONPATH": str(tmp_path)}) as zygote:
        assert zygote.next_event(SECONDS).text == "begun\n"
        zygote.kill()
        assert ended(zygote) == -9
        assert zygote.ready is None


def test_random_numbers_differ_in_clones():
    with Session(preload=["random", "secrets", "uuid", "tempfile"]) as zygote:
        run(zygote, "import random, uuid, tempfile\nrandom.seed(5)\n"
                    "names = tempfile._get_candidate_names()\n_ = next(names)\n")
        clones = [zygote.clone() for _ in range(5)]
        try:
            for source in ("random.random()", "uuid.uuid4()", "next(names)"):
                values = [run(clone, source).values[0] for clone in clones]
                assert len(set(values)) == len(clones), source
        finally:
            for clone in clones:
                clone.free()


def test_no_clone_with_other_interpreters():
    with Session() as session:
        request = run(session, """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
other = interpreters.create()
""")
        assert request.outcome == "ok"
        with session.clone() as clone:
            clone.wait_ready(SECONDS)
            assert clone.refused.text == "there are other interpreters"
        request = session.checkpoint().wait(SECONDS)
        assert request.outcome == "refused"
        assert request.events[0].text == "there are other interpreters"
        run(session, "interpreters.destroy(other)")
        assert session.checkpoint().wait(SECONDS).outcome == "ok"


def test_a_clone_runs_nothing_of_its_own():
    """Two threads, both asleep, and no module but those of the zygote."""
    with Session(preload=[]) as zygote:
        run(zygote, "import sys")
        with zygote.clone() as clone:
            clone.wait_ready(SECONDS)
            tasks = list(Path(f"/proc/{clone.pid}/task").iterdir())
            assert len(tasks) == 2
            wait_until(lambda: {stat_of(task)[0] for task in tasks} == {"S"})
            run(clone, "before = set(sys.modules)")
            run(clone, "for i in range(2): i\n1 / 0\n")
            assert run(clone, "sorted(set(sys.modules) - before)").values == ["[]"]


# ------------------------------------------------------------------ interpreters


def said(session):
    """Everything it prints to its end."""
    seen = []
    session.on_event = lambda _session, event: seen.append(event.text) \
        if event.kind == "OUTPUT" else None
    ended(session)
    return "".join(seen)


@pytest.mark.parametrize("path, why", [
    ("/no/such/python", "No such file"), ("/", "Permission denied"),
    ("/etc/passwd", "Permission denied"), ("no-such-python-on-path", "No such file")])
def test_an_interpreter_that_cannot_be_started(path, why):
    with pytest.raises(OSError, match=f"{path}: {why}"):
        Session(path)


@pytest.mark.parametrize("program, status", [("/bin/true", 0), ("/bin/false", 1)])
def test_a_program_that_is_no_python(program, status):
    with Session(program) as session:
        ended(session)
        assert (session.died.status, session.died.text) == (
            status, "it ended before it could run code")


def test_a_python_that_is_too_old(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.version_info = (2, 7, 18)\n")
    with Session(environment={"PYTHONPATH": str(tmp_path)}) as session:
        text = said(session)
        assert session.died.status == 1
        assert text.startswith(f"pyconsole needs Python 3.11 or later; {sys.executable} is Python ")


def test_a_python_without_an_engine(tmp_path):
    package = tmp_path / "pyconsole"
    package.mkdir()
    for name in ("__init__.py", "_worker.py"):
        (package / name).write_bytes(Path(pyconsole.__file__).with_name(name).read_bytes())
    with Session(package=tmp_path) as session:
        text = said(session)
        assert f"pyconsole has no engine for {sys.executable}, which is Python " in text
        assert f"({sys.implementation.cache_tag})" in text
        assert session.died.text == "it ended before it could run code"


def test_a_folder_without_the_package(tmp_path):
    package = tmp_path / "pyconsole"
    package.mkdir()
    (package / "__init__.py").touch()
    with Session(package=tmp_path) as session:
        text = said(session)
        assert session.died.status == 1
        assert "cannot import name '_worker' from 'pyconsole'" in text


def test_a_virtual_environment(tmp_path):
    python = tmp_path / "bin/python"
    python.parent.mkdir()
    os.symlink(sys.executable, python)
    (tmp_path / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n")
    with Session(python) as session:
        values = run(session, "import sys; sys.prefix, sys.executable").values
        assert values == [repr((str(tmp_path), str(python)))]
