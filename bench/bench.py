"""Measure pyconsole against the standard library, side by side in one run.

    python3 bench/bench.py [--build DIR] [--json FILE] [--rounds N] [--patience SECONDS]

In-process work is timed in turn (standard, ours, bare, and again) for a number of
rounds, by the processor time that it takes, so that what else the machine does counts
little; processes are started in turn, and timed by the clock. "Bare" is compile() and
exec(), and for commands that are pushed line by line one compile() of the whole. Each
figure is the median over the rounds, and each ratio the median of the rounds' own
ratios: machines are noisy, ratios less so. The standard module is stopped when a command
has taken it --patience seconds, and the ratio is then a lower bound on what it would be
at the last line.
The lexer is measured in MB/s of the standard library, beside `tokenize`.
A bound that is not kept makes the exit status 1.
"""

import argparse
import code as standard
import gc
import io
import json
import os
import pkgutil
import re
import rlcompleter
import statistics
import subprocess
import sys
import sysconfig
import time
import tokenize
from pathlib import Path

import pyconsole.code as ours

FUNCTION = "def f(a, b):\n" + "".join(
    f"    x{n} = a * {n} + b\n    if x{n} > 10: x{n} -= 1\n" for n in range(9)
) + "    return x0\n\n"

MIXED = [
    "x = 1", "y = [n * x for n in range(10)]", "def f(a):", "    b = a + 1",
    "    return b", "", "z = f(x)", "# a comment", "", "for i in y:", "    z += i", "",
    "d = {", "  'a': 1,", "  'b': 2,", "}", "s = '''one", "two'''", "undefined_name",
    "a b", "import sys", "class C:", "    x = 1", "", "C.x", "lambda: 0", "1 +",
    "w = x if x else y", "if x:", "    pass", "else:", "    z = 2", "",
]


def timed(function, count):
    """Seconds for one call of `function`, over `count` calls."""
    start = time.process_time()
    for _ in range(count):
        function()
    return (time.process_time() - start) / count


class Sink(io.StringIO):
    def write(self, text):
        return len(text)


def pusher(module, line):
    console = module.InteractiveConsole()
    return lambda: console.push(line)


def bare(line):
    namespace = {}
    return lambda: exec(compile(line, "<console>", "single"), namespace)


def run_function(module):
    interpreter = module.InteractiveInterpreter()
    return lambda: interpreter.runsource(FUNCTION)


