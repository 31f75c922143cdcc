"""Sessions: Pythons that run code in processes of their own.

    with Session() as session:
        request = session.execute("print('hello'); 6 * 7")
        request.wait()
        request.output, request.values      # 'hello\\n', ['42']

A request can be waited for, or awaited under asyncio. The library below is libpyconsole;
<pyconsole/session.h> describes the events.
"""

import asyncio
import contextlib
import os
import sys
import threading
import time
from pathlib import Path

from pyconsole._session import Event, Handle
from pyconsole.assist import completions_of, inspection_of, offset_of

__all__ = ["Event", "Request", "Session", "SharedSession"]

_PACKAGE = str(Path(__file__).resolve().parent.parent)


_U32, _U64 = 2**32 - 1, 2**64 - 1


def _limit(most=_U64, /, **limit):
    """An argument that counts something, by its name."""
    (name, number), = limit.items()
    if not 0 <= number <= most:
        raise ValueError(f"{name} must not be {'negative' if number < 0 else 'that large'}")
    return number


def _milliseconds(**limit):
    (name, seconds), = limit.items()
    return round(_limit(_U32 // 1000, **{name: seconds}) * 1000)


def _texts(**texts):
    """An argument that has several texts, by its name."""
    (name, given), = texts.items()
    if isinstance(given, (str, bytes)):
        raise TypeError(f"{name} must be texts, not one")
    encoded = tuple(map(os.fsencode, given))
    if any(b"\0" in text for text in encoded):
        raise ValueError(f"{name} must not have zero bytes")
    return encoded


class Request:
    """Something a session was asked, and what came of it so far.

    `outcome` is None until it is done; then "ok", "error", "interrupted", "more" (a pushed
    line), "complete", "incomplete", "invalid", "refused", "exit", "died" or "restored" (the
    session went back to a checkpoint).
    """

    def __init__(self, session, number):
        self.session = session
        self.number = number
        self.events = []
        self.outcome = None
        self.done = None  # the DONE event, or the one that took its place
        self._waiters = []
        self._text = ""  # that complete() was asked about

    def __repr__(self):
        return f"<Request {self.number}: {self.outcome or 'not done'}>"

    def _texts(self, kind, *streams):
        return [event.text for event in self.events
                if event.kind == kind and (not streams or event.stream in streams)]

    @property
    def output(self):
        """What was printed, standard output and error in order."""
        return "".join(self._texts("OUTPUT"))

    @property
    def stdout(self):
        return "".join(self._texts("OUTPUT", 1))

    @property
    def stderr(self):
        return "".join(self._texts("OUTPUT", 2))

    @property
    def values(self):
        """repr() of each value that a prompt would show."""
        return self._texts("RESULT")

    @property
    def error(self):
        """The last ERROR event, or None."""
        return next((event for event in reversed(self.events) if event.kind == "ERROR"), None)

    @property
    def completions(self):
        """The Completions that complete() found, or None."""
        return next((completions_of(self._text, event.found) for event in self.events
                     if event.kind == "COMPLETIONS"), None)

    @property
    def inspection(self):
        """The Inspection that inspect() gave, or None."""
        return next((inspection_of(self._text, event.found) for event in self.events
                     if event.kind == "INSPECTION"), None)

    def wait(self, timeout=None):
        """Wait for the end; the request itself. TimeoutError after `timeout` seconds."""
        self.session._run_until(lambda: self.outcome is not None, timeout)
        return self

    def __await__(self):
        return self._wait().__await__()

    async def _wait(self):
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        with self.session._turn:
            if self.outcome is not None:
                return self
            self._waiters.append(waiter)
        self.session._attach(loop)
        await waiter
        return self

    def interrupt(self):
        """Raise KeyboardInterrupt in it; if it has not begun, nothing of it is run."""
        self.session._handle.interrupt(self.number)

    def _end(self, outcome, event):
        with self.session._turn:
            if self.outcome is not None:
                return
            self.outcome, self.done = outcome, event
            waiters, self._waiters = self._waiters, []
            self.session._turn.notify_all()
        for waiter in waiters:
            _call_soon(waiter.get_loop(), lambda waiter=waiter: waiter.done() or waiter.set_result(None))


def _call_soon(loop, *call):
    """In its thread; not in one that is over."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(*call)


def _runs_elsewhere(loop):
    try:
        return loop.is_running() and asyncio.get_running_loop() is not loop
    except RuntimeError:
        return True


class Session:
    """A Python of its own.

    `python` is the interpreter (this one's by default), `folder` where it starts. Limits:
    `output` bytes for one request, `memory` bytes in all, `seconds` for one request,
    `queue` requests that wait. `arguments` are options for the interpreter, `environment` maps
    names to what differs from this environment, None for what is not to be set. With `pty`,
    (rows, columns), its descriptors 0, 1 and 2 are a terminal of its own. At most `checkpoints`
    are kept, 16 by default. `preload` names modules that a session that is to be cloned imports
    first. With `prompts`, somebody types at a prompt for the session's terminal: what is
    executed may be a command (pyconsole.commands), if it is not to be `pure_python`.
    `on_input(session, event)` gives the line that code asks for,
    without its newline, or None for the end of the input; without it, or if it raises, input()
    raises EOFError at once. `on_event(session, event)` sees each event as it comes. Any thread may
    call what there is; whoever waits, or the event loop of who awaits, calls these two, and they
    must not wait for another thread that waits for this session.
    """

    def __init__(self, python=None, *, folder=None, package=None, on_input=None, on_event=None,
                 output=0, memory=0, seconds=0, queue=0, arguments=(), environment=None,
                 pty=None, checkpoints=0, preload=None, prompts=False, pure_python=False):
        self.on_input = on_input
        self.on_event = on_event
        more = {} if preload is None else {"preload": _texts(preload=preload)}
        rows, columns = pty or (0, 0)
        self._own(Handle(
            python=os.fspath(python or sys.executable), package=os.fspath(package or _PACKAGE),
            folder=None if folder is None else os.fspath(folder), no_input=on_input is None,
            output_most=_limit(output=output), memory_most=_limit(memory=memory),
            wall_most=_milliseconds(seconds=seconds), queue_most=_limit(_U32, queue=queue),
            arguments=_texts(arguments=arguments),
            environment=tuple(os.fsencode(name if value is None else f"{name}={value}")
                              for name, value in (environment or {}).items()),
            pty=pty is not None, rows=rows, columns=columns,
            checkpoints_most=_limit(_U32, checkpoints=checkpoints), prompts=prompts,
            pure_python=pure_python, **more))

    def _own(self, handle):
        self._handle = handle
        self._turn = threading.Condition()  # of what threads share: requests, and who reads
        self._reader = None  # the thread that asks for events; others wait for what it takes
        self._requests = {}
        self._freed = False
        self.checkpoints = []  # the names of those that are kept, the oldest first
        self._loops = {}  # that await requests, and whether they watch the descriptor
        self.ready = self.refused = self.exit = self.died = None  # events, when they have come

    def __repr__(self):
        state = "died" if self.died else "ready" if self.ready else "starting"
        try:
            return f"<{type(self).__name__} {self._handle.pid()}: {state}>"
        except ValueError:
            return f"<{type(self).__name__}: closed>"

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.free()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_exception):
        self.free()

    @property
    def pid(self):
        return self._handle.pid()

    def fileno(self):
        """A descriptor that is readable when there may be an event."""
        return self._handle.fileno()

    # ---- requests

    def _request(self, ask, *arguments):
        with self._turn:  # another thread may be told of it before this one goes on
            if self._freed:
                raise ValueError("the session is closed")
            number = ask(*arguments)
            request = self._requests[number] = Request(self, number)
        return request

    def execute(self, source):
        """Run a source of any number of statements; a Request."""
        return self._request(self._handle.execute, source)

    def push(self, line):
        """Push a line, as at a prompt; a Request with the outcome "more" if it goes on."""
        return self._request(self._handle.push, line)

    def is_complete(self, source):
        """A Request with the outcome "complete", "incomplete" or "invalid"; `done` says more."""
        return self._request(self._handle.is_complete, source)

    def complete(self, text, cursor=None, *, deadline=0.0, unsafe=False):
        """Ask what fits at an index of the text (its end by default).

        A Request with `completions`: what was found in at most `deadline` seconds, if that
        is not 0. None of the user's code runs, unless it is `unsafe`: see
        pyconsole.complete().
        """
        return self._request_at(self._handle.complete, text, cursor, deadline, 0, unsafe)

    def inspect(self, text, cursor=None, *, detail=1, deadline=0.0, unsafe=False):
        """Ask what is known of an object at an index of the text (its end by default).

        A Request with `inspection`: of the name there, or with none of the call around it;
        the other way round with the detail 0, and with source with the detail 2. What is
        looked at after `deadline` seconds is left out, if that is not 0. None of the user's
        code runs, unless it is `unsafe`: see pyconsole.complete().
        """
        return self._request_at(self._handle.inspect, text, cursor, deadline, detail, unsafe)

    def _request_at(self, ask, text, cursor, deadline, detail, unsafe):
        request = self._request(
            ask, text, offset_of(text, cursor), _milliseconds(deadline=deadline), detail, unsafe)
        request._text = text
        return request

    def interrupt(self):
        """Raise KeyboardInterrupt in what runs, or in the first request that waits."""
        self._handle.interrupt()

    def write(self, keys):
        """Type on the session's terminal."""
        self._handle.write(keys.encode() if isinstance(keys, str) else keys)

    def resize(self, rows, columns):
        """The session's terminal has another size."""
        self._handle.resize(rows, columns)

    @property
    def suspend_key(self):
        """The byte that stops what runs, if it is typed now; None: there is none."""
        key = self._handle.suspend_key()
        return bytes([key]) if key >= 0 else None

    def suspend(self):
        """Stop the process and its process group until resume() is called."""
        self._handle.suspend()

    def resume(self):
        """Continue them; what is in the foreground of the terminal draws itself again."""
        self._handle.resume()

    def stop(self, grace=1.0):
        """Interrupt what runs, again, and kill the session when `grace` seconds are over."""
        self._handle.stop(_milliseconds(grace=grace))

    def clone(self):
        """A second session with everything that this one holds. `refused` says why not."""
        clone = object.__new__(type(self))
        clone.on_input, clone.on_event = self.on_input, self.on_event
        clone._own(self._handle.clone())
        return clone

    def checkpoint(self, name=None):
        """Keep the session as it is when what was asked before is done; a Request.

        Its CHECKPOINT event has the name. The outcome "refused" comes with a REFUSED event that
        says why.
        """
        return self._request(self._handle.checkpoint, name)

    def restore(self, name=None):
        """Go back to a checkpoint, the last one by default; a Request.

        Works when the session has died, too. Requests from before end as "restored".
        """
        with self._turn:
            request = self._request(self._handle.restore, name)
            self.exit = self.died = None
        return request

    def forget(self, name):
        """Give a checkpoint up."""
        self._handle.forget(name)
        self.checkpoints.remove(name)

    def close(self, timeout=None):
        """Ask the session to end, and wait for it."""
        if self.died is None:
            self._handle.close()
            self._run_until(lambda: self.died is not None, timeout)

    def kill(self):
        """Kill the session now."""
        self._handle.kill()

    def free(self):
        """Kill the session if it lives, and forget it. What it was asked ends as "died"."""
        with self._turn:
            self._freed = True
            requests = self._take_requests()
        self._end_requests(requests, "died", self.died)
        self._handle.free()

    # ---- events

    def wait_ready(self, timeout=None):
        """Wait until the session runs, or has died."""
        self._run_until(lambda: self.ready or self.died, timeout)
        return self

    def next_event(self, timeout=None):
        """The next event; None after `timeout` seconds, or when the session has died.

        Where several threads ask, or wait for requests, each event is given to one of them.
        """
        for seconds in self._slices(timeout):
            event = self._next(seconds)
            if event is not None or self.died is not None:
                return event
        return None

    def _run_until(self, done, timeout):
        for seconds in self._slices(timeout):
            if done():
                return
            self._next(seconds, done=done)
        if not done():
            raise TimeoutError("the session is not done yet")

    def _slices(self, timeout):
        """How long to wait at a time. Not for ever: a signal's handler runs between two waits."""
        end = None if timeout is None else time.monotonic() + timeout
        left = 0.1
        while left > 0:
            left = 0.1 if end is None else end - time.monotonic()
            yield max(0.0, min(left, 0.1))

    def _next(self, seconds, done=lambda: False, loop=None):
        """The next event; None when the time is over, or another thread has taken one. For a
        `loop`, or `done` may have become true meanwhile."""
        this = threading.get_ident()
        outer, reads, event = None, False, None
        try:
            with self._turn:
                outer = self._reader
                reads = outer in (None, this)
                if not reads and not done():
                    self._turn.wait(seconds)
                elif reads:
                    self._reader = this
            if reads and not done():
                event = self._read(seconds)
            return event
        finally:
            if reads:
                self._reader = outer
                self._wake_others(event, loop)

    def _read(self, seconds):
        event = None if self.died is not None else self._handle.wait(round(seconds * 1000))
        if event is not None:
            self._take(event)
        return event

    def _wake_others(self, event, loop):
        """There may be more behind an event; and who has given up because this one read."""
        with self._turn:
            self._turn.notify_all()
            others = [other for other, watches in self._loops.items()
                      if other is not loop and (event is not None or not watches)]
        for other in others:
            _call_soon(other, self._watch, other)

    def _take(self, event):
        requests = []
        with self._turn:
            request = self._requests.get(event.request)
            if event.kind == "DONE":
                self._requests.pop(event.request, None)
            elif event.kind == "DIED":  # what is asked from now on is of what comes then
                self.died, requests = event, self._take_requests()
        if request is not None:
            request.events.append(event)
        if event.kind == "DONE" and request is not None:
            request._end(event.name, event)
        elif event.kind == "DIED":
            self._end_requests(requests, "exit" if self.exit else "died", self.exit or event)
        elif event.kind in ("READY", "REFUSED", "EXIT"):
            setattr(self, event.kind.lower(), event)
        elif event.kind == "CHECKPOINT":
            self.checkpoints = [name for name in self.checkpoints
                                if name not in (event.name, event.detail)] + [event.name]
        elif event.kind == "RESTORED":
            self._restored(event)
        try:
            if self.on_event is not None:
                self.on_event(self, event)
        finally:  # whatever that raises, nobody is left to wait
            if event.kind == "INPUT" and self.on_input is not None:
                self._answer(event)

    def _answer(self, event):
        """What on_input() gives; the end of the input where it fails to."""
        with contextlib.suppress(BrokenPipeError):  # it has died: DIED comes
            try:
                line = None if self._freed else self.on_input(self, event)
                if not self._freed:
                    self._handle.input(event.request, line)
            except BaseException:
                if not self._freed:
                    self._handle.input(event.request, None)
                raise

    def _take_requests(self):
        requests = list(self._requests.values())
        self._requests.clear()
        return requests

    def _end_requests(self, requests, outcome, event):
        self._detach()
        for request in requests:
            request._end(outcome, event)

    def _restored(self, event):
        self.exit = None  # of what was before
        with self._turn:
            before = [number for number in self._requests if number <= event.request]
            requests = [self._requests.pop(number) for number in before]
        for request in requests:
            request._end("ok" if request.number == event.request else "restored", event)

    # ---- asyncio: one thread reads at a time, so a loop gives up while another one does

    def _attach(self, loop):
        with self._turn:
            for other in [other for other in self._loops if other.is_closed()]:
                del self._loops[other]
            if self.died is None and not self._freed:
                self._loops.setdefault(loop, False)
        self._watch(loop)

    def _watch(self, loop):
        with self._turn:
            if self._loops.get(loop) is False:
                loop.add_reader(self.fileno(), self._take_all, loop)
                self._loops[loop] = True
        self._take_all(loop)

    def _take_all(self, loop):
        while self._loops.get(loop) and self._next(0, loop=loop) is not None:
            pass
        with self._turn:
            if self._loops.get(loop) and self._reader not in (None, threading.get_ident()):
                loop.remove_reader(self.fileno())
                self._loops[loop] = False

    def _detach(self):
        with self._turn:
            loops, self._loops = self._loops, {}
        for loop in [loop for loop, watches in loops.items() if watches]:
            if _runs_elsewhere(loop):
                _call_soon(loop, loop.remove_reader, self.fileno())
            else:
                loop.remove_reader(self.fileno())


class SharedSession(Session):
    """A session in this interpreter, the main one, for code that is to touch its objects.

    Code runs in `namespace`, a dict or a module, or a new one; on a thread of the session's own,
    or, with own_thread=False, in run() and where a request is waited for. What it prints, its
    threads and tasks included, is the session's; sys.stdout stays the program's. Beyond `high`
    bytes that nobody takes it waits, or with `drop` they are counted and dropped. The rest is as
    for Session. Code cannot be killed, and on a thread of its own an interrupt does not reach it
    in a call that waits.
    """

    def __init__(self, namespace=None, *, own_thread=True, on_input=None, on_event=None,
                 output=0, high=0, drop=False, seconds=0, queue=0):
        self.on_input = on_input
        self.on_event = on_event
        self._own_thread = own_thread
        self._own(Handle.shared(
            namespace=namespace, callers_thread=not own_thread, no_input=on_input is None,
            output_most=_limit(output=output), output_high=_limit(high=high), drop_output=drop,
            wall_most=_milliseconds(seconds=seconds), queue_most=_limit(_U32, queue=queue)))

    def run(self, seconds=0):
        """Run here what was asked, for about `seconds` (0: all of it); is there more?"""
        if self._own_thread:
            raise ValueError("the session has a thread of its own")
        return self._handle.run(_milliseconds(seconds=seconds))

    def _read(self, seconds):
        if not self._own_thread and self.died is None:
            with contextlib.suppress(BrokenPipeError):  # it has ended: its last events are there
                self.run()
        return super()._read(seconds)
