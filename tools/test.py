#!/usr/bin/env python3
"""Run the tests, add them up, and end with `N passed, N failed, N skipped`.

    tools/test.py [--build DIR] [--python EXE] [--parts unit,python,pty] [--counts FILE] [--sanitize]
    tools/test.py --sum FILE...

A part is one runner with its own report:

    unit    meson test: the C unit tests and the examples   (meson-logs/testlog.json)
    suites  CPython's own tests of code and codeop          (the last line of what it prints)
    differential  all of the standard library through both  (the same)
    python  pytest on tests/python                          (JUnit XML)
    pty     pytest on tests/pty                             (JUnit XML)

A part that ran no test, was killed or ran out of time has failed, whatever it reported.
--counts writes a line `part passed failed skipped` for each part. --sum adds up the last lines of
logs of other runs instead of running anything; a log without such a line counts as one failure.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PART_SECONDS = 1200
SANITIZED_TIMES = 4  # so much longer may everything take with the sanitizers
DIFFERENTIAL_SECONDS = 4 * 3600
DISTRIBUTION_PACKAGES = "/usr/lib/python3/dist-packages"

# Cases that are left out under the sanitizers, with the reason. Where CPython itself leaks, naming
# the function in lsan.supp is better, but a distribution's interpreter is stripped of the names.
COMPILE_LEAK = "CPython's compile() leaks its file name when it refuses an argument behind it"
REFUSED_BY_COMPILE = (  # beginnings of names
    "codeop:symbol[None]", "codeop:symbol[1]", "codeop:symbol[b'single']", r"codeop:symbol[single\x00]",
    "codeop:flags_by_hand[text]", "codeop:flags_by_hand[None]", "codeop:flags_by_hand[1.5]",
    "codeop:flags_by_hand[2147483648]", "codeop:flags_by_hand[1180591620717411303424]",
    "midblock:flags none", "midblock:flags text",
)
NOT_SANITIZED = {
    f"tests/python/test_differential.py::test_same_with_both[{case}": COMPILE_LEAK
    for case in REFUSED_BY_COMPILE
} | {
    "tests/python/test_memory.py::test_hundred_thousand_pushes":
        "tracemalloc, which measures in it, leaks some tracebacks of its own",
}
LAST_LINE = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$")


@dataclass
class Part:
    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list = field(default_factory=list)
    skips: list = field(default_factory=list)

    def fail(self, what):
        self.failed += 1
        self.failures.append(what)

    def skip(self, what, reason):
        self.skipped += 1
        self.skips.append(f"{what}: {reason or 'no reason given'}")

    def close(self, status):
        """The runner's exit status has the last word over what its report says."""
        if self.passed + self.failed == 0:
            self.fail(f"{self.name} ran no test ({describe_status(status)})")
        elif status != 0 and self.failed == 0:
            self.fail(f"{self.name} ended with {describe_status(status)}")
        return self


def describe_status(status):
    if status is None:
        return "no result in time"
    if status < 0:
        return f"signal {signal.Signals(-status).name}"
    return f"exit status {status}"


def run(command, env, echo=False, seconds=PART_SECONDS):
    """Run a command in its own process group; return its status (None: out of time) and output.

    With `echo`, the output is read, shown as it comes, and returned.
    """
    sys.stdout.flush()
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, start_new_session=True,
        stdout=subprocess.PIPE if echo else None, stderr=subprocess.STDOUT if echo else None,
        text=True, errors="replace")
    lines = []

    def out_of_time(_signal, _frame):
        raise TimeoutError

    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(seconds)
    try:
        for line in process.stdout or ():
            lines.append(line.rstrip("\n"))
            print(line, end="", flush=True)
        status = process.wait()
    except TimeoutError:
        status = None
    finally:
        signal.alarm(0)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
    return status, lines


# ---------------------------------------------------------------------- unit: meson test

