"""Sessions in processes of their own: order, input, interrupts, limits, clones, and deaths."""

import asyncio
import contextlib
import gc
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pyconsole
import pytest
from pyconsole.session import Session
from sessions import (
    SANITIZED, SECONDS, ended, events_of, gone, open_descriptors, run, started, stat_of, wait_until)

# ------------------------------------------------------------------ running


def test_ready_tells_the_python(session):
    assert session.ready.text == sys.version.split()[0]
    assert os.path.samefile(session.ready.name, sys.executable)
    assert session.pid != os.getpid()



@pytest.mark.parametrize("source, values, name", [
    ("if 1: 5", ["5"], ""), ("if 1: 5\n", ["5"], ""), ("if 1:\n  5\n  6", ["5", "6"], ""),
    ("(\n7,\n)", ["(7,)"], ""), ("(\n7,\n)\n8", ["(7,)", "8"], ""), ("1;2", ["1", "2"], ""),
    ("# c\n  ", [], ""), ("if 1:\n  5\n  ", ["5"], ""), ("if 1:\n  5\n\t", ["5"], ""), ("\n  \n", [], ""),
    ("x = 1\n  y = 2", [], "unexpected indent"), ("x = 1\n)", [], "unmatched ')'"),
    ("if 1:\n\t5\n        6", [], "inconsistent use of tabs and spaces in indentation"),
    ("if 1:\n  return", [], "'return' outside function"), ("if 1: 5\n  6", [], "unexpected indent"),
])
def test_execute__one_statement_or_what_looks_like_one(session, source, values, name):
    request = session.execute(source).wait()
    assert request.values == values
    assert (request.error.detail if request.error else "").rpartition(" (")[0] == name


def test_execute_shows_the_value_of_each_expression(session):
    request = run(session, "x = 6\nx * 7\n'a'\nNone\nfor i in range(2): i\n")
    assert request.outcome == "ok"
    assert request.values == ["42", "'a'", "0", "1"]
    assert run(session, "_").values == ["1"]
    assert run(session, "1; 2").values == ["1", "2"]


def test_a_call_that_fails_says_why(session):
    for call, words in (
        (lambda: session.resize(24, 80), "the session has no terminal"),
        (lambda: session.restore("one"), "there is no such checkpoint"),
        (lambda: session.checkpoint("x" * 64), "a checkpoint's name has from 1 to 63 bytes"),
    ):
        with pytest.raises(ValueError, match=f"^{words}$"):
            call()
    session.kill()
    ended(session)
    with pytest.raises(BrokenPipeError, match="^the session has ended$"):
        session.execute("1")


def test_execute_stops_at_the_statement_that_raises(session):
    request = run(session, "a = 1\nb = 1 / 0\na = 2\n")
    assert request.outcome == "error"
    assert (request.error.name, request.error.detail) == ("ZeroDivisionError", "division by zero")
    assert "    b = 1 / 0\n" in request.error.text
    assert request.error.text.startswith("Traceback (most recent call last):\n  File \"<input-1>\"")
    assert run(session, "a").values == ["1"]


@pytest.mark.parametrize("source", ["a b", "x = (", "if x:\n  y\n z", "x = '\0'", "1 +\n", "é = )"])
def test_execute_of_what_is_no_python(session, source):
    request = run(session, source)
    assert request.outcome == "error"
    assert request.error.name in ("SyntaxError", "IndentationError", "ValueError")
    assert run(session, "1").values == ["1"]


@pytest.mark.parametrize("source", [
    "x = 'éé' 3 4", "1; x = 'éé' 3 4", "if 1:\n  x = 'éé' 3 4", "2\nx = 'éé' 3 4"])
def test_execute__the_place_of_an_error_is_counted_in_characters(session, source):
    line = source.splitlines()[-1]
    shown = run(session, source).error.text.splitlines()
    assert shown[1:3] == ["    " + line.strip(), "    " + " " * line.strip().index("3") + "^"]


@pytest.mark.parametrize("end", ["", "; 1", "\nif 1:\n  1"])
@pytest.mark.parametrize("cookie", ["# coding: latin-1", "# coding: nonsense"])
def test_execute__a_comment_about_the_encoding_is_a_comment(session, cookie, end):
    assert run(session, f"{cookie}\nascii('é')" + end).values[0] == repr(ascii("é"))


