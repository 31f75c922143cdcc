"""The rows that sessions.py and terminal.py measure: a figure, and the bound that it has to keep."""

import json
import os
import re
import statistics
import sys
from pathlib import Path


def row(name, value, unit, bound=None, note=""):
    return {"name": name, "value": value, "unit": unit, "bound": bound, "note": note,
            "kept": bound is None or value <= bound}


def median(name, values, unit, bound=None, note=""):
    """A row of the median; without a note, with the quartiles and the worst."""
    low, _, high = statistics.quantiles(values, n=4) if len(values) > 1 else [values[0]] * 3
    note = note or f"quartiles {low:.2f} and {high:.2f}, worst {max(values):.2f}"
    return row(name, statistics.median(values), unit, bound, note)


def add_arguments(parser, rounds):
    parser.add_argument("--build", default="build")
    parser.add_argument("--json")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--only", default="", help="measures whose name holds this pattern")


def print_row(result):
    bound = "" if result["bound"] is None else (
        f"<= {round(result['bound'], 2):g} {'kept' if result['kept'] else 'NOT KEPT'}")
    print(f"{result['name']:58} {result['value']:10.3f} {result['unit']:2} {bound:18}"
          f" {result['note']}", flush=True)


def run(measures, options, part, *arguments):
    """Print the rows of the chosen measures; keep them as a part of the JSON file.

    Returns the exit status: 1 where a bound was not kept.
    """
    results = []
    for measure in measures:
        for result in measure(*arguments, options) if re.search(options.only, measure.__name__) else ():
            print_row(result)
            results.append(result)
    path = Path(options.json or os.path.join(options.build, "bench.json"))
    whole = json.loads(path.read_text()) if path.exists() else {"python": sys.version}
    path.write_text(json.dumps({**whole, part: results}, indent=1))
    return 0 if all(result["kept"] for result in results) else 1
