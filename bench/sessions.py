#!/usr/bin/env python3
"""Measure sessions: the round trip, interrupts, a thousand at once, and what they leave behind.

    bench/sessions.py [--build DIR] [--json FILE] [--sessions N] [--cycles N] [--rounds N]
                      [--only PATTERN]

Beside the sessions stand fresh python3 processes and code.InteractiveConsole in one process.
Each figure is a median unless it says otherwise, and has a bound where we promised one: one that
is not kept makes the exit status 1. The figures go into build/bench.json as "sessions", beside
those of bench.py. What a session prints is compared byte by byte, and a difference is a failure.
"""

import argparse
import code
import contextlib
import io
import os
import re
import select
import statistics
import subprocess
import sys
import time
from pathlib import Path

from pyconsole.session import Session

from rows import add_arguments, median, row, run

# What blocks, or runs for ever; the bound is on the time from interrupt() to DONE.
INTERRUPTED = {
    "while True: pass": "while True: pass",
    "time.sleep(1000)": "time.sleep(1000)",
    "socket.recv": "a, b = socket.socketpair(); a.recv(1)",
    "threading.Lock.acquire": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
    'subprocess.run(["sleep", "1000"])': "subprocess.run(['sleep', '1000'])",
    "input()": "input()",
    "a regex that never ends": "re.match('(a*)*b', 'a' * 40)",
}
IMPORTS = "import re, socket, subprocess, threading, time\n"
MEGABYTE = 1 << 20


def timed(function):
    begin = time.perf_counter()
    function()
    return time.perf_counter() - begin


def private_bytes(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(size) for size in re.findall(r"^Private_\w+: +(\d+) kB", text, re.MULTILINE)) * 1024


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def started(session, source):
    """A request whose code has printed its first line, and has come to what it waits in."""
    request = session.execute(source)
    while not request.output:
        session.next_event()
    time.sleep(0.01)
    return request


# ------------------------------------------------------------------ one session

def measure_round_trip(options):
    with Session() as session:
        session.wait_ready()
        samples = [timed(lambda: session.execute("1+1").wait()) * 1e6
                   for _ in range(200 + 100 * options.rounds)]
        yield median('execute("1+1"), warm', samples[200:], "µs", 150)
        assert session.execute("1+1").wait().values == ["2"]


def interrupt_seconds(session, source):
    request = started(session, f"{IMPORTS}print('begun', flush=True)\n{source}")
    seconds = timed(lambda: (request.interrupt(), request.wait()))
    assert request.outcome == "interrupted", request
    return seconds


def measure_interrupts(options):
    for name, source in INTERRUPTED.items():
        with Session(on_input=lambda _session, _event: None) as session:
            session.on_input = None  # nobody answers
            samples = [interrupt_seconds(session, source) * 1e3 for _ in range(options.rounds)]
        yield median(f"interrupt {name}", samples, "ms", 5)
    samples = []
    for _ in range(3):
        with Session() as session:
            request = started(session, "print('begun', flush=True)\nsum(range(10**11))")
            samples.append(timed(lambda: (session.stop(0.3), request.wait())) * 1e3)  # noqa: B023
            assert session.died.name == "stopped"
    yield row("stop sum(range(10**11)), 300 ms of grace", statistics.median(samples), "ms", None,
              "step 3, the kill")


# ------------------------------------------------------------------ many sessions

def first_result(zygote):
    session = zygote.clone()
    assert session.execute("6 * 7").wait().values == ["42"]
    return session


def lines_of(number):
    return "".join(f"{number} {line}\n" for line in range(100))


def run_at_once(sessions):
    """Every session computes and prints; what comes is compared. Seconds for all."""
    poller = select.epoll()
    for session in sessions:
        poller.register(session.fileno(), select.EPOLLIN)
    by_fd = {session.fileno(): session for session in sessions}
    begin = time.perf_counter()
    requests = [session.execute(f"for i in range(100): print({number}, i)\nsum(range({number}))")
                for number, session in enumerate(sessions)]
    left = sum(request.outcome is None for request in requests)
    while left:
        for fd, _ in poller.poll():
            while by_fd[fd].next_event(0) is not None:
                pass
        left = sum(request.outcome is None for request in requests)
    seconds = time.perf_counter() - begin
    poller.close()
    for number, request in enumerate(requests):
        assert request.output == lines_of(number), f"session {number} printed something else"
        assert request.values == [str(sum(range(number)))], number
    return seconds


def measure_many(options):
    with contextlib.ExitStack() as stack:
        zygote = stack.enter_context(Session(preload=()))
        zygote.wait_ready()
        sessions, samples = [], []
        for _ in range(options.sessions):
            begin = time.perf_counter()
            sessions.append(stack.enter_context(first_result(zygote)))
            samples.append((time.perf_counter() - begin) * 1e3)
        yield median(f"{options.sessions} sessions at once: first result", samples, "ms", 5)
        idle = [stack.enter_context(zygote.clone().wait_ready()) for _ in range(10)]
        yield median("  private memory of one that was asked nothing",
                     [private_bytes(session.pid) / MEGABYTE for session in idle], "MB", 0.5)
        yield median("  private memory of one after that result",
                     [private_bytes(session.pid) / MEGABYTE for session in sessions], "MB", 0.5)
        seconds = run_at_once(sessions)
        yield row("  100 lines printed by each of them", seconds, "s", None, "every byte compared")
        yield median("  private memory of one after these lines",
                     [private_bytes(session.pid) / MEGABYTE for session in sessions], "MB")