@pytest.mark.parametrize("end", ["", "\n", "  # c", "\n  # c", "\n# c", "\n  # c\n", "\n  # c\n  ", "\n  \n\t", "\n  ", " "])
@pytest.mark.parametrize("source", ["for i in 1, 2:\n  i", "if 1: 1; 2", "1; 2", "if 1:\n  1\n2"])
def test_execute__whatever_stands_at_the_end(session, source, end):
    request = run(session, source + end)
    assert (request.outcome, request.values) == ("ok", ["1", "2"])


@pytest.mark.parametrize("source", ["", "\n", "# nothing", "   \n# c\n"])
def test_execute_of_nothing(session, source):
    assert [event.kind for event in run(session, source).events] == ["DONE"]


def test_future_statements_are_remembered(session):
    run(session, "from __future__ import annotations")
    assert run(session, "def f(x: undefined): pass\nf.__annotations__").values == [
        "{'x': 'undefined'}"]


def test_push_goes_on_until_the_statement_is_complete(session):
    outcomes = [session.push(line).wait(SECONDS) for line in ("def f():", "  return 5", "", "f()")]
    assert [request.outcome for request in outcomes] == ["more", "more", "ok", "ok"]
    assert outcomes[3].values == ["5"]
    assert session.push("a b").wait(SECONDS).outcome == "error"


def test_is_complete(session):
    request = session.is_complete("if x:\n  y = [1,").wait(SECONDS)
    assert request.outcome == "incomplete"
    assert (request.done.missing, request.done.bracket, request.done.indent) == (
        "bracket", "[", "       ")
    assert session.is_complete("x").wait(SECONDS).outcome == "complete"
    assert session.is_complete("x y").wait(SECONDS).outcome == "invalid"


def test_namespace_is_that_of_main(session):
    assert run(session, "__name__, __import__('sys').argv").values == ["('__main__', [''])"]
    names = run(session, "sorted(n for n in globals() if not n.startswith('__'))")
    assert names.values == ["[]"]


def test_a_big_source_and_a_big_value(session):
    text = "é" * 3_000_000
    assert run(session, f"x = '{text}'").outcome == "ok"
    assert run(session, "x").values == [repr(text)]


def test_requests_may_be_made_before_the_session_is_ready():
    with Session() as session:
        requests = [session.execute(f"print({n})") for n in range(50)]
        assert [request.wait(SECONDS).output for request in requests] == [
            f"{n}\n" for n in range(50)]


def test_text_that_is_no_utf8(session):
    assert run(session, "'\\ud800'").values == [r"'\ud800'"]
    assert run(session, "print('\\ud800')").output == "\\ud800\n"
    assert run(session, "raise ValueError('\\ud800')").error.detail == "\\ud800"
    request = run(session, r"import os; _ = os.write(1, b'\xff\xc3')")
    assert request.output == r"\xff\xc3"


# ------------------------------------------------------------------ order


def test_streams_and_events_are_in_order(session):
    request = run(session, """
import os, subprocess, sys
print("one")
print("two", file=sys.stderr)
print("three")
_ = os.write(1, b"four\\n")
print("five")
_ = subprocess.run(["echo", "six"])
"seven"
print("eight", end="")
_ = sys.stderr.write("nine")
""")
    assert events_of(request) == [
        ("OUTPUT", 1, "one\n"), ("OUTPUT", 2, "two\n"),
        ("OUTPUT", 1, "three\nfour\nfive\nsix\n"), ("RESULT", 0, "'seven'"),
        ("OUTPUT", 1, "eight"), ("OUTPUT", 2, "nine"), ("DONE", 0, ""),
    ]


def test_many_changes_of_stream_stay_in_order(session):
    request = run(session, "import sys\nfor i in range(2000):\n"
                           "    print(i, file=(sys.stdout, sys.stderr)[i % 3 == 0])\n")
    assert request.output == "".join(f"{i}\n" for i in range(2000))
    sequence = [event.sequence for event in request.events]
    assert sequence == list(range(sequence[0], sequence[0] + len(sequence)))


