"""docs/protocol.md against a real worker: each example has the members that are sent."""

import array
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pyconsole
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = [json.loads(line)
            for block in re.findall(r"```json\n(.*?)```", (ROOT / "docs/protocol.md").read_text(), re.S)
            for line in block.splitlines()]
BOOT = ("import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pyconsole import _worker\n_worker.main()\n")
TOKEN = "0123456789abcdef0123456789abcdef"
MARK = re.compile(rb"\033\]pyconsole;%s;(\d{20})\033\\" % TOKEN.encode())


class Host:
    """A host that knows nothing but the page."""

    def __init__(self):
        self.control, theirs = socket.socketpair()
        self.control.settimeout(60)
        self.out, out = os.pipe()
        self.err, err = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-c", "import os, sys\nos.dup2(int(sys.argv[2]), 3)\n"
             "os.execv(sys.executable, [sys.executable, '-c', sys.argv[3], sys.argv[1]])",
             str(Path(pyconsole.__file__).parent.parent), str(theirs.fileno()), BOOT],
            stdin=subprocess.DEVNULL, stdout=out, stderr=err, pass_fds=[theirs.fileno()],
            start_new_session=True)
        for fd in (out, err):
            os.close(fd)
        theirs.close()
        self.lines = self.control.makefile("r", encoding="utf-8")

    def send(self, message, fds=()):
        data = (json.dumps(message) + "\n").encode()
        if fds:
            self.control.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                                           array.array("i", fds))])
        else:
            self.control.sendall(data)

    def read(self, lines=None):
        return json.loads((lines or self.lines).readline())

    def until(self, event):
        found = [self.read()]
        while found[-1].get("event") != event:
            found.append(self.read())
        return found

    def end(self):
        self.control.close()
        self.lines.close()
        os.close(self.out)
        os.close(self.err)
        self.process.kill()
        self.process.wait()


@pytest.fixture
def host():
    host = Host()
    host.send({"op": "hello", "version": 1, "token": TOKEN, "input": True, "memory": 0})
    yield host
    host.end()


def example(**members):
    """The example that has these members."""
    found = [message for message in EXAMPLES if members.items() <= message.items()]
    assert found, members
    return found[0]


def check(message):
    """A message of the worker has the members of an example of it."""
    alike = [set(one) for one in EXAMPLES if one.get("event") == message.get("event")]
    assert set(message) in alike, message


def test_a_request_that_has_begun_is_not_announced(host):
    host.until("ready")
    host.send({"op": "execute", "id": 1, "text": "1", "begun": True})
    host.send({"op": "execute", "id": 2, "text": "2"})
    seen = host.until("done") + host.until("done")
    assert [(m["event"], m.get("request")) for m in seen if "event" in m] == [
        ("result", None), ("done", 1), ("start", 2), ("result", None), ("done", 2)]


def test_the_examples_of_requests_do_what_the_page_says(host):
    seen = host.until("ready")
    host.send(example(op="execute"))
    seen += host.until("done")
    assert [m["text"] for m in seen if m.get("event") == "result"] == ["42"]
    host.send(example(op="push"))
    seen += host.until("done")
    assert seen[-1]["name"] == "more"
    host.send(example(op="is_complete"))
    seen += host.until("done")
    assert seen[-1] == {**example(name="incomplete"), "turn": seen[-1]["turn"],
                        "request": example(op="is_complete")["id"]}
    host.send({"op": "execute", "id": 4, "text": "input()"})
    seen += host.until("input")
    host.send(example(op="input", text="a line"))
    seen += host.until("done")
    host.send({"op": "execute", "id": 5, "text": "print(1)\nwhile True: pass"})
    seen += host.until("start")
    host.send(example(op="interrupt"))
    seen += host.until("done")
    assert "interrupt" in [m.get("event") for m in seen]
    host.send({"op": "execute", "id": 7, "text": "y"})
    seen += host.until("done")
    host.send({"op": "execute", "id": 6, "text": "import os"})
    host.until("done")
    host.send(example(op="complete"))
    seen += host.until("done")
    found = next(m for m in seen if m.get("event") == "completions")
    wanted = example(event="completions")
    assert [found[key] for key in ("start", "end", "name")] == [
        wanted[key] for key in ("start", "end", "name")]
    assert wanted["candidates"][0] in found["candidates"]
    host.send(example(op="inspect"))
    seen += host.until("done")
    known = next(m for m in seen if m.get("event") == "inspection")
    wanted = example(event="inspection", status=1)
    assert set(known) == set(wanted) and known["name"] == wanted["name"]
    host.send({"op": "inspect", "id": 8, "text": "nothing", "cursor": 3, "detail": 0})
    seen += host.until("done")
    host.send({"op": "nonsense", "id": 8})
    seen += host.until("done")
    assert seen[-1]["name"] == "refused"
    host.send({"op": "execute", "id": 9, "text": "raise SystemExit('no')"})
    seen += host.until("exit")
    assert (seen[-1]["status"], seen[-1]["text"]) == (1, "no")
    for message in seen:
        if message.get("name") not in ("complete", "refused", "interrupted"):
            check({key: value for key, value in message.items() if key != "turn"} | (
                {"turn": 0} if message.get("event") not in ("interrupt", "refused") else {}))


def test_marks_keep_the_place_of_what_is_printed(host):
    host.until("ready")
    host.send({"op": "execute", "id": 1, "text":
               "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')\n"})
    messages = host.until("done")
    host.send({"op": "close"})
    host.process.wait(60)
    out, err = os.read(host.out, 65536), os.read(host.err, 65536)
    parts, other = MARK.split(out), MARK.split(err)
    assert parts[1::2] == other[1::2]
    turn = dict(zip((b"one\n", b"three\n"), (parts.index(b"one\n"), parts.index(b"three\n"))))
    assert turn[b"one\n"] < other.index(b"two\n") < turn[b"three\n"]
    turns = [int(number) for number in parts[1::2]]
    assert turns == sorted(turns) and messages[-1]["turn"] in turns


def test_a_clone_serves_the_ends_that_came(host):
    host.until("ready")
    mine, theirs = socket.socketpair()
    pipes = [os.pipe() for _ in range(3)]
    host.send(example(op="clone"), [theirs.fileno(), *(write for _read, write in pipes)])
    theirs.close()
    for _read, write in pipes:
        os.close(write)
    mine.settimeout(60)
    with mine, mine.makefile("r", encoding="utf-8") as lines:
        ready = host.read(lines)
        assert ready["event"] == "ready" and ready["pid"] != host.process.pid
        mine.sendall(b'{"op": "execute", "id": 1, "text": "import os; os._exit(7)"}\n')
        assert int.from_bytes(os.read(pipes[2][0], 4), sys.byteorder) == 7
    for read, _write in pipes:
        os.close(read)


@pytest.mark.parametrize("line", [b"nonsense\n", b"[]\n", b"\n", b'{"op": 1\n', b"\xff\n"])
def test_nonsense_ends_the_worker(host, line):
    host.until("ready")
    host.control.sendall(line)
    assert host.process.wait(60) == 129


def test_another_version_is_refused():
    host = Host()
    host.send({"op": "hello", "version": 2, "token": TOKEN, "input": True, "memory": 0})
    assert host.process.wait(60) == 1
    assert b"version 2 of the protocol" in os.read(host.err, 65536)
    host.end()
