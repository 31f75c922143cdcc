"""The lexer against the running Python's own tokenize, over the standard library's files: the same
tokens in the same places, however the text was cut.

    python tests/python/test_lexer_tokenize.py [TOKENS [FILE...]]

does all files (the tests take a share) with the program TOKENS, and says how many tokens were the
same. Needs nothing but the standard library.
"""

import io
import keyword
import os
import subprocess
import sys
import sysconfig
import tempfile
import token
import tokenize
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOKENS = ROOT / os.environ.get("PYCONSOLE_BUILD", "build") / "tests/tools/tokens"
STDLIB = Path(sysconfig.get_path("stdlib"))
VERSION = str(sys.version_info.minor)
IN_PARTS = sys.version_info >= (3, 12)

SHARE = 12      # the tests take one file in so many
BATCH = 200

def files(step=1):
    """The standard library's sources; all, or one in `step`."""
    found = sorted(path for path in STDLIB.rglob("*.py")
                   if not {"site-packages", "dist-packages"} & set(path.parts))
    return found[::step]


def source_of(path):
    """The text of a source file, or None if its bytes are not in its encoding."""
    try:
        with open(path, "rb") as file:
            encoding = tokenize.detect_encoding(file.readline)[0]
        return path.read_bytes().decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        return None


