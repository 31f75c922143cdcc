"""A share of the standard library's files through both: prefixes, sessions, broken sessions.
`make differential` takes all of them."""

import differential
import prefixes

SECONDS = 40


def describe(found):
    """One difference as text, short enough to read."""
    method, args, standard, ours = found
    return f"{method}{args!r:.2000}\n{differential.difference(standard, ours)}"


def test_standard_library(capsys):
    compared = prefixes.share(differential.STANDARD, differential.OURS, SECONDS)
    with capsys.disabled():
        print(f"\ndifferential: {prefixes.summary(compared.counts())}")
    assert compared.prefixes > 500 and compared.sessions > 500
    assert not compared.differences, "\n\n".join(map(describe, compared.differences[:5]))


def test_a_file_that_does_not_parse_is_cut_into_pieces():
    text = "import a\nprint 'x'\nif a:\n    b\n)\n\nelse\n"
    assert prefixes.statements(text) == [
        ["import a"], ["print 'x'"], ["if a:", "    b", ")", ""], ["else", ""]]