def subtests(record):
    """The (name, verdict) pairs that a cmocka or TAP program printed."""
    text = (record.get("stdout") or "") + "\n" + (record.get("stderr") or "")
    found = {}
    for line in text.splitlines():
        if match := re.match(r"\[ +(OK|FAILED|SKIPPED) +\] (\w+)$", line):
            found[match[2]] = {"OK": "passed", "FAILED": "failed", "SKIPPED": "skipped"}[match[1]]
        elif match := re.match(r"(not )?ok \d+(?: - | )?(.*)$", line):
            name, _, directive = match[2].partition("#")
            verdict = "failed" if match[1] else "passed"
            if directive.strip().upper().startswith("SKIP"):
                verdict = "skipped"
            found[name.strip() or line] = verdict
    return found.items()


def add_meson_test(part, record):
    name, result = record["name"], record["result"]
    failed_before = part.failed
    found = subtests(record)
    for subtest, verdict in found:
        if verdict == "failed":
            part.fail(f"{name}: {subtest}")
        elif verdict == "skipped":
            part.skip(f"{name}: {subtest}", "skipped by the test")
        else:
            part.passed += 1
    if result in ("OK", "EXPECTEDFAIL"):
        part.passed += not found
    elif result == "SKIP":
        if not found:
            last_lines = (record.get("stdout") or "").strip().splitlines()
            part.skip(name, last_lines[-1] if last_lines else "")
    elif part.failed == failed_before:
        part.fail(f"{name}: {result}")


def run_unit(options, env):
    part = Part("unit")
    log = options.build / "meson-logs" / "testlog.json"
    log.unlink(missing_ok=True)
    command = ["meson", "test", "-C", str(options.build), "--no-rebuild", "--print-errorlogs"]
    if options.sanitize:
        command += ["--timeout-multiplier", str(SANITIZED_TIMES)]
    status, _ = run(command, env)
    if log.exists():
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            add_meson_test(part, json.loads(line))
    return part.close(status)


# ---------------------------------------------------------------------- suites, differential

def run_program(name, script, options, env, seconds=PART_SECONDS):
    part = Part(name)
    status, lines = run([options.python, script], env, echo=True, seconds=seconds)
    match = LAST_LINE.match(lines[-1]) if lines else None
    if match:
        part.passed, part.failed, part.skipped = map(int, match.groups())
        part.failures += [f"{name}: see above"] * bool(part.failed)
        part.skips += [f"{name}: see above"] * bool(part.skipped)
    else:
        part.fail(f"{name} printed no total")
    return part.close(status)


# ---------------------------------------------------------------------- python, pty: pytest

def add_junit(part, report):
    for case in ElementTree.parse(report).iter("testcase"):
        name = "::".join(filter(None, (case.get("classname"), case.get("name"))))
        if case.find("failure") is not None or case.find("error") is not None:
            part.fail(name)
        elif (skipped := case.find("skipped")) is not None:
            part.skip(name, skipped.get("message"))
        else:
            part.passed += 1


