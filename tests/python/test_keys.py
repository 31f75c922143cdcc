"""tools/keys.py: the tables of src/edit are what the documents say, and hold what they must."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs/keys.md").read_text()

# CPython's own prompt (3.15), and what readline's users expect beyond it.
CPYTHON = {
    "C-a": "beginning-of-line", "Home": "beginning-of-line", "C-e": "end-of-line",
    "C-b": "backward-char", "C-f": "forward-char", "M-b": "backward-word", "Up": "up",
    "M-f": "forward-word", "C-Left": "backward-word", "C-Right": "forward-word", "Down": "down",
    "C-p": "previous-history", "C-n": "next-history", "C-d": "delete-char", "Delete": "delete",
    "C-h": "backward-delete-char", "Backspace": "backward-delete-char", "C-k": "kill-line",
    "C-u": "unix-line-discard", "C-w": "unix-word-rubout", "M-Backspace": "backward-kill-word",
    "M-d": "kill-word", "C-y": "yank", "M-y": "yank-pop", "C-t": "transpose-chars",
    "M-t": "transpose-words", "M-c": "capitalize-word", "M-l": "downcase-word",
    "M-u": "upcase-word", "C-x C-u": "upcase-region", "M-0": "digit-argument",
    "M--": "digit-argument", "C-g": "abort", "C-r": "reverse-search-history",
    "C-s": "forward-search-history", "PageUp": "history-search-backward",
    "PageDown": "history-search-forward", "M-.": "yank-last-arg", "M-r": "restore-history",
    "C-o": "operate-and-get-next", "C-l": "clear-screen", "Tab": "complete",
    "Enter": "accept-line", "C-j": "accept-line", "C-z": "suspend", "F1": "help",
    "F2": "show-history", "F3": "paste-mode", "C-c": "interrupt",
}
MORE = {
    "C-_": "undo", "M-_": "redo", "M-<": "beginning-of-buffer-or-history",
    "M->": "end-of-buffer-or-history", "C-x C-e": "edit-and-execute-command",
    "C-q": "quoted-insert", "C-v": "quoted-insert", "C-x (": "start-kbd-macro",
    "C-x )": "end-kbd-macro", "C-x e": "call-last-kbd-macro", "C-Delete": "kill-word",
    "C-Backspace": "backward-kill-word", "S-Tab": "complete-backward", "M-Up": "move-line-up",
    "M-Down": "move-line-down", "M-Enter": "newline-and-indent", "C-x Enter": "accept",
    "M-*": "insert-completions",
}


def bound(title):
    """Keys -> command in one part of the page."""
    part = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    found = {}
    for keys, command in re.findall(r"^\| (`.*?`) \| `([\w-]+)` \|", part, re.MULTILINE):
        for key in re.findall(r"`` (.+?) ``|`(.+?)`", keys):
            found["".join(key).replace("\\|", "|")] = command
    return found


def test_documents__are_what_the_tables_say():
    done = subprocess.run([sys.executable, ROOT / "tools/keys.py", "--check"],
                          capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_emacs__has_the_keys_of_cpython_and_readline():
    keys = bound("Emacs")
    expected = CPYTHON | MORE
    assert {key: keys.get(key) for key in expected} == expected


def test_vi__has_its_commands():
    keys = bound("vi, command mode")
    missing = [key for key in "hjklwbeWBE0^$GfFtT;,%dcypPrRxXsSDCYJu.~iaIAoOvV|{}/?nN<>"
               if key not in keys]
    assert missing == [] and {"g g", "C-r", "Escape"} <= keys.keys()
