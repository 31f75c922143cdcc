"""Checkpoints of sessions: kept, gone back to, given up, refused."""

import asyncio
import gc
import mmap
import os
import select
import signal
import statistics
from pathlib import Path

import pytest
from pyconsole.session import Session
from sanitizer import with_segfaults, without_leaks
from sessions import (
    SANITIZED,
    SECONDS,
    ended,
    events_of,
    gone,
    open_descriptors,
    run,
    started,
    stat_of,
    wait_until,
)


@pytest.fixture(autouse=True)
def untold(monkeypatch):
    """The sanitizers take SIGSEGV, and CPython leaves locks behind in a forked child."""
    for change in (with_segfaults, without_leaks):
        for name, value in change(dict(os.environ)).items():
            monkeypatch.setenv(name, value)


@pytest.fixture
def session():
    with Session() as session:
        yield session.wait_ready(SECONDS)


def kept(session, name=None):
    """The name of a new checkpoint."""
    request = session.checkpoint(name).wait(SECONDS)
    assert request.outcome == "ok"
    return next(event.name for event in request.events if event.kind == "CHECKPOINT")


def restored(session, name=None):
    request = session.restore(name).wait(SECONDS)
    assert request.outcome == "ok"
    return request


def test_go_back(session):
    run(session, "x = [1]")
    name = kept(session)
    run(session, "x.append(2)")
    assert run(session, "x").values == ["[1, 2]"]
    before = session.pid
    request = restored(session, name)
    assert [(event.kind, event.name) for event in request.events] == [("RESTORED", name)]
    assert run(session, "x").values == ["[1]"]
    assert session.pid != before
    wait_until(lambda: gone(before))
    assert run(session, "import os; os.getpid() == os.getsid(0)").values == ["True"]


def test_one_checkpoint_many_times(session):
    run(session, "n = 0")
    kept(session)
    fileno = session.fileno()
    for _ in range(5):
        run(session, "n += 1")
        restored(session)
        assert run(session, "n").values == ["0"]
    assert session.fileno() == fileno
    assert len(session.checkpoints) == 1


def test_the_numbers_go_on(session):
    numbers = []
    session.on_event = lambda _session, event: numbers.append((event.sequence, event.request))
    run(session, "1")
    kept(session)
    restored(session)
    run(session, "2")
    sequence = [number for number, _request in numbers]
    assert sequence == list(range(sequence[0], sequence[0] + len(sequence)))
    requests = [request for _number, request in numbers]
    assert requests == sorted(requests) and requests[-1] == 4


def test_each_statement_can_be_undone(session):
    for n in range(16):
        kept(session, f"before {n}")
        run(session, f"x{n} = {n}")
    for n in reversed(range(16)):
        restored(session, f"before {n}")
        values = run(session, "sorted(int(k[1:]) for k in globals() if k[0] == 'x')").values
        assert values == [str(list(range(n)))]


def test_a_hundred_statements_and_all_the_way_back():
    """A checkpoint before each; the state is the same at each step on the way back."""
    statements = ["state = {}", "seen = []", "def double(n): return 2 * n", "import math",
                  "class Point:\n    x = 0\n"]
    statements += [f"state['k{n}'] = double({n}); seen.append({n}); Point.x += {n}"
                   for n in range(95)]
    state = ("sorted((n, repr(v)) for n, v in globals().items() if n in ('state', 'seen'))"
             " + [getattr(globals().get('Point'), 'x', None), 'double' in globals()]")
    with Session(checkpoints=len(statements)) as session:
        before = []
        for n, statement in enumerate(statements):
            before.append(run(session, state).values)
            kept(session, f"before {n}")
            assert run(session, statement).outcome == "ok"
        assert len({str(values) for values in before}) > 95
        for n in reversed(range(len(statements))):
            restored(session, f"before {n}")
            assert run(session, state).values == before[n]


def test_a_checkpoint_that_is_asked_for_right_behind_a_restore(session):
    run(session, "x = 1")
    kept(session, "one")
    run(session, "x = 2")
    session.restore("one")
    assert kept(session, "two") == "two"
    run(session, "x = 3")
    restored(session, "two")
    assert run(session, "x").values == ["1"]


