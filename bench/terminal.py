#!/usr/bin/env python3
"""Measure the prompt at a terminal, beside the other prompts on this machine.

    bench/terminal.py [--build DIR] [--json FILE] [--rounds N] [--only PATTERN]

Each prompt runs on a pseudoterminal of its own, and is timed from the write of keys to the bytes
that the screen gets. Beside pyconsole stand python3 -i, the later Pythons, IPython, ptpython and
bpython where they are found, and for the start a program in C that prints a prompt and waits:
what starting anything costs. Each figure is a median, and has a bound where we promised one: one
that is not kept makes the exit status 1. Time on the processor is the kernel's own
(/proc/PID/task/*/schedstat). The figures go into build/bench.json as "terminal", beside those of
bench.py.
"""

import argparse
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from fcntl import ioctl
from pathlib import Path
from typing import NamedTuple

from rows import add_arguments, median, row, run

ROWS, COLUMNS = 40, 120
SECONDS = 60
KEYS = 60
SETTLED = 0.1  # seconds without a byte
LOST = 2  # the same, when there should be an answer
POSITION = b"\x1b[6n"  # asks where the cursor is
SEQUENCE = re.compile(rb"\x1b\[[0-9;:<=>?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>78]|[\x01\x02]")
TRIVIAL = '#include <unistd.h>\nint main(void) { char c; return write(1, ">>> ", 4) < 0 || read(0, &c, 1) < 0; }\n'


class Program(NamedTuple):
    """What is measured."""

    command: list
    # How its output ends at a prompt, without sequences, and in how many bytes that is looked for:
    # in all of them would take longer than the program.
    ends: bytes = rb">>> $"
    tail: int = 400
    blocks: bool = True  # it edits a block as one text


class Prompt:
    """A program on a pseudoterminal."""

    def __init__(self, program, home):
        self.program = program
        environment = {"PATH": os.environ["PATH"], "HOME": home, "TERM": "xterm-256color",
                       "LC_ALL": "C.UTF-8"}
        self.begun = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
                os.execve(program.command[0], program.command, environment)
            finally:
                os._exit(127)
        os.set_blocking(self.fd, False)
        self.received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def read(self, seconds=SECONDS):
        """What has come, or nothing after so many seconds."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            got = os.read(self.fd, 1 << 16)
        except OSError:
            raise SystemExit(f"the program has ended: {self.received[-500:]!r}") from None
        self.received += got
        if POSITION in got:
            os.write(self.fd, b"\x1b[1;1R")
        return got

    def at_prompt(self, received):
        text = SEQUENCE.sub(b"", received[-self.program.tail:])
        return re.search(self.program.ends, text, re.DOTALL) is not None

    def comes(self, there, seconds=SECONDS):
        """Does what is waited for come? Not, if nothing does for so many seconds."""
        while not there(self.received):
            if not self.read(seconds):
                return False
        return True

    def wait(self, there):
        if not self.comes(there):
            raise SystemExit(f"nothing more came: {self.received[-500:]!r}")
        return self

    def ask(self, keys, there):
        """Type until there is an answer: bpython loses keys in its first moments."""
        while not self.write(keys).comes(there, LOST):
            pass

    def settle(self):
        while self.read(SETTLED):
            pass
        return self

    def write(self, keys):
        """All of it, taking what comes meanwhile."""
        self.received = b""
        while keys:
            readable, writable, _ = select.select([self.fd], [self.fd], [], SECONDS)
            if readable:
                self.read(0)
            if writable:
                keys = keys[os.write(self.fd, keys[:4096]):]
        return self

    def since(self, begun):
        return (time.perf_counter() - begun) * 1e3

    def timed(self, keys, there):
        """Milliseconds from the keys to what is waited for."""
        begun = time.perf_counter()
        self.write(keys).wait(there)
        return self.since(begun)

    def enter(self, text):
        """The same from Enter behind the text to the next prompt."""
        self.write(text).settle()
        took = self.timed(b"\r", self.at_prompt)
        self.settle()
        return took


def has(text):
    return lambda received: text in SEQUENCE.sub(b"", received)


def processor_ms(pid):
    return sum(int(stat.read_text().split()[0]) for stat in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e6


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def of_status(path, name):
    return int(re.search(rf"^{name}:\s+(\d+)", (path / "status").read_text(), re.M)[1])


def times_woken(pid):
    return sum(of_status(task, "voluntary_ctxt_switches") for task in Path(f"/proc/{pid}/task").iterdir())


def find(name):
    """The path of a program; those of pyenv are no wrappers."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = [folder for folder in os.get_exec_path() if "shims" not in folder]
    folders += sorted(map(str, pyenv.glob("versions/*/bin")))
    return shutil.which(name, path=os.pathsep.join(folders))