def test_much_output_comes_whole(session):
    request = run(session, "for i in range(30000): print(i, 'é' * (i % 50))")
    assert request.output == "".join(f"{i} {'é' * (i % 50)}\n" for i in range(30000))


def test_a_mark_that_code_prints_is_output(session):
    text = "\033]pyconsole;" + "0" * 32 + ";" + "0" * 19 + "9\033\\"
    assert run(session, f"print({text!r}, end='')").output == text


def test_output_goes_where_code_leads_it(session, tmp_path):
    path = tmp_path / "file"
    run(session, f"import os\nfd = os.open({str(path)!r}, os.O_CREAT | os.O_WRONLY)\n"
                 "saved = os.dup(1)\n_ = os.dup2(fd, 1)\nprint('inside')\n_ = os.dup2(saved, 1)\n")
    assert path.read_text() == "inside\n"
    assert run(session, "print('outside')").output == "outside\n"


def test_threads_print_between_requests(session):
    run(session, "import threading\nevent = threading.Event()\n"
                 "def late():\n    event.wait()\n    print('late')\n"
                 "threading.Thread(target=late).start()")
    seen = []
    session.on_event = lambda _session, event: seen.append((event.kind, event.text))
    run(session, "event.set()")
    wait_until(lambda: ("OUTPUT", "late\n") in seen or session.next_event(0.1) and False)


# ------------------------------------------------------------------ input


def test_input_is_asked_for_and_answered():
    answers = iter(["Ada", "36", None])
    with Session(on_input=lambda _session, _event: next(answers)) as session:
        request = run(session, "input('name? '), int(input('age? '))")
        assert request.values == ["('Ada', 36)"]
        assert request.output == "name? age? "
        assert run(session, "input()").error.name == "EOFError"


def test_other_ways_to_read():
    lines = iter(["one", "two", "three", None, "q"])
    with Session(on_input=lambda _session, _event: next(lines)) as session:
        assert run(session, "import sys; sys.stdin.readline()").values == [r"'one\n'"]
        assert run(session, "list(sys.stdin)").values == [r"['two\n', 'three\n']"]
        request = run(session, "import pdb\npdb.run('x = 1')\n")
        assert request.output.startswith("> <string>(1)<module>()") and "(Pdb) " in request.output
        assert run(session, "sys.stdin.fileno()").error.name == "UnsupportedOperation"


def test_nobody_to_answer_is_an_error_at_once(session):
    request = run(session, "input('name? ')")
    assert (request.outcome, request.error.name) == ("error", "EOFError")
    assert request.output == "name? "


def test_input_can_be_interrupted():
    with Session(on_input=lambda session, _event: session.interrupt()) as session:
        session._handle.wait(0)
        request = run(session, "try:\n    input()\nexcept EOFError:\n    pass\n"
                               "import time; time.sleep(50)")
        assert request.outcome == "interrupted"


# ------------------------------------------------------------------ interrupts

def answers(session):
    found = []
    session.on_event = lambda _session, event: found.append(event.name) \
        if event.kind == "INTERRUPT" else None
    return found


def test_interrupt_means_a_request(session):
    found = answers(session)
    session.interrupt()
    wait_until(lambda: session.next_event(1) and found)
    assert found == ["idle"]
    request = started(session, "BEGUN; import time; time.sleep(0.3)")
    session._handle.interrupt(request.number + 1)
    assert request.wait(SECONDS).outcome == "ok"
    assert found == ["idle", "mismatch"]


def test_a_request_that_has_not_begun_is_interrupted(session):
    """It ends in its turn, and nothing of it is run."""
    found = answers(session)
    first = started(session, "BEGUN; import time\nwhile True: time.sleep(1)")
    second, third = session.execute("x = 1"), session.execute("'x' in globals()")
    second.interrupt()
    wait_until(lambda: session.next_event(1) and found)
    assert (found, first.outcome) == (["interrupting"], None)
    first.interrupt()
    assert third.wait(SECONDS).values == ["False"]
    assert (first.outcome, second.outcome) == ("interrupted", "interrupted")
    assert [event.kind for event in second.events] == ["INTERRUPT", "DONE"]