def translated(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


# ------------------------------------------------------------------ the two sides


def kind_of(item):
    if item.type == token.NAME:
        return item.string.upper() if keyword.iskeyword(item.string) else "NAME"
    if item.type == token.OP:
        return "NOTEQUAL" if item.string == "<>" else token.tok_name[item.exact_type]
    return token.tok_name[item.type]


class Columns:
    """Turns tokenize's columns, in characters, into bytes."""

    def __init__(self, text):
        self.lines = text.split("\n")

    def __call__(self, place):
        line, column = place
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        if text.isascii():
            return place
        return line, len(text[:column].encode()) + max(0, column - len(text))


def theirs(text):
    """tokenize's tokens, and the exception it ends with or None."""
    found, columns = [], Columns(text)
    try:
        for item in tokenize.generate_tokens(io.StringIO(text).readline):
            if item.type == token.ERRORTOKEN:
                return found, item
            found.append((kind_of(item), columns(item.start), columns(item.end)))
    except (SyntaxError, tokenize.TokenError) as error:
        return found, error
    return found, None


def run(*arguments):
    return subprocess.run([TOKENS, VERSION, *map(str, arguments)], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ours(paths):
    """The lexer's tokens of some files, file by file."""
    result = run(*paths)
    assert result.returncode == 0, result.stderr
    found = []
    for line in result.stdout.decode().splitlines():
        if line.startswith("= "):
            found.append([])
            continue
        kind, *numbers, _reason = line.split()
        line, column, end_line, end_column, _flags = map(int, numbers)
        found[-1].append((kind, (line, column), (end_line, end_column)))
    return found


# ------------------------------------------------------------------ comparison


def same_form(tokens, text):
    """Without what the two only write down differently.

    tokenize ends a last line that has no line end with a NEWLINE or NL one column wide and puts
    what follows on a line of its own; the lexer's are empty, at the end of the text.
    """
    last = text.count("\n") + 1
    found = []
    for kind, start, end in tokens:
        if start[0] >= last and kind in ("NEWLINE", "NL", "DEDENT", "ENDMARKER"):
            start = end = None
        found.append((kind, start, end))
    return found


def same(left, right):
    """From 3.12.4 on tokenize counts the second of two braces into the MIDDLE before it; the lexer
    counts it into no token."""
    if left[0].endswith("STRING_MIDDLE") and left[:2] == right[:2]:
        (line, column), (end_line, end_column) = left[2], right[2]
        return line == end_line and column - end_column in (0, 1)
    return left == right


def explained(left, right, text):
    """Why tokenize's token and the lexer's differ, where that is as it should be."""
    line = "".join(text.split("\n")[right[1][0] - 1:right[2][0]])
    if right[0] == "ERROR" and left[0] == "NAME" and not line.isascii():
        return "from 3.12 on tokenize takes any character beyond ASCII into a name"
    if right[0] == "ERROR" and left[0] in ("OP", "EXCLAMATION", "RPAR", "RSQB", "RBRACE"):
        return "tokenize lets characters and closing brackets pass that the parser refuses"
    if left[0] == right[0] == "NUMBER" and not IN_PARTS:
        return "tokenize reads a number that is none as two"
    if left[0] == right[0] == "STRING" and left[1] == right[1] and not line.isascii():
        return "3.12.0 and 3.12.1 give the end of a string of several lines in bytes"
    return None


def explained_error(error):
    """Why tokenize finds an error, and the lexer none, where that is as it should be."""
    if isinstance(error, tokenize.TokenInfo) and not error.string.isascii():
        return "3.11's tokenize knows names as \\w+, which lacks some of Unicode's identifiers"
    return None


def difference(text, mine):
    """How the lexer's tokens differ from tokenize's; whether that is explained; how many are the
    same up to there."""
    expected, error = theirs(text)
    expected, mine = same_form(expected, text), same_form(mine, text)
    if error is not None:
        end = next((i for i, found in enumerate(mine) if found[0] == "ERROR"), None)
        if end is None:
            reason = explained_error(error)
            return f"tokenize: {error!r}, the lexer: no error", reason, 0
        count = min(len(expected), end)
        expected, mine = expected[:count], mine[:count]
    for count, (left, right) in enumerate(zip(expected, mine)):
        if not same(left, right):
            reason = explained(left, right, text)
            return f"tokenize: {left}, the lexer: {right}", reason, count
    if len(expected) != len(mine):
        return f"tokenize: {len(expected)} tokens, the lexer: {len(mine)}", None, 0
    return None, None, len(mine)


def compare(paths):
    """Yield a path and what difference() says, for each file that can be read."""
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, len(paths), BATCH):
            texts, copies = [], []
            for path in paths[first:first + BATCH]:
                text = source_of(path)
                if text is not None:
                    copy = Path(folder, str(len(copies)))
                    copy.write_bytes(text.removeprefix("\ufeff").encode())
                    texts.append((path, translated(text.removeprefix("\ufeff"))))
                    copies.append(copy)
            for (path, text), mine in zip(texts, ours(copies)):
                yield path, *difference(text, mine)


def test_same_tokens_as_tokenize():
    found = list(compare(files(SHARE)))
    assert len(found) > 20
    assert [(str(path), why) for path, why, reason, _ in found if why and not reason] == []


def test_tokens_do_not_depend_on_cuts():
    result = run("--cuts", *files(SHARE))
    assert (result.returncode, result.stdout) == (0, b""), result.stdout[-4000:].decode()


def test_no_identifier_is_an_error():
    points = [point for point in range(0x80, 0x110000) if ("x" + chr(point)).isidentifier()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "names")
        path.write_text("".join(f"x{chr(point)}\n" for point in points), encoding="utf-8")
        found, = ours([path])
    assert [chr(points[place[0] - 1]) for kind, place, _ in found if kind == "ERROR"] == []
    assert len(points) > 100_000


def main(arguments):
    global TOKENS
    if arguments:
        TOKENS = Path(arguments[0])
    paths = [Path(name) for name in arguments[1:]] or files()
    wrong = tokens = count = 0
    for path, why, reason, same in compare(paths):
        count += 1
        tokens += same
        wrong += bool(why and not reason)
        if why:
            print(f"{path}: {why}" + (f" ({reason})" if reason else ""))
    print(f"Python {sys.version.split()[0]}: {count} files, {tokens} tokens the same,"
          f" {wrong} files differ without a reason")
    cuts = [run("--cuts", *paths[first:first + BATCH]) for first in range(0, len(paths), BATCH)]
    print(f"cut in 4 ways: {'differs' if any(one.returncode for one in cuts) else 'the same'}")
    test_no_identifier_is_an_error()
    return 1 if wrong or any(one.returncode for one in cuts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
