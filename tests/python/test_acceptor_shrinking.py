"""The acceptor against codeop, with hypothesis: what it finds, it makes small."""

import test_acceptor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

LIBRARY = test_acceptor.load(test_acceptor.LIBRARY)
STATEMENTS = test_acceptor.short_statements(test_acceptor.SHARE)
CHOOSERS = st.randoms(use_true_random=False)
STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=1000,
                  suppress_health_check=list(HealthCheck))


@STEADY
@given(st.sampled_from(STATEMENTS), CHOOSERS)
def test_mutations_of_the_standard_library(lines, chooser):
    mutant = test_acceptor.mutate(chooser, lines)
    assert test_acceptor.run(LIBRARY, mutant, test_acceptor.Tally(), 1000) is None


@STEADY
@given(CHOOSERS)
def test_compositions(chooser):
    lines = test_acceptor.compose(chooser)
    assert test_acceptor.run(LIBRARY, lines, test_acceptor.Tally(), 1000) is None
