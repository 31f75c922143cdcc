"""Put the built package on the path, for these tests and for what they start; sessions to test."""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGE = ROOT / os.environ.get("PYCONSOLE_BUILD", "build") / "python"

os.environ["PYTHONPATH"] = os.pathsep.join(
    part for part in (str(PACKAGE), os.environ.get("PYTHONPATH")) if part
)
os.environ["NO_COLOR"] = "1"
for name in ("PYTHONSTARTUP", "PYTHONINSPECT", "FORCE_COLOR", "PYTHON_COLORS"):
    os.environ.pop(name, None)
for folder in (str(PACKAGE), str(HERE)):
    if folder not in sys.path:
        sys.path.insert(0, folder)


def open_session():
    from pyconsole.session import Session  # the path is set by now

    return Session()


@pytest.fixture
def session():
    with open_session() as session:
        yield session.wait_ready(60)


@pytest.fixture
def untold(monkeypatch):
    """A session whose end is its own, also with the sanitizers.

    They take SIGSEGV for themselves, and CPython leaves locks behind in a forked child.
    """
    from sanitizer import with_segfaults, without_leaks

    for change in (with_segfaults, without_leaks):
        for name, value in change(dict(os.environ)).items():
            monkeypatch.setenv(name, value)
    with open_session() as session:
        yield session.wait_ready(60)