class Prompts:
    """The prompts to measure, ours first."""

    # Below its prompt ptpython has a row of keys, and bpython its welcome. That takes no brackets
    # around what is pasted.
    OTHERS = {
        "ipython3": Program([], rb"In \[\d+\]: [\s\x08]*$", 4096),
        "ptpython3": Program([], rb">>>[\s\x08]*(\[F4\].*)?$", 4096),
        "bpython3": Program([], rb">>> (Welcome to .*)?$", 4096, blocks=False),
    }

    def __init__(self, build, folder):
        self.home = folder
        self.ours = Program([os.path.abspath(os.path.join(build, "pyconsole")), "-q"])
        self.python = shutil.which("python3") if sys.platform == "darwin" else sys.executable
        name = os.path.basename(os.path.realpath(self.python))
        self.peers = {f"{name} -i": Program([self.python, "-q", "-i"], blocks=sys.version_info >= (3, 13))}
        for minor in (13, 14, 15):
            path = find(f"python3.{minor}")
            if path is not None and path != self.python:
                self.peers[f"python3.{minor} -i"] = Program([path, "-q", "-i"])
        for name, program in self.OTHERS.items():
            path = find(name)
            if path is not None:
                self.peers[name] = program._replace(command=[path])
        self.all = {"pyconsole": self.ours, **self.peers}

    def start(self, program):
        return Prompt(program, self.home)

    def ready(self, program):
        """At its prompt, and with nothing left to do."""
        prompt = self.start(program)
        prompt.wait(prompt.at_prompt)
        prompt.ask(b"1\r", lambda received: b"1" in received and prompt.at_prompt(received))
        return prompt.settle()

    def trivial(self):
        source, program = Path(self.home, "trivial.c"), Path(self.home, "trivial")
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            return None
        source.write_text(TRIVIAL)
        subprocess.run([compiler, "-O2", "-o", program, source], check=True)
        return Program([str(program)])


def measure_start(prompts, options):
    """exec to the first prompt, and to the first result."""
    trivial = prompts.trivial()
    programs = {**({"a C program that prints a prompt": trivial} if trivial else {}), **prompts.all}
    prompt_ms = {name: [] for name in programs}
    result_ms = {name: [] for name in prompts.all}
    bare_ms = []
    for _ in range(options.rounds):
        for name, program in programs.items():
            with prompts.start(program) as prompt:
                prompt.wait(prompt.at_prompt)
                prompt_ms[name].append(prompt.since(prompt.begun))
                if name in result_ms:
                    prompt.ask(b"77000+1\r", has(b"77001"))
                    result_ms[name].append(prompt.since(prompt.begun))
        begun = time.perf_counter()
        subprocess.run([prompts.python, "-c", "pass"], check=True)
        bare_ms.append((time.perf_counter() - begun) * 1e3)
    floor = statistics.median(prompt_ms["a C program that prints a prompt"]) if trivial else None
    bare = statistics.median(bare_ms)
    for name, values in prompt_ms.items():
        yield median(f"exec to first prompt: {name}", values, "ms",
                     1.5 * floor if name == "pyconsole" and floor else None)
    yield median("python3 -c pass", bare_ms, "ms")
    for name, values in result_ms.items():
        yield median(f"exec to first result: {name}", values, "ms",
                     1.1 * bare + 5 if name == "pyconsole" else None)


def block_of(lines):
    return b"def f():\r" + b"".join(b"    x%d = %d\r" % (n, n) for n in range(lines - 2)) + b"    return 1"


def pasted(text):
    return b"\x1b[200~" + text + b"\x1b[201~"


