"""What shared sessions (src/runtime/shared.c) do to the interpreter that they share.

One object stands in the sys dict for each of sys.stdin, stdout, stderr and displayhook while
there are sessions: C code finds it there (print, input, the display of a value), and it passes
on to what the running code has. Python code that says sys.stdout gets that itself, through
properties of the class that module sys is of meanwhile. Who has what is told by a context
variable, then by the thread that started this one; else it is the host's.

Executed once in an interpreter. C calls open(), close(), adopt(), current() and leave(), and puts
in proxy() (src/runtime/proxy.c), starter() (spawn.c), end_all(), threads() and forget_threads().
"""

import _posixsubprocess
import _thread
import atexit
import builtins
import contextvars
import getpass
import io
import os
import sys
import threading
import types

SHUTDOWN = 2  # seconds that the end of the interpreter waits for the threads of sessions
STREAMS = ("stdin", "stdout", "stderr")
STARTERS = ("fork", "forkpty", "posix_spawn", "posix_spawnp", "system")  # of processes, in os
PASSED_ON = (*STREAMS, "displayhook")
# Not in the sys dict unless they are the host's.
SESSIONS_OWN = ("ps1", "ps2", "last_exc", "last_type", "last_value", "last_traceback")

_current = contextvars.ContextVar("pyconsole.session", default=None)
_thread_of = threading.local()  # .session: whose code started this thread
_sessions = []
_leaving = threading.Condition()  # a thread of a session has left
_undo = []  # functions that put back what was there
_host = {}  # what is passed on when no session's code runs


def current():
    """The session whose code runs here, or None."""
    session = _current.get() or getattr(_thread_of, "session", None)
    return session if session is not None and session.is_open else None


def adopt(session):
    """This thread is the session's now; gives whose it was."""
    before = getattr(_thread_of, "session", None)
    _thread_of.session = session
    return before


# ---- the streams of a session


class _Output(io.RawIOBase):
    """Writes without a step of Python, so that no interrupt comes between."""

    mode = "wb"

    def __init__(self, name, write):
        self.name = name
        self.write = write

    def writable(self):
        return True


class _Input(io.RawIOBase):
    """What the host answers, line by line."""

    name = "<stdin>"
    mode = "rb"

    def __init__(self, session, read_line):
        self._session = session
        self._read_line = read_line
        self._rest = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        with self._session.asking:
            if not self._rest:
                self._rest = self._read_line(False).encode("utf-8", "surrogateescape")
            count = min(len(buffer), len(self._rest))
            buffer[:count] = self._rest[:count]
            self._rest = self._rest[count:]
            return count


def _text(raw, mode, errors):
    stream = io.TextIOWrapper(raw, encoding="utf-8", errors=errors, line_buffering=True)
    stream.mode = mode
    return stream


class _Leave:
    """exit and quit: module site's close sys.stdin."""

    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return f"Use {self._name}() to end the session"

    def __call__(self, code=None):
        raise SystemExit(code)


class _Session:
    def __init__(self, body):
        self.is_open = True
        self.forked = body.forked
        self.asking = threading.Lock()  # there is one question at a time
        self.read_line = body.read_line
        self.namespace = {
            "__name__": "__main__", "__doc__": None, "__builtins__": builtins,
            "exit": _Leave("exit"), "quit": _Leave("quit"),
        }
        self.defaults = {
            "stdin": _text(io.BufferedReader(_Input(self, body.read_line)), "r",
                           "surrogateescape"),
            "stdout": _text(_Output("<stdout>", body.write_out), "w", "backslashreplace"),
            "stderr": _text(_Output("<stderr>", body.write_err), "w", "backslashreplace"),
            "displayhook": body.display,
        }
        self.attributes = dict(self.defaults)
        self.context = contextvars.Context()
        self.context.run(_current.set, self)

    def step(self):
        """A step of Python, for an exception that waits for one."""

    def password(self, prompt, stream):
        stream = stream or self.attributes["stderr"]
        stream.write(prompt)
        stream.flush()
        with self.asking:
            line = self.read_line(True)
        if not line:
            raise EOFError
        return line.removesuffix("\n")


# ---- what stands in the sys dict


class _Nothing(io.TextIOBase):
    """For a host without that stream: takes everything and has nothing."""

    def write(self, text):
        return len(text)

    def readline(self, _size=-1):
        return ""


def _displayhook(value):
    """Shows a value as the code that runs wants it."""
    _get("displayhook")(value)


def _get(name):
    session = current()
    values = _host if session is None else session.attributes
    if name not in values:
        raise AttributeError(f"module 'sys' has no attribute {name!r}", name=name, obj=sys)
    return values[name]


def _passed_on(name, ours):
    """A property of sys for what stands in its dict for all."""

    def set_value(_sys, value):
        session = current()
        if session is None:
            _host[name] = _host.get(name) if value is ours else value
        else:
            session.attributes[name] = session.defaults[name] if value is ours else value

    def delete(_sys):
        session = current()
        (_host if session is None else session.attributes).pop(name, None)

    return property(lambda _sys: _get(name), set_value, delete)


def _sessions_own(name, falls_back=False):
    """A property of sys for what is the host's in its dict, and a session's own otherwise."""

    def values():
        session = current()
        return vars(sys) if session is None else session.attributes

    def get(_sys):
        for place in (values(), vars(sys)) if falls_back else (values(),):
            if name in place:
                return place[name]
        raise AttributeError(f"module 'sys' has no attribute {name!r}", name=name, obj=sys)

    def set_value(_sys, value):
        values()[name] = value

    def delete(_sys):
        if name not in values():
            raise AttributeError(name)
        del values()[name]

    return property(get, set_value, delete)


