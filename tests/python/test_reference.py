"""tools/reference.py: everything public is on a page, and what has no comment is refused."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / os.environ.get("PYCONSOLE_BUILD", "build")
HEADER = """/* A header. */
#ifndef SAMPLE_H
#define SAMPLE_H

/* X(name) for each. */
#define SAMPLE_KINDS(X)                                                                \\
    X(FIRST) /* the first; and */                                                      \\
    X(SECOND) /* the second, "in                                                       \\
                 two" lines */

#define MEMBER(name) SAMPLE_##name,
enum sample_kind { SAMPLE_KINDS(MEMBER) };
#undef MEMBER

/* Which way. */
enum sample_way {
    /* To the left, where
     * it is free. */
    SAMPLE_LEFT,
    SAMPLE_RIGHT = 4, /* to the right */
    SAMPLE_BOTH,      /* first left, then right */
};

/* A pair. */
typedef struct sample_pair {
    size_t size; /* of it;
                    always */
    /* Two of a kind. */
    int left;  /* the one */
    int right; /* the other */
    /* Called at the end. */
    void (*end)(void *userdata);
} sample_pair;

/* Is called. */
typedef void (*sample_callback)(void *userdata);

/* ---- making ----
 *
 * Errors: none; docs/sample.md.
 */

/* Makes `*ret_pair`. Two have one comment; see sample_free().
 *
 *     sample_new(&pair);
 */
PYCONSOLE_API int sample_new(sample_pair **ret_pair);
PYCONSOLE_API int sample_copy(
    sample_pair **ret_pair);

/* NULL is fine. */
PYCONSOLE_API void sample_free(sample_pair *pair);

#endif
"""


def make(folder, header, *arguments):
    include, output = folder / "include/pyconsole", folder / "pages"
    include.mkdir(parents=True, exist_ok=True)
    (include / "sample.h").write_text(header)
    return subprocess.run(
        [sys.executable, ROOT / "tools/reference.py", "--include", include.parent, "--output",
         output, *arguments], capture_output=True, text=True, timeout=60)


def test_a_header__becomes_a_page(tmp_path):
    done = make(tmp_path, HEADER)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    page = (tmp_path / "pages/sample.md").read_text()
    for expected in (
            "| `SAMPLE_FIRST` | 0 | the first; and |\n"
            '| `SAMPLE_SECOND` | 1 | the second, "in two" lines |\n',
            "| `SAMPLE_LEFT` | 0 | To the left, where it is free. |\n"
            "| `SAMPLE_RIGHT` | 4 | to the right |\n"
            "| `SAMPLE_BOTH` | 5 | first left, then right |\n",
            "- `size_t size`: of it; always\n\nTwo of a kind.\n\n- `int left`: the one\n"
            "- `int right`: the other\n"
            "- `void (*end)(void *userdata)`: Called at the end.\n",
            "### sample_callback\n\n```c\ntypedef void (*sample_callback)(void *userdata);\n```\n",
            "## Making\n\nErrors: none; [docs/sample.md](../sample.md).\n",
            "### sample_copy\n\n```c\nint sample_copy(sample_pair **ret_pair);\n```\n\n"
            "Makes `*ret_pair`. Two have one comment; see [`sample_free`](#sample_free).\n\n"
            "```c\nsample_new(&pair);\n```\n"):
        assert expected in page
    assert "| [`<pyconsole/sample.h>`](sample.md) | A header |" in (
        tmp_path / "pages/README.md").read_text()


@pytest.mark.parametrize(("taken", "line", "complaint"), [
    ("/* NULL is fine. */\n", "PYCONSOLE_API void sample_free", "sample_free has no comment"),
    ("/* Is called. */\n", "typedef void (*sample_callback)", "sample_callback has no comment"),
    (" /* the first; and */", "enum sample_kind", "SAMPLE_FIRST has no comment"),
    (" /* to the right */", "enum sample_way", "SAMPLE_RIGHT has no comment"),
    ("PYCONSOLE_API int", " sample_new(sample_pair", "what is this? sample_new"),
])
def test_what_lacks_a_comment__is_refused(tmp_path, taken, line, complaint):
    header = HEADER.replace(taken, "", 1)
    number = 1 + header[:header.index(line)].count("\n")
    done = make(tmp_path, header)
    assert done.returncode == 1 and f"sample.h:{number}: {complaint}" in done.stdout
    assert not (tmp_path / "pages").exists()


def test_check__says_which_page_is_old(tmp_path):
    make(tmp_path, HEADER)
    assert make(tmp_path, HEADER, "--check").returncode == 0
    (tmp_path / "pages/left.md").write_text("of a header that is gone")
    changed = HEADER.replace("NULL is fine.", "NULL is not fine.")
    done = make(tmp_path, changed, "--check")
    assert done.returncode == 1
    assert re.findall(r"(\w+\.md) is not", done.stdout) == ["left.md", "sample.md"]
    make(tmp_path, changed)
    assert make(tmp_path, changed, "--check").returncode == 0


@pytest.mark.parametrize("library", ["libpyconsole.so", "libpyconsole-embed.so"])
def test_pages__have_what_the_libraries_export(library):
    symbols = subprocess.run(
        ["nm", "-D", "--defined-only", "--format=just-symbols", BUILD / "src" / library],
        check=True, capture_output=True, text=True).stdout.split()
    public = [name for name in symbols if name.startswith("pyconsole_")]
    pages = "".join(path.read_text() for path in (ROOT / "docs/reference").glob("*.md"))
    assert public and [name for name in public if f"\n### {name}\n" not in pages] == []


def test_man_page__names_all_that_is_for_sessions():
    page = (ROOT / "man/libpyconsole.3").read_text()
    reference = (ROOT / "docs/reference/session.md").read_text()
    functions = re.findall(r"^### (pyconsole_\w+)\n\n```c\n(?!typedef)", reference, re.MULTILINE)
    events = re.findall(r"^\| `PYCONSOLE_EVENT_(\w+)`", reference, re.MULTILINE)
    limits = re.findall(r"^- `.*?(\w+_most)`", reference, re.MULTILINE)
    statuses = {f"PYCONSOLE_{name}" for name in re.findall(r"`(E[A-Z]+)`\]\(status", reference)}
    assert functions and events and limits and statuses
    missing = [name for name in functions if f"\n.Fn {name} \"" not in page]
    missing += [name for name in events if f"\n.It {name}\n" not in page]
    missing += [name for name in limits if not re.search(rf"\n.Pq Fa {name}\b", page)]
    missing += [name for name in statuses if f"\n.It Dv {name}\n" not in page]
    assert missing == []