def fresh_python():
    return subprocess.Popen(
        [sys.executable, "-c", "import code, sys\nc = code.InteractiveConsole()\nc.push('6 * 7')\n"
         "sys.stdout.flush()\nsys.stdin.read()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def measure_peers(options):
    with contextlib.ExitStack() as stack:
        processes, samples = [], []
        for _ in range(20):
            begin = time.perf_counter()
            processes.append(stack.enter_context(fresh_python()))
            assert processes[-1].stdout.readline() == b"42\n"
            samples.append((time.perf_counter() - begin) * 1e3)
        yield median("20 fresh python3: first result", samples, "ms")
        yield median("  private memory of one",
                     [private_bytes(process.pid) / MEGABYTE for process in processes], "MB")
        for process in processes:
            process.stdin.close()
    before = private_bytes("self")
    consoles, samples = [], []
    with contextlib.redirect_stdout(io.StringIO()):
        for _ in range(options.sessions):
            begin = time.perf_counter()
            consoles.append(code.InteractiveConsole())
            consoles[-1].push("6 * 7")
            samples.append((time.perf_counter() - begin) * 1e3)
    yield median(f"{options.sessions} code.InteractiveConsole in one process", samples, "ms")
    yield row("  private memory of one", (private_bytes("self") - before) / MEGABYTE
              / options.sessions, "MB")


def open_descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def wait_for(condition):
    """Seconds until it holds; at most 10."""
    begin = time.perf_counter()
    while not condition() and time.perf_counter() - begin < 10:
        time.sleep(0.001)
    return time.perf_counter() - begin


def measure_leaks(options):
    """Opened and closed again and again: what is there afterwards that was not before."""
    with Session(preload=()) as zygote:
        zygote.wait_ready()
        children = Path(f"/proc/{zygote.pid}/task/{zygote.pid}/children")

        def cycle(count):
            for turn in range(count):
                with zygote.clone() as session:
                    if turn % 2:
                        assert session.execute("6 * 7").wait().values == ["42"]

        def at_rest():
            return not children.read_text().strip()

        def state(pid):
            return open_descriptors(pid), private_bytes(pid) / MEGABYTE

        cycle(options.cycles // 10)
        wait_for(at_rest)
        before = [state(pid) for pid in ("self", zygote.pid)]
        seconds = timed(lambda: cycle(options.cycles))
        wait_for(at_rest)
        after = [state(pid) for pid in ("self", zygote.pid)]
        processes = len(children.read_text().split())
    name = f"{options.cycles} sessions opened and closed"
    yield row(name, seconds / options.cycles * 1e3, "ms", None, "for each")
    for who, (fds_before, mb_before), (fds_after, mb_after) in zip(
            ("host", "zygote"), before, after):
        yield row(f"  descriptors left in the {who}", fds_after - fds_before, "", 0)
        yield row(f"  memory left in the {who}", mb_after - mb_before, "MB", 0.5)
    yield row("  processes left", processes, "", 0)


HOST = """
import contextlib, time
from pyconsole.session import Session

with contextlib.ExitStack() as stack:
    zygote = stack.enter_context(Session(preload=()))
    sessions = [stack.enter_context(zygote.clone()) for _ in range(20)]
    for session in sessions:
        request = session.execute("import os, subprocess\\n"
                                  "print(os.getpid(), subprocess.Popen(['sleep', '1000']).pid)")
        print(request.wait().output, end="")
        session.execute("while True: pass")
    print(zygote.pid, flush=True)
    print("ready", flush=True)
    time.sleep(1000)
"""


def measure_host_killed(_options):
    samples = []
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", HOST], stdout=subprocess.PIPE, text=True) as host:
            pids = [int(pid) for line in iter(host.stdout.readline, "ready\n")
                    for pid in line.split()]
            host.kill()
        samples.append(wait_for(lambda: all(map(is_gone, pids))) * 1e3)  # noqa: B023
    yield row("host killed: until 21 busy workers and 20 children are gone", max(samples), "ms", 1000,
              "the worst of 5")


# ------------------------------------------------------------------ checkpoints

def measure_checkpoints(_options):
    for size, name in ((10 * MEGABYTE, "10 MB"), (1024 * MEGABYTE, "1 GB")):
        with Session() as session:
            session.execute(f"data = bytearray(b'x') * {size}").wait()
            samples = []
            for _ in range(5):
                samples.append(timed(lambda: session.checkpoint("here").wait()) * 1e3)  # noqa: B023
            yield median(f"checkpoint with {name} of data", samples, "ms")
            samples = []
            for _ in range(5):
                session.execute("data[:1] = b'y'").wait()
                samples.append(timed(lambda: session.restore("here").wait()) * 1e3)  # noqa: B023
                assert session.execute("data[:1], len(data)").wait().values == [
                    f"(bytearray(b'x'), {size})"]
            yield median("  restored", samples, "ms")


MEASURES = [measure_round_trip, measure_interrupts, measure_many, measure_peers, measure_leaks,
            measure_host_killed, measure_checkpoints]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_arguments(parser, rounds=51)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--cycles", type=int, default=10_000)
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, sessions in processes")
    return run(MEASURES, options, "sessions")


if __name__ == "__main__":
    sys.exit(main())
