"""The named scenarios, each with the standard modules and with ours."""

import differential
import pytest

TABLES = ("codeop", "calls", "errors", "console", "hooks", "midblock", "modules",
          "reentry")
CASES = [
    pytest.param(scenario, known, id=f"{table}:{name}")
    for table in TABLES
    for name, (scenario, known) in __import__(f"cases_{table}").CASES.items()
]


@pytest.mark.parametrize("scenario, known", CASES)
def test_same_with_both(scenario, known):
    differential.compare(scenario, known)


def test_known_differences_are_used():
    used = {known for table in TABLES
            for _, known in __import__(f"cases_{table}").CASES.values()} - {None}
    assert used == set(differential.KNOWN_DIFFERENCES)
