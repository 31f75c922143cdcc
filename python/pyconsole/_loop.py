"""The event loop of a session at a prompt: what `await` runs on (src/runtime/await.c).

It is made on first need, stays from statement to statement, and runs while the prompt waits.
"""

import asyncio
import atexit
import contextlib
import os
import signal

_loops: list[asyncio.AbstractEventLoop] = []  # that of this process, if it has been needed
_known: list[object] = []  # whether the process knows what to do at its end and when it forks


def _close():
    """As asyncio.run() leaves: nothing is pending afterwards."""
    if not _loops or _loops[0].is_closed():
        return
    loop = _loops.pop()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    try:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


def _forget():
    """In a fork, which has no tasks: what the loop waits on is its parent's as well."""
    if _loops:
        with contextlib.suppress(AttributeError):
            _loops.pop().close = lambda: None  # it would take off what the parent waits for


def _make():
    if not _known:
        _known.append(atexit.register(_close))
        os.register_at_fork(after_in_child=_forget)
    _loops[:] = [asyncio.new_event_loop()]
    return _loops[0]


def _loop():
    loop = _loops[0] if _loops and not _loops[0].is_closed() else _make()
    asyncio.set_event_loop(loop)  # asyncio.run() takes it away
    return loop


def tasks():
    """How many there are that are not done; -1: there is no loop."""
    return len(asyncio.all_tasks(_loops[0])) if _loops and not _loops[0].is_closed() else -1


def run_until_readable(fd):
    """What is to be done while the prompt waits."""
    loop = _loop()
    loop.add_reader(fd, loop.stop)
    try:
        loop.run_forever()
    finally:
        loop.remove_reader(fd)


class _Interrupts:
    """SIGINT while a task is waited for: what runs gets KeyboardInterrupt, what waits is cancelled.

    Raised within the loop's own code it could lose what was to be called next.
    """

    def __init__(self, loop, task):
        self.loop, self.task = loop, task
        self.came = False

    def __enter__(self):
        self.installed = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self.installed:
            signal.signal(signal.SIGINT, self.take)
        return self

    def __exit__(self, *_exception):
        if self.installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def take(self, _number, _frame):
        if self.came or asyncio.current_task(self.loop) is not None:
            raise KeyboardInterrupt
        self.came = True
        self.loop.call_soon_threadsafe(self.task.cancel)


def _end(loop, task):
    """What was interrupted gets to its end, unless it is interrupted again."""
    task.cancel()
    with _Interrupts(loop, task):
        loop.run_until_complete(asyncio.wait([task]))


def _of_the_task(traceback):
    """Without the loop's own frames."""
    own = (os.path.dirname(asyncio.__file__), __file__)
    while traceback and traceback.tb_frame.f_code.co_filename.startswith(own):
        traceback = traceback.tb_next
    return traceback


def run(coroutine):
    """What it returns; KeyboardInterrupt cancels it."""
    loop = _loop()
    task = loop.create_task(coroutine)
    with _Interrupts(loop, task) as interrupts:
        try:
            value = loop.run_until_complete(task)
            if not interrupts.came:
                return value
            error = KeyboardInterrupt()
        except BaseException as raised:
            error = raised
    if isinstance(error, asyncio.CancelledError) and interrupts.came:
        error = KeyboardInterrupt().with_traceback(error.__traceback__)
    if isinstance(error, KeyboardInterrupt) and not task.done():
        _end(loop, task)
    if task.done() and not task.cancelled():
        task.exception()  # nobody else asks for it
    try:
        raise error.with_traceback(_of_the_task(error.__traceback__))
    finally:
        del error