def test_a_line_that_was_not_pushed_takes_its_block_along(session):
    """As C-c does at a prompt; and what asks ends as interrupted, too."""
    first = started(session, "BEGUN; import time\nwhile True: time.sleep(1)")
    pushed = [session.push("if True:"), session.push("    x = 1"), session.push("    y = 1")]
    asked = [session.is_complete("x = 1"), session.complete("x.", 2)]
    for request in (pushed[1], *asked):
        request.interrupt()
    first.interrupt()
    assert asked[1].wait(SECONDS).outcome == "interrupted"
    assert [request.outcome for request in (*pushed, asked[0])] == [
        "more", "interrupted", "error", "interrupted"]
    assert pushed[2].error.name == "IndentationError"
    assert run(session, "6 * 7").values == ["42"]


def test_stop_interrupts_and_then_kills(session):
    request = started(session, "import time\nBEGUN\nwhile True:\n    time.sleep(1)\n")
    session.stop(30)
    assert request.wait(SECONDS).outcome == "interrupted"
    assert request.done.status == 1
    request = started(session, "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
                               "BEGUN\nwhile True: pass\n")
    session.stop(0.15)
    assert request.wait(SECONDS).outcome == "died"
    assert (session.died.status, session.died.name) == (-signal.SIGKILL, "stopped")


def test_stop_takes_two_interrupts(session):
    request = started(session, "try:\n    BEGUN\n    while True: pass\n"
                               "except KeyboardInterrupt:\n    while True: pass\n")
    session.stop(3)
    assert request.wait(SECONDS).outcome == "interrupted"
    assert request.done.status == 2


# ------------------------------------------------------------------ limits


def test_output_over_the_limit_is_counted_and_dropped():
    with Session(output=1000) as session:
        request = run(session, "for i in range(1000): print('x' * 99)")
        assert request.output == ("x" * 99 + "\n") * 10
        assert [event.status for event in request.events if event.kind == "DROPPED"] == [99_000]
        assert run(session, "print('again')").output == "again\n"


def test_wall_time():
    with Session(seconds=0.2) as session:
        session.wait_ready(SECONDS)
        assert run(session, "while True: pass").outcome == "interrupted"
        assert run(session, "1").values == ["1"]


@pytest.mark.skipif(SANITIZED, reason="the sanitizer takes terabytes of address space")
def test_memory():
    with Session(memory=1 << 30) as session:
        assert run(session, "x = bytearray(1 << 31)").error.name == "MemoryError"
        assert run(session, "1").values == ["1"]


def test_queue():
    with Session(queue=3) as session:
        requests = [session.execute("import time; time.sleep(0.05)") for _ in range(3)]
        with pytest.raises(ValueError):
            session.execute("1")
        requests[0].wait(SECONDS)
        assert session.execute("2").wait(SECONDS).values == ["2"]


def test_a_host_that_does_not_listen_lets_the_session_wait(session):
    request = session.execute("import sys\nfor i in range(20): print('x' * 65536)\n")
    pid = session.pid
    time.sleep(0.3)
    assert stat_of(pid)[0] == "S"
    assert request.wait(SECONDS).output == ("x" * 65536 + "\n") * 20


# ------------------------------------------------------------------ clones


def test_clone_has_what_the_session_has(session):
    run(session, "import random\nx = [1]\nrandom.seed(5)")
    with session.clone() as clone:
        clone.wait_ready(SECONDS)
        assert run(clone, "x.append(2); x").values == ["[1, 2]"]
        assert run(session, "x").values == ["[1]"]
        assert clone.pid not in (session.pid, os.getpid())
        assert run(clone, "random.random()").values != run(session, "random.random()").values
        assert run(clone, "import os; os.getsid(0) == os.getpid()").values == ["True"]


def test_clone_of_a_clone_outlives_both(untold):
    session = untold
    with session.clone() as child, child.clone() as grandchild:
        grandchild.wait_ready(SECONDS)
        child.close(SECONDS)
        session.close(SECONDS)
        assert (session.died.status, child.died.status) == (0, 0)
        assert run(grandchild, "40 + 2").values == ["42"]


def test_how_a_clone_ended_is_known(untold):
    session = untold
    for source, status in (("exit(3)", 3), ("import os; os.kill(os.getpid(), 9)", -9)):
        with session.clone() as clone:
            run(clone, source)
            wait_until(lambda clone=clone: clone.died or not clone.next_event(1))
            assert clone.died.status == status


