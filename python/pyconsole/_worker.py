"""The process of a session: its streams, and then pyconsole._runtime.

A host starts it with its socket as descriptor 3 (src/session/process.c); the wire is
described in docs/protocol.md.
"""

import _thread  # not threading, whose fork hook would touch much in each clone
import io
import os
import sys

CONTROL = 3


class _Output(io.FileIO):
    """Descriptor 1 or 2; what is printed keeps its place between the two."""

    def __init__(self, fd, write):
        super().__init__(fd, "wb", closefd=False)
        self.write = write


class _Input(io.RawIOBase):
    """What the host answers, line by line."""

    name = "<stdin>"
    mode = "rb"

    def __init__(self, read_line):
        self._read_line = read_line
        self._rest = b""
        self._lock = _thread.allocate_lock()

    def readable(self):
        return True

    def readinto(self, buffer):
        with self._lock:
            if not self._rest:
                sys.stdout.flush()
                self._rest = self._read_line(False).encode("utf-8", "surrogateescape")
            count = min(len(buffer), len(self._rest))
            buffer[:count] = self._rest[:count]
            self._rest = self._rest[count:]
            return count


def _text(raw, mode):
    raw = io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw)
    stream = io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace" if mode == "w"
                              else "surrogateescape", line_buffering=True)
    stream.mode = mode
    return stream


def _start():
    """Streams in place, a clean namespace; what serves it."""
    try:
        from pyconsole import _runtime
    except ImportError as error:
        sys.exit(f"pyconsole has no engine for {sys.executable}, which is Python "
                 f"{sys.version.split()[0]} ({sys.implementation.cache_tag}): {error}")

    def above(fd):
        import fcntl

        return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10)

    control, *outputs = map(above, (CONTROL, 1, 2))
    os.close(CONTROL)
    terminal = _runtime.open(control, *outputs)
    os.register_at_fork(after_in_child=_runtime.forked)
    if not terminal:  # there Python's own streams are right
        sys.stdin = sys.__stdin__ = _text(_Input(_runtime.read_line), "r")
        sys.stdout = sys.__stdout__ = _text(_Output(1, _runtime.write_out), "w")
        sys.stderr = sys.__stderr__ = _text(_Output(2, _runtime.write_err), "w")
    sys.path.remove(sys.argv[1])
    sys.argv[:] = [""]
    return _runtime.serve


def main():
    serve = _start()
    namespace = sys.modules["__main__"].__dict__
    for name in ("sys", "_worker"):
        namespace.pop(name, None)
    serve(namespace)