def test_checkpoints_of_what_was_restored(session):
    """Each is made of a process that is gone when the next is."""
    for n in range(10):
        run(session, f"x = {n}")
        kept(session, "last")
        run(session, "x = None")
        restored(session, "last")
        assert run(session, "x").values == [str(n)]
    assert session.checkpoints == ["last"]


def test_the_oldest_without_a_name_goes_first():
    with Session(checkpoints=3) as session:
        assert kept(session, "first") == "first"
        names = [kept(session) for _ in range(2)]
        assert names == ["#2", "#3"]
        request = session.checkpoint().wait(SECONDS)
        event = request.events[0]
        assert (event.kind, event.name, event.detail, event.status) == (
            "CHECKPOINT", "#4", "#2", 3)
        assert session.checkpoints == ["first", "#3", "#4"]
        with pytest.raises(ValueError):
            session.restore("#2")
        kept(session, "second")
        kept(session, "third")
        assert session.checkpoints == ["first", "second", "third"]
        with pytest.raises(ValueError):
            session.checkpoint()
        with pytest.raises(ValueError):
            session.checkpoint("fourth")
        assert kept(session, "second") == "second"
        assert session.checkpoints == ["first", "third", "second"]
        session.forget("third")
        assert kept(session) == "#8"
        assert session.checkpoints == ["first", "second", "#8"]


def test_sixteen_are_kept_by_default(session):
    names = [kept(session) for _ in range(20)]
    assert session.checkpoints == names[4:]


def test_names(session):
    for name in ("", "x" * 64):
        with pytest.raises(ValueError):
            session.checkpoint(name)
    assert kept(session, "é" * 31) == "é" * 31
    with pytest.raises(ValueError):
        session.restore("another")
    with pytest.raises(ValueError):
        session.forget("another")


def test_nothing_to_go_back_to(session):
    with pytest.raises(ValueError):
        session.restore()
    assert run(session, "1").values == ["1"]


def test_go_back_while_code_runs(session):
    run(session, "x = 1")
    kept(session)
    stuck = started(session, "x = 2\nBEGUN\nprint('more', flush=True)\nwhile True: pass")
    waits = session.execute("x = 3")
    request = session.restore()
    after = session.execute("x")
    assert request.wait(SECONDS).outcome == "ok"
    assert (stuck.outcome, waits.outcome) == ("restored", "restored")
    assert after.wait(SECONDS).values == ["1"]
    assert stuck.output.startswith("begun\n")


def test_what_was_printed_before_is_not_lost(session):
    kept(session)
    stuck = session.execute("import os\nfor i in range(20_000): print(i)\n"
                            "os.kill(os.getppid(), 0)\nprint('end', flush=True)\nwhile True: pass")
    while "end" not in stuck.output:
        assert session.next_event(SECONDS) is not None
    session.restore().wait(SECONDS)
    assert stuck.output == "".join(f"{i}\n" for i in range(20_000)) + "end\n"
    assert [event.kind for event in stuck.events if event.kind != "OUTPUT"] == []


@pytest.mark.parametrize("source, status", [
    ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV), ("import os; os._exit(3)", 3),
    ("exit(4)", 4)])
def test_back_from_the_dead(session, source, status):
    run(session, "x = 1")
    kept(session)
    for _ in range(3):
        request = session.execute("x = 2\n" + source)
        assert ended(session) == status
        assert request.outcome in ("died", "exit")
        restored(session)
        assert session.died is None
        assert run(session, "x").values == ["1"]


def test_back_before_the_death_was_told(session):
    kept(session)
    pid = session.pid
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: gone(pid))
    assert restored(session).events[0].kind == "RESTORED"
    assert session.died is None
    assert run(session, "1").values == ["1"]


def test_back_from_the_dead_while_a_fork_of_the_host_lives(session):
    """It holds what the dead process's descriptors stood for."""
    kept(session)
    host = os.fork()
    if host == 0:
        signal.pause()
    try:
        session.kill()
        ended(session)
        restored(session)
        assert run(session, "1").values == ["1"]
        assert session.next_event(0) is None
        assert select.select([session.fileno()], [], [], 0)[0] == []
    finally:
        os.kill(host, signal.SIGKILL)
        os.waitpid(host, 0)


def test_two_restores_at_once(session):
    run(session, "x = 1")
    kept(session, "one")
    run(session, "x = 2")
    kept(session, "two")
    first, second = session.restore("one"), session.restore("two")
    assert second.wait(SECONDS).outcome == "ok"
    assert first.outcome == "restored"
    assert run(session, "x").values == ["2"]


