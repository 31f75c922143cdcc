"""Await at the prompt, and what runs while the prompt waits: tasks, windows."""

import pytest
from pyconsole.session import Session
from sessions import SECONDS, run, started


@pytest.fixture
def prompt():
    with Session(pty=(24, 80), prompts=True) as session:
        yield session.wait_ready(SECONDS)


def printed(session, text):
    """Wait until the session prints it, with nothing running."""
    seen = ""
    while text not in seen:
        event = session.next_event(SECONDS)
        assert event is not None, seen
        seen += event.text if event.kind == "OUTPUT" else ""


def test_await(prompt):
    request = run(prompt, "import asyncio\nawait asyncio.sleep(0, 'value')\n"
                          "x = await asyncio.sleep(0, 5)\nx\n"
                          "async def gen():\n    for i in range(3):\n        yield i\n"
                          "async for i in gen(): x += i\n[i async for i in gen()]\nx\n")
    assert (request.outcome, request.values) == ("ok", ["'value'", "5", "[0, 1, 2]", "8"])


def test_asyncio_is_imported_for_await_alone(prompt):
    assert run(prompt, "import sys; 'asyncio' in sys.modules").values == ["False"]
    run(prompt, "async def f(): return 6\nawait f()")
    assert run(prompt, "'asyncio' in sys.modules").values == ["True"]


def test_one_loop_for_all_statements(prompt):
    run(prompt, "import asyncio\nasync def loop(): return asyncio.get_running_loop()")
    assert run(prompt, "await loop() is await loop()").values == ["True"]
    assert run(prompt, "first = await loop()\nasyncio.run(loop()) is first").values == ["False"]
    assert run(prompt, "await loop() is first").values == ["True"]
    assert run(prompt, "%time await loop() is first").values == ["True"]


def test_errors_have_no_frames_of_the_loop(prompt):
    request = run(prompt, "async def f():\n    1 / 0\n\nawait f()")
    assert (request.outcome, request.error.name) == ("error", "ZeroDivisionError")
    assert request.error.text.count("File") == 2 and "asyncio" not in request.error.text
    assert run(prompt, "async def g(): raise SystemExit(3)\nawait g()").outcome == "exit"
    assert prompt.exit.status == 3


@pytest.mark.parametrize("source", [
    "print('BEGUN'); await asyncio.sleep(1000)", "await spin()",
    "await asyncio.gather(asyncio.sleep(1000), spin())"])
def test_interrupts(prompt, source):
    run(prompt, "import asyncio\nasync def spin():\n    print('begun', flush=True)\n"
                "    while True: pass\n")
    request = prompt.execute(source.replace("print('BEGUN')", "print('begun', flush=True)"))
    while "begun" not in request.output:
        assert prompt.next_event(SECONDS)
    request.interrupt()
    assert request.wait(SECONDS).outcome == "interrupted"
    assert request.error.name == "KeyboardInterrupt"
    assert run(prompt, "await asyncio.sleep(0, 1)").values == ["1"]


def test_interrupts_cancel(prompt):
    run(prompt, "import asyncio\nasync def f():\n    try:\n        print('begun', flush=True)\n"
                "        await asyncio.sleep(1000)\n    finally:\n        print('cleaned')\n")
    request = started(prompt, "import asyncio, sys; BEGUN\nawait f()")
    while request.output.count("begun") < 2:
        prompt.next_event(SECONDS)
    request.interrupt()
    assert request.wait(SECONDS).outcome == "interrupted"
    assert "cleaned" in request.output and "in f" in request.error.text
    assert run(prompt, "len(asyncio.all_tasks(asyncio.get_event_loop()))").values == ["0"]


def test_tasks_run_while_the_prompt_waits(prompt):
    run(prompt, "import asyncio\nasync def tick():\n    for i in range(3):\n"
                "        print('tick', i)\n        await asyncio.sleep(0.001)\n    print('done')\n"
                "async def start(): return asyncio.create_task(tick())\n")
    run(prompt, "task = await start()")
    printed(prompt, "done")
    assert run(prompt, "task.done()").values == ["True"]


def test_servers_answer_while_the_prompt_waits(prompt, tmp_path):
    import socket

    path = str(tmp_path / "s")
    run(prompt, "import asyncio\nasync def serve(reader, writer):\n"
                "    writer.write(await reader.readline())\n    writer.close()\n"
                f"server = await asyncio.start_unix_server(serve, {path!r})")
    for _ in range(2):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(SECONDS)
            client.connect(path)
            client.sendall(b"hello\n")
            assert client.makefile("rb").read() == b"hello\n"
        assert run(prompt, "1").values == ["1"]


def test_no_fork_takes_tasks(prompt):
    run(prompt, "import asyncio\nasync def start(): return asyncio.create_task(asyncio.sleep(1000))")
    run(prompt, "task = await start()")
    request = prompt.checkpoint("a").wait(SECONDS)
    assert [event.text for event in request.events if event.kind == "REFUSED"] == ["1 task runs"]
    run(prompt, "task.cancel()\nawait asyncio.sleep(0)\nx = 1")
    assert prompt.checkpoint("a").wait(SECONDS).outcome == "ok"
    run(prompt, "x = 2")
    prompt.restore("a").wait(SECONDS)
    assert run(prompt, "await asyncio.sleep(0, x)").values == ["1"]


@pytest.mark.parametrize("source", ["await f()", "async for x in y: pass\n", "x = [await y]",
                                    "async with f(): pass\n", "async for x in y:\n    z\n"])
def test_complete(prompt, source):
    assert prompt.is_complete(source).wait(SECONDS).outcome == "complete"


@pytest.mark.parametrize("source", ["await f(", "async for x in y:", "async for x in y:\n    z",
                                    "async with f() as z:"])
def test_incomplete(prompt, source):
    assert prompt.is_complete(source).wait(SECONDS).outcome == "incomplete"


def test_without_prompts_there_is_no_await(session):
    assert run(session, "await f()").error.name == "SyntaxError"
    assert session.is_complete("await f()").wait(SECONDS).outcome == "invalid"


HOOK = """
import ctypes, os, select
calls, last = [], 0
stat = os.fstat(0)
@ctypes.PYFUNCTYPE(ctypes.c_int)
def hook():
    calls.append(os.fstat(0).st_ino == stat.st_ino)
    print("called", len(calls), flush=True)
    if len(calls) == last:
        pointer.value = None
        print("the last", flush=True)
    return waits and len(select.select([0], [], [])[0])
pointer = ctypes.c_void_p.in_dll(ctypes.pythonapi, "PyOS_InputHook")
"""


def test_windows_live_while_the_prompt_waits(prompt):
    run(prompt, HOOK)
    run(prompt, "waits = True; pointer.value = ctypes.cast(hook, ctypes.c_void_p).value")
    printed(prompt, "called 1")
    request = run(prompt, "len(calls), calls[0], os.fstat(0).st_ino == stat.st_ino, os.isatty(0)")
    assert request.values == ["(1, False, True, True)"]  # the request made it come back
    run(prompt, "waits = False")
    printed(prompt, "called 4")  # it comes back by itself, and is called again
    run(prompt, "last = len(calls) + 3")
    printed(prompt, "the last")
    assert run(prompt, "len(calls) == last").values == ["True"]