def test_no_clone_while_threads_run(session):
    run(session, "import threading\nevent = threading.Event()\n"
                 "t = threading.Thread(target=event.wait); t.start()")
    with session.clone() as clone:
        clone.wait_ready(SECONDS)
        assert clone.refused.text == "1 other thread runs"
        assert clone.died and not clone.ready
    run(session, "event.set(); t.join()")
    with session.clone() as clone:
        assert run(clone, "1").values == ["1"]


def test_fork_hooks_run(session):
    run(session, "import os\nseen = []\n"
                 "os.register_at_fork(before=lambda: print('before'),"
                 " after_in_child=lambda: seen.append('child'))")
    with session.clone() as clone:
        assert run(clone, "seen").values == ["['child']"]


# From 3.12 on CPython warns of it, for the thread of our own.
QUIET_FORK = "import warnings\nwarnings.filterwarnings('ignore', '.*multi-threaded')"


def test_code_that_forks(session):
    run(session, QUIET_FORK)
    request = run(session, "import os\npid = os.fork()\nif pid == 0: print('child', flush=True)\n"
                           "else: _ = os.waitpid(pid, 0)\n")
    assert request.outcome == "ok"
    assert request.output == "child\n"
    assert run(session, "1").values == ["1"]


# ------------------------------------------------------------------ ends


@pytest.mark.parametrize("source, status, text", [
    ("exit()", 0, ""), ("exit(3)", 3, ""), ("raise SystemExit('no')", 1, "no"),
    ("import sys; sys.exit(None)", 0, ""),
])
def test_exit_ends_the_session(session, source, status, text):
    request = session.execute("print('last'); " + source)
    assert ended(session) == status
    assert (request.outcome, request.output) == ("exit", "last\n")
    assert (session.exit.status, session.exit.text) == (status, text)


@pytest.mark.parametrize("end", [lambda session: session.execute("exit()"), lambda session: session.close(SECONDS)],
                         ids=["exit", "close"])
@pytest.mark.parametrize("last", ["", "1 / 0", "def f(): return file"])
def test_end__what_was_defined_goes_and_files_are_written(session, tmp_path, last, end):
    path = tmp_path / "written"
    run(session, f"file = open({str(path)!r}, 'w'); file.write('whole')")
    run(session, last)
    end(session)
    assert ended(session) == 0
    assert path.read_text() == "whole"


DEATHS = {
    "kill": ("os.kill(os.getpid(), 9)", -9),
    "segfault": ("import ctypes; ctypes.string_at(0)", -11),
    "_exit": ("os._exit(3)", 3),
    "abort": ("os.abort()", -6),
}


@pytest.mark.parametrize("name", DEATHS)
def test_death_loses_nothing_that_was_printed(untold, name):
    session = untold
    source, status = DEATHS[name]
    request = session.execute(
        "import os, sys\nfor i in range(300): print(i)\nprint('error', file=sys.stderr)\n"
        "_ = os.write(1, b'raw')\nsys.stdout.flush()\n" + source)
    assert ended(session) == status
    assert request.outcome == "died"
    assert events_of(request)[:3] == [
        ("OUTPUT", 1, "".join(f"{i}\n" for i in range(300))), ("OUTPUT", 2, "error\n"),
        ("OUTPUT", 1, "raw")]
    with pytest.raises(BrokenPipeError):
        session.execute("1")


def test_kill_at_any_moment(session):
    """Cloned, set to print, killed after a while: what comes is a beginning of it."""
    for turn in range(60):
        with session.clone() as clone:
            clone.wait_ready(SECONDS)
            request = clone.execute("import os\nfor i in range(10**6): print(i)")
            time.sleep(turn % 10 / 1000)
            clone.kill()
            assert ended(clone) == -9
            lines = request.output.split("\n")
            assert lines[:-1] == [str(i) for i in range(len(lines) - 1)]
            assert str(len(lines) - 1).startswith(lines[-1])


def test_children_of_a_session_that_is_freed_go_too(session):
    pid = int(run(session, "import subprocess\nsubprocess.Popen(['sleep', '1000']).pid").values[0])
    session.free()
    wait_until(lambda: gone(pid))