def test_the_end_of_what_was_restored_is_known(session):
    """Only the checkpoint can tell; also when it was given up meanwhile."""
    for give_up in (False, True):
        kept(session, "one")
        restored(session, "one")
        if give_up:
            session.forget("one")
        session.execute("import os; os._exit(7)")
        assert ended(session) == 7
        if not give_up:
            restored(session, "one")


def test_a_checkpoint_may_be_given_up_at_once(session):
    kept(session, "one")
    request = session.restore("one")
    session.forget("one")
    assert request.wait(SECONDS).outcome == "ok"
    assert run(session, "1").values == ["1"]


def test_no_checkpoint_while_threads_run(session):
    run(session, "import threading\nevent = threading.Event()\n"
                 "t = threading.Thread(target=event.wait); t.start()")
    request = session.checkpoint("one").wait(SECONDS)
    assert request.outcome == "refused"
    assert [event.text for event in request.events if event.kind == "REFUSED"] == [
        "1 other thread runs"]
    assert session.checkpoints == []
    run(session, "event.set(); t.join()")
    kept(session, "one")


def test_a_checkpoint_that_was_killed(session):
    run(session, "x = 1")
    children = Path(f"/proc/{session.pid}/task/{session.pid}/children")
    kept(session)
    os.kill(int(children.read_text()), signal.SIGKILL)
    wait_until(lambda: not children.read_text().strip())
    with pytest.raises(BrokenPipeError):
        session.restore()
    with pytest.raises(ValueError):
        session.restore()
    assert run(session, "x").values == ["1"]


def test_a_checkpoint_is_silent_and_idle(session):
    run(session, "import os\nos.register_at_fork(after_in_child=lambda: print('child', flush=True))")
    children = Path(f"/proc/{session.pid}/task/{session.pid}/children")
    request = session.checkpoint().wait(SECONDS)
    assert [event.kind for event in request.events] == ["CHECKPOINT", "DONE"]
    pid = int(children.read_text())
    targets = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in (0, 1, 2)}
    assert targets == {"/dev/null"}
    tasks = list(Path(f"/proc/{pid}/task").iterdir())
    assert len(tasks) == 2
    wait_until(lambda: {stat_of(task)[0] for task in tasks} == {"S"})
    restored(session)
    assert run(session, "print(1)").output == "1\n"


def test_a_debugger_hears_nothing_of_it(session):
    run(session, "import sys\nheard = set()\ndef hear(frame, event, value):\n"
                 "    heard.add(frame.f_code.co_filename)\n    return hear\nsys.settrace(hear)")
    kept(session)
    assert run(session, "heard").values == ["{'<input-2>'}"]


def test_random_seeds_differ(session):
    run(session, "import random, uuid, secrets\nrandom.seed(5)")
    kept(session)
    seen = {run(session, "random.random()").values[0]}
    for _ in range(4):
        restored(session)
        seen.add(run(session, "random.random()").values[0])
    assert len(seen) == 5


def test_input_and_limits_are_as_before():
    with Session(on_input=lambda _session, _event: "line", output=100, seconds=0.3) as session:
        kept(session)
        restored(session)
        assert run(session, "input('? ')").values == ["'line'"]
        assert len(run(session, "print('x' * 1000)").output) == 100
        assert run(session, "while True: pass").outcome == "interrupted"


def test_interrupts_reach_what_was_restored(session):
    kept(session)
    restored(session)
    request = started(session, "BEGUN\nimport time; time.sleep(1000)")
    request.interrupt()
    assert request.wait(SECONDS).outcome == "interrupted"


def test_streams_stay_in_order(session):
    run(session, "import os, sys")
    kept(session)
    restored(session)
    request = run(session, "print('one'); print('two', file=sys.stderr)\n3\n"
                           "_ = os.write(1, b'four')")
    assert events_of(request) == [("OUTPUT", 1, "one\n"), ("OUTPUT", 2, "two\n"),
                                  ("RESULT", 0, "3"), ("OUTPUT", 1, "four"), ("DONE", 0, "")]


def test_a_clone_of_what_was_restored(session):
    run(session, "x = 1")
    kept(session)
    restored(session)
    with session.clone() as clone:
        assert run(clone, "x").values == ["1"]
        assert clone.checkpoints == []
        kept(clone)
        run(clone, "x = 2")
        restored(clone)
        assert run(clone, "x").values == ["1"]


