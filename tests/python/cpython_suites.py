"""Run CPython's own tests of `code` and `codeop`, unmodified, against ours.

    PYTHONPATH=build/python python3 tests/python/cpython_suites.py

The suites come from the `test` package of the Python that runs this (on Debian:
libpython3.X-testsuite) and every test in them is run; a test that skips itself counts
as skipped and is printed with its reason. Exit status 1 if anything failed.

Options, for comparing other suites with and without ours: `--standard` leaves the
standard modules in place, `--each` prints a line a test, `-k TEXT` takes the tests with
TEXT in their name; other arguments are the suites to run.
"""

import argparse
import sys
import unittest

SUITES = ("test.test_code_module", "test.test_codeop")
MISSING = (
    "the `test` package of this Python ({0}) is not installed, or not whole: {1}\n"
    "(Debian and Ubuntu: apt install libpython{2}.{3}-testsuite)"
)


class Tally(unittest.TestResult):
    """A status and, where there is one, a reason for each test."""

    def __init__(self):
        super().__init__()
        self.seen = {}

    def startTest(self, test):
        super().startTest(test)
        self.seen.setdefault(test.id(), ("passed", ""))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.seen[test.id()] = ("skipped", reason)

    def addError(self, test, error):
        super().addError(test, error)
        self.seen[test.id()] = ("failed", self._exc_info_to_string(error, test))

    addFailure = addError

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.seen[test.id()] = ("failed", self._exc_info_to_string(error, test))

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.seen[test.id()] = ("failed", "unexpected success")

    def count(self, status):
        """How many tests ended so."""
        return sum(1 for ended, _ in self.seen.values() if ended == status)


def put_ours_in_place():
    """install(), and make sure that it did what it says."""
    import pyconsole

    pyconsole.install()
    import code
    import codeop

    import pyconsole.code
    import pyconsole.codeop

    assert code is pyconsole.code, code
    assert codeop is pyconsole.codeop, codeop


def chosen(suite, text):
    """The tests of a suite that have TEXT in their name."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from chosen(test, text)
        elif text in test.id():
            yield test


def run_suite(name, text=""):
    """Run one suite and print its line."""
    tests = unittest.defaultTestLoader.loadTestsFromName(name)
    if text:
        tests = unittest.TestSuite(chosen(tests, text))
    tally = Tally()
    tests.run(tally)
    for test, (status, reason) in tally.seen.items():
        if status != "passed":
            print(f"{status}: {test}: {reason}")
    counts = ", ".join(f"{tally.count(s)} {s}" for s in ("passed", "failed", "skipped"))
    print(f"{name}: {counts}", flush=True)
    return tally


def missing(names):
    """Why a suite cannot be loaded, or None."""
    for name in names:
        try:
            __import__(name)
        except ImportError as error:
            return MISSING.format(sys.executable, error, *sys.version_info[:2])
    return None


def arguments():
    parser = argparse.ArgumentParser(description="CPython's own tests against ours")
    parser.add_argument("--standard", action="store_true")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("-k", default="", metavar="TEXT")
    parser.add_argument("suites", nargs="*", default=SUITES)
    return parser.parse_args()


def main():
    """Run the suites; the exit status."""
    options = arguments()
    if not options.standard:
        put_ours_in_place()
    reason = missing(options.suites)
    if reason is not None:
        print(f"failed: {reason}\n0 passed, 1 failed, 0 skipped")
        return 1
    tallies = [run_suite(name, options.k) for name in options.suites]
    if options.each:
        for tally in tallies:
            for test, (status, _) in sorted(tally.seen.items()):
                print(f"each: {test}: {status}")
    total = {status: sum(tally.count(status) for tally in tallies)
             for status in ("passed", "failed", "skipped")}
    if not sum(total.values()):
        total["failed"] += 1
        print("failed: no test was found")
    print(", ".join(f"{number} {status}" for status, number in total.items()))
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
