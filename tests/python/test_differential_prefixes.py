"""The standard library's files through both: prefixes, sessions, broken sessions."""

import os

import differential
import prefixes

SECONDS = None if os.environ.get("PYCONSOLE_DIFFERENTIAL") == "all" else 40


def describe(found):
    """One difference as text, short enough to read."""
    method, args, standard, ours = found
    return f"{method}{args!r:.2000}\n{differential.difference(standard, ours)}"


def test_standard_library(capsys):
    compared = prefixes.Comparison(differential.STANDARD, differential.OURS, SECONDS).run()
    with capsys.disabled():
        print(f"\ndifferential: {compared.summary()}")
    assert compared.prefixes > 500 and compared.sessions > 500
    assert not compared.differences, "\n\n".join(map(describe, compared.differences[:5]))