def with_pytest(options, env):
    """The environment in which this Python finds pytest, or None.

    The distribution's is plain Python, and serves an interpreter that has none of its own.
    """
    for folder in ("", DISTRIBUTION_PACKAGES):
        path = os.pathsep.join(filter(None, (env["PYTHONPATH"], folder)))
        probe = subprocess.run([options.python, "-c", "import hypothesis, pexpect, pyte, pytest"],
                               env=env | {"PYTHONPATH": path}, cwd=ROOT,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        if probe.returncode == 0:
            return env | {"PYTHONPATH": path}
    return None


def run_pytest(name, options, env):
    part = Part(name)
    env = with_pytest(options, env)
    if env is None:
        message = f"{options.python} has no pytest"
        if options.without_pytest == "skip":
            part.skip(f"tests/{name}", message)
        else:
            part.fail(message)
        return part
    left_out = []
    for case, reason in NOT_SANITIZED.items() if options.sanitize else ():
        if case.startswith(f"tests/{name}/"):
            left_out += ["--deselect", case]
            part.skip(case, reason)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        status, _ = run(
            [options.python, "-m", "pytest", f"tests/{name}", "-q", "-p", "no:cacheprovider",
             "-o", "faulthandler_timeout=300", f"--junit-xml={report}", *left_out],
            env | sanitizer_preload(options),
            seconds=PART_SECONDS * (SANITIZED_TIMES if options.sanitize else 1))
        if report.exists():
            add_junit(part, report)
        elif status in (0, 1):
            part.fail(f"pytest on tests/{name} left no report")
    return part.close(status)


# ---------------------------------------------------------------------- the whole

def environment(options):
    env = dict(os.environ)
    env["PYCONSOLE_BUILD"] = str(options.build)
    env["PYTHONPATH"] = str(options.build / "python")
    env["PYTHON"] = options.python
    if options.sanitize:
        env["PYTHONMALLOC"] = "malloc"
        env["ASAN_OPTIONS"] = "detect_leaks=1"
        env["UBSAN_OPTIONS"] = "print_stacktrace=1:halt_on_error=1"
        env["LSAN_OPTIONS"] = f"suppressions={ROOT}/tools/lsan.supp:print_suppressions=0"
    return env


def sanitizer_preload(options):
    """The interpreter is not built with the sanitizer, so its run time has to come first."""
    if not options.sanitize:
        return {}
    libraries = [subprocess.run([os.environ.get("CC", "gcc"), f"-print-file-name={name}"],
                                capture_output=True, text=True, check=True).stdout.strip()
                 for name in ("libasan.so", "libubsan.so")]
    return {"LD_PRELOAD": " ".join(libraries)}


def sum_logs(logs):
    parts = []
    for log in logs:
        part = Part(Path(log).stem)
        lines = Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
        if match := LAST_LINE.match(lines[-1] if lines else ""):
            part.passed, part.failed, part.skipped = map(int, match.groups())
        else:
            part.fail(f"{part.name} ended without a total")
        if part.passed + part.failed == 0:
            part.fail(f"{part.name} ran no test")
        parts.append(part)
    return parts


def report(parts):
    for title, lines in (("skipped", [line for part in parts for line in part.skips]),
                         ("failed", [line for part in parts for line in part.failures])):
        if lines:
            print(f"\n{title}:")
            for line in lines:
                print(f"  {line}")
    print()
    for part in parts:
        print(f"{part.name:<12} {part.passed:>6} passed {part.failed:>6} failed"
              f" {part.skipped:>6} skipped")
    passed, failed, skipped = (sum(getattr(part, what) for part in parts)
                               for what in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed else 0


RUNNERS = {
    "unit": run_unit,
    "suites": lambda options, env: run_program(
        "suites", "tests/python/cpython_suites.py", options, env),
    "differential": lambda options, env: run_program(
        "differential", "tests/python/prefixes.py", options, env, DIFFERENTIAL_SECONDS),
    "python": lambda options, env: run_pytest("python", options, env),
    "pty": lambda options, env: run_pytest("pty", options, env),
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=os.environ.get("BUILD") or "build")
    parser.add_argument("--python", default=os.environ.get("PYTHON") or sys.executable)
    parser.add_argument("--parts", default="unit,python,pty")
    parser.add_argument("--counts", type=Path, metavar="FILE")
    parser.add_argument("--sanitize", action="store_true", help="the build has ASan and UBSan")
    parser.add_argument("--without-pytest", choices=("fail", "skip"), default="fail")
    parser.add_argument("--sum", nargs="+", metavar="FILE")
    options = parser.parse_args()
    options.build = Path(options.build).resolve()
    return options


def main():
    options = parse_arguments()
    if options.sum:
        return report(sum_logs(options.sum))
    # A shell starts a job in the background with SIGINT and SIGQUIT ignored, and nohup what it runs
    # with SIGHUP ignored; children inherit that: but tests send them.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    env = environment(options)
    parts = []
    for name in options.parts.split(","):
        print(f"== {name}", flush=True)
        parts.append(RUNNERS[name](options, env))
    if options.counts:
        options.counts.write_text("".join(
            f"{part.name} {part.passed} {part.failed} {part.skipped}\n" for part in parts))
    return report(parts)


if __name__ == "__main__":
    sys.exit(main())