def test_with_a_terminal():
    with Session(pty=(24, 80)) as session:
        run(session, "import os, termios\nx = 1")
        kept(session)
        session.resize(30, 100)
        run(session, "import tty; _ = tty.setraw(0); x = 2")
        session.execute("import os; os._exit(1)")
        ended(session)
        for _ in range(2):
            restored(session)
            request = run(session, "x, tuple(os.get_terminal_size()), os.isatty(0), "
                                   "os.tcgetpgrp(0) == os.getpgrp() == os.getsid(0)\nprint(5)")
            assert request.values == ["(1, (100, 30), True, True)"]
            assert request.output == "5\r\n"
            asked = session.execute("input('? ')")
            while "? " not in asked.output:
                assert session.next_event(SECONDS) is not None
            session.write("typed\r")
            assert asked.wait(SECONDS).values == ["'typed'"]


def test_nothing_is_left(session):
    gc.collect()
    kept(session, "first")
    restored(session)
    before = open_descriptors()
    pids = set()
    for turn in range(30):
        kept(session, "again")
        pids.add(session.pid)
        restored(session, "first" if turn % 3 else "again")
    session.forget("again")
    assert open_descriptors() == before
    pids.discard(session.pid)
    wait_until(lambda: all(map(gone, pids)))
    run(session, "1")
    session.free()


def test_no_checkpoint_outlives_its_session(session):
    children = Path(f"/proc/{session.pid}/task/{session.pid}/children")
    for _ in range(3):
        kept(session)
    pids = [int(pid) for pid in children.read_text().split()]
    assert len(pids) == 3
    session.free()
    wait_until(lambda: all(map(gone, pids)))


def test_under_asyncio():
    async def main():
        async with Session() as session:
            await session.execute("x = 1")
            assert (await session.checkpoint("one")).outcome == "ok"
            assert (await session.execute("import os; os._exit(1)")).outcome == "died"
            assert (await session.restore("one")).outcome == "ok"
            assert (await session.execute("x")).values == ["1"]

    asyncio.run(asyncio.wait_for(main(), SECONDS))


def test_of_a_process_with_a_long_name_among_its_mappings(session, tmp_path):
    """The end of its line of /proc/self/maps is no mapping of its own."""
    begin = f"{tmp_path}/"
    while len(begin) < 300:
        begin += "d" * 90 + "/"
    Path(begin).mkdir(parents=True)
    name = begin + "f" * (511 - 73 - len(begin)) + "0-1 rwxp"  # the 73 characters before it tell where
    Path(name).write_bytes(b"x")
    run(session, f"import mmap\nwith open({name!r}) as file:\n    "
                 "mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)")
    kept(session, "a")
    assert run(session, "mapped[0]").values == ["120"]


def private_size(pid):
    """Bytes of memory that a process has written to and shares with no other."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return 1024 * int(rollup.partition("Private_Dirty:")[2].split()[0])


@pytest.mark.skipif(SANITIZED, reason="the sanitizer writes to memory of its own")
def test_a_checkpoint_shares_most_of_its_memory(session):
    for number in range(3):
        run(session, "1")
        kept(session, f"state {number}")
    assert private_size(session.pid) < 2 << 20  # of 4 MiB of Python


def copies_pages():
    """Does the system tell which pages were written, and copy them ahead?"""
    try:
        mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE).madvise(23)  # MADV_POPULATE_WRITE
    except OSError:
        return False
    return os.access("/proc/self/pagemap", os.R_OK)


def pages_put_in(session):
    return int(stat_of(session.pid)[7])


@pytest.mark.skipif(SANITIZED, reason="the sanitizer's own memory is too large to be looked through")
@pytest.mark.skipif(not copies_pages(), reason="the system does not copy pages ahead")
def test_no_page_is_copied_while_a_block_runs(session):
    """What every block writes to is copied right behind the checkpoint."""
    copied = []
    for number in range(12):
        run(session, "1")
        kept(session, f"one of two: {number % 2}")
        wait_until(lambda: stat_of(session.pid)[0] == "S")
        before = pages_put_in(session)
        assert run(session, "1").values == ["1"]
        copied.append(pages_put_in(session) - before)
    assert statistics.median(copied) <= 3