class _Main(types.ModuleType):
    """The host's __main__; for a session's code, that of the session."""

    def __getattribute__(self, name):
        session = current()
        if session is None:
            return super().__getattribute__(name)
        if name == "__dict__":
            return session.namespace
        if name == "__class__":
            return types.ModuleType
        if name in session.namespace:
            return session.namespace[name]
        raise AttributeError(f"module '__main__' has no attribute {name!r}", name=name, obj=self)

    def __setattr__(self, name, value):
        session = current()
        if session is None:
            super().__setattr__(name, value)
        else:
            session.namespace[name] = value

    def __delattr__(self, name):
        session = current()
        if session is None:
            super().__delattr__(name)
        elif name in session.namespace:
            del session.namespace[name]
        else:
            raise AttributeError(name)

    def __dir__(self):
        session = current()
        return super().__dir__() if session is None else sorted(session.namespace)


class _NoReadline:
    """Finder: the host's readline is not for its sessions; module cmd goes on without."""

    def find_spec(self, name, _path=None, _target=None):
        if name == "readline" and current() is not None:
            raise ModuleNotFoundError("readline is the host's", name=name)


# ---- putting it all in place, and back


def _replace(owner, name, new):
    """owner.name = new, until the last session ends or somebody else replaces it."""
    before = getattr(owner, name)
    setattr(owner, name, new)

    def put_back():
        if getattr(owner, name) is new:
            setattr(owner, name, before)

    _undo.append(put_back)


def _replace_in_sys(name, new):
    values = vars(sys)
    if name in values:
        _host[name] = values[name]
    values[name] = new

    def put_back():
        if values.get(name) is not new:
            return
        if name in _host:
            values[name] = _host[name]
        else:
            del values[name]

    _undo.append(put_back)


def _start_thread(thread):
    session = current()
    if session is None:
        _start_thread.before(thread)
        return
    run = thread.run

    def run_adopted():
        del thread.run
        adopt(session)
        run()

    thread.run = run_adopted
    _start_thread.before(thread)


def _start_new_thread(function, args, *kwargs):
    session = current()
    if session is None:
        return _start_new_thread.before(function, args, *kwargs)

    def run_adopted(*args, **kwargs):
        adopt(session)
        function(*args, **kwargs)

    return _start_new_thread.before(run_adopted, args, *kwargs)


def _getpass(prompt="Password: ", stream=None, **options):
    session = current()
    if session is None:
        return _getpass.before(prompt, stream, **options)
    return session.password(prompt, stream)


def _replace_starters():
    """Those that start processes: subprocess has its own name for fork_exec, or will have."""
    places = [(os, name) for name in STARTERS if hasattr(os, name)]
    for owner, name in (*places, (_posixsubprocess, "fork_exec")):
        _replace(owner, name, starter(getattr(owner, name)))
    ours = _posixsubprocess.fork_exec
    if "subprocess" in sys.modules and hasattr(sys.modules["subprocess"], "_fork_exec"):
        _replace(sys.modules["subprocess"], "_fork_exec", ours)
        return

    def put_back():
        module = sys.modules.get("subprocess")
        if getattr(module, "_fork_exec", None) is ours:
            module._fork_exec = _posixsubprocess.fork_exec

    _undo.insert(0, put_back)


def _install():
    ours = {name: proxy(name, _current, _thread_of, _host, _Nothing()) for name in STREAMS}
    ours["displayhook"] = _displayhook
    properties = {name: _passed_on(name, ours[name]) for name in PASSED_ON}
    properties.update((name, _sessions_own(name)) for name in SESSIONS_OWN)
    properties["excepthook"] = _sessions_own("excepthook", falls_back=True)
    for name in PASSED_ON:
        _replace_in_sys(name, ours[name])
    _replace(sys, "__class__", type("module", (types.ModuleType,), properties))
    if isinstance(sys.modules.get("__main__"), types.ModuleType):
        _replace(sys.modules["__main__"], "__class__", _Main)
    for owner, name, new in (
        (threading.Thread, "start", _start_thread),
        (_thread, "start_new_thread", _start_new_thread),
        (getpass, "getpass", _getpass),
    ):
        new.before = getattr(owner, name)
        _replace(owner, name, new)
    _replace_starters()
    finder = _NoReadline()
    sys.meta_path.insert(0, finder)
    _undo.append(lambda: finder in sys.meta_path and sys.meta_path.remove(finder))


def _uninstall():
    while _undo:
        _undo.pop()()
    _host.clear()


def open(body):
    session = _Session(body)
    if not _sessions:
        _install()
    _sessions.append(session)
    return session


def close(session):
    session.is_open = False
    session.attributes.clear()
    session.defaults.clear()
    if session in _sessions:
        _sessions.remove(session)
        if not _sessions:
            _uninstall()


def leave():
    with _leaving:
        _leaving.notify_all()


def _after_fork():
    """A child is no session: it prints where the host prints."""
    for session in list(_sessions):
        session.forked()
        close(session)
    forget_threads()


os.register_at_fork(after_in_child=_after_fork)


@atexit.register
def _shutdown():
    end_all()
    if threads():
        with _leaving:
            _leaving.wait_for(lambda: not threads(), SHUTDOWN)