def test_an_interpreter_that_is_not_there():
    with pytest.raises(OSError, match="/no/such/python: No such file"):
        Session("/no/such/python")


def test_an_interpreter_without_an_engine(tmp_path):
    package = tmp_path / "pyconsole"
    package.mkdir()
    for name in ("__init__.py", "_worker.py"):
        source = Path(pyconsole.__file__).with_name(name)
        (package / name).write_bytes(source.read_bytes())
    with Session(package=tmp_path) as session:
        seen = []
        session.on_event = lambda _session, event: seen.append(event.text)
        assert ended(session) == 1
        assert "pyconsole has no engine for" in "".join(seen)


def test_worker_that_says_nonsense(tmp_path):
    """The interpreter is a program that writes no protocol: an error, and it is killed."""
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho nonsense >&3\nexec sleep 1000\n")
    fake.chmod(0o755)
    with Session(fake) as session:
        pid = session.pid
        with pytest.raises(OSError, match="makes no sense"):
            session.wait_ready(SECONDS)
    wait_until(lambda: gone(pid))


def test_nothing_is_left_of_sessions_that_were_opened_and_closed():
    with Session() as zygote:
        zygote.wait_ready(SECONDS)
        gc.collect()
        before = open_descriptors()
        inside = "len(__import__('os').listdir('/proc/self/fd'))"
        theirs = run(zygote, inside).values
        pids = []
        for turn in range(200):
            with zygote.clone() as clone:
                if turn % 3:
                    assert run(clone, "1").values == ["1"]
                    pids.append(clone.pid)
        assert open_descriptors() == before
        wait_until(lambda: all(map(gone, pids)))
        wait_until(lambda: run(zygote, inside).values == theirs)
        children = Path(f"/proc/{zygote.pid}/task/{zygote.pid}/children")
        wait_until(lambda: not children.read_text().strip())


def test_many_sessions_at_once_do_not_mix():
    with contextlib.ExitStack() as stack:
        zygote = stack.enter_context(Session())
        sessions = [stack.enter_context(zygote.clone()) for _ in range(100)]
        requests = [session.execute(f"for i in range(200): print({n}, i)\n{n}")
                    for n, session in enumerate(sessions)]
        for n, request in enumerate(requests):
            assert request.wait(SECONDS).output == "".join(f"{n} {i}\n" for i in range(200))
            assert request.values == [str(n)]


# ------------------------------------------------------------------ asyncio, threads


def test_requests_can_be_awaited():
    async def main():
        async with Session(on_input=lambda _session, _event: "line") as session:
            assert (await session.execute("input()")).values == ["'line'"]
            requests = [session.execute(f"{n} * 2") for n in range(20)]
            done = await asyncio.gather(*(request._wait() for request in requests))
            assert [request.values for request in done] == [[str(n * 2)] for n in range(20)]
            request = session.execute("import os; os._exit(7)")
            assert (await request).outcome == "died"
            assert session.died.status == 7

    asyncio.run(asyncio.wait_for(main(), SECONDS))


def test_a_loop_goes_on_while_a_session_runs():
    async def main():
        ticks = 0
        async with Session() as session:
            waiting = asyncio.ensure_future(session.execute("import time; time.sleep(0.3)")._wait())
            while not waiting.done():
                await asyncio.sleep(0.01)
                ticks += 1
        return ticks

    assert asyncio.run(main()) > 5


def test_interrupt_from_another_thread(session):
    request = session.execute("while True: pass")
    timer = threading.Timer(0.1, session.interrupt)
    timer.start()
    end = time.monotonic() + SECONDS
    while request.wait(SECONDS).outcome is None:
        assert time.monotonic() < end
    assert request.outcome in ("interrupted",)
    timer.join()


def test_wait_has_a_timeout(session):
    request = session.execute("import time; time.sleep(1)")
    with pytest.raises(TimeoutError):
        request.wait(0.05)
    assert request.wait(SECONDS).outcome == "ok"


def test_a_session_that_was_freed(session):
    session.free()
    with pytest.raises(ValueError):
        session.execute("1")
    session.free()
