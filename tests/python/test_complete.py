"""pyconsole.is_complete(): codeop's verdict, what is missing, and nothing run or shown."""

import ast
import warnings

import differential
import pyconsole
import pytest


def standard(source, symbol):
    """The status that codeop's answer stands for."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = differential.standard_codeop.compile_command(source, "<input>", symbol)
    except (SyntaxError, ValueError, OverflowError) as error:
        return "invalid", (type(error), error.args)
    return ("incomplete" if code is None else "complete"), None


SOURCES = [
    "", "#", "\n", "x = 1", "x = 1\n", "x = 1\ny = 2", "if x:", "if x:\n  y", "if x:\n  y\n",
    "if x:\n  y\nelse", "else:", "x = (", "x = )", "x = [\n1,\n{", "'''a", "'a", "x = \\", "@f",
    "@f\n\n", "try: x", "try:\n  x\n", "x = '\0'", "1 is 1", "'\\d'", "lambda", "def f():\n  yield",
    "f'{", "f'''{x", "match x:\n  case", "async def f():\n  await x\n", "\ud800", "x = '\ud800'",
    "9" * 5000, "é", "  x", "\tif x:\n\t\ty", "import os", "from __future__ import annotations",
]


@pytest.mark.parametrize("symbol", ["single", "exec", "eval"])
@pytest.mark.parametrize("source", SOURCES, ids=ascii)
def test_same_verdict_as_codeop(source, symbol):
    answer = pyconsole.is_complete(source, symbol)
    error = answer.error and (type(answer.error), answer.error.args)
    assert (answer.status, error) == standard(source, symbol)
    assert (answer.missing is None) == (answer.status != "incomplete")
    assert (answer.bracket is None) == (answer.missing != "bracket")


def test_same_verdict_for_each_prefix():
    """Each prefix of this file's own statements, in the middle of lines too."""
    with open(__file__, encoding="utf-8") as file:
        text = file.read()
    tried = 0
    for node in ast.parse(text).body:
        statement = ast.get_source_segment(text, node)
        for end in range(0, min(len(statement), 900), 3):
            source = statement[:end]
            assert pyconsole.is_complete(source).status == standard(source, "single")[0], source
            tried += 1
    assert tried > 500


def test_nothing_is_run_and_no_warning_shown(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        before = warnings.filters[:]
        assert pyconsole.is_complete("1 is 1").status == "complete"
        assert pyconsole.is_complete("print('\\d')").status == "complete"
        assert warnings.filters == before
    assert capsys.readouterr() == ("", "")


def test_a_future_statement_is_not_remembered():
    assert pyconsole.is_complete("from __future__ import barry_as_FLUFL").status == "complete"
    assert pyconsole.is_complete("1 <> 2").status == "invalid"


def test_tells_what_is_missing():
    assert pyconsole.is_complete("x = {'a': [")[:4] == ("incomplete", "bracket", "[", "    ")
    assert pyconsole.is_complete("if x:\n  y\n  if z:")[:4] == ("incomplete", "block", None, "    ")
    assert pyconsole.is_complete("@f").missing == "decorated"


def test_wrong_arguments():
    for source in (None, 1, b"x"):
        with pytest.raises(TypeError):
            pyconsole.is_complete(source)
    with pytest.raises(ValueError, match="symbol"):
        pyconsole.is_complete("x", "file")
    with pytest.raises(TypeError):
        pyconsole.is_complete("x", None)


def test_a_str_of_a_subclass_is_a_str():
    class Text(str):
        def split(self, *args):
            raise AssertionError

    assert pyconsole.is_complete(Text("if x:")).status == "incomplete"