def measure_keys(prompts, options):
    """A key to the screen, at the end of blocks of so many lines."""
    for lines in (1, 200, 1000):
        for name, program in prompts.all.items():
            if lines > 1 and not program.blocks:
                continue
            with prompts.ready(program) as prompt:
                text = block_of(lines) if lines > 1 else b"f(1, "
                prompt.write(pasted(text) if lines > 1 else text).settle().settle()
                before, samples, count = processor_ms(prompt.pid), [], 0
                for _ in range(KEYS):
                    samples.append(prompt.timed(b"a", lambda received: received))
                    prompt.settle()
                    count += len(prompt.received)
                spent = (processor_ms(prompt.pid) - before) / KEYS
            place = f"in {lines} lines" if lines > 1 else "in one line"
            ours = name == "pyconsole"
            yield median(f"key to screen {place}: {name}", samples, "ms")
            yield row("  on the processor", spent, "ms", 0.1 if ours else None)
            yield row("  bytes", count / KEYS, "B", 20 if ours else None)


def measure_paste(prompts, options):
    """A function of 1,000 lines in brackets, to the next prompt."""
    for name, program in prompts.all.items():
        if not program.blocks:
            continue
        samples = []
        for _ in range(5):
            with prompts.ready(program) as prompt:
                begun = time.perf_counter()
                prompt.write(pasted(block_of(1000) + b"\r"))
                if name != "pyconsole":  # an Enter right after a paste is lost in some
                    prompt.settle()
                    begun += SETTLED
                prompt.write(b"\r").wait(prompt.at_prompt)
                samples.append(prompt.since(begun))
        yield median(f"paste of 1,000 lines: {name}", samples, "ms", 30 if name == "pyconsole" else None)


def measure_burst(prompts, options):
    """200 lines as a program types them, until the call behind them has given its value."""
    text = block_of(200) + b"\r\r" + b"'right' + str(f())\r"
    for name, program in prompts.all.items():
        samples = []
        for _ in range(5 if name in ("pyconsole", next(iter(prompts.peers))) else 1):
            with prompts.ready(program) as prompt:
                begun = time.perf_counter()
                prompt.write(text)
                while not has(b"'right1'")(prompt.received) and prompt.read(5):
                    pass
                right = has(b"'right1'")(prompt.received)
                samples.append(prompt.since(begun))
        yield median(f"200 lines in a burst: {name}", samples, "ms", 30 if name == "pyconsole" else None,
                     "" if right else "and wrong")


def measure_enter(prompts, options):
    """Enter behind a number, to the next prompt: behind the same one again, and behind a new one,
    which is one more entry for a history."""
    for name, program in prompts.all.items():
        again, new = [], []
        with prompts.ready(program) as prompt:
            for number in range(KEYS // 2):
                prompt.enter(b"1")
                again.append(prompt.enter(b"1"))
                new.append(prompt.enter(b"1%03d" % number))
        bound = 0.7 if name == "pyconsole" else None
        yield median(f"Enter to the next prompt: {name}", again, "ms", bound)
        yield median(f"Enter of a new block: {name}", new, "ms", bound)


def measure_idle(prompts, options):
    """How often the prompt wakes up, and the memory that it has."""
    seconds = 3
    memory = {}
    for name, program in prompts.all.items():
        with prompts.ready(program) as prompt:
            time.sleep(1)
            processes = {name: prompt.pid}
            if name == "pyconsole":
                processes["pyconsole's worker"] = children_of(prompt.pid)[0]
            before = {each: times_woken(pid) for each, pid in processes.items()}
            time.sleep(seconds)
            for each, pid in processes.items():
                woken = times_woken(pid) - before[each]
                memory[each] = of_status(Path(f"/proc/{pid}"), "VmRSS") / 1024
                yield row(f"wake-ups a second: {each}", woken / seconds, "", 0 if "pyconsole" in each else None)
    python = memory[next(iter(prompts.peers))]
    bounds = {"pyconsole": 4, "pyconsole's worker": python + 2}
    for each, size in memory.items():
        yield row(f"memory at the prompt: {each}", size, "MB", bounds.get(each))


MEASURES = [measure_start, measure_keys, measure_paste, measure_burst, measure_enter, measure_idle]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_arguments(parser, rounds=25)
    options = parser.parse_args()
    print("The prompt at a terminal")
    with tempfile.TemporaryDirectory() as folder:
        return run(MEASURES, options, "terminal", Prompts(options.build, folder))


if __name__ == "__main__":
    sys.exit(main())
