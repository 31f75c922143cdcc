"""What the tests of sessions have in common."""

import os
import time
from pathlib import Path

SANITIZED = "ASAN_OPTIONS" in os.environ
SECONDS = 60  # nothing here takes as long


def run(session, source):
    return session.execute(source).wait(SECONDS)


def events_of(request):
    """(kind, stream, text) of each, with output in one piece for each stream."""
    found = []
    for event in request.events:
        if event.kind == "OUTPUT" and found and found[-1][:2] == ("OUTPUT", event.stream):
            found[-1] = ("OUTPUT", event.stream, found[-1][2] + event.text)
        else:
            found.append((event.kind, event.stream, event.text))
    return found


def stat_of(process):
    """The fields of proc(5) behind the name, the letter of its state first; of a thread, by its folder."""
    return Path("/proc", str(process), "stat").read_text().rpartition(")")[2].split()


def gone(pid):
    """Is the process no more, or a zombie of somebody else's?"""
    try:
        return stat_of(pid)[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def processor_seconds(pid):
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def wait_until(condition):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def started(session, source):
    """A request whose code has come to BEGUN."""
    request = session.execute(source.replace("BEGUN", "print('begun', flush=True)"))
    while not request.output:
        assert session.next_event(SECONDS) is not None
    return request


def ended(session):
    end = time.monotonic() + SECONDS
    while not session.died:
        assert time.monotonic() < end
        session.next_event(1)
    return session.died.status


def open_descriptors():
    return len(os.listdir("/proc/self/fd"))