def push_mixed(module):
    console = module.InteractiveConsole()
    lines = (MIXED * (10_000 // len(MIXED) + 1))[:10_000]

    def run():
        for line in lines:
            console.push(line)
        console.resetbuffer()

    return run


# name, standard, ours, bare (or None), calls a round, (bound on ours/standard,
# bound on ours/bare)
def in_process_cases():
    yield ('push("x = 1")', pusher(standard, "x = 1"), pusher(ours, "x = 1"),
           bare("x = 1"), 4000, (0.45, 1.25))
    yield ("runsource, a function of 20 lines", run_function(standard),
           run_function(ours), None, 200, (1.0, None))
    yield ("an exception and its traceback", pusher(standard, "1/0"),
           pusher(ours, "1/0"), None, 400, (1.0, None))
    yield ("10,000 pushes of mixed lines", push_mixed(standard), push_mixed(ours), None,
           1, (1.0, None))


def measure_in_process(rounds):
    stdout, stderr = sys.stdout, sys.stderr
    for name, standard_run, our_run, bare_run, count, bounds in in_process_cases():
        samples = {"standard": [], "ours": [], "bare": []}
        sys.stdout = sys.stderr = Sink()
        try:
            for function in (standard_run, our_run, bare_run):
                function and timed(function, max(1, count // 10))
            for _ in range(rounds):
                gc.collect()
                samples["standard"].append(timed(standard_run, count))
                samples["ours"].append(timed(our_run, count))
                if bare_run:
                    samples["bare"].append(timed(bare_run, count))
        finally:
            sys.stdout, sys.stderr = stdout, stderr
        yield row(name, samples, bounds)


def function_of(lines):
    return ["def f(a):"] + [f"    x{n % 50} = a + {n}" for n in range(lines)] + [""]


def class_of(methods):
    method = [f"        self.x{n} = a + b * {n}" for n in range(18)]
    return ["class C:"] + [
        line for n in range(methods)
        for line in [f"    def m{n}(self, a, b={n}):", *method, "        return self.x1"]
    ] + [""]


def nested_of(levels):
    opening = [" " * n + "if x:" for n in range(levels)]
    return ["x = 0"] + opening + [" " * levels + "x = [" + "(" * 20, ")" * 20 + "]", ""]


def growing_cases():
    yield "a function of 800 lines", function_of(800)
    yield "a function of 5,000 lines", function_of(5000)
    yield "a function of 50,000 lines", function_of(50000)
    yield "a class of 500 methods, 20 lines each", class_of(500)
    yield "a dict of 100,000 lines", ["d = {"] + [
        f"    'key{n}': [{n}, 'v']," for n in range(100_000)] + ["}"]
    yield "a string of 100,000 lines", ["s = '''"] + [
        f"text, line {n}" for n in range(100_000)] + ["'''"]
    yield "a match of 2,000 lines", ["match 5:"] + [
        line for n in range(1000)
        for line in (f"    case {n}:", f"        x = {n}")] + [""]
    yield "blocks nested 18 deep", nested_of(18)[1:]


def seconds_of(function):
    gc.collect()
    begin = time.process_time()
    function()
    return time.process_time() - begin


def push_all(module, lines, patience=float("inf")):
    """Push the lines, for so many seconds at most; how many were pushed."""
    console = module.InteractiveConsole({"x": 0})
    end = time.process_time() + patience
    for number, line in enumerate(lines, 1):
        console.push(line)
        if number % 16 == 0 and time.process_time() > end:
            return number
    return len(lines)


def measure_growing(rounds, patience):
    """Lines pushed one by one, against one compile of the whole and 1 µs a line."""
    for name, lines in growing_cases():
        text = "\n".join(lines) + "\n"
        samples = {"standard": [], "ours": [], "bare": []}
        for _ in range(max(3, rounds // 3)):
            samples["bare"].append(seconds_of(lambda: compile(text, "<console>", "single")))
            samples["ours"].append(seconds_of(lambda: push_all(ours, lines)))
        begin = time.process_time()
        reached = push_all(standard, lines, patience)
        samples["standard"].append(time.process_time() - begin)
        bound = 1.5 + len(lines) * 1e-6 / statistics.median(samples["bare"])
        result = row(name, samples, (None, bound))
        if reached < len(lines):
            result["note"] = f"standard: stopped at line {reached:,}"
        yield result


def print_seconds_of_pushing(lines):
    """What measure_ten_times() runs in a process of its own."""
    function = function_of(lines)
    push_all(ours, ["x = 1"])
    print(seconds_of(lambda: push_all(ours, function)))


def measure_ten_times(build, rounds):
    """What ten times the lines cost, each number of lines in a new process.

    In one process the short function would be compiled in memory that was used before,
    while the C library gives what the long one takes back to the system each time and
    has to get it anew; that is a fifth of the time, and has nothing to do with lines.
    """
    path = os.pathsep.join([os.path.join(build, "python"), str(Path(__file__).parent.resolve())])
    samples = {5000: [], 50000: []}
    for _ in range(rounds):
        for lines, seconds in samples.items():
            seconds.append(float(subprocess.run(
                [sys.executable, "-c", f"import bench; bench.print_seconds_of_pushing({lines})"],
                env={**os.environ, "PYTHONPATH": path}, check=True, capture_output=True).stdout))
    yield row("10 times the lines, 5,000 to 50,000",
              {"standard": [], "ours": samples[50000], "bare": samples[5000]}, (None, 11.0))


def tokenize_seconds(path):
    with open(path, "rb") as file:
        return seconds_of(lambda: sum(1 for _ in tokenize.tokenize(file.readline)))


def measure_lexer(build, rounds):
    """Megabytes a second of some of the standard library, as microseconds a megabyte."""
    names = ("argparse", "ast", "datetime", "doctest", "pickle", "pydoc", "tarfile", "typing")
    paths = [Path(sysconfig.get_path("stdlib"), f"{name}.py") for name in names]
    megabytes = sum(path.stat().st_size for path in paths) / 1e6
    samples = {"standard": [], "ours": [], "bare": []}
    for _ in range(max(3, rounds // 3)):
        output = subprocess.run(
            [os.path.join(build, "tests/tools/tokens"), str(sys.version_info.minor), "--time",
             *map(str, paths)], check=True, capture_output=True, text=True).stdout
        sizes_and_speeds = re.findall(r" (\d+) bytes, .* ([\d.]+) MB/s", output)
        seconds = sum(int(size) / 1e6 / float(speed) for size, speed in sizes_and_speeds)
        samples["ours"].append(seconds / megabytes)
        samples["standard"].append(sum(map(tokenize_seconds, paths)) / megabytes)
    result = row("the lexer, of a megabyte", samples, (0.1, None))
    speeds = {kind: 1e6 / result["microseconds"][kind] for kind in ("ours", "standard")}
    result["kept"] = result["kept"] and speeds["ours"] >= 100
    result["note"] = (f"{speeds['ours']:.0f} MB/s (bound: 100), "
                      f"tokenize {speeds['standard']:.1f} MB/s")
    yield result


def start(command, environment):
    begin = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdin=subprocess.DEVNULL)
    return time.perf_counter() - begin


def process_cases(build):
    environment = {**os.environ, "PYTHONPATH": os.path.join(build, "python")}
    python = sys.executable
    yield ("import pyconsole.code, a process", [python, "-c", "import code"],
           [python, "-c", "import pyconsole.code"], environment, (1.0, None))
    yield ("-c pass, a process", [python, "-c", "pass"],
           [os.path.join(build, "pyconsole"), "-c", "pass"], environment, (1.1, None))


def measure_processes(build, rounds):
    for name, standard_run, our_run, environment, bounds in process_cases(build):
        samples = {"standard": [], "ours": [], "bare": []}
        for command in (standard_run, our_run):
            start(command, environment)
        for turn in range(rounds * 4):
            samples["standard"].append(start(standard_run, environment))
            samples["ours"].append(start(our_run, environment))
        yield row(name, samples, bounds)


def measure_completion(rounds):
    """The way to a session and back, beside rlcompleter and pkgutil in this process."""
    from pyconsole.session import Session

    samples = {text: {"standard": [], "ours": [], "bare": []} for text in ("os.", "import ")}
    completer = rlcompleter.Completer({"os": os})
    for _ in range(max(3, rounds // 3)):
        with Session() as session:
            session.execute("import os").wait()
            for text in ("import ", "os."):
                samples[text]["ours"].append(
                    seconds_of(lambda text=text: session.complete(text).wait()))
        samples["os."]["standard"].append(seconds_of(lambda: completer.attr_matches("os.")))
        samples["import "]["standard"].append(
            seconds_of(lambda: sum(1 for _ in pkgutil.iter_modules())))
    yield row("completing os.", samples["os."], (1, None))
    yield row("completing a first import", samples["import "], (1, None))


def ratio(over, under):
    return statistics.median(a / b for a, b in zip(over, under)) if under else None


def row(name, samples, bounds):
    to_standard = ratio(samples["ours"], samples["standard"])
    to_bare = ratio(samples["ours"], samples["bare"])
    kept = all(bound is None or measured <= bound
               for measured, bound in zip((to_standard, to_bare), bounds))
    microseconds = {kind: statistics.median(values) * 1e6
                    for kind, values in samples.items() if values}
    return {"name": name, "microseconds": microseconds, "to_standard": to_standard,
            "to_bare": to_bare, "bounds": bounds, "kept": kept}


def cell(value, form):
    width = int(form.partition(".")[0])
    return "-".rjust(width) if value is None else format(value, form)


def print_row(result):
    time_of = result["microseconds"].get
    bound_standard, bound_bare = result["bounds"]
    print(f"{result['name']:38} {cell(time_of('standard'), '12.2f')}"
          f" {cell(time_of('ours'), '12.2f')} {cell(time_of('bare'), '12.2f')}"
          f" {cell(result['to_standard'], '8.2f')} <= {cell(bound_standard, '4.2f')}"
          f" {cell(result['to_bare'], '6.2f')} <= {cell(bound_bare, '4.2f')}"
          f"  {'kept' if result['kept'] else 'NOT KEPT'}", flush=True)
    if "note" in result:
        print(f"    {result['note']}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--json")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--patience", type=float, default=60)
    args = parser.parse_args()
    build = os.path.abspath(args.build)
    print(f"Python {sys.version.split()[0]}, medians of {args.rounds} rounds, "
          "in microseconds")
    print(f"{'':38} {'standard':>12} {'pyconsole':>12} {'bare':>12} {'/standard':>16}"
          f" {'/bare':>14}")
    results = []
    for measure in (measure_in_process(args.rounds), measure_growing(args.rounds, args.patience),
                    measure_ten_times(build, args.rounds), measure_lexer(build, args.rounds),
                    measure_completion(args.rounds), measure_processes(build, args.rounds)):
        for result in measure:
            print_row(result)
            results.append(result)
    with open(args.json or os.path.join(build, "bench.json"), "w") as file:
        json.dump({"python": sys.version, "results": results}, file, indent=1)
    return 0 if all(result["kept"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
