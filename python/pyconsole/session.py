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
import time
from pathlib import Path

from pyconsole._session import Event, Handle
from pyconsole.assist import completions_of, inspection_of, offset_of

__all__ = ["Event", "Request", "Session", "SharedSession"]

_PACKAGE = str(Path(__file__).resolve().parent.parent)


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
        if self.outcome is None:
            loop = asyncio.get_running_loop()
            waiter = loop.create_future()
            self._waiters.append(waiter)
            self.session._attach(loop)
            await waiter
        return self

    def interrupt(self):
        """Raise KeyboardInterrupt in it; if it has not begun, nothing of it is run."""
        self.session._handle.interrupt(self.number)

    def _end(self, outcome, event):
        self.outcome, self.done = outcome, event
        for waiter in self._waiters:
            if not waiter.done():
                waiter.get_loop().call_soon_threadsafe(
                    lambda waiter=waiter: waiter.done() or waiter.set_result(None))
        self._waiters.clear()


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
    without its newline, or None for the end of the input; without it, input() raises EOFError
    at once. `on_event(session, event)` sees each event as it comes.
    """

    def __init__(self, python=None, *, folder=None, package=None, on_input=None, on_event=None,
                 output=0, memory=0, seconds=0, queue=0, arguments=(), environment=None,
                 pty=None, checkpoints=0, preload=None, prompts=False, pure_python=False):
        self.on_input = on_input
        self.on_event = on_event
        more = {} if preload is None else {"preload": tuple(map(os.fsencode, preload))}
        self._own(Handle(
            python=os.fspath(python or sys.executable), package=os.fspath(package or _PACKAGE),
            folder=None if folder is None else os.fspath(folder), no_input=on_input is None,
            output_most=output, memory_most=memory, wall_most=round(seconds * 1000),
            queue_most=queue, arguments=tuple(map(os.fsencode, arguments)),
            environment=tuple(os.fsencode(name if value is None else f"{name}={value}")
                              for name, value in (environment or {}).items()),
            pty=pty is not None, rows=pty[0] if pty else 0, columns=pty[1] if pty else 0,
            checkpoints_most=checkpoints, prompts=prompts, pure_python=pure_python, **more))

    def _own(self, handle):
        self._handle = handle
        self._requests = {}
        self.checkpoints = []  # the names of those that are kept, the oldest first
        self._loop = None
        self.ready = self.refused = self.exit = self.died = None  # events, when they have come

    def __repr__(self):
        state = "died" if self.died else "ready" if self.ready else "starting"
        return f"<Session {self._handle.pid()}: {state}>"

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

    def _request(self, number):
        request = self._requests[number] = Request(self, number)
        return request

    def execute(self, source):
        """Run a source of any number of statements; a Request."""
        return self._request(self._handle.execute(source))

    def push(self, line):
        """Push a line, as at a prompt; a Request with the outcome "more" if it goes on."""
        return self._request(self._handle.push(line))

    def is_complete(self, source):
        """A Request with the outcome "complete", "incomplete" or "invalid"; `done` says more."""
        return self._request(self._handle.is_complete(source))

    def complete(self, text, cursor=None, *, deadline=0.0, unsafe=False):
        """Ask what fits at an index of the text (its end by default).

        A Request with `completions`: what was found in at most `deadline` seconds, if that
        is not 0. None of the user's code runs, unless it is `unsafe`: see
        pyconsole.complete().
        """
        return self._request_of(text, self._handle.complete(
            text, offset_of(text, cursor), round(deadline * 1000), 0, unsafe))

    def inspect(self, text, cursor=None, *, detail=1, deadline=0.0, unsafe=False):
        """Ask what is known of an object at an index of the text (its end by default).

        A Request with `inspection`: of the name there, or with none of the call around it;
        the other way round with the detail 0, and with source with the detail 2. What is
        looked at after `deadline` seconds is left out, if that is not 0. None of the user's
        code runs, unless it is `unsafe`: see pyconsole.complete().
        """
        return self._request_of(text, self._handle.inspect(
            text, offset_of(text, cursor), round(deadline * 1000), detail, unsafe))

    def _request_of(self, text, number):
        request = self._request(number)
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
        self._handle.stop(round(grace * 1000))

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
        return self._request(self._handle.checkpoint(name))

    def restore(self, name=None):
        """Go back to a checkpoint, the last one by default; a Request.

        Works when the session has died, too. Requests from before end as "restored".
        """
        number = self._handle.restore(name)
        self.exit = self.died = None
        return self._request(number)

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
        """Kill the session if it lives, and forget it."""
        self._detach()
        self._handle.free()

    # ---- events

    def wait_ready(self, timeout=None):
        """Wait until the session runs, or has died."""
        self._run_until(lambda: self.ready or self.died, timeout)
        return self

    def next_event(self, timeout=None):
        """The next event; None after `timeout` seconds, or when the session has died."""
        if self.died is not None:
            return None
        event = self._handle.wait(-1 if timeout is None else max(0, round(timeout * 1000)))
        if event is not None:
            self._take(event)
        return event

    def _run_until(self, done, timeout):
        end = None if timeout is None else time.monotonic() + timeout
        while not done():
            left = None if end is None else end - time.monotonic()
            if left is not None and left < 0:
                raise TimeoutError("the session is not done yet")
            # Not for ever: a signal's Python handler runs between two waits.
            self.next_event(0.1 if left is None else min(left, 0.1))

    def _take(self, event):
        request = self._requests.get(event.request)
        if request is not None:
            request.events.append(event)
        if event.kind == "DONE" and request is not None:
            del self._requests[event.request]
            request._end(event.name, event)
        elif event.kind in ("READY", "REFUSED", "EXIT", "DIED"):
            setattr(self, event.kind.lower(), event)
        elif event.kind == "CHECKPOINT":
            self.checkpoints = [name for name in self.checkpoints
                                if name not in (event.name, event.detail)] + [event.name]
        elif event.kind == "RESTORED":
            self._restored(event)
        if self.on_event is not None:
            self.on_event(self, event)
        if event.kind == "INPUT" and self.on_input is not None:
            with contextlib.suppress(BrokenPipeError):  # it has died: DIED comes
                self._handle.input(event.request, self.on_input(self, event))
        if event.kind == "DIED":
            self._detach()
            for request in list(self._requests.values()):
                request._end("exit" if self.exit else "died", self.exit or event)
            self._requests.clear()

    def _restored(self, event):
        self.exit = None  # of what was before
        for number in [number for number in self._requests if number <= event.request]:
            self._requests.pop(number)._end(
                "ok" if number == event.request else "restored", event)

    # ---- asyncio

    def _attach(self, loop):
        if self._loop is None and self.died is None:
            self._loop = loop
            loop.add_reader(self.fileno(), self._take_all)
            self._take_all()

    def _detach(self):
        if self._loop is not None:
            self._loop.remove_reader(self.fileno())
            self._loop = None

    def _take_all(self):
        while self.died is None and self.next_event(0) is not None:
            pass


class SharedSession(Session):
    """A session in this interpreter, for code that is to touch this program's objects.

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
            output_most=output, output_high=high, drop_output=drop,
            wall_most=round(seconds * 1000), queue_most=queue))

    def run(self, seconds=0):
        """Run here what was asked, for about `seconds` (0: all of it); is there more?"""
        return self._handle.run(round(seconds * 1000))

    def next_event(self, timeout=None):
        """The next event, as of any session."""
        if not self._own_thread and self.died is None:
            try:
                self.run()
            except BrokenPipeError:
                pass  # it has ended: its last events are still there
        return super().next_event(timeout)
